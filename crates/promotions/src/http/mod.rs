//! The operations about prices and promotions.

mod evaluate;
pub mod schema;
mod turn;

use shuke_http::App;
use utoipa_axum::router::OpenApiRouter;

pub(crate) fn router() -> OpenApiRouter<App> {
    evaluate::router()
}
