//! Cards that are sold as goods. What an order is now says what it sold: the difference to what was noted is written, so
//! that whatever arrives in whatever order, any number of times, comes to the same. A line that went back whole takes its
//! card back from then on, as does an order that was closed; goods that no longer sell a card leave those sold alone. A line
//! is known by its order, its goods and the how-many-eth of these it is: lines are numbered anew when an order is told
//! otherwise. Of several pieces in a line as many go back as the money that went back pays for, the last of them.

pub mod fill;
pub mod follow;
pub mod sql;

use std::collections::{BTreeMap, BTreeSet, HashMap};

use shuke_commerce::OrderId;
use shuke_kernel::money::allocate;
use shuke_kernel::{Ctx, Currency, Instant, Result};
use shuke_members::MemberId;
use shuke_store::{Tx, Value, args};

use crate::card::{Card, CardId, State, service as cards};
use crate::held::model::Purchase;
use crate::held::{service, sql as held};
use crate::lay::Length;

/// Pieces of one line that count at most: who buys more resells.
const MOST: i64 = 100;

/// How the id of pieces that went back goes on after that of their line.
const BACK: &str = "/back";

fn is_back(purchase: &Purchase) -> bool {
    purchase.source_id.ends_with(BACK)
}

/// An order as far as cards are concerned.
struct Seen {
    member: Option<MemberId>,
    bought_at: Option<Instant>,
    currency: Currency,
    /// Since when nothing of it is left.
    over: Option<Instant>,
    /// When money last went back.
    back_at: Option<Instant>,
}

struct Line {
    order: OrderId,
    sku: String,
    quantity: i64,
    paid: i64,
    refunded: i64,
    closed: bool,
}

/// What a line sold.
#[derive(Clone, Copy)]
struct Sold {
    member: MemberId,
    count: i64,
    at: Instant,
    paid: i64,
    currency: Currency,
    cut_at: Option<Instant>,
    returned: i64,
}

impl Sold {
    fn of(order: &Seen, line: &Line) -> Option<Self> {
        let (member, at) = (order.member?, order.bought_at?);
        // What cost nothing goes back without money.
        let whole = line.refunded >= line.paid && (line.refunded > 0 || line.closed);
        let cut_at = order.over.or_else(|| whole.then(|| order.back_at.unwrap_or(at)));
        let returned = if order.over.is_some() { line.paid } else { line.refunded.min(line.paid) };
        let count = line.quantity.clamp(1, MOST);
        Some(Self { member, count, at, paid: line.paid, currency: order.currency, cut_at, returned })
    }

    /// What is kept of several pieces, and what of them went back: as many as the money that went back pays for. Of what was
    /// given up since, pieces stay as they were.
    fn parted(self, line: &Line, before: Option<&Purchase>, back_at: Option<Instant>) -> (Option<Self>, Option<Self>) {
        let several = self.cut_at.is_none() && self.count == line.quantity && self.count > 1 && self.paid > 0;
        let pieces = match before.filter(|before| before.given_up_at.is_some()) {
            Some(before) => self.count - before.count,
            None => i64::try_from(i128::from(self.returned) * i128::from(self.count) / i128::from(self.paid.max(1))).unwrap_or(0),
        };
        if !several || !(1..self.count).contains(&pieces) {
            return (Some(self), None);
        }
        let kept = allocate(self.paid, &[self.count - pieces, pieces])[0];
        let paid = self.paid - kept;
        let returned = self.returned.min(paid);
        let cut_at = Some(back_at.unwrap_or(self.at));
        let back = Self { count: pieces, paid, returned, cut_at, ..self };
        (Some(Self { count: self.count - pieces, paid: kept, returned: self.returned - returned, ..self }), Some(back))
    }

    fn is(&self, purchase: &Purchase) -> bool {
        let told = (purchase.member, purchase.count, purchase.at, purchase.paid, purchase.currency, purchase.cut_at, purchase.returned);
        told == (self.member, self.count, self.at, self.paid, self.currency, self.cut_at, self.returned)
    }
}

/// Brings purchases up to what these orders are now. Returns whose changed.
///
/// # Errors
/// Where the store does not answer.
pub fn reconcile(tx: &mut Tx<'_>, cx: &Ctx, orders: &[OrderId]) -> Result<BTreeSet<MemberId>> {
    let mut changed = BTreeSet::new();
    let cards: Vec<Card> = cards::list(tx, cx.merchant)?;
    let goods: HashMap<&str, (&Card, usize)> = cards
        .iter()
        .filter(|card| card.state != State::Archived)
        .flat_map(|card| card.terms.iter().enumerate().flat_map(move |(i, t)| t.skus.iter().map(move |sku| (sku.as_str(), (card, i)))))
        .collect();
    let ids = || Value::Blobs(orders.iter().map(|o| o.bytes().to_vec()).collect());
    let mut noted: BTreeMap<String, Purchase> = BTreeMap::new();
    for row in tx.rows(held::OF_ORDERS, &[cx.merchant.into(), ids()])? {
        let purchase = Purchase::read(row)?;
        noted.insert(purchase.source_id.clone(), purchase);
    }
    let skus: Vec<String> = goods.keys().map(|sku| (*sku).to_owned()).collect();
    let lines = lines(tx, cx, ids(), &skus, !noted.is_empty())?;
    if lines.is_empty() && noted.is_empty() {
        return Ok(changed);
    }
    let seen = seen(tx, cx, ids())?;
    let mut met: HashMap<(OrderId, &str), usize> = HashMap::new();
    let mut found = Vec::with_capacity(lines.len());
    for line in &lines {
        let nth = met.entry((line.order, &line.sku)).or_default();
        *nth += 1;
        let source = format!("{}/{nth}/{}", line.order, line.sku);
        found.push((line, noted.remove(&source), source));
    }
    for (line, before, source) in found {
        let sold = seen.get(&line.order).and_then(|order| Sold::of(order, line));
        let sells = goods.get(line.sku.as_str()).filter(|(card, _)| sold.as_ref().is_some_and(|sold| sold.at >= card.counts_from));
        // Goods whose code was told otherwise sold what they sold.
        let before = before.or_else(|| {
            let (card, term) = sells?;
            let same = |p: &Purchase| p.order == Some(line.order) && p.card == card.id && p.term == card.terms[*term].key && !is_back(p);
            let name = noted.iter().find(|(_, purchase)| same(purchase)).map(|(name, _)| name.clone())?;
            noted.remove(&name)
        });
        let what = match (&before, sells) {
            (Some(before), _) => What { card: before.card, term: before.term.clone(), length: before.length },
            (None, Some((card, term))) => What { card: card.id, term: card.terms[*term].key.clone(), length: card.terms[*term].length() },
            (None, None) => continue,
        };
        let name = before.as_ref().map_or(source, |before| before.source_id.clone());
        let (kept, back) = match sold {
            Some(sold) => sold.parted(line, before.as_ref(), seen.get(&line.order).and_then(|order| order.back_at)),
            None => (None, None),
        };
        let back_name = format!("{name}{BACK}");
        let back_before = noted.remove(&back_name);
        for (before, now, name) in [(before, kept, name), (back_before, back, back_name)] {
            changed.extend(note(tx, cx, &what, line.order, before, now, &name)?);
        }
    }
    // Lines that are not there any more.
    for before in noted.into_values() {
        changed.insert(before.member);
        tx.exec(held::DROP, args![cx.merchant, before.id])?;
    }
    Ok(changed)
}

/// What a line sells.
struct What {
    card: CardId,
    term: String,
    length: Length,
}

/// Writes what became of a purchase: what was noted, and what the order says now. Returns whose changed.
fn note(
    tx: &mut Tx<'_>,
    cx: &Ctx,
    what: &What,
    order: OrderId,
    before: Option<Purchase>,
    now: Option<Sold>,
    source: &str,
) -> Result<Vec<MemberId>> {
    match (before, now) {
        (Some(before), Some(sold)) if sold.is(&before) => Ok(Vec::new()),
        (Some(before), Some(sold)) => {
            let Sold { member, count, at, paid, currency, cut_at, returned } = sold;
            tx.exec(held::FOLLOW, args![cx.merchant, before.id, member, count, at, paid, currency, cut_at, returned])?;
            Ok(vec![before.member, member])
        }
        (Some(before), None) => {
            tx.exec(held::DROP, args![cx.merchant, before.id])?;
            Ok(vec![before.member])
        }
        (None, Some(sold)) => {
            add(tx, cx, what, order, source, &sold)?;
            Ok(vec![sold.member])
        }
        (None, None) => Ok(Vec::new()),
    }
}

fn add(tx: &mut Tx<'_>, cx: &Ctx, what: &What, order: OrderId, source: &str, sold: &Sold) -> Result<()> {
    let (months, days) = match what.length {
        Length::Months(n) => (n, 0),
        Length::Days(n) => (0, n),
    };
    let id: crate::held::PurchaseId = cx.new_id();
    tx.exec(
        held::ADD_SOLD,
        args![
            cx.merchant,
            id,
            what.card,
            sold.member,
            source,
            &what.term,
            months,
            days,
            sold.count,
            sold.at,
            sold.paid,
            sold.currency,
            order,
            sold.cut_at,
            sold.returned,
            cx.now,
            cx.actor.label()
        ],
    )
    .map(|_| ())
}

/// Lines of these orders that sell cards; all goods of orders that sold one before.
fn lines(tx: &mut Tx<'_>, cx: &Ctx, orders: Value, skus: &[String], all: bool) -> Result<Vec<Line>> {
    let read = |mut r: shuke_store::Row| {
        let closed = r.get::<Option<String>>(6)?.as_deref() == Some("closed");
        Ok(Line { order: r.get(0)?, sku: r.get(2)?, quantity: r.get(3)?, paid: r.get(4)?, refunded: r.get(5)?, closed })
    };
    if skus.is_empty() && !all {
        return Ok(Vec::new());
    }
    let wanted = Value::from(skus.to_vec());
    let rows = if all {
        tx.rows(sql::ALL_LINES, &[cx.merchant.into(), orders])?
    } else {
        tx.rows(sql::LINES, &[cx.merchant.into(), orders, wanted])?
    };
    rows.into_iter().map(read).collect()
}

fn seen(tx: &mut Tx<'_>, cx: &Ctx, orders: Value) -> Result<HashMap<OrderId, Seen>> {
    let mut out = HashMap::new();
    for mut r in tx.rows(sql::ORDERS, &[cx.merchant.into(), orders])? {
        let (purchase, paid, created, closed): (bool, Option<Instant>, Option<Instant>, Option<Instant>) =
            (r.get(3)?, r.get(4)?, r.get(5)?, r.get(6)?);
        let (refunded, recorded, back): (i64, Instant, Option<Instant>) = (r.get(7)?, r.get(8)?, r.get(9)?);
        // An order that was closed unpaid sold nothing; one that went back whole did, until then.
        let bought_at = paid.or(created.filter(|_| purchase || refunded > 0));
        let over = (!purchase).then(|| back.or(closed).unwrap_or(recorded));
        out.insert(r.get(0)?, Seen { member: r.get(1)?, currency: r.get(2)?, bought_at, over, back_at: back });
    }
    Ok(out)
}

/// Brings purchases of orders that sold members something up to what the orders are, and keeps who holds what.
///
/// # Errors
/// Where the store does not answer.
pub fn look_again(tx: &mut Tx<'_>, cx: &Ctx, members: &[MemberId]) -> Result<()> {
    let ids = Value::Blobs(members.iter().map(|m| m.bytes().to_vec()).collect());
    let orders =
        tx.rows(held::ORDERS_OF, &[cx.merchant.into(), ids])?.into_iter().map(|mut r| r.get(0)).collect::<Result<Vec<OrderId>>>()?;
    let mut whose: BTreeSet<MemberId> = members.iter().copied().collect();
    if !orders.is_empty() {
        whose.extend(reconcile(tx, cx, &orders)?);
    }
    service::refresh(tx, cx, &whose.into_iter().collect::<Vec<_>>())
}
