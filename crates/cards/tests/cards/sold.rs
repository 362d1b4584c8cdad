//! Cards that orders sold: what goes back, and lines that are told otherwise.

use shuke_kernel::Clock;

use super::*;

#[test]
fn what_an_order_gave_back_does_not_go_back_twice() {
    both("given back", |api, t| {
        let id = card(api);
        let sold = |no: &str, who: &str| {
            let made = api.done("POST", "/orders", Some(order(no, who, "PLUS-Y", 36_500, "2026-03-01T00:00:00Z")));
            follow(t);
            (made["id"].as_str().unwrap().to_owned(), made["member"].as_str().unwrap().to_owned())
        };
        let back = |order: &str, no: &str, fen: i64| {
            let body = json!({ "external": { "source": "taobao", "id": no }, "amount": yuan(fen), "at": t.clock.now().to_string() });
            api.done("POST", &format!("/orders/{order}/refund"), Some(body));
        };
        let (whole, a) = sold("1", "a");
        let (part, b) = sold("2", "b");
        days(t, 10);
        // The feed has not told of it yet when the member asks the shop for the rest.
        back(&whole, "r1", 36_500);
        back(&part, "r2", 10_000);
        assert_eq!(api.ok(409, "POST", &at(&a, &id, "/give-up"), Some(json!({ "reason": "x" })))["code"], "card.nothing_left");
        let over = json!({ "reason": "x", "amount": yuan(26_501) });
        assert_eq!(api.ok(409, "POST", &at(&b, &id, "/give-up"), Some(over))["code"], "card.more_than_paid");
        let gone = api.ok(200, "POST", &at(&b, &id, "/give-up"), Some(json!({ "reason": "x" })));
        // Of 265 yuan that are left 354 of 365 days.
        assert_eq!(gone["returned"], yuan(25_701), "{gone}");
        follow(t);
        assert_eq!(span(&api.ok(200, "GET", &at(&a, &id, ""), None)), ("ended", "2026-03-01", "2026-03-11"));
        // The rest of the money goes back through the order: it is the same money.
        back(&part, "r3", 25_701);
        follow(t);
        assert_eq!(api.ok(200, "GET", &at(&b, &id, ""), None)["purchases"][0]["returned"], yuan(35_701));
    });
}

#[test]
fn another_currency_is_not_added_up_and_goods_that_cost_nothing_go_back_too() {
    both("currencies", |api, t| {
        let id = card(api);
        let mut dollars = order("1", "a", "PLUS-Y", 9_900, "2026-03-01T00:00:00Z");
        (dollars["currency"], dollars["paid"]["currency"], dollars["lines"][0]["paid"]["currency"]) =
            (json!("USD"), json!("USD"), json!("USD"));
        let m = api.done("POST", "/orders", Some(dollars))["member"].as_str().unwrap().to_owned();
        follow(t);
        t.clock.advance_seconds(60);
        api.done("POST", &at(&m, &id, "/buy"), Some(json!({ "term": "month" })));
        let standing = api.ok(200, "GET", &at(&m, &id, ""), None);
        assert_eq!((&standing["refund"], &standing["refund_most"]), (&yuan(1_500), &yuan(1_500)), "yuan and dollars are not added up");
        let refused = api.ok(409, "POST", &at(&m, &id, "/give-up"), Some(json!({ "reason": "x" })));
        assert_eq!(refused["code"], "card.paid_in_other_currency", "{refused}");
        assert_eq!(span(&api.ok(200, "GET", &at(&m, &id, ""), None)).0, "active", "nothing changed");
        // A card for nothing, whose line is closed.
        let free = |state: &str, at: &str| {
            let mut o = order("2", "b", "PLUS-M", 0, "2026-03-01T00:00:00Z");
            o["lines"] = json!([
                { "id": "1", "sku": "PLUS-M", "title": "x", "quantity": 1, "paid": yuan(0), "state": state },
                { "id": "2", "sku": "TEA", "title": "x", "quantity": 1, "paid": yuan(0), "state": "paid" },
            ]);
            (o["paid"], o["updated_at"]) = (yuan(0), json!(at));
            o
        };
        let b = api.done("POST", "/orders", Some(free("paid", "2026-03-01T00:00:00Z")))["member"].as_str().unwrap().to_owned();
        follow(t);
        assert_eq!(span(&api.ok(200, "GET", &at(&b, &id, ""), None)).0, "active");
        api.done("POST", "/orders", Some(free("closed", "2026-03-01T01:00:00Z")));
        follow(t);
        assert_eq!(span(&api.ok(200, "GET", &at(&b, &id, ""), None)).0, "none");
        assert_eq!(events(t, "card.ended"), 1, "who held it is told");
    });
}

#[test]
fn an_order_whose_lines_are_numbered_anew_sells_no_second_card() {
    both("numbered anew", |api, t| {
        let id = card(api);
        let told = |skus: &[&str], at: &str| {
            let mut o = order("1", "a", "PLUS-Y", 36_500, "2026-02-01T00:00:00Z");
            let line =
                |sku: &&str| json!({ "sku": sku, "title": sku, "quantity": 1, "paid": yuan(if *sku == "TEA" { 100 } else { 36_500 }) });
            (o["lines"], o["updated_at"]) = (skus.iter().map(line).collect(), json!(at));
            o["paid"] = yuan(o["lines"].as_array().unwrap().iter().map(|l| l["paid"]["amount"].as_i64().unwrap()).sum());
            let made = api.done("POST", "/orders", Some(o));
            follow(t);
            made["member"].as_str().unwrap().to_owned()
        };
        let m = told(&["PLUS-Y"], "2026-02-01T00:00:00Z");
        let standing = || api.ok(200, "GET", &at(&m, &id, ""), None);
        let before = standing();
        assert_eq!(span(&before), ("none", "", ""), "it was paid before the card was made");
        let mut body = plus();
        body["counts_from"] = json!("2026-01-01T00:00:00Z");
        api.ok(200, "PUT", &format!("/cards/{id}"), Some(json!({ "card": body, "version": 1 })));
        let runner = shuke_cards::register_jobs(JobRunner::new(t.store.clone()));
        while runner.run_one().unwrap() {}
        let first = standing();
        assert_eq!(span(&first), ("active", "2026-02-01", "2027-02-01"));
        // Tea that was forgotten stands first now; then the year has the other of its two codes.
        for (skus, when) in [(&["TEA", "PLUS-Y"][..], "2026-02-02T00:00:00Z"), (&["TEA", "PLUS-Y2"], "2026-02-03T00:00:00Z")] {
            told(skus, when);
            let now = standing();
            assert_eq!((&now["purchases"][0]["paid"], now["purchases"].as_array().unwrap().len()), (&yuan(36_500), 1), "{skus:?} {now}");
            assert_eq!((span(&now), &now["purchases"][0]["id"]), (span(&first), &first["purchases"][0]["id"]));
        }
        told(&["TEA"], "2026-02-04T00:00:00Z");
        assert_eq!(span(&standing()), ("none", "", ""), "it was no card after all");
    });
}

#[test]
fn of_several_pieces_as_many_go_back_as_the_money_pays_for() {
    both("pieces", |api, t| {
        let id = card(api);
        let mut three = order("1", "a", "PLUS-M", 4_500, "2026-03-01T00:00:00Z");
        three["lines"][0]["quantity"] = json!(3);
        let made = api.done("POST", "/orders", Some(three));
        follow(t);
        let (order, m) = (made["id"].as_str().unwrap().to_owned(), made["member"].as_str().unwrap().to_owned());
        let standing = || api.ok(200, "GET", &at(&m, &id, ""), None);
        let back = |no: &str, fen: i64| {
            t.clock.advance_seconds(60);
            let body = json!({ "external": { "source": "taobao", "id": no }, "amount": yuan(fen), "at": t.clock.now().to_string() });
            api.done("POST", &format!("/orders/{order}/refund"), Some(body));
            follow(t);
            standing()
        };
        assert_eq!(span(&standing()), ("active", "2026-03-01", "2026-06-01"));
        assert_eq!(span(&back("r1", 1_000)), ("active", "2026-03-01", "2026-06-01"), "ten yuan are no month");
        let two = back("r2", 500);
        assert_eq!(span(&two), ("active", "2026-03-01", "2026-05-01"));
        let sums: Vec<_> =
            two["purchases"].as_array().unwrap().iter().map(|p| (p["count"].clone(), p["paid"].clone(), p["returned"].clone())).collect();
        assert_eq!(sums, [(json!(2), yuan(3_000), yuan(0)), (json!(1), yuan(1_500), yuan(1_500))]);
        assert_eq!(two["refund_most"], yuan(3_000));
        follow(t);
        assert_eq!(standing(), two, "told again nothing changes");
        days(t, 10);
        let gone = api.ok(200, "POST", &at(&m, &id, "/give-up"), Some(json!({ "reason": "x" })));
        // Of 61 days eleven are begun.
        assert_eq!(gone["returned"], yuan(2_459), "{gone}");
        let all = back("r3", 2_459);
        assert_eq!(span(&all).0, "ended");
        let returned: i64 = all["purchases"].as_array().unwrap().iter().map(|p| p["returned"]["amount"].as_i64().unwrap()).sum();
        assert_eq!(returned, 1_500 + 2_459, "{all}");
        let rest = back("r4", 541);
        let returned: i64 = rest["purchases"].as_array().unwrap().iter().map(|p| p["returned"]["amount"].as_i64().unwrap()).sum();
        assert_eq!(returned, 4_500, "{rest}");
    });
}
