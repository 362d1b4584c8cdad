//! The first start: there is no default password. The server makes a token, prints it where only
//! who runs the machine sees it, and whoever brings it back becomes the first owner. Each start
//! before that makes a new token and forgets the old one.

pub mod http;
mod service;
pub mod sql;

pub(crate) use service::ensure_installation;
pub use service::{FirstOwner, first_start, found, needs_setup};
