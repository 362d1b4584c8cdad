//! What a member agreed to, per purpose and channel, with source and proof; and who must never be
//! written to, member or not.
//!
//! Consents are a history: nothing is rewritten, the newest statement holds. Not to have said
//! anything is not to have agreed. Where two members become one and either had refused, the
//! refusal holds until the person agrees anew.
//!
//! A member list's statement is kept as its record's: dated by the newest time that its row
//! mentions, so that an older file never outdoes what was said since, and taken back with it. Of
//! two statements of one time the refusal holds: a list that dates nothing can refuse, and can
//! grant only where nobody refused.

pub mod http;
pub mod many;
pub mod sql;
pub mod suppression;

use std::collections::btree_map;
use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use shuke_access::merchants;
use shuke_kernel::{Code, Ctx, Instant, Kind, Result};
use shuke_store::{MerchantKeys, Row, Tx, Value, args};

use crate::identity::rows;
use crate::identity::service::member_event;
use crate::{MemberId, profile};

shuke_kernel::ids! {
    /// A statement of consent.
    ConsentId = ConsentKind "cns";
}

/// Purposes that consent is given for.
pub const PURPOSES: [&str; 5] = ["marketing", "service", "profiling", "ads", "sharing"];
/// Channels that it is given for; `any` is all of them.
pub const CHANNELS: [&str; 6] = ["sms", "email", "wechat", "push", "phone", "any"];

/// No such purpose or channel.
pub static UNKNOWN_WORD: Code = Code {
    code: "consent.unknown_word",
    kind: Kind::Invalid,
    zh: "“{word}”不是可用的值，可选：{known}。",
    en: "`{word}` is none of: {known}.",
};

/// A statement of consent.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Statement {
    /// One of [`PURPOSES`].
    pub purpose: String,
    /// One of [`CHANNELS`].
    pub channel: String,
    /// Agreed, or refused.
    pub granted: bool,
    /// Where it was made.
    pub source: String,
    /// What proves it: a form's version, a call's record. Sealed.
    pub proof: Option<String>,
    /// The legal basis that a batch declares; empty for a person's own statement.
    pub basis: String,
    /// When it was made.
    pub at: Instant,
}

/// What holds now for a purpose and channel.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct State {
    /// The purpose.
    pub purpose: String,
    /// The channel.
    pub channel: String,
    /// Agreed, or refused.
    pub granted: bool,
    /// Since when.
    pub at: Instant,
    /// Where it was said.
    pub source: String,
}

/// An entry of the history.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Which.
    pub id: ConsentId,
    /// What was said.
    pub statement: Statement,
    /// When it was recorded.
    pub recorded_at: Instant,
    /// By whom.
    pub recorded_by: String,
    /// Whether a merge added it, so that the stricter of two holds.
    pub by_merge: bool,
}

fn known(word: &str, list: &[&str], field: &str) -> Result<()> {
    if list.contains(&word) {
        return Ok(());
    }
    Err(UNKNOWN_WORD.with("word", word).with("known", list.join(", ")).at(field).into())
}

/// Records statements of one member.
pub fn record(tx: &mut Tx<'_>, cx: &Ctx, member: MemberId, statements: &[Statement]) -> Result<()> {
    record_many(tx, cx, &statements.iter().map(|s| (member, s.clone())).collect::<Vec<_>>())
}

/// Records what somebody heard from the member. It keeps the member here even if the import that
/// named them is taken back: a withdrawal is not forgotten with a file.
pub fn record_by_hand(tx: &mut Tx<'_>, cx: &Ctx, member: MemberId, statements: &[Statement]) -> Result<()> {
    profile::observe::state_by_hand(tx, cx, member, profile::service::STAFF, &profile::model::Stated::new())?;
    record(tx, cx, member, statements)
}

/// Records statements of many members.
pub fn record_many(tx: &mut Tx<'_>, cx: &Ctx, statements: &[(MemberId, Statement)]) -> Result<()> {
    put(tx, cx, &statements.iter().map(|(member, s)| Of { member: *member, statement: s.clone(), record: None }).collect::<Vec<_>>())
}

/// A member's statement, and the record that it came with.
#[derive(Clone, Debug)]
pub(crate) struct Of {
    pub member: MemberId,
    pub statement: Statement,
    /// Source and token of the record, where it is to be taken back with it.
    pub record: Option<(String, [u8; 16])>,
}

/// Records statements.
pub(crate) fn put(tx: &mut Tx<'_>, cx: &Ctx, statements: &[Of]) -> Result<()> {
    if statements.is_empty() {
        return Ok(());
    }
    rows::lock_members(tx, cx, statements.iter().map(|s| s.member))?;
    let keys = tx.keys(cx.merchant)?;
    let by = cx.actor.label();
    let (mut put, mut events) = (Vec::new(), Vec::new());
    for Of { member, statement: s, record } in statements {
        known(&s.purpose, &PURPOSES, "purpose")?;
        known(&s.channel, &CHANNELS, "channel")?;
        let id: ConsentId = cx.new_id();
        let proof = s.proof.as_deref().map(|p| keys.seal("consent", id.bytes(), p.as_bytes())).transpose()?;
        let mut row = row(cx, id, *member, &s.purpose, &s.channel, s.granted, &s.source, &s.basis, s.at, &by, None, proof);
        if let Some((source, record)) = record {
            let kept = row.len();
            row[kept - 2] = source.into();
            row[kept - 1] = (*record).into();
        }
        put.push(row);
        let data = serde_json::json!({ "purpose": s.purpose, "channel": s.channel, "granted": s.granted }).to_string();
        events.push(member_event("consent.changed", *member, s.at, data));
    }
    tx.insert_many(&sql::PUT, put)?;
    tx.emit_many(cx, events)
}

#[expect(clippy::too_many_arguments, reason = "the columns of one row")]
fn row(
    cx: &Ctx,
    id: ConsentId,
    member: MemberId,
    purpose: &str,
    channel: &str,
    granted: bool,
    source: &str,
    basis: &str,
    at: Instant,
    by: &str,
    merge: Option<[u8; 16]>,
    proof: Option<Vec<u8>>,
) -> Vec<Value> {
    vec![
        cx.merchant.into(),
        id.into(),
        member.into(),
        purpose.into(),
        channel.into(),
        granted.into(),
        source.into(),
        basis.into(),
        at.into(),
        cx.now.into(),
        by.into(),
        merge.into(),
        proof.into(),
        Value::Null,
        Value::Null,
    ]
}

/// Takes back what records of a source stated.
pub(crate) fn retract(tx: &mut Tx<'_>, cx: &Ctx, source: &str, records: &[[u8; 16]]) -> Result<()> {
    if records.is_empty() {
        return Ok(());
    }
    let records = rows::blobs(records.iter().copied());
    let mut gone: BTreeMap<MemberId, BTreeSet<(String, String)>> = BTreeMap::new();
    for mut r in tx.rows(sql::OF_RECORDS, &[cx.merchant.into(), source.into(), records.clone()])? {
        gone.entry(r.get(0)?).or_default().insert((r.get(1)?, r.get(2)?));
    }
    if gone.is_empty() {
        return Ok(());
    }
    rows::lock_members(tx, cx, gone.keys().copied())?;
    tx.exec(sql::DROP_OF_RECORDS, &[cx.merchant.into(), source.into(), records])?;
    let mut events = Vec::new();
    for (member, words) in gone {
        let left = effective(tx, cx, member)?;
        for (purpose, channel) in words {
            let granted = left.iter().any(|s| s.purpose == purpose && s.channel == channel && s.granted);
            let data = serde_json::json!({ "purpose": purpose, "channel": channel, "granted": granted, "taken_back": true }).to_string();
            events.push(member_event("consent.changed", member, cx.now, data));
        }
    }
    tx.emit_many(cx, events)
}

/// A member's whole history, oldest first.
pub fn history(tx: &mut Tx<'_>, cx: &Ctx, member: MemberId) -> Result<Vec<Entry>> {
    let keys = tx.keys(cx.merchant)?;
    tx.rows(sql::OF, args![cx.merchant, member])?.into_iter().map(|r| entry(&keys, r)).collect()
}

/// What of a member's history lies before a time and id, newest first, without proofs: `limit` at most.
pub fn below(tx: &mut Tx<'_>, cx: &Ctx, member: MemberId, before: (Instant, [u8; 16]), limit: i64) -> Result<Vec<Entry>> {
    let keys = tx.keys(cx.merchant)?;
    let found = tx.rows(sql::BELOW, args![cx.merchant, member, before.0, before.1, limit])?;
    found.into_iter().map(|r| entry(&keys, r)).collect()
}

fn entry(keys: &MerchantKeys, mut r: Row) -> Result<Entry> {
    let id: ConsentId = r.get(0)?;
    let proof = match r.get::<Option<Vec<u8>>>(10)? {
        Some(blob) => Some(String::from_utf8_lossy(&keys.open("consent", id.bytes(), &blob)?).into_owned()),
        None => None,
    };
    let statement =
        Statement { purpose: r.get(1)?, channel: r.get(2)?, granted: r.get(3)?, source: r.get(4)?, basis: r.get(5)?, at: r.get(6)?, proof };
    Ok(Entry { id, statement, recorded_at: r.get(7)?, recorded_by: r.get(8)?, by_merge: r.get::<Option<[u8; 16]>>(9)?.is_some() })
}

/// What holds now, one state a purpose and channel that anything was said of.
pub fn effective(tx: &mut Tx<'_>, cx: &Ctx, member: MemberId) -> Result<Vec<State>> {
    let mut newest: BTreeMap<(String, String), State> = BTreeMap::new();
    for mut r in tx.rows(sql::OF, args![cx.merchant, member])? {
        let state = State { purpose: r.get(1)?, channel: r.get(2)?, granted: r.get(3)?, source: r.get(4)?, at: r.get(6)? };
        match newest.entry((state.purpose.clone(), state.channel.clone())) {
            btree_map::Entry::Vacant(slot) => drop(slot.insert(state)),
            // Oldest first; of one time the refusal holds.
            btree_map::Entry::Occupied(mut slot) if state.at > slot.get().at || !state.granted => drop(slot.insert(state)),
            btree_map::Entry::Occupied(_) => {}
        }
    }
    Ok(newest.into_values().collect())
}

/// What holds on a channel, of what holds on each (channel, time, whether granted); `None` where
/// nothing was said. The newest of what was said of the channel and of `any`, of one time the refusal.
/// Asked of `any`, a refusal on each single channel speaks as well, and a grant on one alone does not.
pub(crate) fn newest<'a>(said: impl IntoIterator<Item = (&'a str, i64, bool)>, channel: &str) -> Option<bool> {
    let speaks = |on: &str, granted: bool| on == channel || on == "any" || (channel == "any" && !granted);
    let of = said.into_iter().filter(|(on, _, granted)| speaks(on, *granted));
    of.max_by_key(|(_, at, granted)| (*at, !granted)).map(|(.., granted)| granted)
}

/// Whether a member agreed to this purpose on this channel, as [`newest`] has it; nothing said is no.
/// No marketing and no ads under fourteen, by the merchant's day.
pub fn allows(tx: &mut Tx<'_>, cx: &Ctx, member: MemberId, purpose: &str, channel: &str) -> Result<bool> {
    let states = effective(tx, cx, member)?;
    let said = states.iter().filter(|s| s.purpose == purpose).map(|s| (s.channel.as_str(), s.at.micros(), s.granted));
    if newest(said, channel) != Some(true) {
        return Ok(false);
    }
    if !["marketing", "ads"].contains(&purpose) {
        return Ok(true);
    }
    let Some(profile) = profile::get(tx, cx, member)? else { return Ok(false) };
    Ok(!profile::under_fourteen(profile.birthday, profile.under_14, merchants::zone_of(tx, cx.merchant)?.day(cx.now)))
}

/// Moves a member's consents to the one who takes them in; where either refused and the other's
/// later word would grant, a refusal is added. Returns what moved.
pub(crate) fn take_in(
    tx: &mut Tx<'_>,
    cx: &Ctx,
    from: MemberId,
    to: MemberId,
    merge: [u8; 16],
    left: &[State],
    right: &[State],
) -> Result<Vec<[u8; 16]>> {
    let ids = tx.rows(sql::IDS, args![cx.merchant, from])?.into_iter().map(|mut r| r.get(0)).collect::<Result<Vec<[u8; 16]>>>()?;
    tx.exec(sql::MOVE_ALL, args![cx.merchant, from, to])?;
    let by = cx.actor.label();
    let refused: Vec<&State> = left.iter().chain(right).filter(|s| !s.granted).collect();
    let mut put = Vec::new();
    for state in effective(tx, cx, to)?.iter().filter(|s| s.granted) {
        if refused.iter().any(|r| r.purpose == state.purpose && (r.channel == state.channel || r.channel == "any")) {
            // Never before the word that it overrides.
            let at = cx.now.max(state.at);
            put.push(row(cx, cx.new_id(), to, &state.purpose, &state.channel, false, "merge", "", at, &by, Some(merge), None));
        }
    }
    tx.insert_many(&sql::PUT, put)?;
    Ok(ids)
}

/// Gives back what [`take_in`] moved and drops what it added.
pub(crate) fn give_back(tx: &mut Tx<'_>, cx: &Ctx, ids: &[[u8; 16]], from: &[MemberId], to: MemberId, merge: [u8; 16]) -> Result<()> {
    tx.exec(sql::DROP_MERGED, args![cx.merchant, merge])?;
    let (ids, from) = (rows::blobs(ids.iter().copied()), rows::members(from.iter().copied()));
    tx.exec(sql::MOVE_BACK, &[cx.merchant.into(), ids, to.into(), from]).map(|_| ())
}

pub(crate) fn forget(tx: &mut Tx<'_>, cx: &Ctx, member: MemberId) -> Result<()> {
    tx.exec(sql::DROP_OF, args![cx.merchant, member]).map(|_| ())
}
