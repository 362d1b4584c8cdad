//! The audit chain, keys and their scopes, merchants apart, rotation of keys, every statement.

mod common;

use common::{OWNER, PASSWORD, REGISTER, Web};
use serde_json::json;
use shuke_access::{STATEMENTS, audit, privacy, testing, upkeep};
use shuke_http::Permission;
use shuke_kernel::{Actor, Ctx};
use shuke_store::jobs::JobRunner;
use shuke_store::{Value, args};
use shuke_testkit::both_with;

#[test]
fn every_statement_prepares_on_both_engines() {
    shuke_testkit::prepare_all(REGISTER, STATEMENTS);
}

#[test]
fn the_chain_shows_every_change_and_survives_erasure() {
    both_with("audit", REGISTER, |t| {
        let m = t.merchant;
        for i in 0..5 {
            let cx = Ctx { actor: Actor::Cli, ..t.ctx() };
            let seq = t.write(move |tx| audit::record(tx, &cx, "thing.done", &format!("thg_{i}"), &format!("为 {i} 做了")));
            assert_eq!(seq, i + 1);
        }
        let verdict = || {
            let v = t.read(move |tx| audit::verify(tx, m));
            (v.checked, v.first_bad)
        };
        assert_eq!(verdict(), (5, None));
        assert_eq!(t.write(move |tx| audit::erase_payloads(tx, m, "thg_1")), 1);
        assert_eq!(verdict(), (5, None), "an erased payload leaves the chain whole");
        let cx = t.ctx();
        let list = t.read(move |tx| audit::list(tx, &cx, &audit::Filter::default(), i64::MAX, 10));
        assert_eq!((list[3].seq, list[3].summary.as_deref()), (2, None));
        assert_eq!(list[0].summary.as_deref(), Some("为 4 做了"));

        // Each attempt at changing history is seen at its place, then taken back.
        let cases: [(&str, &str, Option<i64>); 4] = [
            (
                "UPDATE audit_entry SET actor = 'stf_x' WHERE merchant = 1001 AND seq = 3",
                "UPDATE audit_entry SET actor = 'cli' WHERE merchant = 1001 AND seq = 3",
                Some(3),
            ),
            (
                "UPDATE audit_entry SET at = at + 1 WHERE merchant = 1001 AND seq = 4",
                "UPDATE audit_entry SET at = at - 1 WHERE merchant = 1001 AND seq = 4",
                Some(4),
            ),
            (
                "UPDATE audit_entry SET seq = 99 WHERE merchant = 1001 AND seq = 2",
                "UPDATE audit_entry SET seq = 2 WHERE merchant = 1001 AND seq = 99",
                Some(2),
            ),
            ("UPDATE audit_head SET seq = 4 WHERE merchant = 1001", "UPDATE audit_head SET seq = 5 WHERE merchant = 1001", Some(6)),
        ];
        for (tamper, back, first_bad) in cases {
            t.write(move |tx| tx.exec(tamper, args![]));
            assert_eq!(verdict().1, first_bad, "{tamper}");
            t.write(move |tx| tx.exec(back, args![]));
            assert_eq!(verdict(), (5, None));
        }
        // A payload taken from another entry does not open there.
        t.write(|tx| {
            let payload: Vec<u8> = tx.one("SELECT payload FROM audit_entry WHERE merchant = 1001 AND seq = 3", args![])?.get(0)?;
            tx.exec("UPDATE audit_entry SET payload = $1 WHERE merchant = 1001 AND seq = 4", &[Value::from(payload)])
        });
        assert_eq!(verdict(), (3, Some(4)));
        // The end cut off.
        t.write(|tx| tx.exec("DELETE FROM audit_entry WHERE merchant = 1001 AND seq >= 4", args![]));
        assert_eq!(verdict(), (3, Some(4)));
    });
}

#[test]
fn keys_have_scopes_belong_to_one_merchant_and_die_at_once() {
    both_with("keys", REGISTER, |t| {
        let shop = testing::found(&t.store, OWNER, PASSWORD).expect("a merchant");
        let (_, other, foreign) = testing::another(&t.store, "别家", false, Permission::ALL).expect("another");
        let web = Web::over(t);
        let make = |key: &str, scopes: &[&str], test: bool| {
            web.keyed(key, "POST", "/keys", Some(json!({"name": "ERP", "scopes": scopes, "test": test})))
        };
        let made = make(&shop.key, &["orders:read", "keys:manage"], false);
        assert_eq!(made.status, 201, "{}", made.body);
        let (narrow, id) =
            (made.body["secret"].as_str().expect("a secret").to_owned(), made.body["key"]["id"].as_str().expect("an id").to_owned());
        assert!(narrow.starts_with("sk_live_") && narrow.starts_with(made.body["key"]["prefix"].as_str().expect("a prefix")));
        assert_eq!(make(&shop.key, &["orders:fly"], false).code(), "access.unknown_scope");
        assert_eq!(make(&shop.key, &[], false).code(), "access.no_scope");
        assert_eq!(make(&shop.key, &["orders:read"], true).code(), "access.test_key_needs_sandbox");
        assert_eq!(make(&narrow, &["members:read"], false).code(), "access.scope_too_wide");
        assert_eq!(web.keyed(&narrow, "GET", "/shops", None).status, 200);
        assert_eq!(web.keyed(&narrow, "GET", "/audit", None).code(), "access.forbidden");
        assert_eq!(web.keyed(&narrow, "GET", "/sessions/current", None).code(), "access.person_needed");

        let shop_made = web.keyed(
            &shop.key,
            "POST",
            "/shops",
            Some(json!({"name": "旗舰店", "platform": "tmall", "external": {"source": "erp", "id": "S1"}})),
        );
        assert_eq!(shop_made.status, 201, "{}", shop_made.body);
        let path = format!("/shops/{}", shop_made.body["id"].as_str().expect("an id"));
        assert_eq!(web.keyed(&shop.key, "GET", &path, None).status, 200);
        assert_eq!(web.keyed(&foreign, "GET", &path, None).code(), "access.shop_not_found", "another merchant's key");
        assert_eq!(web.keyed(&foreign, "PATCH", &path, Some(json!({"name": "x"}))).status, 404);
        assert_eq!(web.keyed(&foreign, "DELETE", &format!("/keys/{id}"), None).status, 404);
        let other = other.to_string();
        let wrong = web.ask("GET", "/shops", &[("authorization", &format!("Bearer {}", shop.key)), ("shuke-merchant", &other)], None);
        assert_eq!(wrong.code(), "access.not_your_merchant");

        assert_eq!(web.keyed(&shop.key, "DELETE", &format!("/keys/{id}"), None).status, 204);
        assert_eq!(web.keyed(&narrow, "GET", "/shops", None).status, 401);
        assert_eq!(web.keyed("sk_live_madeup", "GET", "/shops", None).code(), "access.unauthenticated");
        let listed = web.keyed(&shop.key, "GET", "/keys?limit=1", None);
        assert_eq!(listed.body["items"].as_array().map(Vec::len), Some(1));

        let (_, _, sandbox) = testing::another(&t.store, "沙箱", true, Permission::ALL).expect("a sandbox");
        assert!(sandbox.starts_with("sk_test_"));
        assert_eq!(make(&sandbox, &["orders:read"], false).code(), "access.sandbox_needs_test_key");
        let audit = web.keyed(&shop.key, "GET", "/audit/verify", None);
        assert_eq!((audit.body["ok"].as_bool(), audit.body["checked"].as_i64().unwrap_or(0) > 4), (Some(true), true));
        let revoked = web.keyed(&shop.key, "GET", "/audit?action=key.revoked", None);
        assert_eq!(revoked.body["items"][0]["subject"], id);
    });
}

#[test]
fn settings_change_and_what_does_not_fit_is_refused() {
    both_with("merchant", REGISTER, |t| {
        let shop = testing::found(&t.store, OWNER, PASSWORD).expect("a merchant");
        let web = Web::over(t);
        let patch = |body| web.keyed(&shop.key, "PATCH", "/merchants/current", Some(body));
        let changed = patch(json!({"settings": {"settlement_delay_days": 7, "pay_time_policy": "unknown"}, "zone": "Asia/Urumqi"}));
        assert_eq!(changed.body["settings"]["settlement_delay_days"], 7, "{}", changed.body);
        assert_eq!(changed.body["settings"]["merge_on_contact"], false);
        assert_eq!(patch(json!({"zone": "Mars/Olympus"})).code(), "access.unknown_zone");
        assert_eq!(patch(json!({"settings": {"settlement_delay_days": 91}})).code(), "access.invalid_setting");
        assert_eq!(patch(json!({"settings": {"colour": 1}})).code(), "request.invalid");
        assert_eq!(patch(json!({"name": " "})).code(), "access.invalid_name");
        assert_eq!(web.keyed(&shop.key, "GET", "/merchants/current", None).body["zone"], "Asia/Urumqi");
        let cookie = web.ask("POST", "/sessions", &[], Some(json!({"email": OWNER, "password": PASSWORD}))).cookie();
        assert_eq!(web.signed(&cookie, "POST", "/merchants", Some(json!({"name": "二店", "sandbox": true}))).status, 201);
        assert_eq!(web.signed(&cookie, "GET", "/merchants", None).body["items"].as_array().map(Vec::len), Some(2));
        assert_eq!(web.signed(&cookie, "GET", "/shops", None).code(), "access.merchant_needed");
        let id = shop.id.to_string();
        assert_eq!(web.ask("GET", "/shops", &[("cookie", &cookie), ("shuke-merchant", &id)], None).status, 200);
        assert_eq!(web.ask("GET", "/shops", &[("cookie", &cookie), ("shuke-merchant", "mer_x")], None).status, 403);
    });
}

#[test]
fn a_rotation_seals_everything_anew_and_removes_the_old_key() {
    both_with("rotation", REGISTER, |t| {
        let shop = testing::found(&t.store, OWNER, PASSWORD).expect("a merchant");
        let web = Web::over(t);
        for i in 0..450 {
            let cx = Ctx::new(shop.no, Actor::Cli, t.ctx().now);
            t.write(move |tx| audit::record(tx, &cx, "thing.done", &format!("thg_{i}"), "…"));
        }
        let view = json!({"page": "orders", "name": "大单", "query": "state=paid", "columns": []});
        assert_eq!(
            web.ask("PUT", "/views", &[("authorization", &format!("Bearer {}", shop.key)), ("idempotency-key", "k")], Some(view.clone()))
                .status,
            200
        );
        let queued = web.keyed(&shop.key, "POST", "/privacy/rotate-keys", None);
        assert_eq!(queued.status, 202, "{}", queued.body);
        let job = queued.body["job"].as_str().expect("a job").to_owned();
        assert_eq!(web.keyed(&shop.key, "POST", "/privacy/rotate-keys", None).body["job"], job.as_str(), "one at a time");
        let m = shop.no;
        let before = t.read(move |tx| privacy::older_than(tx, m, 2));
        assert!(before > 450, "{before}");
        let runner = JobRunner::new(t.store.clone()).with(privacy::RotateKeys);
        assert!(runner.run_one().expect("run"));
        assert!(!runner.run_one().expect("the old key stays for a minute"));
        let done = web.keyed(&shop.key, "GET", &format!("/jobs/{job}"), None);
        assert_eq!((done.body["state"].as_str(), done.body["result"]["key"].as_i64()), (Some("done"), Some(2)), "{}", done.body);
        assert_eq!(t.read(move |tx| privacy::older_than(tx, m, 2)), 0);
        let keys =
            || t.read(move |tx| tx.one("SELECT COUNT(*) FROM data_key WHERE merchant = $1 AND purpose = 'seal'", args![m])?.get::<i64>(0));
        assert_eq!(keys(), 2);
        t.clock.advance_seconds(privacy::SETTLE_SECONDS);
        assert!(runner.run_one().expect("run"));
        assert_eq!(keys(), 1);
        assert_eq!(t.read(move |tx| audit::verify(tx, m)).first_bad, None);
        assert_eq!(web.keyed(&shop.key, "GET", "/views", None).body["items"][0]["name"], "大单");
        let again = web.ask("PUT", "/views", &[("authorization", &format!("Bearer {}", shop.key)), ("idempotency-key", "k")], Some(view));
        assert_eq!(again.status, 200, "the stored answer opens under the new key: {}", again.body);
        assert_eq!(
            web.keyed(&shop.key, "GET", "/jobs?kind=privacy.rotate_keys&state=done", None).body["items"].as_array().map(Vec::len),
            Some(2)
        );
        let register = web.keyed(&shop.key, "GET", "/privacy/register", None);
        assert!(
            register.body["items"]
                .as_array()
                .is_some_and(|r| r.iter().any(|c| c["table"] == "staff" && c["column"] == "sealed" && c["class"] == "identifier"))
        );
    });
}

#[test]
fn what_nobody_needs_any_more_is_forgotten() {
    both_with("upkeep", REGISTER, |t| {
        let shop = testing::found(&t.store, OWNER, PASSWORD).expect("a merchant");
        let web = Web::over(t);
        let make = || {
            web.ask(
                "POST",
                "/shops",
                &[("authorization", &format!("Bearer {}", shop.key)), ("idempotency-key", "k1")],
                Some(json!({"name": "旗舰店", "platform": "tmall"})),
            )
        };
        assert_eq!(make().body["id"], make().body["id"], "the same request");
        web.ask("POST", "/sessions", &[], Some(json!({"email": OWNER, "password": PASSWORD}))).cookie();
        assert_eq!(upkeep::sweep(&t.store).expect("swept"), 0);
        t.clock.advance_seconds(upkeep::REMEMBER_SECONDS + 1);
        assert_eq!(upkeep::sweep(&t.store).expect("swept"), 2, "the session and the answer");
        assert_eq!(t.int("SELECT COUNT(*) FROM idempotency"), 0);
    });
}

#[test]
fn a_setting_that_orders_or_members_hang_on_asks_for_them_to_be_computed_anew() {
    both_with("recompute", REGISTER, |t| {
        let shop = testing::found(&t.store, OWNER, PASSWORD).expect("a merchant");
        let web = Web::over(t);
        let choose =
            |settings| assert_eq!(web.keyed(&shop.key, "PATCH", "/merchants/current", Some(json!({ "settings": settings }))).status, 200);
        let jobs = |kind: &str| t.int(&format!("SELECT COUNT(*) FROM job WHERE kind = '{kind}'"));
        // Nothing has happened yet: there is nothing to compute anew.
        choose(json!({"count_platform_discount": true}));
        assert_eq!((jobs("orders.settle"), jobs("members.rejudge")), (0, 0));
        let no = t.int("SELECT merchant FROM merchant WHERE sandbox = 0");
        t.write(move |tx| {
            tx.exec(
                "INSERT INTO feed_head (merchant, position) VALUES ($1, 1) ON CONFLICT (merchant) DO UPDATE SET position = 1",
                args![no],
            )
        });
        for (settings, orders, members) in [
            (json!({"count_platform_discount": false}), 1, 0),
            (json!({"pay_time_policy": "unknown"}), 2, 0),
            (json!({"merge_on_contact": true}), 2, 1),
            (json!({"requests_per_second": 50}), 2, 1),
            (json!({"settlement_delay_days": 3, "merge_on_contact": false}), 3, 2),
        ] {
            choose(settings);
            assert_eq!((jobs("orders.settle"), jobs("members.rejudge")), (orders, members));
        }
    });
}
