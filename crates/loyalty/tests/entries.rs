//! What entries say: cause, version, when it happened and when it was booked.

use serde_json::json;
use shuke_kernel::Instant;
use shuke_loyalty::event::{Act, Event, Member};
use shuke_loyalty::json::Node;
use shuke_loyalty::{Account, Entry, Journal, Rules};

fn rules() -> Rules {
    let value = json!({ "earn": [{ "id": "a", "kind": "per_amount", "points": 1, "per_fen": 100 }], "lot_expiry": { "days": 10 } });
    shuke_loyalty::programme::read(&Node::root("programme", &value)).unwrap().into()
}

fn at(text: &str) -> Instant {
    text.parse().unwrap()
}

fn event(time: &str, id: &str, act: Act) -> Event {
    Event { time: at(time), id: id.into(), act }
}

fn moved(entries: &[Entry]) -> Vec<(Account, Account, i64, Option<&str>, bool)> {
    entries.iter().map(|e| (e.from, e.to, e.amount, e.lot.as_deref(), e.corrects)).collect()
}

#[test]
fn a_lot_ends_with_one_entry() {
    let (rules, mut journal) = (rules(), Journal::new(Member::default()));
    let given = event("2026-03-01T02:00:00Z", "x", Act::Adjust { points: 30 });
    let booked = journal.fold(&rules, given, at("2026-03-01T02:00:00Z")).unwrap().entries;
    assert_eq!(moved(&booked), [(Account::Issued, Account::Available, 30, Some("adjust:x"), false)]);
    let spent = event("2026-03-02T02:00:00Z", "s", Act::Spend { points: 10 });
    journal.fold(&rules, spent, at("2026-03-02T02:00:00Z")).unwrap();
    let ended = journal.pass(&rules, at("2026-04-01T00:00:00Z")).unwrap().entries;
    assert_eq!(moved(&ended), [(Account::Available, Account::Expired, 20, Some("adjust:x"), false)]);
    let entry = &ended[0];
    assert_eq!((entry.cause.kind.as_str(), entry.cause.id.as_str(), entry.version), ("lot_end", "adjust:x", 1));
    assert_eq!(entry.lot_made, Some(at("2026-03-01T02:00:00Z")));
    assert_eq!((entry.happened, entry.booked), (at("2026-03-11T16:00:00Z"), at("2026-04-01T00:00:00Z")));
}

#[test]
fn a_captured_hold_says_of_which_lots() {
    let (rules, mut journal) = (rules(), Journal::new(Member::default()));
    let mut take = |time: &str, id: &str, act| journal.fold(&rules, event(time, id, act), at(time)).unwrap().entries;
    take("2026-03-01T02:00:00Z", "x", Act::Adjust { points: 30 });
    take("2026-03-02T02:00:00Z", "y", Act::Adjust { points: 30 });
    take("2026-03-03T02:00:00Z", "h", Act::Hold { points: 40, until: None });
    let captured = take("2026-03-20T02:00:00Z", "c", Act::HoldCapture { hold: "h".into() });
    let spent: Vec<_> = captured.iter().filter(|e| e.to == Account::Redeemed).cloned().collect();
    assert_eq!(
        moved(&spent),
        [
            (Account::Frozen, Account::Redeemed, 30, Some("adjust:x"), false),
            (Account::Frozen, Account::Redeemed, 10, Some("adjust:y"), false),
        ]
    );
}

#[test]
fn what_comes_late_is_booked_as_corrections() {
    let (rules, mut journal) = (rules(), Journal::new(Member::default()));
    let paid = event("2026-03-01T02:00:00Z", "p", Act::OrderPaid { order: "o".into(), net_fen: 10_000, lines: vec![], judged_by: None });
    journal.fold(&rules, paid, at("2026-03-01T02:00:00Z")).unwrap();
    let done = event("2026-03-02T02:00:00Z", "c", Act::OrderCompleted { order: "o".into() });
    journal.fold(&rules, done, at("2026-03-02T02:00:00Z")).unwrap();
    journal.pass(&rules, at("2026-03-20T00:00:00Z")).unwrap();
    let late = event("2026-03-01T03:00:00Z", "r", Act::Refund { order: "o".into(), net_fen: 2_500 });
    let booked = journal.fold(&rules, late, at("2026-03-21T00:00:00Z")).unwrap().entries;
    let lot = Some("order:o");
    assert_eq!(
        moved(&booked),
        [
            (Account::Pending, Account::Reversed, 25, None, true),
            (Account::Available, Account::Pending, 25, lot, true),
            (Account::Expired, Account::Available, 25, lot, true),
        ]
    );
    assert!(booked.iter().all(|e| e.booked == at("2026-03-21T00:00:00Z") && e.happened < e.booked));
}
