//! Two members turn out to be one: the younger's book goes into the older's. Lots, spends, holds, orders, growth and coupons move
//! as they are; points move by transfer entries, so that over both books no total changes and no entry is rewritten.
//!
//! What is due to a debt of one is filled by the other's points, as points that become available fill it. The higher tier is held;
//! who then meets the entry of a higher one rises, but a merge gives no reward.

use std::collections::BTreeMap;

use shuke_kernel::Instant;

use crate::coupons::Coupon;
use crate::event::Outcome;
use crate::jobs::Due;
use crate::json::Read;
use crate::ledger::Account;
use crate::lots::{Lot, LotNo};
use crate::spend::{Owed, Owing, Taking};
use crate::state::{Order, State, Used};
use crate::turn::Turn;
use crate::words::OUT_OF_ORDER;

/// Names that a book has in another: what would be named twice gets the book's own name before it.
pub(crate) struct Names<'a> {
    from: &'a str,
    into: &'a State,
}

impl<'a> Names<'a> {
    pub(crate) fn new(from: &'a str, into: &'a State) -> Self {
        Self { from, into }
    }

    fn free(&self, name: &str, taken: bool) -> String {
        if taken { format!("{}/{name}", self.from) } else { name.to_owned() }
    }

    pub(crate) fn order(&self, name: &str) -> String {
        self.free(name, self.into.orders.contains_key(name))
    }

    pub(crate) fn spend(&self, id: &str) -> String {
        self.free(id, self.into.spends.contains_key(id))
    }

    pub(crate) fn hold(&self, id: &str) -> String {
        self.free(id, self.into.holds.contains_key(id))
    }

    pub(crate) fn grant(&self, name: &str) -> String {
        self.free(name, self.into.coupons.all.contains_key(name))
    }
}

/// How what names other things names them in another book.
struct Moved<'a> {
    names: Names<'a>,
    lots: &'a BTreeMap<LotNo, LotNo>,
}

impl Moved<'_> {
    fn lot(&self, no: LotNo) -> LotNo {
        self.lots.get(&no).copied().unwrap_or(no)
    }

    fn taking(&self, taking: &Taking) -> Taking {
        Taking { from: taking.from.iter().map(|(no, points)| (self.lot(*no), *points)).collect(), ..taking.clone() }
    }

    fn order(&self, order: &Order) -> Order {
        Order { lot: order.lot.map(|no| self.lot(no)), ..order.clone() }
    }

    fn coupon(&self, coupon: &Coupon) -> Coupon {
        Coupon { order: coupon.order.as_ref().map(|order| self.names.order(order)), ..coupon.clone() }
    }

    fn owing(&self, owing: &Owing) -> Owing {
        match owing {
            Owing::TakenBack => Owing::TakenBack,
            Owing::Spend(id) => Owing::Spend(self.names.spend(id)),
            Owing::Hold(id) => Owing::Hold(self.names.hold(id)),
        }
    }

    fn due(&self, due: &Due) -> Option<Due> {
        match due {
            Due::Final(order) => Some(Due::Final(self.names.order(order))),
            Due::LockEnd(grant) => Some(Due::LockEnd(self.names.grant(grant))),
            Due::CouponEnd(grant) => Some(Due::CouponEnd(self.names.grant(grant))),
            Due::HoldEnd(hold) => Some(Due::HoldEnd(self.names.hold(hold))),
            Due::LotEnd(no) => Some(Due::LotEnd(self.lot(*no))),
            Due::TierEnd | Due::Birthday => None,
        }
    }
}

impl Turn<'_> {
    /// The book of `from` comes into this one; it has come to the same time.
    pub fn absorb(&mut self, from: &str, book: &State) -> Read<Outcome> {
        if book.clock != self.now {
            return Err(OUT_OF_ORDER.with("what", from));
        }
        let mut lots = BTreeMap::new();
        for no in book.lots.numbers() {
            let Some(lot) = book.lots.get(no) else { continue };
            lots.insert(no, self.state.lots.add(Lot { left: 0, ..lot.clone() }));
        }
        let before = self.state.clone();
        let moved = Moved { names: Names::new(from, &before), lots: &lots };
        self.things(book, &moved);
        self.person(book);
        self.points(book, &moved)?;
        self.waiting(book, &before)?;
        self.state.standing.join(&book.standing, &self.programme.zone);
        self.within_ladder();
        self.expect_tier_end();
        self.state.absorbed = true;
        self.risen(false)?;
        Ok(Outcome::Ok)
    }

    /// Orders, spends, holds, coupons, growth and what is due for them.
    fn things(&mut self, book: &State, moved: &Moved<'_>) {
        let state = &mut *self.state;
        state.orders.extend(book.orders.iter().map(|(name, order)| (moved.names.order(name), moved.order(order))));
        state.spends.extend(book.spends.iter().map(|(id, taking)| (moved.names.spend(id), moved.taking(taking))));
        state.holds.extend(book.holds.iter().map(|(id, taking)| (moved.names.hold(id), moved.taking(taking))));
        let coupons = book.coupons.all.iter().map(|(grant, coupon)| (moved.names.grant(grant), moved.coupon(coupon)));
        state.coupons.join(coupons, &book.coupons);
        for gained in book.growth.values() {
            state.growth.insert(state.grown, *gained);
            state.grown = state.grown.saturating_add(1);
        }
        for job in &book.agenda {
            if let Some(due) = moved.due(&job.what) {
                self.expect(job.due, due);
            }
        }
    }

    /// What is known of the person: the later visit, the longer run, what caps have let through to both.
    fn person(&mut self, book: &State) {
        let state = &mut *self.state;
        state.bought |= book.bought;
        state.last_visit = state.last_visit.max(book.last_visit);
        state.birthday_given = state.birthday_given.max(book.birthday_given);
        state.check_in = state.check_in.max(book.check_in);
        state.strain = state.strain.saturating_add(book.strain);
        for (cap, other) in &book.caps {
            let sum = match state.caps.get(cap) {
                Some(own) if own.period > other.period => continue,
                Some(own) if own.period == other.period => {
                    Used { parts: own.parts.saturating_add(other.in_parts_of(own.unit)), ..own.clone() }
                }
                _ => other.clone(),
            };
            state.caps.insert(cap.clone(), sum);
        }
        if state.member.birthday.is_none() && book.member.birthday.is_some() {
            state.member.birthday = book.member.birthday;
            let awaited = book.agenda.iter().find(|job| job.what == Due::Birthday).map(|job| job.due);
            awaited.into_iter().for_each(|due| self.expect(due, Due::Birthday));
        }
    }

    /// Points, by transfer entries.
    fn points(&mut self, book: &State, moved: &Moved<'_>) -> Read<()> {
        for account in [Account::Pending, Account::Frozen] {
            self.post(Account::Transferred, account, book.accounts.of(account), None)?;
        }
        let open: Vec<(LotNo, i64)> = book.lots.open_in_order().collect();
        for (no, left) in open {
            self.make_available(Account::Transferred, moved.lot(no), left)?;
        }
        for owed in &book.owed {
            let by = moved.owing(&owed.by);
            let mut rest = owed.points;
            while rest > 0
                && let Some(lot) = self.state.lots.next()
            {
                let taken = self.state.lots.take(lot, rest)?;
                self.post(Account::Available, Account::Transferred, taken, Some(lot))?;
                if let Some(taking) = self.owing(&by) {
                    taking.fund(lot, taken);
                }
                rest -= taken;
            }
            if rest > 0 {
                self.post(Account::Available, Account::Transferred, rest, None)?;
                self.state.owed.push(Owed { by, points: rest });
            }
        }
        Ok(())
    }

    /// What waited in one book for an order that the other knows happens now; the rest waits on.
    fn waiting(&mut self, book: &State, before: &State) -> Read<()> {
        let mut follows = Vec::new();
        for name in book.orders.keys().filter(|name| !before.orders.contains_key(*name)) {
            follows.extend(self.state.waiting.remove(name).unwrap_or_default());
        }
        for (name, events) in &book.waiting {
            if before.orders.contains_key(name) {
                follows.extend(events.iter().cloned());
            } else {
                let all = self.state.waiting.entry(name.clone()).or_default();
                all.extend(events.iter().cloned());
                all.sort_by_key(|event| event.time);
            }
        }
        follows.sort_by_key(|event| event.time);
        let merge = self.cause.clone();
        for event in &follows {
            self.follow(event)?;
        }
        self.cause = merge;
        Ok(())
    }

    /// Keeps the standing within the ladder in force, whatever book it came from.
    fn within_ladder(&mut self) {
        let highest = self.programme.ladder.as_ref().map_or(usize::MAX, |ladder| ladder.tiers.len().saturating_sub(1));
        self.state.standing.move_to(|tier| tier.min(highest));
    }

    /// This book goes into that of `to`: what it held leaves by transfer entries, and nothing is left that could happen.
    pub fn depart(&mut self, to: &str) -> Read<Outcome> {
        let mut empty = State::new(self.rules, self.state.member.clone(), self.state.origin);
        empty.agenda.clear();
        empty.into = Some(to.to_owned());
        self.restore(&empty)
    }

    /// The book becomes another one but for its clock and its accounts: these follow by transfer entries.
    pub fn restore(&mut self, book: &State) -> Read<Outcome> {
        let owed = |state: &State| state.owed.iter().map(|owed| owed.points).sum::<i64>();
        let (was, is) = (left_by_lot(self.state), left_by_lot(book));
        for account in [Account::Pending, Account::Frozen] {
            let more = book_of(book, account) - self.state.accounts.of(account);
            self.post(Account::Transferred, account, more, None)?;
            self.post(account, Account::Transferred, -more, None)?;
        }
        let more_owed = owed(book) - owed(self.state);
        for (key, (no, left)) in &was {
            let less = left - is.get(key).map_or(0, |(_, left)| *left);
            self.post(Account::Available, Account::Transferred, less, Some(*no))?;
        }
        self.post(Account::Available, Account::Transferred, more_owed, None)?;
        let (accounts, clock, version) = (self.state.accounts, self.state.clock, self.state.version);
        *self.state = State { accounts, clock, version, ..book.clone() };
        self.within_ladder();
        for (key, (no, left)) in &is {
            let more = left - was.get(key).map_or(0, |(_, left)| *left);
            self.post(Account::Transferred, Account::Available, more, Some(*no))?;
        }
        self.post(Account::Transferred, Account::Available, -more_owed, None)?;
        Ok(Outcome::Ok)
    }
}

/// What pends on a book's orders, or is frozen by its holds.
fn book_of(book: &State, account: Account) -> i64 {
    if account == Account::Pending {
        book.orders.values().map(|order| order.pending).sum()
    } else {
        book.holds.values().filter(|hold| !hold.over).map(Taking::left).sum()
    }
}

type ByLot = BTreeMap<(String, Instant), (LotNo, i64)>;

/// What is left by lot, under the names that entries give to lots.
fn left_by_lot(book: &State) -> ByLot {
    let mut left = ByLot::new();
    for (no, points) in book.lots.open_in_order() {
        let Some(lot) = book.lots.get(no) else { continue };
        left.entry((lot.id.clone(), lot.made)).or_insert((no, 0)).1 += points;
    }
    left
}

/// A book inside an event, written as a text of its own.
pub(crate) mod text {
    use serde::{Deserialize, Deserializer, Serializer};

    use crate::state::State;

    pub fn serialize<S: Serializer>(book: &State, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&serde_json::to_string(book).map_err(serde::ser::Error::custom)?)
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Box<State>, D::Error> {
        let text = String::deserialize(deserializer)?;
        serde_json::from_str(&text).map(Box::new).map_err(serde::de::Error::custom)
    }
}
