//! Writes a bucket's diary: every member is walked through all days on which something becomes known of them.

use std::cell::Cell;

use shuke_columns::digest::Part;
use shuke_columns::{Bucket, Digest};

use super::diary::{GOES, MANY, MARK, NONE, SHOP};
use super::pace::{Beat, Moment, Pace, Shop, Step, walk};
use crate::coverage::{Coverage, FIGURES};
use crate::days;
use crate::question::Frame;
use crate::replay::Replay;

/// The diary of a bucket; one without parts where it does not fit. Of `frame` the window does not matter.
pub(super) fn write(shop: &Shop<'_>, frame: &Frame, bucket: &Bucket) -> Digest {
    Midnights::of(frame, bucket).and_then(|midnights| Scribe::new(midnights).write(shop, frame, bucket)).unwrap_or_default()
}

/// The beginnings of the days on which something may become known.
struct Midnights {
    /// The first day.
    base: i32,
    at: Vec<i64>,
}

/// Times of zones differ from days by less.
const MARGIN: i32 = 3;

impl Midnights {
    fn of(frame: &Frame, bucket: &Bucket) -> Option<Self> {
        let (orders, refunds) = (&bucket.orders, &bucket.refunds);
        let times = (0..orders.time.len()).filter_map(|row| orders.time.get(row));
        let times = times.chain((0..refunds.time.len()).map(|row| refunds.time.value(row)));
        let Some((first, last)) = times.fold(None, |ends: Option<(i64, i64)>, t| Some(ends.map_or((t, t), |(a, b)| (a.min(t), b.max(t)))))
        else {
            return Some(Self { base: 0, at: Vec::new() });
        };
        let (first, last) = (frame.days.of(first).checked_sub(MARGIN)?, frame.days.of(last).checked_add(MARGIN)?);
        let fits = i64::from(last) - i64::from(first) < i64::from(NONE);
        let midnight = |day| frame.days.midnight(days::date(day)).unwrap_or(i64::MAX);
        fits.then(|| Self { base: first, at: (first..=last).map(midnight).collect() })
    }

    /// The first day whose beginning lies behind an instant, counted from the base.
    fn known(&self, frame: &Frame, time: i64) -> Option<u16> {
        let mut day = usize::try_from(i64::from(frame.days.of(time)) + 1 - i64::from(self.base)).ok()?;
        // Where a clock is put back over midnight an hour lies on another day than its midnight says.
        while day > 0 && self.at.get(day - 1).is_some_and(|at| *at > time) {
            day -= 1;
        }
        while *self.at.get(day)? <= time {
            day += 1;
        }
        u16::try_from(day).ok()
    }
}

struct Scribe {
    midnights: Midnights,
    ends: Vec<u32>,
    marks: Vec<u16>,
    /// Code of the category, day, length, so that they sort so.
    gaps: Vec<u64>,
    /// By day.
    rests: Vec<[i64; FIGURES]>,
    /// Days on which something becomes known of the member at hand.
    known: Vec<u16>,
    moments: Vec<Moment>,
}

/// A gap as a number.
fn noted(category: Option<u32>, day: u16, gap: u16) -> u64 {
    u64::from(category.unwrap_or(SHOP)) << 32 | u64::from(day) << 16 | u64::from(gap)
}

impl Scribe {
    fn new(midnights: Midnights) -> Self {
        let rests = vec![[0; FIGURES]; midnights.at.len()];
        Self { midnights, ends: Vec::new(), marks: Vec::new(), gaps: Vec::new(), rests, known: Vec::new(), moments: Vec::new() }
    }

    fn write(mut self, shop: &Shop<'_>, frame: &Frame, bucket: &Bucket) -> Option<Digest> {
        let (mut replay, mut pace) = (Replay::through(bucket, 0), Pace::through());
        for member in 0..bucket.len() {
            self.days_of(frame, bucket, member)?;
            self.member(shop, frame, member, (&mut replay, &mut pace))?;
            self.ends.push(u32::try_from(self.marks.len() / MARK).ok()?);
        }
        Some(self.parts(shop, bucket))
    }

    /// The days on which something becomes known of a member.
    fn days_of(&mut self, frame: &Frame, bucket: &Bucket, member: usize) -> Option<()> {
        let (orders, refunds) = (&bucket.orders, &bucket.refunds);
        self.known.clear();
        for time in orders.of.of(member).filter_map(|row| orders.time.get(row)) {
            self.known.push(self.midnights.known(frame, time)?);
        }
        for row in refunds.of.of(member) {
            self.known.push(self.midnights.known(frame, refunds.time.value(row))?);
        }
        self.known.sort_unstable();
        self.known.dedup();
        let Midnights { base, at } = &self.midnights;
        self.moments.clear();
        self.moments.extend(self.known.iter().map(|day| Moment { at: at[usize::from(*day)], day: base + i32::from(*day) }));
        Some(())
    }

    fn member(&mut self, shop: &Shop<'_>, frame: &Frame, member: usize, (replay, pace): (&mut Replay<'_>, &mut Pace)) -> Option<()> {
        let Self { midnights, marks, gaps, rests, known, moments, .. } = self;
        let bucket = replay.bucket;
        if moments.is_empty() {
            return Some(());
        }
        let (nobody, fits) = (bucket.nobody, Cell::new(true));
        let is_word = |category: Option<u32>| category.is_none_or(|code| (code as usize) < shop.ranks.len());
        let gap = |at: usize, category: Option<u32>, days: i64, goes: bool| match u16::try_from(days).ok().filter(|days| *days < GOES) {
            _ if nobody => {}
            Some(days) if is_word(category) => gaps.push(noted(category, known[at], if goes { days | GOES } else { days })),
            _ => fits.set(false),
        };
        let (mut before, mut rested) = (Beat::NONE, Coverage::default());
        let changed = |step: Step, pace: &Pace, replay: &Replay<'_>| {
            let mut now = Coverage::default();
            now.deals(nobody, replay, &replay.deals[step.deals]);
            if step.anew {
                now.leave(&rested);
            }
            rested.join(&now);
            add(&mut rests[usize::from(known[step.at])], &now);
            if !nobody && pace.beat != before {
                before = pace.beat;
                match mark(midnights.base, known[step.at], &before) {
                    Some(mark) => marks.extend(mark),
                    None => fits.set(false),
                }
            }
        };
        walk(frame, moments, member, (replay, pace, shop), gap, changed);
        for loose in &replay.loose {
            let mut now = Coverage::default();
            now.loose(nobody, loose);
            add(&mut rests[usize::from(midnights.known(frame, loose.time)?)], &now);
        }
        if let Some(only) = frame.only {
            let orders = &bucket.orders;
            for row in orders.of.of(member).filter(|row| orders.currency.code(*row) != Some(only)) {
                if let Some(time) = orders.time.get(row) {
                    let other = Coverage { orders_other_currency: 1, ..Coverage::default() };
                    add(&mut rests[usize::from(midnights.known(frame, time)?)], &other);
                }
            }
        }
        fits.get().then_some(())
    }

    fn parts(mut self, shop: &Shop<'_>, bucket: &Bucket) -> Digest {
        self.gaps.sort_unstable();
        let mut bought = vec![false; shop.ranks.len()];
        for code in (0..bucket.lines.sku.len()).filter_map(|line| shop.columns.category(bucket, line)) {
            if let Some(of) = bought.get_mut(code as usize) {
                *of = true;
            }
        }
        let codes = bought.iter().enumerate().filter(|(_, bought)| **bought).map(|(code, _)| code as u32).chain([SHOP]);
        let mut end = 0;
        let mut runs = Vec::new();
        for code in codes {
            end += self.gaps[end..].partition_point(|gap| (gap >> 32) as u32 <= code);
            runs.extend([code, end as u32]);
        }
        let changes = || self.rests.iter().enumerate().filter(|(_, change)| change.iter().any(|n| *n != 0));
        let days: Vec<u16> = changes().map(|(day, _)| day as u16).collect();
        let changes: Vec<i64> = changes().flat_map(|(_, change)| *change).collect();
        let (gap_days, gaps): (Vec<u16>, Vec<u16>) = self.gaps.iter().map(|gap| ((gap >> 16) as u16, *gap as u16)).unzip();
        let parts: Vec<Part> = vec![
            vec![self.midnights.base as u32].into(),
            self.ends.into(),
            self.marks.into(),
            runs.into(),
            gap_days.into(),
            gaps.into(),
            days.into(),
            changes.into(),
        ];
        Digest::of(parts)
    }
}

fn add(to: &mut [i64; FIGURES], more: &Coverage) {
    to.iter_mut().zip(more.cells()).for_each(|(all, one)| *all += one);
}

/// A beat that holds from a day on; `None` where it does not fit.
fn mark(base: i32, day: u16, beat: &Beat) -> Option<[u16; MARK]> {
    let Some(last) = beat.last() else { return Some([day, NONE, NONE, 0, 0]) };
    let small = |x: u32| u16::try_from(x).ok().filter(|x| *x != NONE);
    let last = small(u32::try_from(i64::from(last) - i64::from(base)).ok()?)?;
    let favourite = match beat.favourite() {
        None => NONE,
        Some(category) => small(category)?,
    };
    let gaps = u16::try_from(beat.gaps).ok().filter(|gaps| *gaps < MANY)?;
    Some([day, last, favourite, u16::try_from(beat.days).ok()?, if beat.purchases > 1 { gaps | MANY } else { gaps }])
}
