//! Which offers may stand together: groups, limits of coupons, quotas.

use super::case::{Candidate, Case};
use super::plain::*;

impl Case<'_> {
    /// Groups, limits and quotas let the set be.
    pub fn may_be(&self, all: &[Candidate<'_>], set: &[usize]) -> bool {
        let alone = |i: usize, j: usize| {
            all[i].group().is_some() && all[i].group() == all[j].group() && (all[i].exclusive() == "order" || all[j].exclusive() == "order")
        };
        if set.iter().any(|i| set.iter().any(|j| i != j && alone(*i, *j))) {
            return false;
        }
        ["shop", "platform", "shipping"].iter().all(|sort| self.used(all, set, sort) <= self.most(sort))
            && set.iter().filter(|i| all[**i].coupon.is_some()).all(|i| self.of_template(all, set, *i) <= self.template_left(all, *i))
    }

    pub fn used(&self, all: &[Candidate<'_>], set: &[usize], sort: &str) -> i64 {
        set.iter().filter(|i| all[**i].sort_of_coupon() == Some(sort)).count() as i64
    }

    pub fn most(&self, sort: &str) -> i64 {
        self.offers.get("settings").and_then(|s| s.get("max_coupons")).and_then(|m| int(m, sort)).unwrap_or(1)
    }

    pub fn of_template(&self, all: &[Candidate<'_>], set: &[usize], i: usize) -> i64 {
        set.iter().filter(|j| all[**j].coupon.is_some() && text(all[**j].offer, "id") == text(all[i].offer, "id")).count() as i64
    }

    pub fn template_left(&self, all: &[Candidate<'_>], i: usize) -> i64 {
        [int(all[i].offer, "quota_left"), self.times_left(all[i].offer)].into_iter().flatten().min().unwrap_or(i64::MAX)
    }

    pub fn gift_value(&self, all: &[Candidate<'_>], set: &[usize]) -> i64 {
        let of = |i: usize| list(all[i].offer, "gifts").iter().map(|g| int(g, "qty").unwrap() * int(g, "value").unwrap()).sum::<i64>();
        set.iter().map(|i| of(*i)).sum()
    }
}
