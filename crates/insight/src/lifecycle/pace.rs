//! A member's rhythm: purchases, gaps between days of purchase and money by category, walked through
//! time once; a member with a refund that came after a moment which had seen its order is reckoned anew
//! at every moment, because it changes what was a purchase before it.

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
    last: i32,
    favourite: u32,
}

impl Beat {
    /// Nothing bought.
    pub const NONE: Self = Self { purchases: 0, gaps: 0, days: 0, last: i32::MIN, favourite: u32::MAX };

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

/// A member's rhythm up to a moment.
pub(crate) struct Pace {
    pub beat: Beat,
    /// Category, spent, last day of buying in it.
    pub spent: Vec<(u32, i64, i32)>,
}

impl Default for Pace {
    fn default() -> Self {
        Self { beat: Beat::NONE, spent: Vec::new() }
    }
}

impl Pace {
    fn clear(&mut self) {
        self.beat = Beat::NONE;
        self.spent.clear();
    }

    /// Looks again which category is the favourite one; `ranks` is the place of each by bytes.
    fn choose(&mut self, ranks: &[u32]) {
        let rank = |category: u32| ranks.get(category as usize).copied().unwrap_or(u32::MAX);
        let best = self.spent.iter().max_by(|a, b| a.1.cmp(&b.1).then_with(|| rank(b.0).cmp(&rank(a.0))));
        self.beat.favourite = best.map_or(u32::MAX, |(category, _, _)| *category);
    }

    /// Takes the deals `range` of a reckoning in; tells of each gap it makes, of the shop (`None`)
    /// and of categories.
    fn take(
        &mut self,
        shop: &Shop<'_>,
        bucket: &Bucket,
        replay: &Replay,
        range: std::ops::Range<usize>,
        gap: &mut impl FnMut(Option<u32>, i64),
    ) {
        for deal in replay.deals[range].iter().filter(|d| d.purchase) {
            if let Some(days) = self.beat.bought(deal.day) {
                gap(None, days);
            }
            match &deal.left {
                None => {
                    bucket.lines_of(deal.row).for_each(|line| self.line(shop, bucket, deal.day, line, bucket.lines.paid.value(line), gap))
                }
                Some(left) => {
                    let live = replay.left[left.clone()].iter().filter(|l| l.live);
                    live.for_each(|l| self.line(shop, bucket, deal.day, l.row, l.paid, gap));
                }
            }
        }
    }

    #[inline]
    fn line(&mut self, shop: &Shop<'_>, bucket: &Bucket, day: i32, line: usize, paid: i64, gap: &mut impl FnMut(Option<u32>, i64)) {
        let Some(category) = shop.columns.category(bucket, line) else { return };
        match self.spent.iter_mut().find(|(c, _, _)| *c == category) {
            None => self.spent.push((category, paid, day)),
            Some((_, spent, last)) => {
                *spent += paid;
                if *last < day {
                    gap(Some(category), i64::from(day - *last));
                    *last = day;
                }
            }
        }
    }
}

/// How many of a member's orders and refunds come before an instant.
fn rows_before(bucket: &Bucket, member: usize, at: i64) -> (usize, usize) {
    let orders = bucket.orders.of.of(member).filter(|row| bucket.orders.time.get(*row).is_some_and(|t| t < at)).count();
    (orders, bucket.refunds.of.of(member).filter(|row| bucket.refunds.time.value(*row) < at).count())
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

/// Walks a member through the moments. `gap` hears of changes of the gaps counted at a moment and
/// all later ones; `changed` hears of the member's pace at each moment at which it may be another than
/// before, at first [`Beat::NONE`]. Afterwards `replay` and `pace` hold the last.
pub(crate) fn walk(
    frame: &Frame,
    moments: &[Moment],
    bucket: &Bucket,
    member: usize,
    (replay, pace, shop): (&mut Replay, &mut Pace, &Shop<'_>),
    mut gap: impl FnMut(usize, Option<u32>, i64, i64),
    mut changed: impl FnMut(usize, &Pace),
) {
    pace.clear();
    if frame.net && changes_between(moments, bucket, member) {
        // Between two moments without an order or a refund nothing changes.
        let mut known = None;
        let mut told: Vec<(Option<u32>, i64)> = Vec::new();
        for (i, moment) in moments.iter().enumerate() {
            let now = Some(rows_before(bucket, member, moment.at));
            if known != now {
                known = now;
                told.drain(..).for_each(|(category, days)| gap(i, category, days, -1));
                replay.run(frame, bucket, member, moment.at, moment.at);
                pace.clear();
                pace.take(shop, bucket, replay, 0..replay.deals.len(), &mut |category, days| told.push((category, days)));
                told.iter().for_each(|(category, days)| gap(i, *category, *days, 1));
                pace.choose(&shop.ranks);
                changed(i, pace);
            }
        }
        return;
    }
    let Some(last) = moments.last() else { return };
    replay.run(frame, bucket, member, last.at, last.at);
    let mut done = 0;
    while let Some(deal) = replay.deals.get(done) {
        // The first moment that knows of it; orders come before the last one.
        let i = moments.partition_point(|m| m.at <= deal.time);
        let Some(moment) = moments.get(i) else { return };
        let known = done + replay.deals[done..].iter().take_while(|d| d.time < moment.at).count();
        pace.take(shop, bucket, replay, done..known, &mut |category, days| gap(i, category, days, 1));
        pace.choose(&shop.ranks);
        done = known;
        changed(i, pace);
    }
}
