//! The platforms' export files, column for column as their exports have them, in the encoding and
//! with the quirks that they have.

pub mod book;
pub mod douyin;
pub mod erp;
pub mod jd;
pub mod lists;
pub mod pdd;
pub mod products;
pub mod taobao;
pub mod taobao_new;
pub mod truth;
pub mod youzan;

use std::fmt::Write as _;
use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use crate::calendar;

/// The shop on Taobao and Tmall.
pub const SHOP: &str = "晴天母婴旗舰店";

/// How a file's text is written.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Text {
    /// UTF-8.
    Utf8,
    /// UTF-8 with a mark before it.
    Marked,
    /// GB18030.
    Gb,
}

/// GB18030 by a table that fills as characters occur: the general encoder searches for each.
struct Gb(Vec<[u8; 5]>);

impl Gb {
    fn write(&mut self, text: &str, out: &mut Vec<u8>) {
        for c in text.chars() {
            let code = c as usize;
            if code < 128 {
                out.push(code as u8);
                continue;
            }
            let Some(known) = self.0.get_mut(code) else {
                out.extend_from_slice(&encoding_rs::GB18030.encode(c.encode_utf8(&mut [0; 4])).0);
                continue;
            };
            if known[0] == 0 {
                let bytes = encoding_rs::GB18030.encode(c.encode_utf8(&mut [0; 4])).0.into_owned();
                let long = bytes.len().min(4);
                known[0] = long as u8;
                known[1..=long].copy_from_slice(&bytes[..long]);
            }
            out.extend_from_slice(&known[1..=usize::from(known[0])]);
        }
    }
}

/// A file being written, a row at a time.
pub struct Sheet {
    path: PathBuf,
    out: BufWriter<File>,
    gb: Option<Gb>,
    bytes: Vec<u8>,
    columns: usize,
    rows: u64,
    row: Row,
}

impl Sheet {
    /// Begins a file with its header, as it stands.
    pub fn begin(path: &Path, text: Text, header: &str, end: &'static str) -> io::Result<Self> {
        let mut out = BufWriter::with_capacity(1 << 18, File::create(path)?);
        if text == Text::Marked {
            out.write_all("\u{feff}".as_bytes())?;
        }
        let gb = (text == Text::Gb).then(|| Gb(vec![[0; 5]; 0x1_0000]));
        let columns = header.split(',').count();
        let row = Row { text: String::with_capacity(1_024), cells: 0, quoted: header.starts_with('"'), end };
        let mut sheet = Self { path: path.to_owned(), out, gb, bytes: Vec::new(), columns, rows: 0, row };
        sheet.row.text.push_str(header);
        sheet.flush()?;
        Ok(sheet)
    }

    /// Writes a row that `fill` fills.
    pub fn row(&mut self, fill: impl FnOnce(&mut Row)) -> io::Result<()> {
        self.row.text.clear();
        self.row.cells = 0;
        self.rows += 1;
        fill(&mut self.row);
        debug_assert_eq!(self.row.cells, self.columns, "{}: {}", self.path.display(), self.row.text);
        self.flush()
    }

    fn flush(&mut self) -> io::Result<()> {
        self.row.text.push_str(self.row.end);
        match &mut self.gb {
            None => self.out.write_all(self.row.text.as_bytes()),
            Some(gb) => {
                self.bytes.clear();
                gb.write(&self.row.text, &mut self.bytes);
                self.out.write_all(&self.bytes)
            }
        }
    }

    /// Ends the file.
    pub fn end(mut self) -> io::Result<PathBuf> {
        self.out.flush()?;
        Ok(self.path)
    }

    /// Ends the file; one without rows goes, since nobody exports nothing.
    pub fn end_unless_empty(self) -> io::Result<Option<PathBuf>> {
        let rows = self.rows;
        let path = self.end()?;
        if rows > 0 {
            return Ok(Some(path));
        }
        std::fs::remove_file(path)?;
        Ok(None)
    }
}

/// A row being filled.
pub struct Row {
    text: String,
    cells: usize,
    quoted: bool,
    end: &'static str,
}

impl Row {
    fn open(&mut self) {
        if self.cells > 0 {
            self.text.push(',');
        }
        self.cells += 1;
        if self.quoted {
            self.text.push('"');
        }
    }

    fn close(&mut self) {
        if self.quoted {
            self.text.push('"');
        }
    }

    /// A cell by its parts.
    pub fn parts(&mut self, parts: &[&str]) -> &mut Self {
        self.open();
        parts.iter().for_each(|p| self.text.push_str(p));
        self.close();
        self
    }

    /// A cell of text.
    pub fn cell(&mut self, text: &str) -> &mut Self {
        self.parts(&[text])
    }

    /// Several cells of text.
    pub fn cells(&mut self, texts: &[&str]) -> &mut Self {
        texts.iter().for_each(|t| {
            self.cell(t);
        });
        self
    }

    /// Empty cells.
    pub fn empty(&mut self, n: usize) -> &mut Self {
        (0..n).for_each(|_| {
            self.cell("");
        });
        self
    }

    /// A number.
    pub fn number(&mut self, n: i64) -> &mut Self {
        self.open();
        let _ = write!(self.text, "{n}");
        self.close();
        self
    }

    /// An amount in yuan with two decimals, and what follows it.
    pub fn yuan_and(&mut self, fen: i64, unit: &str) -> &mut Self {
        self.open();
        let _ = write!(self.text, "{}.{:02}{unit}", fen / 100, fen % 100);
        self.close();
        self
    }

    /// An amount.
    pub fn yuan(&mut self, fen: i64) -> &mut Self {
        self.yuan_and(fen, "")
    }

    /// A time, or `none`, and what follows either.
    pub fn time_or(&mut self, at: Option<i64>, none: &str, after: &str) -> &mut Self {
        self.open();
        match at {
            Some(at) => calendar::write_time(&mut self.text, at),
            None => self.text.push_str(none),
        }
        self.text.push_str(after);
        self.close();
        self
    }

    /// A time or nothing.
    pub fn time(&mut self, at: Option<i64>) -> &mut Self {
        self.time_or(at, "", "")
    }
}

/// Couriers, and how their numbers begin.
pub const COURIERS: &[(&str, &str)] = &[("顺丰速运", "SF"), ("中通快递", "74"), ("圆通速递", "YT"), ("韵达快递", "43"), ("极兔速递", "JT")];

/// The courier and the parcel's number.
pub fn parcel(noise: u64) -> (&'static str, String) {
    let (name, prefix) = COURIERS[(noise % COURIERS.len() as u64) as usize];
    (name, format!("{prefix}{:012}", noise / 7 % 1_000_000_000_000))
}

/// What some buyers ask for.
pub fn memo(noise: u64) -> &'static str {
    const MEMOS: &[&str] = &["周末送货", "请尽快发货", "不要放驿站", "包装好一点", "麻烦换成大码"];
    if noise % 100 < 7 { MEMOS[(noise / 100 % MEMOS.len() as u64) as usize] } else { "" }
}

/// The platform's id of a good.
pub fn goods_id(platform: u64, good: usize) -> String {
    (600_000_000_000 + platform * 7_919_000_003 + good as u64 * 104_729).to_string()
}
