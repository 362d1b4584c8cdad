//! The demo shop's files: the same plan gives the same bytes, intake reads every row that is not
//! bad on purpose, the formats are recognised, and what was drawn is in them.

use std::collections::{BTreeMap, HashMap};
use std::path::Path;

use shuke_demo::{Made, Plan, Reached, go_on, make};

fn plan(members: u64) -> Plan {
    Plan { members, seed: 7, until: jiff::civil::date(2026, 11, 24), identified: 0.7, flaws: true, days: 0 }
}

fn made(plan: &Plan) -> (tempfile::TempDir, Made) {
    let dir = tempfile::tempdir().unwrap();
    let made = make(plan, dir.path(), &mut |_| {}).unwrap();
    (dir, made)
}

fn everything(dir: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut all = BTreeMap::new();
    for folder in [dir.to_owned(), dir.join("truth")] {
        for file in std::fs::read_dir(folder).unwrap().map(|f| f.unwrap().path()).filter(|p| p.is_file()) {
            all.insert(file.file_name().unwrap().to_string_lossy().into_owned(), std::fs::read(file).unwrap());
        }
    }
    all
}

fn table(dir: &Path, name: &str) -> Vec<HashMap<String, String>> {
    let text = std::fs::read_to_string(dir.join("truth").join(name)).unwrap();
    let mut lines = text.lines();
    let header: Vec<&str> = lines.next().unwrap().split(',').collect();
    lines.map(|l| header.iter().map(|h| (*h).to_owned()).zip(l.split(',').map(str::to_owned)).collect()).collect()
}

#[test]
fn the_same_plan_gives_the_same_bytes() {
    let (a, _) = made(&plan(400));
    let (b, _) = made(&plan(400));
    assert_eq!(everything(a.path()), everything(b.path()));
    let (c, _) = made(&Plan { seed: 8, ..plan(400) });
    assert_ne!(everything(a.path())["orders.csv"], everything(c.path())["orders.csv"]);
}

#[test]
fn intake_reads_all_but_the_rows_that_are_bad_on_purpose() {
    let (dir, made) = made(&plan(2_000));
    let options = shuke_intake::Options { now: "2026-11-24T00:00:00Z".parse::<shuke_kernel::Instant>().unwrap(), ..Default::default() };
    let answer = shuke_intake::preview_files(&made.files, &options);
    let mut formats = BTreeMap::new();
    let mut bad = Vec::new();
    for file in answer["files"].as_array().unwrap() {
        let name = file["file"].as_str().unwrap();
        assert!(file.get("error").is_none(), "{name}: {}", file["error"]);
        assert!(file["records"].as_u64().unwrap() > 0, "{name} is empty");
        formats.insert(name.to_owned(), format!("{}/{}", file["format"].as_str().unwrap(), file["platform"].as_str().unwrap_or("-")));
        for row in file["not_good"].as_array().unwrap() {
            bad.push(row["reasons"][0].as_str().unwrap().split(':').next().unwrap().to_owned());
        }
    }
    let mut wanted: Vec<String> = table(dir.path(), "bad_rows.csv").iter().map(|r| r["reason"].clone()).collect();
    assert_eq!(wanted.len(), 5);
    wanted.sort();
    bad.sort();
    assert_eq!(bad, wanted);
    let format = |part: &str| formats.iter().find(|(n, _)| n.starts_with(part)).map(|(_, f)| f.as_str()).unwrap_or_default();
    for (part, wanted) in [
        ("ExportOrderList", "taobao_order_report/taobao"),
        ("ExportOrderDetailList", "taobao_item_report/taobao"),
        ("taobao_members2025", "taobao_member_list/taobao"),
        ("taobao_members2026", "taobao_member_list/taobao"),
        ("taobao_orders", "taobao_order_report_2026/taobao"),
        ("taobao_suborders", "taobao_suborder_report_2026/taobao"),
        ("jd_orders", "jd_order_export/jd"),
        ("douyin_orders", "douyin_order_export/douyin"),
        ("pdd_orders20261123.csv", "pdd_order_export/pdd"),
        ("pdd_orders20261123.xlsx", "pdd_order_export_2026/pdd"),
        ("youzan_orders", "youzan_order_export/youzan"),
        ("youzan_members", "youzan_customer_export/youzan"),
        ("jushuitan_orders", "jushuitan_orders/erp"),
    ] {
        assert_eq!(format(part), wanted, "{formats:?}");
    }
    assert!(format("own_cards").contains("member"), "{formats:?}");
    assert!(format("sms_consents").contains("member"), "{formats:?}");
    assert!(format("products").contains("product"), "{formats:?}");
}

#[test]
fn people_buy_as_they_were_drawn_to() {
    let (dir, made) = made(&plan(8_000));
    let people = table(dir.path(), "people.csv");
    let orders = table(dir.path(), "orders.csv");
    assert_eq!(people.len(), 8_000);
    assert_eq!(orders.len() as u64, made.orders);
    let number = |r: &HashMap<String, String>, k: &str| r[k].parse::<f64>().unwrap();
    // A shop's usual shape: some never buy, most buy once, a tail comes back often.
    let buyers: Vec<_> = people.iter().filter(|p| p["purchases"] != "0").collect();
    let again = buyers.iter().filter(|p| number(p, "purchases") > 1.0).count() as f64 / buyers.len() as f64;
    let mean = buyers.iter().map(|p| number(p, "purchases")).sum::<f64>() / buyers.len() as f64;
    assert!((0.35..0.65).contains(&again), "{again} buy again");
    assert!((2.0..4.5).contains(&mean), "{mean} purchases a buyer");
    // Who is drawn to leave early leaves early; who left does not come back.
    let half = |keen: bool| {
        let of: Vec<_> = buyers.iter().filter(|p| (number(p, "dropout") < 0.2) == keen).collect();
        of.iter().map(|p| number(p, "purchases")).sum::<f64>() / of.len() as f64
    };
    assert!(half(true) > 2.0 * half(false));
    assert!(people.iter().filter(|p| p["alive"] == "0").all(|p| p["purchases_next_365_days"] == "0"));
    assert!(people.iter().filter(|p| p["purchases_next_365_days"] != "0").count() > 500);
    // Gaps are as long as drawn, for those who stayed.
    let mut last: HashMap<&str, (f64, i64)> = HashMap::new();
    for p in buyers.iter().filter(|p| number(p, "purchases") >= 6.0) {
        let days = |k: &str| p[k][..10].parse::<jiff::civil::Date>().unwrap();
        let span = days("first_at").until(days("last_at")).unwrap().get_days();
        last.insert(&p["person"], (f64::from(span) / (number(p, "purchases") - 1.0) / number(p, "mean_gap_days"), 1));
    }
    let ratio = last.values().map(|v| v.0).sum::<f64>() / last.len() as f64;
    assert!((0.8..1.35).contains(&ratio), "gaps are {ratio} times what was drawn");
    // The peaks stand out, and the day before midnight has orders that are still under way.
    let on = |day: &str| orders.iter().filter(|o| o["placed_at"].starts_with(day)).count();
    assert!(on("2026-11-11") > 6 * on("2026-10-14"), "{} and {}", on("2026-11-11"), on("2026-10-14"));
    assert!(on("2026-06-18") > 4 * on("2026-05-13"));
    assert!(on("2026-02-18") < on("2026-03-18"));
    assert!(orders.iter().any(|o| o["state"] == "paid") && orders.iter().any(|o| o["state"] == "created"));
    assert!(orders.iter().all(|o| o["placed_at"].as_str() < "2026-11-24"));
    // Every sort of refund and every hard case occurs.
    for kind in ["before_dispatch", "return", "partial", "money_only", "compensation"] {
        assert!(orders.iter().any(|o| o["refund"] == kind), "no refund of the sort {kind}");
    }
    for case in ["family", "number_given", "number_taken", "renamed", "renamed_unseen", "phone_changed", "two_accounts"] {
        assert!(people.iter().any(|p| p["case"] == case), "no case of the sort {case}");
    }
    let shown = made.shown as f64 / made.orders as f64;
    assert!((0.67..0.73).contains(&shown), "{shown} of the orders show their buyer");
    let numbers: std::collections::HashSet<_> = orders.iter().map(|o| (&o["platform"], &o["order_no"])).collect();
    assert_eq!(numbers.len(), orders.len(), "an order number came twice");
}

#[test]
fn a_shop_may_be_tiny() {
    for members in 1..6 {
        let (_dir, made) = made(&Plan { identified: 0.0, ..plan(members) });
        let options = shuke_intake::Options { now: "2026-11-24T00:00:00Z".parse::<shuke_kernel::Instant>().unwrap(), ..Default::default() };
        let answer = shuke_intake::preview_files(&made.files, &options);
        assert!(
            answer["files"].as_array().unwrap().iter().all(|f| f.get("error").is_none() && f["records"].as_u64() > Some(0)),
            "{members}: {answer}"
        );
    }
}

#[test]
fn hiding_more_buyers_changes_nothing_else() {
    let (a, all) = made(&Plan { identified: 1.0, flaws: false, ..plan(300) });
    let (b, none) = made(&Plan { identified: 0.0, flaws: false, ..plan(300) });
    assert_eq!((all.shown, none.shown), (all.orders, 0));
    assert_eq!(all.orders, none.orders);
    let strip = |dir: &Path| -> Vec<String> {
        table(dir, "orders.csv").iter().map(|o| format!("{} {} {}", o["order_no"], o["person"], o["paid_fen"])).collect()
    };
    assert_eq!(strip(a.path()), strip(b.path()));
}

/// Orders of a truth by platform and number, and their lines.
fn by_number(dir: &Path, name: &str) -> HashMap<(String, String), Vec<HashMap<String, String>>> {
    let mut all: HashMap<_, Vec<_>> = HashMap::new();
    for row in table(dir, name) {
        all.entry((row["platform"].clone(), row["order_no"].clone())).or_default().push(row);
    }
    all
}

#[test]
fn what_happens_next_goes_on_from_what_was() {
    let (before, _) = made(&plan(3_000));
    let (next, reached) = (tempfile::tempdir().unwrap(), Reached::answering(0.0));
    let later = Plan { days: 28, ..plan(3_000) };
    let made = go_on(&later, &reached, next.path(), &mut |_| {}).unwrap();
    let (old, new) = (by_number(before.path(), "orders.csv"), by_number(next.path(), "orders.csv"));
    let (old_lines, new_lines) = (by_number(before.path(), "lines.csv"), by_number(next.path(), "lines.csv"));
    assert_eq!(new.len() as u64, made.orders);
    let options = shuke_intake::Options { now: "2026-12-22T00:00:00Z".parse::<shuke_kernel::Instant>().unwrap(), ..Default::default() };
    let read = shuke_intake::preview_files(&made.files, &options);
    assert!(read["files"].as_array().unwrap().iter().all(|f| f["not_good"].as_array().is_some_and(Vec::is_empty)));
    let (mut changed, mut placed) = (0, 0);
    for (number, rows) in &new {
        assert_eq!(rows.len(), 1, "{number:?} is told twice");
        let row = &rows[0];
        assert!(row["placed_at"].as_str() < "2026-12-22");
        match old.get(number) {
            Some(before) => {
                changed += 1;
                assert_eq!((&before[0]["person"], &before[0]["placed_at"]), (&row["person"], &row["placed_at"]));
                assert_eq!(old_lines.get(number), new_lines.get(number), "{number:?}");
                assert_ne!(&before[0], row);
            }
            None => {
                placed += 1;
                assert!(row["placed_at"].as_str() >= "2026-11-24", "{row:?}");
            }
        }
    }
    assert!(changed > 50 && placed > 100, "{changed} changed, {placed} placed");
    // What was under way has come to its end.
    let open = old.iter().filter(|(_, rows)| matches!(rows[0]["state"].as_str(), "created" | "paid" | "shipped"));
    assert!(open.clone().count() > 50 && open.clone().all(|(number, _)| new.contains_key(number)));
    // Who has a purchase next month in the truth made it.
    let due = table(before.path(), "people.csv").into_iter().filter(|p| !p["next_at"].is_empty() && p["next_at"].as_str() < "2026-12-20");
    for person in due {
        assert!(new.values().any(|rows| rows[0]["person"] == person["person"] && rows[0]["placed_at"] == person["next_at"]), "{person:?}");
    }
    let again = tempfile::tempdir().unwrap();
    go_on(&later, &reached, again.path(), &mut |_| {}).unwrap();
    assert_eq!(everything(next.path()), everything(again.path()));
}

#[test]
fn who_was_written_to_and_is_moved_buys_once_more() {
    let (before, _) = made(&plan(2_000));
    let keys = table(before.path(), "keys.csv");
    let phones: Vec<_> =
        keys.iter().filter(|k| k["kind"] == "phone").map(|k| (k["person"].clone(), k["value"].clone())).take(400).collect();
    let file = before.path().join("handed_over.csv");
    let text: String = phones.iter().map(|(_, phone)| format!("\"{phone}\",批次\r\n")).collect();
    std::fs::write(&file, text).unwrap();
    let buys = |response: f64| {
        let mut reached = Reached::answering(response);
        reached.read(&file).unwrap();
        let dir = tempfile::tempdir().unwrap();
        go_on(&Plan { days: 28, ..plan(2_000) }, &reached, dir.path(), &mut |_| {}).unwrap();
        let rows = table(dir.path(), "reached.csv");
        assert_eq!(rows.len(), phones.len());
        let moved: std::collections::HashSet<_> = rows.iter().filter(|r| r["moved"] == "1").map(|r| r["person"].clone()).collect();
        let orders = table(dir.path(), "orders.csv");
        let bought = |person: &String| {
            orders.iter().any(|o| o["person"] == *person && o["placed_at"].as_str() > "2026-11-24" && !o["paid_at"].is_empty())
        };
        assert!(moved.iter().all(bought));
        (moved.len(), phones.iter().filter(|(person, _)| bought(person)).count())
    };
    let (none, by_themselves) = buys(0.0);
    let (some, bought) = buys(0.3);
    assert_eq!(none, 0);
    assert!((80..160).contains(&some), "{some} of 400 were moved");
    assert!(bought > by_themselves + 40, "{bought} bought, {by_themselves} by themselves");
}
