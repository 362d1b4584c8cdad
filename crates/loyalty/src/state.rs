//! What is known of a member after some events: everything that later events can depend on, and no more.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use shuke_kernel::{Instant, Zone};

use crate::coupons::Coupons;
use crate::event::{Event, Member};
use crate::jobs::Job;
use crate::ledger::{Account, Accounts};
use crate::lots::{LotNo, Lots};
use crate::spend::{Owed, Taking};
use crate::tiers::Standing;

/// The state of a member in a programme.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct State {
    /// Up to here all jobs have run.
    pub clock: Instant,
    /// Who.
    pub member: Member,
    /// Balances.
    pub accounts: Accounts,
    /// Lots of available points.
    pub lots: Lots,
    /// What was taken without being there, the oldest first.
    pub owed: Vec<Owed>,
    /// Orders by their names.
    pub orders: BTreeMap<String, Order>,
    /// What came before its order, by the order's name.
    pub waiting: BTreeMap<String, Vec<Event>>,
    /// Whether an order was paid before.
    pub bought: bool,
    /// Spends by id.
    pub spends: BTreeMap<String, Taking>,
    /// Holds by id.
    pub holds: BTreeMap<String, Taking>,
    /// What each cap has let through: in which period, and how much in parts of a point.
    pub caps: BTreeMap<String, (Date, i128)>,
    /// The last check-in and the run of days that it ends.
    pub check_in: Option<(Date, i64)>,
    /// The day of the last visit.
    pub last_visit: Option<Date>,
    /// Growth value by when it was gained.
    pub growth: Vec<(Instant, i64)>,
    /// The tier held.
    pub standing: Standing,
    /// Coupons.
    pub coupons: Coupons,
    /// How much had to be let stand though, with what came late, it could not have been accepted.
    pub strain: i64,
    /// What is due.
    pub agenda: BTreeSet<Job>,
    /// How many jobs were ever put on the agenda.
    pub jobs: u64,
}

/// An order.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Order {
    /// Net paid, fen.
    pub net: i64,
    /// When.
    pub paid: Instant,
    /// Points earned.
    pub earned: i64,
    /// Net refunded, fen.
    pub refunded: i64,
    /// Whether all of the net was refunded by refunds, be it nothing.
    pub returned: bool,
    /// Whether it was closed.
    pub closed: bool,
    /// Points that refunds have taken back, or let go.
    pub reversed: i64,
    /// Points still pending.
    pub pending: i64,
    /// Whether it was completed.
    pub completed: bool,
    /// Since when it is final.
    pub final_at: Option<Instant>,
    /// The lot that its points became.
    pub lot: Option<LotNo>,
}

impl Order {
    /// Whether nothing of it counts any more.
    pub fn gone(&self) -> bool {
        self.closed || self.returned
    }

    /// Net paid less refunds; nothing of a closed one.
    pub fn left(&self) -> i64 {
        if self.gone() { 0 } else { self.net - self.refunded }
    }
}

impl State {
    /// Of a member before anything happened. Birthdays count from when the member joined, or else from `origin`.
    pub fn new(member: Member, origin: Instant, zone: &Zone, birthdays: bool) -> Self {
        let mut state = Self {
            clock: jiff::Timestamp::MIN.into(),
            member,
            accounts: Accounts::default(),
            lots: Lots::default(),
            owed: Vec::new(),
            orders: BTreeMap::new(),
            waiting: BTreeMap::new(),
            bought: false,
            spends: BTreeMap::new(),
            holds: BTreeMap::new(),
            caps: BTreeMap::new(),
            check_in: None,
            last_visit: None,
            growth: Vec::new(),
            standing: Standing::default(),
            coupons: Coupons::default(),
            strain: 0,
            agenda: BTreeSet::new(),
            jobs: 0,
        };
        if birthdays {
            state.expect_birthday(state.member.joined.unwrap_or(origin), zone);
        }
        state
    }

    /// Points that may be spent.
    pub fn available(&self) -> i64 {
        self.accounts.of(Account::Available)
    }
}
