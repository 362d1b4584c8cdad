//! What each promotion and coupon takes off each line at its turn.

use std::collections::BTreeSet;

use super::case::{Candidate, Case};
use super::plain::*;
use super::thresholds::Deed;

impl Case<'_> {
    /// What it takes off each line now, over `lines`; the pieces it takes are added to `taken`.
    pub fn take(
        &self,
        c: &Candidate<'_>,
        deed: &Deed,
        lines: &[usize],
        left: &[i64],
        taken: &mut BTreeSet<(usize, i64)>,
    ) -> Vec<(usize, i64)> {
        let amounts: Vec<(usize, i64)> = lines.iter().map(|l| (*l, left[*l])).collect();
        let sum: i64 = amounts.iter().map(|(_, a)| a).sum();
        match deed {
            Deed::Percent(rate, cap) => {
                let off = sum - half_up(sum, rate);
                return largest_remainder(cap.map_or(off, |c| c.min(off)), &amounts);
            }
            Deed::Amount(amount) => return largest_remainder(sum.min(*amount), &amounts),
            Deed::ByKind => {}
        }
        match c.kind() {
            "percent_off" => {
                let off: Vec<(usize, i64)> =
                    amounts.iter().map(|(l, a)| (*l, a - half_up(*a, text(c.offer, "pay_rate").unwrap()))).collect();
                match int(c.offer, "cap") {
                    Some(cap) if off.iter().map(|(_, o)| o).sum::<i64>() > cap => largest_remainder(cap, &amounts),
                    _ => off,
                }
            }
            "amount_off" => {
                let amount = int(c.offer, "amount").unwrap();
                let each = |l: usize| if text(c.offer, "per") == Some("line") { amount } else { amount * self.qty(l) };
                amounts.iter().map(|(l, a)| (*l, each(*l).min(*a))).collect()
            }
            "nth_item" => self.nth(c, lines, left, taken),
            "bundle_price" => self.bundle(c, lines, left, taken),
            "exchange" => {
                let mut best: Option<(usize, i64)> = None;
                for l in lines.iter().filter(|l| Some(self.sku(**l)) == text(c.offer, "sku")) {
                    let first = unit_split(left[*l], self.qty(*l))[0];
                    if best.is_none_or(|(_, b)| first > b) {
                        best = Some((*l, first));
                    }
                }
                best.map(|(l, first)| (l, (first - int(c.offer, "pay").unwrap_or(0)).max(0))).into_iter().collect()
            }
            _ => Vec::new(),
        }
    }
}
