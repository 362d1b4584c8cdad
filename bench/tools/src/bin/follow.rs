//! What follows the feed for the segments, by itself: takes what a store's feed holds for them and tells how
//! long that took. The store is filled by `bench/living.py --fill`.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Instant;

use anyhow::Result;
use clap::Parser;
use serde_json::json;
use shuke_bench::Over;
use shuke_columns::Keepers;
use shuke_segments::Living;
use shuke_store::args;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

#[derive(Parser)]
#[command(about = "Follows a store's feed with its living segments, alone")]
struct Options {
    #[command(flatten)]
    over: Over,
    /// An empty folder for columns.
    #[arg(long)]
    columns: PathBuf,
}

fn main() -> Result<()> {
    let options = Options::parse();
    let store = options.over.open()?;
    let living = Living::new(store.clone(), Arc::new(Keepers::new(store.clone(), options.columns)), "bench");
    living.begin()?;
    // Where events get their places afterwards: some thousands at a time.
    while store.stamp_events()? > 0 {}
    for merchant in store.feed_merchants()? {
        let changes = || {
            let counted = "SELECT COUNT(*) FROM segment_change WHERE merchant = $1";
            store.read_now(move |tx| tx.one(counted, args![merchant])?.get::<i64>(0))
        };
        let (before, commits, begun) = (changes()?, store.commits(), Instant::now());
        let events = living.follow(merchant)?;
        let seconds = begun.elapsed().as_secs_f64();
        let told = json!({
            "merchant": merchant.0, "events": events, "seconds": seconds,
            "comings_and_goings": changes()? - before, "commits": store.commits() - commits,
        });
        println!("{told}");
    }
    living.end()?;
    Ok(())
}
