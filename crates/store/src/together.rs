//! Requests of one kind that arrive at the same time are written by one run of one closure.
//!
//! While one transaction is under way the next requests gather; a service that writes many at a
//! fixed handful of statements then answers sixty-four for little more than the price of one. Each
//! request keeps its own answer and its own idempotency key. Whatever goes wrong with a gathered
//! run (a refusal, a key that has its answer already) rolls it back, and each of its requests is
//! written for itself: nobody is answered by another's mistake.

use std::any::{Any, TypeId};
use std::collections::{HashMap, HashSet, VecDeque};
use std::sync::{Arc, Mutex};

use serde::Serialize;
use serde::de::DeserializeOwned;
use shuke_kernel::{Ctx, Error, Result};
use tokio::sync::oneshot;

use crate::idempotency::{self, Guard};
use crate::outage;
use crate::sql::Engine;
use crate::store::{Lane, Store};
use crate::tx::Tx;

/// Requests that one transaction takes at most.
const MOST: usize = 64;

/// A kind of request that can be written many at a time.
pub trait Together: Send + Sync + 'static {
    /// What a request brings.
    type Item: Clone + Send + Sync + 'static;
    /// What it is answered.
    type Answer: Serialize + DeserializeOwned + Send + 'static;

    /// What it is about: two requests about the same are never written in one transaction, so that
    /// each is answered as if it had come alone.
    fn subject(item: &Self::Item) -> String;

    /// Writes them and answers each in its place.
    fn write(tx: &mut Tx<'_>, cx: &Ctx, items: &[Self::Item]) -> Result<Vec<Self::Answer>>;
}

struct Waiting<G: Together> {
    cx: Ctx,
    item: G::Item,
    guard: Option<Guard>,
    send: oneshot::Sender<Result<G::Answer>>,
}

/// Where the requests of one kind gather.
struct Desk<G: Together> {
    state: Mutex<Queue<G>>,
}

struct Queue<G: Together> {
    waiting: VecDeque<Waiting<G>>,
    /// Runs under way.
    runs: usize,
}

/// The desks of a store, by kind.
#[derive(Default)]
pub(crate) struct Desks(Mutex<HashMap<TypeId, Arc<dyn Any + Send + Sync>>>);

impl Desks {
    fn of<G: Together>(&self) -> Result<Arc<Desk<G>>> {
        let mut desks = self.0.lock().map_err(|_| poisoned())?;
        let new =
            || -> Arc<dyn Any + Send + Sync> { Arc::new(Desk::<G> { state: Mutex::new(Queue { waiting: VecDeque::new(), runs: 0 }) }) };
        let desk = desks.entry(TypeId::of::<G>()).or_insert_with(new).clone();
        desk.downcast().map_err(|_| Error::fault("a desk of another kind"))
    }
}

fn poisoned() -> Error {
    Error::fault("a lock is poisoned")
}

impl<G: Together> Desk<G> {
    /// The next requests that may share a transaction: of one caller, about different things, in
    /// the order in which they came. None: this run is over.
    fn next(&self) -> Vec<Waiting<G>> {
        let Ok(mut queue) = self.state.lock() else { return Vec::new() };
        let mut out: Vec<Waiting<G>> = Vec::new();
        let mut left = VecDeque::new();
        let mut subjects = HashSet::new();
        while let Some(waiting) = queue.waiting.pop_front() {
            let ours = out.first().is_none_or(|f| f.cx.merchant == waiting.cx.merchant && f.cx.actor == waiting.cx.actor);
            // What was passed over keeps its place before what is about the same.
            let fresh = subjects.insert((waiting.cx.merchant.0, G::subject(&waiting.item)));
            if ours && fresh && out.len() < MOST {
                out.push(waiting);
            } else {
                left.push_back(waiting);
            }
        }
        queue.waiting = left;
        if out.is_empty() {
            queue.runs -= 1;
        }
        out
    }
}

impl Store {
    /// [`Store::write_once`] for a kind of request that can be written many at a time. To be called
    /// inside the async runtime.
    pub async fn write_together<G: Together>(&self, cx: &Ctx, item: G::Item) -> Result<G::Answer> {
        let desk = self.desks().of::<G>()?;
        let guard = cx.key.as_ref().map(|key| self.in_flight().enter(cx.merchant, key)).transpose()?;
        let (send, receive) = oneshot::channel();
        let most = if self.engine() == Engine::Sqlite { 1 } else { 2 };
        let begin = {
            let mut queue = desk.state.lock().map_err(|_| poisoned())?;
            queue.waiting.push_back(Waiting { cx: cx.clone(), item, guard, send });
            let begin = queue.runs < most;
            queue.runs += usize::from(begin);
            begin
        };
        if begin {
            tokio::spawn(run(self.clone(), desk));
        }
        receive.await.unwrap_or_else(|_| Err(Error::fault("the store is stopping")))
    }
}

async fn run<G: Together>(store: Store, desk: Arc<Desk<G>>) {
    loop {
        let batch = desk.next();
        if batch.is_empty() {
            return;
        }
        if batch.len() == 1 {
            alone(&store, batch).await;
            continue;
        }
        let cx = Ctx { key: None, ..batch[0].cx.clone() };
        let items: Vec<G::Item> = batch.iter().map(|w| w.item.clone()).collect();
        let keys: Vec<_> = batch.iter().map(|w| w.cx.key.clone()).collect();
        let done = store.write(Lane::Interactive, move |tx| {
            let answers = G::write(tx, &cx, &items)?;
            if answers.len() != items.len() {
                return Err(Error::fault("not every request of a run was answered"));
            }
            idempotency::keep_all(tx, &cx, keys.iter().zip(&answers).filter_map(|(key, answer)| Some((key.as_ref()?, answer))))?;
            Ok(answers)
        });
        match done.await {
            Ok(answers) => {
                for (waiting, answer) in batch.into_iter().zip(answers) {
                    drop(waiting.guard);
                    let _ = waiting.send.send(Ok(answer));
                }
            }
            // A key tells what became of its request; without one nobody may do it again.
            Err(Error::Refused(r)) if r.code.code == outage::OUTCOME_UNKNOWN.code => {
                let (keyed, unkeyed): (Vec<_>, Vec<_>) = batch.into_iter().partition(|w| w.cx.key.is_some());
                for waiting in unkeyed {
                    let _ = waiting.send.send(Err(outage::OUTCOME_UNKNOWN.refuse().into()));
                }
                alone(&store, keyed).await;
            }
            Err(_) => alone(&store, batch).await,
        }
    }
}

/// Each for itself; they still share commits.
async fn alone<G: Together>(store: &Store, batch: Vec<Waiting<G>>) {
    let mut pending = Vec::with_capacity(batch.len());
    for waiting in batch {
        drop(waiting.guard);
        let (cx, item) = (Ctx { key: None, ..waiting.cx.clone() }, waiting.item);
        let one = store.write_once(&waiting.cx, move |tx| {
            let answer = G::write(tx, &cx, std::slice::from_ref(&item))?.pop();
            answer.ok_or_else(|| Error::fault("a request had no answer"))
        });
        pending.push((one, waiting.send));
    }
    for (one, send) in pending {
        let _ = send.send(one.await);
    }
}
