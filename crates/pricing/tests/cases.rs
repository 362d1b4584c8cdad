//! The committed cases, checked by hand: at least one for each sentence of how the answer comes about.
//! `make accuracy` runs them through the program, beside those of the test data.

use std::path::Path;

use serde_json::Value;
use shuke_pricing::{Cart, Offers, Refund, price, refund};

#[test]
fn every_case_comes_to_its_price() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases");
    let mut seen = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let case = entry.unwrap().path();
        let want: Value = serde_json::from_str(&std::fs::read_to_string(case.join("expected.json")).unwrap()).unwrap();
        let got = answer(&case);
        let wrong = match (&want["refused"], got) {
            (Value::String(place), Err(said)) => (!said.contains(place)).then_some(said),
            (Value::String(place), Ok(_)) => Some(format!("{place} was not refused")),
            (_, Err(said)) => Some(said),
            (_, Ok(got)) => differs(&want, &got, ""),
        };
        assert!(wrong.is_none(), "{}: {}", case.display(), wrong.unwrap_or_default());
        seen += 1;
    }
    assert!(seen > 90, "only {seen} cases were found");
}

fn answer(case: &Path) -> Result<Value, String> {
    let text = |file: &str| std::fs::read_to_string(case.join(file));
    let offers = Offers::read(&text("promotions.json").unwrap()).map_err(|e| e.to_string())?;
    let cart = Cart::read(&text("cart.json").unwrap()).map_err(|e| e.to_string())?;
    let mut priced = price(&offers, &cart).map_err(|e| e.to_string())?;
    if let Ok(refunds) = text("refunds.json") {
        priced.refunds = Some(refund(&priced, &Refund::read(&refunds, &cart).map_err(|e| e.to_string())?));
    }
    serde_json::to_value(&priced).map_err(|e| e.to_string())
}

/// The first key of the expectation that the answer has otherwise; title and reason are the case's own.
fn differs(want: &Value, got: &Value, at: &str) -> Option<String> {
    match (want, got) {
        (Value::Object(want), Value::Object(_)) => {
            let own = |key: &str| at.is_empty() && ["title", "why", "hand_checked"].contains(&key);
            want.iter().filter(|(key, _)| !own(key)).find_map(|(key, want)| differs(want, &got[key], &format!("{at}.{key}")))
        }
        (Value::Array(want), Value::Array(have)) if want.len() == have.len() => {
            want.iter().zip(have).enumerate().find_map(|(i, (want, got))| differs(want, got, &format!("{at}[{i}]")))
        }
        _ => (want != got).then(|| format!("{at}: want {want}, got {got}")),
    }
}
