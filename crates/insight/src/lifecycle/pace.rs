//! A member's rhythm: purchases, gaps between days of purchase and money by category, walked through
//! time once; where a refund becomes known that came after a moment which had seen its order, all is reckoned
//! anew, because it changes what was a purchase before it.

use std::ops::Range;

use shuke_columns::{Bucket, Columns, Kind};

use crate::question::Frame;
use crate::replay::Replay;

/// What a walk needs of the whole shop.
pub(crate) struct Shop<'a> {
    pub columns: &'a Columns,
    /// The place of each category among all, by bytes.
    pub ranks: Vec<u32>,
}

impl<'a> Shop<'a> {
    pub fn of(columns: &'a Columns) -> Self {
        let words = columns.words.of(Kind::Category);
        let mut order: Vec<u32> = (0..words.len() as u32).collect();
        order.sort_by(|a, b| words.word(*a).cmp(words.word(*b)));
        let mut ranks = vec![0; order.len()];
        for (rank, code) in order.into_iter().enumerate() {
            ranks[code as usize] = rank as u32;
        }
        Self { columns, ranks }
    }
}

/// A moment at which stages are judged.
#[derive(Clone, Copy)]
pub(crate) struct Moment {
    pub at: i64,
    pub day: i32,
}

/// What of a member's rhythm a stage is judged by. Kept for everybody at every change, so it is small:
/// days of ten thousand years and the orders of a lifetime fit into 32 bits.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Beat {
    pub purchases: u32,
    pub gaps: u32,
    /// Days in all gaps.
    pub days: u32,
    pub(super) last: i32,
    pub(super) favourite: u32,
}

impl Beat {
    /// Nothing bought.
    pub const NONE: Self = Self { purchases: 0, gaps: 0, days: 0, last: i32::MIN, favourite: u32::MAX };

    /// Of parts.
    pub fn of(purchases: u32, gaps: u32, days: u32, last: Option<i32>, favourite: Option<u32>) -> Self {
        Self { purchases, gaps, days, last: last.unwrap_or(i32::MIN), favourite: favourite.unwrap_or(u32::MAX) }
    }

    /// The last day of a purchase.
    #[inline]
    pub fn last(&self) -> Option<i32> {
        (self.purchases > 0).then_some(self.last)
    }

    /// The category of the most spent, ties by bytes.
    #[inline]
    pub fn favourite(&self) -> Option<u32> {
        (self.favourite != u32::MAX).then_some(self.favourite)
    }

    /// A purchase on a day not before the last one's; the gap that it closes, if it closes one.
    #[inline]
    fn bought(&mut self, day: i32) -> Option<i64> {
        let gap = self.last().filter(|last| *last < day).map(|last| day.abs_diff(last));
        if let Some(days) = gap {
            self.gaps += 1;
            self.days = self.days.saturating_add(days);
        }
        self.purchases = self.purchases.saturating_add(1);
        self.last = day;
        gap.map(i64::from)
    }
}

/// What a member spent in a category.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Spent {
    pub category: u32,
    /// The last day of buying in it.
    last: i32,
    paid: i64,
}

/// A member's rhythm up to a moment.
pub(crate) struct Pace {
    pub beat: Beat,
    pub spent: Vec<Spent>,
    /// By category, a place among `spent` that may be its own.
    places: Vec<u32>,
    /// The place of the category of the most spent.
    best: usize,
    flat: Lines,
}

/// Lines' columns as plain numbers.
#[derive(Default)]
struct Lines {
    start: usize,
    category: Vec<u32>,
    paid: Vec<i64>,
    /// Goods of the lines, for the category in which the product list has them.
    sku: Vec<u32>,
    /// So many rows are laid out at least where there are as many.
    ahead: usize,
}

/// A line without category or goods.
const NONE: u32 = u32::MAX;
/// Rows that are laid out at a time for who walks through all members: they stay in the nearest cache.
const AHEAD: usize = 1_024;

impl Lines {
    #[inline]
    fn hold(&mut self, shop: &Shop<'_>, bucket: &Bucket, rows: &Range<usize>) {
        if rows.start < self.start || rows.end > self.start + self.paid.len() {
            self.lay_out(shop, bucket, rows);
        }
    }

    fn lay_out(&mut self, shop: &Shop<'_>, bucket: &Bucket, rows: &Range<usize>) {
        let lines = &bucket.lines;
        let rows = rows.start..rows.end.max(lines.paid.len().min(rows.start + self.ahead));
        self.start = rows.start;
        self.category.clear();
        self.paid.clear();
        lines.category.codes(rows.clone(), NONE, &mut self.category);
        lines.paid.numbers(rows.clone(), &mut self.paid);
        let goods = &shop.columns.goods;
        if !goods.is_empty() {
            self.sku.clear();
            lines.sku.codes(rows, NONE, &mut self.sku);
            for (category, sku) in self.category.iter_mut().zip(&self.sku) {
                *category = goods.category(*sku).unwrap_or(*category);
            }
        }
    }
}

impl Pace {
    /// Of members of a bucket, of whom one is looked at.
    pub fn new() -> Self {
        Self { beat: Beat::NONE, spent: Vec::new(), places: Vec::new(), best: 0, flat: Lines::default() }
    }

    /// Of a bucket's members, one after the other.
    pub fn through() -> Self {
        Self { flat: Lines { ahead: AHEAD, ..Lines::default() }, ..Self::new() }
    }

    fn clear(&mut self) {
        self.beat = Beat::NONE;
        self.spent.clear();
        self.best = 0;
    }

    /// Tells the beat which category is the favourite one.
    #[inline]
    fn choose(&mut self) {
        self.beat.favourite = self.spent.get(self.best).map_or(u32::MAX, |of| of.category);
    }

    /// Takes the deals `range` of a reckoning in; tells of each gap it makes, of the shop (`None`)
    /// and of categories.
    #[inline]
    fn take(&mut self, shop: &Shop<'_>, replay: &Replay<'_>, range: Range<usize>, gap: &mut impl FnMut(Option<u32>, i64)) {
        let bucket = replay.bucket;
        for deal in replay.deals[range].iter().filter(|d| d.purchase) {
            if let Some(days) = self.beat.bought(deal.day) {
                gap(None, days);
            }
            let rows = bucket.lines_of(deal.row());
            if rows.is_empty() {
                continue;
            }
            self.flat.hold(shop, bucket, &rows);
            let start = self.flat.start;
            match replay.left(deal) {
                None => {
                    for at in rows.start - start..rows.end - start {
                        self.line(shop, deal.day, self.flat.category[at], self.flat.paid[at], gap);
                    }
                }
                Some(left) => {
                    for line in left.iter().filter(|l| l.live) {
                        self.line(shop, deal.day, self.flat.category[line.row - start], line.paid, gap);
                    }
                }
            }
        }
    }

    #[inline]
    fn line(&mut self, shop: &Shop<'_>, day: i32, category: u32, paid: i64, gap: &mut impl FnMut(Option<u32>, i64)) {
        if category == NONE {
            return;
        }
        let code = category as usize;
        if code >= self.places.len() {
            self.places.resize(code + 1, 0);
        }
        let at = self.places[code] as usize;
        let here = match self.spent.get_mut(at).filter(|of| of.category == category) {
            Some(of) => {
                of.paid += paid;
                if of.last < day {
                    gap(Some(category), i64::from(day - of.last));
                    of.last = day;
                }
                at
            }
            None => {
                self.places[code] = self.spent.len() as u32;
                self.spent.push(Spent { category, paid, last: day });
                self.spent.len() - 1
            }
        };
        // What is spent only grows, so the best is the one that grew or the one before it; else all are looked at.
        if paid < 0 {
            self.best = (0..self.spent.len()).reduce(|a, b| self.better(shop, a, b)).unwrap_or(0);
        } else if here != self.best {
            self.best = self.better(shop, self.best, here);
        }
    }

    /// The place of more spent, of as much that which comes first by bytes.
    #[inline]
    fn better(&self, shop: &Shop<'_>, a: usize, b: usize) -> usize {
        let rank = |at: usize| shop.ranks.get(self.spent[at].category as usize).copied().unwrap_or(u32::MAX);
        let (more, less) = (self.spent[a].paid, self.spent[b].paid);
        if more > less || more == less && rank(a) < rank(b) { a } else { b }
    }
}

/// Whether some order was seen at a moment that did not know a refund of it yet, which a later one
/// knows: then what was a purchase at the one is another at the other.
fn changes_between(moments: &[Moment], bucket: &Bucket, member: usize) -> bool {
    bucket.refunds.of.of(member).any(|row| {
        let order = bucket.refunds.order.get(row).and_then(|order| bucket.orders.time.get(order as usize));
        let (Some(ordered), refunded) = (order, bucket.refunds.time.value(row)) else { return false };
        let first = moments.partition_point(|m| m.at <= ordered);
        let ever = moments.last().is_some_and(|last| refunded < last.at);
        ever && moments.get(first).is_some_and(|m| m.at <= refunded)
    })
}

/// What a walk came to at a moment.
pub(crate) struct Step {
    /// The moment's number.
    pub at: usize,
    /// What it took in of the replay's deals.
    pub deals: Range<usize>,
    /// Whether that is everything, since what was taken in before is another now.
    pub anew: bool,
}

/// Walks a member of `replay`'s bucket through the moments. `gap` hears of changes of the gaps counted at a
/// moment and all later ones, and whether they go; `changed` hears of the member's pace at each moment at
/// which it may be another than before, at first [`Beat::NONE`]. Afterwards `replay` and `pace` hold the last.
#[inline]
pub(crate) fn walk(
    frame: &Frame,
    moments: &[Moment],
    member: usize,
    (replay, pace, shop): (&mut Replay<'_>, &mut Pace, &Shop<'_>),
    mut gap: impl FnMut(usize, Option<u32>, i64, bool),
    mut changed: impl FnMut(Step, &Pace, &Replay<'_>),
) {
    pace.clear();
    let Some(last) = moments.last() else { return };
    let bucket = replay.bucket;
    if frame.net && !bucket.refunds.of.of(member).is_empty() && changes_between(moments, bucket, member) {
        return walk_back(frame, moments, member, (replay, pace, shop), &mut gap, &mut changed);
    }
    replay.run(frame, member, last.at, last.at);
    let (mut done, mut at) = (0, 0);
    while let Some(deal) = replay.deals.get(done) {
        // The first moment that knows of it; orders come before the last one.
        while moments.get(at).is_some_and(|m| m.at <= deal.time) {
            at += 1;
        }
        let Some(moment) = moments.get(at) else { return };
        let deals = done..done + replay.deals[done..].iter().take_while(|d| d.time < moment.at).count();
        pace.take(shop, replay, deals.clone(), &mut |category, days| gap(at, category, days, false));
        pace.choose();
        done = deals.end;
        changed(Step { at, deals, anew: false }, pace, replay);
    }
}

/// The same of a member of whom something was given back after a moment had seen the order: where that becomes
/// known, what was bought before is taken in anew.
fn walk_back(
    frame: &Frame,
    moments: &[Moment],
    member: usize,
    (replay, pace, shop): (&mut Replay<'_>, &mut Pace, &Shop<'_>),
    gap: &mut impl FnMut(usize, Option<u32>, i64, bool),
    changed: &mut impl FnMut(Step, &Pace, &Replay<'_>),
) {
    let (orders, refunds) = (&replay.bucket.orders, &replay.bucket.refunds);
    let (mut order, mut refund) = (orders.of.of(member), refunds.of.of(member));
    let mut told: Vec<(Option<u32>, i64)> = Vec::new();
    let mut since = i64::MIN;
    for (at, moment) in moments.iter().enumerate() {
        // Both lie in the order of time; orders without any come first.
        let (ordered, refunded) = (order.start, refund.start);
        while order.start < order.end && orders.time.get(order.start).is_none_or(|t| t < moment.at) {
            order.start += 1;
        }
        let mut is_back = false;
        while refund.start < refund.end && refunds.time.value(refund.start) < moment.at {
            let of = refunds.order.get(refund.start).and_then(|row| orders.time.get(row as usize));
            is_back |= of.is_some_and(|t| t < since);
            refund.start += 1;
        }
        // Between two moments without an order or a refund nothing changes.
        if (ordered, refunded) != (order.start, refund.start) {
            if is_back {
                told.drain(..).for_each(|(category, days)| gap(at, category, days, true));
                replay.run(frame, member, moment.at, moment.at);
                pace.clear();
            } else {
                replay.run_since(frame, member, moment.at, moment.at, since);
            }
            let (deals, new) = (0..replay.deals.len(), told.len());
            pace.take(shop, replay, deals.clone(), &mut |category, days| told.push((category, days)));
            told[new..].iter().for_each(|(category, days)| gap(at, *category, *days, false));
            pace.choose();
            changed(Step { at, deals, anew: is_back }, pace, replay);
        }
        since = moment.at;
    }
    if let Some(last) = moments.last() {
        replay.run(frame, member, last.at, last.at);
    }
}
