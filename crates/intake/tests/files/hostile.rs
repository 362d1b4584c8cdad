//! Files as shops really have them: set end to end, two platforms' orders of one number, workbooks with
//! cells over rows and rows left out.

use crate::common::preview_bytes;
use serde_json::Value;

fn reasons(v: &Value) -> Vec<String> {
    let all = v["not_good"].as_array().into_iter().flatten().flat_map(|n| n["reasons"].as_array().into_iter().flatten());
    all.filter_map(|r| r.as_str().map(str::to_owned)).collect()
}

/// Number, paid, and how many lines of each order.
fn orders(v: &Value) -> Vec<(&str, i64, usize)> {
    let all = v["canonical"].as_array().into_iter().flatten();
    all.map(|o| {
        let lines = o["lines"].as_array().map_or(0, Vec::len);
        (o["order_no"].as_str().unwrap_or("-"), o["paid_fen"].as_i64().unwrap_or(-1), lines)
    })
    .collect()
}

#[test]
fn orders_of_one_number_on_two_platforms_are_two() {
    let lines = "内部订单号,线上订单号,店铺,店铺站点,订单状态,下单时间,付款日期,买家账号,应付金额,已付金额,收货人,商品编码,商品名称,数量,单价\n\
        1,100200300400,甲店,淘宝天猫,已发货,2026-08-01 10:00:00,2026-08-01 10:01:00,u1,30,30,张三,A,茶,1,30\n\
        2,100200300400,乙店,京东,已发货,2026-08-02 10:00:00,2026-08-02 10:01:00,u2,50,50,李四,B,饼,1,50\n\
        3,100200300401,甲店,淘宝天猫,已发货,2026-08-03 10:00:00,2026-08-03 10:01:00,u3,10,10,王五,A,茶,1,10\n\
        4,100200300401,乙店,京东,已发货,2026-08-03 10:00:00,2026-08-03 10:01:00,u3,10,10,王五,A,茶,1,10\n\
        1,100200300400,甲店,淘宝天猫,已发货,2026-08-01 10:00:00,2026-08-01 10:01:00,u1,30,30,张三,C,糖,1,0\n";
    let v = preview_bytes("erp.csv", lines.into());
    assert_eq!(
        (reasons(&v), orders(&v).iter().map(|o| (o.1, o.2)).collect::<Vec<_>>()),
        (vec![], vec![(3_000, 2), (5_000, 1), (1_000, 1), (1_000, 1)]),
        "{v}"
    );
    let whole = "平台,订单号,订单状态,实付金额,下单时间\n淘宝,100200300400,已完成,30.00,2026-08-01\n京东,100200300400,已完成,50.00,2026-08-02\n京东,100200300400,已完成,50.00,2026-08-02\n";
    let v = preview_bytes("own.csv", whole.into());
    assert_eq!(
        (reasons(&v), orders(&v).iter().map(|o| o.1).collect::<Vec<_>>()),
        (vec!["duplicate_same_content".to_owned()], vec![3_000, 5_000]),
        "{v}"
    );
}

#[test]
fn a_header_that_comes_again_is_no_order() {
    let head = "订单号,订单状态,实付金额(元),下单时间,商品名称,数量\n";
    let text = format!(
        "{head}A1,已完成,10.00,2026-08-01,茶,1\n{head}A1,已完成,10.00,2026-08-01,饼,1\n\n订单号,,,,,\n{head}A2,已完成,30.00,2026-08-03,茶,1\n"
    );
    let v = preview_bytes("all.csv", text.into());
    assert_eq!(reasons(&v), ["header_again", "header_again", "header_again"], "{v}");
    assert_eq!(orders(&v), [("A1", 1_000, 2), ("A2", 3_000, 1)], "{v}");
}

#[test]
fn cells_over_rows_that_are_left_out_end_where_they_end() {
    let cell = |t: &str, c: &str, more: &str| format!("<Cell {more}><Data ss:Type=\"{t}\">{c}</Data></Cell>");
    let s = |c: &str| cell("String", c, "");
    let n = |c: &str| cell("Number", c, "");
    let head: String = ["订单号", "订单状态", "实付金额", "下单时间", "商品名称", "数量", "单价"].map(s).concat();
    let book = |rows: &str| {
        format!(
            "<?xml version=\"1.0\"?><Workbook xmlns:ss=\"x\"><Worksheet ss:Name=\"a\"><Table><Row ss:Index=\"3\">{head}</Row>{rows}</Table></Worksheet></Workbook>"
        )
    };
    let line =
        |first: &str, paid: &str, title: &str| [first, &s("已完成"), &n(paid), &s("2026-08-01"), &s(title), &n("1"), &n("5")].concat();
    let (over, second) = (cell("String", "A100200301", "ss:MergeDown=\"2\""), cell("String", "已完成", "ss:Index=\"2\""));
    let rest = [second, n("10"), s("2026-08-01"), s("饼"), n("1"), n("5")].concat();
    for between in ["", "<Row ss:Span=\"0\"/>"] {
        let next = if between.is_empty() { "<Row ss:Index=\"6\">" } else { "<Row>" };
        let rows =
            format!("<Row>{}</Row>{between}{next}{rest}</Row><Row>{}</Row>", line(&over, "10", "茶"), line(&s("A100200302"), "5", "茶"));
        let v = preview_bytes("x.xls", book(&rows).into_bytes());
        assert_eq!((reasons(&v), orders(&v)), (vec![], vec![("A100200301", 1_000, 2), ("A100200302", 500, 1)]), "{v}");
    }
}

#[test]
fn merged_cells_of_an_old_workbook_hold_for_each_of_their_rows() {
    let v = preview_bytes("erp.xls", include_bytes!("../fixtures/merged_cells.xls").to_vec());
    assert_eq!((reasons(&v), orders(&v)), (vec![], vec![("A100200301", 3_000, 2), ("A100200302", 500, 1)]), "{v}");
}

#[test]
fn a_file_whose_orders_all_stand_apart_says_so_before_it_is_loaded() {
    let text = |orders: usize| {
        let mut text = String::from("订单号,订单状态,实付金额,下单时间,商品名称,数量,单价\n");
        for title in ["茶", "饼"] {
            (0..orders).for_each(|n| text.push_str(&format!("A{n:08},已完成,20.00,2026-08-01,{title},1,10.00\n")));
        }
        text.into_bytes()
    };
    let v = preview_bytes("all.csv", text(50_001));
    assert_eq!((&v["error"]["code"], &v["good"]), (&"rows_apart".into(), &100_002.into()), "{}", v["error"]);
    assert_eq!(preview_bytes("all.csv", text(10_000))["error"], Value::Null);
}

/// The readings of one cell of a time, an amount and an e-mail that shops' programs write.
#[test]
fn cells_as_programs_write_them() {
    let text = "订单号,订单状态,币种,实付金额,下单时间,付款时间\n\
        A1,待付款,CNY,10.00,\"2026-08-01\n10:00:00\",0000-00-00 00:00:00\n\
        A2,已完成,CNY,10.00,2026-08-01 10:00:00,0001-01-01 00:00:00\n\
        A3,已完成,USD,HKD $5.00,2026-08-01 10:00:00,2026-08-01 10:00:00\n\
        A4,已完成,HKD,HKD $5.00,2026-08-01 10:00:00,2026-08-01 10:00:00\n\
        A5,已完成,CNY,10.00,0000-00-00 00:00:00,2026-08-01 10:00:00\n";
    let v = preview_bytes("own.csv", text.into());
    assert_eq!(reasons(&v), ["bad_amount:实付金额", "bad_date:下单时间"], "{v}");
    assert_eq!(orders(&v).iter().map(|o| (o.0, o.1)).collect::<Vec<_>>(), [("A1", 0), ("A2", 1_000), ("A4", 500)], "{v}");
    assert_eq!((&v["canonical"][0]["created_at"], &v["canonical"][1]["paid_at"]), (&"2026-08-01T10:00:00+08:00".into(), &Value::Null));
    let v = preview_bytes("members.csv", "姓名,手机号,邮箱\n李四,13800138000,无\n王五,无,/\n".into());
    assert_eq!((reasons(&v), &v["good"]), (vec![], &2.into()), "{v}");
    // Every cell of a PDD-like sheet ends in a tab, the header's too.
    let v = preview_bytes(
        "tabs.csv",
        "订单号\t,订单状态\t,实付金额\t,下单时间\t\n\"A1\t\",\"已完成\t\",\"10.00\t\",\"2026-08-01 10:00:00\t\"\n".into(),
    );
    assert_eq!((v["delimiter"].as_str(), orders(&v)), (Some(","), vec![("A1", 1_000, 0)]), "{v}");
    // Where no column is an amount, it is said.
    let v = preview_bytes(
        "api.csv",
        "tid,status,payment_x,created,buyer_nick\nA100200301,WAIT_BUYER_CONFIRM_GOODS,10.00,2026-08-01 10:00:00,a\n".into(),
    );
    assert_eq!((&v["good"], &v["notes"][0]["code"]), (&1.into(), &"amounts_not_told".into()), "{v}");
}
