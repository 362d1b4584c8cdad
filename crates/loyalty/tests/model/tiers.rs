//! Tiers of the slow model: counted anew from all orders whenever they are asked about.

use super::days::{date_of, day_of};
use super::world::{NEVER, Order, World, day, end, plus_months};
use super::{AHEAD, DAY};

impl World {
    /// Net spend, orders and growth value in the window.
    pub(super) fn counted(&self, t: i64, instead: Option<&Order>) -> (i64, i64, i64) {
        let from = match self.rules.window {
            0 => i64::MIN,
            -1 => day_of(date_of(day(t)).0, 1, 1) * DAY - AHEAD,
            months => plus_months(day(t), -months) * DAY + (t + AHEAD).rem_euclid(DAY) - AHEAD,
        };
        let all = self.orders.iter().map(|o| instead.filter(|i| i.name == o.name).unwrap_or(o));
        let counting: Vec<_> = all.filter(|o| o.finished.is_some_and(|f| from <= f && f <= t) && !o.closed && !o.returned).collect();
        let growth = self.growth.iter().filter(|(at, _)| from <= *at && *at <= t).map(|(_, value)| value).sum();
        (counting.iter().map(|o| o.net - o.refunded).sum(), counting.len() as i64, growth)
    }

    pub(super) fn enters(&self, tier: usize, (net, orders, growth): (i64, i64, i64)) -> bool {
        let met = |(a, b, c): (i64, i64, i64)| net >= a || orders >= b || growth >= c;
        tier == 0 || met(self.rules.tiers[tier - 1])
    }

    pub(super) fn highest(&self, counted: (i64, i64, i64)) -> usize {
        (0..3).rev().find(|t| self.enters(*t, counted)).unwrap()
    }

    pub(super) fn keeps(&self, (net, ..): (i64, i64, i64)) -> bool {
        net >= self.rules.keep
    }

    pub(super) fn first_period(&self) -> i64 {
        let today = day(self.now);
        if self.rules.validity == 0 { day_of(date_of(today).0, 12, 31) } else { plus_months(today, self.rules.validity) }
    }

    pub(super) fn next_period(&self, last: i64) -> i64 {
        let year_end = day_of(date_of(last).0, 12, 31);
        match self.rules.validity {
            0 if year_end > last => year_end,
            0 => plus_months(last, 12),
            months => plus_months(last, months),
        }
    }

    pub(super) fn rise(&mut self) {
        self.risen(true);
    }

    pub(super) fn risen(&mut self, rewarded: bool) {
        let counted = self.counted(self.now, None);
        let to = self.highest(counted);
        if to > self.tier.0 {
            self.before.push(self.tier);
            self.tier = (to, self.first_period(), NEVER, self.now);
            let given: Vec<_> = self.rewards.iter().filter(|(t, _)| *t == to).collect();
            if rewarded && given.last().is_none_or(|(_, until)| self.now >= *until) && self.rules.rewards[to - 1] > 0 {
                let id = format!("reward:v{to}:{}", given.len() + 1);
                self.rewards.push((to, end(self.tier.1)));
                self.gift(id, self.rules.rewards[to - 1]);
            }
        } else if self.tier.2 != NEVER && self.keeps(counted) {
            self.tier = (self.tier.0, self.first_period(), NEVER, self.now);
        }
    }

    pub(super) fn tier_ends(&mut self) {
        let (tier, last, grace, _) = self.tier;
        let ended = if grace == NEVER { end(last) } else { end(grace) };
        let counted = self.counted(ended - 1, None);
        if self.keeps(counted) && grace == NEVER {
            self.tier = (tier, self.next_period(last), NEVER, ended);
        } else if grace == NEVER && self.rules.grace > 0 {
            self.tier.2 = last + self.rules.grace;
        } else {
            let free = self.highest(counted).min(tier);
            let to = if self.keeps(counted) { tier } else { free.max(if self.rules.step_down { tier - 1 } else { 0 }) };
            self.before.clear();
            self.tier = if to == 0 { (0, NEVER, NEVER, ended) } else { (to, self.next_period(last), NEVER, ended) };
        }
        self.rise();
    }

    pub(super) fn sinks(&mut self, was: &Order) {
        let Some(finished) = was.finished else { return };
        let in_window = self.now < finished + self.rules.refund_days * DAY;
        if self.rules.refund_days == -2 || self.rules.refund_days != -1 && !in_window {
            return;
        }
        let mut first = true;
        while self.tier.0 > 0 {
            let (tier, entered) = (self.tier.0, self.tier.3);
            let met = |t, instead: Option<&Order>| self.enters(tier, self.counted(t, instead));
            let here = first && met(self.now, Some(was));
            first = false;
            let there = met(entered, Some(was)) && !met(entered, None);
            if met(self.now, None) || !here && !there {
                return;
            }
            let qualified = self.highest(self.counted(self.now, None)).min(tier - 1);
            let held = self.before.pop().unwrap_or((0, NEVER, NEVER, entered));
            let until = if held.2 == NEVER { end(held.1) } else { end(held.2) };
            if until > self.now && held.0 >= qualified {
                self.tier = held;
            } else {
                self.before.retain(|b| b.0 < qualified);
                self.tier = if qualified == 0 { (0, NEVER, NEVER, entered) } else { (qualified, self.tier.1, self.tier.2, entered) };
            }
        }
    }
}
