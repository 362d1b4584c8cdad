//! Drawn offers and carts, as files: small and odd, so that thresholds are just met or just missed,
//! amounts tie, quotas run out and groups collide. The same seed is the same case.

use serde_json::{Map, Value, json};

/// SplitMix64: the whole case hangs on one number.
pub struct Lots(u64);

impl Lots {
    pub fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ 0xD1B5_4A32_D192_ED03)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// From `from` to `to`, both included.
    pub fn within(&mut self, from: i64, to: i64) -> i64 {
        from + (self.next() % (to - from + 1) as u64) as i64
    }

    /// Once in `n` times.
    pub fn once_in(&mut self, n: i64) -> bool {
        self.within(1, n) == 1
    }

    pub fn one_of<T: Copy>(&mut self, of: &[T]) -> T {
        of[self.within(0, of.len() as i64 - 1) as usize]
    }

    /// Another order.
    pub fn shuffle<T>(&mut self, list: &mut [T]) {
        for i in (1..list.len()).rev() {
            list.swap(i, self.within(0, i as i64) as usize);
        }
    }
}

/// One case: offers, cart, refunds.
pub struct Drawn {
    pub offers: Value,
    pub cart: Value,
    pub refunds: Value,
}

const SKUS: [&str; 5] = ["A", "B", "C", "D", "E"];
const CATEGORIES: [&str; 6] = ["home", "home/kitchen", "homeware", "food", "food/tea", "toy"];
const RATES: [&str; 9] = ["0", "0.5", "0.85", "0.9", "0.95", "0.775", "0.333", "0.99", "1"];
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
    let groups = lots.once_in(2);
    let by_line = lots.once_in(4);
    let mut promotions = Vec::new();
    for i in 0..more + lots.within(0, 7) {
        promotions.push(promotion(&mut lots, i, total, groups, by_line));
    }
    let mut templates = Vec::new();
    for i in 0..lots.within(0, 4) {
        templates.push(template(&mut lots, i, total, groups));
    }
    let mut coupons = Vec::new();
    for i in 0..(if templates.is_empty() { 0 } else { more / 2 + lots.within(0, 5) }) {
        coupons.push(coupon(&mut lots, i, &templates));
    }
    lots.shuffle(&mut promotions);
    lots.shuffle(&mut templates);
    lots.shuffle(&mut coupons);
    let member = json!({
        "tier": lots.one_of(&["silver", "gold"]), "segments": if lots.once_in(2) { json!(["new"]) } else { json!([]) },
        "points": lots.one_of(&[-50, 0, 99, 350, 1000, 100_000]), "usage": {"p1": 1, "p2": 2, "t1": 1}, "coupons": coupons,
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
            "line": format!("l{i}"), "sku": lots.one_of(&SKUS), "category": lots.one_of(&CATEGORIES),
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

/// Just met, just missed, or anything.
fn near(lots: &mut Lots, total: i64) -> i64 {
    match lots.within(0, 3) {
        0 => (total + lots.within(-1, 1)).max(0),
        1 => total / 2,
        2 => total * lots.within(60, 99) / 100,
        _ => lots.within(0, total * 11 / 10 + 1),
    }
}

fn common(lots: &mut Lots, offer: &mut Value, total: i64, groups: bool, lines_only: Option<bool>) {
    let o = offer.as_object_mut().unwrap();
    if lots.once_in(3) {
        o.insert("priority".into(), lots.within(-1, 2).into());
    }
    match lines_only {
        // A group of its own for those that may exclude line by line.
        Some(true) if lots.once_in(2) => {
            o.insert("group".into(), "lines".into());
            o.insert("exclusive".into(), lots.one_of(&["line", "line", "none"]).into());
        }
        _ if groups && lots.once_in(2) => {
            o.insert("group".into(), lots.one_of(&["g1", "g2"]).into());
            o.insert("exclusive".into(), lots.one_of(&["none", "order"]).into());
        }
        _ => {}
    }
    if lots.once_in(3) {
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
            scope.insert(
                "not_replaced_by".into(),
                lots.one_of(&[r#"["flash_price"]"#, r#"["member_price","flash_price"]"#]).parse().unwrap(),
            );
        }
        o.insert("scope".into(), scope.into());
    }
    if lots.once_in(5) {
        o.insert("min_amount".into(), near(lots, total).into());
    }
    if lots.once_in(8) {
        o.insert("min_qty".into(), lots.within(1, 9).into());
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
        if lots.once_in(25) && !o.contains_key(key) {
            o.insert(key.into(), value);
        }
    }
}

fn promotion(lots: &mut Lots, i: i64, total: i64, groups: bool, by_line: bool) -> Value {
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
        "gift",
        "free_shipping",
    ];
    let kind = lots.one_of(&kinds);
    let mut p = json!({"id": format!("p{i}"), "kind": kind});
    let some = |lots: &mut Lots| lots.within(0, total / 4 + 2);
    match kind {
        "member_price" | "flash_price" => {
            let mut skus = SKUS;
            lots.shuffle(&mut skus);
            let items: Vec<Value> = (skus.iter().take(lots.within(1, 3) as usize))
                .map(|sku| {
                    let mut item = json!({"sku": sku, "price": lots.one_of(&[0, 1, 50, 89, 300, 450, 900, 1500, 4000, 6000])});
                    if kind == "flash_price" && lots.once_in(2) {
                        item["quota_left"] = lots.within(0, 5).into();
                    }
                    item
                })
                .collect();
            p["items"] = items.into();
        }
        "percent_off" => {
            p["pay_rate"] = lots.one_of(&RATES).into();
            if lots.once_in(3) {
                p["cap"] = some(lots).into();
            }
        }
        "amount_off" => {
            p["amount"] = lots.one_of(&[0, 1, 10, 100, 435, 1000]).into();
            if lots.once_in(2) {
                p["per"] = lots.one_of(&["unit", "line"]).into();
            }
        }
        "nth_item" => {
            p["n"] = lots.within(2, 4).into();
            p["pay_rate"] = lots.one_of(&RATES).into();
            if lots.once_in(2) {
                p["across"] = lots.one_of(&["scope", "sku"]).into();
            }
            if lots.once_in(3) {
                p["repeat"] = lots.once_in(2).into();
            }
        }
        "bundle_price" => {
            let items: Vec<Value> = (0..lots.within(1, 2)).map(|_| json!({"sku": lots.one_of(&SKUS), "qty": lots.within(1, 2)})).collect();
            p["items"] = items.into();
            p["price"] = lots.one_of(&[0, 99, 500, 1500, 5000, 9000]).into();
            if lots.once_in(3) {
                p["max_sets"] = lots.within(0, 2).into();
            }
        }
        "stepped_threshold" => stepped(lots, &mut p, total),
        "gift" => p["gifts"] = gifts(lots),
        _ => {
            if lots.once_in(2) {
                p["cap"] = lots.within(0, 900).into();
            }
        }
    }
    let lines_only = matches!(kind, "percent_off" | "amount_off").then_some(by_line);
    let groups = groups && !matches!(kind, "member_price" | "flash_price");
    common(lots, &mut p, total, groups, lines_only);
    p
}

fn stepped(lots: &mut Lots, p: &mut Value, total: i64) {
    let by_qty = lots.once_in(3);
    if by_qty {
        p["by"] = "qty".into();
    }
    let key = if by_qty { "min_qty" } else { "min_amount" };
    let from = |lots: &mut Lots| if by_qty { lots.within(1, 9) } else { near(lots, total).max(1) };
    if lots.once_in(3) {
        p["repeat"] = true.into();
        let step = if by_qty { lots.within(1, 3) } else { total / lots.within(1, 4) + 1 };
        p["steps"] = json!([{key: step, "amount_off": lots.within(0, total / 8 + 1)}]);
        if lots.once_in(2) {
            p["max_times"] = lots.within(0, 3).into();
        }
        return;
    }
    let mut steps: Vec<Value> = Vec::new();
    for _ in 0..lots.within(1, 3) {
        let at = from(lots);
        if steps.iter().any(|s| s[key] == at) {
            continue;
        }
        let mut step = json!({key: at});
        if lots.once_in(2) {
            step["amount_off"] = lots.within(0, total / 3 + 1).into();
        } else {
            step["pay_rate"] = lots.one_of(&RATES).into();
            if lots.once_in(2) {
                step["cap"] = lots.within(0, total / 3 + 1).into();
            }
        }
        steps.push(step);
    }
    p["steps"] = steps.into();
}

fn gifts(lots: &mut Lots) -> Value {
    let gift = |lots: &mut Lots| {
        let mut g = json!({"sku": lots.one_of(&["CUP", "MUG"]), "qty": lots.within(1, 2), "value": lots.one_of(&[0, 500, 1990])});
        if lots.once_in(5) {
            g["stock_left"] = lots.within(0, 3).into();
        }
        g
    };
    (0..lots.within(1, 2)).map(|_| gift(lots)).collect()
}

fn template(lots: &mut Lots, i: i64, total: i64, groups: bool) -> Value {
    let kind = lots.one_of(&["amount_off", "percent_off", "no_threshold", "gift", "exchange", "free_shipping"]);
    let mut t = json!({"id": format!("t{i}"), "kind": kind});
    match kind {
        "amount_off" => {
            t["amount"] = lots.within(0, total / 3 + 2).into();
            t["min_amount"] = near(lots, total).into();
        }
        "percent_off" => {
            t["pay_rate"] = lots.one_of(&RATES).into();
            if lots.once_in(2) {
                t["cap"] = lots.within(0, total / 4 + 2).into();
            }
        }
        "no_threshold" => t["amount"] = lots.one_of(&[1, 100, 661, 5000]).into(),
        "gift" => t["gifts"] = gifts(lots),
        "exchange" => {
            t["sku"] = lots.one_of(&SKUS).into();
            if lots.once_in(2) {
                t["pay"] = lots.one_of(&[0, 1, 100]).into();
            }
        }
        _ => {
            if lots.once_in(2) {
                t["cap"] = lots.within(0, 900).into();
            }
        }
    }
    if lots.once_in(2) {
        t["issuer"] = lots.one_of(&["shop", "platform"]).into();
    }
    common(lots, &mut t, total, groups, None);
    t
}

fn coupon(lots: &mut Lots, i: i64, templates: &[Value]) -> Value {
    let template = &templates[lots.within(0, templates.len() as i64 - 1) as usize];
    let mut c = json!({"id": format!("c{i}"), "template": template["id"]});
    if lots.once_in(8) {
        c["state"] = lots.one_of(&["available", "restored", "locked", "used", "expired", "revoked", "closed"]).into();
    }
    if lots.once_in(10) {
        c["to"] = lots.one_of(&["2026-06-18T12:00:00Z", "2026-07-01T00:00:00Z"]).into();
    }
    if matches!(template["kind"].as_str(), Some("amount_off" | "no_threshold")) && lots.once_in(4) {
        c["amount"] = lots.within(1, 800).into();
    }
    c
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
        cart["coupons"] = json!(["c0", "c2", "nobodys"]);
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
