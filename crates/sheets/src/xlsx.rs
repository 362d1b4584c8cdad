//! XLSX written as a stream: nothing of a sheet is kept in memory and nothing lies on a disk in
//! between. A sheet that is full goes on in the next.

use std::fmt::Write as _;
use std::io::{self, Write};

use zip::write::{SimpleFileOptions, StreamWriter};
use zip::{CompressionMethod, ZipWriter};

use crate::formula::{is_number, neutralise};
use crate::table::{Cell, Field, Kind, Sheet, Style, amount, digits};

/// Rows that a sheet of Excel holds, the heading included.
pub const ROWS_OF_A_SHEET: u32 = 1_048_576;
/// Characters that a cell holds.
const CELL: usize = 32_767;
/// A sheet goes on in the next before its XML reaches what a ZIP without extensions can hold.
const BYTES_OF_A_SHEET: u64 = 3 << 30;

const TYPES: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml";
const MAIN: &str = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
const RELATIONS: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const PACKAGE: &str = "http://schemas.openxmlformats.org/package/2006";
const HEAD: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n";

// Places in the styles below.
const PLAIN: &str = "0";
const BOLD: &str = "1";
const DATE: &str = "2";
const CENTS: &str = "3";
const TEXT: &str = "4";

pub(crate) struct Book<W: Write> {
    zip: ZipWriter<StreamWriter<W>>,
    style: Style,
    names: Vec<String>,
    open: Option<Open>,
    most: u32,
    line: String,
}

/// The sheet that is being written.
struct Open {
    name: String,
    part: u32,
    fields: Vec<Field>,
    letters: Vec<String>,
    currency: Option<usize>,
    rows: u32,
    bytes: u64,
}

impl<W: Write> Book<W> {
    pub(crate) fn new(to: W, style: Style) -> Self {
        Self { zip: ZipWriter::new_stream(to), style, names: Vec::new(), open: None, most: ROWS_OF_A_SHEET, line: String::new() }
    }

    fn file(&mut self, name: &str) -> io::Result<()> {
        // Fast rather than small: somebody waits for the first byte.
        let how = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated).compression_level(Some(1));
        self.zip.start_file(name, how).map_err(io::Error::other)
    }

    fn whole(&mut self, name: &str, body: &str) -> io::Result<()> {
        self.file(name)?;
        self.zip.write_all(HEAD.as_bytes())?;
        self.zip.write_all(body.as_bytes())
    }

    pub(crate) fn begin(&mut self, sheet: &Sheet) -> io::Result<()> {
        self.end_sheet()?;
        let name = if self.style.zh { &sheet.zh } else { &sheet.name };
        let letters = (0..sheet.fields.len()).map(letters).collect();
        let open =
            Open { name: name.to_string(), part: 1, fields: sheet.fields.to_vec(), letters, currency: sheet.currency(), rows: 0, bytes: 0 };
        self.start(open)
    }

    fn start(&mut self, mut open: Open) -> io::Result<()> {
        let mut name = tab(&open.name, open.part);
        while self.names.iter().any(|n| n.eq_ignore_ascii_case(&name)) {
            open.part += 1;
            name = tab(&open.name, open.part);
        }
        self.names.push(name);
        let number = self.names.len();
        self.file(&format!("xl/worksheets/sheet{number}.xml"))?;
        let mut head = format!(
            "{HEAD}<worksheet xmlns=\"{MAIN}\"><sheetViews><sheetView workbookViewId=\"0\"><pane ySplit=\"1\" topLeftCell=\"A2\" \
             activePane=\"bottomLeft\" state=\"frozen\"/></sheetView></sheetViews><sheetFormatPr defaultRowHeight=\"15\"/>"
        );
        if !open.fields.is_empty() {
            head.push_str("<cols>");
            for (i, field) in open.fields.iter().enumerate() {
                let width = match field.kind {
                    Kind::Time => 20,
                    Kind::Text => 24,
                    _ => 14,
                };
                let _ = write!(head, "<col min=\"{0}\" max=\"{0}\" width=\"{width}\" customWidth=\"1\"/>", i + 1);
            }
            head.push_str("</cols>");
        }
        head.push_str("<sheetData><row r=\"1\">");
        for (field, letter) in open.fields.iter().zip(&open.letters) {
            let title = if self.style.zh { &field.zh } else { &field.name };
            text(&mut head, letter, 1, BOLD, &neutralise(title))?;
        }
        head.push_str("</row>");
        self.zip.write_all(head.as_bytes())?;
        (open.rows, open.bytes) = (1, head.len() as u64);
        self.open = Some(open);
        Ok(())
    }

    fn end_sheet(&mut self) -> io::Result<Option<Open>> {
        if self.open.is_some() {
            self.zip.write_all(b"</sheetData></worksheet>")?;
        }
        Ok(self.open.take())
    }

    /// Writes a row. Returns whether a further sheet was begun for it.
    pub(crate) fn row(&mut self, row: &[Cell]) -> io::Result<bool> {
        let full = self.open.as_ref().is_some_and(|o| o.rows >= self.most || o.bytes >= BYTES_OF_A_SHEET);
        if full && let Some(mut next) = self.end_sheet()? {
            next.part += 1;
            self.start(next)?;
        }
        let Some(open) = &mut self.open else { return Err(io::Error::other("no table was begun")) };
        open.rows += 1;
        let (line, digits) = (&mut self.line, digits(row, open.currency));
        line.clear();
        let _ = write!(line, "<row r=\"{}\">", open.rows);
        for ((cell, field), letter) in row.iter().zip(&open.fields).zip(&open.letters) {
            match (cell, field.kind) {
                (Cell::Null, _) => {}
                (Cell::Int(micros), Kind::Time) => number(line, letter, open.rows, DATE, &serial(&self.style, *micros)),
                (Cell::Int(minor), Kind::Money) => {
                    let style = if digits == 2 { CENTS } else { PLAIN };
                    number(line, letter, open.rows, style, &amount(*minor, digits));
                }
                (Cell::Int(n), _) => number(line, letter, open.rows, PLAIN, &n.to_string()),
                (Cell::Bool(yes), _) => {
                    let _ = write!(line, "<c r=\"{letter}{}\" t=\"b\"><v>{}</v></c>", open.rows, u8::from(*yes));
                }
                (Cell::Text(t), Kind::Number) if is_number(t) => number(line, letter, open.rows, PLAIN, t),
                (Cell::Text(t), _) => text(line, letter, open.rows, TEXT, &neutralise(t))?,
            }
        }
        line.push_str("</row>");
        open.bytes += line.len() as u64;
        self.zip.write_all(line.as_bytes())?;
        Ok(full)
    }

    pub(crate) fn finish(mut self) -> io::Result<W> {
        self.end_sheet()?;
        if self.names.is_empty() {
            self.begin(&Sheet { name: "empty".into(), zh: "空".into(), fields: Vec::new().into() })?;
            self.end_sheet()?;
        }
        let count = self.names.len();
        let (mut sheets, mut related, mut kinds) = (String::new(), String::new(), String::new());
        for (i, name) in self.names.iter().enumerate() {
            let (n, mut shown) = (i + 1, String::new());
            escape(&mut shown, name);
            let _ = write!(sheets, "<sheet name=\"{shown}\" sheetId=\"{n}\" r:id=\"rId{n}\"/>");
            let _ = write!(related, "<Relationship Id=\"rId{n}\" Type=\"{RELATIONS}/worksheet\" Target=\"worksheets/sheet{n}.xml\"/>");
            let _ = write!(kinds, "<Override PartName=\"/xl/worksheets/sheet{n}.xml\" ContentType=\"{TYPES}.worksheet+xml\"/>");
        }
        let _ = write!(related, "<Relationship Id=\"rId{}\" Type=\"{RELATIONS}/styles\" Target=\"styles.xml\"/>", count + 1);
        self.whole("xl/workbook.xml", &format!("<workbook xmlns=\"{MAIN}\" xmlns:r=\"{RELATIONS}\"><sheets>{sheets}</sheets></workbook>"))?;
        self.whole("xl/_rels/workbook.xml.rels", &format!("<Relationships xmlns=\"{PACKAGE}/relationships\">{related}</Relationships>"))?;
        self.whole("xl/styles.xml", &styles())?;
        self.whole(
            "_rels/.rels",
            &format!(
                "<Relationships xmlns=\"{PACKAGE}/relationships\"><Relationship Id=\"rId1\" Type=\"{RELATIONS}/officeDocument\" \
                 Target=\"xl/workbook.xml\"/></Relationships>"
            ),
        )?;
        self.whole(
            "[Content_Types].xml",
            &format!(
                "<Types xmlns=\"{PACKAGE}/content-types\"><Default Extension=\"rels\" \
                 ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/><Default Extension=\"xml\" \
                 ContentType=\"application/xml\"/><Override PartName=\"/xl/workbook.xml\" ContentType=\"{TYPES}.sheet.main+xml\"/>{kinds}\
                 <Override PartName=\"/xl/styles.xml\" ContentType=\"{TYPES}.styles+xml\"/></Types>"
            ),
        )?;
        Ok(self.zip.finish().map_err(io::Error::other)?.into_inner())
    }
}

fn styles() -> String {
    let format = |number: u32, font: u32| {
        format!(
            "<xf numFmtId=\"{number}\" fontId=\"{font}\" fillId=\"0\" borderId=\"0\" xfId=\"0\" applyNumberFormat=\"1\" applyFont=\"1\"/>"
        )
    };
    let cells = [format(0, 0), format(49, 1), format(164, 0), format(4, 0), format(49, 0)].concat();
    format!(
        "<styleSheet xmlns=\"{MAIN}\"><numFmts count=\"1\"><numFmt numFmtId=\"164\" formatCode=\"yyyy\\-mm\\-dd\\ hh:mm:ss\"/></numFmts>\
         <fonts count=\"2\"><font><sz val=\"11\"/><name val=\"Calibri\"/></font><font><b/><sz val=\"11\"/><name val=\"Calibri\"/></font></fonts>\
         <fills count=\"2\"><fill><patternFill patternType=\"none\"/></fill><fill><patternFill patternType=\"gray125\"/></fill></fills>\
         <borders count=\"1\"><border><left/><right/><top/><bottom/><diagonal/></border></borders>\
         <cellStyleXfs count=\"1\"><xf numFmtId=\"0\" fontId=\"0\" fillId=\"0\" borderId=\"0\"/></cellStyleXfs>\
         <cellXfs count=\"5\">{cells}</cellXfs></styleSheet>"
    )
}

/// A sheet's name as Excel allows it: 31 characters, none of `[]:*?/\`.
fn tab(name: &str, part: u32) -> String {
    let ending = if part > 1 { format!(" {part}") } else { String::new() };
    let plain = name.chars().map(|c| if "[]:*?/\\'".contains(c) || c.is_control() { ' ' } else { c });
    format!("{}{ending}", plain.take(31 - ending.len()).collect::<String>().trim())
}

/// 0 → A, 25 → Z, 26 → AA.
fn letters(mut column: usize) -> String {
    let mut out = Vec::new();
    loop {
        out.push(b'A' + (column % 26) as u8);
        match (column / 26).checked_sub(1) {
            Some(rest) => column = rest,
            None => break,
        }
    }
    out.iter().rev().map(|b| char::from(*b)).collect()
}

fn number(line: &mut String, letter: &str, row: u32, style: &str, value: &str) {
    let _ = write!(line, "<c r=\"{letter}{row}\" s=\"{style}\"><v>{value}</v></c>");
}

fn text(line: &mut String, letter: &str, row: u32, style: &str, value: &str) -> io::Result<()> {
    if value.len() > CELL && value.encode_utf16().count() > CELL {
        return Err(io::Error::other("a text is longer than a cell of a sheet can hold: choose CSV or Parquet"));
    }
    let _ = write!(line, "<c r=\"{letter}{row}\" s=\"{style}\" t=\"inlineStr\"><is><t xml:space=\"preserve\">");
    escape(line, value);
    line.push_str("</t></is></c>");
    Ok(())
}

/// XML's own signs, and characters that XML cannot hold, as Excel writes them.
fn escape(line: &mut String, value: &str) {
    for (at, c) in value.char_indices() {
        match c {
            // What looks like such a sign is one sign more.
            '_' if code(&value[at..]) => line.push_str("_x005F_"),
            '&' => line.push_str("&amp;"),
            '<' => line.push_str("&lt;"),
            '>' => line.push_str("&gt;"),
            '"' => line.push_str("&quot;"),
            '\t' | '\n' => line.push(c),
            c if c < ' ' || matches!(c, '\u{fffe}' | '\u{ffff}') => {
                let _ = write!(line, "_x{:04X}_", c as u32);
            }
            c => line.push(c),
        }
    }
}

/// Whether a text begins with what Excel reads as a character's number: `_x000D_`.
fn code(text: &str) -> bool {
    matches!(text.as_bytes(), [b'_', b'x', a, b, c, d, b'_', ..] if [a, b, c, d].into_iter().all(u8::is_ascii_hexdigit))
}

/// A time as Excel counts it: days since 1899-12-30 of the zone's clock, with their fraction.
fn serial(style: &Style, micros: i64) -> String {
    const DAY: i64 = 86_400 * 1_000_000;
    // From 1899-12-30 to 1970-01-01.
    const EPOCH: i64 = 25_569;
    let local = micros.saturating_add(style.zone.offset_seconds(shuke_kernel::Instant(micros)).saturating_mul(1_000_000));
    let (days, rest) = (local.div_euclid(DAY), local.rem_euclid(DAY));
    // Ten decimals are ten microseconds.
    let part = (i128::from(rest) * 10_000_000_000 + i128::from(DAY) / 2) / i128::from(DAY);
    let (days, part) = if part >= 10_000_000_000 { (days + 1, 0) } else { (days, part) };
    format!("{}.{part:010}", days.saturating_add(EPOCH))
}

#[cfg(test)]
mod tests {
    use super::*;
    use shuke_kernel::Zone;

    #[test]
    fn columns_have_letters() {
        assert_eq!([0, 25, 26, 51, 52, 701, 702].map(letters), ["A", "Z", "AA", "AZ", "BA", "ZZ", "AAA"]);
    }

    #[test]
    fn times_are_days_of_the_zone() {
        let style = Style { zh: true, zone: Zone::shanghai() };
        // 2026-11-11T00:00:00+08:00
        assert_eq!(serial(&style, 1_794_326_400_000_000), "46337.0000000000");
        assert_eq!(serial(&style, 1_794_326_400_000_000 + 43_200_000_000), "46337.5000000000");
    }

    #[test]
    fn a_full_sheet_goes_on_in_the_next() {
        let fields = vec![Field::new("n", "数", Kind::Int)];
        let sheet = Sheet { name: "members".into(), zh: "会员".into(), fields: fields.into() };
        let mut book = Book { most: 4, ..Book::new(Vec::new(), Style { zh: false, zone: Zone::shanghai() }) };
        book.begin(&sheet).expect("begun");
        let begun: Vec<bool> = (0..7).map(|n| book.row(&[Cell::Int(n)]).expect("written")).collect();
        assert_eq!(begun, [false, false, false, true, false, false, true]);
        assert_eq!(book.names, ["members", "members 2", "members 3"]);
        let bytes = book.finish().expect("ended");
        use calamine::Reader;
        let mut read = calamine::Xlsx::new(std::io::Cursor::new(bytes)).expect("a workbook");
        let mut found = Vec::new();
        for name in read.sheet_names() {
            let range = read.worksheet_range(&name).expect("a sheet");
            found.extend(range.rows().skip(1).map(|r| r[0].to_string()));
        }
        assert_eq!(found, ["0", "1", "2", "3", "4", "5", "6"]);
    }
}
