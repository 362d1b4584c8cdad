//! One schema on two engines, every statement known to both, every column in the register, older stores upgraded, newer ones refused.

use std::sync::Arc;

use shuke_kernel::TestClock;
use shuke_store::{MasterKey, Store, StoreConfig, args, feed, idempotency, jobs, keys, migrations};
use shuke_testkit::schema::{describe, differences, register_faults};
use shuke_testkit::{GROUND_ONLY, MASTER, START, both, cluster, postgres, sqlite};

use crate::why;

#[test]
fn the_two_schemas_are_one() {
    let found = differences(&describe(&sqlite()), &describe(&postgres()));
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn every_ground_column_is_in_the_register() {
    both("register", |t| {
        let ours: Vec<&str> = GROUND_ONLY.tables().map(|t| t.name).collect();
        let tables = describe(t).into_iter().filter(|(name, _)| ours.contains(&name.as_str())).collect();
        let found = register_faults(GROUND_ONLY, &tables, &["schema_version", "job"]);
        assert!(found.is_empty(), "{}", found.join("\n"));
    });
}

#[test]
fn every_statement_of_the_store_prepares_on_both_engines() {
    shuke_testkit::prepare_all(
        GROUND_ONLY,
        &[
            ("feed::sql", feed::sql::ALL),
            ("idempotency::sql", idempotency::sql::ALL),
            ("jobs::sql", jobs::sql::ALL),
            ("keys::sql", keys::sql::ALL),
            ("flags::sql", shuke_store::flags::sql::ALL),
        ],
    );
}

#[test]
fn a_newer_store_is_refused() {
    for t in [sqlite(), postgres()] {
        let next = migrations::newest() + 1;
        t.write(move |tx| tx.exec("INSERT INTO schema_version (number, name, applied_at) VALUES ($1, 'from the future', 0)", args![next]));
        let config = t.store.config().clone();
        let home = t.close();
        let refused = Store::open(config).map(|_| ());
        assert!(why(refused).contains("newer than this program's"));
        drop(home);
    }
}

/// What a first release left: its tables, a key and an event.
fn old_store(batch: impl FnOnce(&str)) {
    let first = &migrations::ALL[0];
    batch(&format!(
        "CREATE TABLE schema_version (number BIGINT PRIMARY KEY, name TEXT NOT NULL, applied_at BIGINT NOT NULL); INSERT INTO schema_version VALUES (1, '{}', 0); INSERT INTO feed_head VALUES (1, 9);",
        first.name
    ));
}

#[test]
fn an_older_store_is_upgraded_and_keeps_what_it_had() {
    let open = |url: &str| {
        let config = StoreConfig { clock: Arc::new(TestClock::at(START)), ..StoreConfig::new(url, MasterKey::new(MASTER)) };
        let store = Store::open(config).unwrap();
        let (at, head): (i64, i64) = store
            .read_now(|tx| {
                let at = tx.one("SELECT MAX(number) FROM schema_version", args![])?.get(0)?;
                Ok((at, tx.one("SELECT position FROM feed_head WHERE merchant = 1", args![])?.get(0)?))
            })
            .unwrap();
        assert_eq!((at, head), (migrations::newest(), 9));
    };
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("old.db");
    let conn = rusqlite::Connection::open(&path).unwrap();
    conn.execute_batch(migrations::ALL[0].sqlite).unwrap();
    old_store(|sql| conn.execute_batch(sql).unwrap());
    drop(conn);
    open(&path.display().to_string());
    let copy = dir.path().join("old.at-schema-0001.db");
    let before = rusqlite::Connection::open(&copy).unwrap();
    let at: i64 = before.query_row("SELECT MAX(number) FROM schema_version", [], |r| r.get(0)).unwrap();
    assert_eq!(at, 1, "the store was copied before it was changed");

    let database = cluster::shared().create_database("template0");
    let mut client = database.client();
    client.batch_execute(migrations::ALL[0].postgres).unwrap();
    old_store(|sql| client.batch_execute(sql).unwrap());
    drop(client);
    open(&database.url());
}

#[test]
fn two_instances_may_start_at_once_on_an_empty_database() {
    let database = cluster::shared().create_database("template0");
    let url = database.url();
    std::thread::scope(|s| {
        for _ in 0..3 {
            s.spawn(|| Store::open(StoreConfig::new(url.clone(), MasterKey::new(MASTER))).map(drop).unwrap());
        }
    });
}

#[test]
fn the_embedded_store_has_one_owner() {
    let t = sqlite();
    let second = Store::open(t.store.config().clone()).map(|_| ());
    assert!(why(second).contains("in use by another process"));
    let t = t.reopen();
    assert_eq!(t.int("SELECT COUNT(*) FROM feed_head"), 0);
}
