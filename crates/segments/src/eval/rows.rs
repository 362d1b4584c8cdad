//! Rows of members: found from the end backwards, filtered together, made into one value a member.

use std::ops::Range;

use shuke_columns::Type;
use shuke_columns::registry::{ROW_ID, TIME};

use super::numbers::{Values, Whole, scale, truth};
use super::{Asked, Frame, Need, TRUE};
use crate::exact::Exact;
use crate::plan::{Agg, RowSet};
use crate::tree::Fold;

/// Rows of several members, one member's after the other's.
pub(super) struct Picked {
    pub(super) rows: Vec<u32>,
    /// Where each member's end.
    ends: Vec<u32>,
}

impl Picked {
    /// The places of each member's rows among all.
    pub(super) fn members(&self) -> impl Iterator<Item = Range<usize>> + '_ {
        let starts = std::iter::once(0).chain(self.ends.iter().copied());
        starts.zip(&self.ends).map(|(from, to)| from as usize..*to as usize)
    }
}

impl Asked<'_> {
    /// A member's rows by their time alone.
    fn span(&self, rows: &RowSet, member: usize) -> Range<usize> {
        let table = &self.slice.tables[rows.table];
        let (time, all) = (&table.columns[TIME], table.of.of(member));
        let at = self.reckoning.at;
        let (from, to) = if rows.on.is_some() { (i64::MIN, at) } else { (rows.from, rows.to.min(at)) };
        let mut end = all.end;
        while end > all.start && time.value(end - 1) >= to {
            end -= 1;
        }
        let mut start = end;
        if from == i64::MIN {
            start = all.start;
        }
        while start > all.start && time.value(start - 1) >= from {
            start -= 1;
        }
        start..end
    }

    /// The rows of each of these members.
    pub(super) fn pick(&self, rows: &RowSet, members: &[u32]) -> Picked {
        let mut picked = Picked { rows: Vec::new(), ends: Vec::with_capacity(members.len()) };
        for member in members {
            let span = self.span(rows, *member as usize);
            picked.rows.extend(span.start as u32..span.end as u32);
            picked.ends.push(picked.rows.len() as u32);
        }
        if let Some(on) = rows.on {
            let column = &self.slice.tables[rows.table].columns[on];
            let (from, to) = (rows.from, rows.to.min(self.reckoning.at));
            let keep: Vec<bool> = picked.rows.iter().map(|r| column.get(*r as usize).is_some_and(|t| t >= from && t < to)).collect();
            keep_only(&mut picked, &keep);
        }
        if let Some(filter) = &rows.filter {
            let told = self.test(filter, Frame { table: Some(rows.table), at: &picked.rows }, Need::True);
            keep_only(&mut picked, &told.iter().map(|t| *t == TRUE).collect::<Vec<_>>());
        }
        picked
    }

    pub(super) fn exists(&self, rows: &RowSet, members: &[u32]) -> Vec<u8> {
        if rows.filter.is_none() && rows.on.is_none() {
            return members.iter().map(|m| truth(!self.span(rows, *m as usize).is_empty())).collect();
        }
        self.pick(rows, members).members().map(|mine| truth(!mine.is_empty())).collect()
    }

    pub(super) fn aggregate(&self, agg: &Agg, kind: Type, members: &[u32]) -> Values {
        let rows = &agg.rows;
        let Some(of) = agg.of else {
            if rows.filter.is_none() && rows.on.is_none() {
                return whole(members.iter().map(|m| Some(self.span(rows, *m as usize).len() as i64)));
            }
            return whole(self.pick(rows, members).members().map(|mine| Some(mine.len() as i64)));
        };
        let picked = self.pick(rows, members);
        let table = &self.slice.tables[rows.table];
        let values = Whole::gather(&table.columns[of], &picked.rows);
        let known = |mine: Range<usize>| mine.filter_map(|i| values.get(i));
        match agg.fold {
            Fold::Min => whole(picked.members().map(|mine| known(mine).min())),
            Fold::Max => whole(picked.members().map(|mine| known(mine).max())),
            Fold::Distinct => {
                let mut seen = Vec::new();
                whole(picked.members().map(|mine| {
                    seen.clear();
                    seen.extend(known(mine));
                    seen.sort_unstable();
                    seen.dedup();
                    Some(seen.len() as i64)
                }))
            }
            Fold::First | Fold::Last => whole(picked.members().map(|mine| self.edge(agg, &picked, &values, mine))),
            Fold::Sum => sums(picked.members().map(|mine| known(mine).map(i128::from).sum()), kind),
            Fold::Avg => {
                let of_kind = self.plan.registry.tables()[rows.table].columns[of].kind;
                Values::Exact(
                    picked
                        .members()
                        .map(|mine| {
                            let (sum, count) = known(mine).fold((0_i128, 0_i128), |(sum, n), v| (sum + i128::from(v), n + 1));
                            Exact::ratio(sum, count * i128::from(scale(of_kind)))
                        })
                        .collect(),
                )
            }
            Fold::Count => whole(picked.members().map(|mine| Some(mine.len() as i64))),
        }
    }

    /// The value of a member's first or last row that has one, by time or by `on`, then by the row's id.
    fn edge(&self, agg: &Agg, picked: &Picked, values: &Whole, mine: Range<usize>) -> Option<i64> {
        let mut known = mine.filter(|i| values.get(*i).is_some());
        let first = agg.fold == Fold::First;
        let found = match agg.rows.on {
            None if first => known.next(),
            None => known.next_back(),
            Some(on) => {
                let columns = &self.slice.tables[agg.rows.table].columns;
                let key = |i: &usize| {
                    let row = picked.rows[*i] as usize;
                    (columns[on].value(row), columns[ROW_ID].value(row))
                };
                if first { known.min_by_key(key) } else { known.max_by_key(key) }
            }
        };
        found.and_then(|i| values.get(i))
    }
}

fn whole(of: impl Iterator<Item = Option<i64>>) -> Values {
    Values::Whole(Whole::from_options(of))
}

/// Sums, as whole numbers where all fit.
fn sums(of: impl Iterator<Item = i128>, kind: Type) -> Values {
    let all: Vec<i128> = of.collect();
    match all.iter().map(|s| i64::try_from(*s).ok()).collect::<Option<Vec<_>>>() {
        Some(values) => Values::Whole(Whole { values, known: None }),
        None => Values::Exact(all.into_iter().map(|s| Exact::ratio(s, scale(kind).into())).collect()),
    }
}

fn keep_only(picked: &mut Picked, keep: &[bool]) {
    let (mut from, mut kept) = (0_usize, 0_usize);
    for end in &mut picked.ends {
        for i in from..*end as usize {
            if keep[i] {
                picked.rows[kept] = picked.rows[i];
                kept += 1;
            }
        }
        from = *end as usize;
        *end = kept as u32;
    }
    picked.rows.truncate(kept);
}
