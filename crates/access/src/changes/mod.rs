//! The change feed as callers see it: `GET /changes`, and the JSON form of an event, which
//! webhooks send as well.

pub mod http;
mod model;

pub use model::{Change, Subject, prefixed};
