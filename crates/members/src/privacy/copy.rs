//! A person's copy: every row of every table that belongs to them, sealed values opened, found by
//! walking the privacy register, so that a table added later is in it.

use serde_json::{Map, Value as Json, json};
use shuke_kernel::{Ctx, Error, Instant, Result};
use shuke_store::register::{Class, MemberLink, Table};
use shuke_store::{MerchantKeys, Row, Tx, Value};

use crate::identity;
use crate::profile::{self, card};
use crate::{MEMBER_NOT_FOUND, MemberId, tag};

/// Everything that is kept of a member, as JSON.
pub fn copy(tx: &mut Tx<'_>, cx: &Ctx, id: MemberId) -> Result<Json> {
    let id = identity::resolve(tx, cx, id)?.ok_or_else(|| Error::from(MEMBER_NOT_FOUND.refuse()))?;
    let profile = profile::get(tx, cx, id)?.unwrap_or_default();
    let keys = card::keys_of(tx, cx, [id])?.remove(&id).unwrap_or_default();
    let keys: Vec<Json> =
        keys.iter().map(|k| json!({ "kind": k.kind.word(), "namespace": k.namespace, "value": k.value, "verified": k.verified })).collect();
    let mut tables = Map::new();
    let linked: Vec<(&'static Table, MemberLink)> = tx.register().tables().filter_map(|t| t.member.map(|l| (t, l))).collect();
    // What stays with the ids that merges retired is theirs as well.
    let ids = crate::identity::rows::members(identity::with_aliases(tx, cx, id)?);
    for (table, link) in linked {
        let rows = rows_of(tx, cx, table, link, &ids)?;
        if !rows.is_empty() {
            tables.insert(table.name.to_owned(), Json::Array(rows));
        }
    }
    let has = tag::give::labels(tx, cx, &[id])?.remove(&id).unwrap_or_default();
    let had = tag::give::past(tx, cx, id, false, (Instant(i64::MAX), [255; 16]), i64::MAX)?;
    let tags: Vec<Json> = has
        .iter()
        .map(|l| json!({ "name": l.name, "category": l.category.as_ref().map(|c| &c.1), "since": l.since, "until": null }))
        .chain(had.iter().map(|p| json!({ "name": p.name, "since": p.since, "until": p.taken_at })))
        .collect();
    let orders = crate::hooks::kept(tx, cx, id)?;
    Ok(json!({ "member": id, "made_at": cx.now, "profile": profile, "keys": keys, "tags": tags, "records": tables, "orders": orders }))
}

fn rows_of(tx: &mut Tx<'_>, cx: &Ctx, table: &Table, link: MemberLink, ids: &Value) -> Result<Vec<Json>> {
    let opened = tx.keys(cx.merchant)?;
    let sealed = |c: &str| table.sealed.iter().find(|(name, _)| *name == c).map(|(_, row)| *row);
    // Tokens and secrets tell a person nothing; sealed values are opened.
    let shown = |class: Class, c: &str| {
        c != "merchant" && (matches!(class, Class::Public | Class::Attribute) || (class == Class::Identifier && sealed(c).is_some()))
    };
    let columns: Vec<&str> = table.columns.iter().flat_map(|(class, names)| names.iter().filter(|c| shown(*class, c)).copied()).collect();
    let names: Vec<&str> = table.sealed.iter().flat_map(|(_, row)| row.iter().copied()).collect();
    let all: Vec<&str> = columns.iter().chain(names.iter()).copied().collect();
    if columns.is_empty() {
        return Ok(Vec::new());
    }
    let text = format!("SELECT {} FROM {} WHERE merchant = $1 AND {} = ANY($2) LIMIT 100000", all.join(", "), table.name, link.column);
    let mut out = Vec::new();
    for row in tx.rows(&text, &[cx.merchant.into(), ids.clone()])? {
        let mut object = Map::new();
        for (i, column) in columns.iter().enumerate() {
            let value = match sealed(column) {
                Some(by) => open(&opened, table.name, by, &all, &row, i)?,
                None => plain(column, &row.0[i]),
            };
            if !value.is_null() {
                object.insert((*column).to_owned(), value);
            }
        }
        out.push(Json::Object(object));
    }
    Ok(out)
}

fn open(keys: &MerchantKeys, table: &str, by: &[&str], all: &[&str], row: &Row, at: usize) -> Result<Json> {
    let Value::Bytes(blob) = &row.0[at] else { return Ok(Json::Null) };
    if blob.is_empty() {
        return Ok(Json::Null);
    }
    let mut name = Vec::new();
    for column in by {
        match all.iter().rposition(|c| c == column).map(|i| &row.0[i]) {
            Some(Value::Bytes(b)) => name.extend_from_slice(b),
            Some(Value::Text(t)) => name.extend_from_slice(t.as_bytes()),
            Some(Value::Int(x)) => name.extend_from_slice(&x.to_be_bytes()),
            _ => {}
        }
    }
    let clear = keys.open(table, &name, blob)?;
    Ok(serde_json::from_slice(&clear).unwrap_or_else(|_| Json::String(String::from_utf8_lossy(&clear).into_owned())))
}

fn plain(column: &str, value: &Value) -> Json {
    match value {
        Value::Int(x) if column.ends_with("_at") || column.ends_with("_time") || column == "first_seen" => json!(Instant(*x)),
        Value::Int(x) => json!(x),
        Value::Text(t) => json!(t),
        Value::Bytes(b) => Json::String(b.iter().map(|x| format!("{x:02x}")).collect()),
        _ => Json::Null,
    }
}
