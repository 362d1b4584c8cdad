//! Youzan's order export (60 columns, UTF-8): the shop's own mini programme, where the phone is the
//! account. Hidden buyers stand in it with phone, nick and receiver masked.

use std::io;

use super::{Sheet, Text, memo};
use crate::goods::GOODS;
use crate::order::{Order, Refund, State};
use crate::words::{masked_account, masked_name, masked_phone};

const HEADER: &str = "订单号,销售渠道,归属店铺,订单类型,订单状态,推广方式,订单来源,订单创建时间,买家付款时间,交易成功时间,付款方式,支付流水号,商品金额合计,运费,店铺优惠合计,应收订单金额,订单实付金额,支付优惠合计,订单实收金额,订单抵用积分数,店铺优惠方式,支付优惠方式,全部商品名称,商品种类数,订单配送方式,同城送达时间/提货时间,收货人省份,收货人城市,收货人地区,详细收货地址/提货地址,收货人/提货人,收货人手机号/提货人手机号,买家备注,订单星级,买家昵称,买家是否会员,买家手机号,下单网点,收银员,分销员,销售导购,专属导购,订单退款状态,订单已退款金额,商家订单备注,桌号,挂账主体,挂账手机号,团长订单,订单风险标签,分销员,分销员手机号,分销员所属店铺,分销员所属团队,分销员所属分组,分销员等级,订单佣金类型,订单佣金金额,订单下级卖货提成类型,订单下级卖货提成金额";

/// Begins a file.
pub fn begin(path: &std::path::Path) -> io::Result<Sheet> {
    Sheet::begin(path, Text::Utf8, HEADER, "\n")
}

/// Writes an order.
pub fn write(sheet: &mut Sheet, o: &Order) -> io::Result<()> {
    let h = &o.home;
    let status = match o.state {
        State::Created => "待付款",
        State::Unpaid | State::Returned => "交易关闭",
        State::Paid => "待发货",
        State::Shipped => "已发货",
        State::Completed => "交易完成",
    };
    let refund = match o.refund.0 {
        Refund::None => "",
        _ if o.state == State::Returned => "全额退款成功",
        _ => "部分退款成功",
    };
    let goods: Vec<String> = o.lines.iter().map(|l| format!("{}({}件)", GOODS[l.good].title, l.quantity)).collect();
    let (receiver, receiver_phone, nick, phone, place);
    if o.shown {
        (receiver, receiver_phone, nick, phone) = (o.receiver.clone(), o.receiver_phone.clone(), o.name.clone(), o.phone.clone());
        place = format!("{}{}{}{}{}", h.province, h.city, h.district, h.street, h.door);
    } else {
        (receiver, receiver_phone) = (masked_name(&o.receiver), masked_phone(&o.receiver_phone));
        (nick, phone, place) = (masked_account(&o.name), masked_phone(&o.phone), format!("{}{}{}****", h.province, h.city, h.district));
    }
    sheet.row(|r| {
        r.cells(&[&o.number(), "网店", "晴天母婴小程序", "普通订单", status, "", "商家小程序"])
            .time(Some(o.at))
            .time(o.paid_at)
            .time(o.completed_at);
        r.cells(&[if o.was_paid() { "微信支付" } else { "" }, ""])
            .yuan(o.list)
            .yuan(o.shipping)
            .yuan(o.shop_off + o.platform_off)
            .yuan(o.due);
        r.yuan(o.paid())
            .cell("0.00")
            .yuan(o.paid())
            .cells(&["0", "", "", &goods.join(";")])
            .number(goods.len() as i64)
            .cells(&["快递发货", ""]);
        r.cells(&[h.province, h.city, h.district, &place, &receiver, &receiver_phone, memo(o.noise), " ", &nick, "是", &phone]).empty(5);
        r.cell(refund).yuan(o.refund.1).empty(4).cells(&["否", "——"]).empty(10);
    })
}
