//! Money: whole minor units of a named currency, and its exact division among lines.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// An ISO 4217 code such as `CNY`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Currency([u8; 3]);

impl Currency {
    /// Renminbi, whose minor unit is the fen.
    pub const CNY: Self = Self(*b"CNY");

    /// The three letters.
    pub fn code(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or("XXX")
    }

    /// Decimal digits of the minor unit (ISO 4217): 2 for most, 0 for yen, 3 for some dinars.
    pub fn digits(&self) -> u32 {
        match &self.0 {
            b"JPY" | b"KRW" | b"VND" | b"CLP" | b"ISK" | b"UGX" | b"XAF" | b"XOF" | b"XPF" | b"PYG" | b"RWF" | b"GNF" | b"KMF" | b"DJF" | b"BIF" | b"VUV" => 0,
            b"BHD" | b"IQD" | b"JOD" | b"KWD" | b"LYD" | b"OMR" | b"TND" => 3,
            _ => 2,
        }
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl fmt::Debug for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl FromStr for Currency {
    type Err = String;
    fn from_str(s: &str) -> Result<Self, String> {
        match s.as_bytes() {
            [a, b, c] if [a, b, c].iter().all(|x| x.is_ascii_uppercase()) => Ok(Self([*a, *b, *c])),
            _ => Err(format!("`{s}` is not an ISO 4217 currency code such as CNY")),
        }
    }
}

impl Serialize for Currency {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.serialize_str(self.code())
    }
}

impl<'de> Deserialize<'de> for Currency {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        String::deserialize(d)?.parse().map_err(serde::de::Error::custom)
    }
}

/// An amount in minor units (fen for CNY) with its currency.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Money {
    /// Minor units.
    pub amount: i64,
    /// ISO 4217.
    pub currency: Currency,
}

impl Money {
    /// `fen` of renminbi.
    pub const fn fen(fen: i64) -> Self {
        Self { amount: fen, currency: Currency::CNY }
    }
}

/// Divides `total` among parts in proportion to `weights` by largest remainder, ties to the
/// earlier part, so that the parts always sum to `total`. With no positive weight everything goes
/// to the first part. Weights must not be negative; negative ones count as zero.
pub fn allocate(total: i64, weights: &[i64]) -> Vec<i64> {
    if weights.is_empty() {
        return Vec::new();
    }
    let sum: i128 = weights.iter().map(|w| i128::from((*w).max(0))).sum();
    let mut parts = vec![0_i64; weights.len()];
    if sum == 0 {
        parts[0] = total;
        return parts;
    }
    let sign = if total < 0 { -1 } else { 1 };
    let magnitude = i128::from(total).abs();
    let mut remainders = Vec::with_capacity(weights.len());
    let mut given: i128 = 0;
    for (i, w) in weights.iter().enumerate() {
        let exact = magnitude * i128::from((*w).max(0));
        let share = exact / sum;
        given += share;
        parts[i] = share as i64 * sign;
        remainders.push((exact % sum, i));
    }
    remainders.sort_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(&b.1)));
    for (_, i) in remainders.into_iter().take((magnitude - given) as usize) {
        parts[i] += sign;
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn largest_remainder_ties_go_to_the_earlier_part() {
        assert_eq!(allocate(100, &[1, 1, 1]), [34, 33, 33]);
        assert_eq!(allocate(2, &[1, 1, 1]), [1, 1, 0]);
        assert_eq!(allocate(-100, &[1, 1, 1]), [-34, -33, -33]);
        assert_eq!(allocate(5, &[0, 0]), [5, 0]);
    }

    proptest! {
        #[test]
        fn parts_sum_to_the_whole(total in -1_000_000_000_i64..1_000_000_000, weights in prop::collection::vec(0_i64..1_000_000, 1..40)) {
            prop_assert_eq!(allocate(total, &weights).iter().sum::<i64>(), total);
        }
    }
}
