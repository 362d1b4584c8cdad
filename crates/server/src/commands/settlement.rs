//! `shuke report settlement` and `shuke export report settlement`: what the platforms settled, from
//! the store itself.

use anyhow::Result;
use shuke_commerce::settlement::service::{self, Window};
use shuke_commerce::settlement::{Adder, Settlement, tables};
use shuke_insight::tables::Table;
use shuke_kernel::{Actor, Ctx, Currency, Zone};
use shuke_sheets::{Cell, Field, Kind, Sheet, amount};
use shuke_store::Store;

use super::admin::merchant;
use super::report::Options;
use crate::out::Out;
use crate::wrong::wrong;

/// The answer, page by page.
pub fn answer(store: &Store, options: &Options, zh: bool) -> Result<Settlement> {
    let merchant = merchant(store, options.merchant.as_deref())?;
    let cx = Ctx::new(merchant.no, Actor::Cli, store.clock().now());
    let zone = options.zone.clone().unwrap_or(merchant.zone);
    let days = Zone::named(&zone)
        .ok_or_else(|| wrong("report.unknown_zone", format!("there is no time zone `{zone}`: use an IANA name such as Asia/Shanghai")))?;
    let to = options.to.unwrap_or_else(|| Window::year_to(days.day(cx.now)).1);
    let from = options.from.unwrap_or_else(|| Window::year_to(to.yesterday().unwrap_or(to)).0);
    if from >= to {
        return Err(wrong("settlement.window", format!("--from ({from}) is not before --to ({to}): the window would be empty")));
    }
    let currency: Currency = match &options.currency {
        Some(code) => code.parse().map_err(|e: String| wrong("settlement.currency", e))?,
        None => merchant.currency,
    };
    let window = Window { from, to, zone, currency };
    let (zone, asked) = window.asked("", "").ok_or_else(|| wrong("settlement.window", "these days are none of that zone"))?;
    let (mut adder, mut after) = (Adder::default(), None);
    loop {
        let (inner, of) = (cx.clone(), asked.clone());
        let page = store.read_now(move |tx| service::page(tx, &inner, &of, after))?;
        after = page.next;
        adder.take(&zone, page);
        if after.is_none() {
            return Ok(adder.done(window, cx.now, zh));
        }
    }
}

/// The table of that name, without one the report's own, with its rows.
pub fn table_named(answer: &Settlement, name: Option<&str>, zh: bool) -> Result<(Sheet, Vec<Vec<Cell>>)> {
    let name = name.unwrap_or(tables::TABLES[0]);
    tables::table(answer, name, zh)
        .ok_or_else(|| wrong("report.unknown_table", format!("the report has no table `{name}`: it has {}", tables::TABLES.join(", "))))
}

/// Shows the report.
pub fn show(store: &Store, options: &Options, out: &mut Out<'_>) -> Result<u8> {
    let answer = answer(store, options, false)?;
    if out.json {
        out.object(&answer)?;
        return Ok(0);
    }
    if let Some(name) = &options.csv {
        let (sheet, rows) = table_named(&answer, Some(name), false)?;
        let mut lines = Vec::new();
        let style = shuke_sheets::Style { zh: false, zone: Zone::named(&answer.zone).unwrap_or_else(Zone::shanghai) };
        let mut file = shuke_sheets::Writer::new(&mut lines, shuke_sheets::Format::Csv, style);
        file.begin(&sheet)?;
        rows.iter().try_for_each(|row| file.row(row))?;
        file.finish()?;
        out.stream().write_all(lines.strip_prefix("\u{feff}".as_bytes()).unwrap_or(&lines))?;
        return Ok(0);
    }
    let digits = answer.currency.parse::<Currency>().map_or(2, |c| c.digits());
    for name in tables::TABLES {
        let (sheet, rows) = table_named(&answer, Some(name), false)?;
        super::report::print(&plain(&sheet, &rows, digits), out)?;
    }
    Ok(0)
}

fn plain(sheet: &Sheet, rows: &[Vec<Cell>], digits: u32) -> Table {
    let text = |(cell, field): (&Cell, &Field)| match (cell, field.kind) {
        (Cell::Null, _) => String::new(),
        (Cell::Int(minor), Kind::Money) => amount(*minor, digits),
        (Cell::Int(n), _) => n.to_string(),
        (Cell::Bool(yes), _) => yes.to_string(),
        (Cell::Text(text), _) => text.clone(),
    };
    Table {
        name: sheet.name.to_string(),
        header: sheet.fields.iter().map(|f| f.name.to_string()).collect(),
        kinds: sheet.fields.iter().map(|f| f.kind).collect(),
        rows: rows.iter().map(|row| row.iter().zip(sheet.fields.iter()).map(text).collect()).collect(),
    }
}
