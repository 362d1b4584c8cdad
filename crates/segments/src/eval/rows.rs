//! Rows of members. Of a run of members all rows lie in one run too and are judged in one go, without a look
//! at whose they are; of members here and there the rows of each are found from the end backwards.

use std::cell::OnceCell;
use std::ops::Range;
use std::rc::Rc;

use shuke_columns::registry::TIME;
use shuke_columns::{Ints, each_width};

use super::at::{At, Frame};
use super::bits::{Bits, Run, added, ascents};
use super::cells::{Cell, Wanted, lesser, narrow, number_of, tell};
use super::numbers::truth;
use super::{Asked, FALSE, Need, TRUE};
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
    /// The same of a run, a bit each.
    bits: OnceCell<Bits>,
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
        Self { place: Place::Run(start, ends), told, bits: OnceCell::new() }
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

    fn spans(spans: Vec<Span>, told: Option<Rc<Vec<u8>>>) -> Self {
        Self { place: Place::Spans(spans), told, bits: OnceCell::new() }
    }

    /// Which rows of a run are meant; none where all are.
    fn bits(&self) -> Option<&Bits> {
        self.told.as_ref().map(|told| self.bits.get_or_init(|| Bits::of(told)))
    }

    /// A run of rows with cells of theirs; `None` where the rows are in no run.
    fn run_of<'c, T>(&'c self, cells: &'c [T]) -> Option<Run<'c, T>> {
        let Place::Run(start, ends) = &self.place else { return None };
        Some(Run { cells, start: *start, ends, words: self.bits().map(Bits::words) })
    }

    /// Of a run of rows the cells of those that are meant, each with `base` added, added up. `None` where the rows
    /// are in no run.
    pub(super) fn added<T: Cell>(&self, cells: &[T], base: u64) -> Option<Vec<u64>> {
        let Place::Run(start, ends) = &self.place else { return None };
        let run = Run { cells, start: *start, ends, words: None };
        Some(added(&run, base, self.told.as_deref().map(Vec::as_slice)))
    }

    /// Of a run of rows how many different cells those that are meant have, where they follow one another and
    /// their cells ascend; below 0 for members of whom that does not hold.
    pub(super) fn ascents<T: Cell>(&self, cells: &[T]) -> Option<Vec<i64>> {
        self.run_of(cells).map(|run| ascents(&run))
    }

    /// How many rows each member has.
    pub(super) fn counts(&self) -> Vec<i64> {
        match (&self.place, self.bits()) {
            (Place::Run(start, ends), Some(bits)) => bits.counts(*start, ends),
            _ => self.map(|rows, told| told.map_or(rows.len() as i64, |told| number_of(told, TRUE) as i64)),
        }
    }

    /// [`TRUE`] of each member with a row.
    fn any(&self) -> Vec<u8> {
        match (&self.place, self.bits()) {
            (Place::Run(start, ends), Some(bits)) => bits.any(*start, ends),
            _ => self.counts().iter().map(|count| truth(*count > 0)).collect(),
        }
    }

    /// The last row of each member.
    pub(super) fn last(&self, member: usize) -> Option<usize> {
        match (&self.place, self.bits()) {
            (Place::Run(start, ends), bits) => {
                let (from, to) = (if member == 0 { *start } else { ends[member - 1] as usize }, ends[member] as usize);
                match bits {
                    Some(bits) => bits.last(from - start, to - start).map(|i| start + i),
                    None => to.checked_sub(1).filter(|last| *last >= from),
                }
            }
            (Place::Spans(spans), _) => {
                let span = spans[member];
                let last = match &self.told {
                    None => span.len.checked_sub(1),
                    Some(told) => told[span.told..span.told + span.len].iter().rposition(|t| *t == TRUE),
                };
                last.map(|i| span.row + i)
            }
        }
    }

    /// Calls `each` with every row of one of the members, ascending.
    pub(super) fn each_of(&self, member: usize, mut each: impl FnMut(usize)) {
        match &self.place {
            Place::Run(start, ends) => {
                let from = if member == 0 { *start } else { ends[member - 1] as usize };
                let to = ends[member] as usize;
                match self.bits() {
                    None => (from..to).for_each(each),
                    Some(bits) => bits.within(from - start, to - start).for_each(|i| each(start + i)),
                }
            }
            Place::Spans(spans) => {
                let span = spans[member];
                let is_meant = |i: &usize| self.told.as_ref().is_none_or(|told| told[span.told + i] == TRUE);
                (0..span.len).filter(is_meant).for_each(|i| each(span.row + i));
            }
        }
    }

    /// Only those rows of which a column is known.
    pub(super) fn known(&self, column: &Ints) -> Self {
        if let Place::Run(start, ends) = &self.place {
            let rows = ends.last().map_or(0, |end| *end as usize - start);
            let mut told = self.told.as_ref().map_or_else(|| vec![TRUE; rows], |told| told.to_vec());
            column.mark_missing(*start, &mut told, FALSE);
            return Self::run(*start, ends, Some(Rc::new(told)));
        }
        let (mut told, mut spans) = (Vec::new(), Vec::new());
        self.map(|rows, was| {
            spans.push(Span { row: rows.start, len: rows.len(), told: told.len() });
            let known = rows.map(|row| column.is_known(row));
            match was {
                None => told.extend(known.map(truth)),
                Some(was) => told.extend(known.zip(was).map(|(known, t)| truth(known && *t == TRUE))),
            }
        });
        Self::spans(spans, Some(told.into()))
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
                let told = self.judge_run(rows, run);
                Picked::run(start, &ends[from..to], told)
            }
            _ => {
                let mut spans = self.spans(rows, members);
                if rows.filter.is_none() && rows.on.is_none() {
                    return Picked::spans(spans, None);
                }
                let mut list = Vec::with_capacity(spans.iter().map(|s| s.len).sum());
                for span in &mut spans {
                    span.told = list.len();
                    list.extend(span.row as u32..(span.row + span.len) as u32);
                }
                let told = self.judge(rows, At::Some(&list)).map(Rc::new);
                Picked::spans(spans, told)
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

    /// Which of a run of rows are meant; nothing where all are.
    fn judge_run(&self, rows: &RowSet, run: At<'_>) -> Option<Rc<Vec<u8>>> {
        let Some(mut told) = self.judge(rows, run) else { return self.in_window(rows, run) };
        let time = &self.slice.tables[rows.table].columns[TIME];
        let (from, to) = self.span_of_time(rows);
        let everything = from <= time.floor() && to > time.ceiling();
        // Of few the times are looked at one by one.
        if !everything
            && from < to
            && number_of(&told, TRUE) * FEW < told.len()
            && let At::Run(start, _) = run
        {
            narrow(time, start, &mut told, from, to - 1);
        } else if let Some(in_time) = self.in_window(rows, run) {
            lesser(&mut told, &in_time);
        }
        Some(Rc::new(told))
    }

    /// Of which of some rows the filter is true, and whose other column lies in the window where that is about
    /// one; nothing where neither is asked.
    fn judge(&self, rows: &RowSet, at: At<'_>) -> Option<Vec<u8>> {
        let filter = rows.filter.as_ref().map(|f| self.test(f, Frame { table: Some(rows.table), at }, Need::True));
        let on = rows.on.map(|on| {
            let (low, to) = rows.window.at(self.reckoning.at);
            let wanted = Wanted::Within { low, high: to.saturating_sub(1), negate: false };
            tell(&self.slice.tables[rows.table].columns[on], at, wanted)
        });
        match (filter, on) {
            (Some(mut filter), Some(on)) => {
                lesser(&mut filter, &on);
                Some(filter)
            }
            (told, more) => told.or(more),
        }
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
        self.pick(rows, members).any()
    }
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
