//! What is answered where something cannot be priced, kept or changed: each with a code and a sentence in both languages.

use shuke_kernel::{Code, Kind};

macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident = $code:literal $kind:ident $zh:literal $en:literal;)*) => {
        $($(#[$doc])* pub static $name: Code = Code { code: $code, kind: Kind::$kind, zh: $zh, en: $en };)*
    };
}

codes! {
    /// Offers, cart or refunds break the format.
    MALFORMED = "price.malformed" Invalid "{path}：{why_zh}。" "{path}: {why}";
    /// More than can be priced at once.
    TOO_LARGE = "price.too_large" Unprocessable
        "一次计价太多：最多 {limit} {what_zh}，现在是 {found}。请拆单，或少带一些优惠。"
        "Too much to price at once: at most {limit} {what}, there are {found}. Split the cart, or send fewer offers.";
    /// Nobody knows what coupons the member holds.
    COUPONS_NOT_KEPT = "price.coupons_not_kept" Unprocessable
        "店铺还没有保存会员的券，购物车不能指定用哪些券。请去掉 coupons，或把券放进 /pricing/evaluate。"
        "The shop keeps no coupons of members yet, so a cart cannot name which are to be used. Leave coupons out, or send them to /pricing/evaluate.";

    /// No such promotion.
    NOT_FOUND = "promotion.not_found" NotFound "找不到这个促销。" "There is no such promotion.";
    /// A name that is none.
    BAD_NAME = "promotion.bad_name" Invalid
        "名称为 1 到 {limit} 个字，不能有换行等控制字符。"
        "A name is 1 to {limit} characters, without line breaks.";
    /// A note that is too long.
    BAD_NOTE = "promotion.bad_note" Invalid "说明最多 {limit} 个字。" "A note is {limit} characters at most.";
    /// The rules break the format.
    BAD_RULES = "promotion.malformed" Invalid "{path}：{why_zh}。" "{path}: {why}";
    /// The rules are too long to be kept.
    LONG_RULES = "promotion.too_long" Invalid
        "促销规则最多 {limit} 字节，现在是 {found}。请分成几个促销。"
        "The rules of a promotion are {limit} bytes at most, these are {found}. Make several promotions of it.";
    /// A limit that nobody counts.
    LIMIT_NOT_KEPT = "promotion.limit_not_kept" Unprocessable
        "{what_zh}还不能由店铺计数，写了也不会生效，所以不接受。要用它，请自己计数并用 /pricing/evaluate 计价。"
        "{what} is not counted by the shop yet and would not hold, so it is not taken. To use it, count it yourself and price by /pricing/evaluate.";
    /// Tiers without a programme that they are of.
    NO_PROGRAMME = "promotion.no_programme" Unprocessable
        "限等级的促销要先在“计价设置”里选定会员计划。"
        "A promotion for tiers needs a programme in the settings of pricing first.";
    /// A tier that the programme does not have.
    UNKNOWN_TIER = "promotion.unknown_tier" Invalid "会员计划里没有等级“{tier}”。" "The programme has no tier {tier}.";
    /// A segment that is not there.
    UNKNOWN_SEGMENT = "promotion.unknown_segment" Invalid
        "找不到人群“{segment}”，或它已归档。可以填人群编号，或 first_order、birthday、birthday_month。"
        "There is no segment {segment}, or it is put away. Give a segment's id, or first_order, birthday, birthday_month.";
    /// It was changed since it was read.
    CHANGED = "promotion.changed_meanwhile" Conflict
        "促销刚被别人改过，请重新打开后再改。"
        "Somebody changed the promotion since you read it. Read it again, then change it.";
    /// Not in its state.
    WRONG_STATE = "promotion.wrong_state" Conflict "促销现在{state_zh}，不能这样做。" "The promotion is {state}: this cannot be done now.";
    /// Nothing is there to be published.
    NO_DRAFT = "promotion.no_draft" Conflict "没有待发布的草稿。" "There is no draft to publish.";
    /// Rules are needed where nothing was published yet.
    NEEDS_RULES = "promotion.needs_rules" Invalid "还没有发布过的促销要有规则。" "A promotion that was never published needs rules.";
    /// It would be over as it begins.
    OVER = "promotion.over" Invalid "促销在生效前就已结束（{to}）。" "The promotion would be over before it begins ({to}).";
    /// No such version.
    NO_VERSION = "promotion.version_not_found" NotFound "找不到这个版本。" "There is no such version.";
    /// It cannot begin in the past.
    IN_THE_PAST = "promotion.from_in_the_past" Invalid
        "生效时间不能早于现在；要立即生效请不要填写。"
        "Rules cannot begin in the past; leave the time out for at once.";
    /// Versions begin one after the other.
    NOT_AFTER = "promotion.not_after_the_last" Conflict
        "已有一个版本将在 {from} 生效；新版本要在它之后，或先撤回它。"
        "A version begins at {from} already: begin after it, or withdraw it first.";
    /// A version that was in force is history.
    BEGUN = "promotion.version_begun" Conflict
        "这个版本已经生效，不能撤回；要停下请暂停促销，要恢复旧规则请恢复旧版本。"
        "This version has begun and cannot be withdrawn. Pause the promotion to stop it; to go back, restore the older version.";
    /// A time that cannot be reckoned with.
    BAD_TIME = "promotion.bad_time" Invalid "时间须在 1900 到 2400 年之间。" "A time lies between the years 1900 and 2400.";
    /// As many as there may be.
    TOO_MANY = "promotion.too_many" Conflict
        "一个商户最多 {limit} 个促销；请先归档不用的。"
        "A merchant has {limit} promotions at most; archive what is not used.";
    /// More steps than a search can look at.
    TOO_MANY_STEPS = "promotion.too_many_steps" Conflict
        "所有在用和将要生效的满减合计最多 {limit} 档，加上这个是 {found} 档；请先归档不用的。"
        "All stepped promotions in force or to come have {limit} steps at most, with this one there are {found}; archive what is not used.";
    /// A line-exclusive group with what is no reduction of lines.
    GROUP_CLASH = "promotion.group_clash" Conflict
        "“{group}”组里有按商品行互斥的促销，同组只能是 percent_off 和 amount_off；与“{other}”不能同组。"
        "The group {group} excludes line by line, so it has only percent_off and amount_off: it cannot hold both this and {other}.";

    /// The settings break the format.
    BAD_SETTINGS = "price_settings.malformed" Invalid "{path}：{why_zh}。" "{path}: {why}";
    /// The settings are too long to be kept.
    LONG_SETTINGS = "price_settings.too_long" Invalid "计价设置最多 {limit} 字节，现在是 {found}。" "Settings are {limit} bytes at most, these are {found}.";
    /// A programme that is not there.
    UNKNOWN_PROGRAMME = "price_settings.unknown_programme" Invalid
        "找不到这个会员计划，或它已归档。"
        "There is no such programme, or it is put away.";
    /// Points cannot pay where nobody knows whose.
    POINTS_OF_NONE = "price_settings.points_need_programme" Invalid
        "积分抵现要选定会员计划：用哪个计划的积分。"
        "Points as cash need a programme: whose points they are.";
    /// No such version of settings.
    NO_SETTINGS = "price_settings.version_not_found" NotFound "找不到这个版本。" "There is no such version.";
    /// They cannot begin in the past.
    SETTINGS_IN_THE_PAST = "price_settings.from_in_the_past" Invalid
        "生效时间不能早于现在；要立即生效请不要填写。"
        "Settings cannot begin in the past; leave the time out for at once.";
    /// They were changed since they were read.
    SETTINGS_CHANGED = "price_settings.changed_meanwhile" Conflict
        "计价设置刚被别人改过，请重新打开后再改。"
        "Somebody changed the settings since you read them. Read them again, then change them.";
    /// They begin one after the other.
    SETTINGS_NOT_AFTER = "price_settings.not_after_the_last" Conflict
        "已有一个版本将在 {from} 生效；新版本要在它之后，或先撤回它。"
        "A version begins at {from} already: begin after it, or withdraw it first.";
    /// What was in force is history.
    SETTINGS_BEGUN = "price_settings.version_begun" Conflict
        "这个版本已经生效，不能撤回；要恢复旧设置，请恢复旧版本。"
        "This version has begun and cannot be withdrawn. To go back, restore the older version.";
}
