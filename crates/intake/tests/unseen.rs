//! Files that are no fixture: ERP exports, lists, plain tables. They are recognised by meaning.

mod common;

use common::preview_bytes;
use serde_json::Value;

fn codes(v: &Value) -> Vec<String> {
    v["not_good"]
        .as_array()
        .into_iter()
        .flatten()
        .flat_map(|n| n["reasons"].as_array().into_iter().flatten())
        .filter_map(|r| r.as_str().map(str::to_owned))
        .collect()
}

#[test]
fn an_erp_of_several_platforms() {
    let text = "内部订单号,线上订单号,店铺,订单状态,下单时间,付款日期,买家账号,应付金额,已付金额,运费收入,收货人,手机,省份,商品编码,商品名称,颜色规格,数量,单价,商品金额,站点\n\
        10001,1234567890123457013,晴天母婴,已发货,2026-09-01 10:00:00,2026-09-01 10:01:00,tb123,120.00,120.00,0,张*,138****1234,浙江省,A-1,连体衣,米白;66,1,80.00,80.00,淘宝天猫\n\
        10001,1234567890123457013,晴天母婴,已发货,2026-09-01 10:00:00,2026-09-01 10:01:00,tb123,120.00,120.00,0,张*,138****1234,浙江省,A-2,湿巾,80抽,2,20.00,40.00,淘宝天猫\n\
        10002,260810-000000000000001,晴天拼多多,已取消,2026-09-01 10:05:00,,,50.00,0,0,,,,A-2,湿巾,80抽,1,50.00,50.00,拼多多\n\
        合计,,,,,,,170,120,,,,,,,,4,,,\n";
    let v = preview_bytes("聚水潭.csv", encoding_rs::GB18030.encode(text).0.into_owned());
    assert_eq!(v["format"], "jushuitan_orders");
    assert_eq!((&v["good"], &v["skipped"], &v["distinct_keys_good"]), (&3.into(), &1.into(), &2.into()));
    assert_eq!(codes(&v), ["total_row"]);
    assert_eq!(v["canonical"][0]["goods_list_fen"], 12000);
    assert_eq!(v["canonical"][0]["paid_fen"], 12000);
    assert_eq!(v["canonical"][0]["lines"].as_array().map(Vec::len), Some(2));
    assert_eq!(v["canonical"][1]["paid_fen"], 0);
}

/// A number is never stored as another amount of money than its file says.
#[test]
fn units_and_currencies_of_headers_and_cells() {
    let head = |paid: &str, cell: &str| {
        let text = format!("订单号,{paid},订单状态,下单时间\nX1,{cell},已完成,2026-09-01 10:00:00\n");
        preview_bytes("x", text.into())
    };
    let paid = |v: &Value| (v["canonical"][0]["paid_fen"].as_i64(), v["canonical"][0]["currency"].as_str().map(str::to_owned));
    let cny = Some("CNY".to_owned());
    assert_eq!(paid(&head("实付金额(分)", "1250")), (Some(1250), cny.clone()));
    assert_eq!(paid(&head("实付金额（万元）", "1.25")), (Some(1_250_000), cny.clone()));
    assert_eq!(paid(&head("实付金额(元)", "1.25")), (Some(125), cny));
    assert_eq!(paid(&head("实付金额(USD)", "1.25")), (Some(125), Some("USD".into())));
    for cell in ["$1.25", "USD 1.25", "€1.25"] {
        assert_eq!(codes(&head("实付金额", cell)), ["bad_amount:实付金额"], "{cell}");
    }
}

#[test]
fn product_file() {
    let v = preview_bytes("p", "商家编码\t商品标题\t类目\t售价\t成本\t库存\nA-1\t连体衣\t母婴>服装>连体衣\t¥1,089.00\t40.5\t120\n\t无编码\t母婴\t1\t1\t1\nA-1\t连体衣\t母婴>服装>连体衣\t¥1,089.00\t40.5\t120\n".into());
    assert_eq!((v["format"].as_str(), v["delimiter"].as_str()), (Some("product_file"), Some("\t")));
    assert_eq!(v["canonical"][0]["price_fen"], 108_900);
    assert_eq!(v["canonical"][0]["category"][2], "连体衣");
    assert_eq!(codes(&v), ["missing_key", "duplicate_same_content"]);
}

#[test]
fn member_and_suppression_lists() {
    let v = preview_bytes("m", "姓名;手机号;生日;性别;会员等级;积分;注册时间\n张三;13800138000;1990-01-02;男;金卡;120;2020-01-01\n李四;13900139000;1990/2/30;女;银卡;20;2020年3月5日\n王五;13700137000;2031-01-01;女;银卡;-5;2020/3/5\n".into());
    assert_eq!(v["format"], "member_list");
    assert_eq!(codes(&v), ["impossible_date:生日", "birthday_in_future", "negative_points"]);
    let v =
        preview_bytes("s", "手机号,退订时间,退订原因\n13800138000,2026-09-01 10:00:00,回复TD\n13800138,2026-09-01 10:00:00,回复T\n".into());
    assert_eq!(v["format"], "suppression_list");
    assert_eq!(codes(&v), ["bad_phone"]);
}

#[test]
fn a_plain_table_gets_a_proposal_that_can_be_edited() {
    let text = "Order Number,Customer Email,Order Date,Status,Total,Item Name,Qty,Unit Price\nA1,a@example.com,2026-01-02 10:00:00,completed,30.00,Tea,1,10.00\nA1,a@example.com,2026-01-02 10:00:00,completed,30.00,Cup,2,10.00\n";
    let v = preview_bytes("x", text.into());
    assert_eq!(v["format"], "plain");
    assert_eq!(v["mapping"]["shape"], "order_lines");
    assert_eq!(v["canonical"][0]["goods_list_fen"], 3000);
    let mut mapping = v["mapping"].clone();
    mapping.as_object_mut().expect("object").remove("recognised");
    mapping["currency"] = "GBP".into();
    let mapping: shuke_intake::Mapping = serde_json::from_value(mapping).expect("a mapping");
    let mut options = common::options();
    options.mappings.insert("x".into(), mapping);
    let input = shuke_intake::Input::Bytes { name: "x".into(), bytes: text.as_bytes().into() };
    let v = shuke_intake::preview::preview_inputs(&[input], &options);
    assert_eq!(v["files"][0]["canonical"][0]["currency"], "GBP");
}

#[test]
fn an_invoice_file_and_a_file_without_numbers() {
    let text = "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\n\
        536365,85123A,HOLDER,6,2010-12-01 08:26:00,2.55,17850,United Kingdom\n\
        536365,POST,POSTAGE,1,2010-12-01 08:26:00,18.00,17850,France\n\
        536366,22633,WARMER,3,2011-07-01 08:28:00,0.125,,United Kingdom\n\
        C536379,D,Discount,-1,2010-12-01 09:41:00,27.50,14527,United Kingdom\n\
        A563185,B,Adjust bad debt,1,2011-08-12 14:50:00,11062.06,,United Kingdom\n\
        536589,21777,,-10,2010-12-01 16:50:00,0.0,,United Kingdom\n";
    let v = preview_bytes("r", text.into());
    assert_eq!(v["format"], "online_retail_invoices");
    assert_eq!(codes(&v), ["not_an_order", "not_an_order"]);
    assert_eq!(v["canonical"][0]["paid_fen"], 1530 + 1800);
    assert_eq!(v["canonical"][0]["net_paid_fen"], 1530);
    assert_eq!(v["canonical"][1]["paid_fen"], 38);
    assert_eq!(v["canonical"][1]["created_at_utc"], "2011-07-01T07:28:00Z");
    assert_eq!(v["canonical"][2]["refund_no"], "C536379");
    let v = preview_bytes("c", "customer_id,date,cds,amount\n1,1997-01-01,1,11.77\n1,1997-01-01,1,11.77\n2,1997-01-12,1,12.00\n".into());
    assert_eq!((v["format"].as_str(), v["good"].as_u64(), v["distinct_keys_good"].as_u64()), (Some("cdnow_master"), Some(3), Some(3)));
}

#[test]
fn what_is_no_table_says_so() {
    assert_eq!(preview_bytes("x", (0..=255).cycle().take(4000).collect())["error"]["code"], "not_a_table");
    assert_eq!(preview_bytes("x", Vec::new())["error"]["code"], "file_empty");
    assert_eq!(preview_bytes("x", b"PK\x03\x04 not really".to_vec())["error"]["code"], "not_a_table");
}

fn notes(v: &Value) -> Vec<&str> {
    v["notes"].as_array().into_iter().flatten().filter_map(|n| n["code"].as_str()).collect()
}

#[test]
fn a_counter_sheet_reads_by_meaning_and_says_what_it_takes_for_granted() {
    let text = "单号,日期,客户手机,商品,数量,单价,金额\n\
        X1,2026-09-01,13800138000,茶,2,10.00,20.00\n\
        X1,2026-09-01,13800138000,杯,1,20.00,20.00\n\
        X2,2026-09-02,13900139000,茶,1,10.00,10.00\n";
    let v = preview_bytes("x", text.into());
    assert_eq!(
        (&v["good"], v["canonical"][0]["paid_fen"].as_i64(), v["canonical"][1]["paid_fen"].as_i64()),
        (&3.into(), Some(4000), Some(1000)),
        "{v}"
    );
    let fields: Vec<_> = v["mapping"]["columns"].as_array().into_iter().flatten().map(|c| c["field"].as_str().unwrap_or("-")).collect();
    assert_eq!(fields, ["order_no", "created_at", "buyer_phone", "line_title", "quantity", "unit_price", "paid"]);
    assert_eq!(notes(&v), ["status_assumed_completed", "days_only"]);
    let v = preview_bytes("y", "单号,日期,金额,状态\nX1,2026-09-01 10:00:00,20.00,已完成\n".into());
    assert!(notes(&v).is_empty(), "{v}");
}

#[test]
fn part_of_the_money_back_is_a_word_of_its_own() {
    let text = "订单号,订单状态,实付金额,退款金额,下单时间,付款时间,发货时间\n\
        A1,部分退款,20.00,5.00,2026-09-01 10:00:00,2026-09-01 10:01:00,2026-09-02 10:00:00\n\
        A2,部分退款,20.00,,2026-09-01 10:00:00,2026-09-01 10:01:00,\n";
    let v = preview_bytes("x", text.into());
    assert_eq!(v["good"], 2, "{v}");
    let seen = |i: usize| {
        (v["canonical"][i]["state"].as_str(), v["canonical"][i]["refund_fen"].as_i64(), v["canonical"][i]["net_paid_fen"].as_i64())
    };
    assert_eq!((seen(0), seen(1)), ((Some("shipped"), Some(500), Some(1500)), (Some("paid"), None, None)));
    assert!(v["warned"][1]["warnings"].as_array().is_some_and(|w| w.contains(&"refund_amount_unknown".into())), "{v}");
}

#[test]
fn day_and_month_are_told_by_the_whole_column() {
    let head = "订单号,订单状态,实付金额,下单时间\n";
    let file = |rows: &[&str]| {
        preview_bytes(
            "x",
            format!("{head}{}", rows.iter().enumerate().map(|(i, d)| format!("A{i},已完成,1.00,{d}\n")).collect::<String>()).into_bytes(),
        )
    };
    let at = |v: &Value| v["canonical"][0]["created_at"].as_str().map(|t| t[..16].to_owned());
    assert_eq!(at(&file(&["1/9/2026 10:00", "13/9/2026 10:00"])).as_deref(), Some("2026-09-01T10:00"));
    assert_eq!(at(&file(&["1/9/2026 10:00", "9/13/2026 10:00"])).as_deref(), Some("2026-01-09T10:00"));
    // Nothing settles it: refused, with both readings; the mapping can say it.
    let v = file(&["1/9/2026 10:00", "2/9/2026 10:00"]);
    assert_eq!(codes(&v)[0], "ambiguous_date:下单时间: 2026-09-01 / 2026-01-09", "{v}");
    let mut mapping = v["mapping"].clone();
    mapping.as_object_mut().expect("object").remove("recognised");
    mapping["day_order"] = "day_first".into();
    let mut options = common::options();
    options.mappings.insert("x".into(), serde_json::from_value(mapping).expect("a mapping"));
    let input =
        shuke_intake::Input::Bytes { name: "x".into(), bytes: format!("{head}A1,已完成,1.00,1/9/2026 10:00\n").into_bytes().into() };
    let v = shuke_intake::preview::preview_inputs(&[input], &options)["files"][0].clone();
    assert_eq!(at(&v).as_deref(), Some("2026-09-01T10:00"), "{v}");
    // Rows that contradict each other settle nothing.
    assert_eq!(codes(&file(&["1/9/2026 10:00", "13/9/2026 10:00", "9/13/2026 10:00"])).len(), 1);
    // The twenty-fourth hour is the next day's first.
    assert_eq!(at(&file(&["2026-09-01 24:00:00"])).as_deref(), Some("2026-09-02T00:00"));
}

#[test]
fn a_row_that_was_cut_off_is_so_named_where_columns_were_moved() {
    let text = "订单状态,买家实际支付金额,订单编号,订单创建时间,买家会员名\n\
        交易成功,10.00,1234567890123456789,2026-09-01 10:00:00,茶人\n\
        ,12.00,1234567890123456790,,茶人\n\
        ,12.00,1234567890123456791,2026-09-01 10:00:00,茶人\n";
    assert_eq!(codes(&preview_bytes("x", text.into())), ["truncated_row", "missing_status"]);
}

#[test]
fn a_column_that_numbers_rows_makes_no_repeat_another_order() {
    let text = "序号,订单号,订单状态,实付金额,下单时间\n1,A1,已完成,1.00,2026-09-01 10:00:00\n2,A1,已完成,1.00,2026-09-01 10:00:00\n3,A1,已完成,2.00,2026-09-01 10:00:00\n";
    assert_eq!(codes(&preview_bytes("x", text.into())), ["duplicate_same_content", "duplicate_order_no_conflict"]);
}

#[test]
fn words_that_everybody_uses_make_no_platforms_file() {
    let text = "Order Reference,Order Date,Status,Order Amount,Email Address,Item Name,Qty,Item Price,Refunded\n\
        S1,2026-09-01 10:00:00,processing,30.00,a@example.com,Tea,1,10.00,0.00\n\
        S1,2026-09-01 10:00:00,processing,30.00,a@example.com,Cup,2,10.00,0.00\n\
        S2,2026-09-01 10:00:00,completed,5.00,b@example.com,Tea,1,5.00,5.00\n";
    let text = text.replace("Order Reference", "Order No");
    let v = preview_bytes("x", text.into_bytes());
    assert_eq!((v["format"].as_str(), v["good"].as_u64()), (Some("plain"), Some(3)), "{v}");
    assert_eq!(
        (&v["canonical"][0]["state"], &v["canonical"][0]["paid_fen"], &v["canonical"][1]["refund_fen"]),
        (&"paid".into(), &3000.into(), &500.into())
    );
    let items = "备注,购买数量,商品单价,平台状态,外部系统编号,商品属性,订单编码,套餐信息,商家编码,宝贝标题\n,1,10.00,交易成功,A,红,1234567890123456789,,A-1,茶\n";
    let v = preview_bytes("x", items.into());
    assert_eq!((v["format"].as_str(), &v["canonical"][0]["line"]["title"]), (Some("taobao_item_report"), &"茶".into()), "{v}");
}

#[test]
fn a_column_of_status_words_is_the_status_whatever_it_is_called() {
    let states = |v: &Value| -> Vec<String> {
        v["canonical"].as_array().into_iter().flatten().map(|o| o["state"].as_str().unwrap_or("-").to_owned()).collect()
    };
    let v = preview_bytes(
        "x",
        "订单号,进展,实付金额,下单时间\nA1,待付款,1.00,2026-01-02 10:00\nA2,已发货,2.00,2026-01-03 10:00\nA3,交易关闭,3.00,2026-01-04 10:00\n".into(),
    );
    assert_eq!((states(&v), notes(&v).len()), (vec!["created".into(), "shipped".into(), "closed".into()], 0), "{v}");
    let v = preview_bytes(
        "x",
        "Order #,State,Total,Placed At\nX-10001,Pending payment,1.00,2026-01-02 10:00:00\nX-10002,Shipped,2.00,2026-01-03 10:00:00\n"
            .into(),
    );
    assert_eq!(states(&v), ["created", "shipped"], "{v}");
    // A state of the country, of the refund or of the goods is none of the order.
    for (head, word) in [("State", "California"), ("退款进度", "退款成功"), ("是否退款", "否")] {
        let v = preview_bytes("x", format!("订单号,{head},实付金额,下单时间\nA1,{word},1.00,2026-01-02\n").into());
        assert!(notes(&v).contains(&"status_assumed_completed"), "{head}: {v}");
    }
}

#[test]
fn a_shops_own_words_and_traditional_ones() {
    // A receipt's number and what was received, in the shop's own words.
    let v = preview_bytes(
        "x",
        "小票单号,当前状态,实收金额,交易时间,客户手机\n20260102001,已完成,1.00,2026-01-02 10:00:00,13800138000\n".into(),
    );
    assert_eq!((&v["canonical"][0]["order_no"], &v["canonical"][0]["paid_fen"]), (&"20260102001".into(), &100.into()), "{v}");
    // A column of tags makes no list of tags of orders; pieces beside a price are a line's.
    let v = preview_bytes("x", "Order Number,Username,Amount,Order Date,Status,标签\nX1,tom,1.00,2026-01-02,Completed,vip\n".into());
    assert_eq!((&v["format"], &v["canonical"][0]["paid_fen"]), (&"plain".into(), &100.into()), "{v}");
    let v = preview_bytes(
        "x",
        "单号,状态,实付金额,下单时间,宝贝标题,件数,单价\nA1,已完成,40.00,2026-01-02,茶,1,10.00\nA1,已完成,40.00,2026-01-02,杯,2,15.00\n"
            .into(),
    );
    assert_eq!((&v["good"], v["canonical"][0]["lines"].as_array().map(Vec::len)), (&2.into(), Some(2)), "{v}");
    let text = "訂單編號,訂單狀態,實付金額,訂單成立時間,收件者電話\nT1,待出貨,1.00,2026-01-02 10:00:00,0912345678\nT2,已出貨,2.00,2026-01-02 10:00:00,+886 912 345 678\n合計,,3.00,,\n";
    let v = preview_bytes("x", encoding_rs::BIG5.encode(text).0.into_owned());
    let state = |i: usize| v["canonical"][i]["state"].clone();
    assert_eq!((state(0), state(1), codes(&v)), ("paid".into(), "shipped".into(), vec!["total_row".to_owned()]), "{v}");
}
