//! After all reductions of goods: lowest prices, points, shipping.

use serde_json::{Value, json};

use super::case::{Candidate, Case};
use super::plain::*;
use super::run::Run;

impl Case<'_> {
    pub fn floors(&self, run: &mut Run) {
        let floors = self.offers.get("settings").and_then(|s| s.get("floors")).cloned().unwrap_or(json!({}));
        for l in 0..self.lines.len() {
            let Some(floor) = int(&floors, self.sku(l)) else { continue };
            let base = unit_split(self.base[l], self.qty(l));
            let at: Vec<usize> = (0..run.log.len()).filter(|k| run.log[*k].1 == l).collect();
            let mut parts: Vec<Vec<i64>> = at.iter().map(|k| unit_split(run.log[*k].2, self.qty(l))).collect();
            for (piece, price) in base.iter().enumerate() {
                let mut payable = price - parts.iter().map(|p| p[piece]).sum::<i64>();
                for part in parts.iter_mut().rev() {
                    while payable < floor && part[piece] > 0 {
                        part[piece] -= 1;
                        payable += 1;
                    }
                }
            }
            for (k, part) in at.into_iter().zip(parts) {
                run.log[k].2 = part.iter().sum();
            }
        }
        run.log.retain(|(_, _, o)| *o > 0);
    }

    pub fn points(&self, run: &mut Run, left: &mut [i64]) {
        let Some(terms) = self.offers.get("settings").and_then(|s| s.get("points_cash")).filter(|t| !t.is_null()) else { return };
        let Some(member) = self.member else { return };
        let asked = match self.cart.get("points_to_use") {
            Some(Value::String(_)) => i64::MAX,
            Some(v) => v.as_i64().unwrap_or(0),
            None => 0,
        };
        let goods: i64 = left.iter().sum();
        if goods < int(terms, "min_goods").unwrap_or(0) {
            return;
        }
        let (a, b) = rate(text(terms, "max_share").unwrap_or("1"));
        let share = (i128::from(goods) * a / b) as i64;
        let (points, fen) = (int(terms, "points").unwrap(), int(terms, "fen").unwrap());
        let units =
            (asked.min(int(member, "points").unwrap_or(0).max(0)) / points).min(share.min(int(terms, "max_fen").unwrap_or(i64::MAX)) / fen);
        let amounts: Vec<(usize, i64)> = left.iter().copied().enumerate().collect();
        let shares = largest_remainder(units * fen, &amounts);
        run.points_used = units * points;
        for (l, p) in largest_remainder(run.points_used, &shares) {
            run.points[l] = p;
        }
        for (l, f) in shares {
            left[l] -= f;
            run.fen[l] = f;
        }
    }

    pub fn shipping(&self, all: &[Candidate<'_>], set: &[usize], run: &mut Run, left: &[i64]) {
        run.starts.insert("shipping", left.to_vec());
        let fee = int(self.cart, "shipping_fee").unwrap_or(0);
        let cap = |i: usize, of: i64| int(all[i].offer, "cap").map_or(of, |c| c.min(of));
        let mut turns: Vec<usize> = set.iter().copied().filter(|i| all[*i].step == "shipping").collect();
        let met: Vec<bool> = turns.iter().map(|i| self.met(&all[*i], left).is_some()).collect();
        run.holds &= met.iter().all(|m| *m);
        turns = turns.into_iter().zip(met).filter(|(_, m)| *m).map(|(i, _)| i).collect();
        let giver = |i: usize| {
            if all[i].coupon.is_none() {
                0
            } else if all[i].platform() {
                2
            } else {
                1
            }
        };
        turns.sort_by_key(|i| (giver(*i), -all[*i].priority(), -cap(*i, fee), all[*i].id.clone()));
        let mut rest = fee;
        for i in turns {
            let off = cap(i, rest);
            rest -= off;
            run.took.insert(i, off);
            run.turns.push(i);
            if off > 0 {
                run.shipping.push((i, off));
            }
        }
        run.total = left.iter().sum::<i64>() + rest;
    }
}

pub fn points_refused(case: &Case<'_>, goods: i64) -> &'static str {
    let Some(_) = case.member else { return "not_entitled" };
    let Some(terms) = case.offers.get("settings").and_then(|s| s.get("points_cash")).filter(|t| !t.is_null()) else { return "no_effect" };
    let (a, b) = rate(text(terms, "max_share").unwrap_or("1"));
    let cap = ((i128::from(goods) * a / b) as i64).min(int(terms, "max_fen").unwrap_or(i64::MAX));
    if goods < int(terms, "min_goods").unwrap_or(0) {
        "threshold_not_met"
    } else if cap < int(terms, "fen").unwrap() {
        "no_effect"
    } else {
        "insufficient_points"
    }
}
