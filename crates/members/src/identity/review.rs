//! The review list: keys that more than one member holds.
//!
//! A review *is* such a key: its id is the key's token. So the list follows from who holds what
//! and from what people decided, whatever came when. A strong key in two hands is a conflict, an
//! account name in two hands a renamed account, a contact in two hands a proposal. People decide of
//! pairs, so a pair that shares several keys is shown and counted once.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use shuke_kernel::{Code, Ctx, Error, Instant, Kind, Result};
use shuke_store::{Row, Tx, Value, args};

use super::fold::{SetId, Token};
use super::model::KeyKind;
use super::rows::{self, Holder};
use super::{keys, merge, sql};
use crate::MemberId;

shuke_kernel::ids! {
    /// A review.
    ReviewId = ReviewKind "rev";
}

/// No such review.
pub static NOT_FOUND: Code =
    Code { code: "review.not_found", kind: Kind::NotFound, zh: "找不到这条待核对记录。", en: "There is no such review." };
/// Somebody decided it already.
pub static DECIDED: Code = Code {
    code: "review.decided",
    kind: Kind::Conflict,
    zh: "这条记录已经处理过了，请刷新列表。",
    en: "This review has been decided already. Refresh the list.",
};

/// A review as people see it.
#[derive(Clone, Debug)]
pub struct Review {
    /// Which.
    pub id: ReviewId,
    /// `conflict`, `renamed_account` or `contact_match`.
    pub reason: String,
    /// The reasons of all reviews about the same pair in the same state.
    pub reasons: Vec<String>,
    /// `open`, `kept_apart` or `merged`.
    pub state: String,
    /// The members in question: the older first.
    pub pair: Option<(MemberId, MemberId)>,
    /// How many hold the key.
    pub holders: usize,
    /// When it was found.
    pub created_at: Instant,
    /// When it was decided.
    pub decided_at: Option<Instant>,
    /// By whom.
    pub decided_by: Option<String>,
}

/// The states of the reviews of these tokens, where there are any.
pub(crate) fn states(tx: &mut Tx<'_>, cx: &Ctx, tokens: impl IntoIterator<Item = Token>) -> Result<HashMap<Token, String>> {
    let ids = rows::blobs(tokens);
    if matches!(&ids, Value::Blobs(b) if b.is_empty()) {
        return Ok(HashMap::new());
    }
    tx.rows(sql::REVIEWS, &[cx.merchant.into(), ids])?.into_iter().map(|mut r| Ok((r.get(0)?, r.get(2)?))).collect()
}

/// The members that hold these tokens, as far as a person can look at them, older first.
fn held_by(tx: &mut Tx<'_>, cx: &Ctx, tokens: impl IntoIterator<Item = Token>) -> Result<HashMap<Token, Vec<(MemberId, Holder)>>> {
    let mut out: HashMap<Token, Vec<(MemberId, Holder)>> = HashMap::new();
    for mut r in tx.rows(sql::HOLDERS_SOME, &[cx.merchant.into(), rows::blobs(tokens)])? {
        let holder = Holder { holder: r.get(1)?, held: r.get(2)?, kind: r.get(3)?, class: r.get(4)? };
        out.entry(r.get(0)?).or_default().extend(holder.member().map(|m| (m, holder)));
    }
    let several = out.values().filter(|h| h.len() > 1).flatten().map(|h| h.0);
    let ids = rows::members(several);
    let mut seen: HashMap<MemberId, i64> = HashMap::new();
    if !matches!(&ids, Value::Blobs(b) if b.is_empty()) {
        for mut r in tx.rows(sql::SEEN, &[cx.merchant.into(), ids])? {
            seen.insert(r.get(0)?, r.get(1)?);
        }
    }
    for holders in out.values_mut() {
        holders.sort_by_key(|(m, _)| (seen.get(m).copied().unwrap_or(i64::MAX), *m));
    }
    Ok(out)
}

/// The first pair that nobody put apart.
fn undecided(tx: &mut Tx<'_>, cx: &Ctx, members: &[MemberId]) -> Result<Option<(MemberId, MemberId)>> {
    let mut pairs = members.iter().enumerate().flat_map(|(i, a)| members[i + 1..].iter().map(move |b| (*a, *b)));
    if !rows::ever(tx, cx)?.decided {
        return Ok(pairs.next());
    }
    let mut owner: HashMap<SetId, MemberId> = HashMap::new();
    for mut r in tx.rows(sql::SET_IDS_OF, &[cx.merchant.into(), rows::members(members.iter().copied())])? {
        owner.insert(r.get(0)?, r.get(1)?);
    }
    let ids: Vec<SetId> = owner.keys().copied().collect();
    let mut apart: HashSet<(MemberId, MemberId)> = HashSet::new();
    for d in rows::decisions(tx, cx, &ids)?.iter().filter(|d| !d.together) {
        if let (Some(l), Some(r)) = (owner.get(&d.left), owner.get(&d.right)) {
            apart.extend([(*l, *r), (*r, *l)]);
        }
    }
    Ok(pairs.find(|p| !apart.contains(p)))
}

fn reason(holders: &[(MemberId, Holder)]) -> &'static str {
    let firm: Vec<&Holder> = holders.iter().map(|h| &h.1).filter(|h| h.class <= 2).collect();
    match firm.first() {
        Some(first) if firm.len() > 1 && first.kind == KeyKind::AccountName as i64 => "renamed_account",
        Some(_) if firm.len() > 1 => "conflict",
        _ => "contact_match",
    }
}

/// Brings the reviews of these tokens up to date.
pub(crate) fn refresh(tx: &mut Tx<'_>, cx: &Ctx, tokens: BTreeSet<Token>) -> Result<()> {
    if tokens.is_empty() {
        return Ok(());
    }
    let there = tx.rows(sql::REVIEWS, &[cx.merchant.into(), rows::blobs(tokens.iter().copied())])?;
    let mut decided: BTreeMap<Token, bool> = BTreeMap::new();
    for mut r in there {
        decided.insert(r.get(0)?, r.get::<Option<i64>>(4)?.is_some());
    }
    let (mut put, mut drop) = (Vec::new(), Vec::new());
    let mut held = held_by(tx, cx, tokens.iter().copied())?;
    for token in tokens {
        let holders = held.remove(&token).unwrap_or_default();
        let mut pair = None;
        let state = if holders.len() < 2 {
            match decided.get(&token) {
                None => continue,
                Some(false) => {
                    drop.push(token);
                    continue;
                }
                Some(true) => "merged",
            }
        } else {
            let members: Vec<MemberId> = holders.iter().map(|h| h.0).collect();
            pair = undecided(tx, cx, &members)?;
            if pair.is_some() { "open" } else { "kept_apart" }
        };
        let (left, right) = pair.map_or((None, None), |p| (Some(p.0), Some(p.1)));
        put.push(vec![cx.merchant.into(), token.into(), reason(&holders).into(), state.into(), cx.now.into(), left.into(), right.into()]);
    }
    if !drop.is_empty() {
        tx.exec(sql::DROP_REVIEWS, &[cx.merchant.into(), rows::blobs(drop)])?;
    }
    tx.insert_many(&sql::PUT_REVIEWS, put).map(|_| ())
}

fn read(tx: &mut Tx<'_>, cx: &Ctx, mut r: Row) -> Result<Review> {
    let token: Token = r.get(0)?;
    let state: String = r.get(2)?;
    let (left, right): (Option<MemberId>, Option<MemberId>) = (r.get(6)?, r.get(7)?);
    let holders = held_by(tx, cx, [token])?.remove(&token).unwrap_or_default();
    let members: Vec<MemberId> = holders.iter().map(|h| h.0).collect();
    let pair = if state == "open" {
        undecided(tx, cx, &members)?
    } else {
        left.zip(right).or_else(|| Some((*members.first()?, *members.get(1)?)))
    };
    let reason: String = r.get(1)?;
    let mut reasons = vec![reason.clone()];
    if let (Some(left), Some(right)) = (left, right) {
        for mut other in tx.rows(sql::REVIEW_REASONS, args![cx.merchant, &state, left, right])? {
            let word: String = other.get(0)?;
            if !reasons.contains(&word) {
                reasons.push(word);
            }
        }
    }
    Ok(Review {
        id: ReviewId::from_bytes(token),
        reason,
        reasons,
        state,
        pair,
        holders: holders.len(),
        created_at: r.get(3)?,
        decided_at: r.get(4)?,
        decided_by: r.get(5)?,
    })
}

/// A page of reviews in a state, one a pair, after an id.
pub fn list(tx: &mut Tx<'_>, cx: &Ctx, state: &str, after: Option<ReviewId>, limit: i64) -> Result<Vec<Review>> {
    let after = after.map_or_else(Vec::new, |id| id.bytes().to_vec());
    let found = tx.rows(sql::REVIEW_PAGE, args![cx.merchant, state, after, limit])?;
    found.into_iter().map(|r| read(tx, cx, r)).collect()
}

/// The same of a living member alone. A review is a key, so those about a member are among the keys that it holds.
pub fn list_of(tx: &mut Tx<'_>, cx: &Ctx, state: &str, member: MemberId, after: Option<ReviewId>, limit: i64) -> Result<Vec<Review>> {
    let after = after.map_or_else(Vec::new, |id| id.bytes().to_vec());
    let mut tokens: BTreeSet<Token> = BTreeSet::new();
    for mut r in tx.rows(sql::TOKENS_OF, &[cx.merchant.into(), rows::members([member])])? {
        tokens.extend(keys::unpack(&r.get::<Vec<u8>>(1)?)?.into_iter().map(|key| key.token));
    }
    if tokens.is_empty() {
        return Ok(Vec::new());
    }
    let mut ids = vec![member];
    for mut r in tx.rows(sql::ALIASES, args![cx.merchant, member])? {
        ids.push(r.get(0)?);
    }
    let found = tx.rows(sql::REVIEW_PAGE_OF, args![cx.merchant, state, after, limit, rows::blobs(tokens), rows::members(ids)])?;
    found.into_iter().map(|r| read(tx, cx, r)).collect()
}

/// How many pairs are open.
pub fn count_open(tx: &mut Tx<'_>, cx: &Ctx) -> Result<i64> {
    tx.one(sql::REVIEW_COUNT, args![cx.merchant, "open"])?.get(0)
}

/// One review.
pub fn get(tx: &mut Tx<'_>, cx: &Ctx, id: ReviewId) -> Result<Review> {
    let row = tx.row(sql::REVIEWS, &[cx.merchant.into(), rows::blobs([*id.bytes()])])?;
    match row {
        Some(row) => read(tx, cx, row),
        None => Err(NOT_FOUND.refuse().into()),
    }
}

fn open_pair(tx: &mut Tx<'_>, cx: &Ctx, id: ReviewId) -> Result<(MemberId, MemberId)> {
    let review = get(tx, cx, id)?;
    review.pair.filter(|_| review.state == "open").ok_or_else(|| Error::from(DECIDED.refuse()))
}

fn decided(tx: &mut Tx<'_>, cx: &Ctx, id: ReviewId, pair: (MemberId, MemberId)) -> Result<Review> {
    tx.exec(sql::REVIEW_DECIDED, args![cx.merchant, id, cx.now, cx.actor.label(), pair.0, pair.1])?;
    refresh(tx, cx, BTreeSet::from([*id.bytes()]))?;
    get(tx, cx, id)
}

/// Decides that the two are one person.
pub fn merge(tx: &mut Tx<'_>, cx: &Ctx, id: ReviewId, reason: &str) -> Result<(Review, MemberId)> {
    let pair = open_pair(tx, cx, id)?;
    tx.exec(sql::REVIEW_DECIDED, args![cx.merchant, id, cx.now, cx.actor.label(), pair.0, pair.1])?;
    let merged = merge::merge(tx, cx, pair.0, pair.1, "review", reason)?;
    Ok((decided(tx, cx, id, pair)?, merged.survivor))
}

/// Decides that the two are two people.
pub fn keep_apart(tx: &mut Tx<'_>, cx: &Ctx, id: ReviewId) -> Result<Review> {
    let pair = open_pair(tx, cx, id)?;
    merge::put_apart(tx, cx, pair.0, pair.1)?;
    decided(tx, cx, id, pair)
}
