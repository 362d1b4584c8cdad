//! What reports need beside the store: the columns, a few turns at a time, and what was reckoned
//! before, kept as long as nothing new is known. A large shop never stands still, so what was
//! reckoned there some moments ago is told again, with the position up to which it knows.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use serde::Serialize;
use shuke_columns::shelf::{Loaded, Manifest};
use shuke_columns::{Asker, Columns, Keepers};
use shuke_http::{App, Problem};
use shuke_kernel::{Code, Error, Instant, Kind, MerchantNo};
use tokio::sync::Semaphore;
use utoipa::ToSchema;

use crate::standing::{Base, Scores};
use crate::{Answer, Question};

/// The process has no columns.
pub static NO_COLUMNS: Code =
    Code {
        code: "report.no_columns", kind: Kind::Unavailable, zh: "此进程未启用分析数据。", en: "This process keeps no columns."
    };

/// Up to when a report knows.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = ReportFreshness)]
pub struct Freshness {
    /// When everything that had happened was last seen to be in.
    #[schema(value_type = String, format = DateTime)]
    pub at: Instant,
    /// The position in the change feed up to which everything is in.
    pub position: i64,
}

impl Freshness {
    pub(crate) fn of(loaded: &Loaded) -> Self {
        Self { at: Instant(loaded.known_at()), position: loaded.manifest.position }
    }
}

/// Something reckoned from columns, and from which.
pub(crate) struct Held<T> {
    pub it: T,
    known: Freshness,
    sequence: u64,
    /// Codes of words are those of this file.
    words: String,
    reckoned_at: i64,
}

impl<T> Held<T> {
    /// Up to when it knows: as long as the columns it is of hold, up to when they do.
    pub fn known(&self, loaded: &Loaded) -> Freshness {
        if self.sequence == loaded.manifest.sequence { Freshness::of(loaded) } else { self.known.clone() }
    }
}

struct Shelf<T> {
    of: HashMap<String, (Arc<Held<T>>, usize)>,
    /// The sum over all.
    bytes: usize,
}

/// What was reckoned before, by question.
pub(crate) struct Kept<T> {
    /// How long something of a large shop is told again after new things happened, microseconds.
    moments: i64,
    /// How long it is told again while it is reckoned anew beside.
    at_most: i64,
    held: Mutex<Shelf<T>>,
    renewing: Arc<Mutex<HashSet<String>>>,
}

/// The right to reckon something anew, for one at a time; given back when it is dropped, whatever
/// became of who had it.
pub(crate) struct Right {
    renewing: Arc<Mutex<HashSet<String>>>,
    key: String,
}

impl Drop for Right {
    fn drop(&mut self) {
        locked(&self.renewing).remove(&self.key);
    }
}

/// Things kept of each kind, and about how many bytes of them.
const KEPT: usize = 256;
const KEPT_BYTES: usize = 64 << 20;

/// About how much room something takes.
pub(crate) trait Room {
    fn bytes(&self) -> usize;
}

impl<T: Room> Room for Arc<T> {
    fn bytes(&self) -> usize {
        (**self).bytes()
    }
}

impl Room for Answer {
    /// As much as its text, more or less.
    fn bytes(&self) -> usize {
        let mut count = Count(0);
        // A writer that only counts refuses nothing; what cannot be written is not served either.
        serde_json::to_writer(&mut count, self).map_or(usize::MAX, |()| count.0)
    }
}

struct Count(usize);

impl std::io::Write for Count {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0 += bytes.len();
        Ok(bytes.len())
    }
    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}

impl<T: Room> Kept<T> {
    fn for_moments(moments: i64, at_most: i64) -> Self {
        Self { moments, at_most, held: Mutex::new(Shelf { of: HashMap::new(), bytes: 0 }), renewing: Arc::default() }
    }

    /// What is still good for these columns, and whether it is to be reckoned anew beside.
    pub fn good(&self, key: &str, manifest: &Manifest, now: i64) -> Option<(Arc<Held<T>>, bool)> {
        let held = locked(&self.held).of.get(key)?.0.clone();
        if held.sequence == manifest.sequence {
            return Some((held, false));
        }
        let age = now - held.reckoned_at;
        let good = manifest.is_large() && held.words == manifest.words.file && age < self.at_most;
        good.then_some((held, age >= self.moments))
    }

    /// Keeps what was reckoned, unless it is too large for that.
    pub fn keep(&self, key: &str, manifest: &Manifest, now: i64, it: T) -> Arc<Held<T>> {
        let known = Freshness { at: Instant(manifest.written_at), position: manifest.position };
        let of = Held { it, known, sequence: manifest.sequence, words: manifest.words.file.clone(), reckoned_at: now };
        let of = Arc::new(of);
        let bytes = key.len().saturating_add(of.it.bytes());
        let mut held = locked(&self.held);
        if let Some((_, before)) = held.of.remove(key) {
            held.bytes -= before;
        }
        if bytes > KEPT_BYTES {
            return of;
        }
        if held.of.len() >= KEPT || held.bytes + bytes > KEPT_BYTES {
            (held.of, held.bytes) = (HashMap::new(), 0);
        }
        held.bytes += bytes;
        held.of.insert(key.to_owned(), (of.clone(), bytes));
        of
    }

    /// The right to reckon something anew; `None` while another has it.
    pub fn renew(&self, key: &str) -> Option<Right> {
        let first = locked(&self.renewing).insert(key.to_owned());
        first.then(|| Right { renewing: self.renewing.clone(), key: key.to_owned() })
    }
}

/// What reports need beside the store: put on the app's shelf by the outermost crate.
pub struct Desk {
    keepers: Arc<Keepers>,
    turns: Semaphore,
    pub(crate) answers: Kept<Answer>,
    pub(crate) bases: Kept<Arc<Base>>,
    scores: Kept<Arc<Scores>>,
}

const SECOND: i64 = 1_000_000;

impl Desk {
    /// A desk over these columns, at which so many may reckon at a time.
    pub fn new(keepers: Arc<Keepers>, turns: usize) -> Self {
        let (answers, bases) = (Kept::for_moments(5 * SECOND, 5 * SECOND), Kept::for_moments(60 * SECOND, 600 * SECOND));
        let scores = Kept::for_moments(60 * SECOND, 600 * SECOND);
        Self { keepers, turns: Semaphore::new(turns.max(1)), answers, bases, scores }
    }
}

impl Desk {
    /// What members are compared with by a question, and whether it is to be reckoned anew beside.
    pub(crate) fn base(
        &self,
        key: &str,
        q: &Question,
        loaded: &Loaded,
        columns: &Columns,
        now: i64,
    ) -> shuke_kernel::Result<(Arc<Held<Arc<Base>>>, bool)> {
        match self.bases.good(key, &loaded.manifest, now) {
            Some(good) => Ok(good),
            None => Ok((self.bases.keep(key, &loaded.manifest, now, Arc::new(Base::of(columns, q)?)), false)),
        }
    }

    /// Where scores begin by a question: that takes half as long.
    pub(crate) fn scores(
        &self,
        key: &str,
        q: &Question,
        loaded: &Loaded,
        columns: &Columns,
        now: i64,
    ) -> shuke_kernel::Result<Arc<Scores>> {
        if let Some((held, _)) = self.bases.good(key, &loaded.manifest, now) {
            return Ok(held.it.scores.clone());
        }
        if let Some((held, _)) = self.scores.good(key, &loaded.manifest, now) {
            return Ok(held.it.clone());
        }
        let scores = Arc::new(Scores::of(columns, q)?);
        Ok(self.scores.keep(key, &loaded.manifest, now, scores).it.clone())
    }
}

/// Under what [`Desk::base`] keeps what members are compared with.
pub(crate) fn base_key(merchant: MerchantNo, q: &Question) -> String {
    format!("{} {q:?}", merchant.0)
}

/// How long anybody waits for what is reckoned: past that it is left.
const PATIENCE: Duration = Duration::from_secs(60);

/// Whoever asks: gone when it is dropped, be it that the request went away.
struct Here(Arc<Asker>);

impl Drop for Here {
    fn drop(&mut self) {
        self.0.leaves();
    }
}

/// Runs `work` over a merchant's columns, brought up to date, on a thread that may block, when it is
/// its turn. When the request goes away, or it takes too long, the loops end.
pub(crate) async fn reckon<T: Send + 'static>(
    app: &App,
    merchant: MerchantNo,
    work: impl FnOnce(&Desk, &Loaded, &Columns) -> shuke_kernel::Result<T> + Send + 'static,
) -> Result<T, Problem> {
    let desk = app.get::<Desk>().ok_or_else(|| Problem::from(NO_COLUMNS.refuse()))?;
    let turn = desk.clone();
    let _turn = turn.turns.acquire().await.map_err(|e| Problem::from(Error::fault(e)))?;
    let here = Here(Arc::new(Asker::waiting(PATIENCE)));
    let asker = here.0.clone();
    let reckoned = move || {
        let loaded = desk.keepers.near(merchant)?;
        work(&desk, &loaded, &loaded.columns.asked_by(asker))
    };
    let done = tokio::task::spawn_blocking(reckoned).await;
    drop(here);
    done.map_err(|e| Problem::from(Error::fault(e)))?.map_err(Problem::from)
}

#[cfg(test)]
mod tests {
    use shuke_columns::keeper::LARGE;
    use shuke_columns::shelf::{BucketFile, FORMAT, PeopleFiles, WordsFile};

    use super::*;

    impl Room for i32 {
        fn bytes(&self) -> usize {
            (*self).max(0) as usize
        }
    }

    #[test]
    fn what_is_kept_has_an_end() {
        let kept: Kept<i32> = Kept::for_moments(10, 20);
        let of = manifest(1, 1, "w");
        let (most, there) = (KEPT_BYTES as i32, |key| kept.good(key, &of, 0).is_some());
        kept.keep("a", &of, 0, most / 2);
        kept.keep("a", &of, 0, most / 2);
        kept.keep("b", &of, 0, most / 4);
        assert!(there("a") && there("b"), "the same question again takes no more room");
        kept.keep("c", &of, 0, most / 2);
        assert!(!there("a") && !there("b") && there("c"));
        kept.keep("d", &of, 0, most + 1);
        assert!(there("c") && !there("d"), "too large to be kept");
        (0..=KEPT).for_each(|i| drop(kept.keep(&i.to_string(), &of, 0, 0)));
        assert!(!there("c"));
    }

    fn manifest(sequence: u64, members: i64, words: &str) -> Manifest {
        Manifest {
            format: FORMAT,
            sequence,
            position: sequence as i64,
            tip: String::new(),
            written_at: 0,
            built_at: 0,
            words: WordsFile { file: words.to_owned(), ..WordsFile::default() },
            goods: None,
            registry: 0,
            people: PeopleFiles::default(),
            base: vec![BucketFile { file: String::new(), bytes: 0, crc: 0, first: 0, members: members as u32, nobody: false }],
            deltas: Vec::new(),
        }
    }

    #[test]
    fn what_a_large_shop_was_told_is_told_again_for_moments_and_a_small_one_s_only_while_it_is_true() {
        let kept: Kept<i32> = Kept::for_moments(10, 20);
        let (small, large) = (LARGE - 1, LARGE);
        for members in [small, large] {
            kept.keep("q", &manifest(1, members, "w"), 100, 7);
            let good =
                |sequence, now, words: &str| kept.good("q", &manifest(sequence, members, words), now).map(|(held, renew)| (held.it, renew));
            assert_eq!(good(1, 1_000_000, "w"), Some((7, false)), "nothing new is known");
            let again = (members == large).then_some((7, false));
            assert_eq!(good(2, 109, "w"), again);
            assert_eq!(good(2, 110, "w"), again.map(|_| (7, true)), "reckoned anew beside");
            assert_eq!(good(2, 120, "w"), None);
            assert_eq!(good(2, 101, "other"), None, "codes of words mean something else now");
        }
        assert!(kept.good("other", &manifest(1, large, "w"), 100).is_none());
        let right = kept.renew("q");
        assert!(right.is_some() && kept.renew("q").is_none());
        drop(right);
        assert!(kept.renew("q").is_some(), "who is cut off gives it back too");
    }
}
