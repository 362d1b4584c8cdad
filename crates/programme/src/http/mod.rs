//! `/programmes` and `/members/{id}/points`.

mod dto;
mod explore;
mod points;
mod programmes;

use shuke_http::App;
use utoipa_axum::router::OpenApiRouter;

pub(crate) fn router() -> OpenApiRouter<App> {
    programmes::router().merge(points::router()).merge(explore::router())
}
