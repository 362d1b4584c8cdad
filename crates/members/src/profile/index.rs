//! Names are found by blind tokens: the first character, pairs of characters, the beginnings of
//! the pinyin initials. What a token leaks is that two names share that piece; what it finds is
//! opened and checked.

use std::collections::BTreeSet;

use pinyin::ToPinyin;
use shuke_kernel::{Ctx, Result};
use shuke_store::{MerchantKeys, Tx, Value, args};

use super::{open_name, sql};
use crate::MemberId;
use crate::identity::fold::Token;
use crate::identity::model::fold_width;
use crate::identity::rows;

/// Names are compared without case, width and white space.
pub(crate) fn plain(name: &str) -> String {
    fold_width(name).to_lowercase().split_whitespace().collect()
}

/// The initials of a name: of each Chinese character its pinyin's, of each Latin word its own.
pub(crate) fn initials(name: &str) -> String {
    let mut out = String::new();
    for word in fold_width(name).to_lowercase().split_whitespace() {
        let mut latin = false;
        for c in word.chars() {
            if let Some(p) = c.to_pinyin() {
                out.push_str(p.first_letter());
                latin = false;
            } else if c.is_alphanumeric() {
                if !latin {
                    out.push(c);
                }
                latin = true;
            }
        }
    }
    out
}

fn pieces(name: &str) -> BTreeSet<(&'static str, String)> {
    let mut out = BTreeSet::new();
    let chars: Vec<char> = plain(name).chars().take(40).collect();
    if let Some(first) = chars.first() {
        out.insert(("name1", first.to_string()));
    }
    for pair in chars.windows(2) {
        out.insert(("name2", pair.iter().collect()));
    }
    let initials: Vec<char> = initials(name).chars().take(8).collect();
    for n in 1..=initials.len() {
        out.insert(("initials", initials[..n].iter().collect()));
    }
    out
}

fn tokens(keys: &MerchantKeys, name: &str) -> Vec<Token> {
    pieces(name).into_iter().map(|(kind, piece)| keys.token(kind, &piece)).collect()
}

/// Replaces a member's name in the index.
pub(crate) fn rename(tx: &mut Tx<'_>, cx: &Ctx, id: MemberId, old: Option<&str>, new: Option<&str>) -> Result<()> {
    if old == new {
        return Ok(());
    }
    let keys = tx.keys(cx.merchant)?;
    if let Some(old) = old {
        tx.exec(sql::DROP_NAMES, &[cx.merchant.into(), id.into(), rows::blobs(tokens(&keys, old))])?;
    }
    let put = new.map(|n| tokens(&keys, n)).unwrap_or_default();
    let put: Vec<Vec<Value>> = put.into_iter().map(|t| vec![cx.merchant.into(), t.into(), id.into()]).collect();
    tx.insert_many(&sql::PUT_NAMES, put).map(|_| ())
}

/// Takes a member's name out of the index and off its row.
pub(crate) fn forget(tx: &mut Tx<'_>, cx: &Ctx, id: MemberId) -> Result<()> {
    let keys = tx.keys(cx.merchant)?;
    for mut r in tx.rows(sql::SEALED, &[cx.merchant.into(), rows::members([id])])? {
        let name = open_name(&keys, id, r.get(1)?)?;
        rename(tx, cx, id, name.as_deref(), None)?;
    }
    tx.exec(sql::CLEAR_NAME, args![cx.merchant, id]).map(|_| ())
}

/// Candidates for a query by name, newest first; the caller opens and checks them.
pub(crate) fn candidates(tx: &mut Tx<'_>, cx: &Ctx, query: &str, limit: i64) -> Result<BTreeSet<MemberId>> {
    let keys = tx.keys(cx.merchant)?;
    let text: Vec<char> = plain(query).chars().collect();
    let mut out = BTreeSet::new();
    let mut take = |found: Vec<shuke_store::Row>| -> Result<()> {
        for mut r in found {
            out.insert(r.get(0)?);
        }
        Ok(())
    };
    match text.as_slice() {
        [] => return Ok(out),
        [one] => take(tx.rows(sql::BY_NAME, args![cx.merchant, keys.token("name1", &one.to_string()), limit])?)?,
        [a, b] => take(tx.rows(sql::BY_NAME, args![cx.merchant, keys.token("name2", &format!("{a}{b}")), limit])?)?,
        [a, b, .., y, z] => {
            let (first, last) = (keys.token("name2", &format!("{a}{b}")), keys.token("name2", &format!("{y}{z}")));
            take(tx.rows(sql::BY_NAMES, args![cx.merchant, first, last, limit])?)?;
        }
        [a, b, c] => {
            let (first, last) = (keys.token("name2", &format!("{a}{b}")), keys.token("name2", &format!("{b}{c}")));
            take(tx.rows(sql::BY_NAMES, args![cx.merchant, first, last, limit])?)?;
        }
    }
    if text.iter().all(char::is_ascii_alphanumeric) {
        let piece: String = text.iter().take(8).collect();
        take(tx.rows(sql::BY_NAME, args![cx.merchant, keys.token("initials", &piece), limit])?)?;
    }
    Ok(out)
}

/// Whether a name answers a query.
pub(crate) fn answers(name: &str, query: &str) -> bool {
    let (name_plain, query) = (plain(name), plain(query));
    !query.is_empty() && (name_plain.contains(&query) || initials(name).starts_with(&query))
}
