//! Reading a request: body, query and path, each refused as a problem that names the field.

use axum::body::to_bytes;
use axum::extract::rejection::{PathRejection, QueryRejection};
use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::request::Parts;
use axum::http::{StatusCode, header};
use serde::de::DeserializeOwned;

use crate::app::App;
use crate::problem::{Problem, codes};

/// A JSON body. Types that it reads deny unknown fields; an empty body reads as `{}`.
pub struct Body<T>(pub T);

pub(crate) fn too_large(limit: usize) -> Problem {
    Problem::with_status(codes::TOO_LARGE.with("limit", limit), StatusCode::PAYLOAD_TOO_LARGE)
}

impl<T: DeserializeOwned> FromRequest<App> for Body<T> {
    type Rejection = Problem;
    async fn from_request(request: Request, app: &App) -> Result<Self, Problem> {
        let json = request.headers().get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok()).map(is_json);
        let limit = app.config.body_limit;
        let bytes = to_bytes(request.into_body(), limit).await.map_err(|_| too_large(limit))?;
        if bytes.is_empty() {
            return read_json(b"{}").map(Self);
        }
        if json != Some(true) {
            return Err(Problem::with_status(codes::MEDIA.refuse(), StatusCode::UNSUPPORTED_MEDIA_TYPE));
        }
        read_json(&bytes).map(Self)
    }
}

fn is_json(content_type: &str) -> bool {
    let essence = content_type.split(';').next().unwrap_or_default().trim();
    essence.eq_ignore_ascii_case("application/json") || essence.to_ascii_lowercase().ends_with("+json")
}

fn read_json<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Problem> {
    refuse_nul(bytes)?;
    // Where it went wrong is asked only where it did: to keep the path costs as much as to read.
    if let Ok(value) = serde_json::from_slice(bytes) {
        return Ok(value);
    }
    let mut de = serde_json::Deserializer::from_slice(bytes);
    let value = serde_path_to_error::deserialize(&mut de).map_err(|e| {
        let path = e.path().to_string();
        Problem::invalid("body", &path, e.inner())
    })?;
    de.end().map_err(|e| Problem::invalid("body", "", e))?;
    Ok(value)
}

/// The store keeps no NUL in a text. Only a body with such an escape is looked at twice.
fn refuse_nul(bytes: &[u8]) -> Result<(), Problem> {
    if !bytes.contains(&b'\\') || !bytes.windows(6).any(|w| w == br"\u0000") {
        return Ok(());
    }
    let whole: serde_json::Value = serde_json::from_slice(bytes).map_err(|e| Problem::invalid("body", "", e))?;
    match find_nul(&whole, String::new()) {
        Some(path) => Err(nul("body", &path)),
        None => Ok(()),
    }
}

fn nul(place: &'static str, field: &str) -> Problem {
    Problem::invalid(place, field, "the character U+0000 is not allowed in a text")
}

fn find_nul(v: &serde_json::Value, path: String) -> Option<String> {
    use serde_json::Value;
    match v {
        Value::String(s) => s.contains('\0').then_some(path),
        Value::Array(items) => items.iter().enumerate().find_map(|(i, v)| find_nul(v, format!("{path}[{i}]"))),
        Value::Object(map) => map.iter().find_map(|(k, v)| {
            let here = if path.is_empty() { k.clone() } else { format!("{path}.{k}") };
            if k.contains('\0') { Some(path.clone()) } else { find_nul(v, here) }
        }),
        _ => None,
    }
}

/// Query parameters. Types that it reads deny unknown fields.
pub struct Query<T>(pub T);

impl<T: DeserializeOwned> FromRequestParts<App> for Query<T> {
    type Rejection = Problem;
    async fn from_request_parts(parts: &mut Parts, _: &App) -> Result<Self, Problem> {
        if parts.uri.query().is_some_and(|q| q.contains("%00")) {
            return Err(nul("query", ""));
        }
        let axum::extract::Query(value) = axum::extract::Query::<T>::try_from_uri(&parts.uri).map_err(|e: QueryRejection| {
            let text = e.body_text();
            let text = text.strip_prefix("Failed to deserialize query string: ").unwrap_or(&text);
            let (field, reason) = text.split_once(": ").unwrap_or(("", text));
            Problem::invalid("query", field, reason)
        })?;
        Ok(Self(value))
    }
}

/// Path parameters.
pub struct Path<T>(pub T);

impl<T: DeserializeOwned + Send> FromRequestParts<App> for Path<T> {
    type Rejection = Problem;
    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        if parts.uri.path().contains("%00") {
            return Err(nul("path", ""));
        }
        let axum::extract::Path(value) = axum::extract::Path::<T>::from_request_parts(parts, app).await.map_err(|e: PathRejection| {
            let text = e.body_text();
            Problem::invalid("path", "", text.strip_prefix("Invalid URL: ").unwrap_or(&text))
        })?;
        Ok(Self(value))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde::Deserialize;

    #[derive(Deserialize, Debug)]
    #[serde(deny_unknown_fields)]
    struct Line {
        #[expect(dead_code, reason = "only read")]
        quantity: u32,
    }

    #[derive(Deserialize, Debug)]
    #[serde(deny_unknown_fields)]
    struct Order {
        #[expect(dead_code, reason = "only read")]
        lines: Vec<Line>,
    }

    fn field(json: &str) -> Option<String> {
        read_json::<Order>(json.as_bytes()).expect_err("refused").refusal().field.clone()
    }

    #[test]
    fn the_field_at_fault_is_named() {
        assert_eq!(field(r#"{"lines":[{"quantity":1},{"quantity":-1}]}"#).as_deref(), Some("lines[1].quantity"));
        assert_eq!(field(r#"{"lines":[{"quantity":1,"x":2}]}"#).as_deref(), Some("lines[0].x"));
        assert_eq!(field(r#"{"lines":[], "note":"a\u0000b"}"#).as_deref(), Some("note"));
        assert_eq!(field("{"), None);
    }
}
