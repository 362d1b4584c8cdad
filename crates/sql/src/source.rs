//! Where the rows come from: the slices of one manifest, or the files of a folder.

use std::sync::{Arc, OnceLock};

use datafusion::arrow::array::{ArrayRef, StringViewArray};
use shuke_columns::ask::Ask;
use shuke_columns::shelf::{Shelf, Snapshot};
use shuke_columns::{Lexicon, Registry, Slice, dataset};
use shuke_kernel::{Error, Result};

/// What is read, and how it is told.
#[derive(Debug)]
pub struct Source {
    /// What slices are laid out after.
    pub registry: Registry,
    /// The time of the question, microseconds.
    pub now: i64,
    /// The zone in which times are told.
    pub zone: Arc<str>,
    /// Whether personal columns are told in clear.
    pub clear: bool,
    slices: Slices,
    /// The words of each vocabulary as an array, made when the first column asks for them.
    words: Vec<OnceLock<ArrayRef>>,
}

#[derive(Debug)]
enum Slices {
    Shelf(Box<Snapshot>),
    Files(Vec<Slice>),
}

impl Source {
    /// What a question names.
    ///
    /// # Errors
    /// A fault where it names nothing, or what cannot be read.
    pub fn of(ask: &Ask) -> Result<Self> {
        let (registry, slices) = match (&ask.columns, &ask.files) {
            (Some(folder), None) => {
                let none = || Error::fault(format!("there are no columns of this release in {}", folder.display()));
                let snapshot = Shelf::existing(folder).ok_or_else(none)?.snapshot(ask.sequence)?.ok_or_else(none)?;
                let snapshot = match &ask.standing {
                    Some(file) => snapshot.with_standing(file)?,
                    None => snapshot,
                };
                (snapshot.registry.clone(), Slices::Shelf(Box::new(snapshot)))
            }
            (None, Some(folder)) => {
                let registry = Registry::standard();
                let base = dataset::read(folder, &registry, dataset::Wanted::All)?;
                (registry, Slices::Files(base.slices))
            }
            _ => return Err(Error::fault("either `columns` or `files` is to be named")),
        };
        let words = registry.vocabularies().iter().map(|_| OnceLock::new()).collect();
        Ok(Self { registry, now: ask.now, zone: ask.zone.as_str().into(), clear: ask.clear, slices, words })
    }

    /// How many slices.
    pub fn len(&self) -> usize {
        match &self.slices {
            Slices::Shelf(snapshot) => snapshot.len(),
            Slices::Files(slices) => slices.len(),
        }
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The slice at a place.
    ///
    /// # Errors
    /// A fault when its file is not what the manifest says.
    pub fn slice(&self, at: usize) -> Result<Slice> {
        match &self.slices {
            Slices::Shelf(snapshot) => snapshot.slice(at),
            Slices::Files(slices) => slices.get(at).cloned().ok_or_else(|| Error::fault("there is no such slice")),
        }
    }

    /// Up to when everything is in, microseconds; `None` of files.
    pub fn known_at(&self) -> Option<i64> {
        match &self.slices {
            Slices::Shelf(snapshot) => Some(snapshot.written_at),
            Slices::Files(_) => None,
        }
    }

    /// The words of a vocabulary by their codes.
    pub fn words(&self, vocabulary: usize) -> ArrayRef {
        let all = || match self.lexicon() {
            Some(lexicon) => lexicon.words(vocabulary).since(0).map(Some).collect::<StringViewArray>(),
            None => StringViewArray::from(Vec::<&str>::new()),
        };
        let all = || -> ArrayRef { Arc::new(all()) };
        self.words[vocabulary].get_or_init(all).clone()
    }

    fn lexicon(&self) -> Option<&Lexicon> {
        match &self.slices {
            Slices::Shelf(snapshot) => Some(&snapshot.lexicon),
            Slices::Files(slices) => slices.first().map(|s| &*s.lexicon),
        }
    }
}
