//! Reads members of a bucket one after the other: from its brief, where that says what is asked, else by
//! reckoning.

use shuke_columns::Bucket;

use super::block::Block;
use super::kept::{Brief, Kept};
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
    ahead: Block,
    replay: Replay<'b>,
    walked: Block,
}

impl<'b> Reader<'b> {
    /// Of members of the bucket, which has this brief.
    pub fn of(frame: &'b Frame, wants: Wants, bucket: &'b Bucket, brief: Option<&'b Brief>) -> Self {
        let kept = brief.map(Brief::read);
        let known = kept.map_or(0, |kept| kept.known(frame.as_of_day));
        Self { frame, wants, bucket, kept, known, ahead: Block::default(), replay: Replay::through(bucket, 0), walked: Block::default() }
    }

    /// A member's rows.
    #[inline]
    pub fn member(&mut self, member: usize) -> Rows<'_> {
        let rows = self.bucket.orders.of.of(member);
        let (block, given) = match &self.kept {
            Some(kept) if kept.settled[member] <= self.known => {
                if !self.ahead.holds(&rows) {
                    let rows = rows.start..rows.end.max(self.bucket.orders.time.len().min(rows.start + AHEAD));
                    self.ahead.lay_out(self.bucket, kept, &rows, self.wants);
                }
                (&self.ahead, Given::Kept(kept))
            }
            _ => {
                self.replay.run(self.frame, member, self.frame.as_of, self.frame.to);
                self.walked.walk(self.frame, &self.replay, rows.clone(), self.wants);
                (&self.walked, Given::Walked(&self.replay))
            }
        };
        let (start, mut end) = (rows.start - block.first, rows.end - block.first);
        while end > start && block.since[end - 1] >= self.frame.to_day {
            end -= 1;
        }
        let mut from = end;
        while from > start && block.since[from - 1] >= self.frame.from_day {
            from -= 1;
        }
        Rows { block, at: start..end, window: from..end, given }
    }
}
