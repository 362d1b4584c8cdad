//! Identity: which records speak of one person.

pub mod model;

pub use model::{Birthday, Evidence, Gender, Identified, KeyClaim, KeyClass, KeyKind, ProfileHints, Region};

use shuke_kernel::{Ctx, Error, Instant, Result};
use shuke_store::Tx;

use crate::MemberId;

/// The member of one piece of evidence; see [`identify_many`].
pub fn identify(tx: &mut Tx<'_>, cx: &Ctx, evidence: &Evidence) -> Result<Identified> {
    identify_many(tx, cx, std::slice::from_ref(evidence))?.pop().ok_or_else(|| Error::fault("one piece of evidence had no answer"))
}

/// The members of many pieces of evidence, one answer each, in their order.
///
/// Each call takes one reference to the key set of each piece: a record that no longer carries a
/// key set (it changed, or its import is undone) gives it back by [`release`].
pub fn identify_many(tx: &mut Tx<'_>, cx: &Ctx, evidence: &[Evidence]) -> Result<Vec<Identified>> {
    let _ = (tx, cx, evidence);
    Err(Error::fault("identity is not wired"))
}

/// Gives back references to key sets, one for each entry (repeat a set to give back more). A key
/// set that no record carries any more disappears, and a member without key sets with it.
pub fn release(tx: &mut Tx<'_>, cx: &Ctx, key_sets: &[[u8; 16]]) -> Result<()> {
    let _ = (tx, cx, key_sets);
    Err(Error::fault("identity is not wired"))
}

/// The living member behind an id that may be an alias of a merge; `None` where there is none.
pub fn resolve(tx: &mut Tx<'_>, cx: &Ctx, id: MemberId) -> Result<Option<MemberId>> {
    let _ = (tx, cx, id, Instant::default());
    Err(Error::fault("identity is not wired"))
}

/// The members that hold this key: none, one, or several where the key is under review.
pub fn find_by_key(tx: &mut Tx<'_>, cx: &Ctx, claim: &KeyClaim, entity: Option<&str>) -> Result<Vec<MemberId>> {
    let _ = (tx, cx, claim, entity);
    Err(Error::fault("identity is not wired"))
}
