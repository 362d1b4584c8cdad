//! Cards bought, tried and given; who holds what is kept beside.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use shuke_access::{audit, merchants};
use shuke_kernel::{Ctx, Error, Instant, Result, Zone};
use shuke_members::{MEMBER_NOT_FOUND, MemberId, identity};
use shuke_store::register::row_name;
use shuke_store::{Event, Tx, Value, args};

use super::model::{Purchase, PurchaseId, Sort};
use super::standing::{Chain, Standing};
use super::{AHEAD, ID_USED, NO_TERM, NO_TRIAL, OTHER_CURRENCY, TOO_EARLY, TOO_LONG, TRIED, sql};
use crate::card::{Card, CardId, State, service as cards};
use crate::lay::Length;

/// 2000-01-01T00:00:00Z.
const EARLIEST: i64 = 946_684_800_000_000;
/// A hundred years, seconds.
const FAR: i64 = 100 * 366 * 86_400;

/// The living member behind an id, with all ids that are theirs.
///
/// # Errors
/// Where there is nobody.
pub fn person(tx: &mut Tx<'_>, cx: &Ctx, id: MemberId) -> Result<(MemberId, Vec<MemberId>)> {
    let living = identity::resolve(tx, cx, id)?.ok_or_else(|| Error::from(MEMBER_NOT_FOUND.refuse()))?;
    Ok((living, identity::with_aliases(tx, cx, living)?))
}

/// [`person`] for purchases that are about to be written: nobody merges or erases them until the transaction ends.
pub(super) fn staying(tx: &mut Tx<'_>, cx: &Ctx, id: MemberId) -> Result<(MemberId, Vec<MemberId>)> {
    let living = identity::stay(tx, cx, id)?.ok_or_else(|| Error::from(MEMBER_NOT_FOUND.refuse()))?;
    Ok((living, identity::with_aliases(tx, cx, living)?))
}

/// Members as a list for `= ANY`.
fn list(members: &[MemberId]) -> Value {
    Value::Blobs(members.iter().map(|m| m.bytes().to_vec()).collect())
}

/// What a person has of every card they ever had.
///
/// # Errors
/// Where the store does not answer.
pub fn standings(tx: &mut Tx<'_>, cx: &Ctx, zone: &Zone, ids: &[MemberId]) -> Result<BTreeMap<CardId, Standing>> {
    let mut by_card: BTreeMap<CardId, Vec<Purchase>> = BTreeMap::new();
    for row in tx.rows(sql::OF_MEMBERS, &[cx.merchant.into(), list(ids)])? {
        let purchase = Purchase::read(row)?;
        by_card.entry(purchase.card).or_default().push(purchase);
    }
    Ok(by_card.into_iter().map(|(card, purchases)| (card, Standing::of(zone, purchases))).collect())
}

/// What is to be bought, tried or given.
#[derive(Clone, Debug)]
pub struct Wish {
    /// How.
    pub sort: Sort,
    /// The key of the term; ignored for a trial.
    pub term: String,
    /// How many.
    pub count: i64,
    /// What was paid, minor units; the price unless given.
    pub paid: Option<i64>,
    /// When; now unless given.
    pub at: Option<Instant>,
    /// The id by which it is known where it was sold.
    pub id: Option<String>,
    /// What the shop's till calls it.
    pub till: Option<String>,
    /// Why it was given.
    pub reason: Option<String>,
}

/// Whether it was taken just now.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Taken {
    /// Now.
    Now,
    /// Under the same id before.
    Before,
}

/// Notes a purchase, a trial or a gift.
///
/// # Errors
/// Where the card is not sold, the member had it when they want to try it, or something of it cannot be.
pub fn take(tx: &mut Tx<'_>, cx: &Ctx, member: MemberId, card: CardId, wish: &Wish) -> Result<Taken> {
    let (living, ids) = staying(tx, cx, member)?;
    lock(tx, cx, [living])?;
    let card = cards::get(tx, cx.merchant, card)?;
    let id = wish.id.clone().or_else(|| key_of(cx)).unwrap_or_else(|| cx.new_id::<super::model::PurchaseKind>().to_string());
    if let Some(known) = tx.row(sql::BY_SOURCE, args![cx.merchant, card.id, &id])?.map(Purchase::read).transpose()? {
        let alike = wish.sort == Sort::Trial || (known.term == wish.term && known.count == wish.count);
        let same = ids.contains(&known.member) && known.sort == wish.sort && alike;
        return if same { Ok(Taken::Before) } else { Err(ID_USED.with("id", &id).into()) };
    }
    cards::among(&card, &[State::Active])?;
    let at = when(cx, wish.at)?;
    let standing = standings_of(tx, cx, &ids, card.id)?;
    let (length, price, term) = match wish.sort {
        Sort::Trial if card.trial_days == 0 => return Err(NO_TRIAL.refuse().into()),
        Sort::Trial if standing.iter().any(|p| p.sort != Sort::Gift) => return Err(TRIED.refuse().into()),
        Sort::Trial => (Length::Days(card.trial_days), 0, String::new()),
        Sort::Paid | Sort::Gift => {
            let term = card.term(&wish.term).ok_or_else(|| Error::from(NO_TERM.with("term", &wish.term).at("term")))?;
            (term.length(), term.price.saturating_mul(wish.count), term.key.clone())
        }
    };
    let paid = if wish.sort == Sort::Paid { wish.paid.unwrap_or(price) } else { 0 };
    let (months, days) = parts(length);
    let purchase: PurchaseId = cx.new_id();
    let sealed = match &wish.reason {
        Some(reason) => Some(tx.keys(cx.merchant)?.seal("card_purchase", &row_name(&[purchase.into()]), reason.as_bytes())?),
        None => None,
    };
    let currency = cards::currency(tx, cx.merchant)?;
    let added = tx.exec(
        sql::ADD,
        args![
            cx.merchant,
            purchase,
            card.id,
            living,
            &id,
            wish.sort.word(),
            &term,
            months,
            days,
            wish.count,
            at,
            paid,
            currency,
            None::<Vec<u8>>,
            wish.till.clone(),
            sealed,
            cx.now,
            cx.actor.label()
        ],
    )?;
    if added == 0 {
        // Somebody else's purchase took the id while this one was looked for.
        return Err(ID_USED.with("id", &id).into());
    }
    let zone = merchants::zone_of(tx, cx.merchant)?;
    let until = Standing::of(&zone, standings_of(tx, cx, &ids, card.id)?).chain().map(|chain| chain.until);
    if let Some(until) = until.filter(|until| *until > cx.now.plus_seconds(FAR)) {
        return Err(TOO_LONG.with("until", zone.wall(until).date()).into());
    }
    if wish.sort != Sort::Paid {
        audit::record(tx, cx, &format!("card.{}", wish.sort.word()), &living.to_string(), &card.name)?;
    }
    refresh(tx, cx, &[living])?;
    Ok(Taken::Now)
}

fn parts(length: Length) -> (i64, i64) {
    match length {
        Length::Months(n) => (n, 0),
        Length::Days(n) => (0, n),
    }
}

fn key_of(cx: &Ctx) -> Option<String> {
    cx.key.as_ref().map(|key| key.key.split_once('/').map_or(key.key.as_str(), |(_, text)| text).to_owned())
}

fn when(cx: &Ctx, at: Option<Instant>) -> Result<Instant> {
    match at {
        Some(at) if at > cx.now => Err(AHEAD.at("at").into()),
        Some(at) if at.micros() < EARLIEST => Err(TOO_EARLY.at("at").into()),
        at => Ok(at.unwrap_or(cx.now)),
    }
}

pub(super) fn standings_of(tx: &mut Tx<'_>, cx: &Ctx, ids: &[MemberId], card: CardId) -> Result<Vec<Purchase>> {
    tx.rows(sql::HOLD, &[cx.merchant.into(), list(ids), card.into()])?.into_iter().map(Purchase::read).collect()
}

/// Why purchases were given or given up, of those where somebody said so.
///
/// # Errors
/// Where a text cannot be opened.
pub fn reasons(tx: &mut Tx<'_>, cx: &Ctx, purchases: &[PurchaseId]) -> Result<HashMap<PurchaseId, String>> {
    let ids = Value::Blobs(purchases.iter().map(|p| p.bytes().to_vec()).collect());
    let keys = tx.keys(cx.merchant)?;
    let mut out = HashMap::new();
    for mut row in tx.rows(sql::REASONS, &[cx.merchant.into(), ids])? {
        let (id, sealed): (PurchaseId, Vec<u8>) = (row.get(0)?, row.get(1)?);
        let text = keys.open("card_purchase", &row_name(&[id.into()]), &sealed)?;
        out.insert(id, String::from_utf8_lossy(&text).into_owned());
    }
    Ok(out)
}

/// What is told of a member along the feed.
pub(crate) fn told(cx: &Ctx, kind: &'static str, member: MemberId, data: &serde_json::Value) -> Event {
    Event {
        kind,
        version: 1,
        occurred_at: cx.now,
        subject_kind: "mem",
        subject: *member.bytes(),
        member: Some(*member.bytes()),
        data: data.to_string(),
    }
}

/// Nobody else changes what these living members have until the transaction ends.
pub(crate) fn lock(tx: &mut Tx<'_>, cx: &Ctx, members: impl IntoIterator<Item = MemberId>) -> Result<()> {
    tx.lock_names(cx.merchant, members.into_iter().map(|m| m.bytes().map(|b| !b)))
}

/// Who holds a card, as it is kept.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
struct Kept {
    chain: Chain,
    /// Its end was told.
    ended: bool,
}

/// Keeps who holds what up to these members' purchases, and tells what became of it. Ids that are somebody else's now
/// are counted as theirs.
///
/// # Errors
/// Where the store does not answer.
pub fn refresh(tx: &mut Tx<'_>, cx: &Ctx, members: &[MemberId]) -> Result<()> {
    let mut people: BTreeMap<MemberId, Vec<MemberId>> = BTreeMap::new();
    let mut gone: BTreeSet<MemberId> = BTreeSet::new();
    for member in members {
        match identity::resolve(tx, cx, *member)? {
            Some(living) => {
                people.insert(living, identity::with_aliases(tx, cx, living)?);
            }
            None => {
                gone.insert(*member);
            }
        }
    }
    lock(tx, cx, people.keys().copied().chain(gone.iter().copied()))?;
    let all: Vec<MemberId> = people.values().flatten().copied().chain(gone.iter().copied()).collect();
    let mut before: HashMap<(CardId, MemberId), Kept> = HashMap::new();
    for mut r in tx.rows(sql::HOLDERS, &[cx.merchant.into(), list(&all)])? {
        let (trial, since, until, word): (bool, Instant, Instant, String) = (r.get(2)?, r.get(3)?, r.get(4)?, r.get(5)?);
        let kept = Kept { chain: Chain { since, until, trial }, ended: word == "ended" };
        before.insert((r.get(0)?, r.get(1)?), kept);
    }
    let notice: HashMap<CardId, i64> = cards::list(tx, cx.merchant)?.into_iter().map(|c| (c.id, c.notice_days)).collect();
    let zone = merchants::zone_of(tx, cx.merchant)?;
    let (mut rows, mut events) = (Vec::new(), Vec::new());
    for (living, ids) in &people {
        for (card, standing) in standings(tx, cx, &zone, ids)? {
            let Some(chain) = standing.chain() else { continue };
            let old = before.remove(&(card, *living));
            if old.is_none_or(|old| old.chain != chain) {
                let days = notice.get(&card).copied().unwrap_or_default();
                events.extend(news(cx, *living, card, old, chain));
                rows.push(row(cx, *living, card, chain, due(cx.now, days, chain)));
            }
        }
    }
    tx.insert_many(&sql::PUT_HOLDER, rows)?;
    for ((card, member), old) in before {
        tx.exec(sql::DROP_HOLDER, args![cx.merchant, card, member])?;
        // Nothing of it is left with somebody who is still there: their order found another buyer, or never was.
        if !old.ended && people.contains_key(&member) {
            let data = serde_json::json!({ "card": card, "until": cx.now.min(old.chain.until), "trial": old.chain.trial });
            events.push(told(cx, "card.ended", member, &data));
        }
    }
    tx.emit_many(cx, events)
}

/// What was told of it already, and when something is to be told next.
fn due(now: Instant, notice_days: i64, chain: Chain) -> (&'static str, Option<Instant>) {
    let notice = chain.until.plus_seconds(-notice_days * 86_400);
    if chain.until <= now {
        ("ended", None)
    } else if notice_days == 0 || notice <= chain.since {
        ("", Some(chain.until))
    } else {
        ("", Some(notice.max(now)))
    }
}

fn row(cx: &Ctx, member: MemberId, card: CardId, chain: Chain, (word, due): (&str, Option<Instant>)) -> Vec<Value> {
    vec![
        cx.merchant.into(),
        card.into(),
        member.into(),
        i64::from(chain.trial).into(),
        chain.since.into(),
        chain.until.into(),
        word.into(),
        due.into(),
    ]
}

/// What became of somebody's card.
fn news(cx: &Ctx, member: MemberId, card: CardId, old: Option<Kept>, chain: Chain) -> Option<Event> {
    let ran = old.is_some_and(|old| !old.ended);
    let runs = chain.until > cx.now;
    let kind = match (ran, runs) {
        (false, true) => "card.started",
        (true, true) if old.is_some_and(|old| chain.until > old.chain.until) => "card.renewed",
        (true, true) => "card.shortened",
        (true, false) => "card.ended",
        (false, false) => return None,
    };
    Some(told(cx, kind, member, &serde_json::json!({ "card": card, "until": chain.until, "trial": chain.trial })))
}

/// Tells what is due: that a card will end, that it has. Returns of how many.
///
/// # Errors
/// Where the store does not answer.
pub fn tell_due(tx: &mut Tx<'_>, cx: &Ctx, limit: i64) -> Result<usize> {
    let rows = tx.rows(sql::DUE, args![cx.merchant, cx.now, limit])?;
    let (count, mut events) = (rows.len(), Vec::new());
    for mut r in rows {
        let (card, member, until): (CardId, MemberId, Instant) = (r.get(0)?, r.get(1)?, r.get(2)?);
        let (kind, word, next) = if until <= cx.now { ("card.ended", "ended", None) } else { ("card.ending", "ending", Some(until)) };
        tx.exec(sql::TOLD, args![cx.merchant, card, member, word, next])?;
        events.push(told(cx, kind, member, &serde_json::json!({ "card": card, "until": until })));
    }
    tx.emit_many(cx, events)?;
    Ok(count)
}

/// What a person has of one card, with the card.
///
/// # Errors
/// Where there is no such card.
pub fn standing(tx: &mut Tx<'_>, cx: &Ctx, zone: &Zone, ids: &[MemberId], card: CardId) -> Result<(Card, Standing)> {
    let found = cards::get(tx, cx.merchant, card)?;
    let standing = standings(tx, cx, zone, ids)?.remove(&card).unwrap_or(Standing { purchases: Vec::new() });
    Ok((found, standing))
}

/// Whether somebody may try a card now.
pub fn may_try(card: &Card, standing: &Standing) -> bool {
    card.state == State::Active && card.trial_days > 0 && standing.purchases.iter().all(|(p, _)| p.sort == Sort::Gift)
}

/// Refuses money of another currency than the merchant's.
///
/// # Errors
/// Saying which it is.
pub fn amount(tx: &mut Tx<'_>, cx: &Ctx, money: Option<&shuke_http::MoneyDto>, field: &'static str) -> Result<Option<i64>> {
    let Some(money) = money else { return Ok(None) };
    let currency = cards::currency(tx, cx.merchant)?;
    if money.currency != currency.to_string() {
        return Err(OTHER_CURRENCY.with("currency", currency).at(field).into());
    }
    Ok(Some(crate::card::model::number(money.amount, field, 0, 100_000_000)?))
}
