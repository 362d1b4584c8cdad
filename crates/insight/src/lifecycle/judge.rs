//! A member's stage at a moment, and every member's at every moment.

use shuke_columns::{Bucket, Columns};

use super::pace::{Beat, Moment, Pace, Shop, walk};
use super::rhythm::{Medians, Rhythms, medians};
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

#[inline]
pub(crate) fn judge(moment: Moment, medians: &Medians, arrival: &Arrival, beat: &Beat) -> Stage {
    if arrival.first_seen >= moment.at {
        return Stage::NONE;
    }
    let registered = || arrival.registered.filter(|(at, _)| *at < moment.at).map(|(_, day)| day);
    let Some(last) = beat.last().or_else(registered) else { return Stage { stage: UNKNOWN, ..Stage::NONE } };
    let since = i64::from(moment.day - last);
    let (g, lean) = medians.lean(beat.favourite());
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

/// The beats of a bucket's members: of each those that differ from the one before, with the moment from
/// which they hold.
#[derive(Default)]
struct Trail {
    beats: Vec<(u32, Beat)>,
    /// Where each shown member's end.
    ends: Vec<u32>,
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

/// Walks every member through the moments, once.
fn gather(shop: &Shop<'_>, frame: &Frame, moments: &[Moment], trails: bool) -> Gathered {
    let categories = shop.ranks.len();
    let make = || Gathered {
        rhythms: Rhythms::new(moments.len(), categories),
        trails: Vec::new(),
        bought: vec![false; categories],
        coverage: Coverage::default(),
    };
    let each = |all: &mut Gathered, at: usize, bucket: &Bucket| {
        let (mut replay, mut pace, mut trail) = (Replay::default(), Pace::default(), Trail::default());
        for member in bucket.members() {
            if bucket.nobody {
                replay.run(frame, bucket, member, frame.as_of, frame.to);
                all.coverage.take(frame, true, &replay);
                continue;
            }
            let (rhythms, mut before) = (&mut all.rhythms, Beat::NONE);
            let changed = |i: usize, pace: &Pace| {
                if trails && pace.beat != before {
                    before = pace.beat;
                    trail.beats.push((i as u32, before));
                }
            };
            let gap = |i, category, days, times| rhythms.add(i, category, days, times);
            walk(frame, moments, bucket, member, (&mut replay, &mut pace, shop), gap, changed);
            trail.ends.push(trail.beats.len() as u32);
            pace.spent.iter().for_each(|(category, _, _)| all.bought[*category as usize] = true);
            all.coverage.take(frame, false, &replay);
        }
        if trails {
            all.trails.push((at, trail));
        }
    };
    let mut all = shop.columns.fold_at(make, each, Gathered::join);
    all.rhythms.settle();
    all
}

/// The medians at one moment.
pub(crate) fn medians_at(columns: &Columns, frame: &Frame, moment: Moment, q: &Question) -> Medians {
    medians(&gather(&Shop::of(columns), frame, &[moment], false).rhythms, 0, q.min_gaps)
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

    /// Judges a member, whose beats these are, at every moment but the last; the beat at the last.
    fn moves_of(&mut self, moments: &[Moment], medians: &[Medians], arrival: &Arrival, beats: &[(u32, Beat)]) -> Beat {
        let (mut beat, mut beats, mut before) = (Beat::NONE, beats.iter().peekable(), 0);
        for (i, (moment, medians)) in moments.iter().zip(medians).enumerate() {
            if let Some((_, changed)) = beats.next_if(|(at, _)| *at as usize == i) {
                beat = *changed;
            }
            if i + 1 < moments.len() {
                let now = judge(*moment, medians, arrival, &beat).stage;
                if i > 0 {
                    self.moves[i - 1][before][now] += 1;
                }
                before = now;
            }
        }
        beat
    }
}

/// All members, judged at every moment.
pub(crate) struct All {
    pub rhythms: Rhythms,
    /// Categories that somebody bought, by code.
    pub bought: Vec<bool>,
    pub judged: Judged,
    pub coverage: Coverage,
}

/// Judges every member at every moment; `keep` says which rows to keep.
pub(crate) fn judge_all(columns: &Columns, frame: &Frame, moments: &[Moment], q: &Question, keep: impl Fn(&Stage) -> bool + Sync) -> All {
    let Gathered { rhythms, mut trails, bought, coverage } = gather(&Shop::of(columns), frame, moments, true);
    trails.sort_unstable_by_key(|(at, _)| *at);
    let medians: Vec<Medians> = (0..moments.len()).map(|i| medians(&rhythms, i, q.min_gaps)).collect();
    let pairs = moments.len().saturating_sub(2);
    let each = |judged: &mut Judged, at: usize, bucket: &Bucket| {
        let (Some((_, trail)), Some(last), Some(of_last)) = (trails.get(at), moments.last(), medians.last()) else { return };
        let mut start = 0;
        for (member, end) in bucket.members().zip(&trail.ends) {
            let beats = &trail.beats[start..*end as usize];
            start = *end as usize;
            let arrival = Arrival::of(frame, bucket, member);
            let beat = judged.moves_of(moments, &medians, &arrival, beats);
            let now = judge(*last, of_last, &arrival, &beat);
            judged.stages[now.stage] += 1;
            judged.lean[now.lean] += i64::from(now.since.is_some());
            if now.stage != 0 && keep(&now) {
                judged.rows.push((bucket.key.get(member).to_vec(), now));
            }
        }
    };
    let judged = columns.fold_at(|| Judged::new(pairs), each, Judged::join);
    All { rhythms, bought, judged, coverage }
}
