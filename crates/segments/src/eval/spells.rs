//! What held when: facts with a history, and tags.

use std::rc::Rc;

use shuke_columns::Ints;
use shuke_columns::slice::Spells;

use super::at::At;
use super::cells::{Wanted, lesser, spread, tell};
use super::numbers::{Whole, truth};
use super::rows::Picked;
use super::{Asked, FALSE, MANY, TRUE};
use crate::calendar::Stretch;

impl Asked<'_> {
    /// What a fact with a history was at the time of the question.
    pub(super) fn held(&self, spells: &Spells, members: At<'_>) -> Whole {
        if spells.of.ends().is_empty() {
            return Whole { values: vec![0; members.len()], known: Some(vec![false; members.len()]) };
        }
        let began = spells.from.ceiling() < self.reckoning.at;
        let ends = spells.to.valid().is_some() || spells.to.all_known();
        let holds = |s: &usize| if began && !ends { true } else { self.holds(spells, *s) };
        // Nearly always the last one is the one.
        const NONE: u32 = u32::MAX;
        let held = |m: usize| {
            let all = spells.of.of(m);
            let found = if all.is_empty() || holds(&(all.end - 1)) {
                all.end.checked_sub(1).filter(|_| !all.is_empty())
            } else {
                all.rev().find(holds)
            };
            found.map_or(NONE, |s| s as u32)
        };
        let mut at = members.map(held);
        let known = at.contains(&NONE).then(|| at.iter().map(|s| *s != NONE).collect());
        at.iter_mut().filter(|s| **s == NONE).for_each(|s| *s = 0);
        Whole { known, ..Whole::read(&spells.value, At::Some(&at)) }
    }

    /// The same of all members as a column of facts, where it is kept so for the time of the question.
    pub(super) fn last_held(&self, history: usize) -> Option<&Ints> {
        let kept = self.held.get(history)?;
        let find = || self.slice.histories[history].last_held(self.slice.len(), self.reckoning.at);
        kept.get_or_init(find).as_ref().map(|held| &held.what)
    }

    fn holds(&self, spells: &Spells, s: usize) -> bool {
        spells.holds(s, self.reckoning.at)
    }

    /// Who holds a tag of a pattern, a bit each; `None` where only the spells tell.
    fn tagged(&self, pattern: usize) -> Option<Rc<Vec<u64>>> {
        if let Some((_, kept)) = self.tagged.borrow().iter().find(|(p, _)| *p == pattern) {
            return kept.clone();
        }
        let find = || {
            let members = self.slice.len();
            let holders = Some(&self.slice.tags).filter(|_| members >= MANY)?.holders(members, self.reckoning.at)?;
            let set = self.codes.pattern(pattern);
            let mut bits = vec![0_u64; members / 64 + 1];
            for (_, places) in holders.what.iter().filter(|(code, _)| set.has(i64::from(*code))) {
                places.iter().for_each(|place| bits[usize::from(*place) / 64] |= 1 << (place % 64));
            }
            Some(Rc::new(bits))
        };
        let found = find();
        self.tagged.borrow_mut().push((pattern, found.clone()));
        found
    }

    /// Who holds a tag of each of the patterns.
    pub(super) fn tags(&self, patterns: &[usize], added: Option<Stretch>, members: At<'_>) -> Vec<u8> {
        let slice = self.slice;
        let tags = &slice.tags;
        let added = added.map(|stretch| stretch.at(self.reckoning.at));
        let mut told = vec![TRUE; members.len()];
        let ends: &[u32] = tags.of.ends();
        let counts = |s: usize| self.holds(tags, s) && added.is_none_or(|(first, end)| (first..end).contains(&tags.from.value(s)));
        for pattern in patterns {
            if added.is_none()
                && let Some(bits) = self.tagged(*pattern)
            {
                let has = |m: usize| truth(bits[m / 64] >> (m % 64) & 1 == 1);
                let held = match members {
                    At::Run(from, to) if from % 64 == 0 => spread(&bits[from / 64..], to - from),
                    _ => members.map(has),
                };
                lesser(&mut told, &held);
                continue;
            }
            let set = self.codes.pattern(*pattern);
            let held = match members {
                At::Run(from, to) if !ends.is_empty() && from < to => {
                    let start = if from == 0 { 0 } else { ends[from - 1] as usize };
                    let run = At::Run(start, ends[to - 1] as usize);
                    let mut held = tell(&tags.value, run, Wanted::Code { set, negate: false });
                    // Few are told, and those are looked at one by one.
                    for (i, eight) in held.as_chunks_mut::<8>().0.iter_mut().enumerate().filter(|(_, eight)| **eight != [FALSE; 8]) {
                        for (j, t) in eight.iter_mut().enumerate().filter(|(_, t)| **t == TRUE) {
                            *t = truth(counts(start + i * 8 + j));
                        }
                    }
                    let whole = held.len() / 8 * 8;
                    for (i, t) in held.iter_mut().enumerate().skip(whole).filter(|(_, t)| **t == TRUE) {
                        *t = truth(counts(start + i));
                    }
                    let counts = Picked::run(start, &ends[from..to], Some(Rc::new(held))).counts();
                    counts.iter().map(|count| truth(*count > 0)).collect()
                }
                _ => members.map(|m| truth(tags.of.of(m).any(|s| set.has(tags.value.value(s)) && counts(s)))),
            };
            told.iter_mut().zip(held).for_each(|(t, held): (&mut u8, u8)| *t = held.min(*t));
        }
        told
    }
}
