//! What sells: goods by what the merchant received for them.

use std::ops::Range;

use serde::Serialize;
use shuke_columns::{Bucket, Columns, Kind};
use utoipa::ToSchema;

use crate::brief::{Rows, Wants, mark};
use crate::question::{Coverage, Frame, Question};
use crate::replay::Left;
use crate::survey::{Member, survey};

/// The report.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Goods {
    /// How many goods were sold or given back.
    pub skus: i64,
    /// Over all of them, and what has no code.
    pub total: GoodsTotal,
    /// Lines without a code.
    pub without_sku: WithoutSku,
    /// By net received, the most first.
    pub rows: Vec<GoodsRow>,
}

/// Sums over all goods.
#[derive(Clone, Default, Debug, Serialize, ToSchema)]
pub struct GoodsTotal {
    /// Pieces, net.
    pub units: i64,
    /// Net paid, minor units.
    pub paid: i64,
    /// Net received, minor units.
    pub received: i64,
    /// Pieces given back.
    pub refunded_units: i64,
    /// Given back to buyers, minor units.
    pub refunded_paid: i64,
}

/// Lines without a code of goods.
#[derive(Clone, Default, Debug, Serialize, ToSchema)]
pub struct WithoutSku {
    /// Purchases with such a line.
    pub orders: i64,
    /// Members with one.
    pub buyers: i64,
    /// Pieces, net.
    pub units: i64,
    /// Net paid, minor units.
    pub paid: i64,
    /// Net received, minor units.
    pub received: i64,
    /// Pieces given back.
    pub refunded_units: i64,
    /// Given back to buyers, minor units.
    pub refunded_paid: i64,
}

impl WithoutSku {
    /// It as one more of the goods, without a code: with it a list of all goods sums to the total. None where there is nothing.
    pub fn as_row(&self) -> Option<GoodsRow> {
        let Self { orders, buyers, units, paid, received, refunded_units, refunded_paid } = *self;
        let any = [orders, units, paid, received, refunded_units, refunded_paid].iter().any(|n| *n != 0);
        let row = GoodsRow {
            sku: String::new(),
            name: None,
            category: None,
            orders,
            buyers,
            units,
            paid,
            received,
            refunded_units,
            refunded_paid,
        };
        any.then_some(row)
    }
}

/// One of the goods.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct GoodsRow {
    /// Its code.
    pub sku: String,
    /// Its title when last sold.
    pub name: Option<String>,
    /// Its category when last sold.
    pub category: Option<String>,
    /// Purchases with a live line of it.
    pub orders: i64,
    /// Members with one.
    pub buyers: i64,
    /// Pieces, net.
    pub units: i64,
    /// Net paid, minor units.
    pub paid: i64,
    /// Net received, minor units.
    pub received: i64,
    /// Pieces given back.
    pub refunded_units: i64,
    /// Given back to buyers, minor units.
    pub refunded_paid: i64,
}

/// A word last seen at a time, in the order at a row of a bucket.
#[derive(Clone, Copy)]
struct Last {
    time: i64,
    day: i32,
    bucket: u32,
    row: u32,
    code: u32,
}

/// An order of the window.
struct Deal<'b> {
    of: Member<'b>,
    /// Its row among the bucket's orders.
    order: usize,
    /// The day by which windows are cut.
    day: i32,
    purchase: bool,
    /// Its number among all that were looked at, from 1 on, and that of the member's first.
    number: u32,
    first: u32,
}

/// What nearly every line changes, two of them in a line of a processor's cache: of tens of thousands of goods
/// all are near.
#[derive(Clone, Copy, Default)]
#[repr(align(32))]
struct Sums {
    paid: i64,
    received: i64,
    /// What does not fit goes to [`Told::units`].
    units: i32,
    orders: u32,
    buyers: u32,
    /// The order that was counted last, so that each order and each member counts once.
    met: u32,
}

/// What few lines change.
#[derive(Clone, Copy, Default)]
struct Told {
    is_met: bool,
    units: i64,
    orders: i64,
    buyers: i64,
    refunded_units: i64,
    refunded_paid: i64,
    name: Option<Last>,
    category: Option<Last>,
}

/// Keeps the later of two; of one time that of the greater key.
fn keep_later(columns: &Columns, mine: &mut Option<Last>, other: Last) {
    let key = |of: &Last| columns.buckets[of.bucket as usize].orders.key.get(of.row as usize);
    let is_later = |m: &Last| m.time < other.time || m.time == other.time && key(m) <= key(&other);
    if mine.as_ref().is_none_or(is_later) {
        *mine = Some(other);
    }
}

/// Lines' columns as plain numbers, some rows ahead.
#[derive(Default)]
struct Flat {
    /// One more than the place of the bucket whose rows they are; nought at first.
    next: usize,
    start: usize,
    sku: Vec<u32>,
    quantity: Vec<i64>,
    paid: Vec<i64>,
    received: Vec<i64>,
}

/// Rows that are laid out at a time.
const AHEAD: usize = 512;
/// The code of lines without goods.
const NONE: u32 = u32::MAX;

impl Flat {
    #[inline]
    fn hold(&mut self, bucket: &Bucket, place: usize, rows: &Range<usize>) {
        if rows.start < self.start || rows.end > self.start + self.sku.len() || self.next != place + 1 {
            self.lay_out(bucket, rows);
            self.next = place + 1;
        }
    }

    fn lay_out(&mut self, bucket: &Bucket, rows: &Range<usize>) {
        let lines = &bucket.lines;
        let rows = rows.start..rows.end.max(lines.sku.len().min(rows.start + AHEAD));
        self.start = rows.start;
        self.sku.clear();
        lines.sku.codes(rows.clone(), NONE, &mut self.sku);
        for (column, into) in [(&lines.quantity, &mut self.quantity), (&lines.paid, &mut self.paid), (&lines.received, &mut self.received)]
        {
            into.clear();
            column.numbers(rows.clone(), into);
        }
    }
}

/// By the code of goods, behind what has none.
struct All {
    sums: Vec<Sums>,
    told: Vec<Told>,
    /// Lines of that day on may tell a later name or category.
    latest: Vec<i32>,
    /// Orders looked at so far.
    orders: u32,
    flat: Flat,
}

/// The place of goods in [`All`].
#[inline]
fn place(sku: u32) -> usize {
    sku.wrapping_add(1) as usize
}

impl All {
    /// Of so many goods, and more if there are.
    fn of(skus: usize) -> Self {
        let mut all = Self { sums: Vec::new(), told: Vec::new(), latest: Vec::new(), orders: 0, flat: Flat::default() };
        all.grow(skus);
        all
    }

    #[cold]
    fn grow(&mut self, at: usize) {
        self.sums.resize(at + 1, Sums::default());
        self.told.resize(at + 1, Told::default());
        self.latest.resize(at + 1, i32::MIN);
    }

    fn member(&mut self, columns: &Columns, frame: &Frame, of: Member<'_>, rows: &Rows<'_>) {
        let (bucket, first) = (of.bucket, self.orders.wrapping_add(1));
        for row in rows.window().filter(|row| rows.is(*row, mark::DEAL)) {
            let order = rows.order(row);
            let lines = bucket.lines_of(order);
            if lines.is_empty() {
                continue;
            }
            self.flat.hold(bucket, of.place, &lines);
            self.orders = self.orders.wrapping_add(1);
            let deal = Deal { of, order, day: rows.since(row), purchase: rows.is(row, mark::PURCHASE), number: self.orders, first };
            if !rows.is(row, mark::TOUCHED) {
                for row in lines {
                    let at = row - self.flat.start;
                    let (quantity, paid, received) = (self.flat.quantity[at], self.flat.paid[at], self.flat.received[at]);
                    self.line(columns, &deal, Left { row, quantity, paid, received, live: true });
                }
                continue;
            }
            rows.left(row, bucket, |left| {
                let at = self.line(columns, &deal, left);
                let row = left.row - self.flat.start;
                self.told[at].refunded_units += self.flat.quantity[row] - left.quantity;
                self.told[at].refunded_paid += self.flat.paid[row] - left.paid;
            });
        }
        for loose in rows.loose().iter().filter(|l| frame.within(l.time)) {
            let at = place(loose.sku.unwrap_or(NONE));
            if at >= self.sums.len() {
                self.grow(at);
            }
            let (sums, told) = (&mut self.sums[at], &mut self.told[at]);
            told.is_met = true;
            told.units -= loose.units;
            sums.paid -= loose.paid;
            sums.received -= loose.received;
            told.refunded_units += loose.units;
            told.refunded_paid += loose.paid;
        }
    }

    /// Takes a line in as it stands; the place of its goods.
    #[inline]
    fn line(&mut self, columns: &Columns, deal: &Deal<'_>, left: Left) -> usize {
        let at = place(self.flat.sku[left.row - self.flat.start]);
        if at >= self.sums.len() {
            self.grow(at);
        }
        let sums = &mut self.sums[at];
        sums.paid += left.paid;
        sums.received += left.received;
        match i32::try_from(i64::from(sums.units) + left.quantity) {
            Ok(units) => sums.units = units,
            Err(_) => self.told[at].units += left.quantity,
        }
        if deal.purchase && left.live {
            sums.orders += u32::from(sums.met != deal.number);
            sums.buyers += u32::from(sums.met < deal.first && !deal.of.bucket.nobody);
            sums.met = deal.number;
        }
        if deal.day >= self.latest[at] {
            self.tell(columns, deal, left.row, at);
        }
        at
    }

    /// What goods are called, by a line that may be the latest.
    #[cold]
    fn tell(&mut self, columns: &Columns, deal: &Deal<'_>, line: usize, at: usize) {
        let (bucket, told) = (deal.of.bucket, &mut self.told[at]);
        let time = bucket.orders.time.value(deal.order);
        let seen = |code| Last { time, day: deal.day, bucket: deal.of.place as u32, row: deal.order as u32, code };
        told.is_met = true;
        if let Some(name) = bucket.lines.name.code(line) {
            keep_later(columns, &mut told.name, seen(name));
        }
        if let Some(category) = columns.category(bucket, line) {
            keep_later(columns, &mut told.category, seen(category));
        }
        self.latest[at] = told.name.zip(told.category).map_or(i32::MIN, |(name, category)| name.day.min(category.day));
    }

    fn join(&mut self, columns: &Columns, other: Self) {
        if other.sums.len() > self.sums.len() {
            self.grow(other.sums.len() - 1);
        }
        for ((mine, told), theirs) in self.sums.iter_mut().zip(&mut self.told).zip(other.sums) {
            mine.paid += theirs.paid;
            mine.received += theirs.received;
            told.units += i64::from(theirs.units);
            told.orders += i64::from(theirs.orders);
            told.buyers += i64::from(theirs.buyers);
        }
        for (mine, theirs) in self.told.iter_mut().zip(other.told) {
            mine.units += theirs.units;
            mine.orders += theirs.orders;
            mine.buyers += theirs.buyers;
            mine.is_met |= theirs.is_met;
            mine.refunded_units += theirs.refunded_units;
            mine.refunded_paid += theirs.refunded_paid;
            for (mine, theirs) in [(&mut mine.name, theirs.name), (&mut mine.category, theirs.category)] {
                if let Some(theirs) = theirs {
                    keep_later(columns, mine, theirs);
                }
            }
        }
    }
}

/// The report of these columns.
pub fn goods(columns: &Columns, frame: &Frame, q: &Question) -> (Goods, Coverage) {
    let skus = columns.words.of(Kind::Sku);
    let (all, coverage) = survey(
        columns,
        frame,
        Wants::Paid,
        || All::of(skus.len()),
        |all, of, rows| all.member(columns, frame, of, rows),
        |all, other| all.join(columns, other),
    );
    let mut total = GoodsTotal::default();
    for (sums, told) in all.sums.iter().zip(&all.told) {
        total.units += i64::from(sums.units) + told.units;
        total.paid += sums.paid;
        total.received += sums.received;
        total.refunded_units += told.refunded_units;
        total.refunded_paid += told.refunded_paid;
    }
    let ((without, beside), of) = ((all.sums[0], all.told[0]), all.sums.iter().zip(&all.told).skip(1).enumerate());
    let mut best: Vec<(usize, (&Sums, &Told))> = of.filter(|(_, (_, told))| told.is_met).collect();
    let count = best.len() as i64;
    best.sort_by(|(a, (x, _)), (b, (y, _))| y.received.cmp(&x.received).then_with(|| skus.word(*a as u32).cmp(skus.word(*b as u32))));
    let word = |kind, last: Option<Last>| last.map(|last| columns.words.of(kind).word(last.code).to_owned());
    let rows = best.into_iter().take(q.top).map(|(sku, (sums, told))| GoodsRow {
        sku: skus.word(sku as u32).to_owned(),
        name: word(Kind::Name, told.name),
        category: word(Kind::Category, told.category),
        orders: i64::from(sums.orders) + told.orders,
        buyers: i64::from(sums.buyers) + told.buyers,
        units: i64::from(sums.units) + told.units,
        paid: sums.paid,
        received: sums.received,
        refunded_units: told.refunded_units,
        refunded_paid: told.refunded_paid,
    });
    let report = Goods {
        skus: count,
        total,
        without_sku: WithoutSku {
            orders: i64::from(without.orders) + beside.orders,
            buyers: i64::from(without.buyers) + beside.buyers,
            units: i64::from(without.units) + beside.units,
            paid: without.paid,
            received: without.received,
            refunded_units: beside.refunded_units,
            refunded_paid: beside.refunded_paid,
        },
        rows: rows.collect(),
    };
    (report, coverage)
}
