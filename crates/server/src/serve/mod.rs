//! `shuke serve`: the crates wired together, the workers beside the web server, a graceful stop.

mod feed;
mod upkeep;
mod workers;

use std::future::IntoFuture;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use shuke_access::webhooks::Policy;
use shuke_columns::Keepers;
use shuke_http::{App, HttpConfig, Rate};
use shuke_insight::Desk;
use shuke_insight::standing::Facts;
use shuke_store::{Lane, Store};
use utoipa_axum::router::OpenApiRouter;

use self::feed::subscribers;
use self::workers::Workers;
pub use self::workers::jobs;
use crate::cli::{Common, Role, Serve};
use crate::pages;
use crate::place::Place;

/// What is done to a store before it is served: the sample shop of `shuke demo`.
pub type Prepare = dyn Fn(&Place, &Store) -> Result<Vec<String>>;

/// How many reports reckon at a time; each uses every processor.
const REPORTS_AT_A_TIME: usize = 2;

/// How many questions about segments are answered at a time; each uses every processor.
const QUESTIONS_AT_A_TIME: usize = 2;

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
        .merge(shuke_http::tagged(shuke_coupons::router(), shuke_coupons::TAGS))
        .merge(shuke_http::tagged(shuke_promotions::router(), shuke_promotions::TAGS))
        .merge(crate::overview::router())
        .merge(crate::timeline::router())
}

/// The OpenAPI document, as committed in docs/openapi.json.
pub fn openapi() -> Result<String> {
    Ok(serde_json::to_string_pretty(&shuke_http::document(api().to_openapi()))?)
}

/// What crates ask of others that they do not know, wired once a process.
pub fn wire() {
    shuke_members::hooks::install(shuke_members::hooks::Hooks { erased, ..shuke_commerce::HOOKS });
    shuke_members::hooks::install_files(shuke_export::erased);
    crate::tag_rules::wire();
    crate::held::wire();
}

/// What the crates above the members keep of those who are erased goes with them.
fn erased(tx: &mut shuke_store::Tx<'_>, cx: &shuke_kernel::Ctx, members: &[shuke_members::MemberId]) -> shuke_kernel::Result<()> {
    let ids: Vec<[u8; 16]> = members.iter().map(|m| *m.bytes()).collect();
    shuke_segments::comings::erased(tx, cx, &ids)?;
    shuke_programme::book::erase::erased(tx, cx, members)?;
    shuke_intake::load::quarantine::erased(tx, cx, members)?;
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
