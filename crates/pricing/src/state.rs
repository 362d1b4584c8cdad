//! Amounts while reductions are taken off one after the other, with a log by which each is undone.

use crate::offers::{Per, Percent, StepOff, Stepped};
use crate::pieces::{self, Taken};
use crate::share::{Split, largest_remainder};
use crate::table::{Act, Candidate, Line, Stage, Table};

/// One reduction of one line.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Cut {
    /// Place of the candidate.
    pub by: usize,
    pub line: usize,
    /// Above zero.
    pub amount: i64,
}

/// What is left of each line, and how it came to that.
#[derive(Clone, Debug)]
pub(crate) struct State {
    pub left: Vec<i64>,
    pub log: Vec<Cut>,
    taken: Taken,
    weights: Vec<i64>,
    parts: Vec<i64>,
}

/// Where a state was, to go back to.
pub(crate) struct Mark {
    log: usize,
    taken: Option<Taken>,
}

/// A candidate whose threshold is met at the start of its step, with what it then does and would
/// save if it were alone there.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Opened<'a> {
    pub index: usize,
    pub act: Act<'a>,
    pub alone: i64,
}

impl State {
    pub fn new(table: &Table<'_>) -> Self {
        Self { left: table.bases(), log: Vec::new(), taken: Taken::none(table.lines.len()), weights: Vec::new(), parts: Vec::new() }
    }

    pub fn goods(&self) -> i64 {
        self.left.iter().sum()
    }

    /// Lets `by` take what it takes off `lines`; returns what it took and how to undo it.
    pub fn apply(&mut self, by: usize, act: &Act<'_>, lines: &[usize], table: &[Line<'_>]) -> (i64, Mark) {
        let mark = Mark { log: self.log.len(), taken: act.takes_pieces().then(|| self.taken.clone()) };
        match act {
            Act::PercentLines(percent) => self.percent_lines(by, percent, lines),
            Act::AmountLines { amount, per } => {
                for line in lines {
                    self.cut(by, *line, of_line(*amount, *per, table[*line].qty).min(self.left[*line]));
                }
            }
            Act::Nth(rule) => {
                let off = pieces::nth(rule, lines, table, &self.left, &mut self.taken);
                off.into_iter().for_each(|(line, amount)| self.cut(by, line, amount));
            }
            Act::Bundle(rule) => {
                let off = pieces::bundle(rule, lines, table, &self.left, &mut self.taken);
                off.into_iter().for_each(|(line, amount)| self.cut(by, line, amount));
            }
            Act::PercentSum(percent) => self.share(by, off_sum(percent, self.sum(lines)), lines),
            Act::AmountSum(amount) => self.share(by, (*amount).min(self.sum(lines)), lines),
            Act::Exchange(pay) => {
                if let Some((line, first)) = dearest_first_piece(lines, table, &self.left) {
                    self.cut(by, line, first - pay);
                }
            }
            Act::Stepped(_) | Act::Gift(_) | Act::Shipping(_) => {}
        }
        (self.log[mark.log..].iter().map(|c| c.amount).sum(), mark)
    }

    pub fn undo(&mut self, mark: Mark) {
        for cut in self.log.drain(mark.log..) {
            self.left[cut.line] += cut.amount;
        }
        if let Some(taken) = mark.taken {
            self.taken = taken;
        }
    }

    fn sum(&self, lines: &[usize]) -> i64 {
        lines.iter().map(|l| self.left[*l]).sum()
    }

    fn cut(&mut self, by: usize, line: usize, amount: i64) {
        if amount > 0 {
            self.left[line] -= amount;
            self.log.push(Cut { by, line, amount });
        }
    }

    /// `total` over the lines by largest remainder.
    fn share(&mut self, by: usize, total: i64, lines: &[usize]) {
        let (mut weights, mut parts) = (std::mem::take(&mut self.weights), std::mem::take(&mut self.parts));
        weights.clear();
        weights.extend(lines.iter().map(|l| self.left[*l]));
        largest_remainder(total, &weights, &mut parts);
        for (line, part) in lines.iter().zip(&parts) {
            self.cut(by, *line, *part);
        }
        (self.weights, self.parts) = (weights, parts);
    }

    fn percent_lines(&mut self, by: usize, percent: &Percent, lines: &[usize]) {
        let over = |cap: &i64| lines.iter().map(|l| percent.pay_rate.off(self.left[*l])).sum::<i64>() > *cap;
        match percent.cap.filter(over) {
            Some(cap) => self.share(by, cap, lines),
            None => lines.iter().for_each(|l| self.cut(by, *l, percent.pay_rate.off(self.left[*l]))),
        }
    }
}

fn of_line(amount: i64, per: Per, qty: i64) -> i64 {
    match per {
        Per::Line => amount,
        Per::Unit => amount.saturating_mul(qty),
    }
}

fn off_sum(percent: &Percent, sum: i64) -> i64 {
    let off = percent.pay_rate.off(sum);
    percent.cap.map_or(off, |cap| cap.min(off))
}

/// The line whose first piece costs most (ties: earlier), and what that costs.
fn dearest_first_piece(lines: &[usize], table: &[Line<'_>], left: &[i64]) -> Option<(usize, i64)> {
    let first = |line: usize| Split::of(left[line], table[line].qty).piece(0);
    lines.iter().map(|l| (*l, first(*l))).reduce(|best, next| if next.1 > best.1 { next } else { best })
}

/// What an act of the order, coupon or shipping step would take off amounts, all by itself.
fn alone(act: &Act<'_>, lines: &[usize], table: &[Line<'_>], left: &[i64], fee: i64) -> i64 {
    let sum = || lines.iter().map(|l| left[*l]).sum::<i64>();
    match act {
        Act::PercentSum(percent) => off_sum(percent, sum()),
        Act::AmountSum(amount) => (*amount).min(sum()),
        Act::Exchange(pay) => dearest_first_piece(lines, table, left).map_or(0, |(_, first)| (first - pay).max(0)),
        Act::Shipping(cap) => cap.map_or(fee, |cap| cap.min(fee)),
        _ => 0,
    }
}

/// What the highest step met by `amount` (or the pieces) does; none if none is met.
pub(crate) fn step_act<'a>(rule: &Stepped, amount: i64, pieces: i64) -> Option<Act<'a>> {
    let have = if rule.by_qty { pieces } else { amount };
    let step = rule.steps.iter().rev().find(|s| s.from <= have)?;
    Some(match step.off {
        StepOff::Percent(percent) => Act::PercentSum(percent),
        StepOff::Amount(amount) if rule.repeat => {
            let times = have / step.from;
            Act::AmountSum(amount.saturating_mul(rule.max_times.map_or(times, |most| most.min(times))))
        }
        StepOff::Amount(amount) => Act::AmountSum(amount),
    })
}

/// Whether a candidate's threshold is met at these amounts, which are those at the start of its
/// step: what it then does.
pub(crate) fn met<'a>(candidate: &Candidate<'a>, lines: &[Line<'_>], start: &[i64]) -> Option<Act<'a>> {
    let amount: i64 = candidate.scope.iter().map(|l| start[*l]).sum();
    if amount < candidate.min_amount {
        return None;
    }
    match candidate.act {
        Act::Stepped(rule) => step_act(rule, amount, candidate.pieces),
        Act::Nth(rule) => pieces::nth_is_met(rule, &candidate.lines, lines).then_some(candidate.act),
        Act::Bundle(rule) => pieces::bundle_is_met(rule, &candidate.lines, lines).then_some(candidate.act),
        act => Some(act),
    }
}

/// Those of a step that are wished for and whose thresholds are met now, at its start, in the order
/// of their turn: priority, then the larger saving alone, then the older id. Shipping goes by who
/// gives it first.
pub(crate) fn open<'a>(table: &Table<'a>, state: &mut State, stage: Stage, wished: impl Fn(usize) -> bool) -> Vec<Opened<'a>> {
    let mut opened = Vec::with_capacity(table.of_stage(stage).len());
    for index in table.of_stage(stage).iter().copied().filter(|i| wished(*i)) {
        let candidate = &table.candidates[index];
        let Some(act) = met(candidate, &table.lines, &state.left) else { continue };
        let alone = if stage == Stage::Line {
            let (saving, mark) = state.apply(index, &act, &candidate.lines, &table.lines);
            state.undo(mark);
            saving
        } else {
            alone(&act, &candidate.lines, &table.lines, &state.left, table.fee)
        };
        opened.push(Opened { index, act, alone });
    }
    let giver = |o: &Opened<'_>| match table.candidates[o.index].held {
        None => 0,
        Some(held) if stage == Stage::Shipping => 1 + u8::from(held.platform),
        Some(_) => 0,
    };
    let turn = |o: &Opened<'_>| (giver(o), std::cmp::Reverse(table.candidates[o.index].priority), std::cmp::Reverse(o.alone), o.index);
    opened.sort_by_key(turn);
    opened
}
