//! Many at once: no piece is sold twice, no quota is exceeded, no point is lost.

use std::sync::atomic::{AtomicI64, AtomicUsize, Ordering};

use serde_json::json;
use shuke_benefits::reward::redeem;
use shuke_benefits::{BenefitId, RewardId, usage};
use shuke_kernel::{Actor, Clock, Ctx};
use shuke_loyalty::Member;
use shuke_loyalty::event::{Act, Event};
use shuke_members::MemberId;
use shuke_programme::ProgrammeId;
use shuke_programme::book::post::{self, Request};
use shuke_programme::definition::service as programmes;
use shuke_store::Lane;

use crate::world::*;

/// Members with so many points each, found by an own id.
fn crowd(shop: &Shop<'_>, count: usize, points: i64) -> Vec<MemberId> {
    let mut members = Vec::new();
    for start in (0..count).step_by(200) {
        let items = (start..count.min(start + 200)).map(|n| {
            json!({ "external": { "source": "own", "id": format!("m{n}") }, "keys": [{ "kind": "own_id", "namespace": "shop", "value": format!("m{n}") }] })
        });
        shop.api.post("/members/batch", items.collect());
    }
    let merchant = shop.t.merchant;
    shop.t
        .read(move |tx| {
            let rows = tx.rows("SELECT id FROM member WHERE merchant = $1 ORDER BY id", shuke_store::args![merchant])?;
            rows.into_iter().map(|mut r| r.get::<MemberId>(0)).collect::<shuke_kernel::Result<Vec<_>>>()
        })
        .into_iter()
        .for_each(|member| members.push(member));
    assert_eq!(members.len(), count);
    let (cx, programme): (Ctx, ProgrammeId) = (shop.t.ctx(), shop.programme.parse().unwrap());
    let all = members.clone();
    shop.t.write(move |tx| {
        let programme = programmes::get(tx, cx.merchant, programme)?;
        for some in all.chunks(100) {
            let given = |member: &MemberId| {
                let event = Event { time: cx.now, id: "start".to_owned(), act: Act::Adjust { points } };
                Request { facts: Some(Member::default()), ..Request::of(*member, vec![event]) }
            };
            post::post_many(tx, &cx, &programme, some.iter().map(given).collect())?;
        }
        Ok(())
    });
    members
}

#[test]
fn a_thousand_redeem_a_hundred_pieces() {
    both("stock", |shop| {
        let mug: RewardId = shop
            .make("/rewards", json!({ "name": "杯子", "kind": "goods", "programme": shop.programme, "points": 30, "stock": 100, "limit": { "uses": 1, "per": "ever" } }))
            .parse()
            .unwrap();
        let members = crowd(shop, 1_000, 50);
        let (got, none, next) = (AtomicI64::new(0), AtomicI64::new(0), AtomicUsize::new(0));
        std::thread::scope(|scope| {
            for _ in 0..16 {
                scope.spawn(|| {
                    loop {
                        let at = next.fetch_add(1, Ordering::SeqCst);
                        let Some(member) = members.get(at).copied() else { break };
                        let cx = Ctx::new(shop.t.merchant, Actor::System("test"), shop.t.clock.now());
                        let done = shop.t.store.write_now(Lane::Interactive, move |tx| {
                            let ask = redeem::Ask { member, reward: mug, request: format!("r{at}"), order: None, to: None };
                            redeem::make(tx, &cx, &ask).map(|made| made.available)
                        });
                        match done {
                            Ok(available) => {
                                assert_eq!(available, 20);
                                got.fetch_add(1, Ordering::SeqCst);
                            }
                            Err(e) => {
                                assert_eq!(e.refusal().map(|r| r.code.code), Some("reward.out_of_stock"), "{e}");
                                none.fetch_add(1, Ordering::SeqCst);
                            }
                        }
                    }
                });
            }
        });
        assert_eq!((got.load(Ordering::SeqCst), none.load(Ordering::SeqCst)), (100, 900));
        assert_eq!(shop.t.int("SELECT COUNT(*) FROM redemption"), 100);
        assert_eq!(shop.t.int("SELECT stock FROM reward"), 0);
        assert_eq!(shop.t.int("SELECT CAST(SUM(available) AS BIGINT) FROM points_book"), 1_000 * 50 - 100 * 30);
        assert_eq!(shop.t.int("SELECT CAST(SUM(redeemed) AS BIGINT) FROM points_book"), 100 * 30);
    });
}

#[test]
fn one_member_asks_for_everything_at_once() {
    both("one member", |shop| {
        let mug: RewardId = shop
            .make("/rewards", json!({ "name": "杯子", "kind": "goods", "programme": shop.programme, "points": 10, "limit": { "uses": 3, "per": "ever" } }))
            .parse()
            .unwrap();
        let free: BenefitId = shop
            .make("/benefits", json!({ "name": "包邮", "kind": "free_shipping", "quota": { "uses": 5, "per": "month" } }))
            .parse()
            .unwrap();
        let member = crowd(shop, 1, 1_000)[0];
        let (redeemed, used, doubled) = (AtomicI64::new(0), AtomicI64::new(0), AtomicI64::new(0));
        std::thread::scope(|scope| {
            for thread in 0..16_usize {
                let (redeemed, used, doubled) = (&redeemed, &used, &doubled);
                scope.spawn(move || {
                    for n in 0..10_usize {
                        // Two threads ask under the same id.
                        let request = format!("{}-{n}", thread / 2);
                        let cx = Ctx::new(shop.t.merchant, Actor::System("test"), shop.t.clock.now());
                        let (inner, name) = (cx.clone(), request.clone());
                        let done = shop.t.store.write_now(Lane::Interactive, move |tx| {
                            redeem::make(tx, &inner, &redeem::Ask { member, reward: mug, request: name.clone(), order: None, to: None })
                                .map(|m| m.new)
                        });
                        match done {
                            Ok(true) => drop(redeemed.fetch_add(1, Ordering::SeqCst)),
                            Ok(false) => drop(doubled.fetch_add(1, Ordering::SeqCst)),
                            Err(e) => assert_eq!(e.refusal().map(|r| r.code.code), Some("reward.limit_reached"), "{e}"),
                        }
                        let done = shop.t.store.write_now(Lane::Interactive, move |tx| {
                            usage::make(tx, &cx, &usage::Ask { member, benefit: free, request: request.clone(), order: None, cost: None })
                                .map(|m| m.1)
                        });
                        match done {
                            Ok(true) => drop(used.fetch_add(1, Ordering::SeqCst)),
                            Ok(false) => drop(doubled.fetch_add(1, Ordering::SeqCst)),
                            Err(e) => assert_eq!(e.refusal().map(|r| r.code.code), Some("benefit.quota_used"), "{e}"),
                        }
                    }
                });
            }
        });
        assert_eq!((redeemed.load(Ordering::SeqCst), used.load(Ordering::SeqCst)), (3, 5));
        assert_eq!(shop.t.int("SELECT COUNT(*) FROM redemption"), 3);
        assert_eq!(shop.t.int("SELECT COUNT(*) FROM benefit_use"), 5);
        assert_eq!(shop.t.int("SELECT available FROM points_book"), 1_000 - 30);
    });
}
