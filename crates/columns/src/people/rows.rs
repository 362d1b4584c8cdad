//! Orders, lines and refunds as the store's rows tell them.

use serde::Deserialize;
use shuke_kernel::{Result, region};
use shuke_store::{Row, Value};

use super::fetch::{Named, named, path};

shuke_kernel::ids! {
    /// An order's id as the API tells it.
    OrderId = OrderKind "ord";
    /// A refund's.
    RefundId = RefundKind "ref";
}

/// An order's row with its lines.
pub(super) struct Order {
    pub id: [u8; 16],
    pub owner: usize,
    pub name: String,
    pub time: i64,
    pub paid_at: Option<i64>,
    pub completed_at: Option<i64>,
    pub closed_at: Option<i64>,
    pub state: String,
    pub purchase: bool,
    pub shop: Option<String>,
    pub platform: String,
    pub pay_method: Option<String>,
    pub items: Option<i64>,
    pub paid: Option<i64>,
    pub goods_paid: Option<i64>,
    pub received: Option<i64>,
    pub discount: Option<i64>,
    pub shipping: Option<i64>,
    /// Where it went; none where it tells no province.
    pub place: Option<(String, Option<String>)>,
    pub lines: Vec<Line>,
    pub refunds: Vec<Refund>,
}

/// A line of goods.
pub(super) struct Line {
    pub number: i64,
    pub sku: Option<String>,
    pub category: Option<String>,
    pub qty: i64,
    pub amount: Option<i64>,
    pub refunded: i64,
}

/// A refund that succeeded.
pub(super) struct Refund {
    pub name: String,
    pub kind: String,
    pub reason: Option<String>,
    pub amount: i64,
    pub at: Option<i64>,
    pub recorded_at: i64,
    pub lines: Vec<Named>,
}

#[derive(Deserialize)]
struct Discount {
    #[serde(default)]
    amount: i64,
}

/// The word that expressions have for a kind of refund: money without goods is `amount_only`, whatever
/// it was given for.
pub(super) fn refund_kind(word: &str) -> &str {
    match word {
        "money_only" | "price_protection" | "compensation" => "amount_only",
        other => other,
    }
}

/// Whose an order is.
pub(super) fn owner(row: &Row) -> Option<Vec<u8>> {
    match row.0.get(1) {
        Some(Value::Bytes(id)) => Some(id.clone()),
        _ => None,
    }
}

/// Where orders have their columns of where they went, and members theirs.
pub(super) const PROVINCE: usize = 19;
pub(super) const CITY: usize = 20;
pub(super) const HOME: usize = 5;

/// A province and a city by their short names; none without a province.
pub(super) fn place(province: Option<String>, city: Option<String>) -> Option<(String, Option<String>)> {
    let named = |text: String, short: fn(&str) -> &str| Some(short(&text).to_owned()).filter(|t| !t.is_empty());
    let province = province.and_then(|p| named(p, region::short))?;
    Some((province, city.and_then(|c| named(c, region::short_city))))
}

/// When the order of a row was placed.
pub(super) fn placed(row: &Row) -> Option<i64> {
    let int = |column: usize| match row.0.get(column) {
        Some(Value::Int(at)) => Some(*at),
        _ => None,
    };
    Some(crate::source::placed(int(2), int(3)?, int(4)?))
}

impl Order {
    /// Reads an order of the member at `owner`.
    pub fn of(mut row: Row, owner: usize) -> Result<Self> {
        let id: [u8; 16] = row.get(0)?;
        let (created_at, placed_at, recorded_at): (Option<i64>, i64, i64) = (row.get(2)?, row.get(3)?, row.get(4)?);
        let (state, purchase): (String, bool) = (row.get(8)?, row.get(9)?);
        let discounts: Option<String> = row.get(17)?;
        let discounts: Vec<Discount> = discounts.map_or(Ok(Vec::new()), |d| serde_json::from_str(&d))?;
        Ok(Self {
            id,
            owner,
            name: OrderId::from_bytes(id).to_string(),
            time: crate::source::placed(created_at, placed_at, recorded_at),
            paid_at: row.get::<Option<i64>>(5)?.filter(|_| purchase || state != "closed"),
            completed_at: row.get(6)?,
            closed_at: row.get(7)?,
            state,
            purchase,
            shop: row.get(10)?,
            platform: row.get(11)?,
            pay_method: row.get(12)?,
            items: row.get(13)?,
            paid: row.get(14)?,
            goods_paid: row.get(15)?,
            received: row.get::<Option<i64>>(16)?.filter(|r| *r >= 0),
            discount: Some(discounts.iter().map(|d| d.amount).fold(0, i64::saturating_add)),
            shipping: row.get(18)?,
            place: place(row.get(PROVINCE)?, row.get(CITY)?),
            lines: Vec::new(),
            refunds: Vec::new(),
        })
    }
}

impl Line {
    pub fn of(row: &mut Row) -> Result<Self> {
        Ok(Self {
            number: row.get(1)?,
            sku: row.get(2)?,
            category: row.get::<Option<String>>(3)?.as_deref().map(path),
            qty: row.get::<i64>(4)?.max(0),
            amount: row.get::<Option<i64>>(5)?.map(|paid| paid.max(0)),
            refunded: row.get(6)?,
        })
    }
}

impl Refund {
    pub fn of(row: &mut Row) -> Result<Self> {
        let id: [u8; 16] = row.get(0)?;
        Ok(Self {
            name: RefundId::from_bytes(id).to_string(),
            kind: row.get(3)?,
            reason: row.get(4)?,
            amount: row.get(5)?,
            at: row.get(6)?,
            recorded_at: row.get(7)?,
            lines: named(row.get(8)?)?,
        })
    }
}
