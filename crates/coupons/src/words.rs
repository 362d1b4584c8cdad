//! What is answered where something may not be done: each with a code and a sentence in both languages.

use serde::{Deserialize, Serialize};
use shuke_kernel::{Code, Kind, Refusal};
use shuke_members::MEMBER_NOT_FOUND;

macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident = $code:literal $kind:ident $zh:literal $en:literal;)*) => {
        $($(#[$doc])* pub static $name: Code = Code { code: $code, kind: Kind::$kind, zh: $zh, en: $en };)*
        /// All of them.
        static ALL: &[&Code] = &[$(&$name),*];
    };
}

codes! {
    /// No such template.
    NO_TEMPLATE = "coupon.template_not_found" NotFound "找不到这个券模板。" "There is no such coupon template.";
    /// No such batch.
    NO_BATCH = "coupon.batch_not_found" NotFound "找不到这批券。" "There is no such batch of coupons.";
    /// No such coupon.
    NO_COUPON = "coupon.not_found" NotFound "找不到这张券。" "There is no such coupon.";
    /// No such exception.
    NO_EXCEPTION = "coupon.exception_not_found" NotFound "找不到这条异常。" "There is no such exception.";
    /// The definition cannot be.
    INVALID = "coupon.invalid" Invalid "{why_zh}" "{why}";
    /// So many at most.
    TOO_MANY = "coupon.too_many" Conflict "最多 {limit} 个；请先归档不用的。" "There are {limit} at most: archive what is not used.";
    /// It was changed since it was read.
    CHANGED = "coupon.changed" Conflict "刚被别人改过，请重新打开后再改。" "Somebody changed it since you read it. Read it again, then change it.";
    /// Not in its state.
    WRONG_STATE = "coupon.wrong_state" Conflict "现在{state_zh}，不能这样做。" "It is {state}: this cannot be done now.";
    /// The id was taken by another member's request.
    OTHER_MEMBER = "coupon.id_of_another" Conflict
        "这个请求编号已用于另一位会员，请换一个。"
        "This id was used for another member: take another.";
    /// Paused or put away.
    NOT_ACTIVE = "coupon.not_active" Conflict "“{name}”现在停发。" "{name} is not handed out now.";
    /// Not yet.
    NOT_BEGUN = "coupon.not_begun" Conflict "“{name}”{from} 开始领取。" "{name} can be had from {from}.";
    /// No more.
    OVER = "coupon.over" Conflict "“{name}”的领取已于 {until} 结束。" "{name} could be had until {until}.";
    /// Had now, its days would be over before it begins.
    ENDS_FIRST = "coupon.ends_before_it_begins" Conflict "“{name}”{from} 才开始可用，现在领取的到 {until} 就过期了，请晚些再领。" "{name} is good from {from} on; had now, it would end {until}. Have it later.";
    /// None is left.
    SOLD_OUT = "coupon.sold_out" Conflict "“{name}”已领完。" "All of {name} are gone.";
    /// As many as one may have.
    LIMIT_REACHED = "coupon.limit_reached" Conflict
        "“{name}”每人最多 {limit} 张，该会员已有 {has} 张。"
        "{name} is {limit} a member at most; this member has had {has}.";
    /// It is had by its codes.
    BY_CODE_ONLY = "coupon.by_code_only" Conflict "“{name}”只能凭券码领取。" "{name} is had by its codes only.";
    /// Of another tier.
    NOT_IN_TIER = "coupon.not_in_tier" Conflict
        "“{name}”限{tiers_zh}领取，该会员现在{held_zh}。"
        "{name} is for {tiers}; this member {held}.";
    /// Not in the segment.
    NOT_IN_SEGMENT = "coupon.not_in_segment" Conflict
        "“{name}”限指定人群领取，该会员不在其中。"
        "{name} is for members of a segment that this member is not in.";
    /// Who is in it is not known yet.
    SEGMENT_BUILDING = "coupon.segment_building" Conflict
        "“{name}”的人群还在计算，请稍后再试。"
        "The segment of {name} is still being reckoned: try again in a while.";
    /// Somebody else's, or nobody said whose.
    NOT_YOURS = "coupon.of_another" Conflict "这张券不属于该会员。" "This coupon is not this member's.";
    /// Not good yet.
    NOT_STARTED = "coupon.not_started" Conflict "这张券 {from} 起可用。" "This coupon is good from {from}.";
    /// Another order holds it.
    LOCKED = "coupon.locked" Conflict "这张券正被另一个订单占用。" "Another order holds this coupon.";
    /// Used, expired, revoked or closed.
    NOT_AVAILABLE = "coupon.not_available" Conflict "这张券{state_zh}，不能使用。" "This coupon is {state}: it cannot be used.";
    /// No order ever held it.
    NOT_LOCKED = "coupon.not_locked" Conflict "这个订单没有占用这张券，请先占用。" "This order does not hold this coupon: lock it first.";
    /// It was used on the order.
    ALREADY_USED = "coupon.used" Conflict
        "这张券已在这个订单上使用，不能释放；订单关闭或全额退款时会按模板退回。"
        "This coupon was used on this order and cannot be released; it comes back with the order as its template says.";
    /// As often as a member may use it.
    USED_UP = "coupon.used_up" Conflict
        "“{name}”每人最多使用 {limit} 次，该会员已用满。"
        "{name} can be used {limit} times by a member; this member has.";
    /// A typed code cannot be one.
    CODE_MISTYPED = "coupon.code_mistyped" Invalid "{why_zh}" "{why}";
    /// No such code.
    CODE_UNKNOWN = "coupon.code_unknown" NotFound "没有这个券码，请核对后再输入。" "There is no such code: check it and type it again.";
    /// Somebody has it.
    CODE_TAKEN = "coupon.code_taken" Conflict "这个券码已被领取。" "Somebody has this code already.";
    /// They are being made.
    CODES_NOT_READY = "coupon.codes_not_ready" Conflict
        "券码还在生成（{made}/{of}），请稍后再试。"
        "The codes are being made ({made} of {of}): try again in a while.";
    /// It has none.
    NO_CODES = "coupon.no_codes" NotFound "这批券没有券码。" "This batch has no codes.";
    /// A public word is taken.
    WORD_TAKEN = "coupon.word_taken" Conflict "口令“{word}”已用于另一批券。" "Another batch has the word {word}.";
    /// More would be taken off than is there.
    STOCK_BELOW_ZERO = "coupon.stock_below_zero" Conflict
        "现在只剩 {left} 张，不能再减 {less} 张。"
        "There are {left} left: {less} cannot be taken off.";
    /// There is no number to change.
    STOCK_UNLIMITED = "coupon.stock_unlimited" Conflict
        "这批券不限数量，没有可增减的数量。"
        "This batch has no end: there is no number to change.";
}

/// A definition that cannot be: where, and why in both languages.
pub fn invalid(field: impl Into<String>, why_zh: &str, why: &str) -> Refusal {
    INVALID.with("why_zh", why_zh).with("why", why).at(field)
}

/// A refusal as an answer that is kept and given again like any other.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Told {
    code: String,
    params: Vec<(String, String)>,
}

/// Names of values in the sentences above.
const NAMES: &[&str] = &[
    "name", "from", "until", "limit", "has", "tiers", "tiers_zh", "held", "held_zh", "state", "state_zh", "why", "why_zh", "made", "of",
    "word",
];

impl From<&Refusal> for Told {
    fn from(refusal: &Refusal) -> Self {
        let params = refusal.params.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect();
        Self { code: refusal.code.code.to_owned(), params }
    }
}

impl Told {
    /// The refusal that was told.
    pub fn refusal(&self) -> Refusal {
        let mut all = ALL.iter().copied().chain([&MEMBER_NOT_FOUND]);
        let code = all.find(|code| code.code == self.code).unwrap_or(&NOT_ACTIVE);
        let named = |(name, value): &(String, String)| Some((*NAMES.iter().find(|known| *known == name)?, value.clone()));
        Refusal { code, field: None, params: self.params.iter().filter_map(named).collect() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_value_of_every_sentence_has_a_name_here() {
        for code in ALL {
            for text in [code.zh, code.en] {
                for part in text.split('{').skip(1) {
                    let name = part.split('}').next().unwrap_or_default();
                    assert!(NAMES.contains(&name) || ["left", "less"].contains(&name), "{name} of {}", code.code);
                }
            }
        }
    }

    #[test]
    fn what_was_told_is_told_again() {
        let refusal = LIMIT_REACHED.with("name", "新人券").with("limit", 1).with("has", 1);
        assert_eq!(Told::from(&refusal).refusal(), refusal);
        assert_eq!(Told::from(&MEMBER_NOT_FOUND.refuse()).refusal(), MEMBER_NOT_FOUND.refuse());
    }
}
