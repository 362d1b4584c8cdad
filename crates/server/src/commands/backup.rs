//! `shuke backup` and `shuke restore`.

use std::path::Path;
use std::sync::Arc;

use anyhow::{Result, anyhow, bail};
use shuke_store::Store;
use shuke_store::backup::{Restore, erasures_in};

use crate::cli;
use crate::out::Out;
use crate::place::Place;

/// Writes a backup and its manifest.
pub fn backup(store: &Store, common: &cli::Common, options: &cli::Backup, directory: &Path, out: &mut Out<'_>) -> Result<u8> {
    let path = directory.join(&options.to);
    let manifest = store.backup(&path, |table, rows| { let _ = out.progress(format!("{table}: {rows} rows")); }).map_err(|e| anyhow!("{e}"))?;
    out.progress("")?;
    // Erasures made until now lie beside the backup, so that restoring it cannot bring anybody back.
    let place = Place::of(common);
    if let Some(folder) = path.parent() {
        shuke_members::privacy::write_erasure_log(store, folder).map_err(|e| anyhow!("{e}"))?;
    }
    if out.json {
        out.object(&manifest)?;
    } else {
        out.line(format!("{} ({} bytes, SHA-256 {})", path.display(), manifest.bytes, manifest.sha256))?;
        out.line(format!("The master key {} is not in it: keep a copy of the key elsewhere, or nobody can read this backup.", place.master_key_path().display()))?;
    }
    Ok(0)
}

/// Restores a backup into an empty store and applies the erasures that the logs name.
pub fn restore(place: &Place, options: &cli::Restore, out: &mut Out<'_>) -> Result<u8> {
    let Some(_lock) = place.lock()? else {
        bail!("another process serves {}: stop it first", place.data.display());
    };
    let to = place.config()?;
    let erasures = erasures_in(&place.data).map_err(|e| anyhow!("{e}"))?;
    let erase = Arc::new(shuke_members::privacy::erase_again);
    let how = Restore { file: &options.from, to: &to, force: options.force, erasures, erase };
    let restored = shuke_store::backup::restore(how, |table, rows| { let _ = out.progress(format!("{table}: {rows} rows")); }).map_err(|e| anyhow!("{e}"))?;
    out.progress("")?;
    if out.json {
        out.object(&restored)?;
    } else {
        let rows: u64 = restored.rows.iter().map(|(_, n)| n).sum();
        out.line(format!("{rows} rows of {} restored, {} erasures applied again. Outreach is paused until a person resumes it.", restored.taken_at, restored.erased))?;
    }
    Ok(0)
}
