//! The keepers of all merchants of a store.

use std::path::PathBuf;
use std::sync::{Arc, Mutex};

use shuke_kernel::{Error, MerchantNo, Result};
use shuke_store::Store;

use super::{Keeper, locked};
use crate::people::Derived;
use crate::shelf::Loaded;

/// The keepers of all merchants, for who serves many.
pub struct Keepers {
    store: Store,
    root: PathBuf,
    derived: Option<Arc<dyn Derived>>,
    memory: usize,
    of: Mutex<std::collections::HashMap<MerchantNo, Arc<Keeper>>>,
}

impl Keepers {
    /// Columns of the merchants of `store`, under `root`.
    pub fn new(store: Store, root: PathBuf) -> Self {
        Self { store, root, derived: None, memory: super::MEMORY, of: Mutex::default() }
    }

    /// The same, with facts that a crate above computes.
    #[must_use]
    pub fn deriving(self, derived: Arc<dyn Derived>) -> Self {
        Self { derived: Some(derived), ..self }
    }

    /// The same, each taking so much memory at most: see [`Keeper::holding`].
    #[must_use]
    pub fn holding(self, memory: usize) -> Self {
        Self { memory, ..self }
    }

    /// A merchant's keeper.
    pub fn of(&self, merchant: MerchantNo) -> Result<Arc<Keeper>> {
        let mut all = locked(&self.of);
        if let Some(keeper) = all.get(&merchant) {
            return Ok(keeper.clone());
        }
        let keeper = Keeper::new(self.store.clone(), merchant, &self.root)?.deriving(self.derived.clone()).holding(self.memory);
        let keeper = Arc::new(keeper);
        all.insert(merchant, keeper.clone());
        Ok(keeper)
    }

    /// A merchant's columns for somebody who waits.
    pub fn near(&self, merchant: MerchantNo) -> Result<Arc<Loaded>> {
        self.of(merchant)?.near()
    }

    /// Asks whoever is at work to leave it: the process ends.
    pub fn stop(&self) {
        locked(&self.of).values().for_each(|keeper| keeper.stop());
    }

    /// Tends the columns of every merchant with a feed. Returns whose could not be tended, and why:
    /// the others are not kept waiting by them.
    pub fn tend(&self) -> Result<Vec<(MerchantNo, Error)>> {
        let tended = |merchant| self.of(merchant).and_then(|keeper| keeper.tend()).err().map(|e| (merchant, e));
        Ok(self.store.feed_merchants()?.into_iter().filter_map(tended).collect())
    }
}
