//! The answer, with as many keys as the format has.

use serde_json::{Map, Value, json};

use super::after::points_refused;
use super::case::{Candidate, Case};
use super::plain::*;
use super::run::Run;

pub fn answer(case: &Case<'_>, all: &[Candidate<'_>], set: &[usize], run: &Run, mut refused: Vec<(String, String)>) -> Value {
    let n = case.lines.len();
    let line = |l: usize| {
        let mut reductions: Vec<Value> =
            run.log.iter().filter(|(_, at, _)| *at == l).map(|(by, _, o)| json!({"cause": all[*by].id, "amount": o})).collect();
        if run.fen[l] > 0 {
            reductions.push(json!({"cause": "points_cash", "amount": run.fen[l]}));
        }
        json!({
            "line": case.lines[l]["line"], "list": case.unit(l) * case.qty(l), "base": case.base[l],
            "price_by": case.price_by[l].as_ref().map(|(_, id)| id), "reductions": reductions,
            "payable": run.payable[l], "points_used": run.points[l],
        })
    };
    let turns: Vec<usize> = run.turns.iter().copied().filter(|i| set.contains(i)).collect();
    let goods: i64 = run.payable.iter().sum();
    let fee = int(case.cart, "shipping_fee").unwrap_or(0);
    let shipping = fee - run.shipping.iter().map(|(_, o)| o).sum::<i64>();
    let points_cash: i64 = run.fen.iter().sum();
    let settings = case.offers.get("settings");
    let earn = settings.and_then(|s| s.get("earn")).filter(|e| !e.is_null() && case.member.is_some());
    let earned = earn.map_or(0, |e| goods * int(e, "points").unwrap() / int(e, "per_fen").unwrap());
    let asked = case.cart.get("points_to_use").is_some_and(|p| p.is_string() || p.as_i64().unwrap_or(0) > 0);
    if asked && run.points_used == 0 {
        refused.push(("points_cash".to_owned(), points_refused(case, goods).to_owned()));
    }
    refused.sort();
    let not_applied: Vec<Value> = refused.into_iter().map(|(id, code)| json!({"id": id, "code": code})).collect();
    let mut order = json!({
        "list_total": (0..n).map(|l| case.unit(l) * case.qty(l)).sum::<i64>(), "goods_total": case.base.iter().sum::<i64>(),
        "discounts": run.log.iter().map(|(_, _, o)| o).sum::<i64>(), "points_cash": points_cash, "points_used": run.points_used,
        "goods_payable": goods, "shipping_fee": fee,
        "shipping_reductions": run.shipping.iter().map(|(i, o)| json!({"cause": all[*i].id, "amount": o})).collect::<Vec<_>>(),
        "shipping": shipping, "total": goods + shipping, "points_earned": earned,
    });
    let mut answer = Map::new();
    if has(case.cart, "payments") {
        let mut due = goods + shipping;
        let mut payments = Vec::new();
        for p in list(case.cart, "payments") {
            let amount = due.min(int(p, "available").unwrap());
            due -= amount;
            payments.push(json!({"id": p["id"], "amount": amount}));
        }
        order["due"] = due.into();
        answer.insert("payments".to_owned(), payments.into());
    }
    answer.insert("format".to_owned(), 1.into());
    answer.insert("lines".to_owned(), (0..n).map(line).collect());
    answer.insert("gift_lines".to_owned(), gift_lines(all, &turns).into());
    answer.insert("order".to_owned(), order);
    answer.insert("applied".to_owned(), applied(case, all, &turns, run).into());
    answer.insert("not_applied".to_owned(), not_applied.into());
    Value::Object(answer)
}

fn gift_lines(all: &[Candidate<'_>], turns: &[usize]) -> Vec<Value> {
    let mut lines = Vec::new();
    for i in turns {
        for g in list(all[*i].offer, "gifts") {
            let (qty, value) = (int(g, "qty").unwrap(), int(g, "value").unwrap());
            lines.push(json!({"sku": g["sku"], "qty": qty, "value": qty * value, "payable": 0, "cause": all[*i].id}));
        }
    }
    lines
}

/// Replaced prices first, then the others in the order of their turn.
fn applied(case: &Case<'_>, all: &[Candidate<'_>], turns: &[usize], run: &Run) -> Vec<Value> {
    let mut applied = Vec::new();
    let mut by_price: Vec<&Value> = list(case.offers, "promotions");
    by_price.sort_by_key(|p| (-int(p, "priority").unwrap_or(0), text(p, "id").unwrap().to_owned()));
    for p in by_price {
        let of: Vec<usize> = (0..case.lines.len())
            .filter(|l| case.price_by[*l].as_ref().is_some_and(|(_, id)| Some(id.as_str()) == text(p, "id")))
            .collect();
        let saving: i64 = of.iter().map(|l| case.unit(*l) * case.qty(*l) - case.base[*l]).sum();
        if !of.is_empty() {
            applied.push(json!({"id": p["id"], "kind": p["kind"], "step": "price", "saving": saving}));
        }
    }
    for i in turns {
        let off = run.log.iter().filter(|(by, ..)| by == i).map(|(_, _, o)| o).sum::<i64>();
        let off = off + run.shipping.iter().filter(|(by, _)| by == i).map(|(_, o)| o).sum::<i64>();
        applied.push(json!({"id": all[*i].id, "kind": all[*i].offer["kind"], "step": all[*i].step, "saving": off}));
    }
    applied
}
