//! The words every other crate speaks: money, ids, instants, who acts and what may be refused.
//!
//! Nothing here does I/O, reads a clock or knows SQL or HTTP. Time and randomness reach the
//! domain through [`Ctx`], so that a test can run a year in a millisecond.

pub mod calendar;
pub mod civil;
pub mod ctx;
pub mod currency;
pub mod error;
pub mod id;
pub mod lunar;
pub mod money;
pub mod place;
pub mod region;
pub mod time;

pub use calendar::Zone;
pub use ctx::{Actor, Clock, Ctx, IdempotencyKey, MerchantNo, ShiftedClock, SystemClock, TestClock};
pub use currency::Currency;
pub use error::{Code, Error, Kind, Refusal, Result};
pub use id::{Id, IdKind};
pub use money::Money;
pub use time::Instant;
