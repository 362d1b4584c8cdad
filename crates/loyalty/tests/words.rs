//! What is missing to the next tier, what an order would earn, and rules as sentences.

use serde_json::{Value, json};
use shuke_kernel::{Currency, Instant};
use shuke_loyalty::event::{Act, Event, Line, Member};
use shuke_loyalty::json::Node;
use shuke_loyalty::missing::missing;
use shuke_loyalty::programme::{Metric, sentences};
use shuke_loyalty::quote::quote;
use shuke_loyalty::{Journal, Programme, Rules};

fn programme(value: &Value) -> Programme {
    shuke_loyalty::programme::read(&Node::root("programme", value)).unwrap()
}

fn at(text: &str) -> Instant {
    text.parse().unwrap()
}

fn take(journal: &mut Journal, rules: &Rules, time: &str, id: &str, act: Act) {
    journal.fold(rules, Event { time: at(time), id: id.into(), act }, at(time)).unwrap();
}

/// A member with one final order of so many fen and so much growth, on 2026-03-01.
fn member(rules: &Rules, fen: i64, growth: i64) -> Journal {
    let mut journal = Journal::new(Member::default());
    if fen > 0 {
        take(
            &mut journal,
            rules,
            "2026-03-01T02:00:00Z",
            "p",
            Act::OrderPaid { order: "o".into(), net_fen: fen, lines: vec![], judged_by: None },
        );
        take(&mut journal, rules, "2026-03-01T03:00:00Z", "c", Act::OrderCompleted { order: "o".into() });
    }
    take(&mut journal, rules, "2026-03-01T04:00:00Z", "g", Act::Growth { value: growth });
    journal
}

fn ladder(entry: Value, window: Value) -> Value {
    json!({ "ladder": { "tiers": [{ "id": "v0" }, { "id": "gold", "name": "金牌", "entry": entry }], "window": window } })
}

/// The sentences of a member with 871.50 yuan in one order and 20 growth value.
fn said(entry: Value, window: Value, now: &str) -> (String, String) {
    let rules = Rules::from(programme(&ladder(entry, window)));
    let mut journal = member(&rules, 87_150, 20);
    journal.pass(&rules, at(now)).unwrap();
    let missing = missing(&rules, journal.state().unwrap(), at(now)).unwrap();
    (missing.sentence(Currency::CNY, true), missing.sentence(Currency::CNY, false))
}

fn says(entry: Value, zh: &str, en: &str) {
    let rolling = json!({ "kind": "rolling_months", "months": 12 });
    assert_eq!(said(entry, rolling, "2026-03-02T00:00:00Z"), (zh.into(), en.into()));
}

fn min(metric: &str, min: i64) -> Value {
    json!({ "metric": metric, "min": min })
}

#[test]
fn one_condition_is_said_as_a_shopper_would() {
    says(json!({ "any": [min("net_spend", 100_000)] }), "再消费 128.50 元升级金牌", "Spend 128.50 yuan more to reach 金牌");
    says(json!({ "all": [min("net_spend", 107_150)] }), "再消费 200 元升级金牌", "Spend 200 yuan more to reach 金牌");
    says(json!({ "any": [min("net_spend", 87_151)] }), "再消费 0.01 元升级金牌", "Spend 0.01 yuan more to reach 金牌");
    says(json!({ "any": [min("orders", 2)] }), "再完成 1 笔订单升级金牌", "Complete 1 more order to reach 金牌");
    says(json!({ "any": [min("orders", 4)] }), "再完成 3 笔订单升级金牌", "Complete 3 more orders to reach 金牌");
    says(json!({ "any": [min("growth", 320)] }), "再获得 300 成长值升级金牌", "Gain 300 more growth value to reach 金牌");
}

#[test]
fn two_open_conditions_are_or_where_any_is_enough_and_where_all_must_be() {
    let two = || [min("net_spend", 100_000), min("orders", 3)];
    says(
        json!({ "any": two() }),
        "再消费 128.50 元或再完成 2 笔订单，升级金牌",
        "Spend 128.50 yuan more or complete 2 more orders to reach 金牌",
    );
    says(
        json!({ "all": two() }),
        "再消费 128.50 元并再完成 2 笔订单，升级金牌",
        "Spend 128.50 yuan more and complete 2 more orders to reach 金牌",
    );
    let three = || [min("net_spend", 100_000), min("orders", 2), min("growth", 25)];
    says(
        json!({ "any": three() }),
        "再消费 128.50 元、再完成 1 笔订单或再获得 5 成长值，升级金牌",
        "Spend 128.50 yuan more, complete 1 more order or gain 5 more growth value to reach 金牌",
    );
    // Of all that must be met only what is open is said.
    says(json!({ "all": [min("net_spend", 50_000), min("orders", 2)] }), "再完成 1 笔订单升级金牌", "Complete 1 more order to reach 金牌");
    says(
        json!({ "any": [min("net_spend", 100_000), min("net_spend", 90_000)] }),
        "再消费 28.50 元升级金牌",
        "Spend 28.50 yuan more to reach 金牌",
    );
    says(
        json!({ "all": [min("net_spend", 100_000), min("net_spend", 90_000)] }),
        "再消费 128.50 元升级金牌",
        "Spend 128.50 yuan more to reach 金牌",
    );
}

#[test]
fn what_left_the_window_is_missing_again() {
    let entry = || json!({ "any": [min("net_spend", 100_000)] });
    let months = || json!({ "kind": "rolling_months", "months": 6 });
    assert_eq!(said(entry(), months(), "2026-08-31T00:00:00Z").0, "再消费 128.50 元升级金牌");
    assert_eq!(said(entry(), months(), "2026-09-02T00:00:00Z").0, "再消费 1000 元升级金牌");
    let year = || json!({ "kind": "calendar_year" });
    assert_eq!(said(entry(), year(), "2026-12-31T15:59:59Z").0, "今年内再消费 128.50 元升级金牌");
    assert_eq!(said(entry(), year(), "2026-12-31T16:00:00Z").1, "Spend 1000 yuan more this year to reach 金牌");
    assert_eq!(said(entry(), json!({ "kind": "lifetime" }), "2036-12-31T16:00:00Z").0, "再消费 128.50 元升级金牌");
}

#[test]
fn the_next_tier_is_the_next_that_can_be_entered() {
    let tiers = json!([{ "id": "v0" }, { "id": "gift" }, { "id": "v1", "entry": { "any": [min("net_spend", 10_000)] } }, { "id": "v2", "entry": { "any": [min("net_spend", 30_000)] } }]);
    let rules = Rules::from(programme(&json!({ "ladder": { "tiers": tiers } })));
    let now = at("2026-03-02T00:00:00Z");
    let next = |fen| missing(&rules, member(&rules, fen, 0).state().unwrap(), now).map(|m| (m.tier, m.of));
    assert_eq!(next(4_000), Some(("v1".into(), vec![(Metric::NetSpend, 6_000)])));
    assert_eq!(next(10_000), Some(("v2".into(), vec![(Metric::NetSpend, 20_000)])));
    assert_eq!(next(30_000), None);
    let rules = Rules::from(programme(&json!({})));
    assert_eq!(missing(&rules, member(&rules, 1, 0).state().unwrap(), now), None);
}

#[test]
fn a_quote_is_what_the_order_then_earns() {
    let rules = Rules::from(programme(&json!({
        "earn": [
            { "id": "base", "kind": "per_amount", "points": 1, "per_fen": 300 },
            { "id": "double", "kind": "multiplier", "factor": "1.5" },
            { "id": "tea", "kind": "category_bonus", "points": 2, "categories": ["tea"] },
            { "id": "first", "kind": "first_order", "points": 20 },
        ],
        "caps": [{ "id": "day", "per": "day", "points": 60 }],
    })));
    let mut journal = member(&rules, 0, 1);
    let lines = vec![Line { line: "1".into(), category: Some("tea".into()), qty: 3, net_fen: 4_000 }];
    let now = at("2026-03-02T02:00:00Z");
    let before = journal.state().unwrap().clone();
    let quoted = quote(&rules, &before, 10_000, &lines, now).unwrap();
    let of = |rule: &str| quoted.rules.iter().find(|(id, _)| id == rule).map_or(0, |(_, points)| *points);
    // 33 1/3, half as much again 16 2/3, three pieces, the first order: 76 in all.
    assert_eq!(["base", "double", "tea", "first"].map(of), [33, 17, 6, 20]);
    assert_eq!((quoted.points, quoted.capped), (60, -16));
    assert_eq!(journal.state(), Some(&before));
    take(&mut journal, &rules, "2026-03-02T02:00:00Z", "q", Act::OrderPaid { order: "q".into(), net_fen: 10_000, lines, judged_by: None });
    assert_eq!(journal.state().unwrap().orders["q"].earned, quoted.points);
    let again = quote(&rules, journal.state().unwrap(), 10_000, &[], at("2026-03-02T03:00:00Z")).unwrap();
    assert_eq!((again.points, again.capped), (0, -50));
    let tomorrow = quote(&rules, journal.state().unwrap(), 10_000, &[], at("2026-03-03T03:00:00Z")).unwrap();
    assert_eq!((tomorrow.points, tomorrow.rules.len()), (50, 2));
}

#[test]
fn each_rule_is_one_sentence() {
    let programme = programme(&json!({
        "settlement_days": 7,
        "earn": [
            { "id": "base", "kind": "per_amount", "points": 1, "per_fen": 100 },
            { "id": "steps", "kind": "stepped", "bands": [{ "from_fen": 0, "points": 1, "per_fen": 100 }, { "from_fen": 50_000, "points": 2, "per_fen": 100 }], "group": "g" },
            { "id": "gold", "kind": "multiplier", "factor": "1.50", "tiers": ["v1"] },
            { "id": "day", "kind": "multiplier", "factor": "2", "birthday": "day", "from": "2026-11-10T16:00:00Z", "to": "2026-11-11T16:00:00Z" },
            { "id": "tea", "kind": "category_bonus", "points": 2, "categories": ["茶", "咖啡"] },
            { "id": "first", "kind": "first_order", "points": 20 },
        ],
        "caps": [{ "id": "d", "per": "day", "points": 100 }, { "id": "r", "per": "month", "points": 50, "rule": "gold" }],
        "lot_expiry": { "year_end": 1 },
        "check_in": { "points": 2, "streak": [{ "days": 7, "bonus": 10 }] },
        "birthday": { "points": 5 },
        "activity": {},
        "ladder": {
            "tiers": [
                { "id": "v0", "name": "普通" },
                { "id": "v1", "name": "金牌", "entry": { "any": [min("net_spend", 100_000), min("orders", 3)] }, "keep": { "all": [min("net_spend", 80_000)] }, "reward_points": 50 },
            ],
            "grace_days": 10,
            "step_down": true,
        },
        "coupons": [{ "id": "t", "amount": 1_050, "validity": { "days": 7 }, "stock": 2, "per_member": 1, "claim_to": "2026-11-11T16:00:00Z" }],
    }));
    let said = |zh| sentences(&programme, zh).into_iter().map(|s| (s.rule, s.text)).collect::<Vec<_>>();
    let of = |zh, rule: &str| said(zh).into_iter().find(|(r, _)| r == rule).unwrap().1;
    for (rule, zh, en) in [
        ("earn.base", "消费每 1 元得 1 分", "1 point for every 1 yuan"),
        (
            "earn.steps",
            "0 元以上的部分每 1 元得 1 分，500 元以上的部分每 1 元得 2 分（「g」组内取最多的一条）",
            "1 point for every 1 yuan on the part above 0 yuan, 2 points for every 1 yuan on the part above 500 yuan (of the group \"g\" only the best counts)",
        ),
        ("earn.gold", "金牌会员，积分 1.5 倍", "For 金牌, 1.5 times the points"),
        (
            "earn.day",
            "2026-11-11 00:00 至 2026-11-12 00:00 付款，生日当天积分 2 倍",
            "Paid from 2026-11-11 00:00 and before 2026-11-12 00:00, 2 times the points on the birthday",
        ),
        ("earn.tea", "「咖啡」、「茶」类商品，每件得 2 分", "On \"咖啡\" or \"茶\", 2 points a piece"),
        ("earn.first", "首单得 20 分", "20 points for the first order"),
        ("caps.d", "每天最多得 100 分", "At most 100 points a day"),
        ("caps.r", "规则「gold」每月最多得 50 分", "At most 50 points a month by the rule \"gold\""),
        (
            "check_in",
            "每天签到得 2 分，每连续满 7 天再得 10 分",
            "2 points for checking in, once a day, and 10 points more each time 7 days in a row are full",
        ),
        ("birthday", "生日当天零点得 5 分", "5 points as a birthday begins"),
        (
            "settlement_days",
            "订单完成 7 天后计入：积分可用，计入等级",
            "An order counts 7 days after its completion: its points are available, and tiers see it",
        ),
        ("lot_expiry", "积分有效至次年 12 月 31 日", "Points can be spent until 31 December of the next year"),
        ("ladder.v0", "普通：所有会员", "普通: every member"),
        (
            "ladder.v1",
            "金牌：最近 12 个月消费满 1000 元或完成 3 笔订单；保级：最近 12 个月消费满 800 元；升级奖励 50 分",
            "金牌: 1000 yuan spent or 3 orders within 12 months; kept by 800 yuan spent within 12 months; 50 points for reaching it",
        ),
        (
            "ladder.validity",
            "等级从升级当天起 12 个月有效，到期后宽限 10 天；未能保级时一次只降一级",
            "A tier is held for 12 months from the day of reaching it, and 10 days of grace; who does not keep it falls one tier at a time",
        ),
        (
            "coupons.t",
            "优惠券「t」减 10.50 元，领取后 7 天有效，共 2 张，每人限领 1 张，2026-11-12 00:00 前可领，整单退款时退回",
            "Coupon \"t\": 10.50 yuan off, good for 7 days after the day of claiming, 2 in all, 1 for each member, to be claimed before 2026-11-12 00:00, given back when its order is refunded as a whole",
        ),
    ] {
        assert_eq!((of(true, rule).as_str(), of(false, rule).as_str()), (zh, en), "{rule}");
    }
    let rules: Vec<String> = said(true).into_iter().map(|(rule, _)| rule).collect();
    assert_eq!(rules, said(false).into_iter().map(|(rule, _)| rule).collect::<Vec<_>>());
    assert!(["activity", "shortfall", "reversal_min_days", "ladder.on_refund"].iter().all(|rule| rules.iter().any(|r| r == rule)));
}
