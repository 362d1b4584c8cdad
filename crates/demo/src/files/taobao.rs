//! Taobao's and Tmall's order report (54 columns) and item report, in GB18030. The older
//! orders of hidden buyers stand in it with account, receiver, phone and address masked.

use std::io;

use super::{Row, SHOP, Sheet, Text, memo, parcel};
use crate::goods::GOODS;
use crate::order::{Order, State};
use crate::words::{masked_account, masked_name, masked_phone};

const ORDERS: &str = "订单编号,买家会员名,买家支付宝账号,买家应付货款,买家应付邮费,买家支付积分,总金额,返点积分,买家实际支付金额,买家实际支付积分,订单状态,买家留言,收货人姓名,收货地址 ,运送方式,联系电话 ,联系手机,订单创建时间,订单付款时间 ,宝贝标题 ,宝贝种类 ,物流单号 ,物流公司,订单备注,宝贝总数量,店铺Id,店铺名称,订单关闭原因,卖家服务费,买家服务费,发票抬头,是否手机订单,分阶段订单信息,特权订金订单id,是否上传合同照片,是否上传小票,是否代付,定金排名,修改后的sku,修改后的收货地址,异常信息,天猫卡券抵扣,集分宝抵扣,是否是O2O交易,新零售交易类型,新零售导购门店名称,新零售导购门店id,新零售发货门店名称,新零售发货门店id,退款金额,预约门店,确认收货时间,打款商家金额,含应开票给个人的个人红包,";
const ITEMS: &str = "订单编号,标题,价格,购买数量,外部系统编号,商品属性,套餐信息,备注,订单状态,商家编码";

/// Begins an order report.
pub fn orders(path: &std::path::Path) -> io::Result<Sheet> {
    Sheet::begin(path, Text::Gb, ORDERS, "\r\n")
}

/// Begins an item report.
pub fn items(path: &std::path::Path) -> io::Result<Sheet> {
    Sheet::begin(path, Text::Gb, ITEMS, "\r\n")
}

/// The word for a state.
pub fn status(state: State) -> &'static str {
    match state {
        State::Created => "等待买家付款",
        State::Unpaid | State::Returned => "交易关闭",
        State::Paid => "买家已付款，等待卖家发货",
        State::Shipped => "卖家已发货，等待买家确认",
        State::Completed => "交易成功",
    }
}

/// Writes an order and its lines.
pub fn write(orders: &mut Sheet, items: &mut Sheet, o: &Order) -> io::Result<()> {
    let number = o.number();
    orders.row(|r| order(r, o, &format!("=\"{number}\""), status(o.state), None, o.due))?;
    for line in &o.lines {
        let good = &GOODS[line.good];
        items.row(|r| {
            r.parts(&["\"=\"\"", &number, "\"\"\""]).cell(good.title).yuan(good.price).number(line.quantity);
            r.cells(&[good.sku, good.spec, "null", "null", status(o.state), good.sku]);
        })?;
    }
    Ok(())
}

/// The reasons for which rows of the deliberate sample are bad.
pub const FLAWS: &[&str] = &["impossible_date", "negative_amount", "unknown_status", "missing_order_no", "order_no_lost_precision"];

/// Writes a row like this order's that must be refused for `reason`. Gives its number.
pub fn write_flawed(orders: &mut Sheet, o: &Order, reason: &str) -> io::Result<String> {
    let number = format!("39{:017}", FLAWS.iter().position(|f| *f == reason).unwrap_or(0));
    let (mut cell, mut word, mut date, mut due) = (format!("=\"{number}\""), status(o.state), None, o.due);
    match reason {
        "impossible_date" => date = Some("2026-02-30 10:15:00"),
        "negative_amount" => due = -1,
        "unknown_status" => word = "平台介入处理中",
        "missing_order_no" => cell = String::new(),
        _ => cell = "3.90E+18".to_owned(),
    }
    orders.row(|r| order(r, o, &cell, word, date, due))?;
    Ok(if cell.starts_with('=') { number } else { cell })
}

fn order(r: &mut Row, o: &Order, number: &str, word: &str, bad_date: Option<&str>, due: i64) {
    let h = &o.home;
    let (account, name, phone, pay, place);
    if o.shown {
        (account, name, phone, pay) = (o.name.clone(), o.receiver.clone(), o.receiver_phone.clone(), o.phone.clone());
        place = format!("{} {} {} {} {} (000000)", h.province, h.city, h.district, h.street, h.door);
    } else {
        (account, name, phone) = (masked_account(&o.name), masked_name(&o.receiver), masked_phone(&o.receiver_phone));
        (pay, place) = (masked_phone(&o.phone), format!("{} {} {} ****", h.province, h.city, h.district));
    }
    let titles: Vec<&str> = o.lines.iter().map(|l| GOODS[l.good].title).collect();
    let (carrier, tracking) = o.shipped_at.map(|_| parcel(o.noise)).unwrap_or_default();
    r.cells(&[number, &account, &pay]).yuan(o.goods()).yuan(o.shipping).cell("0").yuan(o.due);
    r.number(if o.state == State::Completed { o.due / 200 } else { 0 });
    match due {
        -1 => r.cell("-12.00"),
        _ => r.yuan(o.paid()),
    };
    r.cells(&["0", word, memo(o.noise), &name, &place, "快递", "'null"]).parts(&["'", &phone]);
    match bad_date {
        Some(date) => r.cell(date),
        None => r.time(Some(o.at)),
    };
    r.time(o.paid_at).cell(&titles.join("，")).number(titles.len() as i64);
    match o.shipped_at {
        Some(_) => r.parts(&["No:", &tracking]),
        None => r.cell(""),
    };
    r.cells(&[carrier, "'null"]).number(o.lines.iter().map(|l| l.quantity).sum()).cells(&["134363478", SHOP]);
    r.cells(&[match o.state {
        State::Unpaid => "买家未付款",
        State::Returned => "退款",
        _ => "订单未关闭",
    }]);
    r.cells(&["0", "0元", "'null", if o.noise % 10 < 9 { "手机订单" } else { "" }, "", "", "否", "否", "否"]).empty(12);
    match o.refund.1 {
        0 => r.cell("0"),
        fen => r.yuan(fen),
    };
    r.cell("").time(o.completed_at).yuan_and(o.received, "元").cells(&["0.00元", ""]);
}
