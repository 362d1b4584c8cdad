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

mod rows;

use std::collections::HashMap;

use shuke_kernel::{MerchantNo, Result};
use shuke_store::{Apart, Row, Value, args};

use self::rows::{Given, given, line, loose, member, order, spread_received, take_refunds, unlisted};
use crate::budget::Share;
use crate::draft::{Member, Order, State};
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
