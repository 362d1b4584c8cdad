//! Many at once: no piece is handed out twice, no budget or limit is exceeded, no coupon is used twice.

use std::sync::atomic::{AtomicI64, AtomicUsize, Ordering};

use serde_json::json;
use shuke_coupons::coupon::claim::{Ask, Claims, claim};
use shuke_coupons::coupon::course::{self, Came, Turn};
use shuke_coupons::coupon::lock::{self, Item, Which};
use shuke_coupons::coupon::{OrderName, take};
use shuke_coupons::{BatchId, CouponId};
use shuke_kernel::{Actor, Clock, Ctx};
use shuke_members::MemberId;
use shuke_store::{Lane, Store, args};

use crate::world::*;

/// Members, found by an own id.
fn crowd(shop: &Shop<'_>, count: usize) -> Vec<MemberId> {
    for start in (0..count).step_by(200) {
        let items = (start..count.min(start + 200)).map(|n| {
            json!({ "external": { "source": "own", "id": format!("m{n}") }, "keys": [{ "kind": "own_id", "namespace": "shop", "value": format!("m{n}") }] })
        });
        shop.api.post("/members/batch", items.collect());
    }
    let merchant = shop.t.merchant;
    let members = shop.t.read(move |tx| {
        let rows = tx.rows("SELECT id FROM member WHERE merchant = $1 ORDER BY id", args![merchant])?;
        rows.into_iter().map(|mut r| r.get::<MemberId>(0)).collect::<shuke_kernel::Result<Vec<_>>>()
    });
    assert_eq!(members.len(), count);
    members
}

/// What threads make contexts with.
fn contexts(shop: &Shop<'_>) -> impl Fn() -> Ctx + Clone + Send + Sync + use<> {
    let (merchant, clock) = (shop.t.merchant, shop.t.clock.clone());
    move || Ctx::new(merchant, Actor::System("test"), clock.now())
}

/// The instances that serve the shop: two, where that can be.
fn stores(shop: &Shop<'_>) -> Vec<Store> {
    let mut all = vec![shop.t.store.clone()];
    if shop.t.store.engine() == shuke_store::Engine::Postgres {
        all.push(shop.t.another());
    }
    all
}

#[test]
fn eight_hundred_claim_three_hundred_and_each_has_one() {
    both("a rush", |shop| {
        let body =
            json!({ "name": "抢券", "offer": { "kind": "no_threshold" }, "random": { "min": 100, "max": 500 }, "validity": { "days": 1 } });
        let template = shop.template(body);
        let batch: BatchId = shop.batch(&template, json!({ "pieces": 300, "budget": yuan(60_000), "per_member": 1 })).parse().unwrap();
        let members = crowd(shop, 800);
        let (had, gone) = (AtomicI64::new(0), AtomicI64::new(0));
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
        let (stores, cx) = (stores(shop), contexts(shop));
        let done: Vec<_> = members
            .iter()
            .enumerate()
            .map(|(at, member)| {
                let (store, cx, member) = (stores[at % stores.len()].clone(), cx(), *member);
                // Everybody asks twice, under two names: only one can be theirs.
                runtime.spawn(async move {
                    let ask = |name: &str| Ask { member, batch, request: format!("{name}{at}") };
                    let first = claim(&store, &cx, ask("a")).await;
                    let second = claim(&store, &cx, ask("b")).await;
                    (first, second)
                })
            })
            .collect();
        for answers in done {
            let (first, second) = runtime.block_on(answers).unwrap();
            match first.unwrap().answer() {
                Ok((_, new)) => {
                    assert!(new);
                    had.fetch_add(1, Ordering::SeqCst);
                    let no = second.unwrap().answer().unwrap_err();
                    let code = no.refusal().map(|r| r.code.code);
                    assert!(matches!(code, Some("coupon.limit_reached" | "coupon.sold_out")), "{no}");
                }
                Err(no) => {
                    assert_eq!(no.refusal().map(|r| r.code.code), Some("coupon.sold_out"), "{no}");
                    gone.fetch_add(1, Ordering::SeqCst);
                    // A stock that is gone stays gone.
                    assert!(second.unwrap().answer().is_err());
                }
            }
        }
        assert_eq!((had.load(Ordering::SeqCst), gone.load(Ordering::SeqCst)), (300, 500));
        assert_eq!(shop.t.int("SELECT COUNT(*) FROM coupon"), 300);
        assert_eq!(shop.t.int("SELECT COUNT(DISTINCT member) FROM coupon"), 300);
        assert_eq!(shop.t.int("SELECT CAST(SUM(amount) AS BIGINT) FROM coupon"), 60_000, "the budget, to the fen");
        assert_eq!(shop.t.int("SELECT CAST(SUM(pieces) + SUM(money) AS BIGINT) FROM coupon_stock"), 0);
    });
}

#[test]
fn gathered_claims_are_answered_each_for_itself() {
    both("gathered", |shop| {
        let template = shop.template(ten_off());
        let batch: BatchId = shop.batch(&template, json!({ "pieces": 5, "per_member": 1 })).parse().unwrap();
        let members = crowd(shop, 8);
        let of = contexts(shop)();
        let nobody = MemberId::from_bytes([9; 16]);
        let asks: Vec<Ask> = members
            .iter()
            .chain([&members[0], &nobody])
            .enumerate()
            .map(|(n, member)| Ask { member: *member, batch, request: n.to_string() })
            .collect();
        let answers = shop.t.write(move |tx| <Claims as shuke_store::together::Together>::write(tx, &of, &asks));
        let codes: Vec<Option<&str>> =
            answers.into_iter().map(|a| a.answer().err().and_then(|e| e.refusal().map(|r| r.code.code))).collect();
        let (sold_out, limit) = (Some("coupon.sold_out"), Some("coupon.limit_reached"));
        assert_eq!(codes[..8], [None, None, None, None, None, sold_out, sold_out, sold_out]);
        assert_eq!(codes[8..], [limit, Some("member.not_found")]);
    });
}

#[test]
fn orders_that_want_the_same_coupons_use_each_once() {
    both("the same coupons", |shop| {
        let template = shop.template(ten_off());
        let batch: BatchId = shop.batch(&template, json!({})).parse().unwrap();
        let member = crowd(shop, 1)[0];
        let cx = contexts(shop);
        let of = cx();
        let coupons: Vec<CouponId> = shop.t.write(move |tx| {
            let mut out = Vec::new();
            for n in 0..10 {
                out.push(take::grant(tx, &of, member, batch, format!("g{n}"))?.map_err(shuke_kernel::Error::from)?.coupon.id);
            }
            Ok(out)
        });
        let (next, used, stores) = (AtomicUsize::new(0), AtomicI64::new(0), stores(shop));
        std::thread::scope(|scope| {
            for thread in 0..8_usize {
                let (next, used, coupons, cx, store) = (&next, &used, &coupons, &cx, stores[thread % stores.len()].clone());
                scope.spawn(move || {
                    loop {
                        let at = next.fetch_add(1, Ordering::SeqCst);
                        if at >= 120 {
                            break;
                        }
                        let order = OrderName { source: "own".to_owned(), no: at.to_string() };
                        // Two of them, in another sequence each time.
                        let (first, second) = (coupons[at % 10], coupons[(at * 7 + 3) % 10]);
                        let items = [second, first].iter().map(|id| Item { which: Which::Id(*id), saving: 1_000 }).collect();
                        let ask = lock::Ask { order: order.clone(), member: Some(member), until: None, items };
                        let of = cx();
                        let locked = store.write_now(Lane::Interactive, move |tx| lock::lock(tx, &of, &ask).map(|all| all.len()));
                        let turn = if at % 3 == 0 { Turn::LetGo } else { Turn::Paid { at: None, asked: true } };
                        match locked {
                            Ok(count) => assert_eq!(count, 2),
                            Err(e) => {
                                let code = e.refusal().map(|r| r.code.code);
                                assert!(matches!(code, Some("coupon.locked" | "coupon.not_available" | "coupon.invalid")), "{e}");
                            }
                        }
                        for _ in 0..2 {
                            let (of, name) = (cx(), order.clone());
                            let came = store.write_now(Lane::Interactive, move |tx| course::turn(tx, &of, &name, None, turn)).unwrap();
                            let now = came.iter().filter(|step| step.came == Came::Now).count();
                            if turn != Turn::LetGo {
                                used.fetch_add(i64::try_from(now).unwrap(), Ordering::SeqCst);
                            }
                        }
                    }
                });
            }
        });
        let kept = shop.t.int("SELECT COUNT(*) FROM coupon WHERE state = 'used'");
        assert_eq!(used.load(Ordering::SeqCst), kept);
        assert_eq!(shop.t.int("SELECT COUNT(*) FROM coupon_use WHERE state = 'used'"), kept);
        assert_eq!(shop.t.int("SELECT COUNT(*) FROM coupon_use WHERE state = 'missed'"), 0, "nobody's hold was over");
    });
}

#[test]
fn a_code_is_entered_by_one_of_many() {
    both("one code", |shop| {
        let template = shop.template(ten_off());
        let batch = shop.batch(&template, json!({ "pieces": 1, "codes": true }));
        shop.jobs();
        let members = crowd(shop, 24);
        let merchant = shop.t.merchant;
        let keys = shop.t.read(move |tx| tx.keys(merchant));
        let code = shuke_coupons::code::of(&keys, batch.parse().unwrap(), 0);
        let (had, next) = (AtomicI64::new(0), AtomicUsize::new(0));
        let (store, cx) = (shop.t.store.clone(), contexts(shop));
        std::thread::scope(|scope| {
            for _ in 0..8 {
                scope.spawn(|| {
                    while let Some(member) = members.get(next.fetch_add(1, Ordering::SeqCst)).copied() {
                        let (of, code) = (cx(), code.clone());
                        let done = store.write_now(Lane::Interactive, move |tx| {
                            shuke_coupons::code::enter::enter(tx, &of, member, &code, "x").map(|taken| taken.new)
                        });
                        match done {
                            Ok(new) => {
                                assert!(new);
                                had.fetch_add(1, Ordering::SeqCst);
                            }
                            Err(e) => assert_eq!(e.refusal().map(|r| r.code.code), Some("coupon.code_taken"), "{e}"),
                        }
                    }
                });
            }
        });
        assert_eq!(had.load(Ordering::SeqCst), 1);
        assert_eq!(shop.t.int("SELECT COUNT(*) FROM coupon"), 1);
    });
}
