//! Orders, and their lines. Amounts of the whole order stand in the table of orders alone, so that no
//! sum counts them twice.

use serde_json::Value as Json;
use shuke_commerce::order::read::{self, LineRow, OrderRow, Private};
use shuke_commerce::order::{self, OrderId, Payer, State};
use shuke_commerce::wire::{mask_address, mask_name, mask_phone};
use shuke_kernel::{Ctx, Instant, Result};
use shuke_members::identity;
use shuke_sheets::{Cell, Field, Kind, Sheet};
use shuke_store::{Tx, args};

use super::{Page, place, told};
use crate::model::{OrderFilter, Rows, Spec};

const PAGE: i64 = 250;

/// Columns that name people.
const PRIVATE: [&str; 3] = ["receiver_name", "receiver_phone", "receiver_address"];

const ORDERS: &[Field] = &[
    Field::new("id", "订单编号", Kind::Text),
    Field::new("order_no", "订单号", Kind::Text),
    Field::new("source", "来源", Kind::Word),
    Field::new("platform", "平台", Kind::Word),
    Field::new("shop", "店铺", Kind::Word),
    Field::new("state", "状态", Kind::Word),
    Field::new("platform_status", "平台状态", Kind::Word),
    Field::new("currency", "币种", Kind::Word),
    Field::new("goods_list", "商品原价", Kind::Money),
    Field::new("goods_after_discount", "商品优惠后金额", Kind::Money),
    Field::new("discount_shop", "店铺优惠", Kind::Money),
    Field::new("discount_platform", "平台优惠", Kind::Money),
    Field::new("discount_other", "其他优惠", Kind::Money),
    Field::new("shipping", "运费", Kind::Money),
    Field::new("tax", "税费", Kind::Money),
    Field::new("paid", "实付", Kind::Money),
    Field::new("points_cash", "积分抵扣", Kind::Money),
    Field::new("bonus_credit", "赠送金抵扣", Kind::Money),
    Field::new("deposit", "定金", Kind::Money),
    Field::new("goods_paid", "商品实付", Kind::Money),
    Field::new("refunded", "退款", Kind::Money),
    Field::new("net_paid", "净实付", Kind::Money),
    Field::new("merchant_received", "商家实收", Kind::Money),
    Field::new("placed_at", "下单时间", Kind::Time),
    Field::new("paid_at", "付款时间", Kind::Time),
    Field::new("shipped_at", "发货时间", Kind::Time),
    Field::new("delivered_at", "签收时间", Kind::Time),
    Field::new("completed_at", "完成时间", Kind::Time),
    Field::new("closed_at", "关闭时间", Kind::Time),
    Field::new("final_at", "结算时间", Kind::Time),
    Field::new("member", "会员编号", Kind::Text),
    Field::new("purchase", "成交", Kind::Bool),
    Field::new("quantity", "件数", Kind::Int),
    Field::new("receiver_name", "收货人", Kind::Text),
    Field::new("receiver_phone", "收货电话", Kind::Text),
    Field::new("country", "国家", Kind::Word),
    Field::new("province", "省份", Kind::Word),
    Field::new("city", "城市", Kind::Word),
    Field::new("district", "区县", Kind::Word),
    Field::new("receiver_address", "收货地址", Kind::Text),
    Field::new("payment_method", "支付方式", Kind::Word),
    Field::new("channel", "渠道", Kind::Word),
    Field::new("estimated", "含推算金额", Kind::Bool),
    Field::new("flags", "标记", Kind::Word),
    Field::new("updated_at", "更新时间", Kind::Time),
];

const LINES: &[Field] = &[
    Field::new("order", "订单编号", Kind::Text),
    Field::new("order_no", "订单号", Kind::Text),
    Field::new("platform", "平台", Kind::Word),
    Field::new("shop", "店铺", Kind::Word),
    Field::new("order_state", "订单状态", Kind::Word),
    Field::new("placed_at", "下单时间", Kind::Time),
    Field::new("paid_at", "付款时间", Kind::Time),
    Field::new("member", "会员编号", Kind::Text),
    Field::new("line_no", "行号", Kind::Int),
    Field::new("source_line", "子订单号", Kind::Text),
    Field::new("sku", "商家编码", Kind::Text),
    Field::new("outer_code", "商品级编码", Kind::Text),
    Field::new("product_id", "平台商品编号", Kind::Text),
    Field::new("title", "商品名称", Kind::Text),
    Field::new("spec", "规格", Kind::Word),
    Field::new("category", "类目", Kind::Word),
    Field::new("role", "类型", Kind::Word),
    Field::new("state", "行状态", Kind::Word),
    Field::new("quantity", "件数", Kind::Int),
    Field::new("currency", "币种", Kind::Word),
    Field::new("unit_price", "单价", Kind::Money),
    Field::new("list", "原价小计", Kind::Money),
    Field::new("discount", "优惠", Kind::Money),
    Field::new("paid", "商品实付", Kind::Money),
    Field::new("refunded", "退款", Kind::Money),
    Field::new("estimated", "含推算金额", Kind::Bool),
];

pub(super) fn sheets(rows: Rows) -> Vec<Sheet> {
    let orders = Sheet { name: "orders".into(), zh: "订单".into(), fields: ORDERS.into() };
    let lines = Sheet { name: "lines".into(), zh: "订单行".into(), fields: LINES.into() };
    match rows {
        Rows::Orders => vec![orders],
        Rows::Lines => vec![lines],
        Rows::Both => vec![orders, lines],
    }
}

pub(super) fn total(tx: &mut Tx<'_>, cx: &Ctx) -> Result<i64> {
    tx.one(order::sql::ORDERS, args![cx.merchant])?.get(0)
}

pub(super) fn page(tx: &mut Tx<'_>, cx: &Ctx, asked: &OrderFilter, rows: Rows, spec: &Spec, after: &Json) -> Result<Page> {
    let member = match asked.member {
        Some(member) => Some(identity::resolve(tx, cx, member)?.unwrap_or(member)),
        None => None,
    };
    let filter = read::Filter {
        state: asked.state.as_deref().and_then(State::from_word),
        shop: told(asked.shop.as_ref()),
        platform: told(asked.platform.as_ref()),
        identified: asked.identified,
        from: asked.from,
        to: asked.to,
        member,
        number: told(asked.query.as_ref()),
    };
    let start: Option<(i64, OrderId)> = place(after)?;
    let found = read::list(tx, cx, &filter, start.map(|(at, id)| (Instant(at), *id.bytes())), PAGE)?;
    let next = super::next(found.len() as i64 == PAGE, found.last().map(|o| (o.placed_at.micros(), o.id)))?;
    // What names people is sealed order by order: it is opened for who asks for it.
    let named = spec.columns.is_empty() || PRIVATE.iter().any(|p| spec.columns.iter().any(|c| c == p));
    let mut private = if rows == Rows::Lines || !named { Default::default() } else { read::private(tx, cx, &found)? };
    let (mut orders, mut lines) = (Vec::new(), Vec::new());
    for order in found {
        if rows != Rows::Orders {
            lines.extend(order.lines.iter().map(|l| line(&order, l)));
        }
        if rows != Rows::Lines {
            let seen = private.remove(&order.id).unwrap_or_default();
            orders.push(row(order, seen, spec.clear));
        }
    }
    let sheets = match rows {
        Rows::Orders => vec![orders],
        Rows::Lines => vec![lines],
        Rows::Both => vec![orders, lines],
    };
    Ok(Page { sheets, next })
}

fn row(o: OrderRow, private: Private, in_clear: bool) -> Vec<Cell> {
    let receiver = private.receiver;
    let seen = |value: Option<String>, mask: fn(&str) -> String| -> Cell {
        value.filter(|v| !v.is_empty()).map(|v| if in_clear { v } else { mask(&v) }).into()
    };
    let mut borne = [0_i64; 3];
    for discount in &o.discounts {
        let by = match discount.payer {
            Payer::Shop => 0,
            Payer::Platform => 1,
            _ => 2,
        };
        borne[by] = borne[by].saturating_add(discount.amount);
    }
    let [shop, platform, other] = borne.map(|b| Cell::from((b != 0).then_some(b)));
    vec![
        o.id.to_string().into(),
        o.source_id.into(),
        o.source.into(),
        o.platform.into(),
        o.shop.into(),
        o.state.into(),
        o.status.into(),
        o.currency.to_string().into(),
        o.goods_list.into(),
        o.goods_after_discount.into(),
        shop,
        platform,
        other,
        o.shipping.into(),
        o.tax.into(),
        o.paid.into(),
        o.points_cash.into(),
        o.bonus_credit.into(),
        o.deposit.into(),
        o.goods_paid.into(),
        o.refunded.into(),
        o.net_paid.into(),
        o.merchant_received.into(),
        o.placed_at.into(),
        o.paid_at.into(),
        o.shipped_at.into(),
        o.delivered_at.into(),
        o.completed_at.into(),
        o.closed_at.into(),
        o.final_at.into(),
        o.member.map(|m| m.to_string()).into(),
        o.purchase.into(),
        o.quantity.into(),
        seen(receiver.name, mask_name),
        seen(receiver.phone, mask_phone),
        o.country.into(),
        o.province.into(),
        o.city.into(),
        o.district.into(),
        seen(receiver.address, mask_address),
        o.payment_method.into(),
        o.channel.into(),
        o.estimated.into(),
        Some(o.flags.join(" ")).filter(|f| !f.is_empty()).into(),
        o.updated_at.into(),
    ]
}

fn line(o: &OrderRow, l: &LineRow) -> Vec<Cell> {
    vec![
        o.id.to_string().into(),
        o.source_id.clone().into(),
        o.platform.clone().into(),
        o.shop.clone().into(),
        o.state.clone().into(),
        o.placed_at.into(),
        o.paid_at.into(),
        o.member.map(|m| m.to_string()).into(),
        l.line_no.into(),
        l.source_line.clone().into(),
        l.sku.clone().into(),
        l.outer_code.clone().into(),
        l.product_id.clone().into(),
        l.title.clone().into(),
        l.spec.clone().into(),
        l.category.clone().into(),
        l.role.clone().into(),
        l.state.clone().into(),
        l.quantity.into(),
        o.currency.to_string().into(),
        l.unit_price.into(),
        l.list.into(),
        l.discount.into(),
        l.paid.into(),
        l.refunded.into(),
        l.estimated.into(),
    ]
}
