//! What each event does to the world of the slow model.

use shuke_loyalty::event::{Act, Event, Outcome};

use super::DAY;
use super::days::date_of;
use super::world::{Coupon, Order, Taking, World, day, end};

impl World {
    pub fn happens(&mut self, event: &Event, stands: bool) -> Outcome {
        match &event.act {
            Act::OrderPaid { order, net_fen, judged_by, .. } => {
                if self.order(order).is_some() {
                    return Outcome::Duplicate;
                }
                // A multiplier adds what it is more than one; that of the highest tier counts who holds it now.
                let rules = judged_by.map_or(&self.rules, |no| &self.all[no as usize - 1]).clone();
                let more = if self.tier.0 == 2 { rules.tier_factor - 100 } else { 0 };
                let exact = i128::from(*net_fen) * i128::from(rules.points) * i128::from(rules.factor + more);
                let mut points = (exact / (i128::from(rules.per_fen) * 100)) as i64;
                if self.orders.is_empty() {
                    points += rules.first_order;
                }
                let earned = self.earns(points, &rules);
                self.issued += earned;
                let made = Order { name: order.clone(), net: *net_fen, paid: self.now, earned, pending: earned, ..Order::default() };
                self.orders.push(made);
                let mine = |e: &Event| matches!(&e.act, Act::OrderCompleted { order: o } | Act::Refund { order: o, .. } | Act::OrderClosed { order: o } if o == order);
                let (waiting, others) = std::mem::take(&mut self.waiting).into_iter().partition(mine);
                self.waiting = others;
                for event in waiting as Vec<Event> {
                    self.happens(&event, false);
                }
                Outcome::Ok
            }
            Act::OrderCompleted { order } | Act::Refund { order, .. } | Act::OrderClosed { order } if self.order(order).is_none() => {
                self.waiting.push(event.clone());
                if matches!(event.act, Act::OrderClosed { .. }) {
                    self.coupons_of(order);
                    return Outcome::Ok;
                }
                Outcome::Waiting
            }
            Act::OrderCompleted { order } => {
                let i = self.order(order).unwrap();
                if self.orders[i].due.is_some() {
                    return Outcome::Duplicate;
                }
                self.orders[i].due = Some((event.time.micros() + self.rules.settlement * DAY).max(self.orders[i].paid));
                Outcome::Ok
            }
            Act::Refund { order, net_fen } => {
                let i = self.order(order).unwrap();
                let was = self.orders[i].clone();
                if was.refunded + net_fen > was.net {
                    return Outcome::ExceedsPaid;
                }
                self.orders[i].refunded += net_fen;
                self.orders[i].returned = self.orders[i].refunded == was.net;
                self.less(i, &was);
                Outcome::Ok
            }
            Act::OrderClosed { order } => {
                let i = self.order(order).unwrap();
                let was = self.orders[i].clone();
                if was.closed {
                    return Outcome::Duplicate;
                }
                self.orders[i].closed = true;
                self.less(i, &was);
                Outcome::Ok
            }
            Act::Spend { points } => self.take(false, &event.id, *points, stands),
            Act::Hold { points, until } => {
                let outcome = self.take(true, &event.id, *points, stands);
                if outcome == Outcome::Ok
                    && let Some(hold) = self.takings.last_mut()
                {
                    hold.until = until.map(|t| t.micros());
                }
                outcome
            }
            Act::SpendReverse { spend, points } => {
                let of = |t: &Taking, hold: bool| t.id == *spend && t.hold == hold && (!hold || t.state == 1);
                let place = self.takings.iter().position(|t| of(t, false)).or_else(|| self.takings.iter().position(|t| of(t, true)));
                let Some(place) = place else { return Outcome::Unknown };
                let left = self.takings[place].points.len() as i64;
                let points = points.unwrap_or(left);
                if points > left || points == 0 {
                    if !stands {
                        return Outcome::ExceedsSpend;
                    }
                    self.strain += points - left;
                }
                self.redeemed -= points.min(left);
                self.give_back(place, points.min(left));
                Outcome::Ok
            }
            Act::HoldCapture { hold } | Act::HoldRelease { hold } => {
                let Some(place) = self.takings.iter().position(|t| t.hold && t.id == *hold && t.state == 0) else {
                    self.strain += i64::from(stands);
                    return Outcome::Unknown;
                };
                if matches!(event.act, Act::HoldCapture { .. }) {
                    let points = self.takings[place].points.len() as i64;
                    self.frozen -= points;
                    self.redeemed += points;
                    self.takings[place].state = 1;
                } else {
                    self.let_go(place);
                }
                Outcome::Ok
            }
            Act::CheckIn => {
                let today = day(self.now);
                if self.check_ins.last() == Some(&today) {
                    return Outcome::AlreadyToday;
                }
                self.check_ins.push(today);
                let run = self.check_ins.iter().rev().enumerate().take_while(|(i, d)| **d == today - *i as i64).count() as i64;
                let bonus = if run % self.rules.streak.0 == 0 { self.rules.streak.1 } else { 0 };
                let rules = self.rules.clone();
                let points = self.earns(rules.check_in + bonus, &rules);
                let (y, m, d) = date_of(today);
                self.gift(format!("check_in:{y:04}-{m:02}-{d:02}"), points);
                Outcome::Ok
            }
            Act::Adjust { points } => {
                if *points > 0 {
                    self.gift(format!("adjust:{}", event.id), *points)
                } else {
                    self.take_back(-points, None)
                }
                Outcome::Ok
            }
            Act::Growth { value } => {
                self.growth.push((self.now, *value));
                self.rise();
                Outcome::Ok
            }
            Act::Revoke { grant } => {
                let usable = |c: &&mut Coupon| c.grant == *grant && (c.state == "available" || c.state == "restored");
                let Some(coupon) = self.coupons.iter_mut().find(usable) else { return Outcome::NotAvailable };
                coupon.state = "revoked";
                Outcome::Ok
            }
            Act::Claim { grant, .. } => {
                if self.coupons.iter().any(|c| c.grant == *grant) {
                    return Outcome::Duplicate;
                }
                if self.claimed >= self.rules.stock {
                    if !stands {
                        return Outcome::OutOfStock;
                    }
                    self.strain += 1;
                }
                self.claimed += 1;
                let expires = end(day(self.now) + self.rules.coupon_days);
                let (state, order) = ("available", String::new());
                self.coupons.push(Coupon { grant: grant.clone(), state, before: state, expires, order, lock: 0, extended: false });
                Outcome::Ok
            }
            Act::Lock { grant, order } => {
                let until = self.now + self.rules.lock_minutes * 60_000_000;
                let Some(coupon) = self.coupons.iter_mut().find(|c| c.grant == *grant) else { return Outcome::Unknown };
                if coupon.state == "locked" && coupon.order == *order {
                    return Outcome::Duplicate;
                }
                if coupon.state != "available" && coupon.state != "restored" {
                    if !stands {
                        return if coupon.state == "locked" { Outcome::AlreadyLocked } else { Outcome::NotAvailable };
                    }
                    self.strain += 1;
                }
                coupon.before = match coupon.state {
                    "restored" => "restored",
                    "locked" => coupon.before,
                    _ => "available",
                };
                (coupon.state, coupon.order, coupon.lock) = ("locked", order.clone(), until);
                Outcome::Ok
            }
            Act::Redeem { grant, order } => {
                let Some(coupon) = self.coupons.iter_mut().find(|c| c.grant == *grant) else { return Outcome::NotAvailable };
                let mine = coupon.order == *order;
                let refused = match coupon.state {
                    "locked" if mine => None,
                    "used" if mine => return Outcome::Duplicate,
                    "locked" => Some(Outcome::LockedByOther),
                    "available" | "restored" => Some(Outcome::NotLocked),
                    _ => Some(Outcome::NotAvailable),
                };
                if let Some(refused) = refused {
                    if !stands {
                        return refused;
                    }
                    self.strain += 1;
                }
                (coupon.state, coupon.order) = ("used", order.clone());
                Outcome::Ok
            }
            Act::Release { grant, order } => {
                let now = self.now;
                let held = self.coupons.iter_mut().find(|c| c.grant == *grant && c.state == "locked" && c.order == *order);
                let Some(coupon) = held else { return Outcome::NotLocked };
                coupon.state = if coupon.expires <= now { "expired" } else { coupon.before };
                coupon.order.clear();
                Outcome::Ok
            }
            _ => Outcome::Ok,
        }
    }
}
