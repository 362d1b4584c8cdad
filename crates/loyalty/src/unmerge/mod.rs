//! A merge is taken back: what one book has become is parted into two.
//!
//! Where nothing happened between, both are what they would have been. Else what came in afterwards goes to the identity it came
//! by, and what it made with it; spends stay on the lots they took, tiers are judged anew by what each has of its own, nothing is
//! issued again, and each difference from two books that were never merged is listed. The parts together hold what the whole held.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use shuke_kernel::Instant;

use crate::event::{Act, Event};
use crate::fold::replay;
use crate::jobs::Due;
use crate::json::Read;
use crate::ledger::{Account, Cause};
use crate::lots::{Lot, LotNo, Lots};
use crate::rules::Rules;
use crate::spend::{Owed, Owing, Taking};
use crate::state::{Order, State};
use crate::turn::Turn;
use crate::words::OUT_OF_ORDER;

mod owners;

use owners::Owners;

/// What is recorded of a merge.
#[derive(Clone, Copy)]
pub struct Merge<'a> {
    /// What the younger member's book was called.
    pub from: &'a str,
    /// The older member's book just before it, whole and come to its time, with what was told of then since.
    pub older: &'a State,
    /// The younger one's as it was taken in, whole.
    pub younger: &'a State,
    /// Orders that came by the younger identity since, under the names that they have in the merged book, whenever they happened.
    pub orders: &'a BTreeSet<String>,
    /// The two as they would have come to the merge, had each been told only what came by it. None where nothing was told since of before.
    pub alone: Option<(&'a State, &'a State)>,
}

/// An event since the merge, and by which identity it came.
#[derive(Clone, Copy)]
pub struct Since<'a> {
    /// What happened.
    pub event: &'a Event,
    /// Whether it came by the younger identity. What names an order, spend, hold or coupon goes where that goes.
    pub by_younger: bool,
}

/// The two books.
#[derive(Debug)]
pub struct Parted {
    /// Of the older member, whole: to become the book of an [`Act::Restore`].
    pub older: State,
    /// Of the younger one.
    pub younger: State,
    /// Where they are not what they would have been without the merge.
    pub differences: Vec<Difference>,
}

/// A difference from a book that was never merged.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Difference {
    /// Whose book.
    pub younger: bool,
    /// What.
    pub what: Differs,
}

/// What differs.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum Differs {
    /// A balance.
    Balance {
        /// Of which account.
        account: Account,
        /// What it would be.
        alone: i64,
        /// What it is.
        is: i64,
    },
    /// What is left of a lot.
    Lot {
        /// Which.
        lot: String,
        /// What would be left.
        alone: i64,
        /// What is left.
        is: i64,
    },
    /// The tier held together is not the one held now.
    Tier {
        /// The place of the one held together.
        together: usize,
        /// The place of the one held now.
        is: usize,
    },
    /// A spend or hold took points of a lot that is now in the other book; given back, they come to this one.
    TookFromOther {
        /// The spend or the hold.
        taking: String,
        /// The lot.
        lot: String,
        /// How many.
        points: i64,
    },
}

/// Parts a merged book that has come to `at`, whole, with the events in it since the merge in order of time.
///
/// # Errors
/// Where numbers become too large to reckon.
pub fn part(rules: &Rules, merge: &Merge<'_>, merged: &State, since: &[Since<'_>], at: Instant) -> Read<Parted> {
    if merge.older.clock != merge.younger.clock {
        return Err(OUT_OF_ORDER.with("what", merge.from));
    }
    let owners = Owners::of(merge, since);
    let whose = &owners;
    let of = |younger: bool| since.iter().filter(move |s| whose.is_younger(s) == younger).map(|s| (s.event, true));
    let (older, younger) = merge.alone.unwrap_or((merge.older, merge.younger));
    let older = replay(rules, older.clone(), of(false), at)?;
    let younger = replay(rules, younger.clone(), of(true), at)?;
    let quiet = older.entries.is_empty() && younger.entries.is_empty();
    let told = !since.is_empty() || !merge.orders.is_empty() || merge.alone.is_some();
    if !told && quiet && nothing_came_of(rules, merge, at)? {
        return Ok(Parted { older: older.state, younger: younger.state, differences: Vec::new() });
    }
    // An order's lot goes with the order. Another that was made since goes to whom it would have come alone; what neither would
    // have, stays where the merged book stays.
    let made = |state: &State| made_since(state, merge.younger.clock);
    let (by_older, by_younger) = (made(&older.state), made(&younger.state));
    let of_orders: BTreeMap<LotNo, bool> =
        merged.orders.iter().filter_map(|(name, order)| Some((order.lot?, owners.orders.contains_key(name)))).collect();
    let goes = |no: LotNo, lot: &Lot| {
        if let Some(with_order) = of_orders.get(&no) {
            return *with_order;
        }
        let key = (lot.id.clone(), lot.made);
        if no < owners.with_merge { owners.lots.contains_key(&no) } else { by_younger.contains(&key) && !by_older.contains(&key) }
    };
    let mut lots: [BTreeMap<LotNo, Lot>; 2] = Default::default();
    for no in merged.lots.numbers() {
        if let Some(lot) = merged.lots.get(no) {
            lots[usize::from(goes(no, lot))].insert(no, lot.clone());
        }
    }
    let [of_older, of_younger] = lots;
    let mut differences = Vec::new();
    let older = Half::of(&owners, merged, older.state, of_older, false).whole(rules, &mut differences)?;
    let younger = Half::of(&owners, merged, younger.state, of_younger, true).whole(rules, &mut differences)?;
    Ok(Parted { older, younger, differences })
}

fn made_since(state: &State, merge: Instant) -> BTreeSet<(String, Instant)> {
    let since = state.lots.numbers().filter_map(|no| state.lots.get(no)).filter(|lot| lot.made >= merge);
    since.map(|lot| (lot.id.clone(), lot.made)).collect()
}

/// Whether time alone booked nothing in the merged book.
fn nothing_came_of(rules: &Rules, merge: &Merge<'_>, at: Instant) -> Read<bool> {
    let act = Act::Absorb { from: merge.from.to_owned(), book: Box::new(merge.younger.clone()) };
    let absorbed = Event { time: merge.younger.clock, id: String::new(), act };
    let played = replay(rules, merge.older.clone(), std::iter::once((&absorbed, true)), at)?;
    Ok(played.entries.iter().all(|entry| entry.cause.kind == absorbed.act.kind()))
}

/// One of the two books while it is made.
struct Half<'a> {
    owners: &'a Owners,
    merged: &'a State,
    /// What the book would be alone.
    alone: State,
    younger: bool,
    lots: Lots,
    /// The numbers that lots of the merged book have here; those of the other book have an empty copy here once something names them.
    numbers: BTreeMap<LotNo, LotNo>,
    copies: Vec<LotNo>,
}

impl<'a> Half<'a> {
    fn of(owners: &'a Owners, merged: &'a State, alone: State, own: BTreeMap<LotNo, Lot>, younger: bool) -> Self {
        // The older book keeps its numbers; the younger one finds those again that it had.
        let made = if younger { owners.lots.values().max().map_or(0, |no| no.saturating_add(1)) } else { merged.lots.made() };
        let (mut lots, mut numbers) = (Lots::after(made), BTreeMap::new());
        for (no, lot) in own {
            let had = if younger { owners.lots.get(&no).copied() } else { Some(no) };
            let here = match had {
                Some(had) => {
                    lots.put(had, lot);
                    had
                }
                None => lots.add(lot),
            };
            numbers.insert(no, here);
        }
        Self { owners, merged, alone, younger, lots, numbers, copies: Vec::new() }
    }

    /// The number here of a lot of the merged book, and whether it is one of the other book's.
    fn lot(&mut self, no: LotNo) -> (LotNo, bool) {
        if let Some(here) = self.numbers.get(&no) {
            return (*here, self.copies.contains(here));
        }
        let Some(lot) = self.merged.lots.get(no) else { return (no, false) };
        let here = self.lots.add(Lot { left: 0, ended: 0, ..lot.clone() });
        self.numbers.insert(no, here);
        self.copies.push(here);
        (here, true)
    }

    /// The name here of a thing of the merged book, if it comes here.
    fn name(&self, of: fn(&Owners) -> &BTreeMap<String, String>, name: &str) -> Option<String> {
        let had = of(self.owners).get(name);
        if self.younger { had.cloned() } else { had.is_none().then(|| name.to_owned()) }
    }

    fn difference(&self, what: Differs) -> Difference {
        Difference { younger: self.younger, what }
    }

    fn takings(
        &mut self,
        all: &BTreeMap<String, Taking>,
        of: fn(&Owners) -> &BTreeMap<String, String>,
        differences: &mut Vec<Difference>,
    ) -> BTreeMap<String, Taking> {
        let mut here = BTreeMap::new();
        for (name, taking) in all {
            let Some(id) = self.name(of, name) else { continue };
            let mut from = Vec::new();
            for (no, points) in &taking.from {
                let (lot, of_other) = self.lot(*no);
                if of_other {
                    let lot = self.merged.lots.get(*no).map(|lot| lot.id.clone()).unwrap_or_default();
                    differences.push(self.difference(Differs::TookFromOther { taking: id.clone(), lot, points: *points }));
                }
                from.push((lot, *points));
            }
            here.insert(id, Taking { from, ..taking.clone() });
        }
        here
    }

    fn orders(&mut self) -> BTreeMap<String, Order> {
        let (merged, mut here) = (self.merged, BTreeMap::new());
        for (name, order) in &merged.orders {
            let Some(own) = self.name(|o| &o.orders, name) else { continue };
            let lot = order.lot.map(|no| self.lot(no).0);
            here.insert(own, Order { lot, ..order.clone() });
        }
        here
    }

    fn owed(&self) -> Vec<Owed> {
        let here = self.merged.owed.iter().filter(|owed| self.owners.owes(&owed.by) == self.younger);
        let by = |by: &Owing| match by {
            Owing::TakenBack => Owing::TakenBack,
            Owing::Spend(id) => Owing::Spend(self.name(|o| &o.spends, id).unwrap_or_else(|| id.clone())),
            Owing::Hold(id) => Owing::Hold(self.name(|o| &o.holds, id).unwrap_or_else(|| id.clone())),
        };
        here.map(|owed| Owed { by: by(&owed.by), points: owed.points }).collect()
    }

    /// What is due here of what is due in the merged book; tiers and birthdays have their own.
    fn due(&self, due: &Due) -> Option<Due> {
        match due {
            Due::Final(order) => self.name(|o| &o.orders, order).map(Due::Final),
            Due::LockEnd(grant) => self.name(|o| &o.grants, grant).map(Due::LockEnd),
            Due::CouponEnd(grant) => self.name(|o| &o.grants, grant).map(Due::CouponEnd),
            Due::HoldEnd(hold) => self.name(|o| &o.holds, hold).map(Due::HoldEnd),
            Due::LotEnd(no) => self.numbers.get(no).filter(|here| !self.copies.contains(here)).copied().map(Due::LotEnd),
            Due::TierEnd | Due::Birthday => None,
        }
    }

    /// The book: things and points as they are in the merged one, the person as it would be alone.
    fn whole(mut self, rules: &Rules, differences: &mut Vec<Difference>) -> Read<State> {
        let merged = self.merged;
        let mut book = self.alone.clone();
        book.spends = self.takings(&merged.spends, |o| &o.spends, differences);
        book.holds = self.takings(&merged.holds, |o| &o.holds, differences);
        book.orders = self.orders();
        book.owed = self.owed();
        let coupons = merged.coupons.all.iter().filter_map(|(grant, coupon)| {
            let mut coupon = coupon.clone();
            coupon.order = coupon.order.map(|order| self.name(|o| &o.orders, &order).unwrap_or(order));
            Some((self.name(|o| &o.grants, grant)?, coupon))
        });
        book.coupons.all = coupons.collect();
        book.lots = self.lots.clone();
        book.agenda.clear();
        book.standing.rewarded(&merged.standing.rewards);
        let due: Vec<_> = merged.agenda.iter().filter_map(|job| Some((job.due, self.due(&job.what)?))).collect();
        let birthdays = self.alone.agenda.iter().filter(|job| job.what == Due::Birthday).map(|job| (job.due, Due::Birthday));
        let due: Vec<_> = due.into_iter().chain(birthdays).collect();
        let cause = Cause { kind: String::new(), id: String::new() };
        let (now, mut entries) = (book.clock, Vec::new());
        let mut turn =
            Turn { rules, programme: rules.held(&self.alone), state: &mut book, now, cause, entries: &mut entries, stands: false };
        due.into_iter().for_each(|(at, what)| turn.expect(at, what));
        self.copies.iter().for_each(|copy| turn.expect_lot_end(*copy));
        turn.expect_tier_end();
        self.compare(&book, differences);
        Ok(book)
    }

    fn compare(&self, book: &State, differences: &mut Vec<Difference>) {
        let owed: i64 = book.owed.iter().map(|owed| owed.points).sum();
        let left: i64 = book.lots.open_in_order().map(|(_, left)| left).sum();
        let pending: i64 = book.orders.values().map(|order| order.pending).sum();
        let frozen: i64 = book.holds.values().filter(|hold| !hold.over).map(Taking::left).sum();
        for (account, is) in [(Account::Pending, pending), (Account::Available, left - owed), (Account::Frozen, frozen)] {
            let alone = self.alone.accounts.of(account);
            if alone != is {
                differences.push(self.difference(Differs::Balance { account, alone, is }));
            }
        }
        let by_lot = |state: &State| state.lots.in_order().map(|lot| ((lot.id.clone(), lot.made), lot.left)).collect::<BTreeMap<_, _>>();
        let (alone, is) = (by_lot(&self.alone), by_lot(book));
        for key in alone.keys().chain(is.keys().filter(|key| !alone.contains_key(*key))) {
            let of = |lots: &BTreeMap<_, i64>| lots.get(key).copied().unwrap_or(0);
            if of(&alone) != of(&is) {
                differences.push(self.difference(Differs::Lot { lot: key.0.clone(), alone: of(&alone), is: of(&is) }));
            }
        }
        let (together, is) = (self.merged.standing.tier, book.standing.tier);
        if together != is {
            differences.push(self.difference(Differs::Tier { together, is }));
        }
    }
}
