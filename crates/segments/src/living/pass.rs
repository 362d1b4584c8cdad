//! Whole segments reckoned over the columns: when time has passed, when one is new or was changed, when
//! somebody asks. Who came and who went since is found member by member in the order of ids and written in
//! batches.
//!
//! The columns know the feed up to a position, the steps along the feed may be further. So whoever had an
//! event between the two and would come or go is not judged by the columns, but singly by what the store
//! knows now: the steps asked only those segments of them that the events touched.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use shuke_columns::People;
use shuke_kernel::civil::{date_of, day_of};
use shuke_kernel::{Ctx, Instant, MerchantNo, Result, Zone};
use shuke_store::{Lane, Tx, args};

use super::apply::{How, Wanted, apply, put_days};
use super::ready::judged;
use super::{Living, SUBSCRIBER, mentioned};
use crate::book;
use crate::calendar::Reckoning;
use crate::check::Expression;
use crate::eval::Thresholds;
use crate::jobs;
use crate::model::{Cause, Every, Kept, PersonId, SegmentId};
use crate::plan::Plan;
use crate::service;
use crate::sql;
use crate::uses::Uses;

/// Members written in one transaction.
const BATCH: usize = 500;
/// Members of a segment read at a time, and events.
const STEP: i64 = 5_000;

/// What became of a pass.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Passed {
    /// The segment's members are what it says.
    Done {
        /// Who came and who went.
        changed: usize,
    },
    /// It was changed meanwhile, or put away.
    Superseded,
    /// It was to stop.
    Stopped,
}

/// A segment to be reckoned.
struct Task {
    id: SegmentId,
    expression: Expression,
    /// What it is reckoned from.
    stand: u64,
    version: i64,
    built: i64,
    /// When it was reckoned last.
    sized_at: Option<Instant>,
    kept: Kept,
}

/// Who had an event since the columns were read, as far as the steps have come.
#[derive(Clone, Default)]
struct Touched {
    people: Arc<BTreeSet<PersonId>>,
    upto: i64,
}

/// How many came and went, who is left to be judged, who had an event.
type Put = (usize, BTreeSet<PersonId>, Touched);

/// What is asked and done on the way through a pass.
#[derive(Clone, Copy)]
struct Way<'w> {
    /// Whether it is to stop.
    stop: &'w (dyn Fn() -> bool + Sync),
    /// What has its turn between two segments, and between two batches.
    between: &'w dyn Fn() -> Result<()>,
}

/// By what members are judged who are judged singly.
struct Single<'p> {
    zone: &'p Zone,
    thresholds: &'p Thresholds,
}

fn task(tx: &mut Tx<'_>, cx: &Ctx, id: SegmentId, registry: &shuke_columns::Registry) -> Result<Option<Task>> {
    // First: what is changed while the rest is read is noticed.
    let stand = jobs::stand(tx, cx, id)?;
    let segment = book::get(tx, cx, id)?;
    let Some(expr) = segment.expr.filter(|_| !segment.archived) else { return Ok(None) };
    let expression = judged(tx, cx, &expr, registry)?;
    Ok(expression.map(|expression| Task {
        id,
        expression,
        stand,
        version: segment.version,
        built: segment.built,
        sized_at: segment.sized_at,
        kept: segment.kept,
    }))
}

/// When it was reckoned last.
fn sized_at(tx: &mut Tx<'_>, cx: &Ctx, id: SegmentId) -> Result<Option<Instant>> {
    tx.row(sql::SIZED_AT, args![cx.merchant, id])?.map_or(Ok(None), |mut r| r.get(0))
}

/// Where the steps along the feed are, locked.
fn offset(tx: &mut Tx<'_>, cx: &Ctx) -> Result<Option<i64>> {
    tx.row(shuke_store::feed::sql::OFFSET, args![cx.merchant, SUBSCRIBER])?.map(|mut r| r.get(0)).transpose()
}

/// Where they are now.
fn followed(tx: &mut Tx<'_>, cx: &Ctx) -> Result<Option<i64>> {
    tx.row(sql::FOLLOWED, args![cx.merchant, SUBSCRIBER])?.map(|mut r| r.get(0)).transpose()
}

impl Living {
    /// Reckons one segment. `stop` is asked on the way.
    pub fn reckon(&self, merchant: MerchantNo, id: SegmentId, cause: Cause, stop: &(dyn Fn() -> bool + Sync)) -> Result<Passed> {
        let (cx, registry) = (self.cx(merchant), self.registry.clone());
        let (task, from) = {
            let cx = cx.clone();
            self.store.read_now(move |tx| Ok((task(tx, &cx, id, &registry)?, followed(tx, &cx)?)))?
        };
        let Some(task) = task else { return Ok(Passed::Superseded) };
        let uses = Uses::of(&task.expression);
        let people = self.keepers.of(merchant)?.people_for(&|name| uses.facts.contains(name))?;
        let mut touched = Touched { upto: people.position.min(from.unwrap_or(people.position)), ..Touched::default() };
        self.pass_one(&cx, &task, &people, &mut touched, cause, Way { stop, between: &|| Ok(()) })
    }

    /// Reckons all living segments of a merchant, because time has passed. Returns how many came and went;
    /// none where it was to stop.
    pub fn pass(&self, merchant: MerchantNo, stop: &(dyn Fn() -> bool + Sync)) -> Result<Option<usize>> {
        self.pass_beside(merchant, stop, &|| Ok(()))
    }

    /// The same beside other work, which has its turn again and again.
    pub(super) fn pass_beside(
        &self,
        merchant: MerchantNo,
        stop: &(dyn Fn() -> bool + Sync),
        between: &dyn Fn() -> Result<()>,
    ) -> Result<Option<usize>> {
        let cx = self.cx(merchant);
        let (ids, from) = {
            let cx = cx.clone();
            self.store.read_now(move |tx| {
                let rows = tx.rows(sql::LIVING, args![cx.merchant])?;
                let ids = rows.into_iter().map(|mut r| r.get(0)).collect::<Result<Vec<SegmentId>>>()?;
                Ok((ids, followed(tx, &cx)?))
            })?
        };
        let mut all = 0;
        let mut touched: Option<Touched> = None;
        for id in ids {
            between()?;
            let (registry, of) = (self.registry.clone(), cx.clone());
            let Some(task) = self.store.read_now(move |tx| task(tx, &of, id, &registry))? else { continue };
            // One that is new or was changed is reckoned by its task.
            if task.version != task.built {
                self.queue_again(&cx, id)?;
                continue;
            }
            let uses = Uses::of(&task.expression);
            let people = self.keepers.of(merchant)?.people_for(&|name| uses.facts.contains(name))?;
            let low = people.position.min(from.unwrap_or(people.position));
            let touched = touched.get_or_insert_with(|| Touched { upto: low, ..Touched::default() });
            match self.pass_one(&cx, &task, &people, touched, Cause::Time, Way { stop, between })? {
                Passed::Done { changed } => all += changed,
                Passed::Superseded => {}
                Passed::Stopped => return Ok(None),
            }
        }
        let today = self.store.read_now(move |tx| Ok(Reckoning::new(cx.now.micros(), &service::zone(tx, cx.merchant)?).today))?;
        let now = self.store.clock().now();
        self.store.write_now(Lane::Bulk, move |tx| tx.exec(sql::PASSED, args![merchant, now, today]))?;
        Ok(Some(all))
    }

    /// Has one that is not reckoned yet reckoned, where its task was given up.
    fn queue_again(&self, cx: &Ctx, id: SegmentId) -> Result<()> {
        let of = cx.clone();
        if !self.store.read_now(move |tx| jobs::is_given_up(tx, &of, id))? {
            return Ok(());
        }
        let of = cx.clone();
        self.store.write_now(Lane::Bulk, move |tx| {
            let segment = book::get(tx, &of, id)?;
            jobs::enqueue(tx, &of, id, &segment.name, Cause::Edit, of.now)
        })
    }

    fn pass_one(&self, cx: &Ctx, task: &Task, people: &People, touched: &mut Touched, cause: Cause, way: Way<'_>) -> Result<Passed> {
        let low = touched.upto;
        let zone = {
            let merchant = cx.merchant;
            self.store.read_now(move |tx| service::zone(tx, merchant))?
        };
        let plan = Plan::of(&task.expression, &self.registry, &Reckoning::new(cx.now.micros(), &zone))?;
        let Some((found, thresholds)) = plan.found(&people.slices, way.stop) else { return Ok(Passed::Stopped) };
        let mut inside: Vec<PersonId> = Vec::new();
        for (slice, places) in people.slices.iter().zip(&found) {
            inside.extend(places.iter().filter_map(|p| slice.members.get(p).parse::<PersonId>().ok()));
        }
        inside.sort_unstable();
        let how = How { at: cx.now, cause, told: task.built != 0 };
        let single = Single { zone: &zone, thresholds: &thresholds };
        let mut changed = 0;
        let (mut next, mut after) = (0, PersonId::from_bytes([0; 16]));
        let mut wanted = Wanted::default();
        loop {
            let (merchant, id, from) = (cx.merchant, task.id, after);
            let there = self.store.read_now(move |tx| {
                let rows = tx.rows(sql::IN_ORDER, args![merchant, id, from, STEP])?;
                rows.into_iter().map(|mut r| r.get(0)).collect::<Result<Vec<PersonId>>>()
            })?;
            let last = there.last().copied();
            let is_last = (there.len() as i64) < STEP;
            // Both run in the order of ids: whoever is in one only came, or went.
            let upto = if is_last { inside.len() } else { last.map_or(next, |l| next + inside[next..].partition_point(|p| *p <= l)) };
            let (now, before): (BTreeSet<_>, BTreeSet<_>) = (inside[next..upto].iter().copied().collect(), there.into_iter().collect());
            let came: Vec<PersonId> = now.difference(&before).copied().collect();
            let went: Vec<PersonId> = before.difference(&now).copied().collect();
            for (person, is_in) in came.into_iter().map(|p| (p, true)).chain(went.into_iter().map(|p| (p, false))) {
                if is_in {
                    wanted.inside.insert(person)
                } else {
                    wanted.outside.insert(person)
                };
                if wanted.inside.len() + wanted.outside.len() >= BATCH {
                    (way.between)()?;
                    if (way.stop)() {
                        return Ok(Passed::Stopped);
                    }
                    match self.put(cx, task, std::mem::take(&mut wanted), touched, how, &single)? {
                        Some(count) => changed += count,
                        None => return Ok(Passed::Superseded),
                    }
                }
            }
            next = upto;
            match last.filter(|_| !is_last) {
                Some(last) => after = last,
                None => break,
            }
        }
        let Some(count) = self.put(cx, task, wanted, touched, how, &single)? else { return Ok(Passed::Superseded) };
        changed += count;
        Ok(if self.finish(cx, task, low, cause, &thresholds)? { Passed::Done { changed } } else { Passed::Superseded })
    }

    /// Writes a batch; whoever had an event since the columns were read is judged singly. None where the
    /// segment was changed.
    fn put(&self, cx: &Ctx, task: &Task, wanted: Wanted, touched: &mut Touched, how: How, by: &Single<'_>) -> Result<Option<usize>> {
        let Some((mut all, mut open, now)) = self.put_untouched(cx, task, wanted, touched, how)? else { return Ok(None) };
        *touched = now;
        while !open.is_empty() {
            let of = cx.clone();
            // Before they are read: who has an event from here on is read again.
            let upto = self.store.read_now(move |tx| followed(tx, &of))?.unwrap_or(touched.upto);
            let (wanted, at) = self.judge_singly(cx, task, &open, by)?;
            let since = Touched { people: Arc::default(), upto };
            match self.put_untouched(cx, task, wanted, &since, How { at, ..how })? {
                Some((count, left, _)) => (all, open) = (all + count, left),
                None => return Ok(None),
            }
        }
        Ok(Some(all))
    }

    /// Writes of a batch whoever had no event since they were judged. How many came and went, who is left,
    /// and who had an event.
    fn put_untouched(&self, cx: &Ctx, task: &Task, wanted: Wanted, known: &Touched, how: How) -> Result<Option<Put>> {
        let (cx, known) = (cx.clone(), known.clone());
        let (id, stand, sized_at) = (task.id, task.stand, task.sized_at);
        let is_followed = task.kept == Kept::Living && task.built == task.version;
        self.store.write_now(Lane::Bulk, move |tx| {
            tx.row(sql::LOCK_TURN, args![cx.merchant])?;
            // What another has reckoned meanwhile is of a later time.
            if jobs::stand(tx, &cx, id)? != stand || self::sized_at(tx, &cx, id)? != sized_at {
                return Ok(None);
            }
            let (mut touched, mut wanted, mut left) = (known.clone(), wanted.clone(), BTreeSet::new());
            // The steps pass over a segment that is not built: they go back for it at the end.
            if is_followed {
                let upto = offset(tx, &cx)?.unwrap_or(touched.upto);
                touched = touch(tx, &cx, touched, upto)?;
                left.extend(wanted.inside.union(&wanted.outside).filter(|p| touched.people.contains(p)).copied());
                wanted.inside.retain(|p| !left.contains(p));
                wanted.outside.retain(|p| !left.contains(p));
            }
            // Whoever was merged, taken away or erased since the columns were read does not come any more.
            let now = service::states(tx, cx.merchant, wanted.inside.iter().copied())?;
            wanted.inside.retain(|p| now.get(p).is_some_and(|state| state == "live"));
            let count = apply(tx, &cx, &BTreeMap::from([(id, wanted)]), how)?;
            // The steps write no member of a segment that is not built: what they judged still holds.
            if is_followed {
                tx.exec(sql::TURN, args![cx.merchant])?;
            }
            Ok(Some((count, left, touched)))
        })
    }

    /// Whether these are to be in a segment by what the store knows of them now, and the instant of that.
    fn judge_singly(&self, cx: &Ctx, task: &Task, people: &BTreeSet<PersonId>, by: &Single<'_>) -> Result<(Wanted, Instant)> {
        let keys: Vec<Vec<u8>> = people.iter().map(|p| p.bytes().to_vec()).collect();
        let uses = Uses::of(&task.expression);
        let slice = self.keepers.of(cx.merchant)?.persons_for(&keys, &|name| uses.facts.contains(name))?;
        // What the store took in this very microsecond is known from the next on.
        let at = Instant(self.store.clock().now().micros() + 1);
        let plan = Plan::of(&task.expression, &self.registry, &Reckoning::new(at.micros(), by.zone))?;
        let found = plan.matches(std::slice::from_ref(&slice), by.thresholds, &|| false).and_then(|mut f| f.pop()).unwrap_or_default();
        let is_in: BTreeSet<PersonId> = found.iter().filter_map(|p| slice.members.get(p).parse().ok()).collect();
        let (inside, outside) = people.iter().copied().partition(|p| is_in.contains(p));
        Ok((Wanted { inside, outside }, at))
    }

    /// The segment's members are what it says, up to what the columns knew; the steps go on from there.
    fn finish(&self, cx: &Ctx, task: &Task, low: i64, cause: Cause, thresholds: &Thresholds) -> Result<bool> {
        let cx = cx.clone();
        let thresholds = (!thresholds.all().is_empty()).then(|| thresholds.text());
        let (id, version, stand, before) = (task.id, task.version, task.stand, task.sized_at);
        let goes_back = task.kept == Kept::Living && task.built != task.version;
        self.store.write_now(Lane::Bulk, move |tx| {
            tx.row(sql::LOCK_TURN, args![cx.merchant])?;
            if jobs::stand(tx, &cx, id)? != stand || self::sized_at(tx, &cx, id)? != before {
                return Ok(false);
            }
            let size: i64 = tx.one(sql::SIZE, args![cx.merchant, id])?.get(0)?;
            tx.exec(sql::SET_SIZE, args![cx.merchant, id, size, cx.now])?;
            tx.exec(sql::BUILT, args![cx.merchant, id, version, cx.now])?;
            if let Some(text) = &thresholds {
                tx.exec(sql::SET_THRESHOLDS, args![cx.merchant, id, text])?;
            }
            put_days(tx, &cx, cx.now, BTreeMap::from([(id, [0, 0])]))?;
            if goes_back && offset(tx, &cx)?.is_some_and(|at| at > low) {
                tx.exec(shuke_store::feed::sql::MOVE_OFFSET, args![cx.merchant, SUBSCRIBER, low, cx.now])?;
            }
            if cause != Cause::Time {
                tx.emit(&cx, book::changed(cx.now, id, "reckoned"))?;
            }
            tx.exec(sql::TURN, args![cx.merchant])?;
            Ok(true)
        })
    }
}

/// Adds whoever had an event up to a position.
fn touch(tx: &mut Tx<'_>, cx: &Ctx, mut touched: Touched, upto: i64) -> Result<Touched> {
    while touched.upto < upto {
        let rows = tx.rows(sql::TOUCHED, args![cx.merchant, touched.upto, upto, STEP])?;
        let is_last = (rows.len() as i64) < STEP;
        let people = Arc::make_mut(&mut touched.people);
        for mut row in rows {
            let (position, member, data): (i64, PersonId, String) = (row.get(0)?, row.get(1)?, row.get(2)?);
            people.insert(member);
            mentioned(&data, people);
            touched.upto = position;
        }
        if is_last {
            touched.upto = upto;
        }
    }
    Ok(touched)
}

/// The instant at which a scheduled segment was last due: at its hour by the shop's clock, however long the
/// day was.
pub fn last_due(every: Every, minutes: i64, reckoning: &Reckoning) -> Instant {
    let clock = minutes * 60 * crate::literal::SECOND;
    let day_before = |day: i64| match every {
        Every::Day => day - 1,
        Every::Week => day - 7,
        Every::Month => {
            let (y, m, _) = date_of(day - 1);
            day_of(y, m, 1)
        }
    };
    let (y, m, _) = date_of(reckoning.today);
    let first = match every {
        Every::Day => reckoning.today,
        Every::Week => reckoning.today - (reckoning.today + 3).rem_euclid(7),
        Every::Month => day_of(y, m, 1),
    };
    let at = reckoning.instant(first, clock);
    // Where the clock was put forward over that hour, it is the moment of that.
    Instant(if at <= reckoning.at { at } else { reckoning.instant(day_before(first), clock).min(reckoning.at) })
}
