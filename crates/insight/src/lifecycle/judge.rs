//! A member's stage at a moment, and every member's at every moment.

use std::ops::Range;
use std::sync::atomic::AtomicUsize;
use std::sync::atomic::Ordering::Relaxed;

use shuke_columns::digest::Key;
use shuke_columns::{Bucket, Columns};
use shuke_kernel::Result;

use super::diary::Diary;
use super::pace::{Beat, Moment, Pace, Shop, walk};
use super::rhythm::{Lean, Medians, Rhythms, Settled};
use super::scribe;
use super::trail::Trail;
use crate::question::{Coverage, Frame, Question};
use crate::replay::Replay;

/// The stages in their order; `none` is not seen yet.
pub const STAGES: [&str; 7] = ["none", "join", "active", "declining", "lost", "unconverted", "unknown"];
/// In [`STAGES`].
pub(crate) const UNKNOWN: usize = 6;
pub(crate) const LEANS: [&str; 3] = ["category", "shop", "default"];

/// A member as judged at a moment.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Stage {
    /// In [`STAGES`].
    pub stage: usize,
    /// Days since the last purchase, or since registration.
    pub since: Option<i64>,
    /// The expected gap as a fraction.
    pub expected: Option<(i64, i64)>,
    /// In [`LEANS`].
    pub lean: usize,
    /// The gap that it leans on.
    pub base: Option<(i64, i64)>,
}

impl Stage {
    /// Not seen yet.
    pub const NONE: Self = Self { stage: 0, since: None, expected: None, lean: 0, base: None };
}

/// What is known of a member beside what they bought.
#[derive(Clone, Copy)]
pub(crate) struct Arrival {
    first_seen: i64,
    /// When and on which day they registered.
    registered: Option<(i64, i32)>,
}

impl Arrival {
    #[inline]
    pub fn of(frame: &Frame, bucket: &Bucket, member: usize) -> Self {
        let registered = bucket.registered_at.get(member).map(|t| (t, frame.days.of(t)));
        Self { first_seen: bucket.first_seen.get(member).unwrap_or(i64::MIN), registered }
    }
}

/// The stage at a moment of somebody who leans on that gap then.
#[inline]
pub(crate) fn judge(moment: Moment, (g, lean): Lean, arrival: &Arrival, beat: &Beat) -> Stage {
    if arrival.first_seen >= moment.at {
        return Stage::NONE;
    }
    let registered = || arrival.registered.filter(|(at, _)| *at < moment.at).map(|(_, day)| day);
    let Some(last) = beat.last().or_else(registered) else { return Stage { stage: UNKNOWN, ..Stage::NONE } };
    let since = i64::from(moment.day - last);
    // Days and gaps of ten thousand years leave room for these products.
    let (num, den) = (i64::from(beat.days) * g.1 + 2 * g.0, g.1 * (i64::from(beat.gaps) + 2));
    let within = |times: i64| since * den <= times * num;
    let stage = if within(2) {
        if beat.purchases >= 2 { 2 } else { 1 }
    } else if within(4) {
        3
    } else if beat.purchases > 0 {
        4
    } else {
        5
    };
    Stage { stage, since: Some(since), expected: Some((num, den)), lean, base: Some(g) }
}

/// What the first pass gathers: the gaps at every moment, and what it will not look at again.
struct Gathered {
    rhythms: Rhythms,
    /// By the bucket's place; only when asked for.
    trails: Vec<(usize, Trail)>,
    /// Categories that somebody bought, by code.
    bought: Vec<bool>,
    coverage: Coverage,
}

impl Gathered {
    fn join(&mut self, other: Self) {
        self.rhythms.join(other.rhythms);
        self.trails.extend(other.trails);
        self.bought.iter_mut().zip(&other.bought).for_each(|(a, b)| *a |= b);
        self.coverage.join(&other.coverage);
    }
}

impl Gathered {
    /// Takes the members off whom a newer bucket holds: a bucket's diary tells of all.
    fn leave(&mut self, shop: &Shop<'_>, frame: &Frame, moments: &[Moment], (place, bucket): (usize, &Bucket)) {
        let (mut replay, mut pace) = (Replay::through(bucket, place), Pace::through());
        for member in bucket.hidden() {
            let mut of = Coverage::default();
            if bucket.nobody {
                replay.run(frame, member, frame.as_of, frame.to);
            } else {
                let rhythms = &mut self.rhythms;
                let gap = |i, category, days, goes: bool| rhythms.add(i, category, days, !goes);
                walk(frame, moments, member, (&mut replay, &mut pace, shop), gap, |_, _, _| {});
            }
            of.take(frame, bucket.nobody, &replay);
            self.coverage.leave(&of);
        }
    }
}

/// Bytes of trails that are kept for the second pass at most; the members of other buckets are walked again.
const KEPT: usize = 256 << 20;

/// The beats of a member: each that differs from the one before, with the number of the moment from which it
/// holds. `gap` hears as in [`walk`].
#[inline]
fn beats(
    frame: &Frame,
    moments: &[Moment],
    member: usize,
    walker: (&mut Replay<'_>, &mut Pace, &Shop<'_>),
    gap: impl FnMut(usize, Option<u32>, i64, bool),
    into: &mut Vec<(u32, Beat)>,
) {
    into.clear();
    let mut before = Beat::NONE;
    walk(frame, moments, member, walker, gap, |step, pace, _| {
        if pace.beat != before {
            before = pace.beat;
            into.push((step.at as u32, before));
        }
    });
}

/// Walks every member through the moments, once; those of buckets with a diary need not be.
fn gather(shop: &Shop<'_>, frame: &Frame, moments: &[Moment], diaries: &[Option<Diary>], trails: bool) -> Gathered {
    let categories = shop.ranks.len();
    let kept = AtomicUsize::new(0);
    let make = || Gathered {
        rhythms: Rhythms::new(moments.len(), categories),
        trails: Vec::new(),
        bought: vec![false; categories],
        coverage: Coverage::default(),
    };
    let each = |all: &mut Gathered, place: usize, bucket: &Bucket| {
        if let Some(diary) = &diaries[place] {
            all.coverage.join(&diary.rests(frame.as_of_day));
            return all.leave(shop, frame, moments, (place, bucket));
        }
        let (mut replay, mut pace) = (Replay::through(bucket, place), Pace::through());
        let mut trail = Trail::new(moments, bucket.len());
        let mut mine = Vec::new();
        for member in bucket.members() {
            if bucket.nobody {
                replay.run(frame, member, frame.as_of, frame.to);
                all.coverage.take(frame, true, &replay);
                continue;
            }
            let rhythms = &mut all.rhythms;
            let gap = |i, category, days, goes| rhythms.add(i, category, days, goes);
            beats(frame, moments, member, (&mut replay, &mut pace, shop), gap, &mut mine);
            trail.push(&mine);
            pace.spent.iter().for_each(|of| all.bought[of.category as usize] = true);
            all.coverage.take(frame, false, &replay);
        }
        if trails && trail.is_whole() && kept.fetch_add(trail.bytes(), Relaxed) + trail.bytes() <= KEPT {
            trail.shrink();
            all.trails.push((place, trail));
        }
    };
    let mut all = shop.columns.fold_at(make, each, Gathered::join);
    all.rhythms.read(&diaries.iter().flatten().collect::<Vec<_>>(), moments);
    all
}

/// Under what diaries are kept.
fn key(shop: &Shop<'_>, frame: &Frame, q: &Question) -> Key {
    Key {
        name: format!("diary 1 {} {} {:?}", q.zone, frame.net, frame.only),
        state: format!("{:08x} {:016x}", shop.columns.goods.checksum(), frame.days.print()),
    }
}

/// Whether a diary of a bucket is read: whom a newer bucket holds must be walked all the same.
fn is_read(bucket: &Bucket) -> bool {
    bucket.hidden().count() * FEW <= bucket.len()
}

/// Writes the diaries that are not there yet, as long as whoever asks of the columns waits.
pub(crate) fn prepare(columns: &Columns, frame: &Frame, q: &Question) -> Result<()> {
    let shop = Shop::of(columns);
    let key = key(&shop, frame, q);
    for (place, _) in columns.buckets.iter().enumerate().filter(|(_, bucket)| is_read(bucket)) {
        if columns.whole().is_err() {
            return Ok(());
        }
        columns.digest(place, &key, |bucket| scribe::write(&shop, frame, bucket))?;
    }
    Ok(())
}

/// The file of the diary that is kept of the bucket at this place, where that is not what its rows say.
pub(crate) fn differing(columns: &Columns, place: usize, frame: &Frame, q: &Question) -> Option<String> {
    let shop = Shop::of(columns);
    columns.differing(place, &key(&shop, frame, q), |bucket| scribe::write(&shop, frame, bucket))
}

/// The diaries of buckets that have one, by their places.
fn diaries(shop: &Shop<'_>, frame: &Frame, q: &Question) -> Vec<Option<Diary>> {
    let columns = shop.columns;
    let key = key(shop, frame, q);
    let each = |all: &mut Vec<(usize, Diary)>, place: usize, bucket: &Bucket| {
        if !is_read(bucket) {
            return;
        }
        match columns.digest(place, &key, |bucket| scribe::write(shop, frame, bucket)) {
            Ok(digest) => all.extend(digest.and_then(Diary::of).map(|diary| (place, diary))),
            Err(e) => tracing::warn!(error = %e, "a diary cannot be kept; the rows are read"),
        }
    };
    let mut of: Vec<Option<Diary>> = Vec::new();
    of.resize_with(columns.buckets.len(), || None);
    for (place, diary) in columns.fold_at(Vec::new, each, |a, b| a.extend(b)) {
        of[place] = Some(diary);
    }
    of
}

/// A diary is read where not more than one member in so many is hidden.
const FEW: usize = 8;

/// The medians at one moment.
pub(crate) fn medians_at(columns: &Columns, frame: &Frame, moment: Moment, q: &Question) -> Medians {
    let shop = Shop::of(columns);
    gather(&shop, frame, &[moment], &diaries(&shop, frame, q), false).rhythms.settle(q.min_gaps).medians
}

pub(crate) struct Judged {
    pub stages: [i64; 7],
    pub lean: [i64; 3],
    pub moves: Vec<[[i64; 7]; 7]>,
    pub rows: Vec<(Vec<u8>, Stage)>,
    /// Members with a gap of their own at the last moment.
    pub returned: i64,
    /// Categories that are somebody's favourite at the last moment, by code.
    favourites: Vec<bool>,
}

impl Judged {
    fn new(pairs: usize, categories: usize) -> Self {
        Self {
            stages: [0; 7],
            lean: [0; 3],
            moves: vec![[[0; 7]; 7]; pairs],
            rows: Vec::new(),
            returned: 0,
            favourites: vec![false; categories],
        }
    }

    fn join(&mut self, other: Self) {
        let add = |a: &mut i64, b: &i64| *a += b;
        self.stages.iter_mut().zip(&other.stages).for_each(|(a, b)| add(a, b));
        self.lean.iter_mut().zip(&other.lean).for_each(|(a, b)| add(a, b));
        for (a, b) in self.moves.iter_mut().flatten().flatten().zip(other.moves.iter().flatten().flatten()) {
            add(a, b);
        }
        self.rows.extend(other.rows);
        self.returned += other.returned;
        self.favourites.iter_mut().zip(&other.favourites).for_each(|(a, b)| *a |= b);
    }

    /// Judges a member, whose beats these are, at every moment; the stage at the last.
    #[inline]
    fn take(&mut self, moments: &[Moment], medians: &Medians, arrival: &Arrival, beats: &[(u32, Beat)]) -> Stage {
        let last = moments.len() - 1;
        // Nobody is told to have stayed unseen.
        let mut at = moments.partition_point(|m| m.at <= arrival.first_seen);
        let (mut beat, mut next, mut before) = (Beat::NONE, 0, 0);
        while at < last {
            while let Some((_, changed)) = beats.get(next).filter(|(from, _)| *from as usize <= at) {
                (beat, next) = (*changed, next + 1);
            }
            let until = beats.get(next).map_or(last, |(from, _)| last.min(*from as usize));
            before = self.stretch(moments, medians, arrival, &beat, at..until, before);
            at = until;
        }
        let beat = beats.last().map_or(beat, |(_, beat)| *beat);
        if let Some(favourite) = beat.favourite().and_then(|code| self.favourites.get_mut(code as usize)) {
            *favourite = true;
        }
        self.returned += i64::from(beat.gaps > 0);
        judge(moments[last], medians.leans(beat.favourite())[last], arrival, &beat)
    }

    /// Judges a member at moments between which nothing happens; `before` is the stage at the one before, and
    /// that at the last is returned. What [`judge`] says in fractions, in whole numbers: a median has halves.
    #[inline]
    fn stretch(&mut self, moments: &[Moment], medians: &Medians, arrival: &Arrival, beat: &Beat, at: Range<usize>, before: usize) -> usize {
        let mut before = before;
        let mut step = |at: usize, now: usize| {
            if at > 0 {
                self.moves[at - 1][before][now] += 1;
            }
            before = now;
        };
        let (start, day) = match (beat.last(), arrival.registered) {
            (Some(day), _) => (at.start, day),
            (None, Some((registered, day))) => (at.start + moments[at.clone()].partition_point(|m| m.at <= registered), day),
            (None, None) => (at.end, 0),
        };
        (at.start..start).for_each(|at| step(at, UNKNOWN));
        let [here, gone] = match beat.purchases {
            0 => [1, 5],
            1 => [1, 4],
            _ => [2, 4],
        };
        let (days, gaps) = (i64::from(beat.days), i64::from(beat.gaps) + 2);
        let twices = medians.twices(beat.favourite());
        for at in start..at.end {
            let (since, expected) = (i64::from(moments[at].day - day) * gaps, days + twices[at]);
            let now = if since <= 2 * expected {
                here
            } else if since <= 4 * expected {
                3
            } else {
                gone
            };
            step(at, now);
        }
        before
    }
}

/// All members, judged at every moment.
pub(crate) struct All {
    pub settled: Settled,
    /// Categories that somebody bought, by code.
    pub bought: Vec<bool>,
    pub judged: Judged,
    pub coverage: Coverage,
}

/// Judges every member at every moment, of which there is one at least; `keep` says which rows to keep.
pub(crate) fn judge_all(columns: &Columns, frame: &Frame, moments: &[Moment], q: &Question, keep: impl Fn(&Stage) -> bool + Sync) -> All {
    let shop = Shop::of(columns);
    let diaries = diaries(&shop, frame, q);
    let Gathered { rhythms, trails, mut bought, coverage } = gather(&shop, frame, moments, &diaries, true);
    let mut kept: Vec<Option<Trail>> = Vec::new();
    kept.resize_with(columns.buckets.len(), || None);
    trails.into_iter().for_each(|(place, trail)| kept[place] = Some(trail));
    let settled = rhythms.settle(q.min_gaps);
    let medians = &settled.medians;
    let each = |judged: &mut Judged, place: usize, bucket: &Bucket| {
        if bucket.nobody {
            return;
        }
        let read = diaries[place].as_ref().map(|diary| diary.at(moments));
        let mut told = kept[place].as_ref().map(Trail::told);
        let (mut replay, mut pace) = (Replay::through(bucket, place), Pace::through());
        let mut mine = Vec::new();
        for member in bucket.members() {
            match (&read, &mut told) {
                (Some(read), _) => read.member(member, &mut mine),
                (None, Some(told)) => told.next(&mut mine),
                (None, None) => beats(frame, moments, member, (&mut replay, &mut pace, &shop), |_, _, _, _| {}, &mut mine),
            }
            let now = judged.take(moments, medians, &Arrival::of(frame, bucket, member), &mine);
            judged.stages[now.stage] += 1;
            judged.lean[now.lean] += i64::from(now.since.is_some());
            if now.stage != 0 && keep(&now) {
                judged.rows.push((bucket.key.get(member).to_vec(), now));
            }
        }
    };
    let judged = columns.fold_at(|| Judged::new(moments.len().saturating_sub(2), shop.ranks.len()), each, Judged::join);
    for (code, bought) in bought.iter_mut().enumerate() {
        // Who has a gap or a favourite there bought there.
        *bought |= judged.favourites[code] || settled.categories.get(code).is_some_and(|gaps| gaps.total() > 0);
        *bought = *bought || is_bought(&shop, frame, moments, &diaries, code as u32);
    }
    All { settled, bought, judged, coverage }
}

/// Whether somebody of a bucket with a diary bought in a category by the last moment: looked for in the rows, where
/// it is nobody's favourite and nobody bought on two days.
fn is_bought(shop: &Shop<'_>, frame: &Frame, moments: &[Moment], diaries: &[Option<Diary>], code: u32) -> bool {
    let Some(last) = moments.last() else { return false };
    let columns = shop.columns;
    let told = |diary: &Option<Diary>| diary.as_ref().is_some_and(|diary| diary.categories().any(|category| category == code));
    columns.buckets.iter().zip(diaries).filter(|(bucket, diary)| !bucket.nobody && told(diary)).any(|(bucket, _)| {
        let (mut replay, mut pace) = (Replay::through(bucket, 0), Pace::through());
        let has = |member: &usize| bucket.lines.of.of(*member).any(|line| columns.category(bucket, line) == Some(code));
        bucket.members().filter(has).any(|member| {
            walk(frame, &[*last], member, (&mut replay, &mut pace, shop), |_, _, _, _| {}, |_, _, _| {});
            pace.spent.iter().any(|of| of.category == code)
        })
    })
}
