//! A member's stage at a moment, and every member's at every moment.

use std::ops::Range;
use std::sync::atomic::AtomicUsize;
use std::sync::atomic::Ordering::Relaxed;

use shuke_columns::{Bucket, Columns};

use super::pace::{Beat, Moment, Pace, Shop, walk};
use super::rhythm::{Lean, Medians, Rhythms, Settled};
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
    walk(frame, moments, member, walker, gap, |i, pace| {
        if pace.beat != before {
            before = pace.beat;
            into.push((i as u32, before));
        }
    });
}

/// Walks every member through the moments, once.
fn gather(shop: &Shop<'_>, frame: &Frame, moments: &[Moment], trails: bool) -> Gathered {
    let categories = shop.ranks.len();
    let kept = AtomicUsize::new(0);
    let make = || Gathered {
        rhythms: Rhythms::new(moments.len(), categories),
        trails: Vec::new(),
        bought: vec![false; categories],
        coverage: Coverage::default(),
    };
    let each = |all: &mut Gathered, place: usize, bucket: &Bucket| {
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
    shop.columns.fold_at(make, each, Gathered::join)
}

/// The medians at one moment.
pub(crate) fn medians_at(columns: &Columns, frame: &Frame, moment: Moment, q: &Question) -> Medians {
    gather(&Shop::of(columns), frame, &[moment], false).rhythms.settle(q.min_gaps).medians
}

pub(crate) struct Judged {
    pub stages: [i64; 7],
    pub lean: [i64; 3],
    pub moves: Vec<[[i64; 7]; 7]>,
    pub rows: Vec<(Vec<u8>, Stage)>,
}

impl Judged {
    fn new(pairs: usize) -> Self {
        Self { stages: [0; 7], lean: [0; 3], moves: vec![[[0; 7]; 7]; pairs], rows: Vec::new() }
    }

    fn join(&mut self, other: Self) {
        let add = |a: &mut i64, b: &i64| *a += b;
        self.stages.iter_mut().zip(&other.stages).for_each(|(a, b)| add(a, b));
        self.lean.iter_mut().zip(&other.lean).for_each(|(a, b)| add(a, b));
        for (a, b) in self.moves.iter_mut().flatten().flatten().zip(other.moves.iter().flatten().flatten()) {
            add(a, b);
        }
        self.rows.extend(other.rows);
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
    let Gathered { rhythms, trails, bought, coverage } = gather(&shop, frame, moments, true);
    let mut kept: Vec<Option<Trail>> = Vec::new();
    kept.resize_with(columns.buckets.len(), || None);
    trails.into_iter().for_each(|(place, trail)| kept[place] = Some(trail));
    let settled = rhythms.settle(q.min_gaps);
    let medians = &settled.medians;
    let each = |judged: &mut Judged, place: usize, bucket: &Bucket| {
        if bucket.nobody {
            return;
        }
        let mut told = kept[place].as_ref().map(Trail::told);
        let (mut replay, mut pace) = (Replay::through(bucket, place), Pace::through());
        let mut mine = Vec::new();
        for member in bucket.members() {
            match &mut told {
                Some(told) => told.next(&mut mine),
                None => beats(frame, moments, member, (&mut replay, &mut pace, &shop), |_, _, _, _| {}, &mut mine),
            }
            let now = judged.take(moments, medians, &Arrival::of(frame, bucket, member), &mine);
            judged.stages[now.stage] += 1;
            judged.lean[now.lean] += i64::from(now.since.is_some());
            if now.stage != 0 && keep(&now) {
                judged.rows.push((bucket.key.get(member).to_vec(), now));
            }
        }
    };
    let judged = columns.fold_at(|| Judged::new(moments.len().saturating_sub(2)), each, Judged::join);
    All { settled, bought, judged, coverage }
}
