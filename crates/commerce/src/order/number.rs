//! Finding orders by their number: whole, or by how it begins.
//!
//! The other filters come first: an order that they leave out neither hides those that begin so nor
//! counts for the limit. The beginning is a stretch of the index that also finds the whole number, of
//! which no more than some thousand rows are looked at; a number's end has no index, and is not asked for.

use shuke_kernel::{Code, Ctx, Instant, Kind, Result};
use shuke_store::{Row, Tx, args};

use super::read::{Filter, Glance, OrderRow};

/// Characters of a number that a search by its beginning needs.
pub const LEAST: usize = 6;
/// Orders that one beginning may name, of those that fit.
const MOST: usize = 200;
/// Orders whose number begins so that are looked at for those that fit.
const BUDGET: usize = 8_000;
/// Orders that one look takes.
const STRETCH: usize = 1_000;

/// Too many orders begin so: showing some of them would hide the others.
pub static TOO_MANY: Code = Code {
    code: "order.number_too_short",
    kind: Kind::Invalid,
    zh: "以“{number}”开头的订单超过 {limit} 个，请再多输入几位。",
    en: "More than {limit} orders begin with `{number}`. Type more of the number.",
};

/// The module's statements.
pub mod sql {
    shuke_store::statements! {
        /// The orders of a number, at most one at each source.
        WHOLE = "SELECT id, placed_at, state, shop, platform, member FROM orders WHERE merchant = $1 AND source = ANY($2) AND source_id = $3";
        /// A source's orders whose number begins so, in the index's order: from beyond a number up to where such numbers end.
        BEGINNING = "SELECT id, placed_at, state, shop, platform, member, source_id FROM orders WHERE merchant = $1 AND source = $2 AND source_id > $3 AND source_id < $4 ORDER BY source_id LIMIT $5";
        /// The same of one member at any source: a member has few.
        BEGINNING_OF_MEMBER = "SELECT id, placed_at, state, shop, platform, member FROM orders WHERE merchant = $1 AND member = $2 AND source_id > $3 AND source_id < $4 LIMIT $5";
    }
}

/// How far a search by beginning goes.
#[derive(Clone, Copy, Debug)]
pub(super) struct Limits {
    /// Orders that it may find.
    pub most: usize,
    /// Orders that it looks at.
    pub budget: usize,
    /// At a time.
    pub stretch: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { most: MOST, budget: BUDGET, stretch: STRETCH }
    }
}

/// The orders with that whole number, one at each source that has it, newest first.
pub fn whole(tx: &mut Tx<'_>, cx: &Ctx, number: &str) -> Result<Vec<OrderRow>> {
    let ids = glances(tx, cx, number)?.into_iter().map(|g| g.id.bytes().to_vec()).collect();
    let mut orders = super::read::rows(tx, cx, ids)?;
    orders.sort_unstable_by_key(|o| std::cmp::Reverse((o.placed_at, *o.id.bytes())));
    Ok(orders)
}

fn glances(tx: &mut Tx<'_>, cx: &Ctx, number: &str) -> Result<Vec<Glance>> {
    let sources = crate::counters::sources(tx, cx)?;
    tx.rows(sql::WHOLE, args![cx.merchant, sources, number])?.into_iter().map(Glance::of).collect()
}

/// Of the orders that fit those with that number; where none of them has it, those whose number begins
/// with it. Newest first, after a place, so many at most.
pub(super) fn ids(
    tx: &mut Tx<'_>,
    cx: &Ctx,
    filter: &Filter,
    number: &str,
    after: Option<(Instant, [u8; 16])>,
    limit: usize,
    limits: Limits,
) -> Result<Vec<Vec<u8>>> {
    let mut found: Vec<Glance> = glances(tx, cx, number)?.into_iter().filter(|g| filter.fits(g)).collect();
    // Which of the two is asked is the same for every page.
    if found.is_empty() && number.chars().count() >= LEAST {
        found = beginning(tx, cx, filter, number, limits)?;
    }
    found.sort_unstable_by_key(|g| std::cmp::Reverse(g.place()));
    let page = found.into_iter().filter(|g| after.is_none_or(|a| g.place() < a)).take(limit);
    Ok(page.map(|g| g.id.bytes().to_vec()).collect())
}

/// Those that fit whose number begins so and is longer.
fn beginning(tx: &mut Tx<'_>, cx: &Ctx, filter: &Filter, number: &str, limits: Limits) -> Result<Vec<Glance>> {
    let too_many = |limit: usize| Err(TOO_MANY.with("number", number).with("limit", limit).at("query").into());
    // Text is compared byte by byte on both engines; nothing follows the last character there is.
    let end = format!("{number}\u{10ffff}");
    let fitting = |rows: Vec<Row>| -> Result<Vec<Glance>> {
        let all = rows.into_iter().map(Glance::of).collect::<Result<Vec<_>>>()?;
        Ok(all.into_iter().filter(|g| filter.fits(g)).collect())
    };
    if let Some(member) = filter.member {
        let all = tx.rows(sql::BEGINNING_OF_MEMBER, args![cx.merchant, member, number, end.as_str(), limits.budget as i64 + 1])?;
        if all.len() > limits.budget {
            return too_many(limits.budget);
        }
        let found = fitting(all)?;
        return if found.len() > limits.most { too_many(limits.most) } else { Ok(found) };
    }
    let (mut found, mut looked) = (Vec::new(), 0);
    for source in crate::counters::sources(tx, cx)? {
        let mut from = number.to_owned();
        loop {
            // One more than may be looked at shows whether there are more.
            let stretch = limits.stretch.min(limits.budget + 1 - looked);
            let mut rows = tx.rows(sql::BEGINNING, args![cx.merchant, source.as_str(), from.as_str(), end.as_str(), stretch as i64])?;
            let last: Option<String> = rows.last_mut().map(|r| r.get(6)).transpose()?;
            let full = rows.len() == stretch;
            looked += rows.len();
            found.extend(fitting(rows)?);
            if found.len() > limits.most {
                return too_many(limits.most);
            }
            if looked > limits.budget {
                return too_many(limits.budget);
            }
            match last.filter(|_| full) {
                Some(last) => from = last,
                None => break,
            }
        }
    }
    Ok(found)
}
