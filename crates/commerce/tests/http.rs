//! Commerce through HTTP, on both engines: upserts, batches answered item by item, refunds,
//! claims, products, behaviour, and refusals that name the field.

use serde_json::{Value, json};
use shuke_members::hooks;
use shuke_store::args;
use shuke_store::register::{GROUND, Register};
use shuke_testkit::web::{Api, app};
use shuke_testkit::{TestStore, both_with};

fn both(name: &str, test: impl Fn(&Api, &TestStore)) {
    hooks::install(shuke_commerce::HOOKS);
    both_with(name, Register(&[GROUND, shuke_members::TABLES, shuke_commerce::TABLES]), |t| {
        test(&Api::of(app(t), shuke_commerce::router()), t);
    });
}

fn yuan(amount: i64) -> Value {
    json!({"amount": amount, "currency": "CNY"})
}

fn order(no: &str) -> Value {
    json!({
        "external": {"source": "own", "id": no}, "platform": "own", "state": "paid", "updated_at": "2026-11-02T00:00:00Z",
        "created_at": "2026-11-01T10:00:00+08:00", "paid_at": "2026-11-01T10:01:00+08:00",
        "paid": yuan(10_600), "shipping": yuan(600), "discounts": [{"payer": "shop", "amount": yuan(500), "name": "券"}],
        "buyer": {"keys": [{"kind": "phone", "value": "138 0000 1234", "verified": true}]},
        "receiver": {"name": "张三丰", "phone": "13800001234", "province": "浙江省", "city": "杭州市", "address": "文三路478号华星时代广场"},
        "lines": [{"id": "1", "sku": "A", "title": "奶瓶", "quantity": 2, "unit_price": yuan(3000)}, {"id": "2", "sku": "B", "quantity": 1, "unit_price": yuan(4500)}],
    })
}

#[test]
fn an_order_is_taken_once_and_read_back_masked() {
    both("orders", |api, t| {
        let (status, made) = api.call("POST", "/orders", Some(order("1")));
        assert_eq!(
            (status, &made["status"], &made["net_paid"], &made["identified"]),
            (201, &json!("created"), &yuan(10_000), &json!(true)),
            "{made}"
        );
        let (status, again) = api.call("PUT", "/orders/by-external/own/1", Some(order("1")));
        assert_eq!((status, &again["status"], &again["id"]), (200, &json!("unchanged"), &made["id"]), "{again}");
        let id = made["id"].as_str().expect("an id");
        let (status, one) = api.call("GET", &format!("/orders/{id}"), None);
        assert_eq!(status, 200, "{one}");
        assert_eq!(
            (&one["receiver"]["phone_masked"], &one["receiver"]["name_masked"], &one["receiver"]["city"]),
            (&json!("138****1234"), &json!("张**"), &json!("杭州市"))
        );
        assert_eq!((&one["lines"][0]["paid"], &one["lines"][1]["paid"]), (&yuan(5714), &yuan(4286)));
        assert_eq!((&one["states"][0]["state"], &one["discounts"][0]["payer"]), (&json!("paid"), &json!("shop")));
        assert!(!one.to_string().contains("13800001234") && !one.to_string().contains("文三路478号华星"));
        let (_, by_name) = api.call("GET", "/orders/by-external/own/1", None);
        assert_eq!(by_name["id"], made["id"]);
        for (query, count) in [
            ("", 1),
            ("?query=1", 1),
            ("?query=2", 0),
            ("?identified=true&state=paid", 1),
            ("?identified=false", 0),
            ("?platform=jd", 0),
            ("?from=2026-11-02T00:00:00Z", 0),
        ] {
            let (status, list) = api.call("GET", &format!("/orders{query}"), None);
            assert_eq!((status, list["items"].as_array().map(Vec::len)), (200, Some(count)), "{query} {list}");
        }
        let (_, of_member) = api.call("GET", &format!("/members/{}/orders", made["member"].as_str().expect("a member")), None);
        assert_eq!(of_member["items"].as_array().map(Vec::len), Some(1));
        assert_eq!(t.int("SELECT COUNT(*) FROM event WHERE kind = 'order.paid'"), 1);
    });
}

#[test]
fn a_list_pages_through_every_order_once() {
    both("pages", |api, _| {
        let items: Vec<Value> = (0..23).map(|i| json!({"external": {"source": "own", "id": format!("n{i}")}, "state": "paid", "created_at": format!("2026-11-{:02}T00:00:00Z", 1 + i % 5)})).collect();
        assert_eq!(api.call("POST", "/orders/batch", Some(json!({"items": items}))).0, 200);
        let (mut seen, mut cursor) = (Vec::new(), String::new());
        loop {
            let (status, page) = api.call("GET", &format!("/orders?limit=5{cursor}"), None);
            assert_eq!(status, 200, "{page}");
            seen.extend(page["items"].as_array().expect("items").iter().map(|o| (o["created_at"].to_string(), o["order_no"].to_string())));
            match page["next_cursor"].as_str() {
                Some(next) => cursor = format!("&cursor={next}"),
                None => break,
            }
        }
        assert!(seen.windows(2).all(|w| w[0].0 >= w[1].0));
        seen.sort();
        seen.dedup();
        assert_eq!(seen.len(), 23);
    });
}

#[test]
fn an_order_is_found_by_how_its_number_begins() {
    both("begins", |api, _| {
        let put = |source: &str, numbers: &[String]| {
            for part in numbers.chunks(100) {
                let item = |(i, no): (usize, &String)| json!({"external": {"source": source, "id": no}, "state": "paid", "created_at": format!("2026-11-01T00:{:02}:0{}Z", i % 60, u8::from(source == "own"))});
                let items: Vec<Value> = part.iter().enumerate().map(item).collect();
                assert_eq!(api.call("POST", "/orders/batch", Some(json!({"items": items}))).0, 200);
            }
        };
        let own = ["20261101", "20261101-1", "20261101-2", "2026110", "20261102", "订单号甲乙丙一", "订单号甲乙丙二"];
        put("own", &own.map(str::to_owned));
        put("erp", &["20261101-3".to_owned()]);
        put("own", &(0..201).map(|i| format!("BULK55{i:04}")).collect::<Vec<_>>());
        let found = |query: &str| {
            let (status, page) = api.call("GET", &format!("/orders?query={query}"), None);
            assert_eq!(status, 200, "{page}");
            page["items"]
                .as_array()
                .expect("items")
                .iter()
                .map(|o| o["order_no"].as_str().unwrap_or_default().to_owned())
                .collect::<Vec<_>>()
        };
        assert_eq!(found("20261101"), ["20261101"], "the whole number first");
        assert_eq!(found("20261101-"), ["20261101-2", "20261101-1", "20261101-3"], "newest first, of all sources");
        assert_eq!(found("202611"), ["20261102", "2026110", "20261101-2", "20261101-1", "20261101", "20261101-3"]);
        assert_eq!(found("20261"), Vec::<String>::new(), "too short to look for");
        assert_eq!(found("261101-1"), Vec::<String>::new(), "an end is not looked for");
        assert_eq!(found("%E8%AE%A2%E5%8D%95%E5%8F%B7%E7%94%B2%E4%B9%99%E4%B8%99").len(), 2);
        assert_eq!((found("BULK550000").len(), found("BULK55000").len(), found("BULK5501").len()), (1, 10, 50));
        let (status, said) = api.call("GET", "/orders?query=BULK55", None);
        assert_eq!((status, &said["code"], &said["field"]), (400, &json!("order.number_too_short"), &json!("query")), "{said}");
        // Page by page each comes once.
        let (mut seen, mut cursor) = (Vec::new(), String::new());
        loop {
            let (_, page) = api.call("GET", &format!("/orders?query=202611&limit=2{cursor}"), None);
            seen.extend(page["items"].as_array().expect("items").iter().map(|o| o["order_no"].to_string()));
            let Some(next) = page["next_cursor"].as_str() else { break };
            cursor = format!("&cursor={next}");
        }
        assert_eq!(seen.len(), 6);
        seen.sort();
        seen.dedup();
        assert_eq!(seen.len(), 6);
    });
}

#[test]
fn a_number_is_sought_among_the_orders_that_the_other_filters_find() {
    both("sought", |api, _| {
        let put = |orders: Vec<Value>| {
            for part in orders.chunks(100) {
                let (status, said) = api.call("POST", "/orders/batch", Some(json!({"items": part})));
                assert_eq!(status, 200, "{said}");
            }
        };
        let order = |source: &str, no: String, shop: &str, phone: &str| {
            json!({"external": {"source": source, "id": no}, "shop": shop, "state": "paid", "created_at": "2026-11-01T00:00:00Z",
                "buyer": {"keys": [{"kind": "phone", "value": phone, "verified": true}]}})
        };
        // The number is another shop's; ours begins with it.
        put(vec![order("a", "20261101".into(), "north", "13800000001"), order("a", "20261101-7".into(), "south", "13800000002")]);
        // Far more begin so than may be shown; few are ours.
        let bulk = |i: usize| {
            order(
                "b",
                format!("BULK55{i:04}"),
                if i % 100 == 3 { "south" } else { "north" },
                if i < 2 { "13800000003" } else { "13800000004" },
            )
        };
        put((0..420).map(bulk).collect());
        let found = |query: &str| {
            let (status, page) = api.call("GET", &format!("/orders?{query}"), None);
            assert_eq!(status, 200, "{query} {page}");
            let mut numbers: Vec<String> =
                page["items"].as_array().expect("items").iter().map(|o| o["order_no"].as_str().unwrap_or_default().to_owned()).collect();
            numbers.sort();
            numbers
        };
        assert_eq!(found("query=20261101"), ["20261101"], "the whole number alone");
        assert_eq!(found("query=20261101&shop=north"), ["20261101"]);
        assert_eq!(found("query=20261101&shop=south"), ["20261101-7"], "no order of the shop has the number");
        assert_eq!(found("query=20261101&shop=west"), Vec::<String>::new());
        assert_eq!(found("query=BULK55&shop=south"), ["BULK550003", "BULK550103", "BULK550203", "BULK550303", "BULK550403"]);
        let (_, all) = api.call("GET", "/orders?query=BULK550000", None);
        let member = all["items"][0]["member"].as_str().expect("a member").to_owned();
        assert_eq!(found(&format!("query=BULK55&member={member}")), ["BULK550000", "BULK550001"]);
        assert_eq!(found(&format!("query=20261101&member={member}")), Vec::<String>::new());
        // What fits is still too much: the refusal says how many.
        let (status, said) = api.call("GET", "/orders?query=BULK55&shop=north", None);
        assert_eq!((status, &said["code"]), (400, &json!("order.number_too_short")), "{said}");
        assert_eq!(said["params"]["limit"], "200", "{said}");
        // Page by page each comes once, whatever lies beside.
        let (mut seen, mut cursor) = (Vec::new(), String::new());
        loop {
            let (_, page) = api.call("GET", &format!("/orders?query=BULK55&shop=south&limit=2{cursor}"), None);
            seen.extend(page["items"].as_array().expect("items").iter().map(|o| o["order_no"].to_string()));
            let Some(next) = page["next_cursor"].as_str() else { break };
            cursor = format!("&cursor={next}");
        }
        seen.sort();
        seen.dedup();
        assert_eq!(seen.len(), 5);
    });
}

#[test]
fn an_order_of_nobody_says_why() {
    both("nobody", |api, _| {
        let asked = |no: &str, body: Value| {
            let (status, made) = api.call("PUT", &format!("/orders/by-external/erp/{no}"), Some(body));
            assert_eq!(status, if made["status"] == "created" { 201 } else { 200 }, "{made}");
            api.call("GET", &format!("/orders/{}", made["id"].as_str().expect("an id")), None).1
        };
        let receiver = |phone: &str| json!({"state": "paid", "receiver": {"name": "张*", "phone": phone, "city": "杭州市"}});
        for (no, body, reason) in [
            ("1", json!({"state": "paid"}), "nobody_told"),
            ("2", json!({"state": "paid", "platform": "douyin"}), "platform_told_nobody"),
            ("3", receiver("138****1234"), "masked"),
            ("4", receiver("13800001234"), "receiver_phone_only"),
            ("5", json!({"state": "paid", "buyer": {"keys": [{"kind": "phone", "value": "13800001234"}]}}), "account_not_proven"),
            ("6", json!({"state": "paid", "receiver": {"name": "张三丰"}}), "receiver_only"),
        ] {
            let one = asked(no, body);
            assert_eq!((&one["identified"], &one["unidentified_because"]), (&json!(false), &json!(reason)), "{no} {one}");
            assert!(!one.to_string().contains("13800001234"), "{one}");
        }
        // What it was told lacks comes later, and there is nothing to explain.
        let buyer = json!({"state": "paid", "buyer": {"keys": [{"kind": "phone", "value": "13800001234", "verified": true}]}});
        let one = asked("4", buyer);
        assert_eq!((&one["identified"], one.get("unidentified_because")), (&json!(true), None), "{one}");
        // A list does not tell.
        let (_, list) = api.call("GET", "/orders?identified=false", None);
        assert!(list["items"].as_array().is_some_and(|all| all.len() == 5 && all.iter().all(|o| o.get("unidentified_because").is_none())));
    });
}

#[test]
fn a_statement_without_a_time_holds_from_now_on_but_takes_no_state_back() {
    both("now", |api, t| {
        let put = |body: Value| api.call("PUT", "/orders/by-external/own/7", Some(body)).1;
        assert_eq!(put(json!({"state": "paid", "paid": yuan(100), "channel": "a"}))["status"], "created");
        t.clock.advance_seconds(1);
        assert_eq!(put(json!({"state": "created", "paid": yuan(100), "channel": "b"}))["state"], "paid");
        let (_, one) = api.call("GET", "/orders/by-external/own/7", None);
        assert_eq!((&one["channel"], &one["state"]), (&json!("b"), &json!("paid")));
        t.clock.advance_seconds(1);
        assert_eq!(put(json!({"state": "created", "paid": yuan(100), "channel": "b"}))["status"], "unchanged");
    });
}

#[test]
fn a_batch_answers_each_item_for_itself() {
    both("batch", |api, _| {
        let mut wrong = order("2");
        wrong["lines"][1]["quantity"] = json!(0);
        let mut unknown = order("3");
        unknown["colour"] = json!("red");
        let mut mixed = order("4");
        mixed["shipping"] = json!({"amount": 1, "currency": "USD"});
        let (status, answer) = api.call(
            "POST",
            "/orders/batch",
            Some(json!({"items": [order("1"), wrong, unknown, mixed, order("1"), {"external": {"source": "own", "id": "5"}}]})),
        );
        assert_eq!(status, 200, "{answer}");
        let seen: Vec<(&str, &str, &str)> = answer["results"]
            .as_array()
            .expect("results")
            .iter()
            .map(|r| {
                (
                    r["status"].as_str().unwrap_or(""),
                    r["problem"]["code"].as_str().unwrap_or(""),
                    r["problem"]["field"].as_str().unwrap_or(""),
                )
            })
            .collect();
        assert_eq!(
            seen,
            [
                ("created", "", ""),
                ("refused", "order.bad_quantity", "items[1].lines[1].quantity"),
                ("refused", "request.invalid", "items[2].colour"),
                ("refused", "commerce.mixed_currencies", "items[3].paid.currency"),
                ("created", "", ""),
                ("created", "", ""),
            ]
        );
        assert_eq!(api.call("POST", "/orders/batch", Some(json!({"items": []}))).0, 400);
    });
}

#[test]
fn refunds_lower_net_paid_and_are_records() {
    both("refunds", |api, _| {
        let (_, made) = api.call("POST", "/orders", Some(order("1")));
        let id = made["id"].as_str().expect("an id");
        let body = json!({"external": {"source": "own", "id": "R1"}, "kind": "money_only", "amount": yuan(1000), "at": "2026-11-05T00:00:00Z", "lines": [{"sku": "B"}]});
        let (status, refund) = api.call("POST", &format!("/orders/{id}/refund"), Some(body.clone()));
        assert_eq!((status, &refund["order_net_paid"]), (201, &yuan(9000)), "{refund}");
        let (status, again) = api.call("PUT", "/refunds/by-external/own/R1", Some(body));
        assert_eq!((status, &again["status"]), (200, &json!("unchanged")), "{again}");
        let (_, one) = api.call("GET", &format!("/orders/{id}"), None);
        assert_eq!((&one["refunds"][0]["amount"], &one["lines"][1]["refunded"], &one["net_paid"]), (&yuan(1000), &yuan(1000), &yuan(9000)));
        let (status, other) = api.call(
            "POST",
            "/refunds",
            Some(json!({"external": {"source": "erp", "id": "R2"}, "order_external": {"source": "own", "id": "1"}, "amount": yuan(500)})),
        );
        assert_eq!((status, &other["order"]), (201, &made["id"]), "{other}");
        assert_eq!(api.call("GET", "/refunds/by-external/erp/R2", None).0, 200);
        let (_, alone) = api.call("POST", "/refunds", Some(json!({"external": {"source": "erp", "id": "R3"}, "amount": yuan(5), "buyer_keys": [{"kind": "phone", "value": "13800001234", "verified": true}]})));
        assert_eq!((&alone["status"], &alone["order"]), (&json!("created"), &Value::Null));
        let (status, wrong) = api.call(
            "POST",
            "/refunds",
            Some(json!({"external": {"source": "erp", "id": "R4"}, "order": id, "amount": {"amount": 1, "currency": "USD"}})),
        );
        assert_eq!((status, &wrong["code"]), (422, &json!("refund.other_currency")));
        let (_, batch) = api.call(
            "POST",
            "/refunds/batch",
            Some(json!({"items": [{"external": {"source": "erp", "id": "R5"}, "order": id, "amount": {"amount": 1, "currency": "USD"}}, {"external": {"source": "erp", "id": "R6"}, "order": id, "amount": yuan(1)}]})),
        );
        assert_eq!(
            (&batch["results"][0]["problem"]["code"], &batch["results"][1]["status"]),
            (&json!("refund.other_currency"), &json!("created")),
            "{batch}"
        );
        let (_, list) = api.call("GET", &format!("/members/{}/refunds?limit=2", made["member"].as_str().expect("a member")), None);
        assert_eq!(list["items"].as_array().map(Vec::len), Some(2));
        let (_, rest) = api.call("GET", &format!("/refunds?limit=200&cursor={}", list["next_cursor"].as_str().expect("a cursor")), None);
        assert_eq!(rest["items"].as_array().map(Vec::len), Some(2), "{rest}");
    });
}

#[test]
fn refunds_beyond_what_was_paid_are_taken_kept_visible_and_settled_by_a_later_payment() {
    both("over", |api, _| {
        let named = |id: &str, amount: i64| json!({"external": {"source": "own", "id": id}, "order_external": {"source": "own", "id": "O"}, "amount": yuan(amount), "at": "2026-11-05T00:00:00Z"});
        // Before its order: nothing says yet that it is too much.
        let (status, first) = api.call("POST", "/refunds", Some(named("R1", 5000)));
        assert_eq!((status, &first["order_refund_over"]), (201, &Value::Null), "{first}");
        let order = |paid: i64, at: &str| json!({"external": {"source": "own", "id": "O"}, "platform": "own", "state": "paid", "paid": yuan(paid), "updated_at": at});
        api.call("POST", "/orders", Some(order(1000, "2026-11-02T00:00:00Z")));
        let (status, second) = api.call("POST", "/refunds", Some(named("R2", 5000)));
        assert_eq!((status, &second["order_net_paid"], &second["order_refund_over"]), (201, &yuan(0), &yuan(9000)), "{second}");
        let (_, seen) = api.call("GET", "/orders/by-external/own/O", None);
        assert_eq!((&seen["net_paid"], &seen["refunded"], &seen["refund_over"]), (&yuan(0), &yuan(1000), &yuan(9000)), "{seen}");
        assert!(seen["flags"].as_array().is_some_and(|f| f.contains(&json!("refund_exceeds_paid"))), "{seen}");
        // What lowers net paid sums to what net paid was lowered by.
        let goods: Vec<_> = seen["refunds"].as_array().into_iter().flatten().map(|r| r["goods"]["amount"].as_i64()).collect();
        assert_eq!(goods, [Some(1000), Some(0)]);
        // The payment arrives late: everything is as if it had come first.
        api.call("POST", "/orders", Some(order(12_000, "2026-11-03T00:00:00Z")));
        let (_, seen) = api.call("GET", "/orders/by-external/own/O", None);
        assert_eq!((&seen["net_paid"], &seen["refund_over"]), (&yuan(2000), &Value::Null), "{seen}");
        assert!(!seen["flags"].as_array().is_some_and(|f| f.contains(&json!("refund_exceeds_paid"))), "{seen}");
        // Wrong in itself: one request says both.
        let mut wrong = order(1000, "2026-11-04T00:00:00Z");
        wrong["lines"] = json!([{"sku": "A", "quantity": 1, "refunded": yuan(600)}, {"sku": "B", "quantity": 1, "refunded": yuan(600)}]);
        let (status, no) = api.call("POST", "/orders", Some(wrong));
        assert_eq!((status, &no["code"], &no["field"]), (400, &json!("order.refund_exceeds_paid"), &json!("lines")), "{no}");
        let (status, no) = api.call("POST", "/refunds", Some(named("R3", -1)));
        assert_eq!((status, &no["code"]), (400, &json!("order.negative_amount")), "{no}");
    });
}

#[test]
fn only_currencies_of_iso_4217_are_money() {
    both("currency", |api, _| {
        let odd = json!({"external": {"source": "own", "id": "X"}, "state": "paid", "paid": {"amount": 1, "currency": "XQZ"}});
        let (status, no) = api.call("POST", "/orders", Some(odd));
        assert_eq!((status, &no["field"]), (400, &json!("paid.currency")), "{no}");
        let named = json!({"external": {"source": "own", "id": "X"}, "state": "paid", "currency": "ABC"});
        assert_eq!(api.call("POST", "/orders", Some(named)).0, 400);
        let yen = json!({"external": {"source": "own", "id": "X"}, "state": "paid", "paid": {"amount": 1, "currency": "JPY"}});
        assert_eq!(api.call("POST", "/orders", Some(yen)).0, 201);
    });
}

#[test]
fn products_and_behaviour() {
    both("products", |api, _| {
        let product = json!({"external": {"source": "own", "id": "A"}, "title": "奶瓶 240ml", "category": ["母婴", "奶瓶"], "price": yuan(6880), "cost": yuan(2000), "stock": 5});
        assert_eq!(api.call("POST", "/products", Some(product.clone())).0, 201);
        assert_eq!(api.call("PUT", "/products/by-external/own/A", Some(product)).1["status"], "unchanged");
        for (query, count) in [("", 1), ("?query=%E5%A5%B6", 1), ("?query=zzz", 0), ("?category=%E6%AF%8D%E5%A9%B4", 1), ("?query=%25", 0)]
        {
            let (status, list) = api.call("GET", &format!("/products{query}"), None);
            assert_eq!((status, list["items"].as_array().map(Vec::len)), (200, Some(count)), "{query} {list}");
        }
        let act = |id: &str, kind: &str| json!({"source": "site", "id": id, "type": kind, "at": "2026-11-05T00:00:00Z", "keys": [{"kind": "own_id", "namespace": "site", "value": "u1"}], "sku": "A", "data": {"page": "/a", "n": 3}});
        let (_, answer) =
            api.call("POST", "/events/batch", Some(json!({"items": [act("1", "browse"), act("1", "browse"), act("2", "dance")]})));
        let seen: Vec<&str> = answer["results"].as_array().expect("results").iter().map(|r| r["status"].as_str().unwrap_or("")).collect();
        assert_eq!(seen, ["created", "unchanged", "refused"], "{answer}");
    });
}

#[test]
fn a_claim_needs_its_proof() {
    both("claims", |api, _| {
        let (_, known) = api.call("POST", "/orders", Some(order("1")));
        let member = known["member"].as_str().expect("a member");
        let hidden =
            json!({"external": {"source": "taobao", "id": "9"}, "state": "paid", "paid": yuan(100), "receiver": {"phone": "139****5678"}});
        let (_, nobody) = api.call("POST", "/orders", Some(hidden));
        assert_eq!(nobody["identified"], json!(false));
        let claim = |value: &str| {
            api.call(
                "POST",
                &format!("/orders/{}/claim", nobody["id"].as_str().expect("an id")),
                Some(json!({"member": member, "proof": {"kind": "phone_last4", "value": value}})),
            )
        };
        assert_eq!((claim("0000").0, claim("0000").1["code"].clone()), (422, json!("order.claim_not_proven")));
        let (status, theirs) = claim("5678");
        assert_eq!((status, &theirs["member"]), (200, &json!(member)), "{theirs}");
        assert_eq!(claim("5678").0, 409);
    });
}

#[test]
fn refusals_name_the_field() {
    both("refusals", |api, _| {
        for (path, value, field) in [
            ("/paid/amount", json!(-1), "paid"),
            ("/paid/currency", json!("yuan"), "paid.currency"),
            ("/external/id", json!(" "), "external.id"),
            ("/paid_at", json!("2026-10-01T00:00:00Z"), "paid_at"),
            ("/lines/0/quantity", json!(-2), "lines[0].quantity"),
            ("/buyer/keys/0/kind", json!("shoe_size"), "buyer.keys[0].kind"),
            ("/shop", json!("shp_00000000000000000000000000"), "shop"),
        ] {
            let mut body = order("1");
            match body.pointer_mut(path) {
                Some(slot) => *slot = value,
                None => body["shop"] = value,
            }
            let (status, problem) = api.call("POST", "/orders", Some(body));
            assert!([400, 422].contains(&status), "{path}: {problem}");
            assert_eq!(problem["field"], json!(field), "{problem}");
        }
    });
}

/// Settlement: a platform with two shops has one total, and what differs is told apart from what no file tells.
#[test]
fn settlement_is_told_by_platform_and_in_two_parts() {
    hooks::install(shuke_commerce::HOOKS);
    both_with("settlement", Register(&[GROUND, shuke_access::TABLES, shuke_members::TABLES, shuke_commerce::TABLES]), |t| {
        let api = &Api::of(app(t), shuke_commerce::router());
        let m = t.merchant;
        t.write(move |tx| {
            let put = "INSERT INTO merchant (merchant, id, name, sandbox, zone, currency, settings, created_at, updated_at) VALUES ($1, $2, 'x', 0, 'Asia/Shanghai', 'CNY', '{}', 0, 0)";
            tx.exec(put, args![m, [7_u8; 16]]).map(|_| ())
        });
        for (no, platform, shop, received) in [
            ("1", "taobao", "甲", Some(10_600)),
            ("2", "taobao", "乙", Some(10_550)),
            ("3", "taobao", "乙", None),
            ("4", "pdd", "丙", Some(10_700)),
        ] {
            let mut one = order(no);
            one["platform"] = json!(platform);
            one["shop"] = json!(shop);
            one["state"] = json!("completed");
            if let Some(fen) = received {
                one["merchant_received"] = yuan(fen);
            }
            api.done("POST", "/orders", Some(one));
        }
        let window = "from=2026-01-01&to=2027-01-01";
        let told = api.ok(200, "GET", &format!("/reports/settlement?{window}"), None);
        let keys = [
            "orders",
            "matched",
            "differing",
            "untold",
            "expected",
            "settled",
            "difference_told",
            "deducted",
            "expected_untold",
            "difference",
        ];
        let of = |row: &Value| keys.map(|key| row[key].as_i64().expect("a number"));
        let platforms: Vec<(&str, [i64; 10])> = told["platforms"]
            .as_array()
            .expect("platforms")
            .iter()
            .map(|row| (row["platform"].as_str().expect("a word"), of(row)))
            .collect();
        assert_eq!(
            platforms,
            [("pdd", [1, 0, 1, 0, 10_600, 10_700, 100, 0, 0, 100]), ("taobao", [3, 1, 1, 1, 31_800, 21_150, -50, -50, 10_600, -10_650])],
            "{told}"
        );
        assert_eq!(of(&told["total"]), [4, 1, 2, 1, 42_400, 31_850, 50, -50, 10_600, -10_550]);
        // The totals are those of the rows by shop that stand beside them.
        for (platform, whole) in &platforms {
            let rows = told["by_platform"].as_array().expect("rows").iter().filter(|row| row["platform"] == json!(platform));
            let sum = rows.map(&of).fold([0; 10], |mut sum, row| {
                sum.iter_mut().zip(row).for_each(|(a, b)| *a += b);
                sum
            });
            assert_eq!(sum, *whole, "{platform}");
        }
        let list = |part: &str| {
            let page = api.ok(200, "GET", &format!("/reports/settlement/orders?{window}{part}"), None);
            let row = |o: &Value| (o["order_no"].as_str().expect("a number").to_owned(), o["part"].as_str().expect("a word").to_owned());
            let mut rows: Vec<(String, String)> = page["items"].as_array().expect("items").iter().map(row).collect();
            rows.sort();
            rows
        };
        let row = |no: &str, part: &str| (no.to_owned(), part.to_owned());
        assert_eq!(list("&part=differs"), [row("2", "differs"), row("4", "differs")]);
        assert_eq!(list("&part=untold"), [row("3", "untold")]);
        assert_eq!(list("").len(), 3);
        assert_eq!(list("&part=untold&reason=deducted"), []);
        let (status, wrong) = api.call("GET", "/reports/settlement/orders?part=lost", None);
        assert_eq!(status, 400, "{wrong}");
        let (status, file) = api.bytes("GET", &format!("/reports/settlement/export?{window}&table=platforms"), None);
        let file = String::from_utf8(file).expect("text");
        assert_eq!(status, 200);
        assert!(file.contains(",CNY,3,1,1,1,318.00,211.50,-0.50,-0.50,106.00,-106.50"), "{file}");
    });
}
