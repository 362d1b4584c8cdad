//! Takes the drawn base of `segments` into a store: `through --store URL --key FILE --members N --at TIME
//! --numbers FILE`. The file gets the members' ids in the order of their numbers, so that who is found over the
//! store can be compared with who is found over the base as it was drawn.

use std::io::Write;
use std::path::PathBuf;
use std::time::Instant;

use anyhow::{Result, anyhow};
use clap::Parser;
use serde_json::json;
use shuke_bench::Over;
use shuke_bench::base::Shape;
use shuke_bench::base::taking::{Taken, Taking};
use shuke_bench::on_all_processors;
use shuke_kernel::MerchantNo;

/// The server's.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

#[derive(Parser)]
#[command(about = "Takes the drawn base into a store by the product's own services")]
struct Arguments {
    /// With a merchant and nothing else in it.
    #[command(flatten)]
    over: Over,
    /// The merchant's number.
    #[arg(long, default_value_t = 1)]
    merchant: i64,
    #[arg(long, default_value_t = 1_000_000)]
    members: usize,
    #[arg(long, default_value_t = 5)]
    seed: u64,
    /// The time of the question.
    #[arg(long)]
    at: String,
    /// Where the members' ids are written.
    #[arg(long)]
    numbers: PathBuf,
}

fn main() -> Result<()> {
    let options = Arguments::parse();
    let at = options.at.parse::<shuke_kernel::Instant>().map_err(|e| anyhow!("{e}"))?;
    shuke_members::hooks::install(shuke_commerce::HOOKS);
    let store = options.over.open()?;
    let shape = Shape::new(options.seed, options.members, at.micros());
    let taking = Taking::new(store.clone(), MerchantNo(options.merchant), at.micros())?;
    let begun = Instant::now();
    let parts = on_all_processors(shape.parts(), |number| {
        let done = taking.take(&shape.part(number))?;
        eprintln!("part {} of {} after {:.0} s", number + 1, shape.parts(), begun.elapsed().as_secs_f64());
        Ok(done)
    })?;
    let seconds = begun.elapsed().as_secs_f64();
    let mut numbers = std::io::BufWriter::new(std::fs::File::create(&options.numbers)?);
    let mut all = Taken::default();
    for (people, taken) in &parts {
        people.iter().try_for_each(|id| writeln!(numbers, "{id}"))?;
        all.orders += taken.orders;
        all.lines += taken.lines;
        all.refunds += taken.refunds;
        all.acts += taken.acts;
        all.tags += taken.tags;
    }
    numbers.flush()?;
    println!(
        "{}",
        json!({
            "members": options.members, "orders": all.orders, "lines": all.lines, "refunds": all.refunds, "events": all.acts,
            "tags": all.tags, "commits": store.commits(), "seconds": seconds,
        })
    );
    Ok(())
}
