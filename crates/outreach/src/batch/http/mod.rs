//! `/batches`: previewed, frozen, handed over, measured.

mod batches;
mod dto;
mod files;
mod measure;

use shuke_http::App;
use utoipa_axum::router::OpenApiRouter;

/// This server's address from outside, which short links begin with: on the app's shelf where it is known.
pub struct PublicUrl(pub String);

pub(crate) fn router() -> OpenApiRouter<App> {
    batches::router().merge(files::router()).merge(measure::router())
}

fn base(app: &App) -> Option<String> {
    app.get::<PublicUrl>().map(|u| u.0.clone())
}
