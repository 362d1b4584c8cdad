//! The dashboard's figures as they are gathered, member by member, and joined.

use std::ops::Range;

use super::series::Point;
use super::{DashboardMembers, DashboardMoney, DashboardOrders, TrendMonth};
use crate::brief::{Rows, mark};
use crate::days::month_of;
use crate::near::Near;
use crate::question::{Frame, Grain};
use crate::survey::Member;

/// Room for months and days before those of the first member.
const MONTHS: i32 = 600;
const DAYS: i32 = 3_660;

pub(super) struct Sums {
    pub members: DashboardMembers,
    pub orders: DashboardOrders,
    pub money: DashboardMoney,
    pub paid_of_purchases: i64,
    pub items: i64,
    pub lines: i64,
    pub trend: Near<TrendMonth>,
    pub before: Before,
    pub grain: Option<Grain>,
    /// By the first day of each stretch.
    pub points: Near<Point>,
}

#[derive(Default)]
pub(super) struct Before {
    pub orders: i64,
    pub buyers: i64,
    pub repeat: i64,
    pub paid: i64,
    pub received: i64,
}

impl Sums {
    /// Nothing yet; points are gathered by that grain.
    pub fn by(grain: Option<Grain>) -> Self {
        Self {
            members: DashboardMembers::default(),
            orders: DashboardOrders::default(),
            money: DashboardMoney::default(),
            paid_of_purchases: 0,
            items: 0,
            lines: 0,
            trend: Near::new(MONTHS),
            before: Before::default(),
            grain,
            points: Near::new(DAYS),
        }
    }

    pub fn member(&mut self, frame: &Frame, before: Option<(i64, i32)>, of: Member<'_>, rows: &Rows<'_>) {
        let (bucket, member) = (of.bucket, of.row);
        let nobody = bucket.nobody;
        let first = if nobody { None } else { rows.first() };
        let mut bought = 0;
        let mut month_seen = i32::MIN;
        for row in rows.window().filter(|row| rows.is(*row, mark::DEAL)) {
            let (paid, received, (gross_paid, gross_received)) = (rows.paid(row), rows.received(row), rows.gross(row));
            self.money.paid_gross += gross_paid;
            self.money.received_gross += gross_received;
            self.money.refunded_paid += gross_paid - paid;
            self.money.refunded_received += gross_received - received;
            let month = month_of(rows.day(row));
            let trend = self.trend.entry(month);
            trend.paid += paid;
            trend.received += received;
            if !rows.is(row, mark::PURCHASE) {
                continue;
            }
            trend.orders += 1;
            bought += 1;
            self.orders.count += 1;
            self.paid_of_purchases += paid;
            let (units, lines) = rows.live(row);
            self.items += units;
            self.lines += lines;
            if nobody {
                self.orders.unidentified += 1;
                self.money.paid_unidentified += paid;
                continue;
            }
            trend.buyers += i64::from(month != month_seen);
            trend.new_buyers += i64::from(first == Some(row));
            month_seen = month;
            if first == Some(row) {
                self.orders.first += 1;
                self.money.paid_first += paid;
            } else {
                self.orders.repeat += 1;
                self.money.paid_repeat += paid;
            }
        }
        for loose in rows.loose().iter().filter(|l| frame.within(l.time)) {
            self.money.refunded_paid += loose.paid;
            self.money.refunded_received += loose.received;
            let trend = self.trend.entry(month_of(loose.day));
            trend.paid -= loose.paid;
            trend.received -= loose.received;
        }
        if let Some(grain) = self.grain {
            self.points_of(grain, frame, of, rows, first);
        }
        if let Some((at, day)) = before {
            self.before.take(nobody, rows, rows.between(day, frame.from_day), at..frame.from);
        }
        if nobody {
            return;
        }
        let of = &mut self.members;
        of.known += i64::from(bucket.first_seen.get(member).is_none_or(|t| t < frame.to));
        of.never_bought += i64::from(bucket.first_seen.get(member).is_none_or(|t| t < frame.to) && first.is_none());
        let registered = bucket.registered_at.get(member).is_some_and(|t| frame.within(t));
        of.registered_in_window += i64::from(registered);
        of.met_by_order += i64::from(!registered && bucket.first_seen.get(member).is_some_and(|t| frame.within(t)));
        of.bought_ever += i64::from(first.is_some());
        if bought > 0 {
            let new = first.is_some_and(|row| rows.window().contains(&row));
            of.buyers += 1;
            of.repeat_buyers += i64::from(bought > 1);
            of.new_buyers += i64::from(new);
            of.returning_buyers += i64::from(!new);
        }
    }

    pub fn join(&mut self, o: Self) {
        let (m, om) = (&mut self.members, o.members);
        m.known += om.known;
        m.registered_in_window += om.registered_in_window;
        m.met_by_order += om.met_by_order;
        m.bought_ever += om.bought_ever;
        m.never_bought += om.never_bought;
        m.buyers += om.buyers;
        m.repeat_buyers += om.repeat_buyers;
        m.new_buyers += om.new_buyers;
        m.returning_buyers += om.returning_buyers;
        let (r, or) = (&mut self.orders, o.orders);
        r.count += or.count;
        r.first += or.first;
        r.repeat += or.repeat;
        r.unidentified += or.unidentified;
        let (y, oy) = (&mut self.money, o.money);
        y.paid_gross += oy.paid_gross;
        y.received_gross += oy.received_gross;
        y.refunded_paid += oy.refunded_paid;
        y.refunded_received += oy.refunded_received;
        y.paid_first += oy.paid_first;
        y.paid_repeat += oy.paid_repeat;
        y.paid_unidentified += oy.paid_unidentified;
        self.paid_of_purchases += o.paid_of_purchases;
        self.items += o.items;
        self.lines += o.lines;
        for (month, other) in o.trend.take() {
            let trend = self.trend.entry(month);
            trend.orders += other.orders;
            trend.buyers += other.buyers;
            trend.new_buyers += other.new_buyers;
            trend.paid += other.paid;
            trend.received += other.received;
        }
        for (start, other) in o.points.take() {
            self.points.entry(start).join(&other);
        }
        self.before.orders += o.before.orders;
        self.before.buyers += o.before.buyers;
        self.before.repeat += o.before.repeat;
        self.before.paid += o.before.paid;
        self.before.received += o.before.received;
    }
}

impl Before {
    fn take(&mut self, nobody: bool, rows: &Rows<'_>, window: Range<usize>, times: Range<i64>) {
        let mut bought = 0;
        for row in window.filter(|row| rows.is(*row, mark::DEAL)) {
            let purchase = rows.is(row, mark::PURCHASE);
            self.paid += rows.paid(row);
            self.received += rows.received(row);
            self.orders += i64::from(purchase);
            bought += i64::from(purchase && !nobody);
        }
        for loose in rows.loose().iter().filter(|l| times.contains(&l.time)) {
            self.paid -= loose.paid;
            self.received -= loose.received;
        }
        self.buyers += i64::from(bought > 0);
        self.repeat += i64::from(bought > 1);
    }
}
