//! Which imports brought what is known of a member is read from the member's records, also in a store
//! that knows nothing of the sizes of its tables.

use shuke_intake::load::sql;
use shuke_store::args;
use shuke_store::register::{GROUND, Register};
use shuke_testkit::sqlite_with;

const ALL: Register = Register(&[GROUND, shuke_access::TABLES, shuke_members::TABLES, shuke_commerce::TABLES, shuke_intake::TABLES]);

#[test]
fn a_members_imports_are_found_from_the_members_side() {
    let t = sqlite_with(ALL);
    let plan = t.read(|tx| {
        let rows = tx.rows(format!("EXPLAIN QUERY PLAN {}", sql::BROUGHT).as_str(), args![1_i64, [0_u8; 16]])?;
        rows.into_iter().map(|mut r| r.get::<String>(3)).collect::<shuke_kernel::Result<Vec<_>>>()
    });
    let whole = plan.join("\n");
    assert!(whole.contains("SEARCH o USING INDEX orders_member (merchant=? AND member=?)"), "{whole}");
    assert!(whole.contains("(merchant=? AND import=? AND subject=?)"), "{whole}");
    assert!(plan.iter().all(|step| !step.starts_with("SCAN") && !step.ends_with("(merchant=? AND import=?)")), "{whole}");
}
