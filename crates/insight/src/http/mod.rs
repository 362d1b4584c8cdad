//! `/reports`: each report, the members behind its numbers, its tables as CSV; a member's standing.
//! Loops run on threads that may block, a few at a time, so that they never hold the web server up.

mod query;
mod reports;
mod standing;

use shuke_http::App;
use utoipa_axum::router::OpenApiRouter;

pub use query::{AS_OF_TOO_FAR, DashboardQuery, ExportQuery, PeopleQuery, ReportQuery};
pub use reports::{ReportMember, Reported, UNKNOWN, UNKNOWN_TABLE};
pub use standing::{MEMBER_UNKNOWN, Standing};

shuke_kernel::ids! {
    /// A member's id, as people see it.
    ShownMember = ShownMemberKind "mem";
}

fn shown(key: &[u8]) -> String {
    ShownMember::from_slice(key).map(|id| id.to_string()).unwrap_or_default()
}

/// Reports, a member's standing, the promotion calendar.
pub fn router() -> OpenApiRouter<App> {
    reports::router().merge(standing::router()).merge(crate::occasions::http::router())
}
