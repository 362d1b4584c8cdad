//! The operations on segments that show members, or join what several crates know.

mod count;
mod people;
mod portrait;
mod portrait_answer;
mod portrait_file;
mod words;

use shuke_http::App;
use utoipa_axum::router::OpenApiRouter;

/// The operations of this module.
pub fn router() -> OpenApiRouter<App> {
    count::router().merge(words::router()).merge(people::router()).merge(portrait::router())
}
