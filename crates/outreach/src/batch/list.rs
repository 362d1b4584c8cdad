//! The list of members that a batch is asked for by: kept beside the batch until it is frozen, so that
//! its spec stays small however long the list is.

use shuke_kernel::{Ctx, MerchantNo, Result};
use shuke_members::{MemberId, identity};
use shuke_store::{Store, Tx, args};

use super::{BatchId, sql};

/// Members of one part.
const PART: usize = 10_000;
/// Members whose aliases are followed in one reading.
const FOLLOWED: usize = 1_000;

/// Keeps a list.
pub(super) fn keep(tx: &mut Tx<'_>, cx: &Ctx, batch: BatchId, members: &[MemberId]) -> Result<()> {
    for (number, part) in members.chunks(PART).enumerate() {
        let bytes: Vec<u8> = part.iter().flat_map(|m| *m.bytes()).collect();
        tx.exec(sql::PUT_LIST, args![cx.merchant, batch, number as i64, bytes])?;
    }
    Ok(())
}

/// The list of a batch.
pub(super) fn read(tx: &mut Tx<'_>, merchant: MerchantNo, batch: BatchId) -> Result<Vec<MemberId>> {
    let mut out = Vec::new();
    for mut r in tx.rows(sql::LISTED, args![merchant, batch])? {
        out.extend(r.get::<Vec<u8>>(0)?.as_chunks::<16>().0.iter().map(|id| MemberId::from_bytes(*id)));
    }
    Ok(out)
}

/// Drops it: what was frozen needs it no more.
pub(super) fn drop(tx: &mut Tx<'_>, merchant: MerchantNo, batch: BatchId) -> Result<()> {
    tx.exec(sql::DROP_LIST, args![merchant, batch]).map(|_| ())
}

/// The members whom a list means now: whoever was merged away is who they were merged into; ids of
/// nobody stay as they are.
pub(super) fn living(store: &Store, cx: &Ctx, members: &[MemberId]) -> Result<Vec<MemberId>> {
    let mut out = Vec::with_capacity(members.len());
    for part in members.chunks(FOLLOWED) {
        let (cx, part) = (cx.clone(), part.to_vec());
        out.extend(
            store.read_now(move |tx| {
                part.iter().map(|id| Ok(identity::resolve(tx, &cx, *id)?.unwrap_or(*id))).collect::<Result<Vec<_>>>()
            })?,
        );
    }
    Ok(out)
}
