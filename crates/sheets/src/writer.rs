//! One writer for all formats.

use std::io::{self, Write};

use crate::table::{Cell, Format, Sheet, Style};
use crate::{csv, parquet, xlsx};

/// Why a table could not be written.
pub type Error = io::Error;

/// What was written.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Written {
    /// Rows, headings not counted.
    pub rows: u64,
    /// Sheets; more than were begun where one was full.
    pub sheets: u64,
}

/// Writes tables to `W` as they come.
pub struct Writer<W: Write + Send> {
    kind: Inner<W>,
    written: Written,
    width: usize,
}

enum Inner<W: Write + Send> {
    Csv(Box<csv::Csv<W>>),
    Xlsx(Box<xlsx::Book<W>>),
    Parquet(Box<parquet::Parquet<W>>),
}

impl<W: Write + Send> Writer<W> {
    /// Begins a file.
    pub fn new(to: W, format: Format, style: Style) -> Self {
        let kind = match format {
            Format::Csv => Inner::Csv(Box::new(csv::Csv::new(to, style))),
            Format::Xlsx => Inner::Xlsx(Box::new(xlsx::Book::new(to, style))),
            Format::Parquet => Inner::Parquet(Box::new(parquet::Parquet::new(to))),
        };
        Self { kind, written: Written::default(), width: 0 }
    }

    /// Begins a table. CSV and Parquet hold one.
    pub fn begin(&mut self, sheet: &Sheet) -> Result<(), Error> {
        if self.written.sheets > 0 && !matches!(self.kind, Inner::Xlsx(_)) {
            return Err(io::Error::other("this format holds one table"));
        }
        self.width = sheet.fields.len();
        self.written.sheets += 1;
        match &mut self.kind {
            Inner::Csv(csv) => csv.begin(sheet),
            Inner::Xlsx(book) => book.begin(sheet),
            Inner::Parquet(file) => file.begin(sheet),
        }
    }

    /// A row of the table that was begun last.
    pub fn row(&mut self, row: &[Cell]) -> Result<(), Error> {
        if row.len() != self.width || self.written.sheets == 0 {
            return Err(io::Error::other("a row does not fit its table"));
        }
        self.written.rows += 1;
        match &mut self.kind {
            Inner::Csv(csv) => csv.row(row),
            Inner::Xlsx(book) => {
                self.written.sheets += u64::from(book.row(row)?);
                Ok(())
            }
            Inner::Parquet(file) => file.row(row),
        }
    }

    /// Ends the file.
    pub fn finish(self) -> Result<(W, Written), Error> {
        let to = match self.kind {
            Inner::Csv(csv) => csv.finish(),
            Inner::Xlsx(book) => book.finish()?,
            Inner::Parquet(file) => file.finish()?,
        };
        Ok((to, self.written))
    }
}
