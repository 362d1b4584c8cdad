//! What happens by itself happens when it is due, and is shown before it is booked.

use shuke_kernel::Clock;
use shuke_loyalty::Account;
use shuke_loyalty::event::{Act, Outcome};
use shuke_members::MemberId;
use shuke_programme::book::post::{self as book_post, Request};
use shuke_programme::book::{due, show};
use shuke_programme::definition::service;

use crate::world::*;

const DAY: i64 = 86_400;

#[test]
fn orders_become_final_and_lots_end_by_themselves() {
    both("due", |t| {
        let mut wanted = rules();
        wanted["settlement_days"] = 7.into();
        wanted["lot_expiry"] = serde_json::json!({ "days": 30 });
        let programme = programme(t, wanted);
        let members: Vec<_> = (0..120).map(|_| nobody(t)).collect();
        let at = t.clock.now();
        for member in &members {
            let done = post(t, &programme, *member, vec![paid("o", at, 12_345), completed("o", at)]);
            assert_eq!(done, [Outcome::Ok, Outcome::Ok]);
        }
        assert_eq!(due::run(&t.store, t.merchant, &|| false).unwrap(), 0, "nothing is due yet");
        t.clock.advance_seconds(7 * DAY);
        // Whoever looks sees it before it is booked.
        let (cx, of, id) = (t.ctx(), programme.clone(), members[0]);
        let seen = t.read(move |tx| show::books_of(tx, &cx, id));
        assert_eq!(seen[0].accounts[1], ("available", 123));
        assert_eq!(seen[0].tier.as_ref().unwrap().id, "银牌");
        assert_eq!((of.id, available(t, &programme, id)), (seen[0].programme.id, 0));
        assert_eq!(due::run(&t.store, t.merchant, &|| false).unwrap(), 120);
        assert!(members.iter().all(|m| available(t, &programme, *m) == 123));
        t.clock.advance_seconds(31 * DAY);
        assert_eq!(due::run(&t.store, t.merchant, &|| false).unwrap(), 120);
        assert!(members.iter().all(|m| balance(t, &programme, *m, Account::Expired) == 123));
        assert_eq!(t.int("SELECT COUNT(*) FROM event WHERE kind = 'points.expired'"), 120);
        assert_eq!(t.int("SELECT COUNT(*) FROM event WHERE kind = 'tier.changed'"), 120);
        assert_eq!(due::run(&t.store, t.merchant, &|| false).unwrap(), 0, "each once");
    });
}

#[test]
fn more_lots_than_steps_under_way_take_end_at_one_instant_and_each_once() {
    both("one instant", |t| {
        let mut wanted = rules();
        wanted["lot_expiry"] = serde_json::json!({ "days": 30 });
        let programme = programme(t, wanted);
        let (cx, of, at) = (t.ctx(), programme.clone(), t.clock.now());
        let members: Vec<MemberId> = (0..210).map(|_| nobody(t)).collect();
        t.write(move |tx| {
            let give = |n: i64| event(&format!("gift{n}"), at, Act::Adjust { points: 10 + n });
            let facts = Some(shuke_loyalty::Member::default());
            let requests =
                members.iter().map(|member| Request { facts: facts.clone(), ..Request::of(*member, vec![give(0), give(1)]) }).collect();
            book_post::post_many(tx, &cx, &of, requests).map(|_| ())
        });
        t.clock.advance_seconds(31 * DAY);
        assert_eq!(due::run(&t.store, t.merchant, &|| false).unwrap(), 210);
        assert_eq!(t.int("SELECT COUNT(*) FROM points_entry WHERE cause_kind = 'lot_end'"), 420);
        assert_eq!(t.int("SELECT CAST(SUM(amount) AS BIGINT) FROM points_entry WHERE to_account = 'expired'"), 210 * 21);
        assert_eq!(due::run(&t.store, t.merchant, &|| false).unwrap(), 0);
    });
}

#[test]
fn what_was_to_begin_and_was_withdrawn_is_looked_for_once() {
    both("withdrawn", |t| {
        let programme = programme(t, rules());
        let (cx, id, from) = (t.ctx(), programme.id, t.clock.now().plus_seconds(10 * DAY));
        t.write(move |tx| service::post_version(tx, &cx, id, &rules(), Some(from), "").map(|_| ()));
        let (member, now) = (nobody(t), again(t, id));
        assert_eq!(post(t, &now, member, vec![event("gift", t.clock.now(), Act::Adjust { points: 10 })]), [Outcome::Ok]);
        assert_eq!(t.int("SELECT COUNT(*) FROM points_book WHERE due IS NOT NULL"), 1);
        let cx = t.ctx();
        t.write(move |tx| service::withdraw(tx, &cx, id, 2));
        t.clock.advance_seconds(11 * DAY);
        assert_eq!(due::run(&t.store, t.merchant, &|| false).unwrap(), 1);
        assert_eq!(due::run(&t.store, t.merchant, &|| false).unwrap(), 0);
    });
}
