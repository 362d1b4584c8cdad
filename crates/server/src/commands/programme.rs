//! `shuke programme`: programmes listed, made of a file of rules, a file tried on all members, older orders judged by another version,
//! and a file read without a store.

use std::path::Path;
use std::path::PathBuf;

use anyhow::{Context, Result};
use clap::{Args, Subcommand};
use serde_json::{Value, json};
use shuke_http::Lang;
use shuke_kernel::{Actor, Ctx, Error, Instant};
use shuke_programme::definition::model::read_rules;
use shuke_programme::definition::service::{self, New};
use shuke_programme::http::shell;
use shuke_store::{Lane, Store};

use super::admin::merchant;
use super::points::table;
use super::report::print;
use crate::out::Out;
use crate::wrong::wrong;

/// `shuke programme`
#[derive(Args, Clone, Debug)]
pub struct Options {
    /// What to do.
    #[command(subcommand)]
    pub what: What,
    /// The merchant, by id or name (not needed where there is one).
    #[arg(long, global = true, value_name = "MERCHANT")]
    pub merchant: Option<String>,
}

/// What to do with programmes.
#[derive(Subcommand, Clone, Debug)]
pub enum What {
    /// All programmes, the oldest first.
    List,
    /// Make a programme of a file of rules. Its books are filled by a task once the shop is served.
    Add {
        /// The rules as JSON: as `docs/scenarios.md` has them under `programme`, or a scenario that has them there.
        #[arg(value_name = "FILE")]
        file: PathBuf,
        /// What people call it.
        #[arg(long)]
        name: String,
        /// From when on orders earn, in RFC 3339; now unless given. May lie in the past.
        #[arg(long, value_name = "TIME")]
        begins_at: Option<String>,
        /// A shop whose orders count, by id; all shops unless one is named.
        #[arg(long = "shop", value_name = "SHOP")]
        shops: Vec<String>,
    },
    /// Try a file of rules on all members before it is saved: who would move from which tier to which, who loses something, what it
    /// costs. Nothing is changed.
    Try {
        /// The rules as JSON: the whole of them, as a new version has them.
        #[arg(value_name = "FILE")]
        file: PathBuf,
        /// When, and what is assumed.
        #[command(flatten)]
        asked: super::programme_try::Asked,
    },
    /// Judge older orders by another version: what that comes to is shown first, and booked as corrections when asked for.
    Rerun {
        /// What to do.
        #[command(subcommand)]
        what: super::programme_rerun::What,
    },
    /// Read a file of rules without a store: each rule as a sentence, or the first thing that is wrong and where.
    Check {
        /// The rules as JSON.
        #[arg(value_name = "FILE")]
        file: PathBuf,
        /// Sentences in Chinese.
        #[arg(long)]
        zh: bool,
    },
}

/// The rules in a file.
pub(super) fn rules(file: &Path) -> Result<Value> {
    let shown = file.display();
    let text = std::fs::read_to_string(file).map_err(|e| wrong("programme.no_file", format!("cannot read {shown}: {e}")))?;
    let whole: Value = serde_json::from_str(&text).map_err(|e| wrong("programme.no_json", format!("{shown} is not JSON: {e}")))?;
    Ok(whole.get("programme").filter(|inner| inner.is_object()).cloned().unwrap_or(whole))
}

/// Reads a file of rules; no store is needed.
pub fn check(file: &Path, zh: bool, out: &mut Out<'_>) -> Result<u8> {
    let read = read_rules(&rules(file)?);
    if let Err(Error::Refused(refusal)) = &read
        && out.json
    {
        let error = json!({ "code": refusal.code.code, "path": refusal.field, "message": refusal.text(zh) });
        out.object(&json!({ "ok": false, "sentences": [], "error": error }))?;
        return Ok(2);
    }
    let read = read.with_context(|| file.display().to_string())?;
    let sentences = shuke_loyalty::sentences::sentences(&read, zh);
    if out.json {
        let told: Vec<Value> = sentences.iter().map(|s| json!({ "rule": s.rule, "text": s.text })).collect();
        out.object(&json!({ "ok": true, "sentences": told, "error": null }))?;
        return Ok(0);
    }
    for sentence in sentences {
        out.line(format!("{}: {}", sentence.rule, sentence.text))?;
    }
    Ok(0)
}

/// Lists programmes, or makes one. `directory` is where the caller stands.
pub fn on_store(store: &Store, options: &Options, directory: &Path, out: &mut Out<'_>) -> Result<u8> {
    let merchant = merchant(store, options.merchant.as_deref())?;
    let cx = Ctx::new(merchant.no, Actor::Cli, store.clock().now());
    match &options.what {
        What::List => list(store, &cx, out),
        What::Add { file, name, begins_at, shops } => {
            let begins_at = begins_at
                .as_deref()
                .map(|text| text.parse::<Instant>().map_err(|_| wrong("command.usage", format!("--begins-at {text} is no RFC 3339 time"))));
            let rules = rules(&directory.join(file))?;
            let new = New { name: name.clone(), shops: shops.clone(), rules, begins_at: begins_at.transpose()? };
            let made = store.write_now(Lane::Interactive, move |tx| {
                let id = service::create(tx, &cx, &new)?;
                service::get(tx, cx.merchant, id)
            })?;
            if out.json {
                out.object(&json!({ "id": made.id, "job": made.job.map(|job| job.to_string()) }))?;
            } else {
                out.line(made.id.to_string())?;
                out.note("Its books are filled by a task while the shop is served.")?;
            }
            Ok(0)
        }
        What::Try { file, asked } => super::programme_try::run(store, &cx, rules(&directory.join(file))?, asked, out),
        What::Rerun { what } => super::programme_rerun::run(store, &cx, what, out),
        What::Check { file, zh } => check(&directory.join(file), *zh, out),
    }
}

fn list(store: &Store, cx: &Ctx, out: &mut Out<'_>) -> Result<u8> {
    let of = cx.clone();
    let told = store.read_now(move |tx| shell::programmes(tx, &of, Lang::En))?;
    if out.json {
        out.object(&told)?;
        return Ok(0);
    }
    let items = told["items"].as_array().map(Vec::as_slice).unwrap_or_default();
    if items.is_empty() {
        out.line("There is no programme yet: shuke programme add FILE --name NAME")?;
        return Ok(0);
    }
    let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let row = |p: &Value| {
        let points = |account: &str| text(&p["points"][account]);
        vec![
            text(&p["id"]),
            text(&p["name"]),
            text(&p["state"]),
            text(&p["current"]["no"]),
            text(&p["members"]),
            points("available"),
            points("pending"),
            text(&p["begins_at"]),
        ]
    };
    let header = ["id", "name", "state", "version", "members", "available", "pending", "begins at"];
    print(&table("programmes", &header, items.iter().map(row).collect()), out)?;
    Ok(0)
}
