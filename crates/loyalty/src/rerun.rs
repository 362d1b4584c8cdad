//! A re-run: orders of a span are judged by a version that was not in force when they were paid, because somebody asked for it.
//!
//! The payment itself says by which version it is judged ([`Act::OrderPaid`]), so a re-run is a history told otherwise: it is folded
//! anew and the difference is booked as corrections. Therefore a re-run back and forth leaves nothing behind, points that ended or were
//! let go do not come back as new ones, and what an order is told to be afterwards is judged by the same version again.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use shuke_kernel::Instant;

use crate::event::{Act, Event};
use crate::fold::{History, play};
use crate::json::Read;
use crate::ledger::Account;
use crate::programme::{Per, Programme};
use crate::rules::Rules;
use crate::state::{Order, State};

/// Which orders are judged, and by what.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Asked {
    /// The number of the version; none for the one in force at payment, which takes a re-run back.
    pub judge: Option<u32>,
    /// Orders paid from here on
    pub from: Instant,
    /// and before here.
    pub to: Instant,
}

/// An order that earns something else than it did.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Correction {
    /// Which.
    pub order: String,
    /// When it was paid.
    pub paid: Instant,
    /// Net paid, fen, before refunds.
    pub net: i64,
    /// What it earned, before refunds,
    pub earned: i64,
    /// and what it is to have earned.
    pub earns: i64,
    /// What refunds have left of that
    pub left: i64,
    /// and are to leave.
    pub leaves: i64,
    /// Whether it is one of those that are judged; others follow from them, as where a month's cap has more room or less.
    pub judged: bool,
}

/// What a member has: points that are pending, available or frozen, and the tier.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct Has {
    /// Points in all three.
    pub points: i64,
    /// Those that are free to spend; below nothing where something is owed.
    pub available: i64,
    /// The id of the tier on the ladder in force; none where there is none.
    pub tier: Option<String>,
}

impl Has {
    /// What a state has.
    pub fn of(rules: &Rules, state: &State) -> Self {
        let of = |account| state.accounts.of(account);
        let accounts = [Account::Pending, Account::Available, Account::Frozen].map(of);
        let ladder = rules.held(state).ladder.as_ref();
        let tier = ladder.and_then(|ladder| ladder.tiers.get(state.standing.tier)).map(|tier| tier.id.clone());
        Self { points: accounts.into_iter().fold(0, i64::saturating_add), available: of(Account::Available), tier }
    }
}

/// What a re-run comes to for one member.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct Found {
    /// The orders that are judged by another version than before.
    pub judged: BTreeSet<String>,
    /// Orders of the span that this history tells of and that are left as they are: judged by that version already, or told of before
    /// a merge was taken back.
    pub left: u64,
    /// Orders that then earn something else, in order of their names.
    pub corrections: Vec<Correction>,
    /// What the member has now,
    pub has: Has,
    /// and would have: with rewards of tiers that are reached or missed by it, and without what had ended meanwhile.
    pub would_have: Has,
}

/// The history with these payments judged so. A payment whose own version is the one asked for is judged by that, as if nobody had asked.
/// What was before a merge was taken back is as the parting left it.
pub fn judged(rules: &Rules, events: &[Event], asked: Asked) -> Vec<Event> {
    let parted = events.iter().rposition(|event| matches!(event.act, Act::Restore { .. })).map_or(0, |restore| restore + 1);
    let mut all = events.to_vec();
    for event in all.iter_mut().skip(parted).filter(|event| asked.is_of(event.time)) {
        if let Act::OrderPaid { judged_by, .. } = &mut event.act {
            *judged_by = asked.judge.filter(|no| rules.at(event.time).version != *no);
        }
    }
    all
}

/// How many orders of the span a history tells of, whoever has them now.
pub fn told_of(events: &[Event], asked: Asked) -> u64 {
    let names: BTreeSet<&str> = paid(events.iter(), asked).map(|(order, _)| order).collect();
    names.len() as u64
}

impl Asked {
    /// Whether an order that is paid then is judged.
    pub fn is_of(&self, paid: Instant) -> bool {
        self.from <= paid && paid < self.to
    }
}

/// What a re-run comes to for the member of this history, which has come to `clock`.
///
/// # Errors
/// Where numbers become too large to reckon.
pub fn find(history: &History<'_>, clock: Instant, asked: Asked) -> Read<Found> {
    let events = judged(history.rules, history.events, asked);
    let changed = history.events.iter().zip(&events).filter(|(before, after)| before != after);
    // Of two that pay one order only the one that stands is judged.
    let mine: BTreeSet<(&str, Instant)> = paid(changed.map(|(_, after)| after), asked).collect();
    let mut found = Found { left: told_of(history.events, asked), ..Found::default() };
    if mine.is_empty() {
        return Ok(found);
    }
    let is = play(history, clock)?.state;
    let would_be = play(&History { events: &events, ..*history }, clock)?.state;
    (found.has, found.would_have) = (Has::of(history.rules, &is), Has::of(history.rules, &would_be));
    for (name, before) in &is.orders {
        let judged = mine.contains(&(name.as_str(), before.paid));
        if judged {
            found.judged.insert(name.clone());
            found.left = found.left.saturating_sub(1);
        }
        let Some(after) = would_be.orders.get(name) else { continue };
        let (left, leaves) = (before.earned - before.reversed, after.earned - after.reversed);
        if (before.earned, left) != (after.earned, leaves) {
            let Order { net, paid, earned, .. } = *before;
            let correction = Correction { order: name.clone(), paid, net, earned, earns: after.earned, left, leaves, judged };
            found.corrections.push(correction);
        }
    }
    Ok(found)
}

/// What is paid in the span among these events: which order, and when.
fn paid<'a>(events: impl Iterator<Item = &'a Event>, asked: Asked) -> impl Iterator<Item = (&'a str, Instant)> {
    let of = |event: &'a Event| if let Act::OrderPaid { order, .. } = &event.act { Some((order.as_str(), event.time)) } else { None };
    events.filter(move |event| asked.is_of(event.time)).filter_map(of)
}

/// Whether a version reckons by months, so that only whole ones can be judged by it: what was earned earlier in a month took no room of
/// a cap that only this version has.
pub fn reckons_by_months(version: &Programme) -> bool {
    version.caps.iter().any(|cap| cap.per == Per::Month)
}

impl Found {
    /// Whether anything is otherwise by it.
    pub fn changes(&self) -> bool {
        !self.corrections.is_empty() || self.has != self.would_have
    }
}
