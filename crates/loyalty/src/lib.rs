//! What a member earns, holds and may have: points, tiers and coupons as a pure fold of events.
//!
//! [`Programme`] says the rules, [`Rules`] which version of them holds when, [`Event`] what happened.
//! [`fold`] takes events in order of time forward from the state there is; what arrives late, was
//! told otherwise or is judged under other rules is folded anew, and what is then otherwise is booked
//! as correcting [`Entry`]s. No entry is ever changed. [`Journal`] keeps a member's events in memory.
//! [`parts`] lets what is over leave the state, so that one event more costs what is live and not what ever happened.
//!
//! Nothing here reads a clock, a file or a store, and nothing panics on what it is given. Amounts are integers; what a
//! rule earns exactly is kept as a count of [`Programme::unit`]s until the one floor of the order.
//!
//! The meaning is that of `docs/scenarios.md`, sentence by sentence.

pub mod again;
pub mod calendar;
mod compact;
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
pub mod merge;
pub mod missing;
pub mod orders;
pub mod parts;
pub mod programme;
pub mod quote;
pub mod rerun;
pub mod rules;
pub mod scenario;
pub mod sentences;
pub mod spend;
pub mod state;
pub mod tiers;
pub mod trial;
pub mod turn;
pub mod unmerge;
pub mod words;

pub use event::{Act, Event, Member, Outcome};
pub use fold::Folded;
pub use journal::Journal;
pub use ledger::{Account, Accounts, Cause, Entry};
pub use programme::Programme;
pub use rules::Rules;
pub use scenario::Scenario;
pub use state::State;
