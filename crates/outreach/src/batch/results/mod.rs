//! What came of a batch, from a provider's sheet: receipts, replies, unsubscribes. Columns are told by
//! their headings, statuses by their words; a row that cannot be read is named with its reason and
//! stops no other. The same sheet again changes nothing.

mod apply;
mod leave;
mod line;
mod words;

pub use apply::apply;
pub use words::{Columns, Said, ends_messages, status};

use shuke_kernel::{Refusal, Result};

/// Rows of one sheet.
pub const MOST_ROWS: usize = 200_000;
/// Bad rows that are told one by one.
pub const BAD_TOLD: usize = 1_000;

/// A sheet as it was read: the number of each row in it, and its cells.
#[derive(Clone, Default, Debug)]
pub struct Table {
    /// The headings.
    pub header: Vec<String>,
    /// The rows.
    pub rows: Vec<(u64, Vec<String>)>,
}

/// Reads a sheet of whatever form from its name and bytes, `MOST_ROWS` and one at most: wired by the
/// outermost crate, which knows the crate that opens shops' files.
pub struct Reader(pub fn(&str, Vec<u8>) -> Result<Table>);

/// A row that was not taken.
#[derive(Clone, Debug)]
pub struct Bad {
    /// Its number in the sheet.
    pub row: u64,
    /// Why.
    pub why: Refusal,
}

/// What a sheet came to.
#[derive(Clone, Default, Debug)]
pub struct Outcome {
    /// Rows of the sheet.
    pub rows: i64,
    /// Messages that it says were delivered.
    pub delivered: i64,
    /// Messages that it says were not, bounces among them.
    pub failed: i64,
    /// Replies.
    pub replied: i64,
    /// People who end the messages.
    pub unsubscribed: i64,
    /// Rows whose status says only that a message was sent.
    pub sent: i64,
    /// Rows of people whom this batch was not handed over for; who ends the messages among them is obeyed.
    pub not_in_batch: i64,
    /// Rows that said what was known.
    pub unchanged: i64,
    /// Rows that were not taken, all of them …
    pub bad: i64,
    /// … and the first of them.
    pub bad_rows: Vec<Bad>,
}

impl Outcome {
    /// Takes in what another part came to.
    pub fn add(&mut self, other: Self) {
        self.rows += other.rows;
        self.delivered += other.delivered;
        self.failed += other.failed;
        self.replied += other.replied;
        self.unsubscribed += other.unsubscribed;
        self.sent += other.sent;
        self.not_in_batch += other.not_in_batch;
        self.unchanged += other.unchanged;
        self.bad += other.bad;
        let room = BAD_TOLD.saturating_sub(self.bad_rows.len());
        self.bad_rows.extend(other.bad_rows.into_iter().take(room));
    }
}
