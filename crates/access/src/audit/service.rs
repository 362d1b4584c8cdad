//! Appending, reading, verifying and erasing.

use sha2::{Digest, Sha256};
use shuke_kernel::{Ctx, Error, Instant, MerchantNo, Result};
use shuke_store::{Row, Tx, args};

use super::sql;

/// The hash before the first entry.
const GENESIS: [u8; 32] = [0; 32];
const SALT: usize = 16;

/// An entry as read.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Gapless per merchant, from 1.
    pub seq: i64,
    /// When.
    pub at: Instant,
    /// By whom: `stf_…`, `key_…`, `cli`, `system:…`.
    pub actor: String,
    /// What: `staff.invited`.
    pub action: String,
    /// To what: an id, or empty.
    pub subject: String,
    /// In words; gone once erased.
    pub summary: Option<String>,
    /// Of the chain up to here.
    pub hash: [u8; 32],
}

fn hashed(parts: &[&[u8]]) -> [u8; 32] {
    let mut hash = Sha256::new();
    for part in parts {
        // Each part with its length, so that no two lists of parts give the same bytes.
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part);
    }
    hash.finalize().into()
}

struct Link<'a> {
    merchant: MerchantNo,
    seq: i64,
    at: Instant,
    actor: &'a str,
    action: &'a str,
    subject: &'a str,
    payload_hash: [u8; 32],
}

impl Link<'_> {
    fn hash(&self, before: [u8; 32]) -> [u8; 32] {
        hashed(&[
            &before,
            &self.merchant.0.to_be_bytes(),
            &self.seq.to_be_bytes(),
            &self.at.micros().to_be_bytes(),
            self.actor.as_bytes(),
            self.action.as_bytes(),
            self.subject.as_bytes(),
            &self.payload_hash,
        ])
    }
}

/// Appends an entry in this transaction and returns its number. `subject` is an id; `summary` is
/// sealed, and may be erased later. Record last in a transaction: the head stays locked until it
/// commits.
pub fn record(tx: &mut Tx<'_>, cx: &Ctx, action: &str, subject: &str, summary: &str) -> Result<i64> {
    tx.exec(sql::MAKE_HEAD, args![cx.merchant, GENESIS])?;
    let mut head = tx.one(sql::LOCK_HEAD, args![cx.merchant])?;
    let (last, before): (i64, [u8; 32]) = (head.get(0)?, head.get(1)?);
    let seq = last + 1;
    let salt = crate::secret::hash(&crate::secret::token());
    let mut payload = salt[..SALT].to_vec();
    payload.extend_from_slice(summary.as_bytes());
    let actor = cx.actor.label();
    let link = Link { merchant: cx.merchant, seq, at: cx.now, actor: &actor, action, subject, payload_hash: hashed(&[&payload]) };
    let hash = link.hash(before);
    let sealed = tx.keys(cx.merchant)?.seal("audit_entry", &seq.to_be_bytes(), &payload)?;
    tx.exec(sql::ADD, args![cx.merchant, seq, cx.now, &actor, action, subject, sealed, link.payload_hash, hash])?;
    tx.exec(sql::MOVE_HEAD, args![cx.merchant, seq, hash])?;
    Ok(seq)
}

/// Which entries are asked for. Empty texts filter nothing.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// By whom.
    pub actor: String,
    /// What.
    pub action: String,
    /// Not before.
    pub since: Option<Instant>,
}

/// Entries, newest first, those before number `before`.
pub fn list(tx: &mut Tx<'_>, cx: &Ctx, filter: &Filter, before: i64, limit: i64) -> Result<Vec<Entry>> {
    let since = filter.since.unwrap_or(Instant(i64::MIN));
    let rows = tx.rows(sql::LIST, args![cx.merchant, before, &filter.actor, &filter.action, since, limit])?;
    rows.into_iter().map(|row| entry(tx, cx.merchant, row)).collect()
}

fn entry(tx: &mut Tx<'_>, merchant: MerchantNo, mut row: Row) -> Result<Entry> {
    let seq: i64 = row.get(0)?;
    let payload = open(tx, merchant, seq, row.get(5)?)?;
    Ok(Entry {
        seq,
        at: row.get(1)?,
        actor: row.get(2)?,
        action: row.get(3)?,
        subject: row.get(4)?,
        summary: payload.map(|p| String::from_utf8_lossy(p.get(SALT..).unwrap_or_default()).into_owned()),
        hash: row.get(6)?,
    })
}

fn open(tx: &mut Tx<'_>, merchant: MerchantNo, seq: i64, sealed: Option<Vec<u8>>) -> Result<Option<Vec<u8>>> {
    match sealed {
        Some(sealed) => tx.keys(merchant)?.open("audit_entry", &seq.to_be_bytes(), &sealed).map(Some),
        None => Ok(None),
    }
}

/// What verifying found.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Verdict {
    /// How many entries hold.
    pub checked: i64,
    /// The number of the first that does not, if any.
    pub first_bad: Option<i64>,
}

/// Where verifying is: the last entry that held, and its hash.
#[derive(Clone, Copy, Debug)]
pub struct Progress {
    seq: i64,
    hash: [u8; 32],
}

impl Default for Progress {
    fn default() -> Self {
        Self { seq: 0, hash: GENESIS }
    }
}

/// Verifies up to `limit` entries from `at` on. `None` while there are more to come.
pub fn verify_step(tx: &mut Tx<'_>, merchant: MerchantNo, at: &mut Progress, limit: i64) -> Result<Option<Verdict>> {
    let rows = tx.rows(sql::WALK, args![merchant, at.seq, limit])?;
    let last_page = (rows.len() as i64) < limit;
    for row in rows {
        match holds(tx, merchant, at, row)? {
            Some(hash) => *at = Progress { seq: at.seq + 1, hash },
            None => return Ok(Some(Verdict { checked: at.seq, first_bad: Some(at.seq + 1) })),
        }
    }
    if !last_page {
        return Ok(None);
    }
    // Entries cut off at the end leave a head that does not fit.
    let head = tx.row(sql::HEAD, args![merchant])?.map(|mut r| Ok::<_, Error>((r.get::<i64>(0)?, r.get::<[u8; 32]>(1)?))).transpose()?;
    let fits = head.unwrap_or((0, GENESIS)) == (at.seq, at.hash);
    Ok(Some(Verdict { checked: at.seq, first_bad: (!fits).then_some(at.seq + 1) }))
}

/// The hash of the entry in `row`, if it is the one that belongs after `at`.
fn holds(tx: &mut Tx<'_>, merchant: MerchantNo, at: &Progress, mut row: Row) -> Result<Option<[u8; 32]>> {
    let (seq, when): (i64, Instant) = (row.get(0)?, row.get(1)?);
    let (actor, action, subject): (String, String, String) = (row.get(2)?, row.get(3)?, row.get(4)?);
    let (payload, payload_hash, hash): (Option<Vec<u8>>, [u8; 32], [u8; 32]) = (row.get(5)?, row.get(6)?, row.get(7)?);
    let link = Link { merchant, seq, at: when, actor: &actor, action: &action, subject: &subject, payload_hash };
    if seq != at.seq + 1 || link.hash(at.hash) != hash {
        return Ok(None);
    }
    // A payload that was swapped for another does not open, or has another hash.
    let Ok(payload) = open(tx, merchant, seq, payload) else { return Ok(None) };
    Ok(payload.is_none_or(|p| hashed(&[&p]) == payload_hash).then_some(hash))
}

/// Verifies the whole chain in one transaction: for short chains and the command line.
pub fn verify(tx: &mut Tx<'_>, merchant: MerchantNo) -> Result<Verdict> {
    let mut at = Progress::default();
    loop {
        if let Some(verdict) = verify_step(tx, merchant, &mut at, 1000)? {
            return Ok(verdict);
        }
    }
}

/// Erases what the entries about `subject` say; that they happened stays. Returns how many.
pub fn erase_payloads(tx: &mut Tx<'_>, merchant: MerchantNo, subject: &str) -> Result<u64> {
    tx.exec(sql::ERASE, args![merchant, subject])
}
