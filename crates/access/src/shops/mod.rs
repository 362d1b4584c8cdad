//! Shops: where a merchant sells, one for each store on a platform, with the legal entity that
//! answers for the personal data of its customers.

pub mod http;
mod service;
pub mod sql;

pub use service::{
    External, NOT_FOUND, NewShop, Shop, ShopChange, ShopId, ShopKind, by_external, change, create, entity_of, get, is_a_further_one, list,
};
