//! Groups that promotions can name beside segments: what has to be true at once, not some moments later.

use jiff::civil::Date;
use shuke_benefits::benefit::when::birthdays_in;
use shuke_members::identity::Birthday;

/// A group that needs no segment.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum BuiltIn {
    /// 首单: nothing was bought yet.
    FirstOrder,
    /// 生日当天
    Birthday,
    /// 生日当月
    BirthdayMonth,
}

impl BuiltIn {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::FirstOrder, Self::Birthday, Self::BirthdayMonth];

    /// Its word in rules.
    pub const fn word(self) -> &'static str {
        match self {
            Self::FirstOrder => "first_order",
            Self::Birthday => "birthday",
            Self::BirthdayMonth => "birthday_month",
        }
    }

    /// What people call it.
    pub const fn said(self, zh: bool) -> &'static str {
        match (self, zh) {
            (Self::FirstOrder, true) => "首单",
            (Self::FirstOrder, false) => "first order",
            (Self::Birthday, true) => "生日当天",
            (Self::Birthday, false) => "birthday",
            (Self::BirthdayMonth, true) => "生日当月",
            (Self::BirthdayMonth, false) => "month of the birthday",
        }
    }

    /// The one of that word.
    pub fn named(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|group| group.word() == word)
    }
}

/// Whether a day is the birthday, or in its month. Whose birthday nobody knows has none.
pub fn has_birthday(birthday: Option<Birthday>, day: Date, month: bool) -> bool {
    let Some(birthday) = birthday else { return false };
    birthdays_in(birthday, day.year()).into_iter().any(|kept| if month { kept.month() == day.month() } else { kept == day })
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn birthdays_are_kept_where_the_calendar_has_them() {
        let born = Some(Birthday { year: None, month: 2, day: 29, lunar: false });
        assert!(has_birthday(born, date(2027, 2, 28), false), "kept on the day before in a common year");
        assert!(!has_birthday(born, date(2027, 2, 27), false) && has_birthday(born, date(2027, 2, 1), true));
        assert!(!has_birthday(born, date(2027, 3, 1), true) && !has_birthday(None, date(2027, 2, 28), true));
        for group in BuiltIn::ALL {
            assert_eq!(BuiltIn::named(group.word()), Some(group));
        }
    }
}
