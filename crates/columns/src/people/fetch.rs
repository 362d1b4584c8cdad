//! The rows that tell of some members, read in one transaction.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use serde::Deserialize;
use shuke_kernel::{MerchantNo, Result};
use shuke_store::{Row, Tx, Value, args};

use super::sql;
use super::weather::Sky;
use crate::budget::Share;

/// Orders whose lines are read at a time.
const ORDERS: usize = 4_000;

/// Rows of the store, by what they tell of.
#[derive(Default)]
pub(super) struct Fetched {
    pub facts: Vec<Row>,
    pub consents: Vec<Row>,
    pub tags: Vec<Row>,
    pub orders: Vec<Row>,
    pub lines: Vec<Row>,
    pub refunds: Vec<Row>,
    pub loose: Vec<Row>,
    pub acts: Vec<Row>,
    /// The weather of the days and places of the orders; none where none is known.
    pub sky: Option<Arc<Sky>>,
    /// Where the product list has the goods that these rows name.
    pub categories: HashMap<String, String>,
}

/// A line that a refund names, as the store keeps it.
#[derive(Deserialize)]
pub(super) struct Named {
    #[serde(default)]
    pub line_no: i64,
    #[serde(default)]
    pub sku: Option<String>,
    #[serde(default)]
    pub quantity: i64,
    #[serde(default)]
    pub amount: i64,
}

pub(super) fn named(text: Option<String>) -> Result<Vec<Named>> {
    text.map_or(Ok(Vec::new()), |t| serde_json::from_str(&t).map_err(Into::into))
}

/// A category as expressions write paths: 母婴/奶粉.
pub(crate) fn path(category: &str) -> String {
    category.split('>').map(str::trim).collect::<Vec<_>>().join("/")
}

/// The text in a column of a row.
pub(super) fn text(row: &Row, column: usize) -> Option<&str> {
    match row.0.get(column) {
        Some(Value::Text(t)) => Some(t),
        _ => None,
    }
}

impl Fetched {
    /// The rows of these members, with the weather of their orders; `None` where they are more than may be read at a
    /// time.
    pub fn of(tx: &mut Tx<'_>, merchant: MerchantNo, ids: &[Vec<u8>], share: Share) -> Result<Option<Self>> {
        let Some(mut found) = Self::under(tx, merchant, ids, None, share)? else { return Ok(None) };
        found.sky = Sky::over(tx, merchant, &found.orders, &found.facts)?;
        Ok(Some(found))
    }

    /// The same where the weather was read before.
    pub fn under(tx: &mut Tx<'_>, merchant: MerchantNo, ids: &[Vec<u8>], sky: Option<Arc<Sky>>, share: Share) -> Result<Option<Self>> {
        let mut most = |sql: &'static str, most: usize| tx.rows_up_to(sql, args![merchant, ids.to_vec()], most);
        let Some(orders) = most(sql::ORDERS, share.orders())? else { return Ok(None) };
        let Some(acts) = most(sql::ACTS, share.acts())? else { return Ok(None) };
        let mut of = |sql: &'static str, ids: &[Vec<u8>]| tx.rows(sql, args![merchant, ids.to_vec()]);
        let mut found = Self {
            facts: of(sql::FACTS, ids)?,
            consents: of(sql::CONSENTS, ids)?,
            tags: of(sql::TAGS, ids)?,
            loose: of(sql::LOOSE, ids)?,
            orders,
            acts,
            sky,
            ..Self::default()
        };
        let orders: Vec<Vec<u8>> = found
            .orders
            .iter()
            .filter_map(|row| match row.0.first() {
                Some(Value::Bytes(id)) => Some(id.clone()),
                _ => None,
            })
            .collect();
        for some in orders.chunks(ORDERS) {
            found.lines.extend(of(sql::LINES, some)?);
            found.refunds.extend(of(sql::REFUNDS, some)?);
        }
        let skus: Vec<String> = found.goods()?.into_iter().collect();
        for some in skus.chunks(2_000) {
            for mut row in tx.rows(sql::CATEGORIES, args![merchant, some.to_vec()])? {
                let (sku, category): (String, String) = (row.get(0)?, row.get(1)?);
                found.categories.entry(sku).or_insert_with(|| path(&category));
            }
        }
        Ok(Some(found))
    }

    fn goods(&self) -> Result<BTreeSet<String>> {
        let mut all: BTreeSet<String> = BTreeSet::new();
        let of_lines = self.lines.iter().filter_map(|row| text(row, 2));
        all.extend(of_lines.chain(self.acts.iter().filter_map(|row| text(row, 4))).map(str::to_owned));
        for row in self.refunds.iter().chain(&self.loose) {
            all.extend(named(text(row, 8).map(str::to_owned))?.into_iter().filter_map(|n| n.sku));
        }
        Ok(all)
    }
}
