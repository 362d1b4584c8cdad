//! One row as a draft: a member, an order, its lines, its refunds laid out by line.

use std::collections::HashMap;

use serde::Deserialize;
use shuke_kernel::Result;
use shuke_kernel::money::allocate;
use shuke_store::Row;

use super::placed;
use crate::draft::{Line, Loose, Member, Order, Refund, State};
use crate::words::{Kind, Words};

/// How an order is called here: its number at its source, by which orders of one instant are sorted,
/// then its id.
fn order_key(source_id: String, id: Vec<u8>) -> Vec<u8> {
    let mut key = source_id.into_bytes();
    key.push(0);
    key.extend_from_slice(&id);
    key
}

/// What an order's row tells beside what a draft holds.
pub(super) struct Told {
    paid: Option<i64>,
    pub(super) received: Option<i64>,
    closed_at: Option<i64>,
    goods_paid: Option<i64>,
    quantity: Option<i64>,
}

pub(super) fn member(mut row: Row, words: &mut Words) -> Result<Member> {
    let province: Option<String> = row.get(2)?;
    Ok(Member { key: row.get(0)?, registered_at: row.get(1)?, region: words.code(Kind::Region, province.as_deref()), ..Member::default() })
}

pub(super) fn order(mut row: Row, words: &mut Words) -> Result<(Option<Vec<u8>>, Order, Told)> {
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

pub(super) fn line(row: &mut Row, words: &mut Words) -> Result<Line> {
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
pub(super) fn unlisted(order: &Order, told: &Told) -> Option<Line> {
    let paid = told.goods_paid.filter(|paid| *paid > 0 && order.lines.is_empty())?;
    Some(Line { number: 1, sku: None, name: None, category: None, quantity: told.quantity.unwrap_or(0).max(0), paid, received: paid })
}

/// The order's sum received over its lines by what was paid for each, else by pieces.
pub(super) fn spread_received(order: &mut Order, received: Option<i64>) {
    order.lines.sort_by_key(|l| l.number);
    let Some(received) = received.filter(|r| *r >= 0) else { return };
    let paid: Vec<i64> = order.lines.iter().map(|l| l.paid).collect();
    let weights = if paid.iter().any(|p| *p > 0) { paid } else { order.lines.iter().map(|l| l.quantity).collect() };
    for (line, part) in order.lines.iter_mut().zip(allocate(received, &weights)) {
        line.received = part;
    }
}

/// A refund of an order as the store has it.
pub(super) struct Given {
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

pub(super) fn given(row: &mut Row) -> Result<Given> {
    let key: String = row.get(7)?;
    Ok(Given { key: key.into_bytes(), at: row.get(2)?, amount: row.get(3)?, goods: row.get(4)?, lines: named(row.get(5)?)? })
}

/// Lays an order's refunds out by line. Each takes off as much as the store says it lowers net paid
/// by: from the lines it names what they have left, the rest from the whole order.
pub(super) fn take_refunds(order: &mut Order, told: &Told, mut given: Vec<Given>) {
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
pub(super) fn loose(row: &mut Row, words: &mut Words) -> Result<Vec<Loose>> {
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
