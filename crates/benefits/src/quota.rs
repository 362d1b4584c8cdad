//! How often something may be had: so many times in a day, month, year, period of the tier, or ever.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use shuke_kernel::{Instant, Refusal, Zone};
use utoipa::ToSchema;

use crate::words::invalid;

/// Times at most that can be asked for.
pub const MOST: i64 = 10_000;

/// In which stretch of time uses are counted.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = QuotaPer)]
pub enum Per {
    /// The merchant's day.
    Day,
    /// The merchant's month.
    Month,
    /// The merchant's year.
    Year,
    /// Since the present period of the member's tier was entered.
    TierPeriod,
    /// All time.
    Ever,
}

/// How often.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = BenefitQuota)]
pub struct Quota {
    /// So many times,
    #[schema(minimum = 1, maximum = 10_000)]
    pub uses: i64,
    /// in such a stretch.
    pub per: Per,
}

/// A stretch of time; an end that is none is never.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Stretch {
    /// Its first instant.
    pub from: Option<Instant>,
    /// The first instant after it.
    pub until: Option<Instant>,
}

/// A member's period in a tier.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Period {
    /// When it was entered.
    pub entered: Option<Instant>,
    /// When it ends.
    pub until: Option<Instant>,
}

impl Quota {
    /// Refuses what is none.
    ///
    /// # Errors
    /// Where it is not 1 to [`MOST`] times.
    pub fn check(&self, field: &str) -> Result<(), Refusal> {
        if (1..=MOST).contains(&self.uses) {
            return Ok(());
        }
        Err(invalid(format!("{field}.uses"), "次数为 1 到 10000。", "A number of times is 1 to 10000."))
    }
}

impl Per {
    /// The stretch in which `now` lies.
    pub fn stretch(self, zone: &Zone, now: Instant, tier: Period) -> Stretch {
        let today = zone.day(now);
        let days = |first: Option<Date>, next: Option<Date>| Stretch {
            from: first.and_then(|day| zone.start_of(day)),
            until: next.and_then(|day| zone.start_of(day)),
        };
        match self {
            Self::Day => days(Some(today), today.tomorrow().ok()),
            Self::Month => days(Some(today.first_of_month()), today.last_of_month().tomorrow().ok()),
            Self::Year => days(Some(today.first_of_year()), today.last_of_year().tomorrow().ok()),
            Self::TierPeriod => Stretch { from: tier.entered, until: tier.until },
            Self::Ever => Stretch::default(),
        }
    }

    /// How it is said: `每天`, `a day`.
    pub const fn said(self) -> (&'static str, &'static str) {
        match self {
            Self::Day => ("每天", "a day"),
            Self::Month => ("每月", "a month"),
            Self::Year => ("每年", "a year"),
            Self::TierPeriod => ("每个等级周期", "a period of the tier"),
            Self::Ever => ("一共", "in all"),
        }
    }
}

/// What is said of when it can be had again, in both languages.
pub fn then(zone: &Zone, stretch: Stretch) -> (String, String) {
    match stretch.until {
        None => (String::new(), String::new()),
        Some(until) => {
            let day = zone.day(until);
            (format!("，{day} 起可再用"), format!("; again from {day}"))
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn at(text: &str) -> Instant {
        text.parse().expect("a time")
    }

    #[test]
    fn stretches_are_the_merchants_days_months_and_years() {
        let zone = Zone::shanghai();
        // 2026-12-31 23:30 in Shanghai.
        let now = at("2026-12-31T15:30:00Z");
        let tier = Period { entered: Some(at("2026-05-01T00:00:00Z")), until: Some(at("2027-05-01T00:00:00Z")) };
        for (per, from, until) in [
            (Per::Day, Some("2026-12-30T16:00:00Z"), Some("2026-12-31T16:00:00Z")),
            (Per::Month, Some("2026-11-30T16:00:00Z"), Some("2026-12-31T16:00:00Z")),
            (Per::Year, Some("2025-12-31T16:00:00Z"), Some("2026-12-31T16:00:00Z")),
            (Per::TierPeriod, Some("2026-05-01T00:00:00Z"), Some("2027-05-01T00:00:00Z")),
            (Per::Ever, None, None),
        ] {
            assert_eq!(per.stretch(&zone, now, tier), Stretch { from: from.map(at), until: until.map(at) }, "{per:?}");
        }
        assert_eq!(then(&zone, Per::Day.stretch(&zone, now, tier)).1, "; again from 2027-01-01");
        assert!(Quota { uses: 0, per: Per::Day }.check("quota").is_err());
    }

    proptest! {
        #[test]
        fn every_instant_lies_in_exactly_one_stretch(seconds in 0..4_000_000_000_i64) {
            let (zone, now) = (Zone::shanghai(), Instant(seconds * 1_000_000));
            for per in [Per::Day, Per::Month, Per::Year] {
                let stretch = per.stretch(&zone, now, Period::default());
                let (Some(from), Some(until)) = (stretch.from, stretch.until) else { panic!("{per:?} has no end") };
                prop_assert!(from <= now && now < until);
                prop_assert_eq!(per.stretch(&zone, until, Period::default()).from, Some(until));
                prop_assert_eq!(per.stretch(&zone, from, Period::default()), stretch);
            }
        }
    }
}
