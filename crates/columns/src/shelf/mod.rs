//! A merchant's columns on disk: bucket files, a file of words, and the manifest that says which of
//! them hold.
//!
//! Nothing that a manifest names is ever written again: a bucket is rewritten whole to a new file,
//! words are appended behind those it counts. A manifest has a number and the checksum of its own
//! text; the newest whole one holds. So a write that is cut at any byte leaves the state before or
//! the state after, and a file that is not what its manifest says is noticed and the columns built
//! anew. Every file can be deleted at any time: the store has the truth.

mod slices;
mod snapshot;
mod summed;
mod words;

use std::collections::HashMap;
use std::fs::{File, OpenOptions};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::AtomicI64;
use std::sync::atomic::Ordering::Relaxed;

use arrow_array::RecordBatch;
use arrow_buffer::Buffer;
use arrow_ipc::reader::{FileDecoder, read_footer_length};
use arrow_ipc::{convert, root_as_footer};
use serde::{Deserialize, Serialize};
use shuke_kernel::{Error, Result};

pub(crate) use self::slices::LoadedPeople;
pub use self::slices::PeopleFiles;
pub use self::snapshot::Snapshot;
use self::summed::Summed;
use crate::Columns;
use crate::bucket::Bucket;
use crate::digest::{BESIDE, Digests};
use crate::draft::{self, Member};
use crate::overlay::overlay;
use crate::people::files;
use crate::registry::Registry;

/// The layout of bucket files; columns of another are built anew.
pub const FORMAT: u32 = 3;

/// The file that whoever writes holds locked.
const LOCK: &str = "lock";

/// What holds: the files, and up to where in the feed they tell.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Manifest {
    /// [`FORMAT`] when it was written.
    pub format: u32,
    /// Its number; the highest whole one holds.
    pub sequence: u64,
    /// The position in the merchant's feed up to which everything is in.
    pub position: i64,
    /// The id of the event at that position, in hexadecimal; empty where there is none. Another one
    /// there means another store: a backup was restored.
    pub tip: String,
    /// When it was written, microseconds.
    pub written_at: i64,
    /// When the base was built in full, microseconds.
    pub built_at: i64,
    /// The words.
    pub words: WordsFile,
    /// Where the product list puts goods; none where it tells nothing.
    pub goods: Option<GoodsFile>,
    /// The registry that slices are laid out after, as a checksum of its names: those of another are
    /// built anew.
    pub registry: u32,
    /// Slices, for questions about members.
    pub people: PeopleFiles,
    /// Buckets as built in full.
    pub base: Vec<BucketFile>,
    /// Buckets of members that changed since, oldest first: whoever is in a later one counts there.
    pub deltas: Vec<BucketFile>,
}

impl Manifest {
    /// How many members the base holds.
    pub fn members(&self) -> i64 {
        self.base.iter().filter(|b| !b.nobody).map(|b| i64::from(b.members)).sum()
    }

    /// Whether there are so many that nobody is kept waiting by the last moments' changes.
    pub fn is_large(&self) -> bool {
        self.members() >= crate::keeper::LARGE
    }
}

/// The file of words, up to a length.
#[derive(Clone, Default, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct WordsFile {
    /// Its name.
    pub file: String,
    /// How much of it holds.
    pub bytes: u64,
    /// The checksum of that much.
    pub crc: u32,
}

/// The file of the categories of goods.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct GoodsFile {
    /// Its name.
    pub file: String,
    /// Its checksum.
    pub crc: u32,
}

/// A bucket's file.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct BucketFile {
    /// Its name.
    pub file: String,
    /// Its length.
    pub bytes: u64,
    /// Its checksum.
    pub crc: u32,
    /// The ordinal of the first member.
    pub first: u32,
    /// How many members.
    pub members: u32,
    /// Whether its rows belong to nobody.
    pub nobody: bool,
}

/// The folder of one merchant's columns.
#[derive(Clone, Debug)]
pub struct Shelf {
    folder: PathBuf,
}

fn io(what: &str, path: &Path) -> impl FnOnce(std::io::Error) -> Error {
    let text = format!("columns: cannot {what} {}", path.display());
    move |e| Error::fault(format!("{text}: {e}"))
}

impl Shelf {
    /// The columns in `folder`, which is made if it is not there.
    pub fn open(folder: &Path) -> Result<Self> {
        std::fs::create_dir_all(folder).map_err(io("make", folder))?;
        Ok(Self { folder: folder.to_owned() })
    }

    /// The columns in `folder`, which is not made: for who only reads. `None` where there is no such folder.
    pub fn existing(folder: &Path) -> Option<Self> {
        folder.is_dir().then(|| Self { folder: folder.to_owned() })
    }

    /// Where it is.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// The right to write here, until it is dropped; `None` while another process has it.
    pub fn lock(&self) -> Result<Option<File>> {
        let path = self.folder.join(LOCK);
        let file = OpenOptions::new().create(true).truncate(false).write(true).open(&path).map_err(io("open", &path))?;
        match file.try_lock() {
            Ok(()) => Ok(Some(file)),
            Err(std::fs::TryLockError::WouldBlock) => Ok(None),
            Err(std::fs::TryLockError::Error(e)) => Err(io("lock", &path)(e)),
        }
    }

    /// The manifest that holds: the newest that is whole. `None` where there is none.
    pub fn manifest(&self) -> Result<Option<Manifest>> {
        let mut numbers: Vec<u64> = self.names()?.iter().filter_map(|n| number(n)).collect();
        numbers.sort_unstable();
        Ok(numbers.into_iter().rev().find_map(|n| self.whole(n)))
    }

    /// The highest number that a manifest has, whole or not; 0 without any.
    pub(crate) fn highest(&self) -> Result<u64> {
        Ok(self.names()?.iter().filter_map(|n| number(n)).max().unwrap_or(0))
    }

    pub(crate) fn whole(&self, number: u64) -> Option<Manifest> {
        let text = std::fs::read_to_string(self.folder.join(name(number))).ok()?;
        let (head, body) = text.split_once('\n')?;
        let mut words = head.split(' ');
        let is_ours = words.next() == Some("shuke-columns");
        let crc = u32::from_str_radix(words.next()?, 16).ok()?;
        let bytes: usize = words.next()?.parse().ok()?;
        let good = is_ours && body.len() == bytes && crc32fast::hash(body.as_bytes()) == crc;
        let manifest: Manifest = serde_json::from_str(body).ok().filter(|_| good)?;
        (manifest.format == FORMAT && manifest.registry == registry() && manifest.sequence == number).then_some(manifest)
    }

    /// Makes `manifest` the one that holds, and forgets files that neither it nor the one before
    /// names.
    pub fn commit(&self, manifest: &Manifest) -> Result<()> {
        let body = serde_json::to_string(manifest)?;
        let text = format!("shuke-columns {:08x} {}\n{body}", crc32fast::hash(body.as_bytes()), body.len());
        self.write(&name(manifest.sequence), text.as_bytes())?;
        self.sweep(manifest.sequence, 2)
    }

    /// Forgets files that the manifest of this number, the one that holds, does not name.
    pub fn forget_before(&self, sequence: u64) -> Result<()> {
        if self.names()?.iter().filter_map(|n| number(n)).any(|n| n < sequence) && self.whole(sequence).is_some() {
            return self.sweep(sequence, 1);
        }
        Ok(())
    }

    /// Forgets files that none of the newest whole manifests names.
    fn sweep(&self, sequence: u64, newest: usize) -> Result<()> {
        let names = self.names()?;
        let kept: Vec<u64> = {
            let mut older: Vec<u64> =
                names.iter().filter_map(|n| number(n)).filter(|n| *n <= sequence && self.whole(*n).is_some()).collect();
            older.sort_unstable();
            older.into_iter().rev().take(newest).collect()
        };
        let manifests: Vec<Manifest> = kept.iter().filter_map(|n| self.whole(*n)).collect();
        let of_goods = |m: &Manifest, file: &str| m.goods.as_ref().is_some_and(|g| g.file == file);
        let named = |file: &str| {
            // Digests go with their buckets.
            let file = file.split(BESIDE).next().unwrap_or(file);
            let of_buckets = |m: &Manifest| m.base.iter().chain(&m.deltas).any(|b| b.file == file);
            manifests.iter().any(|m| m.words.file == file || of_goods(m, file) || of_buckets(m) || m.people.names().any(|f| f == file))
        };
        for file in names {
            let stays = number(&file).map_or_else(|| named(&file), |n| kept.contains(&n));
            if !stays {
                let path = self.folder.join(&file);
                std::fs::remove_file(&path).map_err(io("remove", &path))?;
            }
        }
        Ok(())
    }

    /// Deletes everything.
    pub fn delete(&self) -> Result<()> {
        for file in self.names()? {
            let path = self.folder.join(&file);
            std::fs::remove_file(&path).map_err(io("remove", &path))?;
        }
        Ok(())
    }

    fn names(&self) -> Result<Vec<String>> {
        let entries = std::fs::read_dir(&self.folder).map_err(io("list", &self.folder))?;
        let all = entries
            .map(|e| e.map(|e| e.file_name().to_string_lossy().into_owned()))
            .collect::<std::io::Result<Vec<_>>>()
            .map_err(io("list", &self.folder))?;
        Ok(all.into_iter().filter(|n| n != LOCK).collect())
    }

    fn write(&self, file: &str, bytes: &[u8]) -> Result<()> {
        let path = self.folder.join(file);
        let mut out = File::create(&path).map_err(io("make", &path))?;
        out.write_all(bytes).and_then(|()| out.sync_all()).map_err(io("write", &path))?;
        File::open(&self.folder).and_then(|d| d.sync_all()).map_err(io("sync", &self.folder))
    }

    /// Writes a bucket of these members (by id ascending) to a new file.
    pub fn write_bucket(&self, file: String, first: u32, nobody: bool, members: Vec<Member>) -> Result<BucketFile> {
        let count = members.len() as u32;
        let batch = draft::lay_out(members)?;
        let (bytes, crc) = self.write_batch(&file, &batch)?;
        Ok(BucketFile { file, bytes, crc, first, members: count, nobody })
    }

    /// Writes a record batch to a new file; its length and checksum. The file is never in memory as a whole.
    fn write_batch(&self, file: &str, batch: &RecordBatch) -> Result<(u64, u32)> {
        let path = self.folder.join(file);
        let mut out = Summed::new(File::create(&path).map_err(io("make", &path))?);
        files::write(batch, &mut out)?;
        let written = out.end().map_err(io("write", &path))?;
        File::open(&self.folder).and_then(|d| d.sync_all()).map_err(io("sync", &self.folder))?;
        Ok(written)
    }

    /// The columns that `manifest` names. Files that `before` has open are not read again.
    pub fn load(&self, manifest: &Manifest, before: Option<&Loaded>) -> Result<Loaded> {
        let words = match before.filter(|b| b.manifest.words == manifest.words) {
            Some(b) => b.columns.words.clone(),
            None => Arc::new(self.read_words(&manifest.words)?),
        };
        let goods = match before.filter(|b| b.manifest.goods == manifest.goods) {
            Some(b) => b.columns.goods.clone(),
            None => Arc::new(self.read_goods(manifest.goods.as_ref(), &words)?),
        };
        let named: Vec<&BucketFile> = manifest.base.iter().chain(&manifest.deltas).collect();
        // Of a large base the checksums take a while: all processors reckon them.
        let read = crate::parts::each(&named, |of| match before.and_then(|b| b.files.get(&of.file)) {
            Some(bucket) => Ok(bucket.clone()),
            None => self.read_bucket(of).map(Arc::new),
        });
        let mut files = HashMap::new();
        for (of, bucket) in named.iter().zip(read) {
            files.insert(of.file.clone(), bucket?);
        }
        let of = |list: &[BucketFile]| list.iter().filter_map(|b| files.get(&b.file).cloned()).collect::<Vec<_>>();
        let (base, deltas) = (of(&manifest.base), of(&manifest.deltas));
        // Newer buckets are only added, or joined into one of all their members: whom they hid before
        // they hide now.
        let hidden = |list: &[BucketFile]| -> Vec<Option<Arc<Bucket>>> {
            let since = before.filter(|b| b.manifest.sequence < manifest.sequence && b.manifest.base == manifest.base);
            list.iter().map(|file| since.and_then(|b| b.shown(&file.file))).collect()
        };
        let buckets = overlay(&base, &deltas, &[hidden(&manifest.base), hidden(&manifest.deltas)].concat());
        let digests = before.and_then(|b| b.columns.digests.clone()).unwrap_or_else(|| Arc::new(Digests::new(self.folder.clone())));
        digests.keep_only(|file| files.contains_key(file));
        Ok(Loaded {
            columns: Arc::new(Columns { words, buckets, goods, asker: None, digests: Some(digests) }),
            manifest: manifest.clone(),
            files,
            checked_at: Arc::default(),
        })
    }

    fn read_bucket(&self, of: &BucketFile) -> Result<Bucket> {
        let bucket = Bucket::view(of.first, of.nobody, &decode_batch(&of.file, &self.map(of)?)?)?;
        Ok(Bucket { file: Some(Arc::new(of.clone())), ..bucket })
    }

    /// A file's bytes, mapped, after its length and checksum were found right.
    fn map(&self, of: &BucketFile) -> Result<Buffer> {
        let buffer = self.opened(of)?;
        if crc32fast::hash(&buffer) != of.crc { Err(damaged(&of.file)) } else { Ok(buffer) }
    }

    /// The same, of which only the length was found right.
    fn opened(&self, of: &BucketFile) -> Result<Buffer> {
        let path = self.folder.join(&of.file);
        let file = File::open(&path).map_err(io("open", &path))?;
        if file.metadata().map_err(io("read", &path))?.len() != of.bytes {
            return Err(damaged(&of.file));
        }
        mapped(&file, &path)
    }

    /// Reads every file that `manifest` names and checks it against its checksum. Returns what is
    /// wrong.
    pub fn check(&self, manifest: &Manifest, registry: &Registry) -> Vec<String> {
        let words = self.read_words(&manifest.words).and_then(|words| self.read_goods(manifest.goods.as_ref(), &words));
        let words = words.err().map(|e| e.to_string());
        let buckets = manifest.base.iter().chain(&manifest.deltas).filter_map(|of| self.read_bucket(of).err().map(|e| e.to_string()));
        words.into_iter().chain(buckets).chain(self.check_people(&manifest.people, registry)).collect()
    }
}

/// Columns with what they were loaded from.
#[derive(Clone, Debug)]
pub struct Loaded {
    /// The columns.
    pub columns: Arc<Columns>,
    /// What holds.
    pub manifest: Manifest,
    files: HashMap<String, Arc<Bucket>>,
    checked_at: Arc<AtomicI64>,
}

impl Loaded {
    /// Up to when they are known to tell everything, microseconds: when they were written, or when it was
    /// last seen that nothing has happened since.
    pub fn known_at(&self) -> i64 {
        self.manifest.written_at.max(self.checked_at.load(Relaxed))
    }

    /// Nothing had happened since at this instant.
    pub(crate) fn still_true(&self, at: i64) {
        self.checked_at.fetch_max(at, Relaxed);
    }

    /// A file's bucket with whom newer ones hide in it.
    fn shown(&self, file: &str) -> Option<Arc<Bucket>> {
        let at = self.manifest.base.iter().chain(&self.manifest.deltas).position(|b| b.file == file)?;
        self.columns.buckets.get(at).cloned()
    }
}

/// A file's bytes, mapped.
pub(crate) fn mapped(file: &File, path: &Path) -> Result<Buffer> {
    #[expect(
        unsafe_code,
        reason = "a file is never written again once a manifest names it, nor a digest once it has its name: they are only unlinked or renamed over, which leaves the mapping whole"
    )]
    // SAFETY: see the reason above; the folder is closed to other users.
    let map = unsafe { memmap2::Mmap::map(file) }.map_err(io("map", path))?;
    Ok(Buffer::from(bytes::Bytes::from_owner(map)))
}

fn damaged(file: &str) -> Error {
    Error::fault(format!("columns: {file} is not what its manifest says: `shuke columns rebuild` makes it anew"))
}

fn name(number: u64) -> String {
    format!("manifest-{number:012}")
}

fn number(file: &str) -> Option<u64> {
    file.strip_prefix("manifest-")?.parse().ok()
}

/// The one record batch of a file, without copying.
fn decode_batch(file: &str, buffer: &Buffer) -> Result<RecordBatch> {
    let broken = || damaged(file);
    let end = buffer.len().checked_sub(10).ok_or_else(broken)?;
    let tail: [u8; 10] = buffer.get(end..).and_then(|t| t.try_into().ok()).ok_or_else(broken)?;
    let start = read_footer_length(tail).ok().and_then(|n| end.checked_sub(n)).ok_or_else(broken)?;
    let footer = root_as_footer(&buffer[start..end]).map_err(|_| broken())?;
    let schema = convert::try_fb_to_schema(footer.schema().ok_or_else(broken)?).map_err(Error::fault)?;
    let decoder = FileDecoder::new(Arc::new(schema), footer.version());
    let block = footer.recordBatches().filter(|b| b.len() == 1).map(|b| *b.get(0)).ok_or_else(broken)?;
    let length = block.bodyLength() as usize + block.metaDataLength() as usize;
    let begin = block.offset() as usize;
    if begin.checked_add(length).is_none_or(|e| e > buffer.len()) {
        return Err(broken());
    }
    decoder.read_record_batch(&block, &buffer.slice_with_length(begin, length)).map_err(Error::fault)?.ok_or_else(broken)
}

#[cfg(test)]
pub(crate) fn read_batch(file: &str, buffer: &Buffer) -> Result<RecordBatch> {
    decode_batch(file, buffer)
}

/// The checksum of the names and types of everything that slices are laid out after.
pub(crate) fn registry() -> u32 {
    static SUM: std::sync::OnceLock<u32> = std::sync::OnceLock::new();
    *SUM.get_or_init(|| {
        let registry = Registry::standard();
        let names = format!("{:?} {:?} {:?}", registry.facts(), registry.tables(), registry.vocabularies());
        crc32fast::hash(names.as_bytes())
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::draft::{Line, Order, State};
    use crate::words::{KINDS, Kind, Words};

    fn members(words: &mut Words, n: u8) -> Vec<Member> {
        let member = |i: u8, words: &mut Words| {
            let line = Line {
                number: 1,
                sku: words.of_mut(Kind::Sku).code(&format!("S{i}")),
                quantity: 1,
                paid: 100 + i64::from(n),
                received: 100,
                ..Line::default()
            };
            let order = Order {
                key: vec![i],
                created_at: Some(1_000_000 * i64::from(i)),
                state: State::Paid,
                lines: vec![line],
                ..Order::default()
            };
            Member { key: vec![i], orders: vec![order], ..Member::default() }
        };
        (0..n).map(|i| member(i, words)).collect()
    }

    fn state(shelf: &Shelf, sequence: u64, n: u8, before: Option<&Manifest>) -> Manifest {
        let mut words = before.map_or_else(Words::default, |m| shelf.read_words(&m.words).unwrap());
        let known = KINDS.map(|k| words.of(k).len());
        let bucket = shelf.write_bucket(format!("b-{sequence}"), 0, false, members(&mut words, n)).unwrap();
        let file = before.map_or_else(|| WordsFile { file: "words-1".to_owned(), ..WordsFile::default() }, |m| m.words.clone());
        let words = shelf.write_words(&file, known, &words).unwrap();
        Manifest {
            format: FORMAT,
            sequence,
            position: sequence as i64,
            tip: String::new(),
            written_at: 0,
            built_at: 0,
            words,
            goods: None,
            registry: registry(),
            people: PeopleFiles::default(),
            base: vec![bucket],
            deltas: Vec::new(),
        }
    }

    fn told(shelf: &Shelf) -> (u64, usize, i64, String) {
        let manifest = shelf.manifest().unwrap().unwrap();
        let loaded = shelf.load(&manifest, None).unwrap();
        let bucket = &loaded.columns.buckets[0];
        (
            manifest.sequence,
            bucket.len(),
            bucket.orders.paid.value(0),
            loaded.columns.words.of(Kind::Sku).word(bucket.lines.sku.code(bucket.len() - 1).unwrap()).to_owned(),
        )
    }

    #[test]
    fn a_switch_cut_at_any_byte_leaves_the_old_or_the_new() {
        let folder = tempfile::tempdir().unwrap();
        let shelf = Shelf::open(folder.path()).unwrap();
        let first = state(&shelf, 1, 3, None);
        shelf.commit(&first).unwrap();
        let old = told(&shelf);
        assert_eq!(old, (1, 3, 103, "S2".to_owned()));
        let second = state(&shelf, 2, 5, Some(&first));
        // Words and buckets of the new state lie there, its manifest does not: the old one holds.
        assert_eq!(told(&shelf), old);
        shelf.commit(&second).unwrap();
        let new = told(&shelf);
        assert_eq!(new, (2, 5, 105, "S4".to_owned()));
        let path = folder.path().join(name(2));
        let whole = std::fs::read(&path).unwrap();
        for cut in 0..whole.len() {
            std::fs::write(&path, &whole[..cut]).unwrap();
            assert_eq!(told(&shelf), old, "cut at {cut} of {}", whole.len());
            let mut torn = whole.clone();
            torn[cut..].fill(0);
            std::fs::write(&path, &torn).unwrap();
            assert_eq!(told(&shelf), old, "zeroes from {cut} on");
        }
        std::fs::write(&path, &whole).unwrap();
        assert_eq!(told(&shelf), new);
        // A cut write is written again over what it left.
        std::fs::write(&path, &whole[..40]).unwrap();
        assert_eq!(shelf.highest().unwrap(), 2);
        let third = state(&shelf, 3, 4, Some(&first));
        shelf.commit(&third).unwrap();
        assert_eq!(told(&shelf), (3, 4, 104, "S3".to_owned()));
        assert!(!path.exists(), "what was cut is swept away");
    }
}
