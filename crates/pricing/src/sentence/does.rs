//! What a promotion does, by its kind, and on which goods.

use super::{Telling, goods, listed_parts, money, pieces, threshold};
use crate::offers::{Bundle, Gift, NthItem, Per, Percent, PriceItem, Promotion, Rule, Scope, StepOff, Stepped, Terms};
use crate::rate::Rate;

/// The same in Chinese and in English.
type Both = (String, String);

/// Its goods, its threshold and what it does.
pub(super) fn what(promotion: &Promotion, telling: &Telling<'_>) -> Both {
    match &promotion.rule {
        Rule::PercentOff(percent) => placed(promotion, telling, share(percent, telling), ("", "on")),
        Rule::AmountOff { amount, per } => {
            let (zh, en) = money(*amount, telling.currency);
            let (each_zh, each) = match per {
                Per::Unit => ("每件", "each piece"),
                Per::Line => ("每行", "each line"),
            };
            placed(promotion, telling, (format!("{each_zh}减 {zh}"), format!("{en} off {each}")), ("", "on"))
        }
        Rule::NthItem(rule) => placed(promotion, telling, nth(rule), ("", "on")),
        Rule::Stepped(rule) => placed(promotion, telling, steps(rule, telling), ("", "on")),
        Rule::Gift(gifts) => placed(promotion, telling, given(gifts), ("买", "with")),
        Rule::FreeShipping { cap } => placed(promotion, telling, shipping(*cap, telling), ("买", "with")),
        // Who is a guest pays it too, unless it says otherwise (docs/decisions/0013-pricing-readings.md).
        Rule::MemberPrice(items) if is_for_guests(&promotion.terms) => {
            among(promotion, telling, prices("会员价（游客也享）", "member price, for guests too", items, telling))
        }
        Rule::MemberPrice(items) => among(promotion, telling, prices("会员价", "member price", items, telling)),
        Rule::FlashPrice(items) => among(promotion, telling, prices("限时抢购价", "flash price", items, telling)),
        Rule::BundlePrice(rule) => among(promotion, telling, bundle(rule, telling)),
    }
}

/// `全场商品满 100.00 元，打 9 折` / `10% off on all goods, from 100.00 CNY on`.
fn placed(promotion: &Promotion, telling: &Telling<'_>, (zh, en): Both, (buy, with): (&str, &str)) -> Both {
    let (on_zh, on) = goods(&promotion.terms.scope);
    match threshold(&promotion.terms, telling) {
        Some((from_zh, from)) => (format!("{buy}{on_zh}{from_zh}，{zh}"), format!("{en} {with} {on}, {from}")),
        None if buy.is_empty() => (format!("{on_zh}{zh}"), format!("{en} {with} {on}")),
        None => (format!("{buy}{on_zh}，{zh}"), format!("{en} {with} {on}")),
    }
}

fn is_for_guests(terms: &Terms) -> bool {
    !terms.members_only && terms.tiers.is_none() && terms.segments.is_none()
}

/// Of kinds that name their goods themselves, the scope and the threshold stand behind, where there are any.
fn among(promotion: &Promotion, telling: &Telling<'_>, (zh, en): Both) -> Both {
    let Scope { skus, categories, exclude_skus, exclude_categories, not_replaced_by } = &promotion.terms.scope;
    let everywhere =
        skus.is_none() && categories.is_none() && exclude_skus.is_empty() && exclude_categories.is_empty() && not_replaced_by.is_empty();
    let (on_zh, on) = goods(&promotion.terms.scope);
    match threshold(&promotion.terms, telling) {
        Some((from_zh, from)) => (format!("{zh}（{on_zh}{from_zh}）"), format!("{en} (on {on}, {from})")),
        None if everywhere => (zh, en),
        None => (format!("{zh}（限{on_zh}）"), format!("{en} (on {on})")),
    }
}

fn share(percent: &Percent, telling: &Telling<'_>) -> Both {
    let (zh, en) = rate(percent.pay_rate);
    match percent.cap {
        Some(cap) => {
            let (cap_zh, cap) = money(cap, telling.currency);
            (format!("{zh}（最多减 {cap_zh}）"), format!("{en} (at most {cap})"))
        }
        None => (zh, en),
    }
}

/// `打 8.5 折` / `15% off`.
fn rate(rate: Rate) -> Both {
    let (tenths, off) = (rate.tenths(), rate.percent_off());
    match tenths.as_str() {
        "0" => ("免费".to_owned(), "free".to_owned()),
        "10" => ("按原价".to_owned(), "nothing off".to_owned()),
        _ => (format!("打 {tenths} 折"), format!("{off}% off")),
    }
}

fn nth(rule: &NthItem) -> Both {
    let (zh, en) = rate(rule.pay_rate);
    let n = rule.n;
    let ordinal = match (n % 10, n % 100) {
        (1, r) if r != 11 => "st",
        (2, r) if r != 12 => "nd",
        (3, r) if r != 13 => "rd",
        _ => "th",
    };
    let (same_zh, same) = if rule.by_sku { ("同款", " of one sku") } else { ("", "") };
    if rule.repeat {
        (format!("{same_zh}每第 {n} 件{zh}"), format!("each {n}{ordinal} piece{same} {en}"))
    } else {
        (format!("{same_zh}第 {n} 件{zh}（一单一次）"), format!("the {n}{ordinal} piece{same} {en}, once an order"))
    }
}

fn steps(rule: &Stepped, telling: &Telling<'_>) -> Both {
    let parts = rule.steps.iter().map(|step| {
        let (from_zh, from) = match (rule.by_qty, step.from) {
            (true, n) => (format!("{n} 件"), pieces(n)),
            (false, fen) => money(fen, telling.currency),
        };
        let (off_zh, off) = match &step.off {
            StepOff::Amount(fen) => {
                let (zh, en) = money(*fen, telling.currency);
                (format!("减 {zh}"), format!("{en} off"))
            }
            StepOff::Percent(percent) => share(percent, telling),
        };
        let times = match rule.max_times {
            Some(n) if rule.repeat => (format!("（最多 {n} 次）"), format!(" (at most {n} times)")),
            _ => Both::default(),
        };
        if rule.repeat {
            (format!("每满 {from_zh}{off_zh}{}", times.0), format!("{off} for every {from}{}", times.1))
        } else {
            (format!("满 {from_zh}{off_zh}"), format!("{off} from {from}"))
        }
    });
    listed_parts(parts, rule.steps.len(), "档")
}

fn given(gifts: &[Gift]) -> Both {
    let parts = gifts.iter().map(|g| (format!("「{}」{} 件", g.sku, g.qty), format!("{} × \"{}\"", g.qty, g.sku)));
    let (zh, en) = listed_parts(parts, gifts.len(), "种");
    (format!("赠{zh}"), format!("a gift of {en}"))
}

fn shipping(cap: Option<i64>, telling: &Telling<'_>) -> Both {
    match cap {
        Some(cap) => {
            let (zh, en) = money(cap, telling.currency);
            (format!("减运费（最多 {zh}）"), format!("free shipping (at most {en})"))
        }
        None => ("免运费".to_owned(), "free shipping".to_owned()),
    }
}

fn prices(zh: &str, en: &str, items: &[PriceItem], telling: &Telling<'_>) -> Both {
    if items.is_empty() {
        return (format!("{zh}：还没有商品"), format!("{en}: no goods yet"));
    }
    let parts = items.iter().map(|item| {
        let (price_zh, price) = money(item.price, telling.currency);
        (format!("「{}」{price_zh}", item.sku), format!("\"{}\" {price}", item.sku))
    });
    let (list_zh, list) = listed_parts(parts, items.len(), "种");
    (format!("{zh}：{list_zh}"), format!("{en}: {list}"))
}

fn bundle(rule: &Bundle, telling: &Telling<'_>) -> Both {
    let of = |(sku, qty): &(String, i64)| (format!("「{sku}」{qty} 件"), format!("{qty} × \"{sku}\""));
    let (zh, en): (Vec<String>, Vec<String>) = rule.items.iter().map(of).unzip();
    let (price_zh, price) = money(rule.price, telling.currency);
    let most = rule
        .max_sets
        .map_or_else(Both::default, |n| (format!("（最多 {n} 套）"), format!(" (at most {n} {})", if n == 1 { "set" } else { "sets" })));
    let zh = format!("{}的套餐价 {price_zh}{}", zh.join(" + "), most.0);
    (zh, format!("a set of {} for {price}{}", en.join(" + "), most.1))
}
