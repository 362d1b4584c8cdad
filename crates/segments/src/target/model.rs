//! What a wished-for portrait is.

use serde::{Deserialize, Serialize};
use shuke_kernel::{Code, Instant, Kind};

use super::wish::Wish;
use crate::model::SegmentId;
use crate::tree::{Compare, Cond, Cut, Literal, Operand, Rows, Unit, Value, Window};

shuke_kernel::ids! {
    /// A wished-for portrait.
    TargetId = TargetKind "ptt";
}

/// Whose portrait is wished for: who bought these goods, or from this category, or a segment.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Subject {
    /// Who bought one of these goods.
    Skus {
        /// Which.
        skus: Vec<String>,
        /// In so many days; without it ever.
        days: Option<i64>,
    },
    /// Who bought from a category, or from one below it.
    Category {
        /// Its path.
        category: String,
        /// In so many days; without it ever.
        days: Option<i64>,
    },
    /// Who is in a segment.
    Segment(SegmentId),
}

impl Subject {
    /// Them as a condition. A purchase is what RFM and the stages count.
    pub fn cond(&self) -> Cond {
        let col = |name: &str| Value::Col(name.into());
        let bought = |goods: Cond, days: &Option<i64>| {
            let kept = Cond::Compare(Compare::Eq, col("kept"), Operand::Literal(Literal::Bool(true)));
            let window = days.map(|n| Window::Last { n, unit: Unit::Days, until: None, cut: Cut::Days });
            Cond::Exists(Rows { table: "lines".into(), filter: Some(Box::new(Cond::And(vec![kept, goods]))), window, on: None })
        };
        match self {
            Self::Skus { skus, days } => {
                let list = skus.iter().map(|sku| Literal::Text(sku.as_str().into())).collect();
                bought(Cond::In(col("sku"), list), days)
            }
            Self::Category { category, days } => bought(Cond::Under(col("category"), vec![category.as_str().into()]), days),
            Self::Segment(id) => Cond::InSegment(id.to_string().into()),
        }
    }
}

/// A wished-for portrait.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Target {
    /// Which.
    pub id: TargetId,
    /// As people read it.
    pub name: String,
    /// Whose.
    pub subject: Subject,
    /// What is wished.
    pub wishes: Vec<Wish>,
    /// Whether it is put away.
    pub archived: bool,
    /// Grows with each change.
    pub version: i64,
    /// When it was made.
    pub created_at: Instant,
    /// By whom.
    pub created_by: String,
    /// When it was last changed.
    pub updated_at: Instant,
    /// By whom.
    pub updated_by: String,
}

/// There is none.
pub static NOT_FOUND: Code = Code {
    code: "portrait_target.not_found",
    kind: Kind::NotFound,
    zh: "找不到这个目标画像。",
    en: "There is no such wished-for portrait.",
};
/// The name is taken.
pub static NAME_TAKEN: Code = Code {
    code: "portrait_target.name_taken",
    kind: Kind::Conflict,
    zh: "已有名为“{name}”的目标画像。",
    en: "There is a wished-for portrait “{name}” already.",
};
/// The name is none.
pub static BAD_NAME: Code = Code {
    code: "portrait_target.bad_name",
    kind: Kind::Invalid,
    zh: "目标画像名称需要 1 到 {max} 个字。",
    en: "A wished-for portrait's name has 1 to {max} characters.",
};
/// It is put away.
pub static ARCHIVED: Code = Code {
    code: "portrait_target.archived",
    kind: Kind::Conflict,
    zh: "这个目标画像已归档，请先恢复。",
    en: "This wished-for portrait is archived. Restore it first.",
};
/// Another was faster.
pub static CHANGED: Code = Code {
    code: "portrait_target.changed_meanwhile",
    kind: Kind::Conflict,
    zh: "这个目标画像刚被别人修改过（现在是第 {version} 版）。请刷新后再改。",
    en: "Somebody else changed this wished-for portrait; it is at version {version} now. Read it again, then change it.",
};
/// Too many of them.
pub static TOO_MANY: Code = Code {
    code: "portrait_target.too_many",
    kind: Kind::Unprocessable,
    zh: "最多保留 {limit} 个目标画像。",
    en: "At most {limit} wished-for portraits can be kept.",
};
/// A wish that cannot be.
pub static WISHES_WRONG: Code =
    Code {
        code: "portrait_target.bad_wish", kind: Kind::Invalid, zh: "目标 {place}：{problem_zh}。", en: "Wish {place}: {problem_en}."
    };
/// More than members can be sought by.
pub static WISHES_TOO_MANY: Code = Code {
    code: "portrait_target.too_many_wishes",
    kind: Kind::Invalid,
    zh: "一个目标画像最多看 {limit} 项：单选属性（性别、年龄段、省份等）合计一项，可同时有多个值的属性（标签、品类等）每个目标算一项。",
    en: "At most {limit} things can be wished at a time: an attribute with one value a member (gender, age, province …) counts once, of one with several (tags, categories …) each wish counts.",
};
