//! Spreadsheets: XLSX read cell by cell on a thread of its own, so that a sheet of a million rows
//! never stands in memory whole; the older XLS whole, as its rows are limited to 65,536. Tables of web
//! pages and Excel's XML ([`markup`](crate::markup)) are sheets too.
//!
//! A spreadsheet keeps numbers as binary floating point. They become the decimal text that the
//! spreadsheet would show (fifteen significant digits), and are exact decimals from there on; a whole
//! number that no such float can hold comes out in scientific notation and is refused as an order number.
//!
//! A cell merged over several rows says the same of each. A formula that whoever wrote the file never
//! computed stands as the formula's text, so that an amount is refused and not missing without a word.

use std::io::{Cursor, Read, Seek, SeekFrom};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};

use calamine::{Data, DataRef, Dimensions, ExcelDateTime, Reader, Sheet, SheetType, SheetVisible, Xls, Xlsx};

use crate::markup::Markup;
use crate::open::Said;
use crate::rows::Row;
use crate::when::civil_from_days;
use shuke_kernel::civil::day_of;

/// A file or bytes that can be read from any place.
pub trait Source: Read + Seek + Send {}
impl<T: Read + Seek + Send> Source for T {}

/// A workbook of either kind.
pub enum Book {
    /// XLSX.
    Xlsx(Box<Xlsx<Box<dyn Source>>>),
    /// XLS, its sheets read already.
    Xls(Vec<XlsSheet>),
    /// A web page, or Excel's XML.
    Markup(Box<Markup>),
}

/// A sheet of an XLS.
pub struct XlsSheet {
    name: String,
    rows: Vec<Row>,
    shown: bool,
    /// Cells merged over rows, in the order of those.
    merged: Vec<Merged>,
}

/// A sheet that is read: what of it, and how its columns lie.
#[derive(Clone, Default, Debug)]
pub struct Take {
    /// The sheet's name.
    pub name: String,
    /// The number of its header's row; what stands up to there is no data.
    pub skip: u64,
    /// Merged cells, where they are to be filled in.
    pub merged: Vec<Merged>,
    /// Where its columns lie otherwise than those of the file.
    pub columns: Option<Columns>,
}

/// Where the columns of a file lie in one of its sheets.
#[derive(Clone, Default, Debug)]
pub struct Columns {
    /// For each column of the file the sheet's, if it has one.
    pub from: Vec<Option<usize>>,
    /// How many columns the sheet's header has.
    pub width: usize,
}

impl Columns {
    /// A row of the sheet as a row of the file; what stands beyond the header stays behind it.
    pub fn lay(&self, row: &Row) -> Row {
        let mut out = Row { number: row.number, of_sheet: row.of_sheet, computed: row.computed, cut: row.cut, ..Row::default() };
        self.from.iter().for_each(|from| out.push(from.map_or(&[], |i| row.cell(i))));
        (self.width..row.len()).for_each(|i| out.push(row.cell(i)));
        out
    }
}

/// A part of a workbook may unpack to this many times its size, once it is larger than [`SWOLLEN`].
const SWELL: u64 = 200;
const SWOLLEN: u64 = 64 * 1024 * 1024;

/// Whether a part of this archive unpacks to so much of its size that it is made to fill memory: told by
/// the archive's table of contents, before anything is unpacked.
fn swells(from: &mut Box<dyn Source>) -> std::io::Result<bool> {
    let len = from.seek(SeekFrom::End(0))?;
    from.seek(SeekFrom::Start(len.saturating_sub(65_557)))?;
    let mut tail = Vec::new();
    from.by_ref().take(65_557).read_to_end(&mut tail)?;
    let number = |b: &[u8], at: usize, n: usize| b.get(at..at + n).map_or(0, |x| x.iter().rev().fold(0_u64, |v, d| v << 8 | u64::from(*d)));
    let mut swollen = false;
    if let Some(end) = tail.windows(4).rposition(|w| w == b"PK\x05\x06") {
        let (size, start) = (number(&tail, end + 12, 4), number(&tail, end + 16, 4));
        let mut table = Vec::new();
        from.seek(SeekFrom::Start(start.min(len)))?;
        from.by_ref().take(size.min(64 * 1024 * 1024)).read_to_end(&mut table)?;
        let mut at = 0;
        while table.get(at..at + 4) == Some(b"PK\x01\x02") {
            let (packed, unpacked) = (number(&table, at + 20, 4), number(&table, at + 24, 4));
            swollen |= unpacked > SWOLLEN && unpacked / packed.max(1) > SWELL;
            at += 46 + (number(&table, at + 28, 2) + number(&table, at + 30, 2) + number(&table, at + 32, 2)) as usize;
        }
    }
    from.seek(SeekFrom::Start(0))?;
    Ok(swollen)
}

/// Cells of one column merged over rows, by 0-based row: the first, the last, the column.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Merged {
    first: u32,
    last: u32,
    column: u32,
}

impl Merged {
    /// Whether they are of that column.
    pub fn is_of(&self, column: usize) -> bool {
        self.column as usize == column
    }
}

/// Of merged cells those of one column, in the order of their rows.
fn over_rows(all: Vec<Dimensions>) -> Vec<Merged> {
    let over_rows = all.into_iter().filter(|d| d.start.1 == d.end.1 && d.start.0 < d.end.0);
    let mut merged: Vec<Merged> = over_rows.map(|d| Merged { first: d.start.0, last: d.end.0, column: d.start.1 }).collect();
    merged.sort_by_key(|m| (m.first, m.column));
    merged
}

const BATCH: usize = 256;
/// No sheet of an export is wider; a stray cell far to the right must not cost memory.
pub(crate) const MAX_COLUMN: u32 = 2_000;

fn guarded<T>(f: impl FnOnce() -> Result<T, Said>) -> Result<T, Said> {
    catch_unwind(AssertUnwindSafe(f)).unwrap_or_else(|_| Err(Said::new("表格文件已损坏", "the spreadsheet is damaged")))
}

/// What the reader of spreadsheets says of a fault.
fn said(e: impl std::fmt::Display) -> Said {
    Said::new(format!("表格文件读不了：{e}"), e.to_string())
}

impl Book {
    /// Opens an XLSX.
    pub fn xlsx(mut from: Box<dyn Source>) -> Result<Self, Said> {
        if swells(&mut from).map_err(said)? {
            return Err(Said::new("解开后比任何表格都大", "it unpacks to more than any spreadsheet"));
        }
        guarded(move || Xlsx::new(from).map(|b| Self::Xlsx(Box::new(b))).map_err(said))
    }

    /// Opens an XLS.
    pub fn xls(bytes: Vec<u8>) -> Result<Self, Said> {
        guarded(move || {
            let mut book: Xls<_> = Xls::new(Cursor::new(bytes)).map_err(said)?;
            let names: Vec<Sheet> = book.sheets_metadata().to_vec();
            let mut sheets = Vec::new();
            for Sheet { name, visible, .. } in names.into_iter().filter(|s| s.typ == SheetType::WorkSheet) {
                let range = book.worksheet_range(&name).map_err(said)?;
                let merged = over_rows(book.merge_cells_by_sheet_name(&name).map_err(said)?);
                let (top, left) = range.start().unwrap_or((0, 0));
                let mut rows = Vec::new();
                for (i, cells) in range.rows().enumerate() {
                    let mut row = Row { number: u64::from(top) + i as u64 + 1, of_sheet: true, ..Row::default() };
                    for _ in 0..left.min(MAX_COLUMN) {
                        row.push(b"");
                    }
                    for c in cells.iter().take(MAX_COLUMN as usize) {
                        row.push(data_text(c).as_bytes());
                    }
                    if !row.is_blank() {
                        rows.push(row);
                    }
                }
                sheets.push(XlsSheet { name, rows, shown: visible == SheetVisible::Visible, merged });
            }
            Ok(Self::Xls(sheets))
        })
    }

    /// The sheets' names in order.
    pub fn names(&self) -> Vec<String> {
        self.sheets().into_iter().map(|s| s.0).collect()
    }

    /// The sheets of cells (not of charts) in order, each with whether a person sees it.
    pub fn sheets(&self) -> Vec<(String, bool)> {
        match self {
            Self::Xlsx(b) => b
                .sheets_metadata()
                .iter()
                .filter(|s| s.typ == SheetType::WorkSheet)
                .map(|s| (s.name.clone(), s.visible == SheetVisible::Visible))
                .collect(),
            Self::Xls(sheets) => sheets.iter().map(|s| (s.name.clone(), s.shown)).collect(),
            Self::Markup(m) => m.tables.iter().map(|t| (t.name.clone(), t.shown)).collect(),
        }
    }

    /// How many rows of a sheet have something in them.
    pub fn count(&mut self, name: &str) -> Result<u64, Said> {
        match self {
            Self::Xls(sheets) => Ok(sheets.iter().find(|s| s.name == name).map_or(0, |s| s.rows.len() as u64)),
            Self::Markup(m) => Ok(m.tables.iter().find(|t| t.name == name).map_or(0, |t| t.count)),
            Self::Xlsx(book) => guarded(|| {
                let mut n = 0;
                stream(book, name, &[], &mut |_| {
                    n += 1;
                    true
                })?;
                Ok(n)
            }),
        }
    }

    /// The cells of a sheet that are merged over rows within one column.
    pub fn merged(&mut self, name: &str) -> Result<Vec<Merged>, Said> {
        match self {
            Self::Xls(sheets) => Ok(sheets.iter().find(|s| s.name == name).map(|s| s.merged.clone()).unwrap_or_default()),
            // They are filled in as they are read.
            Self::Markup(_) => Ok(Vec::new()),
            Self::Xlsx(book) => guarded(|| Ok(over_rows(book.merge_cells_by_sheet_name(name).map_err(said)?))),
        }
    }

    /// The first rows of a sheet.
    pub fn head(&mut self, name: &str, rows: usize) -> Result<Vec<Row>, Said> {
        self.filled_head(name, rows, &[])
    }

    /// The first rows of a sheet, merged cells filled in.
    pub fn filled_head(&mut self, name: &str, rows: usize, merged: &[Merged]) -> Result<Vec<Row>, Said> {
        match self {
            Self::Xls(sheets) => {
                let mut fill = Fill { next: merged, open: Vec::new() };
                let sheet = sheets.iter().find(|s| s.name == name);
                Ok(sheet.map(|s| s.rows.iter().take(rows).cloned().map(|r| fill.row(r)).collect()).unwrap_or_default())
            }
            Self::Markup(m) => {
                Ok(m.tables.iter().find(|t| t.name == name).map(|t| t.head.iter().take(rows).cloned().collect()).unwrap_or_default())
            }
            Self::Xlsx(book) => guarded(|| {
                let mut out = Vec::new();
                stream(book, name, merged, &mut |row| {
                    out.push(row);
                    out.len() < rows
                })?;
                Ok(out)
            }),
        }
    }

    /// Streams the rows behind the headers of these sheets, each with its sheet's place in `takes`.
    pub fn rows(self, takes: Vec<Take>) -> SheetRows {
        let (tx, rx) = sync_channel(4);
        let lays = takes.iter().map(|t| (t.skip, t.columns.clone())).collect();
        // A thread that cannot be started leaves the channel closed with nothing in it; that is reported.
        let started = std::thread::Builder::new().name("sheet".into()).spawn(move || {
            let tx2 = tx.clone();
            if let Err(e) = guarded(move || send_all(self, &takes, &tx2)) {
                let _ = tx.send(Err(e));
            } else {
                let _ = tx.send(Ok(Vec::new()));
            }
        });
        SheetRows { rx, lays, batch: Vec::new().into_iter(), done: false, failed: started.err().map(said) }
    }
}

type Batch = Result<Vec<(usize, Row)>, Said>;

fn send_all(book: Book, takes: &[Take], tx: &SyncSender<Batch>) -> Result<(), Said> {
    let mut batch = Vec::with_capacity(BATCH);
    let mut give = |i: usize, row: Row| {
        batch.push((i, row));
        batch.len() < BATCH || tx.send(Ok(std::mem::replace(&mut batch, Vec::with_capacity(BATCH)))).is_ok()
    };
    match book {
        Book::Xls(all) => {
            for XlsSheet { name, rows, .. } in all {
                if let Some(i) = takes.iter().position(|t| t.name == name) {
                    let mut fill = Fill { next: &takes[i].merged, open: Vec::new() };
                    for row in rows {
                        if !give(i, fill.row(row)) {
                            return Ok(());
                        }
                    }
                }
            }
        }
        Book::Xlsx(mut book) => {
            for (i, take) in takes.iter().enumerate() {
                let mut open = true;
                stream(&mut book, &take.name, &take.merged, &mut |row| {
                    open = give(i, row);
                    open
                })?;
                if !open {
                    return Ok(());
                }
            }
        }
        Book::Markup(mut markup) => {
            let names: Vec<String> = takes.iter().map(|t| t.name.clone()).collect();
            let mut open = true;
            markup.rows(&names, &mut |i, row| {
                open = give(i, row);
                open
            })?;
            if !open {
                return Ok(());
            }
        }
    }
    if !batch.is_empty() {
        let _ = tx.send(Ok(batch));
    }
    Ok(())
}

/// Fills merged cells in, row by row: what stands in the first cell holds for those below it.
struct Fill<'a> {
    next: &'a [Merged],
    open: Vec<(Merged, Vec<u8>)>,
}

impl Fill<'_> {
    fn row(&mut self, row: Row) -> Row {
        let at = u32::try_from(row.number.saturating_sub(1)).unwrap_or(u32::MAX);
        self.open.retain(|(m, _)| m.last >= at);
        while let Some((m, rest)) = self.next.split_first().filter(|(m, _)| m.first <= at) {
            self.next = rest;
            if m.first == at {
                self.open.push((*m, row.cell(m.column as usize).to_vec()));
            }
        }
        let missing = |m: &Merged| row.cell(m.column as usize).is_empty() && m.first < at;
        if !self.open.iter().any(|(m, value)| missing(m) && !value.is_empty()) {
            return row;
        }
        let mut filled = Row { number: row.number, of_sheet: true, computed: row.computed, ..Row::default() };
        let width = self.open.iter().map(|(m, _)| m.column as usize + 1).max().unwrap_or(0).max(row.len());
        for i in 0..width {
            let from = self.open.iter().find(|(m, _)| m.column as usize == i && missing(m));
            filled.push(from.map_or(row.cell(i), |(_, value)| value));
        }
        filled
    }
}

fn stream(book: &mut Xlsx<Box<dyn Source>>, name: &str, merged: &[Merged], each: &mut dyn FnMut(Row) -> bool) -> Result<(), Said> {
    let mut fill = Fill { next: merged, open: Vec::new() };
    let mut cells = book.worksheet_cells_reader(name).map_err(said)?;
    let mut row = Row::default();
    let mut at: Option<u32> = None;
    while let Some(cell) = cells.next_cell_with_formula().map_err(said)? {
        let (r, c) = cell.pos;
        if c >= MAX_COLUMN {
            continue;
        }
        if at != Some(r) {
            if at.is_some() && !row.is_blank() && !each(fill.row(std::mem::take(&mut row))) {
                return Ok(());
            }
            row.clear();
            row.number = u64::from(r) + 1;
            row.of_sheet = true;
            at = Some(r);
        }
        while row.len() < c as usize {
            row.push(b"");
        }
        if row.len() == c as usize {
            row.computed |= cell.formula.is_some();
            match (&cell.value, &cell.formula) {
                (DataRef::Empty, Some(formula)) => row.push(format!("={formula}").as_bytes()),
                (DataRef::SharedString(s), _) => row.push(s.as_bytes()),
                (DataRef::String(s), _) => row.push(s.as_bytes()),
                (other, _) => row.push(data_text(&Data::from(other.clone())).as_bytes()),
            }
        }
    }
    if at.is_some() && !row.is_blank() {
        each(fill.row(row));
    }
    Ok(())
}

fn data_text(d: &Data) -> String {
    match d {
        Data::Int(i) => i.to_string(),
        Data::Float(f) => float_text(*f),
        Data::String(s) | Data::DateTimeIso(s) | Data::DurationIso(s) => s.clone(),
        Data::Bool(b) => (if *b { "TRUE" } else { "FALSE" }).to_owned(),
        Data::DateTime(d) => date_text(d),
        Data::Error(e) => e.to_string(),
        Data::Empty => String::new(),
    }
}

fn date_text(d: &ExcelDateTime) -> String {
    if d.is_duration() {
        return float_text(d.as_f64());
    }
    let (y, mo, day, h, mi, s, milli) = d.to_ymd_hms_milli();
    if milli >= 500 {
        // A float a hair below the second; the second is what was meant.
        let t = i64::from(h) * 3600 + i64::from(mi) * 60 + i64::from(s) + 1;
        let (y, mo, day) = civil_from_days(day_of(i64::from(y), i64::from(mo), i64::from(day)) + t / 86_400);
        let t = t % 86_400;
        return format!("{y:04}-{mo:02}-{day:02} {:02}:{:02}:{:02}", t / 3600, t / 60 % 60, t % 60);
    }
    format!("{y:04}-{mo:02}-{day:02} {h:02}:{mi:02}:{s:02}")
}

/// The text a spreadsheet shows for a number.
pub(crate) fn float_text(f: f64) -> String {
    if !f.is_finite() {
        return "NaN".to_owned();
    }
    // What is left of a difference that is nought.
    if f.abs() < 1e-9 {
        return "0".to_owned();
    }
    if f.fract() == 0.0 && f.abs() < 9_007_199_254_740_992.0 {
        let text = format!("{f:.0}");
        // Beyond fifteen digits a spreadsheet keeps zeros.
        if !(text.len() > 15 && f > 0.0 && text.as_bytes()[15..].iter().all(|b| *b == b'0')) {
            return text;
        }
    }
    if f.abs() >= 1e15 {
        let s = format!("{f:.5E}");
        let (m, e) = s.split_once('E').unwrap_or((&s, "0"));
        let m = m.trim_end_matches('0').trim_end_matches('.');
        return format!("{m}E+{e}");
    }
    let whole = format!("{:.0}", f.abs().trunc()).len();
    let s = format!("{:.*}", 15_usize.saturating_sub(whole), f);
    s.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// Rows arriving from the reading thread.
pub struct SheetRows {
    rx: Receiver<Batch>,
    /// The header's row of each sheet, and how its columns lie.
    lays: Vec<(u64, Option<Columns>)>,
    batch: std::vec::IntoIter<(usize, Row)>,
    done: bool,
    failed: Option<Said>,
}

impl SheetRows {
    /// The next row and the place of its sheet.
    pub fn read(&mut self) -> Result<Option<(usize, Row)>, Said> {
        if let Some(e) = self.failed.take() {
            self.done = true;
            return Err(e);
        }
        loop {
            if let Some((sheet, row)) = self.batch.next() {
                let lay = self.lays.get(sheet);
                if row.number <= lay.map_or(0, |l| l.0) {
                    continue;
                }
                let columns = lay.and_then(|l| l.1.as_ref());
                return Ok(Some((
                    sheet,
                    match columns {
                        Some(c) => c.lay(&row),
                        None => row,
                    },
                )));
            }
            if self.done {
                return Ok(None);
            }
            match self.rx.recv() {
                Ok(Ok(rows)) if rows.is_empty() => self.done = true,
                Ok(Ok(rows)) => self.batch = rows.into_iter(),
                Ok(Err(e)) => {
                    self.done = true;
                    return Err(e);
                }
                Err(_) => self.done = true,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::float_text;

    #[test]
    fn numbers_as_a_spreadsheet_shows_them() {
        assert_eq!(float_text(128.0), "128");
        assert_eq!(float_text(35.199_999_999_999_996), "35.2");
        assert_eq!(float_text(5.118_609_024_991_031e18), "5.11861E+18");
        assert_eq!(float_text(288_000_007_342.0), "288000007342");
        assert_eq!(float_text(1_234_567_890_123_450.0), "1.23457E+15");
        assert_eq!(float_text(1_234_567_890_123_457.0), "1234567890123457");
        assert_eq!(float_text(0.01), "0.01");
        assert_eq!(float_text(-3.5), "-3.5");
        assert_eq!((float_text(1.421e-14).as_str(), float_text(-0.0).as_str()), ("0", "0"));
    }
}
