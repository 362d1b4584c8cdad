//! Where one member stands: the row that the full reports would have for them, with what it rests on
//! and the reasons in words. Their own figures are read from their own rows; what they are compared
//! with, the [`Base`], is reckoned once over everybody and kept.

mod facts;
mod words;

use std::sync::Arc;

use jiff::civil::Date;
use serde::Serialize;
use shuke_columns::{Bucket, Columns, Kind};
use shuke_kernel::Result;
use utoipa::ToSchema;

pub use self::facts::Facts;
use crate::days;
use crate::desk::Room;
use crate::exact::Ratio;
use crate::lifecycle::judge::{self, LEANS, Stage};
use crate::lifecycle::pace::{Beat, Moment, Pace, Shop, walk};
use crate::lifecycle::rhythm::{Lean, Medians};
use crate::lifecycle::{STAGES, whole};
use crate::question::{Frame, Question};
use crate::replay::Replay;
use crate::rfm::{self, Bounds, GROUPS, Measured, RfmCut};

/// Where scores begin, and what divides high from low.
#[derive(Clone, Debug)]
pub struct Scores {
    /// Members with a purchase in the window.
    pub buyers: i64,
    bounds: Bounds,
}

/// What a member is compared with: scores, the rhythm of the shop and of its categories.
#[derive(Clone, Debug)]
pub struct Base {
    /// Scores.
    pub scores: Arc<Scores>,
    medians: Medians,
}

/// A member's place among all.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, ToSchema)]
#[schema(as = MemberPlace)]
pub struct Place {
    /// Recency, frequency, money; `null` without a purchase in the window.
    pub rfm: Option<RfmPlace>,
    /// The stage, by the member's own rhythm.
    pub lifecycle: StagePlace,
    /// Why, in words.
    pub reasons: Vec<Reason>,
}

/// A member's recency, frequency and money.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, ToSchema)]
pub struct RfmPlace {
    /// Days since the last purchase.
    pub r_days: i64,
    /// Purchases.
    pub f: i64,
    /// Money, minor units.
    pub m: i64,
    /// The three scores.
    pub score: String,
    /// The group: `R+F-M+` and the like.
    pub group: String,
    /// Its name in Chinese.
    pub zh: String,
    /// Its name in English.
    pub en: String,
    /// `console` or `quantile`.
    pub cuts: String,
    /// `mean` or `median`.
    pub centre: String,
    /// Members they are compared with: who bought in the window.
    pub members: i64,
    /// What divides high from low; `null` where nobody bought.
    pub cut_at: Option<RfmCut>,
}

/// A member's stage and what it rests on.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, ToSchema)]
pub struct StagePlace {
    /// `join active declining lost unconverted unknown`; `none`: first seen after the day of reckoning, or not in the columns yet.
    pub stage: String,
    /// Its name in Chinese.
    pub zh: String,
    /// Its name in English.
    pub en: String,
    /// Days since the last purchase, else since registration.
    pub since_days: Option<i64>,
    /// `purchase` or `registration`.
    pub since: Option<String>,
    /// That day.
    #[schema(value_type = Option<String>, format = Date)]
    pub since_day: Option<Date>,
    /// Purchases.
    pub purchases: i64,
    /// The gaps between the days of them.
    pub own_gaps: i64,
    /// Their sum, days.
    pub own_gap_days: i64,
    /// The gap they are expected to keep: (`own_gap_days` + 2 × `base_gap`) ÷ (`own_gaps` + 2).
    pub expected_gap: Option<Ratio>,
    /// `since_days` ÷ `expected_gap`.
    pub times: Option<Ratio>,
    /// What `base_gap` is the median of: `category`, `shop` or `default` (ninety days).
    pub gap_from: Option<String>,
    /// The category in which they spent most.
    pub category: Option<String>,
    /// The gap they lean on.
    pub base_gap: Option<Ratio>,
    /// Where they come to if nothing is bought until then.
    pub next: Option<NextStage>,
}

/// The stage that comes by itself.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, ToSchema)]
pub struct NextStage {
    /// The stage.
    pub stage: String,
    /// Its name in Chinese.
    pub zh: String,
    /// Its name in English.
    pub en: String,
    /// The day at whose end they are in it: a reckoning of the day after says so.
    #[schema(value_type = String, format = Date)]
    pub on: Date,
}

/// A reason in words.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, ToSchema)]
#[schema(as = StandingReason)]
pub struct Reason {
    /// Of what: `stage`, `expected_gap`, `next` or `rfm`.
    pub of: String,
    /// In Chinese.
    pub zh: String,
    /// In English.
    pub en: String,
}

impl Scores {
    /// Of the members of these columns.
    ///
    /// # Errors
    /// A question that is none; whoever asks is gone.
    pub fn of(columns: &Columns, q: &Question) -> Result<Self> {
        let (all, _) = rfm::measured(columns, &Frame::new(columns, q)?);
        columns.whole()?;
        Ok(Self { buyers: all.iter().map(Vec::len).sum::<usize>() as i64, bounds: Bounds::of(&all, q) })
    }

    /// The scores and the group of a member.
    pub(crate) fn judge(&self, x: &Measured) -> rfm::Judged {
        self.bounds.judge(x)
    }
}

impl Base {
    /// What the members of these columns are compared with.
    pub fn of(columns: &Columns, q: &Question) -> Result<Self> {
        Self::with(Arc::new(Scores::of(columns, q)?), columns, q)
    }

    /// The same where the scores are known.
    ///
    /// # Errors
    /// A question that is none; whoever asks is gone.
    pub fn with(scores: Arc<Scores>, columns: &Columns, q: &Question) -> Result<Self> {
        let whole = whole(&Frame::new(columns, q)?);
        let medians = judge::medians_at(columns, &whole, moment(&whole), q);
        columns.whole()?;
        Ok(Self { scores, medians })
    }

    /// The stage of a member before the end of `whole`, and their rhythm.
    fn stage(&self, shop: &Shop<'_>, whole: &Frame, bucket: &Bucket, member: usize) -> (Stage, Beat) {
        let (mut replay, mut pace, now) = (Replay::of(bucket), Pace::new(), moment(whole));
        walk(whole, &[now], member, (&mut replay, &mut pace, shop), |_, _, _, _| {}, |_, _, _| {});
        let lean = self.medians.leans(pace.beat.favourite())[0];
        (judge::judge(now, lean, &judge::Arrival::of(whole, bucket, member), &pace.beat), pace.beat)
    }
}

/// Tells members' stages at the end of a day.
pub(crate) struct StageOn<'a> {
    shop: &'a Shop<'a>,
    whole: Frame,
    base: Arc<Base>,
}

impl<'a> StageOn<'a> {
    /// At the end of `frame`'s day of reckoning, by what `base` says of it.
    pub fn new(shop: &'a Shop<'a>, frame: &Frame, base: Arc<Base>) -> Self {
        Self { shop, whole: whole(frame), base }
    }

    /// A member's stage, in [`STAGES`].
    pub fn of(&self, bucket: &Bucket, member: usize) -> usize {
        self.base.stage(self.shop, &self.whole, bucket, member).0.stage
    }
}

impl Room for Scores {
    fn bytes(&self) -> usize {
        size_of::<Self>()
    }
}

impl Room for Base {
    fn bytes(&self) -> usize {
        size_of::<Self>() + self.scores.bytes() + self.medians.len() * (size_of::<Lean>() + size_of::<i64>())
    }
}

fn moment(frame: &Frame) -> Moment {
    Moment { at: frame.as_of, day: frame.as_of_day }
}

/// A member as told by their own rows.
struct Told {
    orders: bool,
    rfm: Option<Measured>,
    stage: Stage,
    beat: Beat,
}

fn told(shop: &Shop<'_>, frame: &Frame, whole: &Frame, base: &Base, bucket: &Bucket, member: usize) -> Told {
    let mut replay = Replay::of(bucket);
    replay.reach(frame, member, frame.reach());
    let rfm = rfm::measure(frame, &replay);
    let (stage, beat) = base.stage(shop, whole, bucket, member);
    let orders = bucket.orders.of.of(member).any(|row| bucket.orders.time.get(row).is_some_and(|t| t < frame.as_of));
    Told { orders, rfm, stage, beat }
}

/// Judges members of `columns` by `base`: the three scores of who bought in the window, and the stage, in
/// [`STAGES`].
pub(crate) fn judged<'a>(
    columns: &'a Columns,
    frame: Frame,
    base: &'a Base,
) -> impl Fn(&Bucket, usize) -> (Option<[u8; 3]>, usize) + Sync + 'a {
    let (shop, whole) = (Shop::of(columns), whole(&frame));
    move |bucket, member| {
        let told = told(&shop, &frame, &whole, base, bucket, member);
        (told.rfm.map(|x| base.scores.judge(&x).score), told.stage.stage)
    }
}

/// Where the member with this id stands among `base`. One who is not in the columns yet stands
/// nowhere.
pub fn place(columns: &Columns, q: &Question, base: &Base, key: &[u8]) -> Result<Place> {
    let frame = Frame::new(columns, q)?;
    let mut buckets = columns.buckets.iter().filter(|b| !b.nobody);
    let found = buckets.find_map(|b| b.find(key).filter(|row| b.shows(*row)).map(|row| (b, row)));
    let told = found.map_or(Told { orders: false, rfm: None, stage: Stage::NONE, beat: Beat::NONE }, |(bucket, member)| {
        told(&Shop::of(columns), &frame, &whole(&frame), base, bucket, member)
    });
    let rfm = told.rfm.map(|x| rfm_place(&x, base, q));
    let lifecycle = stage_place(columns, &frame, &told);
    let said =
        words::Said { as_of: q.as_of, currency: frame.currency.as_deref(), one_of_several: frame.only.is_some(), orders: told.orders };
    let reasons = words::reasons(rfm.as_ref(), &lifecycle, &said);
    Ok(Place { rfm, lifecycle, reasons })
}

fn rfm_place(x: &Measured, base: &Base, q: &Question) -> RfmPlace {
    let judged = base.scores.judge(x);
    let (group, zh, en) = GROUPS[judged.group];
    RfmPlace {
        r_days: x.r(),
        f: x.f(),
        m: x.m,
        score: rfm::digits(&judged),
        group: group.to_owned(),
        zh: zh.to_owned(),
        en: en.to_owned(),
        cuts: q.cuts.word().to_owned(),
        centre: q.centre.word().to_owned(),
        members: base.scores.buyers,
        cut_at: base.scores.bounds.cuts.map(RfmCut::of),
    }
}

fn stage_place(columns: &Columns, frame: &Frame, told: &Told) -> StagePlace {
    let (stage, beat) = (&told.stage, &told.beat);
    let (zh, en) = words::STAGE_NAMES[stage.stage];
    let since = stage.since.map(|_| if beat.last().is_some() { "purchase" } else { "registration" });
    let since_day = stage.since.map(|days| frame.as_of_day - days as i32);
    let of = |(num, den): (i64, i64)| Ratio::reduced(num.into(), den.into());
    StagePlace {
        stage: STAGES[stage.stage].to_owned(),
        zh: zh.to_owned(),
        en: en.to_owned(),
        since_days: stage.since,
        since: since.map(str::to_owned),
        since_day: since_day.map(days::date),
        purchases: beat.purchases.into(),
        own_gaps: beat.gaps.into(),
        own_gap_days: beat.days.into(),
        expected_gap: stage.expected.map(of),
        times: stage.since.zip(stage.expected).map(|(since, (num, den))| Ratio::reduced(i128::from(since) * i128::from(den), num.into())),
        gap_from: stage.since.map(|_| LEANS[stage.lean].to_owned()),
        category: beat.favourite().map(|c| columns.words.of(Kind::Category).word(c).to_owned()),
        base_gap: stage.base.map(|(num, den)| Ratio::of(num, den)),
        next: since_day.zip(stage.expected).and_then(|(day, expected)| next(stage.stage, beat.purchases > 0, day, expected)),
    }
}

/// The stage that follows when time alone goes on, and the last day that must pass for it: a reckoning
/// knows the days before its own.
fn next(stage: usize, bought: bool, since: i32, (num, den): (i64, i64)) -> Option<NextStage> {
    let (times, then) = match stage {
        1 | 2 => (2, 3),
        3 => (4, if bought { 4 } else { 5 }),
        _ => return None,
    };
    let days = i32::try_from((times * num).div_euclid(den)).ok()?;
    let (zh, en) = words::STAGE_NAMES[then];
    let on = days::date(since.checked_add(days)?);
    Some(NextStage { stage: STAGES[then].to_owned(), zh: zh.to_owned(), en: en.to_owned(), on })
}
