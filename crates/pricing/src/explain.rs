//! Reasons in words, Chinese and English: for the shopper's page and for the command line.

use serde::Serialize;
use shuke_kernel::Currency;

use crate::code::{Code, Missing};
use crate::coupons::Benefit;
use crate::offers::{Rule, Step, StepOff};
use crate::rate::Rate;

/// One sentence in both languages.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Message {
    /// 中文
    pub zh: String,
    /// English
    pub en: String,
}

/// An amount with the decimals of its currency: `20.00`.
pub fn amount(fen: i64, currency: Currency) -> String {
    let digits = currency.digits() as usize;
    let unit = 10_i64.pow(digits as u32);
    if digits == 0 { fen.to_string() } else { format!("{}.{:0digits$}", fen / unit, fen % unit) }
}

/// What something gives, as far as a sentence can name it: `减 30.00`.
pub(crate) struct Gives {
    zh: String,
    en: String,
}

fn off(fen: i64, currency: Currency) -> Gives {
    let shown = amount(fen, currency);
    Gives { zh: format!("减 {shown} 元"), en: format!("{shown} off") }
}

fn share(rate: Rate) -> Gives {
    Gives { zh: format!("按 {rate} 付款"), en: format!("pay {rate} of it") }
}

fn word(zh: &str, en: &str) -> Option<Gives> {
    Some(Gives { zh: zh.to_owned(), en: en.to_owned() })
}

/// What a promotion gives once its threshold is met.
pub(crate) fn of_rule(rule: &Rule, currency: Currency) -> Option<Gives> {
    match rule {
        Rule::Stepped(rule) => match rule.steps.first()? {
            Step { off: StepOff::Amount(fen), .. } => Some(off(*fen, currency)),
            Step { off: StepOff::Percent(percent), .. } => Some(share(percent.pay_rate)),
        },
        Rule::PercentOff(percent) => Some(share(percent.pay_rate)),
        Rule::AmountOff { amount, .. } => Some(off(*amount, currency)),
        Rule::Gift(_) => word("得赠品", "a gift"),
        Rule::FreeShipping { cap: None } => word("免运费", "free shipping"),
        _ => None,
    }
}

/// What a coupon gives once its threshold is met.
pub(crate) fn of_benefit(benefit: &Benefit, drawn: Option<i64>, currency: Currency) -> Option<Gives> {
    match benefit {
        Benefit::AmountOff { amount } | Benefit::NoThreshold { amount } => Some(off(drawn.or(*amount)?, currency)),
        Benefit::PercentOff(percent) => Some(share(percent.pay_rate)),
        Benefit::Gift(_) => word("得赠品", "a gift"),
        Benefit::FreeShipping { cap: None } => word("免运费", "free shipping"),
        _ => None,
    }
}

/// The sentence of a code; of a threshold with what is missing and what it would give.
pub(crate) fn message(code: Code, missing: &Missing, gives: Option<&Gives>, currency: Currency) -> Message {
    if code == Code::ThresholdNotMet && (missing.amount.is_some() || missing.qty.is_some()) {
        return threshold(missing, gives, currency);
    }
    if let (Code::InsufficientPoints, Some(points)) = (code, missing.points) {
        return Message { zh: format!("还差 {points} 积分才够抵扣一次"), en: format!("{points} more points make one unit") };
    }
    let (zh, en) = sentence(code);
    Message { zh: zh.to_owned(), en: en.to_owned() }
}

fn threshold(missing: &Missing, gives: Option<&Gives>, currency: Currency) -> Message {
    let (mut zh, mut en) = (Vec::new(), Vec::new());
    if let Some(fen) = missing.amount {
        let shown = amount(fen, currency);
        zh.push(format!("{shown} 元"));
        en.push(format!("{shown} more"));
    }
    if let Some(qty) = missing.qty {
        zh.push(format!("{qty} 件"));
        en.push(format!("{qty} more {}", if qty == 1 { "piece" } else { "pieces" }));
    }
    let (then_zh, then_en) = gives.map_or(("即可享受", "and it applies"), |g| (g.zh.as_str(), g.en.as_str()));
    Message { zh: format!("再买 {}{then_zh}", zh.join("、")), en: format!("buy {}: {then_en}", en.join(" and ")) }
}

fn sentence(code: Code) -> (&'static str, &'static str) {
    match code {
        Code::NotStarted => ("还没开始", "has not begun"),
        Code::Expired => ("已过期", "is over"),
        Code::OutsideCalendar => ("今天或这个时段不可用", "not on this day or at this hour"),
        Code::NotAvailable => ("这张券当前不可用", "this coupon cannot be used now"),
        Code::NotSelected => ("没有选择这张券", "this coupon was not chosen"),
        Code::NotEntitled => ("不在可享受的会员范围内", "not for this customer"),
        Code::QuotaExhausted => ("名额、次数或赠品已用完", "none left"),
        Code::CategoryMismatch => ("购物车里没有适用的商品", "no goods in the cart that it is for"),
        Code::TooHeavy => ("超过重量上限", "the cart weighs too much"),
        Code::ThresholdNotMet => ("未达到门槛", "its threshold is not met"),
        Code::ExcludedByGroup => ("与已享受的优惠不能同享", "cannot be combined with what was applied"),
        Code::CouponLimit => ("这类券已用满张数", "no more coupons of this sort in one order"),
        Code::NoEffect => ("没有可再优惠的金额", "nothing left to take off"),
        Code::NotBetter => ("不用更划算", "nothing would cost less"),
        Code::NotLowest => ("已享受更低的价格", "another price is lower"),
        Code::FloorReached => ("已到商品最低价", "the goods are at their lowest price"),
        Code::InsufficientPoints => ("积分不足", "not enough points"),
    }
}
