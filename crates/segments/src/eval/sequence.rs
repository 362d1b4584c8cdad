//! Sequences. Only times matter: of the rows that a step may choose the distinct times are kept, and from
//! step to step those that can be reached. For a row the best one before it is the latest: its wait ends
//! last, and least lies between. So one walk through the times decides whether any choice will do.

use shuke_columns::registry::TIME;

use super::at::At;
use super::numbers::truth;
use super::rows::Picked;
use super::{Asked, TRUE};
use crate::plan::{Candidates, Steps};
use crate::tree::Within;

/// Times of each member's rows with what the rows share, ascending; 0 where nothing need be shared.
#[derive(Default)]
struct Times {
    times: Vec<(i64, i64)>,
    ends: Vec<usize>,
}

impl Times {
    fn of(&self, member: usize) -> &[(i64, i64)] {
        let from = if member == 0 { 0 } else { self.ends[member - 1] };
        &self.times[from..self.ends[member]]
    }

    /// Those with that shared value.
    fn shared(&self, member: usize, shared: i64) -> &[(i64, i64)] {
        let times = self.of(member);
        let from = times.partition_point(|(k, _)| *k < shared);
        let to = times.partition_point(|(k, _)| *k <= shared);
        &times[from..to]
    }
}

/// What every step may choose, and what may not be there, of the same members.
struct Found {
    chosen: Vec<Times>,
    absent: Vec<Vec<Times>>,
    tail: Vec<Times>,
}

impl Asked<'_> {
    pub(super) fn sequence(&self, steps: &Steps, members: At<'_>) -> Vec<u8> {
        let mut told = vec![TRUE; members.len()];
        // Who has no row for a step is out before times are looked at.
        let mut picked = Vec::with_capacity(steps.chosen.len());
        for step in &steps.chosen {
            let rows = self.pick(&step.rows.rows, members);
            told.iter_mut().zip(rows.counts()).for_each(|(t, count)| *t = truth(count > 0).min(*t));
            picked.push(rows);
            if !told.contains(&TRUE) {
                return told;
            }
        }
        let open = members.only(&told, |t| t == TRUE);
        let absent = |rows: &Candidates| self.absent(rows, members, &open);
        let found = Found {
            chosen: steps.chosen.iter().zip(&picked).map(|(c, picked)| self.times(&c.rows, picked, &open)).collect(),
            absent: steps.chosen.iter().map(|c| c.absent.iter().map(absent).collect()).collect(),
            tail: steps.tail.iter().map(|(rows, _)| absent(rows)).collect(),
        };
        let mut reached = Reached::default();
        for (i, m) in open.iter().enumerate() {
            told[*m as usize] = truth(self.can_choose(steps, &found, i, &mut reached));
        }
        told
    }

    /// The times of rows that must not be there, of members by their number among all at hand.
    fn absent(&self, rows: &Candidates, members: At<'_>, open: &[u32]) -> Times {
        // Of most it is cheaper to judge the rows of all in one go.
        if open.len() * 4 >= members.len() {
            return self.times(rows, &self.pick(&rows.rows, members), open);
        }
        let left: Vec<u32> = open.iter().map(|i| members.get(*i as usize) as u32).collect();
        let all: Vec<u32> = (0..left.len() as u32).collect();
        self.times(rows, &self.pick_anew(&rows.rows, At::Some(&left)), &all)
    }

    /// The times of some members' rows that a step may choose.
    fn times(&self, of: &Candidates, picked: &Picked<'_>, members: &[u32]) -> Times {
        let columns = &self.slice.tables[of.rows.table].columns;
        let time = &columns[TIME];
        let mut all = Times { times: Vec::with_capacity(2 * members.len()), ends: Vec::with_capacity(members.len()) };
        for member in members {
            let begin = all.times.len();
            picked.each_of(*member as usize, |row| {
                let Some(key) = of.same.map_or(Some(0), |c| columns[c].get(row)) else { return };
                let time = (key, time.value(row));
                if of.same.is_some() || all.times[begin..].last() != Some(&time) {
                    all.times.push(time);
                }
            });
            if of.same.is_some() {
                all.times[begin..].sort_unstable();
            }
            all.ends.push(all.times.len());
        }
        all
    }

    fn can_choose(&self, steps: &Steps, found: &Found, member: usize, reached: &mut Reached) -> bool {
        found.chosen[0].of(member).chunk_by(|a, b| a.0 == b.0).any(|group| {
            let shared = group[0].0;
            reached.now.clear();
            reached.now.extend(group.iter().map(|(_, t)| *t));
            for (i, step) in steps.chosen.iter().enumerate().skip(1) {
                let absent = |t: i64, end: i64| found.absent[i].iter().any(|a| lies_between(a.shared(member, shared), t, end));
                self.reach(reached, found.chosen[i].shared(member, shared), step.within, absent);
            }
            reached.now.iter().any(|last| {
                steps.tail.iter().zip(&found.tail).all(|((_, within), absent)| {
                    let end = self.reckoning.end_of(*within, *last);
                    end <= self.reckoning.at && !lies_between(absent.shared(member, shared), *last, end)
                })
            })
        })
    }

    /// Keeps which of `times` have a reached one strictly before them, within the wait and with nothing absent
    /// strictly between.
    fn reach(&self, reached: &mut Reached, times: &[(i64, i64)], within: Option<Within>, absent: impl Fn(i64, i64) -> bool) {
        let Reached { now: before, next: after } = reached;
        let mut next = 0;
        after.clear();
        after.extend(times.iter().map(|(_, t)| *t).filter(|t| {
            while before.get(next).is_some_and(|b| b < t) {
                next += 1;
            }
            let Some(best) = next.checked_sub(1).map(|i| before[i]) else { return false };
            within.is_none_or(|w| *t < self.reckoning.end_of(w, best)) && !absent(best, *t)
        }));
        std::mem::swap(before, after);
    }
}

/// Times that the steps so far can end at, and room for those of the next.
#[derive(Default)]
struct Reached {
    now: Vec<i64>,
    next: Vec<i64>,
}

/// Whether one of the times lies after `t` and before `end`.
fn lies_between(times: &[(i64, i64)], t: i64, end: i64) -> bool {
    times.get(times.partition_point(|(_, time)| *time <= t)).is_some_and(|(_, time)| *time < end)
}
