//! Consent and suppression.

use shuke_kernel::Instant;
use shuke_testkit::both_with;

use super::world::{TABLES, ev, feed, one};
use crate::MemberId;
use crate::consent::suppression::{self, New};
use crate::consent::{self, Statement};
use crate::identity::{self, Birthday, Evidence};

fn said(purpose: &str, channel: &str, granted: bool, at: i64) -> Statement {
    Statement {
        purpose: purpose.to_owned(),
        channel: channel.to_owned(),
        granted,
        source: "form".to_owned(),
        proof: None,
        basis: String::new(),
        at: Instant(at * 1_000_000),
    }
}

#[test]
fn unknown_is_not_consent() {
    both_with("consent", TABLES, |t| {
        let id = one(t, 1, &["own:1"]).unwrap();
        let allows = |purpose: &'static str, channel: &'static str| {
            let cx = t.ctx();
            t.read(move |tx| consent::allows(tx, &cx, id, purpose, channel))
        };
        let say = |s: Statement| {
            let cx = t.ctx();
            t.write(move |tx| consent::record(tx, &cx, id, std::slice::from_ref(&s)));
        };
        assert!(!allows("marketing", "sms"));
        say(said("marketing", "sms", true, 10));
        assert!(allows("marketing", "sms") && !allows("marketing", "email") && !allows("ads", "sms"));
        // Withdrawn everywhere at once, by whatever order it arrives in.
        say(said("marketing", "any", false, 20));
        say(said("marketing", "sms", true, 15));
        assert!(!allows("marketing", "sms"));
        say(said("marketing", "sms", true, 30));
        assert!(allows("marketing", "sms") && !allows("marketing", "email"));
        let cx = t.ctx();
        assert_eq!(t.read(move |tx| consent::history(tx, &cx, id)).len(), 4);
        let cx = t.ctx();
        let wrong = t.try_write(move |tx| consent::record(tx, &cx, id, &[said("spam", "sms", true, 1)])).unwrap_err();
        assert_eq!(wrong.refusal().unwrap().field.as_deref(), Some("purpose"));
    });
}

#[test]
fn no_marketing_under_fourteen() {
    both_with("under_14", TABLES, |t| {
        let child = |id: &str, birthday: Option<&str>, stated: Option<bool>| -> MemberId {
            let mut e = ev(1, &[&format!("own:{id}")]);
            e.source_id = Some(id.to_owned());
            e.profile.birthday = birthday.and_then(Birthday::from_text);
            e.profile.under_14 = stated;
            let member = feed(t, &[e])[0].member.unwrap();
            let cx = t.ctx();
            t.write(move |tx| consent::record(tx, &cx, member, &[said("marketing", "sms", true, 1), said("service", "sms", true, 1)]));
            member
        };
        // The test's day is 2026-03-01.
        for (id, birthday, stated, may) in [
            ("a", Some("2012-03-01"), None, true),
            ("b", Some("2012-03-02"), None, false),
            ("c", Some("--03-02"), None, true),
            ("d", None, Some(true), false),
            ("e", Some("2012-01-01L"), Some(true), false),
            ("f", None, None, true),
        ] {
            let member = child(id, birthday, stated);
            let cx = t.ctx();
            let (marketing, service) = t.read(move |tx| {
                Ok((consent::allows(tx, &cx, member, "marketing", "sms")?, consent::allows(tx, &cx, member, "service", "sms")?))
            });
            assert_eq!((marketing, service), (may, true), "{id}");
        }
    });
}

#[test]
fn suppression_needs_no_member() {
    both_with("suppression", TABLES, |t| {
        let new = |channel: &str, value: &str| New {
            channel: channel.to_owned(),
            value: value.to_owned(),
            reason: "bounced".to_owned(),
            source: "list".to_owned(),
            at: None,
        };
        let items = vec![
            new("sms", "+86 138 0000 0001"),
            new("sms", "13800000001"),
            new("email", "Anna@X.com"),
            new("sms", "138****0001"),
            new("fax", "1"),
            new("any", "13800000002"),
        ];
        let cx = t.ctx();
        let done = t.write(move |tx| {
            Ok(suppression::suppress(tx, &cx, &items)?
                .into_iter()
                .map(|r| r.map_err(|e| e.refusal().unwrap().code.code))
                .collect::<Vec<_>>())
        });
        assert_eq!(done, [Ok(true), Ok(false), Ok(true), Err("suppression.bad_address"), Err("consent.unknown_word"), Ok(true)]);
        let cx = t.ctx();
        let values: Vec<String> = ["13800000001", "13800000002", "13800000003"].map(str::to_owned).to_vec();
        assert_eq!(t.read(move |tx| suppression::suppressed(tx, &cx, "sms", &values)), [true, true, false]);
        let cx = t.ctx();
        let listed = t.read(move |tx| suppression::list(tx, &cx, "email", None, 10));
        assert_eq!((listed.len(), listed[0].value.as_str()), (1, "anna@x.com"));
        let (cx, id) = (t.ctx(), listed[0].id);
        t.write(move |tx| suppression::lift(tx, &cx, id));
        let cx = t.ctx();
        assert!(t.try_write(move |tx| suppression::lift(tx, &cx, id)).is_err());
    });
}

fn listed(at: i64, keys: &[&str], record: &str, said: Vec<Statement>) -> Evidence {
    let mut e = ev(at, keys);
    e.source = "shop:members".to_owned();
    e.source_id = Some(record.to_owned());
    e.profile.consents = said;
    e
}

#[test]
fn a_lists_consent_is_its_records_and_never_outdoes_what_came_since() {
    both_with("consent of lists", TABLES, |t| {
        let email = |granted: bool, at: i64| Statement {
            source: "import".to_owned(),
            basis: "file".to_owned(),
            proof: Some("members.csv, row 3".to_owned()),
            ..said("marketing", "email", granted, at)
        };
        let row = listed(100, &["own:1"], "r1", vec![email(true, 100)]);
        let id = feed(t, std::slice::from_ref(&row))[0].member.unwrap();
        let allows = |channel: &'static str| {
            let cx = t.ctx();
            t.read(move |tx| consent::allows(tx, &cx, id, "marketing", channel))
        };
        let count = || t.int("SELECT COUNT(*) FROM consent");
        assert!(allows("email") && !allows("sms"));
        // The same row again says nothing new.
        feed(t, std::slice::from_ref(&row));
        assert_eq!(count(), 1);
        let cx = t.ctx();
        let kept = t.read(move |tx| consent::history(tx, &cx, id)).remove(0).statement;
        assert_eq!((kept.source.as_str(), kept.basis.as_str(), kept.proof.as_deref()), ("import", "file", Some("members.csv, row 3")));

        // Withdrawn here since; an older list that still says yes changes nothing.
        let cx = t.ctx();
        t.write(move |tx| consent::record(tx, &cx, id, &[said("marketing", "email", false, 200)]));
        feed(t, &[listed(150, &["own:1"], "r2", vec![email(true, 150)])]);
        assert!(!allows("email"));
        // A list that dates nothing can refuse, and cannot grant against a refusal of no date.
        feed(
            t,
            &[
                listed(0, &["own:1"], "r3", vec![said("marketing", "sms", false, 0)]),
                listed(0, &["own:1"], "r4", vec![said("marketing", "sms", true, 0)]),
            ],
        );
        assert!(!allows("sms"));

        // Taken back with the record, and only that: what the person said outlives the list.
        let cx = t.ctx();
        t.write(move |tx| consent::record_by_hand(tx, &cx, id, &[]));
        for record in ["r1", "r2", "r3", "r4"] {
            let cx = t.ctx();
            t.write(move |tx| identity::retract(tx, &cx, "shop:members", record));
        }
        assert_eq!((count(), t.int("SELECT COUNT(*) FROM consent WHERE granted = 1")), (1, 0));
        assert!(t.int("SELECT COUNT(*) FROM event WHERE kind = 'consent.changed' AND data LIKE '%taken_back%'") >= 3);
    });
}

#[test]
fn many_are_told_as_one_by_one() {
    use crate::consent::many::{Standing, standing};
    both_with("consent of many", TABLES, |t| {
        let mut ids = Vec::new();
        for n in 0..24_i64 {
            let mut e = ev(1, &[&format!("own:{n}")]);
            e.source_id = Some(n.to_string());
            e.profile.birthday = (n % 5 == 0).then(|| Birthday::from_text("2020-01-01")).flatten();
            let id = feed(t, &[e])[0].member.unwrap();
            // Of each pair of times and channels a few, refusals of one time among them.
            let statements: Vec<Statement> = (0..n % 4)
                .map(|k| {
                    let channel = if (n + k) % 3 == 0 { "any" } else { "sms" };
                    said("marketing", channel, (n * 7 + k * 3) % 4 != 0, 100 + (n + k * 2) % 2)
                })
                .collect();
            let cx = t.ctx();
            t.write(move |tx| consent::record(tx, &cx, id, &statements));
            ids.push(id);
        }
        for (purpose, channel) in [("marketing", "sms"), ("marketing", "email"), ("service", "sms"), ("marketing", "any")] {
            let (cx, all) = (t.ctx(), ids.clone());
            let (one, many) = t.read(move |tx| {
                let one = all.iter().map(|id| consent::allows(tx, &cx, *id, purpose, channel)).collect::<shuke_kernel::Result<Vec<_>>>()?;
                Ok((one, standing(tx, &cx, &all, purpose, channel)?))
            });
            for (id, allowed) in ids.iter().zip(one) {
                assert_eq!(many[id] == Standing::Granted, allowed, "{purpose} {channel}");
            }
        }
    });
}
