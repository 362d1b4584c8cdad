//! Writes a bucket's brief: every member is reckoned once, all being known.

use shuke_columns::digest::Part;
use shuke_columns::{Bucket, Digest};

use super::block::Block;
use super::kept::NEVER;
use super::{Wants, mark};
use crate::question::Frame;
use crate::replay::Replay;

/// The brief of a bucket; one without parts where it does not fit. Of `frame` neither the window nor the day of
/// reckoning matters.
pub(super) fn write(frame: &Frame, bucket: &Bucket) -> Digest {
    let all = frame.whole();
    base(&all, bucket).and_then(|base| Scribe { base, ..Scribe::default() }.write(&all, bucket)).unwrap_or_default()
}

/// The first day of which the bucket tells anything; `None` where days are more than can be counted.
fn base(frame: &Frame, bucket: &Bucket) -> Option<i32> {
    let (orders, refunds) = (&bucket.orders, &bucket.refunds);
    let times = (0..orders.time.len()).filter_map(|row| orders.time.get(row));
    let times = times.chain((0..refunds.time.len()).map(|row| refunds.time.value(row)));
    let ends = times.fold(None, |ends: Option<(i64, i64)>, t| Some(ends.map_or((t, t), |(a, b)| (a.min(t), b.max(t)))));
    let Some((first, last)) = ends else { return Some(0) };
    let (first, last) = (lies_on(frame, first), lies_on(frame, last));
    // A day more, from which the last refund is known.
    (i64::from(last) - i64::from(first) + 1 < i64::from(NEVER)).then_some(first)
}

fn lies_on(frame: &Frame, time: i64) -> i32 {
    frame.days.lies_on(time, frame.days.of(time))
}

#[derive(Default)]
struct Scribe {
    base: i32,
    settled: Vec<u16>,
    days: Vec<u16>,
    marks: Vec<u16>,
    touched: Vec<u32>,
    money: Vec<i64>,
    counts: Vec<u32>,
    lines: Vec<i64>,
    pieces: Vec<u32>,
    over: Vec<u32>,
    more: Vec<i64>,
}

impl Scribe {
    fn write(mut self, frame: &Frame, bucket: &Bucket) -> Option<Digest> {
        let (mut replay, mut block) = (Replay::through(bucket, 0), Block::default());
        for member in 0..bucket.len() {
            replay.run(frame, member, frame.as_of, frame.to);
            block.walk(frame, &replay, bucket.orders.of.of(member), Wants::All);
            self.settle(frame, bucket, member)?;
            self.member(&replay, &block)?;
        }
        let parts: Vec<Part> = vec![
            vec![self.base as u32].into(),
            self.settled.into(),
            self.days.into(),
            self.marks.into(),
            self.touched.into(),
            self.money.into(),
            self.counts.into(),
            self.lines.into(),
            self.pieces.into(),
            self.over.into(),
            self.more.into(),
        ];
        Some(Digest::of(parts))
    }

    fn counted(&self, day: i32) -> Option<u16> {
        u16::try_from(i64::from(day) - i64::from(self.base)).ok().filter(|day| *day != NEVER)
    }

    /// From when on the member's rows say what they will.
    fn settle(&mut self, frame: &Frame, bucket: &Bucket, member: usize) -> Option<()> {
        let refunds = &bucket.refunds;
        let rows = refunds.of.of(member);
        let settled = match rows.clone().last().filter(|_| frame.net) {
            None => 0,
            Some(_) if rows.clone().any(|row| !refunds.order.is_known(row)) => NEVER,
            Some(last) => self.counted(lies_on(frame, refunds.time.value(last)).checked_add(1)?)?,
        };
        self.settled.push(settled);
        Some(())
    }

    fn member(&mut self, replay: &Replay<'_>, block: &Block) -> Option<()> {
        for (row, mark) in block.mark.iter().enumerate() {
            let is_timed = block.since[row] != i32::MIN;
            // Where a clock was put back over midnight one day is not enough to tell.
            if block.day[row] != block.since[row] {
                return None;
            }
            self.days.push(if is_timed { self.counted(block.day[row])? } else { 0 });
            self.marks.push(*mark);
            if mark & mark::TOUCHED != 0 {
                self.touch(replay, block, row)?;
            }
        }
        Some(())
    }

    fn touch(&mut self, replay: &Replay<'_>, block: &Block, row: usize) -> Option<()> {
        let small = |n: i64| u32::try_from(n).ok();
        let order = block.first + row;
        let deal = replay.deal_of(order)?;
        for left in replay.left(deal)? {
            self.lines.extend([left.paid, left.received]);
            self.pieces.push(small(left.quantity)?.checked_mul(2)? | u32::from(left.live));
        }
        self.touched.push(small(order as i64)?);
        self.money.extend([block.paid[row], block.received[row]]);
        self.counts.extend([small(block.units[row])?, small(block.lines[row])?, small(self.pieces.len() as i64)?]);
        if block.mark[row] & mark::OVER != 0 {
            self.over.push(order as u32);
            self.more.push(replay.touched(deal)?.over);
        }
        Some(())
    }
}
