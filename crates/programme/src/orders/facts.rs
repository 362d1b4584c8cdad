//! What an order comes to as events of its member: paid, money back, closed, final.

use shuke_commerce::order::counting::Counting;
use shuke_kernel::Instant;
use shuke_loyalty::event::{Act, Event, Line};
use shuke_loyalty::json::{MOST_FEN, MOST_POINTS};

use super::Told;

/// What is in the id of money that goes back because an order that a merge brought counts less than it was told.
pub(super) const LESS: &str = "#less:";

/// The events of an order that have happened by `now`, in order of time, and when there is more to tell. `told` is what
/// its book knows: goods that were put into another category since keep the one under which they earned.
pub(super) fn facts(c: &Counting, told: Option<&[Told]>, now: Instant) -> (Vec<Event>, Option<Instant>) {
    let order = c.order.to_string();
    let Some(paid_at) = c.paid_at else { return (Vec::new(), None) };
    let mut lines = lines(c);
    keep_categories(&mut lines, told);
    let event = |id: &str, time: Instant, act: Act| Event { time, id: id.to_owned(), act };
    let net_fen = c.gross.min(MOST_FEN);
    let mut all = vec![event(&order, paid_at, Act::OrderPaid { order: order.clone(), net_fen, lines, judged_by: judge(told) })];
    for refund in &c.refunds {
        all.push(event(&refund.id, refund.at, Act::Refund { order: order.clone(), net_fen: refund.amount.min(MOST_FEN) }));
    }
    if let Some(at) = c.closed_at {
        all.push(event(&order, at, Act::OrderClosed { order: order.clone() }));
    }
    if let Some(at) = c.final_at {
        all.push(event(&order, at, Act::OrderCompleted { order: order.clone() }));
    }
    let look_at = all.iter().map(|e| e.time).filter(|t| *t > now).min();
    all.retain(|e| e.time <= now && shuke_loyalty::calendar::reckoned(e.time));
    all.sort_by_key(|e| e.time);
    (all, look_at)
}

/// The lines of an order; together no more than it, whatever the source's rounding.
fn lines(c: &Counting) -> Vec<Line> {
    let mut left = c.gross.min(MOST_FEN);
    let mut out = Vec::with_capacity(c.lines.len());
    for line in &c.lines {
        let net_fen = line.paid.min(left);
        left -= net_fen;
        out.push(Line { line: line.no.to_string(), category: line.category.clone(), qty: line.quantity.clamp(0, MOST_POINTS), net_fen });
    }
    out
}

/// By which version a re-run let it be judged, where one did: whatever is told of it since, and whosever it is now.
fn judge(told: Option<&[Told]>) -> Option<u32> {
    told.unwrap_or_default().iter().find_map(|told| match &told.event.act {
        Act::OrderPaid { judged_by, .. } => Some(*judged_by),
        _ => None,
    })?
}

fn keep_categories(lines: &mut [Line], told: Option<&[Told]>) {
    for told in told.unwrap_or_default() {
        let Act::OrderPaid { lines: before, .. } = &told.event.act else { continue };
        for line in lines.iter_mut() {
            if let Some(known) = before.iter().find(|b| b.line == line.line).and_then(|b| b.category.clone()) {
                line.category = Some(known);
            }
        }
    }
}

/// What an order that a merge brought into a book counts less than it was told, as money that went back now; all of it, where
/// it is the member's no more. None where it counts no less.
pub(super) fn less(brought: &[Told], wanted: Option<&[Event]>, order: &str, now: Instant) -> Option<Event> {
    let Some(wanted) = wanted else {
        return Some(Event { time: now, id: format!("{order}#gone"), act: Act::OrderClosed { order: order.to_owned() } });
    };
    let kept = |told: &Event| !brought.iter().any(|b| b.event == *told);
    let net = |events: &mut dyn Iterator<Item = &Event>| -> i64 {
        events.fold(0_i64, |sum, event| match &event.act {
            Act::OrderPaid { net_fen, .. } => sum.saturating_add(*net_fen),
            Act::Refund { net_fen, .. } => sum.saturating_sub(*net_fen),
            _ => sum,
        })
    };
    let same = |event: &&Event| brought.iter().any(|b| b.event.act.kind() == event.act.kind() && b.event.id == event.id);
    let (was, is) = (net(&mut brought.iter().map(|told| &told.event)), net(&mut wanted.iter().filter(same).filter(|e| kept(e))));
    let amount = was.saturating_sub(is);
    let number = brought.iter().map(|told| told.seq).max().unwrap_or_default();
    let act = Act::Refund { order: order.to_owned(), net_fen: amount };
    (amount > 0).then(|| Event { time: now, id: format!("{order}{LESS}{number}:{is}"), act })
}
