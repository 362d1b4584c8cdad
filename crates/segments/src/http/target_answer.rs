//! Wished-for portraits as the API tells them: names in the caller's language, shares rounded.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use shuke_columns::Registry;
use shuke_kernel::{Ctx, Error, Instant, Result};
use shuke_store::Tx;
use utoipa::ToSchema;

use super::asked::Given;
use super::check::sentence;
use super::targets::SubjectDto;
use crate::calendar::Reckoning;
use crate::portrait::{Attribute, name};
use crate::service::Lists;
use crate::target::book::{self, Day, DayWish};
use crate::target::{MILLION, Standing, Target, TargetId, Wish, WishStanding, reckon};
use crate::write;

/// A wish, with its names.
#[derive(Clone, Serialize, Deserialize, ToSchema)]
#[schema(as = PortraitWish)]
struct WishTold {
    /// As a portrait names it.
    attribute: String,
    /// As people call it.
    attribute_label: String,
    /// Its values, as the portrait's bars name them.
    values: Vec<String>,
    /// As people call them.
    label: String,
    /// The share that is wished.
    share: f64,
}

/// The last day that was recorded.
#[derive(Clone, Serialize, Deserialize, ToSchema)]
#[schema(as = PortraitTargetLast)]
struct Last {
    /// Up to when everything was in.
    #[schema(value_type = String, format = DateTime)]
    known_at: Instant,
    /// Members of the group.
    members: i64,
    /// The shortfalls of all wishes added up.
    shortfall: f64,
    /// Wishes that were short.
    short: usize,
}

/// A wished-for portrait.
#[derive(Clone, Serialize, Deserialize, ToSchema)]
#[schema(as = PortraitTarget)]
pub(super) struct PortraitTargetDto {
    /// Which.
    #[schema(value_type = String, example = "ptt_01hqzv…")]
    pub id: TargetId,
    /// As people read it.
    name: String,
    /// Whose portrait.
    subject: SubjectDto,
    /// The same in words; `null` where its segment is there no more.
    sentence: Option<String>,
    /// What is wished.
    wishes: Vec<WishTold>,
    /// `active` or `archived`.
    state: String,
    /// The last day that was recorded; `null` before the first.
    last: Option<Last>,
    /// When it was made.
    #[schema(value_type = String, format = DateTime)]
    created_at: Instant,
    /// By whom.
    created_by: String,
    /// When it was last changed.
    #[schema(value_type = String, format = DateTime)]
    updated_at: Instant,
    /// By whom.
    updated_by: String,
    /// Send it with a change.
    version: i64,
}

/// A wish and what there is of it.
#[derive(Clone, Serialize, ToSchema)]
#[schema(as = PortraitWishStanding)]
struct WishStandingTold {
    attribute: String,
    /// As people call it.
    attribute_label: String,
    values: Vec<String>,
    /// As people call them.
    label: String,
    /// The share that is wished.
    wished: f64,
    /// The share that there is; `null` where the attribute is known of nobody.
    share: Option<f64>,
    /// The lower end of its 95 % interval.
    low: Option<f64>,
    /// The upper end.
    high: Option<f64>,
    /// Whether what there is is told apart from what is wished, all wishes judged together.
    distinct: bool,
    /// Whether there is less than is wished.
    short: bool,
    /// What is wished less what there is; below nought where there is more.
    gap: Option<f64>,
    /// Members of the group with one of the values.
    count: u64,
    /// Members of the group of whom the attribute is known.
    known: u64,
    /// Members of the group of whom it is missing.
    missing: u64,
    /// Of the members there are, how many more would have the values if it were as wished; below nought: how many fewer.
    people: i64,
    /// How many would have to join, all with the values, until it is as wished; `null` where no number is enough.
    to_join: Option<u64>,
    /// The share of all members; `null` where it is known of nobody.
    base_share: Option<f64>,
}

/// Members outside the group who would close at least so many gaps.
#[derive(Clone, Serialize, ToSchema)]
#[schema(as = PortraitLevel)]
struct LevelTold {
    /// How many gaps: values of one attribute count once.
    gaps: usize,
    /// How many members.
    members: u64,
    /// They, as an expression.
    #[schema(value_type = Object)]
    expr: serde_json::Value,
}

/// How a group stands to what is wished of it.
#[derive(Clone, Serialize, ToSchema)]
pub(super) struct PortraitStanding {
    /// The time of the question.
    #[schema(value_type = String, format = DateTime)]
    at: Instant,
    /// Up to when everything is in.
    #[schema(value_type = String, format = DateTime)]
    known_at: Instant,
    /// What all of it took, in milliseconds.
    took_ms: f64,
    /// Of which version the wishes are.
    version: i64,
    /// The group, as an expression.
    #[schema(value_type = Object)]
    group_expr: serde_json::Value,
    /// Members of the group.
    members: u64,
    /// Members of the base.
    base: u64,
    /// The shortfalls of all wishes added up.
    shortfall: f64,
    /// The wishes, in their order.
    wishes: Vec<WishStandingTold>,
    /// Who would close gaps, those who close most first.
    levels: Vec<LevelTold>,
}

/// A wish on a day.
#[derive(Clone, Serialize, ToSchema)]
#[schema(as = PortraitDayWish)]
struct DayWishTold {
    attribute: String,
    attribute_label: String,
    values: Vec<String>,
    label: String,
    /// The share that was wished then.
    wished: f64,
    /// The share that there was.
    share: Option<f64>,
    count: u64,
    known: u64,
}

/// A day.
#[derive(Clone, Serialize, ToSchema)]
#[schema(as = PortraitDay)]
pub(super) struct DayTold {
    /// When the day began, by the shop's clock.
    #[schema(value_type = String, format = DateTime)]
    at: Instant,
    /// Up to when everything was in.
    #[schema(value_type = String, format = DateTime)]
    known_at: Instant,
    /// When it was reckoned.
    #[schema(value_type = String, format = DateTime)]
    recorded_at: Instant,
    /// Of which version the wishes are.
    version: i64,
    /// Members of the group.
    members: i64,
    /// The shortfalls of all wishes added up.
    shortfall: f64,
    wishes: Vec<DayWishTold>,
}

/// Days of a wished-for portrait.
#[derive(Clone, Serialize, ToSchema)]
pub(super) struct PortraitDays {
    pub items: Vec<DayTold>,
}

/// What values are called.
pub(super) struct Labels {
    shops: BTreeMap<String, String>,
    zh: bool,
}

impl Labels {
    pub(super) fn of(tx: &mut Tx<'_>, cx: &Ctx, zh: bool) -> Result<Self> {
        let first = shuke_access::ShopId::from_bytes([0; 16]);
        let shops = shuke_access::shops::list(tx, cx.merchant, first, 1_000)?;
        Ok(Self { shops: shops.into_iter().map(|s| (s.id.to_string(), s.name)).collect(), zh })
    }

    fn attribute(&self, wish: &Wish) -> String {
        wish.of().map_or_else(|| wish.attribute.clone(), |of| of.label().text(self.zh).to_owned())
    }

    fn values(&self, wish: &Wish) -> String {
        let (Some(of), Some(keys)) = (wish.of(), wish.keys()) else { return wish.values.join(", ") };
        let each = keys.iter().map(|key| {
            let told = name(of, key, &[], self.zh);
            if of == Attribute::Shop { self.shops.get(&told).cloned().unwrap_or(told) } else { told }
        });
        each.collect::<Vec<_>>().join(if self.zh { "、" } else { ", " })
    }
}

fn rounded(of: f64) -> f64 {
    (of * 10_000.0).round() / 10_000.0
}

/// Millionths as a share: nothing that was wished is rounded.
fn share(of: i64) -> f64 {
    of as f64 / MILLION as f64
}

fn part(count: u64, known: u64) -> Option<f64> {
    (known > 0).then(|| rounded(count as f64 / known as f64))
}

fn shortfall(of: &[DayWish]) -> f64 {
    rounded(share(reckon::shortfall(of.iter().map(|w| (&w.wish, &w.counted)))))
}

fn last(of: &Day) -> Last {
    let short = |w: &&DayWish| reckon::shortfall([(&w.wish, &w.counted)]) > 0;
    Last { known_at: of.known_at, members: of.members, shortfall: shortfall(&of.wishes), short: of.wishes.iter().filter(short).count() }
}

/// Targets as people see them.
pub(super) fn shown(tx: &mut Tx<'_>, cx: &Ctx, all: Vec<Target>, zh: bool) -> Result<Vec<PortraitTargetDto>> {
    let ids: Vec<TargetId> = all.iter().map(|t| t.id).collect();
    let (labels, lasts, registry) = (Labels::of(tx, cx, zh)?, book::last(tx, cx, &ids)?, Registry::of_store());
    let mut out = Vec::with_capacity(all.len());
    for t in all {
        let tree = RawValue::from_string(write::cond(&t.subject.cond()).to_string()).map_err(Error::fault)?;
        let accepted = Given::Tree(tree).accept(tx, cx, &registry, None, Lists::Empty)?.ok();
        let wish = |w: &Wish| WishTold {
            attribute: w.attribute.clone(),
            attribute_label: labels.attribute(w),
            values: w.values.clone(),
            label: labels.values(w),
            share: share(w.share),
        };
        out.push(PortraitTargetDto {
            id: t.id,
            name: t.name,
            sentence: accepted.map(|a| sentence(&a.expression.root.canonical(), &a.known, zh)),
            subject: SubjectDto::of(&t.subject),
            wishes: t.wishes.iter().map(wish).collect(),
            state: if t.archived { "archived" } else { "active" }.to_owned(),
            last: lasts.get(&t.id).map(last),
            created_at: t.created_at,
            created_by: t.created_by,
            updated_at: t.updated_at,
            updated_by: t.updated_by,
            version: t.version,
        });
    }
    Ok(out)
}

/// One as people see it.
pub(super) fn one(tx: &mut Tx<'_>, cx: &Ctx, target: Target, zh: bool) -> Result<PortraitTargetDto> {
    shown(tx, cx, vec![target], zh)?.pop().ok_or_else(|| Error::fault("a wished-for portrait is shown as none"))
}

fn wish_standing(of: &WishStanding, members: u64, labels: &Labels) -> WishStandingTold {
    let c = of.counted;
    let told = part(c.count, c.known);
    WishStandingTold {
        attribute: of.wish.attribute.clone(),
        attribute_label: labels.attribute(&of.wish),
        values: of.wish.values.clone(),
        label: labels.values(&of.wish),
        wished: share(of.wish.share),
        share: told,
        low: of.interval.map(|i| rounded(i.0)),
        high: of.interval.map(|i| rounded(i.1)),
        distinct: of.distinct,
        short: of.is_short(),
        gap: told.map(|told| rounded(share(of.wish.share) - told)),
        count: c.count,
        known: c.known,
        missing: members - c.known,
        people: of.people(),
        to_join: of.to_join(),
        base_share: part(c.base_count, c.base_known),
    }
}

/// What was reckoned.
pub(super) fn standing(target: &Target, of: &Standing, labels: &Labels, at: Instant, known_at: Instant, took_ms: f64) -> PortraitStanding {
    let level = |l: &reckon::Level| LevelTold { gaps: l.gaps, members: l.members, expr: write::cond(&l.cond) };
    PortraitStanding {
        at,
        known_at,
        took_ms,
        version: target.version,
        group_expr: write::cond(&of.group),
        members: of.members,
        base: of.base,
        shortfall: rounded(share(reckon::shortfall(of.wishes.iter().map(|w| (&w.wish, &w.counted))))),
        wishes: of.wishes.iter().map(|w| wish_standing(w, of.members, labels)).collect(),
        levels: of.levels.iter().map(level).collect(),
    }
}

/// A day as it is told.
pub(super) fn day(of: &Day, labels: &Labels, reckoning: &Reckoning) -> DayTold {
    let wish = |w: &DayWish| DayWishTold {
        attribute: w.wish.attribute.clone(),
        attribute_label: labels.attribute(&w.wish),
        values: w.wish.values.clone(),
        label: labels.values(&w.wish),
        wished: share(w.wish.share),
        share: part(w.counted.count, w.counted.known),
        count: w.counted.count,
        known: w.counted.known,
    };
    DayTold {
        at: Instant(reckoning.start_of(of.day)),
        known_at: of.known_at,
        recorded_at: of.recorded_at,
        version: of.version,
        members: of.members,
        shortfall: shortfall(&of.wishes),
        wishes: of.wishes.iter().map(wish).collect(),
    }
}
