//! What is asked of a re-run, and what it comes to.

use jiff::civil::Date;
use shuke_kernel::{Instant, MerchantNo, Result};
use shuke_loyalty::calendar::{end_of, start_of};
use shuke_loyalty::rerun::{Correction, Span};
use shuke_loyalty::{Programme as Version, Rules};
use shuke_members::MemberId;

use super::BAD_SPAN;
use crate::definition::Programme;

/// Days of a span at most.
pub const DAYS: i64 = 1_100;

/// Which orders are to be judged, and by what.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Asked {
    /// The number of the version.
    pub version: i64,
    /// Orders paid on this day of the programme's zone or later,
    pub from: Date,
    /// and on this day or before.
    pub to: Date,
}

impl Asked {
    /// The instants between which orders were paid. What was paid before the programme began is not judged: it earns nothing.
    ///
    /// # Errors
    /// Refuses a span that is none, too long or not over.
    pub(super) fn span(&self, programme: &Programme, version: &Version, now: Instant) -> Result<Span> {
        let (from, to) = (start_of(&version.zone, self.from), end_of(&version.zone, self.to));
        let days = i64::from((self.to - self.from).get_days()) + 1;
        if self.from > self.to || to > now || days > DAYS {
            return Err(BAD_SPAN.with("days", DAYS).at("to").into());
        }
        Ok(Span { from: from.max(programme.begins_at), to })
    }
}

/// A re-run that can be walked.
#[derive(Clone, Debug)]
pub struct Ready {
    /// Of whose books.
    pub merchant: MerchantNo,
    /// Of which programme.
    pub programme: Programme,
    /// The rules by which the books are kept.
    pub rules: std::sync::Arc<Rules>,
    /// The version that judges.
    pub version: Version,
    /// What was asked.
    pub asked: Asked,
    /// When the orders were paid.
    pub span: Span,
    /// Only orders that were in the books by then.
    pub known: Instant,
}

/// An order that is to be corrected.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Row {
    /// Whose.
    pub member: MemberId,
    /// What.
    pub correction: Correction,
}

/// What a re-run comes to.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Summary {
    /// Members with orders in the span.
    pub members: u64,
    /// Of them those whose numbers are too large to reckon.
    pub unreckoned: u64,
    /// Orders that were judged.
    pub orders: u64,
    /// Orders left as they are, because they came with a merge.
    pub merged: u64,
    /// Members left as they are, because their book is closed.
    pub closed: u64,
    /// Orders that are to be corrected.
    pub corrections: u64,
    /// What is booked for them, net of refunds,
    pub booked: i128,
    /// and what would be.
    pub would_be: i128,
    /// Members who have more by it, and how many points.
    pub more: (u64, i128),
    /// Members who have fewer, and how many points.
    pub less: (u64, i128),
}

impl Summary {
    /// What is booked in all.
    pub fn points(&self) -> i128 {
        self.would_be - self.booked
    }

    /// Adds a member's corrections.
    pub(super) fn add(&mut self, rows: &[Row]) {
        let difference: i128 = rows.iter().map(|row| i128::from(row.correction.difference())).sum();
        self.corrections += rows.len() as u64;
        self.booked += rows.iter().map(|row| i128::from(row.correction.booked)).sum::<i128>();
        self.would_be += rows.iter().map(|row| i128::from(row.correction.would_be)).sum::<i128>();
        match difference {
            0 => {}
            more if more > 0 => self.more = (self.more.0 + 1, self.more.1 + more),
            less => self.less = (self.less.0 + 1, self.less.1 - less),
        }
    }
}
