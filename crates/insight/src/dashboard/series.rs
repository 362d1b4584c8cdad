//! The window cut into days, weeks or months, empty ones too, so that a chart has a point for each.

use jiff::civil::Date;
use serde::Serialize;
use shuke_kernel::{Code, Kind, Result};
use utoipa::ToSchema;

use super::sums::Sums;
use crate::brief::{Rows, mark};
use crate::days;
use crate::question::{Frame, Grain};
use crate::survey::Member;

/// The window has more days than a chart can show.
pub static TOO_MANY_POINTS: Code = Code {
    code: "report.too_many_points",
    kind: Kind::Invalid,
    zh: "按此粒度共有 {points} 个点，最多 {most} 个。请缩短区间或改用更粗的粒度。",
    en: "There are {points} points by this grain, and {most} are the most. Choose a shorter window or a coarser grain.",
};

/// Points of a series at most.
const MOST: i64 = 4_000;

/// A window cut into stretches.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = DashboardSeries)]
pub struct Series {
    /// `day`, `week` or `month`.
    pub grain: String,
    /// From the first day of the window (without `from`: the first day seen) to its last.
    pub points: Vec<Point>,
}

/// A stretch of days, cut to the window.
#[derive(Clone, Default, Debug, Serialize, ToSchema)]
#[schema(as = DashboardPoint)]
pub struct Point {
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
    /// Members with their first ever.
    pub new_buyers: i64,
    /// Buyers who are not new.
    pub returning_buyers: i64,
    /// Members who registered.
    pub registered: i64,
    /// Net paid, minor units.
    pub paid: i64,
    /// Net received, minor units.
    pub received: i64,
    /// Net paid by nobody known, minor units.
    pub paid_unidentified: i64,
}

impl Point {
    pub(super) fn join(&mut self, o: &Self) {
        self.orders += o.orders;
        self.buyers += o.buyers;
        self.new_buyers += o.new_buyers;
        self.returning_buyers += o.returning_buyers;
        self.registered += o.registered;
        self.paid += o.paid;
        self.received += o.received;
        self.paid_unidentified += o.paid_unidentified;
    }
}

impl Grain {
    /// The first day of the stretch in which a day lies.
    fn start(self, day: i32) -> i32 {
        match self {
            Self::Day => day,
            Self::Week => day - days::weekday_of(day) as i32,
            Self::Month => days::number(days::first_of(days::month_of(day))),
        }
    }

    /// The first day of the next stretch.
    fn next(self, start: i32) -> i32 {
        match self {
            Self::Day => start + 1,
            Self::Week => start + 7,
            Self::Month => days::number(days::first_of(days::month_of(start) + 1)),
        }
    }
}

impl Sums {
    /// Takes a member's orders of the window into their points. `first` is the first purchase ever.
    pub(super) fn points_of(&mut self, grain: Grain, frame: &Frame, of: Member<'_>, rows: &Rows<'_>, first: Option<usize>) {
        let nobody = of.bucket.nobody;
        let mut seen = i32::MIN;
        for row in rows.window().filter(|row| rows.is(*row, mark::DEAL)) {
            let start = grain.start(rows.day(row));
            let point = self.points.entry(start);
            point.paid += rows.paid(row);
            point.received += rows.received(row);
            point.paid_unidentified += if nobody { rows.paid(row) } else { 0 };
            if !rows.is(row, mark::PURCHASE) {
                continue;
            }
            point.orders += 1;
            if nobody {
                continue;
            }
            // They come by time: a stretch is left for good, and a first purchase is its first.
            if seen != start {
                let new = first == Some(row);
                point.buyers += 1;
                point.new_buyers += i64::from(new);
                point.returning_buyers += i64::from(!new);
                seen = start;
            }
        }
        for loose in rows.loose().iter().filter(|l| frame.within(l.time)) {
            let point = self.points.entry(grain.start(loose.day));
            point.paid -= loose.paid;
            point.received -= loose.received;
            point.paid_unidentified -= if nobody { loose.paid } else { 0 };
        }
        if let Some(at) = of.bucket.registered_at.get(of.row).filter(|t| !nobody && frame.within(*t)) {
            self.points.entry(grain.start(frame.days.of(at))).registered += 1;
        }
    }

    /// The points, when a grain was asked for.
    pub(super) fn series(&mut self, frame: &Frame, from: Option<Date>) -> Result<Option<Series>> {
        let Some(grain) = self.grain else { return Ok(None) };
        let first = from.map(days::number).or_else(|| self.points.iter().next().map(|(start, _)| start));
        let mut points = Vec::new();
        let mut start = first.map_or(frame.to_day, |day| grain.start(day));
        let days = i64::from(frame.to_day) - i64::from(start);
        let count = match grain {
            Grain::Day => days,
            Grain::Week => days / 7,
            Grain::Month => days / 31,
        };
        if count > MOST {
            return Err(TOO_MANY_POINTS.with("points", count).with("most", MOST).at("grain").into());
        }
        while start < frame.to_day {
            let next = grain.next(start);
            let point = self.points.remove(start).unwrap_or_default();
            let (from, to) = (start.max(first.unwrap_or(start)), next.min(frame.to_day));
            points.push(Point { from: days::date(from), to: days::date(to), ..point });
            start = next;
        }
        Ok(Some(Series { grain: grain.word().to_owned(), points }))
    }
}
