//! One set of promotions and coupons carried through all steps: what each takes, what is left, what
//! points pay and what shipping costs. Those of the set that turn out not to apply are passed over;
//! a set *holds* when none is.

use std::cmp::Ordering;

use crate::floors;
use crate::line_step::LineStep;
use crate::share::largest_remainder;
use crate::state::{Cut, Opened, State, open};
use crate::table::{Act, Points, Stage, Table};

/// By what sets are compared, the earlier the more.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Score {
    pub total: i64,
    pub points: i64,
    pub gifts: i64,
    pub coupons: i64,
}

impl Score {
    /// `Less` is better.
    pub fn against(&self, other: &Self) -> Ordering {
        (self.total.cmp(&other.total))
            .then(self.points.cmp(&other.points))
            .then(other.gifts.cmp(&self.gifts))
            .then(self.coupons.cmp(&other.coupons))
    }
}

/// Whether a set is taken rather than another: by score, then by the first candidate in which they differ.
pub(crate) fn is_better(score: &Score, set: &[bool], than: &Score, other: &[bool]) -> bool {
    score.against(than).then_with(|| other.cmp(set)) == Ordering::Less
}

/// What points pay.
#[derive(Clone, Debug, Default)]
pub(crate) struct Paid {
    pub points: i64,
    pub fen: i64,
    /// By line.
    pub fen_by_line: Vec<i64>,
    pub points_by_line: Vec<i64>,
}

/// Whole units that points may pay of goods that come to `goods`.
pub(crate) fn units(points: &Points, goods: i64) -> i64 {
    if goods < points.terms.min_goods {
        return 0;
    }
    let most = points.terms.max_share.floor_of(goods);
    let most = points.terms.max_fen.map_or(most, |fen| fen.min(most));
    (points.at_hand / points.terms.points).min(most / points.terms.fen)
}

/// Lets points pay what they may of the amounts.
pub(crate) fn pay_with_points(table: &Table<'_>, left: &mut [i64]) -> Paid {
    let units = table.points.map_or(0, |p| units(&p, left.iter().sum()));
    let Some(points) = table.points.filter(|_| units > 0) else { return Paid::default() };
    let mut paid = Paid { points: units * points.terms.points, fen: units * points.terms.fen, ..Paid::default() };
    largest_remainder(paid.fen, left, &mut paid.fen_by_line);
    largest_remainder(paid.points, &paid.fen_by_line, &mut paid.points_by_line);
    left.iter_mut().zip(&paid.fen_by_line).for_each(|(l, fen)| *l -= fen);
    paid
}

/// What became of a set.
#[derive(Debug)]
pub(crate) struct Settled {
    /// Those that apply.
    pub chosen: Vec<bool>,
    pub score: Score,
    /// Amounts at the start of the steps in [`Stage::GOODS`], then of shipping.
    pub starts: [Vec<i64>; 5],
    /// Reductions of goods after the floors, in order of application.
    pub log: Vec<Cut>,
    /// What each took before the floors; of shipping, off the fee.
    pub took: Vec<i64>,
    /// Those that had their turn, in order.
    pub turns: Vec<usize>,
    pub payable: Vec<i64>,
    pub paid: Paid,
    /// Place of the candidate, amount.
    pub shipping: Vec<(usize, i64)>,
}

/// The place of a step in [`Settled::starts`].
pub(crate) fn start_of(stage: Stage) -> usize {
    match stage {
        Stage::Price | Stage::Line => 0,
        Stage::Order => 1,
        Stage::Shop => 2,
        Stage::Platform => 3,
        Stage::Shipping => 4,
    }
}

/// Carries the candidates that are wished for through all steps.
pub(crate) fn settle<'a>(table: &Table<'a>, first: &LineStep<'a>, wish: &[bool]) -> Settled {
    let mut run = Run { table, first, wish, state: State::new(table), took: vec![0; wish.len()], turns: Vec::new() };
    let goods = Stage::GOODS.map(|stage| run.step(stage));
    let Run { mut state, mut took, mut turns, .. } = run;
    let mut chosen: Vec<bool> = vec![false; wish.len()];
    turns.iter().for_each(|i| chosen[*i] = took[*i] > 0 || table.candidates[*i].is_gift());
    if table.floors {
        state.log = floors::cut(table, &state);
        state.left = table.bases();
        state.log.iter().for_each(|c| state.left[c.line] -= c.amount);
        for i in turns.iter().filter(|i| !table.candidates[**i].is_gift()) {
            chosen[*i] &= state.log.iter().any(|c| c.by == *i);
        }
    }
    let mut payable = state.left.clone();
    let paid = pay_with_points(table, &mut payable);
    state.left.clone_from(&payable);
    let mut fee = table.fee;
    let mut shipping = Vec::new();
    for Opened { index, act, .. } in open(table, &mut state, Stage::Shipping, |i| wish[i]) {
        let Act::Shipping(cap) = act else { continue };
        let off = cap.map_or(fee, |cap| cap.min(fee));
        turns.push(index);
        if off > 0 {
            fee -= off;
            took[index] = off;
            chosen[index] = true;
            shipping.push((index, off));
        }
    }
    let score = score(table, &chosen, payable.iter().sum::<i64>() + fee, paid.points);
    let [line, order, shop, platform] = goods;
    Settled { chosen, score, starts: [line, order, shop, platform, payable.clone()], log: state.log, took, turns, payable, paid, shipping }
}

pub(crate) fn score(table: &Table<'_>, chosen: &[bool], total: i64, points: i64) -> Score {
    let mut score = Score { total, points, gifts: 0, coupons: 0 };
    for (candidate, _) in table.candidates.iter().zip(chosen).filter(|(_, c)| **c) {
        score.gifts = score.gifts.saturating_add(candidate.gift_value);
        score.coupons += i64::from(candidate.held.is_some());
    }
    score
}

struct Run<'t, 'a> {
    table: &'t Table<'a>,
    first: &'t LineStep<'a>,
    wish: &'t [bool],
    state: State,
    took: Vec<i64>,
    turns: Vec<usize>,
}

impl Run<'_, '_> {
    /// One step; the amounts at its start.
    fn step(&mut self, stage: Stage) -> Vec<i64> {
        let start = self.state.left.clone();
        let wish = self.wish;
        let opened = match stage {
            Stage::Line => self.first.opened.iter().filter(|o| wish[o.index]).copied().collect(),
            _ => open(self.table, &mut self.state, stage, |i| wish[i]),
        };
        for Opened { index, act, .. } in opened {
            let candidate = &self.table.candidates[index];
            let (saving, _) = if stage == Stage::Line && self.first.has(self.table, index) {
                let lines = self.first.lines(self.table, index, |i| self.wish[i]);
                self.state.apply(index, &act, &lines, &self.table.lines)
            } else {
                self.state.apply(index, &act, &candidate.lines, &self.table.lines)
            };
            self.took[index] = saving;
            self.turns.push(index);
        }
        start
    }
}
