//! `shuke points`: a member's books as they are now.

use anyhow::Result;
use clap::{Args, Subcommand};
use serde_json::Value;
use shuke_http::Lang;
use shuke_insight::tables::Table;
use shuke_kernel::{Actor, Ctx, Zone};
use shuke_members::MemberId;
use shuke_programme::http::shell;
use shuke_sheets::Kind;
use shuke_store::Store;

use super::admin::merchant;
use super::report::print;
use crate::out::Out;
use crate::wrong::wrong;

/// `shuke points`
#[derive(Args, Clone, Debug)]
pub struct Options {
    /// What to do.
    #[command(subcommand)]
    pub what: What,
    /// The merchant, by id or name (not needed where there is one).
    #[arg(long, global = true, value_name = "MERCHANT")]
    pub merchant: Option<String>,
}

/// What to do with points.
#[derive(Subcommand, Clone, Debug)]
pub enum What {
    /// A member's books: balances, lots with their last days, the tier and what is missing to the next, the last entries.
    Show {
        /// Who: mem_….
        #[arg(value_name = "MEMBER")]
        member: MemberId,
        /// Entries to show of each book, the newest.
        #[arg(long, default_value_t = 10, value_name = "N", value_parser = clap::value_parser!(i64).range(0..=200))]
        entries: i64,
    },
}

/// Runs it.
pub fn run(store: &Store, options: &Options, out: &mut Out<'_>) -> Result<u8> {
    let merchant = merchant(store, options.merchant.as_deref())?;
    let cx = Ctx::new(merchant.no, Actor::Cli, store.clock().now());
    let What::Show { member, entries } = options.what;
    let of = cx.clone();
    let told = store.read_now(move |tx| shell::member(tx, &of, member, entries, Lang::En))?;
    if out.json {
        out.object(&told)?;
        return Ok(0);
    }
    let zone = Zone::named(&merchant.zone).ok_or_else(|| wrong("merchant.zone", format!("there is no time zone `{}`", merchant.zone)))?;
    let books = told["books"].as_array().map(Vec::as_slice).unwrap_or_default();
    if books.is_empty() {
        out.line("Nothing is booked for this member.")?;
    }
    for book in books {
        show(book, &zone, out)?;
    }
    Ok(0)
}

/// A cell's text: what a table shows of a value.
fn text(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

fn time(value: &Value, zone: &Zone) -> String {
    value.as_str().and_then(|t| t.parse().ok()).map(|at| zone.show(at)).unwrap_or_default()
}

fn show(book: &Value, zone: &Zone, out: &mut Out<'_>) -> Result<()> {
    out.line(format!("{}  {}", text(&book["programme"]["id"]), text(&book["programme"]["name"])))?;
    let account = |name: &str| text(&book["accounts"][name]);
    out.line(format!(
        "  available {}  pending {}  frozen {}  owed by the member {}",
        account("available"),
        account("pending"),
        account("frozen"),
        text(&book["debt"])
    ))?;
    if let Some(tier) = book["tier"].as_object() {
        let until = time(&tier["until"], zone);
        let end = if until.is_empty() { String::new() } else { format!(" until {until}") };
        let grace = if tier["in_grace"] == true { " (grace)" } else { "" };
        out.line(format!("  tier {}{end}{grace}", text(&tier["id"])))?;
    }
    if let Some(sentence) = book["next"]["sentence"].as_str() {
        out.line(format!("  {sentence}"))?;
    }
    let rows = |name: &str, of: &dyn Fn(&Value) -> Vec<String>| -> Vec<Vec<String>> {
        book[name].as_array().map(|all| all.iter().map(of).collect()).unwrap_or_default()
    };
    let lots = rows("lots", &|lot| ["id", "left", "last_day"].map(|key| text(&lot[key])).to_vec());
    print(&table("lots", &["lot", "left", "last day"], lots), out)?;
    let entries = rows("entries", &|e| {
        let cause = &e["cause"];
        let booked = time(&e["booked_at"], zone);
        let why = format!("{} {}", text(&cause["kind"]), text(&cause["id"]));
        let correction = if e["corrects"] == true { "correction" } else { "" };
        vec![booked, text(&e["from"]), text(&e["to"]), text(&e["amount"]), text(&e["lot"]), why, correction.to_owned()]
    });
    print(&table("entries", &["booked", "from", "to", "points", "lot", "cause", ""], entries), out)
}

/// A table for a person at a terminal.
pub(super) fn table(name: &str, header: &[&str], rows: Vec<Vec<String>>) -> Table {
    Table { name: name.to_owned(), header: header.iter().map(|h| (*h).to_owned()).collect(), kinds: vec![Kind::Text; header.len()], rows }
}
