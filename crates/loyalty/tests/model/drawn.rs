//! Rules and histories as they are drawn.

use proptest::prelude::*;
use serde_json::{Value, json};
use shuke_kernel::Instant;
use shuke_loyalty::Programme;
use shuke_loyalty::event::{Act, Event, Member};
use shuke_loyalty::rules::Rules as Versions;

use super::{DAY, Rules};

pub const HOUR: i64 = 3_600_000_000;
/// 2026-01-31T16:00:00Z: midnight in Shanghai.
pub const START: i64 = 1_769_875_200_000_000;

/// So many histories, or as many as `SHUKE_HISTORIES` says for a long campaign.
pub fn histories(usual: u32) -> ProptestConfig {
    let cases = std::env::var("SHUKE_HISTORIES").ok().and_then(|n| n.parse().ok()).unwrap_or(usual);
    ProptestConfig { cases, max_shrink_iters: 20_000, ..ProptestConfig::default() }
}

/// The rules as a merchant would write them.
pub fn written(rules: &Rules) -> Value {
    let tier = |i: usize| {
        json!({
            "id": format!("v{}", i + 1),
            "entry": { "any": [
                { "metric": "net_spend", "min": rules.tiers[i].0 }, { "metric": "orders", "min": rules.tiers[i].1 },
                { "metric": "growth", "min": rules.tiers[i].2 },
            ] },
            "keep": { "all": [{ "metric": "net_spend", "min": rules.keep }] },
            "reward_points": rules.rewards[i],
        })
    };
    let window = match rules.window {
        0 => json!({ "kind": "lifetime" }),
        -1 => json!({ "kind": "calendar_year" }),
        months => json!({ "kind": "rolling_months", "months": months }),
    };
    let lot_expiry = match rules.lot_days {
        0 => json!({ "year_end": 0 }),
        days if days > 0 => json!({ "days": days }),
        months => json!({ "months": -months }),
    };
    json!({
        "settlement_days": rules.settlement,
        "lot_expiry": lot_expiry,
        "shortfall": if rules.waive { "waive" } else { "negative" },
        "reversal_min_days": rules.back_days,
        "earn": [
            { "id": "a", "kind": "per_amount", "points": rules.points, "per_fen": rules.per_fen },
            { "id": "m", "kind": "multiplier", "factor": format!("{}.{:02}", rules.factor / 100, rules.factor % 100) },
            { "id": "v", "kind": "multiplier", "factor": format!("{}.{:02}", rules.tier_factor / 100, rules.tier_factor % 100), "tiers": ["v2"] },
            { "id": "f", "kind": "first_order", "points": rules.first_order },
        ],
        "caps": [{ "id": "d", "per": "day", "points": rules.day_cap }, { "id": "m", "per": "month", "points": rules.month_cap }],
        "check_in": { "points": rules.check_in, "streak": [{ "days": rules.streak.0, "bonus": rules.streak.1 }] },
        "birthday": { "points": rules.birthday },
        "ladder": {
            "tiers": [{ "id": "v0" }, tier(0), tier(1)],
            "window": window,
            "validity": if rules.validity == 0 { json!({ "year_end": 0 }) } else { json!({ "months": rules.validity }) },
            "step_down": rules.step_down,
            "grace_days": rules.grace,
            "on_refund": match rules.refund_days { -1 => "always", -2 => "period_end", _ => "window" },
            "refund_window_days": rules.refund_days.max(0),
        },
        "coupons": [{ "id": "t", "amount": 100, "validity": { "days": rules.coupon_days }, "lock_minutes": rules.lock_minutes, "stock": rules.stock }],
    })
}

pub fn programme(rules: &Rules) -> Programme {
    shuke_loyalty::programme::read(&shuke_loyalty::json::Node::root("programme", &written(rules))).unwrap()
}

prop_compose! {
    pub fn rules()(
        settlement in prop::sample::select(vec![0, 0, 7]),
        lot_days in prop::sample::select(vec![3, 30, 90, 365, 0, -2]),
        waive in any::<bool>(),
        back_days in prop::sample::select(vec![0, 5, 30]),
        points in 1..4_i64,
        per_fen in prop::sample::select(vec![100, 70, 300]),
        (factor, tier_factor) in (prop::sample::select(vec![100, 125, 200]), prop::sample::select(vec![100, 100, 150])),
        first_order in prop::sample::select(vec![0, 20]),
        caps in prop::sample::select(vec![(1_000, 5_000), (60, 100), (100, 120)]),
        check_in in 0..3_i64,
        streak in (1..4_i64, 0..10_i64),
        birthday in prop::sample::select(vec![0, 15]),
        tiers in prop::sample::select(vec![[(10_000, 3, 90), (30_000, 9, 1_000)], [(5_000, 2, 900), (8_000, 3, 60)], [(9_000, 1, 1), (100_000, 2, 100)]]),
        keep in prop::sample::select(vec![1, 8_000]),
        (window, validity) in (prop::sample::select(vec![0, -1, 1, 6, 12]), prop::sample::select(vec![0, 1, 12])),
        (step_down, grace) in (any::<bool>(), prop::sample::select(vec![0, 10])),
        refund_days in prop::sample::select(vec![15, 15, -1, -2]),
        (coupon_days, lock_minutes, stock) in (prop::sample::select(vec![0, 7]), prop::sample::select(vec![15, 60, 20_000]), 1..4_i64),
    ) -> Rules {
        Rules {
            settlement, lot_days, waive, back_days, points, per_fen, factor, tier_factor, first_order, day_cap: caps.0, month_cap: caps.1, check_in,
            streak, birthday, tiers, keep, rewards: [5, 25], window, validity, step_down, grace, refund_days, coupon_days, lock_minutes, stock,
        }
    }
}

pub fn name(prefix: &'static str, of: u32) -> impl Strategy<Value = String> {
    (0..of).prop_map(move |i| format!("{prefix}{i}"))
}

pub fn fact() -> impl Strategy<Value = Act> {
    let order = || name("o", 4);
    prop_oneof![
        4 => (order(), prop::sample::select(vec![0, 100, 3_333, 5_000, 10_000])).prop_map(|(order, net_fen)| Act::OrderPaid { order, net_fen, lines: vec![], judged_by: None }),
        4 => order().prop_map(|order| Act::OrderCompleted { order }),
        3 => (order(), prop::sample::select(vec![0, 1, 1_111, 3_333, 5_000])).prop_map(|(order, net_fen)| Act::Refund { order, net_fen }),
        1 => order().prop_map(|order| Act::OrderClosed { order }),
        2 => Just(Act::CheckIn),
        2 => (-30..60_i64).prop_map(|points| Act::Adjust { points }),
        1 => (-20..70_i64).prop_map(|value| Act::Growth { value }),
    ]
}

pub fn act() -> impl Strategy<Value = Act> {
    let (order, grant) = (|| name("o", 3), || name("g", 2));
    prop_oneof![
        12 => fact(),
        5 => (1..80_i64).prop_map(|points| Act::Spend { points }),
        2 => (1..60_i64, lasting()).prop_map(|(points, lasting)| Act::Hold { points, until: lasting.map(Instant::from_micros) }),
        4 => (name("e", 5), prop::option::of(1..60_i64)).prop_map(|(spend, points)| Act::SpendReverse { spend, points }),
        1 => name("e", 5).prop_map(|hold| Act::HoldCapture { hold }),
        1 => name("e", 5).prop_map(|hold| Act::HoldRelease { hold }),
        2 => grant().prop_map(|grant| Act::Claim { template: "t".into(), grant, member: String::new() }),
        2 => (grant(), order()).prop_map(|(grant, order)| Act::Lock { grant, order }),
        2 => (grant(), order()).prop_map(|(grant, order)| Act::Redeem { grant, order }),
        1 => (grant(), order()).prop_map(|(grant, order)| Act::Release { grant, order }),
        1 => grant().prop_map(|grant| Act::Revoke { grant }),
        1 => Just(Act::Tick),
    ]
}

/// For how long a hold is good; when it is made then its end is set by [`act_at`].
fn lasting() -> impl Strategy<Value = Option<i64>> {
    prop::sample::select(vec![None, Some(15 * 60_000_000), Some(HOUR), Some(3 * DAY)])
}

/// An act at `time`: a hold's length becomes its end.
pub fn act_at(time: i64, act: Act) -> Act {
    match act {
        Act::Hold { points, until } => Act::Hold { points, until: until.map(|lasting| Instant::from_micros(time + lasting.micros())) },
        other => other,
    }
}

/// Microseconds between steps, often to the very end of something.
pub fn gap() -> impl Strategy<Value = i64> {
    prop_oneof![
        2 => Just(0),
        2 => Just(15 * 60_000_000),
        4 => (1..30_i64).prop_map(|h| h * HOUR),
        4 => (1..12_i64).prop_map(|d| d * DAY),
        2 => (12..200_i64).prop_map(|d| d * DAY),
        1 => (300..400_i64).prop_map(|d| d * DAY),
    ]
}

pub fn lateness() -> impl Strategy<Value = i64> {
    prop_oneof![5 => Just(0), 2 => Just(15 * 60_000_000), 2 => (1..48_i64).prop_map(|h| h * HOUR), 2 => (1..60_i64).prop_map(|d| d * DAY)]
}

pub type Steps = Vec<(i64, i64, String, Act)>;

pub fn steps() -> impl Strategy<Value = Steps> {
    prop::collection::vec((gap(), lateness(), name("e", 5), act()), 1..40)
}

pub fn member() -> Member {
    Member { birthday: Some(jiff::civil::date(1992, 2, 29)), joined: None }
}

/// The same rules, and those that follow from these times on, as the engine has them.
pub fn versions(first: &Rules, later: &[(i64, Rules)]) -> Versions {
    let mut all = vec![programme(first)];
    for (i, (from, rules)) in later.iter().enumerate() {
        all.push(Programme { version: i as u32 + 2, from: Instant::from_micros(*from), ..programme(rules) });
    }
    Versions::new(all).unwrap()
}

/// Drawn steps in order of time, each id once, and all in time.
pub fn in_order(steps: Steps) -> Vec<Event> {
    let mut at = START;
    let each = steps.into_iter().enumerate().map(|(i, (gap, _, id, act))| {
        at += gap;
        // Reversals and ends of holds name e0 to e4: those exist.
        let id = if matches!(act, Act::Spend { .. } | Act::Hold { .. }) { id } else { format!("{id}/{i}") };
        Event { time: Instant::from_micros(at), id, act: act_at(at, act) }
    });
    let mut seen = std::collections::BTreeSet::new();
    each.filter(|event| event.act != Act::Tick && seen.insert((event.act.kind(), event.id.clone()))).collect()
}

/// The younger member's names.
pub fn renamed(event: Event) -> Event {
    let b = |name: String| format!("b{name}");
    let act = match event.act {
        Act::OrderPaid { order, net_fen, lines, judged_by } => Act::OrderPaid { order: b(order), net_fen, lines, judged_by },
        Act::OrderCompleted { order } => Act::OrderCompleted { order: b(order) },
        Act::Refund { order, net_fen } => Act::Refund { order: b(order), net_fen },
        Act::OrderClosed { order } => Act::OrderClosed { order: b(order) },
        Act::SpendReverse { spend, points } => Act::SpendReverse { spend: b(spend), points },
        Act::HoldCapture { hold } => Act::HoldCapture { hold: b(hold) },
        Act::HoldRelease { hold } => Act::HoldRelease { hold: b(hold) },
        Act::Claim { template, grant, member } => Act::Claim { template, grant: b(grant), member },
        Act::Lock { grant, order } => Act::Lock { grant: b(grant), order: b(order) },
        Act::Redeem { grant, order } => Act::Redeem { grant: b(grant), order: b(order) },
        Act::Release { grant, order } => Act::Release { grant: b(grant), order: b(order) },
        Act::Revoke { grant } => Act::Revoke { grant: b(grant) },
        other => other,
    };
    Event { id: b(event.id), act, ..event }
}
