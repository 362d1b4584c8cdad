//! A programme in words: each rule as one sentence, in Chinese or English, as an operator would say it.

use serde::{Deserialize, Serialize};
use shuke_kernel::{Instant, Zone};

use crate::programme::{Birthday, Cap, CheckIn, EarnRule, Expiry, Gives, Per, Programme, Rate, Shortfall};

mod held;

/// A rule in words.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Sentence {
    /// Its place in the programme: `earn.ID`, `caps.ID`, `ladder.TIER`, `coupons.ID`, or the key.
    pub rule: String,
    /// The words.
    pub text: String,
}

/// Each rule of a programme as one sentence; in Chinese where `zh`, else in English.
pub fn sentences(programme: &Programme, zh: bool) -> Vec<Sentence> {
    let mut said = Vec::new();
    let mut say = |rule: String, text: String| said.push(Sentence { rule, text });
    for rule in &programme.earn {
        say(format!("earn.{}", rule.id), earning(programme, rule, zh));
    }
    for cap in &programme.caps {
        say(format!("caps.{}", cap.id), capped(programme, cap, zh));
    }
    if let Some(check_in) = &programme.check_in {
        say("check_in".to_owned(), checking_in(check_in, zh));
    }
    if programme.birthday_points > 0 {
        let points = points(programme.birthday_points, zh);
        say("birthday".to_owned(), if zh { format!("生日当天零点得 {points}") } else { format!("{points} as a birthday begins") });
    }
    if let Some(cuts) = &programme.activity_cuts {
        say("activity".to_owned(), active(cuts, zh));
    }
    say("settlement_days".to_owned(), settled(programme.settlement_days, zh));
    say("lot_expiry".to_owned(), lasting(programme.lot_expiry, zh));
    let shortfall = match (programme.shortfall, zh) {
        (Shortfall::Negative, true) => "退款时积分已用掉的，余额可为负，以后得到的积分先补足",
        (Shortfall::Negative, false) => {
            "Where a refund finds the points spent, the balance falls below zero and what comes later fills it first"
        }
        (Shortfall::Waive, true) => "退款时积分已用掉的，不足部分不再追回",
        (Shortfall::Waive, false) => "Where a refund finds the points spent, what is missing is let go",
    };
    say("shortfall".to_owned(), shortfall.to_owned());
    let days = programme.reversal_min_days;
    let back = if zh {
        format!("退回的积分若已过期，从退回当天起再有效 {days} 天")
    } else {
        format!("Points that are given back after their end live {} again", counted(days, "day"))
    };
    say("reversal_min_days".to_owned(), back);
    held::ladder(programme, zh, &mut say);
    held::coupons(programme, zh, &mut say);
    said
}

/// Fen as yuan, as a shopper reads them: 128.50, and 120 where there are no fen.
pub(crate) fn yuan(fen: i64) -> String {
    in_units(fen, 2)
}

/// Minor units of a currency with so many decimal digits, without a fraction where there is none.
pub fn in_units(minor: i64, digits: u32) -> String {
    let unit = 10_i64.pow(digits);
    let (whole, rest, places) = (minor / unit, minor % unit, digits as usize);
    if rest == 0 { whole.to_string() } else { format!("{whole}.{rest:0places$}") }
}

/// `A、B或C`, `A, B or C`.
pub(crate) fn joined(parts: &[String], word: (&str, &str), zh: bool) -> String {
    let (comma, word) = if zh { ("、", word.0.to_owned()) } else { (", ", format!(" {} ", word.1)) };
    match parts {
        [] => String::new(),
        [only] => only.clone(),
        [first @ .., last] => format!("{}{word}{last}", first.join(comma)),
    }
}

/// What a clock on the wall shows: `2026-11-11 00:00`.
fn moment(zone: &Zone, t: Instant) -> String {
    let wall = zone.wall(t);
    let form = if wall.second() == 0 { "%Y-%m-%d %H:%M" } else { "%Y-%m-%d %H:%M:%S" };
    wall.strftime(form).to_string()
}

/// `1 day`, `2 days`.
fn counted(n: i64, what: &str) -> String {
    if n == 1 { format!("1 {what}") } else { format!("{n} {what}s") }
}

fn points(n: i64, zh: bool) -> String {
    if zh { format!("{n} 分") } else { counted(n, "point") }
}

fn rate(rate: Rate, zh: bool) -> String {
    let (yuan, points) = (yuan(rate.per_fen), points(rate.points, zh));
    if zh { format!("每 {yuan} 元得 {points}") } else { format!("{points} for every {yuan} yuan") }
}

fn earning(programme: &Programme, rule: &EarnRule, zh: bool) -> String {
    let mut text = String::new();
    for part in [times(rule, &programme.zone, zh), tiers(programme, rule, zh), categories(rule, zh)] {
        if !part.is_empty() {
            text += &part;
            text += if zh { "，" } else { ", " };
        }
    }
    text += &given(&rule.gives, zh);
    if let Some(group) = &rule.group {
        text += &if zh {
            format!("（「{group}」组内取最多的一条）")
        } else {
            format!(" (of the group \"{group}\" only the best counts)")
        };
    }
    if zh { text } else { capital(&text) }
}

fn times(rule: &EarnRule, zone: &Zone, zh: bool) -> String {
    let show = |t: Option<Instant>| t.map(|t| moment(zone, t));
    match (show(rule.from), show(rule.to), zh) {
        (None, None, _) => String::new(),
        (Some(from), None, true) => format!("{from} 起付款"),
        (None, Some(to), true) => format!("{to} 前付款"),
        (Some(from), Some(to), true) => format!("{from} 至 {to} 付款"),
        (Some(from), None, false) => format!("paid from {from}"),
        (None, Some(to), false) => format!("paid before {to}"),
        (Some(from), Some(to), false) => format!("paid from {from} and before {to}"),
    }
}

fn tiers(programme: &Programme, rule: &EarnRule, zh: bool) -> String {
    let (Some(places), Some(ladder)) = (&rule.tiers, &programme.ladder) else { return String::new() };
    let names: Vec<String> = places.iter().filter_map(|i| ladder.tiers.get(*i)).map(|tier| tier.shown().to_owned()).collect();
    if zh { format!("{}会员", joined(&names, ("、", "or"), zh)) } else { format!("for {}", joined(&names, ("、", "or"), zh)) }
}

fn categories(rule: &EarnRule, zh: bool) -> String {
    let Some(categories) = &rule.categories else { return String::new() };
    let names: Vec<String> = categories.iter().map(|c| if zh { format!("「{c}」") } else { format!("\"{c}\"") }).collect();
    let all = joined(&names, ("、", "or"), zh);
    if zh { format!("{all}类商品") } else { format!("on {all}") }
}

fn given(gives: &Gives, zh: bool) -> String {
    match gives {
        Gives::PerAmount(each) => {
            if zh {
                format!("消费{}", rate(*each, zh))
            } else {
                rate(*each, zh)
            }
        }
        Gives::Stepped { whole, bands } => {
            let band = |(from, each): &(i64, Rate)| match (whole, zh) {
                (true, true) => format!("满 {} 元时全额{}", yuan(*from), rate(*each, zh)),
                (true, false) => format!("{} on all of it from {} yuan on", rate(*each, zh), yuan(*from)),
                (false, true) => format!("{} 元以上的部分{}", yuan(*from), rate(*each, zh)),
                (false, false) => format!("{} on the part above {} yuan", rate(*each, zh), yuan(*from)),
            };
            let bands: Vec<String> = bands.iter().map(band).collect();
            bands.join(if zh { "，" } else { ", " })
        }
        Gives::PerPiece(n) if zh => format!("每件得 {}", points(*n, zh)),
        Gives::PerPiece(n) => format!("{} a piece", points(*n, zh)),
        Gives::FirstOrder(n) if zh => format!("首单得 {}", points(*n, zh)),
        Gives::FirstOrder(n) => format!("{} for the first order", points(*n, zh)),
        Gives::Multiplier { digits, places, birthday } => {
            let (factor, when) = (decimal(*digits, *places), birthday.as_ref());
            match (when, zh) {
                (None, true) => format!("积分 {factor} 倍"),
                (Some(Birthday::Day), true) => format!("生日当天积分 {factor} 倍"),
                (Some(Birthday::Month), true) => format!("生日当月积分 {factor} 倍"),
                (None, false) => format!("{factor} times the points"),
                (Some(Birthday::Day), false) => format!("{factor} times the points on the birthday"),
                (Some(Birthday::Month), false) => format!("{factor} times the points in the month of the birthday"),
            }
        }
    }
}

/// 15 with one place behind the point as `1.5`.
fn decimal(digits: i64, places: u32) -> String {
    let one = 10_i64.saturating_pow(places);
    let (whole, rest) = (digits / one, digits % one);
    if places == 0 { whole.to_string() } else { format!("{whole}.{rest:0width$}", width = places as usize) }
}

fn capped(programme: &Programme, cap: &Cap, zh: bool) -> String {
    let of = cap.rule.and_then(|i| programme.earn.get(i)).map(|rule| rule.id.as_str());
    let most = points(cap.points, zh);
    if zh {
        let per = match cap.per {
            Per::Order => "每笔订单",
            Per::Day => "每天",
            Per::Month => "每月",
        };
        return of.map_or_else(|| format!("{per}最多得 {most}"), |rule| format!("规则「{rule}」{per}最多得 {most}"));
    }
    let per = match cap.per {
        Per::Order => "an order",
        Per::Day => "a day",
        Per::Month => "a month",
    };
    of.map_or_else(|| format!("At most {most} {per}"), |rule| format!("At most {most} {per} by the rule \"{rule}\""))
}

fn checking_in(check_in: &CheckIn, zh: bool) -> String {
    let each = points(check_in.points, zh);
    let bonus = check_in.streak.iter().map(|(days, bonus)| {
        let bonus = points(*bonus, zh);
        if zh {
            format!("，每连续满 {days} 天再得 {bonus}")
        } else {
            format!(", and {bonus} more each time {} in a row are full", counted(*days, "day"))
        }
    });
    let bonus: String = bonus.collect();
    if zh { format!("每天签到得 {each}{bonus}") } else { format!("{each} for checking in, once a day{bonus}") }
}

fn active(cuts: &[i64], zh: bool) -> String {
    let (best, days) = (cuts.len() + 1, cuts.iter().map(i64::to_string).collect::<Vec<_>>());
    if zh {
        let days = days.join("、");
        format!("活跃度分 {best} 级：距上次到访不超过 {days} 天，依次为 {best} 级到 2 级，更久为 1 级")
    } else {
        let days = days.join(", ");
        format!("Activity has {best} grades: from {best} down to 2 for at most {days} days since the last visit, 1 for more")
    }
}

fn settled(days: i64, zh: bool) -> String {
    match (days, zh) {
        (0, true) => "订单完成即计入：积分可用，计入等级".to_owned(),
        (0, false) => "An order counts as soon as it is completed: its points are available, and tiers see it".to_owned(),
        (_, true) => format!("订单完成 {days} 天后计入：积分可用，计入等级"),
        (_, false) => format!("An order counts {} after its completion: its points are available, and tiers see it", counted(days, "day")),
    }
}

fn lasting(expiry: Expiry, zh: bool) -> String {
    match (expiry, zh) {
        (Expiry::Days(n), true) => format!("积分从可用当天起 {n} 天有效，最后一天仍可用"),
        (Expiry::Days(n), false) => format!("Points can be spent for {} after the day on which they become available", counted(n, "day")),
        (Expiry::Months(n), true) => format!("积分从可用当天起 {n} 个月有效，最后一天仍可用"),
        (Expiry::Months(n), false) => {
            format!("Points can be spent for {} after the day on which they become available", counted(n, "month"))
        }
        (Expiry::YearEnd(n), true) => format!("积分有效至{} 12 月 31 日", held::year(n, zh)),
        (Expiry::YearEnd(n), false) => format!("Points can be spent until 31 December of {}", held::year(n, zh)),
    }
}

/// The text with a capital letter first.
pub fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}
