//! The test ground itself: a write on each engine is read back.

use shuke_store::args;

#[test]
fn a_write_is_read_back_on_both_engines() {
    shuke_testkit::both("ground", |t| {
        let cx = t.ctx();
        t.write(move |tx| tx.exec("INSERT INTO feed_head (merchant, position) VALUES ($1, $2)", args![cx.merchant, 7_i64]));
        assert_eq!(t.int("SELECT position FROM feed_head"), 7);
    });
}
