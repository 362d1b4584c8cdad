//! Goals, what is missing and what is given, in words that a shopper understands, in Chinese and English.

use shuke_kernel::Currency;
use shuke_loyalty::sentences::{capital, in_units};

use super::goal::{Field, Goal, GoalKind};
use super::progress::Progress;
use crate::gift::Gift;
use crate::{BenefitId, RewardId};

/// What is joined, in either language.
fn listed(parts: &[String], zh: bool) -> String {
    parts.join(if zh { "、" } else { ", " })
}

fn field(field: Field, zh: bool) -> &'static str {
    let (chinese, english) = match field {
        Field::Name => ("姓名", "name"),
        Field::Gender => ("性别", "gender"),
        Field::Birthday => ("生日", "birthday"),
        Field::Region => ("所在地区", "region"),
    };
    if zh { chinese } else { english }
}

/// A kind of act as something that is done so many times.
fn deed(kind: &str, times: i64, more: bool, zh: bool) -> String {
    let (chinese, one, many) = match kind {
        "browse" => ("浏览", "look at goods", "look at goods"),
        "search" => ("搜索", "search", "search"),
        "cart" => ("加入购物车", "put goods into the cart", "put goods into the cart"),
        "favourite" => ("收藏", "keep goods as favourites", "keep goods as favourites"),
        "share" => ("分享", "share", "share"),
        "review" => ("评价", "write a review", "write reviews"),
        "consult" => ("咨询", "ask the shop", "ask the shop"),
        "login" => ("登录", "sign in", "sign in"),
        "check_in" => ("签到", "check in", "check in"),
        "visit" => ("到访", "visit", "visit"),
        "message_opened" => ("打开消息", "open a message", "open messages"),
        "message_clicked" => ("点击消息", "follow a message", "follow messages"),
        "message_replied" => ("回复消息", "answer a message", "answer messages"),
        "register" => ("注册", "register", "register"),
        "follow" => ("关注", "follow the shop", "follow the shop"),
        "subscribe" => ("订阅", "subscribe", "subscribe"),
        other => (other, other, other),
    };
    if zh {
        return format!("{}{chinese} {times} 次", if more { "再" } else { "" });
    }
    let what = if times == 1 { one } else { many };
    match (times, more) {
        (1, false) => what.to_owned(),
        (1, true) => format!("{what} once more"),
        (n, false) => format!("{what} {n} times"),
        (n, true) => format!("{what} {n} more times"),
    }
}

/// An amount as people read it: 128.50 元, 128.50 yuan.
fn money(minor: i64, currency: Currency, zh: bool) -> String {
    let amount = in_units(minor, currency.digits());
    match (currency == Currency::CNY, zh) {
        (true, true) => format!("{amount} 元"),
        (true, false) => format!("{amount} yuan"),
        (false, _) => format!("{amount} {currency}"),
    }
}

/// So much of a goal; `more` where some is done already.
fn step(goal: &Goal, amount: i64, more: bool, currency: Currency, zh: bool) -> String {
    let again = if more { "再" } else { "" };
    let (n, plus) = (amount, if more { " more" } else { "" });
    match (goal.kind, zh) {
        (GoalKind::Profile, _) => listed(&goal.fields.iter().map(|f| field(*f, zh).to_owned()).collect::<Vec<_>>(), zh),
        (GoalKind::Orders, true) => format!("{again}完成 {n} 笔订单"),
        (GoalKind::Orders, false) if n == 1 => format!("complete 1{plus} order"),
        (GoalKind::Orders, false) => format!("complete {n}{plus} orders"),
        (GoalKind::Spend, true) => format!("{again}消费 {}", money(n, currency, zh)),
        (GoalKind::Spend, false) => format!("spend {}{plus}", money(n, currency, zh)),
        (GoalKind::Acts, _) => deed(goal.act.as_deref().unwrap_or_default(), n, more, zh),
        (GoalKind::CheckIn, true) => format!("{again}签到 {n} 天"),
        (GoalKind::CheckIn, false) if n == 1 => format!("check in on 1{plus} day"),
        (GoalKind::CheckIn, false) => format!("check in on {n}{plus} days"),
        (GoalKind::Points, true) => format!("{again}获得 {n} 积分"),
        (GoalKind::Points, false) if n == 1 => format!("earn 1{plus} point"),
        (GoalKind::Points, false) => format!("earn {n}{plus} points"),
    }
}

/// On which goods and in which shops it must be; empty where it is on any.
fn on(goal: &Goal, shop: &dyn Fn(&str) -> String, zh: bool) -> String {
    let goods = if goal.categories.is_empty() { &goal.skus } else { &goal.categories };
    let shops: Vec<String> = goal.shops.iter().map(|named| shop(named)).collect();
    let only = |named: &[String]| match (named.is_empty(), zh) {
        (true, _) => String::new(),
        (false, true) => format!("（限{}）", listed(named, true)),
        (false, false) => format!(" (of {})", listed(named, false)),
    };
    format!("{}{}", only(goods), only(&shops))
}

/// What is to be done, as one sentence without its stop, by what shops are called.
pub fn goal(goal: &Goal, currency: Currency, shop: &dyn Fn(&str) -> String, zh: bool) -> String {
    let all = step(goal, goal.need(), false, currency, zh);
    match (goal.kind, zh) {
        (GoalKind::Profile, true) => format!("完善资料：{all}"),
        (GoalKind::Profile, false) => format!("Complete your profile: {all}"),
        (_, true) => format!("{all}{}", on(goal, shop, true)),
        (_, false) => format!("{}{}", capital(&all), on(goal, shop, false)),
    }
}

/// What is missing, as one sentence without its stop; of a profile these facts are.
pub fn missing(goal: &Goal, done: Progress, open: &[Field], currency: Currency, zh: bool) -> String {
    if done.reached() {
        return if zh { "已达成".to_owned() } else { "Done".to_owned() };
    }
    if goal.kind == GoalKind::Profile {
        let open = listed(&open.iter().map(|f| field(*f, zh).to_owned()).collect::<Vec<_>>(), zh);
        return if zh { format!("还差{open}") } else { format!("Missing: {open}") };
    }
    let next = step(goal, done.open(), done.have > 0, currency, zh);
    let next = if zh { next } else { capital(&next) };
    match (done.waiting > 0, goal.kind, zh) {
        (false, ..) => next,
        (true, GoalKind::Orders, true) => format!("{next}（另有 {} 笔订单完成后计入）", done.waiting),
        (true, GoalKind::Orders, false) => format!("{next} ({} on the way count once final)", done.waiting),
        (true, _, true) => format!("{next}（另有 {}待订单完成后计入）", money(done.waiting, currency, true)),
        (true, _, false) => format!("{next} ({} on the way count once final)", money(done.waiting, currency, false)),
    }
}

/// What is given, as a list, by what benefits and rewards are called.
pub fn gift(gift: &Gift<'_>, benefit: &dyn Fn(BenefitId) -> String, reward: &dyn Fn(RewardId) -> String, zh: bool) -> String {
    let mut parts = Vec::new();
    if gift.points > 0 {
        let en = if gift.points == 1 { "point" } else { "points" };
        parts.push(if zh { format!("{} 积分", gift.points) } else { format!("{} {en}", gift.points) });
    }
    if gift.growth > 0 {
        parts.push(if zh { format!("{} 成长值", gift.growth) } else { format!("{} growth value", gift.growth) });
    }
    parts.extend(gift.uses.iter().map(|part| format!("{} × {}", benefit(part.benefit), part.uses)));
    parts.extend(gift.rewards.iter().map(|id| reward(*id)));
    listed(&parts, zh)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gift::PackUses;

    fn of(text: &str) -> Goal {
        serde_json::from_str(text).expect("a goal")
    }

    #[test]
    fn goals_and_what_is_missing_are_said_as_a_shopper_reads_them() {
        let (cny, shop) = (Currency::CNY, |_: &str| "旗舰店".to_owned());
        let far = |have, waiting, need| Progress { have, waiting, need };
        for (text, done, zh, en, left_zh, left_en) in [
            (
                r#"{"kind": "orders", "times": 3}"#,
                far(1, 1, 3),
                "完成 3 笔订单",
                "Complete 3 orders",
                "再完成 2 笔订单（另有 1 笔订单完成后计入）",
                "Complete 2 more orders (1 on the way count once final)",
            ),
            (
                r#"{"kind": "spend", "amount": {"amount": 30000, "currency": "CNY"}, "categories": ["母婴"]}"#,
                far(17_150, 0, 30_000),
                "消费 300 元（限母婴）",
                "Spend 300 yuan (of 母婴)",
                "再消费 128.50 元",
                "Spend 128.50 yuan more",
            ),
            (
                r#"{"kind": "acts", "act": "share", "times": 2}"#,
                far(1, 0, 2),
                "分享 2 次",
                "Share 2 times",
                "再分享 1 次",
                "Share once more",
            ),
            (r#"{"kind": "check_in", "times": 7}"#, far(0, 0, 7), "签到 7 天", "Check in on 7 days", "签到 7 天", "Check in on 7 days"),
            (r#"{"kind": "points", "times": 9}"#, far(9, 0, 9), "获得 9 积分", "Earn 9 points", "已达成", "Done"),
        ] {
            let read = of(text);
            assert_eq!((goal(&read, cny, &shop, true), goal(&read, cny, &shop, false)), (zh.to_owned(), en.to_owned()), "{text}");
            let left = (missing(&read, done, &[], cny, true), missing(&read, done, &[], cny, false));
            assert_eq!(left, (left_zh.to_owned(), left_en.to_owned()), "{text}");
        }
        let profile = of(r#"{"kind": "profile", "fields": ["name", "birthday"]}"#);
        assert_eq!(goal(&profile, cny, &shop, true), "完善资料：姓名、生日");
        let here = of(r#"{"kind": "orders", "times": 1, "categories": ["母婴"], "shops": ["shp_1"]}"#);
        assert_eq!(goal(&here, cny, &shop, true), "完成 1 笔订单（限母婴）（限旗舰店）", "where it must be is said");
        assert_eq!(missing(&profile, far(1, 0, 2), &[Field::Birthday], cny, true), "还差生日");
        let uses = [PackUses { benefit: BenefitId::from_bytes([1; 16]), uses: 2, days: 9 }];
        let given = Gift { name: "x", programme: None, points: 50, growth: 0, uses: &uses, rewards: &[RewardId::from_bytes([1; 16])] };
        assert_eq!(gift(&given, &|_| "包邮".to_owned(), &|_| "杯子".to_owned(), true), "50 积分、包邮 × 2、杯子");
    }
}
