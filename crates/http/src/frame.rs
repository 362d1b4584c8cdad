//! What surrounds every request: its id, its time limit, its place in the log and the counters,
//! the headers that guard a browser, and the writing out of problems. The log has the route's
//! pattern, never the path, the query, the body or an address.

use std::net::SocketAddr;
use std::time::Instant;

use axum::extract::{ConnectInfo, MatchedPath, Request, State};
use axum::http::request::Parts;
use axum::http::{Extensions, HeaderName, HeaderValue, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use crate::Lang;
use crate::app::App;
use crate::problem::{Problem, codes};

/// The id of the request that is being answered: the caller's, if it sent a plain one, else ours.
#[derive(Clone)]
pub(crate) struct RequestId(String);

impl RequestId {
    pub(crate) fn of(extensions: &Extensions) -> String {
        extensions.get::<Self>().map(|id| id.0.clone()).unwrap_or_default()
    }

    fn for_request(request: &Request) -> Self {
        let sent = request.headers().get("x-request-id").and_then(|v| v.to_str().ok());
        let plain = |t: &&str| (8..=64).contains(&t.len()) && t.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_');
        Self(sent.filter(plain).map_or_else(|| format!("req_{}", uuid::Uuid::new_v4().simple()), str::to_owned))
    }
}

/// The address a request came from, for the limits on strangers.
pub(crate) fn address(parts: &Parts, app: &App) -> String {
    let forwarded = || parts.headers.get("x-forwarded-for")?.to_str().ok()?.rsplit(',').next().map(|a| a.trim().to_owned());
    let peer = || parts.extensions.get::<ConnectInfo<SocketAddr>>().map(|c| c.0.ip().to_string());
    let found = if app.config.trust_forwarded { forwarded().or_else(peer) } else { peer() };
    format!("address {}", found.unwrap_or_default())
}

/// The outermost middleware.
pub(crate) async fn frame(State(app): State<App>, mut request: Request, next: Next) -> Response {
    let started = Instant::now();
    let (id, lang, method) = (RequestId::for_request(&request), Lang::of(request.headers()), request.method().clone());
    let route = request.extensions().get::<MatchedPath>().map_or("unmatched", |m| m.as_str()).to_owned();
    let upload = request.headers().get(header::CONTENT_TYPE).is_some_and(|t| t.as_bytes().starts_with(b"multipart/"));
    let limit = if upload { app.config.upload_timeout } else { app.config.timeout };
    request.extensions_mut().insert(id.clone());
    app.metrics.begin();
    let answer = tokio::time::timeout(limit, next.run(request)).await;
    let mut response = answer.unwrap_or_else(|_| Problem::from(codes::TIMEOUT.refuse()).into_response());
    if let Some(problem) = response.extensions_mut().remove::<Problem>() {
        problem.log(&id.0);
        // What a caller must learn of a refusal too: which methods there are, and whether a page of another origin may read it.
        let kept =
            [header::ALLOW, header::ACCESS_CONTROL_ALLOW_ORIGIN, header::VARY].map(|name| (response.headers_mut().remove(&name), name));
        response = problem.render(lang, &id.0);
        for (value, name) in kept {
            if let Some(value) = value {
                response.headers_mut().insert(name, value);
            }
        }
    }
    guard(&mut response, &route, &id, app.config.secure_cookies);
    let (took, status) = (started.elapsed(), response.status().as_u16());
    app.metrics.end(method.as_str(), &route, status, took);
    let micros = u64::try_from(took.as_micros()).unwrap_or(u64::MAX);
    if status >= 500 {
        tracing::warn!(request_id = %id.0, %method, route, status, micros, "request");
    } else {
        tracing::debug!(request_id = %id.0, %method, route, status, micros, "request");
    }
    response
}

const GUARDS: [(HeaderName, HeaderValue); 6] = [
    (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    (header::X_FRAME_OPTIONS, HeaderValue::from_static("DENY")),
    (header::REFERRER_POLICY, HeaderValue::from_static("same-origin")),
    (
        header::CONTENT_SECURITY_POLICY,
        HeaderValue::from_static(
            "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:; \
             connect-src 'self'; object-src 'none'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'",
        ),
    ),
    (HeaderName::from_static("cross-origin-opener-policy"), HeaderValue::from_static("same-origin")),
    (HeaderName::from_static("permissions-policy"), HeaderValue::from_static("camera=(), microphone=(), geolocation=(), payment=()")),
];

fn guard(response: &mut Response, route: &str, id: &RequestId, tls: bool) {
    let headers = response.headers_mut();
    if tls {
        headers.entry(header::STRICT_TRANSPORT_SECURITY).or_insert(HeaderValue::from_static("max-age=31536000"));
    }
    for (name, value) in GUARDS {
        headers.entry(name).or_insert(value);
    }
    if route.starts_with("/api/") {
        headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    }
    if let Ok(value) = HeaderValue::from_str(&id.0) {
        headers.insert("x-request-id", value);
    }
}

/// The answer after a handler panicked.
pub(crate) fn panicked(_: Box<dyn std::any::Any + Send>) -> Response {
    Problem::fault("a handler panicked").into_response()
}
