//! What is asked of members' books from outside, one request each. Requests that arrive at the same time are posted
//! together, those about one member one after the other: each is answered as if it had come alone, but for one that was
//! taken before, which is told what there is once all are posted.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use shuke_kernel::{Ctx, Error, Result};
use shuke_loyalty::event::{Act, Event, Outcome};
use shuke_members::{MEMBER_NOT_FOUND, MemberId, identity};
use shuke_store::together::Together;
use shuke_store::{Store, Tx};

use super::fold::Posted;
use super::post::{self, Glance, Request};
use super::rows;
use super::show::TierView;
use crate::definition::{ProgrammeId, service};

/// What is asked of a member's book.
#[derive(Clone, Debug)]
pub struct Asked {
    /// Whose; a merged id is the member it went into.
    pub member: MemberId,
    /// In which programme.
    pub programme: ProgrammeId,
    /// What it is called: the same kind and id again are the same request.
    pub id: String,
    /// What.
    pub act: Act,
    /// Why, in somebody's words.
    pub reason: Option<String>,
}

/// What came of it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Answered {
    /// `ok`, `duplicate` or `already_today`.
    pub result: String,
    /// Balances after it, by account.
    pub accounts: BTreeMap<String, i64>,
    /// The tier after it, where there is a ladder.
    pub tier: Option<TierView>,
    /// What a rule said no by; such an answer is kept as any other.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refused: Option<Outcome>,
}

impl Answered {
    fn of(posted: Posted, glance: &Glance) -> Self {
        let told = posted.first.unwrap_or(posted.outcome);
        let fine = matches!(told, Outcome::Ok | Outcome::Waiting | Outcome::AlreadyToday | Outcome::Duplicate);
        let result = match posted.outcome {
            Outcome::Duplicate => "duplicate",
            Outcome::AlreadyToday => "already_today",
            _ => "ok",
        };
        Self {
            result: result.to_owned(),
            accounts: glance.balances().map(|(account, points)| (account.to_owned(), points)).collect(),
            tier: glance.tier.clone(),
            refused: (!fine).then_some(told),
        }
    }
}

/// Asks it, once per idempotency key of `cx`. A refusal by a rule is an answer, and is kept under the request's id.
/// To be called inside the async runtime.
///
/// # Errors
/// Refuses members who are not there, programmes in which nothing moves, and what cannot be reckoned.
pub async fn ask(store: &Store, cx: &Ctx, asked: Asked) -> Result<Answered> {
    store.write_together::<Asks>(cx, asked).await
}

/// Requests that arrive at the same time.
pub struct Asks;

impl Together for Asks {
    type Item = Asked;
    type Answer = Answered;

    fn subject(asked: &Asked) -> String {
        format!("{}/{}/{}/{}", asked.programme, asked.member, asked.act.kind(), asked.id)
    }

    fn write(tx: &mut Tx<'_>, cx: &Ctx, items: &[Asked]) -> Result<Vec<Answered>> {
        let members: Vec<MemberId> = items.iter().map(|asked| asked.member).collect();
        let mut of: BTreeMap<ProgrammeId, Vec<(usize, MemberId)>> = BTreeMap::new();
        for (place, member) in identity::resolve_many(tx, cx, &members)?.into_iter().enumerate() {
            let member = member.ok_or_else(|| Error::from(MEMBER_NOT_FOUND.refuse()))?;
            of.entry(items[place].programme).or_default().push((place, member));
        }
        let mut out: Vec<Option<Answered>> = vec![None; items.len()];
        // In the order of ids, so that two who write at once wait in the same order.
        for (id, places) in of {
            let programme = service::get(tx, cx.merchant, id)?;
            service::must_run(&programme, cx.now)?;
            let places = by_book(tx, cx, id, items, places)?;
            let (requests, places) = requests(cx, items, &places);
            for (written, places) in post::post_many(tx, cx, &programme, requests)?.into_iter().zip(places) {
                for ((posted, glance), place) in written.posted.into_iter().zip(&written.after).zip(places) {
                    out[place] = Some(Answered::of(posted, glance));
                }
            }
        }
        out.into_iter().map(|answered| answered.ok_or_else(|| Error::fault("a request had no answer"))).collect()
    }
}

/// Whose book each is asked of. Who was merged is asked by the book of before, where there was one: it leads to the book
/// that has it now, or is to have it, and what was asked by the old id is known there.
fn by_book(
    tx: &mut Tx<'_>,
    cx: &Ctx,
    programme: ProgrammeId,
    items: &[Asked],
    mut places: Vec<(usize, MemberId)>,
) -> Result<Vec<(usize, MemberId)>> {
    for (place, member) in &mut places {
        let named = items[*place].member;
        if named != *member && rows::get(tx, cx.merchant, programme, named)?.is_some() {
            *member = named;
        }
    }
    Ok(places)
}

/// Requests to books, and whose events they have. What is asked of one member goes in the order of arrival; each
/// reason is of its own request.
fn requests(cx: &Ctx, items: &[Asked], asked: &[(usize, MemberId)]) -> (Vec<Request>, Vec<Vec<usize>>) {
    let (mut requests, mut places): (Vec<Request>, Vec<Vec<usize>>) = (Vec::new(), Vec::new());
    let mut last: BTreeMap<MemberId, usize> = BTreeMap::new();
    for (place, member) in asked {
        let item = &items[*place];
        let event = Event { time: cx.now, id: item.id.clone(), act: item.act.clone() };
        match last.get(member).copied().filter(|at| requests[*at].reason == item.reason) {
            Some(at) => {
                requests[at].events.push(event);
                places[at].push(*place);
            }
            None => {
                last.insert(*member, requests.len());
                requests.push(Request { reason: item.reason.clone(), ..Request::of(*member, vec![event]) });
                places.push(vec![*place]);
            }
        }
    }
    (requests, places)
}
