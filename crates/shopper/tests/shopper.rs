//! The shopper's page over HTTP, on both engines, in virtual time: who is let in and who is not, what is shown, what a claim answers.

use std::sync::Arc;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Request};
use serde_json::{Value, json};
use shuke_access::Merchant;
use shuke_access::merchants::{self, NewMerchant};
use shuke_http::{
    App, Authenticate, BoxFuture, Caller, Credential, HttpConfig, Permission, Permissions, Person, Presented, Problem, codes,
};
use shuke_kernel::{Actor, Clock, Ctx, MerchantNo};
use shuke_shopper::settings::{self, ProofKind};
use shuke_store::Lane;
use shuke_store::feed::Subscriber;
use shuke_store::register::{GROUND, Register};
use shuke_testkit::{TestStore, both_with};
use tokio::runtime::Runtime;
use tower::ServiceExt as _;

const ALL: Register = Register(&[
    GROUND,
    shuke_access::TABLES,
    shuke_members::TABLES,
    shuke_commerce::TABLES,
    shuke_programme::TABLES,
    shuke_benefits::TABLES,
    shuke_coupons::TABLES,
    shuke_shopper::TABLES,
]);
const PAGE: &str = "https://shop.example.com";

/// Keys `a`, `b` and `yen`: each may do everything at its merchant.
struct Keys(Vec<MerchantNo>);

impl Authenticate for Keys {
    fn caller<'a>(&'a self, _: &'a App, presented: Presented) -> BoxFuture<'a, Result<Caller, Problem>> {
        let place = match &presented.credential {
            Credential::Key(key) => ["a", "b", "yen"].iter().position(|k| k == key),
            Credential::Session(_) => None,
        };
        let merchant = place.and_then(|place| self.0.get(place).copied());
        Box::pin(async move {
            let merchant = merchant.ok_or_else(|| Problem::from(codes::UNAUTHENTICATED.refuse()))?;
            let permissions = Permissions::of(Permission::ALL);
            Ok(Caller { actor: Actor::Key([7; 16]), merchant, sandbox: false, role: None, permissions, per_second: Some(1_000_000) })
        })
    }

    fn person<'a>(&'a self, _: &'a App, _: Presented) -> BoxFuture<'a, Result<Person, Problem>> {
        Box::pin(async { Err(codes::PERSON.refuse().into()) })
    }
}

struct World<'t> {
    t: &'t TestStore,
    router: Router,
    runtime: Runtime,
    shops: Vec<Merchant>,
}

struct Answer {
    status: u16,
    headers: HeaderMap,
    json: Value,
    text: String,
}

impl World<'_> {
    fn ask(&self, method: &str, path: &str, headers: &[(&str, &str)], body: Option<Value>) -> Answer {
        let mut request =
            Request::builder().method(method).uri(path).header("content-type", "application/json").header("host", "shuke.test");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let request = request.body(body.map_or_else(Body::empty, |b| Body::from(b.to_string()))).unwrap();
        self.runtime.block_on(async {
            let response = self.router.clone().oneshot(request).await.unwrap();
            let (status, headers) = (response.status().as_u16(), response.headers().clone());
            let bytes = to_bytes(response.into_body(), 1 << 22).await.unwrap();
            let text = String::from_utf8_lossy(&bytes).into_owned();
            Answer { status, headers, json: serde_json::from_slice(&bytes).unwrap_or(Value::Null), text }
        })
    }

    /// What a shop asks, which must be answered.
    fn shop(&self, key: &str, method: &str, path: &str, body: Option<Value>) -> Value {
        let bearer = format!("Bearer {key}");
        let answer = self.ask(method, &format!("/api/v1{path}"), &[("authorization", &bearer), ("accept-language", "en")], body);
        assert!(answer.status < 300, "{method} {path}: {} {}", answer.status, answer.text);
        answer.json
    }

    fn guest(&self, pass: &str, method: &str, path: &str, body: Option<Value>) -> Answer {
        self.ask(method, &format!("/shopper/v1{path}"), &[("authorization", &format!("Bearer {pass}")), ("accept-language", "en")], body)
    }

    fn me(&self, pass: &str) -> Value {
        let answer = self.guest(pass, "GET", "/me", None);
        assert_eq!(answer.status, 200, "{}", answer.text);
        answer.json
    }

    fn follow(&self) {
        self.t.store.stamp_events().unwrap();
        for shop in &self.shops {
            let follow: [Arc<dyn Subscriber>; 2] =
                [Arc::new(shuke_programme::orders::follow::Follow), Arc::new(shuke_benefits::growth::follow::Follow)];
            while follow.iter().map(|one| self.t.store.feed_subscriber(shop.no, one, 100).unwrap()).sum::<usize>() > 0 {
                self.t.store.stamp_events().unwrap();
            }
        }
    }

    fn programme(&self, key: &str) -> String {
        let rules = json!({
            "earn": [{ "id": "base", "kind": "per_amount", "points": 1, "per_fen": 100 }],
            "ladder": { "tiers": [
                { "id": "v0", "name": "普通" },
                { "id": "v1", "name": "银牌", "entry": { "all": [{ "metric": "net_spend", "min": 50_000 }] } },
            ] },
        });
        let made = self.shop(key, "POST", "/programmes", Some(json!({ "name": "会员", "rules": rules })));
        made["id"].as_str().unwrap().to_owned()
    }

    /// An order; of nobody unless `who` says of whom. Its member, where it has one.
    fn order(&self, key: &str, number: &str, fen: i64, who: Option<&str>) -> String {
        let currency = if key == "yen" { "JPY" } else { "CNY" };
        let at = self.t.clock.now().to_string();
        let keys = who.map_or_else(|| json!([]), |who| json!([{ "kind": "own_id", "namespace": "shop", "value": who }]));
        let order = json!({
            "external": { "source": "taobao", "id": number }, "platform": "taobao", "state": "completed", "currency": currency,
            "paid": { "amount": fen, "currency": currency }, "created_at": at, "paid_at": at, "completed_at": at, "updated_at": at,
            "receiver": { "name": "张小梅", "phone": "13800138000" }, "buyer": { "keys": keys },
        });
        let made = self.shop(key, "POST", "/orders", Some(order));
        self.follow();
        made["member"].as_str().unwrap_or_default().to_owned()
    }

    fn link(&self, key: &str, member: &str) -> String {
        let made = self.shop(key, "POST", &format!("/members/{member}/shopper-link"), Some(json!({})));
        let token = made["token"].as_str().unwrap().to_owned();
        assert_eq!(made["url"], format!("https://pages.example.com/my#{token}"), "the pass stands where no server sees it");
        token
    }
}

fn both(name: &str, test: impl Fn(&World<'_>)) {
    shuke_members::hooks::install(shuke_commerce::HOOKS);
    both_with(name, ALL, |t| {
        let at = t.clock.now();
        let shops: Vec<Merchant> = [("甲店", "CNY"), ("乙店", "CNY"), ("丙店", "JPY")]
            .map(|(name, currency)| {
                let cx = Ctx::new(MerchantNo::SYSTEM, Actor::Cli, at);
                let shop = NewMerchant { currency: currency.parse().unwrap(), ..NewMerchant::named(name) };
                t.write(move |tx| merchants::create(tx, &cx, &shop))
            })
            .into();
        let keys = Keys(shops.iter().map(|shop| shop.no).collect());
        let app = App::new(t.store.clone(), Arc::new(keys), HttpConfig::default())
            .with(shuke_shopper::PublicUrl("https://pages.example.com/".to_owned()));
        let api = shuke_commerce::router().merge(shuke_members::router()).merge(shuke_programme::router());
        let api = api.merge(shuke_benefits::router()).merge(shuke_coupons::router()).merge(shuke_shopper::router());
        let pages = shuke_shopper::routes(app.clone()).fallback(|| async { "elsewhere" });
        let router = shuke_http::serve_router_with(app, api, pages);
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        test(&World { t, router, runtime, shops });
    });
}

#[test]
fn a_link_opens_the_members_card_in_both_languages_and_nothing_that_names_them() {
    both("card", |w| {
        let programme = w.programme("a");
        let member = w.order("a", "3891204771234471", 12_850, Some("mei"));
        let pass = w.link("a", &member);
        let me = w.me(&pass);
        assert_eq!((&me["shop"], &me["claim"]["left"]), (&json!("甲店"), &json!(10)), "{me}");
        let book = &me["books"][0];
        assert_eq!(book["points"], json!({ "available": 128, "pending": 0, "frozen": 0, "debt": 0 }), "{me}");
        assert_eq!((&book["ladder"], &book["tier"]["name"], &book["tier"]["place"]), (&json!(["普通", "银牌"]), &json!("普通"), &json!(0)));
        assert_eq!(book["next"]["sentence"], "Spend 371.50 yuan more to reach 银牌");
        assert_eq!(book["next"]["of"], json!([{ "metric": "net_spend", "have": 12_850, "need": 50_000 }]));
        assert_eq!(book["lots"], json!([{ "left": 128, "last_day": "2027-03-01", "days": 365 }]));
        let told: Vec<_> =
            book["history"].as_array().unwrap().iter().map(|l| (l["text"].as_str().unwrap(), &l["points"], &l["pending"])).collect();
        let (ready, way) = ("Order …4471 complete, points ready", "Order …4471 paid, points on their way");
        assert_eq!(told, [(ready, &json!(128), &json!(-128)), (way, &json!(0), &json!(128))]);
        let chinese = w.ask("GET", "/shopper/v1/me", &[("authorization", &format!("Bearer {pass}"))], None);
        assert_eq!(chinese.json["books"][0]["next"]["sentence"], "再消费 371.50 元升级银牌");
        for secret in ["13800138000", "张小梅", "3891204771234471", "own_id", member.as_str()] {
            assert!(!chinese.text.contains(secret), "{secret} is in {}", chinese.text);
        }
        assert_eq!(chinese.headers["cache-control"], "no-store");
        // Being here is a visit, once a day.
        for _ in 0..2 {
            assert_eq!(w.guest(&pass, "POST", "/visits", Some(json!({}))).status, 204);
        }
        assert_eq!(w.t.int("SELECT COUNT(*) FROM points_event WHERE kind = 'visit'"), 1);
        // What people of the shop wrote for each other stays with them.
        let adjust = json!({ "points": 30, "reason": "投诉补偿" });
        w.shop("a", "POST", &format!("/members/{member}/points/{programme}/adjust"), Some(adjust));
        w.shop("a", "POST", &format!("/members/{member}/points/{programme}/spend"), Some(json!({ "points": 50 })));
        let after = w.guest(&pass, "GET", "/me", None);
        assert!(!after.text.contains("投诉"), "{}", after.text);
        let texts: Vec<_> = after.json["books"][0]["history"].as_array().unwrap().iter().map(|l| l["text"].clone()).collect();
        assert_eq!(texts[..2], [json!("Points used"), json!("A gift of the shop")]);
        let older = w.guest(&pass, "GET", &format!("/history?programme={programme}&before=3"), None);
        assert_eq!(older.json["items"].as_array().map(Vec::len), Some(2), "{}", older.text);
    });
}

#[test]
fn coupons_are_shown_with_their_end_and_what_they_need_and_only_those_that_can_be_used() {
    both("coupons", |w| {
        let programme = w.programme("a");
        let member = w.order("a", "3891204771234471", 12_850, Some("mei"));
        let batch = |body: Value| {
            let template = w.shop("a", "POST", "/coupons/templates", Some(body));
            let made = w.shop("a", "POST", "/coupons/batches", Some(json!({ "name": "一批", "template": template["id"] })));
            made["id"].as_str().unwrap().to_owned()
        };
        let give = |batch: &str, member: &str| {
            let made = w.shop("a", "POST", &format!("/coupons/batches/{batch}/grants"), Some(json!({ "items": [{ "member": member }] })));
            made["items"][0]["coupon"]["id"].as_str().unwrap_or_default().to_owned()
        };
        let ten = batch(json!({
            "name": "满减", "description": "店庆", "offer": { "kind": "amount_off", "amount": 1_000, "min_amount": 10_000 }, "validity": { "days": 7 },
        }));
        let silver = batch(json!({
            "name": "普通会员券", "offer": { "kind": "percent_off", "pay_rate": "0.85", "tiers": ["v0"] }, "programme": programme,
            "validity": { "days": 30 },
        }));
        let pass = w.link("a", &member);
        assert_eq!(w.me(&pass)["coupons"], json!([]));
        let (taken, kept) = (give(&ten, &member), give(&silver, &member));
        let first = give(&ten, &member);
        w.shop("a", "POST", &format!("/coupons/{taken}/revoke"), Some(json!({ "reason": "投诉补偿" })));
        let saving = json!({ "amount": 1_000, "currency": "CNY" });
        let lock = json!({ "order": { "source": "own", "id": "1" }, "member": member, "coupons": [{ "coupon": first, "saving": saving }] });
        w.shop("a", "POST", "/coupons/lock", Some(lock));
        let coupons = w.me(&pass)["coupons"].clone();
        assert_eq!(coupons.as_array().map(Vec::len), Some(2), "{coupons}");
        assert_eq!((&coupons[0]["id"], &coupons[1]["id"]), (&json!(first), &json!(kept)), "the first to end first");
        assert_eq!((&coupons[0]["gives"], &coupons[0]["needs"]), (&json!("10 yuan off"), &json!(["from 100 yuan on"])));
        assert_eq!((&coupons[0]["says"], &coupons[0]["in_order"]), (&json!("店庆"), &json!(true)));
        assert_eq!(
            (&coupons[1]["gives"], &coupons[1]["kept_out"], &coupons[1]["in_order"]),
            (&json!("15% off"), &json!(false), &json!(false))
        );
        let chinese = w.ask("GET", "/shopper/v1/me", &[("authorization", &format!("Bearer {pass}"))], None);
        assert_eq!(chinese.json["coupons"][0]["needs"], json!(["满 100 元 可用"]));
        assert!(!chinese.text.contains("投诉"), "{}", chinese.text);
        // Another tier by now: it is shown, and that it cannot be used.
        w.order("a", "3891204771234473", 60_000, Some("mei"));
        assert_eq!(w.me(&pass)["coupons"][1]["kept_out"], json!(true));
        w.t.clock.advance_seconds(8 * 86_400);
        let pass = w.link("a", &member);
        assert_eq!(w.me(&pass)["coupons"].as_array().map(Vec::len), Some(1), "what has ended is not there");
    });
}

#[test]
fn tasks_are_shown_with_progress_and_reward_and_only_those_that_bring_something() {
    both("tasks", |w| {
        let programme = w.programme("a");
        let task = |name: &str, goal: Value, who: Value| {
            let body = json!({ "name": name, "says": "加油", "goal": goal, "who": who, "points": 30 });
            w.shop("a", "POST", "/growth-tasks", Some(body));
        };
        let everybody = json!({ "programme": programme });
        let spend = json!({ "kind": "spend", "amount": { "amount": 20_000, "currency": "CNY" } });
        task("消费", spend.clone(), everybody.clone());
        task("一单", json!({ "kind": "orders", "times": 1 }), everybody);
        task("银牌的", spend, json!({ "programme": programme, "tiers": ["v1"] }));
        w.follow();
        let member = w.order("a", "3891204771234471", 12_850, Some("mei"));
        let pass = w.link("a", &member);
        let tasks = w.me(&pass)["tasks"].clone();
        let brief: Vec<_> =
            tasks.as_array().unwrap().iter().map(|t| (t["name"].clone(), t["done"].clone(), t["missing"].clone())).collect();
        let want = [(json!("消费"), json!(false), json!("Spend 71.50 yuan more")), (json!("一单"), json!(true), json!("Done"))];
        assert_eq!(brief, want, "{tasks}");
        assert_eq!((&tasks[0]["have"], &tasks[0]["need"], &tasks[0]["reward"]), (&json!(12_850), &json!(20_000), &json!("30 points")));
        let chinese = w.ask("GET", "/shopper/v1/me", &[("authorization", &format!("Bearer {pass}"))], None);
        assert_eq!(chinese.json["tasks"][0]["missing"], "再消费 71.50 元");
    });
}

#[test]
fn forged_expired_ended_and_foreign_passes_open_nothing_and_are_not_told_apart() {
    both("passes", |w| {
        w.programme("a");
        let (theirs, other) = (w.order("a", "1", 10_000, Some("mei")), w.order("a", "2", 99_000, Some("li")));
        let stranger = w.order("b", "3", 77_000, Some("wu"));
        let pass = w.link("a", &theirs);
        let closed = |pass: &str, why: &str| {
            for (method, path, body) in [
                ("GET", "/me".to_owned(), None),
                ("GET", "/history?programme=prg_00000000000000000000000000&before=9".to_owned(), None),
                ("POST", "/claims".to_owned(), Some(json!({ "number": "1", "proof": { "kind": "paid", "value": "100" } }))),
            ] {
                let answer = w.guest(pass, method, &path, body);
                assert_eq!((answer.status, answer.json["code"].as_str()), (401, Some("shopper.link_over")), "{why}: {}", answer.text);
                assert_eq!(answer.json["detail"], "This link is not valid any more. Open the page from the shop again.");
            }
        };
        for (i, c) in pass.char_indices().step_by(3) {
            let mut forged: Vec<char> = pass.chars().collect();
            forged[i] = if c == '0' { '1' } else { '0' };
            closed(&forged.into_iter().collect::<String>(), &format!("character {i} is another"));
        }
        // Another member of the shop, and the same member at another shop, under the old mark.
        let letters = |id: &str| id.split_once('_').unwrap().1.to_owned();
        closed(&pass.replace(&letters(&theirs), &letters(&other)), "another member");
        let [a, b] = [0, 1].map(|i: usize| letters(&w.shops[i].id.to_string()));
        closed(&pass.replace(&a, &b), "another shop");
        closed(&w.link("b", &stranger).replace(&b, &a), "another shop's mark");
        for nothing in ["", "x", "sl1", "sl1.a.b.c.d.e", "sk_live_0000000000000000000000000000", "a"] {
            closed(nothing, "no pass");
        }
        assert_eq!(w.ask("GET", "/shopper/v1/me", &[], None).status, 401);
        // A pass is no key, and a key is no pass.
        let as_key = w.ask("GET", "/api/v1/members", &[("authorization", &format!("Bearer {pass}"))], None);
        assert_eq!(as_key.status, 401);
        // Each sees their own alone; nothing else can be named.
        assert_eq!(w.me(&pass)["books"][0]["points"]["available"], 100);
        assert_eq!(w.me(&w.link("a", &other))["books"][0]["points"]["available"], 990);
        let at_b = w.shop("b", "POST", "/programmes", Some(json!({ "name": "乙", "rules": {} })));
        let foreign = w.guest(&pass, "GET", &format!("/history?programme={}&before=99", at_b["id"].as_str().unwrap()), None);
        assert_eq!((foreign.status, &foreign.json["items"]), (200, &json!([])));
        // Another shop's key makes no link for this shop's member.
        let no = w.ask("POST", &format!("/api/v1/members/{theirs}/shopper-link"), &[("authorization", "Bearer b")], Some(json!({})));
        assert_eq!((no.status, no.json["code"].as_str()), (404, Some("member.not_found")));
        for seconds in [59, 86_401] {
            let bad = w.ask(
                "POST",
                &format!("/api/v1/members/{theirs}/shopper-link"),
                &[("authorization", "Bearer a")],
                Some(json!({ "seconds": seconds })),
            );
            assert_eq!(bad.status, 400);
        }
        // Over, to the second.
        w.t.clock.advance_seconds(1_799);
        w.me(&pass);
        w.t.clock.advance_seconds(1);
        closed(&pass, "over");
        // Ended by the shop, which ends no other shop's.
        let (again, at_b) = (w.link("a", &theirs), w.link("b", &stranger));
        w.me(&again);
        w.shop("a", "POST", "/shopper-page/end-links", Some(json!({})));
        closed(&again, "ended");
        w.me(&at_b);
        w.me(&w.link("a", &theirs));
        assert_eq!(w.t.int("SELECT COUNT(*) FROM audit_entry WHERE action = 'shopper.link_made'"), 6);
    });
}

#[test]
fn claims_are_counted_written_down_and_answer_alike_whatever_was_wrong() {
    both("claims", |w| {
        let programme = w.programme("a");
        let (mei, li) = (w.order("a", "own-1", 10_000, Some("mei")), w.order("a", "own-2", 10_000, Some("li")));
        for number in ["5550001112223333", "5550001112224444", "5550001112225555"] {
            assert_eq!(w.order("a", number, 20_000, None), "", "nobody's yet");
        }
        let claim = |pass: &str, number: &str, kind: &str, value: &str| {
            w.guest(pass, "POST", "/claims", Some(json!({ "number": number, "proof": { "kind": kind, "value": value } })))
        };
        let (pass, of_li) = (w.link("a", &mei), w.link("a", &li));
        let refused = |answer: Answer| {
            let mut told = answer.json.clone();
            told["request_id"] = Value::Null;
            (answer.status, told)
        };
        let wrong_number = refused(claim(&pass, "5550001112229999", "phone_last4", "8000"));
        assert_eq!((wrong_number.0, wrong_number.1["code"].as_str()), (422, Some("shopper.claim_not_proven")));
        let others = [
            ("5550001112223333", "phone_last4", "8001"),
            ("5550001112223333", "receiver_name", "张大梅"),
            ("5550001112223333", "paid", "200.01"),
            ("5550001112223333", "paid", "viel"),
            // Another member's.
            ("own-2", "phone_last4", "8000"),
        ];
        for (number, kind, value) in others {
            assert_eq!(refused(claim(&pass, number, kind, value)), wrong_number, "{number} {kind} {value}");
        }
        assert_eq!(refused(claim(&of_li, "555000111222", "phone_last4", "8000")), wrong_number, "a number's beginning is none");
        for (number, kind, value, result) in [
            ("5550001112223333", "phone_last4", "8000", "claimed"),
            ("5550001112223333", "phone_last4", "8000", "already_yours"),
            ("5550001112224444", "paid", "200", "claimed"),
        ] {
            let done = claim(&pass, number, kind, value);
            assert_eq!((done.status, &done.json["result"]), (200, &json!(result)), "{}", done.text);
        }
        w.follow();
        assert_eq!(w.me(&pass)["books"][0]["points"]["available"], 500, "its points came with it");
        assert_eq!(w.me(&pass)["claim"]["left"], 1);
        assert_eq!(refused(claim(&of_li, "5550001112223333", "phone_last4", "8000")), wrong_number, "it is somebody's by now");
        // The tenth is the last of the day, and then even the right one is not looked at.
        assert_eq!(claim(&pass, "5550001112225555", "receiver_name", "张").status, 422);
        let over = claim(&pass, "5550001112225555", "receiver_name", "张小梅");
        assert_eq!((over.status, over.json["code"].as_str()), (429, Some("shopper.too_many_tries")));
        assert_eq!(w.me(&pass)["claim"]["left"], 0);
        // Who goes on is told the same, and fills no audit.
        for _ in 0..5 {
            assert_eq!(claim(&pass, "5550001112225555", "receiver_name", "张小梅").status, 429);
        }
        // Somebody else has tries of their own; the next day there are ten again.
        assert_eq!(w.me(&of_li)["claim"]["left"], 8);
        w.t.clock.advance_seconds(86_400);
        let tomorrow = w.link("a", &mei);
        assert_eq!(claim(&tomorrow, "5550001112225555", "receiver_name", "张小梅").json["result"], "claimed");
        assert_eq!(w.t.int("SELECT COUNT(*) FROM shopper_try"), 2, "of each one day is kept");
        assert_eq!(w.t.int("SELECT COUNT(*) FROM audit_entry WHERE action = 'shopper.claim_tried'"), 14, "every try");
        // What the shop does not take is answered like what is wrong.
        w.shop("a", "PUT", "/shopper-page", Some(json!({ "origins": [], "proofs": ["receiver_name"] })));
        w.order("a", "5550001112226666", 20_000, None);
        assert_eq!(refused(claim(&tomorrow, "5550001112226666", "phone_last4", "8000")), wrong_number);
        assert_eq!(w.me(&tomorrow)["claim"]["proofs"], json!(["receiver_name"]));
        for bad in [
            json!({}),
            json!({ "number": "", "proof": { "kind": "paid", "value": "1" } }),
            json!({ "number": "1", "proof": { "kind": "x", "value": "1" } }),
        ] {
            assert_eq!(w.guest(&tomorrow, "POST", "/claims", Some(bad)).status, 400);
        }
        let _ = programme;
    });
}

#[test]
fn what_was_claimed_goes_with_whom_a_merge_makes_the_member_and_comes_back() {
    both("claimed and merged", |w| {
        w.programme("a");
        let (li, mei) = (w.order("a", "own-1", 10_000, Some("li")), w.order("a", "own-2", 10_000, Some("mei")));
        w.order("a", "5550001112223333", 20_000, None);
        let claim = json!({ "number": "5550001112223333", "proof": { "kind": "phone_last4", "value": "8000" } });
        assert_eq!(w.guest(&w.link("a", &mei), "POST", "/claims", Some(claim.clone())).json["result"], "claimed");
        w.follow();
        let orders = |member: &str| w.shop("a", "GET", &format!("/members/{member}/orders"), None)["items"].as_array().unwrap().len();
        assert_eq!((orders(&li), orders(&mei)), (1, 2));
        w.t.clock.advance_seconds(60);
        let merged = w.shop("a", "POST", &format!("/members/{li}/merge"), Some(json!({ "other": mei, "reason": "one" })));
        w.follow();
        assert_eq!((orders(&li), orders(&mei)), (3, 3));
        assert_eq!(w.me(&w.link("a", &li))["books"][0]["points"]["available"], 400);
        let again = w.guest(&w.link("a", &li), "POST", "/claims", Some(claim));
        assert_eq!(again.json["result"], "already_yours", "{}", again.text);
        w.t.clock.advance_seconds(60);
        let path = format!("/merges/{}/unmerge", merged["merge_id"].as_str().unwrap());
        w.shop("a", "POST", &path, Some(json!({ "reason": "two" })));
        w.follow();
        assert_eq!((orders(&li), orders(&mei)), (1, 2));
        let points = |member: &str| w.me(&w.link("a", member))["books"][0]["points"]["available"].clone();
        assert_eq!((points(&li), points(&mei)), (json!(100), json!(300)));
    });
}

#[test]
fn yen_have_no_places() {
    both("yen", |w| {
        w.programme("yen");
        let member = w.order("yen", "own-1", 12_850, Some("mei"));
        assert_eq!(w.order("yen", "5550001112223333", 1_280, None), "");
        let pass = w.link("yen", &member);
        let me = w.me(&pass);
        assert_eq!((&me["currency"], &me["digits"]), (&json!("JPY"), &json!(0)));
        assert_eq!(me["books"][0]["next"]["sentence"], "Spend 37150 JPY more to reach 银牌");
        let claim = |value: &str| {
            w.guest(&pass, "POST", "/claims", Some(json!({ "number": "5550001112223333", "proof": { "kind": "paid", "value": value } })))
        };
        assert_eq!((claim("12.80").status, claim("1280").json["result"].as_str()), (422, Some("claimed")));
    });
}

#[test]
fn links_that_were_ended_do_not_hold_again_however_settings_are_put_meanwhile() {
    both("ended meanwhile", |w| {
        let member = w.order("a", "own-1", 12_850, Some("mei"));
        let pass = w.link("a", &member);
        w.me(&pass);
        let (merchant, at, store) = (w.shops[0].no, w.t.clock.now(), &w.t.store);
        std::thread::scope(|scope| {
            for thread in 0..8 {
                scope.spawn(move || {
                    for _ in 0..10 {
                        let cx = Ctx::new(merchant, Actor::Cli, at);
                        store
                            .write_now(Lane::Interactive, move |tx| {
                                if thread % 2 == 0 {
                                    settings::end_links(tx, &cx)
                                } else {
                                    settings::put(tx, &cx, &[PAGE.to_owned()], &[ProofKind::Paid])
                                }
                            })
                            .unwrap();
                    }
                });
            }
        });
        let kept = w.t.read(move |tx| settings::get(tx, merchant));
        assert_eq!((kept.generation, kept.origins.as_slice(), kept.proofs), (41, &[PAGE.to_owned()][..], vec![ProofKind::Paid]));
        assert_eq!(w.guest(&pass, "GET", "/me", None).status, 401);
    });
}

#[test]
fn pages_of_other_origins_are_answered_where_the_shop_named_them() {
    both("origins", |w| {
        let member = w.order("a", "1", 10_000, Some("mei"));
        let pass = w.link("a", &member);
        let bearer = format!("Bearer {pass}");
        let from = |origin: &str, path: &str, body: Option<Value>| {
            let method = if body.is_some() { "POST" } else { "GET" };
            w.ask(method, path, &[("authorization", &bearer), ("origin", origin)], body)
        };
        let no = from(PAGE, "/shopper/v1/me", None);
        assert_eq!((no.status, no.json["code"].as_str()), (403, Some("shopper.origin_not_allowed")));
        assert!(!no.headers.contains_key("access-control-allow-origin"));
        assert_eq!(from("https://shuke.test", "/shopper/v1/me", None).status, 200, "its own page");
        for bad in [json!(["http://shop.example.com"]), json!(["*"]), json!([format!("{PAGE}/")])] {
            let put =
                w.ask("PUT", "/api/v1/shopper-page", &[("authorization", "Bearer a")], Some(json!({ "origins": bad, "proofs": ["paid"] })));
            assert_eq!((put.status, put.json["code"].as_str()), (400, Some("shopper.bad_origin")));
        }
        w.shop("a", "PUT", "/shopper-page", Some(json!({ "origins": [PAGE], "proofs": ["paid"] })));
        assert_eq!(w.shop("a", "GET", "/shopper-page", None)["origins"], json!([PAGE]));
        let yes = from(PAGE, "/shopper/v1/me", None);
        assert_eq!((yes.status, yes.headers["access-control-allow-origin"].to_str().unwrap()), (200, PAGE));
        assert!(!yes.headers.contains_key("access-control-allow-credentials"));
        let refused = from(PAGE, "/shopper/v1/claims", Some(json!({ "number": "9", "proof": { "kind": "paid", "value": "1" } })));
        assert_eq!((refused.status, refused.headers["access-control-allow-origin"].to_str().unwrap()), (422, PAGE), "it may read why");
        assert_eq!(from("https://evil.example", "/shopper/v1/me", None).status, 403);
        let before = w.ask("OPTIONS", "/shopper/v1/me", &[("origin", PAGE), ("access-control-request-method", "GET")], None);
        assert_eq!(
            (before.status, before.headers["access-control-allow-headers"].to_str().unwrap().contains("authorization")),
            (204, true)
        );
    });
}

#[test]
fn the_page_brings_its_own_guard() {
    both("page", |w| {
        for (path, kind) in
            [("/my", "text/html"), ("/my/app.js", "text/javascript"), ("/my/words.js", "text/javascript"), ("/my/page.css", "text/css")]
        {
            let page = w.ask("GET", path, &[], None);
            assert_eq!(page.status, 200, "{path}");
            assert!(page.headers["content-type"].to_str().unwrap().starts_with(kind), "{path}");
            let guard = page.headers["content-security-policy"].to_str().unwrap().to_owned();
            assert!(
                guard.starts_with("default-src 'none'") && !guard.contains("unsafe") && guard.contains("frame-ancestors 'none'"),
                "{guard}"
            );
            assert_eq!(page.headers["referrer-policy"], "no-referrer");
        }
        assert_eq!(w.ask("GET", "/my/../Cargo.toml", &[], None).text, "elsewhere");
        assert_eq!(w.ask("GET", "/my/other.js", &[], None).status, 404);
        let html = w.ask("GET", "/my", &[], None).text;
        assert!(
            !html.contains("style=") && !html.contains("onclick") && !html.contains("<script>"),
            "nothing stands in the page that its guard forbids"
        );
    });
}

#[test]
fn statements_stand() {
    shuke_testkit::prepare_all(ALL, shuke_shopper::STATEMENTS);
}
