//! Sequences. Only times matter: of the rows that a step may choose the distinct times are kept, and from
//! step to step those that can be reached. For a row the best one before it is the latest: its wait ends
//! last, and least lies between. So one walk through the times decides whether any choice will do.

use shuke_columns::registry::TIME;

use super::Asked;
use super::numbers::truth;
use crate::plan::{Candidates, Steps};
use crate::tree::Within;

/// Times with what the rows share, ascending; 0 where nothing need be shared.
type Times = Vec<(i64, i64)>;

impl Asked<'_> {
    pub(super) fn sequence(&self, steps: &Steps, members: &[u32]) -> Vec<u8> {
        let chosen: Vec<Vec<Times>> = steps.chosen.iter().map(|c| self.times(&c.rows, members)).collect();
        // Who has no row for a step is out before what may not be there is looked for.
        let open: Vec<usize> = (0..members.len()).filter(|m| chosen.iter().all(|c| !c[*m].is_empty())).collect();
        let mut told = vec![truth(false); members.len()];
        let left: Vec<u32> = open.iter().map(|m| members[*m]).collect();
        let absent: Vec<Vec<Vec<Times>>> = steps.chosen.iter().map(|c| c.absent.iter().map(|a| self.times(a, &left)).collect()).collect();
        let tail: Vec<Vec<Times>> = steps.tail.iter().map(|(t, _)| self.times(t, &left)).collect();
        for (i, m) in open.iter().enumerate() {
            let rows = Rows {
                chosen: chosen.iter().map(|c| c[*m].as_slice()).collect(),
                absent: absent.iter().map(|step| step.iter().map(|a| a[i].as_slice()).collect()).collect(),
                tail: tail.iter().map(|t| t[i].as_slice()).collect(),
            };
            told[*m] = truth(self.can_choose(steps, &rows));
        }
        told
    }

    /// The times of each member's rows that a step may choose.
    fn times(&self, of: &Candidates, members: &[u32]) -> Vec<Times> {
        let picked = self.pick(&of.rows, members);
        let columns = &self.slice.tables[of.rows.table].columns;
        let key = |row: usize| of.same.map_or(Some(0), |c| columns[c].get(row));
        let each = |mine: std::ops::Range<usize>| {
            let rows = picked.rows[mine].iter().map(|r| *r as usize);
            let mut times: Times = rows.filter_map(|row| key(row).map(|k| (k, columns[TIME].value(row)))).collect();
            if of.same.is_some() {
                times.sort_unstable();
            }
            times.dedup();
            times
        };
        picked.members().map(each).collect()
    }

    fn can_choose(&self, steps: &Steps, rows: &Rows<'_>) -> bool {
        rows.chosen[0].chunk_by(|a, b| a.0 == b.0).any(|group| {
            let shared = group[0].0;
            let mut reached: Vec<i64> = group.iter().map(|(_, t)| *t).collect();
            for (i, step) in steps.chosen.iter().enumerate().skip(1) {
                let absent: Vec<&[(i64, i64)]> = rows.absent[i].iter().map(|a| of(a, shared)).collect();
                reached = self.reach(&reached, of(rows.chosen[i], shared), step.within, &absent);
            }
            let tail: Vec<_> = rows.tail.iter().map(|t| of(t, shared)).collect();
            reached.iter().any(|last| {
                steps.tail.iter().zip(&tail).all(|((_, within), absent)| {
                    let end = self.reckoning.end_of(*within, *last);
                    end <= self.reckoning.at && next_after(absent, *last).is_none_or(|t| t >= end)
                })
            })
        })
    }

    /// Which of `times` have one of `before` strictly before them, within the wait and with nothing of
    /// `absent` strictly between.
    fn reach(&self, before: &[i64], times: &[(i64, i64)], within: Option<Within>, absent: &[&[(i64, i64)]]) -> Vec<i64> {
        let mut next = 0;
        let reached = times.iter().map(|(_, t)| *t).filter(|t| {
            while before.get(next).is_some_and(|b| b < t) {
                next += 1;
            }
            let Some(best) = next.checked_sub(1).map(|i| before[i]) else { return false };
            let in_time = within.is_none_or(|w| *t < self.reckoning.end_of(w, best));
            in_time && absent.iter().all(|a| next_after(a, best).is_none_or(|between| between >= *t))
        });
        reached.collect()
    }
}

struct Rows<'a> {
    chosen: Vec<&'a [(i64, i64)]>,
    absent: Vec<Vec<&'a [(i64, i64)]>>,
    tail: Vec<&'a [(i64, i64)]>,
}

/// The times with that shared value.
fn of(times: &[(i64, i64)], shared: i64) -> &[(i64, i64)] {
    let from = times.partition_point(|(k, _)| *k < shared);
    let to = times.partition_point(|(k, _)| *k <= shared);
    &times[from..to]
}

/// The first time after `t`.
fn next_after(times: &[(i64, i64)], t: i64) -> Option<i64> {
    times.get(times.partition_point(|(_, time)| *time <= t)).map(|(_, time)| *time)
}
