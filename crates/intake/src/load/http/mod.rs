//! Imports, quarantine and mappings over HTTP, a room each.

mod imports;
mod mappings;
mod quarantined;
mod sources;

use shuke_http::{App, Problem};
use utoipa_axum::router::OpenApiRouter;

/// The operations of this crate.
pub fn router() -> OpenApiRouter<App> {
    imports::router().merge(quarantined::router()).merge(mappings::router()).merge(sources::router())
}

fn limit(n: Option<i64>) -> i64 {
    n.unwrap_or(50).clamp(1, 200)
}

fn cursor<T: std::str::FromStr>(text: Option<&str>) -> Result<Option<T>, Problem> {
    text.map(|t| t.parse().map_err(|_| Problem::from(shuke_http::codes::CURSOR.refuse()))).transpose()
}
