//! The double-entry journal: every entry moves an amount from one account to another, so the sum over all accounts is zero whatever is posted.

use serde::{Deserialize, Serialize};
use shuke_kernel::Instant;

/// The accounts of a member in a programme.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Account {
    /// Earned on orders that are not final.
    Pending,
    /// Free to spend. Below zero it is a debt.
    Available,
    /// Set aside by holds.
    Frozen,
    /// Where points come from: zero or below.
    Issued,
    /// Spent.
    Redeemed,
    /// Ended unspent.
    Expired,
    /// Taken back.
    Reversed,
    /// Come from, or gone to, another member's book with a merge: over both books it sums to none.
    Transferred,
}

impl Account {
    /// All, in the order in which they are shown.
    pub const ALL: [Self; 8] =
        [Self::Pending, Self::Available, Self::Frozen, Self::Issued, Self::Redeemed, Self::Expired, Self::Reversed, Self::Transferred];

    /// Its name.
    pub fn name(self) -> &'static str {
        ["pending", "available", "frozen", "issued", "redeemed", "expired", "reversed", "transferred"][self as usize]
    }
}

/// The balances of all accounts.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct Accounts([i64; 8]);

impl Accounts {
    /// The balance of one.
    pub fn of(&self, account: Account) -> i64 {
        self.0[account as usize]
    }

    /// Moves an amount; false, and nothing moved, where a balance would leave the range of 64 bits.
    #[must_use]
    pub fn post(&mut self, from: Account, to: Account, amount: i64) -> bool {
        let mut after = *self;
        let less = after.of(from).checked_sub(amount);
        let Some(less) = less else { return false };
        after.0[from as usize] = less;
        let Some(more) = after.of(to).checked_add(amount) else { return false };
        after.0[to as usize] = more;
        *self = after;
        true
    }

    /// The sum over all: zero.
    pub fn sum(&self) -> i128 {
        self.0.iter().map(|b| i128::from(*b)).sum()
    }
}

/// Why an entry was posted: an event of that kind and id, or a job.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
pub struct Cause {
    /// The event's kind, or `final`, `lot_end`, `hold_end`, `birthday`, `tier_reward`.
    pub kind: String,
    /// The event's id; else the order, lot, year or tier.
    pub id: String,
}

/// An entry. It is never changed; what turns out otherwise is posted as another that corrects.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Entry {
    /// From this account
    pub from: Account,
    /// to this one
    pub to: Account,
    /// so many points, more than none.
    pub amount: i64,
    /// The lot of available points that it takes from or gives to, or of the points set aside that are spent. Available points without a
    /// lot fill a debt or make one: of the entries that touch `available`, those of a lot sum to what it has left, those of none to what is owed.
    pub lot: Option<String>,
    /// When that lot was made: books close by the month of their lots.
    pub lot_made: Option<Instant>,
    /// Why.
    pub cause: Cause,
    /// The version of the rules.
    pub version: u32,
    /// When it happened.
    pub happened: Instant,
    /// When it was booked.
    pub booked: Instant,
    /// Whether it corrects earlier ones of the same cause because something arrived late.
    pub corrects: bool,
}
