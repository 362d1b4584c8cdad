//! Segments that are kept up: whoever something happens to is judged anew by the segments that it may
//! concern, and all of them when time has passed.
//!
//! One thing is written in one place ([`apply`]): who came and who went, found against who is in, in the
//! transaction that writes it, so that a step that is done twice changes nothing the second time.
//! [`follow`] goes along the feed in steps; [`pass`] reckons whole segments over the columns. Both hold the
//! merchant's turn while they write, and each gives way to what the other knows better: a step that a pass
//! overtook reads its members again; a pass reads those again who had an event since its columns were read.

pub mod apply;
mod follow;
mod index;
pub mod pass;
pub mod ready;
mod step;
mod watch;

use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, Mutex, PoisonError};

use shuke_columns::{Keepers, Registry};
use shuke_kernel::{Actor, Ctx, MerchantNo};
use shuke_store::Store;

pub use watch::PASS_EVERY;

use crate::model::PersonId;
use ready::Ready;

/// The name of the offset in the feed.
pub const SUBSCRIBER: &str = "segments";

/// Keeps the segments of all merchants up.
pub struct Living {
    store: Store,
    keepers: Arc<Keepers>,
    registry: Arc<Registry>,
    /// Who holds the lease: this process.
    holder: String,
    ready: Mutex<HashMap<MerchantNo, Arc<Ready>>>,
}

impl Living {
    /// Over these columns, under a name that no other process has.
    pub fn new(store: Store, keepers: Arc<Keepers>, holder: impl Into<String>) -> Self {
        Self { store, keepers, registry: Arc::new(Registry::of_store()), holder: holder.into(), ready: Mutex::default() }
    }

    fn kept_ready(&self, merchant: MerchantNo) -> Option<Arc<Ready>> {
        self.ready.lock().unwrap_or_else(PoisonError::into_inner).get(&merchant).cloned()
    }

    fn keep_ready(&self, merchant: MerchantNo, ready: &Arc<Ready>) {
        self.ready.lock().unwrap_or_else(PoisonError::into_inner).insert(merchant, ready.clone());
    }

    fn cx(&self, merchant: MerchantNo) -> Ctx {
        Ctx::new(merchant, Actor::System(SUBSCRIBER), self.store.clock().now())
    }
}

/// Members whom an event's data names by their public ids, such as the alias of a merge.
fn mentioned(data: &str, into: &mut BTreeSet<PersonId>) {
    let words = data.split(|c: char| !c.is_ascii_alphanumeric() && c != '_');
    into.extend(words.filter(|w| w.starts_with("mem_")).filter_map(|w| w.parse::<PersonId>().ok()));
}
