//! What the API takes and gives of a batch.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use shuke_http::{MoneyDto, Problem};
use shuke_kernel::{Currency, Instant, Money};
use shuke_members::MemberId;
use shuke_store::jobs::JobView;
use utoipa::ToSchema;

use crate::audience::Question;
use crate::batch::model::{self, Batch, Counts, Destination, Fatigue, Spec};
use crate::batch::service::Ask;
use crate::batch::{BatchId, hand};

/// How often a member may be reached.
#[derive(Serialize, Deserialize, ToSchema, Clone, Copy)]
#[serde(deny_unknown_fields)]
#[schema(as = BatchFatigue)]
pub(super) struct FatigueDto {
    /// In so many days …
    #[schema(minimum = 1, maximum = 365)]
    days: i64,
    /// … who was reached so many times is left out. Default: 1.
    #[serde(default = "one")]
    #[schema(minimum = 1, maximum = 100)]
    max: i64,
}

fn one() -> i64 {
    1
}

fn marketing() -> String {
    "marketing".to_owned()
}

/// A batch to be previewed or frozen. Say whom by exactly one of `segment`, `expr`, `text`, `members`.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct BatchInput {
    /// What people call it; not needed for a preview.
    #[serde(default)]
    #[schema(max_length = 80)]
    name: String,
    /// The id that a preview gave: then the very members are held out that the preview counted.
    #[serde(default)]
    #[schema(value_type = Option<String>, example = "bat_01kc…")]
    batch: Option<BatchId>,
    /// A kept segment: `seg_…`.
    #[serde(default)]
    segment: Option<String>,
    /// An expression (docs/segment.schema.json).
    #[serde(default)]
    #[schema(value_type = Option<Object>)]
    expr: Option<Box<RawValue>>,
    /// An expression in the text form.
    #[serde(default)]
    text: Option<String>,
    /// Members by id.
    #[serde(default)]
    #[schema(value_type = Option<Vec<String>>, max_items = 100_000)]
    members: Option<Vec<MemberId>>,
    /// Segments whose members are left out.
    #[serde(default)]
    #[schema(max_items = 20)]
    exclude: Vec<String>,
    /// `sms`, `wecom`, `wangwang`, `ads`, `parcel` or `webhook`.
    #[schema(example = "sms")]
    destination: String,
    /// `marketing` (default), `service`, or `ads`, which is the one of the destination `ads`.
    #[serde(default = "marketing")]
    purpose: String,
    /// The channel whose consent counts: `sms` for `sms`, `wechat` for `wecom`, `any` for `wangwang`, `ads`
    /// and `parcel`, which need not be said. A webhook must name its own: `sms`, `email`, `wechat`, `push`, `phone`.
    #[serde(default)]
    channel: Option<String>,
    /// Percent held out. Default: none.
    #[serde(default)]
    #[schema(minimum = 0, maximum = 50)]
    holdout_percent: i64,
    /// How often a member may be reached; no limit if absent.
    #[serde(default)]
    fatigue: Option<FatigueDto>,
    /// Hand over as well whom another batch holds out while its window runs, or is still to begin. Default:
    /// no, for that batch's comparison would be spoilt.
    #[serde(default)]
    ignore_holdouts: bool,
    /// Where short links lead; no links if absent.
    #[serde(default)]
    #[schema(example = "https://shop.example.com/new")]
    target_url: Option<String>,
    /// The address that short links begin with. Default: this server's public address.
    #[serde(default)]
    link_base: Option<String>,
    /// A platform coupon's link, the same for all.
    #[serde(default)]
    coupon_link: Option<String>,
    /// Each member gets a code of the list in `codes` or `POST /batches/{id}/codes`.
    #[serde(default)]
    with_codes: bool,
    /// Codes, one for each member; more can be added until the batch is handed over.
    #[serde(default)]
    #[schema(max_items = 10_000)]
    codes: Vec<String>,
    /// Facts that stand in the sheet: `name`, `gender`, `province`, `city`, `tier`, `points`.
    #[serde(default)]
    #[schema(max_items = 6)]
    variables: Vec<String>,
    /// The messages' signature, without brackets.
    #[serde(default)]
    #[schema(max_length = 20)]
    signature: Option<String>,
    /// Days after a click within which an order is laid to it. Default: 7.
    #[serde(default)]
    #[schema(minimum = 1, maximum = 90)]
    click_days: Option<i64>,
    /// Days after delivery. Default: 3.
    #[serde(default)]
    #[schema(minimum = 1, maximum = 90)]
    delivery_days: Option<i64>,
    /// Days over which treated and held out are compared. Default: 14.
    #[serde(default)]
    #[schema(minimum = 1, maximum = 365)]
    window_days: Option<i64>,
    /// What it costs whatever its size, minor units of the merchant's currency.
    #[serde(default)]
    cost_fixed: i64,
    /// What a thousand rows cost, minor units: 4500 is 4.5 fen a message.
    #[serde(default)]
    cost_per_thousand: i64,
}

impl BatchInput {
    pub(super) fn ask(self) -> Result<Ask, Problem> {
        let destination = Destination::read(&self.destination, "destination")?;
        let spec = Spec {
            whom: Question { segment: self.segment, expr: self.expr, text: self.text, members: self.members, exclude: self.exclude },
            listed: None,
            channel: self.channel.unwrap_or_else(|| model::channel_of(destination).to_owned()),
            holdout_percent: self.holdout_percent,
            fatigue: self.fatigue.map(|f| Fatigue { days: f.days, max: f.max }),
            ignore_holdouts: self.ignore_holdouts,
            target_url: self.target_url,
            link_base: self.link_base,
            coupon_link: self.coupon_link,
            with_codes: self.with_codes || !self.codes.is_empty(),
            variables: self.variables,
            signature: self.signature,
            click_days: self.click_days.unwrap_or(7),
            delivery_days: self.delivery_days.unwrap_or(3),
            window_days: self.window_days.unwrap_or(14),
        };
        Ok(Ask {
            id: self.batch,
            name: self.name,
            destination,
            purpose: self.purpose,
            spec,
            codes: self.codes,
            cost_fixed: self.cost_fixed,
            cost_per_thousand: self.cost_per_thousand,
        })
    }
}

/// One funnel: how many are left after each step, and how many each reason took.
#[derive(Serialize, Deserialize, ToSchema)]
#[schema(as = BatchFunnel)]
pub(super) struct Funnel {
    /// Whom the question means.
    matched: i64,
    /// Of them those whom an exclusion named, or who are no members any more.
    excluded: i64,
    /// Left after exclusion and consent.
    consented: i64,
    /// Left who have an address that is not suppressed and not another's.
    addressed: i64,
    /// Left who were not reached too often.
    not_fatigued: i64,
    /// Left who are not held out, by this batch or by another.
    not_held_out: i64,
    /// Who is, or is to be, handed over.
    handed_over: i64,
    /// How many each reason took: `excluded`, `gone`, `no_consent`, `refused`, `under_14`, `no_address`,
    /// `suppressed`, `same_address`, `fatigued`, `held_by_other`, `held_out`. With `handed_over` they sum to `matched`.
    losses: BTreeMap<String, i64>,
}

impl Funnel {
    pub(super) fn of(counts: &Counts) -> Self {
        let sums = hand::funnel(counts);
        let at = |name: &str| sums.get(name).copied().unwrap_or(0);
        let losses = hand::words(counts).into_iter().filter(|(word, n)| *word != "treated" && *n != 0);
        Self {
            matched: at("matched"),
            excluded: at("excluded"),
            consented: at("consented"),
            addressed: at("addressed"),
            not_fatigued: at("not_fatigued"),
            not_held_out: at("not_held_out"),
            handed_over: at("treated"),
            losses: losses.map(|(word, n)| (word.to_owned(), n)).collect(),
        }
    }
}

/// How far a batch is put together, or sent.
#[derive(Serialize, Deserialize, ToSchema)]
#[schema(as = BatchProgress)]
pub(super) struct Progress {
    /// The task.
    job: String,
    /// `queued`, `running`, `done`, `stopped`, `dead`.
    state: String,
    done: i64,
    total: Option<i64>,
    error: Option<String>,
}

/// A batch.
#[derive(Serialize, Deserialize, ToSchema)]
#[schema(as = Batch)]
pub(super) struct BatchView {
    #[schema(value_type = String, example = "bat_01kc…")]
    id: BatchId,
    name: String,
    /// `draft` (being put together), `frozen`, `handed_over` or `closed`.
    pub(super) state: String,
    destination: String,
    purpose: String,
    channel: String,
    segment: Option<String>,
    #[schema(value_type = Option<Object>)]
    expr: Option<Box<RawValue>>,
    text: Option<String>,
    /// How many members the list has that it was asked for by.
    listed: Option<i64>,
    exclude: Vec<String>,
    holdout_percent: i64,
    fatigue: Option<FatigueDto>,
    ignore_holdouts: bool,
    target_url: Option<String>,
    link_base: Option<String>,
    coupon_link: Option<String>,
    with_codes: bool,
    variables: Vec<String>,
    signature: Option<String>,
    click_days: i64,
    delivery_days: i64,
    window_days: i64,
    /// As it stands now: who withdrew between freezing and handing over is in `losses`.
    funnel: Funnel,
    progress: Option<Progress>,
    /// When the question was put.
    #[schema(value_type = Option<String>, format = DateTime)]
    asked_at: Option<Instant>,
    /// Up to when its answer knew.
    #[schema(value_type = Option<String>, format = DateTime)]
    known_at: Option<Instant>,
    codes: i64,
    codes_used: i64,
    /// How often it was given out: from the second time on a repeat.
    exports: i64,
    cost_fixed: MoneyDto,
    cost_per_thousand: MoneyDto,
    #[schema(value_type = String, format = DateTime)]
    created_at: Instant,
    created_by: String,
    #[schema(value_type = Option<String>, format = DateTime)]
    frozen_at: Option<Instant>,
    #[schema(value_type = Option<String>, format = DateTime)]
    handed_at: Option<Instant>,
    #[schema(value_type = Option<String>, format = DateTime)]
    closed_at: Option<Instant>,
}

pub(super) fn money(amount: i64, currency: Currency) -> MoneyDto {
    Money { amount, currency }.into()
}

impl BatchView {
    pub(super) fn of(b: Batch, job: Option<JobView>) -> Self {
        let (spec, currency) = (b.spec, b.currency);
        Self {
            funnel: Funnel::of(&b.counts),
            progress: job.map(|j| Progress { job: j.id.to_string(), state: j.state, done: j.progress, total: j.total, error: j.error }),
            id: b.id,
            name: b.name,
            state: b.state.word().to_owned(),
            destination: b.destination.word().to_owned(),
            purpose: b.purpose,
            channel: spec.channel,
            segment: spec.whom.segment,
            expr: spec.whom.expr,
            text: spec.whom.text,
            listed: spec.listed.or_else(|| spec.whom.members.map(|m| m.len() as i64)),
            exclude: spec.whom.exclude,
            holdout_percent: spec.holdout_percent,
            fatigue: spec.fatigue.map(|f| FatigueDto { days: f.days, max: f.max }),
            ignore_holdouts: spec.ignore_holdouts,
            target_url: spec.target_url,
            link_base: spec.link_base,
            coupon_link: spec.coupon_link,
            with_codes: spec.with_codes,
            variables: spec.variables,
            signature: spec.signature,
            click_days: spec.click_days,
            delivery_days: spec.delivery_days,
            window_days: spec.window_days,
            asked_at: b.asked_at,
            known_at: b.known_at,
            codes: b.codes,
            codes_used: b.codes_used,
            exports: b.exports,
            cost_fixed: money(b.cost_fixed, currency),
            cost_per_thousand: money(b.cost_per_thousand, currency),
            created_at: b.created_at,
            created_by: b.created_by,
            frozen_at: b.frozen_at,
            handed_at: b.handed_at,
            closed_at: b.closed_at,
        }
    }
}
