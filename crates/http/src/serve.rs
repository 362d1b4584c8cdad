//! Putting the router together: the API under `/api/v1`, health and metrics beside it, pages
//! around it, and the frame around everything.

use axum::body::Bytes;
use axum::extract::DefaultBodyLimit;
use axum::http::{StatusCode, header};
use axum::routing::get;
use axum::{Router, middleware};
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::compression::predicate::{NotForContentType, Predicate, SizeAbove};
use utoipa_axum::router::OpenApiRouter;

use crate::app::App;
use crate::problem::{Problem, codes};
use crate::{frame, health, idempotency, openapi};

async fn not_found() -> Problem {
    codes::NOT_FOUND.refuse().into()
}

async fn wrong_method() -> Problem {
    Problem::with_status(codes::METHOD.refuse(), StatusCode::METHOD_NOT_ALLOWED)
}

/// The whole service, without pages of its own: `serve_router(app, access::router().merge(…))`.
pub fn serve_router(app: App, api: OpenApiRouter<App>) -> Router {
    serve_router_with(app, api, Router::new().fallback(not_found))
}

/// The whole service with `pages` around it; `pages` brings its own fallback.
pub fn serve_router_with(app: App, api: OpenApiRouter<App>, pages: Router<App>) -> Router {
    let (routes, document) = api.split_for_parts();
    let document = openapi::document(document);
    let document = Bytes::from(serde_json::to_vec(&document).unwrap_or_default());
    let routes = routes
        .route("/openapi.json", get(move || std::future::ready(([(header::CONTENT_TYPE, "application/json")], document.clone()))))
        .fallback(not_found)
        .method_not_allowed_fallback(wrong_method)
        .layer(DefaultBodyLimit::max(app.config.body_limit));
    Router::new()
        .nest("/api/v1", routes)
        .merge(health::routes().method_not_allowed_fallback(wrong_method))
        .merge(pages)
        .layer(middleware::from_fn_with_state(app.clone(), idempotency::hash_keyed))
        .layer(CatchPanicLayer::custom(frame::panicked))
        .layer(CompressionLayer::new().compress_when(SizeAbove::new(1024).and(NotForContentType::IMAGES)))
        .layer(middleware::from_fn_with_state(app.clone(), frame::frame))
        .with_state(app)
}
