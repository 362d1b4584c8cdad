//! Promotions that take whole pieces: n-th item and bundles.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::json;

use super::case::{Candidate, Case};
use super::plain::*;

impl Case<'_> {
    pub fn free_pieces(&self, lines: &[usize], left: &[i64], taken: &BTreeSet<(usize, i64)>) -> Vec<(usize, i64, i64)> {
        let of = |l: &usize| unit_split(left[*l], self.qty(*l)).into_iter().enumerate().map(|(i, a)| (*l, i as i64, a)).collect::<Vec<_>>();
        lines.iter().flat_map(of).filter(|(l, i, _)| !taken.contains(&(*l, *i))).collect()
    }

    pub fn nth(&self, c: &Candidate<'_>, lines: &[usize], left: &[i64], taken: &mut BTreeSet<(usize, i64)>) -> Vec<(usize, i64)> {
        let n = int(c.offer, "n").unwrap() as usize;
        let by_sku = text(c.offer, "across") == Some("sku");
        let keys: BTreeSet<&str> = lines.iter().map(|l| if by_sku { self.sku(*l) } else { "" }).collect();
        let mut off: BTreeMap<usize, i64> = BTreeMap::new();
        for key in keys {
            let of_key: Vec<usize> = lines.iter().copied().filter(|l| !by_sku || self.sku(*l) == key).collect();
            let mut pieces = self.free_pieces(&of_key, left, taken);
            pieces.sort_by_key(|(l, i, a)| (-a, *l, *i));
            for (group, of_n) in pieces.chunks_exact(n).enumerate() {
                if group > 0 && c.offer.get("repeat") == Some(&json!(false)) {
                    break;
                }
                let (l, _, a) = of_n[n - 1];
                *off.entry(l).or_default() += a - half_up(a, text(c.offer, "pay_rate").unwrap());
                taken.extend(of_n.iter().map(|(l, i, _)| (*l, *i)));
            }
        }
        off.into_iter().collect()
    }

    pub fn bundle(&self, c: &Candidate<'_>, lines: &[usize], left: &[i64], taken: &mut BTreeSet<(usize, i64)>) -> Vec<(usize, i64)> {
        let price = int(c.offer, "price").unwrap();
        let mut wanted: BTreeMap<&str, usize> = BTreeMap::new();
        for i in list(c.offer, "items") {
            *wanted.entry(text(i, "sku").unwrap()).or_default() += int(i, "qty").unwrap() as usize;
        }
        let (mut saving, mut worth, mut sets) = (0, BTreeMap::<usize, i64>::new(), 0);
        while int(c.offer, "max_sets").is_none_or(|most| sets < most) {
            let free = self.free_pieces(lines, left, taken);
            let mut set = Vec::new();
            for (sku, qty) in &wanted {
                let of_sku: Vec<_> = free.iter().filter(|(l, ..)| self.sku(*l) == *sku).take(*qty).collect();
                if of_sku.len() < *qty {
                    set.clear();
                    break;
                }
                set.extend(of_sku);
            }
            if set.is_empty() {
                break;
            }
            saving += (set.iter().map(|(_, _, a)| a).sum::<i64>() - price).max(0);
            for (l, i, a) in set {
                *worth.entry(l).or_default() += a;
                taken.insert((l, i));
            }
            sets += 1;
        }
        largest_remainder(saving, &worth.into_iter().collect::<Vec<_>>())
    }
}
