//! The ledger's bench, step by step: `bench/ledger.py` puts the steps together.

use anyhow::Result;
use clap::{Parser, Subcommand};
use shuke_bench::ledger::{bare, drive, fill, http};

/// The server's.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

#[derive(Parser)]
#[command(about = "Books of points: filled, asked, and the bare engine beside them")]
struct Arguments {
    #[command(subcommand)]
    step: Step,
}

#[derive(Subcommand)]
enum Step {
    /// Fills a store with books.
    Fill(fill::Options),
    /// Asks through the service.
    Drive(drive::Options),
    /// Asks over HTTP.
    Http(http::Options),
    /// Writes the rows of a run by the bare engine.
    Bare(bare::Options),
}

fn main() -> Result<()> {
    shuke_members::hooks::install(shuke_commerce::HOOKS);
    match Arguments::parse().step {
        Step::Fill(options) => fill::run(&options),
        Step::Drive(options) => drive::run(&options),
        Step::Http(options) => http::run(&options),
        Step::Bare(options) => bare::run(&options),
    }
}
