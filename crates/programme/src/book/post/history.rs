//! A member's events read back.

use shuke_kernel::{MerchantNo, Result};
use shuke_loyalty::event::Event;
use shuke_members::MemberId;
use shuke_store::{Row, Tx, args};

use super::sql;
use crate::definition::ProgrammeId;

/// The events of a member that count, in order of time, with their numbers.
pub(in crate::book) fn numbered_history(
    tx: &mut Tx<'_>,
    merchant: MerchantNo,
    programme: ProgrammeId,
    member: MemberId,
) -> Result<Vec<(i64, Event)>> {
    let rows = tx.rows(sql::HISTORY, args![merchant, programme, member])?;
    let read = |mut r: Row| Ok((r.get(0)?, Event { time: r.get(1)?, id: r.get(2)?, act: serde_json::from_str(&r.get::<String>(3)?)? }));
    rows.into_iter().map(read).collect()
}

/// The events of a member that count, in order of time.
pub(crate) fn read_history(tx: &mut Tx<'_>, merchant: MerchantNo, programme: ProgrammeId, member: MemberId) -> Result<Vec<Event>> {
    Ok(numbered_history(tx, merchant, programme, member)?.into_iter().map(|(_, event)| event).collect())
}
