//! `/shopper/v1`: what whoever holds a pass may ask. A pass opens one member of one merchant; whatever is wrong with it, the answer is the
//! same. Pages of other origins are answered where the merchant has named them.

use axum::extract::{DefaultBodyLimit, Extension, FromRequestParts, Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use serde::{Deserialize, Serialize};
use shuke_commerce::order::claim::Proof;
use shuke_http::{App, Body, Lang, Passer, Problem, Query, Rate, Reply};
use shuke_kernel::{Ctx, Zone};
use shuke_programme::ProgrammeId;
use shuke_store::Lane;

use super::page;
use crate::claim::{self, Verdict};
use crate::pass::{self, Guest};
use crate::settings::{self, ProofKind};
use crate::{ACTOR, LINK_OVER, NOT_PROVEN, ORIGIN, TOO_MANY, history, view};

/// Requests of one member: a person looks, a page asks now and then.
const RATE: Rate = Rate { per_second: 5, burst: 60 };
/// Bytes of a body at most.
const BODY: usize = 4_096;
/// Lines of history in one answer.
const LINES: usize = 20;
/// Characters of an order's number at most.
const NUMBER: usize = 64;
/// Characters of a proof at most.
const PROOF: usize = 60;

/// The routes beside the API, for pages and shoppers.
pub fn routes(app: App) -> Router<App> {
    let asked = Router::new()
        .route("/me", get(me))
        .route("/history", get(older))
        .route("/visits", post(visit))
        .route("/claims", post(claims))
        .layer(DefaultBodyLimit::max(BODY))
        .layer(middleware::from_fn_with_state(app, guarded));
    Router::new().nest("/shopper/v1", asked).route("/my", get(page::html)).route("/my/{file}", get(page::asset))
}

/// Somebody whose pass was proven.
#[derive(Clone)]
struct Shopper {
    app: App,
    cx: Ctx,
    lang: Lang,
    guest: Guest,
}

impl Shopper {
    fn zone(&self) -> Zone {
        Zone::named(&self.guest.merchant.zone).unwrap_or_else(Zone::shanghai)
    }
}

fn text(headers: &HeaderMap, name: header::HeaderName) -> Option<&str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}

/// The answer to a browser that asks whether it may ask. It names no merchant, so nothing is told here; who may read an answer is told with it.
fn preflight(origin: &HeaderValue) -> Response {
    let headers = [
        (header::ACCESS_CONTROL_ALLOW_ORIGIN, origin.clone()),
        (header::ACCESS_CONTROL_ALLOW_METHODS, HeaderValue::from_static("GET, POST")),
        (header::ACCESS_CONTROL_ALLOW_HEADERS, HeaderValue::from_static("authorization, content-type, accept-language")),
        (header::ACCESS_CONTROL_MAX_AGE, HeaderValue::from_static("600")),
        (header::VARY, HeaderValue::from_static("origin")),
    ];
    (StatusCode::NO_CONTENT, headers).into_response()
}

/// Before every answer: the pass is proven, its member's and address's limits and its origin are minded.
async fn guarded(State(app): State<App>, request: Request, next: Next) -> Response {
    let origin = request.headers().get(header::ORIGIN).cloned();
    if let (&Method::OPTIONS, Some(origin)) = (request.method(), &origin) {
        return preflight(origin);
    }
    let (mut parts, body) = request.into_parts();
    let shopper = match let_in(&app, &mut parts).await {
        Ok(shopper) => shopper,
        Err(problem) => return problem.into_response(),
    };
    let foreign = origin.filter(|origin| !same_host(origin, &parts.headers));
    if let Some(origin) = &foreign {
        let (of, asked) = (shopper.guest.merchant.no, origin.to_str().unwrap_or_default().to_owned());
        let allowed = app.store.read(move |tx| Ok(settings::get(tx, of)?.origins.contains(&asked))).await;
        match allowed {
            Ok(true) => {}
            Ok(false) => return Problem::from(ORIGIN.refuse()).into_response(),
            Err(fault) => return Problem::from(fault).into_response(),
        }
    }
    let mut request = Request::from_parts(parts, body);
    request.extensions_mut().insert(shopper);
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    if let Some(origin) = foreign {
        headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin);
    }
    headers.append(header::VARY, HeaderValue::from_static("origin"));
    response
}

/// Whether a page of this very server asks.
fn same_host(origin: &HeaderValue, headers: &HeaderMap) -> bool {
    let host = origin.to_str().ok().and_then(|origin| origin.split_once("://")).map(|(_, host)| host);
    host.is_some() && host == text(headers, header::HOST)
}

async fn let_in(app: &App, parts: &mut axum::http::request::Parts) -> Result<Shopper, Problem> {
    let passer = Passer::from_request_parts(parts, app).await?;
    let bearer = text(&parts.headers, header::AUTHORIZATION).and_then(|value| value.strip_prefix("Bearer "));
    let nobody = || Problem::from(LINK_OVER.refuse());
    let shown = bearer.and_then(|text| pass::read(text.trim())).ok_or_else(nobody)?;
    let now = app.clock.now();
    let guest = app.store.read(move |tx| pass::prove(tx, &shown, now)).await.map_err(Problem::from)?.ok_or_else(nobody)?;
    app.limiter.take(&format!("shopper {}", guest.member), RATE)?;
    Ok(Shopper { app: app.clone(), cx: Ctx::new(guest.merchant.no, ACTOR, now), lang: passer.lang, guest })
}

/// Card, points and the newest of the history.
async fn me(Extension(shopper): Extension<Shopper>) -> Reply<view::Me> {
    let (cx, guest, zh) = (shopper.cx, shopper.guest, shopper.lang.is_zh());
    let told = shopper.app.store.read(move |tx| view::me(tx, &cx, &guest, zh)).await.map_err(Problem::from)?;
    Ok(Json(told))
}

/// The member is here: a visit, once a day however often the page is opened.
async fn visit(Extension(shopper): Extension<Shopper>) -> Result<StatusCode, Problem> {
    let (cx, guest) = (shopper.cx, shopper.guest);
    let done = shopper.app.store.write(Lane::Interactive, move |tx| view::visited(tx, &cx, &guest));
    done.await.map_err(Problem::from)?;
    Ok(StatusCode::NO_CONTENT)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Older {
    programme: ProgrammeId,
    before: i64,
}

/// More of the history.
#[derive(Serialize)]
struct More {
    items: Vec<history::Line>,
    next: Option<i64>,
}

/// The history before a line.
async fn older(Extension(shopper): Extension<Shopper>, Query(q): Query<Older>) -> Reply<More> {
    let (cx, member, zh) = (shopper.cx, shopper.guest.member, shopper.lang.is_zh());
    let read = shopper.app.store.read(move |tx| history::page(tx, &cx, q.programme, member, q.before, LINES, zh));
    let page = read.await.map_err(Problem::from)?;
    Ok(Json(More { items: page.lines, next: page.next }))
}

/// What a shopper says of an order.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ClaimInput {
    number: String,
    proof: ProofInput,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ProofInput {
    kind: ProofKind,
    /// Digits, a name, or an amount as a decimal: yuan, or units of the shop's currency.
    value: String,
}

/// What came of it.
#[derive(Serialize)]
struct Claimed {
    /// `claimed`, or `already_yours`.
    result: &'static str,
}

/// A decimal in minor units of a currency with so many decimal digits. Digits beyond these are noughts.
fn minor(text: &str, digits: u32) -> Option<i64> {
    let (whole, part) = text.split_once('.').unwrap_or((text, "0"));
    let number = |t: &str| !t.is_empty() && t.len() <= 9 && t.bytes().all(|b| b.is_ascii_digit());
    if !number(whole) || !number(part) {
        return None;
    }
    let places = digits as usize;
    let (kept, beyond) = part.split_at(part.len().min(places));
    if beyond.bytes().any(|b| b != b'0') {
        return None;
    }
    Some(whole.parse::<i64>().ok()? * 10_i64.pow(digits) + format!("0{kept:0<places$}").parse::<i64>().ok()?)
}

/// Claims an order. A try is counted and written down whatever comes of it.
async fn claims(Extension(shopper): Extension<Shopper>, Body(body): Body<ClaimInput>) -> Reply<Claimed> {
    let number = body.number.trim().to_owned();
    let (kind, value) = (body.proof.kind, body.proof.value.trim().to_owned());
    if number.is_empty() || number.chars().count() > NUMBER {
        return Err(Problem::invalid("body", "number", format!("1 to {NUMBER} characters")));
    }
    if value.is_empty() || value.chars().count() > PROOF {
        return Err(Problem::invalid("body", "proof.value", format!("1 to {PROOF} characters")));
    }
    let (cx, zone, member, digits) = (shopper.cx.clone(), shopper.zone(), shopper.guest.member, shopper.guest.merchant.currency.digits());
    let tried = shopper.app.store.write(Lane::Interactive, move |tx| {
        let taken = settings::get(tx, cx.merchant)?.proofs.contains(&kind);
        let proof = match kind {
            ProofKind::PhoneLast4 => Some(Proof::PhoneLast4(&value)),
            ProofKind::ReceiverName => Some(Proof::ReceiverName(&value)),
            ProofKind::Paid => minor(&value, digits).map(Proof::Paid),
        };
        claim::claim(tx, &cx, &zone, member, &number, proof.filter(|_| taken))
    });
    match tried.await.map_err(Problem::from)? {
        Verdict::Claimed => Ok(Json(Claimed { result: "claimed" })),
        Verdict::Yours => Ok(Json(Claimed { result: "already_yours" })),
        Verdict::NotProven => Err(NOT_PROVEN.refuse().into()),
        Verdict::TooMany => Err(TOO_MANY.refuse().into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_read_to_the_minor_unit_of_their_currency() {
        for (text, digits, want) in [
            ("128.50", 2, 12_850),
            ("128.5", 2, 12_850),
            ("128", 2, 12_800),
            ("0.01", 2, 1),
            ("1.230", 2, 123),
            ("1280", 0, 1_280),
            ("1280.00", 0, 1_280),
            ("1.5", 3, 1_500),
        ] {
            assert_eq!(minor(text, digits), Some(want), "{text}");
        }
        for bad in ["", ".5", "1.", "1.234", "-1", "1,000", "1e3", "9999999999"] {
            assert_eq!(minor(bad, 2), None, "{bad}");
        }
        assert_eq!(minor("1280.5", 0), None, "yen have no half");
    }

    #[test]
    fn a_page_of_this_server_is_known_by_its_host() {
        let mut headers = HeaderMap::new();
        headers.insert(header::HOST, HeaderValue::from_static("shop.example.com:8080"));
        let origin = HeaderValue::from_static;
        assert!(same_host(&origin("https://shop.example.com:8080"), &headers));
        for other in ["https://shop.example.com", "null", "https://evil.example"] {
            assert!(!same_host(&origin(other), &headers), "{other}");
        }
    }
}
