//! Copy, backup, restore, audit and dump: what was in one store is in the other, on either engine, or nothing is.

use std::sync::Arc;

use shuke_kernel::{Ctx, MerchantNo};
use shuke_store::backup::{self, Erasure, Restore, erasures_in, log_erasure};
use shuke_store::dump::{Dump, Plan, Rule};
use shuke_store::jobs::NewJob;
use shuke_store::register::Class::{Identifier, Public};
use shuke_store::register::{GROUND, MemberLink, Register, Table};
use shuke_store::{Engine, Event, Lane, MasterKey, Store, StoreConfig, args, flags, migrations};
use shuke_testkit::{GROUND_ONLY, MASTER, MERCHANT, START, TestStore, cluster, postgres_with, sqlite_with};

use crate::why;
use crate::write::block_on;

/// Two tables of a domain: people, and their purchases by the outside's own number.
const PEOPLE: &[Table] = &[
    Table { name: "setting", columns: &[(Public, &["merchant", "name", "value"])], key: &["merchant", "name"], sealed: &[], member: None },
    Table {
        name: "view",
        columns: &[(Public, &["merchant", "id", "page", "owner", "made_at"]), (Identifier, &["token", "sealed"])],
        key: &["merchant", "id"],
        sealed: &[("sealed", &["id"])],
        member: Some(MemberLink { column: "owner", key_set: None }),
    },
];
const REGISTER: Register = Register(&[GROUND, PEOPLE]);

fn tables(engine: Engine) -> String {
    let bytes = if engine == Engine::Sqlite { "BLOB" } else { "BYTEA" };
    format!(
        "CREATE TABLE setting (merchant BIGINT NOT NULL, name TEXT NOT NULL, value TEXT, PRIMARY KEY (merchant, name)); \
         CREATE TABLE view (merchant BIGINT NOT NULL, id {bytes} NOT NULL, page TEXT NOT NULL, owner {bytes}, made_at BIGINT NOT NULL, token {bytes} NOT NULL, sealed {bytes}, PRIMARY KEY (merchant, id))"
    )
}

/// A little of everything that the ground keeps.
fn ground(t: &TestStore) {
    let cx = t.ctx();
    t.write(move |tx| (0..50).try_for_each(|n| tx.emit(&cx, event(&cx, n))));
    t.store.stamp_events().unwrap();
    let cx = t.ctx();
    t.write(move |tx| {
        tx.enqueue(&cx, NewJob { kind: "later", title: "a job", args: &"x", unique_key: Some("k"), run_at: cx.now, unit: "rows" })
            .map(|_| ())
    });
    block_on(t.store.write_once(&t.keyed("key", "request"), |_| Ok(7_i64))).unwrap();
    t.store.feed_subscriber(MERCHANT, &Arc::new(Deaf), 10).unwrap();
}

/// The ground, and people with their purchases, made in the order given.
fn filled(t: &TestStore, backwards: bool) {
    t.write(|tx| tx.batch(&tables(tx.engine())));
    let mut numbers: Vec<i64> = (0..50).collect();
    if backwards {
        numbers.reverse();
        t.clock.advance_seconds(12_345);
    }
    let cx = t.ctx();
    let owners: Vec<[u8; 16]> = (0..5).map(|_| *cx.new_id::<shuke_store::jobs::JobKind>().bytes()).collect();
    for n in numbers {
        let (cx, owner) = (t.ctx(), owners[(n % 5) as usize]);
        t.write(move |tx| {
            tx.exec(
                "INSERT INTO setting (merchant, name, value) VALUES ($1, $2, $3)",
                args![MERCHANT, format!("s{n}"), (n % 2 == 0).then(|| format!("值 {n}"))],
            )?;
            let id = cx.new_id::<shuke_store::jobs::JobKind>();
            let keys = tx.keys(MERCHANT)?;
            let sealed = keys.seal("view", id.bytes(), format!("1380013{n:04}").as_bytes())?;
            tx.exec(
                "INSERT INTO view (merchant, id, page, owner, made_at, token, sealed) VALUES ($1, $2, $3, $4, $5, $6, $7)",
                args![MERCHANT, id, format!("page {}", n % 7), owner, cx.now, keys.token("phone", &format!("p{}", n % 10)), sealed],
            )?;
            Ok(())
        });
    }
    ground(t);
}

fn event(cx: &Ctx, n: i64) -> Event {
    Event {
        kind: "thing.done",
        version: 1,
        occurred_at: cx.now,
        subject_kind: "thg",
        subject: [n as u8; 16],
        member: None,
        data: format!("{{\"n\":{n}}}"),
    }
}

struct Deaf;
impl shuke_store::feed::Subscriber for Deaf {
    fn name(&self) -> &'static str {
        "deaf"
    }
    fn handle(&self, _: &mut shuke_store::Tx<'_>, _: &Ctx, _: &[shuke_store::FeedEvent]) -> shuke_kernel::Result<()> {
        Ok(())
    }
}

const RULES: &[Rule] = &[Rule { omit: &["made_at"], ..Rule::of("view") }, Rule { name: &["name"], ..Rule::of("setting") }];
const PLAN: Plan = Plan { rules: &[RULES], without: &[shuke_store::dump::GROUND_WITHOUT] };
/// Everything, to see that a copy is exact.
const EXACT: Plan = Plan { rules: &[], without: &[&["schema_version", "data_key", "store_flag"]] };

fn dump(store: &Store, plan: &Plan, clear: bool) -> String {
    let mut out = Vec::new();
    store.dump(&Dump { plan, salt: "salt", clear }, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

/// Empty targets of both kinds, gone with what is beside them.
fn targets() -> Vec<(Box<dyn std::any::Any>, StoreConfig)> {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("sub").join("target.db").display().to_string();
    let database = cluster::shared().create_database("template0");
    let url = database.url();
    vec![(Box::new(dir), config(&file)), (Box::new(database), config(&url))]
}

fn config(url: &str) -> StoreConfig {
    StoreConfig {
        register: GROUND_ONLY,
        clock: Arc::new(shuke_kernel::TestClock::at(START)),
        ..StoreConfig::new(url, MasterKey::new(MASTER))
    }
}

fn sources() -> Vec<TestStore> {
    vec![sqlite_with(REGISTER), postgres_with(REGISTER)]
}

#[test]
fn a_copy_is_the_same_store_in_every_direction() {
    for t in [sqlite_with(GROUND_ONLY), postgres_with(GROUND_ONLY)] {
        ground(&t);
        for (_place, to) in targets() {
            let copied = t.store.copy_to(&to, |_, _| ()).unwrap();
            assert!(copied.rows() > 50);
            let target = Store::open(to.clone()).unwrap();
            assert_eq!(dump(&target, &EXACT, true), dump(&t.store, &EXACT, true));
            assert_eq!(target.audit(&[]).unwrap().lines(), [""; 0]);
            // It goes on where the source stood: the next event follows, the key answers, keys open.
            let cx = t.ctx();
            target.write_now(Lane::Interactive, move |tx| tx.emit(&cx, event(&cx, 99))).unwrap();
            target.stamp_events().unwrap();
            assert_eq!(target.read_now(|tx| tx.feed_head(MERCHANT)).unwrap(), 51);
            assert_eq!(block_on(target.write_once(&t.keyed("key", "request"), |_| Ok(8_i64))).unwrap(), 7);
            let busy = if to.sqlite_path().is_some() { "in use by another" } else { "not empty" };
            assert!(why(t.store.copy_to(&to, |_, _| ())).contains(busy));
            drop(target);
            assert!(why(t.store.copy_to(&to, |_, _| ())).contains("not empty"));
        }
        assert!(why(t.store.copy_to(t.store.config(), |_, _| ())).contains("the same store"));
    }
}

#[test]
fn a_copy_that_breaks_off_leaves_nothing() {
    for t in [sqlite_with(REGISTER), postgres_with(REGISTER)] {
        filled(&t, false);
        for (_place, to) in targets() {
            // The test's own tables are no migration's, so the target has no place for them.
            assert!(why(t.store.copy_to(&to, |_, _| ())).contains("the register names setting."), "{}", to.url);
            let target = Store::open(to).unwrap();
            assert_eq!(target.read_now(|tx| tx.one("SELECT COUNT(*) FROM event", &[])?.get::<i64>(0)).unwrap(), 0);
        }
    }
}

#[test]
fn events_that_have_no_position_yet_get_theirs_on_the_way() {
    let t = postgres_with(GROUND_ONLY);
    let cx = t.ctx();
    t.write(move |tx| (0..3).try_for_each(|n| tx.emit(&cx, event(&cx, n))));
    t.store.stamp_events().unwrap();
    let database = t.database();
    for (_place, to) in targets() {
        // As if these were written in the moment between stamping and the snapshot.
        database.client().batch_execute("UPDATE event SET position = NULL WHERE position > 1; UPDATE feed_head SET position = 1; CREATE OR REPLACE FUNCTION still() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$").unwrap();
        database
            .client()
            .batch_execute("CREATE OR REPLACE TRIGGER still BEFORE UPDATE ON event FOR EACH ROW EXECUTE FUNCTION still()")
            .unwrap();
        t.store.copy_to(&to, |_, _| ()).unwrap();
        database.client().batch_execute("DROP TRIGGER still ON event").unwrap();
        let target = Store::open(to).unwrap();
        let events = target.read_now(|tx| tx.events_after(MERCHANT, 0, 10)).unwrap();
        assert_eq!(
            events.iter().map(|e| (e.position, e.data.as_str())).collect::<Vec<_>>(),
            [(1, "{\"n\":0}"), (2, "{\"n\":1}"), (3, "{\"n\":2}")]
        );
        assert_eq!(target.read_now(|tx| tx.feed_head(MERCHANT)).unwrap(), 3);
    }
}

fn erase() -> backup::Erase {
    Arc::new(|tx, cx, member| tx.set_flag(cx.merchant, "erased", &format!("{}", member[0]), cx.now))
}

#[test]
fn a_backup_restores_on_either_engine_and_the_erased_stay_erased() {
    for t in [sqlite_with(GROUND_ONLY), postgres_with(GROUND_ONLY)] {
        ground(&t);
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("shop.backup");
        let manifest = t.store.backup(&file, |_, _| ()).unwrap();
        assert_eq!((manifest.schema, manifest.bytes), (migrations::newest(), std::fs::metadata(&file).unwrap().len()));
        assert!(folder.path().join("shop.backup.manifest.json").is_file());
        let bytes = std::fs::read(&file).unwrap();
        assert!(!bytes.windows(32).any(|w| w == MASTER), "the master key is in the backup");
        log_erasure(folder.path(), &Erasure::new(MERCHANT, [9; 16], START)).unwrap();
        for (_place, to) in targets() {
            let how = || Restore { file: &file, to: &to, force: false, erasures: Vec::new(), erase: erase() };
            let restored = backup::restore(how(), |_, _| ()).unwrap();
            assert_eq!(restored.erased, 1);
            let store = Store::open(to.clone()).unwrap();
            assert_eq!(dump(&store, &EXACT, true), dump(&t.store, &EXACT, true));
            assert!(store.audit(&[]).unwrap().clean());
            let (paused, erased) =
                store.read_now(|tx| Ok((tx.flag(MerchantNo::SYSTEM, flags::OUTREACH_PAUSED)?, tx.flag(MERCHANT, "erased")?))).unwrap();
            assert!(paused.unwrap().starts_with("restored from a backup of 2026-"));
            assert_eq!(erased.as_deref(), Some("9"));
            drop(store);
            assert!(why(backup::restore(how(), |_, _| ())).contains("not empty"));
            backup::restore(Restore { force: true, ..how() }, |_, _| ()).unwrap();
            let wrong = StoreConfig { master: MasterKey::new([1; 32]), ..to.clone() };
            assert!(why(backup::restore(Restore { force: true, to: &wrong, ..how() }, |_, _| ())).contains("master key does not open"));
        }
    }
}

#[test]
fn a_restore_that_breaks_off_before_its_erasures_is_not_served() {
    let t = sqlite_with(GROUND_ONLY);
    ground(&t);
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("shop.backup");
    t.store.backup(&file, |_, _| ()).unwrap();
    log_erasure(folder.path(), &Erasure::new(MERCHANT, [9; 16], START)).unwrap();
    for (_place, to) in targets() {
        let broken: backup::Erase = Arc::new(|_, _, _| Err(shuke_kernel::Error::fault("the machine stops here")));
        let how = |force, erase| Restore { file: &file, to: &to, force, erasures: Vec::new(), erase };
        assert!(why(backup::restore(how(false, broken), |_, _| ())).contains("stops here"));
        assert!(why(Store::open(to.clone()).map(|_| ())).contains("restore --force"));
        backup::restore(how(true, erase()), |_, _| ()).unwrap();
        Store::open(to.clone()).unwrap();
    }
}

#[test]
fn a_damaged_backup_restores_nothing() {
    let t = sqlite_with(GROUND_ONLY);
    let cx = t.ctx();
    t.write(move |tx| (0..200).try_for_each(|n| tx.emit(&cx, event(&cx, n))));
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("shop.backup");
    t.store.backup(&file, |_, _| ()).unwrap();
    let good = std::fs::read(&file).unwrap();
    for (_place, to) in targets() {
        for at in [0, 10, 16, 60, good.len() / 2, good.len() - 12, good.len() - 1] {
            let mut bad = good.clone();
            bad[at] ^= 0x20;
            for bytes in [&bad[..], &good[..at]] {
                std::fs::write(&file, bytes).unwrap();
                let done = backup::restore(Restore { file: &file, to: &to, force: false, erasures: Vec::new(), erase: erase() }, |_, _| ());
                // The last bytes are the packer's own length, after everything that is restored.
                assert!(done.is_err() || at + 13 > good.len(), "byte {at} of {}", good.len());
                if done.is_ok() {
                    backup::restore(Restore { file: &file, to: &to, force: true, erasures: Vec::new(), erase: erase() }, |_, _| ())
                        .unwrap();
                }
            }
        }
    }
}

#[test]
fn the_log_of_erasures_bears_a_torn_last_line() {
    let folder = tempfile::tempdir().unwrap();
    assert_eq!(erasures_in(folder.path()).unwrap(), []);
    let entry = Erasure::new(MerchantNo(3), [7; 16], START);
    log_erasure(folder.path(), &entry).unwrap();
    assert_eq!(entry.member_id(), Some([7; 16]));
    let path = folder.path().join(backup::ERASURES);
    let mut text = std::fs::read_to_string(&path).unwrap();
    text.push_str("{\"merchant\":3,\"mem");
    std::fs::write(&path, text).unwrap();
    assert_eq!(erasures_in(folder.path()).unwrap(), [entry]);
}

#[test]
fn two_stores_with_the_same_records_dump_alike_whatever_made_them() {
    let (a, b, c) = (sqlite_with(REGISTER), postgres_with(REGISTER), sqlite_with(REGISTER));
    filled(&a, false);
    filled(&b, true);
    filled(&c, true);
    let (da, db) = (dump(&a.store, &PLAN, false), dump(&b.store, &PLAN, false));
    assert_eq!(da, db);
    assert_eq!(da, dump(&c.store, &PLAN, false));
    assert_eq!(da.lines().count(), 100);
    assert!(da.contains("\tname=s7") && !da.contains("1380013"));
    assert!(dump(&a.store, &PLAN, true).contains("sealed=13800130007"));
    // One difference shows, wherever it is: a word, a sealed value, a reference.
    for change in [
        "UPDATE setting SET value = NULL WHERE name = 's4'",
        "DELETE FROM setting WHERE name = 's4'",
        "UPDATE view SET sealed = NULL WHERE id = (SELECT id FROM view WHERE page = 'page 3' ORDER BY id LIMIT 1)",
        "UPDATE view SET owner = (SELECT v.owner FROM view v WHERE v.owner <> view.owner ORDER BY v.id LIMIT 1) WHERE id = (SELECT id FROM view ORDER BY id LIMIT 1)",
    ] {
        let changed = c.write(move |tx| tx.exec(change, &[]));
        assert!(changed > 0, "{change}");
        assert_ne!(da, dump(&c.store, &PLAN, false), "{change}");
        c.write(|tx| tx.batch("DROP TABLE setting; DROP TABLE view; DELETE FROM job; DELETE FROM idempotency"));
        filled(&c, false);
        assert_eq!(da, dump(&c.store, &PLAN, false));
    }
}

#[test]
fn an_audit_names_what_is_wrong() {
    for t in sources() {
        filled(&t, false);
        assert_eq!(t.store.audit(&[]).unwrap().lines(), [""; 0]);
        let breaks = [
            ("DELETE FROM event WHERE position = 7", "feed: merchant 1001: 49 events between positions 1 and 50"),
            ("UPDATE feed_head SET position = 60", "feed: merchant 1001: the head is 60, the newest event 50"),
            ("UPDATE feed_offset SET position = 61", "offsets: merchant 1001: deaf is at 61, beyond the head"),
            ("UPDATE idempotency SET body = NULL", "idempotency: merchant 1001: 1 keys without their answer"),
            ("UPDATE job SET state = 'lost'", "jobs: merchant 1001: a job of kind later is lost"),
            (
                "UPDATE view SET sealed = (SELECT v.sealed FROM view v WHERE v.page = 'page 2' ORDER BY v.id LIMIT 1) WHERE page = 'page 1'",
                "sealed: view: 7 sealed values do not open in their rows",
            ),
        ];
        for (sql, _) in breaks {
            t.write(move |tx| tx.exec(sql, &[]));
        }
        let more: shuke_store::audit::Check = ("settings", |tx| {
            let n: i64 = tx.one("SELECT COUNT(*) FROM setting", &[])?.get(0)?;
            Ok(vec![format!("{n} settings")])
        });
        let found = t.store.audit(&[more]).unwrap().lines();
        for (sql, finding) in breaks.iter().chain(&[("", "settings: 50 settings")]) {
            assert!(found.iter().any(|f| f == finding), "{sql}: {found:#?}");
        }
    }
}
