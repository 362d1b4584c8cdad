//! The rows of orders, lines and refunds, gathered from a batch and written a table at a time.

use shuke_kernel::{Ctx, Error, Result};
use shuke_members::MemberId;
use shuke_store::{Tx, Value, args};

use super::observation::Discount;
use super::service::{Buyer, Work, text};
use super::state::{LineState, OrderState, RefundRecord};
use super::{OrderId, sql};
use crate::refund::RefundIdKind;

/// Inserts the orders that are new: looked for and not found.
pub(super) fn insert(tx: &mut Tx<'_>, cx: &Ctx, works: &[Work], buyers: &[Option<Buyer>]) -> Result<()> {
    let mut fresh: Vec<usize> = (0..works.len()).filter(|i| works[*i].existing.is_none() && works[*i].new.is_some()).collect();
    // Two batches that meet each other's orders wait in the same order.
    fresh.sort_by(|a, b| (&works[*a].source, &works[*a].source_id).cmp(&(&works[*b].source, &works[*b].source_id)));
    let mut rows = Vec::with_capacity(fresh.len());
    for i in &fresh {
        if let Some(new) = &works[*i].new {
            rows.push(row(cx, &works[*i], new, buyers[*i].unwrap_or_default())?);
        }
    }
    tx.insert_fresh(&sql::PUT, rows).map(|_| ())
}

/// Rows of a batch.
#[derive(Default)]
pub(super) struct Batch {
    orders: Vec<Vec<Value>>,
    /// Lines of orders that are new.
    new_lines: Vec<Vec<Value>>,
    lines: Vec<Vec<Value>>,
    fewer_lines: Vec<(OrderId, i64)>,
    refunds: Vec<Vec<Value>>,
    fewer_refunds: Vec<(OrderId, Vec<String>)>,
    given: Vec<(OrderId, Buyer)>,
    dropped: Vec<Vec<u8>>,
}

impl Batch {
    /// An order that nothing speaks of any more.
    pub fn drop_order(&mut self, id: OrderId) {
        self.dropped.push(id.bytes().to_vec());
    }

    /// An order that is new (its row is in) or changed.
    pub fn order(
        &mut self,
        cx: &Ctx,
        w: &Work,
        new: &OrderState,
        buyer: Buyer,
        before: (Option<MemberId>, Option<[u8; 16]>),
    ) -> Result<()> {
        if w.existing.is_some() {
            // Lines that join an order leave its row as it is.
            let now = row(cx, w, new, buyer)?;
            let was =
                w.old.as_ref().map(|old| row(cx, w, old, Buyer { member: before.0, key_set: before.1, created: false })).transpose()?;
            if was.as_ref() != Some(&now) {
                self.orders.push(now);
            }
        }
        let old_lines: &[LineState] = w.old.as_ref().map_or(&[], |o| &o.lines);
        for (i, l) in new.lines.iter().enumerate() {
            if w.existing.is_none() {
                self.new_lines.push(line(cx, w.id, i as i64 + 1, l));
            } else if old_lines.get(i) != Some(l) {
                self.lines.push(line(cx, w.id, i as i64 + 1, l));
            }
        }
        if old_lines.len() > new.lines.len() {
            self.fewer_lines.push((w.id, new.lines.len() as i64));
        }
        let old_refunds: &[RefundRecord] = w.old.as_ref().map_or(&[], |o| &o.refunds);
        let other_currency = w.old.as_ref().is_some_and(|o| o.currency != new.currency);
        for r in &new.refunds {
            if other_currency || !old_refunds.contains(r) {
                self.refunds.push(refund(cx, w, new, buyer, r)?);
            }
        }
        let gone: Vec<String> = old_refunds
            .iter()
            .filter(|o| !new.refunds.iter().any(|n| (&n.source, &n.source_id) == (&o.source, &o.source_id)))
            .map(|o| o.source_id.clone())
            .collect();
        if !gone.is_empty() {
            self.fewer_refunds.push((w.id, gone));
        }
        if before != (buyer.member, buyer.key_set) && old_refunds.iter().any(|o| new.refunds.contains(o)) {
            self.given.push((w.id, buyer));
        }
        Ok(())
    }

    /// Writes them.
    pub fn write(mut self, tx: &mut Tx<'_>, cx: &Ctx) -> Result<()> {
        let id_of = |row: &Vec<Value>| match row.get(1) {
            Some(Value::Bytes(id)) => id.clone(),
            _ => Vec::new(),
        };
        self.orders.sort_by_cached_key(id_of);
        tx.insert_many(&sql::PUT, self.orders)?;
        for (id, last) in self.fewer_lines {
            tx.exec(sql::DROP_LINES_AFTER, args![cx.merchant, id, last])?;
        }
        tx.insert_fresh(&sql::LINES, self.new_lines)?;
        tx.insert_many(&sql::LINES, self.lines)?;
        for (id, gone) in self.fewer_refunds {
            tx.exec(sql::DROP_REFUNDS, args![cx.merchant, id, gone])?;
        }
        for (id, buyer) in self.given {
            tx.exec(sql::GIVE_REFUNDS, args![cx.merchant, id, buyer.member, buyer.key_set])?;
        }
        tx.insert_many(&sql::REFUNDS, self.refunds)?;
        if !self.dropped.is_empty() {
            tx.exec(sql::DROP_LINES, args![cx.merchant, self.dropped.clone()])?;
            tx.exec(sql::DROP_REFUNDS_OF, args![cx.merchant, self.dropped.clone()])?;
            tx.exec(sql::DROP, args![cx.merchant, self.dropped.clone()])?;
            tx.exec(crate::observed::sql::FORGET_SUBJECTS, args![cx.merchant, self.dropped])?;
        }
        Ok(())
    }
}

fn discounts(list: &[Discount]) -> Result<Value> {
    if list.is_empty() { Ok(Value::Null) } else { Ok(serde_json::to_string(list)?.into()) }
}

fn row(cx: &Ctx, w: &Work, o: &OrderState, buyer: Buyer) -> Result<Vec<Value>> {
    Ok(vec![
        cx.merchant.into(),
        w.id.into(),
        (&w.source).into(),
        (&w.source_id).into(),
        (&o.platform).into(),
        text(&o.shop),
        o.state.word().into(),
        text(&o.status),
        o.currency.into(),
        o.goods_list.into(),
        o.goods_after_discount.into(),
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
        discounts(&o.discounts)?,
        o.placed_at.into(),
        o.created_at.into(),
        o.paid_at.into(),
        o.shipped_at.into(),
        o.delivered_at.into(),
        o.completed_at.into(),
        o.closed_at.into(),
        o.final_at.into(),
        buyer.member.into(),
        buyer.key_set.into(),
        text(&o.receiver.country),
        text(&o.receiver.province),
        text(&o.receiver.city),
        text(&o.receiver.district),
        text(&o.payment_method),
        text(&o.channel),
        o.quantity.into(),
        o.purchase.into(),
        o.estimated.into(),
        if o.flags.is_empty() { Value::Null } else { o.flags.join(" ").into() },
        0_i64.into(),
        cx.now.into(),
        cx.now.into(),
    ])
}

fn line(cx: &Ctx, id: OrderId, number: i64, l: &LineState) -> Vec<Value> {
    vec![
        cx.merchant.into(),
        id.into(),
        number.into(),
        text(&l.source_line),
        text(&l.sku),
        text(&l.outer_code),
        text(&l.product_id),
        text(&l.title),
        text(&l.spec),
        text(&l.category),
        l.quantity.into(),
        l.unit_price.into(),
        l.list.into(),
        l.discount.into(),
        l.paid.into(),
        l.refunded.into(),
        l.state.map_or("created", super::observation::State::word).into(),
        l.role.word().into(),
        l.estimated.into(),
    ]
}

fn refund(cx: &Ctx, w: &Work, o: &OrderState, buyer: Buyer, r: &RefundRecord) -> Result<Vec<Value>> {
    let lines = if r.lines.is_empty() { Value::Null } else { serde_json::to_string(&r.lines).map_err(Error::from)?.into() };
    Ok(vec![
        cx.merchant.into(),
        cx.new_id::<RefundIdKind>().into(),
        r.source.as_ref().unwrap_or(&w.source).into(),
        (&r.source_id).into(),
        w.id.into(),
        buyer.member.into(),
        buyer.key_set.into(),
        r.kind.word().into(),
        r.state.word().into(),
        r.amount.into(),
        r.goods.into(),
        o.currency.into(),
        r.at.into(),
        text(&r.reason),
        lines,
        r.estimated.into(),
        cx.now.into(),
        cx.now.into(),
    ])
}
