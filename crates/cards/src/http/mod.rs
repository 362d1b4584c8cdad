//! `/cards` and `/members/{id}/cards`.

mod cards;
mod dto;
mod held;

use shuke_http::App;
use utoipa_axum::router::OpenApiRouter;

pub(crate) fn router() -> OpenApiRouter<App> {
    cards::router().merge(held::router())
}
