//! What a pack is, and when its occasion is there: pure rules.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use shuke_kernel::calendar::birthday_in;
use shuke_kernel::{Instant, Refusal, Zone};
use shuke_members::identity::Birthday;
use utoipa::ToSchema;

use crate::benefit::model::{said, times};
use crate::benefit::when::birthdays_in;
use crate::gift::{DAYS, Gift, PackUses};
use crate::state::State;
use crate::who::Who;
use crate::words::invalid;
use crate::{PackId, RewardId};

/// By what a pack is given.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = PackOccasion)]
pub enum Occasion {
    /// Somebody became a member: once.
    Newcomer,
    /// Somebody bought again after so many days without: once for each such pause.
    Comeback,
    /// Somebody rose to a tier: once a tier and period.
    Upgrade,
    /// The day of joining comes round: once a year.
    Anniversary,
    /// The birthday: once a year.
    Birthday,
}

impl Occasion {
    /// The word kept in the store.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Newcomer => "newcomer",
            Self::Comeback => "comeback",
            Self::Upgrade => "upgrade",
            Self::Anniversary => "anniversary",
            Self::Birthday => "birthday",
        }
    }

    /// Whether it comes with a day of the year, not with an event.
    pub const fn yearly(self) -> bool {
        matches!(self, Self::Anniversary | Self::Birthday)
    }
}

/// What a merchant says of a pack.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = PackInput)]
pub struct Definition {
    /// As people read it.
    #[schema(min_length = 1, max_length = 60)]
    pub name: String,
    /// By what it is given.
    pub occasion: Occasion,
    /// Of a comeback: after so many days without a purchase.
    #[serde(default)]
    #[schema(minimum = 0, maximum = 3650)]
    pub days: i64,
    /// To whom. Points and growth go into the programme that is named here.
    #[serde(default)]
    pub who: Who,
    /// Points.
    #[serde(default)]
    #[schema(minimum = 0)]
    pub points: i64,
    /// Growth value.
    #[serde(default)]
    #[schema(minimum = 0)]
    pub growth: i64,
    /// Uses of benefits.
    #[serde(default)]
    #[schema(max_items = 20)]
    pub uses: Vec<PackUses>,
    /// Rewards, a piece of each.
    #[serde(default)]
    #[schema(value_type = Vec<String>, max_items = 20)]
    pub rewards: Vec<RewardId>,
    /// Occasions from then on; from when it was made unless given.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub from: Option<Instant>,
    /// Occasions until then.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub until: Option<Instant>,
    /// To change one: the `version` that was read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<i64>,
}

impl Definition {
    /// The definition as it is kept, or what is wrong with it by itself.
    ///
    /// # Errors
    /// The first thing that cannot be.
    pub fn checked(mut self) -> Result<Self, Refusal> {
        (self.name, _) = said(&self.name, "")?;
        self.version = None;
        let days_fit = if self.occasion == Occasion::Comeback { (1..=DAYS).contains(&self.days) } else { self.days == 0 };
        if !days_fit {
            return Err(invalid(
                "days",
                "回归礼包要写多少天没有购买（1 到 3650），其他礼包不写。",
                "A comeback states the days without a purchase, 1 to 3650; no other pack does.",
            ));
        }
        if self.who.programme.is_none() && self.occasion == Occasion::Upgrade {
            return Err(invalid("who.programme", "升级礼包要选会员计划。", "Upgrades need a programme."));
        }
        self.gift().check()?;
        times(self.from, self.until)?;
        Ok(self)
    }

    /// What is in it.
    pub fn gift(&self) -> Gift<'_> {
        let Self { name, who, points, growth, uses, rewards, .. } = self;
        Gift { name, programme: who.programme, points: *points, growth: *growth, uses, rewards }
    }
}

/// A pack as it is kept.
#[derive(Clone, Debug)]
pub struct Pack {
    /// Which.
    pub id: PackId,
    /// What the merchant says of it.
    pub definition: Definition,
    /// What people set it to.
    pub state: State,
    /// How often it was given.
    pub given: i64,
    /// Up to this day everybody was looked at for it, where it comes with a day of the year.
    pub walked: String,
    /// Counts its changes.
    pub version: i64,
    /// When it was made.
    pub created_at: Instant,
}

impl Pack {
    /// What people are told of its state.
    pub fn told(&self, now: Instant) -> &'static str {
        self.state.told(now, self.definition.from, self.definition.until)
    }

    /// From when on occasions count: what was before the pack is no occasion for it.
    pub fn begins(&self) -> Instant {
        self.definition.from.unwrap_or(self.created_at)
    }

    /// Whether an occasion at that time counts.
    pub fn takes(&self, at: Instant) -> bool {
        self.state == State::Active && at >= self.begins() && self.definition.until.is_none_or(|until| at < until)
    }
}

/// Whether `paid` comes after a pause of so many days since the purchase before; the day of that purchase, which names the pause.
pub fn comes_back(zone: &Zone, before: Option<Instant>, paid: Instant, days: i64) -> Option<Date> {
    let last = zone.day(before?);
    let pause = last.until(zone.day(paid)).ok()?.get_days();
    (i64::from(pause) >= days).then_some(last)
}

/// The days of the year on which somebody has the occasion, first and second of a year where there are two.
pub fn yearly_days(occasion: Occasion, born: Option<Birthday>, joined: Date, year: i16) -> Vec<Date> {
    match occasion {
        Occasion::Birthday => born.map_or_else(Vec::new, |birthday| birthdays_in(birthday, year)),
        // The day of joining itself is none.
        Occasion::Anniversary if year > joined.year() => birthday_in(year, joined.month(), joined.day()).into_iter().collect(),
        _ => Vec::new(),
    }
}

/// The year whose occasion falls on a day after `after` and not after `to`; the latest where there are several.
pub fn falls_between(occasion: Occasion, born: Option<Birthday>, joined: Date, after: Date, to: Date) -> Option<(i16, Date)> {
    (after.year()..=to.year())
        .rev()
        .flat_map(|year| yearly_days(occasion, born, joined, year).into_iter().map(move |day| (year, day)))
        .find(|(_, day)| after < *day && *day <= to)
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use proptest::prelude::*;

    use super::*;

    /// What is changed of a good one, and the refusal.
    type Spoilt = (fn(&mut Definition), &'static str);

    #[test]
    fn a_pause_is_counted_in_days_of_the_zone_and_named_by_the_purchase_before_it() {
        let zone = Zone::shanghai();
        let at = |text: &str| text.parse::<Instant>().expect("a time");
        // 23:30 of the first and 00:30 of the eleventh in Shanghai: ten days.
        let (before, paid) = (at("2026-03-01T15:30:00Z"), at("2026-03-10T16:30:00Z"));
        assert_eq!(comes_back(&zone, Some(before), paid, 10), Some(date(2026, 3, 1)));
        assert_eq!(comes_back(&zone, Some(before), paid, 11), None);
        assert_eq!(comes_back(&zone, None, paid, 1), None, "who never bought does not come back");
    }

    #[test]
    fn days_of_the_year_are_found_in_the_days_that_were_not_looked_at() {
        let born = Some(Birthday { year: None, month: 1, day: 1, lunar: false });
        let joined = date(2024, 2, 29);
        for (occasion, after, to, want) in [
            (Occasion::Birthday, date(2025, 12, 30), date(2026, 1, 1), Some((2026, date(2026, 1, 1)))),
            (Occasion::Birthday, date(2026, 1, 1), date(2026, 1, 9), None),
            (Occasion::Anniversary, date(2024, 2, 28), date(2024, 3, 1), None),
            (Occasion::Anniversary, date(2026, 2, 27), date(2026, 2, 28), Some((2026, date(2026, 2, 28)))),
            (Occasion::Newcomer, date(2026, 1, 1), date(2026, 12, 31), None),
        ] {
            assert_eq!(falls_between(occasion, born, joined, after, to), want, "{occasion:?} {after} {to}");
        }
        assert_eq!(falls_between(Occasion::Birthday, None, joined, date(2026, 1, 1), date(2026, 12, 31)), None);
    }

    #[test]
    fn what_cannot_be_is_refused_with_its_place() {
        let good = || {
            serde_json::from_str::<Definition>(r#"{"name": "x", "occasion": "newcomer", "rewards": ["rwd_00000000000000000000000000"]}"#)
                .expect("one")
        };
        assert!(good().checked().is_ok());
        let cases: [Spoilt; 5] = [
            (|d| d.rewards = Vec::new(), "points"),
            (|d| d.points = 1, "who.programme"),
            (|d| d.days = 30, "days"),
            (|d| d.occasion = Occasion::Comeback, "days"),
            (|d| d.occasion = Occasion::Upgrade, "who.programme"),
        ];
        for (spoil, field) in cases {
            let mut definition = good();
            spoil(&mut definition);
            assert_eq!(definition.checked().expect_err(field).field.as_deref(), Some(field));
        }
    }

    proptest! {
        /// Walking day by day gives each year's birthday once, however the walks are cut.
        #[test]
        fn however_walks_are_cut_each_year_has_its_day_once(month in 1..=12_i8, day in 1..=28_i8, steps in proptest::collection::vec(1..40_i64, 1..60)) {
            let born = Some(Birthday { year: None, month, day, lunar: false });
            let (mut at, mut years) = (date(2025, 6, 15), Vec::new());
            let start = at;
            for step in steps {
                let to = at.checked_add(jiff::Span::new().days(step)).expect("a day");
                years.extend(falls_between(Occasion::Birthday, born, date(2020, 1, 1), at, to).map(|(year, _)| year));
                at = to;
            }
            let want: Vec<i16> = (2025..=at.year()).filter(|year| {
                let day = date(*year, month, day);
                start < day && day <= at
            }).collect();
            prop_assert_eq!(years, want);
        }
    }
}
