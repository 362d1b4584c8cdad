//! `shuke sql`: a question over the columns of an installation, or over the files of a folder. The owner of
//! the store says where the columns lie; the answering program is started here, and ends with this one.

use std::io::Read;
use std::path::PathBuf;

use anyhow::{Context, Result};
use clap::Args;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use serde_json::{Map, Value, json};
use shuke_columns::ask::{Ask, End, Fault, Head};
use shuke_columns::keeper::Readable;
use shuke_kernel::{Clock, Instant, SystemClock, Zone};

use crate::out::Out;
use crate::sql::child::{Asked, Line};
use crate::sql::sheet::{self, Ended};
use crate::sql::{ABSENT, program};
use crate::wrong::wrong;

/// `shuke sql`
#[derive(Args, Clone, Debug)]
pub struct Options {
    /// The question: one statement that reads. Without it standard input is read.
    #[arg(value_name = "STATEMENT")]
    pub statement: Option<String>,
    /// Instead of a store the folder with members.csv, orders.csv, lines.csv, refunds.csv, events.csv, tags.csv
    /// and history.csv; only members.csv must be there.
    #[arg(long, value_name = "DIR", conflicts_with = "merchant")]
    pub on: Option<PathBuf>,
    /// The merchant, by id or name (not needed where there is one).
    #[arg(long, value_name = "MERCHANT")]
    pub merchant: Option<String>,
    /// The answer as CSV.
    #[arg(long, conflicts_with_all = ["json", "jsonl"])]
    pub csv: bool,
    /// Rows told at most. Default: 1000 as a table or with --json, all with --jsonl and --csv.
    #[arg(long, value_name = "N")]
    pub limit: Option<u64>,
    /// Seconds that it may take.
    #[arg(long, default_value_t = 300, value_name = "N")]
    pub seconds: u64,
    /// Megabytes that it may hold for sorting, joining and grouping.
    #[arg(long, default_value_t = 1024, value_name = "N")]
    pub memory: u64,
    /// Personal columns in clear; else of a day of birth only its year is told.
    #[arg(long)]
    pub clear: bool,
    /// The zone of times and days over files. Default: the merchant's, else Asia/Shanghai.
    #[arg(long, value_name = "ZONE")]
    pub zone: Option<String>,
    /// The program that answers. Default: shuke-sql beside this one, else on the PATH.
    #[arg(long, env = "SHUKE_SQL_PROGRAM", value_name = "FILE")]
    pub sql_program: Option<PathBuf>,
}

/// What the owner of a store says of its columns.
#[derive(Serialize, Deserialize)]
pub struct Where {
    folder: PathBuf,
    sequence: u64,
    standing: Option<PathBuf>,
    zone: String,
}

impl Where {
    /// Of columns and the merchant's zone.
    pub fn of(readable: Readable, zone: String) -> Self {
        Self { folder: readable.folder, sequence: readable.sequence, standing: readable.standing, zone }
    }
}

const USUAL: u64 = 1_000;

/// Asks and tells the answer. `locate` asks the owner of the store where the columns lie.
pub fn run(options: &Options, jsonl: bool, out: &mut Out<'_>, locate: impl FnOnce(&str) -> Result<Where>) -> Result<u8> {
    let program = program(options.sql_program.as_deref()).ok_or_else(|| shuke_kernel::Error::from(ABSENT.refuse()))?;
    let statement = match &options.statement {
        Some(statement) => statement.clone(),
        None => {
            let mut text = String::new();
            std::io::stdin().read_to_string(&mut text).context("standard input cannot be read")?;
            text
        }
    };
    if let Some(zone) = options.zone.as_deref().filter(|z| Zone::named(z).is_none()) {
        return Err(wrong("command.usage", format!("there is no zone {zone}")));
    }
    let mut ask = Ask {
        statement,
        now: SystemClock.now().micros(),
        rows: options.limit.unwrap_or(if jsonl || options.csv { u64::MAX } else { USUAL }),
        seconds: options.seconds,
        memory: options.memory.saturating_mul(1 << 20),
        clear: options.clear,
        watch: true,
        ..Ask::default()
    };
    let zone = match &options.on {
        Some(folder) => {
            ask.files = Some(std::env::current_dir()?.join(folder));
            None
        }
        None => {
            let found = locate(&ask.statement)?;
            (ask.columns, ask.sequence, ask.standing) = (Some(found.folder), Some(found.sequence), found.standing);
            Some(found.zone)
        }
    };
    ask.zone = options.zone.clone().or(zone).unwrap_or_else(|| "Asia/Shanghai".to_owned());
    let asked = Asked::start(&program, &ask)?;
    let told = if options.csv {
        csv(asked, out)?
    } else if jsonl {
        lines(asked, out)?
    } else {
        whole(asked, out)?
    };
    match told {
        Ok(end) => {
            if end.cut {
                out.note(format!("cut at {} rows: there are more (--limit)", end.rows))?;
            }
            Ok(0)
        }
        Err(fault) => refused(&fault, &ask.statement, out),
    }
}

fn refused(fault: &Fault, statement: &str, out: &mut Out<'_>) -> Result<u8> {
    if out.json {
        out.object(&json!({ "error": { "code": fault.code, "message": fault.en, "message_zh": fault.zh, "line": fault.line, "column": fault.column } }))?;
    }
    out.note(format!("shuke: {}", fault.en))?;
    if let (Some(line), Some(column)) = (fault.line, fault.column)
        && let Some(text) = usize::try_from(line - 1).ok().and_then(|at| statement.lines().nth(at))
    {
        let before = text.chars().take(usize::try_from(column).unwrap_or(1).saturating_sub(1)).collect::<String>();
        out.note(format!("  {text}\n  {}^ line {line}, column {column}", " ".repeat(width(&before))))?;
    }
    Ok(if fault.known().kind == shuke_kernel::Kind::Unavailable { 1 } else { 2 })
}

type Told = std::result::Result<End, Fault>;

fn csv(mut asked: Asked, out: &mut Out<'_>) -> Result<Told> {
    let heads = match asked.next_line()? {
        Some(Line::Columns(heads)) => heads,
        Some(Line::Fault(fault)) => return Ok(Err(fault)),
        _ => anyhow::bail!("an answer that does not begin with its columns"),
    };
    let (_, ended) = sheet::write(asked, &heads, out.stream())?;
    Ok(match ended {
        Ended::End(end) => Ok(end),
        Ended::Fault(fault) => Err(fault),
    })
}

/// The names of columns; of several of one name those behind the first are numbered: `n`, `n_2`.
fn distinct(heads: &[Head]) -> Vec<String> {
    let mut names: Vec<String> = Vec::with_capacity(heads.len());
    for head in heads {
        let is_taken = |name: &String| names.contains(name) || *name != head.name && heads.iter().any(|h| h.name == *name);
        let numbered = (2..).map(|n| format!("{}_{n}", head.name));
        let name = std::iter::once(head.name.clone()).chain(numbered).find(|name| !is_taken(name));
        names.push(name.unwrap_or_else(|| head.name.clone()));
    }
    names
}

fn lines(mut asked: Asked, out: &mut Out<'_>) -> Result<Told> {
    let mut names: Vec<String> = Vec::new();
    loop {
        match asked.next_line()?.context("an answer without an end")? {
            Line::Columns(heads) => names = distinct(&heads),
            Line::Row(row) => {
                let values: Vec<Value> = serde_json::from_str(row.get())?;
                let object: Map<String, Value> = names.iter().cloned().zip(values).collect();
                out.object(&object)?;
            }
            Line::End(end) => return Ok(Ok(end)),
            Line::Fault(fault) => return Ok(Err(fault)),
        }
    }
}

fn whole(mut asked: Asked, out: &mut Out<'_>) -> Result<Told> {
    let (mut heads, mut rows): (Vec<Head>, Vec<Box<RawValue>>) = (Vec::new(), Vec::new());
    let end = loop {
        match asked.next_line()?.context("an answer without an end")? {
            Line::Columns(of) => heads = of,
            Line::Row(row) => rows.push(row),
            Line::End(end) => break end,
            Line::Fault(fault) => return Ok(Err(fault)),
        }
    };
    if out.json {
        let known_at = end.known_at.map(|at| Instant(at).to_string());
        out.object(&json!({ "columns": heads, "rows": rows, "cut": end.cut, "known_at": known_at, "took_ms": end.took / 1_000 }))?;
    } else {
        table(&heads, &rows, out)?;
        out.note(format!("{} rows in {} ms", end.rows, end.took / 1_000))?;
    }
    Ok(Ok(end))
}

/// Columns that a terminal shows two wide.
fn width(text: &str) -> usize {
    let wide = |c: char| matches!(u32::from(c), 0x1100..=0x115F | 0x2E80..=0xA4CF | 0xAC00..=0xD7A3 | 0xF900..=0xFAFF | 0xFE30..=0xFE6F | 0xFF00..=0xFF60 | 0xFFE0..=0xFFE6 | 0x1F300..=0x1FAFF | 0x20000..=0x3FFFD);
    text.chars().map(|c| if wide(c) { 2 } else { 1 }).sum()
}

fn table(heads: &[Head], rows: &[Box<RawValue>], out: &mut Out<'_>) -> Result<()> {
    let shown = |value: Value| match value {
        Value::Null => "-".to_owned(),
        // A line break would tear the table, an escape could paint the terminal.
        Value::String(text) => text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect(),
        other => other.to_string(),
    };
    let mut cells: Vec<Vec<String>> = vec![heads.iter().map(|h| h.name.clone()).collect()];
    for row in rows {
        let values: Vec<Value> = serde_json::from_str(row.get())?;
        cells.push(values.into_iter().map(shown).collect());
    }
    let widths: Vec<usize> =
        (0..heads.len()).map(|c| cells.iter().map(|row| row.get(c).map_or(0, |t| width(t))).max().unwrap_or(0)).collect();
    for row in &cells {
        let padded = row.iter().zip(heads).zip(&widths).map(|((text, head), wide)| {
            let space = " ".repeat(wide - width(text));
            let is_number = matches!(head.kind.as_str(), "int" | "float" | "dec");
            if is_number { format!("{space}{text}") } else { format!("{text}{space}") }
        });
        out.line(padded.collect::<Vec<_>>().join("  ").trim_end())?;
    }
    Ok(())
}

/// What the owner of a store answers to `shuke columns readable`.
pub fn told(answer: &[u8]) -> Result<Where> {
    serde_json::from_slice(answer).with_context(|| String::from_utf8_lossy(answer).trim().to_owned())
}

/// What it says is wrong, in words.
pub fn said(answer: &[u8]) -> String {
    let object: Value = serde_json::from_slice(answer).unwrap_or_default();
    object["error"]["message"].as_str().map_or_else(|| String::from_utf8_lossy(answer).trim().to_owned(), str::to_owned)
}

/// The arguments with which the owner of a store is asked where the columns lie.
pub fn question(options: &Options, statement: &str) -> Vec<String> {
    // One argument each: what begins with a dash (a comment does) would be taken for an option.
    let mut all = vec!["columns".to_owned(), "readable".to_owned(), format!("--statement={statement}"), "--json".to_owned()];
    all.extend(options.merchant.iter().map(|merchant| format!("--merchant={merchant}")));
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_of_one_name_are_numbered_and_none_is_lost() {
        let heads = |names: &[&str]| names.iter().map(|n| Head { name: (*n).to_owned(), kind: "int".to_owned() }).collect::<Vec<_>>();
        assert_eq!(distinct(&heads(&["n", "n", "m", "n"])), ["n", "n_2", "m", "n_3"]);
        assert_eq!(distinct(&heads(&["n", "n", "n_2"])), ["n", "n_3", "n_2"]);
    }
}
