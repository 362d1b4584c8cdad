//! CSV (RFC 4180): a heading, lines ended by CR LF, UTF-8 with the mark that spreadsheets look for.
//! Cells with a semicolon or a tab are quoted as well: there are spreadsheets that cut at these.

use std::io::{self, Write};

use crate::formula::{is_number, neutralise, neutralise_within};
use crate::table::{Cell, Field, Kind, Sheet, Style, amount, digits};

pub(crate) struct Csv<W: Write> {
    to: W,
    style: Style,
    fields: Vec<Field>,
    currency: Option<usize>,
    line: String,
}

impl<W: Write> Csv<W> {
    pub(crate) fn new(to: W, style: Style) -> Self {
        Self { to, style, fields: Vec::new(), currency: None, line: String::new() }
    }

    pub(crate) fn begin(&mut self, sheet: &Sheet) -> io::Result<()> {
        if !self.fields.is_empty() {
            return Err(io::Error::other("the table was begun before"));
        }
        self.to.write_all("\u{feff}".as_bytes())?;
        (self.fields, self.currency) = (sheet.fields.to_vec(), sheet.currency());
        for field in sheet.fields.iter() {
            put(&mut self.line, &neutralise(if self.style.zh { &field.zh } else { &field.name }));
        }
        self.end()
    }

    pub(crate) fn row(&mut self, row: &[Cell]) -> io::Result<()> {
        let digits = digits(row, self.currency);
        for (cell, field) in row.iter().zip(&self.fields) {
            match (cell, field.kind) {
                (Cell::Null, _) => put(&mut self.line, ""),
                (Cell::Int(micros), Kind::Time) => put(&mut self.line, &self.style.zone.show(shuke_kernel::Instant(*micros))),
                (Cell::Int(minor), Kind::Money) => put(&mut self.line, &amount(*minor, digits)),
                (Cell::Int(n), _) => put(&mut self.line, &n.to_string()),
                (Cell::Bool(yes), _) => put(&mut self.line, if *yes { "true" } else { "false" }),
                (Cell::Text(text), Kind::Number) if is_number(text) => put(&mut self.line, text),
                (Cell::Text(text), _) => put(&mut self.line, &neutralise_within(&neutralise(text))),
            }
        }
        self.end()
    }

    /// Writes the line that was put together.
    fn end(&mut self) -> io::Result<()> {
        if self.line == "," {
            // An empty line would be no row.
            self.line.push_str("\"\"");
        }
        self.to.write_all(self.line.get(1..).unwrap_or_default().as_bytes())?;
        self.line.clear();
        self.to.write_all(b"\r\n")
    }

    pub(crate) fn finish(self) -> W {
        self.to
    }
}

/// Adds a cell to a line, a comma before it.
fn put(line: &mut String, cell: &str) {
    line.push(',');
    if cell.contains([',', ';', '\t', '"', '\r', '\n']) {
        line.push('"');
        line.push_str(&cell.replace('"', "\"\""));
        line.push('"');
    } else {
        line.push_str(cell);
    }
}
