//! `shuke demo`: a shop of invented people, whose platform files are drawn from a seed and loaded by
//! the same import as a merchant's own. The files stay in the data directory, the truth behind them
//! beside them.

use std::io::Write;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use rand::seq::IndexedRandom;
use serde_json::json;
use shuke_access::{merchants, secret, staff};
use shuke_demo::{Made, Plan};
use shuke_intake::load::service::{self, Incoming};
use shuke_kernel::{Actor, Clock, Ctx, MerchantNo, SystemClock, Zone};
use shuke_store::{Lane, Store};

use super::admin;
use crate::cli::Demo;
use crate::out::Out;
use crate::place::{Place, make_private_dir};
use crate::wrong::wrong;

const OWNER: &str = "demo@shuke.example";
const SHOP: &str = "晴天母婴（示例）";

/// Makes the sample shop in an empty store; gives the login again for one that has it. A store of
/// somebody else's is not served under the name of a demo.
pub fn prepare(place: &Place, store: &Store, options: &Demo) -> Result<Vec<String>> {
    let login = place.data.join("demo-login.txt");
    if store.read_now(merchants::every)?.is_empty() {
        // With a store elsewhere nobody has made it yet.
        make_private_dir(&place.data)?;
        let password = password();
        let hashed = secret::hash_password_now(&password)?;
        admin::found(store, SHOP, OWNER, &hashed, false)?;
        keep(&login, &password)?;
    }
    if store.read_now(|tx| staff::by_email(tx, OWNER))?.is_none() {
        let text = format!(
            "{} holds a store that is not the sample shop: use `shuke serve` for it, or give `shuke demo` another --data",
            place.data.display()
        );
        return Err(wrong("demo.not_a_sample", text));
    }
    // Also when a first start was broken off before anything was loaded.
    let shop = store.read_now(merchants::every)?.into_iter().find(|m| m.name == SHOP).map(|m| m.no);
    if let Some(no) = shop.filter(|no| !loads(store, *no).unwrap_or(true)) {
        let dir = std::path::absolute(place.data.join("demo-files"))?;
        let made = draw(options, &dir)?;
        load(store, no, &made)?;
    }
    let password = std::fs::read_to_string(&login).unwrap_or_default();
    if password.is_empty() {
        return Ok(vec![format!("登录 · Sign in:  {OWNER}（忘了密码 · forgot the password: shuke admin reset-password --email {OWNER}）")]);
    }
    Ok(vec![format!("登录 · Sign in:  {OWNER}  /  {}", password.trim())])
}

/// `--files-only`: writes the files and says what they hold.
pub fn write_files(options: &Demo, dir: &Path, out: &mut Out<'_>) -> Result<u8> {
    let made = draw(options, dir)?;
    if out.json {
        let files: Vec<_> = made.files.iter().map(|f| f.display().to_string()).collect();
        out.object(&json!({ "files": files, "truth": dir.join("truth"), "people": made.people, "orders": made.orders, "paid": made.paid, "identified": made.shown }))?;
    } else {
        for file in &made.files {
            out.line(file.display().to_string())?;
        }
        out.note("The truth behind them is in the folder `truth` beside them; docs/demo.md says what it holds.")?;
    }
    Ok(0)
}

fn draw(options: &Demo, dir: &Path) -> Result<Made> {
    let started = Instant::now();
    let until = options.until.unwrap_or_else(|| Zone::shanghai().day(SystemClock.now()));
    let plan = Plan { members: options.members, seed: options.seed, until, identified: options.identified, flaws: true };
    let mut progress = |people: u64| {
        if options.members > people {
            eprintln!("  {people} of {} people", options.members);
        }
    };
    let made = shuke_demo::make(&plan, dir, &mut progress)
        .with_context(|| format!("cannot write the sample shop's files to {}", dir.display()))?;
    eprintln!(
        "drew {} people and their {} orders in {:.1} s: {}",
        made.people,
        made.orders,
        started.elapsed().as_secs_f64(),
        dir.display()
    );
    Ok(made)
}

/// Whether anything was ever loaded, or is being.
fn loads(store: &Store, merchant: MerchantNo) -> Result<bool> {
    let runs = store.read_now(move |tx| service::list(tx, merchant, None, 10))?;
    Ok(runs.iter().any(|run| run.state != "staged"))
}

/// Loads the files as `shuke import` would.
fn load(store: &Store, merchant: MerchantNo, made: &Made) -> Result<()> {
    let started = Instant::now();
    let cx = Ctx::new(merchant, Actor::Cli, store.clock().now());
    let files = made.files.iter().map(|f| Incoming::Path(f.clone())).collect();
    let run = service::stage(store, &cx, cx.new_id(), files, None, None)?;
    let records: i64 = run.files.iter().map(|f| f.records).sum();
    eprintln!("loading {} files with {records} rows …", run.files.len());
    let (id, inner) = (run.id, cx.clone());
    store.write_now(Lane::Interactive, move |tx| service::run(tx, &inner, id))?;
    let done = AtomicBool::new(false);
    let runner = crate::serve::jobs(store);
    let end = std::thread::scope(|scope| {
        scope.spawn(|| watch(store, merchant, id, records, &done));
        let ran = run_all(&runner);
        done.store(true, Ordering::Relaxed);
        ran
    });
    end?;
    let end = store.read_now(move |tx| service::get(tx, merchant, id))?;
    if end.state != "done" {
        bail!("the sample shop's import is {}: look at the log, remove the data directory and start again", end.state);
    }
    eprintln!(
        "loaded in {:.1} s: {} orders, {} members, {} orders unidentified, {} rows in quarantine",
        started.elapsed().as_secs_f64(),
        end.counts.orders_new,
        end.counts.members_new,
        end.counts.unidentified,
        end.counts.quarantined
    );
    Ok(())
}

fn run_all(runner: &shuke_store::jobs::JobRunner) -> Result<()> {
    while runner.run_one()? {}
    Ok(())
}

/// Says every few seconds how far the import is.
fn watch(store: &Store, merchant: MerchantNo, id: shuke_intake::load::model::ImportId, records: i64, done: &AtomicBool) {
    let mut quiet = 0;
    while !done.load(Ordering::Relaxed) {
        std::thread::sleep(Duration::from_millis(100));
        quiet += 1;
        if quiet % 50 != 0 {
            continue;
        }
        let progress = store.read_now(move |tx| {
            let run = service::get(tx, merchant, id)?;
            run.job.map(|j| tx.job(merchant, j)).transpose()
        });
        if let Ok(Some(job)) = progress {
            eprintln!("  {} of {records} rows", job.progress);
        }
    }
}

/// Four words and a number: easy to type, 40 bits, and different in every installation.
fn password() -> String {
    const SYLLABLES: [&str; 32] = [
        "ba", "bei", "cha", "chun", "da", "deng", "fan", "feng", "gao", "gui", "hai", "hua", "jin", "kai", "lan", "li", "mei", "ming",
        "nan", "ping", "qi", "qing", "rong", "shan", "shu", "tao", "wan", "xia", "xue", "yun", "zhi", "zhu",
    ];
    let mut rng = rand::rng();
    let mut pick = || SYLLABLES.choose(&mut rng).copied().unwrap_or("shu");
    (0..4).map(|_| format!("{}{}", pick(), pick())).collect::<Vec<_>>().join("-")
}

fn keep(path: &Path, password: &str) -> Result<()> {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path).with_context(|| format!("cannot write {}", path.display()))?;
    Ok(writeln!(file, "{password}")?)
}
