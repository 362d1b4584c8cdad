//! Files read back: mapped where they lie, found to be what their manifest says, laid over one another.

use std::collections::HashMap;
use std::fs::File;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::AtomicI64;
use std::sync::atomic::Ordering::Relaxed;

use arrow_array::RecordBatch;
use arrow_buffer::Buffer;
use arrow_ipc::reader::{FileDecoder, read_footer_length};
use arrow_ipc::{convert, root_as_footer};
use shuke_kernel::{Error, Result};

use super::{BucketFile, Manifest, Shelf, damaged, io};
use crate::Columns;
use crate::bucket::Bucket;
use crate::digest::Digests;
use crate::overlay::overlay;
use crate::registry::Registry;

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

impl Shelf {
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
    pub(super) fn map(&self, of: &BucketFile) -> Result<Buffer> {
        let buffer = self.opened(of)?;
        if crc32fast::hash(&buffer) != of.crc { Err(damaged(&of.file)) } else { Ok(buffer) }
    }

    /// The same, of which only the length was found right.
    pub(super) fn opened(&self, of: &BucketFile) -> Result<Buffer> {
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

/// The one record batch of a file, without copying.
pub(super) fn decode_batch(file: &str, buffer: &Buffer) -> Result<RecordBatch> {
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
