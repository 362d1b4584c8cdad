//! A second pricer, written from the text of the format alone: slow, obvious, over plain JSON. Every
//! piece is a number in a list, every subset of promotions and coupons is tried, nothing is cut short.
//!
//! It reads in the order of the format: `case` (who may have what), `prices`, `thresholds`,
//! `reductions` and `pieces` (what each takes), `run` (one set through all steps), `after` (lowest
//! prices, points, shipping), `rivals` (who may stand together); here the best set; then `why` and
//! `answer`. `plain` reads JSON and divides amounts.

use std::collections::BTreeSet;

use serde_json::Value;

mod after;
mod answer;
mod case;
mod pieces;
mod plain;
mod prices;
mod reductions;
mod rivals;
mod run;
mod thresholds;
mod why;

use case::{Candidate, Case};
use plain::{int, list, text};
use run::Run;

/// The answer of a cart, with as many keys as the format has; `None` when there are more candidates than `most`.
pub fn price(offers: &Value, cart: &Value, most: usize) -> Option<Value> {
    let lines = list(cart, "lines");
    let base = lines.iter().map(|l| int(l, "unit_price").unwrap() * int(l, "qty").unwrap()).collect();
    let member = text(cart, "member").map(|m| &offers["members"][m]);
    let mut case = Case { offers, cart, base, price_by: vec![None; lines.len()], lines, member };
    let mut refused: Vec<(String, String)> = case.prices().into_iter().map(|(i, c)| (i, c.to_owned())).collect();
    let all = candidates(&case, &mut refused);
    if all.len() > most {
        return None;
    }
    let (set, run) = best(&case, &all);
    for i in (0..all.len()).filter(|i| !set.contains(i)) {
        refused.push((all[i].id.clone(), case.why(&all, &set, &run, i).to_owned()));
    }
    Some(answer::answer(&case, &all, &set, &run, refused))
}

/// Promotions and held coupons that may be applied, by priority, then id; the others are refused.
fn candidates<'a>(case: &Case<'a>, refused: &mut Vec<(String, String)>) -> Vec<Candidate<'a>> {
    let mut all = Vec::new();
    for p in list(case.offers, "promotions") {
        let step = match text(p, "kind").unwrap() {
            "member_price" | "flash_price" => continue,
            "percent_off" | "amount_off" | "nth_item" | "bundle_price" => "line",
            "free_shipping" => "shipping",
            _ => "order",
        };
        all.push(Candidate { id: text(p, "id").unwrap().to_owned(), offer: p, coupon: None, step });
    }
    for c in case.member.map(|m| list(m, "coupons")).unwrap_or_default() {
        let template = list(case.offers, "coupon_templates").into_iter().find(|t| text(t, "id") == text(c, "template")).unwrap();
        let step = match (text(template, "kind"), text(template, "issuer")) {
            (Some("free_shipping"), _) => "shipping",
            (_, Some("platform")) => "platform",
            _ => "shop",
        };
        all.push(Candidate { id: text(c, "id").unwrap().to_owned(), offer: template, coupon: Some(c), step });
    }
    let named: BTreeSet<&str> = list(case.cart, "coupons").iter().filter_map(|c| c.as_str()).collect();
    for id in named {
        if !all.iter().any(|c| c.coupon.is_some() && c.id == id) {
            refused.push((id.to_owned(), "not_available".to_owned()));
        }
    }
    let mut open = Vec::new();
    for c in all {
        match case.refused(&c.id, c.offer, c.coupon) {
            Some(code) => refused.push((c.id, code.to_owned())),
            None => open.push(c),
        }
    }
    open.sort_by_key(|c| (-c.priority(), c.id.clone()));
    open
}

/// Every set that may be and holds is tried: the lowest total, then the fewest points, the most worth
/// in gifts, the fewest coupons, then the earlier offers.
fn best(case: &Case<'_>, all: &[Candidate<'_>]) -> (Vec<usize>, Run) {
    type Best = ((i64, i64, i64, usize, Vec<bool>), Vec<usize>, Run);
    let mut best: Option<Best> = None;
    for bits in 0..1_u32 << all.len() {
        let set: Vec<usize> = (0..all.len()).filter(|i| bits >> i & 1 == 1).collect();
        if !case.may_be(all, &set) {
            continue;
        }
        let run = case.run(all, &set);
        if !run.holds {
            continue;
        }
        let coupons = set.iter().filter(|i| all[**i].coupon.is_some()).count();
        let differs = (0..all.len()).map(|i| !set.contains(&i)).collect();
        let key = (run.total, run.points_used, -case.gift_value(all, &set), coupons, differs);
        if best.as_ref().is_none_or(|(b, ..)| key < *b) {
            best = Some((key, set, run));
        }
    }
    let (_, set, run) = best.expect("the empty set holds");
    (set, run)
}
