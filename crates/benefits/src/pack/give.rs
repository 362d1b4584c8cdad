//! Giving a pack to a member: everything in it in one transaction, once for its occasion.

use shuke_kernel::{Ctx, Instant, Result};
use shuke_members::MemberId;
use shuke_store::{Event, Row, Tx, Value, args};

use super::{service, sql};
use crate::gift::give::{Handed, Parts, hand_over};
use crate::who::{OF_BENEFITS, Person};
use crate::{GivenId, PackId};

/// A pack that was given.
#[derive(Clone, Debug)]
pub struct Given {
    /// Which.
    pub id: GivenId,
    /// Of which pack.
    pub pack: PackId,
    /// To whom.
    pub member: MemberId,
    /// What makes it once.
    pub occasion: String,
    /// Points.
    pub points: i64,
    /// Growth value.
    pub growth: i64,
    /// The rest.
    pub parts: Parts,
    /// When.
    pub given_at: Instant,
}

/// An occasion for a pack.
#[derive(Clone, Debug)]
pub struct Reason {
    /// What makes it once: the same again is the same occasion.
    pub name: String,
    /// When it was.
    pub at: Instant,
    /// Until when another of the same name is the same; none for ever.
    pub until: Option<Instant>,
}

/// Gives a pack to a member by an occasion. Whether it was given: not twice, not to whom it is not for, not to who is erased.
///
/// # Errors
/// Where the store fails. What of the pack cannot be given is kept with what was.
pub fn give(tx: &mut Tx<'_>, cx: &Ctx, id: PackId, member: MemberId, by: &Reason) -> Result<bool> {
    // One pack is given by one hand at a time, so that nobody has it twice.
    let pack = service::hold(tx, cx.merchant, id)?;
    let Some(mut person) = Person::staying(tx, cx, member)? else { return Ok(false) };
    if !pack.takes(by.at) || tx.row(sql::HAD, args![cx.merchant, person.member, id, &by.name, by.at])?.is_some() {
        return Ok(false);
    }
    let definition = &pack.definition;
    let held = person.tier_of(tx, cx, &definition.who)?;
    let inside = person.inside(tx, cx, &definition.who.segments)?;
    if definition.who.lets(OF_BENEFITS, &definition.name, held.as_ref(), &inside).is_err() {
        return Ok(false);
    }
    let given: GivenId = cx.new_id();
    let Handed { points, growth, parts } = hand_over(tx, cx, &definition.gift(), person.member, given)?;
    let body = serde_json::to_string(&parts)?;
    tx.exec(sql::ADD_GIVEN, args![cx.merchant, given, id, person.member, &by.name, by.until, points, growth, body, cx.now])?;
    tx.exec(sql::MORE, args![cx.merchant, id])?;
    let data =
        serde_json::json!({ "pack": id, "given": given, "occasion": definition.occasion.word(), "points": points, "growth": growth });
    let subject = *person.member.bytes();
    let event = Event {
        kind: "pack.given",
        version: 1,
        occurred_at: cx.now,
        subject_kind: "mem",
        subject,
        member: Some(subject),
        data: data.to_string(),
    };
    tx.emit(cx, event)?;
    Ok(true)
}

fn read(mut r: Row) -> Result<Given> {
    let body: String = r.get(6)?;
    Ok(Given {
        id: r.get(0)?,
        pack: r.get(1)?,
        member: r.get(2)?,
        occasion: r.get(3)?,
        points: r.get(4)?,
        growth: r.get(5)?,
        parts: serde_json::from_str(&body)?,
        given_at: r.get(7)?,
    })
}

/// What was given before a place, newest first; of a pack or to a member where those are named.
pub fn list(
    tx: &mut Tx<'_>,
    cx: &Ctx,
    pack: Option<PackId>,
    member: Option<MemberId>,
    before: (i64, [u8; 16]),
    limit: i64,
) -> Result<Vec<Given>> {
    let mut binds: Vec<Value> = vec![cx.merchant.into(), before.0.into(), before.1.into(), pack.into(), limit.into()];
    let text = match member {
        Some(member) => {
            binds.push(member.into());
            sql::GIVEN_TO
        }
        None => sql::GIVEN,
    };
    tx.rows(text, &binds)?.into_iter().map(read).collect()
}
