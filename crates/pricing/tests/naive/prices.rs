//! The price step: member prices and flash prices, lines in order.

use std::collections::BTreeMap;

use serde_json::Value;

use super::case::Case;
use super::plain::*;

/// How many units are left, by promotion and sku; of the whole promotion under no sku.
type Units = BTreeMap<(String, String), i64>;

fn id(p: &Value) -> String {
    text(p, "id").unwrap().to_owned()
}

fn is_flash(p: &Value) -> bool {
    text(p, "kind") == Some("flash_price")
}

impl<'a> Case<'a> {
    /// Replaces prices; tells which price promotions are not applied.
    pub fn prices(&mut self) -> Vec<(String, &'static str)> {
        let mut promotions: Vec<&Value> = list(self.offers, "promotions");
        promotions.retain(|p| matches!(text(p, "kind"), Some("member_price" | "flash_price")));
        promotions.sort_by_key(|p| (-int(p, "priority").unwrap_or(0), id(p)));
        let (mut refused, mut open, mut units) = (Vec::new(), Vec::new(), Units::new());
        for p in promotions {
            match self.price_refused(p) {
                Some(code) => refused.push((id(p), code)),
                None => {
                    units.extend(self.units(p));
                    open.push(p);
                }
            }
        }
        let mut price_by = Vec::new();
        for l in 0..self.lines.len() {
            let Some((amount, p, k)) = self.lowest(&open, &units, l) else {
                price_by.push(None);
                continue;
            };
            self.base[l] = amount;
            price_by.push(Some((text(p, "kind").unwrap().to_owned(), id(p))));
            if is_flash(p) {
                *units.get_mut(&(id(p), String::new())).unwrap() -= k;
                *units.get_mut(&(id(p), self.sku(l).to_owned())).unwrap() -= k;
            }
        }
        for p in open {
            if !price_by.iter().flatten().any(|(_, by)| *by == id(p)) {
                let below = |l: usize| {
                    list(p, "items").iter().any(|i| text(i, "sku") == Some(self.sku(l)) && int(i, "price").unwrap() < self.unit(l))
                };
                refused.push((id(p), if self.scope(p).into_iter().any(below) { "not_lowest" } else { "no_effect" }));
            }
        }
        self.price_by = price_by;
        refused
    }

    /// Why its price is for no line, whatever the others are.
    fn price_refused(&self, p: &Value) -> Option<&'static str> {
        let item_of = |l: usize| list(p, "items").into_iter().find(|i| text(i, "sku") == Some(self.sku(l)));
        let of_it: Vec<usize> = self.scope(p).into_iter().filter(|l| item_of(*l).is_some()).collect();
        let code = self.refused(&id(p), p, None);
        if code.is_none() || matches!(code, Some("category_mismatch" | "too_heavy")) {
            let gone = |i: &Value| is_flash(p) && int(i, "quota_left") == Some(0);
            if of_it.is_empty() {
                return Some(if list(p, "items").iter().all(|i| gone(i)) { "quota_exhausted" } else { "category_mismatch" });
            } else if of_it.iter().all(|l| gone(item_of(*l).unwrap())) {
                return Some("quota_exhausted");
            }
        }
        let scope = self.scope(p);
        let amount: i64 = scope.iter().map(|l| self.unit(*l) * self.qty(*l)).sum();
        let pieces: i64 = scope.iter().map(|l| self.qty(*l)).sum();
        let missed = amount < int(p, "min_amount").unwrap_or(0) || pieces < int(p, "min_qty").unwrap_or(0);
        code.or(missed.then_some("threshold_not_met"))
    }

    fn units(&self, p: &Value) -> Units {
        let mut units = Units::new();
        if is_flash(p) {
            let whole = [int(p, "quota_left"), self.times_left(p)].into_iter().flatten().min().unwrap_or(i64::MAX);
            units.insert((id(p), String::new()), whole);
            for i in list(p, "items") {
                units.insert((id(p), text(i, "sku").unwrap().to_owned()), int(i, "quota_left").unwrap_or(i64::MAX));
            }
        }
        units
    }

    /// The lowest amount of a line, whose promotion, and for how many units.
    fn lowest<'p>(&self, open: &[&'p Value], units: &Units, l: usize) -> Option<(i64, &'p Value, i64)> {
        let mut best: Option<(i64, &Value, i64)> = None;
        for p in open.iter().filter(|p| self.in_scope(p, l)) {
            for item in list(p, "items").into_iter().filter(|i| text(i, "sku") == Some(self.sku(l))) {
                let price = int(item, "price").unwrap();
                let mut k = self.qty(l);
                if is_flash(p) {
                    k = k.min(units[&(id(p), String::new())]).min(units[&(id(p), self.sku(l).to_owned())]);
                }
                let amount = k * price + (self.qty(l) - k) * self.unit(l);
                if price < self.unit(l) && k > 0 && best.is_none_or(|(b, ..)| amount < b) {
                    best = Some((amount, p, k));
                }
            }
        }
        best
    }
}
