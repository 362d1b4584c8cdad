//! What was given back, taken off an order's lines.

use std::ops::Range;

use shuke_kernel::money::allocate;

use super::Replay;
use super::deal::{Deal, Left, LooseRefund, Touched};
use crate::question::Frame;

impl Replay<'_> {
    #[cold]
    pub(super) fn gather_refunds(&mut self, frame: &Frame, member: usize, as_of: i64, to: i64) {
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
    pub(super) fn take_off(&mut self, deal: &mut Deal, closed: bool, refunds: Range<usize>) {
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
