//! Reading the files of the format: typed, strict, each error with its place.

mod cart;
mod offers;
mod refunds;
mod terms;
mod tree;

pub use tree::Malformed;
