//! The set of statements about one subject, as the store keeps it: one sealed blob a subject.
//!
//! A statement is kept once by the hash of its canonical bytes, with the imports that brought it
//! and whether it also came by other ways. So bringing it again adds nothing, and undoing an import
//! takes out exactly what nothing else says. Orders, refunds that name no order, and products are
//! subjects; what they are is computed from their set.
//!
//! The blob: a version byte, the length of the rest when it is unpacked, the rest packed by LZ4 with
//! a dictionary of the words that statements are made of (a third of the size, in a microsecond or
//! two). Unpacked: for each statement its hash, the time it was heard, whether it came directly, its
//! imports, its bytes; numbers are big-endian.

use shuke_kernel::{Ctx, Error, Instant, Result};
use shuke_store::{Column, InsertMany, MerchantKeys, Tx, Value};

/// Not packed: what was kept at first.
const PLAIN: u8 = 1;
/// Packed with [`WORDS`].
const PACKED: u8 = 2;
/// What packed sets were made with: never changed, another one is another version.
const WORDS: &[u8] = include_bytes!("observed.words");
/// More than the statements about one subject can come to.
const MOST: usize = 256 << 20;
const TABLE: &str = "observed";

/// The module's statements.
pub mod sql {
    shuke_store::statements! {
        /// Subjects that an import touched.
        OF_IMPORT = "SELECT i.subject, o.kind FROM observed_import i JOIN observed o ON o.merchant = i.merchant AND o.subject = i.subject WHERE i.merchant = $1 AND i.import = $2 ORDER BY i.subject LIMIT $3";
        /// Forgets that it did.
        FORGET_IMPORT = "DELETE FROM observed_import WHERE merchant = $1 AND import = $2 AND subject = ANY($3)";
        /// Forgets it of subjects that are gone.
        FORGET_SUBJECTS = "DELETE FROM observed WHERE merchant = $1 AND subject = ANY($2)";
        /// Rows of an import whose subject is gone.
        ORPHANS = "DELETE FROM observed_import WHERE merchant = $1 AND import = $2 AND NOT EXISTS (SELECT 1 FROM observed o WHERE o.merchant = observed_import.merchant AND o.subject = observed_import.subject)";
        /// One subject's set.
        GET = "SELECT revision, body FROM observed WHERE merchant = $1 AND subject = $2";
        /// Several subjects' sets.
        GET_MANY = "SELECT subject, revision, body FROM observed WHERE merchant = $1 AND subject = ANY($2)";
    }
}

const PUT: InsertMany = InsertMany {
    table: TABLE,
    columns: &[Column::Int("merchant"), Column::Bytes("subject"), Column::Text("kind"), Column::Int("revision"), Column::Bytes("body")],
    then: "ON CONFLICT (merchant, subject) DO UPDATE SET revision = excluded.revision, body = excluded.body",
};

const PUT_IMPORT: InsertMany = InsertMany {
    table: "observed_import",
    columns: &[Column::Int("merchant"), Column::Int("import"), Column::Bytes("subject")],
    then: "ON CONFLICT (merchant, import, subject) DO NOTHING",
};

/// One statement.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Entry {
    /// Of its bytes.
    pub hash: [u8; 16],
    /// When it was heard, where that matters.
    pub heard: Option<Instant>,
    /// It came otherwise than by an import.
    pub direct: bool,
    /// The imports that brought it, ascending.
    pub imports: Vec<i64>,
    /// Canonical bytes.
    pub body: Vec<u8>,
}

/// The set, in the order of hashes.
#[derive(Clone, Default, PartialEq, Eq, Debug)]
pub struct Entries(Vec<Entry>);

impl Entries {
    /// Nothing was ever said.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The statements.
    pub fn iter(&self) -> impl Iterator<Item = &Entry> {
        self.0.iter()
    }

    /// Adds a statement; `false` where the set stays what it was.
    pub fn add(&mut self, hash: [u8; 16], body: &[u8], import: Option<i64>, heard: Option<Instant>) -> bool {
        let latest = self.0.iter().filter_map(|e| e.heard).max();
        match self.0.binary_search_by(|e| e.hash.cmp(&hash)) {
            Err(at) => {
                let entry = Entry { hash, heard, direct: import.is_none(), imports: import.into_iter().collect(), body: body.to_vec() };
                self.0.insert(at, entry);
                true
            }
            Ok(at) => {
                let entry = &mut self.0[at];
                let before = (entry.heard, entry.direct, entry.imports.len());
                // Hearing the last word once more is no news; hearing an earlier word again is.
                if entry.heard != latest || latest.is_none() {
                    entry.heard = entry.heard.max(heard);
                }
                match import {
                    None => entry.direct = true,
                    Some(import) => {
                        if let Err(place) = entry.imports.binary_search(&import) {
                            entry.imports.insert(place, import);
                        }
                    }
                }
                before != (entry.heard, entry.direct, entry.imports.len())
            }
        }
    }

    /// Rewrites every statement's bytes. Hashes stay: what was rewritten is still known as what it
    /// was when it comes again.
    pub fn rewrite(&mut self, f: impl Fn(&[u8]) -> Result<Vec<u8>>) -> Result<()> {
        for e in &mut self.0 {
            e.body = f(&e.body)?;
        }
        Ok(())
    }

    /// Takes out what only this import brought; `false` where it brought nothing.
    pub fn retract(&mut self, import: i64) -> bool {
        let mut touched = false;
        self.0.retain_mut(|e| {
            if let Ok(at) = e.imports.binary_search(&import) {
                e.imports.remove(at);
                touched = true;
            }
            e.direct || !e.imports.is_empty()
        });
        touched
    }

    fn pack(&self) -> Vec<u8> {
        let size: usize = self.0.iter().map(|e| 31 + 8 * e.imports.len() + e.body.len()).sum();
        let mut out = Vec::with_capacity(size);
        for e in &self.0 {
            out.extend_from_slice(&e.hash);
            out.extend_from_slice(&e.heard.map_or(i64::MIN, Instant::micros).to_be_bytes());
            out.push(u8::from(e.direct));
            out.extend_from_slice(&(e.imports.len() as u16).to_be_bytes());
            for import in &e.imports {
                out.extend_from_slice(&import.to_be_bytes());
            }
            out.extend_from_slice(&(e.body.len() as u32).to_be_bytes());
            out.extend_from_slice(&e.body);
        }
        let mut packed = vec![PACKED];
        packed.extend_from_slice(&(out.len() as u32).to_be_bytes());
        packed.extend_from_slice(&lz4_flex::block::compress_with_dict(&out, WORDS));
        packed
    }

    /// The set as it is kept for a subject.
    pub fn seal(&self, keys: &MerchantKeys, subject: &[u8; 16]) -> Result<Vec<u8>> {
        keys.seal(TABLE, subject, &self.pack())
    }

    fn unpack(bytes: &[u8]) -> Option<Self> {
        fn take<'b, const N: usize>(rest: &mut &'b [u8]) -> Option<&'b [u8; N]> {
            let (head, tail) = rest.split_first_chunk::<N>()?;
            *rest = tail;
            Some(head)
        }
        let (version, body) = bytes.split_first()?;
        let unpacked;
        let mut rest = match *version {
            PLAIN => body,
            PACKED => {
                let (size, packed) = body.split_first_chunk::<4>()?;
                let size = u32::from_be_bytes(*size) as usize;
                unpacked = (size <= MOST).then(|| lz4_flex::block::decompress_with_dict(packed, size, WORDS).ok()).flatten()?;
                &unpacked
            }
            _ => return None,
        };
        let rest = &mut rest;
        let mut entries = Vec::new();
        while !rest.is_empty() {
            let hash = *take::<16>(rest)?;
            let heard = i64::from_be_bytes(*take::<8>(rest)?);
            let direct = take::<1>(rest)?[0] != 0;
            let count = u16::from_be_bytes(*take::<2>(rest)?);
            let mut imports = Vec::with_capacity(usize::from(count));
            for _ in 0..count {
                imports.push(i64::from_be_bytes(*take::<8>(rest)?));
            }
            let length = u32::from_be_bytes(*take::<4>(rest)?) as usize;
            let (body, tail) = rest.split_at_checked(length)?;
            *rest = tail;
            entries.push(Entry { hash, heard: (heard != i64::MIN).then_some(Instant(heard)), direct, imports, body: body.to_vec() });
        }
        Some(Self(entries))
    }

    /// Opens a subject's blob.
    pub fn open(tx: &mut Tx<'_>, cx: &Ctx, subject: &[u8; 16], sealed: &[u8]) -> Result<Self> {
        let clear = tx.keys(cx.merchant)?.open(TABLE, subject, sealed)?;
        Self::unpack(&clear).ok_or_else(|| Error::fault("a set of statements cannot be read"))
    }

    /// A subject's set and revision; empty for an unknown subject.
    pub fn load(tx: &mut Tx<'_>, cx: &Ctx, subject: &[u8; 16]) -> Result<(i64, Self)> {
        match tx.row(sql::GET, shuke_store::args![cx.merchant, *subject])? {
            None => Ok((0, Self::default())),
            Some(mut row) => {
                let (revision, body): (i64, Vec<u8>) = (row.get(0)?, row.get(1)?);
                Ok((revision, Self::open(tx, cx, subject, &body)?))
            }
        }
    }
}

/// A subject's set to be written.
pub struct Put<'a> {
    /// `order`, `refund`, `product`.
    pub kind: &'static str,
    /// Its id.
    pub subject: [u8; 16],
    /// One more than it was.
    pub revision: i64,
    /// The set.
    pub entries: &'a Entries,
    /// The same sealed, where that was done beforehand.
    pub sealed: Option<&'a [u8]>,
    /// The imports that newly brought something.
    pub imports: Vec<i64>,
}

/// Writes sets.
pub fn put(tx: &mut Tx<'_>, cx: &Ctx, puts: &[Put<'_>]) -> Result<()> {
    let keys = tx.keys(cx.merchant)?;
    let (mut rows, mut imports) = (Rows::default(), Rows::default());
    for p in puts {
        // What waited for locks while the keys were rotated is sealed anew: the key of then may be gone soon.
        let beforehand = p.sealed.filter(|s| MerchantKeys::number_of(s).is_ok_and(|n| n == keys.current()));
        let body = beforehand.map_or_else(|| p.entries.seal(&keys, &p.subject), |s| Ok(s.to_vec()))?;
        // An order's subject is made with it; others may have been spoken of before.
        let new = p.revision == 1 && p.kind == "order";
        rows.add(new, vec![cx.merchant.into(), p.subject.into(), p.kind.into(), p.revision.into(), body.into()]);
        for import in &p.imports {
            imports.add(new, vec![cx.merchant.into(), (*import).into(), p.subject.into()]);
        }
    }
    rows.write(tx, &PUT)?;
    imports.write(tx, &PUT_IMPORT)
}

/// Rows of one table: those that are new for certain, and others.
#[derive(Default)]
struct Rows {
    new: Vec<Vec<Value>>,
    others: Vec<Vec<Value>>,
}

impl Rows {
    fn add(&mut self, new: bool, row: Vec<Value>) {
        if new { self.new.push(row) } else { self.others.push(row) }
    }

    fn write(self, tx: &mut Tx<'_>, into: &InsertMany) -> Result<()> {
        tx.insert_fresh(into, self.new)?;
        tx.insert_many(into, self.others).map(|_| ())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_set_packs_and_forgets_what_only_an_import_brought() {
        let mut set = Entries::default();
        assert!(set.add([1; 16], b"a", Some(7), None));
        assert!(!set.add([1; 16], b"a", Some(7), None));
        assert!(set.add([1; 16], b"a", Some(9), None));
        assert!(set.add([2; 16], b"b", None, Some(Instant(5))));
        assert!(!set.add([2; 16], b"b", None, Some(Instant(6))), "the last word again is no news");
        assert!(set.add([3; 16], b"c", None, Some(Instant(7))));
        assert!(set.add([2; 16], b"b", None, Some(Instant(8))), "an earlier word again is the last word now");
        assert_eq!(Entries::unpack(&set.pack()), Some(set.clone()));
        assert_eq!(Entries::unpack(&[PLAIN]), Some(Entries::default()), "sets that are not packed still open");
        assert_eq!(Entries::unpack(&set.pack()[..12]), None, "a set that is cut off is not taken for a smaller one");
        assert!(set.retract(7));
        assert_eq!(set.0.len(), 3);
        assert!(set.retract(9));
        assert_eq!(set.0.len(), 2);
        assert!(!set.retract(9));
    }
}
