//! The language of segments: every expression means one thing, whoever evaluates it, and is the same in
//! JSON, in text and as a tree.

#[path = "language/agreement.rs"]
mod agreement;
#[path = "language/draw.rs"]
mod draw;
#[path = "language/examples.rs"]
mod examples;
#[path = "language/portrait.rs"]
mod portrait;
#[path = "language/reference.rs"]
mod reference;
#[path = "language/refusals.rs"]
mod refusals;
#[path = "language/round_trip.rs"]
mod round_trip;
#[path = "language/trees.rs"]
mod trees;
