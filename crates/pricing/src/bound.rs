//! What a branch of the search could at best still come to. Never too little is promised: a branch
//! is given up only if no set in it can be better than the best so far.
//!
//! All percentages still open are taken at once, on what is left now: nothing that comes between can
//! make a share of it larger. Amounts, pieces and exclusive groups are then taken off as wholes, as
//! large as each could be on what is left now, and of the coupons the largest that may be taken. A
//! reduction shared among lines can fall one way or the other by less than a fen a line, which is
//! granted as slack.

use crate::offers::{Per, Percent, StepOff};
use crate::pieces::bundle_most;
use crate::search::Search;
use crate::settle::Score;
use crate::state::{Opened, step_act};
use crate::table::{Act, Candidate, Limit, Stage, Table};

/// Amounts are kept in 1/64 of a minor unit, shares in 2⁻²⁰: the products fit 64 bits below this sum.
const MOST_GOODS: i64 = 1 << 36;
const PARTS: u32 = 6;

/// Room for what is reckoned, and what is the same for every branch.
pub(crate) struct Relaxed {
    /// By line.
    left: Vec<i64>,
    /// By group: the largest that stands alone, and all others together. None where nothing excludes.
    groups: Vec<Option<(i64, i64)>>,
    coupons: [Vec<i64>; 2],
    fees: Vec<i64>,
    /// What each line costs at its lowest price.
    lowest: Vec<i64>,
    /// Whether a group has one that stands alone.
    excludes: Vec<bool>,
}

/// What was promised so far.
#[derive(Default)]
struct Promise {
    off: i64,
    slack: i64,
    gifts: i64,
    free_fee: i64,
}

impl Relaxed {
    pub fn of(table: &Table<'_>) -> Self {
        let mut excludes = vec![false; table.groups];
        table.candidates.iter().filter_map(|c| c.group).for_each(|g| excludes[g.number] |= g.alone);
        let lowest = table.lines.iter().map(|l| l.floor.map_or(0, |f| crate::prices::lowest(l.base, l.qty, f))).collect();
        Self { left: Vec::new(), groups: vec![None; table.groups], coupons: [Vec::new(), Vec::new()], fees: Vec::new(), lowest, excludes }
    }
}

impl<'a> Search<'_, 'a> {
    /// Whether a set with what is chosen, and some of `rest` and of the later steps, could be better
    /// than the best so far.
    pub(crate) fn hopeful(&mut self, stage: usize, rest: &[Opened<'a>]) -> bool {
        if self.state.goods() >= MOST_GOODS {
            return true;
        }
        let mut relaxed = std::mem::replace(&mut self.relaxed, Relaxed::of_nothing());
        let could = self.reckon(&mut relaxed, stage, rest);
        self.relaxed = relaxed;
        could
    }

    fn reckon(&mut self, relaxed: &mut Relaxed, stage: usize, rest: &[Opened<'a>]) -> bool {
        let later = |c: &Candidate<'_>| c.stage > Stage::GOODS[stage];
        relaxed.left.clear();
        relaxed.left.extend(self.state.left.iter().map(|l| l << PARTS));
        relaxed.groups.fill(None);
        relaxed.coupons.iter_mut().for_each(Vec::clear);
        relaxed.fees.clear();
        let mut promise = Promise::default();
        for o in rest {
            let candidate = &self.table.candidates[o.index];
            if self.chosen[o.index] || self.taken.allows(self.table, candidate) {
                self.promise(relaxed, &mut promise, candidate, &o.act, Some(o.alone));
            }
        }
        for candidate in &self.table.candidates {
            if later(candidate) && self.taken.allows(self.table, candidate) {
                self.promise(relaxed, &mut promise, candidate, &candidate.act, None);
            }
        }
        let in_rest = |i: usize| rest.iter().any(|o| o.index == i) || later(&self.table.candidates[i]);
        let lowest = self.lowest(relaxed, &mut promise, rest, stage);
        let so_far = crate::settle::score(self.table, &self.chosen, lowest + (self.table.fee - promise.free_fee).max(0), 0);
        let low = Score { gifts: so_far.gifts.saturating_add(promise.gifts), ..so_far };
        match low.against(&self.best.0) {
            std::cmp::Ordering::Less => true,
            std::cmp::Ordering::Greater => false,
            std::cmp::Ordering::Equal => {
                let fullest = (0..self.chosen.len())
                    .map(|i| self.chosen[i] || in_rest(i) && self.taken.allows(self.table, &self.table.candidates[i]));
                fullest.cmp(self.best.1.iter().copied()) == std::cmp::Ordering::Greater
            }
        }
    }

    /// Adds what one candidate could take. One of this step comes with what it would save alone: its
    /// threshold was met at the start. One of a later step has its threshold judged on what is left
    /// now, which is the most that may be left then.
    fn promise(&mut self, relaxed: &mut Relaxed, promise: &mut Promise, candidate: &Candidate<'a>, act: &Act<'a>, opened: Option<i64>) {
        self.work += candidate.lines.len() as u64 + 2;
        promise.gifts = promise.gifts.saturating_add(candidate.gift_value);
        let left = &self.state.left;
        let amount: i64 = candidate.scope.iter().map(|l| left[*l]).sum();
        // Floors give back some of what was taken before the threshold of shipping is judged.
        let given_back = self.table.floors && candidate.stage == Stage::Shipping;
        let met = opened.is_some() || given_back || amount >= candidate.min_amount;
        if !met || candidate.is_gift() {
            return;
        }
        let alone = opened.unwrap_or(0);
        let excluding = candidate.group.filter(|g| relaxed.excludes[g.number]);
        if let Act::Shipping(cap) = act {
            let off = cap.map_or(self.table.fee, |cap| cap.min(self.table.fee));
            match candidate.held {
                Some(_) => relaxed.fees.push(off),
                None => promise.free_fee = promise.free_fee.saturating_add(off),
            }
        } else if let Some(group) = excluding {
            let most = self.most(candidate, act, alone, amount);
            let (largest, others) = relaxed.groups[group.number].get_or_insert((0, 0));
            if group.alone {
                *largest = most.max(*largest);
            } else {
                *others = others.saturating_add(most);
            }
        } else if candidate.held.is_none() {
            match (act, act_percent(act, amount, candidate)) {
                (_, Some(percent)) => relaxed.percent(promise, &percent, &candidate.lines, amount),
                _ => promise.off = promise.off.saturating_add(self.most(candidate, act, alone, amount)),
            }
        }
    }

    /// The most that it could take of what is left now, of which `amount` is in scope.
    fn most(&self, candidate: &Candidate<'a>, act: &Act<'a>, alone: i64, amount: i64) -> i64 {
        let left = &self.state.left;
        let percent = |p: &Percent, sum: i64| p.cap.unwrap_or(i64::MAX).min(p.pay_rate.off(sum) + 1);
        match act {
            Act::PercentLines(p) => {
                let off: i64 = candidate.lines.iter().map(|l| p.pay_rate.off(left[*l])).sum();
                p.cap.map_or(off, |cap| cap.min(off))
            }
            Act::AmountLines { amount, per } => {
                let of = |l: &usize| if *per == Per::Line { *amount } else { amount.saturating_mul(self.table.lines[*l].qty) };
                candidate.lines.iter().map(|l| of(l).min(left[*l])).sum()
            }
            Act::Nth(_) => alone,
            Act::Bundle(rule) => bundle_most(rule, &candidate.lines, &self.table.lines, left),
            Act::Stepped(rule) => {
                let of = |off: StepOff| match off {
                    StepOff::Percent(p) => percent(&p, amount),
                    StepOff::Amount(_) => match step_act(rule, amount, candidate.pieces) {
                        Some(Act::AmountSum(most)) if rule.repeat => most.min(amount),
                        _ => match off {
                            StepOff::Amount(a) => a.min(amount),
                            StepOff::Percent(_) => 0,
                        },
                    },
                };
                let have = if rule.by_qty { candidate.pieces } else { amount };
                rule.steps.iter().filter(|s| s.from <= have).map(|s| of(s.off)).max().unwrap_or(0)
            }
            Act::PercentSum(p) => percent(p, amount).min(amount),
            Act::AmountSum(a) => (*a).min(amount),
            Act::Exchange(pay) => {
                let first = |l: &usize| (left[*l] + self.table.lines[*l].qty - 1) / self.table.lines[*l].qty;
                candidate.lines.iter().map(first).max().map_or(0, |f| (f - pay).max(0))
            }
            Act::Gift(_) | Act::Shipping(_) => 0,
        }
    }

    /// The lowest that goods after points could come to.
    fn lowest(&mut self, relaxed: &mut Relaxed, promise: &mut Promise, rest: &[Opened<'a>], stage: usize) -> i64 {
        for (largest, others) in relaxed.groups.iter().flatten() {
            promise.off = promise.off.saturating_add(*largest.max(others));
        }
        let of_coupons = self.coupons(relaxed, promise, rest, stage);
        let room = self.taken.room(self.table, Limit::Shipping);
        relaxed.fees.sort_unstable_by_key(|f| std::cmp::Reverse(*f));
        promise.free_fee = relaxed.fees.iter().take(room).fold(promise.free_fee, |sum, off| sum.saturating_add(*off));
        let (mut goods, mut floor) = (0, 0);
        for (left, lowest) in relaxed.left.iter().zip(&relaxed.lowest) {
            goods += (left >> PARTS).max(*lowest);
            floor += lowest;
        }
        let goods = goods.saturating_sub(promise.off).saturating_sub(of_coupons).saturating_sub(promise.slack).max(floor);
        let Some(points) = self.table.points.filter(|p| self.table.floors || self.state.goods() >= p.terms.min_goods) else { return goods };
        let whole = (points.at_hand / points.terms.points).saturating_mul(points.terms.fen);
        let most = points.terms.max_share.floor_of(goods).min(points.terms.max_fen.unwrap_or(i64::MAX));
        goods - whole.min(most).min(goods)
    }

    /// The largest coupons that there is room for, on the amounts that the promotions leave at least.
    fn coupons(&self, relaxed: &mut Relaxed, promise: &mut Promise, rest: &[Opened<'a>], stage: usize) -> i64 {
        let (left, lists) = (&relaxed.left, &mut relaxed.coupons);
        let fen = |l: &usize| (left[*l] >> PARTS) + 1;
        let mut bring = |candidate: &Candidate<'a>, act: &Act<'a>, opened: bool| {
            let Some(held) = candidate.held.filter(|_| candidate.group.is_none_or(|g| !relaxed.excludes[g.number])) else { return };
            let amount: i64 = candidate.scope.iter().map(|l| self.state.left[*l]).sum();
            if !opened && amount < candidate.min_amount || !self.taken.allows(self.table, candidate) {
                return;
            }
            let sum = || candidate.lines.iter().map(fen).sum::<i64>();
            let off = match act {
                Act::PercentSum(p) => p.cap.unwrap_or(i64::MAX).min(p.pay_rate.off(sum()) + 1),
                Act::AmountSum(a) => (*a).min(sum()),
                Act::Exchange(pay) => {
                    let first = |l: &usize| (fen(l) + self.table.lines[*l].qty - 1) / self.table.lines[*l].qty;
                    candidate.lines.iter().map(first).max().map_or(0, |f| (f - pay).max(0))
                }
                _ => return,
            };
            lists[usize::from(held.platform)].push(off);
        };
        rest.iter().for_each(|o| bring(&self.table.candidates[o.index], &o.act, true));
        self.table.candidates.iter().filter(|c| c.stage > Stage::GOODS[stage]).for_each(|c| bring(c, &c.act, false));
        let mut sum = 0_i64;
        for (list, limit) in lists.iter_mut().zip([Limit::Shop, Limit::Platform]) {
            let room = self.taken.room(self.table, limit);
            list.sort_unstable_by_key(|off| std::cmp::Reverse(*off));
            sum = list.iter().take(room).fold(sum, |sum, off| sum.saturating_add(*off));
            promise.slack += (room.min(list.len()) * (self.table.lines.len() + 2)) as i64;
        }
        sum
    }
}

/// The share that an act takes, if a share is all that it may take at these amounts.
fn act_percent(act: &Act<'_>, amount: i64, candidate: &Candidate<'_>) -> Option<Percent> {
    match act {
        Act::PercentLines(p) | Act::PercentSum(p) => Some(*p),
        Act::Stepped(rule) => {
            let have = if rule.by_qty { candidate.pieces } else { amount };
            let mut met = rule.steps.iter().filter(|s| s.from <= have).map(|s| s.off);
            match (met.next(), met.next()) {
                (Some(StepOff::Percent(p)), None) => Some(p),
                _ => None,
            }
        }
        _ => None,
    }
}

impl Relaxed {
    fn of_nothing() -> Self {
        Self {
            left: Vec::new(),
            groups: Vec::new(),
            coupons: [Vec::new(), Vec::new()],
            fees: Vec::new(),
            lowest: Vec::new(),
            excludes: Vec::new(),
        }
    }

    /// A share of the lines; or as a whole where its cap binds.
    fn percent(&mut self, promise: &mut Promise, percent: &Percent, lines: &[usize], amount: i64) {
        let off = percent.pay_rate.off(amount);
        if let Some(cap) = percent.cap.filter(|cap| *cap < off) {
            promise.off = promise.off.saturating_add(cap);
            return;
        }
        let paid = percent.pay_rate.in_2_to_20();
        lines.iter().for_each(|l| self.left[*l] = (self.left[*l] * paid) >> 20);
        promise.slack += lines.len() as i64 / 2 + 1;
    }
}
