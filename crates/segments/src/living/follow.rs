//! Along the feed: while what came of some events is written, the next are read and judged. Who is behind
//! takes more at a time.
//!
//! What came of a step is written in parts, each with the place in the feed that it brings the segments to,
//! so that nobody waits long behind one of them, and whoever is killed between two goes on at the second.

use std::collections::{BTreeMap, HashSet};

use shuke_kernel::{Ctx, Instant, MerchantNo, Result};
use shuke_store::{Engine, Lane, Pending, Tx, args};

use super::apply::{How, Wanted, apply, members_among, set_size};
use super::ready::{Mark, mark};
use super::step::{Judged, Told};
use super::{Living, SUBSCRIBER};
use crate::model::{Cause, PersonId, SegmentId};
use crate::service::{self, blobs};
use crate::sql;

/// Events taken together when nothing waited: their members are read together.
const FEW: i64 = 256;
/// Events taken together by who is far behind.
const MOST: i64 = 1_024;
/// Events taken together after another wrote members meanwhile: it may do so again soon.
const AGAIN: i64 = 64;
/// Comings and goings of one part where others wait for it to be written.
const PART: usize = 128;
/// The same where others write beside it.
const PART_BESIDE: usize = 512;

/// A part of what came of a step.
struct Part {
    /// Where the feed was followed to before.
    from: i64,
    /// Where it is followed to with this.
    upto: i64,
    wanted: BTreeMap<SegmentId, Wanted>,
    moved: Option<Vec<PersonId>>,
}

/// A step that is being written.
struct Writing {
    parts: Vec<Pending<bool>>,
    /// Whether those that are written already were.
    so_far: bool,
    upto: i64,
    count: usize,
}

impl Writing {
    /// Whether all of it was written: not where another wrote meanwhile.
    fn wait(self) -> Result<bool> {
        // All are waited for, whatever becomes of one.
        let done: Vec<Result<bool>> = self.parts.into_iter().map(Pending::wait).collect();
        done.into_iter().try_fold(self.so_far, |all, one| Ok(all && one?))
    }
}

impl Living {
    /// Follows the feed of a merchant to its end. Returns how many events there were.
    pub fn follow(&self, merchant: MerchantNo) -> Result<usize> {
        self.follow_until(merchant, &|| false)
    }

    /// The same, until somebody has enough of it.
    pub fn follow_until(&self, merchant: MerchantNo, enough: &dyn Fn() -> bool) -> Result<usize> {
        let (mut all, mut most) = (0, FEW);
        let mut under_way: Option<Writing> = None;
        loop {
            let after = under_way.as_ref().map(|w| w.upto);
            let next = if enough() { None } else { self.judge_next(merchant, after, most)? };
            if let Some(writing) = under_way.take() {
                let count = writing.count;
                if !writing.wait()? {
                    // What was judged behind it begins where nobody is.
                    most = AGAIN;
                    continue;
                }
                all += count;
            }
            let Some(next) = next else { return Ok(all) };
            most = if next.count as i64 == most { (2 * most).min(MOST) } else { FEW };
            under_way = Some(self.write(next)?);
        }
    }

    /// Has a step written; the step before it is.
    fn write(&self, judged: Judged) -> Result<Writing> {
        let changes = self.changes(&judged)?;
        let Judged { cx, from, upto, count, turn, mark, at, moved, .. } = judged;
        let is_alone = self.store.engine() == Engine::Sqlite;
        let mut parts = parts(changes, if is_alone { PART } else { PART_BESIDE }, from, upto);
        if let Some(first) = parts.first_mut() {
            first.moved = moved;
        }
        let mut writing = Writing { parts: Vec::with_capacity(parts.len()), so_far: true, upto, count };
        let last = parts.len().saturating_sub(1);
        for (i, part) in parts.into_iter().enumerate() {
            let cx = cx.clone();
            let put = self.store.write_soon(Lane::Bulk, move |tx| put(tx, &cx, &part, turn, &mark, at));
            // One writer takes them in turn; of several the later might be first.
            if is_alone || i == last {
                writing.parts.push(put);
            } else if !put.wait()? {
                writing.so_far = false;
                break;
            }
        }
        Ok(writing)
    }

    /// Of what was judged that which changes something, by event.
    fn changes(&self, judged: &Judged) -> Result<Vec<Told>> {
        let (cx, pairs): (Ctx, Vec<_>) = (judged.cx.clone(), judged.told.iter().map(|t| (t.segment, t.person)).collect());
        let is_in: HashSet<(SegmentId, PersonId)> =
            if pairs.is_empty() { HashSet::new() } else { self.store.read_now(move |tx| members_among(tx, &cx, &pairs))? };
        let mut changes: Vec<Told> = judged.told.iter().filter(|t| t.is_in != is_in.contains(&(t.segment, t.person))).copied().collect();
        changes.sort_by_key(|t| t.position);
        Ok(changes)
    }
}

/// Parts of about so many changes, all of an event in one.
fn parts(changes: Vec<Told>, most: usize, from: i64, upto: i64) -> Vec<Part> {
    let mut all = vec![Part { from, upto: from, wanted: BTreeMap::new(), moved: None }];
    let mut held = 0;
    for change in changes {
        let at = all.len() - 1;
        if held >= most && all[at].upto < change.position {
            let from = all[at].upto;
            all.push(Part { from, upto: from, wanted: BTreeMap::new(), moved: None });
            held = 0;
        }
        if let Some(part) = all.last_mut() {
            let wanted = part.wanted.entry(change.segment).or_default();
            let side = if change.is_in { &mut wanted.inside } else { &mut wanted.outside };
            side.insert(change.person);
            part.upto = change.position;
            held += 1;
        }
    }
    if let Some(last) = all.last_mut() {
        last.upto = upto;
    }
    all
}

/// Writes a part; not where another wrote meanwhile: it is to be judged again.
fn put(tx: &mut Tx<'_>, cx: &Ctx, part: &Part, turn: i64, judged: &Mark, at: Instant) -> Result<bool> {
    let now: i64 = tx.row(sql::LOCK_TURN, args![cx.merchant])?.map_or(Ok(0), |mut r| r.get(0))?;
    let mut offset = tx.one(shuke_store::feed::sql::OFFSET, args![cx.merchant, SUBSCRIBER])?;
    if offset.get::<i64>(0)? != part.from || now != turn || mark(tx, cx)? != *judged {
        return Ok(false);
    }
    apply(tx, cx, &part.wanted, How { at, cause: Cause::Event, told: true })?;
    if let Some(people) = &part.moved {
        resize_lists(tx, cx, people)?;
    }
    tx.exec(shuke_store::feed::sql::MOVE_OFFSET, args![cx.merchant, SUBSCRIBER, part.upto, cx.now])?;
    Ok(true)
}

/// Lists that these members are on are counted anew.
fn resize_lists(tx: &mut Tx<'_>, cx: &Ctx, people: &[PersonId]) -> Result<()> {
    let ids = blobs(people.iter().map(|p| *p.bytes()));
    for mut row in tx.rows(sql::LISTS_OF, &[cx.merchant.into(), ids])? {
        let list: SegmentId = row.get(0)?;
        let size = service::on_list(tx, cx.merchant, list)?.len() as i64;
        set_size(tx, cx, list, size)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn parts_follow_one_another_and_none_cuts_an_event(positions in prop::collection::vec(11_i64..60, 0..200), most in 1_usize..40) {
            let mut positions = positions;
            positions.sort_unstable();
            let one = |(i, position): (usize, &i64)| {
                let id = (i as u128).to_be_bytes();
                Told { position: *position, segment: SegmentId::from_bytes([1; 16]), person: PersonId::from_bytes(id), is_in: i % 2 == 0 }
            };
            let changes: Vec<Told> = positions.iter().enumerate().map(one).collect();
            let all = parts(changes.clone(), most, 10, 60);
            prop_assert_eq!((all[0].from, all[all.len() - 1].upto), (10, 60));
            prop_assert!(all.windows(2).all(|two| two[0].upto == two[1].from && two[0].from < two[0].upto));
            let of = |part: &Part, change: &Told| {
                let wanted = part.wanted.get(&change.segment);
                wanted.is_some_and(|w| if change.is_in { &w.inside } else { &w.outside }.contains(&change.person))
            };
            for change in &changes {
                let held: Vec<&Part> = all.iter().filter(|part| of(part, change)).collect();
                prop_assert_eq!(held.len(), 1);
                prop_assert!(held[0].from < change.position && change.position <= held[0].upto);
            }
            for part in &all {
                let held: usize = part.wanted.values().map(|w| w.inside.len() + w.outside.len()).sum();
                let last = changes.iter().map(|c| c.position).filter(|p| *p <= part.upto).max();
                let of_last = changes.iter().filter(|c| Some(c.position) == last).count();
                prop_assert!(held < most + of_last.max(1), "no more than the last event's beyond so many");
            }
        }
    }
}
