//! ISO 4217: the currencies there are, and the decimal digits of each one's minor unit. The one list
//! by which files, requests and settings are read: a code that is not in it is nobody's money.
//!
//! A few that were withdrawn of late stay (HRK, BGN, SLL, ANG, ZWL), since old orders are in them.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// By the digits of the minor unit.
const BY_DIGITS: [(u32, &str); 4] = [
    (2, TWO),
    (0, "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF"),
    (3, "BHD IQD JOD KWD LYD OMR TND"),
    (4, "CLF UYW"),
];
const TWO: &str = "\
    AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BOV BRL BSD BTN BWP BYN BZD \
    CAD CDF CHE CHF CHW CNY COP COU CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS \
    GIP GMD GTQ GYD HKD HNL HRK HTG HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD \
    LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MXV MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN \
    PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SLL SOS SRD SSP STN SVC SYP SZL \
    THB TJS TMT TOP TRY TTD TWD TZS UAH USD USN UYU UZS VED VES WST XCD XCG YER ZAR ZMW ZWG ZWL";

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

    /// Decimal digits of the minor unit: 2 for most, 0 for yen, 3 for some dinars.
    pub fn digits(&self) -> u32 {
        if *self == Self::CNY { 2 } else { listed(self.0).unwrap_or(2) }
    }
}

/// The digits of a code that is in the list. Codes stand four bytes apart there.
fn listed(code: [u8; 3]) -> Option<u32> {
    BY_DIGITS.iter().find(|(_, codes)| codes.as_bytes().chunks(4).any(|c| c.starts_with(&code))).map(|(digits, _)| *digits)
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
        match <[u8; 3]>::try_from(s.as_bytes()) {
            Ok(code) if code == Self::CNY.0 || listed(code).is_some() => Ok(Self(code)),
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_currencies_of_the_list_are_money() {
        for (code, digits) in [("CNY", 2), ("USD", 2), ("JPY", 0), ("KRW", 0), ("KWD", 3), ("CLF", 4), ("ZWG", 2), ("AED", 2), ("UYI", 0)] {
            assert_eq!(code.parse::<Currency>().map(|c| c.digits()), Ok(digits), "{code}");
        }
        for wrong in ["XQZ", "XXX", "XTS", "cny", "CN", "CNYX", "", "NY ", "D A", "ED ", "人"] {
            assert!(wrong.parse::<Currency>().is_err(), "{wrong}");
        }
        let all: Vec<&str> = BY_DIGITS.iter().flat_map(|(_, codes)| codes.split(' ')).collect();
        let distinct: std::collections::BTreeSet<&str> = all.iter().copied().collect();
        assert!(
            all.len() > 150 && distinct.len() == all.len() && all.iter().all(|c| c.len() == 3 && c.bytes().all(|b| b.is_ascii_uppercase()))
        );
    }
}
