//! What orders do with coupons, told by the shop and by the orders themselves, in any sequence and doubled.

use serde_json::json;
use shuke_kernel::Clock;

use crate::world::*;

#[test]
fn a_coupon_is_locked_used_and_given_back_with_its_order() {
    both("an order's course", |shop| {
        let template = shop.template(ten_off());
        let batch = shop.batch(&template, json!({ "pieces": 10 }));
        let (a, b) = (shop.member("a"), shop.member("b"));
        let coupon = shop.claimed(&batch, &a, "1");
        let held = shop.locked("1", &a, &coupon);
        assert_eq!((&held["items"][0]["result"], &held["items"][0]["coupon"]["state"]), (&json!("ok"), &json!("locked")));
        assert_eq!(shop.locked("1", &a, &coupon)["items"][0]["result"], "duplicate");
        assert_eq!(shop.lock("2", &a, &coupon, json!({})).1["code"], "coupon.locked");
        assert_eq!(shop.lock("2", &b, &coupon, json!({})).1["code"], "coupon.of_another");
        assert_eq!(shop.refused(409, "POST", &format!("/coupons/{coupon}/revoke"), json!({ "reason": "x" })), "coupon.locked");
        for result in ["ok", "duplicate"] {
            assert_eq!(shop.turns("redeem", "1"), result);
        }
        assert_eq!(shop.state(&coupon), "used");
        assert_eq!(shop.refused(409, "POST", "/coupons/release", json!({ "order": { "source": "own", "id": "1" } })), "coupon.used");
        assert_eq!(shop.lock("2", &a, &coupon, json!({})).1["code"], "coupon.not_available");
        let told = shop.get(&format!("/coupons/batches/{batch}"));
        assert_eq!((&told["uses"], &told["saved"]), (&json!(1), &yuan(1_000)));
        for result in ["ok", "duplicate"] {
            assert_eq!(shop.turns("return", "1"), result);
        }
        assert_eq!(shop.state(&coupon), "restored");
        assert_eq!(shop.turns("redeem", "1"), "duplicate", "a payment that is told once more does not use it again");
        assert_eq!(shop.state(&coupon), "restored");
        shop.locked("2", &a, &coupon);
        assert_eq!(shop.turns("release", "2"), "ok");
        assert_eq!(shop.state(&coupon), "restored");
        let (status, refused) =
            shop.api.call("POST", "/coupons/redeem", Some(json!({ "order": { "source": "own", "id": "9" }, "coupons": [coupon] })));
        assert_eq!((status, &refused["code"]), (409, &json!("coupon.not_locked")));
        assert_eq!(shop.turns("redeem", "9"), "nothing", "an order without coupons is no matter");
        shop.post(&format!("/coupons/{coupon}/revoke"), json!({ "reason": "试用结束" }));
        assert_eq!(shop.state(&coupon), "revoked");
        assert_eq!(shop.get(&format!("/coupons/{coupon}"))["reason"], "试用结束");
        let uses = shop.get(&format!("/coupons/{coupon}"))["uses"].as_array().unwrap().len();
        assert_eq!(uses, 2, "the two orders that had it");
    });
}

#[test]
fn all_are_locked_or_none() {
    both("together", |shop| {
        let template = shop.template(ten_off());
        let batch = shop.batch(&template, json!({ "pieces": 10 }));
        let member = shop.member("a");
        let (one, two) = (shop.claimed(&batch, &member, "1"), shop.claimed(&batch, &member, "2"));
        shop.locked("1", &member, &two);
        let both_of = |order: &str| json!({ "order": { "source": "own", "id": order }, "member": member, "coupons": [{ "coupon": one, "saving": yuan(1) }, { "coupon": two, "saving": yuan(1) }] });
        let (status, no) = shop.api.call("POST", "/coupons/lock", Some(both_of("2")));
        assert_eq!((status, &no["code"], &no["field"]), (409, &json!("coupon.locked"), &json!("coupons[1]")), "{no}");
        assert_eq!(shop.state(&one), "available");
        shop.turns("release", "1");
        assert_eq!(shop.api.call("POST", "/coupons/lock", Some(both_of("2"))).0, 200);
        let twice = json!({ "order": { "source": "own", "id": "3" }, "member": member, "coupons": [{ "coupon": one, "saving": yuan(1) }, { "coupon": one, "saving": yuan(1) }] });
        assert_eq!(shop.refused(400, "POST", "/coupons/lock", twice), "coupon.invalid");
        assert_eq!(shop.lock("4", &member, &one, json!({ "until": "2026-02-01T00:00:00Z" })).1["field"], "until");
    });
}

#[test]
fn how_often_a_member_may_use_them_counts_what_orders_hold() {
    both("uses", |shop| {
        let mut body = ten_off();
        body["offer"]["per_member"] = json!(1);
        let template = shop.template(body);
        let batch = shop.batch(&template, json!({}));
        let member = shop.member("a");
        let (one, two) = (shop.claimed(&batch, &member, "1"), shop.claimed(&batch, &member, "2"));
        shop.locked("1", &member, &one);
        assert_eq!(shop.lock("2", &member, &two, json!({})).1["code"], "coupon.used_up");
        shop.turns("release", "1");
        shop.locked("2", &member, &two);
        shop.turns("redeem", "2");
        assert_eq!(shop.lock("1", &member, &one, json!({})).1["code"], "coupon.used_up");
        shop.turns("return", "2");
        shop.locked("1", &member, &one);
    });
}

#[test]
fn a_hold_times_out_whether_anybody_sweeps_or_not() {
    both("time-outs", |shop| {
        let template = shop.template(ten_off());
        let batch = shop.batch(&template, json!({}));
        let (a, b) = (shop.member("a"), shop.member("b"));
        let (swept, asked) = (shop.claimed(&batch, &a, "1"), shop.claimed(&batch, &b, "2"));
        shop.locked("1", &a, &swept);
        shop.locked("2", &b, &asked);
        shop.minutes(14);
        assert_eq!((shop.sweep(), shop.state(&swept)), (0, "locked".to_owned()));
        shop.minutes(1);
        assert_eq!(shop.state(&swept), "available", "it is told by the time, not by the sweep");
        shop.locked("3", &b, &asked);
        assert_eq!((shop.sweep(), shop.sweep()), (1, 0));
        assert_eq!(shop.coupon(&asked)["order"]["id"], "3");
        let (_, long) = shop.lock("4", &a, &swept, json!({ "until": "2026-03-20T00:00:00Z" }));
        assert_eq!(long["items"][0]["coupon"]["lock_until"], "2026-03-20T00:00:00Z");
        shop.days(10);
        shop.sweep();
        assert_eq!(shop.state(&swept), "locked", "past its own end it lives as long as its hold");
        assert_eq!(shop.turns("redeem", "4"), "ok");
        let late = shop.claimed(&batch, &a, "3");
        shop.days(8);
        assert_eq!(shop.state(&late), "expired");
        assert_eq!(shop.lock("5", &a, &late, json!({})).1["code"], "coupon.not_available");
        assert!(shop.sweep() >= 1);
        let listed = shop.get(&format!("/members/{a}/coupons?state=expired"));
        assert_eq!(listed["items"].as_array().unwrap().len(), 1, "{listed}");
    });
}

#[test]
fn orders_that_are_sent_here_do_it_of_themselves() {
    both("followed", |shop| {
        let template = shop.template(ten_off());
        let batch = shop.batch(&template, json!({}));
        let member = shop.member("a");
        let coupon = |id: &str| shop.claimed(&batch, &member, id);
        let (paid, closed, refunded) = (coupon("1"), coupon("2"), coupon("3"));
        for (no, coupon) in [("1", &paid), ("2", &closed), ("3", &refunded)] {
            shop.locked(no, &member, coupon);
            shop.order(no, "created", json!({}));
            assert_eq!(shop.state(coupon), "locked", "an order that waits to be paid changes nothing");
        }
        shop.minutes(1);
        for _ in 0..2 {
            shop.order("1", "paid", json!({}));
            shop.order("3", "paid", json!({}));
        }
        assert_eq!((shop.state(&paid), shop.state(&refunded)), ("used".to_owned(), "used".to_owned()));
        assert_eq!(shop.turns("redeem", "1"), "duplicate", "the shop says so too");
        shop.minutes(1);
        let now = shop.now();
        let unpaid = json!({
            "external": { "source": "own", "id": "2" }, "platform": "own", "state": "closed", "currency": "CNY", "paid": yuan(0),
            "created_at": now, "updated_at": now, "closed_at": now, "lines": [{ "id": "1", "sku": "A", "quantity": 1, "unit_price": yuan(12_000) }],
        });
        shop.api.done("POST", "/orders", Some(unpaid));
        shop.follow();
        assert_eq!(shop.state(&closed), "available");
        let id = shop.get("/orders/by-external/own/3")["id"].as_str().unwrap().to_owned();
        let refund = |no: &str, fen: i64| {
            let body = json!({ "external": { "source": "own", "id": no }, "kind": "money_only", "amount": yuan(fen), "at": shop.now() });
            shop.api.done("POST", &format!("/orders/{id}/refund"), Some(body));
            shop.follow();
        };
        refund("R1", 4_000);
        assert_eq!(shop.state(&refunded), "used", "a part that goes back takes no coupon back");
        refund("R2", 7_000);
        assert_eq!(shop.state(&refunded), "restored");
        shop.follow();
        assert_eq!(shop.open(), Vec::<serde_json::Value>::new());
    });
}

#[test]
fn a_coupon_whose_end_has_passed_comes_back_for_days_of_grace_once() {
    both("grace", |shop| {
        let mut body = ten_off();
        (body["validity"], body["restore_grace_days"]) = (json!({ "days": 1 }), json!(7));
        let batch = shop.batch(&shop.template(body), json!({}));
        let member = shop.member("a");
        let coupon = shop.claimed(&batch, &member, "1");
        shop.locked("1", &member, &coupon);
        shop.turns("redeem", "1");
        shop.days(5);
        shop.turns("return", "1");
        let back = shop.coupon(&coupon);
        // Seven days behind 6 March in Shanghai.
        assert_eq!((&back["state"], &back["expires_at"]), (&json!("restored"), &json!("2026-03-13T16:00:00Z")), "{back}");
        shop.locked("2", &member, &coupon);
        shop.turns("redeem", "2");
        shop.days(20);
        shop.turns("return", "2");
        assert_eq!(shop.state(&coupon), "closed");
        let mut never = ten_off();
        never["restore"] = json!(false);
        let batch = shop.batch(&shop.template(never), json!({}));
        let coupon = shop.claimed(&batch, &member, "2");
        shop.locked("3", &member, &coupon);
        shop.turns("redeem", "3");
        shop.turns("return", "3");
        assert_eq!(shop.state(&coupon), "closed");
    });
}

#[test]
fn a_payment_that_arrives_late_has_its_coupon_or_is_an_exception() {
    both("late", |shop| {
        let template = shop.template(ten_off());
        let batch = shop.batch(&template, json!({}));
        let member = shop.member("a");
        let coupon = |id: &str| shop.claimed(&batch, &member, id);
        let (there, gone, taken_off, in_time) = (coupon("1"), coupon("2"), coupon("3"), coupon("4"));
        for (no, coupon) in [("1", &there), ("2", &gone), ("3", &taken_off), ("4", &in_time)] {
            shop.locked(no, &member, coupon);
        }
        shop.turns("release", "3");
        let paid_at = shop.now();
        shop.minutes(20);
        shop.sweep();
        shop.order("1", "paid", json!({}));
        assert_eq!(shop.state(&there), "used", "nobody else had it");
        shop.locked("5", &member, &gone);
        for _ in 0..2 {
            shop.order("2", "paid", json!({}));
        }
        assert_eq!(shop.coupon(&gone)["order"]["id"], "5", "it is another order's");
        shop.order("3", "paid", json!({}));
        assert_eq!(shop.state(&taken_off), "available", "what the shop took off is no part of the order");
        let open = shop.open();
        assert_eq!(open.len(), 1, "{open:?}");
        assert_eq!(
            (&open[0]["coupon"], &open[0]["order"]["id"], &open[0]["saving"], &open[0]["missed_why"]),
            (&json!(gone), &json!("2"), &yuan(1_000), &json!("locked"))
        );
        let counts = shop.get("/coupons/exceptions/counts");
        assert_eq!((&counts["items"][0]["count"], &counts["items"][0]["money"]), (&json!(1), &yuan(1_000)));
        let told = shop.get(&format!("/coupons/batches/{batch}"));
        assert_eq!((&told["exceptions"], &told["stake"]), (&json!(1), &yuan(1_000)), "{told}");
        let other = shop.batch(&template, json!({}));
        for (of, count) in [(&batch, 1), (&other, 0)] {
            assert_eq!(shop.get(&format!("/coupons/exceptions?batch={of}"))["items"].as_array().unwrap().len(), count);
        }
        // Told of after its coupon had ended, though it was paid while it was held.
        shop.days(9);
        shop.sweep();
        assert_eq!(shop.state(&in_time), "expired");
        let now = shop.now();
        shop.order("4", "paid", json!({ "created_at": paid_at, "paid_at": paid_at, "updated_at": now }));
        assert_eq!(shop.state(&in_time), "used");
        let settle = |note: &str| json!({ "order": { "source": "own", "id": "2" }, "note": note });
        let path = format!("/coupons/{gone}/exceptions/settle");
        assert_eq!(shop.refused(400, "POST", &path, settle(" ")), "coupon.invalid");
        let settled = shop.post(&path, settle("差价由店铺承担"));
        assert_eq!(settled["note"], "差价由店铺承担");
        assert_eq!(shop.post(&path, settle("again"))["note"], "差价由店铺承担");
        assert_eq!(shop.open(), Vec::<serde_json::Value>::new());
        assert_eq!(shop.get("/coupons/exceptions?state=settled")["items"].as_array().unwrap().len(), 1);
        assert_eq!(shop.refused(404, "POST", &format!("/coupons/{there}/exceptions/settle"), settle("x")), "coupon.exception_not_found");
    });
}

#[test]
fn an_exception_ends_with_its_order_and_is_tried_again_when_asked() {
    both("exceptions", |shop| {
        let template = shop.template(ten_off());
        let batch = shop.batch(&template, json!({}));
        let member = shop.member("a");
        let (one, two) = (shop.claimed(&batch, &member, "1"), shop.claimed(&batch, &member, "2"));
        for (no, coupon) in [("1", &one), ("2", &two)] {
            shop.locked(no, &member, coupon);
        }
        shop.minutes(20);
        for (no, coupon) in [("3", &one), ("4", &two)] {
            shop.locked(no, &member, coupon);
        }
        assert_eq!((shop.turns("redeem", "1"), shop.turns("redeem", "2")), ("exception".to_owned(), "exception".to_owned()));
        assert_eq!(shop.open().len(), 2);
        shop.turns("release", "3");
        assert_eq!(shop.turns("redeem", "1"), "ok", "it is there again, and the shop asks again");
        assert_eq!(shop.state(&one), "used");
        assert_eq!(shop.open().len(), 1);
        shop.turns("return", "2");
        assert_eq!(shop.open().len(), 0, "an order that is gone has no money at stake");
        assert_eq!(shop.coupon(&two)["order"]["id"], "4");
    });
}

#[test]
fn what_a_coupon_made_free_is_kept_and_the_coupon_does_not_come_back() {
    both("kept for nothing", |shop| {
        let template = shop.template(ten_off());
        let batch = shop.batch(&template, json!({}));
        let member = shop.member("a");
        let coupon = shop.claimed(&batch, &member, "1");
        shop.locked("1", &member, &coupon);
        let line = |id: &str, state: &str, fen: i64| json!({ "id": id, "sku": id, "quantity": 1, "unit_price": yuan(10_000), "paid": yuan(fen), "state": state });
        shop.order("1", "paid", json!({ "paid": yuan(10_000), "lines": [line("A", "paid", 10_000), line("B", "paid", 0)] }));
        assert_eq!(shop.state(&coupon), "used");
        let id = shop.get("/orders/by-external/own/1")["id"].as_str().unwrap().to_owned();
        shop.minutes(1);
        let body = json!({ "external": { "source": "own", "id": "R1" }, "kind": "return", "amount": yuan(10_000), "at": shop.now() });
        shop.api.done("POST", &format!("/orders/{id}/refund"), Some(body));
        shop.follow();
        assert_eq!(shop.get("/orders/by-external/own/1")["net_paid"], yuan(0));
        assert_eq!(shop.state(&coupon), "used", "B is kept for nothing");
        assert_eq!(shop.turns("return", "1"), "ok", "the shop says that B came back as well");
        assert_eq!(shop.state(&coupon), "restored");
    });
}

#[test]
fn an_order_that_came_before_its_lock_or_was_closed_before_its_payment_has_what_is_right() {
    both("before", |shop| {
        let template = shop.template(ten_off());
        let batch = shop.batch(&template, json!({}));
        let member = shop.member("a");
        let (one, two) = (shop.claimed(&batch, &member, "1"), shop.claimed(&batch, &member, "2"));
        shop.order("1", "paid", json!({}));
        let held = shop.locked("1", &member, &one);
        assert_eq!(held["items"][0]["coupon"]["state"], "used", "{held}");
        shop.locked("2", &member, &two);
        shop.minutes(1);
        shop.order("2", "closed", json!({ "closed_at": shop.now() }));
        assert_eq!(shop.state(&two), "available");
        shop.turns("redeem", "2");
        assert_eq!(shop.state(&two), "restored", "a payment that is told after the order was closed keeps nothing");
        assert_eq!(shop.open(), Vec::<serde_json::Value>::new());
    });
}

#[test]
fn a_lock_that_is_asked_for_again_holds_as_long_as_is_asked_now() {
    both("longer", |shop| {
        let template = shop.template(ten_off());
        let batch = shop.batch(&template, json!({}));
        let member = shop.member("a");
        let coupon = shop.claimed(&batch, &member, "1");
        shop.locked("1", &member, &coupon);
        shop.minutes(10);
        let until = (shop.t.clock.now().plus_seconds(7_200)).to_string();
        let (status, again) =
            shop.lock("1", &member, &coupon, json!({ "until": until, "coupons": [{ "coupon": coupon, "saving": yuan(900) }] }));
        assert_eq!((status, &again["items"][0]["result"]), (200, &json!("duplicate")), "{again}");
        shop.minutes(60);
        shop.sweep();
        assert_eq!(shop.state(&coupon), "locked");
        assert_eq!(shop.turns("redeem", "1"), "ok");
        assert_eq!(shop.get(&format!("/coupons/batches/{batch}"))["saved"], yuan(900));
    });
}

#[test]
fn an_exception_stays_on_the_list_until_it_is_settled_and_what_was_settled_is_not_had_as_well() {
    both("settled once", |shop| {
        let template = shop.template(ten_off());
        let batch = shop.batch(&template, json!({}));
        let member = shop.member("a");
        let coupon = shop.claimed(&batch, &member, "1");
        shop.locked("1", &member, &coupon);
        shop.minutes(20);
        shop.locked("2", &member, &coupon);
        assert_eq!(shop.turns("redeem", "1"), "exception");
        shop.turns("release", "2");
        // The message that locked it for the first order arrives once more, and times out.
        shop.locked("1", &member, &coupon);
        shop.minutes(20);
        shop.sweep();
        assert_eq!(shop.open().len(), 1, "money is at stake all the same");
        shop.locked("3", &member, &coupon);
        assert_eq!(shop.turns("redeem", "1"), "exception");
        let path = format!("/coupons/{coupon}/exceptions/settle");
        shop.post(&path, json!({ "order": { "source": "own", "id": "1" }, "note": "差价已补" }));
        shop.turns("release", "3");
        assert_eq!(shop.turns("redeem", "1"), "exception", "who paid the difference does not pay with the coupon too");
        assert_eq!(shop.state(&coupon), "available");
        assert_eq!(shop.open(), Vec::<serde_json::Value>::new());
    });
}
