//! Tags: what the merchant says of members in words of its own, in categories.
//!
//! A row of `member_tag` is one giving of one tag to one member, under an id of its own. A merge
//! moves the rows of both sides under the survivor, so a member may hold two rows of a tag; it has
//! the tag once. So may a rule ([`rule`]) or a file ([`said`]) give a tag that a
//! person gave too: each ends its own giving. An
//! unmerge gives each side back just the rows that were its own and that nobody
//! took off meanwhile. What was taken off stays in `past_tag`, for the member's history.
//!
//! How many members have a tag is kept as a sum in sixteen shards and moves with the rows;
//! [`audit`] proves it equal to them.

pub(crate) mod counts;
pub mod give;
pub(crate) mod http;
pub mod jobs;
pub mod model;
pub mod preview;
pub mod rule;
pub mod said;
pub mod service;
pub mod sql;

pub use counts::audit;
pub(crate) use counts::{holding, recount};
pub use model::{Category, Label, Tag};

use shuke_kernel::{Code, Kind};

shuke_kernel::ids! {
    /// A tag.
    TagId = TagKind "tag";
    /// A category of tags.
    CategoryId = CategoryKind "tgc";
    /// One giving of a tag to a member.
    GivenId = GivenKind "tgm";
}

/// No such tag.
pub static TAG_NOT_FOUND: Code =
    Code { code: "tag.not_found", kind: Kind::NotFound, zh: "找不到这个标签。", en: "There is no such tag." };
/// No such category.
pub static CATEGORY_NOT_FOUND: Code =
    Code {
        code: "tag.category_not_found", kind: Kind::NotFound, zh: "找不到这个标签分类。", en: "There is no such category of tags."
    };
/// The name is empty, too long or holds control characters.
pub static BAD_NAME: Code = Code {
    code: "tag.bad_name",
    kind: Kind::Invalid,
    zh: "名称为 1 到 {limit} 个字，不能有换行等控制字符。",
    en: "A name is 1 to {limit} characters, without line breaks.",
};
/// Another one has that name.
pub static NAME_TAKEN: Code =
    Code {
        code: "tag.name_taken", kind: Kind::Conflict, zh: "已经有同名的“{name}”了。", en: "There is one named “{name}” already."
    };
/// Not a colour of the palette.
pub static BAD_COLOR: Code = Code {
    code: "tag.unknown_color",
    kind: Kind::Invalid,
    zh: "颜色“{color}”不在可选范围内：{known}。",
    en: "`{color}` is none of: {known}.",
};
/// Members have the tag.
pub static IN_USE: Code = Code {
    code: "tag.in_use",
    kind: Kind::Conflict,
    zh: "有 {members} 位会员带着这个标签。可以归档它（会员保留，不能再打），或确认删除（force=true，会从这些会员身上取下）。",
    en: "{members} members have this tag. Archive it (they keep it, nobody gets it any more), or delete it with force=true, which takes it off them.",
};
/// The category holds tags.
pub static CATEGORY_IN_USE: Code = Code {
    code: "tag.category_in_use",
    kind: Kind::Conflict,
    zh: "这个分类下还有 {tags} 个标签。请先移到别的分类或删除它们。",
    en: "This category holds {tags} tags. Move or delete them first.",
};
/// An archived tag is given to nobody.
pub static ARCHIVED: Code = Code {
    code: "tag.archived",
    kind: Kind::Conflict,
    zh: "标签“{name}”已归档，不能再打给会员。请先恢复它。",
    en: "The tag “{name}” is archived and cannot be given. Restore it first.",
};
/// Too many tags or categories.
pub static TOO_MANY: Code = Code {
    code: "tag.too_many",
    kind: Kind::Unprocessable,
    zh: "最多 {limit} 个。请先删除不用的。",
    en: "There can be at most {limit}. Delete what is not used.",
};
/// More tags than one request may name.
pub static TOO_MANY_NAMED: Code = Code {
    code: "tag.too_many_named",
    kind: Kind::Invalid,
    zh: "一次最多写 {limit} 个标签。请分几次操作。",
    en: "One request names at most {limit} tags. Do it in several.",
};
/// Neither to be given nor to be taken.
pub static NOTHING: Code = Code {
    code: "tag.nothing_to_do",
    kind: Kind::Invalid,
    zh: "请在 add 或 remove 里写明至少一个标签，同一个标签不能两边都写。",
    en: "Name at least one tag in `add` or `remove`, and none in both.",
};
/// Both or neither of a list and a filter; or a filter that names everybody without saying so.
pub static WHOM: Code = Code {
    code: "tag.whom",
    kind: Kind::Invalid,
    zh: "请二选一：members（会员编号，最多 {limit} 个）或 filter（列表的筛选条件）。要对所有会员操作，请写 filter: {\"all\": true}。",
    en: "Say for whom: `members` (up to {limit} ids) or `filter` (the list's own). For everybody write filter: {\"all\": true}.",
};
