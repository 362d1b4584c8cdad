//! The only crate that names an engine. Truth lives here: one SQLite file by default, PostgreSQL
//! by a URL, behind one [`Store`] and one [`Tx`].
//!
//! Domain code is synchronous and takes `&mut Tx`; the store runs it on its own threads, in a
//! transaction that it commits. A closure given to [`Store::write`] may run more than once and
//! must have no effect outside its transaction. In the same transaction live what must be atomic
//! with the write: idempotency keys, events of the change feed, jobs.

mod apart;
pub mod audit;
pub mod backup;
pub mod copy;
pub mod dump;
mod engine;
pub mod feed;
pub mod flags;
pub mod idempotency;
pub mod jobs;
pub mod keys;
mod locks;
pub mod migrations;
pub mod outage;
pub mod register;
mod scratch;
pub mod seal;
pub mod sql;
mod store;
pub mod together;
mod transfer;
mod tx;
mod value;

pub use apart::Apart;
pub use feed::{Event, FeedEvent};
pub use scratch::Scratch;
pub use seal::{MasterKey, MerchantKeys};
pub use sql::{Column, Each, Engine, InsertMany, Statement};
pub use store::{Lane, Pending, Store, StoreConfig};
pub use tx::Tx;
pub use value::{FromValue, Row, Value};
