//! Rows of members. Of a run of members all rows lie in one run too and are judged in one go, without a look
//! at whose they are; of members here and there the rows of each are found from the end backwards.

use std::ops::Range;
use std::rc::Rc;

use shuke_columns::each_width;
use shuke_columns::registry::TIME;

use super::at::{At, Frame};
use super::cells::{Cell, Wanted, tell};
use super::numbers::truth;
use super::{Asked, Need, TRUE};
use crate::plan::RowSet;

/// A member's rows, and where what is told of them begins.
#[derive(Clone, Copy, Default, Debug)]
pub(super) struct Span {
    row: usize,
    len: usize,
    told: usize,
}

/// Rows of several members.
#[derive(Clone, Debug)]
pub(super) struct Picked<'a> {
    place: Place<'a>,
    /// Which rows are meant; without it all are.
    told: Option<Rc<Vec<u8>>>,
}

#[derive(Clone, Debug)]
enum Place<'a> {
    /// From a row on, one member's after the other's, each up to where it ends.
    Run(usize, &'a [u32]),
    Spans(Vec<Span>),
}

impl<'a> Picked<'a> {
    /// A run of rows, or of spells, from `start` on, each member's up to where it ends.
    pub(super) fn run(start: usize, ends: &'a [u32], told: Option<Rc<Vec<u8>>>) -> Self {
        Self { place: Place::Run(start, ends), told }
    }

    /// How many members.
    pub(super) fn len(&self) -> usize {
        match &self.place {
            Place::Run(_, ends) => ends.len(),
            Place::Spans(spans) => spans.len(),
        }
    }

    /// Calls `each` with every member's rows and what is told of them.
    #[inline]
    pub(super) fn map<T>(&self, mut each: impl FnMut(Range<usize>, Option<&[u8]>) -> T) -> Vec<T> {
        match &self.place {
            Place::Run(start, ends) => {
                let mut from = *start;
                let one = |end: &u32| {
                    let rows = from..*end as usize;
                    from = rows.end;
                    each(rows.clone(), self.told.as_ref().map(|told| &told[rows.start - start..rows.end - start]))
                };
                ends.iter().map(one).collect()
            }
            Place::Spans(spans) => {
                let one = |s: &Span| each(s.row..s.row + s.len, self.told.as_ref().map(|told| &told[s.told..s.told + s.len]));
                spans.iter().map(one).collect()
            }
        }
    }

    /// Of a run of rows the steps of those that are meant, added up from the first on. A member's share is the
    /// difference of two sums, so that no loop ends with a member and nothing has to be guessed. `None` where
    /// the rows are in no run.
    pub(super) fn running<T: Cell>(&self, cells: &[T], base: i64, unit: i64) -> Option<Vec<i64>> {
        let Place::Run(start, ends) = &self.place else { return None };
        let cells = &cells[*start..ends.last().map_or(*start, |end| *end as usize)];
        let values = cells.iter().map(|c| c.value(base, unit) as u64);
        Some(match &self.told {
            None => shares(*start, ends, values),
            Some(told) => shares(*start, ends, values.zip(told.iter()).map(|(v, t)| v & mask(*t))),
        })
    }

    /// Of a run of rows how many different cells those that are meant have, where they follow one another and
    /// their cells ascend; `None` for members of whom that does not hold. Rows of orders mostly do.
    pub(super) fn steps_up<T: Cell>(&self, cells: &[T]) -> Option<Vec<Option<i64>>> {
        let Place::Run(start, ends) = &self.place else { return None };
        let cells = &cells[*start..ends.last().map_or(*start, |end| *end as usize)];
        // Steps to another cell are counted in the lower half, breaks in the upper.
        const BREAK: u64 = 1 << 32;
        let pairs = cells.windows(2);
        let up = |pair: &[T]| (pair[0] != pair[1], pair[1] < pair[0]);
        let sums: Vec<u64> = match &self.told {
            None => running(pairs.map(|pair| {
                let (other, down) = up(pair);
                u64::from(other) + BREAK * u64::from(down)
            })),
            Some(told) => running(pairs.zip(told.windows(2)).map(|(pair, told)| {
                let ((other, down), before) = (up(pair), told[0] == TRUE);
                (u64::from(!before | other) + BREAK * u64::from(!before | down)) & mask(told[1])
            })),
        };
        let mut from = 0;
        let one = |end: &u32| {
            let begin = std::mem::replace(&mut from, *end as usize - start);
            if begin == from {
                return Some(0);
            }
            // The first row follows none; of the others those steps count that lead to them.
            let first = if self.told.as_ref().is_none_or(|told| told[begin] == TRUE) { 1 + BREAK } else { 0 };
            let share = sums[from - 1].wrapping_sub(sums[begin]) + first;
            (share < 2 * BREAK).then_some((share % BREAK) as i64)
        };
        Some(ends.iter().map(one).collect())
    }

    /// How many rows each member has.
    pub(super) fn counts(&self) -> Vec<i64> {
        match (&self.place, &self.told) {
            (Place::Run(start, ends), Some(told)) => shares(*start, ends, told.iter().map(|t| mask(*t) & 1)),
            _ => self.map(|rows, told| told.map_or(rows.len() as i64, |told| told.iter().map(|t| i64::from(*t == TRUE)).sum())),
        }
    }

    /// Only those rows of which `is_known` holds.
    pub(super) fn only(&self, is_known: impl Fn(usize) -> bool) -> Self {
        let (mut told, mut spans) = (Vec::new(), Vec::new());
        self.map(|rows, was| {
            spans.push(Span { row: rows.start, len: rows.len(), told: told.len() });
            let known = rows.map(&is_known);
            match was {
                None => told.extend(known.map(truth)),
                Some(was) => told.extend(known.zip(was).map(|(known, t)| truth(known && *t == TRUE))),
            }
        });
        Self { place: Place::Spans(spans), told: Some(told.into()) }
    }
}

impl<'a> Asked<'a> {
    /// The rows of each of these members, once for all who ask for the same set of the same members.
    pub(super) fn pick(&self, rows: &RowSet, members: At<'_>) -> Rc<Picked<'a>> {
        if let Some((_, picked)) = self.at_hand.picked.borrow().iter().find(|(id, _)| *id == rows.id) {
            return picked.clone();
        }
        let picked = Rc::new(self.pick_anew(rows, members));
        self.at_hand.picked.borrow_mut().push((rows.id, picked.clone()));
        picked
    }

    /// The same of members who are not all that are at hand.
    pub(super) fn pick_anew(&self, rows: &RowSet, members: At<'_>) -> Picked<'a> {
        let slice = self.slice;
        let ends: &'a [u32] = slice.tables[rows.table].of.ends();
        match members {
            At::Run(from, to) if !ends.is_empty() && from < to => {
                let start = if from == 0 { 0 } else { ends[from - 1] as usize };
                let run = At::Run(start, ends[to - 1] as usize);
                let told = self.judge(rows, run, self.in_window(rows, run));
                Picked::run(start, &ends[from..to], told)
            }
            _ => {
                let mut spans = self.spans(rows, members);
                if rows.filter.is_none() && rows.on.is_none() {
                    return Picked { place: Place::Spans(spans), told: None };
                }
                let mut list = Vec::with_capacity(spans.iter().map(|s| s.len).sum());
                for span in &mut spans {
                    span.told = list.len();
                    list.extend(span.row as u32..(span.row + span.len) as u32);
                }
                let told = self.judge(rows, At::Some(&list), None);
                Picked { place: Place::Spans(spans), told }
            }
        }
    }

    /// Which of a run of rows lie in the window by their time, once for all who ask; nothing where all do.
    fn in_window(&self, rows: &RowSet, run: At<'_>) -> Option<Rc<Vec<u8>>> {
        let time = &self.slice.tables[rows.table].columns[TIME];
        let (from, to) = self.span_of_time(rows);
        if from <= time.floor() && to > time.ceiling() {
            return None;
        }
        let key = (rows.table, from, to);
        if let Some((_, told)) = self.at_hand.windows.borrow().iter().find(|(k, _)| *k == key) {
            return Some(told.clone());
        }
        let told = if from < to { tell(time, run, Wanted::Within { low: from, high: to - 1, negate: false }) } else { vec![0; run.len()] };
        let told = Rc::new(told);
        self.at_hand.windows.borrow_mut().push((key, told.clone()));
        Some(told)
    }

    fn span_of_time(&self, rows: &RowSet) -> (i64, i64) {
        let at = self.reckoning.at;
        if rows.on.is_some() { (i64::MIN, at) } else { rows.window.at(at) }
    }

    /// Which of some rows are meant: those `in_time` of which the filter is true, and whose other column lies
    /// in the window where that is about one.
    fn judge(&self, rows: &RowSet, at: At<'_>, in_time: Option<Rc<Vec<u8>>>) -> Option<Rc<Vec<u8>>> {
        let filter = rows.filter.as_ref().map(|f| self.test(f, Frame { table: Some(rows.table), at }, Need::True));
        let on = rows.on.map(|on| {
            let (low, to) = rows.window.at(self.reckoning.at);
            let wanted = Wanted::Within { low, high: to.saturating_sub(1), negate: false };
            tell(&self.slice.tables[rows.table].columns[on], at, wanted)
        });
        let both = |mut told: Vec<u8>, more: &[u8]| {
            told.iter_mut().zip(more).for_each(|(t, more)| *t = (*more).min(*t));
            told
        };
        let told = match (filter, on) {
            (Some(filter), Some(on)) => both(filter, &on),
            (Some(told), None) | (None, Some(told)) => told,
            (None, None) => return in_time,
        };
        Some(Rc::new(match in_time {
            Some(in_time) => both(told, &in_time),
            None => told,
        }))
    }

    /// Each member's rows by their time alone.
    fn spans(&self, rows: &RowSet, members: At<'_>) -> Vec<Span> {
        let table = &self.slice.tables[rows.table];
        let time = &table.columns[TIME];
        let (from, to) = self.span_of_time(rows);
        let none = || vec![Span::default(); members.len()];
        if table.of.ends().is_empty() || from >= to {
            return none();
        }
        let (raw, base, unit) = time.parts();
        let span = |rows: Range<usize>| Span { row: rows.start, len: rows.len(), told: 0 };
        each_width!(raw,
            missing none(),
            same if from <= base && base < to { members.map(|m| span(table.of.of(m))) } else { none() },
            cells => {
                let Some((first, last)) = Cell::steps(from, to - 1, base, unit) else { return none() };
                let (cut_start, cut_end) = (from > time.floor(), to <= time.ceiling());
                members.map(|m| {
                    let all = table.of.of(m);
                    let end = if cut_end { end_of(cells, all.start, all.end, last) } else { all.end };
                    span(if cut_start { start_of(cells, all.start, end, first) } else { all.start }..end)
                })
            }
        )
    }

    pub(super) fn exists(&self, rows: &RowSet, members: At<'_>) -> Vec<u8> {
        self.pick(rows, members).counts().iter().map(|count| truth(*count > 0)).collect()
    }
}

/// All ones where a row is meant.
#[inline]
fn mask(told: u8) -> u64 {
    u64::from(told == TRUE).wrapping_neg()
}

/// 0, and what steps come to up to each.
#[inline]
fn running(steps: impl ExactSizeIterator<Item = u64>) -> Vec<u64> {
    let mut sums = Vec::with_capacity(steps.len() + 1);
    let mut sum = 0_u64;
    sums.push(sum);
    sums.extend(steps.map(|step| {
        sum = sum.wrapping_add(step);
        sum
    }));
    sums
}

/// What each member's rows come to, of what all of a run from `start` on come to up to each.
#[inline]
fn shares(start: usize, ends: &[u32], steps: impl ExactSizeIterator<Item = u64>) -> Vec<i64> {
    let sums = running(steps);
    let mut before = 0;
    let share = |end: &u32| {
        let now = sums[*end as usize - start];
        now.wrapping_sub(std::mem::replace(&mut before, now)) as i64
    };
    ends.iter().map(share).collect()
}

/// So few rows are gone through one by one, more are halved.
const FEW: usize = 24;

/// Where the rows of a member at or after `first` begin.
#[inline]
fn start_of<T: Cell>(cells: &[T], start: usize, end: usize, first: T) -> usize {
    if end - start > FEW {
        return start + cells[start..end].partition_point(|c| *c < first);
    }
    let mut from = end;
    while from > start && cells[from - 1] >= first {
        from -= 1;
    }
    from
}

/// Where the rows of a member at or before `last` end: most often at the last one.
#[inline]
fn end_of<T: Cell>(cells: &[T], start: usize, end: usize, last: T) -> usize {
    if end - start > FEW && cells[end - 1] > last {
        return start + cells[start..end].partition_point(|c| *c <= last);
    }
    let mut to = end;
    while to > start && cells[to - 1] > last {
        to -= 1;
    }
    to
}
