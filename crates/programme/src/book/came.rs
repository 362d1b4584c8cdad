//! What members did and earned as the books have it: check-ins, and points that became free to spend. Rows stay with the id
//! they were booked under, so whoever asks names aliases too.

use shuke_kernel::{Ctx, Instant, Result};
use shuke_members::MemberId;
use shuke_store::{Tx, Value};

use super::{rows, sql};
use crate::definition::{ProgrammeId, service};

/// When these ids checked in since `from`, in any programme, in no order.
pub fn check_ins(tx: &mut Tx<'_>, cx: &Ctx, members: &[MemberId], from: Instant) -> Result<Vec<(MemberId, Instant)>> {
    let programmes: Vec<Vec<u8>> = service::list(tx, cx.merchant)?.iter().map(|p| p.id.bytes().to_vec()).collect();
    let binds = [cx.merchant.into(), Value::Blobs(programmes), rows::ids(members), from.into()];
    tx.rows(sql::CHECK_INS, &binds)?.into_iter().map(|mut r| Ok((r.get(0)?, r.get(1)?))).collect()
}

/// Points of a programme that became free to spend since `from`, and below nothing those that were taken back after that;
/// what somebody gave or took by hand, a pack or a task is left out. In no order.
pub fn earned(
    tx: &mut Tx<'_>,
    cx: &Ctx,
    programme: ProgrammeId,
    members: &[MemberId],
    from: Instant,
) -> Result<Vec<(MemberId, Instant, i64)>> {
    let binds = [cx.merchant.into(), programme.into(), rows::ids(members), from.into()];
    tx.rows(sql::CAME, &binds)?.into_iter().map(|mut r| Ok((r.get(0)?, r.get(1)?, r.get(2)?))).collect()
}
