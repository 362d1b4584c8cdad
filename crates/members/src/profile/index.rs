//! Names are found by blind tokens: the first character, pairs of characters, the beginnings of
//! the pinyin initials. What a token leaks is that two names share that piece; what it finds is
//! opened and checked.
//!
//! A member is found by their own name and by those of the receivers of their parcels, since that is
//! the name that a shop knows of most. The two have tokens of their own kinds: one's own follow the
//! profile, the receivers' follow the key sets wherever they move.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use shuke_kernel::{Ctx, Result};
use shuke_store::{MerchantKeys, Tx, Value, args};

use super::letters::{initials, initials_of_before, plain, plain_of_before};
use super::{open_name, sql};
use crate::MemberId;
use crate::identity::fold::{Key, SetId, Token};
use crate::identity::rows::{self, StoredSet};
use crate::identity::{self, KeyClaim, KeyKind, keys};

/// Initials that are indexed.
const INITIALS: usize = 8;

/// The kinds of token of one sort of names: first character, pair, initials.
type Kinds = [&'static str; 3];
const OWN: Kinds = ["name1", "name2", "initials"];
const RECEIVERS: Kinds = ["rname1", "rname2", "rinitials"];

type Pieces = BTreeSet<(&'static str, String)>;

fn pieces(kinds: Kinds, name: &str) -> Pieces {
    pieces_from(kinds, &plain(name), initials(name))
}

fn pieces_from([first, pair, initial]: Kinds, plain: &str, initials: Vec<String>) -> Pieces {
    let mut out = BTreeSet::new();
    let chars: Vec<char> = plain.chars().take(40).collect();
    if let Some(c) = chars.first() {
        out.insert((first, c.to_string()));
    }
    for two in chars.windows(2) {
        out.insert((pair, two.iter().collect()));
    }
    for letters in initials {
        let letters: Vec<char> = letters.chars().take(INITIALS).collect();
        for n in 1..=letters.len() {
            out.insert((initial, letters[..n].iter().collect()));
        }
    }
    out
}

fn blind(keys: &MerchantKeys, pieces: Pieces) -> Vec<Token> {
    pieces.into_iter().map(|(kind, piece)| keys.token(kind, &piece)).collect()
}

fn tokens(keys: &MerchantKeys, kinds: Kinds, name: &str) -> Vec<Token> {
    blind(keys, pieces(kinds, name))
}

/// A name's tokens with those that an older program gave it, which a store may still hold.
fn tokens_ever(keys: &MerchantKeys, name: &str) -> Vec<Token> {
    let mut all = pieces_from(OWN, &plain_of_before(name), vec![initials_of_before(name)]);
    all.extend(pieces(OWN, name));
    blind(keys, all)
}

/// The receivers' names among keys.
pub(crate) fn receivers<'k>(claims: impl Iterator<Item = &'k KeyClaim>) -> BTreeSet<&'k str> {
    claims
        .filter_map(|c| match c.kind {
            KeyKind::ReceiverName => Some(c.value.as_str()),
            KeyKind::ReceiverAddress => c.value.split_once('|').map(|(name, _)| name),
            _ => None,
        })
        .collect()
}

/// By which tokens receivers are found.
pub(crate) fn receiver_tokens<'k>(keys: &MerchantKeys, claims: impl Iterator<Item = &'k KeyClaim>) -> BTreeSet<Token> {
    receiver_tokens_but(keys, claims, &BTreeSet::new())
}

/// The same without those of some names.
pub(crate) fn receiver_tokens_but<'k>(
    keys: &MerchantKeys,
    claims: impl Iterator<Item = &'k KeyClaim>,
    but: &BTreeSet<&str>,
) -> BTreeSet<Token> {
    receivers(claims).into_iter().filter(|name| !but.contains(name)).flat_map(|name| tokens(keys, RECEIVERS, name)).collect()
}

/// Tokens with whom they find.
pub(crate) type Names = BTreeSet<(MemberId, Token)>;

/// The receivers' tokens of key sets, those that name any.
pub(crate) fn of_sets<'s>(tx: &mut Tx<'_>, cx: &Ctx, sets: impl Iterator<Item = &'s StoredSet>) -> Result<HashMap<SetId, BTreeSet<Token>>> {
    let names = |k: &Key| matches!(k.kind, KeyKind::ReceiverName | KeyKind::ReceiverAddress);
    let ids: Vec<SetId> = sets.filter(|s| s.keys.iter().any(names)).map(|s| s.id).collect();
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let opened = tx.keys(cx.merchant)?;
    let mut out = HashMap::new();
    for mut r in tx.rows(identity::sql::VALUES, &[cx.merchant.into(), rows::blobs(ids)])? {
        let id: SetId = r.get(0)?;
        let claims = keys::open(&opened, &id, &r.get::<Vec<u8>>(2)?, &r.get::<Vec<u8>>(3)?)?;
        out.insert(id, receiver_tokens(&opened, claims.iter().map(|(_, c)| c)));
    }
    Ok(out)
}

/// Makes the index tell `now` where it told `before`.
pub(crate) fn turn(tx: &mut Tx<'_>, cx: &Ctx, before: &Names, now: &Names) -> Result<()> {
    let mut gone: BTreeMap<MemberId, Vec<Token>> = BTreeMap::new();
    for (member, token) in before.difference(now) {
        gone.entry(*member).or_default().push(*token);
    }
    for (member, tokens) in gone {
        tx.exec(sql::DROP_NAMES, &[cx.merchant.into(), member.into(), rows::blobs(tokens)])?;
    }
    put(tx, cx, now.difference(before))
}

fn rows_of<'n>(cx: &Ctx, names: impl Iterator<Item = &'n (MemberId, Token)>) -> Vec<Vec<Value>> {
    names.map(|(member, token)| vec![cx.merchant.into(), (*token).into(), (*member).into()]).collect()
}

/// Adds tokens.
pub(crate) fn put<'n>(tx: &mut Tx<'_>, cx: &Ctx, names: impl Iterator<Item = &'n (MemberId, Token)>) -> Result<()> {
    tx.insert_many(&sql::PUT_NAMES, rows_of(cx, names)).map(|_| ())
}

/// Adds tokens of members that this transaction made: none can be there.
pub(crate) fn put_first<'n>(tx: &mut Tx<'_>, cx: &Ctx, names: impl Iterator<Item = &'n (MemberId, Token)>) -> Result<()> {
    tx.insert_fresh(&sql::PUT_NAMES, rows_of(cx, names)).map(|_| ())
}

/// Replaces a member's own name in the index.
pub(crate) fn rename(tx: &mut Tx<'_>, cx: &Ctx, id: MemberId, old: Option<&str>, new: Option<&str>) -> Result<()> {
    if old == new {
        return Ok(());
    }
    let keys = tx.keys(cx.merchant)?;
    if let Some(old) = old {
        tx.exec(sql::DROP_NAMES, &[cx.merchant.into(), id.into(), rows::blobs(tokens_ever(&keys, old))])?;
    }
    let names: Names = new.map(|n| tokens(&keys, OWN, n)).unwrap_or_default().into_iter().map(|t| (id, t)).collect();
    put(tx, cx, names.iter())
}

/// Puts members' own names into the index as names are compared now, in place of how they were.
pub(crate) fn renew(tx: &mut Tx<'_>, cx: &Ctx, members: &BTreeSet<MemberId>) -> Result<()> {
    let keys = tx.keys(cx.merchant)?;
    for facts in super::read(tx, cx, members.iter().copied())? {
        let Some(name) = facts.profile.name.as_deref() else { continue };
        let now: BTreeSet<Token> = tokens(&keys, OWN, name).into_iter().collect();
        let names: Names = now.iter().map(|t| (facts.id, *t)).collect();
        let before: Names = tokens_ever(&keys, name).into_iter().map(|t| (facts.id, t)).collect();
        turn(tx, cx, &before, &names)?;
        put(tx, cx, names.iter())?;
    }
    Ok(())
}

/// Takes a member's own name out of the index and off its row.
pub(crate) fn forget(tx: &mut Tx<'_>, cx: &Ctx, id: MemberId) -> Result<()> {
    let keys = tx.keys(cx.merchant)?;
    for mut r in tx.rows(sql::SEALED, &[cx.merchant.into(), rows::members([id])])? {
        let name = open_name(&keys, id, r.get(1)?)?;
        rename(tx, cx, id, name.as_deref(), None)?;
    }
    tx.exec(sql::CLEAR_NAME, args![cx.merchant, id]).map(|_| ())
}

/// What an index of names is asked for a query: for each way the pieces that a name must all have,
/// and whether every name that has them answers.
pub(crate) fn pieces_of(keys: &MerchantKeys, query: &str) -> Vec<(Vec<Token>, bool)> {
    [OWN, RECEIVERS].into_iter().flat_map(|kinds| pieces_by(keys, kinds, query)).collect()
}

fn pieces_by(keys: &MerchantKeys, [first, two, initial]: Kinds, query: &str) -> Vec<(Vec<Token>, bool)> {
    let text: Vec<char> = plain(query).chars().collect();
    let pair = |a: char, b: char| keys.token(two, &format!("{a}{b}"));
    let mut out = match text.as_slice() {
        [] => return Vec::new(),
        [one] => vec![(vec![keys.token(first, &one.to_string())], true)],
        [a, b] => vec![(vec![pair(*a, *b)], true)],
        [a, b, .., y, z] => vec![(vec![pair(*a, *b), pair(*y, *z)], false)],
        [a, b, c] => vec![(vec![pair(*a, *b), pair(*b, *c)], false)],
    };
    if text.iter().all(char::is_ascii_alphanumeric) {
        let piece: String = text.iter().take(INITIALS).collect();
        out.push((vec![keys.token(initial, &piece)], text.len() <= INITIALS));
    }
    out
}

/// Whether a name answers a query.
pub(crate) fn answers(name: &str, query: &str) -> bool {
    let (name_plain, query) = (plain(name), plain(query));
    !query.is_empty() && (name_plain.contains(&query) || initials(name).iter().any(|i| i.starts_with(&query)))
}

/// The whole index as profiles and key sets make it: what it must be, reckoned the slow way.
#[cfg(test)]
pub(crate) fn rebuilt(tx: &mut Tx<'_>, cx: &Ctx) -> Result<Names> {
    let opened = tx.keys(cx.merchant)?;
    let living = tx.rows("SELECT id FROM member WHERE merchant = $1 AND state = 'live'", args![cx.merchant])?;
    let living = living.into_iter().map(|mut r| r.get(0)).collect::<Result<Vec<MemberId>>>()?;
    let mut out = Names::new();
    for facts in super::read(tx, cx, living.iter().copied())? {
        out.extend(facts.profile.name.iter().flat_map(|n| tokens(&opened, OWN, n)).map(|t| (facts.id, t)));
    }
    let sets = rows::sets_of(tx, cx, living)?;
    let names = of_sets(tx, cx, sets.iter())?;
    out.extend(sets.iter().flat_map(|s| names.get(&s.id).into_iter().flatten().filter_map(|t| Some((s.member?, *t)))));
    Ok(out)
}

/// Makes the index what the program before made of it: members' own names, as they were compared then.
#[cfg(test)]
pub(crate) fn as_before(tx: &mut Tx<'_>, cx: &Ctx) -> Result<()> {
    tx.exec("DELETE FROM member_name WHERE merchant = $1", args![cx.merchant])?;
    let keys = tx.keys(cx.merchant)?;
    let living = tx.rows("SELECT id FROM member WHERE merchant = $1 AND state = 'live'", args![cx.merchant])?;
    let living = living.into_iter().map(|mut r| r.get(0)).collect::<Result<Vec<MemberId>>>()?;
    let mut names = Names::new();
    for facts in super::read(tx, cx, living)? {
        let Some(name) = facts.profile.name else { continue };
        let pieces = pieces_from(OWN, &plain_of_before(&name), vec![initials_of_before(&name)]);
        names.extend(blind(&keys, pieces).into_iter().map(|t| (facts.id, t)));
    }
    put(tx, cx, names.iter())
}
