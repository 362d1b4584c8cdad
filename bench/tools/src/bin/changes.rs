//! What it takes to bring a store's columns up to date after so many members changed: `changes --store URL --key
//! FILE --columns FOLDER`. Each round members are chosen at random and get an order each; then the keeper that
//! serves questions takes them in, with its files mapped already as in a server that runs.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Instant as Moment;

use anyhow::Result;
use clap::Parser;
use serde_json::json;
use shuke_bench::Over;
use shuke_bench::base::chance::Chance;
use shuke_columns::Keeper;
use shuke_commerce::order::{Doc, LineSaid, Noted, Observation, State, observe_many};
use shuke_kernel::{Actor, Ctx, Currency, Instant, MerchantNo};
use shuke_store::Lane;

/// The server's.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

#[derive(Parser)]
#[command(about = "Times how columns take in changes")]
struct Options {
    #[command(flatten)]
    over: Over,
    /// The folder of the installation's columns.
    #[arg(long)]
    columns: PathBuf,
    /// The merchant's number.
    #[arg(long, default_value_t = 1)]
    merchant: i64,
    /// Members with an order each round.
    #[arg(long, default_value_t = 1_000)]
    changes: usize,
    #[arg(long, default_value_t = 10)]
    rounds: usize,
    /// Memory that taking in may take, megabytes.
    #[arg(long, default_value_t = 256)]
    memory: usize,
}

/// Files of a folder with their sizes.
fn files(folder: &Path) -> Result<BTreeMap<PathBuf, u64>> {
    let all = std::fs::read_dir(folder)?.map(|entry| -> Result<(PathBuf, u64)> {
        let entry = entry?;
        Ok((entry.path(), entry.metadata()?.len()))
    });
    all.collect()
}

/// An order of that member, placed now.
fn order(id: String, member: &str, now: Instant) -> Result<Noted> {
    let line = LineSaid { id: Some("1".to_owned()), sku: Some("BENCH".to_owned()), quantity: 1, paid: Some(9_900), ..LineSaid::default() };
    let said = Observation {
        source: "bench-changes".to_owned(),
        source_id: id,
        doc: Doc::Api,
        source_time: Some(now),
        platform: Some("own".to_owned()),
        state: Some(State::Paid),
        currency: Some(Currency::CNY),
        paid: Some(9_900),
        created_at: Some(now),
        paid_at: Some(now),
        claimed_by: Some(member.to_owned()),
        lines: vec![line],
        lines_whole: true,
        ..Observation::default()
    };
    Ok(said.note().map_err(shuke_kernel::Error::from)?)
}

fn main() -> Result<()> {
    let options = Options::parse();
    shuke_members::hooks::install(shuke_commerce::HOOKS);
    let store = options.over.open()?;
    let merchant = MerchantNo(options.merchant);
    let keeper = Keeper::new(store.clone(), merchant, &options.columns)?.holding(options.memory << 20);
    keeper.fresh()?;
    let people = keeper.people()?;
    let ids: Vec<String> = people.slices.iter().flat_map(|s| s.members.iter().map(|id| id.into_owned()).collect::<Vec<_>>()).collect();
    drop(people);
    let begun = store.clock().now();
    let mut chance = Chance::new(begun.micros().unsigned_abs(), 0);
    for round in 1..=options.rounds {
        let mut chosen: Vec<&String> = Vec::with_capacity(options.changes);
        while chosen.len() < options.changes.min(ids.len()) {
            let member = &ids[chance.below(ids.len() as u64) as usize];
            if !chosen.contains(&member) {
                chosen.push(member);
            }
        }
        let name = |i: usize| format!("{}-{round}-{i}", begun.micros());
        let notes = chosen.iter().enumerate().map(|(i, member)| order(name(i), member, store.clock().now())).collect::<Result<Vec<_>>>()?;
        let mut named = 0;
        for some in notes.chunks(500) {
            let (cx, some) = (Ctx::new(merchant, Actor::System("bench"), store.clock().now()), some.to_vec());
            let told = store.write_now(Lane::Interactive, move |tx| observe_many(tx, &cx, &some))?;
            named += told.iter().filter(|o| o.member.is_some()).count();
        }
        let before = files(&keeper.folder())?;
        let at = Moment::now();
        keeper.fresh()?;
        let seconds = at.elapsed().as_secs_f64();
        let at = Moment::now();
        keeper.people()?;
        let laid_out = at.elapsed().as_secs_f64();
        let written: Vec<u64> =
            files(&keeper.folder())?.into_iter().filter(|(path, _)| !before.contains_key(path)).map(|(_, size)| size).collect();
        let status = keeper.status()?;
        println!(
            "{}",
            json!({
                "round": round, "members": status.members, "changes": named, "seconds": seconds, "then_slices_mapped_seconds": laid_out,
                "files": written.len(), "bytes_written": written.iter().sum::<u64>(), "changed_since_built": status.changed,
            })
        );
    }
    Ok(())
}
