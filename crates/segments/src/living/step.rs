//! A step along the feed: whoever its events speak of is read once, asked by the segments that they may
//! concern, and written where that changed something, together with the place in the feed.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use shuke_access::changes::prefixed;
use shuke_columns::Slice;
use shuke_kernel::{Ctx, Instant, MerchantNo, Result};
use shuke_store::feed::FeedEvent;
use shuke_store::{Lane, Tx, args};

use super::apply::{How, Wanted, apply, set_size};
use super::index::Touch;
use super::ready::{Mark, Ready, mark};
use super::{Living, SUBSCRIBER, mentioned};
use crate::calendar::Reckoning;
use crate::model::{Cause, PersonId, SegmentId};
use crate::service::{self, blobs};
use crate::sql;

/// Events taken together: their members are read together.
const EVENTS: i64 = 256;

/// Where the feed was when a step was begun.
struct Begun {
    position: i64,
    turn: i64,
    mark: Mark,
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
                all.changes.push(Change { touch, name, people });
            }
        }
        all
    }
}

fn begin(tx: &mut Tx<'_>, cx: &Ctx) -> Result<Option<Begun>> {
    let offset = tx.row(sql::FOLLOWED, args![cx.merchant, SUBSCRIBER])?;
    let Some(position) = offset.map(|mut r| r.get::<i64>(0)).transpose()? else { return Ok(None) };
    let turn = tx.row(sql::WATCH, args![cx.merchant])?.map_or(Ok(0), |mut r| r.get(2))?;
    let events = tx.events_after(cx.merchant, position, EVENTS)?;
    Ok(Some(Begun { position, turn, mark: mark(tx, cx)?, events }))
}

impl Living {
    /// The merchant's living segments as they are.
    fn ready(&self, merchant: MerchantNo, mark: Mark, anew: bool) -> Result<std::sync::Arc<Ready>> {
        if let Some(ready) = self.kept_ready(merchant).filter(|r| r.mark == mark && !(anew && r.has_lists)) {
            return Ok(ready);
        }
        let (cx, registry) = (self.cx(merchant), self.registry.clone());
        let ready = std::sync::Arc::new(self.store.read_now(move |tx| Ready::read(tx, &cx, &registry))?);
        self.keep_ready(merchant, &ready);
        Ok(ready)
    }

    /// Takes the next events of a merchant. Returns how many; 0 when there are none, or when the merchant
    /// never had a segment.
    pub fn step(&self, merchant: MerchantNo) -> Result<usize> {
        loop {
            let cx = self.cx(merchant);
            let begun = {
                let cx = cx.clone();
                self.store.read_now(move |tx| begin(tx, &cx))?
            };
            let Some(begun) = begun.filter(|b| !b.events.is_empty()) else { return Ok(0) };
            let spoken = Spoken::of(&begun.events);
            let ready = self.ready(merchant, begun.mark, spoken.moved)?;
            // What the store took in this very microsecond is known from the next on.
            let at = cx.now.micros().max(spoken.recorded + 1);
            let wanted = self.judge(merchant, &ready, &spoken, at)?;
            if let Some(done) = self.write(&cx, begun, spoken, wanted, ready.mark, Instant(at))? {
                return Ok(done);
            }
        }
    }

    /// Who is to be in which segment, of those of whom the events speak: each member is laid out once and
    /// asked by the segments that an event may have brought them into or out of.
    fn judge(&self, merchant: MerchantNo, ready: &Ready, spoken: &Spoken, at: i64) -> Result<BTreeMap<SegmentId, Wanted>> {
        if ready.segments.is_empty() || spoken.people.is_empty() {
            return Ok(BTreeMap::new());
        }
        let keys: Vec<Vec<u8>> = spoken.people.iter().map(|p| p.bytes().to_vec()).collect();
        let keeper = self.keepers.of(merchant)?;
        let slice = keeper.persons(&keys)?;
        let ids = slice.members.iter().enumerate();
        let places: HashMap<PersonId, usize> = ids.filter_map(|(place, id)| Some((id.parse().ok()?, place))).collect();
        let asked = asked(ready, spoken, &slice, &places);
        let facts: BTreeSet<&str> = asked.keys().flat_map(|number| &ready.segments[*number as usize].facts).map(|f| &**f).collect();
        let slice = keeper.with_derived(slice, &keys, &|name| facts.contains(name))?;
        let reckoning = Reckoning::new(at, &ready.zone);
        let mut all = BTreeMap::new();
        for (number, people) in asked {
            let one = &ready.segments[number as usize];
            let found = one.matches(&slice, &self.registry, &reckoning)?;
            let is_in = |p: &PersonId| places.get(p).is_some_and(|place| found.contains(*place as u32));
            let (inside, outside) = people.into_iter().partition(is_in);
            all.insert(one.id, Wanted { inside, outside });
        }
        Ok(all)
    }

    /// Writes a step; none where another wrote meanwhile, and it is to be done again.
    fn write(
        &self,
        cx: &Ctx,
        begun: Begun,
        spoken: Spoken,
        wanted: BTreeMap<SegmentId, Wanted>,
        judged: Mark,
        at: Instant,
    ) -> Result<Option<usize>> {
        let cx = cx.clone();
        let count = begun.events.len();
        self.store.write_now(Lane::Bulk, move |tx| {
            let turn: i64 = tx.row(sql::LOCK_TURN, args![cx.merchant])?.map_or(Ok(0), |mut r| r.get(0))?;
            let mut offset = tx.one(shuke_store::feed::sql::OFFSET, args![cx.merchant, SUBSCRIBER])?;
            if offset.get::<i64>(0)? != begun.position || turn != begun.turn || mark(tx, &cx)? != judged {
                return Ok(None);
            }
            apply(tx, &cx, &wanted, How { at, cause: Cause::Event, told: true })?;
            if spoken.moved {
                resize_lists(tx, &cx, &spoken.people)?;
            }
            tx.exec(shuke_store::feed::sql::MOVE_OFFSET, args![cx.merchant, SUBSCRIBER, spoken.last, cx.now])?;
            Ok(Some(count))
        })
    }
}

/// Segments that the events may touch, by their number, and of whom each is to be asked.
fn asked(ready: &Ready, spoken: &Spoken, slice: &Slice, places: &HashMap<PersonId, usize>) -> BTreeMap<u32, BTreeSet<PersonId>> {
    let mut all: BTreeMap<u32, BTreeSet<PersonId>> = BTreeMap::new();
    let mut met = ready.index.met();
    for change in &spoken.changes {
        for person in &change.people {
            met.clear();
            ready.index.meet(change.touch, &change.name, slice, places.get(person).copied(), &mut met);
            for number in met.numbers() {
                all.entry(*number).or_default().insert(*person);
            }
        }
    }
    all
}

/// Lists that these members are on are counted anew.
fn resize_lists(tx: &mut Tx<'_>, cx: &Ctx, people: &BTreeSet<PersonId>) -> Result<()> {
    let ids = blobs(people.iter().map(|p| *p.bytes()));
    for mut row in tx.rows(sql::LISTS_OF, &[cx.merchant.into(), ids])? {
        let list: SegmentId = row.get(0)?;
        let size = service::on_list(tx, cx.merchant, list)?.len() as i64;
        set_size(tx, cx, list, size)?;
    }
    Ok(())
}
