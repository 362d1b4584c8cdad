//! `shuke coupon`: batches listed, their codes made and written as a sheet.

use std::path::{Path, PathBuf};

use anyhow::Result;
use clap::{Args, Subcommand};
use serde_json::json;
use shuke_coupons::BatchId;
use shuke_coupons::batch::Batch;
use shuke_coupons::batch::service::{self, codes_of};
use shuke_coupons::batch::stock::{self, Left};
use shuke_coupons::code::{ENTROPY_BITS, made, sheet};
use shuke_kernel::{Actor, Ctx, Zone};
use shuke_sheets::{Format, Written};
use shuke_store::{Lane, Store};

use super::admin::merchant;
use super::export::{FileTo, Headings, put};
use crate::out::Out;
use crate::wrong::wrong;

/// `shuke coupon`
#[derive(Args, Clone, Debug)]
pub struct Options {
    /// What to do.
    #[command(subcommand)]
    pub what: What,
    /// The merchant, by id or name (not needed where there is one).
    #[arg(long, global = true, value_name = "MERCHANT")]
    pub merchant: Option<String>,
}

/// What to do with coupons.
#[derive(Subcommand, Clone, Debug)]
pub enum What {
    /// Batches, newest first: how many there are, are left, were handed out.
    List,
    /// Write the codes of a batch into a file, making those that are still to be made. Who has the file has the coupons.
    Codes {
        /// Which: cpb_….
        #[arg(value_name = "BATCH")]
        id: BatchId,
        /// The file.
        #[command(flatten)]
        to: FileTo,
    },
}

impl Options {
    /// The folder of the file that is written, for a caller who stands in `directory`.
    pub fn folder(&self, directory: &Path) -> Option<PathBuf> {
        match &self.what {
            What::Codes { to, .. } => Some(to.folder(directory)),
            What::List => None,
        }
    }
}

/// Batches of one page.
const PAGE: i64 = 200;

/// Codes between two remarks on how far it is.
const REMARK: i64 = 50_000;

/// Runs one of them.
pub fn run(store: &Store, options: &Options, directory: &Path, out: &mut Out<'_>) -> Result<u8> {
    let merchant = merchant(store, options.merchant.as_deref())?;
    let cx = Ctx::new(merchant.no, Actor::Cli, store.clock().now());
    match &options.what {
        What::List => list(store, &cx, out),
        What::Codes { id, to } => {
            let zone = Zone::named(&merchant.zone).unwrap_or_else(Zone::shanghai);
            codes(store, &cx, *id, to, zone, directory, out)
        }
    }
}

fn list(store: &Store, cx: &Ctx, out: &mut Out<'_>) -> Result<u8> {
    let (mut before, mut all): (_, Vec<(Batch, Left)>) = ((i64::MAX, [255_u8; 16]), Vec::new());
    loop {
        let of = cx.clone();
        let page = store.read_now(move |tx| {
            let page = service::list(tx, of.merchant, None, None, before, PAGE)?;
            let ids: Vec<BatchId> = page.iter().map(|batch| batch.id).collect();
            let left = stock::left(tx, &of, &ids)?;
            Ok(page.into_iter().zip(left).collect::<Vec<_>>())
        })?;
        let Some((last, _)) = page.last() else { break };
        before = (last.created_at.micros(), *last.id.bytes());
        all.extend(page);
    }
    if out.json {
        let shown = |(batch, left): &(Batch, Left)| {
            json!({
                "id": batch.id, "name": batch.definition.name, "template": batch.template.id, "state": batch.told(cx.now), "pieces": batch.pieces,
                "left": left.pieces, "taken": left.taken, "spent": left.spent, "budget": batch.budget, "codes": codes_of(batch),
                "codes_made": batch.codes_made, "created_at": batch.created_at,
            })
        };
        out.object(&json!({ "batches": all.iter().map(shown).collect::<Vec<_>>() }))?;
        return Ok(0);
    }
    for (batch, left) in &all {
        let number = |n: Option<i64>| n.map_or_else(|| "no end".to_owned(), |n| n.to_string());
        out.line(format!(
            "{}  {:<9}  {:>10} of {:<10}  {}  {}",
            batch.id,
            batch.told(cx.now),
            left.taken,
            number(batch.pieces),
            batch.created_at,
            batch.definition.name
        ))?;
    }
    if all.is_empty() {
        out.line("There is no batch of coupons yet.")?;
    }
    Ok(0)
}

fn codes(store: &Store, cx: &Ctx, id: BatchId, to: &FileTo, zone: Zone, directory: &Path, out: &mut Out<'_>) -> Result<u8> {
    let (path, format) = (to.place(directory)?, to.format()?);
    if format == Format::Parquet {
        return Err(wrong("coupon.format", "codes are written as CSV or XLSX"));
    }
    let mut told = 0;
    let mut failed = None;
    made::all(store, cx, id, &mut |progress| {
        if progress.made - told >= REMARK || progress.made == progress.of {
            told = progress.made;
            if let Err(e) = out.progress(format!("{} of {} codes made", progress.made, progress.of)) {
                failed.get_or_insert(e);
            }
        }
    })?;
    if let Some(e) = failed {
        return Err(e);
    }
    let of = cx.clone();
    let batch = store.write_now(Lane::Interactive, move |tx| sheet::begin(tx, &of, id))?;
    let mut written = Written::default();
    let bytes = put(&path, &id.to_string(), |file| {
        let (file, what) = sheet::write(store, cx, &batch, format, to.headings == Headings::Zh, zone, file)?;
        written = what;
        Ok(file)
    })?;
    if out.json {
        let file = path.display().to_string();
        out.object(&json!({ "file": file, "batch": id, "codes": written.rows, "bytes": bytes, "entropy_bits": ENTROPY_BITS }))?;
        return Ok(0);
    }
    out.line(format!(
        "{}: {} codes as {}, {bytes} bytes. Who has the file has the coupons; it is in the audit.",
        path.display(),
        written.rows,
        format.word()
    ))?;
    Ok(0)
}
