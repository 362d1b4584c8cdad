//! A workbook of one sheet, every cell a text, as the platforms' spreadsheets are. The same rows
//! give the same bytes.

use std::io;
use std::path::{Path, PathBuf};

use rust_xlsxwriter::{DocProperties, ExcelDateTime, Workbook, XlsxError};

/// A workbook being written.
pub struct Book {
    path: PathBuf,
    book: Workbook,
    rows: u32,
}

fn io_error(e: XlsxError) -> io::Error {
    io::Error::other(e)
}

impl Book {
    /// Begins one with these header rows.
    pub fn begin(path: &Path, headers: &[&[&str]]) -> io::Result<Self> {
        let mut book = Workbook::new();
        // Without a time of its own a workbook carries the clock's.
        let made = ExcelDateTime::from_ymd(2026, 1, 1).map_err(io_error)?;
        book.set_properties(&DocProperties::new().set_creation_datetime(&made));
        book.add_worksheet();
        let mut book = Self { path: path.to_owned(), book, rows: 0 };
        headers.iter().try_for_each(|h| book.row(h))?;
        Ok(book)
    }

    /// A row; empty cells are left out.
    pub fn row(&mut self, cells: &[&str]) -> io::Result<()> {
        let sheet = self.book.worksheet_from_index(0).map_err(io_error)?;
        for (column, cell) in cells.iter().enumerate().filter(|c| !c.1.is_empty()) {
            sheet.write_string(self.rows, column as u16, *cell).map_err(io_error)?;
        }
        self.rows += 1;
        Ok(())
    }

    /// Ends it.
    pub fn end(mut self) -> io::Result<PathBuf> {
        self.book.save(&self.path).map_err(io_error)?;
        Ok(self.path)
    }
}

/// `12.30`.
pub fn yuan(fen: i64) -> String {
    format!("{}.{:02}", fen / 100, fen % 100)
}
