//! Outages: the disk full, the connection cut, the server gone. What was acknowledged is there, what was refused is not, and work goes on afterwards.

use std::collections::HashSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use shuke_store::{Lane, MasterKey, Store, StoreConfig, outage};
use shuke_testkit::proxy::Proxy;
use shuke_testkit::{Cluster, Durability, MASTER, cluster, postgres, sqlite};

use crate::write::block_on;
use crate::{count, note, notes, why};

#[test]
fn a_full_disk_refuses_what_does_not_fit_and_keeps_the_rest() {
    let t = sqlite();
    notes(&t);
    let pages = t.int("SELECT page_count FROM pragma_page_count()");
    t.write(move |tx| tx.batch(&format!("PRAGMA max_page_count = {}", pages + 20)));
    let big = "x".repeat(3_000);
    let mut kept = 0;
    let refused = loop {
        let waiting: Vec<_> = (0..10)
            .map(|i| {
                let name = format!("{kept}-{i}-{big}");
                t.store.write(Lane::Interactive, move |tx| note(tx, &name, 1))
            })
            .collect();
        let done: Vec<_> = waiting.into_iter().map(block_on).collect();
        kept += done.iter().filter(|d| d.is_ok()).count() as i64;
        if let Some(refused) = done.into_iter().find(Result::is_err) {
            break refused;
        }
        assert!(kept < 1_000, "the disk never filled");
    };
    assert_eq!(why(refused.as_ref().map(|_| ()).map_err(|e| shuke_kernel::Error::from(e.refusal().unwrap().clone()))), "store.disk_full");
    assert!(outage::is_outage(&refused.unwrap_err()));
    assert_eq!(count(&t), kept);
    // A keyed request during the outage leaves no answer behind and goes through afterwards.
    let name = format!("keyed-{big}");
    let keyed = {
        let name = format!("{name}{}", "y".repeat(100_000));
        t.store.write_once(&t.keyed("k1", "r"), move |tx| note(tx, &name, 1))
    };
    assert_eq!(why(block_on(keyed)), "store.disk_full");
    t.write(|tx| tx.batch("PRAGMA max_page_count = 1000000"));
    assert_eq!(block_on(t.store.write_once(&t.keyed("k1", "r"), move |tx| note(tx, &name, 1))).unwrap(), 1);
    let t = t.reopen();
    assert_eq!(count(&t), kept + 1);
}

#[test]
fn cut_connections_lose_nothing_and_double_nothing() {
    let t = postgres();
    notes(&t);
    let stop = AtomicBool::new(false);
    std::thread::scope(|s| {
        s.spawn(|| {
            while !stop.load(Ordering::SeqCst) {
                std::thread::sleep(Duration::from_millis(30));
                t.database().cut();
            }
        });
        let writers: Vec<_> = (0..4)
            .map(|w| {
                let t = &t;
                s.spawn(move || {
                    for i in 0..100 {
                        let name = format!("w{w}-{i}");
                        let done = t.store.write_once(&t.keyed(&name, "r"), {
                            let name = name.clone();
                            move |tx| note(tx, &name, 1)
                        });
                        assert_eq!(block_on(done).unwrap(), 1, "{name}");
                    }
                })
            })
            .collect();
        writers.into_iter().for_each(|w| w.join().unwrap());
        stop.store(true, Ordering::SeqCst);
    });
    assert_eq!(count(&t), 400);
}

#[test]
fn a_network_that_comes_and_goes_settles_every_keyed_write() {
    let database = cluster::shared().create_database(cluster::template());
    let proxy = Proxy::to(cluster::shared().port());
    let url = format!("postgres://shuke@127.0.0.1:{}/{}", proxy.port(), database.name);
    let store = Store::open(StoreConfig::new(url, MasterKey::new(MASTER))).unwrap();
    store
        .write_now(Lane::Interactive, |tx| {
            tx.batch("CREATE TABLE note (merchant BIGINT NOT NULL, name TEXT NOT NULL, n BIGINT NOT NULL, PRIMARY KEY (merchant, name))")
        })
        .unwrap();
    let (proxy, stop) = (Arc::new(proxy), AtomicBool::new(false));
    let keyed = |store: &Store, name: &str| {
        let key = shuke_kernel::IdempotencyKey { key: name.to_owned(), request_hash: [1; 32] };
        let cx = shuke_kernel::Ctx {
            key: Some(key),
            ..shuke_kernel::Ctx::new(shuke_kernel::MerchantNo::SYSTEM, shuke_kernel::Actor::Cli, shuke_testkit::START)
        };
        let name = name.to_owned();
        block_on(store.write_once(&cx, move |tx| note(tx, &name, 1))).is_ok()
    };
    let answers: Vec<(Vec<_>, Vec<_>)> = std::thread::scope(|s| {
        s.spawn(|| {
            while !stop.load(Ordering::SeqCst) {
                std::thread::sleep(Duration::from_millis(40));
                proxy.cut();
                std::thread::sleep(Duration::from_millis(15));
                proxy.mend();
            }
        });
        let writers: Vec<_> = (0..4)
            .map(|w| {
                let store = store.clone();
                s.spawn(move || {
                    let names = (0..60).map(|i| format!("w{w}-{i}"));
                    names.map(|name| (keyed(&store, &name), name)).partition::<Vec<_>, _>(|(is_kept, _)| *is_kept)
                })
            })
            .collect();
        let all = writers.into_iter().map(|w| w.join().unwrap()).collect();
        stop.store(true, Ordering::SeqCst);
        all
    });
    proxy.mend();
    let (acknowledged, open): (Vec<_>, Vec<_>) = answers.into_iter().unzip();
    let kept = || -> HashSet<String> {
        store.read_now(|tx| tx.rows("SELECT name FROM note", &[])?.into_iter().map(|mut r| r.get(0)).collect()).unwrap()
    };
    let acknowledged: HashSet<String> = acknowledged.into_iter().flatten().map(|(_, name)| name).collect();
    let before = kept();
    assert!(acknowledged.is_subset(&before), "lost: {:?}", acknowledged.difference(&before));
    // How many a machine gets through between the cuts says nothing; what stayed open is settled by asking again.
    for (_, name) in open.into_iter().flatten() {
        assert!(keyed(&store, &name), "{name} is not settled");
    }
    assert_eq!(kept().len(), 240, "each is there, once");
}

#[test]
fn while_the_server_is_gone_work_is_answered_and_afterwards_it_goes_on() {
    let dir = tempfile::Builder::new().prefix("shuke-cluster-").tempdir_in("/tmp").unwrap();
    let server = Cluster::create(&dir.path().join("own"), Durability::Full);
    let database = server.create_database("template0");
    let store = Store::open(StoreConfig::new(database.url(), MasterKey::new(MASTER))).unwrap();
    store
        .write_now(Lane::Interactive, |tx| {
            tx.batch("CREATE TABLE note (merchant BIGINT NOT NULL, name TEXT NOT NULL, n BIGINT NOT NULL, PRIMARY KEY (merchant, name))")
        })
        .unwrap();
    store.write_now(Lane::Interactive, |tx| note(tx, "before", 1)).unwrap();
    server.stop("immediate");
    assert_eq!(why(store.write_now(Lane::Interactive, |tx| note(tx, "lost", 1))), "store.unreachable");
    let began = Instant::now();
    for _ in 0..20 {
        assert_eq!(why(store.read_now(|tx| tx.one("SELECT COUNT(*) FROM note", &[]).map(|_| ()))), "store.unreachable");
        assert_eq!(why(store.write_now(Lane::Interactive, |tx| note(tx, "lost", 1))), "store.unreachable");
    }
    assert!(began.elapsed() < Duration::from_secs(4), "known to be gone, yet waited for: {:?}", began.elapsed());
    server.start();
    store.write_now(Lane::Interactive, |tx| note(tx, "after", 1)).unwrap();
    let kept: i64 = store.read_now(|tx| tx.one("SELECT COUNT(*) FROM note", &[])?.get(0)).unwrap();
    assert_eq!(kept, 2);
    drop(store);
    drop(database);
    server.stop("immediate");
}
