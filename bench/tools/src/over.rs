//! The store that a program works over.

use std::path::PathBuf;

use anyhow::{Context, Result};
use shuke_store::{MasterKey, Store, StoreConfig};

/// How it is named on the command line.
#[derive(clap::Args, Clone, Debug)]
pub struct Over {
    /// `sqlite:PATH` or `postgres://…`.
    #[arg(long)]
    pub store: String,
    /// The file of the master key.
    #[arg(long)]
    pub key: PathBuf,
}

impl Over {
    /// Opens it.
    ///
    /// # Errors
    /// A key that is none, a store that cannot be opened.
    pub fn open(&self) -> Result<Store> {
        let key = MasterKey::from_hex(std::fs::read_to_string(&self.key)?.trim()).context("this is no master key")?;
        Ok(Store::open(StoreConfig::new(self.store.clone(), key))?)
    }
}
