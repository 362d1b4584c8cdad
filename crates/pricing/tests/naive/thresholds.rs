//! Thresholds, judged at the start of a step: what an offer does, if it does anything.

use std::collections::BTreeSet;

use serde_json::json;

use super::case::{Candidate, Case};
use super::plain::*;

pub enum Deed {
    Percent(String, Option<i64>),
    Amount(i64),
    ByKind,
}

impl Case<'_> {
    /// What it would do at `amounts`, whose thresholds are judged at `start`. `None`: not met.
    pub fn met(&self, c: &Candidate<'_>, start: &[i64]) -> Option<Deed> {
        let scope = self.scope(c.offer);
        let amount: i64 = scope.iter().map(|l| start[*l]).sum();
        let pieces: i64 = scope.iter().map(|l| self.qty(*l)).sum();
        if amount < int(c.offer, "min_amount").unwrap_or(0) || pieces < int(c.offer, "min_qty").unwrap_or(0) {
            return None;
        }
        match (c.coupon.is_some(), c.kind()) {
            (false, "stepped_threshold") => {
                let by = if text(c.offer, "by") == Some("qty") { "min_qty" } else { "min_amount" };
                let have = if by == "min_qty" { pieces } else { amount };
                let step =
                    list(c.offer, "steps").into_iter().filter(|s| int(s, by).unwrap() <= have).max_by_key(|s| int(s, by).unwrap())?;
                Some(match int(step, "amount_off") {
                    None => Deed::Percent(text(step, "pay_rate").unwrap().to_owned(), int(step, "cap")),
                    Some(off) if c.offer.get("repeat") == Some(&json!(true)) => {
                        Deed::Amount(off * (have / int(step, by).unwrap()).min(int(c.offer, "max_times").unwrap_or(i64::MAX)))
                    }
                    Some(off) => Deed::Amount(off),
                })
            }
            (false, "nth_item") => {
                let n = int(c.offer, "n").unwrap();
                let enough = if text(c.offer, "across") == Some("sku") {
                    let skus: BTreeSet<&str> = scope.iter().map(|l| self.sku(*l)).collect();
                    skus.iter().any(|s| scope.iter().filter(|l| self.sku(**l) == *s).map(|l| self.qty(*l)).sum::<i64>() >= n)
                } else {
                    pieces >= n
                };
                enough.then_some(Deed::ByKind)
            }
            (false, "bundle_price") => {
                let items = list(c.offer, "items");
                let enough = items.iter().all(|i| {
                    let have: i64 = scope.iter().filter(|l| Some(self.sku(**l)) == text(i, "sku")).map(|l| self.qty(*l)).sum();
                    have >= items.iter().filter(|j| text(j, "sku") == text(i, "sku")).map(|j| int(j, "qty").unwrap()).sum()
                });
                (enough && int(c.offer, "max_sets") != Some(0)).then_some(Deed::ByKind)
            }
            (true, "percent_off") => Some(Deed::Percent(text(c.offer, "pay_rate").unwrap().to_owned(), int(c.offer, "cap"))),
            (true, "amount_off" | "no_threshold") => Some(Deed::Amount(c.amount())),
            _ => Some(Deed::ByKind),
        }
    }
}
