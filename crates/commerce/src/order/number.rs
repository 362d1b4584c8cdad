//! Finding orders by their number: whole, or by how it begins.
//!
//! The beginning is a stretch of the index that also finds the whole number, so that neither costs
//! more than what it finds; a number's end has no index, and is not asked for.

use shuke_kernel::{Code, Ctx, Kind, Result};
use shuke_store::{Row, Tx, args};

/// Characters of a number that a search by its beginning needs.
pub const LEAST: usize = 6;
/// Orders that one beginning may name.
const MOST: usize = 200;

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
        /// A source's orders whose number begins so, in the index's order: from it up to where such numbers end.
        BEGINNING = "SELECT id FROM orders WHERE merchant = $1 AND source = $2 AND source_id >= $3 AND source_id < $4 ORDER BY source_id LIMIT $5";
    }
}

/// The rows of the orders with that number at any source; where there are none, of those whose number begins with it.
pub(super) fn rows(tx: &mut Tx<'_>, cx: &Ctx, number: &str) -> Result<Vec<Row>> {
    let sources = crate::counters::sources(tx, cx)?;
    let whole = tx.rows(super::read::sql::BY_NUMBER, args![cx.merchant, sources.clone(), number])?;
    if !whole.is_empty() || number.chars().count() < LEAST {
        return Ok(whole);
    }
    let most = i64::try_from(MOST + 1).unwrap_or(i64::MAX);
    // Text is compared byte by byte on both engines; nothing follows the last character there is.
    let end = format!("{number}\u{10ffff}");
    let mut ids: Vec<Vec<u8>> = Vec::new();
    for source in sources {
        let found = tx.rows(sql::BEGINNING, args![cx.merchant, source, number, end.as_str(), most])?;
        ids.extend(found.into_iter().map(|mut r| r.get(0)).collect::<Result<Vec<_>>>()?);
        if ids.len() > MOST {
            return Err(TOO_MANY.with("number", number).with("limit", MOST).at("query").into());
        }
    }
    tx.rows(super::read::sql::BY_IDS, args![cx.merchant, ids])
}
