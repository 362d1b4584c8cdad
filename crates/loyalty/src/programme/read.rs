//! A programme out of JSON. What is read here is in form; [`super::check`] sees whether its parts agree.

use shuke_kernel::{Instant, Zone};

use super::check::check;
use super::read_earn::{cap, earn_rule};
use super::{CheckIn, Condition, CouponValidity, Expiry, Ladder, Metric, OnRefund, Programme, Shortfall, Template, Tier, Window};
use crate::json::{Fields, MOST_FEN, MOST_POINTS, Node, Read};
use crate::words::{CONTRADICTION, WRONG_SORT};

/// Days, and months, that a length may have: a century.
const MOST_DAYS: i64 = 36_600;
const MOST_MONTHS: i64 = 1_200;
const MOST_YEARS: i64 = 100;

/// Reads and checks a programme.
///
/// # Errors
/// The first place at which it cannot be understood, contradicts itself or cannot be reckoned.
pub fn read(node: &Node<'_>) -> Read<Programme> {
    let fields = node.fields()?;
    let zone_name = fields.maybe_text("zone")?.unwrap_or_else(|| "Asia/Shanghai".to_owned());
    let zone = match fields.maybe("zone") {
        None => Zone::shanghai(),
        Some(name) => Zone::named(&zone_name).ok_or_else(|| {
            let path = &name.path;
            WRONG_SORT
                .at(path)
                .with("path", path)
                .with("wanted_zh", "IANA 时区名，如 Asia/Shanghai")
                .with("wanted", "the IANA name of a zone, such as Asia/Shanghai")
        })?,
    };
    let ladder = fields.maybe("ladder").map(|n| ladder(&n)).transpose()?;
    let tiers: Vec<&str> = ladder.iter().flat_map(|l| &l.tiers).map(|t| t.id.as_str()).collect();
    let earn = fields.list("earn", |n| earn_rule(&n, &tiers))?;
    let rules: Vec<&str> = earn.iter().map(|rule| rule.id.as_str()).collect();
    let caps = fields.list("caps", |n| cap(&n, &rules))?;
    let programme = Programme {
        version: 1,
        from: Instant::from_micros(i64::MIN),
        zone,
        zone_name,
        settlement_days: fields.maybe_whole("settlement_days", 0, MOST_DAYS)?.unwrap_or(0),
        lot_expiry: fields.maybe("lot_expiry").map_or(Ok(Expiry::Days(365)), |n| expiry(&n, &["days", "months", "year_end"]))?,
        shortfall: match fields.maybe("shortfall").map(|n| n.one_of(&["negative", "waive"])).transpose()? {
            Some(1) => Shortfall::Waive,
            _ => Shortfall::Negative,
        },
        reversal_min_days: fields.maybe_whole("reversal_min_days", 0, MOST_DAYS)?.unwrap_or(30),
        check_in: fields.maybe("check_in").map(|n| check_in(&n)).transpose()?,
        birthday_points: fields.maybe("birthday").map(|n| birthday(&n)).transpose()?.unwrap_or(0),
        activity_cuts: fields.maybe("activity").map(|n| activity(&n)).transpose()?,
        coupons: fields.maybe("coupons").map(|n| n.list()?.iter().map(template).collect()).transpose()?,
        earn,
        caps,
        ladder,
        unit: 1,
    };
    fields.done()?;
    check(programme, &node.path)
}

fn contradiction<T>(path: &str, why_zh: &str, why: &str) -> Read<T> {
    Err(CONTRADICTION.at(path).with("path", path).with("why_zh", why_zh).with("why", why))
}

/// One of the lengths that are `allowed`, and no more than one.
fn expiry(node: &Node<'_>, allowed: &[&'static str]) -> Read<Expiry> {
    let fields = node.fields()?;
    let mut found = Vec::new();
    for &key in allowed {
        let most = if key == "days" {
            MOST_DAYS
        } else if key == "months" {
            MOST_MONTHS
        } else {
            MOST_YEARS
        };
        let least = i64::from(key == "months" && !allowed.contains(&"days"));
        if let Some(n) = fields.maybe_whole(key, least, most)? {
            found.push(match key {
                "days" => Expiry::Days(n),
                "months" => Expiry::Months(n),
                _ => Expiry::YearEnd(n),
            });
        }
    }
    fields.done()?;
    let [only] = found[..] else {
        let listed = allowed.join(", ");
        return contradiction(&node.path, &format!("请在 {listed} 中恰好写一个"), &format!("write exactly one of {listed}"));
    };
    Ok(only)
}

fn check_in(node: &Node<'_>) -> Read<CheckIn> {
    let fields = node.fields()?;
    let points = fields.whole("points", 0, MOST_POINTS)?;
    let streak = fields.list("streak", |n| {
        let step = n.fields()?;
        let read = (step.whole("days", 1, MOST_DAYS)?, step.whole("bonus", 0, MOST_POINTS)?);
        step.done()?;
        Ok(read)
    })?;
    fields.done()?;
    Ok(CheckIn { points, streak })
}

fn birthday(node: &Node<'_>) -> Read<i64> {
    let fields = node.fields()?;
    let points = fields.whole("points", 0, MOST_POINTS)?;
    fields.done()?;
    Ok(points)
}

fn activity(node: &Node<'_>) -> Read<Vec<i64>> {
    let fields = node.fields()?;
    let cuts = match fields.maybe("cuts") {
        None => vec![30, 60, 90, 180, 365],
        Some(cuts) => cuts.list()?.iter().map(|n| n.whole(0, MOST_DAYS)).collect::<Read<Vec<_>>>()?,
    };
    fields.done()?;
    Ok(cuts)
}

fn ladder(node: &Node<'_>) -> Read<Ladder> {
    let fields = node.fields()?;
    let tiers = fields.need("tiers")?.list()?.iter().map(tier).collect::<Read<Vec<_>>>()?;
    let days = fields.maybe_whole("refund_window_days", 0, MOST_DAYS)?.unwrap_or(15);
    let on_refund = match fields.maybe("on_refund").map(|n| n.one_of(&["window", "always", "period_end"])).transpose()? {
        Some(1) => OnRefund::Always,
        Some(2) => OnRefund::PeriodEnd,
        _ => OnRefund::Window(days),
    };
    let read = Ladder {
        tiers,
        window: fields.maybe("window").map_or(Ok(Window::RollingMonths(12)), |n| window(&n))?,
        validity: fields.maybe("validity").map_or(Ok(Expiry::Months(12)), |n| expiry(&n, &["months", "year_end"]))?,
        step_down: fields.maybe("step_down").map_or(Ok(false), |n| n.truth())?,
        grace_days: fields.maybe_whole("grace_days", 0, 366)?.unwrap_or(0),
        on_refund,
    };
    fields.done()?;
    Ok(read)
}

fn window(node: &Node<'_>) -> Read<Window> {
    let fields = node.fields()?;
    let kind = fields.need("kind")?.one_of(&["lifetime", "rolling_months", "calendar_year"])?;
    let read = match kind {
        0 => Window::Lifetime,
        1 => Window::RollingMonths(fields.whole("months", 1, MOST_MONTHS)?),
        _ => Window::CalendarYear,
    };
    fields.done()?;
    Ok(read)
}

fn tier(node: &Node<'_>) -> Read<Tier> {
    let fields = node.fields()?;
    let id = fields.text("id")?;
    let name = fields.maybe_text("name")?;
    let entry = fields.maybe("entry").map(|n| condition(&n)).transpose()?;
    let keep = fields.maybe("keep").map(|n| condition(&n)).transpose()?.or_else(|| entry.clone());
    let reward_points = fields.maybe_whole("reward_points", 0, MOST_POINTS)?.unwrap_or(0);
    fields.done()?;
    Ok(Tier { id, name, entry, keep, reward_points })
}

fn condition(node: &Node<'_>) -> Read<Condition> {
    let fields = node.fields()?;
    let read = |n: Node<'_>| -> Read<(Metric, i64)> {
        let fields = n.fields()?;
        let metric = match fields.need("metric")?.one_of(&["net_spend", "orders", "growth"])? {
            0 => Metric::NetSpend,
            1 => Metric::Orders,
            _ => Metric::Growth,
        };
        let min = fields.whole("min", 0, MOST_FEN)?;
        fields.done()?;
        Ok((metric, min))
    };
    let (any, all) = (fields.has("any"), fields.has("all"));
    let of = fields.list(if all { "all" } else { "any" }, read)?;
    if any == all || of.is_empty() {
        return contradiction(
            &node.path,
            "请写 any 或 all 之一，并至少给一个条件",
            "write one of any and all, with at least one condition in it",
        );
    }
    fields.done()?;
    Ok(Condition { all, of })
}

fn template(node: &Node<'_>) -> Read<Template> {
    let fields = node.fields()?;
    let read = Template {
        id: fields.text("id")?,
        amount: fields.whole("amount", 0, MOST_FEN)?,
        validity: coupon_validity(&fields.need("validity")?)?,
        lock_minutes: fields.maybe_whole("lock_minutes", 1, MOST_DAYS * 1_440)?.unwrap_or(15),
        stock: fields.maybe_whole("stock", 0, MOST_POINTS)?,
        budget_fen: fields.maybe_whole("budget_fen", 0, MOST_FEN)?,
        per_member: fields.maybe_whole("per_member", 0, MOST_POINTS)?,
        claim_from: fields.maybe_instant("claim_from")?,
        claim_to: fields.maybe_instant("claim_to")?,
        restore: fields.maybe("restore").map_or(Ok(true), |n| n.truth())?,
        restore_grace_days: fields.maybe_whole("restore_grace_days", 0, MOST_DAYS)?.unwrap_or(7),
    };
    fields.done()?;
    Ok(read)
}

fn coupon_validity(node: &Node<'_>) -> Read<CouponValidity> {
    let fields: Fields<'_> = node.fields()?;
    let (days, to) = (fields.maybe_whole("days", 0, MOST_DAYS)?, fields.maybe_instant("to")?);
    fields.done()?;
    match (days, to) {
        (Some(days), None) => Ok(CouponValidity::Days(days)),
        (None, Some(to)) => Ok(CouponValidity::To(to)),
        _ => contradiction(&node.path, "请在 days 和 to 中恰好写一个", "write exactly one of days and to"),
    }
}
