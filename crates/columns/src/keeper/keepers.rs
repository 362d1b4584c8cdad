//! The keepers of all merchants of a store.

use std::path::PathBuf;
use std::sync::{Arc, Mutex};

use shuke_kernel::{MerchantNo, Result};
use shuke_store::Store;

use super::{Keeper, locked};
use crate::shelf::Loaded;

/// The keepers of all merchants, for who serves many.
pub struct Keepers {
    store: Store,
    root: PathBuf,
    of: Mutex<std::collections::HashMap<MerchantNo, Arc<Keeper>>>,
}

impl Keepers {
    /// Columns of the merchants of `store`, under `root`.
    pub fn new(store: Store, root: PathBuf) -> Self {
        Self { store, root, of: Mutex::default() }
    }

    /// A merchant's keeper.
    pub fn of(&self, merchant: MerchantNo) -> Result<Arc<Keeper>> {
        let mut all = locked(&self.of);
        if let Some(keeper) = all.get(&merchant) {
            return Ok(keeper.clone());
        }
        let keeper = Arc::new(Keeper::new(self.store.clone(), merchant, &self.root)?);
        all.insert(merchant, keeper.clone());
        Ok(keeper)
    }

    /// A merchant's columns for somebody who waits.
    pub fn near(&self, merchant: MerchantNo) -> Result<Arc<Loaded>> {
        self.of(merchant)?.near()
    }

    /// Tends the columns of every merchant with a feed.
    pub fn tend(&self) -> Result<()> {
        self.store.feed_merchants()?.into_iter().try_for_each(|merchant| self.of(merchant)?.tend())
    }
}
