//! Bad rows that come again: repaired or set aside once, they do not wait a second time, in whatever order the file
//! has its rows; where the repair is taken back, they wait again. On both engines.

use shuke_access::shops::{self, NewShop};
use shuke_intake::load::again::{self, Standing};
use shuke_intake::load::foreseen::{self, Foreseen};
use shuke_intake::load::job::Load;
use shuke_intake::load::model::ImportRun;
use shuke_intake::load::quarantine::{self, Held};
use shuke_intake::load::service::{self, Incoming};
use shuke_intake::load::undo::Undo;
use shuke_members::MemberId;
use shuke_store::args;
use shuke_store::jobs::JobRunner;
use shuke_store::register::{GROUND, Register};
use shuke_testkit::{TestStore, both_with};

const ALL: Register = Register(&[GROUND, shuke_access::TABLES, shuke_members::TABLES, shuke_commerce::TABLES, shuke_intake::TABLES]);

fn both(name: &str, test: impl Fn(&TestStore)) {
    shuke_members::hooks::install(shuke_commerce::HOOKS);
    both_with(name, ALL, test);
}

fn job(t: &TestStore) {
    assert!(JobRunner::new(t.store.clone()).with(Load).with(Undo).run_one().expect("a job"));
}

fn load(t: &TestStore, name: &str, rows: &[&str]) -> ImportRun {
    load_for(t, name, format!("{HEAD}\r\n{}\r\n", rows.join("\r\n")), None)
}

fn load_for(t: &TestStore, name: &str, text: String, shop: Option<[u8; 16]>) -> ImportRun {
    t.clock.advance_seconds(1);
    let cx = t.ctx();
    let files = vec![Incoming::Bytes { name: name.to_owned(), bytes: text.into_bytes() }];
    let id = service::stage(&t.store, &cx, cx.new_id(), files, None, shop).expect("staged").id;
    t.write(move |tx| service::run(tx, &cx, id).map(|_| ()));
    job(t);
    let m = t.merchant;
    t.read(move |tx| service::get(tx, m, id))
}

fn undo(t: &TestStore, import: &ImportRun) {
    let (cx, id) = (t.ctx(), import.id);
    t.write(move |tx| service::undo(tx, &cx, id).map(|_| ()));
    job(t);
}

fn standing(t: &TestStore, import: &ImportRun) -> Standing {
    let (m, id) = (t.merchant, import.id);
    t.read(move |tx| again::standing(tx, m, id))
}

fn rows_of(t: &TestStore, import: &ImportRun) -> Vec<Held> {
    let (m, id) = (t.merchant, import.id);
    t.read(move |tx| quarantine::list(tx, m, None, "", "", Some(id), 100))
}

fn repair(t: &TestStore, held: &Held, column: &str, text: &str) -> Held {
    let (cx, id, change) = (t.ctx(), held.id, vec![(column.to_owned(), text.to_owned())]);
    t.write(move |tx| quarantine::repair(tx, &cx, id, &change).map(|_| ()));
    let m = t.merchant;
    t.read(move |tx| quarantine::get(tx, m, id))
}

fn set_aside(t: &TestStore, held: &Held) {
    let (cx, id) = (t.ctx(), held.id);
    t.write(move |tx| quarantine::discard(tx, &cx, id, "测试单").map(|_| ()));
}

const HEAD: &str = "订单编号,买家会员名,买家实际支付金额,订单状态,订单创建时间,订单付款时间";
const PAID: &str = "买家实际支付金额";
const AMOUNT: &str = "6900000000000000001,甲,abc,交易成功,2026-09-01 10:00:00,2026-09-01 10:05:00";
const DATE: &str = "6900000000000000002,乙,2.00,交易成功,2026-09-31 10:00:00,2026-09-01 10:05:00";
const GOOD: &str = "6900000000000000003,丙,3.00,交易成功,2026-09-01 10:00:00,2026-09-01 10:05:00";
const NUMBER: &str = "6.9E+18,丁,4.00,交易成功,2026-09-01 10:00:00,2026-09-01 10:05:00";

#[test]
fn rows_that_were_repaired_or_set_aside_do_not_wait_again() {
    both("same rows", |t| {
        let first = load(t, "订单.csv", &[AMOUNT, DATE, GOOD, NUMBER]);
        let held = rows_of(t, &first);
        assert_eq!(repair(t, &held[0], PAID, "1.00").state, "repaired");
        set_aside(t, &held[2]);
        let orders = t.int("SELECT COUNT(*) FROM orders");

        // The same rows in another order, under another name, with one cell of another row changed.
        let other = AMOUNT.replace("abc", "abd");
        let second = load(t, "又一次.csv", &[NUMBER, GOOD, &other, DATE, AMOUNT]);
        let counts = (second.counts.quarantined, second.counts.repaired_before, second.counts.set_aside_before);
        assert_eq!(counts, (2, 1, 1), "what was changed, and what waits elsewhere, waits");
        let now = standing(t, &second);
        assert_eq!((now.waiting, now.repaired_before, now.set_aside_before), (2, 1, 1));
        let same: Vec<_> = rows_of(t, &second).into_iter().map(|h| (h.row, h.state, h.resolved_how, h.same_as, h.note)).collect();
        let before = Some("before".to_owned());
        assert_eq!(same[0], (2, "discarded".to_owned(), before.clone(), Some(held[2].id), Some("测试单".to_owned())));
        assert_eq!(same[3], (6, "repaired".to_owned(), before, Some(held[0].id), None));
        assert_eq!(t.int("SELECT COUNT(*) FROM orders"), orders, "the repaired reading stays in force");
        assert_eq!(t.int("SELECT paid FROM orders WHERE source_id = '6900000000000000001'"), 100);

        // With the import of the repair gone its rows wait again, once.
        undo(t, &first);
        assert_eq!(standing(t, &second).waiting, 4);
        let third = load(t, "第三次.csv", &[AMOUNT, NUMBER]);
        assert_eq!(third.counts.quarantined, 2, "nothing stands that had settled them");
        undo(t, &second);
        assert_eq!(standing(t, &second).waiting, 0);
        assert_eq!(standing(t, &third).waiting, 2);
    });
}

#[test]
fn rows_that_wait_twice_are_repaired_once() {
    both("rows waiting twice", |t| {
        let first = load(t, "订单.csv", &[AMOUNT, DATE, GOOD]);
        let second = load(t, "又一次.csv", &[DATE, AMOUNT, GOOD]);
        assert_eq!((standing(t, &first).waiting, standing(t, &second).waiting), (2, 2));
        repair(t, &rows_of(t, &second)[1], PAID, "1.00");
        set_aside(t, &rows_of(t, &first)[1]);
        let one = Standing { repaired_before: 1, set_aside: 1, ..Standing::default() };
        let other = Standing { repaired: 1, set_aside_before: 1, ..Standing::default() };
        assert_eq!((standing(t, &first), standing(t, &second)), (one, other));
        undo(t, &second);
        assert_eq!(standing(t, &first), Standing { waiting: 1, set_aside: 1, ..Standing::default() });
    });
}

#[test]
fn of_rows_that_are_alike_as_many_are_settled_as_were_repaired() {
    both("rows alike", |t| {
        let nameless = ",甲,1.00,交易成功,2026-09-01 10:00:00,2026-09-01 10:05:00";
        let first = load(t, "订单.csv", &[nameless, nameless, GOOD]);
        repair(t, &rows_of(t, &first)[0], "订单编号", "6900000000000000008");
        let second = load(t, "又一次.csv", &[GOOD, nameless, nameless, nameless]);
        assert_eq!((second.counts.quarantined, second.counts.repaired_before), (2, 1));
    });
}

#[test]
fn a_repaired_row_still_tells_what_was_wrong() {
    both("told rows", |t| {
        let both_wrong = AMOUNT.replace("2026-09-01 10:00:00", "2026-13-01 10:00:00");
        let first = load(t, "订单.csv", &[&both_wrong, GOOD]);
        let held = rows_of(t, &first);
        let codes = |h: &Held| h.reasons.iter().map(|r| r.code.clone()).collect::<Vec<_>>();
        let wrong = codes(&held[0]);
        assert!(wrong.len() == 2, "{wrong:?}");
        let half = repair(t, &held[0], PAID, "x");
        assert_eq!(half.state, "open");
        repair(t, &held[0], PAID, "1.00");
        let done = repair(t, &held[0], "订单创建时间", "2026-09-01 10:00:00");
        assert_eq!((done.state.as_str(), codes(&done)), ("repaired", wrong.clone()));
        let told = |column: &str, text: &str| (column.to_owned(), text.to_owned());
        assert_eq!(done.first.cells, [told(PAID, "abc"), told("订单创建时间", "2026-13-01 10:00:00")]);
        let (m, reason) = (t.merchant, wrong[0].clone());
        assert_eq!(t.read(move |tx| quarantine::list(tx, m, None, "repaired", &reason, None, 9)).len(), 1, "found by its reason");
    });
}

#[test]
fn a_staged_file_tells_how_many_of_its_orders_are_new() {
    both("foreseen", |t| {
        load(t, "订单.csv", &[AMOUNT, GOOD]);
        let cx = t.ctx();
        let fourth = GOOD.replace("0003", "0004");
        let text = format!("{HEAD}\r\n{AMOUNT}\r\n{GOOD}\r\n{fourth}\r\n");
        let files = vec![Incoming::Bytes { name: "又来.csv".to_owned(), bytes: text.into_bytes() }];
        let staged = service::stage(&t.store, &cx, cx.new_id(), files, None, None).expect("staged");
        let found = foreseen::orders(&t.store, &cx, &staged, 0).expect("read");
        assert_eq!(found, Some(Foreseen { new: 1, known: 1, is_whole: true }));
    });
}

#[test]
fn the_same_row_of_another_shop_is_another_row() {
    both("rows of shops", |t| {
        let shop = |name: &'static str| {
            t.clock.advance_seconds(1);
            let cx = t.ctx();
            let new =
                NewShop { name: name.to_owned(), platform: "taobao".to_owned(), legal_entity: "甲公司".to_owned(), external: None };
            *t.write(move |tx| shops::create(tx, &cx, &new)).id.bytes()
        };
        let (a, b) = (shop("一店"), shop("二店"));
        let text = || format!("{HEAD}\r\n{AMOUNT}\r\n{GOOD}\r\n");
        let first = load_for(t, "一店.csv", text(), Some(a));
        set_aside(t, &rows_of(t, &first)[0]);
        assert_eq!(load_for(t, "二店.csv", text(), Some(b)).counts.quarantined, 1);
        assert_eq!(load_for(t, "无店.csv", text(), None).counts.quarantined, 1);
        assert_eq!(load_for(t, "一店再.csv", text(), Some(a)).counts.set_aside_before, 1);
    });
}

#[test]
fn what_a_later_file_of_goods_says_is_not_unsaid_by_an_earlier_repair() {
    both("rows of goods", |t| {
        let goods = |rows: &str| format!("商家编码,宝贝标题,成本价\r\n{rows}\r\n");
        let first = load_for(t, "商品.csv", goods("A1,茶,abc\r\nA2,杯,3.00"), None);
        let held = rows_of(t, &first);
        assert_eq!(held.len(), 1, "{held:?}");
        repair(t, &held[0], "成本价", "10.00");
        let again = load_for(t, "商品又.csv", goods("A1,茶,abc\r\nA2,杯,3.00"), None);
        assert_eq!((again.counts.quarantined, again.counts.repaired_before), (1, 0));
    });
}

#[test]
fn numbers_of_rows_and_days_of_export_make_no_other_row() {
    both("rows numbered", |t| {
        let sheet = |n: i64| format!("序号,{HEAD}\r\n{n},{AMOUNT}\r\n9,{GOOD}\r\n");
        let first = load_for(t, "订单.csv", sheet(1), None);
        repair(t, &rows_of(t, &first)[0], PAID, "1.00");
        assert_eq!(load_for(t, "订单又.csv", sheet(7), None).counts.repaired_before, 1);
    });
}

#[test]
fn a_row_set_aside_by_mistake_waits_again() {
    both("rows reopened", |t| {
        let first = load(t, "订单.csv", &[AMOUNT, GOOD]);
        let held = rows_of(t, &first).remove(0);
        set_aside(t, &held);
        let second = load(t, "又一次.csv", &[AMOUNT, GOOD]);
        assert_eq!(standing(t, &second).set_aside_before, 1);
        let (cx, id) = (t.ctx(), held.id);
        t.write(move |tx| quarantine::wait_again(tx, &cx, id).map(|_| ()));
        assert_eq!((standing(t, &first).waiting, standing(t, &second).waiting), (1, 1));
        repair(t, &rows_of(t, &second)[0], PAID, "1.00");
        assert_eq!(standing(t, &first).repaired_before, 1);
        // What is loaded does not wait again; what only follows it may.
        let (cx, own) = (t.ctx(), rows_of(t, &second)[0].id);
        assert!(t.try_write(move |tx| quarantine::wait_again(tx, &cx, own).map(|_| ())).is_err());
        let (cx, id) = (t.ctx(), held.id);
        t.write(move |tx| quarantine::wait_again(tx, &cx, id).map(|_| ()));
        assert_eq!(standing(t, &first).waiting, 1);
    });
}

#[test]
fn rows_of_somebody_who_is_erased_say_nothing_any_more() {
    both("rows erased", |t| {
        let first = load(t, "订单.csv", &[AMOUNT, GOOD, DATE]);
        let held = rows_of(t, &first);
        repair(t, &held[0], PAID, "1.00");
        let m = t.merchant;
        let whose = "SELECT member FROM orders WHERE merchant = $1 AND source_id = '6900000000000000001'";
        let member = t.read(move |tx| tx.one(whose, args![m])?.get::<MemberId>(0));
        // A list of goods may call something by the same number: that is nobody's.
        let goods = load_for(t, "商品.csv", "商家编码,宝贝标题,成本价\r\n6900000000000000001,茶,abc\r\nA2,杯,3.00\r\n".to_owned(), None);
        let cx = t.ctx();
        t.write(move |tx| quarantine::erased(tx, &cx, &[member]));
        assert!(!rows_of(t, &goods)[0].cells.is_empty());
        let rows = rows_of(t, &first);
        assert_eq!((rows[0].state.as_str(), rows[0].cells.len(), rows[0].first.cells.len()), ("repaired", 0, 0));
        assert_eq!((rows[1].state.as_str(), rows[1].cells.is_empty()), ("open", false), "another's");
        assert_eq!(load(t, "又一次.csv", &[AMOUNT]).counts.quarantined, 1, "nothing knows it any more");
    });
}
