//! The members behind a number of a report. What a number is called is said per report in
//! docs/reports.md: a group, a cell, a stage, a cohort and its month, a region, goods.

use std::collections::BTreeSet;
use std::sync::Arc;

use jiff::civil::Date;
use shuke_columns::{Bucket, Columns, Kind};
use shuke_kernel::{Code, Error, Kind as Sort, Result};

use crate::days::{month_of, weekday_of};
use crate::lifecycle::STAGES;
use crate::lifecycle::pace::Shop;
use crate::question::{Frame, Question, Report};
use crate::region::Spellings;
use crate::replay::{Reach, Replay, hour as hour_of};
use crate::rfm::{self, GROUPS};
use crate::standing::{Base, Scores, StageOn};

/// A report has no such number.
pub static NO_SUCH_NUMBER: Code = Code {
    code: "report.no_such_number",
    kind: Sort::Invalid,
    zh: "报表 {report} 没有名为“{of}”的数字。可用：{known}。",
    en: "The report {report} has no number `{of}` with members behind it. Known: {known}.",
};

/// A move without its first day.
pub static MOVE_NEEDS_FROM: Code = Code {
    code: "report.move_needs_from",
    kind: Sort::Invalid,
    zh: "阶段变化是两天之间的：请用 from 写起始日，用 to 写结束日。",
    en: "A move between stages is one between two days: name the first by `from` and the second by `to`.",
};

fn unknown(report: Report, of: &str, known: &str) -> shuke_kernel::Error {
    NO_SUCH_NUMBER.with("report", report.name()).with("of", of).with("known", known).at("of").into()
}

/// Tells what members are compared with by a question.
pub struct Bases<'a> {
    /// Where scores begin.
    pub scores: &'a dyn Fn(&Question) -> Result<Arc<Scores>>,
    /// That, and rhythms.
    pub whole: &'a dyn Fn(&Question) -> Result<Arc<Base>>,
}

/// The ids of the members behind the number `of`, ascending.
pub fn people(columns: &Columns, report: Report, q: &Question, of: &str) -> Result<Vec<Vec<u8>>> {
    let scores = |q: &Question| Scores::of(columns, q).map(Arc::new);
    let whole = |q: &Question| Base::of(columns, q).map(Arc::new);
    page(columns, report, q, of, None, usize::MAX, &Bases { scores: &scores, whole: &whole })
}

/// So many of them at most, of those whose ids are above `after`. Members lie by id in most buckets, so
/// that of a large base only those are looked at in which the page lies.
pub fn page(
    columns: &Columns,
    report: Report,
    q: &Question,
    of: &str,
    after: Option<&[u8]>,
    limit: usize,
    bases: &Bases<'_>,
) -> Result<Vec<Vec<u8>>> {
    let frame = Frame::new(columns, q)?;
    let shop = Shop::of(columns);
    let (reach, test) = match report {
        Report::Rfm => (frame.reach(), by_rfm(&frame, q, of, bases)?),
        // Stages are reckoned from all of a member's rows, by the test itself.
        Report::Lifecycle => (Reach::Since(i64::MAX), by_stage(columns, &shop, &frame, q, of, bases)?),
        Report::Dashboard => (Reach::All, dashboard(&frame, of)?),
        Report::Cohort => (Reach::All, cohort(of)?),
        Report::Interval => (Reach::All, interval(&frame, of)?),
        Report::Calendar => (frame.reach(), calendar(&frame, of)?),
        Report::Goods => (frame.reach(), goods(columns, &frame, of)),
        Report::Region => (frame.reach(), region(columns, &frame, of)),
    };
    let each = |best: &mut Best, place: usize, bucket: &Bucket| {
        if bucket.nobody {
            return;
        }
        let mut replay = Replay::through(bucket, place);
        for member in first_above(bucket, after)..bucket.len() {
            let key = bucket.key.get(member);
            if best.is_beyond(key) {
                return;
            }
            if bucket.shows(member) {
                replay.reach(&frame, member, reach);
                if test(bucket, member, &replay) {
                    best.add(key);
                }
            }
        }
    };
    let best = columns.fold_at(|| Best { most: limit, keys: BTreeSet::new() }, each, |a, b| b.keys.into_iter().for_each(|key| a.add(&key)));
    columns.whole()?;
    Ok(best.keys.into_iter().collect())
}

/// The row of the first member with an id above `after`.
fn first_above(bucket: &Bucket, after: Option<&[u8]>) -> usize {
    let Some(after) = after else { return 0 };
    let (mut low, mut high) = (0, bucket.len());
    while low < high {
        let middle = (low + high) / 2;
        if bucket.key.get(middle) <= after { low = middle + 1 } else { high = middle }
    }
    low
}

/// The least ids that were met.
struct Best {
    most: usize,
    keys: BTreeSet<Vec<u8>>,
}

impl Best {
    /// Whether neither this id nor a greater one is wanted any more.
    fn is_beyond(&self, key: &[u8]) -> bool {
        self.keys.len() >= self.most && self.keys.last().is_none_or(|last| last.as_slice() <= key)
    }

    fn add(&mut self, key: &[u8]) {
        if !self.is_beyond(key) {
            self.keys.insert(key.to_vec());
            if self.keys.len() > self.most {
                self.keys.pop_last();
            }
        }
    }
}

type Test<'a> = Box<dyn Fn(&Bucket, usize, &Replay<'_>) -> bool + Sync + 'a>;

/// `lost`, or `active>lost`: who was at the one on the day `from` and is at the other on the day `to`.
fn by_stage<'a>(columns: &'a Columns, shop: &'a Shop<'a>, frame: &Frame, q: &Question, of: &str, bases: &Bases<'_>) -> Result<Test<'a>> {
    let known = || format!("{}, or a move such as active>lost, also none>join, between `from` and `to`", STAGES[1..].join(", "));
    let place = |word: &str| STAGES.iter().position(|s| *s == word).ok_or_else(|| unknown(Report::Lifecycle, of, &known()));
    let (before, after) = of.split_once('>').map_or((None, of), |(before, after)| (Some(before), after));
    let after = place(after)?;
    if after == 0 {
        return Err(unknown(Report::Lifecycle, of, &known()));
    }
    let Some(before) = before.map(place).transpose()? else {
        let now = StageOn::new(shop, frame, (bases.whole)(q)?);
        return Ok(Box::new(move |bucket, member, _| now.of(bucket, member) == after));
    };
    let Some(from) = q.from else { return Err(MOVE_NEEDS_FROM.at("from").into()) };
    let on = |day: Date| {
        let q = Question { as_of: day, to: day, from: None, ..q.clone() };
        Ok::<_, Error>(StageOn::new(shop, &Frame::new(columns, &q)?, (bases.whole)(&q)?))
    };
    // Who was not seen yet was at no stage.
    let (then, now) = (on(from)?, on(q.to)?);
    Ok(Box::new(move |bucket, member, _| now.of(bucket, member) == after && then.of(bucket, member) == before))
}

fn by_rfm<'a>(frame: &'a Frame, q: &Question, of: &str, bases: &Bases<'_>) -> Result<Test<'a>> {
    let group = GROUPS.iter().position(|(g, _, _)| *g == of);
    let cell = of.len() == 3 && of.bytes().all(|b| b == b'*' || (b'1'..=b'5').contains(&b));
    if of == "members" {
        return Ok(Box::new(move |_, _, replay| rfm::measure(frame, replay).is_some()));
    }
    if group.is_none() && !cell {
        return Err(unknown(Report::Rfm, of, "members, a group such as R+F-M+, a cell such as 515, or 11* for any third score"));
    }
    let (scores, asked) = ((bases.scores)(q)?, of.as_bytes().to_vec());
    Ok(Box::new(move |_, _, replay| {
        let Some(judged) = rfm::measure(frame, replay).map(|x| scores.judge(&x)) else { return false };
        match group {
            Some(group) => judged.group == group,
            None => judged.score.iter().zip(&asked).all(|(score, asked)| *asked == b'*' || *asked == b'0' + score),
        }
    }))
}

fn goods<'a>(columns: &Columns, frame: &'a Frame, of: &str) -> Test<'a> {
    let sku = columns.words.of(Kind::Sku).find(of);
    Box::new(move |bucket, _, replay| {
        let mut deals = replay.within(frame).iter().filter(|d| d.purchase);
        sku.is_some()
            && deals.any(|deal| {
                let mut found = false;
                replay.lines(deal, |left| found |= left.live && bucket.lines.sku.code(left.row) == sku);
                found
            })
    })
}

fn region<'a>(columns: &'a Columns, frame: &'a Frame, of: &str) -> Test<'a> {
    let spellings = Spellings::of(columns);
    let region = if of.is_empty() { None } else { Some(spellings.find(columns, of).unwrap_or(u32::MAX)) };
    Box::new(move |bucket, member, replay| {
        let home = bucket.region.code(member);
        let here = |row| spellings.one(bucket.orders.region.code(row).or(home)) == region;
        replay.within(frame).iter().any(|d| d.purchase && here(d.row()))
    })
}

fn dashboard<'a>(frame: &'a Frame, of: &str) -> Result<Test<'a>> {
    let bought = move |replay: &Replay<'_>| replay.within(frame).iter().filter(|d| d.purchase).count();
    let first = |replay: &Replay<'_>| replay.first.map(|d| d.time);
    let known = move |b: &Bucket, m: usize| b.first_seen.get(m).is_none_or(|t| t < frame.to);
    Ok(match of {
        "known" => Box::new(move |b, m, _| known(b, m)),
        "registered_in_window" => Box::new(move |b, m, _| b.registered_at.get(m).is_some_and(|t| frame.within(t))),
        "met_by_order" => Box::new(move |b, m, _| {
            b.first_seen.get(m).is_some_and(|t| frame.within(t)) && !b.registered_at.get(m).is_some_and(|t| frame.within(t))
        }),
        "bought_ever" => Box::new(move |_, _, r| first(r).is_some()),
        "never_bought" => Box::new(move |b, m, r| known(b, m) && first(r).is_none()),
        "buyers" => Box::new(move |_, _, r| bought(r) > 0),
        "repeat_buyers" => Box::new(move |_, _, r| bought(r) > 1),
        "new_buyers" => Box::new(move |_, _, r| bought(r) > 0 && first(r).is_some_and(|t| frame.within(t))),
        "returning_buyers" => Box::new(move |_, _, r| bought(r) > 0 && first(r).is_some_and(|t| !frame.within(t))),
        // Who made a first purchase in the window is new in it.
        "first_orders" => Box::new(move |_, _, r| first(r).is_some_and(|t| frame.within(t))),
        "repeat_orders" => Box::new(move |_, _, r| bought(r) > usize::from(first(r).is_some_and(|t| frame.within(t)))),
        "refunded" => Box::new(move |_, _, r| {
            r.within(frame).iter().any(|d| d.paid < r.gross_paid(d)) || r.loose.iter().any(|l| frame.within(l.time) && l.paid > 0)
        }),
        _ => {
            return Err(unknown(
                Report::Dashboard,
                of,
                "known, registered_in_window, met_by_order, bought_ever, never_bought, buyers, repeat_buyers, new_buyers, returning_buyers, first_orders, repeat_orders, refunded",
            ));
        }
    })
}

/// `2025-01`, with the month after it `2025-01:3`, or up to the end of that month `2025-01:within:3`.
fn cohort<'a>(of: &str) -> Result<Test<'a>> {
    let (month, after) = of.split_once(':').map_or((of, None), |(m, n)| (m, Some(n)));
    let (after, within) = match after.and_then(|a| a.strip_prefix("within:")) {
        Some(n) => (Some(n), true),
        None => (after, false),
    };
    let no = || {
        unknown(
            Report::Cohort,
            of,
            "a month such as 2025-01, 2025-01:3 for those of it who bought three months later, or 2025-01:within:3 for those who bought a second time by the end of that month",
        )
    };
    let month: jiff::civil::Date = format!("{month}-01").parse().map_err(|_| no())?;
    let first = i32::from(month.year()) * 12 + i32::from(month.month()) - 1;
    let after: i32 = after.map_or(Ok(0), |n| n.parse::<u16>().map(i32::from)).map_err(|_| no())?;
    Ok(Box::new(move |_, _, replay| {
        let mut months = replay.deals.iter().filter(|d| d.purchase).map(|d| month_of(d.day)).peekable();
        if months.peek() != Some(&first) {
            return false;
        }
        if within { months.nth(1).is_some_and(|m| m <= first + after) } else { months.any(|m| m == first + after) }
    }))
}

/// A band's first day, such as `8`.
fn interval<'a>(frame: &'a Frame, of: &str) -> Result<Test<'a>> {
    let band = of.parse::<i64>().ok().and_then(|from| crate::interval::BANDS.iter().find(|(f, _)| *f == from));
    let Some((from, to)) = band else {
        return Err(unknown(Report::Interval, of, "the first day of a band: 1, 8, 15, 31, 61, 91, 181, 366"));
    };
    Ok(Box::new(move |_, _, replay| {
        let mut last: Option<i32> = None;
        replay.deals.iter().filter(|d| d.purchase).any(|d| {
            let gap = last.map_or(0, |l| i64::from(d.day - l));
            last = Some(d.day);
            gap >= *from && to.is_none_or(|t| gap < t) && frame.within(d.time)
        })
    }))
}

/// Weekday from Monday 1 to Sunday 7, and hour: `1:13`.
fn calendar<'a>(frame: &'a Frame, of: &str) -> Result<Test<'a>> {
    let place = of.split_once(':').and_then(|(d, h)| Some((d.parse::<usize>().ok()?, h.parse::<usize>().ok()?)));
    let Some((weekday, hour)) = place.filter(|(d, h)| (1..=7).contains(d) && *h < 24) else {
        return Err(unknown(Report::Calendar, of, "weekday from Monday 1 and hour, such as 1:13"));
    };
    Ok(Box::new(move |_, _, replay| {
        replay.within(frame).iter().any(|d| d.purchase && weekday_of(d.day) + 1 == weekday && hour_of(frame, d) == hour)
    }))
}
