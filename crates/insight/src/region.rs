//! Where purchases go: by the order's region, else the member's. A province is one region however it is
//! written, and is shown as it is written where all write it alike, else by its short name.

use std::collections::HashMap;

use serde::Serialize;
use shuke_columns::{Columns, Kind};
use shuke_kernel::region::short;
use utoipa::ToSchema;

use crate::brief::{Rows, Wants, mark};
use crate::exact::Ratio;
use crate::question::{Coverage, Frame};
use crate::survey::{Member, survey};

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

/// The words of regions, each led to the first word of the same region.
pub(crate) struct Spellings {
    first: Vec<u32>,
}

impl Spellings {
    pub(crate) fn of(columns: &Columns) -> Self {
        let words = columns.words.of(Kind::Region);
        let mut known: HashMap<&str, u32> = HashMap::new();
        let count = u32::try_from(words.len()).unwrap_or(u32::MAX);
        Self { first: (0..count).map(|code| *known.entry(short(words.word(code))).or_insert(code)).collect() }
    }

    /// The one code of a region.
    pub(crate) fn one(&self, code: Option<u32>) -> Option<u32> {
        code.map(|c| self.first.get(c as usize).copied().unwrap_or(c))
    }

    /// The one code of a region by any of its names.
    pub(crate) fn find(&self, columns: &Columns, name: &str) -> Option<u32> {
        let words = columns.words.of(Kind::Region);
        let exact = words.find(name);
        let alike = || (0..self.first.len() as u32).find(|c| short(words.word(*c)) == short(name));
        self.one(exact.or_else(alike))
    }
}

#[derive(Default)]
struct All {
    /// By the one code of each region, behind that of who has none.
    regions: Vec<Sums>,
    /// By the words' codes: those by which purchases came.
    spelt: Vec<bool>,
    mine: Vec<(usize, i64)>,
}

fn at<T: Clone + Default>(of: &mut Vec<T>, place: usize) -> &mut T {
    if place >= of.len() {
        of.resize(place + 1, T::default());
    }
    &mut of[place]
}

fn member(all: &mut All, spellings: &Spellings, Member { bucket, row: member, .. }: Member<'_>, rows: &Rows<'_>) {
    let window = rows.window();
    if window.is_empty() {
        return;
    }
    let All { regions, spelt, mine } = all;
    mine.clear();
    let home = bucket.region.code(member);
    for row in window.filter(|row| rows.is(*row, mark::PURCHASE)) {
        let told = bucket.orders.region.code(rows.order(row)).or(home);
        let region = spellings.one(told).map_or(0, |code| code as usize + 1);
        if let Some(code) = told {
            *at(spelt, code as usize) = true;
        }
        let sums = at(regions, region);
        sums.orders += 1;
        sums.paid += rows.paid(row);
        sums.received += rows.received(row);
        match mine.iter_mut().find(|(r, _)| *r == region) {
            Some((_, n)) => *n += 1,
            None => mine.push((region, 1)),
        }
    }
    if !bucket.nobody {
        for (region, bought) in mine {
            let sums = at(regions, *region);
            sums.buyers += 1;
            sums.repeat += i64::from(*bought > 1);
        }
    }
}

/// The report of these columns.
pub fn region(columns: &Columns, frame: &Frame) -> (Regions, Coverage) {
    let spellings = Spellings::of(columns);
    let (all, coverage) = survey(
        columns,
        frame,
        Wants::Received,
        All::default,
        |all, of, rows| member(all, &spellings, of, rows),
        |a: &mut All, b| {
            b.spelt.into_iter().enumerate().filter(|(_, met)| *met).for_each(|(code, _)| *at(&mut a.spelt, code) = true);
            for (region, sums) in b.regions.into_iter().enumerate() {
                let mine = at(&mut a.regions, region);
                mine.orders += sums.orders;
                mine.buyers += sums.buyers;
                mine.repeat += sums.repeat;
                mine.paid += sums.paid;
                mine.received += sums.received;
            }
        },
    );
    let total = all.regions.iter().map(|s| s.orders).sum();
    let mut words: Vec<Vec<u32>> = vec![Vec::new(); all.regions.len()];
    for code in (0..all.spelt.len() as u32).filter(|code| all.spelt[*code as usize]) {
        if let Some(of) = spellings.one(Some(code)).and_then(|one| words.get_mut(one as usize + 1)) {
            of.push(code);
        }
    }
    let word = |code: u32| columns.words.of(Kind::Region).word(code);
    let shown = |spelt: &[u32]| match spelt {
        [] => None,
        [one] => Some(word(*one).to_owned()),
        [first, ..] => Some(short(word(*first)).to_owned()),
    };
    let met = all.regions.iter().zip(&words).filter(|(s, _)| s.orders > 0);
    let mut rows: Vec<_> = met
        .map(|(s, spelt)| RegionRow {
            region: shown(spelt),
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
