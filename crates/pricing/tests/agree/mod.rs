//! One drawn case: compared with the naive pricer, in another order of the file, and by itself.

use serde_json::Value;
use shuke_pricing::{Cart, Offers, Refund, Refunded, price, refund};

use crate::{draw, naive};

/// More candidates than this are not compared: the naive pricer tries every subset.
const MOST: usize = 9;
const MOST_OF_WIDE: usize = 12;

/// Whether the case was compared; an error says what differs.
pub fn check(seed: u64) -> Result<bool, String> {
    let case = draw::draw(seed);
    let cart = Cart::read(&case.cart.to_string()).map_err(|e| e.to_string())?;
    let offers = Offers::read(&case.offers.to_string()).map_err(|e| e.to_string())?;
    let mut priced = price(&offers, &cart).map_err(|e| e.to_string())?;
    let refunds = Refund::read(&case.refunds.to_string(), &cart).map_err(|e| e.to_string())?;
    let back = refund(&priced, &refunds);
    holds_together(&priced)?;
    gives_back_what_was_paid(&priced, &back)?;

    let told = serde_json::to_value(&priced).map_err(|e| e.to_string())?;
    let in_another_order = price(&shuffled(&case.offers, seed), &cart).map_err(|e| e.to_string())?;
    let in_another_order = serde_json::to_value(&in_another_order).map_err(|e| e.to_string())?;
    if told != in_another_order {
        return Err(format!("another order of the file changes the answer:\n{told}\n{in_another_order}\n{}\n{}", case.offers, case.cart));
    }
    priced.refunds = Some(back);
    let Some(naive) = naive::price(&case.offers, &case.cart, if draw::is_wide(seed) { MOST_OF_WIDE } else { MOST }) else {
        return Ok(false);
    };
    let mut differences = Vec::new();
    differ(&naive, &told, "", &mut differences);
    if differences.is_empty() { Ok(true) } else { Err(format!("{}\n{}\n{}", differences.join("\n"), case.offers, case.cart)) }
}

/// Every key of the expectation is there with the same value; the answer may have more.
fn differ(want: &Value, got: &Value, at: &str, out: &mut Vec<String>) {
    match (want, got) {
        (Value::Object(want), Value::Object(_)) => {
            for (key, want) in want {
                differ(want, &got[key], &format!("{at}.{key}"), out);
            }
        }
        (Value::Array(want), Value::Array(have)) if want.len() == have.len() => {
            for (i, (want, got)) in want.iter().zip(have).enumerate() {
                differ(want, got, &format!("{at}[{i}]"), out);
            }
        }
        _ if want == got => {}
        _ => out.push(format!("{at}: want {want}, got {got}")),
    }
}

/// The same offers with promotions, templates and held coupons in another order.
fn shuffled(offers: &Value, seed: u64) -> Offers {
    let (mut offers, mut lots) = (offers.clone(), draw::Lots::new(seed ^ 0xABCD));
    for list in ["/promotions", "/coupon_templates", "/members/m/coupons"] {
        if let Some(Value::Array(list)) = offers.pointer_mut(list) {
            lots.shuffle(list);
        }
    }
    Offers::read(&offers.to_string()).unwrap()
}

fn holds_together(p: &shuke_pricing::Priced) -> Result<(), String> {
    let sum = |of: &dyn Fn(&shuke_pricing::PricedLine) -> i64| p.lines.iter().map(of).sum::<i64>();
    let discounts = sum(&|l| l.reductions.iter().filter(|r| r.cause != "points_cash").map(|r| r.amount).sum());
    let o = &p.order;
    let all = [
        ("a line below zero", p.lines.iter().all(|l| l.payable >= 0 && l.base >= 0)),
        ("a reduction of nothing", p.lines.iter().all(|l| l.reductions.iter().all(|r| r.amount > 0))),
        ("line sums", p.lines.iter().all(|l| l.payable == l.base - l.reductions.iter().map(|r| r.amount).sum::<i64>())),
        ("goods payable", o.goods_payable == sum(&|l| l.payable)),
        ("points", o.points_used == sum(&|l| l.points_used)),
        ("discounts", o.discounts == discounts && o.goods_payable == o.goods_total - discounts - o.points_cash),
        ("shipping", o.shipping >= 0 && o.shipping == o.shipping_fee - o.shipping_reductions.iter().map(|r| r.amount).sum::<i64>()),
        ("total", o.total == o.goods_payable + o.shipping),
        ("savings", p.applied.iter().filter(|a| !matches!(a.step, "price" | "shipping")).map(|a| a.saving).sum::<i64>() == discounts),
        ("payments", o.due.is_none_or(|d| d >= 0 && d + p.payments.iter().flatten().map(|m| m.amount).sum::<i64>() == o.total)),
    ];
    all.iter().find(|(_, good)| !good).map_or(Ok(()), |(what, _)| Err((*what).to_owned()))
}

fn gives_back_what_was_paid(p: &shuke_pricing::Priced, back: &[Refunded]) -> Result<(), String> {
    let (mut goods, mut points, mut reversed, mut shipping) = (0, 0, 0, 0);
    let mut asked = false;
    for r in back {
        let Refunded::Done(r) = r else { continue };
        goods += r.goods;
        points += r.points_back;
        reversed += r.points_reversed;
        shipping += r.shipping;
        asked |= r.shipping > 0;
        if goods > p.order.goods_payable
            || r.net_left != p.order.goods_payable - goods
            || r.points_reversed < 0
            || reversed > p.order.points_earned
        {
            return Err(format!("more goes back than was paid: {r:?}"));
        }
    }
    let all = (goods, points, reversed) == (p.order.goods_payable, p.order.points_used, p.order.points_earned);
    let once = shipping == if asked { p.order.shipping } else { 0 };
    if all && once { Ok(()) } else { Err(format!("what went back is not what was paid: {goods} {points} {reversed} {shipping}")) }
}
