//! What was paid, what went back, and which line bears it. See the rules of orders: net paid is the
//! goods paid by the member, without shipping, less the goods refunded, never below zero; money
//! given back lowers the line that is named, else all of them by largest remainder, and the parts
//! always sum to the whole.
//!
//! Three views tell of refunds: the order's total, the lines, the refunds with a number of their
//! own. Each may know less than the others and none tells of money that did not go back, so the
//! largest holds.

use std::collections::BTreeMap;

use shuke_kernel::money::allocate;

use super::fold::{Newest, Weighed};
use super::lines::Merged;
use super::observation::{Observation, RefundKind, RefundSaid, RefundState, Role, State};
use super::state::{LineState, OrderState, RefundLineState, RefundRecord};

/// Settles all amounts of the order and its lines.
pub(super) fn settle(order: &mut OrderState, source_id: &str, about: &[&Observation], weighed: &[Weighed<'_>], merged: &[Merged<'_>]) {
    order.lines = merged.iter().map(|l| line(l, order.state)).collect();
    if order.quantity.is_none() && !order.lines.is_empty() {
        order.quantity = Some(order.lines.iter().filter(|l| l.role.is_goods()).map(|l| l.quantity).sum());
    }
    order.estimated = about.iter().any(|o| o.estimated) || order.lines.iter().any(|l| l.estimated);
    shipping_from_lines(order);
    paid(order, about);
    let said = refunds(weighed);
    let told: Vec<Option<i64>> = merged.iter().map(|l| l.pick(|s| s.refunded)).collect();
    let header = told_while_paid(order.state, about, |o| o.refunded);
    share_paid(order, header == Some(0) && said.is_empty());
    let words: Vec<bool> = merged.iter().map(|l| l.any(|s| s.refund_in_words)).collect();
    give_back(order, source_id, about, header, &said, &told, &words);
}

fn line(merged: &Merged<'_>, order: State) -> LineState {
    let own = merged.state();
    let state = match own {
        Some(State::Closed) => State::Closed,
        Some(own) if order != State::Closed => own.max(order),
        _ => order,
    };
    let quantity = merged.pick(|s| Some(s.quantity)).unwrap_or(1);
    let unit_price = merged.pick(|s| s.unit_price);
    let discounts = merged.pick(|s| (!s.discounts.is_empty()).then_some(&s.discounts));
    LineState {
        source_line: merged.pick(|s| s.id.clone()),
        sku: merged.pick(|s| s.sku.clone()),
        outer_code: merged.pick(|s| s.outer_code.clone()),
        product_id: merged.pick(|s| s.product_id.clone()),
        title: merged.pick(|s| s.title.clone()),
        spec: merged.pick(|s| s.spec.clone()),
        category: merged.pick(|s| s.category.clone()),
        quantity,
        unit_price,
        list: merged.pick(|s| s.list).or_else(|| unit_price.map(|p| p.saturating_mul(quantity))),
        discount: discounts.map(|d| d.iter().map(|d| d.amount).fold(0, i64::saturating_add)),
        paid: merged.pick(|s| s.paid),
        refunded: 0,
        state: Some(state),
        role: merged.pick(|s| Some(s.role)).unwrap_or_default(),
        estimated: merged.any(|s| s.estimated),
    }
}

/// Shipping that a source books as a line is shipping.
fn shipping_from_lines(order: &mut OrderState) {
    let mut lines = order.lines.iter().filter(|l| l.role == Role::Shipping).peekable();
    if order.shipping.is_none() && lines.peek().is_some() {
        order.shipping = Some(lines.filter_map(|l| l.paid.or(l.list)).map(|x| x.max(0)).fold(0, i64::saturating_add));
    }
}

/// A statement made before the payment does not tell what was paid.
fn told_while_paid<T>(state: State, about: &[&Observation], f: impl Fn(&Observation) -> Option<T>) -> Option<T> {
    Newest(about).of(|o| if o.state == Some(State::Created) && state != State::Created { None } else { f(o) })
}

fn paid(order: &mut OrderState, about: &[&Observation]) {
    let of_lines = || -> Option<i64> {
        let goods: Vec<&LineState> = order.lines.iter().filter(|l| l.role.is_goods()).collect();
        if goods.is_empty() {
            return None;
        }
        goods.iter().try_fold(0_i64, |sum, l| Some(sum.saturating_add(if l.role == Role::Gift { l.paid.unwrap_or(0) } else { l.paid? })))
    };
    let told = told_while_paid(order.state, about, |o| o.paid);
    let balance = told_while_paid(order.state, about, |o| o.balance);
    let parts = || order.deposit.and_then(|d| balance.map(|b| d.saturating_add(b)));
    // Lines tell goods; what they do not tell is the shipping.
    let summed = || of_lines().map(|goods| goods.saturating_add(order.shipping.unwrap_or(0)));
    let derived = told.or_else(parts).or_else(|| if order.state == State::Created { None } else { summed() });
    let deposit = order.deposit.unwrap_or(0);
    let forfeited = order.state == State::Closed && deposit > 0 && derived.unwrap_or(0) <= deposit && balance.unwrap_or(0) == 0;
    if forfeited {
        order.flags.push("deposit_forfeited".to_owned());
    }
    order.paid = derived;
    order.purchase = match order.state {
        State::Created => false,
        State::Closed => !forfeited && (derived.is_some_and(|p| p > 0) || (derived.is_none() && order.paid_at.is_some())),
        _ => true,
    };
    order.goods_paid = if order.purchase { derived.map(|p| p.saturating_sub(order.shipping.unwrap_or(0)).max(0)) } else { Some(0) };
    if order.purchase && order.paid_at.is_none() {
        order.flags.push("pay_time_unknown".to_owned());
    }
}

/// Each line's part of the goods paid. `settled`: the source says that nothing was given back, so a
/// closed line was never paid for.
fn share_paid(order: &mut OrderState, settled: bool) {
    let Some(goods_paid) = order.goods_paid else { return };
    let live = order.state != State::Closed;
    let weight = |l: &LineState| -> i64 {
        if l.role != Role::Goods || (settled && live && l.state == Some(State::Closed) && l.paid.is_none()) {
            return 0;
        }
        l.list.unwrap_or(l.quantity).saturating_sub(l.discount.unwrap_or(0)).max(0)
    };
    let weights: Vec<i64> = order.lines.iter().map(weight).collect();
    let told: Vec<Option<i64>> =
        order.lines.iter().map(|l| if l.role == Role::Goods { l.paid.map(|p| p.max(0)) } else { Some(0) }).collect();
    let known: i64 = told.iter().flatten().fold(0, |a, b| a.saturating_add(*b));
    let open = told.iter().any(Option::is_none);
    let parts = if open && known <= goods_paid {
        let rest: Vec<i64> = told.iter().zip(&weights).map(|(t, w)| if t.is_some() { 0 } else { *w }).collect();
        let rest = if rest.iter().all(|w| *w == 0) { told.iter().map(|t| i64::from(t.is_none())).collect() } else { rest };
        allocate(goods_paid - known, &rest).into_iter().zip(&told).map(|(share, t)| t.unwrap_or(share)).collect()
    } else {
        let by: Vec<i64> = if !open && known > 0 { told.iter().map(|t| t.unwrap_or(0)).collect() } else { weights };
        allocate(goods_paid, &by)
    };
    for (l, part) in order.lines.iter_mut().zip(parts) {
        l.paid = Some(part);
    }
}

/// The newest statement of each refund.
fn refunds<'a>(weighed: &[Weighed<'a>]) -> Vec<&'a RefundSaid> {
    type Newness = (i64, RefundState, [u8; 16]);
    let mut by_id: BTreeMap<(Option<&str>, &str), (Newness, &'a RefundSaid)> = BTreeMap::new();
    for w in weighed {
        let Some(said) = &w.said.refund else { continue };
        let newness = (w.precedence.time, said.state, w.precedence.hash);
        let slot = by_id.entry((said.source.as_deref(), said.source_id.as_str())).or_insert((newness, said));
        if newness > slot.0 {
            *slot = (newness, said);
        }
    }
    by_id.into_values().map(|(_, said)| said).collect()
}

fn give_back(
    order: &mut OrderState,
    source_id: &str,
    about: &[&Observation],
    header: Option<i64>,
    said: &[&RefundSaid],
    told: &[Option<i64>],
    words: &[bool],
) {
    let goods_paid = order.goods_paid;
    let mut named = vec![0_i64; order.lines.len()];
    let mut counted = 0_i64;
    let mut counted_shipping = 0_i64;
    for said in said {
        let record = record(order, said, &mut named, counted);
        if record.state == RefundState::Succeeded && record.kind != RefundKind::Exchange {
            counted = counted.saturating_add(record.amount);
            counted_shipping = counted_shipping.saturating_add(said.shipping.min(record.amount));
        }
        order.estimated |= record.estimated;
        order.refunds.push(record);
    }
    let numbered = named.clone();
    // What a line says of itself, and what only words say of it.
    let no_amounts = header.is_none_or(|h| h == 0) && said.is_empty();
    let silent = header.is_none() && said.is_empty();
    let mut of_lines = 0_i64;
    for (i, l) in order.lines.iter_mut().enumerate() {
        let whole = l.paid.unwrap_or(0);
        let closed_alone = l.state == Some(State::Closed) && order.state != State::Closed && order.purchase && silent;
        let amount = match told[i] {
            Some(amount) => amount,
            None if (words[i] && no_amounts || closed_alone) && l.role.is_goods() => {
                l.estimated = true;
                order.estimated = true;
                whole
            }
            // The words name the line, the order tells the amount.
            None => 0,
        };
        of_lines = of_lines.saturating_add(amount);
        named[i] = named[i].max(amount);
    }
    let paid = order.paid.unwrap_or(0);
    let in_words = Newest(about).of(|o| o.state.map(|_| o.refund_in_words)).unwrap_or_else(|| about.iter().any(|o| o.refund_in_words));
    let nothing_told = header.is_none() && said.is_empty() && of_lines == 0;
    let wholly =
        order.purchase && ((in_words && header.unwrap_or(0) == 0 && said.is_empty()) || (order.state == State::Closed && nothing_told));
    let mut total = header.unwrap_or(0).max(of_lines).max(counted);
    if wholly {
        total = total.max(paid);
        order.estimated = true;
    }
    if order.paid.is_some() && total > paid {
        order.flags.push("refund_exceeds_paid".to_owned());
        total = paid;
    }
    order.refunded = total;
    let shipping_back = if total == counted { counted_shipping } else { 0 };
    order.net_paid = goods_paid.map(|goods| goods.saturating_sub(total - shipping_back).clamp(0, goods.max(0)));
    state_rest(order, source_id, total, counted);
    if let Some(goods) = goods_paid.filter(|_| order.purchase) {
        within(&mut order.refunds, goods);
    }
    if let (Some(goods), Some(net)) = (goods_paid, order.net_paid) {
        share_refund(order, goods - net, &named, words);
        if total > counted && order.state != State::Closed {
            name_lines(order, &numbered, told, words);
        }
    }
}

/// The last record, of what no refund with a number tells, names the lines that speak of it themselves.
fn name_lines(order: &mut OrderState, numbered: &[i64], told: &[Option<i64>], words: &[bool]) {
    let speaks = |i: usize, l: &LineState| told[i].is_some_and(|t| t > 0) || words[i] || l.state == Some(State::Closed);
    let of_line = |(i, l): (usize, &LineState)| {
        let amount = l.refunded - numbered[i].min(l.refunded);
        let whole = amount >= l.paid.unwrap_or(0);
        let quantity = if whole { l.quantity } else { 0 };
        (speaks(i, l) && amount > 0).then(|| RefundLineState { line_no: i as i64 + 1, sku: l.sku.clone(), quantity, amount })
    };
    let mut lines: Vec<_> = order.lines.iter().enumerate().filter_map(of_line).collect();
    let Some(stated) = order.refunds.last_mut() else { return };
    let amounts: Vec<i64> = lines.iter().map(|l| l.amount).collect();
    // A refund with a number that names no line may have been for these.
    if amounts.iter().sum::<i64>() > stated.goods {
        for (line, part) in lines.iter_mut().zip(allocate(stated.goods, &amounts)) {
            *line = RefundLineState { quantity: 0, amount: part, ..line.clone() };
        }
    }
    stated.lines = lines;
}

/// What lowers net paid is no more than there was to lower: of refunds that together exceed the goods
/// paid, the later ones lower it by what the earlier ones left.
fn within(refunds: &mut [RefundRecord], goods_paid: i64) {
    let mut left = goods_paid.max(0);
    let mut by_time: Vec<&mut RefundRecord> = refunds.iter_mut().collect();
    by_time.sort_by(|a, b| (a.at.is_none(), a.at, &a.source, &a.source_id).cmp(&(b.at.is_none(), b.at, &b.source, &b.source_id)));
    for r in by_time {
        r.goods = r.goods.min(left);
        left -= r.goods;
    }
}

/// What a refund with a number comes to, and the lines it names.
fn record(order: &OrderState, said: &RefundSaid, named: &mut [i64], before: i64) -> RefundRecord {
    let find = |want: &super::observation::RefundLine| {
        let same = |a: &Option<String>, b: &Option<String>| a.is_some() && a == b;
        let lines = || order.lines.iter();
        lines()
            .position(|l| same(&want.line, &l.source_line))
            .or_else(|| lines().position(|l| same(&want.sku, &l.sku)))
            .or_else(|| lines().position(|l| same(&want.sku, &l.product_id)))
            .or_else(|| lines().position(|l| same(&want.title, &l.title)))
    };
    let found: Vec<(usize, i64, Option<i64>)> = said.lines.iter().filter_map(|l| find(l).map(|i| (i, l.quantity, l.amount))).collect();
    // A line named with pieces and no amount is worth its share of what was paid for it.
    let worth = |i: usize, pieces: i64| -> i64 {
        let (paid, all) = (order.lines[i].paid.unwrap_or(0), order.lines[i].quantity.max(1));
        if pieces <= 0 || pieces >= all { paid } else { allocate(paid, &[pieces, all - pieces])[0] }
    };
    let mut shares: Vec<i64> = found.iter().map(|(i, pieces, amount)| amount.unwrap_or_else(|| worth(*i, *pieces))).collect();
    let mut estimated = false;
    let amount = match said.amount {
        Some(amount) => {
            let fixed: i64 = found.iter().filter_map(|f| f.2).sum();
            let rest = (amount - said.shipping - fixed).max(0);
            let open: Vec<i64> = found.iter().zip(&shares).map(|(f, s)| if f.2.is_none() { *s } else { 0 }).collect();
            if found.iter().any(|f| f.2.is_none()) {
                for ((f, share), part) in found.iter().zip(&mut shares).zip(allocate(rest, &open)) {
                    if f.2.is_none() {
                        *share = part;
                    }
                }
            }
            amount
        }
        None if said.lines.is_empty() => {
            estimated = true;
            order.paid.unwrap_or(0).saturating_sub(before).max(0)
        }
        None => {
            estimated = found.iter().any(|f| f.2.is_none());
            shares.iter().fold(said.shipping, |a, b| a.saturating_add(*b))
        }
    };
    let counts = said.state == RefundState::Succeeded && said.kind != RefundKind::Exchange;
    for ((i, _, _), share) in found.iter().zip(&shares) {
        if counts {
            named[*i] = named[*i].saturating_add(*share);
        }
    }
    let mut known = found.iter().zip(&shares);
    let lines = said.lines.iter().map(|l| {
        let (line_no, amount) = match find(l) {
            Some(i) => (i as i64 + 1, known.next().map_or(0, |(_, share)| *share)),
            None => (0, l.amount.unwrap_or(0)),
        };
        RefundLineState { line_no, sku: l.sku.clone(), quantity: l.quantity, amount }
    });
    let lines = lines.collect();
    RefundRecord {
        source: said.source.clone(),
        source_id: said.source_id.clone(),
        kind: said.kind,
        state: said.state,
        amount,
        goods: if counts { (amount - said.shipping).max(0) } else { 0 },
        at: said.at,
        reason: said.reason.clone(),
        lines,
        estimated,
    }
}

/// What the order or its lines say beyond the refunds with a number is one more record, so that
/// whoever reads refunds misses none.
fn state_rest(order: &mut OrderState, source_id: &str, total: i64, counted: i64) {
    if total > counted {
        let amount = total - counted;
        order.refunds.push(RefundRecord {
            source: None,
            source_id: format!("{source_id}#stated"),
            kind: RefundKind::Return,
            state: RefundState::Succeeded,
            amount,
            goods: amount.min(order.goods_paid.unwrap_or(amount)),
            at: order.closed_at,
            reason: order.close_reason.clone(),
            lines: Vec::new(),
            estimated: order.estimated,
        });
    }
}

/// `back` of the goods paid went back: named lines first, then closed and worded ones, then all.
fn share_refund(order: &mut OrderState, back: i64, named: &[i64], words: &[bool]) {
    let paid: Vec<i64> = order.lines.iter().map(|l| l.paid.unwrap_or(0).max(0)).collect();
    let mut shares: Vec<i64> = named.iter().zip(&paid).map(|(n, p)| (*n).clamp(0, *p)).collect();
    let sum: i64 = shares.iter().sum();
    if sum > back {
        shares = allocate(back, &shares);
    } else {
        let mut rest = back - sum;
        let first = |l: &LineState, word: bool| l.state == Some(State::Closed) || word;
        for only_first in [true, false] {
            let open: Vec<i64> = order
                .lines
                .iter()
                .enumerate()
                .map(|(i, l)| if !only_first || first(l, words[i]) { paid[i] - shares[i] } else { 0 })
                .collect();
            let room: i64 = open.iter().sum();
            let now = rest.min(room);
            if now > 0 {
                for (share, part) in shares.iter_mut().zip(allocate(now, &open)) {
                    *share += part;
                }
                rest -= now;
            }
        }
    }
    for (l, share) in order.lines.iter_mut().zip(shares) {
        l.refunded = share;
    }
}
