//! The operations about prices and promotions.

mod carts;
mod dto;
mod evaluate;
mod promotions;
pub mod schema;
mod settings;
pub mod shell;
mod turn;

use shuke_http::App;
use utoipa_axum::router::OpenApiRouter;

pub(crate) fn router() -> OpenApiRouter<App> {
    evaluate::router().merge(carts::router()).merge(promotions::router()).merge(settings::router())
}
