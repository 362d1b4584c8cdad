//! Spreadsheets: XLSX read cell by cell on a thread of its own, so that a sheet of a million rows
//! never stands in memory whole; the older XLS whole, as its rows are limited to 65,536.
//!
//! A spreadsheet keeps numbers as binary floating point. They become the decimal text that the
//! spreadsheet would show (fifteen significant digits), and are exact decimals from there on; a whole
//! number that no such float can hold comes out in scientific notation and is refused as an order number.

use std::io::{Cursor, Read, Seek};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};

use calamine::{Data, DataRef, ExcelDateTime, Reader, Xls, Xlsx};

use crate::rows::Row;

/// A file or bytes that can be read from any place.
pub trait Source: Read + Seek + Send {}
impl<T: Read + Seek + Send> Source for T {}

/// A workbook of either kind.
pub enum Book {
    /// XLSX.
    Xlsx(Box<Xlsx<Box<dyn Source>>>),
    /// XLS, its sheets read already.
    Xls(Vec<(String, Vec<Row>)>),
}

const BATCH: usize = 256;
/// No sheet of an export is wider; a stray cell far to the right must not cost memory.
const MAX_COLUMN: u32 = 2_000;

fn guarded<T>(f: impl FnOnce() -> Result<T, String>) -> Result<T, String> {
    catch_unwind(AssertUnwindSafe(f)).unwrap_or_else(|_| Err("the spreadsheet is damaged".to_owned()))
}

impl Book {
    /// Opens an XLSX.
    pub fn xlsx(from: Box<dyn Source>) -> Result<Self, String> {
        guarded(move || Xlsx::new(from).map(|b| Self::Xlsx(Box::new(b))).map_err(|e| e.to_string()))
    }

    /// Opens an XLS.
    pub fn xls(bytes: Vec<u8>) -> Result<Self, String> {
        guarded(move || {
            let mut book: Xls<_> = Xls::new(Cursor::new(bytes)).map_err(|e| e.to_string())?;
            let names = book.sheet_names();
            let mut sheets = Vec::new();
            for name in names {
                let range = book.worksheet_range(&name).map_err(|e| e.to_string())?;
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
                sheets.push((name, rows));
            }
            Ok(Self::Xls(sheets))
        })
    }

    /// The sheets' names in order.
    pub fn names(&self) -> Vec<String> {
        match self {
            Self::Xlsx(b) => b.sheet_names(),
            Self::Xls(sheets) => sheets.iter().map(|s| s.0.clone()).collect(),
        }
    }

    /// The first rows of a sheet.
    pub fn head(&mut self, name: &str, rows: usize) -> Result<Vec<Row>, String> {
        match self {
            Self::Xls(sheets) => {
                Ok(sheets.iter().find(|s| s.0 == name).map(|s| s.1.iter().take(rows).cloned().collect()).unwrap_or_default())
            }
            Self::Xlsx(book) => guarded(|| {
                let mut out = Vec::new();
                stream(book, name, &mut |row| {
                    out.push(row);
                    out.len() < rows
                })?;
                Ok(out)
            }),
        }
    }

    /// Streams the rows of these sheets, one sheet after the other; each item names the sheet's place in `sheets`.
    pub fn rows(self, sheets: Vec<String>) -> SheetRows {
        let (tx, rx) = sync_channel(4);
        // A thread that cannot be started leaves the channel closed with nothing in it; that is reported.
        let started = std::thread::Builder::new().name("sheet".into()).spawn(move || {
            let tx2 = tx.clone();
            if let Err(e) = guarded(move || send_all(self, &sheets, &tx2)) {
                let _ = tx.send(Err(e));
            } else {
                let _ = tx.send(Ok(Vec::new()));
            }
        });
        SheetRows { rx, batch: Vec::new().into_iter(), done: false, failed: started.err().map(|e| e.to_string()) }
    }
}

type Batch = Result<Vec<(usize, Row)>, String>;

fn send_all(book: Book, sheets: &[String], tx: &SyncSender<Batch>) -> Result<(), String> {
    let mut batch = Vec::with_capacity(BATCH);
    let give = |i: usize, row: Row, batch: &mut Vec<(usize, Row)>| {
        batch.push((i, row));
        batch.len() < BATCH || tx.send(Ok(std::mem::replace(batch, Vec::with_capacity(BATCH)))).is_ok()
    };
    match book {
        Book::Xls(all) => {
            for (name, rows) in all {
                if let Some(i) = sheets.iter().position(|s| *s == name) {
                    for row in rows {
                        if !give(i, row, &mut batch) {
                            return Ok(());
                        }
                    }
                }
            }
        }
        Book::Xlsx(mut book) => {
            for (i, name) in sheets.iter().enumerate() {
                let mut open = true;
                stream(&mut book, name, &mut |row| {
                    open = give(i, row, &mut batch);
                    open
                })?;
                if !open {
                    return Ok(());
                }
            }
        }
    }
    if !batch.is_empty() {
        let _ = tx.send(Ok(batch));
    }
    Ok(())
}

fn stream(book: &mut Xlsx<Box<dyn Source>>, name: &str, each: &mut dyn FnMut(Row) -> bool) -> Result<(), String> {
    let mut cells = book.worksheet_cells_reader(name).map_err(|e| e.to_string())?;
    let mut row = Row::default();
    let mut at: Option<u32> = None;
    while let Some(cell) = cells.next_cell().map_err(|e| e.to_string())? {
        let (r, c) = cell.get_position();
        if c >= MAX_COLUMN {
            continue;
        }
        if at != Some(r) {
            if at.is_some() && !row.is_blank() && !each(std::mem::take(&mut row)) {
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
            match cell.get_value() {
                DataRef::SharedString(s) => row.push(s.as_bytes()),
                DataRef::String(s) => row.push(s.as_bytes()),
                other => row.push(data_text(&Data::from(other.clone())).as_bytes()),
            }
        }
    }
    if at.is_some() && !row.is_blank() {
        each(row);
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
        let next = ExcelDateTime::new(d.as_f64() + 0.5 / 86_400.0, calamine::ExcelDateTimeType::DateTime, false);
        let (y, mo, day, h, mi, s, _) = next.to_ymd_hms_milli();
        return format!("{y:04}-{mo:02}-{day:02} {h:02}:{mi:02}:{s:02}");
    }
    format!("{y:04}-{mo:02}-{day:02} {h:02}:{mi:02}:{s:02}")
}

/// The text a spreadsheet shows for a number.
fn float_text(f: f64) -> String {
    if !f.is_finite() {
        return "NaN".to_owned();
    }
    if f.fract() == 0.0 && f.abs() < 9_007_199_254_740_992.0 {
        return format!("{f:.0}");
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
    batch: std::vec::IntoIter<(usize, Row)>,
    done: bool,
    failed: Option<String>,
}

impl SheetRows {
    /// The next row and the place of its sheet.
    pub fn read(&mut self) -> Result<Option<(usize, Row)>, String> {
        if let Some(e) = self.failed.take() {
            self.done = true;
            return Err(e);
        }
        loop {
            if let Some(row) = self.batch.next() {
                return Ok(Some(row));
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
        assert_eq!(float_text(0.01), "0.01");
        assert_eq!(float_text(-3.5), "-3.5");
    }
}
