//! A bucket's diary: its members' beats and gaps by the day from whose beginning they are known, so that stages
//! at any days are told without reading an order. Beginnings of days are the moments that are ever asked about,
//! so nothing is lost. What a diary says follows from the bucket's rows, the zone, the currency, whether refunds
//! are taken off, and where the product list puts goods.

use std::sync::Arc;

use shuke_columns::Digest;

use super::pace::{Beat, Moment};
use crate::coverage::{Coverage, FIGURES};

/// The places of a diary's parts.
pub(super) mod part {
    /// The day from which days are counted.
    pub const BASE: usize = 0;
    /// Where each member's marks end.
    pub const ENDS: usize = 1;
    /// Marks: day, last day of a purchase, favourite, days in all gaps, gaps and whether there are purchases.
    pub const MARKS: usize = 2;
    /// Categories that are bought, ascending, and where the gaps of each end; the shop last.
    pub const RUNS: usize = 3;
    /// The day of each gap, ascending within a run.
    pub const DAYS: usize = 4;
    /// Its length, and whether it goes.
    pub const GAPS: usize = 5;
    /// Days on which what reports rest on changes.
    pub const RESTS: usize = 6;
    /// By how much: ten figures each.
    pub const CHANGES: usize = 7;
}

/// Numbers of a mark.
pub(super) const MARK: usize = 5;
/// Without a purchase, or a category.
pub(super) const NONE: u16 = u16::MAX;
/// Of a gap: that it goes.
pub(super) const GOES: u16 = 1 << 15;
/// Of the gaps of a mark: that there are two purchases or more.
pub(super) const MANY: u16 = 1 << 15;
/// The shop's gaps lie under this code.
pub(super) const SHOP: u32 = u32::MAX;

/// A bucket's diary.
pub(super) struct Diary(Arc<Digest>);

impl Diary {
    /// What a digest holds; `None` where the bucket did not fit.
    pub fn of(digest: Arc<Digest>) -> Option<Self> {
        (!digest.is_empty()).then_some(Self(digest))
    }

    /// The day from which days are counted.
    fn base(&self) -> i32 {
        self.0.u32s(part::BASE).first().map_or(0, |day| *day as i32)
    }

    /// The categories that were bought here, by code.
    pub fn categories(&self) -> impl Iterator<Item = u32> + '_ {
        self.0.u32s(part::RUNS).as_chunks::<2>().0.iter().map(|[code, _]| *code).filter(|code| *code != SHOP)
    }

    /// Hands on each gap of a category, or of the shop, that comes or goes by the last moment: the number of the
    /// moment, so many days, and whether it goes.
    #[inline]
    pub fn gaps(&self, code: u32, moments: &[Moment], mut each: impl FnMut(usize, usize, bool)) {
        let runs = self.0.u32s(part::RUNS).as_chunks::<2>().0;
        let Ok(at) = runs.binary_search_by_key(&code, |[code, _]| *code) else { return };
        let begin = at.checked_sub(1).map_or(0, |before| runs[before][1] as usize);
        let run = begin..runs[at][1] as usize;
        let (days, gaps) = (&self.0.u16s(part::DAYS)[run.clone()], &self.0.u16s(part::GAPS)[run]);
        let (base, mut done) = (self.base(), 0);
        for (i, moment) in moments.iter().enumerate() {
            let end = done + days[done..].partition_point(|day| base + i32::from(*day) <= moment.day);
            gaps[done..end].iter().for_each(|gap| each(i, usize::from(gap & !GOES), gap & GOES != 0));
            done = end;
        }
    }

    /// What reports rest on that ask about everything before a day.
    pub fn rests(&self, before: i32) -> Coverage {
        let (days, changes) = (self.0.u16s(part::RESTS), self.0.i64s(part::CHANGES).as_chunks::<FIGURES>().0);
        let base = self.base();
        let known = days.iter().zip(changes).take_while(|(day, _)| base + i32::from(**day) <= before);
        let sum = known.fold([0; FIGURES], |sum, (_, change)| std::array::from_fn(|i| sum[i] + change[i]));
        Coverage::of_cells(sum)
    }

    /// Read at these moments.
    pub fn at(&self, moments: &[Moment]) -> Read<'_> {
        let base = self.base();
        let days = moments.last().map_or(0, |last| (i64::from(last.day) - i64::from(base) + 1).clamp(0, 1 << 16));
        let first = |day: i64| moments.partition_point(|m| i64::from(m.day) < i64::from(base) + day) as u32;
        let marks = self.0.u16s(part::MARKS).as_chunks::<MARK>().0;
        Read { base, ends: self.0.u32s(part::ENDS), marks, moments: (0..days).map(first).collect() }
    }
}

/// A diary read at some moments.
pub(super) struct Read<'d> {
    base: i32,
    ends: &'d [u32],
    marks: &'d [[u16; MARK]],
    /// By day, the first moment that knows it.
    moments: Vec<u32>,
}

impl Read<'_> {
    /// The beats of a member, each with the number of the moment from which it holds; of purchases more than one
    /// are told as two.
    #[inline]
    pub fn member(&self, member: usize, into: &mut Vec<(u32, Beat)>) {
        into.clear();
        let begin = member.checked_sub(1).map_or(0, |before| self.ends[before] as usize);
        let marks = &self.marks[begin..self.ends[member] as usize];
        let at = |mark: &[u16; MARK]| self.moments.get(usize::from(mark[0])).copied();
        // Of those before the first moment the last counts.
        let start = marks.iter().rposition(|mark| at(mark) == Some(0)).unwrap_or(0);
        for mark in &marks[start..] {
            let Some(at) = at(mark) else { return };
            let beat = self.beat(mark);
            match into.last_mut() {
                Some((before, last)) if *before == at => *last = beat,
                _ => into.push((at, beat)),
            }
        }
    }

    #[inline]
    fn beat(&self, [_, last, favourite, days, gaps]: &[u16; MARK]) -> Beat {
        if *last == NONE {
            return Beat::NONE;
        }
        let favourite = (*favourite != NONE).then_some((*favourite).into());
        let purchases = if gaps & MANY == 0 { 1 } else { 2 };
        Beat::of(purchases, (gaps & !MANY).into(), (*days).into(), Some(self.base + i32::from(*last)), favourite)
    }
}
