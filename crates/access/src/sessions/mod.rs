//! Sessions: signing in with a password and, where set up, a second factor; signing out; and the
//! token in the cookie, kept as a hash.
//!
//! A session ends after twelve hours without use and after fourteen days in any case. Five wrong
//! attempts in a row lock an account for a quarter of an hour. A code of the second factor is
//! good once.

pub mod http;
mod service;
pub mod sql;
mod totp;

pub use service::{IDLE_SECONDS, LOCK_SECONDS, MAX_SECONDS, Outcome, TRIES, begin, conclude, current, end, end_all, prune, touch};
pub use totp::{check as check_totp, code_at as totp_code_at};
