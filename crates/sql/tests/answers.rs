//! Questions over a small folder of files: what is answered, what is refused and where, and the limits.

use std::path::Path;

use serde_json::{Value, json};
use shuke_columns::ask::{Ask, Fault};
use shuke_sql::answer::{Broke, answer};

const MEMBERS: &str = "member_id,first_seen_at,birthday,gender,province,stage,rfm_r,p_alive,paid_member
m1,2024-01-01T00:00:00Z,1990-05-17,female,浙江,active,5,0.25,true
m2,2024-02-01T00:00:00Z,1985-12-31,male,广东,lost,1,,false
m3,2024-03-01T00:00:00Z,,female,浙江,,,,
";
const ORDERS: &str = "order_id,member_id,time,paid_at,state,purchase,paid
o1,m1,2025-01-31T16:30:00Z,2025-01-31T16:31:00Z,completed,true,12850
o2,m1,2025-03-01T01:00:00Z,2025-03-01T01:01:00Z,completed,true,150
o3,m2,2025-03-02T01:00:00Z,,created,false,
o4,,2025-03-02T01:00:00Z,2025-03-02T01:00:00Z,completed,true,99
";
const TAGS: &str = "member_id,tag,added_at,removed_at
m1,VIP,2025-01-01T00:00:00Z,
m1,新客,2024-01-01T00:00:00Z,2025-01-01T00:00:00Z
";
const HISTORY: &str = "member_id,field,value,from,to
m1,tier,银牌,2024-01-01T00:00:00Z,2025-01-01T00:00:00Z
m1,tier,金牌,2025-01-01T00:00:00Z,
m1,consent_sms,true,2024-01-01T00:00:00Z,
";

fn folder() -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    for (name, text) in [("members", MEMBERS), ("orders", ORDERS), ("tags", TAGS), ("history", HISTORY)] {
        std::fs::write(dir.path().join(format!("{name}.csv")), text).unwrap();
    }
    dir
}

fn question(folder: &Path, statement: &str) -> Ask {
    Ask {
        files: Some(folder.to_owned()),
        statement: statement.to_owned(),
        zone: "Asia/Shanghai".to_owned(),
        now: 1_750_000_000_000_000,
        rows: 100,
        seconds: 60,
        memory: 64 << 20,
        ..Ask::default()
    }
}

fn ask(ask: &Ask) -> Result<Vec<Value>, Fault> {
    let mut out = Vec::new();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_time().build().unwrap();
    let done = runtime.block_on(answer(ask, &mut out));
    runtime.shutdown_background();
    match done {
        Ok(()) => Ok(String::from_utf8(out).unwrap().lines().map(|l| serde_json::from_str(l).unwrap()).collect()),
        Err(Broke::Fault(fault)) => Err(fault),
        Err(Broke::Gone) => panic!("a vector is always there"),
    }
}

/// The rows of an answer.
fn rows(folder: &Path, statement: &str) -> Vec<Value> {
    let mut lines = ask(&question(folder, statement)).unwrap_or_else(|fault| panic!("{statement}: {}", fault.en));
    assert!(lines.first().is_some_and(|l| l["columns"].is_array()), "{statement}");
    assert_eq!(lines.last().map(|l| l["end"]["cut"].clone()), Some(json!(false)));
    lines.pop();
    lines.remove(0);
    lines
}

fn fault(folder: &Path, statement: &str) -> Fault {
    ask(&question(folder, statement)).expect_err(statement)
}

#[test]
fn every_kind_of_value_is_told() {
    let dir = folder();
    let told = rows(dir.path(), "SELECT * FROM members WHERE member_id = 'm1'");
    let heads = ask(&question(dir.path(), "SELECT * FROM members LIMIT 0")).unwrap()[0]["columns"].clone();
    let value = |name: &str| {
        let at = heads.as_array().unwrap().iter().position(|h| h["name"] == name).unwrap_or_else(|| panic!("no {name}"));
        told[0][at].clone()
    };
    assert_eq!(value("first_seen_at"), "2024-01-01T08:00:00+08:00", "in the shop's zone");
    assert_eq!(value("birthday"), "1990-01-01", "of a day of birth only the year");
    assert_eq!((value("gender"), value("province"), value("stage")), (json!("female"), json!("浙江"), json!("active")));
    assert_eq!((value("rfm_r"), value("p_alive"), value("paid_member")), (json!(5), json!("0.250000"), json!(true)));
    assert_eq!((value("tier"), value("consent_sms"), value("consent_ads")), (json!("金牌"), json!(true), Value::Null));
    let clear = Ask { clear: true, ..question(dir.path(), "SELECT birthday FROM members WHERE member_id = 'm1'") };
    assert_eq!(ask(&clear).unwrap()[1], json!(["1990-05-17"]));
    assert_eq!(
        rows(dir.path(), "SELECT 9007199254740993, CAST('NaN' AS DOUBLE), 0.5e0, TRUE, NULL")[0],
        json!(["9007199254740993", "NaN", 0.5, true, null])
    );
}

#[test]
fn questions_are_answered_from_the_rows() {
    let dir = folder();
    let one = |statement: &str| rows(dir.path(), statement);
    assert_eq!(one("SELECT count(*) FROM members"), [json!([3])]);
    assert_eq!(one("SELECT count(*) FROM orders"), [json!([3])], "an order of nobody is no member's");
    assert_eq!(one("SELECT province, count(*) FROM members GROUP BY 1 ORDER BY 2 DESC, 1"), [json!(["浙江", 2]), json!(["广东", 1])]);
    assert_eq!(one("SELECT sum(paid), max(order_id) FROM orders WHERE purchase"), [json!([13_000, "o2"])]);
    assert_eq!(
        one("SELECT m.province, sum(o.paid) FROM orders o JOIN members m ON m.member_id = o.member_id WHERE o.purchase GROUP BY 1"),
        [json!(["浙江", 13_000])]
    );
    // Half past midnight on the first of February where the shop is.
    let day = one("SELECT date_trunc('day', time), extract(month FROM time) FROM orders WHERE order_id = 'o1'");
    assert_eq!(day, [json!(["2025-02-01T00:00:00+08:00", 2])]);
    assert_eq!(
        one("SELECT tag, removed_at FROM tags ORDER BY added_at"),
        [json!(["新客", "2025-01-01T08:00:00+08:00"]), json!(["VIP", null])]
    );
    assert_eq!(one("SELECT field, count(*) FROM history GROUP BY 1 ORDER BY 1"), [json!(["consent_sms", 1]), json!(["tier", 2])]);
    assert_eq!(one("SELECT value FROM history WHERE field = 'tier' AND ended_at IS NULL"), [json!(["金牌"])]);
    assert_eq!(one("WITH a AS (SELECT member_id FROM members ORDER BY 1 LIMIT 2) SELECT max(member_id) FROM a"), [json!(["m2"])]);
    assert_eq!(one("SELECT member_id FROM members WHERE birthday IS NULL"), [json!(["m3"])]);
    assert!(one("SHOW TABLES").iter().any(|row| row[2] == "members"));
    assert!(one("DESCRIBE orders").iter().any(|row| row[0] == "paid" && row[1] == "Int64"));
    assert!(one("EXPLAIN SELECT gender FROM members")[0].to_string().contains("gender"));
}

#[test]
fn what_is_wrong_has_a_code_and_a_place() {
    let dir = folder();
    for (statement, code, place) in [
        ("SELECT gendre\nFROM members", "sql.unknown_column", Some((1, 8))),
        ("SELECT m.gender,\n  m.nothing\nFROM members m", "sql.unknown_column", Some((2, 3))),
        ("SELECT count(*) FROM orders WHERE time >= DATE '2025-02-01'", "sql.date_and_time", Some((1, 35))),
        ("SELECT count(*) FROM orders WHERE date_trunc('day', time) = DATE '2025-02-01'", "sql.date_and_time", None),
        ("SELECT count(*) FROM orders WHERE time BETWEEN '2025-02-01' AND current_date", "sql.date_and_time", None),
        ("SELECT 1 FROM orders WHERE paid IN (SELECT paid FROM orders WHERE time < make_date(2025, 2, 1))", "sql.date_and_time", None),
        ("SELECT time - DATE '2025-02-01' FROM orders", "sql.date_and_time", None),
        ("SELECT 1 FROM memmbers", "sql.unknown_table", None),
        ("SELECT no_such(1)", "sql.unknown_function", None),
        ("SELECT (1 +\n)", "sql.syntax", Some((2, 1))),
        ("SELECT paid / 0 FROM orders", "sql.broke", None),
        ("SELECT sum(gender) FROM members", "sql.unknown_function", None),
        ("SELECT * INTO x FROM members", "sql.read_only", None),
        ("SELECT * FROM '/etc/passwd'", "sql.unknown_table", None),
        ("SELECT * FROM read_csv('/etc/passwd')", "sql.unknown_function", None),
        ("SELECT * FROM information_schema.nothing", "sql.unknown_table", None),
    ] {
        let fault = fault(dir.path(), statement);
        assert_eq!(fault.code, code, "{statement}: {}", fault.en);
        if place.is_some() {
            assert_eq!(fault.line.zip(fault.column), place, "{statement}: {}", fault.en);
        }
        assert!(!fault.zh.is_empty() && fault.en.contains(&fault.reason), "{fault:?}");
    }
    let none = Ask { files: Some(dir.path().join("nowhere")), ..question(dir.path(), "SELECT 1") };
    assert_eq!(ask(&none).expect_err("no folder").code, "sql.columns");
    let no_columns = Ask { files: None, columns: Some(dir.path().to_owned()), ..question(dir.path(), "SELECT 1") };
    assert_eq!(ask(&no_columns).expect_err("no columns").code, "sql.columns");
}

#[test]
fn days_are_those_of_the_shop() {
    // The first order came on the first of February, half an hour after midnight in Shanghai.
    let dir = folder();
    for (condition, count) in [
        ("time >= '2025-02-01' AND time < '2025-03-01'", 1),
        ("time::date = DATE '2025-02-01'", 1),
        ("time::date BETWEEN DATE '2025-02-01' AND DATE '2025-02-28'", 1),
        ("date_trunc('day', time) = '2025-02-01'", 1),
        ("time < '2025-02-01'", 0),
    ] {
        let told = ask(&question(dir.path(), &format!("SELECT count(*) FROM orders WHERE {condition}"))).expect(condition);
        assert_eq!(told[1], json!([count]), "{condition}");
    }
}

#[test]
fn limits_hold_and_are_told() {
    let dir = folder();
    let some = Ask { rows: 2, ..question(dir.path(), "SELECT member_id FROM members ORDER BY 1") };
    let told = ask(&some).unwrap();
    assert_eq!(told[1..3], [json!(["m1"]), json!(["m2"])]);
    assert_eq!((&told[3]["end"]["rows"], &told[3]["end"]["cut"]), (&json!(2), &json!(true)));
    let all = Ask { rows: 3, ..some };
    assert_eq!(ask(&all).unwrap()[4]["end"]["cut"], json!(false), "as many as are told are not cut");
    let greedy = "SELECT value, count(*) FROM generate_series(1, 5000000) GROUP BY 1 ORDER BY 1";
    let small = Ask { memory: 1 << 20, ..question(dir.path(), greedy) };
    assert_eq!(ask(&small).expect_err("too much").code, "sql.memory");
    let endless = "SELECT count(*) FROM generate_series(1, 1000000000000)";
    let short = Ask { seconds: 1, ..question(dir.path(), endless) };
    assert_eq!(ask(&short).expect_err("too long").code, "sql.time");
}
