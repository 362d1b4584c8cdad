//! What a member's orders count as on a day: refunds known by then are taken off in the order of
//! their time and id, a closed order that was paid is wholly given back, and each order comes out
//! as a *deal*: a purchase or no longer one, with what is left of its money, pieces and lines.
//!
//! An order without refunds is read from its own sums and never looks at its lines.

use std::ops::Range;

use shuke_columns::Bucket;
use shuke_columns::draft::State;
use shuke_kernel::money::allocate;

use crate::days;
use crate::question::Frame;

/// An order as it counts.
#[derive(Clone, Debug)]
pub struct Deal {
    /// Its row among the bucket's orders.
    pub row: usize,
    /// When it counts.
    pub time: i64,
    /// The zone's clock then.
    pub local: i64,
    /// The day.
    pub day: i32,
    /// Whether it is a purchase.
    pub purchase: bool,
    /// Paid on all lines before refunds.
    pub gross_paid: i64,
    /// Received on all lines before refunds.
    pub gross_received: i64,
    /// Paid, refunds taken off.
    pub paid: i64,
    /// Received, refunds taken off.
    pub received: i64,
    /// Pieces on live lines.
    pub units: i64,
    /// Live lines.
    pub lines: i64,
    /// Whether the time of payment is missing.
    pub time_estimated: bool,
    /// Whether what was given back is only known from the order being closed.
    pub refund_estimated: bool,
    /// What its refunds claim beyond what was left.
    pub over: i64,
    /// Its lines in [`Replay::left`]; none when nothing was given back.
    pub left: Option<Range<usize>>,
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

/// A member's orders as they count on a day. One is used for many members.
#[derive(Default, Debug)]
pub struct Replay {
    /// Orders that were paid, by time and id.
    pub deals: Vec<Deal>,
    /// Lines of orders with refunds.
    pub left: Vec<Left>,
    /// Refunds of no known order, by time.
    pub loose: Vec<LooseRefund>,
    /// Orders in another currency, which are left out.
    pub other_currency: i64,
    refunds: Vec<(usize, usize)>,
}

impl Replay {
    /// Reckons `member`'s orders before `to` by what is known before `as_of`.
    pub fn run(&mut self, frame: &Frame, bucket: &Bucket, member: usize, as_of: i64, to: i64) {
        self.deals.clear();
        self.left.clear();
        self.loose.clear();
        self.refunds.clear();
        self.other_currency = 0;
        if frame.net {
            self.gather_refunds(frame, bucket, member, as_of, to);
        }
        let orders = &bucket.orders;
        let mut refunds = 0;
        for row in orders.of.of(member) {
            let Some(time) = orders.time.get(row) else { continue };
            if time >= to {
                break;
            }
            if frame.only.is_some_and(|only| orders.currency.code(row) != Some(only)) {
                self.other_currency += i64::from(frame.within(time));
                continue;
            }
            let state = orders.state.value(row);
            let paid_known = orders.paid_known.value(row) != 0;
            let closed = state == State::Closed as i64;
            if state == State::Created as i64 || (closed && !paid_known) {
                continue;
            }
            let local = frame.days.local(time);
            let (paid, received) = (orders.paid.value(row), orders.received.value(row));
            let mut deal = Deal {
                row,
                time,
                local,
                day: days::day_of(local),
                purchase: true,
                gross_paid: paid,
                gross_received: received,
                paid,
                received,
                units: orders.units.value(row),
                lines: orders.lines.value(row),
                time_estimated: !paid_known,
                refund_estimated: false,
                over: 0,
                left: None,
            };
            while self.refunds.get(refunds).is_some_and(|(order, _)| *order < row) {
                refunds += 1;
            }
            let mine =
                refunds..self.refunds[refunds..].iter().position(|(order, _)| *order != row).map_or(self.refunds.len(), |n| refunds + n);
            if frame.net && (closed || !mine.is_empty()) {
                self.take_off(bucket, &mut deal, closed, mine);
            }
            self.deals.push(deal);
        }
    }

    fn gather_refunds(&mut self, frame: &Frame, bucket: &Bucket, member: usize, as_of: i64, to: i64) {
        let rows = &bucket.refunds;
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

    fn take_off(&mut self, bucket: &Bucket, deal: &mut Deal, closed: bool, refunds: Range<usize>) {
        let lines = bucket.lines_of(deal.row);
        let (first, begin) = (lines.start, self.left.len());
        self.left.extend(lines.map(|row| Left {
            row,
            quantity: bucket.lines.quantity.value(row),
            paid: bucket.lines.paid.value(row),
            received: bucket.lines.received.value(row),
            live: true,
        }));
        let left = &mut self.left[begin..];
        for (_, refund) in &self.refunds[refunds] {
            let (amount, received) = (bucket.refunds.amount.value(*refund), bucket.refunds.received.value(*refund));
            if let Some(line) = bucket.refunds.line.get(*refund).and_then(|row| left.get_mut(row as usize - first)) {
                let paid = amount.min(line.paid);
                deal.over += amount - paid;
                line.paid -= paid;
                line.received -= received.min(line.received);
                line.quantity -= bucket.refunds.quantity.value(*refund).min(line.quantity);
            } else {
                deal.over += amount - spread(left, amount, |l| &mut l.paid);
                spread(left, received, |l| &mut l.received);
            }
        }
        if closed {
            deal.refund_estimated = left.iter().any(|l| l.paid > 0);
            for line in left.iter_mut() {
                (line.quantity, line.paid, line.received) = (0, 0, 0);
            }
        }
        (deal.paid, deal.received, deal.units, deal.lines) = (0, 0, 0, 0);
        for line in left.iter_mut() {
            line.live = !closed && (line.paid > 0 || bucket.lines.paid.value(line.row) == 0);
            if !line.live {
                line.quantity = 0;
            }
            deal.paid += line.paid;
            deal.received += line.received;
            deal.units += line.quantity;
            deal.lines += i64::from(line.live);
        }
        deal.purchase = !closed && (deal.paid > 0 || deal.gross_paid == 0);
        deal.left = Some(begin..self.left.len());
    }

    /// A deal's lines as they stand.
    pub fn lines<'a>(&'a self, bucket: &'a Bucket, deal: &Deal) -> impl Iterator<Item = Left> + 'a {
        let (touched, whole) = match &deal.left {
            Some(range) => (&self.left[range.clone()], 0..0),
            None => (&self.left[..0], bucket.lines_of(deal.row)),
        };
        let lines = &bucket.lines;
        touched.iter().copied().chain(whole.map(|row| Left {
            row,
            quantity: lines.quantity.value(row),
            paid: lines.paid.value(row),
            received: lines.received.value(row),
            live: true,
        }))
    }
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
