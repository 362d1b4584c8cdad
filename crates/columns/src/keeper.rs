//! Keeps a merchant's columns: builds them in full, takes in what changed since, hands out what
//! holds, and says whether it agrees with the store.
//!
//! Changes are read from the feed: whoever an event speaks of is read again, whole, from the store
//! into a new bucket that hides the older one's row. So the order of events does not matter, one
//! taken twice does no harm, and a member built by the full build and by a change is the same to the
//! byte. When changes outgrow the base the columns are built in full again.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard};

use serde::Serialize;
use shuke_kernel::{Code, Error, Kind as Sort, MerchantNo, Result};
use shuke_store::{Store, Value, args};

use crate::bucket::{Bucket, MEMBERS};
use crate::draft::Member;
use crate::shelf::{BucketFile, FORMAT, Loaded, Manifest, Shelf, WordsFile};
use crate::source::{self, Source};
use crate::sql;
use crate::words::{KINDS, Words};

/// Microseconds in a day.
const DAY: i64 = 86_400_000_000;

/// The columns are being built.
pub static BUILDING: Code = Code {
    code: "columns.building",
    kind: Sort::Unavailable,
    zh: "分析数据正在生成,请稍后重试。",
    en: "The columns are being built. Try again in a moment.",
};

/// Members read at a time.
const PAGE: i64 = 2_000;
/// Orders of nobody in a bucket, about.
const HEAPED: usize = 200_000;
/// Deltas before they are joined into one.
const DELTAS: usize = 12;

/// A merchant's columns under a folder.
pub struct Keeper {
    store: Store,
    merchant: MerchantNo,
    shelf: Shelf,
    loaded: Mutex<Option<Arc<Loaded>>>,
    writing: Mutex<()>,
    /// The feed's head when it was last looked at.
    seen: std::sync::atomic::AtomicI64,
}

/// What there is, for people and for `shuke columns status`.
#[derive(Clone, Debug, Serialize)]
pub struct Status {
    /// Whether there are columns.
    pub built: bool,
    /// Members in them.
    pub members: i64,
    /// Buckets of the base.
    pub buckets: i64,
    /// Members that changed since the base was built.
    pub changed: i64,
    /// Bytes on disk.
    pub bytes: u64,
    /// The position in the feed up to which everything is in.
    pub position: i64,
    /// Events that are not in yet.
    pub behind: i64,
    /// When they were last brought up to date, microseconds.
    pub written_at: Option<i64>,
    /// When they were built in full, microseconds.
    pub built_at: Option<i64>,
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}

impl Keeper {
    /// The columns of a merchant under `root`.
    pub fn new(store: Store, merchant: MerchantNo, root: &Path) -> Result<Self> {
        let shelf = Shelf::open(&root.join(format!("m{}", merchant.0)))?;
        Ok(Self { store, merchant, shelf, loaded: Mutex::new(None), writing: Mutex::new(()), seen: std::sync::atomic::AtomicI64::new(-1) })
    }

    /// Their folder.
    pub fn folder(&self) -> PathBuf {
        self.shelf.folder().to_owned()
    }

    /// What holds now, without looking whether anything changed.
    pub fn present(&self) -> Result<Option<Arc<Loaded>>> {
        let Some(manifest) = self.shelf.manifest()? else { return Ok(None) };
        let mut loaded = locked(&self.loaded);
        if let Some(l) = loaded.as_ref().filter(|l| l.manifest == manifest) {
            return Ok(Some(l.clone()));
        }
        let fresh = Arc::new(self.shelf.load(&manifest, loaded.as_deref())?);
        *loaded = Some(fresh.clone());
        Ok(Some(fresh))
    }

    /// The columns with everything that the feed tells now. Builds them where there are none or a
    /// file is damaged. While another writes, waits.
    pub fn fresh(&self) -> Result<Arc<Loaded>> {
        let _mine = locked(&self.writing);
        let _lock = self.wait_for_lock()?;
        let present = match self.present() {
            Ok(Some(present)) => present,
            Ok(None) | Err(_) => return self.build_now(),
        };
        if self.current(&present.manifest)? {
            return Ok(present);
        }
        match self.take_changes(&present)? {
            true => self.present()?.ok_or_else(|| BUILDING.refuse().into()),
            false => self.build_now(),
        }
    }

    /// The columns for somebody who waits: as [`Keeper::fresh`], but where so much changed that they
    /// must be built in full they are handed out as they are, and whoever calls [`Keeper::tend`]
    /// builds them.
    pub fn near(&self) -> Result<Arc<Loaded>> {
        let Ok(_mine) = self.writing.try_lock() else { return self.as_they_are() };
        let Some(_lock) = self.shelf.lock()? else { return self.as_they_are() };
        let Ok(Some(present)) = self.present() else { return self.build_now() };
        if self.current(&present.manifest)? {
            return Ok(present);
        }
        // Another store's columns are no answer.
        if present.manifest.position > self.head()? || self.tip(present.manifest.position)?.is_some_and(|tip| tip != present.manifest.tip) {
            return self.build_now();
        }
        if !self.take_changes(&present)? {
            return Ok(present);
        }
        self.as_they_are()
    }

    /// Brings columns that are there up to date when nothing more comes, or when they are a minute
    /// behind. For a thread of its own, every few seconds.
    pub fn tend(&self) -> Result<()> {
        let Some(manifest) = self.shelf.manifest()? else { return Ok(()) };
        let head = self.head()?;
        let before = self.seen.swap(head, std::sync::atomic::Ordering::Relaxed);
        let now = self.store.clock().now().micros();
        let waited = now - manifest.written_at > 60_000_000;
        // What changed leaves the older files only when they are built in full: once a day, so that
        // nothing of who was erased stays longer.
        if !manifest.deltas.is_empty() && now - manifest.built_at > DAY {
            return self.rebuild().map(|_| ());
        }
        if manifest.position != head && (before == head || waited) {
            self.fresh()?;
        }
        Ok(())
    }

    /// What holds, while another writes. Where there is nothing yet, what the other makes of it, if
    /// that does not take long.
    fn as_they_are(&self) -> Result<Arc<Loaded>> {
        for _ in 0..100 {
            if let Some(present) = self.present()? {
                return Ok(present);
            }
            std::thread::sleep(std::time::Duration::from_millis(100));
        }
        Err(BUILDING.refuse().into())
    }

    fn wait_for_lock(&self) -> Result<std::fs::File> {
        for _ in 0..12_000 {
            if let Some(lock) = self.shelf.lock()? {
                return Ok(lock);
            }
            std::thread::sleep(std::time::Duration::from_millis(50));
        }
        Err(BUILDING.refuse().into())
    }

    fn head(&self) -> Result<i64> {
        self.store.stamp_events()?;
        let merchant = self.merchant;
        self.store.read_now(move |tx| tx.feed_head(merchant))
    }

    /// The event at a position, in hexadecimal.
    fn tip(&self, position: i64) -> Result<Option<String>> {
        let merchant = self.merchant;
        let row = self.store.read_now(move |tx| tx.row(sql::EVENT_AT, args![merchant, position]))?;
        let id: Option<Vec<u8>> = row.map(|mut r| r.get(0)).transpose()?;
        Ok(id.map(|id| id.iter().map(|b| format!("{b:02x}")).collect()))
    }

    /// Whether nothing has happened since: the feed is where the columns are, and is the same feed.
    fn current(&self, manifest: &Manifest) -> Result<bool> {
        Ok(manifest.position == self.head()? && self.tip(manifest.position)?.is_none_or(|tip| tip == manifest.tip))
    }

    /// Builds the columns in full.
    pub fn rebuild(&self) -> Result<Arc<Loaded>> {
        let _mine = locked(&self.writing);
        let _lock = self.wait_for_lock()?;
        self.build_now()
    }

    fn build_now(&self) -> Result<Arc<Loaded>> {
        // What changes while the members are read is taken in by the next look at the feed.
        let position = self.head()?;
        let sequence = self.next_sequence()?;
        let source = Source { store: &self.store, merchant: self.merchant };
        let mut words = Words::default();
        let mut base = Vec::new();
        let file = |n: usize| format!("b-{sequence:012}-{n:06}.arrow");
        let (mut after, mut pending, mut ordinal) = (Vec::new(), Vec::new(), 0_u32);
        loop {
            let mut page = source.members_after(&after, PAGE.min((MEMBERS - pending.len()) as i64), &mut words)?;
            let ended = page.is_empty();
            if let Some(last) = page.last() {
                after = last.key.clone();
            }
            source.fill(&mut page, &mut words)?;
            pending.append(&mut page);
            if pending.len() >= MEMBERS || (ended && !pending.is_empty()) {
                let members = std::mem::take(&mut pending);
                let count = members.len() as u32;
                base.push(self.shelf.write_bucket(file(base.len()), ordinal, false, members)?);
                ordinal += count;
            }
            if ended {
                break;
            }
        }
        self.build_heaps(&source, &mut words, &mut base, &file)?;
        let before = WordsFile { file: format!("words-{sequence:012}"), ..WordsFile::default() };
        let words = self.shelf.write_words(&before, [0; KINDS.len()], &words)?;
        let now = self.store.clock().now().micros();
        self.shelf.commit(&Manifest {
            format: FORMAT,
            sequence,
            position,
            tip: self.tip(position)?.unwrap_or_default(),
            written_at: now,
            built_at: now,
            words,
            base,
            deltas: Vec::new(),
        })?;
        self.present()?.ok_or_else(|| Error::fault("columns: what was built is not there"))
    }

    fn build_heaps(
        &self,
        source: &Source<'_>,
        words: &mut Words,
        base: &mut Vec<BucketFile>,
        file: &dyn Fn(usize) -> String,
    ) -> Result<()> {
        let mut heaps: Vec<Member> = Vec::new();
        let mut next = source.next_heap(i64::MIN / source::HOUR)?;
        while let Some(hour) = next {
            heaps.push(source.heap(hour, words)?);
            if heaps.iter().map(|h| h.orders.len()).sum::<usize>() >= HEAPED || heaps.len() >= MEMBERS {
                base.push(self.shelf.write_bucket(file(base.len()), 0, true, std::mem::take(&mut heaps))?);
            }
            next = source.next_heap(hour + 1)?;
        }
        let loose = source.loose_heap(words)?;
        if !loose.loose.is_empty() {
            heaps.push(loose);
        }
        if !heaps.is_empty() {
            base.push(self.shelf.write_bucket(file(base.len()), 0, true, heaps)?);
        }
        Ok(())
    }

    fn next_sequence(&self) -> Result<u64> {
        Ok(self.shelf.highest()? + 1)
    }

    /// Takes in what the feed tells since. `false`: too much changed, build in full.
    fn take_changes(&self, present: &Loaded) -> Result<bool> {
        let base: usize = present.manifest.base.iter().map(|b| b.members as usize).sum();
        let most = (base / 4).max(20_000);
        if self.tip(present.manifest.position)?.is_some_and(|tip| tip != present.manifest.tip) {
            return Ok(false);
        }
        let Some(mut changes) = self.changes(present, most)? else { return Ok(false) };
        let mut manifest = present.manifest.clone();
        let join = manifest.deltas.len() + 2 > DELTAS;
        if join {
            let deltas = self.shelf.load(&Manifest { base: std::mem::take(&mut manifest.deltas), ..manifest.clone() }, Some(present))?;
            for bucket in &deltas.columns.buckets {
                let keys = (0..bucket.len()).map(|m| bucket.key.get(m).to_vec());
                if bucket.nobody { changes.heaps.extend(keys) } else { changes.members.extend(keys) }
            }
        }
        let held: usize = manifest.deltas.iter().map(|d| d.members as usize).sum();
        if held + changes.members.len() + changes.heaps.len() > most {
            return Ok(false);
        }
        manifest.sequence = self.next_sequence()?;
        manifest.position = changes.position;
        manifest.tip = self.tip(changes.position)?.unwrap_or_default();
        manifest.written_at = self.store.clock().now().micros();
        let source = Source { store: &self.store, merchant: self.merchant };
        let known = KINDS.map(|k| present.columns.words.of(k).len());
        let mut words = (*present.columns.words).clone();
        let ids: Vec<_> = changes.members.into_iter().collect();
        if !ids.is_empty() {
            let members = source.members(&ids, &mut words)?;
            let first = manifest.base.iter().chain(&manifest.deltas).filter(|b| !b.nobody).map(|b| b.first + b.members).max().unwrap_or(0);
            manifest.deltas.push(self.shelf.write_bucket(format!("d-{:012}-m.arrow", manifest.sequence), first, false, members)?);
        }
        if !changes.heaps.is_empty() {
            let mut heaps = Vec::with_capacity(changes.heaps.len());
            for key in &changes.heaps {
                heaps.push(match source::hour(key) {
                    Some(hour) => source.heap(hour, &mut words)?,
                    None => source.loose_heap(&mut words)?,
                });
            }
            manifest.deltas.push(self.shelf.write_bucket(format!("d-{:012}-n.arrow", manifest.sequence), 0, true, heaps)?);
        }
        manifest.words = self.shelf.write_words(&manifest.words, known, &words)?;
        self.shelf.commit(&manifest)?;
        Ok(true)
    }

    /// Who changed since, or `None` when that is more than `most`.
    fn changes(&self, present: &Loaded, most: usize) -> Result<Option<Changes>> {
        let mut changes =
            Changes { refund_moved: false, position: present.manifest.position, members: BTreeSet::new(), heaps: BTreeSet::new() };
        let (mut orders, mut new_orders): (BTreeSet<Vec<u8>>, BTreeSet<Vec<u8>>) = Default::default();
        loop {
            let (merchant, after) = (self.merchant, changes.position);
            let rows = self.store.read_now(move |tx| tx.rows(sql::EVENTS, args![merchant, after, 5_000_i64]))?;
            if rows.is_empty() {
                break;
            }
            // Positions have no gaps: where one is missing it was forgotten, and what it told.
            if rows[0].0.first() != Some(&Value::Int(after + 1)) {
                return Ok(None);
            }
            for mut row in rows {
                changes.position = row.get(0)?;
                let (about, subject, member): (String, Vec<u8>, Option<Vec<u8>>) = (row.get(1)?, row.get(2)?, row.get(3)?);
                let (kind, data): (String, String) = (row.get(4)?, row.get(5)?);
                let nobodys = member.is_none();
                changes.members.extend(member);
                match about.as_str() {
                    "mem" => {
                        changes.members.insert(subject);
                        changes.members.extend(mentioned(&data));
                    }
                    "ord" => {
                        // An order that is new was nobody's before.
                        if data.contains("\"previous_state\":null") {
                            new_orders.insert(subject);
                        } else {
                            orders.insert(subject);
                        }
                        changes.members.extend(mentioned(&data));
                    }
                    "ref" if kind != "refund.recorded" => {
                        changes.refund_moved = true;
                        changes.heaps.insert(source::LOOSE.to_vec());
                    }
                    // Reading all refunds of nobody is dear: only where there are, or may be now.
                    "ref" if nobodys || present.columns.buckets.iter().any(|b| b.nobody && b.find(source::LOOSE).is_some()) => {
                        changes.heaps.insert(source::LOOSE.to_vec());
                    }
                    _ if kind == "import.undone" => return Ok(None),
                    _ => {}
                }
                if orders.len() + new_orders.len() + changes.members.len() > 4 * most {
                    return Ok(None);
                }
            }
        }
        if changes.position > self.head()? {
            return Ok(None);
        }
        self.places_of(present, &orders, &new_orders, &mut changes)?;
        Ok(Some(changes))
    }

    /// The heaps and members in which these orders lie now, and lay before.
    fn places_of(&self, present: &Loaded, orders: &BTreeSet<Vec<u8>>, new_orders: &BTreeSet<Vec<u8>>, changes: &mut Changes) -> Result<()> {
        let ids: Vec<Vec<u8>> = orders.union(new_orders).cloned().collect();
        for some in ids.chunks(5_000) {
            let (merchant, some) = (self.merchant, some.to_vec());
            for mut row in self.store.read_now(move |tx| tx.rows(sql::PLACES, args![merchant, some.clone()]))? {
                let (member, placed_at): (Option<Vec<u8>>, i64) = (row.get(1)?, row.get(2)?);
                match member {
                    Some(member) => {
                        changes.members.insert(member);
                    }
                    None => {
                        changes.heaps.insert(source::heap(placed_at.div_euclid(source::HOUR)));
                    }
                }
            }
        }
        let before = Before::of(orders, changes.refund_moved);
        let found = present.columns.fold(Vec::new, |found, bucket| before.owners(bucket, found), |all: &mut Vec<_>, more| all.extend(more));
        for (nobody, key) in found {
            if nobody {
                changes.heaps.insert(key)
            } else {
                changes.members.insert(key)
            };
        }
        Ok(())
    }

    /// Deletes the columns.
    pub fn delete(&self) -> Result<()> {
        let _mine = locked(&self.writing);
        *locked(&self.loaded) = None;
        self.shelf.delete()
    }

    /// What there is.
    pub fn status(&self) -> Result<Status> {
        let manifest = self.shelf.manifest()?;
        let head = self.head()?;
        let of = |list: &[BucketFile]| list.iter().filter(|b| !b.nobody).map(|b| i64::from(b.members)).sum::<i64>();
        Ok(match manifest {
            None => Status {
                built: false,
                members: 0,
                buckets: 0,
                changed: 0,
                bytes: 0,
                position: 0,
                behind: head,
                written_at: None,
                built_at: None,
            },
            Some(m) => Status {
                built: true,
                members: of(&m.base),
                buckets: m.base.len() as i64,
                changed: of(&m.deltas),
                bytes: m.base.iter().chain(&m.deltas).map(|b| b.bytes).sum::<u64>() + m.words.bytes,
                position: m.position,
                behind: head - m.position,
                written_at: Some(m.written_at),
                built_at: Some(m.built_at),
            },
        })
    }

    /// Checks every file against its checksum, and every member and heap against the store. Returns
    /// what is wrong, empty when all is well.
    pub fn verify(&self) -> Result<Vec<String>> {
        let Some(manifest) = self.shelf.manifest()? else { return Ok(vec!["there are no columns".to_owned()]) };
        let damaged = self.shelf.check(&manifest);
        if !damaged.is_empty() {
            return Ok(damaged);
        }
        crate::verify::against_store(&Source { store: &self.store, merchant: self.merchant }, &self.fresh()?.columns)
    }
}

/// Whose rows these orders were: an event names whom an order belongs to now, not before.
struct Before<'a> {
    orders: &'a BTreeSet<Vec<u8>>,
    /// A bit for the last two bytes of each order's id, which are random: nearly every other order is
    /// passed over by it.
    marks: Vec<u64>,
    /// A refund of no known order may have been somebody else's; they have no names here.
    refund_moved: bool,
}

impl<'a> Before<'a> {
    fn of(orders: &'a BTreeSet<Vec<u8>>, refund_moved: bool) -> Self {
        let mut marks = vec![0; 1024];
        for id in orders {
            let mark = mark(id);
            marks[mark / 64] |= 1 << (mark % 64);
        }
        Self { orders, marks, refund_moved }
    }

    fn owners(&self, bucket: &Bucket, found: &mut Vec<(bool, Vec<u8>)>) {
        if self.orders.is_empty() && !self.refund_moved {
            return;
        }
        let is_one = |row: usize| {
            let id = source::order_id(bucket.orders.key.get(row));
            let mark = mark(id);
            self.marks[mark / 64] >> (mark % 64) & 1 == 1 && self.orders.contains(id)
        };
        for member in bucket.members() {
            let moved = || self.refund_moved && bucket.refunds.of.of(member).any(|row| bucket.refunds.order.get(row).is_none());
            if bucket.orders.of.of(member).any(is_one) || moved() {
                found.push((bucket.nobody, bucket.key.get(member).to_vec()));
            }
        }
    }
}

fn mark(id: &[u8]) -> usize {
    match id {
        [.., a, b] => usize::from(*a) << 8 | usize::from(*b),
        _ => 0,
    }
}

struct Changes {
    /// Whether a refund of no known order was changed or taken away.
    refund_moved: bool,
    position: i64,
    members: BTreeSet<Vec<u8>>,
    heaps: BTreeSet<Vec<u8>>,
}

/// Members whom an event's data names by their public ids, such as the alias of a merge.
fn mentioned(data: &str) -> Vec<Vec<u8>> {
    shuke_kernel::ids! {
        /// A member's id, as events write it.
        MentionedId = MentionedKind "mem";
    }
    let words = data.split(|c: char| !c.is_ascii_alphanumeric() && c != '_');
    words.filter(|w| w.starts_with("mem_")).filter_map(|w| w.parse::<MentionedId>().ok()).map(|id| id.bytes().to_vec()).collect()
}

/// The keepers of all merchants, for who serves many.
pub struct Keepers {
    store: Store,
    root: PathBuf,
    of: Mutex<std::collections::HashMap<MerchantNo, Arc<Keeper>>>,
}

impl Keepers {
    /// Columns of the merchants of `store`, under `root`.
    pub fn new(store: Store, root: PathBuf) -> Self {
        Self { store, root, of: Mutex::default() }
    }

    /// A merchant's keeper.
    pub fn of(&self, merchant: MerchantNo) -> Result<Arc<Keeper>> {
        let mut all = locked(&self.of);
        if let Some(keeper) = all.get(&merchant) {
            return Ok(keeper.clone());
        }
        let keeper = Arc::new(Keeper::new(self.store.clone(), merchant, &self.root)?);
        all.insert(merchant, keeper.clone());
        Ok(keeper)
    }

    /// A merchant's columns for somebody who waits.
    pub fn near(&self, merchant: MerchantNo) -> Result<Arc<Loaded>> {
        self.of(merchant)?.near()
    }

    /// Tends the columns of every merchant with a feed.
    pub fn tend(&self) -> Result<()> {
        self.store.feed_merchants()?.into_iter().try_for_each(|merchant| self.of(merchant)?.tend())
    }
}
