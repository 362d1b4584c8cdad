//! `/segments`: what may be asked, and expressions judged.

mod asked;
mod check;
mod registry;

use shuke_http::App;
use utoipa_axum::router::OpenApiRouter;

pub use asked::{Given, REFUSED, refused};
pub use check::{Checked, Uses};
pub use registry::{RegistryColumn, RegistryFact, RegistryTable, SegmentRegistry, WordValue, merchant_words};

/// The operations of this crate. Those that show members are the outermost crate's.
pub fn router() -> OpenApiRouter<App> {
    registry::router().merge(check::router())
}
