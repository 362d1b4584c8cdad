//! Conditions on a column alone, judged in the width in which it is stored.

use shuke_columns::ints::Raw;
use shuke_columns::{Ints, each_width};

use super::at::At;
use super::words::CodeSet;
use super::{FALSE, TRUE, UNKNOWN};

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

fn tell_cells<T: Cell>(cells: &[T], (base, unit): (i64, i64), at: At<'_>, wanted: Wanted<'_>) -> Vec<u8> {
    let within = |low, high, negate: bool| match T::steps(low, high, base, unit) {
        None => vec![truth(negate); at.len()],
        Some((first, last)) if first == last => each(cells, at, |c| (c == first) != negate),
        Some((first, last)) => each(cells, at, |c| (c >= first) & (c <= last) != negate),
    };
    match wanted {
        Wanted::Within { low, high, negate } => within(low, high, negate),
        Wanted::Code { set: CodeSet::Run(first, last), negate } => within(i64::from(*first), i64::from(*last), negate),
        Wanted::Code { set: CodeSet::None, negate } => vec![truth(negate); at.len()],
        _ => each(cells, at, |c| wanted.holds(c.value(base, unit))),
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
        At::Run(from, to) => cells[from..to].iter().map(|c| judged[usize::from(*c)]).collect(),
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
