//! A shop as none is: five goods, thresholds that are just met or just missed, amounts that tie, keys
//! that shops leave away.

use serde_json::{Map, Value, json};

use super::lots::Lots;
use super::offers::Setting;

pub const SKUS: [&str; 5] = ["A", "B", "C", "D", "E"];
pub const CATEGORIES: [&str; 6] = ["home", "home/kitchen", "homeware", "food", "food/tea", "toy"];

pub struct Odd {
    /// What the cart comes to at list prices.
    pub total: i64,
    /// Whether groups collide.
    pub groups: bool,
    /// Whether they do line by line.
    pub by_line: bool,
}

/// Just met, just missed, or anything.
pub fn near(lots: &mut Lots, total: i64) -> i64 {
    match lots.within(0, 3) {
        0 => (total + lots.within(-1, 1)).max(0),
        1 => total / 2,
        2 => total * lots.within(60, 99) / 100,
        _ => lots.within(0, total * 11 / 10 + 1),
    }
}

impl Setting for Odd {
    const RATES: &'static [&'static str] = &["0", "0.5", "0.85", "0.9", "0.95", "0.775", "0.333", "0.99", "1"];
    const AMOUNTS: &'static [i64] = &[0, 1, 10, 100, 435, 1000];
    const COUPONS: &'static [i64] = &[1, 100, 661, 5000];
    const ISSUERS: &'static [&'static str] = &["shop", "platform"];
    const PRICES: &'static [i64] = &[0, 1, 50, 89, 99, 300, 450, 500, 900, 1500, 4000, 5000, 6000, 9000];
    const GIFTS: &'static [i64] = &[0, 500, 1990];
    const PRICED: i64 = 4;

    fn sku(&self, lots: &mut Lots) -> String {
        lots.one_of(&SKUS).to_owned()
    }

    fn threshold(&self, lots: &mut Lots) -> i64 {
        near(lots, self.total)
    }

    fn part(&self, lots: &mut Lots) -> i64 {
        lots.within(0, self.total / 4 + 2)
    }

    fn coupon_from(&self, lots: &mut Lots, _: i64) -> i64 {
        lots.within(0, self.total / 3 + 2)
    }

    fn steps(&self, lots: &mut Lots, p: &mut Value) {
        let by_qty = lots.once_in(3);
        if by_qty {
            p["by"] = "qty".into();
        }
        let key = if by_qty { "min_qty" } else { "min_amount" };
        if lots.once_in(3) {
            p["repeat"] = true.into();
            let step = if by_qty { lots.within(1, 3) } else { self.total / lots.within(1, 4) + 1 };
            p["steps"] = json!([{key: step, "amount_off": lots.within(0, self.total / 8 + 1)}]);
            if lots.once_in(2) {
                p["max_times"] = lots.within(0, 3).into();
            }
            return;
        }
        let mut steps: Vec<Value> = Vec::new();
        for _ in 0..lots.within(1, 3) {
            let from = if by_qty { lots.within(1, 9) } else { near(lots, self.total).max(1) };
            if steps.iter().all(|s| s[key] != from) {
                steps.push(self.step(lots, key, from));
            }
        }
        p["steps"] = steps.into();
    }

    fn oddly(&self, lots: &mut Lots, n: i64) -> bool {
        lots.once_in(n)
    }

    fn terms(&self, lots: &mut Lots, offer: &mut Value) {
        if lots.once_in(3) {
            offer["priority"] = lots.within(-1, 2).into();
        }
        self.group(lots, offer);
        if lots.once_in(3) {
            offer["scope"] = scope(lots);
        }
        if lots.once_in(5) {
            offer["min_amount"] = near(lots, self.total).into();
        }
        if lots.once_in(8) {
            offer["min_qty"] = lots.within(1, 9).into();
        }
        let rare: [(&str, Value); 9] = [
            ("from", json!(lots.one_of(&["2026-06-18T12:00:00Z", "2026-06-18T12:00:01Z"]))),
            ("to", json!(lots.one_of(&["2026-06-18T12:00:00Z", "2026-06-19T00:00:00Z"]))),
            ("members_only", json!(true)),
            ("tiers", json!(["gold"])),
            ("segments", json!(["new", "old"])),
            ("per_member", json!(lots.within(0, 3))),
            ("quota_left", json!(lots.within(0, 2))),
            ("max_weight_g", json!(lots.within(0, 5000))),
            ("group", Value::Null),
        ];
        for (key, value) in rare {
            if lots.once_in(25) && offer.get(key).is_none() {
                offer[key] = value;
            }
        }
    }
}

impl Odd {
    fn step(&self, lots: &mut Lots, key: &str, from: i64) -> Value {
        if lots.once_in(2) {
            return json!({key: from, "amount_off": lots.within(0, self.total / 3 + 1)});
        }
        let mut step = json!({key: from, "pay_rate": lots.one_of(Self::RATES)});
        if lots.once_in(2) {
            step["cap"] = lots.within(0, self.total / 3 + 1).into();
        }
        step
    }

    /// Those that may exclude line by line have a group of their own.
    fn group(&self, lots: &mut Lots, offer: &mut Value) {
        let kind = offer["kind"].as_str().unwrap_or_default();
        let takes_lines = offer.get("issuer").is_none() && matches!(kind, "percent_off" | "amount_off");
        let replaces_prices = matches!(kind, "member_price" | "flash_price");
        if self.by_line && takes_lines && lots.once_in(2) {
            offer["group"] = "lines".into();
            offer["exclusive"] = lots.one_of(&["line", "line", "none"]).into();
        } else if self.groups && !replaces_prices && lots.once_in(2) {
            offer["group"] = lots.one_of(&["g1", "g2"]).into();
            offer["exclusive"] = lots.one_of(&["none", "order"]).into();
        }
    }
}

fn scope(lots: &mut Lots) -> Value {
    let mut scope = Map::new();
    if lots.once_in(3) {
        scope.insert("skus".into(), json!([lots.one_of(&SKUS), lots.one_of(&SKUS)]));
    }
    if lots.once_in(2) {
        scope.insert("categories".into(), json!([lots.one_of(&CATEGORIES), lots.one_of(&CATEGORIES)]));
    }
    if lots.once_in(4) {
        scope.insert("exclude_skus".into(), json!([lots.one_of(&SKUS)]));
    }
    if lots.once_in(4) {
        scope.insert("exclude_categories".into(), json!([lots.one_of(&CATEGORIES)]));
    }
    if lots.once_in(3) {
        let replaced = if lots.once_in(2) { json!(["flash_price"]) } else { json!(["member_price", "flash_price"]) };
        scope.insert("not_replaced_by".into(), replaced);
    }
    scope.into()
}
