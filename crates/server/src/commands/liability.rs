//! `shuke report liability`: what programmes owe in points at the end of a month, and what will become of it. Of a closed month
//! the answer is the same for ever.

use anyhow::Result;
use clap::Args;
use serde_json::{Map, Value, json};
use shuke_insight::tables::Table;
use shuke_kernel::{Actor, Ctx, Error, Zone};
use shuke_programme::definition::service;
use shuke_programme::http::owed::{self, PointsForecast, PointsLiability, Rates};
use shuke_programme::owed::cells::{self, month_of};
use shuke_programme::owed::{Forecast, Liability, forecast, liability, revenue, tables};
use shuke_programme::{Programme, ProgrammeId};
use shuke_sheets::{Cell, Field, Kind, amount};
use shuke_store::Store;

use super::admin::merchant;
use super::report::{Options, print};
use crate::out::Out;
use crate::wrong::wrong;

/// What is asked of the liability alone.
#[derive(Args, Clone, Debug, Default)]
pub struct Asked {
    /// Of the liability: the month, such as 2026-11. Default: the present one, which is open.
    #[arg(long, value_name = "MONTH")]
    pub month: Option<String>,
    /// Of the liability and of points that end: the programme, by id or name. Default: all; of the liability all that were there by the end of the month.
    #[arg(long, value_name = "PROGRAMME")]
    pub programme: Option<String>,
    /// Of the liability: months to foretell, from the end of a closed month on.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u8).range(1..=36))]
    pub ahead: Option<u8>,
    /// Of the liability and of points that end: what a point buys in yuan, such as 0.01; with it what is owed is told in money too, the deferred revenue of a closed month, and what those that end are worth.
    #[arg(long, value_name = "YUAN")]
    pub value: Option<String>,
    /// Of the liability: points that a yuan of goods earns.
    #[arg(long, default_value = "1", value_name = "POINTS")]
    pub per_yuan: String,
    /// Of the liability: the share of points that was expected to be used when they were given. Default: as expected now.
    #[arg(long, value_name = "SHARE")]
    pub use_at_issue: Option<String>,
    /// Of the liability: the share of points that is expected to be used by now. Default: estimated.
    #[arg(long, value_name = "SHARE")]
    pub use_now: Option<String>,
}

impl Asked {
    /// What was stated of points in money.
    pub fn rates(&self) -> Result<Rates> {
        let read = |text: Option<&str>, what: &str| {
            let number = text.map(|text| {
                revenue::millionths(text)
                    .filter(|n| *n > 0)
                    .ok_or_else(|| wrong("command.usage", format!("--{what} {text} is no decimal above 0 with at most six places")))
            });
            number.transpose()
        };
        let share = |text: Option<&str>, what: &str| -> Result<Option<i64>> {
            match read(text, what)? {
                Some(n) if n > revenue::MILLION => Err(wrong("command.usage", format!("--{what} is a share: at most 1"))),
                other => Ok(other),
            }
        };
        Ok(Rates {
            value: read(self.value.as_deref(), "value")?,
            per_yuan: read(Some(&self.per_yuan), "per-yuan")?,
            use_at_issue: share(self.use_at_issue.as_deref(), "use-at-issue")?,
            use_now: share(self.use_now.as_deref(), "use-now")?,
        })
    }
}

/// What was set apart and what waits of each month's lots, in fen.
type Waits = Vec<Option<(i64, i64)>>;

/// A programme's book of a month.
struct Told {
    programme: Programme,
    zone: Zone,
    owed: Liability,
    /// What a point buys, in millionths of a yuan, where that was stated.
    value: Option<i64>,
    /// Of a closed month: what will become of it, and what waits of the price, where that was asked for.
    next: Option<(Forecast, Waits)>,
}

/// Shows the report.
pub fn show(store: &Store, options: &Options, out: &mut Out<'_>) -> Result<u8> {
    let all = read(store, options)?;
    if out.json {
        let items = all.iter().map(object).collect::<Result<Vec<_>>>()?;
        out.object(&json!({ "report": "liability", "programmes": items }))?;
        return Ok(0);
    }
    if options.csv.is_some() {
        let (table, zone) = one_table(&all, options.csv.as_deref())?;
        let bytes = tables::write(&table, shuke_sheets::Format::Csv, false, zone)?;
        // The mark for spreadsheets would be in a pipe's way.
        out.stream().write_all(bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(&bytes))?;
        return Ok(0);
    }
    if all.is_empty() {
        out.line("There is no programme that could owe points.")?;
    }
    for told in &all {
        people(told, out)?;
    }
    Ok(0)
}

/// The table of that name, without one the report's own, with the zone of its days.
pub fn table_named(store: &Store, options: &Options, name: Option<&str>) -> Result<(tables::Table, Zone)> {
    one_table(&read(store, options)?, name)
}

fn one_table(all: &[Told], name: Option<&str>) -> Result<(tables::Table, Zone)> {
    let told = match all {
        [told] => told,
        [] => return Err(wrong("report.no_programme", "there is no programme that could owe points")),
        _ => return Err(wrong("report.several_programmes", "there are several programmes: name one with --programme")),
    };
    let wanted = name.unwrap_or(tables::TABLES[0]);
    let all = sheets(told)?;
    let has: Vec<String> = all.iter().map(|(sheet, _)| sheet.name.to_string()).collect();
    let found = all.into_iter().find(|(sheet, _)| sheet.name == wanted);
    let found = found.ok_or_else(|| {
        let hint = if has.len() == 1 { "; with --ahead N of a closed month lots and ahead as well" } else { "" };
        wrong("report.unknown_table", format!("the report has no table `{wanted}`: it has {}{hint}", has.join(", ")))
    })?;
    Ok((found, told.zone.clone()))
}

fn read(store: &Store, options: &Options) -> Result<Vec<Told>> {
    let merchant = merchant(store, options.merchant.as_deref())?;
    let cx = Ctx::new(merchant.no, Actor::Cli, store.clock().now());
    let asked = &options.owed;
    let month = asked
        .month
        .as_deref()
        .map(|text| month_of(text).ok_or_else(|| wrong("command.usage", format!("--month {text} is no month: such as 2026-11"))));
    let (month, rates, named) = (month.transpose()?, asked.rates()?, asked.programme.clone());
    let ahead = asked.ahead.map(usize::from).or(rates.value.map(|_| 1));
    let found = store.read_now(move |tx| {
        let mut all = Vec::new();
        for programme in service::list(tx, cx.merchant)? {
            if named.as_ref().is_some_and(|name| *name != programme.id.to_string() && *name != programme.name) {
                continue;
            }
            let zone = service::rules(tx, cx.merchant, &programme)?.first().zone.clone();
            // One that was made later says nothing of a month before: what was said of that stays.
            if named.is_none() && month.is_some_and(|month| programme.created_at >= cells::end_of(&zone, month)) {
                continue;
            }
            let owed = liability(tx, &cx, &programme, month)?;
            let next = match ahead {
                Some(ahead) => {
                    let told = forecast(tx, &cx, &programme, Some(owed.month), ahead)?;
                    let waits = owed::money(&told, rates)?;
                    Some((told, waits))
                }
                None => None,
            };
            all.push(Told { programme, zone, owed, value: rates.value, next });
        }
        Ok::<_, Error>(all)
    })?;
    match &asked.programme {
        Some(name) if found.is_empty() => Err(wrong("report.no_programme", format!("there is no programme `{name}`"))),
        _ => Ok(found),
    }
}

/// A programme's book without its name: that may change.
fn object(told: &Told) -> Result<Value> {
    let id: ProgrammeId = told.programme.id;
    let mut object: Map<String, Value> = Map::new();
    object.insert("programme".to_owned(), json!(id));
    if let Value::Object(body) = owed::json(&PointsLiability::of(&told.owed, told.value)?)? {
        object.extend(body);
    }
    if let Some((next, waits)) = &told.next {
        object.insert("forecast".to_owned(), owed::json(&PointsForecast::of(next, waits, told.value)?)?);
    }
    Ok(Value::Object(object))
}

fn sheets(told: &Told) -> Result<Vec<tables::Table>> {
    let mut all = vec![tables::liability(&told.owed, told.value)?];
    if let Some((next, waits)) = &told.next {
        all.extend([tables::lots(next, waits), tables::ahead(next)]);
    }
    Ok(all)
}

fn people(told: &Told, out: &mut Out<'_>) -> Result<()> {
    let owed = &told.owed;
    let closed = if owed.closed { "closed" } else { "open" };
    out.line(format!("{}  {}  {} ({closed})", told.programme.id, told.programme.name, cells::shown(owed.month)))?;
    for (sheet, rows) in sheets(told)? {
        // Of tables for people: what is empty in every row is left out.
        let used = |i: usize| rows.iter().any(|row| row.get(i).is_some_and(|cell| *cell != Cell::Null));
        let columns: Vec<usize> = (0..sheet.fields.len()).filter(|i| used(*i)).collect();
        let text = |field: &Field, cell: &Cell| match cell {
            Cell::Int(n) if field.kind == Kind::Money => amount(*n, 2),
            Cell::Int(n) => n.to_string(),
            Cell::Text(text) => text.clone(),
            Cell::Bool(yes) => yes.to_string(),
            Cell::Null => String::new(),
        };
        let table = Table {
            name: sheet.name.to_string(),
            header: columns.iter().map(|i| sheet.fields[*i].name.to_string()).collect(),
            kinds: columns.iter().map(|i| sheet.fields[*i].kind).collect(),
            rows: rows.iter().map(|row| columns.iter().map(|i| text(&sheet.fields[*i], &row[*i])).collect()).collect(),
        };
        print(&table, out)?;
    }
    let totals = owed.totals();
    out.line(format!(
        "owed at the end: {} = available {} + frozen {} − debt {}",
        totals.closing(),
        owed.available,
        owed.frozen,
        owed.debt
    ))?;
    out.line(format!("not owed yet, pending: {}", owed.pending))?;
    if let Some((next, _)) = &told.next {
        let share = |n: i64| format!("{}.{:02} %", n / 10_000, n % 10_000 / 100);
        let estimate = next.breakage.estimate.map_or_else(|| "not known".to_owned(), share);
        out.line(format!("breakage: {estimate}, from {} to {}", share(next.breakage.low), share(next.breakage.high)))?;
        if let Some(why) = next.too_little {
            out.line(format!("too little history: {}", why.word()))?;
        }
    }
    out.line("")
}
