//! `GET /s/{code}`, beside the API: without an account, limited by address.

use axum::http::{HeaderMap, HeaderName, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use shuke_http::{App, Lang, Passer, Path, Problem};
use shuke_store::Lane;

use super::looks::{Looks, human};
use super::{find, followed};

/// The route, to be merged with the pages.
pub fn routes() -> axum::Router<App> {
    axum::Router::new().route("/s/{code}", get(follow))
}

/// Sends whoever follows a link on. That it was followed is written down beside; where that fails, the
/// person still gets where they wanted.
async fn follow(passer: Passer, Path(code): Path<String>, method: Method, headers: HeaderMap) -> Result<Response, Problem> {
    let Some(target) = passer.app.store.read(move |tx| find(tx, &code)).await.map_err(Problem::from)? else {
        return Ok(nowhere(passer.lang));
    };
    let text = |name: &str| headers.get(name).and_then(|v| v.to_str().ok()).unwrap_or_default();
    let purpose = ["sec-purpose", "purpose", "x-moz"].into_iter().map(text).find(|t| !t.is_empty()).unwrap_or_default();
    let looks = Looks { get: method == Method::GET, agent: text("user-agent"), purpose, accept: text("accept") };
    let (human, now, url) = (human(looks), passer.app.clock.now(), target.url.clone());
    if let Err(e) = passer.app.store.write(Lane::Interactive, move |tx| followed(tx, &target, human, now)).await {
        tracing::warn!(error = %e, "a click was not written down");
    }
    let headers = [
        (header::LOCATION, url),
        (header::CACHE_CONTROL, "no-store".to_owned()),
        (header::REFERRER_POLICY, "no-referrer".to_owned()),
        (HeaderName::from_static("x-robots-tag"), "noindex, nofollow".to_owned()),
    ];
    Ok((StatusCode::FOUND, headers).into_response())
}

/// A person sees a sentence, not an object.
fn nowhere(lang: Lang) -> Response {
    let words = if lang.is_zh() { "这个链接已失效。" } else { "This link leads nowhere." };
    (StatusCode::NOT_FOUND, [(header::CACHE_CONTROL, "no-store")], words).into_response()
}
