//! `shuke segment`: how many, who, or what is meant, by an expression or a segment over a store, or by an
//! expression over the files of a folder.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::Result;
use clap::{Args, ValueEnum};
use serde_json::json;
use shuke_columns::{Keepers, Registry};
use shuke_insight::standing::Facts;
use shuke_kernel::{Actor, Clock, Ctx, Instant, SystemClock, Zone};
use shuke_segments::count::{matches, stopped};
use shuke_segments::files::{Answer, Failure, Inquiry, Verb, answer};
use shuke_segments::http::{Accepted, Given};
use shuke_segments::service::Lists;
use shuke_segments::{Reckoning, SegmentId, Uses, book};
use shuke_store::Store;

use super::admin::merchant;
use super::columns::columns_folder;
use crate::cli::Common;
use crate::out::Out;
use crate::wrong::wrong;

/// `shuke segment`
#[derive(Args, Clone, Debug)]
pub struct Options {
    /// What to tell.
    #[arg(value_name = "WHAT")]
    pub what: What,
    /// The file of the expression: JSON, or the text form where its name ends in .seg.
    #[arg(value_name = "EXPR", required_unless_present = "id")]
    pub expression: Option<PathBuf>,
    /// A segment of the store instead.
    #[arg(long, value_name = "SEGMENT", conflicts_with_all = ["expression", "on"])]
    pub id: Option<String>,
    /// The merchant, by id or name (not needed where there is one).
    #[arg(long, value_name = "MERCHANT")]
    pub merchant: Option<String>,
    /// Instead of a store the folder with members.csv, orders.csv, lines.csv, refunds.csv, events.csv, tags.csv, history.csv
    /// and segments.json; only members.csv must be there.
    #[arg(long, value_name = "DIR", conflicts_with = "merchant")]
    pub on: Option<PathBuf>,
    /// The time of the question: what happened before it is known. Default: now.
    #[arg(long, value_name = "TIME")]
    pub at: Option<String>,
    /// The zone of days, months and midnights. Default: the merchant's, else Asia/Shanghai.
    #[arg(long, value_name = "ZONE")]
    pub zone: Option<String>,
}

/// What to tell.
#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
pub enum What {
    /// How many members the expression is true of.
    Count,
    /// Their ids, sorted.
    List,
    /// The expression as text, and what it speaks of.
    Explain,
}

fn time(options: &Options, now: Instant) -> Result<Instant> {
    match &options.at {
        Some(text) => text.parse::<Instant>().map_err(|_| wrong("command.usage", format!("--at {text} is no RFC 3339 time"))),
        None => Ok(now),
    }
}

fn zone(options: &Options, default: Zone) -> Result<Zone> {
    let Some(name) = &options.zone else { return Ok(default) };
    Zone::named(name).ok_or_else(|| wrong("command.usage", format!("there is no zone {name}")))
}

/// Over the files of a folder: no store is needed.
pub fn on_files(options: &Options, on: &Path, out: &mut Out<'_>) -> Result<u8> {
    let (at, zone) = (time(options, SystemClock.now())?, zone(options, Zone::shanghai())?);
    let verb = match options.what {
        What::Count => Verb::Count,
        What::List => Verb::List,
        What::Explain => Verb::Explain,
    };
    let expression = options.expression.as_deref().unwrap_or(Path::new(""));
    tell(answer(&Inquiry { verb, expression, on, at, zone: &zone }), out)
}

/// Over a store: an expression, or one of its segments.
pub fn on_store(store: &Store, common: &Common, options: &Options, directory: &Path, out: &mut Out<'_>) -> Result<u8> {
    let merchant = merchant(store, options.merchant.as_deref())?;
    let cx = Ctx::new(merchant.no, Actor::Cli, time(options, store.clock().now())?);
    let given = match (&options.id, &options.expression) {
        (Some(id), _) => {
            let id: SegmentId = id.parse().map_err(|_| wrong("command.usage", format!("`{id}` is no segment's id")))?;
            let of = cx.clone();
            let segment = store.read_now(move |tx| book::get(tx, &of, id))?;
            let expr = segment.expr.ok_or_else(|| wrong("segment.no_expression", "this segment is a list and has no expression"))?;
            Given::Tree(serde_json::value::RawValue::from_string(expr)?)
        }
        (None, Some(file)) => Given::read(&directory.join(file))?,
        (None, None) => return Err(wrong("command.usage", "an expression or --id is needed")),
    };
    let registry = Arc::new(Registry::of_store());
    let (of, with) = (cx.clone(), registry.clone());
    let accepted = store.read_now(move |tx| given.accept(tx, &of, &with, None, Lists::Read))?;
    let Accepted { expression, known, .. } = match accepted {
        Ok(accepted) => accepted,
        Err((refusal, _)) => return tell(Err(Failure::Refused(refusal)), out),
    };
    let uses = Uses::of(&expression);
    let list = |of: &std::collections::BTreeSet<Box<str>>| of.iter().cloned().collect::<Vec<_>>();
    let current_facts = uses.current_facts(&registry);
    if options.what == What::Explain {
        let text = shuke_segments::text::show(&expression.root);
        let (tables, facts, segments) = (list(&uses.tables), list(&uses.facts), list(&uses.segments));
        return tell(Ok(Answer::Explained { text, tables, facts, current_facts, segments }), out);
    }
    let keepers = Keepers::new(store.clone(), columns_folder(store, common)).deriving(Arc::new(Facts)).holding(common.columns_memory());
    let people = keepers.of(merchant.no)?.people_for(&|name| uses.facts.contains(name))?;
    let reckoning = Reckoning::new(cx.now.micros(), &zone(options, known.zone)?);
    let found = matches(&people, &expression, &reckoning, &|| false)?.ok_or_else(stopped)?;
    let each = people.slices.iter().zip(&found).flat_map(|(slice, places)| places.iter().map(|p| Box::from(&*slice.members.get(p))));
    let mut members: Vec<Box<str>> = each.collect();
    members.sort_unstable();
    let count = members.len();
    tell(Ok(Answer::Members { count, at: cx.now, current_facts, members: (options.what == What::List).then_some(members) }), out)
}

fn tell(answer: Result<Answer, Failure>, out: &mut Out<'_>) -> Result<u8> {
    match answer {
        Ok(answer) if out.json => {
            out.object(&answer)?;
            Ok(0)
        }
        Ok(answer) => show(&answer, out),
        Err(Failure::Refused(refusal)) => {
            if out.json {
                let error = json!({ "code": refusal.code.name(), "path": refusal.path, "message": refusal.message });
                out.object(&json!({ "error": error }))?;
            }
            out.note(format!("shuke: {refusal}"))?;
            Ok(2)
        }
        Err(Failure::Files(e)) => Err(e.into()),
    }
}

fn show(answer: &Answer, out: &mut Out<'_>) -> Result<u8> {
    match answer {
        Answer::Members { members: Some(members), .. } => members.iter().try_for_each(|id| out.line(id))?,
        Answer::Members { count, at, current_facts, .. } => {
            out.line(format!("{count} members at {at}"))?;
            if !current_facts.is_empty() {
                out.line(format!("as they are now: {}", current_facts.join(", ")))?;
            }
        }
        Answer::Explained { text, tables, facts, segments, .. } => {
            out.line(text)?;
            for (what, names) in [("tables", tables), ("facts", facts), ("segments", segments)] {
                if !names.is_empty() {
                    out.line(format!("{what}: {}", names.join(", ")))?;
                }
            }
        }
    }
    Ok(0)
}
