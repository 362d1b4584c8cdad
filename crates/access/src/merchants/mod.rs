//! Merchants: whose members and orders they are. Each has its number (the first column of every
//! key), its public id, its zone, its currency and its settings. A sandbox is a merchant for
//! trying: its keys are test keys and it is reckoned nowhere else.

pub mod http;
mod model;
mod service;
pub mod sql;

pub use model::{Merchant, MerchantId, MerchantKind, NewMerchant, PayTimePolicy, Settings};
pub(crate) use service::name;
pub use service::{Change, NOT_FOUND, as_kept, change, create, every, find, get, hold, list_of, number_of, settings, share, zone_of};
