//! Where purchases go: by the order's region, else the member's.

use std::collections::HashMap;

use serde::Serialize;
use shuke_columns::{Bucket, Columns, Kind};
use utoipa::ToSchema;

use crate::exact::Ratio;
use crate::question::{Coverage, Frame};
use crate::replay::Replay;
use crate::survey::survey;

/// The report.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Regions {
    /// By net paid, the most first; what has no region last.
    pub rows: Vec<RegionRow>,
}

/// A region.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct RegionRow {
    /// Its name; `null` where neither order nor member has one.
    pub region: Option<String>,
    /// Purchases.
    pub orders: i64,
    /// Their share of all.
    pub share: Ratio,
    /// Members with one.
    pub buyers: i64,
    /// Those with two or more here, among them.
    pub repurchase_rate: Ratio,
    /// Net paid, minor units.
    pub paid: i64,
    /// Net received, minor units.
    pub received: i64,
}

#[derive(Clone, Copy, Default)]
struct Sums {
    orders: i64,
    buyers: i64,
    repeat: i64,
    paid: i64,
    received: i64,
}

type All = (HashMap<Option<u32>, Sums>, Vec<(Option<u32>, i64)>);

fn member(all: &mut All, frame: &Frame, bucket: &Bucket, member: usize, replay: &Replay) {
    let (regions, mine) = all;
    mine.clear();
    let home = bucket.region.code(member);
    for deal in replay.deals.iter().filter(|d| d.purchase && frame.within(d.time)) {
        let region = bucket.orders.region.code(deal.row).or(home);
        let sums = regions.entry(region).or_default();
        sums.orders += 1;
        sums.paid += deal.paid;
        sums.received += deal.received;
        match mine.iter_mut().find(|(r, _)| *r == region) {
            Some((_, n)) => *n += 1,
            None => mine.push((region, 1)),
        }
    }
    if !bucket.nobody {
        for (region, bought) in mine {
            let sums = regions.entry(*region).or_default();
            sums.buyers += 1;
            sums.repeat += i64::from(*bought > 1);
        }
    }
}

/// The report of these columns.
pub fn region(columns: &Columns, frame: &Frame) -> (Regions, Coverage) {
    let ((all, _), coverage) = survey(
        columns,
        frame,
        All::default,
        |all, bucket, m, replay| member(all, frame, bucket, m, replay),
        |a: &mut All, b| {
            for (region, sums) in b.0 {
                let mine = a.0.entry(region).or_default();
                mine.orders += sums.orders;
                mine.buyers += sums.buyers;
                mine.repeat += sums.repeat;
                mine.paid += sums.paid;
                mine.received += sums.received;
            }
        },
    );
    let total = all.values().map(|s| s.orders).sum();
    let words = columns.words.of(Kind::Region);
    let mut rows: Vec<_> = all
        .into_iter()
        .map(|(region, s)| RegionRow {
            region: region.map(|code| words.word(code).to_owned()),
            orders: s.orders,
            share: Ratio::of(s.orders, total),
            buyers: s.buyers,
            repurchase_rate: Ratio::of(s.repeat, s.buyers),
            paid: s.paid,
            received: s.received,
        })
        .collect();
    rows.sort_by(|a, b| a.region.is_none().cmp(&b.region.is_none()).then(b.paid.cmp(&a.paid)).then_with(|| a.region.cmp(&b.region)));
    (Regions { rows }, coverage)
}
