//! A shopper says an order is theirs that names nobody, by its number and one proof.
//!
//! Whatever is wrong, the answer is the same: a number that is not there, a proof that does not fit, an order of somebody
//! else, one that was tried too often. So nobody learns by asking which numbers there are. What limits asking is counted by member and day, before
//! anything is looked at, and every try is in the audit, of those beyond the limit the first of a day.

use shuke_access::audit;
use shuke_commerce::order::claim::{self as order, Claimed, Proof};
use shuke_commerce::order::number;
use shuke_kernel::{Ctx, Result, Zone};
use shuke_members::MemberId;
use shuke_store::{Tx, args};

use crate::sql;

/// Tries of a member in a day.
pub const TRIES: i64 = 10;

/// What came of a try.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Verdict {
    /// It is theirs now.
    Claimed,
    /// It was theirs already.
    Yours,
    /// Nothing fits.
    NotProven,
    /// Too many tries today.
    TooMany,
}

impl Verdict {
    fn word(self) -> &'static str {
        match self {
            Self::Claimed => "claimed",
            Self::Yours => "already theirs",
            Self::NotProven => "not proven",
            Self::TooMany => "too many tries",
        }
    }
}

/// The day of a try, as 20261127.
fn day(zone: &Zone, cx: &Ctx) -> i64 {
    let day = zone.day(cx.now);
    i64::from(day.year()) * 10_000 + i64::from(day.month()) * 100 + i64::from(day.day())
}

/// How many tries a member has left today.
pub fn left(tx: &mut Tx<'_>, cx: &Ctx, zone: &Zone, member: MemberId) -> Result<i64> {
    Ok((TRIES - tries(tx, cx, member, day(zone, cx))?).max(0))
}

fn tries(tx: &mut Tx<'_>, cx: &Ctx, member: MemberId, day: i64) -> Result<i64> {
    tx.row(sql::TRIES, args![cx.merchant, member, day])?.map_or(Ok(0), |mut row| row.get(0))
}

/// Tries to claim the order of that number for a member. `proof` is none where the merchant does not take this kind.
pub fn claim(tx: &mut Tx<'_>, cx: &Ctx, zone: &Zone, member: MemberId, number: &str, proof: Option<Proof<'_>>) -> Result<Verdict> {
    let today = day(zone, cx);
    // Who goes on asking is not written down again and again.
    if tries(tx, cx, member, today)? > TRIES {
        return Ok(Verdict::TooMany);
    }
    tx.exec(sql::TRY, args![cx.merchant, member, today])?;
    tx.exec(sql::FORGET, args![cx.merchant, member, today])?;
    let made = tries(tx, cx, member, today)?;
    let verdict = if made > TRIES { Verdict::TooMany } else { judge(tx, cx, member, number, proof)? };
    let tail: String = tail(number);
    audit::record(tx, cx, "shopper.claim_tried", &member.to_string(), &format!("order …{tail}: {}", verdict.word()))?;
    Ok(verdict)
}

/// The last four characters of an order's number: what a log and a history show of it.
pub fn tail(number: &str) -> String {
    let letters: Vec<char> = number.chars().collect();
    letters[letters.len().saturating_sub(4)..].iter().collect()
}

fn judge(tx: &mut Tx<'_>, cx: &Ctx, member: MemberId, told: &str, proof: Option<Proof<'_>>) -> Result<Verdict> {
    // The whole number and nothing else: how one begins is no secret, and finds other people's.
    let found = number::whole(tx, cx, told.trim())?;
    if found.iter().any(|order| order.member == Some(member)) {
        return Ok(Verdict::Yours);
    }
    for found in found.iter().filter(|order| order.member.is_none()) {
        if let Some(proof) = proof
            && let Claimed::Yes(_) = order::claim(tx, cx, found.id, member, proof)?
        {
            return Ok(Verdict::Claimed);
        }
    }
    Ok(Verdict::NotProven)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn four_characters_of_a_number_are_shown() {
        assert_eq!((tail("3891204771234471").as_str(), tail("12").as_str(), tail("").as_str()), ("4471", "12", ""));
    }
}
