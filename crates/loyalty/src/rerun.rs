//! What orders would have earned by the rules of a version that they were not earned by, and how the difference is booked.
//!
//! Nothing that was booked changes: a correction ([`Act::Rerun`]) comes after all that happened, and says by how much more or less an
//! order has earned from now on. Refunds reverse in proportion to that: those that were before the correction are in it, and those
//! that follow go by what the order earned with it.

use std::collections::BTreeMap;

use shuke_kernel::Instant;

use crate::calendar::start_of;
use crate::earn::{Earning, Purchase, book, earn};
use crate::event::{Act, Member, Outcome};
use crate::fold::{History, apply};
use crate::jobs::advance;
use crate::json::Read;
use crate::ledger::{Account, Entry};
use crate::programme::Programme;
use crate::rules::Rules;
use crate::state::State;
use crate::turn::Turn;

/// The orders that are looked at.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Span {
    /// Paid from here on
    pub from: Instant,
    /// and before here.
    pub to: Instant,
}

/// An order that earned something else than the version gives for it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Correction {
    /// Which order.
    pub order: String,
    /// When it was paid.
    pub paid: Instant,
    /// Net paid, fen, before refunds.
    pub net: i64,
    /// By how much what it earned is corrected, before refunds.
    pub points: i64,
    /// What is booked for it, net of refunds.
    pub booked: i64,
    /// What would be, net of them.
    pub would_be: i64,
}

impl Correction {
    /// What is booked for it: nothing where what was refunded rounds it away.
    pub fn difference(&self) -> i64 {
        self.would_be - self.booked
    }
}

/// What a re-run finds in a member's history.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Found {
    /// Orders of the span that were judged.
    pub orders: u64,
    /// Those that earned something else, in order of their names.
    pub corrections: Vec<Correction>,
    /// Orders of the span that came with a merge: their payment is in another history, so they are not judged.
    pub elsewhere: u64,
}

/// Judges the orders of a span by a version: with the tier that the member held at payment, whether it was the first order and what was
/// known of the birthday then, and within the version's caps. Orders and check-ins earlier in the first month take up room of the caps by
/// what was booked for them, check-ins in the span as well.
///
/// # Errors
/// Where numbers are too large to reckon.
pub fn find(history: &History<'_>, clock: Instant, version: &Programme, span: Span) -> Read<Found> {
    let zone = &version.zone;
    let since = start_of(zone, zone.day(span.from).first_of_month());
    let mut room = State::new(&Rules::from(version.clone()), Member::default(), since);
    let (mut state, mut entries, mut would) = (history.beginning(), Vec::new(), BTreeMap::new());
    for event in history.events {
        advance(history.rules, &mut state, event.time, &mut entries)?;
        entries.clear();
        let counts = since <= event.time && event.time < span.to;
        let earned = match &event.act {
            Act::OrderPaid { order, net_fen, lines } if counts && !state.orders.contains_key(order) => {
                let (tier, first, born) = (tier(history.rules, &state, version), !state.bought, state.member.birthday);
                Some((order, earn(version, &room, &Purchase { order, at: event.time, net_fen: *net_fen, lines, tier, first, born })?))
            }
            _ => None,
        };
        apply(history.rules, &mut state, event, true, &mut entries)?;
        let day = zone.day(event.time);
        if let Some((order, earning)) = earned {
            let taken = if event.time < span.from {
                Earning { points: state.orders.get(order).map_or(0, |order| order.earned), ..earning }
            } else {
                would.insert(order.as_str(), earning.points);
                earning
            };
            book(version, &mut room, day, &taken);
        } else if counts && event.act == Act::CheckIn {
            book(version, &mut room, day, &Earning { points: given(&entries), parts: Vec::new() });
        }
    }
    advance(history.rules, &mut state, clock, &mut entries)?;
    let mut found = Found::default();
    for (name, order) in state.orders.iter().filter(|(_, order)| span.from <= order.paid && order.paid < span.to) {
        let Some(gives) = would.get(name.as_str()).copied() else {
            found.elsewhere += 1;
            continue;
        };
        found.orders += 1;
        if gives != order.earned && !order.gone() {
            found.corrections.push(Correction {
                order: name.clone(),
                paid: order.paid,
                net: order.net,
                points: gives - order.earned,
                booked: order.earned - order.reversed,
                would_be: gives - order.reversed_of(gives),
            });
        }
    }
    Ok(found)
}

/// The points of a check-in.
fn given(entries: &[Entry]) -> i64 {
    entries.iter().filter(|e| e.cause.kind == "check_in" && e.from == Account::Issued).map(|e| e.amount).sum()
}

/// Where on the version's ladder the tier lies that is held: by id, and where that is not there the nearest lower one that is.
fn tier(rules: &Rules, state: &State, version: &Programme) -> usize {
    let (Some(held), Some(ladder)) = (&rules.held(state).ladder, &version.ladder) else { return 0 };
    let lower = held.tiers.iter().take(state.standing.tier.saturating_add(1)).rev();
    lower.filter_map(|tier| ladder.place(&tier.id)).next().unwrap_or(0)
}

impl Turn<'_> {
    /// An order has earned so many points more, or fewer. Points more go where its own are: pending, or its lot; once that has ended, to
    /// a lot that lives as the programme says. Points fewer are taken back as by a refund.
    pub fn corrected(&mut self, name: &str, points: i64, id: &str) -> Read<Outcome> {
        let Some(order) = self.state.orders.get_mut(name) else { return Ok(Outcome::Unknown) };
        let held = order.earned - order.reversed;
        order.earned = order.earned.saturating_add(points).max(0);
        order.reversed = order.reversed_of(order.earned);
        let more = order.earned - order.reversed - held;
        if more < 0 {
            let pending = order.pending.min(-more);
            order.pending -= pending;
            let lot = order.lot;
            self.post(Account::Pending, Account::Reversed, pending, None)?;
            self.take_back(-more - pending, lot)?;
        } else if order.final_at.is_none() {
            order.pending = order.pending.saturating_add(more);
            self.post(Account::Issued, Account::Pending, more, None)?;
        } else if more > 0 {
            let own = order.lot;
            let lot = match own.filter(|lot| !self.has_ended(*lot)) {
                Some(lot) => lot,
                None => self.open_lot(format!("rerun:{id}")),
            };
            if own.is_none()
                && let Some(order) = self.state.orders.get_mut(name)
            {
                order.lot = Some(lot);
            }
            self.make_available(Account::Issued, lot, more)?;
        }
        Ok(Outcome::Ok)
    }
}
