//! A member's rhythm: purchases, gaps between days of purchase and money by category, walked through
//! time once; a member with refunds is reckoned anew at every moment, because a refund changes what
//! was a purchase before it.

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

/// A member's rhythm up to a moment.
#[derive(Default)]
pub(crate) struct Pace {
    pub purchases: i64,
    pub last: Option<i32>,
    pub gaps: i64,
    pub days: i64,
    /// Category, spent, last day of buying in it.
    pub spent: Vec<(u32, i64, i32)>,
    /// The category of the most spent, ties by bytes.
    pub favourite: Option<u32>,
}

impl Pace {
    fn clear(&mut self) {
        (self.purchases, self.last, self.gaps, self.days) = (0, None, 0, 0);
        self.spent.clear();
        self.favourite = None;
    }

    /// Looks again which category is the favourite one; `ranks` is the place of each by bytes.
    fn choose(&mut self, ranks: &[u32]) {
        let rank = |category: u32| ranks.get(category as usize).copied().unwrap_or(u32::MAX);
        self.favourite = self.spent.iter().max_by(|a, b| a.1.cmp(&b.1).then_with(|| rank(b.0).cmp(&rank(a.0)))).map(|(c, _, _)| *c);
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
            self.purchases += 1;
            if let Some(last) = self.last.filter(|last| *last < deal.day) {
                let days = i64::from(deal.day - last);
                self.gaps += 1;
                self.days += days;
                gap(None, days);
            }
            self.last = Some(deal.day);
            for line in replay.lines(bucket, deal).filter(|l| l.live) {
                let Some(category) = shop.columns.category(bucket, line.row) else { continue };
                match self.spent.iter_mut().find(|(c, _, _)| *c == category) {
                    None => self.spent.push((category, line.paid, deal.day)),
                    Some((_, spent, last)) => {
                        *spent += line.paid;
                        if *last < deal.day {
                            gap(Some(category), i64::from(deal.day - *last));
                            *last = deal.day;
                        }
                    }
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

/// Walks a member through the moments. `gap` hears of changes of the gaps counted at a moment and
/// all later ones; `at` hears of the member's pace at each. Afterwards `replay` holds the last.
pub(crate) fn walk(
    frame: &Frame,
    moments: &[Moment],
    bucket: &Bucket,
    member: usize,
    (replay, pace, shop): (&mut Replay, &mut Pace, &Shop<'_>),
    mut gap: impl FnMut(usize, Option<u32>, i64, i64),
    mut at: impl FnMut(usize, &Pace),
) {
    pace.clear();
    let refunded = frame.net && bucket.refunds.of.of(member).any(|row| bucket.refunds.order.get(row).is_some());
    if refunded {
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
            }
            at(i, pace);
        }
        return;
    }
    let Some(last) = moments.last() else { return };
    replay.run(frame, bucket, member, last.at, last.at);
    let mut done = 0;
    for (i, moment) in moments.iter().enumerate() {
        let known = done + replay.deals[done..].partition_point(|d| d.time < moment.at);
        pace.take(shop, bucket, replay, done..known, &mut |category, days| gap(i, category, days, 1));
        if done < known {
            pace.choose(&shop.ranks);
        }
        done = known;
        at(i, pace);
    }
}
