//! The reports as tables for files: what is owed by month of lots, what will become of lots, months to come.

use std::borrow::Cow;

use shuke_kernel::{Result, Zone};
use shuke_sheets::{Cell, Field, Format, Kind, Sheet, Style, Writer};

use super::cells::shown;
use super::forecast::{Forecast, Range};
use super::liability::Liability;
use super::revenue::worth;

/// A table with its rows.
pub type Table = (Sheet, Vec<Vec<Cell>>);

/// The tables by name.
pub const TABLES: [&str; 3] = ["liability", "lots", "ahead"];

const OWED: &[Field] = &[
    Field::new("month", "账目月份", Kind::Text),
    Field::new("lot_month", "批次月份", Kind::Text),
    Field::new("opening", "期初", Kind::Int),
    Field::new("issued", "发放", Kind::Int),
    Field::new("redeemed", "使用", Kind::Int),
    Field::new("expired", "过期", Kind::Int),
    Field::new("reversed", "收回", Kind::Int),
    Field::new("closing", "期末", Kind::Int),
];

const WORTH: [Field; 7] = [
    Field::new("opening_worth", "期初价值", Kind::Money),
    Field::new("issued_worth", "发放价值", Kind::Money),
    Field::new("redeemed_worth", "使用价值", Kind::Money),
    Field::new("expired_worth", "过期价值", Kind::Money),
    Field::new("reversed_worth", "收回价值", Kind::Money),
    Field::new("closing_worth", "期末价值", Kind::Money),
    Field::new("currency", "币种", Kind::Word),
];

/// What is owed, a row for each month of lots; with what the points buy where `value` is stated, in millionths of a yuan.
///
/// # Errors
/// Where that makes an amount too large to reckon.
pub fn liability(owed: &Liability, value: Option<i64>) -> Result<Table> {
    let row = |l: &super::Line| {
        let lot = if l.lot_month > 0 { Cell::Text(shown(l.lot_month)) } else { Cell::Null };
        let points = [l.opening, l.issued, l.redeemed, l.expired, l.reversed, l.closing()];
        let mut row: Vec<Cell> = [Cell::Text(shown(owed.month)), lot].into_iter().chain(points.map(Cell::Int)).collect();
        if let Some(value) = value {
            for points in points {
                row.push(Cell::Int(worth(points, value)?));
            }
            row.push("CNY".into());
        }
        Ok(row)
    };
    let rows = owed.lines.iter().map(row).collect::<Result<Vec<_>>>()?;
    let mut sheet = sheet("liability", "积分负债", OWED);
    if value.is_some() {
        sheet.fields.to_mut().extend(WORTH);
    }
    Ok((sheet, rows))
}

const LOTS: &[Field] = &[
    Field::new("month", "截至月末", Kind::Text),
    Field::new("lot_month", "批次月份", Kind::Text),
    Field::new("issued", "发放", Kind::Int),
    Field::new("redeemed", "已使用", Kind::Int),
    Field::new("expired", "已过期", Kind::Int),
    Field::new("reversed", "已收回", Kind::Int),
    Field::new("left", "剩余", Kind::Int),
    Field::new("will_use", "预计使用", Kind::Int),
    Field::new("will_use_low", "预计使用下限", Kind::Int),
    Field::new("will_use_high", "预计使用上限", Kind::Int),
    Field::new("will_expire", "预计过期", Kind::Int),
    Field::new("will_expire_low", "预计过期下限", Kind::Int),
    Field::new("will_expire_high", "预计过期上限", Kind::Int),
    Field::new("allocated", "分摊的价款", Kind::Money),
    Field::new("deferred", "递延收入", Kind::Money),
    Field::new("currency", "币种", Kind::Word),
];

fn range(r: Range) -> [Cell; 3] {
    [r.estimate.into(), r.low.into(), r.high.into()]
}

/// What will become of lots, with what waits of the price where rates were stated: `(allocated, deferred)` in fen for each.
pub fn lots(told: &Forecast, money: &[Option<(i64, i64)>]) -> Table {
    let row = |(i, l): (usize, &super::forecast::Lots)| {
        let waits = money.get(i).copied().flatten();
        [Cell::Text(shown(told.month)), Cell::Text(shown(l.month))]
            .into_iter()
            .chain([l.issued, l.redeemed, l.expired, l.reversed, l.left].map(Cell::Int))
            .chain(range(l.will_use))
            .chain(range(l.will_expire))
            .chain([waits.map(|w| w.0).into(), waits.map(|w| w.1).into(), waits.map(|_| "CNY").into()])
            .collect()
    };
    (sheet("lots", "批次去向预测", LOTS), told.lots.iter().enumerate().map(row).collect())
}

const AHEAD: &[Field] = &[
    Field::new("month", "月份", Kind::Text),
    Field::new("issued", "预计发放", Kind::Int),
    Field::new("issued_low", "预计发放下限", Kind::Int),
    Field::new("issued_high", "预计发放上限", Kind::Int),
    Field::new("used", "预计使用", Kind::Int),
    Field::new("used_low", "预计使用下限", Kind::Int),
    Field::new("used_high", "预计使用上限", Kind::Int),
    Field::new("expired", "预计过期", Kind::Int),
    Field::new("expired_low", "预计过期下限", Kind::Int),
    Field::new("expired_high", "预计过期上限", Kind::Int),
    Field::new("closing", "预计期末", Kind::Int),
    Field::new("closing_low", "预计期末下限", Kind::Int),
    Field::new("closing_high", "预计期末上限", Kind::Int),
];

/// Months to come.
pub fn ahead(told: &Forecast) -> Table {
    let row = |a: &super::forecast::Ahead| {
        let numbers = [a.issued, a.used, a.expired, a.closing].into_iter().flat_map(range);
        std::iter::once(Cell::Text(shown(a.month))).chain(numbers).collect()
    };
    (sheet("ahead", "逐月预测", AHEAD), told.ahead.iter().map(row).collect())
}

fn sheet(name: &'static str, zh: &'static str, fields: &'static [Field]) -> Sheet {
    Sheet { name: Cow::Borrowed(name), zh: Cow::Borrowed(zh), fields: Cow::Borrowed(fields) }
}

/// A table as a file.
///
/// # Errors
/// Where the format cannot hold it.
pub fn write((sheet, rows): &Table, format: Format, zh: bool, zone: Zone) -> std::result::Result<Vec<u8>, shuke_sheets::Error> {
    let mut file = Writer::new(Vec::new(), format, Style { zh, zone });
    file.begin(sheet)?;
    for row in rows {
        file.row(row)?;
    }
    Ok(file.finish()?.0)
}
