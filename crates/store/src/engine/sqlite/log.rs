//! How long the write-ahead log is. Its file tells only how long it ever was: once its frames are in
//! the database it is written over from the beginning.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use rusqlite::Connection;

/// Page and frame header.
const FRAME: u64 = 4096 + 24;

/// The log of one database, as the writer's connection tells of it.
pub(super) struct Log {
    path: PathBuf,
    frames: Arc<AtomicU64>,
}

impl Log {
    /// Listens to the commits of the connection that writes.
    pub(super) fn of(database: &Path, writer: &mut Connection) -> rusqlite::Result<Self> {
        let mut path = database.as_os_str().to_owned();
        path.push("-wal");
        let frames = Arc::new(AtomicU64::new(0));
        let told = frames.clone();
        writer.wal_hook(Some(move |_: &mut rusqlite::hooks::Wal, pages: std::ffi::c_int| {
            told.store(u64::try_from(pages).unwrap_or(0), Ordering::Relaxed);
            Ok(())
        }))?;
        Ok(Self { path: PathBuf::from(path), frames })
    }

    /// Bytes of it that are in use.
    pub(super) fn bytes(&self) -> u64 {
        self.frames.load(Ordering::Relaxed) * FRAME
    }

    /// Bytes that its file takes.
    pub(super) fn file_bytes(&self) -> u64 {
        std::fs::metadata(&self.path).map(|m| m.len()).unwrap_or(0)
    }

    /// The next commit writes it from the beginning.
    pub(super) fn begun_anew(&self) {
        self.frames.store(0, Ordering::Relaxed);
    }
}
