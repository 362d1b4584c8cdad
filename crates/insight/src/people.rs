//! The members behind a number of a report. What a number is called is said per report in
//! docs/reports.md: a group, a cell, a stage, a cohort and its month, a region, goods.

use jiff::civil::Date;
use shuke_columns::{Bucket, Columns, Kind};
use shuke_kernel::{Code, Error, Kind as Sort, Result};

use crate::days::{hour_of, month_of, weekday_of};
use crate::lifecycle::{self, STAGES};
use crate::question::{Frame, Question, Report};
use crate::region::Spellings;
use crate::replay::Replay;
use crate::rfm::{self, GROUPS};
use crate::survey::survey;

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

/// The ids of the members behind the number `of`, ascending.
pub fn people(columns: &Columns, report: Report, q: &Question, of: &str) -> Result<Vec<Vec<u8>>> {
    let frame = Frame::new(columns, q)?;
    match report {
        Report::Rfm => by_rfm(columns, &frame, q, of),
        Report::Lifecycle => by_stage(columns, &frame, q, of),
        _ => {
            let test = test(columns, &frame, report, of)?;
            let (mut keys, _) = survey(
                columns,
                &frame,
                Vec::new,
                |keys, bucket, member, replay| {
                    if !bucket.nobody && test(bucket, member, replay) {
                        keys.push(bucket.key.get(member).to_vec());
                    }
                },
                |a: &mut Vec<_>, b| a.extend(b),
            );
            keys.sort_unstable();
            Ok(keys)
        }
    }
}

/// `lost`, or `active>lost`: who was at the one on the day `from` and is at the other on the day `to`.
fn by_stage(columns: &Columns, frame: &Frame, q: &Question, of: &str) -> Result<Vec<Vec<u8>>> {
    let known = || format!("{}, or a move such as active>lost, also none>join, between `from` and `to`", STAGES[1..].join(", "));
    let place = |word: &str| STAGES.iter().position(|s| *s == word).ok_or_else(|| unknown(Report::Lifecycle, of, &known()));
    let (before, after) = of.split_once('>').map_or((None, of), |(before, after)| (Some(before), after));
    let after = place(after)?;
    if after == 0 {
        return Err(unknown(Report::Lifecycle, of, &known()));
    }
    let Some(before) = before.map(place).transpose()? else { return Ok(lifecycle::members_at(columns, frame, q, &[after])) };
    let Some(from) = q.from else { return Err(MOVE_NEEDS_FROM.at("from").into()) };
    let on = |day: Date, stages: &[usize]| {
        let q = Question { as_of: day, to: day, from: None, ..q.clone() };
        Ok::<_, Error>(lifecycle::members_at(columns, &Frame::new(columns, &q)?, &q, stages))
    };
    // Who was not seen yet was at no stage.
    let then = if before == 0 { on(from, &[1, 2, 3, 4, 5, 6])? } else { on(from, &[before])? };
    let mut now = on(q.to, &[after])?;
    now.retain(|key| then.binary_search(key).is_ok() == (before != 0));
    Ok(now)
}

fn by_rfm(columns: &Columns, frame: &Frame, q: &Question, of: &str) -> Result<Vec<Vec<u8>>> {
    let group = GROUPS.iter().position(|(g, _, _)| *g == of);
    let cell = of.len() == 3 && of.bytes().all(|b| b == b'*' || (b'1'..=b'5').contains(&b));
    if group.is_none() && !cell && of != "members" {
        return Err(unknown(Report::Rfm, of, "members, a group such as R+F-M+, a cell such as 515, or 11* for any third score"));
    }
    let all = rfm::judged(columns, frame, q);
    let in_cell = |j: &rfm::Judged| rfm::digits(j).bytes().zip(of.bytes()).all(|(score, asked)| asked == b'*' || asked == score);
    let keeps = |j: &rfm::Judged| of == "members" || group.map_or_else(|| in_cell(j), |g| j.group == g);
    Ok(all.into_iter().filter(|(_, _, j)| keeps(j)).map(|(key, _, _)| key).collect())
}

type Test<'a> = Box<dyn Fn(&Bucket, usize, &Replay) -> bool + Sync + 'a>;

fn test<'a>(columns: &Columns, frame: &'a Frame, report: Report, of: &str) -> Result<Test<'a>> {
    match report {
        Report::Dashboard => dashboard(frame, of),
        Report::Cohort => cohort(of),
        Report::Interval => interval(frame, of),
        Report::Calendar => calendar(frame, of),
        Report::Goods => {
            let sku = columns.words.of(Kind::Sku).find(of);
            Ok(Box::new(move |bucket, _, replay| {
                let mut deals = replay.deals.iter().filter(|d| d.purchase && frame.within(d.time));
                sku.is_some() && deals.any(|d| replay.lines(bucket, d).any(|l| l.live && bucket.lines.sku.code(l.row) == sku))
            }))
        }
        _ => {
            let spellings = Spellings::of(columns);
            let region = if of.is_empty() { None } else { Some(spellings.find(columns, of).unwrap_or(u32::MAX)) };
            Ok(Box::new(move |bucket, member, replay| {
                let home = bucket.region.code(member);
                let here = |row| spellings.one(bucket.orders.region.code(row).or(home)) == region;
                replay.deals.iter().any(|d| d.purchase && frame.within(d.time) && here(d.row))
            }))
        }
    }
}

fn dashboard<'a>(frame: &'a Frame, of: &str) -> Result<Test<'a>> {
    let bought = move |replay: &Replay| replay.deals.iter().filter(|d| d.purchase && frame.within(d.time)).count();
    let first = |replay: &Replay| replay.deals.iter().find(|d| d.purchase).map(|d| d.time);
    let known = move |b: &Bucket, m: usize| b.first_seen.get(m).is_none_or(|t| t < frame.to);
    Ok(match of {
        "known" => Box::new(move |b, m, _| known(b, m)),
        "registered_in_window" => Box::new(move |b, m, _| b.registered_at.get(m).is_some_and(|t| frame.within(t))),
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
            r.deals.iter().any(|d| frame.within(d.time) && d.paid < d.gross_paid)
                || r.loose.iter().any(|l| frame.within(l.time) && l.paid > 0)
        }),
        _ => {
            return Err(unknown(
                Report::Dashboard,
                of,
                "known, registered_in_window, bought_ever, never_bought, buyers, repeat_buyers, new_buyers, returning_buyers, first_orders, repeat_orders, refunded",
            ));
        }
    })
}

/// `2025-01`, or with the month after it `2025-01:3`.
fn cohort<'a>(of: &str) -> Result<Test<'a>> {
    let (month, after) = of.split_once(':').map_or((of, None), |(m, n)| (m, Some(n)));
    let no = || unknown(Report::Cohort, of, "a month such as 2025-01, or 2025-01:3 for those of it who bought three months later");
    let month: jiff::civil::Date = format!("{month}-01").parse().map_err(|_| no())?;
    let first = i32::from(month.year()) * 12 + i32::from(month.month()) - 1;
    let after: i32 = after.map_or(Ok(0), |n| n.parse::<u16>().map(i32::from)).map_err(|_| no())?;
    Ok(Box::new(move |_, _, replay| {
        let mut months = replay.deals.iter().filter(|d| d.purchase).map(|d| month_of(d.day)).peekable();
        months.peek() == Some(&first) && months.any(|m| m == first + after)
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
        replay.deals.iter().any(|d| d.purchase && frame.within(d.time) && weekday_of(d.day) + 1 == weekday && hour_of(d.local) == hour)
    }))
}
