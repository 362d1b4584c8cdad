//! Drawn checkouts of a shop as it might be in a week of sales: thirty lines, forty live promotions,
//! twenty coupons held. The same seed is the same checkout.

use serde_json::{Value, json};

use lots::Lots;
use offers::{Setting, coupon, promotion, template};

#[path = "../../tests/draw/lots.rs"]
mod lots;
#[path = "../../tests/draw/offers.rs"]
mod offers;

const CATEGORIES: [&str; 8] = ["food/snack", "food/tea", "home/kitchen", "home/textile", "beauty/skin", "beauty/hair", "toy", "shoe"];
const GROUPS: [&str; 4] = ["week", "brand", "tiered", "coupon"];

/// Offers and cart.
pub fn draw(seed: u64, lines: i64, promotions: i64, coupons: i64) -> (Value, Value) {
    let mut lots = Lots::new(seed);
    let aimed = lots.one_of(&[95, 85, 60, 30]);
    let goods: Vec<Value> = (0..lines).map(|i| line(&mut lots, i)).collect();
    let total: i64 = goods.iter().map(|l| l["unit_price"].as_i64().unwrap() * l["qty"].as_i64().unwrap()).sum();
    let week = Week { total, aimed };
    let mut live: Vec<Value> = (0..promotions).map(|i| promotion(&week, &mut lots, i)).collect();
    lots.shuffle(&mut live);
    let templates: Vec<Value> = (0..12).map(|i| template(&week, &mut lots, i)).collect();
    let held: Vec<Value> = (0..coupons).map(|i| coupon(&mut lots, i, &templates)).collect();
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

struct Week {
    /// What the cart comes to at list prices.
    total: i64,
    /// Of a hundred offers so many are for a few goods, so that few of them meet one cart; the others
    /// are for whole categories or for everything.
    aimed: i64,
}

impl Setting for Week {
    const RATES: &'static [&'static str] = &["0.95", "0.9", "0.88", "0.8", "0.75"];
    const AMOUNTS: &'static [i64] = &[100, 300, 500, 1000];
    const COUPONS: &'static [i64] = &[300, 500, 1000];
    const ISSUERS: &'static [&'static str] = &["shop", "shop", "platform"];
    const PRICES: &'static [i64] = &[800, 1900, 2900, 3900, 4900, 5900, 6900, 7900, 8900, 9900];
    const GIFTS: &'static [i64] = &[500, 990, 1990, 2990, 4990];
    const PRICED: i64 = 8;

    fn sku(&self, lots: &mut Lots) -> String {
        sku(lots)
    }

    fn threshold(&self, lots: &mut Lots) -> i64 {
        self.total * lots.within(5, 90) / 100
    }

    fn part(&self, lots: &mut Lots) -> i64 {
        self.total / lots.within(10, 40)
    }

    fn coupon_from(&self, _: &mut Lots, from: i64) -> i64 {
        from / 10
    }

    fn steps(&self, lots: &mut Lots, p: &mut Value) {
        let from = self.threshold(lots);
        p["steps"] = if lots.once_in(3) {
            json!([{"min_amount": from, "pay_rate": lots.one_of(Self::RATES)}])
        } else {
            json!([{"min_amount": from, "amount_off": from / 12}, {"min_amount": from * 3 / 2, "amount_off": from / 6}])
        };
    }

    fn oddly(&self, _: &mut Lots, _: i64) -> bool {
        false
    }

    fn terms(&self, lots: &mut Lots, offer: &mut Value) {
        if matches!(offer["kind"].as_str(), Some("gift" | "free_shipping")) {
            offer["min_amount"] = (self.total * lots.within(10, 90) / 100).into();
        }
        if lots.once_in(4) {
            offer["priority"] = lots.within(0, 3).into();
        }
        if lots.once_in(3) {
            offer["group"] = lots.one_of(&GROUPS).into();
            offer["exclusive"] = lots.one_of(&["order", "none"]).into();
        }
        if lots.within(1, 100) <= self.aimed {
            offer["scope"] = json!({"skus": (0..8).map(|_| sku(lots)).collect::<Vec<_>>()});
        } else if !lots.once_in(3) {
            offer["scope"] = json!({"categories": [lots.one_of(&CATEGORIES), lots.one_of(&CATEGORIES)]});
        }
        if lots.once_in(10) {
            offer["tiers"] = json!([lots.one_of(&["gold", "silver"])]);
        }
    }
}
