//! Drawn offers and carts, as files: small and odd, so that thresholds are just met or just missed,
//! amounts tie, quotas run out and groups collide. The same seed is the same case.

use serde_json::{Map, Value, json};

mod lots;
mod odd;
mod offers;

pub use lots::Lots;
use odd::{Odd, SKUS, near};
use offers::{coupon, promotion, template};

/// One case: offers, cart, refunds.
pub struct Drawn {
    pub offers: Value,
    pub cart: Value,
    pub refunds: Value,
}

const NOW: &str = "2026-06-18T12:00:00Z";

/// Some cases have more offers than the others.
pub fn is_wide(seed: u64) -> bool {
    seed % 40 == 39
}

pub fn draw(seed: u64) -> Drawn {
    let mut lots = Lots::new(seed);
    let more = if is_wide(seed) { 5 } else { 0 };
    let lines = lines(&mut lots);
    let total: i64 = lines.iter().map(|l| l["unit_price"].as_i64().unwrap() * l["qty"].as_i64().unwrap()).sum();
    let odd = Odd { total, groups: lots.once_in(2), by_line: lots.once_in(4) };
    let mut promotions: Vec<Value> = (0..more + lots.within(0, 7)).map(|i| promotion(&odd, &mut lots, i)).collect();
    let mut templates: Vec<Value> = (0..lots.within(0, 4)).map(|i| template(&odd, &mut lots, i)).collect();
    let held = if templates.is_empty() { 0 } else { more / 2 + lots.within(0, 5) };
    let mut coupons: Vec<Value> = (0..held).map(|i| held_coupon(&mut lots, i, &templates)).collect();
    lots.shuffle(&mut promotions);
    lots.shuffle(&mut templates);
    lots.shuffle(&mut coupons);
    let member = json!({
        "tier": lots.one_of(&["silver", "gold"]), "segments": if lots.once_in(2) { json!(["new"]) } else { json!([]) },
        "points": lots.one_of(&[-50, 0, 99, 350, 1000, 100_000]), "usage": {"p01": 1, "p02": 2, "t01": 1}, "coupons": coupons,
    });
    let mut offers = json!({
        "format": 1, "currency": "CNY", "zone": "Asia/Shanghai", "settings": settings(&mut lots, total),
        "promotions": promotions, "coupon_templates": templates, "members": {"m": member},
    });
    if lots.once_in(20) {
        offers["settings"] = Value::Null;
    }
    let cart = cart(&mut lots, lines);
    let refunds = refunds(&mut lots, &cart);
    Drawn { offers, cart, refunds }
}

fn lines(lots: &mut Lots) -> Vec<Value> {
    let count = lots.within(1, 5);
    let line = |i: i64, lots: &mut Lots| {
        let price = lots.one_of(&[0, 1, 2, 33, 99, 100, 333, 500, 990, 999, 1000, 1999, 5000, 8888]);
        json!({
            "line": format!("l{i}"), "sku": lots.one_of(&SKUS), "category": lots.one_of(&odd::CATEGORIES),
            "unit_price": price, "qty": lots.one_of(&[1, 1, 1, 2, 2, 3, 4, 5, 7]), "weight_g": lots.one_of(&[0, 300, 1200]),
        })
    };
    (0..count).map(|i| line(i, lots)).collect()
}

fn settings(lots: &mut Lots, total: i64) -> Value {
    let mut s = Map::new();
    if lots.once_in(3) {
        s.insert("max_coupons".into(), json!({"shop": lots.within(0, 3), "platform": lots.within(1, 2), "shipping": lots.within(0, 2)}));
    }
    if !lots.once_in(4) {
        let mut cash = json!({"points": lots.one_of(&[1, 50, 100]), "fen": lots.one_of(&[1, 7, 100])});
        if lots.once_in(2) {
            cash["max_share"] = lots.one_of(&["0.5", "0.3", "1", "0"]).into();
        }
        if lots.once_in(3) {
            cash["max_fen"] = lots.within(0, total / 2 + 1).into();
        }
        if lots.once_in(3) {
            cash["min_goods"] = near(lots, total).into();
        }
        s.insert("points_cash".into(), cash);
    }
    if !lots.once_in(4) {
        s.insert("earn".into(), json!({"points": lots.one_of(&[1, 3]), "per_fen": lots.one_of(&[1, 7, 100])}));
    }
    if lots.once_in(4) {
        let mut floors = Map::new();
        for sku in SKUS {
            if lots.once_in(2) {
                floors.insert(sku.into(), lots.one_of(&[0, 1, 30, 90, 400, 900, 1500]).into());
            }
        }
        s.insert("floors".into(), floors.into());
    }
    s.into()
}

/// A coupon as it may be held: in any state, with a time and an amount of its own.
fn held_coupon(lots: &mut Lots, i: i64, templates: &[Value]) -> Value {
    let mut coupon = coupon(lots, i, templates);
    if lots.once_in(8) {
        coupon["state"] = lots.one_of(&["available", "restored", "locked", "used", "expired", "revoked", "closed"]).into();
    }
    if lots.once_in(10) {
        coupon["to"] = lots.one_of(&["2026-06-18T12:00:00Z", "2026-07-01T00:00:00Z"]).into();
    }
    let kind = templates.iter().find(|t| t["id"] == coupon["template"]).map(|t| &t["kind"]);
    if kind.is_some_and(|k| k == "amount_off" || k == "no_threshold") && lots.once_in(4) {
        coupon["amount"] = lots.within(1, 800).into();
    }
    coupon
}

fn cart(lots: &mut Lots, lines: Vec<Value>) -> Value {
    let mut cart = json!({"format": 1, "member": "m", "time": NOW, "lines": lines});
    if lots.once_in(12) {
        cart["member"] = Value::Null;
    }
    if !lots.once_in(3) {
        cart["shipping_fee"] = lots.one_of(&[0, 600, 800, 1000]).into();
    }
    if lots.once_in(8) {
        cart["coupons"] = json!(["c00", "c02", "nobodys"]);
    }
    match lots.within(0, 3) {
        0 => cart["points_to_use"] = "max".into(),
        1 => cart["points_to_use"] = lots.one_of(&[1, 100, 250, 1000]).into(),
        _ => {}
    }
    if lots.once_in(5) {
        cart["payments"] = json!([
            {"id": "g1", "kind": "gift_card", "available": lots.within(0, 3000)},
            {"id": "s1", "kind": "store_credit", "available": lots.within(0, 3000)},
        ]);
    }
    cart
}

/// Refunds of a random split in random order, some of more than is left, until every piece is back.
fn refunds(lots: &mut Lots, cart: &Value) -> Value {
    let lines: Vec<(&str, i64)> =
        cart["lines"].as_array().unwrap().iter().map(|l| (l["line"].as_str().unwrap(), l["qty"].as_i64().unwrap())).collect();
    let mut left: Vec<i64> = lines.iter().map(|l| l.1).collect();
    let mut refunds = Vec::new();
    while left.iter().sum::<i64>() > 0 {
        let mut of_one = Vec::new();
        let too_many = lots.once_in(10);
        for (l, (name, _)) in lines.iter().enumerate() {
            if left[l] > 0 && lots.once_in(2) {
                let qty = lots.within(1, left[l]);
                of_one.push(json!({"line": name, "qty": if too_many { left[l] + 1 } else { qty }}));
                left[l] -= if too_many { 0 } else { qty };
            }
        }
        lots.shuffle(&mut of_one);
        refunds.push(json!({"id": format!("r{}", refunds.len()), "lines": of_one, "shipping": lots.once_in(3)}));
    }
    json!({"format": 1, "refunds": refunds})
}
