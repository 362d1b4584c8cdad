//! From offers and cart to the answer.

use std::fmt;

use crate::answer::*;
use crate::cart::{Asked, Cart, Payment};
use crate::code::{Code, Missing};
use crate::coupons::{Member, Template};
use crate::explain::{self, Gives, message};
use crate::lay::{Buyer, lay};
use crate::line_step::LineStep;
use crate::offers::Offers;
use crate::prices;
use crate::search::{Effort, choose};
use crate::settle::{Settled, settle};
use crate::table::{Act, Candidate, Stage, Table};
use crate::why::why_not;

/// Why a cart has no price.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Refusal {
    /// The offers know no such member.
    NoMember(String),
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoMember(id) => write!(f, "member: the promotions file has no member `{id}`"),
        }
    }
}

impl std::error::Error for Refusal {}

/// Prices a cart, with the effort that a checkout can wait for.
pub fn price(offers: &Offers, cart: &Cart) -> Result<Priced, Refusal> {
    price_within(offers, cart, Effort::CHECKOUT)
}

/// Prices a cart, spending at most `effort` where there are more than sixteen candidates.
pub fn price_within(offers: &Offers, cart: &Cart, effort: Effort) -> Result<Priced, Refusal> {
    let buyer = Buyer::of(offers, cart);
    if let (Some(id), None) = (&cart.member, buyer.member) {
        return Err(Refusal::NoMember(id.clone()));
    }
    Ok(priced(&buyer, effort))
}

/// Who buys, where the offers do not know: the member's facts, and the templates that their coupons are of, by the
/// places that [`Coupon::template`](crate::Coupon::template) names.
#[derive(Clone, Copy, Debug)]
pub struct Known<'a> {
    /// What is known of the member.
    pub member: &'a Member,
    /// What the member's coupons are of.
    pub templates: &'a [Template],
}

/// Prices a cart for somebody whom the offers do not list, or a guest; the cart's own `member` is not looked at. What the
/// offers list of members and templates is not looked at either, so that one catalogue serves all members.
pub fn price_for(offers: &Offers, known: Option<Known<'_>>, cart: &Cart, effort: Effort) -> Priced {
    let templates = known.map_or(&[] as &[Template], |known| known.templates);
    priced(&Buyer { offers, templates, cart, member: known.map(|known| known.member) }, effort)
}

fn priced(buyer: &Buyer<'_>, effort: Effort) -> Priced {
    let cart = buyer.cart;
    let (priced, mut refused) = prices::replace(buyer);
    let (table, others) = lay(buyer, &priced);
    refused.extend(others);
    let first = LineStep::of(&table);
    let choice = choose(&table, &first, effort);
    let settled = settle(&table, &first, &choice.set);
    debug_assert_eq!(settled.chosen, choice.set, "the set that was taken holds");

    let lines = lines(buyer, &priced, &table, &settled);
    let order = order(buyer, &lines, &table, &settled);
    let (payments, due) = payments(cart.payments.as_deref(), order.total);
    let mut not_applied: Vec<NotApplied> = refused.iter().map(|r| not_applied(buyer, r.id, r.code, Missing::default(), None)).collect();
    for (index, candidate) in table.candidates.iter().enumerate().filter(|(i, _)| !settled.chosen[*i]) {
        let why = why_not(&table, &first, &settled, index);
        let by = why.excluded_by.map(|i| table.candidates[i].id.to_owned());
        not_applied.push(self::not_applied(buyer, candidate.id, why.code, why.missing, by));
    }
    not_applied.extend(points_not_used(buyer, &table, &settled));
    not_applied.sort_by(|a, b| a.id.cmp(&b.id));
    Priced {
        format: 1,
        gift_lines: gift_lines(&table, &settled),
        applied: applied(buyer, &priced, &table, &settled),
        lines,
        order: Order { due, ..order },
        payments,
        not_applied,
        refunds: None,
        search_bounded: choice.bounded,
        candidates: table.candidates.len(),
    }
}

fn lines(buyer: &Buyer<'_>, priced: &prices::Priced, table: &Table<'_>, settled: &Settled) -> Vec<PricedLine> {
    let reduction = |by: &str, amount: i64| Reduction { cause: by.to_owned(), amount };
    let mut by_line: Vec<Vec<Reduction>> = vec![Vec::new(); buyer.cart.lines.len()];
    settled.log.iter().for_each(|c| by_line[c.line].push(reduction(table.candidates[c.by].id, c.amount)));
    let line = |((at, l), mut reductions): ((usize, &crate::cart::CartLine), Vec<Reduction>)| {
        let of_line = |parts: &[i64]| parts.get(at).copied().unwrap_or(0);
        match of_line(&settled.paid.fen_by_line) {
            0 => {}
            fen => reductions.push(reduction("points_cash", fen)),
        }
        PricedLine {
            line: l.line.clone(),
            list: l.unit_price * l.qty,
            base: table.lines[at].base,
            price_by: priced.lines[at].by.map(|(by, _)| buyer.offers.promotions[by].id.clone()),
            reductions,
            payable: settled.payable[at],
            points_used: of_line(&settled.paid.points_by_line),
            qty: l.qty,
        }
    };
    buyer.cart.lines.iter().enumerate().zip(by_line).map(line).collect()
}

fn order(buyer: &Buyer<'_>, lines: &[PricedLine], table: &Table<'_>, settled: &Settled) -> Order {
    let goods_payable: i64 = settled.payable.iter().sum();
    let taken: i64 = settled.shipping.iter().map(|(_, off)| off).sum();
    let shipping = table.fee - taken;
    let reduction = |(by, off): &(usize, i64)| Reduction { cause: table.candidates[*by].id.to_owned(), amount: *off };
    let earned = match (buyer.offers.settings.earn, buyer.member) {
        (Some(earn), Some(_)) => {
            let exact = i128::from(goods_payable) * i128::from(earn.points) / i128::from(earn.per_fen);
            i64::try_from(exact).unwrap_or(i64::MAX)
        }
        _ => 0,
    };
    Order {
        list_total: lines.iter().map(|l| l.list).sum(),
        goods_total: lines.iter().map(|l| l.base).sum(),
        discounts: settled.log.iter().map(|c| c.amount).sum(),
        points_cash: settled.paid.fen,
        points_used: settled.paid.points,
        goods_payable,
        shipping_fee: table.fee,
        shipping_reductions: settled.shipping.iter().map(reduction).collect(),
        shipping,
        total: goods_payable + shipping,
        points_earned: earned,
        due: None,
    }
}

fn payments(given: Option<&[Payment]>, total: i64) -> (Option<Vec<PaymentMade>>, Option<i64>) {
    let Some(given) = given else { return (None, None) };
    let mut due = total;
    let mut made = Vec::with_capacity(given.len());
    for payment in given {
        let amount = payment.available.min(due);
        due -= amount;
        made.push(PaymentMade { id: payment.id.clone(), amount });
    }
    (Some(made), Some(due))
}

fn gift_lines(table: &Table<'_>, settled: &Settled) -> Vec<GiftLine> {
    let given = settled.turns.iter().filter(|i| settled.chosen[**i]).map(|i| &table.candidates[*i]);
    let lines = given.filter_map(|c| if let Act::Gift(gifts) = c.act { Some((c, gifts)) } else { None });
    lines
        .flat_map(|(c, gifts)| {
            gifts.iter().map(|g| GiftLine {
                sku: g.sku.clone(),
                qty: g.qty,
                value: g.value.saturating_mul(g.qty),
                payable: 0,
                cause: c.id.to_owned(),
            })
        })
        .collect()
}

fn applied(buyer: &Buyer<'_>, priced: &prices::Priced, table: &Table<'_>, settled: &Settled) -> Vec<Applied> {
    let of_price = prices::applied(buyer, priced).into_iter().map(|(at, saving)| {
        let promotion = &buyer.offers.promotions[at];
        Applied { id: promotion.id.clone(), kind: promotion.rule.kind(), step: Stage::Price.word(), saving }
    });
    let saving = |index: usize, candidate: &Candidate<'_>| match candidate.stage {
        Stage::Shipping => settled.took[index],
        _ => settled.log.iter().filter(|c| c.by == index).map(|c| c.amount).sum(),
    };
    let others = settled.turns.iter().filter(|i| settled.chosen[**i]).map(|i| {
        let candidate = &table.candidates[*i];
        Applied { id: candidate.id.to_owned(), kind: candidate.kind, step: candidate.stage.word(), saving: saving(*i, candidate) }
    });
    of_price.chain(others).collect()
}

fn not_applied(buyer: &Buyer<'_>, id: &str, code: Code, missing: Missing, excluded_by: Option<String>) -> NotApplied {
    let gives = || gives(buyer, id);
    let gives = if code == Code::ThresholdNotMet { gives() } else { None };
    let message = message(code, &missing, gives.as_ref(), buyer.offers.currency);
    let missing = (missing != Missing::default()).then_some(missing);
    NotApplied { id: id.to_owned(), code, missing, excluded_by, message }
}

fn gives(buyer: &Buyer<'_>, id: &str) -> Option<Gives> {
    let currency = buyer.offers.currency;
    if let Some(promotion) = buyer.offers.promotions.iter().find(|p| p.id == id) {
        return explain::of_rule(&promotion.rule, currency);
    }
    let coupon = buyer.member?.coupons.iter().find(|c| c.id == id)?;
    explain::of_benefit(&buyer.templates[coupon.template].benefit, coupon.amount, currency)
}

/// Why points that were asked for did not pay.
fn points_not_used(buyer: &Buyer<'_>, table: &Table<'_>, settled: &Settled) -> Option<NotApplied> {
    if buyer.cart.points_to_use == Asked::Points(0) || settled.paid.points > 0 {
        return None;
    }
    let goods: i64 = settled.payable.iter().sum();
    let mut missing = Missing::default();
    let code = match (buyer.member, table.points) {
        (None, _) => Code::NotEntitled,
        (_, None) => Code::NoEffect,
        (_, Some(points)) => {
            let most = points.terms.max_share.floor_of(goods).min(points.terms.max_fen.unwrap_or(i64::MAX));
            if goods < points.terms.min_goods {
                missing.amount = Some(points.terms.min_goods - goods);
                Code::ThresholdNotMet
            } else if most < points.terms.fen {
                Code::NoEffect
            } else {
                missing.points = Some(points.terms.points - points.at_hand);
                Code::InsufficientPoints
            }
        }
    };
    Some(not_applied(buyer, "points_cash", code, missing, None))
}
