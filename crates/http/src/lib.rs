//! HTTP in one room: who calls, what they may do, how a request is read and how a refusal is
//! answered. The only crate, beside the `http` modules of the domain crates, that knows status
//! codes.
//!
//! A handler takes a [`Call`], asks it for leave ([`Call::allow`]), hands a closure to the store
//! ([`Call::write`], [`Call::read`]) and returns a [`Reply`]. Who a caller is, is learnt from an
//! [`Authenticate`] that the access crate brings; this crate does not know staff or keys. Every
//! refusal travels as a [`Problem`], which the outermost middleware writes out in the caller's
//! language.

mod app;
mod call;
mod extract;
mod frame;
mod health;
mod idempotency;
mod limits;
mod metrics;
mod openapi;
mod page;
mod permission;
mod problem;
mod serve;
mod stream;

pub use app::{App, Authenticate, BoxFuture, Credential, HttpConfig, Presented};
pub use call::{COOKIE as SESSION_COOKIE, Call, Caller, Lang, Passer, Person, Stranger, Visitor};
pub use extract::{Body, Path, Query};
pub use limits::{Limiter, Rate};
pub use metrics::Metrics;
pub use openapi::{Tag, document, tagged};
pub use page::{Cursor, MoneyDto, Page, PageQuery, Paging};
pub use permission::{Permission, Permissions, Role};
pub use problem::{Problem, ProblemBody, codes};
pub use serve::{serve_router, serve_router_with};
pub use stream::{Parts, Wait, streamed, streamed_while};

/// What a handler answers with: a JSON body, or a problem.
pub type Reply<T> = Result<axum::Json<T>, Problem>;
