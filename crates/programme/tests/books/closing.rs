//! Months close: what a closed month's report says stays, whatever arrives later, and its sums go on from month to month.

use std::collections::BTreeMap;

use shuke_kernel::{Clock, Instant};
use shuke_loyalty::Account;
use shuke_loyalty::event::Act;
use shuke_members::MemberId;
use shuke_programme::Programme;
use shuke_programme::book::{due, sums};
use shuke_programme::owed::{Liability, forecast, liability};
use shuke_testkit::TestStore;

use crate::world::*;

const DAY: i64 = 86_400;

fn owed(t: &TestStore, programme: &Programme, month: i64) -> Liability {
    let (cx, id, m) = (t.ctx(), programme.id, t.merchant);
    t.read(move |tx| {
        let programme = shuke_programme::definition::service::get(tx, m, id)?;
        liability(tx, &cx, &programme, Some(month))
    })
}

/// One of so many, the same every time.
fn next(seed: &mut u64, n: u64) -> u64 {
    *seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
    (*seed >> 33) % n
}

/// A day in the shop: orders that are final at once or never, spends, holds that time out, gifts, check-ins, and orders of long ago.
fn a_day(t: &TestStore, programme: &Programme, members: &[MemberId], day: i64, seed: &mut u64) {
    for n in 0..4 {
        let (member, at) = (members[next(seed, members.len() as u64) as usize], t.clock.now());
        let id = format!("{day}-{n}");
        let amount = 1_000 + 100 * next(seed, 400) as i64;
        let events = match next(seed, 8) {
            0 | 1 => vec![paid(&id, at, amount), completed(&id, at)],
            2 => vec![paid(&id, at, amount)],
            3 => {
                // Of five weeks ago: it is booked into the month that is open.
                let then = Instant(at.micros() - 35 * DAY * 1_000_000);
                vec![paid(&id, then, amount), completed(&id, then)]
            }
            4 => vec![spend(&id, at, 1 + next(seed, 300) as i64)],
            5 => vec![event(&id, at, Act::Hold { points: 20, until: Some(at.plus_seconds(3 * DAY)) })],
            6 => vec![event(&id, at, Act::Adjust { points: 40 - next(seed, 120) as i64 })],
            _ => vec![event(&id, at, Act::CheckIn)],
        };
        post(t, programme, member, events);
    }
}

#[test]
fn a_closed_months_report_is_the_same_for_ever_and_the_books_go_on_from_it() {
    both("closing", |t| {
        let mut wanted = rules();
        wanted["lot_expiry"] = serde_json::json!({ "days": 60 });
        let programme = programme(t, wanted);
        let members: Vec<MemberId> = (0..5).map(|_| nobody(t)).collect();
        let (mut seed, mut told): (u64, BTreeMap<i64, Liability>) = (7, BTreeMap::new());
        let mut month = 202_603;
        for day in 0..175 {
            a_day(t, &programme, &members, day, &mut seed);
            t.clock.advance_seconds(DAY);
            due::run(&t.store, t.merchant, &|| false).unwrap();
            // In some months entries are summed as they come, in others not before somebody asks.
            if month % 2 == 1 {
                sums::run(&t.store, t.merchant, &|| false).unwrap();
            }
            let seen = owed(t, &programme, month);
            if seen.closed {
                told.insert(month, seen);
                month += 1;
            }
        }
        assert_eq!(told.keys().copied().collect::<Vec<_>>(), [202_603, 202_604, 202_605, 202_606, 202_607]);
        sums::run(&t.store, t.merchant, &|| false).unwrap();
        let mut before: Option<&Liability> = None;
        for (month, then) in &told {
            assert_eq!(&owed(t, &programme, *month), then, "{month} changed after it was closed");
            assert!(then.lines.iter().any(|l| l.redeemed > 0) && then.lines.iter().any(|l| l.issued > 0), "{month}: {then:?}");
            let totals = then.totals();
            assert_eq!(totals.closing(), then.available + then.frozen - then.debt, "{month}");
            if let Some(before) = before {
                let closing = |lot| before.lines.iter().find(|l| l.lot_month == lot).map_or(0, |l| l.closing());
                assert!(
                    then.lines.iter().all(|l| l.opening == closing(l.lot_month)),
                    "{month} does not begin where the month before ended"
                );
                assert_eq!(totals.opening, before.totals().closing());
            } else {
                assert_eq!(totals.opening, 0);
            }
            before = Some(then);
        }
        // Late orders went into the open month under the month of their own lots.
        assert!(told[&202_605].lines.iter().any(|l| l.lot_month == 202_604 && l.issued > 0), "{:?}", told[&202_605]);
        assert!(told.values().any(|l| l.lines.iter().any(|l| l.expired > 0)));
        // The month that is open says what the books say now.
        let now = owed(t, &programme, month);
        let sum = |account| members.iter().map(|m| balance(t, &programme, *m, account)).sum::<i64>();
        assert!(!now.closed);
        assert_eq!(now.totals().closing(), sum(Account::Available) + sum(Account::Frozen));
        assert_eq!((now.pending, now.frozen), (sum(Account::Pending), sum(Account::Frozen)));
        foretold(t, &programme, month, &told);
    });
}

/// A forecast stands at the end of a closed month and begins with what is owed then.
fn foretold(t: &TestStore, programme: &Programme, open: i64, told: &BTreeMap<i64, Liability>) {
    let ask = |month| {
        let (cx, of) = (t.ctx(), again(t, programme.id));
        t.store.read_now(move |tx| forecast(tx, &cx, &of, month, 6))
    };
    assert_eq!(ask(Some(open)).expect_err("open").refusal().expect("a refusal").code.code, "programme.month_open");
    let last = ask(None).unwrap();
    let then = &told[&last.month];
    let in_lots: i64 = then.lines.iter().filter(|l| l.lot_month > 0).map(|l| l.closing()).sum();
    assert_eq!(last.lots.iter().map(|l| l.left).sum::<i64>(), in_lots, "what lies in lots");
    for lots in &last.lots {
        let closing = then.lines.iter().find(|l| l.lot_month == lots.month).map_or(0, |l| l.closing());
        assert_eq!(lots.left, closing, "{lots:?}");
    }
    assert_eq!(ask(Some(202_606)).unwrap(), ask(Some(202_606)).unwrap());
}
