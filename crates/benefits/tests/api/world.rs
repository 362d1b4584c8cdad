//! Short words for the tests: a store with all tables, a programme, members with points.

use std::sync::Arc;

use serde_json::{Value, json};
use shuke_kernel::Clock;
use shuke_programme::orders::follow::Follow;
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
    shuke_benefits::TABLES,
]);

/// A shop on one engine.
pub struct Shop<'a> {
    pub api: &'a Api,
    pub t: &'a TestStore,
    pub programme: String,
}

pub fn both(name: &str, test: impl Fn(&Shop<'_>)) {
    shuke_members::hooks::install(shuke_members::hooks::Hooks { erased, ..shuke_commerce::HOOKS });
    both_with(name, ALL, |t| {
        let routes = shuke_commerce::router();
        let routes = routes.merge(shuke_members::router()).merge(shuke_programme::router()).merge(shuke_benefits::router());
        let routes = routes.merge(shuke_coupons::router());
        let api = Api::of(app(t), routes);
        let made = json!({ "name": "会员计划", "rules": rules(), "begins_at": "2026-01-01T00:00:00Z" });
        let programme = api.ok(201, "POST", "/programmes", Some(made))["id"].as_str().unwrap().to_owned();
        let shop = Shop { api: &api, t, programme };
        shop.follow();
        test(&shop);
        // A thousand books folded anew are no work of seconds on a busy machine.
        let (cx, deep) = (t.ctx(), t.int("SELECT COUNT(*) FROM points_book") < 100);
        let found = t.read(move |tx| {
            let mut found = shuke_benefits::audit::audit(tx, &cx)?;
            found.extend(shuke_coupons::audit::audit(tx, &cx)?);
            found.extend(shuke_programme::book::audit::audit(tx, &cx, deep)?);
            Ok(found)
        });
        assert_eq!(found, Vec::<String>::new());
    });
}

fn erased(tx: &mut shuke_store::Tx<'_>, cx: &shuke_kernel::Ctx, members: &[shuke_members::MemberId]) -> shuke_kernel::Result<()> {
    shuke_programme::book::erase::erased(tx, cx, members)?;
    (shuke_commerce::HOOKS.erased)(tx, cx, members)
}

/// Three tiers by spend.
pub fn rules() -> Value {
    json!({
        "earn": [{ "id": "base", "kind": "per_amount", "points": 1, "per_fen": 100 }],
        "ladder": { "tiers": [
            { "id": "普通" },
            { "id": "银牌", "entry": { "all": [{ "metric": "net_spend", "min": 10_000 }] } },
            { "id": "金牌", "entry": { "any": [{ "metric": "net_spend", "min": 50_000 }, { "metric": "growth", "min": 1_000 }] } },
        ] },
    })
}

pub fn yuan(fen: i64) -> Value {
    json!({ "amount": fen, "currency": "CNY" })
}

impl Shop<'_> {
    /// Hands every subscriber everything that happened, until nothing more comes of it.
    pub fn follow(&self) {
        let subscribers: [Arc<dyn Subscriber>; 3] =
            [Arc::new(Follow), Arc::new(shuke_benefits::pack::follow::Follow), Arc::new(shuke_benefits::growth::follow::Follow)];
        loop {
            self.t.store.stamp_events().unwrap();
            let taken: usize = subscribers.iter().map(|s| self.t.store.feed_subscriber(self.t.merchant, s, 100).unwrap()).sum();
            if taken == 0 {
                break;
            }
        }
    }

    /// Runs what is queued: the walks of tasks.
    pub fn jobs(&self) {
        let runner = shuke_benefits::register_jobs(JobRunner::new(self.t.store.clone()));
        while runner.run_one().unwrap() {}
        self.follow();
    }

    pub fn now(&self) -> String {
        self.t.clock.now().to_string()
    }

    pub fn days(&self, days: i64) {
        self.t.clock.advance_seconds(days * 86_400);
    }

    /// A member of that own id with more of a profile.
    pub fn member_with(&self, who: &str, more: Value) -> String {
        let mut body = json!({ "external": { "source": "own", "id": who }, "keys": [{ "kind": "own_id", "namespace": "shop", "value": who }], "name": who });
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        let made = self.api.done("POST", "/members", Some(body));
        let id = made["id"].as_str().or_else(|| made["member"]["id"].as_str()).unwrap_or_else(|| panic!("{made}"));
        id.to_owned()
    }

    pub fn member(&self, who: &str) -> String {
        self.member_with(who, json!({}))
    }

    /// An order that is completed now; the points are booked.
    pub fn buys(&self, no: &str, who: &str, fen: i64) -> String {
        let now = self.now();
        let order = json!({
            "external": { "source": "taobao", "id": no }, "platform": "taobao", "state": "completed", "currency": "CNY", "paid": yuan(fen),
            "created_at": now, "paid_at": now, "updated_at": now, "completed_at": now,
            "buyer": { "keys": [{ "kind": "own_id", "namespace": "shop", "value": who }] },
        });
        let done = self.api.done("POST", "/orders", Some(order));
        self.follow();
        done["member"].as_str().unwrap_or_else(|| panic!("{done}")).to_owned()
    }

    pub fn gets(&self, member: &str, points: i64) {
        let path = format!("/members/{member}/points/{}/adjust", self.programme);
        self.api.ok(200, "POST", &path, Some(json!({ "points": points, "reason": "x" })));
    }

    pub fn available(&self, member: &str) -> i64 {
        let books = self.api.ok(200, "GET", &format!("/members/{member}/points"), None);
        books["items"][0]["accounts"]["available"].as_i64().unwrap_or(0)
    }

    pub fn make(&self, what: &str, body: Value) -> String {
        let made = self.api.ok(201, "POST", what, Some(body));
        made["id"].as_str().unwrap().to_owned()
    }

    pub fn check(&self, member: &str, benefit: &str) -> Value {
        self.api.ok(200, "POST", &format!("/members/{member}/benefits/{benefit}/check"), Some(json!({})))
    }

    pub fn uses(&self, member: &str, benefit: &str, id: &str) -> (u16, Value) {
        self.api.call("POST", &format!("/members/{member}/benefits/{benefit}/use"), Some(json!({ "id": id })))
    }

    pub fn redeems(&self, member: &str, reward: &str, id: &str) -> (u16, Value) {
        self.api.call("POST", &format!("/members/{member}/rewards/{reward}/redeem"), Some(json!({ "id": id })))
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
}
