//! The price step: each line takes the lowest of the member and flash prices that it is entitled to.
//! It is no part of the search, and its promotions are in no group.

use crate::cart::Cart;
use crate::code::Code;
use crate::lay::{Buyer, Refused, admits};
use crate::offers::{PriceItem, Promotion, Replacement, Rule};
use crate::share::Split;

/// A line after the step.
#[derive(Clone, Copy, Debug)]
pub(crate) struct PricedLine {
    pub base: i64,
    /// Place of the promotion, and its kind.
    pub by: Option<(usize, Replacement)>,
}

/// All lines after the step.
#[derive(Debug)]
pub(crate) struct Priced {
    pub lines: Vec<PricedLine>,
}

/// A promotion of this step that may be taken, and how many units are left of it.
struct Open<'a> {
    index: usize,
    promotion: &'a Promotion,
    items: &'a [PriceItem],
    kind: Replacement,
    /// Of the whole promotion.
    left: Option<i64>,
    /// Of each item.
    items_left: Vec<Option<i64>>,
}

fn items(rule: &Rule) -> Option<(&[PriceItem], Replacement)> {
    match rule {
        Rule::MemberPrice(items) => Some((items, Replacement::MemberPrice)),
        Rule::FlashPrice(items) => Some((items, Replacement::FlashPrice)),
        _ => None,
    }
}

fn list(cart: &Cart, line: usize) -> i64 {
    cart.lines[line].unit_price * cart.lines[line].qty
}

/// Replaces prices, line by line; what is not applied anywhere, with its code.
pub(crate) fn replace<'a>(buyer: &Buyer<'a>) -> (Priced, Vec<Refused<'a>>) {
    let cart = buyer.cart;
    let mut refused = Vec::new();
    let mut open: Vec<Open<'a>> = Vec::new();
    for (index, promotion) in buyer.offers.promotions.iter().enumerate() {
        let Some((items, kind)) = items(&promotion.rule) else { continue };
        match refusal(buyer, promotion, items, kind) {
            Some(code) => refused.push(Refused { id: &promotion.id, code }),
            None => {
                let left = if kind == Replacement::FlashPrice { buyer.quota(&promotion.id, &promotion.terms) } else { None };
                open.push(Open { index, promotion, items, kind, left, items_left: items.iter().map(|i| i.quota_left).collect() });
            }
        }
    }
    open.sort_by(|a, b| b.promotion.terms.priority.cmp(&a.promotion.terms.priority).then(a.promotion.id.cmp(&b.promotion.id)));
    let lines: Vec<PricedLine> = (0..cart.lines.len()).map(|line| cheapest(cart, line, &mut open)).collect();
    for o in &open {
        if lines.iter().all(|l| l.by.is_none_or(|(by, _)| by != o.index)) {
            let lower = |line: &crate::cart::CartLine| o.items.iter().any(|i| i.sku == line.sku && i.price < line.unit_price);
            let any = cart.lines.iter().any(|l| admits(&o.promotion.terms.scope, l) && lower(l));
            refused.push(Refused { id: &o.promotion.id, code: if any { Code::NotLowest } else { Code::NoEffect } });
        }
    }
    (Priced { lines }, refused)
}

/// Why a promotion of this step may be taken nowhere.
fn refusal(buyer: &Buyer<'_>, promotion: &Promotion, items: &[PriceItem], kind: Replacement) -> Option<Code> {
    let (cart, terms) = (buyer.cart, &promotion.terms);
    let in_scope: Vec<usize> = (0..cart.lines.len()).filter(|l| admits(&terms.scope, &cart.lines[*l])).collect();
    let of_items = |l: &usize| items.iter().find(|i| i.sku == cart.lines[*l].sku);
    let here: Vec<&PriceItem> = in_scope.iter().filter_map(of_items).collect();
    let gone = |i: &PriceItem| kind == Replacement::FlashPrice && i.quota_left == Some(0);
    let all_gone = if here.is_empty() { !items.is_empty() && items.iter().all(gone) } else { here.iter().all(|i| gone(i)) };
    let time = buyer.time(terms, terms.from, terms.to);
    if time.is_some() {
        time
    } else if !buyer.entitled(terms) {
        Some(Code::NotEntitled)
    } else if buyer.quota(&promotion.id, terms).is_some_and(|q| q <= 0) || all_gone {
        Some(Code::QuotaExhausted)
    } else if here.is_empty() {
        Some(Code::CategoryMismatch)
    } else if buyer.too_heavy(terms) {
        Some(Code::TooHeavy)
    } else {
        let (amount, pieces): (i64, i64) =
            in_scope.iter().fold((0, 0), |(amount, pieces), l| (amount + list(cart, *l), pieces + cart.lines[*l].qty));
        (amount < terms.min_amount || pieces < terms.min_qty).then_some(Code::ThresholdNotMet)
    }
}

/// The lowest line amount among the prices below the unit price; ties go by priority and older id,
/// in which order `open` stands. What it uses of a quota is gone for later lines.
fn cheapest(cart: &Cart, line: usize, open: &mut [Open<'_>]) -> PricedLine {
    let l = &cart.lines[line];
    let mut best: Option<(i64, usize, usize, i64)> = None;
    for (at, o) in open.iter().enumerate() {
        if !admits(&o.promotion.terms.scope, l) {
            continue;
        }
        let Some(item) = o.items.iter().position(|i| i.sku == l.sku && i.price < l.unit_price) else { continue };
        let units = [o.left, o.items_left[item]].into_iter().flatten().fold(l.qty, i64::min);
        let amount = units * o.items[item].price + (l.qty - units) * l.unit_price;
        if units > 0 && best.is_none_or(|(lowest, ..)| amount < lowest) {
            best = Some((amount, at, item, units));
        }
    }
    let Some((base, at, item, units)) = best else { return PricedLine { base: list(cart, line), by: None } };
    let o = &mut open[at];
    for left in [&mut o.left, &mut o.items_left[item]].into_iter().flatten() {
        *left -= units;
    }
    PricedLine { base, by: Some((o.index, o.kind)) }
}

/// The promotions that replaced a price, in order of priority and id, with what each saved.
pub(crate) fn applied(buyer: &Buyer<'_>, priced: &Priced) -> Vec<(usize, i64)> {
    let mut saved: Vec<(usize, i64)> = Vec::new();
    for (line, l) in priced.lines.iter().enumerate() {
        let Some((by, _)) = l.by else { continue };
        let saving = list(buyer.cart, line) - l.base;
        match saved.iter_mut().find(|(index, _)| *index == by) {
            Some((_, have)) => *have += saving,
            None => saved.push((by, saving)),
        }
    }
    let promotions = &buyer.offers.promotions;
    saved.sort_by(|a, b| {
        let (a, b) = (&promotions[a.0], &promotions[b.0]);
        b.terms.priority.cmp(&a.terms.priority).then(a.id.cmp(&b.id))
    });
    saved
}

/// The lowest that a line can come to where each piece has a lowest price, and as it is split now.
pub(crate) fn lowest(base: i64, qty: i64, floor: i64) -> i64 {
    let split = Split::of(base, qty);
    split.ahead * floor.min(split.low + 1) + (qty - split.ahead) * floor.min(split.low)
}
