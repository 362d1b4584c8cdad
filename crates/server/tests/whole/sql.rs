//! Questions in SQL where the program that answers them is not there: page, API and command say so and how
//! to get it, after they asked what the caller may do. With the program: `make test-sql`.

use std::process::{Command, Stdio};

use serde_json::{Value, json};
use shuke_store::MasterKey;
use shuke_testkit::MASTER;
use shuke_testkit::process::{Server, binary};

fn without() -> Command {
    let mut command = Command::new(binary("shuke"));
    command.env("SHUKE_SQL_PROGRAM", "/nowhere/shuke-sql");
    command
}

fn ask(server: &Server, key: &str, body: &Value) -> (u16, Value) {
    let answer = server.call("POST", "/api/v1/sql", &[("authorization", key), ("accept-language", "en")], Some(body));
    (answer.status, answer.json)
}

#[test]
fn without_the_program_it_is_said_how_to_get_it() {
    let home = tempfile::tempdir().unwrap();
    let server = Server::start_with(without(), home.path(), None);
    let key = server.key(&["sql:run"]);
    let (status, problem) = ask(&server, &key, &json!({"statement": "SELECT 1"}));
    assert_eq!((status, problem["code"].as_str()), (501, Some("sql.absent")), "{problem}");
    assert!(problem["detail"].as_str().unwrap().contains("make sql"));
    // What is personal is told in clear to nobody who may not have it so.
    let (status, problem) = ask(&server, &key, &json!({"statement": "SELECT 1", "clear": true}));
    assert_eq!((status, &problem["params"]["permission"]), (403, &json!("export:clear")));
    let (status, problem) = ask(&server, &key, &json!({"statement": "SELECT 1", "limit": 10_001}));
    assert_eq!((status, &problem["field"]), (400, &json!("limit")));
    let long = format!("SELECT '{}'", "x".repeat(100_000));
    let (status, problem) = ask(&server, &key, &json!({ "statement": long }));
    assert_eq!((status, &problem["code"], &problem["field"]), (400, &json!("sql.too_long"), &json!("statement")), "{problem}");
    let tables = server.call("GET", "/api/v1/sql/tables", &[("authorization", &key)], None).json;
    assert_eq!(tables["installed"], false);
    let names: Vec<&str> = tables["tables"].as_array().unwrap().iter().map(|t| t["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["members", "orders", "lines", "refunds", "events", "tags", "history"]);
    let birthday = tables["tables"][0]["columns"].as_array().unwrap().iter().find(|c| c["name"] == "birthday").unwrap();
    assert_eq!((&birthday["masked"], &birthday["label"]), (&json!(true), &json!("生日")));

    let out = without()
        .args(["sql", "SELECT 1", "--json", "--data"])
        .arg(home.path())
        .env("SHUKE_MASTER_KEY", MasterKey::new(MASTER).to_hex().as_str())
        .env_remove("SHUKE_STORE")
        .stdin(Stdio::null())
        .output()
        .unwrap();
    let object: Value = serde_json::from_slice(&out.stdout).unwrap();
    assert_eq!((out.status.code(), object["error"]["code"].as_str()), (Some(1), Some("sql.absent")), "{object}");
    assert!(String::from_utf8_lossy(&out.stderr).contains("make sql"));
}
