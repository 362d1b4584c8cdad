//! What is held, in words: tiers and coupons.

use crate::programme::{Condition, CouponValidity, Expiry, Ladder, Metric, OnRefund, Programme, Template, Window};

use super::{counted, joined, moment, points, yuan};

/// The year so many years after the one in which something begins.
pub(super) fn year(years: i64, zh: bool) -> String {
    match (years, zh) {
        (0, true) => "当年".to_owned(),
        (1, true) => "次年".to_owned(),
        (n, true) => format!("{n} 年后"),
        (0, false) => "the same year".to_owned(),
        (1, false) => "the next year".to_owned(),
        (n, false) => format!("the year {n} years on"),
    }
}

pub(super) fn ladder(programme: &Programme, zh: bool, say: &mut impl FnMut(String, String)) {
    let Some(ladder) = &programme.ladder else { return };
    for (place, tier) in ladder.tiers.iter().enumerate() {
        let name = tier.shown();
        let mut text = match (&tier.entry, zh) {
            _ if place == 0 && zh => format!("{name}：所有会员"),
            _ if place == 0 => format!("{name}: every member"),
            (None, true) => format!("{name}：不能自动升入"),
            (None, false) => format!("{name}: nobody enters by themselves"),
            (Some(entry), true) => format!("{name}：{}", condition(entry, ladder.window, zh)),
            (Some(entry), false) => format!("{name}: {}", condition(entry, ladder.window, zh)),
        };
        if place > 0 && tier.keep != tier.entry {
            let keep = tier.keep.as_ref().map(|keep| condition(keep, ladder.window, zh));
            text += &keep.map_or_else(String::new, |keep| if zh { format!("；保级：{keep}") } else { format!("; kept by {keep}") });
        }
        if tier.reward_points > 0 {
            let reward = points(tier.reward_points, zh);
            text += &if zh { format!("；升级奖励 {reward}") } else { format!("; {reward} for reaching it") };
        }
        say(format!("ladder.{}", tier.id), text);
    }
    if ladder.tiers.len() > 1 {
        say("ladder.validity".to_owned(), period(ladder, zh));
        say("ladder.on_refund".to_owned(), refunds(ladder.on_refund, zh));
    }
}

fn condition(condition: &Condition, window: Window, zh: bool) -> String {
    let each = condition.of.iter().map(|(metric, min)| match (metric, zh) {
        (Metric::NetSpend, true) => format!("消费满 {} 元", yuan(*min)),
        (Metric::NetSpend, false) => format!("{} yuan spent", yuan(*min)),
        (Metric::Orders, true) => format!("完成 {min} 笔订单"),
        (Metric::Orders, false) => counted(*min, "order"),
        (Metric::Growth, true) => format!("成长值满 {min}"),
        (Metric::Growth, false) => format!("{min} growth value"),
    });
    let each: Vec<String> = each.collect();
    let all = joined(&each, if condition.all { ("且", "and") } else { ("或", "or") }, zh);
    match (window, zh) {
        (Window::Lifetime, true) => format!("累计{all}"),
        (Window::Lifetime, false) => format!("{all} in all"),
        (Window::RollingMonths(n), true) => format!("最近 {n} 个月{all}"),
        (Window::RollingMonths(n), false) => format!("{all} within {}", counted(n, "month")),
        (Window::CalendarYear, true) => format!("自然年内{all}"),
        (Window::CalendarYear, false) => format!("{all} within the calendar year"),
    }
}

fn period(ladder: &Ladder, zh: bool) -> String {
    let mut text = match (ladder.validity, zh) {
        (Expiry::Days(n), true) => format!("等级从升级当天起 {n} 天有效"),
        (Expiry::Days(n), false) => format!("A tier is held for {} from the day of reaching it", counted(n, "day")),
        (Expiry::Months(n), true) => format!("等级从升级当天起 {n} 个月有效"),
        (Expiry::Months(n), false) => format!("A tier is held for {} from the day of reaching it", counted(n, "month")),
        (Expiry::YearEnd(n), true) => format!("等级有效至{} 12 月 31 日", year(n, zh)),
        (Expiry::YearEnd(n), false) => format!("A tier is held until 31 December of {}", year(n, zh)),
    };
    if ladder.grace_days > 0 {
        let days = ladder.grace_days;
        text += &if zh { format!("，到期后宽限 {days} 天") } else { format!(", and {} of grace", counted(days, "day")) };
    }
    text += match (ladder.step_down, zh) {
        (true, true) => "；未能保级时一次只降一级",
        (true, false) => "; who does not keep it falls one tier at a time",
        (false, true) => "；未能保级时降到所符合的最高等级",
        (false, false) => "; who does not keep it falls to the highest tier they qualify for",
    };
    text
}

fn refunds(on_refund: OnRefund, zh: bool) -> String {
    match (on_refund, zh) {
        (OnRefund::Window(days), true) => format!("订单计入后 {days} 天内退款而不再符合条件的，等级退回"),
        (OnRefund::Window(days), false) => {
            format!(
                "A refund within {} after the order counted takes the tier back where its conditions are no longer met",
                counted(days, "day")
            )
        }
        (OnRefund::Always, true) => "退款后不再符合条件的，等级退回".to_owned(),
        (OnRefund::Always, false) => "A refund takes the tier back where its conditions are no longer met".to_owned(),
        (OnRefund::PeriodEnd, true) => "退款不会立即影响等级，到期时再评".to_owned(),
        (OnRefund::PeriodEnd, false) => "A refund leaves the tier until the end of its period".to_owned(),
    }
}

pub(super) fn coupons(programme: &Programme, zh: bool, say: &mut impl FnMut(String, String)) {
    for template in programme.coupons.iter().flatten() {
        say(format!("coupons.{}", template.id), coupon(programme, template, zh));
    }
}

fn coupon(programme: &Programme, template: &Template, zh: bool) -> String {
    let amount = yuan(template.amount);
    let mut parts = vec![match (template.validity, zh) {
        (CouponValidity::Days(n), true) => format!("优惠券「{}」减 {amount} 元，领取后 {n} 天有效", template.id),
        (CouponValidity::Days(n), false) => {
            format!("Coupon \"{}\": {amount} yuan off, good for {} after the day of claiming", template.id, counted(n, "day"))
        }
        (CouponValidity::To(to), true) => format!("优惠券「{}」减 {amount} 元，有效至 {}", template.id, moment(&programme.zone, to)),
        (CouponValidity::To(to), false) => {
            format!("Coupon \"{}\": {amount} yuan off, good until {}", template.id, moment(&programme.zone, to))
        }
    }];
    if let Some(n) = template.stock {
        parts.push(if zh { format!("共 {n} 张") } else { format!("{n} in all") });
    }
    if let Some(fen) = template.budget_fen {
        parts.push(if zh { format!("预算 {} 元", yuan(fen)) } else { format!("a budget of {} yuan", yuan(fen)) });
    }
    if let Some(n) = template.per_member {
        parts.push(if zh { format!("每人限领 {n} 张") } else { format!("{n} for each member") });
    }
    let claimed = (template.claim_from.map(|t| moment(&programme.zone, t)), template.claim_to.map(|t| moment(&programme.zone, t)));
    match (claimed, zh) {
        ((Some(from), Some(to)), true) => parts.push(format!("{from} 至 {to} 可领")),
        ((Some(from), None), true) => parts.push(format!("{from} 起可领")),
        ((None, Some(to)), true) => parts.push(format!("{to} 前可领")),
        ((Some(from), Some(to)), false) => parts.push(format!("to be claimed from {from} and before {to}")),
        ((Some(from), None), false) => parts.push(format!("to be claimed from {from}")),
        ((None, Some(to)), false) => parts.push(format!("to be claimed before {to}")),
        ((None, None), _) => {}
    }
    parts.push(match (template.restore, zh) {
        (true, true) => "整单退款时退回".to_owned(),
        (true, false) => "given back when its order is refunded as a whole".to_owned(),
        (false, true) => "退款时不退回".to_owned(),
        (false, false) => "not given back with a refund".to_owned(),
    });
    parts.join(if zh { "，" } else { ", " })
}
