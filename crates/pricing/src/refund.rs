//! What refunds give back: pieces in the order of the unit split of what was paid for their line.

use crate::answer::{Priced, RefundDone, RefundLine, Refunded};
use crate::cart::Refund;
use crate::share::Split;

/// What was given back so far.
struct Back {
    /// Pieces, by line.
    pieces: Vec<i64>,
    goods: i64,
    points_reversed: i64,
    shipping: bool,
}

/// Goes through refunds of one priced order in order of time.
pub fn refund(priced: &Priced, refunds: &[Refund]) -> Vec<Refunded> {
    let mut back = Back { pieces: vec![0; priced.lines.len()], goods: 0, points_reversed: 0, shipping: false };
    refunds.iter().map(|r| one(priced, r, &mut back)).collect()
}

fn one(priced: &Priced, refund: &Refund, back: &mut Back) -> Refunded {
    let mut pieces = back.pieces.clone();
    let mut lines = Vec::with_capacity(refund.lines.len());
    for (at, qty) in &refund.lines {
        let line = &priced.lines[*at];
        if *qty > line.qty - pieces[*at] {
            return Refunded::Refused { id: refund.id.clone(), error: "qty_exceeds_paid" };
        }
        let of = |whole: i64| Split::of(whole, line.qty).first(pieces[*at] + qty) - Split::of(whole, line.qty).first(pieces[*at]);
        lines.push(RefundLine { line: line.line.clone(), qty: *qty, amount: of(line.payable), points_back: of(line.points_used) });
        pieces[*at] += qty;
    }
    back.pieces = pieces;
    let goods: i64 = lines.iter().map(|l| l.amount).sum();
    back.goods += goods;
    let shipping = if refund.shipping && !std::mem::replace(&mut back.shipping, true) { priced.order.shipping } else { 0 };
    let reversed = reversed(priced, back);
    let points_reversed = reversed - std::mem::replace(&mut back.points_reversed, reversed);
    Refunded::Done(RefundDone {
        id: refund.id.clone(),
        goods,
        points_back: lines.iter().map(|l| l.points_back).sum(),
        lines,
        shipping,
        amount: goods + shipping,
        points_reversed,
        net_left: priced.order.goods_payable - back.goods,
    })
}

/// Of the points earned, all that are taken back by now.
fn reversed(priced: &Priced, back: &Back) -> i64 {
    let (earned, net) = (priced.order.points_earned, priced.order.goods_payable);
    if priced.lines.iter().zip(&back.pieces).all(|(l, p)| l.qty == *p) || net == 0 {
        return earned;
    }
    (i128::from(earned) * i128::from(back.goods) / i128::from(net)) as i64
}
