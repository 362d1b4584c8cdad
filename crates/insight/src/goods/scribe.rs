//! Writes a bucket's tally: the lines that its brief tells of are gathered in their order and put in that of their
//! goods.

use shuke_columns::bucket::MEMBERS;
use shuke_columns::digest::Part;
use shuke_columns::{Bucket, Digest};

use super::named::{NONE, SEVERAL, place};
use super::tally::{BOUGHT, DAYS, packed, who};
use crate::brief::{Brief, Reader, Rows, Wants, mark};
use crate::coverage::{Coverage, FIGURES};
use crate::question::Frame;
use crate::replay::Left;

/// The tally of a bucket with this brief; one without parts where it does not fit. Of `frame` neither the window nor
/// the day of reckoning matters. While it is made it takes some forty bytes a line, less than a fifth of what the
/// bucket's rows took before they were laid out.
pub(super) fn write(frame: &Frame, bucket: &Bucket, brief: &Brief) -> Digest {
    Scribe::default().write(&frame.whole(), bucket, brief).unwrap_or_default()
}

/// A line as it stands.
struct Line {
    who: u32,
    money: u32,
    received: u32,
    /// Its row among the bucket's lines, and that of its order.
    row: u32,
    order: u32,
}

/// An order whose lines are gathered.
struct Order<'b> {
    bucket: &'b Bucket,
    row: usize,
    who: u32,
    purchase: bool,
}

#[derive(Default)]
struct Scribe {
    lines: Vec<Line>,
    /// Goods and number of each line, so that they sort so.
    by_goods: Vec<u64>,
    /// By number of the line: amounts that do not fit.
    large: Vec<(u32, [i64; 3])>,
    /// The same: what was given back.
    back: Vec<(u32, [i64; 2])>,
    /// What reports rest on, by day.
    rests: Vec<[i64; FIGURES]>,
}

impl Scribe {
    fn write(mut self, frame: &Frame, bucket: &Bucket, brief: &Brief) -> Option<Digest> {
        if bucket.len() > MEMBERS {
            return None;
        }
        let mut reader = Reader::of(frame, Wants::Paid, bucket, Some(brief));
        for member in 0..bucket.len() {
            // Of whom the brief never says what is asked, nothing is told here either.
            let Some(rows) = reader.settled(member) else { continue };
            for row in rows.window() {
                let day = u32::try_from(i64::from(rows.since(row)) - i64::from(brief.base())).ok().filter(|day| *day < DAYS)?;
                self.rest(day as usize, bucket.nobody, &rows, row);
                if rows.is(row, mark::DEAL) {
                    let order = Order { bucket, row: rows.order(row), who: who(member, day), purchase: rows.is(row, mark::PURCHASE) };
                    self.order(&order, &rows, row)?;
                }
            }
        }
        Some(self.parts(brief.base(), bucket))
    }

    fn rest(&mut self, day: usize, nobody: bool, rows: &Rows<'_>, row: usize) {
        let mut one = Coverage::default();
        one.row(nobody, rows, row);
        if day >= self.rests.len() {
            self.rests.resize(day + 1, [0; FIGURES]);
        }
        self.rests[day].iter_mut().zip(one.cells()).for_each(|(all, one)| *all += one);
    }

    fn order(&mut self, order: &Order<'_>, rows: &Rows<'_>, row: usize) -> Option<()> {
        if rows.is(row, mark::TOUCHED) {
            let mut fits = true;
            rows.left(row, order.bucket, |left| fits &= self.line(order, left).is_some());
            return fits.then_some(());
        }
        let lines = &order.bucket.lines;
        for row in order.bucket.lines_of(order.row) {
            let (quantity, paid, received) = (lines.quantity.value(row), lines.paid.value(row), lines.received.value(row));
            self.line(order, Left { row, quantity, paid, received, live: true })?;
        }
        Some(())
    }

    fn line(&mut self, order: &Order<'_>, left: Left) -> Option<()> {
        let lines = &order.bucket.lines;
        let number = u32::try_from(self.lines.len()).ok()?;
        let amounts = [left.quantity, left.paid, left.received];
        let (money, received) = packed(amounts).unwrap_or_else(|| {
            self.large.push((number, amounts));
            (0, 0)
        });
        let back = [lines.quantity.value(left.row) - left.quantity, lines.paid.value(left.row) - left.paid];
        if back != [0, 0] {
            self.back.push((number, back));
        }
        let counts = order.purchase && left.live;
        let who = if counts { order.who | BOUGHT } else { order.who };
        self.by_goods.push(u64::from(place(lines.sku.code(left.row))) << 32 | u64::from(number));
        self.lines.push(Line { who, money, received, row: u32::try_from(left.row).ok()?, order: u32::try_from(order.row).ok()? });
        Some(())
    }

    fn parts(mut self, base: i32, bucket: &Bucket) -> Digest {
        self.by_goods.sort_unstable();
        let count = self.lines.len();
        let (mut runs, mut spelt) = (Vec::new(), Vec::new());
        let (mut who, mut money, mut received) = (Vec::with_capacity(count), Vec::with_capacity(count), Vec::with_capacity(count));
        // Where each line comes to stand, by its number.
        let mut stands = vec![0_u32; count];
        let number = |key: &u64| *key as u32 as usize;
        for run in self.by_goods.chunk_by(|a, b| *a >> 32 == *b >> 32) {
            // The order that was counted last: each counts once.
            let mut last = None;
            for number in run.iter().map(number) {
                let line = &self.lines[number];
                stands[number] = who.len() as u32;
                let counts = line.who & BOUGHT != 0;
                who.push(if counts && last == Some(line.order) { line.who & !BOUGHT } else { line.who });
                last = if counts { Some(line.order) } else { last };
                money.push(line.money);
                received.push(line.received);
            }
            let place = (run[0] >> 32) as u32;
            let words = |key: &u64| {
                let row = self.lines[number(key)].row as usize;
                [bucket.lines.name.code(row).unwrap_or(NONE), bucket.lines.category.code(row).unwrap_or(NONE)]
            };
            let [name, category] = match words(&run[0]) {
                // What has no code is called nothing.
                _ if place == 0 => [NONE; 2],
                first if run.iter().all(|key| words(key) == first) => first,
                _ => {
                    spelt.extend(run.iter().flat_map(words));
                    [SEVERAL; 2]
                }
            };
            runs.extend([place, who.len() as u32, name, category]);
        }
        self.large.iter_mut().for_each(|(line, _)| *line = stands[*line as usize]);
        self.large.sort_unstable_by_key(|(line, _)| *line);
        self.back.iter_mut().for_each(|(line, _)| *line = stands[*line as usize]);
        self.back.sort_unstable_by_key(|(line, _)| *line);
        let (large, amounts): (Vec<u32>, Vec<[i64; 3]>) = self.large.into_iter().unzip();
        let (back, given): (Vec<u32>, Vec<[i64; 2]>) = self.back.into_iter().unzip();
        let changes = || self.rests.iter().enumerate().filter(|(_, change)| change.iter().any(|n| *n != 0));
        let days: Vec<u16> = changes().map(|(day, _)| day as u16).collect();
        let changes: Vec<i64> = changes().flat_map(|(_, change)| *change).collect();
        let parts: Vec<Part> = vec![
            vec![base as u32].into(),
            runs.into(),
            who.into(),
            money.into(),
            received.into(),
            large.into(),
            amounts.into_flattened().into(),
            back.into(),
            given.into_flattened().into(),
            spelt.into(),
            days.into(),
            changes.into(),
        ];
        Digest::of(parts)
    }
}
