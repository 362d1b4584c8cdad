//! One table as it is read: cells laid into columns, those that reach over several rows or columns in
//! their places.

use super::tokens::decode;
use super::{ROW_LIMIT, number_text};
use crate::open::Said;
use crate::rows::Row;
use crate::sheet::MAX_COLUMN;

/// How much text may be repeated on each further row.
const REPEATED: usize = 16 * 1024;

/// Where a cell stands.
#[derive(Default)]
pub(super) struct Cell {
    /// Its column, where it says so.
    pub at: Option<u32>,
    /// How many columns.
    pub across: u32,
    /// How many rows.
    pub down: u32,
    /// The number behind what is shown.
    pub exact: Option<String>,
}

/// A cell of a row above that reaches into further ones.
struct Span {
    column: u32,
    rows: u32,
    text: Vec<u8>,
}

/// A table that is being read.
pub(super) struct Grid {
    /// Its place in the document.
    pub at: usize,
    /// 1-based number of the row.
    pub number: u64,
    /// Rows that follow the present one and are not written.
    pub after: u64,
    /// The row so far.
    pub row: Row,
    /// The cell's text is a number as programs write it.
    pub is_number: bool,
    spans: Vec<Span>,
    /// Cells of this row that reach into the next.
    begun: Vec<Span>,
    in_row: bool,
    cell: Option<Cell>,
    text: Vec<u8>,
    has_own: bool,
    pending: bool,
}

impl Grid {
    pub fn new(at: usize) -> Self {
        Self {
            at,
            number: 0,
            after: 0,
            row: Row::default(),
            is_number: false,
            spans: Vec::new(),
            begun: Vec::new(),
            in_row: false,
            cell: None,
            text: Vec::new(),
            has_own: false,
            pending: false,
        }
    }

    /// Whether a row has begun and not ended.
    pub fn is_in_row(&self) -> bool {
        self.in_row
    }

    pub fn start_row(&mut self) {
        self.number += 1;
        self.in_row = true;
    }

    /// Passes over rows that are not written, up to the one before this: a cell that reaches down reaches
    /// over them too.
    pub fn pass_to(&mut self, number: u64) {
        let passed = u32::try_from(number.saturating_sub(self.number)).unwrap_or(u32::MAX);
        self.number = self.number.max(number);
        self.spans.iter_mut().filter(|s| s.rows < u32::MAX).for_each(|s| s.rows = s.rows.saturating_sub(passed));
        self.spans.retain(|s| s.rows > 0);
    }

    pub fn start_cell(&mut self, cell: Cell) -> Result<(), Said> {
        self.end_cell()?;
        if !self.in_row {
            self.start_row();
        }
        self.cell = Some(cell);
        self.is_number = false;
        Ok(())
    }

    /// Appends text of the cell; white space is as it stands where `keeps`.
    pub fn text(&mut self, text: &[u8], keeps: bool) {
        if self.cell.is_some() {
            self.pending &= !keeps;
            self.text.extend_from_slice(text);
        }
    }

    /// Appends a page's text: white space of the source is one space, and none after a line's end.
    pub fn markup_text(&mut self, text: &[u8]) {
        if self.cell.is_none() {
            return;
        }
        let mut rest = text;
        while !rest.is_empty() {
            let blank = rest.iter().take_while(|b| b.is_ascii_whitespace()).count();
            if blank > 0 {
                self.pending = true;
                rest = &rest[blank..];
                continue;
            }
            let word = rest.iter().take_while(|b| !b.is_ascii_whitespace()).count();
            if self.pending && self.text.last().is_some_and(|b| !b.is_ascii_whitespace()) {
                self.text.push(b' ');
            }
            self.pending = false;
            decode(&rest[..word], &mut self.text);
            rest = &rest[word..];
        }
    }

    /// A block within the cell begins or ends.
    pub fn paragraph(&mut self) {
        if self.text.last().is_some_and(|b| *b != b'\n') {
            self.text(b"\n", true);
        }
    }

    pub fn not_too_long(&self) -> Result<(), Said> {
        if self.text.len() + self.row.bytes.len() > ROW_LIMIT {
            return Err(Said::new("有一行大得不正常，表格可能没有结束", "a row is implausibly long; its table may have no end"));
        }
        Ok(())
    }

    pub fn end_cell(&mut self) -> Result<(), Said> {
        let Some(cell) = self.cell.take() else { return Ok(()) };
        let text = std::mem::take(&mut self.text);
        self.pending = false;
        let text = String::from_utf8_lossy(&text).trim_matches([' ', '\n', '\r', '\t']).to_owned();
        let text = match &cell.exact {
            // A long number is shown in short.
            Some(exact) if is_shortened(&text) => exact.trim().to_owned(),
            _ if self.is_number => number_text(&text).unwrap_or(text),
            _ => text,
        };
        if let Some(at) = cell.at {
            self.fill(at);
        } else {
            self.fill_covered();
        }
        let column = self.row.len() as u32;
        if column >= MAX_COLUMN {
            return Ok(());
        }
        self.has_own |= !text.is_empty();
        self.row.push(text.as_bytes());
        let across = cell.across.min(MAX_COLUMN - column).max(1);
        (1..across).for_each(|_| self.row.push(b""));
        if cell.down > 1 {
            let repeated: usize = self.spans.iter().chain(&self.begun).map(|s| s.text.len()).sum();
            if across == 1 && repeated + text.len() > REPEATED {
                return Err(Said::new("合并的单元格里文字太多", "merged cells hold too much text"));
            }
            for i in 0..across {
                // Only what stands in one column is said of each row.
                let text = if across == 1 { text.clone().into_bytes() } else { Vec::new() };
                self.begun.push(Span { column: column + i, rows: cell.down - 1, text });
            }
        }
        self.not_too_long()
    }

    /// The row's end: the row, if a cell of its own has something in it.
    pub fn end_row(&mut self) -> Result<Option<Row>, Said> {
        self.end_cell()?;
        if !self.in_row {
            return Ok(None);
        }
        self.in_row = false;
        if let Some(last) = self.spans.iter().map(|s| s.column).max() {
            self.fill(last + 1);
        }
        for span in &mut self.spans {
            span.rows -= 1;
        }
        self.spans.retain(|s| s.rows > 0);
        self.spans.append(&mut self.begun);
        let mut row = std::mem::take(&mut self.row);
        (row.number, row.of_sheet) = (self.number, true);
        let after = std::mem::take(&mut self.after);
        self.pass_to(self.number.saturating_add(after));
        Ok(std::mem::take(&mut self.has_own).then_some(row))
    }

    /// Lays cells up to this column: those that reach down from above, and empty ones.
    fn fill(&mut self, until: u32) {
        while (self.row.len() as u32) < until.min(MAX_COLUMN) {
            let column = self.row.len() as u32;
            match self.spans.iter().find(|s| s.column == column) {
                Some(span) => self.row.push(&span.text),
                None => self.row.push(b""),
            }
        }
    }

    /// Lays those that reach down from above where the next cell would stand.
    fn fill_covered(&mut self) {
        while let Some(span) = self.spans.iter().find(|s| s.column == self.row.len() as u32) {
            self.row.push(&span.text);
        }
    }
}

/// Whether a spreadsheet has shown a number in short: `5.1E+18`, `####`.
fn is_shortened(text: &str) -> bool {
    let is_hidden = text.len() > 1 && text.bytes().all(|b| b == b'#');
    is_hidden || (text.contains("E+") && text.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'.' | b'E' | b'+')))
}
