//! Douyin's order export: a row a sub-order with its share of the amounts; receivers enciphered,
//! buyers not named at all.

use std::io;

use super::{Sheet, Text};
use crate::goods::GOODS;
use crate::order::{Order, Refund, State};

const HEADER: &str = "主订单编号,子订单编号,选购商品,商品规格,商品数量,商家编码,订单应付金额,运费,收件人,收件人手机号,详细地址,订单提交时间,商家备注,订单完成时间,订单状态,售后状态,取消原因,发货时间,平台实际承担优惠金额,商家实际承担优惠金额,达人实际承担优惠金额";

/// Begins a file.
pub fn begin(path: &std::path::Path) -> io::Result<Sheet> {
    Sheet::begin(path, Text::Marked, HEADER, "\n")
}

/// Writes an order.
pub fn write(sheet: &mut Sheet, o: &Order) -> io::Result<()> {
    let number = o.number();
    let cipher = format!("{:010x}", o.noise & 0xff_ffff_ffff);
    let status = match o.state {
        State::Created => "待支付",
        State::Unpaid | State::Returned => "已关闭",
        State::Paid => "待发货",
        State::Shipped => "已发货",
        State::Completed => "已完成",
    };
    for (n, line) in o.lines.iter().enumerate() {
        let good = &GOODS[line.good];
        let refunded = o.state == State::Returned || o.refund.0 == Refund::Partial(n);
        let sub = number.parse::<u64>().map_or_else(|_| number.clone(), |v| (v + n as u64).to_string());
        sheet.row(|r| {
            r.parts(&["\"\t", &number, "\""])
                .parts(&["\"\t", &sub, "\""])
                .parts(&["\"\t", good.title, "\""])
                .parts(&["\"\t", good.spec, "\""]);
            r.number(line.quantity).parts(&["\"\t", good.sku, "\""]).yuan(line.paid).yuan(if n == 0 { o.shipping } else { 0 });
            r.parts(&["##6cA1", &cipher, "##"]).parts(&["$$", &cipher, "$$1$"]).parts(&["##", &cipher, "##"]);
            r.time(Some(o.at)).cell("-").time_or(o.completed_at, "-", "").cells(&[status, if refunded { "退款成功" } else { "-" }]);
            r.cell(if o.state == State::Unpaid { "用户超时未支付" } else { "" }).time_or(o.shipped_at, "-", "");
            r.yuan(line.platform_off).yuan(line.shop_off).cell("0.00");
        })?;
    }
    Ok(())
}
