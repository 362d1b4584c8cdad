//! The log of erasures outside the store: written as each member is erased, into the data folder
//! and into every folder that a backup was written to, so that a restored backup of yesterday does
//! not bring back whom today erased.

use std::path::{Path, PathBuf};

use shuke_kernel::{Ctx, Error, Instant, MerchantNo, Result};
use shuke_store::backup::{ERASURES, Erasure, erasures_in, log_erasure};
use shuke_store::feed::Subscriber;
use shuke_store::{FeedEvent, Tx};

/// The kind of event that is logged.
const ERASED: &str = "member.erased";

/// The flag that keeps the folders, one a line.
const FOLDERS: &str = "backup_folders";

/// Remembers that backups lie in `folder`.
pub fn remember_folder(tx: &mut Tx<'_>, folder: &Path, now: Instant) -> Result<()> {
    let mut folders = folders(tx)?;
    if !folders.iter().any(|f| f == folder) {
        folders.push(folder.to_owned());
    }
    let lines: Vec<_> = folders.iter().map(|f| f.display().to_string()).collect();
    tx.set_flag(MerchantNo::SYSTEM, FOLDERS, &lines.join("\n"), now)
}

fn folders(tx: &mut Tx<'_>) -> Result<Vec<PathBuf>> {
    let kept = tx.flag(MerchantNo::SYSTEM, FOLDERS)?.unwrap_or_default();
    Ok(kept.lines().map(PathBuf::from).collect())
}

/// The subscriber that writes the log.
pub struct ErasureLog {
    /// The data folder, whose log must be written.
    pub data: PathBuf,
}

impl Subscriber for ErasureLog {
    fn name(&self) -> &'static str {
        "erasure-log"
    }

    fn passes(&self, tx: &mut Tx<'_>, merchant: MerchantNo, after: i64, upto: i64) -> Result<bool> {
        Ok(!tx.any_event(merchant, ERASED, after, upto)?)
    }

    fn handle(&self, tx: &mut Tx<'_>, cx: &Ctx, events: &[FeedEvent]) -> Result<()> {
        let erased: Vec<Erasure> =
            events.iter().filter(|e| e.kind == ERASED).map(|e| Erasure::new(cx.merchant, e.subject, e.occurred_at)).collect();
        if erased.is_empty() {
            return Ok(());
        }
        add(&self.data, &erased)?;
        for folder in folders(tx)?.iter().filter(|f| *f != &self.data) {
            // A disk that is not plugged in gets its log with the next backup.
            if let Err(e) = add(folder, &erased) {
                tracing::warn!(error = %e, "erasures could not be logged beside a backup");
            }
        }
        Ok(())
    }
}

/// Adds those that a folder's log does not have: the closure may run more than once.
fn add(folder: &Path, erased: &[Erasure]) -> Result<()> {
    if !folder.is_dir() {
        return Err(Error::fault(format!("there is no folder {} for {ERASURES}", folder.display())));
    }
    let known = erasures_in(folder)?;
    erased
        .iter()
        .filter(|e| !known.iter().any(|k| (k.merchant, &k.member) == (e.merchant, &e.member)))
        .try_for_each(|e| log_erasure(folder, e))
}
