//! Whom one batch holds out, no other hands over while the comparison runs.

use std::collections::BTreeSet;

use shuke_members::MemberId;
use shuke_members::identity::merge;
use shuke_store::jobs::JobRunner;
use shuke_testkit::TestStore;

use super::world::*;
use crate::batch::service::{self, Ask};
use crate::batch::{BatchId, Verdict};

const DAY: i64 = 24 * 3600;

fn half(members: &[MemberId]) -> Ask {
    let mut wanted = ask(members);
    wanted.spec.holdout_percent = 50;
    wanted
}

fn who(t: &TestStore, id: BatchId, verdict: Verdict) -> BTreeSet<MemberId> {
    verdicts(t, id).into_iter().filter(|(_, v)| *v == verdict).map(|(m, _)| m).collect()
}

#[test]
fn a_holdout_is_left_alone_until_its_window_ends() {
    both("kept apart", |t| {
        let ids = willing(t, 60);
        let first = frozen(t, &half(&ids));
        give(t, first.id, 9);
        let held = who(t, first.id, Verdict::HeldOut);
        assert!(held.len() > 5 && held.len() < 55);
        t.clock.advance_seconds(13 * DAY);

        // The preview says how many, of which batch and until when, and it comes true.
        let mut wanted = half(&ids);
        let p = service::preview(&t.store, &t.ctx(), wanted.destination, &wanted.purpose, &wanted.spec, &|| false).expect("a preview");
        let n = held.len() as i64;
        assert_eq!(p.counts[&Verdict::HeldByOther], n);
        let [(keeper, members)] = p.held_by.as_slice() else { panic!("one batch: {:?}", p.held_by) };
        let until = get(t, first.id).handed_at.map(|at| at.plus_seconds(14 * DAY));
        assert_eq!((keeper.id, keeper.name.as_str(), keeper.until, *members), (first.id, "新品", until, n));
        wanted.id = Some(p.batch);
        let second = frozen(t, &wanted);
        assert_eq!(second.counts, p.counts);
        sound(t, second.id, ids.len());
        assert_eq!(who(t, second.id, Verdict::HeldByOther), held);
        let given: BTreeSet<_> = give(t, second.id, 9).into_iter().map(|g| g.member).collect();
        assert!(given.is_disjoint(&held));

        // Whoever says so gets them all the same.
        let mut anyway = ask(&ids);
        anyway.spec.ignore_holdouts = true;
        let all = frozen(t, &anyway);
        assert_eq!(all.count(Verdict::Treated), 60);
        assert_eq!(give(t, all.id, 9).len(), 60);

        // The first window is over, the second runs.
        t.clock.advance_seconds(2 * DAY);
        let later = frozen(t, &ask(&ids));
        assert_eq!(who(t, later.id, Verdict::HeldByOther), who(t, second.id, Verdict::HeldOut));
        t.clock.advance_seconds(14 * DAY);
        let last = frozen(t, &ask(&ids));
        assert_eq!(last.count(Verdict::Treated), 60);
    });
}

#[test]
fn a_batch_that_was_begun_since_the_freezing_is_kept_apart_as_well() {
    both("begun since", |t| {
        let ids = willing(t, 40);
        // The older waits and treats everybody; the younger draws of all whom that does not hold out.
        let older = frozen(t, &ask(&ids));
        let younger = frozen(t, &half(&ids));
        let held = who(t, younger.id, Verdict::HeldOut);
        assert!(!held.is_empty());
        give(t, younger.id, 9);
        let given: BTreeSet<_> = give(t, older.id, 9).into_iter().map(|g| g.member).collect();
        assert!(given.is_disjoint(&held));
        assert_eq!(given.len(), 40 - held.len());
        assert_eq!(who(t, older.id, Verdict::HeldByOther), held);
        sound(t, older.id, 40);
        sound(t, younger.id, 40);
        // What was given out stays so when a batch begins afterwards: the repeat has the same rows.
        assert_eq!(give(t, older.id, 9).len(), given.len());
    });
}

#[test]
fn a_merge_keeps_the_holdout_of_either() {
    both("merged holdouts", |t| {
        let ids = willing(t, 30);
        let first = frozen(t, &half(&ids[..20]));
        give(t, first.id, 9);
        let held = *who(t, first.id, Verdict::HeldOut).iter().next().expect("one held out");
        let other = ids[25];
        let second = frozen(t, &ask(&ids[20..]));
        assert_eq!(second.count(Verdict::Treated), 10);
        let (cx, from) = (t.ctx(), held);
        t.write(move |tx| merge::merge(tx, &cx, other, from, "hand", "same person").map(|_| ()));
        let given = give(t, second.id, 9);
        assert_eq!(given.len(), 9, "whom the merge made one with the held-out is not given out");
        sound(t, second.id, 10);
        assert_eq!(get(t, second.id).count(Verdict::HeldByOther), 1);
    });
}

#[test]
fn who_is_held_out_is_not_reached_as_somebody_else() {
    both("held out under one phone", |t| {
        let ids = willing(t, 40);
        let first = frozen(t, &half(&ids));
        let held = *who(t, first.id, Verdict::HeldOut).iter().next().expect("one held out");
        let at = ids.iter().position(|id| *id == held).expect("one of them");
        let twin = member(t, "twin", &format!("138{at:08}"));
        agree(t, twin, "marketing", "sms", true);
        give(t, first.id, 9);
        let second = frozen(t, &ask(&[twin]));
        assert_eq!(second.count(Verdict::HeldByOther), 1);
        assert!(give(t, second.id, 9).is_empty());
    });
}

#[test]
fn two_that_are_frozen_together_hold_out_nobody_twice_and_closing_frees() {
    both("holdouts side by side", |t| {
        let ids = willing(t, 450);
        let batches: Vec<BatchId> = (0..2).map(|_| create(t, &half(&ids))).collect();
        std::thread::scope(|scope| {
            for _ in 0..2 {
                scope.spawn(|| {
                    let runner = crate::register_jobs(JobRunner::new(t.store.clone()));
                    while runner.run_one().expect("a job") {}
                });
            }
        });
        work(t);
        let [a, b] = batches.as_slice() else { panic!("two batches") };
        assert!(who(t, *a, Verdict::HeldOut).is_disjoint(&who(t, *b, Verdict::HeldOut)));
        // Whichever goes first, the other reaches none of its holdout.
        give(t, *b, 9);
        let given: BTreeSet<_> = give(t, *a, 9).into_iter().map(|g| g.member).collect();
        assert!(given.is_disjoint(&who(t, *b, Verdict::HeldOut)));
        sound(t, *a, 450);
        sound(t, *b, 450);

        let waits = frozen(t, &half(&ids[..50]));
        let cx = t.ctx();
        t.write(move |tx| service::close(tx, &cx, waits.id));
        let p = {
            let wanted = ask(&ids);
            service::preview(&t.store, &t.ctx(), wanted.destination, &wanted.purpose, &wanted.spec, &|| false).expect("a preview")
        };
        assert!(p.held_by.iter().all(|(k, _)| k.id != waits.id), "one that nothing left from counts against nobody");
    });
}
