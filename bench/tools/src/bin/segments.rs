//! The evaluator of segments on a drawn base of any size: `parquet` writes the base for another engine,
//! `ask` lays it out and asks every segment of a file, first and repeated.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, mpsc};
use std::time::Instant;

use anyhow::{Context, Result, anyhow};
use clap::{Parser, Subcommand};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use shuke_bench::base::{Files, Layout, Part, Shape};
use shuke_columns::{People, Slice};
use shuke_kernel::Zone;
use shuke_segments::portrait::{Question, measure, tell};
use shuke_segments::{Plan, Reckoning, Segments, check};

/// The server's.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

#[derive(Parser)]
struct Arguments {
    #[command(subcommand)]
    verb: Verb,
    /// How many members; lines and events are ten times as many.
    #[arg(long, global = true, default_value_t = 1_000_000)]
    members: usize,
    #[arg(long, global = true, default_value_t = 5)]
    seed: u64,
    /// The segments: `bench.json`.
    #[arg(long, global = true)]
    segments: Option<PathBuf>,
}

#[derive(Subcommand)]
enum Verb {
    /// Writes the base as Parquet files into a folder.
    Parquet { folder: PathBuf },
    /// Asks every segment, or those named.
    Ask {
        #[arg(long, default_value_t = 5)]
        repeat: usize,
        only: Vec<String>,
    },
    /// Reckons the portraits of some segments beside all members.
    Portrait {
        #[arg(long, default_value_t = 3)]
        repeat: usize,
        only: Vec<String>,
    },
    /// Asks living segments as members' events arrive, on one thread.
    Living {
        #[arg(long, default_value_t = 500)]
        number: usize,
        #[arg(long, default_value_t = 100_000)]
        events: usize,
    },
}

fn main() -> Result<()> {
    let arguments = Arguments::parse();
    let text = std::fs::read(arguments.segments.context("which segments? --segments FILE")?).context("the segments cannot be read")?;
    let bench: Value = serde_json::from_slice(&text)?;
    let at = text_of(&bench, "at")?.parse::<shuke_kernel::Instant>().map_err(|e| anyhow!("{e}"))?;
    let shape = Shape::new(arguments.seed, arguments.members, at.micros());
    match arguments.verb {
        Verb::Parquet { folder } => write(&shape, &folder),
        Verb::Ask { repeat, only } => ask(&shape, &bench, repeat, &only),
        Verb::Portrait { repeat, only } => portrait(&shape, &bench, repeat, &only),
        Verb::Living { number, events } => shuke_bench::living::run(&shape, &bench, number, events),
    }
}

fn text_of<'a>(of: &'a Value, name: &str) -> Result<&'a str> {
    of[name].as_str().with_context(|| format!("{name} is missing"))
}

/// Draws parts on two threads, `take` gets them in order.
fn each_part<T: Send>(shape: &Shape, make: impl Fn(Part) -> T + Sync, mut take: impl FnMut(T) -> Result<()>) -> Result<()> {
    let next = AtomicUsize::new(0);
    std::thread::scope(|scope| {
        let (send, parts) = mpsc::sync_channel::<(usize, T)>(2);
        for _ in 0..2 {
            let (send, next, make) = (send.clone(), &next, &make);
            scope.spawn(move || {
                loop {
                    let number = next.fetch_add(1, Ordering::Relaxed);
                    if number >= shape.parts() || send.send((number, make(shape.part(number)))).is_err() {
                        return;
                    }
                }
            });
        }
        drop(send);
        let mut waiting = std::collections::BTreeMap::new();
        let mut due = 0;
        for (number, made) in parts {
            waiting.insert(number, made);
            while let Some(made) = waiting.remove(&due) {
                take(made)?;
                due += 1;
            }
        }
        Ok(())
    })
}

fn write(shape: &Shape, folder: &Path) -> Result<()> {
    std::fs::create_dir_all(folder)?;
    let begun = Instant::now();
    let mut files = Files::create(folder, shape.at)?;
    each_part(shape, |part| part, |part| Ok(files.take(&part)?))?;
    files.finish()?;
    println!("{}", json!({"wrote": "parquet", "seconds": begun.elapsed().as_secs_f64()}));
    Ok(())
}

fn base(shape: &Shape, layout: &Layout) -> Result<Vec<Slice>> {
    let begun = Instant::now();
    let mut slices = Vec::new();
    let make = |part: Part| layout.slice(&part);
    each_part(shape, make, |slice| {
        slices.push(slice);
        Ok(())
    })?;
    let table = |name: &str| layout.registry.find_table(name).map_or(0, |(t, _)| t);
    let rows = |name: &str| slices.iter().map(|s| s.tables[table(name)].columns[1].len()).sum::<usize>();
    let orders = layout.registry.vocabularies().iter().position(|v| &*v.name == "order_id").unwrap_or(0);
    let lines: usize = slices.iter().map(|s| s.tables[table("lines")].bytes() + s.ids[orders].bytes()).sum();
    println!(
        "{}",
        json!({
            "laid_out": true,
            "seconds": begun.elapsed().as_secs_f64(),
            "members": shape.members,
            "lines": rows("lines"),
            "events": rows("events"),
            "bytes": slices.iter().map(Slice::bytes).sum::<usize>(),
            "bytes_per_line": lines as f64 / rows("lines").max(1) as f64,
        })
    );
    Ok(slices)
}

fn ask(shape: &Shape, bench: &Value, repeat: usize, only: &[String]) -> Result<()> {
    let layout = Layout::default();
    let slices = base(shape, &layout)?;
    let zone = Zone::named(text_of(bench, "zone")?).context("the zone is not known")?;
    let reckoning = Reckoning::new(shape.at, &zone);
    for segment in bench["segments"].as_array().context("segments is missing")? {
        let name = text_of(segment, "name")?;
        if !only.is_empty() && !only.iter().any(|o| o == name) {
            continue;
        }
        let source = segment["expr"].to_string();
        let mut times = Vec::new();
        let mut found = None;
        for _ in 0..=repeat {
            let begun = Instant::now();
            let expression =
                check(source.as_bytes(), &layout.registry, &Segments::default(), &reckoning).map_err(|e| anyhow!("{name}: {e}"))?;
            let plan = Plan::of(&expression, &layout.registry, &reckoning)?;
            let (matches, _) = plan.found(&slices, &|| false).context("cancelled")?;
            let count: usize = matches.iter().map(|m| m.len()).sum();
            times.push(begun.elapsed().as_secs_f64() * 1_000.0);
            found = Some((count, matches));
        }
        let (count, matches) = found.context("no answer")?;
        let mut hash = Sha256::new();
        for (slice, places) in slices.iter().zip(&matches) {
            for place in places.iter() {
                hash.update((slice.first + place).to_le_bytes());
            }
        }
        let hash: String = hash.finalize().iter().map(|b| format!("{b:02x}")).collect();
        let first = times.remove(0);
        times.sort_by(f64::total_cmp);
        let median = times.get(times.len() / 2).copied().unwrap_or(first);
        println!("{}", json!({"segment": name, "first_ms": first, "median_ms": median, "count": count, "hash": hash}));
    }
    Ok(())
}

fn portrait(shape: &Shape, bench: &Value, repeat: usize, only: &[String]) -> Result<()> {
    let layout = Layout::with_orders();
    let slices: Vec<Arc<Slice>> = base(shape, &layout)?.into_iter().map(Arc::new).collect();
    let people = People { registry: layout.registry.clone(), slices, known_at: shape.at, position: 0 };
    let zone = Zone::named(text_of(bench, "zone")?).context("the zone is not known")?;
    let reckoning = Reckoning::new(shape.at, &zone);
    let judged = |source: &str| check(source.as_bytes(), &layout.registry, &Segments::default(), &reckoning).map_err(|e| anyhow!("{e}"));
    for segment in bench["segments"].as_array().context("segments is missing")? {
        let name = text_of(segment, "name")?;
        if !only.iter().any(|o| o == name) {
            continue;
        }
        let question = Question {
            group: judged(&segment["expr"].to_string())?,
            against: judged(r#"{"op": "all"}"#)?,
            reckoning: reckoning.clone(),
            shop: None,
            from: None,
            to: None,
            occasions: Vec::new(),
        };
        let mut times = Vec::new();
        let mut told = None;
        for _ in 0..=repeat {
            let begun = Instant::now();
            let measured = measure(&people, &question, &|| false)?.context("cancelled")?;
            told = Some(tell(&question, &measured));
            times.push(begun.elapsed().as_secs_f64() * 1_000.0);
        }
        let told = told.context("no answer")?;
        let bars: usize = told.attributes.iter().map(|a| a.bars.len()).sum();
        let first = times.remove(0);
        times.sort_by(f64::total_cmp);
        let median = times.get(times.len() / 2).copied().unwrap_or(first);
        println!("{}", json!({"portrait": name, "first_ms": first, "median_ms": median, "members": told.members[0], "bars": bars}));
    }
    Ok(())
}
