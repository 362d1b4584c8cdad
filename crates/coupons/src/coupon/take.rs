//! Having coupons: claimed, granted, or by a code. Exact under any rush, in sets.
//!
//! In this order, so that no two wait for each other: members stay who they are; names of batch and member are locked where
//! a limit counts; pieces are taken from the stock, batch by batch; rows are written in the order of their keys. What cannot
//! be had is an answer, not an error: in a rush most answers are no, and none of them undoes what others get.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use shuke_access::merchants;
use shuke_kernel::{Ctx, Error, Refusal, Result, Zone};
use shuke_members::{MEMBER_NOT_FOUND, MemberId, identity};
use shuke_store::{Tx, Value};

use super::held::{self, Coupon};
use super::model::Life;
use super::sql;
use crate::batch::stock::{self, Piece};
use crate::batch::{Batch, Way, service as batches};
use crate::words::{ENDS_FIRST, LIMIT_REACHED, NO_BATCH, NOT_YOURS, OTHER_MEMBER, OVER, SOLD_OUT};
use crate::{BatchId, CouponId, who};

/// A coupon that is wanted.
#[derive(Clone, Debug)]
pub struct Want {
    /// For whom: a member who stays who they are. Nobody, where a code is shown by who is no member.
    pub member: Option<MemberId>,
    /// Out of which batch.
    pub batch: BatchId,
    /// What the caller calls it: the same again is the same coupon.
    pub request: String,
    /// How it is had.
    pub way: Way,
    /// The place of its code.
    pub code: Option<i64>,
}

/// A coupon that was had.
#[derive(Clone, Debug)]
pub struct Taken {
    /// Which.
    pub coupon: Coupon,
    /// Whether it was had now, not before.
    pub new: bool,
}

/// What came of a wish.
pub type Answer = Result<Taken, Refusal>;

/// One that is wanted. What its batch does not let be had is a refusal of the whole.
///
/// # Errors
/// Refuses with the reason.
pub fn one(tx: &mut Tx<'_>, cx: &Ctx, want: Want) -> Result<Taken> {
    let answer = many(tx, cx, std::slice::from_ref(&want))?.pop();
    answer.ok_or_else(|| Error::fault("one wish had no answer"))?.map_err(Error::from)
}

/// Gives a member who stays one out of a batch, under a request that is used once; that it cannot be is an answer.
///
/// # Errors
/// Where the store fails.
pub fn grant(tx: &mut Tx<'_>, cx: &Ctx, member: MemberId, batch: BatchId, request: String) -> Result<Answer> {
    let want = Want { member: Some(member), batch, request, way: Way::Grant, code: None };
    many(tx, cx, &[want])?.pop().ok_or_else(|| Error::fault("one wish had no answer"))
}

/// Grants for members who may not be there, one answer each: the member, and what the caller calls it.
///
/// # Errors
/// Where the store fails.
pub fn grant_many(tx: &mut Tx<'_>, cx: &Ctx, batch: BatchId, to: &[(MemberId, String)]) -> Result<Vec<Answer>> {
    let members: Vec<MemberId> = to.iter().map(|(member, _)| *member).collect();
    let staying = identity::stay_many(tx, cx, &members)?;
    let want =
        |member: MemberId, request: &String| Want { member: Some(member), batch, request: request.clone(), way: Way::Grant, code: None };
    let wants: Vec<Want> = staying.iter().zip(to).filter_map(|(member, (_, request))| Some(want((*member)?, request))).collect();
    let mut answers = many(tx, cx, &wants)?.into_iter();
    let answer = |member: &Option<MemberId>| match member {
        None => Ok(Err(MEMBER_NOT_FOUND.refuse())),
        Some(_) => answers.next().ok_or_else(|| Error::fault("a wish had no answer")),
    };
    staying.iter().map(answer).collect()
}

/// All that are wanted, one answer each, in their order. No two of them may be one request of one batch.
///
/// # Errors
/// Where the store fails.
pub fn many(tx: &mut Tx<'_>, cx: &Ctx, wants: &[Want]) -> Result<Vec<Answer>> {
    let zone = merchants::zone_of(tx, cx.merchant)?;
    let mut all: BTreeMap<BatchId, Option<Batch>> = BTreeMap::new();
    for id in wants.iter().map(|want| want.batch).collect::<BTreeSet<_>>() {
        all.insert(id, batches::find(tx, cx.merchant, id)?);
    }
    let known = known(tx, cx, wants)?;
    let mut out: Vec<Option<Answer>> = wants.iter().map(|_| None).collect();
    let (mut open, mut asked) = (Vec::new(), HashSet::new());
    for (place, want) in wants.iter().enumerate() {
        if !asked.insert((want.batch, want.request.as_str())) {
            return Err(Error::fault("a request stands twice among wishes"));
        }
        let batch = all.get(&want.batch).and_then(Option::as_ref);
        out[place] = match (batch, known.get(&(want.batch, want.request.clone()))) {
            (None, _) => Some(Err(NO_BATCH.refuse())),
            (Some(_), Some(coupon)) if coupon.member == want.member => Some(Ok(Taken { coupon: coupon.clone(), new: false })),
            (Some(_), Some(_)) => Some(Err(OTHER_MEMBER.at("id"))),
            (Some(batch), None) => hindrance(tx, cx, want, batch, &zone)?.map(Err),
        };
        if out[place].is_none() {
            open.push(place);
        }
    }
    let batch_of = |want: &Want| all.get(&want.batch).and_then(Option::as_ref).ok_or_else(|| Error::fault("a batch vanished"));
    let mut more = Limits::of(tx, cx, open.iter().map(|place| &wants[*place]), &batch_of)?;
    let mut by_batch: BTreeMap<BatchId, Vec<usize>> = BTreeMap::new();
    for place in open {
        match more.admit(&wants[place], batch_of(&wants[place])?) {
            Ok(()) => by_batch.entry(wants[place].batch).or_default().push(place),
            Err(refusal) => out[place] = Some(Err(refusal)),
        }
    }
    let mut made = Vec::new();
    for places in by_batch.into_values() {
        let Some(first) = places.first() else { continue };
        let batch = batch_of(&wants[*first])?;
        let mut pieces = stock::take(tx, cx, batch, places.len())?.into_iter();
        for place in places {
            out[place] = Some(match pieces.next() {
                Some(piece) => {
                    let coupon = coupon(cx, &wants[place], batch, piece, &zone);
                    made.push(coupon.clone());
                    Ok(Taken { coupon, new: true })
                }
                None => Err(SOLD_OUT.with("name", &batch.definition.name)),
            });
        }
    }
    put(tx, cx, made)?;
    out.into_iter().map(|answer| answer.ok_or_else(|| Error::fault("a wish had no answer"))).collect()
}

/// Coupons that these requests made before.
fn known(tx: &mut Tx<'_>, cx: &Ctx, wants: &[Want]) -> Result<HashMap<(BatchId, String), Coupon>> {
    let batches =
        Value::Blobs(wants.iter().map(|want| want.batch).collect::<BTreeSet<_>>().into_iter().map(|id| id.bytes().to_vec()).collect());
    let requests: Vec<String> = wants.iter().map(|want| want.request.clone()).collect();
    let rows = tx.rows(sql::OF_REQUESTS, &[cx.merchant.into(), batches, requests.into()])?;
    rows.into_iter()
        .map(|row| {
            let coupon = held::read(row)?;
            Ok(((coupon.batch, coupon.request.clone()), coupon))
        })
        .collect()
}

/// Why it cannot be had, but for limits and stock.
fn hindrance(tx: &mut Tx<'_>, cx: &Ctx, want: &Want, batch: &Batch, zone: &Zone) -> Result<Option<Refusal>> {
    let name = &batch.definition.name;
    if let Err(refusal) = batch.judge(want.way, cx.now, zone) {
        return Ok(Some(refusal));
    }
    let (from, expires) = batch.template.definition.validity.span(zone, cx.now);
    if let Some(from) = from.filter(|from| cx.now < expires && expires <= *from) {
        // It would be stock and money for nothing.
        return Ok(Some(ENDS_FIRST.with("name", name).with("from", zone.show(from)).with("until", zone.show(expires))));
    }
    if expires <= cx.now {
        return Ok(Some(OVER.with("name", name).with("until", zone.show(expires))));
    }
    match want.member.filter(|_| want.way != Way::Grant) {
        Some(member) => who::kept_out(tx, cx, &batch.template.definition, name, member),
        // Of who shows a code without being a member, no tier and no segment is known.
        None if want.way == Way::Code && batch.template.definition.offer.is_for_some() => Ok(Some(NOT_YOURS.refuse())),
        None => Ok(None),
    }
}

/// How many each member has had of each batch that has a limit; nobody else hands these out meanwhile.
struct Limits {
    had: HashMap<(BatchId, MemberId), i64>,
}

impl Limits {
    fn of<'w, 'b>(
        tx: &mut Tx<'_>,
        cx: &Ctx,
        wants: impl Iterator<Item = &'w Want>,
        batch_of: &dyn Fn(&Want) -> Result<&'b Batch>,
    ) -> Result<Self> {
        let mut limited: BTreeSet<(BatchId, MemberId)> = BTreeSet::new();
        for want in wants {
            if let Some(member) = want.member
                && batch_of(want)?.definition.per_member.is_some()
            {
                limited.insert((want.batch, member));
            }
        }
        let mut had = HashMap::new();
        if limited.is_empty() {
            return Ok(Self { had });
        }
        let keys = tx.keys(cx.merchant)?;
        let names: Vec<[u8; 16]> = limited.iter().map(|(batch, member)| keys.token("coupon_limit", &format!("{batch}/{member}"))).collect();
        tx.lock_names(cx.merchant, names)?;
        let batches = Value::Blobs(
            limited.iter().map(|(batch, _)| *batch).collect::<BTreeSet<_>>().into_iter().map(|id| id.bytes().to_vec()).collect(),
        );
        let members = Value::Blobs(
            limited.iter().map(|(_, member)| *member).collect::<BTreeSet<_>>().into_iter().map(|id| id.bytes().to_vec()).collect(),
        );
        for mut r in tx.rows(sql::HAD, &[cx.merchant.into(), batches, members])? {
            had.insert((r.get(0)?, r.get(1)?), r.get(2)?);
        }
        Ok(Self { had })
    }

    /// Counts one more, if its member may have it.
    fn admit(&mut self, want: &Want, batch: &Batch) -> Result<(), Refusal> {
        let (Some(member), Some(limit)) = (want.member, batch.definition.per_member) else { return Ok(()) };
        let had = self.had.entry((want.batch, member)).or_default();
        if *had >= limit {
            return Err(LIMIT_REACHED.with("name", &batch.definition.name).with("limit", limit).with("has", *had));
        }
        *had += 1;
        Ok(())
    }
}

/// Refuses where a member has as many of a batch as one may; nobody else hands them out meanwhile.
///
/// # Errors
/// Refuses with the reason.
pub(crate) fn may_have_more(tx: &mut Tx<'_>, cx: &Ctx, id: BatchId, member: MemberId) -> Result<()> {
    let batch = batches::get(tx, cx.merchant, id)?;
    let want = Want { member: Some(member), batch: id, request: String::new(), way: Way::Code, code: None };
    let mut limits = Limits::of(tx, cx, std::iter::once(&want), &|_| Ok(&batch))?;
    limits.admit(&want, &batch).map_err(Error::from)
}

fn coupon(cx: &Ctx, want: &Want, batch: &Batch, piece: Piece, zone: &Zone) -> Coupon {
    let id: CouponId = cx.new_id();
    let (from, expires) = batch.template.definition.validity.span(zone, cx.now);
    Coupon {
        id,
        template: batch.template.id,
        version: batch.template.version,
        batch: batch.id,
        member: want.member,
        request: want.request.clone(),
        how: want.way.word().to_owned(),
        life: Life::new(from, expires),
        amount: piece.amount,
        face: piece.face,
        part: piece.part,
        draw: piece.draw,
        code: want.code,
        made_at: cx.now,
        made_by: cx.actor.label(),
        changed_at: cx.now,
    }
}

/// Writes them, and tells of them.
fn put(tx: &mut Tx<'_>, cx: &Ctx, mut made: Vec<Coupon>) -> Result<()> {
    // Two who ask for the same meet in one order.
    made.sort_by(|a, b| (a.batch, &a.request).cmp(&(b.batch, &b.request)));
    let events = made
        .iter()
        .map(|coupon| held::event(cx, if coupon.how == Way::Grant.word() { "coupon.granted" } else { "coupon.claimed" }, coupon))
        .collect();
    tx.insert_fresh(&sql::PUT, made.iter().map(|coupon| coupon.row(cx)).collect())?;
    tx.emit_many(cx, events)
}
