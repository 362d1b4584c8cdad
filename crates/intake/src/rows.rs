//! Rows of cells: delimited text split on bytes, one record at a time, in bounded memory.
//!
//! Splitting happens before decoding. That is sound for UTF-8 and for GB18030, whose second and
//! later bytes are never a comma, tab, semicolon, quote or line end; every other encoding is turned
//! into UTF-8 on the way in (`open`). A quote opens a cell only at its start, as spreadsheets have
//! it, and closes it only at its end. A quote that never closes is taken for a letter after [`QUOTE_LIMIT`] bytes, so that one
//! stray quote spoils one record and not the rest of the file.

use std::io::{self, Read};

use memchr::{memchr, memchr2};

/// How far a quoted cell may run.
pub const QUOTE_LIMIT: usize = 256 * 1024;
/// How long a record may be at all.
pub const RECORD_LIMIT: usize = 4 * 1024 * 1024;

/// One record: its cells end to end, and where each ends.
#[derive(Clone, Default, Debug)]
pub struct Row {
    /// All cells, unquoted.
    pub bytes: Vec<u8>,
    /// The end of each cell in `bytes`.
    pub ends: Vec<usize>,
    /// The file ended inside this record, without a line end.
    pub cut: bool,
    /// A quote in it never closed.
    pub stray_quote: bool,
    /// It comes from a sheet, whose rows end at their last filled cell.
    pub of_sheet: bool,
    /// A cell of it is a formula: its value is what whoever wrote the file left as its result.
    pub computed: bool,
    /// 1-based number of the record in the file (of the row in a sheet).
    pub number: u64,
}

impl Row {
    /// The bytes of cell `i`; empty where the record has no such cell.
    pub fn cell(&self, i: usize) -> &[u8] {
        match self.ends.get(i) {
            Some(&end) => &self.bytes[if i == 0 { 0 } else { self.ends[i - 1] }..end],
            None => &[],
        }
    }

    /// How many cells.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// No cell at all, or one empty one.
    pub fn is_empty(&self) -> bool {
        self.bytes.is_empty() && self.ends.len() <= 1
    }

    /// All cells are empty or blank.
    pub fn is_blank(&self) -> bool {
        self.bytes.iter().all(|b| b.is_ascii_whitespace())
    }

    /// Makes it the empty record.
    pub fn clear(&mut self) {
        self.bytes.clear();
        self.ends.clear();
        self.cut = false;
        self.stray_quote = false;
        self.computed = false;
    }

    /// Takes NUL bytes out, which no text has and no database keeps.
    pub fn without_nul(&mut self) {
        if memchr(0, &self.bytes).is_none() {
            return;
        }
        let before = std::mem::take(self);
        (self.cut, self.stray_quote, self.number) = (before.cut, before.stray_quote, before.number);
        for i in 0..before.len() {
            self.bytes.extend(before.cell(i).iter().filter(|b| **b != 0));
            self.ends.push(self.bytes.len());
        }
    }

    /// Appends a cell.
    pub fn push(&mut self, cell: &[u8]) {
        self.bytes.extend_from_slice(cell);
        self.ends.push(self.bytes.len());
    }

    /// A record of these texts.
    pub fn of<S: AsRef<str>>(cells: &[S]) -> Self {
        let mut row = Self::default();
        for c in cells {
            row.push(c.as_ref().as_bytes());
        }
        row
    }
}

/// Reads records from a stream.
pub struct RowReader {
    from: Box<dyn Read + Send>,
    delimiter: u8,
    end: u8,
    buf: Vec<u8>,
    pos: usize,
    eof: bool,
    number: u64,
}

enum Step {
    Done(usize),
    More,
}

impl RowReader {
    /// `end` is the byte that ends a record: `\n` (a `\r` before it is dropped) or `\r`.
    pub fn new(from: Box<dyn Read + Send>, delimiter: u8, end: u8) -> Self {
        Self { from, delimiter, end, buf: Vec::with_capacity(512 * 1024), pos: 0, eof: false, number: 0 }
    }

    /// The next record that is not a blank line, into `row`; false at the end.
    pub fn read(&mut self, row: &mut Row) -> io::Result<bool> {
        loop {
            if self.pos >= self.buf.len() && !self.fill()? {
                return Ok(false);
            }
            let used = loop {
                row.clear();
                match self.scan(row) {
                    Step::Done(used) => break used,
                    Step::More => {
                        self.fill()?;
                    }
                }
            };
            self.pos += used;
            self.number += 1;
            row.number = self.number;
            if !row.is_empty() {
                return Ok(true);
            }
        }
    }

    /// Reads more behind what is still unread; false if there is no more.
    fn fill(&mut self) -> io::Result<bool> {
        if self.eof {
            return Ok(false);
        }
        self.buf.drain(..self.pos);
        self.pos = 0;
        let had = self.buf.len();
        let want = (had * 2).clamp(256 * 1024, RECORD_LIMIT * 2);
        self.buf.resize(had + want, 0);
        let mut len = had;
        while len < self.buf.len() {
            match self.from.read(&mut self.buf[len..]) {
                Ok(0) => {
                    self.eof = true;
                    break;
                }
                Ok(n) => len += n,
                Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
                Err(e) => {
                    self.buf.truncate(had);
                    return Err(e);
                }
            }
        }
        self.buf.truncate(len);
        Ok(len > had)
    }

    /// Splits one record from the front of the unread bytes.
    fn scan(&self, row: &mut Row) -> Step {
        let all = &self.buf[self.pos..];
        let (delimiter, end) = (self.delimiter, self.end);
        let mut i = 0;
        loop {
            if all.get(i) == Some(&b'"') {
                let mut from = i + 1;
                let closed = loop {
                    match memchr(b'"', &all[from..]) {
                        None if !self.eof && all.len() - i < QUOTE_LIMIT => return Step::More,
                        None => break None,
                        Some(k) if from + k - i > QUOTE_LIMIT => break None,
                        Some(k) => {
                            let at = from + k;
                            if all.get(at + 1) == Some(&b'"') {
                                from = at + 2;
                                continue;
                            }
                            // What closes a cell stands at its end; blanks may follow.
                            let blanks = |b: &u8| matches!(*b, b' ' | b'\t' | b'\r') && *b != delimiter && *b != end;
                            let rest = all.get(at + 1..).unwrap_or(&[]);
                            match rest.iter().find(|b| !blanks(b)) {
                                Some(b) if *b == delimiter || *b == end => break Some(at),
                                None if self.eof => break Some(at),
                                None if rest.len() < QUOTE_LIMIT => return Step::More,
                                _ => break None,
                            }
                        }
                    }
                };
                if let Some(close) = closed {
                    let inner = &all[i + 1..close];
                    if memchr(b'"', inner).is_some() {
                        let mut rest = inner;
                        while let Some(q) = memchr(b'"', rest) {
                            row.bytes.extend_from_slice(&rest[..=q]);
                            rest = rest.get(q + 2..).unwrap_or(&[]);
                        }
                        row.bytes.extend_from_slice(rest);
                    } else {
                        row.bytes.extend_from_slice(inner);
                    }
                    i = close + 1;
                } else {
                    row.stray_quote = true;
                }
            }
            match memchr2(delimiter, end, &all[i..]) {
                Some(k) => {
                    let at = i + k;
                    let mut tail = &all[i..at];
                    if all[at] == delimiter {
                        row.bytes.extend_from_slice(tail);
                        row.ends.push(row.bytes.len());
                        i = at + 1;
                        continue;
                    }
                    if end == b'\n' {
                        tail = tail.strip_suffix(b"\r").unwrap_or(tail);
                    }
                    row.bytes.extend_from_slice(tail);
                    row.ends.push(row.bytes.len());
                    return Step::Done(at + 1);
                }
                None if !self.eof && all.len() < RECORD_LIMIT => return Step::More,
                None => {
                    let tail = all[i..].strip_suffix(b"\r").unwrap_or(&all[i..]);
                    row.bytes.extend_from_slice(tail);
                    row.ends.push(row.bytes.len());
                    row.cut = true;
                    return Step::Done(all.len());
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn rows(text: &[u8], delimiter: u8, end: u8) -> Vec<Vec<String>> {
        let mut r = RowReader::new(Box::new(io::Cursor::new(text.to_vec())), delimiter, end);
        let mut row = Row::default();
        let mut out = Vec::new();
        while r.read(&mut row).unwrap_or(false) {
            out.push((0..row.len()).map(|i| String::from_utf8_lossy(row.cell(i)).into_owned()).collect());
        }
        out
    }

    #[test]
    fn quotes_as_spreadsheets_have_them() {
        assert_eq!(
            rows(b"a,\"b \"\"x\"\", c\",d\r\n\"=\"\"12\"\"\",=\"34\",\"l1\nl2\"\r\n", b',', b'\n'),
            [["a", "b \"x\", c", "d"], ["=\"12\"", "=\"34\"", "l1\nl2"]]
        );
        assert_eq!(rows(b"a;b\rc;d", b';', b'\r'), [["a", "b"], ["c", "d"]]);
        assert_eq!(rows(b"a,12\" pipe,c\n\n\nd,e,f\n", b',', b'\n'), [["a", "12\" pipe", "c"], ["d", "e", "f"]]);
    }

    #[test]
    fn a_quote_closes_at_the_end_of_a_cell_only() {
        let text = b"A1,\"good\nA2,x\nA3,\"soon\nA4,x\n";
        assert_eq!(rows(text, b',', b'\n'), [["A1", "\"good"], ["A2", "x"], ["A3", "\"soon"], ["A4", "x"]]);
        assert_eq!(rows(b"a,\"said \"\"hi\"\"\nand left\" ,b\r\n", b',', b'\n'), [["a", "said \"hi\"\nand left ", "b"]]);
        assert_eq!(rows(b"\"a\"\t\"b\"\t\"\"", b'\t', b'\n'), [["a", "b", ""]]);
    }

    #[test]
    fn a_stray_quote_spoils_one_record() {
        assert_eq!(rows(b"a,\"never closed,c\nd,e,f\n", b',', b'\n'), [["a", "\"never closed", "c"], ["d", "e", "f"]]);
    }

    proptest! {
        #[test]
        fn what_was_quoted_comes_back(cells in prop::collection::vec(prop::collection::vec("[a-z,\"\n ]{0,8}", 2..5), 1..6)) {
            let mut text = String::new();
            for r in &cells {
                let line: Vec<String> = r.iter().map(|c| format!("\"{}\"", c.replace('"', "\"\""))).collect();
                text.push_str(&line.join(","));
                text.push_str("\r\n");
            }
            prop_assert_eq!(rows(text.as_bytes(), b',', b'\n'), cells);
        }

        #[test]
        fn any_bytes_split_without_a_panic(bytes in prop::collection::vec(any::<u8>(), 0..4000)) {
            rows(&bytes, b',', b'\n');
            rows(&bytes, b'\t', b'\r');
        }
    }
}
