//! Promotions kept in the store and carts priced by them, through the API, on both engines.

#[path = "api/carts.rs"]
mod carts;
#[path = "api/kept.rs"]
mod kept;
#[path = "api/settings.rs"]
mod settings;
#[path = "api/world.rs"]
mod world;
