//! Slices on the shelf: base files, newer ones whose members hide older rows, and the lexicon.
//!
//! Whom a newer slice holds is taken out of the older one's base by making unknown when they were first
//! seen; who is gone since lies in a newer slice with nothing known. So whoever asks needs no mask.

use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;

use arrow_buffer::NullBuffer;
use serde::{Deserialize, Serialize};
use shuke_kernel::Result;

use super::{BucketFile, Shelf, WordsFile, damaged, decode_batch};
use crate::ints::Ints;
use crate::people::files;
use crate::registry::{FIRST_SEEN, Registry};
use crate::slice::{Lexicon, Slice};
use crate::words::Dictionary;

/// The files of slices that hold.
#[derive(Clone, Default, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct PeopleFiles {
    /// The words.
    pub lexicon: WordsFile,
    /// Slices as built in full, by id.
    pub base: Vec<BucketFile>,
    /// Slices of members that changed since, oldest first: whoever is in a later one counts there.
    pub deltas: Vec<BucketFile>,
}

impl PeopleFiles {
    /// Bytes on disk.
    pub fn bytes(&self) -> u64 {
        self.base.iter().chain(&self.deltas).map(|f| f.bytes).sum::<u64>() + self.lexicon.bytes
    }

    /// The names of all of them.
    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.base.iter().chain(&self.deltas).map(|f| f.file.as_str()).chain([self.lexicon.file.as_str()])
    }
}

/// Who of a slice is hidden, one bit each.
type Mask = Vec<u64>;

/// Slices with what they were loaded from.
#[derive(Debug)]
pub(crate) struct LoadedPeople {
    /// What they were loaded from.
    pub files: PeopleFiles,
    /// Members as they are to be asked.
    pub slices: Vec<Arc<Slice>>,
    /// The words.
    pub lexicon: Arc<Lexicon>,
    read: HashMap<String, Arc<Slice>>,
    hidden: HashMap<String, Mask>,
}

/// The slice with these members taken out of its base.
pub(super) fn hide(slice: &Slice, mask: &Mask) -> Slice {
    let seen = &slice.facts[FIRST_SEEN];
    let shown = |member: usize| seen.is_known(member) && mask[member / 64] >> (member % 64) & 1 == 0;
    let (raw, base, unit) = seen.parts();
    let valid = NullBuffer::from_iter((0..slice.len()).map(shown));
    let mut hidden = slice.clone();
    hidden.facts[FIRST_SEEN] = Ints::new(raw.clone(), base, unit, Some(valid));
    hidden
}

/// Marks in `older` slices (by file) whom `newer` holds. `sorted`: the slices are by id, one after the other.
fn mark(newer: &Slice, older: &[(&str, &Arc<Slice>)], sorted: bool, hidden: &mut HashMap<String, Mask>) {
    let of = |at: usize, key: &[u8; 16], hidden: &mut HashMap<String, Mask>| {
        let (file, slice) = older[at];
        if let Ok(row) = slice.members.keys().binary_search(key) {
            let mask = hidden.entry(file.to_owned()).or_insert_with(|| vec![0; slice.len().div_ceil(64)]);
            mask[row / 64] |= 1 << (row % 64);
        }
    };
    for key in newer.members.keys() {
        if sorted {
            let at = older.partition_point(|(_, slice)| slice.members.keys().first().is_some_and(|first| first <= key));
            if at > 0 {
                of(at - 1, key, hidden);
            }
        } else {
            (0..older.len()).for_each(|at| of(at, key, hidden));
        }
    }
}

impl Shelf {
    /// Writes a slice to a new file.
    pub(crate) fn write_slice(&self, file: String, registry: &Registry, slice: &Slice) -> Result<BucketFile> {
        let (bytes, crc) = self.write_batch(&file, &files::batch(registry, slice)?)?;
        Ok(BucketFile { file, bytes, crc, first: slice.first, members: slice.len() as u32, nobody: false })
    }

    /// Appends the words that `before` does not hold yet (`known` of each vocabulary).
    pub(crate) fn write_lexicon(&self, before: &WordsFile, known: &[usize], registry: &Registry, lexicon: &Lexicon) -> Result<WordsFile> {
        let none = Dictionary::default();
        // Ids lie with the slices.
        let of = registry.vocabularies().iter().enumerate().map(|(i, v)| if v.is_local { &none } else { lexicon.words(i) });
        self.append(before, known, &of.collect::<Vec<_>>())
    }

    /// The words of a file.
    pub(crate) fn read_lexicon(&self, of: &WordsFile, registry: &Registry) -> Result<Lexicon> {
        let mut lexicon = Lexicon::of(registry);
        let count = registry.vocabularies().len();
        self.read_each(of, |kind, word| {
            let known = usize::from(kind) < count;
            if known {
                lexicon.words_mut(usize::from(kind)).code(word);
            }
            known
        })?;
        Ok(lexicon)
    }

    fn read_slice(&self, of: &BucketFile, registry: &Registry, lexicon: &Arc<Lexicon>) -> Result<Slice> {
        let slice = files::view(registry, lexicon, of.first, &decode_batch(&of.file, &self.map(of)?)?)?;
        if slice.len() != of.members as usize { Err(damaged(&of.file)) } else { Ok(slice) }
    }

    /// The slices that `of` names. Files that `before` has open are not read again.
    pub(crate) fn load_people(&self, of: &PeopleFiles, registry: &Registry, before: Option<&LoadedPeople>) -> Result<LoadedPeople> {
        // Codes are those of a lexicon's file: of another nothing can be kept.
        let before = before.filter(|b| b.files.lexicon.file == of.lexicon.file);
        let lexicon = match before.filter(|b| b.files.lexicon == of.lexicon) {
            Some(b) => b.lexicon.clone(),
            None => Arc::new(self.read_lexicon(&of.lexicon, registry)?),
        };
        let mut read = HashMap::new();
        for file in of.base.iter().chain(&of.deltas) {
            let slice = match before.and_then(|b| b.read.get(&file.file)) {
                Some(slice) => slice.clone(),
                None => Arc::new(self.read_slice(file, registry, &lexicon)?),
            };
            read.insert(file.file.clone(), slice);
        }
        let named = |list: &'_ [BucketFile]| list.iter().map(|f| f.file.clone()).collect::<Vec<_>>();
        let (base, deltas) = (named(&of.base), named(&of.deltas));
        // Newer slices are only added, or joined into one of all their members: whom they hid they hide.
        let since = before.filter(|b| b.files.base == of.base);
        let mut hidden = since.map_or_else(HashMap::new, |b| b.hidden.clone());
        hidden.retain(|file, _| read.contains_key(file));
        for (at, file) in deltas.iter().enumerate().filter(|(_, f)| since.is_none_or(|b| !b.read.contains_key(*f))) {
            let of = |list: &'_ [String]| list.iter().map(|f| (f.clone(), read[f].clone())).collect::<Vec<_>>();
            for (list, sorted) in [(of(&base), true), (of(&deltas[..at]), false)] {
                let list: Vec<(&str, &Arc<Slice>)> = list.iter().map(|(f, s)| (f.as_str(), s)).collect();
                mark(&read[file], &list, sorted, &mut hidden);
            }
        }
        let same_words = before.is_some_and(|b| Arc::ptr_eq(&b.lexicon, &lexicon));
        let shown = base.iter().chain(&deltas).map(|file| {
            let (slice, mask) = (&read[file], hidden.get(file));
            if let Some(b) = before.filter(|b| same_words && b.read.contains_key(file) && b.hidden.get(file) == mask)
                && let Some(at) = b.files.base.iter().chain(&b.files.deltas).position(|f| f.file == *file)
            {
                return b.slices[at].clone();
            }
            let shown = mask.map_or_else(|| (**slice).clone(), |mask| hide(slice, mask));
            Arc::new(Slice { lexicon: lexicon.clone(), ..shown })
        });
        let slices = shown.collect();
        Ok(LoadedPeople { files: of.clone(), slices, lexicon, read, hidden })
    }

    /// What is wrong with the files of slices.
    pub(super) fn check_people(&self, of: &PeopleFiles, registry: &Registry) -> Vec<String> {
        if of.lexicon.file.is_empty() {
            return vec!["there are no slices of members".to_owned()];
        }
        self.load_people(of, registry, None).err().map(|e| e.to_string()).into_iter().collect()
    }

    /// The path of a file here.
    pub(super) fn path(&self, file: &str) -> std::path::PathBuf {
        Path::new(&self.folder).join(file)
    }
}
