//! A small shop of edge cases with the answers that a naive reference gave: every report over it, to
//! the last digit.

use serde_json::Value;
use shuke_columns::files;
use shuke_insight::{Centre, Cuts, Question, Report, answer};

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
    for (stage, n) in json(Report::Lifecycle)["stages"].as_object().unwrap() {
        assert_eq!(count(Report::Lifecycle, stage), n.as_i64().unwrap(), "{stage}");
    }
    for cohort in json(Report::Cohort)["cohorts"].as_array().unwrap() {
        for (i, n) in cohort["members"].as_array().unwrap().iter().enumerate() {
            assert_eq!(count(Report::Cohort, &format!("{}:{i}", cohort["cohort"].as_str().unwrap())), n.as_i64().unwrap());
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
