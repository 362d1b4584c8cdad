//! A throw-away place in a store: a schema of its own on PostgreSQL, a file beside the store's on SQLite. What is tried
//! there touches nothing else, and is gone when the place is dropped; what a killed process left is cleared by the next.

use std::path::{Path, PathBuf};
use std::time::Duration;

use postgres::Client;
use rand::Rng;
use shuke_kernel::{Error, Result};

use crate::engine::{connect, own};
use crate::store::{Store, StoreConfig};
use crate::tx::postgres_failure;

/// See the module.
pub struct Scratch {
    /// None only while it is dropped: the engine stops first.
    store: Option<Store>,
    place: Place,
}

enum Place {
    File(PathBuf),
    /// Held by a session, so that nobody clears it away while it is used.
    Schema {
        session: Box<Client>,
        name: String,
    },
}

/// Holds a schema by its name, in a space of keys of its own.
const HOLD: &str = "SELECT pg_try_advisory_lock(2078513, hashtext($1))";
/// So old is a file that nobody is about to open it.
const OLD: Duration = Duration::from_secs(60);

impl Scratch {
    /// Makes one where `config` leads, and opens it.
    pub fn open(config: StoreConfig) -> Result<Self> {
        let mut drawn = [0_u8; 8];
        rand::rng().fill_bytes(&mut drawn);
        let drawn: String = drawn.iter().map(|byte| format!("{byte:02x}")).collect();
        let (place, url) = match config.sqlite_path() {
            Some(path) => {
                clear_files(path);
                let file = path.with_extension(format!("try-{drawn}.db"));
                (Place::File(file.clone()), format!("sqlite:{}", file.display()))
            }
            None => {
                let name = format!("shuke_try_{drawn}");
                let mut session = connect(&config.url)?;
                if let Err(e) = clear_schemas(&mut session) {
                    tracing::warn!(error = %e, "places to try in are left over");
                }
                let made = session.query_one(HOLD, &[&name]).and_then(|_| session.batch_execute(&format!("CREATE SCHEMA {name}")));
                made.map_err(|e| Error::fault(format!("cannot make a schema to try in: {}", postgres_failure(e).1)))?;
                let joint = if config.url.contains('?') { '&' } else { '?' };
                let url = format!("{}{joint}options=-c%20search_path%3D{name}", config.url);
                (Place::Schema { session: Box::new(session), name }, url)
            }
        };
        // Held already, so that what fails to open is gone as well.
        let mut scratch = Self { store: None, place };
        scratch.store = Some(Store::open(StoreConfig { url, ..config })?);
        Ok(scratch)
    }

    /// The store.
    pub fn store(&self) -> Result<&Store> {
        self.store.as_ref().ok_or_else(|| Error::fault("the place to try in is closed"))
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        drop(self.store.take());
        let gone = match &mut self.place {
            Place::File(file) => remove_all(file),
            Place::Schema { session, name } => drop_schema(session, name).map_err(|e| postgres_failure(e).1),
        };
        if let Err(e) = gone {
            tracing::warn!(error = %e, "a place to try in is left over");
        }
    }
}

fn drop_schema(session: &mut Client, name: &str) -> Result<(), postgres::Error> {
    session.batch_execute(&format!("DROP SCHEMA IF EXISTS {name} CASCADE"))
}

/// Drops the schemas whose process is gone: nobody holds them.
fn clear_schemas(session: &mut Client) -> Result<(), String> {
    let said = |e| postgres_failure(e).1;
    let left = "SELECT CAST(nspname AS TEXT) FROM pg_namespace WHERE nspname ~ '^shuke_try_[0-9a-f]{16}$'";
    for row in session.query(left, &[]).map_err(said)? {
        let name: String = row.get(0);
        if session.query_one(HOLD, &[&name]).map_err(said)?.get(0) {
            drop_schema(session, &name).map_err(said)?;
            session.query_one("SELECT pg_advisory_unlock(2078513, hashtext($1))", &[&name]).map_err(said)?;
        }
    }
    Ok(())
}

/// Removes the files beside a store whose process is gone: nobody owns them.
fn clear_files(store: &Path) {
    let begin = store.with_extension("try-");
    let (Some(folder), Some(begin)) = (store.parent(), begin.file_name().and_then(|n| n.to_str())) else { return };
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let name = entry.file_name();
        let drawn = name.to_str().and_then(|n| n.strip_prefix(begin)).and_then(|n| n.strip_suffix(".db"));
        let is_one = drawn.is_some_and(|d| d.len() == 16 && d.bytes().all(|b| b.is_ascii_hexdigit()));
        let is_old = || entry.metadata().and_then(|m| m.modified()).is_ok_and(|at| at.elapsed().is_ok_and(|since| since > OLD));
        if is_one && is_old() && own(&entry.path()).is_ok_and(|_lock| remove_all(&entry.path()).is_err()) {
            tracing::warn!(file = %entry.path().display(), "a place to try in is left over");
        }
    }
}

fn remove_all(file: &Path) -> Result<(), String> {
    ["", "-wal", "-shm", ".lock"].iter().try_for_each(|tail| remove(file, tail))
}

fn remove(file: &Path, tail: &str) -> Result<(), String> {
    let mut name = file.as_os_str().to_owned();
    name.push(tail);
    match std::fs::remove_file(PathBuf::from(name)) {
        Err(e) if e.kind() != std::io::ErrorKind::NotFound => Err(e.to_string()),
        _ => Ok(()),
    }
}
