//! Reads members of a bucket one after the other: from its brief, where that says what is asked, else by
//! reckoning.

use std::ops::Range;

use shuke_columns::Bucket;

use super::block::Block;
use super::kept::{Brief, Kept, NEVER};
use super::{Given, Rows, Wants};
use crate::question::Frame;
use crate::replay::Replay;

/// Rows that are laid out at a time: they stay in the nearest cache.
const AHEAD: usize = 512;

/// Reads members of a bucket.
pub(crate) struct Reader<'b> {
    frame: &'b Frame,
    wants: Wants,
    bucket: &'b Bucket,
    kept: Option<Kept<'b>>,
    /// The day of reckoning, counted as the brief does.
    known: u16,
    /// So many rows are laid out at least where there are as many.
    at_once: usize,
    ahead: Block,
    replay: Replay<'b>,
    walked: Block,
}

impl<'b> Reader<'b> {
    /// Of members of the bucket, which has this brief.
    pub fn of(frame: &'b Frame, wants: Wants, bucket: &'b Bucket, brief: Option<&'b Brief>) -> Self {
        let kept = brief.map(Brief::read);
        let known = kept.map_or(0, |kept| kept.known(frame.as_of_day));
        // Beside a brief few are reckoned, here and there: rows ahead would be laid out in vain.
        let replay = if kept.is_some() { Replay::of(bucket) } else { Replay::through(bucket, 0) };
        Self { frame, wants, bucket, kept, known, at_once: AHEAD, ahead: Block::default(), replay, walked: Block::default() }
    }

    /// The same of few members, here and there.
    pub fn of_few(frame: &'b Frame, wants: Wants, bucket: &'b Bucket, brief: &'b Brief) -> Self {
        Self { at_once: 0, ..Self::of(frame, wants, bucket, Some(brief)) }
    }

    /// Whether the brief says what is asked of a member.
    #[inline]
    pub fn is_settled(&self, member: usize) -> bool {
        self.kept.as_ref().is_some_and(|kept| kept.settled[member] <= self.known)
    }

    /// A member's rows.
    #[inline]
    pub fn member(&mut self, member: usize) -> Rows<'_> {
        let rows = self.bucket.orders.of.of(member);
        match &self.kept {
            Some(kept) if kept.settled[member] <= self.known => {
                hold(&mut self.ahead, self.at_once, (self.bucket, kept), &rows, self.wants);
                cut(self.frame, &self.ahead, &rows, Given::Kept(kept))
            }
            _ => {
                self.replay.run(self.frame, member, self.frame.as_of, self.frame.to);
                self.walked.walk(self.frame, &self.replay, rows.clone(), self.wants);
                cut(self.frame, &self.walked, &rows, Given::Walked(&self.replay))
            }
        }
    }

    /// A member's rows as the brief has them, all being known; `None` where it never says what is asked.
    #[inline]
    pub fn settled(&mut self, member: usize) -> Option<Rows<'_>> {
        let kept = self.kept.as_ref().filter(|kept| kept.settled[member] != NEVER)?;
        let rows = self.bucket.orders.of.of(member);
        hold(&mut self.ahead, self.at_once, (self.bucket, kept), &rows, self.wants);
        Some(cut(self.frame, &self.ahead, &rows, Given::Kept(kept)))
    }
}

/// Lays these rows out from the brief, and so many of those behind them, unless they are.
#[inline]
fn hold(ahead: &mut Block, at_once: usize, (bucket, kept): (&Bucket, &Kept<'_>), rows: &Range<usize>, wants: Wants) {
    if !ahead.holds(rows) {
        let rows = rows.start..rows.end.max(bucket.orders.time.len().min(rows.start + at_once));
        ahead.lay_out(bucket, kept, &rows, wants);
    }
}

/// Those of a block's rows that lie before the window's end, and those in it.
#[inline]
fn cut<'a>(frame: &Frame, block: &'a Block, rows: &Range<usize>, given: Given<'a>) -> Rows<'a> {
    let (start, mut end) = (rows.start - block.first, rows.end - block.first);
    while end > start && block.since[end - 1] >= frame.to_day {
        end -= 1;
    }
    let mut from = end;
    while from > start && block.since[from - 1] >= frame.from_day {
        from -= 1;
    }
    Rows { block, at: start..end, window: from..end, given }
}
