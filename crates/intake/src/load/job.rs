//! The job that loads an import: one thread reads and converts, the job's own writes step by step.

use std::collections::HashMap;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};

use serde::{Deserialize, Serialize};
use shuke_commerce::order::{Change, Noted};
use shuke_kernel::{Error, Instant, MerchantNo, Result};
use shuke_members::consent::suppression;
use shuke_members::identity::Evidence;
use shuke_store::jobs::{JobEnd, JobHandler, JobRun};
use shuke_store::{Event, Lane, Store, Tx, args};

use super::model::{Counts, FileRun, ImportId, ImportRun, Place};
use super::{convert, quarantine, service, sql, staging};
use crate::record::{ItemRecord, OrderRecord, Part, ProductRecord, SuppressionRecord};
use crate::{Canonical, Record, Source, Verdict};

/// The kind of the loading job.
pub const LOAD: &str = "import.load";
/// The kind of the job that takes an import back.
pub const UNDO: &str = "import.undo";

/// Orders, members, products and quarantined records of one step's transaction together.
const STEP: usize = 500;

/// What either job is told.
#[derive(Clone, Serialize, Deserialize)]
pub struct Task {
    /// Which import.
    pub import: ImportId,
}

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
        for file in &import.files {
            if file.file < place.file {
                continue;
            }
            if place.record == 0 {
                staging::unchanged(file).inspect_err(|_| fail(run, id))?;
            }
            if !load_file(run, &import, file, &mut place, total)? {
                let at = place.clone();
                run.store.write_now(Lane::Interactive, move |tx| settle(tx, m, id, &at.counts, "stopped", None))?;
                return Ok(JobEnd::Stopped);
            }
            place = Place { file: file.file + 1, record: 0, before: place.before + file.records, counts: place.counts };
        }
        let (cx, number) = (run.cx(), import.number);
        let inner = cx.clone();
        // Only now: an item report names nobody, the order report after it does.
        place.counts.unidentified = run.store.read_now(move |tx| shuke_commerce::order::unnamed_of_import(tx, &inner, number))?;
        let counts = place.counts.clone();
        run.store.write_now(Lane::Interactive, move |tx| {
            settle(tx, m, id, &counts, "done", Some(cx.now))?;
            tx.exec(sql::DROP_CHUNKS, args![m, id])?;
            let data = serde_json::to_string(&counts)?;
            tx.emit(&cx, Event { kind: "import.finished", version: 1, occurred_at: cx.now, subject_kind: "imp", subject: *id.bytes(), member: None, data })
        })?;
        Ok(JobEnd::Done(serde_json::to_value(&place.counts)?))
    }
}

fn fail(run: &JobRun, id: ImportId) {
    let (m, now) = (run.merchant, run.store.clock().now());
    let _ = run.store.write_now(Lane::Interactive, move |tx| service::set_state(tx, m, id, "failed", None, Some(now)));
}

fn settle(tx: &mut Tx<'_>, m: MerchantNo, id: ImportId, counts: &Counts, state: &str, finished: Option<Instant>) -> Result<()> {
    tx.exec(sql::SET_COUNTS, args![m, id, serde_json::to_string(counts)?])?;
    service::set_state(tx, m, id, state, None, finished)
}

/// What one transaction writes.
#[derive(Clone, Default)]
struct Step {
    /// The import's number.
    number: i64,
    /// Records up to here are in this step or an earlier one.
    up_to: u64,
    orders: Vec<Noted>,
    /// Refunds that name no order.
    refunds: Vec<Noted>,
    members: Vec<Evidence>,
    products: Vec<ProductRecord>,
    suppressions: Vec<SuppressionRecord>,
    refused: Vec<quarantine::Refused>,
    counts: Counts,
}

impl Step {
    fn size(&self) -> usize {
        self.orders.len() + self.refunds.len() + self.members.len() + self.products.len() + self.suppressions.len() + self.refused.len()
    }
}

/// Loads a file from the place on. `false`: it was asked to stop.
fn load_file(run: &JobRun, import: &ImportRun, file: &FileRun, place: &mut Place, total: i64) -> Result<bool> {
    let (send, steps) = sync_channel(2);
    let (store, m, number, from) = (run.store.clone(), run.merchant, import.number, place.record);
    let (id, file) = (import.id, file.clone());
    let shop = import.shop.map(|s| shuke_access::ShopId::from_bytes(s).to_string());
    let reader = std::thread::Builder::new()
        .name("import-read".to_owned())
        .spawn(move || read(&store, m, id, &file, number, shop.as_deref(), from, &send))
        .map_err(|e| Error::fault(format!("cannot start a thread: {e}")))?;
    let finished = write(run, import.id, &steps, place, total);
    drop(steps);
    reader.join().map_err(|_| Error::fault("the reading thread panicked"))??;
    finished
}

fn write(run: &JobRun, id: ImportId, steps: &Receiver<Step>, place: &mut Place, total: i64) -> Result<bool> {
    for step in steps.iter() {
        if run.should_stop()? {
            return Ok(false);
        }
        let (fence, cx, mut at) = (run.fence(), run.cx(), place.clone());
        at.record = step.up_to;
        let done = run.store.write_now(Lane::Bulk, move |tx| {
            let mut at = at.clone();
            apply(tx, &cx, id, &step, &mut at.counts)?;
            fence.save(tx, cx.now, &at, at.before + at.record as i64, Some(total))?;
            Ok(at)
        })?;
        *place = done;
    }
    Ok(true)
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
    for refused in &step.refused {
        counts.quarantined += quarantine::add(tx, cx, id, refused)?;
    }
    Ok(())
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

/// Loads one record that was repaired in quarantine.
pub fn load_one(tx: &mut Tx<'_>, cx: &shuke_kernel::Ctx, import: &ImportRun, place: u32, canonical: Canonical) -> Result<()> {
    let shop = import.shop.map(|s| shuke_access::ShopId::from_bytes(s).to_string());
    let mut step = Step { number: import.number, ..Step::default() };
    match canonical {
        Canonical::Order(o) => step.orders.push(convert::order(&o, shop.as_deref(), import.number).note()?),
        Canonical::Item(i) => step.orders.extend(convert::items(&[(place, *i)], import.number).map(|o| o.note()).transpose()?),
        Canonical::Refund(r) if r.order_no.is_none() => step.refunds.push(convert::refund(&r, import.number).note()?),
        Canonical::Refund(r) => step.orders.push(convert::refund(&r, import.number).note()?),
        Canonical::Member(member) => step.members.push(convert::member(&member)),
        Canonical::Product(p) => step.products.push(*p),
        Canonical::Suppression(s) => step.suppressions.push(*s),
    }
    let mut counts = import.counts.clone();
    apply(tx, cx, import.id, &step, &mut counts)?;
    tx.exec(sql::SET_COUNTS, args![cx.merchant, import.id, serde_json::to_string(&counts)?]).map(|_| ())
}

/// Reads a file and sends steps. Ends early, without an error, when nobody listens any more.
#[expect(clippy::too_many_arguments, reason = "the arguments of one thread, used in one place")]
fn read(store: &Store, m: MerchantNo, id: ImportId, file: &FileRun, number: i64, shop: Option<&str>, from: u64, send: &SyncSender<Step>) -> Result<()> {
    let input = staging::input(store, m, id, file);
    let source = Source::open(&input, file.mapping.as_ref(), store.clock().now()).map_err(Error::fault)?;
    let mut gather = Gather { number, shop, from, step: Step { number, ..Step::default() }, order: None, items: Vec::new(), rows_of: HashMap::new(), file: file.file, at: (0, 0) };
    let mut source = source;
    let mut last = 0;
    for record in source.by_ref() {
        last = record.record_no;
        if let Some(step) = gather.take(record)
            && send.send(step).is_err()
        {
            return Ok(());
        }
    }
    if let Some(why) = source.failure() {
        return Err(Error::fault(format!("reading stopped after record {last}: {why}")));
    }
    gather.flush();
    gather.step.up_to = last;
    let _ = send.send(gather.step);
    Ok(())
}

/// Gathers records into steps; rows of one order stay together.
struct Gather<'a> {
    number: i64,
    shop: Option<&'a str>,
    from: u64,
    step: Step,
    /// The order whose rows are being gathered.
    order: Option<OrderRecord>,
    /// The item rows of one order, with their places.
    items: Vec<(u32, ItemRecord)>,
    /// How many rows of each order were seen, good or bad: a row's place does not depend on its neighbours' health.
    rows_of: HashMap<u64, u32>,
    file: i64,
    /// Record and row being read.
    at: (u64, u64),
}

impl Gather<'_> {
    fn take(&mut self, record: Record) -> Option<Step> {
        let place = self.place(&record);
        let ready = self.boundary(&record);
        self.at = (record.record_no, record.row_no);
        if record.record_no <= self.from {
            return None;
        }
        let full = ready && self.step.size() >= STEP;
        let step = full.then(|| {
            let mut step = std::mem::replace(&mut self.step, Step { number: self.number, ..Step::default() });
            step.up_to = record.record_no - 1;
            step
        });
        match record.verdict {
            Verdict::Skipped => self.step.counts.skipped += 1,
            Verdict::Bad => self.step.refused.push(quarantine::Refused::of(self.file, place, record)),
            Verdict::Good => self.add(record, place),
        }
        step
    }

    /// Ends the order being gathered if this record is not of it. Whether a step may end here.
    fn boundary(&mut self, record: &Record) -> bool {
        let same_order = self.order.as_ref().is_some_and(|o| match &record.canonical {
            Some(Canonical::Order(next)) => next.part != Part::Whole && (next.order_no == o.order_no || next.part == Part::Continuation),
            _ => false,
        });
        let same_items = self.items.first().is_some_and(|(_, i)| matches!(&record.canonical, Some(Canonical::Item(next)) if next.order_no == i.order_no));
        if same_order || same_items {
            return false;
        }
        self.flush();
        true
    }

    fn place(&mut self, record: &Record) -> u32 {
        if record.key.is_empty() {
            return 0;
        }
        let count = self.rows_of.entry(crate::source::hash(record.key.as_str())).or_insert(0);
        *count += 1;
        *count - 1
    }

    fn add(&mut self, record: Record, place: u32) {
        match record.canonical {
            Some(Canonical::Order(o)) => match &mut self.order {
                Some(first) => first.merge(&o),
                None => self.order = Some(*o),
            },
            Some(Canonical::Item(i)) => self.items.push((place, *i)),
            Some(Canonical::Refund(r)) => {
                self.step.counts.refunds += 1;
                let alone = r.order_no.is_none();
                self.note(convert::refund(&r, self.number), alone);
            }
            Some(Canonical::Member(m)) => self.step.members.push(convert::member(&m)),
            Some(Canonical::Product(p)) => self.step.products.push(*p),
            Some(Canonical::Suppression(s)) => self.step.suppressions.push(*s),
            None => {}
        }
    }

    fn flush(&mut self) {
        if let Some(o) = self.order.take() {
            self.step.counts.lines += o.lines.len() as i64;
            self.note(convert::order(&o, self.shop, self.number), false);
        }
        let items = std::mem::take(&mut self.items);
        self.step.counts.lines += items.len() as i64;
        if let Some(o) = convert::items(&items, self.number) {
            self.note(o, false);
        }
    }

    fn note(&mut self, observation: shuke_commerce::order::Observation, alone: bool) {
        let key = observation.source_id.clone();
        match observation.note() {
            Ok(noted) if alone => self.step.refunds.push(noted),
            Ok(noted) => self.step.orders.push(noted),
            // The reader let it pass, commerce does not: a reader's defect, but the row is not lost.
            Err(refusal) => self.step.refused.push(quarantine::Refused::by_commerce(self.file, self.at, key, &refusal)),
        }
    }
}
