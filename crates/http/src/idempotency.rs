//! Hashing a request that carries an idempotency key, so that the same key with another request
//! is noticed. The hash covers method, path, query and body; of an upload (multipart) it covers
//! the length instead of the body, which is not held in memory.

use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::http::header;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use sha2::{Digest, Sha256};

use crate::app::App;
use crate::extract::too_large;

/// The hash of the request that is being answered.
#[derive(Clone, Copy)]
pub(crate) struct RequestHash(pub [u8; 32]);

/// Middleware: puts a [`RequestHash`] beside a keyed request.
pub(crate) async fn hash_keyed(State(app): State<App>, request: Request, next: Next) -> Response {
    if !request.headers().contains_key("idempotency-key") || request.method().is_safe() {
        return next.run(request).await;
    }
    let (mut parts, body) = request.into_parts();
    let mut hash = Sha256::new();
    hash.update(parts.method.as_str());
    hash.update(b" ");
    hash.update(parts.uri.path_and_query().map_or("", |p| p.as_str()));
    hash.update(b"\n");
    let upload = parts.headers.get(header::CONTENT_TYPE).is_some_and(|t| t.as_bytes().starts_with(b"multipart/"));
    let body = if upload {
        hash.update(parts.headers.get(header::CONTENT_LENGTH).map_or(&b""[..], |l| l.as_bytes()));
        body
    } else {
        match to_bytes(body, app.config.body_limit).await {
            Ok(bytes) => {
                hash.update(&bytes);
                Body::from(bytes)
            }
            Err(_) => return too_large(app.config.body_limit).into_response(),
        }
    };
    parts.extensions.insert(RequestHash(hash.finalize().into()));
    next.run(Request::from_parts(parts, body)).await
}
