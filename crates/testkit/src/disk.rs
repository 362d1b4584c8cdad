//! A small disk that fills up.
//!
//! Where mounting is allowed it is a small tmpfs; elsewhere a limit on the size of any file that
//! the child may write, which stops it at the same calls.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// A folder that holds only so much.
pub struct SmallDisk {
    dir: PathBuf,
    mounted: bool,
    bytes: u64,
}

impl SmallDisk {
    /// A disk of that many bytes at `dir`, which is made.
    pub fn at(dir: &Path, bytes: u64) -> Self {
        std::fs::create_dir_all(dir).unwrap_or_else(|e| panic!("cannot make {}: {e}", dir.display()));
        // What a campaign that was broken off left is gone on with.
        if is_mounted(dir) {
            return Self { dir: dir.to_owned(), mounted: true, bytes };
        }
        let size = format!("size={bytes}");
        let mount =
            Command::new("mount").args(["-t", "tmpfs", "-o", &size, "tmpfs"]).arg(dir).stdout(Stdio::null()).stderr(Stdio::null()).status();
        Self { dir: dir.to_owned(), mounted: mount.is_ok_and(|s| s.success()), bytes }
    }

    /// The folder.
    pub fn dir(&self) -> &Path {
        &self.dir
    }

    /// Whether it is a real small file system, so that even an empty file can be too much.
    pub fn is_real(&self) -> bool {
        self.mounted
    }

    /// Leaves that much room beside what is there, as an administrator would who frees space, or
    /// somebody else who fills the disk.
    pub fn leave(&mut self, room: u64) {
        // Who writes meanwhile may be quicker; then there is more on it, and less cannot be given.
        for _ in 0..50 {
            self.bytes = self.used() + room;
            if !self.mounted || self.resize() {
                return;
            }
        }
        panic!("the small disk cannot be given another size");
    }

    fn resize(&self) -> bool {
        let mut mount = Command::new("mount");
        mount.args(["-o", &format!("remount,size={}", self.bytes)]).arg(&self.dir).stderr(Stdio::null());
        mount.status().is_ok_and(|s| s.success())
    }

    fn used(&self) -> u64 {
        let files = std::fs::read_dir(&self.dir).into_iter().flatten().flatten();
        // Whole pages, and a few for the folder itself.
        files.filter_map(|f| f.metadata().ok()).map(|m| m.len().div_ceil(4096) * 4096).sum::<u64>() + 64 * 1024
    }

    /// A command that feels the disk's size.
    pub fn command(&self, program: impl AsRef<OsStr>) -> Command {
        if self.mounted {
            return Command::new(program);
        }
        let mut command = Command::new("sh");
        command.args(["-c", &format!("trap '' XFSZ; ulimit -f {}; exec \"$0\" \"$@\"", self.bytes / 512)]).arg(program);
        command
    }
}

fn is_mounted(dir: &Path) -> bool {
    let mounts = std::fs::read_to_string("/proc/mounts").unwrap_or_default();
    dir.canonicalize().is_ok_and(|dir| mounts.lines().any(|l| l.split(' ').nth(1) == dir.to_str()))
}

/// Lets go of a small disk that a campaign which was broken off left at `dir`.
pub fn release(dir: &Path) {
    if is_mounted(dir) {
        let _ = Command::new("umount").arg("-l").arg(dir).status();
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        if self.mounted {
            let _ = Command::new("umount").arg("-l").arg(&self.dir).status();
        }
    }
}
