//! Re-runs: what is shown is what is booked, once; there and back leaves nothing; what changed meanwhile is told and not booked.

#[path = "rerun/api.rs"]
mod api;
#[path = "rerun/between.rs"]
mod between;
#[path = "rerun/drawn.rs"]
mod drawn;
#[path = "rerun/races.rs"]
mod races;
#[path = "rerun/words.rs"]
mod words;
#[allow(dead_code, reason = "words for more tests than these")]
#[path = "books/world.rs"]
mod world;
