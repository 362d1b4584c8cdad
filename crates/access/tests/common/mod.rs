//! A router over a test store, asked without a socket.

#![allow(dead_code, reason = "each test file uses its own part")]

use std::sync::Arc;

use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Request};
use serde_json::Value;
use shuke_access::webhooks::Policy;
use shuke_access::{Gate, TABLES, router};
use shuke_http::{App, HttpConfig, Rate, serve_router};
use shuke_store::register::{GROUND, Register};
use shuke_testkit::TestStore;
use tokio::runtime::Runtime;
use tower::ServiceExt as _;

/// The ground and this crate.
pub const REGISTER: Register = Register(&[GROUND, TABLES]);
/// A password that is good enough.
pub const PASSWORD: &str = "熟客上门-2026-春";
/// The owner's address.
pub const OWNER: &str = "owner@example.com";

/// The service.
pub struct Web {
    service: axum::Router,
    runtime: Runtime,
}

/// An answer.
pub struct Answer {
    pub status: u16,
    pub headers: HeaderMap,
    pub body: Value,
}

impl Answer {
    /// The problem's code, or nothing.
    pub fn code(&self) -> &str {
        self.body["code"].as_str().unwrap_or_default()
    }

    /// The session that the answer begins.
    pub fn cookie(&self) -> String {
        let set = self.headers["set-cookie"].to_str().expect("text");
        assert!(set.contains("HttpOnly") && set.contains("SameSite=Strict"), "{set}");
        set.split(';').next().expect("a cookie").to_owned()
    }
}

impl Web {
    /// Over that store; webhooks may go to this machine.
    pub fn over(t: &TestStore) -> Self {
        let config = HttpConfig { visitor_rate: Rate::NONE, staff_rate: Rate::NONE, ..HttpConfig::default() };
        let app = App::new(t.store.clone(), Arc::new(Gate::new()), config).with(Policy { allow_private: true });
        Self { service: serve_router(app, router()), runtime: Runtime::new().expect("a runtime") }
    }

    /// Asks.
    pub fn ask(&self, method: &str, path: &str, headers: &[(&str, &str)], body: Option<Value>) -> Answer {
        let mut request = Request::builder().method(method).uri(format!("/api/v1{path}")).header("accept-language", "en");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let body = match body {
            Some(json) => {
                request = request.header("content-type", "application/json");
                Body::from(json.to_string())
            }
            None => Body::empty(),
        };
        self.runtime.block_on(async {
            let response = self.service.clone().oneshot(request.body(body).expect("a request")).await.expect("an answer");
            let (parts, body) = response.into_parts();
            let bytes = to_bytes(body, 1 << 24).await.expect("a body");
            let body = if bytes.is_empty() { Value::Null } else { serde_json::from_slice(&bytes).expect("JSON") };
            Answer { status: parts.status.as_u16(), headers: parts.headers, body }
        })
    }

    /// Asks with a key.
    pub fn keyed(&self, key: &str, method: &str, path: &str, body: Option<Value>) -> Answer {
        self.ask(method, path, &[("authorization", &format!("Bearer {key}"))], body)
    }

    /// Asks with a session.
    pub fn signed(&self, cookie: &str, method: &str, path: &str, body: Option<Value>) -> Answer {
        self.ask(method, path, &[("cookie", cookie), ("shuke-csrf", "1")], body)
    }
}
