//! Every statement is prepared on both engines.

use shuke_store::register::{GROUND, Register};

#[test]
fn every_statement_prepares() {
    let all: Vec<(&str, &str)> = crate::statements().collect();
    shuke_testkit::prepare_all(Register(&[GROUND, crate::TABLES]), &[("members", &all)]);
}
