//! A bucket's tally: its lines put in the order of their goods, as they stand once all is known; some fourteen
//! bytes a line, kept beside the bucket. Goods are added up line after line by it, instead of here and there in
//! memory.
//!
//! Windows are cut by days, so a line tells its day; a member's lines of goods lie together, so that buyers are
//! counted where the member changes. Whom a newer bucket holds, and whose rows say something else by the day of
//! reckoning, is skipped by a bit. Whoever has refunds of no known order is not told of. A tally follows from the
//! bucket's brief and its lines.

use std::sync::Arc;

use shuke_columns::bucket::MEMBERS;
use shuke_columns::{Columns, Digest};

use super::named::{Held, SEVERAL};
use super::scribe;
use crate::brief::{self, Brief};
use crate::coverage::{Coverage, FIGURES};
use crate::question::Frame;

/// Its kind, with the number of its layout.
pub(super) const KIND: &str = "tally 1";

/// The places of a tally's parts.
pub(super) mod part {
    /// The day from which days are counted.
    pub const BASE: usize = 0;
    /// Goods by place, ascending: where their lines end, and title and category of all of these.
    pub const RUNS: usize = 1;
    /// Member, day and whether it counts as bought, of each line.
    pub const WHO: usize = 2;
    /// Paid, and pieces in the low bits.
    pub const MONEY: usize = 3;
    /// Received.
    pub const RECEIVED: usize = 4;
    /// The lines that do not fit so and have noughts there, ascending.
    pub const LARGE: usize = 5;
    /// Pieces, paid and received of each.
    pub const AMOUNTS: usize = 6;
    /// The lines of which something was given back, ascending.
    pub const BACK: usize = 7;
    /// Pieces and money of each.
    pub const GIVEN: usize = 8;
    /// Title and category of each line of goods that have several.
    pub const SPELT: usize = 9;
    /// Days on which what reports rest on changes.
    pub const RESTS: usize = 10;
    /// By how much.
    pub const CHANGES: usize = 11;
}

/// Of a line: it is the first of its order, of these goods, that counts as bought.
pub(super) const BOUGHT: u32 = 1 << 31;
/// Days that can be counted.
pub(super) const DAYS: u32 = 1 << 15;
/// Bits of the pieces.
const PIECES: u32 = 6;

/// Whose a line is, and of what day.
pub(super) fn who(member: usize, day: u32) -> u32 {
    day << 16 | member as u32
}

#[inline]
fn day_of(who: u32) -> u32 {
    who >> 16 & (DAYS - 1)
}

#[inline]
fn member_of(who: u32) -> usize {
    (who & 0xFFFF) as usize
}

/// Pieces, paid and received as two numbers; `None` where they do not fit.
pub(super) fn packed([pieces, paid, received]: [i64; 3]) -> Option<(u32, u32)> {
    let below = |n: i64, bits: u32| u32::try_from(n).ok().filter(|n| n >> bits == 0);
    Some((below(paid, u32::BITS - PIECES)? << PIECES | below(pieces, PIECES)?, u32::try_from(received).ok()?))
}

/// The days of a window, as a tally counts them.
#[derive(Clone, Copy)]
pub(super) struct Window {
    first: u32,
    days: u32,
}

impl Window {
    #[inline]
    fn has(self, day: u32) -> bool {
        day.wrapping_sub(self.first) < self.days
    }
}

/// Members of a bucket whose lines are not to be counted, a bit each.
pub(super) struct Skipped {
    any: bool,
    bits: Box<[u64; MEMBERS / 64]>,
}

impl Default for Skipped {
    fn default() -> Self {
        Self { any: false, bits: Box::new([0; MEMBERS / 64]) }
    }
}

impl Skipped {
    /// Nobody.
    pub fn clear(&mut self) {
        if self.any {
            self.bits.fill(0);
            self.any = false;
        }
    }

    /// That member too.
    pub fn add(&mut self, member: usize) {
        self.any = true;
        self.bits[member / 64] |= 1 << (member % 64);
    }

    #[inline]
    fn has(&self, who: u32) -> bool {
        let member = member_of(who);
        self.bits[member / 64] >> (member % 64) & 1 == 1
    }
}

/// What tallies say of goods.
#[derive(Clone, Copy, Default)]
pub(super) struct Sold {
    /// Whether there was a line.
    pub is_met: bool,
    pub units: i64,
    pub paid: i64,
    pub received: i64,
    pub orders: i64,
    pub buyers: i64,
    pub refunded_units: i64,
    pub refunded_paid: i64,
    pub name: Held,
    /// The one that orders told.
    pub category: Held,
}

impl Sold {
    /// Takes in what others say.
    pub fn join(&mut self, other: &Self) {
        self.is_met |= other.is_met;
        self.units += other.units;
        self.paid += other.paid;
        self.received += other.received;
        self.orders += other.orders;
        self.buyers += other.buyers;
        self.refunded_units += other.refunded_units;
        self.refunded_paid += other.refunded_paid;
        self.name.join(other.name);
        self.category.join(other.category);
    }
}

/// Lines added up.
#[derive(Default)]
struct Sums {
    units: u64,
    paid: u64,
    received: u64,
    orders: u32,
    buyers: u32,
    /// One more than the latest day; nought where no line counts.
    latest: u32,
}

impl Sums {
    /// Of lines of goods, those of the window. Nothing in it has to be guessed: every line is read, and one that
    /// does not count comes to nothing.
    #[inline]
    fn of<const SKIPS: bool>(window: Window, skipped: &Skipped, [who, money, received]: [&[u32]; 3]) -> Self {
        let mut sums = Self::default();
        let mut buyer = u32::MAX;
        for ((who, money), received) in who.iter().zip(money).zip(received) {
            let counts = window.has(day_of(*who)) & !(SKIPS && skipped.has(*who));
            let mask = u32::from(counts).wrapping_neg();
            sums.units += u64::from(money & mask & ((1 << PIECES) - 1));
            sums.paid += u64::from((money & mask) >> PIECES);
            sums.received += u64::from(received & mask);
            let (bought, member) = ((who & mask) >> 31, who & 0xFFFF);
            sums.orders += bought;
            sums.buyers += bought & u32::from(member != buyer);
            buyer = if bought == 1 { member } else { buyer };
            sums.latest = sums.latest.max((day_of(*who) + 1) & mask);
        }
        sums
    }
}

/// A bucket's tally.
pub(super) struct Tally(Arc<Digest>);

/// The tally of the bucket at this place, which has this brief, written if it is not there; `None` where none is
/// kept.
pub(super) fn of(columns: &Columns, place: usize, frame: &Frame, brief: &Brief) -> Option<Tally> {
    match columns.digest(place, &brief::key(KIND, frame), |bucket| scribe::write(frame, bucket, brief)) {
        Ok(digest) => digest.filter(|digest| !digest.is_empty()).map(Tally),
        Err(e) => {
            tracing::warn!(error = %e, "a tally cannot be kept; the rows are read");
            None
        }
    }
}

impl Tally {
    fn base(&self) -> i32 {
        self.0.u32s(part::BASE).first().map_or(0, |day| *day as i32)
    }

    fn runs(&self) -> &[[u32; 4]] {
        self.0.u32s(part::RUNS).as_chunks::<4>().0
    }

    /// The window of a question.
    pub fn window(&self, frame: &Frame) -> Window {
        let counted = |day: i32| (i64::from(day) - i64::from(self.base())).clamp(0, i64::from(DAYS)) as u32;
        let first = counted(frame.from_day);
        Window { first, days: counted(frame.to_day).saturating_sub(first) }
    }

    /// The place behind that of its last goods.
    pub fn end(&self) -> usize {
        self.runs().last().map_or(0, |[place, ..]| *place as usize + 1)
    }

    /// What reports about a window rest on, of all whom it tells of.
    pub fn rests(&self, window: Window) -> Coverage {
        let (days, changes) = (self.0.u16s(part::RESTS), self.0.i64s(part::CHANGES).as_chunks::<FIGURES>().0);
        let meant = days.iter().zip(changes).filter(|(day, _)| window.has(u32::from(**day)));
        Coverage::of_cells(meant.fold([0; FIGURES], |sum, (_, change)| std::array::from_fn(|i| sum[i] + change[i])))
    }

    /// Adds what was sold in a window to goods by their places. `nobody`: there are no buyers.
    pub fn add(&self, window: Window, skipped: &Skipped, nobody: bool, sold: &mut [Sold]) {
        if skipped.any { self.sum::<true>(window, skipped, nobody, sold) } else { self.sum::<false>(window, skipped, nobody, sold) }
    }

    fn sum<const SKIPS: bool>(&self, window: Window, skipped: &Skipped, nobody: bool, sold: &mut [Sold]) {
        let (of, base): (&Digest, i32) = (&self.0, self.base());
        let parts = [of.u32s(part::WHO), of.u32s(part::MONEY), of.u32s(part::RECEIVED)];
        let who = parts[0];
        let (large, amounts) = (of.u32s(part::LARGE), of.i64s(part::AMOUNTS).as_chunks::<3>().0);
        let (back, given) = (of.u32s(part::BACK), of.i64s(part::GIVEN).as_chunks::<2>().0);
        let spelt = of.u32s(part::SPELT).as_chunks::<2>().0;
        let counts = |line: usize| window.has(day_of(who[line])) && !(SKIPS && skipped.has(who[line]));
        let (mut begin, mut next_large, mut next_back, mut next_spelt) = (0, 0, 0, 0);
        for [place, end, name, category] in self.runs() {
            let lines = begin..*end as usize;
            begin = lines.end;
            let sums = Sums::of::<SKIPS>(window, skipped, parts.map(|part| &part[lines.clone()]));
            let goods = &mut sold[*place as usize];
            goods.units += sums.units as i64;
            goods.paid += sums.paid as i64;
            goods.received += sums.received as i64;
            goods.orders += i64::from(sums.orders);
            goods.buyers += if nobody { 0 } else { i64::from(sums.buyers) };
            while let Some(line) = large.get(next_large).map(|line| *line as usize).filter(|line| *line < lines.end) {
                if counts(line) {
                    let [units, paid, received] = amounts[next_large];
                    goods.units += units;
                    goods.paid += paid;
                    goods.received += received;
                }
                next_large += 1;
            }
            while let Some(line) = back.get(next_back).map(|line| *line as usize).filter(|line| *line < lines.end) {
                if counts(line) {
                    let [units, paid] = given[next_back];
                    goods.refunded_units += units;
                    goods.refunded_paid += paid;
                }
                next_back += 1;
            }
            let has_several = *name == SEVERAL;
            if sums.latest > 0 {
                goods.is_met = true;
                if has_several {
                    let words = lines.clone().zip(&spelt[next_spelt..]).filter(|(line, _)| counts(*line));
                    for (line, [name, category]) in words {
                        let day = base + day_of(who[line]) as i32;
                        goods.name.tell(day, *name);
                        goods.category.tell(day, *category);
                    }
                } else {
                    let day = base + sums.latest as i32 - 1;
                    goods.name.tell(day, *name);
                    goods.category.tell(day, *category);
                }
            }
            next_spelt += if has_several { lines.len() } else { 0 };
        }
    }

    /// Hands on the members with lines of goods on a day, each once or more often.
    pub fn each_on(&self, place: u32, day: i32, mut each: impl FnMut(usize)) {
        let runs = self.runs();
        let Ok(at) = runs.binary_search_by_key(&place, |[place, ..]| *place) else { return };
        let begin = at.checked_sub(1).map_or(0, |before| runs[before][1] as usize);
        let day = i64::from(day) - i64::from(self.base());
        let lines = &self.0.u32s(part::WHO)[begin..runs[at][1] as usize];
        lines.iter().filter(|who| i64::from(day_of(**who)) == day).for_each(|who| each(member_of(*who)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_that_do_not_fit_are_told_apart() {
        for (amounts, fits) in [
            ([0, 0, 0], true),
            ([63, (1 << 26) - 1, i64::from(u32::MAX)], true),
            ([64, 0, 0], false),
            ([0, 1 << 26, 0], false),
            ([0, 0, 1 << 32], false),
            ([-1, 0, 0], false),
            ([0, -1, 0], false),
            ([0, 0, -1], false),
        ] {
            let unpacked =
                packed(amounts).map(|(money, received)| [i64::from(money & 63), i64::from(money >> PIECES), i64::from(received)]);
            assert_eq!(unpacked, fits.then_some(amounts), "{amounts:?}");
        }
    }

    #[test]
    fn lines_are_added_up_by_day_and_member() {
        let bought = |member: usize, day: u32| who(member, day) | BOUGHT;
        // A line that does not count as bought stands between two orders of one member.
        let lines = [bought(1, 4), who(1, 4), bought(1, 5), who(2, 5), bought(2, DAYS - 1), bought(65_535, 5)];
        let money: Vec<u32> = (1..=6).map(|n| packed([n, 10 * n, 0]).unwrap().0).collect();
        let received = [1, 2, 3, 4, 5, 6];
        let told = |first: u32, days: u32, skip: &[usize]| {
            let mut skipped = Skipped::default();
            skip.iter().for_each(|member| skipped.add(*member));
            let parts = [&lines[..], &money[..], &received[..]];
            let window = Window { first, days };
            let sums = if skip.is_empty() { Sums::of::<false>(window, &skipped, parts) } else { Sums::of::<true>(window, &skipped, parts) };
            assert_eq!(sums.paid, 10 * sums.units);
            (sums.units, sums.received, sums.orders, sums.buyers, sums.latest)
        };
        assert_eq!(told(0, DAYS, &[]), (21, 21, 4, 3, DAYS));
        assert_eq!(told(5, 1, &[]), (13, 13, 2, 2, 6));
        assert_eq!(told(4, 2, &[1]), (10, 10, 1, 1, 6));
        assert_eq!(told(4, 2, &[2, 65_535]), (6, 6, 2, 1, 6));
        assert_eq!(told(6, 9, &[]), (0, 0, 0, 0, 0));
        assert_eq!(told(3, 0, &[]), (0, 0, 0, 0, 0));
    }
}
