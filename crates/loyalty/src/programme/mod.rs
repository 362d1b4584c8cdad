//! A programme: the rules by which members earn, keep and rise. Typed and checked; made by [`read`] from JSON.

use std::collections::BTreeSet;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use shuke_kernel::{Instant, Zone};

use crate::calendar;

mod check;
mod read;
mod read_earn;

pub use crate::sentences::{Sentence, sentences};
pub use read::read;

/// The rules of one version.
#[derive(Clone, Debug)]
pub struct Programme {
    /// Which version the entries name. A programme read from a file is version 1.
    pub version: u32,
    /// From when on this version holds; the first of a programme holds from ever.
    pub from: Instant,
    /// The zone of days, months and birthdays.
    pub zone: Zone,
    /// Its IANA name.
    pub zone_name: String,
    /// An order is final so many times 24 hours after its completion.
    pub settlement_days: i64,
    /// What orders earn.
    pub earn: Vec<EarnRule>,
    /// What is earned at most.
    pub caps: Vec<Cap>,
    /// How long a lot lives.
    pub lot_expiry: Expiry,
    /// What a refund does when the points are gone.
    pub shortfall: Shortfall,
    /// A lot that had ended lives so many days again from a reversal.
    pub reversal_min_days: i64,
    /// Points for checking in.
    pub check_in: Option<CheckIn>,
    /// Points at 00:00 of a birthday.
    pub birthday_points: i64,
    /// Days since the last visit, ascending: a grade for each, and one beyond.
    pub activity_cuts: Option<Vec<i64>>,
    /// Tiers.
    pub ladder: Option<Ladder>,
    /// Coupons that may be claimed; none where the programme has no coupons.
    pub coupons: Option<Vec<Template>>,
    /// What rules earn exactly is counted in this many parts of a point: every rate of the programme is a whole number of them.
    pub unit: i128,
}

/// One rule of earning on orders.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct EarnRule {
    /// Its name.
    pub id: String,
    /// From which payment time it holds.
    pub from: Option<Instant>,
    /// Before which payment time it holds.
    pub to: Option<Instant>,
    /// Places in the ladder that a member must have at payment; all without.
    pub tiers: Option<BTreeSet<usize>>,
    /// Categories of the lines that count; all without.
    pub categories: Option<BTreeSet<String>>,
    /// Of the rules of one group the best alone counts.
    pub group: Option<String>,
    /// What it gives.
    pub gives: Gives,
}

/// What a rule of earning gives.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Gives {
    /// So many points for so many fen.
    PerAmount(Rate),
    /// Rates by bands of the amount, ascending.
    Stepped {
        /// Whether the rate of the band that is reached goes for the whole amount; else each part has its own.
        whole: bool,
        /// From which fen on which rate.
        bands: Vec<(i64, Rate)>,
    },
    /// Points for each piece.
    PerPiece(i64),
    /// Points for a member's first order.
    FirstOrder(i64),
    /// Adds (factor − 1) times what the rules of amounts give.
    Multiplier {
        /// The factor's digits without the point.
        digits: i64,
        /// How many of them stand behind the point.
        places: u32,
        /// Only on the birthday or in its month.
        birthday: Option<Birthday>,
    },
}

/// The classes of rules; a group holds rules of one class only.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Class {
    /// `per_amount`, `stepped`
    Amount,
    /// `multiplier`
    Multiplier,
    /// `category_bonus`, `first_order`
    Fixed,
}

impl Gives {
    /// Its class.
    pub fn class(&self) -> Class {
        match self {
            Self::PerAmount(_) | Self::Stepped { .. } => Class::Amount,
            Self::Multiplier { .. } => Class::Multiplier,
            Self::PerPiece(_) | Self::FirstOrder(_) => Class::Fixed,
        }
    }
}

/// `points` for each `per_fen`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Rate {
    /// So many points
    pub points: i64,
    /// for so many fen.
    pub per_fen: i64,
}

/// When a birthday multiplier holds.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Birthday {
    /// On the day.
    Day,
    /// In its month.
    Month,
}

/// A cap on what is earned.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Cap {
    /// Its name.
    pub id: String,
    /// In what.
    pub per: Per,
    /// So many at most.
    pub points: i64,
    /// The place of the one rule it is on, in [`Programme::earn`].
    pub rule: Option<usize>,
    /// Under what a book counts it: its name, but for a version that counts by other periods what another counts under that name.
    pub slot: String,
}

/// What a cap is on.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Per {
    /// One order.
    Order,
    /// One day of the zone.
    Day,
    /// One month of the zone.
    Month,
}

/// How a length of life is counted from a day; what comes out is the last day.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Expiry {
    /// So many days on.
    Days(i64),
    /// So many months on, the day clamped.
    Months(i64),
    /// 31 December, so many years on.
    YearEnd(i64),
}

impl Expiry {
    /// The last day of what begins on `day`.
    pub fn last_day(self, day: Date) -> Date {
        match self {
            Self::Days(n) => calendar::plus_days(day, n),
            Self::Months(n) => calendar::plus_months(day, n),
            Self::YearEnd(n) => calendar::year_end(day, n),
        }
    }

    /// The last day of what follows on a period that ended with `last`; never that day itself.
    pub fn next_last_day(self, last: Date) -> Date {
        match self {
            Self::YearEnd(n) => Some(calendar::year_end(last, n)).filter(|end| *end > last).unwrap_or_else(|| calendar::year_end(last, 1)),
            other => other.last_day(last),
        }
    }
}

/// What a refund does when the points are gone.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Shortfall {
    /// The balance may fall below zero; what becomes available fills it first.
    Negative,
    /// What is missing is let go.
    Waive,
}

/// Points for checking in.
#[derive(Clone, Debug)]
pub struct CheckIn {
    /// For each day.
    pub points: i64,
    /// `(days, bonus)`: each time the run of days is a multiple.
    pub streak: Vec<(i64, i64)>,
}

/// Tiers, the lowest first, and how members move between them.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Ladder {
    /// The lowest first.
    pub tiers: Vec<Tier>,
    /// Which orders and growth count.
    pub window: Window,
    /// How long a tier is held.
    pub validity: Expiry,
    /// Whether the end of a period takes one step at most.
    pub step_down: bool,
    /// Days for which the tier is kept after its end.
    pub grace_days: i64,
    /// When a refund takes a tier back.
    pub on_refund: OnRefund,
}

impl Ladder {
    /// The place of the tier of that id.
    pub fn place(&self, id: &str) -> Option<usize> {
        self.tiers.iter().position(|tier| tier.id == id)
    }

    /// Where a tier of this ladder lies on another: by id, and where that is gone the nearest lower one that there is.
    pub fn place_on(&self, other: &Self, tier: usize) -> usize {
        let mut lower = self.tiers.iter().take(tier.saturating_add(1)).rev();
        lower.find_map(|tier| other.place(&tier.id)).unwrap_or(0)
    }
}

/// One tier.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Tier {
    /// What it is called in rules and entries.
    pub id: String,
    /// What people call it, where that is another name.
    pub name: Option<String>,
    /// Who enters. Nobody without; the lowest is everybody's whatever stands here.
    pub entry: Option<Condition>,
    /// Who keeps it at the end of its period: the entry unless stated.
    pub keep: Option<Condition>,
    /// Points for reaching it.
    pub reward_points: i64,
}

impl Tier {
    /// What people call it.
    pub fn shown(&self) -> &str {
        self.name.as_ref().unwrap_or(&self.id)
    }
}

/// Any or all of some thresholds.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Condition {
    /// Whether all must be met.
    pub all: bool,
    /// Which, and how much at least.
    pub of: Vec<(Metric, i64)>,
}

/// What is counted for tiers.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Metric {
    /// Net paid of final orders, less refunds, in fen.
    NetSpend,
    /// Final orders that are not wholly refunded.
    Orders,
    /// Growth value.
    Growth,
}

/// From when on orders and growth count.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Window {
    /// Always.
    Lifetime,
    /// The last so many months, to the wall time.
    RollingMonths(i64),
    /// This calendar year.
    CalendarYear,
}

impl Window {
    /// From when on what has happened counts at `t`.
    pub fn begins(self, zone: &Zone, t: Instant) -> Instant {
        match self {
            Self::Lifetime => Instant::from_micros(i64::MIN),
            Self::RollingMonths(months) => calendar::months_before(zone, t, months),
            Self::CalendarYear => calendar::start_of(zone, zone.day(t).first_of_year()),
        }
    }
}

/// When a refund takes a tier back.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum OnRefund {
    /// Within so many times 24 hours after the order became final.
    Window(i64),
    /// Always.
    Always,
    /// Never: the end of the period judges.
    PeriodEnd,
}

/// A coupon that may be claimed.
#[derive(Clone, Debug)]
pub struct Template {
    /// Its name.
    pub id: String,
    /// What it takes off, in fen; reserved from the budget at each claim.
    pub amount: i64,
    /// How long it is good.
    pub validity: CouponValidity,
    /// How long a lock holds, in minutes.
    pub lock_minutes: i64,
    /// Pieces in all.
    pub stock: Option<i64>,
    /// Fen in all.
    pub budget_fen: Option<i64>,
    /// Pieces for each member.
    pub per_member: Option<i64>,
    /// From when it may be claimed.
    pub claim_from: Option<Instant>,
    /// Until before when it may be claimed.
    pub claim_to: Option<Instant>,
    /// Whether it comes back with the order it was used on.
    pub restore: bool,
    /// Days it lives from the refund when its own end has passed.
    pub restore_grace_days: i64,
}

/// How long a coupon is good.
#[derive(Clone, Copy, Debug)]
pub enum CouponValidity {
    /// To the end of the day so many days after the claim.
    Days(i64),
    /// To this instant.
    To(Instant),
}

impl Programme {
    /// The template of that name.
    pub fn template(&self, id: &str) -> Option<&Template> {
        self.coupons.iter().flatten().find(|t| t.id == id)
    }
}
