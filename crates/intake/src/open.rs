//! Opening a file: what container it is, in which encoding, with which delimiter and line ends, and
//! where its header stands. Everything is told from the content; the name is only repeated in answers.

mod book;

use std::fs::File;
use std::io::{self, BufReader, Cursor, Read, Seek};
use std::path::{Path, PathBuf};

use encoding_rs::{BIG5, Decoder, Encoding, GB18030, UTF_8, UTF_16BE, UTF_16LE};
use flate2::read::MultiGzDecoder;

use crate::layout::header_score;
use crate::markup;
use crate::rows::{Row, RowReader};
use crate::sheet::Source as SheetFile;
use book::open_book;
pub use book::sheet_rows;

/// How much of a file is looked at before it is read.
const SAMPLE: usize = 512 * 1024;
/// A header stands among the first rows, under at most some titles and remarks.
const HEAD_ROWS: usize = 60;
/// Rows whose cells help to recognise the format.
pub const SAMPLE_ROWS: usize = 60;
/// A compressed spreadsheet is read into memory up to this size.
const BOOK_LIMIT: u64 = 512 * 1024 * 1024;

/// Where a file's content comes from.
#[derive(Clone)]
pub enum Input {
    /// A file.
    Path(PathBuf),
    /// Content in memory, with a name for answers.
    Bytes {
        /// The name.
        name: String,
        /// The content.
        bytes: std::sync::Arc<[u8]>,
    },
    /// Content that lies elsewhere and can be opened as often as needed.
    Opener {
        /// The name.
        name: String,
        /// Opens it at its beginning.
        open: std::sync::Arc<dyn Fn() -> io::Result<Box<dyn SheetFile>> + Send + Sync>,
    },
}

impl Input {
    /// The file's name without its folders.
    pub fn name(&self) -> String {
        match self {
            Self::Path(p) => p.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default(),
            Self::Bytes { name, .. } | Self::Opener { name, .. } => name.clone(),
        }
    }

    fn stream(&self) -> io::Result<Box<dyn SheetFile>> {
        Ok(match self {
            Self::Path(p) => Box::new(BufReader::with_capacity(256 * 1024, File::open(p)?)),
            Self::Bytes { bytes, .. } => Box::new(Cursor::new(bytes.clone())),
            Self::Opener { open, .. } => open()?,
        })
    }
}

impl From<&Path> for Input {
    fn from(p: &Path) -> Self {
        Self::Path(p.to_owned())
    }
}

/// Why a file cannot be read at all, in Chinese and English.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct OpenError {
    /// `file_not_found`, `file_unreadable`, `file_empty`, `not_a_table`, `not_orders`.
    pub code: &'static str,
    /// In Chinese.
    pub zh: String,
    /// In English.
    pub en: String,
}

/// What is said to a person, in Chinese and English.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Said {
    /// In Chinese.
    pub zh: String,
    /// In English.
    pub en: String,
}

impl Said {
    /// Of both sentences.
    pub fn new(zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self { zh: zh.into(), en: en.into() }
    }
}

impl OpenError {
    fn io(name: &str, e: &io::Error) -> Self {
        if e.kind() == io::ErrorKind::NotFound {
            return Self { code: "file_not_found", zh: format!("找不到文件 {name}"), en: format!("{name}: no such file") };
        }
        Self { code: "file_unreadable", zh: format!("读不了文件 {name}:{e}"), en: format!("{name}: {e}") }
    }
    fn empty(name: &str) -> Self {
        Self { code: "file_empty", zh: format!("{name} 是空的"), en: format!("{name} is empty") }
    }
    /// Reading failed by a defect of the reader.
    pub(crate) fn fault(name: &str) -> Self {
        Self {
            code: "file_unreadable",
            zh: format!("读 {name} 时程序出了错,请把这个文件报告给我们"),
            en: format!("{name}: the reader failed on it; please report this file"),
        }
    }
    /// It tells of orders and is none: what it is instead, in Chinese and English.
    pub(crate) fn not_orders(name: &str, what: &str, what_en: &str) -> Self {
        Self {
            code: "not_orders",
            zh: format!("{name} 是{what}，没有读取。退款请用带退款金额的订单报表导入"),
            en: format!("{name} is {what_en}, and was not read. Import refunds by an order report that has their amounts"),
        }
    }
    fn table(name: &str, why: &Said) -> Self {
        let Said { zh, en } = why;
        Self {
            code: "not_a_table",
            zh: format!("{name} 不是能读的表格（{zh}）。请从平台导出 CSV 或 XLSX"),
            en: format!("{name} is not a table that can be read ({en}). Export CSV or XLSX from the platform"),
        }
    }
    fn no_table(name: &str) -> Self {
        Self::table(
            name,
            &Said::new(
                "是一个网页，里面没有订单之类的表格：多半是登录过期后下载的，请重新登录后再导出",
                "it is a web page without a table of data, often what is downloaded once a sign-in has expired: sign in again",
            ),
        )
    }
}

impl std::fmt::Display for OpenError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.en)
    }
}

impl std::error::Error for OpenError {}

/// The outer form of a file.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Form {
    /// Delimited text.
    Text {
        /// As it is named in answers: `utf-8`, `gb18030`, `utf-16le`, …
        encoding: &'static str,
        /// It begins with a byte-order mark.
        bom: bool,
        /// `\n`, `\r\n` or `\r`.
        newline: &'static str,
        /// The delimiter.
        delimiter: char,
    },
    /// A spreadsheet: `xlsx`, `xls`, `html` (a web page saved as one) or `spreadsheetml` (Excel's XML of 2003).
    Sheet {
        /// Which.
        container: &'static str,
        /// The sheets that are read.
        sheets: Vec<String>,
    },
}

/// Rows to come, from either form.
pub enum Rows {
    /// Delimited text.
    Text(Box<RowReader>),
    /// A spreadsheet.
    Sheet(crate::sheet::SheetRows),
}

/// An opened file: its form, its header, a sample, and its rows from the first data record on.
pub struct Opened {
    /// Its name.
    pub name: String,
    /// Its outer form.
    pub form: Form,
    /// The encoding of the bytes of its rows.
    pub encoding: &'static Encoding,
    /// 1-based record (row of the sheet) of the header.
    pub header_record: u64,
    /// The header.
    pub header: Vec<String>,
    /// The first data rows, decoded.
    pub sample: Vec<Vec<String>>,
    /// The rows; those of the sample come again.
    pub rows: Rows,
    /// For each sheet that is read: the columns of the file that it has not, and what it calls those whose
    /// name is another.
    pub sheets: Vec<SheetColumns>,
    /// The sheets that are not read: they tell of something else, or nobody sees them.
    pub passed_over: Vec<PassedOver>,
}

/// How a sheet's header differs from the file's.
#[derive(Clone, Default, PartialEq, Eq, Debug)]
pub struct SheetColumns {
    /// Columns that it has not.
    pub lacks: Vec<usize>,
    /// Columns that it calls otherwise, and how.
    pub names: Vec<(usize, String)>,
}

/// A sheet of a workbook that is not read with the others.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PassedOver {
    /// Its name.
    pub name: String,
    /// It is hidden in the workbook.
    pub hidden: bool,
}

/// Opens a file.
pub fn open(input: &Input) -> Result<Opened, OpenError> {
    let name = input.name();
    let fail = |e: io::Error| OpenError::io(&name, &e);
    let mut stream = input.stream().map_err(fail)?;
    let magic = peek(&mut stream, 8).map_err(fail)?;
    if magic.is_empty() {
        return Err(OpenError::empty(&name));
    }
    if magic.starts_with(&[0x1f, 0x8b]) {
        let mut inner = MultiGzDecoder::new(stream);
        let sample = take(&mut inner, SAMPLE).map_err(fail)?;
        if is_book(&sample) || page(&name, &sample)? {
            let all = book::whole(&name, sample, inner)?;
            return open_book(name, Box::new(Cursor::new(all)));
        }
        return open_text(name, sample, Box::new(inner));
    }
    if is_book(&magic) {
        return open_book(name, stream);
    }
    let sample = take(&mut stream, SAMPLE).map_err(fail)?;
    if page(&name, &sample)? {
        stream.rewind().map_err(fail)?;
        return open_book(name, stream);
    }
    open_text(name, sample, Box::new(stream))
}

/// Whether a file is markup with tables in it. A page that has none is refused.
fn page(name: &str, sample: &[u8]) -> Result<bool, OpenError> {
    let whole = sample.len() < SAMPLE;
    let Some((_, text)) = markup_text(sample, whole) else { return Ok(false) };
    let is_page = markup::is_page(&text);
    if markup::has_table(&text) || (is_page && !whole) {
        return Ok(true);
    }
    if is_page { Err(OpenError::no_table(name)) } else { Ok(false) }
}

/// The encoding of markup and its first text; `None` for what is no markup.
fn markup_text(sample: &[u8], whole: bool) -> Option<(&'static Encoding, Vec<u8>)> {
    let first = sample.iter().find(|b| !b.is_ascii_whitespace() && !matches!(b, 0 | 0xef | 0xbb | 0xbf | 0xfe | 0xff));
    if first != Some(&b'<') {
        return None;
    }
    let (sniffed, _, mark) = sniff_encoding(sample, whole)?;
    let is_chinese = |e: &'static Encoding| matches!(e.name(), "GBK" | "gb18030" | "Big5" | "Shift_JIS" | "EUC-JP" | "EUC-KR");
    let told_by_bytes = mark > 0 || matches!(sniffed.name(), "UTF-16LE" | "UTF-16BE") || (sniffed == UTF_8 && !sample.is_ascii());
    let declared = markup::declared(sample).filter(|d| !d.name().starts_with("UTF") && (is_chinese(d) || !is_chinese(sniffed)));
    let encoding = match declared {
        Some(declared) if !told_by_bytes => declared,
        _ => sniffed,
    };
    let encoding = if encoding.name() == "GBK" { GB18030 } else { encoding };
    let text = transcode_all(encoding, &sample[mark..], whole);
    markup::is_markup(&text).then_some((encoding, text))
}

fn is_book(b: &[u8]) -> bool {
    b.starts_with(b"PK\x03\x04") || b.starts_with(&[0xd0, 0xcf, 0x11, 0xe0])
}

fn peek(s: &mut Box<dyn SheetFile>, n: usize) -> io::Result<Vec<u8>> {
    let out = take(s, n)?;
    s.seek(io::SeekFrom::Start(0))?;
    Ok(out)
}

fn take(from: &mut impl Read, n: usize) -> io::Result<Vec<u8>> {
    let mut out = Vec::new();
    from.take(n as u64).read_to_end(&mut out)?;
    Ok(out)
}

fn decoded(row: &Row, encoding: &'static Encoding) -> Vec<String> {
    (0..row.len()).map(|i| encoding.decode_without_bom_handling(row.cell(i)).0.into_owned()).collect()
}

/// The row that is the header: the one with most of our words, the first of equals; where no words
/// are known, the first row with two or more filled cells.
fn find_header(rows: &[Vec<String>]) -> Option<usize> {
    let mut best: Option<(usize, usize)> = None;
    for (i, row) in rows.iter().take(HEAD_ROWS).enumerate() {
        let score = header_score(row);
        if score >= 2 && best.is_none_or(|b| score > b.1) {
            best = Some((i, score));
        }
    }
    best.map(|b| b.0)
        .or_else(|| rows.iter().take(HEAD_ROWS).position(|r| r.iter().filter(|c| !c.trim().is_empty()).count() >= 2))
        .or((!rows.is_empty()).then_some(0))
}

fn open_text(name: String, sample: Vec<u8>, rest: Box<dyn Read + Send>) -> Result<Opened, OpenError> {
    open_text_as(name, sample, rest, None)
}

/// `decoded_first`: the encoding, its name and the length of the mark, where the text is decoded before it is split.
fn open_text_as(
    name: String,
    sample: Vec<u8>,
    rest: Box<dyn Read + Send>,
    decoded_first: Option<(&'static Encoding, &'static str, usize)>,
) -> Result<Opened, OpenError> {
    let whole = sample.len() < SAMPLE;
    let sniffed = decoded_first.or_else(|| sniff_encoding(&sample, whole));
    let (encoding, label, bom_len) = sniffed.ok_or_else(|| OpenError::table(&name, &Said::new("是二进制数据", "binary data")))?;
    let body = &sample[bom_len..];
    let direct = decoded_first.is_none() && (encoding == UTF_8 || encoding == GB18030);
    let text = if direct { body.to_vec() } else { transcode_all(encoding, body, whole) };
    if text.iter().all(u8::is_ascii_whitespace) {
        return Err(OpenError::empty(&name));
    }
    let split_as = if direct { encoding } else { UTF_8 };
    let (newline, end) = sniff_newline(&text);
    // Words of the header and its width; the delimiter; the rows; the place of the header.
    type Attempt = ((usize, usize), u8, Vec<Row>, usize);
    let mut best: Option<Attempt> = None;
    for delimiter in [b',', b'\t', b';', b'|'] {
        let mut reader = RowReader::new(Box::new(Cursor::new(text.clone())), delimiter, end);
        let mut rows = Vec::new();
        let mut row = Row::default();
        while rows.len() < HEAD_ROWS + SAMPLE_ROWS && reader.read(&mut row).unwrap_or(false) {
            rows.push(row.clone());
        }
        let head: Vec<Vec<String>> = rows.iter().take(HEAD_ROWS).map(|r| decoded(r, split_as)).collect();
        let Some(at) = find_header(&head) else { continue };
        // A cell that begins or ends with another delimiter was divided by the wrong one.
        let others = [',', ';', '|'];
        let whole: Vec<String> =
            head[at].iter().filter(|c| !c.trim().starts_with(others) && !c.trim().ends_with(others)).cloned().collect();
        let rank = (header_score(&whole), rows.get(at).map_or(0, Row::len));
        if best.as_ref().is_none_or(|b| rank > b.0) {
            best = Some((rank, delimiter, rows, at));
        }
    }
    let (rank, delimiter, mut rows, at) = best.ok_or_else(|| OpenError::empty(&name))?;
    if direct && encoding == GB18030 && delimiter == b'|' {
        // The second byte of a character may be this delimiter, and no other: it is decoded first.
        return open_text_as(name, sample, rest, Some((encoding, label, bom_len)));
    }
    if rank.0 == 0 && rows.len() < 2 {
        return Err(OpenError::table(&name, &Said::new("没有表头，也没有数据行", "no header and no rows")));
    }
    if !whole && rows.len() < HEAD_ROWS + SAMPLE_ROWS && rows.last().is_some_and(|r| r.cut) {
        rows.pop();
    }
    if at >= rows.len() {
        return Err(OpenError::table(&name, &Said::new("只有一行，而且没有结尾", "one line without an end")));
    }
    let header = decoded(&rows[at], split_as);
    let header_record = rows[at].number;
    let sample_rows = rows.iter().skip(at + 1).map(|r| decoded(r, split_as)).collect();
    let from: Box<dyn Read + Send> = Box::new(Cursor::new(sample).chain(rest));
    let from: Box<dyn Read + Send> =
        if direct { Box::new(SkipBom { inner: from, left: bom_len }) } else { Box::new(Transcoded::new(encoding, from)) };
    let mut reader = RowReader::new(from, delimiter, end);
    let mut row = Row::default();
    for _ in 0..=at {
        reader.read(&mut row).map_err(|e| OpenError::io(&name, &e))?;
    }
    Ok(Opened {
        name,
        form: Form::Text { encoding: label, bom: bom_len > 0, newline, delimiter: char::from(delimiter) },
        encoding: split_as,
        header_record,
        header,
        sample: sample_rows,
        rows: Rows::Text(Box::new(reader)),
        sheets: Vec::new(),
        passed_over: Vec::new(),
    })
}

/// Encoding, its name in answers, and the length of a byte-order mark. `None` for binary data.
fn sniff_encoding(b: &[u8], whole: bool) -> Option<(&'static Encoding, &'static str, usize)> {
    if b.starts_with(&[0xef, 0xbb, 0xbf]) {
        return Some((UTF_8, "utf-8", 3));
    }
    if b.starts_with(&[0xff, 0xfe]) {
        return Some((UTF_16LE, "utf-16le", 2));
    }
    if b.starts_with(&[0xfe, 0xff]) {
        return Some((UTF_16BE, "utf-16be", 2));
    }
    let head = &b[..b.len().min(4096)];
    let zeros = |parity: usize| head.iter().skip(parity).step_by(2).filter(|x| **x == 0).count();
    let (even, odd) = (zeros(0), zeros(1));
    // A stray NUL among text is somebody's defect; a file full of control bytes is no text.
    let strange = head.iter().filter(|b| **b < 0x20 && !matches!(**b, 0 | b'\t' | b'\n' | b'\r')).count();
    if even + odd > 0 && ((even + odd) * 100 > head.len() || strange > 0) {
        // Delimiters and digits leave a zero in every other byte.
        return if odd * 20 > head.len() && odd > even * 4 {
            Some((UTF_16LE, "utf-16le", 0))
        } else if even * 20 > head.len() && even > odd * 4 {
            Some((UTF_16BE, "utf-16be", 0))
        } else {
            None
        };
    }
    if b.is_ascii() {
        return Some((UTF_8, "utf-8", 0));
    }
    // Lines vote, because a file may have lines of another encoding in it.
    let (mut utf8, mut other) = (0_usize, 0_usize);
    for line in b.split(|x| *x == b'\n') {
        if !line.is_ascii() {
            match std::str::from_utf8(line) {
                Ok(_) => utf8 += 1,
                Err(e) if !whole && e.error_len().is_none() => {}
                Err(_) => other += 1,
            }
        }
    }
    if utf8 > other {
        return Some((UTF_8, "utf-8", 0));
    }
    if is_western(b) {
        let mut guess = chardetng::EncodingDetector::new(chardetng::Iso2022JpDetection::Deny);
        guess.feed(b, whole);
        return Some(match guess.guess(None, chardetng::Utf8Detection::Deny) {
            e if e.name() == "windows-1250" => (e, "windows-1250", 0),
            e if e.name() == "windows-1254" => (e, "windows-1254", 0),
            _ => (encoding_rs::WINDOWS_1252, "windows-1252", 0),
        });
    }
    let words = |e: &'static Encoding| -> (usize, usize) {
        let (text, _) = e.decode_without_bom_handling(&b[..b.len().min(64 * 1024)]);
        let score = text
            .lines()
            .take(HEAD_ROWS)
            .map(|l| header_score(&l.split([',', '\t', ';', '|']).map(|c| c.trim_matches('"').to_owned()).collect::<Vec<_>>()))
            .max()
            .unwrap_or(0);
        (score, usize::MAX - text.matches('\u{fffd}').count())
    };
    let (gb, big5) = (words(GB18030), words(BIG5));
    if gb.0 >= big5.0 && gb.0 > 1 {
        return Some((GB18030, "gb18030", 0));
    }
    if big5.0 > 1 {
        return Some((BIG5, "big5", 0));
    }
    let mut guess = chardetng::EncodingDetector::new(chardetng::Iso2022JpDetection::Deny);
    guess.feed(b, whole);
    let e = guess.guess(None, chardetng::Utf8Detection::Deny);
    Some(match e.name() {
        "GBK" | "gb18030" => (GB18030, "gb18030", 0),
        "Big5" => (BIG5, "big5", 0),
        _ if gb.1 == usize::MAX => (GB18030, "gb18030", 0),
        "Shift_JIS" => (e, "shift_jis", 0),
        "EUC-KR" => (e, "euc-kr", 0),
        "EUC-JP" => (e, "euc-jp", 0),
        "windows-1252" => (e, "windows-1252", 0),
        "windows-1251" => (e, "windows-1251", 0),
        "windows-1250" => (e, "windows-1250", 0),
        _ => (e, "other", 0),
    })
}

/// Whether letters outside of ASCII stand alone among others, as accents do: characters of two bytes
/// stand in pairs.
fn is_western(b: &[u8]) -> bool {
    let runs: Vec<usize> = b.split(u8::is_ascii).map(<[u8]>::len).filter(|n| *n > 0).collect();
    let single = runs.iter().filter(|n| **n == 1).count();
    single * 10 > runs.len() * 7
}

/// The line end that the first unquoted line has.
fn sniff_newline(text: &[u8]) -> (&'static str, u8) {
    let mut quoted = false;
    for (i, b) in text.iter().enumerate() {
        match b {
            b'"' => quoted = !quoted,
            b'\n' if !quoted => return ("\n", b'\n'),
            b'\r' if !quoted => {
                return match text.get(i + 1) {
                    Some(b'\n') => ("\r\n", b'\n'),
                    _ => ("\r", b'\r'),
                };
            }
            _ => {}
        }
    }
    ("\n", b'\n')
}

fn transcode_all(encoding: &'static Encoding, body: &[u8], whole: bool) -> Vec<u8> {
    let mut out = Vec::new();
    let mut t = Transcoded::new(encoding, body);
    // Reading from memory cannot fail.
    let _ = t.read_to_end(&mut out);
    if !whole && let Some(i) = out.iter().rposition(|b| *b == b'\n') {
        out.truncate(i + 1);
    }
    out
}

/// Passes over the byte-order mark.
struct SkipBom {
    inner: Box<dyn Read + Send>,
    left: usize,
}

impl Read for SkipBom {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        while self.left > 0 {
            let mut scratch = [0; 4];
            let n = self.inner.read(&mut scratch[..self.left.min(4)])?;
            if n == 0 {
                return Ok(0);
            }
            self.left -= n;
        }
        self.inner.read(buf)
    }
}

/// A stream in another encoding, as UTF-8. What cannot be decoded becomes U+FFFD and spoils its record.
pub(crate) struct Transcoded<R> {
    decoder: Decoder,
    inner: R,
    input: Vec<u8>,
    from: usize,
    until: usize,
    output: Vec<u8>,
    given: usize,
    ended: bool,
    flushed: bool,
}

impl<R: Read> Transcoded<R> {
    /// Of a stream in this encoding.
    pub(crate) fn new(encoding: &'static Encoding, inner: R) -> Self {
        Self {
            decoder: encoding.new_decoder_with_bom_removal(),
            inner,
            input: vec![0; 64 * 1024],
            from: 0,
            until: 0,
            output: Vec::new(),
            given: 0,
            ended: false,
            flushed: false,
        }
    }
}

impl<R: Read> Read for Transcoded<R> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        while self.given >= self.output.len() {
            if self.flushed {
                return Ok(0);
            }
            if self.from >= self.until && !self.ended {
                self.from = 0;
                self.until = self.inner.read(&mut self.input)?;
                self.ended = self.until == 0;
            }
            self.output.resize(256 * 1024, 0);
            let (result, read, written, _) = self.decoder.decode_to_utf8(&self.input[self.from..self.until], &mut self.output, self.ended);
            self.from += read;
            self.output.truncate(written);
            self.given = 0;
            self.flushed = self.ended && result == encoding_rs::CoderResult::InputEmpty;
        }
        let n = buf.len().min(self.output.len() - self.given);
        buf[..n].copy_from_slice(&self.output[self.given..self.given + n]);
        self.given += n;
        Ok(n)
    }
}
