//! Words as numbers: a dictionary a kind of word and merchant. A dictionary only grows, so that a
//! code means the same in every bucket, written today or last year.

use std::collections::HashMap;

/// What a word names.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Hash)]
pub enum Kind {
    /// A province or country.
    Region,
    /// A merchant's code of goods.
    Sku,
    /// A title of goods.
    Name,
    /// A category path.
    Category,
    /// An ISO 4217 code.
    Currency,
    /// A shop: its id, or the word its orders came with.
    Shop,
    /// Where an order was placed.
    Platform,
}

/// All kinds, in the order of their files.
pub const KINDS: [Kind; 7] = [Kind::Region, Kind::Sku, Kind::Name, Kind::Category, Kind::Currency, Kind::Shop, Kind::Platform];

impl Kind {
    /// Its short name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Region => "region",
            Self::Sku => "sku",
            Self::Name => "name",
            Self::Category => "category",
            Self::Currency => "currency",
            Self::Shop => "shop",
            Self::Platform => "platform",
        }
    }
}

/// The words of one kind.
#[derive(Clone, Default, Debug)]
pub struct Dictionary {
    words: Vec<Box<str>>,
    codes: HashMap<Box<str>, u32>,
}

impl Dictionary {
    /// The code of `word`, given now if it is new. An empty word has none.
    pub fn code(&mut self, word: &str) -> Option<u32> {
        if word.is_empty() {
            return None;
        }
        if let Some(code) = self.codes.get(word) {
            return Some(*code);
        }
        let code = self.words.len() as u32;
        self.words.push(word.into());
        self.codes.insert(word.into(), code);
        Some(code)
    }

    /// The code of `word`, if it has one.
    pub fn find(&self, word: &str) -> Option<u32> {
        self.codes.get(word).copied()
    }

    /// The word of `code`; empty if there is none.
    pub fn word(&self, code: u32) -> &str {
        self.words.get(code as usize).map_or("", |w| w)
    }

    /// How many words.
    pub fn len(&self) -> usize {
        self.words.len()
    }

    /// Whether it has none.
    pub fn is_empty(&self) -> bool {
        self.words.is_empty()
    }

    /// Words from the `skip`th on, in the order of their codes.
    pub fn since(&self, skip: usize) -> impl Iterator<Item = &str> {
        self.words.iter().skip(skip).map(|w| &**w)
    }
}

/// A merchant's dictionaries.
#[derive(Clone, Default, Debug)]
pub struct Words([Dictionary; KINDS.len()]);

impl Words {
    /// The words of that kind.
    pub fn of(&self, kind: Kind) -> &Dictionary {
        &self.0[kind as usize]
    }

    /// The same, to add to.
    pub fn of_mut(&mut self, kind: Kind) -> &mut Dictionary {
        &mut self.0[kind as usize]
    }

    /// The code of a word that may be missing.
    pub fn code(&mut self, kind: Kind, word: Option<&str>) -> Option<u32> {
        word.and_then(|w| self.of_mut(kind).code(w))
    }
}
