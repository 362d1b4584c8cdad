//! Observations: what one record of one source states of a person, kept as it came, so that the
//! same record loaded again changes nothing and an undone import takes its statements with it.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use shuke_kernel::{Ctx, Instant, Result};
use shuke_store::{MerchantKeys, Tx, Value, args};

use super::model::{self, Stated};
use super::sql;
use crate::MemberId;
use crate::consent;
use crate::identity::fold::SetId;
use crate::identity::service::member_event;
use crate::identity::{self, Evidence, Identified, KeyKind, rows};

fn row_name(source: &str, record: &[u8]) -> Vec<u8> {
    [source.as_bytes(), record].concat()
}

pub(crate) fn record_of(keys: &MerchantKeys, source: &str, source_id: &str) -> [u8; 16] {
    keys.token(&format!("record@{source}"), source_id)
}

pub(crate) fn open(keys: &MerchantKeys, source: &str, record: &[u8], sealed: Option<Vec<u8>>) -> Result<Stated> {
    match sealed {
        None => Ok(Stated::new()),
        Some(blob) => Ok(serde_json::from_slice(&keys.open("observation", &row_name(source, record), &blob)?)?),
    }
}

fn seal(keys: &MerchantKeys, source: &str, record: &[u8], fields: &Stated) -> Result<Option<Vec<u8>>> {
    if fields.is_empty() {
        return Ok(None);
    }
    keys.seal("observation", &row_name(source, record), &serde_json::to_vec(fields)?).map(Some)
}

struct Kept {
    key_set: Option<SetId>,
    member: Option<MemberId>,
    time: i64,
    fields: Stated,
    dirty: bool,
    /// Whether a record of this batch replaced what was kept, and what it says of consent.
    replaced: bool,
    consents: Vec<consent::Statement>,
}

/// Keeps what evidence with a record id states, once it is known whose it is. An older statement
/// of the same record never replaces a newer one.
pub(crate) fn observe_many(tx: &mut Tx<'_>, cx: &Ctx, evidence: &[Evidence], found: &[Identified]) -> Result<()> {
    let mut by_source: BTreeMap<&str, Vec<(&str, &Evidence, &Identified)>> = BTreeMap::new();
    for (e, f) in evidence.iter().zip(found) {
        if let Some(id) = e.source_id.as_deref().filter(|_| e.keys.is_empty() || f.key_set.is_some()) {
            by_source.entry(&e.source).or_default().push((id, e, f));
        }
    }
    if by_source.is_empty() {
        return Ok(());
    }
    let keys = tx.keys(cx.merchant)?;
    let mut back: Vec<SetId> = Vec::new();
    let mut touched: BTreeSet<MemberId> = BTreeSet::new();
    let mut put: Vec<Vec<Value>> = Vec::new();
    let mut agreed: Vec<consent::Of> = Vec::new();
    for (source, items) in by_source {
        let records: Vec<[u8; 16]> = items.iter().map(|(id, ..)| record_of(&keys, source, id)).collect();
        let mut kept = load(tx, cx, &keys, source, &records)?;
        for ((_, e, f), record) in items.iter().zip(&records) {
            let fields = model::stated(&e.profile)?;
            let time = e.source_time.micros();
            match kept.get_mut(record) {
                Some(old) if time < old.time => back.extend(f.key_set),
                Some(old) => {
                    back.extend(old.key_set);
                    touched.extend(old.member);
                    old.dirty |= old.key_set != f.key_set || old.fields != fields || old.time != time;
                    (old.key_set, old.member, old.time, old.fields) = (f.key_set, f.member, time, fields);
                    (old.replaced, old.consents) = (true, e.profile.consents.clone());
                }
                None => {
                    let consents = e.profile.consents.clone();
                    kept.insert(
                        *record,
                        Kept { key_set: f.key_set, member: f.member, time, fields, dirty: true, replaced: false, consents },
                    );
                }
            }
        }
        let replaced: Vec<[u8; 16]> = kept.iter().filter(|(_, k)| k.replaced).map(|(r, _)| *r).collect();
        consent::retract(tx, cx, source, &replaced)?;
        for (record, k) in &mut kept {
            if let Some(member) = k.member {
                let said = std::mem::take(&mut k.consents);
                agreed.extend(said.into_iter().map(|statement| consent::Of {
                    member,
                    statement,
                    record: Some((source.to_owned(), *record)),
                }));
            }
        }
        for (record, k) in kept.into_iter().filter(|(_, k)| k.dirty) {
            touched.extend(k.member);
            let sealed = seal(&keys, source, &record, &k.fields)?;
            put.push(vec![
                cx.merchant.into(),
                source.into(),
                record.into(),
                k.key_set.into(),
                k.member.into(),
                k.time.into(),
                sealed.into(),
            ]);
        }
    }
    let fresh: BTreeSet<MemberId> = found.iter().filter(|f| f.created).filter_map(|f| f.member).collect();
    let any = !put.is_empty();
    tx.insert_many(&sql::PUT_OBSERVATIONS, put)?;
    consent::put(tx, cx, &agreed)?;
    if !back.is_empty() {
        identity::release(tx, cx, &back)?;
    }
    if any {
        let changed = super::refold(tx, cx, touched)?;
        let events = changed
            .into_iter()
            .filter(|m| !fresh.contains(m))
            .map(|m| member_event("member.changed", m, cx.now, r#"{"what":"profile"}"#.to_owned()));
        tx.emit_many(cx, events.collect())?;
    }
    Ok(())
}

fn load(tx: &mut Tx<'_>, cx: &Ctx, keys: &MerchantKeys, source: &str, records: &[[u8; 16]]) -> Result<HashMap<[u8; 16], Kept>> {
    let found = tx.rows(sql::OBSERVATIONS, &[cx.merchant.into(), source.into(), rows::blobs(records.iter().copied())])?;
    let mut out = HashMap::new();
    for mut r in found {
        let record: [u8; 16] = r.get(0)?;
        let fields = open(keys, source, &record, r.get(4)?)?;
        out.insert(
            record,
            Kept { key_set: r.get(1)?, member: r.get(2)?, time: r.get(3)?, fields, dirty: false, replaced: false, consents: Vec::new() },
        );
    }
    Ok(out)
}

/// What records of a source state now, and by which key set: to tell whether a write changed it.
pub(crate) fn peek<'s>(
    tx: &mut Tx<'_>,
    cx: &Ctx,
    source: &str,
    ids: impl Iterator<Item = &'s str>,
) -> Result<HashMap<&'s str, (Option<SetId>, Stated)>> {
    let keys = tx.keys(cx.merchant)?;
    let ids: Vec<(&str, [u8; 16])> = ids.map(|id| (id, record_of(&keys, source, id))).collect();
    let records: Vec<[u8; 16]> = ids.iter().map(|(_, r)| *r).collect();
    let mut kept = load(tx, cx, &keys, source, &records)?;
    Ok(ids.into_iter().filter_map(|(id, r)| kept.remove(&r).map(|k| (id, (k.key_set, k.fields)))).collect())
}

/// What one record told of a member.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Told {
    /// The record, under its blind name.
    pub record: [u8; 16],
    /// Where it comes from: `staff`, `api`, a list's source.
    pub source: String,
    /// When it says so.
    pub at: Instant,
    /// The facts that it tells, by name; what they are is shown by the profile alone.
    pub fields: Vec<String>,
}

/// What was told of a member before a time and record, record by record, newest first: `limit` at most.
pub fn told(tx: &mut Tx<'_>, cx: &Ctx, member: MemberId, before: (Instant, [u8; 16]), limit: i64) -> Result<Vec<Told>> {
    let keys = tx.keys(cx.merchant)?;
    let (mut out, mut below) = (Vec::new(), before);
    loop {
        let found = tx.rows(sql::OBSERVED_BELOW, args![cx.merchant, member, below.0, below.1, limit])?;
        let full = found.len() as i64 == limit;
        for mut r in found {
            let (source, record): (String, [u8; 16]) = (r.get(1)?, r.get(2)?);
            below = (r.get(3)?, record);
            let fields: Vec<String> = open(&keys, &source, &record, r.get(4)?)?.keys().cloned().collect();
            // Some records tell nothing but keys.
            if !fields.is_empty() && (out.len() as i64) < limit {
                out.push(Told { record, source, at: below.0, fields });
            }
        }
        if !full || out.len() as i64 == limit {
            return Ok(out);
        }
    }
}

/// What one list tells of a member's points and tier where it comes from.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Standing {
    /// Where it comes from.
    pub source: String,
    /// When it says so.
    pub at: Instant,
    /// The points' word.
    pub points: Option<String>,
    /// The tier's word.
    pub tier: Option<String>,
}

/// By what an account is told again in a later list: its set of keys, and what names it where it comes from. A phone
/// that a later list adds makes another set of the same account.
type Names = BTreeSet<Vec<u8>>;

fn accounts(tx: &mut Tx<'_>, cx: &Ctx, member: MemberId) -> Result<HashMap<SetId, Names>> {
    let mut out = HashMap::new();
    for mut r in tx.rows(identity::sql::VALUES_OF, &[cx.merchant.into(), rows::members([member])])? {
        let set: SetId = r.get(1)?;
        let names = identity::keys::unpack(&r.get::<Vec<u8>>(4)?)?.into_iter().filter(|k| NAMING.contains(&k.kind));
        out.insert(set, names.map(|k| k.token.to_vec()).chain([set.to_vec()]).collect());
    }
    Ok(out)
}

const NAMING: [KeyKind; 3] = [KeyKind::OwnId, KeyKind::OpenId, KeyKind::AccountName];

/// What each account of a member has of points and tier where it comes from, newest first: of the lists that told of
/// one account again the newest word alone, by the order in which the profile takes them. The profile shows the
/// newest of all accounts, and after a merge the other side's are of another account.
pub(crate) fn standings(tx: &mut Tx<'_>, cx: &Ctx, member: MemberId) -> Result<Vec<Standing>> {
    let keys = tx.keys(cx.merchant)?;
    let mut told = Vec::new();
    for mut r in tx.rows(sql::OBSERVED, &[cx.merchant.into(), rows::members([member])])? {
        let (source, record): (String, [u8; 16]) = (r.get(1)?, r.get(2)?);
        let (at, set): (Instant, Option<SetId>) = (r.get(3)?, r.get(5)?);
        let mut fields = open(&keys, &source, &record, r.get(4)?)?;
        fields.retain(|name, _| name == "points" || name == "tier");
        if !fields.is_empty() {
            told.push((at, source, record, set, fields));
        }
    }
    if told.is_empty() {
        return Ok(Vec::new());
    }
    told.sort_by(|a, b| (b.0, &b.1, b.2).cmp(&(a.0, &a.1, a.2)));
    let accounts = accounts(tx, cx, member)?;
    // By source what was told already, newer: of whom, and which fields.
    let mut newer: BTreeMap<String, Vec<(Names, BTreeSet<String>)>> = BTreeMap::new();
    let mut out = Vec::new();
    for (at, source, record, set, mut fields) in told {
        let names = set.and_then(|s| accounts.get(&s).cloned()).unwrap_or_else(|| [set.unwrap_or(record).to_vec()].into());
        let of = newer.entry(source.clone()).or_default();
        let (same, other) = std::mem::take(of).into_iter().partition::<Vec<_>, _>(|(known, _)| !known.is_disjoint(&names));
        *of = other;
        let mut one = (names, BTreeSet::new());
        for (known, said) in same {
            one.0.extend(known);
            one.1.extend(said);
        }
        fields.retain(|name, _| one.1.insert(name.clone()));
        of.push(one);
        let word = |name: &str| fields.get(name).and_then(serde_json::Value::as_str).map(ToOwned::to_owned);
        let (points, tier) = (word("points"), word("tier"));
        if points.is_some() || tier.is_some() {
            out.push(Standing { source, at, points, tier });
        }
    }
    Ok(out)
}

/// Keeps a statement by hand about a member, under its own record.
pub(crate) fn state_by_hand(tx: &mut Tx<'_>, cx: &Ctx, member: MemberId, source: &str, fields: &Stated) -> Result<()> {
    let keys = tx.keys(cx.merchant)?;
    let set = rows::best_of(member, &rows::sets_of(tx, cx, [member])?);
    let record: [u8; 16] = *cx.new_id::<crate::MemberKind>().bytes();
    if let Some(id) = set {
        // What a person stated outlives the import that named the member.
        tx.exec(sql::BUMP_SET, args![cx.merchant, id])?;
    }
    let sealed = seal(&keys, source, &record, fields)?;
    let row = vec![cx.merchant.into(), source.into(), record.into(), set.into(), member.into(), cx.now.into(), sealed.into()];
    tx.insert_many(&sql::PUT_OBSERVATIONS, vec![row])?;
    for id in super::refold(tx, cx, [member])? {
        tx.emit(cx, member_event("member.changed", id, cx.now, r#"{"what":"profile"}"#.to_owned()))?;
    }
    Ok(())
}

/// Takes a record's statements back, and its reference to its key set.
pub fn retract(tx: &mut Tx<'_>, cx: &Ctx, source: &str, source_id: &str) -> Result<()> {
    let keys = tx.keys(cx.merchant)?;
    let record = record_of(&keys, source, source_id);
    let Some(kept) = load(tx, cx, &keys, source, &[record])?.remove(&record) else { return Ok(()) };
    tx.exec(sql::DROP_OBSERVATION, args![cx.merchant, source, record])?;
    consent::retract(tx, cx, source, &[record])?;
    if let Some(set) = kept.key_set {
        identity::release(tx, cx, &[set])?;
    }
    if let Some(member) = kept.member {
        for id in super::refold(tx, cx, [member])? {
            tx.emit(cx, member_event("member.changed", id, cx.now, r#"{"what":"profile"}"#.to_owned()))?;
        }
    }
    Ok(())
}
