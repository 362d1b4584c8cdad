//! Drawn checkouts of a shop as it might be in a week of sales: thirty lines, forty live promotions,
//! twenty coupons held. The same seed is the same checkout.

use serde_json::{Value, json};

pub use lots::Lots;

#[path = "../../tests/draw/mod.rs"]
#[allow(dead_code)]
mod lots;

const CATEGORIES: [&str; 8] = ["food/snack", "food/tea", "home/kitchen", "home/textile", "beauty/skin", "beauty/hair", "toy", "shoe"];
const GROUPS: [&str; 4] = ["week", "brand", "tiered", "coupon"];

/// Offers and cart. `aimed` promotions are for a few goods each, so that few of them meet one cart;
/// the others are for whole categories.
pub fn draw(seed: u64, lines: i64, promotions: i64, coupons: i64) -> (Value, Value) {
    let mut lots = Lots::new(seed);
    // Of a hundred promotions so many are for a few goods; drawn for the whole shop.
    let aimed = lots.one_of(&[95, 85, 60, 30]);
    let goods: Vec<Value> = (0..lines).map(|i| line(&mut lots, i)).collect();
    let total: i64 = goods.iter().map(|l| l["unit_price"].as_i64().unwrap() * l["qty"].as_i64().unwrap()).sum();
    let live: Vec<Value> = (0..promotions).map(|i| promotion(&mut lots, i, total, aimed)).collect();
    let templates: Vec<Value> = (0..12).map(|i| template(&mut lots, i, total, aimed)).collect();
    let held: Vec<Value> =
        (0..coupons).map(|i| json!({"id": format!("c{i:02}"), "template": format!("t{:02}", lots.within(0, 11))})).collect();
    let offers = json!({
        "format": 1, "currency": "CNY", "zone": "Asia/Shanghai",
        "settings": {"points_cash": {"points": 100, "fen": 100, "max_share": "0.3"}, "earn": {"points": 1, "per_fen": 100}},
        "promotions": live, "coupon_templates": templates,
        "members": {"m": {"tier": "gold", "segments": ["new"], "points": lots.within(0, 5000), "coupons": held}},
    });
    let points = if lots.once_in(2) { json!("max") } else { json!(0) };
    let cart = json!({
        "format": 1, "member": "m", "time": "2026-06-18T12:00:00Z", "shipping_fee": 1000, "points_to_use": points, "lines": goods,
    });
    (offers, cart)
}

fn sku(lots: &mut Lots) -> String {
    format!("S{:03}", lots.within(0, 399))
}

fn line(lots: &mut Lots, i: i64) -> Value {
    let yuan = lots.one_of(&[9, 19, 29, 39, 59, 99, 129, 199, 299]);
    json!({
        "line": format!("l{i}"), "sku": sku(lots), "category": lots.one_of(&CATEGORIES),
        "unit_price": yuan * 100 + lots.one_of(&[0, 50, 90, 99]), "qty": lots.one_of(&[1, 1, 1, 2, 3]), "weight_g": 300,
    })
}

fn common(lots: &mut Lots, offer: &mut Value, aimed: i64) {
    if lots.once_in(4) {
        offer["priority"] = lots.within(0, 3).into();
    }
    if lots.once_in(3) {
        offer["group"] = lots.one_of(&GROUPS).into();
        offer["exclusive"] = lots.one_of(&["order", "none"]).into();
    }
    if lots.within(1, 100) <= aimed {
        let skus: Vec<String> = (0..8).map(|_| sku(lots)).collect();
        offer["scope"] = json!({"skus": skus});
    } else if !lots.once_in(3) {
        offer["scope"] = json!({"categories": [lots.one_of(&CATEGORIES), lots.one_of(&CATEGORIES)]});
    }
    if lots.once_in(10) {
        offer["tiers"] = json!([lots.one_of(&["gold", "silver"])]);
    }
}

fn promotion(lots: &mut Lots, i: i64, total: i64, aimed: i64) -> Value {
    let kinds = [
        "member_price",
        "flash_price",
        "percent_off",
        "percent_off",
        "amount_off",
        "nth_item",
        "bundle_price",
        "stepped_threshold",
        "stepped_threshold",
        "stepped_threshold",
        "gift",
        "free_shipping",
    ];
    let kind = lots.one_of(&kinds);
    let mut p = json!({"id": format!("p{i:02}"), "kind": kind});
    let rate = |lots: &mut Lots| lots.one_of(&["0.95", "0.9", "0.88", "0.8", "0.75"]);
    match kind {
        "member_price" | "flash_price" => {
            p["items"] =
                (0..6).map(|k| json!({"sku": format!("S{:03}", (i * 37 + k * 61) % 400), "price": lots.within(800, 9000)})).collect();
        }
        "percent_off" => p["pay_rate"] = rate(lots).into(),
        "amount_off" => p["amount"] = lots.one_of(&[100, 300, 500, 1000]).into(),
        "nth_item" => {
            p["n"] = lots.within(2, 3).into();
            p["pay_rate"] = lots.one_of(&["0.5", "0", "0.8"]).into();
        }
        "bundle_price" => {
            p["items"] = json!([{"sku": sku(lots), "qty": 1}, {"sku": sku(lots), "qty": 1}]);
            p["price"] = 9900.into();
        }
        "stepped_threshold" => {
            let from = total * lots.within(5, 90) / 100;
            p["steps"] = if lots.once_in(3) {
                json!([{"min_amount": from, "pay_rate": rate(lots)}])
            } else {
                json!([{"min_amount": from, "amount_off": from / 12}, {"min_amount": from * 3 / 2, "amount_off": from / 6}])
            };
        }
        "gift" => {
            p["gifts"] = json!([{"sku": "CUP", "qty": 1, "value": lots.within(500, 5000)}]);
            p["min_amount"] = (total * lots.within(10, 90) / 100).into();
        }
        _ => p["min_amount"] = (total * lots.within(10, 90) / 100).into(),
    }
    if lots.once_in(6) && matches!(kind, "percent_off" | "stepped_threshold") && kind == "percent_off" {
        p["cap"] = (total / 20).into();
    }
    common(lots, &mut p, aimed);
    p
}

fn template(lots: &mut Lots, i: i64, total: i64, aimed: i64) -> Value {
    let kind = lots.one_of(&["amount_off", "amount_off", "percent_off", "no_threshold", "exchange", "gift", "free_shipping"]);
    let mut t = json!({"id": format!("t{i:02}"), "kind": kind, "issuer": lots.one_of(&["shop", "shop", "platform"])});
    match kind {
        "amount_off" => {
            let from = total * lots.within(5, 90) / 100;
            t["amount"] = (from / 10).into();
            t["min_amount"] = from.into();
        }
        "percent_off" => {
            t["pay_rate"] = lots.one_of(&["0.95", "0.9", "0.85"]).into();
            t["cap"] = (total / lots.within(10, 40)).into();
        }
        "no_threshold" => t["amount"] = lots.one_of(&[300, 500, 1000]).into(),
        "exchange" => t["sku"] = sku(lots).into(),
        "gift" => t["gifts"] = json!([{"sku": "MUG", "qty": 1, "value": lots.within(500, 3000)}]),
        _ => {}
    }
    common(lots, &mut t, aimed);
    t
}
