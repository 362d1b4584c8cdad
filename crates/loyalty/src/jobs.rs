//! What is due by itself. At one instant: orders become final, locks time out, coupons end, lots end, tiers end, birthdays.

use serde::{Deserialize, Serialize};
use shuke_kernel::Instant;

use crate::calendar;
use crate::compact::instant;
use crate::json::Read;
use crate::ledger::{Account, Cause, Entry};
use crate::lots::LotNo;
use crate::rules::{Rules, enter};
use crate::state::State;
use crate::turn::Turn;

/// Something that is due.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Job {
    /// When.
    #[serde(with = "instant")]
    pub due: Instant,
    /// What. One whose reason is gone when it comes up does nothing.
    pub what: Due,
    /// Its place on the agenda: of equals the one put there first goes first.
    pub seq: u64,
}

/// What can be due.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum Due {
    /// An order becomes final.
    Final(String),
    /// The lock of a coupon times out.
    LockEnd(String),
    /// A hold of points times out.
    HoldEnd(String),
    /// A coupon ends.
    CouponEnd(String),
    /// A lot ends.
    LotEnd(LotNo),
    /// A tier's period, or its grace, ends.
    TierEnd,
    /// A birthday begins.
    Birthday,
}

impl Due {
    fn rank(&self) -> u8 {
        match self {
            Self::Final(_) => 0,
            Self::LockEnd(_) | Self::HoldEnd(_) => 1,
            Self::CouponEnd(_) => 2,
            Self::LotEnd(_) => 3,
            Self::TierEnd => 4,
            Self::Birthday => 5,
        }
    }
}

impl Ord for Job {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        (self.due, self.what.rank(), self.seq).cmp(&(other.due, other.what.rank(), other.seq))
    }
}

impl PartialOrd for Job {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Turn<'_> {
    /// Puts something onto the agenda.
    pub fn expect(&mut self, due: Instant, what: Due) {
        let seq = self.state.jobs;
        self.state.jobs += 1;
        self.state.agenda.insert(Job { due, what, seq });
    }

    /// Awaits the end of a lot's last day.
    pub fn expect_lot_end(&mut self, lot: LotNo) {
        if let Some(lasting) = self.state.lots.get(lot) {
            let due = calendar::end_of(&self.programme.zone, lasting.last_day);
            self.expect(due, Due::LotEnd(lot));
        }
    }

    fn lot_ends(&mut self, lot: LotNo) -> Read<()> {
        if !self.has_ended(lot) {
            return Ok(());
        }
        let left = self.state.lots.end(lot)?;
        self.post(Account::Available, Account::Expired, left, Some(lot))
    }

    fn run(&mut self, what: &Due) -> Read<()> {
        match what {
            Due::Final(order) => self.becomes_final(order),
            Due::LockEnd(grant) => {
                self.lock_ends(grant);
                Ok(())
            }
            Due::HoldEnd(hold) => self.hold_ends(hold),
            Due::CouponEnd(grant) => {
                self.coupon_ends(grant);
                Ok(())
            }
            Due::LotEnd(lot) => self.lot_ends(*lot),
            Due::TierEnd => self.tier_ends(),
            Due::Birthday => self.birthday(),
        }
    }
}

/// Runs what is due up to and including `to`, in order, and sets the clock there. A version of the rules begins before what is due at its first instant.
///
/// # Errors
/// Where balances would become too large.
pub fn advance(rules: &Rules, state: &mut State, to: Instant, entries: &mut Vec<Entry>) -> Read<()> {
    loop {
        let due = state.agenda.first().map(|job| job.due).filter(|due| *due <= to);
        let begins = rules.next(state).map(|version| version.from).filter(|from| *from <= to && due.is_none_or(|due| *from <= due));
        if begins.is_some() {
            enter(rules, state, entries)?;
        } else if due.is_some()
            && let Some(job) = state.agenda.pop_first()
        {
            run(rules, state, &job, entries)?;
        } else {
            break;
        }
    }
    state.clock = state.clock.max(to);
    Ok(())
}

fn run(rules: &Rules, state: &mut State, job: &Job, entries: &mut Vec<Entry>) -> Read<()> {
    let programme = rules.held(state);
    // A job put up after it was due, as the end of a period that is past already, happens when it is put up.
    let now = job.due.max(state.clock);
    state.clock = now;
    let (kind, id) = match &job.what {
        Due::Final(order) => ("final", order.clone()),
        Due::LotEnd(lot) => ("lot_end", state.lots.get(*lot).map(|lot| lot.id.clone()).unwrap_or_default()),
        Due::LockEnd(grant) | Due::CouponEnd(grant) => ("coupon", grant.clone()),
        Due::HoldEnd(hold) => ("hold_end", hold.clone()),
        Due::TierEnd => ("tier_end", String::new()),
        Due::Birthday => ("birthday", programme.zone.day(now).year().to_string()),
    };
    let cause = Cause { kind: kind.to_owned(), id };
    Turn { rules, programme, state, now, cause, entries, stands: false }.run(&job.what)
}
