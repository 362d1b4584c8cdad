//! A bucket as loops see it: up to 65,536 consecutive members, one array a fact, and for orders,
//! lines and refunds an offsets array and one array a column, rows sorted by member and time (then
//! by id). An order's lines lie together, in the order of the orders. Rows that belong to nobody
//! lie in buckets of their own.

use std::ops::Range;
use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::{Array, ArrayRef, BinaryArray, RecordBatch, StructArray};
use arrow_buffer::OffsetBuffer;
use arrow_schema::{Field, FieldRef};
use shuke_kernel::{Error, Result};

use crate::draft;
use crate::ints::Ints;
use crate::shelf::BucketFile;

/// Members in a full bucket.
pub const MEMBERS: usize = 65_536;

/// Up to 65,536 members with their rows.
#[derive(Clone, Debug)]
pub struct Bucket {
    /// The ordinal of the first member.
    pub first: u32,
    /// Whether its rows belong to nobody: each "member" is then a heap of orders and refunds that
    /// no member is known for.
    pub nobody: bool,
    /// The file that it is; none of one in memory.
    pub(crate) file: Option<Arc<BucketFile>>,
    /// Rows of members that a newer bucket holds, one bit each; `None` when none is.
    pub(crate) hidden: Option<Arc<[u64]>>,
    /// 1 for a member who is gone since: merged away, removed. They have no rows.
    pub(crate) gone: Ints,
    /// Ids of members, ascending.
    pub key: Keys,
    /// When they registered.
    pub registered_at: Ints,
    /// When they were first seen.
    pub first_seen: Ints,
    /// Where they live.
    pub region: Ints,
    /// Their orders.
    pub orders: Orders,
    /// Their orders' lines.
    pub lines: Lines,
    /// Refunds of their orders, and those of no known order.
    pub refunds: Refunds,
}

/// Ids.
#[derive(Clone, Debug)]
pub struct Keys(BinaryArray);

impl Keys {
    /// The id at `row`.
    #[inline]
    pub fn get(&self, row: usize) -> &[u8] {
        self.0.value(row)
    }

    /// How many.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// Where each member's rows of a table begin and end.
#[derive(Clone, Debug)]
pub struct Offsets(OffsetBuffer<i32>);

impl Offsets {
    /// The rows of `member`.
    #[inline]
    pub fn of(&self, member: usize) -> Range<usize> {
        self.0[member] as usize..self.0[member + 1] as usize
    }
}

/// Orders, sorted by member, time and id.
#[derive(Clone, Debug)]
pub struct Orders {
    /// Which belong to whom.
    pub of: Offsets,
    /// Ids.
    pub key: Keys,
    /// When paid, or placed where that is not known; missing where neither is.
    pub time: Ints,
    /// When placed.
    pub created_at: Ints,
    /// 1 where the time of payment is known.
    pub paid_known: Ints,
    /// [`draft::State`] as a number.
    pub state: Ints,
    /// Where to.
    pub region: Ints,
    /// Currency.
    pub currency: Ints,
    /// Shop.
    pub shop: Ints,
    /// Platform.
    pub platform: Ints,
    /// The row of its first line.
    pub first_line: Ints,
    /// How many lines.
    pub lines: Ints,
    /// Pieces on all lines.
    pub units: Ints,
    /// Paid by the member, before refunds.
    pub paid: Ints,
    /// Received by the merchant, before refunds.
    pub received: Ints,
    /// How many refunds.
    pub refunds: Ints,
}

/// Lines, in the order of their orders.
#[derive(Clone, Debug)]
pub struct Lines {
    /// Which belong to whom.
    pub of: Offsets,
    /// The order's time.
    pub time: Ints,
    /// The row of the order.
    pub order: Ints,
    /// Goods.
    pub sku: Ints,
    /// Their title.
    pub name: Ints,
    /// Their category.
    pub category: Ints,
    /// Pieces.
    pub quantity: Ints,
    /// Paid by the member, before refunds.
    pub paid: Ints,
    /// Received by the merchant, before refunds.
    pub received: Ints,
}

/// Refunds, sorted by member, time and id.
#[derive(Clone, Debug)]
pub struct Refunds {
    /// Which belong to whom.
    pub of: Offsets,
    /// When.
    pub time: Ints,
    /// The row of the order; missing for a refund of no known order.
    pub order: Ints,
    /// The row of the line; missing for the whole order.
    pub line: Ints,
    /// Goods, of a refund of no known order.
    pub sku: Ints,
    /// Currency, of a refund of no known order.
    pub currency: Ints,
    /// Pieces.
    pub quantity: Ints,
    /// To the member.
    pub amount: Ints,
    /// From the merchant.
    pub received: Ints,
}

impl Bucket {
    /// How many members.
    pub fn len(&self) -> usize {
        self.key.len()
    }

    /// Whether it has none.
    pub fn is_empty(&self) -> bool {
        self.key.is_empty()
    }

    /// The members to look at: neither gone nor held by a newer bucket.
    pub fn members(&self) -> impl Iterator<Item = usize> + '_ {
        (0..self.len()).filter(|m| self.shows(*m))
    }

    /// The members that a newer bucket holds.
    pub fn hidden(&self) -> impl Iterator<Item = usize> + '_ {
        let words = self.hidden.as_deref().unwrap_or_default().iter().enumerate().filter(|(_, word)| **word != 0);
        words.flat_map(|(at, word)| (0..64).filter(move |bit| word >> bit & 1 == 1).map(move |bit| at * 64 + bit))
    }

    /// Whether `member` is to be looked at.
    #[inline]
    pub fn shows(&self, member: usize) -> bool {
        let hidden = self.hidden.as_ref().is_some_and(|h| h[member / 64] >> (member % 64) & 1 == 1);
        !hidden && self.gone.value(member) == 0
    }

    /// The row of the member with that id, shown or not.
    pub fn find(&self, key: &[u8]) -> Option<usize> {
        let (mut low, mut high) = (0, self.len());
        while low < high {
            let middle = (low + high) / 2;
            match self.key.get(middle).cmp(key) {
                std::cmp::Ordering::Less => low = middle + 1,
                std::cmp::Ordering::Greater => high = middle,
                std::cmp::Ordering::Equal => return Some(middle),
            }
        }
        None
    }

    /// The same rows, with those members hidden.
    pub(crate) fn hiding(&self, hidden: Option<Arc<[u64]>>) -> Self {
        Self { hidden, ..self.clone() }
    }

    /// The rows of an order's lines.
    #[inline]
    pub fn lines_of(&self, order: usize) -> Range<usize> {
        let first = self.orders.first_line.value(order) as usize;
        first..first + self.orders.lines.value(order) as usize
    }

    /// Reads a record batch that [`draft::lay_out`] made, without copying.
    pub(crate) fn view(first: u32, nobody: bool, batch: &RecordBatch) -> Result<Self> {
        let schema = batch.schema();
        let facts = Columns { fields: schema.fields().iter().collect(), arrays: batch.columns(), table: "members" };
        let key = facts.keys()?;
        let [registered_at, first_seen, region, gone] = facts.ints(draft::FACTS)?;
        let (of, rows) = list(batch, "orders")?;
        let columns = Columns::of(rows, "orders");
        let [
            time,
            created_at,
            paid_known,
            state,
            order_region,
            currency,
            shop,
            platform,
            first_line,
            lines,
            units,
            paid,
            received,
            refunds,
        ] = columns.ints(draft::ORDERS)?;
        let orders = Orders {
            of,
            key: columns.keys()?,
            time,
            created_at,
            paid_known,
            state,
            region: order_region,
            currency,
            shop,
            platform,
            first_line,
            lines,
            units,
            paid,
            received,
            refunds,
        };
        let (of, rows) = list(batch, "lines")?;
        let [time, order, sku, name, category, quantity, paid, received] = Columns::of(rows, "lines").ints(draft::LINES)?;
        let lines = Lines { of, time, order, sku, name, category, quantity, paid, received };
        let (of, rows) = list(batch, "refunds")?;
        let [time, order, line, sku, currency, quantity, amount, received] = Columns::of(rows, "refunds").ints(draft::REFUNDS)?;
        let refunds = Refunds { of, time, order, line, sku, currency, quantity, amount, received };
        Ok(Self { first, nobody, file: None, hidden: None, gone, key, registered_at, first_seen, region, orders, lines, refunds })
    }
}

struct Columns<'a> {
    fields: Vec<&'a FieldRef>,
    arrays: &'a [ArrayRef],
    table: &'static str,
}

impl<'a> Columns<'a> {
    fn of(rows: &'a StructArray, table: &'static str) -> Self {
        Self { fields: rows.fields().iter().collect(), arrays: rows.columns(), table }
    }

    fn find(&self, name: &str) -> Result<(&'a Field, &'a ArrayRef)> {
        let at = self.fields.iter().position(|f| f.name() == name);
        at.map(|i| (&**self.fields[i], &self.arrays[i]))
            .ok_or_else(|| Error::fault(format!("a bucket lacks the column {}.{name}", self.table)))
    }

    fn ints<const N: usize>(&self, names: &[&str]) -> Result<[Ints; N]> {
        let all =
            names.iter().map(|name| self.find(name).and_then(|(field, array)| Ints::unpack(field, array))).collect::<Result<Vec<_>>>()?;
        all.try_into().map_err(|_| Error::fault(format!("the table {} has another number of columns", self.table)))
    }

    fn keys(&self) -> Result<Keys> {
        let (_, array) = self.find("key")?;
        array.as_binary_opt::<i32>().cloned().map(Keys).ok_or_else(|| Error::fault(format!("the ids of {} are no bytes", self.table)))
    }
}

fn list<'a>(batch: &'a RecordBatch, name: &str) -> Result<(Offsets, &'a StructArray)> {
    let list = batch
        .column_by_name(name)
        .and_then(|c| c.as_list_opt::<i32>())
        .ok_or_else(|| Error::fault(format!("a bucket lacks the table {name}")))?;
    let rows = list.values().as_struct_opt().ok_or_else(|| Error::fault(format!("the table {name} has no columns")))?;
    Ok((Offsets(list.offsets().clone()), rows))
}
