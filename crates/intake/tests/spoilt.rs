//! Files as spreadsheets, scripts and people leave them: words for nothing where an id should stand,
//! numbers that were rounded, quotes and cells too many or too few. What is lost is said, never made up.

mod common;

use common::{options, preview_bytes};
use serde_json::Value;
use shuke_intake::{Canonical, Input, Record, Source};
use shuke_intake::preview::preview_inputs;

const HEAD: &str = "订单编号,下单时间,实付金额,订单状态";

fn list(v: &Value, of: &str, word: &str) -> Vec<String> {
    let all = v[of].as_array().into_iter().flatten().flat_map(|n| n[word].as_array().into_iter().flatten());
    all.filter_map(|r| r.as_str().map(str::to_owned)).collect()
}

fn records(text: &str) -> Vec<Record> {
    let input = Input::Bytes { name: "x".into(), bytes: text.as_bytes().into() };
    Source::open(&input, None, common::now()).expect("a table").collect()
}

/// The buyer's account, open id and receiver's phone of each order.
fn keys(text: &str) -> Vec<[Option<String>; 3]> {
    let of = |r: Record| match r.canonical {
        Some(Canonical::Order(o)) => [o.buyer.account, o.buyer.open_id, o.receiver.phone.map(|p| p.text().to_owned())],
        other => panic!("no order: {other:?}"),
    };
    records(text).into_iter().map(of).collect()
}

fn reasons(v: &Value) -> Vec<String> {
    list(v, "not_good", "reasons")
}

fn warnings(v: &Value) -> Vec<String> {
    list(v, "warned", "warnings")
}

fn order(no: &str) -> Value {
    preview_bytes("x", format!("{HEAD}\n{no},2026-08-01 10:00:00,100.00,已完成\n").into())
}

#[test]
fn one_line_without_an_end_is_no_table_and_costs_no_other_file_its_answer() {
    let line = vec![b'x'; 524_288];
    let wide: Vec<u8> = "单号,".encode_utf16().flat_map(u16::to_le_bytes).cycle().take(600_000).collect();
    let json = format!("[{}", "{\"订单号\":\"A1\",\"金额\":1},".repeat(40_000)).into_bytes();
    let good = format!("{HEAD}\nA1,2026-08-01 10:00:00,100.00,已完成\n").into_bytes();
    let input = |bytes: Vec<u8>| Input::Bytes { name: "x".into(), bytes: bytes.into() };
    let v = preview_inputs(&[input(line), input([vec![0xff, 0xfe], wide].concat()), input(json), input(good)], &options());
    for i in 0..3 {
        assert_eq!(v["files"][i]["error"]["code"], "not_a_table", "{i}");
    }
    assert_eq!(v["files"][3]["good"], 1);
}

#[test]
fn words_for_nobody_are_no_key() {
    for word in ["nan", "NaN", "N/A", "#N/A", "(null)", "<NA>", "NONE", "0", "/", "无", "暂无", "未知", "匿名", "匿名用户"] {
        let of = format!("{HEAD},买家会员名\nA1,2026-08-01 10:00:00,10.00,已完成,{word}\nA2,2026-08-02 10:00:00,5.00,已完成,{word}\n");
        assert_eq!(keys(&of), [[None, None, None], [None, None, None]], "{word}");
        let v = preview_bytes("m", format!("会员卡号,姓名,手机号,积分\n{word},张三,13800138000,10\n{word},李四,13900139000,20\n").into());
        assert_eq!((&v["good"], &v["canonical"][0]["own_id"]), (&2.into(), &Value::Null), "{word}: {v}");
    }
    for no in ["nan", "N/A", "0", "无"] {
        assert_eq!(reasons(&order(no)), ["missing_order_no"], "{no}");
    }
    for no in ["#N/A", "########"] {
        assert_eq!(reasons(&order(no)), ["bad_order_no"], "{no}");
    }
}

#[test]
fn numbers_that_a_spreadsheet_rounded() {
    for no in ["1.23E+17", "1.23e17", "1E+17", "123E15", "１.２３Ｅ＋１７", "1.23 E+17", "1234567890123450000", "\"1,234,567,890,123,450,000\""] {
        assert_eq!(reasons(&order(no)), ["order_no_lost_precision"], "{no}");
    }
    // Read whole: what was added can be taken off again.
    for (no, must) in [
        ("288000007342.0", "288000007342"),
        ("２８８０００００７３４２", "288000007342"),
        ("\"1,234,567,890,123,457,013\"", "1234567890123457013"),
        ("6917926768823041000", "6917926768823041000"),
        ("288000000000", "288000000000"),
        ("SN2E5", "SN2E5"),
    ] {
        assert_eq!(order(no)["canonical"][0]["order_no"], must, "{no}");
    }
    // One number among whole ones may end in zeros.
    let text = format!("{HEAD}\n1234567890123450000,2026-08-01 10:00:00,1.00,已完成\n1234567890123457013,2026-08-01 10:00:00,1.00,已完成\n");
    assert_eq!(preview_bytes("x", text.into())["good"], 2);
}

#[test]
fn a_rounded_id_joins_nobody() {
    let text = format!(
        "{HEAD},用户ID,收货人手机\nA1,2026-08-01 10:00:00,10.00,已完成,7.21045E+12,1.38001E+10\nA2,2026-08-01 10:00:00,10.00,已完成,7.21045E+12,\n"
    );
    assert_eq!(keys(&text), [[None, None, None], [None, None, None]]);
    let v = preview_bytes("x", text.into());
    assert_eq!(warnings(&v), ["code_lost_precision:用户ID", "code_lost_precision:收货人手机", "code_lost_precision:用户ID"], "{v}");
    let v = preview_bytes("m", "会员卡号,姓名,手机号,积分\n6.20001E+15,张三,13800138000,10\n6.20001E+15,李四,13900139000,20\n".into());
    assert_eq!((&v["good"], &v["canonical"][1]["own_id"]), (&2.into(), &Value::Null), "{v}");
    assert_eq!(warnings(&v), ["code_lost_precision:会员卡号", "code_lost_precision:会员卡号"]);
}

#[test]
fn two_stray_quotes_swallow_no_record() {
    let text = format!(
        "{HEAD},买家留言\nA1,2026-08-01 10:00:00,1.00,已完成,\"好评\nA2,2026-08-01 10:00:00,1.00,已完成,x\nA3,2026-08-01 10:00:00,1.00,已完成,\"快点发\nA4,2026-08-01 10:00:00,1.00,已完成,\"写\"\"好\"\"点\n谢谢\"\n"
    );
    let v = preview_bytes("x", text.into());
    assert_eq!((&v["records"], &v["good"]), (&4.into(), &4.into()), "{v}");
    assert_eq!(warnings(&v), ["stray_quote", "stray_quote", "newline_in_cell:买家留言"]);
}

#[test]
fn rows_with_cells_too_few_or_too_many_are_not_taken_for_whole() {
    let head = format!("{HEAD},买家留言,退款金额");
    let row = |no: &str| format!("{no},2026-08-01 10:00:00,100.00,已完成,x,68.80\n");
    // An unquoted line break cuts a row in two; so does a program that writes only its beginning.
    let text = format!("{head}\n{}A2,2026-08-01 10:00:00,100.00,已完成,要发票\n周末送,68.80\n{}", row("A1"), row("A3"));
    let v = preview_bytes("x", text.into());
    assert_eq!((&v["good"], reasons(&v)[0].as_str()), (&2.into(), "truncated_row"), "{v}");
    let text = format!("{head}\n{}A2,2026-08-01 10:00:00,100.00,已完成,快,点,68.80\n{}", row("A1"), row("A3"));
    let v = preview_bytes("x", text.into());
    assert_eq!((&v["good"], reasons(&v)), (&2.into(), vec!["too_many_cells".to_owned()]), "{v}");
    // A program that leaves empty cells away at the end, or adds a delimiter to every row, does so always.
    let short = "A1,2026-08-01 10:00:00,100.00,已完成\nA2,2026-08-01 10:00:00,100.00,已完成,好\nA3,2026-08-01 10:00:00,100.00,已完成,x,68.80\n";
    assert_eq!(preview_bytes("x", format!("{head}\n{short}").into())["good"], 3);
    let wide = format!("{head}\n{}{}", row("A1").replace('\n', ",\n"), row("A2").replace('\n', ",\n"));
    assert_eq!(preview_bytes("x", wide.into())["good"], 2);
}
