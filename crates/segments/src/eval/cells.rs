//! Conditions on a column alone, judged in the width in which it is stored.

use shuke_columns::ints::Raw;
use shuke_columns::{Ints, each_width};

use super::at::At;
use super::bits::packed;
use super::wide::wide;
use super::words::CodeSet;
use super::{FALSE, TRUE, UNKNOWN};
use crate::tree::Compare;

/// What a value must be.
#[derive(Clone, Copy)]
pub(super) enum Wanted<'a> {
    /// From one to the other, both ends in; or not so.
    Within { low: i64, high: i64, negate: bool },
    /// One of these, ascending.
    OneOf(&'a [i64]),
    /// A code of these; or not so.
    Code { set: &'a CodeSet, negate: bool },
}

impl Wanted<'_> {
    #[inline]
    fn holds(self, value: i64) -> bool {
        match self {
            Self::Within { low, high, negate } => (value >= low && value <= high) != negate,
            Self::OneOf(list) => list.binary_search(&value).is_ok(),
            Self::Code { set, negate } => set.has(value) != negate,
        }
    }
}

/// A stored cell.
pub(super) trait Cell: Copy + Ord {
    /// What many of them added up fit into.
    type Sum: Copy + Default + std::iter::Sum + Into<i128>;
    /// `[low, high]` in stored steps; `None` where no cell lies there.
    fn steps(low: i64, high: i64, base: i64, unit: i64) -> Option<(Self, Self)>;
    fn value(self, base: i64, unit: i64) -> i64;
    fn sum(self) -> Self::Sum;
    /// The stored step, of which a sum of some may turn over.
    fn step(self) -> u64;
}

macro_rules! narrow {
    ($($t:ty),*) => {$(
        impl Cell for $t {
            type Sum = u64;

            fn steps(low: i64, high: i64, base: i64, unit: i64) -> Option<(Self, Self)> {
                let above = |v: i64| i128::from(v) - i128::from(base);
                let unit = i128::from(unit);
                // The first step at or above the lower end, the last at or below the upper.
                let (first, last) = (-(-above(low)).div_euclid(unit), above(high).div_euclid(unit));
                let (first, last) = (first.max(0), last.min(<$t>::MAX.into()));
                (first <= last).then_some((first as $t, last as $t))
            }

            #[inline]
            fn value(self, base: i64, unit: i64) -> i64 {
                base + i64::from(self) * unit
            }

            #[inline]
            fn sum(self) -> u64 {
                self.into()
            }

            #[inline]
            fn step(self) -> u64 {
                self.into()
            }
        }
    )*};
}
narrow!(u8, u16, u32);

impl Cell for i64 {
    type Sum = i128;

    fn steps(low: i64, high: i64, _: i64, _: i64) -> Option<(Self, Self)> {
        (low <= high).then_some((low, high))
    }

    #[inline]
    fn value(self, _: i64, _: i64) -> i64 {
        self
    }

    #[inline]
    fn sum(self) -> i128 {
        self.into()
    }

    #[inline]
    fn step(self) -> u64 {
        self as u64
    }
}

#[inline]
fn truth(holds: bool) -> u8 {
    u8::from(holds) * TRUE
}

#[inline]
fn each<T: Copy>(cells: &[T], at: At<'_>, holds: impl Fn(T) -> bool) -> Vec<u8> {
    match at {
        At::Run(from, to) => cells[from..to].iter().map(|c| truth(holds(*c))).collect(),
        At::Some(at) => at.iter().map(|i| truth(holds(cells[*i as usize]))).collect(),
    }
}

// Loops are written out: what iterators do inside a call of their own is compiled without the width.
wide! {
    /// Which cells lie from one to the other.
    pub(super) fn between<T: Cell>(cells: &[T], first: T, last: T, negate: bool) -> Vec<u8> {
        let (inside, outside) = (truth(!negate), truth(negate));
        let mut told = vec![0; cells.len()];
        if first == last {
            for (t, c) in told.iter_mut().zip(cells) {
                *t = if *c == first { inside } else { outside };
            }
        } else {
            for (t, c) in told.iter_mut().zip(cells) {
                *t = if (*c >= first) & (*c <= last) { inside } else { outside };
            }
        }
        told
    }

    /// The lesser of each two.
    pub(super) fn lesser(told: &mut [u8], more: &[u8]) -> () {
        for (t, more) in told.iter_mut().zip(more) {
            *t = (*more).min(*t);
        }
    }

    /// The greater of each two.
    pub(super) fn greater(told: &mut [u8], more: &[u8]) -> () {
        for (t, more) in told.iter_mut().zip(more) {
            *t = (*more).max(*t);
        }
    }

    /// How many are as `wanted`.
    pub(super) fn number_of(told: &[u8], wanted: u8) -> usize {
        let (chunks, rest) = told.as_chunks::<64>();
        let mut sum = 0;
        for chunk in chunks {
            let mut some = 0_u8;
            for t in chunk {
                some += u8::from(*t == wanted);
            }
            sum += usize::from(some);
        }
        for t in rest {
            sum += usize::from(*t == wanted);
        }
        sum
    }

    /// Which numbers lie from one to the other, both ends in.
    pub(super) fn numbers_between(values: &[i64], low: i64, high: i64, negate: bool) -> Vec<u8> {
        let (inside, outside) = (truth(!negate), truth(negate));
        let mut told = vec![0; values.len()];
        for (t, v) in told.iter_mut().zip(values) {
            *t = if (*v >= low) & (*v <= high) { inside } else { outside };
        }
        told
    }

    /// Two numbers beside each other.
    pub(super) fn compared(op: Compare, a: &[i64], b: &[i64]) -> Vec<u8> {
        let mut told = vec![0; a.len()];
        macro_rules! each {
            ($op:tt) => {
                for ((t, a), b) in told.iter_mut().zip(a).zip(b) {
                    *t = truth(a $op b);
                }
            };
        }
        match op {
            Compare::Eq => each!(==),
            Compare::Ne => each!(!=),
            Compare::Lt => each!(<),
            Compare::Le => each!(<=),
            Compare::Gt => each!(>),
            Compare::Ge => each!(>=),
        }
        told
    }

    /// Bits as so many bytes: [`TRUE`] where one is set.
    pub(super) fn spread(words: &[u64], count: usize) -> Vec<u8> {
        let mut told = vec![FALSE; count];
        for (chunk, word) in told.chunks_mut(64).zip(words) {
            for (eight, byte) in chunk.chunks_mut(8).zip(word.to_le_bytes()) {
                for (i, t) in eight.iter_mut().enumerate() {
                    *t = (byte >> i & 1) * TRUE;
                }
            }
        }
        told
    }

    /// Which cells are codes of a set, a bit each.
    fn among<T: Cell>(cells: &[T], base: i64, unit: i64, bits: &[u64], negate: bool) -> Vec<u8> {
        let mut told = vec![FALSE; cells.len()];
        for (t, c) in told.iter_mut().zip(cells) {
            *t = is_among(c.value(base, unit), bits, negate);
        }
        told
    }

    /// What each byte was judged to be.
    fn looked_up(cells: &[u8], judged: &[u8; 256]) -> Vec<u8> {
        let mut told = vec![FALSE; cells.len()];
        for (t, c) in told.iter_mut().zip(cells) {
            *t = judged[usize::from(*c)];
        }
        told
    }
}

/// Makes those [`FALSE`] whose cell does not lie in `[low, high]`; of few that are [`TRUE`]. `told` is of the rows
/// from `from` on.
pub(super) fn narrow(column: &Ints, from: usize, told: &mut [u8], low: i64, high: i64) {
    let (raw, base, unit) = column.parts();
    each_width!(raw,
        missing told.fill(FALSE),
        same if low > base || high < base { told.fill(FALSE) },
        cells => match Cell::steps(low, high, base, unit) {
            None => told.fill(FALSE),
            Some((first, last)) => narrow_cells(&cells[from..from + told.len()], told, first, last),
        }
    );
    column.mark_missing(from, told, FALSE);
}

fn narrow_cells<T: Cell>(cells: &[T], told: &mut [u8], first: T, last: T) {
    for (i, word) in packed(told, TRUE).into_iter().enumerate() {
        let mut left = word;
        while left != 0 {
            let at = 64 * i + left.trailing_zeros() as usize;
            left &= left - 1;
            told[at] = truth(cells[at] >= first && cells[at] <= last);
        }
    }
}

#[inline(always)]
fn is_among(code: i64, bits: &[u64], negate: bool) -> u8 {
    truth((bits.get(code as usize / 64).map_or(0, |word| word >> (code % 64) & 1) == 1) != negate)
}

fn tell_cells<T: Cell>(cells: &[T], (base, unit): (i64, i64), at: At<'_>, wanted: Wanted<'_>) -> Vec<u8> {
    let within = |low, high, negate: bool| match (T::steps(low, high, base, unit), at) {
        (None, _) => vec![truth(negate); at.len()],
        (Some((first, last)), At::Run(from, to)) => between(&cells[from..to], first, last, negate),
        (Some((first, last)), At::Some(_)) => each(cells, at, |c| (c >= first) & (c <= last) != negate),
    };
    match wanted {
        Wanted::Within { low, high, negate } => within(low, high, negate),
        Wanted::Code { set: CodeSet::Run(first, last), negate } => within(i64::from(*first), i64::from(*last), negate),
        Wanted::Code { set: CodeSet::None, negate } => vec![truth(negate); at.len()],
        Wanted::Code { set: CodeSet::Many(bits), negate } => match at {
            At::Run(from, to) => among(&cells[from..to], base, unit, bits, negate),
            At::Some(at) => at.iter().map(|i| is_among(cells[*i as usize].value(base, unit), bits, negate)).collect(),
        },
        Wanted::OneOf(_) => each(cells, at, |c| wanted.holds(c.value(base, unit))),
    }
}

/// Of cells of a byte each of the 256 is judged once.
fn tell_bytes(cells: &[u8], (base, unit): (i64, i64), at: At<'_>, wanted: Wanted<'_>) -> Vec<u8> {
    let plain = matches!(wanted, Wanted::Within { .. } | Wanted::Code { set: CodeSet::Run(..) | CodeSet::None, .. });
    if plain || at.len() < 256 {
        return tell_cells(cells, (base, unit), at, wanted);
    }
    let mut judged = [FALSE; 256];
    for (cell, judged) in judged.iter_mut().enumerate() {
        *judged = truth(wanted.holds(base + cell as i64 * unit));
    }
    match at {
        At::Run(from, to) => looked_up(&cells[from..to], &judged),
        At::Some(at) => at.iter().map(|i| judged[usize::from(cells[*i as usize])]).collect(),
    }
}

/// What `wanted` is of each, unknown where the column is missing.
pub(super) fn tell(column: &Ints, at: At<'_>, wanted: Wanted<'_>) -> Vec<u8> {
    let (raw, base, unit) = column.parts();
    let mut told = match raw {
        Raw::U8(cells) => tell_bytes(cells, (base, unit), at, wanted),
        _ => each_width!(raw,
            missing return vec![UNKNOWN; at.len()],
            same vec![truth(wanted.holds(base)); at.len()],
            cells => tell_cells(cells, (base, unit), at, wanted)),
    };
    mark_missing(column, at, &mut told, UNKNOWN);
    told
}

/// Puts `mark` where the column is missing.
pub(super) fn mark_missing(column: &Ints, at: At<'_>, told: &mut [u8], mark: u8) {
    match at {
        At::Run(from, _) => column.mark_missing(from, told, mark),
        At::Some(at) if column.valid().is_some() => {
            for (t, i) in told.iter_mut().zip(at) {
                if !column.is_known(*i as usize) {
                    *t = mark;
                }
            }
        }
        At::Some(_) => {}
    }
}
