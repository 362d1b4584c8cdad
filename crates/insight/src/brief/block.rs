//! Orders as plain numbers: some rows ahead from a bucket and its brief, or one member's from a reckoning.

use std::ops::Range;

use shuke_columns::Bucket;

use super::kept::Kept;
use super::{Wants, mark};
use crate::days;
use crate::question::Frame;
use crate::replay::{Deal, Replay};

/// Orders as plain numbers; what is not wanted is empty.
#[derive(Default, Debug)]
pub(super) struct Block {
    /// The row among the bucket's orders at place nought.
    pub first: usize,
    pub day: Vec<i32>,
    pub since: Vec<i32>,
    pub mark: Vec<u16>,
    pub paid: Vec<i64>,
    pub received: Vec<i64>,
    pub units: Vec<i64>,
    pub lines: Vec<i64>,
    pub gross_paid: Vec<i64>,
    pub gross_received: Vec<i64>,
    /// Which of the orders that a brief tells of as touched these are.
    pub touched: Range<usize>,
}

impl Block {
    fn clear(&mut self, first: usize) {
        self.first = first;
        self.day.clear();
        self.since.clear();
        self.mark.clear();
        for of in [&mut self.paid, &mut self.received, &mut self.units, &mut self.lines, &mut self.gross_paid, &mut self.gross_received] {
            of.clear();
        }
        self.touched = 0..0;
    }

    /// Whether these rows are laid out.
    #[inline]
    pub fn holds(&self, rows: &Range<usize>) -> bool {
        rows.start >= self.first && rows.end <= self.first + self.mark.len()
    }

    /// Lays these rows out from their bucket and its brief.
    pub fn lay_out(&mut self, bucket: &Bucket, kept: &Kept<'_>, rows: &Range<usize>, wants: Wants) {
        self.clear(rows.start);
        let orders = &bucket.orders;
        self.day.extend(kept.days[rows.clone()].iter().map(|day| kept.base.wrapping_add(i32::from(*day))));
        self.since.extend_from_slice(&self.day);
        self.mark.extend_from_slice(&kept.marks[rows.clone()]);
        orders.paid.numbers(rows.clone(), &mut self.paid);
        if wants >= Wants::Received {
            orders.received.numbers(rows.clone(), &mut self.received);
        }
        if wants >= Wants::All {
            self.gross_paid.extend_from_slice(&self.paid);
            self.gross_received.extend_from_slice(&self.received);
            orders.units.numbers(rows.clone(), &mut self.units);
            orders.lines.numbers(rows.clone(), &mut self.lines);
        }
        self.touched = kept.touched_of(rows);
        for at in self.touched.clone() {
            let (row, [paid, received], [units, lines, _]) = kept.touched(at);
            let row = row - rows.start;
            self.paid[row] = paid;
            if wants >= Wants::Received {
                self.received[row] = received;
            }
            if wants >= Wants::All {
                (self.units[row], self.lines[row]) = (units.into(), lines.into());
            }
        }
    }

    /// Lays out the orders of a member whom `replay` has reckoned.
    pub fn walk(&mut self, frame: &Frame, replay: &Replay<'_>, rows: Range<usize>, wants: Wants) {
        self.clear(rows.start);
        let orders = &replay.bucket.orders;
        for row in rows.clone() {
            let time = orders.time.get(row);
            let day = time.map_or(i32::MIN, |time| frame.days.of(time));
            let is_other = time.is_some() && frame.only.is_some_and(|only| orders.currency.code(row) != Some(only));
            self.day.push(day);
            self.since.push(time.map_or(i32::MIN, |time| frame.days.lies_on(time, day)));
            self.mark.push(if is_other { mark::OTHER } else { 0 });
        }
        self.paid.resize(rows.len(), 0);
        for deal in &replay.deals {
            let row = deal.row() - rows.start;
            self.mark[row] = marked(frame, replay, deal);
            self.paid[row] = deal.paid;
        }
        if wants >= Wants::Received {
            self.received.resize(rows.len(), 0);
            replay.deals.iter().for_each(|deal| self.received[deal.row() - rows.start] = replay.received(deal));
        }
        if wants < Wants::All {
            return;
        }
        for of in [&mut self.units, &mut self.lines, &mut self.gross_paid, &mut self.gross_received] {
            of.resize(rows.len(), 0);
        }
        for deal in &replay.deals {
            let row = deal.row() - rows.start;
            self.units[row] = replay.units(deal);
            self.lines[row] = replay.live_lines(deal);
            self.gross_paid[row] = replay.gross_paid(deal);
            self.gross_received[row] = replay.gross_received(deal);
        }
    }
}

fn marked(frame: &Frame, replay: &Replay<'_>, deal: &Deal) -> u16 {
    let if_so = |is: bool, bit: u16| if is { bit } else { 0 };
    let mut told = mark::DEAL | days::hour_of(frame.days.local(deal.time)) as u16;
    told |= if_so(deal.purchase, mark::PURCHASE) | if_so(deal.purchase && deal.time_estimated, mark::ESTIMATED);
    if let Some(touched) = replay.touched(deal) {
        told |= mark::TOUCHED | if_so(touched.refund_estimated, mark::REFUND_ESTIMATED) | if_so(touched.over != 0, mark::OVER);
    }
    told
}
