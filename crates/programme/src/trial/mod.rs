//! Rules tried before they are saved, on every book there is: who would hold which tier, who loses something, and what it costs.
//!
//! Each book is read once and folded on in memory by the code that folds it when the rules are saved ([`shuke_loyalty::trial`]); nothing is
//! written and nothing is kept. Books are read in the order of members, a wave at a time on threads of its own ([`walk`]), so memory
//! does not grow with the base and who no longer waits is not worked for.

pub mod model;
pub mod service;
pub mod sql;
pub mod tables;
mod walk;

pub use model::{Asked, Filter, Row, Stated, Summary, Which};
pub use service::{Ready, ready, rows, summary};

use shuke_kernel::{Code, Kind};

/// A number of the request that is none.
pub static BAD_VALUE: Code = Code {
    code: "trial.bad_value",
    kind: Kind::Invalid,
    zh: "“{value}”不是有效的数值：积分价值为大于 0 的小数，比例在 0 到 1 之间，最多六位小数。",
    en: "`{value}` cannot be used here: a point's value is a decimal above 0, a share lies between 0 and 1, with at most six places.",
};
/// A time up to which nothing can be tried.
pub static BAD_AS_OF: Code = Code {
    code: "trial.bad_as_of",
    kind: Kind::Invalid,
    zh: "试算截止时间不能早于生效时间，最多晚 {years} 年。",
    en: "A trial looks at the time from which the rules hold or later, {years} years later at most.",
};
/// More months than are earned again.
pub static BAD_MONTHS: Code = Code {
    code: "trial.bad_months",
    kind: Kind::Invalid,
    zh: "重新计算积分的订单最多取 {limit} 个月。",
    en: "Orders of 0 to {limit} months are earned again.",
};
/// A word that chooses no members.
pub static UNKNOWN_WORD: Code =
    Code { code: "trial.unknown_word", kind: Kind::Invalid, zh: "未知的取值 {word}。", en: "`{word}` is not a value of this field." };
