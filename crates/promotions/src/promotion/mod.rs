//! Promotions as merchants define them: a name, a draft, and versions of rules, each in force from an instant on. Rules are
//! what `docs/pricing-format.md` has in the list `promotions`, without the id, which is the promotion's own.

pub mod model;
pub mod service;
pub mod sql;

pub use model::{Promotion, Rules, State};

use crate::versions::Codes;
use crate::words::{BAD_NOTE, BAD_TIME, BEGUN, IN_THE_PAST, NO_VERSION, NOT_AFTER};

shuke_kernel::ids! {
    /// A promotion.
    PromotionId = PromotionKind "pro";
}

/// What is answered where a version of one cannot be.
pub const CODES: Codes =
    Codes { none: &NO_VERSION, in_the_past: &IN_THE_PAST, not_after: &NOT_AFTER, begun: &BEGUN, bad_time: &BAD_TIME, bad_note: &BAD_NOTE };
