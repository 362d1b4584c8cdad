//! Requests to books through the product's service, by callers at a time.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant as Clock;

use anyhow::{Result, anyhow, bail};
use serde_json::json;
use shuke_kernel::{Actor, Ctx};
use shuke_loyalty::event::{Act, Line};
use shuke_programme::book::ask::{Asked, ask};

use super::{Chance, Place, member};
use crate::quantile;

/// What is asked.
#[derive(Clone, Copy, PartialEq, Eq, Debug, clap::ValueEnum)]
pub enum What {
    /// An order is paid: it earns.
    Earn,
    /// A point is spent.
    Spend,
    /// A hundred thousand points are given by hand.
    Give,
}

/// Who asks how much.
#[derive(clap::Args)]
pub struct Options {
    #[command(flatten)]
    place: Place,
    #[arg(long, value_enum)]
    what: What,
    /// Members, numbered from the first; one member is a hot account.
    #[arg(long)]
    members: u64,
    /// The first member's number.
    #[arg(long, default_value_t = 0)]
    first: u64,
    #[arg(long)]
    requests: u64,
    #[arg(long, default_value_t = 64)]
    callers: u64,
    /// What ids of requests begin with.
    #[arg(long)]
    tag: String,
}

fn act(what: What, id: &str) -> Act {
    match what {
        What::Earn => {
            let net_fen = 12_800;
            Act::OrderPaid {
                order: id.to_owned(),
                net_fen,
                lines: vec![Line { line: "1".to_owned(), category: None, qty: 1, net_fen }],
                judged_by: None,
            }
        }
        What::Spend => Act::Spend { points: 1 },
        What::Give => Act::Adjust { points: 100_000 },
    }
}

/// Asks, and tells how fast it was answered.
///
/// # Errors
/// Where something is refused.
pub fn run(options: &Options) -> Result<()> {
    let (store, merchant, programme) = (options.place.open()?, options.place.merchant(), options.place.programme()?);
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_time().build()?;
    let (next, commits, at) = (Arc::new(AtomicU64::new(0)), store.commits(), store.clock().now());
    let begun = Clock::now();
    let done: Result<Vec<Vec<u64>>> = runtime.block_on(async {
        let mut callers = Vec::new();
        for caller in 0..options.callers {
            let (store, next, tag) = (store.clone(), next.clone(), options.tag.clone());
            let (first, members, requests, what) = (options.first, options.members, options.requests, options.what);
            callers.push(tokio::spawn(async move {
                let (mut chance, mut taken) = (Chance::new(caller + 1), Vec::new());
                loop {
                    let number = next.fetch_add(1, Ordering::Relaxed);
                    if number >= requests {
                        return Ok::<Vec<u64>, anyhow::Error>(taken);
                    }
                    let id = format!("{tag}-{number}");
                    let asked = Asked { member: member(first + chance.below(members)), programme, act: act(what, &id), id, reason: None };
                    let (cx, sent) = (Ctx::new(merchant, Actor::System("bench"), store.clock().now()), Clock::now());
                    let answered = ask(&store, &cx, asked).await.map_err(|e| anyhow!("{e}"))?;
                    taken.push(u64::try_from(sent.elapsed().as_micros())?);
                    if let Some(refused) = answered.refused {
                        bail!("refused: {refused:?}");
                    }
                }
            }));
        }
        let mut out = Vec::new();
        for caller in callers {
            out.push(caller.await??);
        }
        Ok(out)
    });
    let mut taken: Vec<u64> = done?.into_iter().flatten().collect();
    let seconds = begun.elapsed().as_secs_f64();
    taken.sort_unstable();
    let told = json!({
        "requests": taken.len(), "seconds": seconds, "per_second": taken.len() as f64 / seconds, "commits": store.commits() - commits,
        "p50_ms": quantile(&taken, 0.5) as f64 / 1000.0, "p99_ms": quantile(&taken, 0.99) as f64 / 1000.0, "at": at.micros(),
    });
    println!("{told}");
    Ok(())
}
