//! On which days a benefit can be used: birthdays, days of the month and of the week.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use shuke_kernel::calendar::birthday_in;
use shuke_kernel::lunar;
use shuke_members::identity::Birthday;
use utoipa::ToSchema;

/// Whether it depends on the birthday.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = BenefitBirthday)]
pub enum OnBirthday {
    /// It does not.
    #[default]
    Any,
    /// On the day.
    Day,
    /// In the month.
    Month,
}

/// On which days it can be used; all that is stated must hold.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
#[schema(as = BenefitWhen)]
pub struct When {
    /// Whether it depends on the birthday.
    pub birthday: OnBirthday,
    /// On these days of the month, or of the week; any where neither is named.
    #[schema(max_items = 31)]
    pub month_days: Vec<i8>,
    /// 1 is Monday.
    #[schema(max_items = 7)]
    pub week_days: Vec<i8>,
}

impl When {
    /// Whether that day is one of those that are named.
    pub fn names(&self, day: Date) -> bool {
        let none = self.month_days.is_empty() && self.week_days.is_empty();
        none || self.month_days.contains(&day.day()) || self.week_days.contains(&day.weekday().to_monday_one_offset())
    }

    /// The first day after `day` that is named. Every stretch of two months has one.
    pub fn next_after(&self, day: Date) -> Option<Date> {
        day.series(jiff::Span::new().days(1)).skip(1).take(62).find(|day| self.names(*day))
    }
}

/// The days of a year on which somebody has birthday: one as a rule; of the lunar calendar there may be two in a year, or none.
pub fn birthdays_in(birthday: Birthday, year: i16) -> Vec<Date> {
    if !birthday.lunar {
        return birthday_in(year, birthday.month, birthday.day).into_iter().collect();
    }
    let in_lunar = |of: i16| {
        // The thirtieth of a month of twenty-nine days is kept on its last.
        let shorter = || (birthday.day == 30).then(|| lunar::day(of, birthday.month, 29)).flatten();
        lunar::day(of, birthday.month, birthday.day).or_else(shorter)
    };
    [year - 1, year].into_iter().filter_map(in_lunar).filter(|day| day.year() == year).collect()
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn member_days_and_birthdays_fall_where_the_calendar_has_them() {
        let eighth = When { month_days: vec![8, 31], ..When::default() };
        assert!(eighth.names(date(2026, 3, 8)) && !eighth.names(date(2026, 3, 9)));
        assert_eq!(eighth.next_after(date(2026, 4, 8)), Some(date(2026, 5, 8)));
        let wednesdays = When { week_days: vec![3], ..When::default() };
        assert_eq!(wednesdays.next_after(date(2026, 3, 4)), Some(date(2026, 3, 11)));
        let born = |month, day, lunar| Birthday { year: Some(1990), month, day, lunar };
        assert_eq!(birthdays_in(born(2, 29, false), 2027), [date(2027, 2, 28)]);
        assert_eq!(birthdays_in(born(2, 29, false), 2028), [date(2028, 2, 29)]);
        // 2026-02-17 is the first day of the lunar year; 2027-02-06 of the next.
        assert_eq!(birthdays_in(born(1, 1, true), 2026), [date(2026, 2, 17)]);
        assert_eq!(birthdays_in(born(12, 1, true), 2027).len(), 2, "the twelfth month came twice in 2027");
    }
}
