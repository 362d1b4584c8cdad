//! API keys: how other systems call. A key belongs to one merchant, has scopes, and is shown once;
//! the store has its hash. A sandbox merchant has test keys only, and only a sandbox has them.

pub mod http;
mod service;
pub mod sql;

pub use service::{Issued, KeyId, KeyKind, KeyView, NewKey, Stored, by_secret, create, list, note_use, revoke};
