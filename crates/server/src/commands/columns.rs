//! `shuke columns`: build the columnar copy anew, say what there is, compare it with the store.

use std::path::PathBuf;
use std::sync::Arc;

use anyhow::Result;
use clap::{Args, Subcommand};
use serde_json::json;
use shuke_columns::Keeper;
use shuke_insight::standing::Facts;
use shuke_kernel::Instant;
use shuke_store::Store;

use super::admin::merchant;
use super::sql::Where;
use crate::cli::Common;
use crate::out::Out;
use crate::place::Place;

/// `shuke columns`
#[derive(Args, Clone, Debug)]
pub struct Options {
    /// What to do.
    #[command(subcommand)]
    pub what: What,
    /// The merchant, by id or name (not needed where there is one).
    #[arg(long, global = true, value_name = "MERCHANT")]
    pub merchant: Option<String>,
}

/// What to do with the columns.
#[derive(Subcommand, Clone, PartialEq, Eq, Debug)]
pub enum What {
    /// Delete them and build them from the store.
    Rebuild,
    /// Say what there is and how far it is behind the store.
    Status,
    /// Check every file's checksum and compare every member with the store.
    Verify,
    /// Bring them up to date and say where they lie, for a program that reads them: `shuke sql` asks this.
    Readable {
        /// The question that they are read for: facts that are reckoned over everybody are only if it may name them.
        #[arg(long, value_name = "SQL", default_value = "")]
        statement: String,
    },
}

/// Where an installation keeps its columns: beside the embedded store, else in the data directory.
pub fn columns_folder(store: &Store, common: &Common) -> PathBuf {
    let beside = store.config().sqlite_path().and_then(|p| p.parent().map(PathBuf::from));
    beside.unwrap_or_else(|| Place::of(common).data).join("columns")
}

/// Runs one of them.
pub fn run(store: &Store, common: &Common, options: &Options, out: &mut Out<'_>) -> Result<u8> {
    let merchant = merchant(store, options.merchant.as_deref())?;
    let keeper = Keeper::new(store.clone(), merchant.no, &columns_folder(store, common))?.deriving(Some(Arc::new(Facts)));
    let keeper = keeper.holding(common.columns_memory());
    match &options.what {
        What::Rebuild => {
            keeper.rebuild()?;
            status(&keeper, out)
        }
        What::Status => status(&keeper, out),
        What::Readable { statement } => {
            let readable = keeper.readable(&|name| crate::sql::asks(statement, name))?;
            out.object(&Where::of(readable, merchant.zone))?;
            Ok(0)
        }
        What::Verify => {
            let wrong = keeper.verify()?;
            if out.json {
                out.object(&json!({ "agrees": wrong.is_empty(), "wrong": wrong }))?;
            } else if wrong.is_empty() {
                out.line("The columns agree with the store, member by member.")?;
            } else {
                for line in &wrong {
                    out.line(line)?;
                }
                out.note("Build them anew: shuke columns rebuild")?;
            }
            Ok(u8::from(!wrong.is_empty()))
        }
    }
}

fn status(keeper: &Keeper, out: &mut Out<'_>) -> Result<u8> {
    let status = keeper.status()?;
    if out.json {
        out.object(&status)?;
        return Ok(0);
    }
    if !status.built {
        out.line("There are no columns yet; the first report builds them.")?;
        return Ok(0);
    }
    let time = |t: Option<i64>| t.map_or_else(|| "-".to_owned(), |t| Instant(t).to_string());
    out.line(format!(
        "{} members in {} buckets and {} slices, {} changed since; {} bytes ({} in slices), {} in digests beside, in {}",
        status.members,
        status.buckets,
        status.slices,
        status.changed,
        status.bytes,
        status.slice_bytes,
        status.digest_bytes,
        keeper.folder().display()
    ))?;
    out.line(format!(
        "built in full {}, brought up to date {}; {} events behind",
        time(status.built_at),
        time(status.written_at),
        status.behind
    ))?;
    Ok(0)
}
