//! The portrait of a group beside all members, or beside another group: what distinguishes it, by the four
//! dimensions of tags, buyers, purchases and the time of year, and what it sells.
//!
//! Every bar is a condition on members, so that it opens as a segment; what is counted here in one pass is
//! what the evaluator says of that condition (a test compares them). A member counts once in a bar however
//! often it holds. A share is of the members of whom the attribute is known; those of whom it is missing are
//! told beside it, never spread over the bars.

mod ahead;
mod attribute;
mod bands;
mod bars;
mod condition;
mod day;
mod lift;
mod measure;
mod metrics;
mod names;
mod pass;
mod question;
mod spending;
mod tables;
mod tallies;
mod who;

pub use attribute::{Attribute, Dimension};
pub use bars::{Bar, Found, Key, Portrait, Side, tell};
pub use lift::{FALSE_MARKS, Lift, Stratum};
pub(crate) use lift::{marked, two_sided};
pub use measure::{Measured, measure};
pub use metrics::{Metric, MetricTold, Totals};
pub use names::name;
pub use question::{Occasion, Question};
