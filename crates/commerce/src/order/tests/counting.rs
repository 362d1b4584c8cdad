//! What counts of an order that changes while it is read.

use std::sync::mpsc;
use std::time::Duration;

use shuke_members::hooks;
use shuke_store::register::{GROUND, Register};

use super::stored::take;
use super::*;
use crate::order::counting::counting;
use crate::order::observe_many;

/// On PostgreSQL each statement of a writer sees what was committed before it: here a refund is, while the
/// orders are waited for.
#[test]
fn what_went_back_meanwhile_has_its_refund() {
    hooks::install(crate::HOOKS);
    let t = shuke_testkit::postgres_with(Register(&[GROUND, shuke_members::TABLES, crate::TABLES]));
    let paid = Observation { state: Some(State::Paid), paid: Some(10_000), paid_at: at(1, 0), ..said(Doc::OrderReport) };
    let order = take(&t, vec![paid])[0].order;
    let back =
        RefundSaid { source_id: "R1".into(), state: RefundState::Succeeded, amount: Some(3_000), at: at(2, 0), ..RefundSaid::default() };
    let note = Observation { refund: Some(Box::new(back)), ..said(Doc::Refund) }.note().expect("a good statement");
    let (locked, held) = mpsc::channel();
    std::thread::scope(|s| {
        let cx = t.ctx();
        let store = &t;
        s.spawn(move || {
            store.write(move |tx| {
                tx.exec("LOCK TABLE orders IN ACCESS EXCLUSIVE MODE", &[])?;
                let _ = locked.send(());
                std::thread::sleep(Duration::from_millis(500));
                observe_many(tx, &cx, std::slice::from_ref(&note)).map(|_| ())
            });
        });
        held.recv().expect("the table is held");
        let cx = t.ctx();
        let found = t.write(move |tx| counting(tx, &cx, &[order]));
        let refunds: Vec<(bool, i64)> = found[0].refunds.iter().map(|r| (r.id.contains('#'), r.amount)).collect();
        assert_eq!(refunds, [(false, 3_000)], "the refund itself, and none that stands for it");
    });
}
