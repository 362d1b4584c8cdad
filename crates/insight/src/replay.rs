//! What a member's orders count as on a day: refunds known by then are taken off in the order of
//! their time and id, a closed order that was paid is wholly given back, and each order comes out
//! as a *deal*: a purchase or no longer one, with what is left of its money, pieces and lines.
//!
//! An order without refunds is read from its own sums and never looks at its lines, and what a report
//! does not ask about is not read at all: of tens of millions of orders that is most of the time.

use std::ops::Range;

use shuke_columns::Bucket;
use shuke_columns::draft::State;
use shuke_kernel::money::allocate;

use crate::days;
use crate::question::Frame;

/// An order as it counts. What differs once something was given back is in [`Touched`].
#[derive(Clone, Debug)]
pub struct Deal {
    /// When it counts.
    pub time: i64,
    /// Paid, refunds taken off.
    pub paid: i64,
    /// The day on the zone's calendar.
    pub day: i32,
    /// Its row among the bucket's orders.
    row: u32,
    /// Its place among [`Replay::touched`].
    touched: u32,
    /// Whether it is a purchase.
    pub purchase: bool,
    /// Whether the time of payment is missing.
    pub time_estimated: bool,
}

/// Nothing was given back.
const WHOLE: u32 = u32::MAX;

impl Deal {
    /// Its row among the bucket's orders.
    #[inline]
    pub fn row(&self) -> usize {
        self.row as usize
    }
}

/// What is left of an order of which something was given back.
#[derive(Clone, Debug)]
pub struct Touched {
    /// Received, refunds taken off.
    pub received: i64,
    /// Pieces on live lines.
    pub units: i64,
    /// Live lines.
    pub lines: i64,
    /// Whether what was given back is only known from the order being closed.
    pub refund_estimated: bool,
    /// What its refunds claim beyond what was left.
    pub over: i64,
    /// Its lines in [`Replay::left`].
    left: Range<usize>,
}

/// A line after refunds.
#[derive(Clone, Copy, Debug)]
pub struct Left {
    /// Its row among the bucket's lines.
    pub row: usize,
    /// Pieces.
    pub quantity: i64,
    /// Paid.
    pub paid: i64,
    /// Received.
    pub received: i64,
    /// Whether anything of it is left: a line that was paid and wholly given back is dead.
    pub live: bool,
}

/// A refund of no known order.
#[derive(Clone, Debug)]
pub struct LooseRefund {
    /// When.
    pub time: i64,
    /// The day.
    pub day: i32,
    /// Goods.
    pub sku: Option<u32>,
    /// Pieces.
    pub units: i64,
    /// To the member.
    pub paid: i64,
    /// From the merchant.
    pub received: i64,
}

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

/// Orders' columns as plain numbers.
#[derive(Default, Debug)]
struct Flat {
    start: usize,
    time: Vec<i64>,
    paid: Vec<i64>,
    state: Vec<u32>,
    paid_known: Vec<u32>,
    /// So many rows are laid out at least where there are as many.
    ahead: usize,
}

impl Flat {
    /// Lays these rows out, unless they are.
    #[inline]
    fn hold(&mut self, bucket: &Bucket, rows: &Range<usize>, ahead: usize) {
        if rows.start < self.start || rows.end > self.start + self.time.len() {
            self.lay_out(bucket, rows, ahead);
        }
    }

    fn lay_out(&mut self, bucket: &Bucket, rows: &Range<usize>, ahead: usize) {
        let orders = &bucket.orders;
        let rows = rows.start..rows.end.max(orders.time.len().min(rows.start + ahead));
        self.start = rows.start;
        self.time.clear();
        self.paid.clear();
        self.state.clear();
        self.paid_known.clear();
        orders.time.numbers(rows.clone(), &mut self.time);
        orders.paid.numbers(rows.clone(), &mut self.paid);
        orders.state.codes(rows.clone(), 0, &mut self.state);
        orders.paid_known.codes(rows, 0, &mut self.paid_known);
    }
}

/// Rows that are laid out at a time for who walks through all members: they stay in the nearest cache.
const AHEAD: usize = 1_024;
/// The same where most rows lie before what is asked about.
const AHEAD_OF_FEW: usize = 16;

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
        Self { place, flat: Flat { ahead: AHEAD, ..Flat::default() }, ..Self::of(bucket) }
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

    fn run_since(&mut self, frame: &Frame, member: usize, as_of: i64, to: i64, since: i64) {
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
        let mut ahead = self.flat.ahead;
        if since > i64::MIN {
            ahead = ahead.min(AHEAD_OF_FEW);
            let mut start = rows.end;
            while start > rows.start && orders.time.value(start - 1) >= since {
                start -= 1;
            }
            rows.start = start;
        }
        if rows.is_empty() {
            return;
        }
        self.flat.hold(self.bucket, &rows, ahead);
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

    #[cold]
    fn gather_refunds(&mut self, frame: &Frame, member: usize, as_of: i64, to: i64) {
        let rows = &self.bucket.refunds;
        for row in rows.of.of(member) {
            let time = rows.time.value(row);
            if time >= as_of {
                break;
            }
            if let Some(order) = rows.order.get(row) {
                self.refunds.push((order as usize, row));
            } else if time < to && frame.only.is_none_or(|only| rows.currency.code(row) == Some(only)) {
                let loose = LooseRefund {
                    time,
                    day: frame.days.of(time),
                    sku: rows.sku.code(row),
                    units: rows.quantity.value(row),
                    paid: rows.amount.value(row),
                    received: rows.received.value(row),
                };
                self.loose.push(loose);
            }
        }
        // Within an order they stay in the order of time and id.
        self.refunds.sort_by_key(|(order, row)| (*order, *row));
    }

    #[cold]
    fn take_off(&mut self, deal: &mut Deal, closed: bool, refunds: Range<usize>) {
        let bucket = self.bucket;
        let lines = bucket.lines_of(deal.row());
        let (first, begin, gross_paid) = (lines.start, self.left.len(), deal.paid);
        self.left.extend(lines.map(|row| Left {
            row,
            quantity: bucket.lines.quantity.value(row),
            paid: bucket.lines.paid.value(row),
            received: bucket.lines.received.value(row),
            live: true,
        }));
        let left = &mut self.left[begin..];
        let mut touched = Touched { received: 0, units: 0, lines: 0, refund_estimated: false, over: 0, left: begin..begin + left.len() };
        for (_, refund) in &self.refunds[refunds] {
            let (amount, received) = (bucket.refunds.amount.value(*refund), bucket.refunds.received.value(*refund));
            if let Some(line) = bucket.refunds.line.get(*refund).and_then(|row| left.get_mut(row as usize - first)) {
                let paid = amount.min(line.paid);
                touched.over += amount - paid;
                line.paid -= paid;
                line.received -= received.min(line.received);
                line.quantity -= bucket.refunds.quantity.value(*refund).min(line.quantity);
            } else {
                touched.over += amount - spread(left, amount, |l| &mut l.paid);
                spread(left, received, |l| &mut l.received);
            }
        }
        if closed {
            touched.refund_estimated = left.iter().any(|l| l.paid > 0);
            for line in left.iter_mut() {
                (line.quantity, line.paid, line.received) = (0, 0, 0);
            }
        }
        deal.paid = 0;
        for line in left.iter_mut() {
            line.live = !closed && (line.paid > 0 || bucket.lines.paid.value(line.row) == 0);
            if !line.live {
                line.quantity = 0;
            }
            deal.paid += line.paid;
            touched.received += line.received;
            touched.units += line.quantity;
            touched.lines += i64::from(line.live);
        }
        deal.purchase = !closed && (deal.paid > 0 || gross_paid == 0);
        deal.touched = self.touched.len() as u32;
        self.touched.push(touched);
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

    /// The lines of a deal of which something was given back.
    pub(crate) fn left(&self, deal: &Deal) -> Option<&[Left]> {
        self.touched(deal).map(|t| &self.left[t.left.clone()])
    }
}

/// Deals, which are by time, from an instant to before another.
#[inline]
pub fn between(deals: &[Deal], from: i64, to: i64) -> &[Deal] {
    let end = deals.iter().rposition(|d| d.time < to).map_or(0, |at| at + 1);
    let start = deals[..end].iter().rposition(|d| d.time < from).map_or(0, |at| at + 1);
    &deals[start..end]
}

/// Takes `amount` off all lines by largest remainder over what is left. Returns what it could take.
fn spread(left: &mut [Left], amount: i64, of: impl Fn(&mut Left) -> &mut i64) -> i64 {
    let weights: Vec<i64> = left.iter_mut().map(|l| *of(l)).collect();
    let taken = amount.min(weights.iter().sum());
    if taken > 0 {
        for (line, part) in left.iter_mut().zip(allocate(taken, &weights)) {
            *of(line) -= part;
        }
    }
    taken
}

/// The hour of a deal on the zone's clock, 0 to 23.
#[inline]
pub fn hour(frame: &Frame, deal: &Deal) -> usize {
    days::hour_of(frame.days.local(deal.time))
}
