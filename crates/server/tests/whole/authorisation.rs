//! Every operation of the API, found from the OpenAPI document so that none can be forgotten, is
//! called by nobody, by a key without its scope, and by another merchant's key on this merchant's
//! things. An operation with a parameter that this test cannot fill fails it.

use serde_json::{Value, json};
use shuke_testkit::process::{Answer, Owner, Server};

struct Operation {
    id: String,
    method: String,
    path: String,
    scopes: Vec<String>,
    secured: bool,
}

fn operations(document: &Value) -> Vec<Operation> {
    let mut all = Vec::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            if !["get", "post", "put", "patch", "delete"].contains(&method.as_str()) {
                continue;
            }
            let schemes = operation["security"].as_array().cloned().unwrap_or_default();
            let scopes = schemes
                .iter()
                .filter_map(|s| s.get("key"))
                .flat_map(|s| s.as_array().cloned().unwrap_or_default())
                .filter_map(|s| s.as_str().map(str::to_owned))
                .collect();
            all.push(Operation {
                id: operation["operationId"].as_str().unwrap().to_owned(),
                method: method.to_uppercase(),
                path: path.clone(),
                scopes,
                secured: !schemes.is_empty(),
            });
        }
    }
    all
}

/// Operations that a visitor may call, with the reason.
const OPEN: &[(&str, &str)] = &[
    ("setup_state", "the console asks before anybody can be signed in"),
    ("set_up", "guarded by the setup token"),
    ("sign_in", "it is how one proves who one is"),
    ("accept_invite", "guarded by the invite's token"),
];

struct Shop {
    key: String,
    merchant: String,
}

fn bearer(key: &str) -> Vec<(&'static str, String)> {
    vec![("authorization", format!("Bearer {key}"))]
}

fn call(server: &Server, method: &str, path: &str, headers: &[(&str, String)], body: Option<&Value>) -> Answer {
    let headers: Vec<(&str, &str)> = headers.iter().map(|(n, v)| (*n, v.as_str())).collect();
    server.call(method, path, &headers, body)
}

struct World {
    server: Server,
    cookie: String,
    document: Value,
    first: Shop,
    second: Shop,
}

impl World {
    fn new() -> Self {
        let server = Server::start();
        let Owner { cookie, merchant: first_id } = server.owner();
        let staff =
            |merchant: &str| vec![("cookie", cookie.clone()), ("shuke-csrf", "1".to_owned()), ("shuke-merchant", merchant.to_owned())];
        let second = call(&server, "POST", "/api/v1/merchants", &staff(&first_id), Some(&json!({"name": "乙店", "sandbox": false})));
        assert!(second.status < 300, "{}", second.json);
        let second_id = second.json["id"].as_str().unwrap().to_owned();
        let document = call(&server, "GET", "/api/v1/openapi.json", &[], None).json;
        let every: Vec<String> =
            operations(&document).into_iter().flat_map(|o| o.scopes).collect::<std::collections::BTreeSet<_>>().into_iter().collect();
        let key = |merchant: &str, scopes: &[String]| {
            let made =
                call(&server, "POST", "/api/v1/keys", &staff(merchant), Some(&json!({"name": "test", "scopes": scopes, "test": false})));
            assert!(made.status < 300, "{}", made.json);
            made.json["secret"].as_str().unwrap().to_owned()
        };
        let (a, b) = (key(&first_id, &every), key(&second_id, &every));
        Self { server, cookie, document, first: Shop { key: a, merchant: first_id }, second: Shop { key: b, merchant: second_id } }
    }

    fn narrow_key(&self, without: &[String]) -> String {
        let every: std::collections::BTreeSet<String> = operations(&self.document).into_iter().flat_map(|o| o.scopes).collect();
        let scopes: Vec<_> = every.into_iter().filter(|s| !without.contains(s)).collect();
        let headers = [("cookie", self.cookie.clone()), ("shuke-csrf", "1".to_owned()), ("shuke-merchant", self.first.merchant.clone())];
        let made = call(&self.server, "POST", "/api/v1/keys", &headers, Some(&json!({"name": "narrow", "scopes": scopes, "test": false})));
        assert!(made.status < 300, "{}", made.json);
        made.json["secret"].as_str().unwrap().to_owned()
    }
}

/// An id of each sort, so that a path can be filled; made up, so that nobody has such a thing.
fn fill(path: &str) -> String {
    let nobody = "00000000000000000000000000";
    let prefix = [
        ("/members", "mem"),
        ("/orders", "ord"),
        ("/refunds", "ref"),
        ("/products", "prd"),
        ("/reviews", "rev"),
        ("/merges", "mrg"),
        ("/suppressions", "sup"),
        ("/privacy/requests", "prq"),
        ("/staff", "stf"),
        ("/keys", "key"),
        ("/shops", "shp"),
        ("/webhooks", "whk"),
        ("/jobs", "job"),
        ("/imports", "imp"),
        ("/exports", "exp"),
        ("/batches", "bat"),
        ("/quarantine", "qua"),
        ("/mappings", "map"),
        ("/views", "viw"),
        ("/tag-categories", "tgc"),
        ("/tags", "tag"),
        ("/merchants", "mer"),
        ("/calendar/occasions", "occ"),
        ("/programmes", "prg"),
        ("/reruns", "rrn"),
        ("/cards", "crd"),
        ("/benefits/tasks", "bnt"),
        ("/benefits/packs", "pck"),
        ("/benefits", "ben"),
        ("/growth-tasks", "gtk"),
        ("/rewards", "rwd"),
        ("/coupons/templates", "cpt"),
        ("/coupons/batches", "cpb"),
        ("/coupons", "cpn"),
        ("/redemptions", "rdm"),
        ("/segments", "seg"),
        ("/portrait-targets", "ptt"),
        ("/promotions", "pro"),
    ]
    .iter()
    .find(|(p, _)| path.starts_with(p))
    .map(|(_, x)| *x);
    let mut out = path.to_owned();
    while let Some(start) = out.find('{') {
        let end = out[start..].find('}').unwrap() + start;
        let name = out[start + 1..end].to_owned();
        let value = match name.as_str() {
            "source" => "nowhere".to_owned(),
            "id" if path.contains("by-external") => "nothing".to_owned(),
            "format" => "csv".to_owned(),
            "report" => "dashboard".to_owned(),
            "tag" => format!("tag_{nobody}"),
            "programme" => format!("prg_{nobody}"),
            "card" => format!("crd_{nobody}"),
            "hold" | "spend" => "x".to_owned(),
            "no" => "1".to_owned(),
            "benefit" => format!("ben_{nobody}"),
            "reward" => format!("rwd_{nobody}"),
            "use" => format!("bnu_{nobody}"),
            "key" => "spend_six".to_owned(),
            _ => format!("{}_{nobody}", prefix.unwrap_or_else(|| panic!("{path}: say in `fill` what {{{name}}} is"))),
        };
        out.replace_range(start..=end, &value);
    }
    format!("/api/v1{out}")
}

#[test]
fn every_operation_refuses_nobody_and_the_wrong_scope() {
    let world = World::new();
    let mut seen = 0;
    for operation in operations(&world.document) {
        let path = fill(&operation.path);
        let body = (operation.method != "GET").then(|| json!({}));
        if !operation.secured {
            assert!(
                OPEN.iter().any(|(id, _)| *id == operation.id),
                "{} asks for nobody: declare its security, or add it to OPEN with the reason",
                operation.id
            );
            continue;
        }
        let nobody = call(&world.server, &operation.method, &path, &[], body.as_ref());
        assert_eq!(nobody.status, 401, "{} for nobody: {}", operation.id, nobody.json);
        assert!(nobody.json["code"].is_string(), "{}: a problem without a code", operation.id);
        let wrong = call(&world.server, &operation.method, &path, &bearer("sk_live_0000000000000000000000000000"), body.as_ref());
        assert_eq!(wrong.status, 401, "{} with a wrong key: {}", operation.id, wrong.json);
        seen += 1;
    }
    assert!(seen > 60, "only {seen} operations found");

    // A key without the operation's scope, one scope at a time.
    let scopes: std::collections::BTreeSet<String> = operations(&world.document).into_iter().flat_map(|o| o.scopes).collect();
    for scope in scopes {
        let key = world.narrow_key(std::slice::from_ref(&scope));
        for operation in operations(&world.document).into_iter().filter(|o| o.scopes.contains(&scope)) {
            let path = fill(&operation.path);
            let body = sample_body(&world.document, &operation);
            let answer = call(&world.server, &operation.method, &path, &bearer(&key), body.as_ref());
            let code = answer.json["code"].as_str().unwrap_or_default().to_owned();
            // A body that does not fit is refused before anybody asks what the caller may do.
            assert!(
                answer.status == 403 || (answer.status < 500 && [400, 422].contains(&answer.status) && code.starts_with("request.")),
                "{} without {scope}: {} {}",
                operation.id,
                answer.status,
                answer.json
            );
        }
    }
}

/// Bodies of operations that read words before they look for the thing: the smallest body of the
/// schema would be refused for its words alone.
fn body_in_words(operation: &Operation, own_member: &str) -> Option<Value> {
    match operation.id.as_str() {
        "add_consent" => Some(json!({"purpose": "marketing", "channel": "sms", "granted": true, "at": "2026-09-01T00:00:00Z"})),
        "refund_order" => Some(
            json!({"external": {"source": "own", "id": "r1"}, "at": "2026-09-01T00:00:00Z", "amount": {"amount": 1, "currency": "CNY"}}),
        ),
        "put_occasion" => Some(json!({"name": "店庆", "from": "2026-09-01", "to": "2026-09-02"})),
        "claim_order" => Some(json!({"member": own_member, "proof": {"kind": "phone_last4", "value": "8000"}})),
        _ => None,
    }
}

/// The smallest body that the operation's schema allows.
fn sample_body(document: &Value, operation: &Operation) -> Option<Value> {
    let content =
        &document["paths"][&operation.path][operation.method.to_lowercase()]["requestBody"]["content"]["application/json"]["schema"];
    if content.is_null() { None } else { Some(sample(document, content, 0)) }
}

fn sample(document: &Value, schema: &Value, depth: u32) -> Value {
    if depth > 8 {
        return Value::Null;
    }
    if let Some(to) = schema["$ref"].as_str() {
        return sample(document, &document["components"]["schemas"][to.rsplit('/').next().unwrap()], depth + 1);
    }
    for union in ["oneOf", "anyOf", "allOf"] {
        if let Some(first) = schema[union].as_array().and_then(|a| a.iter().find(|s| s["type"] != "null")) {
            return sample(document, first, depth + 1);
        }
    }
    if let Some(first) = schema["enum"].as_array().and_then(|e| e.first()) {
        return first.clone();
    }
    let kind = schema["type"]
        .as_str()
        .or_else(|| schema["type"].as_array().and_then(|a| a.iter().filter_map(Value::as_str).find(|t| *t != "null")));
    match kind {
        Some("object") => {
            let required = schema["required"].as_array().cloned().unwrap_or_default();
            Value::Object(
                required
                    .iter()
                    .filter_map(|n| n.as_str())
                    .map(|n| (n.to_owned(), sample(document, &schema["properties"][n], depth + 1)))
                    .collect(),
            )
        }
        Some("array") => json!([]),
        Some("integer" | "number") => json!(1),
        Some("boolean") => json!(false),
        Some("string") if schema["format"] == "date-time" => json!("2026-09-01T00:00:00Z"),
        Some("string") if schema["format"] == "date" => json!("2026-09-01"),
        Some("string") => json!("x"),
        _ => Value::Null,
    }
}

#[test]
fn nothing_of_one_merchant_is_seen_or_changed_by_another() {
    let world = World::new();
    let a = bearer(&world.first.key);
    let b = bearer(&world.second.key);
    let member = call(
        &world.server,
        "POST",
        "/api/v1/members",
        &a,
        Some(
            &json!({"external": {"source": "own", "id": "m1"}, "keys": [{"kind": "phone", "value": "13800138000", "verified": true}], "name": "张三"}),
        ),
    );
    assert!(member.status < 300, "{}", member.json);
    let order = call(
        &world.server,
        "POST",
        "/api/v1/orders",
        &a,
        Some(
            &json!({"external": {"source": "own", "id": "o1"}, "platform": "own", "state": "paid", "currency": "CNY", "paid": {"amount": 100, "currency": "CNY"}, "created_at": "2026-09-01T00:00:00Z", "paid_at": "2026-09-01T00:01:00Z"}),
        ),
    );
    assert!(order.status < 300, "{}", order.json);
    let hook = call(&world.server, "POST", "/api/v1/webhooks", &a, Some(&json!({"url": "https://example.com/hook", "types": []})));
    assert!(hook.status < 300, "{}", hook.json);
    let id = |answer: &Answer| {
        let body = &answer.json;
        body["id"]
            .as_str()
            .or_else(|| body["order"]["id"].as_str())
            .or_else(|| body["member"]["id"].as_str())
            .or_else(|| body["webhook"]["id"].as_str())
            .unwrap_or_else(|| panic!("no id in {body}"))
            .to_owned()
    };
    let things = [("members", "mem", id(&member)), ("orders", "ord", id(&order)), ("webhooks", "whk", id(&hook))];
    let own = call(
        &world.server,
        "POST",
        "/api/v1/members",
        &b,
        Some(&json!({"external": {"source": "own", "id": "m9"}, "keys": [{"kind": "phone", "value": "13900139000", "verified": true}]})),
    );
    let own = id(&own);
    let mut checked = 0;
    for operation in operations(&world.document) {
        let Some((_, _, thing)) = things.iter().find(|(area, _, _)| operation.path.starts_with(&format!("/{area}/{{id}}"))) else {
            continue;
        };
        let path = fill(&operation.path.replace("{id}", thing));
        let body = body_in_words(&operation, &own).or_else(|| sample_body(&world.document, &operation));
        let theirs = call(&world.server, &operation.method, &path, &b, body.as_ref());
        // What is not theirs is answered as what does not exist: nobody learns that it does.
        let nothing = call(&world.server, &operation.method, &fill(&operation.path), &b, body.as_ref());
        assert_eq!(
            (theirs.status, &theirs.json["code"]),
            (nothing.status, &nothing.json["code"]),
            "{} tells that the thing exists: {}",
            operation.id,
            theirs.json
        );
        let refused = theirs.status == 404
            || ([400, 422].contains(&theirs.status) && theirs.json["code"].as_str().is_some_and(|c| c.starts_with("request.")));
        let empty = theirs.status == 200 && theirs.json["items"].as_array().is_some_and(Vec::is_empty);
        assert!(refused || empty, "{} of another merchant: {} {}", operation.id, theirs.status, theirs.json);
        checked += 1;
    }
    assert!(checked >= 8, "only {checked} operations took an id");
    let members = call(&world.server, "GET", "/api/v1/members", &b, None);
    let ids: Vec<_> = members.json["items"].as_array().unwrap().iter().map(|m| m["id"].as_str().unwrap()).collect();
    assert_eq!(ids, [own.as_str()], "members of another merchant");
    for list in ["orders", "webhooks", "refunds", "products", "imports", "quarantine"] {
        let theirs = call(&world.server, "GET", &format!("/api/v1/{list}"), &b, None);
        assert_eq!(theirs.json["items"], json!([]), "{list} of another merchant");
    }
    for external in ["members/by-external/own/m1", "orders/by-external/own/o1"] {
        assert_eq!(call(&world.server, "GET", &format!("/api/v1/{external}"), &b, None).status, 404, "{external}");
        assert_eq!(call(&world.server, "GET", &format!("/api/v1/{external}"), &a, None).status, 200, "{external}");
    }
}

#[test]
fn a_batch_tells_of_no_question_that_its_asker_may_not_ask() {
    let world = World::new();
    let asked = |without: &str, whom: Value| {
        let mut body = json!({ "name": "x", "destination": "sms" });
        body.as_object_mut().unwrap().extend(whom.as_object().unwrap().clone());
        let key = world.narrow_key(&[without.to_owned()]);
        ["/api/v1/batches/preview", "/api/v1/batches"]
            .map(|path| call(&world.server, "POST", path, &bearer(&key), Some(&body)))
            .map(|answer| (answer.status, answer.json["code"].as_str().unwrap_or_default().to_owned()))
    };
    let nobody = json!({ "members": ["mem_00000000000000000000000000"] });
    for (without, whom) in [
        ("segments:read", json!({ "text": "orders.count > 0" })),
        ("segments:read", json!({ "members": nobody["members"], "exclude": ["seg_00000000000000000000000000"] })),
        ("members:read", nobody.clone()),
    ] {
        for (status, code) in asked(without, whom.clone()) {
            assert_eq!((status, code.as_str()), (403, "access.forbidden"), "{whom} without {without}");
        }
    }
    assert!(asked("segments:read", nobody).iter().all(|(status, _)| *status < 300), "a list asks no segments");
}
