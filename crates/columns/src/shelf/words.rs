//! Files of words: appended behind what a manifest counts, each word with its kind and length.

use std::fs::{File, OpenOptions};
use std::io::{Read, Seek, SeekFrom, Write};

use shuke_kernel::Result;

use super::{GoodsFile, Shelf, WordsFile, damaged, io};
use crate::goods::Goods;
use crate::words::{Dictionary, KINDS, Kind, Words};

impl Shelf {
    /// Appends the words that `before` does not hold yet (`known` of each kind).
    pub fn write_words(&self, before: &WordsFile, known: [usize; KINDS.len()], words: &Words) -> Result<WordsFile> {
        self.append(before, &known, &KINDS.map(|kind| words.of(kind)))
    }

    /// Appends to `before` what each dictionary has beyond the `known` words.
    pub(super) fn append(&self, before: &WordsFile, known: &[usize], dictionaries: &[&Dictionary]) -> Result<WordsFile> {
        let mut more = Vec::new();
        for (kind, (words, skip)) in dictionaries.iter().zip(known).enumerate() {
            for word in words.since(*skip) {
                more.push(kind as u8);
                more.extend_from_slice(&(word.len() as u32).to_le_bytes());
                more.extend_from_slice(word.as_bytes());
            }
        }
        let path = self.path(&before.file);
        let mut out = OpenOptions::new().create(true).truncate(false).write(true).open(&path).map_err(io("open", &path))?;
        // What lies behind is of a write that was cut.
        out.set_len(before.bytes).map_err(io("cut", &path))?;
        out.seek(SeekFrom::End(0)).map_err(io("write", &path))?;
        out.write_all(&more).and_then(|()| out.sync_all()).map_err(io("write", &path))?;
        let mut sum = crc32fast::Hasher::new_with_initial_len(before.crc, before.bytes);
        sum.update(&more);
        Ok(WordsFile { file: before.file.clone(), bytes: before.bytes + more.len() as u64, crc: sum.finalize() })
    }

    /// Hands on each word of a file with its kind; `take` says whether there is such a kind.
    pub(super) fn read_each(&self, of: &WordsFile, mut take: impl FnMut(u8, &str) -> bool) -> Result<()> {
        let path = self.path(&of.file);
        let mut bytes = Vec::new();
        File::open(&path).and_then(|f| f.take(of.bytes).read_to_end(&mut bytes)).map_err(io("read", &path))?;
        if bytes.len() as u64 != of.bytes || crc32fast::hash(&bytes) != of.crc {
            return Err(damaged(&of.file));
        }
        let mut rest = bytes.as_slice();
        while let [kind, a, b, c, d, more @ ..] = rest {
            let length = u32::from_le_bytes([*a, *b, *c, *d]) as usize;
            let Some(word) = more.get(..length).and_then(|w| std::str::from_utf8(w).ok()) else { return Err(damaged(&of.file)) };
            if !take(*kind, word) {
                return Err(damaged(&of.file));
            }
            rest = &more[length..];
        }
        Ok(())
    }

    pub(super) fn read_words(&self, of: &WordsFile) -> Result<Words> {
        let mut words = Words::default();
        self.read_each(of, |kind, word| {
            let kind = KINDS.get(usize::from(kind));
            kind.is_some_and(|kind| {
                words.of_mut(*kind).code(word);
                true
            })
        })?;
        Ok(words)
    }

    /// Writes the categories of goods to a new file.
    pub fn write_goods(&self, file: String, goods: &Goods) -> Result<Option<GoodsFile>> {
        if goods.is_empty() {
            return Ok(None);
        }
        let bytes = goods.to_bytes();
        self.write(&file, &bytes)?;
        Ok(Some(GoodsFile { file, crc: crc32fast::hash(&bytes) }))
    }

    pub(super) fn read_goods(&self, of: Option<&GoodsFile>, words: &Words) -> Result<Goods> {
        let Some(of) = of else { return Ok(Goods::default()) };
        let path = self.path(&of.file);
        let bytes = std::fs::read(&path).map_err(io("read", &path))?;
        let whole = crc32fast::hash(&bytes) == of.crc;
        Goods::from_bytes(&bytes, words.of(Kind::Category).len()).filter(|_| whole).ok_or_else(|| damaged(&of.file))
    }
}
