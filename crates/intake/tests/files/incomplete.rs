//! Rows that load although something in them is missing: what is missing is told, and what a later file
//! fills in is taken, whichever of the two is loaded first. On both engines.

use std::sync::Mutex;

use crate::common::preview_bytes;
use serde_json::Value;
use shuke_intake::load::job::Load;
use shuke_intake::load::model::ImportRun;
use shuke_intake::load::quarantine;
use shuke_intake::load::service::{self, Incoming};
use shuke_store::args;
use shuke_store::jobs::JobRunner;
use shuke_store::register::{GROUND, Register};
use shuke_testkit::{TestStore, both_with};

const ALL: Register = Register(&[GROUND, shuke_access::TABLES, shuke_members::TABLES, shuke_commerce::TABLES, shuke_intake::TABLES]);

const HEAD: &str = "订单编号,下单时间,付款时间,商品名称,商家编码,数量,单价,实付金额,订单状态";

fn row(no: &str, title: &str, code: &str, quantity: &str, paid: &str, state: &str) -> String {
    format!("{no},2026-08-01 10:00:00,2026-08-01 10:05:00,{title},{code},{quantity},25.00,{paid},{state}")
}

fn file(rows: &[String]) -> String {
    format!("{HEAD}\n{}\n", rows.join("\n"))
}

fn told(text: &str, list: &str, word: &str) -> Vec<(u64, Vec<String>)> {
    let v = preview_bytes("x.csv", text.into());
    let strings = |n: &Value| n[word].as_array().into_iter().flatten().filter_map(|w| w.as_str().map(str::to_owned)).collect();
    v[list].as_array().into_iter().flatten().map(|n| (n["row"].as_u64().expect("a row"), strings(n))).collect()
}

fn load(t: &TestStore, text: &str) -> ImportRun {
    t.clock.advance_seconds(1);
    let cx = t.ctx();
    let files = vec![Incoming::Bytes { name: "订单.csv".to_owned(), bytes: text.as_bytes().to_vec() }];
    let id = service::stage(&t.store, &cx, cx.new_id(), files, None, None).expect("staged").id;
    t.write(move |tx| service::run(tx, &cx, id).map(|_| ()));
    assert!(JobRunner::new(t.store.clone()).with(Load).run_one().expect("loaded"));
    let m = t.merchant;
    t.read(move |tx| service::get(tx, m, id))
}

/// Orders and lines as they stand.
fn dump(t: &TestStore) -> Vec<String> {
    let m = t.merchant;
    t.read(move |tx| {
        let mut out = Vec::new();
        for statement in [
            "SELECT source_id, state, paid, net_paid, goods_paid, goods_list, quantity, flags, purchase, estimated FROM orders WHERE merchant = $1 ORDER BY source_id",
            "SELECT o.source_id, l.line_no, l.sku, l.title, l.spec, l.quantity, l.unit_price, l.list, l.paid, l.state FROM order_line l JOIN orders o ON o.merchant = l.merchant AND o.id = l.order_id WHERE l.merchant = $1 ORDER BY o.source_id, l.line_no",
        ] {
            out.extend(tx.rows(statement, args![m])?.into_iter().map(|r| format!("{:?}", r.0)));
        }
        Ok(out)
    })
}

fn titles(t: &TestStore) -> Vec<String> {
    let m = t.merchant;
    t.read(move |tx| {
        let rows = tx.rows(
            "SELECT l.title FROM order_line l JOIN orders o ON o.merchant = l.merchant AND o.id = l.order_id WHERE l.merchant = $1 ORDER BY o.source_id, l.line_no",
            args![m],
        )?;
        rows.into_iter().map(|mut r| Ok(r.get::<Option<String>>(0)?.unwrap_or_default())).collect()
    })
}

fn both(name: &str, test: impl Fn(&TestStore)) {
    shuke_members::hooks::install(shuke_commerce::HOOKS);
    both_with(name, ALL, test);
}

#[test]
fn an_amount_or_a_name_that_is_missing_is_told() {
    let text = file(&[
        row("A1", "茶", "T1", "2", "50.00", "已完成"),
        row("A2", "茶", "T1", "2", "", "已完成"),
        row("A3", "茶", "T1", "2", "", "待发货"),
        row("A4", "茶", "T1", "2", "", "待付款"),
        row("A5", "茶", "T1", "2", "", "已关闭"),
        row("A6", "", "", "2", "50.00", "已完成"),
        row("A7", "", "T1", "2", "50.00", "已完成"),
        row("A8", "茶", "", "2", "0", "已完成"),
        row("A9", "", "", "2", "无", "已完成"),
    ]);
    let amount = || "missing_amount:实付金额".to_owned();
    let name = || "missing_item_name:商品名称".to_owned();
    assert_eq!(told(&text, "not_good", "reasons"), []);
    let mut warned = told(&text, "warned", "warnings");
    warned.iter_mut().for_each(|w| w.1.sort());
    assert_eq!(warned, [(3, vec![amount()]), (4, vec![amount()]), (7, vec![name()]), (10, vec![amount(), name()])]);
    for zh in [true, false] {
        let kept = quarantine::Kept { code: "missing_amount".to_owned(), about: Some("实付金额".to_owned()) };
        let (what, advice) = kept.texts(zh);
        assert!(what.contains("实付金额") && advice.contains(if zh { "再导入一次" } else { "load it again" }), "{what} {advice}");
    }
}

#[test]
fn lines_that_tell_what_was_paid_for_them_need_no_amount_of_the_order() {
    let head = "订单编号,下单时间,商品名称,数量,商品实付金额,实付金额,订单状态";
    let v = preview_bytes(
        "x.csv",
        format!("{head}\nA1,2026-08-01 10:00:00,茶,1,25.00,,已完成\nA1,2026-08-01 10:00:00,杯,1,10.00,,已完成\n").into(),
    );
    assert_eq!((v["good"].as_u64(), v["warned"].as_array().map(Vec::len)), (Some(2), Some(0)), "{v:#}");
}

#[test]
fn a_quantity_that_cannot_be_read_names_its_column() {
    for wrong in ["两件", "1.5", "0", "-1", ""] {
        let text = file(&[row("A1", "茶", "T1", wrong, "50.00", "已完成")]);
        let v = preview_bytes("x.csv", text.clone().into());
        // Written bare, as those who read previews know the code; the column stands beside.
        assert_eq!(v["not_good"][0]["reasons"][0], "bad_quantity", "{wrong}");
        assert_eq!(v["not_good"][0]["columns"][0], "数量", "{wrong}");
    }
    both("bad quantity", |t| {
        let run = load(t, &file(&[row("A1", "茶", "T1", "两件", "50.00", "已完成"), row("A2", "茶", "T1", "2", "50.00", "已完成")]));
        assert_eq!(run.counts.quarantined, 1);
        let m = t.merchant;
        let held = t.read(move |tx| quarantine::list(tx, m, None, "open", "", None, 10)).remove(0);
        let kept = &held.reasons[0];
        assert_eq!((kept.code.as_str(), kept.about.as_deref()), ("bad_quantity", Some("数量")));
        assert!(held.cells.contains(&("数量".to_owned(), "两件".to_owned())));
        assert_eq!(kept.texts(true).0, "「数量」不是正整数");
        // One that was kept before the column was.
        let old = quarantine::Kept { code: "bad_quantity".to_owned(), about: None };
        assert_eq!(
            (old.texts(true).0.as_str(), old.texts(false).0.as_str()),
            ("有一格不是正整数", "a cell is not a positive whole number")
        );
    });
}

#[test]
fn what_a_later_file_fills_in_is_taken_and_told() {
    let without: Vec<String> = (1..=9).map(|n| row(&format!("A{n}"), "", "", "2", "", "已完成")).collect();
    let with: Vec<String> = (1..=9).map(|n| row(&format!("A{n}"), &format!("茶 {n}"), "", "2", "50.00", "已完成")).collect();
    let (without, with) = (file(&without), file(&with));
    let ends: Mutex<Vec<Vec<String>>> = Mutex::default();
    both("filled in", |t| {
        let first = load(t, &without);
        assert_eq!((first.counts.orders_new, first.counts.quarantined), (9, 0), "nothing is held back");
        let second = load(t, &with);
        assert_eq!((second.counts.orders_changed, second.counts.unchanged), (9, 0), "each of them is told as changed");
        assert_eq!(titles(t), (1..=9).map(|n| format!("茶 {n}")).collect::<Vec<_>>());
        assert_eq!(t.int("SELECT COUNT(*) FROM orders WHERE paid = 5000 AND net_paid = 5000"), 9);
        // Once more, and what knew less: nothing changes and nothing is taken away.
        let whole = dump(t);
        assert_eq!(load(t, &with).counts.unchanged, 9);
        assert_eq!(load(t, &without).counts.unchanged, 9);
        assert_eq!(dump(t), whole);

        ends.lock().expect("ends").push(whole);
    });
    let others: Mutex<Vec<Vec<String>>> = Mutex::default();
    both("filled in, the other way round", |t| {
        assert_eq!(load(t, &with).counts.orders_new, 9);
        assert_eq!(load(t, &without).counts.unchanged, 9);
        others.lock().expect("ends").push(dump(t));
    });
    assert_eq!(*ends.lock().expect("ends"), *others.lock().expect("ends"));
}
