//! The store's campaign at about a hundredth, with a fresh seed that is printed.

use shuke_kernel::{Clock, SystemClock};
use shuke_testkit::soak::{Campaign, Ground, run};

fn small(ground: Ground, kills: u32) {
    let seed = SystemClock.now().micros().unsigned_abs();
    println!("seed {seed}");
    let dir = tempfile::Builder::new().prefix("shuke-soak-").tempdir().unwrap();
    // The database server's own user must be let through.
    let made = std::process::Command::new("chmod").arg("755").arg(dir.path()).status();
    assert!(made.is_ok_and(|s| s.success()));
    let campaign = Campaign { ground, kills, seed, dir: dir.path().join("campaign"), program: env!("CARGO_BIN_EXE_soak").into() };
    let report = run(&campaign, |line| println!("{line}"));
    assert!(report.found.is_empty(), "seed {seed}: {:#?}", report.found);
    assert!(report.acknowledged > 0 && report.events > 0, "{report:?}");
}

#[test]
fn killed_on_sqlite() {
    small(Ground::Sqlite, 3);
}

#[test]
fn killed_on_a_full_disk() {
    small(Ground::FullDisk, 3);
}

#[test]
fn killed_and_cut_on_postgres() {
    small(Ground::Postgres, 4);
}
