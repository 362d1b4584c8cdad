//! `shuke report ending`: whose points end soon, how many and on which day; whom to remind.

use anyhow::Result;
use serde_json::json;
use shuke_insight::tables::Table;
use shuke_kernel::{Actor, Ctx, Error};
use shuke_programme::ending::{self, Ending, MOST_DAYS, START, Window, service::Ready, tables};
use shuke_programme::http::ending::{PointsEnding, WITHIN};
use shuke_programme::owed::revenue::worth;
use shuke_sheets::{Format, Kind, amount};
use shuke_store::Store;

use super::admin::merchant;
use super::report::{Options, print};
use crate::out::Out;
use crate::wrong::wrong;

/// Members read in one go.
const STEP: usize = 1_000;

/// The days asked about: `--within`, else `--from` and `--to`, else thirty.
fn window(options: &Options) -> Result<impl Fn(jiff::civil::Date) -> Window + Copy + use<>> {
    let days = options.within.as_deref().map(|text| {
        let number = text.strip_suffix('d').unwrap_or(text).parse::<i64>().ok().filter(|n| (1..=MOST_DAYS).contains(n));
        number.ok_or_else(|| wrong("command.usage", format!("--within {text} is no number of days from 1 to {MOST_DAYS}: such as 30d")))
    });
    let (days, from, to) = (days.transpose()?, options.from, options.to);
    if from.zip(to).is_some_and(|(from, to)| from >= to) {
        return Err(wrong("command.usage", "--to is the day before which points end: a day after --from"));
    }
    Ok(move |today| {
        let of = Window::within(from.unwrap_or(today), days.unwrap_or(WITHIN));
        Window { to: to.unwrap_or(of.to), ..of }
    })
}

/// Everybody of a list.
fn all(store: &Store, cx: &Ctx, asked: &Ready) -> Result<Vec<Ending>> {
    let (mut found, mut at) = (Vec::new(), START);
    loop {
        let (cx, of) = (cx.clone(), asked.clone());
        let page = store.read_now(move |tx| ending::page(tx, &cx, &of, at, STEP))?;
        found.extend(page.items);
        match page.next {
            Some(next) => at = next,
            None => return Ok(found),
        }
    }
}

/// What is asked: of each programme that is meant; and what a point buys, in millionths of a yuan.
fn asked(store: &Store, options: &Options) -> Result<(Ctx, Vec<Ready>, Option<i64>)> {
    let (window, value) = (window(options)?, options.owed.rates()?.value);
    let merchant = merchant(store, options.merchant.as_deref())?;
    let (cx, named) = (Ctx::new(merchant.no, Actor::Cli, store.clock().now()), options.owed.programme.clone());
    let of = cx.clone();
    let lists = store.read_now(move |tx| {
        let programmes = shuke_programme::definition::service::list(tx, of.merchant)?.into_iter();
        let wanted = programmes.filter(|p| named.as_ref().is_none_or(|name| *name == p.id.to_string() || *name == p.name));
        wanted.map(|p| ending::ready(tx, &of, p.id, window, 1)).collect::<Result<Vec<Ready>, Error>>()
    })?;
    if let Some(name) = options.owed.programme.as_ref().filter(|_| lists.is_empty()) {
        return Err(wrong("report.no_programme", format!("there is no programme `{name}`")));
    }
    if lists.iter().any(|list| list.window.from >= list.window.to) {
        return Err(wrong("command.usage", "--to is over: without --from the first day is today"));
    }
    Ok((cx, lists, value))
}

/// The one programme that is meant, where a file is asked for.
///
/// # Errors
/// Where there is none, or several.
pub fn one(store: &Store, options: &Options, table: Option<&str>) -> Result<(Ctx, Ready, Option<i64>)> {
    if let Some(table) = table.filter(|table| *table != "ending") {
        return Err(wrong("report.unknown_table", format!("the report has no table `{table}`: it has ending")));
    }
    let (cx, mut lists, value) = asked(store, options)?;
    match (lists.pop(), lists.is_empty()) {
        (Some(asked), true) => Ok((cx, asked, value)),
        (None, _) => Err(wrong("report.no_programme", "there is no programme whose points could end")),
        _ => Err(wrong("report.several_programmes", "there are several programmes: name one with --programme")),
    }
}

/// Shows the report.
pub fn show(store: &Store, options: &Options, out: &mut Out<'_>) -> Result<u8> {
    if options.csv.is_some() {
        let (cx, asked, value) = one(store, options, options.csv.as_deref())?;
        let (bytes, _) = tables::write(store, &cx, &asked, value, Format::Csv, false, Vec::new())?;
        // The mark for spreadsheets would be in a pipe's way.
        out.stream().write_all(bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(&bytes))?;
        return Ok(0);
    }
    let (cx, lists, value) = asked(store, options)?;
    let mut told = Vec::new();
    for asked in &lists {
        let members = all(store, &cx, asked)?;
        if out.json {
            let members = members.iter().map(|m| PointsEnding::of(m, value)).collect::<Result<Vec<_>, Error>>()?;
            let (from, to) = (asked.window.from.to_string(), asked.window.to.to_string());
            told.push(json!({ "programme": asked.programme.id, "name": asked.programme.name, "from": from, "to": to, "members": members }));
        } else {
            people(asked, &members, value, out)?;
        }
    }
    if out.json {
        out.object(&json!({ "report": "ending", "programmes": told }))?;
    } else if lists.is_empty() {
        out.line("There is no programme whose points could end.")?;
    }
    Ok(0)
}

fn people(asked: &Ready, members: &[Ending], value: Option<i64>, out: &mut Out<'_>) -> Result<()> {
    let Window { from, to } = asked.window;
    out.line(format!("{} {}: points whose last day is from {from} to before {to}", asked.programme.name, asked.programme.id))?;
    if members.is_empty() {
        return out.line("nobody's points end in these days\n");
    }
    let mut header: Vec<String> = ["member", "points", "first_day", "last_day", "available", "tier"].map(str::to_owned).into();
    let mut kinds = vec![Kind::Text, Kind::Int, Kind::Text, Kind::Text, Kind::Int, Kind::Text];
    if value.is_some() {
        header.push("worth".to_owned());
        kinds.push(Kind::Money);
    }
    let row = |m: &Ending| {
        let (first, last) = m.bounds().map(|(a, b)| (a.to_string(), b.to_string())).unwrap_or_default();
        let tier = m.tier.as_ref().map(|tier| tier.id.clone()).unwrap_or_default();
        let mut row = vec![m.member.to_string(), m.points.to_string(), first, last, m.available.to_string(), tier];
        row.extend(value.map(|value| worth(m.points, value)).transpose()?.map(|fen| amount(fen, 2)));
        Ok(row)
    };
    let rows = members.iter().map(row).collect::<Result<Vec<_>>>()?;
    print(&Table { name: "ending".to_owned(), header, kinds, rows }, out)
}
