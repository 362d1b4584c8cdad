//! Every fixture reads exactly as it must.

use crate::common::{Except, differences, expected, names, preview};

#[test]
fn every_fixture_reads_as_expected() {
    let names = names();
    assert_eq!(names.len(), 17);
    let refs: Vec<&str> = names.iter().map(String::as_str).collect();
    let answers = preview(&refs);
    let mut all = Vec::new();
    for (name, is) in names.iter().zip(&answers) {
        for d in differences(&expected(name), is, &Except::default()) {
            all.push(format!("{name}: {d}"));
        }
    }
    assert!(all.is_empty(), "{}", all.join("\n"));
}
