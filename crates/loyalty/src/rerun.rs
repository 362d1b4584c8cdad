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
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct Has {
    /// Points in all three.
    pub points: i64,
    /// The place of the tier on the ladder in force.
    pub tier: usize,
}

impl Has {
    fn of(state: &State) -> Self {
        let accounts = [Account::Pending, Account::Available, Account::Frozen].map(|account| state.accounts.of(account));
        Self { points: accounts.into_iter().fold(0, i64::saturating_add), tier: state.standing.tier }
    }
}

/// What a re-run comes to for one member.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct Found {
    /// The orders that are judged by another version than before.
    pub judged: BTreeSet<String>,
    /// Orders of the span that are left as they are: by that version already, or come with a merge, so that another history has their payment.
    pub elsewhere: u64,
    /// Orders that then earn something else, in order of their names.
    pub corrections: Vec<Correction>,
    /// What the member has now,
    pub has: Has,
    /// and would have: with rewards of tiers that are reached or missed by it, and without what had ended meanwhile.
    pub would_have: Has,
}

/// The history with these payments judged so. What was before a merge was taken back is as the parting left it.
pub fn judged(events: &[Event], asked: Asked) -> Vec<Event> {
    let parted = events.iter().rposition(|event| matches!(event.act, Act::Restore { .. })).map_or(0, |restore| restore + 1);
    let mut all = events.to_vec();
    for event in all.iter_mut().skip(parted).filter(|event| asked.is_of(event.time)) {
        if let Act::OrderPaid { judged_by, .. } = &mut event.act {
            *judged_by = asked.judge;
        }
    }
    all
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
    let events = judged(history.events, asked);
    let changed = history.events.iter().zip(&events).filter(|(before, after)| before != after);
    let mine: BTreeSet<&str> = changed.filter_map(|(_, after)| paid(after)).collect();
    if mine.is_empty() {
        return Ok(Found::default());
    }
    let is = play(history, clock)?.state;
    let would_be = play(&History { events: &events, ..*history }, clock)?.state;
    let of_span = |(_, order): &(&String, &Order)| asked.is_of(order.paid);
    let mut found = Found { has: Has::of(&is), would_have: Has::of(&would_be), ..Found::default() };
    for (name, _) in is.orders.iter().filter(of_span) {
        if mine.contains(name.as_str()) {
            found.judged.insert(name.clone());
        } else {
            found.elsewhere += 1;
        }
    }
    for (name, before) in &is.orders {
        let Some(after) = would_be.orders.get(name) else { continue };
        let (left, leaves) = (before.earned - before.reversed, after.earned - after.reversed);
        if (before.earned, left) != (after.earned, leaves) {
            let (net, judged) = (before.net, found.judged.contains(name));
            let (earned, earns) = (before.earned, after.earned);
            found.corrections.push(Correction { order: name.clone(), paid: before.paid, net, earned, earns, left, leaves, judged });
        }
    }
    Ok(found)
}

fn paid(event: &Event) -> Option<&str> {
    if let Act::OrderPaid { order, .. } = &event.act { Some(order) } else { None }
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
