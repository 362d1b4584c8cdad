//! Weather from a file with the real program on both engines: loaded, loaded again, corrected, repaired, taken
//! back; and the portrait by the weather of orders beside a slow count over the same orders.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::process::Command;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use shuke_testkit::cluster;
use shuke_testkit::process::{Server, binary};

const SCOPES: [&str; 9] = [
    "members:read",
    "members:write",
    "orders:read",
    "orders:write",
    "segments:read",
    "segments:write",
    "imports:read",
    "imports:write",
    "settings:write",
];

struct Shop {
    server: Server,
    key: String,
}

impl Shop {
    fn call(&self, status: u16, method: &str, path: &str, body: Option<Value>) -> Value {
        let headers = [("authorization", self.key.as_str()), ("accept-language", "zh")];
        let answer = self.server.call(method, &format!("/api/v1{path}"), &headers, body.as_ref());
        assert_eq!(answer.status, status, "{method} {path}: {}", answer.json);
        answer.json
    }

    fn until(&self, what: &str, path: &str, is_so: impl Fn(&Value) -> bool) -> Value {
        let begun = Instant::now();
        loop {
            let now = self.call(200, "GET", path, None);
            if is_so(&now) {
                return now;
            }
            assert!(begun.elapsed() < Duration::from_secs(120), "{what}: {now}");
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    fn stage(&self, name: &str, text: &str) -> Value {
        let body = format!(
            "--B\r\nContent-Disposition: form-data; name=\"f\"; filename=\"{name}\"\r\nContent-Type: text/csv\r\n\r\n{text}\r\n--B--\r\n"
        );
        let host = self.server.base().replace("http://", "");
        let mut stream = TcpStream::connect(&host).unwrap();
        let head = format!(
            "POST /api/v1/imports HTTP/1.1\r\nHost: {host}\r\nAuthorization: {}\r\nConnection: close\r\nContent-Type: multipart/form-data; boundary=B\r\nContent-Length: {}\r\n\r\n",
            self.key,
            body.len()
        );
        stream.write_all(head.as_bytes()).unwrap();
        stream.write_all(body.as_bytes()).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        assert!(answer.starts_with("HTTP/1.1 201"), "{answer}");
        let json = answer.split_once("\r\n\r\n").unwrap().1;
        serde_json::from_str(&json[json.find('{').unwrap()..=json.rfind('}').unwrap()]).unwrap()
    }

    /// Loads a file of weather to its end.
    fn load(&self, name: &str, text: &str) -> Value {
        let staged = self.stage(name, text);
        assert_eq!(staged["files"][0]["format"], "weather_file", "{staged}");
        let id = staged["id"].as_str().unwrap().to_owned();
        self.call(200, "POST", &format!("/imports/{id}/run"), None);
        self.until("the load does not end", &format!("/imports/{id}"), |i| i["state"] == "done")
    }

    fn undo(&self, import: &Value) {
        let id = import["id"].as_str().unwrap();
        self.call(200, "POST", &format!("/imports/{id}/undo"), None);
        self.until("the undo does not end", &format!("/imports/{id}"), |i| i["state"] == "undone");
    }

    /// What is known of the weather: day, province, city, condition, high.
    fn known(&self, query: &str) -> Vec<Value> {
        let (mut all, mut cursor) = (Vec::new(), String::new());
        loop {
            let page = self.call(200, "GET", &format!("/weather?limit=2{query}{cursor}"), None);
            all.extend(
                page["items"].as_array().unwrap().iter().map(|w| json!([w["day"], w["province"], w["city"], w["condition"], w["high"]])),
            );
            match page["next_cursor"].as_str() {
                Some(next) => cursor = format!("&cursor={next}"),
                None => return all,
            }
        }
    }
}

const REGIONS: [Option<(&str, &str)>; 5] =
    [Some(("浙江省", "杭州市")), Some(("浙江", "宁波市")), Some(("广东省", "深圳市")), Some(("上海市", "上海市")), None];

/// An order as the test knows it: whose, where it went, when by the clock of Shanghai.
struct Placed {
    member: usize,
    place: Option<(&'static str, &'static str)>,
    day: u8,
}

/// Thirty members of five regions (one of them unknown) with three orders each: where an order goes, and when,
/// follows from its number. Every fourth tells no receiver.
fn shop(server: Server) -> (Shop, Vec<Placed>) {
    let key = server.key(&SCOPES);
    let shop = Shop { server, key };
    let phone = |i: usize| json!([{"kind": "phone", "value": format!("138001380{i:02}"), "verified": true}]);
    let home = |i: usize| REGIONS[i % 5];
    let member = |i: usize| {
        let mut member = json!({"external": {"source": "own", "id": format!("m{i}")}, "name": "王芳", "gender": if i.is_multiple_of(3) { "female" } else { "male" }, "keys": phone(i)});
        if let Some((province, city)) = home(i) {
            member["region"] = json!({"province": province, "city": city});
        }
        member
    };
    shop.call(200, "POST", "/members/batch", Some(json!({"items": (0..30).map(member).collect::<Vec<_>>()})));
    let (mut orders, mut placed) = (Vec::new(), Vec::new());
    for n in 0..90 {
        let (member, day) = (n % 30, 1 + ((n * 7 + n / 10) % 5) as u8);
        // Where somebody lives whom nobody told of is learnt from where their orders went: theirs tell nothing.
        let to = if n % 4 == 0 { None } else { home(member).and(REGIONS[n * 3 % 5]) };
        // Half past one at night in Shanghai is the day before in Greenwich.
        let at = format!("2025-07-{:02}T17:30:00Z", day - 1).replace("07-00", "06-30");
        let paid = json!({"amount": 10_000, "currency": "CNY"});
        let mut order = json!({"external": {"source": "own", "id": format!("o{n}")}, "platform": "own", "state": "paid", "currency": "CNY",
            "buyer": {"keys": phone(member)}, "lines": [{"sku": "A", "quantity": 1, "paid": paid}], "paid": paid, "created_at": at, "paid_at": at});
        if let Some((province, city)) = to {
            order["receiver"] = json!({"province": province, "city": city});
        }
        orders.push(order);
        placed.push(Placed { member, place: to.or(home(member)), day });
    }
    let made = shop.call(200, "POST", "/orders/batch", Some(json!({"items": orders})));
    assert!(made["results"].as_array().unwrap().iter().all(|r| r["status"] == "created"), "{made}");
    (shop, placed)
}

type Sky = BTreeMap<(u8, &'static str, &'static str), (Option<&'static str>, Option<i64>)>;

/// The weather that [`FIRST`] tells.
fn sky() -> Sky {
    BTreeMap::from([
        ((1, "浙江", ""), (Some("rain"), Some(33))),
        ((1, "浙江", "杭州"), (Some("extreme"), Some(31))),
        ((2, "浙江", ""), (Some("clear"), Some(36))),
        ((3, "浙江", "宁波"), (Some("cloudy"), None)),
        ((1, "上海", ""), (Some("fog"), Some(29))),
        ((4, "上海", ""), (None, Some(35))),
        ((2, "广东", "深圳"), (Some("rain"), Some(30))),
        ((5, "广东", ""), (Some("snow"), Some(-1))),
    ])
}

const FIRST: &str = "日期,省份,城市,天气,最高气温,最低气温\n\
    2025-07-01,浙江,,多云转小雨,33,25\n\
    2025-07-01,浙江,杭州市,暴雨,31,24\n\
    2025-07-02,浙江,,晴,36,26\n\
    2025-07-03,,宁波,阴,,\n\
    2025-07-01,上海,,雾,29,22\n\
    2025-07-04,上海,,,35,27\n\
    2025-07-02,广东,440300,阵雨,30,26\n\
    2025-07-05,广东,,大雪,-1,-5\n\
    2025-07-03,火星,,晴,30,20\n";

/// The name without its ending.
fn short(name: &'static str) -> &'static str {
    name.trim_end_matches(['省', '市'])
}

/// What the slow count says of a group: members in each bar of weather and of temperature, members of whom each is
/// known, orders of which each is unknown.
fn counted(placed: &[Placed], sky: &Sky, is_in: impl Fn(usize) -> bool) -> Value {
    let mut bars: [BTreeMap<String, BTreeSet<usize>>; 2] = Default::default();
    let mut unknown = [0, 0];
    for order in placed.iter().filter(|o| is_in(o.member)) {
        let told = order.place.and_then(|(province, city)| {
            let at = |city| sky.get(&(order.day, short(province), city));
            at(short(city)).or_else(|| at(""))
        });
        let (condition, high) = told.copied().unwrap_or_default();
        let band = high.map(|t| [0, 10, 20, 30, 35].iter().filter(|cut| t >= **cut).count().to_string());
        for (i, value) in [condition.map(str::to_owned), band].into_iter().enumerate() {
            match value {
                Some(value) => drop(bars[i].entry(value).or_default().insert(order.member)),
                None => unknown[i] += 1,
            }
        }
    }
    let all = |bars: &BTreeMap<String, BTreeSet<usize>>| bars.values().flatten().collect::<BTreeSet<_>>().len();
    let counts = |bars: &BTreeMap<String, BTreeSet<usize>>| bars.iter().map(|(k, m)| (k.clone(), m.len())).collect::<BTreeMap<_, _>>();
    json!([[counts(&bars[0]), all(&bars[0]), unknown[0]], [counts(&bars[1]), all(&bars[1]), unknown[1]]])
}

/// The same of the portrait of women beside everybody.
fn told(answer: &Value, side: &str) -> Value {
    let of = |key: &str| {
        let attribute = answer["attributes"].as_array().unwrap().iter().find(|a| a["key"] == key).unwrap();
        let bars = attribute["bars"].as_array().unwrap().iter();
        let counts = bars.filter(|b| b[side]["count"] != 0).map(|b| (b["value"].as_str().unwrap().to_owned(), b[side]["count"].clone()));
        json!([counts.collect::<BTreeMap<_, _>>(), attribute[side]["known"], attribute[side]["orders_unknown"]])
    };
    json!([of("weather"), of("temperature")])
}

/// Asks until what changed a moment ago is in.
fn portrait(shop: &Shop, expected: &[Value; 2]) -> Value {
    let begun = Instant::now();
    loop {
        let answer = shop.call(200, "POST", "/segments/portrait", Some(json!({"text": "gender = \"female\"", "bars": 1000})));
        let now = [told(&answer, "group"), told(&answer, "against")];
        if now == *expected {
            return answer;
        }
        assert!(begun.elapsed() < Duration::from_secs(60), "told {now:#?}\ncounted {expected:#?}");
        std::thread::sleep(Duration::from_millis(200));
    }
}

fn whole(postgres: bool) {
    let home = tempfile::tempdir().unwrap();
    let database = postgres.then(|| cluster::shared().create_database("template0"));
    let store = database.as_ref().map_or_else(|| format!("sqlite:{}", home.path().join("shuke.db").display()), cluster::Database::url);
    let (mut shop, placed) = shop(Server::start_on(home.path(), Some(&store)));
    let women = |m: usize| m.is_multiple_of(3);
    let expected = |sky: &Sky| [counted(&placed, sky, women), counted(&placed, sky, |_| true)];

    // Before: nothing is known, of no order.
    let answer = portrait(&shop, &expected(&Sky::new()));
    assert_eq!(told(&answer, "against"), json!([[{}, 0, 90], [{}, 0, 90]]));

    let first = shop.load("天气.csv", FIRST);
    assert_eq!((&first["counts"]["weather"], &first["counts"]["quarantined"]), (&json!(8), &json!(1)), "{first}");
    let answer = portrait(&shop, &expected(&sky()));
    bars_are_conditions(&shop, &answer);
    let everything = shop.known("");
    assert_eq!(everything.len(), 8);
    assert_eq!(everything[0], json!(["2025-07-01", "上海", null, "fog", 29.0]));
    assert_eq!(shop.known("&region=Zhejiang&from=2025-07-01&to=2025-07-02").len(), 2);
    assert_eq!(shop.known("&region=%E6%9D%AD%E5%B7%9E"), [json!(["2025-07-01", "浙江", "杭州", "extreme", 31.0])]);
    assert_eq!(shop.call(400, "GET", "/weather?region=Suzhou", None)["code"], "weather.several_regions");
    assert_eq!(shop.call(400, "GET", "/weather?region=Mars", None)["code"], "weather.unknown_region");

    // The same again changes nothing, and a file that says otherwise holds until it is taken back.
    let again = shop.load("天气.csv", FIRST);
    assert_eq!((&again["counts"]["weather"], &again["counts"]["unchanged"]), (&json!(0), &json!(8)), "{again}");
    assert_eq!(shop.known(""), everything);
    let other = shop.load("更正.csv", "date,city,weather,high\n2025-07-01,Hangzhou,clear,34\n2025-07-05,Hangzhou,fog,20\n");
    assert_eq!(other["counts"]["weather"], 2, "{other}");
    let mut corrected = sky();
    corrected.insert((1, "浙江", "杭州"), (Some("clear"), Some(34)));
    corrected.insert((5, "浙江", "杭州"), (Some("fog"), Some(20)));
    portrait(&shop, &expected(&corrected));
    shop.undo(&other);
    assert_eq!(shop.known(""), everything);
    portrait(&shop, &expected(&sky()));
    // What another import says, too, stays when one of them goes.
    shop.undo(&again);
    assert_eq!(shop.known(""), everything);

    // A row that could not be read is repaired.
    let held = shop.call(200, "GET", &format!("/quarantine?state=open&import={}", first["id"].as_str().unwrap()), None)["items"][0].clone();
    assert_eq!(held["reasons"][0]["code"], "bad_region", "{held}");
    let repair = format!("/quarantine/{}", held["id"].as_str().unwrap());
    assert_eq!(shop.call(200, "PATCH", &repair, Some(json!({"cells": {"省份": "上海"}})))["state"], "repaired");
    let mut repaired = sky();
    repaired.insert((3, "上海", ""), (Some("clear"), Some(30)));
    portrait(&shop, &expected(&repaired));

    // By another clock every order lies on the day before.
    shop.call(200, "PATCH", "/merchants/current", Some(json!({"zone": "UTC"})));
    let before: Vec<Placed> = placed.iter().map(|o| Placed { day: o.day - 1, ..*o }).collect();
    portrait(&shop, &[counted(&before, &repaired, women), counted(&before, &repaired, |_| true)]);
    shop.call(200, "PATCH", "/merchants/current", Some(json!({"zone": "Asia/Shanghai"})));
    portrait(&shop, &expected(&repaired));

    shop.undo(&first);
    assert_eq!(shop.known(""), Vec::<Value>::new());
    portrait(&shop, &expected(&Sky::new()));
    shop.load("天气.csv", FIRST);
    shop.server.stop();

    let (folder, beside) = (home.path().display().to_string(), tempfile::tempdir().unwrap());
    shuke(&["audit", "--data", &folder, "--store", &store]);
    let other = if postgres { None } else { Some(cluster::shared().create_database("template0")) };
    let copy = other.as_ref().map_or_else(|| format!("sqlite:{}", beside.path().join("copy.db").display()), cluster::Database::url);
    shuke(&["copy", "--from", &store, "--to", &copy, "--data", &folder]);
    let dump = |store: &str| shuke(&["audit", "--dump", "--data", &folder, "--store", store]);
    let (first, second) = (dump(&store), dump(&copy));
    assert_eq!(first.lines().filter(|l| l.starts_with("weather_day")).count(), 8, "weather is in the dump");
    assert!(first == second, "the copy tells of other weather");
}

/// What the command line says.
fn shuke(arguments: &[&str]) -> String {
    let key = shuke_store::MasterKey::new(shuke_testkit::MASTER).to_hex();
    let out = Command::new(binary("shuke")).args(arguments).env("SHUKE_MASTER_KEY", key.as_str()).output().unwrap();
    assert!(out.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&out.stderr));
    String::from_utf8(out.stdout).unwrap()
}

/// A bar opens as a segment of as many members, and the attributes can be wished for.
fn bars_are_conditions(shop: &Shop, answer: &Value) {
    let mut seen = 0;
    for attribute in answer["attributes"].as_array().unwrap().iter().filter(|a| a["key"] == "weather" || a["key"] == "temperature") {
        for bar in attribute["bars"].as_array().unwrap() {
            let counted = shop.call(200, "POST", "/segments/count", Some(json!({"expr": bar["expr"]})));
            assert_eq!(counted["count"], bar["against"]["count"], "{bar}");
            seen += 1;
        }
    }
    assert_eq!(seen, 10, "six kinds of weather and four bands");
    let rain = json!({"text": "exists(orders where kept = true and weather = \"rain\" and temperature >= 30)"});
    let checked = shop.call(200, "POST", "/segments/check", Some(rain));
    assert!(checked["sentence"].to_string().contains("下单日天气"), "{checked}");
    let segment = shop.call(201, "POST", "/segments", Some(json!({"name": "女士", "kind": "living", "text": "gender = \"female\""})));
    let wishes =
        json!([{"attribute": "weather", "values": ["rain"], "share": 0.5}, {"attribute": "temperature", "values": ["5"], "share": 0.2}]);
    let target = json!({"name": "雨天的买家", "subject": {"segment": segment["id"]}, "wishes": wishes});
    let target = shop.call(201, "POST", "/portrait-targets", Some(target));
    let standing = shop.call(200, "POST", &format!("/portrait-targets/{}/measure", target["id"].as_str().unwrap()), None);
    let weather = answer["attributes"].as_array().unwrap().iter().find(|a| a["key"] == "weather").unwrap();
    let bar = weather["bars"].as_array().unwrap().iter().find(|b| b["value"] == "rain").unwrap();
    assert_eq!(standing["wishes"][0]["count"], bar["group"]["count"], "{standing}");
}

#[test]
fn orders_have_the_weather_of_their_day_and_place_on_sqlite() {
    whole(false);
}

#[test]
fn orders_have_the_weather_of_their_day_and_place_on_postgres() {
    whole(true);
}
