//! For the shop: links and settings, under `/api/v1`. For shoppers: `/shopper/v1` with a link's pass, and the page at `/my`.

mod office;
mod page;
pub mod shopper;

use shuke_http::App;
use utoipa_axum::router::OpenApiRouter;

pub(crate) fn router() -> OpenApiRouter<App> {
    office::router()
}
