//! What a segment is.

use serde::{Deserialize, Serialize};
use shuke_kernel::{Code, Instant, Kind as Sort};
use utoipa::ToSchema;

shuke_kernel::ids! {
    /// A segment.
    SegmentId = SegmentKind "seg";
    /// A coming or going.
    ChangeId = ChangeKind "sgc";
    /// A member, as this crate names one: it knows no members.
    PersonId = PersonKind "mem";
}

/// How a segment is kept.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = SegmentKind)]
pub enum Kept {
    /// Kept up on events and on the passing of time.
    Living,
    /// A list of members, changed by hand only.
    Static,
    /// Reckoned anew at stated times.
    Scheduled,
}

impl Kept {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Living, Self::Static, Self::Scheduled];

    /// The word kept in the store.
    pub fn word(self) -> &'static str {
        match self {
            Self::Living => "living",
            Self::Static => "static",
            Self::Scheduled => "scheduled",
        }
    }

    /// The one of that word.
    pub fn named(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|k| k.word() == word)
    }
}

/// How often a scheduled segment is reckoned.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = SegmentEvery)]
pub enum Every {
    /// Each day.
    Day,
    /// Each Monday.
    Week,
    /// On the first of each month.
    Month,
}

impl Every {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Day, Self::Week, Self::Month];

    /// The word kept in the store.
    pub fn word(self) -> &'static str {
        match self {
            Self::Day => "day",
            Self::Week => "week",
            Self::Month => "month",
        }
    }

    /// The one of that word.
    pub fn named(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|e| e.word() == word)
    }
}

/// Why somebody came or went.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = SegmentCause)]
pub enum Cause {
    /// Something happened to the member.
    Event,
    /// Time passed.
    Time,
    /// The segment was changed.
    Edit,
    /// Somebody asked for it, or its hour came.
    Refresh,
}

impl Cause {
    /// The word kept in the store.
    pub fn word(self) -> &'static str {
        match self {
            Self::Event => "event",
            Self::Time => "time",
            Self::Edit => "edit",
            Self::Refresh => "refresh",
        }
    }

    /// The one of that word.
    pub fn named(word: &str) -> Option<Self> {
        [Self::Event, Self::Time, Self::Edit, Self::Refresh].into_iter().find(|c| c.word() == word)
    }
}

/// A segment.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Segment {
    /// Which.
    pub id: SegmentId,
    /// As people read it.
    pub name: String,
    /// What it is for.
    pub description: Option<String>,
    /// How it is kept.
    pub kept: Kept,
    /// Whether it is put away.
    pub archived: bool,
    /// Its expression in canonical JSON; a list that was given by ids has none.
    pub expr: Option<String>,
    /// Of a scheduled one.
    pub every: Option<Every>,
    /// Minutes after midnight at which a scheduled one is reckoned.
    pub clock: i64,
    /// Grows with each change.
    pub version: i64,
    /// The version of which its members are; 0 before they were ever reckoned.
    pub built: i64,
    /// How many members.
    pub size: i64,
    /// When all of them were last reckoned.
    pub sized_at: Option<Instant>,
    /// When it was made.
    pub created_at: Instant,
    /// By whom.
    pub created_by: String,
    /// When it was last changed.
    pub updated_at: Instant,
    /// By whom.
    pub updated_by: String,
}

/// There is no such segment.
pub static NOT_FOUND: Code =
    Code { code: "segment.not_found", kind: Sort::NotFound, zh: "找不到这个人群。", en: "There is no such segment." };
/// Another was faster.
pub static CHANGED: Code = Code {
    code: "segment.changed_meanwhile",
    kind: Sort::Conflict,
    zh: "这个人群刚被别人修改过（现在是第 {version} 版）。请刷新后再改。",
    en: "Somebody else changed this segment; it is at version {version} now. Read it again, then change it.",
};
/// The name is taken.
pub static NAME_TAKEN: Code =
    Code {
        code: "segment.name_taken", kind: Sort::Conflict, zh: "已有名为“{name}”的人群。", en: "There is a segment “{name}” already."
    };
/// The name is none.
pub static BAD_NAME: Code = Code {
    code: "segment.bad_name",
    kind: Sort::Invalid,
    zh: "人群名称需要 1 到 {max} 个字。",
    en: "A segment's name has 1 to {max} characters.",
};
/// It is used.
pub static USED: Code = Code {
    code: "segment.used",
    kind: Sort::Conflict,
    zh: "还有 {count} 个人群引用它：{names}。请先修改它们。",
    en: "{count} segments refer to it: {names}. Change those first.",
};
/// It is put away.
pub static ARCHIVED: Code = Code {
    code: "segment.archived",
    kind: Sort::Conflict,
    zh: "这个人群已归档，请先恢复。",
    en: "This segment is archived. Restore it first.",
};
/// Parts that do not go together.
pub static MISFIT: Code = Code {
    code: "segment.parts_do_not_fit",
    kind: Sort::Invalid,
    zh: "固定名单需要会员名单或条件中的一个；动态和定时人群需要条件；定时人群还需要周期。",
    en: "A list needs members or an expression; a living or scheduled segment needs an expression; a scheduled one how often, too.",
};
/// Members that are not there.
pub static UNKNOWN_MEMBERS: Code = Code {
    code: "segment.unknown_members",
    kind: Sort::Unprocessable,
    zh: "名单里有 {count} 位找不到的会员，例如 {example}。",
    en: "{count} members of the list are not there, such as {example}.",
};
/// Too many.
pub static TOO_MANY: Code = Code {
    code: "segment.too_many",
    kind: Sort::Unprocessable,
    zh: "最多保留 {limit} 个人群。",
    en: "At most {limit} segments can be kept.",
};
/// It has no expression.
pub static NO_EXPRESSION: Code = Code {
    code: "segment.no_expression",
    kind: Sort::Unprocessable,
    zh: "固定名单没有条件，不能重新计算。",
    en: "A list given by ids has no expression to be reckoned.",
};
