//! A small shop in files, and what is asked of it.

use std::path::Path;

use shuke_kernel::Zone;
use shuke_segments::files::{Answer, Failure, Inquiry, Verb, answer};

const FILES: [(&str, &str); 8] = [
    (
        "members.csv",
        "member_id,first_seen_at,registered_at,birthday,gender,points,p_alive,clv\n\
         a,2024-01-01T00:00:00Z,2024-01-01T00:00:00Z,1996-02-29,female,120,0.25,50000\n\
         b,2024-05-01T00:00:00Z,,1990-06-20,male,-5,0.9,\n\
         c,2025-06-18T03:59:59.999999Z,2025-06-17T16:00:00Z,,,,,70000\n\
         d,2025-06-18T04:00:00Z,2025-06-18T04:00:00Z,,female,9,,90000\n",
    ),
    (
        "orders.csv",
        "order_id,member_id,time,paid_at,state,purchase,shop,items,paid\n\
         o1,a,2025-06-01T00:00:00Z,2025-06-01T00:05:00Z,completed,true,s1,1,10000\n\
         o2,a,2025-06-08T00:00:00Z,,completed,true,s2,2,20001\n\
         o3,b,2025-05-18T15:59:59.999999Z,2025-05-18T15:59:59.999999Z,closed,false,s1,1,100\n\
         o4,b,2025-06-18T04:00:00Z,2025-06-18T04:00:00Z,paid,true,s1,1,99900\n\
         o5,,2025-06-01T00:00:00Z,2025-06-01T00:00:00Z,paid,true,s1,1,1\n",
    ),
    (
        "lines.csv",
        "line_id,member_id,order_id,time,purchase,sku,category,qty,amount\n\
         l1,a,o1,2025-06-01T00:00:00Z,true,S1,home/kitchen,1,10000\n\
         l2,a,o2,2025-06-08T00:00:00Z,true,S2,homeware,3,20001\n",
    ),
    ("refunds.csv", "refund_id,member_id,order_id,line_id,time,kind,qty,amount\nr1,a,o2,l2,2025-06-10T00:00:00Z,return,1,5000\n"),
    (
        "events.csv",
        "event_id,member_id,time,kind,sku,value\n\
         e1,a,2025-05-31T00:00:00Z,cart,S1,\n\
         e2,a,2025-06-02T00:00:00Z,cart,S9,\n\
         e3,b,2025-06-02T00:00:00Z,review,,4\n",
    ),
    ("tags.csv", "member_id,tag,added_at,removed_at\na,运动,2025-06-01T00:00:00Z,2025-06-18T04:00:00Z\nb,运动,2025-06-18T04:00:00Z,\n"),
    (
        "history.csv",
        "member_id,field,value,from,to\na,tier,银牌,2024-01-01T00:00:00Z,2025-06-18T04:00:00Z\na,tier,金牌,2025-06-18T04:00:00Z,\nb,consent_sms,true,2025-01-01T00:00:00Z,\n",
    ),
    (
        "segments.json",
        r#"{"buyers": {"name": "买过", "expr": {"op": "exists", "table": "orders", "where": {"op": "eq", "left": {"col": "purchase"}, "right": true}}},
            "listed": {"name": "名单", "members": ["c", "zz", "a"]},
            "women": {"name": "女", "expr": {"op": "eq", "left": {"fact": "gender"}, "right": "female"}}}"#,
    ),
];

fn ask(folder: &Path, verb: Verb, text: &str) -> Result<Answer, Failure> {
    let file = folder.join("question.seg");
    std::fs::write(&file, text).unwrap();
    let at = "2025-06-18T04:00:00Z".parse().unwrap();
    answer(&Inquiry { verb, expression: &file, on: folder, at, zone: &Zone::shanghai() })
}

fn shop() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in FILES {
        std::fs::write(folder.path().join(name), text).unwrap();
    }
    folder
}

#[test]
fn who_is_who() {
    let shop = shop();
    for (text, expected) in [
        ("everyone", "a b c"),
        ("gender = \"female\"", "a"),
        ("not gender = \"female\"", "b"),
        ("gender is missing", "c"),
        ("segment(\"women\")", "a"),
        ("not segment(\"women\")", "b c"),
        ("segment(\"listed\") and not segment(\"buyers\")", "c"),
        ("tier = \"银牌\"", "a"),
        ("tier = \"金牌\"", ""),
        ("has_any(\"运动\")", "a"),
        ("not has_any(\"运动\", added last 17 days)", "b c"),
        ("count(orders) = 0", "c"),
        ("count(orders where purchase = true) = 2", "a"),
        ("exists(orders, last 31 days)", "a b"),
        ("exists(orders, last 30 days)", "a"),
        ("count(orders, on paid_at) = 1", "a b"),
        ("sum(orders.paid where purchase = true) in [¥300.01, ¥300.02)", "a"),
        ("sum(orders.paid where purchase = true) < ¥300.01", "b c"),
        ("avg(orders.paid where purchase = true) > ¥150.00", "a"),
        ("ratio(sum(refunds.amount), sum(orders.paid)) >= 0.16", "a"),
        ("ratio(count(refunds), count(orders)) is missing", "c"),
        ("sub(clv, sum(orders.paid)) > ¥199.99", "c"),
        ("exists(lines where category under (\"home\"))", "a"),
        ("exists(lines where category under (\"homew\", \"home/k\"))", ""),
        ("exists(lines where ratio(amount, qty) = 6667)", "a"),
        ("days_until_next(birthday) <= 2", "b"),
        ("age(birthday) = 29", "a"),
        ("days_since(registered_at) = 0", "c"),
        ("days_since(last(orders.time)) in [31, 32)", "b"),
        ("sequence(events where kind = \"cart\" then lines within 24 hours, same sku)", ""),
        ("sequence(events where kind = \"cart\" then lines within 1 business days, same sku)", "a"),
        ("sequence(events where kind = \"cart\" then no lines within 16 days, same sku)", "a"),
        ("sequence(events where kind = \"cart\" then no lines within 17 days, same sku)", ""),
        ("top(1 by clv)", "c"),
        ("not top(1 by clv)", "a"),
        ("bottom(50% by points)", "b"),
        ("p_alive in (0.25, 1) or points < 0", "a b"),
        ("id in (\"b\", \"d\", \"nobody\")", "b"),
    ] {
        let Ok(Answer::Members { members: Some(members), count, .. }) = ask(shop.path(), Verb::List, text) else { panic!("{text}") };
        assert_eq!((members.join(" "), members.len()), (expected.to_owned(), count), "{text}");
    }
}

#[test]
fn what_an_answer_tells() {
    let shop = shop();
    let Ok(told) = ask(shop.path(), Verb::Count, "segment(\"women\") and tier = \"银牌\" and points > 1") else { panic!() };
    let json = serde_json::to_string(&told).unwrap();
    assert_eq!(json, r#"{"count":1,"at":"2025-06-18T04:00:00Z","current_facts":["gender","points"]}"#);
    let explained = ask(shop.path(), Verb::Explain, "( everyone or segment(\"buyers\") ) and has_all(\"x\")");
    let json = serde_json::to_string(&explained.ok().unwrap()).unwrap();
    assert_eq!(
        json,
        r#"{"text":"(everyone or segment(\"buyers\")) and has_all(\"x\")","tables":["orders"],"facts":["tags"],"current_facts":[],"segments":["buyers"]}"#
    );
}

#[test]
fn a_wrong_segment_harms_only_who_uses_it() {
    let shop = shop();
    let good = r#""women": {"name": "女", "expr": {"op": "eq", "left": {"fact": "gender"}, "right": "female"}}"#;
    for (bad, problem) in [
        ("7", "the segment bad is no object"),
        (r#"{"name": "x"}"#, "neither expr nor members"),
        (r#"{"name": "x", "members": "a"}"#, "are no list"),
        (r#"{"name": "x", "members": ["a", 7]}"#, "is no text"),
    ] {
        std::fs::write(shop.path().join("segments.json"), format!(r#"{{"bad": {bad}, {good}}}"#)).unwrap();
        let Ok(Answer::Members { count, .. }) = ask(shop.path(), Verb::Count, "segment(\"women\")") else { panic!("{bad}") };
        assert_eq!(count, 1, "{bad}");
        let Err(Failure::Refused(refusal)) = ask(shop.path(), Verb::Count, "not segment(\"bad\")") else { panic!("{bad}") };
        assert_eq!((refusal.code.name(), refusal.path.as_str()), ("unknown_segment", "/arg"), "{bad}");
        assert!(refusal.message.contains(problem), "{}", refusal.message);
    }
}

#[test]
fn what_cannot_be_read_is_told_with_its_place() {
    let shop = shop();
    std::fs::write(shop.path().join("tags.csv"), "member_id,tag,added_at,removed_at\na,x,yesterday,\n").unwrap();
    let told = |text: &str| match ask(shop.path(), Verb::Count, text) {
        Err(Failure::Files(e)) => e.to_string(),
        _ => String::new(),
    };
    assert!(told("has_any(\"x\")").contains("line 2: added_at `yesterday` is no RFC 3339 time"));
    // What the question does not ask about is not read.
    assert_eq!(told("everyone"), "");
    assert!(matches!(ask(shop.path(), Verb::Count, "shoe_size = 42"), Err(Failure::Refused(_))));
    for (file, header, column) in [
        ("orders", "order_id,member_id,time,state", "purchase"),
        ("orders", "order_id,time,purchase", "member_id"),
        ("events", "event_id,member_id,kind", "time"),
        ("events", "member_id,time,kind", "event_id"),
        ("tags", "tag,added_at", "member_id"),
    ] {
        std::fs::write(shop.path().join(format!("{file}.csv")), format!("{header}\n")).unwrap();
        let said = told(if file == "tags" { "has_any(\"x\")".to_owned() } else { format!("exists({file})") }.as_str());
        assert!(said.contains(&format!("{file}.csv")) && said.contains(&format!("lacks the column {column}")), "{header}: {said}");
    }
    std::fs::remove_file(shop.path().join("members.csv")).unwrap();
    assert!(told("everyone").contains("members.csv"));
}
