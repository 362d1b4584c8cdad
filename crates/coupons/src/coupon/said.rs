//! A coupon in words that a shopper understands, in Chinese and English: what it gives, and what it needs.

use shuke_kernel::Currency;

use crate::template::offer::{Calendar, Exclusive, Replacement};
use crate::template::{Kind, Offer};

/// The days of the week from Monday on.
const DAYS: [(&str, &str); 7] = [
    ("周一", "Monday"),
    ("周二", "Tuesday"),
    ("周三", "Wednesday"),
    ("周四", "Thursday"),
    ("周五", "Friday"),
    ("周六", "Saturday"),
    ("周日", "Sunday"),
];

/// What is joined, in either language.
fn listed(parts: &[String], zh: bool) -> String {
    parts.join(if zh { "、" } else { ", " })
}

/// An amount as people read it: 128.50 元, 128.50 yuan.
fn money(minor: i64, currency: Currency, zh: bool) -> String {
    let (unit, places) = (10_i64.pow(currency.digits()), currency.digits() as usize);
    let (whole, rest) = (minor / unit, minor % unit);
    let amount = if rest == 0 { whole.to_string() } else { format!("{whole}.{rest:0places$}") };
    match (currency == Currency::CNY, zh) {
        (true, true) => format!("{amount} 元"),
        (true, false) => format!("{amount} yuan"),
        (false, _) => format!("{amount} {currency}"),
    }
}

/// The digits before and behind the point of a rate, without noughts that say nothing.
fn digits(rate: &str) -> (&str, &str) {
    let (units, digits) = rate.split_once('.').unwrap_or((rate, ""));
    (units, digits.trim_end_matches('0'))
}

/// A rate with its point so many places to the right: `0.85` by one is `8.5`.
fn moved(rate: &str, places: usize) -> String {
    let (units, digits) = digits(rate);
    let all: Vec<char> = units.chars().chain(format!("{digits:0<places$}").chars()).collect();
    let (whole, rest) = all.split_at((units.len() + places).min(all.len()));
    let whole: String = whole.iter().collect();
    let whole = whole.trim_start_matches('0');
    let whole = if whole.is_empty() { "0" } else { whole };
    if rest.is_empty() { whole.to_owned() } else { format!("{whole}.{}", rest.iter().collect::<String>()) }
}

/// The percent that is off, of the share that is paid: `0.85` is `15`.
fn off(rate: &str) -> String {
    let (units, digits) = digits(rate);
    let places = digits.len();
    // A rate has at most 18 digits that say something.
    let whole = 10_u128.pow(u32::try_from(places).unwrap_or(18).min(18));
    let paid = format!("{units}{digits}").parse::<u128>().unwrap_or(whole);
    let left = format!("{:0>width$}", whole.saturating_sub(paid), width = places + 1);
    let (units, digits) = left.split_at(left.len() - places);
    moved(&format!("{units}.{digits}"), 2)
}

/// What a coupon gives; `amount` is what was drawn for it.
pub fn gives(offer: &Offer, amount: Option<i64>, currency: Currency, zh: bool) -> String {
    let money = |minor: Option<i64>| money(minor.unwrap_or(0), currency, zh);
    let most = match offer.cap {
        Some(cap) if zh => format!("，最多减 {}", money(Some(cap))),
        Some(cap) => format!(", {} at most", money(Some(cap))),
        None => String::new(),
    };
    let rate = offer.pay_rate.as_deref().unwrap_or("1");
    let sku = offer.sku.as_deref().unwrap_or_default();
    let goods: Vec<String> = offer.gifts.iter().flatten().map(|gift| format!("{} × {}", gift.sku, gift.qty)).collect();
    let free = offer.pay.unwrap_or(0) == 0;
    match (offer.kind, zh) {
        (Kind::AmountOff | Kind::NoThreshold, true) => format!("减 {}", money(amount.or(offer.amount))),
        (Kind::AmountOff | Kind::NoThreshold, false) => format!("{} off", money(amount.or(offer.amount))),
        (Kind::PercentOff, true) => format!("{} 折{most}", moved(rate, 1)),
        (Kind::PercentOff, false) => format!("{}% off{most}", off(rate)),
        (Kind::Gift, true) => format!("送 {}", listed(&goods, zh)),
        (Kind::Gift, false) => format!("A gift: {}", listed(&goods, zh)),
        (Kind::Exchange, true) if free => format!("免费换 {sku} 一件"),
        (Kind::Exchange, true) => format!("{} 换 {sku} 一件", money(offer.pay)),
        (Kind::Exchange, false) if free => format!("A piece of {sku} free"),
        (Kind::Exchange, false) => format!("A piece of {sku} for {}", money(offer.pay)),
        (Kind::FreeShipping, true) => format!("免运费{most}"),
        (Kind::FreeShipping, false) => format!("Free shipping{most}"),
    }
}

fn days(calendar: &Calendar, zh: bool) -> Option<String> {
    let mut parts = Vec::new();
    if let Some(month_days) = calendar.month_days.as_ref().filter(|days| !days.is_empty()) {
        let named = listed(&month_days.iter().map(i64::to_string).collect::<Vec<_>>(), zh);
        parts.push(if zh { format!("每月 {named} 号") } else { format!("day {named} of the month") });
    }
    if let Some(weekdays) = calendar.weekdays.as_ref().filter(|days| !days.is_empty()) {
        let name = |day: &i64| {
            usize::try_from(day - 1).ok().and_then(|place| DAYS.get(place)).map(|(chinese, english)| if zh { *chinese } else { *english })
        };
        parts.push(listed(&weekdays.iter().filter_map(name).map(str::to_owned).collect::<Vec<_>>(), zh));
    }
    if let Some([from, to]) = calendar.hours.as_deref() {
        parts.push(format!("{from}–{to}"));
    }
    if parts.is_empty() {
        return None;
    }
    let when = parts.join(" ");
    Some(if zh { format!("{when} 可用") } else { format!("{when} only") })
}

/// What a coupon needs, one by one: amount, pieces, goods, days, how often, beside what. Whom it is for is not told here.
pub fn needs(offer: &Offer, currency: Currency, zh: bool) -> Vec<String> {
    let mut out = Vec::new();
    let mut say = |chinese: String, english: String| out.push(if zh { chinese } else { english });
    if let Some(least) = offer.min_amount.filter(|least| *least > 0) {
        let least = money(least, currency, zh);
        say(format!("满 {least} 可用"), format!("from {least} on"));
    }
    if let Some(least) = offer.min_qty.filter(|least| *least > 0) {
        say(format!("满 {least} 件可用"), format!("from {least} {} on", if least == 1 { "piece" } else { "pieces" }));
    }
    if let Some(scope) = &offer.scope {
        let within: Vec<String> = scope.categories.iter().flatten().chain(scope.skus.iter().flatten()).cloned().collect();
        let without: Vec<String> = scope.exclude_categories.iter().chain(&scope.exclude_skus).cloned().collect();
        if !within.is_empty() {
            let named = listed(&within, zh);
            say(format!("限 {named}"), format!("on {named} only"));
        }
        if !without.is_empty() {
            let named = listed(&without, zh);
            say(format!("{named} 除外"), format!("not on {named}"));
        }
        for price in &scope.not_replaced_by {
            match price {
                Replacement::MemberPrice => say("会员价商品除外".to_owned(), "not on goods at a member price".to_owned()),
                Replacement::FlashPrice => say("限时抢购商品除外".to_owned(), "not on goods at a flash price".to_owned()),
            }
        }
    }
    if let Some(when) = offer.calendar.as_ref().and_then(|calendar| days(calendar, zh)) {
        say(when.clone(), when);
    }
    if let Some(times) = offer.per_member {
        say(format!("每人最多用 {times} 次"), format!("{times} {} a member at most", if times == 1 { "use" } else { "uses" }));
    }
    if offer.exclusive == Some(Exclusive::Order) && offer.group.is_some() {
        say("不与同组的其他优惠同用".to_owned(), "not beside other offers of its group".to_owned());
    }
    out
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn offer(body: Value) -> Offer {
        serde_json::from_value(body).expect("an offer")
    }

    #[test]
    fn every_kind_says_what_it_gives() {
        for (body, amount, zh, en) in [
            (json!({ "kind": "amount_off", "amount": 1_000, "min_amount": 10_000 }), None, "减 10 元", "10 yuan off"),
            (json!({ "kind": "no_threshold" }), Some(321), "减 3.21 元", "3.21 yuan off"),
            (json!({ "kind": "percent_off", "pay_rate": "0.85", "cap": 5_000 }), None, "8.5 折，最多减 50 元", "15% off, 50 yuan at most"),
            (json!({ "kind": "percent_off", "pay_rate": "0.9" }), None, "9 折", "10% off"),
            (json!({ "kind": "percent_off", "pay_rate": "0.8550" }), None, "8.55 折", "14.5% off"),
            (json!({ "kind": "percent_off", "pay_rate": "0" }), None, "0 折", "100% off"),
            (json!({ "kind": "percent_off", "pay_rate": "1.00" }), None, "10 折", "0% off"),
            (json!({ "kind": "gift", "gifts": [{ "sku": "M", "qty": 2, "value": 1 }] }), None, "送 M × 2", "A gift: M × 2"),
            (json!({ "kind": "exchange", "sku": "M" }), None, "免费换 M 一件", "A piece of M free"),
            (json!({ "kind": "exchange", "sku": "M", "pay": 100 }), None, "1 元 换 M 一件", "A piece of M for 1 yuan"),
            (json!({ "kind": "free_shipping", "cap": 1_000 }), None, "免运费，最多减 10 元", "Free shipping, 10 yuan at most"),
        ] {
            let offer = offer(body);
            assert_eq!(gives(&offer, amount, Currency::CNY, true), zh);
            assert_eq!(gives(&offer, amount, Currency::CNY, false), en);
        }
    }

    #[test]
    fn what_it_needs_is_told_one_by_one() {
        let offer = offer(json!({
            "kind": "percent_off", "pay_rate": "0.9", "min_amount": 12_850, "min_qty": 2,
            "scope": { "categories": ["home"], "exclude_skus": ["A"], "not_replaced_by": ["flash_price"] },
            "calendar": { "weekdays": [6, 7], "hours": ["20:00", "22:00"] }, "per_member": 1, "group": "g", "exclusive": "order",
        }));
        let zh = [
            "满 128.50 元 可用",
            "满 2 件可用",
            "限 home",
            "A 除外",
            "限时抢购商品除外",
            "周六、周日 20:00–22:00 可用",
            "每人最多用 1 次",
            "不与同组的其他优惠同用",
        ];
        assert_eq!(needs(&offer, Currency::CNY, true), zh);
        let en = [
            "from 128.50 yuan on",
            "from 2 pieces on",
            "on home only",
            "not on A",
            "not on goods at a flash price",
            "Saturday, Sunday 20:00–22:00 only",
            "1 use a member at most",
            "not beside other offers of its group",
        ];
        assert_eq!(needs(&offer, Currency::CNY, false), en);
        let none: Offer = serde_json::from_value(json!({ "kind": "no_threshold", "amount": 500, "min_amount": 0 })).expect("an offer");
        assert_eq!(needs(&none, Currency::CNY, true), Vec::<String>::new());
    }
}
