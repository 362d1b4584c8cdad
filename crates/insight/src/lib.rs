//! Insight: reports of fixed shape, each a loop over the columns' buckets. docs/reports.md says what
//! every figure means. Figures are whole numbers and exact ratios; nothing here writes anything,
//! reads a clock or knows where the columns came from.

mod brief;
pub mod calendar;
pub mod cohort;
mod coverage;
pub mod dashboard;
pub mod days;
mod desk;
pub mod exact;
pub mod goods;
pub mod headings;
pub mod http;
pub mod interval;
pub mod lifecycle;
mod near;
pub mod occasions;
pub mod people;
pub mod question;
mod ranks;
pub mod region;
pub mod replay;
pub mod rfm;
mod sheet;
pub mod sql;
pub mod standing;
mod survey;
pub mod tables;

use serde::Serialize;
use shuke_columns::Columns;
use shuke_kernel::Result;

pub use desk::{Desk, Freshness, NO_COLUMNS};
pub use http::router;
pub use occasions::TABLES;
pub use question::{Centre, Compare, Coverage, Cuts, Grain, Head, Question, REPORTS, Report};

/// A report's answer.
#[derive(Clone, Debug, Serialize)]
pub struct Answer {
    /// What every answer begins with.
    #[serde(flatten)]
    pub head: Head,
    /// The report's own part.
    #[serde(flatten)]
    pub body: Body,
}

/// The part that differs from report to report.
#[derive(Clone, Debug, Serialize)]
#[serde(untagged)]
pub enum Body {
    /// Members, sales, repurchase, trend.
    Dashboard(Box<dashboard::Dashboard>),
    /// Scores, cells, groups.
    Rfm(rfm::Rfm),
    /// Stages and moves.
    Lifecycle(lifecycle::Lifecycle),
    /// Retention.
    Cohort(cohort::Cohorts),
    /// Days between purchases.
    Interval(interval::Interval),
    /// Weekdays and hours.
    Calendar(calendar::Calendar),
    /// Goods.
    Goods(goods::Goods),
    /// Regions.
    Region(region::Regions),
}

/// Answers `q` from `columns`. `name` shows a member's id.
pub fn answer(columns: &Columns, report: Report, q: &Question, name: &dyn Fn(&[u8]) -> String) -> Result<Answer> {
    let frame = question::Frame::new(columns, q)?;
    let frame = &frame;
    let (body, coverage) = match report {
        Report::Dashboard => both(dashboard::dashboard(columns, frame, q)?, |d| Body::Dashboard(Box::new(d))),
        Report::Rfm => both(rfm::rfm(columns, frame, q, name), Body::Rfm),
        Report::Lifecycle => both(lifecycle::lifecycle(columns, frame, q, name), Body::Lifecycle),
        Report::Cohort => both(cohort::cohort(columns, frame, q), Body::Cohort),
        Report::Interval => both(interval::interval(columns, frame), Body::Interval),
        Report::Calendar => both(calendar::calendar(columns, frame), Body::Calendar),
        Report::Goods => both(goods::goods(columns, frame, q), Body::Goods),
        Report::Region => both(region::region(columns, frame), Body::Region),
    };
    columns.whole()?;
    Ok(Answer { head: Head::new(report, q, frame, coverage), body })
}

fn both<T>((body, coverage): (T, Coverage), wrap: fn(T) -> Body) -> (Body, Coverage) {
    (wrap(body), coverage)
}

/// What the tag of these operations means.
pub const TAGS: &[shuke_http::Tag] = &[shuke_http::Tag(
    "reports",
    "Members and sales in figures: whole numbers and exact ratios, with the members behind them. docs/reports.md says what each means.",
)];
