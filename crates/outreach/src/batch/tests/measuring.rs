//! Results from sheets, the report by a worked example, merges.

use shuke_kernel::Instant;
use shuke_members::consent;
use shuke_members::consent::suppression;
use shuke_members::identity::merge;

use super::world::*;
use crate::batch::results::{Table, apply};
use crate::batch::{Verdict, report};

pub(super) fn table(header: &[&str], rows: &[&[&str]]) -> Table {
    let cells = |r: &[&str]| r.iter().map(|c| (*c).to_owned()).collect::<Vec<_>>();
    Table { header: cells(header), rows: rows.iter().enumerate().map(|(i, r)| (i as u64 + 2, cells(r))).collect() }
}

#[test]
fn results_are_taken_once_and_who_ends_messages_is_obeyed() {
    both("results", |t| {
        let ids = willing(t, 6);
        let batch = frozen(t, &ask(&ids));
        let given = give(t, batch.id, 9);
        let phone = |n: usize| given[n].reach.phone.clone().unwrap();
        let receipts = table(
            &["手机号码", "回执状态", "接收时间"],
            &[
                &[&phone(0), "DELIVRD", "2026-03-01 10:00:00"],
                &[&format!("+86 {}", phone(1)), "失败", ""],
                &["13700000000", "成功", ""],
                &["不是号码", "成功", ""],
                &[&phone(2), "月亮", ""],
                &[&phone(2), "成功", "昨天"],
                &[&phone(3), "已提交", ""],
            ],
        );
        let one = apply(&t.store, &t.ctx(), batch.id, receipts.clone()).expect("taken");
        assert_eq!((one.rows, one.delivered, one.failed, one.sent, one.not_in_batch, one.bad), (7, 1, 1, 1, 1, 3));
        let why: Vec<_> = one.bad_rows.iter().map(|b| (b.row, b.why.code.code)).collect();
        assert_eq!(why, [(5, "batch.result_who"), (6, "batch.result_status"), (7, "batch.result_time")]);
        let again = apply(&t.store, &t.ctx(), batch.id, receipts).expect("taken");
        assert_eq!((again.delivered, again.failed, again.unchanged), (0, 0, 3));

        let link = format!("https://s.example.com/s/{}", given[4].link.clone().unwrap());
        let replies = table(
            &["手机号", "短链", "回复内容", "回复时间"],
            &[
                &[&phone(0), "", "Ｔｄ", "2026-03-01 11:00"],
                &[&phone(1), "", "什么时候发货", "2026-03-01 11:01"],
                &["", &link, "退订", ""],
                &["13700000000", "", "r", ""],
            ],
        );
        let came = apply(&t.store, &t.ctx(), batch.id, replies.clone()).expect("taken");
        assert_eq!((came.replied, came.unsubscribed, came.not_in_batch, came.bad), (3, 3, 1, 0));
        let entries = || {
            (t.int("SELECT COUNT(*) FROM suppression"), t.int("SELECT COUNT(*) FROM consent WHERE granted = 0"), acts(t, "message_replied"))
        };
        assert_eq!(entries(), (3, 2, 3));
        t.clock.advance_seconds(60);
        let again = apply(&t.store, &t.ctx(), batch.id, replies).expect("taken");
        assert_eq!((again.replied, again.unsubscribed), (0, 1), "only the stranger, of whom no row is kept, is told again");
        assert_eq!(entries(), (3, 2, 3), "and nothing is doubled");

        let (cx, who) = (t.ctx(), [given[0].member, given[1].member, given[4].member]);
        let may = t
            .read(move |tx| who.iter().map(|m| consent::allows(tx, &cx, *m, "marketing", "sms")).collect::<shuke_kernel::Result<Vec<_>>>());
        assert_eq!(may, [false, true, false]);
        let (cx, numbers) = (t.ctx(), vec![phone(0), phone(1), phone(4), "13700000000".to_owned()]);
        assert_eq!(t.read(move |tx| suppression::suppressed(tx, &cx, "sms", &numbers)), [true, false, true, true]);
        // The next batch has them out at once.
        let next = frozen(t, &ask(&ids));
        let is = verdicts(t, next.id);
        assert_eq!((is[&given[0].member], is[&given[1].member]), (Verdict::Refused, Verdict::Treated));
        // Without columns that can be told nothing is taken.
        let e = apply(&t.store, &t.ctx(), batch.id, table(&["姓名", "城市"], &[])).expect_err("refused");
        assert_eq!(e.refusal().unwrap().code.code, "batch.results_columns");
    });
}

#[test]
fn an_order_is_laid_to_the_last_click_before_it() {
    both("clicks", |t| {
        let ids = willing(t, 1);
        let batch = frozen(t, &ask(&ids));
        let given = give(t, batch.id, 9);
        let handed = get(t, batch.id).handed_at.unwrap();
        let day = |d: i64| handed.plus_seconds(d * 24 * 3600);
        for at in [day(1), day(1).plus_seconds(60), day(12)] {
            let code = given[0].link.clone().unwrap();
            t.write(move |tx| {
                let target = crate::link::find(tx, &code)?.expect("a target");
                crate::link::followed(tx, &target, true, at)
            });
        }
        assert_eq!(acts(t, "message_clicked"), 2, "within an hour it is one visit");
        buys(t, ids[0], "a", day(7), 100);
        buys(t, ids[0], "b", day(10), 1_000);
        buys(t, ids[0], "c", day(18), 10_000);
        t.clock.advance_seconds(30 * 24 * 3600);
        let r = report::report(&t.store, &t.ctx(), batch.id).expect("a report");
        assert_eq!((r.clicks, r.clicked), (3, 1));
        assert_eq!((r.laid.orders, r.laid.revenue, r.laid.by_click), (2, 10_100, 2));
    });
}

#[test]
fn the_report_is_that_of_a_worked_example() {
    both("report", |t| {
        let ids = willing(t, 60);
        let mut wanted = ask(&ids);
        wanted.spec.holdout_percent = 40;
        wanted.cost_fixed = 100;
        let batch = frozen(t, &wanted);
        let given = give(t, batch.id, 9);
        let handed = get(t, batch.id).handed_at.unwrap();
        let held: Vec<_> = verdicts(t, batch.id).into_iter().filter(|(_, v)| *v == Verdict::HeldOut).map(|(m, _)| m).collect();
        let (n, m) = (given.len() as i64, held.len() as i64);
        assert_eq!(n + m, 60);
        let day = |d: i64| Instant(handed.micros() + 1_000_000).plus_seconds(d * 24 * 3600);
        // Four treated buy within the window, one of them twice; one long after; two of those held out buy.
        buys(t, given[0].member, "a", day(1), 10_000);
        buys(t, given[0].member, "b", day(2), 5_000);
        buys(t, given[1].member, "c", day(2), 20_000);
        buys(t, given[2].member, "d", day(5), 7_000);
        buys(t, given[3].member, "e", day(13), 1_000);
        buys(t, given[4].member, "f", day(20), 9_000);
        buys(t, held[0], "g", day(3), 4_000);
        buys(t, held[1], "h", day(4), 6_000);
        // Before the handing over counts nowhere.
        buys(t, given[5].member, "i", Instant(handed.micros() - 1), 99_000);
        // Who bought on the fifth day had clicked on the fourth.
        let (code, at) = (given[2].link.clone().unwrap(), day(4));
        t.write(move |tx| {
            let target = crate::link::find(tx, &code)?.expect("a target");
            crate::link::followed(tx, &target, true, at)
        });
        t.clock.advance_seconds(30 * 24 * 3600);
        let r = report::report(&t.store, &t.ctx(), batch.id).expect("a report");
        assert!(r.complete);
        assert_eq!((r.handed_over, r.clicked, r.treated.members, r.held_out.members), (n, 1, n, m));
        assert_eq!((r.treated.buyers, r.treated.orders, r.treated.revenue), (4, 5, 43_000));
        assert_eq!((r.held_out.buyers, r.held_out.orders, r.held_out.revenue), (2, 2, 10_000));
        // Laid to it: three within three days of the handing over, one within seven of the click.
        assert_eq!((r.laid.buyers, r.laid.orders, r.laid.revenue, r.laid.by_click), (3, 4, 42_000, 1));
        assert_eq!(r.cost, 100 + (4_500 * n * 2 + 1000) / 2000);
        let lift = r.lift.expect("a holdout");
        assert!((lift.value - (4.0 / n as f64 - 2.0 / m as f64)).abs() < 1e-12 && lift.low < lift.value && lift.value < lift.high);
        let gain = r.gain().expect("a holdout");
        assert!((gain.value as f64 - (43_000.0 / n as f64 - 10_000.0 / m as f64) * n as f64).abs() <= 0.5);
        assert!((r.roi().expect("a cost").value - (gain.value as f64 - r.cost as f64) / r.cost as f64).abs() < 1e-12);

        // Another batch touches one of them later: its order goes to the last touch, the lift stays.
        let second = frozen(t, &ask(&[given[6].member]));
        give(t, second.id, 9);
        let later = t.ctx().now.plus_seconds(10);
        buys(t, given[6].member, "j", later, 3_000);
        t.clock.advance_seconds(60);
        let one = report::report(&t.store, &t.ctx(), batch.id).expect("a report");
        assert_eq!((one.laid, one.treated), (r.laid, r.treated));
        assert_eq!(report::report(&t.store, &t.ctx(), second.id).expect("a report").laid.revenue, 3_000);

        // Two who turn out to be one are one: treated if either was.
        let (cx, a, b) = (t.ctx(), given[0].member, held[0]);
        t.write(move |tx| merge::merge(tx, &cx, a, b, "hand", "same person").map(|_| ()));
        let joined = report::report(&t.store, &t.ctx(), batch.id).expect("a report");
        assert_eq!((joined.treated.members, joined.held_out.members), (n, m - 1));
        assert_eq!((joined.treated.buyers, joined.treated.orders, joined.held_out.orders), (4, 6, 1));
    });
}
