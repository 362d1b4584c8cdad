//! Growth tasks: what a member may do for a reward, once, or once in each month or year.
//!
//! Nothing is counted up. How far a member is follows from what the store has: profiles, orders as they are now, acts,
//! check-ins, points ([`facts`]), by pure rules ([`progress`], [`period`]). So an event that comes twice, late or in another
//! order ends in the same; [`evaluate`] gives the reward where the goal is reached and was not rewarded in that period yet.
//!
//! Members are looked at when something happens ([`follow`]), when an order becomes final by the clock ([`look`]), and all of
//! them when a task is made, changed or set going again ([`walk`]).

pub mod evaluate;
pub mod facts;
pub mod follow;
pub mod goal;
pub mod list;
pub mod look;
pub mod model;
pub mod period;
pub mod progress;
pub mod said;
pub mod service;
pub mod shown;
pub mod sql;
pub mod standing;
pub mod walk;

pub use model::{Definition, Task};
