//! What an order's change is called: one event a change, named after what tells most.
//!
//! | event | when |
//! |---|---|
//! | `order.created`, `order.paid`, `order.shipped`, `order.completed`, `order.closed` | it is new in that state, or came into it |
//! | `order.refunded` | money went back |
//! | `order.identified` | it found its member |
//! | `order.changed` | anything else changed |
//! | `order.removed` | nothing speaks of it any more: its import was undone |
//!
//! The data names states and amounts, never the order's number or a person.

use shuke_kernel::{Ctx, Instant};
use shuke_members::MemberId;
use shuke_store::Event;

use super::observation::State;
use super::state::OrderState;

fn kind_of(state: State) -> &'static str {
    match state {
        State::Created => "order.created",
        State::Paid => "order.paid",
        State::Shipped => "order.shipped",
        State::Completed => "order.completed",
        State::Closed => "order.closed",
    }
}

fn data(source: &str, old: Option<&OrderState>, new: &OrderState, identified: bool) -> String {
    let number = |n: Option<i64>| n.map_or_else(|| "null".to_owned(), |n| n.to_string());
    let time = |t: Option<Instant>| t.map_or_else(|| "null".to_owned(), |t| format!("\"{t}\""));
    let word = |s: Option<State>| s.map_or_else(|| "null".to_owned(), |s| format!("\"{}\"", s.word()));
    format!(
        "{{\"source\":{},\"platform\":{},\"state\":\"{}\",\"previous_state\":{},\"currency\":\"{}\",\"net_paid\":{},\"previous_net_paid\":{},\"refunded\":{},\"purchase\":{},\"final_at\":{},\"counts_at\":{},\"identified\":{}}}",
        quoted(source),
        quoted(&new.platform),
        new.state.word(),
        word(old.map(|o| o.state)),
        new.currency,
        number(new.net_paid),
        number(old.and_then(|o| o.net_paid)),
        new.refunded,
        new.purchase,
        time(new.final_at),
        time(new.counts_at),
        identified,
    )
}

fn quoted(text: &str) -> String {
    serde_json::to_string(text).unwrap_or_else(|_| "\"\"".to_owned())
}

/// The event of an order's change; `None` where nothing changed.
pub(super) fn changed(
    cx: &Ctx,
    id: [u8; 16],
    source: &str,
    old: Option<(&OrderState, Option<MemberId>)>,
    new: &OrderState,
    member: Option<MemberId>,
) -> Event {
    let before = old.map(|o| o.0);
    let found = old.is_some_and(|o| o.1.is_none()) && member.is_some();
    let refund_time = || new.refunds.iter().filter_map(|r| r.at).max();
    let (kind, at): (&'static str, Option<Instant>) = match before {
        Some(b) if b.state == new.state && new.refunded > b.refunded => ("order.refunded", refund_time()),
        Some(b) if b.state == new.state && found => ("order.identified", None),
        Some(b) if b.state == new.state => ("order.changed", None),
        _ => (kind_of(new.state), new.state_time()),
    };
    Event {
        kind,
        version: 1,
        occurred_at: at.unwrap_or(cx.now),
        subject_kind: "ord",
        subject: id,
        member: member.map(|m| *m.bytes()),
        data: data(source, before, new, member.is_some()),
    }
}

/// Nothing speaks of the order any more.
pub(super) fn removed(cx: &Ctx, id: [u8; 16], source: &str, old: &OrderState, member: Option<MemberId>) -> Event {
    let data = format!(
        "{{\"source\":{},\"platform\":{},\"previous_state\":\"{}\",\"currency\":\"{}\",\"previous_net_paid\":{}}}",
        quoted(source),
        quoted(&old.platform),
        old.state.word(),
        old.currency,
        old.net_paid.unwrap_or(0)
    );
    Event {
        kind: "order.removed",
        version: 1,
        occurred_at: cx.now,
        subject_kind: "ord",
        subject: id,
        member: member.map(|m| *m.bytes()),
        data,
    }
}

/// The order found its member because a key set did.
#[expect(clippy::too_many_arguments, reason = "the columns of one row")]
pub(crate) fn identified(
    cx: &Ctx,
    id: [u8; 16],
    member: Option<[u8; 16]>,
    source: &str,
    state: &str,
    currency: &str,
    net_paid: Option<i64>,
    refunded: i64,
) -> Event {
    let net = net_paid.map_or_else(|| "null".to_owned(), |n| n.to_string());
    let data = format!(
        "{{\"source\":{},\"state\":\"{state}\",\"previous_state\":\"{state}\",\"currency\":\"{currency}\",\"net_paid\":{net},\"previous_net_paid\":{net},\"refunded\":{refunded},\"identified\":true}}",
        quoted(source)
    );
    Event { kind: "order.identified", version: 1, occurred_at: cx.now, subject_kind: "ord", subject: id, member, data }
}
