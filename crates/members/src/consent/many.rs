//! Consent of many members at once, for lists that are handed over: the same answer as
//! [`allows`](super::allows), and why it is no.

use std::collections::{BTreeMap, HashMap};

use shuke_access::merchants;
use shuke_kernel::{Ctx, Result};
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

/// What these members said of a purpose on a channel, one answer each, by [`newest`](super::newest).
pub fn standing(tx: &mut Tx<'_>, cx: &Ctx, ids: &[MemberId], purpose: &str, channel: &str) -> Result<HashMap<MemberId, Standing>> {
    let mut said: HashMap<MemberId, BTreeMap<String, (i64, bool)>> = HashMap::new();
    let list = rows::members(ids.iter().copied());
    for mut r in tx.rows(sql::OF_MANY, &[cx.merchant.into(), list, purpose.into(), channel.into()])? {
        let (member, on, refused, at): (MemberId, String, bool, i64) = (r.get(0)?, r.get(1)?, !r.get::<bool>(2)?, r.get(3)?);
        said.entry(member).or_default().entry(on).and_modify(|n| *n = (*n).max((at, refused))).or_insert((at, refused));
    }
    let said = |id: &MemberId| {
        let theirs = said.get(id).into_iter().flatten().map(|(on, (at, refused))| (on.as_str(), *at, !refused));
        match super::newest(theirs, channel) {
            None => Standing::Unknown,
            Some(false) => Standing::Refused,
            Some(true) => Standing::Granted,
        }
    };
    let mut out: HashMap<MemberId, Standing> = ids.iter().map(|id| (*id, said(id))).collect();
    if !["marketing", "ads"].contains(&purpose) {
        return Ok(out);
    }
    let today = merchants::zone_of(tx, cx.merchant)?.day(cx.now);
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
