//! What the API gives of programmes and books.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value as Json;
use shuke_http::Lang;
use shuke_kernel::{Ctx, Currency, Error, Instant, Kind, Result};
use shuke_loyalty::sentences::sentences;
use shuke_members::MemberId;
use shuke_store::Tx;
use shuke_store::jobs::JobView;
use utoipa::ToSchema;

use crate::book::ask::Answered;
use crate::book::entries::Kept;
use crate::book::show::BookView;
use crate::book::{sums, words};
use crate::definition::model::{Version, read_rules};
use crate::definition::{Programme, ProgrammeId, service};

/// A rule as one sentence.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = RuleSentence)]
pub(super) struct Sentence {
    /// The rule's id, or the part of the rules that it is of.
    pub rule: String,
    /// In the caller's language.
    pub text: String,
}

/// Rules as sentences, in the caller's language.
pub(super) fn told(rules: &shuke_loyalty::Programme, lang: Lang) -> Vec<Sentence> {
    sentences(rules, lang.is_zh()).into_iter().map(|s| Sentence { rule: s.rule, text: s.text }).collect()
}

/// A version of a programme's rules.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = ProgrammeVersion)]
pub(super) struct VersionDto {
    /// Counts from 1.
    pub no: i64,
    /// The rules, as they were posted.
    #[schema(value_type = Object)]
    pub rules: Json,
    /// From when on they are in force.
    #[schema(value_type = String, format = DateTime)]
    pub from: Instant,
    /// Why, in words.
    pub note: String,
    /// By whom it was posted.
    pub by: String,
    /// When it was posted.
    #[schema(value_type = String, format = DateTime)]
    pub at: Instant,
    /// `past`, `current`, `scheduled` or `withdrawn`.
    pub state: String,
    /// Each rule as one sentence.
    pub sentences: Vec<Sentence>,
}

/// All versions as they are at an instant, in order.
pub(super) fn versions(all: Vec<Version>, now: Instant, lang: Lang) -> Result<Vec<VersionDto>> {
    let in_force = all.iter().filter(|v| v.withdrawn_at.is_none() && v.from <= now).map(|v| (v.from, v.no)).max();
    let word = |v: &Version| match (v.withdrawn_at, in_force) {
        (Some(_), _) => "withdrawn",
        _ if v.from > now => "scheduled",
        (_, Some((_, no))) if no == v.no => "current",
        _ => "past",
    };
    all.into_iter()
        .map(|v| {
            let rules: Json = serde_json::from_str(&v.rules)?;
            let sentences = told(&read_rules(&rules)?, lang);
            let state = word(&v).to_owned();
            Ok(VersionDto { no: v.no, rules, from: v.from, note: v.note, by: v.by, at: v.at, state, sentences })
        })
        .collect()
}

/// A programme.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = Programme)]
pub(super) struct ProgrammeDto {
    /// `prg_…`.
    #[schema(value_type = String, example = "prg_01kc…")]
    pub id: ProgrammeId,
    /// As people call it.
    pub name: String,
    /// The shops whose orders count; empty for all.
    pub shops: Vec<String>,
    /// `scheduled`, `active`, `paused` or `archived`.
    pub state: String,
    /// Orders paid before earn nothing and count for tiers.
    #[schema(value_type = String, format = DateTime)]
    pub begins_at: Instant,
    /// The version in force; before the programme begins the first that will be.
    pub current: VersionDto,
    /// The next version that will be, if there is one.
    pub next: Option<VersionDto>,
    /// How many members have a book.
    pub members: i64,
    /// All books together, by account.
    pub points: BTreeMap<String, i64>,
    /// The task that fills its books, while it waits or runs.
    pub job: Option<String>,
    /// How far that task is: until it is done, what is told of the books still grows.
    pub filling: Option<FillingDto>,
    /// When it was made.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Instant,
    /// Counts its changes: what a change names.
    pub version: i64,
}

/// How far the walk over all members is.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = ProgrammeFilling)]
pub(super) struct FillingDto {
    /// Members that were looked at.
    pub done: i64,
    /// Of how many; `null` before it began.
    pub total: Option<i64>,
    /// Whether it waits or runs. One that was stopped or failed goes on from the task centre.
    pub running: bool,
}

/// The walk that fills the books, if it is not at its end.
fn filling(tx: &mut Tx<'_>, cx: &Ctx, p: &Programme) -> Result<Option<JobView>> {
    let Some(job) = p.job else { return Ok(None) };
    match tx.job(cx.merchant, job) {
        Ok(job) => Ok(Some(job).filter(|job| job.state != "done")),
        // Tasks that ended long ago are forgotten.
        Err(Error::Refused(refusal)) if refusal.code.kind == Kind::NotFound => Ok(None),
        Err(e) => Err(e),
    }
}

/// A programme as people see it.
pub(super) fn programme(tx: &mut Tx<'_>, cx: &Ctx, p: Programme, lang: Lang) -> Result<ProgrammeDto> {
    let all = versions(service::versions(tx, cx.merchant, p.id)?, cx.now, lang)?;
    let (mut current, mut next) = (None, None);
    for version in all {
        match version.state.as_str() {
            "current" => current = Some(version),
            "scheduled" if current.is_none() && p.begins_at > cx.now => current = Some(version),
            "scheduled" if next.is_none() => next = Some(version),
            _ => {}
        }
    }
    let current = current.ok_or_else(|| Error::fault("a programme has no rules in force"))?;
    let points = sums::totals(tx, cx, &p)?.into_iter().map(|(account, n)| (account.to_owned(), n)).collect();
    let filling = filling(tx, cx, &p)?;
    let runs = |job: &JobView| matches!(job.state.as_str(), "queued" | "running");
    Ok(ProgrammeDto {
        id: p.id,
        state: p.word(cx.now).to_owned(),
        shops: p.shops,
        begins_at: p.begins_at,
        current,
        next,
        members: service::books(tx, cx.merchant, p.id)?,
        points,
        job: filling.as_ref().filter(|job| runs(job)).map(|job| job.id.to_string()),
        filling: filling.map(|job| FillingDto { done: job.progress, total: job.total, running: runs(&job) }),
        created_at: p.created_at,
        version: p.version,
        name: p.name,
    })
}

/// A programme by id and name.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub(super) struct ProgrammeRef {
    #[schema(value_type = String, example = "prg_01kc…")]
    id: ProgrammeId,
    name: String,
}

/// A lot of points.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = PointsLot)]
pub(super) struct LotDto {
    /// Named after what made it: `order:ord_…`, `check_in:2026-11-27`.
    id: String,
    /// What is left.
    left: i64,
    /// The last day on which it can be spent.
    #[schema(value_type = String, format = Date)]
    last_day: String,
}

/// The tier that is held.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = TierHeld)]
pub(super) struct TierDto {
    /// Its name in the rules.
    pub id: String,
    /// When its period, or its grace, ends; the lowest has no end.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub until: Option<Instant>,
    /// Whether it is only kept by grace.
    pub in_grace: bool,
}

/// One thing that is missing.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub(super) struct MissingPart {
    /// `net_spend` (minor units), `orders` or `growth`.
    metric: String,
    /// How much more.
    missing: i64,
}

/// What is missing to the next tier.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = NextTier)]
pub(super) struct NextDto {
    /// Which.
    tier: String,
    /// Whether one of these is enough; else all are needed.
    any: bool,
    /// What.
    of: Vec<MissingPart>,
    /// In words that a shopper understands, in the caller's language.
    sentence: String,
}

/// Points that end on a day.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub(super) struct Expiring {
    /// Their last day.
    #[schema(value_type = String, format = Date)]
    pub day: String,
    /// How many.
    pub points: i64,
}

/// Check-ins.
#[derive(Clone, Debug, Default, Serialize, Deserialize, ToSchema)]
pub(super) struct CheckIns {
    /// The last day on which the member checked in.
    #[schema(value_type = Option<String>, format = Date)]
    last: Option<String>,
    /// The run of days that ends with it.
    run: i64,
}

/// A member's book in a programme.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = PointsBook)]
pub(super) struct BookDto {
    programme: ProgrammeRef,
    /// Balances: `pending`, `available`, `frozen`, `issued`, `redeemed`, `expired`, `reversed`. They sum to nothing.
    accounts: BTreeMap<String, i64>,
    /// Points owed: taken back after they were spent.
    debt: i64,
    /// Lots with something left, in the order in which they are spent.
    lots: Vec<LotDto>,
    tier: Option<TierDto>,
    next: Option<NextDto>,
    /// What ends within ninety days.
    expiring: Vec<Expiring>,
    /// 6 for the most active; none without a visit, or where the rules grade nobody.
    activity_grade: Option<i64>,
    check_in: CheckIns,
    /// Up to when it knows.
    #[schema(value_type = String, format = DateTime)]
    known_at: Instant,
}

impl BookDto {
    pub(super) fn of(view: BookView, currency: Currency, lang: Lang) -> Result<Self> {
        let metric = |m| -> Result<String> { Ok(serde_json::to_value(m)?.as_str().unwrap_or_default().to_owned()) };
        let next = view.missing.as_ref().map(|missing| -> Result<NextDto> {
            let of = missing.of.iter().map(|(m, n)| Ok(MissingPart { metric: metric(*m)?, missing: *n })).collect::<Result<Vec<_>>>()?;
            Ok(NextDto { tier: missing.tier.clone(), any: missing.any, of, sentence: missing.sentence(currency, lang.is_zh()) })
        });
        Ok(Self {
            programme: ProgrammeRef { id: view.programme.id, name: view.programme.name },
            accounts: view.accounts.into_iter().map(|(account, n)| (account.to_owned(), n)).collect(),
            debt: view.debt,
            lots: view.lots.into_iter().map(|l| LotDto { id: l.id, left: l.left, last_day: l.last_day.to_string() }).collect(),
            tier: view.tier.map(|t| TierDto { id: t.id, until: t.until, in_grace: t.in_grace }),
            next: next.transpose()?,
            expiring: view.expiring.into_iter().map(|(day, points)| Expiring { day: day.to_string(), points }).collect(),
            activity_grade: view.activity_grade.and_then(|g| i64::try_from(g).ok()),
            check_in: view.check_in.map_or_else(CheckIns::default, |(day, run)| CheckIns { last: Some(day.to_string()), run }),
            known_at: view.known_at,
        })
    }
}

/// What came of a request about points.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = PointsAnswer)]
pub(super) struct Answer {
    /// `ok`, `duplicate` (this id was taken before; nothing changed) or `already_today`.
    pub result: String,
    /// Balances now.
    pub accounts: BTreeMap<String, i64>,
    /// The tier now, where there is a ladder.
    pub tier: Option<TierDto>,
}

impl From<Answered> for Answer {
    fn from(answered: Answered) -> Self {
        let Answered { result, accounts, tier, .. } = answered;
        Self { result, accounts, tier: tier.map(|t| TierDto { id: t.id, until: t.until, in_grace: t.in_grace }) }
    }
}

/// Why an entry was booked.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = EntryCause)]
pub(super) struct CauseDto {
    /// The event's kind, or what happened by itself: `final`, `lot_end`, `birthday`, `tier_reward`.
    kind: String,
    /// The event's id; else the order, lot, year or tier.
    id: String,
    /// What people call it, in the caller's language.
    label: String,
    /// Who asked for it, and why; of what somebody asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    by: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
}

/// An entry of the ledger. It is never changed.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = PointsEntry)]
pub(super) struct EntryDto {
    /// Whose; only where entries of several members are listed.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, example = "mem_01kc…")]
    member: Option<MemberId>,
    /// Its number in the member's book.
    seq: i64,
    /// From this account
    from: String,
    /// to this one
    to: String,
    /// so many points.
    amount: i64,
    /// By how much it changed the points free to spend.
    change: i64,
    /// The lot that it takes from or gives to.
    lot: Option<String>,
    cause: CauseDto,
    /// The version of the rules that was in force; 0 is before the programme began.
    version: u32,
    #[schema(value_type = String, format = DateTime)]
    happened_at: Instant,
    #[schema(value_type = String, format = DateTime)]
    booked_at: Instant,
    /// Whether it corrects earlier ones because something arrived late or was told otherwise.
    corrects: bool,
}

/// An entry's asker and reason.
pub(super) type Why = (String, Option<String>);

impl EntryDto {
    pub(super) fn of(kept: Kept, of_many: bool, why: Option<Why>, lang: Lang) -> Self {
        let (by, reason) = why.map_or((None, None), |(by, reason)| (Some(by), reason));
        let change = kept.change();
        let entry = kept.entry;
        Self {
            member: of_many.then_some(kept.member),
            seq: kept.seq,
            from: entry.from.name().to_owned(),
            to: entry.to.name().to_owned(),
            amount: entry.amount,
            change,
            lot: entry.lot,
            cause: CauseDto {
                label: words::cause(&entry.cause.kind, lang.is_zh()).to_owned(),
                kind: entry.cause.kind,
                id: entry.cause.id,
                by,
                reason,
            },
            version: entry.version,
            happened_at: entry.happened,
            booked_at: entry.booked,
            corrects: entry.corrects,
        }
    }
}
