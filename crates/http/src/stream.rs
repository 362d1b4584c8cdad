//! Bodies that are written while they are sent: memory holds a few parts, however slow the reader is.

use std::io::{self, BufWriter, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

use axum::body::{Body, Bytes};
use shuke_kernel::Error;
use tokio::runtime::Handle;
use tokio::sync::mpsc::{Sender, channel};
use tokio::time::{Instant, timeout_at};
use tokio_stream::Stream;
use tokio_stream::wrappers::ReceiverStream;

/// Bytes that are written at once, and how many such parts may wait for a slow reader.
const PART: usize = 64 << 10;
const PARTS: usize = 4;

/// How long a writer waits for its reader.
#[derive(Clone, Copy, Debug)]
pub struct Wait {
    /// Until when all is taken.
    pub until: Instant,
    /// How long for a part.
    pub part: Duration,
}

/// Where a streamed body is written to.
pub struct Parts(Sender<Bytes>, Option<Wait>);

impl Write for Parts {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let part = Bytes::copy_from_slice(bytes);
        let gone = |_| io::Error::from(io::ErrorKind::BrokenPipe);
        match self.1 {
            None => self.0.blocking_send(part).map_err(gone)?,
            Some(wait) => {
                let until = wait.until.min(Instant::now() + wait.part);
                let sent = Handle::current().block_on(timeout_at(until, self.0.send(part)));
                let Ok(sent) = sent else {
                    // What a buffer still holds is not waited for again.
                    self.1 = Some(Wait { until: Instant::now(), ..wait });
                    return Err(io::Error::from(io::ErrorKind::TimedOut));
                };
                sent.map_err(gone)?;
            }
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// The parts as they come, and an error behind them where the writing broke off. Nobody who stopped
/// writing waits for a reader to tell it.
struct Sent<G> {
    parts: ReceiverStream<Bytes>,
    broke: Arc<AtomicBool>,
    _held: Box<G>,
}

impl<G> Stream for Sent<G> {
    type Item = io::Result<Bytes>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        match Pin::new(&mut self.parts).poll_next(cx) {
            Poll::Ready(None) if self.broke.swap(false, Ordering::AcqRel) => Poll::Ready(Some(Err(io::Error::other("the file broke off")))),
            other => other.map(|part| part.map(Ok)),
        }
    }
}

/// A body that `write` writes on a thread that may block; `what` names it in the log. Where it fails,
/// the connection breaks off: nobody takes a part for the whole.
pub fn streamed(what: String, write: impl FnOnce(BufWriter<Parts>) -> Result<BufWriter<Parts>, Error> + Send + 'static) -> Body {
    body(what, (), None, write)
}

/// The same, which holds `held` until it was sent or its reader left, and breaks off when the reader takes
/// longer than `wait`.
pub fn streamed_while(
    what: String,
    held: impl Send + 'static,
    wait: Wait,
    write: impl FnOnce(BufWriter<Parts>) -> Result<BufWriter<Parts>, Error> + Send + 'static,
) -> Body {
    body(what, held, Some(wait), write)
}

fn body(
    what: String,
    held: impl Send + 'static,
    wait: Option<Wait>,
    write: impl FnOnce(BufWriter<Parts>) -> Result<BufWriter<Parts>, Error> + Send + 'static,
) -> Body {
    let (send, receive) = channel(PARTS);
    let broke = Arc::new(AtomicBool::new(false));
    let sent = Sent { parts: ReceiverStream::new(receive), broke: broke.clone(), _held: Box::new(held) };
    tokio::task::spawn_blocking(move || {
        let to = BufWriter::with_capacity(PART, Parts(send.clone(), wait));
        let written = catch_unwind(AssertUnwindSafe(|| write(to).and_then(|mut to| to.flush().map_err(Error::fault))));
        if let Err(e) = written.unwrap_or_else(|_| Err(Error::fault("the writing panicked"))) {
            tracing::warn!(what, error = %e, "a download broke off");
            broke.store(true, Ordering::Release);
        }
        // The reader sees the end only now.
        drop(send);
    });
    Body::from_stream(sent)
}
