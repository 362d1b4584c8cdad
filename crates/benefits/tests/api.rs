//! Benefits, packs and the catalogue through the API, on both engines.

#[path = "api/addresses.rs"]
mod addresses;
#[path = "api/benefits.rs"]
mod benefits;
#[path = "api/catalogue.rs"]
mod catalogue;
#[path = "api/growth.rs"]
mod growth;
#[path = "api/growth_people.rs"]
mod growth_people;
#[path = "api/packs.rs"]
mod packs;
#[path = "api/people.rs"]
mod people;
#[path = "api/races.rs"]
mod races;
#[path = "api/returns.rs"]
mod returns;
#[path = "api/trials.rs"]
mod trials;
#[path = "api/world.rs"]
mod world;
