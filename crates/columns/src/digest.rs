//! Digests: numbers that follow from a bucket's rows alone and take long to find, kept beside it, so that a
//! new question reads them instead of the rows. What they are is known to the loop that makes them.
//!
//! A digest is a file beside its bucket's, mapped when it is read. It is written whole under another name and
//! renamed; it names the bucket it is of and what else it follows from, and has the checksum of all of that:
//! what is torn, or of something else, is made anew. It goes when its bucket goes. A bucket that is no file
//! has none.

use std::collections::HashMap;
use std::fs::File;
use std::io::Write;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use arrow_buffer::{Buffer, ScalarBuffer};
use serde::{Deserialize, Serialize};
use shuke_kernel::{Error, Result};

use crate::bucket::Bucket;
use crate::shelf::{BucketFile, mapped};

/// Stands between the name of a bucket's file and that of a digest of it.
pub(crate) const BESIDE: char = '+';
/// Digests that a bucket has at most: questions by further zones or currencies are answered without.
const MOST: usize = 12;
/// The rows of fewer orders are sooner read than those of a digest. A program that is built to be tested keeps them
/// of nearly all: its tests, kills among them, see no bucket as large as that.
const WORTH: usize = if cfg!(debug_assertions) { 64 } else { 16_384 };
/// How the name of a file ends that is not whole yet.
pub(crate) const BEGUN: &str = ".part";
/// Nobody writes for so long.
const LEFT: Duration = Duration::from_secs(3_600);
/// How a file begins.
const MAGIC: &[u8; 8] = b"shkdgst1";
/// Parts begin at multiples of this, so that numbers of every width lie where a processor wants them.
const ALIGNED: usize = 64;
/// Magic, checksum, length of the head.
const PROLOGUE: usize = 16;

/// Numbers of one width.
#[derive(Clone, PartialEq, Debug)]
pub enum Part {
    /// Two bytes each.
    U16(ScalarBuffer<u16>),
    /// Four.
    U32(ScalarBuffer<u32>),
    /// Eight.
    I64(ScalarBuffer<i64>),
}

impl From<Vec<u16>> for Part {
    fn from(of: Vec<u16>) -> Self {
        Self::U16(of.into())
    }
}

impl From<Vec<u32>> for Part {
    fn from(of: Vec<u32>) -> Self {
        Self::U32(of.into())
    }
}

impl From<Vec<i64>> for Part {
    fn from(of: Vec<i64>) -> Self {
        Self::I64(of.into())
    }
}

impl Part {
    fn inner(&self) -> (u8, &Buffer) {
        match self {
            Self::U16(of) => (2, of.inner()),
            Self::U32(of) => (4, of.inner()),
            Self::I64(of) => (8, of.inner()),
        }
    }

    fn of(width: u8, bytes: Buffer) -> Option<Self> {
        let whole = bytes.len().is_multiple_of(usize::from(width).max(1));
        match width {
            2 if whole => Some(Self::U16(bytes.into())),
            4 if whole => Some(Self::U32(bytes.into())),
            8 if whole => Some(Self::I64(bytes.into())),
            _ => None,
        }
    }
}

/// Numbers in parts. One without parts says that the bucket does not fit into what the loop would keep.
#[derive(Clone, Default, PartialEq, Debug)]
pub struct Digest(Vec<Part>);

impl Digest {
    /// Of these parts.
    pub fn of(parts: Vec<Part>) -> Self {
        Self(parts)
    }

    /// Whether it has no parts.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The numbers of a part, by its place; none where it is of another width.
    #[inline]
    pub fn u16s(&self, part: usize) -> &[u16] {
        if let Some(Part::U16(of)) = self.0.get(part) { of } else { &[] }
    }

    /// The same of four bytes each.
    #[inline]
    pub fn u32s(&self, part: usize) -> &[u32] {
        if let Some(Part::U32(of)) = self.0.get(part) { of } else { &[] }
    }

    /// The same of eight.
    #[inline]
    pub fn i64s(&self, part: usize) -> &[i64] {
        if let Some(Part::I64(of)) = self.0.get(part) { of } else { &[] }
    }
}

/// What a file says of itself.
#[derive(PartialEq, Eq, Debug, Serialize, Deserialize)]
struct Head {
    /// The bucket that it is of.
    of: BucketFile,
    name: String,
    state: String,
    /// Width, beginning behind the head, and length of each part, bytes.
    parts: Vec<(u8, usize, usize)>,
}

/// What a digest is kept under: its name, and what it follows from beside the bucket. Of one name only the
/// latest state is kept.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Key {
    /// Of what kind, by which zone, and the like.
    pub name: String,
    /// What may change while the bucket stays.
    pub state: String,
}

/// The file of a bucket's digest of that name.
fn beside(of: &BucketFile, key: &Key) -> String {
    format!("{}{BESIDE}{:08x}", of.file, crc32fast::hash(key.name.as_bytes()))
}

type Held = Arc<Mutex<Option<(String, Arc<Digest>)>>>;

/// The digests of a shelf's buckets.
#[derive(Debug)]
pub struct Digests {
    folder: PathBuf,
    /// Orders that a bucket has at least whose digests are kept.
    least: usize,
    /// By bucket's file and name: those that are mapped.
    held: Mutex<HashMap<(String, String), Held>>,
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Digests {
    /// In a folder: of buckets so large that it is worth the file.
    pub(crate) fn new(folder: PathBuf) -> Self {
        Self { least: WORTH, ..Self::of_all(folder) }
    }

    /// The same of all buckets that are files, however small.
    pub fn of_all(folder: PathBuf) -> Self {
        Self { folder, least: 0, held: Mutex::default() }
    }

    /// Lets go of the digests of other buckets.
    pub(crate) fn keep_only(&self, named: impl Fn(&str) -> bool) {
        locked(&self.held).retain(|(file, _), _| named(file));
    }

    /// The digest of a bucket; made where it is not there. `None` where it is kept nowhere.
    pub(crate) fn get(&self, bucket: &Bucket, key: &Key, make: impl FnOnce(&Bucket) -> Digest) -> Result<Option<Arc<Digest>>> {
        let Some(of) = bucket.file.as_deref().filter(|_| bucket.orders.key.len() >= self.least) else { return Ok(None) };
        // Whoever wants the same waits here until it is made.
        let held = locked(&self.held).entry((of.file.clone(), key.name.clone())).or_default().clone();
        let mut held = locked(&held);
        if let Some((_, digest)) = held.as_ref().filter(|(state, _)| *state == key.state) {
            return Ok(Some(digest.clone()));
        }
        let file = beside(of, key);
        let digest = match self.read(&file, of, key) {
            Some(there) => there,
            None if self.is_full(&of.file, &file)? => return Ok(None),
            None => {
                self.write(&file, of, key, &make(bucket))?;
                // What was written is read as everybody else will: the pages of the file can be given back.
                self.read(&file, of, key)
                    .ok_or_else(|| Error::fault(format!("columns: {file} cannot be read right after it was written")))?
            }
        };
        let digest = Arc::new(digest);
        *held = Some((key.state.clone(), digest.clone()));
        Ok(Some(digest))
    }

    /// The file of the digest that is kept of a bucket, where that is something else than `make` makes.
    pub(crate) fn differing(&self, bucket: &Bucket, key: &Key, make: impl FnOnce(&Bucket) -> Digest) -> Option<String> {
        let of = bucket.file.as_deref()?;
        let file = beside(of, key);
        let there = self.read(&file, of, key)?;
        (there != make(bucket)).then_some(file)
    }

    /// Whether a bucket has as many digests under other names as it may have. Takes away what somebody began to
    /// write long ago and was killed over.
    fn is_full(&self, of: &str, file: &str) -> Result<bool> {
        let mut others = 0;
        for entry in std::fs::read_dir(&self.folder).map_err(Error::fault)? {
            let entry = entry.map_err(Error::fault)?;
            let name = entry.file_name();
            let Some(name) = name.to_str().filter(|n| *n != file && n.strip_prefix(of).is_some_and(|rest| rest.starts_with(BESIDE))) else {
                continue;
            };
            if !name.ends_with(BEGUN) {
                others += 1;
            } else if entry.metadata().and_then(|m| m.modified()).is_ok_and(|at| at.elapsed().is_ok_and(|age| age > LEFT)) {
                std::fs::remove_file(entry.path()).map_err(Error::fault)?;
            }
        }
        Ok(others >= MOST)
    }

    fn write(&self, file: &str, of: &BucketFile, key: &Key, digest: &Digest) -> Result<()> {
        static PARTS: AtomicU64 = AtomicU64::new(0);
        let mut parts = Vec::new();
        let mut end = 0_usize;
        for part in &digest.0 {
            let (width, bytes) = part.inner();
            let begin = end.next_multiple_of(ALIGNED);
            parts.push((width, begin, bytes.len()));
            end = begin + bytes.len();
        }
        let head = serde_json::to_vec(&Head { of: of.clone(), name: key.name.clone(), state: key.state.clone(), parts })?;
        let begin = (PROLOGUE + head.len()).next_multiple_of(ALIGNED);
        let mut bytes = Vec::with_capacity(begin + end);
        bytes.extend_from_slice(MAGIC);
        bytes.extend_from_slice(&[0; 4]);
        bytes.extend_from_slice(&(head.len() as u32).to_le_bytes());
        bytes.extend_from_slice(&head);
        for part in &digest.0 {
            bytes.resize(bytes.len().next_multiple_of(ALIGNED), 0);
            bytes.extend_from_slice(part.inner().1);
        }
        let crc = crc32fast::hash(&bytes[12..]);
        bytes[8..12].copy_from_slice(&crc.to_le_bytes());
        let path = self.folder.join(file);
        let part = self.folder.join(format!("{file}.{}-{}{BEGUN}", std::process::id(), PARTS.fetch_add(1, Ordering::Relaxed)));
        let write = || -> std::io::Result<()> {
            let mut out = File::create(&part)?;
            // Not waited for until it is on the disk: what a power cut leaves of it is told by its checksum.
            out.write_all(&bytes)?;
            std::fs::rename(&part, &path)
        };
        write().map_err(|e| Error::fault(format!("columns: cannot write {}: {e}", path.display())))
    }

    /// Reads a file, if it is there and is of that bucket and key, whole.
    fn read(&self, file: &str, of: &BucketFile, key: &Key) -> Option<Digest> {
        let path = self.folder.join(file);
        let bytes = mapped(&File::open(&path).ok()?, &path).ok()?;
        let prologue = bytes.get(..PROLOGUE)?;
        let number = |at: usize| prologue[at..at + 4].try_into().ok().map(u32::from_le_bytes);
        if &prologue[..8] != MAGIC || crc32fast::hash(&bytes[12..]) != number(8)? {
            return None;
        }
        let behind = PROLOGUE.checked_add(number(12)? as usize)?;
        let head: Head = serde_json::from_slice(bytes.get(PROLOGUE..behind)?).ok()?;
        if head.of != *of || head.name != key.name || head.state != key.state {
            return None;
        }
        let start = behind.next_multiple_of(ALIGNED);
        let part = |(width, begin, length): &(u8, usize, usize)| {
            let begin = start.checked_add(*begin)?;
            let fits = begin.is_multiple_of(ALIGNED) && begin.checked_add(*length)? <= bytes.len();
            if fits { Part::of(*width, bytes.slice_with_length(begin, *length)) } else { None }
        };
        head.parts.iter().map(part).collect::<Option<Vec<_>>>().map(Digest)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::draft::{self, Member};

    fn bucket(file: &str, crc: u32) -> Bucket {
        let of = BucketFile { file: file.to_owned(), bytes: 1, crc, first: 0, members: 1, nobody: false };
        let bucket = draft::bucket(0, false, vec![Member { key: vec![1], ..Member::default() }]).unwrap();
        Bucket { file: Some(Arc::new(of)), ..bucket }
    }

    fn key(name: &str, state: &str) -> Key {
        Key { name: name.to_owned(), state: state.to_owned() }
    }

    fn some(n: u16) -> Digest {
        Digest::of(vec![vec![n, 2, 3].into(), vec![u32::from(n)].into(), vec![i64::from(n), -1].into(), Vec::<u16>::new().into()])
    }

    fn told(digest: &Digest) -> (Vec<u16>, Vec<u32>, Vec<i64>, usize) {
        (digest.u16s(0).to_vec(), digest.u32s(1).to_vec(), digest.i64s(2).to_vec(), digest.u16s(3).len() + digest.u16s(1).len())
    }

    #[test]
    fn what_is_kept_is_told_until_something_that_it_follows_from_changes() {
        let folder = tempfile::tempdir().unwrap();
        let get = |bucket: &Bucket, key: &Key, n: u16| {
            let fresh = Digests::of_all(folder.path().to_owned());
            told(&fresh.get(bucket, key, |_| some(n)).unwrap().unwrap())
        };
        let seven = (vec![7, 2, 3], vec![7], vec![7, -1], 0);
        assert_eq!(get(&bucket("b", 1), &key("k", "s"), 7), seven);
        assert_eq!(get(&bucket("b", 1), &key("k", "s"), 8), seven, "it is there");
        assert_eq!(get(&bucket("b", 1), &key("other", "s"), 9).1, [9]);
        assert_eq!(get(&bucket("b", 1), &key("k", "later"), 10).1, [10], "another state");
        assert_eq!(get(&bucket("b", 2), &key("k", "later"), 11).1, [11], "another bucket of that name");
        let held = Digests::of_all(folder.path().to_owned());
        assert!(held.get(&Bucket { file: None, ..bucket("b", 1) }, &key("k", "s"), |_| some(1)).unwrap().is_none());
        for n in 0..=MOST {
            let got = held.get(&bucket("c", 1), &key(&n.to_string(), ""), |_| some(1)).unwrap();
            assert_eq!(got.is_some(), n < MOST, "so many names at most");
        }
        let again = || held.get(&bucket("c", 1), &key("0", ""), |_| some(2)).unwrap().unwrap().u32s(1).to_vec();
        assert_eq!(again(), [1]);
        held.keep_only(|file| file != "c");
        assert_eq!(again(), [1], "it is read again");
        let differs = |bucket: &Bucket, n: u16| held.differing(bucket, &key("0", ""), |_| some(n)).is_some();
        assert!(differs(&bucket("c", 1), 2) && !differs(&bucket("c", 1), 1));
        assert!(!differs(&bucket("c", 2), 2), "of another bucket nothing is kept");
    }

    #[test]
    fn a_file_cut_or_changed_anywhere_is_not_read() {
        let folder = tempfile::tempdir().unwrap();
        let (bucket, key) = (bucket("b", 1), key("k", "s"));
        let digests = || Digests::of_all(folder.path().to_owned());
        digests().get(&bucket, &key, |_| some(7)).unwrap();
        let path = std::fs::read_dir(folder.path()).unwrap().next().unwrap().unwrap().path();
        let whole = std::fs::read(&path).unwrap();
        for at in 0..whole.len() {
            let mut torn = whole.clone();
            torn[at] ^= 0x55;
            for bytes in [&whole[..at], &torn] {
                std::fs::write(&path, bytes).unwrap();
                let got = digests().get(&bucket, &key, |_| some(8)).unwrap().unwrap();
                assert_eq!(got.u32s(1), [8], "at {at}");
            }
        }
    }
}
