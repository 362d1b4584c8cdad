//! Rotation of a merchant's data key, as a job: a new key is made, every sealed value that is
//! still under an older one is sealed anew, and the older keys are removed once a whole walk over
//! the register found nothing under them. Another instance may seal under the old key for a second
//! after the rotation, in a transaction that commits later still: so the removal, after one more
//! walk, is a second run that is not due before a minute has passed.
//!
//! The walk is driven by the privacy register, so a table that is declared is walked. A value that
//! somebody seals under the old key while the walk is past it is found by the next walk. The job's
//! own row is among what is walked: its checkpoint is sealed anew by being saved.

use serde::{Deserialize, Serialize};
use shuke_kernel::{Ctx, Error, Instant, Result};
use shuke_store::jobs::{JobEnd, JobHandler, JobId, JobRun, NewJob};
use shuke_store::register::Table;
use shuke_store::{Lane, MerchantKeys, Row, Tx, Value, args};

use crate::audit;

/// The kind of the job.
pub const ROTATE_KIND: &str = "privacy.rotate_keys";
/// Rows in a step: well under ten milliseconds of work.
const STEP: i64 = 200;
/// Walks before the job gives up: something keeps sealing under an old key.
const WALKS: u32 = 20;

/// Seconds after the rotation until nobody can still be sealing under the old key.
pub const SETTLE_SECONDS: i64 = 60;

/// What a run is asked for.
#[derive(Clone, Copy, Default, Serialize, Deserialize)]
struct Asked {
    /// Walk once more and remove the keys before this one; absent: make a new key.
    retire_before: Option<u32>,
}

fn queue(tx: &mut Tx<'_>, cx: &Ctx, asked: Asked, run_at: Instant) -> Result<JobId> {
    let (title, unique) = match asked.retire_before {
        None => ("轮换加密密钥 / Rotate encryption keys", ROTATE_KIND.to_owned()),
        Some(number) => ("移除旧密钥 / Remove old encryption keys", format!("{ROTATE_KIND} {number}")),
    };
    tx.enqueue(cx, NewJob { kind: ROTATE_KIND, title, args: &asked, unique_key: Some(&unique), run_at, unit: "values" })
}

/// Queues a rotation of the merchant's data key. While one runs, the same one.
pub fn request(tx: &mut Tx<'_>, cx: &Ctx) -> Result<JobId> {
    let id = queue(tx, cx, Asked::default(), cx.now)?;
    audit::record(tx, cx, "privacy.key_rotation_requested", &id.to_string(), "")?;
    Ok(id)
}

#[derive(Clone, Serialize, Deserialize)]
struct Checkpoint {
    /// The new key's number.
    target: u32,
    walk: u32,
    /// The table's place in the register.
    table: usize,
    /// The key of the last row walked, without the merchant.
    after: Option<Vec<Key>>,
    /// Sealed anew in this walk.
    resealed: i64,
    total: i64,
}

impl Checkpoint {
    const fn new(target: u32) -> Self {
        Self { target, walk: 1, table: 0, after: None, resealed: 0, total: 0 }
    }
}

#[derive(Clone, Serialize, Deserialize)]
enum Key {
    Int(i64),
    Text(String),
    Bytes(Vec<u8>),
}

impl Key {
    fn of(v: &Value) -> Result<Self> {
        match v {
            Value::Int(x) => Ok(Self::Int(*x)),
            Value::Text(t) => Ok(Self::Text(t.clone())),
            Value::Bytes(b) => Ok(Self::Bytes(b.clone())),
            _ => Err(Error::fault("a key column is null")),
        }
    }

    fn value(&self) -> Value {
        match self {
            Self::Int(x) => Value::Int(*x),
            Self::Text(t) => Value::Text(t.clone()),
            Self::Bytes(b) => Value::Bytes(b.clone()),
        }
    }
}

/// Runs rotations.
pub struct RotateKeys;

impl JobHandler for RotateKeys {
    fn kind(&self) -> &'static str {
        ROTATE_KIND
    }

    fn run(&self, run: &JobRun) -> Result<JobEnd> {
        let asked: Asked = run.args()?;
        let mut at = match (run.checkpoint::<Checkpoint>()?, asked.retire_before) {
            (Some(at), _) => at,
            (None, Some(target)) => Checkpoint::new(target),
            (None, None) => begin(run)?,
        };
        loop {
            if run.should_stop()? {
                return Ok(JobEnd::Stopped);
            }
            match step(run, at.clone())? {
                Some(next) => at = next,
                None => return finish(run, &at, asked),
            }
        }
    }
}

/// Makes the new key, with the first checkpoint in the same transaction.
fn begin(run: &JobRun) -> Result<Checkpoint> {
    let (cx, fence) = (run.cx(), run.fence());
    let at = run.store.write_now(Lane::Bulk, move |tx| {
        let target = tx.rotate_seal_key(cx.merchant, cx.now)?;
        let at = Checkpoint::new(target);
        fence.save(tx, cx.now, &at, 0, None)?;
        Ok(at)
    })?;
    Ok(at)
}

/// Walks some rows. `None` once a whole walk found nothing.
fn step(run: &JobRun, at: Checkpoint) -> Result<Option<Checkpoint>> {
    let (cx, fence) = (run.cx(), run.fence());
    let next = run.store.write_now(Lane::Bulk, move |tx| {
        let Some(table) = tx.register().tables().nth(at.table) else {
            if at.resealed == 0 {
                return Ok(None);
            }
            if at.walk >= WALKS {
                return Err(Error::fault("values keep being sealed under an old key: is another instance still using it?"));
            }
            let again = Checkpoint { walk: at.walk + 1, table: 0, after: None, resealed: 0, ..at.clone() };
            fence.save(tx, cx.now, &again, again.total, None)?;
            return Ok(Some(again));
        };
        let (count, last) = walk_table(tx, &cx, table, &at)?;
        let next = Checkpoint {
            table: at.table + usize::from(last.is_none()),
            after: last,
            resealed: at.resealed + count,
            total: at.total + count,
            ..at.clone()
        };
        fence.save(tx, cx.now, &next, next.total, None)?;
        Ok(Some(next))
    })?;
    Ok(next)
}

/// After a clean walk: the old keys go, or the run that removes them is queued.
fn finish(run: &JobRun, at: &Checkpoint, asked: Asked) -> Result<JobEnd> {
    let (cx, target, total) = (run.cx(), at.target, at.total);
    let job = run.id.to_string();
    run.store.write_now(Lane::Bulk, move |tx| {
        if asked.retire_before.is_some() {
            tx.retire_keys(cx.merchant, target)?;
            return audit::record(tx, &cx, "privacy.old_keys_removed", &job, &format!("before {target}"));
        }
        queue(tx, &cx, Asked { retire_before: Some(target) }, cx.now.plus_seconds(SETTLE_SECONDS))?;
        audit::record(tx, &cx, "privacy.keys_rotated", &job, &format!("{total} values"))
    })?;
    Ok(JobEnd::Done(serde_json::json!({"key": target, "values": total})))
}

/// The columns of a row that the walk reads: its key, what names it when sealed, its blobs.
struct Plan {
    keys: Vec<&'static str>,
    select: Vec<&'static str>,
}

impl Plan {
    fn of(table: &Table) -> Self {
        let keys: Vec<_> = table.key.iter().copied().filter(|k| *k != "merchant").collect();
        let mut select = keys.clone();
        for (blob, names) in table.sealed {
            for column in names.iter().chain(std::iter::once(blob)) {
                if *column != "merchant" && !select.contains(column) {
                    select.push(*column);
                }
            }
        }
        Self { keys, select }
    }

    fn place(&self, column: &str) -> Result<usize> {
        self.select.iter().position(|c| *c == column).ok_or_else(|| Error::fault("the register names a column that was not read"))
    }

    fn page(&self, table: &str, from_start: bool) -> String {
        let columns = if self.select.is_empty() { "merchant".to_owned() } else { self.select.join(", ") };
        let order = if self.keys.is_empty() { "merchant".to_owned() } else { self.keys.join(", ") };
        let after = if from_start || self.keys.is_empty() {
            String::new()
        } else {
            let binds: Vec<_> = (0..self.keys.len()).map(|i| format!("${}", i + 2)).collect();
            format!(" AND ({order}) > ({})", binds.join(", "))
        };
        format!("SELECT {columns} FROM {table} WHERE merchant = $1{after} ORDER BY {order} LIMIT {STEP} FOR UPDATE")
    }

    fn update(&self, table: &str, blob: &str) -> String {
        let conditions: String = self.keys.iter().enumerate().map(|(i, k)| format!(" AND {k} = ${}", i + 3)).collect();
        format!("UPDATE {table} SET {blob} = $2 WHERE merchant = $1{conditions}")
    }
}

/// Walks a step of a table; how many values were sealed anew, and the last key unless it was the
/// table's last step.
fn walk_table(tx: &mut Tx<'_>, cx: &Ctx, table: &Table, at: &Checkpoint) -> Result<(i64, Option<Vec<Key>>)> {
    if table.sealed.is_empty() || !table.key.contains(&"merchant") {
        return Ok((0, None));
    }
    let plan = Plan::of(table);
    let mut binds = vec![Value::from(cx.merchant)];
    binds.extend(at.after.iter().flatten().map(Key::value));
    let rows = tx.rows(plan.page(table.name, at.after.is_none()), &binds)?;
    let full = rows.len() as i64 == STEP && !plan.keys.is_empty();
    let keys = tx.keys(cx.merchant)?;
    let (mut count, mut last) = (0, None);
    for row in &rows {
        for (blob, names) in table.sealed {
            if let Some(fresh) = resealed(&keys, table.name, &plan, row, blob, names, at.target)? {
                let mut binds = vec![Value::from(cx.merchant), Value::Bytes(fresh)];
                binds.extend(row.0.iter().take(plan.keys.len()).cloned());
                tx.exec(plan.update(table.name, blob), &binds)?;
                count += 1;
            }
        }
        last = Some(row);
    }
    let last = last.filter(|_| full).map(|row| row.0.iter().take(plan.keys.len()).map(Key::of).collect::<Result<Vec<_>>>()).transpose()?;
    Ok((count, last))
}

/// The value sealed anew, if it is under an older key.
fn resealed(keys: &MerchantKeys, table: &str, plan: &Plan, row: &Row, blob: &str, names: &[&str], target: u32) -> Result<Option<Vec<u8>>> {
    let Some(Value::Bytes(sealed)) = row.0.get(plan.place(blob)?) else { return Ok(None) };
    if sealed.is_empty() || MerchantKeys::number_of(sealed)? >= target {
        return Ok(None);
    }
    let mut name = Vec::new();
    for column in names {
        match row.0.get(plan.place(column)?) {
            Some(Value::Int(x)) => name.extend_from_slice(&x.to_be_bytes()),
            Some(Value::Text(t)) => name.extend_from_slice(t.as_bytes()),
            Some(Value::Bytes(b)) => name.extend_from_slice(b),
            _ => return Err(Error::fault(format!("a row of {table} has no {column} to name it by"))),
        }
    }
    let clear = keys.open(table, &name, sealed)?;
    keys.seal(table, &name, &clear).map(Some)
}

/// How many values of a merchant are sealed under keys older than `target`: for tests and `doctor`.
pub fn older_than(tx: &mut Tx<'_>, merchant: shuke_kernel::MerchantNo, target: u32) -> Result<i64> {
    let mut count = 0;
    for table in tx.register().tables() {
        for (blob, _) in table.sealed {
            let sql = format!("SELECT {blob} FROM {} WHERE merchant = $1 AND {blob} IS NOT NULL", table.name);
            for mut row in tx.rows(sql, args![merchant])? {
                let sealed: Vec<u8> = row.get(0)?;
                if !sealed.is_empty() && MerchantKeys::number_of(&sealed)? < target {
                    count += 1;
                }
            }
        }
    }
    Ok(count)
}
