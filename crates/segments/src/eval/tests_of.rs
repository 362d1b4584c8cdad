//! Conditions over a frame. `and` and `or` hand on only what is still open.

use super::numbers::truth;
use super::{Asked, FALSE, Frame, Need, TRUE};
use crate::plan::Test;

impl Asked<'_> {
    /// What a condition is for each of the frame: [`TRUE`], [`FALSE`] or unknown. Only what `need` asks is
    /// sure: where who is true is needed, false and unknown may stand for each other, and the other way
    /// round.
    pub(super) fn test(&self, test: &Test, frame: Frame<'_>, need: Need) -> Vec<u8> {
        match test {
            Test::All => vec![TRUE; frame.at.len()],
            Test::And(args) => self.joined(args, frame, need, true),
            Test::Or(args) => self.joined(args, frame, need, false),
            Test::Not(arg) => {
                let other = if need == Need::True { Need::False } else { Need::True };
                let mut told = self.test(arg, frame, other);
                told.iter_mut().for_each(|t| *t = TRUE - *t);
                told
            }
            Test::Number(value, test) => self.number(value, test, frame),
            Test::Pair(op, pair) => self.pair(*op, &pair.0, &pair.1, frame),
            Test::Word { value, pattern, negate } => self.word(value, *pattern, *negate, frame),
            Test::Missing(value) => {
                let values = self.values(value, frame);
                (0..values.len()).map(|i| truth(!values.is_known(i))).collect()
            }
            Test::Tags { all, patterns, added } => self.tags(*all, patterns, *added, frame.at),
            Test::Exists(rows) => self.exists(rows, frame.at),
            Test::Sequence(steps) => self.sequence(steps, frame.at),
            Test::List(list) => {
                let set = self.codes.list(*list);
                frame.at.iter().map(|m| truth(set.has(i64::from(*m)))).collect()
            }
            Test::Segment(expression) => {
                let told = self.test(expression, frame, Need::True);
                told.into_iter().map(|t| truth(t == TRUE)).collect()
            }
            Test::Top(ranking, both) => self.top(*ranking, &both.0, both.1.as_ref(), frame, need),
        }
    }

    /// All of them, or any.
    fn joined(&self, args: &[Test], frame: Frame<'_>, need: Need, all: bool) -> Vec<u8> {
        let mut told = vec![if all { TRUE } else { FALSE }; frame.at.len()];
        let mut open: Vec<u32> = (0..frame.at.len() as u32).collect();
        for arg in args {
            if open.is_empty() {
                break;
            }
            let at: Vec<u32> = open.iter().map(|i| frame.at[*i as usize]).collect();
            for (i, t) in open.iter().zip(self.test(arg, Frame { at: &at, ..frame }, need)) {
                let mine = &mut told[*i as usize];
                *mine = if all { t.min(*mine) } else { t.max(*mine) };
            }
            // What can no longer become what is needed, or is settled, is asked no more.
            open.retain(|i| match (all, need, told[*i as usize]) {
                (true, Need::True, t) => t == TRUE,
                (true, Need::False, t) => t != FALSE,
                (false, Need::True, t) => t != TRUE,
                (false, Need::False, t) => t == FALSE,
            });
        }
        told
    }

    fn tags(&self, all: bool, patterns: &[usize], added: Option<(i64, i64)>, members: &[u32]) -> Vec<u8> {
        let (tags, at) = (&self.slice.tags, self.reckoning.at);
        let has = |member: usize, pattern: usize| {
            let set = self.codes.pattern(pattern);
            tags.of.of(member).any(|s| {
                let from = tags.from.value(s);
                set.has(tags.value.value(s))
                    && from < at
                    && tags.to.get(s).is_none_or(|to| to >= at)
                    && added.is_none_or(|(first, end)| from >= first && from < end)
            })
        };
        let each = |m: &u32| {
            let member = *m as usize;
            truth(if all { patterns.iter().all(|p| has(member, *p)) } else { patterns.iter().any(|p| has(member, *p)) })
        };
        members.iter().map(each).collect()
    }
}
