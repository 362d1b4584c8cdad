//! Random small shops: every report over columns of several buckets says what a slow and obvious
//! reference says straight from the rows.

mod naive;

use std::path::Path;
use std::sync::Arc;

use jiff::ToSpan;
use jiff::civil::Date;
use naive::{Line, Member, Naive, Order, Refund, Shop};
use proptest::prelude::*;
use serde_json::Value;
use shuke_columns::draft::{self, State};
use shuke_columns::shelf::{FORMAT, Manifest, PeopleFiles, Shelf, WordsFile};
use shuke_columns::words::KINDS;
use shuke_columns::{Columns, Digests, Goods, Kind, Words};
use shuke_insight::people::{Bases, page, people};
use shuke_insight::standing::{Base, Scores, place};
use shuke_insight::{Centre, Compare, Cuts, Grain, Question, Report, answer};

const HOUR: i64 = 3_600_000_000;
/// 2025-01-01T00:00:00Z
const START: i64 = 1_735_689_600_000_000;

fn moment() -> impl Strategy<Value = i64> {
    // Few distinct hours, so that orders meet in one instant; some at a midnight of Shanghai.
    (0_i64..420, prop::sample::select(vec![0_i64, 5, 15, 16, 17])).prop_map(|(day, hour)| START + (day * 24 + hour) * HOUR)
}

fn word(words: &'static [&'static str]) -> impl Strategy<Value = Option<String>> {
    prop::option::weighted(0.8, prop::sample::select(words).prop_map(str::to_owned))
}

fn line() -> impl Strategy<Value = Line> {
    (
        word(&["A", "B", "C"]),
        word(&["甲", "乙"]),
        word(&["奶粉", "玩具", "home"]),
        1_i64..4,
        prop::sample::select(vec![0_i64, 1, 99, 100, 333, 1000]),
        prop::sample::select(vec![0_i64, 0, 7]),
    )
        .prop_map(|(sku, name, category, quantity, paid, more)| Line {
            number: 0,
            sku,
            name,
            category,
            quantity,
            paid,
            received: paid + more,
        })
}

fn order() -> impl Strategy<Value = Order> {
    let states = vec!["created", "paid", "shipped", "completed", "completed", "completed", "closed"];
    (
        prop::option::weighted(0.85, 0_u8..7),
        moment(),
        prop::option::weighted(0.85, 0_i64..30),
        prop::sample::select(states),
        word(&["浙江", "广东"]),
        prop::collection::vec(line(), 0..4),
    )
        .prop_map(|(member, created, later, state, region, mut lines)| {
            lines.iter_mut().enumerate().for_each(|(i, l)| l.number = i as i64 + 1);
            Order { id: String::new(), member, created, paid_at: later.map(|h| created + h * HOUR), state, region, lines }
        })
}

fn refund() -> impl Strategy<Value = Refund> {
    (
        prop::option::weighted(0.8, 0_usize..40),
        prop::option::of(1_i64..4),
        prop::option::of(0_u8..7),
        word(&["A", "B", "D"]),
        moment(),
        0_i64..3,
        prop::sample::select(vec![0_i64, 1, 50, 99, 333, 2000]),
    )
        .prop_map(|(order, line, member, sku, at, quantity, amount)| Refund {
            id: String::new(),
            order: order.map(|i| format!("o{i:02}")),
            line,
            member,
            sku,
            at,
            quantity,
            amount,
        })
}

fn shop() -> impl Strategy<Value = Shop> {
    let member = (prop::option::weighted(0.7, moment()), word(&["浙江", "四川"]));
    (prop::collection::vec(member, 7), prop::collection::vec(order(), 0..40), prop::collection::vec(refund(), 0..14)).prop_map(
        |(members, mut orders, mut refunds)| {
            // Ids fall as times rise for half of them, so that neither stands for the other.
            let n = orders.len();
            orders.iter_mut().enumerate().for_each(|(i, o)| o.id = format!("o{:02}", if i % 2 == 0 { i } else { n - 1 - i / 2 * 2 }));
            let mut seen = std::collections::HashSet::new();
            orders.retain(|o| seen.insert(o.id.clone()));
            refunds.iter_mut().enumerate().for_each(|(i, r)| r.id = format!("r{:02}", 99 - i));
            let members =
                members.into_iter().enumerate().map(|(i, (registered, region))| Member { id: i as u8, registered, region }).collect();
            Shop { members, orders, refunds }
        },
    )
}

fn question() -> impl Strategy<Value = Question> {
    let zones = prop::sample::select(vec!["Asia/Shanghai", "UTC", "America/New_York"]);
    (60_i64..430, 0_i64..60, prop::option::of(1_i64..200), any::<bool>(), any::<bool>(), any::<bool>(), 1_i64..6, zones).prop_map(
        |(as_of, before, length, net, quantile, median, min_gaps, zone)| {
            let start = Date::constant(2025, 1, 1);
            let as_of = start.saturating_add(as_of.days());
            let to = as_of.saturating_sub(before.days());
            Question {
                from: length.map(|n| to.saturating_sub(n.days())),
                to,
                zone: zone.to_owned(),
                net,
                rows: true,
                cuts: if quantile { Cuts::Quantile } else { Cuts::Console },
                centre: if median { Centre::Median } else { Centre::Mean },
                min_gaps,
                ..Question::about(as_of)
            }
        },
    )
}

/// The shop as columns: three members a bucket, nobody's rows in two heaps.
fn columns(shop: &Shop) -> Columns {
    columns_in(shop, &["CNY"])
}

/// The same, its orders in these currencies in turn.
fn columns_in(shop: &Shop, currencies: &[&str]) -> Columns {
    let (words, owners, heaps) = drafts(shop, currencies);
    let mut buckets = vec![Arc::new(draft::bucket(0, true, heaps).unwrap())];
    for (i, some) in owners.chunks(3).enumerate() {
        buckets.push(Arc::new(draft::bucket(3 * i as u32, false, some.to_vec()).unwrap()));
    }
    Columns { words: Arc::new(words), buckets, ..Columns::default() }
}

/// The same on a shelf that keeps digests of all buckets: some members first as they were before, then by newer
/// buckets, among members who are gone.
fn shelved(shop: &Shop, currencies: &[&str], folder: &Path) -> Columns {
    let (words, owners, heaps) = drafts(shop, currencies);
    let shelf = Shelf::open(folder).unwrap();
    let gone = |id: u8| draft::Member { key: vec![100 + id], gone: true, ..draft::Member::default() };
    let mut before = owners.clone();
    before[2].orders.truncate(1);
    before[5].orders = owners[4].orders.clone();
    before[5].loose = owners[3].loose.clone();
    before.extend((0..20).map(gone));
    let nobody: Vec<_> = (0..9).map(|id| draft::Member { key: vec![10 + id], ..draft::Member::default() }).collect();
    let mut heaps_before = [heaps.clone(), nobody].concat();
    heaps_before[1].orders.reverse();
    heaps_before[1].orders.truncate(3);
    let bucket = |name: &str, nobody, members| shelf.write_bucket(name.to_owned(), 0, nobody, members).unwrap();
    let file = WordsFile { file: "words".to_owned(), ..WordsFile::default() };
    let manifest = Manifest {
        format: FORMAT,
        sequence: 1,
        position: 1,
        tip: String::new(),
        written_at: 0,
        built_at: 0,
        words: shelf.write_words(&file, [0; KINDS.len()], &words).unwrap(),
        goods: None,
        registry: 0,
        people: PeopleFiles::default(),
        base: vec![bucket("heaps", true, heaps_before), bucket("members", false, before)],
        deltas: vec![bucket("newer", false, vec![owners[2].clone(), owners[5].clone()]), bucket("heap", true, vec![heaps[1].clone()])],
    };
    let columns = (*shelf.load(&manifest, None).unwrap().columns).clone();
    Columns { digests: Some(Arc::new(Digests::of_all(folder.to_owned()))), ..columns }
}

/// Words, members, and nobody's rows in two heaps.
fn drafts(shop: &Shop, currencies: &[&str]) -> (Words, Vec<draft::Member>, Vec<draft::Member>) {
    let mut words = Words::default();
    let currencies: Vec<Option<u32>> = currencies.iter().map(|c| words.of_mut(Kind::Currency).code(c)).collect();
    let currency_of = |at: usize| currencies[at % currencies.len()];
    let known = |id: &str| shop.orders.iter().any(|o| o.id == id);
    let mut owners: Vec<draft::Member> = shop
        .members
        .iter()
        .map(|m| draft::Member {
            key: vec![m.id],
            registered_at: m.registered,
            region: words.code(Kind::Region, m.region.as_deref()),
            ..draft::Member::default()
        })
        .collect();
    let mut heaps =
        vec![draft::Member { key: vec![0], ..draft::Member::default() }, draft::Member { key: vec![1], ..draft::Member::default() }];
    for (i, o) in shop.orders.iter().enumerate() {
        let refunds = shop.refunds.iter().filter(|r| r.order.as_ref() == Some(&o.id));
        let order = draft::Order {
            key: o.id.clone().into_bytes(),
            created_at: Some(o.created),
            paid_at: o.paid_at,
            state: State::named(o.state).unwrap(),
            region: words.code(Kind::Region, o.region.as_deref()),
            currency: currency_of(i),
            lines: o
                .lines
                .iter()
                .map(|l| draft::Line {
                    number: l.number,
                    sku: words.code(Kind::Sku, l.sku.as_deref()),
                    name: words.code(Kind::Name, l.name.as_deref()),
                    category: words.code(Kind::Category, l.category.as_deref()),
                    quantity: l.quantity,
                    paid: l.paid,
                    received: l.received,
                })
                .collect(),
            refunds: refunds
                .map(|r| draft::Refund {
                    key: r.id.clone().into_bytes(),
                    at: r.at,
                    line: r.line,
                    quantity: r.quantity,
                    amount: r.amount,
                    received: r.amount,
                })
                .collect(),
            ..draft::Order::default()
        };
        match o.member {
            Some(m) => owners[m as usize].orders.push(order),
            None => heaps[i % 2].orders.push(order),
        }
    }
    for (i, r) in shop.refunds.iter().filter(|r| !r.order.as_deref().is_some_and(known)).enumerate() {
        let loose = draft::Loose {
            key: r.id.clone().into_bytes(),
            at: r.at,
            sku: words.code(Kind::Sku, r.sku.as_deref()),
            currency: currency_of(i),
            quantity: r.quantity,
            amount: r.amount,
            received: r.amount,
        };
        match r.member {
            Some(m) => owners[m as usize].loose.push(loose),
            None => heaps[0].loose.push(loose),
        }
    }
    (words, owners, heaps)
}

/// What `want` says is what `got` says; ratios compare as such.
fn same(want: &Value, got: &Value, at: &str) -> Result<(), TestCaseError> {
    match (want, got) {
        (Value::Object(w), Value::Object(g)) if w.contains_key("num") => {
            let n = |o: &serde_json::Map<String, Value>, k: &str| i128::from(o[k].as_i64().unwrap());
            prop_assert!(
                w["value"] == g["value"] && n(w, "num") * n(g, "den") == n(g, "num") * n(w, "den"),
                "{at}: want {want}, got {got}"
            );
        }
        (Value::Object(w), Value::Object(g)) => {
            for (k, v) in w {
                same(v, g.get(k).unwrap_or(&Value::Null), &format!("{at}.{k}"))?;
            }
        }
        (Value::Array(w), Value::Array(g)) => {
            prop_assert_eq!(w.len(), g.len(), "{}: want {}, got {}", at, want, got);
            for (i, (a, b)) in w.iter().zip(g).enumerate() {
                same(a, b, &format!("{at}[{i}]"))?;
            }
        }
        _ => prop_assert_eq!(want, got, "{}", at),
    }
    Ok(())
}

fn cases() -> u32 {
    std::env::var("PROPTEST_CASES").ok().and_then(|n| n.parse().ok()).unwrap_or(150)
}

/// Where the product list puts goods.
type Listed = [Option<String>; 3];

/// The same shop, every line's category told by its order as the product list has it.
fn as_listed(shop: &Shop, listed: &Listed) -> Shop {
    let mut shop = shop.clone();
    for line in shop.orders.iter_mut().flat_map(|o| &mut o.lines) {
        let at = line.sku.as_deref().and_then(|sku| ["A", "B", "C"].iter().position(|s| *s == sku));
        if let Some(category) = at.and_then(|at| listed[at].clone()) {
            line.category = Some(category);
        }
    }
    shop
}

fn with_list(columns: Columns, listed: &Listed) -> Columns {
    let (mut words, mut goods) = ((*columns.words).clone(), Goods::default());
    for (sku, category) in ["A", "B", "C"].iter().zip(listed) {
        goods.set(&mut words, sku, category.as_deref().unwrap_or(""));
    }
    Columns { words: Arc::new(words), goods: Arc::new(goods), ..columns }
}

/// Every point of the dashboard's series is the dashboard over that point, and what it is compared
/// with the dashboard over that window.
fn parts(shop: &Shop, columns: &Columns, q: &Question) -> Result<(), TestCaseError> {
    let name = |key: &[u8]| key[0].to_string();
    for grain in [Grain::Day, Grain::Week, Grain::Month] {
        let compare = q.from.map(|_| if grain == Grain::Day { Compare::Previous } else { Compare::LastYear });
        let asked = Question { grain: Some(grain), compare, ..q.clone() };
        let got = serde_json::to_value(answer(columns, Report::Dashboard, &asked, &name).unwrap()).unwrap();
        let mut blocks = vec![(got["series"].clone(), q.from, q.to)];
        if compare.is_some() {
            let other = &got["compared"];
            let day = |name: &str| other[name].as_str().unwrap().parse::<Date>().unwrap();
            let over = Question { from: Some(day("from")), to: day("to"), ..q.clone() };
            let mut want = Naive::new(shop, &over).dashboard();
            want.as_object_mut().unwrap().remove("trend_months");
            same(&want, other, "compared")?;
            blocks.push((other["series"].clone(), Some(day("from")), day("to")));
        }
        for (series, from, to) in blocks {
            let points = series["points"].as_array().unwrap();
            let mut next = from;
            for point in points {
                let day = |name: &str| point[name].as_str().unwrap().parse::<Date>().unwrap();
                prop_assert!(next.is_none_or(|n| n == day("from")) && day("from") < day("to"), "{point}");
                next = Some(day("to"));
                let want = Naive::new(shop, &Question { from: Some(day("from")), to: day("to"), ..q.clone() }).dashboard();
                for (figure, of) in [
                    ("orders", &want["orders"]["count"]),
                    ("buyers", &want["members"]["buyers"]),
                    ("new_buyers", &want["members"]["new_buyers"]),
                    ("returning_buyers", &want["members"]["returning_buyers"]),
                    ("registered", &want["members"]["registered_in_window"]),
                    ("paid", &want["money"]["paid"]),
                    ("received", &want["money"]["received"]),
                ] {
                    same(of, &point[figure], &format!("{figure} of {point}"))?;
                }
            }
            prop_assert!(points.is_empty() && from.is_none() || next == Some(to), "the series ends where the window does");
        }
    }
    Ok(())
}

/// Where each member stands is their row of the full reports.
fn standings(columns: &Columns, q: &Question) -> Result<(), TestCaseError> {
    let name = |key: &[u8]| key[0].to_string();
    let base = Base::of(columns, q).unwrap();
    let rows = |report| serde_json::to_value(answer(columns, report, q, &name).unwrap()).unwrap()["rows"].clone();
    let (rfm, lifecycle) = (rows(Report::Rfm), rows(Report::Lifecycle));
    let of =
        |rows: &Value, id: u8| rows.as_array().unwrap().iter().find(|r| r["member"].as_str().is_some_and(|m| m.parse() == Ok(id))).cloned();
    for id in 0..8 {
        let got = serde_json::to_value(place(columns, q, &base, &[id]).unwrap()).unwrap();
        let without = |mut row: Value| {
            row.as_object_mut().unwrap().remove("member");
            row
        };
        match of(&rfm, id) {
            None => prop_assert!(got["rfm"].is_null(), "{got}"),
            Some(row) => same(&without(row), &got["rfm"], "rfm")?,
        }
        match of(&lifecycle, id) {
            None => prop_assert_eq!(&got["lifecycle"]["stage"], "none"),
            Some(row) => same(&without(row), &got["lifecycle"], "lifecycle")?,
        }
        let reasons = got["reasons"].as_array().unwrap();
        prop_assert!(reasons.len() >= 2 && reasons.iter().all(|r| r["zh"].as_str().unwrap().ends_with('。')), "{got}");
        // What is reckoned at the end of that day has them in the next stage, and not at its beginning.
        if let Some(on) = got["lifecycle"]["next"]["on"].as_str() {
            let on: Date = on.parse().unwrap();
            let at = |day: Date| {
                let since = i128::from((day - got["lifecycle"]["since_day"].as_str().unwrap().parse::<Date>().unwrap()).get_days());
                let n = |k: &str| i128::from(got["lifecycle"]["expected_gap"][k].as_i64().unwrap());
                let times = if got["lifecycle"]["stage"] == "declining" { 4 } else { 2 };
                since * n("den") > times * n("num")
            };
            prop_assert!(at(on.tomorrow().unwrap()) && !at(on) && on >= q.as_of, "{got}");
        }
    }
    Ok(())
}

/// Members behind numbers are those whose rows say so, page by page as at once.
fn behind_numbers(columns: &Columns, q: &Question, limit: usize) -> Result<(), TestCaseError> {
    let name = |key: &[u8]| key[0].to_string();
    let rows = |report| serde_json::to_value(answer(columns, report, q, &name).unwrap()).unwrap()["rows"].clone();
    let of = |rows: &Value, field: &str, word: &str| -> Vec<Vec<u8>> {
        let rows = rows.as_array().unwrap().iter().filter(|r| r[field] == word);
        let mut keys: Vec<Vec<u8>> = rows.map(|r| vec![r["member"].as_str().unwrap().parse().unwrap()]).collect();
        keys.sort();
        keys
    };
    let scores = |q: &Question| Scores::of(columns, q).map(Arc::new);
    let whole = |q: &Question| Base::of(columns, q).map(Arc::new);
    let bases = Bases { scores: &scores, whole: &whole };
    let (rfm, lifecycle) = (rows(Report::Rfm), rows(Report::Lifecycle));
    let mut asked = vec![(Report::Dashboard, "known".to_owned(), None), (Report::Region, "浙江".to_owned(), None)];
    for (field, report, rows) in [("group", Report::Rfm, &rfm), ("score", Report::Rfm, &rfm), ("stage", Report::Lifecycle, &lifecycle)] {
        let words: std::collections::BTreeSet<String> =
            rows.as_array().unwrap().iter().map(|r| r[field].as_str().unwrap().to_owned()).collect();
        asked.extend(words.into_iter().map(|word| (report, word.clone(), Some(of(rows, field, &word)))));
    }
    for (report, number, want) in asked {
        let all = people(columns, report, q, &number).unwrap();
        if let Some(want) = want {
            prop_assert_eq!(&all, &want, "{:?} {}", report, number);
        }
        let mut paged: Vec<Vec<u8>> = Vec::new();
        loop {
            let after = paged.last().cloned();
            let more = page(columns, report, q, &number, after.as_deref(), limit, &bases).unwrap();
            prop_assert!(more.len() <= limit);
            if more.is_empty() {
                break;
            }
            paged.extend(more);
        }
        prop_assert_eq!(&paged, &all, "{:?} {} by {}", report, number, limit);
    }
    Ok(())
}

/// What a report does not ask about changes nothing but its head.
fn asked_alike(columns: &Columns, q: &Question) -> Result<(), TestCaseError> {
    let name = |key: &[u8]| key[0].to_string();
    let q = Question { grain: Some(Grain::Week), ..q.clone() };
    for (_, report) in shuke_insight::REPORTS {
        let told = |q: &Question| {
            let mut told = serde_json::to_value(answer(columns, report, q, &name).unwrap()).unwrap();
            for head in ["as_of", "from", "to"] {
                told.as_object_mut().unwrap().remove(head);
            }
            told
        };
        prop_assert_eq!(told(&q), told(&q.about_what(report)), "{:?}", report);
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: cases(), failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn members_behind_numbers_come_in_pages(shop in shop(), q in question(), limit in 1_usize..4) {
        behind_numbers(&columns(&shop), &q, limit)?;
    }

    #[test]
    fn what_a_report_does_not_ask_about_changes_nothing(shop in shop(), q in question()) {
        asked_alike(&columns(&shop), &q)?;
    }

    #[test]
    fn goods_lie_where_the_product_list_has_them(shop in shop(), q in question(), listed in [word(&["奶粉", "new"]), word(&["玩具"]), word(&["奶粉", "home"])]) {
        let (columns, told) = (with_list(columns(&shop), &listed), as_listed(&shop, &listed));
        let naive = Naive::new(&told, &q);
        let get = |report| serde_json::to_value(answer(&columns, report, &q, &|key: &[u8]| key[0].to_string()).unwrap()).unwrap();
        same(&naive.lifecycle(), &get(Report::Lifecycle), "lifecycle")?;
        same(&naive.goods(), &get(Report::Goods), "goods")?;
    }

    #[test]
    fn what_is_kept_beside_buckets_says_what_their_rows_say(shop in shop(), asked in prop::collection::vec(question(), 1..4), several in any::<bool>(), listed in [word(&["奶粉", "new"]), word(&["玩具"]), word(&["奶粉", "home"])]) {
        let folder = tempfile::tempdir().unwrap();
        let currencies = if several { &["CNY", "USD"][..] } else { &["CNY"] };
        let (plain, kept) = (columns_in(&shop, currencies), shelved(&shop, currencies, folder.path()));
        let name = |key: &[u8]| key[0].to_string();
        for (i, q) in asked.iter().enumerate() {
            let currency = (currencies.len() > 1).then(|| currencies[i % 2].to_owned());
            let q = &Question { currency, ..q.clone() };
            for (plain, kept) in [(plain.clone(), kept.clone()), (with_list(plain.clone(), &listed), with_list(kept.clone(), &listed))] {
                for (_, report) in shuke_insight::REPORTS {
                    let told = |columns: &Columns| serde_json::to_value(answer(columns, report, q, &name).unwrap()).unwrap();
                    prop_assert_eq!(told(&plain), told(&kept), "{:?}", report);
                }
            }
        }
    }

    #[test]
    fn a_series_and_what_is_compared_are_dashboards_too(shop in shop(), q in question()) {
        parts(&shop, &columns(&shop), &q)?;
    }

    #[test]
    fn a_member_stands_where_the_full_reports_have_them(shop in shop(), q in question()) {
        standings(&columns(&shop), &q)?;
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: cases(), failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn reports_say_what_the_rows_say(shop in shop(), q in question()) {
        let columns = columns(&shop);
        let naive = Naive::new(&shop, &q);
        let name = |key: &[u8]| key[0].to_string();
        let get = |report| serde_json::to_value(answer(&columns, report, &q, &name).unwrap()).unwrap();
        let mut dashboard = naive.dashboard();
        let months = dashboard.as_object_mut().unwrap().remove("trend_months").unwrap();
        let mut got = get(Report::Dashboard);
        same(&dashboard, &got, "dashboard")?;
        same(&naive.coverage(), &got["coverage"], "coverage")?;
        // Months between others without anything in them are zeroes.
        let trend = got["trend"].as_array_mut().unwrap();
        trend.retain(|m| months.as_array().unwrap().iter().any(|w| w["month"] == m["month"]) || m["orders"] != 0 || m["paid"] != 0);
        same(&months, &got["trend"], "trend")?;
        if let Some(from) = q.from {
            // The window before, asked for by itself with the same day of reckoning.
            let earlier = Question { from: Some(from.saturating_sub(q.to.since(from).unwrap())), to: from, ..q.clone() };
            let before = Naive::new(&shop, &earlier).dashboard();
            let previous = &got["previous"];
            same(&before["money"]["paid"], &previous["paid"], "previous.paid")?;
            same(&before["orders"]["count"], &previous["orders"], "previous.orders")?;
            same(&before["repurchase_rate"], &previous["repurchase_rate"], "previous.rate")?;
        }
        same(&naive.rfm(), &get(Report::Rfm), "rfm")?;
        same(&naive.lifecycle(), &get(Report::Lifecycle), "lifecycle")?;
        same(&naive.cohort(), &get(Report::Cohort), "cohort")?;
        same(&naive.interval(), &get(Report::Interval), "interval")?;
        same(&naive.calendar(), &get(Report::Calendar), "calendar")?;
        same(&naive.goods(), &get(Report::Goods), "goods")?;
        same(&naive.region(), &get(Report::Region), "region")?;
    }
}
