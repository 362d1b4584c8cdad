//! Imports: staging, looking, starting, stopping, undoing.

use std::path::Path;

use serde_json::Value;
use sha2::{Digest, Sha256};
use shuke_kernel::{Ctx, Error, Instant, MerchantNo, Result};
use shuke_store::jobs::NewJob;
use shuke_store::{Lane, Row, Store, Tx, args};

use super::model::{
    Counts, FileRun, IMPORT_NOT_FOUND, IMPORT_STATE, ImportId, ImportRun, NEEDS_MAPPING, NO_FILE, NO_SUCH_FILE, UNREADABLE,
};
use super::{job, sql, staging};
use crate::{Input, Mapping, Options};

/// A file that comes to be staged.
pub enum Incoming {
    /// Read in place, by this absolute path.
    Path(std::path::PathBuf),
    /// Its content, which goes into the store.
    Bytes {
        /// The file's name.
        name: String,
        /// The content.
        bytes: Vec<u8>,
    },
    /// Pieces that were written under the import's id as they arrived.
    Staged {
        /// The file's name.
        name: String,
        /// Bytes.
        size: i64,
        /// SHA-256.
        digest: [u8; 32],
    },
}

/// How many records a preview shows as they will be read.
const SHOWN: usize = 10;

/// Stages files as an import: reads them once for the preview and keeps their bytes where they do
/// not lie in place. An open import of the same files is given again instead.
pub fn stage(
    store: &Store,
    cx: &Ctx,
    id: ImportId,
    files: Vec<Incoming>,
    mapping: Option<&Mapping>,
    shop: Option<[u8; 16]>,
) -> Result<ImportRun> {
    if files.is_empty() {
        return Err(NO_FILE.refuse().into());
    }
    let mut runs = Vec::new();
    let mut previews = Vec::new();
    let inputs: Vec<Input> = files.iter().enumerate().map(|(n, f)| as_input(store, cx.merchant, id, n as i64, f)).collect();
    let mut options = Options { now: cx.now, canonical: SHOWN, advice: true, ..Options::default() };
    if let Some(mapping) = mapping {
        options.mappings = inputs.iter().map(|i| (i.name(), mapping.clone())).collect();
    }
    let answer = crate::preview::preview_inputs(&inputs, &options);
    for (n, (file, mut preview)) in files.iter().zip(answer["files"].as_array().cloned().unwrap_or_default()).enumerate() {
        if let Some(error) = preview.get("error") {
            let text = |k: &str| error[k].as_str().unwrap_or_default().to_owned();
            return Err(UNREADABLE.with("text", text("text")).with("text_en", text("text_en")).into());
        }
        let (size, digest, path) = match file {
            Incoming::Path(path) => {
                let (size, digest) = staging::digest_of(path).map_err(Error::fault)?;
                (size, digest, Some(path.to_string_lossy().into_owned()))
            }
            Incoming::Bytes { bytes, .. } => (bytes.len() as i64, Sha256::digest(bytes).into(), None),
            Incoming::Staged { size, digest, .. } => (*size, *digest, None),
        };
        runs.push(file_run(n as i64, &inputs[n].name(), size, digest, path, mapping.cloned(), &preview));
        keep_mapping(&mut preview, &inputs[n], mapping, cx.now);
        previews.push(preview);
    }
    if let Some(open) = same_files(store, cx.merchant, &runs)? {
        let m = cx.merchant;
        store.write_now(Lane::Bulk, move |tx| tx.exec(sql::DROP_CHUNKS, args![m, id]))?;
        return Ok(open);
    }
    for (n, file) in files.iter().enumerate() {
        if let Incoming::Bytes { bytes, .. } = file {
            for (c, piece) in bytes.chunks(staging::CHUNK).enumerate() {
                let (m, piece) = (cx.merchant, piece.to_vec());
                store.write_now(Lane::Bulk, move |tx| staging::write_chunk(tx, m, id, n as i64, c as i64, &piece))?;
            }
        }
    }
    let cx = cx.clone();
    store.write_now(Lane::Interactive, move |tx| {
        let number: i64 = tx.one(sql::NEXT_NUMBER, args![cx.merchant])?.get(0)?;
        let title = match runs.as_slice() {
            [one] => one.name.clone(),
            [first, rest @ ..] => format!("{} +{}", first.name, rest.len()),
            [] => String::new(),
        };
        let counts = serde_json::to_string(&Counts::default())?;
        tx.exec(sql::ADD_RUN, args![cx.merchant, id, number, &title, shop, counts, cx.actor.label(), cx.now])?;
        for (run, preview) in runs.iter().zip(&previews) {
            add_file(tx, cx.merchant, id, run, preview)?;
        }
        get(tx, cx.merchant, id)
    })
}

/// How the columns were read, beside the preview: what a repaired row is read by when the file is gone.
fn keep_mapping(preview: &mut Value, input: &Input, mapping: Option<&Mapping>, now: Instant) {
    if let Ok(source) = crate::Source::open(input, mapping, now) {
        preview["mapping"] = serde_json::to_value(source.meta.layout.mapping()).unwrap_or_default();
    }
}

fn as_input(store: &Store, m: MerchantNo, id: ImportId, number: i64, file: &Incoming) -> Input {
    match file {
        Incoming::Staged { name, size, .. } => staging::staged(store, m, id, number, name, *size),
        Incoming::Path(path) => Input::Path(path.clone()),
        Incoming::Bytes { name, bytes } => Input::Bytes { name: name.clone(), bytes: bytes.as_slice().into() },
    }
}

fn same_files(store: &Store, merchant: MerchantNo, files: &[FileRun]) -> Result<Option<ImportRun>> {
    let digests: Vec<[u8; 32]> = files.iter().map(|f| f.digest).collect();
    store.read_now(move |tx| {
        let Some(mut row) = tx.row(sql::SAME_FILES, args![merchant, digests[0]])? else { return Ok(None) };
        let run = get(tx, merchant, row.get(0)?)?;
        let same = run.files.iter().map(|f| f.digest).eq(digests.iter().copied());
        Ok(same.then_some(run))
    })
}

fn file_run(
    file: i64,
    name: &str,
    size: i64,
    digest: [u8; 32],
    path: Option<String>,
    mapping: Option<Mapping>,
    preview: &Value,
) -> FileRun {
    let count = |k: &str| preview[k].as_i64().unwrap_or(0);
    let word = |k: &str| preview[k].as_str().unwrap_or_default().to_owned();
    FileRun {
        file,
        name: name.to_owned(),
        size,
        digest,
        path,
        format: word("format"),
        platform: word("platform"),
        mapping,
        records: count("records"),
        good: count("good"),
        bad: count("bad"),
        skipped: count("skipped"),
    }
}

fn add_file(tx: &mut Tx<'_>, m: MerchantNo, id: ImportId, f: &FileRun, preview: &Value) -> Result<()> {
    let keys = tx.keys(m)?;
    let path = f.path.as_ref().map(|p| keys.seal("import_file", id.bytes(), p.as_bytes())).transpose()?;
    let preview = keys.seal("import_file", id.bytes(), &serde_json::to_vec(preview)?)?;
    let mapping = f.mapping.as_ref().map(serde_json::to_string).transpose()?;
    tx.exec(
        sql::ADD_FILE,
        args![
            m,
            id,
            f.file,
            &f.name,
            f.size,
            f.digest,
            path,
            &f.format,
            &f.platform,
            mapping,
            f.records,
            f.good,
            f.bad,
            f.skipped,
            preview
        ],
    )
    .map(|_| ())
}

/// One import with its files.
pub fn get(tx: &mut Tx<'_>, m: MerchantNo, id: ImportId) -> Result<ImportRun> {
    let row = tx.row(sql::RUN, args![m, id])?.ok_or_else(|| IMPORT_NOT_FOUND.refuse())?;
    with_files(tx, m, row)
}

/// Imports, newest first, those before `before`.
pub fn list(tx: &mut Tx<'_>, m: MerchantNo, before: Option<ImportId>, limit: i64) -> Result<Vec<ImportRun>> {
    let before = before.unwrap_or(ImportId::from_bytes([255; 16]));
    tx.rows(sql::RUNS, args![m, before, limit])?.into_iter().map(|row| with_files(tx, m, row)).collect()
}

fn with_files(tx: &mut Tx<'_>, m: MerchantNo, mut row: Row) -> Result<ImportRun> {
    let id: ImportId = row.get(0)?;
    let keys = tx.keys(m)?;
    let files = tx
        .rows(sql::FILES, args![m, id])?
        .into_iter()
        .map(|mut f| {
            let path: Option<Vec<u8>> = f.get(4)?;
            let path = path.map(|p| keys.open("import_file", id.bytes(), &p)).transpose()?;
            Ok(FileRun {
                file: f.get(0)?,
                name: f.get(1)?,
                size: f.get(2)?,
                digest: f.get(3)?,
                path: path.map(|p| String::from_utf8_lossy(&p).into_owned()),
                format: f.get(5)?,
                platform: f.get(6)?,
                mapping: f.get::<Option<String>>(7)?.map(|t| serde_json::from_str(&t)).transpose()?,
                records: f.get(8)?,
                good: f.get(9)?,
                bad: f.get(10)?,
                skipped: f.get(11)?,
            })
        })
        .collect::<Result<Vec<_>>>()?;
    Ok(ImportRun {
        id,
        number: row.get(1)?,
        state: row.get(2)?,
        title: row.get(3)?,
        shop: row.get(4)?,
        counts: serde_json::from_str(&row.get::<String>(5)?)?,
        job: row.get(6)?,
        created_at: row.get(7)?,
        finished_at: row.get(8)?,
        files,
    })
}

/// The preview of a file, by its place: the answer of `shuke import --preview` with texts.
pub fn preview(tx: &mut Tx<'_>, m: MerchantNo, id: ImportId, file: i64) -> Result<Value> {
    let mut row = tx.row(sql::PREVIEW, args![m, id, file])?.ok_or_else(|| NO_SUCH_FILE.with("name", file))?;
    let clear = tx.keys(m)?.open("import_file", id.bytes(), &row.get::<Vec<u8>>(0)?)?;
    Ok(serde_json::from_slice(&clear)?)
}

/// Reads a staged file anew with a mapping of its columns (or none) and keeps the new preview.
pub fn remap(store: &Store, cx: &Ctx, id: ImportId, file: &str, mapping: Option<Mapping>, shop: Option<[u8; 16]>) -> Result<ImportRun> {
    let m = cx.merchant;
    let run = store.read_now(move |tx| get(tx, m, id))?;
    if run.state != "staged" {
        return Err(IMPORT_STATE.with("state", run.state).into());
    }
    let mut found = run.files.into_iter().find(|f| f.name == file).ok_or_else(|| NO_SUCH_FILE.with("name", file))?;
    let input = staging::input(store, m, id, &found);
    let mut options = Options { now: cx.now, canonical: SHOWN, advice: true, ..Options::default() };
    if let Some(mapping) = &mapping {
        options.mappings.insert(input.name(), mapping.clone());
    }
    let answer = crate::preview::preview_inputs(std::slice::from_ref(&input), &options);
    let mut preview = answer["files"][0].clone();
    keep_mapping(&mut preview, &input, mapping.as_ref(), cx.now);
    found = file_run(found.file, &found.name, found.size, found.digest, found.path, mapping, &preview);
    store.write_now(Lane::Interactive, move |tx| {
        locked_in(tx, m, id, &["staged"])?;
        let sealed = tx.keys(m)?.seal("import_file", id.bytes(), &serde_json::to_vec(&preview)?)?;
        let text = found.mapping.as_ref().map(serde_json::to_string).transpose()?;
        tx.exec(
            sql::REMAP,
            args![m, id, found.file, &found.format, &found.platform, text, found.records, found.good, found.bad, found.skipped, sealed],
        )?;
        if shop.is_some() {
            tx.exec(sql::SET_SHOP, args![m, id, shop])?;
        }
        get(tx, m, id)
    })
}

/// The import, locked, if it is in one of these states.
pub fn locked_in(tx: &mut Tx<'_>, m: MerchantNo, id: ImportId, states: &[&str]) -> Result<ImportRun> {
    let row = tx.row(sql::RUN_LOCKED, args![m, id])?.ok_or_else(|| IMPORT_NOT_FOUND.refuse())?;
    let run = with_files(tx, m, row)?;
    if states.contains(&run.state.as_str()) { Ok(run) } else { Err(IMPORT_STATE.with("state", run.state).into()) }
}

/// Starts the load, or goes on with a stopped one.
pub fn run(tx: &mut Tx<'_>, cx: &Ctx, id: ImportId) -> Result<ImportRun> {
    let run = locked_in(tx, cx.merchant, id, &["staged", "stopped"])?;
    if let Some(file) = run.files.iter().find(|f| f.format == "plain" && f.mapping.is_none() && f.good == 0) {
        return Err(NEEDS_MAPPING.with("name", &file.name).into());
    }
    let job = match run.job {
        Some(job) if run.state == "stopped" => {
            tx.resume_job(cx.merchant, job, cx.now)?;
            job
        }
        _ => enqueue(tx, cx, job::LOAD, &run)?,
    };
    set_state(tx, cx.merchant, id, "running", Some(job), None)?;
    let action = if run.state == "stopped" { "import.resumed" } else { "import.started" };
    shuke_access::audit::record(tx, cx, action, &id.to_string(), &run.title)?;
    get(tx, cx.merchant, id)
}

/// Asks a running load to stop at its next step.
pub fn stop(tx: &mut Tx<'_>, cx: &Ctx, id: ImportId) -> Result<ImportRun> {
    let run = locked_in(tx, cx.merchant, id, &["running"])?;
    if let Some(job) = run.job
        && tx.stop_job(cx.merchant, job)?.state == "stopped"
    {
        set_state(tx, cx.merchant, id, "stopped", None, None)?;
    }
    shuke_access::audit::record(tx, cx, "import.stop", &id.to_string(), &run.title)?;
    get(tx, cx.merchant, id)
}

/// Takes the whole import back, by a job.
pub fn undo(tx: &mut Tx<'_>, cx: &Ctx, id: ImportId) -> Result<ImportRun> {
    let run = locked_in(tx, cx.merchant, id, &["done", "stopped", "failed"])?;
    let job = enqueue(tx, cx, job::UNDO, &run)?;
    set_state(tx, cx.merchant, id, "undoing", Some(job), None)?;
    shuke_access::audit::record(tx, cx, "import.undo", &id.to_string(), &run.title)?;
    get(tx, cx.merchant, id)
}

fn enqueue(tx: &mut Tx<'_>, cx: &Ctx, kind: &'static str, run: &ImportRun) -> Result<shuke_store::jobs::JobId> {
    let args = job::Task { import: run.id };
    let key = format!("{kind}:{}", run.id);
    tx.enqueue(cx, NewJob { kind, title: &run.title, args: &args, unique_key: Some(&key), run_at: cx.now, unit: "records" })
}

/// Sets the state; keeps the job unless another is given.
pub fn set_state(
    tx: &mut Tx<'_>,
    m: MerchantNo,
    id: ImportId,
    state: &str,
    job: Option<shuke_store::jobs::JobId>,
    finished: Option<Instant>,
) -> Result<()> {
    tx.exec(sql::SET_STATE, args![m, id, state, job, finished]).map(|_| ())
}

/// The absolute path of a file named from `directory`.
pub fn absolute(directory: &Path, file: &Path) -> std::path::PathBuf {
    let path = if file.is_absolute() { file.to_owned() } else { directory.join(file) };
    path.canonicalize().unwrap_or(path)
}
