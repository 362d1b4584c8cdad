//! Identity's rows as types, and the reads that more than one room needs.

use std::collections::{BTreeSet, HashMap};

use shuke_kernel::{Ctx, Error, Result};
use shuke_store::{Row, Tx, Value, args};

use super::fold::{Decision, Key, Set, SetId, Token};
use super::{keys, sql};
use crate::MemberId;

/// When a region was seen, and where: the largest is the newest, whatever came when.
pub(crate) type Located = (i64, Option<String>, Option<String>);

/// A key set as stored, without its values.
#[derive(Clone, Debug)]
pub(crate) struct StoredSet {
    pub id: SetId,
    pub member: Option<MemberId>,
    pub home: Option<MemberId>,
    pub first_seen: i64,
    pub entity: String,
    pub region: Option<Located>,
    pub keys: Vec<Key>,
}

impl StoredSet {
    pub(crate) fn for_fold(&self, rank: u32) -> Set {
        Set { id: self.id, first_seen: self.first_seen, rank, keys: self.keys.clone() }
    }
}

fn located(at: Option<i64>, province: Option<String>, city: Option<String>) -> Option<Located> {
    at.map(|at| (at, province, city))
}

fn stored_set(mut r: Row) -> Result<StoredSet> {
    Ok(StoredSet {
        id: r.get(0)?,
        member: r.get(1)?,
        home: r.get(2)?,
        first_seen: r.get(3)?,
        entity: r.get(5)?,
        region: located(r.get(9)?, r.get(7)?, r.get(8)?),
        keys: keys::unpack(&r.get::<Vec<u8>>(10)?)?,
    })
}

/// The places of sets among those first seen in the same instant, by their clear values.
pub(crate) fn ranks(tx: &mut Tx<'_>, cx: &Ctx, sets: &[StoredSet]) -> Result<HashMap<SetId, u32>> {
    let mut times: Vec<i64> = sets.iter().map(|s| s.first_seen).collect();
    times.sort_unstable();
    let tied: Vec<SetId> = sets.iter().filter(|s| times.iter().filter(|t| **t == s.first_seen).count() > 1).map(|s| s.id).collect();
    if tied.is_empty() {
        return Ok(HashMap::new());
    }
    let opened = tx.keys(cx.merchant)?;
    let mut said = Vec::new();
    for mut r in tx.rows(sql::VALUES, &[cx.merchant.into(), blobs(tied)])? {
        let (id, entity): (SetId, String) = (r.get(0)?, r.get(1)?);
        let mut claims: Vec<_> =
            keys::open(&opened, &id, &r.get::<Vec<u8>>(2)?, &r.get::<Vec<u8>>(3)?)?.into_iter().map(|(_, claim)| claim).collect();
        claims.sort();
        said.push((entity, claims, id));
    }
    said.sort();
    Ok(said.into_iter().enumerate().map(|(rank, (_, _, id))| (id, rank as u32)).collect())
}

/// Ids as a list for `= ANY`.
pub(crate) fn blobs<const N: usize>(ids: impl IntoIterator<Item = [u8; N]>) -> Value {
    Value::Blobs(ids.into_iter().map(|i| i.to_vec()).collect())
}

/// Member ids as a list for `= ANY`, ascending.
pub(crate) fn members(ids: impl IntoIterator<Item = MemberId>) -> Value {
    let sorted: BTreeSet<MemberId> = ids.into_iter().collect();
    blobs(sorted.into_iter().map(|i| *i.bytes()))
}

/// Key sets by id, locked.
pub(crate) fn sets_by_id(tx: &mut Tx<'_>, cx: &Ctx, ids: impl IntoIterator<Item = SetId>) -> Result<Vec<StoredSet>> {
    let ids = blobs(ids);
    if matches!(&ids, Value::Blobs(b) if b.is_empty()) {
        return Ok(Vec::new());
    }
    tx.rows(sql::SETS, &[cx.merchant.into(), ids])?.into_iter().map(stored_set).collect()
}

/// Key sets by id as they stand, without keeping others from them.
pub(crate) fn sets_seen(tx: &mut Tx<'_>, cx: &Ctx, ids: impl IntoIterator<Item = SetId>) -> Result<Vec<StoredSet>> {
    tx.rows(sql::SETS_SEEN, &[cx.merchant.into(), blobs(ids)])?.into_iter().map(stored_set).collect()
}

/// What a merchant may never have had.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Ever {
    /// People decided who is who.
    pub decided: bool,
    /// Somebody was erased.
    pub erased: bool,
}

/// See [`Ever`].
pub(crate) fn ever(tx: &mut Tx<'_>, cx: &Ctx) -> Result<Ever> {
    let rows = tx.remembered(sql::EVER, args![cx.merchant], &["identity_decision", "erased_key"])?;
    let mut row = rows.into_iter().next().ok_or_else(|| Error::fault("a query that always has a row had none"))?;
    Ok(Ever { decided: row.get::<i64>(0)? != 0, erased: row.get::<i64>(1)? != 0 })
}

/// All key sets of members, locked.
pub(crate) fn sets_of(tx: &mut Tx<'_>, cx: &Ctx, of: impl IntoIterator<Item = MemberId>) -> Result<Vec<StoredSet>> {
    let of = members(of);
    if matches!(&of, Value::Blobs(b) if b.is_empty()) {
        return Ok(Vec::new());
    }
    tx.rows(sql::SETS_OF, &[cx.merchant.into(), of])?.into_iter().map(stored_set).collect()
}

/// By which of their sets a member is known best: their own first, then the one seen first.
pub(crate) fn best_of(member: MemberId, sets: &[StoredSet]) -> Option<SetId> {
    sets.iter().min_by_key(|s| (s.home != Some(member), s.first_seen, s.id)).map(|s| s.id)
}

/// Who holds a key.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Holder {
    /// A member's id, or the id of a key set that is nobody's.
    pub holder: [u8; 16],
    /// Whether it is a member.
    pub held: bool,
    /// The kind as which it holds it.
    pub kind: i64,
    /// The class as which it holds it.
    pub class: i64,
}

impl Holder {
    pub(crate) fn member(&self) -> Option<MemberId> {
        self.held.then(|| MemberId::from_bytes(self.holder))
    }
}

/// The holders of tokens.
pub(crate) fn holders(tx: &mut Tx<'_>, cx: &Ctx, tokens: impl IntoIterator<Item = Token>) -> Result<HashMap<Token, Vec<Holder>>> {
    let tokens = blobs(tokens);
    let mut out: HashMap<Token, Vec<Holder>> = HashMap::new();
    if matches!(&tokens, Value::Blobs(b) if b.is_empty()) {
        return Ok(out);
    }
    for mut r in tx.rows(sql::HOLDERS, &[cx.merchant.into(), tokens])? {
        let holder = Holder { holder: r.get(1)?, held: r.get(2)?, kind: r.get(3)?, class: r.get(4)? };
        out.entry(r.get(0)?).or_default().push(holder);
    }
    Ok(out)
}

/// What identity keeps on a member's row.
#[derive(Clone, Debug)]
pub(crate) struct MemberRow {
    pub state: String,
    pub first_seen: i64,
    pub contested: bool,
    pub has_phone: bool,
    pub region: Option<Located>,
}

/// Members' rows, locked in the order of their ids.
pub(crate) fn lock_members(tx: &mut Tx<'_>, cx: &Ctx, ids: impl IntoIterator<Item = MemberId>) -> Result<HashMap<MemberId, MemberRow>> {
    let ids = members(ids);
    if matches!(&ids, Value::Blobs(b) if b.is_empty()) {
        return Ok(HashMap::new());
    }
    tx.rows(sql::LOCK_MEMBERS, &[cx.merchant.into(), ids])?
        .into_iter()
        .map(|mut r| {
            let row = MemberRow {
                state: r.get(1)?,
                first_seen: r.get(3)?,
                contested: r.get(4)?,
                has_phone: r.get(8)?,
                region: located(r.get(7)?, r.get(5)?, r.get(6)?),
            };
            Ok((r.get(0)?, row))
        })
        .collect()
}

/// Decisions about any of these sets.
pub(crate) fn decisions(tx: &mut Tx<'_>, cx: &Ctx, sets: &[SetId]) -> Result<Vec<Decision>> {
    if sets.is_empty() || !ever(tx, cx)?.decided {
        return Ok(Vec::new());
    }
    let ids = blobs(sets.iter().copied());
    let mut rows = tx.rows(sql::DECISIONS_LEFT, &[cx.merchant.into(), ids.clone()])?;
    rows.extend(tx.rows(sql::DECISIONS_RIGHT, &[cx.merchant.into(), ids])?);
    let mut out = BTreeSet::new();
    for mut r in rows {
        let verdict: String = r.get(1)?;
        out.insert(Decision { at: r.get(4)?, id: r.get(0)?, together: verdict == "together", left: r.get(2)?, right: r.get(3)? });
    }
    Ok(out.into_iter().collect())
}

/// Keeps other transactions from making members for the same keys meanwhile, and from holding the
/// same contact unseen: of two that come to share one, the second must find the first, or nobody is
/// asked about them. Names identify nobody and propose nothing; which of them a member is found by
/// is decided under the member's own lock.
pub(crate) fn lock_keys<'a>(tx: &mut Tx<'_>, cx: &Ctx, keys: impl IntoIterator<Item = &'a Key>) -> Result<()> {
    tx.lock_names(cx.merchant, keys.into_iter().filter(|k| k.proposes()).map(|k| k.token))
}
