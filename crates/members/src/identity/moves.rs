//! Moves the rows of every table that belongs to a member, whoever owns the table.
//!
//! The privacy register names them. Rows that carry a key set follow it wherever it goes. Rows
//! that a merge moves although no key set brought them are noted by their keys, so that an unmerge
//! gives back just these.

use serde::{Deserialize, Serialize};
use shuke_kernel::{Ctx, Error, Result};
use shuke_store::register::{MemberLink, Table};
use shuke_store::{Tx, Value};

use super::fold::SetId;
use super::rows;
use crate::MemberId;

/// Tables whose rows move by rules of their own.
const OWN: &[&str] = &["member", "key_set", "identity_key", "member_name", "consent", "member_merge", "review", "erasure"];

fn linked(tx: &Tx<'_>) -> Vec<(&'static Table, MemberLink)> {
    tx.register().tables().filter(|t| !OWN.contains(&t.name)).filter_map(|t| t.member.map(|link| (t, link))).collect()
}

/// Rows that carry these sets belong to `to` from now on.
pub(crate) fn follow_sets(tx: &mut Tx<'_>, cx: &Ctx, sets: &[SetId], to: Option<MemberId>) -> Result<()> {
    for (table, link) in linked(tx) {
        if let Some(key_set) = link.key_set {
            let text = format!("UPDATE {} SET {} = $3 WHERE merchant = $1 AND {key_set} = ANY($2)", table.name, link.column);
            tx.exec(&text, &[cx.merchant.into(), rows::blobs(sets.iter().copied()), to.into()])?;
        }
    }
    Ok(())
}

/// A value of a row's key, as a snapshot keeps it.
#[derive(Clone, Serialize, Deserialize, PartialEq, Eq, Debug)]
#[serde(untagged)]
pub(crate) enum Cell {
    Int(i64),
    Text(String),
    Bytes(Vec<u8>),
}

impl Cell {
    fn from_value(v: Value) -> Result<Self> {
        match v {
            Value::Int(x) => Ok(Self::Int(x)),
            Value::Text(x) => Ok(Self::Text(x)),
            Value::Bytes(x) => Ok(Self::Bytes(x)),
            _ => Err(Error::fault("a primary key holds no value")),
        }
    }

    fn value(&self) -> Value {
        match self {
            Self::Int(x) => (*x).into(),
            Self::Text(x) => x.into(),
            Self::Bytes(x) => x.clone().into(),
        }
    }
}

/// Rows of one table, by their keys without the merchant.
#[derive(Clone, Serialize, Deserialize, PartialEq, Eq, Debug)]
pub(crate) struct MovedRows {
    pub table: String,
    pub keys: Vec<Vec<Cell>>,
}

fn key_columns(table: &Table) -> Vec<&'static str> {
    table.key.iter().copied().filter(|c| *c != "merchant").collect()
}

/// Gives `to` what `from` still has, and tells which rows these were. What key sets brought went with them before: left are
/// rows without one, and those that came another way, as an order does that was claimed and carries keys of nobody.
pub(crate) fn take_in(tx: &mut Tx<'_>, cx: &Ctx, from: MemberId, to: MemberId) -> Result<Vec<MovedRows>> {
    let mut out = Vec::new();
    for (table, link) in linked(tx) {
        let columns = key_columns(table);
        if columns.is_empty() || columns.contains(&link.column) {
            continue;
        }
        let find = format!("SELECT {} FROM {} WHERE merchant = $1 AND {} = $2", columns.join(", "), table.name, link.column);
        let mut keys = Vec::new();
        for row in tx.rows(&find, &[cx.merchant.into(), from.into()])? {
            keys.push(row.0.into_iter().map(Cell::from_value).collect::<Result<Vec<_>>>()?);
        }
        if keys.is_empty() {
            continue;
        }
        let text = format!("UPDATE {} SET {} = $3 WHERE merchant = $1 AND {} = $2", table.name, link.column, link.column);
        tx.exec(&text, &[cx.merchant.into(), from.into(), to.into()])?;
        out.push(MovedRows { table: table.name.to_owned(), keys });
    }
    Ok(out)
}

/// Gives back rows that [`take_in`] moved, where they still are with one of `from`.
pub(crate) fn give_back(tx: &mut Tx<'_>, cx: &Ctx, moved: &[MovedRows], from: &[MemberId], to: MemberId) -> Result<()> {
    for part in moved {
        let Some((table, link)) = linked(tx).into_iter().find(|(t, _)| t.name == part.table) else { continue };
        let wheres: Vec<String> = key_columns(table).iter().enumerate().map(|(i, c)| format!("{c} = ${}", i + 4)).collect();
        let text = format!(
            "UPDATE {} SET {} = $2 WHERE merchant = $1 AND {} = ANY($3) AND {}",
            table.name,
            link.column,
            link.column,
            wheres.join(" AND ")
        );
        for key in &part.keys {
            let mut args = vec![cx.merchant.into(), to.into(), rows::members(from.iter().copied())];
            args.extend(key.iter().map(Cell::value));
            tx.exec(&text, &args)?;
        }
    }
    Ok(())
}
