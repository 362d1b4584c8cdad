//! Drawn promotions and coupon templates, as the file has them: every kind, for whatever shop they are
//! drawn in. What amounts are like there, and for whom an offer is, the [`Setting`] says.

use serde_json::{Value, json};

use super::lots::Lots;

/// One that stands here twice is drawn twice as often.
const PROMOTIONS: [&str; 12] = [
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
const TEMPLATES: [&str; 7] = ["amount_off", "amount_off", "percent_off", "no_threshold", "exchange", "gift", "free_shipping"];

/// The shop and the cart that offers are drawn for.
pub trait Setting {
    /// Shares that are paid.
    const RATES: &'static [&'static str];
    /// What a piece or a line is reduced by.
    const AMOUNTS: &'static [i64];
    /// What a coupon without a threshold is worth.
    const COUPONS: &'static [i64];
    /// Who issues coupons.
    const ISSUERS: &'static [&'static str];
    /// What a replaced price or a bundle comes to.
    const PRICES: &'static [i64];
    /// What a gift is worth.
    const GIFTS: &'static [i64];
    /// Most goods that one price promotion is of.
    const PRICED: i64;

    fn sku(&self, lots: &mut Lots) -> String;

    /// An amount of goods that the cart may or may not come to.
    fn threshold(&self, lots: &mut Lots) -> i64;

    /// Part of what the cart comes to.
    fn part(&self, lots: &mut Lots) -> i64;

    /// What a coupon from that amount on takes off.
    fn coupon_from(&self, lots: &mut Lots, from: i64) -> i64;

    /// The steps of a stepped promotion.
    fn steps(&self, lots: &mut Lots, promotion: &mut Value);

    /// Once in `n` times, where offers carry keys that most shops leave away.
    fn oddly(&self, lots: &mut Lots, n: i64) -> bool;

    /// When, for whom, from what on, beside what: the keys that all kinds have.
    fn terms(&self, lots: &mut Lots, offer: &mut Value);
}

pub fn promotion<S: Setting>(s: &S, lots: &mut Lots, i: i64) -> Value {
    let kind = lots.one_of(&PROMOTIONS);
    let mut p = json!({"id": format!("p{i:02}"), "kind": kind});
    match kind {
        "member_price" | "flash_price" => p["items"] = priced(s, lots, kind == "flash_price"),
        "percent_off" => {
            p["pay_rate"] = lots.one_of(S::RATES).into();
            if lots.once_in(4) {
                p["cap"] = s.part(lots).into();
            }
        }
        "amount_off" => {
            p["amount"] = lots.one_of(S::AMOUNTS).into();
            if s.oddly(lots, 2) {
                p["per"] = lots.one_of(&["unit", "line"]).into();
            }
        }
        "nth_item" => nth(s, lots, &mut p),
        "bundle_price" => bundle(s, lots, &mut p),
        "stepped_threshold" => s.steps(lots, &mut p),
        "gift" => p["gifts"] = gifts(s, lots),
        _ => shipping(s, lots, &mut p),
    }
    s.terms(lots, &mut p);
    p
}

pub fn template<S: Setting>(s: &S, lots: &mut Lots, i: i64) -> Value {
    let kind = lots.one_of(&TEMPLATES);
    let mut t = json!({"id": format!("t{i:02}"), "kind": kind});
    match kind {
        "amount_off" => {
            let from = s.threshold(lots);
            t["amount"] = s.coupon_from(lots, from).into();
            t["min_amount"] = from.into();
        }
        "percent_off" => {
            t["pay_rate"] = lots.one_of(S::RATES).into();
            if !s.oddly(lots, 2) {
                t["cap"] = s.part(lots).into();
            }
        }
        "no_threshold" => t["amount"] = lots.one_of(S::COUPONS).into(),
        "gift" => t["gifts"] = gifts(s, lots),
        "exchange" => {
            t["sku"] = s.sku(lots).into();
            if s.oddly(lots, 2) {
                t["pay"] = lots.one_of(&[0, 1, 100]).into();
            }
        }
        _ => shipping(s, lots, &mut t),
    }
    t["issuer"] = lots.one_of(S::ISSUERS).into();
    s.terms(lots, &mut t);
    t
}

pub fn coupon(lots: &mut Lots, i: i64, templates: &[Value]) -> Value {
    let template = &templates[lots.within(0, templates.len() as i64 - 1) as usize];
    json!({"id": format!("c{i:02}"), "template": template["id"]})
}

fn priced<S: Setting>(s: &S, lots: &mut Lots, flash: bool) -> Value {
    let mut items: Vec<Value> = Vec::new();
    for _ in 0..lots.within(1, S::PRICED) {
        let sku = s.sku(lots);
        if items.iter().any(|i| i["sku"] == sku.as_str()) {
            continue;
        }
        let mut item = json!({"sku": sku, "price": lots.one_of(S::PRICES)});
        if flash && s.oddly(lots, 2) {
            item["quota_left"] = lots.within(0, 5).into();
        }
        items.push(item);
    }
    items.into()
}

fn nth<S: Setting>(s: &S, lots: &mut Lots, p: &mut Value) {
    p["n"] = lots.within(2, 4).into();
    p["pay_rate"] = lots.one_of(&["0", "0.333", "0.5", "0.8"]).into();
    if s.oddly(lots, 2) {
        p["across"] = lots.one_of(&["scope", "sku"]).into();
    }
    if s.oddly(lots, 3) {
        p["repeat"] = lots.once_in(2).into();
    }
}

fn bundle<S: Setting>(s: &S, lots: &mut Lots, p: &mut Value) {
    let items: Vec<Value> = (0..lots.within(1, 2)).map(|_| json!({"sku": s.sku(lots), "qty": lots.within(1, 2)})).collect();
    p["items"] = items.into();
    p["price"] = lots.one_of(S::PRICES).into();
    if s.oddly(lots, 3) {
        p["max_sets"] = lots.within(0, 2).into();
    }
}

fn gifts<S: Setting>(s: &S, lots: &mut Lots) -> Value {
    let gift = |lots: &mut Lots| {
        let mut gift = json!({"sku": lots.one_of(&["CUP", "MUG"]), "qty": lots.within(1, 2), "value": lots.one_of(S::GIFTS)});
        if s.oddly(lots, 5) {
            gift["stock_left"] = lots.within(0, 3).into();
        }
        gift
    };
    (0..lots.within(1, 2)).map(|_| gift(lots)).collect()
}

fn shipping<S: Setting>(s: &S, lots: &mut Lots, offer: &mut Value) {
    if s.oddly(lots, 2) {
        offer["cap"] = lots.within(0, 900).into();
    }
}
