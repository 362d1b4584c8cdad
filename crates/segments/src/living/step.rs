//! The next events of the feed, judged: whoever they speak of is read once and asked by the segments that
//! the events may concern. What comes of it is written by [`follow`](super::follow).

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use shuke_access::changes::prefixed;
use shuke_columns::Slice;
use shuke_kernel::{Ctx, Instant, MerchantNo, Result, Zone};
use shuke_store::feed::FeedEvent;
use shuke_store::{Tx, args};

use super::index::Touch;
use super::ready::{Mark, Ready, mark};
use super::{Living, SUBSCRIBER, mentioned};
use crate::model::{PersonId, SegmentId};
use crate::service;
use crate::sql;

/// Where the feed was when a step was begun.
struct Begun {
    position: i64,
    turn: i64,
    mark: Mark,
    zone: Zone,
    events: Vec<FeedEvent>,
}

/// What the events of a step speak of.
#[derive(Default)]
struct Spoken {
    people: BTreeSet<PersonId>,
    /// What each may have changed of whom, with the name of what it is about.
    changes: Vec<Change>,
    /// Whether members were merged, parted or taken away: who is on a list is another question then.
    moved: bool,
    last: i64,
    /// When the store took the newest of them.
    recorded: i64,
}

struct Change {
    position: i64,
    touch: Touch,
    name: String,
    people: BTreeSet<PersonId>,
}

impl Spoken {
    fn of(events: &[FeedEvent]) -> Self {
        let mut all = Self::default();
        for event in events {
            all.last = event.position;
            let touch = Touch::of(event);
            if touch == Touch::Nothing {
                continue;
            }
            let mut people: BTreeSet<PersonId> = event.member.map(PersonId::from_bytes).into_iter().collect();
            if event.subject_kind == "mem" {
                people.insert(PersonId::from_bytes(event.subject));
            }
            mentioned(&event.data, &mut people);
            all.moved |= matches!(&*event.kind, "member.merged" | "member.unmerged" | "member.removed" | "member.erased");
            if !people.is_empty() {
                all.recorded = all.recorded.max(event.recorded_at.micros());
                all.people.extend(&people);
                let name = prefixed(&event.subject_kind, event.subject);
                all.changes.push(Change { position: event.position, touch, name, people });
            }
        }
        all
    }
}

/// Whether a member is to be in a segment, and the first of the events for which it was asked.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Told {
    pub position: i64,
    pub segment: SegmentId,
    pub person: PersonId,
    pub is_in: bool,
}

/// What came of some events, and what must still hold for it to be written.
pub(super) struct Judged {
    pub cx: Ctx,
    /// Where the feed was followed to before.
    pub from: i64,
    /// The last of the events.
    pub upto: i64,
    /// How many they are.
    pub count: usize,
    pub turn: i64,
    pub mark: Mark,
    /// When members were looked at.
    pub at: Instant,
    /// Each member and segment once.
    pub told: Vec<Told>,
    /// Of whom the events speak, where any of them was merged, parted or taken away: lists that they are on
    /// are counted anew.
    pub moved: Option<Vec<PersonId>>,
}

fn begin(tx: &mut Tx<'_>, cx: &Ctx, after: Option<i64>, most: i64) -> Result<Option<Begun>> {
    let offset = tx.row(sql::FOLLOWED, args![cx.merchant, SUBSCRIBER])?;
    let Some(offset) = offset.map(|mut r| r.get::<i64>(0)).transpose()? else { return Ok(None) };
    let position = after.unwrap_or(offset);
    let events = tx.events_after(cx.merchant, position, most)?;
    if events.is_empty() {
        return Ok(None);
    }
    let turn = tx.row(sql::WATCH, args![cx.merchant])?.map_or(Ok(0), |mut r| r.get(2))?;
    Ok(Some(Begun { position, turn, mark: mark(tx, cx)?, zone: service::zone(tx, cx.merchant)?, events }))
}

impl Living {
    /// Judges the next events of a merchant, at most so many; those after a position where the step before
    /// is being written yet. None when there are none, or when the merchant never had a segment.
    pub(super) fn judge_next(&self, merchant: MerchantNo, after: Option<i64>, most: i64) -> Result<Option<Judged>> {
        let cx = self.cx(merchant);
        let begun = {
            let cx = cx.clone();
            self.store.read_now(move |tx| begin(tx, &cx, after, most))?
        };
        let Some(begun) = begun else { return Ok(None) };
        let spoken = Spoken::of(&begun.events);
        // What the store took in this very microsecond is known from the next on.
        let at = cx.now.micros().max(spoken.recorded + 1);
        let (told, mark) = if spoken.people.is_empty() {
            (Vec::new(), begun.mark)
        } else {
            let ready = self.ready(&cx, &begun, spoken.moved)?;
            (self.judge(merchant, &ready, &spoken, at)?, ready.mark)
        };
        let moved = spoken.moved.then(|| spoken.people.into_iter().collect());
        let (from, upto, count) = (begun.position, spoken.last, begun.events.len());
        Ok(Some(Judged { cx, from, upto, count, turn: begun.turn, mark, at: Instant(at), told, moved }))
    }

    /// The merchant's living segments as they are today.
    fn ready(&self, cx: &Ctx, begun: &Begun, anew: bool) -> Result<Arc<Ready>> {
        let serves = |r: &Arc<Ready>| r.mark == begun.mark && r.reckoning.is_today(cx.now.micros(), &begun.zone) && !(anew && r.has_lists);
        if let Some(ready) = self.kept_ready(cx.merchant).filter(serves) {
            return Ok(ready);
        }
        let (of, registry) = (cx.clone(), self.registry.clone());
        let ready = Arc::new(self.store.read_now(move |tx| Ready::read(tx, &of, &registry))?);
        self.keep_ready(cx.merchant, &ready);
        Ok(ready)
    }

    /// Who is to be in which segment, of those of whom the events speak: each member is laid out once and
    /// asked by the segments that an event may have brought them into or out of.
    fn judge(&self, merchant: MerchantNo, ready: &Ready, spoken: &Spoken, at: i64) -> Result<Vec<Told>> {
        if ready.segments.is_empty() {
            return Ok(Vec::new());
        }
        let keys: Vec<Vec<u8>> = spoken.people.iter().map(|p| p.bytes().to_vec()).collect();
        let keeper = self.keepers.of(merchant)?;
        let slice = keeper.persons(&keys)?;
        let ids = slice.members.iter().enumerate();
        let places: HashMap<PersonId, u32> = ids.filter_map(|(place, id)| Some((id.parse().ok()?, place as u32))).collect();
        let asked = asked(ready, spoken, &slice, &places);
        let facts: BTreeSet<&str> = asked.keys().flat_map(|number| &ready.segments[*number as usize].uses.facts).map(|f| &**f).collect();
        let slice = keeper.with_derived(slice, &keys, &|name| facts.contains(name))?;
        let now = ready.reckoning.at(at);
        let mut all = Vec::new();
        for (number, people) in asked {
            let one = &ready.segments[number as usize];
            let mut members: Vec<u32> = people.keys().filter_map(|p| places.get(p).copied()).collect();
            members.sort_unstable();
            let found = one.true_among(&slice, &members, &self.registry, &now)?;
            let is_in = |p: &PersonId| places.get(p).is_some_and(|place| found.contains(*place));
            all.extend(people.iter().map(|(p, position)| Told { position: *position, segment: one.id, person: *p, is_in: is_in(p) }));
        }
        Ok(all)
    }
}

/// Segments that the events may touch, by their number, and of whom each is to be asked, with the first of
/// the events.
fn asked(ready: &Ready, spoken: &Spoken, slice: &Slice, places: &HashMap<PersonId, u32>) -> BTreeMap<u32, BTreeMap<PersonId, i64>> {
    let mut all: BTreeMap<u32, BTreeMap<PersonId, i64>> = BTreeMap::new();
    let mut met = ready.index.met();
    for change in &spoken.changes {
        for person in &change.people {
            met.clear();
            ready.index.meet(change.touch, &change.name, slice, places.get(person).map(|p| *p as usize), &mut met);
            for number in met.numbers() {
                all.entry(*number).or_default().entry(*person).or_insert(change.position);
            }
        }
    }
    all
}
