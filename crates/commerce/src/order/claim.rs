//! A buyer claims an order by its number and one proof, for orders that name no buyer.
//!
//! The proof is something that only the receiver knows: the last four digits of the phone, the
//! name, or what was paid. After five wrong proofs an order can no longer be claimed, since four digits can be
//! guessed. Staff who know better use the API's keys instead.

use shuke_kernel::{Code, Ctx, Kind, Result};
use shuke_members::MemberId;
use shuke_members::identity;
use shuke_store::{Tx, args};

use super::observation::{Doc, Observation};
use super::service::{Observed, observe};
use super::{OrderId, read, sql};

/// What proves that an order is somebody's.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Proof<'a> {
    /// The last four digits of the receiver's phone.
    PhoneLast4(&'a str),
    /// The receiver's name.
    ReceiverName(&'a str),
    /// What was paid, shipping included, in minor units of the order's currency.
    Paid(i64),
}

/// What came of a claim. A wrong proof is an answer, not an error: it must be counted.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Claimed {
    /// It is theirs now.
    Yes(Observed),
    /// The proof does not fit, or the order has nothing to compare it with.
    Wrong,
    /// Too many wrong proofs.
    Locked,
    /// It belongs to somebody already.
    Taken,
}

/// There is no such member.
pub static NO_MEMBER: Code =
    Code { code: "order.claim_unknown_member", kind: Kind::Unprocessable, zh: "找不到这个会员。", en: "There is no such member." };
/// The proof does not fit.
pub static WRONG: Code = Code {
    code: "order.claim_not_proven",
    kind: Kind::Unprocessable,
    zh: "核对信息与订单不符，请检查后再试。",
    en: "The proof does not fit this order; check it and try again.",
};
/// Too many wrong proofs.
pub static LOCKED: Code = Code {
    code: "order.claim_locked",
    kind: Kind::Unprocessable,
    zh: "核对失败次数过多，请联系店铺客服。",
    en: "There were too many wrong proofs for this order; ask the shop.",
};
/// It belongs to somebody.
pub static TAKEN: Code =
    Code {
        code: "order.claim_taken", kind: Kind::Conflict, zh: "这个订单已属于一位会员。", en: "This order belongs to a member already."
    };

const MAX_FAILURES: i64 = 5;

/// Claims an order for a member.
pub fn claim(tx: &mut Tx<'_>, cx: &Ctx, id: OrderId, member: MemberId, proof: Proof<'_>) -> Result<Claimed> {
    let member = identity::resolve(tx, cx, member)?.ok_or_else(|| NO_MEMBER.at("member"))?;
    let Some(mut row) = tx.row(sql::CLAIM_FAILURES, args![cx.merchant, id])? else { return Err(read::NOT_FOUND.refuse().into()) };
    let (failures, holder): (i64, Option<MemberId>) = (row.get(0)?, row.get(1)?);
    if holder.is_some() {
        return Ok(Claimed::Taken);
    }
    if failures >= MAX_FAILURES {
        return Ok(Claimed::Locked);
    }
    let order = read::get(tx, cx, id)?;
    let private = read::private(tx, cx, std::slice::from_ref(&order))?.remove(&id).unwrap_or_default();
    if !fits(&private.receiver, order.paid, proof) {
        tx.exec(sql::CLAIM_FAILED, args![cx.merchant, id])?;
        return Ok(Claimed::Wrong);
    }
    let observation = Observation {
        source: order.source,
        source_id: order.source_id,
        doc: Doc::Claim,
        claimed_by: Some(member.to_string()),
        ..Observation::default()
    };
    let observed = observe(tx, cx, observation)?;
    tx.exec(sql::CLAIM_CLEAR, args![cx.merchant, id])?;
    Ok(Claimed::Yes(observed))
}

fn fits(receiver: &super::Receiver, paid: Option<i64>, proof: Proof<'_>) -> bool {
    match proof {
        Proof::PhoneLast4(given) => {
            let given = given.trim();
            let digits = |t: &str| t.chars().filter(char::is_ascii_digit).collect::<String>();
            let phone = receiver.phone.as_deref().map(digits).unwrap_or_default();
            given.len() == 4 && given.bytes().all(|b| b.is_ascii_digit()) && phone.len() >= 7 && phone.ends_with(given)
        }
        Proof::ReceiverName(given) => {
            let given = given.trim();
            receiver
                .name
                .as_deref()
                .map(str::trim)
                .is_some_and(|name| name.chars().count() >= 2 && !super::fold::hidden(name) && name == given)
        }
        Proof::Paid(given) => given > 0 && paid == Some(given),
    }
}
