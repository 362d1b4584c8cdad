//! What a file tells of: orders, members, addresses not to be written to, or none of these. And
//! files whose outer form is unusual.

use crate::common::preview_bytes;
use serde_json::Value;

fn read(text: &str) -> Value {
    preview_bytes("export", text.into())
}

fn reasons(v: &Value) -> Vec<&str> {
    let all = v["not_good"].as_array().into_iter().flatten().flat_map(|n| n["reasons"].as_array().into_iter().flatten());
    all.filter_map(Value::as_str).collect()
}

#[test]
fn one_column_makes_no_suppression_list() {
    let v = read("订单号,手机号,实付金额,下单时间,订单状态,是否黑名单客户\nA1,13800138000,100.00,2026-08-01 10:00:00,已完成,否\n");
    assert_eq!((&v["format"], &v["canonical"][0]["paid_fen"]), (&"plain".into(), &10_000.into()), "{v}");
    let v = read("手机号,姓名,等级,积分余额,是否黑名单\n13800138000,张三,金卡,100,否\n13900139000,李四,银卡,50,否\n");
    assert_eq!((&v["format"], &v["good"], &v["canonical"][0]["points"]), (&"member_list".into(), &2.into(), &100.into()), "{v}");
    // A list of addresses of which a column asks whether they are on it.
    let v = read("手机号,是否退订\n13800138000,是\n13900139000,否\n");
    assert_eq!((&v["format"], &v["good"]), (&"suppression_list".into(), &1.into()), "{v}");
    assert_eq!(reasons(&v), ["not_suppressed"]);
    let v = read("手机号,姓名,退订时间,退订原因\n13800138000,张三,2026-09-01 10:00:00,回复TD\n");
    assert_eq!((&v["format"], &v["good"]), (&"suppression_list".into(), &1.into()), "{v}");
}

#[test]
fn orders_without_numbers_are_orders_and_say_what_they_lack() {
    let v = read(
        "收货人,手机,收货地址,商品,数量,金额,下单时间\n张三,13800138000,浙江省杭州市西湖区文三路1号,茶,1,100.00,2026-08-01 10:00:00\n",
    );
    assert_eq!((&v["format"], &v["good"]), (&"plain".into(), &0.into()), "{v}");
    assert_eq!(reasons(&v), ["missing_order_no"]);
}

#[test]
fn refunds_and_payments_are_no_sales() {
    let refunds = "订单编号,退款编号,订单付款时间,商品编码,退款完结时间,买家会员昵称,买家实际支付金额,宝贝标题,买家退款金额,售后类型,退款状态,货物状态,买家退款原因\n\
        1234567890123450011,300001,2026-08-01 10:05:00,T1,2026-08-05 10:00:00,tom,100.00,茶,100.00,退货退款,退款成功,买家已退货,七天无理由\n";
    assert_eq!(read(refunds)["error"]["code"], "not_orders");
    let bill = "支付宝账务明细查询\n账号:[2088]\n账务流水号,业务流水号,商户订单号,商品名称,发生时间,对方账号,收入金额（+元）,支出金额（-元）,账户余额（元）,交易渠道,业务类型,备注\n\
        1,2,T200P1234567890123450011,茶,2026-08-01 10:00:00,a***@b.com,100.00,0.00,5000.00,支付宝,在线支付,\n";
    assert_eq!(read(bill)["error"]["code"], "not_orders");
}

#[test]
fn an_order_exporting_plug_in() {
    let v = read(
        "Order Number,Order Status,Order Date,First Name (Billing),Last Name (Billing),Email (Billing),Phone (Billing),Order Shipping Amount,Order Refund Amount,Order Total Amount,SKU,Item Name,Quantity (- Refund),Item Cost\n\
         501,Completed,2026-08-01 10:00,Jane,Doe,j@d.com,+491701234567,5.00,0.00,35.00,A,Mug,1,10.00\n\
         501,Completed,2026-08-01 10:00,Jane,Doe,j@d.com,+491701234567,5.00,0.00,35.00,B,Tote,2,10.00\n",
    );
    assert_eq!((&v["format"], &v["good"], &v["distinct_keys_good"]), (&"plain".into(), &2.into(), &1.into()), "{v}");
    let order = &v["canonical"][0];
    assert_eq!((&order["paid_fen"], &order["shipping_fen"], &order["email"]), (&3500.into(), &500.into(), &"j@d.com".into()), "{v}");
}

#[test]
fn accents_are_no_chinese() {
    let text = "order_id,order_date,status,order_total,order_currency,billing_first_name,customer_email,line_item_1\n\
        7,2026-08-01 10:00:00,completed,10.00,EUR,Jürgen,a@b.com,name:Café Müsli|quantity:1|total:10.00\n";
    let v = preview_bytes("export", encoding_rs::WINDOWS_1252.encode(text).0.into_owned());
    assert_eq!((&v["format"], &v["encoding"]), (&"woocommerce_order_export".into(), &"windows-1252".into()), "{v}");
    assert_eq!(v["canonical"][0]["lines"][0]["title"], "Café Müsli");
    // A character whose second byte is the delimiter.
    let text = "订单号|收货人姓名|下单时间|实付金额|订单状态\nA1|王瓅|2026-08-01 10:00:00|100.00|已完成\nA2|李鑭|2026-08-01 10:00:00|1.00|已完成\n";
    let v = preview_bytes("export", encoding_rs::GB18030.encode(text).0.into_owned());
    assert_eq!((&v["encoding"], &v["delimiter"], &v["good"]), (&"gb18030".into(), &"|".into(), &2.into()), "{v}");
}

#[test]
fn what_only_looks_like_a_table_is_refused() {
    let page = "<html><body><form>请先登录</form></body></html>";
    for text in [page, "<?xml version=\"1.0\"?><orders><order/></orders>", &"#".repeat(20_000)] {
        assert_eq!(read(text)["error"]["code"], "not_a_table", "{text:.40}");
    }
    assert_eq!(read("<?xml version=\"1.0\"?><Workbook><Worksheet/></Workbook>")["error"]["code"], "file_empty");
}

#[test]
fn a_header_far_below_is_found() {
    let text = format!("{}订单号,订单状态,实付金额,下单时间\nA1,已完成,1.00,2026-08-01 10:00:00\n", "说明,请勿修改\n".repeat(30));
    let v = read(&text);
    assert_eq!((&v["header_record"], &v["good"]), (&31.into(), &1.into()), "{v}");
}

#[test]
fn a_column_that_asks_whether_it_was_refunded() {
    let v = read(
        "订单号,下单时间,实付金额,订单状态,是否退款\nA1,2026-08-01 10:00:00,100.00,已完成,是\nA2,2026-08-01 10:00:00,50.00,已完成,否\n",
    );
    let order = |i: usize| (v["canonical"][i]["refund_fen"].as_i64(), v["canonical"][i]["net_paid_fen"].as_i64());
    assert_eq!((order(0), order(1)), ((Some(10_000), Some(0)), (Some(0), Some(5000))), "{v}");
}

#[test]
fn shopifys_variant_stands_in_the_title() {
    let v = read(
        "Name,Email,Financial Status,Paid at,Fulfillment Status,Currency,Subtotal,Shipping,Taxes,Total,Created at,Lineitem quantity,Lineitem name,Lineitem price,Lineitem sku\n\
         #1001,a@example.com,paid,2026-06-22 10:57:14 +0800,fulfilled,CNY,19.90,0.00,0.00,19.90,2026-06-22 10:40:00 +0800,1,Crew Tee - Black / S,19.90,T1\n",
    );
    assert_eq!((&v["format"], &v["canonical"][0]["lines"][0]["spec"]), (&"shopify_orders_export".into(), &"Black / S".into()), "{v}");
}
