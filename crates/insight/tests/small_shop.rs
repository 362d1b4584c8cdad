//! A small shop of edge cases with the answers that a naive reference gave: every report over it, to
//! the last digit.

use serde_json::Value;
use shuke_columns::files;
use shuke_insight::standing::{Base, place};
use shuke_insight::{Centre, Compare, Cuts, Question, Report, answer};

fn folder() -> std::path::PathBuf {
    std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data")
}

fn question(args: &[String]) -> Question {
    let value = |name: &str| args.iter().position(|a| a == name).map(|i| args[i + 1].as_str());
    let date = |name: &str| value(name).map(|d| d.parse().unwrap());
    let as_of = date("--as-of").unwrap();
    Question {
        from: date("--from"),
        to: date("--to").unwrap_or(as_of),
        zone: value("--zone").unwrap_or("Asia/Shanghai").to_owned(),
        net: value("--returns") != Some("ignore"),
        rows: args.iter().any(|a| a == "--rows"),
        cuts: if value("--cuts") == Some("quantile") { Cuts::Quantile } else { Cuts::Console },
        centre: if value("--centre") == Some("median") { Centre::Median } else { Centre::Mean },
        ..Question::about(as_of)
    }
}

/// What differs: keys that only the answer has are allowed; ratios compare as such.
fn differences(want: &Value, got: &Value, at: &str, out: &mut Vec<String>) {
    match (want, got) {
        (Value::Object(w), Value::Object(g)) if w.len() == 3 && w.contains_key("num") => {
            let int = |o: &serde_json::Map<String, Value>, k: &str| i128::from(o[k].as_i64().unwrap());
            if w["value"] != g["value"] || int(w, "num") * int(g, "den") != int(g, "num") * int(w, "den") {
                out.push(format!("{at}: want {want}, got {got}"));
            }
        }
        (Value::Object(w), Value::Object(g)) => {
            for (k, v) in w {
                match g.get(k) {
                    Some(other) => differences(v, other, &format!("{at}.{k}"), out),
                    None => out.push(format!("{at}.{k} is missing")),
                }
            }
        }
        (Value::Array(w), Value::Array(g)) if w.len() == g.len() => {
            for (i, (a, b)) in w.iter().zip(g).enumerate() {
                differences(a, b, &format!("{at}[{i}]"), out);
            }
        }
        _ if want == got => {}
        _ => out.push(format!("{at}: want {want}, got {got}")),
    }
}

#[test]
fn every_report_gives_the_reference_s_figures() {
    let columns = files::read(&folder().join("tiny")).unwrap();
    let cases: Vec<Value> = serde_json::from_str(&std::fs::read_to_string(folder().join("cases.json")).unwrap()).unwrap();
    assert_eq!(cases.len(), 24);
    for case in cases {
        let args: Vec<String> = serde_json::from_value(case["args"].clone()).unwrap();
        let report = Report::named(case["report"].as_str().unwrap()).unwrap();
        let got = answer(&columns, report, &question(&args), &|key| String::from_utf8_lossy(key).into_owned()).unwrap();
        let expected = case["expected"].as_str().unwrap();
        let want: Value = serde_json::from_str(&std::fs::read_to_string(folder().join("expected").join(expected)).unwrap()).unwrap();
        let mut wrong = Vec::new();
        differences(&want, &serde_json::to_value(&got).unwrap(), "", &mut wrong);
        assert!(wrong.is_empty(), "{expected}: {wrong:#?}");
    }
}

#[test]
fn a_wrong_window_is_refused() {
    let columns = files::read(&folder().join("tiny")).unwrap();
    let about = |as_of: &str, from: Option<&str>, to: &str| Question {
        from: from.map(|d| d.parse().unwrap()),
        to: to.parse().unwrap(),
        ..Question::about(as_of.parse().unwrap())
    };
    let code = |q: Question| answer(&columns, Report::Rfm, &q, &|_| String::new()).err().and_then(|e| e.refusal().map(|r| r.code.code));
    assert_eq!(code(about("2025-10-01", None, "2025-10-02")), Some("report.to_after_as_of"));
    assert_eq!(code(about("2025-10-01", Some("2025-09-01"), "2025-09-01")), Some("report.from_not_before_to"));
    assert_eq!(code(Question { zone: "Asia/Nowhere".to_owned(), ..about("2025-10-01", None, "2025-10-01") }), Some("report.unknown_zone"));
    assert_eq!(code(about("2025-10-01", Some("2025-08-01"), "2025-09-01")), None);
}

#[test]
fn the_members_behind_a_number_are_as_many_as_it_says() {
    let columns = files::read(&folder().join("tiny")).unwrap();
    let q = Question {
        from: Some("2025-06-01".parse().unwrap()),
        to: "2025-09-01".parse().unwrap(),
        ..Question::about("2025-10-01".parse().unwrap())
    };
    let json = |report| serde_json::to_value(answer(&columns, report, &q, &|_| String::new()).unwrap()).unwrap();
    let count = |report, of: &str| shuke_insight::people::people(&columns, report, &q, of).unwrap().len() as i64;
    let dashboard = json(Report::Dashboard);
    for (name, n) in dashboard["members"].as_object().unwrap() {
        assert_eq!(count(Report::Dashboard, name), n.as_i64().unwrap(), "{name}");
    }
    let rfm = json(Report::Rfm);
    for group in rfm["groups"].as_array().unwrap() {
        assert_eq!(count(Report::Rfm, group["group"].as_str().unwrap()), group["members"].as_i64().unwrap());
    }
    for (cell, n) in rfm["cells"].as_object().unwrap() {
        assert_eq!(count(Report::Rfm, cell), n.as_i64().unwrap());
    }
    // A cell of two scores sums over the third.
    for (two, n) in rfm["cells"].as_object().unwrap().iter().fold(std::collections::BTreeMap::new(), |mut all, (cell, n)| {
        *all.entry(&cell[..2]).or_insert(0) += n.as_i64().unwrap();
        all
    }) {
        assert_eq!(count(Report::Rfm, &format!("{two}*")), n, "{two}*");
    }
    assert_eq!(count(Report::Rfm, "***"), rfm["members"].as_i64().unwrap());
    for band in json(Report::Interval)["gaps"]["bands"].as_array().unwrap() {
        assert_eq!(count(Report::Interval, &band["from"].to_string()), band["members"].as_i64().unwrap(), "{band}");
    }
    for (day, hours) in json(Report::Calendar)["members"].as_array().unwrap().iter().enumerate() {
        for (hour, n) in hours.as_array().unwrap().iter().enumerate() {
            assert_eq!(count(Report::Calendar, &format!("{}:{hour}", day + 1)), n.as_i64().unwrap());
        }
    }
    for (stage, n) in json(Report::Lifecycle)["stages"].as_object().unwrap() {
        assert_eq!(count(Report::Lifecycle, stage), n.as_i64().unwrap(), "{stage}");
    }
    for cohort in json(Report::Cohort)["cohorts"].as_array().unwrap() {
        for (i, n) in cohort["members"].as_array().unwrap().iter().enumerate() {
            assert_eq!(count(Report::Cohort, &format!("{}:{i}", cohort["cohort"].as_str().unwrap())), n.as_i64().unwrap());
        }
        for (i, n) in cohort["within"].as_array().unwrap().iter().enumerate() {
            assert_eq!(count(Report::Cohort, &format!("{}:within:{i}", cohort["cohort"].as_str().unwrap())), n.as_i64().unwrap());
        }
    }
    for row in json(Report::Region)["rows"].as_array().unwrap() {
        assert_eq!(count(Report::Region, row["region"].as_str().unwrap_or("")), row["buyers"].as_i64().unwrap());
    }
    for row in json(Report::Goods)["rows"].as_array().unwrap() {
        assert_eq!(count(Report::Goods, row["sku"].as_str().unwrap()), row["buyers"].as_i64().unwrap());
    }
    assert!(shuke_insight::people::people(&columns, Report::Dashboard, &q, "nobody").is_err());
}

#[test]
fn the_same_days_a_year_before_end_with_the_same_day() {
    let columns = files::read(&folder().join("tiny")).unwrap();
    let other = |from: &str, to: &str| {
        let (from, to) = (Some(from.parse().unwrap()), to.parse().unwrap());
        let q = Question { from, to, compare: Some(Compare::LastYear), ..Question::about("2029-01-01".parse().unwrap()) };
        let got = serde_json::to_value(answer(&columns, Report::Dashboard, &q, &|_| String::new()).unwrap()).unwrap();
        ["from", "to"].map(|end| got["compared"][end].as_str().unwrap().to_owned())
    };
    // Up to and with 28 February of a leap year.
    assert_eq!(other("2024-02-01", "2024-02-29"), ["2023-02-01", "2023-03-01"]);
    assert_eq!(other("2024-02-01", "2024-03-01"), ["2023-02-01", "2023-03-01"]);
    assert_eq!(other("2024-02-29", "2024-03-01"), ["2023-02-28", "2023-03-01"]);
    assert_eq!(other("2025-02-01", "2025-03-01"), ["2024-02-01", "2024-02-29"]);
    assert_eq!(other("2025-11-01", "2025-11-12"), ["2024-11-01", "2024-11-12"]);
}

#[test]
fn months_before_everything_are_told_without_being_reckoned() {
    let columns = files::read(&folder().join("tiny")).unwrap();
    let moves = |from: &str| {
        let q = Question { from: Some(from.parse().unwrap()), ..Question::about("2025-12-31".parse().unwrap()) };
        let got = serde_json::to_value(answer(&columns, Report::Lifecycle, &q, &|_| String::new()).unwrap()).unwrap();
        got["transitions"].as_array().unwrap().clone()
    };
    let (long, short) = (moves("1900-01-01"), moves("2023-01-01"));
    assert_eq!(long.len(), 125 * 12 + 11);
    assert_eq!(long[long.len() - short.len()..], short);
    assert!(short.iter().any(|t| t["moves"].as_array().is_some_and(|m| !m.is_empty())));
    // Each month before has what the month before the first has.
    assert!(long[..long.len() - short.len()].iter().all(|t| t["moves"] == short[0]["moves"]));
}

#[test]
fn who_has_orders_that_do_not_count_is_not_told_that_they_never_bought() {
    let columns = files::read(&folder().join("tiny")).unwrap();
    let mut told = std::collections::BTreeMap::new();
    for currency in [None, Some("USD")] {
        let q = Question { currency: currency.map(str::to_owned), ..Question::about("2025-12-31".parse().unwrap()) };
        let base = Base::of(&columns, &q).unwrap();
        for bucket in columns.buckets.iter().filter(|b| !b.nobody) {
            for member in bucket.members() {
                let place = place(&columns, &q, &base, bucket.key.get(member)).unwrap();
                let (words, bought) = (&place.reasons[0].zh, place.lifecycle.purchases > 0);
                let orders = !bucket.orders.of.of(member).is_empty();
                let said = match (bought, orders) {
                    (true, _) => "到 2025-12-30 结束已",
                    (false, false) => "从未购买",
                    (false, true) if currency.is_some() => "没有 USD 的有效购买（订单未付、已关闭或已全额退款）",
                    (false, true) => "没有有效购买（订单未付、已关闭或已全额退款）",
                };
                assert!(words.contains(said) && (bought || orders || !words.contains("有效")), "{words}");
                assert!(!words.contains("距今"), "{words}");
                *told.entry(said).or_insert(0) += 1;
            }
        }
    }
    assert_eq!(told.len(), 4, "{told:?}");
}

#[test]
fn every_list_of_a_report_is_a_table() {
    let columns = files::read(&folder().join("tiny")).unwrap();
    let q = Question { rows: true, ..Question::about("2025-12-31".parse().unwrap()) };
    for (report, name, rows) in [
        (Report::Dashboard, "trend", 12),
        (Report::Rfm, "rows", 29),
        (Report::Lifecycle, "rows", 40),
        (Report::Region, "rows", 5),
        (Report::Calendar, "orders", 7),
    ] {
        let tables =
            shuke_insight::tables::tables(&answer(&columns, report, &q, &|key| String::from_utf8_lossy(key).into_owned()).unwrap());
        let table = tables.iter().find(|t| t.name == name).unwrap_or_else(|| panic!("{report:?} has no table {name}"));
        assert_eq!(table.rows.len(), rows, "{report:?} {name}");
        assert!(table.rows.iter().all(|r| r.len() == table.header.len()));
        assert_eq!(String::from_utf8(table.csv().unwrap()).unwrap().lines().count(), rows + 1);
        assert!(tables.iter().any(|t| t.name == "about"));
    }
}

/// Every figure that an answer's document calls minor units is written as money, and nothing else is;
/// every heading has a name in Chinese.
#[test]
fn every_table_is_fit_for_people() {
    use shuke_insight::headings;
    let columns = files::read(&folder().join("tiny")).unwrap();
    let day = "2025-12-31".parse().unwrap();
    let q = Question {
        rows: true,
        from: Some("2025-06-01".parse().unwrap()),
        grain: Some(shuke_insight::Grain::Month),
        compare: Some(shuke_insight::Compare::Previous),
        ..Question::about(day)
    };
    for report in [
        Report::Dashboard,
        Report::Rfm,
        Report::Lifecycle,
        Report::Cohort,
        Report::Interval,
        Report::Calendar,
        Report::Goods,
        Report::Region,
    ] {
        let q = Question { grain: q.grain.filter(|_| report == Report::Dashboard), ..q.clone() };
        let answer = answer(&columns, report, &q, &|key| String::from_utf8_lossy(key).into_owned()).unwrap();
        for table in shuke_insight::tables::tables(&answer) {
            assert!(headings::chinese(&table.name).is_some(), "{report:?} {}", table.name);
            if report == Report::Goods && table.name == "rows" {
                let goods = serde_json::to_value(&answer.body).unwrap();
                let share = |part: &serde_json::Value, whole: i64| {
                    let text = format!("{:.4}", part.as_i64().unwrap() as f64 / whole as f64);
                    if whole == 0 { String::new() } else { text }
                };
                for (cells, row) in table.rows.iter().zip(goods["rows"].as_array().unwrap()) {
                    let pieces = row["units"].as_i64().unwrap() + row["refunded_units"].as_i64().unwrap();
                    let shares =
                        [share(&row["received"], goods["total"]["received"].as_i64().unwrap()), share(&row["refunded_units"], pieces)];
                    assert_eq!(cells[cells.len() - 2..], shares, "{row}");
                }
            }
            for header in &table.header {
                assert!(headings::column(&table.name, header).is_some(), "{report:?} {} {header}", table.name);
            }
            if table.header[0] == "figure" {
                for row in &table.rows {
                    assert!(headings::chinese(&row[0]).is_some(), "{report:?} {} {}", table.name, row[0]);
                }
            }
            for format in shuke_sheets::Format::ALL {
                let style = shuke_sheets::Style { zh: true, zone: shuke_kernel::Zone::shanghai() };
                let file = table.write(Vec::new(), format, style, Some("JPY")).unwrap();
                assert!(!file.is_empty());
                if format == shuke_sheets::Format::Csv && table.name == "trend" {
                    let text = String::from_utf8(file).unwrap();
                    assert!(text.starts_with("\u{feff}月份,订单数,购买人数,新客,净实付,商家实收（减退款）,币种\r\n"), "{text}");
                    let cells: Vec<&str> = text.lines().nth(1).unwrap().split(',').collect();
                    assert_eq!((cells[4], cells[6]), (table.rows[0][4].as_str(), "JPY"), "yen have no smaller unit");
                }
            }
        }
    }
    assert!(headings::is_money("sum.m") && headings::is_money("money.paid_gross") && headings::is_money("cut_at.m"));
    assert!(!headings::is_money("scores.m.5") && !headings::is_money("members.buyers"));
    assert!(headings::column_is_money("paid", "23") && !headings::column_is_money("orders", "23"));
}

#[test]
fn a_file_of_goods_ends_with_what_has_no_code_and_sums_to_the_total() {
    let dir = tempfile::tempdir().unwrap();
    for name in ["members.csv", "orders.csv", "lines.csv", "refunds.csv"] {
        let text = std::fs::read_to_string(folder().join("tiny").join(name)).unwrap();
        std::fs::write(dir.path().join(name), if name == "lines.csv" { text.replace(",C,", ",,") } else { text }).unwrap();
    }
    let q = Question { top: Question::ALL_GOODS, ..Question::about("2025-12-31".parse().unwrap()) };
    let told = |columns| answer(&columns, Report::Goods, &q, &|_| String::new()).unwrap();
    let rows = |answer: &shuke_insight::Answer, format, zh| {
        let all = shuke_insight::tables::tables(answer);
        all[0].for_file(answer, format, zh).into_owned()
    };
    use shuke_sheets::Format;
    let some = told(files::read(dir.path()).unwrap());
    for (format, zh, name) in [(Format::Csv, false, "(no code)"), (Format::Xlsx, true, "没有商品编码"), (Format::Parquet, true, "")] {
        let table = rows(&some, format, zh);
        assert_eq!(table.rows.last().unwrap()[0], name);
        let json = serde_json::to_value(&some.body).unwrap();
        for figure in ["units", "paid", "received", "refunded_units", "refunded_paid"] {
            let at = table.header.iter().position(|h| h == figure).unwrap();
            let sum: i64 = table.rows.iter().map(|row| row[at].parse::<i64>().unwrap()).sum();
            assert_eq!(sum, json["total"][figure].as_i64().unwrap(), "{figure}");
        }
    }
    let none = told(files::read(&folder().join("tiny")).unwrap());
    assert_eq!(rows(&none, Format::Csv, false).rows.len(), 5, "where all have codes there is no such row");
}

#[test]
fn a_province_is_one_region_however_it_is_written() {
    let dir = tempfile::tempdir().unwrap();
    for name in ["members.csv", "orders.csv", "lines.csv", "refunds.csv"] {
        let text = std::fs::read_to_string(folder().join("tiny").join(name)).unwrap();
        let mixed = text.lines().enumerate().map(|(n, line)| match n % 2 {
            0 if ["members.csv", "orders.csv"].contains(&name) => line.replace("浙江", "浙江省").replace("上海", "上海市") + "\n",
            _ => format!("{line}\n"),
        });
        std::fs::write(dir.path().join(name), mixed.collect::<String>()).unwrap();
    }
    let (plain, mixed) = (files::read(&folder().join("tiny")).unwrap(), files::read(dir.path()).unwrap());
    let q = Question::about("2025-12-31".parse().unwrap());
    let told = |columns| serde_json::to_value(answer(columns, Report::Region, &q, &|_| String::new()).unwrap()).unwrap();
    let wanted = told(&plain)["rows"].clone();
    assert!(wanted.as_array().unwrap().iter().any(|r| r["region"] == "浙江"), "{wanted}");
    assert_eq!(told(&mixed)["rows"], wanted);
    let of = |columns, name: &str| shuke_insight::people::people(columns, Report::Region, &q, name).unwrap();
    for name in ["浙江", "浙江省"] {
        assert_eq!(of(&mixed, name), of(&plain, "浙江"), "{name}");
    }
    assert!(of(&mixed, "西藏").is_empty());
}

#[test]
fn every_move_between_stages_opens_as_many_members_as_it_says() {
    let columns = files::read(&folder().join("tiny")).unwrap();
    let whole = Question::about("2025-12-31".parse().unwrap());
    let of = |q: &Question, of: &str| shuke_insight::people::people(&columns, Report::Lifecycle, q, of);
    let report = serde_json::to_value(answer(&columns, Report::Lifecycle, &whole, &|_| String::new()).unwrap()).unwrap();
    let mut kinds = std::collections::BTreeSet::new();
    for step in report["transitions"].as_array().unwrap() {
        let day = |name: &str| step[name].as_str().unwrap().parse().unwrap();
        let q = Question { from: Some(day("from")), to: day("to"), ..whole.clone() };
        for told in step["moves"].as_array().unwrap() {
            let name = format!("{}>{}", told["from"].as_str().unwrap(), told["to"].as_str().unwrap());
            assert_eq!(of(&q, &name).unwrap().len() as i64, told["members"].as_i64().unwrap(), "{step} {name}");
            kinds.insert(name);
        }
    }
    assert!(kinds.iter().any(|k| k.starts_with("none>")) && kinds.len() > 6, "{kinds:?}");
    let code = |q: &Question, name: &str| of(q, name).unwrap_err().refusal().unwrap().code.code;
    assert_eq!(code(&whole, "active>lost"), "report.move_needs_from");
    for name in ["active>none", "none", "asleep>lost", "active>asleep", "active>"] {
        assert_eq!(code(&whole, name), "report.no_such_number", "{name}");
    }
}
