//! A cart priced over HTTP is priced as `shuke price` prices it: every committed case, to the last word; and what cannot be
//! priced is refused with its place, in the caller's language.

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::{Value, json};
use shuke_store::MasterKey;
use shuke_testkit::MASTER;
use shuke_testkit::process::{Answer, Server, binary};

const PATH: &str = "/api/v1/pricing/evaluate";

fn cases() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../pricing/tests/cases");
    let mut all: Vec<PathBuf> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    all.sort();
    all
}

/// What the program prints for a case, or what it refuses on one line.
fn printed(case: &Path) -> Result<Value, String> {
    let mut command = Command::new(binary("shuke"));
    command.args(["price", "--json", "--promotions"]).arg(case.join("promotions.json")).arg("--cart").arg(case.join("cart.json"));
    if case.join("refunds.json").exists() {
        command.arg("--refunds").arg(case.join("refunds.json"));
    }
    let out = command.env_remove("SHUKE_STORE").output().unwrap();
    if out.status.success() {
        return Ok(serde_json::from_slice(&out.stdout).unwrap());
    }
    assert_eq!(out.status.code(), Some(2), "{}", case.display());
    Err(String::from_utf8_lossy(&out.stderr).into_owned())
}

/// The files as they are: what JSON libraries would put right on the way must be refused.
fn question(case: &Path) -> String {
    let text = |file: &str| std::fs::read_to_string(case.join(file));
    let refunds = text("refunds.json").map_or_else(|_| String::new(), |text| format!(r#","refunds":{text}"#));
    format!(r#"{{"promotions":{},"cart":{}{refunds}}}"#, text("promotions.json").unwrap(), text("cart.json").unwrap())
}

/// Asks; waits where the caller's limit says so.
fn asked(server: &Server, key: &str, language: &str, body: &str) -> Answer {
    loop {
        let answer = server.post_text(PATH, &[("authorization", key), ("accept-language", language)], body.to_owned());
        if answer.status != 429 {
            return answer;
        }
        std::thread::sleep(std::time::Duration::from_millis(200));
    }
}

#[test]
fn every_case_is_priced_over_http_as_at_the_shell() {
    let server = Server::start();
    let key = server.key(&["carts:price"]);
    let (mut priced, mut refused) = (0, 0);
    for case in cases() {
        let answer = asked(&server, &key, "en", &question(&case));
        match printed(&case) {
            Ok(want) => {
                assert_eq!((answer.status, &answer.json), (200, &want), "{}", case.display());
                priced += 1;
            }
            Err(said) => {
                assert_eq!(
                    (answer.status, answer.json["code"].as_str()),
                    (400, Some("price.malformed")),
                    "{}: {}",
                    case.display(),
                    answer.json
                );
                // The shell names the file and the place in it, the API the part of the request and the place in that.
                let place = answer.json["field"].as_str().unwrap();
                let inside = place.split_once('.').map_or("", |(_, inside)| inside);
                assert!(said.contains(inside), "{}: {place} is not the place of {said}", case.display());
                let why = answer.json["params"]["why"].as_str().unwrap();
                assert!(said.trim_end().ends_with(why), "{}: {why} is not what {said} says", case.display());
                refused += 1;
            }
        }
    }
    assert!(priced > 75 && refused > 15, "{priced} priced, {refused} refused");
}

#[test]
fn what_cannot_be_priced_is_refused_in_the_callers_language() {
    let server = Server::start();
    let owner = server.owner();
    let (key, other) = (server.key_of(&owner, &["carts:price"]), server.key_of(&owner, &["points:read"]));
    let cart = r#"{"format":1,"time":"2026-06-18T12:00:00Z","lines":[{"line":"1","sku":"A","unit_price":1000,"qty":1}]}"#;
    let with = |promotion: &str| format!(r#"{{"promotions":{{"format":1,"promotions":[{promotion}]}},"cart":{cart}}}"#);
    let wrong = with(r#"{"id":"p","kind":"percent_off","pay_rate":"1.5"}"#);
    for (language, said) in [("zh-CN", "应为 [0, 1] 之间"), ("en", "expected an exact decimal in [0, 1]")] {
        let answer = asked(&server, &key, language, &wrong);
        assert_eq!((answer.status, &answer.json["field"]), (400, &json!("promotions.promotions[0].pay_rate")), "{}", answer.json);
        assert_eq!((&answer.json["code"], &answer.json["params"]["reason"]), (&json!("price.malformed"), &json!("wrong_form")));
        assert!(answer.json["detail"].as_str().is_some_and(|detail| detail.contains(said)), "{}", answer.json);
    }
    for (body, status, code) in [
        (with(r#"{"id":"p","id":"q","kind":"gift"}"#), 400, "price.malformed"),
        (with(r#"{"id":"p","kind":"percent_off","pay_rate":"0.9"}"#).replace(r#""cart""#, r#""basket""#), 400, "request.invalid"),
        ("[]".to_owned(), 400, "request.invalid"),
        ("{".to_owned(), 400, "request.invalid"),
        (format!(r#"{{"promotions":{},"cart":{cart}}}"#, "[".repeat(100_000) + &"]".repeat(100_000)), 400, "price.malformed"),
        (format!(r#"{{"promotions":{{"format":1,"x":"{}"}},"cart":{cart}}}"#, "x".repeat(3 << 20)), 422, "price.too_large"),
    ] {
        let answer = asked(&server, &key, "en", &body);
        assert_eq!((answer.status, answer.json["code"].as_str()), (status, Some(code)), "{:.200}: {}", body, answer.json);
    }
    assert_eq!(asked(&server, &other, "en", &with("")).status, 403, "a key needs carts:price");
}

#[test]
fn the_shops_catalogue_prices_at_the_shell_as_in_the_shop() {
    let server = Server::start();
    let key = server.key(&["carts:price", "promotions:read", "promotions:write"]);
    let call = |status: u16, path: &str, body: Value| {
        let answer = server.call("POST", &format!("/api/v1{path}"), &[("authorization", &key)], Some(&body));
        assert_eq!(answer.status, status, "{path}: {}", answer.json);
        answer.json
    };
    let rules = json!({"kind": "stepped_threshold", "steps": [{"min_amount": 10_000, "amount_off": 1_500}], "repeat": true});
    let made = call(201, "/promotions", json!({"name": "每满 100 减 15", "rules": rules}));
    let id = made["id"].as_str().unwrap();
    let published = call(200, &format!("/promotions/{id}/publish"), json!({"version": made["version"]}));
    let at = published["current"]["from"].as_str().unwrap();
    let cart = json!({"format": 1, "time": at, "lines": [{"line": "1", "sku": "A", "unit_price": 12_000, "qty": 2}]});
    let kept = call(200, "/carts/price", cart.clone());
    assert_eq!((&kept["order"]["total"], &kept["applied"][0]["id"]), (&json!(21_000), &json!(id)), "{kept}");
    let folder = tempfile::tempdir().unwrap();
    let mut command = Command::new(binary("shuke"));
    command.args(["promotions", "catalogue", "--at", at, "--data"]).arg(server.data());
    command.env("SHUKE_MASTER_KEY", MasterKey::new(MASTER).to_hex().as_str()).env_remove("SHUKE_STORE");
    let file = command.output().unwrap();
    assert!(file.status.success(), "{}", String::from_utf8_lossy(&file.stderr));
    std::fs::write(folder.path().join("promotions.json"), &file.stdout).unwrap();
    std::fs::write(folder.path().join("cart.json"), cart.to_string()).unwrap();
    let told = printed(folder.path()).unwrap();
    assert_eq!((&told["order"], &told["applied"]), (&kept["order"], &kept["applied"]));
}

#[test]
fn a_cart_of_very_many_lines_holds_nobody_up() {
    let server = Server::start();
    let key = server.key(&["carts:price", "members:read"]);
    let lines: Vec<Value> = (0..1_000)
        .map(|i| json!({"line": format!("{i}"), "sku": format!("S{i}"), "unit_price": 1_000 + i % 977, "qty": 1 + i % 5}))
        .collect();
    let promotion = |i: i64| match i % 4 {
        0 => {
            json!({"id": format!("p{i:03}"), "kind": "percent_off", "pay_rate": "0.9", "cap": 100_000 + i, "group": format!("g{}", i % 7)})
        }
        1 => json!({"id": format!("p{i:03}"), "kind": "nth_item", "n": 2 + i % 3, "pay_rate": "0.5"}),
        2 => {
            json!({"id": format!("p{i:03}"), "kind": "stepped_threshold", "steps": [{"min_amount": 100_000 * i, "amount_off": 1_000 * i}]})
        }
        _ => json!({"id": format!("p{i:03}"), "kind": "free_shipping", "cap": 1 + i}),
    };
    let promotions: Vec<Value> = (0..120).map(promotion).collect();
    let body = json!({
        "promotions": {"format": 1, "promotions": promotions},
        "cart": {"format": 1, "time": "2026-06-18T12:00:00Z", "shipping_fee": 5_000, "lines": lines},
    })
    .to_string();
    std::thread::scope(|scope| {
        let large: Vec<_> = (0..2).map(|_| scope.spawn(|| asked(&server, &key, "en", &body))).collect();
        // Others are answered meanwhile, far quicker than the large carts are priced.
        while !large.iter().all(|l| l.is_finished()) {
            let begun = std::time::Instant::now();
            let answer = server.call("GET", "/api/v1/members", &[("authorization", &key)], None);
            assert!([200, 429].contains(&answer.status), "{}", answer.json);
            assert!(begun.elapsed() < std::time::Duration::from_secs(5), "a list waited {:?} for a cart", begun.elapsed());
            std::thread::sleep(std::time::Duration::from_millis(100));
        }
        let answers: Vec<Answer> = large.into_iter().map(|l| l.join().unwrap()).collect();
        for answer in &answers {
            assert_eq!((answer.status, &answer.json["search_bounded"]), (200, &json!(true)), "{}", answer.json["code"]);
            assert_eq!(answer.json["order"], answers[0].json["order"], "the same every time");
        }
    });
}
