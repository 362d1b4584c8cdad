//! The funnel, the preview that comes true, batches frozen side by side.

use std::collections::BTreeMap;

use shuke_kernel::Result;
use shuke_members::consent;
use shuke_members::consent::suppression::{self, New};
use shuke_members::identity::merge;
use shuke_store::jobs::JobRunner;

use super::world::*;
use crate::batch::model::Fatigue;
use crate::batch::{BatchId, Counts, Destination, State, Verdict, draw, service};

/// Members of every sort; whom a slow look at each calls what.
#[test]
fn the_preview_comes_true_and_is_what_a_slow_look_says() {
    both("funnel", |t| {
        let mut ids = Vec::new();
        for n in 0..90_usize {
            // Some without a phone, some with another's.
            let phone = match n % 9 {
                0 => String::new(),
                1 => "13900000000".to_owned(),
                _ => format!("138{n:08}"),
            };
            let id = member(t, &n.to_string(), &phone);
            match n % 7 {
                0 => {}
                1 => agree(t, id, "marketing", "any", false),
                2 => agree(t, id, "service", "sms", true),
                _ => agree(t, id, "marketing", "sms", true),
            }
            ids.push(id);
        }
        let cx = t.ctx();
        let stop =
            |n: usize| New { channel: "sms".into(), value: format!("138{n:08}"), reason: "bounced".into(), source: "x".into(), at: None };
        let list: Vec<New> = [5, 12, 13].map(stop).to_vec();
        t.write(move |tx| suppression::suppress(tx, &cx, &list).map(|_| ()));
        // Some were reached by another batch yesterday.
        let before = frozen(t, &ask(&ids[20..40]));
        let reached: Vec<_> = give(t, before.id, 10).into_iter().map(|g| g.member).collect();
        assert!(!reached.is_empty());
        t.clock.advance_seconds(24 * 3600);

        let mut wanted = ask(&ids);
        wanted.spec.holdout_percent = 20;
        wanted.spec.fatigue = Some(Fatigue { days: 14, max: 1 });
        let p = service::preview(&t.store, &t.ctx(), wanted.destination, &wanted.purpose, &wanted.spec, &|| false).expect("a preview");
        wanted.id = Some(p.batch);
        let batch = frozen(t, &wanted);
        assert_eq!(batch.id, p.batch);
        assert_eq!(batch.counts, p.counts, "the preview is what then happens");
        sound(t, batch.id, ids.len());
        assert!(service_refuses_twice(t, &wanted), "a preview is frozen once");

        let is = verdicts(t, batch.id);
        let mut shared = 0;
        for (n, id) in ids.iter().enumerate() {
            let (cx, id) = (t.ctx(), *id);
            let allowed = t.read(move |tx| consent::allows(tx, &cx, id, "marketing", "sms"));
            let expected = if !allowed {
                if n % 7 == 1 { Verdict::Refused } else { Verdict::NoConsent }
            } else if n % 9 == 0 {
                Verdict::NoAddress
            } else if [5, 12, 13].contains(&n) {
                Verdict::Suppressed
            } else if n % 9 == 1 && is[&id] == Verdict::SameAddress {
                shared += 1;
                continue;
            } else if reached.contains(&id) {
                Verdict::Fatigued
            } else if draw::held_out(batch.id, id, 20) {
                Verdict::HeldOut
            } else {
                Verdict::Treated
            };
            assert_eq!(is[&id], expected, "member {n}");
        }
        // Of all who share the one phone and agreed, one is left.
        let sharers = (0..90).filter(|n| n % 9 == 1 && n % 7 > 2).count();
        assert_eq!(shared, sharers - 1);
        let verdict = |v| is.values().filter(|x| **x == v).count();
        assert!(verdict(Verdict::HeldOut) > 0 && verdict(Verdict::Treated) > verdict(Verdict::HeldOut));
    });
}

fn service_refuses_twice(t: &shuke_testkit::TestStore, ask: &service::Ask) -> bool {
    let (cx, ask) = (t.ctx(), ask.clone());
    let again: Result<BatchId> = t.try_write(move |tx| service::create(tx, &cx, &ask));
    again.is_err_and(|e| e.refusal().is_some_and(|r| r.code.code == "batch.id_taken"))
}

#[test]
fn two_batches_that_are_frozen_together_take_nobody_twice() {
    both("freezing side by side", |t| {
        let ids = willing(t, 450);
        let mut wanted = ask(&ids);
        wanted.spec.fatigue = Some(Fatigue { days: 7, max: 1 });
        let batches: Vec<BatchId> = (0..3).map(|_| create(t, &wanted)).collect();
        std::thread::scope(|scope| {
            for _ in 0..3 {
                scope.spawn(|| {
                    let runner = crate::register_jobs(JobRunner::new(t.store.clone()));
                    while runner.run_one().expect("a job") {}
                });
            }
        });
        work(t);
        let mut taken: BTreeMap<_, usize> = BTreeMap::new();
        for id in &batches {
            sound(t, *id, ids.len());
            for (member, verdict) in verdicts(t, *id) {
                assert!(matches!(verdict, Verdict::Treated | Verdict::Fatigued));
                *taken.entry(member).or_default() += usize::from(verdict == Verdict::Treated);
            }
        }
        assert!(taken.values().all(|n| *n == 1), "each is taken by one of them");
        // One that is closed before anything left counts against nobody.
        for id in batches {
            let cx = t.ctx();
            t.write(move |tx| service::close(tx, &cx, id));
        }
        let again = frozen(t, &wanted);
        assert_eq!(again.counts, Counts::from([(Verdict::Treated, 450)]));
    });
}

#[test]
fn a_list_means_who_its_members_are_now_and_lies_nowhere_afterwards() {
    both("lists", |t| {
        let ids = willing(t, 5);
        let (cx, from, into) = (t.ctx(), ids[0], ids[1]);
        t.write(move |tx| merge::merge(tx, &cx, into, from, "hand", "same person").map(|_| ()));
        let (merged, alias) = ids[..2].iter().copied().partition::<Vec<_>, _>(|id| live(t, *id));
        // The list was made before the merge, and names nobody as well.
        let mut wanted = ask(&[alias[0], ids[2], ids[3], ids[3]]);
        let batch = frozen(t, &wanted);
        assert_eq!(batch.spec.listed, Some(4));
        assert!(batch.spec.whom.members.is_none(), "the spec stays small");
        assert_eq!(batch.counts, Counts::from([(Verdict::Treated, 3)]));
        assert_eq!(verdicts(t, batch.id)[&merged[0]], Verdict::Treated);
        assert_eq!(t.int("SELECT COUNT(*) FROM batch_list"), 0);
        wanted.spec.whom.members = Some(vec![alias[0], merged[0]]);
        assert_eq!(frozen(t, &wanted).counts, Counts::from([(Verdict::Treated, 1)]));
    });
}

fn live(t: &shuke_testkit::TestStore, id: shuke_members::MemberId) -> bool {
    let cx = t.ctx();
    t.read(move |tx| Ok(shuke_members::identity::resolve(tx, &cx, id)? == Some(id)))
}

#[test]
fn a_draft_that_is_closed_stays_as_it_was_left() {
    both("closed drafts", |t| {
        let ids = willing(t, 3);
        let id = create(t, &ask(&ids));
        let cx = t.ctx();
        let closed = t.write(move |tx| service::close(tx, &cx, id));
        assert!(closed.counts.is_empty());
        work(t);
        assert!(verdicts(t, id).is_empty(), "the job finds it closed and writes nobody down");
        assert_eq!((get(t, id).state, t.int("SELECT COUNT(*) FROM batch_list")), (State::Closed, 0));
        // Closed half way through: what is there is counted.
        let half = create(t, &ask(&ids));
        let (m, member) = (t.merchant, ids[0]);
        t.write(move |tx| {
            let row = vec![m.into(), half.into(), 0_i64.into(), member.into(), "pending".into(), 0_i64.into(), 0_i64.into()];
            tx.insert_many(&super::super::sql::PUT, vec![row]).map(|_| ())
        });
        let cx = t.ctx();
        assert_eq!(t.write(move |tx| service::close(tx, &cx, half)).counts, Counts::from([(Verdict::Pending, 1)]));
        work(t);
        sound(t, half, 1);
    });
}

#[test]
fn what_no_batch_can_be_is_refused() {
    both("refusals", |t| {
        let ids = willing(t, 1);
        let refused = |change: &dyn Fn(&mut service::Ask)| {
            let mut a = ask(&ids);
            change(&mut a);
            let cx = t.ctx();
            let e = t.try_write(move |tx| service::create(tx, &cx, &a)).expect_err("refused");
            e.refusal().expect("a refusal").code.code
        };
        assert_eq!(refused(&|a| a.spec.whom.members = None), "batch.whom");
        assert_eq!(refused(&|a| a.spec.whom.segment = Some("seg_1".into())), "batch.whom");
        assert_eq!(refused(&|a| a.spec.whom.exclude = vec!["seg_1".into(); 21]), "batch.too_many_exclusions");
        assert_eq!(refused(&|a| a.spec.variables = vec!["city".into(), "city".into()]), "batch.named_twice");
        assert_eq!(refused(&|a| a.spec.variables = vec!["city".into(); 7]), "batch.out_of_range");
        assert_eq!(refused(&|a| a.purpose = "ads".into()), "batch.unknown_word");
        assert_eq!(refused(&|a| a.destination = Destination::Ads), "batch.unknown_word");
        for (destination, channel) in [
            (Destination::Sms, "any"),
            (Destination::Sms, "email"),
            (Destination::Wecom, "sms"),
            (Destination::Wangwang, "sms"),
            (Destination::Parcel, "phone"),
            (Destination::Webhook, "any"),
            (Destination::Webhook, ""),
        ] {
            let why = refused(&|a| (a.destination, a.spec.channel) = (destination, channel.to_owned()));
            assert_eq!(why, "batch.not_this_channel", "{destination:?} {channel}");
        }
        assert_eq!(refused(&|a| a.spec.holdout_percent = 51), "batch.out_of_range");
        assert_eq!(refused(&|a| a.spec.target_url = Some("javascript:alert(1)".into())), "batch.bad_url");
        assert_eq!(refused(&|a| a.name = " ".into()), "batch.bad_name");
        assert_eq!(
            refused(&|a| {
                (a.destination, a.purpose, a.spec.with_codes) = (Destination::Ads, "ads".into(), true);
                a.spec.channel = "any".into();
            }),
            "batch.no_codes_here"
        );
        // Nobody answers segments here.
        let mut a = ask(&ids);
        (a.spec.whom.members, a.spec.whom.segment) = (None, Some("seg_1".into()));
        let e = service::preview(&t.store, &t.ctx(), a.destination, &a.purpose, &a.spec, &|| false).expect_err("refused");
        assert_eq!(e.refusal().expect("a refusal").code.code, "batch.no_segments");
    });
}

/// Any channel is all of them: who refused one of them since, or is suppressed on one, is not reached;
/// and a parcel's receiver is sent nothing but parcels.
#[test]
fn any_is_every_channel_and_receivers_get_parcels_only() {
    both("any", |t| {
        let ids: Vec<_> = (0..6_usize).map(|n| member(t, &format!("a{n}"), &format!("138{n:08}"))).collect();
        for id in &ids[..5] {
            agree(t, *id, "marketing", "any", true);
        }
        t.clock.advance_seconds(60);
        agree(t, ids[1], "marketing", "email", false);
        agree(t, ids[2], "marketing", "email", false);
        t.clock.advance_seconds(60);
        agree(t, ids[2], "marketing", "email", true);
        agree(t, ids[5], "marketing", "sms", true);
        let (cx, id) = (t.ctx(), "13800000003".to_owned());
        let stop = New { channel: "wechat".into(), value: id, reason: "complained".into(), source: "x".into(), at: None };
        t.write(move |tx| suppression::suppress(tx, &cx, std::slice::from_ref(&stop)).map(|_| ()));
        let receiver = parcels(t, "r", "13900000009");
        for channel in ["any", "sms"] {
            agree(t, receiver, "marketing", channel, true);
        }
        let mut wanted = ask(&[&ids[..], &[receiver]].concat());
        (wanted.destination, wanted.spec.channel) = (Destination::Parcel, "any".to_owned());
        let batch = frozen(t, &wanted);
        let is = verdicts(t, batch.id);
        let said: Vec<_> = ids.iter().map(|id| is[id]).collect();
        let (yes, stopped) = (Verdict::Treated, Verdict::Suppressed);
        assert_eq!(said, [yes, Verdict::Refused, yes, stopped, yes, Verdict::NoConsent]);
        let given = give(t, batch.id, 9);
        assert!(given.iter().any(|g| g.member == receiver && g.reach.receiver_phone.as_deref() == Some("13900000009")));
        let texts = frozen(t, &ask(&[receiver]));
        assert_eq!(verdicts(t, texts.id)[&receiver], Verdict::NoAddress);
    });
}
