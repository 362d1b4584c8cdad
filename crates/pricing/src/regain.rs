//! Thresholds that reductions of earlier steps have put out of reach, and the least that would have
//! to go so that they hold again. What is reckoned here is a guess, from what each reduction took
//! beside the others: whether a change helps is for the climb to say.

use crate::offers::{StepOff, Stepped};
use crate::settle::{Settled, start_of};
use crate::table::{Act, Candidate, Stage, Table};

/// Most sets looked at for one threshold.
const SETS: u32 = 128;

/// A threshold that is not met, but would be if less had been taken off before.
pub(crate) struct Target {
    /// Whose.
    pub index: usize,
    /// The amount that must be left in scope at the start of its step.
    level: i64,
    /// What is left there now lacks this much.
    short: i64,
    /// What meeting it might bring, beside what it gives now.
    gives: i64,
    /// That, with all else that would be met then, above what must go for it.
    pub promises: i64,
}

/// What goes if a reduction goes: of the whole, and of the scope in question.
#[derive(Clone, Copy)]
struct Item {
    index: usize,
    cost: i64,
    regained: i64,
}

/// The thresholds out of reach after a set was settled, those that promise most first; and how much work
/// that was.
pub(crate) fn targets(table: &Table<'_>, open: &[usize], settled: &Settled) -> (Vec<Target>, u64) {
    let mut targets = Vec::new();
    let mut work = 0;
    for index in open.iter().copied() {
        let candidate = &table.candidates[index];
        if !matches!(candidate.stage, Stage::Order | Stage::Shop | Stage::Platform) || candidate.is_gift() {
            continue;
        }
        work += candidate.scope.len() * 2;
        let have = in_scope(candidate, settled);
        let most: i64 = candidate.scope.iter().map(|l| table.lines[*l].base).sum();
        let now = instead_of(table, settled, index);
        for (level, whole) in levels(candidate, have) {
            if level <= most && whole > now {
                targets.push(Target { index, level, short: level - have, gives: whole - now, promises: 0 });
            }
        }
    }
    let promises: Vec<Option<i64>> = targets.iter().map(|t| t.reckon(table, settled, &targets)).collect();
    work += targets.len() * (settled.log.len() + table.lines.len() + targets.len() * 2 + 40);
    let promising = |(t, promises): (Target, Option<i64>)| promises.map(|promises| Target { promises, ..t });
    let mut targets: Vec<Target> = targets.into_iter().zip(promises).filter_map(promising).collect();
    targets.sort_by_key(|t| (std::cmp::Reverse(t.promises), t.index, t.level));
    (targets, work as u64)
}

/// What would no longer be given: by itself, or by the coupon whose place it takes.
fn instead_of(table: &Table<'_>, settled: &Settled, index: usize) -> i64 {
    let Some(held) = table.candidates[index].held.filter(|_| !settled.chosen[index]) else { return settled.took[index] };
    let same = |i: &usize| settled.chosen[*i] && table.candidates[*i].held.is_some_and(|h| h.limit == held.limit);
    let beside: Vec<usize> = (0..settled.chosen.len()).filter(same).collect();
    if (beside.len() as i64) < table.limit(held.limit) {
        return 0;
    }
    beside.into_iter().map(|i| settled.took[i]).min().unwrap_or(0)
}

/// The amounts above `have` from which on it would give more, and what it would give there.
fn levels(candidate: &Candidate<'_>, have: i64) -> Vec<(i64, i64)> {
    let least = candidate.min_amount;
    let flat = |gives: i64| if least > have { vec![(least, gives.min(least))] } else { Vec::new() };
    match candidate.act {
        Act::AmountSum(amount) => flat(amount),
        Act::PercentSum(percent) => flat(percent.cap.unwrap_or(i64::MAX).min(percent.pay_rate.off(least))),
        Act::Stepped(rule) if rule.by_qty => {
            let pieces = candidate.pieces;
            flat(rule.steps.iter().rev().find(|s| s.from <= pieces).map_or(0, |s| off_at(rule, s.off, 1, least)))
        }
        Act::Stepped(rule) if rule.repeat => {
            let Some(step) = rule.steps.first() else { return Vec::new() };
            let times = have.max(least - 1).max(0) / step.from + 1;
            let level = times.saturating_mul(step.from).max(least);
            let more = rule.max_times.is_none_or(|most| times <= most) && level > have;
            if more { vec![(level, off_at(rule, step.off, times, level))] } else { Vec::new() }
        }
        Act::Stepped(rule) => {
            let level = |from: i64| from.max(least);
            rule.steps.iter().filter(|s| level(s.from) > have).map(|s| (level(s.from), off_at(rule, s.off, 1, level(s.from)))).collect()
        }
        _ => Vec::new(),
    }
}

fn off_at(rule: &Stepped, off: StepOff, times: i64, amount: i64) -> i64 {
    match off {
        StepOff::Amount(off) if rule.repeat => off.saturating_mul(times).min(amount),
        StepOff::Amount(off) => off.min(amount),
        StepOff::Percent(percent) => percent.cap.unwrap_or(i64::MAX).min(percent.pay_rate.off(amount)),
    }
}

fn in_scope(candidate: &Candidate<'_>, settled: &Settled) -> i64 {
    candidate.scope.iter().map(|l| settled.starts[start_of(candidate.stage)][*l]).sum()
}

impl Target {
    /// What would have to go from a wish, of which `settled` is what became of it or of one that it
    /// was made from; nothing if the threshold is met, none if it cannot be.
    pub fn cover(&self, table: &Table<'_>, settled: &Settled, wish: &[bool]) -> Option<Vec<usize>> {
        let (mut items, short) = self.items(table, settled, wish);
        Some(cheapest(&mut items, short)?.1)
    }

    /// What it promises, if it can be met: all that would be met as well, less what goes.
    fn reckon(&self, table: &Table<'_>, settled: &Settled, all: &[Target]) -> Option<i64> {
        let (mut items, short) = self.items(table, settled, &settled.chosen);
        let (cost, gone) = cheapest(&mut items, short)?;
        let mut regained = vec![0; table.lines.len()];
        settled.log.iter().filter(|c| gone.contains(&c.by)).for_each(|c| regained[c.line] += c.amount);
        let mut promises = self.gives - cost;
        // Of one stepped promotion only the highest of its steps counts, and they stand in that order.
        let mut counted = self.index;
        for other in all.iter().rev().filter(|o| o.short <= cost) {
            let candidate = &table.candidates[other.index];
            let as_well = other.index != counted && candidate.stage == Stage::Order;
            if as_well && candidate.scope.iter().map(|l| regained[*l]).sum::<i64>() >= other.short {
                counted = other.index;
                promises = promises.saturating_add(other.gives);
            }
        }
        Some(promises)
    }

    /// The reductions of earlier steps in its scope, and how much it is short of beside those that
    /// are not wished for any more.
    fn items(&self, table: &Table<'_>, settled: &Settled, wish: &[bool]) -> (Vec<Item>, i64) {
        let target = &table.candidates[self.index];
        let mut inside = vec![false; table.lines.len()];
        target.scope.iter().for_each(|l| inside[*l] = true);
        let mut regained = vec![0; table.candidates.len()];
        settled.log.iter().filter(|c| inside[c.line]).for_each(|c| regained[c.by] += c.amount);
        let mut short = self.level - in_scope(target, settled);
        let mut items = Vec::new();
        for index in settled.turns.iter().copied() {
            if regained[index] == 0 || table.candidates[index].stage >= target.stage {
                continue;
            }
            if wish[index] {
                items.push(Item { index, cost: settled.took[index], regained: regained[index] });
            } else {
                short -= regained[index];
            }
        }
        (items, short)
    }
}

/// The items that cost least and bring back at least `short`, as far as a bounded look tells.
fn cheapest(items: &mut [Item], short: i64) -> Option<(i64, Vec<usize>)> {
    if short <= 0 {
        return Some((0, Vec::new()));
    }
    // What costs least for what it brings back; of the same, what brings back more.
    let by_worth = |a: &Item, b: &Item| {
        let (a_costs, b_costs) = (i128::from(a.cost) * i128::from(b.regained), i128::from(b.cost) * i128::from(a.regained));
        a_costs.cmp(&b_costs).then(b.regained.cmp(&a.regained)).then(a.index.cmp(&b.index))
    };
    items.sort_by(by_worth);
    let looked_at = items.len().min(DEEP);
    let items = &items[..looked_at];
    let mut rest: Vec<i64> = items
        .iter()
        .rev()
        .scan(0, |sum, i| {
            *sum += i.regained;
            Some(*sum)
        })
        .collect();
    rest.reverse();
    let mut look = Look { items, rest: &rest, best: None, gone: Vec::new(), sets: SETS };
    look.at(0, 0, short);
    look.best
}

/// Reductions that are weighed against each other at most, the worthiest to go first: each is a frame of the stack.
const DEEP: usize = 1_000;

struct Look<'i> {
    items: &'i [Item],
    /// What the items from that place on bring back together.
    rest: &'i [i64],
    best: Option<(i64, Vec<usize>)>,
    gone: Vec<usize>,
    sets: u32,
}

impl Look<'_> {
    fn at(&mut self, at: usize, cost: i64, short: i64) {
        let best = self.best.as_ref().map_or(i64::MAX, |(cost, _)| *cost);
        if short <= 0 {
            if cost < best {
                self.best = Some((cost, self.gone.clone()));
            }
            return;
        }
        let Some(item) = self.items.get(at).copied() else { return };
        let at_least = i128::from(short) * i128::from(item.cost) / i128::from(item.regained);
        if self.rest[at] < short || i128::from(cost) + at_least >= i128::from(best) || self.sets == 0 && self.best.is_some() {
            return;
        }
        self.sets = self.sets.saturating_sub(1);
        self.gone.push(item.index);
        self.at(at + 1, cost + item.cost, short - item.regained);
        self.gone.pop();
        self.at(at + 1, cost, short);
    }
}

#[cfg(test)]
mod tests {
    use super::{Item, cheapest};

    fn gone(items: &[(i64, i64)], short: i64) -> Option<(i64, Vec<usize>)> {
        let mut items: Vec<Item> =
            items.iter().enumerate().map(|(index, (cost, regained))| Item { index, cost: *cost, regained: *regained }).collect();
        cheapest(&mut items, short)
    }

    #[test]
    fn thousands_of_reductions_need_no_stack_to_match() {
        let look = || gone(&vec![(1, 1); 30_000], 29_500);
        let small = std::thread::Builder::new().stack_size(1 << 20).spawn(look).expect("a thread");
        assert_eq!(small.join().expect("no overflow"), None, "so deep nobody looks");
    }

    #[test]
    fn the_cheapest_go_and_no_more_than_must() {
        let items = [(100, 100), (60, 60), (50, 50), (300, 40)];
        assert_eq!(gone(&items, 0), Some((0, vec![])));
        assert_eq!(gone(&items, 100), Some((100, vec![0])));
        assert_eq!(gone(&items, 105), Some((110, vec![1, 2])), "not the largest, which leaves more to bring");
        assert_eq!(gone(&items, 240), Some((510, vec![0, 1, 2, 3])));
        assert_eq!(gone(&items, 251), None);
    }

    #[test]
    fn what_lies_outside_the_scope_is_lost_as_well() {
        assert_eq!(gone(&[(100, 50), (60, 50)], 40), Some((60, vec![1])));
    }
}
