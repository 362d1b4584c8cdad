//! Quarantine: records that could not be read, kept whole and sealed until a person repairs or
//! discards them. Nothing is dropped in silence.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use shuke_kernel::{Ctx, Instant, MerchantNo, Refusal, Result};
use shuke_store::{Row, Tx, args};

use super::model::{Counts, ImportId, QUARANTINE_NOT_FOUND, QUARANTINE_STATE, QuarantineId};
use super::{again, job, service, sql, tags};
use crate::formats::{Format, Kind};
use crate::reason::{filled, words};
use crate::{Input, Mapping, Reason, Record, Source, Verdict};

/// A reason as it is kept: the code, and the column or word it is about where that is no person's.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Kept {
    /// `bad_amount`, …
    pub code: String,
    /// The column or word.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub about: Option<String>,
}

impl Kept {
    fn of(reason: &Reason) -> Self {
        Self { code: reason.code.to_owned(), about: reason.about.as_deref().map(str::to_owned) }
    }

    /// What is wrong, and what to do.
    pub fn texts(&self, zh: bool) -> (String, String) {
        let (z, e, advice_z, advice_e) = words(&self.code);
        let fill = |t: &str| filled(t, self.about.as_deref(), &self.code, zh);
        if zh { (fill(z), fill(advice_z)) } else { (fill(e), fill(advice_e)) }
    }
}

/// A record that a load could not take.
#[derive(Clone, Debug)]
pub struct Refused {
    /// By which it is known when it comes again: its scope and its print.
    again: Option<(String, String)>,
    key: String,
    file: i64,
    record: u64,
    row: u64,
    place: u32,
    reasons: Vec<Kept>,
    cells: Vec<(String, String)>,
}

impl Refused {
    /// A record that its reader found bad; the scope and print by which it is known when it comes again, if it is.
    pub fn of(file: i64, place: u32, record: Record, again: Option<(String, String)>) -> Self {
        Self {
            again,
            key: record.key,
            file,
            record: record.record_no,
            row: record.row_no,
            place,
            reasons: record.reasons.iter().map(Kept::of).collect(),
            cells: record.raw,
        }
    }

    /// The same record for another reason.
    pub fn because(&self, code: &str) -> Self {
        Self { reasons: vec![Kept { code: code.to_owned(), about: None }], ..self.clone() }
    }

    /// What the reader let pass and commerce refused.
    pub fn by_commerce(file: i64, (record, row): (u64, u64), key: String, refusal: &Refusal) -> Self {
        let reason = Kept { code: refusal.code.code.to_owned(), about: refusal.field.clone() };
        Self { again: None, key: key.clone(), file, record, row, place: 0, reasons: vec![reason], cells: vec![("#".to_owned(), key)] }
    }
}

/// A record in quarantine.
#[derive(Clone, Debug)]
pub struct Held {
    /// Which.
    pub id: QuarantineId,
    /// Of which import.
    pub import: ImportId,
    /// Of which of its files.
    pub file: i64,
    /// 1-based record.
    pub record: i64,
    /// 1-based row of the file.
    pub row: i64,
    /// Its place among the rows of its order.
    pub place: i64,
    /// Why.
    pub reasons: Vec<Kept>,
    /// Column and text of every filled cell, in clear.
    pub cells: Vec<(String, String)>,
    /// `open`, `repaired` or `discarded`.
    pub state: String,
    /// Why it was discarded.
    pub note: Option<String>,
    /// When.
    pub created_at: Instant,
    /// When it was settled.
    pub resolved_at: Option<Instant>,
    /// By whom.
    pub resolved_by: Option<String>,
    /// How: `console`, `sheet`, `key` or `before`.
    pub resolved_how: Option<String>,
    /// The import that loaded it, where it was another than its own.
    pub resolved_import: Option<ImportId>,
    /// The earlier row with the same content that settled it.
    pub same_as: Option<QuarantineId>,
    /// What it was before it was corrected.
    pub first: First,
}

/// What a record was before somebody corrected it.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct First {
    /// Column and text, as the file had it, of the cells that were changed.
    pub cells: Vec<(String, String)>,
    /// Why it waited, of earlier attempts.
    pub reasons: Vec<Kept>,
}

/// Puts records into quarantine, each once however often it is read. What was settled in another import with the same
/// content is settled at once. Counts what was added.
pub fn add_all(tx: &mut Tx<'_>, cx: &Ctx, import: ImportId, refused: &[Refused], counts: &mut Counts) -> Result<()> {
    let mut known = Vec::with_capacity(refused.len());
    for r in refused {
        known.push(r.again.as_ref().map(|(scope, print)| again::digest(tx, cx.merchant, scope, print)).transpose()?);
    }
    let asked: Vec<_> = known.iter().flatten().copied().collect();
    let earlier = again::earlier(tx, cx.merchant, import, &asked, true)?;
    for (r, digest) in refused.iter().zip(known) {
        let before = digest.and_then(|d| earlier.get(&d));
        let added = put(tx, cx, import, r, digest, before)?;
        match before.map(|b| b.state.as_str()) {
            None => counts.quarantined += added,
            Some("repaired") => counts.repaired_before += added,
            Some(_) => counts.set_aside_before += added,
        }
    }
    Ok(())
}

/// Puts a record into quarantine that is not known when it comes again. Returns how many were added.
pub(super) fn add(tx: &mut Tx<'_>, cx: &Ctx, import: ImportId, refused: &Refused) -> Result<i64> {
    put(tx, cx, import, refused, None, None)
}

fn put(
    tx: &mut Tx<'_>,
    cx: &Ctx,
    import: ImportId,
    refused: &Refused,
    digest: Option<again::Digest>,
    before: Option<&again::Earlier>,
) -> Result<i64> {
    let id: QuarantineId = cx.new_id();
    let key = key_of(tx, cx.merchant, &refused.key)?;
    let cells = tx.keys(cx.merchant)?.seal("quarantine", id.bytes(), &serde_json::to_vec(&refused.cells)?)?;
    let first = refused.reasons.first().map(|r| r.code.clone()).unwrap_or_default();
    let added = tx.exec(
        sql::QUARANTINE,
        args![
            cx.merchant,
            id,
            import,
            refused.file,
            refused.record as i64,
            refused.row as i64,
            refused.place,
            serde_json::to_string(&refused.reasons)?,
            first,
            cells,
            before.map_or("open", |b| &b.state),
            before.and_then(|b| b.note.as_deref()),
            cx.now,
            before.and_then(|b| b.resolved_at),
            key,
            digest,
            before.and_then(|b| b.resolved_by.as_deref()),
            before.map(|_| "before"),
            before.map(|b| b.id)
        ],
    )?;
    Ok(added as i64)
}

/// The token by which a record is found again when its row comes in another file.
fn key_of(tx: &mut Tx<'_>, m: MerchantNo, key: &str) -> Result<Option<[u8; 16]>> {
    let key = key.trim();
    if key.is_empty() { Ok(None) } else { Ok(Some(tx.keys(m)?.token("quarantine", key))) }
}

fn held(tx: &mut Tx<'_>, m: MerchantNo, mut row: Row) -> Result<Held> {
    let id: QuarantineId = row.get(0)?;
    let keys = tx.keys(m)?;
    let cells = keys.open("quarantine", id.bytes(), &row.get::<Vec<u8>>(7)?)?;
    let first = row.get::<Option<Vec<u8>>>(16)?.map(|sealed| keys.open("quarantine", id.bytes(), &sealed)).transpose()?;
    Ok(Held {
        id,
        import: row.get(1)?,
        file: row.get(2)?,
        record: row.get(3)?,
        row: row.get(4)?,
        place: row.get(5)?,
        reasons: serde_json::from_str(&row.get::<String>(6)?)?,
        cells: serde_json::from_slice(&cells)?,
        state: row.get(8)?,
        note: row.get(9)?,
        created_at: row.get(10)?,
        resolved_at: row.get(11)?,
        resolved_by: row.get(12)?,
        resolved_how: row.get(13)?,
        resolved_import: row.get(14)?,
        same_as: row.get(15)?,
        first: first.map(|clear| serde_json::from_slice(&clear)).transpose()?.unwrap_or_default(),
    })
}

/// Records in quarantine: the newest import first, its rows in the order of its files; empty words
/// mean any.
pub fn list(
    tx: &mut Tx<'_>,
    m: MerchantNo,
    after: Option<QuarantineId>,
    state: &str,
    reason: &str,
    import: Option<ImportId>,
    limit: i64,
) -> Result<Vec<Held>> {
    let any = ImportId::from_bytes([0; 16]);
    let (newest, file, record) = match after {
        Some(id) => get(tx, m, id).map(|h| (h.import, h.file, h.record))?,
        None => (ImportId::from_bytes([255; 16]), -1, 0),
    };
    let rows = tx.rows(sql::QUARANTINED, args![m, state, reason, import.is_some(), import.unwrap_or(any), newest, file, record, limit])?;
    rows.into_iter().map(|row| held(tx, m, row)).collect()
}

/// One record.
pub fn get(tx: &mut Tx<'_>, m: MerchantNo, id: QuarantineId) -> Result<Held> {
    // A reading transaction may not lock.
    let row = tx.row(sql::QUARANTINED_ONE.trim_end_matches(" FOR UPDATE"), args![m, id])?.ok_or_else(|| QUARANTINE_NOT_FOUND.refuse())?;
    held(tx, m, row)
}

/// The open records of an import in the order of its files, after one of them.
pub fn rejects(tx: &mut Tx<'_>, m: MerchantNo, import: ImportId, after: (i64, i64), limit: i64) -> Result<Vec<Held>> {
    let rows = tx.rows(sql::REJECTS, args![m, import, after.0, after.1, limit])?;
    rows.into_iter().map(|row| held(tx, m, row)).collect()
}

/// How many are open.
pub fn open_count(tx: &mut Tx<'_>, m: MerchantNo) -> Result<i64> {
    tx.one(sql::OPEN_COUNT, args![m])?.get(0)
}

/// Reads the record again with these cells changed. Good: it is loaded as part of its import. Still
/// bad: it keeps the new cells and the new reasons. What the file said in the cells that were changed stays known, and
/// a repaired record keeps all the reasons for which it waited.
pub fn repair(tx: &mut Tx<'_>, cx: &Ctx, id: QuarantineId, changes: &[(String, String)]) -> Result<Held> {
    let mut record = open_one(tx, cx.merchant, id)?;
    for (column, text) in changes {
        let now = record.cells.iter().find(|(name, _)| name == column).map_or("", |(_, text)| text);
        if now != text && !record.first.cells.iter().any(|(name, _)| name == column) {
            record.first.cells.push((column.clone(), now.to_owned()));
        }
        match record.cells.iter_mut().find(|(name, _)| name == column) {
            Some((_, cell)) => cell.clone_from(text),
            None => record.cells.push((column.clone(), text.clone())),
        }
    }
    let told = record.reasons.iter().filter(|r| !record.first.reasons.contains(r)).cloned().collect::<Vec<_>>();
    record.first.reasons.extend(told);
    let import = service::get(tx, cx.merchant, record.import)?;
    let mapping: Mapping = serde_json::from_value(service::preview(tx, cx.merchant, record.import, record.file)?["mapping"].clone())?;
    let read = read_again(&record.cells, &mapping, cx.now);
    let mut key = None;
    let (state, reasons) = match read {
        Some(Record { verdict: Verdict::Good, canonical: Some(canonical), key: read_as, .. }) => {
            key = key_of(tx, cx.merchant, &read_as)?;
            let name = import.files.iter().find(|f| f.file == record.file).map_or("", |f| &f.name);
            match job::load_one(tx, cx, &import, (name, record.place as u32, record.row as u64), named_in(&record.cells), canonical)? {
                None => ("repaired", record.first.reasons.clone()),
                Some(code) => ("open", vec![Kept { code: code.to_owned(), about: None }]),
            }
        }
        Some(still) => ("open", still.reasons.iter().map(Kept::of).collect()),
        None => ("open", record.reasons.clone()),
    };
    save(tx, cx, &record, state, None, &reasons, key)?;
    if state == "repaired" {
        // The sheet that brought this row names the record that it was to mend.
        let named: Vec<QuarantineId> = named_in(&record.cells).into_iter().collect();
        settle(tx, cx, record.import, &named, "console")?;
        again::settle(tx, cx, &[id])?;
        let mut of = mended_by(tx, cx.merchant, record.import)?;
        of.push(record.import);
        tags::settled(tx, cx, of)?;
        shuke_access::audit::record(tx, cx, "quarantine.repair", &id.to_string(), "")?;
    }
    get(tx, cx.merchant, id)
}

/// Gives a record up, with the reason.
pub fn discard(tx: &mut Tx<'_>, cx: &Ctx, id: QuarantineId, reason: &str) -> Result<Held> {
    let record = open_one(tx, cx.merchant, id)?;
    save(tx, cx, &record, "discarded", Some(reason), &record.reasons, None)?;
    again::settle(tx, cx, &[id])?;
    tags::settled(tx, cx, [record.import])?;
    shuke_access::audit::record(tx, cx, "quarantine.discard", &id.to_string(), "")?;
    get(tx, cx.merchant, id)
}

/// Empties the rows of orders of people who are erased, in the transaction that erases them: repaired, set aside or waiting.
pub fn erased(tx: &mut Tx<'_>, cx: &Ctx, members: &[shuke_members::MemberId]) -> Result<()> {
    let whose = shuke_store::Value::Blobs(members.iter().map(|m| m.bytes().to_vec()).collect());
    // A number is an order's within its source alone: shops of some systems all have a `#1001`.
    let mut sources: BTreeMap<[u8; 16], BTreeSet<String>> = BTreeMap::new();
    for mut r in tx.rows(sql::NUMBERS_OF, &[cx.merchant.into(), whose])? {
        if let Some(key) = key_of(tx, cx.merchant, &r.get::<String>(0)?)? {
            sources.entry(key).or_default().insert(r.get(1)?);
        }
    }
    let keys: Vec<Vec<u8>> = sources.keys().map(|key| key.to_vec()).collect();
    let mut runs = BTreeMap::new();
    for some in keys.chunks(500) {
        for mut r in tx.rows(sql::OF_KEYS, args![cx.merchant, some.to_vec()])? {
            let (id, import, file, key): (QuarantineId, ImportId, i64, [u8; 16]) = (r.get(0)?, r.get(1)?, r.get(2)?, r.get(3)?);
            if let Entry::Vacant(run) = runs.entry(import) {
                let found = service::get(tx, cx.merchant, import)?;
                let origin = job::origin(tx, cx.merchant, &found)?;
                run.insert((found, origin));
            }
            let Some((run, origin)) = runs.get(&import) else { continue };
            let Some(file) = run.files.iter().find(|f| f.file == file) else { continue };
            let of_orders = Format::by_id(&file.format).is_some_and(|f| matches!(f.kind, Kind::Order | Kind::Item));
            let theirs = |source: &String| origin.may_number(&file.platform, &file.format, source);
            if of_orders && sources.get(&key).is_some_and(|sources| sources.iter().any(theirs)) {
                let nothing = tx.keys(cx.merchant)?.seal("quarantine", id.bytes(), b"[]")?;
                tx.exec(sql::EMPTY, args![cx.merchant, id, nothing, cx.now])?;
            }
        }
    }
    Ok(())
}

/// Lets a row wait again that was given up, or was settled because an earlier one with the same content was. What was repaired is
/// loaded, and stays.
pub fn wait_again(tx: &mut Tx<'_>, cx: &Ctx, id: QuarantineId) -> Result<Held> {
    let row = tx.row(sql::QUARANTINED_ONE, args![cx.merchant, id])?.ok_or_else(|| QUARANTINE_NOT_FOUND.refuse())?;
    let record = held(tx, cx.merchant, row)?;
    let stands = !matches!(service::get(tx, cx.merchant, record.import)?.state.as_str(), "undoing" | "undone");
    if !stands || record.cells.is_empty() || record.state != "discarded" && record.same_as.is_none() {
        return Err(QUARANTINE_STATE.with("state", record.state).into());
    }
    tx.exec(sql::REOPEN_ONE, args![cx.merchant, id])?;
    if record.same_as.is_none() {
        tx.exec(sql::REOPEN_ALIKE, args![cx.merchant, id])?;
    }
    tags::settled(tx, cx, [record.import])?;
    shuke_access::audit::record(tx, cx, "quarantine.reopen", &id.to_string(), "")?;
    get(tx, cx.merchant, id)
}

fn open_one(tx: &mut Tx<'_>, m: MerchantNo, id: QuarantineId) -> Result<Held> {
    let row = tx.row(sql::QUARANTINED_ONE, args![m, id])?.ok_or_else(|| QUARANTINE_NOT_FOUND.refuse())?;
    let record = held(tx, m, row)?;
    if record.state == "open" { Ok(record) } else { Err(QUARANTINE_STATE.with("state", record.state).into()) }
}

/// Writes what became of a record; `key` is by what it is found again now, where it was read.
fn save(tx: &mut Tx<'_>, cx: &Ctx, record: &Held, state: &str, note: Option<&str>, reasons: &[Kept], key: Option<[u8; 16]>) -> Result<()> {
    let cells = tx.keys(cx.merchant)?.seal("quarantine", record.id.bytes(), &serde_json::to_vec(&record.cells)?)?;
    let first = reasons.first().map(|r| r.code.clone()).unwrap_or_default();
    let settled = state != "open";
    let (at, by) = (settled.then_some(cx.now), settled.then(|| cx.actor.label()));
    let how = settled.then_some("console");
    let was = if record.first == First::default() {
        None
    } else {
        Some(tx.keys(cx.merchant)?.seal("quarantine", record.id.bytes(), &serde_json::to_vec(&record.first)?)?)
    };
    tx.exec(sql::SETTLE, args![cx.merchant, record.id, state, note, serde_json::to_string(reasons)?, first, cells, at, by, how, was, key])
        .map(|_| ())
}

/// A row that a load took in, as far as it may be the correction of a record in quarantine.
#[derive(Clone, Debug)]
pub struct Loaded {
    /// Of which file of the import.
    pub file: i64,
    /// The record that the row's sheet names.
    pub reference: Option<QuarantineId>,
    /// Its key as it stands in the file.
    pub key: String,
}

impl Loaded {
    /// What a good record tells.
    pub fn of(file: i64, record: &Record) -> Self {
        Self { file, reference: record.reference.as_deref().and_then(reference), key: record.key.clone() }
    }
}

fn reference(text: &str) -> Option<QuarantineId> {
    crate::cell::clean(text).parse().ok()
}

/// The record that cells name in their sheet's column for it.
fn named_in(cells: &[(String, String)]) -> Option<QuarantineId> {
    cells.iter().find(|(name, _)| crate::header::is_reference(name)).and_then(|(_, text)| reference(text))
}

/// Whether a file is a sheet of rejects that came back: it has the column that names records, or the
/// columns beside the file's own, or the name that it was handed out under.
pub fn is_sheet(name: &str, headers: &[String]) -> bool {
    let beside = headers.iter().filter(|h| crate::header::is_beside(h)).count();
    name.starts_with(HANDED_OUT) || beside > 1 || headers.iter().any(|h| crate::header::is_reference(h))
}

/// What the names of these sheets begin with; the file's own name follows.
const HANDED_OUT: &str = "rejects";

/// Whether a sheet of that name can be of a file of that name.
fn can_be_of(sheet: &str, file: &str) -> bool {
    let stem = file.rsplit_once('.').map_or(file, |(stem, _)| stem);
    sheet.strip_prefix(HANDED_OUT).and_then(|rest| rest.strip_prefix('-')).is_none_or(|rest| rest.starts_with(stem))
}

/// Whether rows of an import can be corrections: whether anything of another import is open.
pub fn any_elsewhere(tx: &mut Tx<'_>, m: MerchantNo, import: ImportId) -> Result<bool> {
    Ok(tx.row(sql::OPEN_ELSEWHERE, args![m, import])?.is_some())
}

/// Settles the records whose corrected rows an import just loaded: those that the rows name, and
/// where the sheet's column is gone, those of the file that the sheet is of with the row's key, if it
/// is plain which they are. Answers how many.
pub fn mend(tx: &mut Tx<'_>, cx: &Ctx, import: ImportId, loaded: &[Loaded]) -> Result<i64> {
    let named: Vec<QuarantineId> = loaded.iter().filter_map(|l| l.reference).collect();
    let mut settled = settle(tx, cx, import, &named, "sheet")?;
    let mut rows_of: BTreeMap<([u8; 16], i64), usize> = BTreeMap::new();
    for l in loaded.iter().filter(|l| l.reference.is_none()) {
        if let Some(key) = key_of(tx, cx.merchant, &l.key)? {
            *rows_of.entry((key, l.file)).or_default() += 1;
        }
    }
    if rows_of.is_empty() {
        return Ok(settled);
    }
    let files = service::get(tx, cx.merchant, import)?.files;
    let keys: Vec<Vec<u8>> = rows_of.keys().map(|(key, _)| key.to_vec()).collect();
    let mut found: BTreeMap<([u8; 16], i64, ImportId, i64), Vec<QuarantineId>> = BTreeMap::new();
    for mut r in tx.rows(sql::OPEN_BY_KEY, args![cx.merchant, keys, import])? {
        let (id, key, of, file): (QuarantineId, [u8; 16], ImportId, i64) = (r.get(0)?, r.get(1)?, r.get(2)?, r.get(3)?);
        let (format, platform, name): (String, String, String) = (r.get(4)?, r.get(5)?, r.get(6)?);
        for f in files
            .iter()
            .filter(|f| f.format == format && f.platform == platform && can_be_of(&f.name, &name) && rows_of.contains_key(&(key, f.file)))
        {
            found.entry((key, f.file, of, file)).or_default().push(id);
        }
    }
    // Several rows wait under one key and fewer came: nobody can say which of them these are.
    let plain = found.into_iter().filter(|((key, file, ..), ids)| rows_of.get(&(*key, *file)).is_some_and(|n| ids.len() <= *n));
    let ids: Vec<QuarantineId> = plain.flat_map(|(_, ids)| ids).collect();
    settled += settle(tx, cx, import, &ids, "key")?;
    Ok(settled)
}

/// Settles open records, and those that their own cells name: a corrected row may have needed a
/// second correction.
fn settle(tx: &mut Tx<'_>, cx: &Ctx, import: ImportId, ids: &[QuarantineId], how: &str) -> Result<i64> {
    let mut next: BTreeSet<QuarantineId> = ids.iter().copied().collect();
    let mut settled = 0;
    for _ in 0..64 {
        if next.is_empty() {
            break;
        }
        let list: Vec<Vec<u8>> = std::mem::take(&mut next).iter().map(|id| id.bytes().to_vec()).collect();
        let keys = tx.keys(cx.merchant)?;
        let mut open: Vec<Vec<u8>> = Vec::new();
        for mut r in tx.rows(sql::OPEN_ONES, args![cx.merchant, list])? {
            let id: QuarantineId = r.get(0)?;
            let cells: Vec<(String, String)> = serde_json::from_slice(&keys.open("quarantine", id.bytes(), &r.get::<Vec<u8>>(1)?)?)?;
            next.extend(named_in(&cells));
            open.push(id.bytes().to_vec());
        }
        settled += open.len() as i64;
        if !open.is_empty() {
            let ids: Vec<QuarantineId> = open.iter().filter_map(|id| id.as_slice().try_into().ok()).map(QuarantineId::from_bytes).collect();
            tx.exec(sql::MEND, args![cx.merchant, open, import, cx.now, how, cx.actor.label()])?;
            again::settle(tx, cx, &ids)?;
        }
    }
    Ok(settled)
}

/// Imports whose records an import settled.
pub(super) fn mended_by(tx: &mut Tx<'_>, m: MerchantNo, import: ImportId) -> Result<Vec<ImportId>> {
    tx.rows(sql::MENDED_BY, args![m, import])?.into_iter().map(|mut r| r.get(0)).collect()
}

/// The import that a record is of, or that it corrects in the end.
pub(super) struct Root {
    /// Its number.
    pub number: i64,
    /// How it stands.
    pub state: String,
    /// When it was loaded to its end.
    pub finished_at: Option<Instant>,
    /// The name of the file.
    pub name: String,
}

/// Of which import a record is; of one that corrects another, the other's.
pub(super) fn root(tx: &mut Tx<'_>, m: MerchantNo, id: QuarantineId) -> Result<Option<Root>> {
    let (mut at, mut root) = (id, None);
    for _ in 0..64 {
        let Some(mut r) = tx.row(sql::ROOT, args![m, at])? else { break };
        let cells = tx.keys(m)?.open("quarantine", at.bytes(), &r.get::<Vec<u8>>(0)?)?;
        root = Some(Root { number: r.get(1)?, state: r.get(2)?, finished_at: r.get(3)?, name: r.get(4)? });
        match named_in(&serde_json::from_slice::<Vec<(String, String)>>(&cells)?) {
            Some(next) if next != at => at = next,
            _ => break,
        }
    }
    Ok(root)
}

/// Opens again what an import settled that is taken back.
pub fn reopen(tx: &mut Tx<'_>, m: MerchantNo, import: ImportId) -> Result<u64> {
    Ok(tx.exec(sql::REOPEN, args![m, import])? + again::reopen(tx, m, import)?)
}

/// Reads cells as the one row of a file with the same columns.
fn read_again(cells: &[(String, String)], mapping: &Mapping, now: Instant) -> Option<Record> {
    let mut rest: Vec<Option<&(String, String)>> = cells.iter().map(Some).collect();
    let mut header = String::new();
    let mut row = String::new();
    let mut put = |name: &str, text: &str| {
        for (to, cell) in [(&mut header, name), (&mut row, text)] {
            if !to.is_empty() {
                to.push(',');
            }
            to.push('"');
            to.push_str(&cell.replace('"', "\"\""));
            to.push('"');
        }
    };
    // A column that appears twice in the file takes its cells in their order.
    for column in &mapping.columns {
        let found = rest.iter_mut().find(|c| c.is_some_and(|(name, _)| *name == column.column)).and_then(Option::take);
        put(&column.column, found.map_or("", |(_, text)| text));
    }
    let bytes: Arc<[u8]> = format!("{header}\r\n{row}\r\n").into_bytes().into();
    let source = Source::open(&Input::Bytes { name: "repair".to_owned(), bytes }, Some(mapping), now).ok()?;
    source.into_iter().next()
}
