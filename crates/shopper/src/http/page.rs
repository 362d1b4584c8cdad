//! The page itself: a few files in the program, served as they are. Scripts and styles come from here alone, nothing may frame
//! it, nothing else is asked.

use axum::http::{HeaderName, StatusCode, header};
use axum::response::{IntoResponse, Response};
use shuke_http::Path;

const HTML: &str = include_str!("../../../../web/shopper/index.html");
const FILES: &[(&str, &str, &str)] = &[
    ("app.js", "text/javascript; charset=utf-8", include_str!("../../../../web/shopper/app.js")),
    ("words.js", "text/javascript; charset=utf-8", include_str!("../../../../web/shopper/words.js")),
    ("icon.svg", "image/svg+xml", include_str!("../../../../web/shopper/icon.svg")),
    ("page.css", "text/css; charset=utf-8", include_str!("../../../../web/shopper/page.css")),
];

const GUARD: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; \
     base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

fn file(kind: &'static str, text: &'static str) -> Response {
    let headers = [
        (header::CONTENT_TYPE, kind),
        (header::CONTENT_SECURITY_POLICY, GUARD),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::CACHE_CONTROL, "no-cache"),
        (HeaderName::from_static("x-robots-tag"), "noindex, nofollow"),
    ];
    (headers, text).into_response()
}

pub(super) async fn html() -> Response {
    file("text/html; charset=utf-8", HTML)
}

pub(super) async fn asset(Path(name): Path<String>) -> Response {
    match FILES.iter().find(|(file, _, _)| *file == name) {
        Some((_, kind, text)) => file(kind, text),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}
