//! A cart on the table, and what may be applied to it as far as that does not depend on the others.

use serde_json::{Value, json};

use super::plain::*;

pub struct Case<'a> {
    pub offers: &'a Value,
    pub cart: &'a Value,
    pub lines: Vec<&'a Value>,
    pub member: Option<&'a Value>,
    pub base: Vec<i64>,
    /// kind of the replacement, promotion id
    pub price_by: Vec<Option<(String, String)>>,
}

#[derive(Clone)]
pub struct Candidate<'a> {
    pub id: String,
    /// The promotion or template.
    pub offer: &'a Value,
    pub coupon: Option<&'a Value>,
    pub step: &'static str,
}

impl Candidate<'_> {
    pub fn kind(&self) -> &str {
        text(self.offer, "kind").unwrap()
    }
    pub fn priority(&self) -> i64 {
        int(self.offer, "priority").unwrap_or(0)
    }
    pub fn group(&self) -> Option<&str> {
        text(self.offer, "group")
    }
    pub fn exclusive(&self) -> &str {
        text(self.offer, "exclusive").unwrap_or("none")
    }
    pub fn amount(&self) -> i64 {
        self.coupon.and_then(|c| int(c, "amount")).or(int(self.offer, "amount")).unwrap()
    }
    pub fn platform(&self) -> bool {
        text(self.offer, "issuer") == Some("platform")
    }
    pub fn sort_of_coupon(&self) -> Option<&'static str> {
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
    pub fn qty(&self, l: usize) -> i64 {
        int(self.lines[l], "qty").unwrap()
    }
    pub fn unit(&self, l: usize) -> i64 {
        int(self.lines[l], "unit_price").unwrap()
    }
    pub fn sku(&self, l: usize) -> &'a str {
        text(self.lines[l], "sku").unwrap()
    }

    pub fn in_scope(&self, offer: &Value, l: usize) -> bool {
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

    pub fn scope(&self, offer: &Value) -> Vec<usize> {
        (0..self.lines.len()).filter(|l| self.in_scope(offer, *l)).collect()
    }

    /// The codes that do not depend on other promotions, up to `too_heavy`. Times are compared as
    /// text: the drawn ones all have one form.
    pub fn refused(&self, id: &str, offer: &Value, coupon: Option<&Value>) -> Option<&'static str> {
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
    pub fn times_left(&self, offer: &Value) -> Option<i64> {
        let used = self.member.and_then(|m| m.get("usage")).and_then(|u| int(u, text(offer, "id").unwrap())).unwrap_or(0);
        int(offer, "per_member").map(|most| (most - used).max(0))
    }
}
