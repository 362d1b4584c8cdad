//! Spreadsheets that are none: web pages and Excel's XML of 2003 named `.xls`, as back ends export them.

use crate::common::preview_bytes;
use encoding_rs::{BIG5, GB18030};
use serde_json::Value;

fn reasons(v: &Value) -> Vec<String> {
    let all = v["not_good"].as_array().into_iter().flatten().flat_map(|n| n["reasons"].as_array().into_iter().flatten());
    all.filter_map(|r| r.as_str().map(str::to_owned)).collect()
}

/// Number, paid, created and receiver of each order.
fn orders(v: &Value) -> Vec<(String, i64, String)> {
    let text = |o: &Value, k: &str| o[k].as_str().unwrap_or("-").to_owned();
    let all = v["canonical"].as_array().into_iter().flatten();
    all.map(|o| (text(o, "order_no"), o["paid_fen"].as_i64().unwrap_or(-1), text(o, "created_at"))).collect()
}

const PAGE: &str = r#"<html xmlns:x="urn:schemas-microsoft-com:office:excel"><head><meta http-equiv="Content-Type" content="text/html; charset=CHARSET">
<style>td{mso-number-format:"\@";} .x > .y {}</style><!--[if gte mso 9]><xml><x:Name>订单</x:Name></xml><![endif]--></head>
<body><table border=1><tr><td colspan="5" align=center><b>某某旗舰店&nbsp;订单导出</b></td></tr>
<tr bgcolor=#eee><th>订单编号</th><th>订单状态</th><th>买家实付金额(元)</th><th>下单时间</th><th>收货人&nbsp;姓名</th></tr>
<tr><td style='mso-number-format:"\@"' x:str>1234567890123456789</td><td>交易成功</td><td>1&#44;234.50</td><td>2026-09-01&nbsp;10:00:00</td><td>张&amp;三</td></tr>
<tr><td x:num="288000007342">2.88E+11</td><td>等待买家付款</td><td>10.00<td>2026-09-02 10:00:00<td>李
  四</tr>
<TR><TD>A3</TD><TD>交易成功</TD><TD></TD><TD>2026-09-03 10:00:00</TD><TD><a href="x?a=1&b=2">王五</a></TD></TR>
<tr><td>合计</td><td></td><td>1244.50</td><td></td><td></td></tr></table></body></html>"#;

#[test]
fn a_page_is_read_as_a_table_in_any_encoding() {
    let page = |charset: &str| PAGE.replace("CHARSET", charset);
    let files = [
        ("utf-8", page("utf-8").into_bytes()),
        ("utf-8 that says gb2312", page("gb2312").into_bytes()),
        ("gb18030", GB18030.encode(&page("gb2312")).0.into_owned()),
        ("gb18030 that says utf-8", GB18030.encode(&page("utf-8")).0.into_owned()),
        ("gb18030 that says nothing", GB18030.encode(&page("").replace("charset=", "")).0.into_owned()),
        ("utf-16", [&[0xff, 0xfe][..], &page("utf-16").encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<_>>()].concat()),
        ("with a mark", [&[0xef, 0xbb, 0xbf][..], page("gbk").as_bytes()].concat()),
    ];
    for (name, bytes) in files {
        let v = preview_bytes("orders.xls", bytes);
        assert_eq!(v["container"], "html", "{name}: {v}");
        assert_eq!(
            orders(&v),
            [
                ("1234567890123456789".to_owned(), 123_450, "2026-09-01T10:00:00+08:00".to_owned()),
                ("288000007342".to_owned(), 0, "2026-09-02T10:00:00+08:00".to_owned()),
                ("A3".to_owned(), -1, "2026-09-03T10:00:00+08:00".to_owned()),
            ],
            "{name}: {v}"
        );
        assert_eq!((&v["header_record"], reasons(&v)), (&2.into(), vec!["total_row".to_owned()]), "{name}");
    }
    let traditional =
        "<table><tr><td>訂單編號<td>訂單狀態<td>實付金額<td>下單時間</tr><tr><td>T1<td>已完成<td>1.00<td>2026-09-01</tr></table>";
    let v = preview_bytes("t.xls", [b"<meta charset=big5>", BIG5.encode(traditional).0.as_ref()].concat());
    assert_eq!(orders(&v)[0].1, 100, "{v}");
}

#[test]
fn cells_over_several_rows_hold_for_each_of_their_lines() {
    let page = "<table><tr><th rowspan=2>订单号<th rowspan=2>订单状态<th rowspan=2>实付金额<th rowspan=2>下单时间<th colspan=3>商品</tr>\
        <tr><th>商品名称<th>数量<th>单价</tr>\
        <tr><td rowspan=2>A1<td rowspan=2>已完成<td rowspan=2>30.00<td rowspan=2>2026-09-01 10:00:00<td>茶<td>1<td>10.00</tr><tr><td>杯<td>2<td>10.00</tr>\
        <tr><td>A2<td>已完成<td>5.00<td>2026-09-01 11:00:00<td>茶<td>1<td>5.00</tr></table>";
    let v = preview_bytes("erp.xls", page.into());
    assert_eq!((&v["good"], &v["header_record"]), (&3.into(), &2.into()), "{v}");
    assert_eq!(orders(&v).iter().map(|o| o.1).collect::<Vec<_>>(), [3_000, 500], "{v}");
    assert_eq!(v["canonical"][0]["lines"].as_array().map(Vec::len), Some(2));
}

#[test]
fn the_xml_of_excel_2003() {
    let row = |cells: &[(&str, &str)]| {
        let cells: String = cells.iter().map(|(t, c)| format!("<Cell><Data ss:Type=\"{t}\">{c}</Data></Cell>")).collect();
        format!("<Row>{cells}</Row>")
    };
    let s = |text: &'static str| ("String", text);
    let head = row(&[s("订单号"), s("订单状态"), s("实付金额"), s("下单时间"), s("买家留言")]);
    let first = row(&[s("A1"), s("已完成"), ("Number", "35.199999999999996"), ("DateTime", "2026-09-01T10:00:00.000"), s("一&#10;二")]);
    let second = row(&[("Number", "1.2345678901234568E+18"), s("已完成"), ("Number", "1"), ("Number", "46266.5"), s("")]);
    let book = format!(
        "<?xml version=\"1.0\"?>\n<?mso-application progid=\"Excel.Sheet\"?><Workbook xmlns=\"urn:schemas-microsoft-com:office:spreadsheet\" xmlns:ss=\"urn:schemas-microsoft-com:office:spreadsheet\">\
        <Styles><Style ss:ID=\"Default\"><Font/></Style></Styles><Worksheet ss:Name=\"订单\"><Table>{head}{first}{second}</Table></Worksheet>\
        <Worksheet ss:Name=\"旧\"><Table>{head}{first}</Table><WorksheetOptions><Visible>SheetHidden</Visible></WorksheetOptions></Worksheet></Workbook>"
    );
    let v = preview_bytes("orders.xls", book.clone().into_bytes());
    assert_eq!((&v["container"], &v["sheets"]), (&"spreadsheetml".into(), &serde_json::json!(["订单"])), "{v}");
    assert_eq!(orders(&v), [("A1".to_owned(), 3_520, "2026-09-01T10:00:00+08:00".to_owned())], "{v}");
    assert_eq!(reasons(&v), ["order_no_lost_precision"], "{v}");
    assert_eq!(v["notes"][0]["code"], "sheet_not_read", "{v}");
    let v = preview_bytes("orders.xls", book.replace("xml version=\"1.0\"", "xml version=\"1.0\" encoding=\"gb2312\"").into_bytes());
    assert_eq!(orders(&v).len(), 1, "the bytes are UTF-8 whatever they say: {v}");
}

#[test]
fn pages_without_a_table_broken_ones_and_bombs_are_refused_in_words() {
    let error = |text: String| {
        let v = preview_bytes("orders.xls", text.into_bytes());
        (v["error"]["code"].as_str().unwrap_or("-").to_owned(), v["error"]["text"].as_str().unwrap_or("-").to_owned())
    };
    for page in [
        "<html><body>请先登录</body></html>".to_owned(),
        "<!DOCTYPE html><html><body><table><tr><td>用户名</td><td><input></td></tr></table></body></html>".to_owned(),
        "<?xml version=\"1.0\"?><orders><order no=\"1\"/></orders>".to_owned(),
    ] {
        let (code, text) = error(page);
        assert!(code == "not_a_table" && text.contains("网页"), "{code} {text}");
    }
    assert_eq!(error("<table><tr><td>".repeat(40)).0, "not_a_table");
    assert_eq!(error(format!("<table><tr><td>订单号<td>订单状态<tr><td {}", "x='".repeat(200_000))).0, "not_a_table");
    let merged = format!("<table><tr><td>订单号</td><td>订单状态</td></tr><tr><td rowspan=60000>{}</td></tr></table>", "x".repeat(20_000));
    assert!(error(merged).1.contains("合并"));
    // A page that was cut off: its last row is not read as whole.
    let v = preview_bytes(
        "x.xls",
        "<table><tr><td>订单号<td>订单状态<td>实付金额<td>下单时间<tr><td>A1<td>已完成<td>1.00<td>2026-09-01<tr><td>A2<td>已完成<td>12"
            .into(),
    );
    assert_eq!((orders(&v).len(), reasons(&v)), (1, vec!["truncated_row".to_owned()]), "{v}");
    // Cells that merely begin with a tag are text.
    let v = preview_bytes("x.csv", "<编号>,订单号,订单状态,实付金额,下单时间\n1,A1,已完成,1.00,2026-09-01\n".into());
    assert_eq!(orders(&v).len(), 1, "{v}");
}

#[test]
fn a_packed_page_is_read_too() {
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    std::io::Write::write_all(&mut packed, PAGE.replace("CHARSET", "utf-8").as_bytes()).expect("packed");
    let v = preview_bytes("orders.xls.gz", packed.finish().expect("packed"));
    assert_eq!(orders(&v).len(), 3, "{v}");
}
