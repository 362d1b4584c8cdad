//! What an expression of a merchant is judged with: the zone of its days, the segments that it refers to.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use shuke_access::merchants;
use shuke_columns::slice::Ids;
use shuke_kernel::{Ctx, Error, MerchantNo, Result, Zone};
use shuke_store::{Tx, Value, args};

use crate::definitions::{Definition, Segments, references};
use crate::json::{self, Json};
use crate::model::{Kept, PersonId, SegmentId};
use crate::sql;

/// See above.
#[derive(Clone, Debug)]
pub struct Known {
    /// The zone of days, months and midnights.
    pub zone: Zone,
    /// Segments that the expression leads to.
    pub segments: Segments,
    /// Their names, by id.
    pub names: BTreeMap<String, String>,
    /// Names of those among them whose list of members is not what they say yet: a task is reckoning it.
    pub unfinished: Vec<String>,
}

/// Whether members of lists are read: judging an expression needs none.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Lists {
    /// Read.
    Read,
    /// Taken to be empty.
    Empty,
}

/// The zone of a merchant's days.
pub fn zone(tx: &mut Tx<'_>, merchant: MerchantNo) -> Result<Zone> {
    merchants::zone_of(tx, merchant)
}

pub(crate) fn blobs<T: AsRef<[u8]>>(of: impl IntoIterator<Item = T>) -> Value {
    Value::Blobs(of.into_iter().map(|b| b.as_ref().to_vec()).collect())
}

/// What holds for an expression (none where it cannot be read), and for the segments that it leads to.
pub fn known(tx: &mut Tx<'_>, cx: &Ctx, expr: Option<&Json>, lists: Lists) -> Result<Known> {
    let mut known = Known { zone: zone(tx, cx.merchant)?, segments: Segments::default(), names: BTreeMap::new(), unfinished: Vec::new() };
    let mut wanted = Vec::new();
    expr.iter().for_each(|e| references(e, &mut wanted));
    let mut seen: BTreeSet<SegmentId> = BTreeSet::new();
    loop {
        let next: Vec<SegmentId> = wanted.drain(..).filter_map(|id| id.parse().ok()).filter(|id| seen.insert(*id)).collect();
        if next.is_empty() {
            return Ok(known);
        }
        for row in tx.rows(sql::DEFINITIONS, &[cx.merchant.into(), blobs(next.iter().map(|id| *id.bytes()))])? {
            define(tx, cx.merchant, row, lists, &mut known, &mut wanted)?;
        }
    }
}

fn define(
    tx: &mut Tx<'_>,
    merchant: MerchantNo,
    mut row: shuke_store::Row,
    lists: Lists,
    known: &mut Known,
    wanted: &mut Vec<Box<str>>,
) -> Result<()> {
    let (id, name): (SegmentId, String) = (row.get(0)?, row.get(1)?);
    let (kind, state, expr): (String, String, Option<String>) = (row.get(2)?, row.get(3)?, row.get(4)?);
    let shown = id.to_string();
    if state != "active" {
        known.segments.spoil(&shown, format!("the segment {name} is archived"));
    } else if let (Some(Kept::Living), Some(expr)) = (Kept::named(&kind), expr) {
        let expr = json::read(expr.as_bytes()).map_err(Error::fault)?;
        references(&expr, wanted);
        known.segments.set(&shown, Definition::Living(Arc::new(expr)));
    } else {
        if row.get::<i64>(5)? != row.get::<i64>(6)? {
            known.unfinished.push(name.clone());
        }
        let ids = if lists == Lists::Read { on_list(tx, merchant, id)? } else { BTreeSet::new() };
        let ids = ids.into_iter().map(|id| id.to_string().into_boxed_str()).collect();
        known.segments.set(&shown, Definition::List(Arc::new(Ids::of(ids))));
    }
    known.names.insert(shown, name);
    Ok(())
}

/// Rows read at a time.
const STEP: i64 = 5_000;

/// The living members on a list: who was merged counts as who took them in, as long as that holds.
pub fn on_list(tx: &mut Tx<'_>, merchant: MerchantNo, list: SegmentId) -> Result<BTreeSet<PersonId>> {
    let (mut all, mut after) = (BTreeSet::new(), PersonId::from_bytes([0; 16]));
    loop {
        let rows = tx.rows(sql::IN_ORDER, args![merchant, list, after, STEP])?;
        let ids = rows.into_iter().map(|mut r| r.get(0)).collect::<Result<Vec<PersonId>>>()?;
        let Some(last) = ids.last().copied() else { return Ok(all) };
        all.extend(living(tx, merchant, ids)?.into_values());
        after = last;
    }
}

/// The states of these members; none of whoever there is not.
pub fn states(tx: &mut Tx<'_>, merchant: MerchantNo, ids: impl IntoIterator<Item = PersonId>) -> Result<BTreeMap<PersonId, String>> {
    let ids = blobs(ids.into_iter().map(|id| *id.bytes()));
    tx.rows(sql::TAKEN_IN, &[merchant.into(), ids])?.into_iter().map(|mut row| Ok((row.get(0)?, row.get(1)?))).collect()
}

/// Who these members are now: themselves, or who took them in; those who are gone are left out.
pub fn living(tx: &mut Tx<'_>, merchant: MerchantNo, ids: Vec<PersonId>) -> Result<BTreeMap<PersonId, PersonId>> {
    let mut out = BTreeMap::new();
    // Who is sought, and for whom.
    let mut open: BTreeMap<PersonId, Vec<PersonId>> = BTreeMap::new();
    for id in ids {
        open.entry(id).or_default().push(id);
    }
    // A merge is made only into the living, so a chain ends.
    for _ in 0..64 {
        if open.is_empty() {
            break;
        }
        let mut next: BTreeMap<PersonId, Vec<PersonId>> = BTreeMap::new();
        for mut row in tx.rows(sql::TAKEN_IN, &[merchant.into(), blobs(open.keys().map(|id| *id.bytes()))])? {
            let (id, state): (PersonId, String) = (row.get(0)?, row.get(1)?);
            let for_whom = open.get(&id).cloned().unwrap_or_default();
            match (&*state, row.get::<Option<PersonId>>(2)?) {
                ("live", _) => out.extend(for_whom.into_iter().map(|from| (from, id))),
                ("alias", Some(to)) => next.entry(to).or_default().extend(for_whom),
                _ => {}
            }
        }
        open = next;
    }
    Ok(out)
}
