//! One world of the slow model comes into another, point by point.

use shuke_loyalty::event::{Act, Event};

use super::world::{Held, Lot, NEVER, Order, Taking, World, end};

fn until(held: &Held) -> i64 {
    let (_, last, grace, _) = *held;
    if grace == NEVER { end(last) } else { end(grace) }
}

impl World {
    /// The other has come to the same time, and names nothing as this one does.
    pub fn absorb(&mut self, other: &World) {
        let (lots, takings) = (self.lots.len(), self.takings.len());
        self.lots.extend(other.lots.iter().map(|lot| Lot { left: 0, ..lot.clone() }));
        let known: Vec<String> = self.orders.iter().map(|o| o.name.clone()).collect();
        self.orders.extend(other.orders.iter().map(|o| Order { lot: o.lot.map(|l| l + lots), ..o.clone() }));
        self.takings
            .extend(other.takings.iter().map(|t| Taking { points: t.points.iter().map(|p| p.map(|l| l + lots)).collect(), ..t.clone() }));
        self.coupons.extend(other.coupons.iter().cloned());
        self.claimed += other.claimed;
        self.growth.extend(&other.growth);
        self.earned.extend(&other.earned);
        self.strain += other.strain;
        self.frozen += other.frozen;
        let run = |days: &[i64]| days.iter().rev().enumerate().take_while(|(i, d)| Some(**d) == days.last().map(|l| l - *i as i64)).count();
        if (other.check_ins.last(), run(&other.check_ins)) > (self.check_ins.last(), run(&self.check_ins)) {
            self.check_ins = other.check_ins.clone();
        }
        for lot in other.spending_order() {
            self.give(lot + lots, other.lots[lot].left);
        }
        for owner in other.debt.iter().map(|owner| owner.map(|p| p + takings)) {
            let Some(lot) = self.spending_order().first().copied() else {
                self.debt.push(owner);
                continue;
            };
            self.lots[lot].left -= 1;
            if let Some(owner) = owner {
                let unpaid = self.takings[owner].points.iter().position(Option::is_none).unwrap();
                self.takings[owner].points.remove(unpaid);
                self.takings[owner].points.push(Some(lot));
            }
        }
        self.waited(other, &known);
        self.holds_the_higher(other);
        self.risen(false);
    }

    fn waited(&mut self, other: &World, known: &[String]) {
        let order = |e: &Event| match &e.act {
            Act::OrderCompleted { order } | Act::Refund { order, .. } | Act::OrderClosed { order } => order.clone(),
            _ => String::new(),
        };
        let mut all: Vec<(Event, bool)> = self.waiting.drain(..).map(|e| (e, true)).collect();
        all.extend(other.waiting.iter().map(|e| (e.clone(), false)));
        all.sort_by_key(|(e, _)| e.time);
        let (follows, rest): (Vec<_>, Vec<_>) =
            all.into_iter().partition(|(e, mine)| self.order(&order(e)).is_some() && *mine != known.contains(&order(e)));
        self.waiting = rest.into_iter().map(|(e, _)| e).collect();
        for (event, _) in follows {
            self.happens(&event, false);
        }
    }

    fn holds_the_higher(&mut self, other: &World) {
        let (mut lower, mut lower_before) = (other.tier, other.before.clone());
        if (lower.0, until(&lower)) > (self.tier.0, until(&self.tier)) {
            std::mem::swap(&mut self.tier, &mut lower);
            std::mem::swap(&mut self.before, &mut lower_before);
        }
        lower_before.push(lower);
        let highest = self.tier.0;
        self.before.extend(lower_before.into_iter().filter(|held| 0 < held.0 && held.0 < highest));
        self.before.sort_by_key(|held| held.0);
        self.rewarded(&other.rewards);
    }

    /// A reward that either was given is given.
    pub(super) fn rewarded(&mut self, others: &[(usize, i64)]) {
        for tier in 1..3 {
            let of = |rewards: &[(usize, i64)]| rewards.iter().filter(|(t, _)| *t == tier).copied().collect::<Vec<_>>();
            let (mine, others) = (of(&self.rewards), of(others));
            let last = mine.last().max(others.last()).copied();
            let mut longer = if others.len() > mine.len() { others } else { mine };
            if let (Some(place), Some(last)) = (longer.last_mut(), last) {
                *place = last;
            }
            self.rewards.retain(|(t, _)| *t != tier);
            self.rewards.extend(longer);
        }
    }
}
