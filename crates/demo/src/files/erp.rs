//! An ERP's order list (聚水潭's columns), which names the buyers' accounts of Pinduoduo and Douyin:
//! their own exports never do. It tells no amounts and no lines; those stand in the exports.

use std::io;

use super::{Sheet, Text, parcel};
use crate::order::{Order, State};
use crate::person::Platform;

const HEADER: &str = "内部订单号,线上订单号,店铺,站点,订单状态,买家账号,下单时间,付款日期,发货日期,快递公司,快递单号,标签,业务员";

/// Begins a file.
pub fn begin(path: &std::path::Path) -> io::Result<Sheet> {
    Sheet::begin(path, Text::Marked, HEADER, "\r\n")
}

/// Writes an order, if its buyer is shown and the ERP is where that would be.
pub fn write(sheet: &mut Sheet, o: &Order) -> io::Result<()> {
    let (site, shop) = match o.platform {
        Platform::Pdd => ("拼多多", "晴天母婴拼多多店"),
        Platform::Douyin => ("抖音(放心购)", "晴天母婴抖音小店"),
        _ => return Ok(()),
    };
    if !o.shown {
        return Ok(());
    }
    let status = match o.state {
        State::Created => "待付款",
        State::Unpaid => "取消",
        State::Paid => "待发货",
        State::Shipped | State::Completed => "已发货",
        State::Returned => "付款以后用户退款成功，交易自动关闭",
    };
    let (carrier, tracking) = o.shipped_at.map(|_| parcel(o.noise)).unwrap_or_default();
    let kind = if o.platform == Platform::Pdd { 1 } else { 2 };
    sheet.row(|r| {
        r.parts(&[&(kind * 1_000_000_000 + o.serial).to_string()]).cells(&[&o.number(), shop, site, status, &o.name]);
        r.time(Some(o.at)).time(o.paid_at).time(o.shipped_at).cells(&[carrier, &tracking, "", ""]);
    })
}
