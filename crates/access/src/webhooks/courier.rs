//! The courier: takes deliveries that are due, sends them, writes down what came of it. Several
//! may run; a delivery is taken by one at a time. A courier that dies leaves its deliveries due
//! again after two minutes.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use shuke_kernel::{Actor, Ctx, Instant, MerchantNo, Result};
use shuke_store::feed::EventId;
use shuke_store::{Lane, Store, Tx, args};
use ureq::Agent;
use ureq::config::Config;
use ureq::unversioned::transport::DefaultConnector;

use super::guard::{Guarded, Policy};
use super::model::{DISABLE_SECONDS, Hook, HookId, PAUSES, sign};
use super::{service, sql};
use crate::audit;

const LEASE_SECONDS: i64 = 120;
const BATCH: i64 = 32;
/// While nothing gets through, the others wait so long for the one that tries.
const PROBE_SECONDS: i64 = 60;
const AT_ONCE: usize = 8;
const TIMEOUT: Duration = Duration::from_secs(10);

/// What came of an attempt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attempted {
    /// The answer's status, if there was an answer.
    pub status: Option<u16>,
    /// Why there was none: a few words, no address.
    pub error: Option<&'static str>,
}

impl Attempted {
    /// Whether the receiver took it.
    pub fn taken(&self) -> bool {
        self.status.is_some_and(|s| (200..300).contains(&s))
    }
}

/// Sends what is due.
pub struct Courier {
    store: Store,
    agent: Agent,
}

struct Parcel {
    merchant: MerchantNo,
    hook: Hook,
    position: i64,
    event: EventId,
    body: String,
    attempt: i64,
}

fn agent(policy: Policy) -> Agent {
    let config = Config::builder()
        .timeout_global(Some(TIMEOUT))
        .max_redirects(0)
        .max_redirects_will_error(false)
        .http_status_as_error(false)
        .https_only(!policy.allow_private)
        .proxy(None)
        .max_idle_connections(0)
        .user_agent(concat!("Shuke/", env!("CARGO_PKG_VERSION")))
        .build();
    Agent::with_parts(config, DefaultConnector::default(), Guarded::new(policy))
}

fn reason(e: &ureq::Error) -> &'static str {
    match e {
        ureq::Error::Timeout(_) => "timeout",
        ureq::Error::HostNotFound => "name not found",
        ureq::Error::BadUri(why) if why == "private address" => "private address refused",
        ureq::Error::Io(e) if e.kind() == std::io::ErrorKind::ConnectionRefused => "connection refused",
        ureq::Error::Io(_) | ureq::Error::ConnectionFailed => "connection failed",
        ureq::Error::Rustls(_) | ureq::Error::Tls(_) => "tls failed",
        _ => "failed",
    }
}

impl Courier {
    /// A courier under that policy.
    pub fn new(store: Store, policy: Policy) -> Self {
        Self { store, agent: agent(policy) }
    }

    /// Sends one message now, signed by every live secret of the webhook.
    pub fn send(&self, hook: &Hook, id: &str, now: Instant, body: &str) -> Result<Attempted> {
        let timestamp = now.micros() / 1_000_000;
        let signatures = hook.live(now).into_iter().map(|s| sign(s, id, timestamp, body)).collect::<Result<Vec<_>>>()?;
        let sent = self
            .agent
            .post(&hook.url)
            .header("content-type", "application/json")
            .header("webhook-id", id)
            .header("webhook-timestamp", timestamp.to_string())
            .header("webhook-signature", signatures.join(" "))
            .send(body);
        Ok(match sent {
            Ok(answer) => Attempted { status: Some(answer.status().as_u16()), error: None },
            Err(e) => Attempted { status: None, error: Some(reason(&e)) },
        })
    }

    /// Sends what is due, a batch at most. Returns how many were tried.
    pub fn run_due(&self) -> Result<usize> {
        let clock = self.store.clock().clone();
        let due = self.store.read_now({
            let now = clock.now();
            move |tx| Ok(tx.row(sql::DUE.trim_end_matches(" FOR UPDATE SKIP LOCKED"), args![now, 1_i64])?.is_some())
        })?;
        if !due {
            return Ok(0);
        }
        let now = clock.now();
        let parcels = self.store.write_now(Lane::Bulk, move |tx| take(tx, now))?;
        let count = parcels.len();
        let queue = std::sync::Mutex::new(parcels.into_iter());
        std::thread::scope(|scope| {
            for _ in 0..AT_ONCE.min(count) {
                scope.spawn(|| {
                    while let Some(parcel) = queue.lock().ok().and_then(|mut q| q.next()) {
                        if let Err(e) = self.deliver(parcel) {
                            tracing::warn!(error = %e, "webhooks: an attempt was not written down");
                        }
                    }
                });
            }
        });
        Ok(count)
    }

    fn deliver(&self, parcel: Parcel) -> Result<()> {
        let sent = self.send(&parcel.hook, &parcel.event.to_string(), self.store.clock().now(), &parcel.body)?;
        let now = self.store.clock().now();
        self.store.write_now(Lane::Bulk, move |tx| settle(tx, &parcel, &sent, now))
    }

    /// Sends what is due until halted.
    pub fn run(&self, halt: &AtomicBool) {
        while !halt.load(Ordering::SeqCst) {
            match self.run_due() {
                Ok(0) => std::thread::sleep(Duration::from_millis(200)),
                Ok(_) => {}
                Err(e) => {
                    tracing::warn!(error = %e, "webhooks: the store did not answer");
                    std::thread::sleep(Duration::from_secs(1));
                }
            }
        }
    }
}

/// Takes what is due. A webhook to which nothing gets through gives one delivery, which tries for
/// all of its others, so that a dead receiver with a long queue keeps nobody waiting.
fn take(tx: &mut Tx<'_>, now: Instant) -> Result<Vec<Parcel>> {
    let mut parcels: Vec<Parcel> = Vec::new();
    let mut probed: Vec<(MerchantNo, HookId)> = Vec::new();
    for mut row in tx.rows(sql::DUE, args![now, BATCH])? {
        let (merchant, id, position): (MerchantNo, HookId, i64) = (row.get(0)?, row.get(1)?, row.get(2)?);
        if probed.contains(&(merchant, id)) {
            continue;
        }
        let known = parcels.iter().find(|p| p.merchant == merchant && p.hook.id == id).map(|p| p.hook.clone());
        let hook = known.map_or_else(|| service::get(tx, merchant, id), Ok)?;
        tx.exec(sql::TAKE, args![merchant, id, position, now.plus_seconds(LEASE_SECONDS)])?;
        if hook.failing_since.is_some() {
            tx.exec(sql::POSTPONE, args![merchant, id, now, now.plus_seconds(PROBE_SECONDS)])?;
            probed.push((merchant, id));
        }
        let attempt = row.get::<i64>(5)? + 1;
        parcels.push(Parcel { merchant, hook, position, event: row.get(3)?, body: row.get(4)?, attempt });
    }
    Ok(parcels)
}

/// Writes down what came of an attempt. One that was settled meanwhile by another courier stays.
fn settle(tx: &mut Tx<'_>, p: &Parcel, sent: &Attempted, now: Instant) -> Result<()> {
    let pause = usize::try_from(p.attempt - 1).ok().and_then(|i| PAUSES.get(i));
    let (state, next) = match (sent.taken(), pause) {
        (true, _) => ("delivered", now),
        (false, Some(pause)) => ("pending", now.plus_seconds(*pause)),
        (false, None) => ("failed", now),
    };
    let status = sent.status.map(i64::from);
    let settled = tx.exec(sql::SETTLE, args![p.merchant, p.hook.id, p.position, p.attempt, state, next, status, sent.error, now])?;
    if settled == 0 {
        return Ok(());
    }
    if sent.taken() {
        if tx.exec(sql::WORKS, args![p.merchant, p.hook.id])? == 1 {
            tx.exec(sql::RELEASE, args![p.merchant, p.hook.id, now])?;
        }
        return Ok(());
    }
    let Some(row) = tx.row(sql::LOCK, args![p.merchant, p.hook.id])? else { return Ok(()) };
    let mut hook = service::hook(tx, p.merchant, row)?;
    let since = *hook.failing_since.get_or_insert(now);
    let gone = sent.status == Some(410);
    if hook.state == "active" && (gone || since.plus_seconds(DISABLE_SECONDS) <= now) {
        service::switch_off(tx, p.merchant, &mut hook, now)?;
        let cx = Ctx::new(p.merchant, Actor::System("webhooks"), now);
        audit::record(tx, &cx, "webhook.disabled", &hook.id.to_string(), if gone { "410 Gone" } else { "three days of failures" })?;
    }
    service::save(tx, p.merchant, &hook, now)
}
