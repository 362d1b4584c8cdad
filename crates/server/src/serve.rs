//! `shuke serve`: the crates wired together, the workers beside the web server, a graceful stop.

use std::future::IntoFuture;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use shuke_access::webhooks::{Courier, Policy};
use shuke_columns::Keepers;
use shuke_http::{App, HttpConfig, Rate};
use shuke_insight::Desk;
use shuke_insight::standing::Facts;
use shuke_store::feed::Subscriber;
use shuke_store::jobs::JobRunner;
use shuke_store::{Engine, Lane, Store};
use utoipa_axum::router::OpenApiRouter;

use crate::cli::{Common, Role, Serve};
use crate::erasures::ErasureLog;
use crate::pages;
use crate::place::Place;

/// What is done to a store before it is served: the sample shop of `shuke demo`.
pub type Prepare = dyn Fn(&Place, &Store) -> Result<Vec<String>>;

/// How often a failing subscriber is tried before the event is set aside as a dead letter.
const FEED_TRIES: u32 = 8;

/// How many events a subscriber is handed at a time.
const FEED_STEP: i64 = 256;
/// How long the feed rests where nobody has more than that to take.
const FEED_EVERY: Duration = Duration::from_millis(50);

/// How often events of other processes are looked for that have no place in the feed yet.
const PLACES_EVERY: Duration = Duration::from_millis(10);

/// How long what comes right behind an event is waited for before segments are asked.
const GATHER: Duration = Duration::from_millis(5);

/// How many reports reckon at a time; each uses every processor.
const REPORTS_AT_A_TIME: usize = 2;

/// How many questions about segments are answered at a time; each uses every processor.
const QUESTIONS_AT_A_TIME: usize = 2;

/// Rows that upkeep ends in one transaction.
const UPKEEP_STEP: i64 = 500;

/// How often points are looked at for what happens by itself.
const POINTS_EVERY: Duration = Duration::from_secs(1);

/// How often columns look whether something changed.
const COLUMNS_EVERY: Duration = Duration::from_secs(5);

/// Every operation of the API.
fn api() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .merge(shuke_access::router())
        .merge(shuke_members::router())
        .merge(shuke_http::tagged(shuke_commerce::router(), shuke_commerce::TAGS))
        .merge(shuke_intake::router())
        .merge(shuke_http::tagged(shuke_export::router(), shuke_export::TAGS))
        .merge(shuke_http::tagged(shuke_insight::router(), shuke_insight::TAGS))
        .merge(shuke_http::tagged(shuke_segments::router(), shuke_segments::TAGS))
        .merge(crate::segments::router())
        .merge(crate::tag_rules::http::router())
        .merge(shuke_http::tagged(crate::sql::router(), crate::sql::TAGS))
        .merge(shuke_http::tagged(shuke_outreach::router(), shuke_outreach::TAGS))
        .merge(shuke_http::tagged(shuke_programme::router(), shuke_programme::TAGS))
        .merge(shuke_http::tagged(shuke_cards::router(), shuke_cards::TAGS))
        .merge(shuke_http::tagged(shuke_shopper::router(), shuke_shopper::TAGS))
        .merge(shuke_http::tagged(shuke_benefits::router(), shuke_benefits::TAGS))
        .merge(crate::overview::router())
        .merge(crate::timeline::router())
}

/// The OpenAPI document, as committed in docs/openapi.json.
pub fn openapi() -> Result<String> {
    Ok(serde_json::to_string_pretty(&shuke_http::document(api().to_openapi()))?)
}

/// What members ask of the crates above them, wired once a process.
pub fn wire() {
    shuke_members::hooks::install(shuke_members::hooks::Hooks { erased, ..shuke_commerce::HOOKS });
    shuke_members::hooks::install_files(shuke_export::erased);
    crate::tag_rules::wire();
}

/// What the crates above the members keep of those who are erased goes with them.
fn erased(tx: &mut shuke_store::Tx<'_>, cx: &shuke_kernel::Ctx, members: &[shuke_members::MemberId]) -> shuke_kernel::Result<()> {
    let ids: Vec<[u8; 16]> = members.iter().map(|m| *m.bytes()).collect();
    shuke_segments::comings::erased(tx, cx, &ids)?;
    shuke_programme::book::erase::erased(tx, cx, members)?;
    (shuke_commerce::HOOKS.erased)(tx, cx, members)
}

/// Opens the store and serves until told to stop.
pub fn serve(place: &Place, options: &Serve, common: &Common, prepare: Option<&Prepare>) -> Result<()> {
    let started = Instant::now();
    log(common);
    let Some(_lock) = place.lock()? else {
        anyhow::bail!("another process serves {} already: stop it first, or use another --data", place.data.display());
    };
    let store = place.open()?;
    let mut greeting = match prepare {
        Some(prepare) => prepare(place, &store)?,
        None => Vec::new(),
    };
    if greeting.is_empty() {
        greeting = first_start(&store)?;
    }
    if place.embedded() {
        crate::socket::serve(&place.socket(), store.clone())?;
    }
    let columns = Keepers::new(store.clone(), crate::commands::columns::columns_folder(&store, common)).deriving(Arc::new(Facts));
    let columns = Arc::new(columns.holding(common.columns_memory()));
    shuke_outreach::audience::install(Arc::new(crate::audience::Columns(columns.clone())));
    let mut workers = if options.role.contains(&Role::Worker) { Workers::start(&store, options, &place.data)? } else { Workers::none() };
    // Whoever answers reports keeps its own columns.
    workers.tend(&columns)?;
    if options.role.contains(&Role::Worker) {
        workers.keep_segments(&store, &columns)?;
    }
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let served = runtime.block_on(async {
        let listener =
            tokio::net::TcpListener::bind(options.listen).await.with_context(|| format!("cannot listen on {}", options.listen))?;
        let address = listener.local_addr()?;
        announce(address, options, &greeting, started);
        if !options.role.contains(&Role::Web) {
            stop_signal().await;
            return Ok(());
        }
        // The sample shop's links are followed on the machine that serves it.
        let base = options.public_url.clone().or_else(|| prepare.map(|_| format!("http://{address}")));
        let app = app(&store, options, columns.clone(), base)?;
        let pages = shuke_outreach::link::http::routes().merge(shuke_shopper::routes(app.clone())).fallback(pages::console);
        let router = shuke_http::serve_router_with(app, api(), pages);
        let service = router.into_make_service_with_connect_info::<SocketAddr>();
        let (halt, halted) = tokio::sync::oneshot::channel::<()>();
        let server = tokio::spawn(
            axum::serve(listener, service)
                .with_graceful_shutdown(async {
                    let _ = halted.await;
                })
                .into_future(),
        );
        stop_signal().await;
        let _ = halt.send(());
        // Connections that stay open without a request must not hold the stop up.
        let _ = tokio::time::timeout(Duration::from_secs(10), server).await;
        anyhow::Ok(())
    });
    columns.stop();
    workers.stop();
    runtime.shutdown_timeout(Duration::from_secs(5));
    if place.embedded() {
        let _ = std::fs::remove_file(place.socket());
    }
    served
}

/// `base` is this server's address from outside, where it is known: short links begin with it.
fn app(store: &Store, options: &Serve, columns: Arc<Keepers>, base: Option<String>) -> Result<App> {
    let per_second = (options.rate_limit / 60).max(1);
    let config = HttpConfig {
        key_rate: Rate { per_second, burst: per_second.saturating_mul(4) },
        secure_cookies: options.public_url.as_deref().is_some_and(|u| u.starts_with("https://")),
        ..HttpConfig::default()
    };
    let app = App::new(store.clone(), Arc::new(shuke_access::Gate::new()), config)
        .with(Policy { allow_private: options.allow_private_webhooks })
        .with(shuke_segments::Desk::new(columns.clone(), QUESTIONS_AT_A_TIME)?)
        .with(crate::sql::Desk::new(columns.clone(), options.sql_program.clone()))
        .with(crate::far::known(columns.clone()))
        .with(Desk::new(columns, REPORTS_AT_A_TIME))
        .with(shuke_outreach::batch::results::Reader(crate::results::read));
    let app = match base {
        Some(url) => app.with(shuke_shopper::PublicUrl(url.clone())).with(shuke_outreach::batch::http::PublicUrl(url)),
        None => app,
    };
    let counted = store.clone();
    app.metrics.gauge("shuke_store_commits_total", move || i64::try_from(counted.commits()).ok());
    let all = subscribers(Path::new("")).iter().map(|s| s.name()).collect();
    let heard = crate::gauges::Subscribers { all, begun: vec![shuke_segments::living::SUBSCRIBER] };
    crate::gauges::register(&app.metrics, store, heard);
    Ok(app)
}

fn log(common: &Common) {
    let filter = tracing_subscriber::EnvFilter::try_new(&common.log).unwrap_or_else(|_| tracing_subscriber::EnvFilter::new("warn"));
    let format = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    let _ = if common.json { format.json().try_init() } else { format.try_init() };
}

/// On an empty store: a token for the first sign-in, printed once. There is no default password.
fn first_start(store: &Store) -> Result<Vec<String>> {
    let token = store.write_now(Lane::Interactive, shuke_access::setup::first_start)?;
    Ok(token
        .map(|t| {
            vec![format!("第一次使用：打开页面并输入设置口令 · First start: open the page and enter the setup token"), format!("    {t}")]
        })
        .unwrap_or_default())
}

fn announce(address: SocketAddr, options: &Serve, greeting: &[String], started: Instant) {
    let url = options.public_url.clone().unwrap_or_else(|| format!("http://{address}"));
    println!("熟客 Shuke {} is ready at {url} ({} ms)", env!("CARGO_PKG_VERSION"), started.elapsed().as_millis());
    for line in greeting {
        println!("{line}");
    }
    use std::io::Write;
    let _ = std::io::stdout().flush();
}

async fn stop_signal() {
    let mut terminate = match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
        Ok(signal) => signal,
        Err(_) => return std::future::pending().await,
    };
    tokio::select! {
        _ = tokio::signal::ctrl_c() => {}
        _ = terminate.recv() => {}
    }
}

/// Jobs, the feed and webhook deliveries, on threads of their own.
struct Workers {
    halt: Vec<Arc<AtomicBool>>,
    threads: Vec<std::thread::JoinHandle<()>>,
}

impl Workers {
    fn none() -> Self {
        Self { halt: Vec::new(), threads: Vec::new() }
    }

    fn tend(&mut self, columns: &Arc<Keepers>) -> Result<()> {
        let stop = Arc::new(AtomicBool::new(false));
        self.halt.push(stop.clone());
        let columns = columns.clone();
        self.threads.push(std::thread::Builder::new().name("columns".to_owned()).spawn(move || columns_loop(&columns, &stop))?);
        Ok(())
    }

    /// Segments are kept up on a thread of their own, and reckoned on another: neither waits for imports.
    fn keep_segments(&mut self, store: &Store, columns: &Arc<Keepers>) -> Result<()> {
        let holder = shuke_kernel::Ctx::new(shuke_kernel::MerchantNo::SYSTEM, shuke_kernel::Actor::System("segments"), store.clock().now());
        let holder = holder.new_id::<shuke_segments::model::SegmentKind>().to_string();
        let living = Arc::new(shuke_segments::Living::new(store.clone(), columns.clone(), holder));
        let runner = JobRunner::new(store.clone())
            .with(shuke_segments::jobs::Reckon { living: living.clone() })
            .with(shuke_segments::target::record::Record { keepers: columns.clone() });
        self.halt.push(runner.halt_flag());
        self.threads.push(std::thread::Builder::new().name("segment-jobs".to_owned()).spawn(move || runner.run())?);
        let stop = Arc::new(AtomicBool::new(false));
        self.halt.push(stop.clone());
        let store = store.clone();
        self.threads.push(std::thread::Builder::new().name("segments".to_owned()).spawn(move || {
            if let Err(e) = segments_loop(&store, &living, &stop) {
                tracing::error!(error = %e, "segments are not kept up");
            }
        })?);
        Ok(())
    }

    fn start(store: &Store, options: &Serve, data: &Path) -> Result<Self> {
        let mut workers = Self::none();
        catch_up(store)?;
        // Exports have a thread beside the others: a list that somebody waits for is not held up by imports.
        let runners =
            [("jobs-0", jobs(store)), ("jobs-1", jobs(store)), ("exports", shuke_export::register_jobs(JobRunner::new(store.clone())))];
        for (name, runner) in runners {
            workers.halt.push(runner.halt_flag());
            workers.threads.push(std::thread::Builder::new().name(name.to_owned()).spawn(move || runner.run())?);
        }
        let stop = Arc::new(AtomicBool::new(false));
        workers.halt.push(stop.clone());
        let (feed_store, feed_stop, data) = (store.clone(), stop.clone(), data.to_owned());
        workers.threads.push(std::thread::Builder::new().name("feed".to_owned()).spawn(move || feed_loop(&feed_store, &feed_stop, &data))?);
        if store.engine() == Engine::Postgres {
            let (store, stop) = (store.clone(), stop.clone());
            workers.threads.push(std::thread::Builder::new().name("feed-places".to_owned()).spawn(move || {
                if let Err(e) = places_loop(&store, &stop) {
                    tracing::error!(error = %e, "events are given no places");
                }
            })?);
        }
        let (upkeep_store, upkeep_stop) = (store.clone(), stop.clone());
        workers
            .threads
            .push(std::thread::Builder::new().name("upkeep".to_owned()).spawn(move || upkeep_loop(&upkeep_store, &upkeep_stop))?);
        let (points_store, points_stop) = (store.clone(), stop.clone());
        workers
            .threads
            .push(std::thread::Builder::new().name("points".to_owned()).spawn(move || points_loop(&points_store, &points_stop))?);
        let courier = Courier::new(store.clone(), Policy { allow_private: options.allow_private_webhooks });
        workers.threads.push(std::thread::Builder::new().name("webhooks".to_owned()).spawn(move || courier.run(&stop))?);
        Ok(workers)
    }

    fn stop(self) {
        for flag in &self.halt {
            flag.store(true, Ordering::SeqCst);
        }
        for thread in self.threads {
            let _ = thread.join();
        }
    }
}

/// Queues what a store that an older program filled has yet to be brought to.
fn catch_up(store: &Store) -> shuke_kernel::Result<()> {
    let clock = store.clock().clone();
    store.write_now(Lane::Interactive, move |tx| {
        for merchant in shuke_access::merchants::every(tx)? {
            let cx = shuke_kernel::Ctx::new(merchant.no, shuke_kernel::Actor::System("upgrade"), clock.now());
            shuke_members::profile::reindex::enqueue_once(tx, &cx)?;
        }
        Ok(())
    })
}

/// Every few seconds: columns that are there take in what changed.
fn columns_loop(columns: &Keepers, stop: &AtomicBool) {
    let mut due = Instant::now() + COLUMNS_EVERY;
    while !stop.load(Ordering::SeqCst) {
        if Instant::now() >= due {
            match columns.tend() {
                Ok(failed) => failed.iter().for_each(|(merchant, e)| {
                    tracing::warn!(merchant = merchant.0, error = %e, "columns were not brought up to date");
                }),
                Err(e) => tracing::warn!(error = %e, "columns were not brought up to date"),
            }
            due = Instant::now() + COLUMNS_EVERY;
        }
        std::thread::sleep(Duration::from_millis(200));
    }
}

/// Follows the feed for the segments that are kept up, and reckons them as time passes. What this process
/// writes wakes it; what others write it sees at its next look.
fn segments_loop(store: &Store, living: &shuke_segments::Living, stop: &AtomicBool) -> std::io::Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build()?;
    let stopped = || stop.load(Ordering::SeqCst);
    if let Err(e) = living.begin() {
        tracing::warn!(error = %e, "segments: the turn of who kept them up before was not ended");
    }
    while !stopped() {
        let woken = store.woken();
        match living.round(&stopped) {
            Ok(0) => {
                let waited = runtime.block_on(async { tokio::time::timeout(FEED_EVERY, woken).await });
                // What comes right behind it is taken with it: each step costs a commit.
                if waited.is_ok() {
                    std::thread::sleep(GATHER);
                }
            }
            Ok(_) => {}
            Err(e) => {
                tracing::warn!(error = %e, "segments: the store did not answer");
                std::thread::sleep(Duration::from_secs(1));
            }
        }
    }
    if let Err(e) = living.end() {
        tracing::warn!(error = %e, "segments: the turn was not given back, and ends by itself");
    }
    Ok(())
}

/// Gives events their places in the feed as they come, where that is done after they were written: whoever
/// follows the feed waits for it. What other processes write it sees at its next look.
fn places_loop(store: &Store, stop: &AtomicBool) -> std::io::Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build()?;
    while !stop.load(Ordering::SeqCst) {
        let woken = store.woken();
        match store.stamp_events() {
            Ok(0) => {
                let _ = runtime.block_on(async { tokio::time::timeout(PLACES_EVERY, woken).await });
            }
            Ok(_) => store.wake(),
            Err(e) => {
                tracing::warn!(error = %e, "feed: the store did not answer");
                std::thread::sleep(Duration::from_secs(1));
            }
        }
    }
    Ok(())
}

/// Orders become final, lots and tiers end, holds time out: booked as it comes up.
fn points_loop(store: &Store, stop: &AtomicBool) {
    let mut due = Instant::now();
    while !stop.load(Ordering::SeqCst) {
        if Instant::now() >= due {
            if let Err(e) = points_round(store, stop) {
                tracing::warn!(error = %e, "points: what is due was not booked");
            }
            due = Instant::now() + POINTS_EVERY;
        }
        std::thread::sleep(Duration::from_millis(200));
    }
}

fn points_round(store: &Store, stop: &AtomicBool) -> shuke_kernel::Result<()> {
    for merchant in store.read_now(shuke_access::merchants::every)? {
        shuke_programme::book::due::run(store, merchant.no, &|| stop.load(Ordering::SeqCst))?;
        shuke_cards::due::run(store, merchant.no, &|| stop.load(Ordering::SeqCst))?;
    }
    Ok(())
}

/// Once an hour: what has run out is forgotten.
fn upkeep_loop(store: &Store, stop: &AtomicBool) {
    let mut due = Instant::now();
    while !stop.load(Ordering::SeqCst) {
        if Instant::now() >= due {
            // Each for itself: files with people in them go even where the rest fails.
            for done in [
                shuke_access::upkeep::sweep(store).map(drop),
                shuke_export::sweep(store).map(drop),
                end_tags(store),
                sum_points(store, stop),
                give_packs(store, stop),
            ] {
                if let Err(e) = done {
                    tracing::warn!(error = %e, "upkeep did not finish");
                }
            }
            due = Instant::now() + Duration::from_secs(3600);
        }
        std::thread::sleep(Duration::from_millis(200));
    }
}

/// Gives the packs of birthdays and days of joining that came up.
fn give_packs(store: &Store, stop: &AtomicBool) -> shuke_kernel::Result<()> {
    for merchant in store.read_now(shuke_access::merchants::every)? {
        shuke_benefits::pack::due::run(store, merchant.no, &|| stop.load(Ordering::SeqCst))?;
    }
    Ok(())
}

/// Sums what was booked in points since.
fn sum_points(store: &Store, stop: &AtomicBool) -> shuke_kernel::Result<()> {
    for merchant in store.read_now(shuke_access::merchants::every)? {
        shuke_programme::book::sums::run(store, merchant.no, &|| stop.load(Ordering::SeqCst))?;
    }
    Ok(())
}

/// Ends imported tags whose time is over.
fn end_tags(store: &Store) -> shuke_kernel::Result<()> {
    for merchant in store.read_now(shuke_access::merchants::every)? {
        let cx = shuke_kernel::Ctx::new(merchant.no, shuke_kernel::Actor::System("imported_tags"), store.clock().now());
        loop {
            let of = cx.clone();
            if store.write_now(Lane::Bulk, move |tx| shuke_members::tag::said::expire(tx, &of, UPKEEP_STEP))? == 0 {
                break;
            }
        }
    }
    Ok(())
}

/// A runner that knows every kind of job.
pub fn jobs(store: &Store) -> JobRunner {
    let runner = JobRunner::new(store.clone())
        .with(shuke_access::privacy::RotateKeys)
        .with(shuke_access::webhooks::Replay)
        .with(shuke_commerce::order::settle::Settle)
        .with(shuke_members::identity::rejudge::Rejudge)
        .with(shuke_members::tag::jobs::TagMembers)
        .with(shuke_members::tag::jobs::DropTag)
        .with(shuke_members::tag::rule::jobs::ApplyRule)
        .with(shuke_members::tag::said::jobs::ApplySource)
        .with(shuke_members::profile::reindex::IndexNames);
    let runner = shuke_cards::register_jobs(shuke_programme::register_jobs(runner));
    shuke_outreach::register_jobs(shuke_export::register_jobs(shuke_intake::register_jobs(runner)))
}

/// Every subscriber of the feed.
fn subscribers(data: &Path) -> Vec<Arc<dyn Subscriber>> {
    vec![
        Arc::new(shuke_access::webhooks::Feed),
        Arc::new(ErasureLog { data: data.to_owned() }),
        Arc::new(shuke_members::tag::rule::follow::Follow),
        Arc::new(shuke_programme::orders::follow::Follow),
        Arc::new(shuke_cards::orders::follow::Follow),
        Arc::new(shuke_benefits::pack::follow::Follow),
    ]
}

fn feed_loop(store: &Store, stop: &AtomicBool, data: &Path) {
    let subscribers = subscribers(data);
    let mut failures: std::collections::HashMap<(i64, &'static str), u32> = std::collections::HashMap::new();
    while !stop.load(Ordering::SeqCst) {
        match feed_round(store, &subscribers, &mut failures) {
            // Also after something was handed over: each round costs commits, and the next takes what came meanwhile.
            Ok(false) => std::thread::sleep(FEED_EVERY),
            Ok(true) => {}
            Err(e) => {
                tracing::warn!(error = %e, "feed: the store did not answer");
                std::thread::sleep(Duration::from_secs(1));
            }
        }
    }
}

/// Hands every subscriber its next events. Whether more may wait already.
fn feed_round(
    store: &Store,
    subscribers: &[Arc<dyn Subscriber>],
    failures: &mut std::collections::HashMap<(i64, &'static str), u32>,
) -> shuke_kernel::Result<bool> {
    let mut more = false;
    for merchant in store.feed_merchants()? {
        // Where that cannot be told, each is asked by itself: what ails one must not keep the others.
        let ahead = store.feed_ahead(merchant, subscribers).unwrap_or_else(|_| vec![true; subscribers.len()]);
        for subscriber in subscribers.iter().zip(ahead).filter_map(|(s, events)| events.then_some(s)) {
            let key = (merchant.0, subscriber.name());
            // After a failure one event at a time, so that only the bad one is set aside.
            let failed = failures.get(&key).copied().unwrap_or(0);
            let limit = if failed > 0 { 1 } else { FEED_STEP };
            match store.feed_subscriber(merchant, subscriber, limit) {
                Ok(n) => {
                    failures.remove(&key);
                    more |= n as i64 >= limit;
                }
                Err(e) if failed >= FEED_TRIES => {
                    match store.bury_next(merchant, subscriber, &e.to_string()) {
                        Ok(true) => tracing::error!(subscriber = key.1, error = %e, "an event was set aside"),
                        Ok(false) => {}
                        // Others must have their turn whatever ails this one.
                        Err(again) => {
                            tracing::warn!(subscriber = key.1, error = %again, "a subscriber failed, and its event could not be set aside");
                            continue;
                        }
                    }
                    failures.remove(&key);
                }
                Err(e) => {
                    tracing::warn!(subscriber = key.1, error = %e, "a subscriber failed");
                    failures.insert(key, failed + 1);
                }
            }
        }
    }
    Ok(more)
}
