//! The parent: starts children, lets them write, kills them, cuts and fills, and has it counted.

use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use super::check::{self, Counted};
use super::ledger::Ledger;
use super::worker::{self, CALLERS};
use super::{Campaign, Dice, Ground};
use crate::cluster::{Cluster, Durability};
use crate::disk::SmallDisk;
use crate::proxy::Proxy;

/// A full disk's size to begin with, and the room that there is each time it has been full.
const DISK: u64 = 12 << 20;
/// How often everything is counted.
const COUNT_EVERY: u32 = 25;

/// What a campaign came to.
#[derive(Clone, Debug)]
pub struct Report {
    /// Where it ran.
    pub ground: Ground,
    /// Its seed.
    pub seed: u64,
    /// Kills done, those of an earlier, broken-off run included.
    pub kills: u32,
    /// Connections cut, or times the disk was full.
    pub disturbances: u32,
    /// Writes that were acknowledged.
    pub acknowledged: usize,
    /// Rows, events, jobs that were counted.
    pub rows: usize,
    /// See [`Report::rows`].
    pub events: usize,
    /// See [`Report::rows`].
    pub jobs: usize,
    /// The longest time from a start to ready.
    pub slowest_start: Duration,
    /// How long this run took.
    pub took: Duration,
    /// What was wrong; none is good.
    pub found: Vec<String>,
}

struct Worker {
    child: Child,
    reader: Option<std::thread::JoinHandle<()>>,
    instance: u64,
}

impl Worker {
    /// Kills it (-9) and waits until everything that it said was heard.
    fn kill(self) {
        drop(self);
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
        if let Some(reader) = self.reader.take() {
            let _ = reader.join();
        }
    }
}

/// The database side of a campaign.
struct Place {
    url: String,
    server: Option<(Cluster, Proxy)>,
    disk: Option<SmallDisk>,
}

impl Place {
    fn make(c: &Campaign) -> Self {
        match c.ground {
            Ground::Sqlite => Self { url: format!("sqlite:{}", c.dir.join("shuke.db").display()), server: None, disk: None },
            Ground::FullDisk => {
                let disk = SmallDisk::at(&c.dir.join("disk"), DISK);
                Self { url: format!("sqlite:{}", disk.dir().join("shuke.db").display()), server: None, disk: Some(disk) }
            }
            Ground::Postgres => {
                let home = c.dir.join("cluster");
                let cluster = Cluster::open_or_create(&home, Durability::Full);
                let proxy = Proxy::to(cluster.port());
                Self { url: format!("postgres://shuke@127.0.0.1:{}/postgres", proxy.port()), server: Some((cluster, proxy)), disk: None }
            }
        }
    }

    fn instances(&self) -> u64 {
        if self.server.is_some() { 2 } else { 1 }
    }

    fn start(&self, c: &Campaign, ledger: &Arc<Mutex<Ledger>>, instance: u64, round: u32) -> (Worker, Duration) {
        let mut command = match &self.disk {
            Some(disk) => disk.command(&c.program),
            None => Command::new(&c.program),
        };
        command.args(["worker", &self.url, &c.seed.to_string(), &instance.to_string(), &round.to_string(), &ahead(round).to_string()]);
        let began = Instant::now();
        {
            let ledger = ledger.lock().unwrap_or_else(|e| panic!("{e}"));
            command.args((0..CALLERS).map(|t| ledger.next(instance, t).to_string()));
        }
        let mut child =
            command.stdin(Stdio::null()).stdout(Stdio::piped()).spawn().unwrap_or_else(|e| panic!("cannot start {command:?}: {e}"));
        let out = child.stdout.take().unwrap_or_else(|| panic!("the child has no output"));
        let mut lines = BufReader::new(out);
        let mut first = String::new();
        let _ = lines.read_line(&mut first);
        let took = began.elapsed();
        let ledger = ledger.clone();
        let reader = std::thread::spawn(move || {
            let mut line = String::new();
            while lines.read_line(&mut line).is_ok_and(|n| n > 0) {
                // What the kill cut in two was not acknowledged.
                if line.ends_with('\n') {
                    ledger.lock().unwrap_or_else(|e| panic!("{e}")).hear(line.trim_end());
                }
                line.clear();
            }
        });
        (Worker { child, reader: Some(reader), instance }, took)
    }
}

fn ahead(round: u32) -> i64 {
    i64::from(round) * 180
}

/// Runs a campaign to its end. `say` hears of its progress.
pub fn run(c: &Campaign, mut say: impl FnMut(&str)) -> Report {
    let began = Instant::now();
    std::fs::create_dir_all(&c.dir).unwrap_or_else(|e| panic!("cannot make {}: {e}", c.dir.display()));
    let progress = c.dir.join("kills");
    let done: u32 = std::fs::read_to_string(&progress).ok().and_then(|t| t.trim().parse().ok()).unwrap_or(0);
    let ledger = Arc::new(Mutex::new(Ledger::at(&c.dir.join("acknowledged"))));
    let mut place = Place::make(c);
    worker::open(&place.url, ahead(done))
        .and_then(|s| worker::lay(&s))
        .unwrap_or_else(|e| panic!("the campaign's store cannot be made: {e}"));
    let mut dice = Dice(c.seed ^ (u64::from(done) << 32));
    let mut report = Report {
        ground: c.ground,
        seed: c.seed,
        kills: done,
        disturbances: 0,
        acknowledged: 0,
        rows: 0,
        events: 0,
        jobs: 0,
        slowest_start: Duration::ZERO,
        took: Duration::ZERO,
        found: Vec::new(),
    };
    let mut running: Vec<Worker> = Vec::new();
    while report.kills < c.kills && report.found.is_empty() {
        let round = report.kills + 1;
        for instance in 0..place.instances() {
            if !running.iter().any(|w| w.instance == instance) {
                let (worker, took) = place.start(c, &ledger, instance, round);
                report.slowest_start = report.slowest_start.max(took);
                running.push(worker);
            }
        }
        std::thread::sleep(Duration::from_millis(30 + dice.below(500)));
        report.disturbances += disturb(&mut place, &mut dice, round);
        // One of them, or all: who is left goes on with the work of the killed.
        let victims = if dice.below(3) == 0 { running.len() } else { 1 };
        for _ in 0..victims.min(running.len()) {
            let worker = running.swap_remove(dice.below(running.len() as u64) as usize);
            worker.kill();
            report.kills += 1;
        }
        if let Some((_, proxy)) = &place.server {
            proxy.mend();
        }
        ledger.lock().unwrap_or_else(|e| panic!("{e}")).keep();
        std::fs::write(&progress, report.kills.to_string()).unwrap_or_else(|e| panic!("cannot keep the progress: {e}"));
        if report.kills / COUNT_EVERY != (round - 1) / COUNT_EVERY || report.kills >= c.kills {
            running.drain(..).for_each(Worker::kill);
            let counted = count(&mut place, &ledger, report.kills, &mut report.found);
            (report.rows, report.events, report.jobs) = (counted.rows, counted.events, counted.jobs);
            if let Some(disk) = &mut place.disk {
                disk.leave(DISK);
            }
            say(&format!(
                "{}: {} kills, {} rows, {} events, {} jobs",
                c.ground.name(),
                report.kills,
                counted.rows,
                counted.events,
                counted.jobs
            ));
        }
    }
    running.drain(..).for_each(Worker::kill);
    let ledger = ledger.lock().unwrap_or_else(|e| panic!("{e}"));
    report.acknowledged = ledger.acknowledged();
    report.took = began.elapsed();
    if let Some((cluster, _)) = &place.server {
        cluster.stop("fast");
    }
    report
}

/// Cuts connections, or finds the disk full and frees some. Returns how often.
fn disturb(place: &mut Place, dice: &mut Dice, round: u32) -> u32 {
    if let Some((cluster, proxy)) = &place.server {
        match dice.below(3) {
            0 => drop(cluster.cut("postgres")),
            1 => {
                proxy.cut();
                std::thread::sleep(Duration::from_millis(20 + dice.below(60)));
                proxy.mend();
                std::thread::sleep(Duration::from_millis(50));
            }
            _ => return 0,
        }
        return 1;
    }
    let Some(disk) = &mut place.disk else { return 0 };
    // Full for three rounds, then there is room again for a while.
    if round.is_multiple_of(4) {
        disk.leave(DISK);
        return 0;
    }
    disk.leave(dice.below(200) * 1024);
    std::thread::sleep(Duration::from_millis(100 + dice.below(200)));
    1
}

fn count(place: &mut Place, ledger: &Arc<Mutex<Ledger>>, kills: u32, found: &mut Vec<String>) -> Counted {
    if let Some(disk) = &mut place.disk {
        // To come to rest takes room.
        disk.leave(DISK * 400);
    }
    if let Some((_, proxy)) = &place.server {
        proxy.mend();
    }
    let ledger = ledger.lock().unwrap_or_else(|e| panic!("{e}"));
    let counted = worker::open(&place.url, ahead(kills) + 100_000).and_then(|store| check::check(&store, &ledger));
    match counted {
        Ok((counted, more)) => {
            found.extend(more);
            counted
        }
        Err(e) => {
            found.push(format!("the count itself failed: {e}"));
            Counted::default()
        }
    }
}

/// Where a campaign of that ground keeps its state below `dir`.
pub fn home(dir: &std::path::Path, ground: Ground) -> PathBuf {
    dir.join(format!("{ground:?}").to_lowercase())
}
