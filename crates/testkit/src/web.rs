//! The API of a few crates over a test store, asked without a socket by somebody who may do everything.
//! What an operation refuses to others is tested over the real program (`crates/server/tests/whole/authorisation.rs`).

use std::sync::Arc;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::Request;
use serde_json::{Value, json};
use shuke_http::{
    App, Authenticate, BoxFuture, Caller, HttpConfig, Permission, Permissions, Person, Presented, Problem, codes, serve_router,
};
use shuke_kernel::Actor;
use tokio::runtime::Runtime;
use tower::ServiceExt as _;
use utoipa_axum::router::OpenApiRouter;

use crate::{MERCHANT, TestStore};

/// The longest answer that is read, bytes.
const LONGEST: usize = 1 << 24;

/// Takes everybody for a key of the test merchant with all permissions and no limit worth the name.
struct Everybody;

impl Authenticate for Everybody {
    fn caller<'a>(&'a self, _: &'a App, _: Presented) -> BoxFuture<'a, Result<Caller, Problem>> {
        let permissions = Permissions::of(Permission::ALL);
        let (actor, per_second) = (Actor::Key([7; 16]), Some(1_000_000));
        Box::pin(async move { Ok(Caller { actor, merchant: MERCHANT, sandbox: false, role: None, permissions, per_second }) })
    }

    fn person<'a>(&'a self, _: &'a App, _: Presented) -> BoxFuture<'a, Result<Person, Problem>> {
        Box::pin(async { Err(codes::PERSON.refuse().into()) })
    }
}

/// Over that store, everybody let in: add what the routes want of it with [`App::with`].
pub fn app(t: &TestStore) -> App {
    App::new(t.store.clone(), Arc::new(Everybody), HttpConfig::default())
}

/// The API.
pub struct Api {
    router: Router,
    runtime: Runtime,
}

impl Api {
    /// Of these routes.
    pub fn of(app: App, routes: OpenApiRouter<App>) -> Self {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        Self { router: serve_router(app, routes), runtime }
    }

    /// Asks; the status and what was answered, in English, null where it is no JSON.
    pub fn call(&self, method: &str, path: &str, body: Option<Value>) -> (u16, Value) {
        let (status, bytes) = self.bytes(method, path, body);
        (status, serde_json::from_slice(&bytes).unwrap_or(Value::Null))
    }

    /// Asks; the status and the answer as it is.
    pub fn bytes(&self, method: &str, path: &str, body: Option<Value>) -> (u16, Vec<u8>) {
        let request = Request::builder()
            .method(method)
            .uri(format!("/api/v1{path}"))
            .header("authorization", "Bearer x")
            .header("accept-language", "en")
            .header("content-type", "application/json");
        let request = request.body(body.map_or_else(Body::empty, |b| Body::from(b.to_string()))).expect("a request");
        self.runtime.block_on(async {
            let response = self.router.clone().oneshot(request).await.expect("an answer");
            let status = response.status().as_u16();
            let bytes = to_bytes(response.into_body(), LONGEST).await.expect("a body");
            (status, bytes.to_vec())
        })
    }

    /// What a call answers that must succeed with `status`.
    pub fn ok(&self, status: u16, method: &str, path: &str, body: Option<Value>) -> Value {
        let (got, answer) = self.call(method, path, body);
        assert_eq!(got, status, "{method} {path}: {answer}");
        answer
    }

    /// What a call answers that must succeed.
    pub fn done(&self, method: &str, path: &str, body: Option<Value>) -> Value {
        let (status, answer) = self.call(method, path, body);
        assert!(status < 300, "{method} {path}: {status} {answer}");
        answer
    }

    /// Posts a batch that must be taken.
    pub fn post(&self, path: &str, items: Vec<Value>) -> Value {
        self.done("POST", path, Some(json!({"items": items})))
    }
}
