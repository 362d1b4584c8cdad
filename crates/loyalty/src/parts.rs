//! What is over leaves the state, so that one event more costs what is live and not what ever happened.
//!
//! After an event [`settle`] takes out what nothing awaits: spends and holds that are over, lots with nothing left, orders and
//! growth that lie before everything that is still judged one by one. Before an event [`needs`] tells which of these it may touch,
//! and [`State::put_back`] puts them where they were. A state from which parts were taken, and to which those that are needed were
//! put back, answers, books and becomes exactly what the whole one does; with all parts put back it is the whole one.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use shuke_kernel::Instant;

use crate::calendar::{DAY, later};
use crate::event::{Act, Event};
use crate::jobs::{Due, Job};
use crate::lots::{Lot, LotNo};
use crate::programme::Window;
use crate::rules::Rules;
use crate::spend::Taking;
use crate::state::{Far, Order, State};

/// An order that nobody completes leaves the state so many days after its payment.
const UNCOMPLETED_DAYS: i64 = 60;
/// Clocks that are changed may let a window begin a little earlier than the one before it did.
const MARGIN_DAYS: i64 = 2;

/// What a part is called.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind", content = "key")]
pub enum PartKey {
    /// A spend, by its id.
    Spend(String),
    /// A hold that was captured, by its id.
    Hold(String),
    /// A lot with nothing left, by its number.
    Lot(LotNo),
    /// An order, by its name.
    Order(String),
    /// A gain or loss of growth value, by its number.
    Growth(u32),
    /// Only asked for, never taken out: every part there is.
    All,
}

/// What was taken out.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Part {
    /// Of a spend or a hold.
    Taking(Taking),
    /// A lot, and what is due for it.
    Lot {
        /// The lot.
        lot: Lot,
        /// What was on the agenda for it.
        jobs: Vec<Job>,
    },
    /// An order.
    Order(Order),
    /// Growth value, and when it was gained.
    Growth(Instant, i64),
}

impl PartKey {
    /// The word for its kind, as a store may keep it.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Spend(_) => "spend",
            Self::Hold(_) => "hold",
            Self::Lot(_) => "lot",
            Self::Order(_) => "order",
            Self::Growth(_) => "growth",
            Self::All => "all",
        }
    }

    /// What it is called within its kind.
    pub fn name(&self) -> String {
        match self {
            Self::Spend(id) | Self::Hold(id) | Self::Order(id) => id.clone(),
            Self::Lot(no) | Self::Growth(no) => no.to_string(),
            Self::All => String::new(),
        }
    }

    /// The key of that kind and name; none where there can be none.
    pub fn of(kind: &str, name: &str) -> Option<Self> {
        Some(match kind {
            "spend" => Self::Spend(name.to_owned()),
            "hold" => Self::Hold(name.to_owned()),
            "order" => Self::Order(name.to_owned()),
            "lot" => Self::Lot(name.parse().ok()?),
            "growth" => Self::Growth(name.parse().ok()?),
            _ => return None,
        })
    }
}

/// Takes out of a state what is over.
pub fn settle(rules: &Rules, state: &mut State) -> Vec<(PartKey, Part)> {
    let mut out = Vec::new();
    takings(&mut state.spends, PartKey::Spend, |taking| taking.unfunded == 0, &mut out);
    takings(&mut state.holds, PartKey::Hold, |taking| taking.over && taking.unfunded == 0, &mut out);
    orders(rules, state, &mut out);
    lots(state, &mut out);
    out
}

type Takings = BTreeMap<String, Taking>;

fn takings(here: &mut Takings, key: fn(String) -> PartKey, over: fn(&Taking) -> bool, out: &mut Vec<(PartKey, Part)>) {
    let ids: Vec<String> = here.iter().filter(|(_, taking)| over(taking)).map(|(id, _)| id.clone()).collect();
    for id in ids {
        out.extend(here.remove(&id).map(|taking| (key(id), Part::Taking(taking))));
    }
}

/// Orders and growth that no window reaches any more, those that count nothing, and those that nobody completes.
fn orders(rules: &Rules, state: &mut State, out: &mut Vec<(PartKey, Part)>) {
    let reach = later(reach(rules, state), -MARGIN_DAYS * DAY);
    let names: Vec<String> = state.orders.iter().filter(|(_, order)| rests(order, state.clock, reach)).map(|(n, _)| n.clone()).collect();
    for name in names {
        let Some(order) = state.orders.remove(&name) else { continue };
        if let Some((at, net)) = counts(&order) {
            state.far.orders += 1;
            state.far.net += net;
            state.far.until = state.far.until.max(Some(at));
        }
        out.push((PartKey::Order(name), Part::Order(order)));
    }
    let old: Vec<u32> = state.growth.iter().filter(|(_, (at, _))| *at < reach).map(|(no, _)| *no).collect();
    for no in old {
        let Some((at, value)) = state.growth.remove(&no) else { continue };
        state.far.grown += 1;
        state.far.growth += i128::from(value);
        state.far.until = state.far.until.max(Some(at));
        out.push((PartKey::Growth(no), Part::Growth(at, value)));
    }
}

/// Whether only an event that names it can still touch an order, or what counts of it is told by its sum.
fn rests(order: &Order, clock: Instant, reach: Instant) -> bool {
    let awaited = order.completed && order.final_at.is_none() && !order.closed;
    let old = match order.final_at {
        Some(at) => at < reach,
        None => later(order.paid, UNCOMPLETED_DAYS * DAY) <= clock,
    };
    !awaited && (order.gone() || old)
}

/// What of an order counts for tiers, and since when.
fn counts(order: &Order) -> Option<(Instant, i128)> {
    order.final_at.filter(|_| !order.gone()).map(|at| (at, i128::from(order.left())))
}

/// Before here nothing is judged one by one any more, under the rules in force and those that are to follow.
fn reach(rules: &Rules, state: &State) -> Instant {
    let zone = &rules.first().zone;
    let judged = state.standing.earliest_judged(zone, state.clock);
    let windows = rules.from_now(state).filter_map(|version| version.ladder.as_ref()).map(|ladder| ladder.window);
    windows.filter(|window| *window != Window::Lifetime).fold(judged, |reach, window| reach.min(window.begins(zone, judged)))
}

/// Lots with nothing left that nothing here names. What is due for them goes with them.
fn lots(state: &mut State, out: &mut Vec<(PartKey, Part)>) {
    let named = state.spends.values().chain(state.holds.values()).flat_map(|taking| &taking.from);
    let named: BTreeSet<LotNo> = named.map(|(no, _)| *no).collect();
    let empty: BTreeSet<LotNo> = state.lots.empty().filter(|no| !named.contains(no)).collect();
    if empty.is_empty() {
        return;
    }
    let mut due: BTreeMap<LotNo, Vec<Job>> = BTreeMap::new();
    state.agenda.retain(|job| match job.what {
        Due::LotEnd(no) if empty.contains(&no) => {
            due.entry(no).or_default().push(job.clone());
            false
        }
        _ => true,
    });
    for no in empty {
        let Some(lot) = state.lots.remove(no) else { continue };
        out.push((PartKey::Lot(no), Part::Lot { lot, jobs: due.remove(&no).unwrap_or_default() }));
    }
}

/// Which parts are needed that are not here, to go on to `to` and then take an event, if there is one. To be asked again after those
/// that there are were put back, until there is no more: a reversal names a spend, the spend names lots. What was asked for once is not asked for again.
pub fn needs(rules: &Rules, state: &State, to: Instant, event: Option<&Event>, asked: &mut BTreeSet<PartKey>) -> Vec<PartKey> {
    let mut wanted = Vec::new();
    if falls_short(rules, state, to) {
        wanted.push(PartKey::All);
    }
    match event.map(|event| &event.act) {
        Some(Act::OrderPaid { order, .. } | Act::OrderCompleted { order } | Act::Refund { order, .. } | Act::OrderClosed { order }) => {
            match state.orders.get(order) {
                None => wanted.push(PartKey::Order(order.clone())),
                Some(known) => wanted.extend(known.lot.filter(|no| state.lots.get(*no).is_none()).map(PartKey::Lot)),
            }
        }
        Some(Act::SpendReverse { spend, .. }) => {
            for (here, key) in [(&state.spends, PartKey::Spend as fn(String) -> PartKey), (&state.holds, PartKey::Hold)] {
                match here.get(spend) {
                    None => wanted.push(key(spend.clone())),
                    Some(taking) => {
                        let apart = taking.from.iter().filter(|(no, _)| state.lots.get(*no).is_none());
                        wanted.extend(apart.map(|(no, _)| PartKey::Lot(*no)));
                    }
                }
            }
        }
        // Only what came with a merge can have an id here that no event of this book had.
        Some(Act::Spend { .. }) if state.absorbed => wanted.extend(event.map(|event| PartKey::Spend(event.id.clone()))),
        Some(Act::Hold { .. }) if state.absorbed => wanted.extend(event.map(|event| PartKey::Hold(event.id.clone()))),
        Some(Act::Absorb { .. } | Act::Depart { .. } | Act::Restore { .. }) => wanted.push(PartKey::All),
        _ => {}
    }
    wanted.retain(|key| asked.insert(key.clone()));
    wanted
}

/// Whether a window of the rules in force up to `to` reaches back to what was put apart under others.
fn falls_short(rules: &Rules, state: &State, to: Instant) -> bool {
    let Some(until) = state.far.until else { return false };
    let zone = &rules.first().zone;
    let judged = state.standing.earliest_judged(zone, state.clock);
    let now = rules.held(state).version;
    let in_force = rules.from_now(state).filter(|version| version.version == now || version.from <= to);
    let windows = in_force.filter_map(|version| version.ladder.as_ref()).map(|ladder| ladder.window);
    windows.filter(|window| *window != Window::Lifetime).any(|window| window.begins(zone, judged) <= until)
}

impl State {
    /// Puts a part back that was taken out.
    pub fn put_back(&mut self, key: PartKey, part: Part) {
        match (key, part) {
            (PartKey::Spend(id), Part::Taking(taking)) => drop(self.spends.insert(id, taking)),
            (PartKey::Hold(id), Part::Taking(taking)) => drop(self.holds.insert(id, taking)),
            (PartKey::Lot(no), Part::Lot { lot, jobs }) => {
                self.lots.put(no, lot);
                // What came up meanwhile found nothing to end.
                self.agenda.extend(jobs.into_iter().filter(|job| job.due > self.clock));
            }
            (PartKey::Order(name), Part::Order(order)) => {
                if let Some((_, net)) = counts(&order) {
                    self.far.orders = self.far.orders.saturating_sub(1);
                    self.far.net -= net;
                }
                self.orders.insert(name, order);
            }
            (PartKey::Growth(no), Part::Growth(at, value)) => {
                self.far.grown = self.far.grown.saturating_sub(1);
                self.far.growth -= i128::from(value);
                self.growth.insert(no, (at, value));
            }
            // A key and a part of different kinds are of no settled state; books and audit would tell.
            _ => {}
        }
        if !self.far.any() {
            self.far = Far::default();
        }
    }
}
