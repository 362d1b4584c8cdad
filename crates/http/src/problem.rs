//! Problems (RFC 9457): how a refusal or a fault leaves the house.
//!
//! A [`Problem`] is carried in the response's extensions and written out by the outermost
//! middleware, in the language of the request and with its id. The one mapping from a refusal's
//! kind to a status stands here.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use shuke_kernel::{Error, Kind, Refusal};
use utoipa::ToSchema;

use crate::Lang;

/// The refusals of HTTP itself.
pub mod codes {
    use shuke_kernel::{Code, Kind};

    macro_rules! codes {
        ($($(#[$doc:meta])* $name:ident $code:literal $kind:ident $zh:literal $en:literal;)*) => {$(
            $(#[$doc])*
            pub static $name: Code = Code { code: $code, kind: Kind::$kind, zh: $zh, en: $en };
        )*};
    }

    codes! {
        /// The body, query or path cannot be read.
        INVALID "request.invalid" Invalid "请求内容有误（{place}）：{reason}" "The request cannot be read ({place}): {reason}";
        /// The cursor is not one of ours.
        CURSOR "request.invalid_cursor" Invalid "分页游标无效。请从第一页重新开始。" "The cursor is not valid. Begin again with the first page.";
        /// The body is not JSON.
        MEDIA "request.media_type" Invalid "请求正文必须是 JSON（Content-Type: application/json）。" "The body must be JSON (Content-Type: application/json).";
        /// The body is too large.
        TOO_LARGE "request.too_large" Invalid "请求正文超过 {limit} 字节。请分批发送。" "The body exceeds {limit} bytes. Send it in parts.";
        /// The idempotency key is malformed.
        KEY "request.invalid_idempotency_key" Invalid "Idempotency-Key 必须是 1 到 200 个可见 ASCII 字符。" "An Idempotency-Key has 1 to 200 visible ASCII characters.";
        /// No such address.
        NOT_FOUND "request.not_found" NotFound "没有这个地址。接口清单见 /api/v1/openapi.json。" "There is nothing at this address. See /api/v1/openapi.json.";
        /// The address exists, the method does not.
        METHOD "request.method_not_allowed" Invalid "这个地址不支持该方法。" "This address does not take that method.";
        /// Took too long.
        TIMEOUT "request.timeout" Unavailable "处理超时，结果未知。请用同一个 Idempotency-Key 重试。" "It took too long and the outcome is unknown. Try again with the same Idempotency-Key.";
        /// Too many requests.
        RATE "request.too_many" TooMany "请求过于频繁，请在 {retry_after} 秒后重试。" "Too many requests. Try again in {retry_after} seconds.";
        /// Nobody is signed in.
        UNAUTHENTICATED "access.unauthenticated" Unauthenticated "请先登录，或提供有效的 API 密钥。" "Sign in, or send a valid API key.";
        /// Not allowed.
        FORBIDDEN "access.forbidden" Forbidden "您没有“{permission}”权限。请联系店铺所有者。" "This needs the permission {permission}. Ask the owner of the shop.";
        /// A mutating call by cookie without the header.
        CSRF "access.csrf" Forbidden "使用会话 Cookie 的写操作必须带请求头 Shuke-Csrf: 1。" "Mutating calls made with the session cookie need the header Shuke-Csrf: 1.";
        /// The key's or the session's caller is no person.
        PERSON "access.person_needed" Forbidden "该操作只能由登录的员工执行，不能使用 API 密钥。" "Only a signed-in person can do this, not an API key.";
        /// Something broke.
        FAULT "server.fault" Unavailable "服务器出错了，已记录。请稍后重试，并提供请求编号 {request_id}。" "Something broke and was logged. Try again later and quote request {request_id}.";
    }
}

/// Why a request was not done.
#[derive(Clone, Debug)]
pub struct Problem {
    refusal: Box<Refusal>,
    status: StatusCode,
    /// For the log only.
    fault: Option<String>,
}

impl Problem {
    /// The problem's code.
    pub fn code(&self) -> &'static str {
        self.refusal.code.code
    }

    /// The refusal it carries.
    pub fn refusal(&self) -> &Refusal {
        &self.refusal
    }

    /// The status it is answered with.
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// A refusal answered with a status that no kind maps to: 405, 413, 415 …
    pub fn with_status(refusal: Refusal, status: StatusCode) -> Self {
        Self { refusal: Box::new(refusal), status, fault: None }
    }

    /// A fault: shown as 500, described only in the log.
    pub fn fault(what: impl Into<String>) -> Self {
        Self { refusal: Box::new(codes::FAULT.refuse()), status: StatusCode::INTERNAL_SERVER_ERROR, fault: Some(what.into()) }
    }

    /// The body or a parameter cannot be read.
    pub fn invalid(place: &'static str, field: &str, reason: impl std::fmt::Display) -> Self {
        let refusal = codes::INVALID.with("place", place).with("reason", reason);
        if ["", ".", "?"].contains(&field) { refusal.into() } else { refusal.at(field).into() }
    }

    pub(crate) fn log(&self, request_id: &str) {
        if let Some(what) = &self.fault {
            tracing::error!(request_id, what, "request failed");
        }
    }

    /// The body, in that language.
    pub fn body(&self, lang: Lang, request_id: &str) -> ProblemBody {
        let refusal = (*self.refusal).clone();
        let refusal = if self.fault.is_some() { refusal.with("request_id", request_id) } else { refusal };
        ProblemBody {
            kind: format!("urn:shuke:problem:{}", refusal.code.code),
            title: title(self.status, lang),
            status: self.status.as_u16(),
            code: refusal.code.code,
            detail: refusal.text(lang == Lang::Zh),
            field: refusal.field,
            params: refusal.params.into_iter().map(|(n, v)| (n.to_owned(), serde_json::Value::from(v))).collect(),
            request_id: request_id.to_owned(),
        }
    }

    pub(crate) fn render(&self, lang: Lang, request_id: &str) -> Response {
        let body = serde_json::to_vec(&self.body(lang, request_id)).unwrap_or_default();
        let mut response = (self.status, body).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        headers.insert(header::CONTENT_LANGUAGE, HeaderValue::from_static(lang.tag()));
        if self.status == StatusCode::UNAUTHORIZED {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        let wait = self.refusal.params.iter().find(|(n, _)| *n == "retry_after").map(|(_, v)| v.as_str());
        let wait =
            wait.or_else(|| (self.code() == "idempotency.in_flight" || self.status == StatusCode::SERVICE_UNAVAILABLE).then_some("1"));
        if let Some(wait) = wait.and_then(|w| HeaderValue::from_str(w).ok()) {
            headers.insert(header::RETRY_AFTER, wait);
        }
        response
    }
}

/// The one mapping from a refusal's kind to a status.
const fn status_of(kind: Kind) -> StatusCode {
    match kind {
        Kind::Invalid => StatusCode::BAD_REQUEST,
        Kind::Unauthenticated => StatusCode::UNAUTHORIZED,
        Kind::Forbidden => StatusCode::FORBIDDEN,
        Kind::NotFound => StatusCode::NOT_FOUND,
        Kind::Conflict => StatusCode::CONFLICT,
        Kind::Unprocessable => StatusCode::UNPROCESSABLE_ENTITY,
        Kind::TooMany => StatusCode::TOO_MANY_REQUESTS,
        Kind::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
    }
}

fn title(status: StatusCode, lang: Lang) -> &'static str {
    if lang == Lang::En {
        return status.canonical_reason().unwrap_or("Error");
    }
    match status.as_u16() {
        400 => "请求有误",
        401 => "未登录",
        403 => "没有权限",
        404 => "未找到",
        405 => "方法不支持",
        409 => "状态冲突",
        413 => "内容过大",
        415 => "格式不支持",
        422 => "不符合规则",
        429 => "请求过多",
        503 => "暂时不可用",
        _ => "服务器错误",
    }
}

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Self {
        Self { status: status_of(refusal.code.kind), refusal: Box::new(refusal), fault: None }
    }
}

impl From<Error> for Problem {
    fn from(e: Error) -> Self {
        match e {
            Error::Refused(refusal) => (*refusal).into(),
            Error::Fault(what) => Self::fault(what),
        }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let mut response = self.status.into_response();
        response.extensions_mut().insert(self);
        response
    }
}

/// The form of every error, as `application/problem+json`.
#[derive(Serialize, ToSchema)]
#[schema(as = Problem)]
pub struct ProblemBody {
    /// `urn:shuke:problem:` and the code.
    #[serde(rename = "type")]
    pub kind: String,
    /// The status in words.
    pub title: &'static str,
    /// The HTTP status.
    pub status: u16,
    /// `area.snake_case`, never renamed.
    pub code: &'static str,
    /// What was wrong and what to do, in the request's language.
    pub detail: String,
    /// The field at fault, as a path.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    /// The values in the text.
    #[serde(skip_serializing_if = "serde_json::Map::is_empty")]
    #[schema(value_type = std::collections::BTreeMap<String, String>)]
    pub params: serde_json::Map<String, serde_json::Value>,
    /// Quote it when asking for help.
    pub request_id: String,
}
