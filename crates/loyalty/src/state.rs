//! What is known of a member after some events: everything that later events can depend on, and no more.
//! What is over may be kept apart from it (see [`crate::parts`]).

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use shuke_kernel::Instant;

use crate::compact::{instant, instant_if_any, usual};
use crate::coupons::Coupons;
use crate::event::{Event, Member};
use crate::jobs::Job;
use crate::ledger::{Account, Accounts};
use crate::lots::{LotNo, Lots};
use crate::rules::Rules;
use crate::spend::{Owed, Taking};
use crate::tiers::Standing;

/// The state of a member in a programme.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct State {
    /// Up to here all jobs have run.
    #[serde(with = "instant")]
    pub clock: Instant,
    /// The version of the rules in force at the clock.
    pub version: u32,
    /// When the first of all happened.
    #[serde(with = "instant")]
    pub origin: Instant,
    /// Who.
    pub member: Member,
    /// Balances.
    pub accounts: Accounts,
    /// Lots of available points.
    pub lots: Lots,
    /// What was taken without being there, the oldest first.
    #[serde(default, skip_serializing_if = "usual")]
    pub owed: Vec<Owed>,
    /// Orders by their names.
    #[serde(default, skip_serializing_if = "usual")]
    pub orders: BTreeMap<String, Order>,
    /// What came before its order, by the order's name.
    #[serde(default, skip_serializing_if = "usual")]
    pub waiting: BTreeMap<String, Vec<Event>>,
    /// Whether an order was paid before.
    #[serde(default, skip_serializing_if = "usual")]
    pub bought: bool,
    /// Spends by id.
    #[serde(default, skip_serializing_if = "usual")]
    pub spends: BTreeMap<String, Taking>,
    /// Holds by id.
    #[serde(default, skip_serializing_if = "usual")]
    pub holds: BTreeMap<String, Taking>,
    /// What each cap has let through: in which period, and how much in parts of a point.
    #[serde(default, skip_serializing_if = "usual")]
    pub caps: BTreeMap<String, Used>,
    /// The last check-in and the run of days that it ends.
    #[serde(default, skip_serializing_if = "usual")]
    pub check_in: Option<(Date, i64)>,
    /// The year of the last birthday that points were given for.
    #[serde(default, skip_serializing_if = "usual")]
    pub birthday_given: Option<i16>,
    /// The day of the last visit.
    #[serde(default, skip_serializing_if = "usual")]
    pub last_visit: Option<Date>,
    /// Growth value by when it was gained, in order of coming.
    #[serde(default, skip_serializing_if = "usual")]
    pub growth: BTreeMap<u32, (Instant, i64)>,
    /// How often growth value was gained or lost.
    #[serde(default, skip_serializing_if = "usual")]
    pub grown: u32,
    /// What orders and growth that are kept apart add to what counts for tiers.
    #[serde(default, skip_serializing_if = "usual")]
    pub far: Far,
    /// The tier held.
    #[serde(default, skip_serializing_if = "usual")]
    pub standing: Standing,
    /// Coupons.
    #[serde(default, skip_serializing_if = "usual")]
    pub coupons: Coupons,
    /// How much had to be let stand though, with what came late, it could not have been accepted.
    #[serde(default, skip_serializing_if = "usual")]
    pub strain: i64,
    /// What is due.
    #[serde(default, skip_serializing_if = "usual")]
    pub agenda: BTreeSet<Job>,
    /// How many jobs were ever put on the agenda.
    #[serde(default, skip_serializing_if = "usual")]
    pub jobs: u64,
    /// Whether another book has come into this one, so that ids of its spends and holds may be known here.
    #[serde(default, skip_serializing_if = "usual")]
    pub absorbed: bool,
    /// Whose book this one has gone into with a merge.
    #[serde(default, skip_serializing_if = "usual")]
    pub into: Option<String>,
}

/// What a cap has let through.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Used {
    /// In the day, or the month, that begins then.
    pub period: Date,
    /// How much, in parts of a point,
    pub parts: i128,
    /// of which a point has so many.
    pub unit: i128,
}

/// Orders and growth that are kept apart because they lie before everything that is still judged one by one.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct Far {
    /// How many orders of them count.
    #[serde(default, skip_serializing_if = "usual")]
    pub orders: u64,
    /// Their net paid less refunds.
    #[serde(default, skip_serializing_if = "usual")]
    pub net: i128,
    /// How many gains and losses of growth value.
    #[serde(default, skip_serializing_if = "usual")]
    pub grown: u64,
    /// What they come to.
    #[serde(default, skip_serializing_if = "usual")]
    pub growth: i128,
    /// The latest of all.
    #[serde(default, with = "instant_if_any", skip_serializing_if = "usual")]
    pub until: Option<Instant>,
}

impl Far {
    /// Whether there are any.
    pub fn any(&self) -> bool {
        self.orders > 0 || self.grown > 0
    }
}

/// An order.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Order {
    /// Net paid, fen.
    pub net: i64,
    /// When.
    #[serde(with = "instant")]
    pub paid: Instant,
    /// Points earned.
    #[serde(default, skip_serializing_if = "usual")]
    pub earned: i64,
    /// Net refunded, fen.
    #[serde(default, skip_serializing_if = "usual")]
    pub refunded: i64,
    /// Whether all of the net was refunded by refunds, be it nothing.
    #[serde(default, skip_serializing_if = "usual")]
    pub returned: bool,
    /// Whether it was closed.
    #[serde(default, skip_serializing_if = "usual")]
    pub closed: bool,
    /// Points that refunds have taken back, or let go.
    #[serde(default, skip_serializing_if = "usual")]
    pub reversed: i64,
    /// Points still pending.
    #[serde(default, skip_serializing_if = "usual")]
    pub pending: i64,
    /// Whether it was completed.
    #[serde(default, skip_serializing_if = "usual")]
    pub completed: bool,
    /// Since when it is final.
    #[serde(default, with = "instant_if_any", skip_serializing_if = "usual")]
    pub final_at: Option<Instant>,
    /// The lot that its points became.
    #[serde(default, skip_serializing_if = "usual")]
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
    pub fn new(rules: &Rules, member: Member, origin: Instant) -> Self {
        let first = rules.first();
        let mut state = Self {
            clock: jiff::Timestamp::MIN.into(),
            version: first.version,
            origin,
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
            birthday_given: None,
            last_visit: None,
            growth: BTreeMap::new(),
            grown: 0,
            far: Far::default(),
            standing: Standing::default(),
            coupons: Coupons::default(),
            strain: 0,
            agenda: BTreeSet::new(),
            jobs: 0,
            absorbed: false,
            into: None,
        };
        if first.birthday_points > 0 {
            state.expect_birthday(state.member.joined.unwrap_or(origin), &first.zone);
        }
        state
    }

    /// Points that may be spent.
    pub fn available(&self) -> i64 {
        self.accounts.of(Account::Available)
    }
}
