//! Conditions over a frame. `and` and `or` hand on only what is still open.

use super::at::{At, Frame};
use super::cells::{greater, lesser, number_of};
use super::numbers::truth;
use super::{Asked, FALSE, Need, TRUE};
use crate::plan::{Eager, Test};

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
                if let Some(column) = self.column(value, frame) {
                    return frame.at.map(|i| truth(!column.is_known(i)));
                }
                let values = self.values(value, frame);
                (0..values.len()).map(|i| truth(!values.is_known(i))).collect()
            }
            Test::Tags { patterns, added } => self.tags(patterns, *added, frame.at),
            Test::Exists(rows) => self.exists(rows, frame.at),
            Test::Sequence(steps) => self.sequence(steps, frame.at),
            Test::List(list) => {
                let set = self.codes.list(*list);
                frame.at.map(|m| truth(set.has(m as i64)))
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
        // What can no longer become what is needed, or is settled, is asked no more.
        let is_open = |t: u8| match (all, need) {
            (true, Need::True) => t == TRUE,
            (true, Need::False) => t != FALSE,
            (false, Need::True) => t != TRUE,
            (false, Need::False) => t == FALSE,
        };
        let join = |mine: &mut u8, t: u8| *mine = if all { t.min(*mine) } else { t.max(*mine) };
        let Some((first, rest)) = args.split_first() else { return vec![if all { TRUE } else { FALSE }; frame.at.len()] };
        let mut told = self.test(first, frame, need);
        for arg in rest {
            let open = match (all, need) {
                (true, Need::True) => number_of(&told, TRUE),
                (true, Need::False) => told.len() - number_of(&told, FALSE),
                (false, Need::True) => told.len() - number_of(&told, TRUE),
                (false, Need::False) => number_of(&told, FALSE),
            };
            if open == 0 {
                break;
            }
            let eager = arg.eager();
            let worth = if eager == Eager::Any || matches!(frame.at, At::Run(..)) { eager } else { Eager::Never };
            if open * worth as usize >= told.len() {
                let more = self.test(arg, frame, need);
                if all {
                    lesser(&mut told, &more)
                } else {
                    greater(&mut told, &more)
                }
                continue;
            }
            let open = frame.at.only(&told, is_open);
            let at: Vec<u32> = open.iter().map(|i| frame.at.get(*i as usize) as u32).collect();
            let others = Frame { at: At::Some(&at), ..frame };
            for (i, t) in open.iter().zip(self.among(others, |asked| asked.test(arg, others, need))) {
                join(&mut told[*i as usize], t);
            }
        }
        told
    }

    /// Asks of others than are at hand: rows that were picked are not theirs.
    pub(super) fn among<T>(&self, frame: Frame<'_>, ask: impl FnOnce(&Self) -> T) -> T {
        if frame.table.is_some() {
            return ask(self);
        }
        let (picked, windows) = (self.at_hand.picked.take(), self.at_hand.windows.take());
        let told = ask(self);
        self.at_hand.picked.replace(picked);
        self.at_hand.windows.replace(windows);
        told
    }
}
