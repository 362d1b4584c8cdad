//! The job that loads an import: a thread of its own reads and converts (see
//! [`super::gather`]), the job's writes step by step.

use std::collections::{HashMap, VecDeque};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, sync_channel};

use serde::{Deserialize, Serialize};
use shuke_commerce::order::Change;
use shuke_kernel::{Error, Instant, MerchantNo, Result};
use shuke_members::consent::suppression;
use shuke_members::identity::Evidence;
use shuke_store::jobs::{JobEnd, JobHandler, JobRun};
use shuke_store::{Engine, Event, Lane, Pending, Tx, args};

use super::convert::Origin;
use super::gather::{Reading, Step};
use super::model::{Counts, ImportId, ImportRun, Place, QuarantineId};
use super::{convert, quarantine, service, sql, staging, tags};
use crate::Canonical;

/// The kind of the loading job.
pub const LOAD: &str = "import.load";
/// The kind of the job that takes an import back.
pub const UNDO: &str = "import.undo";

/// What either job is told.
#[derive(Clone, Serialize, Deserialize)]
pub struct Task {
    /// Which import.
    pub import: ImportId,
}

/// Orders that are counted by one read.
const COUNTED_AT_ONCE: i64 = 20_000;

/// Loads imports.
pub struct Load;

impl JobHandler for Load {
    fn kind(&self) -> &'static str {
        LOAD
    }

    fn run(&self, run: &JobRun) -> Result<JobEnd> {
        let id = run.args::<Task>()?.import;
        let m = run.merchant;
        let import = run.store.read_now(move |tx| service::get(tx, m, id))?;
        let mut place: Place = run.checkpoint()?.unwrap_or_default();
        let total: i64 = import.files.iter().map(|f| f.records).sum();
        for file in import.files.iter().filter(|f| !place.files.contains_key(&f.file)) {
            staging::unchanged(file).inspect_err(|_| fail(run, id))?;
        }
        let finished = load(run, &import, &mut place, total);
        if matches!(finished, Err(Error::Refused(_))) {
            fail(run, id);
        }
        if !finished? {
            // A lost lease looks like a stop: whoever holds the job now says how the import stands.
            let (fence, counts) = (run.fence(), place.counts.clone());
            run.store.write_now(Lane::Interactive, move |tx| {
                fence.hold(tx)?;
                settle(tx, m, id, &counts, "stopped", None)
            })?;
            return Ok(JobEnd::Stopped);
        }
        let cx = run.cx();
        // Only now: an item report names nobody, the order report after it does.
        place.counts.unidentified = unnamed(run, import.number)?;
        let (fence, loaded) = (run.fence(), place.counts.clone());
        let counts = run.store.write_now(Lane::Interactive, move |tx| {
            fence.hold(tx)?;
            let mut counts = loaded.clone();
            settle(tx, m, id, &counts, "done", Some(cx.now))?;
            let ended = service::get(tx, m, id)?;
            counts.ends_kept = tags::end(tx, &cx, &ended, &counts)?;
            tx.exec(sql::SET_COUNTS, args![m, id, serde_json::to_string(&counts)?])?;
            let mended = quarantine::mended_by(tx, m, id)?;
            tags::settled(tx, &cx, mended)?;
            tx.exec(sql::DROP_CHUNKS, args![m, id])?;
            let data = serde_json::to_string(&counts)?;
            tx.emit(
                &cx,
                Event {
                    kind: "import.finished",
                    version: 1,
                    occurred_at: cx.now,
                    subject_kind: "imp",
                    subject: *id.bytes(),
                    member: None,
                    data,
                },
            )?;
            let said = format!(
                "{} new orders, {} changed, {} new members, {} to repair",
                counts.orders_new, counts.orders_changed, counts.members_new, counts.quarantined
            );
            shuke_access::audit::record(tx, &cx, "import.finished", &id.to_string(), &said)?;
            Ok(counts)
        })?;
        Ok(JobEnd::Done(serde_json::to_value(&counts)?))
    }
}

/// Orders of an import that are nobody's; counted in steps, since some millions are more than one read may take.
fn unnamed(run: &JobRun, number: i64) -> Result<i64> {
    let (mut count, mut after) = (0, [0; 16]);
    loop {
        let cx = run.cx();
        let step = move |tx: &mut Tx<'_>| shuke_commerce::order::unnamed_of_import(tx, &cx, number, after, COUNTED_AT_ONCE);
        let (more, last) = run.store.read_now(step)?;
        count += more;
        let Some(last) = last else { return Ok(count) };
        after = last;
    }
}

fn fail(run: &JobRun, id: ImportId) {
    let (m, now, fence) = (run.merchant, run.store.clock().now(), run.fence());
    let _ = run.store.write_now(Lane::Interactive, move |tx| {
        fence.hold(tx)?;
        service::set_state(tx, m, id, "failed", None, Some(now))
    });
}

fn settle(tx: &mut Tx<'_>, m: MerchantNo, id: ImportId, counts: &Counts, state: &str, finished: Option<Instant>) -> Result<()> {
    tx.exec(sql::SET_COUNTS, args![m, id, serde_json::to_string(counts)?])?;
    service::set_state(tx, m, id, state, None, finished)
}

/// Loads what is not loaded yet. `false`: it was asked to stop.
fn load(run: &JobRun, import: &ImportRun, place: &mut Place, total: i64) -> Result<bool> {
    let (send, steps) = sync_channel(2);
    let (m, id, whole) = (run.merchant, import.id, import.clone());
    let (origin, mends) = run.store.read_now(move |tx| Ok((origin(tx, m, &whole)?, quarantine::any_elsewhere(tx, m, id)?)))?;
    let reading = Reading {
        store: run.store.clone(),
        merchant: run.merchant,
        import: import.id,
        origin,
        mends,
        files: import.files.clone(),
        // SQLite writes them one after the other.
        beside: if run.store.engine() == Engine::Sqlite { 0 } else { ahead(run) - 1 },
        done: place.files.clone(),
    };
    let reader = std::thread::Builder::new()
        .name("import-read".to_owned())
        .spawn(move || reading.read(&send))
        .map_err(|e| Error::fault(format!("cannot start a thread: {e}")))?;
    let finished = write(run, import.id, &steps, place, total);
    drop(steps);
    reader.join().map_err(|_| Error::fault("the reading thread panicked"))??;
    finished
}

/// Steps that may be under way at once.
const AHEAD: usize = 20;
/// The same on PostgreSQL, where two run side by side and a third waits for a connection.
const AHEAD_POSTGRES: usize = 3;

fn ahead(run: &JobRun) -> usize {
    if run.store.engine() == Engine::Sqlite { AHEAD } else { AHEAD_POSTGRES }
}

fn write(run: &JobRun, id: ImportId, steps: &Receiver<Step>, place: &mut Place, total: i64) -> Result<bool> {
    let ahead = ahead(run);
    // A step is held until its answer is here, so that it is taken apart on this thread and not on the writer's.
    let mut under_way: VecDeque<(Pending<Place>, Arc<Step>)> = VecDeque::new();
    let mut finished = true;
    for step in steps.iter() {
        if run.should_stop()? {
            finished = false;
            break;
        }
        let (fence, cx, step) = (run.fence(), run.cx(), Arc::new(step));
        let held = step.clone();
        let written = run.store.write_soon(Lane::Bulk, move |tx| {
            let mut counts = Counts::default();
            apply(tx, &cx, id, &step, &mut counts)?;
            // Each step stands for itself: one that fails leaves only its own records to be read again.
            let mut at: Place = fence.load(tx)?.unwrap_or_default();
            at.counts.add(&counts);
            step.read.iter().for_each(|r| at.read(r));
            fence.save(tx, cx.now, &at, at.records(), Some(total))?;
            Ok(at)
        });
        under_way.push_back((written, held));
        if under_way.len() >= ahead
            && let Some((first, _)) = under_way.pop_front()
        {
            place.follow(first.wait()?);
        }
    }
    for (pending, _) in under_way {
        place.follow(pending.wait()?);
    }
    Ok(finished)
}

fn apply(tx: &mut Tx<'_>, cx: &shuke_kernel::Ctx, id: ImportId, step: &Step, counts: &mut Counts) -> Result<()> {
    counts.lines += step.counts.lines;
    counts.skipped += step.counts.skipped;
    counts.refunds += step.counts.refunds;
    let mut counted = std::collections::HashSet::new();
    for seen in shuke_commerce::order::observe_many(tx, cx, &step.orders)? {
        // Several statements about one order in one step have one answer.
        if !counted.insert(seen.order) {
            continue;
        }
        match seen.change {
            Change::Created => counts.orders_new += 1,
            Change::Changed => counts.orders_changed += 1,
            Change::Unchanged => counts.unchanged += 1,
        }
        counts.members_new += i64::from(seen.member_created);
    }
    shuke_commerce::refund::observe_alone(tx, cx, &step.refunds)?;
    members(tx, cx, step.number, &step.members, counts)?;
    let number = step.number;
    let said: Vec<_> = step.products.iter().map(|p| convert::product(p, number)).collect();
    counts.products += shuke_commerce::product::observe_many(tx, cx, &said)?.len() as i64;
    let suppress: Vec<_> = step
        .suppressions
        .iter()
        .map(|s| suppression::New {
            channel: s.channel.to_owned(),
            value: s.value.clone(),
            reason: s.reason.clone().unwrap_or_else(|| "import".to_owned()),
            source: "import".to_owned(),
            at: s.at,
        })
        .collect();
    counts.suppressions += suppression::suppress(tx, cx, &suppress)?.into_iter().filter(|r| matches!(r, Ok(true))).count() as i64;
    tags::load(tx, cx, id, step, counts)?;
    let took = shuke_commerce::weather::observe_many(tx, cx, (number, *id.bytes()), &step.weather)?;
    counts.weather += took.changed;
    counts.unchanged += took.unchanged;
    quarantine::add_all(tx, cx, id, &step.refused, counts)?;
    if !step.loaded.is_empty() {
        counts.mended += quarantine::mend(tx, cx, id, &step.loaded)?;
    }
    Ok(())
}

/// Whose records an import brings.
pub(super) fn origin(tx: &mut Tx<'_>, m: MerchantNo, import: &ImportRun) -> Result<Origin> {
    let Some(shop) = import.shop.map(shuke_access::ShopId::from_bytes) else {
        return Ok(Origin { import: import.number, ..Origin::default() });
    };
    let entity = shuke_access::shops::entity_of(tx, m, shop)?;
    let further = shuke_access::shops::is_a_further_one(tx, m, shop)?;
    Ok(Origin { import: import.number, shop: Some(shop.to_string()), entity, further })
}

/// Member rows: what was said before is passed over, the rest becomes evidence of this import.
fn members(tx: &mut Tx<'_>, cx: &shuke_kernel::Ctx, number: i64, evidence: &[Evidence], counts: &mut Counts) -> Result<()> {
    if evidence.is_empty() {
        return Ok(());
    }
    let record = |e: &Evidence| e.source_id.clone().unwrap_or_default().into_bytes();
    let mut by_source: HashMap<&str, Vec<&Evidence>> = HashMap::new();
    for e in evidence {
        by_source.entry(&e.source).or_default().push(e);
    }
    for (source, list) in by_source {
        let names: Vec<Vec<u8>> = list.iter().map(|e| record(e)).collect();
        let mut known = std::collections::HashSet::new();
        for mut row in tx.rows(sql::KNOWN_RECORDS, args![cx.merchant, source, names])? {
            known.insert(row.get::<Vec<u8>>(0)?);
        }
        let fresh: Vec<Evidence> = list.into_iter().filter(|e| known.insert(record(e))).cloned().collect();
        counts.unchanged += (evidence.len() - fresh.len()) as i64;
        let answers = shuke_members::identity::identify_many(tx, cx, &fresh)?;
        let rows = fresh
            .iter()
            .zip(&answers)
            .map(|(e, a)| vec![cx.merchant.into(), e.source.as_str().into(), record(e).into(), number.into(), a.key_set.into()])
            .collect();
        tx.insert_many(&RECORD, rows)?;
        counts.members += fresh.len() as i64;
        counts.members_new += answers.iter().filter(|a| a.created).count() as i64;
    }
    Ok(())
}

const RECORD: shuke_store::InsertMany = shuke_store::InsertMany {
    table: "member_record",
    columns: &[
        shuke_store::Column::Int("merchant"),
        shuke_store::Column::Text("source"),
        shuke_store::Column::Bytes("record"),
        shuke_store::Column::Int("import"),
        shuke_store::Column::Bytes("key_set"),
    ],
    then: "ON CONFLICT (merchant, source, record) DO NOTHING",
};

/// Loads one record that was repaired in quarantine, of that file, place and row; the one that it corrects, if it
/// does. Tells why where it still
/// cannot be loaded.
pub fn load_one(
    tx: &mut Tx<'_>,
    cx: &shuke_kernel::Ctx,
    import: &ImportRun,
    (file, place, row): (&str, u32, u64),
    reference: Option<QuarantineId>,
    canonical: Canonical,
) -> Result<Option<&'static str>> {
    let origin = origin(tx, cx.merchant, import)?;
    let mut step = Step { number: import.number, ..Step::default() };
    match canonical {
        Canonical::Order(o) => step.orders.push(convert::order(&o, &origin).note()?),
        Canonical::Item(i) => step.orders.extend(convert::items(&[(place, *i)], &origin).map(|o| o.note()).transpose()?),
        Canonical::Refund(r) if r.order_no.is_none() => step.refunds.push(convert::refund(&r, &origin).note()?),
        Canonical::Refund(r) => step.orders.push(convert::refund(&r, &origin).note()?),
        Canonical::Member(member) => step.members.push(convert::member(&member, &origin, &convert::proof(file, row))),
        Canonical::Product(p) => step.products.push(*p),
        Canonical::Suppression(s) => step.suppressions.push(*s),
        Canonical::Weather(w) => step.weather.push(*w),
        Canonical::Tag(t) => {
            let (said, by_name) = convert::tags(&t, file);
            return tags::load_one(tx, cx, import, origin.entity, (reference, &said, by_name));
        }
    }
    let mut counts = import.counts.clone();
    apply(tx, cx, import.id, &step, &mut counts)?;
    tx.exec(sql::SET_COUNTS, args![cx.merchant, import.id, serde_json::to_string(&counts)?])?;
    Ok(None)
}
