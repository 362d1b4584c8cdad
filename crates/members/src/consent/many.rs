//! Consent of many members at once, for lists that are handed over: the same answer as
//! [`allows`](super::allows), and why it is no.

use std::collections::HashMap;

use shuke_kernel::{Ctx, Result, Zone};
use shuke_store::{Tx, args};

use super::sql;
use crate::identity::rows;
use crate::{MemberId, profile};

/// What a member said of a purpose on a channel.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Standing {
    /// Agreed, and old enough.
    Granted,
    /// Refused, or withdrew.
    Refused,
    /// Said nothing, which is not to have agreed.
    Unknown,
    /// Agreed, but is under fourteen: no marketing and no ads.
    UnderFourteen,
}

/// What these members said of a purpose on a channel, one answer each. The newest of what was said
/// of the channel and of `any` holds, of two statements of one time the refusal.
pub fn standing(tx: &mut Tx<'_>, cx: &Ctx, ids: &[MemberId], purpose: &str, channel: &str) -> Result<HashMap<MemberId, Standing>> {
    let mut newest: HashMap<MemberId, (i64, bool)> = HashMap::new();
    let list = rows::members(ids.iter().copied());
    for mut r in tx.rows(sql::OF_MANY, &[cx.merchant.into(), list, purpose.into(), channel.into()])? {
        let (member, refused, at): (MemberId, bool, i64) = (r.get(0)?, !r.get::<bool>(1)?, r.get(2)?);
        newest.entry(member).and_modify(|n| *n = (*n).max((at, refused))).or_insert((at, refused));
    }
    let said = |id: &MemberId| match newest.get(id) {
        None => Standing::Unknown,
        Some((_, true)) => Standing::Refused,
        Some((_, false)) => Standing::Granted,
    };
    let mut out: HashMap<MemberId, Standing> = ids.iter().map(|id| (*id, said(id))).collect();
    if !["marketing", "ads"].contains(&purpose) {
        return Ok(out);
    }
    let today = Zone::shanghai().day(cx.now);
    let granted: Vec<MemberId> = ids.iter().copied().filter(|id| out.get(id) == Some(&Standing::Granted)).collect();
    if granted.is_empty() {
        return Ok(out);
    }
    let ages = tx.rows(sql::AGES, &[cx.merchant.into(), rows::members(granted.iter().copied())])?;
    let mut known: HashMap<MemberId, bool> = HashMap::new();
    for mut r in ages {
        let (id, birthday, stated): (MemberId, Option<String>, Option<i64>) = (r.get(0)?, r.get(1)?, r.get(2)?);
        let birthday = birthday.as_deref().and_then(crate::identity::Birthday::from_text);
        known.insert(id, profile::under_fourteen(birthday, stated.map(|x| x != 0), today));
    }
    for id in granted {
        match known.get(&id) {
            Some(false) => {}
            Some(true) => drop(out.insert(id, Standing::UnderFourteen)),
            None => drop(out.insert(id, Standing::Unknown)),
        }
    }
    Ok(out)
}

/// Whether any address is suppressed at all: where none is, nobody's needs to be looked at.
pub fn any_suppressed(tx: &mut Tx<'_>, cx: &Ctx) -> Result<bool> {
    Ok(tx.row(sql::ANY_SUPPRESSED, args![cx.merchant])?.is_some())
}
