//! Refunds, as records of their own.

use serde_json::Value as Json;
use shuke_commerce::order::RefundState;
use shuke_commerce::refund::{self, RefundId, RefundRow};
use shuke_kernel::{Ctx, Result};
use shuke_sheets::{Cell, Field, Kind, Sheet};
use shuke_store::Tx;

use super::{Page, place};
use crate::model::RefundFilter;

const PAGE: i64 = 1000;

const FIELDS: &[Field] = &[
    Field::new("id", "退款编号", Kind::Text),
    Field::new("refund_no", "退款单号", Kind::Text),
    Field::new("source", "来源", Kind::Word),
    Field::new("order", "订单编号", Kind::Text),
    Field::new("member", "会员编号", Kind::Text),
    Field::new("kind", "类型", Kind::Word),
    Field::new("state", "状态", Kind::Word),
    Field::new("currency", "币种", Kind::Word),
    Field::new("amount", "退款金额", Kind::Money),
    Field::new("goods", "减少净实付", Kind::Money),
    Field::new("refunded_at", "退款时间", Kind::Time),
    Field::new("reason", "原因", Kind::Text),
    Field::new("estimated", "含推算金额", Kind::Bool),
    Field::new("recorded_at", "记录时间", Kind::Time),
];

pub(super) fn sheet() -> Sheet {
    Sheet { name: "refunds".into(), zh: "退款".into(), fields: FIELDS.into() }
}

pub(super) fn page(tx: &mut Tx<'_>, cx: &Ctx, asked: &RefundFilter, after: &Json) -> Result<Page> {
    let state = asked.state.as_deref().and_then(RefundState::from_word);
    let before: Option<RefundId> = place(after)?;
    let found = refund::list(tx, cx, None, state, before.map(|id| *id.bytes()), PAGE)?;
    let next = super::next(found.len() as i64 == PAGE, found.last().map(|r| r.id))?;
    Ok(Page { sheets: vec![found.into_iter().map(row).collect()], next })
}

fn row(r: RefundRow) -> Vec<Cell> {
    vec![
        r.id.to_string().into(),
        r.source_id.into(),
        r.source.into(),
        r.order.map(|o| o.to_string()).into(),
        r.member.map(|m| m.to_string()).into(),
        r.kind.into(),
        r.state.into(),
        r.currency.to_string().into(),
        r.amount.into(),
        r.goods.into(),
        r.at.into(),
        r.reason.into(),
        r.estimated.into(),
        r.recorded_at.into(),
    ]
}
