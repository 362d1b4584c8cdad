//! A small shop for the tests.

use std::collections::BTreeMap;

use shuke_kernel::{Ctx, Instant, Result};
use shuke_members::MemberId;
use shuke_members::consent::{self, Statement};
use shuke_members::identity::{Evidence, KeyClaim, KeyKind, ProfileHints, identify_many};
use shuke_store::jobs::JobRunner;
use shuke_store::register::{GROUND, Register};
use shuke_store::{Lane, args};
use shuke_testkit::{TestStore, both_with};

use crate::audience::Question;
use crate::batch::hand::{self, Given};
use crate::batch::model::{Batch, Destination, Spec};
use crate::batch::service::{self, Ask};
use crate::batch::{BatchId, Verdict};

pub(super) const ALL: Register = Register(&[GROUND, shuke_access::TABLES, shuke_members::TABLES, shuke_commerce::TABLES, crate::TABLES]);

pub(super) fn both(name: &str, test: impl Fn(&TestStore)) {
    shuke_members::hooks::install(shuke_commerce::HOOKS);
    both_with(name, ALL, |t| {
        let m = t.merchant;
        t.write(move |tx| {
            let put = "INSERT INTO merchant (merchant, id, name, sandbox, zone, currency, settings, created_at, updated_at) VALUES ($1, $2, 'x', 0, 'Asia/Shanghai', 'CNY', '{}', 0, 0)";
            tx.exec(put, args![m, [7_u8; 16]]).map(|_| ())
        });
        test(t);
    });
}

/// A member by own id and, unless it is empty, a phone that others may have too.
pub(super) fn member(t: &TestStore, own: &str, phone: &str) -> MemberId {
    known_by(t, own, KeyKind::Phone, phone)
}

/// A member of whom only the phone of a parcel's receiver is known.
pub(super) fn parcels(t: &TestStore, own: &str, phone: &str) -> MemberId {
    known_by(t, own, KeyKind::ReceiverPhone, phone)
}

fn known_by(t: &TestStore, own: &str, kind: KeyKind, value: &str) -> MemberId {
    let mut keys = vec![KeyClaim::new(KeyKind::OwnId, "erp", own, true).unwrap()];
    keys.extend(KeyClaim::new(kind, "", value, false));
    let evidence = Evidence {
        keys,
        entity: None,
        source_time: Instant(1_000_000),
        source: "list".to_owned(),
        source_id: Some(own.to_owned()),
        profile: ProfileHints { name: Some(format!("顾客{own}")), ..ProfileHints::default() },
    };
    let cx = t.ctx();
    t.write(move |tx| identify_many(tx, &cx, std::slice::from_ref(&evidence)))[0].member.unwrap()
}

pub(super) fn agree(t: &TestStore, id: MemberId, purpose: &str, channel: &str, granted: bool) {
    let cx = t.ctx();
    let said = Statement {
        purpose: purpose.to_owned(),
        channel: channel.to_owned(),
        granted,
        source: "form".to_owned(),
        proof: None,
        basis: String::new(),
        at: cx.now,
    };
    t.write(move |tx| consent::record(tx, &cx, id, std::slice::from_ref(&said)));
}

/// So many members with phones who agreed to advertising by text message.
pub(super) fn willing(t: &TestStore, count: usize) -> Vec<MemberId> {
    (0..count)
        .map(|n| {
            let id = member(t, &format!("w{n}"), &format!("138{n:08}"));
            agree(t, id, "marketing", "sms", true);
            id
        })
        .collect()
}

pub(super) fn ask(members: &[MemberId]) -> Ask {
    Ask {
        id: None,
        name: "新品".to_owned(),
        destination: Destination::Sms,
        purpose: "marketing".to_owned(),
        spec: Spec {
            whom: Question { members: Some(members.to_vec()), ..Question::default() },
            listed: None,
            channel: "sms".to_owned(),
            holdout_percent: 0,
            fatigue: None,
            ignore_holdouts: false,
            target_url: Some("https://shop.example.com/new".to_owned()),
            link_base: Some("https://s.example.com/".to_owned()),
            coupon_link: None,
            with_codes: false,
            variables: vec!["city".to_owned()],
            signature: Some("熟客".to_owned()),
            click_days: 7,
            delivery_days: 3,
            window_days: 14,
        },
        codes: Vec::new(),
        cost_fixed: 0,
        cost_per_thousand: 4_500,
    }
}

pub(super) fn create(t: &TestStore, ask: &Ask) -> BatchId {
    t.clock.advance_seconds(1);
    let (cx, ask) = (t.ctx(), ask.clone());
    t.write(move |tx| service::create(tx, &cx, &ask))
}

pub(super) fn work(t: &TestStore) {
    let runner = crate::register_jobs(JobRunner::new(t.store.clone()));
    while runner.run_one().expect("a job") {}
}

pub(super) fn get(t: &TestStore, id: BatchId) -> Batch {
    let m = t.merchant;
    t.read(move |tx| service::get(tx, m, id))
}

pub(super) fn frozen(t: &TestStore, ask: &Ask) -> Batch {
    let id = create(t, ask);
    work(t);
    let batch = get(t, id);
    assert_eq!(batch.state.word(), "frozen");
    batch
}

pub(super) fn begin(t: &TestStore, id: BatchId) -> Result<hand::Export> {
    t.clock.advance_seconds(1);
    let cx = t.ctx();
    t.try_write(move |tx| hand::begin(tx, &cx, id, "csv", None))
}

/// Gives a batch out, at most so many steps; what a file of it would have.
pub(super) fn give(t: &TestStore, id: BatchId, steps: usize) -> Vec<Given> {
    let export = begin(t, id).expect("begun");
    let (mut out, mut after) = (Vec::new(), -1);
    for _ in 0..steps {
        let (cx, e) = (t.ctx(), export.clone());
        let Some((last, given)) = t.write(move |tx| hand::step(tx, &cx, &e, after)) else { break };
        after = last;
        out.extend(given);
    }
    out
}

/// Who has which verdict, by the rows.
pub(super) fn verdicts(t: &TestStore, id: BatchId) -> BTreeMap<MemberId, Verdict> {
    let m = t.merchant;
    t.read(move |tx| {
        let rows = tx.rows("SELECT member, verdict FROM batch_member WHERE merchant = $1 AND batch = $2", args![m, id])?;
        rows.into_iter().map(|mut r| Ok((r.get(0)?, Verdict::read(&r.get::<String>(1)?, "verdict")?))).collect()
    })
}

/// At any time treated, held out and left out sum to the matched, and the counts are those of the rows.
pub(super) fn sound(t: &TestStore, id: BatchId, matched: usize) {
    let batch = get(t, id);
    let rows = verdicts(t, id);
    assert_eq!(rows.len(), matched);
    let mut counted: BTreeMap<Verdict, i64> = BTreeMap::new();
    for verdict in rows.values() {
        *counted.entry(*verdict).or_default() += 1;
    }
    let kept: BTreeMap<_, _> = batch.counts.iter().filter(|(_, n)| **n != 0).map(|(v, n)| (*v, *n)).collect();
    assert_eq!(kept, counted);
    let sums = hand::funnel(&batch.counts);
    assert_eq!(sums["not_held_out"], sums["treated"]);
    assert_eq!(sums["matched"], matched as i64);
}

/// A purchase of a member, written as the fold of orders writes it.
pub(super) fn buys(t: &TestStore, id: MemberId, number: &str, at: Instant, net_paid: i64) {
    let (m, key) = (t.merchant, number.to_owned());
    let cx: Ctx = t.ctx();
    t.write(move |tx| {
        let put = "INSERT INTO orders (merchant, id, source, source_id, platform, state, currency, refunded, net_paid, placed_at, paid_at, member, purchase, estimated, claim_failures, recorded_at, updated_at) VALUES ($1, $2, 'own', $3, 'own', 'paid', 'CNY', 0, $4, $5, $5, $6, 1, 0, 0, 0, 0)";
        tx.exec(put, args![m, cx.new_id::<shuke_members::MemberKind>(), &key, net_paid, at, id]).map(|_| ())
    });
}

/// How many acts of a kind there are.
pub(super) fn acts(t: &TestStore, kind: &str) -> i64 {
    let (m, kind) = (t.merchant, kind.to_owned());
    t.store
        .write_now(Lane::Interactive, move |tx| {
            tx.one("SELECT COUNT(*) FROM behaviour_event WHERE merchant = $1 AND kind = $2", args![m, &kind])?.get(0)
        })
        .expect("a count")
}
