//! Columns kept from a store, on both engines: after every batch of random changes they hold what the
//! store holds, member by member, and the dashboard says what the store's own SQL says; deleted and
//! built anew they give the same answers.

use std::path::Path;
use std::sync::Arc;

use serde_json::{Value, json};
use shuke_columns::{Columns, Digests, Keeper, Keepers};
use shuke_insight::standing::{Base, place};
use shuke_insight::{Question, REPORTS, Report, answer};
use shuke_kernel::Ctx;
use shuke_members::hooks;
use shuke_store::Event;
use shuke_store::register::{GROUND, Register};
use shuke_testkit::web::{Api, app};
use shuke_testkit::{TestStore, both_with};

const ALL: Register = Register(&[GROUND, shuke_members::TABLES, shuke_commerce::TABLES, shuke_insight::TABLES]);

/// A small generator: what it draws is decided by the seed alone.
struct Draw(u64);

impl Draw {
    fn below(&mut self, n: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % n
    }
}

fn yuan(fen: u64) -> Value {
    json!({"amount": fen, "currency": "CNY"})
}

fn time(d: &mut Draw) -> String {
    format!("2025-{:02}-{:02}T{:02}:{:02}:00Z", 1 + d.below(12), 1 + d.below(28), d.below(24), d.below(60))
}

fn keys(d: &mut Draw) -> Vec<Value> {
    let person = d.below(14);
    let phone = json!({"kind": "phone", "value": format!("138{person:08}"), "verified": true});
    let own = json!({"kind": "own_id", "value": format!("p{person}"), "verified": true});
    match d.below(4) {
        0 => vec![],
        1 => vec![phone],
        2 => vec![own],
        // Both: two members turn out to be one.
        _ => vec![phone, own],
    }
}

fn order(d: &mut Draw, no: u64) -> Value {
    let created = time(d);
    let state = ["created", "paid", "shipped", "completed", "closed"][d.below(5) as usize];
    let lines: Vec<Value> = (0..1 + d.below(3))
        .map(|i| json!({"id": (i + 1).to_string(), "sku": format!("S{}", d.below(6)), "title": "奶瓶", "category": (["奶粉", "玩具"][d.below(2) as usize]), "quantity": 1 + d.below(3), "paid": yuan(d.below(4) * 1_333)}))
        .collect();
    let paid: u64 = lines.iter().map(|l| l["paid"]["amount"].as_u64().unwrap()).sum();
    let mut order = json!({"external": {"source": "own", "id": format!("o{no}")}, "state": state, "created_at": created, "paid": yuan(if state == "created" { 0 } else { paid }), "lines": lines, "buyer": {"keys": keys(d)}});
    if state != "created" && d.below(5) > 0 {
        order["paid_at"] = json!(created);
    }
    if d.below(2) == 0 {
        order["receiver"] = json!({"province": (["浙江省", "广东省"][d.below(2) as usize])});
    }
    order
}

fn refund(d: &mut Draw, no: u64, orders: u64) -> Value {
    let mut refund = json!({"external": {"source": "own", "id": format!("r{no}")}, "at": time(d), "amount": yuan(d.below(3_000))});
    if d.below(4) > 0 {
        refund["order_external"] = json!({"source": "own", "id": format!("o{}", d.below(orders))});
        if d.below(2) == 0 {
            refund["lines"] = json!([{"line": "1", "quantity": 1, "amount": refund["amount"]}]);
        }
    } else {
        refund["buyer_keys"] = json!(keys(d));
        refund["lines"] = json!([{"sku": "S1", "quantity": 1, "amount": refund["amount"]}]);
    }
    refund
}

/// A product of a code that orders have, in a category, in another, or out of it again; some change
/// their code, some share one.
fn product(d: &mut Draw) -> Value {
    let mut product = json!({"external": {"source": (["erp", "tb"][d.below(2) as usize]), "id": format!("g{}", d.below(6))}, "sku": format!("S{}", d.below(8))});
    if d.below(4) > 0 {
        let of = ["母婴", "数码", "家居"][d.below(3) as usize];
        product["category"] = json!([of, "其他"]);
    }
    product
}

fn everything(columns: &shuke_columns::Columns) -> Vec<Value> {
    let q = Question { currency: Some("CNY".to_owned()), rows: true, ..Question::about("2026-01-01".parse().unwrap()) };
    let hex = |key: &[u8]| key.iter().map(|b| format!("{b:02x}")).collect();
    REPORTS.iter().map(|(_, report)| serde_json::to_value(answer(columns, *report, &q, &hex).unwrap()).unwrap()).collect()
}

/// Where each member stands is their row of the full reports.
fn standings(columns: &shuke_columns::Columns) {
    let q = Question { currency: Some("CNY".to_owned()), rows: true, min_gaps: 2, ..Question::about("2026-01-01".parse().unwrap()) };
    let base = Base::of(columns, &q).unwrap();
    let hex = |key: &[u8]| key.iter().map(|b| format!("{b:02x}")).collect();
    let rows = |report| match serde_json::to_value(answer(columns, report, &q, &hex).unwrap()).unwrap()["rows"].take() {
        Value::Array(rows) => rows,
        other => panic!("{other}"),
    };
    let (rfm, lifecycle) = (rows(Report::Rfm), rows(Report::Lifecycle));
    for bucket in columns.buckets.iter().filter(|b| !b.nobody) {
        for member in bucket.members() {
            let key = bucket.key.get(member);
            let got = serde_json::to_value(place(columns, &q, &base, key).unwrap()).unwrap();
            for (row, got) in [(&rfm, &got["rfm"]), (&lifecycle, &got["lifecycle"])] {
                let row = row.iter().find(|r| r["member"] == hex(key));
                let figures = row.into_iter().flat_map(|r| r.as_object().unwrap()).filter(|(k, _)| *k != "member");
                assert!(figures.clone().all(|(k, v)| got[k] == *v), "{row:?} is not {got}");
                assert_eq!(row.is_none(), got.is_null(), "{got}");
            }
        }
    }
}

/// By what is kept beside buckets, now and in earlier rounds, reports say what they say by the rows.
fn beside(columns: &Columns, folder: &Path) {
    let kept = Columns { digests: Some(Arc::new(Digests::of_all(folder.to_owned()))), ..columns.clone() };
    assert_eq!(everything(&kept), everything(&Columns { digests: None, ..columns.clone() }));
}

/// Leaves of what is kept beside a bucket what a kill or a power cut may: a part of it, or a file that was begun.
fn cut(d: &mut Draw, folder: &Path) {
    let files: Vec<_> = std::fs::read_dir(folder).unwrap().map(|e| e.unwrap().path()).collect();
    let is_whole = |name: &str| name.contains('+') && !name.ends_with(".part");
    for path in files.into_iter().filter(|path| is_whole(&path.to_string_lossy())) {
        let mut bytes = std::fs::read(&path).unwrap();
        match d.below(4) {
            0 => bytes.truncate(d.below(bytes.len() as u64 + 1) as usize),
            1 => bytes.iter_mut().skip(d.below(9_000) as usize).for_each(|b| *b = 0),
            2 => std::fs::write(format!("{}.1-1.part", path.display()), &bytes[..bytes.len() / 2]).unwrap(),
            _ => continue,
        }
        // Another file of that name: the one that was there may be mapped.
        std::fs::remove_file(&path).unwrap();
        std::fs::write(&path, bytes).unwrap();
    }
}

/// The dashboard's figures as the store's own SQL has them.
fn against_sql(t: &TestStore, columns: &shuke_columns::Columns) {
    let q = Question { currency: Some("CNY".to_owned()), ..Question::about("2026-01-01".parse().unwrap()) };
    let got = serde_json::to_value(answer(columns, Report::Dashboard, &q, &|_| String::new()).unwrap()).unwrap();
    let bought = "FROM orders WHERE purchase = 1 AND state <> 'closed' AND (COALESCE(goods_paid, 0) = 0 OR net_paid > 0)";
    let loose = t.int("SELECT CAST(COALESCE(SUM(goods), 0) AS BIGINT) FROM refund WHERE order_id IS NULL AND state = 'succeeded'");
    for (name, figure, sql) in [
        ("count", &got["orders"]["count"], format!("SELECT COUNT(*) {bought}")),
        ("unidentified", &got["orders"]["unidentified"], format!("SELECT COUNT(*) {bought} AND member IS NULL")),
        ("buyers", &got["members"]["buyers"], format!("SELECT COUNT(DISTINCT member) {bought}")),
        (
            "repeat buyers",
            &got["members"]["repeat_buyers"],
            format!("SELECT COUNT(*) FROM (SELECT member {bought} AND member IS NOT NULL GROUP BY member HAVING COUNT(*) > 1) x"),
        ),
        ("known", &got["members"]["known"], "SELECT COUNT(*) FROM member WHERE alias_of IS NULL".to_owned()),
    ] {
        assert_eq!(figure.as_i64(), Some(t.int(&sql)), "{name}");
    }
    // A closed order counts as wholly given back, whatever its refunds say.
    let net = t.int("SELECT CAST(COALESCE(SUM(net_paid), 0) AS BIGINT) FROM orders WHERE purchase = 1 AND state <> 'closed'");
    assert_eq!(got["money"]["paid"].as_i64(), Some(net - loose), "net paid");
}

#[test]
fn columns_follow_the_store_through_any_history() {
    hooks::install(shuke_commerce::HOOKS);
    both_with("columns", ALL, |t| {
        let api = Api::of(app(t), shuke_commerce::router());
        let folder = tempfile::tempdir().unwrap();
        // It holds a few rows only before it writes them, so that everything is in many files.
        let keeper = Keeper::new(t.store.clone(), t.merchant, folder.path()).unwrap().in_files_of(20 << 10);
        let mut d = Draw(std::env::var("SHUKE_SEED").ok().and_then(|s| s.parse().ok()).unwrap_or_else(|| std::process::id().into()));
        println!("seed {}", d.0);
        let mut orders = 1;
        for round in 0..27 {
            // Known orders come again, changed, with other keys.
            let batch: Vec<Value> = (0..1 + d.below(8))
                .map(|_| {
                    let no = if d.below(3) == 0 {
                        d.below(orders)
                    } else {
                        orders += 1;
                        orders - 1
                    };
                    order(&mut d, no)
                })
                .collect();
            let mut named = std::collections::HashSet::new();
            api.post("/orders/batch", batch.into_iter().filter(|o| named.insert(o["external"]["id"].to_string())).collect());
            api.post("/refunds/batch", (0..1 + d.below(3)).map(|i| refund(&mut d, 100 * round + i, orders)).collect());
            if round % 2 == 1 {
                let products: Vec<Value> = (0..1 + d.below(3)).map(|_| product(&mut d)).collect();
                let mut named = std::collections::HashSet::new();
                api.post("/products/batch", products.into_iter().filter(|p| named.insert(p["external"].to_string())).collect());
            }
            t.clock.advance_seconds(60);
            let loaded = keeper.fresh().unwrap();
            standings(&loaded.columns);
            beside(&loaded.columns, &keeper.folder());
            cut(&mut d, &keeper.folder());
            assert_eq!(keeper.verify().unwrap(), Vec::<String>::new(), "round {round}");
            against_sql(t, &loaded.columns);
            let status = keeper.status().unwrap();
            assert_eq!(status.behind, 0);
            if round % 9 == 8 {
                let before = everything(&loaded.columns);
                assert!(status.changed > 0, "changes were taken in, not built in full");
                assert_eq!(before, everything(&keeper.rebuild().unwrap().columns), "built in full, round {round}");
                // A shop of the first few rounds may fit into two.
                assert!(round < 9 || keeper.status().unwrap().buckets > 2, "so many rows are held and no more");
                keeper.delete().unwrap();
                let other = Keeper::new(t.store.clone(), t.merchant, folder.path()).unwrap();
                assert_eq!(before, everything(&other.fresh().unwrap().columns), "deleted and built, round {round}");
            }
        }
        // Another process over the same folder sees the same.
        let other = Keeper::new(t.store.clone(), t.merchant, folder.path()).unwrap();
        assert_eq!(everything(&other.fresh().unwrap().columns), everything(&keeper.fresh().unwrap().columns));
    });
}

/// The categories of a store are those of files whose lines tell what the product list says: of
/// products that were there before the orders, that came after them, and that moved since.
#[test]
fn gaps_by_category_of_a_store_are_those_of_files() {
    hooks::install(shuke_commerce::HOOKS);
    both_with("categories", ALL, |t| {
        let api = Api::of(app(t), shuke_commerce::router());
        let folder = tempfile::tempdir().unwrap();
        let keeper = Keeper::new(t.store.clone(), t.merchant, folder.path()).unwrap();
        let put = |sku: &str, path: &[&str]| {
            t.clock.advance_seconds(60);
            api.post("/products/batch", vec![json!({"external": {"source": "erp", "id": sku}, "category": path})]);
        };
        // Every third day of the year a member buys one of three goods; the order tells no category, or an old one.
        let sales: Vec<(u64, u64, u64)> = (0..120).map(|i| (i % 7, 3 * i, i % 3)).collect();
        let day = |n: u64| jiff::civil::Date::constant(2025, 1, 1).saturating_add(jiff::Span::new().days(n as i64));
        let sell = |from: usize, to: usize| {
            let orders = sales[from..to].iter().enumerate().map(|(i, (who, at, sku))| {
                let told = if *sku == 2 { Some("旧类目") } else { None };
                json!({"external": {"source": "own", "id": format!("o{}", from + i)}, "state": "completed", "created_at": format!("{}T04:00:00Z", day(*at)), "paid_at": format!("{}T04:00:00Z", day(*at)),
                    "paid": yuan(1_000), "buyer": {"keys": [{"kind": "own_id", "value": format!("p{who}"), "verified": true}]},
                    "lines": [{"id": "1", "sku": format!("G{sku}"), "quantity": 1, "paid": yuan(1_000), "category": told}]})
            });
            api.post("/orders/batch", orders.collect());
        };
        put("G0", &["母婴", "奶粉"]);
        sell(0, 60);
        keeper.fresh().unwrap();
        put("G1", &["母婴", "玩具"]);
        sell(60, 120);
        keeper.fresh().unwrap();
        put("G0", &["母婴", "奶粉", "三段"]);
        let loaded = keeper.fresh().unwrap();
        assert_eq!(keeper.verify().unwrap(), Vec::<String>::new());
        assert_eq!(keeper.status().unwrap().buckets, 1);

        let files = tempfile::tempdir().unwrap();
        let (mut orders, mut lines) = (
            "order_id,member_id,created_at,paid_at,state,region,currency\n".to_owned(),
            "order_id,line_no,sku,name,category,quantity,paid,received\n".to_owned(),
        );
        for (i, (who, at, sku)) in sales.iter().enumerate() {
            let category = ["母婴 > 奶粉 > 三段", "母婴 > 玩具", "旧类目"][*sku as usize];
            orders.push_str(&format!("o{i},p{who},{0}T04:00:00Z,{0}T04:00:00Z,completed,,CNY\n", day(*at)));
            lines.push_str(&format!("o{i},1,G{sku},,{category},1,1000,1000\n"));
        }
        for (name, text) in [
            ("orders", orders),
            ("lines", lines),
            ("members", "member_id,registered_at,region\n".to_owned()),
            ("refunds", "refund_id,order_id,line_no,member_id,sku,refunded_at,quantity,amount,received\n".to_owned()),
        ] {
            std::fs::write(files.path().join(format!("{name}.csv")), text).unwrap();
        }
        let told = shuke_columns::files::read(files.path()).unwrap();
        let q = Question { currency: Some("CNY".to_owned()), ..Question::about("2026-01-01".parse().unwrap()) };
        let of = |columns: &shuke_columns::Columns, report| {
            serde_json::to_value(answer(columns, report, &q, &|_| String::new()).unwrap()).unwrap()
        };
        let (store, file) = (of(&loaded.columns, Report::Lifecycle), of(&told, Report::Lifecycle));
        assert_eq!(store["category_gaps"].as_array().unwrap().len(), 3, "{store}");
        for part in ["category_gaps", "gap_from", "stages", "transitions", "shop_gap"] {
            assert_eq!(store[part], file[part], "{part}");
        }
        assert_eq!(of(&loaded.columns, Report::Goods)["rows"], of(&told, Report::Goods)["rows"]);
    });
}

#[test]
fn every_statement_is_taken_by_both_engines() {
    shuke_testkit::prepare_all(
        ALL,
        &[
            ("columns::sql", shuke_columns::sql::ALL),
            ("people::sql", shuke_columns::people::sql::ALL),
            ("insight::sql", shuke_insight::sql::ALL),
            ("occasions::sql", shuke_insight::occasions::sql::ALL),
        ],
    );
}

#[test]
fn a_damaged_file_is_noticed_and_built_anew() {
    hooks::install(shuke_commerce::HOOKS);
    both_with("damage", ALL, |t| {
        let api = Api::of(app(t), shuke_commerce::router());
        let mut d = Draw(7);
        api.post("/orders/batch", (0..40).map(|i| order(&mut d, i)).collect());
        let folder = tempfile::tempdir().unwrap();
        let before = everything(&Keeper::new(t.store.clone(), t.merchant, folder.path()).unwrap().fresh().unwrap().columns);
        let people = Keeper::new(t.store.clone(), t.merchant, folder.path()).unwrap().people().unwrap();
        let members = people.slices.iter().map(|s| s.len()).sum::<usize>();
        let here = folder.path().join(format!("m{}", t.merchant.0));
        let files = || std::fs::read_dir(&here).unwrap().map(|e| e.unwrap().path()).filter(|p| !p.ends_with("lock")).collect::<Vec<_>>();
        for victim in files() {
            let name = victim.file_name().unwrap().to_owned();
            let bytes = std::fs::read(&victim).unwrap();
            if bytes.is_empty() {
                continue;
            }
            let mut flipped = bytes.clone();
            flipped[bytes.len() / 2] ^= 0x40;
            for wound in [bytes[..bytes.len() - 1].to_vec(), Vec::new(), flipped] {
                let path = here.join(&name);
                std::fs::write(&path, wound).unwrap();
                let keeper = Keeper::new(t.store.clone(), t.merchant, folder.path()).unwrap();
                assert_eq!(everything(&keeper.fresh().unwrap().columns), before, "{name:?}");
                assert_eq!(keeper.people().unwrap().slices.iter().map(|s| s.len()).sum::<usize>(), members, "{name:?}");
                assert_eq!(keeper.verify().unwrap(), Vec::<String>::new());
                // The files as they were, for the next wound.
                keeper.delete().unwrap();
                keeper.rebuild().unwrap();
                if !path.exists() {
                    break;
                }
            }
        }
    });
}

#[test]
fn one_merchant_s_trouble_is_not_the_others_and_what_cannot_be_read_is_built_anew() {
    hooks::install(shuke_commerce::HOOKS);
    let folder = tempfile::tempdir().unwrap();
    let t = shuke_testkit::sqlite_with(ALL);
    let api = Api::of(app(&t), shuke_commerce::router());
    let mut d = Draw(5);
    api.post("/orders/batch", (0..20).map(|i| order(&mut d, i)).collect());
    let keepers = Keepers::new(t.store.clone(), folder.path().to_owned());
    let first = keepers.near(t.merchant).unwrap();
    assert_eq!(first.known_at(), first.manifest.written_at);
    // Nothing happens, and that is known.
    t.clock.advance_seconds(3_600);
    assert_eq!(keepers.near(t.merchant).unwrap().known_at(), first.manifest.written_at + 3_600_000_000);

    // A merchant of a lower number, whose folder cannot be made: a file is in its place.
    let broken = shuke_kernel::MerchantNo(t.merchant.0 - 1);
    std::fs::write(folder.path().join(format!("m{}", broken.0)), "").unwrap();
    let cx = Ctx { merchant: broken, ..t.ctx() };
    t.write(move |tx| {
        let (kind, subject) = ("test.happened", [1; 16]);
        let event = Event { kind, version: 1, occurred_at: cx.now, subject_kind: "x", subject, member: None, data: "{}".to_owned() };
        tx.emit(&cx, event)
    });
    let here = folder.path().join(format!("m{}", t.merchant.0));
    for manifest in std::fs::read_dir(&here).unwrap().map(|e| e.unwrap().path()).filter(|p| p.to_string_lossy().contains("manifest")) {
        std::fs::write(&manifest, "torn").unwrap();
    }
    assert!(keepers.of(t.merchant).unwrap().present().unwrap().is_none());
    let failed: Vec<_> = keepers.tend().unwrap().into_iter().map(|(merchant, _)| merchant).collect();
    assert_eq!(failed, [broken]);
    assert_eq!(everything(&keepers.of(t.merchant).unwrap().present().unwrap().unwrap().columns), everything(&first.columns));
}

#[test]
fn what_was_told_before_columns_are_built_is_not_taken_in_again() {
    hooks::install(shuke_commerce::HOOKS);
    both_with("a backlog", ALL, |t| {
        let cx = t.ctx();
        // More than the store gives their places at a time, as a large load leaves them.
        t.write(move |tx| {
            let event = |n: u64| {
                let (kind, subject) = ("test.happened", u128::from(n).to_be_bytes());
                Event { kind, version: 1, occurred_at: cx.now, subject_kind: "x", subject, member: None, data: "{}".to_owned() }
            };
            tx.emit_many(&cx, (0..12_000).map(event).collect())
        });
        let folder = tempfile::tempdir().unwrap();
        let keeper = Keeper::new(t.store.clone(), t.merchant, folder.path()).unwrap();
        keeper.rebuild().unwrap();
        let mut unplaced = 1;
        while unplaced > 0 {
            unplaced = t.store.stamp_events().unwrap();
        }
        assert_eq!(keeper.status().unwrap().behind, 0);
    });
}

#[test]
fn columns_of_another_store_are_no_answer() {
    hooks::install(shuke_commerce::HOOKS);
    let folder = tempfile::tempdir().unwrap();
    // As after a restore: the folder is of another history, of as many events or more.
    for (seed, orders) in [(1, 30), (2, 30), (3, 12), (4, 40)] {
        let t = shuke_testkit::sqlite_with(ALL);
        let api = Api::of(app(&t), shuke_commerce::router());
        let mut d = Draw(seed);
        api.post("/orders/batch", (0..orders).map(|i| order(&mut d, i)).collect());
        let keeper = Keeper::new(t.store.clone(), t.merchant, folder.path()).unwrap();
        let answered = everything(&keeper.near().unwrap().columns);
        let other = tempfile::tempdir().unwrap();
        let own = Keeper::new(t.store.clone(), t.merchant, other.path()).unwrap().fresh().unwrap();
        assert_eq!(answered, everything(&own.columns), "seed {seed}");
        assert_eq!(keeper.verify().unwrap(), Vec::<String>::new());
    }
}
