//! Cards as merchants define them: a name, the terms they are sold for, whether they can be tried, what goes back.

pub mod model;
pub mod service;
pub mod sql;

pub use model::{Card, Refund, State, Term};

use shuke_kernel::{Code, Kind};

shuke_kernel::ids! {
    /// A card that is sold.
    CardId = CardKind "crd";
}

/// No such card.
pub static NOT_FOUND: Code =
    Code { code: "card.not_found", kind: Kind::NotFound, zh: "找不到这种会员卡。", en: "There is no such card." };
/// A name or description that is none.
pub static BAD_TEXT: Code = Code {
    code: "card.bad_text",
    kind: Kind::Invalid,
    zh: "这里填 {least} 到 {limit} 个字，不能有控制字符。",
    en: "Write {least} to {limit} characters here, without control characters.",
};
/// A number outside its bounds.
pub static BAD_NUMBER: Code = Code {
    code: "card.bad_number",
    kind: Kind::Invalid,
    zh: "这里填 {least} 到 {limit} 的整数。",
    en: "This is a whole number from {least} to {limit}.",
};
/// A card without a term, or with too many.
pub static BAD_TERMS: Code =
    Code {
        code: "card.bad_terms", kind: Kind::Invalid, zh: "一种卡有 1 到 {limit} 个期限。", en: "A card has 1 to {limit} terms."
    };
/// A term's key is not a word, or another term has it.
pub static BAD_KEY: Code = Code {
    code: "card.bad_term_key",
    kind: Kind::Invalid,
    zh: "期限的代号用小写字母、数字或下划线，同一种卡里不能重复。",
    en: "A term's key is made of lower-case letters, digits and underscores, another for each term.",
};
/// A term runs for months or for days.
pub static BAD_LENGTH: Code = Code {
    code: "card.bad_length",
    kind: Kind::Invalid,
    zh: "期限填月数（1 到 60）或天数（1 到 1830），只填一个。",
    en: "A term runs for months (1 to 60) or for days (1 to 1830): give one of them.",
};
/// Prices are the merchant's currency.
pub static BAD_CURRENCY: Code = Code {
    code: "card.other_currency",
    kind: Kind::Invalid,
    zh: "价格用店铺的货币：{currency}。",
    en: "Prices are in the merchant's currency: {currency}.",
};
/// Goods sell one term.
pub static SKU_TAKEN: Code = Code {
    code: "card.sku_taken",
    kind: Kind::Conflict,
    zh: "商品编码 {sku} 已经是「{card}」的一个期限。",
    en: "The goods {sku} are a term of “{card}” already.",
};
/// A term that was bought stays what it is.
pub static TERM_GONE: Code = Code {
    code: "card.term_sold",
    kind: Kind::Conflict,
    zh: "期限「{term}」已经卖出过，不能删除或改长短；可以新增一个期限，并去掉旧期限的商品编码。",
    en: "The term “{term}” was sold: it cannot go or run otherwise. Add another term, and take the goods off this one.",
};
/// It is changed by somebody else since it was read.
pub static CHANGED: Code = Code {
    code: "card.changed_meanwhile",
    kind: Kind::Conflict,
    zh: "这种卡刚被别人改过，请重新打开后再改。",
    en: "Somebody changed the card since you read it. Read it again, then change it.",
};
/// What was asked is not to be had in its state.
pub static WRONG_STATE: Code = Code {
    code: "card.wrong_state",
    kind: Kind::Conflict,
    zh: "这种卡现在{state_zh}，不能这样做。",
    en: "The card is {state}: this cannot be done now.",
};
/// As many as there may be.
pub static TOO_MANY: Code = Code {
    code: "card.too_many",
    kind: Kind::Conflict,
    zh: "一个商户最多 {limit} 种会员卡；请先归档不用的。",
    en: "A merchant has {limit} cards at most; archive what is not used.",
};
