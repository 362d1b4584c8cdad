//! Values of whom a ranking is about. They are kept in four bytes where they fit, and counted by steps while they
//! are found, before they leave the processor's cache: so the value of the last who is in is told by the counts
//! and the few values of one step.

use shuke_columns::Type;

use super::at::At;
use super::cells::{between, lesser, numbers_between};
use super::numbers::{Values, Whole, exact, truth};
use super::threads::side_by_side;
use super::wide::wide;
use super::{FALSE, TRUE};
use crate::exact::Exact;
use crate::tree::Rank;

/// Values of who is ranked in a slice.
pub(super) struct Ranked {
    cells: Cells,
    /// How many are ranked by a value of each step.
    counts: Vec<u32>,
    /// Values that are no whole numbers, of whomever.
    exact: Vec<Exact>,
}

/// By the place of the member.
enum Cells {
    /// One more than the value; nought of who is not ranked.
    Narrow(Vec<u32>),
    /// The value, and [`TRUE`] of who is ranked.
    Wide(Vec<i64>, Vec<u8>),
}

/// Bits of a value that its step tells, behind the highest one.
const FINE: u32 = 6;
/// Values from nought to below this have a step of their own.
const ALONE: u64 = 1 << (FINE + 1);
/// Steps of the values from nought up, and as many of those below.
const HALF: usize = (64 - FINE as usize) << FINE;
/// All steps.
const STEPS: usize = 2 * HALF;

/// The step of a value: steps ascend with values, and each is a sixty-fourth of them wide at most. Nothing has to be
/// guessed: whatever the value is, the same is done.
#[inline]
fn step(value: i64) -> usize {
    // Below nought the order is the other way round: -1 is the nearest.
    let below = value >> 63;
    let far = (value ^ below) as u64;
    let shift = (far | (ALONE - 1)).ilog2() - FINE;
    let up = ((shift as usize) << FINE) + (far >> shift) as usize;
    HALF.wrapping_add(up ^ below as usize)
}

/// The least and the greatest value of a step.
fn span(step: usize) -> (i64, i64) {
    let up = if step < HALF { HALF - 1 - step } else { step - HALF };
    let shift = (up >> FINE).saturating_sub(1);
    let first = ((up - (shift << FINE)) as i64) << shift;
    let last = first + ((1_i64 << shift) - 1);
    if step < HALF { (!last, !first) } else { (first, last) }
}

wide! {
    /// Writes one more than each value of who is ranked, nought of the others; whether all fit. Without `told` all are
    /// ranked.
    fn narrowed(values: &[i64], told: Option<&[u8]>, cells: &mut [u32]) -> bool {
        let mut over = 0_u64;
        match told {
            Some(told) => {
                for ((cell, value), told) in cells.iter_mut().zip(values).zip(told) {
                    let (value, mask) = (*value as u64, 0_u64.wrapping_sub(u64::from(*told == TRUE)));
                    let more = value.wrapping_add(1);
                    over |= (value | more) & mask;
                    *cell = (more & mask) as u32;
                }
            }
            None => {
                for (cell, value) in cells.iter_mut().zip(values) {
                    let value = *value as u64;
                    let more = value.wrapping_add(1);
                    over |= value | more;
                    *cell = more as u32;
                }
            }
        }
        over >> 32 == 0
    }
}

impl Ranked {
    /// Of so many members, of whom nobody is ranked yet.
    pub(super) fn of(members: usize) -> Self {
        Self { cells: Cells::Narrow(vec![0; members]), counts: vec![0; STEPS], exact: Vec::new() }
    }

    /// Takes the values of these members, only of those who are told to be ranked. Each member is taken once.
    pub(super) fn take(&mut self, values: &Values, kind: Type, members: At<'_>, told: Option<&[u8]>) {
        let is_ranked = |i: usize| told.is_none_or(|told| told[i] == TRUE);
        match (values, members) {
            (Values::Whole(Whole { values, known: None }), At::Run(from, _)) => self.take_run(from, values, told),
            (Values::Whole(values), _) => {
                for (i, value) in (0..values.values.len()).filter(|i| is_ranked(*i)).filter_map(|i| Some((i, values.get(i)?))) {
                    self.put(members.get(i), value);
                }
            }
            (other, _) => self.exact.extend((0..other.len()).filter(|i| is_ranked(*i)).filter_map(|i| other.exact(i, kind))),
        }
    }

    fn take_run(&mut self, from: usize, values: &[i64], told: Option<&[u8]>) {
        match told {
            // Who is not ranked is counted as none, wherever that is.
            Some(told) => values.iter().zip(told).for_each(|(value, told)| self.counts[step(*value)] += u32::from(*told == TRUE)),
            None => values.iter().for_each(|value| self.counts[step(*value)] += 1),
        }
        let to = from + values.len();
        if let Cells::Narrow(cells) = &mut self.cells {
            if narrowed(values, told, &mut cells[from..to]) {
                return;
            }
            self.widen();
        }
        if let Cells::Wide(whole, is_ranked) = &mut self.cells {
            whole[from..to].copy_from_slice(values);
            match told {
                Some(told) => is_ranked[from..to].copy_from_slice(told),
                None => is_ranked[from..to].fill(TRUE),
            }
        }
    }

    fn put(&mut self, place: usize, value: i64) {
        self.counts[step(value)] += 1;
        if let Cells::Narrow(cells) = &mut self.cells {
            if let Some(cell) = value.checked_add(1).and_then(|more| u32::try_from(more).ok()).filter(|cell| *cell > 0) {
                cells[place] = cell;
                return;
            }
            self.widen();
        }
        if let Cells::Wide(whole, is_ranked) = &mut self.cells {
            (whole[place], is_ranked[place]) = (value, TRUE);
        }
    }

    /// A value does not fit into four bytes.
    #[cold]
    fn widen(&mut self) {
        if let Cells::Narrow(cells) = &self.cells {
            let whole = cells.iter().map(|cell| i64::from(*cell) - 1).collect();
            let is_ranked = cells.iter().map(|cell| truth(*cell != 0)).collect();
            self.cells = Cells::Wide(whole, is_ranked);
        }
    }

    /// The whole numbers of who is ranked, from one to another, both in.
    fn within(&self, least: i64, most: i64) -> Vec<i64> {
        match &self.cells {
            Cells::Narrow(cells) => {
                let Some((first, last)) = edges(least, most) else { return Vec::new() };
                cells.iter().filter(|cell| cell.wrapping_sub(first) <= last - first).map(|cell| i64::from(*cell) - 1).collect()
            }
            Cells::Wide(whole, is_ranked) => {
                let is_in = |(value, told): &(&i64, &u8)| **told == TRUE && (least..=most).contains(*value);
                whole.iter().zip(is_ranked).filter(is_in).map(|(value, _)| *value).collect()
            }
        }
    }

    /// Who of a run of members is ranked and reaches a threshold; `None` where values are no whole numbers.
    pub(super) fn reach(&self, (from, to): (usize, usize), threshold: i64, low: bool) -> Option<Vec<u8>> {
        if !self.exact.is_empty() {
            return None;
        }
        let (least, most) = if low { (i64::MIN, threshold) } else { (threshold, i64::MAX) };
        Some(match &self.cells {
            Cells::Narrow(cells) => match edges(least, most) {
                Some((first, last)) => between(&cells[from..to], first, last, false),
                None => vec![FALSE; to - from],
            },
            Cells::Wide(whole, is_ranked) => {
                let mut told = numbers_between(&whole[from..to], least, most, false);
                lesser(&mut told, &is_ranked[from..to]);
                told
            }
        })
    }
}

/// The narrow cells of values from one to another, both in; `None` where there are none.
fn edges(least: i64, most: i64) -> Option<(u32, u32)> {
    let (first, last) = (least.saturating_add(1).max(1), most.saturating_add(1).min(u32::MAX.into()));
    (first <= last).then_some((first as u32, last as u32))
}

/// The value of the last who is in; none where nobody is ranked.
pub(super) fn last_in(found: &[Ranked], kind: Type, count: Rank, low: bool) -> Option<Exact> {
    if found.iter().all(|ranked| ranked.exact.is_empty()) {
        return last_of(found, count, low).map(|value| exact(value, kind));
    }
    let whole = found.iter().flat_map(|ranked| ranked.within(i64::MIN, i64::MAX)).map(|value| exact(value, kind));
    let mut values: Vec<Exact> = found.iter().flat_map(|ranked| ranked.exact.iter().cloned()).chain(whole).collect();
    let last = place(count, values.len())?;
    Some(selected(&mut values, last, low).clone())
}

/// The same of whole numbers: the counts tell in which step it lies, and of that alone the values are looked at.
fn last_of(found: &[Ranked], count: Rank, low: bool) -> Option<i64> {
    let mut of_step = vec![0_usize; STEPS];
    for ranked in found {
        of_step.iter_mut().zip(&ranked.counts).for_each(|(all, count)| *all += *count as usize);
    }
    let place = place(count, of_step.iter().sum())?;
    let (mut before, mut at) = (0, if low { 0 } else { STEPS - 1 });
    while before + of_step[at] <= place {
        before += of_step[at];
        at = if low { at + 1 } else { at.checked_sub(1)? };
    }
    let (least, most) = span(at);
    if least == most {
        return Some(least);
    }
    let values = side_by_side(found.len(), |i| Some(if found[i].counts[at] == 0 { Vec::new() } else { found[i].within(least, most) }))?;
    Some(*selected(&mut values.concat(), place - before, low))
}

/// The value at a place, from the least on or from the greatest.
fn selected<T: Ord>(values: &mut [T], place: usize, low: bool) -> &T {
    let (_, value, _) = if low { values.select_nth_unstable(place) } else { values.select_nth_unstable_by(place, |a, b| b.cmp(a)) };
    value
}

/// The place of the last who is in, from 0, among so many; none where there is nobody.
fn place(count: Rank, among: usize) -> Option<usize> {
    let most = among.checked_sub(1)?;
    let wanted = match count {
        Rank::Count(n) => usize::try_from(n).unwrap_or(usize::MAX),
        // Above 0 and at most a hundred in a hundred, in millionths.
        Rank::Percent(p) => (among as u128 * p as u128).div_ceil(100_000_000) as usize,
    };
    Some(wanted.saturating_sub(1).min(most))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Values that meet often, of every size; most fit into four bytes.
    fn value() -> impl Strategy<Value = i64> {
        prop_oneof![
            8 => 0_i64..6,
            8 => 0_i64..3_000,
            8 => 0_i64..40_000_000,
            1 => i64::from(u32::MAX) - 2..i64::from(u32::MAX) + 2,
            1 => -3_i64..1,
            1 => any::<i64>(),
            1 => Just(i64::MIN),
            1 => Just(i64::MAX),
        ]
    }

    proptest! {
        #[test]
        fn steps_ascend_and_tell_their_values(a in any::<i64>(), b in value(), c in value()) {
            for value in [a, b, c] {
                let (least, most) = span(step(value));
                prop_assert!(step(value) < STEPS && least <= value && value <= most);
                prop_assert_eq!((step(least), step(most)), (step(value), step(value)));
                prop_assert!(most == i64::MAX || step(most + 1) == step(value) + 1);
            }
        }

        #[test]
        fn the_last_who_is_in_is_that_of_the_sorted(
            slices in prop::collection::vec(prop::collection::vec((value(), 0_u8..3, any::<bool>()), 0..24), 1..4),
            fits in any::<bool>(), run in any::<bool>(), all in any::<bool>(), low in any::<bool>(), count in any::<bool>(), rank in 1_i64..100_000_001,
        ) {
            let slices: Vec<Vec<(i64, u8, bool)>> = slices
                .into_iter()
                .map(|of| of.into_iter().map(|(v, t, known)| (if fits { v.rem_euclid(1 << 30) } else { v }, if all { TRUE } else { t }, run || known)).collect())
                .collect();
            let found: Vec<Ranked> = slices
                .iter()
                .map(|of| {
                    let (told, places): (Vec<u8>, Vec<u32>) = (of.iter().map(|o| o.1).collect(), (0..of.len() as u32).collect());
                    let values: Vec<i64> = of.iter().map(|o| o.0).collect();
                    let mut ranked = Ranked::of(of.len());
                    let half = of.len() / 2;
                    for (from, to) in [(0, half), (half, of.len())] {
                        let known = (!run).then(|| of[from..to].iter().map(|o| o.2).collect());
                        let at = if run { At::Run(from, to) } else { At::Some(&places[from..to]) };
                        let told = (!all).then_some(&told[from..to]);
                        ranked.take(&Values::Whole(Whole { values: values[from..to].to_vec(), known }), Type::Int, at, told);
                    }
                    ranked
                })
                .collect();
            let is_ranked = |o: &(i64, u8, bool)| o.1 == TRUE && o.2;
            let mut sorted: Vec<i64> = slices.iter().flatten().filter(|o| is_ranked(o)).map(|o| o.0).collect();
            sorted.sort_unstable();
            if !low {
                sorted.reverse();
            }
            let count = if count { Rank::Count(rank % 90) } else { Rank::Percent(rank) };
            let last = place(count, sorted.len()).map(|at| sorted[at]);
            prop_assert_eq!(last_in(&found, Type::Int, count, low), last.map(Exact::from));
            // Who reaches any of the values, and others beside them.
            for threshold in sorted.iter().flat_map(|v| [*v, v.saturating_sub(1), v.saturating_add(1)]).chain([i64::MIN, -1, 0, i64::MAX]) {
                for (of, ranked) in slices.iter().zip(&found) {
                    let reaches = |o: &(i64, u8, bool)| is_ranked(o) && if low { o.0 <= threshold } else { o.0 >= threshold };
                    let want: Vec<bool> = of.iter().map(reaches).collect();
                    let got: Vec<bool> = ranked.reach((0, of.len()), threshold, low).unwrap().iter().map(|t| *t == TRUE).collect();
                    prop_assert_eq!(&got, &want, "{}", threshold);
                }
            }
        }
    }
}
