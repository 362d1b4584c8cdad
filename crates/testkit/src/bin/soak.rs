//! `soak store --kills 200`: campaigns at full size, written into docs/soak.md.
//!
//! A campaign keeps its state in `target/soak`; broken off, it goes on where it was when started
//! again with the same seed. `--fresh` begins anew.

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use shuke_kernel::{Clock, SystemClock};
use shuke_testkit::soak::{Campaign, Ground, Report, home, run, work};

const USE: &str = "soak store [--kills N] [--seed N] [--only sqlite|fulldisk|postgres] [--dir DIR] [--fresh] [--no-record]";

struct Options {
    kills: u32,
    seed: Option<u64>,
    only: Option<String>,
    dir: PathBuf,
    fresh: bool,
    record: bool,
}

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.first().map(String::as_str) {
        Some("worker") => match work(&arguments[1..]) {
            Ok(()) => ExitCode::SUCCESS,
            Err(e) => {
                eprintln!("{e}");
                ExitCode::from(2)
            }
        },
        Some("store") => match options(&arguments[1..]) {
            Ok(options) => store(&options),
            Err(e) => {
                eprintln!("{e}\n{USE}");
                ExitCode::from(2)
            }
        },
        _ => {
            eprintln!("{USE}");
            ExitCode::from(2)
        }
    }
}

fn options(arguments: &[String]) -> Result<Options, String> {
    let mut options = Options { kills: 200, seed: None, only: None, dir: PathBuf::from("target/soak"), fresh: false, record: true };
    let mut rest = arguments.iter();
    while let Some(word) = rest.next() {
        let mut value = || rest.next().cloned().ok_or_else(|| format!("{word} needs a value"));
        match word.as_str() {
            "--kills" => options.kills = value()?.parse().map_err(|_| "--kills needs a number".to_owned())?,
            "--seed" => options.seed = Some(value()?.parse().map_err(|_| "--seed needs a number".to_owned())?),
            "--only" => options.only = Some(value()?),
            "--dir" => options.dir = PathBuf::from(value()?),
            "--fresh" => options.fresh = true,
            "--no-record" => options.record = false,
            other => return Err(format!("unknown: {other}")),
        }
    }
    Ok(options)
}

fn store(options: &Options) -> ExitCode {
    let program = match std::env::current_exe() {
        Ok(program) => program,
        Err(e) => {
            eprintln!("where is this program? {e}");
            return ExitCode::FAILURE;
        }
    };
    let dir = std::path::absolute(&options.dir).unwrap_or_else(|_| options.dir.clone());
    let mut good = true;
    for ground in [Ground::Sqlite, Ground::FullDisk, Ground::Postgres] {
        if options.only.as_ref().is_some_and(|o| *o != format!("{ground:?}").to_lowercase()) {
            continue;
        }
        let dir = home(&dir, ground);
        if options.fresh {
            shuke_testkit::disk::release(&dir.join("disk"));
        }
        if options.fresh
            && dir.exists()
            && let Err(e) = std::fs::remove_dir_all(&dir)
        {
            eprintln!("cannot begin anew in {}: {e}", dir.display());
            return ExitCode::FAILURE;
        }
        let seed = seed(&dir, options.seed);
        let kills = options.kills;
        println!("{}: seed {seed}, {kills} kills, in {}", ground.name(), dir.display());
        let report = run(&Campaign { ground, kills, seed, dir: dir.clone(), program: program.clone() }, |line| println!("{line}"));
        for line in &report.found {
            println!("WRONG {line}");
        }
        good &= report.found.is_empty();
        if options.record {
            record(&report);
        }
        if report.found.is_empty() {
            let _ = std::fs::remove_dir_all(&dir);
        }
    }
    if good { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// The seed of a campaign that goes on, or a new one, kept beside it.
fn seed(dir: &Path, wanted: Option<u64>) -> u64 {
    let path = dir.join("seed");
    let kept = std::fs::read_to_string(&path).ok().and_then(|t| t.trim().parse().ok());
    let seed = wanted.or(kept).unwrap_or_else(|| SystemClock.now().micros().unsigned_abs());
    let _ = std::fs::create_dir_all(dir).and_then(|()| std::fs::write(&path, seed.to_string()));
    seed
}

fn record(r: &Report) {
    let path = Path::new("docs/soak.md");
    let head = "# Campaigns\n\nWhat `make soak store` found, newest last. Each kill is `kill -9` at a random moment under keyed writes, writes without a key, bulk batches, jobs and two subscribers; at the end every acknowledged write must be there once, every subscriber must have heard every change once and in each member's order, and the audit must be clean. *Disturbed* counts cut connections, or rounds with a full disk.\n\n| when (UTC) | commit | store | seed | kills | disturbed | acknowledged | rows | events | jobs | slowest start | took | found |\n|---|---|---|---|---|---|---|---|---|---|---|---|---|\n";
    let mut text = std::fs::read_to_string(path).unwrap_or_default();
    if text.is_empty() {
        text = head.to_owned();
    }
    let git = |arguments: &[&str]| {
        Command::new("git").args(arguments).output().ok().map(|o| String::from_utf8_lossy(&o.stdout).trim().to_owned()).unwrap_or_default()
    };
    let commit = git(&["rev-parse", "--short", "HEAD"]);
    let changed = if git(&["status", "--porcelain", "--", "crates/store", "crates/kernel", "crates/testkit", "migrations"]).is_empty() {
        ""
    } else {
        "+"
    };
    let when = SystemClock.now().to_string();
    text.push_str(&format!(
        "| {} | {commit}{changed} | {} | {} | {} | {} | {} | {} | {} | {} | {} ms | {} s | {} |\n",
        when.get(..16).unwrap_or(&when),
        r.ground.name(),
        r.seed,
        r.kills,
        r.disturbances,
        r.acknowledged,
        r.rows,
        r.events,
        r.jobs,
        r.slowest_start.as_millis(),
        r.took.as_secs(),
        if r.found.is_empty() { "nothing".to_owned() } else { format!("{} things wrong: {}", r.found.len(), r.found[0]) }
    ));
    if let Err(e) = std::fs::create_dir_all("docs").and_then(|()| std::fs::write(path, text)) {
        eprintln!("cannot write {}: {e}", path.display());
    }
}
