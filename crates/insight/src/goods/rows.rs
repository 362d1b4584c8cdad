//! Goods added up: by the tallies of buckets, and by the rows of members of whom those do not say what is asked.

use std::ops::Range;

use shuke_columns::{Bucket, Columns};

use super::named::{self, Last, NONE, Open, Said, What, keep_later, look_up};
use super::tally::{self, Skipped, Sold, Tally};
use crate::brief::{self, Brief, Reader, Rows, Wants, mark};
use crate::question::{Coverage, Frame};
use crate::replay::Left;
use crate::survey::{Member, members};

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

/// Lines' columns as plain numbers, some rows ahead.
#[derive(Default)]
struct Flat {
    /// One more than the place of the bucket whose rows they are; nought at first.
    next: usize,
    /// So many rows are laid out at least where there are as many.
    ahead: usize,
    start: usize,
    sku: Vec<u32>,
    quantity: Vec<i64>,
    paid: Vec<i64>,
    received: Vec<i64>,
}

/// Rows that are laid out at a time.
const AHEAD: usize = 512;
/// The same where few members are read, here and there: about as many as one has.
const FEW: usize = 16;

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
        let rows = rows.start..rows.end.max(lines.sku.len().min(rows.start + self.ahead));
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
pub(super) struct All {
    sums: Vec<Sums>,
    told: Vec<Told>,
    /// Lines of that day on may tell a later name or category.
    latest: Vec<i32>,
    /// What tallies say.
    sold: Vec<Sold>,
    /// Orders looked at so far.
    orders: u32,
    flat: Flat,
    skipped: Skipped,
    /// The tallies that were read, with the briefs that they follow from, by the places of their buckets.
    read: Vec<(usize, (Brief, Tally))>,
}

/// What goods come to.
pub(super) struct Figures {
    pub orders: i64,
    pub buyers: i64,
    pub units: i64,
    pub paid: i64,
    pub received: i64,
    pub refunded_units: i64,
    pub refunded_paid: i64,
}

/// The place of goods in [`All`], by their code or [`NONE`].
#[inline]
fn place(sku: u32) -> usize {
    sku.wrapping_add(1) as usize
}

impl All {
    /// Of so many goods, and more if there are.
    pub fn of(skus: usize) -> Self {
        let mut all = Self {
            sums: Vec::new(),
            told: Vec::new(),
            latest: Vec::new(),
            sold: Vec::new(),
            orders: 0,
            flat: Flat::default(),
            skipped: Skipped::default(),
            read: Vec::new(),
        };
        all.grow(skus);
        all
    }

    #[cold]
    fn grow(&mut self, at: usize) {
        self.sums.resize(at + 1, Sums::default());
        self.told.resize(at + 1, Told::default());
        self.latest.resize(at + 1, i32::MIN);
        self.sold.resize(at + 1, Sold::default());
    }

    /// How many places there are.
    pub fn len(&self) -> usize {
        self.sums.len()
    }

    /// Whether goods were sold or given back.
    pub fn is_met(&self, at: usize) -> bool {
        self.told[at].is_met || self.sold[at].is_met
    }

    /// What goods come to.
    pub fn figures(&self, at: usize) -> Figures {
        let (sums, told, sold) = (&self.sums[at], &self.told[at], &self.sold[at]);
        Figures {
            orders: i64::from(sums.orders) + told.orders + sold.orders,
            buyers: i64::from(sums.buyers) + told.buyers + sold.buyers,
            units: i64::from(sums.units) + told.units + sold.units,
            paid: sums.paid + sold.paid,
            received: sums.received + sold.received,
            refunded_units: told.refunded_units + sold.refunded_units,
            refunded_paid: told.refunded_paid + sold.refunded_paid,
        }
    }

    /// Takes a bucket in: by its tally where there is one, else member by member.
    pub fn bucket(&mut self, columns: &Columns, frame: &Frame, (place, bucket): (usize, &Bucket), coverage: &mut Coverage) {
        let brief = brief::of(columns, place, frame);
        let tally = brief.as_ref().and_then(|brief| tally::of(columns, place, frame, brief));
        match (brief, tally) {
            (Some(brief), Some(tally)) => {
                self.flat.ahead = FEW;
                self.tally(columns, frame, (place, bucket), (&brief, &tally), coverage);
                self.read.push((place, (brief, tally)));
            }
            (brief, _) => {
                self.flat.ahead = AHEAD;
                members(frame, Wants::Paid, (place, bucket), brief.as_ref(), coverage, |of, rows| self.member(columns, frame, of, rows));
            }
        }
    }

    /// Takes a bucket in by its tally. What that says of members whose rows say something else is taken off, and
    /// those are read.
    fn tally(
        &mut self,
        columns: &Columns,
        frame: &Frame,
        (place, bucket): (usize, &Bucket),
        (brief, tally): (&Brief, &Tally),
        coverage: &mut Coverage,
    ) {
        let window = tally.window(frame);
        coverage.join(&tally.rests(window));
        self.skipped.clear();
        let mut reader = Reader::of_few(frame, Wants::Paid, bucket, brief);
        for row in 0..bucket.len() {
            let shows = bucket.shows(row);
            if shows && reader.is_settled(row) {
                continue;
            }
            self.skipped.add(row);
            if let Some(rows) = reader.settled(row) {
                let mut told = Coverage::default();
                told.rows(frame, bucket.nobody, &rows);
                coverage.leave(&told);
            }
            if shows {
                let rows = reader.member(row);
                coverage.rows(frame, bucket.nobody, &rows);
                self.member(columns, frame, Member { bucket, place, row }, &rows);
            }
        }
        if tally.end() > self.len() {
            self.grow(tally.end() - 1);
        }
        tally.add(window, &self.skipped, bucket.nobody, &mut self.sold);
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

    /// Takes in what another thread read.
    pub fn join(&mut self, columns: &Columns, other: Self) {
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
        self.sold.iter_mut().zip(&other.sold).for_each(|(mine, theirs)| mine.join(theirs));
        self.read.extend(other.read);
    }

    /// What the goods at these places were called last, and the category that they are in: by the product list, else
    /// by their last line.
    pub fn called(&self, columns: &Columns, frame: &Frame, places: &[usize]) -> Vec<[Option<u32>; 2]> {
        let (mut called, mut open) = (vec![[None; 2]; places.len()], Vec::new());
        for (i, at) in places.iter().enumerate() {
            let (told, sold) = (&self.told[*at], &self.sold[*at]);
            let listed = columns.goods.category(*at as u32 - 1).filter(|_| sold.is_met);
            let category = match listed {
                Some(code) => Said::Known(Some(code)),
                None => named::said(told.category, sold.category),
            };
            for (what, said) in [(What::Name, named::said(told.name, sold.name)), (What::Category, category)] {
                match said {
                    Said::Known(code) => called[i][what as usize] = code,
                    Said::Open(day) => open.push((i, Open { place: *at as u32, day, what })),
                }
            }
        }
        if open.is_empty() {
            return called;
        }
        let mut read: Vec<Option<&(Brief, Tally)>> = vec![None; columns.buckets.len()];
        self.read.iter().for_each(|(place, both)| read[*place] = Some(both));
        let asked: Vec<Open> = open.iter().map(|(_, open)| *open).collect();
        for ((i, Open { place, what, .. }), mut last) in open.into_iter().zip(look_up(columns, frame, &read, &asked)) {
            let told = &self.told[place as usize];
            let exact = if what == What::Name { told.name } else { told.category };
            if let Some(exact) = exact {
                keep_later(columns, &mut last, exact);
            }
            called[i][what as usize] = last.map(|last| last.code);
        }
        called
    }
}
