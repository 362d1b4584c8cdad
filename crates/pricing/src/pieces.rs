//! Promotions that take whole pieces: every n-th item and bundles. A piece is taken once in an order.

use std::collections::HashMap;

use crate::offers::{Bundle, NthItem};
use crate::share::{Split, largest_remainder};
use crate::table::Line;

/// Which pieces of each line are taken already: spans of pieces, ascending, not touching each other.
#[derive(Clone, Default, Debug)]
pub(crate) struct Taken(Vec<Vec<(i64, i64)>>);

/// Pieces of one line that stand together and have one amount.
#[derive(Clone, Copy, Debug)]
struct Run {
    line: usize,
    first: i64,
    count: i64,
    each: i64,
}

impl Taken {
    pub fn none(lines: usize) -> Self {
        Self(vec![Vec::new(); lines])
    }

    fn take(&mut self, line: usize, first: i64, count: i64) {
        let spans = &mut self.0[line];
        spans.push((first, first + count));
        spans.sort_unstable();
    }

    /// The free pieces of a line by their amounts, in order.
    fn runs(&self, line: usize, of: &Line<'_>, amount: i64, runs: &mut Vec<Run>) {
        let split = Split::of(amount, of.qty);
        let mut push = |from: i64, to: i64| {
            let ahead = split.ahead.clamp(from, to);
            if ahead > from {
                runs.push(Run { line, first: from, count: ahead - from, each: split.low + 1 });
            }
            if to > ahead {
                runs.push(Run { line, first: ahead, count: to - ahead, each: split.low });
            }
        };
        let mut from = 0;
        for (begin, end) in &self.0[line] {
            push(from, (*begin).max(from));
            from = *end;
        }
        push(from, of.qty.max(from));
    }
}

/// What a promotion takes off lines: place of the line, amount above zero.
pub(crate) type Off = Vec<(usize, i64)>;

/// The lines that have something, in order.
fn sparse(by_line: &[i64]) -> Off {
    by_line.iter().copied().enumerate().filter(|(_, amount)| *amount > 0).collect()
}

/// Each n-th piece at a share of its amount, pieces in descending order (ties: earlier line, earlier
/// piece). The pieces of every complete group of n are taken. Without `repeat` there is one group.
pub(crate) fn nth(rule: &NthItem, of: &[usize], lines: &[Line<'_>], left: &[i64], taken: &mut Taken) -> Off {
    let mut off = vec![0; lines.len()];
    let mut runs = Vec::new();
    for part in parts(rule, of, lines) {
        runs.clear();
        for line in part {
            taken.runs(line, &lines[line], left[line], &mut runs);
        }
        runs.sort_by_key(|r| std::cmp::Reverse(r.each));
        let pieces: i64 = runs.iter().map(|r| r.count).sum();
        let groups = if rule.repeat { pieces / rule.n } else { (pieces / rule.n).min(1) };
        let (mut at, end) = (0, groups * rule.n);
        for run in &runs {
            let upto = (at + run.count).min(end);
            if upto <= at {
                break;
            }
            let hit = upto / rule.n - at / rule.n;
            off[run.line] += hit * rule.pay_rate.off(run.each);
            taken.take(run.line, run.first, upto - at);
            at = upto;
        }
    }
    sparse(&off)
}

/// The lines that are counted together: all of them, or those of each sku.
fn parts(rule: &NthItem, of: &[usize], lines: &[Line<'_>]) -> Vec<Vec<usize>> {
    if !rule.by_sku {
        return vec![of.to_vec()];
    }
    let (mut parts, mut at): (Vec<Vec<usize>>, _) = (Vec::new(), HashMap::with_capacity(of.len()));
    for line in of {
        let place = *at.entry(lines[*line].sku).or_insert(parts.len());
        if place == parts.len() {
            parts.push(Vec::new());
        }
        parts[place].push(*line);
    }
    parts
}

/// Whether there are enough pieces for one group, before anything is taken.
pub(crate) fn nth_is_met(rule: &NthItem, of: &[usize], lines: &[Line<'_>]) -> bool {
    nth_missing(rule, of, lines) <= 0
}

/// How many pieces one group still wants.
pub(crate) fn nth_missing(rule: &NthItem, of: &[usize], lines: &[Line<'_>]) -> i64 {
    let most = parts(rule, of, lines).iter().map(|p| p.iter().map(|l| lines[*l].qty).sum()).max().unwrap_or(0);
    rule.n.saturating_sub(most)
}

/// As many sets as there are pieces for, earlier lines and pieces first. Each set saves what its
/// pieces are worth above the price, a dearer set nothing; the whole is shared by largest remainder
/// over the worth of the pieces in the sets.
pub(crate) fn bundle(rule: &Bundle, of: &[usize], lines: &[Line<'_>], left: &[i64], taken: &mut Taken) -> Off {
    let mut rows: Vec<Row> = Vec::with_capacity(rule.items.len());
    for (sku, qty) in &rule.items {
        let mut runs = Vec::new();
        for line in of.iter().filter(|l| lines[**l].sku == sku) {
            taken.runs(*line, &lines[*line], left[*line], &mut runs);
        }
        rows.push(Row { qty: *qty, runs, at: 0, used: 0 });
    }
    let there_are = rows.iter().map(|r| r.runs.iter().map(|r| r.count).sum::<i64>() / r.qty).min().unwrap_or(0);
    let mut sets = rule.max_sets.map_or(there_are, |most| most.min(there_are));
    let (mut worth, mut saving) = (vec![0; lines.len()], 0_i64);
    while sets > 0 {
        // Sets of the very same amounts are reckoned together; one that reaches over an edge by itself.
        let alike = rows.iter().map(Row::whole_sets).min().unwrap_or(0).clamp(1, sets);
        let mut of_one = 0_i64;
        for row in &mut rows {
            of_one = of_one.saturating_add(row.draw(alike, &mut worth, taken));
        }
        saving += (of_one - rule.price).max(0) * alike;
        sets -= alike;
    }
    let mut parts = Vec::new();
    largest_remainder(saving, &worth, &mut parts);
    sparse(&parts)
}

/// One sku of a set and where its next piece is.
struct Row {
    qty: i64,
    runs: Vec<Run>,
    at: usize,
    used: i64,
}

impl Row {
    /// How many sets the present run serves by itself.
    fn whole_sets(&self) -> i64 {
        self.runs.get(self.at).map_or(0, |run| (run.count - self.used) / self.qty)
    }

    /// Takes the pieces for `sets` sets; what those of one set are worth. More than one set only
    /// where the present run serves them all.
    fn draw(&mut self, sets: i64, worth: &mut [i64], taken: &mut Taken) -> i64 {
        let (mut wanted, mut of_one) = (self.qty * sets, 0);
        while wanted > 0 {
            let Some(run) = self.runs.get(self.at).copied() else { break };
            let count = wanted.min(run.count - self.used);
            worth[run.line] += count * run.each;
            taken.take(run.line, run.first + self.used, count);
            of_one += count / sets * run.each;
            wanted -= count;
            self.used += count;
            if self.used == run.count {
                (self.at, self.used) = (self.at + 1, 0);
            }
        }
        of_one
    }
}

/// Whether there are pieces for one set, before anything is taken.
pub(crate) fn bundle_is_met(rule: &Bundle, of: &[usize], lines: &[Line<'_>]) -> bool {
    bundle_missing(rule, of, lines).is_none() && rule.max_sets != Some(0)
}

/// The goods of which one set wants more, and how many more.
pub(crate) fn bundle_missing<'r>(rule: &'r Bundle, of: &[usize], lines: &[Line<'_>]) -> Option<(&'r str, i64)> {
    rule.items.iter().find_map(|(sku, qty)| {
        let have: i64 = of.iter().filter(|l| lines[**l].sku == sku).map(|l| lines[*l].qty).sum();
        (have < *qty).then(|| (sku.as_str(), qty - have))
    })
}

/// More than a bundle can ever save: every set out of the dearest pieces.
pub(crate) fn bundle_most(rule: &Bundle, of: &[usize], lines: &[Line<'_>], left: &[i64]) -> i64 {
    let worth = rule.items.iter().map(|(sku, _)| of.iter().filter(|l| lines[**l].sku == sku).map(|l| left[*l]).sum::<i64>()).sum::<i64>();
    (worth - rule.price).max(0)
}
