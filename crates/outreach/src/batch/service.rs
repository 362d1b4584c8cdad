//! Batches made, previewed, looked at, changed, closed.

use std::collections::BTreeMap;

use shuke_access::{audit, merchants};
use shuke_kernel::{Ctx, Error, MerchantNo, Result};
use shuke_store::jobs::NewJob;
use shuke_store::{Event, Row, Store, Tx, args};

use super::apart::{Keeper, Since};
use super::freeze::FREEZE;
use super::funnel::{self, Rules, Seen};
use super::model::{self, Batch, Counts, Destination, Spec, State};
use super::{BatchId, NOT_FOUND, STALE, TAKEN, WRONG_STATE, codes, list, sql};
use crate::audience::{self, Found, Question};
use shuke_kernel::Instant;

/// An answer about the base may lie so far back, seconds.
const FRESH: i64 = 15 * 60;
/// Members that a preview judges at a time.
const STEP: usize = 400;

/// What somebody asks for.
#[derive(Clone, Debug)]
pub struct Ask {
    /// The id that a preview gave, so that the same members are held out.
    pub id: Option<BatchId>,
    /// As people call it.
    pub name: String,
    /// Where it goes.
    pub destination: Destination,
    /// For what.
    pub purpose: String,
    /// The rest.
    pub spec: Spec,
    /// Codes, one for each member.
    pub codes: Vec<String>,
    /// What it costs whatever its size.
    pub cost_fixed: i64,
    /// What a thousand rows cost.
    pub cost_per_thousand: i64,
}

/// What a preview shows.
#[derive(Clone, Debug)]
pub struct Preview {
    /// The id that the batch will have.
    pub batch: BatchId,
    /// How many have which verdict.
    pub counts: Counts,
    /// The batches that hold some of them out, and how many each: together the count of that verdict.
    pub held_by: Vec<(Keeper, i64)>,
    /// The time of the question.
    pub asked_at: Instant,
    /// Up to when the answer knows.
    pub known_at: Instant,
}

pub(crate) fn read(mut r: Row) -> Result<Batch> {
    let word = |e: Error| Error::fault(format!("a batch holds an unknown word: {e}"));
    Ok(Batch {
        id: r.get(0)?,
        name: r.get(1)?,
        state: State::read(&r.get::<String>(2)?, "state").map_err(word)?,
        destination: Destination::read(&r.get::<String>(3)?, "destination").map_err(word)?,
        purpose: r.get(4)?,
        spec: serde_json::from_str(&r.get::<String>(5)?)?,
        counts: serde_json::from_str(&r.get::<String>(6)?)?,
        job: r.get(7)?,
        asked_at: r.get(8)?,
        known_at: r.get(9)?,
        codes: r.get(10)?,
        codes_used: r.get(11)?,
        exports: r.get(12)?,
        currency: r.get::<String>(13)?.parse().map_err(Error::fault)?,
        cost_fixed: r.get(14)?,
        cost_per_thousand: r.get(15)?,
        created_at: r.get(16)?,
        created_by: r.get(17)?,
        frozen_at: r.get(18)?,
        handed_at: r.get(19)?,
        closed_at: r.get(20)?,
    })
}

/// One batch.
pub fn get(tx: &mut Tx<'_>, merchant: MerchantNo, id: BatchId) -> Result<Batch> {
    tx.row(sql::GET, args![merchant, id])?.map(read).transpose()?.ok_or_else(|| NOT_FOUND.refuse().into())
}

/// One batch, held until the transaction ends.
pub fn hold(tx: &mut Tx<'_>, merchant: MerchantNo, id: BatchId) -> Result<Batch> {
    tx.row(sql::HOLD, args![merchant, id])?.map(read).transpose()?.ok_or_else(|| NOT_FOUND.refuse().into())
}

/// Batches, newest first, before an id.
pub fn list(tx: &mut Tx<'_>, merchant: MerchantNo, state: &str, before: [u8; 16], limit: i64) -> Result<Vec<Batch>> {
    tx.rows(sql::LIST, args![merchant, before, state, limit])?.into_iter().map(read).collect()
}

/// Refuses what is in another state.
pub(crate) fn among(batch: &Batch, states: &[State]) -> Result<()> {
    if states.contains(&batch.state) { Ok(()) } else { Err(WRONG_STATE.with("state", batch.state.word()).into()) }
}

/// Who is meant now, of an answer that is fresh enough to act on.
pub(crate) fn fresh(store: &Store, cx: &Ctx, whom: &Question) -> Result<Found> {
    let (living, now) = (whom.members.as_ref().map(|listed| list::living(store, cx, listed)).transpose()?, cx.now);
    let found = match living {
        Some(members) => audience::find(store, cx.merchant, &Question { members: Some(members), ..whom.clone() }, now)?,
        None => audience::find(store, cx.merchant, whom, now)?,
    };
    if found.known_at < now.plus_seconds(-FRESH) {
        return Err(STALE.with("known_at", found.known_at).into());
    }
    Ok(found)
}

/// What freezing it now would come to. The answer names the id under which it comes true. Ends early
/// where `cancelled` says that nobody waits for it.
pub fn preview(
    store: &Store,
    cx: &Ctx,
    destination: Destination,
    purpose: &str,
    spec: &Spec,
    cancelled: &dyn Fn() -> bool,
) -> Result<Preview> {
    spec.check(destination, purpose)?;
    let found = fresh(store, cx, &spec.whom)?;
    let batch: BatchId = cx.new_id();
    let rules = std::sync::Arc::new(Rules::of(batch, destination, purpose, spec));
    let members: Vec<_> = found.members.iter().map(|m| (*m, found.excluded.contains(m))).collect();
    let (mut by, mut counts, mut seen) = (BTreeMap::new(), Counts::new(), std::sync::Arc::new(Seen::new()));
    for part in members.chunks(STEP) {
        if cancelled() {
            return Err(Error::fault("nobody waits for the preview any more"));
        }
        let (cx, rules, part, known) = (cx.clone(), rules.clone(), part.to_vec(), seen.clone());
        let judged = store.read_now(move |tx| funnel::judge(tx, &cx, &rules, &part, &known))?;
        for j in &judged {
            *counts.entry(j.verdict).or_default() += 1;
            if let Some(batch) = j.held_by {
                *by.entry(batch).or_insert(0_i64) += 1;
            }
        }
        std::sync::Arc::make_mut(&mut seen).extend(judged.iter().filter_map(|j| j.address.as_ref().map(funnel::half)));
    }
    let held_by = if by.is_empty() {
        Vec::new()
    } else {
        let (cx, rules) = (cx.clone(), rules.clone());
        let known = store.read_now(move |tx| funnel::keepers(tx, &cx, &rules, Since::Waiting))?;
        known.into_iter().filter_map(|k| by.get(&k.id).map(|n| (k.clone(), *n))).collect()
    };
    Ok(Preview { batch, counts, held_by, asked_at: cx.now, known_at: found.known_at })
}

/// Makes a batch; a job puts it together.
pub fn create(tx: &mut Tx<'_>, cx: &Ctx, ask: &Ask) -> Result<BatchId> {
    let name = model::name(&ask.name)?;
    ask.spec.check(ask.destination, &ask.purpose)?;
    model::cost(ask.cost_fixed, ask.cost_per_thousand)?;
    if ask.spec.with_codes {
        codes::serves(ask.destination)?;
    }
    let id: BatchId = ask.id.unwrap_or_else(|| cx.new_id());
    let currency = merchants::get(tx, cx.merchant)?.currency;
    let mut spec = ask.spec.clone();
    let listed = spec.whom.members.take();
    spec.listed = listed.as_ref().map(|members| members.len() as i64);
    let (spec, by) = (serde_json::to_string(&spec)?, cx.actor.label());
    let costs = (ask.cost_fixed, ask.cost_per_thousand);
    let put = args![cx.merchant, id, &name, ask.destination.word(), &ask.purpose, spec, currency.to_string(), costs.0, costs.1, cx.now, by];
    if tx.exec(sql::ADD, put)? == 0 {
        return Err(TAKEN.at("batch").into());
    }
    list::keep(tx, cx, id, &listed.unwrap_or_default())?;
    codes::add(tx, cx, id, &ask.codes)?;
    let title = format!("冻结批次 {name}");
    let key = format!("{FREEZE}/{id}");
    let job = tx.enqueue(cx, NewJob { kind: FREEZE, title: &title, args: &id, unique_key: Some(&key), run_at: cx.now, unit: "members" })?;
    tx.exec(sql::SET_JOB, args![cx.merchant, id, job])?;
    audit::record(tx, cx, "batch.created", &id.to_string(), &format!("{name}: {} for {}", ask.destination.word(), ask.purpose))?;
    Ok(id)
}

/// What is to change; what is absent stays.
#[derive(Clone, Default, Debug)]
pub struct BatchChange {
    /// Another name.
    pub name: Option<String>,
    /// Other costs.
    pub cost_fixed: Option<i64>,
    /// Likewise.
    pub cost_per_thousand: Option<i64>,
}

/// Changes name and costs, in any state.
pub fn change(tx: &mut Tx<'_>, cx: &Ctx, id: BatchId, change: &BatchChange) -> Result<Batch> {
    let found = hold(tx, cx.merchant, id)?;
    let name = change.name.as_deref().map_or_else(|| Ok(found.name.clone()), model::name)?;
    let (fixed, thousand) = (change.cost_fixed.unwrap_or(found.cost_fixed), change.cost_per_thousand.unwrap_or(found.cost_per_thousand));
    model::cost(fixed, thousand)?;
    tx.exec(sql::CHANGE, args![cx.merchant, id, &name, fixed, thousand])?;
    audit::record(tx, cx, "batch.changed", &id.to_string(), &name)?;
    get(tx, cx.merchant, id)
}

/// Closes a batch: no row leaves any more. One that nothing left from counts against nobody.
pub fn close(tx: &mut Tx<'_>, cx: &Ctx, id: BatchId) -> Result<Batch> {
    let found = hold(tx, cx.merchant, id)?;
    among(&found, &[State::Draft, State::Frozen, State::HandedOver])?;
    // A draft's counts come with its freezing, which will not be.
    let counts = if found.state == State::Draft { super::freeze::counted(tx, cx, id)? } else { found.counts.clone() };
    tx.exec(sql::CLOSED, args![cx.merchant, id, cx.now, serde_json::to_string(&counts)?])?;
    list::drop(tx, cx.merchant, id)?;
    audit::record(tx, cx, "batch.closed", &id.to_string(), &found.name)?;
    tx.emit(cx, event("batch.closed", &found, cx.now))?;
    get(tx, cx.merchant, id)
}

pub(crate) fn event(kind: &'static str, batch: &Batch, at: Instant) -> Event {
    let data = serde_json::json!({ "destination": batch.destination.word(), "purpose": batch.purpose }).to_string();
    Event { kind, version: 1, occurred_at: at, subject_kind: "bat", subject: *batch.id.bytes(), member: None, data }
}
