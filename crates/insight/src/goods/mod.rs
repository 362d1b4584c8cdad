//! What sells: goods by what the merchant received for them.

mod named;
mod rows;
mod scribe;
mod tally;

use serde::Serialize;
use shuke_columns::{Bucket, Columns, Kind};
use shuke_kernel::Result;
use utoipa::ToSchema;

use self::rows::{All, Figures};
use crate::brief;
use crate::question::{Coverage, Frame, Question};

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

/// The report of these columns.
pub fn goods(columns: &Columns, frame: &Frame, q: &Question) -> (Goods, Coverage) {
    let skus = columns.words.of(Kind::Sku);
    let (all, coverage) = columns.fold_at(
        || (All::of(skus.len()), Coverage::default()),
        |(all, coverage), place, bucket| all.bucket(columns, frame, (place, bucket), coverage),
        |(all, coverage), (other, more)| {
            all.join(columns, other);
            coverage.join(&more);
        },
    );
    let mut total = GoodsTotal::default();
    for of in (0..all.len()).map(|at| all.figures(at)) {
        total.units += of.units;
        total.paid += of.paid;
        total.received += of.received;
        total.refunded_units += of.refunded_units;
        total.refunded_paid += of.refunded_paid;
    }
    let mut best: Vec<(usize, Figures)> = (1..all.len()).filter(|at| all.is_met(*at)).map(|at| (at, all.figures(at))).collect();
    let count = best.len() as i64;
    let code = |at: usize| skus.word(at as u32 - 1);
    best.sort_by(|(a, x), (b, y)| y.received.cmp(&x.received).then_with(|| code(*a).cmp(code(*b))));
    best.truncate(q.top);
    let called = all.called(columns, frame, &best.iter().map(|(at, _)| *at).collect::<Vec<_>>());
    let word = |kind, code: Option<u32>| code.map(|code| columns.words.of(kind).word(code).to_owned());
    let rows = best.into_iter().zip(called).map(|((at, of), [name, category])| GoodsRow {
        sku: code(at).to_owned(),
        name: word(Kind::Name, name),
        category: word(Kind::Category, category),
        orders: of.orders,
        buyers: of.buyers,
        units: of.units,
        paid: of.paid,
        received: of.received,
        refunded_units: of.refunded_units,
        refunded_paid: of.refunded_paid,
    });
    let without = all.figures(0);
    let report = Goods {
        skus: count,
        total,
        without_sku: WithoutSku {
            orders: without.orders,
            buyers: without.buyers,
            units: without.units,
            paid: without.paid,
            received: without.received,
            refunded_units: without.refunded_units,
            refunded_paid: without.refunded_paid,
        },
        rows: rows.collect(),
    };
    (report, coverage)
}

/// Writes the tallies that are not there yet, as long as whoever asks of the columns waits.
///
/// # Errors
/// A fault when one cannot be written.
pub(crate) fn prepare(columns: &Columns, frame: &Frame) -> Result<()> {
    let key = brief::key(tally::KIND, frame);
    for place in 0..columns.buckets.len() {
        if columns.whole().is_err() {
            return Ok(());
        }
        if let Some(brief) = brief::of(columns, place, frame) {
            columns.digest(place, &key, |bucket| scribe::write(frame, bucket, &brief))?;
        }
    }
    Ok(())
}

/// The file of the tally that is kept of the bucket at this place, where that is not what its rows say.
pub(crate) fn differing(columns: &Columns, place: usize, frame: &Frame) -> Option<String> {
    let made = |bucket: &Bucket| brief::made(frame, bucket).map(|brief| scribe::write(frame, bucket, &brief)).unwrap_or_default();
    columns.differing(place, &brief::key(tally::KIND, frame), made)
}
