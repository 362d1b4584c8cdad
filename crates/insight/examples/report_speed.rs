//! How long each report's loops take over columns in memory, without a store, a server or a client:
//! `cargo run --release -p shuke-insight --example report_speed -- 1000000`, or over the columns of a folder as
//! `buckets` of bench/tools draws them: `-- FOLDER 2026-11-27 lifecycle goods` (no names: all). Prints milliseconds:
//! the first, the quickest and the middle of five.

use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use jiff::ToSpan;
use jiff::civil::Date;
use shuke_columns::draft::{self, Line, Member, Order, Refund, State};
use shuke_columns::shelf::Shelf;
use shuke_columns::{Columns, Kind, Words};
use shuke_insight::standing::{Base, place};
use shuke_insight::{Question, REPORTS, answer};

const DAY: i64 = 86_400_000_000;
/// 2023-01-01T00:00:00Z
const START: i64 = 1_672_531_200_000_000;

struct Draw(u64);

impl Draw {
    fn below(&mut self, n: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % n
    }
}

/// A member of half of whom buy once, and others up to thirty times; every eighth order has a refund.
fn member(n: u64, d: &mut Draw) -> Member {
    let orders = if d.below(2) == 0 { 1 } else { 1 + d.below(8) + d.below(4) * d.below(8) };
    let mut at = START + d.below(700) as i64 * DAY;
    let mut order = |i: u64, d: &mut Draw| {
        at += (1 + d.below(120)) as i64 * DAY + d.below(86_400) as i64 * 1_000_000;
        let lines: Vec<Line> = (0..1 + d.below(3))
            .map(|l| Line {
                number: l as i64,
                sku: Some(d.below(2_000) as u32),
                name: Some(0),
                category: Some(d.below(40) as u32),
                quantity: 1,
                paid: 1_000 + d.below(30_000) as i64,
                received: 1_000,
            })
            .collect();
        let refunds = if d.below(8) == 0 {
            vec![Refund { key: vec![1], at: at + 3 * DAY, line: Some(0), quantity: 1, amount: 500, received: 500 }]
        } else {
            Vec::new()
        };
        Order {
            key: format!("{n}-{i}").into_bytes(),
            created_at: Some(at),
            paid_at: Some(at),
            state: State::Completed,
            region: Some(d.below(31) as u32),
            currency: Some(0),
            lines,
            refunds,
            ..Order::default()
        }
    };
    let orders: Vec<Order> = (0..orders).map(|i| order(i, d)).filter(|o| o.created_at < Some(START + 1_095 * DAY)).collect();
    Member {
        key: (n as u128).to_be_bytes().to_vec(),
        registered_at: Some(START + d.below(1_000) as i64 * DAY),
        region: Some(d.below(31) as u32),
        orders,
        ..Member::default()
    }
}

fn columns(members: u64) -> Result<Columns, shuke_kernel::Error> {
    let mut words = Words::default();
    words.of_mut(Kind::Currency).code("CNY");
    for (kind, count) in [(Kind::Region, 31), (Kind::Sku, 2_000), (Kind::Name, 1), (Kind::Category, 40)] {
        (0..count).for_each(|i| {
            words.of_mut(kind).code(&format!("{i:04}"));
        });
    }
    let mut d = Draw(7);
    let mut buckets = Vec::new();
    for first in (0..members).step_by(65_536) {
        let some = (first..members.min(first + 65_536)).map(|n| member(n, &mut d)).collect();
        buckets.push(Arc::new(draft::bucket(first as u32, false, some)?));
    }
    Ok(Columns { words: Arc::new(words), buckets, ..Columns::default() })
}

fn timed(name: &str, mut work: impl FnMut()) {
    let times: Vec<f64> = (0..5)
        .map(|_| {
            let begun = Instant::now();
            work();
            begun.elapsed().as_secs_f64() * 1_000.0
        })
        .collect();
    let mut sorted = times.clone();
    sorted.sort_by(f64::total_cmp);
    println!("{name:<12} {:>8.1} {:>8.1} {:>8.1}", times[0], sorted[0], sorted[2]);
}

/// The columns of a folder.
fn kept(folder: &Path) -> shuke_kernel::Result<Columns> {
    let shelf = Shelf::open(folder)?;
    let manifest = shelf.manifest()?.ok_or_else(|| shuke_kernel::Error::fault("there are no columns"))?;
    Ok((*shelf.load(&manifest, None)?.columns).clone())
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let asked: Vec<String> = std::env::args().skip(1).collect();
    let of = asked.first().map_or("1000000", String::as_str);
    let columns = of.parse().map_or_else(|_| kept(Path::new(of)), columns).map_err(|e| format!("{e:?}"))?;
    let members: usize = columns.buckets.iter().filter(|b| !b.nobody).map(|b| b.len()).sum();
    let orders: usize = columns.buckets.iter().map(|b| b.orders.key.len()).sum();
    println!("{members} members, {orders} orders");
    let as_of: Date = asked.get(1).map_or("2026-01-01", String::as_str).parse()?;
    let q = Question { from: Some(as_of.saturating_sub(1.year())), ..Question::about(as_of) };
    let named = asked.get(2..).unwrap_or_default();
    for (name, report) in REPORTS.into_iter().filter(|(name, _)| named.is_empty() || named.iter().any(|n| n == name)) {
        timed(name, || {
            assert!(answer(&columns, report, &q, &|_| String::new()).is_ok());
        });
    }
    if !named.is_empty() {
        return Ok(());
    }
    let base = Base::of(&columns, &q).map_err(|e| format!("{e:?}"))?;
    timed("base", || assert!(Base::of(&columns, &q).is_ok()));
    let mut d = Draw(1);
    timed("standing", || assert!(place(&columns, &q, &base, &u128::from(d.below(members as u64)).to_be_bytes()).is_ok()));
    Ok(())
}
