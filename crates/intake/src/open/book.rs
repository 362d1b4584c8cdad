//! Workbooks: which of their sheets are read, and how the columns of each lie in the file's.
//!
//! The sheet that looks most like an export leads. Others are read with it where they tell the same
//! matters: their columns are found by name, then by meaning, and columns that only they have stand
//! behind the rest. A sheet whose columns would mean something else beside the others is not read but
//! named.

use std::io::{Cursor, Read};

use encoding_rs::UTF_8;

use super::{
    BOOK_LIMIT, Form, HEAD_ROWS, Input, OpenError, Opened, PassedOver, Rows, SAMPLE, SAMPLE_ROWS, Said, SheetColumns, decoded, find_header,
    markup_text, peek,
};
use crate::field::Field as F;
use crate::formats::Kind;
use crate::header;
use crate::layout::{Layout, header_score};
use crate::markup::Markup;
use crate::sheet::{Book, Columns, Merged, Source as SheetFile, Take};

/// All of a stream of which `begun` was read, if it is not too large.
pub(super) fn whole(name: &str, begun: Vec<u8>, rest: impl Read) -> Result<Vec<u8>, OpenError> {
    let mut all = begun;
    rest.take(BOOK_LIMIT + 1).read_to_end(&mut all).map_err(|e| OpenError::io(name, &e))?;
    if all.len() as u64 > BOOK_LIMIT {
        return Err(OpenError::table(name, &Said::new("超过 512 MB", "it is larger than 512 MB")));
    }
    Ok(all)
}

fn book(name: &str, mut from: Box<dyn SheetFile>) -> Result<(&'static str, Book), OpenError> {
    let fail = |e| OpenError::io(name, &e);
    let magic = peek(&mut from, 4).map_err(fail)?;
    let packed = || Said::new("是压缩包，或损坏的工作簿：请先解压", "a ZIP archive or a broken workbook: unpack it first");
    if magic.starts_with(b"PK") {
        let book = Book::xlsx(from).map_err(|_| OpenError::table(name, &packed()))?;
        return Ok(("xlsx", book));
    }
    if magic.starts_with(&[0xd0, 0xcf]) {
        let all = whole(name, Vec::new(), from)?;
        return Ok(("xls", Book::xls(all).map_err(|e| OpenError::table(name, &e))?));
    }
    let sample = peek(&mut from, SAMPLE).map_err(fail)?;
    let encoding = markup_text(&sample, sample.len() < SAMPLE).map_or(UTF_8, |m| m.0);
    let markup = Markup::open(from, encoding, HEAD_ROWS + SAMPLE_ROWS).map_err(|e| OpenError::table(name, &e))?;
    Ok((markup.container, Book::Markup(Box::new(markup))))
}

/// How many rows of these sheets of a workbook have something in them.
pub fn sheet_rows(input: &Input, sheets: &[PassedOver]) -> Result<Vec<u64>, OpenError> {
    let name = input.name();
    let mut from = input.stream().map_err(|e| OpenError::io(&name, &e))?;
    if peek(&mut from, 2).map_err(|e| OpenError::io(&name, &e))?.starts_with(&[0x1f, 0x8b]) {
        from = Box::new(Cursor::new(whole(&name, Vec::new(), flate2::read::MultiGzDecoder::new(from))?));
    }
    let (_, mut book) = book(&name, from)?;
    sheets.iter().map(|s| book.count(&s.name).map_err(|e| OpenError::table(&name, &e))).collect()
}

/// A sheet with something in it.
struct Head {
    sheet: String,
    shown: bool,
    /// The header's place in `rows`.
    at: usize,
    rows: Vec<Vec<String>>,
    numbers: Vec<u64>,
    merged: Vec<Merged>,
}

impl Head {
    fn header(&self) -> &[String] {
        &self.rows[self.at]
    }

    fn sample(&self) -> &[Vec<String>] {
        &self.rows[self.at + 1..]
    }

    /// Whether rows seem to lack their order's number: it may stand in a merged cell.
    fn lacks_numbers(&self) -> bool {
        let names_order = |h: &String| crate::vocab::exact(&header::key(h), crate::vocab::ORDER) == Some(F::OrderNo);
        let number = self.header().iter().position(names_order);
        number.is_some_and(|c| self.sample().iter().any(|r| r.get(c).is_none_or(|cell| cell.trim().is_empty())))
    }

    /// Fills merged cells in, where rows seem to need it: looking for them reads the sheet through. The
    /// lower row of a header of two then says all of it.
    fn fill(&mut self, book: &mut Book) -> Result<(), Said> {
        if !self.lacks_numbers() {
            return Ok(());
        }
        let merged = book.merged(&self.sheet)?;
        if merged.is_empty() {
            return Ok(());
        }
        let rows = book.filled_head(&self.sheet, HEAD_ROWS + SAMPLE_ROWS, &merged)?;
        self.rows = rows.iter().map(|r| decoded(r, UTF_8)).collect();
        self.numbers = rows.iter().map(|r| r.number).collect();
        self.at = find_header(&self.rows).unwrap_or(self.at);
        self.merged = merged;
        Ok(())
    }
}

pub(super) fn open_book(name: String, from: Box<dyn SheetFile>) -> Result<Opened, OpenError> {
    let no = |e: Said| OpenError::table(&name, &e);
    let (container, mut book) = book(&name, from)?;
    let mut heads: Vec<Head> = Vec::new();
    for (sheet, shown) in book.sheets() {
        let raw = book.head(&sheet, HEAD_ROWS + SAMPLE_ROWS).map_err(no)?;
        let rows: Vec<Vec<String>> = raw.iter().map(|r| decoded(r, UTF_8)).collect();
        if let Some(at) = find_header(&rows) {
            let mut head = Head { sheet, shown, at, rows, numbers: raw.iter().map(|r| r.number).collect(), merged: Vec::new() };
            head.fill(&mut book).map_err(no)?;
            heads.push(head);
        }
    }
    // A hidden sheet leads only where no other has anything.
    let rank = |(i, h): (usize, &Head)| (h.shown, header_score(h.header()), h.rows.len(), usize::MAX - i);
    let is_page = container == "html";
    let Some(best) = heads.iter().enumerate().max_by_key(|x| rank(*x)).map(|(i, _)| i) else {
        return Err(if is_page { OpenError::no_table(&name) } else { OpenError::empty(&name) });
    };
    // Pages have tables for their looks, too.
    if is_page && header_score(heads[best].header()) < 2 && (heads[best].header().len() < 3 || heads[best].sample().is_empty()) {
        return Err(OpenError::no_table(&name));
    }
    let joined = Joined::of(&heads, best);
    let takes: Vec<Take> = joined
        .sheets
        .iter()
        .map(|(i, places)| Take {
            name: heads[*i].sheet.clone(),
            skip: heads[*i].numbers[heads[*i].at],
            merged: heads[*i].merged.clone(),
            columns: joined.columns(places),
        })
        .collect();
    let differences = joined.sheets.iter().map(|(i, places)| joined.differs(heads[*i].header(), places)).collect();
    let is_taken = |i: usize| joined.sheets.iter().any(|s| s.0 == i);
    let passed_over = heads
        .iter()
        .enumerate()
        .filter(|(i, _)| !is_taken(*i))
        .map(|(_, h)| PassedOver { name: h.sheet.clone(), hidden: !h.shown })
        .collect();
    let sample = heads[best].sample().to_vec();
    Ok(Opened {
        form: Form::Sheet { container, sheets: takes.iter().map(|t| t.name.clone()).collect() },
        encoding: UTF_8,
        header_record: takes.first().map_or(1, |t| t.skip),
        header: joined.header,
        sample,
        rows: Rows::Sheet(book.rows(takes)),
        sheets: differences,
        passed_over,
        name,
    })
}

/// The sheets that are read together.
struct Joined {
    /// The header of the file.
    header: Vec<String>,
    /// Which sheets, in the workbook's order, and the place of each of their columns in the header.
    sheets: Vec<(usize, Vec<usize>)>,
}

impl Joined {
    fn of(heads: &[Head], best: usize) -> Self {
        let lead = &heads[best];
        let mut joined = Self { header: lead.header().to_vec(), sheets: vec![(best, (0..lead.header().len()).collect())] };
        let led = read_as(lead.header(), lead.sample());
        let others = heads.iter().enumerate().filter(|(i, h)| *i != best && h.shown == lead.shown);
        for (i, head) in others {
            if same_header(head.header(), lead.header()) {
                joined.sheets.push((i, (0..lead.header().len()).collect()));
                continue;
            }
            let own = read_as(head.header(), head.sample());
            if header_score(head.header()) < 2 || !same_matters(&led, &own) {
                continue;
            }
            let wider = joined.with(i, head.header(), &led, &own);
            if wider.agrees(heads, best) {
                joined = wider;
            }
        }
        joined.sheets.sort_by_key(|s| s.0);
        joined
    }

    /// These sheets and one more.
    fn with(&self, sheet: usize, own: &[String], led: &Layout, meant: &Layout) -> Self {
        let mut header = self.header.clone();
        let mut taken = vec![false; header.len()];
        let mut places: Vec<Option<usize>> = vec![None; own.len()];
        let keys: Vec<String> = header.iter().map(|h| header::key(h)).collect();
        for (i, name) in own.iter().enumerate() {
            let key = header::key(name);
            if let Some(place) = (0..keys.len()).find(|p| !taken[*p] && keys[*p] == key) {
                (taken[place], places[i]) = (true, Some(place));
            }
        }
        for (i, place) in places.iter_mut().enumerate().filter(|(_, p)| p.is_none()) {
            let field = meant.columns.get(i).and_then(|c| c.0);
            if let Some(same) = field.and_then(|f| led.column(f)).filter(|p| !taken[*p]) {
                (taken[same], *place) = (true, Some(same));
            }
        }
        let places = places
            .into_iter()
            .zip(own)
            .map(|(place, name)| {
                place.unwrap_or_else(|| {
                    header.push(name.clone());
                    header.len() - 1
                })
            })
            .collect();
        let mut sheets = self.sheets.clone();
        sheets.push((sheet, places));
        Self { header, sheets }
    }

    /// Whether each sheet, read by its own columns, means by them what the file means.
    fn agrees(&self, heads: &[Head], best: usize) -> bool {
        let whole = read_as(&self.header, heads[best].sample());
        self.sheets.iter().all(|(i, places)| {
            let head = &heads[*i];
            let mut own = vec![String::new(); self.header.len()];
            places.iter().zip(head.header()).for_each(|(p, _)| own[*p].clone_from(&self.header[*p]));
            let rows: Vec<Vec<String>> = head.sample().iter().map(|r| self.lay(places, r)).collect();
            let layout = read_as(&own, &rows);
            layout.format.id == whole.format.id
                && layout.part == whole.part
                && layout.words == whole.words
                && places.iter().all(|p| layout.columns[*p].0 == whole.columns[*p].0)
        })
    }

    fn lay(&self, places: &[usize], row: &[String]) -> Vec<String> {
        let mut out = vec![String::new(); self.header.len()];
        places.iter().zip(row).for_each(|(p, cell)| out[*p].clone_from(cell));
        out
    }

    fn columns(&self, places: &[usize]) -> Option<Columns> {
        let plain = places.len() == self.header.len() && places.iter().enumerate().all(|(i, p)| i == *p);
        (!plain).then(|| {
            let from = (0..self.header.len()).map(|c| places.iter().position(|p| *p == c)).collect();
            Columns { from, width: places.len() }
        })
    }

    fn differs(&self, own: &[String], places: &[usize]) -> SheetColumns {
        let lacks = (0..self.header.len()).filter(|c| !places.contains(c)).collect();
        let other = |(p, name): (&usize, &String)| {
            let (file, sheet) = (header::shown(&self.header[*p]), header::shown(name));
            (file != sheet).then_some((*p, sheet))
        };
        SheetColumns { lacks, names: places.iter().zip(own).filter_map(other).collect() }
    }
}

fn same_header(a: &[String], b: &[String]) -> bool {
    let keys = |a: &[String]| a.iter().map(|h| header::key(h)).collect::<Vec<_>>();
    a.len() == b.len() && keys(a) == keys(b)
}

fn read_as(header: &[String], sample: &[Vec<String>]) -> Layout {
    let shown: Vec<String> = header.iter().map(|h| header::shown(h)).collect();
    Layout::recognise(&shown, sample)
}

/// Whether two sheets tell the same of the same: one of orders and one of their lines do not.
fn same_matters(a: &Layout, b: &Layout) -> bool {
    let keys: Vec<String> = b.headers.iter().map(|h| header::key(h)).collect();
    if (a.format.kind, a.words, a.part, &a.platform) != (b.format.kind, b.words, b.part, &b.platform)
        || crate::recognise::other_papers(&keys).is_some()
    {
        return false;
    }
    let both = |fields: &[F]| fields.iter().any(|f| a.has(*f)) == fields.iter().any(|f| b.has(*f));
    match a.format.kind {
        Kind::Order | Kind::Item => [
            &[F::OrderNo, F::InternalNo][..],
            &[F::Status, F::FinancialStatus],
            &[F::Paid, F::OrderTotal, F::LinePaid],
            &[F::CreatedAt, F::PaidAt],
            &[F::LineTitle, F::LineCode],
        ]
        .into_iter()
        .all(both),
        _ => crate::read::key_field(a) == crate::read::key_field(b),
    }
}
