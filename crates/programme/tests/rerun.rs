//! Re-runs: what is shown is what is booked, once; and after it the books stand as if the version had held from the start.

#[path = "rerun/api.rs"]
mod api;
#[path = "rerun/drawn.rs"]
mod drawn;
#[allow(dead_code, reason = "words for more tests than these")]
#[path = "books/world.rs"]
mod world;
