//! When a person buys: a first time by the shop's calendar, then gaps of their own, until they
//! leave after one of the purchases, unseen by the shop. Peaks draw purchases near, holidays hold
//! them up. Life goes on after the day on which the files end: what follows is part of the truth.

use crate::calendar::{self, DAY};
use crate::make::Plan;
use crate::person::Person;
use crate::rng::Rng;

/// Days of history that the files tell.
pub const HISTORY: i64 = 760;
/// Days beyond the files that the truth tells.
pub const BEYOND: i64 = 365;

/// The times of a person's purchases.
#[derive(Clone, Debug, Default)]
pub struct Life {
    /// Before the files end, ascending.
    pub past: Vec<i64>,
    /// After it.
    pub future: Vec<i64>,
    /// When the person left for good, if that was within sight.
    pub left: Option<i64>,
}

/// The weights of the days of the history, summed up.
#[derive(Debug)]
pub struct Arrivals {
    first: i64,
    sums: Vec<f64>,
}

impl Arrivals {
    /// For files that end before this day.
    pub fn until(day: i64) -> Self {
        let first = day - HISTORY;
        let mut sum = 0.0;
        let sums = (first..day)
            .map(|d| {
                // The shop has grown by half in these two years.
                sum += calendar::weight(d) * (1.0 + 0.5 * (d - first) as f64 / HISTORY as f64);
                sum
            })
            .collect();
        Self { first, sums }
    }

    fn draw(&self, rng: &mut Rng) -> i64 {
        let at = rng.unit() * self.sums.last().copied().unwrap_or(0.0);
        self.first + self.sums.partition_point(|s| *s <= at).min(self.sums.len().saturating_sub(1)) as i64
    }
}

/// A time within a day, by its hours.
pub fn time_on(rng: &mut Rng, day: i64) -> i64 {
    day * DAY + rng.weighted(calendar::hours(day).into_iter()) as i64 * 3_600 + rng.between(0, 3_600)
}

impl Life {
    /// One purchase more at that time, unless there is one on that day.
    pub fn buys_at(&mut self, at: i64, end: i64) {
        let purchases = if at < end { &mut self.past } else { &mut self.future };
        if purchases.iter().all(|t| t.div_euclid(DAY) != at.div_euclid(DAY)) {
            purchases.push(at);
            purchases.sort_unstable();
        }
    }
}

/// Draws the life of a person.
pub fn live(plan: &Plan, arrivals: &Arrivals, person: &Person) -> Life {
    let mut life = Life::default();
    if person.looks_only {
        return life;
    }
    let rng = &mut Rng::of(&[plan.seed, 3, person.index]);
    let until = plan.until_second();
    let first = arrivals.draw(rng);
    let mut at = time_on(rng, first);
    loop {
        if at >= plan.end_second() {
            life.future.push(at)
        } else {
            life.past.push(at)
        }
        if rng.chance(person.dropout) {
            life.left = Some(at);
            return life;
        }
        let days = person.gap * rng.gamma(person.evenness) / person.evenness;
        let mut day = (at + (days * DAY as f64) as i64).div_euclid(DAY).max(at.div_euclid(DAY) + 1);
        if let Some(peak) = calendar::worth_waiting(day, 12).filter(|_| rng.chance(0.45)) {
            day = peak;
        }
        if calendar::holidays(day) && rng.chance(0.6) {
            day += 8;
        }
        if day * DAY >= until + BEYOND * DAY {
            return life;
        }
        at = time_on(rng, day);
    }
}
