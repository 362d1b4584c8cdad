//! Giving out: once as new, codes once, whoever withdrew stays in; the sheets; links.

use std::collections::BTreeSet;

use shuke_kernel::{MerchantNo, Zone};
use shuke_members::identity::merge;
use shuke_members::privacy::erase::erase;
use shuke_sheets::Format;
use shuke_store::flags::OUTREACH_PAUSED;

use super::world::*;
use crate::batch::model::Destination;
use crate::batch::{Verdict, codes, draw, hand, post, service, sheet};
use crate::link;

#[test]
fn a_row_is_new_once_whatever_breaks_off() {
    both("repeats", |t| {
        let ids = willing(t, 450);
        let batch = frozen(t, &ask(&ids));
        // The first download breaks off after a step; the second finds those stamped.
        let first = give(t, batch.id, 1);
        assert_eq!((first.len(), first.iter().filter(|g| g.repeat).count()), (200, 0));
        // Meanwhile one of those given out and one who waits withdraw.
        let (gone, waits) = (first[3].member, ids.iter().copied().find(|m| first.iter().all(|g| g.member != *m)).unwrap());
        t.clock.advance_seconds(60);
        for id in [gone, waits] {
            agree(t, id, "marketing", "sms", false);
        }
        let second = give(t, batch.id, 99);
        assert_eq!((second.len(), second.iter().filter(|g| g.repeat).count()), (448, 199));
        let third = give(t, batch.id, 99);
        assert!(third.len() == 448 && third.iter().all(|g| g.repeat));
        assert_eq!(acts(t, "message_sent"), 449, "each was reached once");
        sound(t, batch.id, 450);
        let is = verdicts(t, batch.id);
        assert_eq!((is[&gone], is[&waits]), (Verdict::Treated, Verdict::Refused));
        assert_eq!(get(t, batch.id).exports, 3);
        let links: BTreeSet<_> = second.iter().map(|g| g.link.clone().unwrap()).collect();
        assert_eq!(links.len(), 448);
        assert!(links.iter().all(|l| draw::owner(l) == Some(t.merchant)));
        // Closed, nothing leaves any more.
        let (cx, id) = (t.ctx(), batch.id);
        t.write(move |tx| service::close(tx, &cx, id));
        assert_eq!(begin(t, id).expect_err("closed").refusal().unwrap().code.code, "batch.wrong_state");
        t.nothing_left(&[]);
    });
}

#[test]
fn two_downloads_at_a_time_give_each_row_out_once() {
    both("two downloads", |t| {
        let ids = willing(t, 420);
        let batch = frozen(t, &ask(&ids));
        let both: Vec<Vec<hand::Given>> = std::thread::scope(|scope| {
            let work: Vec<_> = (0..2).map(|_| scope.spawn(|| give(t, batch.id, 99))).collect();
            work.into_iter().map(|w| w.join().expect("given")).collect()
        });
        let new = both.iter().flatten().filter(|g| !g.repeat).count();
        assert_eq!((new, both.iter().map(Vec::len).sum::<usize>()), (420, 840));
        assert_eq!(acts(t, "message_sent"), 420);
    });
}

#[test]
fn a_restored_store_hands_nothing_over_until_somebody_says_so() {
    both("paused", |t| {
        let ids = willing(t, 2);
        let batch = frozen(t, &ask(&ids));
        let now = t.ctx().now;
        t.write(move |tx| tx.set_flag(MerchantNo::SYSTEM, OUTREACH_PAUSED, "restored", now));
        assert_eq!(begin(t, batch.id).expect_err("paused").refusal().unwrap().code.code, "batch.outreach_paused");
        t.write(|tx| tx.lift_flag(MerchantNo::SYSTEM, OUTREACH_PAUSED));
        assert_eq!(give(t, batch.id, 9).len(), 2);
    });
}

#[test]
fn codes_are_given_once_and_kept() {
    both("codes", |t| {
        let ids = willing(t, 5);
        let mut wanted = ask(&ids);
        (wanted.spec.with_codes, wanted.codes) = (true, ["A1", "A2", " A1 ", "A3"].map(str::to_owned).to_vec());
        let batch = frozen(t, &wanted);
        assert_eq!(batch.codes, 3);
        assert_eq!(begin(t, batch.id).expect_err("short").refusal().unwrap().code.code, "batch.codes_short");
        let (cx, id) = (t.ctx(), batch.id);
        let more: Vec<String> = ["A3", "A4", "A5", "A6"].map(str::to_owned).to_vec();
        assert_eq!(t.write(move |tx| codes::add(tx, &cx, id, &more)), 3);
        let of = |given: Vec<hand::Given>| given.into_iter().map(|g| (g.member, g.code.unwrap())).collect::<BTreeSet<_>>();
        let (first, second) = (of(give(t, id, 9)), of(give(t, id, 9)));
        assert_eq!(first, second);
        assert_eq!(first.iter().map(|(_, c)| c.as_str()).collect::<BTreeSet<_>>(), BTreeSet::from(["A1", "A2", "A3", "A4", "A5"]));
    });
}

#[test]
fn sheets_have_what_their_destination_takes() {
    both("sheets", |t| {
        let id = member(t, "=1+1", "13800000001");
        agree(t, id, "marketing", "any", true);
        agree(t, id, "marketing", "sms", true);
        agree(t, id, "ads", "any", true);
        let text = |destination: Destination, purpose: &str, channel: &str| {
            let mut wanted = ask(&[id]);
            (wanted.destination, wanted.purpose, wanted.spec.channel) = (destination, purpose.to_owned(), channel.to_owned());
            let batch = frozen(t, &wanted);
            let export = begin(t, batch.id).expect("begun");
            let (bytes, written) =
                sheet::write(&t.store, &t.ctx(), &export, Format::Csv, true, Zone::shanghai(), Vec::new()).expect("a file");
            let text = String::from_utf8(bytes).expect("text").replace(&batch.id.to_string(), "BATCH");
            (text.trim_start_matches('\u{feff}').to_owned(), written.rows)
        };
        let (sms, rows) = text(Destination::Sms, "marketing", "sms");
        assert_eq!(rows, 1);
        let lines: Vec<&str> = sms.lines().collect();
        assert_eq!(lines[0], "手机号,姓名,城市,短信签名,短链,批次,重复导出");
        assert!(lines[1].starts_with("13800000001,顾客=1+1,,熟客,https://s.example.com/s/") && lines[1].ends_with(",BATCH,false"), "{sms}");
        let (ads, _) = text(Destination::Ads, "ads", "any");
        // As `printf 13800000001 | md5sum` and `sha256sum` tell.
        let hashes = format!("{MD5},{SHA256},,BATCH,false");
        assert_eq!(ads.lines().collect::<Vec<_>>(), ["手机号MD5,手机号SHA256,OpenID,批次,重复导出", hashes.as_str()]);
        assert_eq!(text(Destination::Parcel, "marketing", "any").1, 1);
        // Without a WeChat identity there is no row for 企微, and the verdict says so.
        let (_, none) = {
            agree(t, id, "marketing", "wechat", true);
            text(Destination::Wecom, "marketing", "wechat")
        };
        assert_eq!(none, 0);
    });
}

const MD5: &str = "4d009f30087e9aa9f5b5806d5f350017";
const SHA256: &str = "b1c4769e3ad14f68ea1a96b73bbe5a83d90792f044828c5daf9d908b0738b177";

#[test]
fn clicks_of_people_and_programs_are_kept_apart() {
    both("links", |t| {
        let ids = willing(t, 2);
        let batch = frozen(t, &ask(&ids));
        let given = give(t, batch.id, 9);
        let code = given[0].link.clone().unwrap();
        let follow = |human: bool| {
            let (code, now) = (code.clone(), t.ctx().now);
            t.write(move |tx| {
                let target = link::find(tx, &code)?.expect("a target");
                link::followed(tx, &target, human, now)?;
                Ok(target.url)
            })
        };
        assert_eq!(follow(false), "https://shop.example.com/new");
        assert_eq!(acts(t, "message_clicked"), 0);
        for _ in 0..3 {
            t.clock.advance_seconds(60);
            follow(true);
        }
        assert_eq!(acts(t, "message_clicked"), 1);
        assert_eq!(
            (t.int("SELECT CAST(SUM(clicks) AS BIGINT) FROM batch_member"), t.int("SELECT CAST(SUM(scans) AS BIGINT) FROM batch_member")),
            (3, 1)
        );
        // A code of nobody leads nowhere.
        let other = draw::link(
            &t.read({
                let m = t.merchant;
                move |tx| tx.keys(m)
            }),
            t.merchant,
            batch.id,
            99,
        );
        assert!(t.read(move |tx| Ok(link::find(tx, &other)?.is_none())));
        // Erased, the person's link still leads on and says nothing of them.
        let (cx, who) = (t.ctx(), given[0].member);
        t.write(move |tx| erase(tx, &cx, who));
        follow(true);
        assert_eq!(t.int("SELECT COUNT(*) FROM batch_member WHERE address IS NOT NULL"), 1);
        assert_eq!(give(t, batch.id, 9).len(), 1, "who was erased is in no file");
        sound(t, batch.id, 2);
    });
}

#[test]
fn the_own_webhook_hears_of_each_member_and_of_repeats() {
    both("webhook", |t| {
        let ids = willing(t, 230);
        let mut wanted = ask(&ids);
        (wanted.destination, wanted.spec.channel) = (Destination::Webhook, "sms".to_owned());
        let batch = frozen(t, &wanted);
        let send = || {
            t.clock.advance_seconds(1);
            let (cx, id) = (t.ctx(), batch.id);
            t.try_write(move |tx| post::start(tx, &cx, id, None))
        };
        assert_eq!(send().expect_err("nobody listens").refusal().unwrap().code.code, "batch.no_webhook");
        let cx = t.ctx();
        let policy = shuke_access::webhooks::Policy { allow_private: true };
        let types = vec!["batch.*".to_owned()];
        t.write(move |tx| shuke_access::webhooks::create(tx, &cx, "http://127.0.0.1:9/hook", &types, policy).map(|_| ()));
        let told = || {
            (
                t.int("SELECT COUNT(*) FROM event WHERE kind = 'batch.member_handed_over'"),
                t.int("SELECT COUNT(*) FROM event WHERE kind = 'batch.member_handed_over' AND data LIKE '%\"repeat\":true%'"),
                t.int("SELECT COUNT(DISTINCT member) FROM event WHERE kind = 'batch.member_handed_over'"),
            )
        };
        send().expect("queued");
        work(t);
        assert_eq!((told(), acts(t, "message_sent")), ((230, 0, 230), 230));
        send().expect("queued again");
        work(t);
        assert_eq!((told(), acts(t, "message_sent")), ((460, 230, 230), 230));
        assert_eq!(t.int("SELECT COUNT(*) FROM event WHERE kind = 'batch.handed_over'"), 1);
        sound(t, batch.id, 230);
        // A sheet's batch is not sent, and says so.
        let other = frozen(t, &ask(&ids));
        let cx = t.ctx();
        let e = t.try_write(move |tx| post::start(tx, &cx, other.id, None)).expect_err("refused");
        assert_eq!(e.refusal().unwrap().code.code, "batch.not_this_way");
    });
}

/// Rows that became one person's after the freezing go out once, also across steps and files.
#[test]
fn whom_a_merge_makes_one_is_given_out_once() {
    both("twins", |t| {
        let ids = willing(t, 450);
        let mut wanted = ask(&ids);
        wanted.spec.holdout_percent = 20;
        let batch = frozen(t, &wanted);
        assert!(get(t, batch.id).handed_at.is_none());
        begin(t, batch.id).expect("begun");
        assert!(get(t, batch.id).handed_at.is_none(), "nothing left yet");
        let first = give(t, batch.id, 1);
        assert!(get(t, batch.id).handed_at.is_some());
        let waits: Vec<_> = ids.iter().copied().filter(|m| first.iter().all(|g| g.member != *m)).collect();
        let is = verdicts(t, batch.id);
        let of = |v: Verdict| waits.iter().copied().filter(|m| is[m] == v).collect::<Vec<_>>();
        let (open, held) = (of(Verdict::Treated), of(Verdict::HeldOut));
        // One given out and one who waits; one held out and one who waits; two who wait.
        for (a, b) in [(first[0].member, open[0]), (*held.last().unwrap(), open[1]), (open[2], *open.last().unwrap())] {
            let cx = t.ctx();
            t.write(move |tx| merge::merge(tx, &cx, a, b, "hand", "same person").map(|_| ()));
        }
        let second = give(t, batch.id, 99);
        let phones: BTreeSet<_> = second.iter().map(|g| g.reach.phone.clone().unwrap()).collect();
        assert_eq!(phones.len(), second.len(), "one person, one message");
        assert_eq!(get(t, batch.id).count(Verdict::SameAddress), 3);
        assert_eq!(acts(t, "message_sent"), get(t, batch.id).count(Verdict::Treated));
        assert_eq!(give(t, batch.id, 99).len(), second.len());
    });
}

#[test]
fn a_store_that_is_restored_meanwhile_stops_what_is_under_way() {
    both("paused under way", |t| {
        let ids = willing(t, 250);
        let batch = frozen(t, &ask(&ids));
        let export = begin(t, batch.id).expect("begun");
        let now = t.ctx().now;
        t.write(move |tx| tx.set_flag(MerchantNo::SYSTEM, OUTREACH_PAUSED, "restored", now));
        let cx = t.ctx();
        let e = t.try_write(move |tx| hand::step(tx, &cx, &export, -1)).expect_err("paused");
        assert_eq!(e.refusal().unwrap().code.code, "batch.outreach_paused");
        assert_eq!(acts(t, "message_sent"), 0);
    });
}
