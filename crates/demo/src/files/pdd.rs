//! Pinduoduo's order export: the older one (55 columns, tabs behind what a spreadsheet would spoil)
//! and today's workbook of 23. Receivers are masked or left out, buyers not named; the day of placing
//! stands in the number only.

use std::io;

use super::book::{Book, yuan};
use super::{Sheet, Text, goods_id, memo, parcel};
use crate::calendar::{DAY, show_time};
use crate::goods::GOODS;
use crate::order::{Order, State};
use crate::words::{masked_name, masked_phone};

const HEADER: &str = "商品,订单号,订单状态,商品总价(元),店铺优惠折扣(元),平台优惠折扣(元),邮费(元),上门安装费(元),送货入户费(元),送货入户并安装费(元),用户实付金额(元),商家实收金额(元),商品数量(件),身份证姓名,身份证号码,收货人,手机,是否审核中,省,市,区,街道,支付时间,拼单成功时间,订单确认时间,承诺发货时间,发货时间,确认收货时间,商品id,商品规格,用户购买手机号,样式ID,商家编码-SKU维度,商家编码-商品维度,快递单号,快递公司,海淘清关订单号,支付ID,支付方式,是否抽奖或0元试用,是否顺丰加价,商家备注,售后状态,买家留言,关联货品编码,货品名称,货品类型,子货品,仓库名称,仓库所在地址,是否门店自提,门店名称,门店自定义编码,旅行类信息,消费者资料";

/// The columns of today's export, under a title.
const NEW: &[&str] = &[
    "订单成交时间",
    "商品",
    "订单号",
    "订单状态",
    "商品总价(元)",
    "邮费(元)",
    "店铺优惠折扣(元)",
    "平台优惠折扣(元)",
    "多多支付立减金额(元)",
    "用户实付金额(元)",
    "商家实收金额(元)",
    "商品数量(件)",
    "发货时间",
    "确认收货时间",
    "商品id",
    "商品规格",
    "样式ID",
    "商家编码-规格维度",
    "商家编码-商品维度",
    "商家备注",
    "售后状态",
    "快递单号",
    "快递公司",
];

/// Begins today's export.
pub fn begin_new(path: &std::path::Path) -> io::Result<Book> {
    Book::begin(path, &[&["名称：订单明细"], NEW])
}

/// Writes an order as today's export has it: nothing of buyer or receiver.
pub fn write_new(book: &mut Book, o: &Order) -> io::Result<()> {
    let Some(line) = o.lines.first() else { return Ok(()) };
    let good = &GOODS[line.good];
    let time = |at: Option<i64>| at.map(show_time).unwrap_or_default();
    let (carrier, tracking) = o.shipped_at.map(|_| parcel(o.noise)).unwrap_or_default();
    book.row(&[
        &time(o.paid_at),
        good.title,
        &o.number(),
        status(o),
        &yuan(o.list),
        &yuan(o.shipping),
        &yuan(o.shop_off),
        &yuan(o.platform_off),
        "0",
        &yuan(o.due),
        &yuan(o.due + o.platform_off),
        &line.quantity.to_string(),
        &time(o.shipped_at),
        &time(o.completed_at),
        &goods_id(4, line.good),
        good.spec,
        "",
        good.sku,
        "",
        "",
        after_sale(o),
        &tracking,
        carrier,
    ])
}

fn after_sale(o: &Order) -> &'static str {
    if o.state == State::Returned { "退款成功" } else { "无售后或售后取消" }
}

fn status(o: &Order) -> &'static str {
    match (o.state, o.shipped_at) {
        (State::Created, _) => "待支付",
        (State::Unpaid, _) => "已取消",
        (State::Paid, _) => "待发货",
        (State::Shipped, _) => "已发货，待收货",
        (State::Completed, _) => "已收货",
        (State::Returned, None) => "未发货，退款成功",
        (State::Returned, Some(_)) => "已发货，退款成功",
    }
}

/// Begins a file.
pub fn begin(path: &std::path::Path) -> io::Result<Sheet> {
    Sheet::begin(path, Text::Marked, HEADER, "\r\n")
}

/// Writes an order; it has one line.
pub fn write(sheet: &mut Sheet, o: &Order) -> io::Result<()> {
    let Some(line) = o.lines.first() else { return Ok(()) };
    let (good, h) = (&GOODS[line.good], &o.home);
    let (carrier, tracking) = o.shipped_at.map(|_| parcel(o.noise)).unwrap_or_default();
    sheet.row(|r| {
        r.cell(good.title).parts(&[&o.number(), "\t"]).cell(status(o)).yuan(o.list).yuan(o.shop_off).yuan(o.platform_off).yuan(o.shipping);
        r.cells(&["0.00", "0.00", "0.00"]).yuan(o.due).yuan(o.due + o.platform_off).number(line.quantity).cells(&["\t", "\t"]);
        r.parts(&[&masked_name(&o.receiver), "\t"])
            .parts(&[&masked_phone(&o.receiver_phone), "\t"])
            .cells(&["否", h.province, h.city, h.district, h.street]);
        for later in [0, 1, 2, 2 * DAY] {
            r.time_or(o.paid_at.map(|t| t + later), "", "\t");
        }
        r.time_or(o.shipped_at, "", "\t")
            .time_or(o.completed_at, "", "\t")
            .parts(&[&goods_id(4, line.good), "\t"])
            .cells(&[good.spec, "\t"]);
        r.parts(&[&goods_id(5, line.good), "\t"])
            .parts(&[good.sku, "\t"])
            .parts(&[good.sku.rsplit_once('-').map_or(good.sku, |p| p.0), "\t"]);
        r.parts(&[&tracking, "\t"]).cells(&[carrier, "", "\t", if o.noise.is_multiple_of(3) { "支付宝" } else { "微信" }, "否", "否", ""]);
        r.cells(&[after_sale(o), memo(o.noise)]).empty(6).cell("否").empty(4);
    })
}
