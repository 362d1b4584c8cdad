//! What another process needs to read the columns: their folder, which manifest, and a file of the facts
//! that are reckoned over everybody. The file is kept beside the columns and made anew when they changed
//! or those facts no longer hold.

use std::fs::File;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use shuke_kernel::{Clock, Error, Result, SystemClock};

use super::{Keeper, MOMENTS, locked};
use crate::people::{is_asked, standing};

/// How long a file is left to who was told of it.
const GRACE: Duration = Duration::from_micros(MOMENTS.unsigned_abs());

/// Columns for another process.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Readable {
    /// Their folder.
    pub folder: PathBuf,
    /// The manifest.
    pub sequence: u64,
    /// Up to when everything is in, microseconds.
    pub known_at: i64,
    /// The facts reckoned over everybody, where they are asked for.
    pub standing: Option<PathBuf>,
}

impl Keeper {
    /// The columns as [`Keeper::near`] has them, for another process; with the facts that a crate above
    /// computes where `asks` says of any of them that it is asked for.
    pub fn readable(&self, asks: &dyn Fn(&str) -> bool) -> Result<Readable> {
        let Some(derived) = self.derived.as_ref().filter(|d| is_asked(&***d, asks)) else {
            let loaded = self.near()?;
            let (sequence, known_at) = (loaded.manifest.sequence, loaded.known_at());
            return Ok(Readable { folder: self.folder(), sequence, known_at, standing: None });
        };
        let (loaded, slices, until) = self.judged(derived)?;
        let sequence = loaded.manifest.sequence;
        let folder = self.folder();
        let beside = folder.parent().unwrap_or(Path::new("."));
        let kept = format!("standing-m{}-", self.merchant.0);
        // One at a time: what is made once need not be made twice.
        let _one = locked(&self.people);
        let write = |path: &Path| standing::write(path, sequence, derived.facts(), &self.registry, &slices);
        let path = keep(beside, &kept, &format!("{kept}{sequence}-{until}"), write)?;
        Ok(Readable { folder, sequence, known_at: loaded.known_at(), standing: Some(path) })
    }
}

/// The time by which the system dates files: a store's clock may be another.
fn now() -> SystemTime {
    UNIX_EPOCH + Duration::from_micros(SystemClock.now().micros().unsigned_abs())
}

/// The file of that name among those of one merchant: made where it is not there, and kept from the moment
/// on for whoever is told of it.
fn keep(beside: &Path, kept: &str, name: &str, write: impl FnOnce(&Path) -> Result<()>) -> Result<PathBuf> {
    let path = beside.join(name);
    match File::options().append(true).open(&path) {
        Ok(file) => file.set_modified(now()).map_err(Error::fault)?,
        Err(e) if e.kind() == ErrorKind::NotFound => {
            write(&path)?;
            sweep(beside, kept, name)?;
        }
        Err(e) => return Err(Error::fault(e)),
    }
    Ok(path)
}

/// Removes older files of that merchant, but those of the last moments: another process may have been told
/// of one and not have opened it yet. Of two who remove the same the later finds nothing, and that is well.
fn sweep(beside: &Path, kept: &str, name: &str) -> Result<()> {
    for entry in std::fs::read_dir(beside).map_err(Error::fault)?.flatten() {
        let other = entry.file_name().to_string_lossy().into_owned();
        if !other.starts_with(kept) || other == name {
            continue;
        }
        let written = entry.metadata().and_then(|m| m.modified());
        let is_young = written.is_ok_and(|at| now().duration_since(at).is_ok_and(|age| age < GRACE));
        if is_young {
            continue;
        }
        match std::fs::remove_file(entry.path()) {
            Err(e) if e.kind() != ErrorKind::NotFound => return Err(Error::fault(e)),
            _ => {}
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Registry;
    use crate::slice::Slice;

    fn write(path: &Path) -> Result<()> {
        standing::write(path, 7, &[], &Registry::standard(), &[] as &[std::sync::Arc<Slice>])
    }

    fn names(folder: &Path) -> Vec<String> {
        let mut all: Vec<String> =
            std::fs::read_dir(folder).unwrap().map(|e| e.unwrap().file_name().to_string_lossy().into_owned()).collect();
        all.sort();
        all
    }

    fn age(path: &Path) {
        let before = now() - GRACE * 2;
        File::options().append(true).open(path).unwrap().set_modified(before).unwrap();
    }

    #[test]
    fn who_was_told_of_a_file_finds_it() {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| keep(folder.path(), "standing-m1-", name, write).unwrap();
        let old = path("standing-m1-1-9");
        let young = path("standing-m1-2-9");
        let other = keep(folder.path(), "standing-m11-", "standing-m11-1-9", write).unwrap();
        for path in [&old, &young, &other] {
            age(path);
        }
        // It is long there, and told of right now.
        assert_eq!(path("standing-m1-2-9"), young);
        path("standing-m1-3-9");
        assert_eq!(names(folder.path()), ["standing-m1-2-9", "standing-m1-3-9", "standing-m11-1-9"]);
    }

    #[test]
    fn two_keepers_do_not_disturb_each_other() {
        let folder = tempfile::tempdir().unwrap();
        for n in 0..200 {
            let old = folder.path().join(format!("standing-m1-0-{n}"));
            write(&old).unwrap();
            age(&old);
        }
        // Both make the same files and find the same old ones to remove.
        let keeper = || {
            for n in 1..60 {
                let path = keep(folder.path(), "standing-m1-", &format!("standing-m1-{n}-9"), write).unwrap();
                assert!(standing::Standing::read(&path, 7).is_ok());
            }
        };
        std::thread::scope(|threads| {
            threads.spawn(keeper);
            threads.spawn(keeper);
        });
        let left = names(folder.path());
        assert!(left.len() == 59 && left.iter().all(|name| name.ends_with("-9")), "{left:?}");
    }
}
