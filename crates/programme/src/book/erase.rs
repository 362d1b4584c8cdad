//! A person who is erased: entries stay under the id, the book is closed, and what it held of the person goes.

use shuke_kernel::{Ctx, Instant, Result};
use shuke_loyalty::{Member, State};
use shuke_members::MemberId;
use shuke_store::{Tx, args};

use super::{rows, sql};
use crate::definition::{ProgrammeId, service};

/// Closes the books of members who are erased, in the transaction that erases them. The birthday that the rules were
/// asked about lies in the heart alone, so the heart goes; balances and entries stay.
pub fn erased(tx: &mut Tx<'_>, cx: &Ctx, members: &[MemberId]) -> Result<()> {
    for mut row in tx.rows(sql::HOLD_ALL, &[cx.merchant.into(), rows::ids(members)])? {
        let (id, member): (ProgrammeId, MemberId) = (row.get(0)?, row.get(1)?);
        let programme = service::get(tx, cx.merchant, id)?;
        let rules = service::rules(tx, cx.merchant, &programme)?;
        let nobody = Member::default();
        let facts = serde_json::to_string(&nobody)?;
        let nothing = serde_json::to_string(&State::new(&rules, nobody, Instant(0)))?;
        tx.exec(sql::ERASE, args![cx.merchant, id, member, nothing, cx.now, facts])?;
        tx.exec(sql::DROP_ALL_PARTS, args![cx.merchant, id, member])?;
        // What tells of a birthday, or holds another book that does, says it no more.
        tx.exec(sql::ERASE_EVENTS, args![cx.merchant, id, member])?;
    }
    crate::rerun::service::erased(tx, cx, members)
}
