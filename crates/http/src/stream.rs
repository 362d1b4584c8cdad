//! Bodies that are written while they are sent: memory holds a few parts, however slow the reader is.

use std::io::{self, BufWriter, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};

use axum::body::{Body, Bytes};
use shuke_kernel::Error;
use tokio::sync::mpsc::{Sender, channel};
use tokio_stream::wrappers::ReceiverStream;

/// Bytes that are written at once, and how many such parts may wait for a slow reader.
const PART: usize = 64 << 10;
const PARTS: usize = 4;

/// Where a streamed body is written to.
pub struct Parts(Sender<io::Result<Bytes>>);

impl Write for Parts {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.blocking_send(Ok(Bytes::copy_from_slice(bytes))).map_err(|_| io::Error::from(io::ErrorKind::BrokenPipe))?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// A body that `write` writes on a thread that may block; `what` names it in the log. Where it fails,
/// the connection breaks off: nobody takes a part for the whole.
pub fn streamed(what: String, write: impl FnOnce(BufWriter<Parts>) -> Result<BufWriter<Parts>, Error> + Send + 'static) -> Body {
    let (send, receive) = channel(PARTS);
    tokio::task::spawn_blocking(move || {
        let to = BufWriter::with_capacity(PART, Parts(send.clone()));
        let written = catch_unwind(AssertUnwindSafe(|| write(to).and_then(|mut to| to.flush().map_err(Error::fault))));
        if let Err(e) = written.unwrap_or_else(|_| Err(Error::fault("the writing panicked"))) {
            tracing::warn!(what, error = %e, "a download broke off");
            let _ = send.blocking_send(Err(io::Error::other("the file broke off")));
        }
    });
    Body::from_stream(ReceiverStream::new(receive))
}
