//! Saved views: a list's filter and columns under a name, shared by the merchant's staff. What is
//! saved is sealed, since a filter may hold a phone number.

pub mod http;
mod service;
pub mod sql;

pub use service::{View, ViewId, ViewKind, list, remove, save};
