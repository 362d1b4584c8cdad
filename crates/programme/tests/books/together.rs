//! Requests that arrive at the same time are posted together and answered as if each had come alone.

use std::collections::BTreeSet;

use shuke_loyalty::event::{Act, Outcome};
use shuke_members::MemberId;
use shuke_programme::Programme;
use shuke_programme::book::ask::{Answered, Asked, Asks, ask};
use shuke_store::args;
use shuke_store::together::Together;
use shuke_testkit::TestStore;

use crate::world::*;

/// A member that lives, or went into another.
fn member(t: &TestStore, into: Option<MemberId>) -> MemberId {
    let (id, m, at) = (nobody(t), t.merchant, t.ctx().now);
    t.write(move |tx| {
        let row =
            "INSERT INTO member (merchant, id, state, alias_of, first_seen, created_at, contested) VALUES ($1, $2, $3, $4, $5, $5, 0)";
        tx.exec(row, args![m, id, if into.is_some() { "alias" } else { "live" }, into, at]).map(|_| ())
    });
    id
}

fn asked(programme: &Programme, member: MemberId, id: &str, act: Act) -> Asked {
    Asked { member, programme: programme.id, id: id.to_owned(), act, reason: None }
}

/// What is written in one transaction.
fn written(t: &TestStore, items: &[Asked]) -> Vec<Answered> {
    let (cx, items) = (t.ctx(), items.to_vec());
    t.write(move |tx| Asks::write(tx, &cx, &items))
}

#[test]
fn what_is_asked_together_is_answered_as_one_by_one() {
    both("together", |t| {
        let (one_by_one, together) = (programme(t, rules()), programme(t, rules()));
        let members: Vec<MemberId> = (0..4).map(|_| member(t, None)).collect();
        let alias = member(t, Some(members[0]));
        let requests = |of: &Programme| -> Vec<Asked> {
            (0..96_usize)
                .map(|n| {
                    // Some come a second time, in a later transaction.
                    let n = if n % 16 == 15 { n - 15 } else { n };
                    let whose = if n % 11 == 3 { alias } else { members[n * 7 / 3 % 4] };
                    let (act, reason) = match n % 5 {
                        0 => (Act::Adjust { points: 40 }, Some(["补偿", "生日"][n % 2].to_owned())),
                        1 => (Act::Hold { points: 15, until: None }, None),
                        2 => (Act::CheckIn, None),
                        _ => (Act::Spend { points: 20 }, None),
                    };
                    Asked { reason, ..asked(of, whose, &format!("r{n}"), act) }
                })
                .collect()
        };
        let alone: Vec<Answered> = requests(&one_by_one).iter().flat_map(|one| written(t, std::slice::from_ref(one))).collect();
        let many: Vec<Answered> = requests(&together).chunks(12).flat_map(|some| written(t, some)).collect();
        for (n, (alone, many)) in alone.iter().zip(&many).enumerate() {
            assert_eq!((&alone.result, alone.refused), (&many.result, many.refused), "{n}");
            if alone.result != "duplicate" {
                assert_eq!((&alone.accounts, &alone.tier), (&many.accounts, &many.tier), "{n}");
            }
        }
        assert!(many.iter().any(|a| a.refused == Some(Outcome::InsufficientPoints)), "some have not enough");
        assert!(many.iter().any(|a| a.result == "duplicate") && many.iter().any(|a| a.result == "already_today"));
        let reasons = "SELECT COUNT(*) FROM points_event WHERE reason IS NOT NULL AND kind <> 'adjust'";
        assert_eq!(t.int(reasons), 0, "a reason is of its own request");
        for of in members {
            assert_eq!(available(t, &one_by_one, of), available(t, &together, of));
        }
    });
}

#[test]
fn callers_at_once_on_one_member_spend_no_point_twice() {
    both("hot", |t| {
        let programme = programme(t, rules());
        let (hot, missing) = (member(t, None), nobody(t));
        assert_eq!(post(t, &programme, hot, vec![event("gift", t.ctx().now, Act::Adjust { points: 500 })]), [Outcome::Ok]);
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).build().unwrap();
        let answers = runtime.block_on(async {
            let callers: Vec<_> = (0..201)
                .map(|n| {
                    let (store, cx, whose) = (t.store.clone(), t.ctx(), if n == 77 { missing } else { hot });
                    let asked = asked(&programme, whose, &format!("s{n}"), Act::Spend { points: 5 });
                    tokio::spawn(async move { ask(&store, &cx, asked).await })
                })
                .collect();
            let mut out = Vec::new();
            for caller in callers {
                out.push(caller.await.unwrap());
            }
            out
        });
        let (answered, unknown): (Vec<_>, Vec<_>) = answers.into_iter().partition(Result::is_ok);
        assert_eq!(unknown.len(), 1, "who is not there is refused, and nobody else");
        let answered: Vec<Answered> = answered.into_iter().map(Result::unwrap).collect();
        let left: Vec<i64> = answered.iter().filter(|a| a.refused.is_none()).map(|a| a.accounts["available"]).collect();
        assert_eq!((left.len(), answered.len() - left.len()), (100, 100), "as many as there were points for");
        assert_eq!(
            left.iter().copied().collect::<BTreeSet<i64>>(),
            (0..100).map(|n| n * 5).collect(),
            "each is told what was left after it"
        );
        assert_eq!(available(t, &programme, hot), 0);
    });
}
