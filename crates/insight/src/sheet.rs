//! A table of a report as a file for people: headings in their language, money in the currency's own
//! unit. Parquet is for programs: the API's names and whole minor units.

use std::borrow::Cow;

use shuke_kernel::Currency;
use shuke_sheets::{Cell, Field, Format, Kind, Sheet, Style, Writer, amount};

use crate::headings;
use crate::tables::Table;

impl Table {
    /// The table as a file of that format, whole. Beside money stands the currency, where the report
    /// has one.
    pub fn write<W: std::io::Write + Send>(&self, to: W, format: Format, style: Style, currency: Option<&str>) -> std::io::Result<W> {
        let sheet = Dressed::of(self, format, style.zh, currency);
        let mut file = Writer::new(to, format, style);
        file.begin(&sheet.sheet(self))?;
        for row in &self.rows {
            file.row(&sheet.cells(row))?;
        }
        Ok(file.finish()?.0)
    }
}

/// How a table goes into a file.
struct Dressed<'a> {
    fields: Vec<Field>,
    /// Of single figures below each other each is money or not by its name; then they are decimals of
    /// so many digits.
    figures: Option<u32>,
    money: bool,
    currency: Option<&'a str>,
    zh: bool,
}

fn field(name: &str, zh: Option<String>, kind: Kind) -> Field {
    Field { name: Cow::Owned(name.to_owned()), zh: Cow::Owned(zh.unwrap_or_else(|| name.to_owned())), kind }
}

impl<'a> Dressed<'a> {
    fn of(table: &Table, format: Format, zh: bool, currency: Option<&'a str>) -> Self {
        let pairs = table.header.first().is_some_and(|h| h == "figure");
        let kind = |header: &str, kind: Kind| match kind {
            Kind::Int if !pairs && headings::column_is_money(&table.name, header) => Kind::Money,
            other => other,
        };
        let columns = table.header.iter().zip(&table.kinds);
        let mut fields: Vec<Field> = columns.map(|(h, k)| field(h, headings::column(&table.name, h), kind(h, *k))).collect();
        let people = format != Format::Parquet;
        let money = if pairs { table.rows.iter().any(|r| headings::is_money(&r[0])) } else { fields.iter().any(|f| f.kind == Kind::Money) };
        if money {
            fields.push(field("currency", headings::chinese("currency"), Kind::Word));
        }
        let digits = currency.and_then(|c| c.parse::<Currency>().ok()).map_or(2, |c| c.digits());
        Self { fields, figures: (pairs && people).then_some(digits), money, currency, zh: zh && people }
    }

    fn sheet(&self, table: &Table) -> Sheet {
        let zh = headings::chinese(&table.name).unwrap_or_else(|| table.name.clone());
        Sheet { name: Cow::Owned(table.name.clone()), zh: Cow::Owned(zh), fields: self.fields.clone().into() }
    }

    fn cells(&self, row: &[String]) -> Vec<Cell> {
        let mut cells: Vec<Cell> = row.iter().zip(&self.fields).map(|(text, f)| typed(text, f.kind)).collect();
        let figure = self.fields[0].name == "figure";
        let money = self.money && (!figure || headings::is_money(&row[0]));
        if let (Some(digits), [name, value]) = (self.figures, row) {
            if money && !value.is_empty() {
                cells[1] = in_unit(value, digits).map_or(Cell::Text(value.clone()), Cell::Text);
            }
            if self.zh {
                cells[0] = Cell::Text(headings::chinese(name).unwrap_or_else(|| name.clone()));
            }
        }
        if self.money {
            cells.push(if money { self.currency.map_or(Cell::Null, |c| Cell::Text(c.to_owned())) } else { Cell::Null });
        }
        cells
    }
}

fn typed(text: &str, kind: Kind) -> Cell {
    match kind {
        _ if text.is_empty() => Cell::Null,
        Kind::Int | Kind::Money => text.parse().map_or_else(|_| Cell::Text(text.to_owned()), Cell::Int),
        _ => Cell::Text(text.to_owned()),
    }
}

/// Minor units, which as a mean may have decimals, as a decimal of the currency's own unit, half away
/// from zero.
fn in_unit(text: &str, digits: u32) -> Option<String> {
    let (whole, rest) = text.split_once('.').unwrap_or((text, ""));
    let size: i64 = whole.trim_start_matches('-').parse().ok()?;
    let size = size.checked_add(i64::from(rest.bytes().next().is_some_and(|d| d >= b'5')))?;
    Some(amount(if whole.starts_with('-') { -size } else { size }, digits))
}

#[cfg(test)]
mod tests {
    use super::in_unit;

    #[test]
    fn a_mean_is_rounded_to_the_minor_unit() {
        assert_eq!(in_unit("12850", 2).unwrap(), "128.50");
        assert_eq!(in_unit("12850.5000", 2).unwrap(), "128.51");
        assert_eq!(in_unit("-0.5000", 2).unwrap(), "-0.01");
        assert_eq!(in_unit("-0.4999", 2).unwrap(), "0.00");
        assert_eq!(in_unit("1980.49", 0).unwrap(), "1980");
        assert_eq!(in_unit("mean", 2), None);
    }
}
