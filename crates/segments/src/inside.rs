//! What others may ask of a kept segment: whether it is kept up, who is in it now, what it depends on.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use shuke_kernel::{Ctx, Error, Instant, Result};
use shuke_store::{Tx, args};

use crate::model::{Kept, NOT_FOUND, PersonId, SegmentId};
use crate::service::blobs;
use crate::{book, definitions, json, sql};

/// Whether others can follow who is in a segment.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Standing {
    /// Kept up, and its members are what it says.
    Ready,
    /// Kept up, and being reckoned.
    Building,
    /// Not there, a list, or put away.
    None,
}

/// Whether others can follow who is in a segment.
pub fn standing(tx: &mut Tx<'_>, cx: &Ctx, id: SegmentId) -> Result<Standing> {
    let segment = match book::get(tx, cx, id) {
        Ok(segment) => segment,
        Err(e) if e.refusal().is_some_and(|r| r.code.code == NOT_FOUND.code) => return Ok(Standing::None),
        Err(e) => return Err(e),
    };
    Ok(match segment.kept {
        _ if segment.archived => Standing::None,
        Kept::Static => Standing::None,
        _ if segment.version != segment.built => Standing::Building,
        _ => Standing::Ready,
    })
}

/// Whether somebody is in a segment, out of one that is put away or not there; none while it is being reckoned. On a list
/// whoever was merged counts as who took them in: `merged`, asked for lists only, tells all of them and the member.
pub fn has(
    tx: &mut Tx<'_>,
    cx: &Ctx,
    id: SegmentId,
    member: PersonId,
    merged: impl FnOnce(&mut Tx<'_>) -> Result<Vec<PersonId>>,
) -> Result<Option<bool>> {
    let segment = match book::get(tx, cx, id) {
        Ok(segment) if !segment.archived => segment,
        Ok(_) | Err(Error::Refused(_)) => return Ok(Some(false)),
        Err(fault) => return Err(fault),
    };
    let of = match segment.kept {
        Kept::Static => merged(tx)?,
        _ if segment.version != segment.built => return Ok(None),
        _ => vec![member],
    };
    Ok(Some(!since(tx, cx, id, &of)?.is_empty()))
}

/// Who of these is in it, and since when.
pub fn since(tx: &mut Tx<'_>, cx: &Ctx, id: SegmentId, of: &[PersonId]) -> Result<BTreeMap<PersonId, Instant>> {
    let ids = blobs(of.iter().map(|m| *m.bytes()));
    tx.rows(sql::AMONG_SINCE, &[cx.merchant.into(), id.into(), ids])?.into_iter().map(|mut r| Ok((r.get(0)?, r.get(1)?))).collect()
}

/// Who is in it, by id, after a member.
pub fn in_order(tx: &mut Tx<'_>, cx: &Ctx, id: SegmentId, after: PersonId, limit: i64) -> Result<Vec<PersonId>> {
    tx.rows(sql::IN_ORDER, args![cx.merchant, id, after, limit])?.into_iter().map(|mut r| r.get(0)).collect()
}

/// What a segment that is kept up asks of others, itself and not through them.
#[derive(Clone, Default, PartialEq, Eq, Debug)]
pub struct Asks {
    /// Its name.
    pub name: String,
    /// Tags, by name.
    pub tags: Vec<Box<str>>,
    /// Segments.
    pub segments: Vec<SegmentId>,
}

/// What a segment asks of others; a list, whose members follow nothing, asks nothing. One that is put away
/// asks what it will ask when it is taken back.
pub fn asks(tx: &mut Tx<'_>, cx: &Ctx, id: SegmentId) -> Result<Asks> {
    let segment = book::get(tx, cx, id)?;
    let mut asks = Asks { name: segment.name, ..Asks::default() };
    if let Some(expr) = segment.expr.filter(|_| segment.kept != Kept::Static) {
        definitions::tags(&json::read(expr.as_bytes()).map_err(Error::fault)?, &mut asks.tags);
        asks.segments = book::direct_uses(&expr)?;
    }
    Ok(asks)
}

/// Asked in the transaction that changes what a segment says; an error refuses the change.
pub type Guard = fn(&mut Tx<'_>, &Ctx, SegmentId) -> Result<()>;

static GUARD: OnceLock<Guard> = OnceLock::new();

/// Wires who may refuse a change; the first call counts.
pub fn install_guard(guard: Guard) {
    let _ = GUARD.set(guard);
}

pub(crate) fn guard(tx: &mut Tx<'_>, cx: &Ctx, id: SegmentId) -> Result<()> {
    GUARD.get().map_or(Ok(()), |guard| guard(tx, cx, id))
}
