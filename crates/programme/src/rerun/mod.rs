//! Re-runs: what the orders of a span would have earned by the rules of another version, shown first as a list of corrections, then
//! booked as corrections.
//!
//! A change of rules never rewrites what was earned. Who wants older orders judged by a version asks for it: a task ([`jobs::Look`])
//! folds every member's history as it would be and keeps what differs; a person reads that, and a second task ([`jobs::Book`]) books
//! member by member what was shown. Whose history is another by then is left as it is and told.

pub mod jobs;
pub mod model;
pub mod service;
pub mod sql;
pub mod tables;

pub use model::{Asked, Rerun, State, Summary};

use shuke_kernel::{Code, Kind};

shuke_kernel::ids! {
    /// A re-run.
    RerunId = RerunKind "rrn";
}

/// No such re-run.
pub static NOT_FOUND: Code =
    Code { code: "rerun.not_found", kind: Kind::NotFound, zh: "找不到这次重算。", en: "There is no such re-run." };
/// Days between which nothing can be judged again.
pub static BAD_SPAN: Code = Code {
    code: "rerun.bad_span",
    kind: Kind::Invalid,
    zh: "起止日期无效：开始不晚于结束，结束的一天须已过完，最多 {days} 天。",
    en: "These days cannot be used: the first is not after the last, the last is over, and there are {days} at most.",
};
/// A month that is cut by the span, where the version has caps of months.
pub static CUT_MONTH: Code = Code {
    code: "rerun.cut_month",
    kind: Kind::Invalid,
    zh: "版本 {no} 有按月的上限，只能整月重算：从某月 1 日开始，到月末或昨天为止。",
    en: "Version {no} has caps of months, so only whole months can be judged: from the first of a month to the end of one, or to yesterday.",
};
/// A version that has not begun, or was withdrawn.
pub static NOT_BEGUN: Code = Code {
    code: "rerun.not_begun",
    kind: Kind::Conflict,
    zh: "版本 {no} 还没有生效或已撤回，不能用来重算。",
    en: "Version {no} has not begun, or was withdrawn: nothing can be judged by it.",
};
/// It is not shown yet, or is booked already.
pub static WRONG_STATE: Code = Code {
    code: "rerun.wrong_state",
    kind: Kind::Conflict,
    zh: "这次重算现在是“{state}”，不能这样做。",
    en: "This re-run is {state}: this cannot be done now.",
};
/// Nothing is to be corrected.
pub static NOTHING: Code =
    Code { code: "rerun.nothing", kind: Kind::Conflict, zh: "没有需要更正的积分。", en: "There is nothing to correct." };
/// A word that says nothing here.
pub static UNKNOWN_WORD: Code =
    Code { code: "rerun.unknown_word", kind: Kind::Invalid, zh: "不认识“{word}”。", en: "`{word}` is not known here." };
/// Another is under way.
pub static UNDER_WAY: Code = Code {
    code: "rerun.under_way",
    kind: Kind::Conflict,
    zh: "这个会员计划有另一次重算正在试算或入账：请等它结束，或在任务中继续它；只在试算的也可以放弃。",
    en: "Another re-run of this programme is being reckoned or booked: wait until it ends, or let it go on among the tasks; one that is only reckoned can be thrown away.",
};
