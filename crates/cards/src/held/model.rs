//! A purchase of a card, as it is kept.

use shuke_commerce::OrderId;
use shuke_kernel::{Currency, Error, Instant, Result};
use shuke_members::MemberId;
use shuke_store::Row;

use crate::card::CardId;
use crate::lay::{Length, Piece};

shuke_kernel::ids! {
    /// Something bought, tried or given.
    PurchaseId = PurchaseKind "cpu";
}

/// How a card was come by.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Sort {
    /// For money, by asking or with an order.
    Paid,
    /// To try it.
    Trial,
    /// Given by the shop.
    Gift,
}

impl Sort {
    /// The word kept in the store.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Paid => "paid",
            Self::Trial => "trial",
            Self::Gift => "gift",
        }
    }

    fn of(word: &str) -> Result<Self> {
        let found = [Self::Paid, Self::Trial, Self::Gift].into_iter().find(|s| s.word() == word);
        found.ok_or_else(|| Error::fault(format!("a purchase of a card is {word}")))
    }
}

/// Something bought, tried or given.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Purchase {
    /// Which.
    pub id: PurchaseId,
    /// Of which card.
    pub card: CardId,
    /// Under which member's id.
    pub member: MemberId,
    /// The id by which it is known where it was sold; no other of the card has it.
    pub source_id: String,
    /// How it was come by.
    pub sort: Sort,
    /// The key of the term; empty for a trial.
    pub term: String,
    /// How long each runs.
    pub length: Length,
    /// How many.
    pub count: i64,
    /// When.
    pub at: Instant,
    /// What was paid, minor units of `currency`.
    pub paid: i64,
    /// Of what was paid.
    pub currency: Currency,
    /// The order that sold it.
    pub order: Option<OrderId>,
    /// What the shop's till calls it.
    pub till: Option<String>,
    /// Since when the order that sold it has taken it back.
    pub cut_at: Option<Instant>,
    /// What of the order's money went back, minor units.
    pub returned: i64,
    /// Since when the member has given it up.
    pub given_up_at: Option<Instant>,
    /// What was to go back for that, minor units.
    pub given_back: i64,
    /// When it was noted.
    pub made_at: Instant,
    /// By whom.
    pub made_by: String,
}

impl Purchase {
    /// As it is laid.
    pub fn piece(&self) -> Piece {
        Piece { at: self.at, length: self.length, count: self.count, cut_at: self.ended_at() }
    }

    /// Since when it is given up or taken back.
    pub fn ended_at(&self) -> Option<Instant> {
        self.cut_at.into_iter().chain(self.given_up_at).min()
    }

    /// What went back of it, minor units. Where the money of a card that was given up goes back through its order, it is
    /// the same money.
    pub fn back(&self) -> i64 {
        self.returned.max(self.given_back)
    }

    /// What was paid of it and has not gone back, minor units.
    pub fn open(&self) -> i64 {
        self.paid - self.back()
    }

    /// From a row of [`super::sql`].
    ///
    /// # Errors
    /// Where the row is none.
    pub fn read(mut r: Row) -> Result<Self> {
        let (sort, months, days): (String, i64, i64) = (r.get(4)?, r.get(6)?, r.get(7)?);
        Ok(Self {
            id: r.get(0)?,
            card: r.get(1)?,
            member: r.get(2)?,
            source_id: r.get(3)?,
            sort: Sort::of(&sort)?,
            term: r.get(5)?,
            length: if months > 0 { Length::Months(months) } else { Length::Days(days) },
            count: r.get(8)?,
            at: r.get(9)?,
            paid: r.get(10)?,
            currency: r.get(11)?,
            order: r.get(12)?,
            till: r.get(13)?,
            cut_at: r.get(14)?,
            returned: r.get(15)?,
            given_up_at: r.get(16)?,
            given_back: r.get(17)?,
            made_at: r.get(18)?,
            made_by: r.get(19)?,
        })
    }
}
