//! Files as spreadsheets, scripts and people leave them: words for nothing where an id should stand,
//! numbers that were rounded, quotes and cells too many or too few. What is lost is said, never made up.

use crate::common::{options, preview_bytes};
use serde_json::Value;
use shuke_intake::preview::preview_inputs;
use shuke_intake::{Canonical, Input, Record, Source};

const HEAD: &str = "订单编号,下单时间,实付金额,订单状态";

fn list(v: &Value, of: &str, word: &str) -> Vec<String> {
    let all = v[of].as_array().into_iter().flatten().flat_map(|n| n[word].as_array().into_iter().flatten());
    all.filter_map(|r| r.as_str().map(str::to_owned)).collect()
}

fn records(text: &str) -> Vec<Record> {
    let input = Input::Bytes { name: "x".into(), bytes: text.as_bytes().into() };
    Source::open(&input, None, crate::common::now()).expect("a table").collect()
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
    for no in
        ["1.23E+17", "1.23e17", "1E+17", "123E15", "１.２３Ｅ＋１７", "1.23 E+17", "1234567890123450000", "\"1,234,567,890,123,450,000\""]
    {
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
    let text =
        format!("{HEAD}\n1234567890123450000,2026-08-01 10:00:00,1.00,已完成\n1234567890123457013,2026-08-01 10:00:00,1.00,已完成\n");
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
    // Also where that is most of what there is, and where the file itself ends in the middle of a cell.
    let v = preview_bytes("x", format!("{head}\nA2,2026-08-01 10:00:00,100.00,已完成,要发票\n周末送,68.80\n{}", row("A3")).into());
    assert_eq!((&v["good"], reasons(&v)[0].as_str()), (&1.into(), "truncated_row"), "{v}");
    let v = preview_bytes("x", format!("{head}\n{}A2,2026-08-01 10:00:00,100.00,已完成,\"要发", row("A1")).into());
    assert_eq!((&v["good"], reasons(&v)[0].as_str()), (&1.into(), "truncated_row"), "{v}");
    let v = preview_bytes(
        "x",
        format!("{HEAD},备注\nA1,2026-08-01 10:00:00,100.00,已完成,x\nA2,2026-08-01 10:00:00,100.00,已完成,\"要发").into(),
    );
    assert_eq!((&v["good"], reasons(&v)[0].as_str()), (&1.into(), "truncated_row"), "{v}");
    let text = format!("{head}\n{}A2,2026-08-01 10:00:00,100.00,已完成,快,点,68.80\n{}", row("A1"), row("A3"));
    let v = preview_bytes("x", text.into());
    assert_eq!((&v["good"], reasons(&v)), (&2.into(), vec!["too_many_cells".to_owned()]), "{v}");
    // A program that leaves empty cells away at the end, or adds a delimiter to every row, does so always.
    let short =
        "A1,2026-08-01 10:00:00,100.00,已完成\nA2,2026-08-01 10:00:00,100.00,已完成,好\nA3,2026-08-01 10:00:00,100.00,已完成,x,68.80\n";
    assert_eq!(preview_bytes("x", format!("{head}\n{short}").into())["good"], 3);
    let wide = format!("{head}\n{}{}", row("A1").replace('\n', ",\n"), row("A2").replace('\n', ",\n"));
    assert_eq!(preview_bytes("x", wide.into())["good"], 2);
}

fn paid(v: &Value, i: usize) -> [Option<i64>; 3] {
    ["paid_fen", "refund_fen", "net_paid_fen"].map(|k| v["canonical"][i][k].as_i64())
}

const ERP: &str =
    "内部订单号,线上订单号,店铺,订单状态,买家账号,下单时间,付款日期,已付金额,运费,商品编码,商品名称,数量,单价,商品金额,退款状态,子订单编号";

/// A line whose words say refunded gives back its share, whichever row it stands on; RULES, Orders.
#[test]
fn a_refund_of_one_line_is_of_that_line() {
    let erp = |words: [&str; 2]| {
        let row = |no: &str, sum: &str, word: &str| {
            format!("9001,T1,一店,已发货,tom,2026-08-01 10:00:00,2026-08-01 10:05:00,100.00,0.00,{no},{no},1,{sum},{sum},{word},T1-{no}\n")
        };
        preview_bytes("x", format!("{ERP}\n{}{}", row("A", "60.00", words[0]), row("B", "40.00", words[1])).into())
    };
    for (words, must) in [
        (["退款成功", ""], [10_000, 6_000, 4_000]),
        (["", "退款成功"], [10_000, 4_000, 6_000]),
        (["退款成功", "退款成功"], [10_000, 10_000, 0]),
        (["", "退款中"], [10_000, 0, 10_000]),
    ] {
        let v = erp(words);
        assert_eq!(paid(&v, 0), must.map(Some), "{words:?}: {v}");
        assert_eq!(v["canonical"][0]["estimated"].as_bool(), (must[1] > 0).then_some(true), "{words:?}");
    }
    let text = "子订单编号,主订单编号,买家会员名,标题,价格,购买数量,外部系统编号,商品属性,套餐信息,备注,订单状态,商家编码,支付单号,买家应付货款,买家实际支付金额,退款状态,退款金额\n\
        11,1234567890123457011,tom,A,60.00,1,A,红,,,交易成功,A,2026,100.00,60.00,没有申请退款,0.00\n\
        12,1234567890123457011,tom,B,40.00,1,B,红,,,交易成功,B,2026,100.00,40.00,退款成功,40.00\n";
    let v = preview_bytes("x", text.into());
    assert_eq!((paid(&v, 0), paid(&v, 1)), ([Some(6_000), Some(0), None], [Some(4_000), Some(4_000), None]), "{v}");
}

#[test]
fn totals_are_no_sales_and_no_people() {
    for word in ["合 计", "合　计", "合计(3单)", "总计:3", "本页合计", "共计", "Totals", "Sum", "Grand Total"] {
        let v = preview_bytes(
            "x",
            format!("订单号,下单时间,商品名称,数量,金额\nA1,2026-08-01,茶,1,100.00\nA2,2026-08-02,茶,2,200.00\n{word},,,3,300.00\n").into(),
        );
        assert_eq!((&v["good"], reasons(&v)), (&2.into(), vec!["total_row".to_owned()]), "{word}");
        let v = preview_bytes("m", format!("姓名,手机号,累计消费,积分\n张三,13800138000,100.00,10\n{word},,100.00,10\n").into());
        assert_eq!((&v["good"], &v["skipped"]), (&1.into(), &1.into()), "{word}");
    }
    assert_eq!(order("SUM2026")["good"], 1);
}

/// Which row stands first says nothing: the state further on, or the later time, holds.
#[test]
fn the_same_lines_again_in_another_state() {
    let row = |what: &str, sum: &str, word: &str| format!("A1,2026-08-01 10:00:00,{what},{what},1,{sum},{sum},{word}\n");
    let head = "订单号,下单时间,商品名称,商家编码,数量,单价,实付金额,订单状态";
    let [early, late] = ["已发货", "已完成"].map(|w| row("茶", "60.00", w) + &row("杯", "40.00", w));
    for text in [format!("{head}\n{early}{late}"), format!("{head}\n{late}{early}")] {
        let v = preview_bytes("x", text.into());
        let o = &v["canonical"][0];
        assert_eq!(
            (paid(&v, 0)[0], o["state"].as_str(), o["lines"].as_array().map(Vec::len)),
            (Some(10_000), Some("completed"), Some(2)),
            "{v}"
        );
    }
    let head = "订单号,商品ID,商品名称,订购数量,下单时间,京东价,订单金额,应付金额,订单状态,下单帐号,订单完成时间,货号";
    let jd = |no: &str, id: &str, word: &str, done: &str| {
        format!("{no},{id},酥,3,2026-07-24 18:27:04,39.60,196.20,196.20,{word},jd_1,{done},G{id}\n")
    };
    let (open, done) = (jd("290000000101", "1", "等待确认收货", ""), jd("290000000101", "1", "完成", "2026-07-28 12:13:05"));
    let other = jd("290000000102", "1", "完成", "2026-07-28 12:13:05");
    for text in
        [[head, "\n", &open, &other, &done].concat(), [head, "\n", &done, &other, &open].concat(), [head, "\n", &open, &done].concat()]
    {
        let v = preview_bytes("x", text.into());
        let o = v["canonical"].as_array().into_iter().flatten().find(|o| o["order_no"] == "290000000101").cloned().unwrap_or_default();
        assert_eq!((o["state"].as_str(), o["lines"].as_array().map(Vec::len), &v["bad"]), (Some("completed"), Some(1), &0.into()), "{v}");
        assert_eq!(o["completed_at"], "2026-07-28T12:13:05+08:00", "{v}");
    }
    // A line that was cancelled does not decide for the other, in either order.
    let (live, gone) = (open, jd("290000000101", "2", "(删除)等待出库", ""));
    for text in [[head, "\n", &live, &gone].concat(), [head, "\n", &gone, &live].concat()] {
        let v = preview_bytes("x", text.into());
        let o = &v["canonical"][0];
        assert_eq!(
            (o["state"].as_str(), paid(&v, 0)[0], o["lines"].as_array().map(Vec::len)),
            (Some("shipped"), Some(19_620), Some(2)),
            "{v}"
        );
    }
}

#[test]
fn after_sale_words_that_give_nothing_back() {
    let head = "子订单编号,主订单编号,商品标题,商品价格,购买数量,商品属性,订单状态,买家实付金额,退款状态,退款金额,商品ID,发货时间";
    let of = |word: &str, amount: &str| {
        let v = preview_bytes(
            "x",
            format!("{head}\n511,5118609024990000965,茶,100.00,1,红,交易成功,100.00,{word},{amount},639,2026-09-12 18:11:01\n").into(),
        );
        (v["canonical"][0]["refund_fen"].as_i64(), warnings(&v))
    };
    let not_given = vec!["refund_not_given:退款金额".to_owned()];
    assert_eq!(of("退款成功", "50.00"), (Some(5_000), vec![]));
    assert_eq!(of("退款关闭", "50.00"), (Some(0), not_given.clone()));
    assert_eq!(of("退款中", "50.00"), (Some(0), not_given.clone()));
    assert_eq!(of("买家已经申请退款，等待卖家同意", "50.00"), (Some(0), not_given));
    assert_eq!(of("退款成功", ""), (Some(10_000), vec![]));
    assert_eq!(of("未知词", ""), (None, vec!["unknown_after_sale:未知词".to_owned()]));
}

#[test]
fn a_lunar_birthday_stays_lunar() {
    let v = preview_bytes(
        "m",
        "手机号,姓名,生日\n13800138000,张三,农历1990-03-05\n13900139000,李四,农历三月初五\n13700137000,王五,1990-03-05\n".into(),
    );
    let of = |i: usize| (v["canonical"][i]["birthday"].as_str(), v["canonical"][i]["birthday_lunar"].as_bool());
    assert_eq!([of(0), of(1), of(2)], [(Some("1990-03-05"), Some(true)), (Some("--03-05"), Some(true)), (Some("1990-03-05"), None)], "{v}");
}

#[test]
fn amounts_that_do_not_add_up_are_said() {
    let pdd = "商品,订单号,订单状态,商品总价(元),店铺优惠折扣(元),平台优惠折扣(元),邮费(元),用户实付金额(元),商家实收金额(元),商品数量(件),支付时间,售后状态";
    let of = |paid: &str, received: &str| {
        let row =
            format!("饼干,260831-000919344464824,已收货,19.90,5.00,5.00,0.00,{paid},{received},1,2026-08-31 01:26:36,无售后或售后取消");
        preview_bytes("x", format!("{pdd}\n{row}\n").into())
    };
    assert_eq!(warnings(&of("19.90", "24.90")), ["amount_mismatch"]);
    assert_eq!(warnings(&of("9.90", "14.90")), Vec::<String>::new());
    // What is not settled yet is not nought.
    assert_eq!(of("9.90", "未结算")["canonical"][0]["merchant_received_fen"], Value::Null);
    let taobao =
        "订单编号,买家会员名,买家应付货款,总金额,买家实际支付金额,订单状态,订单创建时间,订单付款时间,退款金额,店铺Id,宝贝标题,订单关闭原因";
    let of = |paid: &str, word: &str, reason: &str| {
        let row = format!("1234567890123457011,tom,94.00,100.00,{paid},{word},2026-08-01 10:00:00,2026-08-01 10:05:00,0.00,1,茶,{reason}");
        preview_bytes("x", format!("{taobao}\n{row}\n").into())
    };
    assert_eq!(warnings(&of("1000.00", "交易成功", "")), ["amount_mismatch"]);
    // Postage is what the total has beyond the goods; a sale closed by a refund keeps nothing.
    assert_eq!(paid(&of("100.00", "交易成功", ""), 0), [Some(10_000), Some(0), Some(9_400)]);
    assert_eq!(paid(&of("100.00", "交易关闭", "退款"), 0), [Some(10_000), Some(10_000), Some(0)]);
}

#[test]
fn cells_that_say_nothing_or_could_mean_two_things() {
    let of = |cell: &str| {
        let v = preview_bytes("x", format!("{HEAD}\nA1,2026-08-01 10:00:00,{cell},已完成\n").into());
        (v["canonical"][0]["paid_fen"].as_i64(), reasons(&v))
    };
    assert_eq!(of("未知"), (None, vec![]));
    assert_eq!(of("\"0,500\""), (None, vec!["bad_amount:实付金额".to_owned()]));
    assert_eq!(of("\"1,500\""), (Some(150_000), vec![]));
    let v = preview_bytes("x", format!("{HEAD}\nA1,1970-01-01 08:00:00,1.00,已完成\n").into());
    assert_eq!((&v["canonical"][0]["created_at"], warnings(&v)), (&Value::Null, vec!["placeholder_time:下单时间".to_owned()]), "{v}");
    // One stray NUL, and rows of delimiters only.
    let v = preview_bytes("x", format!("{HEAD},买家留言\nA1,2026-08-01 10:00:00,1.00,已完成,a\0b\n,,,,\n,,,,\n").into());
    assert_eq!(
        (&v["good"], &v["skipped"], reasons(&v)),
        (&1.into(), &2.into(), vec!["blank_row".to_owned(), "blank_row".to_owned()]),
        "{v}"
    );
}

#[test]
fn what_erp_systems_write() {
    let head = "订单编号,店铺名称,原始单号,原始子单号,平台类型,客户网名,收件人,手机,收货地区,收货地址,下单时间,付款时间,发货时间,订单状态,应收金额,已付金额,邮费,优惠,物流公司,物流单号,买家备注,客服备注,商家编码,货品编号,货品名称,规格名称,货品数量,成交价,分摊后总价,退款状态";
    let row = |no: &str, from: &str, sub: &str, paid: &str, code: &str, qty: &str, price: &str, sum: &str| {
        format!(
            "{no},一店,{from},{sub},淘宝天猫,tom,张三,13800138000,,,2026-08-01 10:00:00,2026-08-01 10:05:00,,已发货,{paid},{paid},0.0000,0.0000,,,,,{code},,{code},,{qty},{price},{sum},无退款\n"
        )
    };
    let read = |rows: String| preview_bytes("x", format!("{head}\n{rows}").into());
    let v = read(row("JY1", "T1", "1", "100.0000", "A", "3.0000", "33.3333", "99.9999"));
    let line = &v["canonical"][0]["lines"][0];
    assert_eq!(
        (paid(&v, 0)[0], &line["unit_fen"], &line["unit_exact"], &v["canonical"][0]["goods_list_fen"]),
        (Some(10_000), &3333.into(), &"33.3333".into(), &10_000.into()),
        "{v}"
    );
    let v = read(
        row("JY1", "T1", "1", "60.00", "A", "1.0000", "60.0000", "60.0000")
            + &row("JY2", "T1", "2", "40.00", "B", "1.0000", "40.0000", "40.0000"),
    );
    assert_eq!(
        (&v["good"], paid(&v, 0), v["canonical"][0]["lines"].as_array().map(Vec::len)),
        (&2.into(), [Some(10_000), Some(0), Some(10_000)], Some(2)),
        "{v}"
    );
    // Merged orders: a line that names its own order and its payment is that order's, others say what to do.
    let v = read(row("JY1", "\"T1,T2\"", "", "50.00", "A", "1.0000", "50.0000", "50.0000"));
    assert_eq!((&v["good"], reasons(&v)), (&0.into(), vec!["several_order_numbers".to_owned()]), "{v}");
    let head = head.replace("退款状态", "退款状态,子单原始单号");
    let line = |own: &str, sub: &str, sum: &str| {
        row("JY1", "\"T1,T2\"", sub, "100.00", "A", "1.0000", sum, sum).replace("无退款", &format!("无退款,{own}"))
    };
    let read = |rows: String| preview_bytes("x", format!("{head}\n{rows}").into());
    let v = read(line("T1", "1", "60.00") + &line("T2", "2", "30.00") + &line("T2", "3", "10.00"));
    let all: Vec<_> = (0..2).map(|i| (v["canonical"][i]["order_no"].clone(), paid(&v, i)[0])).collect();
    assert_eq!(all, [("T1".into(), Some(6_000)), ("T2".into(), Some(4_000))], "{v}");
    assert_eq!((&v["good"], reasons(&v)), (&3.into(), vec![]), "{v}");
}

#[test]
fn a_member_stays_where_one_cell_says_nothing() {
    let of = |phone: &str, birthday: &str, points: &str| {
        let v = preview_bytes(
            "m",
            format!("会员卡号,姓名,手机号码,性别,生日,会员等级,积分余额\nM1,张三,{phone},男,{birthday},金卡,{points}\n").into(),
        );
        assert_eq!(v["good"], 1, "{v}");
        let m = &v["canonical"][0];
        (m["phone"].as_str().map(str::to_owned), m["birthday"].as_str().map(str::to_owned), m["points"].as_i64(), warnings(&v))
    };
    let (phone, born) = (|p: &str| of(p, "1990-03-05", "10").0, |b: &str| of("13800138000", b, "10"));
    for nothing in ["无", "0"] {
        assert_eq!(phone(nothing), None, "{nothing}");
    }
    for whole in ["13800138000.0", "086-13800138000", "(+86)13800138000", "13800138000/13900139000"] {
        assert_eq!(phone(whole).as_deref(), Some("13800138000"), "{whole}");
    }
    assert_eq!(of("13800138000/13900139000", "1990-03-05", "10").3, ["several_phones:手机号码"]);
    for nothing in ["保密", "无", "0000-00-00", "0"] {
        assert_eq!((born(nothing).1, born(nothing).3), (None, vec![]), "{nothing}");
    }
    assert_eq!((born("1990").1, born("1990").3), (None, vec!["bad_date:生日".to_owned()]));
    assert_eq!(of("13800138000", "1990-03-05", "10.50").2, None);
}

#[test]
fn more_words_of_shops() {
    for (word, state) in [
        ("买家已签收，货到付款专用", "shipped"),
        ("没有创建支付宝交易", "created"),
        ("正在出库", "paid"),
        ("商品出库", "shipped"),
        ("等待厂商处理", "paid"),
        ("拼单失败", "closed"),
        ("待核销", "paid"),
        ("待自提", "paid"),
        ("商家已发货", "shipped"),
        ("被拆分", "closed"),
        ("等供销商|外仓发货", "paid"),
        ("已审核", "paid"),
        ("待财审", "paid"),
        ("待客审", "paid"),
    ] {
        let v = preview_bytes("x", format!("{HEAD}\nA1,2026-08-01 10:00:00,1.00,{word}\n").into());
        assert_eq!(v["canonical"][0]["state"], state, "{word}: {v}");
    }
    for (word, state) in [("On hold", "paid"), ("Pending payment", "created"), ("Canceled", "closed")] {
        let head = "order_id,order_date,paid_date,status,order_total,order_subtotal,customer_email,line_item_1";
        let row = format!("8001,2026-08-01 10:00:00,2026-08-01 10:00:00,{word},10.00,10.00,a@b.com,name:Mug|quantity:1|total:10.00");
        let v = preview_bytes("x", format!("{head}\n{row}\n").into());
        assert_eq!((v["format"].as_str(), &v["canonical"][0]["state"]), (Some("woocommerce_order_export"), &state.into()), "{word}: {v}");
    }
    let head = "Name,Email,Financial Status,Paid at,Fulfillment Status,Currency,Subtotal,Shipping,Total,Created at,Lineitem quantity,Lineitem name,Lineitem price,Cancelled at,Refunded Amount,Id";
    let row = "#1,a@b.com,paid,2026-08-01 10:05:00 +0800,unfulfilled,CNY,10.00,0.00,10.00,2026-08-01 10:00:00 +0800,1,Mug,10.00,2026-08-02 10:00:00 +0800,0.00,5000";
    let v = preview_bytes("x", format!("{head}\n{row}\n").into());
    assert_eq!((&v["canonical"][0]["state"], paid(&v, 0)[0]), (&"closed".into(), Some(1_000)), "{v}");
}
