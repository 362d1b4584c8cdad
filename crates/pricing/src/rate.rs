//! Rates: exact decimals in [0, 1], always the share that is paid (8.5折 is `0.85`).

use std::fmt;
use std::str::FromStr;

/// The share that is paid, exactly: a numerator over a power of ten.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Rate {
    part: i64,
    whole: i64,
}

/// More digits behind the point than a rate may have would not fit its exact arithmetic.
const MOST_DIGITS: usize = 18;

impl Rate {
    /// All of it is paid.
    pub const ONE: Self = Self { part: 1, whole: 1 };

    /// What is paid of `amount`, which must not be negative: half a minor unit goes up.
    pub fn payable(self, amount: i64) -> i64 {
        // Most amounts and rates are small, and dividing 64 bits is several times faster than 128.
        if amount < 1 << 31 && self.whole < 1 << 30 {
            return (2 * amount * self.part + self.whole) / (2 * self.whole);
        }
        let (amount, part, whole) = (i128::from(amount), i128::from(self.part), i128::from(self.whole));
        ((2 * amount * part + whole) / (2 * whole)) as i64
    }

    /// What is taken off `amount`: what [`payable`](Self::payable) leaves.
    pub fn off(self, amount: i64) -> i64 {
        amount - self.payable(amount)
    }

    /// The share of `amount`, rounded down to whole minor units.
    pub fn floor_of(self, amount: i64) -> i64 {
        (i128::from(amount) * i128::from(self.part) / i128::from(self.whole)) as i64
    }

    /// How many tenths are paid, as Chinese counts discounts: 0.85 is `8.5`.
    pub(crate) fn tenths(self) -> String {
        decimal(i128::from(self.part) * 10, i128::from(self.whole))
    }

    /// How many hundredths are taken off: 0.85 is `15`.
    pub(crate) fn percent_off(self) -> String {
        decimal(i128::from(self.whole - self.part) * 100, i128::from(self.whole))
    }

    /// The share in 2⁻²⁰, rounded down.
    pub(crate) fn in_2_to_20(self) -> i64 {
        ((i128::from(self.part) << 20) / i128::from(self.whole)) as i64
    }
}

/// `part` over `whole`, a power of ten, without zeros at its end.
fn decimal(part: i128, whole: i128) -> String {
    let (units, rest) = (part / whole, part % whole);
    if rest == 0 {
        return units.to_string();
    }
    let digits = whole.ilog10() as usize;
    format!("{units}.{rest:0digits$}").trim_end_matches('0').to_owned()
}

impl FromStr for Rate {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        const EXPECTED: &str = "expected an exact decimal in [0, 1] as a string, such as \"0.85\"";
        let (units, digits) = text.split_once('.').map_or((text, None), |(units, digits)| (units, Some(digits)));
        let digits_are_there = digits.is_none_or(|d| !d.is_empty() && d.bytes().all(|b| b.is_ascii_digit()));
        if !matches!(units, "0" | "1") || !digits_are_there {
            return Err(EXPECTED);
        }
        let digits = digits.unwrap_or("").trim_end_matches('0');
        if digits.len() > MOST_DIGITS {
            return Err("a rate has at most 18 digits behind the point");
        }
        let whole = 10_i64.pow(digits.len() as u32);
        let behind: i64 = if digits.is_empty() { 0 } else { digits.parse().map_err(|_| EXPECTED)? };
        match units {
            "0" => Ok(Self { part: behind, whole }),
            _ if behind == 0 => Ok(Self::ONE),
            _ => Err(EXPECTED),
        }
    }
}

impl fmt::Display for Rate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let digits = self.whole.ilog10() as usize;
        if digits == 0 { write!(f, "{}", self.part) } else { write!(f, "0.{:0digits$}", self.part) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn half_a_fen_goes_up_in_what_is_paid() {
        let rate = |text: &str| text.parse::<Rate>().unwrap();
        for (text, amount, payable) in
            [("0.85", 1001, 851), ("0.85", 1050, 893), ("0.5", 999, 500), ("0.5", 1, 1), ("0", 7, 0), ("1", 7, 7)]
        {
            assert_eq!(rate(text).payable(amount), payable, "{text} of {amount}");
        }
        assert_eq!(rate("0.333333333333333333").payable(9_000_000_000_000_000), 3_000_000_000_000_000);
        assert_eq!(rate("0.5").floor_of(9999), 4999);
    }

    #[test]
    fn a_rate_is_said_in_tenths_and_hundredths() {
        for (text, tenths, off) in
            [("0.85", "8.5", "15"), ("0.9", "9", "10"), ("0.333", "3.33", "66.7"), ("0", "0", "100"), ("1", "10", "0")]
        {
            let rate: Rate = text.parse().unwrap();
            assert_eq!((rate.tenths().as_str(), rate.percent_off().as_str()), (tenths, off), "{text}");
        }
    }

    #[test]
    fn what_is_no_exact_decimal_in_the_unit_interval_is_refused() {
        for good in ["0", "1", "0.0", "1.000", "0.85", "0.123456789012345678", "0.1234567890123456780"] {
            assert!(good.parse::<Rate>().is_ok(), "{good}");
        }
        for bad in ["", ".", "1.", ".5", "-0.5", "+0.5", "1.01", "2", "0.85 ", "8.5", "1e-1", "0,5", "00.5", "0.1234567890123456789", "٠.5"]
        {
            assert!(bad.parse::<Rate>().is_err(), "{bad}");
        }
    }
}
