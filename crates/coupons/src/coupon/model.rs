//! The life of one coupon: pure rules, without a clock and without a store.
//!
//! `available → locked → used → restored or closed`; `expired` and `revoked` from where it could be used. An order that
//! locked a coupon and let it go can still have it when its payment arrives late, as long as nobody else has it.

use serde::{Deserialize, Serialize};
use shuke_kernel::Instant;
use utoipa::ToSchema;

/// Where a coupon stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = CouponState)]
pub enum State {
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

impl State {
    /// All of them.
    pub const ALL: [Self; 7] = [Self::Available, Self::Locked, Self::Used, Self::Restored, Self::Closed, Self::Expired, Self::Revoked];

    /// The word kept in the store, and read by the pricing engine.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Available => "available",
            Self::Locked => "locked",
            Self::Used => "used",
            Self::Restored => "restored",
            Self::Closed => "closed",
            Self::Expired => "expired",
            Self::Revoked => "revoked",
        }
    }

    /// How it is said in Chinese.
    pub const fn said(self) -> &'static str {
        match self {
            Self::Available => "可用",
            Self::Locked => "占用中",
            Self::Used => "已使用",
            Self::Restored => "已退回",
            Self::Closed => "已关闭",
            Self::Expired => "已过期",
            Self::Revoked => "已收回",
        }
    }

    /// The one of that word.
    pub fn of(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.word() == word)
    }

    /// Whether an order may take it.
    pub const fn is_free(self) -> bool {
        matches!(self, Self::Available | Self::Restored)
    }
}

/// Which order: its source and what it is called there.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct OrderName {
    /// Which system.
    pub source: String,
    /// Its number there.
    pub no: String,
}

/// A hold that an order has.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Hold {
    /// Until when; not at this instant any more.
    pub until: Instant,
    /// Whether it stood restored before, not available.
    pub restored: bool,
}

/// A coupon as far as these rules go.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Life {
    /// Where it stands.
    pub state: State,
    /// Not good before.
    pub from: Option<Instant>,
    /// Not good at this instant any more.
    pub expires: Instant,
    /// The order that holds it or used it.
    pub order: Option<OrderName>,
    /// While an order holds it.
    pub hold: Option<Hold>,
    /// Whether it was given days beyond its end; once only.
    pub extended: bool,
}

/// What time alone has done.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Passed {
    /// The order whose hold timed out, and when.
    pub let_go: Option<(OrderName, Instant)>,
    /// Whether it ended.
    pub expired: bool,
}

/// Why something cannot be done with a coupon.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Not {
    /// It is good from then on.
    Started(Instant),
    /// Another order holds it.
    Free,
    /// It is used, closed, expired or revoked.
    Available(State),
    /// The order does not hold it, and never did.
    Locked,
    /// It was used on this very order.
    Unused,
}

/// What came of a step.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Done {
    /// It was done now.
    Now,
    /// It had been done already.
    Before,
}

/// How a payment comes to an order that holds nothing any more.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Late {
    /// It never held the coupon.
    Never,
    /// It did, and paid after it had let it go.
    After,
    /// It paid while it held it, which was heard late: that the coupon's own time has run out since is no matter.
    InTime,
}

impl Life {
    /// One that is had now.
    pub const fn new(from: Option<Instant>, expires: Instant) -> Self {
        Self { state: State::Available, from, expires, order: None, hold: None, extended: false }
    }

    fn is_of(&self, order: &OrderName) -> bool {
        self.order.as_ref() == Some(order)
    }

    /// An order has it no more: it stands where it stood before, or has ended meanwhile.
    fn free(&mut self, at: Instant) {
        let restored = self.hold.take().is_some_and(|hold| hold.restored);
        self.order = None;
        self.state = if self.expires <= at {
            State::Expired
        } else if restored {
            State::Restored
        } else {
            State::Available
        };
    }

    /// What time has done up to `now`: a hold is over, or the coupon is. What is held lives as long as the hold.
    pub fn pass(&mut self, now: Instant) -> Passed {
        let mut passed = Passed::default();
        if let (State::Locked, Some(hold)) = (self.state, self.hold)
            && hold.until <= now
        {
            passed.let_go = self.order.clone().map(|order| (order, hold.until));
            self.free(hold.until);
            passed.expired = self.state == State::Expired;
        }
        if self.state.is_free() && self.expires <= now {
            self.state = State::Expired;
            passed.expired = true;
        }
        passed
    }

    /// When time will next do something to it.
    pub fn due(&self) -> Option<Instant> {
        match self.state {
            State::Locked => self.hold.map(|hold| hold.until),
            State::Available | State::Restored => Some(self.expires).filter(|at| at.micros() < i64::MAX),
            _ => None,
        }
    }

    /// An order takes it. What it holds already it holds as it did.
    ///
    /// # Errors
    /// Where it is not good yet, another order holds it, or it cannot be used any more.
    pub fn lock(&mut self, order: &OrderName, until: Instant, now: Instant) -> Result<Done, Not> {
        match self.state {
            State::Locked if self.is_of(order) => return Ok(Done::Before),
            State::Locked => return Err(Not::Free),
            State::Available | State::Restored => {}
            other => return Err(Not::Available(other)),
        }
        if let Some(from) = self.from.filter(|from| now < *from) {
            return Err(Not::Started(from));
        }
        self.hold = Some(Hold { until, restored: self.state == State::Restored });
        self.order = Some(order.clone());
        self.state = State::Locked;
        Ok(Done::Now)
    }

    /// The order is paid: it uses what it holds. What it let go it uses as well, where it is still there.
    ///
    /// # Errors
    /// Where the order does not hold it, or it is not there any more.
    pub fn redeem(&mut self, order: &OrderName, late: Late) -> Result<Done, Not> {
        match self.state {
            State::Used if self.is_of(order) => return Ok(Done::Before),
            State::Locked if self.is_of(order) => {}
            State::Locked => return Err(Not::Free),
            _ if late == Late::Never => return Err(if self.state.is_free() { Not::Locked } else { Not::Available(self.state) }),
            State::Available | State::Restored => {}
            State::Expired if late == Late::InTime => {}
            other => return Err(Not::Available(other)),
        }
        self.state = State::Used;
        self.order = Some(order.clone());
        self.hold = None;
        Ok(Done::Now)
    }

    /// The order lets it go. One that it does not hold it has let go.
    ///
    /// # Errors
    /// Where it was used on it.
    pub fn release(&mut self, order: &OrderName, now: Instant) -> Result<Done, Not> {
        match self.state {
            State::Locked if self.is_of(order) => {
                self.free(now);
                Ok(Done::Now)
            }
            State::Used if self.is_of(order) => Err(Not::Unused),
            _ => Ok(Done::Before),
        }
    }

    /// The order is closed, or all of it went back: what it holds is free, and what it used comes back if it may, with
    /// days of grace where its own end has passed: until `grace`, once.
    pub fn order_gone(&mut self, order: &OrderName, now: Instant, restore: bool, grace: Instant) -> Done {
        match self.state {
            State::Locked if self.is_of(order) => self.free(now),
            State::Used if self.is_of(order) => {
                let lapsed = self.expires <= now;
                if !restore || lapsed && (self.extended || grace <= now) {
                    self.state = State::Closed;
                    return Done::Now;
                }
                self.state = State::Restored;
                self.order = None;
                if lapsed {
                    self.extended = true;
                    self.expires = grace;
                }
            }
            _ => return Done::Before,
        }
        Done::Now
    }

    /// It is taken away from its owner.
    ///
    /// # Errors
    /// Where an order holds it, or it cannot be used any more.
    pub fn revoke(&mut self) -> Result<Done, Not> {
        match self.state {
            State::Revoked => Ok(Done::Before),
            State::Locked => Err(Not::Free),
            State::Available | State::Restored => {
                self.state = State::Revoked;
                Ok(Done::Now)
            }
            other => Err(Not::Available(other)),
        }
    }
}
