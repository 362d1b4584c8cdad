//! Rows of a slice as plain numbers, some ahead, so that a loop over members need not ask row by row how a
//! column is kept.

use std::ops::Range;

use super::bands;
use super::tables::{Acts, Cells, Lines, Orders};

/// Rows that are laid out at a time: they stay in the nearest cache.
const AHEAD: usize = 512;
/// No code.
pub(super) const NONE: u32 = u32::MAX;
/// No band.
pub(super) const UNTOLD: u8 = u8::MAX;

/// Which rows are laid out.
#[derive(Default)]
struct Laid {
    start: usize,
    end: usize,
}

impl Laid {
    /// The rows to lay out so that these are, of so many that there are; none where they are.
    #[inline]
    fn next(&mut self, rows: &Range<usize>, all: usize) -> Option<Range<usize>> {
        if rows.start >= self.start && rows.end <= self.end {
            return None;
        }
        (self.start, self.end) = (rows.start, rows.end.max(all.min(rows.start + AHEAD)));
        Some(self.start..self.end)
    }

    #[inline]
    fn places(&self, rows: &Range<usize>) -> Range<usize> {
        rows.start - self.start..rows.end - self.start
    }
}

fn numbers(of: Cells<'_>, rows: &Range<usize>, into: &mut Vec<i64>) {
    into.clear();
    match of.column() {
        Some(column) => column.numbers_or(rows.clone(), 0, into),
        None => into.resize(rows.len(), 0),
    }
}

fn codes(of: Cells<'_>, rows: &Range<usize>, into: &mut Vec<u32>) {
    into.clear();
    match of.column() {
        Some(column) => column.codes(rows.clone(), NONE, into),
        None => into.resize(rows.len(), NONE),
    }
}

/// Lines of orders.
#[derive(Default)]
pub(super) struct LinesAhead {
    laid: Laid,
    meant: Vec<u8>,
    amount: Vec<i64>,
    refunded: Vec<i64>,
    qty: Vec<i64>,
    category: Vec<u32>,
    /// What a piece cost, as the bit of a class; none where that is not known.
    price: Vec<u8>,
}

/// A member's lines.
pub(super) struct LineRows<'a> {
    pub meant: &'a [u8],
    pub amount: &'a [i64],
    pub refunded: &'a [i64],
    pub category: &'a [u32],
    pub price: &'a [u8],
}

impl LinesAhead {
    #[inline]
    pub fn rows(&mut self, lines: &Lines<'_>, rows: Range<usize>) -> LineRows<'_> {
        if let Some(all) = self.laid.next(&rows, lines.meant.rows()) {
            self.lay_out(lines, &all);
        }
        let at = self.laid.places(&rows);
        LineRows {
            meant: &self.meant[at.clone()],
            amount: &self.amount[at.clone()],
            refunded: &self.refunded[at.clone()],
            category: &self.category[at.clone()],
            price: &self.price[at],
        }
    }

    fn lay_out(&mut self, lines: &Lines<'_>, rows: &Range<usize>) {
        lines.meant.lay_out(rows, &mut self.meant);
        numbers(lines.amount, rows, &mut self.amount);
        numbers(lines.refunded, rows, &mut self.refunded);
        numbers(lines.qty, rows, &mut self.qty);
        codes(lines.category, rows, &mut self.category);
        self.price.clear();
        let narrow = lines.amount.is_narrow() && lines.qty.is_narrow();
        let known = lines.amount.is_all_known();
        for (at, (amount, qty)) in self.amount.iter().zip(&self.qty).enumerate() {
            let class = if narrow {
                // A class costs at most so little that the products fit.
                let (amount, qty) = (amount * qty.signum(), qty.abs());
                bands::PRICES.iter().map(|cut| u8::from(amount >= cut * qty)).sum::<u8>()
            } else {
                let (amount, qty) = (i128::from(*amount) * i128::from(qty.signum()), i128::from(*qty).abs());
                bands::PRICES.iter().map(|cut| u8::from(amount >= i128::from(*cut) * qty)).sum::<u8>()
            };
            let is_known = *qty != 0 && (known || lines.amount.get(rows.start + at).is_some());
            self.price.push(u8::from(is_known) << class);
        }
    }
}

/// Orders.
#[derive(Default)]
pub(super) struct OrdersAhead {
    laid: Laid,
    meant: Vec<u8>,
    platform: Vec<u32>,
    shop: Vec<u32>,
    weather: Vec<u32>,
    temperature: Vec<u8>,
    paid: Vec<i64>,
    net: Vec<i64>,
    discount: Vec<i64>,
    time: Vec<i64>,
}

/// A member's orders.
pub(super) struct OrderRows<'a> {
    pub meant: &'a [u8],
    pub platform: &'a [u32],
    pub shop: &'a [u32],
    pub weather: &'a [u32],
    /// The band in which the day's highest temperature lies.
    pub temperature: &'a [u8],
    pub paid: &'a [i64],
    pub net: &'a [i64],
    pub discount: &'a [i64],
    pub time: &'a [i64],
}

impl OrdersAhead {
    #[inline]
    pub fn rows(&mut self, orders: &Orders<'_>, rows: Range<usize>) -> OrderRows<'_> {
        if let Some(all) = self.laid.next(&rows, orders.meant.rows()) {
            self.lay_out(orders, &all);
        }
        let at = self.laid.places(&rows);
        OrderRows {
            meant: &self.meant[at.clone()],
            platform: &self.platform[at.clone()],
            shop: &self.shop[at.clone()],
            weather: &self.weather[at.clone()],
            temperature: &self.temperature[at.clone()],
            paid: &self.paid[at.clone()],
            net: &self.net[at.clone()],
            discount: &self.discount[at.clone()],
            time: &self.time[at],
        }
    }

    fn lay_out(&mut self, orders: &Orders<'_>, rows: &Range<usize>) {
        orders.meant.lay_out(rows, &mut self.meant);
        codes(orders.platform, rows, &mut self.platform);
        codes(orders.shop, rows, &mut self.shop);
        codes(orders.weather, rows, &mut self.weather);
        let band = |degrees: i64| bands::place(bands::TEMPERATURES, |cut| degrees >= cut) as u8;
        self.temperature.clear();
        self.temperature.extend(rows.clone().map(|row| orders.temperature.get(row).map_or(UNTOLD, band)));
        numbers(orders.paid, rows, &mut self.paid);
        numbers(orders.net, rows, &mut self.net);
        numbers(orders.discount, rows, &mut self.discount);
        self.time.clear();
        orders.time.numbers(rows.clone(), &mut self.time);
    }
}

/// Acts.
#[derive(Default)]
pub(super) struct ActsAhead {
    laid: Laid,
    /// Which of those that are counted, from 1 on.
    which: Vec<u8>,
    kind: Vec<u32>,
    time: Vec<i64>,
}

impl ActsAhead {
    /// Which of those that are counted each act of these rows is, from 1 on; nought: none.
    #[inline]
    pub fn rows(&mut self, acts: &Acts<'_>, rows: Range<usize>) -> &[u8] {
        if let Some(all) = self.laid.next(&rows, acts.time.len()) {
            self.lay_out(acts, &all);
        }
        &self.which[self.laid.places(&rows)]
    }

    fn lay_out(&mut self, acts: &Acts<'_>, rows: &Range<usize>) {
        let (from, to) = acts.span;
        self.kind.clear();
        acts.kind.codes(rows.clone(), NONE, &mut self.kind);
        self.time.clear();
        acts.time.numbers(rows.clone(), &mut self.time);
        let known = acts.time.all_known();
        // No act has the code of a word that there is not.
        let [cart, favourite, view] = acts.codes.map(|code| code.filter(|c| *c != NONE));
        self.which.clear();
        self.which.extend(self.kind.iter().zip(&self.time).enumerate().map(|(at, (kind, time))| {
            let inside = *time >= from && *time < to && (known || acts.time.is_known(rows.start + at));
            let is = |code: Option<u32>, which: u8| u8::from(code == Some(*kind)) * which;
            u8::from(inside) * (is(cart, 1) + is(favourite, 2) + is(view, 3))
        }));
    }
}
