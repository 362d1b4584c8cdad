//! Coupons: claimed within stock and budget, held for an order, used once, given back with it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use shuke_kernel::Instant;

use crate::calendar::{self, MINUTE, later};
use crate::compact::usual;
use crate::event::Outcome;
use crate::jobs::Due;
use crate::programme::{CouponValidity, Template};
use crate::turn::Turn;

/// Where a coupon stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CouponState {
    /// It can be used.
    Available,
    /// An order holds it.
    Locked,
    /// It was used.
    Used,
    /// It came back with its order and can be used.
    Restored,
    /// Its order is gone and it does not come back.
    Closed,
    /// It ended.
    Expired,
    /// It was taken away.
    Revoked,
}

/// A coupon of somebody.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Coupon {
    /// Of which template.
    pub template: String,
    /// Where it stands.
    pub state: CouponState,
    /// When it ends.
    pub expires: Instant,
    /// The order that holds it or used it.
    pub order: Option<String>,
    /// While held: until when, and where it stood before.
    pub lock: Option<(Instant, CouponState)>,
    /// Whether it was given days beyond its end.
    pub extended: bool,
}

/// All coupons, and what was given out of each template.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct Coupons {
    /// By what they are called.
    #[serde(default, skip_serializing_if = "usual")]
    pub all: BTreeMap<String, Coupon>,
    /// Of each template: pieces, fen, and pieces by member.
    #[serde(default, skip_serializing_if = "usual")]
    given: BTreeMap<String, Given>,
}

#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
struct Given {
    pieces: i64,
    fen: i128,
    by_member: BTreeMap<String, i64>,
}

impl Coupons {
    /// Takes in coupons that another book gave, and what it gave them out of.
    pub(crate) fn join(&mut self, all: impl Iterator<Item = (String, Coupon)>, other: &Self) {
        self.all.extend(all);
        for (template, more) in &other.given {
            let given = self.given.entry(template.clone()).or_default();
            given.pieces += more.pieces;
            given.fen += more.fen;
            for (member, pieces) in &more.by_member {
                *given.by_member.entry(member.clone()).or_default() += pieces;
            }
        }
    }
}

impl<'a> Turn<'a> {
    /// Claims a coupon. What stands in the way is told in this order: time, stock, budget, the member's limit.
    pub fn claim(&mut self, template: &str, grant: &str, member: &str) -> Outcome {
        let programme = self.programme;
        let Some(template) = programme.template(template) else { return Outcome::Unknown };
        if self.state.coupons.all.contains_key(grant) {
            return Outcome::Duplicate;
        }
        let hindrance = self.hindrance(template, member);
        if let Some(outcome) = hindrance {
            if !self.stands {
                return outcome;
            }
            self.strained();
        }
        let given = self.state.coupons.given.entry(template.id.clone()).or_default();
        given.pieces += 1;
        given.fen += i128::from(template.amount);
        *given.by_member.entry(member.to_owned()).or_default() += 1;
        let expires = match template.validity {
            CouponValidity::To(to) => to,
            CouponValidity::Days(days) => calendar::end_of(&programme.zone, calendar::plus_days(self.today(), days)),
        };
        let coupon =
            Coupon { template: template.id.clone(), state: CouponState::Available, expires, order: None, lock: None, extended: false };
        self.state.coupons.all.insert(grant.to_owned(), coupon);
        self.expect(expires, Due::CouponEnd(grant.to_owned()));
        Outcome::Ok
    }

    fn hindrance(&self, template: &Template, member: &str) -> Option<Outcome> {
        let none = Given::default();
        let given = self.state.coupons.given.get(&template.id).unwrap_or(&none);
        let early = template.claim_from.is_some_and(|from| self.now < from);
        if early || template.claim_to.is_some_and(|to| to <= self.now) {
            Some(Outcome::NotInClaimTime)
        } else if template.stock.is_some_and(|stock| given.pieces >= stock) {
            Some(Outcome::OutOfStock)
        } else if template.budget_fen.is_some_and(|budget| given.fen + i128::from(template.amount) > i128::from(budget)) {
            Some(Outcome::OverBudget)
        } else if template.per_member.is_some_and(|limit| given.by_member.get(member).copied().unwrap_or(0) >= limit) {
            Some(Outcome::LimitReached)
        } else {
            None
        }
    }

    fn strained(&mut self) {
        self.state.strain = self.state.strain.saturating_add(1);
    }

    /// The template of that name, in the version in force or else in the last one that had it: coupons outlive the rules they came by.
    fn template(&self, id: &str) -> Option<&'a Template> {
        self.rules.until_now(self.state).find_map(|version| version.template(id))
    }

    fn minutes(&self, template: &str) -> i64 {
        self.template(template).map_or(15, |t| t.lock_minutes)
    }

    /// Holds a coupon for an order.
    pub fn lock(&mut self, grant: &str, order: &str) -> Outcome {
        let Some(coupon) = self.state.coupons.all.get(grant) else { return Outcome::Unknown };
        match coupon.state {
            CouponState::Locked if coupon.order.as_deref() == Some(order) => return Outcome::Duplicate,
            CouponState::Available | CouponState::Restored => {}
            _ if self.stands => self.strained(),
            CouponState::Locked => return Outcome::AlreadyLocked,
            _ => return Outcome::NotAvailable,
        }
        let Some(coupon) = self.state.coupons.all.get(grant) else { return Outcome::Unknown };
        let until = later(self.now, self.minutes(&coupon.template).saturating_mul(MINUTE));
        if let Some(coupon) = self.state.coupons.all.get_mut(grant) {
            let was = match (coupon.state, coupon.lock) {
                (CouponState::Restored, _) => CouponState::Restored,
                (CouponState::Locked, Some((_, before))) => before,
                _ => CouponState::Available,
            };
            (coupon.state, coupon.order, coupon.lock) = (CouponState::Locked, Some(order.to_owned()), Some((until, was)));
        }
        self.expect(until, Due::LockEnd(grant.to_owned()));
        Outcome::Ok
    }

    /// Uses a coupon on the order that holds it.
    pub fn redeem(&mut self, grant: &str, order: &str) -> Outcome {
        let Some(coupon) = self.state.coupons.all.get(grant) else { return Outcome::NotAvailable };
        let mine = coupon.order.as_deref() == Some(order);
        let outcome = match coupon.state {
            CouponState::Locked if mine => Outcome::Ok,
            CouponState::Used if mine => return Outcome::Duplicate,
            CouponState::Locked => Outcome::LockedByOther,
            CouponState::Available | CouponState::Restored => Outcome::NotLocked,
            _ => Outcome::NotAvailable,
        };
        if outcome != Outcome::Ok {
            if !self.stands {
                return outcome;
            }
            self.strained();
        }
        if let Some(coupon) = self.state.coupons.all.get_mut(grant) {
            (coupon.state, coupon.order, coupon.lock) = (CouponState::Used, Some(order.to_owned()), None);
        }
        Outcome::Ok
    }

    /// Frees a coupon that an order holds.
    pub fn release(&mut self, grant: &str, order: &str) -> Outcome {
        let held = |coupon: &&Coupon| coupon.state == CouponState::Locked && coupon.order.as_deref() == Some(order);
        if self.state.coupons.all.get(grant).filter(held).is_none() {
            return Outcome::NotLocked;
        }
        self.free(grant);
        Outcome::Ok
    }

    /// Takes away a coupon that could be used.
    pub fn revoke(&mut self, grant: &str) -> Outcome {
        let Some(coupon) = self.state.coupons.all.get_mut(grant) else { return Outcome::NotAvailable };
        if !matches!(coupon.state, CouponState::Available | CouponState::Restored) {
            return Outcome::NotAvailable;
        }
        coupon.state = CouponState::Revoked;
        Outcome::Ok
    }

    /// A lock's time is over, unless it was taken anew since.
    pub fn lock_ends(&mut self, grant: &str) {
        let over = |coupon: &Coupon| coupon.lock.is_some_and(|(until, _)| until <= self.now);
        if self.state.coupons.all.get(grant).is_some_and(over) {
            self.free(grant);
        }
    }

    /// A lock is gone: the coupon stands where it stood before, or has ended meanwhile.
    fn free(&mut self, grant: &str) {
        let now = self.now;
        let Some(coupon) = self.state.coupons.all.get_mut(grant) else { return };
        if let Some((_, before)) = coupon.lock.take() {
            coupon.state = if coupon.expires <= now { CouponState::Expired } else { before };
            coupon.order = None;
        }
    }

    /// A coupon's time is over; one that is held lives as long as the lock.
    pub fn coupon_ends(&mut self, grant: &str) {
        let now = self.now;
        let Some(coupon) = self.state.coupons.all.get_mut(grant) else { return };
        if matches!(coupon.state, CouponState::Available | CouponState::Restored) && coupon.expires <= now {
            coupon.state = CouponState::Expired;
        }
    }

    /// An order is closed or wholly refunded: it holds nothing any more, and what it used comes back as the templates say.
    pub fn coupons_of_gone_order(&mut self, order: &str) {
        let of_order = |coupon: &&Coupon| coupon.order.as_deref() == Some(order);
        let named = |(grant, coupon): (&String, &Coupon)| (grant.clone(), coupon.state);
        let grants: Vec<_> = self.state.coupons.all.iter().filter(|(_, c)| of_order(c)).map(named).collect();
        for (grant, state) in grants {
            match state {
                CouponState::Locked => self.free(&grant),
                CouponState::Used => self.comes_back(&grant),
                _ => {}
            }
        }
    }

    fn comes_back(&mut self, grant: &str) {
        let (programme, now, today) = (self.programme, self.now, self.today());
        let Some(coupon) = self.state.coupons.all.get(grant) else { return };
        let Some(template) = self.template(&coupon.template) else { return };
        let Some(coupon) = self.state.coupons.all.get_mut(grant) else { return };
        let lapsed = coupon.expires <= now;
        if !template.restore || lapsed && coupon.extended {
            coupon.state = CouponState::Closed;
            return;
        }
        coupon.state = CouponState::Restored;
        coupon.order = None;
        if lapsed {
            coupon.extended = true;
            coupon.expires = calendar::end_of(&programme.zone, calendar::plus_days(today, template.restore_grace_days));
        }
        let expires = coupon.expires;
        self.expect(expires, Due::CouponEnd(grant.to_owned()));
    }
}
