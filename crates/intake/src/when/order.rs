//! The order of day, month and year in dates of digits: what one date allows, what it says in an order.
//!
//! A year of two digits may stand at either end. Of the orders that the calendar allows, those whose
//! year no online shop has seen are left out, as long as another remains.

use shuke_kernel::civil::month_length;

use super::WhenError;

/// How day and month stand where the year comes last.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum DayOrder {
    /// Such dates are ambiguous and refused.
    #[default]
    Refuse,
    /// Month first, as in the United States.
    MonthFirst,
    /// Day first, as in Europe.
    DayFirst,
    /// Year first, in two digits.
    YearFirst,
}

const ALL: [(DayOrder, u8); 3] = [(DayOrder::DayFirst, 1), (DayOrder::MonthFirst, 2), (DayOrder::YearFirst, 4)];

/// Years that a date of two digits is taken to mean, if it can mean one of them.
const LIKELY: std::ops::RangeInclusive<i64> = 2010..=2035;

/// Orders that dates may be in.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Orders(u8);

impl Orders {
    /// All of them.
    pub const ANY: Orders = Orders(7);

    /// Those of both.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    /// Whether this one is among them.
    pub fn allow(self, order: DayOrder) -> bool {
        ALL.iter().any(|(o, bit)| *o == order && self.0 & bit != 0)
    }

    /// Without one of them.
    #[must_use]
    pub fn without(self, order: DayOrder) -> Self {
        Self(ALL.iter().filter(|(o, _)| *o == order).fold(self.0, |bits, (_, bit)| bits & !bit))
    }

    /// The only one, where there is but one.
    pub fn only(self) -> Option<DayOrder> {
        ALL.iter().find(|(_, bit)| self.0 == *bit).map(|(o, _)| *o)
    }

    /// Each of them.
    pub fn each(self) -> impl Iterator<Item = DayOrder> {
        ALL.into_iter().filter(move |(_, bit)| self.0 & bit != 0).map(|(o, _)| o)
    }
}

/// A number of a date and how many digits it has.
pub(super) type Digits = (i64, usize);

/// Year, month and day of three numbers in an order, if the calendar has that day.
fn in_order([a, b, c]: [Digits; 3], order: DayOrder) -> Option<(i64, i64, i64)> {
    let year = |(n, len): Digits| match len {
        4 => Some(n),
        2 => Some(if n >= 70 { 1900 + n } else { 2000 + n }),
        _ => None,
    };
    let (y, mo, d) = match order {
        DayOrder::DayFirst => (year(c)?, b, a),
        DayOrder::MonthFirst => (year(c)?, a, b),
        DayOrder::YearFirst => (year(a)?, b, c),
        DayOrder::Refuse => return None,
    };
    let fits = mo.1 <= 2 && d.1 <= 2 && (1..=12).contains(&mo.0) && d.0 >= 1 && d.0 <= month_length(y, mo.0);
    fits.then_some((y, mo.0, d.0))
}

/// The orders that a date of three numbers allows; `sep` divides the first two.
pub(super) fn orders_of(date: [Digits; 3], sep: u8) -> Orders {
    let bits = |likely: bool| {
        ALL.iter().fold(0, |bits, (order, bit)| match in_order(date, *order) {
            Some((y, _, _)) if !likely || date[2].1 == 4 || LIKELY.contains(&y) => bits | bit,
            _ => bits,
        })
    };
    let bits = if bits(true) == 0 { bits(false) } else { bits(true) };
    // Where the year comes last, points are the way of those who write the day first.
    Orders(if sep == b'.' && bits & 3 == 3 && date[2].1 == 4 { bits & !2 } else { bits })
}

/// Year, month and day of three numbers.
pub(super) fn date_of(date: [Digits; 3], sep: u8, order: DayOrder) -> Result<(i64, i64, i64), WhenError> {
    let [(first, len), (second, len2), (third, len3)] = date;
    match (len, len2, len3) {
        (4, 1 | 2, 1 | 2) => Ok((first, second, third)),
        (2, 1 | 2, 1 | 2) if sep == b'y' => Ok((2000 + first, second, third)),
        (1 | 2, 1 | 2, 4) | (2, 1 | 2, 1 | 2) | (1, 1 | 2, 2) => {
            let orders = orders_of(date, sep);
            let order = match order {
                DayOrder::YearFirst if len3 == 4 => DayOrder::Refuse,
                order => order,
            };
            match (order, orders.only()) {
                (DayOrder::Refuse, Some(only)) => in_order(date, only).ok_or(WhenError::Bad),
                (DayOrder::Refuse, None) if first == second && len3 == 4 => Ok((third, second, first)),
                (DayOrder::Refuse, None) if orders.0 == 0 => {
                    Err(if first > 12 && second > 12 { WhenError::Bad } else { WhenError::Impossible })
                }
                (DayOrder::Refuse, None) => Err(WhenError::Ambiguous),
                (order, _) => in_order(date, order).ok_or(WhenError::Impossible),
            }
        }
        _ => Err(WhenError::Bad),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn orders(a: i64, b: i64, c: i64) -> Vec<DayOrder> {
        let len = |n: i64| if n > 99 { 4 } else { 2 };
        orders_of([(a, len(a)), (b, len(b)), (c, len(c))], b'/').each().collect()
    }

    #[test]
    fn what_a_date_allows() {
        use DayOrder::{DayFirst, MonthFirst, YearFirst};
        assert_eq!(orders(1, 9, 2026), [DayFirst, MonthFirst]);
        assert_eq!(orders(13, 9, 2026), [DayFirst]);
        assert_eq!(orders(31, 2, 2026), []);
        assert_eq!(orders(26, 3, 5), [YearFirst], "2005 is no year of an online shop");
        assert_eq!(orders(26, 3, 12), [DayFirst, YearFirst]);
        assert_eq!(orders(3, 5, 26), [DayFirst, MonthFirst]);
        assert_eq!(orders(3, 15, 98), [MonthFirst], "an old date is better than none");
    }
}
