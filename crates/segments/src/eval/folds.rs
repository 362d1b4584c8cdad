//! Rows made into one value a member.

use std::ops::Range;

use shuke_columns::ints::Raw;
use shuke_columns::registry::ROW_ID;
use shuke_columns::{Ints, Type, each_width};

use super::at::At;
use super::cells::Cell;
use super::numbers::{Values, Whole, scale};
use super::rows::Picked;
use super::{Asked, TRUE};
use crate::exact::Exact;
use crate::plan::Agg;
use crate::tree::Fold;

impl Asked<'_> {
    pub(super) fn aggregate(&self, agg: &Agg, kind: Type, members: At<'_>) -> Values {
        let picked = self.pick(&agg.rows, members);
        let table = &self.slice.tables[agg.rows.table];
        let Some(of) = agg.of else { return Values::Whole(Whole::known(picked.counts())) };
        let column = &table.columns[of];
        // Rows that miss the value are left out.
        let known = (!column.all_known()).then(|| picked.known(column));
        let picked = known.as_ref().unwrap_or(&picked);
        match agg.fold {
            Fold::Count => Values::Whole(Whole::known(picked.counts())),
            Fold::Sum => sums(column, picked, kind),
            Fold::Avg => {
                let down = scale(self.plan.registry.tables()[agg.rows.table].columns[of].kind);
                match sums(column, picked, kind) {
                    Values::Whole(over) => Values::Over { over, under: Whole::known(picked.counts()), up: 1, down },
                    _ => averages(column, picked, down),
                }
            }
            Fold::Distinct => Values::Whole(distinct(column, picked)),
            Fold::Min => Values::Whole(found(column, picked, |rows| rows.min_by_key(|row| column.value(*row)))),
            Fold::Max => Values::Whole(found(column, picked, |rows| rows.max_by_key(|row| column.value(*row)))),
            Fold::First | Fold::Last => {
                let first = agg.fold == Fold::First;
                let Some(on) = agg.rows.on else {
                    if first {
                        return Values::Whole(Whole::from_options(
                            picked.map(|rows, told| meant(rows, told).next().map(|row| column.value(row))).into_iter(),
                        ));
                    }
                    let last = |m| picked.last(m).map(|row| column.value(row));
                    return Values::Whole(Whole::from_options((0..picked.len()).map(last)));
                };
                let key = |row: &usize| (table.columns[on].value(*row), table.columns[ROW_ID].value(*row));
                Values::Whole(found(column, picked, |rows| if first { rows.min_by_key(key) } else { rows.max_by_key(key) }))
            }
        }
    }
}

/// The rows that are meant.
fn meant(rows: Range<usize>, told: Option<&[u8]>) -> impl DoubleEndedIterator<Item = usize> + '_ {
    let first = rows.start;
    (0..rows.len()).filter(move |i| told.is_none_or(|t| t[*i] == TRUE)).map(move |i| first + i)
}

/// The value of the row that `choose` takes.
fn found(column: &Ints, picked: &Picked<'_>, choose: impl Fn(&mut dyn DoubleEndedIterator<Item = usize>) -> Option<usize>) -> Whole {
    let one = |rows: Range<usize>, told: Option<&[u8]>| choose(&mut meant(rows, told)).map(|row| column.value(row));
    Whole::from_options(picked.map(one).into_iter())
}

/// The stored steps of some cells, added up.
#[inline]
fn steps<T: Cell>(cells: &[T], told: Option<&[u8]>) -> T::Sum {
    match told {
        None => cells.iter().map(|c| c.sum()).sum(),
        Some(told) => cells.iter().zip(told).map(|(c, t)| if *t == TRUE { c.sum() } else { T::Sum::default() }).sum(),
    }
}

/// Sums, as whole numbers where all fit.
fn sums(column: &Ints, picked: &Picked<'_>, kind: Type) -> Values {
    let (raw, base, unit) = column.parts();
    // No sum of so many rows of so small numbers is too large.
    let small = column.floor().unsigned_abs().max(column.ceiling().unsigned_abs()) < 1 << 31 && column.len() < 1 << 31;
    if small {
        let whole = |sums: Vec<u64>| sums.into_iter().map(|s| s as i64).collect();
        return Values::Whole(Whole::known(
            each_width!(raw, missing vec![0; picked.len()], same picked.counts().into_iter().map(|n| base * n).collect(), cells => {
                match picked.added(cells, if unit == 1 { base as u64 } else { 0 }) {
                    Some(sums) if unit == 1 => whole(sums),
                    Some(sums) => sums.into_iter().zip(picked.counts()).map(|(s, n)| base * n + unit * s as i64).collect(),
                    None => picked.map(|rows, told| small_sum(&cells[rows], told, base, unit)),
                }
            }),
        ));
    }
    #[allow(clippy::useless_conversion, reason = "the sum of the widest cells alone is that wide already")]
    let steps: Vec<i128> = each_width!(raw, missing picked.map(|_, _| 0), same picked.map(|_, _| 0), cells => {
        picked.map(|rows, told| steps(&cells[rows], told).into())
    });
    let value = |(steps, rows): (i128, i64)| i128::from(base) * i128::from(rows) + i128::from(unit) * steps;
    let all: Vec<i128> = steps.into_iter().zip(picked.counts()).map(value).collect();
    match all.iter().map(|s| i64::try_from(*s).ok()).collect::<Option<Vec<_>>>() {
        Some(values) => Values::Whole(Whole::known(values)),
        None => Values::Exact(all.into_iter().map(|s| Exact::ratio(s, scale(kind).into())).collect()),
    }
}

fn small_sum<T: Cell>(cells: &[T], told: Option<&[u8]>, base: i64, unit: i64) -> i64 {
    match told {
        None => cells.iter().map(|c| c.value(base, unit)).sum(),
        Some(told) => cells.iter().zip(told).map(|(c, t)| if *t == TRUE { c.value(base, unit) } else { 0 }).sum(),
    }
}

fn averages(column: &Ints, picked: &Picked<'_>, down: i64) -> Values {
    Values::Exact(picked.map(|rows, told| {
        let (sum, rows) = meant(rows, told).fold((0_i128, 0_i128), |(sum, rows), row| (sum + i128::from(column.value(row)), rows + 1));
        Exact::ratio(sum, rows * i128::from(down))
    }))
}

fn distinct(column: &Ints, picked: &Picked<'_>) -> Whole {
    let any = || picked.counts().into_iter().map(|count| count.min(1)).collect();
    Whole::known(match column.parts().0 {
        Raw::U8(cells) => picked.map(|rows, told| distinct_bytes(&cells[rows], told)),
        raw => each_width!(raw, missing picked.map(|_, _| 0), same any(), cells => {
            let mut seen = Vec::new();
            match picked.ascents(cells) {
                Some(counts) if counts.iter().all(|count| *count >= 0) => counts,
                counts => {
                    let mut quick = counts.map(Vec::into_iter);
                    picked.map(|rows, told| match quick.as_mut().and_then(Iterator::next).filter(|count| *count >= 0) {
                        Some(count) => count,
                        None => distinct_cells(&cells[rows], told, &mut seen),
                    })
                }
            }
        }),
    })
}

/// A bit for each of the 256.
fn distinct_bytes(cells: &[u8], told: Option<&[u8]>) -> i64 {
    let mut seen = [0_u64; 4];
    for (i, cell) in cells.iter().enumerate() {
        let meant = told.is_none_or(|t| t[i] == TRUE);
        seen[usize::from(cell >> 6)] |= u64::from(meant) << (cell & 63);
    }
    seen.iter().map(|word| i64::from(word.count_ones())).sum()
}

/// Ids of rows mostly ascend with time, and need no sorting then.
fn distinct_cells<T: Copy + Ord>(cells: &[T], told: Option<&[u8]>, seen: &mut Vec<T>) -> i64 {
    let meant = || cells.iter().enumerate().filter(|(i, _)| told.is_none_or(|t| t[*i] == TRUE)).map(|(_, c)| *c);
    let mut rest = meant();
    let Some(mut last) = rest.next() else { return 0 };
    let (mut count, mut ascends) = (1, true);
    for cell in rest {
        ascends &= cell >= last;
        count += i64::from(cell != last);
        last = cell;
    }
    if ascends {
        return count;
    }
    seen.clear();
    seen.extend(meant());
    seen.sort_unstable();
    seen.dedup();
    seen.len() as i64
}
