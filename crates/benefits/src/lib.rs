//! What members may have beside prices: benefits with quotas, packs given once by their occasion, a catalogue of rewards.
//!
//! [`benefit`] says what a benefit is and whether a member may use it now; [`usage`] keeps who used what, exact to the
//! last use under any race; [`task`] is the list of what people or an ERP must do for it; [`reward`] is the catalogue,
//! whose redemptions spend points, take stock and are delivered. What is given together is a [`gift`]: a [`pack`] gives one
//! by its occasion, a [`growth`] task to who has done it. [`trial`] tells what a change of a benefit would make of all
//! members before it is saved.
//!
//! Absent here: what a tier is and how points move (the programme's crate), who is in a segment (the segments').

pub mod audit;
pub mod benefit;
pub mod gift;
pub mod growth;
mod http;
pub mod pack;
pub mod quota;
pub mod reward;
pub mod share;
pub mod state;
mod tables;
pub mod task;
pub mod trial;
pub mod usage;
pub mod who;
pub mod words;

pub use tables::TABLES;

use shuke_http::{App, Tag};
use shuke_store::jobs::JobRunner;

shuke_kernel::ids! {
    /// A benefit.
    BenefitId = BenefitKind "ben";
    /// A use of a benefit.
    UseId = UseKind "bnu";
    /// Uses that a pack gave.
    GrantId = GrantKind "bng";
    /// Something to be done for a use.
    TaskId = TaskKind "bnt";
    /// A pack.
    PackId = PackKind "pck";
    /// A pack that was given, or a task that was done and rewarded.
    GivenId = GivenKind "pkg";
    /// A growth task.
    GrowthTaskId = GrowthTaskKind "gtk";
    /// A reward of the catalogue.
    RewardId = RewardKind "rwd";
    /// A redemption.
    RedemptionId = RedemptionKind "rdm";
}

/// The operations of this crate.
pub fn router() -> utoipa_axum::router::OpenApiRouter<App> {
    http::router()
}

/// What the routes' tag means.
pub const TAGS: &[Tag] = &[Tag(
    "benefits",
    "Benefits of tiers and segments, their use and cost; packs; growth tasks; the catalogue of rewards and its redemptions.",
)];

/// Adds this crate's kinds of jobs to a runner.
pub fn register_jobs(runner: JobRunner) -> JobRunner {
    runner.with(growth::walk::Walk)
}

/// The statements of this crate, for the test that prepares them all.
pub const STATEMENTS: &[(&str, &[(&str, &str)])] = &[
    ("benefits::benefit", benefit::sql::ALL),
    ("benefits::usage", usage::sql::ALL),
    ("benefits::task", task::sql::ALL),
    ("benefits::pack", pack::sql::ALL),
    ("benefits::growth", growth::sql::ALL),
    ("benefits::reward", reward::sql::ALL),
    ("benefits::trial", trial::sql::ALL),
    ("benefits::audit", audit::sql::ALL),
];
