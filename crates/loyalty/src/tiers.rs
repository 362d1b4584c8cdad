//! Tiers: risen to at once, held for a period, judged at its end, taken back by a refund where the ladder says so.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use shuke_kernel::{Instant, Zone};

use crate::calendar::{self, DAY, later};
use crate::compact::{instant, usual};
use crate::jobs::Due;
use crate::json::Read;
use crate::ledger::Cause;
use crate::programme::{Condition, Ladder, Metric, OnRefund, Window};
use crate::rules::Rules;
use crate::state::{Order, State};
use crate::turn::Turn;

/// The tier a member holds, and what it replaced.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct Standing {
    /// Place in the ladder, 0 the lowest.
    #[serde(default, skip_serializing_if = "usual")]
    pub tier: usize,
    /// The last day of its period; the lowest has none.
    #[serde(default, skip_serializing_if = "usual")]
    pub last_day: Option<Date>,
    /// While in grace: the last day of grace.
    #[serde(default, skip_serializing_if = "usual")]
    pub grace: Option<Date>,
    /// When its period was entered, by rising or at the end of the one before.
    #[serde(with = "instant")]
    pub entered: Instant,
    /// What was held before each rise that still stands, the latest last.
    #[serde(default, skip_serializing_if = "usual")]
    pub before: Vec<Held>,
    /// For each tier that gave its reward, by id: how often, and when the period ends in which it last did.
    #[serde(default, skip_serializing_if = "usual")]
    pub rewards: BTreeMap<String, (u32, Instant)>,
}

/// A tier that was held before a rise, with its own period.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Held {
    #[serde(default, skip_serializing_if = "usual")]
    tier: usize,
    #[serde(default, skip_serializing_if = "usual")]
    last_day: Option<Date>,
    #[serde(default, skip_serializing_if = "usual")]
    grace: Option<Date>,
    #[serde(with = "instant")]
    entered: Instant,
}

impl Standing {
    /// When the tier ends, or its grace; none for the lowest.
    pub fn until(&self, zone: &Zone) -> Option<Instant> {
        self.grace.or(self.last_day).map(|day| calendar::end_of(zone, day))
    }

    /// Finds the places of another ladder for what is and was held.
    pub(crate) fn move_to(&mut self, place: impl Fn(usize) -> usize) {
        let now = place(self.tier);
        self.tier = now;
        self.before.iter_mut().for_each(|held| held.tier = place(held.tier));
        self.before.retain(|held| held.tier < now);
    }

    /// Joins what another member of the same person holds: of the two tiers the higher one is held, of equals the one that ends later;
    /// the other is one that a refund may go back to. A reward that either was given is given.
    pub(crate) fn join(&mut self, other: &Self, zone: &Zone) {
        let rank = |standing: &Self| (standing.tier, standing.until(zone).unwrap_or(Instant::from_micros(i64::MAX)));
        let mut lower = other.clone();
        if rank(&lower) > rank(self) {
            std::mem::swap(self, &mut lower);
        }
        let held = Held { tier: lower.tier, last_day: lower.last_day, grace: lower.grace, entered: lower.entered };
        let below = lower.before.into_iter().chain([held]).filter(|held| 0 < held.tier && held.tier < self.tier);
        self.before.extend(below);
        self.before.sort_by_key(|held| held.tier);
        self.rewarded(&lower.rewards);
    }

    /// Takes rewards as given that were given elsewhere.
    pub(crate) fn rewarded(&mut self, rewards: &BTreeMap<String, (u32, Instant)>) {
        for (tier, (count, until)) in rewards {
            let given = self.rewards.entry(tier.clone()).or_insert((*count, *until));
            *given = (given.0.max(*count), given.1.max(*until));
        }
    }

    /// The earliest instant, none later than `now`, at which something may yet be counted anew for tiers.
    pub(crate) fn earliest_judged(&self, zone: &Zone, now: Instant) -> Instant {
        let held = (self.tier, self.last_day, self.entered);
        let before = self.before.iter().map(|held| (held.tier, held.last_day, held.entered));
        let above = std::iter::once(held).chain(before).filter(|(tier, _, _)| *tier > 0);
        above.fold(now, |earliest, (_, last_day, entered)| {
            let end = last_day.map_or(now, |day| calendar::end_of(zone, day));
            earliest.min(entered).min(end)
        })
    }
}

/// What counts for tiers at an instant.
pub(crate) struct Counted {
    net_spend: i128,
    orders: i128,
    growth: i128,
}

impl Counted {
    pub(crate) fn of(&self, metric: Metric) -> i128 {
        match metric {
            Metric::NetSpend => self.net_spend,
            Metric::Orders => self.orders,
            Metric::Growth => self.growth,
        }
    }

    fn meets(&self, condition: &Condition) -> bool {
        let mut each = condition.of.iter().map(|(metric, min)| self.of(*metric) >= i128::from(*min));
        if condition.all { each.all(|met| met) } else { each.any(|met| met) }
    }

    /// The highest place of the ladder whose entry is met.
    fn qualifies_for(&self, ladder: &Ladder) -> usize {
        let met = |tier: &crate::programme::Tier| tier.entry.as_ref().is_some_and(|entry| self.meets(entry));
        ladder.tiers.iter().rposition(met).unwrap_or(0)
    }
}

/// Counts at `t` what is in the window; `instead` says what an order was before it was changed.
pub(crate) fn counted(state: &State, ladder: &Ladder, zone: &Zone, t: Instant, instead: Option<(&str, &Order)>) -> Counted {
    let from = ladder.window.begins(zone, t);
    let inside = |at: Instant| from <= at && at <= t;
    let mut counted = Counted { net_spend: 0, orders: 0, growth: 0 };
    // What is kept apart lies before every window but this one, and before every instant that is judged.
    if ladder.window == Window::Lifetime {
        let far = &state.far;
        counted = Counted { net_spend: far.net, orders: i128::from(far.orders), growth: far.growth };
    }
    for (name, order) in &state.orders {
        let order = instead.filter(|(other, _)| other == name).map_or(order, |(_, before)| before);
        if order.final_at.is_some_and(inside) && !order.gone() {
            counted.net_spend += i128::from(order.left());
            counted.orders += 1;
        }
    }
    counted.growth += state.growth.values().filter(|(at, _)| inside(*at)).map(|(_, value)| i128::from(*value)).sum::<i128>();
    counted
}

/// Whether a tier is kept by its keep condition.
fn keeps(ladder: &Ladder, tier: usize, counted: &Counted) -> bool {
    ladder.tiers.get(tier).and_then(|tier| tier.keep.as_ref()).is_some_and(|keep| counted.meets(keep))
}

/// The tier after a period, or its grace, that ends with what counts then.
fn falls_to(ladder: &Ladder, tier: usize, counted: &Counted) -> usize {
    let lowest = if ladder.step_down { tier.saturating_sub(1) } else { 0 };
    if keeps(ladder, tier, counted) { tier } else { counted.qualifies_for(ladder).clamp(lowest, tier) }
}

/// The tier that a state would have if its period ended now, without grace; none without a ladder.
pub(crate) fn judged(rules: &Rules, state: &State) -> Option<usize> {
    let programme = rules.held(state);
    let ladder = programme.ladder.as_ref()?;
    Some(falls_to(ladder, state.standing.tier, &counted(state, ladder, &programme.zone, state.clock, None)))
}

impl Turn<'_> {
    /// Growth value is gained or lost.
    pub fn grow(&mut self, value: i64) -> Read<()> {
        self.state.growth.insert(self.state.grown, (self.now, value));
        self.state.grown = self.state.grown.saturating_add(1);
        self.rise()
    }

    /// Something counts more than before: rises to the highest tier whose entry is met, or renews one that is in grace.
    pub fn rise(&mut self) -> Read<()> {
        self.risen(true)
    }

    /// Rises, with the reward of the tier that is reached or without.
    pub(crate) fn risen(&mut self, rewarded: bool) -> Read<()> {
        let programme = self.programme;
        let Some(ladder) = &programme.ladder else { return Ok(()) };
        let counted = counted(self.state, ladder, &programme.zone, self.now, None);
        let reached = counted.qualifies_for(ladder);
        let standing = &mut self.state.standing;
        if reached > standing.tier {
            let held = Held { tier: standing.tier, last_day: standing.last_day, grace: standing.grace, entered: standing.entered };
            standing.before.push(held);
            standing.tier = reached;
            self.begin_period(ladder.validity.last_day(self.today()), self.now);
            return if rewarded { self.reward(ladder, reached) } else { Ok(()) };
        }
        if standing.grace.is_some() && keeps(ladder, standing.tier, &counted) {
            self.begin_period(ladder.validity.last_day(self.today()), self.now);
        }
        Ok(())
    }

    pub(crate) fn begin_period(&mut self, last_day: Date, entered: Instant) {
        let standing = &mut self.state.standing;
        (standing.last_day, standing.grace, standing.entered) = (Some(last_day), None, entered);
        self.expect_tier_end();
    }

    pub(crate) fn expect_tier_end(&mut self) {
        if let Some(due) = self.state.standing.until(&self.programme.zone) {
            self.expect(due, Due::TierEnd);
        }
    }

    /// The reward of a tier that is reached: not again before the end of the period in which it was given.
    fn reward(&mut self, ladder: &Ladder, tier: usize) -> Read<()> {
        let (points, id) = (ladder.tiers[tier].reward_points, &ladder.tiers[tier].id);
        let given = self.state.standing.rewards.get(id).copied();
        if points == 0 || given.is_some_and(|(_, until)| self.now < until) {
            return Ok(());
        }
        let Some(until) = self.state.standing.until(&self.programme.zone) else { return Ok(()) };
        let count = given.map_or(0, |(count, _)| count).saturating_add(1);
        self.state.standing.rewards.insert(id.clone(), (count, until));
        let event = std::mem::replace(&mut self.cause, Cause { kind: "tier_reward".to_owned(), id: format!("{id}:{count}") });
        self.grant(format!("reward:{id}:{count}"), points)?;
        self.cause = event;
        Ok(())
    }

    /// A period, or its grace, ends: judged one microsecond before.
    pub fn tier_ends(&mut self) -> Read<()> {
        let programme = self.programme;
        let (Some(ladder), Some(last_day)) = (&programme.ladder, self.state.standing.last_day) else { return Ok(()) };
        let Some(end) = self.state.standing.until(&programme.zone).filter(|end| *end <= self.now) else { return Ok(()) };
        let counted = counted(self.state, ladder, &programme.zone, later(end, -1), None);
        let standing = &mut self.state.standing;
        let in_grace = standing.grace.is_some();
        let kept = keeps(ladder, standing.tier, &counted);
        if kept && !in_grace {
            self.begin_period(ladder.validity.next_last_day(last_day), end);
        } else if !kept && !in_grace && ladder.grace_days > 0 {
            standing.grace = Some(calendar::plus_days(last_day, ladder.grace_days));
            self.expect_tier_end();
        } else {
            let falls_to = falls_to(ladder, standing.tier, &counted);
            standing.tier = falls_to;
            standing.before.clear();
            if falls_to == 0 {
                (standing.last_day, standing.grace, standing.entered) = (None, None, end);
            } else {
                self.begin_period(ladder.validity.next_last_day(last_day), end);
            }
        }
        // An order that became final at this very instant was not judged; it counts from here on.
        self.rise()
    }

    /// An order counts less than `before`: a tier it brought may go.
    pub fn sink(&mut self, name: &str, before: &Order) {
        let programme = self.programme;
        let Some(ladder) = &programme.ladder else { return };
        let Some(final_at) = before.final_at else { return };
        let judged = match ladder.on_refund {
            OnRefund::Always => true,
            OnRefund::PeriodEnd => false,
            OnRefund::Window(days) => self.now < later(final_at, days.saturating_mul(DAY)),
        };
        if !judged || !self.entry_broken(ladder, name, before, true) {
            return;
        }
        self.back(ladder);
        // The tier held before may have been entered by the same order: then it goes as well.
        while self.entry_broken(ladder, name, before, false) {
            self.back(ladder);
        }
    }

    /// Whether the entry of the tier held is not met, and it is this refund that broke it: as of the time of entering, or `today`.
    fn entry_broken(&self, ladder: &Ladder, name: &str, before: &Order, today: bool) -> bool {
        let (standing, zone) = (&self.state.standing, &self.programme.zone);
        let Some(entry) = ladder.tiers[standing.tier].entry.as_ref().filter(|_| standing.tier > 0) else { return false };
        let met = |t: Instant, instead| counted(self.state, ladder, zone, t, instead).meets(entry);
        let was = Some((name, before));
        !met(self.now, None) && (today && met(self.now, was) || met(standing.entered, was) && !met(standing.entered, None))
    }

    /// Back to the tier held before with its own period, if that runs and no higher one is qualified for; else to the highest qualified, with the period that is.
    fn back(&mut self, ladder: &Ladder) {
        let zone = &self.programme.zone;
        let qualified = counted(self.state, ladder, zone, self.now, None).qualifies_for(ladder);
        let now = self.now;
        let standing = &mut self.state.standing;
        let qualified = qualified.min(standing.tier - 1);
        let held = standing.before.pop().unwrap_or(Held { tier: 0, last_day: None, grace: None, entered: standing.entered });
        let runs = held.grace.or(held.last_day).is_none_or(|day| calendar::end_of(zone, day) > now);
        if runs && held.tier >= qualified {
            (standing.tier, standing.last_day, standing.grace, standing.entered) = (held.tier, held.last_day, held.grace, held.entered);
        } else {
            standing.before.retain(|other| other.tier < qualified);
            standing.tier = qualified;
            if qualified == 0 {
                (standing.last_day, standing.grace) = (None, None);
            }
        }
        self.expect_tier_end();
    }
}
