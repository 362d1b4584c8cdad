//! The frame around requests, over a real store: problems in the caller's language, 404 and 405
//! as problems, unknown fields, permissions, idempotency, limits, panics, the document.

use std::sync::Arc;

use axum::body::{Body as Bytes, to_bytes};
use axum::http::{Request, Response, StatusCode};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use shuke_http::*;
use shuke_kernel::{Actor, MerchantNo};
use shuke_store::{MasterKey, Store, StoreConfig};
use tower::ServiceExt as _;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

struct Keys;

impl Authenticate for Keys {
    fn caller<'a>(&'a self, _: &'a App, presented: Presented) -> BoxFuture<'a, Result<Caller, Problem>> {
        Box::pin(async move {
            let role = match presented.credential {
                Credential::Key(k) if k == "owner" => Role::Owner,
                Credential::Session(_) => Role::Readonly,
                Credential::Key(_) => return Err(codes::UNAUTHENTICATED.refuse().into()),
            };
            Ok(Caller {
                actor: Actor::Key([7; 16]),
                merchant: MerchantNo::SYSTEM,
                sandbox: false,
                role: Some(role),
                permissions: role.permissions(),
                per_second: None,
            })
        })
    }
    fn person<'a>(&'a self, _: &'a App, _: Presented) -> BoxFuture<'a, Result<Person, Problem>> {
        Box::pin(async { Err(codes::PERSON.refuse().into()) })
    }
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Say {
    text: String,
}

#[derive(Serialize, Deserialize, ToSchema)]
struct Said {
    text: String,
    at: i64,
}

#[utoipa::path(post, path = "/say", operation_id = "say", tag = "test", request_body = Say, responses((status = 200, body = Said)), security(("key" = ["members:write"])))]
async fn say(call: Call, Body(body): Body<Say>) -> Reply<Said> {
    let cx = call.allow(Permission::MembersWrite)?;
    let said = call.write(&cx, move |_, cx| Ok(Said { text: body.text.clone(), at: cx.now.micros() })).await?;
    Ok(axum::Json(said))
}

#[utoipa::path(get, path = "/panic", operation_id = "panic", tag = "test", responses((status = 200)))]
async fn panic() -> Reply<Said> {
    panic!("as asked")
}

fn service(dir: &tempfile::TempDir, config: HttpConfig) -> axum::Router {
    let url = dir.path().join("shuke.db").to_string_lossy().into_owned();
    // Opening blocks: not on a thread of the runtime.
    let opened = std::thread::spawn(move || Store::open(StoreConfig::new(url, MasterKey::generate())));
    let store = opened.join().expect("no panic").expect("a store");
    serve_router(App::new(store, Arc::new(Keys), config), OpenApiRouter::new().routes(routes!(say)).routes(routes!(panic)))
}

async fn ask(service: &axum::Router, request: Request<Bytes>) -> Response<Bytes> {
    service.clone().oneshot(request).await.expect("an answer")
}

async fn json(response: Response<Bytes>) -> Value {
    let bytes = to_bytes(response.into_body(), 1 << 20).await.expect("a body");
    serde_json::from_slice(&bytes).expect("JSON")
}

fn post(body: &str, headers: &[(&str, &str)]) -> Request<Bytes> {
    let mut request = Request::post("/api/v1/say").header("content-type", "application/json");
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    request.body(Bytes::from(body.to_owned())).expect("a request")
}

const OWNER: (&str, &str) = ("authorization", "Bearer owner");

#[tokio::test(flavor = "multi_thread")]
async fn refusals_are_problems_in_the_callers_language() {
    let dir = tempfile::tempdir().expect("a directory");
    let service = service(&dir, HttpConfig::default());
    let answer = ask(&service, post("{}", &[])).await;
    assert_eq!(answer.status(), StatusCode::UNAUTHORIZED);
    assert_eq!(answer.headers()["content-type"], "application/problem+json");
    assert!(answer.headers()["content-security-policy"].to_str().expect("text").contains("default-src 'self'"));
    let id = answer.headers()["x-request-id"].clone();
    let body = json(answer).await;
    assert_eq!(body["code"], "access.unauthenticated");
    assert_eq!(body["request_id"], id.to_str().expect("text"));
    assert!(body["detail"].as_str().expect("text").contains("请先登录"));
    let body = json(ask(&service, post("{}", &[("accept-language", "en")])).await).await;
    assert!(body["detail"].as_str().expect("text").starts_with("Sign in"));

    let answer = ask(&service, post(r#"{"text":"a","colour":"red"}"#, &[OWNER])).await;
    assert_eq!(answer.status(), StatusCode::BAD_REQUEST);
    assert_eq!(json(answer).await["field"], "colour");
    assert_eq!(ask(&service, post("{}", &[("cookie", "shuke_session=x")])).await.status(), StatusCode::FORBIDDEN);
    let answer = ask(&service, post(r#"{"text":"a"}"#, &[("cookie", "shuke_session=x"), ("shuke-csrf", "1")])).await;
    assert_eq!(json(answer).await["params"]["permission"], "members:write");

    let nowhere = Request::get("/api/v1/nowhere").body(Bytes::empty()).expect("a request");
    assert_eq!(json(ask(&service, nowhere).await).await["code"], "request.not_found");
    let wrong = Request::delete("/api/v1/say").body(Bytes::empty()).expect("a request");
    let answer = ask(&service, wrong).await;
    assert_eq!((answer.status(), answer.headers()["allow"].to_str().expect("text")), (StatusCode::METHOD_NOT_ALLOWED, "POST"));
    assert_eq!(json(answer).await["code"], "request.method_not_allowed");
    let broken = Request::get("/api/v1/panic").body(Bytes::empty()).expect("a request");
    let answer = ask(&service, broken).await;
    assert_eq!(answer.status(), StatusCode::INTERNAL_SERVER_ERROR);
    assert_eq!(json(answer).await["code"], "server.fault");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_keyed_request_is_answered_once() {
    let dir = tempfile::tempdir().expect("a directory");
    let service = service(&dir, HttpConfig::default());
    let keyed = [OWNER, ("idempotency-key", "k1")];
    let first = json(ask(&service, post(r#"{"text":"a"}"#, &keyed)).await).await;
    let again = json(ask(&service, post(r#"{"text":"a"}"#, &keyed)).await).await;
    assert_eq!(first, again);
    let other = json(ask(&service, post(r#"{"text":"b"}"#, &keyed)).await).await;
    assert_eq!(other["code"], "idempotency.key_reused");
    let bad = json(ask(&service, post(r#"{"text":"b"}"#, &[OWNER, ("idempotency-key", "with space")])).await).await;
    assert_eq!(bad["code"], "request.invalid_idempotency_key");
}

#[tokio::test(flavor = "multi_thread")]
async fn limits_hold_and_health_answers() {
    let dir = tempfile::tempdir().expect("a directory");
    let config = HttpConfig { key_rate: Rate { per_second: 1, burst: 2 }, body_limit: 100, ..HttpConfig::default() };
    let service = service(&dir, config);
    let long = format!(r#"{{"text":"{}"}}"#, "x".repeat(200));
    assert_eq!(ask(&service, post(&long, &[OWNER])).await.status(), StatusCode::PAYLOAD_TOO_LARGE);
    assert_eq!(ask(&service, post(r#"{"text":"a"}"#, &[OWNER])).await.status(), StatusCode::OK);
    let answer = ask(&service, post(r#"{"text":"a"}"#, &[OWNER])).await;
    assert_eq!((answer.status(), answer.headers()["retry-after"].to_str().expect("text")), (StatusCode::TOO_MANY_REQUESTS, "1"));
    for path in ["/health/live", "/health/ready"] {
        assert_eq!(ask(&service, Request::get(path).body(Bytes::empty()).expect("a request")).await.status(), StatusCode::OK);
    }
    let metrics = ask(&service, Request::get("/metrics").body(Bytes::empty()).expect("a request")).await;
    let text = String::from_utf8(to_bytes(metrics.into_body(), 1 << 20).await.expect("a body").to_vec()).expect("text");
    assert!(text.contains(r#"shuke_http_requests_total{method="POST",route="/api/v1/say",status="2xx"} 1"#), "{text}");
    let document = json(ask(&service, Request::get("/api/v1/openapi.json").body(Bytes::empty()).expect("a request")).await).await;
    assert_eq!(document["openapi"], "3.1.0");
    assert_eq!(document["paths"]["/say"]["post"]["responses"]["default"]["$ref"], "#/components/responses/Problem");
    assert!(document["components"]["securitySchemes"]["staff"].is_object());
}
