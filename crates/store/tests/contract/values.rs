//! One dialect: what a value, a bind, a list and a comparison mean is the same on both engines.

use shuke_store::{Column, InsertMany, Value, args};
use shuke_testkit::both;

use crate::{count, note, notes, why};

#[test]
fn the_four_kinds_go_in_and_come_out() {
    both("kinds", |t| {
        t.write(|tx| {
            tx.batch(&format!(
                "CREATE TABLE kinds (i BIGINT, t TEXT, b {})",
                if tx.engine() == shuke_store::Engine::Sqlite { "BLOB" } else { "BYTEA" }
            ))
        });
        let rows = vec![
            vec![Value::Int(i64::MIN), Value::Text("熟客 \u{1F600} 'x' \"y\" \\ %".into()), Value::Bytes((0..=255).collect())],
            vec![Value::Int(i64::MAX), Value::Text(String::new()), Value::Bytes(Vec::new())],
            vec![Value::Null, Value::Null, Value::Null],
        ];
        let expected = rows.clone();
        let into = InsertMany { table: "kinds", columns: &[Column::Int("i"), Column::Text("t"), Column::Bytes("b")], then: "" };
        t.write(move |tx| tx.insert_many(&into, rows.clone()));
        let back: Vec<Vec<Value>> =
            t.read(|tx| Ok(tx.rows("SELECT i, t, b FROM kinds ORDER BY i NULLS LAST", args![])?.into_iter().map(|r| r.0).collect()));
        assert_eq!(back, expected);
    });
}

#[test]
fn lists_match_and_exclude() {
    both("lists", |t| {
        notes(t);
        t.write(|tx| (0..5_i64).try_for_each(|i| note(tx, &format!("n{i}"), i).map(|_| ())));
        let (named, numbered, others, none) = t.read(|tx| {
            let one = |mut r: shuke_store::Row| r.get::<i64>(0);
            Ok((
                one(tx.one(
                    "SELECT COUNT(*) FROM note WHERE name = ANY($1)",
                    args![vec!["n1".to_owned(), "n4".to_owned(), "x".to_owned()]],
                )?)?,
                one(tx.one("SELECT COUNT(*) FROM note WHERE n = ANY($1)", args![vec![0_i64, 1, 2]])?)?,
                one(tx.one("SELECT COUNT(*) FROM note WHERE n <> ALL($1)", args![vec![0_i64, 1, 2]])?)?,
                one(tx.one("SELECT COUNT(*) FROM note WHERE n = ANY($1)", args![Vec::<i64>::new()])?)?,
            ))
        });
        assert_eq!((named, numbered, others, none), (2, 3, 2, 0));
    });
}

#[test]
fn like_tells_case_and_text_is_ordered_by_bytes() {
    both("text", |t| {
        notes(t);
        t.write(|tx| ["b", "B", "a", "é", "中"].iter().try_for_each(|n| note(tx, n, 1).map(|_| ())));
        let like = t.int("SELECT COUNT(*) FROM note WHERE name LIKE 'b%'");
        assert_eq!(like, 1);
        let order: Vec<String> =
            t.read(|tx| tx.rows("SELECT name FROM note ORDER BY name COLLATE \"C\"", args![])?.into_iter().map(|mut r| r.get(0)).collect());
        assert_eq!(order, ["B", "a", "b", "é", "中"]);
    });
}

#[test]
fn what_one_engine_would_not_keep_is_refused_by_both() {
    both("refused alike", |t| {
        notes(t);
        assert_eq!(why(t.try_write(|tx| note(tx, "a\0b", 1))), "store.text_nul");
        let many = InsertMany { table: "note", columns: &[Column::Int("merchant"), Column::Text("name"), Column::Int("n")], then: "" };
        assert_eq!(
            why(t.try_write(move |tx| tx.insert_many(&many, vec![vec![Value::Int(1), Value::from("x\0"), Value::Int(1)]]))),
            "store.text_nul"
        );
        // A bind too few or too many.
        assert!(t.try_write(|tx| tx.exec("INSERT INTO note (merchant, name, n) VALUES ($1, $2, $3)", args![1_i64, "a"])).is_err());
        assert!(t.try_write(|tx| tx.exec("INSERT INTO note (merchant, name, n) VALUES ($1, $2, 3)", args![1_i64, "a", 3_i64])).is_err());
        // A sum beyond 64 bits is never a rounded number.
        t.write(|tx| note(tx, "big", i64::MAX));
        assert!(t.try_write(|tx| tx.one("SELECT n + 1 FROM note WHERE name = 'big'", args![])).is_err());
        assert_eq!(count(t), 1);
    });
}

#[test]
fn a_wrong_bind_is_a_fault_at_once_and_does_not_look_like_an_outage() {
    both("wrong bind", |t| {
        notes(t);
        let began = std::time::Instant::now();
        if t.store.engine() == shuke_store::Engine::Postgres {
            let wrong = t.try_write(|tx| tx.exec("INSERT INTO note (merchant, name, n) VALUES ($1, $2, $3)", args!["one", "a", 1_i64]));
            assert!(why(wrong).contains("serializing parameter"));
        }
        assert!(t.try_write(|tx| tx.exec("INSERT INTO nowhere VALUES (1)", args![])).is_err());
        assert!(began.elapsed() < std::time::Duration::from_secs(2));
    });
}

#[test]
fn a_message_never_quotes_a_value() {
    both("messages", |t| {
        notes(t);
        t.write(|tx| note(tx, "13800138000", 1));
        let clash = why(t.try_write(|tx| note(tx, "13800138000", 1)));
        assert!(!clash.contains("138"), "{clash}");
        let cast = t.try_write(|tx| tx.one("SELECT CAST(name AS BIGINT) / 0 FROM note", args![]).map(|_| ()));
        assert!(!why(cast).contains("138"));
    });
}
