//! Many at once on few members: nothing is spent twice, nothing is lost, each id counts once.

use std::sync::atomic::{AtomicI64, Ordering};

use shuke_kernel::{Clock, Ctx, Instant};
use shuke_loyalty::event::{Act, Outcome};
use shuke_members::MemberId;
use shuke_programme::book::post::{self, Request};
use shuke_store::Lane;

use crate::world::*;

#[test]
fn eight_at_once_on_four_members_lose_and_double_nothing() {
    both("races", |t| {
        let programme = programme(t, rules());
        let members: Vec<MemberId> = (0..4).map(|_| nobody(t)).collect();
        let (spent, earned, refused) = (AtomicI64::new(0), AtomicI64::new(0), AtomicI64::new(0));
        std::thread::scope(|scope| {
            for thread in 0..8_u32 {
                let (programme, members, spent, earned, refused) = (&programme, &members, &spent, &earned, &refused);
                scope.spawn(move || {
                    for n in 0..60_u32 {
                        // Threads take each other's ids: each pair asks for the same thing twice.
                        let (pair, member) = (thread / 2, members[((thread / 2 + n) % 4) as usize]);
                        let act = if n % 3 == 0 { Act::Adjust { points: 30 } } else { Act::Spend { points: 20 } };
                        let event = event(&format!("{pair}-{n}"), t.clock.now(), act.clone());
                        let (programme, at) = (programme.clone(), t.clock.now());
                        let done = t.store.write_now(Lane::Interactive, move |tx| {
                            let cx = Ctx::new(t_merchant(), shuke_kernel::Actor::System("test"), at);
                            post::post(
                                tx,
                                &cx,
                                &programme,
                                Request { facts: Some(Default::default()), ..Request::of(member, vec![event.clone()]) },
                            )
                        });
                        let done = done.unwrap_or_else(|e| panic!("not posted: {e}"));
                        match (done.posted[0].outcome, &act) {
                            (Outcome::Ok, Act::Spend { points }) => drop(spent.fetch_add(*points, Ordering::SeqCst)),
                            (Outcome::Ok, Act::Adjust { points }) => drop(earned.fetch_add(*points, Ordering::SeqCst)),
                            (Outcome::InsufficientPoints, _) => drop(refused.fetch_add(1, Ordering::SeqCst)),
                            (Outcome::Duplicate, _) => assert!(done.posted[0].first.is_some_and(|first| first != Outcome::Duplicate)),
                            other => panic!("{other:?}"),
                        }
                    }
                });
            }
        });
        let left: i64 = members.iter().map(|m| available(t, &programme, *m)).sum();
        assert!(members.iter().all(|m| available(t, &programme, *m) >= 0));
        assert_eq!(earned.load(Ordering::SeqCst), 4 * 20 * 30, "each id counts once");
        assert_eq!(left, earned.load(Ordering::SeqCst) - spent.load(Ordering::SeqCst));
        assert!(refused.load(Ordering::SeqCst) > 0 && spent.load(Ordering::SeqCst) > 0);
        assert_eq!(t.int("SELECT COUNT(*) FROM points_event"), 4 * 60, "each id is there once");
        assert_eq!(t.int("SELECT CAST(SUM(books) AS BIGINT) FROM programme_size"), 4);
    });
}

fn t_merchant() -> shuke_kernel::MerchantNo {
    shuke_testkit::MERCHANT
}

#[test]
fn a_refused_request_is_kept_under_its_id() {
    both("refusals", |t| {
        let programme = programme(t, rules());
        let (member, at) = (nobody(t), t.clock.now());
        assert_eq!(post(t, &programme, member, vec![spend("s", at, 10)]), [Outcome::InsufficientPoints]);
        assert_eq!(post(t, &programme, member, vec![event("a", at, Act::Adjust { points: 50 })]), [Outcome::Ok]);
        let again = try_post(t, &t.ctx(), &programme, member, vec![spend("s", at, 10)]).unwrap();
        assert_eq!((again.posted[0].outcome, again.posted[0].first), (Outcome::Duplicate, Some(Outcome::InsufficientPoints)));
        // Several at once, one of them known, one named twice.
        let many = vec![spend("s2", at, 10), spend("s", at, 10), spend("s2", at, 10), event("s2", at, Act::Adjust { points: 1 })];
        let outcomes = try_post(t, &t.ctx(), &programme, member, many).unwrap().posted;
        let told: Vec<_> = outcomes.iter().map(|p| (p.outcome, p.first)).collect();
        let twice = (Outcome::Duplicate, Some(Outcome::Ok));
        assert_eq!(told, [(Outcome::Ok, None), (Outcome::Duplicate, Some(Outcome::InsufficientPoints)), twice, (Outcome::Ok, None)]);
        assert_eq!(available(t, &programme, member), 41);
        let late = Instant(at.micros() - 1);
        assert_eq!(post(t, &programme, member, vec![spend("late", late, 60)]), [Outcome::InsufficientPoints]);
        assert_eq!(post(t, &programme, member, vec![event("late", late, Act::Adjust { points: 9 })]), [Outcome::Ok]);
        assert_eq!(available(t, &programme, member), 50);
    });
}
