//! Codes that a merchant uploads, one for each member: sealed, each once a batch, given out in their order.

use std::collections::HashMap;

use shuke_kernel::{Code, Ctx, Error, Kind, Result};
use shuke_store::register::row_name;
use shuke_store::{Tx, args};

use super::model::{Destination, State};
use super::{BAD_CODES, BatchId, service, sql};

/// Codes of one request.
pub const MOST: usize = 10_000;

/// A destination that carries no codes.
pub static NOT_HERE: Code = Code {
    code: "batch.no_codes_here",
    kind: Kind::Invalid,
    zh: "去向“{destination}”不带券码。",
    en: "A batch for `{destination}` carries no codes.",
};

/// Refuses destinations whose rows carry no code.
pub(crate) fn serves(destination: Destination) -> Result<()> {
    match destination {
        Destination::Ads | Destination::Webhook => Err(NOT_HERE.with("destination", destination.word()).at("with_codes").into()),
        _ => Ok(()),
    }
}

/// Adds codes to a batch that may still give them out. Tells how many are new.
pub fn add(tx: &mut Tx<'_>, cx: &Ctx, id: BatchId, list: &[String]) -> Result<i64> {
    if list.is_empty() {
        return Ok(0);
    }
    let batch = service::hold(tx, cx.merchant, id)?;
    serves(batch.destination)?;
    service::among(&batch, &[State::Draft, State::Frozen, State::HandedOver])?;
    let fits = |c: &str| (1..=200).contains(&c.chars().count()) && !c.chars().any(char::is_control);
    if list.len() > MOST {
        return Err(BAD_CODES.with("limit", MOST).at("codes").into());
    }
    let keys = tx.keys(cx.merchant)?;
    let (mut rows, mut number) = (Vec::with_capacity(list.len()), batch.codes);
    let mut seen = std::collections::HashSet::new();
    for (i, code) in list.iter().enumerate() {
        let code = code.trim();
        if !fits(code) {
            return Err(BAD_CODES.with("limit", MOST).at(format!("codes[{i}]")).into());
        }
        let token = keys.token("batch code", code);
        if seen.insert(token) {
            rows.push((token, code.to_owned()));
        }
    }
    // The batch is held: nobody adds to it meanwhile.
    let tokens: Vec<Vec<u8>> = rows.iter().map(|(token, _)| token.to_vec()).collect();
    let mut known = std::collections::HashSet::new();
    for mut r in tx.rows(sql::KNOWN_CODES, args![cx.merchant, id, tokens])? {
        known.insert(r.get::<[u8; 16]>(0)?);
    }
    let mut put = Vec::new();
    for (token, code) in rows.into_iter().filter(|(token, _)| !known.contains(token)) {
        let sealed = keys.seal("batch_code", &row_name(&[id.into(), number.into()]), code.as_bytes())?;
        put.push(vec![cx.merchant.into(), id.into(), number.into(), token.into(), sealed.into()]);
        number += 1;
    }
    let added = put.len() as i64;
    tx.insert_many(&sql::ADD_CODES, put)?;
    tx.exec(sql::MORE_CODES, args![cx.merchant, id, added])?;
    Ok(added)
}

/// Codes by their numbers, clear.
pub(crate) fn clear(tx: &mut Tx<'_>, cx: &Ctx, id: BatchId, numbers: &[i64]) -> Result<HashMap<i64, String>> {
    if numbers.is_empty() {
        return Ok(HashMap::new());
    }
    let keys = tx.keys(cx.merchant)?;
    let mut out = HashMap::new();
    for mut r in tx.rows(sql::CODES, args![cx.merchant, id, numbers.to_vec()])? {
        let number: i64 = r.get(0)?;
        let name = row_name(&[id.into(), number.into()]);
        let code = keys.open("batch_code", &name, &r.get::<Vec<u8>>(1)?)?;
        out.insert(number, String::from_utf8(code).map_err(|_| Error::fault("a code is no text"))?);
    }
    Ok(out)
}
