//! Files of words: appended behind what a manifest counts, each word with its kind and length.

use std::fs::{File, OpenOptions};
use std::io::{BufReader, Read, Seek, SeekFrom, Write};

use shuke_kernel::Result;

use super::summed::Summed;
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
        let path = self.path(&before.file);
        let mut out = OpenOptions::new().create(true).truncate(false).write(true).open(&path).map_err(io("open", &path))?;
        // What lies behind is of a write that was cut.
        out.set_len(before.bytes).map_err(io("cut", &path))?;
        out.seek(SeekFrom::End(0)).map_err(io("write", &path))?;
        let mut out = Summed::behind(out, before.bytes, before.crc);
        for (kind, (words, skip)) in dictionaries.iter().zip(known).enumerate() {
            for word in words.since(*skip) {
                let mut write = |bytes: &[u8]| out.write_all(bytes).map_err(io("write", &path));
                write(&[kind as u8])?;
                write(&(word.len() as u32).to_le_bytes())?;
                write(word.as_bytes())?;
            }
        }
        let (bytes, crc) = out.end().map_err(io("write", &path))?;
        Ok(WordsFile { file: before.file.clone(), bytes, crc })
    }

    /// Hands on each word of a file with its kind; `take` says whether there is such a kind. Whether the file is whole
    /// is known at its end only: what was handed on before an error counts for nothing.
    pub(super) fn read_each(&self, of: &WordsFile, mut take: impl FnMut(u8, &str) -> bool) -> Result<()> {
        let (path, broken) = (self.path(&of.file), || damaged(&of.file));
        let mut file = BufReader::with_capacity(1 << 16, File::open(&path).map_err(io("read", &path))?.take(of.bytes));
        let (mut left, mut sum, mut word) = (of.bytes, crc32fast::Hasher::new(), Vec::new());
        while left > 0 {
            let mut head = [0; 5];
            file.read_exact(&mut head).map_err(|_| broken())?;
            let [kind, length @ ..] = head;
            let length = u32::from_le_bytes(length);
            left = left.checked_sub(5 + u64::from(length)).ok_or_else(broken)?;
            word.resize(length as usize, 0);
            file.read_exact(&mut word).map_err(|_| broken())?;
            sum.update(&head);
            sum.update(&word);
            if !std::str::from_utf8(&word).is_ok_and(|word| take(kind, word)) {
                return Err(broken());
            }
        }
        if sum.finalize() == of.crc { Ok(()) } else { Err(broken()) }
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
