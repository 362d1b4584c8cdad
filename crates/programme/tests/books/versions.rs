//! Versions of rules: each judges its own time, and begins for everybody.

use serde_json::json;
use shuke_kernel::{Clock, Instant};
use shuke_loyalty::event::Outcome;
use shuke_programme::definition::service::{self, New};
use shuke_programme::definition::{State, model};
use shuke_store::jobs::JobRunner;

use crate::world::*;

fn refused<T: std::fmt::Debug>(done: shuke_kernel::Result<T>) -> &'static str {
    done.expect_err("refused").refusal().expect("a refusal").code.code
}

#[test]
fn a_version_judges_what_happened_in_its_time() {
    both("versions", |t| {
        let programme = programme(t, rules());
        let (member, other, began) = (nobody(t), nobody(t), t.clock.now());
        assert_eq!(post(t, &programme, member, vec![paid("a", began, 10_000), completed("a", began)]), [Outcome::Ok, Outcome::Ok]);
        let mut twice = rules();
        twice["earn"][0]["points"] = 2.into();
        twice["ladder"]["tiers"][2]["entry"]["any"][0]["min"] = 10_000.into();
        let (cx, from) = (t.ctx(), Instant(began.micros() + 3_600_000_000));
        let v = t.write(move |tx| service::post_version(tx, &cx, programme.id, &twice, Some(from), "双倍"));
        assert_eq!((v.no, v.from), (2, from));
        let programme = again(t, programme.id);
        t.clock.advance_seconds(7_200);
        // Of before the change, and of after it.
        let now = t.clock.now();
        let before = Instant(from.micros() - 1);
        assert_eq!(post(t, &programme, other, vec![paid("b", before, 10_000), paid("c", now, 10_000)]), [Outcome::Ok, Outcome::Ok]);
        assert_eq!(balance(t, &programme, other, shuke_loyalty::Account::Pending), 100 + 200);
        // The gold tier is easier now: whoever meets it rises when the version begins.
        let runner = shuke_programme::register_jobs(JobRunner::new(t.store.clone()));
        while runner.run_one().unwrap() {}
        assert_eq!(t.int("SELECT COUNT(*) FROM points_book WHERE tier = '金牌'"), 1);
        assert_eq!(available(t, &programme, member), 100 + 100, "and has its reward");
    });
}

#[test]
fn what_no_version_can_be_is_refused() {
    both("refused versions", |t| {
        let programme = programme(t, rules());
        let (id, m) = (programme.id, t.merchant);
        let post = |from: Option<Instant>, rules: serde_json::Value| {
            let cx = t.ctx();
            t.try_write(move |tx| service::post_version(tx, &cx, id, &rules, from, ""))
        };
        let now = t.clock.now();
        assert_eq!(refused(post(Some(Instant(now.micros() - 1)), rules())), "programme.from_in_the_past");
        assert_eq!(refused(post(None, json!({ "earn": [{ "id": "x", "kind": "nothing" }] }))), "loyalty.not_one_of");
        assert_eq!(refused(post(None, json!({ "zone": "Europe/Berlin" }))), "programme.other_zone");
        let later = Instant(now.micros() + 1_000_000);
        assert_eq!(post(Some(later), rules()).unwrap().no, 2);
        assert_eq!(refused(post(None, rules())), "programme.not_after_the_last");
        let withdraw = |no| {
            let cx = t.ctx();
            t.try_write(move |tx| service::withdraw(tx, &cx, id, no))
        };
        assert_eq!(refused(withdraw(1)), "programme.first_version");
        assert_eq!(refused(withdraw(9)), "programme.version_not_found");
        withdraw(2).unwrap();
        assert_eq!(post(None, rules()).unwrap().no, 3);
        t.clock.advance_seconds(10);
        assert_eq!(refused(withdraw(3)), "programme.version_begun");
        let versions = t.read(move |tx| service::versions(tx, m, id));
        assert_eq!(versions.iter().map(|v| v.withdrawn_at.is_some()).collect::<Vec<_>>(), [false, true, false]);
        let cx = t.ctx();
        let change = move |name: &str, version| {
            let (cx, name) = (cx.clone(), name.to_owned());
            t.try_write(move |tx| service::change(tx, &cx, id, &name, &[], version))
        };
        let at = again(t, id).version;
        assert_eq!(refused(change("新名", at - 1)), "programme.changed_meanwhile");
        assert_eq!(refused(change(" ", at)), "programme.bad_name");
        assert_eq!(change("新名", at).unwrap().name, "新名");
        let cx = t.ctx();
        let state = |to: State| {
            let cx = cx.clone();
            t.try_write(move |tx| service::set_state(tx, &cx, id, to).map(|p| p.state))
        };
        assert_eq!(refused(state(State::Active)), "programme.wrong_state");
        assert_eq!(state(State::Paused).unwrap(), State::Paused);
        assert_eq!(state(State::Archived).unwrap(), State::Archived);
        assert_eq!(refused(state(State::Active)), "programme.wrong_state");
        assert!(model::name(&"长".repeat(61)).is_err());
        let cx = t.ctx();
        let shops = New { name: "x".into(), shops: vec!["shp_00000000000000000000000000".into()], rules: rules(), begins_at: None };
        assert_eq!(refused(t.try_write(move |tx| service::create(tx, &cx, &shops))), "programme.unknown_shop");
    });
}

/// Orders paid before a programme begins earn nothing and count for tiers.
#[test]
fn what_was_before_the_beginning_counts_for_tiers_alone() {
    both("before", |t| {
        let cx = t.ctx();
        let (m, began) = (t.merchant, t.clock.now());
        let programme = t.write(move |tx| {
            let id = service::create(tx, &cx, &New { name: "x".into(), shops: Vec::new(), rules: rules(), begins_at: Some(began) })?;
            service::get(tx, m, id)
        });
        let member = nobody(t);
        let (old, older) = (Instant(began.micros() - 1_000_000), Instant(began.micros() - 2_000_000));
        let events = vec![paid("a", older, 60_000), completed("a", old), paid("b", began, 5_000), completed("b", began)];
        assert_eq!(post(t, &programme, member, events), [Outcome::Ok; 4]);
        assert_eq!(available(t, &programme, member), 50, "no points and no reward for what was before");
        assert_eq!(t.int("SELECT COUNT(*) FROM points_book WHERE tier = '金牌'"), 1);
    });
}
