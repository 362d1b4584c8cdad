//! The dashboard: who the members are, what was sold, how many come back, month by month.

use std::collections::BTreeMap;

use jiff::civil::Date;
use jiff::{ToSpan, Unit};
use serde::Serialize;
use shuke_columns::{Bucket, Columns};
use utoipa::ToSchema;

use crate::days::{self, month_of};
use crate::exact::Ratio;
use crate::question::{Coverage, Frame, Question};
use crate::replay::{Deal, Replay};
use crate::survey::survey;

/// The dashboard.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Dashboard {
    /// Members.
    pub members: DashboardMembers,
    /// Purchases of the window.
    pub orders: DashboardOrders,
    /// Money of the window, minor units.
    pub money: DashboardMoney,
    /// Repeat buyers among buyers.
    pub repurchase_rate: Ratio,
    /// Net paid of a purchase, minor units.
    pub average_order_value: Ratio,
    /// Live pieces of a purchase.
    pub items_per_order: Ratio,
    /// Live lines of a purchase.
    pub lines_per_order: Ratio,
    /// Month by month, from the first day seen in the window to the last.
    pub trend: Vec<TrendMonth>,
    /// The window of equal length before; `null` without `from`.
    pub previous: Option<PreviousWindow>,
}

/// Members on the dashboard.
#[derive(Clone, Default, Debug, Serialize, ToSchema)]
pub struct DashboardMembers {
    /// First seen before `to`.
    pub known: i64,
    /// Registered in the window.
    pub registered_in_window: i64,
    /// With a purchase before `to`.
    pub bought_ever: i64,
    /// Known, without one.
    pub never_bought: i64,
    /// With a purchase in the window.
    pub buyers: i64,
    /// With two or more.
    pub repeat_buyers: i64,
    /// Buyers whose first purchase ever lies in the window.
    pub new_buyers: i64,
    /// Buyers who are not new.
    pub returning_buyers: i64,
}

/// Purchases on the dashboard.
#[derive(Clone, Default, Debug, Serialize, ToSchema)]
pub struct DashboardOrders {
    /// All.
    pub count: i64,
    /// A member's first ever.
    pub first: i64,
    /// A member's later ones.
    pub repeat: i64,
    /// Of nobody known.
    pub unidentified: i64,
}

/// Money on the dashboard, minor units.
#[derive(Clone, Default, Debug, Serialize, ToSchema)]
pub struct DashboardMoney {
    /// Paid on all lines before refunds.
    pub paid_gross: i64,
    /// Received on all lines before refunds.
    pub received_gross: i64,
    /// Given back to buyers.
    pub refunded_paid: i64,
    /// Given back by the merchant.
    pub refunded_received: i64,
    /// Paid, net.
    pub paid: i64,
    /// Received, net.
    pub received: i64,
    /// Net paid on first purchases.
    pub paid_first: i64,
    /// Net paid on later ones.
    pub paid_repeat: i64,
    /// Net paid on those of nobody known.
    pub paid_unidentified: i64,
}

/// A month of the trend.
#[derive(Clone, Default, Debug, Serialize, ToSchema)]
pub struct TrendMonth {
    /// `2025-01`.
    pub month: String,
    /// Purchases.
    pub orders: i64,
    /// Members with one.
    pub buyers: i64,
    /// Members with their first ever.
    pub new_buyers: i64,
    /// Net paid, minor units.
    pub paid: i64,
    /// Net received, minor units.
    pub received: i64,
}

/// The window of equal length before.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct PreviousWindow {
    /// Its first day.
    #[schema(value_type = String, format = Date)]
    pub from: Date,
    /// The day before which it ends.
    #[schema(value_type = String, format = Date)]
    pub to: Date,
    /// Purchases.
    pub orders: i64,
    /// Members with one.
    pub buyers: i64,
    /// Those with two or more among them.
    pub repurchase_rate: Ratio,
    /// Net paid, minor units.
    pub paid: i64,
    /// Net received, minor units.
    pub received: i64,
}

#[derive(Default)]
struct Sums {
    members: DashboardMembers,
    orders: DashboardOrders,
    money: DashboardMoney,
    paid_of_purchases: i64,
    items: i64,
    lines: i64,
    trend: BTreeMap<i32, TrendMonth>,
    before: Before,
}

#[derive(Default)]
struct Before {
    orders: i64,
    buyers: i64,
    repeat: i64,
    paid: i64,
    received: i64,
}

impl Sums {
    fn member(&mut self, frame: &Frame, before: Option<i64>, bucket: &Bucket, member: usize, replay: &Replay) {
        let nobody = bucket.nobody;
        let first = if nobody { None } else { replay.deals.iter().find(|d| d.purchase) };
        let is_first = |d: &Deal| first.is_some_and(|f| f.row == d.row);
        let mut bought = 0;
        let mut month_seen = i32::MIN;
        for deal in replay.deals.iter().filter(|d| frame.within(d.time)) {
            self.money.paid_gross += deal.gross_paid;
            self.money.received_gross += deal.gross_received;
            self.money.refunded_paid += deal.gross_paid - deal.paid;
            self.money.refunded_received += deal.gross_received - deal.received;
            let month = month_of(deal.day);
            let trend = self.trend.entry(month).or_default();
            trend.paid += deal.paid;
            trend.received += deal.received;
            if !deal.purchase {
                continue;
            }
            trend.orders += 1;
            bought += 1;
            self.orders.count += 1;
            self.paid_of_purchases += deal.paid;
            self.items += deal.units;
            self.lines += deal.lines;
            if nobody {
                self.orders.unidentified += 1;
                self.money.paid_unidentified += deal.paid;
                continue;
            }
            trend.buyers += i64::from(month != month_seen);
            trend.new_buyers += i64::from(is_first(deal));
            month_seen = month;
            if is_first(deal) {
                self.orders.first += 1;
                self.money.paid_first += deal.paid;
            } else {
                self.orders.repeat += 1;
                self.money.paid_repeat += deal.paid;
            }
        }
        for loose in replay.loose.iter().filter(|l| frame.within(l.time)) {
            self.money.refunded_paid += loose.paid;
            self.money.refunded_received += loose.received;
            let trend = self.trend.entry(month_of(loose.day)).or_default();
            trend.paid -= loose.paid;
            trend.received -= loose.received;
        }
        if let Some(since) = before {
            self.before.take(since, frame.from, nobody, replay);
        }
        if nobody {
            return;
        }
        let of = &mut self.members;
        of.known += i64::from(bucket.first_seen.get(member).is_none_or(|t| t < frame.to));
        of.never_bought += i64::from(bucket.first_seen.get(member).is_none_or(|t| t < frame.to) && first.is_none());
        of.registered_in_window += i64::from(bucket.registered_at.get(member).is_some_and(|t| frame.within(t)));
        of.bought_ever += i64::from(first.is_some());
        if bought > 0 {
            let new = first.is_some_and(|f| frame.within(f.time));
            of.buyers += 1;
            of.repeat_buyers += i64::from(bought > 1);
            of.new_buyers += i64::from(new);
            of.returning_buyers += i64::from(!new);
        }
    }

    fn join(&mut self, o: Self) {
        let (m, om) = (&mut self.members, o.members);
        m.known += om.known;
        m.registered_in_window += om.registered_in_window;
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
        for (month, other) in o.trend {
            let trend = self.trend.entry(month).or_default();
            trend.orders += other.orders;
            trend.buyers += other.buyers;
            trend.new_buyers += other.new_buyers;
            trend.paid += other.paid;
            trend.received += other.received;
        }
        self.before.orders += o.before.orders;
        self.before.buyers += o.before.buyers;
        self.before.repeat += o.before.repeat;
        self.before.paid += o.before.paid;
        self.before.received += o.before.received;
    }
}

impl Before {
    fn take(&mut self, from: i64, to: i64, nobody: bool, replay: &Replay) {
        let mut bought = 0;
        for deal in replay.deals.iter().filter(|d| d.time >= from && d.time < to) {
            self.paid += deal.paid;
            self.received += deal.received;
            self.orders += i64::from(deal.purchase);
            bought += i64::from(deal.purchase && !nobody);
        }
        for loose in replay.loose.iter().filter(|l| l.time >= from && l.time < to) {
            self.paid -= loose.paid;
            self.received -= loose.received;
        }
        self.buyers += i64::from(bought > 0);
        self.repeat += i64::from(bought > 1);
    }
}

/// The window of equal length before the one asked about.
fn window_before(q: &Question) -> Option<Date> {
    let from = q.from?;
    let days = from.until((Unit::Day, q.to)).ok()?.get_days();
    from.checked_sub(days.days()).ok()
}

/// The dashboard of these columns.
pub fn dashboard(columns: &Columns, frame: &Frame, q: &Question) -> (Dashboard, Coverage) {
    let before_from = window_before(q);
    let before = before_from.and_then(|day| frame.days.midnight(day));
    let (mut sums, coverage) = survey(
        columns,
        frame,
        Sums::default,
        |sums, bucket, member, replay| sums.member(frame, before, bucket, member, replay),
        Sums::join,
    );
    sums.money.paid = sums.money.paid_gross - sums.money.refunded_paid;
    sums.money.received = sums.money.received_gross - sums.money.refunded_received;
    let ends = sums.trend.keys().next().copied().zip(sums.trend.keys().next_back().copied());
    let trend = ends
        .into_iter()
        .flat_map(|(a, b)| a..=b)
        .map(|m| TrendMonth { month: days::month_word(m), ..sums.trend.remove(&m).unwrap_or_default() })
        .collect();
    let previous = before_from.zip(q.from).map(|(from, to)| PreviousWindow {
        from,
        to,
        orders: sums.before.orders,
        buyers: sums.before.buyers,
        repurchase_rate: Ratio::of(sums.before.repeat, sums.before.buyers),
        paid: sums.before.paid,
        received: sums.before.received,
    });
    let count = sums.orders.count;
    let report = Dashboard {
        repurchase_rate: Ratio::of(sums.members.repeat_buyers, sums.members.buyers),
        average_order_value: Ratio::of(sums.paid_of_purchases, count),
        items_per_order: Ratio::of(sums.items, count),
        lines_per_order: Ratio::of(sums.lines, count),
        members: sums.members,
        orders: sums.orders,
        money: sums.money,
        trend,
        previous,
    };
    (report, coverage)
}
