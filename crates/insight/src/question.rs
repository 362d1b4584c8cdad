//! What is asked of a report, and what every answer begins with.

use jiff::civil::Date;
use serde::Serialize;
use shuke_columns::{Columns, Kind};
use shuke_kernel::{Code, Kind as Sort, Result};
use utoipa::ToSchema;

pub use crate::coverage::Coverage;
use crate::days::{self, Days};
use crate::lifecycle;
use crate::replay::Reach;

/// The reports there are.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Report {
    /// Members, sales, repurchase, trend.
    Dashboard,
    /// Recency, frequency, money: scores, cells, the eight groups.
    Rfm,
    /// Stages by each member's own rhythm, and moves between them.
    Lifecycle,
    /// Retention by month of the first purchase.
    Cohort,
    /// Days between purchases.
    Interval,
    /// Weekdays and hours.
    Calendar,
    /// Goods.
    Goods,
    /// Regions.
    Region,
}

/// All reports with their names.
pub const REPORTS: [(&str, Report); 8] = [
    ("dashboard", Report::Dashboard),
    ("rfm", Report::Rfm),
    ("lifecycle", Report::Lifecycle),
    ("cohort", Report::Cohort),
    ("interval", Report::Interval),
    ("calendar", Report::Calendar),
    ("goods", Report::Goods),
    ("region", Report::Region),
];

impl Report {
    /// The report of that name.
    pub fn named(name: &str) -> Option<Self> {
        REPORTS.iter().find(|(n, _)| *n == name).map(|(_, r)| *r)
    }

    /// Its name.
    pub fn name(self) -> &'static str {
        REPORTS.iter().find(|(_, r)| *r == self).map_or("", |(n, _)| n)
    }
}

/// Where frequency is cut into scores.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Cuts {
    /// Frequency 1, 2, 3, 4, 5 and more; the others by quantiles.
    #[default]
    Console,
    /// All by quantiles.
    Quantile,
}

impl Cuts {
    /// Its word.
    pub fn word(self) -> &'static str {
        if self == Self::Quantile { "quantile" } else { "console" }
    }
}

/// What divides high from low in the eight groups.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Centre {
    /// The mean.
    #[default]
    Mean,
    /// The median.
    Median,
}

impl Centre {
    /// Its word.
    pub fn word(self) -> &'static str {
        if self == Self::Median { "median" } else { "mean" }
    }
}

/// Into what a series cuts the window.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Grain {
    /// Days.
    Day,
    /// Weeks from Monday.
    Week,
    /// Months.
    Month,
}

impl Grain {
    /// Its word.
    pub fn word(self) -> &'static str {
        match self {
            Self::Day => "day",
            Self::Week => "week",
            Self::Month => "month",
        }
    }
}

/// What a window is compared with.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Compare {
    /// The window of equal length before.
    Previous,
    /// The same days a year before.
    LastYear,
}

impl Compare {
    /// Its word.
    pub fn word(self) -> &'static str {
        match self {
            Self::Previous => "previous",
            Self::LastYear => "last_year",
        }
    }
}

/// A question.
#[derive(Clone, Debug)]
pub struct Question {
    /// The day of reckoning: what happened before its first instant is known.
    pub as_of: Date,
    /// The first day of the window; none for all there is.
    pub from: Option<Date>,
    /// The day before which the window ends.
    pub to: Date,
    /// The IANA zone of the days.
    pub zone: String,
    /// Whether refunds are taken off.
    pub net: bool,
    /// Whether rfm and lifecycle list their members.
    pub rows: bool,
    /// How many goods are listed.
    pub top: usize,
    /// Cuts of frequency.
    pub cuts: Cuts,
    /// Centre of the eight groups.
    pub centre: Centre,
    /// Gaps that a category or the shop must have for its median to speak.
    pub min_gaps: i64,
    /// The currency, where there may be several.
    pub currency: Option<String>,
    /// Of the dashboard: into what its series cuts the window.
    pub grain: Option<Grain>,
    /// Of the dashboard: what the window is compared with.
    pub compare: Option<Compare>,
}

impl Question {
    /// As many goods as there can be: their codes are numbers of 32 bits.
    pub const ALL_GOODS: usize = u32::MAX as usize;

    /// The question about everything before `as_of`, with the defaults.
    pub fn about(as_of: Date) -> Self {
        Self {
            as_of,
            from: None,
            to: as_of,
            zone: "Asia/Shanghai".to_owned(),
            net: true,
            rows: false,
            top: 20,
            cuts: Cuts::Console,
            centre: Centre::Mean,
            min_gaps: 5,
            currency: None,
            grain: None,
            compare: None,
        }
    }

    /// The same without what a report does not ask about, so that questions with one answer are one: its
    /// head alone tells them apart.
    #[must_use]
    pub fn about_what(&self, report: Report) -> Self {
        let (q, plain) = (self.clone(), Self::about(self.as_of));
        let of = |is: Report| report == is;
        Self {
            // Stages are reckoned over everything; their moves from the first of a month on.
            from: if of(Report::Lifecycle) { q.from.map(|_| lifecycle::first_of_moves(&q)) } else { q.from },
            to: if of(Report::Lifecycle) { q.as_of } else { q.to },
            rows: q.rows && (of(Report::Rfm) || of(Report::Lifecycle)),
            top: if of(Report::Goods) { q.top } else { plain.top },
            cuts: if of(Report::Rfm) { q.cuts } else { plain.cuts },
            centre: if of(Report::Rfm) { q.centre } else { plain.centre },
            min_gaps: if of(Report::Lifecycle) { q.min_gaps } else { plain.min_gaps },
            grain: q.grain.filter(|_| of(Report::Dashboard)),
            compare: q.compare.filter(|_| of(Report::Dashboard)),
            ..q
        }
    }
}

/// The window ends after the day of reckoning.
pub static TO_AFTER_AS_OF: Code = Code {
    code: "report.to_after_as_of",
    kind: Sort::Invalid,
    zh: "截止日 {to} 晚于统计日 {as_of}。请把 to 改为不晚于 as_of。",
    en: "`to` ({to}) lies after `as_of` ({as_of}): nothing is known after the day of reckoning. Choose a `to` not after it.",
};
/// The window is empty.
pub static FROM_NOT_BEFORE_TO: Code = Code {
    code: "report.from_not_before_to",
    kind: Sort::Invalid,
    zh: "开始日 {from} 不早于截止日 {to}。请把 from 改为早于 to 的日期。",
    en: "`from` ({from}) is not before `to` ({to}): the window would be empty. Choose an earlier `from`.",
};
/// A day of which no shop has anything to tell.
pub static DAY_OUT_OF_RANGE: Code = Code {
    code: "report.day_out_of_range",
    kind: Sort::Invalid,
    zh: "日期 {day} 不在 1900-01-01 到 9999-01-01 之间。",
    en: "{day} does not lie between 1900-01-01 and 9999-01-01.",
};
/// Without a first day there is no window before.
pub static COMPARE_NEEDS_FROM: Code = Code {
    code: "report.compare_needs_from",
    kind: Sort::Invalid,
    zh: "要与另一区间比较，请给出开始日 from。",
    en: "To compare with another window, name the first day by `from`.",
};
/// There is no such zone.
pub static NO_ZONE: Code = Code {
    code: "report.unknown_zone",
    kind: Sort::Invalid,
    zh: "没有名为 {zone} 的时区。请使用 IANA 名称，例如 Asia/Shanghai。",
    en: "There is no time zone `{zone}`. Use an IANA name such as Asia/Shanghai.",
};
/// Several currencies, and none was named.
pub static MIXED_CURRENCIES: Code = Code {
    code: "report.mixed_currencies",
    kind: Sort::Invalid,
    zh: "订单有多种币种({currencies}),不能相加。请用 currency 指定一种。",
    en: "The orders are in several currencies ({currencies}), which cannot be added up. Name one by `currency`.",
};

/// A question made ready for loops.
#[derive(Clone, Debug)]
pub struct Frame {
    /// The zone's days.
    pub days: Days,
    /// Whether refunds are taken off.
    pub net: bool,
    /// The first instant of the window.
    pub from: i64,
    /// The first instant after the window.
    pub to: i64,
    /// The first instant that is not known.
    pub as_of: i64,
    /// The day of reckoning.
    pub as_of_day: i32,
    /// The first day of the window; the least number for all there is.
    pub from_day: i32,
    /// The day after the window.
    pub to_day: i32,
    /// The one currency to look at; `None` when there is only one.
    pub only: Option<u32>,
    /// Its word.
    pub currency: Option<String>,
}

impl Frame {
    /// Checks a question and makes it ready.
    pub fn new(columns: &Columns, q: &Question) -> Result<Self> {
        let days = [("as_of", Some(q.as_of)), ("to", Some(q.to)), ("from", q.from)];
        if let Some((field, Some(day))) = days.into_iter().find(|(_, day)| day.is_some_and(|d| !(1900..9999).contains(&d.year()))) {
            return Err(DAY_OUT_OF_RANGE.with("day", day).at(field).into());
        }
        if q.to > q.as_of {
            return Err(TO_AFTER_AS_OF.with("to", q.to).with("as_of", q.as_of).at("to").into());
        }
        if let Some(from) = q.from.filter(|from| *from >= q.to) {
            return Err(FROM_NOT_BEFORE_TO.with("from", from).with("to", q.to).at("from").into());
        }
        let days = Days::named(&q.zone).ok_or_else(|| NO_ZONE.with("zone", &q.zone).at("zone"))?;
        let midnight = |day| days.midnight(day).unwrap_or(i64::MAX);
        let currencies = columns.words.of(Kind::Currency);
        let (only, currency) = match &q.currency {
            _ if currencies.len() == 1 && q.currency.as_deref().is_none_or(|c| c == currencies.word(0)) => {
                (None, Some(currencies.word(0).to_owned()))
            }
            // A word that occurs nowhere finds nothing.
            Some(word) => (Some(currencies.find(word).unwrap_or(u32::MAX)), Some(word.clone())),
            None if currencies.len() > 1 => {
                let all: Vec<_> = currencies.since(0).collect();
                return Err(MIXED_CURRENCIES.with("currencies", all.join(", ")).at("currency").into());
            }
            None => (None, None),
        };
        Ok(Self {
            net: q.net,
            from: q.from.map_or(i64::MIN, midnight),
            to: midnight(q.to),
            as_of: midnight(q.as_of),
            as_of_day: days::number(q.as_of),
            from_day: q.from.map_or(i32::MIN, days::number),
            to_day: days::number(q.to),
            days,
            only,
            currency,
        })
    }

    /// The same over another window, whose days are known to have beginnings.
    pub fn over(&self, from: Date, to: Date) -> Self {
        let midnight = |day| self.days.midnight(day).unwrap_or(i64::MIN);
        let (from_day, to_day) = (days::number(from), days::number(to));
        Self { from: midnight(from), to: midnight(to), from_day, to_day, ..self.clone() }
    }

    /// The same about everything, all being known.
    pub(crate) fn whole(&self) -> Self {
        Self { from: i64::MIN, to: i64::MAX, as_of: i64::MAX, from_day: i32::MIN, to_day: i32::MAX, as_of_day: i32::MAX, ..self.clone() }
    }

    /// That a report asks about the window alone.
    pub fn reach(&self) -> Reach {
        Reach::Since(self.from)
    }

    /// Whether an instant lies in the window.
    #[inline]
    pub fn within(&self, time: i64) -> bool {
        time >= self.from && time < self.to
    }
}

/// What every answer begins with.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = ReportHead)]
pub struct Head {
    /// Which report.
    pub report: String,
    /// The day of reckoning.
    #[schema(value_type = String, format = Date)]
    pub as_of: Date,
    /// The first day of the window.
    #[schema(value_type = Option<String>, format = Date)]
    pub from: Option<Date>,
    /// The day before which it ends.
    #[schema(value_type = String, format = Date)]
    pub to: Date,
    /// The zone of the days.
    pub zone: String,
    /// `net` or `ignore`.
    pub returns: String,
    /// The currency of all money.
    pub currency: Option<String>,
    /// What the figures rest on.
    pub coverage: Coverage,
}

impl Head {
    /// The beginning of the answer to `q`.
    pub fn new(report: Report, q: &Question, frame: &Frame, coverage: Coverage) -> Self {
        Self {
            report: report.name().to_owned(),
            as_of: q.as_of,
            from: q.from,
            to: q.to,
            zone: q.zone.clone(),
            returns: if q.net { "net" } else { "ignore" }.to_owned(),
            currency: frame.currency.clone(),
            coverage,
        }
    }
}
