//! What a preview says of an order is what loading makes of it, on both engines: where lines are given
//! back one by one, where rows come again in another state, where an order goes out in parcels.

mod common;

use common::preview_bytes;
use shuke_commerce::order::read::{self, Filter};
use shuke_intake::load::job::Load;
use shuke_intake::load::service::{self, Incoming};
use shuke_store::jobs::JobRunner;
use shuke_store::register::{GROUND, Register};
use shuke_testkit::{TestStore, both_with};

const ALL: Register = Register(&[GROUND, shuke_access::TABLES, shuke_members::TABLES, shuke_commerce::TABLES, shuke_intake::TABLES]);

fn load(t: &TestStore, text: &str) {
    t.clock.advance_seconds(1);
    let cx = t.ctx();
    let files = vec![Incoming::Bytes { name: "x.csv".to_owned(), bytes: text.as_bytes().to_vec() }];
    let id = service::stage(&t.store, &cx, cx.new_id(), files, None, None).expect("staged").id;
    t.write(move |tx| service::run(tx, &cx, id).map(|_| ()));
    assert!(JobRunner::new(t.store.clone()).with(Load).run_one().expect("loaded"));
}

const ERP: &str =
    "内部订单号,线上订单号,店铺,订单状态,买家账号,下单时间,付款日期,已付金额,运费,商品编码,商品名称,数量,单价,商品金额,退款状态,子订单编号";
const PLAIN: &str = "订单号,下单时间,商品名称,商家编码,数量,单价,实付金额,订单状态";
const JD: &str = "订单号,商品ID,商品名称,订购数量,下单时间,京东价,订单金额,应付金额,订单状态,下单帐号,订单完成时间,货号";

fn erp(own: &str, no: &str, paid: &str, goods: &str, sum: &str, word: &str) -> String {
    format!(
        "{own},{no},一店,已发货,tom,2026-08-01 10:00:00,2026-08-01 10:05:00,{paid},10.00,{goods},{goods},1,{sum},{sum},{word},{no}-{goods}\n"
    )
}

fn plain(no: &str, goods: &str, sum: &str, word: &str) -> String {
    format!("{no},2026-08-01 10:00:00,{goods},{goods},1,{sum},{sum},{word}\n")
}

fn jd(no: &str, goods: &str, word: &str, done: &str) -> String {
    format!("{no},{goods},酥,3,2026-07-24 18:27:04,39.60,196.20,196.20,{word},jd_1,{done},G{goods}\n")
}

#[test]
fn an_order_is_loaded_as_it_was_previewed() {
    let done = "2026-07-28 12:13:05";
    let files: &[(&str, String)] = &[
        (ERP, erp("1", "L1", "110.00", "A", "60.00", "退款成功") + &erp("1", "L1", "110.00", "B", "40.00", "")),
        (ERP, erp("2", "L2", "110.00", "A", "60.00", "") + &erp("2", "L2", "110.00", "B", "40.00", "退款成功")),
        (ERP, erp("3", "L3", "70.00", "A", "60.00", "") + &erp("4", "L3", "50.00", "B", "40.00", "")),
        // Parcels that were made later stand further down, a bad row stands between two lines.
        (
            ERP,
            erp("5", "L5", "70.00", "A", "60.00", "")
                + &erp("6", "L6", "50.00", "A", "40.00", "")
                + &erp("7", "L7", "110.00", "A", "60.00", "")
                + &erp("7", "L7", "x", "C", "9.00", "")
                + &erp("7", "L7", "110.00", "B", "40.00", "")
                + &erp("8", "L6", "50.00", "B", "40.00", "")
                + &erp("9", "L5", "50.00", "B", "40.00", "")
                + &erp("10", "L8", "110.00", "A", "100.00", ""),
        ),
        (
            PLAIN,
            plain("P1", "茶", "60.00", "已发货")
                + &plain("P1", "杯", "40.00", "已发货")
                + &plain("P1", "茶", "60.00", "已完成")
                + &plain("P1", "杯", "40.00", "已完成"),
        ),
        (
            PLAIN,
            plain("P2", "茶", "60.00", "已完成")
                + &plain("P2", "杯", "40.00", "已完成")
                + &plain("P2", "茶", "60.00", "已发货")
                + &plain("P2", "杯", "40.00", "已发货"),
        ),
        (JD, jd("290000000101", "1", "等待确认收货", "") + &jd("290000000102", "1", "完成", done) + &jd("290000000101", "1", "完成", done)),
        (JD, jd("290000000201", "1", "完成", done) + &jd("290000000202", "1", "完成", done) + &jd("290000000201", "1", "等待确认收货", "")),
    ];
    shuke_members::hooks::install(shuke_commerce::HOOKS);
    both_with("previewed", ALL, |t| {
        for (head, rows) in files {
            let text = format!("{head}\n{rows}");
            let v = preview_bytes("x.csv", text.clone().into());
            load(t, &text);
            for o in v["canonical"].as_array().expect("orders") {
                let (no, cx) = (o["order_no"].as_str().expect("a number").to_owned(), t.ctx());
                let filter = Filter { number: Some(no), ..Filter::default() };
                let row = t.read(move |tx| read::list(tx, &cx, &filter, None, 2)).pop().expect("the order");
                let lines = o["lines"].as_array().map_or(0, Vec::len);
                assert_eq!(row.lines.len(), lines, "{text}\n{o}");
                let said = (o["state"].as_str(), o["paid_fen"].as_i64(), o["refund_fen"].as_i64().unwrap_or(0));
                assert_eq!((Some(row.state.as_str()), row.paid, row.refunded), said, "{text}\n{o}");
                if let Some(net) = o["net_paid_fen"].as_i64() {
                    assert_eq!(row.net_paid, Some(net), "{text}\n{o}");
                }
            }
        }
    });
}

#[test]
fn an_amount_is_missing_only_where_no_row_of_the_order_tells_it() {
    let rows = "订单编号,下单时间,商品名称,数量,单价,实付金额,订单状态\n\
        W1,2026-11-01 10:00:00,茶,1,5.00,,已完成\n\
        W1,2026-11-01 10:00:00,杯,1,7.00,12.00,已完成\n\
        W2,2026-11-01 10:00:00,茶,1,5.00,5.00,已完成\n\
        W1,2026-11-01 10:00:00,壶,1,9.00,,已完成\n\
        W3,2026-11-01 10:00:00,茶,1,5.00,,已完成\n\
        W3,2026-11-01 10:00:00,杯,1,7.00,,已完成\n";
    let preview = preview_bytes("订单.csv", rows.as_bytes().to_vec());
    let warned: Vec<_> = preview["warned"].as_array().unwrap().iter().map(|w| w["key"].as_str().unwrap()).collect();
    assert_eq!(warned, ["W3", "W3"], "{preview}");
    // Two rows have shares, so the third lacks one; and a row that was cancelled for nothing tells nothing of the others.
    let shares = "订单编号,下单时间,商品名称,数量,单价,实付金额,订单状态\n\
        W1,2026-11-01 10:00:00,茶,1,5.00,5.00,已完成\n\
        W1,2026-11-01 10:00:00,杯,1,7.00,7.00,已完成\n\
        W1,2026-11-01 10:00:00,壶,1,9.00,,已完成\n\
        W2,2026-11-01 10:00:00,茶,1,5.00,0.00,已关闭\n\
        W2,2026-11-01 10:00:00,杯,1,7.00,,已完成\n";
    let preview = preview_bytes("订单.csv", shares.as_bytes().to_vec());
    let warned: Vec<_> = preview["warned"].as_array().unwrap().iter().map(|w| w["key"].as_str().unwrap()).collect();
    assert!(warned.contains(&"W1"), "{preview}");
}

#[test]
fn a_day_without_a_time_is_told_once_for_its_column() {
    let rows = "订单编号,下单时间,付款时间,实付金额,订单状态\n\
        W1,2026-11-01,2026-11-01 10:00:00,1.00,已完成\n\
        W2,2026-11-02,2026-11-02 10:00:00,2.00,已完成\n\
        W3,2026-11-03 08:00:00,2026-11-03 10:00:00,3.00,已完成\n";
    let preview = preview_bytes("订单.csv", rows.as_bytes().to_vec());
    let notes: Vec<_> = preview["notes"].as_array().unwrap().iter().filter(|n| n["code"] == "days_only").collect();
    assert_eq!(notes.len(), 1, "{preview}");
    assert_eq!((notes[0]["column"].as_str(), notes[0]["rows"].as_i64()), (Some("下单时间"), Some(2)));
    assert!(preview["warned"].as_array().unwrap().is_empty(), "no warning for each row");
}
