//! What another process needs to read the columns: their folder, which manifest, and a file of the facts
//! that are reckoned over everybody. The file is kept beside the columns and made anew when they changed
//! or those facts no longer hold.

use std::path::{Path, PathBuf};

use shuke_kernel::{Error, Result};

use super::{Keeper, locked};
use crate::people::{is_asked, standing};

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
        let name = format!("{kept}{sequence}-{until}");
        let path = beside.join(&name);
        // One at a time: of two who write the same file neither would read the other's half.
        let _one = locked(&self.people);
        if !path.exists() {
            standing::write(&path, sequence, derived.facts(), &self.registry, &slices)?;
            // Whoever has an older one open reads on.
            for entry in std::fs::read_dir(beside).map_err(Error::fault)?.flatten() {
                let other = entry.file_name().to_string_lossy().into_owned();
                if other.starts_with(&kept) && other != name {
                    std::fs::remove_file(entry.path()).map_err(Error::fault)?;
                }
            }
        }
        Ok(Readable { folder, sequence, known_at: loaded.known_at(), standing: Some(path) })
    }
}
