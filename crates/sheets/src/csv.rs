//! CSV (RFC 4180): a heading, lines ended by CR LF, UTF-8 with the mark that spreadsheets look for.

use std::io::{self, Write};

use crate::formula::{is_number, neutralise};
use crate::table::{Cell, Field, Kind, Sheet, Style, amount, digits};

pub(crate) struct Csv<W: Write> {
    to: Option<W>,
    lines: Option<csv::Writer<W>>,
    style: Style,
    fields: Vec<Field>,
    currency: Option<usize>,
}

impl<W: Write> Csv<W> {
    pub(crate) fn new(to: W, style: Style) -> Self {
        Self { to: Some(to), lines: None, style, fields: Vec::new(), currency: None }
    }

    pub(crate) fn begin(&mut self, sheet: &Sheet) -> io::Result<()> {
        let Some(mut to) = self.to.take() else { return Err(io::Error::other("the table was begun before")) };
        to.write_all("\u{feff}".as_bytes())?;
        let mut lines = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(to);
        lines.write_record(sheet.fields.iter().map(|f| neutralise(if self.style.zh { &f.zh } else { &f.name }).into_owned()))?;
        (self.fields, self.currency, self.lines) = (sheet.fields.to_vec(), sheet.currency(), Some(lines));
        Ok(())
    }

    pub(crate) fn row(&mut self, row: &[Cell]) -> io::Result<()> {
        let Some(lines) = &mut self.lines else { return Err(io::Error::other("no table was begun")) };
        let digits = digits(row, self.currency);
        for (cell, field) in row.iter().zip(&self.fields) {
            match (cell, field.kind) {
                (Cell::Null, _) => lines.write_field("")?,
                (Cell::Int(micros), Kind::Time) => lines.write_field(self.style.zone.show(shuke_kernel::Instant(*micros)))?,
                (Cell::Int(minor), Kind::Money) => lines.write_field(amount(*minor, digits))?,
                (Cell::Int(n), _) => lines.write_field(n.to_string())?,
                (Cell::Bool(yes), _) => lines.write_field(if *yes { "true" } else { "false" })?,
                (Cell::Text(text), Kind::Number) if is_number(text) => lines.write_field(text)?,
                (Cell::Text(text), _) => lines.write_field(neutralise(text).as_bytes())?,
            }
        }
        Ok(lines.write_record(None::<&[u8]>)?)
    }

    pub(crate) fn finish(self) -> io::Result<W> {
        match (self.lines, self.to) {
            (Some(lines), _) => lines.into_inner().map_err(|e| io::Error::other(e.to_string())),
            (None, Some(to)) => Ok(to),
            (None, None) => Err(io::Error::other("nothing was begun")),
        }
    }
}
