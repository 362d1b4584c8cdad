//! A member's stage at a moment, and every member's at every moment.

use shuke_columns::{Bucket, Columns};

use super::pace::{Moment, Pace, Shop, walk};
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

pub(crate) fn judge(frame: &Frame, moment: Moment, medians: &Medians, bucket: &Bucket, member: usize, pace: &Pace) -> Stage {
    if bucket.first_seen.get(member).is_some_and(|t| t >= moment.at) {
        return Stage::NONE;
    }
    let registered = || bucket.registered_at.get(member).filter(|t| *t < moment.at).map(|t| frame.days.of(t));
    let Some(last) = pace.last.or_else(registered) else { return Stage { stage: UNKNOWN, ..Stage::NONE } };
    let since = i64::from(moment.day - last);
    let (g, lean) = match (pace.favourite.and_then(|c| medians.categories.get(c as usize).copied().flatten()), medians.shop) {
        (Some(g), _) => (g, 0),
        (None, Some(g)) => (g, 1),
        (None, None) => ((90, 1), 2),
    };
    // Days and gaps of ten thousand years leave room for these products.
    let (num, den) = (pace.days * g.1 + 2 * g.0, g.1 * (pace.gaps + 2));
    let within = |times: i64| since * den <= times * num;
    let stage = if within(2) {
        if pace.purchases >= 2 { 2 } else { 1 }
    } else if within(4) {
        3
    } else if pace.purchases > 0 {
        4
    } else {
        5
    };
    Stage { stage, since: Some(since), expected: Some((num, den)), lean, base: Some(g) }
}

pub(crate) struct Judged {
    pub stages: [i64; 7],
    pub lean: [i64; 3],
    pub moves: Vec<[[i64; 7]; 7]>,
    /// Categories that somebody bought, by code.
    pub bought: Vec<bool>,
    pub rows: Vec<(Vec<u8>, Stage)>,
    pub coverage: Coverage,
}

impl Judged {
    fn new(pairs: usize, categories: usize) -> Self {
        Self {
            stages: [0; 7],
            lean: [0; 3],
            moves: vec![[[0; 7]; 7]; pairs],
            bought: vec![false; categories],
            rows: Vec::new(),
            coverage: Coverage::default(),
        }
    }

    fn join(&mut self, other: Self) {
        let add = |a: &mut i64, b: &i64| *a += b;
        self.stages.iter_mut().zip(&other.stages).for_each(|(a, b)| add(a, b));
        self.lean.iter_mut().zip(&other.lean).for_each(|(a, b)| add(a, b));
        for (a, b) in self.moves.iter_mut().flatten().flatten().zip(other.moves.iter().flatten().flatten()) {
            add(a, b);
        }
        self.bought.iter_mut().zip(&other.bought).for_each(|(a, b)| *a |= b);
        self.rows.extend(other.rows);
        self.coverage.join(&other.coverage);
    }
}

/// The gaps at every moment.
fn rhythms(shop: &Shop<'_>, frame: &Frame, moments: &[Moment]) -> Rhythms {
    let mut rhythms = shop.columns.fold(
        || Rhythms::new(moments.len(), shop.ranks.len()),
        |rhythms, bucket| {
            let (mut replay, mut pace) = (Replay::default(), Pace::default());
            for member in bucket.members().filter(|_| !bucket.nobody) {
                let reckoning = (&mut replay, &mut pace, shop);
                walk(frame, moments, bucket, member, reckoning, |i, c, days, n| rhythms.add(i, c, days, n), |_, _| {});
            }
        },
        Rhythms::join,
    );
    rhythms.settle();
    rhythms
}

/// The medians at one moment.
pub(crate) fn medians_at(columns: &Columns, frame: &Frame, moment: Moment, q: &Question) -> Medians {
    medians(&rhythms(&Shop::of(columns), frame, &[moment]), 0, q.min_gaps)
}

/// Judges every member at every moment; `keep` says which rows to keep.
pub(crate) fn judge_all(
    columns: &Columns,
    frame: &Frame,
    moments: &[Moment],
    q: &Question,
    keep: impl Fn(&Stage) -> bool + Sync,
) -> (Rhythms, Judged) {
    let shop = &Shop::of(columns);
    let categories = shop.ranks.len();
    let rhythms = rhythms(shop, frame, moments);
    let medians: Vec<Medians> = (0..moments.len()).map(|i| medians(&rhythms, i, q.min_gaps)).collect();
    let pairs = moments.len().saturating_sub(2);
    let judged = columns.fold(
        || Judged::new(pairs, categories),
        |judged, bucket| {
            let (mut replay, mut pace) = (Replay::default(), Pace::default());
            for member in bucket.members() {
                if bucket.nobody {
                    replay.run(frame, bucket, member, frame.as_of, frame.to);
                    judged.coverage.take(frame, true, &replay);
                    continue;
                }
                let mut before = 0;
                walk(
                    frame,
                    moments,
                    bucket,
                    member,
                    (&mut replay, &mut pace, shop),
                    |_, _, _, _| {},
                    |i, pace| {
                        let now = judge(frame, moments[i], &medians[i], bucket, member, pace);
                        if i + 1 == moments.len() {
                            for (category, _, _) in &pace.spent {
                                judged.bought[*category as usize] = true;
                            }
                            judged.stages[now.stage] += 1;
                            judged.lean[now.lean] += i64::from(now.since.is_some());
                            if now.stage != 0 && keep(&now) {
                                judged.rows.push((bucket.key.get(member).to_vec(), now));
                            }
                        } else if i > 0 {
                            judged.moves[i - 1][before][now.stage] += 1;
                        }
                        before = now.stage;
                    },
                );
                judged.coverage.take(frame, false, &replay);
            }
        },
        Judged::join,
    );
    (rhythms, judged)
}
