//! The books: of each member in a programme what was taken (events), what was booked (entries), and where it
//! stands (the *heart*, and the balances beside it).
//!
//! [`post`](post::post) takes events: it reads the member's book, folds them by the pure crate and writes the
//! book, the events and the entries, all in the caller's transaction. What arrives late is put where it belongs
//! by folding the member's whole history anew, with and without it, and booking the difference. Entries are
//! appended and never changed; the heart can be made of the events alone at any time, which the [`audit`] does.
//!
//! A book's clock is when something last happened in it, not when somebody last looked: what waits to happen by
//! itself ([`due`]) is found by an index and happens in small steps, and whoever reads in between is shown what
//! will be booked.

pub mod ask;
pub mod audit;
pub mod came;
pub mod due;
pub mod entries;
pub mod erase;
pub mod fold;
pub mod merge;
pub mod post;
pub mod rows;
pub mod show;
pub mod sql;
pub mod sums;
mod tell;
pub mod words;

pub use fold::Posted;
pub use post::{post, post_many};
pub use rows::{Book, Standing};

use shuke_kernel::{Code, Kind};

shuke_kernel::ids! {
    /// What a request about points is called whose caller gave it no name.
    PostingId = PostingKind "pst";
}

/// There are not so many points.
pub static INSUFFICIENT: Code = Code {
    code: "points.insufficient",
    kind: Kind::Conflict,
    zh: "积分不足：可用 {available}，需要 {points}。",
    en: "Not enough points: {available} available, {points} wanted.",
};
/// More would be given back than is left of a spend.
pub static EXCEEDS_SPEND: Code = Code {
    code: "points.exceeds_spend",
    kind: Kind::Conflict,
    zh: "退回的积分超过了这笔消费剩余的积分。",
    en: "More points would be given back than are left of this spend.",
};
/// No such spend.
pub static UNKNOWN_SPEND: Code =
    Code {
        code: "points.unknown_spend", kind: Kind::Conflict, zh: "找不到这笔积分消费。", en: "There is no such spend of points."
    };
/// No such hold, or it is over.
pub static UNKNOWN_HOLD: Code = Code {
    code: "points.unknown_hold",
    kind: Kind::Conflict,
    zh: "找不到这笔预扣的积分，或它已经结束。",
    en: "There is no such hold of points, or it is over.",
};
/// The request cannot be granted as things stand.
pub static REFUSED: Code = Code {
    code: "points.refused",
    kind: Kind::Conflict,
    zh: "按规则不能这样做：{outcome}。",
    en: "The rules do not allow this: {outcome}.",
};
/// The person was erased.
pub static ERASED: Code = Code {
    code: "points.erased",
    kind: Kind::Conflict,
    zh: "这位会员的资料已按要求删除，积分账户已关闭。",
    en: "This member was erased on request; the book is closed.",
};
