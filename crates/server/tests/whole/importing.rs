//! A merchant's files, loaded in both orders, twice, with kill -9 in the middle, on both engines and
//! copied between them: always the same store by `shuke audit --dump`. Undone: as if they never came.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::Duration;

use shuke_testkit::cluster::{self, Database};
use shuke_testkit::process::binary;
use shuke_testkit::shop::with_password;
use tempfile::TempDir;

fn fixtures() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../intake/tests/fixtures");
    let mut files: Vec<_> = std::fs::read_dir(folder)
        .unwrap()
        .map(|f| f.unwrap().path())
        .filter(|p| p.extension().is_some_and(|e| e == "csv" || e == "xlsx"))
        .collect();
    files.sort();
    assert!(files.len() >= 16);
    files
}

/// The master key, the same for all shops of this test so that a copy opens.
const KEY: &str = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";

struct Shop {
    dir: TempDir,
    database: Option<Database>,
}

impl Shop {
    fn bare(postgres: bool) -> Self {
        Self { dir: TempDir::new().unwrap(), database: postgres.then(|| cluster::shared().create_database("template0")) }
    }

    fn new(postgres: bool) -> Self {
        let shop = Self::bare(postgres);
        with_password(&mut shop.command(&["admin", "create-merchant", "--name", "店", "--owner", "owner@example.com"]));
        shop
    }

    fn url(&self) -> String {
        self.database.as_ref().map_or_else(|| format!("sqlite:{}", self.dir.path().join("data/shuke.db").display()), Database::url)
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(binary("shuke"));
        command
            .args(arguments)
            .arg("--data")
            .arg(self.dir.path().join("data"))
            .arg("--store")
            .arg(self.url())
            .env("SHUKE_MASTER_KEY", KEY)
            .stderr(Stdio::piped());
        command
    }

    fn run(&self, arguments: &[&str]) -> Output {
        let out = self.command(arguments).output().unwrap();
        assert!(out.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&out.stderr));
        out
    }

    fn import(&self, files: &[PathBuf]) -> serde_json::Value {
        let mut arguments = vec!["import", "--json"];
        arguments.extend(files.iter().map(|f| f.to_str().unwrap()));
        serde_json::from_slice(&self.run(&arguments).stdout).unwrap()
    }

    fn begin_import(&self, files: &[PathBuf]) -> Child {
        let mut arguments = vec!["import", "--json"];
        arguments.extend(files.iter().map(|f| f.to_str().unwrap()));
        self.command(&arguments).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
    }

    fn dump(&self) -> Vec<String> {
        String::from_utf8(self.run(&["audit", "--dump"]).stdout).unwrap().lines().map(str::to_owned).collect()
    }

    fn clean(&self) {
        self.run(&["audit"]);
    }
}

fn same(what: &str, a: &[String], b: &[String]) {
    let only = |x: &[String], y: &[String]| x.iter().filter(|l| !y.contains(l)).take(5).cloned().collect::<Vec<_>>().join("\n");
    assert!(a == b, "{what}: {} and {} lines\nonly in the first:\n{}\nonly in the second:\n{}", a.len(), b.len(), only(a, b), only(b, a));
}

#[test]
fn both_orders_twice_killed_copied_on_both_engines_is_one_store() {
    let files = fixtures();
    let backwards: Vec<_> = files.iter().rev().cloned().collect();

    let first = Shop::new(false);
    let loaded = first.import(&files);
    assert!(loaded["counts"]["orders_new"].as_i64().unwrap() > 300, "{loaded}");
    assert!(loaded["counts"]["quarantined"].as_i64().unwrap() > 30, "{loaded}");
    let want = first.dump();
    assert!(want.len() > 1_000);
    first.clean();

    let again = first.import(&files);
    assert_eq!(
        (again["counts"]["orders_new"].as_i64(), again["counts"]["orders_changed"].as_i64(), again["counts"]["members_new"].as_i64()),
        (Some(0), Some(0), Some(0)),
        "{again}"
    );
    same("loaded twice", &want, &first.dump());

    for postgres in [false, true] {
        let name = if postgres { "PostgreSQL" } else { "SQLite" };
        let shop = Shop::new(postgres);
        shop.import(&backwards);
        same(&format!("{name}, the other order"), &want, &shop.dump());
        shop.clean();

        let killed = Shop::new(postgres);
        for n in 0..4 {
            let mut child = killed.begin_import(&files);
            std::thread::sleep(Duration::from_millis(250 + 150 * n));
            let _ = child.kill();
            let _ = child.wait();
        }
        // A killed worker's lease runs out within a minute; going on is what resuming does.
        killed.import(&files);
        same(&format!("{name}, killed"), &want, &killed.dump());
        killed.clean();
    }

    let target = Shop::bare(true);
    first.run(&["copy", "--from", &first.url(), "--to", &target.url()]);
    same("copied to PostgreSQL", &first.dump(), &target.dump());
    let back = Shop::bare(false);
    target.run(&["copy", "--from", &target.url(), "--to", &back.url()]);
    same("copied back to SQLite", &first.dump(), &back.dump());
    back.clean();
}

#[test]
fn an_import_undone_leaves_no_trace() {
    let files = fixtures();
    for postgres in [false, true] {
        let shop = Shop::new(postgres);
        let (some, rest) = files.split_at(files.len() / 2);
        shop.import(some);
        let before = shop.dump();
        let second = shop.import(rest);
        assert!(shop.dump().len() > before.len());
        shop.run(&["import", "--undo", second["import"].as_str().unwrap()]);
        let without_settled = |lines: Vec<String>| lines.into_iter().filter(|l| !l.starts_with("quarantine")).collect::<Vec<_>>();
        same("undone", &without_settled(before), &without_settled(shop.dump()));
        shop.clean();
    }
}

/// A shop whose buyers share telephones and addresses all over its file, so that neighbouring steps of
/// the load meet in them: an order report and the item report of the same orders.
fn shared(seed: u64, folder: &Path) -> Vec<PathBuf> {
    let mut state = seed;
    let mut draw = |below: u64| {
        // Knuth's generator: the same shop for the same seed.
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % below
    };
    let mut orders = "订单编号,买家会员名,买家应付货款,买家实际支付金额,订单状态,收货人姓名,收货地址 ,联系手机,订单创建时间,订单付款时间 ,宝贝总数量\r\n".to_owned();
    let mut items = "订单编号,标题,价格,购买数量,外部系统编号,商品属性,套餐信息,备注,订单状态,商家编码\r\n".to_owned();
    for n in 0..1_700_u64 {
        let (number, buyer, lines) = (4_100_000_000_000_000_000 + n * 7_919, draw(500), 1 + draw(2));
        // One in nine names nobody; a telephone or a house is shared by people who are not one.
        let nick = if n % 9 == 0 { "熟**".to_owned() } else { format!("顾客{buyer}") };
        let (phone, house, name) = (draw(60) * 61 + buyer % 7, draw(40), ["王伟", "李娜", "张敏", "刘洋"][(buyer % 4) as usize]);
        let (day, minute) = (1 + draw(28), draw(60));
        let paid = lines * 10;
        orders.push_str(&format!(
            "=\"{number}\",{nick},{paid}.00,{paid}.00,交易成功,{name},浙江省 杭州市 西湖区 文三路{house}号,'139{phone:08},2026-08-{day:02} 10:{minute:02}:00,2026-08-{day:02} 11:{minute:02}:00,{lines}\r\n"
        ));
        for line in 0..lines {
            items.push_str(&format!("\"=\"\"{number}\"\"\",奶瓶{line},10.00,1,BB-{line},规格:均码,null,null,交易成功,BB-{line}\r\n"));
        }
    }
    let files = [("orders.csv", orders), ("items.csv", items)];
    files.map(|(name, text)| (folder.join(name), text)).map(|(path, text)| std::fs::write(&path, text).map(|()| path).unwrap()).to_vec()
}

#[test]
fn steps_that_meet_in_contacts_make_the_store_that_one_step_after_the_other_makes() {
    for seed in [3, 11, 2026] {
        let folder = TempDir::new().unwrap();
        let files = shared(seed, folder.path());
        let backwards: Vec<_> = files.iter().rev().cloned().collect();
        // One writer: a step begins when the one before it has ended.
        let first = Shop::new(false);
        let loaded = first.import(&files);
        assert_eq!(loaded["counts"]["orders_new"].as_i64(), Some(1_700), "{loaded}");
        let want = first.dump();
        assert!(want.iter().filter(|l| l.starts_with("review")).count() > 100, "people share what identifies nobody");
        first.clean();

        let other = Shop::new(true);
        other.import(&files);
        same(&format!("seed {seed} on PostgreSQL"), &want, &other.dump());
        other.clean();

        let killed = Shop::new(true);
        for n in 0..3 {
            let mut child = killed.begin_import(&backwards);
            std::thread::sleep(Duration::from_millis(700 + 500 * n));
            let _ = child.kill();
            let _ = child.wait();
        }
        killed.import(&files);
        same(&format!("seed {seed}, killed on PostgreSQL"), &want, &killed.dump());
        killed.clean();
    }
}
