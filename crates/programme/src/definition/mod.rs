//! Programmes as merchants define them: a name, the shops it is of, and versions of rules, each in force
//! from an instant on. What was earned stays what the version of its own time made it.

pub mod model;
pub mod service;
pub mod sql;
pub mod templates;

pub use model::{Programme, State, Version};

use shuke_kernel::{Code, Kind};

shuke_kernel::ids! {
    /// A programme.
    ProgrammeId = ProgrammeKind "prg";
}

/// No such programme.
pub static NOT_FOUND: Code =
    Code { code: "programme.not_found", kind: Kind::NotFound, zh: "找不到这个会员计划。", en: "There is no such programme." };
/// A name that is none.
pub static BAD_NAME: Code = Code {
    code: "programme.bad_name",
    kind: Kind::Invalid,
    zh: "名称为 1 到 {limit} 个字，不能有换行等控制字符。",
    en: "A name is 1 to {limit} characters, without line breaks.",
};
/// A note that is too long.
pub static BAD_NOTE: Code =
    Code {
        code: "programme.bad_note", kind: Kind::Invalid, zh: "说明最多 {limit} 个字。", en: "A note is {limit} characters at most."
    };
/// A shop that is not the merchant's.
pub static NO_SHOP: Code =
    Code { code: "programme.unknown_shop", kind: Kind::Invalid, zh: "找不到店铺 {shop}。", en: "There is no shop {shop}." };
/// It is changed by somebody else since it was read.
pub static CHANGED: Code = Code {
    code: "programme.changed_meanwhile",
    kind: Kind::Conflict,
    zh: "会员计划刚被别人改过，请重新打开后再改。",
    en: "Somebody changed the programme since you read it. Read it again, then change it.",
};
/// What was asked is not to be had in its state.
pub static WRONG_STATE: Code = Code {
    code: "programme.wrong_state",
    kind: Kind::Conflict,
    zh: "会员计划现在的状态是“{state}”，不能这样做。",
    en: "The programme is {state}: this cannot be done now.",
};
/// Points move only in a programme that runs.
pub static NOT_ACTIVE: Code = Code {
    code: "programme.not_active",
    kind: Kind::Conflict,
    zh: "会员计划现在的状态是“{state}”，积分暂不能变动。",
    en: "The programme is {state}: points do not move in it now.",
};
/// No such version.
pub static NO_VERSION: Code =
    Code { code: "programme.version_not_found", kind: Kind::NotFound, zh: "找不到这个版本。", en: "There is no such version." };
/// Rules cannot begin in the past.
pub static IN_THE_PAST: Code = Code {
    code: "programme.from_in_the_past",
    kind: Kind::Invalid,
    zh: "生效时间不能早于现在；要立即生效请不要填写。",
    en: "Rules cannot begin in the past; leave the time out for at once.",
};
/// Versions begin one after the other.
pub static NOT_AFTER: Code = Code {
    code: "programme.not_after_the_last",
    kind: Kind::Conflict,
    zh: "已有一个版本将在 {from} 生效；新版本要在它之后，或先撤回它。",
    en: "A version begins at {from} already: begin after it, or withdraw it first.",
};
/// A programme has one zone.
pub static OTHER_ZONE: Code = Code {
    code: "programme.other_zone",
    kind: Kind::Invalid,
    zh: "同一个会员计划各版本的时区必须相同：{zone}。",
    en: "All versions of a programme reckon days in one zone: {zone}.",
};
/// A version that was in force is history.
pub static BEGUN: Code = Code {
    code: "programme.version_begun",
    kind: Kind::Conflict,
    zh: "这个版本已经生效，不能撤回；要恢复旧规则，请恢复旧版本。",
    en: "This version has begun and cannot be withdrawn. To go back, restore the older version.",
};
/// The first version is what the programme began with.
pub static FIRST: Code = Code {
    code: "programme.first_version",
    kind: Kind::Conflict,
    zh: "这是会员计划的第一个版本，不能撤回；不再需要时请归档会员计划。",
    en: "This is the programme's first version and cannot be withdrawn; archive the programme if it is not wanted.",
};
/// As many as there may be.
pub static TOO_MANY: Code = Code {
    code: "programme.too_many",
    kind: Kind::Conflict,
    zh: "一个商户最多 {limit} 个会员计划；请先归档不用的。",
    en: "A merchant has {limit} programmes at most; archive what is not used.",
};
/// A time that cannot be reckoned with.
pub static BAD_TIME: Code = Code {
    code: "programme.bad_time",
    kind: Kind::Invalid,
    zh: "时间须在 1900 到 2400 年之间。",
    en: "A time lies between the years 1900 and 2400.",
};
