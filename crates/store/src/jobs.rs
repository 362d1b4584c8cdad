//! Jobs: long work that a person can watch, stop and resume, kept in the store and written in the
//! transaction that asks for it.
//!
//! A job is taken by lease. Its handler works in steps, each step one or more transactions that
//! save a checkpoint *in the same transaction* as what the step wrote; a step fenced by a lost
//! lease rolls back. So a job that is killed anywhere goes on from its last checkpoint, and
//! nothing of it happens twice. Arguments, checkpoints and results are sealed.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use serde::Serialize;
use serde::de::DeserializeOwned;
use shuke_kernel::{Code, Ctx, Error, Instant, Kind, MerchantNo, Result};

use crate::args;
use crate::outage;
use crate::store::{Lane, Store};
use crate::tx::{Failure, Tx};
use crate::value::{Row, Value};

shuke_kernel::ids! {
    /// A job.
    JobId = JobKind "job";
}

/// No such job.
pub static JOB_NOT_FOUND: Code =
    Code { code: "job.not_found", kind: Kind::NotFound, zh: "找不到这个任务。", en: "There is no such job." };
/// The job is not in a state for that.
pub static JOB_STATE: Code = Code {
    code: "job.wrong_state",
    kind: Kind::Conflict,
    zh: "任务目前的状态是 {state}，不能执行这个操作。",
    en: "The job is {state}; this cannot be done now.",
};

const LEASE_SECONDS: i64 = 20;
const MAX_ATTEMPTS: i64 = 8;
const VANISHED: &str =
    "运行这个任务的进程多次中断，任务没有进展。 The process that ran this job ended several times without the job getting on.";

/// The module's statements.
pub mod sql {
    crate::statements! {
        /// Adds a job.
        ADD = "INSERT INTO job (merchant, id, kind, title, args, unique_key, state, run_at, attempts, lease_until, lease_token, stop_requested, progress, total, unit, checkpoint, result, error, created_at, started_at, finished_at) VALUES ($1, $2, $3, $4, $5, $6, 'queued', $7, 0, 0, 0, 0, 0, NULL, $8, NULL, NULL, NULL, $9, NULL, NULL) ON CONFLICT DO NOTHING";
        /// Its id by its unique key.
        BY_KEY = "SELECT id FROM job WHERE merchant = $1 AND unique_key = $2";
        /// The next job that is due or whose lease ran out.
        DUE = "SELECT merchant, id, kind, args, attempts, lease_token, checkpoint FROM job WHERE state = 'queued' AND run_at <= $1 AND kind = ANY($2) ORDER BY run_at, id LIMIT 1 FOR UPDATE SKIP LOCKED";
        /// A running job whose worker vanished.
        LOST = "SELECT merchant, id, kind, args, attempts, lease_token, checkpoint FROM job WHERE state = 'running' AND lease_until <= $1 AND kind = ANY($2) ORDER BY run_at, id LIMIT 1 FOR UPDATE SKIP LOCKED";
        /// Takes it.
        TAKE = "UPDATE job SET state = 'running', attempts = attempts + 1, lease_token = lease_token + 1, lease_until = $3, started_at = COALESCE(started_at, $4), error = NULL WHERE merchant = $1 AND id = $2";
        /// Renews the lease of its holder.
        RENEW = "UPDATE job SET lease_until = $4 WHERE merchant = $1 AND id = $2 AND lease_token = $3 AND state = 'running'";
        /// Gives up a job whose workers keep vanishing.
        ABANDON = "UPDATE job SET state = 'dead', error = $3, finished_at = $4, stop_requested = 0, lease_token = lease_token + 1, unique_key = NULL WHERE merchant = $1 AND id = $2";
        /// Saves a checkpoint, fenced by the lease. Progress forgives the tries before it.
        SAVE = "UPDATE job SET checkpoint = $4, progress = $5, total = $6, lease_until = $7, attempts = 1 WHERE merchant = $1 AND id = $2 AND lease_token = $3 AND state = 'running'";
        /// The checkpoint of its holder, locked.
        CHECKPOINT = "SELECT checkpoint FROM job WHERE merchant = $1 AND id = $2 AND lease_token = $3 AND state = 'running' FOR UPDATE";
        /// Ends a run, fenced by the lease.
        END = "UPDATE job SET state = CASE WHEN $4 = 'queued' AND stop_requested = 1 THEN 'stopped' WHEN $4 = 'stopped' AND stop_requested = 0 THEN 'queued' ELSE $4 END, result = $5, error = $6, run_at = $7, finished_at = $8, stop_requested = 0, unique_key = CASE WHEN $4 IN ('queued', 'stopped') THEN unique_key ELSE NULL END WHERE merchant = $1 AND id = $2 AND lease_token = $3";
        /// Whether somebody asked it to stop.
        STOP_ASKED = "SELECT stop_requested FROM job WHERE merchant = $1 AND id = $2 AND lease_token = $3 AND state = 'running'";
        /// Asks a running job to stop.
        ASK_STOP = "UPDATE job SET stop_requested = 1 WHERE merchant = $1 AND id = $2 AND state = 'running'";
        /// Takes that back of a running one.
        GO_ON = "UPDATE job SET stop_requested = 0 WHERE merchant = $1 AND id = $2 AND state = 'running'";
        /// Stops a queued one at once.
        STOP_QUEUED = "UPDATE job SET state = 'stopped' WHERE merchant = $1 AND id = $2 AND state = 'queued'";
        /// Queues a stopped, failed or dead one again.
        REQUEUE = "UPDATE job SET state = 'queued', run_at = $3, attempts = 0, error = NULL, finished_at = NULL WHERE merchant = $1 AND id = $2 AND state IN ('stopped', 'failed', 'dead')";
        /// One job.
        GET = "SELECT id, kind, title, state, attempts, progress, total, unit, result, error, created_at, started_at, finished_at, stop_requested FROM job WHERE merchant = $1 AND id = $2";
        /// Jobs, newest first, before an id.
        LIST = "SELECT id, kind, title, state, attempts, progress, total, unit, result, error, created_at, started_at, finished_at, stop_requested FROM job WHERE merchant = $1 AND id < $2 AND ($3 = '' OR state = $3) ORDER BY id DESC LIMIT $4";
        /// How many are not at their end.
        OPEN = "SELECT COUNT(*) FROM job WHERE state IN ('queued', 'running')";
    }
}

/// A job to be queued.
pub struct NewJob<'a, A> {
    /// Which handler.
    pub kind: &'static str,
    /// For people, without personal data.
    pub title: &'a str,
    /// The handler's arguments; sealed.
    pub args: &'a A,
    /// At most one open job with this key.
    pub unique_key: Option<&'a str>,
    /// Not before.
    pub run_at: Instant,
    /// What progress counts: `rows`, `members`.
    pub unit: &'static str,
}

/// A job as people see it.
#[derive(Clone, Debug)]
pub struct JobView {
    /// Which.
    pub id: JobId,
    /// Its handler.
    pub kind: String,
    /// For people.
    pub title: String,
    /// `queued`, `running`, `stopped`, `done`, `failed` or `dead` (gave up after many tries).
    pub state: String,
    /// How often it was begun since it last got on.
    pub attempts: i64,
    /// Done so far.
    pub progress: i64,
    /// Of how many, where known.
    pub total: Option<i64>,
    /// What is counted.
    pub unit: String,
    /// The handler's answer, as JSON.
    pub result: Option<String>,
    /// Why it failed: a code and a text without personal data.
    pub error: Option<String>,
    /// When.
    pub created_at: Instant,
    /// When first begun.
    pub started_at: Option<Instant>,
    /// When it ended.
    pub finished_at: Option<Instant>,
    /// Whether it was asked to stop.
    pub stop_requested: bool,
}

impl Tx<'_> {
    /// Queues a job in this transaction. With a unique key that an open job has, that job's id; one
    /// that was stopped, or asked to, goes on from its checkpoint: whoever asks wants it done.
    pub fn enqueue<A: Serialize>(&mut self, cx: &Ctx, job: NewJob<'_, A>) -> Result<JobId> {
        let id: JobId = cx.new_id();
        let sealed = self.keys(cx.merchant)?.seal("job", id.bytes(), &serde_json::to_vec(job.args)?)?;
        let added =
            self.exec(sql::ADD, args![cx.merchant, id, job.kind, job.title, sealed, job.unique_key, job.run_at, job.unit, cx.now])?;
        self.wake = true;
        if added == 1 {
            return Ok(id);
        }
        let key = job.unique_key.unwrap_or_default();
        let Some(mut open) = self.row(sql::BY_KEY, args![cx.merchant, key])? else {
            // It ended between the two statements: begin again.
            self.failure = Some(Failure::Retry);
            return Err(Error::fault("a job could not be queued"));
        };
        let open: JobId = open.get(0)?;
        if self.exec(sql::REQUEUE, args![cx.merchant, open, job.run_at])? == 0 {
            self.exec(sql::GO_ON, args![cx.merchant, open])?;
        }
        Ok(open)
    }

    /// One job of the merchant.
    pub fn job(&mut self, merchant: MerchantNo, id: JobId) -> Result<JobView> {
        let row = self.row(sql::GET, args![merchant, id])?.ok_or_else(|| JOB_NOT_FOUND.refuse())?;
        view(self, merchant, row)
    }

    /// Jobs of the merchant, newest first, those before `before`; `state` may be empty.
    pub fn jobs(&mut self, merchant: MerchantNo, before: Option<JobId>, state: &str, limit: i64) -> Result<Vec<JobView>> {
        let before = before.unwrap_or(JobId::from_bytes([255; 16]));
        let rows = self.rows(sql::LIST, args![merchant, before, state, limit])?;
        rows.into_iter().map(|row| view(self, merchant, row)).collect()
    }

    /// Asks a job to stop: a queued one is stopped at once, a running one at its next step.
    pub fn stop_job(&mut self, merchant: MerchantNo, id: JobId) -> Result<JobView> {
        if self.exec(sql::STOP_QUEUED, args![merchant, id])? == 0 && self.exec(sql::ASK_STOP, args![merchant, id])? == 0 {
            let job = self.job(merchant, id)?;
            return Err(JOB_STATE.with("state", job.state).into());
        }
        self.job(merchant, id)
    }

    /// Queues a stopped, failed or dead job again; it goes on from its checkpoint.
    pub fn resume_job(&mut self, merchant: MerchantNo, id: JobId, now: Instant) -> Result<JobView> {
        if self.exec(sql::REQUEUE, args![merchant, id, now])? == 0 {
            let job = self.job(merchant, id)?;
            return Err(JOB_STATE.with("state", job.state).into());
        }
        self.wake = true;
        self.job(merchant, id)
    }
}

fn view(tx: &mut Tx<'_>, merchant: MerchantNo, mut row: Row) -> Result<JobView> {
    let id: JobId = row.get(0)?;
    let result = match row.get::<Option<Vec<u8>>>(8)? {
        Some(sealed) => Some(String::from_utf8_lossy(&tx.keys(merchant)?.open("job", id.bytes(), &sealed)?).into_owned()),
        None => None,
    };
    Ok(JobView {
        id,
        kind: row.get(1)?,
        title: row.get(2)?,
        state: row.get(3)?,
        attempts: row.get(4)?,
        progress: row.get(5)?,
        total: row.get(6)?,
        unit: row.get(7)?,
        result,
        error: row.get(9)?,
        created_at: row.get(10)?,
        started_at: row.get(11)?,
        finished_at: row.get(12)?,
        stop_requested: row.get(13)?,
    })
}

/// What a handler ends with.
pub enum JobEnd {
    /// All done; the JSON is the job's result.
    Done(serde_json::Value),
    /// It was asked to stop and did, at a checkpoint.
    Stopped,
}

/// Runs one kind of job.
pub trait JobHandler: Send + Sync {
    /// Which kind.
    fn kind(&self) -> &'static str;
    /// Does the work in steps, from the run's checkpoint on.
    fn run(&self, run: &JobRun) -> Result<JobEnd>;
}

/// A job being run: its arguments, its checkpoint, its lease.
pub struct JobRun {
    /// The store it runs on.
    pub store: Store,
    /// Acting for the merchant.
    pub merchant: MerchantNo,
    /// Which job.
    pub id: JobId,
    lease: i64,
    args: Vec<u8>,
    checkpoint: Option<Vec<u8>>,
    halt: Arc<AtomicBool>,
}

impl JobRun {
    /// The arguments it was queued with.
    pub fn args<A: DeserializeOwned>(&self) -> Result<A> {
        Ok(serde_json::from_slice(&self.args)?)
    }

    /// The last checkpoint saved, if any.
    pub fn checkpoint<C: DeserializeOwned>(&self) -> Result<Option<C>> {
        self.checkpoint.as_deref().map(serde_json::from_slice).transpose().map_err(Error::from)
    }

    /// A context of the present instant for this job's merchant.
    pub fn cx(&self) -> Ctx {
        Ctx::new(self.merchant, shuke_kernel::Actor::System("job"), self.store.clock().now())
    }

    /// Whether the handler should end at its next checkpoint: somebody asked, or the process stops.
    pub fn should_stop(&self) -> Result<bool> {
        if self.halt.load(Ordering::SeqCst) {
            return Ok(true);
        }
        let (m, id, lease) = (self.merchant, self.id, self.lease);
        self.store.read_now(move |tx| tx.row(sql::STOP_ASKED, args![m, id, lease])?.map_or(Ok(true), |mut r| r.get(0)))
    }

    /// What a step's transaction needs to save the checkpoint.
    pub fn fence(&self) -> Fence {
        Fence { merchant: self.merchant, id: self.id, lease: self.lease }
    }
}

/// Saves a job's checkpoint inside a step's own transaction.
#[derive(Clone, Copy)]
pub struct Fence {
    merchant: MerchantNo,
    id: JobId,
    lease: i64,
}

impl Fence {
    /// Fails, and so rolls back, if the lease was lost. For what a job writes beside its checkpoint.
    pub fn hold(&self, tx: &mut Tx<'_>) -> Result<()> {
        tx.row(sql::CHECKPOINT, args![self.merchant, self.id, self.lease])?.map(|_| ()).ok_or_else(lost)
    }

    /// The checkpoint as this transaction finds it: what steps that ran meanwhile saved. Locked, so
    /// ask for it last.
    pub fn load<C: DeserializeOwned>(&self, tx: &mut Tx<'_>) -> Result<Option<C>> {
        let Some(mut row) = tx.row(sql::CHECKPOINT, args![self.merchant, self.id, self.lease])? else {
            return Err(lost());
        };
        let Some(sealed) = row.get::<Option<Vec<u8>>>(0)? else { return Ok(None) };
        Ok(Some(serde_json::from_slice(&tx.keys(self.merchant)?.open("job", self.id.bytes(), &sealed)?)?))
    }

    /// Saves where the job is. Fails, and so rolls the step back, if the lease was lost.
    pub fn save<C: Serialize>(&self, tx: &mut Tx<'_>, now: Instant, checkpoint: &C, progress: i64, total: Option<i64>) -> Result<()> {
        let sealed = tx.keys(self.merchant)?.seal("job", self.id.bytes(), &serde_json::to_vec(checkpoint)?)?;
        let until = now.plus_seconds(LEASE_SECONDS);
        match tx.exec(sql::SAVE, args![self.merchant, self.id, self.lease, sealed, progress, total, until])? {
            1 => Ok(()),
            _ => Err(lost()),
        }
    }
}

fn lost() -> Error {
    Error::fault("the job's lease was lost to another worker")
}

/// The handlers of a process and the loop that runs due jobs.
pub struct JobRunner {
    store: Store,
    handlers: HashMap<&'static str, Arc<dyn JobHandler>>,
    halt: Arc<AtomicBool>,
}

impl JobRunner {
    /// A runner without handlers.
    pub fn new(store: Store) -> Self {
        Self { store, handlers: HashMap::new(), halt: Arc::default() }
    }

    /// Adds a handler.
    pub fn with(mut self, handler: impl JobHandler + 'static) -> Self {
        self.handlers.insert(handler.kind(), Arc::new(handler));
        self
    }

    /// Makes running jobs end at their next checkpoint and the loop return.
    pub fn halt_flag(&self) -> Arc<AtomicBool> {
        self.halt.clone()
    }

    /// Runs one due job to its end, if there is one. Returns whether there was.
    pub fn run_one(&self) -> Result<bool> {
        let Some((run, kind, attempts)) = self.take()? else { return Ok(false) };
        let beat = Heartbeat::start(&run);
        let ended = match self.handlers.get(kind.as_str()) {
            Some(handler) => std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| handler.run(&run)))
                .unwrap_or_else(|_| Err(Error::fault("the job panicked"))),
            None => Err(Error::fault(format!("this program has no handler for jobs of kind {kind}"))),
        };
        drop(beat);
        self.end(&run, attempts, ended)?;
        Ok(true)
    }

    /// Runs due jobs until halted.
    pub fn run(&self) {
        while !self.halt.load(Ordering::SeqCst) {
            match self.run_one() {
                Ok(true) => {}
                Ok(false) => std::thread::sleep(Duration::from_millis(100)),
                Err(e) => {
                    tracing::warn!(error = %e, "jobs: the store did not answer");
                    std::thread::sleep(Duration::from_secs(1));
                }
            }
        }
    }

    fn take(&self) -> Result<Option<(JobRun, String, i64)>> {
        let (store, clock) = (self.store.clone(), self.store.clock().clone());
        // Jobs of other kinds are another program's.
        let kinds: Vec<String> = self.handlers.keys().map(|k| (*k).to_owned()).collect();
        // Looked for by a reader first: an idle runner must not write ten times a second.
        let due = self.store.read_now({
            let (clock, kinds) = (clock.clone(), kinds.clone());
            move |tx| {
                let mut any = |sql: &str| {
                    tx.row(sql.trim_end_matches(" FOR UPDATE SKIP LOCKED"), args![clock.now(), kinds.clone()]).map(|r| r.is_some())
                };
                Ok(any(sql::DUE)? || any(sql::LOST)?)
            }
        })?;
        if !due {
            return Ok(None);
        }
        let halt = self.halt.clone();
        self.store.write_now(Lane::Interactive, move |tx| {
            let now = clock.now();
            let row = match tx.row(sql::DUE, args![now, kinds.clone()])? {
                Some(row) => Some(row),
                None => tx.row(sql::LOST, args![now, kinds.clone()])?,
            };
            let Some(mut row) = row else { return Ok(None) };
            let (merchant, id): (MerchantNo, JobId) = (row.get(0)?, row.get(1)?);
            // A job that takes its process down every time must not do so for ever.
            if row.0.get(4).is_some_and(|tries| matches!(tries, Value::Int(n) if *n >= MAX_ATTEMPTS)) {
                tx.exec(sql::ABANDON, args![merchant, id, VANISHED, now])?;
                return Ok(None);
            }
            tx.exec(sql::TAKE, args![merchant, id, now.plus_seconds(LEASE_SECONDS), now])?;
            let keys = tx.keys(merchant)?;
            let args = keys.open("job", id.bytes(), &row.get::<Vec<u8>>(3)?)?;
            let checkpoint = row.get::<Option<Vec<u8>>>(6)?.map(|c| keys.open("job", id.bytes(), &c)).transpose()?;
            let (attempts, lease) = (row.get::<i64>(4)? + 1, row.get::<i64>(5)? + 1);
            Ok(Some((
                JobRun { store: store.clone(), merchant, id, lease, args, checkpoint, halt: halt.clone() },
                row.get::<String>(2)?,
                attempts,
            )))
        })
    }

    fn end(&self, run: &JobRun, attempts: i64, ended: Result<JobEnd>) -> Result<()> {
        let now = self.store.clock().now();
        let stopping = self.halt.load(Ordering::SeqCst);
        let (state, result, error, run_at, finished) = match ended {
            Ok(JobEnd::Done(value)) => ("done", Some(serde_json::to_vec(&value)?), None, now, Some(now)),
            // The process stops, nobody asked the job to: the next process goes on with it.
            Ok(JobEnd::Stopped) if stopping => ("queued", None, None, now, None),
            Ok(JobEnd::Stopped) => ("stopped", None, None, now, None),
            // An outage is no answer; the job goes on from its checkpoint when it is over.
            Err(e) if outage::is_outage(&e) => ("queued", None, Some(e.to_string()), now.plus_seconds(5), None),
            Err(Error::Refused(r)) => ("failed", None, Some(format!("{}: {}", r.code.code, r.text(true))), now, Some(now)),
            Err(e) if attempts >= MAX_ATTEMPTS => ("dead", None, Some(e.to_string()), now, Some(now)),
            Err(e) => ("queued", None, Some(e.to_string()), now.plus_seconds(1 << attempts.min(9)), None),
        };
        if let Some(e) = &error {
            tracing::warn!(job = %run.id, state, error = %e, "job did not finish");
        }
        let (m, id, lease) = (run.merchant, run.id, run.lease);
        self.store.write_now(Lane::Interactive, move |tx| {
            let sealed = result.as_deref().map(|r| tx.keys(m)?.seal("job", id.bytes(), r)).transpose()?;
            tx.exec(sql::END, args![m, id, lease, state, sealed, error.clone(), run_at, finished]).map(|_| ())
        })
    }
}

/// Renews a lease while a step is long.
struct Heartbeat {
    stop: Arc<AtomicBool>,
}

impl Heartbeat {
    fn start(run: &JobRun) -> Self {
        let stop = Arc::new(AtomicBool::new(false));
        let (store, m, id, lease, halt) = (run.store.clone(), run.merchant, run.id, run.lease, stop.clone());
        std::thread::spawn(move || {
            let mut ticks = 0_u32;
            while !halt.load(Ordering::SeqCst) {
                std::thread::sleep(Duration::from_millis(100));
                ticks += 1;
                if ticks.is_multiple_of(50) {
                    let until = store.clock().now().plus_seconds(LEASE_SECONDS);
                    let _ = store.write_now(Lane::Interactive, move |tx| tx.exec(sql::RENEW, args![m, id, lease, until]));
                }
            }
        });
        Self { stop }
    }
}

impl Drop for Heartbeat {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::SeqCst);
    }
}
