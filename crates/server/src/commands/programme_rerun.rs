//! `shuke programme rerun`: older orders judged by another version, asked for, read as a list of corrections, booked as it was shown.

use std::time::Duration;

use anyhow::Result;
use clap::Subcommand;
use jiff::civil::Date;
use serde_json::{Value, json};
use shuke_kernel::{Ctx, Error};
use shuke_members::MemberId;
use shuke_programme::definition::service as programmes;
use shuke_programme::http::reruns;
use shuke_programme::owed::revenue::millionths;
use shuke_programme::rerun::{Asked, RerunId, service, tables};
use shuke_sheets::{Format, amount};
use shuke_store::{Lane, Store};

use super::points::table;
use super::programme_try::programme;
use super::report::print;
use crate::out::Out;
use crate::wrong::wrong;

/// Re-runs of a list at most.
const LISTED: i64 = 200;

/// What to do with re-runs.
#[derive(Subcommand, Clone, Debug)]
pub enum What {
    /// Reckon what the orders paid in some days would have earned by a version, and show it. Nothing is booked.
    Look {
        /// The number of a version that has begun.
        #[arg(long, value_name = "NO", conflicts_with = "own", required_unless_present = "own")]
        version: Option<u32>,
        /// By the versions that were in force when the orders were paid: takes earlier re-runs back.
        #[arg(long)]
        own: bool,
        /// The first day of payment, in the programme's zone.
        #[arg(long, value_name = "DATE")]
        from: Date,
        /// The last day of payment; it is over.
        #[arg(long, value_name = "DATE")]
        to: Date,
        /// The programme, by id or name (not needed where there is one).
        #[arg(long, value_name = "PROGRAMME")]
        programme: Option<String>,
        /// Yuan that a point buys, such as 0.01.
        #[arg(long, value_name = "YUAN")]
        value: Option<String>,
    },
    /// Re-runs of a programme, the newest first.
    List {
        /// The programme, by id or name (not needed where there is one).
        #[arg(long, value_name = "PROGRAMME")]
        programme: Option<String>,
    },
    /// What a re-run comes to, and the first corrections of its list.
    Show {
        /// Which: rrn_….
        #[arg(value_name = "RERUN")]
        rerun: RerunId,
        /// Yuan that a point buys, such as 0.01.
        #[arg(long, value_name = "YUAN")]
        value: Option<String>,
        /// Members to show.
        #[arg(long, default_value_t = 20, value_name = "N", value_parser = clap::value_parser!(i64).range(0..=200))]
        members: i64,
        /// Instead of all that: every correction as CSV.
        #[arg(long)]
        csv: bool,
    },
    /// Book a re-run as it was shown. Whose history is another by then is left as it is and told.
    Book {
        /// Which: rrn_….
        #[arg(value_name = "RERUN")]
        rerun: RerunId,
        /// Why, in words.
        #[arg(long, default_value = "")]
        note: String,
    },
    /// Throw away a re-run of which nothing was booked.
    Discard {
        /// Which: rrn_….
        #[arg(value_name = "RERUN")]
        rerun: RerunId,
    },
}

/// What a point buys, in millionths of a yuan.
fn value(text: Option<&str>) -> Result<Option<i64>> {
    let read = |text: &str| millionths(text).filter(|n| *n >= 1);
    text.map(|text| read(text).ok_or_else(|| wrong("command.usage", format!("--value {text} is no amount of yuan, such as 0.01"))))
        .transpose()
}

/// Does it.
pub fn run(store: &Store, cx: &Ctx, what: &What, out: &mut Out<'_>) -> Result<u8> {
    match what {
        What::Look { version, own: _, from, to, programme: named, value: text } => {
            let value = value(text.as_deref())?;
            let (id, asked) = (the_one(store, cx, named.as_deref())?, Asked { judge: *version, from: *from, to: *to });
            let of = cx.clone();
            let (rerun, _) = store.write_now(Lane::Interactive, move |tx| service::start(tx, &of, id, asked))?;
            done(store, cx, rerun, "looking")?;
            show(store, cx, rerun, value, 20, out)
        }
        What::List { programme: named } => list(store, cx, named.as_deref(), out),
        What::Show { rerun, csv: true, value: text, .. } => csv(store, cx, *rerun, value(text.as_deref())?, out),
        What::Show { rerun, value: text, members, .. } => show(store, cx, *rerun, value(text.as_deref())?, *members, out),
        What::Book { rerun, note } => {
            let (of, id, note) = (cx.clone(), *rerun, note.clone());
            store.write_now(Lane::Interactive, move |tx| service::book(tx, &of, id, &note))?;
            done(store, cx, id, "booking")?;
            let told = told(store, cx, id, None)?;
            if out.json {
                out.object(&told)?;
            } else {
                out.line(format!("booked for {} members", told["booked"]))?;
                stale(&told, out)?;
            }
            Ok(0)
        }
        What::Discard { rerun } => {
            let (of, id) = (cx.clone(), *rerun);
            store.write_now(Lane::Interactive, move |tx| service::discard(tx, &of, id))?;
            if out.json {
                out.object(&json!({ "id": id }))?
            } else {
                out.line("thrown away")?
            }
            Ok(0)
        }
    }
}

fn the_one(store: &Store, cx: &Ctx, named: Option<&str>) -> Result<shuke_programme::ProgrammeId> {
    let merchant = cx.merchant;
    programme(store.read_now(move |tx| programmes::list(tx, merchant))?, named)
}

fn told(store: &Store, cx: &Ctx, id: RerunId, value: Option<i64>) -> Result<Value> {
    let of = cx.clone();
    Ok(store.read_now(move |tx| reruns::told(tx, &of, id, value))?)
}

/// Works until the re-run is `state` no more, be it here or in a process that serves the shop.
fn done(store: &Store, cx: &Ctx, id: RerunId, state: &str) -> Result<()> {
    let runner = shuke_programme::rerun_jobs(store);
    loop {
        let worked = runner.run_one()?;
        let told = told(store, cx, id, None)?;
        if told["state"] != state {
            return Ok(());
        }
        let task = &told["progress"];
        if let Some(ended @ ("cancelled" | "failed" | "dead")) = task["state"].as_str() {
            let why = task["error"].as_str().unwrap_or_default();
            return Err(wrong(
                "rerun.not_done",
                format!("the task {} is {ended}; it goes on from there when asked to: {why}", text(&told["job"])),
            ));
        }
        if !worked {
            std::thread::sleep(Duration::from_millis(100));
        }
    }
}

fn text(value: &Value) -> String {
    match value {
        Value::Null => "—".to_owned(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

fn list(store: &Store, cx: &Ctx, named: Option<&str>, out: &mut Out<'_>) -> Result<u8> {
    let (id, of) = (the_one(store, cx, named)?, cx.clone());
    let items = store.read_now(move |tx| {
        let end = (shuke_kernel::Instant(i64::MAX), [255; 16]);
        let found = service::list(tx, of.merchant, id, end, LISTED)?;
        found.into_iter().map(|rerun| reruns::told(tx, &of, rerun.id, None)).collect::<Result<Vec<Value>, Error>>()
    })?;
    if out.json {
        out.object(&json!({ "items": items }))?;
        return Ok(0);
    }
    let row = |r: &Value| {
        let mut row = ["id", "state", "version", "from", "to", "changed", "corrections"].map(|key| text(&r[key])).to_vec();
        row.extend([text(&r["more"]["points"]), text(&r["less"]["points"])]);
        row
    };
    let header = ["id", "state", "version", "from", "to", "members", "corrections", "points more", "points fewer"];
    print(&table("reruns", &header, items.iter().map(row).collect()), out)?;
    Ok(0)
}

fn show(store: &Store, cx: &Ctx, id: RerunId, value: Option<i64>, most: i64, out: &mut Out<'_>) -> Result<u8> {
    let mut told = told(store, cx, id, value)?;
    let of = cx.clone();
    let first = MemberId::from_bytes([0; 16]);
    let members = store.read_now(move |tx| reruns::members(tx, &of, id, first, value, most))?;
    if out.json {
        told["items"] = Value::Array(members);
        out.object(&told)?;
        return Ok(0);
    }
    let by = told["version"].as_u64().map_or_else(|| "the versions of their own time".to_owned(), |no| format!("version {no}"));
    out.line(format!(
        "{} is {}: orders paid from {} to {} by {by}",
        text(&told["id"]),
        text(&told["state"]),
        text(&told["from"]),
        text(&told["to"])
    ))?;
    out.line(format!(
        "{} of {} members, {} corrections, {} of them of other orders that follow; {} orders are left as they are",
        told["changed"], told["members"], told["corrections"], told["following"], told["left"]
    ))?;
    for (key, word) in [("more", "more"), ("less", "fewer")] {
        let worth = told[key]["worth"]["amount"].as_i64().map(|fen| format!(" ({} yuan)", amount(fen, 2))).unwrap_or_default();
        out.line(format!("{} members have {} points {word}{worth}", told[key]["members"], told[key]["points"]))?;
    }
    out.line(format!("{} members then owe points; {} hold another tier", told["below_zero"], told["tiers"]))?;
    if told["unreckoned"].as_i64().is_some_and(|n| n > 0) {
        out.line(format!("{} members have numbers that are too large to reckon and are left as they are", told["unreckoned"]))?;
    }
    let rows = members.iter().flat_map(|member| {
        let corrections = member["corrections"].as_array().map(Vec::as_slice).unwrap_or_default().iter();
        corrections.map(move |c| {
            let numbers = ["earned", "earns", "left", "leaves"].map(|key| text(&c[key]));
            [text(&member["member"]), text(&member["state"]), text(&c["order"]), text(&c["paid_at"])].into_iter().chain(numbers).collect()
        })
    });
    let header = ["member", "state", "order", "paid", "earned", "would earn", "left", "would be left"];
    print(&table("corrections", &header, rows.collect()), out)?;
    stale(&told, out)?;
    Ok(0)
}

fn stale(told: &Value, out: &mut Out<'_>) -> Result<()> {
    if told["stale"].as_i64().is_some_and(|n| n > 0) {
        out.line(format!("{} members were left as they are: their history was another by then. Ask for the re-run again.", told["stale"]))?;
    }
    Ok(())
}

fn csv(store: &Store, cx: &Ctx, id: RerunId, value: Option<i64>, out: &mut Out<'_>) -> Result<u8> {
    let merchant = cx.merchant;
    let zone = store.read_now(move |tx| {
        let rerun = service::get(tx, merchant, id)?;
        let programme = programmes::get(tx, merchant, rerun.programme)?;
        Ok(programmes::rules(tx, merchant, &programme)?.first().zone.clone())
    })?;
    let (bytes, _) = tables::write(store, merchant, id, value, (Format::Csv, false, zone), Vec::new())?;
    // The mark for spreadsheets would be in a pipe's way.
    out.stream().write_all(bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(&bytes))?;
    Ok(0)
}
