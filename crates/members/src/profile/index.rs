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

/// Initials that are indexed.
const INITIALS: usize = 8;

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
    let initials: Vec<char> = initials(name).chars().take(INITIALS).collect();
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

/// What an index of names is asked for a query: for each way the pieces that a name must all have,
/// and whether every name that has them answers.
pub(crate) fn pieces_of(keys: &MerchantKeys, query: &str) -> Vec<(Vec<Token>, bool)> {
    let text: Vec<char> = plain(query).chars().collect();
    let pair = |a: char, b: char| keys.token("name2", &format!("{a}{b}"));
    let mut out = match text.as_slice() {
        [] => return Vec::new(),
        [one] => vec![(vec![keys.token("name1", &one.to_string())], true)],
        [a, b] => vec![(vec![pair(*a, *b)], true)],
        [a, b, .., y, z] => vec![(vec![pair(*a, *b), pair(*y, *z)], false)],
        [a, b, c] => vec![(vec![pair(*a, *b), pair(*b, *c)], false)],
    };
    if text.iter().all(char::is_ascii_alphanumeric) {
        let piece: String = text.iter().take(INITIALS).collect();
        out.push((vec![keys.token("initials", &piece)], text.len() <= INITIALS));
    }
    out
}

/// Whether a name answers a query.
pub(crate) fn answers(name: &str, query: &str) -> bool {
    let (name_plain, query) = (plain(name), plain(query));
    !query.is_empty() && (name_plain.contains(&query) || initials(name).starts_with(&query))
}
