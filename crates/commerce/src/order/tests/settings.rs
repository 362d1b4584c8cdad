//! What a merchant may set of orders: the platform's part in net paid, and the time that stands for an
//! unknown pay time; and the walk that computes all orders anew when it is changed.

use shuke_store::args;
use shuke_testkit::TestStore;

use super::stored::{both, buyer, sound, take};
use super::*;
use crate::counters;
use crate::order::settle::{Task, resettle};
use crate::order::state::PayTime;

fn platform_pays(paid: i64, part: i64) -> Observation {
    Observation {
        state: Some(State::Completed),
        paid: Some(paid),
        shipping: Some(0),
        currency: "CNY".parse().ok(),
        created_at: at(1, 9),
        discounts: Some(vec![
            Discount { payer: Payer::Platform, name: "补贴".into(), amount: part },
            Discount { payer: Payer::Shop, name: "店铺".into(), amount: 700 },
        ]),
        lines: vec![goods("A", 1, paid + part + 700)],
        buyer: buyer("tb1"),
        ..said(Doc::OrderReport)
    }
}

fn folded(terms: &Terms, all: &[Observation]) -> OrderState {
    fold(terms, "taobao", "1", &set(all)).unwrap_or_else(|| panic!("there is no order"))
}

#[test]
fn what_the_platform_paid_counts_as_far_as_the_goods_were_kept() {
    let terms = Terms { platform_counts: true, ..Terms::default() };
    // Paid, the platform's part, given back, and what counts.
    for (paid, part, back, net) in [
        (9_000, 1_000, 0, 10_000),
        (9_000, 1_000, 9_000, 0),
        (9_000, 1_000, 4_500, 5_000),
        (9_000, 1_001, 3_000, 6_667),
        (0, 1_000, 0, 1_000),
        (9_000, 0, 4_500, 4_500),
    ] {
        let mut o = platform_pays(paid, part);
        o.refunded = (back > 0).then_some(back);
        let order = folded(&terms, &[o.clone()]);
        assert_eq!(order.net_paid, Some(net), "{paid} and {part} with {back} back");
        // The parts that the member paid stay what they are.
        let plain = folded(&Terms::default(), &[o]);
        assert_eq!((order.goods_paid, order.refunded, &order.lines), (plain.goods_paid, plain.refunded, &plain.lines));
        assert_eq!(plain.net_paid, Some(paid - back));
    }
}

#[test]
fn an_unknown_pay_time_is_the_time_of_placing_or_none() {
    let unpaid = Observation { state: Some(State::Created), ..platform_pays(100, 0) };
    let told = Observation { paid_at: at(2, 0), ..platform_pays(100, 0) };
    for (pay_time, silent) in [(PayTime::CreatedAt, at(1, 9)), (PayTime::Unknown, None)] {
        let terms = Terms { pay_time, ..Terms::default() };
        assert_eq!(folded(&terms, &[platform_pays(100, 0)]).counts_at, silent);
        assert_eq!(folded(&terms, std::slice::from_ref(&told)).counts_at, at(2, 0));
        assert_eq!(folded(&terms, std::slice::from_ref(&unpaid)).counts_at, None);
        assert!(folded(&terms, &[platform_pays(100, 0)]).flags.contains(&"pay_time_unknown".to_owned()));
    }
}

fn choose(t: &TestStore, settings: &'static str) {
    let cx = t.ctx();
    t.write(move |tx| {
        let put = "INSERT INTO merchant (merchant, id, name, sandbox, zone, currency, settings, created_at, updated_at) VALUES ($1, $2, 'x', 0, 'Asia/Shanghai', 'CNY', $3, 0, 0) ON CONFLICT (merchant) DO UPDATE SET settings = excluded.settings";
        tx.exec(put, args![cx.merchant, [9_u8; 16], settings])
    });
}

fn walk(t: &TestStore, task: Task) -> usize {
    let (mut after, mut changed) = ([0; 16], 0);
    loop {
        let cx = t.ctx();
        let (now, next) = t.write(move |tx| resettle(tx, &cx, task, after, 3));
        changed += now;
        let Some(next) = next else { break };
        after = next;
    }
    let cx = t.ctx();
    t.write(move |tx| counters::square(tx, &cx));
    changed
}

#[test]
fn a_changed_setting_is_worked_into_every_order_counter_and_event() {
    both("settings", |t| {
        let all: Vec<Observation> = (0..10).map(|n| Observation { source_id: format!("N{n}"), ..platform_pays(9_000, 100 * n) }).collect();
        take(t, all.clone());
        let net = || t.int("SELECT CAST(SUM(net_paid) AS BIGINT) FROM orders");
        let events = || t.int("SELECT COUNT(*) FROM event WHERE kind = 'order.changed'");
        assert_eq!((net(), events()), (90_000, 0));
        choose(t, "{\"count_platform_discount\": true}");
        // One order is spoken of again before the walk has come to it.
        let before = Observation { seller_memo: Some("加急".into()), completed_at: at(3, 0), source_time: at(3, 0), ..all[9].clone() };
        take(t, vec![before]);
        let changed = walk(t, Task::default());
        assert!((8..=9).contains(&changed), "{changed}");
        assert_eq!(net(), 90_000 + 4_500);
        sound(t);
        assert_eq!(walk(t, Task::default()), 0);

        let told = events();
        choose(t, "{\"count_platform_discount\": true, \"pay_time_policy\": \"unknown\"}");
        assert_eq!(walk(t, Task { pay_time_was: Some(PayTime::CreatedAt) }), 10);
        assert_eq!(events() - told, 10);
        assert_eq!(t.int("SELECT COUNT(*) FROM event WHERE kind = 'order.changed' AND data LIKE '%\"counts_at\":null%'"), 10);
        choose(t, "{}");
        assert_eq!(walk(t, Task { pay_time_was: Some(PayTime::Unknown) }), 10);
        assert_eq!(net(), 90_000);
        sound(t);
    });
}
