//! `/programmes` and `/members/{id}/points`, and the same shapes for who asks at a shell.

mod dto;
pub mod ending;
mod explore;
pub mod owed;
mod points;
mod programmes;
mod quote;
pub mod reruns;
pub mod shell;
pub mod trials;

use shuke_http::App;
use utoipa_axum::router::OpenApiRouter;

pub(crate) fn router() -> OpenApiRouter<App> {
    programmes::router()
        .merge(points::router())
        .merge(explore::router())
        .merge(owed::router())
        .merge(trials::router())
        .merge(ending::router())
        .merge(reruns::router())
}
