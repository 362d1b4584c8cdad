//! What members have of cards: bought, tried, given, given up.
//!
//! Whoever turns out to be one person with somebody has both ones' purchases, end to end: a merge moves their rows, and those
//! that were made under an alias meanwhile are found by it. When that is taken back, each has their own again, to the byte.

pub mod give_up;
pub mod model;
pub mod saved;
pub mod service;
pub mod sql;
pub mod standing;

pub use model::{Purchase, PurchaseId, Sort};
pub use standing::{Standing, Word};

use shuke_kernel::{Code, Kind};

/// No such term.
pub static NO_TERM: Code =
    Code {
        code: "card.term_not_found", kind: Kind::Invalid, zh: "这种卡没有期限“{term}”。", en: "The card has no term `{term}`."
    };
/// A trial is had once, and before anything else.
pub static TRIED: Code = Code {
    code: "card.trial_used",
    kind: Kind::Conflict,
    zh: "该会员已经有过这种卡，不能再试用。",
    en: "The member has had this card already: it cannot be tried.",
};
/// The card is not for trying.
pub static NO_TRIAL: Code =
    Code { code: "card.no_trial", kind: Kind::Conflict, zh: "这种卡不提供试用。", en: "This card is not for trying." };
/// The id is another purchase's.
pub static ID_USED: Code = Code {
    code: "card.id_used",
    kind: Kind::Conflict,
    zh: "编号“{id}”已经用于另一笔开卡。",
    en: "The id `{id}` is another purchase's already.",
};
/// A time that lies ahead.
pub static AHEAD: Code =
    Code {
        code: "card.in_the_future", kind: Kind::Invalid, zh: "购买时间不能晚于现在。", en: "A purchase cannot lie in the future."
    };
/// A time that cannot be reckoned with.
pub static TOO_EARLY: Code = Code {
    code: "card.too_early",
    kind: Kind::Invalid,
    zh: "购买时间不能早于 2000 年。",
    en: "A purchase cannot lie before the year 2000.",
};
/// A card that would run beyond all reckoning.
pub static TOO_LONG: Code = Code {
    code: "card.runs_too_long",
    kind: Kind::Conflict,
    zh: "续到 {until} 太久了：一张卡最多续到 100 年以后。",
    en: "It would run until {until}: a card runs 100 years ahead at most.",
};
/// Nothing to give up.
pub static NOTHING_LEFT: Code = Code {
    code: "card.nothing_left",
    kind: Kind::Conflict,
    zh: "没有正在使用或还没开始的卡期，无从退卡。",
    en: "Nothing of the card runs or is still to begin: there is nothing to give up.",
};
/// The card says that nothing goes back.
pub static NO_REFUND: Code = Code {
    code: "card.no_refund",
    kind: Kind::Conflict,
    zh: "这种卡约定不退款；确实要退时请写明退款金额。",
    en: "Nothing goes back of this card. If something is to, say how much.",
};
/// More than was paid.
pub static TOO_MUCH: Code = Code {
    code: "card.more_than_paid",
    kind: Kind::Conflict,
    zh: "最多可退 {most}（未用完的卡期实付，减去已退）。",
    en: "At most {most} can go back: what was paid for what is not used up, less what went back already.",
};
/// What was paid in another currency cannot be paid back here.
pub static FOREIGN: Code = Code {
    code: "card.paid_in_other_currency",
    kind: Kind::Conflict,
    zh: "其中一笔是用 {currency} 支付的，不能在这里退；请在它的订单上退款。",
    en: "One purchase was paid in {currency}: it cannot be given up here. Refund its order.",
};
/// Amounts are the merchant's currency.
pub static OTHER_CURRENCY: Code = Code {
    code: "card.other_currency_paid",
    kind: Kind::Invalid,
    zh: "金额用店铺的货币：{currency}。",
    en: "Amounts are in the merchant's currency: {currency}.",
};
