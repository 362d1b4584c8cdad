//! Orders in the store, on both engines.

use std::collections::BTreeMap;

use shuke_kernel::Ctx;
use shuke_members::hooks;
use shuke_members::identity::KeyKind;
use shuke_store::register::{GROUND, Register};
use shuke_store::{Tx, args};
use shuke_testkit::{TestStore, both_with};

use super::*;
use crate::order::claim::{Claimed, Proof, claim};
use crate::order::{Change, Noted, audit_orders, observe_many, retract_import, unnamed_of_import};
use crate::{behaviour, counters, product, refund};

const ALL: Register = Register(&[GROUND, shuke_members::TABLES, crate::TABLES]);

pub(super) fn both(name: &str, test: impl Fn(&TestStore)) {
    hooks::install(crate::HOOKS);
    both_with(name, ALL, test);
}

pub(super) fn take(t: &TestStore, all: Vec<Observation>) -> Vec<crate::order::Observed> {
    let notes: Vec<Noted> = all.into_iter().map(|o| o.note().expect("a good statement")).collect();
    let cx = t.ctx();
    t.write(move |tx| observe_many(tx, &cx, &notes))
}

/// Everything but ids, times of arrival and revisions, members named by their first order.
fn dump(t: &TestStore) -> Vec<String> {
    let cx = t.ctx();
    t.read(move |tx| {
        let mut out = Vec::new();
        let mut first: BTreeMap<Option<Vec<u8>>, String> = BTreeMap::new();
        for mut r in tx.rows("SELECT member, source_id FROM orders WHERE merchant = $1 ORDER BY source_id", args![cx.merchant])? {
            let (member, name): (Option<Vec<u8>>, String) = (r.get(0)?, r.get(1)?);
            first.entry(member).or_insert(name);
        }
        for mut r in tx.rows("SELECT source, source_id, state, status, paid, net_paid, refunded, goods_paid, discounts, placed_at, final_at, province, flags, purchase, estimated, member FROM orders WHERE merchant = $1 ORDER BY source, source_id", args![cx.merchant])? {
            let member: Option<Vec<u8>> = r.get(15)?;
            out.push(format!("{:?} of {:?}", &r.0[..15], member.clone().map(|_| first.get(&member))));
        }
        for r in tx.rows("SELECT o.source_id, l.line_no, l.sku, l.quantity, l.paid, l.refunded, l.state, l.estimated FROM order_line l JOIN orders o ON o.merchant = l.merchant AND o.id = l.order_id WHERE l.merchant = $1 ORDER BY o.source_id, l.line_no", args![cx.merchant])? {
            out.push(format!("{:?}", r.0));
        }
        for r in tx.rows("SELECT source, source_id, kind, state, amount, goods, lines, CASE WHEN member IS NULL THEN 0 ELSE 1 END FROM refund WHERE merchant = $1 ORDER BY source, source_id", args![cx.merchant])? {
            out.push(format!("{:?}", r.0));
        }
        for r in tx.rows("SELECT first_seen, province, city, region_at FROM member WHERE merchant = $1 AND state = 'live' ORDER BY first_seen, province", args![cx.merchant])? {
            out.push(format!("{:?}", r.0));
        }
        for (name, sums) in counters::sums(tx, &cx)? {
            out.push(format!("{name:?} {sums:?}"));
        }
        out.push(format!("{} members", tx.one("SELECT COUNT(*) FROM member WHERE merchant = $1 AND state = 'live'", args![cx.merchant])?.get::<i64>(0)?));
        Ok(out)
    })
}

pub(super) fn sound(t: &TestStore) {
    let cx = t.ctx();
    let wrong = t.read(move |tx| {
        let mut wrong = counters::audit(tx, &cx)?;
        let mut after = [0; 16];
        while let (found, Some(last)) = audit_orders(tx, &cx, after, 7)? {
            wrong.extend(found);
            after = last;
        }
        for mut r in tx.rows("SELECT COUNT(*), (SELECT COALESCE(CAST(SUM(refs) AS BIGINT), 0) FROM key_set WHERE merchant = $1) FROM orders WHERE merchant = $1 AND key_set IS NOT NULL", args![cx.merchant])? {
            let (orders, refs): (i64, i64) = (r.get(0)?, r.get(1)?);
            if orders != refs {
                wrong.push(format!("{orders} orders carry key sets, {refs} references are held"));
            }
        }
        Ok(wrong)
    });
    assert!(wrong.is_empty(), "{wrong:#?}");
}

pub(super) fn buyer(name: &str) -> Vec<BuyerKey> {
    vec![BuyerKey::new(KeyKind::AccountName, "taobao", name, true)]
}

/// Two files of one shop: an order report and an item report.
fn reports(import: i64) -> (Vec<Observation>, Vec<Observation>) {
    let report = |i: i64| Observation {
        source_id: format!("o{i}"),
        import: Some(import),
        state: Some(State::ALL[(i % 5) as usize]),
        created_at: at(i, 1),
        paid_at: at(i, 2).filter(|_| i % 5 != 0),
        paid: Some(if i % 5 == 0 { 0 } else { 10_000 + i }),
        shipping: Some(600),
        refunded: (i % 5 == 4).then_some(10_000),
        buyer: if i % 3 == 0 { Vec::new() } else { buyer(&format!("buyer{}", i % 4)) },
        receiver: Some(Receiver {
            name: Some("张三丰".into()),
            phone: Some(format!("1390000{:04}", i % 4)),
            province: Some("浙江省".into()),
            ..Receiver::default()
        }),
        ..said(Doc::OrderReport)
    };
    let items = |i: i64| Observation {
        source_id: format!("o{i}"),
        import: Some(import),
        lines: vec![goods("a", 1, 6000), LineSaid { ordinal: 1, ..goods("b", 2, 2000) }],
        ..said(Doc::ItemReport)
    };
    ((1..=12).map(report).collect(), (2..=13).map(items).collect())
}

#[test]
fn two_files_in_any_order_and_batching_make_one_store() {
    let states = std::sync::Mutex::new(Vec::new());
    both("either order", |t| {
        let (report, items) = reports(1);
        take(t, report.clone());
        take(t, items.clone());
        states.lock().expect("unpoisoned").push(dump(t));
        sound(t);
        let events = t.int("SELECT COUNT(*) FROM event WHERE kind LIKE 'order.%'");
        let again = take(t, [report, items].concat());
        assert!(again.iter().all(|o| o.change == Change::Unchanged));
        assert_eq!(t.int("SELECT COUNT(*) FROM event WHERE kind LIKE 'order.%'"), events, "the same content twice says nothing");
        sound(t);
    });
    both("the other order", |t| {
        let (report, items) = reports(1);
        for part in items.chunks(5) {
            take(t, part.to_vec());
        }
        for part in report.chunks(1) {
            take(t, part.to_vec());
        }
        states.lock().expect("unpoisoned").push(dump(t));
        sound(t);
    });
    both("at once", |t| {
        let (report, items) = reports(1);
        take(t, [items, report].concat());
        states.lock().expect("unpoisoned").push(dump(t));
        sound(t);
    });
    let states = states.into_inner().expect("unpoisoned");
    for s in &states[1..] {
        assert_eq!(*s, states[0]);
    }
    assert!(states[0].len() > 30);
}

fn undo(t: &TestStore, import: i64) {
    loop {
        let cx = t.ctx();
        if t.write(move |tx| retract_import(tx, &cx, import, 5)) == 0 {
            break;
        }
    }
}

#[test]
fn an_undone_import_is_as_if_it_never_came() {
    both("undo", |t| {
        let before = dump(t);
        let (report, items) = reports(1);
        take(t, report.clone());
        let only_report = dump(t);
        take(t, items.into_iter().map(|o| Observation { import: Some(2), ..o }).collect());
        // The same file under another number, and one order by the API as well.
        take(t, report.iter().map(|o| Observation { import: Some(3), ..o.clone() }).collect());
        let full = dump(t);
        undo(t, 3);
        assert_eq!(dump(t), full);
        undo(t, 2);
        assert_eq!(dump(t), only_report);
        take(t, report.into_iter().map(|o| Observation { import: Some(3), ..o }).collect());
        undo(t, 1);
        assert_eq!(dump(t), only_report, "what a second import says as well stays");
        undo(t, 3);
        assert_eq!(dump(t), before);
        for table in ["orders", "order_line", "refund", "observed", "observed_import", "key_set"] {
            assert_eq!(t.int(&format!("SELECT COUNT(*) FROM {table}")), 0, "{table}");
        }
        sound(t);
    });
}

#[test]
fn a_buyer_is_seen_anew_when_an_import_is_undone() {
    both("seen anew", |t| {
        let order = |n: i64, import: i64, province: &str| Observation {
            source_id: format!("o{n}"),
            import: Some(import),
            created_at: at(n, 0),
            paid: Some(100),
            buyer: buyer("anna"),
            receiver: Some(Receiver { province: Some(province.into()), ..Receiver::default() }),
            ..said(Doc::OrderReport)
        };
        take(t, vec![order(5, 1, "浙江省")]);
        let before = dump(t);
        // An earlier and a later order of the same buyer, who moved.
        take(t, vec![order(2, 2, "上海"), order(9, 2, "北京")]);
        assert_ne!(dump(t), before);
        undo(t, 2);
        assert_eq!(dump(t), before);
        sound(t);
    });
}

#[test]
fn an_unidentified_order_finds_its_member_when_a_key_arrives() {
    both("a key arrives", |t| {
        let hidden = Observation {
            receiver: Some(Receiver { name: Some("张*".into()), ..Receiver::default() }),
            state: Some(State::Paid),
            created_at: at(1, 0),
            paid: Some(500),
            ..said(Doc::OrderReport)
        };
        let first = take(t, vec![hidden])[0];
        assert_eq!((first.member, first.change), (None, Change::Created));
        sound(t);
        let known = take(
            t,
            vec![Observation {
                buyer: vec![BuyerKey::new(KeyKind::OpenId, "taobao:app", "AAE77", true)],
                source_time: at(2, 0),
                ..said(Doc::Connector)
            }],
        )[0];
        assert!(known.member.is_some() && known.member_created);
        assert_eq!(known.order, first.order);
        assert_eq!(t.int("SELECT COUNT(*) FROM event WHERE kind = 'order.identified'"), 1);
        sound(t);
        let cx = t.ctx();
        let totals = t.read(move |tx| crate::totals(tx, &cx, &[known.member.expect("a member")]));
        assert_eq!((totals[0].orders, totals[0].net_paid), (1, 500));
    });
}

#[test]
fn orders_of_nobody_are_counted_in_steps_that_leave_none_out() {
    both("an import counted in steps", |t| {
        let order = |import: i64, n: usize| Observation {
            source_id: format!("{import}-{n}"),
            import: Some(import),
            state: Some(State::Paid),
            created_at: at(1, 0),
            paid: Some(500),
            buyer: if n.is_multiple_of(3) {
                vec![BuyerKey::new(KeyKind::OpenId, "taobao:app", format!("AAE{n}"), true)]
            } else {
                Vec::new()
            },
            ..said(Doc::OrderReport)
        };
        take(t, (1..3).flat_map(|import| (0..10).map(move |n| order(import, n))).collect());
        for step in [1, 3, 10, 11] {
            let (cx, mut count, mut steps, mut after) = (t.ctx(), 0, 0, Some([0; 16]));
            while let Some(from) = after {
                let cx = cx.clone();
                let (more, last) = t.read(move |tx| unnamed_of_import(tx, &cx, 1, from, step));
                (count, steps, after) = (count + more, steps + 1, last);
            }
            assert_eq!((count, steps), (6, 10 / step + 1), "{step} at a time");
        }
    });
}

#[test]
fn a_key_that_joins_two_buyers_moves_their_orders_and_the_counters_agree() {
    both("a merge", |t| {
        let open = |v: &str| BuyerKey::new(KeyKind::OpenId, "taobao:app", v, true);
        let one = |no: &str, keys: Vec<BuyerKey>| Observation {
            source_id: no.into(),
            state: Some(State::Paid),
            created_at: at(1, 0),
            paid: Some(500),
            buyer: keys,
            ..said(Doc::Connector)
        };
        let a = take(t, vec![one("1", vec![open("X")])])[0];
        let b = take(t, vec![one("2", buyer("tb1"))])[0];
        assert_ne!(a.member, b.member);
        let joined = take(t, vec![one("3", [vec![open("X")], buyer("tb1")].concat())])[0];
        let cx = t.ctx();
        let members: Vec<_> = t
            .read(move |tx| tx.rows("SELECT DISTINCT member FROM orders WHERE merchant = $1", args![cx.merchant]))
            .into_iter()
            .map(|mut r| r.get::<Option<shuke_members::MemberId>>(0).expect("an id"))
            .collect();
        assert_eq!(members, [joined.member]);
        sound(t);
    });
}

#[test]
fn a_buyer_claims_an_order_with_one_proof_and_guessing_locks_it() {
    both("claim", |t| {
        let order = |no: &str| Observation {
            source_id: no.into(),
            state: Some(State::Paid),
            created_at: at(1, 0),
            paid: Some(500),
            receiver: Some(Receiver { phone: Some("139****5678".into()), ..Receiver::default() }),
            ..said(Doc::OrderReport)
        };
        let (one, two) = (take(t, vec![order("1")])[0].order, take(t, vec![order("2")])[0].order);
        let member =
            take(t, vec![Observation { source_id: "9".into(), buyer: buyer("tb1"), ..said(Doc::Connector) }])[0].member.expect("a member");
        let claim = |id, proof: Proof<'static>| {
            let cx = t.ctx();
            t.write(move |tx| claim(tx, &cx, id, member, proof))
        };
        assert_eq!(claim(one, Proof::PhoneLast4("0000")), Claimed::Wrong);
        assert!(matches!(claim(one, Proof::PhoneLast4("5678")), Claimed::Yes(o) if o.member == Some(member)));
        assert_eq!(claim(one, Proof::PhoneLast4("5678")), Claimed::Taken);
        for _ in 0..5 {
            assert_eq!(claim(two, Proof::PhoneLast4("0000")), Claimed::Wrong);
        }
        assert_eq!(claim(two, Proof::PhoneLast4("5678")), Claimed::Locked);
        sound(t);
    });
}

#[test]
fn an_erased_person_stays_erased_when_the_file_comes_again() {
    both("erasure", |t| {
        let (report, _) = reports(1);
        take(t, report.clone());
        let member = take(t, vec![report[0].clone()])[0].member.expect("a member");
        let cx = t.ctx();
        let copy = t.read(move |tx| shuke_members::privacy::copy::copy(tx, &cx, member)).to_string();
        assert!(copy.contains("张三丰") && copy.contains("13900000001"), "a person's copy tells what lies sealed in their orders");
        let cx = t.ctx();
        t.write(move |tx| shuke_members::privacy::erase::erase(tx, &cx, member));
        let again: Vec<Observation> = report.into_iter().map(|o| Observation { seller_memo: Some("again".into()), ..o }).collect();
        let answers = take(t, again);
        assert_eq!(answers[0].member, Some(member), "the order stays under the id");
        let cx = t.ctx();
        let private = t.read(move |tx| {
            let order = crate::order::read::get(tx, &cx, answers[0].order)?;
            assert_eq!(order.province, None);
            crate::order::read::private(tx, &cx, &[order])
        });
        assert!(private.values().all(|p| p.receiver.name.is_none() && p.seller_memo.is_none()));
        sound(t);
    });
}

#[test]
fn another_settlement_delay_makes_orders_final_at_another_time() {
    both("settlement", |t| {
        let (report, _) = reports(1);
        take(t, report);
        let finals = || t.int("SELECT CAST(SUM(COALESCE(final_at, 0)) AS BIGINT) FROM orders");
        let before = finals();
        let completed = t.int("SELECT COUNT(*) FROM orders WHERE state = 'completed'");
        let cx = t.ctx();
        t.write(move |tx| {
            tx.exec(
                "INSERT INTO merchant (merchant, id, name, sandbox, zone, currency, settings, created_at, updated_at) VALUES ($1, $2, 'x', 0, 'Asia/Shanghai', 'CNY', $3, 0, 0)",
                args![cx.merchant, [9_u8; 16], "{\"settlement_delay_days\": 3}"],
            )
        });
        let mut after = [0; 16];
        loop {
            let cx = t.ctx();
            match t.write(move |tx| crate::order::settle::resettle(tx, &cx, crate::order::settle::Task::default(), after, 5)).1 {
                Some(last) => after = last,
                None => break,
            }
        }
        assert!(completed > 0);
        assert_eq!(finals() - before, completed * 3 * 86_400_000_000);
        sound(t);
    });
}

#[test]
fn refunds_products_and_behaviour_come_once() {
    both("the rest", |t| {
        let note = |amount: i64| Observation {
            source_id: "C1".into(),
            import: Some(5),
            buyer: vec![BuyerKey::new(KeyKind::OwnId, "shop", "17850", true)],
            currency: "GBP".parse().ok(),
            refund: Some(Box::new(RefundSaid { source_id: "C1".into(), amount: Some(amount), at: at(3, 0), ..RefundSaid::default() })),
            ..said(Doc::Refund)
        };
        for (amount, want) in [(700, Change::Created), (700, Change::Unchanged), (800, Change::Changed)] {
            let (cx, n) = (t.ctx(), note(amount).note().expect("good"));
            let got = t.write(move |tx| refund::observe_alone(tx, &cx, std::slice::from_ref(&n)));
            assert_eq!(got[0].1, want);
        }
        let said = |price: i64, time: i64| product::ProductSaid {
            source: "shop".into(),
            source_id: "sku1".into(),
            price: Some(price),
            category: vec!["母婴".into(), "奶瓶".into()],
            source_time: Some(time),
            import: Some(5),
            ..Default::default()
        };
        for (p, want) in [
            (said(100, 5), Change::Created),
            (said(90, 4), Change::Unchanged),
            (said(100, 5), Change::Unchanged),
            (said(120, 6), Change::Changed),
        ] {
            let cx = t.ctx();
            let got = t.write(move |tx| product::observe_many(tx, &cx, std::slice::from_ref(&p)));
            assert_eq!(got[0].1, want);
        }
        let cx = t.ctx();
        let found = t.read(move |tx| product::list(tx, &cx, "sku", "母婴", ("", [0; 16]), 10));
        assert_eq!((found.len(), found[0].price, found[0].category.len()), (1, Some(120), 2));
        let act = behaviour::Act {
            source: "site".into(),
            source_id: "e1".into(),
            kind: "review".into(),
            at: at(2, 0).expect("a time"),
            keys: vec![BuyerKey::new(KeyKind::OwnId, "shop", "17850", true)],
            text: Some("很好".into()),
            ..Default::default()
        };
        for created in [true, false] {
            let (cx, act) = (t.ctx(), act.clone());
            let got = t.write(move |tx| behaviour::record_many(tx, &cx, std::slice::from_ref(&act)));
            assert_eq!((got[0].created, got[0].member.is_some()), (created, true));
        }
        undo(t, 5);
        assert_eq!(
            t.int("SELECT COUNT(*) FROM refund") + t.int("SELECT COUNT(*) FROM product") + t.int("SELECT COUNT(*) FROM observed"),
            0
        );
    });
}

#[test]
fn two_writers_of_the_same_orders_agree() {
    hooks::install(crate::HOOKS);
    let t = shuke_testkit::postgres_with(ALL);
    let (report, items) = reports(1);
    std::thread::scope(|s| {
        for turn in 0..4_usize {
            let (store, cx) = (t.store.clone(), t.ctx());
            let mut all = [report.clone(), items.clone()].concat();
            let turns = turn * 7 % all.len();
            all.rotate_left(turns);
            s.spawn(move || {
                for part in all.chunks(3) {
                    let notes: Vec<Noted> = part.iter().map(|o| o.clone().note().expect("good")).collect();
                    let cx: Ctx = cx.clone();
                    store
                        .write_now(shuke_store::Lane::Interactive, move |tx: &mut Tx<'_>| observe_many(tx, &cx, &notes))
                        .unwrap_or_else(|e| panic!("{e}"));
                }
            });
        }
    });
    sound(&t);
    let alone = shuke_testkit::sqlite_with(ALL);
    take(&alone, [report, items].concat());
    assert_eq!(dump(&t), dump(&alone));
}

#[test]
fn no_identifier_lies_in_clear() {
    hooks::install(crate::HOOKS);
    let t = shuke_testkit::sqlite_with(ALL);
    let (report, items) = reports(1);
    take(&t, [report, items].concat());
    let dir = t.dir().to_owned();
    let _kept = t.close();
    for file in std::fs::read_dir(&dir).expect("a folder").flatten() {
        let bytes = std::fs::read(file.path()).unwrap_or_default();
        for word in ["13900000001", "张三丰", "buyer1"] {
            assert!(!bytes.windows(word.len()).any(|w| w == word.as_bytes()), "{word} in {}", file.path().display());
        }
    }
}

#[test]
fn every_statement_prepares_on_both_engines() {
    shuke_testkit::prepare_all(ALL, crate::STATEMENTS);
}
