//! Coupons through the API and over the store, on both engines.

#[path = "api/batches.rs"]
mod batches;
#[path = "api/codes.rs"]
mod codes;
#[path = "api/engine.rs"]
mod engine;
#[path = "api/orders.rs"]
mod orders;
#[path = "api/people.rs"]
mod people;
#[path = "api/races.rs"]
mod races;
#[path = "api/world.rs"]
mod world;
