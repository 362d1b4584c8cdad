//! `shuke demo`: a shop of invented people, whose platform files are drawn from a seed and loaded by
//! the same import as a merchant's own. The files stay in the data directory, the truth behind them
//! beside them.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use rand::seq::IndexedRandom;
use serde_json::json;
use shuke_access::{merchants, secret, staff};
use shuke_demo::{Made, Plan, Reached};
use shuke_intake::load::service::{self, Incoming};
use shuke_kernel::{Actor, Clock, Ctx, MerchantNo, ShiftedClock, SystemClock, Zone};
use shuke_programme::definition::{service as programmes, templates};
use shuke_store::{Lane, Store, Tx};

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
        let made = draw(&base(options), &files(place)?)?;
        load(store, no, &made)?;
    }
    if let Some(no) = shop.filter(|_| options.weeks > 0) {
        let drawn = drawn(place)?.context("the sample shop's files are not there: its next weeks cannot be drawn")?;
        let made = go_on(&Plan { days: options.weeks * 7, ..drawn }, options, &files(place)?.join(format!("next-{}", options.weeks)))?;
        load(store, no, &made)?;
    }
    if let Some(no) = shop.filter(|_| options.points) {
        let cx = Ctx::new(no, Actor::Cli, store.clock().now());
        store.write_now(Lane::Interactive, move |tx| points(tx, &cx))?;
    }
    let password = std::fs::read_to_string(&login).unwrap_or_default();
    if password.is_empty() {
        return Ok(vec![format!("登录 · Sign in:  {OWNER}（忘了密码 · forgot the password: shuke admin reset-password --email {OWNER}）")]);
    }
    Ok(vec![format!("登录 · Sign in:  {OWNER}  /  {}", password.trim())])
}

/// The first ready programme for the orders of a year, where there is none. Jobs fill it once the shop is served.
fn points(tx: &mut Tx<'_>, cx: &Ctx) -> shuke_kernel::Result<()> {
    let ready = templates::all(true).into_iter().next();
    let (Some(ready), true) = (ready, programmes::list(tx, cx.merchant)?.is_empty()) else { return Ok(()) };
    let begins_at = shuke_kernel::Instant(cx.now.micros() - 365 * 86_400_000_000);
    let new = programmes::New { name: ready.name.to_owned(), shops: Vec::new(), rules: ready.rules, begins_at: Some(begins_at) };
    programmes::create(tx, cx, &new).map(drop)
}

/// `--files-only`: writes the files and says what they hold.
pub fn write_files(options: &Demo, dir: &Path, out: &mut Out<'_>) -> Result<u8> {
    let made = if options.weeks > 0 {
        go_on(&Plan { days: options.weeks * 7, ..base(options) }, options, dir)?
    } else {
        draw(&base(options), dir)?
    };
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

/// When it is then: where the files end that are there, or would be made.
pub fn clock(place: &Place, options: &Demo) -> Result<Arc<dyn Clock>> {
    let plan = drawn(place)?.unwrap_or_else(|| base(options));
    let end = plan.until.checked_add(jiff::Span::new().weeks(options.weeks))?;
    let at = Zone::shanghai().start_of(end).context("the calendar ends before that")?;
    Ok(Arc::new(ShiftedClock::starting(at)))
}

fn files(place: &Place) -> Result<PathBuf> {
    Ok(std::path::absolute(place.data.join("demo-files"))?)
}

/// The shop as the options want it.
fn base(options: &Demo) -> Plan {
    let until = options.until.unwrap_or_else(|| Zone::shanghai().day(SystemClock.now()));
    Plan { members: options.members, seed: options.seed, until, identified: options.identified, flaws: true, days: 0 }
}

/// The shop that is there; `None` where none was drawn.
fn drawn(place: &Place) -> Result<Option<Plan>> {
    let path = files(place)?.join("truth");
    if !path.join("plan.csv").exists() {
        return Ok(None);
    }
    shuke_demo::drawn(&path).map(Some).with_context(|| format!("cannot read what the sample shop was drawn with: {}", path.display()))
}

fn progress(of: u64) -> impl FnMut(u64) {
    move |people| {
        if of > people {
            eprintln!("  {people} of {of} people");
        }
    }
}

/// Draws what has happened since.
fn go_on(plan: &Plan, options: &Demo, dir: &Path) -> Result<Made> {
    let mut reached = Reached::answering(options.response);
    for file in &options.handed_over {
        reached.read(file).with_context(|| format!("cannot read {}", file.display()))?;
    }
    let made = shuke_demo::go_on(plan, &reached, dir, &mut progress(plan.members))
        .with_context(|| format!("cannot write what happened next to {}", dir.display()))?;
    eprintln!("{} weeks later: {} orders placed or changed since: {}", options.weeks, made.orders, dir.display());
    if !options.then {
        eprintln!("it is still the day on which the first files ended: with --then it is the day after these weeks");
    }
    Ok(made)
}

fn draw(plan: &Plan, dir: &Path) -> Result<Made> {
    let started = Instant::now();
    let made = shuke_demo::make(plan, dir, &mut progress(plan.members))
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
