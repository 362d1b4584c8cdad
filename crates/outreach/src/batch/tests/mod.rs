//! Batches on both engines: the funnel against a slow reference, freezing side by side, giving out,
//! results, links, the report.

mod freezing;
mod giving;
mod keeping;
mod leaving;
mod measuring;
mod world;

#[test]
fn statements_prepare() {
    shuke_testkit::prepare_all(world::ALL, crate::STATEMENTS);
}
