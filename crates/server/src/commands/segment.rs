//! `shuke segment`: how many, who, or what is meant, by an expression over the files of a folder.

use std::path::{Path, PathBuf};

use anyhow::Result;
use clap::{Args, ValueEnum};
use serde_json::json;
use shuke_kernel::{Clock, Instant, SystemClock, Zone};
use shuke_segments::files::{Answer, Failure, Inquiry, Verb, answer};

use crate::out::Out;
use crate::wrong::wrong;

/// `shuke segment`
#[derive(Args, Clone, Debug)]
pub struct Options {
    /// What to tell.
    #[arg(value_name = "WHAT")]
    pub what: What,
    /// The file of the expression: JSON, or the text form where its name ends in .seg.
    #[arg(value_name = "EXPR")]
    pub expression: PathBuf,
    /// The folder with members.csv, orders.csv, lines.csv, refunds.csv, events.csv, tags.csv, history.csv
    /// and segments.json; only members.csv must be there.
    #[arg(long, value_name = "DIR")]
    pub on: PathBuf,
    /// The time of the question: what happened before it is known. Default: now.
    #[arg(long, value_name = "TIME")]
    pub at: Option<String>,
    /// The zone of days, months and midnights.
    #[arg(long, default_value = "Asia/Shanghai", value_name = "ZONE")]
    pub zone: String,
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

/// Over the files of a folder: no store is needed.
pub fn on_files(options: &Options, out: &mut Out<'_>) -> Result<u8> {
    let at = match &options.at {
        Some(text) => text.parse::<Instant>().map_err(|_| wrong("command.usage", format!("--at {text} is no RFC 3339 time")))?,
        None => SystemClock.now(),
    };
    let zone = Zone::named(&options.zone).ok_or_else(|| wrong("command.usage", format!("there is no zone {}", options.zone)))?;
    let verb = match options.what {
        What::Count => Verb::Count,
        What::List => Verb::List,
        What::Explain => Verb::Explain,
    };
    let (expression, on): (&Path, &Path) = (&options.expression, &options.on);
    match answer(&Inquiry { verb, expression, on, at, zone: &zone }) {
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
