//! What is answered where something may not be done: each with a code and a sentence in both languages.

use serde::{Deserialize, Serialize};
use shuke_kernel::{Code, Kind, Refusal};
use utoipa::ToSchema;

/// Why something may not be had, in both languages.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = BenefitWhy)]
pub struct Why {
    /// A stable word such as `benefit.not_in_tier`.
    pub code: String,
    /// A whole sentence in Chinese.
    pub zh: String,
    /// The same in English.
    pub en: String,
}

impl From<&Refusal> for Why {
    fn from(refusal: &Refusal) -> Self {
        Self { code: refusal.code.code.to_owned(), zh: refusal.text(true), en: refusal.text(false) }
    }
}

macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident = $code:literal $kind:ident $zh:literal $en:literal;)*) => {
        $($(#[$doc])* pub static $name: Code = Code { code: $code, kind: Kind::$kind, zh: $zh, en: $en };)*
    };
}

codes! {
    /// No such benefit.
    NO_BENEFIT = "benefit.not_found" NotFound "找不到这项权益。" "There is no such benefit.";
    /// No such use.
    NO_USE = "benefit.use_not_found" NotFound "找不到这次使用记录。" "There is no such use.";
    /// No such task.
    NO_TASK = "benefit.task_not_found" NotFound "找不到这项待办。" "There is no such task.";
    /// No such pack.
    NO_PACK = "benefit.pack_not_found" NotFound "找不到这个礼包。" "There is no such pack.";
    /// No such growth task.
    NO_GROWTH_TASK = "growth_task.not_found" NotFound "找不到这个成长任务。" "There is no such growth task.";
    /// Its budget is used up.
    GROWTH_GONE = "growth_task.gone" Conflict "“{name}”的奖励已发完。" "All of {name} was given.";
    /// No such reward.
    NO_REWARD = "reward.not_found" NotFound "找不到这个奖品。" "There is no such reward.";
    /// No such redemption.
    NO_REDEMPTION = "reward.redemption_not_found" NotFound "找不到这次兑换。" "There is no such redemption.";
    /// It has no picture.
    NO_PICTURE = "reward.no_picture" NotFound "这个奖品没有图片。" "This reward has no picture.";
    /// No set of benefits of that name.
    NO_TEMPLATE = "benefit.template_not_found" NotFound "找不到这套权益模板。" "There is no such set of benefits.";
    /// The definition cannot be.
    INVALID = "benefit.invalid" Invalid "{why_zh}" "{why}";
    /// So many at most.
    TOO_MANY = "benefit.too_many" Conflict "最多 {limit} 个；请先归档不用的。" "There are {limit} at most: archive what is not used.";
    /// It was changed since it was read.
    CHANGED = "benefit.changed" Conflict "刚被别人改过，请重新打开后再改。" "Somebody changed it since you read it. Read it again, then change it.";
    /// Not in its state.
    WRONG_STATE = "benefit.wrong_state" Conflict "现在{state_zh}，不能这样做。" "It is {state}: this cannot be done now.";
    /// The ladder has fewer tiers than the set.
    LADDER_TOO_SHORT = "benefit.ladder_too_short" Conflict
        "这套权益需要 {needs} 个等级，会员计划现在有 {has} 个。"
        "This set is for {needs} tiers; the programme has {has} now.";
    /// The id was taken by another member's request.
    OTHER_MEMBER = "benefit.id_of_another" Conflict
        "这个请求编号已用于另一位会员，请换一个。"
        "This id was used for another member: take another.";
    /// The task was cancelled.
    TASK_CANCELLED = "benefit.task_cancelled" Conflict "这项待办已取消。" "This task was cancelled.";
    /// Paused or put away.
    NOT_ACTIVE = "benefit.not_active" Conflict "“{name}”现在停用。" "{name} is not active now.";
    /// Not yet.
    NOT_BEGUN = "benefit.not_begun" Conflict "“{name}”{from} 开始。" "{name} begins on {from}.";
    /// No more.
    OVER = "benefit.over" Conflict "“{name}”已于 {until} 结束。" "{name} ended on {until}.";
    /// Of another tier.
    NOT_IN_TIER = "benefit.not_in_tier" Conflict
        "“{name}”限{tiers_zh}使用，该会员现在{held_zh}。"
        "{name} is for {tiers}; this member {held}.";
    /// Not in the segment.
    NOT_IN_SEGMENT = "benefit.not_in_segment" Conflict
        "“{name}”限指定人群使用，该会员不在其中。"
        "{name} is for members of a segment that this member is not in.";
    /// Who is in it is not known yet.
    SEGMENT_BUILDING = "benefit.segment_building" Conflict
        "“{name}”的人群还在计算，请稍后再试。"
        "The segment of {name} is still being reckoned: try again in a while.";
    /// Not the member's birthday, or its month.
    NOT_BIRTHDAY = "benefit.not_birthday" Conflict
        "“{name}”只在{when_zh}可用。"
        "{name} can be used {when} only.";
    /// Nobody knows the birthday.
    BIRTHDAY_UNKNOWN = "benefit.birthday_unknown" Conflict
        "不知道该会员的生日，不能使用“{name}”。"
        "{name} needs a birthday, and this member's is not known.";
    /// Not today.
    NOT_THE_DAY = "benefit.not_the_day" Conflict
        "“{name}”限会员日使用，下一个会员日是 {next}。"
        "{name} is for the member day; the next is {next}.";
    /// As often as it may be.
    QUOTA_USED = "benefit.quota_used" Conflict
        "“{name}”的次数已用完（{per_zh} {uses} 次）{then_zh}。"
        "{name} is used up ({uses} {per}){then}.";
    /// Paused or put away.
    REWARD_NOT_ACTIVE = "reward.not_active" Conflict "“{name}”现在不能兑换。" "{name} cannot be redeemed now.";
    /// Not yet.
    REWARD_NOT_BEGUN = "reward.not_begun" Conflict "“{name}”{from} 开始兑换。" "{name} can be redeemed from {from}.";
    /// No more.
    REWARD_OVER = "reward.over" Conflict "“{name}”的兑换已于 {until} 结束。" "{name} could be redeemed until {until}.";
    /// Of another tier.
    REWARD_NOT_IN_TIER = "reward.not_in_tier" Conflict
        "“{name}”限{tiers_zh}兑换，该会员现在{held_zh}。"
        "{name} is for {tiers}; this member {held}.";
    /// Not in the segment.
    REWARD_NOT_IN_SEGMENT = "reward.not_in_segment" Conflict
        "“{name}”限指定人群兑换，该会员不在其中。"
        "{name} is for members of a segment that this member is not in.";
    /// Who is in it is not known yet.
    REWARD_SEGMENT_BUILDING = "reward.segment_building" Conflict
        "“{name}”的人群还在计算，请稍后再试。"
        "The segment of {name} is still being reckoned: try again in a while.";
    /// As many as one may have.
    LIMIT_REACHED = "reward.limit_reached" Conflict
        "“{name}”的兑换次数已满（{per_zh} {uses} 次）{then_zh}。"
        "{name} was redeemed as often as one may ({uses} {per}){then}.";
    /// None is left.
    OUT_OF_STOCK = "reward.out_of_stock" Conflict "“{name}”已兑完。" "{name} is out of stock.";
    /// More would be taken than is there.
    STOCK_BELOW_ZERO = "reward.stock_below_zero" Conflict
        "现在只有 {stock} 件，不能再减 {less} 件。"
        "There are {stock} pieces: {less} cannot be taken off.";
    /// There is no number to change.
    STOCK_UNLIMITED = "reward.stock_unlimited" Conflict
        "这个奖品不限库存，没有可增减的数量。"
        "The stock of this reward has no end: there is no number to change.";
    /// Not from where the delivery is.
    WRONG_DELIVERY = "reward.wrong_delivery" Conflict
        "这次兑换{state_zh}，不能这样做。"
        "The redemption is {state}: this cannot be done now.";
    /// It is sent, and nobody said where.
    ADDRESS_MISSING = "reward.address_missing" Invalid
        "“{name}”要寄送，请填写收货地址：收货人、电话、省市区、街道门牌。"
        "{name} is sent: state the address, with receiver, phone, province, city and street.";
    /// Nothing is sent.
    NOT_SENT = "reward.not_sent" Invalid
        "“{name}”不用寄送，请不要填写收货地址。"
        "{name} is not sent anywhere: leave the address out.";
    /// No such address of theirs.
    NO_EARLIER_ADDRESS = "reward.no_earlier_address" Invalid
        "这位会员没有这个收货地址，请直接填写。"
        "This member has no such earlier address: state one.";
    /// Nobody said where it goes.
    NO_ADDRESS = "reward.no_address" NotFound "这次兑换没有收货地址。" "This redemption has no address.";
    /// The bytes are no picture.
    BAD_PICTURE = "reward.bad_picture" Invalid
        "图片需为 PNG、JPEG 或 WebP，不超过 {limit} kB。"
        "A picture is PNG, JPEG or WebP, {limit} kB at most.";
}

/// A definition that cannot be: where, and why in both languages.
pub fn invalid(field: impl Into<String>, why_zh: &str, why: &str) -> Refusal {
    INVALID.with("why_zh", why_zh).with("why", why).at(field)
}
