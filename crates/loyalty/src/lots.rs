//! Lots of available points: taken in order of spending, given back to where they were taken from, ended at the end of their last day.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use shuke_kernel::Instant;

use crate::compact::{instant, usual};
use crate::json::Read;
use crate::words::PART_MISSING;

/// A lot's place in the order of making.
pub type LotNo = u32;

/// Points that became available together.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Lot {
    /// `order:ID`, `check_in:DATE`, `adjust:ID`, `reward:TIER:N`, `birthday:YEAR`.
    pub id: String,
    /// When it was made.
    #[serde(with = "instant")]
    pub made: Instant,
    /// The last day on which it can be spent.
    pub last_day: Date,
    /// What is left.
    pub left: i64,
    /// What ended unspent and no refund has counted yet.
    #[serde(default, skip_serializing_if = "usual")]
    pub ended: i64,
}

/// The lots of a member, and which have something left, in order of spending. Lots with nothing left may be elsewhere (see [`crate::parts`]).
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(from = "Kept", into = "Kept")]
pub struct Lots {
    made: LotNo,
    here: BTreeMap<LotNo, Lot>,
    open: BTreeSet<(Date, Instant, LotNo)>,
}

/// How lots are written down: the order of spending is found again.
#[derive(Serialize, Deserialize)]
struct Kept {
    made: LotNo,
    here: BTreeMap<LotNo, Lot>,
}

impl From<Kept> for Lots {
    fn from(kept: Kept) -> Self {
        let mut lots = Self { made: kept.made, ..Self::default() };
        kept.here.into_iter().for_each(|(no, lot)| lots.put(no, lot));
        lots
    }
}

impl From<Lots> for Kept {
    fn from(lots: Lots) -> Self {
        Self { made: lots.made, here: lots.here }
    }
}

impl Lots {
    /// A new, empty lot.
    pub fn open(&mut self, id: String, made: Instant, last_day: Date) -> LotNo {
        self.add(Lot { id, made, last_day, left: 0, ended: 0 })
    }

    /// No lots, where so many were made before.
    pub fn after(made: LotNo) -> Self {
        Self { made, ..Self::default() }
    }

    /// How many were ever made.
    pub fn made(&self) -> LotNo {
        self.made
    }

    /// A lot that was made elsewhere gets a number here.
    pub fn add(&mut self, lot: Lot) -> LotNo {
        let no = self.made;
        self.made = no.saturating_add(1);
        self.put(no, lot);
        no
    }

    /// The lot of that number, if it is here.
    pub fn get(&self, no: LotNo) -> Option<&Lot> {
        self.here.get(&no)
    }

    /// Takes a lot out.
    pub fn remove(&mut self, no: LotNo) -> Option<Lot> {
        let lot = self.here.remove(&no)?;
        self.open.remove(&(lot.last_day, lot.made, no));
        Some(lot)
    }

    /// Puts a lot where it was.
    pub fn put(&mut self, no: LotNo, lot: Lot) {
        if lot.left > 0 {
            self.open.insert((lot.last_day, lot.made, no));
        }
        self.here.insert(no, lot);
    }

    fn change(&mut self, no: LotNo, change: impl FnOnce(&mut Lot)) -> Read<()> {
        let mut lot = self.remove(no).ok_or_else(|| PART_MISSING.with("what", format!("lot {no}")))?;
        change(&mut lot);
        self.put(no, lot);
        Ok(())
    }

    /// Takes up to `points` from a lot; says how many.
    ///
    /// # Errors
    /// This and the following: where the lot is not here.
    pub fn take(&mut self, no: LotNo, points: i64) -> Read<i64> {
        let mut taken = 0;
        self.change(no, |lot| {
            taken = lot.left.min(points);
            lot.left -= taken;
        })?;
        Ok(taken)
    }

    /// Gives points to a lot.
    pub fn give(&mut self, no: LotNo, points: i64) -> Read<()> {
        self.change(no, |lot| lot.left = lot.left.saturating_add(points))
    }

    /// Lets a lot live to another last day.
    pub fn live_to(&mut self, no: LotNo, last_day: Date) -> Read<()> {
        self.change(no, |lot| lot.last_day = last_day)
    }

    /// Ends a lot: what was left and is now gone.
    pub fn end(&mut self, no: LotNo) -> Read<i64> {
        let mut left = 0;
        self.change(no, |lot| {
            left = std::mem::take(&mut lot.left);
            lot.ended = lot.ended.saturating_add(left);
        })?;
        Ok(left)
    }

    /// Counts up to `points` of what ended unspent, once.
    pub fn count_ended(&mut self, no: LotNo, points: i64) -> Read<i64> {
        let mut counted = 0;
        self.change(no, |lot| {
            counted = lot.ended.min(points);
            lot.ended -= counted;
        })?;
        Ok(counted)
    }

    /// The lot that is spent next.
    pub fn next(&self) -> Option<LotNo> {
        self.open.first().map(|(_, _, no)| *no)
    }

    /// Lots with something left, in order of spending.
    pub fn in_order(&self) -> impl Iterator<Item = &Lot> {
        self.open.iter().filter_map(|(_, _, no)| self.get(*no))
    }

    /// The numbers of those with something left and how much, in order of spending.
    pub fn open_in_order(&self) -> impl Iterator<Item = (LotNo, i64)> {
        self.open.iter().filter_map(|(_, _, no)| Some((*no, self.get(*no)?.left)))
    }

    /// The numbers of the lots that are here.
    pub fn numbers(&self) -> impl Iterator<Item = LotNo> {
        self.here.keys().copied()
    }

    /// The numbers of those that are here with nothing left.
    pub fn empty(&self) -> impl Iterator<Item = LotNo> {
        self.here.iter().filter(|(_, lot)| lot.left == 0).map(|(no, _)| *no)
    }

    /// What is left in all.
    pub fn sum(&self) -> i128 {
        self.in_order().map(|lot| i128::from(lot.left)).sum()
    }
}
