//! Idempotency inside the transaction: the answer to a keyed request is kept, sealed, beside what
//! the request wrote, and given again.

use std::collections::HashSet;
use std::sync::{Arc, Mutex};

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use shuke_kernel::{Code, Ctx, Error, IdempotencyKey, Kind, MerchantNo, Refusal, Result};
use tokio::sync::oneshot;

use crate::args;
use crate::engine::{Attempt, Work};
use crate::sql::{Column, InsertMany};
use crate::tx::{Failure, Tx};

/// The same key came with another request.
pub static KEY_REUSED: Code = Code {
    code: "idempotency.key_reused",
    kind: Kind::Unprocessable,
    zh: "这个 Idempotency-Key 已用于另一个请求。请换一个新的键再发送。",
    en: "This Idempotency-Key was used for another request. Send this one with a new key.",
};

/// The first request with the key still runs.
pub static IN_FLIGHT: Code = Code {
    code: "idempotency.in_flight",
    kind: Kind::Conflict,
    zh: "同一个 Idempotency-Key 的请求仍在处理中，请稍后重试。",
    en: "The request with this Idempotency-Key is still running. Try again shortly.",
};

/// The module's statements.
pub mod sql {
    crate::statements! {
        /// Keeps the answer under the key; no row where the key has one.
        KEEP = "INSERT INTO idempotency (merchant, key, request_hash, outcome, body, recorded_at) VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (merchant, key) DO NOTHING";
        /// What the key stands for.
        FIND = "SELECT request_hash, outcome, body FROM idempotency WHERE merchant = $1 AND key = $2";
        /// Forgets keys of long ago.
        PRUNE = "DELETE FROM idempotency WHERE merchant = $1 AND recorded_at < $2";
    }
}

/// Keys whose first request runs in this process.
#[derive(Default)]
pub(crate) struct InFlight(Arc<Mutex<HashSet<(i64, String)>>>);

impl InFlight {
    pub(crate) fn enter(&self, merchant: MerchantNo, key: &IdempotencyKey) -> Result<Guard> {
        let entry = (merchant.0, key.key.clone());
        let fresh = self.0.lock().map_err(|_| Error::fault("a lock is poisoned"))?.insert(entry.clone());
        if fresh { Ok(Guard { set: self.0.clone(), entry }) } else { Err(IN_FLIGHT.refuse().into()) }
    }
}

pub(crate) struct Guard {
    set: Arc<Mutex<HashSet<(i64, String)>>>,
    entry: (i64, String),
}

impl Drop for Guard {
    fn drop(&mut self) {
        if let Ok(mut set) = self.set.lock() {
            set.remove(&self.entry);
        }
    }
}

#[derive(Serialize, Deserialize)]
struct StoredRefusal {
    code: String,
    kind: u8,
    zh: String,
    en: String,
    field: Option<String>,
    params: Vec<(String, String)>,
}

/// What is kept of the request. A plain hash of a short body, a phone number in it, could be guessed
/// by whoever reads the file; under the merchant's own key it cannot.
fn fingerprint(tx: &mut Tx<'_>, merchant: MerchantNo, key: &IdempotencyKey) -> Result<Vec<u8>> {
    let digit = |n: u8| char::from_digit(u32::from(n), 16).unwrap_or('0');
    let hash: String = key.request_hash.iter().flat_map(|b| [digit(b >> 4), digit(b & 15)]).collect();
    Ok(tx.keys(merchant)?.token("request", &hash).to_vec())
}

/// A closure that runs once per key. It runs before anybody looks whether the key has an answer:
/// nearly every key is new. Where it has one, what the closure wrote is rolled back and the kept
/// answer given. Of two that run at once the second waits at the key's row and then finds it taken.
pub(crate) struct Once<T, F> {
    cx: Ctx,
    f: F,
    done: Option<Result<T>>,
    refusal: Option<Vec<u8>>,
    guard: Option<Guard>,
    send: Option<oneshot::Sender<Result<T>>>,
}

impl<T, F> Once<T, F> {
    pub(crate) fn new(cx: Ctx, f: F, guard: Guard, send: oneshot::Sender<Result<T>>) -> Self {
        Self { cx, f, done: None, refusal: None, guard: Some(guard), send: Some(send) }
    }
}

impl<T, F> Once<T, F>
where
    T: Serialize + DeserializeOwned,
    F: FnMut(&mut Tx<'_>) -> Result<T>,
{
    /// The answer that the key has.
    fn kept(&self, tx: &mut Tx<'_>, key: &IdempotencyKey) -> Result<Option<Result<T>>> {
        let m = self.cx.merchant;
        let Some(mut row) = tx.row(sql::FIND, args![m, &key.key])? else { return Ok(None) };
        let (before, outcome, body): (Vec<u8>, String, Option<Vec<u8>>) = (row.get(0)?, row.get(1)?, row.get(2)?);
        if before != fingerprint(tx, m, key)? {
            return Ok(Some(Err(KEY_REUSED.refuse().into())));
        }
        let body = tx.keys(m)?.open("idempotency", key.key.as_bytes(), &body.unwrap_or_default())?;
        if outcome == "refused" {
            let stored: StoredRefusal = serde_json::from_slice(&body)?;
            return Ok(Some(Err(Error::from(revive(stored)))));
        }
        Ok(Some(Ok(serde_json::from_slice(&body)?)))
    }

    /// Keeps an answer. Whether the key had none.
    fn keep(&self, tx: &mut Tx<'_>, key: &IdempotencyKey, outcome: &str, body: &[u8]) -> Result<bool> {
        let m = self.cx.merchant;
        let sealed = tx.keys(m)?.seal("idempotency", key.key.as_bytes(), body)?;
        let request = fingerprint(tx, m, key)?;
        match tx.exec(sql::KEEP, args![m, &key.key, request, outcome, sealed, self.cx.now]) {
            Ok(kept) => Ok(kept == 1),
            // Another instance holds the key and has not ended within the time that locks are waited for.
            Err(_) if tx.failure == Some(Failure::Busy) => {
                tx.failure = None;
                Err(IN_FLIGHT.refuse().into())
            }
            Err(e) => Err(e),
        }
    }

    fn run(&mut self, tx: &mut Tx<'_>) -> Result<Attempt> {
        let Some(key) = self.cx.key.clone() else { return Err(Error::fault("a keyed write without its key")) };
        (self.refusal, self.done) = (None, None);
        match (self.f)(tx) {
            Ok(value) => {
                if !self.keep(tx, &key, "done", &serde_json::to_vec(&value)?)? {
                    return Ok(Attempt::UndoThenRecord);
                }
                self.done = Some(Ok(value));
                Ok(Attempt::Keep)
            }
            // Not now is no answer to keep.
            Err(e) if crate::outage::is_outage(&e) => Err(e),
            Err(Error::Refused(refusal)) => {
                self.refusal = Some(serde_json::to_vec(&stored(&refusal))?);
                self.done = Some(Err(Error::Refused(refusal)));
                Ok(Attempt::UndoThenRecord)
            }
            // What was done before may be why it cannot be done again: the key's answer comes first.
            Err(fault) => {
                self.done = Some(Err(fault));
                Ok(Attempt::UndoThenRecord)
            }
        }
    }

    /// After the closure was rolled back: the key's answer, or else the refusal becomes it. A fault
    /// is no answer to keep.
    fn record(&mut self, tx: &mut Tx<'_>) -> Result<Attempt> {
        let Some(key) = self.cx.key.clone() else { return Ok(Attempt::Undo) };
        if let Some(refusal) = &self.refusal
            && self.keep(tx, &key, "refused", refusal)?
        {
            return Ok(Attempt::Keep);
        }
        match self.kept(tx, &key)? {
            Some(kept) => {
                self.done = Some(kept);
                Ok(Attempt::Keep)
            }
            None if matches!(self.done, Some(Err(_))) && self.refusal.is_none() => Ok(Attempt::Undo),
            None => {
                // Forgotten between the two statements: begin again.
                tx.failure = Some(Failure::Retry);
                Err(Error::fault("an idempotency key vanished"))
            }
        }
    }
}

const KEEP_MANY: InsertMany = InsertMany {
    table: "idempotency",
    columns: &[
        Column::Int("merchant"),
        Column::Text("key"),
        Column::Bytes("request_hash"),
        Column::Text("outcome"),
        Column::Bytes("body"),
        Column::Int("recorded_at"),
    ],
    then: "ON CONFLICT (merchant, key) DO NOTHING",
};

/// Keeps the answers of several keys, or fails where one of them has its answer already.
pub(crate) fn keep_all<'a, T: Serialize + 'a>(
    tx: &mut Tx<'_>,
    cx: &Ctx,
    answers: impl Iterator<Item = (&'a IdempotencyKey, &'a T)>,
) -> Result<()> {
    let keys = tx.keys(cx.merchant)?;
    let mut rows = Vec::new();
    for (key, answer) in answers {
        let sealed = keys.seal("idempotency", key.key.as_bytes(), &serde_json::to_vec(answer)?)?;
        let request = fingerprint(tx, cx.merchant, key)?;
        rows.push((
            key.key.as_str(),
            vec![cx.merchant.into(), (&key.key).into(), request.into(), "done".into(), sealed.into(), cx.now.into()],
        ));
    }
    // Two runs that meet each other's keys wait in the same order.
    rows.sort_by(|a, b| a.0.cmp(b.0));
    let expected = rows.len() as u64;
    let kept = tx.insert_many(&KEEP_MANY, rows.into_iter().map(|(_, row)| row).collect())?;
    if kept == expected { Ok(()) } else { Err(IN_FLIGHT.refuse().into()) }
}

impl<T, F> Work for Once<T, F>
where
    T: Serialize + DeserializeOwned + Send,
    F: FnMut(&mut Tx<'_>) -> Result<T> + Send,
{
    fn attempt(&mut self, tx: &mut Tx<'_>) -> Attempt {
        self.run(tx).unwrap_or_else(|e| {
            self.done = Some(Err(e));
            Attempt::Undo
        })
    }

    fn after_undo(&mut self, tx: &mut Tx<'_>) -> Attempt {
        match self.record(tx) {
            Ok(attempt) => attempt,
            Err(e) => {
                self.done = Some(Err(e));
                Attempt::Undo
            }
        }
    }

    fn settles_unknown(&self) -> bool {
        true
    }

    fn settle(mut self: Box<Self>, failed: Option<Error>) {
        drop(self.guard.take());
        let answer = match (failed, self.done.take()) {
            (Some(e), _) => Err(e),
            (None, Some(done)) => done,
            (None, None) => Err(Error::fault("the closure panicked")),
        };
        if let Some(send) = self.send.take() {
            let _ = send.send(answer);
        }
    }
}

fn stored(r: &Refusal) -> StoredRefusal {
    StoredRefusal {
        code: r.code.code.to_owned(),
        kind: r.code.kind as u8,
        zh: r.code.zh.to_owned(),
        en: r.code.en.to_owned(),
        field: r.field.clone(),
        params: r.params.iter().map(|(n, v)| ((*n).to_owned(), v.clone())).collect(),
    }
}

fn revive(s: StoredRefusal) -> Refusal {
    const KINDS: [Kind; 8] = [
        Kind::Invalid,
        Kind::Unauthenticated,
        Kind::Forbidden,
        Kind::NotFound,
        Kind::Conflict,
        Kind::Unprocessable,
        Kind::TooMany,
        Kind::Unavailable,
    ];
    let kind = KINDS.get(usize::from(s.kind)).copied().unwrap_or(Kind::Unprocessable);
    Refusal { code: known(s.code, kind, s.zh, s.en), field: s.field, params: s.params.into_iter().map(|(n, v)| (name(n), v)).collect() }
}

/// Codes and parameter names are a closed set, so what is leaked here is bounded.
fn known(code: String, kind: Kind, zh: String, en: String) -> &'static Code {
    static SEEN: Mutex<Vec<&'static Code>> = Mutex::new(Vec::new());
    let Ok(mut seen) = SEEN.lock() else { return &IN_FLIGHT };
    if let Some(found) = seen.iter().find(|c| c.code == code && c.kind == kind && c.zh == zh && c.en == en) {
        return found;
    }
    let made: &'static Code = Box::leak(Box::new(Code { code: code.leak(), kind, zh: zh.leak(), en: en.leak() }));
    seen.push(made);
    made
}

fn name(text: String) -> &'static str {
    static SEEN: Mutex<Vec<&'static str>> = Mutex::new(Vec::new());
    let Ok(mut seen) = SEEN.lock() else { return "" };
    if let Some(found) = seen.iter().find(|n| **n == text) {
        return found;
    }
    let made: &'static str = text.leak();
    seen.push(made);
    made
}

/// Forgets the answers of a merchant's keys that are older than `before`. Returns how many.
pub fn prune(tx: &mut Tx<'_>, merchant: MerchantNo, before: shuke_kernel::Instant) -> Result<u64> {
    tx.exec(sql::PRUNE, args![merchant, before])
}
