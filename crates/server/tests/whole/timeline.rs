//! A member's timeline on the running program: everything in it, newest first, page by page, with
//! what a merge brought along.

use serde_json::{Value, json};
use shuke_testkit::shop::{Place, Shop};

fn timeline(shop: &Shop, member: &str, kind: &str, limit: usize) -> Vec<Value> {
    let (mut out, mut cursor): (Vec<Value>, _) = (Vec::new(), String::new());
    loop {
        let page = shop.done("GET", &format!("/members/{member}/timeline?kind={kind}&limit={limit}{cursor}"), None);
        let items = page["items"].as_array().unwrap();
        assert!(items.len() <= limit);
        out.extend(items.iter().cloned());
        match page["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => return out,
        }
    }
}

fn member(id: &str, name: &str) -> Value {
    json!({
        "external": {"source": "own", "id": id}, "name": name, "joined_at": "2024-01-05T00:00:00Z", "join_source": "shop", "source_time": "2024-02-01T00:00:00Z",
        "consents": [{"purpose": "marketing", "channel": "sms", "granted": true, "source": "form", "at": "2024-02-01T00:00:00Z"}],
    })
}

fn order(number: &str, buyer: &str, day: u8) -> Value {
    json!({
        "external": {"source": "own", "id": number}, "platform": "own", "state": "paid", "created_at": format!("2025-03-{day:02}T00:00:00Z"),
        "paid_at": format!("2025-03-{day:02}T00:05:00Z"), "paid": {"amount": 12850, "currency": "CNY"},
        "buyer": {"keys": [{"kind": "own_id", "namespace": "own", "value": buyer, "verified": true}]},
        "lines": [{"id": "1", "sku": "S1", "title": "奶瓶", "quantity": 1, "paid": {"amount": 12850, "currency": "CNY"}}],
    })
}

fn kinds(entries: &[Value]) -> Vec<&str> {
    entries.iter().map(|e| e["kind"].as_str().unwrap()).collect()
}

fn everything(postgres: bool) {
    let place = Place::new(postgres);
    let shop = Shop::new(place.start(), &["members:read", "members:write", "orders:read", "orders:write"]);
    let id = |answer: &Value| answer["id"].as_str().unwrap().to_owned();
    let (a, b) =
        (id(&shop.done("POST", "/members", Some(member("1", "王芳")))), id(&shop.done("POST", "/members", Some(member("2", "王方")))));
    for (number, buyer, day) in [("o1", "1", 1), ("o2", "2", 2), ("o3", "1", 3), ("o4", "2", 3)] {
        shop.done("POST", "/orders", Some(order(number, buyer, day)));
    }
    let list = shop.done("GET", &format!("/members/{a}/orders"), None);
    let paid = list["items"][0]["id"].as_str().unwrap().to_owned();
    let back =
        json!({"external": {"source": "own", "id": "r1"}, "at": "2025-03-09T00:00:00Z", "amount": {"amount": 850, "currency": "CNY"}});
    shop.done("POST", &format!("/orders/{paid}/refund"), Some(back));
    let act = json!({"source": "own", "id": "e1", "type": "browse", "at": "2025-03-04T00:00:00Z", "member": b, "sku": "S1"});
    shop.done("POST", "/events/batch", Some(json!({"items": [act]})));
    let vip = id(&shop.done("POST", "/tags", Some(json!({"name": "VIP"}))));
    shop.done("PUT", &format!("/members/{b}/tags/{vip}"), None);
    shop.done("DELETE", &format!("/members/{b}/tags/{vip}"), None);
    shop.done("PUT", &format!("/members/{a}/tags/{vip}"), None);
    shop.done("PATCH", &format!("/members/{a}"), Some(json!({"gender": "female", "reason": "she said so"})));

    let before = timeline(&shop, &a, "", 50);
    assert_eq!(kinds(&before), ["profile", "tag", "refund", "order", "order", "consent", "profile", "first_seen", "joined"], "{before:#?}");
    assert_eq!((&before[0]["profile"]["source"], &before[0]["profile"]["fields"]), (&json!("staff"), &json!(["gender"])));
    assert_eq!((&before[2]["refund"]["amount"]["amount"], &before[2]["refund"]["order"]), (&json!(850), &json!(paid)));
    assert_eq!(
        (&before[3]["order"]["number"], &before[3]["order"]["titles"], &before[3]["order"]["refunded"]["amount"]),
        (&json!("o3"), &json!(["奶瓶"]), &json!(850))
    );

    // With whom it takes in, everything of both is there, once each.
    let done = shop.done("POST", &format!("/members/{a}/merge"), Some(json!({"other": b, "reason": "one person"})));
    let survivor = done["member"]["id"].as_str().unwrap().to_owned();
    let after = timeline(&shop, &survivor, "", 50);
    let count = |kind: &str| after.iter().filter(|e| e["kind"] == kind).count();
    let counts = ["order", "refund", "behaviour", "tag", "untag", "merge", "unmerge", "profile", "consent"].map(count);
    assert_eq!(counts, [4, 1, 1, 2, 1, 1, 0, 3, 2], "{after:#?}");
    assert!(after.windows(2).all(|w| w[0]["at"].as_str() >= w[1]["at"].as_str()), "newest first");
    for limit in [1, 2, 3, 7] {
        assert_eq!(timeline(&shop, &survivor, "", limit), after, "in pages of {limit}");
    }
    let some = timeline(&shop, &survivor, "order,untag", 1);
    let want: Vec<Value> = after.iter().filter(|e| e["kind"] == "order" || e["kind"] == "untag").cloned().collect();
    assert_eq!(some, want);
    assert_eq!(timeline(&shop, &b, "", 50), timeline(&shop, &a, "", 50), "an alias tells the same");

    // Taken back, each has its own again, and both tell of it.
    shop.done("POST", &format!("/merges/{}/unmerge", done["merge_id"].as_str().unwrap()), Some(json!({"reason": "two sisters"})));
    let (mine, theirs) = (timeline(&shop, &a, "", 50), timeline(&shop, &b, "", 50));
    assert_eq!(kinds(&theirs).iter().filter(|k| ["untag", "tag", "behaviour"].contains(*k)).count(), 3);
    for side in [&mine, &theirs] {
        let own = |kind: &str| side.iter().filter(|e| e["kind"] == kind).count();
        assert_eq!((own("order"), own("merge"), own("unmerge")), (2, 1, 1), "{side:#?}");
    }
    let wrong = shop.call(400, "GET", &format!("/members/{a}/timeline?kind=gossip"), None);
    assert_eq!(wrong["field"], "kind");
}

#[test]
fn on_sqlite() {
    everything(false);
}

#[test]
fn on_postgresql() {
    everything(true);
}
