//! Claims of the one batch that everybody wants: how fast they are answered, who has one and who is told that none is left,
//! with the stock in parts and in one row. `bench/claims.py` puts the runs together.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant as Clock;

use anyhow::{Context, Result, anyhow, bail};
use clap::Parser;
use serde_json::json;
use shuke_bench::{Over, quantile};
use shuke_coupons::BatchId;
use shuke_coupons::coupon::claim::{Ask, claim};
use shuke_coupons::{batch, template};
use shuke_kernel::{Actor, Ctx, MerchantNo};
use shuke_members::MemberId;
use shuke_members::identity::{self, Evidence, KeyClaim, KeyKind, ProfileHints};
use shuke_store::{Lane, Store, args};

/// The server's.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Members made in one transaction.
const STEP: u64 = 500;

#[derive(Parser)]
#[command(about = "Claims of one batch by callers at a time")]
struct Options {
    #[command(flatten)]
    over: Over,
    /// The merchant's number.
    #[arg(long, default_value_t = 1)]
    merchant: i64,
    /// Members, each of whom claims once.
    #[arg(long, default_value_t = 20_000)]
    members: u64,
    /// Coupons.
    #[arg(long, default_value_t = 10_000)]
    pieces: i64,
    #[arg(long, default_value_t = 256)]
    callers: usize,
    /// The stock in one row, as a comparison.
    #[arg(long)]
    one_row: bool,
}

fn context(store: &Store, merchant: MerchantNo) -> Ctx {
    Ctx::new(merchant, Actor::System("bench"), store.clock().now())
}

fn people(store: &Store, merchant: MerchantNo, count: u64) -> Result<Vec<MemberId>> {
    let mut out = Vec::new();
    for start in (0..count).step_by(usize::try_from(STEP)?) {
        let cx = context(store, merchant);
        let of = |n: u64| -> Result<Evidence> {
            let key = KeyClaim::new(KeyKind::OwnId, "bench", &format!("c{n}"), true).context("no key")?;
            let (source, profile) = ("bench".to_owned(), ProfileHints::default());
            Ok(Evidence { keys: vec![key], entity: None, source_time: cx.now, source, source_id: None, profile })
        };
        let evidence = (start..count.min(start + STEP)).map(of).collect::<Result<Vec<_>>>()?;
        let found = store.write_now(Lane::Bulk, move |tx| identity::identify_many(tx, &cx, &evidence))?;
        for one in found {
            out.push(one.member.context("nobody was found")?);
        }
    }
    Ok(out)
}

fn hot(store: &Store, merchant: MerchantNo, options: &Options) -> Result<BatchId> {
    let body = json!({ "name": "bench", "offer": { "kind": "no_threshold", "amount": 500 }, "validity": { "days": 7 } });
    let definition: template::Definition = serde_json::from_value(body)?;
    let wanted = json!({ "name": "bench", "pieces": options.pieces, "per_member": 1 });
    let wanted: batch::Definition = serde_json::from_value(wanted)?;
    let (cx, pieces, one_row) = (context(store, merchant), options.pieces, options.one_row);
    let made = store.write_now(Lane::Interactive, move |tx| {
        let of = template::service::create(tx, &cx, definition.clone())?;
        let made = batch::service::create(tx, &cx, batch::Definition { template: Some(of.id), ..wanted.clone() })?;
        if one_row {
            tx.exec("DELETE FROM coupon_stock WHERE merchant = $1 AND batch = $2 AND part > 0", args![merchant, made.id])?;
            tx.exec("UPDATE coupon_stock SET pieces = $3 WHERE merchant = $1 AND batch = $2", args![merchant, made.id, pieces])?;
        }
        Ok(made.id)
    })?;
    Ok(made)
}

/// How long somebody waited for an answer, microseconds, and whether they have one.
type Answered = (u64, bool);

fn main() -> Result<()> {
    shuke_members::hooks::install(shuke_commerce::HOOKS);
    let options = Options::parse();
    let (store, merchant) = (options.over.open()?, MerchantNo(options.merchant));
    let members = Arc::new(people(&store, merchant, options.members)?);
    let batch = hot(&store, merchant, &options)?;
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_time().build()?;
    let (next, commits, begun) = (Arc::new(AtomicUsize::new(0)), store.commits(), Clock::now());
    let done: Result<Vec<Vec<Answered>>> = runtime.block_on(async {
        let mut callers = Vec::new();
        for _ in 0..options.callers {
            let (store, next, members) = (store.clone(), next.clone(), members.clone());
            callers.push(tokio::spawn(async move {
                let mut told: Vec<Answered> = Vec::new();
                while let Some(member) = members.get(next.fetch_add(1, Ordering::Relaxed)).copied() {
                    let (cx, sent) = (context(&store, merchant), Clock::now());
                    let ask = Ask { member, batch, request: member.to_string() };
                    let answer = claim(&store, &cx, ask).await.map_err(|e| anyhow!("{e}"))?.answer();
                    let waited = u64::try_from(sent.elapsed().as_micros())?;
                    match answer {
                        Ok(_) => told.push((waited, true)),
                        Err(e) if e.refusal().is_some_and(|r| r.code.code == "coupon.sold_out") => told.push((waited, false)),
                        Err(e) => bail!("{e}"),
                    }
                }
                Ok::<Vec<Answered>, anyhow::Error>(told)
            }));
        }
        let mut out = Vec::new();
        for caller in callers {
            out.push(caller.await??);
        }
        Ok(out)
    });
    let seconds = begun.elapsed().as_secs_f64();
    let all: Vec<Answered> = done?.into_iter().flatten().collect();
    let times = |had: bool| {
        let mut times: Vec<u64> = all.iter().filter(|(_, won)| *won == had).map(|(waited, _)| *waited).collect();
        times.sort_unstable();
        times
    };
    let (won, lost) = (times(true), times(false));
    let milliseconds = |times: &[u64], q: f64| quantile(times, q) as f64 / 1000.0;
    let told = json!({
        "claims": all.len(), "seconds": seconds, "per_second": all.len() as f64 / seconds, "commits": store.commits() - commits,
        "had": won.len(), "had_per_second": won.len() as f64 / seconds, "had_p50_ms": milliseconds(&won, 0.5), "had_p99_ms": milliseconds(&won, 0.99),
        "none": lost.len(), "none_p50_ms": milliseconds(&lost, 0.5), "none_p99_ms": milliseconds(&lost, 0.99),
    });
    println!("{told}");
    Ok(())
}
