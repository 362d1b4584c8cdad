//! Shops of different legal entities; several keys shared by one pair; contacts that begin to join.

use shuke_testkit::{TestStore, both_with};

use super::world::{TABLES, ev, feed, one, sound};
use crate::identity::{self, Evidence, merge, rejudge, review};

fn of(entity: Option<&str>, at: i64, keys: &[&str]) -> Evidence {
    Evidence { entity: entity.map(str::to_owned), ..ev(at, keys) }
}

#[test]
fn one_phone_in_two_legal_entities_is_two_members() {
    both_with("entities", TABLES, |t| {
        let found = feed(
            t,
            &[
                of(None, 1, &["phone:13800000001"]),
                of(Some("乙公司"), 2, &["phone:13800000001"]),
                of(Some("乙公司"), 3, &["phone:13800000001", "own:2"]),
                of(None, 4, &["phone:13800000001", "own:1"]),
            ],
        );
        let ids: Vec<_> = found.iter().map(|f| f.member.unwrap()).collect();
        assert!(ids[0] == ids[3] && ids[1] == ids[2] && ids[0] != ids[1]);
        // Nobody is asked to join them, and nobody can without their consent.
        let cx = t.ctx();
        assert_eq!(t.read(move |tx| review::count_open(tx, &cx)), 0);
        let (cx, a, b) = (t.ctx(), ids[0], ids[1]);
        let refused = t.try_write(move |tx| merge::merge(tx, &cx, a, b, "manual", "same person").map(|_| ())).unwrap_err();
        assert_eq!(refused.refusal().unwrap().code.code, "member.other_entity");
        sound(t);
    });
}

#[test]
fn a_pair_that_shares_several_keys_is_one_review() {
    both_with("pairs", TABLES, |t| {
        let a = one(t, 1, &["own:1", "rphone:13800000001", "raddr:张三|杭州市文三路1号"]).unwrap();
        let b = one(t, 2, &["own:2", "rphone:13800000001", "raddr:张三|杭州市文三路1号"]).unwrap();
        let c = one(t, 3, &["own:3", "rphone:13900000009"]).unwrap();
        one(t, 4, &["own:4", "rphone:13900000009"]).unwrap();
        let open = || {
            let cx = t.ctx();
            t.read(move |tx| Ok((review::count_open(tx, &cx)?, review::list(tx, &cx, "open", None, 10)?)))
        };
        let (count, list) = open();
        assert_eq!((t.int("SELECT COUNT(*) FROM review"), count, list.len()), (3, 2, 2));
        assert!(list.iter().any(|r| r.pair == Some((a, b))) && list.iter().any(|r| r.pair.is_some_and(|p| p.0 == c)));
        // Page by page it is the same.
        let (cx, first) = (t.ctx(), list[0].id);
        assert_eq!(t.read(move |tx| review::list(tx, &cx, "open", Some(first), 10)).len(), 1);
        let (cx, id) = (t.ctx(), list.iter().find(|r| r.pair == Some((a, b))).unwrap().id);
        t.write(move |tx| review::keep_apart(tx, &cx, id).map(|_| ()));
        let (count, list) = open();
        assert_eq!((count, list.len()), (1, 1));
        sound(t);
    });
}

fn choose(t: &TestStore, on: bool) {
    let cx = t.ctx();
    let settings = if on { "{\"merge_on_contact\": true}" } else { "{}" };
    t.write(move |tx| {
        let put = "INSERT INTO merchant (merchant, id, name, sandbox, zone, currency, settings, created_at, updated_at) VALUES ($1, $2, 'x', 0, 'Asia/Shanghai', 'CNY', $3, 0, 0) ON CONFLICT (merchant) DO UPDATE SET settings = excluded.settings";
        tx.exec(put, &[cx.merchant.into(), [9_u8; 16].into(), settings.into()])
    });
}

fn rejudge_all(t: &TestStore) {
    let mut after = None;
    loop {
        let cx = t.ctx();
        let found = t.write(move |tx| {
            let found = rejudge::look(tx, &cx, after)?;
            rejudge::judge(tx, &cx, &found.seeds)?;
            Ok(found.next)
        });
        match found {
            Some(next) => after = Some(next),
            None => break,
        }
    }
}

#[test]
fn contacts_join_and_part_when_the_setting_is_changed() {
    both_with("rejudge", TABLES, |t| {
        choose(t, false);
        let a = one(t, 1, &["own:1", "rphone:13800000001"]).unwrap();
        let b = one(t, 2, &["name:anna", "rphone:13800000001"]).unwrap();
        // Whom only the contact names belongs to nobody so far, and two own ids contradict each other.
        let nobody = feed(t, &[ev(3, &["rphone:13800000001"])])[0].key_set.unwrap();
        one(t, 4, &["own:3", "rphone:13700000001"]).unwrap();
        one(t, 5, &["own:4", "rphone:13700000001"]).unwrap();
        assert_ne!(a, b);
        let live = || t.int("SELECT COUNT(*) FROM member WHERE state = 'live'");
        assert_eq!(live(), 4);
        choose(t, true);
        rejudge_all(t);
        assert_eq!(live(), 3);
        let holder = move || {
            t.read(move |tx| tx.one("SELECT member FROM key_set WHERE id = $1", &[nobody.into()])?.get::<Option<crate::MemberId>>(0))
        };
        assert_eq!(holder(), Some(a));
        let cx = t.ctx();
        assert_eq!(t.read(move |tx| identity::resolve(tx, &cx, b)), Some(a));
        assert_eq!(t.int("SELECT COUNT(*) FROM member_merge WHERE cause = 'setting'"), 1);
        sound(t);
        choose(t, false);
        rejudge_all(t);
        assert_eq!((live(), holder()), (4, None));
        let cx = t.ctx();
        assert_eq!(t.read(move |tx| identity::resolve(tx, &cx, b)), Some(b));
        sound(t);
    });
}
