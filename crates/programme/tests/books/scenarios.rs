//! Every scenario of the pure crate, through the services: the same state after every step.

use std::path::Path;

use shuke_loyalty::Scenario;
use shuke_programme::simulate;

use crate::world::{both, findings};

#[test]
fn scenarios_come_out_as_the_pure_run_has_them() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../loyalty/tests/scenarios");
    let mut files: Vec<_> = std::fs::read_dir(folder).unwrap().map(|f| f.unwrap().path()).collect();
    files.sort();
    assert!(files.len() >= 85);
    both("scenarios", |t| {
        let mut wrong = Vec::new();
        for file in &files {
            let name = file.file_name().unwrap().to_string_lossy();
            let text = std::fs::read_to_string(file).unwrap();
            let pure = Scenario::read(&text).and_then(|s| s.run()).unwrap();
            match simulate::run(&t.store, t.merchant, &text) {
                Ok(shown) => {
                    for (i, (mine, theirs)) in shown.iter().zip(&pure).enumerate().filter(|(_, (a, b))| a != b) {
                        wrong.push(format!("{name} step {}:\n  stored {mine:?}\n  pure   {theirs:?}", i + 1));
                    }
                    assert_eq!(shown.len(), pure.len(), "{name}");
                }
                Err(e) => wrong.push(format!("{name}: {e}")),
            }
        }
        assert!(wrong.is_empty(), "{} differences:\n{}", wrong.len(), wrong.join("\n"));
        assert_eq!(findings(t), Vec::<String>::new());
    });
}
