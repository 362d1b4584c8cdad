//! Taobao's and Tmall's exports of today (workbooks of 21 and 12 columns): no buyer and no receiver
//! at all, no time of payment. The younger orders of hidden buyers stand in them.

use std::io;
use std::path::Path;

use super::book::{Book, yuan};
use super::{goods_id, parcel, taobao};
use crate::calendar::show_time;
use crate::goods::GOODS;
use crate::order::{Order, Refund, divide};

const ORDERS: &[&str] = &[
    "订单编号",
    "支付单号",
    "买家应付货款",
    "买家应付邮费",
    "总金额",
    "买家实付金额",
    "订单状态",
    "收货地址",
    "运送方式",
    "订单创建时间",
    "商品标题",
    "宝贝种类",
    "物流单号",
    "物流公司",
    "备注标签",
    "商家备注",
    "宝贝总数量",
    "开票信息",
    "手机订单",
    "商品属性SKU",
    "发货时间",
];
const ITEMS: &[&str] = &[
    "子订单编号",
    "主订单编号",
    "商品标题",
    "商品价格",
    "购买数量",
    "商品属性",
    "订单状态",
    "买家实付金额",
    "退款状态",
    "退款金额",
    "商品ID",
    "发货时间",
];

/// Begins an order report.
pub fn orders(path: &Path) -> io::Result<Book> {
    Book::begin(path, &[ORDERS])
}

/// Begins a sub-order report.
pub fn items(path: &Path) -> io::Result<Book> {
    Book::begin(path, &[ITEMS])
}

/// Writes an order and its lines.
pub fn write(orders: &mut Book, items: &mut Book, o: &Order) -> io::Result<()> {
    let (number, h, status) = (o.number(), &o.home, taobao::status(o.state));
    let join = |text: fn(&crate::goods::Good) -> &'static str| o.lines.iter().map(|l| text(&GOODS[l.good])).collect::<Vec<_>>().join(",");
    let (carrier, tracking) = o.shipped_at.map(|_| parcel(o.noise)).unwrap_or_default();
    let shipped = o.shipped_at.map(show_time).unwrap_or_default();
    let payment = if o.was_paid() { format!("2026{:012}", o.noise / 11 % 1_000_000_000_000) } else { String::new() };
    let count: i64 = o.lines.iter().map(|l| l.quantity).sum();
    orders.row(&[
        &number,
        &payment,
        &yuan(o.goods()),
        &yuan(o.shipping),
        &yuan(o.list),
        &yuan(o.paid()),
        status,
        &format!("{} {} {} {}街道****", h.province, h.city, h.district, h.street),
        "快递",
        &show_time(o.at),
        &join(|g| g.title),
        &o.lines.len().to_string(),
        &tracking,
        carrier,
        "",
        "",
        &count.to_string(),
        "",
        "手机订单",
        &join(|g| g.spec),
        &shipped,
    ])?;
    // A sub-order's payment has its share of the shipping: the first's has all of it.
    let paid: Vec<i64> =
        o.lines.iter().enumerate().map(|(n, l)| if o.was_paid() { l.paid + if n == 0 { o.shipping } else { 0 } } else { 0 }).collect();
    let back: Vec<i64> = match o.refund {
        (Refund::None, _) => vec![0; paid.len()],
        (Refund::Partial(line), fen) => (0..paid.len()).map(|n| if n == line { fen } else { 0 }).collect(),
        (Refund::Compensation, fen) => divide(fen, &o.lines.iter().map(|l| l.paid).collect::<Vec<_>>()),
        _ => paid.clone(),
    };
    for (n, line) in o.lines.iter().enumerate() {
        let good = &GOODS[line.good];
        let sub = number.parse::<u64>().map_or_else(|_| number.clone(), |v| (v + n as u64).to_string());
        let (word, amount) =
            if back[n] > 0 { ("退款成功", yuan(back[n])) } else { ("没有申请退款", "无退款申请".to_owned()) };
        let closed = back[n] > 0 && back[n] == paid[n];
        let status = if closed { "交易关闭" } else { status };
        items.row(&[
            &sub,
            &number,
            good.title,
            &yuan(good.price),
            &line.quantity.to_string(),
            good.spec,
            status,
            &yuan(paid[n]),
            word,
            &amount,
            &goods_id(1, line.good),
            &shipped,
        ])?;
    }
    Ok(())
}
