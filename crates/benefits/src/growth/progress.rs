//! How far a member is with a goal: a pure function of what is known of them.

use std::collections::BTreeSet;

use shuke_kernel::{Instant, Zone};
use shuke_members::profile::Filled;
use shuke_programme::ProgrammeId;

use super::goal::{Field, Goal, GoalKind};
use super::model::Task;
use super::period::{Period, Span};

/// An order as it counts now.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Purchase {
    /// When it was paid.
    pub at: Instant,
    /// Since when, or from when on, it is final; none as long as it is not complete.
    pub final_at: Option<Instant>,
    /// Of which shop.
    pub shop: Option<String>,
    /// Goods paid less what went back, minor units.
    pub net: i64,
    /// The same of each of its lines, with its category.
    pub parts: Vec<(Option<String>, i64)>,
}

/// Something a member did.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Deed {
    /// What.
    pub kind: String,
    /// When.
    pub at: Instant,
    /// On which goods.
    pub sku: Option<String>,
}

/// What is known of a member, as far as tasks ask.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Facts {
    /// Which facts are known.
    pub filled: Filled,
    /// Orders.
    pub purchases: Vec<Purchase>,
    /// Acts.
    pub deeds: Vec<Deed>,
    /// When they checked in.
    pub check_ins: Vec<Instant>,
    /// Points that became free to spend; below nothing where they were taken back.
    pub points: Vec<(ProgrammeId, Instant, i64)>,
}

/// How far somebody is: facts, orders, minor units, acts, days or points.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Progress {
    /// So much is done.
    pub have: i64,
    /// So much is done and counts once its orders are final.
    pub waiting: i64,
    /// So much is needed.
    pub need: i64,
}

impl Progress {
    /// Whether it is done.
    pub fn reached(self) -> bool {
        self.have >= self.need
    }

    /// What is missing, of which some may wait.
    pub fn open(self) -> i64 {
        (self.need - self.have).max(0)
    }
}

impl Field {
    /// Whether it is known.
    pub fn is_in(self, filled: Filled) -> bool {
        match self {
            Self::Name => filled.name,
            Self::Gender => filled.gender,
            Self::Birthday => filled.birthday,
            Self::Region => filled.region,
        }
    }
}

/// What of an order is of the goal, minor units.
fn worth(goal: &Goal, purchase: &Purchase) -> i64 {
    let shop = purchase.shop.as_ref();
    if !goal.shops.is_empty() && !shop.is_some_and(|shop| goal.shops.contains(shop)) {
        return 0;
    }
    if goal.categories.is_empty() {
        return purchase.net.max(0);
    }
    let of = |category: &Option<String>| category.as_ref().is_some_and(|c| goal.categories.contains(c));
    let sum = purchase.parts.iter().filter(|(category, _)| of(category)).fold(0_i64, |sum, (_, net)| sum.saturating_add((*net).max(0)));
    // Money that went back of no line in particular has lowered the order alone.
    sum.min(purchase.net.max(0))
}

/// How far somebody is in a stretch of a task's time at `now`.
pub fn progress(task: &Task, span: Span, facts: &Facts, zone: &Zone, now: Instant) -> Progress {
    let goal = &task.definition.goal;
    let counts = |at: Instant| span.has(at) && at <= now;
    let mut done = Progress { need: goal.need(), ..Progress::default() };
    let count = |n: usize| i64::try_from(n).unwrap_or(i64::MAX);
    match goal.kind {
        GoalKind::Profile => done.have = count(goal.fields.iter().filter(|field| field.is_in(facts.filled)).count()),
        GoalKind::Orders | GoalKind::Spend => {
            for purchase in facts.purchases.iter().filter(|p| counts(p.at)) {
                let worth = worth(goal, purchase);
                let adds = if goal.kind == GoalKind::Orders { i64::from(worth > 0) } else { worth };
                let to = if purchase.final_at.is_some_and(|at| at <= now) { &mut done.have } else { &mut done.waiting };
                *to = to.saturating_add(adds);
            }
        }
        GoalKind::Acts => {
            let is = |deed: &&Deed| {
                let on = goal.skus.is_empty() || deed.sku.as_ref().is_some_and(|sku| goal.skus.contains(sku));
                goal.act.as_deref() == Some(&*deed.kind) && on && counts(deed.at)
            };
            done.have = count(facts.deeds.iter().filter(is).count());
        }
        GoalKind::CheckIn => {
            let days: BTreeSet<_> = facts.check_ins.iter().filter(|at| counts(**at)).map(|at| zone.day(*at)).collect();
            done.have = count(days.len());
        }
        GoalKind::Points => {
            let of = |(programme, at, _): &&(ProgrammeId, Instant, i64)| task.definition.who.programme == Some(*programme) && counts(*at);
            done.have = facts.points.iter().filter(of).fold(0_i64, |sum, (_, _, points)| sum.saturating_add(*points)).max(0);
        }
    }
    done
}

/// The periods in which somebody did something that may be of a task, and the one in which `now` lies.
pub fn periods(task: &Task, facts: &Facts, zone: &Zone, now: Instant) -> BTreeSet<Period> {
    let kind = task.definition.goal.kind;
    let mut times: Vec<Instant> = vec![now];
    match kind {
        GoalKind::Profile => {}
        GoalKind::Orders | GoalKind::Spend => times.extend(facts.purchases.iter().map(|p| p.at)),
        GoalKind::Acts => times.extend(facts.deeds.iter().map(|d| d.at)),
        GoalKind::CheckIn => times.extend(&facts.check_ins),
        GoalKind::Points => times.extend(facts.points.iter().map(|(_, at, _)| *at)),
    }
    times.into_iter().filter(|at| *at <= now).filter_map(|at| task.period(zone, at)).collect()
}

#[cfg(test)]
#[path = "progress_tests.rs"]
mod tests;
