//! The table of `docs/programme-rules.md` speaks of scenarios and tests that are there.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// Names of scenarios: the crate's own, and where the given ones are at hand those too.
fn scenarios() -> (BTreeSet<String>, bool) {
    let given = std::env::var_os("SHUKE_TESTDATA").map(|dir| PathBuf::from(dir).join("loyalty/scenarios")).filter(|dir| dir.is_dir());
    let mut names = BTreeSet::new();
    for dir in [Some(root().join("crates/loyalty/tests/scenarios")), given.clone()].into_iter().flatten() {
        let stems = std::fs::read_dir(dir).unwrap().filter_map(|f| Some(f.ok()?.path().file_stem()?.to_string_lossy().into_owned()));
        names.extend(stems);
    }
    (names, given.is_some())
}

/// Names of functions in the sources of the crates that know of points.
fn functions(dir: &Path, into: &mut BTreeSet<String>) {
    for entry in std::fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            functions(&path, into);
        } else if path.extension().is_some_and(|e| e == "rs") {
            let text = std::fs::read_to_string(&path).unwrap();
            into.extend(text.split("fn ").skip(1).filter_map(|rest| rest.split('(').next()).map(str::to_owned));
        }
    }
}

#[test]
fn every_name_in_the_table_is_a_scenario_or_a_test() {
    let table = std::fs::read_to_string(root().join("docs/programme-rules.md")).unwrap();
    let (scenarios, given) = scenarios();
    let mut tests = BTreeSet::new();
    for of in ["loyalty/src", "loyalty/tests", "programme/src", "programme/tests", "shopper/tests"] {
        functions(&root().join("crates").join(of), &mut tests);
    }
    let (mut wrong, mut rows) = (Vec::new(), 0);
    for line in table.lines().filter(|line| line.starts_with("| ") && !line.starts_with("| sentence")) {
        let shown = line.split(" | ").nth(1).unwrap_or_default();
        let names: Vec<&str> = shown.split('`').skip(1).step_by(2).filter(|name| !name.contains([' ', '…', ':', '/'])).collect();
        rows += 1;
        if names.is_empty() && !shown.contains("**Not there yet**") {
            wrong.push(format!("nothing shows: {line}"));
        }
        for name in names {
            let is_given = name.bytes().take(3).all(|b| b.is_ascii_digit());
            let there = scenarios.contains(name) || tests.contains(name) || (is_given && !given);
            if !there {
                wrong.push(format!("there is no scenario and no test `{name}`"));
            }
        }
    }
    assert!(rows > 40, "only {rows} sentences");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
