//! The slices of one manifest for a reader that is no keeper: another process with questions of its own.
//!
//! Every file is opened when the snapshot is taken, so that whatever is written or swept away meanwhile,
//! all of it is of one moment. A slice is checked and looked at when its turn comes: of a large base only
//! what a question touches is ever in memory.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::sync::atomic::Ordering::Relaxed;

use arrow_buffer::Buffer;
use shuke_kernel::{Error, Result};

use super::slices::hide;
use super::{BucketFile, Manifest, Shelf, damaged, decode_batch, registry};
use crate::people::files;
use crate::people::standing::Standing;
use crate::registry::Registry;
use crate::slice::{Lexicon, Slice};

/// How often another manifest is looked for when files were swept away while they were opened.
const TRIES: usize = 5;

/// The slices of one moment.
#[derive(Debug)]
pub struct Snapshot {
    /// What they are laid out after.
    pub registry: Registry,
    /// The merchant's words.
    pub lexicon: Arc<Lexicon>,
    /// The number of the manifest.
    pub sequence: u64,
    /// Up to when everything is in, microseconds.
    pub written_at: i64,
    files: Vec<Opened>,
    /// How many of the files are of the base; behind them are newer ones, oldest first.
    base: usize,
    newer: Vec<Slice>,
    standing: Option<Standing>,
}

#[derive(Debug)]
struct Opened {
    of: BucketFile,
    buffer: Buffer,
    checked: AtomicBool,
}

impl Opened {
    fn slice(&self, registry: &Registry, lexicon: &Arc<Lexicon>) -> Result<Slice> {
        if !self.checked.load(Relaxed) {
            if crc32fast::hash(&self.buffer) != self.of.crc {
                return Err(damaged(&self.of.file));
            }
            self.checked.store(true, Relaxed);
        }
        let slice = files::view(registry, lexicon, self.of.first, &decode_batch(&self.of.file, &self.buffer)?)?;
        if slice.len() != self.of.members as usize { Err(damaged(&self.of.file)) } else { Ok(slice) }
    }
}

impl Shelf {
    /// The slices as they are now, or were under the manifest of that number; `None` where there are no
    /// columns of this release.
    ///
    /// # Errors
    /// A fault when a file cannot be read.
    pub fn snapshot(&self, sequence: Option<u64>) -> Result<Option<Snapshot>> {
        let mut tries = 0;
        if let Some(sequence) = sequence {
            return self.whole(sequence).map(|manifest| self.open_all(&manifest)).transpose();
        }
        loop {
            let Some(manifest) = self.manifest()? else { return Ok(None) };
            tries += 1;
            match self.open_all(&manifest) {
                Err(_) if tries < TRIES && self.manifest()?.is_some_and(|m| m.sequence != manifest.sequence) => {}
                done => return done.map(Some),
            }
        }
    }

    fn open_all(&self, manifest: &Manifest) -> Result<Snapshot> {
        debug_assert_eq!(manifest.registry, registry());
        let of = &manifest.people;
        if of.lexicon.file.is_empty() {
            return Err(Error::fault("there are no slices of members: `shuke columns rebuild` makes them"));
        }
        let registry = Registry::standard();
        let opened = |f: &BucketFile| Ok(Opened { of: f.clone(), buffer: self.opened(f)?, checked: AtomicBool::new(false) });
        let files = of.base.iter().chain(&of.deltas).map(opened).collect::<Result<Vec<_>>>()?;
        let lexicon = Arc::new(self.read_lexicon(&of.lexicon, &registry)?);
        let newer = files[of.base.len()..].iter().map(|f| f.slice(&registry, &lexicon)).collect::<Result<_>>()?;
        let (sequence, written_at, base) = (manifest.sequence, manifest.written_at, of.base.len());
        Ok(Snapshot { registry, lexicon, sequence, written_at, files, base, newer, standing: None })
    }
}

impl Snapshot {
    /// The same with facts that were reckoned over everybody, from the file that [`crate::Keeper::readable`] names.
    ///
    /// # Errors
    /// A fault when the file is of another manifest.
    pub fn with_standing(mut self, file: &Path) -> Result<Self> {
        let standing = Standing::read(file, self.sequence)?;
        let mut lexicon = (*self.lexicon).clone();
        standing.teach(&self.registry, &mut lexicon);
        self.lexicon = Arc::new(lexicon);
        for newer in &mut self.newer {
            newer.lexicon = self.lexicon.clone();
        }
        Ok(Self { standing: Some(standing), ..self })
    }

    /// How many slices.
    pub fn len(&self) -> usize {
        self.files.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.files.is_empty()
    }

    /// A slice; members whom a newer one holds are not shown in it.
    ///
    /// # Errors
    /// A fault when its file is not what the manifest says.
    pub fn slice(&self, at: usize) -> Result<Slice> {
        let slice = match at.checked_sub(self.base) {
            Some(newer) => self.newer[newer].clone(),
            None => self.files[at].slice(&self.registry, &self.lexicon)?,
        };
        let mut mask = vec![0_u64; slice.len().div_ceil(64)];
        let mut hides = false;
        for newer in &self.newer[(at + 1).saturating_sub(self.base)..] {
            for key in newer.members.keys() {
                if let Ok(row) = slice.members.keys().binary_search(key) {
                    mask[row / 64] |= 1 << (row % 64);
                    hides = true;
                }
            }
        }
        let mut slice = if hides { hide(&slice, &mask) } else { slice };
        if let Some(standing) = &self.standing {
            standing.lay_over(&self.registry, at, &mut slice)?;
        }
        Ok(slice)
    }
}
