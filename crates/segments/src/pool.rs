//! Threads of their own for questions, so few that the web server always has the rest, and so that a
//! question nobody waits for any more ends.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};

use shuke_http::Problem;
use shuke_kernel::{Code, Error, Kind, Result};

/// Too many questions wait.
pub static BUSY: Code = Code {
    code: "segment.busy",
    kind: Kind::Unavailable,
    zh: "正在计算的人群太多，请稍后重试。",
    en: "Too many segments are being computed. Try again in a moment.",
};

type Work = Box<dyn FnOnce() + Send>;

/// A few threads and what waits for them.
#[derive(Debug)]
pub struct Pool {
    queue: SyncSender<Work>,
}

/// Questions that may wait; more are refused.
const WAITING: usize = 64;

/// Whether whoever asked is still there.
#[derive(Clone, Default, Debug)]
pub struct Cancel(Arc<AtomicBool>);

impl Cancel {
    /// Whether the answer is of use to nobody.
    pub fn is_cancelled(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

/// Cancels when it is dropped: the request went away, or it was answered.
struct Leaving(Cancel);

impl Drop for Leaving {
    fn drop(&mut self) {
        self.0.0.store(true, Ordering::Relaxed);
    }
}

fn run(queue: &Mutex<Receiver<Work>>) {
    loop {
        let next = queue.lock().unwrap_or_else(PoisonError::into_inner).recv();
        let Ok(work) = next else { return };
        work();
    }
}

impl Pool {
    /// So many threads.
    pub fn new(threads: usize) -> std::io::Result<Self> {
        let (queue, work) = sync_channel::<Work>(WAITING);
        let work = Arc::new(Mutex::new(work));
        for i in 0..threads.max(1) {
            let work = work.clone();
            std::thread::Builder::new().name(format!("segments-{i}")).spawn(move || run(&work))?;
        }
        Ok(Self { queue })
    }

    /// Runs `work` when it is its turn. When the future is dropped, its [`Cancel`] says so, and what has
    /// not begun does not begin.
    pub async fn run<T: Send + 'static>(&self, work: impl FnOnce(&Cancel) -> Result<T> + Send + 'static) -> Result<T, Problem> {
        let cancel = Cancel::default();
        let leaving = Leaving(cancel.clone());
        let (tell, told) = tokio::sync::oneshot::channel();
        let task: Work = Box::new(move || {
            if !cancel.is_cancelled() {
                // Whoever asked may be gone by now.
                let _ = tell.send(work(&cancel));
            }
        });
        match self.queue.try_send(task) {
            Ok(()) => {}
            Err(TrySendError::Full(_)) => return Err(BUSY.refuse().into()),
            Err(TrySendError::Disconnected(_)) => return Err(Error::fault("the threads of segments are gone").into()),
        }
        let answer = told.await.map_err(|_| Problem::from(Error::fault("a question about segments broke off")));
        drop(leaving);
        answer?.map_err(Problem::from)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_question_ends_when_nobody_waits_for_it_and_the_next_has_its_turn() {
        let pool = Pool::new(1).unwrap();
        let (began, begun) = tokio::sync::oneshot::channel();
        let asked = pool.run(move |cancel| {
            let _ = began.send(());
            while !cancel.is_cancelled() {
                std::thread::yield_now();
            }
            Ok(())
        });
        tokio::select! {
            biased;
            _ = asked => panic!("it ends only when it is cancelled"),
            _ = begun => {}
        }
        assert_eq!(pool.run(|_| Ok(7)).await.unwrap(), 7);
    }
}
