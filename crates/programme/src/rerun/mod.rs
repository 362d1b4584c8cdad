//! Re-runs: what the orders of a span would have earned by the rules of another version, shown first as a list of corrections, then
//! booked as corrections.
//!
//! A change of rules never rewrites what was earned. Who wants older orders judged by a version asks for it: [`service::summary`] and
//! [`service::rows`] tell what would be corrected and keep nothing; [`service::begin`] books it as a task ([`jobs`]) if it is still what
//! was told. Each correction is an event of its own in the member's book, once per re-run and order.

pub mod jobs;
pub mod model;
pub mod service;
pub mod sql;

pub use model::{Asked, Row, Summary};

use shuke_kernel::{Code, Kind};

shuke_kernel::ids! {
    /// A re-run that is booked.
    RerunId = RerunKind "rrn";
}

/// Days between which nothing can be judged again.
pub static BAD_SPAN: Code = Code {
    code: "rerun.bad_span",
    kind: Kind::Invalid,
    zh: "起止日期无效：开始不晚于结束，结束的一天须已过完，最多 {days} 天。",
    en: "These days cannot be used: the first is not after the last, the last is over, and there are {days} at most.",
};
/// A version that has not begun, or was withdrawn.
pub static NOT_BEGUN: Code = Code {
    code: "rerun.not_begun",
    kind: Kind::Conflict,
    zh: "版本 {no} 还没有生效或已撤回，不能用来重算。",
    en: "Version {no} has not begun, or was withdrawn: nothing can be judged by it.",
};
/// What would be corrected is no longer what was told.
pub static CHANGED: Code = Code {
    code: "rerun.changed",
    kind: Kind::Conflict,
    zh: "更正清单已有变化：现在是 {corrections} 笔、{points} 积分。没有入账；请重新查看后再确认。",
    en: "What would be corrected has changed: {corrections} corrections, {points} points now. Nothing was booked; look again first.",
};
/// Nothing is to be corrected.
pub static NOTHING: Code =
    Code { code: "rerun.nothing", kind: Kind::Conflict, zh: "没有需要更正的积分。", en: "There is nothing to correct." };
/// One is being booked.
pub static UNDER_WAY: Code = Code {
    code: "rerun.under_way",
    kind: Kind::Conflict,
    zh: "这个会员计划正在入账另一次重算；请等它结束，或在任务中继续它。",
    en: "Another re-run of this programme is being booked: wait until it ends, or let it go on among the tasks.",
};
