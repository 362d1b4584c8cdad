//! A merchant's columns on disk: bucket files, a file of words, and the manifest that says which of
//! them hold.
//!
//! Nothing that a manifest names is ever written again: a bucket is rewritten whole to a new file,
//! words are appended behind those it counts. A manifest has a number and the checksum of its own
//! text; the newest whole one holds. So a write that is cut at any byte leaves the state before or
//! the state after, and a file that is not what its manifest says is noticed and the columns built
//! anew. Every file can be deleted at any time: the store has the truth.

mod loaded;
mod manifest;
mod slices;
mod snapshot;
mod summed;
mod words;

use std::fs::{File, OpenOptions};
use std::io::Write;
use std::path::{Path, PathBuf};

use arrow_array::RecordBatch;
use shuke_kernel::{Error, Result};

pub use self::loaded::Loaded;
use self::loaded::decode_batch;
pub(crate) use self::loaded::mapped;
#[cfg(test)]
pub(crate) use self::loaded::read_batch;
pub(crate) use self::manifest::registry;
pub use self::manifest::{BucketFile, FORMAT, GoodsFile, Manifest, WordsFile};
pub(crate) use self::slices::LoadedPeople;
pub use self::slices::PeopleFiles;
pub use self::snapshot::Snapshot;
use self::summed::Summed;
use crate::digest::{BEGUN, BESIDE};
use crate::draft::{self, Member};
use crate::people::files;

/// The file that whoever writes holds locked.
const LOCK: &str = "lock";

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

    /// Bytes of the digests of the buckets that `manifest` names.
    pub(crate) fn digest_bytes(&self, manifest: &Manifest) -> Result<u64> {
        let mut bytes = 0;
        for name in self.names()? {
            let of_bucket = |bucket: &str| manifest.base.iter().chain(&manifest.deltas).any(|b| b.file == bucket);
            if name.split_once(BESIDE).is_some_and(|(bucket, rest)| of_bucket(bucket) && !rest.ends_with(BEGUN)) {
                // One that is gone by now was swept away.
                bytes += std::fs::metadata(self.folder.join(&name)).map_or(0, |m| m.len());
            }
        }
        Ok(bytes)
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
