//! The dashboard: who the members are, what was sold, how many come back, month by month.

mod series;
mod sums;

use jiff::civil::Date;
use jiff::{ToSpan, Unit};
use serde::Serialize;
use shuke_columns::Columns;
use shuke_kernel::Result;
use utoipa::ToSchema;

pub use series::{Point, Series, TOO_MANY_POINTS};
use sums::Sums;

use crate::brief::Wants;
use crate::days;
use crate::exact::Ratio;
use crate::question::{COMPARE_NEEDS_FROM, Compare, Coverage, Frame, Question};
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
    /// Day by day, week by week or month by month through the whole window; only when asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub series: Option<Series>,
    /// The same figures of another window; only when asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub compared: Option<ComparedWindow>,
}

/// Members on the dashboard.
#[derive(Clone, Default, Debug, Serialize, ToSchema)]
pub struct DashboardMembers {
    /// First seen before `to`.
    pub known: i64,
    /// Registered in the window.
    pub registered_in_window: i64,
    /// First seen in the window by an order or a refund, without registering in it.
    pub met_by_order: i64,
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

/// The figures of another window, by what was known on the same day of reckoning.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ComparedWindow {
    /// `previous` or `last_year`.
    pub with: String,
    /// Its first day.
    #[schema(value_type = String, format = Date)]
    pub from: Date,
    /// The day before which it ends.
    #[schema(value_type = String, format = Date)]
    pub to: Date,
    /// Members.
    pub members: DashboardMembers,
    /// Purchases of that window.
    pub orders: DashboardOrders,
    /// Its money, minor units.
    pub money: DashboardMoney,
    /// Repeat buyers among buyers.
    pub repurchase_rate: Ratio,
    /// Net paid of a purchase, minor units.
    pub average_order_value: Ratio,
    /// Live pieces of a purchase.
    pub items_per_order: Ratio,
    /// Live lines of a purchase.
    pub lines_per_order: Ratio,
    /// By the same grain, when one was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub series: Option<Series>,
}

/// The window of equal length before the one asked about.
fn window_before(q: &Question) -> Option<Date> {
    let from = q.from?;
    let days = from.until((Unit::Day, q.to)).ok()?.get_days();
    from.checked_sub(days.days()).ok()
}

/// The window to compare with.
fn other_window(q: &Question, with: Compare) -> Result<(Date, Date)> {
    let from = q.from.ok_or_else(|| COMPARE_NEEDS_FROM.at("compare"))?;
    Ok(match with {
        Compare::Previous => (window_before(q).unwrap_or(Date::MIN), from),
        // Days are shifted, not the end after them: 28 February stays the last one of its window.
        Compare::LastYear => {
            let last = q.to.saturating_sub(1.day()).saturating_sub(1.year());
            (from.saturating_sub(1.year()), last.saturating_add(1.day()))
        }
    })
}

fn gather(columns: &Columns, frame: &Frame, q: &Question, before: Option<(i64, i32)>) -> (Sums, Coverage) {
    let (mut sums, coverage) =
        survey(columns, frame, Wants::All, || Sums::by(q.grain), |sums, of, rows| sums.member(frame, before, of, rows), Sums::join);
    sums.money.paid = sums.money.paid_gross - sums.money.refunded_paid;
    sums.money.received = sums.money.received_gross - sums.money.refunded_received;
    (sums, coverage)
}

fn compared(columns: &Columns, frame: &Frame, q: &Question, with: Compare) -> Result<ComparedWindow> {
    let (from, to) = other_window(q, with)?;
    let of = frame.over(from, to);
    let (mut sums, _) = gather(columns, &of, q, None);
    let series = sums.series(&of, Some(from))?;
    let count = sums.orders.count;
    Ok(ComparedWindow {
        with: with.word().to_owned(),
        from,
        to,
        repurchase_rate: Ratio::of(sums.members.repeat_buyers, sums.members.buyers),
        average_order_value: Ratio::of(sums.paid_of_purchases, count),
        items_per_order: Ratio::of(sums.items, count),
        lines_per_order: Ratio::of(sums.lines, count),
        members: sums.members,
        orders: sums.orders,
        money: sums.money,
        series,
    })
}

/// The dashboard of these columns.
pub fn dashboard(columns: &Columns, frame: &Frame, q: &Question) -> Result<(Dashboard, Coverage)> {
    let before_from = window_before(q);
    let before = before_from.and_then(|day| frame.days.midnight(day).map(|at| (at, days::number(day))));
    let (mut sums, coverage) = gather(columns, frame, q, before);
    let ends = sums.trend.iter().map(|(month, _)| (month, month)).reduce(|(first, _), (_, last)| (first, last));
    let trend = ends
        .into_iter()
        .flat_map(|(a, b)| a..=b)
        .map(|m| TrendMonth { month: days::month_word(m), ..sums.trend.remove(m).unwrap_or_default() })
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
    let series = sums.series(frame, q.from)?;
    let compared = q.compare.map(|with| compared(columns, frame, q, with)).transpose()?;
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
        series,
        compared,
    };
    Ok((report, coverage))
}
