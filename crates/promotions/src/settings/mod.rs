//! What holds for every order of a shop: how many coupons, points as cash, what is earned, lowest prices; and whose tiers and
//! points are meant. In versions, as promotions are.

pub mod service;
pub mod sql;

use crate::versions::Codes;
use crate::words::{BAD_NOTE, BAD_TIME, NO_SETTINGS, SETTINGS_BEGUN, SETTINGS_IN_THE_PAST, SETTINGS_NOT_AFTER};

/// What is answered where a version of them cannot be.
pub const CODES: Codes = Codes {
    none: &NO_SETTINGS,
    in_the_past: &SETTINGS_IN_THE_PAST,
    not_after: &SETTINGS_NOT_AFTER,
    begun: &SETTINGS_BEGUN,
    bad_time: &BAD_TIME,
    bad_note: &BAD_NOTE,
};
