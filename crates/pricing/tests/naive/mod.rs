//! A second pricer, written from the text of the format alone: slow, obvious, over plain JSON. Every
//! piece is a number in a list, every subset of promotions and coupons is tried, nothing is cut short.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

fn int(v: &Value, key: &str) -> Option<i64> {
    v.get(key).and_then(Value::as_i64)
}

fn text<'a>(v: &'a Value, key: &str) -> Option<&'a str> {
    v.get(key).and_then(Value::as_str)
}

fn list<'a>(v: &'a Value, key: &str) -> Vec<&'a Value> {
    v.get(key).and_then(Value::as_array).map(|l| l.iter().collect()).unwrap_or_default()
}

fn has(v: &Value, key: &str) -> bool {
    v.get(key).is_some_and(|x| !x.is_null())
}

/// "0.85" → (85, 100)
fn rate(s: &str) -> (i128, i128) {
    let (whole, digits) = s.split_once('.').unwrap_or((s, ""));
    let scale = 10_i128.pow(digits.len() as u32);
    (whole.parse::<i128>().unwrap() * scale + if digits.is_empty() { 0 } else { digits.parse::<i128>().unwrap() }, scale)
}

fn half_up(amount: i64, s: &str) -> i64 {
    let (a, b) = rate(s);
    let exact_twice = 2 * i128::from(amount) * a;
    ((exact_twice + b) / (2 * b)) as i64
}

/// 1000 over 3 is 334, 333, 333.
pub fn unit_split(amount: i64, pieces: i64) -> Vec<i64> {
    (0..pieces).map(|i| amount / pieces + if i < amount % pieces { 1 } else { 0 }).collect()
}

fn largest_remainder(total: i64, amounts: &[(usize, i64)]) -> Vec<(usize, i64)> {
    let sum: i128 = amounts.iter().map(|(_, a)| i128::from(*a)).sum();
    if sum == 0 {
        return amounts.iter().map(|(l, _)| (*l, 0)).collect();
    }
    let mut shares: Vec<(usize, i64)> = amounts.iter().map(|(l, a)| (*l, (i128::from(total) * i128::from(*a) / sum) as i64)).collect();
    let rest = total - shares.iter().map(|(_, s)| s).sum::<i64>();
    let mut order: Vec<usize> = (0..amounts.len()).collect();
    order.sort_by_key(|i| (-(i128::from(total) * i128::from(amounts[*i].1) % sum), *i));
    for i in order.into_iter().take(rest as usize) {
        shares[i].1 += 1;
    }
    shares
}

struct Case<'a> {
    offers: &'a Value,
    cart: &'a Value,
    lines: Vec<&'a Value>,
    member: Option<&'a Value>,
    base: Vec<i64>,
    /// kind of the replacement, promotion id
    price_by: Vec<Option<(String, String)>>,
}

#[derive(Clone)]
struct Candidate<'a> {
    id: String,
    /// The promotion or template.
    offer: &'a Value,
    coupon: Option<&'a Value>,
    step: &'static str,
}

impl Candidate<'_> {
    fn kind(&self) -> &str {
        text(self.offer, "kind").unwrap()
    }
    fn priority(&self) -> i64 {
        int(self.offer, "priority").unwrap_or(0)
    }
    fn group(&self) -> Option<&str> {
        text(self.offer, "group")
    }
    fn exclusive(&self) -> &str {
        text(self.offer, "exclusive").unwrap_or("none")
    }
    fn amount(&self) -> i64 {
        self.coupon.and_then(|c| int(c, "amount")).or(int(self.offer, "amount")).unwrap()
    }
    fn platform(&self) -> bool {
        text(self.offer, "issuer") == Some("platform")
    }
    fn sort_of_coupon(&self) -> Option<&'static str> {
        self.coupon?;
        Some(if self.step == "shipping" {
            "shipping"
        } else if self.platform() {
            "platform"
        } else {
            "shop"
        })
    }
}

impl<'a> Case<'a> {
    fn qty(&self, l: usize) -> i64 {
        int(self.lines[l], "qty").unwrap()
    }
    fn unit(&self, l: usize) -> i64 {
        int(self.lines[l], "unit_price").unwrap()
    }
    fn sku(&self, l: usize) -> &'a str {
        text(self.lines[l], "sku").unwrap()
    }

    fn in_scope(&self, offer: &Value, l: usize) -> bool {
        let Some(scope) = offer.get("scope") else { return true };
        let category = text(self.lines[l], "category").unwrap_or("");
        let sku_in = |key: &str| list(scope, key).iter().any(|s| s.as_str() == Some(self.sku(l)));
        let below = |key: &str| {
            list(scope, key)
                .iter()
                .any(|path| category == path.as_str().unwrap() || category.starts_with(&format!("{}/", path.as_str().unwrap())))
        };
        let named = !has(scope, "skus") && !has(scope, "categories") || sku_in("skus") || below("categories");
        let replaced = self.price_by.get(l).and_then(|p| p.as_ref()).map(|(kind, _)| kind.as_str());
        let left_out = list(scope, "not_replaced_by").iter().any(|k| k.as_str() == replaced);
        named && !sku_in("exclude_skus") && !below("exclude_categories") && !left_out
    }

    fn scope(&self, offer: &Value) -> Vec<usize> {
        (0..self.lines.len()).filter(|l| self.in_scope(offer, *l)).collect()
    }

    /// The codes that do not depend on other promotions, up to `too_heavy`. Times are compared as
    /// text: the drawn ones all have one form.
    fn refused(&self, id: &str, offer: &Value, coupon: Option<&Value>) -> Option<&'static str> {
        let now = text(self.cart, "time").unwrap();
        let at = |key: &str| coupon.and_then(|c| text(c, key)).or(text(offer, key));
        if at("from").is_some_and(|f| now < f) {
            return Some("not_started");
        }
        if at("to").is_some_and(|t| now >= t) {
            return Some("expired");
        }
        if let Some(coupon) = coupon {
            if !matches!(text(coupon, "state").unwrap_or("available"), "available" | "restored") {
                return Some("not_available");
            }
            if self.cart.get("coupons").is_some_and(|c| c.is_array()) && !list(self.cart, "coupons").iter().any(|c| c.as_str() == Some(id))
            {
                return Some("not_selected");
            }
        }
        let restricted =
            offer.get("members_only") == Some(&json!(true)) || ["tiers", "segments", "per_member"].iter().any(|k| has(offer, k));
        let any_of = |key: &str, mine: Vec<&str>| !has(offer, key) || list(offer, key).iter().any(|t| mine.contains(&t.as_str().unwrap()));
        let entitled = match self.member {
            None => !restricted,
            Some(m) => {
                let segments = list(m, "segments").iter().filter_map(|s| s.as_str()).collect();
                any_of("tiers", text(m, "tier").into_iter().collect()) && any_of("segments", segments)
            }
        };
        if !entitled {
            return Some("not_entitled");
        }
        if int(offer, "quota_left") == Some(0) || self.times_left(offer) == Some(0) {
            return Some("quota_exhausted");
        }
        if list(offer, "gifts").iter().any(|g| int(g, "stock_left").is_some_and(|s| s < int(g, "qty").unwrap())) {
            return Some("quota_exhausted");
        }
        let mut lines = self.scope(offer);
        if text(offer, "kind") == Some("exchange") {
            lines.retain(|l| Some(self.sku(*l)) == text(offer, "sku"));
        }
        if lines.is_empty() {
            return Some("category_mismatch");
        }
        let weight: i64 = (0..self.lines.len()).map(|l| int(self.lines[l], "weight_g").unwrap_or(0) * self.qty(l)).sum();
        if int(offer, "max_weight_g").is_some_and(|most| weight > most) {
            return Some("too_heavy");
        }
        None
    }

    /// How often the member may still have it.
    fn times_left(&self, offer: &Value) -> Option<i64> {
        let used = self.member.and_then(|m| m.get("usage")).and_then(|u| int(u, text(offer, "id").unwrap())).unwrap_or(0);
        int(offer, "per_member").map(|most| (most - used).max(0))
    }

    /// Step 1: lines in order.
    fn prices(&mut self) -> Vec<(String, &'static str)> {
        let mut refused = Vec::new();
        let mut promotions: Vec<&Value> = list(self.offers, "promotions")
            .into_iter()
            .filter(|p| matches!(text(p, "kind"), Some("member_price" | "flash_price")))
            .collect();
        promotions.sort_by_key(|p| (-int(p, "priority").unwrap_or(0), text(p, "id").unwrap().to_owned()));
        let mut units: BTreeMap<(String, String), i64> = BTreeMap::new();
        let mut open = Vec::new();
        for p in promotions {
            let id = text(p, "id").unwrap().to_owned();
            let flash = text(p, "kind") == Some("flash_price");
            let item_of = |l: usize| list(p, "items").into_iter().find(|i| text(i, "sku") == Some(self.sku(l)));
            let of_it: Vec<usize> = self.scope(p).into_iter().filter(|l| item_of(*l).is_some()).collect();
            let mut code = self.refused(&id, p, None);
            if code.is_none() || matches!(code, Some("category_mismatch" | "too_heavy")) {
                let gone = |i: &Value| flash && int(i, "quota_left") == Some(0);
                if of_it.is_empty() {
                    code = Some(if list(p, "items").iter().all(|i| gone(i)) { "quota_exhausted" } else { "category_mismatch" });
                } else if of_it.iter().all(|l| gone(item_of(*l).unwrap())) {
                    code = Some("quota_exhausted");
                }
            }
            if code.is_none() {
                let scope = self.scope(p);
                let amount: i64 = scope.iter().map(|l| self.unit(*l) * self.qty(*l)).sum();
                let pieces: i64 = scope.iter().map(|l| self.qty(*l)).sum();
                if amount < int(p, "min_amount").unwrap_or(0) || pieces < int(p, "min_qty").unwrap_or(0) {
                    code = Some("threshold_not_met");
                }
            }
            match code {
                Some(code) => refused.push((id, code)),
                None => {
                    if flash {
                        let whole = [int(p, "quota_left"), self.times_left(p)].into_iter().flatten().min().unwrap_or(i64::MAX);
                        units.insert((id.clone(), String::new()), whole);
                        for i in list(p, "items") {
                            units.insert((id.clone(), text(i, "sku").unwrap().to_owned()), int(i, "quota_left").unwrap_or(i64::MAX));
                        }
                    }
                    open.push(p);
                }
            }
        }
        let mut price_by = vec![None; self.lines.len()];
        for l in 0..self.lines.len() {
            let mut best: Option<(i64, &Value, i64)> = None;
            for p in &open {
                if !self.in_scope(p, l) {
                    continue;
                }
                for item in list(p, "items").into_iter().filter(|i| text(i, "sku") == Some(self.sku(l))) {
                    let price = int(item, "price").unwrap();
                    if price >= self.unit(l) {
                        continue;
                    }
                    let id = text(p, "id").unwrap().to_owned();
                    let mut k = self.qty(l);
                    if text(p, "kind") == Some("flash_price") {
                        k = k.min(units[&(id.clone(), String::new())]).min(units[&(id, self.sku(l).to_owned())]);
                    }
                    let amount = k * price + (self.qty(l) - k) * self.unit(l);
                    if k > 0 && best.is_none_or(|(b, ..)| amount < b) {
                        best = Some((amount, p, k));
                    }
                }
            }
            if let Some((amount, p, k)) = best {
                let id = text(p, "id").unwrap().to_owned();
                self.base[l] = amount;
                price_by[l] = Some((text(p, "kind").unwrap().to_owned(), id.clone()));
                if text(p, "kind") == Some("flash_price") {
                    *units.get_mut(&(id.clone(), String::new())).unwrap() -= k;
                    *units.get_mut(&(id, self.sku(l).to_owned())).unwrap() -= k;
                }
            }
        }
        for p in open {
            let id = text(p, "id").unwrap();
            if !price_by.iter().flatten().any(|(_, by)| by == id) {
                let below = |l: usize| {
                    list(p, "items").iter().any(|i| text(i, "sku") == Some(self.sku(l)) && int(i, "price").unwrap() < self.unit(l))
                };
                let any = self.scope(p).into_iter().any(below);
                refused.push((id.to_owned(), if any { "not_lowest" } else { "no_effect" }));
            }
        }
        self.price_by = price_by;
        refused
    }

    /// What it would do at `amounts`, whose thresholds are judged at `start`. `None`: not met.
    fn met(&self, c: &Candidate<'_>, start: &[i64]) -> Option<Deed> {
        let scope = self.scope(c.offer);
        let amount: i64 = scope.iter().map(|l| start[*l]).sum();
        let pieces: i64 = scope.iter().map(|l| self.qty(*l)).sum();
        if amount < int(c.offer, "min_amount").unwrap_or(0) || pieces < int(c.offer, "min_qty").unwrap_or(0) {
            return None;
        }
        match (c.coupon.is_some(), c.kind()) {
            (false, "stepped_threshold") => {
                let by = if text(c.offer, "by") == Some("qty") { "min_qty" } else { "min_amount" };
                let have = if by == "min_qty" { pieces } else { amount };
                let step =
                    list(c.offer, "steps").into_iter().filter(|s| int(s, by).unwrap() <= have).max_by_key(|s| int(s, by).unwrap())?;
                Some(match int(step, "amount_off") {
                    None => Deed::Percent(text(step, "pay_rate").unwrap().to_owned(), int(step, "cap")),
                    Some(off) if c.offer.get("repeat") == Some(&json!(true)) => {
                        Deed::Amount(off * (have / int(step, by).unwrap()).min(int(c.offer, "max_times").unwrap_or(i64::MAX)))
                    }
                    Some(off) => Deed::Amount(off),
                })
            }
            (false, "nth_item") => {
                let n = int(c.offer, "n").unwrap();
                let enough = if text(c.offer, "across") == Some("sku") {
                    let skus: BTreeSet<&str> = scope.iter().map(|l| self.sku(*l)).collect();
                    skus.iter().any(|s| scope.iter().filter(|l| self.sku(**l) == *s).map(|l| self.qty(*l)).sum::<i64>() >= n)
                } else {
                    pieces >= n
                };
                enough.then_some(Deed::ByKind)
            }
            (false, "bundle_price") => {
                let items = list(c.offer, "items");
                let enough = items.iter().all(|i| {
                    let have: i64 = scope.iter().filter(|l| Some(self.sku(**l)) == text(i, "sku")).map(|l| self.qty(*l)).sum();
                    have >= items.iter().filter(|j| text(j, "sku") == text(i, "sku")).map(|j| int(j, "qty").unwrap()).sum()
                });
                (enough && int(c.offer, "max_sets") != Some(0)).then_some(Deed::ByKind)
            }
            (true, "percent_off") => Some(Deed::Percent(text(c.offer, "pay_rate").unwrap().to_owned(), int(c.offer, "cap"))),
            (true, "amount_off" | "no_threshold") => Some(Deed::Amount(c.amount())),
            _ => Some(Deed::ByKind),
        }
    }

    /// What it takes off each line now, over `lines`; the pieces it takes are added to `taken`.
    fn take(&self, c: &Candidate<'_>, deed: &Deed, lines: &[usize], left: &[i64], taken: &mut BTreeSet<(usize, i64)>) -> Vec<(usize, i64)> {
        let amounts: Vec<(usize, i64)> = lines.iter().map(|l| (*l, left[*l])).collect();
        let sum: i64 = amounts.iter().map(|(_, a)| a).sum();
        match deed {
            Deed::Percent(rate, cap) => {
                let off = sum - half_up(sum, rate);
                return largest_remainder(cap.map_or(off, |c| c.min(off)), &amounts);
            }
            Deed::Amount(amount) => return largest_remainder(sum.min(*amount), &amounts),
            Deed::ByKind => {}
        }
        match c.kind() {
            "percent_off" => {
                let off: Vec<(usize, i64)> =
                    amounts.iter().map(|(l, a)| (*l, a - half_up(*a, text(c.offer, "pay_rate").unwrap()))).collect();
                match int(c.offer, "cap") {
                    Some(cap) if off.iter().map(|(_, o)| o).sum::<i64>() > cap => largest_remainder(cap, &amounts),
                    _ => off,
                }
            }
            "amount_off" => {
                let amount = int(c.offer, "amount").unwrap();
                let each = |l: usize| if text(c.offer, "per") == Some("line") { amount } else { amount * self.qty(l) };
                amounts.iter().map(|(l, a)| (*l, each(*l).min(*a))).collect()
            }
            "nth_item" => self.nth(c, lines, left, taken),
            "bundle_price" => self.bundle(c, lines, left, taken),
            "exchange" => {
                let mut best: Option<(usize, i64)> = None;
                for l in lines.iter().filter(|l| Some(self.sku(**l)) == text(c.offer, "sku")) {
                    let first = unit_split(left[*l], self.qty(*l))[0];
                    if best.is_none_or(|(_, b)| first > b) {
                        best = Some((*l, first));
                    }
                }
                best.map(|(l, first)| (l, (first - int(c.offer, "pay").unwrap_or(0)).max(0))).into_iter().collect()
            }
            _ => Vec::new(),
        }
    }

    fn free_pieces(&self, lines: &[usize], left: &[i64], taken: &BTreeSet<(usize, i64)>) -> Vec<(usize, i64, i64)> {
        let of = |l: &usize| unit_split(left[*l], self.qty(*l)).into_iter().enumerate().map(|(i, a)| (*l, i as i64, a)).collect::<Vec<_>>();
        lines.iter().flat_map(of).filter(|(l, i, _)| !taken.contains(&(*l, *i))).collect()
    }

    fn nth(&self, c: &Candidate<'_>, lines: &[usize], left: &[i64], taken: &mut BTreeSet<(usize, i64)>) -> Vec<(usize, i64)> {
        let n = int(c.offer, "n").unwrap() as usize;
        let by_sku = text(c.offer, "across") == Some("sku");
        let keys: BTreeSet<&str> = lines.iter().map(|l| if by_sku { self.sku(*l) } else { "" }).collect();
        let mut off: BTreeMap<usize, i64> = BTreeMap::new();
        for key in keys {
            let of_key: Vec<usize> = lines.iter().copied().filter(|l| !by_sku || self.sku(*l) == key).collect();
            let mut pieces = self.free_pieces(&of_key, left, taken);
            pieces.sort_by_key(|(l, i, a)| (-a, *l, *i));
            for (group, of_n) in pieces.chunks_exact(n).enumerate() {
                if group > 0 && c.offer.get("repeat") == Some(&json!(false)) {
                    break;
                }
                let (l, _, a) = of_n[n - 1];
                *off.entry(l).or_default() += a - half_up(a, text(c.offer, "pay_rate").unwrap());
                taken.extend(of_n.iter().map(|(l, i, _)| (*l, *i)));
            }
        }
        off.into_iter().collect()
    }

    fn bundle(&self, c: &Candidate<'_>, lines: &[usize], left: &[i64], taken: &mut BTreeSet<(usize, i64)>) -> Vec<(usize, i64)> {
        let price = int(c.offer, "price").unwrap();
        let mut wanted: BTreeMap<&str, usize> = BTreeMap::new();
        for i in list(c.offer, "items") {
            *wanted.entry(text(i, "sku").unwrap()).or_default() += int(i, "qty").unwrap() as usize;
        }
        let (mut saving, mut worth, mut sets) = (0, BTreeMap::<usize, i64>::new(), 0);
        while int(c.offer, "max_sets").is_none_or(|most| sets < most) {
            let free = self.free_pieces(lines, left, taken);
            let mut set = Vec::new();
            for (sku, qty) in &wanted {
                let of_sku: Vec<_> = free.iter().filter(|(l, ..)| self.sku(*l) == *sku).take(*qty).collect();
                if of_sku.len() < *qty {
                    set.clear();
                    break;
                }
                set.extend(of_sku);
            }
            if set.is_empty() {
                break;
            }
            saving += (set.iter().map(|(_, _, a)| a).sum::<i64>() - price).max(0);
            for (l, i, a) in set {
                *worth.entry(l).or_default() += a;
                taken.insert((l, i));
            }
            sets += 1;
        }
        largest_remainder(saving, &worth.into_iter().collect::<Vec<_>>())
    }
}

enum Deed {
    Percent(String, Option<i64>),
    Amount(i64),
    ByKind,
}

/// What became of one set.
struct Run {
    holds: bool,
    /// (candidate, line, amount) in order of application, after floors.
    log: Vec<(usize, usize, i64)>,
    took: BTreeMap<usize, i64>,
    turns: Vec<usize>,
    starts: BTreeMap<&'static str, Vec<i64>>,
    payable: Vec<i64>,
    fen: Vec<i64>,
    points: Vec<i64>,
    points_used: i64,
    shipping: Vec<(usize, i64)>,
    total: i64,
}

const STEPS: [&str; 4] = ["line", "order", "shop", "platform"];

impl Case<'_> {
    /// Carries a set through all steps; those that turn out not to apply make it not hold.
    fn run(&self, all: &[Candidate<'_>], set: &[usize]) -> Run {
        let mut run = Run {
            holds: true,
            log: Vec::new(),
            took: BTreeMap::new(),
            turns: Vec::new(),
            starts: BTreeMap::new(),
            payable: Vec::new(),
            fen: vec![0; self.lines.len()],
            points: vec![0; self.lines.len()],
            points_used: 0,
            shipping: Vec::new(),
            total: 0,
        };
        let mut left = self.base.clone();
        let mut taken = BTreeSet::new();
        for step in STEPS {
            let start = left.clone();
            run.starts.insert(step, start.clone());
            let of_step: Vec<usize> = set.iter().copied().filter(|i| all[*i].step == step).collect();
            let mut turns = Vec::new();
            for i in of_step.iter().copied() {
                let Some(deed) = self.met(&all[i], &start) else {
                    run.holds = false;
                    continue;
                };
                let off = self.take(&all[i], &deed, &self.scope(all[i].offer), &start, &mut BTreeSet::new());
                turns.push((i, deed, off.iter().map(|(_, o)| o).sum::<i64>(), off));
            }
            turns.sort_by_key(|(i, _, alone, _)| (-all[*i].priority(), -alone, all[*i].id.clone()));
            let alone: BTreeMap<usize, BTreeMap<usize, i64>> =
                turns.iter().map(|(i, _, _, off)| (*i, off.iter().copied().collect())).collect();
            for (i, deed, _, _) in &turns {
                let lines: Vec<usize> = self.scope(all[*i].offer).into_iter().filter(|l| self.line_is_its(all, *i, *l, &alone)).collect();
                let off = self.take(&all[*i], deed, &lines, &left, &mut taken);
                let mut sum = 0;
                for (l, o) in off.into_iter().filter(|(_, o)| *o > 0) {
                    left[l] -= o;
                    run.log.push((*i, l, o));
                    sum += o;
                }
                run.took.insert(*i, sum);
                run.turns.push(*i);
            }
        }
        self.floors(&mut run);
        let mut left = self.base.clone();
        run.log.iter().for_each(|(_, l, o)| left[*l] -= o);
        self.points(&mut run, &mut left);
        self.shipping(all, set, &mut run, &left);
        for i in set {
            let gift = has(all[*i].offer, "gifts");
            let took = run.log.iter().any(|(by, ..)| by == i) || run.shipping.iter().any(|(by, _)| by == i);
            run.holds &= gift && run.turns.contains(i) || took;
        }
        run.payable = left;
        run
    }

    /// `exclusive: line`
    fn line_is_its(&self, all: &[Candidate<'_>], i: usize, l: usize, alone: &BTreeMap<usize, BTreeMap<usize, i64>>) -> bool {
        let Some(group) = all[i].group() else { return true };
        let mut bids: Vec<(usize, i64)> = alone
            .iter()
            .filter(|(j, _)| all[**j].group() == Some(group))
            .filter_map(|(j, off)| off.get(&l).filter(|o| **o > 0).map(|o| (*j, *o)))
            .collect();
        bids.sort_by_key(|(j, o)| (-o, -all[*j].priority(), all[*j].id.clone()));
        match bids.first() {
            Some((best, _)) if all[*best].exclusive() == "line" => *best == i,
            _ => all[i].exclusive() != "line",
        }
    }

    fn floors(&self, run: &mut Run) {
        let floors = self.offers.get("settings").and_then(|s| s.get("floors")).cloned().unwrap_or(json!({}));
        for l in 0..self.lines.len() {
            let Some(floor) = int(&floors, self.sku(l)) else { continue };
            let base = unit_split(self.base[l], self.qty(l));
            let at: Vec<usize> = (0..run.log.len()).filter(|k| run.log[*k].1 == l).collect();
            let mut parts: Vec<Vec<i64>> = at.iter().map(|k| unit_split(run.log[*k].2, self.qty(l))).collect();
            for (piece, price) in base.iter().enumerate() {
                let mut payable = price - parts.iter().map(|p| p[piece]).sum::<i64>();
                for part in parts.iter_mut().rev() {
                    while payable < floor && part[piece] > 0 {
                        part[piece] -= 1;
                        payable += 1;
                    }
                }
            }
            for (k, part) in at.into_iter().zip(parts) {
                run.log[k].2 = part.iter().sum();
            }
        }
        run.log.retain(|(_, _, o)| *o > 0);
    }

    fn points(&self, run: &mut Run, left: &mut [i64]) {
        let Some(terms) = self.offers.get("settings").and_then(|s| s.get("points_cash")).filter(|t| !t.is_null()) else { return };
        let Some(member) = self.member else { return };
        let asked = match self.cart.get("points_to_use") {
            Some(Value::String(_)) => i64::MAX,
            Some(v) => v.as_i64().unwrap_or(0),
            None => 0,
        };
        let goods: i64 = left.iter().sum();
        if goods < int(terms, "min_goods").unwrap_or(0) {
            return;
        }
        let (a, b) = rate(text(terms, "max_share").unwrap_or("1"));
        let share = (i128::from(goods) * a / b) as i64;
        let (points, fen) = (int(terms, "points").unwrap(), int(terms, "fen").unwrap());
        let units =
            (asked.min(int(member, "points").unwrap_or(0).max(0)) / points).min(share.min(int(terms, "max_fen").unwrap_or(i64::MAX)) / fen);
        let amounts: Vec<(usize, i64)> = left.iter().copied().enumerate().collect();
        let shares = largest_remainder(units * fen, &amounts);
        run.points_used = units * points;
        for (l, p) in largest_remainder(run.points_used, &shares) {
            run.points[l] = p;
        }
        for (l, f) in shares {
            left[l] -= f;
            run.fen[l] = f;
        }
    }

    fn shipping(&self, all: &[Candidate<'_>], set: &[usize], run: &mut Run, left: &[i64]) {
        run.starts.insert("shipping", left.to_vec());
        let fee = int(self.cart, "shipping_fee").unwrap_or(0);
        let cap = |i: usize, of: i64| int(all[i].offer, "cap").map_or(of, |c| c.min(of));
        let mut turns: Vec<usize> = set.iter().copied().filter(|i| all[*i].step == "shipping").collect();
        let met: Vec<bool> = turns.iter().map(|i| self.met(&all[*i], left).is_some()).collect();
        run.holds &= met.iter().all(|m| *m);
        turns = turns.into_iter().zip(met).filter(|(_, m)| *m).map(|(i, _)| i).collect();
        let giver = |i: usize| {
            if all[i].coupon.is_none() {
                0
            } else if all[i].platform() {
                2
            } else {
                1
            }
        };
        turns.sort_by_key(|i| (giver(*i), -all[*i].priority(), -cap(*i, fee), all[*i].id.clone()));
        let mut rest = fee;
        for i in turns {
            let off = cap(i, rest);
            rest -= off;
            run.took.insert(i, off);
            run.turns.push(i);
            if off > 0 {
                run.shipping.push((i, off));
            }
        }
        run.total = left.iter().sum::<i64>() + rest;
    }

    /// Groups, limits and quotas let the set be.
    fn may_be(&self, all: &[Candidate<'_>], set: &[usize]) -> bool {
        let alone = |i: usize, j: usize| {
            all[i].group().is_some() && all[i].group() == all[j].group() && (all[i].exclusive() == "order" || all[j].exclusive() == "order")
        };
        if set.iter().any(|i| set.iter().any(|j| i != j && alone(*i, *j))) {
            return false;
        }
        ["shop", "platform", "shipping"].iter().all(|sort| self.used(all, set, sort) <= self.most(sort))
            && set.iter().filter(|i| all[**i].coupon.is_some()).all(|i| self.of_template(all, set, *i) <= self.template_left(all, *i))
    }

    fn used(&self, all: &[Candidate<'_>], set: &[usize], sort: &str) -> i64 {
        set.iter().filter(|i| all[**i].sort_of_coupon() == Some(sort)).count() as i64
    }

    fn most(&self, sort: &str) -> i64 {
        self.offers.get("settings").and_then(|s| s.get("max_coupons")).and_then(|m| int(m, sort)).unwrap_or(1)
    }

    fn of_template(&self, all: &[Candidate<'_>], set: &[usize], i: usize) -> i64 {
        set.iter().filter(|j| all[**j].coupon.is_some() && text(all[**j].offer, "id") == text(all[i].offer, "id")).count() as i64
    }

    fn template_left(&self, all: &[Candidate<'_>], i: usize) -> i64 {
        [int(all[i].offer, "quota_left"), self.times_left(all[i].offer)].into_iter().flatten().min().unwrap_or(i64::MAX)
    }

    fn gift_value(&self, all: &[Candidate<'_>], set: &[usize]) -> i64 {
        let of = |i: usize| list(all[i].offer, "gifts").iter().map(|g| int(g, "qty").unwrap() * int(g, "value").unwrap()).sum::<i64>();
        set.iter().map(|i| of(*i)).sum()
    }

    fn why(&self, all: &[Candidate<'_>], set: &[usize], chosen: &Run, i: usize) -> &'static str {
        let c = &all[i];
        if c.coupon.is_some() && self.of_template(all, set, i) >= self.template_left(all, i) {
            return "quota_exhausted";
        }
        if self.met(c, &chosen.starts[c.step]).is_none() {
            return "threshold_not_met";
        }
        if let Some(group) = c.group() {
            if set.iter().any(|j| all[*j].group() == Some(group) && (all[*j].exclusive() == "order" || c.exclusive() == "order")) {
                return "excluded_by_group";
            }
            if c.step == "line" && self.all_lines_are_rivals(all, set, i) {
                return "excluded_by_group";
            }
        }
        if let Some(sort) = c.sort_of_coupon()
            && self.used(all, set, sort) >= self.most(sort)
        {
            return "coupon_limit";
        }
        let mut with = set.to_vec();
        with.push(i);
        let with = self.run(all, &with);
        if has(c.offer, "gifts") {
            "not_better"
        } else if with.took.get(&i).copied().unwrap_or(0) == 0 {
            "no_effect"
        } else if c.step != "shipping" && !with.log.iter().any(|(by, ..)| *by == i) {
            "floor_reached"
        } else {
            "not_better"
        }
    }

    fn all_lines_are_rivals(&self, all: &[Candidate<'_>], set: &[usize], i: usize) -> bool {
        let alone = |j: usize| -> BTreeMap<usize, i64> {
            let Some(deed) = self.met(&all[j], &self.base) else { return BTreeMap::new() };
            let off = self.take(&all[j], &deed, &self.scope(all[j].offer), &self.base, &mut BTreeSet::new());
            off.into_iter().filter(|(_, o)| *o > 0).collect()
        };
        let mine = alone(i);
        let rivals: Vec<(bool, BTreeMap<usize, i64>)> = set
            .iter()
            .filter(|j| all[**j].group() == all[i].group())
            .map(|j| (all[*j].exclusive() == "line" || all[i].exclusive() == "line", alone(*j)))
            .collect();
        !mine.is_empty() && mine.keys().all(|l| rivals.iter().any(|(conflict, off)| *conflict && off.contains_key(l)))
    }
}

/// The answer of a cart, with as many keys as the format has; `None` when there are more candidates than `most`.
pub fn price(offers: &Value, cart: &Value, most: usize) -> Option<Value> {
    let lines = list(cart, "lines");
    let base = lines.iter().map(|l| int(l, "unit_price").unwrap() * int(l, "qty").unwrap()).collect();
    let member = text(cart, "member").map(|m| &offers["members"][m]);
    let mut case = Case { offers, cart, base, price_by: vec![None; lines.len()], lines, member };
    let mut refused: Vec<(String, String)> = case.prices().into_iter().map(|(i, c)| (i, c.to_owned())).collect();

    let mut all = Vec::new();
    for p in list(offers, "promotions") {
        let step = match text(p, "kind").unwrap() {
            "member_price" | "flash_price" => continue,
            "percent_off" | "amount_off" | "nth_item" | "bundle_price" => "line",
            "free_shipping" => "shipping",
            _ => "order",
        };
        all.push(Candidate { id: text(p, "id").unwrap().to_owned(), offer: p, coupon: None, step });
    }
    for c in member.map(|m| list(m, "coupons")).unwrap_or_default() {
        let template = list(offers, "coupon_templates").into_iter().find(|t| text(t, "id") == text(c, "template")).unwrap();
        let platform = text(template, "issuer") == Some("platform");
        let step = if text(template, "kind") == Some("free_shipping") {
            "shipping"
        } else if platform {
            "platform"
        } else {
            "shop"
        };
        all.push(Candidate { id: text(c, "id").unwrap().to_owned(), offer: template, coupon: Some(c), step });
    }
    if cart.get("coupons").is_some_and(|c| c.is_array()) {
        let named: BTreeSet<&str> = list(cart, "coupons").iter().filter_map(|c| c.as_str()).collect();
        for id in named {
            if !all.iter().any(|c| c.coupon.is_some() && c.id == id) {
                refused.push((id.to_owned(), "not_available".to_owned()));
            }
        }
    }
    let (open, closed): (Vec<_>, Vec<_>) = all.into_iter().partition(|c| case.refused(&c.id, c.offer, c.coupon).is_none());
    refused.extend(closed.iter().map(|c| (c.id.clone(), case.refused(&c.id, c.offer, c.coupon).unwrap().to_owned())));
    let mut all = open;
    all.sort_by_key(|c| (-c.priority(), c.id.clone()));
    if all.len() > most {
        return None;
    }

    type Best = ((i64, i64, i64, usize, Vec<bool>), Vec<usize>, Run);
    let mut best: Option<Best> = None;
    for bits in 0..1_u32 << all.len() {
        let set: Vec<usize> = (0..all.len()).filter(|i| bits >> i & 1 == 1).collect();
        if !case.may_be(&all, &set) {
            continue;
        }
        let run = case.run(&all, &set);
        if !run.holds {
            continue;
        }
        let coupons = set.iter().filter(|i| all[**i].coupon.is_some()).count();
        let differs = (0..all.len()).map(|i| !set.contains(&i)).collect();
        let key = (run.total, run.points_used, -case.gift_value(&all, &set), coupons, differs);
        if best.as_ref().is_none_or(|(b, ..)| key < *b) {
            best = Some((key, set, run));
        }
    }
    let (_, set, run) = best.expect("the empty set holds");
    for i in (0..all.len()).filter(|i| !set.contains(i)) {
        refused.push((all[i].id.clone(), case.why(&all, &set, &run, i).to_owned()));
    }
    Some(answer(&case, &all, &set, &run, refused))
}

fn answer(case: &Case<'_>, all: &[Candidate<'_>], set: &[usize], run: &Run, mut refused: Vec<(String, String)>) -> Value {
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
    let mut gift_lines = Vec::new();
    for i in &turns {
        for g in list(all[*i].offer, "gifts") {
            let (qty, value) = (int(g, "qty").unwrap(), int(g, "value").unwrap());
            gift_lines.push(json!({"sku": g["sku"], "qty": qty, "value": qty * value, "payable": 0, "cause": all[*i].id}));
        }
    }
    let mut applied = Vec::new();
    let mut by_price: Vec<&Value> = list(case.offers, "promotions");
    by_price.sort_by_key(|p| (-int(p, "priority").unwrap_or(0), text(p, "id").unwrap().to_owned()));
    for p in by_price {
        let of = |l: &usize| case.price_by[*l].as_ref().is_some_and(|(_, id)| Some(id.as_str()) == text(p, "id"));
        let saving: i64 = (0..n).filter(of).map(|l| case.unit(l) * case.qty(l) - case.base[l]).sum();
        if (0..n).any(|l| of(&l)) {
            applied.push(json!({"id": p["id"], "kind": p["kind"], "step": "price", "saving": saving}));
        }
    }
    for i in &turns {
        let off = run.log.iter().filter(|(by, ..)| by == i).map(|(_, _, o)| o).sum::<i64>();
        let off = off + run.shipping.iter().filter(|(by, _)| by == i).map(|(_, o)| o).sum::<i64>();
        applied.push(json!({"id": all[*i].id, "kind": all[*i].offer["kind"], "step": all[*i].step, "saving": off}));
    }
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
    answer.insert("gift_lines".to_owned(), gift_lines.into());
    answer.insert("order".to_owned(), order);
    answer.insert("applied".to_owned(), applied.into());
    answer.insert("not_applied".to_owned(), not_applied.into());
    Value::Object(answer)
}

fn points_refused(case: &Case<'_>, goods: i64) -> &'static str {
    let Some(_) = case.member else { return "not_entitled" };
    let Some(terms) = case.offers.get("settings").and_then(|s| s.get("points_cash")).filter(|t| !t.is_null()) else { return "no_effect" };
    let (a, b) = rate(text(terms, "max_share").unwrap_or("1"));
    let cap = ((i128::from(goods) * a / b) as i64).min(int(terms, "max_fen").unwrap_or(i64::MAX));
    if goods < int(terms, "min_goods").unwrap_or(0) {
        "threshold_not_met"
    } else if cap < int(terms, "fen").unwrap() {
        "no_effect"
    } else {
        "insufficient_points"
    }
}
