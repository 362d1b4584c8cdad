//! What a bucket is made from: members with their orders, lines and refunds as rows, in any order.
//! Every source (files, the store in full, one member's rows after a change) makes these, and one
//! builder lays them out, so that the same rows always give the same columns.

use std::sync::Arc;

use arrow_array::{Array, ArrayRef, BinaryArray, ListArray, RecordBatch, StructArray};
use arrow_buffer::OffsetBuffer;
use arrow_schema::{DataType, Field, Fields, Schema};
use shuke_kernel::{Error, Result};

use crate::bucket::Bucket;
use crate::budget::block;
use crate::ints::Ints;

/// The state of an order.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
#[repr(u8)]
pub enum State {
    /// Placed, not paid.
    #[default]
    Created = 0,
    /// Paid.
    Paid = 1,
    /// On its way.
    Shipped = 2,
    /// Received, or past its time.
    Completed = 3,
    /// Closed: never paid, or paid and wholly given back.
    Closed = 4,
}

impl State {
    /// The state of that word.
    pub fn named(word: &str) -> Option<Self> {
        Some(match word {
            "created" => Self::Created,
            "paid" => Self::Paid,
            "shipped" => Self::Shipped,
            "completed" => Self::Completed,
            "closed" => Self::Closed,
            _ => return None,
        })
    }
}

/// A member; in a bucket of nobody a heap of orders and refunds that no member is known for.
#[derive(Clone, Default, Debug)]
pub struct Member {
    /// The id: text of a file, or sixteen bytes of the store.
    pub key: Vec<u8>,
    /// When they registered.
    pub registered_at: Option<i64>,
    /// Where they live, as a code.
    pub region: Option<u32>,
    /// Whether they are gone since the bucket before: merged away, removed.
    pub gone: bool,
    /// Their orders.
    pub orders: Vec<Order>,
    /// Their refunds of no known order.
    pub loose: Vec<Loose>,
}

/// An order.
#[derive(Clone, Default, Debug)]
pub struct Order {
    /// The id.
    pub key: Vec<u8>,
    /// When it was placed.
    pub created_at: Option<i64>,
    /// When it was paid.
    pub paid_at: Option<i64>,
    /// Its state.
    pub state: State,
    /// Where it went, as a code.
    pub region: Option<u32>,
    /// Its currency, as a code.
    pub currency: Option<u32>,
    /// Its shop, as a code.
    pub shop: Option<u32>,
    /// Its platform, as a code.
    pub platform: Option<u32>,
    /// Its lines.
    pub lines: Vec<Line>,
    /// Its refunds.
    pub refunds: Vec<Refund>,
}

/// A line of an order.
#[derive(Clone, Default, Debug)]
pub struct Line {
    /// Its number within the order.
    pub number: i64,
    /// Goods, as a code.
    pub sku: Option<u32>,
    /// Their title, as a code.
    pub name: Option<u32>,
    /// Their category, as a code.
    pub category: Option<u32>,
    /// Pieces.
    pub quantity: i64,
    /// By the member.
    pub paid: i64,
    /// By the merchant.
    pub received: i64,
}

/// Money given back on an order.
#[derive(Clone, Default, Debug)]
pub struct Refund {
    /// The id.
    pub key: Vec<u8>,
    /// When.
    pub at: i64,
    /// The number of the line; none for the whole order.
    pub line: Option<i64>,
    /// Pieces given back.
    pub quantity: i64,
    /// To the member.
    pub amount: i64,
    /// From the merchant.
    pub received: i64,
}

/// Money given back on no known order.
#[derive(Clone, Default, Debug)]
pub struct Loose {
    /// The id.
    pub key: Vec<u8>,
    /// When.
    pub at: i64,
    /// Goods, as a code.
    pub sku: Option<u32>,
    /// Its currency, as a code.
    pub currency: Option<u32>,
    /// Pieces.
    pub quantity: i64,
    /// To the member.
    pub amount: i64,
    /// From the merchant.
    pub received: i64,
}

impl Order {
    /// When it counts: when it was paid, or placed where that is not known.
    pub fn time(&self) -> Option<i64> {
        self.paid_at.or(self.created_at)
    }
}

impl Member {
    /// Bytes that the member takes in memory, and the cells that are made of it.
    pub(crate) fn bytes(&self) -> usize {
        const CELL: usize = size_of::<Option<i64>>();
        const KEY: usize = size_of::<Vec<u8>>();
        let order = |o: &Order| {
            let refunds = o.refunds.capacity() * size_of::<Refund>() + o.refunds.iter().map(|r| block(r.key.capacity())).sum::<usize>();
            let made = ORDERS.len() * CELL + KEY + (o.lines.len() * LINES.len() + o.refunds.len() * REFUNDS.len()) * CELL;
            block(o.key.capacity()) + block(o.lines.capacity() * size_of::<Line>()) + refunds + made
        };
        let loose: usize = self.loose.iter().map(|l| block(l.key.capacity()) + REFUNDS.len() * CELL).sum();
        let lists = self.orders.capacity() * size_of::<Order>() + self.loose.capacity() * size_of::<Loose>();
        let made = FACTS.len() * CELL + KEY;
        size_of::<Self>() + block(self.key.capacity()) + made + lists + loose + self.orders.iter().map(order).sum::<usize>()
    }

    /// When the member was first seen: the earliest of registration, an order's creation and a
    /// refund of no known order. Nothing where nothing is known.
    pub fn first_seen(&self) -> Option<i64> {
        let orders = self.orders.iter().filter_map(|o| o.created_at.or(o.paid_at));
        self.registered_at.into_iter().chain(orders).chain(self.loose.iter().map(|l| l.at)).min()
    }
}

/// Columns under way, one vector each.
#[derive(Default)]
struct Table {
    ends: Vec<i32>,
    columns: Vec<(&'static str, Vec<Option<i64>>)>,
    keys: Option<Vec<Vec<u8>>>,
}

impl Table {
    /// Of so many rows.
    fn new(names: &[&'static str], keyed: bool, members: usize, rows: usize) -> Self {
        let mut ends = Vec::with_capacity(members + 1);
        ends.push(0);
        let columns = names.iter().map(|n| (*n, Vec::with_capacity(rows))).collect();
        Self { ends, columns, keys: keyed.then(|| Vec::with_capacity(rows)) }
    }

    fn len(&self) -> usize {
        self.columns.first().map_or(0, |(_, v)| v.len())
    }

    fn push<const N: usize>(&mut self, row: [Option<i64>; N]) {
        for ((_, column), value) in self.columns.iter_mut().zip(row) {
            column.push(value);
        }
    }

    fn end_member(&mut self) -> Result<()> {
        let end = i32::try_from(self.len()).map_err(|_| Error::fault("a bucket holds more rows than it can count"))?;
        self.ends.push(end);
        Ok(())
    }

    fn arrays(self) -> (Vec<Field>, Vec<ArrayRef>) {
        let mut out: (Vec<Field>, Vec<ArrayRef>) = self.columns.into_iter().map(|(name, values)| Ints::pack(name, &values)).unzip();
        if let Some(keys) = self.keys {
            out.0.push(Field::new("key", DataType::Binary, false));
            out.1.push(Arc::new(BinaryArray::from_iter_values(keys)));
        }
        out
    }

    fn list(mut self, name: &str) -> Result<(Field, ArrayRef)> {
        let (length, offsets) = (self.len(), OffsetBuffer::new(std::mem::take(&mut self.ends).into()));
        let (fields, arrays) = self.arrays();
        let fields = Fields::from(fields);
        let rows = StructArray::try_new_with_length(fields.clone(), arrays, None, length).map_err(Error::fault)?;
        let item = Arc::new(Field::new("item", DataType::Struct(fields), false));
        let list = ListArray::try_new(item, offsets, Arc::new(rows), None).map_err(Error::fault)?;
        Ok((Field::new(name, list.data_type().clone(), false), Arc::new(list)))
    }
}

pub(crate) const FACTS: &[&str] = &["registered_at", "first_seen", "region", "gone"];
pub(crate) const ORDERS: &[&str] = &[
    "time",
    "created_at",
    "paid_known",
    "state",
    "region",
    "currency",
    "shop",
    "platform",
    "first_line",
    "lines",
    "units",
    "paid",
    "received",
    "refunds",
];
pub(crate) const LINES: &[&str] = &["time", "order", "sku", "name", "category", "quantity", "paid", "received"];
pub(crate) const REFUNDS: &[&str] = &["time", "order", "line", "sku", "currency", "quantity", "amount", "received"];

fn word(code: Option<u32>) -> Option<i64> {
    code.map(i64::from)
}

/// Lays members out as a bucket's columns. They keep the order they come in.
pub(crate) fn lay_out(members: Vec<Member>) -> Result<RecordBatch> {
    let count = members.len();
    let of = |rows: fn(&Member) -> usize| members.iter().map(rows).sum::<usize>();
    let mut facts = Table::new(FACTS, true, 0, count);
    let mut orders = Table::new(ORDERS, true, count, of(|m| m.orders.len()));
    let mut lines = Table::new(LINES, false, count, of(|m| m.orders.iter().map(|o| o.lines.len()).sum()));
    let mut refunds = Table::new(REFUNDS, false, count, of(|m| m.loose.len() + m.orders.iter().map(|o| o.refunds.len()).sum::<usize>()));
    for mut member in members {
        facts.push([member.registered_at, member.first_seen(), word(member.region), Some(i64::from(member.gone))]);
        let mut given: Vec<(i64, Vec<u8>, [Option<i64>; 8])> = Vec::new();
        for loose in member.loose {
            let row = [
                Some(loose.at),
                None,
                None,
                word(loose.sku),
                word(loose.currency),
                Some(loose.quantity),
                Some(loose.amount),
                Some(loose.received),
            ];
            given.push((loose.at, loose.key, row));
        }
        // Orders without any time come first; nothing counts them.
        member.orders.sort_by(|a, b| a.time().cmp(&b.time()).then_with(|| a.key.cmp(&b.key)));
        for mut order in member.orders {
            order.lines.sort_by_key(|l| l.number);
            let (at, first_line) = (orders.len() as i64, lines.len() as i64);
            let sum = |of: fn(&Line) -> i64| Some(order.lines.iter().map(of).fold(0_i64, i64::saturating_add));
            orders.push([
                order.time(),
                order.created_at,
                Some(i64::from(order.paid_at.is_some())),
                Some(i64::from(order.state as u8)),
                word(order.region),
                word(order.currency),
                word(order.shop),
                word(order.platform),
                Some(first_line),
                Some(order.lines.len() as i64),
                sum(|l| l.quantity),
                sum(|l| l.paid),
                sum(|l| l.received),
                Some(order.refunds.len() as i64),
            ]);
            for refund in std::mem::take(&mut order.refunds) {
                // A line that the order does not have: the refund is of the whole order.
                let line = refund.line.and_then(|n| order.lines.iter().position(|l| l.number == n)).map(|i| first_line + i as i64);
                let row = [Some(refund.at), Some(at), line, None, None, Some(refund.quantity), Some(refund.amount), Some(refund.received)];
                given.push((refund.at, refund.key, row));
            }
            for line in &order.lines {
                lines.push([
                    order.time(),
                    Some(at),
                    word(line.sku),
                    word(line.name),
                    word(line.category),
                    Some(line.quantity),
                    Some(line.paid),
                    Some(line.received),
                ]);
            }
            if let Some(keys) = &mut orders.keys {
                keys.push(order.key);
            }
        }
        given.sort_by(|a, b| (a.0, &a.1).cmp(&(b.0, &b.1)));
        for (_, _, row) in given {
            refunds.push(row);
        }
        if let Some(keys) = &mut facts.keys {
            keys.push(member.key);
        }
        orders.end_member()?;
        lines.end_member()?;
        refunds.end_member()?;
    }
    let (mut fields, mut arrays) = facts.arrays();
    for (name, table) in [("orders", orders), ("lines", lines), ("refunds", refunds)] {
        let (field, array) = table.list(name)?;
        fields.push(field);
        arrays.push(array);
    }
    RecordBatch::try_new(Arc::new(Schema::new(fields)), arrays).map_err(Error::fault)
}

/// A bucket in memory of these members, by id ascending, the first of which has the ordinal
/// `first`.
pub fn bucket(first: u32, nobody: bool, members: Vec<Member>) -> Result<Bucket> {
    Bucket::view(first, nobody, &lay_out(members)?)
}
