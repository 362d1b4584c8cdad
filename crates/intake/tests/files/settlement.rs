//! The settlement report over the platforms' own files, on both engines: what each platform's figure
//! means, told order by order, and sums that add up.

use std::collections::BTreeMap;

use shuke_commerce::settlement::service::{self, Part, Row, Window};
use shuke_commerce::settlement::{Adder, Reason, Settlement};
use shuke_intake::load::job::Load;
use shuke_intake::load::service::{self as imports, Incoming};
use shuke_kernel::{Currency, Zone};
use shuke_store::jobs::JobRunner;
use shuke_store::register::{GROUND, Register};
use shuke_testkit::{TestStore, both_with};

const ALL: Register = Register(&[GROUND, shuke_access::TABLES, shuke_members::TABLES, shuke_commerce::TABLES, shuke_intake::TABLES]);

const FILES: [&str; 5] =
    ["taobao_ExportOrderList202609091650.csv", "pdd_orders.csv", "youzan_orders.csv", "jd_orders.csv", "douyin_orders.csv"];

fn load(t: &TestStore) {
    let cx = t.ctx();
    let files = FILES.iter().map(|name| Incoming::Path(crate::common::folder().join(name))).collect();
    let id = imports::stage(&t.store, &cx, cx.new_id(), files, None, None).expect("staged").id;
    t.write(move |tx| imports::run(tx, &cx, id).map(|_| ()));
    assert!(JobRunner::new(t.store.clone()).with(Load).run_one().expect("loaded"));
}

fn window() -> Window {
    let day = |text: &str| text.parse().expect("a day");
    Window { from: day("2026-01-01"), to: day("2027-01-01"), zone: "Asia/Shanghai".to_owned(), currency: Currency::CNY }
}

fn judged(t: &TestStore) -> (Vec<Row>, Settlement) {
    let (zone, asked) = window().asked("", "").expect("a window");
    let (mut rows, mut adder, mut after) = (Vec::new(), Adder::default(), None);
    loop {
        let (cx, of) = (t.ctx(), asked.clone());
        let page = t.read(move |tx| service::page(tx, &cx, &of, after));
        after = page.next;
        rows.extend(page.rows.iter().cloned());
        adder.take(&zone, page);
        if after.is_none() {
            return (rows, adder.done(window(), t.ctx().now, true));
        }
    }
}

#[test]
fn each_platforms_figure_is_told_in_words() {
    shuke_members::hooks::install(shuke_commerce::HOOKS);
    both_with("settlement", ALL, |t| {
        load(t);
        let (rows, answer) = judged(t);
        let by_no: BTreeMap<&str, &Row> = rows.iter().map(|r| (r.order_no.as_str(), r)).collect();
        use Reason::*;
        // (order, expected, settled, why), amounts in fen, as the files say.
        type Case = (&'static str, i64, Option<i64>, &'static [(Reason, i64)]);
        let cases: &[Case] = &[
            // Taobao: paid out when completed, less what went back.
            ("1234567890124456796", 35_200, Some(35_200), &[]),
            ("1234567890132456940", 3_096, Some(3_096), &[]),
            ("1234567890123457013", 13_760, None, &[(NotYetSettled, -13_760)]),
            // Pinduoduo: the figure has what the platform bore in it, and stays when all of it went back.
            ("260831-000919344464824", 1_490, Some(1_490), &[]),
            ("260816-000304493388734", 0, Some(3_460), &[(RefundAfterPayout, 3_460)]),
            ("260825-000518288189727", 0, Some(26_640), &[(Cancelled, 26_640)]),
            // Youzan: what was received when it was paid; refunds come after.
            ("E20260907212324399448608", 1_990, Some(1_990), &[]),
            ("E20260908030008704061412", 9_400, Some(11_380), &[(RefundAfterPayout, 1_980)]),
            ("E20260906085435014352323", 0, Some(6_891), &[(RefundAfterPayout, 6_891)]),
        ];
        for (no, expected, settled, reasons) in cases {
            let row = by_no.get(no).unwrap_or_else(|| panic!("{no} is not there"));
            assert_eq!((row.judged.expected, row.judged.settled, row.judged.reasons.as_slice()), (*expected, *settled, *reasons), "{no}");
        }

        // Every sum is the sum of its orders, and expected and difference make what was settled.
        let total = answer.total;
        assert_eq!(total.expected + total.difference, total.settled);
        assert_eq!(total.difference, total.difference_told - total.expected_untold);
        let untold: i64 = rows.iter().filter(|r| r.judged.settled.is_none()).map(|r| r.judged.expected).sum();
        assert_eq!(total.expected_untold, untold);
        assert!(untold > 0, "the files leave some orders untold");
        assert_eq!(total.orders, rows.len() as i64);
        assert_eq!(total.orders, total.matched + total.differing + total.untold);
        assert_eq!(total.expected, rows.iter().map(|r| r.judged.expected).sum::<i64>());
        assert_eq!(total.settled, rows.iter().filter_map(|r| r.judged.settled).sum::<i64>());
        let unexplained = answer.reasons.iter().filter(|r| r.reason == Deducted).map(|r| r.amount).sum::<i64>();
        assert_eq!(total.deducted, unexplained);
        assert!(answer.platforms.windows(2).all(|two| two[0].platform < two[1].platform), "a platform has one total, whatever its shops");
        // The two parts of the list are the differing and the untold of the sums, and share no row.
        let of = |part| rows.iter().filter(|row| row.is_in(Some(part), None)).count() as i64;
        let silent = rows.iter().filter(|row| row.judged.settled.is_none() && row.judged.expected == 0).count() as i64;
        assert_eq!((of(Part::Differs), of(Part::Untold)), (total.differing, total.untold - silent));
        assert_eq!(rows.iter().filter(|row| row.is_in(None, None)).count() as i64, of(Part::Differs) + of(Part::Untold));
        assert_eq!(total.difference, answer.reasons.iter().map(|r| r.amount).sum::<i64>());
        for sums in [
            answer.by_platform.iter().map(|p| p.sum).collect::<Vec<_>>(),
            answer.platforms.iter().map(|p| p.sum).collect(),
            answer.by_month.iter().map(|p| p.sum).collect(),
            answer.by_platform_month.iter().map(|p| p.sum).collect(),
        ] {
            assert_eq!(sums.iter().map(|s| s.expected).sum::<i64>(), total.expected);
            assert_eq!(sums.iter().map(|s| s.settled).sum::<i64>(), total.settled);
            assert_eq!(sums.iter().map(|s| s.deducted).sum::<i64>(), total.deducted);
            assert!(sums.iter().all(|s| s.expected + s.difference == s.settled));
        }
        // Months are the shop's, by the day the order was placed.
        let zone = Zone::shanghai();
        let months: BTreeMap<String, i64> = rows.iter().fold(BTreeMap::new(), |mut m, r| {
            let day = zone.day(r.placed_at);
            *m.entry(format!("{:04}-{:02}", day.year(), day.month())).or_default() += r.judged.expected;
            m
        });
        assert_eq!(answer.by_month.iter().map(|m| (m.month.clone(), m.sum.expected)).collect::<BTreeMap<_, _>>(), months);
    });
}
