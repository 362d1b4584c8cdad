//! What events that are known already were answered.

use std::collections::{BTreeSet, HashMap};

use shuke_kernel::{Ctx, Error, Result};
use shuke_loyalty::event::Outcome;
use shuke_members::MemberId;
use shuke_store::{Tx, Value};

use super::{Request, sql};
use crate::book::rows::{self, Book};
use crate::definition::Programme;

/// What each event that is known already was answered, by member, kind and id.
#[derive(Default)]
pub(super) struct Known(pub(super) HashMap<(MemberId, String, String), Outcome>);

pub(super) fn known(tx: &mut Tx<'_>, cx: &Ctx, programme: &Programme, requests: &[Request], books: &[Book]) -> Result<Known> {
    let mut known = Known::default();
    // What was told of a member before the book went into another's is known there too.
    let via = books.iter().flat_map(|book| book.via.iter().map(|from| (*from, book.member)));
    let via: HashMap<MemberId, MemberId> = via.collect();
    let there: Vec<MemberId> = books.iter().filter(|b| !b.fresh).map(|b| b.member).chain(via.keys().copied()).collect();
    let ids: BTreeSet<&str> = requests.iter().flat_map(|r| &r.events).map(|e| e.id.as_str()).collect();
    let kinds: BTreeSet<&str> = requests.iter().flat_map(|r| &r.events).map(|e| e.act.kind()).collect();
    if there.is_empty() || ids.is_empty() {
        return Ok(known);
    }
    let texts = |set: BTreeSet<&str>| Value::Texts(set.into_iter().map(str::to_owned).collect());
    let binds = [cx.merchant.into(), programme.id.into(), rows::ids(&there), texts(kinds), texts(ids)];
    for mut r in tx.rows(sql::KNOWN, &binds)? {
        let member: MemberId = r.get(0)?;
        let member = via.get(&member).copied().unwrap_or(member);
        known.0.insert((member, r.get(1)?, r.get(2)?), outcome(&r.get::<String>(3)?)?);
    }
    Ok(known)
}

/// An outcome by its word in the store.
pub(super) fn outcome(word: &str) -> Result<Outcome> {
    Ok(serde_json::from_value(serde_json::Value::String(word.to_owned()))?)
}

/// The word of an outcome.
pub(crate) fn word(outcome: Outcome) -> Result<String> {
    let value = serde_json::to_value(outcome)?;
    value.as_str().map(str::to_owned).ok_or_else(|| Error::fault("an outcome has no word"))
}
