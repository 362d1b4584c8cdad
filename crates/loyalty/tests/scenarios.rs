//! Every scenario beside this file comes out as a person reckoned it, and the table in `docs/scenarios.md` names them all.

use std::path::{Path, PathBuf};

use serde_json::Value;
use shuke_loyalty::Scenario;
use shuke_loyalty::scenario::differences;

fn files() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/scenarios");
    let mut files: Vec<PathBuf> = std::fs::read_dir(folder).unwrap().map(|f| f.unwrap().path()).collect();
    files.sort();
    files
}

#[test]
fn every_scenario_comes_out_as_reckoned() {
    let mut wrong = Vec::new();
    for file in files() {
        let name = file.file_name().unwrap().to_string_lossy().into_owned();
        let text = std::fs::read_to_string(&file).unwrap();
        let value: Value = serde_json::from_str(&text).unwrap();
        let shown = match Scenario::read(&text).and_then(|s| s.run()) {
            Ok(shown) => shown,
            Err(refusal) => {
                wrong.push(format!("{name}: {}", refusal.text(false)));
                continue;
            }
        };
        let steps = value["steps"].as_array().unwrap();
        assert_eq!(steps.len(), shown.len(), "{name}");
        for (i, (step, shown)) in steps.iter().zip(&shown).enumerate() {
            let place = |d: String| format!("{name} step {} ({}): {d}", i + 1, step["do"]["kind"]);
            wrong.extend(differences(&step["expect"], shown).into_iter().map(place));
        }
    }
    assert!(wrong.is_empty(), "{} differences:\n{}", wrong.len(), wrong.join("\n"));
    assert!(files().len() >= 40);
}

#[test]
fn the_table_names_every_scenario() {
    let table = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/scenarios.md");
    let table = std::fs::read_to_string(table).unwrap();
    for file in files() {
        let name = file.file_stem().unwrap().to_string_lossy().into_owned();
        assert!(table.contains(&format!("`{name}`")), "docs/scenarios.md does not name {name}");
    }
}
