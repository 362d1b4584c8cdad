//! Reading the files of the format: typed, strict, each error with its place.

mod cart;
mod offers;
mod reason;
mod refunds;
mod terms;
mod tree;

pub use reason::Reason;
pub use tree::Malformed;
