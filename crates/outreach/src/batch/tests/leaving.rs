//! Who is not written to any more: however a sheet names them, whatever time it tells, however often.

use shuke_kernel::Result;
use shuke_members::consent::{self, suppression};
use shuke_members::identity::{self, merge};
use shuke_members::{MemberId, consent::many::standing};
use shuke_testkit::TestStore;

use super::measuring::table;
use super::world::*;
use crate::batch::BatchId;
use crate::batch::hand::Given;
use crate::batch::results::{Outcome, apply};

fn load(t: &TestStore, id: BatchId, header: &[&str], rows: &[&[&str]]) -> Outcome {
    apply(&t.store, &t.ctx(), id, table(header, rows)).expect("taken")
}

fn may(t: &TestStore, ids: &[MemberId], purpose: &'static str) -> Vec<bool> {
    let (cx, ids) = (t.ctx(), ids.to_vec());
    t.read(move |tx| ids.iter().map(|m| consent::allows(tx, &cx, *m, purpose, "sms")).collect::<Result<Vec<_>>>())
}

fn refusals(t: &TestStore) -> i64 {
    t.int("SELECT COUNT(*) FROM consent WHERE granted = 0")
}

fn phone(given: &Given) -> String {
    given.reach.phone.clone().expect("a phone")
}

#[test]
fn a_refusal_is_obeyed_however_the_row_names_its_member() {
    both("named", |t| {
        let ids = willing(t, 8);
        let earlier = frozen(t, &ask(&ids[6..7]));
        let old_link = give(t, earlier.id, 9)[0].link.clone().unwrap();
        let batch = frozen(t, &ask(&ids[..6]));
        let given = give(t, batch.id, 9);
        // Two who were handed over turn out to be one; the sheet names who is merged away.
        let (cx, a, b) = (t.ctx(), given[0].member, given[1].member);
        t.write(move |tx| merge::merge(tx, &cx, a, b, "hand", "same person").map(|_| ()));
        let cx = t.ctx();
        let one = t.read(move |tx| identity::resolve(tx, &cx, a)).unwrap();
        let alias = if one == a { b } else { a };
        let no_link = "https://s.example.com/s/322222222222";
        let rows: [&[&str]; 6] = [
            &["", &alias.to_string(), "", "退订"],
            &[no_link, &given[2].member.to_string(), "", "退订"],
            &[no_link, "", &phone(&given[3]), "R"],
            &["", &ids[7].to_string(), "", "TD"],
            &[&old_link, "", "", "退订"],
            &[no_link, "", "", "退订"],
        ];
        let came = load(t, batch.id, &["短链", "会员编号", "手机号", "回复"], &rows);
        assert_eq!((came.replied, came.unsubscribed, came.not_in_batch, came.bad), (3, 5, 3, 0));
        let who = [one, given[2].member, given[3].member, ids[7], ids[6], given[4].member];
        assert_eq!(may(t, &who, "marketing"), [false, false, false, false, false, true]);
        // So is one whose status or time says nothing.
        let came = load(
            t,
            batch.id,
            &["手机号", "状态", "回复", "回复时间"],
            &[&[&phone(&given[4]), "月亮", "退订", "昨天"], &[&phone(&given[5]), "月亮", "好", ""]],
        );
        assert_eq!((came.unsubscribed, came.bad), (1, 1));
        assert_eq!(may(t, &[given[4].member, given[5].member], "marketing"), [false, true]);
    });
}

#[test]
fn a_row_that_is_named_in_two_ways_keeps_what_both_say() {
    both("two ways", |t| {
        let ids = willing(t, 2);
        let batch = frozen(t, &ask(&ids));
        let given = give(t, batch.id, 9);
        let (link, member, phone) = (given[0].link.clone().unwrap(), given[0].member.to_string(), phone(&given[0]));
        let rows: [&[&str]; 3] = [&[&link, "", "", "成功", ""], &["", &member, "", "", "好的"], &["", "", &phone, "退订", ""]];
        let came = load(t, batch.id, &["短链", "会员编号", "手机号", "状态", "回复"], &rows);
        assert_eq!((came.delivered, came.replied, came.unsubscribed, came.not_in_batch), (1, 1, 1, 0));
        let all =
            "SELECT COUNT(*) FROM batch_member WHERE receipt = 'delivered' AND replied_at IS NOT NULL AND unsubscribed_at IS NOT NULL";
        assert_eq!(t.int(all), 1);
    });
}

#[test]
fn a_refusal_holds_from_the_handing_over_to_now() {
    both("dated", |t| {
        let ids = willing(t, 5);
        let batch = frozen(t, &ask(&ids));
        let given = give(t, batch.id, 9);
        t.clock.advance_seconds(3600);
        let now = t.ctx().now;
        let (day, ahead, sent) =
            (now.to_string()[..10].to_owned(), now.plus_seconds(9_000_000).to_string(), now.plus_seconds(-90_000_000).to_string());
        let numbers: Vec<String> = given.iter().map(phone).collect();
        load(
            t,
            batch.id,
            &["手机号", "回复", "回复时间"],
            &[
                &[&numbers[0], "退订", "2019-01-01 10:00"],
                &[&numbers[1], "退订", &day],
                &[&numbers[2], "退订", &ahead],
                &[&numbers[3], "好的", &sent],
            ],
        );
        load(t, batch.id, &["手机号", "回复", "发送时间"], &[&[&numbers[4], "退订", &sent]]);
        let who: Vec<MemberId> = given.iter().map(|g| g.member).collect();
        assert_eq!(may(t, &who, "marketing"), [false, false, false, true, false]);
        let handed = get(t, batch.id).handed_at.unwrap();
        let between = format!(
            "SELECT COUNT(*) FROM batch_member WHERE replied_at >= {0} AND replied_at <= {1} AND (unsubscribed_at IS NULL OR (unsubscribed_at >= {0} AND unsubscribed_at <= {1}))",
            handed.micros(),
            now.micros()
        );
        assert_eq!(t.int(&between), 5, "no answer before the message, none that is still to come");
        assert_eq!(t.int(&format!("SELECT COUNT(*) FROM behaviour_event WHERE at < {}", handed.micros())), 0);
        // Whoever agrees anew is written to again.
        t.clock.advance_seconds(60);
        for id in &who {
            agree(t, *id, "marketing", "sms", true);
        }
        assert_eq!(may(t, &who, "marketing"), [true; 5]);
    });
}

#[test]
fn a_refusal_is_heard_again_and_for_the_purpose_of_the_batch() {
    both("again", |t| {
        let ids = willing(t, 2);
        for id in &ids {
            agree(t, *id, "service", "sms", true);
        }
        let mut wanted = ask(&ids);
        wanted.purpose = "service".to_owned();
        let batch = frozen(t, &wanted);
        let given = give(t, batch.id, 9);
        let (who, number) = ([given[0].member], phone(&given[0]));
        t.clock.advance_seconds(60);
        let first = t.ctx().now.to_string();
        let header = ["手机号", "回复", "回复时间"];
        let tell = |at: &str| load(t, batch.id, &header, &[&[&number, "退订", at]]);
        assert_eq!(tell(&first).unsubscribed, 1);
        assert_eq!((may(t, &who, "marketing"), may(t, &who, "service"), refusals(t)), (vec![false], vec![false], 2));
        t.clock.advance_seconds(60);
        tell(&first);
        assert_eq!(refusals(t), 2, "the same again adds nothing");

        for purpose in ["marketing", "service"] {
            agree(t, who[0], purpose, "sms", true);
        }
        t.clock.advance_seconds(60);
        tell(&first);
        assert_eq!((may(t, &who, "marketing"), refusals(t)), (vec![true], 2), "an old sheet does not outdo what was agreed to since");
        let second = t.ctx().now.to_string();
        assert_eq!(tell(&second).unsubscribed, 0, "one person, counted once");
        assert_eq!((may(t, &who, "marketing"), may(t, &who, "service"), refusals(t)), (vec![false], vec![false], 4));
        // A sheet without times is heard as well.
        t.clock.advance_seconds(60);
        agree(t, who[0], "marketing", "sms", true);
        t.clock.advance_seconds(60);
        tell("");
        tell("");
        assert_eq!((may(t, &who, "marketing"), refusals(t)), (vec![false], 5));
        let (cx, other) = (t.ctx(), given[1].member);
        let said = t.read(move |tx| standing(tx, &cx, &[other], "service", "sms"));
        assert_eq!(said[&other], consent::many::Standing::Granted, "nobody else");
    });
}

#[test]
fn dead_addresses_are_not_written_to_again() {
    both("bounces", |t| {
        let ids = willing(t, 7);
        let batch = frozen(t, &ask(&ids));
        let given = give(t, batch.id, 9);
        let numbers: Vec<String> = given.iter().map(phone).collect();
        let link = given[1].link.clone().unwrap();
        t.clock.advance_seconds(7200);
        let (now, before) = (t.ctx().now.to_string(), t.ctx().now.plus_seconds(-3600).to_string());
        let rows: [&[&str]; 8] = [
            &[&numbers[0], "", "空号", ""],
            &["", &link, "停机", ""],
            &[&numbers[2], "", "拒收", ""],
            &[&numbers[3], "", "UNKNOWN", ""],
            &[&numbers[4], "", "失败", ""],
            &[&numbers[5], "", "成功", &now],
            &[&numbers[5], "", "空号", &before],
            &["13700000000", "", "空号", ""],
        ];
        let header = ["手机号", "短链", "状态", "回执时间"];
        let came = load(t, batch.id, &header, &rows);
        assert_eq!((came.failed, came.sent, came.delivered, came.unsubscribed, came.not_in_batch), (4, 1, 1, 0, 1));
        let entries = || (t.int("SELECT COUNT(*) FROM suppression"), t.int("SELECT COUNT(*) FROM suppression WHERE reason = 'bounced'"));
        assert_eq!((entries(), refusals(t)), ((4, 4), 0), "of addresses, not of what anybody wants");
        load(t, batch.id, &header, &rows);
        assert_eq!((entries(), refusals(t)), ((4, 4), 0));
        let (cx, asked) = (t.ctx(), numbers);
        let hit = t.read(move |tx| suppression::suppressed(tx, &cx, "sms", &asked));
        assert_eq!(hit, [true, true, true, false, false, false, false]);
    });
}
