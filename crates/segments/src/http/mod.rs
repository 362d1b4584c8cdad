//! `/segments`: what may be asked, expressions judged, segments kept.

mod asked;
mod check;
mod overlap;
mod registry;
mod segment;
mod segment_input;
mod segments;
mod sizes;
mod target_answer;
mod targets;
mod why;

use shuke_http::App;
use utoipa_axum::router::OpenApiRouter;

pub use asked::{Accepted, Given, REFUSED, refusal, refused};
pub use check::{Checked, Uses, sentence};
pub use registry::{RegistryColumn, RegistryFact, RegistryTable, SegmentRegistry, WordValue, merchant_words};

/// The operations of this crate. Those that show members are the outermost crate's.
pub fn router() -> OpenApiRouter<App> {
    registry::router()
        .merge(check::router())
        .merge(segments::router())
        .merge(sizes::router())
        .merge(why::router())
        .merge(overlap::router())
        .merge(targets::router())
}
