//! What is said of a programme, an event or a scenario that cannot be read: the place, what is wrong
//! there, and what to write instead.

use shuke_kernel::{Code, Kind};

/// The file is no JSON.
pub static NOT_JSON: Code =
    Code { code: "loyalty.not_json", kind: Kind::Invalid, zh: "文件不是有效的 JSON：{why}。", en: "The file is no JSON: {why}." };

/// A key that must be there is absent.
pub static MISSING: Code = Code {
    code: "loyalty.missing_key",
    kind: Kind::Invalid,
    zh: "{path}：缺少「{key}」，请补上。",
    en: "{path}: `{key}` is missing; add it.",
};

/// A key that nobody knows.
pub static UNKNOWN_KEY: Code = Code {
    code: "loyalty.unknown_key",
    kind: Kind::Invalid,
    zh: "{path}：不认识「{key}」；这里可以写：{known}。",
    en: "{path}: `{key}` is not known here; known are {known}.",
};

/// A value of the wrong sort.
pub static WRONG_SORT: Code =
    Code { code: "loyalty.wrong_value", kind: Kind::Invalid, zh: "{path}：应为{wanted_zh}。", en: "{path}: write {wanted}." };

/// A number outside what is possible.
pub static OUT_OF_RANGE: Code = Code {
    code: "loyalty.out_of_range",
    kind: Kind::Invalid,
    zh: "{path}：{value} 超出范围，请填 {least} 到 {most} 之间的整数。",
    en: "{path}: {value} is out of range; write a whole number from {least} to {most}.",
};

/// One of a few words was expected.
pub static NOT_ONE_OF: Code = Code {
    code: "loyalty.not_one_of",
    kind: Kind::Invalid,
    zh: "{path}：不认识「{value}」；可选：{known}。",
    en: "{path}: `{value}` is not known; choose one of {known}.",
};

/// The same id twice.
pub static TWICE: Code = Code {
    code: "loyalty.id_twice",
    kind: Kind::Invalid,
    zh: "{path}：「{value}」已用过，请换一个。",
    en: "{path}: `{value}` is used before; choose another.",
};

/// Something is named that is not there.
pub static NOT_THERE: Code = Code {
    code: "loyalty.not_there",
    kind: Kind::Invalid,
    zh: "{path}：方案里没有「{value}」；有：{known}。",
    en: "{path}: the programme has no `{value}`; it has {known}.",
};

/// Two parts contradict each other.
pub static CONTRADICTION: Code =
    Code { code: "loyalty.contradiction", kind: Kind::Invalid, zh: "{path}:{why_zh}。", en: "{path}: {why}." };

/// The numbers are too large to reckon exactly.
pub static TOO_LARGE: Code = Code {
    code: "loyalty.too_large",
    kind: Kind::Unprocessable,
    zh: "{path}：数字太大，无法精确计算；请减小金额、积分或比例。",
    en: "{path}: the numbers are too large to reckon exactly; make the amount, the points or the rate smaller.",
};

/// Something that is kept apart from the state was not put back before it was needed.
pub static PART_MISSING: Code = Code {
    code: "loyalty.part_missing",
    kind: Kind::Unavailable,
    zh: "账户数据不完整：缺少 {what}。请运行 `shuke audit` 检查。",
    en: "the account is incomplete: {what} is missing. `shuke audit` tells more.",
};

/// Events were not given in order of time.
pub static OUT_OF_ORDER: Code = Code {
    code: "loyalty.out_of_order",
    kind: Kind::Conflict,
    zh: "「{what}」早于账户已推进到的时间，须按迟到事件处理。",
    en: "`{what}` is earlier than what the account has come to; it is to be taken as a late one.",
};

/// The clock of a scenario goes back.
pub static CLOCK_BACK: Code = Code {
    code: "loyalty.clock_goes_back",
    kind: Kind::Invalid,
    zh: "{path}：早于上一步；步骤须按 at 排列。迟到的事件请保留当前的 at,另写 time。",
    en: "{path}: earlier than the step before; `at` never goes back. For what arrives late keep `at` and give its own `time`.",
};

/// An event says it happened after it arrived.
pub static FUTURE: Code = Code {
    code: "loyalty.time_after_arrival",
    kind: Kind::Invalid,
    zh: "{path}：发生时间晚于到达时间 at。",
    en: "{path}: it cannot have happened after it arrived; `time` is at most `at`.",
};
