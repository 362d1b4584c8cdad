//! Short words for the tests: a shop with a programme of three tiers, members, orders, promotions.

use std::sync::Arc;

use serde_json::{Value, json};
use shuke_kernel::Clock;
use shuke_programme::orders::follow::Follow;
use shuke_store::register::{GROUND, Register};
use shuke_testkit::web::{Api, app};
use shuke_testkit::{TestStore, both_with};

pub const ALL: Register = Register(&[
    GROUND,
    shuke_access::TABLES,
    shuke_members::TABLES,
    shuke_commerce::TABLES,
    shuke_programme::TABLES,
    shuke_segments::TABLES,
    shuke_benefits::TABLES,
    shuke_promotions::TABLES,
]);

/// A shop on one engine.
pub struct Shop<'a> {
    pub api: &'a Api,
    pub t: &'a TestStore,
    pub programme: String,
}

pub fn both(name: &str, test: impl Fn(&Shop<'_>)) {
    shuke_members::hooks::install(shuke_commerce::HOOKS);
    both_with(name, ALL, |t| {
        let routes = shuke_commerce::router().merge(shuke_members::router());
        let routes = routes.merge(shuke_programme::router()).merge(shuke_promotions::router());
        let api = Api::of(app(t), routes);
        let rules = json!({
            "earn": [{ "id": "base", "kind": "per_amount", "points": 1, "per_fen": 100 }],
            "ladder": { "tiers": [
                { "id": "普通" },
                { "id": "银牌", "entry": { "all": [{ "metric": "net_spend", "min": 10_000 }] } },
                { "id": "金牌", "entry": { "all": [{ "metric": "net_spend", "min": 50_000 }] } },
            ] },
        });
        let made = json!({ "name": "会员计划", "rules": rules, "begins_at": "2026-01-01T00:00:00Z" });
        let programme = api.ok(201, "POST", "/programmes", Some(made))["id"].as_str().unwrap().to_owned();
        let shop = Shop { api: &api, t, programme };
        shop.follow();
        test(&shop);
    });
}

pub fn yuan(fen: i64) -> Value {
    json!({ "amount": fen, "currency": "CNY" })
}

impl Shop<'_> {
    /// Hands the programme everything that happened.
    pub fn follow(&self) {
        self.t.store.stamp_events().unwrap();
        while self.t.store.feed_subscriber(self.t.merchant, &Arc::new(Follow), 100).unwrap() > 0 {}
    }

    pub fn after(&self, seconds: i64) -> String {
        self.t.clock.now().plus_seconds(seconds).to_string()
    }

    pub fn passes(&self, seconds: i64) {
        self.t.clock.advance_seconds(seconds);
    }

    /// A member of that own id with more of a profile.
    pub fn member(&self, who: &str, more: Value) -> String {
        let mut body = json!({ "external": { "source": "own", "id": who }, "keys": [{ "kind": "own_id", "namespace": "shop", "value": who }], "name": who });
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        let made = self.api.done("POST", "/members", Some(body));
        let id = made["id"].as_str().or_else(|| made["member"]["id"].as_str()).unwrap_or_else(|| panic!("{made}"));
        id.to_owned()
    }

    /// An order that is completed now, with discounts of these names; the points are booked.
    pub fn buys(&self, no: &str, who: &str, fen: i64, discounts: &[&str]) -> String {
        let now = self.after(0);
        let discounts: Vec<Value> = discounts.iter().map(|name| json!({ "payer": "shop", "name": name, "amount": yuan(100) })).collect();
        let order = json!({
            "external": { "source": "own", "id": no }, "platform": "own", "state": "completed", "currency": "CNY", "paid": yuan(fen),
            "discounts": discounts, "created_at": now, "paid_at": now, "updated_at": now, "completed_at": now,
            "buyer": { "keys": [{ "kind": "own_id", "namespace": "shop", "value": who }] },
        });
        let done = self.api.done("POST", "/orders", Some(order));
        self.follow();
        done["member"].as_str().unwrap_or_else(|| panic!("{done}")).to_owned()
    }

    /// A promotion with a draft.
    pub fn draft(&self, name: &str, rules: Value) -> Value {
        self.api.ok(201, "POST", "/promotions", Some(json!({ "name": name, "rules": rules })))
    }

    /// A promotion in force from now on; its id.
    pub fn runs(&self, name: &str, rules: Value) -> String {
        let made = self.draft(name, rules);
        self.publish(&made, json!({}))["id"].as_str().unwrap().to_owned()
    }

    /// Publishes what was read of a promotion.
    pub fn publish(&self, read: &Value, more: Value) -> Value {
        let mut body = json!({ "version": read["version"] });
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        self.post(&format!("/promotions/{}/publish", read["id"].as_str().unwrap()), body)
    }

    pub fn get(&self, path: &str) -> Value {
        self.api.ok(200, "GET", path, None)
    }

    pub fn post(&self, path: &str, body: Value) -> Value {
        self.api.ok(200, "POST", path, Some(body))
    }

    /// The code and the place with which a call is refused.
    pub fn refused(&self, status: u16, method: &str, path: &str, body: Value) -> (String, String) {
        let (got, answer) = self.api.call(method, path, Some(body));
        assert_eq!(got, status, "{method} {path}: {answer}");
        (answer["code"].as_str().unwrap().to_owned(), answer["field"].as_str().unwrap_or_default().to_owned())
    }

    /// Whose tiers and points are meant, and more settings.
    pub fn settings(&self, settings: Value) -> Value {
        let body = json!({ "settings": settings, "programme": self.programme });
        self.api.ok(201, "POST", "/pricing/settings/versions", Some(body))
    }

    /// What goods of so many fen cost a member, or a guest.
    pub fn price(&self, member: Option<&String>, fen: i64, more: Value) -> Value {
        let mut cart =
            json!({ "member": member, "lines": [{ "line": "1", "sku": "A", "category": "home/kitchen", "unit_price": fen, "qty": 1 }] });
        cart.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        self.post("/carts/price", cart)
    }

    pub fn total(&self, member: Option<&String>, fen: i64) -> i64 {
        self.price(member, fen, json!({}))["order"]["total"].as_i64().unwrap()
    }
}
