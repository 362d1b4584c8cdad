//! What a hostile or careless hand tries on a running server: odd file names, uploads that break off,
//! taking an import back while it runs, loading a file again after the person in it was erased; and
//! the most talkative log, which names nobody.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::process::Command;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use shuke_store::MasterKey;
use shuke_testkit::process::{Server, binary};
use shuke_testkit::shop::with_password;
use shuke_testkit::{MASTER, cluster};

struct Shop {
    server: Server,
    bearer: String,
    _dir: tempfile::TempDir,
    _database: Option<cluster::Database>,
}

impl Shop {
    /// A served shop that logs everything it can.
    fn open(postgres: bool) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let database = postgres.then(|| cluster::shared().create_database("template0"));
        let url = database.as_ref().map(cluster::Database::url);
        let data = dir.path().join("data");
        let shuke = |arguments: &[&str]| {
            let mut command = Command::new(binary("shuke"));
            command.args(arguments).arg("--data").arg(&data).env("SHUKE_MASTER_KEY", MasterKey::new(MASTER).to_hex().as_str());
            if let Some(url) = &url {
                command.args(["--store", url]);
            }
            command
        };
        with_password(&mut shuke(&["admin", "create-merchant", "--name", "店", "--owner", "owner@example.com"]));
        let scopes =
            "members:read,members:write,members:unmask,orders:read,orders:write,imports:read,imports:write,privacy:manage,audit:read";
        let key = shuke(&["admin", "create-key", "--name", "k", "--scopes", scopes, "--json"]).output().unwrap();
        let key: Value = serde_json::from_slice(&key.stdout).unwrap();
        let mut talkative = Command::new(binary("shuke"));
        talkative.args(["--log", "trace"]);
        let server = Server::start_with(talkative, &data, url.as_deref());
        Self { server, bearer: format!("Bearer {}", key["secret"].as_str().unwrap()), _dir: dir, _database: database }
    }

    fn call(&self, method: &str, path: &str, body: Option<&Value>) -> (u16, Value) {
        let answer =
            self.server.call(method, &format!("/api/v1{path}"), &[("authorization", &self.bearer), ("accept-language", "en")], body);
        (answer.status, answer.json)
    }

    /// Sends these bytes as a form; where `whole` is false, hangs up in the middle.
    fn upload(&self, files: &[(&str, &str)], whole: bool) -> (u16, Value) {
        let mut body = String::new();
        for (name, text) in files {
            body += &format!(
                "--B\r\nContent-Disposition: form-data; name=\"f\"; filename=\"{name}\"\r\nContent-Type: text/csv\r\n\r\n{text}\r\n"
            );
        }
        body += "--B--\r\n";
        if !whole {
            let mut stream = self.send_head(body.len());
            stream.write_all(&body.as_bytes()[..body.len() / 2]).unwrap();
            return (0, Value::Null);
        }
        self.post(body.len(), &body)
    }

    fn send_head(&self, length: usize) -> TcpStream {
        let host = self.server.base().replace("http://", "");
        let mut stream = TcpStream::connect(&host).unwrap();
        let head = format!(
            "POST /api/v1/imports HTTP/1.1\r\nHost: {host}\r\nAuthorization: {}\r\nAccept-Language: en\r\nConnection: close\r\n\
             Content-Type: multipart/form-data; boundary=B\r\nContent-Length: {length}\r\n\r\n",
            self.bearer
        );
        stream.write_all(head.as_bytes()).unwrap();
        stream
    }

    fn post(&self, length: usize, body: &str) -> (u16, Value) {
        let mut stream = self.send_head(length);
        stream.write_all(body.as_bytes()).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        let status = answer.split(' ').nth(1).and_then(|s| s.parse().ok()).unwrap_or(0);
        let json = answer.split_once("\r\n\r\n").map(|(_, b)| b).unwrap_or_default();
        let json = &json[json.find('{').unwrap_or(0)..json.rfind('}').map_or(0, |i| i + 1)];
        (status, serde_json::from_str(json).unwrap_or(Value::Null))
    }

    fn load(&self, name: &str, text: &str) -> Value {
        let (status, staged) = self.upload(&[(name, text)], true);
        assert_eq!(status, 201, "{staged}");
        let id = staged["id"].as_str().unwrap();
        let (status, started) = self.call("POST", &format!("/imports/{id}/run"), None);
        assert_eq!(status, 200, "{started}");
        self.settled(id)
    }

    fn settled(&self, id: &str) -> Value {
        let until = Instant::now() + Duration::from_secs(90);
        loop {
            let (_, now) = self.call("GET", &format!("/imports/{id}"), None);
            if !["running", "undoing"].contains(&now["state"].as_str().unwrap_or_default()) {
                return now;
            }
            assert!(Instant::now() < until, "{now}");
            std::thread::sleep(Duration::from_millis(30));
        }
    }

    fn found(&self, phone: &str) -> usize {
        self.call("GET", &format!("/members?query={phone}"), None).1["items"].as_array().map_or(0, Vec::len)
    }
}

const HEAD: &str = "订单号,订单状态,实付金额,下单时间,买家手机号,收货人,详细地址\n";
const ONE: &str = "A1,已完成,12.00,2026-09-01 10:00:00,13912345678,张三丰,浙江省杭州市文三路478号\n";

fn names_and_sizes(shop: &Shop) {
    let text = |n: usize| format!("{HEAD}N{n},已完成,1.00,2026-09-01 10:00:00,,,\n");
    let long = "长".repeat(400) + ".csv";
    for (n, (given, shown)) in [
        ("../../etc/passwd", "passwd"),
        ("..\\x.csv", "x.csv"),
        ("", "file-1"),
        ("..", "file-1"),
        ("a/b/", "file-1"),
        ("a\u{202e}vsc.exe", "avsc.exe"),
        (&long, &"长".repeat(200)),
    ]
    .iter()
    .enumerate()
    {
        let (status, staged) = shop.upload(&[(given, &text(n))], true);
        assert_eq!((status, &staged["files"][0]["name"]), (201, &json!(shown)), "{given}: {staged}");
    }
    let (status, two) = shop.upload(&[("a.csv", &text(50)), ("a.csv", &text(51))], true);
    assert_eq!((status, &two["files"][1]["name"]), (201, &json!("a (2).csv")), "{two}");
    let code = |answer: (u16, Value)| (answer.0, answer.1["code"].as_str().unwrap_or_default().to_owned());
    assert_eq!(code(shop.upload(&[("a.csv", "")], true)), (422, "import.unreadable_file".to_owned()));
    assert_eq!(code(shop.upload(&[], true)), (400, "import.no_file".to_owned()));
    assert_eq!(code(shop.upload(&[("a\u{0}.csv", &text(60))], true)), (400, "import.broken_upload".to_owned()));
    let announced = shop.post(3 << 30, "--B\r\n");
    assert_eq!(code(announced), (413, "import.too_large".to_owned()));
    shop.upload(&[("half.csv", &text(61).repeat(60_000))], false);
}

fn erased_stay_erased(shop: &Shop) {
    let first = shop.load("one.csv", &format!("{HEAD}{ONE}"));
    assert_eq!((first["state"].as_str(), shop.found("13912345678")), (Some("done"), 1), "{first}");
    let member = shop.call("GET", "/members?query=13912345678", None).1["items"][0]["id"].as_str().unwrap().to_owned();
    assert!(shop.call("DELETE", &format!("/members/{member}"), None).0 < 300);
    let moved = "下单时间,订单号,买家手机号,订单状态,实付金额,收货人,详细地址\n2026-09-01 10:00:00,A1,13912345678,已完成,12.00,张三丰,浙江省杭州市文三路478号\n";
    for (name, text) in [
        ("same.csv", format!("{HEAD}{ONE}")),
        ("moved.csv", moved.to_owned()),
        ("later.csv", format!("{HEAD}{}", ONE.replace("已完成", "退款成功"))),
    ] {
        let again = shop.load(name, &text);
        assert_eq!((again["counts"]["members_new"].as_i64(), shop.found("13912345678")), (Some(0), 0), "{name}: {again}");
        let (_, order) = shop.call("GET", "/orders?query=A1", None);
        assert_eq!(
            (&order["items"][0]["receiver"]["name_masked"], &order["items"][0]["member"]),
            (&Value::Null, &json!(member)),
            "{order}"
        );
    }
}

fn undo_while_it_runs(shop: &Shop) {
    let rows: String = (0..20_000).map(|n| format!("G{n},已完成,1.00,2026-09-01 10:00:00,139{n:08},,\n")).collect();
    let (_, staged) = shop.upload(&[("big.csv", &format!("{HEAD}{rows}"))], true);
    let id = staged["id"].as_str().unwrap();
    shop.call("POST", &format!("/imports/{id}/run"), None);
    let (status, no) = shop.call("POST", &format!("/imports/{id}/undo"), None);
    assert_eq!((status, no["code"].as_str()), (409, Some("import.wrong_state")), "{no}");
    shop.call("POST", &format!("/imports/{id}/stop"), None);
    assert_eq!(shop.settled(id)["state"], "stopped");
    assert_eq!(shop.call("POST", &format!("/imports/{id}/undo"), None).0, 200);
    assert_eq!(shop.settled(id)["state"], "undone");
    let left = shop.call("GET", "/orders?query=G5", None).1;
    assert_eq!(left["items"].as_array().map(Vec::len), Some(0), "{left}");
    assert_eq!(shop.found("13900000005"), 0);
    audited(shop, id);
}

/// Who began, stopped and took the import back stands in the audit, and that it ended.
fn audited(shop: &Shop, id: &str) {
    let (_, log) = shop.call("GET", "/audit?limit=200", None);
    let of = |e: &&Value| e["subject"] == json!(id);
    let said: Vec<(&str, bool)> = log["items"]
        .as_array()
        .unwrap()
        .iter()
        .filter(of)
        .map(|e| (e["action"].as_str().unwrap(), e["actor"].as_str().unwrap().starts_with("key_")))
        .collect();
    assert_eq!(said, [("import.undone", false), ("import.undo", true), ("import.stop", true), ("import.started", true)], "{log}");
    let (_, ended) = shop.call("GET", "/audit?action=import.finished", None);
    assert!(ended["items"][0]["summary"].as_str().is_some_and(|s| s.ends_with(" to repair")), "{ended}");
}

#[test]
fn a_hostile_hand_gets_nowhere_and_the_log_names_nobody() {
    for postgres in [false, true] {
        let mut shop = Shop::open(postgres);
        names_and_sizes(&shop);
        erased_stay_erased(&shop);
        undo_while_it_runs(&shop);
        shop.call("POST", "/members", Some(&json!({"external": {"source": "own", "id": "1"}, "name": "李四光", "keys": [{"kind": "email", "value": "lisiguang@example.com", "verified": true}]})));
        shop.server.stop();
        let log = shop.server.output();
        assert!(log.contains("DEBUG"), "the log is not talkative: this test sees nothing");
        let secret = shop.bearer.trim_start_matches("Bearer ");
        for named in [
            "13912345678",
            "张三丰",
            "文三路",
            "李四光",
            "lisiguang",
            "owner@example.com",
            "correct horse",
            secret,
            &MasterKey::new(MASTER).to_hex(),
        ] {
            assert!(
                !log.contains(named),
                "the log ({}) names {named}: {}",
                if postgres { "PostgreSQL" } else { "SQLite" },
                log.lines().find(|l| l.contains(named)).unwrap_or_default()
            );
        }
    }
}
