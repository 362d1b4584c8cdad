//! Webhooks after the Standard Webhooks scheme: other systems are told what happened, at least
//! once and in no promised order.
//!
//! The subscriber `webhooks` turns each event into a delivery for every webhook that wants it; a
//! courier sends what is due and writes down what came of it. A failed delivery is tried again
//! with growing pauses for about three days. A webhook that has failed for three days without a
//! success, or answers 410, is disabled and shown so. While a secret is rotated, two are live and
//! both sign. Deliveries can be made again from any position of the feed. Addresses inside the
//! own network are refused unless the configuration allows them, at the moment of connecting.

mod courier;
mod events;
pub mod guard;
pub mod http;
mod model;
mod service;
pub mod sql;

pub use courier::{Attempted, Courier};
pub use events::{Feed, REPLAY_KIND, Replay, request_replay};
pub use guard::Policy;
pub use model::{Delivery, Hook, HookId, HookKind, PAUSES, Secret, sign};
pub use service::{HookChange, change, create, deliveries, get, list, prune, remove, rotate};
