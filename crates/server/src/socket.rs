//! The local socket of the process that owns the embedded store: runs commands for others.
//!
//! One request a connection: a JSON line with the arguments and the caller's directory; the answer
//! is frames of one letter, a length and bytes: `o` answer, `n` note, `x` the exit code.

use std::io::{BufRead, BufReader, Read, Write};
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use anyhow::{Context, Result};
use clap::Parser;
use serde::{Deserialize, Serialize};
use shuke_store::Store;

use crate::cli::{Cli, Command};
use crate::commands;
use crate::out::Out;
use crate::wrong::wrong;

#[derive(Serialize, Deserialize)]
struct Request {
    arguments: Vec<String>,
    directory: PathBuf,
    terminal: bool,
    /// Device and inode of the folder in which a file shall be written, as the caller sees it.
    #[serde(default)]
    folder: Option<(u64, u64)>,
}

/// Device and inode of a folder, where it is there.
fn seen(folder: &Path) -> Option<(u64, u64)> {
    use std::os::unix::fs::MetadataExt;
    std::fs::metadata(folder).ok().map(|m| (m.dev(), m.ino()))
}

/// The folder of the file that a command writes for a caller who stands in `directory`.
fn folder_of(cli: &Cli, directory: &Path) -> Option<PathBuf> {
    match &cli.command {
        Command::Export(what) => Some(what.folder(directory)),
        Command::Batch(what) => what.folder(directory),
        Command::Coupon(what) => what.folder(directory),
        _ => None,
    }
}

/// Refuses to write a file where the caller would not find it: a service may have a /tmp of its own, a
/// container folders of its own.
fn same_folder(cli: &Cli, request: &Request) -> Result<()> {
    let Some(folder) = folder_of(cli, &request.directory) else { return Ok(()) };
    if request.folder.is_none() || seen(&folder) == request.folder {
        return Ok(());
    }
    let message = format!(
        "the serving process does not see the folder {} as you do (it has a /tmp or a file system of its own): choose a folder that both see, download the file in the console, or stop the server and export again",
        folder.display()
    );
    Err(wrong("export.other_folder", message))
}

struct Frames {
    letter: u8,
    to: Arc<Mutex<UnixStream>>,
}

impl Write for Frames {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        let mut to = self.to.lock().map_err(|_| std::io::Error::other("a lock is poisoned"))?;
        send(&mut to, self.letter, bytes)?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

fn send(to: &mut UnixStream, letter: u8, bytes: &[u8]) -> std::io::Result<()> {
    to.write_all(&[letter])?;
    to.write_all(&(bytes.len() as u32).to_be_bytes())?;
    to.write_all(bytes)
}

/// Serves commands on `path` until the process ends.
pub fn serve(path: &Path, store: Store) -> Result<()> {
    let _ = std::fs::remove_file(path);
    let listener = UnixListener::bind(path).with_context(|| format!("cannot listen on {}", path.display()))?;
    {
        use std::os::unix::fs::PermissionsExt;
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o600))?;
    }
    std::thread::Builder::new().name("command-socket".to_owned()).spawn(move || {
        for stream in listener.incoming().flatten() {
            let store = store.clone();
            std::thread::spawn(move || {
                if let Err(e) = answer(stream, &store) {
                    tracing::warn!(error = %e, "a command over the socket broke off");
                }
            });
        }
    })?;
    Ok(())
}

fn answer(stream: UnixStream, store: &Store) -> Result<()> {
    let mut line = String::new();
    BufReader::new(stream.try_clone()?).take(1 << 20).read_line(&mut line)?;
    let request: Request = serde_json::from_str(&line)?;
    let shared = Arc::new(Mutex::new(stream));
    let mut answer = Frames { letter: b'o', to: shared.clone() };
    let mut note = Frames { letter: b'n', to: shared.clone() };
    let code = match Cli::try_parse_from(std::iter::once("shuke".to_owned()).chain(request.arguments.clone())) {
        Ok(cli) => {
            let mut out = Out::new(&mut answer, &mut note, cli.common.json, request.terminal);
            let done = same_folder(&cli, &request).and_then(|()| commands::run_on_store(&cli, store, &request.directory, &mut out));
            done.or_else(|e| out.fail(&e))?
        }
        Err(e) => {
            write!(note, "{e}")?;
            2
        }
    };
    let mut stream = shared.lock().map_err(|_| anyhow::anyhow!("a lock is poisoned"))?;
    send(&mut stream, b'x', &[code])?;
    Ok(())
}

/// Hands this process's own arguments to the owner and copies its answer. Returns the exit code.
pub fn delegate(path: &Path, cli: &Cli, terminal: bool) -> Result<u8> {
    let directory = std::env::current_dir()?;
    let folder = folder_of(cli, &directory).and_then(|f| seen(&f));
    let request = Request { arguments: std::env::args().skip(1).collect(), directory, terminal, folder };
    let code = exchange(path, &request, &mut std::io::stdout())?;
    std::io::stdout().flush()?;
    Ok(code)
}

/// Has the owner run another command than this process's own; its answer goes to `answer`. Returns the exit code.
pub fn ask(path: &Path, arguments: Vec<String>, answer: &mut dyn Write) -> Result<u8> {
    let request = Request { arguments, directory: std::env::current_dir()?, terminal: false, folder: None };
    exchange(path, &request, answer)
}

fn exchange(path: &Path, request: &Request, answer: &mut dyn Write) -> Result<u8> {
    let mut stream = UnixStream::connect(path).with_context(|| {
        format!("another process holds the store, but does not answer on {}: stop it, or start it as `shuke serve`", path.display())
    })?;
    serde_json::to_writer(&mut stream, request)?;
    stream.write_all(b"\n")?;
    let mut from = BufReader::new(stream);
    loop {
        let mut head = [0; 5];
        from.read_exact(&mut head).context("the owning process broke off: look at its log")?;
        let length = u32::from_be_bytes([head[1], head[2], head[3], head[4]]) as usize;
        let mut body = vec![0; length];
        from.read_exact(&mut body)?;
        match head[0] {
            b'o' => answer.write_all(&body)?,
            b'n' => std::io::stderr().write_all(&body)?,
            _ => return Ok(body.first().copied().unwrap_or(1)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_written_only_where_the_caller_finds_it() {
        let (mine, other) = (tempfile::TempDir::new().expect("a folder"), tempfile::TempDir::new().expect("a folder"));
        let cli = Cli::try_parse_from(["shuke", "export", "products", "--out", "p.csv"]).expect("a command");
        let request = |folder| Request { arguments: Vec::new(), directory: mine.path().to_owned(), terminal: false, folder };
        assert!(same_folder(&cli, &request(seen(mine.path()))).is_ok());
        let refused = same_folder(&cli, &request(seen(other.path()))).expect_err("another folder of that name");
        assert!(refused.to_string().contains("does not see the folder"));
        let elsewhere = Cli::try_parse_from(["shuke", "export", "products", "--out", &other.path().join("p.csv").display().to_string()]);
        assert!(same_folder(&elsewhere.expect("a command"), &request(seen(other.path()))).is_ok());
    }
}
