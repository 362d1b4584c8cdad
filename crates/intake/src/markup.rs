//! Tables in markup that calls itself a spreadsheet: web pages saved as `.xls`, as ERP systems and
//! platforms export them, and the XML of Excel 2003. Each table of a page, each sheet of the XML is a
//! sheet. They are streamed: memory holds the first rows of each table and one row of each that is open.
//!
//! A cell over several rows says the same of each, one over several columns stands in the first. What is
//! broken is read as a browser reads it; what has no end, and what is made to fill memory, is refused.

mod grid;
mod tokens;

use std::io::{self, Seek, SeekFrom};

use encoding_rs::Encoding;

use crate::open::{Said, Transcoded};
use crate::rows::Row;
use crate::sheet::{Source, float_text};
use grid::{Cell, Grid};
use tokens::{Tag, Token, Tokens};

/// How long a row may be.
const ROW_LIMIT: usize = 4 * 1024 * 1024;
/// How many tables a file may have.
const TABLES: usize = 1_000;
/// How deep tables may stand within each other.
const DEPTH: usize = 16;
/// How much of the first rows of all tables is held.
const HEADS: usize = 64 * 1024 * 1024;

/// A table.
#[derive(Clone, Debug)]
pub struct Table {
    /// The sheet's name; `#1`, `#2`, … of a page.
    pub name: String,
    /// A person sees it.
    pub shown: bool,
    /// Its place in the document.
    at: usize,
    /// How many rows have something in them.
    pub count: u64,
    /// The first of them.
    pub head: Vec<Row>,
}

/// A document with its tables.
pub struct Markup {
    from: Box<dyn Source>,
    encoding: &'static Encoding,
    /// `html` or `spreadsheetml`.
    pub container: &'static str,
    /// The tables that have rows.
    pub tables: Vec<Table>,
}

/// Whether text is markup: it begins with a tag, a comment or a declaration.
pub fn is_markup(text: &[u8]) -> bool {
    let start = text.trim_ascii_start();
    start.first() == Some(&b'<') && start.get(1).is_some_and(|b| b.is_ascii_alphabetic() || matches!(b, b'!' | b'?'))
}

/// Whether markup has a table in it, or may have one further down; a file of cells that begins with a
/// `<` has none.
pub fn has_table(text: &[u8]) -> bool {
    let text = text.to_ascii_lowercase();
    ["<table", "<tr", "<workbook", ":workbook"].iter().any(|t| memchr::memmem::find(&text, t.as_bytes()).is_some())
}

/// Whether it is surely a page or XML, whatever is in it.
pub fn is_page(text: &[u8]) -> bool {
    let start = text.trim_ascii_start();
    let start = start.get(..start.len().min(64)).unwrap_or_default().to_ascii_lowercase();
    ["<html", "<!doctype", "<?xml", "<head", "<meta", "<style", "<!--", "<script", "<body", "<div"]
        .iter()
        .any(|t| start.starts_with(t.as_bytes()))
}

/// The encoding that a page or XML declares in its first bytes.
pub fn declared(bytes: &[u8]) -> Option<&'static Encoding> {
    let head = bytes.get(..bytes.len().min(8 * 1024)).unwrap_or_default().to_ascii_lowercase();
    ["charset=", "encoding="].iter().find_map(|word| {
        let at = memchr::memmem::find(&head, word.as_bytes())? + word.len();
        let label: Vec<u8> = head[at..]
            .iter()
            .copied()
            .skip_while(|b| matches!(b, b'"' | b'\'' | b' '))
            .take_while(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'))
            .collect();
        Encoding::for_label(&label)
    })
}

impl Markup {
    /// Reads a document through: its tables, and the first `rows` rows of each.
    pub fn open(from: Box<dyn Source>, encoding: &'static Encoding, rows: usize) -> Result<Self, Said> {
        let mut markup = Self { from, encoding, container: "html", tables: Vec::new() };
        let mut held = 0_usize;
        let mut tables: Vec<Table> = Vec::new();
        let told = markup.walk(&mut |at, row: Row| {
            let place = match tables.iter().rposition(|t| t.at == at) {
                Some(place) => place,
                None => {
                    tables.push(Table { name: String::new(), shown: true, at, count: 0, head: Vec::new() });
                    tables.len() - 1
                }
            };
            let table = &mut tables[place];
            table.count += 1;
            if table.head.len() < rows {
                held += row.bytes.len();
                table.head.push(row);
            }
            tables.len() <= TABLES && held <= HEADS
        })?;
        if tables.len() > TABLES {
            return Err(Said::new("里面有一千个以上的表格", format!("it has more than {TABLES} tables")));
        }
        if held > HEADS {
            return Err(Said::new("单元格大得不正常", "its cells are implausibly large"));
        }
        tables.sort_by_key(|t| t.at);
        for (i, table) in tables.iter_mut().enumerate() {
            let sheet = told.sheets.iter().find(|s| s.at == table.at);
            table.name = sheet.map(|s| s.name.clone()).filter(|n| !n.is_empty()).unwrap_or_else(|| format!("#{}", i + 1));
            table.shown = sheet.is_none_or(|s| s.shown);
        }
        // Two sheets of one name would be taken for each other.
        for i in 1..tables.len() {
            if tables[..i].iter().any(|t| t.name == tables[i].name) {
                tables[i].name = format!("{} #{}", tables[i].name, i + 1);
            }
        }
        markup.container = if told.is_workbook { "spreadsheetml" } else { "html" };
        markup.tables = tables;
        Ok(markup)
    }

    /// Gives the rows of these tables, each with its table's place in `names`, until `each` has enough.
    pub fn rows(&mut self, names: &[String], each: &mut dyn FnMut(usize, Row) -> bool) -> Result<(), Said> {
        let wanted: Vec<(usize, usize)> =
            names.iter().enumerate().filter_map(|(i, n)| self.tables.iter().find(|t| t.name == *n).map(|t| (t.at, i))).collect();
        self.walk(&mut |at, row| wanted.iter().find(|w| w.0 == at).is_none_or(|w| each(w.1, row)))?;
        Ok(())
    }

    fn walk(&mut self, each: &mut dyn FnMut(usize, Row) -> bool) -> Result<Told, Said> {
        let said = |e: &io::Error| match e.kind() {
            io::ErrorKind::InvalidData => Said::new("网页的标记没有结束，文件可能损坏", "a tag in it never ends; it may be damaged"),
            _ => Said::new(e.to_string(), e.to_string()),
        };
        self.from.seek(SeekFrom::Start(0)).map_err(|e| said(&e))?;
        let mut tokens = Tokens::new(Transcoded::new(self.encoding, &mut self.from));
        let mut walk = Walk {
            told: Told::default(),
            open: Vec::new(),
            next: 0,
            each,
            enough: false,
            in_data: false,
            in_comment: false,
            in_visible: false,
        };
        while let Some(token) = tokens.next().map_err(|e| said(&e))? {
            walk.take(token)?;
            if walk.enough {
                return Ok(walk.told);
            }
        }
        walk.end()?;
        Ok(walk.told)
    }
}

/// A sheet of a workbook.
struct Sheet {
    at: usize,
    name: String,
    shown: bool,
}

/// What a document says of itself.
#[derive(Default)]
struct Told {
    is_workbook: bool,
    sheets: Vec<Sheet>,
}

/// Where in the document reading stands.
struct Walk<'a> {
    told: Told,
    /// The tables that are open, the innermost last.
    open: Vec<Grid>,
    next: usize,
    each: &'a mut dyn FnMut(usize, Row) -> bool,
    enough: bool,
    in_data: bool,
    in_comment: bool,
    in_visible: bool,
}

impl Walk<'_> {
    fn take(&mut self, token: Token) -> Result<(), Said> {
        match token {
            Token::Open(tag) => {
                let (name, is_empty) = (tag.name.clone(), tag.is_empty);
                if self.told.is_workbook {
                    self.open_xml(&tag)?
                } else {
                    self.open_html(&tag)?
                }
                // Only in XML does a tag close itself.
                if is_empty && self.told.is_workbook { self.close(&name) } else { Ok(()) }
            }
            Token::Close(name) => self.close(&name),
            Token::Text(text) => self.text(&text, true),
            Token::Plain(text) => self.text(&text, false),
        }
    }

    fn start(&mut self) -> Result<(), Said> {
        if self.open.len() >= DEPTH {
            return Err(Said::new("表格里套了太多层表格", "tables stand within tables too deeply"));
        }
        self.open.push(Grid::new(self.next));
        self.next += 1;
        Ok(())
    }

    fn open_html(&mut self, tag: &Tag) -> Result<(), Said> {
        match tag.name.as_str() {
            "workbook" => self.told.is_workbook = true,
            "table" => self.start()?,
            "tr" => {
                if self.open.is_empty() {
                    self.start()?;
                }
                self.end_row()?;
                self.grid(Grid::start_row);
            }
            "td" | "th" => {
                if self.open.is_empty() {
                    self.start()?;
                }
                let many = |name: &str, most: u32| tag.get(name).map_or(1, |n| number(n).unwrap_or(1).clamp(1, most));
                let down = match tag.get("rowspan").and_then(number) {
                    Some(0) => u32::MAX,
                    _ => many("rowspan", 65_534),
                };
                let cell = Cell { across: many("colspan", 1_000), down, exact: tag.get("num").map(str::to_owned), ..Cell::default() };
                self.formula(tag.get("fmla").is_some());
                self.try_grid(|g| g.start_cell(cell))?;
            }
            "br" => self.try_grid(|g| {
                g.text(b"\n", true);
                g.not_too_long()
            })?,
            "p" | "div" | "li" => self.grid(Grid::paragraph),
            _ => {}
        }
        Ok(())
    }

    fn open_xml(&mut self, tag: &Tag) -> Result<(), Said> {
        let at = |name: &str| tag.get(name).and_then(number);
        match tag.name.as_str() {
            "worksheet" => {
                self.end()?;
                self.told.sheets.push(Sheet { at: self.next, name: tag.get("name").unwrap_or_default().trim().to_owned(), shown: true });
                if self.told.sheets.len() > TABLES {
                    return Err(Said::new("里面有一千个以上的工作表", format!("it has more than {TABLES} sheets")));
                }
                self.start()?;
            }
            "row" => {
                self.end_row()?;
                self.grid(Grid::start_row);
                if let Some(index) = at("index") {
                    self.grid(|g| g.pass_to(u64::from(index)));
                }
                if let Some(more) = at("span") {
                    self.grid(|g| g.after = u64::from(more));
                }
            }
            "cell" => {
                let cell = Cell {
                    at: at("index").map(|i| i.saturating_sub(1)),
                    across: at("mergeacross").unwrap_or(0).saturating_add(1),
                    down: at("mergedown").unwrap_or(0).saturating_add(1),
                    ..Cell::default()
                };
                self.formula(tag.get("formula").is_some());
                self.try_grid(|g| g.start_cell(cell))?;
            }
            "data" if !self.in_comment => {
                self.in_data = true;
                let is_number = tag.get("type").is_some_and(|t| t.eq_ignore_ascii_case("number"));
                self.grid(|g| g.is_number = is_number);
            }
            "comment" => self.in_comment = true,
            "visible" => self.in_visible = true,
            _ => {}
        }
        Ok(())
    }

    fn close(&mut self, name: &str) -> Result<(), Said> {
        match (name, self.told.is_workbook) {
            ("table" | "worksheet", is_workbook) => {
                self.end_row()?;
                // The options of a sheet come after its table.
                if name == "worksheet" || !is_workbook {
                    self.open.pop();
                }
            }
            ("tr" | "thead" | "tbody" | "tfoot", false) | ("row", true) => self.end_row()?,
            ("td" | "th", false) | ("cell", true) => self.try_grid(Grid::end_cell)?,
            ("p" | "div" | "li", false) => self.grid(Grid::paragraph),
            ("data", true) => self.in_data = false,
            ("comment", true) => self.in_comment = false,
            ("visible", true) => self.in_visible = false,
            _ => {}
        }
        Ok(())
    }

    fn text(&mut self, text: &[u8], has_entities: bool) -> Result<(), Said> {
        if self.told.is_workbook {
            if let Some(sheet) = self.told.sheets.last_mut()
                && self.in_visible
                && text.windows(6).any(|w| w.eq_ignore_ascii_case(b"hidden"))
            {
                sheet.shown = false;
            }
            if !self.in_data || self.in_comment {
                return Ok(());
            }
        }
        let folds = !self.told.is_workbook;
        self.try_grid(|g| {
            match (has_entities, folds) {
                (true, true) => g.markup_text(text),
                (true, false) => {
                    let mut plain = Vec::with_capacity(text.len());
                    tokens::decode(text, &mut plain);
                    g.text(&plain, true);
                }
                (false, _) => g.text(text, true),
            }
            g.not_too_long()
        })
    }

    fn formula(&mut self, is_formula: bool) {
        self.grid(|g| g.row.computed |= is_formula);
    }

    fn grid(&mut self, f: impl FnOnce(&mut Grid)) {
        if let Some(grid) = self.open.last_mut() {
            f(grid);
        }
    }

    fn try_grid(&mut self, f: impl FnOnce(&mut Grid) -> Result<(), Said>) -> Result<(), Said> {
        self.open.last_mut().map_or(Ok(()), f)
    }

    fn end_row(&mut self) -> Result<(), Said> {
        let Some(grid) = self.open.last_mut() else { return Ok(()) };
        if let Some(row) = grid.end_row()? {
            self.enough |= !(self.each)(grid.at, row);
        }
        Ok(())
    }

    /// The document ends, or a sheet begins: what is open is whole, except for a row that has no end.
    fn end(&mut self) -> Result<(), Said> {
        while let Some(mut grid) = self.open.pop() {
            let is_cut = grid.is_in_row();
            if let Some(mut row) = grid.end_row()? {
                // Rows of a sheet end where they like; one in which the file ends is judged like a line.
                (row.cut, row.of_sheet) = (is_cut, !is_cut);
                self.enough |= !(self.each)(grid.at, row);
            }
        }
        Ok(())
    }
}

fn number(text: &str) -> Option<u32> {
    let digits = text.trim();
    (!digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit())).then(|| digits.parse().unwrap_or(u32::MAX))
}

/// The text of a number as Excel's XML writes it: as it stands, unless it shows the binary fraction that
/// it is kept as.
fn number_text(text: &str) -> Option<String> {
    let fraction = text.split_once('.').map_or(0, |(_, f)| f.len());
    let value: f64 = text.parse().ok()?;
    (text.contains(['E', 'e']) || fraction > 10).then(|| float_text(value))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Its name, whether it is shown, and its first rows.
    type Told = (String, bool, Vec<Vec<String>>);

    fn read(text: &[u8]) -> Result<Vec<Told>, Said> {
        let m = Markup::open(Box::new(io::Cursor::new(text.to_vec())), encoding_rs::UTF_8, 100)?;
        let cells = |r: &Row| (0..r.len()).map(|i| String::from_utf8_lossy(r.cell(i)).into_owned()).collect();
        Ok(m.tables.iter().map(|t| (t.name.clone(), t.shown, t.head.iter().map(cells).collect())).collect())
    }

    fn rows(text: &str) -> Vec<Vec<String>> {
        read(text.as_bytes()).expect("a table").remove(0).2
    }

    #[test]
    fn cells_over_rows_and_columns() {
        let page = "<table><tr><td colspan=3>标题</td></tr><tr><th rowspan=2>号</th><th colspan=2>人</th></tr><tr><th>名</th><th>话</th></tr>\
            <tr><td rowspan=2>A1<td>张&nbsp;三<td>1<br>2<tr><td> 李\n 四 </td><td></td></table>";
        assert_eq!(
            rows(page),
            [vec!["标题", "", ""], vec!["号", "人", ""], vec!["号", "名", "话"], vec!["A1", "张 三", "1\n2"], vec!["A1", "李 四", ""]]
        );
    }

    #[test]
    fn tables_within_tables_and_without_a_table() {
        let page = "<table><tr><td>外<table><tr><td>a<td>b</table>头</td><td>x</td></tr></table><tr><td>c";
        let tables = read(page.as_bytes()).expect("tables");
        assert_eq!(
            tables.iter().map(|t| t.2.clone()).collect::<Vec<_>>(),
            [vec![vec!["外头", "x"]], vec![vec!["a", "b"]], vec![vec!["c"]]]
        );
        assert!(read("<table><tr><td>".repeat(DEPTH + 1).as_bytes()).is_err());
    }

    #[test]
    fn the_xml_of_a_spreadsheet() {
        let xml = "<?xml version=\"1.0\"?><?mso-application progid=\"Excel.Sheet\"?><ss:Workbook><Styles><Style ss:ID=\"a\"/></Styles>\
            <Worksheet ss:Name=\"八月\"><Table><Row ss:Index=\"2\"><Cell ss:Index=\"2\" ss:MergeDown=\"1\"><Data ss:Type=\"String\">x&#10;y</Data>\
            <Comment><ss:Data>no</ss:Data></Comment></Cell><Cell><Data ss:Type=\"Number\">35.199999999999996</Data></Cell></Row>\
            <Row><Cell/><Cell ss:Index=\"3\"><Data ss:Type=\"Number\">1.2345678901234568E+18</Data></Cell></Row></Table></Worksheet>\
            <Worksheet ss:Name=\"旧\"><Table><Row><Cell><Data>z</Data></Cell></Row></Table><WorksheetOptions><Visible>SheetHidden</Visible></WorksheetOptions></Worksheet></ss:Workbook>";
        let sheets = read(xml.as_bytes()).expect("sheets");
        assert_eq!(sheets[0].2, [vec!["", "x\ny", "35.2"], vec!["", "x\ny", "1.23457E+18"]]);
        assert_eq!((sheets[0].0.as_str(), sheets[0].1, sheets[1].0.as_str(), sheets[1].1), ("八月", true, "旧", false));
        let m = Markup::open(Box::new(io::Cursor::new(xml.as_bytes().to_vec())), encoding_rs::UTF_8, 10).expect("a workbook");
        assert_eq!((m.container, m.tables[0].head[0].number, m.tables[0].head[1].number), ("spreadsheetml", 2, 3));
    }

    #[test]
    fn what_is_made_to_fill_memory_is_refused_or_stays_small() {
        let wide = "<table><tr><td colspan=999999999 rowspan=4294967295>x</td><td>y</td></tr><tr><td>z</td></tr></table>";
        assert_eq!(rows(wide).iter().map(Vec::len).max(), Some(1_001));
        let deep = format!(
            "<table><tr>{}</tr>{}</table>",
            format!("<td rowspan=60000>{}</td>", "x".repeat(10_000)).repeat(9),
            "<tr><td>1".repeat(9)
        );
        assert!(read(deep.as_bytes()).is_err());
        assert!(read(format!("<table><tr><td>{}", "x".repeat(ROW_LIMIT + 1)).as_bytes()).is_err());
        assert!(read("<table><tr><td>x</td></tr></table>".repeat(TABLES + 1).as_bytes()).is_err());
        let laughs = "<!DOCTYPE x [<!ENTITY a \"ha\"><!ENTITY b \"&a;&a;\">]><Workbook><Worksheet><Table><Row><Cell><Data>&b;</Data></Cell></Row></Table></Worksheet></Workbook>";
        assert_eq!(rows(laughs), [["&b;"]]);
    }

    proptest! {
        #[test]
        fn any_tables_are_read_without_a_panic(text in "(<table>|</table>|<tr>|</tr>|<td>|<td colspan=3>|<td rowspan=0>|<td rowspan=2>|</td>|<Workbook>|<Worksheet>|<Row Index='5'>|<Cell Index='4'>|<Cell MergeDown='9'>|<Data>|</Data>|</Cell>|</Row>|</Worksheet>|<Comment>|<br>|<p>|x|&nbsp;| ){0,60}") {
            let _ = read(text.as_bytes());
        }
    }
}
