//! `shuke programme try`: what other rules would make of all members, before they are saved.

use anyhow::Result;
use clap::Args;
use serde_json::Value;
use shuke_http::Lang;
use shuke_kernel::{Ctx, Instant};
use shuke_programme::definition::service;
use shuke_programme::http::trials;
use shuke_programme::trial::{self, Stated};
use shuke_programme::{Programme, ProgrammeId};
use shuke_sheets::amount;
use shuke_store::Store;

use super::points::table;
use super::report::print;
use crate::out::Out;
use crate::wrong::wrong;

/// What is asked of a trial.
#[derive(Args, Clone, Debug)]
pub struct Asked {
    /// The programme, by id or name (not needed where there is one).
    #[arg(long, value_name = "PROGRAMME")]
    pub programme: Option<String>,
    /// From when on the rules would hold, in RFC 3339; now unless given.
    #[arg(long, value_name = "TIME")]
    pub from: Option<String>,
    /// Up to when time passes, with nothing but what is due by itself; the beginning of the rules unless given.
    #[arg(long, value_name = "TIME")]
    pub as_of: Option<String>,
    /// Yuan that a point buys. Default: 0.01
    #[arg(long, value_name = "YUAN")]
    pub point_value: Option<String>,
    /// The share of points that is used, 0 to 1. Default: 1
    #[arg(long, value_name = "SHARE")]
    pub used: Option<String>,
    /// The share of the price of what points buy that is the shop's margin, 0 to 1. Default: 0
    #[arg(long, value_name = "SHARE")]
    pub margin: Option<String>,
    /// Months of real orders that are earned again under both rules, 0 to 12.
    #[arg(long, default_value_t = 3, value_name = "N", value_parser = clap::value_parser!(i64).range(0..=12))]
    pub months: i64,
}

fn time(option: &str, text: Option<&str>) -> Result<Option<Instant>> {
    text.map(|text| text.parse().map_err(|_| wrong("command.usage", format!("--{option} {text} is no RFC 3339 time")))).transpose()
}

/// The programme that is named, or the only one.
pub(super) fn programme(all: Vec<Programme>, named: Option<&str>) -> Result<ProgrammeId> {
    let found: Vec<Programme> = all.into_iter().filter(|p| named.is_none_or(|name| p.id.to_string() == name || p.name == name)).collect();
    match (found.as_slice(), named) {
        ([one], _) => Ok(one.id),
        ([], Some(name)) => Err(wrong("programme.not_found", format!("there is no programme `{name}`"))),
        ([], None) => Err(wrong("programme.not_found", "there is no programme yet: shuke programme add FILE --name NAME")),
        _ => Err(wrong("programme.several", "there are several programmes: name one with --programme")),
    }
}

/// Tries it.
pub fn run(store: &Store, cx: &Ctx, rules: Value, asked: &Asked, out: &mut Out<'_>) -> Result<u8> {
    let merchant = cx.merchant;
    let id = programme(store.read_now(move |tx| service::list(tx, merchant))?, asked.programme.as_deref())?;
    let stated = Stated::read(asked.point_value.as_deref(), asked.used.as_deref(), asked.margin.as_deref())?;
    let wanted = trial::Asked {
        rules,
        from: time("from", asked.from.as_deref())?,
        as_of: time("as-of", asked.as_of.as_deref())?,
        stated,
        months: asked.months,
    };
    let of = cx.clone();
    let ready = store.read_now(move |tx| trial::ready(tx, &of, id, &wanted))?;
    let told = trials::told(store, &ready, cx.now, Lang::En)?;
    if out.json {
        out.object(&told)?;
    } else {
        people(&told, out)?;
    }
    Ok(0)
}

fn text(value: &Value) -> String {
    match value {
        Value::Null => "—".to_owned(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

fn people(told: &Value, out: &mut Out<'_>) -> Result<()> {
    out.line(format!("{} members, {} ms; {} lose something", told["members"], told["took_ms"], told["losing"]))?;
    if told["unreckoned"].as_i64().is_some_and(|n| n > 0) {
        out.line(format!("{} of them have numbers that are too large to reckon and are left out", told["unreckoned"]))?;
    }
    for (key, title) in [("held", "tiers held"), ("judged", "tiers once every period has ended")] {
        let moves = &told[key];
        out.line(format!("{title}: {} up, {} down, {} the same", moves["up"], moves["down"], moves["same"]))?;
        let row = |cell: &Value| ["from", "to", "members", "change"].map(|key| text(&cell[key])).to_vec();
        let rows = moves["cells"].as_array().map(|cells| cells.iter().map(row).collect()).unwrap_or_default();
        print(&table(key, &["without", "with", "members", ""], rows), out)?;
    }
    let yuan = |value: &Value| amount(value["amount"].as_i64().unwrap_or_default(), 2);
    for (key, title) in [("issued", "given by itself"), ("earning", "by orders, a month")] {
        if told[key].is_null() {
            continue;
        }
        let row = |side: &str, name: &str| {
            let points = &told[key][side];
            vec![name.to_owned(), text(&points["points"]), yuan(&points["value"]), yuan(&points["cost"])]
        };
        print(&table(key, &[title, "points", "worth", "costs"], vec![row("before", "without"), row("after", "with")]), out)?;
    }
    for sentence in told["assumed"].as_array().map(Vec::as_slice).unwrap_or_default() {
        out.line(text(sentence))?;
    }
    Ok(())
}
