//! What is owed in points at the end of a month, by the month of lots: opening + issued − redeemed − expired − reversed = closing.
//!
//! Owed is what is free to spend and what a hold has set aside. What was earned on orders that are not final is told apart:
//! it may still be taken back whole.

use std::collections::BTreeMap;

use shuke_kernel::{Ctx, Result};
use shuke_loyalty::Account;
use shuke_store::Tx;

use super::cells::{self, Cell, narrow};
use crate::book::post;
use crate::definition::{Programme, service};

/// What lots of one month come to in a month of booking.
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug)]
pub struct Line {
    /// The month in which the lots were made, as 202611; 0 for what lies in no lot.
    pub lot_month: i64,
    /// What was owed before.
    pub opening: i64,
    /// What became free to spend.
    pub issued: i64,
    /// What was spent, less what was given back.
    pub redeemed: i64,
    /// What ended unspent.
    pub expired: i64,
    /// What was taken back.
    pub reversed: i64,
}

impl Line {
    fn of(lot_month: i64, opening: i128, cell: &Cell) -> Self {
        let [issued, redeemed, expired, reversed] = [cell.issued, cell.redeemed, cell.expired, cell.reversed].map(narrow);
        Self { lot_month, opening: narrow(opening), issued, redeemed, expired, reversed }
    }

    /// What is owed after.
    pub fn closing(&self) -> i64 {
        self.opening + self.issued - self.redeemed - self.expired - self.reversed
    }
}

/// What a programme owes in points.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Liability {
    /// The month of booking.
    pub month: i64,
    /// Whether nothing is booked into it any more.
    pub closed: bool,
    /// The first month with entries, whichever is asked about.
    pub books_from: Option<i64>,
    /// By month of lots.
    pub lines: Vec<Line>,
    /// Of what is owed: free to spend, in lots.
    pub available: i64,
    /// Of what is owed: set aside by holds.
    pub frozen: i64,
    /// Taken off what is owed: what members owe, because it was taken back after they spent it.
    pub debt: i64,
    /// Not owed yet: earned on orders that were not final at its end.
    pub pending: i64,
}

impl Liability {
    /// All lines together.
    pub fn totals(&self) -> Line {
        self.lines.iter().fold(Line::default(), |sum, l| Line {
            lot_month: 0,
            opening: sum.opening + l.opening,
            issued: sum.issued + l.issued,
            redeemed: sum.redeemed + l.redeemed,
            expired: sum.expired + l.expired,
            reversed: sum.reversed + l.reversed,
        })
    }
}

/// What is owed in points at the end of a month, the present one unless named.
pub fn liability(tx: &mut Tx<'_>, cx: &Ctx, programme: &Programme, month: Option<i64>) -> Result<Liability> {
    let rules = service::rules(tx, cx.merchant, programme)?;
    let zone = &rules.first().zone;
    let month = month.unwrap_or_else(|| post::month(zone, cx.now));
    let (mut opening, mut within): (BTreeMap<i64, i128>, BTreeMap<i64, Cell>) = (BTreeMap::new(), BTreeMap::new());
    let mut held = [0_i128; 8];
    let mut in_no_lot = 0_i128;
    for (booked, moves) in cells::by_month(tx, cx, programme, zone, month)? {
        for ((lot, from, to), amount) in moves {
            held[from as usize] -= amount;
            held[to as usize] += amount;
            if lot == 0 {
                in_no_lot += amount * (i128::from(to == Account::Available) - i128::from(from == Account::Available));
            }
            let mut cell = Cell::default();
            cell.add(from, to, amount);
            if booked < month {
                *opening.entry(lot).or_default() += cell.change();
            } else {
                within.entry(lot).or_default().add(from, to, amount);
            }
        }
    }
    let lots: std::collections::BTreeSet<i64> = opening.keys().chain(within.keys()).copied().collect();
    let lines = lots.into_iter().map(|lot| {
        let cell = within.get(&lot).copied().unwrap_or_default();
        Line::of(lot, opening.get(&lot).copied().unwrap_or_default(), &cell)
    });
    let lines: Vec<Line> = lines.filter(|l| *l != Line { lot_month: l.lot_month, ..Line::default() }).collect();
    Ok(Liability {
        month,
        closed: cells::closed(zone, month, cx.now),
        books_from: cells::books_from(tx, cx, programme, zone)?,
        lines,
        available: narrow(held[Account::Available as usize] - in_no_lot),
        frozen: narrow(held[Account::Frozen as usize]),
        debt: narrow(-in_no_lot),
        pending: narrow(held[Account::Pending as usize]),
    })
}
