//! A throw-away place in a store: a schema of its own on PostgreSQL, a file beside the store's on SQLite. What is tried
//! there touches nothing else, and is gone when the place is dropped.

use std::path::{Path, PathBuf};

use rand::Rng;
use shuke_kernel::{Error, Result};

use crate::engine::connect;
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
    Schema { url: String, name: String },
}

impl Scratch {
    /// Makes one where `config` leads, and opens it.
    pub fn open(config: StoreConfig) -> Result<Self> {
        let mut drawn = [0_u8; 8];
        rand::rng().fill_bytes(&mut drawn);
        let drawn: String = drawn.iter().map(|byte| format!("{byte:02x}")).collect();
        let (place, url) = match config.sqlite_path() {
            Some(path) => {
                let file = path.with_extension(format!("try-{drawn}.db"));
                (Place::File(file.clone()), format!("sqlite:{}", file.display()))
            }
            None => {
                let name = format!("shuke_try_{drawn}");
                let made = connect(&config.url)?.batch_execute(&format!("CREATE SCHEMA {name}"));
                made.map_err(|e| Error::fault(format!("cannot make a schema to try in: {}", postgres_failure(e).1)))?;
                let joint = if config.url.contains('?') { '&' } else { '?' };
                let url = format!("{}{joint}options=-c%20search_path%3D{name}", config.url);
                (Place::Schema { url: config.url.clone(), name }, url)
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
        let gone = match &self.place {
            Place::File(file) => ["", "-wal", "-shm", ".lock"].iter().try_for_each(|tail| remove(file, tail)),
            Place::Schema { url, name } => connect(url).map_err(|e| e.to_string()).and_then(|mut client| {
                client.batch_execute(&format!("DROP SCHEMA IF EXISTS {name} CASCADE")).map_err(|e| postgres_failure(e).1)
            }),
        };
        if let Err(e) = gone {
            tracing::warn!(error = %e, "a place to try in is left over");
        }
    }
}

fn remove(file: &Path, tail: &str) -> Result<(), String> {
    let mut name = file.as_os_str().to_owned();
    name.push(tail);
    match std::fs::remove_file(PathBuf::from(name)) {
        Err(e) if e.kind() != std::io::ErrorKind::NotFound => Err(e.to_string()),
        _ => Ok(()),
    }
}
