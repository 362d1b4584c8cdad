//! Stages of members by each one's own rhythm, at the day of reckoning and at the first of each
//! month before it, and who moved between them.
//!
//! Two passes over the buckets. The first gathers the gaps between days of purchase, of the shop
//! and of each category, at every moment asked about, and keeps of each member how their rhythm
//! changed, as far as there is room; the second judges every member by both.

use jiff::civil::Date;
use serde::Serialize;
use shuke_columns::{Columns, Kind};
use utoipa::ToSchema;

use crate::days::{self, month_of};
use crate::exact::{Counts, Ratio};
use crate::question::{Coverage, Frame, Question};

mod diary;
pub(crate) mod judge;
pub(crate) mod pace;
pub(crate) mod rhythm;
mod scribe;
mod trail;

pub use judge::STAGES;
use judge::{LEANS, Stage, UNKNOWN, judge_all};
use pace::Moment;

/// The report.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Lifecycle {
    /// Members first seen before `as_of`.
    pub members: i64,
    /// By stage.
    pub stages: Stages,
    /// Gaps between days of purchase in the shop.
    pub shop_gap: ShopGap,
    /// The same in each category that somebody bought, by bytes.
    pub category_gaps: Vec<CategoryGap>,
    /// By what their expected gap leans on; unknown ones are not counted.
    pub gap_from: GapFrom,
    /// Moves between neighbouring firsts of a month.
    pub transitions: Vec<Transition>,
    /// Each member, by id; only when asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rows: Option<Vec<LifecycleRow>>,
}

/// Members by stage.
#[derive(Clone, Default, Debug, Serialize, ToSchema)]
pub struct Stages {
    /// Registered or bought once, lately.
    pub join: i64,
    /// Bought twice or more, and lately.
    pub active: i64,
    /// Longer away than twice their rhythm.
    pub declining: i64,
    /// Longer than four times.
    pub lost: i64,
    /// Never bought, for as long.
    pub unconverted: i64,
    /// Never bought, and nobody knows since when they are here.
    pub unknown: i64,
}

/// The shop's rhythm.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ShopGap {
    /// How many gaps.
    pub gaps: i64,
    /// Members who left one or more of them: one alone may set the pace of all.
    pub members: i64,
    /// Their median; `null` when they are too few.
    pub median: Option<Ratio>,
}

/// A category's rhythm.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct CategoryGap {
    /// Its name.
    pub category: String,
    /// How many gaps.
    pub gaps: i64,
    /// Their median; `null` when they are too few.
    pub median: Option<Ratio>,
}

/// Members by what their expected gap leans on.
#[derive(Clone, Default, Debug, Serialize, ToSchema)]
pub struct GapFrom {
    /// Their category.
    pub category: i64,
    /// The shop.
    pub shop: i64,
    /// Ninety days.
    pub default: i64,
}

/// Moves from the first of one month to the next.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = StageTransition)]
pub struct Transition {
    /// The first of a month.
    #[schema(value_type = String, format = Date)]
    pub from: Date,
    /// The first of the next.
    #[schema(value_type = String, format = Date)]
    pub to: Date,
    /// Without empty ones.
    pub moves: Vec<Move>,
}

/// A move.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = StageMove)]
pub struct Move {
    /// The stage before; `none` for not seen yet.
    pub from: String,
    /// The stage after.
    pub to: String,
    /// How many.
    pub members: i64,
}

/// A member's stage.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct LifecycleRow {
    /// The member's id.
    pub member: String,
    /// The stage.
    pub stage: String,
    /// Days since the last purchase, or since registration.
    pub since_days: Option<i64>,
    /// The gap they are expected to keep.
    pub expected_gap: Option<Ratio>,
    /// What it leans on: `category`, `shop` or `default`.
    pub gap_from: Option<String>,
}

/// The firsts of months whose moves are told: from the month of `from`, else of a year before.
fn firsts(q: &Question) -> Vec<Date> {
    let (this, first) = (month_of(days::number(q.as_of)), month_of(days::number(first_of_moves(q))));
    (first..=this).map(days::first_of).collect()
}

/// The first of a month from which on moves are told.
pub(crate) fn first_of_moves(q: &Question) -> Date {
    let month = q.from.map_or_else(|| month_of(days::number(q.as_of)) - 12, |from| month_of(days::number(from)));
    days::first_of(month)
}

/// The beginnings of days, and the day of reckoning last.
fn moments(frame: &Frame, q: &Question, firsts: &[Date]) -> Vec<Moment> {
    let moment = |day: Date| Moment { at: frame.days.midnight(day).unwrap_or(i64::MAX), day: days::number(day) };
    firsts.iter().copied().chain([q.as_of]).map(moment).collect()
}

/// The first instant of which the rows tell anything, and the members of whom nobody knows since when
/// they are here.
fn beginning(columns: &Columns) -> (i64, i64) {
    columns.fold(
        || (i64::MAX, 0),
        |(first, always), bucket| {
            for member in bucket.members().filter(|_| !bucket.nobody) {
                let seen = bucket.first_seen.get(member);
                *always += i64::from(seen.is_none());
                let orders = bucket.orders.of.of(member).filter_map(|row| bucket.orders.time.get(row));
                *first = orders.chain(seen).chain(bucket.registered_at.get(member)).fold(*first, i64::min);
            }
        },
        |(first, always), (other, more)| (*first, *always) = ((*first).min(other), *always + more),
    )
}

/// So many months are sooner judged than looked whether anybody was there.
const FEW: usize = 24;

/// How many of these firsts lie before everything, the last of them left out, and how many members
/// stay unknown from one of them to the next. There everybody else is not seen yet, so that nothing
/// need be reckoned, however long ago a question begins.
fn before_everything(columns: &Columns, frame: &Frame, firsts: &[Date]) -> (usize, i64) {
    if firsts.len() <= FEW {
        return (0, 0);
    }
    let (first, always) = beginning(columns);
    let empty = firsts.partition_point(|day| frame.days.midnight(*day).is_some_and(|at| at <= first));
    (empty.saturating_sub(1), always)
}

/// Everything before the day of reckoning: what lifecycle looks at.
pub(crate) fn whole(frame: &Frame) -> Frame {
    Frame { from: i64::MIN, to: frame.as_of, from_day: i32::MIN, to_day: frame.as_of_day, ..frame.clone() }
}

/// The report of these columns. `name` shows a member's id.
pub fn lifecycle(columns: &Columns, frame: &Frame, q: &Question, name: &dyn Fn(&[u8]) -> String) -> (Lifecycle, Coverage) {
    let frame = whole(frame);
    let firsts = firsts(q);
    let (empty, always) = before_everything(columns, &frame, &firsts);
    let all = moments(&frame, q, &firsts[empty..]);
    let judge::All { settled, bought, mut judged, coverage } = judge_all(columns, &frame, &all, q, |_| q.rows);
    let median = |c: &Counts| if c.total() >= q.min_gaps { c.median().map(|(n, d)| Ratio::of(n, d)) } else { None };
    let words = columns.words.of(Kind::Category);
    let gaps_of =
        |(code, of): (usize, &Counts)| CategoryGap { category: words.word(code as u32).to_owned(), gaps: of.total(), median: median(of) };
    let categories = settled.categories.iter().enumerate().filter(|(code, _)| bought[*code]);
    let mut category_gaps: Vec<CategoryGap> = categories.map(gaps_of).collect();
    category_gaps.sort_by(|a, b| a.category.cmp(&b.category));
    let moves = |counts: &[[i64; 7]; 7]| {
        let cells = counts.iter().enumerate().flat_map(|(a, to)| to.iter().enumerate().map(move |(b, n)| (a, b, *n)));
        let real = cells.filter(|(_, b, n)| *b != 0 && *n > 0);
        real.map(|(a, b, members)| Move { from: STAGES[a].to_owned(), to: STAGES[b].to_owned(), members }).collect()
    };
    let mut unseen = [[0; 7]; 7];
    unseen[UNKNOWN][UNKNOWN] = always;
    let transitions = firsts
        .windows(2)
        .zip(std::iter::repeat_n(&unseen, empty).chain(&judged.moves))
        .map(|(pair, counts)| Transition { from: pair[0], to: pair[1], moves: moves(counts) })
        .collect();
    let rows = q.rows.then(|| {
        judged.rows.sort_unstable_by(|a, b| a.0.cmp(&b.0));
        let row = |(key, s): &(Vec<u8>, Stage)| LifecycleRow {
            member: name(key),
            stage: STAGES[s.stage].to_owned(),
            since_days: s.since,
            expected_gap: s.expected.map(|(num, den)| Ratio::reduced(num.into(), den.into())),
            gap_from: s.since.map(|_| LEANS[s.lean].to_owned()),
        };
        judged.rows.iter().map(row).collect()
    });
    let [_, join, active, declining, lost, unconverted, unknown] = judged.stages;
    let [category, shop, default] = judged.lean;
    let report = Lifecycle {
        members: join + active + declining + lost + unconverted + unknown,
        stages: Stages { join, active, declining, lost, unconverted, unknown },
        shop_gap: ShopGap { gaps: settled.shop.total(), members: judged.returned, median: median(&settled.shop) },
        category_gaps,
        gap_from: GapFrom { category, shop, default },
        transitions,
        rows,
    };
    (report, coverage)
}
