//! Portraits that a merchant wishes for: of a product's buyers or of a segment, what share of them is to have
//! which values; how far the group as it is stands from that, day by day; and the members outside it who
//! would bring it nearer.
//!
//! Everything is counted by the evaluator of segments: whom a gap is told of is whom its expression finds.

pub mod book;
mod model;
pub mod reckon;
pub mod record;
pub(crate) mod sql;
mod wish;

pub use model::{ARCHIVED, CHANGED, NAME_TAKEN, NOT_FOUND, Subject, TOO_MANY, Target, TargetId, TargetKind, WISHES_TOO_MANY, WISHES_WRONG};
pub use reckon::{Level, Standing, WishStanding, reckon};
pub use wish::{MILLION, Wish};
