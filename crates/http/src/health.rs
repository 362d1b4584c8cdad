//! Whether the process lives, whether it can serve, and what it counted.

use axum::extract::State;
use axum::http::header;
use axum::response::IntoResponse;
use axum::routing::get;
use axum::{Json, Router};
use serde_json::json;
use shuke_store::args;

use crate::app::App;
use crate::problem::Problem;

pub(crate) fn routes() -> Router<App> {
    Router::new().route("/health/live", get(live)).route("/health/ready", get(ready)).route("/metrics", get(metrics))
}

async fn live() -> impl IntoResponse {
    Json(json!({"status": "ok"}))
}

/// Ready when the store answers.
async fn ready(State(app): State<App>) -> Result<impl IntoResponse, Problem> {
    let schema: i64 =
        app.store.read(|tx| tx.one("SELECT CAST(COALESCE(MAX(number), 0) AS BIGINT) FROM schema_version", args![])?.get(0)).await.map_err(
            |e| {
                tracing::warn!(error = %e, "not ready");
                Problem::with_status(crate::codes::FAULT.refuse(), axum::http::StatusCode::SERVICE_UNAVAILABLE)
            },
        )?;
    Ok(Json(json!({"status": "ok", "schema": schema})))
}

/// Some gauges ask the store, which may take its time: not on a thread that answers others.
async fn metrics(State(app): State<App>) -> Result<impl IntoResponse, Problem> {
    let text =
        tokio::task::spawn_blocking(move || app.metrics.render()).await.map_err(|_| Problem::fault("the metrics could not be read"))?;
    Ok(([(header::CONTENT_TYPE, "text/plain; version=0.0.4")], text))
}
