//! Books in the store, on both engines: scenarios come out as the pure run has them, races lose and double nothing,
//! what is due happens, months close for ever, and the audit names what does not fit.

#[path = "books/audit.rs"]
mod audit;
#[path = "books/closing.rs"]
mod closing;
#[path = "books/due.rs"]
mod due;
#[path = "books/races.rs"]
mod races;
#[path = "books/scenarios.rs"]
mod scenarios;
#[path = "books/together.rs"]
mod together;
#[path = "books/versions.rs"]
mod versions;
#[path = "books/world.rs"]
mod world;
