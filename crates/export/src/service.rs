//! Asking for an export, looking at it, and letting go of it.

use shuke_access::{audit, merchants};
use shuke_commerce::settlement::service::Window;
use shuke_kernel::{Actor, Ctx, Currency, Instant, MerchantNo, Result, Zone};
use shuke_members::profile::words;
use shuke_members::tag;
use shuke_sheets::{Format, Sheet};
use shuke_store::jobs::NewJob;
use shuke_store::{Lane, Row, Store, Tx, args};

use crate::job::{DROP, GATHER, Task, Waste};
use crate::model::{
    ExportId, GONE, NO_COLUMN, NOT_FOUND, NOT_READY, NOTHING_MASKED, ONE_TABLE, REASON, Rows, Run, SettlementFilter, Spec, TOO_MANY,
    UNKNOWN_WORD, WINDOW, Wanted,
};
use crate::{source, sql};

/// A file is kept for so long.
pub const KEEP_SECONDS: i64 = 3 * 24 * 3600;
/// That there was an export is shown for so long.
pub const SHOW_SECONDS: i64 = 30 * 24 * 3600;

/// So many exports of a merchant are kept at a time.
pub const LIVE_AT_MOST: i64 = 200;
/// So many are let go of in one transaction.
const SWEPT: i64 = 100;

/// What somebody asks for.
#[derive(Clone, Debug)]
pub struct Ask {
    /// Which list.
    pub wanted: Wanted,
    /// As which file.
    pub format: Format,
    /// Identifiers in clear; whoever calls has checked that the caller may.
    pub clear: bool,
    /// Why in clear.
    pub reason: String,
    /// Chinese headings.
    pub zh: bool,
    /// Only these columns, by their names in the API; empty for all.
    pub columns: Vec<String>,
}

/// Queues an export, and writes into the audit what was asked by whom and why.
pub fn start(tx: &mut Tx<'_>, cx: &Ctx, ask: &Ask) -> Result<ExportId> {
    // An erasure under way would not see this export, and this export would still see the person.
    merchants::share(tx, cx.merchant)?;
    let reason = ask.reason.trim();
    if ask.clear && !ask.wanted.has_masked() {
        return Err(NOTHING_MASKED.at("clear").into());
    }
    if ask.clear && (reason.is_empty() || reason.chars().count() > 500) {
        return Err(REASON.at("reason").into());
    }
    if ask.format != Format::Xlsx && matches!(ask.wanted, Wanted::Orders(_, Rows::Both)) {
        return Err(ONE_TABLE.at("rows").into());
    }
    ask.wanted.check()?;
    columns(ask)?;
    if tx.one(sql::LIVE, args![cx.merchant, cx.now])?.get::<i64>(0)? >= LIVE_AT_MOST {
        return Err(TOO_MANY.with("most", LIVE_AT_MOST).into());
    }
    if let Wanted::Members(filter) = &ask.wanted {
        tag::service::known(tx, cx, &filter.tags, "filter.tags")?;
        words::gender(filter.gender.clone(), "filter.gender")?;
        let platform = words::platform(filter.platform.as_deref().map(|p| p.trim().to_owned()));
        if !words::knows_platform(tx, cx, &platform)? {
            return Err(UNKNOWN_WORD.at("filter.platform").with("word", platform).into());
        }
    }
    let merchant = merchants::get(tx, cx.merchant)?;
    let zone = merchant.zone;
    let (subject, format, rows) = (ask.wanted.subject(), ask.format.word(), ask.wanted.rows());
    let list = if rows == "lines" { "order-lines" } else { subject };
    let file_name = format!("{list}-{}.{format}", stamp(&zone, cx.now));
    let filters = ask.wanted.filters().join(",");
    let wanted = settled(&ask.wanted, &zone, merchant.currency, cx.now)?;
    let spec =
        Spec { wanted, format: ask.format, clear: ask.clear, reason: reason.to_owned(), zh: ask.zh, zone, columns: ask.columns.clone() };
    let id: ExportId = cx.new_id();
    let sealed = tx.keys(cx.merchant)?.seal("export_run", id.bytes(), &serde_json::to_vec(&spec)?)?;
    let (by, until) = (cx.actor.label(), cx.now.plus_seconds(KEEP_SECONDS));
    tx.exec(
        sql::ADD,
        args![cx.merchant, id, subject, rows, format, i64::from(ask.clear), &file_name, &filters, &by, cx.now, until, sealed],
    )?;
    let task = Task { export: id };
    let job = NewJob { kind: GATHER, title: &file_name, args: &task, unique_key: None, run_at: cx.now, unit: "rows" };
    let job = tx.enqueue(cx, job)?;
    tx.exec(sql::SET_JOB, args![cx.merchant, id, job])?;
    let how = if ask.clear { format!("in clear: {reason}") } else { "masked".to_owned() };
    let by_filter = if filters.is_empty() { String::new() } else { format!("; filtered by {filters}") };
    audit::record(tx, cx, "export.requested", &id.to_string(), &format!("{list} as {format}, {how}{by_filter}"))?;
    Ok(id)
}

/// Refuses columns that no table has, and a table without any.
fn columns(ask: &Ask) -> Result<()> {
    if ask.columns.is_empty() {
        return Ok(());
    }
    let tables = source::whole(&ask.wanted);
    let has = |table: &Sheet, name: &String| table.fields.iter().any(|f| f.name == *name);
    if let Some(at) = ask.columns.iter().position(|c| !tables.iter().any(|t| has(t, c))) {
        return Err(UNKNOWN_WORD.at(format!("columns[{at}]")).with("word", &ask.columns[at]).into());
    }
    match tables.iter().find(|t| !ask.columns.iter().any(|c| has(t, c))) {
        Some(bare) => Err(NO_COLUMN.at("columns").with("table", &bare.name).into()),
        None => Ok(()),
    }
}

/// The list with what it leaves open taken from the merchant and the day: later pages must not read
/// another window than the first.
fn settled(wanted: &Wanted, zone: &str, currency: Currency, now: Instant) -> Result<Wanted> {
    let Wanted::Settlement(asked) = wanted else { return Ok(wanted.clone()) };
    let today = Zone::named(zone).unwrap_or_else(Zone::shanghai).day(now);
    let to = asked.to.unwrap_or_else(|| Window::year_to(today).1);
    let from = asked.from.unwrap_or_else(|| Window::year_to(to.yesterday().unwrap_or(to)).0);
    if from >= to {
        return Err(WINDOW.at("filter.from").into());
    }
    let currency = Some(asked.currency.unwrap_or(currency));
    Ok(Wanted::Settlement(SettlementFilter { from: Some(from), to: Some(to), currency, ..asked.clone() }))
}

/// The time as it stands in a file's name: `20261126-205001`.
fn stamp(zone: &str, now: Instant) -> String {
    let shown = Zone::named(zone).unwrap_or_else(Zone::shanghai).show(now);
    let digits: String = shown.chars().take(19).filter(char::is_ascii_digit).collect();
    format!("{}-{}", digits.get(..8).unwrap_or_default(), digits.get(8..).unwrap_or_default())
}

fn run(tx: &mut Tx<'_>, merchant: MerchantNo, mut r: Row) -> Result<Run> {
    let id: ExportId = r.get(0)?;
    let spec = tx.keys(merchant)?.open("export_run", id.bytes(), &r.get::<Vec<u8>>(15)?)?;
    Ok(Run {
        id,
        subject: r.get(1)?,
        rows_of: r.get(2)?,
        format: r.get(3)?,
        clear: r.get(4)?,
        state: r.get(5)?,
        epoch: r.get(6)?,
        job: r.get(7)?,
        rows: r.get(8)?,
        file_name: r.get(9)?,
        filters: r.get(10)?,
        created_by: r.get(11)?,
        created_at: r.get(12)?,
        finished_at: r.get(13)?,
        expires_at: r.get(14)?,
        spec: serde_json::from_slice(&spec)?,
    })
}

/// The export, if it is there; a deleted one is not.
pub fn find(tx: &mut Tx<'_>, merchant: MerchantNo, id: ExportId) -> Result<Option<Run>> {
    let row = tx.row(sql::GET, args![merchant, id])?;
    let found = row.map(|r| run(tx, merchant, r)).transpose()?;
    Ok(found.filter(|f| f.state != "deleted"))
}

/// Whether nothing of an export that was removed is left.
pub fn gone(tx: &mut Tx<'_>, merchant: MerchantNo, id: ExportId) -> Result<bool> {
    Ok(tx.row(sql::GET, args![merchant, id])?.is_none())
}

/// The export.
pub fn get(tx: &mut Tx<'_>, merchant: MerchantNo, id: ExportId) -> Result<Run> {
    find(tx, merchant, id)?.ok_or_else(|| NOT_FOUND.refuse().into())
}

/// The export, if its file can be had at `now`.
pub fn whole(tx: &mut Tx<'_>, merchant: MerchantNo, id: ExportId, now: Instant) -> Result<Run> {
    let found = get(tx, merchant, id)?;
    match found.state.as_str() {
        "ready" if found.expires_at > now => Ok(found),
        "ready" => Err(GONE.with("state", "expired").into()),
        "gathering" => Err(NOT_READY.with("state", "running").into()),
        state => Err(GONE.with("state", state).into()),
    }
}

/// Exports of these lists, newest first, before one.
pub fn list(tx: &mut Tx<'_>, merchant: MerchantNo, before: [u8; 16], subjects: &[&str], limit: i64) -> Result<Vec<Run>> {
    let subjects: Vec<String> = subjects.iter().map(|s| (*s).to_owned()).collect();
    let rows = tx.rows(sql::LIST, args![merchant, before, subjects, limit])?;
    rows.into_iter().map(|r| run(tx, merchant, r)).collect()
}

/// Writes into the audit who took a file.
pub fn taken(tx: &mut Tx<'_>, cx: &Ctx, id: ExportId) -> Result<()> {
    let found = whole(tx, cx.merchant, id, cx.now)?;
    let how = if found.clear { "in clear" } else { "masked" };
    audit::record(tx, cx, "export.downloaded", &id.to_string(), &format!("{} as {}, {how}", found.subject, found.format)).map(|_| ())
}

/// Stops an export and throws its file away.
pub fn remove(tx: &mut Tx<'_>, cx: &Ctx, id: ExportId) -> Result<()> {
    let found = get(tx, cx.merchant, id)?;
    if let Some(job) = found.job
        && ["queued", "running"].contains(&tx.job(cx.merchant, job)?.state.as_str())
    {
        tx.stop_job(cx.merchant, job)?;
    }
    retire(tx, cx, id, "deleted")?;
    audit::record(tx, cx, "export.deleted", &id.to_string(), "").map(|_| ())
}

/// Takes an export's pieces away from it; a job throws them away, a few at a time.
fn retire(tx: &mut Tx<'_>, cx: &Ctx, id: ExportId, state: &str) -> Result<()> {
    tx.exec(sql::RETIRE, args![cx.merchant, id, state])?;
    let waste = Waste { export: id };
    let title = "导出文件清理 · Throwing an export's file away";
    tx.enqueue(cx, NewJob { kind: DROP, title, args: &waste, unique_key: None, run_at: cx.now, unit: "pieces" }).map(|_| ())
}

/// Somebody was erased: no finished file with members in it may be had from now on, and unfinished
/// ones begin anew. For the transaction that erases.
pub fn erased(tx: &mut Tx<'_>, cx: &Ctx) -> Result<()> {
    merchants::hold(tx, cx.merchant)?;
    let mut found = Vec::new();
    for mut r in tx.rows(sql::WITH_MEMBERS, args![cx.merchant])? {
        found.push((r.get::<ExportId>(0)?, r.get::<String>(1)?));
    }
    for (id, state) in found {
        retire(tx, cx, id, if state == "ready" { "withdrawn" } else { &state })?;
    }
    Ok(())
}

/// Lets go of files whose time is over, and forgets exports that nobody looks for any more.
/// Called now and then by a worker. Returns how many went.
pub fn sweep(store: &Store) -> Result<u64> {
    let now = store.clock().now();
    let mut gone = 0;
    for merchant in store.read_now(merchants::every)? {
        loop {
            let cx = Ctx::new(merchant.no, Actor::System("upkeep"), now);
            let (count, more) = store.write_now(Lane::Bulk, move |tx| sweep_some(tx, &cx))?;
            gone += count;
            if !more {
                break;
            }
        }
    }
    Ok(gone)
}

/// Lets go of some of a merchant's. Returns how many went, and whether there may be more.
fn sweep_some(tx: &mut Tx<'_>, cx: &Ctx) -> Result<(u64, bool)> {
    let expired = tx.rows(sql::EXPIRED, args![cx.merchant, cx.now, SWEPT])?;
    let forgotten = tx.rows(sql::FORGOTTEN, args![cx.merchant, cx.now.plus_seconds(-SHOW_SECONDS), SWEPT])?;
    let more = [&expired, &forgotten].iter().any(|found| found.len() as i64 == SWEPT);
    let mut count = expired.len() as u64;
    for mut r in expired {
        retire(tx, cx, r.get(0)?, "expired")?;
    }
    for mut r in forgotten {
        count += tx.exec(sql::FORGET, args![cx.merchant, r.get::<ExportId>(0)?])?;
    }
    Ok((count, more))
}
