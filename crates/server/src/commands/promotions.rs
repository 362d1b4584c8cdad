//! `shuke promotions`: the shop's promotions listed, and what of them holds at an instant as a file for `shuke price`.

use anyhow::Result;
use clap::{Args, Subcommand};
use serde_json::Value;
use shuke_kernel::{Actor, Ctx, Instant};
use shuke_promotions::catalogue;
use shuke_promotions::http::shell;
use shuke_store::Store;

use super::admin::merchant;
use super::points::table;
use super::report::print;
use crate::out::Out;
use crate::wrong::wrong;

/// `shuke promotions`
#[derive(Args, Clone, Debug)]
pub struct Options {
    /// What to do.
    #[command(subcommand)]
    pub what: What,
    /// The merchant, by id or name (not needed where there is one).
    #[arg(long, global = true, value_name = "MERCHANT")]
    pub merchant: Option<String>,
}

/// What to do with promotions.
#[derive(Subcommand, Clone, Debug)]
pub enum What {
    /// All promotions, the newest first, each with what it does in one sentence.
    List {
        /// Those put away too.
        #[arg(long)]
        archived: bool,
    },
    /// What holds at an instant, as a promotions file that `shuke price` takes. Members and coupons are not in it.
    Catalogue {
        /// When, in RFC 3339; now unless given.
        #[arg(long, value_name = "TIME")]
        at: Option<String>,
    },
}

/// Lists promotions, or prints the catalogue.
pub fn on_store(store: &Store, options: &Options, out: &mut Out<'_>) -> Result<u8> {
    let merchant = merchant(store, options.merchant.as_deref())?;
    let cx = Ctx::new(merchant.no, Actor::Cli, store.clock().now());
    match &options.what {
        What::List { archived } => list(store, cx, *archived, out),
        What::Catalogue { at } => {
            let parse =
                |text: &String| text.parse::<Instant>().map_err(|_| wrong("command.usage", format!("--at {text} is no RFC 3339 time")));
            let at = at.as_ref().map(parse).transpose()?.unwrap_or(cx.now);
            let file = store.read_now(move |tx| catalogue::file(tx, cx.merchant, at))?;
            // A file for another command is one object, whoever reads it.
            out.object(&file)?;
            Ok(0)
        }
    }
}

fn list(store: &Store, cx: Ctx, archived: bool, out: &mut Out<'_>) -> Result<u8> {
    let told = store.read_now(move |tx| shell::promotions(tx, &cx, archived))?;
    if out.json {
        out.object(&told)?;
        return Ok(0);
    }
    let items = told["items"].as_array().map(Vec::as_slice).unwrap_or_default();
    if items.is_empty() {
        out.line("There is no promotion yet.")?;
        return Ok(0);
    }
    let text = |value: &Value| value.as_str().map_or_else(String::new, str::to_owned);
    let row = |p: &Value| {
        vec![
            text(&p["id"]),
            text(&p["name"]),
            text(&p["state"]),
            text(&p["kind"]),
            text(&p["from"]),
            text(&p["to"]),
            text(&p["sentence"]["en"]),
        ]
    };
    let header = ["id", "name", "state", "kind", "from", "to", "does"];
    print(&table("promotions", &header, items.iter().map(row).collect()), out)?;
    Ok(0)
}
