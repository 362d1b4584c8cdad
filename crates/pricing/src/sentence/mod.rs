//! A promotion as one sentence, in Chinese and English: for whom, when, on which goods, from what on, what it does, how
//! often, and what it stands beside. An operator reads there what was entered, not what was meant.

mod does;

use shuke_kernel::{Currency, Instant, Zone};

use crate::explain::{Message, amount};
use crate::offers::{Calendar, Exclusive, Promotion, Replacement, Rule, Scope, Terms};

/// How many names of goods, tiers or groups a sentence says before it counts the rest.
const SAID: usize = 3;

/// What a sentence is said with.
#[derive(Clone, Copy)]
pub struct Telling<'a> {
    /// Of all amounts.
    pub currency: Currency,
    /// By whose clock times are told.
    pub zone: &'a Zone,
    /// What people call a segment that the promotion names, in Chinese and in English.
    pub segment: &'a dyn Fn(&str) -> (String, String),
}

/// Words in both languages, put together part by part.
#[derive(Clone, Default)]
struct Said {
    zh: Vec<String>,
    en: Vec<String>,
}

impl Said {
    fn add(&mut self, zh: impl Into<String>, en: impl Into<String>) {
        self.zh.push(zh.into());
        self.en.push(en.into());
    }
}

/// The promotion as one sentence.
pub fn sentence(promotion: &Promotion, telling: &Telling<'_>) -> Message {
    let terms = &promotion.terms;
    let mut said = Said::default();
    when(terms, telling, &mut said);
    who(terms, telling, &mut said);
    let (zh, en) = does::what(promotion, telling);
    said.add(zh, en);
    limits(terms, matches!(promotion.rule, Rule::FlashPrice(_)), &mut said);
    // A price of its own is set before promotions stand beside or against each other.
    if !matches!(promotion.rule, Rule::MemberPrice(_) | Rule::FlashPrice(_)) {
        beside(terms, &mut said);
    }
    let en = said.en.join("; ");
    let mut letters = en.chars();
    let en = letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect());
    Message { zh: format!("{}。", said.zh.join("，")), en: format!("{en}.") }
}

fn when(terms: &Terms, telling: &Telling<'_>, said: &mut Said) {
    let at = |t: Instant| moment(telling.zone, t);
    match (terms.from, terms.to) {
        (Some(from), Some(to)) => {
            said.add(format!("{} 起至 {} 止", at(from), at(to)), format!("from {} until {}", at(from), at(to)));
        }
        (Some(from), None) => said.add(format!("{} 起", at(from)), format!("from {} on", at(from))),
        (None, Some(to)) => said.add(format!("{} 止", at(to)), format!("until {}", at(to))),
        (None, None) => {}
    }
    calendar(&terms.calendar, said);
}

fn calendar(calendar: &Calendar, said: &mut Said) {
    const ZH: [&str; 7] = ["一", "二", "三", "四", "五", "六", "日"];
    const EN: [&str; 7] = ["Mondays", "Tuesdays", "Wednesdays", "Thursdays", "Fridays", "Saturdays", "Sundays"];
    if let Some(days) = &calendar.weekdays {
        let of = |names: [&'static str; 7]| -> Vec<&str> {
            days.iter().filter_map(|d| usize::try_from(d - 1).ok().and_then(|i| names.get(i).copied())).collect()
        };
        said.add(format!("每周{}", of(ZH).join("、")), format!("on {}", of(EN).join(", ")));
    }
    if let Some(days) = &calendar.month_days {
        let days: Vec<String> = days.iter().map(i64::to_string).collect();
        said.add(format!("每月 {} 日", days.join("、")), format!("on day {} of the month", days.join(", ")));
    }
    if let Some((from, to)) = calendar.hours {
        let clock = |minutes: i64| format!("{:02}:{:02}", minutes / 60, minutes % 60);
        let days = calendar.weekdays.is_some() || calendar.month_days.is_some();
        let (start, end) = (clock(from), clock(to));
        match () {
            () if from == to => said.add("没有可用的钟点", "at no hour"),
            () if from < to => said.add(format!("{start} 到 {end}"), format!("from {start} to {end}")),
            // Hours are those of the days that are named: the small ones belong to the day on which they lie.
            () if days => said.add(
                format!("当天 00:00 到 {end} 和 {start} 到 24:00"),
                format!("from 00:00 to {end} and from {start} to 24:00 of that day"),
            ),
            () => said.add(format!("{start} 到次日 {end}"), format!("from {start} to {end} of the next day")),
        }
    }
}

fn who(terms: &Terms, telling: &Telling<'_>, said: &mut Said) {
    if let Some(tiers) = &terms.tiers {
        let (zh, en) = listed(tiers);
        said.add(format!("限等级{zh}"), format!("for the tiers {en}"));
    }
    if let Some(segments) = &terms.segments {
        let (zh, en): (Vec<String>, Vec<String>) = segments.iter().map(|s| (telling.segment)(s)).unzip();
        said.add(format!("限人群{}", listed(&zh).0), format!("for the groups {}", listed(&en).1));
    }
    if terms.members_only && terms.tiers.is_none() && terms.segments.is_none() {
        said.add("限会员", "for members");
    }
}

/// Which goods, as the object of a sentence.
fn goods(scope: &Scope) -> (String, String) {
    let mut named = Said::default();
    if let Some(skus) = &scope.skus {
        let (zh, en) = listed(skus);
        named.add(format!("商品{zh}"), format!("the goods {en}"));
    }
    if let Some(categories) = &scope.categories {
        let (zh, en) = listed(categories);
        named.add(format!("类目{zh}"), format!("the categories {en}"));
    }
    let (mut zh, mut en) = if named.zh.is_empty() {
        ("全场商品".to_owned(), "all goods".to_owned())
    } else {
        (named.zh.join("或"), named.en.join(" or "))
    };
    let mut but = Said::default();
    if !scope.exclude_skus.is_empty() {
        let (zh, en) = listed(&scope.exclude_skus);
        but.add(format!("商品{zh}"), format!("the goods {en}"));
    }
    if !scope.exclude_categories.is_empty() {
        let (zh, en) = listed(&scope.exclude_categories);
        but.add(format!("类目{zh}"), format!("the categories {en}"));
    }
    for by in &scope.not_replaced_by {
        match by {
            Replacement::MemberPrice => but.add("已享会员价的商品", "goods at a member price"),
            Replacement::FlashPrice => but.add("已享抢购价的商品", "goods at a flash price"),
        }
    }
    if !but.zh.is_empty() {
        zh += &format!("（{}除外）", but.zh.join("、"));
        en += &format!(" (but not {})", but.en.join(", "));
    }
    (zh, en)
}

/// The thresholds that every kind may have, where they are not the kind's own.
fn threshold(terms: &Terms, telling: &Telling<'_>) -> Option<(String, String)> {
    let mut parts = Said::default();
    if terms.min_amount > 0 {
        let (zh, en) = money(terms.min_amount, telling.currency);
        parts.add(zh, en);
    }
    if terms.min_qty > 0 {
        parts.add(format!("{} 件", terms.min_qty), pieces(terms.min_qty));
    }
    (!parts.zh.is_empty()).then(|| (format!("满 {}", parts.zh.join("且满 ")), format!("from {} on", parts.en.join(" and "))))
}

fn limits(terms: &Terms, counts_units: bool, said: &mut Said) {
    let (unit_zh, unit) = if counts_units { ("件", "pieces") } else { ("次", "times") };
    if let Some(most) = terms.per_member {
        said.add(format!("每人限 {most} {unit_zh}"), format!("at most {most} {unit} a member"));
    }
    if let Some(left) = terms.quota_left {
        said.add(format!("还剩 {left} {unit_zh}"), format!("{left} {unit} are left"));
    }
    if let Some(grams) = terms.max_weight_g {
        said.add(format!("整单不超过 {grams} 克"), format!("for carts of at most {grams} g"));
    }
}

fn beside(terms: &Terms, said: &mut Said) {
    match (terms.exclusive, &terms.group) {
        (Exclusive::None, _) | (_, None) => {}
        (Exclusive::Order, Some(group)) => {
            said.add(format!("同一订单不与「{group}」组的其他优惠同享"), format!("not in one order with others of the group \"{group}\""));
        }
        (Exclusive::Line, Some(group)) => {
            said.add(format!("同一商品行不与「{group}」组的其他优惠同享"), format!("not on one line with others of the group \"{group}\""));
        }
    }
}

/// `A、B 等 5 个`; the rest is counted, never left out unsaid.
fn listed(names: &[String]) -> (String, String) {
    listed_parts(names.iter().map(|n| (format!("「{n}」"), format!("\"{n}\""))), names.len(), "个")
}

/// The first parts of a list, and how many there are where these are not all; `unit` counts them in Chinese.
fn listed_parts(parts: impl Iterator<Item = (String, String)>, all: usize, unit: &str) -> (String, String) {
    let (zh, en): (Vec<String>, Vec<String>) = parts.take(SAID).unzip();
    let (mut zh, mut en) = (zh.join("、"), en.join(", "));
    if all > SAID {
        zh += &format!("等 {all} {unit}");
        en += &format!(" and {} more", all - SAID);
    }
    (zh, en)
}

fn money(fen: i64, currency: Currency) -> (String, String) {
    let shown = amount(fen, currency);
    let zh = if currency == Currency::CNY { format!("{shown} 元") } else { format!("{shown} {currency}") };
    (zh, format!("{shown} {currency}"))
}

fn pieces(n: i64) -> String {
    if n == 1 { "1 piece".to_owned() } else { format!("{n} pieces") }
}

/// What a clock on the wall shows: `2026-11-11 00:00`.
fn moment(zone: &Zone, t: Instant) -> String {
    let wall = zone.wall(t);
    let form = if wall.second() == 0 { "%Y-%m-%d %H:%M" } else { "%Y-%m-%d %H:%M:%S" };
    wall.strftime(form).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(json: &str) -> Message {
        let promotion = Promotion::read(json, "P").unwrap_or_else(|e| panic!("{json}: {e}"));
        let segment = |id: &str| if id == "seg" { ("宝妈".to_owned(), "mothers".to_owned()) } else { (id.to_owned(), id.to_owned()) };
        sentence(&promotion, &Telling { currency: Currency::CNY, zone: &Zone::shanghai(), segment: &segment })
    }

    #[test]
    fn each_kind_says_what_it_does() {
        for (json, zh, en) in [
            (
                r#"{"kind":"percent_off","pay_rate":"0.85","cap":2000,"members_only":true}"#,
                "限会员，全场商品打 8.5 折（最多减 20.00 元）。",
                "For members; 15% off (at most 20.00 CNY) on all goods.",
            ),
            (
                r#"{"kind":"amount_off","amount":500,"scope":{"skus":["A","B"]},"min_qty":2}"#,
                "商品「A」、「B」满 2 件，每件减 5.00 元。",
                "5.00 CNY off each piece on the goods \"A\", \"B\", from 2 pieces on.",
            ),
            (
                r#"{"kind":"stepped_threshold","steps":[{"min_amount":30000,"amount_off":5000},{"min_amount":20000,"amount_off":3000}]}"#,
                "全场商品满 200.00 元减 30.00 元、满 300.00 元减 50.00 元。",
                "30.00 CNY off from 200.00 CNY, 50.00 CNY off from 300.00 CNY on all goods.",
            ),
            (
                r#"{"kind":"stepped_threshold","steps":[{"min_amount":10000,"amount_off":1000}],"repeat":true,"max_times":3}"#,
                "全场商品每满 100.00 元减 10.00 元（最多 3 次）。",
                "10.00 CNY off for every 100.00 CNY (at most 3 times) on all goods.",
            ),
            (
                r#"{"kind":"nth_item","n":2,"pay_rate":"0.5","across":"sku","segments":["seg"]}"#,
                "限人群「宝妈」，全场商品同款每第 2 件打 5 折。",
                "For the groups \"mothers\"; each 2nd piece of one sku 50% off on all goods.",
            ),
            (
                r#"{"kind":"bundle_price","items":[{"sku":"A","qty":1},{"sku":"B","qty":2}],"price":9900,"max_sets":1}"#,
                "「A」1 件 + 「B」2 件的套餐价 99.00 元（最多 1 套）。",
                "A set of 1 × \"A\" + 2 × \"B\" for 99.00 CNY (at most 1 set).",
            ),
            (
                r#"{"kind":"gift","gifts":[{"sku":"G","qty":1,"value":1900}],"min_amount":5000,"group":"g","exclusive":"order"}"#,
                "买全场商品满 50.00 元，赠「G」1 件，同一订单不与「g」组的其他优惠同享。",
                "A gift of 1 × \"G\" with all goods, from 50.00 CNY on; not in one order with others of the group \"g\".",
            ),
            (
                r#"{"kind":"free_shipping","cap":800,"min_amount":9900}"#,
                "买全场商品满 99.00 元，减运费（最多 8.00 元）。",
                "Free shipping (at most 8.00 CNY) with all goods, from 99.00 CNY on.",
            ),
            (
                r#"{"kind":"member_price","items":[{"sku":"A","price":1000}],"tiers":["金牌"]}"#,
                "限等级「金牌」，会员价：「A」10.00 元。",
                "For the tiers \"金牌\"; member price: \"A\" 10.00 CNY.",
            ),
            (
                r#"{"kind":"percent_off","pay_rate":"0","from":"2026-06-10T04:00:00Z","calendar":{"weekdays":[5],"hours":["20:00","22:00"]}}"#,
                "2026-06-10 12:00 起，每周五，20:00 到 22:00，全场商品免费。",
                "From 2026-06-10 12:00 on; on Fridays; from 20:00 to 22:00; free on all goods.",
            ),
            (
                r#"{"kind":"percent_off","pay_rate":"0.9","calendar":{"weekdays":[5],"hours":["22:00","02:00"]}}"#,
                "每周五，当天 00:00 到 02:00 和 22:00 到 24:00，全场商品打 9 折。",
                "On Fridays; from 00:00 to 02:00 and from 22:00 to 24:00 of that day; 10% off on all goods.",
            ),
            (
                r#"{"kind":"percent_off","pay_rate":"0.9","calendar":{"hours":["22:00","02:00"]}}"#,
                "22:00 到次日 02:00，全场商品打 9 折。",
                "From 22:00 to 02:00 of the next day; 10% off on all goods.",
            ),
            (
                r#"{"kind":"member_price","items":[{"sku":"A","price":1000}],"group":"g","exclusive":"order"}"#,
                "会员价（游客也享）：「A」10.00 元。",
                "Member price, for guests too: \"A\" 10.00 CNY.",
            ),
        ] {
            let got = said(json);
            assert_eq!((got.zh.as_str(), got.en.as_str()), (zh, en), "{json}");
        }
    }

    #[test]
    fn what_is_not_named_is_counted() {
        let got = said(r#"{"kind":"percent_off","pay_rate":"0.9","scope":{"skus":["A","B","C","D","E"],"exclude_categories":["x"]}}"#);
        assert_eq!(got.zh, "商品「A」、「B」、「C」等 5 个（类目「x」除外）打 9 折。");
        assert_eq!(got.en, "10% off on the goods \"A\", \"B\", \"C\" and 2 more (but not the categories \"x\").");
    }
}
