//! The store's rows as drafts: how a merchant's orders, lines and refunds become what reports count.
//!
//! - A member counts unless merged into another. Registered is `joined_at`, the region the province
//!   that was stated of them (not the one learnt from their orders).
//! - An order's time of placing is `created_at`, else what the store takes for it, else when it came; its region the province,
//!   else the country. What the store does not take for a purchase (unpaid, a forfeited deposit)
//!   becomes an order that was never paid.
//! - Lines of goods and gifts count, with what the member paid for each: shipping, fees and discounts
//!   booked as lines do not. What the merchant received is known of the order only and is spread over
//!   the lines by what was paid; where it is not told it is what was paid. An order of which no
//!   document lists goods has one nameless line of what was paid for them.
//! - Goods lie in the category that the product list gives their code now; what the order told of it
//!   counts where no product has the code.
//! - A refund that succeeded and is no exchange takes off what the store says it lowers net paid by,
//!   the lines it names first. What refunds claim beyond what was paid stays visible as over.

use std::collections::HashMap;

use serde::Deserialize;
use shuke_kernel::money::allocate;
use shuke_kernel::{MerchantNo, Result};
use shuke_store::{Apart, Row, Value, args};

use crate::budget::Share;
use crate::draft::{Line, Loose, Member, Order, Refund, State};
use crate::goods::Goods;
use crate::patient::by_halves;
use crate::sql;
use crate::words::{Kind, Words};

/// Orders whose lines are read at a time.
const ORDERS: usize = 4_000;
/// Microseconds in an hour: orders of nobody lie in heaps by the hour in which they were placed.
pub(crate) const HOUR: i64 = 3_600_000_000;
/// The heap of refunds of nobody on no known order.
pub(crate) const LOOSE: &[u8] = &[0xff; 9];

/// A merchant's rows in the store.
pub(crate) struct Source<'a> {
    pub store: &'a Apart,
    pub merchant: MerchantNo,
}

/// The name of the heap of an hour, in the order of time.
pub(crate) fn heap(hour: i64) -> Vec<u8> {
    ((hour as u64) ^ (1 << 63)).to_be_bytes().to_vec()
}

/// The hour of a heap's name.
pub(crate) fn hour(heap: &[u8]) -> Option<i64> {
    heap.try_into().ok().map(|b| (u64::from_be_bytes(b) ^ (1 << 63)) as i64)
}

/// How an order is called here: its number at its source, by which orders of one instant are sorted,
/// then its id.
fn order_key(source_id: String, id: Vec<u8>) -> Vec<u8> {
    let mut key = source_id.into_bytes();
    key.push(0);
    key.extend_from_slice(&id);
    key
}

/// The id in an order's key.
pub(crate) fn order_id(key: &[u8]) -> &[u8] {
    &key[key.len().saturating_sub(16)..]
}

/// When an order was placed: when it was made, else what the store takes for it, else when it came here.
pub(crate) fn placed(created_at: Option<i64>, placed_at: i64, recorded_at: i64) -> i64 {
    created_at.unwrap_or(if placed_at == 0 { recorded_at } else { placed_at })
}

type Found = HashMap<Vec<u8>, usize>;

impl Source<'_> {
    fn rows(&self, sql: &'static str, args: Vec<Value>) -> Result<Vec<Row>> {
        self.store.read_now(move |tx| tx.rows(sql, &args))
    }

    /// Members after an id, without their rows.
    pub fn members_after(&self, after: &[u8], limit: i64, words: &mut Words) -> Result<Vec<Member>> {
        let rows = self.rows(sql::MEMBERS_AFTER, args![self.merchant, after, limit].to_vec())?;
        rows.into_iter().map(|r| member(r, words)).collect()
    }

    /// These members with their rows, by id; those who are gone are marked so.
    pub fn members(&self, ids: &[Vec<u8>], words: &mut Words) -> Result<Vec<Member>> {
        let (mut ids, mut all) = (ids.to_vec(), Vec::with_capacity(ids.len()));
        ids.sort_unstable();
        ids.dedup();
        while all.len() < ids.len() {
            all.append(&mut self.some(&ids[all.len()..], Share::ALL, words)?);
        }
        Ok(all)
    }

    /// As many of these members (by id ascending) from the first on as may be read at a time.
    pub fn some(&self, ids: &[Vec<u8>], share: Share, words: &mut Words) -> Result<Vec<Member>> {
        let ids = &ids[..ids.len().min(2_000)];
        let rows = self.rows(sql::MEMBERS, args![self.merchant, ids.to_vec()].to_vec())?;
        let mut found = rows.into_iter().map(|r| member(r, words)).collect::<Result<Vec<_>>>()?;
        found.sort_by(|a, b| a.key.cmp(&b.key));
        let all = found.len();
        self.fill(&mut found, share, words)?;
        let read = match found.last().filter(|_| found.len() < all) {
            Some(last) => ids.partition_point(|id| *id <= last.key),
            None => ids.len(),
        };
        let there: std::collections::HashSet<Vec<u8>> = found.iter().map(|m| m.key.clone()).collect();
        let gone = |id: &Vec<u8>| Member { key: id.clone(), gone: true, ..Member::default() };
        found.extend(ids[..read].iter().filter(|id| !there.contains(*id)).map(gone));
        found.sort_by(|a, b| a.key.cmp(&b.key));
        Ok(found)
    }

    /// Reads the orders and refunds of these members; only the first of them, and the others are taken away, where
    /// all have more than may be read at a time.
    pub fn fill(&self, members: &mut Vec<Member>, share: Share, words: &mut Words) -> Result<()> {
        let mut count = members.len();
        while count > 0 {
            let most = if count == 1 { usize::MAX } else { share.orders() };
            let mut fits = true;
            by_halves(&mut members[..count], &mut |some| {
                fits = fits && self.fill_these(some, most, words)?;
                Ok(())
            })?;
            if fits {
                break;
            }
            count /= 2;
        }
        members.truncate(count);
        Ok(())
    }

    /// `false` where they have more orders than `most`.
    fn fill_these(&self, members: &mut [Member], most: usize, words: &mut Words) -> Result<bool> {
        // What was read of them before it took too long.
        for member in members.iter_mut() {
            member.orders.clear();
            member.loose.clear();
        }
        let by_id: Found = members.iter().enumerate().map(|(i, m)| (m.key.clone(), i)).collect();
        let ids: Vec<Vec<u8>> = members.iter().map(|m| m.key.clone()).collect();
        let of = args![self.merchant, ids.clone()].to_vec();
        let Some(rows) = self.store.read_now(move |tx| tx.rows_up_to(sql::ORDERS_OF, &of, most))? else { return Ok(false) };
        let orders = self.orders(rows, words)?;
        for (owner, order) in orders {
            if let Some(at) = owner.and_then(|id| by_id.get(&id)) {
                members[*at].orders.push(order);
            }
        }
        for mut row in self.rows(sql::LOOSE_OF, args![self.merchant, ids].to_vec())? {
            let owner: Option<Vec<u8>> = row.get(0)?;
            if let Some(at) = owner.and_then(|id| by_id.get(&id)) {
                members[*at].loose.extend(loose(&mut row, words)?);
            }
        }
        Ok(true)
    }

    /// Puts these goods where the product list has them now.
    pub fn categories(&self, skus: &[String], words: &mut Words, goods: &mut Goods) -> Result<()> {
        for some in skus.chunks(2_000) {
            let mut found: HashMap<String, String> = HashMap::new();
            for mut row in self.rows(sql::CATEGORIES_OF, args![self.merchant, some.to_vec()].to_vec())? {
                let (sku, category): (String, String) = (row.get(0)?, row.get(1)?);
                found.entry(sku).or_insert(category);
            }
            for sku in some {
                goods.set(words, sku, found.get(sku).map_or("", String::as_str));
            }
        }
        Ok(())
    }

    /// Puts the goods behind the first `known` where the product list has them now, some at a time.
    pub fn put_goods(&self, known: usize, words: &mut Words, goods: &mut Goods) -> Result<()> {
        for from in (known..words.of(Kind::Sku).len()).step_by(2_000) {
            let some: Vec<String> = words.of(Kind::Sku).since(from).take(2_000).map(str::to_owned).collect();
            self.categories(&some, words, goods)?;
        }
        Ok(())
    }

    /// The first hour from `hour` on in which an order of nobody was placed.
    pub fn next_heap(&self, hour: i64) -> Result<Option<i64>> {
        let rows = self.rows(sql::NEXT_OF_NOBODY, args![self.merchant, hour.saturating_mul(HOUR)].to_vec())?;
        rows.into_iter().next().map(|mut r| r.get::<i64>(0).map(|t| t.div_euclid(HOUR))).transpose()
    }

    /// The orders of nobody that were placed in an hour.
    pub fn heap(&self, hour: i64, words: &mut Words) -> Result<Member> {
        let (from, to) = (hour.saturating_mul(HOUR), hour.saturating_add(1).saturating_mul(HOUR));
        let rows = self.rows(sql::ORDERS_OF_NOBODY, args![self.merchant, from, to].to_vec())?;
        let orders = self.orders(rows, words)?.into_iter().map(|(_, order)| order).collect();
        Ok(Member { key: heap(hour), orders, ..Member::default() })
    }

    /// The refunds of nobody on no known order.
    pub fn loose_heap(&self, words: &mut Words) -> Result<Member> {
        let mut all = Member { key: LOOSE.to_vec(), ..Member::default() };
        let mut after = Vec::new();
        loop {
            let rows = self.rows(sql::REFUNDS_AFTER, args![self.merchant, after.as_slice(), 10_000_i64].to_vec())?;
            let Some(Value::Bytes(last)) = rows.last().and_then(|r| r.0.get(1)).cloned() else { return Ok(all) };
            after = last;
            for mut row in rows {
                let (order, member): (Option<Vec<u8>>, Option<Vec<u8>>) = (row.get(8)?, row.get(0)?);
                let (state, kind): (String, String) = (row.get(9)?, row.get(10)?);
                if order.is_none() && member.is_none() && state == "succeeded" && kind != "exchange" {
                    all.loose.extend(loose(&mut row, words)?);
                }
            }
        }
    }

    fn orders(&self, rows: Vec<Row>, words: &mut Words) -> Result<Vec<(Option<Vec<u8>>, Order)>> {
        let mut all = Vec::with_capacity(rows.len());
        let mut more = Vec::with_capacity(rows.len());
        for row in rows {
            let (owner, order, told) = order(row, words)?;
            all.push((owner, order));
            more.push(told);
        }
        for (some, told) in all.chunks_mut(ORDERS).zip(more.chunks(ORDERS)) {
            let by_id: Found = some.iter().enumerate().map(|(i, (_, o))| (order_id(&o.key).to_vec(), i)).collect();
            let ids: Vec<Vec<u8>> = some.iter().map(|(_, o)| order_id(&o.key).to_vec()).collect();
            for mut row in self.rows(sql::LINES_OF, args![self.merchant, ids.clone()].to_vec())? {
                let of: Vec<u8> = row.get(0)?;
                if let Some(at) = by_id.get(&of) {
                    some[*at].1.lines.push(line(&mut row, words)?);
                }
            }
            let mut refunds: HashMap<usize, Vec<Given>> = HashMap::new();
            for mut row in self.rows(sql::REFUNDS_OF, args![self.merchant, ids].to_vec())? {
                let of: Vec<u8> = row.get(0)?;
                if let Some(at) = by_id.get(&of) {
                    let (given, estimated) = (given(&mut row)?, row.get::<bool>(6)?);
                    // That a closed order was wholly given back is what a report says by itself.
                    if !(estimated && some[*at].1.state == State::Closed) {
                        refunds.entry(*at).or_default().push(given);
                    }
                }
            }
            for (at, ((_, order), told)) in some.iter_mut().zip(told).enumerate() {
                order.lines.extend(unlisted(order, told));
                spread_received(order, told.received);
                take_refunds(order, told, refunds.remove(&at).unwrap_or_default());
            }
        }
        Ok(all)
    }
}

/// What an order's row tells beside what a draft holds.
struct Told {
    paid: Option<i64>,
    received: Option<i64>,
    closed_at: Option<i64>,
    goods_paid: Option<i64>,
    quantity: Option<i64>,
}

fn member(mut row: Row, words: &mut Words) -> Result<Member> {
    let province: Option<String> = row.get(2)?;
    Ok(Member { key: row.get(0)?, registered_at: row.get(1)?, region: words.code(Kind::Region, province.as_deref()), ..Member::default() })
}

fn order(mut row: Row, words: &mut Words) -> Result<(Option<Vec<u8>>, Order, Told)> {
    let owner: Option<Vec<u8>> = row.get(1)?;
    let (placed_at, created_at, paid_at): (i64, Option<i64>, Option<i64>) = (row.get(2)?, row.get(3)?, row.get(4)?);
    let (state, purchase): (String, bool) = (row.get(5)?, row.get(6)?);
    let (currency, country, province): (String, Option<String>, Option<String>) = (row.get(9)?, row.get(10)?, row.get(11)?);
    let (shop, platform, recorded_at): (Option<String>, String, i64) = (row.get(12)?, row.get(13)?, row.get(15)?);
    let mut state = State::named(&state).unwrap_or_default();
    if !purchase && state != State::Closed {
        state = State::Created;
    }
    let order = Order {
        key: order_key(row.get(16)?, row.get(0)?),
        created_at: Some(placed(created_at, placed_at, recorded_at)),
        paid_at: paid_at.filter(|_| purchase || state != State::Closed),
        state,
        region: words.code(Kind::Region, province.as_deref().or(country.as_deref())),
        currency: words.code(Kind::Currency, Some(&currency)),
        shop: words.code(Kind::Shop, shop.as_deref()),
        platform: words.code(Kind::Platform, Some(&platform)),
        lines: Vec::new(),
        refunds: Vec::new(),
    };
    Ok((
        owner,
        order,
        Told { paid: row.get(7)?, received: row.get(8)?, closed_at: row.get(14)?, goods_paid: row.get(17)?, quantity: row.get(18)? },
    ))
}

fn line(row: &mut Row, words: &mut Words) -> Result<Line> {
    let (sku, title, category): (Option<String>, Option<String>, Option<String>) = (row.get(2)?, row.get(3)?, row.get(4)?);
    let paid = row.get::<Option<i64>>(6)?.unwrap_or(0).max(0);
    Ok(Line {
        number: row.get(1)?,
        sku: words.code(Kind::Sku, sku.as_deref()),
        name: words.code(Kind::Name, title.as_deref()),
        category: words.code(Kind::Category, category.as_deref()),
        quantity: row.get::<i64>(5)?.max(0),
        paid,
        received: paid,
    })
}

/// What was paid for goods that no document lists, as one line without a name: some sources give
/// an order's sum and no lines.
fn unlisted(order: &Order, told: &Told) -> Option<Line> {
    let paid = told.goods_paid.filter(|paid| *paid > 0 && order.lines.is_empty())?;
    Some(Line { number: 1, sku: None, name: None, category: None, quantity: told.quantity.unwrap_or(0).max(0), paid, received: paid })
}

/// The order's sum received over its lines by what was paid for each, else by pieces.
fn spread_received(order: &mut Order, received: Option<i64>) {
    order.lines.sort_by_key(|l| l.number);
    let Some(received) = received.filter(|r| *r >= 0) else { return };
    let paid: Vec<i64> = order.lines.iter().map(|l| l.paid).collect();
    let weights = if paid.iter().any(|p| *p > 0) { paid } else { order.lines.iter().map(|l| l.quantity).collect() };
    for (line, part) in order.lines.iter_mut().zip(allocate(received, &weights)) {
        line.received = part;
    }
}

/// A refund of an order as the store has it.
struct Given {
    key: Vec<u8>,
    at: Option<i64>,
    amount: i64,
    goods: i64,
    lines: Vec<NamedLine>,
}

/// A line that a refund names, as the store keeps it.
#[derive(Deserialize)]
struct NamedLine {
    #[serde(default)]
    line_no: i64,
    #[serde(default)]
    sku: Option<String>,
    #[serde(default)]
    quantity: i64,
    #[serde(default)]
    amount: i64,
}

fn named(text: Option<String>) -> Result<Vec<NamedLine>> {
    text.map_or(Ok(Vec::new()), |t| serde_json::from_str(&t).map_err(Into::into))
}

fn given(row: &mut Row) -> Result<Given> {
    let key: String = row.get(7)?;
    Ok(Given { key: key.into_bytes(), at: row.get(2)?, amount: row.get(3)?, goods: row.get(4)?, lines: named(row.get(5)?)? })
}

/// Lays an order's refunds out by line. Each takes off as much as the store says it lowers net paid
/// by: from the lines it names what they have left, the rest from the whole order.
fn take_refunds(order: &mut Order, told: &Told, mut given: Vec<Given>) {
    let otherwise = told.closed_at.or(order.paid_at).or(order.created_at).unwrap_or(0);
    given.sort_by(|a, b| (a.at.is_none(), a.at, &a.key).cmp(&(b.at.is_none(), b.at, &b.key)));
    let over =
        told.paid.map_or(0, |paid| given.iter().map(|g| g.amount).fold(0_i64, i64::saturating_add).saturating_sub(paid.max(0))).max(0);
    let mut left: HashMap<i64, i64> = order.lines.iter().map(|l| (l.number, l.paid)).collect();
    let last = given.len().saturating_sub(1);
    for (i, g) in given.into_iter().enumerate() {
        let at = g.at.unwrap_or(otherwise);
        let mut rest = g.goods.max(0);
        for line in &g.lines {
            let Some(of_line) = left.get_mut(&line.line_no) else { continue };
            let amount = line.amount.max(0).min(rest).min(*of_line);
            *of_line -= amount;
            rest -= amount;
            order.refunds.push(Refund {
                key: g.key.clone(),
                at,
                line: Some(line.line_no),
                quantity: line.quantity.max(0),
                amount,
                received: amount,
            });
        }
        let amount = rest + if i == last { over } else { 0 };
        if amount > 0 {
            // What is spread over the whole order is spread as a report will spread it.
            let numbers: Vec<i64> = order.lines.iter().map(|l| l.number).collect();
            let weights: Vec<i64> = numbers.iter().map(|n| left.get(n).copied().unwrap_or(0)).collect();
            let taken = rest.min(weights.iter().sum());
            if taken > 0 {
                for (number, part) in numbers.iter().zip(allocate(taken, &weights)) {
                    left.entry(*number).and_modify(|l| *l -= part);
                }
            }
            order.refunds.push(Refund { key: g.key, at, line: None, quantity: 0, amount, received: amount });
        }
    }
}

/// A refund on no known order: one draft for each of its goods, and one for what it does not name.
fn loose(row: &mut Row, words: &mut Words) -> Result<Vec<Loose>> {
    let (key, at, goods): (String, Option<i64>, i64) = (row.get(7)?, row.get(2)?, row.get(3)?);
    let key = key.into_bytes();
    let (currency, lines, recorded_at): (String, Option<String>, i64) = (row.get(4)?, row.get(5)?, row.get(6)?);
    let lines = named(lines)?;
    let currency = words.code(Kind::Currency, Some(&currency));
    let of = |key: &[u8], sku, quantity, amount: i64| Loose {
        key: key.to_vec(),
        at: at.unwrap_or(recorded_at),
        sku,
        currency,
        quantity,
        amount,
        received: amount,
    };
    let told: i64 = lines.iter().map(|l| l.amount.max(0)).fold(0, i64::saturating_add);
    // Lines without amounts share the refund's by pieces.
    let parts = if told == 0 {
        allocate(goods, &lines.iter().map(|l| l.quantity).collect::<Vec<_>>())
    } else {
        lines.iter().map(|l| l.amount.max(0)).collect()
    };
    let mut all: Vec<Loose> =
        lines.iter().zip(&parts).map(|(l, amount)| of(&key, words.code(Kind::Sku, l.sku.as_deref()), l.quantity.max(0), *amount)).collect();
    let rest = goods - parts.iter().sum::<i64>();
    if rest > 0 || all.is_empty() {
        all.push(of(&key, None, 0, rest.max(0)));
    }
    Ok(all)
}
