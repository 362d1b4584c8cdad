//! What goods were called when they were last sold.
//!
//! Lines that are read from their rows tell the instant of their order, those of a tally only its day. That is
//! enough unless lines of the last day disagree: those are looked up then.

use shuke_columns::{Bucket, Columns};

use super::tally::Tally;
use crate::brief::{Brief, Reader, Wants};
use crate::question::Frame;

/// The code of what is not there.
pub(super) const NONE: u32 = u32::MAX;
/// In place of a code: there are several.
pub(super) const SEVERAL: u32 = u32::MAX - 1;

/// The place of goods: behind that of what has no code.
#[inline]
pub(super) fn place(sku: Option<u32>) -> u32 {
    sku.unwrap_or(NONE).wrapping_add(1)
}

/// A word last seen at a time, in the order at a row of a bucket.
#[derive(Clone, Copy)]
pub(super) struct Last {
    pub time: i64,
    pub day: i32,
    pub bucket: u32,
    pub row: u32,
    pub code: u32,
}

/// Keeps the later of two; of one time that of the greater key.
pub(super) fn keep_later(columns: &Columns, mine: &mut Option<Last>, other: Last) {
    let key = |of: &Last| columns.buckets[of.bucket as usize].orders.key.get(of.row as usize);
    let is_later = |m: &Last| m.time < other.time || m.time == other.time && key(m) <= key(&other);
    if mine.as_ref().is_none_or(is_later) {
        *mine = Some(other);
    }
}

/// The word that lines of the latest day have, as far as was read; [`SEVERAL`] where they disagree.
#[derive(Clone, Copy)]
pub(super) struct Held {
    day: i32,
    code: u32,
}

impl Default for Held {
    fn default() -> Self {
        Self { day: i32::MIN, code: NONE }
    }
}

impl Held {
    /// Takes in what lines of a day have.
    #[inline]
    pub fn tell(&mut self, day: i32, code: u32) {
        if code == NONE {
            return;
        }
        if self.code == NONE || day > self.day {
            *self = Self { day, code };
        } else if day == self.day && code != self.code {
            self.code = SEVERAL;
        }
    }

    /// Takes in what another read.
    pub fn join(&mut self, other: Self) {
        self.tell(other.day, other.code);
    }
}

/// What is said of goods.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Said {
    /// The code, if there is one.
    Known(Option<u32>),
    /// Lines of that day say it, by the instants of their orders.
    Open(i32),
}

/// What lines that were read from their rows and lines of tallies say together.
pub(super) fn said(exact: Option<Last>, held: Held) -> Said {
    match exact {
        None if held.code == NONE => Said::Known(None),
        Some(last) if held.code == NONE || last.day > held.day => Said::Known(Some(last.code)),
        Some(last) if last.day == held.day && last.code == held.code => Said::Known(Some(last.code)),
        Some(last) if last.day == held.day => Said::Open(held.day),
        _ if held.code == SEVERAL => Said::Open(held.day),
        _ => Said::Known(Some(held.code)),
    }
}

/// Which of two words.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum What {
    Name = 0,
    Category = 1,
}

/// Goods of which it is open what they were called on a day.
#[derive(Clone, Copy, Debug)]
pub(super) struct Open {
    pub place: u32,
    pub day: i32,
    pub what: What,
}

/// What the last line of a tally has on the day, of each that is open. Categories are those that orders told.
/// `read` are the tallies of buckets, with their briefs, by the places of these.
pub(super) fn look_up(columns: &Columns, frame: &Frame, read: &[Option<&(Brief, Tally)>], open: &[Open]) -> Vec<Option<Last>> {
    let each = |found: &mut Vec<Option<Last>>, place: usize, bucket: &Bucket| {
        let Some((brief, tally)) = read[place] else { return };
        let reader = Reader::of_few(frame, Wants::Paid, bucket, brief);
        for (open, found) in open.iter().zip(found) {
            tally.each_on(open.place, open.day, |member| {
                // Others were read from their rows.
                if bucket.shows(member) && reader.is_settled(member) {
                    look(columns, (place, bucket), brief, (member, open), found);
                }
            });
        }
    };
    let join = |mine: &mut Vec<Option<Last>>, theirs: Vec<Option<Last>>| {
        for (mine, theirs) in mine.iter_mut().zip(theirs) {
            if let Some(theirs) = theirs {
                keep_later(columns, mine, theirs);
            }
        }
    };
    columns.fold_at(|| vec![None; open.len()], each, join)
}

/// Looks at a member's lines of a day.
fn look(columns: &Columns, (at, bucket): (usize, &Bucket), brief: &Brief, (member, open): (usize, &Open), found: &mut Option<Last>) {
    for order in brief.paid_on(bucket, member, open.day) {
        for line in bucket.lines_of(order).filter(|line| place(bucket.lines.sku.code(*line)) == open.place) {
            let code = match open.what {
                What::Name => bucket.lines.name.code(line),
                What::Category => bucket.lines.category.code(line),
            };
            if let Some(code) = code {
                let time = bucket.orders.time.value(order);
                keep_later(columns, found, Last { time, day: open.day, bucket: at as u32, row: order as u32, code });
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn last(day: i32, code: u32) -> Option<Last> {
        Some(Last { time: i64::from(day), day, bucket: 0, row: 0, code })
    }

    fn held(told: &[(i32, u32)]) -> Held {
        let mut held = Held::default();
        told.iter().for_each(|(day, code)| held.tell(*day, *code));
        held
    }

    #[test]
    fn the_last_day_says_it_unless_its_lines_disagree() {
        type Case<'a> = (Option<Last>, &'a [(i32, u32)], Said);
        let cases: [Case<'_>; 13] = [
            (None, &[], Said::Known(None)),
            (None, &[(3, NONE)], Said::Known(None)),
            (None, &[(3, 7), (2, 8)], Said::Known(Some(7))),
            (None, &[(2, 8), (3, 7), (3, 7), (9, NONE)], Said::Known(Some(7))),
            (None, &[(3, 7), (3, 8)], Said::Open(3)),
            (None, &[(3, 7), (3, 8), (4, 9)], Said::Known(Some(9))),
            (last(4, 1), &[], Said::Known(Some(1))),
            (last(4, 1), &[(3, 7), (3, 8)], Said::Known(Some(1))),
            (last(3, 1), &[(3, 7)], Said::Open(3)),
            (last(3, 7), &[(3, 7)], Said::Known(Some(7))),
            (last(3, 7), &[(3, 7), (3, 8)], Said::Open(3)),
            (last(2, 1), &[(3, 7), (3, 8)], Said::Open(3)),
            (last(2, 1), &[(3, 7)], Said::Known(Some(7))),
        ];
        for (exact, told, want) in cases {
            assert_eq!(said(exact, held(told)), want, "{told:?}");
            let (mut one, mut other) = (Held::default(), Held::default());
            told.iter().enumerate().for_each(|(i, (day, code))| if i % 2 == 0 { one.tell(*day, *code) } else { other.tell(*day, *code) });
            other.join(one);
            assert_eq!(said(exact, other), want, "{told:?} by two");
        }
    }
}
