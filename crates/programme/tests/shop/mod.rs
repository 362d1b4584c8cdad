//! A shop whose programme is asked over HTTP, on both engines.

use shuke_store::register::{GROUND, Register};
use shuke_testkit::web::{Api, app};
use shuke_testkit::{TestStore, both_with};

const ALL: Register = Register(&[GROUND, shuke_access::TABLES, shuke_members::TABLES, shuke_commerce::TABLES, shuke_programme::TABLES]);
pub const DAY: i64 = 86_400;

pub fn both(name: &str, test: impl Fn(&Api, &TestStore)) {
    shuke_members::hooks::install(shuke_commerce::HOOKS);
    both_with(name, ALL, |t| {
        let routes = shuke_commerce::router().merge(shuke_members::router()).merge(shuke_programme::router());
        test(&Api::of(app(t), routes), t);
    });
}
