//! Stages of members by each one's own rhythm, at the day of reckoning and at the first of each
//! month before it, and who moved between them.
//!
//! Two passes over the buckets. The first gathers the gaps between days of purchase, of the shop
//! and of each category, at every moment asked about; the second judges every member by them. A
//! member without refunds is walked once through time; one with refunds is reckoned anew at every
//! moment, because a refund changes what was a purchase before it.

use jiff::civil::Date;
use serde::Serialize;
use shuke_columns::{Bucket, Columns, Kind};
use utoipa::ToSchema;

use crate::days::{self, month_of};
use crate::exact::{Counts, Ratio};
use crate::question::{Coverage, Frame, Question};
use crate::replay::Replay;

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

/// The stages in their order; `none` is not seen yet.
pub const STAGES: [&str; 7] = ["none", "join", "active", "declining", "lost", "unconverted", "unknown"];
const LEANS: [&str; 3] = ["category", "shop", "default"];

/// A moment at which stages are judged.
#[derive(Clone, Copy)]
struct Moment {
    at: i64,
    day: i32,
}

/// A member's rhythm up to a moment.
#[derive(Default)]
struct Pace {
    purchases: i64,
    last: Option<i32>,
    gaps: i64,
    days: i64,
    /// Category, spent, last day of buying in it.
    spent: Vec<(u32, i64, i32)>,
    /// The category of the most spent, ties by bytes.
    favourite: Option<u32>,
}

impl Pace {
    fn clear(&mut self) {
        (self.purchases, self.last, self.gaps, self.days) = (0, None, 0, 0);
        self.spent.clear();
        self.favourite = None;
    }

    /// Looks again which category is the favourite one; `ranks` is the place of each by bytes.
    fn choose(&mut self, ranks: &[u32]) {
        let rank = |category: u32| ranks.get(category as usize).copied().unwrap_or(u32::MAX);
        self.favourite = self.spent.iter().max_by(|a, b| a.1.cmp(&b.1).then_with(|| rank(b.0).cmp(&rank(a.0)))).map(|(c, _, _)| *c);
    }

    /// Takes the deals `range` of a reckoning in; tells of each gap it makes, of the shop (`None`)
    /// and of categories.
    fn take(&mut self, bucket: &Bucket, replay: &Replay, range: std::ops::Range<usize>, gap: &mut impl FnMut(Option<u32>, i64)) {
        for deal in replay.deals[range].iter().filter(|d| d.purchase) {
            self.purchases += 1;
            if let Some(last) = self.last.filter(|last| *last < deal.day) {
                let days = i64::from(deal.day - last);
                self.gaps += 1;
                self.days += days;
                gap(None, days);
            }
            self.last = Some(deal.day);
            for line in replay.lines(bucket, deal).filter(|l| l.live) {
                let Some(category) = bucket.lines.category.code(line.row) else { continue };
                match self.spent.iter_mut().find(|(c, _, _)| *c == category) {
                    None => self.spent.push((category, line.paid, deal.day)),
                    Some((_, spent, last)) => {
                        *spent += line.paid;
                        if *last < deal.day {
                            gap(Some(category), i64::from(deal.day - *last));
                            *last = deal.day;
                        }
                    }
                }
            }
        }
    }
}

/// Walks a member through the moments. `gap` hears of changes of the gaps counted at a moment and
/// all later ones; `at` hears of the member's pace at each. Afterwards `replay` holds the last.
fn walk(
    frame: &Frame,
    moments: &[Moment],
    bucket: &Bucket,
    member: usize,
    (replay, pace, ranks): (&mut Replay, &mut Pace, &[u32]),
    mut gap: impl FnMut(usize, Option<u32>, i64, i64),
    mut at: impl FnMut(usize, &Pace),
) {
    pace.clear();
    let refunded = frame.net && bucket.refunds.of.of(member).any(|row| bucket.refunds.order.get(row).is_some());
    if refunded {
        for (i, moment) in moments.iter().enumerate() {
            replay.run(frame, bucket, member, moment.at, moment.at);
            pace.clear();
            pace.take(bucket, replay, 0..replay.deals.len(), &mut |category, days| {
                gap(i, category, days, 1);
                if i + 1 < moments.len() {
                    gap(i + 1, category, days, -1);
                }
            });
            pace.choose(ranks);
            at(i, pace);
        }
        return;
    }
    let Some(last) = moments.last() else { return };
    replay.run(frame, bucket, member, last.at, last.at);
    let mut done = 0;
    for (i, moment) in moments.iter().enumerate() {
        let known = done + replay.deals[done..].partition_point(|d| d.time < moment.at);
        pace.take(bucket, replay, done..known, &mut |category, days| gap(i, category, days, 1));
        if done < known {
            pace.choose(ranks);
        }
        done = known;
        at(i, pace);
    }
}

/// The gaps of the shop and of each category, by moment, as changes from the moment before.
struct Rhythms {
    shop: Vec<Counts>,
    /// By code; empty for a category without gaps.
    categories: Vec<Vec<Counts>>,
}

impl Rhythms {
    fn new(moments: usize, categories: usize) -> Self {
        Self { shop: vec![Counts::default(); moments], categories: vec![Vec::new(); categories] }
    }

    fn add(&mut self, moment: usize, category: Option<u32>, days: i64, times: i64) {
        let of = match category {
            None => &mut self.shop,
            Some(category) => {
                let Some(of) = self.categories.get_mut(category as usize) else { return };
                if of.is_empty() {
                    of.resize(self.shop.len(), Counts::default());
                }
                of
            }
        };
        of[moment].add(days, times);
    }

    fn join(&mut self, other: Self) {
        for (mine, theirs) in self.shop.iter_mut().zip(&other.shop) {
            mine.join(theirs);
        }
        for (mine, theirs) in self.categories.iter_mut().zip(other.categories) {
            if mine.is_empty() {
                *mine = theirs;
            } else {
                mine.iter_mut().zip(&theirs).for_each(|(a, b)| a.join(b));
            }
        }
    }

    /// Turns changes into what holds at each moment.
    fn settle(&mut self) {
        for of in std::iter::once(&mut self.shop).chain(self.categories.iter_mut()) {
            for i in 1..of.len() {
                let (before, here) = of.split_at_mut(i);
                here[0].join(&before[i - 1]);
            }
        }
    }
}

/// A median that speaks.
type Median = Option<(i64, i64)>;

/// The medians at a moment.
struct Medians {
    shop: Median,
    /// By code.
    categories: Vec<Median>,
}

fn medians(rhythms: &Rhythms, moment: usize, min_gaps: i64) -> Medians {
    let speaks = |c: &Counts| if c.total() >= min_gaps { c.median() } else { None };
    Medians {
        shop: speaks(&rhythms.shop[moment]),
        categories: rhythms.categories.iter().map(|of| of.get(moment).and_then(speaks)).collect(),
    }
}

/// A member as judged at a moment.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Stage {
    /// In [`STAGES`].
    pub stage: usize,
    since: Option<i64>,
    /// The expected gap as a fraction.
    expected: Option<(i128, i128)>,
    /// In [`LEANS`].
    lean: usize,
}

fn judge(frame: &Frame, moment: Moment, medians: &Medians, bucket: &Bucket, member: usize, pace: &Pace) -> Stage {
    let none = Stage { stage: 0, since: None, expected: None, lean: 0 };
    if bucket.first_seen.get(member).is_some_and(|t| t >= moment.at) {
        return none;
    }
    let registered = || bucket.registered_at.get(member).filter(|t| *t < moment.at).map(|t| frame.days.of(t));
    let Some(last) = pace.last.or_else(registered) else { return Stage { stage: 6, ..none } };
    let since = i64::from(moment.day - last);
    let (g, lean) = match (pace.favourite.and_then(|c| medians.categories.get(c as usize).copied().flatten()), medians.shop) {
        (Some(g), _) => (g, 0),
        (None, Some(g)) => (g, 1),
        (None, None) => ((90, 1), 2),
    };
    let num = i128::from(pace.days) * i128::from(g.1) + 2 * i128::from(g.0);
    let den = i128::from(g.1) * i128::from(pace.gaps + 2);
    let within = |times: i128| i128::from(since) * den <= times * num;
    let stage = if within(2) {
        if pace.purchases >= 2 { 2 } else { 1 }
    } else if within(4) {
        3
    } else if pace.purchases > 0 {
        4
    } else {
        5
    };
    Stage { stage, since: Some(since), expected: Some((num, den)), lean }
}

/// The moments asked about: the firsts of months, and the day of reckoning last.
fn moments(frame: &Frame, q: &Question) -> (Vec<Date>, Vec<Moment>) {
    let this = month_of(frame.as_of_day);
    let first = q.from.map_or(this - 12, |from| month_of(days::number(from)));
    let firsts: Vec<Date> = (first..=this).map(days::first_of).collect();
    let moment = |day: Date| Moment { at: frame.days.midnight(day).unwrap_or(i64::MAX), day: days::number(day) };
    let all = firsts.iter().copied().chain([q.as_of]).map(moment).collect();
    (firsts, all)
}

struct Judged {
    stages: [i64; 7],
    lean: [i64; 3],
    moves: Vec<[[i64; 7]; 7]>,
    /// Categories that somebody bought, by code.
    bought: Vec<bool>,
    rows: Vec<(Vec<u8>, Stage)>,
    coverage: Coverage,
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

/// Everything before the day of reckoning: what lifecycle looks at.
fn whole(frame: &Frame) -> Frame {
    Frame { from: i64::MIN, to: frame.as_of, ..frame.clone() }
}

/// Judges every member at every moment; `keep` says which rows to keep.
fn judge_all(
    columns: &Columns,
    frame: &Frame,
    moments: &[Moment],
    q: &Question,
    keep: impl Fn(&Stage) -> bool + Sync,
) -> (Rhythms, Judged) {
    let ranks = ranks(columns);
    let mut rhythms = columns.fold(
        || Rhythms::new(moments.len(), ranks.len()),
        |rhythms, bucket| {
            let (mut replay, mut pace) = (Replay::default(), Pace::default());
            for member in bucket.members().filter(|_| !bucket.nobody) {
                walk(
                    frame,
                    moments,
                    bucket,
                    member,
                    (&mut replay, &mut pace, &ranks),
                    |i, c, days, n| rhythms.add(i, c, days, n),
                    |_, _| {},
                );
            }
        },
        Rhythms::join,
    );
    rhythms.settle();
    let medians: Vec<Medians> = (0..moments.len()).map(|i| medians(&rhythms, i, q.min_gaps)).collect();
    let pairs = moments.len().saturating_sub(2);
    let judged = columns.fold(
        || Judged::new(pairs, ranks.len()),
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
                    (&mut replay, &mut pace, &ranks),
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

/// The place of each category among all, by bytes.
fn ranks(columns: &Columns) -> Vec<u32> {
    let words = columns.words.of(Kind::Category);
    let mut order: Vec<u32> = (0..words.len() as u32).collect();
    order.sort_by(|a, b| words.word(*a).cmp(words.word(*b)));
    let mut ranks = vec![0; order.len()];
    for (rank, code) in order.into_iter().enumerate() {
        ranks[code as usize] = rank as u32;
    }
    ranks
}

/// Members at a stage on the day of reckoning, by id.
pub(crate) fn members_at(columns: &Columns, frame: &Frame, q: &Question, stage: usize) -> Vec<Vec<u8>> {
    let frame = whole(frame);
    let (_, all) = moments(&frame, q);
    let (_, judged) = judge_all(columns, &frame, &all[all.len() - 1..], q, |s| s.stage == stage);
    let mut keys: Vec<_> = judged.rows.into_iter().map(|(key, _)| key).collect();
    keys.sort_unstable();
    keys
}

/// The report of these columns. `name` shows a member's id.
pub fn lifecycle(columns: &Columns, frame: &Frame, q: &Question, name: &dyn Fn(&[u8]) -> String) -> (Lifecycle, Coverage) {
    let frame = whole(frame);
    let (firsts, all) = moments(&frame, q);
    let (rhythms, mut judged) = judge_all(columns, &frame, &all, q, |_| q.rows);
    let last = all.len() - 1;
    let median = |c: &Counts| if c.total() >= q.min_gaps { c.median().map(|(n, d)| Ratio::of(n, d)) } else { None };
    let words = columns.words.of(Kind::Category);
    let none = Counts::default();
    let gaps_of = |(code, of): (usize, &Vec<Counts>)| {
        let of = of.get(last).unwrap_or(&none);
        CategoryGap { category: words.word(code as u32).to_owned(), gaps: of.total(), median: median(of) }
    };
    let bought = rhythms.categories.iter().enumerate().filter(|(code, _)| judged.bought[*code]);
    let mut category_gaps: Vec<CategoryGap> = bought.map(gaps_of).collect();
    category_gaps.sort_by(|a, b| a.category.cmp(&b.category));
    let moves = |counts: &[[i64; 7]; 7]| {
        let cells = counts.iter().enumerate().flat_map(|(a, to)| to.iter().enumerate().map(move |(b, n)| (a, b, *n)));
        let real = cells.filter(|(_, b, n)| *b != 0 && *n > 0);
        real.map(|(a, b, members)| Move { from: STAGES[a].to_owned(), to: STAGES[b].to_owned(), members }).collect()
    };
    let transitions = firsts
        .windows(2)
        .zip(&judged.moves)
        .map(|(pair, counts)| Transition { from: pair[0], to: pair[1], moves: moves(counts) })
        .collect();
    let rows = q.rows.then(|| {
        judged.rows.sort_unstable_by(|a, b| a.0.cmp(&b.0));
        let row = |(key, s): &(Vec<u8>, Stage)| LifecycleRow {
            member: name(key),
            stage: STAGES[s.stage].to_owned(),
            since_days: s.since,
            expected_gap: s.expected.map(|(num, den)| Ratio::reduced(num, den)),
            gap_from: s.since.map(|_| LEANS[s.lean].to_owned()),
        };
        judged.rows.iter().map(row).collect()
    });
    let [_, join, active, declining, lost, unconverted, unknown] = judged.stages;
    let [category, shop, default] = judged.lean;
    let report = Lifecycle {
        members: join + active + declining + lost + unconverted + unknown,
        stages: Stages { join, active, declining, lost, unconverted, unknown },
        shop_gap: ShopGap { gaps: rhythms.shop[last].total(), median: median(&rhythms.shop[last]) },
        category_gaps,
        gap_from: GapFrom { category, shop, default },
        transitions,
        rows,
    };
    (report, judged.coverage)
}
