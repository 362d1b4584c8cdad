//! What a table is made of, whatever file it becomes.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};
use shuke_kernel::Zone;

/// A kind of file.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Format {
    /// Comma-separated values, UTF-8 with the mark that spreadsheets look for.
    Csv,
    /// Excel's workbook.
    Xlsx,
    /// Apache Parquet.
    Parquet,
}

impl Format {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Csv, Self::Xlsx, Self::Parquet];

    /// Its word, which is the ending of its files.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Xlsx => "xlsx",
            Self::Parquet => "parquet",
        }
    }

    /// The format of that word.
    pub fn named(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|f| f.word() == word)
    }

    /// Its media type.
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Csv => "text/csv; charset=utf-8",
            Self::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            Self::Parquet => "application/vnd.apache.parquet",
        }
    }
}

/// What a column holds.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    /// Text, mostly different in each row.
    Text,
    /// One of few words: a dictionary in Parquet.
    Word,
    /// A decimal number written as text, such as a ratio; what is no number stays text.
    Number,
    /// A count.
    Int,
    /// Minor units of the row's currency: a decimal amount in CSV and XLSX, whole minor units in
    /// Parquet.
    Money,
    /// Microseconds since 1970 in UTC.
    Time,
    /// Yes or no.
    Bool,
}

/// A column.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Field {
    /// Its name, as in the API.
    pub name: Cow<'static, str>,
    /// Its heading in Chinese.
    pub zh: Cow<'static, str>,
    /// What it holds.
    pub kind: Kind,
}

impl Field {
    /// A column with a name that is known beforehand.
    pub const fn new(name: &'static str, zh: &'static str, kind: Kind) -> Self {
        Self { name: Cow::Borrowed(name), zh: Cow::Borrowed(zh), kind }
    }
}

/// A table without its rows.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Sheet {
    /// Its name, as in the API.
    pub name: Cow<'static, str>,
    /// Its name in Chinese.
    pub zh: Cow<'static, str>,
    /// Its columns.
    pub fields: Cow<'static, [Field]>,
}

impl Sheet {
    /// Where the column stands that names the currency of the row's amounts.
    pub fn currency(&self) -> Option<usize> {
        self.fields.iter().position(|f| f.name == "currency")
    }
}

/// A cell, of its column's kind. Serialised it is plain JSON.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Cell {
    /// Nothing is known.
    Null,
    /// Yes or no.
    Bool(bool),
    /// A count, minor units, or microseconds.
    Int(i64),
    /// Text, a word, a number as text.
    Text(String),
}

impl From<&str> for Cell {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Cell {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<i64> for Cell {
    fn from(number: i64) -> Self {
        Self::Int(number)
    }
}

impl From<bool> for Cell {
    fn from(yes: bool) -> Self {
        Self::Bool(yes)
    }
}

impl From<shuke_kernel::Instant> for Cell {
    fn from(at: shuke_kernel::Instant) -> Self {
        Self::Int(at.micros())
    }
}

impl<T: Into<Cell>> From<Option<T>> for Cell {
    fn from(maybe: Option<T>) -> Self {
        maybe.map_or(Self::Null, Into::into)
    }
}

/// How a file speaks to whom it is for. Parquet always has the names of the API and UTC.
#[derive(Clone, Debug)]
pub struct Style {
    /// Chinese headings.
    pub zh: bool,
    /// The zone in which times are shown.
    pub zone: Zone,
}

/// Minor units as a decimal: 12850 with two digits is `128.50`.
pub fn amount(minor: i64, digits: u32) -> String {
    let (sign, size) = (if minor < 0 { "-" } else { "" }, minor.unsigned_abs());
    match 10_u64.checked_pow(digits).filter(|_| digits > 0) {
        None => format!("{sign}{size}"),
        Some(unit) => format!("{sign}{}.{:0width$}", size / unit, size % unit, width = digits as usize),
    }
}

/// The digits of the row's currency; two where it names none.
pub(crate) fn digits(row: &[Cell], currency: Option<usize>) -> u32 {
    match currency.and_then(|i| row.get(i)) {
        Some(Cell::Text(code)) => code.parse::<shuke_kernel::Currency>().map_or(2, |c| c.digits()),
        _ => 2,
    }
}

#[cfg(test)]
mod tests {
    use super::amount;

    #[test]
    fn amounts_are_exact() {
        assert_eq!(amount(12_850, 2), "128.50");
        assert_eq!(amount(-5, 2), "-0.05");
        assert_eq!(amount(0, 2), "0.00");
        assert_eq!(amount(1980, 0), "1980");
        assert_eq!(amount(i64::MIN, 3), "-9223372036854775.808");
    }
}
