//! What a member's orders count as on a day: refunds known by then are taken off in the order of
//! their time and id, a closed order that was paid is wholly given back, and each order comes out
//! as a *deal*: a purchase or no longer one, with what is left of its money, pieces and lines.
//!
//! An order without refunds is read from its own sums and never looks at its lines, and what a report
//! does not ask about is not read at all: of tens of millions of orders that is most of the time.

mod deal;
mod flat;
mod refunds;

use shuke_columns::Bucket;
use shuke_columns::draft::State;

use self::deal::WHOLE;
pub use self::deal::{Deal, Left, LooseRefund, Touched};
use self::flat::Flat;
use crate::days;
use crate::question::Frame;

/// Which of a member's orders a report asks about.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Reach {
    /// All before its end.
    All,
    /// Those at or after an instant.
    Since(i64),
    /// Those, and which was the first purchase of all.
    SinceAndFirst(i64),
}

/// A member's first purchase.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct First {
    /// Its row among the bucket's orders.
    pub row: usize,
    /// When.
    pub time: i64,
}

/// A member's orders as they count on a day. One is used for many members of its bucket.
#[derive(Debug)]
pub struct Replay<'b> {
    /// Whose rows they are.
    pub bucket: &'b Bucket,
    /// The bucket's place among all.
    pub place: usize,
    /// Orders that were paid, by time and id, as far as was asked.
    pub deals: Vec<Deal>,
    /// The first purchase before the end; not told for [`Reach::Since`].
    pub first: Option<First>,
    /// Refunds of no known order, by time.
    pub loose: Vec<LooseRefund>,
    /// Orders in another currency, which are left out.
    pub other_currency: i64,
    touched: Vec<Touched>,
    left: Vec<Left>,
    refunds: Vec<(usize, usize)>,
    flat: Flat,
}

impl<'b> Replay<'b> {
    /// Of members of this bucket, of whom one is looked at.
    pub fn of(bucket: &'b Bucket) -> Self {
        Self {
            bucket,
            place: 0,
            deals: Vec::new(),
            first: None,
            loose: Vec::new(),
            other_currency: 0,
            touched: Vec::new(),
            left: Vec::new(),
            refunds: Vec::new(),
            flat: Flat::default(),
        }
    }

    /// Of the members of the bucket at this place, one after the other.
    pub fn through(bucket: &'b Bucket, place: usize) -> Self {
        Self { place, flat: Flat::ahead(), ..Self::of(bucket) }
    }

    /// Reckons `member`'s orders before `to` by what is known before `as_of`.
    pub fn run(&mut self, frame: &Frame, member: usize, as_of: i64, to: i64) {
        self.run_since(frame, member, as_of, to, i64::MIN);
        self.first = self.deals.iter().find(|d| d.purchase).map(|d| First { row: d.row(), time: d.time });
    }

    /// The same as far as a report asks; `frame` says until when.
    pub fn reach(&mut self, frame: &Frame, member: usize, reach: Reach) {
        let (as_of, to) = (frame.as_of, frame.to);
        match reach {
            Reach::All => self.run(frame, member, as_of, to),
            Reach::Since(since) => self.run_since(frame, member, as_of, to, since),
            Reach::SinceAndFirst(since) => match self.first_at_sight(frame, member, to) {
                None => self.run(frame, member, as_of, to),
                Some(first) => {
                    self.run_since(frame, member, as_of, to, since);
                    self.first = first;
                }
            },
        }
    }

    /// The first purchase before `to`, where it can be told without looking at refunds.
    fn first_at_sight(&self, frame: &Frame, member: usize, to: i64) -> Option<Option<First>> {
        let orders = &self.bucket.orders;
        for row in orders.of.of(member) {
            let Some(time) = orders.time.get(row) else { continue };
            if time >= to {
                break;
            }
            if frame.only.is_some_and(|only| orders.currency.code(row) != Some(only)) {
                continue;
            }
            let state = orders.state.value(row);
            let closed = state == State::Closed as i64;
            if state == State::Created as i64 || (closed && (frame.net || orders.paid_known.value(row) == 0)) {
                continue;
            }
            if frame.net && orders.refunds.value(row) != 0 {
                return None;
            }
            return Some(Some(First { row, time }));
        }
        Some(None)
    }

    /// Reckons those at or after `since` alone; the first purchase is not told.
    pub(crate) fn run_since(&mut self, frame: &Frame, member: usize, as_of: i64, to: i64, since: i64) {
        self.deals.clear();
        self.touched.clear();
        self.left.clear();
        self.loose.clear();
        self.refunds.clear();
        self.other_currency = 0;
        self.first = None;
        if frame.net && !self.bucket.refunds.of.of(member).is_empty() {
            self.gather_refunds(frame, member, as_of, to);
        }
        let orders = &self.bucket.orders;
        let mut rows = orders.of.of(member);
        if rows.is_empty() {
            return;
        }
        self.flat.hold(self.bucket, &rows);
        if since > i64::MIN {
            let times = &self.flat.time[rows.start - self.flat.start..rows.end - self.flat.start];
            rows.start = rows.end - times.iter().rev().take_while(|time| **time >= since).count();
        }
        let all_known = orders.time.all_known();
        let mut refunds = 0;
        for row in rows {
            let at = row - self.flat.start;
            let time = self.flat.time[at];
            if !all_known && !orders.time.is_known(row) {
                continue;
            }
            if time >= to {
                break;
            }
            if frame.only.is_some_and(|only| orders.currency.code(row) != Some(only)) {
                self.other_currency += i64::from(frame.within(time));
                continue;
            }
            let (state, paid_known) = (self.flat.state[at], self.flat.paid_known[at] != 0);
            let closed = state == State::Closed as u32;
            if state == State::Created as u32 || (closed && !paid_known) {
                continue;
            }
            let paid = self.flat.paid[at];
            let day = frame.days.of(time);
            let mut deal = Deal { time, paid, day, row: row as u32, touched: WHOLE, purchase: true, time_estimated: !paid_known };
            if frame.net && (closed || !self.refunds.is_empty()) {
                while self.refunds.get(refunds).is_some_and(|(order, _)| *order < row) {
                    refunds += 1;
                }
                let more = self.refunds[refunds..].iter().take_while(|(order, _)| *order == row).count();
                if closed || more > 0 {
                    self.take_off(&mut deal, closed, refunds..refunds + more);
                }
            }
            self.deals.push(deal);
        }
    }

    /// Deals in the window.
    #[inline]
    pub fn within(&self, frame: &Frame) -> &[Deal] {
        between(&self.deals, frame.from, frame.to)
    }

    /// What is left of a deal of which something was given back.
    #[inline]
    pub fn touched(&self, deal: &Deal) -> Option<&Touched> {
        // No place is as high as that of a deal that is whole.
        self.touched.get(deal.touched as usize)
    }

    /// Paid on all lines before refunds.
    #[inline]
    pub fn gross_paid(&self, deal: &Deal) -> i64 {
        if deal.touched == WHOLE { deal.paid } else { self.bucket.orders.paid.value(deal.row()) }
    }

    /// Received on all lines before refunds.
    #[inline]
    pub fn gross_received(&self, deal: &Deal) -> i64 {
        self.bucket.orders.received.value(deal.row())
    }

    /// Received, refunds taken off.
    #[inline]
    pub fn received(&self, deal: &Deal) -> i64 {
        self.touched(deal).map_or_else(|| self.gross_received(deal), |t| t.received)
    }

    /// Pieces on live lines.
    #[inline]
    pub fn units(&self, deal: &Deal) -> i64 {
        self.touched(deal).map_or_else(|| self.bucket.orders.units.value(deal.row()), |t| t.units)
    }

    /// Live lines.
    #[inline]
    pub fn live_lines(&self, deal: &Deal) -> i64 {
        self.touched(deal).map_or_else(|| self.bucket.orders.lines.value(deal.row()), |t| t.lines)
    }

    /// Hands every line of a deal on as it stands.
    #[inline]
    pub fn lines(&self, deal: &Deal, mut each: impl FnMut(Left)) {
        if let Some(touched) = self.touched(deal) {
            return self.left[touched.left.clone()].iter().copied().for_each(each);
        }
        let lines = &self.bucket.lines;
        for row in self.bucket.lines_of(deal.row()) {
            each(Left {
                row,
                quantity: lines.quantity.value(row),
                paid: lines.paid.value(row),
                received: lines.received.value(row),
                live: true,
            });
        }
    }

    /// The deal that is the order at a row.
    pub(crate) fn deal_of(&self, row: usize) -> Option<&Deal> {
        self.deals.binary_search_by_key(&row, Deal::row).ok().map(|at| &self.deals[at])
    }

    /// The lines of a deal of which something was given back.
    pub(crate) fn left(&self, deal: &Deal) -> Option<&[Left]> {
        self.touched(deal).map(|t| &self.left[t.left.clone()])
    }
}

/// Deals, which are by time, from an instant to before another.
#[inline]
pub fn between(deals: &[Deal], from: i64, to: i64) -> &[Deal] {
    if deals.first().is_none_or(|d| d.time >= from) && deals.last().is_none_or(|d| d.time < to) {
        return deals;
    }
    let end = deals.iter().rposition(|d| d.time < to).map_or(0, |at| at + 1);
    let start = deals[..end].iter().rposition(|d| d.time < from).map_or(0, |at| at + 1);
    &deals[start..end]
}

/// The hour of a deal on the zone's clock, 0 to 23.
#[inline]
pub fn hour(frame: &Frame, deal: &Deal) -> usize {
    days::hour_of(frame.days.local(deal.time))
}
