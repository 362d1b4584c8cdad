//! What a manifest says: which files hold, and what of them.

use serde::{Deserialize, Serialize};

use super::PeopleFiles;
use crate::registry::Registry;

/// The layout of bucket files; columns of another are built anew.
pub const FORMAT: u32 = 3;

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

/// The checksum of the names and types of everything that slices are laid out after.
pub(crate) fn registry() -> u32 {
    static SUM: std::sync::OnceLock<u32> = std::sync::OnceLock::new();
    *SUM.get_or_init(|| {
        let registry = Registry::standard();
        let names = format!("{:?} {:?} {:?}", registry.facts(), registry.tables(), registry.vocabularies());
        crc32fast::hash(names.as_bytes())
    })
}
