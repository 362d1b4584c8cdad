//! Lots of available points: taken in order of spending, given back to where they were taken from, ended at the end of their last day.

use std::collections::BTreeSet;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use shuke_kernel::Instant;

/// A lot's place in the order of making.
pub type LotNo = u32;

/// Points that became available together.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Lot {
    /// `order:ID`, `check_in:DATE`, `adjust:ID`, `reward:TIER:N`, `birthday:YEAR`.
    pub id: String,
    /// When it was made.
    pub made: Instant,
    /// The last day on which it can be spent.
    pub last_day: Date,
    /// What is left.
    pub left: i64,
    /// What ended unspent and no refund has counted yet.
    pub ended: i64,
}

/// All lots of a member, and which have something left, in order of spending.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct Lots {
    all: Vec<Lot>,
    open: BTreeSet<(Date, Instant, LotNo)>,
}

impl Lots {
    /// A new, empty lot.
    pub fn open(&mut self, id: String, made: Instant, last_day: Date) -> LotNo {
        let no = LotNo::try_from(self.all.len()).unwrap_or(LotNo::MAX);
        self.all.push(Lot { id, made, last_day, left: 0, ended: 0 });
        no
    }

    /// The lot of that number.
    pub fn get(&self, no: LotNo) -> &Lot {
        &self.all[no as usize]
    }

    fn change(&mut self, no: LotNo, change: impl FnOnce(&mut Lot)) {
        let lot = &mut self.all[no as usize];
        self.open.remove(&(lot.last_day, lot.made, no));
        change(lot);
        if lot.left > 0 {
            self.open.insert((lot.last_day, lot.made, no));
        }
    }

    /// Takes up to `points` from a lot; says how many.
    pub fn take(&mut self, no: LotNo, points: i64) -> i64 {
        let taken = self.get(no).left.min(points);
        self.change(no, |lot| lot.left -= taken);
        taken
    }

    /// Gives points to a lot.
    pub fn give(&mut self, no: LotNo, points: i64) {
        self.change(no, |lot| lot.left = lot.left.saturating_add(points));
    }

    /// Lets a lot live to another last day.
    pub fn live_to(&mut self, no: LotNo, last_day: Date) {
        self.change(no, |lot| lot.last_day = last_day);
    }

    /// Ends a lot: what was left and is now gone.
    pub fn end(&mut self, no: LotNo) -> i64 {
        let left = self.get(no).left;
        self.change(no, |lot| {
            lot.left = 0;
            lot.ended = lot.ended.saturating_add(left);
        });
        left
    }

    /// Counts up to `points` of what ended unspent, once.
    pub fn count_ended(&mut self, no: LotNo, points: i64) -> i64 {
        let lot = &mut self.all[no as usize];
        let counted = lot.ended.min(points);
        lot.ended -= counted;
        counted
    }

    /// The lot that is spent next.
    pub fn next(&self) -> Option<LotNo> {
        self.open.first().map(|(_, _, no)| *no)
    }

    /// Lots with something left, in order of spending.
    pub fn in_order(&self) -> impl Iterator<Item = &Lot> {
        self.open.iter().map(|(_, _, no)| self.get(*no))
    }

    /// What is left in all.
    pub fn sum(&self) -> i128 {
        self.in_order().map(|lot| i128::from(lot.left)).sum()
    }
}
