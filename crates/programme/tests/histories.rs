//! Random histories with duplicates, reorderings, late events, refunds, rules that change and members who are one and two
//! again: the store's books agree with the slow model at every step, on both engines, and the audit finds nothing.
//! `make soak histories` plays as many as it is asked for.

#[allow(dead_code, reason = "the model beside what is drawn")]
#[path = "../../loyalty/tests/model/mod.rs"]
mod model;

#[path = "histories/batch.rs"]
mod batch;
#[path = "histories/stored.rs"]
mod stored;

use std::time::Instant as Watch;

use batch::{Batch, draw};
use shuke_access::TABLES as ACCESS;
use shuke_store::register::{GROUND, Register};
use shuke_testkit::TestStore;

const ALL: Register = Register(&[GROUND, ACCESS, shuke_members::TABLES, shuke_commerce::TABLES, shuke_programme::TABLES]);

/// Histories of two members each that `make test` plays on each engine.
const USUAL: u64 = 96;
/// Histories under the same rules, whose steps are written together.
const TOGETHER: u64 = 48;
/// Batches in one store; then another is begun, so that it stays small.
const IN_A_STORE: u64 = 25;
const SEED: u64 = 20_261_127;

fn asked(name: &str, otherwise: u64) -> u64 {
    std::env::var(name).map_or(otherwise, |text| text.parse().unwrap_or_else(|_| panic!("{name}: {text} is no number")))
}

fn play(engine: &str, fresh: impl Fn() -> TestStore) {
    let (wanted, seed, begun) = (asked("SHUKE_HISTORIES", USUAL), asked("SHUKE_HISTORIES_SEED", SEED), Watch::now());
    let (mut histories, mut steps, mut merges, mut batches) = (0, 0, 0, 0);
    let mut store = fresh();
    while histories < wanted {
        if batches > 0 && batches % IN_A_STORE == 0 {
            store = fresh();
        }
        let batch = draw(seed.wrapping_add(batches), TOGETHER.min(wanted - histories) as usize);
        if let Err(wrong) = stored::agree(&store, &batch) {
            let (batch, wrong) = smallest(&store, batch, wrong);
            panic!("{engine}, seed {seed}, batch {batches}: {}\n{batch:#?}", wrong.what);
        }
        histories += batch.histories.len() as u64;
        steps += batch.steps() as u64;
        merges += batch.merges() as u64;
        batches += 1;
        if batches % 100 == 0 {
            println!("{engine}: {histories} histories, {} s", begun.elapsed().as_secs());
        }
    }
    println!("SOAK | {engine} | {seed} | {histories} | {steps} | {merges} | {} s | nothing |", begun.elapsed().as_secs());
}

/// The smallest part of a batch that still goes wrong: one history, and of it no step too many.
fn smallest(store: &TestStore, batch: Batch, wrong: stored::Wrong) -> (Batch, stored::Wrong) {
    let alone = Batch { histories: vec![batch.histories[wrong.history].clone()], ..batch.clone() };
    let Err(mut last) = stored::agree(store, &alone) else { return (batch, wrong) };
    let mut least = alone;
    for at in (0..least.histories[0].len()).rev() {
        let mut fewer = least.clone();
        fewer.histories[0][at] = batch::Step::Nothing;
        if let Err(still) = stored::agree(store, &fewer) {
            (least, last) = (fewer, still);
        }
    }
    (least, last)
}

#[test]
fn books_agree_with_the_slow_model_on_sqlite() {
    play("SQLite", || shuke_testkit::sqlite_with(ALL));
}

#[test]
fn books_agree_with_the_slow_model_on_postgresql() {
    play("PostgreSQL", || shuke_testkit::postgres_with(ALL));
}
