//! `shuke simulate` as a person at a shell has it: the guide's own scenario runs, states come as one object or as a table, and what cannot be read is told in one line.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;
use shuke_testkit::process::binary;

fn simulate(file: &Path, json: bool) -> Output {
    let mut command = Command::new(binary("shuke"));
    command.arg("simulate").arg(file).args(json.then_some("--json")).env_remove("SHUKE_STORE");
    command.output().unwrap()
}

/// The first block of JSON in a chapter of the guide, as a file.
fn from_guide(language: &str, folder: &Path) -> PathBuf {
    let chapter = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("../../docs/guide/{language}/19-simulate.md"));
    let text = std::fs::read_to_string(chapter).unwrap();
    let block = text.split("```json\n").nth(1).and_then(|rest| rest.split("```").next()).unwrap();
    let file = folder.join(format!("{language}.json"));
    std::fs::write(&file, block).unwrap();
    file
}

#[test]
fn the_guides_scenario_runs() {
    let folder = tempfile::tempdir().unwrap();
    for language in ["en", "zh"] {
        let out = simulate(&from_guide(language, folder.path()), true);
        assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
        let answer: Value = serde_json::from_slice(&out.stdout).unwrap();
        let steps = answer["steps"].as_array().unwrap();
        let told: Vec<_> =
            steps.iter().map(|s| (&s["accounts"]["pending"], &s["accounts"]["available"], s["tier"].as_str().unwrap())).collect();
        let told: Vec<_> = told.into_iter().map(|(p, a, t)| (p.as_i64().unwrap(), a.as_i64().unwrap(), t)).collect();
        // 5,200 on 520,000 fen and 100 for gold; the refund of 30,000 fen leaves 490,000, below gold.
        assert_eq!(told, [(5_200, 0, "member"), (5_200, 0, "member"), (0, 5_300, "gold"), (0, 5_000, "member")]);
    }
}

#[test]
fn through_the_services_it_comes_out_the_same_on_both_stores_and_leaves_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let file = from_guide("en", folder.path());
    let plain: Value = serde_json::from_slice(&simulate(&file, true).stdout).unwrap();
    let served = shuke_testkit::postgres();
    let places = folder.path().join("store");
    std::fs::create_dir(&places).unwrap();
    for url in [format!("sqlite:{}", places.join("shuke.db").display()), served.database().url()] {
        let out = Command::new(binary("shuke")).arg("simulate").arg(&file).args(["--json", "--store", &url]).output().unwrap();
        assert!(out.status.success(), "{url}: {}", String::from_utf8_lossy(&out.stderr));
        let through: Value = serde_json::from_slice(&out.stdout).unwrap();
        assert_eq!(through, plain, "{url}");
    }
    assert_eq!(std::fs::read_dir(&places).unwrap().count(), 0, "the throw-away file is gone");
    let left = served.int("SELECT COUNT(*) FROM information_schema.schemata WHERE schema_name LIKE 'shuke_try_%'");
    assert_eq!(left, 0, "the throw-away schema is gone");
}

#[test]
fn people_get_a_table_in_the_shops_time() {
    let folder = tempfile::tempdir().unwrap();
    let out = simulate(&from_guide("en", folder.path()), false);
    let text = String::from_utf8(out.stdout).unwrap();
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(lines.len(), 5, "{text}");
    for word in ["2026-11-22T10:00:00+08:00", "ok", "5300", "order:o1 5200 to 2027-11-22", "gold until 2027-11-23T00:00:00+08:00"] {
        assert!(lines[3].contains(word), "{word} is not in {}", lines[3]);
    }
    assert!(!lines[0].contains("frozen") && !lines[0].contains("coupons"), "a column in which nothing stands: {}", lines[0]);
}

#[test]
fn what_cannot_be_read_is_told_in_one_line_and_ends_with_2() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("odd.json");
    std::fs::write(&file, r#"{"format":1,"programme":{"earn":[{"id":"a","kind":"per_amount","points":1.5,"per_fen":100}]},"steps":[]}"#)
        .unwrap();
    for json in [false, true] {
        let out = simulate(&file, json);
        let words = String::from_utf8(out.stderr).unwrap();
        assert_eq!((out.status.code(), words.lines().count()), (Some(2), 1), "{words}");
        assert!(words.contains("programme.earn[0].points") && words.contains("whole number"), "{words}");
        let answer: Value = serde_json::from_slice(&out.stdout).unwrap_or(Value::Null);
        assert_eq!(answer["error"]["field"].as_str(), json.then_some("programme.earn[0].points"));
    }
    assert_eq!(simulate(Path::new("/nowhere/at.all"), false).status.code(), Some(2));
}
