//! Facts that a crate above computes, as a file beside the columns: for a reader in another process, who
//! has no store to reckon them from.

use std::io::Write;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};

use serde::{Deserialize, Serialize};
use shuke_kernel::{Error, Result};

use crate::ints::Ints;
use crate::registry::{Origin, Registry};
use crate::slice::{Lexicon, Slice};

/// Parts that this process wrote: no two have one name.
static PARTS: AtomicU64 = AtomicU64::new(0);

/// What is missing.
const NONE: i16 = i16::MIN;

#[derive(Serialize, Deserialize)]
struct Head {
    /// Of which manifest.
    sequence: u64,
    facts: Vec<Named>,
    /// Members of each slice.
    slices: Vec<usize>,
}

#[derive(Serialize, Deserialize)]
struct Named {
    name: String,
    /// What a text's numbers mean; none for a number.
    words: Vec<String>,
}

/// Facts of every member of a snapshot.
#[derive(Debug)]
pub(crate) struct Standing {
    head: Head,
    cells: Vec<u8>,
    /// Where each slice's cells begin.
    starts: Vec<usize>,
}

impl std::fmt::Debug for Head {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "facts of manifest {} over {} slices", self.sequence, self.slices.len())
    }
}

/// Writes these facts of the slices of a manifest; nobody sees a part of the file.
pub(crate) fn write(
    path: &Path,
    sequence: u64,
    facts: &[(&str, &[&str])],
    registry: &Registry,
    slices: &[impl AsRef<Slice>],
) -> Result<()> {
    let named =
        facts.iter().map(|(name, words)| Named { name: (*name).to_owned(), words: words.iter().map(|w| (*w).to_owned()).collect() });
    let head = Head { sequence, facts: named.collect(), slices: slices.iter().map(|s| s.as_ref().len()).collect() };
    // Two keepers may write the same: each has its part, and the later puts the same in the place of the same.
    let part = path.with_extension(format!("{}-{}.part", std::process::id(), PARTS.fetch_add(1, Ordering::Relaxed)));
    let mut file = std::io::BufWriter::new(std::fs::File::create(&part).map_err(Error::fault)?);
    serde_json::to_writer(&mut file, &head)?;
    file.write_all(b"\n").map_err(Error::fault)?;
    for slice in slices.iter().map(AsRef::as_ref) {
        for (name, words) in facts {
            let Some((at, vocabulary)) = place(registry, name) else { return Err(Error::fault(format!("there is no fact {name}"))) };
            let codes: Vec<Option<u32>> =
                vocabulary.map_or_else(Vec::new, |v| words.iter().map(|w| slice.lexicon.words(v).find(w)).collect());
            for member in 0..slice.len() {
                let told = match (slice.facts[at].get(member), vocabulary) {
                    (None, _) => NONE,
                    (Some(n), None) => i16::try_from(n).unwrap_or(NONE),
                    (Some(n), Some(_)) => codes.iter().position(|c| *c == Some(n as u32)).map_or(NONE, |i| i as i16),
                };
                file.write_all(&told.to_le_bytes()).map_err(Error::fault)?;
            }
        }
    }
    file.into_inner().map_err(|e| Error::fault(e.error()))?.sync_all().map_err(Error::fault)?;
    std::fs::rename(&part, path).map_err(Error::fault)
}

fn place(registry: &Registry, name: &str) -> Option<(usize, Option<usize>)> {
    let fact = registry.find_fact(name)?;
    match fact.origin {
        Origin::Current(at) => Some((at, fact.words)),
        _ => None,
    }
}

impl Standing {
    /// Reads what [`write`] wrote of that manifest.
    pub fn read(path: &Path, sequence: u64) -> Result<Self> {
        let broken = || Error::fault(format!("{} is not what it should be", path.display()));
        let bytes = std::fs::read(path).map_err(Error::fault)?;
        let end = bytes.iter().position(|b| *b == b'\n').ok_or_else(broken)?;
        let head: Head = serde_json::from_slice(&bytes[..end])?;
        let cells = bytes[end + 1..].to_vec();
        let mut starts = vec![0];
        for members in &head.slices {
            starts.push(starts.last().unwrap_or(&0) + members * head.facts.len() * 2);
        }
        let fits = head.sequence == sequence && starts.last() == Some(&cells.len());
        if fits { Ok(Self { head, cells, starts }) } else { Err(broken()) }
    }

    /// Teaches a lexicon the words of these facts.
    pub fn teach(&self, registry: &Registry, lexicon: &mut Lexicon) {
        for fact in &self.head.facts {
            if let Some(vocabulary) = registry.find_fact(&fact.name).and_then(|f| f.words) {
                for word in &fact.words {
                    lexicon.words_mut(vocabulary).code(word);
                }
            }
        }
    }

    /// Lays the facts over the slice at that place.
    pub fn lay_over(&self, registry: &Registry, at: usize, slice: &mut Slice) -> Result<()> {
        if self.head.slices.get(at) != Some(&slice.len()) {
            return Err(Error::fault("the facts are of other slices"));
        }
        let cells = self.cells[self.starts[at]..self.starts[at + 1]].as_chunks::<2>().0;
        for (fact, told) in self.head.facts.iter().zip(cells.chunks(slice.len().max(1))) {
            let Some((column, vocabulary)) = place(registry, &fact.name) else { continue };
            let codes = vocabulary.map(|v| fact.words.iter().map(|w| slice.lexicon.words(v).find(w)).collect::<Vec<_>>());
            let value = |bytes: &[u8; 2]| {
                let told = i16::from_le_bytes(*bytes);
                if told == NONE {
                    return None;
                }
                match &codes {
                    None => Some(i64::from(told)),
                    Some(codes) => usize::try_from(told).ok().and_then(|i| codes.get(i).copied().flatten()).map(i64::from),
                }
            };
            slice.facts[column] = Ints::from_values(&told.iter().map(value).collect::<Vec<_>>());
        }
        Ok(())
    }
}
