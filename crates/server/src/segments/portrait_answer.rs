//! A portrait as the API tells it: names in the caller's language, figures rounded, bars that are not told
//! counted.

use std::collections::BTreeMap;

use serde::Serialize;
use shuke_http::MoneyDto;
use shuke_kernel::{Currency, Instant, Money};
use shuke_members::tag::Tag;
use shuke_segments::portrait::{
    Attribute, Bar, Dimension, FALSE_MARKS, Found, Key, Lift, MetricTold, Portrait, Question, Stratum, Totals, name,
};
use shuke_segments::write;
use utoipa::ToSchema;

/// Names of things that another crate keeps.
pub(super) struct Names {
    /// Word, Chinese, English, in the order of the question's occasions.
    pub occasions: Vec<(String, String, String)>,
    pub tags: Vec<Tag>,
    pub shops: BTreeMap<String, String>,
    pub currency: Currency,
}

/// A count of members and its share of those of whom the attribute is known.
#[derive(Clone, Serialize, ToSchema)]
#[schema(as = SegmentPortraitSide)]
pub(super) struct Side {
    /// Members in the bar.
    pub(super) count: u64,
    /// Of those of whom it is known; `null` where it is known of none.
    pub(super) share: Option<f64>,
}

/// How a share or mean of the group stands to the other's.
#[derive(Clone, Serialize, ToSchema)]
#[schema(as = SegmentPortraitLift)]
pub(super) struct LiftTold {
    /// The group's over the other's; `null` where the other's is nought.
    pub(super) ratio: Option<f64>,
    /// The lower end of the 95 % interval.
    pub(super) low: f64,
    /// The upper end; `null` where there is none.
    pub(super) high: Option<f64>,
    /// How likely a ratio so far from 1 is by chance, taken alone.
    pub(super) p: f64,
    /// Whether it is told apart from 1 when all ratios of the portrait are judged together.
    pub(super) distinct: bool,
}

/// A bar.
#[derive(Clone, Serialize, ToSchema)]
#[schema(as = SegmentPortraitBar)]
pub(super) struct BarTold {
    /// The word or number of the class.
    pub(super) value: String,
    /// As people call it.
    pub(super) label: String,
    /// In the group.
    pub(super) group: Side,
    /// In what it is compared with.
    pub(super) against: Side,
    /// How they stand to each other; `null` where neither has any, or one is of nobody.
    pub(super) lift: Option<LiftTold>,
    /// The condition of the bar. With the group's by `and` it is the members behind the bar.
    #[schema(value_type = Object)]
    pub(super) expr: serde_json::Value,
}

/// Of how many members an attribute is known, and of how many it is missing.
#[derive(Clone, Serialize, ToSchema)]
#[schema(as = SegmentPortraitKnown)]
pub(super) struct Known {
    pub(super) known: u64,
    pub(super) missing: u64,
    /// Orders that are purchases and say nothing of it: of weather those without a region, or of a day of which no file told any. Absent where orders are not asked one by one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) orders_unknown: Option<u64>,
}

/// An attribute with its bars.
#[derive(Clone, Serialize, ToSchema)]
#[schema(as = SegmentPortraitAttribute)]
pub(super) struct AttributeTold {
    /// `gender`, `category` …; tags come by category: `tags:tgc_…`, and `tags` of those without.
    pub(super) key: String,
    /// As people call it.
    pub(super) label: String,
    /// `demand`, `buyer`, `purchase` or `dynamic`.
    pub(super) dimension: &'static str,
    /// Whether the bars have an order of their own; else the greatest of the group stand first.
    pub(super) ordered: bool,
    /// Whether a member may be in several bars, so that shares add up to more than 1.
    pub(super) multiple: bool,
    /// In the group.
    pub(super) group: Known,
    /// In what it is compared with.
    pub(super) against: Known,
    /// Whom it is missing of; `null` where it never is.
    #[schema(value_type = Option<Object>)]
    pub(super) missing_expr: Option<serde_json::Value>,
    /// Bars.
    pub(super) bars: Vec<BarTold>,
    /// Bars that are there and not told: see `bars` of the request.
    pub(super) left_out: usize,
}

/// A figure of one of the groups.
#[derive(Clone, Serialize, ToSchema)]
#[schema(as = SegmentPortraitFigure)]
pub(super) struct Figure {
    /// Members it is of.
    pub(super) members: u64,
    /// A share, a mean count, or a mean in minor units; `null` where it is of nobody, or of acts that no source reports.
    pub(super) value: Option<f64>,
}

/// A figure of both.
#[derive(Clone, Serialize, ToSchema)]
#[schema(as = SegmentPortraitMetric)]
pub(super) struct MetricAnswer {
    /// `buyer_share`, `sales_per_member` …
    pub(super) key: &'static str,
    /// As people call it.
    pub(super) label: String,
    /// `share`, `count` or `money` (minor units).
    pub(super) kind: &'static str,
    pub(super) group: Figure,
    pub(super) against: Figure,
    pub(super) lift: Option<LiftTold>,
}

/// What a group comes to.
#[derive(Clone, Serialize, ToSchema)]
#[schema(as = SegmentPortraitTotals)]
pub(super) struct TotalsTold {
    /// Members.
    pub(super) members: u64,
    /// Orders that are purchases.
    pub(super) orders: u64,
    /// Paid for goods, less what was given back.
    pub(super) sales: MoneyDto,
    /// Times that something was put into the cart.
    pub(super) carts: u64,
    /// Times that something was made a favourite.
    pub(super) favourites: u64,
    /// Times that goods were looked at.
    pub(super) views: u64,
}

/// How it was reckoned.
#[derive(Clone, Serialize, ToSchema)]
#[schema(as = SegmentPortraitMethod)]
struct Method {
    /// The interval of a ratio: `katz_log`, with members of both groups counted once.
    interval: &'static str,
    /// Its level.
    level: f64,
    /// How many comparisons are judged together: `benjamini_hochberg`.
    control: &'static str,
    /// The share of marks that is expected to be chance.
    false_marks: f64,
    /// How many ratios were judged together.
    comparisons: usize,
}

/// What distinguishes a group.
#[derive(Clone, Serialize, ToSchema)]
pub(super) struct SegmentPortrait {
    /// The time of the question.
    #[schema(value_type = String, format = DateTime)]
    pub(super) at: Instant,
    /// Up to when everything is in.
    #[schema(value_type = String, format = DateTime)]
    pub(super) known_at: Instant,
    /// What all of it took, in milliseconds.
    pub(super) took_ms: f64,
    /// The group, as a condition.
    #[schema(value_type = Object)]
    pub(super) group_expr: serde_json::Value,
    /// What it is compared with, as a condition.
    #[schema(value_type = Object)]
    pub(super) against_expr: serde_json::Value,
    /// The group.
    pub(super) group: TotalsTold,
    /// What it is compared with.
    pub(super) against: TotalsTold,
    /// Members of both.
    pub(super) both: u64,
    /// Attributes by dimension.
    pub(super) attributes: Vec<AttributeTold>,
    /// Figures.
    pub(super) metrics: Vec<MetricAnswer>,
    /// How it was reckoned.
    method: Method,
}

/// As of when, and how long it took.
#[derive(Clone, Copy)]
pub(super) struct Shown {
    pub known_at: Instant,
    pub took_ms: f64,
}

/// To so many digits behind the point that nobody takes the rest for known.
fn rounded(of: f64) -> f64 {
    (of * 10_000.0).round() / 10_000.0
}

fn lift(of: Lift, marked: bool) -> LiftTold {
    LiftTold {
        ratio: of.ratio.map(rounded),
        low: rounded(of.low),
        high: of.high.map(rounded),
        p: (of.p * 1e6).round() / 1e6,
        distinct: marked,
    }
}

fn side(count: u64, known: u64) -> Side {
    Side { count, share: (known > 0).then(|| rounded(count as f64 / known as f64)) }
}

fn totals(members: u64, of: &Totals, currency: Currency) -> TotalsTold {
    let amount = i64::try_from(of.sales).unwrap_or(if of.sales < 0 { i64::MIN } else { i64::MAX });
    TotalsTold {
        members,
        orders: of.orders,
        sales: Money { amount, currency }.into(),
        carts: of.carts,
        favourites: of.favourites,
        views: of.views,
    }
}

fn metric(of: &MetricTold, zh: bool) -> MetricAnswer {
    let figure = |s: Stratum| Figure { members: s.n, value: s.mean().map(rounded) };
    MetricAnswer {
        key: of.metric.word(),
        label: of.metric.label().text(zh).to_owned(),
        kind: of.metric.kind(),
        group: figure(of.group),
        against: figure(of.against),
        lift: of.lift.map(|l| lift(l, of.marked)),
    }
}

/// What is the same for all attributes of an answer.
struct Telling<'a> {
    names: &'a Names,
    cuts: &'a [i64],
    most: usize,
    zh: bool,
}

impl Telling<'_> {
    fn bar(&self, of: Attribute, bar: &Bar) -> BarTold {
        let value = match &bar.key {
            Key::Word(word) => word.to_string(),
            Key::Class(class) => class.to_string(),
        };
        let occasion = |at: u32| self.names.occasions.get(at as usize);
        let (value, label) = match (of, &bar.key) {
            (Attribute::Shop, _) => (value.clone(), self.names.shops.get(&value).cloned().unwrap_or(value)),
            (Attribute::Occasion, Key::Class(at)) => {
                occasion(*at).map_or((value.clone(), value), |(word, zh, en)| (word.clone(), if self.zh { zh } else { en }.clone()))
            }
            _ => (value, name(of, &bar.key, self.cuts, self.zh)),
        };
        BarTold {
            value,
            label,
            group: side(bar.group.count, bar.group.known),
            against: side(bar.against.count, bar.against.known),
            lift: bar.lift.map(|l| lift(l, bar.marked)),
            expr: write::cond(&bar.cond),
        }
    }

    fn attribute(&self, found: &Found, key: String, label: String, bars: &[&Bar]) -> AttributeTold {
        let of = found.attribute;
        let told = if of.is_ordered() { bars.len() } else { self.most.min(bars.len()) };
        let known = |i: usize| Known {
            known: found.known[i],
            missing: found.missing[i],
            orders_unknown: found.orders_unknown.map(|orders| orders[i]),
        };
        AttributeTold {
            key,
            label,
            dimension: match of.dimension() {
                Dimension::Demand => "demand",
                Dimension::Buyer => "buyer",
                Dimension::Purchase => "purchase",
                Dimension::Dynamic => "dynamic",
            },
            ordered: of.is_ordered(),
            multiple: of.is_multiple(),
            group: known(0),
            against: known(1),
            missing_expr: found.missing_cond.as_ref().map(write::cond),
            bars: bars.iter().take(told).map(|bar| self.bar(of, bar)).collect(),
            left_out: bars.len() - told,
        }
    }

    /// Tags by their category, those without one last.
    fn tags(&self, found: &Found) -> Vec<AttributeTold> {
        let mut by_category: BTreeMap<Option<(String, String)>, Vec<&Bar>> = BTreeMap::new();
        for bar in &found.bars {
            let Key::Word(word) = &bar.key else { continue };
            let tag = self.names.tags.iter().find(|t| *t.name == **word);
            let category = tag.and_then(|t| t.category.as_ref()).map(|(id, name)| (name.clone(), id.to_string()));
            by_category.entry(category).or_default().push(bar);
        }
        let without = by_category.remove(&None);
        let label = found.attribute.label().text(self.zh);
        let mut all: Vec<AttributeTold> = by_category
            .into_iter()
            .filter_map(|(category, bars)| category.map(|c| (c, bars)))
            .map(|((name, id), bars)| self.attribute(found, format!("tags:{id}"), format!("{label} · {name}"), &bars))
            .collect();
        all.extend(without.map(|bars| self.attribute(found, "tags".to_owned(), label.to_owned(), &bars)));
        all
    }
}

/// The answer.
pub(super) fn answer(question: &Question, told: &Portrait, names: &Names, most: usize, zh: bool, shown: Shown) -> SegmentPortrait {
    let telling = Telling { names, cuts: &told.cuts, most, zh };
    let attributes = told.attributes.iter().flat_map(|found| match found.attribute {
        Attribute::Tags => telling.tags(found),
        of => {
            let bars: Vec<&Bar> = found.bars.iter().collect();
            vec![telling.attribute(found, of.word().to_owned(), of.label().text(zh).to_owned(), &bars)]
        }
    });
    SegmentPortrait {
        at: Instant(question.reckoning.at),
        known_at: shown.known_at,
        took_ms: shown.took_ms,
        group_expr: write::cond(&question.group.root),
        against_expr: write::cond(&question.against.root),
        group: totals(told.members[0], &told.totals[0], names.currency),
        against: totals(told.members[2], &told.totals[1], names.currency),
        both: told.members[1],
        attributes: attributes.collect(),
        metrics: told.metrics.iter().map(|m| metric(m, zh)).collect(),
        method: Method {
            interval: "katz_log",
            level: 0.95,
            control: "benjamini_hochberg",
            false_marks: FALSE_MARKS,
            comparisons: told.comparisons,
        },
    }
}
