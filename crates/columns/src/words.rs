//! Words as numbers: a dictionary a kind of word and merchant. A dictionary only grows, so that a
//! code means the same in every bucket, written today or last year.

use std::hash::BuildHasher;

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

/// Bytes of words that lie together: a table that grows by moving all of them would hold them twice meanwhile.
const CHUNK: usize = 1 << 18;
/// No code.
const NONE: u32 = u32::MAX;

/// Where a word lies.
#[derive(Clone, Copy, Debug)]
struct At {
    chunk: u32,
    from: u32,
    length: u32,
}

/// The words of one kind: their letters one after the other, and a table of their codes by hash. Words are most of
/// what columns hold in memory, so each takes its letters and some twenty bytes.
#[derive(Clone, Default, Debug)]
pub struct Dictionary {
    chunks: Vec<String>,
    at: Vec<At>,
    /// Codes by hash, where others were first, behind; a power of two of them, at most three quarters taken.
    table: Vec<u32>,
    hasher: std::hash::RandomState,
}

impl Dictionary {
    /// The code of `word`, given now if it is new. An empty word has none.
    pub fn code(&mut self, word: &str) -> Option<u32> {
        if word.is_empty() {
            return None;
        }
        if (self.at.len() + 1) * 4 > self.table.len() * 3 {
            self.widen();
        }
        let place = self.place(word);
        if self.table[place] != NONE {
            return Some(self.table[place]);
        }
        let code = self.at.len() as u32;
        if self.chunks.last().is_none_or(|c| c.len() + word.len() > c.capacity()) {
            // Small dictionaries stay small.
            let least = self.chunks.last().map_or(64, |c| c.capacity().saturating_mul(2)).min(CHUNK);
            self.chunks.push(String::with_capacity(least.max(word.len())));
        }
        let chunk = self.chunks.len() - 1;
        let from = self.chunks[chunk].len() as u32;
        self.chunks[chunk].push_str(word);
        self.at.push(At { chunk: chunk as u32, from, length: word.len() as u32 });
        self.table[place] = code;
        Some(code)
    }

    /// Where in the table the word's code is, or belongs.
    fn place(&self, word: &str) -> usize {
        let mask = self.table.len() - 1;
        let mut place = self.hasher.hash_one(word) as usize & mask;
        while self.table[place] != NONE && self.word(self.table[place]) != word {
            place = (place + 1) & mask;
        }
        place
    }

    fn widen(&mut self) {
        let wider = (self.table.len() * 2).max(16);
        // What it was goes first.
        self.table = Vec::new();
        self.table = vec![NONE; wider];
        for code in 0..self.at.len() as u32 {
            let mut place = self.hasher.hash_one(self.word(code)) as usize & (wider - 1);
            while self.table[place] != NONE {
                place = (place + 1) & (wider - 1);
            }
            self.table[place] = code;
        }
    }

    /// The code of `word`, if it has one.
    pub fn find(&self, word: &str) -> Option<u32> {
        if self.table.is_empty() {
            return None;
        }
        Some(self.table[self.place(word)]).filter(|code| *code != NONE)
    }

    /// The word of `code`; empty if there is none.
    pub fn word(&self, code: u32) -> &str {
        let word = self.at.get(code as usize).map(|at| &self.chunks[at.chunk as usize][at.from as usize..(at.from + at.length) as usize]);
        word.unwrap_or("")
    }

    /// How many words.
    pub fn len(&self) -> usize {
        self.at.len()
    }

    /// Whether it has none.
    pub fn is_empty(&self) -> bool {
        self.at.is_empty()
    }

    /// Words from the `skip`th on, in the order of their codes.
    pub fn since(&self, skip: usize) -> impl Iterator<Item = &str> {
        (skip..self.len()).map(|code| self.word(code as u32))
    }

    /// Bytes that it takes in memory.
    pub fn bytes(&self) -> usize {
        let letters: usize = self.chunks.iter().map(|c| c.capacity() + size_of::<String>()).sum();
        letters + self.at.capacity() * size_of::<At>() + self.table.capacity() * size_of::<u32>()
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

    /// Bytes that they take in memory.
    pub fn bytes(&self) -> usize {
        self.0.iter().map(Dictionary::bytes).sum()
    }

    /// The code of a word that may be missing.
    pub fn code(&mut self, kind: Kind, word: Option<&str>) -> Option<u32> {
        word.and_then(|w| self.of_mut(kind).code(w))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_keep_their_codes_however_many_come() {
        let mut words = Dictionary::default();
        assert_eq!((words.find("a"), words.code(""), words.word(0)), (None, None, ""));
        let long = "长".repeat(CHUNK);
        let all: Vec<String> = (0..20_000).map(|i| format!("word {i}")).chain([long]).collect();
        for (code, word) in all.iter().enumerate() {
            assert_eq!(words.find(word), None);
            assert_eq!(words.code(word), Some(code as u32));
        }
        for (code, word) in all.iter().enumerate() {
            assert_eq!((words.code(word), words.find(word)), (Some(code as u32), Some(code as u32)));
            assert_eq!(words.word(code as u32), word);
        }
        assert!(words.since(10).eq(all[10..].iter().map(String::as_str)));
        assert_eq!((words.len(), words.since(30_000).count()), (all.len(), 0));
        let letters: usize = all.iter().map(String::len).sum();
        assert!(words.bytes() > letters && words.bytes() < letters + 40 * all.len() + 4 * CHUNK, "{}", words.bytes());
    }
}
