//! One order in several rows that are parcels, and dates and phones as other places write them: what the
//! whole of a file proves, and what it leaves open.

use crate::common::preview_bytes;
use serde_json::Value;

fn list(v: &Value, of: &str, word: &str) -> Vec<String> {
    let all = v[of].as_array().into_iter().flatten().flat_map(|n| n[word].as_array().into_iter().flatten());
    all.filter_map(|r| r.as_str().map(str::to_owned)).collect()
}

fn notes(v: &Value) -> Vec<&str> {
    v["notes"].as_array().into_iter().flatten().filter_map(|n| n["code"].as_str()).collect()
}

const ERP: &str = "内部订单号,线上订单号,店铺,订单状态,买家账号,下单时间,付款日期,已付金额,运费收入,商品编码,商品名称,数量,单价,站点";

fn erp(rows: &[(&str, &str, &str, &str)]) -> Value {
    let rows: String = rows
        .iter()
        .map(|(own, paid, pieces, price)| {
            format!("{own},1234567890123457013,一店,已发货,tb123,2026-09-01 10:00:00,2026-09-01 10:01:00,{paid},0,A-{own},茶{own},{pieces},{price},淘宝\n")
        })
        .collect();
    preview_bytes("x", format!("{ERP}\n{rows}").into())
}

#[test]
fn parcels_with_the_same_amount_are_added_up_where_it_is_proved() {
    let of = |v: &Value| {
        (
            v["canonical"][0]["paid_fen"].as_i64(),
            v["canonical"][0]["lines"].as_array().map(Vec::len),
            notes(v).contains(&"order_amount_unsure"),
        )
    };
    // Each parcel is worth just its amount.
    assert_eq!(of(&erp(&[("1", "50.00", "1", "50.00"), ("2", "50.00", "2", "25.00")])), (Some(10_000), Some(2), false));
    // The amount is more than either is worth: it is the order's.
    assert_eq!(of(&erp(&[("1", "100.00", "1", "60.00"), ("2", "100.00", "1", "40.00")])), (Some(10_000), Some(2), false));
    // Amounts that differ are each parcel's.
    assert_eq!(
        of(&erp(&[("1", "50.00", "1", "60.00"), ("2", "50.00", "1", "60.00"), ("3", "20.00", "1", "20.00")])),
        (Some(12_000), Some(3), false)
    );
    // A discount on the order or one on each parcel: nothing tells.
    let v = erp(&[("1", "50.00", "1", "60.00"), ("2", "50.00", "1", "60.00")]);
    assert_eq!(of(&v), (Some(5_000), Some(2), true));
    assert!(v["notes"][0]["text"].as_str().is_some_and(|t| t.contains("1234567890123457013")), "{v}");
}

#[test]
fn rows_that_differ_in_their_parcel_only_are_one_order() {
    let head = "订单号,订单状态,实付金额,下单时间,快递公司,快递单号,包裹号";
    let v = preview_bytes(
        "x",
        format!(
            "{head}\nA1,已发货,10.00,2026-09-01,顺丰,SF1,1\nA1,已发货,10.00,2026-09-01,中通,ZT2,2\nA1,已发货,20.00,2026-09-01,中通,ZT3,3\n"
        )
        .into(),
    );
    assert_eq!(list(&v, "not_good", "reasons"), ["another_parcel", "duplicate_order_no_conflict"], "{v}");
    assert_eq!(v["canonical"][0]["paid_fen"], 1_000);
}

#[test]
fn several_numbers_in_one_cell_are_no_order() {
    let of = |cell: &str| {
        let v = preview_bytes("x", format!("订单号,订单状态,实付金额,下单时间\n\"{cell}\",已完成,10.00,2026-09-01\n").into());
        (v["canonical"][0]["order_no"].as_str().map(str::to_owned), list(&v, "not_good", "reasons"))
    };
    for cell in [
        "1234567890123456789,1234567890123456790",
        "1234567890123456789/1234567890123456790",
        "260831-000919344464824\n260831-000919344464825",
    ] {
        assert_eq!(of(cell), (None, vec!["several_order_numbers".to_owned()]), "{cell}");
    }
    for cell in ["S/2026-001", "A 12", "2026/09/0001", "12345678901+1"] {
        assert_eq!(of(cell).0.as_deref(), Some(cell), "{cell}");
    }
}

#[test]
fn each_column_tells_its_own_order_of_day_and_month() {
    let read = |rows: &[(&str, &str)]| {
        let rows: String = rows.iter().enumerate().map(|(i, (a, b))| format!("A{i},已完成,1.00,{a},{b}\n")).collect();
        preview_bytes("x", format!("订单号,订单状态,实付金额,下单时间,付款时间\n{rows}").into())
    };
    let at = |v: &Value, i: usize, k: &str| v["canonical"][i][k].as_str().map(|t| t[..10].to_owned());
    // The first column writes the month first, the second the day.
    let v = read(&[("9/1/2026", "2/9/2026"), ("9/13/2026", "14/9/2026")]);
    assert_eq!((at(&v, 0, "created_at").as_deref(), at(&v, 0, "paid_at").as_deref()), (Some("2026-09-01"), Some("2026-09-02")), "{v}");
    // One that tells nothing goes by the one that does.
    let v = read(&[("1/9/2026", "2/9/2026"), ("13/9/2026", "2/9/2026")]);
    assert_eq!(at(&v, 0, "paid_at").as_deref(), Some("2026-09-02"), "{v}");
    // Years of two digits.
    let v = read(&[("3/5/26 3:04 PM", "26-03-12"), ("3/25/26 12:00 AM", "26-03-30")]);
    assert_eq!((at(&v, 0, "created_at").as_deref(), at(&v, 0, "paid_at").as_deref()), (Some("2026-03-05"), Some("2026-03-12")), "{v}");
    let v = read(&[("3/5/26", "")]);
    assert_eq!(list(&v, "not_good", "reasons"), ["ambiguous_date:下单时间: 2026-05-03 / 2026-03-05"], "{v}");
}
