//! The part of an order that names people, opened only for whom it is shown to.

use std::collections::HashMap;

use shuke_kernel::{Ctx, Instant, Result};
use shuke_store::{Tx, args};

use super::OrderRow;
use crate::observed::Entries;
use crate::order::OrderId;
use crate::order::fold::fold;
use crate::order::observation::{Receiver, State};
use crate::order::service::{statements, terms};
use crate::order::unnamed::Unnamed;

/// A state that an order was said to be in.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Step {
    /// The state.
    pub state: State,
    /// The platform's word.
    pub status: Option<String>,
    /// When, by the source.
    pub at: Option<Instant>,
    /// What kind of document said so.
    pub doc: String,
}

/// The part of an order that names people, opened.
#[derive(Clone, Default, PartialEq, Eq, Debug)]
pub struct Private {
    /// Receiver.
    pub receiver: Receiver,
    /// The buyer's name at the source.
    pub buyer_nick: Option<String>,
    /// The buyer's message.
    pub buyer_memo: Option<String>,
    /// The merchant's note.
    pub seller_memo: Option<String>,
    /// Carrier and parcel number.
    pub parcel: Option<(Option<String>, Option<String>)>,
    /// Why it was closed.
    pub close_reason: Option<String>,
    /// What was said of its state, oldest first.
    pub steps: Vec<Step>,
    /// Why it has no member, if it has none.
    pub unnamed: Option<Unnamed>,
}

/// Opens what names people, for orders that were read.
pub fn private(tx: &mut Tx<'_>, cx: &Ctx, orders: &[OrderRow]) -> Result<HashMap<OrderId, Private>> {
    let terms = terms(tx, cx)?;
    let ids: Vec<Vec<u8>> = orders.iter().map(|o| o.id.bytes().to_vec()).collect();
    let mut out = HashMap::with_capacity(orders.len());
    for mut r in tx.rows(crate::observed::sql::GET_MANY, args![cx.merchant, ids])? {
        let (id, body): (OrderId, Vec<u8>) = (r.get(0)?, r.get(2)?);
        let Some(order) = orders.iter().find(|o| o.id == id) else { continue };
        let entries = Entries::open(tx, cx, id.bytes(), &body)?;
        let said = statements(&entries, &order.source, &order.source_id)?;
        let mut steps: Vec<Step> = said
            .iter()
            .filter_map(|s| {
                let o = &s.said;
                let own = match o.state? {
                    State::Created => o.created_at,
                    State::Paid => o.paid_at,
                    State::Shipped => o.shipped_at,
                    State::Completed => o.completed_at,
                    State::Closed => o.closed_at,
                };
                let doc = serde_json::to_value(o.doc).ok().and_then(|d| d.as_str().map(str::to_owned)).unwrap_or_default();
                Some(Step { state: o.state?, status: o.platform_status.clone(), at: own.or(o.source_time).or(s.heard), doc })
            })
            .collect();
        steps.sort_by(|a, b| (a.state, a.at, &a.doc).cmp(&(b.state, b.at, &b.doc)));
        if let Some(f) = fold(&terms, &order.source, &order.source_id, &said) {
            let unnamed = order.member.is_none().then(|| Unnamed::of(&f, said.iter().map(|s| &*s.said)));
            out.insert(
                id,
                Private {
                    unnamed,
                    receiver: f.receiver,
                    buyer_nick: f.buyer_nick,
                    buyer_memo: f.buyer_memo,
                    seller_memo: f.seller_memo,
                    parcel: f.parcel,
                    close_reason: f.close_reason,
                    steps,
                },
            );
        }
    }
    Ok(out)
}
