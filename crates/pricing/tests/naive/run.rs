//! One set of promotions and coupons carried through all steps.

use std::collections::{BTreeMap, BTreeSet};

use super::case::{Candidate, Case};
use super::plain::has;

/// What became of one set.
pub struct Run {
    pub holds: bool,
    /// (candidate, line, amount) in order of application, after floors.
    pub log: Vec<(usize, usize, i64)>,
    pub took: BTreeMap<usize, i64>,
    pub turns: Vec<usize>,
    pub starts: BTreeMap<&'static str, Vec<i64>>,
    pub payable: Vec<i64>,
    pub fen: Vec<i64>,
    pub points: Vec<i64>,
    pub points_used: i64,
    pub shipping: Vec<(usize, i64)>,
    pub total: i64,
}

const STEPS: [&str; 4] = ["line", "order", "shop", "platform"];

impl Case<'_> {
    /// Carries a set through all steps; those that turn out not to apply make it not hold.
    pub fn run(&self, all: &[Candidate<'_>], set: &[usize]) -> Run {
        let mut run = Run {
            holds: true,
            log: Vec::new(),
            took: BTreeMap::new(),
            turns: Vec::new(),
            starts: BTreeMap::new(),
            payable: Vec::new(),
            fen: vec![0; self.lines.len()],
            points: vec![0; self.lines.len()],
            points_used: 0,
            shipping: Vec::new(),
            total: 0,
        };
        let mut left = self.base.clone();
        let mut taken = BTreeSet::new();
        for step in STEPS {
            run.starts.insert(step, left.clone());
            let of_step: Vec<usize> = set.iter().copied().filter(|i| all[*i].step == step).collect();
            self.step(all, &of_step, &mut run, &mut left, &mut taken);
        }
        self.floors(&mut run);
        let mut left = self.base.clone();
        run.log.iter().for_each(|(_, l, o)| left[*l] -= o);
        self.points(&mut run, &mut left);
        self.shipping(all, set, &mut run, &left);
        for i in set {
            let gift = has(all[*i].offer, "gifts");
            let took = run.log.iter().any(|(by, ..)| by == i) || run.shipping.iter().any(|(by, _)| by == i);
            run.holds &= gift && run.turns.contains(i) || took;
        }
        run.payable = left;
        run
    }

    /// One step: who is met at its start, in the order of their turn.
    fn step(&self, all: &[Candidate<'_>], of_step: &[usize], run: &mut Run, left: &mut [i64], taken: &mut BTreeSet<(usize, i64)>) {
        let start = left.to_vec();
        let mut turns = Vec::new();
        for i in of_step.iter().copied() {
            let Some(deed) = self.met(&all[i], &start) else {
                run.holds = false;
                continue;
            };
            let off = self.take(&all[i], &deed, &self.scope(all[i].offer), &start, &mut BTreeSet::new());
            turns.push((i, deed, off.iter().map(|(_, o)| o).sum::<i64>(), off));
        }
        turns.sort_by_key(|(i, _, alone, _)| (-all[*i].priority(), -alone, all[*i].id.clone()));
        let alone: BTreeMap<usize, BTreeMap<usize, i64>> = turns.iter().map(|(i, _, _, off)| (*i, off.iter().copied().collect())).collect();
        for (i, deed, _, _) in &turns {
            let lines: Vec<usize> = self.scope(all[*i].offer).into_iter().filter(|l| self.line_is_its(all, *i, *l, &alone)).collect();
            let mut sum = 0;
            for (l, o) in self.take(&all[*i], deed, &lines, left, taken).into_iter().filter(|(_, o)| *o > 0) {
                left[l] -= o;
                run.log.push((*i, l, o));
                sum += o;
            }
            run.took.insert(*i, sum);
            run.turns.push(*i);
        }
    }

    /// `exclusive: line`
    fn line_is_its(&self, all: &[Candidate<'_>], i: usize, l: usize, alone: &BTreeMap<usize, BTreeMap<usize, i64>>) -> bool {
        let Some(group) = all[i].group() else { return true };
        let mut bids: Vec<(usize, i64)> = alone
            .iter()
            .filter(|(j, _)| all[**j].group() == Some(group))
            .filter_map(|(j, off)| off.get(&l).filter(|o| **o > 0).map(|o| (*j, *o)))
            .collect();
        bids.sort_by_key(|(j, o)| (-o, -all[*j].priority(), all[*j].id.clone()));
        match bids.first() {
            Some((best, _)) if all[*best].exclusive() == "line" => *best == i,
            _ => all[i].exclusive() != "line",
        }
    }
}
