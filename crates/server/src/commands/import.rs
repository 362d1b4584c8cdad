//! `shuke import`: preview without a store; load with progress, stop and resume.

use std::path::Path;
use std::time::Duration;

use anyhow::{Result, bail};
use serde_json::json;
use shuke_intake::load::model::{ImportId, ImportRun};
use shuke_intake::load::service::{self, Incoming};
use shuke_intake::{Mapping, Options};
use shuke_kernel::{Actor, Clock, Ctx, Currency, SystemClock, Zone};
use shuke_store::{Lane, Store};

use super::admin::merchant;
use crate::cli::Import;
use crate::out::Out;
use crate::wrong::wrong;

/// Good records shown in a preview as they would be read.
const SHOWN: usize = 1_000;

fn mapping(options: &Import, directory: &Path) -> Result<Option<Mapping>> {
    let Some(path) = &options.mapping else { return Ok(None) };
    let path = directory.join(path);
    let no = |why: String| wrong("import.malformed_mapping", format!("{}: {why}", path.display()));
    let text = std::fs::read_to_string(&path).map_err(|e| no(format!("the mapping cannot be read: {e}")))?;
    let mapping: Mapping = serde_json::from_str(&text).map_err(|e| no(format!("this is not a mapping of columns: {e}")))?;
    if let Err(e) = mapping.currency.parse::<Currency>() {
        return Err(no(format!("currency: {e}")));
    }
    if Zone::named(&mapping.zone).is_none() {
        return Err(no(format!("zone: `{}` is no IANA zone such as Asia/Shanghai", mapping.zone)));
    }
    if let Some(order) = mapping.day_order.as_deref().filter(|o| !["month_first", "day_first"].contains(o)) {
        return Err(no(format!("day_order: `{order}` is neither month_first nor day_first")));
    }
    Ok(Some(mapping))
}

/// Shows how files would be read. Exit code 0 also when rows are bad, 2 when a file is no table.
pub fn preview(options: &Import, out: &mut Out<'_>) -> Result<u8> {
    let here = std::env::current_dir()?;
    let mut how = Options { now: SystemClock.now(), canonical: SHOWN, advice: !out.json, ..Options::default() };
    if let Some(mapping) = mapping(options, &here)? {
        how.mappings =
            options.files.iter().filter_map(|f| Some((f.file_name()?.to_string_lossy().into_owned(), mapping.clone()))).collect();
    }
    let answer = shuke_intake::preview_files(&options.files, &how);
    let unreadable = answer["files"].as_array().into_iter().flatten().any(|f| f.get("error").is_some());
    if out.json {
        out.object(&answer)?;
    } else {
        for file in answer["files"].as_array().into_iter().flatten() {
            show(file, out)?;
        }
    }
    Ok(if unreadable { 2 } else { 0 })
}

fn show(file: &serde_json::Value, out: &mut Out<'_>) -> Result<()> {
    let text = |k: &str| file[k].as_str().unwrap_or("-").to_owned();
    if let Some(error) = file.get("error") {
        return out.line(format!(
            "{}\n  {}\n  {}",
            text("file"),
            error["text"].as_str().unwrap_or_default(),
            error["text_en"].as_str().unwrap_or_default()
        ));
    }
    out.line(format!("{}\n  {} ({}), {} columns", text("file"), text("format"), text("encoding"), file["columns"]))?;
    out.line(format!("  {} records: {} good, {} bad, {} skipped", file["records"], file["good"], file["bad"], file["skipped"]))?;
    for note in file["notes"].as_array().into_iter().flatten() {
        out.line(format!("  ! {}\n    {}", note["text"].as_str().unwrap_or_default(), note["text_en"].as_str().unwrap_or_default()))?;
    }
    for (list, codes) in [("not_good", "reasons"), ("warned", "warnings")] {
        for record in file[list].as_array().into_iter().flatten() {
            let place = record["sheet"].as_str().map_or_else(String::new, |s| format!(", {s} row {}", record["row"]));
            let codes: Vec<_> = record[codes].as_array().into_iter().flatten().filter_map(|c| c.as_str()).collect();
            out.line(format!(
                "  {} record {}{place} ({}): {}",
                record["verdict"].as_str().unwrap_or("note"),
                record["record"],
                record["key"].as_str().unwrap_or_default(),
                codes.join(", ")
            ))?;
        }
    }
    Ok(())
}

/// Loads files, or takes an import back.
pub fn load(store: &Store, options: &Import, directory: &Path, out: &mut Out<'_>) -> Result<u8> {
    let merchant = merchant(store, options.merchant.as_deref())?;
    let cx = Ctx::new(merchant.no, Actor::Cli, store.clock().now());
    if let Some(id) = &options.undo {
        let id: ImportId = id.parse().map_err(|_| {
            wrong("import.malformed_id", format!("`{id}` is no import's id: it begins with imp_ and stands in the list of imports"))
        })?;
        let inner = cx.clone();
        let run = store.write_now(Lane::Interactive, move |tx| service::undo(tx, &inner, id))?;
        return follow(store, &cx, run, out);
    }
    let shop = options.shop.as_deref().map(|name| shop(store, &cx, name)).transpose()?;
    let files = options.files.iter().map(|f| Incoming::Path(service::absolute(directory, f))).collect();
    let run = service::stage(store, &cx, cx.new_id(), files, mapping(options, directory)?.as_ref(), shop)?;
    let (inner, id) = (cx.clone(), run.id);
    let run = match run.state.as_str() {
        // The same files are being loaded already, or were when a process was killed: go on with them.
        "running" => run,
        _ => store.write_now(Lane::Interactive, move |tx| service::run(tx, &inner, id))?,
    };
    follow(store, &cx, run, out)
}

fn shop(store: &Store, cx: &Ctx, name: &str) -> Result<[u8; 16]> {
    let (m, wanted) = (cx.merchant, name.to_owned());
    let shops = store.read_now(move |tx| shuke_access::shops::list(tx, m, shuke_access::ShopId::from_bytes([0; 16]), 1000))?;
    shops
        .iter()
        .find(|s| s.id.to_string() == wanted || s.name == wanted)
        .map(|s| *s.id.bytes())
        .ok_or_else(|| wrong("shop.not_found", format!("there is no shop `{name}`")))
}

/// Runs the import's job to its end in this process, or watches the one that runs it.
fn follow(store: &Store, cx: &Ctx, run: ImportRun, out: &mut Out<'_>) -> Result<u8> {
    let total: i64 = run.files.iter().map(|f| f.records).sum();
    let worker = Worker::start(store);
    let (m, id) = (cx.merchant, run.id);
    let end = loop {
        std::thread::sleep(Duration::from_millis(100));
        let (now, progress) = store.read_now(move |tx| {
            let run = service::get(tx, m, id)?;
            let job = run.job.map(|j| tx.job(m, j)).transpose()?;
            Ok((run, job))
        })?;
        let done = progress.as_ref().map_or(0, |j| j.progress);
        out.progress(format!("{done} / {total} records"))?;
        if !["running", "undoing"].contains(&now.state.as_str()) {
            break now;
        }
        if let Some(job) = progress.filter(|j| ["failed", "dead"].contains(&j.state.as_str())) {
            bail!("the import failed: {}", job.error.unwrap_or_default());
        }
    };
    drop(worker);
    out.progress("")?;
    if out.json {
        out.object(&json!({ "import": end.id.to_string(), "state": end.state, "counts": end.counts }))?;
    } else {
        let c = &end.counts;
        out.line(format!(
            "{} {}: {} new orders, {} changed, {} unchanged; {} new members; {} in quarantine; {} unidentified",
            end.id, end.state, c.orders_new, c.orders_changed, c.unchanged, c.members_new, c.quarantined, c.unidentified
        ))?;
        if c.repaired_before + c.set_aside_before > 0 {
            out.line(format!(
                "{} rows came again that were repaired before, {} that were set aside: they do not wait",
                c.repaired_before, c.set_aside_before
            ))?;
        }
        if c.quarantined > 0 {
            out.line("Repair what is in quarantine in the console, or correct the downloaded sheet and import it.")?;
        }
    }
    Ok(u8::from(end.state == "failed"))
}

/// Runs due jobs while the command waits; harmless beside a serving process, since a job is leased.
pub(super) struct Worker {
    halt: std::sync::Arc<std::sync::atomic::AtomicBool>,
    thread: Option<std::thread::JoinHandle<()>>,
}

impl Worker {
    pub(super) fn start(store: &Store) -> Self {
        let runner = crate::serve::jobs(store);
        let halt = runner.halt_flag();
        Self { halt, thread: std::thread::Builder::new().name("import".to_owned()).spawn(move || runner.run()).ok() }
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        self.halt.store(true, std::sync::atomic::Ordering::SeqCst);
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}
