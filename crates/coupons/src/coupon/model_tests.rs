//! The life of a coupon: its rules one by one, and against a naive model that lets time pass minute by minute.

use std::collections::BTreeSet;

use proptest::prelude::*;
use shuke_kernel::Instant;

use super::model::*;

fn order(no: u8) -> OrderName {
    OrderName { source: "shop".to_owned(), no: no.to_string() }
}

fn fresh() -> Life {
    Life::new(None, Instant(100))
}

fn locked(by: u8, until: i64) -> Life {
    let mut life = fresh();
    life.lock(&order(by), Instant(until), Instant(1)).expect("a lock");
    life
}

fn used(by: u8) -> Life {
    let mut life = locked(by, 50);
    life.redeem(&order(by), Late::Never).expect("a use");
    life
}

#[test]
fn a_coupon_is_taken_by_one_order_at_a_time() {
    let mut life = fresh();
    assert_eq!(life.lock(&order(1), Instant(50), Instant(1)), Ok(Done::Now));
    assert_eq!(life.lock(&order(1), Instant(90), Instant(2)), Ok(Done::Before));
    assert_eq!(life.hold.map(|hold| hold.until), Some(Instant(50)), "the same again changes nothing");
    assert_eq!(life.lock(&order(2), Instant(50), Instant(2)), Err(Not::Free));
    assert_eq!(life.redeem(&order(2), Late::Never), Err(Not::Free));
    assert_eq!(life.redeem(&order(1), Late::Never), Ok(Done::Now));
    assert_eq!(life.redeem(&order(1), Late::Never), Ok(Done::Before));
    assert_eq!(life.lock(&order(2), Instant(50), Instant(3)), Err(Not::Available(State::Used)));
    assert_eq!(life.release(&order(1), Instant(3)), Err(Not::Unused));
}

#[test]
fn a_hold_ends_with_its_time_and_the_coupon_lives_as_long() {
    let mut life = locked(1, 150);
    assert_eq!(life.pass(Instant(149)), Passed::default(), "past its own end it is held on");
    let mut paid = life.clone();
    assert_eq!(paid.redeem(&order(1), Late::Never), Ok(Done::Now));
    assert_eq!(life.pass(Instant(200)), Passed { let_go: Some((order(1), Instant(150))), expired: true });
    assert_eq!(life.state, State::Expired);
    let mut soon = locked(1, 50);
    assert_eq!(soon.pass(Instant(50)), Passed { let_go: Some((order(1), Instant(50))), expired: false });
    assert_eq!((soon.state, soon.due()), (State::Available, Some(Instant(100))));
}

#[test]
fn who_pays_late_has_it_where_it_is_still_there() {
    let mut life = locked(1, 50);
    life.pass(Instant(60));
    assert_eq!(life.redeem(&order(1), Late::Never), Err(Not::Locked));
    let mut other = life.clone();
    assert_eq!(life.redeem(&order(1), Late::After), Ok(Done::Now));
    other.lock(&order(2), Instant(90), Instant(61)).expect("a lock");
    assert_eq!(other.redeem(&order(1), Late::After), Err(Not::Free));
    other.pass(Instant(100));
    assert_eq!(other.state, State::Expired);
    assert_eq!(other.redeem(&order(1), Late::After), Err(Not::Available(State::Expired)));
    assert_eq!(other.redeem(&order(1), Late::InTime), Ok(Done::Now), "it paid while it held it");
}

#[test]
fn an_order_that_is_gone_gives_its_coupon_back_as_the_template_says() {
    let mut life = used(1);
    assert_eq!(life.order_gone(&order(2), Instant(60), true, Instant(160)), Done::Before);
    assert_eq!(life.order_gone(&order(1), Instant(60), true, Instant(160)), Done::Now);
    assert_eq!((life.state, life.expires, life.extended), (State::Restored, Instant(100), false));
    let mut closed = used(1);
    closed.order_gone(&order(1), Instant(60), false, Instant(160));
    assert_eq!(closed.state, State::Closed);
    let mut late = used(1);
    late.order_gone(&order(1), Instant(120), true, Instant(160));
    assert_eq!((late.state, late.expires, late.extended), (State::Restored, Instant(160), true), "days of grace");
    late.lock(&order(2), Instant(155), Instant(130)).expect("a lock");
    late.redeem(&order(2), Late::Never).expect("a use");
    late.order_gone(&order(2), Instant(170), true, Instant(210));
    assert_eq!(late.state, State::Closed, "once only");
}

#[test]
fn what_is_restored_and_held_is_restored_again_when_it_is_let_go() {
    let mut life = used(1);
    life.order_gone(&order(1), Instant(60), true, Instant(160));
    life.lock(&order(2), Instant(90), Instant(61)).expect("a lock");
    assert_eq!(life.release(&order(2), Instant(62)), Ok(Done::Now));
    assert_eq!(life.state, State::Restored);
    assert_eq!(life.release(&order(2), Instant(62)), Ok(Done::Before));
    assert_eq!(life.revoke(), Ok(Done::Now));
    assert_eq!(life.revoke(), Ok(Done::Before));
    assert_eq!(locked(1, 50).revoke(), Err(Not::Free));
    assert_eq!(used(1).revoke(), Err(Not::Available(State::Used)));
}

#[test]
fn a_coupon_is_good_from_its_beginning_on() {
    let mut life = Life::new(Some(Instant(10)), Instant(100));
    assert_eq!(life.lock(&order(1), Instant(50), Instant(9)), Err(Not::Started(Instant(10))));
    assert_eq!(life.lock(&order(1), Instant(50), Instant(10)), Ok(Done::Now));
    let never = Life::new(None, Instant(i64::MAX));
    assert_eq!(never.due(), None);
}

/// A coupon as somebody would keep it in a notebook.
struct Naive {
    at: i64,
    state: &'static str,
    order: Option<u8>,
    until: i64,
    back_to: &'static str,
    expires: i64,
    extended: bool,
    /// Orders that ever held it.
    held_by: BTreeSet<u8>,
    /// How often it was used and not given back.
    uses: i64,
}

impl Naive {
    fn wait(&mut self, minutes: i64) {
        for _ in 0..minutes {
            self.at += 1;
            if self.state == "locked" && self.until == self.at {
                (self.state, self.order) = (self.back_to, None);
            }
            if ["available", "restored"].contains(&self.state) && self.expires <= self.at {
                self.state = "expired";
            }
        }
    }

    fn act(&mut self, act: Act) -> bool {
        match act {
            Act::Wait(minutes) => self.wait(minutes),
            Act::Lock(order, minutes) => {
                if self.state == "locked" && self.order == Some(order) {
                    return true;
                }
                if !["available", "restored"].contains(&self.state) {
                    return false;
                }
                (self.back_to, self.state, self.order, self.until) = (self.state, "locked", Some(order), self.at + minutes);
                self.held_by.insert(order);
            }
            Act::Redeem(order) => {
                if self.state == "used" && self.order == Some(order) {
                    return true;
                }
                let holds = self.state == "locked" && self.order == Some(order);
                let may = holds || self.held_by.contains(&order) && ["available", "restored"].contains(&self.state);
                if !may {
                    return false;
                }
                (self.state, self.order) = ("used", Some(order));
                self.uses += 1;
            }
            Act::Release(order) => {
                if self.state == "used" && self.order == Some(order) {
                    return false;
                }
                if self.state == "locked" && self.order == Some(order) {
                    (self.state, self.order) = (if self.expires <= self.at { "expired" } else { self.back_to }, None);
                }
            }
            Act::Gone(order, restore) => {
                if self.order != Some(order) {
                    return true;
                }
                if self.state == "locked" {
                    (self.state, self.order) = (if self.expires <= self.at { "expired" } else { self.back_to }, None);
                } else if self.state == "used" {
                    self.uses -= 1;
                    if self.expires > self.at && restore {
                        (self.state, self.order) = ("restored", None);
                    } else if restore && !self.extended {
                        (self.state, self.order, self.extended, self.expires) = ("restored", None, true, self.at + GRACE);
                    } else {
                        self.state = "closed";
                    }
                }
            }
            Act::Revoke => match self.state {
                "available" | "restored" => self.state = "revoked",
                "revoked" => {}
                _ => return false,
            },
        }
        true
    }
}

const GRACE: i64 = 12;
const END: i64 = 40;

#[derive(Clone, Copy, Debug)]
enum Act {
    Wait(i64),
    Lock(u8, i64),
    Redeem(u8),
    Release(u8),
    Gone(u8, bool),
    Revoke,
}

fn act() -> impl Strategy<Value = Act> {
    let orders = 1_u8..4;
    prop_oneof![
        4 => (1_i64..15).prop_map(Act::Wait),
        4 => (orders.clone(), 1_i64..20).prop_map(|(order, minutes)| Act::Lock(order, minutes)),
        3 => orders.clone().prop_map(Act::Redeem),
        2 => orders.clone().prop_map(Act::Release),
        2 => (orders, any::<bool>()).prop_map(|(order, restore)| Act::Gone(order, restore)),
        1 => Just(Act::Revoke),
    ]
}

proptest! {
    #[test]
    fn a_coupon_lives_as_a_naive_model_says(acts in prop::collection::vec(act(), 1..60)) {
        let mut life = Life::new(None, Instant(END));
        let (mut now, mut held_by) = (0_i64, BTreeSet::new());
        let mut naive = Naive {
            at: 0, state: "available", order: None, until: 0, back_to: "available", expires: END, extended: false, held_by: BTreeSet::new(), uses: 0,
        };
        for act in acts {
            let expected = naive.act(act);
            if let Act::Wait(minutes) = act {
                // Time is looked at only when something is asked of the coupon.
                now += minutes;
                continue;
            }
            life.pass(Instant(now));
            let done = match act {
                Act::Wait(_) => true,
                Act::Lock(no, minutes) => {
                    let done = life.lock(&order(no), Instant(now + minutes), Instant(now)).is_ok();
                    if done {
                        held_by.insert(no);
                    }
                    done
                }
                Act::Redeem(no) => life.redeem(&order(no), if held_by.contains(&no) { Late::After } else { Late::Never }).is_ok(),
                Act::Release(no) => life.release(&order(no), Instant(now)).is_ok(),
                Act::Gone(no, restore) => {
                    life.order_gone(&order(no), Instant(now), restore, Instant(now + GRACE));
                    true
                }
                Act::Revoke => life.revoke().is_ok(),
            };
            prop_assert_eq!(done, expected, "{:?} at {}", act, now);
            prop_assert_eq!(life.state.word(), naive.state, "after {:?} at {}", act, now);
            let whose = life.order.as_ref().map(|order| order.no.clone());
            prop_assert_eq!(whose, naive.order.map(|no| no.to_string()), "after {:?} at {}", act, now);
            prop_assert!((0..=1).contains(&naive.uses), "used twice");
            prop_assert_eq!(life.state == State::Used, naive.uses == 1);
        }
    }
}
