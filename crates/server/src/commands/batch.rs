//! `shuke batch`: batches listed and looked at, their sheets written, their reports told.

use std::path::{Path, PathBuf};

use anyhow::Result;
use clap::{Args, Subcommand};
use serde_json::json;
use shuke_kernel::{Actor, Ctx, MerchantNo, Zone};
use shuke_outreach::batch::report::{self, Report};
use shuke_outreach::batch::{Batch, BatchId, Destination, NOT_THIS_WAY, hand, service, sheet};
use shuke_sheets::{Format, Written, amount};
use shuke_store::{Lane, Store};

use super::admin::merchant;
use super::export::{FileTo, Headings, put};
use crate::out::Out;
use crate::wrong::wrong;

/// `shuke batch`
#[derive(Args, Clone, Debug)]
pub struct Options {
    /// What to do.
    #[command(subcommand)]
    pub what: What,
    /// The merchant, by id or name (not needed where there is one).
    #[arg(long, global = true, value_name = "MERCHANT")]
    pub merchant: Option<String>,
}

/// What to do with batches.
#[derive(Subcommand, Clone, Debug)]
pub enum What {
    /// Batches, newest first.
    List,
    /// One batch: where it stands, its funnel.
    Show {
        /// Which: bat_….
        id: BatchId,
    },
    /// Hand a batch over as the sheet of its destination, addresses in clear. Rows that went out before say so.
    Export {
        /// Which: bat_….
        id: BatchId,
        /// The file.
        #[command(flatten)]
        to: FileTo,
        /// The address that short links begin with, where the batch names none.
        #[arg(long, value_name = "URL")]
        link_base: Option<String>,
    },
    /// What a batch brought: orders laid to it, lift over those held out.
    Report {
        /// Which: bat_….
        id: BatchId,
    },
}

impl Options {
    /// The folder of the file that is written, for a caller who stands in `directory`.
    pub fn folder(&self, directory: &Path) -> Option<PathBuf> {
        match &self.what {
            What::Export { to, .. } => Some(to.folder(directory)),
            _ => None,
        }
    }
}

/// Batches of one page.
const PAGE: i64 = 200;

/// Runs one of them.
pub fn run(store: &Store, options: &Options, directory: &Path, out: &mut Out<'_>) -> Result<u8> {
    let merchant = merchant(store, options.merchant.as_deref())?;
    let cx = Ctx::new(merchant.no, Actor::Cli, store.clock().now());
    match &options.what {
        What::List => list(store, cx.merchant, out),
        What::Show { id } => show(&get(store, cx.merchant, *id)?, out),
        What::Export { id, to, link_base } => {
            let zone = Zone::named(&merchant.zone).unwrap_or_else(Zone::shanghai);
            export(store, &cx, *id, to, link_base.as_deref(), zone, directory, out)
        }
        What::Report { id } => tell(&report::report(store, &cx, *id)?, out),
    }
}

fn get(store: &Store, merchant: MerchantNo, id: BatchId) -> Result<Batch> {
    Ok(store.read_now(move |tx| service::get(tx, merchant, id))?)
}

fn list(store: &Store, merchant: MerchantNo, out: &mut Out<'_>) -> Result<u8> {
    let (mut before, mut all) = ([255_u8; 16], Vec::new());
    loop {
        let page = store.read_now(move |tx| service::list(tx, merchant, "", before, PAGE))?;
        let Some(last) = page.last() else { break };
        before = *last.id.bytes();
        all.extend(page);
    }
    if out.json {
        out.object(&json!({ "batches": all.iter().map(shown).collect::<Vec<_>>() }))?;
        return Ok(0);
    }
    for b in &all {
        let treated = hand::funnel(&b.counts).get("treated").copied().unwrap_or(0);
        out.line(format!("{}  {:<11}  {:<8}  {treated:>9}  {}  {}", b.id, b.state.word(), b.destination.word(), b.created_at, b.name))?;
    }
    if all.is_empty() {
        out.line("There is no batch yet.")?;
    }
    Ok(0)
}

fn shown(b: &Batch) -> serde_json::Value {
    json!({
        "id": b.id, "name": b.name, "state": b.state.word(), "destination": b.destination.word(), "purpose": b.purpose,
        "funnel": hand::funnel(&b.counts), "verdicts": hand::words(&b.counts), "exports": b.exports, "created_at": b.created_at,
        "frozen_at": b.frozen_at, "handed_at": b.handed_at, "closed_at": b.closed_at,
    })
}

fn show(b: &Batch, out: &mut Out<'_>) -> Result<u8> {
    if out.json {
        out.object(&shown(b))?;
        return Ok(0);
    }
    out.line(format!("{} {}: {}, {} for {}", b.id, b.name, b.state.word(), b.destination.word(), b.purpose))?;
    let sums = hand::funnel(&b.counts);
    for step in ["matched", "excluded", "consented", "addressed", "not_fatigued", "not_held_out"] {
        out.line(format!("  {step:<14}{:>10}", sums.get(step).copied().unwrap_or(0)))?;
    }
    for (word, n) in hand::words(&b.counts) {
        out.line(format!("    {word:<16}{n:>6}"))?;
    }
    Ok(0)
}

#[expect(clippy::too_many_arguments, reason = "what is asked of one file")]
fn export(
    store: &Store,
    cx: &Ctx,
    id: BatchId,
    to: &FileTo,
    base: Option<&str>,
    zone: Zone,
    directory: &Path,
    out: &mut Out<'_>,
) -> Result<u8> {
    let (path, format) = (to.place(directory)?, to.format()?);
    if format == Format::Parquet {
        return Err(wrong("batch.format", "a batch is handed over as CSV or XLSX"));
    }
    if get(store, cx.merchant, id)?.destination == Destination::Webhook {
        return Err(shuke_kernel::Error::from(NOT_THIS_WAY.with("destination", "webhook")).into());
    }
    let (inner, base) = (cx.clone(), base.map(str::to_owned));
    let begun = store.write_now(Lane::Interactive, move |tx| hand::begin(tx, &inner, id, format.word(), base.as_deref()))?;
    let mut written = Written::default();
    let bytes = put(&path, &id.to_string(), |file| {
        let (file, what) = sheet::write(store, cx, &begun, format, to.headings == Headings::Zh, zone, file)?;
        written = what;
        Ok(file)
    })?;
    if out.json {
        let file = path.display().to_string();
        out.object(&json!({ "file": file, "batch": id, "export": begun.number, "rows": written.rows, "bytes": bytes }))?;
        return Ok(0);
    }
    out.line(format!(
        "{}: {} rows as {}, {bytes} bytes. Addresses are in clear; it is in the audit.",
        path.display(),
        written.rows,
        format.word()
    ))?;
    if begun.number > 1 {
        out.line(format!("This is giving out number {}: rows that went out before say so.", begun.number))?;
    }
    Ok(0)
}

fn tell(r: &Report, out: &mut Out<'_>) -> Result<u8> {
    let interval =
        |d: Option<shuke_outreach::batch::stats::Difference>| d.map(|d| json!({ "value": d.value, "low": d.low, "high": d.high }));
    let gain = r.gain();
    if out.json {
        let arm = |a: &shuke_outreach::batch::stats::Arm| json!({ "members": a.members, "buyers": a.buyers, "orders": a.orders, "revenue": a.revenue });
        out.object(&json!({
            "batch": r.batch.id, "currency": r.batch.currency.to_string(), "handed_over": r.handed_over, "delivered": r.delivered,
            "failed": r.failed, "clicked": r.clicked, "clicks": r.clicks, "scans": r.scans, "replied": r.replied, "unsubscribed": r.unsubscribed,
            "attributed": { "buyers": r.laid.buyers, "orders": r.laid.orders, "orders_by_click": r.laid.by_click, "revenue": r.laid.revenue },
            "from": r.window.map(|w| w.0), "to": r.window.map(|w| w.1), "complete": r.complete,
            "treated": arm(&r.treated), "held_out": arm(&r.held_out), "lift": interval(r.lift), "revenue_per_member": interval(r.revenue_lift),
            "gain": gain.map(|g| json!({ "value": g.value, "low": g.low, "high": g.high })), "cost": r.cost, "roi": interval(r.roi()),
        }))?;
        return Ok(0);
    }
    let money = |minor: i64| format!("{} {}", amount(minor, r.batch.currency.digits()), r.batch.currency);
    out.line(format!(
        "handed over {}, delivered {}, clicked {}, replied {}, unsubscribed {}",
        r.handed_over, r.delivered, r.clicked, r.replied, r.unsubscribed
    ))?;
    out.line(format!("laid to it as the last touch: {} orders of {} buyers, {}", r.laid.orders, r.laid.buyers, money(r.laid.revenue)))?;
    for (name, a) in [("treated", &r.treated), ("held out", &r.held_out)] {
        out.line(format!("{name:<9} {} members, {} buyers, {} orders, {}", a.members, a.buyers, a.orders, money(a.revenue)))?;
    }
    match (r.lift, gain) {
        (Some(lift), Some(g)) => {
            out.line(format!("lift {:+.4} of buyers (95 %: {:+.4} to {:+.4})", lift.value, lift.low, lift.high))?;
            out.line(format!("gain {} (95 %: {} to {}), cost {}", money(g.value), money(g.low), money(g.high), money(r.cost)))?;
        }
        _ => out.line("Nobody was held out, or too few: there is no lift to tell.")?,
    }
    if !r.complete {
        out.line("The window is not over: the figures still move.")?;
    }
    Ok(0)
}
