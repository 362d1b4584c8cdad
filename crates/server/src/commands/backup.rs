//! `shuke backup` and `shuke restore`.

use std::path::Path;
use std::sync::Arc;

use anyhow::{Result, bail};
use shuke_kernel::{Actor, Ctx, Instant};
use shuke_members::MemberId;
use shuke_store::backup::{Erasure, MAGIC, Restore, erasures_in, log_erasure};
use shuke_store::{Lane, Store, Tx};

use crate::cli;
use crate::erasures::remember_folder;
use crate::out::Out;
use crate::place::Place;
use crate::wrong::wrong;

/// Writes a backup and its manifest. A file that is there already is not touched without `--replace`.
pub fn backup(store: &Store, common: &cli::Common, options: &cli::Backup, directory: &Path, out: &mut Out<'_>) -> Result<u8> {
    let path = directory.join(&options.to);
    if path.is_dir() {
        return Err(wrong("backup.is_a_folder", format!("{} is a folder: name the file to write in it", path.display())));
    }
    if path.exists() && !options.replace {
        return Err(wrong(
            "backup.file_exists",
            format!("{} exists and may be the only backup there is: choose another name, or say --replace", path.display()),
        ));
    }
    let manifest = store.backup(&path, |table, rows| {
        let _ = out.progress(format!("{table}: {rows} rows"));
    })?;
    out.progress("")?;
    // Erasures made until now lie beside the backup, so that restoring it cannot bring anybody back.
    let place = Place::of(common);
    if let Some(folder) = path.parent() {
        log_erasures(store, folder)?;
        // Erasures to come are logged there as they happen.
        let (folder, now) = (std::path::absolute(folder)?, store.clock().now());
        store.write_now(Lane::Interactive, move |tx| remember_folder(tx, &folder, now))?;
    }
    if out.json {
        out.object(&manifest)?;
    } else {
        out.line(format!("{} ({} bytes, SHA-256 {})", path.display(), manifest.bytes, manifest.sha256))?;
        out.line(format!(
            "The master key {} is not in it: keep a copy of the key elsewhere, or nobody can read this backup.",
            place.master_key_source()
        ))?;
    }
    Ok(0)
}

/// Restores a backup into an empty store and applies the erasures that the logs name.
pub fn restore(place: &Place, options: &cli::Restore, out: &mut Out<'_>) -> Result<u8> {
    // Before anything is touched, the store's key file included.
    let head = std::fs::File::open(&options.from).and_then(|mut f| {
        let mut head = [0; MAGIC.len()];
        std::io::Read::read_exact(&mut f, &mut head).map(|()| head)
    });
    match head {
        Ok(head) if head[..] == *MAGIC => {}
        Err(e) if e.kind() != std::io::ErrorKind::UnexpectedEof => {
            return Err(wrong("backup.not_found", format!("cannot read the backup {}: {e}", options.from.display())));
        }
        _ => return Err(wrong("backup.malformed", format!("{} is not a backup of this program", options.from.display()))),
    }
    let Some(_lock) = place.lock()? else {
        bail!("another process serves {}: stop it first", place.data.display());
    };
    let to = place.config()?;
    let erasures = erasures_in(&place.data)?;
    let erase = Arc::new(erase_again);
    let how = Restore { file: &options.from, to: &to, force: options.force, erasures, erase };
    let restored = shuke_store::backup::restore(how, |table, rows| {
        let _ = out.progress(format!("{table}: {rows} rows"));
    })?;
    out.progress("")?;
    if out.json {
        out.object(&restored)?;
    } else {
        let rows: u64 = restored.rows.iter().map(|(_, n)| n).sum();
        out.line(format!(
            "{rows} rows of {} restored, {} erasures applied again. Outreach is paused until a person resumes it.",
            restored.taken_at, restored.erased
        ))?;
    }
    Ok(0)
}

/// Writes the erasures of every merchant into the folder's log, those that are not in it yet.
fn log_erasures(store: &Store, folder: &Path) -> Result<()> {
    let known: std::collections::HashSet<_> = erasures_in(folder)?.into_iter().map(|e| (e.merchant, e.member)).collect();
    let all = store.read_now(|tx| {
        let mut all = Vec::new();
        for merchant in shuke_access::merchants::every(tx)? {
            let cx = Ctx::new(merchant.no, Actor::System("backup"), Instant(0));
            for e in shuke_members::privacy::erase::erasures_since(tx, &cx, Instant(0))? {
                all.push(Erasure::new(merchant.no, *e.member.bytes(), e.at));
            }
        }
        Ok(all)
    })?;
    for erasure in all.into_iter().filter(|e| !known.contains(&(e.merchant, e.member.clone()))) {
        log_erasure(folder, &erasure)?;
    }
    Ok(())
}

/// Erases a member whom a log names; nothing where there is none.
fn erase_again(tx: &mut Tx<'_>, cx: &Ctx, member: [u8; 16]) -> shuke_kernel::Result<()> {
    let log = [shuke_members::privacy::erase::Erasure { member: MemberId::from_bytes(member), at: cx.now }];
    shuke_members::privacy::erase::reapply(tx, cx, &log).map(|_| ())
}
