//! A benefit tried before it is changed, on every member there is: who may have it by what they are, who may no more, who
//! used it and could not have, and what that comes to in money.
//!
//! Real uses of the last months are judged again, one after the other, by what the benefit would say ([`model`]); nothing
//! is written and nothing is kept. Members are read in the order of their ids, a wave at a time on threads of its own
//! ([`walk`]), so memory does not grow with the base and who no longer waits is not worked for.

pub mod model;
pub mod service;
pub mod sql;
pub mod tables;
#[cfg(test)]
mod tests;
mod walk;

pub use model::{Row, Summary, Which};
pub use service::{Asked, Ready, ready, rows, summary};
