//! JD's order export: a row a line, the order's amounts repeated, every cell quoted, GB18030.
//! Receivers are always masked; the account is masked for hidden buyers.

use std::io;

use super::{Sheet, Text, goods_id, memo};
use crate::goods::GOODS;
use crate::order::{Order, State};
use crate::words::{masked_account, masked_name, masked_phone};

const HEADER: &str = "\"订单号\",\"商品ID\",\"商品名称\",\"订购数量\",\"支付方式\",\"下单时间\",\"京东价\",\"订单金额\",\"结算金额\",\"余额支付\",\"应付金额\",\"订单状态\",\"订单类型\",\"下单帐号\",\"客户姓名\",\"客户地址\",\"联系电话\",\"订单备注\",\"发票类型\",\"发票抬头\",\"发票内容\",\"商家备注\",\"商家备注等级（等级1-5为由高到低）\",\"运费金额\",\"付款确认时间\",\"增值税发票\",\"货号\",\"订单完成时间\",\"订单来源\",\"订单渠道\",\"送装服务\",\"服务费\",\"仓库id\",\"仓库名称\"";

/// Begins a file.
pub fn begin(path: &std::path::Path) -> io::Result<Sheet> {
    Sheet::begin(path, Text::Gb, HEADER, "\r\n")
}

/// Writes an order.
pub fn write(sheet: &mut Sheet, o: &Order) -> io::Result<()> {
    let (number, h) = (o.number(), &o.home);
    let account = if o.shown { o.name.clone() } else { masked_account(&o.name) };
    let status = match o.state {
        State::Created => "等待付款",
        State::Unpaid => "(删除)等待付款",
        State::Paid => "等待出库",
        State::Shipped => "等待确认收货",
        State::Completed => "完成",
        State::Returned => "(删除)等待出库",
    };
    for line in &o.lines {
        let good = &GOODS[line.good];
        sheet.row(|r| {
            r.cells(&[&number, &goods_id(2, line.good), good.title])
                .number(line.quantity)
                .cell("在线支付")
                .time(Some(o.at))
                .yuan(good.price);
            r.yuan(o.list + o.shipping).yuan(o.due).cell("0.00").yuan(o.due);
            r.cells(&[status, "SOP", &account, &masked_name(&o.receiver)]).parts(&[h.province, h.city, h.district, h.street, "*****"]);
            r.cells(&[&masked_phone(&o.receiver_phone), memo(o.noise), "电子普票", "个人", "商品明细", "", ""])
                .yuan(o.shipping)
                .time(o.paid_at);
            r.cells(&["", good.sku]).time(o.completed_at).cells(&["移动端订单", "暂无来源", "", "0.00", "", ""]);
        })?;
    }
    Ok(())
}
