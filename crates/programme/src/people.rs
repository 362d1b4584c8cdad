//! What the rules ask of members: day of birth, and from when on birthdays count.

use std::collections::HashMap;

use jiff::civil::Date;
use shuke_kernel::{Ctx, Result};
use shuke_loyalty::event::Member;
use shuke_members::MemberId;
use shuke_members::profile;
use shuke_store::Tx;

use crate::definition::Programme;

/// A year that has every day, for birthdays without one.
const LEAP: i16 = 2000;

/// The facts of these members; of whom there is no row nothing is known. Birthdays count from when somebody joined,
/// and not before the programme began. Lunar birthdays are no days of this calendar and are left out.
pub fn facts(tx: &mut Tx<'_>, cx: &Ctx, programme: &Programme, members: &[MemberId]) -> Result<HashMap<MemberId, Member>> {
    if members.is_empty() {
        return Ok(HashMap::new());
    }
    let born = profile::born(tx, cx, members)?;
    Ok(born
        .into_iter()
        .map(|known| {
            let day = known.birthday.filter(|b| !b.lunar).and_then(|b| Date::new(b.year.unwrap_or(LEAP), b.month, b.day).ok());
            (known.member, Member { birthday: day, joined: Some(known.joined.max(programme.begins_at)) })
        })
        .collect())
}
