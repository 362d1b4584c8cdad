//! What a member earns, holds and may have: points, tiers and coupons as a pure fold of events.
//!
//! [`Programme`] says the rules, [`Event`] what happened, and [`Journal::fold`] takes one event
//! after the other: in order of time it goes forward from the state it has; an event that arrives
//! late is put where it belongs, folded anew from the last snapshot before it, and what is then
//! otherwise is booked as correcting [`Entry`]s. No entry is ever changed.
//!
//! Nothing here reads a clock, a file or a store, and nothing panics on what it is given. Amounts are integers; what a
//! rule earns exactly is kept as a count of [`Programme::unit`]s until the one floor of the order.
//!
//! The meaning is that of `docs/scenarios.md`, sentence by sentence.

pub mod calendar;
pub mod coupons;
pub mod daily;
pub mod earn;
pub mod event;
pub mod fold;
pub mod jobs;
pub mod journal;
pub mod json;
pub mod ledger;
pub mod lots;
pub mod orders;
pub mod programme;
pub mod scenario;
pub mod spend;
pub mod state;
pub mod tiers;
pub mod turn;
pub mod words;

pub use event::{Act, Event, Member, Outcome};
pub use fold::Folded;
pub use journal::Journal;
pub use ledger::{Account, Accounts, Cause, Entry};
pub use programme::Programme;
pub use scenario::Scenario;
pub use state::State;
