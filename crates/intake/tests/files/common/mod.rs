//! Comparing a preview with the reading that a fixture must have.

use std::path::PathBuf;

use serde_json::Value;
use shuke_intake::preview::{Options, preview_inputs};
use shuke_intake::{Input, preview_files};
use shuke_kernel::Instant;

/// The day on which the fixtures' birthdays are judged.
pub fn now() -> Instant {
    "2026-11-24T00:00:00Z".parse().expect("a time")
}

pub fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures")
}

/// The fixtures' names.
pub fn names() -> Vec<String> {
    let mut out: Vec<String> = std::fs::read_dir(folder())
        .expect("fixtures")
        .map(|e| e.expect("entry").file_name().to_string_lossy().into_owned())
        .filter_map(|n| n.strip_suffix(".expected.json").map(str::to_owned))
        .collect();
    out.sort();
    out
}

pub fn expected(name: &str) -> Value {
    serde_json::from_slice(&std::fs::read(folder().join(format!("{name}.expected.json"))).expect("expected")).expect("json")
}

pub fn options() -> Options {
    Options { now: now(), ..Options::default() }
}

/// The answer for fixture files, taken together.
pub fn preview(names: &[&str]) -> Vec<Value> {
    let paths: Vec<PathBuf> = names.iter().map(|n| folder().join(n)).collect();
    files(preview_files(&paths, &options()))
}

/// The answer for content in memory.
pub fn preview_bytes(name: &str, bytes: Vec<u8>) -> Value {
    let input = Input::Bytes { name: name.to_owned(), bytes: bytes.into() };
    files(preview_inputs(&[input], &options())).remove(0)
}

fn files(v: Value) -> Vec<Value> {
    v["files"].as_array().cloned().unwrap_or_default()
}

/// What a comparison leaves out.
#[derive(Default, Clone)]
pub struct Except {
    /// Form of the file: encoding, line ends, columns.
    pub form: bool,
    /// Header names in reasons.
    pub columns_in_reasons: bool,
    /// Codes that cannot arise in this form.
    pub codes: Vec<&'static str>,
    /// Records that are left out.
    pub records: Vec<u64>,
}

fn notes(v: &Value, word: &str, e: &Except) -> Vec<(u64, String, Vec<String>)> {
    v.as_array()
        .into_iter()
        .flatten()
        .filter_map(|n| {
            let record = n["record"].as_u64().unwrap_or(0);
            let mut codes: Vec<String> = n[word]
                .as_array()
                .into_iter()
                .flatten()
                .filter_map(Value::as_str)
                .map(|r| {
                    if e.columns_in_reasons && !r.starts_with("unknown_") {
                        r.split(':').next().unwrap_or(r).to_owned()
                    } else {
                        r.to_owned()
                    }
                })
                .filter(|r| !e.codes.iter().any(|c| r.starts_with(c)))
                .collect();
            codes.sort();
            (!codes.is_empty() && !e.records.contains(&record)).then(|| (record, n["key"].as_str().unwrap_or("").to_owned(), codes))
        })
        .collect()
}

/// Every difference between what must be and what is.
pub fn differences(must: &Value, is: &Value, e: &Except) -> Vec<String> {
    let mut out = Vec::new();
    let mut keys = vec!["format", "platform", "records", "good", "bad", "skipped", "distinct_keys_good"];
    if !e.codes.is_empty() || !e.records.is_empty() {
        keys.truncate(3);
    }
    if !e.form {
        keys.extend(["columns", "encoding", "bom", "newline", "delimiter", "container", "header_record", "joins"]);
    }
    for k in keys {
        if must[k] != is[k] {
            out.push(format!("{k}: must be {}, is {}", must[k], is[k]));
        }
    }
    for (list, word) in [("not_good", "reasons"), ("warned", "warnings")] {
        let (m, i) = (notes(&must[list], word, e), notes(&is[list], word, e));
        for x in &m {
            if !i.contains(x) {
                out.push(format!("{list}: missing {x:?}"));
            }
        }
        for x in &i {
            if !m.contains(x) {
                out.push(format!("{list}: unexpected {x:?}"));
            }
        }
    }
    for c in must["canonical"].as_array().into_iter().flatten() {
        let key =
            ["sub_order_no", "order_no", "platform_customer_id", "phone", "nick"].into_iter().find(|k| c[*k].is_string()).unwrap_or("");
        let candidates: Vec<&Value> = is["canonical"].as_array().into_iter().flatten().filter(|x| x[key] == c[key]).collect();
        let best = candidates.iter().map(|x| diff(c, x, must["format"].as_str().unwrap_or(""))).min_by_key(Vec::len);
        match best {
            None => out.push(format!("canonical: no {key} {}", c[key])),
            Some(d) => out.extend(d.into_iter().map(|d| format!("canonical {}: {d}", c[key]))),
        }
    }
    out
}

fn diff(must: &Value, is: &Value, format: &str) -> Vec<String> {
    // Known to whoever made the rows; no column has it.
    let spec_untold = ["jd_order_export", "shopify_orders_export", "woocommerce_order_export"].contains(&format);
    let mut out = Vec::new();
    match (must, is) {
        (Value::Object(m), Value::Object(i)) => {
            for (k, v) in m {
                if k == "spec" && spec_untold {
                    continue;
                }
                out.extend(
                    diff(v, i.get(k).unwrap_or(&Value::Null), format)
                        .into_iter()
                        .map(|d| format!("{k}{}{d}", if d.starts_with(':') { "" } else { "." })),
                );
            }
        }
        (Value::Array(m), Value::Array(i)) if m.len() == i.len() => {
            for (n, (a, b)) in m.iter().zip(i).enumerate() {
                out.extend(diff(a, b, format).into_iter().map(|d| format!("[{n}]{d}")));
            }
        }
        _ if must != is => out.push(format!(": must be {must}, is {is}")),
        _ => {}
    }
    out
}
