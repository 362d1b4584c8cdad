//! Profiles, upserts, a person's copy and erasure.

use std::collections::BTreeSet;

use serde_json::{Value as Json, json};
use shuke_kernel::Instant;
use shuke_testkit::{TestStore, both_with};

use super::world::{TABLES, dump, ev, feed, found, key, one, sound};
use crate::consent;
use crate::identity::{self, Birthday, Evidence, Gender, Region};
use crate::privacy::{self, copy, erase};
use crate::profile;
use crate::profile::model::Stated;
use crate::profile::service::{self, By, Done, Upsert};
use crate::{MemberId, profile::Profile};

fn row(source: &str, id: &str, at: i64, keys: &[&str]) -> Evidence {
    Evidence { source: source.to_owned(), source_id: Some(id.to_owned()), ..ev(at, keys) }
}

fn known(t: &TestStore, id: MemberId) -> Profile {
    let cx = t.ctx();
    t.read(move |tx| profile::get(tx, &cx, id)).unwrap()
}

#[test]
fn older_never_overwrites_newer() {
    both_with("profile_fold", TABLES, |t| {
        let mut new = row("taobao:members", "1", 20, &["name:anna"]);
        new.profile.name = Some("王芳".to_owned());
        new.profile.tier = Some("金牌".to_owned());
        new.profile.joined_at = Some(Instant(15));
        let mut old = row("youzan:members", "9", 10, &["name:anna", "phone:13800000001"]);
        old.profile.name = Some("旧名".to_owned());
        old.profile.gender = Some(Gender::Female);
        old.profile.birthday = Birthday::from_text("1990-02-29");
        old.profile.region = Some(Region { province: Some("浙江省".to_owned()), city: None });
        old.profile.joined_at = Some(Instant(5));
        let id = feed(t, &[new.clone()])[0].member.unwrap();
        feed(t, &[old.clone()]);
        let p = known(t, id);
        assert_eq!((p.name.as_deref(), p.gender, p.tier.as_deref()), (Some("王芳"), Some(Gender::Female), Some("金牌")));
        assert_eq!(p.joined_at, Some(Instant(5)), "joined when any source first says so");
        assert_eq!(p.birthday, None, "there is no such day");
        // The same file again, in the other order, changes nothing.
        let before = dump(t, "SELECT id, first_seen, gender, province, joined_at FROM member WHERE merchant = $1");
        let refs = t.int("SELECT CAST(SUM(refs) AS BIGINT) FROM key_set");
        feed(t, &[old, new]);
        assert_eq!(known(t, id), p);
        assert_eq!(dump(t, "SELECT id, first_seen, gender, province, joined_at FROM member WHERE merchant = $1"), before);
        assert_eq!(t.int("SELECT CAST(SUM(refs) AS BIGINT) FROM key_set"), refs);
        // An order's receiver elsewhere, later: the newest region holds; undone, the former one.
        let mut order = ev(30, &["name:anna"]);
        order.profile.region = Some(Region { province: Some("上海".to_owned()), city: None });
        feed(t, &[order]);
        assert_eq!(known(t, id).region.unwrap().province.as_deref(), Some("上海"));
        let cx = t.ctx();
        t.write(move |tx| identity::retract(tx, &cx, "youzan:members", "9"));
        assert_eq!(known(t, id).gender, None);
        sound(t);
    });
}

#[test]
fn after_a_merge_each_list_tells_its_own_points() {
    both_with("told_points", TABLES, |t| {
        let told = |id: &str, at: i64, name: &str, points: &str| {
            let mut e = row("taobao:members", id, at, &[name]);
            e.profile.points = Some(points.to_owned());
            e
        };
        let mut plain = row("youzan:members", "9", 30, &["name:ben"]);
        plain.profile.name = Some("王芳".to_owned());
        let one = feed(t, &[told("1", 10, "name:anna", "200")])[0].member.unwrap();
        let two = feed(t, &[told("2", 20, "name:ben", "50"), plain])[0].member.unwrap();
        let cx = t.ctx();
        let survivor = t.write(move |tx| identity::merge::merge(tx, &cx, one, two, "manual", "the same person")).survivor;
        assert_eq!(known(t, survivor).points.as_deref(), Some("50"), "the newest alone");
        let cx = t.ctx();
        let told = t.read(move |tx| profile::observe::standings(tx, &cx, survivor));
        let told: Vec<_> = told.iter().map(|s| (s.source.as_str(), s.at.0, s.points.as_deref())).collect();
        assert_eq!(told, [("taobao:members", 20_000_000, Some("50")), ("taobao:members", 10_000_000, Some("200"))]);
    });
}

#[test]
fn a_list_told_again_is_the_same_account() {
    both_with("told_again", TABLES, |t| {
        let told = |source: &str, id: &str, at: i64, keys: &[&str], points: Option<&str>, tier: Option<&str>| {
            let mut e = row(source, id, at, keys);
            (e.profile.points, e.profile.tier) = (points.map(str::to_owned), tier.map(str::to_owned));
            e
        };
        let shown = |id: MemberId| -> Vec<(String, i64, Option<String>, Option<String>)> {
            let cx = t.ctx();
            let told = t.read(move |tx| profile::observe::standings(tx, &cx, id));
            told.into_iter().map(|s| (s.source, s.at.0 / 1_000_000, s.points, s.tier)).collect()
        };
        let word = |w: &str| Some(w.to_owned());
        let taobao = || "taobao:members".to_owned();
        let anna = feed(t, &[told("taobao:members", "september", 10, &["name:anna"], Some("100"), Some("银牌"))])[0].member.unwrap();
        feed(t, &[told("taobao:members", "october", 20, &["name:anna"], Some("150"), None)]);
        let tier = (taobao(), 10, None, word("银牌"));
        assert_eq!(shown(anna), [(taobao(), 20, word("150"), None), tier.clone()], "the newest word of each");
        // The same account with a phone of its own now, and another list that tells of it.
        feed(t, &[told("taobao:members", "november", 30, &["name:anna", "phone:13800000001"], Some("170"), None)]);
        feed(t, &[told("youzan:members", "1", 5, &["own:1", "phone:13800000001"], Some("7"), None)]);
        let youzan = ("youzan:members".to_owned(), 5, word("7"), None);
        assert_eq!(shown(anna), [(taobao(), 30, word("170"), None), tier.clone(), youzan.clone()]);
        // An older list that comes later says nothing newer.
        feed(t, &[told("taobao:members", "august", 1, &["name:anna"], Some("90"), None)]);
        assert_eq!(shown(anna).len(), 3);
        // Undated lists: one figure, and it is the profile's.
        let ben = feed(t, &[told("taobao:members", "b1", 0, &["name:ben"], Some("1"), None)])[0].member.unwrap();
        feed(t, &[told("taobao:members", "b2", 0, &["name:ben"], Some("2"), None)]);
        assert_eq!(shown(ben), [(taobao(), 0, known(t, ben).points, None)]);
        // After a merge there are two accounts, each with its own.
        let cx = t.ctx();
        let both = t.write(move |tx| identity::merge::merge(tx, &cx, anna, ben, "manual", "the same person")).survivor;
        let points: Vec<_> = shown(both).into_iter().filter_map(|s| s.2).collect();
        assert_eq!(points.len(), 3, "{points:?}");
        assert_eq!((points[0].as_str(), points[1].as_str()), ("170", "7"));
    });
}

fn upsert(t: &TestStore, item: Upsert) -> (MemberId, Done) {
    let cx = t.ctx();
    t.write(move |tx| service::upsert(tx, &cx, &item))
}

#[test]
fn upserts_by_external_id() {
    both_with("upsert", TABLES, |t| {
        let item = |id: &str, phone: &str| Upsert {
            external: Some(("erp".to_owned(), id.to_owned())),
            keys: vec![key(phone)],
            ..Upsert::default()
        };
        let (a, done) = upsert(t, item("1", "phone:13800000001"));
        assert_eq!(done, Done::Created);
        assert_eq!(upsert(t, item("1", "phone:13800000001")), (a, Done::Unchanged));
        assert_eq!(upsert(t, item("1", "phone:13800000009")), (a, Done::Updated));
        let cx = t.ctx();
        assert_eq!(t.read(move |tx| service::by_external(tx, &cx, "erp", "1")), a);
        // A member by hand, without any key, is one all the same.
        let (b, done) = upsert(t, Upsert::default());
        assert_eq!(done, Done::Created);
        let mut fields = Stated::new();
        fields.insert("name".to_owned(), json!("张三"));
        fields.insert("birthday".to_owned(), json!({"year": 1990, "month": 5, "day": 1, "lunar": false}));
        let (cx, f) = (t.ctx(), fields.clone());
        t.write(move |tx| service::change(tx, &cx, b, By::Member, &f, &[]));
        assert_eq!(known(t, b).name.as_deref(), Some("张三"));
        t.clock.advance_seconds(200 * 86_400);
        let (cx, f) = (t.ctx(), fields.clone());
        let again = t.try_write(move |tx| service::change(tx, &cx, b, By::Member, &f, &[])).unwrap_err();
        assert_eq!(again.refusal().unwrap().code.code, "member.birthday_again");
        fields.insert("name".to_owned(), Json::Null);
        let (cx, f) = (t.ctx(), fields);
        t.write(move |tx| service::change(tx, &cx, b, By::Staff, &f, &[]));
        assert_eq!(known(t, b).name, None, "null takes a fact back");
        // Keys are bound to a member beside those it has.
        let cx = t.ctx();
        let bound = t.write(move |tx| service::change(tx, &cx, b, By::Staff, &Stated::new(), &[key("phone:13700000001")]));
        assert_eq!((bound, one(t, 1, &["phone:13700000001"])), (b, Some(b)));
        let cx = t.ctx();
        let clear = t.read(move |tx| service::unmask(tx, &cx, b, &["phone".to_owned()]));
        assert_eq!(clear.fields, [("phone".to_owned(), vec!["13700000001".to_owned()])]);
        let cx = t.ctx();
        let card = t.read(move |tx| service::get_card(tx, &cx, b));
        assert_eq!(card.phone.as_deref(), Some("137****0001"));
        sound(t);
    });
}

#[test]
fn a_person_is_copied_and_erased() {
    both_with("erase", TABLES, |t| {
        let mut e = row("list", "1", 1, &["own:1", "phone:13812345678", "email:anna@x.com"]);
        e.profile.name = Some("张三丰".to_owned());
        let a = feed(t, &[e.clone()])[0].member.unwrap();
        let b = one(t, 2, &["name:anna_shop"]).unwrap();
        let order = ev(3, &["name:anna_shop", "email:anna@x.com", "raddr:张三丰|西湖区1号"]);
        feed(t, std::slice::from_ref(&order));
        let c = one(t, 4, &["own:2", "phone:13812345678"]).unwrap();
        assert_eq!(t.int("SELECT COUNT(*) FROM review WHERE state = 'open'"), 1);
        let cx = t.ctx();
        t.write(move |tx| {
            consent::record(
                tx,
                &cx,
                a,
                &[consent::Statement {
                    purpose: "marketing".into(),
                    channel: "sms".into(),
                    granted: false,
                    source: "form".into(),
                    proof: Some("张三丰 signed".into()),
                    basis: String::new(),
                    at: cx.now,
                }],
            )
        });

        let cx = t.ctx();
        let all = t.read(move |tx| copy::copy(tx, &cx, b)).to_string();
        for part in ["13812345678", "anna@x.com", "张三丰", "anna_shop", "西湖区1号", "张三丰 signed"] {
            assert!(all.contains(part), "the copy has {part}");
        }

        let cx = t.ctx();
        let done = t.write(move |tx| {
            let r = privacy::request(tx, &cx, b, "erasure")?;
            privacy::complete(tx, &cx, r.id)
        });
        assert_eq!((done.member, done.state.as_str()), (a, "done"));
        for query in ["13812345678", "5678", "anna@x.com", "anna_shop", "张三丰", "zsf"] {
            let found = found(t, query);
            let want = if query.ends_with("5678") { BTreeSet::from([c]) } else { BTreeSet::new() };
            assert_eq!(found, want, "{query}");
        }
        for id in [a, b] {
            let cx = t.ctx();
            assert_eq!(t.read(move |tx| identity::resolve(tx, &cx, id)), None);
        }
        assert_eq!(t.int("SELECT COUNT(*) FROM review"), 0);
        assert_eq!(t.int("SELECT contested FROM member WHERE state = 'live'"), 0);
        assert_eq!(
            t.int("SELECT COUNT(*) FROM observation")
                + t.int("SELECT COUNT(*) FROM member_name")
                + t.int("SELECT COUNT(*) FROM member_merge WHERE sealed IS NOT NULL"),
            0
        );

        // The old file again: nobody comes back. A later order is a new person's.
        let found = feed(t, &[e, order]);
        assert!(found.iter().all(|f| f.member.is_none() && f.key_set.is_none()));
        assert_eq!(t.int("SELECT COUNT(*) FROM observation"), 0);
        t.clock.advance_seconds(86_400);
        let later = t.ctx().now.micros() / 1_000_000;
        let new = one(t, later, &["name:anna_shop"]).unwrap();
        assert!(new != a && new != b);
        sound(t);

        // A restored backup hears of it.
        let cx = t.ctx();
        let log = t.read(move |tx| erase::erasures_since(tx, &cx, Instant(0)));
        assert_eq!(log.iter().map(|e| e.member).collect::<BTreeSet<_>>(), BTreeSet::from([a, b]));
        let cx = t.ctx();
        assert_eq!(t.write(move |tx| erase::reapply(tx, &cx, &log)), 0);
    });
}

#[test]
fn the_clock_counts_working_days() {
    // Sunday 2026-03-01: fifteen working days end on Friday 2026-03-20.
    assert_eq!(privacy::due(shuke_testkit::START).to_string(), "2026-03-20T16:00:00Z");
}
