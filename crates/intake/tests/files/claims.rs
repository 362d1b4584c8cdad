//! Whose file it is, and whose an amount is. Every table here is one that a shop's own sheet, another
//! platform or a plug-in makes; the reading beside it was made by hand.

use crate::common::{expected, folder, names, preview_bytes};
use proptest::prelude::*;
use serde_json::Value;

fn paid(v: &Value) -> Vec<i64> {
    v["canonical"].as_array().into_iter().flatten().map(|o| o["paid_fen"].as_i64().unwrap_or(-1)).collect()
}

fn notes(v: &Value) -> Vec<&str> {
    v["notes"].as_array().into_iter().flatten().filter_map(|n| n["code"].as_str()).collect()
}

fn field<'a>(v: &'a Value, column: &str) -> &'a Value {
    let columns = v["mapping"]["columns"].as_array().into_iter().flatten();
    columns.into_iter().find(|c| c["column"] == column).map_or(&Value::Null, |c| &c["field"])
}

/// A file, what it must be, and what its orders must have been paid.
fn reads(text: &str, format: &str, amounts: &[i64]) -> Value {
    let v = preview_bytes("export", text.into());
    assert_eq!((v["format"].as_str(), paid(&v).as_slice()), (Some(format), amounts), "{text}\n{v}");
    assert_eq!(v["bad"], 0, "{text}\n{v}");
    v
}

#[test]
fn a_sheet_in_everyday_words_is_nobodys() {
    let v = reads(
        "订单号,实付金额,订单状态,下单时间,商品名称\nA1,100.00,已完成,2026-08-01 10:00:00,茶\nA1,100.00,已完成,2026-08-01 10:00:00,杯\n",
        "plain",
        &[10_000],
    );
    assert_eq!((&v["platform"], &v["mapping"]["recognised"]), (&"plain".into(), &false.into()));
    // Two lines and no prices: counted once, and said that it was not told.
    assert_eq!(notes(&v), ["order_amount_unsure"]);
    let v = reads(
        "订单号,下单时间,商品名称,商家编码,数量,单价,实付金额,订单状态\n\
         A1,2026-08-01 10:00:00,茶,T1,1,60.00,100.00,已完成\nA1,2026-08-01 10:00:00,杯,C1,1,40.00,100.00,已完成\n\
         A2,2026-08-02 10:00:00,杯,C1,1,40.00,40.00,已完成\n",
        "plain",
        &[10_000, 4000],
    );
    assert!(notes(&v).is_empty(), "{v}");
    reads(
        "订单号,下单时间,商品名称,商品规格,商品数量,商家编码,实付金额,运费,收件人,订单状态\nA1,2026-08-01 10:00:00,茶,250g,1,T1,105.00,5.00,张三,已完成\n",
        "plain",
        &[10_500],
    );
    let weidian = "订单编号,订单状态,订单类型,下单时间,付款时间,发货时间,商品名称,型号,商品编码,数量,商品价格,商品总价,运费,优惠金额,订单总价,实收金额,收件人,收件人手机,省,市,区,收货详细地址,买家备注,卖家备注,快递公司,快递单号,退款金额\n\
        820000000000001,已完成,担保交易,2026-08-01 10:00:00,2026-08-01 10:01:00,2026-08-02 10:00:00,茶,250g,T1,1,60.00,60.00,5.00,0.00,65.00,65.00,张三,13800138000,浙江省,杭州市,西湖区,文三路,,,顺丰,SF1,0.00\n";
    reads(weidian, "plain", &[6500]);
    let wechat = "订单编号,订单状态,下单时间,支付时间,商品名称,商品编码(自定义),SKU编码(自定义),商品属性,商品数量,商品价格,商品总价,订单运费,优惠,订单实际支付金额,退款金额,收件人姓名,收件人手机,收件人省份,收件人城市,收件人地区,收件人详细地址,物流公司,物流单号,发货时间,买家备注,商家备注\n\
        3700000000000000001,已完成,2026-08-01 10:00:00,2026-08-01 10:01:00,茶,T,T1,250g,2,60.00,120.00,5.00,10.00,115.00,0.00,张*,138****0000,浙江省,杭州市,西湖区,***,顺丰,SF1,2026-08-02 10:00:00,,\n";
    reads(wechat, "plain", &[11_500]);
    for word in ["交易成功", "已完成", "完成", "已收货", "completed"] {
        let text = format!(
            "订单号,实付金额,订单状态,下单时间,商品名称,数量\nA1,100.00,{word},2026-08-01 10:00:00,茶,1\nA1,100.00,{word},2026-08-01 10:00:00,杯,1\n"
        );
        reads(&text, "plain", &[10_000]);
    }
}

#[test]
fn lines_with_amounts_of_their_own_are_added_up() {
    reads(
        "订单编号,商品标题,购买数量,商品价格,买家实付金额,订单状态,买家会员名,下单时间\nA1,茶,1,60.00,60.00,交易成功,tom,2026-08-01 10:00:00\nA1,杯,1,40.00,40.00,交易成功,tom,2026-08-01 10:00:00\n",
        "plain",
        &[10_000],
    );
    reads(
        "订单编号,标题,价格,购买数量,备注,订单状态,实付金额,下单时间\nA1,茶,60.00,1,,已完成,60.00,2026-08-01 10:00:00\nA1,杯,40.00,1,,已完成,40.00,2026-08-01 10:00:00\n",
        "plain",
        &[10_000],
    );
    // Both lines of the one order cost the same: what they are worth tells.
    reads(
        "订单号,商品名称,数量,单价,金额,状态,日期\nA1,茶,1,50.00,50.00,已完成,2026-08-01\nA1,杯,1,50.00,50.00,已完成,2026-08-01\n",
        "plain",
        &[10_000],
    );
    // The order further down tells of the one at the top, wherever its rows stand.
    let mut text = "订单号,商品名称,实付金额,订单状态,下单时间\n".to_owned();
    for n in 0..100 {
        text.push_str(&format!("A{n},茶,10.00,已完成,2026-08-01 10:00:00\n"));
    }
    text.push_str(
        "B1,茶,60.00,已完成,2026-08-01 10:00:00\nC1,茶,5.00,已完成,2026-08-01 10:00:00\nB1,杯,40.00,已完成,2026-08-01 10:00:00\n",
    );
    let v = preview_bytes("export", text.into_bytes());
    assert_eq!((&v["good"], paid(&v).get(100)), (&103.into(), Some(&10_000)), "{v}");
}

#[test]
fn a_deep_discount_doubles_no_order() {
    let sheet = |rows: &str| format!("订单号,商品名称,数量,单价,实付金额,订单状态,下单时间\n{rows}");
    let row = |no: &str, title: &str, price: &str, paid: &str| format!("{no},{title},1,{price},{paid},已完成,2026-08-01 10:00:00\n");
    // A line at 30 cannot have been paid 80.
    let v = reads(&sheet(&(row("A1", "甲", "30", "80") + &row("A1", "乙", "170", "80"))), "plain", &[8_000]);
    assert!(notes(&v).is_empty(), "{v}");
    // Either a discount on each line, or a deep one on the order: counted once, and said.
    let deep = row("A1", "甲", "100", "60") + &row("A1", "乙", "120", "60");
    let v = reads(&sheet(&deep), "plain", &[6_000]);
    assert_eq!(notes(&v), ["order_amount_unsure"]);
    // Another order of the file tells of it, either way.
    let v = reads(&sheet(&(deep.clone() + &row("A2", "甲", "30", "80") + &row("A2", "乙", "170", "80"))), "plain", &[6_000, 8_000]);
    assert!(notes(&v).is_empty(), "{v}");
    let v = reads(&sheet(&(deep + &row("A2", "甲", "100", "60") + &row("A2", "乙", "20", "20"))), "plain", &[12_000, 8_000]);
    assert!(notes(&v).is_empty(), "{v}");
}

#[test]
fn one_shop_is_one_platform_whatever_its_orders_states() {
    let head = "訂單號碼,訂單日期,訂單狀態,付款狀態,送貨狀態,顧客 ID,顧客,電郵,電話號碼,貨幣,訂單小計,運費,優惠折扣,訂單合計,退款總額,商品名稱,選項,商品貨號,數量,商品原價\n";
    for state in ["已完成,已付款,已送達", "已取消,未付款,備貨中"] {
        let row = format!(
            "20260801100000123,2026-08-01 10:00:00,{state},60a1,王小明,a@b.com,0912345678,TWD,1000.00,60.00,100.00,960.00,0.00,茶,大,T1,2,500.00\n"
        );
        let v = preview_bytes("export", format!("{head}{row}").into_bytes());
        assert_eq!((&v["format"], &v["platform"]), (&"plain".into(), &"plain".into()), "{v}");
    }
}

#[test]
fn the_column_that_says_it_most_exactly_counts_wherever_it_stands() {
    let both = |a: &str, b: &str, cells: [&str; 2], rest: &str, row: &str| {
        let one = preview_bytes("export", format!("订单号,{a},{b},{rest}\nA1,{},{},{row}\n", cells[0], cells[1]).into_bytes());
        let other = preview_bytes("export", format!("{b},订单号,{a},{rest}\n{},A1,{},{row}\n", cells[1], cells[0]).into_bytes());
        for v in [&one, &other] {
            assert_eq!((&v["format"], &v["good"]), (&"plain".into(), &1.into()), "{v}");
        }
        [one, other]
    };
    let rest = "下单时间,订单状态";
    let row = "2026-08-01 10:00:00,已完成";
    for v in both("金额", "实付金额", ["120.00", "100.00"], rest, row) {
        assert_eq!(paid(&v), [10_000], "{v}");
        let note = &v["notes"][0];
        assert_eq!(
            (&note["code"], &note["taken"], &note["column"]),
            (&"column_not_taken".into(), &"实付金额".into(), &"金额".into()),
            "{v}"
        );
    }
    for v in both("应付金额", "实付金额", ["120.00", "100.00"], rest, row) {
        assert_eq!((paid(&v).as_slice(), field(&v, "应付金额")), ([10_000].as_slice(), &"order_total".into()), "{v}");
    }
    for v in both("Total", "Amount Paid", ["120.00", "100.00"], "Order Date,Order Status", "2026-08-01 10:00:00,completed") {
        assert_eq!(paid(&v), [10_000], "{v}");
    }
    for v in both("商品状态", "订单状态", ["已完成", "已取消"], "下单时间,实付金额", "2026-08-01 10:00:00,100.00") {
        assert_eq!(v["canonical"][0]["state"], "closed", "{v}");
    }
    for v in both("日期", "下单时间", ["2026-09-09", "2026-08-01 10:00:00"], "订单状态,实付金额", "已完成,100.00") {
        assert_eq!(v["canonical"][0]["created_at"], "2026-08-01T10:00:00+08:00", "{v}");
    }
    for v in both("单号", "付款时间", ["SF123", "2026-08-01 10:00:00"], "下单时间,实付金额,订单状态", "2026-08-01 10:00:00,1.00,已完成")
    {
        assert_eq!(v["canonical"][0]["order_no"], "A1", "{v}");
    }
    // The same name twice cannot be told apart: the first counts, and that is said.
    let v = reads("订单号,下单时间,金额,金额,订单状态\nA1,2026-08-01 10:00:00,120.00,100.00,已完成\n", "plain", &[12_000]);
    assert_eq!(notes(&v), ["column_not_taken"]);
}

/// An order of a sheet: what its lines cost by price and pieces (all of fen), and what was taken off.
#[derive(Clone, Debug)]
struct Order {
    lines: Vec<(i64, i64)>,
    /// Percent.
    discount: i64,
    shipping: i64,
}

impl Order {
    fn off(&self, fen: i64) -> i64 {
        (fen * (100 - self.discount) + 50) / 100
    }

    /// What each line was paid; shipping was paid with the first.
    fn shares(&self) -> Vec<i64> {
        self.lines.iter().enumerate().map(|(i, l)| self.off(l.0 * l.1) + if i == 0 { self.shipping } else { 0 }).collect()
    }

    fn whole(&self) -> i64 {
        self.off(self.lines.iter().map(|l| l.0 * l.1).sum()) + self.shipping
    }

    /// By the prices on its tags nobody can tell it from an order whose lines were paid just what they are
    /// worth.
    fn looks_like_lines(&self, tag: i64) -> bool {
        let fits = |(price, pieces): &(i64, i64)| {
            let worth = tagged(*price, tag) * pieces;
            [worth, worth + self.shipping].iter().any(|w| (w - self.whole()).abs() < *pieces)
        };
        self.lines.len() > 1 && self.lines.iter().all(fits)
    }
}

fn tagged(price: i64, percent: i64) -> i64 {
    price * (100 + percent) / 100
}

/// A sheet of a shop's own: its columns in any order, its states in any platform's words.
#[derive(Clone, Debug)]
struct Sheet {
    words: [usize; 5],
    state: usize,
    order: Vec<usize>,
    orders: Vec<Order>,
    priced: bool,
    shipped: bool,
    repeated: bool,
    /// The price beside a line is the tag's: so many percent above what it costs without a discount.
    tag: i64,
}

const STATES: &[&str] = &[
    "已完成",
    "交易成功",
    "交易完成",
    "完成",
    "已收货",
    "已签收",
    "已发货",
    "待发货",
    "卖家已发货，等待买家确认",
    "等待出库",
    "已发货，待收货",
    "completed",
    "processing",
];
const NAMES: [&[&str]; 5] = [
    &["订单号", "订单编号", "平台订单号", "Order Number", "订单ID"],
    &["实付金额", "实付款", "支付金额", "Amount Paid", "订单实付金额", "金额"],
    &["订单状态", "状态", "交易状态", "Order Status"],
    &["下单时间", "订单创建时间", "创建时间", "日期", "Order Date", "订单提交时间"],
    &["商品名称", "商品标题", "商品", "宝贝名称", "Item Name", "标题"],
];

fn orders() -> impl Strategy<Value = Vec<Order>> {
    // Few prices, so that lines cost the same often enough.
    let price = prop_oneof![100_i64..20_000, (1_i64..5).prop_map(|n| n * 1_000)];
    let line = (price, 1_i64..4);
    let lines = prop::collection::vec(line, 1..4);
    let order = (lines, prop_oneof![Just(0_i64), Just(50), 0_i64..=70], prop_oneof![Just(0_i64), Just(500), Just(1_000)]);
    prop::collection::vec(order.prop_map(|(lines, discount, shipping)| Order { lines, discount, shipping }), 1..5)
}

fn sheet() -> impl Strategy<Value = Sheet> {
    let words = std::array::from_fn(|i| 0..NAMES[i].len());
    let order = Just((0..8).collect::<Vec<usize>>()).prop_shuffle();
    let flags = (any::<bool>(), any::<bool>(), any::<bool>());
    (words, 0..STATES.len(), order, orders(), flags, prop_oneof![Just(0_i64), Just(20), Just(100)]).prop_map(
        |(words, state, order, mut orders, (priced, shipped, repeated), tag)| {
            if !shipped {
                orders.iter_mut().for_each(|o| o.shipping = 0);
            }
            // Without prices its amounts are the orders'.
            Sheet { words, state, order, orders, priced, shipped, repeated: repeated || !priced, tag }
        },
    )
}

impl Sheet {
    fn text(&self) -> String {
        let head: Vec<&str> = (0..5).map(|i| NAMES[i][self.words[i]]).chain(["数量", "单价", "运费"]).collect();
        let has = |i: usize| i < 6 || (i == 6 && self.priced) || (i == 7 && self.shipped);
        let columns: Vec<usize> = self.order.iter().copied().filter(|i| has(*i)).collect();
        let line = |cells: &[String]| columns.iter().map(|i| cells[*i].clone()).collect::<Vec<_>>().join(",") + "\n";
        let money = |fen: i64| format!("{}.{:02}", fen / 100, fen % 100);
        let mut text = line(&head.iter().map(|h| (*h).to_owned()).collect::<Vec<_>>());
        for (n, order) in self.orders.iter().enumerate() {
            for (i, (price, pieces)) in order.lines.iter().enumerate() {
                let own = !self.repeated;
                let cells = [
                    format!("A{n}"),
                    money(if own { order.shares()[i] } else { order.whole() }),
                    STATES[self.state].to_owned(),
                    "2026-08-01 10:00:00".to_owned(),
                    format!("物{i}"),
                    pieces.to_string(),
                    money(tagged(*price, self.tag)),
                    money(if own && i > 0 { 0 } else { order.shipping }),
                ];
                text.push_str(&line(&cells));
            }
        }
        text
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(600))]

    #[test]
    fn no_platform_claims_a_plain_sheet_and_no_amount_is_doubled(sheet in sheet()) {
        let text = sheet.text();
        let v = preview_bytes("export", text.clone().into_bytes());
        prop_assert_eq!(&v["format"], "plain", "{}", text);
        let whole: Vec<i64> = sheet.orders.iter().map(Order::whole).collect();
        let shares: Vec<i64> = sheet.orders.iter().map(|o| o.shares().iter().sum()).collect();
        let is_unsure = notes(&v).contains(&"order_amount_unsure");
        if sheet.repeated {
            prop_assume!(!sheet.priced || !sheet.orders.iter().any(|o| o.looks_like_lines(sheet.tag)));
            prop_assert_eq!(paid(&v), whole, "{}\n{}", text, v);
        } else if is_unsure {
            // Counted once, and said.
            let once: Vec<i64> = sheet.orders.iter().map(|o| o.shares()[0]).collect();
            prop_assert!(paid(&v) == shares || paid(&v) == once, "{}\n{}", text, v);
        } else {
            prop_assert_eq!(paid(&v), shares, "{}\n{}", text, v);
        }
    }
}

const KEYS: &[&str] = &[
    "订单编号",
    "订单号",
    "主订单编号",
    "订单状态",
    "购买数量",
    "会员昵称",
    "客户手机号",
    "Name",
    "Financial Status",
    "order_id",
    "status",
    "日期",
];

/// Any one column of the given files may be missing, but for what tells a record from the next and
/// what became of it.
#[test]
fn a_known_file_stays_known_without_any_one_of_its_columns() {
    let mut failures = Vec::new();
    for name in names().into_iter().filter(|n| n.ends_with(".csv") && !n.contains("mixed")) {
        let must = expected(&name);
        let bytes = std::fs::read(folder().join(&name)).expect("fixture");
        let encoding = if must["encoding"] == "gb18030" { encoding_rs::GB18030 } else { encoding_rs::UTF_8 };
        let text = encoding.decode(&bytes).0.into_owned();
        let mut reader = shuke_intake::rows::RowReader::new(Box::new(std::io::Cursor::new(text.into_bytes())), b',', b'\n');
        let (mut row, mut rows) = (shuke_intake::rows::Row::default(), Vec::new());
        while rows.len() < 12 && reader.read(&mut row).expect("rows") {
            rows.push((0..row.len()).map(|i| String::from_utf8_lossy(row.cell(i)).into_owned()).collect::<Vec<_>>());
        }
        for out in 0..rows[0].len() {
            let named = rows[0][out].trim_start_matches('\u{feff}').trim();
            if KEYS.contains(&named) {
                continue;
            }
            let quoted = |c: &String| format!("\"{}\"", c.replace('"', "\"\""));
            let line =
                |r: &Vec<String>| r.iter().enumerate().filter(|(i, _)| *i != out).map(|(_, c)| quoted(c)).collect::<Vec<_>>().join(",");
            let text = rows.iter().map(line).collect::<Vec<_>>().join("\n");
            let v = preview_bytes("export", text.into_bytes());
            if v["format"] != must["format"] {
                failures.push(format!("{name} without {}: {}", rows[0][out], v["format"]));
            }
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}
