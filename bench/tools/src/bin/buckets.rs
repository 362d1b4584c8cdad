//! Draws a shop of any size straight into a merchant's report buckets: `buckets FOLDER --members N`, where
//! `FOLDER` has the columns of a merchant of whom the store knows nothing yet. A server over that store then
//! answers reports about the drawn shop.

use std::path::PathBuf;
use std::time::Instant;

use anyhow::{Context, Result, anyhow};
use clap::Parser;
use serde_json::json;
use shuke_bench::base::{Shape, bucket};
use shuke_bench::on_all_processors;
use shuke_columns::shelf::{BucketFile, Manifest, Shelf, WordsFile};
use shuke_columns::words::KINDS;

/// The server's.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

#[derive(Parser)]
struct Arguments {
    /// The folder of the merchant's columns.
    folder: PathBuf,
    /// How many members; orders are four times, lines nine times as many.
    #[arg(long, default_value_t = 10_000_000)]
    members: usize,
    #[arg(long, default_value_t = 5)]
    seed: u64,
    /// The time at which the shop is looked at; what it has lies in the three years before.
    #[arg(long)]
    at: String,
}

fn main() -> Result<()> {
    let arguments = Arguments::parse();
    let at = arguments.at.parse::<shuke_kernel::Instant>().map_err(|e| anyhow!("{e}"))?;
    let shape = Shape::new(arguments.seed, arguments.members, at.micros());
    let begun = Instant::now();
    let shelf = Shelf::existing(&arguments.folder).context("there is no such folder")?;
    let before = shelf.manifest()?.context("there are no columns: shuke columns rebuild")?;
    let sequence = before.sequence + 1;
    let name = |number: usize| format!("b-{sequence:012}-{number:06}.arrow");
    let write = |number: usize| -> Result<(BucketFile, usize, usize)> {
        let (nobody, first, members) = match number.checked_sub(shape.parts()) {
            None => (false, number * bucket::MEMBERS, bucket::members(&shape, &shape.part(number))),
            Some(heap) => (true, 0, bucket::heap(&shape, heap)),
        };
        let orders = members.iter().map(|m| m.orders.len()).sum();
        let lines = members.iter().flat_map(|m| &m.orders).map(|o| o.lines.len()).sum();
        Ok((shelf.write_bucket(name(number), first as u32, nobody, members)?, orders, lines))
    };
    let written = on_all_processors(shape.parts() + bucket::heaps(), write)?;
    let (orders, lines) = written.iter().fold((0, 0), |(orders, lines), (_, o, l)| (orders + o, lines + l));
    let base: Vec<BucketFile> = written.into_iter().map(|(file, ..)| file).collect();
    let bytes: u64 = base.iter().map(|b| b.bytes).sum();
    let empty = WordsFile { file: format!("words-{sequence:012}"), ..WordsFile::default() };
    let words = shelf.write_words(&empty, [0; KINDS.len()], &bucket::words())?;
    shelf.commit(&Manifest { sequence, words, base, deltas: Vec::new(), ..before })?;
    let seconds = begun.elapsed().as_secs_f64();
    println!("{}", json!({"members": shape.members, "orders": orders, "lines": lines, "bytes": bytes, "seconds": seconds}));
    Ok(())
}
