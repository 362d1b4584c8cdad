//! What sells: goods by what the merchant received for them.

use serde::Serialize;
use shuke_columns::{Bucket, Columns, Kind};
use utoipa::ToSchema;

use crate::question::{Coverage, Frame, Question};
use crate::replay::Replay;
use crate::survey::survey;

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
    /// Pieces, net.
    pub units: i64,
    /// Net paid, minor units.
    pub paid: i64,
    /// Net received, minor units.
    pub received: i64,
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
    bucket: u32,
    row: u32,
    code: u32,
}

#[derive(Clone, Copy, Default)]
struct Sums {
    touched: bool,
    orders: i64,
    buyers: i64,
    units: i64,
    paid: i64,
    received: i64,
    refunded_units: i64,
    refunded_paid: i64,
    name: Option<Last>,
    category: Option<Last>,
    /// The order and the member that were counted last, as numbers of those looked at, so that each counts once.
    order_seen: u64,
    member_seen: u64,
}

/// Keeps the later of two; of one time that of the greater key.
fn keep_later(columns: &Columns, mine: &mut Option<Last>, other: Last) {
    let key = |of: &Last| columns.buckets[of.bucket as usize].orders.key.get(of.row as usize);
    let is_later = |m: &Last| m.time < other.time || m.time == other.time && key(m) <= key(&other);
    if mine.as_ref().is_none_or(is_later) {
        *mine = Some(other);
    }
}

#[derive(Default)]
struct All {
    skus: Vec<Sums>,
    without: Sums,
    /// Members and orders looked at so far.
    members: u64,
    orders: u64,
}

impl All {
    fn of(&mut self, sku: Option<u32>) -> &mut Sums {
        let Some(sku) = sku else { return &mut self.without };
        let at = sku as usize;
        if at >= self.skus.len() {
            self.skus.resize_with(at + 1, Sums::default);
        }
        &mut self.skus[at]
    }

    fn member(&mut self, columns: &Columns, frame: &Frame, bucket: &Bucket, replay: &Replay<'_>) {
        self.members += 1;
        let (lines, member) = (&bucket.lines, self.members);
        for deal in replay.within(frame) {
            self.orders += 1;
            let order = self.orders;
            replay.lines(deal, |left| {
                let sums = self.of(lines.sku.code(left.row));
                sums.touched = true;
                sums.units += left.quantity;
                sums.paid += left.paid;
                sums.received += left.received;
                sums.refunded_units += lines.quantity.value(left.row) - left.quantity;
                sums.refunded_paid += lines.paid.value(left.row) - left.paid;
                if deal.purchase && left.live {
                    sums.orders += i64::from(sums.order_seen != order);
                    sums.order_seen = order;
                    if !bucket.nobody {
                        sums.buyers += i64::from(sums.member_seen != member);
                        sums.member_seen = member;
                    }
                }
                let seen = |code| Last { time: deal.time, bucket: replay.place as u32, row: deal.row() as u32, code };
                if let Some(name) = lines.name.code(left.row) {
                    keep_later(columns, &mut sums.name, seen(name));
                }
                if let Some(category) = columns.category(bucket, left.row) {
                    keep_later(columns, &mut sums.category, seen(category));
                }
            });
        }
        for loose in replay.loose.iter().filter(|l| frame.within(l.time)) {
            let sums = self.of(loose.sku);
            sums.touched = true;
            sums.units -= loose.units;
            sums.paid -= loose.paid;
            sums.received -= loose.received;
            sums.refunded_units += loose.units;
            sums.refunded_paid += loose.paid;
        }
    }

    fn join(&mut self, columns: &Columns, other: Self) {
        for (i, theirs) in other.skus.into_iter().enumerate() {
            self.of(Some(i as u32)).join(columns, theirs);
        }
        self.without.join(columns, other.without);
    }
}

impl Sums {
    fn join(&mut self, columns: &Columns, o: Self) {
        self.touched |= o.touched;
        self.orders += o.orders;
        self.buyers += o.buyers;
        self.units += o.units;
        self.paid += o.paid;
        self.received += o.received;
        self.refunded_units += o.refunded_units;
        self.refunded_paid += o.refunded_paid;
        for (mine, theirs) in [(&mut self.name, o.name), (&mut self.category, o.category)] {
            if let Some(theirs) = theirs {
                keep_later(columns, mine, theirs);
            }
        }
    }
}

/// The report of these columns.
pub fn goods(columns: &Columns, frame: &Frame, q: &Question) -> (Goods, Coverage) {
    let (all, coverage) = survey(
        columns,
        frame,
        frame.reach(),
        All::default,
        |all, bucket, _, replay| all.member(columns, frame, bucket, replay),
        |all, other| all.join(columns, other),
    );
    let mut total = GoodsTotal::default();
    for sums in all.skus.iter().chain([&all.without]) {
        total.units += sums.units;
        total.paid += sums.paid;
        total.received += sums.received;
        total.refunded_units += sums.refunded_units;
        total.refunded_paid += sums.refunded_paid;
    }
    let skus = columns.words.of(Kind::Sku);
    let mut best: Vec<(usize, &Sums)> = all.skus.iter().enumerate().filter(|(_, s)| s.touched).collect();
    let count = best.len() as i64;
    best.sort_by(|(a, x), (b, y)| y.received.cmp(&x.received).then_with(|| skus.word(*a as u32).cmp(skus.word(*b as u32))));
    let word = |kind, last: Option<Last>| last.map(|last| columns.words.of(kind).word(last.code).to_owned());
    let rows = best.into_iter().take(q.top).map(|(sku, s)| GoodsRow {
        sku: skus.word(sku as u32).to_owned(),
        name: word(Kind::Name, s.name),
        category: word(Kind::Category, s.category),
        orders: s.orders,
        buyers: s.buyers,
        units: s.units,
        paid: s.paid,
        received: s.received,
        refunded_units: s.refunded_units,
        refunded_paid: s.refunded_paid,
    });
    let without = &all.without;
    let report = Goods {
        skus: count,
        total,
        without_sku: WithoutSku { orders: without.orders, units: without.units, paid: without.paid, received: without.received },
        rows: rows.collect(),
    };
    (report, coverage)
}
