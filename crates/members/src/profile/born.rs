//! When members were born and joined: what rules of birthdays ask, many at a time, no name opened.

use shuke_kernel::{Ctx, Instant, Result};
use shuke_store::{Row, Tx, args};

use super::sql;
use crate::MemberId;
use crate::identity::{Birthday, rows};

/// See the module.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Born {
    /// Who.
    pub member: MemberId,
    /// Their birthday, where it is known.
    pub birthday: Option<Birthday>,
    /// When they joined; where nobody says, when they were first seen.
    pub joined: Instant,
}

fn read(mut r: Row) -> Result<Born> {
    let (birthday, joined): (Option<String>, Option<Instant>) = (r.get(1)?, r.get(2)?);
    let joined = joined.map_or_else(|| r.get(3), Ok)?;
    Ok(Born { member: r.get(0)?, birthday: birthday.as_deref().and_then(Birthday::from_text), joined })
}

/// Those of these who are members, in no order.
pub fn born(tx: &mut Tx<'_>, cx: &Ctx, members: &[MemberId]) -> Result<Vec<Born>> {
    tx.rows(sql::BORN, &[cx.merchant.into(), rows::members(members.iter().copied())])?.into_iter().map(read).collect()
}

/// Members after one, in the order of their ids, for walks over all.
pub fn born_after(tx: &mut Tx<'_>, cx: &Ctx, after: MemberId, limit: i64) -> Result<Vec<Born>> {
    tx.rows(sql::BORN_AFTER, args![cx.merchant, after, limit])?.into_iter().map(read).collect()
}

/// How many members there are.
pub fn living(tx: &mut Tx<'_>, cx: &Ctx) -> Result<i64> {
    tx.one(sql::LIVING_COUNT, args![cx.merchant])?.get(0)
}
