//! Short words for the tests: a store with all tables, members, orders, and what follows from them.

use std::sync::Arc;

use serde_json::{Value, json};
use shuke_kernel::Clock;
use shuke_store::feed::Subscriber;
use shuke_store::jobs::JobRunner;
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
    shuke_coupons::TABLES,
]);

/// A shop on one engine.
pub struct Shop<'a> {
    pub api: &'a Api,
    pub t: &'a TestStore,
}

pub fn both(name: &str, test: impl Fn(&Shop<'_>)) {
    shuke_members::hooks::install(shuke_commerce::HOOKS);
    both_with(name, ALL, |t| {
        let routes = shuke_commerce::router();
        let routes = routes.merge(shuke_members::router()).merge(shuke_programme::router()).merge(shuke_coupons::router());
        let api = Api::of(app(t), routes);
        let shop = Shop { api: &api, t };
        test(&shop);
        shop.follow();
        let cx = t.ctx();
        assert_eq!(t.read(move |tx| shuke_coupons::audit::audit(tx, &cx)), Vec::<String>::new());
    });
}

pub fn yuan(fen: i64) -> Value {
    json!({ "amount": fen, "currency": "CNY" })
}

/// 10 yuan off for everybody, good for 7 days.
pub fn ten_off() -> Value {
    json!({ "name": "满 100 减 10", "offer": { "kind": "amount_off", "amount": 1_000, "min_amount": 10_000 }, "validity": { "days": 7 } })
}

impl Shop<'_> {
    /// Hands the subscriber everything that happened, until nothing more comes of it.
    pub fn follow(&self) {
        let subscriber: Arc<dyn Subscriber> = Arc::new(shuke_coupons::orders::Follow);
        loop {
            self.t.store.stamp_events().unwrap();
            if self.t.store.feed_subscriber(self.t.merchant, &subscriber, 100).unwrap() == 0 {
                break;
            }
        }
    }

    /// Notes what time did to coupons. Returns to how many.
    pub fn sweep(&self) -> usize {
        shuke_coupons::coupon::due::run(&self.t.store, self.t.merchant, &|| false).unwrap()
    }

    /// Runs what is queued: the making of codes.
    pub fn jobs(&self) {
        let runner = shuke_coupons::register_jobs(JobRunner::new(self.t.store.clone()));
        while runner.run_one().unwrap() {}
    }

    pub fn now(&self) -> String {
        self.t.clock.now().to_string()
    }

    pub fn minutes(&self, minutes: i64) {
        self.t.clock.advance_seconds(minutes * 60);
    }

    pub fn days(&self, days: i64) {
        self.t.clock.advance_seconds(days * 86_400);
    }

    pub fn member(&self, who: &str) -> String {
        let body = json!({ "external": { "source": "own", "id": who }, "keys": [{ "kind": "own_id", "namespace": "shop", "value": who }], "name": who });
        let made = self.api.done("POST", "/members", Some(body));
        let id = made["id"].as_str().or_else(|| made["member"]["id"].as_str()).unwrap_or_else(|| panic!("{made}"));
        id.to_owned()
    }

    pub fn template(&self, body: Value) -> String {
        let made = self.api.ok(201, "POST", "/coupons/templates", Some(body));
        made["id"].as_str().unwrap().to_owned()
    }

    /// A batch of that template, with more of a definition.
    pub fn batch(&self, template: &str, more: Value) -> String {
        let mut body = json!({ "name": "一批券", "template": template });
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        let made = self.api.ok(201, "POST", "/coupons/batches", Some(body));
        made["id"].as_str().unwrap().to_owned()
    }

    pub fn claims(&self, batch: &str, member: &str, id: &str) -> (u16, Value) {
        self.api.call("POST", &format!("/coupons/batches/{batch}/claim"), Some(json!({ "member": member, "id": id })))
    }

    /// The id of a coupon that a member claims.
    pub fn claimed(&self, batch: &str, member: &str, id: &str) -> String {
        let (status, had) = self.claims(batch, member, id);
        assert_eq!(status, 200, "{had}");
        had["coupon"]["id"].as_str().unwrap().to_owned()
    }

    pub fn lock(&self, order: &str, member: &str, coupon: &str, more: Value) -> (u16, Value) {
        let mut body = json!({
            "order": { "source": "own", "id": order }, "member": member, "coupons": [{ "coupon": coupon, "saving": yuan(1_000) }],
        });
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        self.api.call("POST", "/coupons/lock", Some(body))
    }

    /// Locks that must succeed.
    pub fn locked(&self, order: &str, member: &str, coupon: &str) -> Value {
        let (status, answer) = self.lock(order, member, coupon, json!({}));
        assert_eq!(status, 200, "{answer}");
        answer
    }

    /// What came of the one coupon of an order: `redeem`, `release` or `return`.
    pub fn turns(&self, what: &str, order: &str) -> String {
        let answer = self.api.ok(200, "POST", &format!("/coupons/{what}"), Some(json!({ "order": { "source": "own", "id": order } })));
        answer["items"][0]["result"].as_str().unwrap_or("nothing").to_owned()
    }

    pub fn coupon(&self, id: &str) -> Value {
        self.get(&format!("/coupons/{id}"))["coupon"].clone()
    }

    pub fn state(&self, id: &str) -> String {
        self.coupon(id)["state"].as_str().unwrap().to_owned()
    }

    /// What an order is said to be now.
    pub fn order(&self, no: &str, state: &str, more: Value) -> Value {
        let now = self.now();
        let mut order = json!({
            "external": { "source": "own", "id": no }, "platform": "own", "state": state, "currency": "CNY",
            "created_at": now, "updated_at": now, "lines": [{ "id": "1", "sku": "A", "quantity": 1, "unit_price": yuan(12_000) }],
        });
        if state != "created" {
            (order["paid"], order["paid_at"]) = (yuan(11_000), json!(now));
        }
        order.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        let done = self.api.done("POST", "/orders", Some(order));
        self.follow();
        done
    }

    pub fn get(&self, path: &str) -> Value {
        self.api.ok(200, "GET", path, None)
    }

    pub fn post(&self, path: &str, body: Value) -> Value {
        self.api.ok(200, "POST", path, Some(body))
    }

    /// The code with which a call is refused.
    pub fn refused(&self, status: u16, method: &str, path: &str, body: Value) -> String {
        let (got, answer) = self.api.call(method, path, Some(body));
        assert_eq!(got, status, "{method} {path}: {answer}");
        answer["code"].as_str().unwrap().to_owned()
    }

    /// Exceptions that are open.
    pub fn open(&self) -> Vec<Value> {
        self.get("/coupons/exceptions?state=open")["items"].as_array().unwrap().clone()
    }
}
