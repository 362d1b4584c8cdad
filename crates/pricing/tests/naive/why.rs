//! Why an offer is not in the set.

use std::collections::{BTreeMap, BTreeSet};

use super::case::{Candidate, Case};
use super::plain::*;
use super::run::Run;

impl Case<'_> {
    pub fn why(&self, all: &[Candidate<'_>], set: &[usize], chosen: &Run, i: usize) -> &'static str {
        let c = &all[i];
        if c.coupon.is_some() && self.of_template(all, set, i) >= self.template_left(all, i) {
            return "quota_exhausted";
        }
        if self.met(c, &chosen.starts[c.step]).is_none() {
            return "threshold_not_met";
        }
        if let Some(group) = c.group() {
            if set.iter().any(|j| all[*j].group() == Some(group) && (all[*j].exclusive() == "order" || c.exclusive() == "order")) {
                return "excluded_by_group";
            }
            if c.step == "line" && self.all_lines_are_rivals(all, set, i) {
                return "excluded_by_group";
            }
        }
        if let Some(sort) = c.sort_of_coupon()
            && self.used(all, set, sort) >= self.most(sort)
        {
            return "coupon_limit";
        }
        let mut with = set.to_vec();
        with.push(i);
        let with = self.run(all, &with);
        if has(c.offer, "gifts") {
            "not_better"
        } else if with.took.get(&i).copied().unwrap_or(0) == 0 {
            "no_effect"
        } else if c.step != "shipping" && !with.log.iter().any(|(by, ..)| *by == i) {
            "floor_reached"
        } else {
            "not_better"
        }
    }

    pub fn all_lines_are_rivals(&self, all: &[Candidate<'_>], set: &[usize], i: usize) -> bool {
        let alone = |j: usize| -> BTreeMap<usize, i64> {
            let Some(deed) = self.met(&all[j], &self.base) else { return BTreeMap::new() };
            let off = self.take(&all[j], &deed, &self.scope(all[j].offer), &self.base, &mut BTreeSet::new());
            off.into_iter().filter(|(_, o)| *o > 0).collect()
        };
        let mine = alone(i);
        let rivals: Vec<(bool, BTreeMap<usize, i64>)> = set
            .iter()
            .filter(|j| all[**j].group() == all[i].group())
            .map(|j| (all[*j].exclusive() == "line" || all[i].exclusive() == "line", alone(*j)))
            .collect();
        !mine.is_empty() && mine.keys().all(|l| rivals.iter().any(|(conflict, off)| *conflict && off.contains_key(l)))
    }
}
