//! What may be asked of every report, and how it becomes a [`Question`].

use jiff::ToSpan;
use jiff::civil::Date;
use serde::Deserialize;
use shuke_access::merchants;
use shuke_http::{Call, Problem};
use shuke_kernel::{Code, Ctx, Kind, Zone};
use utoipa::IntoParams;

use crate::question::{Centre, Compare, Cuts, Grain, NO_ZONE, Question};

/// The fields that every report has in common, and the ones that a query adds. They are written out
/// for each query, because flattened ones would not refuse what they do not know.
macro_rules! asking {
    ($(#[$doc:meta])* $name:ident { $($(#[$meta:meta])* $field:ident: $type:ty,)* }) => {
        $(#[$doc])*
        #[derive(Clone, Default, Deserialize, IntoParams)]
        #[serde(deny_unknown_fields)]
        #[into_params(parameter_in = Query)]
        pub struct $name {
            $($(#[$meta])* pub(super) $field: $type,)*
            /// The day of reckoning: what happened before its first instant is known. Default: tomorrow; at most two years ahead.
            #[param(value_type = Option<String>, format = Date)]
            as_of: Option<Date>,
            /// The first day of the window; without it everything there is.
            #[param(value_type = Option<String>, format = Date)]
            from: Option<Date>,
            /// The day before which the window ends. Default: the day of reckoning.
            #[param(value_type = Option<String>, format = Date)]
            to: Option<Date>,
            /// `net` (default: refunds are taken off) or `ignore`.
            returns: Option<String>,
            /// An IANA zone. Default: the merchant's.
            zone: Option<String>,
            /// The currency. Default: the merchant's.
            #[param(pattern = "^[A-Z]{3}$")]
            currency: Option<String>,
            /// How many goods: 1 to 1000, 20 if absent.
            #[param(minimum = 1, maximum = 1000)]
            top: Option<usize>,
            /// Cuts of frequency: `console` (default: 1, 2, 3, 4, 5 and more) or `quantile`.
            cuts: Option<String>,
            /// What divides high from low in the eight groups: `mean` (default) or `median`.
            centre: Option<String>,
            /// Gaps that a category or the shop must have for its median to speak; 5 if absent.
            #[param(minimum = 1, maximum = 1_000_000)]
            min_gaps: Option<i64>,
        }

        impl $name {
            pub(super) fn asked(&self) -> Asked {
                Asked {
                    as_of: self.as_of,
                    from: self.from,
                    to: self.to,
                    returns: self.returns.clone(),
                    zone: self.zone.clone(),
                    currency: self.currency.clone(),
                    top: self.top,
                    cuts: self.cuts.clone(),
                    centre: self.centre.clone(),
                    min_gaps: self.min_gaps,
                    grain: None,
                    compare: None,
                    whole: false,
                }
            }
        }
    };
}

asking! {
    /// What is asked of a report. Days are those of the zone.
    ReportQuery {}
}

asking! {
    /// What is asked of the dashboard. Days are those of the zone.
    DashboardQuery {
        /// Adds `series`: `day`, `week` (from Monday) or `month`.
        grain: Option<String>,
        /// Adds `compared`: `previous` (the window of equal length before) or `last_year` (the same days a year before).
        compare: Option<String>,
    }
}

asking! {
    /// The members behind a number.
    PeopleQuery {
        /// Which number: `buyers`, `R+F-M+`, `515`, `11*` (any third score), `lost`, `2025-01:3`, a region (empty: none), a code of goods.
        #[param(max_length = 200)]
        #[serde(default)]
        of: String,
        /// At most so many items: 1 to 200, 50 if absent.
        #[param(minimum = 1, maximum = 200)]
        limit: Option<i64>,
        /// The `next_cursor` of the page before.
        cursor: Option<String>,
    }
}

asking! {
    /// A table of a report.
    ExportQuery {
        /// Which table, such as `trend`, `rows`, `cohorts`, `figures` or `about`. Default: the first.
        #[param(max_length = 100)]
        table: Option<String>,
        /// `csv` (default), `xlsx` or `parquet`.
        format: Option<String>,
        /// Of the dashboard: adds the table `series.points`; `day`, `week` (from Monday) or `month`.
        grain: Option<String>,
        /// Of the dashboard: adds the figures of `compared`; `previous` or `last_year`.
        compare: Option<String>,
    }
}

/// What a query asks, whatever its kind.
pub(super) struct Asked {
    as_of: Option<Date>,
    from: Option<Date>,
    to: Option<Date>,
    returns: Option<String>,
    zone: Option<String>,
    currency: Option<String>,
    top: Option<usize>,
    cuts: Option<String>,
    centre: Option<String>,
    min_gaps: Option<i64>,
    grain: Option<String>,
    compare: Option<String>,
    whole: bool,
}

impl Asked {
    /// Every row of every table, whatever `top` says: for a file.
    pub fn whole(self) -> Self {
        Self { whole: true, ..self }
    }

    pub fn with(self, grain: Option<String>, compare: Option<String>) -> Self {
        Self { grain, compare, ..self }
    }
}

fn one_of<T: Copy>(field: &'static str, word: Option<&str>, words: &[(&str, T)]) -> Result<Option<T>, Problem> {
    let Some(word) = word else { return Ok(None) };
    let found = words.iter().find(|(w, _)| *w == word).map(|(_, t)| *t);
    let known = || words.iter().map(|(w, _)| *w).collect::<Vec<_>>().join(" or ");
    found.map(Some).ok_or_else(|| Problem::invalid("query", field, format!("{field} is {}", known())))
}

/// The day of reckoning lies far beyond what anybody plans.
pub static AS_OF_TOO_FAR: Code = Code {
    code: "report.as_of_too_far",
    kind: Kind::Invalid,
    zh: "统计日 {as_of} 太远，最晚为 {most}。",
    en: "`as_of` ({as_of}) lies too far ahead: {most} is the latest.",
};
/// How far ahead a day of reckoning may lie: every month until then is reckoned.
const YEARS_AHEAD: i32 = 2;

/// The question, with what is left open taken from the merchant.
pub(super) async fn question(call: &Call, cx: &Ctx, q: Asked) -> Result<Question, Problem> {
    let merchant = call.read(cx, |tx, cx| merchants::get(tx, cx.merchant)).await?;
    let zone = q.zone.unwrap_or(merchant.zone);
    let days = Zone::named(&zone).ok_or_else(|| Problem::from(NO_ZONE.with("zone", &zone).at("zone")))?;
    let today = days.day(cx.now);
    let as_of = q.as_of.unwrap_or_else(|| today.tomorrow().unwrap_or(today));
    let most = today.saturating_add(YEARS_AHEAD.years());
    if as_of > most {
        return Err(AS_OF_TOO_FAR.with("as_of", as_of).with("most", most).at("as_of").into());
    }
    let top = q.top.unwrap_or(20);
    if !(1..=1000).contains(&top) {
        return Err(Problem::invalid("query", "top", "top is 1 to 1000"));
    }
    let min_gaps = q.min_gaps.unwrap_or(5);
    if !(1..=1_000_000).contains(&min_gaps) {
        return Err(Problem::invalid("query", "min_gaps", "min_gaps is 1 to 1000000"));
    }
    Ok(Question {
        from: q.from,
        to: q.to.unwrap_or(as_of),
        zone,
        net: one_of("returns", q.returns.as_deref(), &[("net", true), ("ignore", false)])?.unwrap_or(true),
        rows: false,
        top: if q.whole { Question::ALL_GOODS } else { top },
        cuts: one_of("cuts", q.cuts.as_deref(), &[("console", Cuts::Console), ("quantile", Cuts::Quantile)])?.unwrap_or_default(),
        centre: one_of("centre", q.centre.as_deref(), &[("mean", Centre::Mean), ("median", Centre::Median)])?.unwrap_or_default(),
        min_gaps,
        currency: Some(q.currency.unwrap_or_else(|| merchant.currency.to_string())),
        grain: one_of("grain", q.grain.as_deref(), &[("day", Grain::Day), ("week", Grain::Week), ("month", Grain::Month)])?,
        compare: one_of("compare", q.compare.as_deref(), &[("previous", Compare::Previous), ("last_year", Compare::LastYear)])?,
        ..Question::about(as_of)
    })
}
