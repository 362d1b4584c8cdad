//! Who calls and in which language; what they are allowed; how their closure reaches the store.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, Method, header};
use serde::Serialize;
use serde::de::DeserializeOwned;
use shuke_kernel::{Actor, Ctx, IdempotencyKey, MerchantNo, Result};
use shuke_store::{Store, Tx};

use crate::app::{App, Credential, Presented};
use crate::frame::RequestId;
use crate::idempotency::RequestHash;
use crate::permission::{Permission, Permissions, Role};
use crate::problem::{Problem, codes};

/// The language of an answer's texts.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Lang {
    /// Chinese, the default.
    #[default]
    Zh,
    /// English.
    En,
}

impl Lang {
    /// Its language tag.
    pub const fn tag(self) -> &'static str {
        match self {
            Self::Zh => "zh-CN",
            Self::En => "en",
        }
    }

    /// Whether texts are to be Chinese, as `Refusal::text` asks.
    pub const fn is_zh(self) -> bool {
        matches!(self, Self::Zh)
    }

    /// The better liked of the two in an `Accept-Language` header.
    pub fn of(headers: &HeaderMap) -> Self {
        let Some(text) = headers.get(header::ACCEPT_LANGUAGE).and_then(|v| v.to_str().ok()) else { return Self::Zh };
        let mut best = (0_u32, Self::Zh);
        for part in text.split(',') {
            let mut bits = part.split(';');
            let tag = bits.next().unwrap_or_default().trim().to_ascii_lowercase();
            let weight = bits.find_map(|b| b.trim().strip_prefix("q=").map(thousandths)).unwrap_or(1000);
            let lang = match tag.split('-').next() {
                Some("zh" | "*") => Self::Zh,
                Some("en") => Self::En,
                _ => continue,
            };
            if weight > best.0 {
                best = (weight, lang);
            }
        }
        best.1
    }
}

/// `0.8` → 800; what cannot be read counts as not wanted.
fn thousandths(q: &str) -> u32 {
    let (whole, part) = q.split_once('.').unwrap_or((q, ""));
    let part: String = part.chars().chain("000".chars()).take(3).collect();
    whole.parse::<u32>().unwrap_or(0).min(1) * 1000 + part.parse::<u32>().unwrap_or(0)
}

impl<S: Send + Sync> FromRequestParts<S> for Lang {
    type Rejection = std::convert::Infallible;
    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        Ok(Self::of(&parts.headers))
    }
}

/// A caller, known, acting for one merchant.
#[derive(Clone, Debug)]
pub struct Caller {
    /// The person or key.
    pub actor: Actor,
    /// For which merchant.
    pub merchant: MerchantNo,
    /// Whether that merchant is a sandbox.
    pub sandbox: bool,
    /// The person's role; a key has none.
    pub role: Option<Role>,
    /// What they may do.
    pub permissions: Permissions,
    /// Requests a second granted to this merchant, where it has its own limit.
    pub per_second: Option<u32>,
}

/// A signed-in person, before a merchant is chosen.
#[derive(Clone, Debug)]
pub struct Person {
    /// Who.
    pub staff: [u8; 16],
    /// The hash of their session's token: which session it is.
    pub session: [u8; 32],
}

/// An authenticated request of one merchant: the extractor that nearly every handler takes.
pub struct Call {
    /// The app.
    pub app: App,
    /// Who.
    pub caller: Caller,
    /// In which language to answer.
    pub lang: Lang,
    /// The request's id, for logs.
    pub request_id: String,
    key: Option<IdempotencyKey>,
}

impl Call {
    /// The context of the operation, if the caller may do `p`.
    pub fn allow(&self, p: Permission) -> Result<Ctx, Problem> {
        if !self.caller.permissions.has(p) {
            return Err(codes::FORBIDDEN.with("permission", p.word()).into());
        }
        Ok(self.cx())
    }

    /// The context of an operation that everybody of the merchant may do.
    pub fn cx(&self) -> Ctx {
        Ctx { merchant: self.caller.merchant, actor: self.caller.actor.clone(), now: self.app.clock.now(), key: self.key.clone() }
    }

    /// Writes once per idempotency key. `f` may run more than once.
    pub async fn write<T, F>(&self, cx: &Ctx, f: F) -> Result<T, Problem>
    where
        T: Serialize + DeserializeOwned + Send + 'static,
        F: FnMut(&mut Tx<'_>, &Ctx) -> Result<T> + Send + 'static,
    {
        write(&self.app.store, cx, f).await
    }

    /// Reads in a consistent snapshot. `f` may run more than once.
    pub async fn read<T, F>(&self, cx: &Ctx, f: F) -> Result<T, Problem>
    where
        T: Send + 'static,
        F: FnMut(&mut Tx<'_>, &Ctx) -> Result<T> + Send + 'static,
    {
        read(&self.app.store, cx, f).await
    }
}

async fn write<T, F>(store: &Store, cx: &Ctx, mut f: F) -> Result<T, Problem>
where
    T: Serialize + DeserializeOwned + Send + 'static,
    F: FnMut(&mut Tx<'_>, &Ctx) -> Result<T> + Send + 'static,
{
    let inner = cx.clone();
    store.write_once(cx, move |tx| f(tx, &inner)).await.map_err(Problem::from)
}

async fn read<T, F>(store: &Store, cx: &Ctx, mut f: F) -> Result<T, Problem>
where
    T: Send + 'static,
    F: FnMut(&mut Tx<'_>, &Ctx) -> Result<T> + Send + 'static,
{
    let inner = cx.clone();
    store.read(move |tx| f(tx, &inner)).await.map_err(Problem::from)
}

impl FromRequestParts<App> for Call {
    type Rejection = Problem;
    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        let presented = presented(parts, app)?;
        let caller = app.auth.caller(app, presented).await.map_err(|p| doubted(p, parts, app))?;
        let rate = match (&caller.actor, caller.per_second) {
            (_, Some(n)) => crate::Rate { per_second: n, burst: n.saturating_mul(4) },
            (Actor::Key(_), None) => app.config.key_rate,
            _ => app.config.staff_rate,
        };
        app.limiter.take(&caller.actor.label(), rate)?;
        let key = idempotency_key(parts, &caller.actor.label())?;
        Ok(Self { app: app.clone(), caller, lang: Lang::of(&parts.headers), request_id: RequestId::of(&parts.extensions), key })
    }
}

/// A signed-in person's request that belongs to no merchant: sessions, password, merchants.
pub struct Visitor {
    /// The app.
    pub app: App,
    /// Who is signed in.
    pub person: Person,
    /// In which language to answer.
    pub lang: Lang,
    key: Option<IdempotencyKey>,
}

impl Visitor {
    /// The context of an operation on the installation itself.
    pub fn cx(&self) -> Ctx {
        Ctx { merchant: MerchantNo::SYSTEM, actor: Actor::Staff(self.person.staff), now: self.app.clock.now(), key: self.key.clone() }
    }

    /// See [`Call::write`].
    pub async fn write<T, F>(&self, cx: &Ctx, f: F) -> Result<T, Problem>
    where
        T: Serialize + DeserializeOwned + Send + 'static,
        F: FnMut(&mut Tx<'_>, &Ctx) -> Result<T> + Send + 'static,
    {
        write(&self.app.store, cx, f).await
    }

    /// See [`Call::read`].
    pub async fn read<T, F>(&self, cx: &Ctx, f: F) -> Result<T, Problem>
    where
        T: Send + 'static,
        F: FnMut(&mut Tx<'_>, &Ctx) -> Result<T> + Send + 'static,
    {
        read(&self.app.store, cx, f).await
    }
}

impl FromRequestParts<App> for Visitor {
    type Rejection = Problem;
    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        let presented = presented(parts, app)?;
        let person = app.auth.person(app, presented).await.map_err(|p| doubted(p, parts, app))?;
        let label = Actor::Staff(person.staff).label();
        app.limiter.take(&label, app.config.staff_rate)?;
        let key = idempotency_key(parts, &label)?;
        Ok(Self { app: app.clone(), person, lang: Lang::of(&parts.headers), key })
    }
}

/// A request by somebody who has not said who they are: signing in, the setup. Limited by address.
pub struct Stranger {
    /// The app.
    pub app: App,
    /// In which language to answer.
    pub lang: Lang,
    /// Where from, for limits only: never logged or kept.
    pub address: String,
}

impl FromRequestParts<App> for Stranger {
    type Rejection = Problem;
    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        let address = crate::frame::address(parts, app);
        app.limiter.take(&address, app.config.visitor_rate)?;
        Ok(Self { app: app.clone(), lang: Lang::of(&parts.headers), address })
    }
}

/// A request by somebody who follows a link that was sent to them: no account, limited by address
/// apart from those who sign in.
pub struct Passer {
    /// The app.
    pub app: App,
    /// In which language to answer.
    pub lang: Lang,
}

impl FromRequestParts<App> for Passer {
    type Rejection = Problem;
    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        let address = format!("link {}", crate::frame::address(parts, app));
        app.limiter.take(&address, app.config.link_rate)?;
        Ok(Self { app: app.clone(), lang: Lang::of(&parts.headers) })
    }
}

/// The name of the session cookie.
pub const COOKIE: &str = "shuke_session";

/// Nobody is signed in: said so, or that it was asked too often.
fn unknown(parts: &Parts, app: &App) -> Problem {
    let address = format!("stranger {}", crate::frame::address(parts, app));
    match app.limiter.take(&address, app.config.stranger_rate) {
        Ok(()) => codes::UNAUTHENTICATED.refuse().into(),
        Err(too_often) => too_often,
    }
}

/// A wrong proof counts like none.
fn doubted(problem: Problem, parts: &Parts, app: &App) -> Problem {
    if problem.code() == codes::UNAUTHENTICATED.code { unknown(parts, app) } else { problem }
}

fn presented(parts: &Parts, app: &App) -> Result<Presented, Problem> {
    let text = |name: &str| parts.headers.get(name).and_then(|v| v.to_str().ok()).map(str::to_owned);
    let merchant = text("shuke-merchant").or_else(|| linked(parts));
    if let Some(bearer) = text("authorization") {
        let secret = bearer.strip_prefix("Bearer ").or_else(|| bearer.strip_prefix("bearer ")).map(str::trim).unwrap_or_default();
        if secret.is_empty() {
            return Err(codes::UNAUTHENTICATED.refuse().into());
        }
        return Ok(Presented { credential: Credential::Key(secret.to_owned()), merchant });
    }
    let Some(token) = cookie(&parts.headers) else {
        return Err(unknown(parts, app));
    };
    let safe = matches!(parts.method, Method::GET | Method::HEAD | Method::OPTIONS);
    if !safe && text("shuke-csrf").as_deref() != Some("1") {
        return Err(codes::CSRF.refuse().into());
    }
    Ok(Presented { credential: Credential::Session(token), merchant })
}

/// The merchant in the query of a GET: a link that a browser follows by itself can send no header.
fn linked(parts: &Parts) -> Option<String> {
    if parts.method != Method::GET {
        return None;
    }
    parts.uri.query()?.split('&').find_map(|pair| pair.strip_prefix("merchant=")).filter(|m| !m.is_empty()).map(str::to_owned)
}

fn cookie(headers: &HeaderMap) -> Option<String> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|v| v.to_str().ok())
        .flat_map(|v| v.split(';'))
        .find_map(|pair| pair.trim().strip_prefix(COOKIE)?.strip_prefix('=').map(str::to_owned))
        .filter(|v| !v.is_empty())
}

fn idempotency_key(parts: &Parts, caller: &str) -> Result<Option<IdempotencyKey>, Problem> {
    if matches!(parts.method, Method::GET | Method::HEAD | Method::OPTIONS) {
        return Ok(None);
    }
    let Some(value) = parts.headers.get("idempotency-key") else { return Ok(None) };
    let text = value.to_str().ok().map(str::trim).filter(|t| (1..=200).contains(&t.len()) && t.bytes().all(|b| b.is_ascii_graphic()));
    let text = text.ok_or_else(|| Problem::from(codes::KEY.refuse()))?;
    let request_hash = parts.extensions.get::<RequestHash>().map_or([0; 32], |h| h.0);
    Ok(Some(IdempotencyKey { key: format!("{caller}/{text}"), request_hash }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_better_liked_language_wins_and_chinese_is_the_default() {
        let of = |text: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::ACCEPT_LANGUAGE, text.parse().expect("a header"));
            Lang::of(&headers)
        };
        assert_eq!(Lang::of(&HeaderMap::new()), Lang::Zh);
        assert_eq!(of("en-GB,en;q=0.9,zh;q=0.8"), Lang::En);
        assert_eq!(of("zh-CN,zh;q=0.9,en;q=0.8"), Lang::Zh);
        assert_eq!(of("en;q=0.2, zh;q=0.7"), Lang::Zh);
        assert_eq!(of("fr"), Lang::Zh);
    }
}
