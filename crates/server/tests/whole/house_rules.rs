//! House rules that no reader should have to check by eye: crate edges, module docs, engines named
//! in one crate only, no leftovers, licences, paths in documents. Exceptions only shrink.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Command;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().unwrap()
}

/// What each crate may depend on among ours (DESIGN: kernel ← store ← domain crates ← server).
const EDGES: &[(&str, &[&str])] = &[
    ("shuke-kernel", &[]),
    ("shuke-sheets", &["shuke-kernel"]),
    ("shuke-store", &["shuke-kernel"]),
    ("shuke-http", &["shuke-kernel", "shuke-store"]),
    ("shuke-access", &["shuke-kernel", "shuke-store", "shuke-http"]),
    ("shuke-members", &["shuke-kernel", "shuke-store", "shuke-http", "shuke-access"]),
    ("shuke-commerce", &["shuke-kernel", "shuke-sheets", "shuke-store", "shuke-http", "shuke-access", "shuke-members"]),
    ("shuke-intake", &["shuke-kernel", "shuke-sheets", "shuke-store", "shuke-http", "shuke-access", "shuke-members", "shuke-commerce"]),
    ("shuke-export", &["shuke-kernel", "shuke-sheets", "shuke-store", "shuke-http", "shuke-access", "shuke-members", "shuke-commerce"]),
    ("shuke-demo", &["shuke-kernel"]),
    ("shuke-pricing", &["shuke-kernel"]),
    ("shuke-loyalty", &["shuke-kernel"]),
    ("shuke-columns", &["shuke-kernel", "shuke-store"]),
    ("shuke-segments", &["shuke-kernel", "shuke-store", "shuke-http", "shuke-access", "shuke-columns"]),
    ("shuke-insight", &["shuke-kernel", "shuke-sheets", "shuke-store", "shuke-http", "shuke-access", "shuke-columns"]),
    ("shuke-outreach", &["shuke-kernel", "shuke-sheets", "shuke-store", "shuke-http", "shuke-access", "shuke-members", "shuke-commerce"]),
    ("shuke-cards", &["shuke-kernel", "shuke-store", "shuke-http", "shuke-access", "shuke-members", "shuke-commerce"]),
    (
        "shuke-coupons",
        &[
            "shuke-kernel",
            "shuke-sheets",
            "shuke-pricing",
            "shuke-store",
            "shuke-http",
            "shuke-access",
            "shuke-members",
            "shuke-commerce",
            "shuke-segments",
            "shuke-programme",
        ],
    ),
    (
        "shuke-programme",
        &["shuke-kernel", "shuke-sheets", "shuke-loyalty", "shuke-store", "shuke-http", "shuke-access", "shuke-members", "shuke-commerce"],
    ),
    (
        "shuke-shopper",
        &[
            "shuke-kernel",
            "shuke-loyalty",
            "shuke-store",
            "shuke-http",
            "shuke-access",
            "shuke-members",
            "shuke-commerce",
            "shuke-programme",
            "shuke-benefits",
            "shuke-coupons",
        ],
    ),
    (
        "shuke-benefits",
        &[
            "shuke-kernel",
            "shuke-sheets",
            "shuke-loyalty",
            "shuke-store",
            "shuke-http",
            "shuke-access",
            "shuke-members",
            "shuke-commerce",
            "shuke-segments",
            "shuke-programme",
            "shuke-coupons",
        ],
    ),
    (
        "shuke-promotions",
        &[
            "shuke-kernel",
            "shuke-pricing",
            "shuke-store",
            "shuke-http",
            "shuke-access",
            "shuke-members",
            "shuke-commerce",
            "shuke-segments",
            "shuke-programme",
            "shuke-benefits",
        ],
    ),
    ("shuke-testkit", &["shuke-http", "shuke-kernel", "shuke-store"]),
    (
        "shuke-bench",
        &[
            "shuke-kernel",
            "shuke-store",
            "shuke-columns",
            "shuke-segments",
            "shuke-members",
            "shuke-commerce",
            "shuke-coupons",
            "shuke-loyalty",
            "shuke-programme",
        ],
    ),
    (
        "shuke",
        &[
            "shuke-kernel",
            "shuke-sheets",
            "shuke-store",
            "shuke-http",
            "shuke-access",
            "shuke-members",
            "shuke-commerce",
            "shuke-intake",
            "shuke-export",
            "shuke-columns",
            "shuke-insight",
            "shuke-segments",
            "shuke-loyalty",
            "shuke-outreach",
            "shuke-demo",
            "shuke-pricing",
            "shuke-programme",
            "shuke-cards",
            "shuke-shopper",
            "shuke-benefits",
            "shuke-coupons",
            "shuke-promotions",
        ],
    ),
];

fn metadata(arguments: &[&str]) -> serde_json::Value {
    let out = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version=1", "--locked"])
        .args(arguments)
        .current_dir(root())
        .output()
        .unwrap();
    assert!(out.status.success(), "cargo metadata: {}", String::from_utf8_lossy(&out.stderr));
    serde_json::from_slice(&out.stdout).unwrap()
}

#[test]
fn crates_depend_only_on_what_the_layout_allows() {
    let allowed: BTreeMap<_, BTreeSet<_>> = EDGES.iter().map(|(c, d)| (*c, d.iter().copied().collect())).collect();
    for package in metadata(&["--no-deps"])["packages"].as_array().unwrap() {
        let name = package["name"].as_str().unwrap();
        let may = allowed.get(name).unwrap_or_else(|| panic!("crate {name} is not in the layout: add it to ARCHITECTURE.md and to EDGES"));
        for dependency in package["dependencies"].as_array().unwrap() {
            let to = dependency["name"].as_str().unwrap();
            if dependency["kind"].is_null() && dependency["path"].is_string() {
                assert!(may.contains(to), "{name} must not depend on {to}");
            }
        }
    }
}

fn sources(extension: &str, below: &str) -> Vec<PathBuf> {
    let out = Command::new("git").args(["ls-files", "-co", "--exclude-standard", below]).current_dir(root()).output().unwrap();
    String::from_utf8(out.stdout)
        .unwrap()
        .lines()
        .filter(|l| l.ends_with(extension))
        .map(|l| root().join(l))
        .filter(|p| p.exists())
        .collect()
}

fn each_line(files: Vec<PathBuf>, mut check: impl FnMut(&Path, usize, &str)) {
    for file in files {
        let text = std::fs::read_to_string(&file).unwrap();
        for (i, line) in text.lines().enumerate() {
            check(&file, i + 1, line);
        }
    }
}

#[test]
fn every_module_says_what_it_is() {
    for file in sources(".rs", "crates") {
        let text = std::fs::read_to_string(&file).unwrap();
        assert!(text.starts_with("//!"), "{} does not begin by saying what holds there", file.display());
    }
}

#[test]
fn engines_are_named_in_the_store_only() {
    let words = ["rusqlite", "postgres::", "sqlite_master", "pg_catalog"];
    each_line(sources(".rs", "crates"), |file, line, text| {
        let path = file.to_string_lossy();
        if path.contains("/crates/store/") || path.contains("/crates/testkit/") || path.contains("/tests/") {
            return;
        }
        assert!(!words.iter().any(|w| text.contains(w)), "{path}:{line} names an engine; only the store may");
    });
}

#[test]
fn only_http_modules_know_status_codes() {
    each_line(sources(".rs", "crates"), |file, line, text| {
        let path = file.to_string_lossy();
        let knows = path.contains("/crates/http/")
            || path.ends_with("http.rs")
            || path.ends_with("/wire.rs")
            || path.contains("/http/")
            || path.contains("/crates/server/")
            || path.contains("/crates/testkit/")
            || path.contains("/tests/")
            || path.ends_with("tests.rs");
        assert!(knows || !text.contains("StatusCode"), "{path}:{line} knows a status code");
    });
}

#[test]
fn nothing_is_left_unfinished() {
    let words = [concat!("TO", "DO"), concat!("FIX", "ME"), concat!("XX", "X:"), concat!("unimplemented", "!("), concat!("to", "do!(")];
    let mut files = sources(".rs", "crates");
    files.extend(sources(".ts", "web"));
    files.extend(sources(".tsx", "web"));
    each_line(files, |file, line, text| {
        assert!(!words.iter().any(|w| text.contains(w)), "{}:{line} is left unfinished", file.display());
    });
}

#[test]
fn statements_have_one_dialect() {
    // Binds are `$1`; what SQLite alone or PostgreSQL alone understands stays in the store.
    let words =
        ["ILIKE", "::jsonb", "json_extract", "INSERT OR ", "AUTOINCREMENT", "RETURNING *", "NOW()", "CURRENT_TIMESTAMP", " IS TRUE"];
    each_line(sources("sql.rs", "crates"), |file, line, text| {
        if file.to_string_lossy().contains("/crates/store/") {
            return;
        }
        assert!(!words.iter().any(|w| text.contains(w)), "{}:{line} is one engine's dialect", file.display());
    });
}

#[test]
fn licences_are_permissive() {
    let good = [
        "MIT",
        "Apache-2.0",
        "BSD",
        "ISC",
        "Zlib",
        "Unicode",
        "CC0-1.0",
        "0BSD",
        "Unlicense",
        "BSL-1.0",
        "MPL-2.0",
        "CDLA-Permissive-2.0",
        "MIT-0",
    ];
    for package in metadata(&[])["packages"].as_array().unwrap() {
        let licence = package["license"].as_str().unwrap_or("");
        let name = package["name"].as_str().unwrap();
        let any = licence
            .split(" OR ")
            .flat_map(|alternative| alternative.split('/'))
            .any(|a| a.split(" AND ").all(|l| good.iter().any(|g| l.trim_matches(['(', ')', ' ']).starts_with(g))));
        assert!(any || package["license_file"].is_string() && name == "ring", "{name} has the licence `{licence}`: not one we may ship");
    }
}

#[test]
fn documents_name_paths_that_exist() {
    let mut files = sources(".md", "docs");
    files.extend(["README.md", "README.zh-CN.md", "ARCHITECTURE.md"].map(|f| root().join(f)));
    let places = ["crates/", "docs/", "scripts/", "migrations/", "web/", "tests/", "bench/", "packaging/", "demo/"];
    each_line(files, |file, line, text| {
        for word in text.split(['`', '(', ')', ' ', '"', ',']) {
            let word = word.trim_end_matches(['.', ':', ';']);
            if places.iter().any(|p| word.starts_with(p)) && !word.contains(['*', '{', '…', '<', '$']) {
                let path = word.split(['#', ':']).next().unwrap_or(word);
                assert!(root().join(path).exists(), "{}:{line} names {path}, which does not exist", file.display());
            }
        }
    });
}
