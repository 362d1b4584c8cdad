//! Keeps a merchant's columns: builds them in full, takes in what changed since, hands out what
//! holds, and says whether it agrees with the store.
//!
//! Changes are read from the feed: whoever an event speaks of is read again, whole, from the store
//! into a new bucket that hides the older one's row. So the order of events does not matter, one
//! taken twice does no harm, and a member built by the full build and by a change is the same to the
//! byte. When changes outgrow the base the columns are built in full again.

mod build;
mod cap;
mod changes;
mod keepers;
pub(crate) mod pending;
mod people;
mod standing;

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use serde::Serialize;
use shuke_kernel::{Code, Error, Kind as Sort, MerchantNo, Refusal, Result};
use shuke_store::{Apart, Store, args};

pub use keepers::Keepers;
pub use standing::Readable;

use self::changes::Taken;
use crate::Asker;
pub use crate::budget::MEMORY;
use crate::budget::{self, Budget};
use crate::people::Derived;
use crate::registry::Registry;
use crate::shelf::{BucketFile, Loaded, Shelf};
use crate::source::Source;
use crate::sql;

/// Microseconds in a day.
const DAY: i64 = 86_400_000_000;

/// The columns are being built.
pub static BUILDING: Code = Code {
    code: "columns.building",
    kind: Sort::Unavailable,
    zh: "分析数据正在生成，请稍后重试。",
    en: "The columns are being built. Try again in a moment.",
};

/// From so many members on the columns follow beside the server, and who waits is not kept waiting
/// by what changed in the last moments.
pub const LARGE: i64 = 50_000;
/// How far behind those may be before who waits takes in what changed, microseconds: whoever calls
/// [`Keeper::tend`] every few seconds does it long before.
const MOMENTS: i64 = 60_000_000;
/// Fewer events than the store gives their places at a time: where it gave so many, more may wait.
const STAMPED_AT_ONCE: u64 = 1_000;
/// How long digests are made at a time.
const A_WHILE: Duration = Duration::from_secs(2);

/// A merchant's columns under a folder.
pub struct Keeper {
    store: Store,
    merchant: MerchantNo,
    shelf: Shelf,
    loaded: Mutex<Option<Arc<Loaded>>>,
    writing: Mutex<()>,
    registry: Arc<Registry>,
    derived: Option<Arc<dyn Derived>>,
    people: Mutex<people::Held>,
    /// What building and taking in may take.
    budget: Budget,
    /// When the cap last refused a build, microseconds.
    refused: Mutex<Option<(i64, Refusal)>>,
    stopped: std::sync::atomic::AtomicBool,
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
    /// Files of slices, for questions about members.
    pub slices: i64,
    /// Bytes on disk, slices included.
    pub bytes: u64,
    /// Those of the slices.
    pub slice_bytes: u64,
    /// Bytes of digests beside the buckets; they are not in `bytes`.
    pub digest_bytes: u64,
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
        Ok(Self {
            store,
            merchant,
            shelf,
            loaded: Mutex::new(None),
            writing: Mutex::new(()),
            registry: Arc::new(Registry::standard()),
            derived: None,
            people: Mutex::default(),
            budget: Budget::new(MEMORY),
            refused: Mutex::default(),
            stopped: std::sync::atomic::AtomicBool::new(false),
            seen: std::sync::atomic::AtomicI64::new(-1),
        })
    }

    /// The same, with facts that a crate above computes.
    #[must_use]
    pub fn deriving(self, derived: Option<Arc<dyn Derived>>) -> Self {
        Self { derived, ..self }
    }

    /// The same, taking so much memory (bytes) at most while it builds and takes in: see [`MEMORY`].
    #[must_use]
    pub fn holding(self, memory: usize) -> Self {
        Self { budget: Budget::new(memory), ..self }
    }

    /// The same in many small files, each of so many bytes of rows before they are laid out: for tests.
    #[must_use]
    pub fn in_files_of(self, bytes: usize) -> Self {
        Self { budget: self.budget.in_files_of(bytes), ..self }
    }

    /// What members are laid out after.
    pub fn registry(&self) -> &Arc<Registry> {
        &self.registry
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
            Ok(None) | Err(_) => return self.build_unless_refused(),
        };
        if self.current(&present)? {
            return Ok(present);
        }
        let mut present = present;
        loop {
            let taken = self.take_changes(&present)?;
            if taken == Taken::TooMuch {
                return self.build_unless_refused();
            }
            present = self.present()?.ok_or_else(|| Error::from(BUILDING.refuse()))?;
            if taken == Taken::All {
                return Ok(present);
            }
            self.go_on()?;
        }
    }

    /// The columns for somebody who waits: as [`Keeper::fresh`], but where so much changed that they
    /// must be built in full, or a large shop's were brought up to date a minute ago at most, they are
    /// handed out as they are, and whoever calls [`Keeper::tend`] does the rest.
    pub fn near(&self) -> Result<Arc<Loaded>> {
        let Ok(_mine) = self.writing.try_lock() else { return self.as_they_are() };
        let Some(_lock) = self.shelf.lock()? else { return self.as_they_are() };
        let Ok(Some(present)) = self.present() else { return self.build_unless_refused() };
        if self.current(&present)? {
            return Ok(present);
        }
        // Another store's columns are no answer.
        if present.manifest.position > self.head()? || self.tip(present.manifest.position)?.is_some_and(|tip| tip != present.manifest.tip) {
            return self.build_unless_refused();
        }
        let age = self.store.clock().now().micros() - present.manifest.written_at;
        if present.manifest.is_large() && age < MOMENTS {
            return Ok(present);
        }
        match self.take_changes(&present) {
            Ok(Taken::TooMuch) => Ok(present),
            // Whoever tends says so; what there is still answers.
            Err(e) if budget::too_small(&e).is_some() => Ok(present),
            taken => taken.and_then(|_| self.as_they_are()),
        }
    }

    /// Brings columns that are there up to date: a large shop's every time, others when nothing more
    /// comes or they are a minute behind. For a thread of its own, every few seconds.
    pub fn tend(&self) -> Result<()> {
        let Some(manifest) = self.shelf.manifest()? else {
            // There were columns, and what is left of them cannot be read.
            return if self.shelf.highest()? > 0 { self.rebuild_unless_refused() } else { Ok(()) };
        };
        let head = self.head()?;
        let before = self.seen.swap(head, std::sync::atomic::Ordering::Relaxed);
        let now = self.store.clock().now().micros();
        let waited = now - manifest.written_at > 60_000_000;
        // The files before are kept for who reads them right now, in whatever process: nobody does a minute
        // later, and there may be somebody in them who was erased.
        if now - manifest.written_at > MOMENTS {
            self.forget_before(manifest.sequence)?;
        }
        // What changed leaves the older files only when they are built in full: once a day, so that
        // nothing of who was erased stays longer.
        if !manifest.deltas.is_empty() && now - manifest.built_at > DAY {
            return self.rebuild_unless_refused();
        }
        if manifest.position != head && (before == head || waited || manifest.is_large()) {
            self.fresh()?;
        }
        if manifest.is_large() { self.prepare() } else { Ok(()) }
    }

    /// Has digests of a large shop's buckets made that are not there yet, a few at a time, so that others are
    /// tended too.
    fn prepare(&self) -> Result<()> {
        let (Some(derived), Some(present)) = (&self.derived, self.present()?) else { return Ok(()) };
        let columns = present.columns.asked_by(Arc::new(Asker::waiting(A_WHILE)));
        derived.prepare(&self.store, self.merchant, &columns)
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

    /// Where the feed ends once everything that was told by now has its place in it. After a large load
    /// on PostgreSQL hundreds of thousands of events wait for theirs: columns that were built before those had
    /// one would take nearly every member in again.
    fn settled_head(&self) -> Result<i64> {
        while self.store.stamp_events()? >= STAMPED_AT_ONCE {
            self.go_on()?;
        }
        self.head()
    }

    /// The event at a position, in hexadecimal.
    fn tip(&self, position: i64) -> Result<Option<String>> {
        let merchant = self.merchant;
        let row = self.store.read_now(move |tx| tx.row(sql::EVENT_AT, args![merchant, position]))?;
        let id: Option<Vec<u8>> = row.map(|mut r| r.get(0)).transpose()?;
        Ok(id.map(|id| id.iter().map(|b| format!("{b:02x}")).collect()))
    }

    /// Whether nothing has happened since: the feed is where the columns are, and is the same feed.
    fn current(&self, present: &Loaded) -> Result<bool> {
        let (manifest, now) = (&present.manifest, self.store.clock().now().micros());
        let current = manifest.position == self.head()? && self.tip(manifest.position)?.is_none_or(|tip| tip == manifest.tip);
        if current {
            present.still_true(now);
        }
        Ok(current)
    }

    /// Asks whoever is at work to leave it: what is written by then stays as it was.
    pub fn stop(&self) {
        self.stopped.store(true, std::sync::atomic::Ordering::Relaxed);
    }

    /// Refuses to go on with long work once it was asked to stop.
    fn go_on(&self) -> Result<()> {
        if self.stopped.load(std::sync::atomic::Ordering::Relaxed) { Err(BUILDING.refuse().into()) } else { Ok(()) }
    }

    /// Builds the columns in full.
    pub fn rebuild(&self) -> Result<Arc<Loaded>> {
        let _mine = locked(&self.writing);
        let _lock = self.wait_for_lock()?;
        self.build_now()
    }

    /// Removes what only older manifests name, unless somebody writes.
    fn forget_before(&self, sequence: u64) -> Result<()> {
        let Ok(_mine) = self.writing.try_lock() else { return Ok(()) };
        let Some(_lock) = self.shelf.lock()? else { return Ok(()) };
        self.shelf.forget_before(sequence)
    }

    fn next_sequence(&self) -> Result<u64> {
        Ok(self.shelf.highest()? + 1)
    }

    /// Deletes the columns.
    pub fn delete(&self) -> Result<()> {
        let _mine = locked(&self.writing);
        *locked(&self.loaded) = None;
        *locked(&self.people) = people::Held::default();
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
                slices: 0,
                bytes: 0,
                slice_bytes: 0,
                digest_bytes: 0,
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
                slices: (m.people.base.len() + m.people.deltas.len()) as i64,
                bytes: m.base.iter().chain(&m.deltas).map(|b| b.bytes).sum::<u64>() + m.words.bytes + m.people.bytes(),
                slice_bytes: m.people.bytes(),
                digest_bytes: self.shelf.digest_bytes(&m)?,
                position: m.position,
                behind: head - m.position,
                written_at: Some(m.written_at),
                built_at: Some(m.built_at),
            },
        })
    }

    /// Checks every file against its checksum, every member and heap against the store, and digests against
    /// the rows of their buckets. Returns what is wrong, empty when all is well.
    pub fn verify(&self) -> Result<Vec<String>> {
        let Some(manifest) = self.shelf.manifest()? else { return Ok(vec!["there are no columns".to_owned()]) };
        let damaged = self.shelf.check(&manifest, &self.registry);
        if !damaged.is_empty() {
            return Ok(damaged);
        }
        let fresh = self.fresh()?;
        let apart = Apart::keeping(&self.store, self.budget.pages())?;
        let mut wrong = crate::verify::against_store(&Source { store: &apart, merchant: self.merchant }, &fresh.columns)?;
        wrong.extend(self.verify_people(&fresh)?);
        if let Some(derived) = &self.derived {
            let beside = derived.differing(&self.store, self.merchant, &fresh.columns)?;
            wrong.extend(beside.into_iter().map(|file| format!("the digest {file} is not what the rows of its bucket say")));
        }
        Ok(wrong)
    }
}
