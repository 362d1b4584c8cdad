//! What questions about segments need beside the store: the merchants' members in columns, and threads.

use std::collections::BTreeSet;
use std::sync::Arc;

use shuke_columns::{Keepers, People, Registry};
use shuke_http::{App, Problem};
use shuke_kernel::{Code, Error, Kind, MerchantNo, Result};

use crate::pool::{Cancel, Pool};
use crate::tree::Name;

/// The process has no columns.
pub static NO_COLUMNS: Code =
    Code {
        code: "segment.no_columns", kind: Kind::Unavailable, zh: "此进程未启用人群计算。", en: "This process computes no segments."
    };

/// Put on the app's shelf by the outermost crate.
#[derive(Clone)]
pub struct Desk {
    keepers: Arc<Keepers>,
    pool: Arc<Pool>,
}

impl Desk {
    /// A desk over these columns, at which so many questions are answered at a time.
    pub fn new(keepers: Arc<Keepers>, at_a_time: usize) -> Result<Self> {
        let pool = Pool::new(at_a_time).map_err(Error::fault)?;
        Ok(Self { keepers, pool: Arc::new(pool) })
    }

    /// The desk of an app.
    pub fn of(app: &App) -> Result<Arc<Self>, Problem> {
        app.get::<Self>().ok_or_else(|| NO_COLUMNS.refuse().into())
    }

    /// The columns.
    pub fn keepers(&self) -> &Keepers {
        &self.keepers
    }

    /// All members of a merchant, as fresh as the columns, for a question that asks for these facts.
    pub fn people(&self, merchant: MerchantNo, facts: &BTreeSet<Name>) -> Result<Arc<People>> {
        self.keepers.of(merchant)?.people_for(&|name| facts.contains(name))
    }

    /// What expressions may speak of.
    pub fn registry(&self) -> Arc<Registry> {
        Arc::new(Registry::of_store())
    }

    /// Does `work` on a thread of the desk.
    pub async fn ask<T: Send + 'static>(&self, work: impl FnOnce(&Self, &Cancel) -> Result<T> + Send + 'static) -> Result<T, Problem> {
        let desk = self.clone();
        self.pool.run(move |cancel| work(&desk, cancel)).await
    }
}
