//! What the figures of a report rest on.

use serde::Serialize;
use utoipa::ToSchema;

use crate::brief::{Rows, mark};
use crate::question::Frame;
use crate::replay::{Deal, LooseRefund, Replay};

/// How many figures there are.
pub(crate) const FIGURES: usize = 10;

/// What the figures rest on: how many orders could be named, and what was estimated.
#[derive(Clone, Default, PartialEq, Eq, Debug, Serialize, ToSchema)]
#[schema(as = ReportCoverage)]
pub struct Coverage {
    /// Purchases of known members.
    pub orders_identified: i64,
    /// Purchases of nobody known.
    pub orders_unidentified: i64,
    /// Net paid by known members, minor units.
    pub paid_identified: i64,
    /// Net paid by nobody known, minor units.
    pub paid_unidentified: i64,
    /// Purchases whose time of payment is missing: the time of placing stands in.
    pub orders_time_estimated: i64,
    /// Closed orders that were paid, without refunds that say where the money went.
    pub orders_refund_estimated: i64,
    /// Refunds of no known order.
    pub refunds_unlinked: i64,
    /// Their sum, minor units.
    pub refunds_unlinked_paid: i64,
    /// What refunds claim beyond what was left of their orders, minor units.
    pub refunds_over: i64,
    /// Orders left out because they are in another currency.
    pub orders_other_currency: i64,
}

impl Coverage {
    /// Takes a member's orders and refunds in.
    #[inline]
    pub fn take(&mut self, frame: &Frame, nobody: bool, replay: &Replay<'_>) {
        self.orders_other_currency += replay.other_currency;
        self.deals(nobody, replay, replay.within(frame));
        replay.loose.iter().filter(|l| frame.within(l.time)).for_each(|loose| self.loose(nobody, loose));
    }

    /// Takes some of a member's orders in.
    #[inline]
    pub(crate) fn deals(&mut self, nobody: bool, replay: &Replay<'_>, deals: &[Deal]) {
        let (mut orders, mut paid) = (0, 0);
        for deal in deals {
            orders += i64::from(deal.purchase);
            paid += deal.paid;
            self.orders_time_estimated += i64::from(deal.purchase && deal.time_estimated);
            if let Some(touched) = replay.touched(deal) {
                self.orders_refund_estimated += i64::from(touched.refund_estimated);
                self.refunds_over += touched.over;
            }
        }
        self.add(nobody, orders, paid);
    }

    /// Takes a member's orders and refunds of the window in.
    #[inline]
    pub(crate) fn rows(&mut self, frame: &Frame, nobody: bool, rows: &Rows<'_>) {
        let (mut orders, mut paid) = (0, 0);
        for row in rows.window() {
            let (one, its) = self.order(rows, row);
            orders += one;
            paid += its;
        }
        self.add(nobody, orders, paid);
        rows.loose().iter().filter(|l| frame.within(l.time)).for_each(|loose| self.loose(nobody, loose));
    }

    /// Takes one of a member's orders in.
    pub(crate) fn row(&mut self, nobody: bool, rows: &Rows<'_>, row: usize) {
        let (orders, paid) = self.order(rows, row);
        self.add(nobody, orders, paid);
    }

    /// Takes what an order rests on in; whether it is a purchase, and what was paid for it, are for [`Self::add`].
    #[inline]
    fn order(&mut self, rows: &Rows<'_>, row: usize) -> (i64, i64) {
        if !rows.is(row, mark::DEAL) {
            self.orders_other_currency += i64::from(rows.is(row, mark::OTHER));
            return (0, 0);
        }
        if rows.is(row, mark::ESTIMATED | mark::REFUND_ESTIMATED | mark::OVER) {
            self.orders_time_estimated += i64::from(rows.is(row, mark::ESTIMATED));
            self.orders_refund_estimated += i64::from(rows.is(row, mark::REFUND_ESTIMATED));
            self.refunds_over += if rows.is(row, mark::OVER) { rows.over(row) } else { 0 };
        }
        (i64::from(rows.is(row, mark::PURCHASE)), rows.paid(row))
    }

    /// Takes a refund of no known order in.
    pub(crate) fn loose(&mut self, nobody: bool, loose: &LooseRefund) {
        self.refunds_unlinked += 1;
        self.refunds_unlinked_paid += loose.paid;
        self.add(nobody, 0, -loose.paid);
    }

    #[inline]
    fn add(&mut self, nobody: bool, orders: i64, paid: i64) {
        if nobody {
            self.orders_unidentified += orders;
            self.paid_unidentified += paid;
        } else {
            self.orders_identified += orders;
            self.paid_identified += paid;
        }
    }

    /// The figures in their order.
    pub(crate) fn cells(&self) -> [i64; FIGURES] {
        [
            self.orders_identified,
            self.orders_unidentified,
            self.paid_identified,
            self.paid_unidentified,
            self.orders_time_estimated,
            self.orders_refund_estimated,
            self.refunds_unlinked,
            self.refunds_unlinked_paid,
            self.refunds_over,
            self.orders_other_currency,
        ]
    }

    /// The same the other way round.
    pub(crate) fn of_cells(cells: [i64; FIGURES]) -> Self {
        let [orders_identified, orders_unidentified, paid_identified, paid_unidentified, rest @ ..] = cells;
        let [orders_time_estimated, orders_refund_estimated, refunds_unlinked, refunds_unlinked_paid, refunds_over, rest @ ..] = rest;
        let [orders_other_currency] = rest;
        Self {
            orders_identified,
            orders_unidentified,
            paid_identified,
            paid_unidentified,
            orders_time_estimated,
            orders_refund_estimated,
            refunds_unlinked,
            refunds_unlinked_paid,
            refunds_over,
            orders_other_currency,
        }
    }

    /// Adds another's figures.
    pub fn join(&mut self, other: &Self) {
        let (mine, theirs) = (self.cells(), other.cells());
        *self = Self::of_cells(std::array::from_fn(|i| mine[i] + theirs[i]));
    }

    /// Takes another's figures off.
    pub(crate) fn leave(&mut self, other: &Self) {
        let (mine, theirs) = (self.cells(), other.cells());
        *self = Self::of_cells(std::array::from_fn(|i| mine[i] - theirs[i]));
    }
}
