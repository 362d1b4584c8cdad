//! SQL over a merchant's columns, for people's own questions: DataFusion over the files that reports and
//! segments read. The wide door, not the fast one.
//!
//! It is a program of its own ([`main`](../main.rs)), started for one question and killed to cancel it, so
//! that neither the build nor the memory of the server carries it. It reads one manifest, never the store,
//! and takes nothing but one statement that reads. Slices are looked at one after the other and column by
//! column, so that what it holds does not grow with the base.

pub mod answer;
pub mod fault;
pub mod guard;
pub mod source;
pub mod table;
pub mod tell;
