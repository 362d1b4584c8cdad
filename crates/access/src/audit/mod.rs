//! The audit: what people and keys did, as a chain that shows any later change.
//!
//! Each entry's hash covers the hash before it, so that an entry that is altered, removed or put
//! in between breaks every hash after it. Of the payload it covers a *salted hash*: the payload,
//! sealed, can be erased and the chain still verifies. The head row holds the newest hash and is
//! locked while an entry is appended, so that entries of one merchant stand in one order.

pub mod http;
mod service;
pub mod sql;

pub use service::{Entry, Filter, Progress, Verdict, erase_payloads, list, record, verify, verify_step};
