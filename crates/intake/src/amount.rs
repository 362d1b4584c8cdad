//! Amounts and quantities as people and spreadsheets write them, read exactly: digits only, no
//! floating point. A currency sign or thousands separators are repaired and reported; what could be
//! read in two ways (`10,00`) is refused.

use crate::cell::fold_width;

/// An amount that was read.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Amount {
    /// Minor units.
    pub minor: i64,
    /// It carried a sign such as `¥`.
    pub currency_sign: bool,
    /// It carried thousands separators.
    pub thousands: bool,
    /// Currencies that the signs and words beside it can mean; all where there was none.
    means: Means,
}

/// Some of the currencies that signs and words can mean, a bit for each of [`CODES`]; and whether any sign stood there.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
struct Means(Option<u32>);

const CODES: [&str; 17] =
    ["CNY", "JPY", "USD", "HKD", "TWD", "CAD", "AUD", "NZD", "SGD", "MXN", "MOP", "BRL", "CLP", "COP", "ARS", "GBP", "EUR"];

impl Means {
    /// What is meant when this stands there too: `HKD $` is Hong Kong's, `USD €` is nobody's.
    fn and(self, codes: &str) -> Self {
        let bits = codes.split(' ').filter_map(|code| CODES.iter().position(|c| *c == code)).fold(0, |bits, at| bits | 1 << at);
        Self(Some(self.0.map_or(bits, |before| before & bits)))
    }
}

impl Amount {
    /// Whether what stands beside the digits allows this currency. `$` or `USD` in a column of yuan
    /// does not: the number would be read as another amount of money.
    pub fn allows(&self, code: &str) -> bool {
        let is_meant = |bits: u32| CODES.iter().position(|c| *c == code).is_some_and(|at| bits & 1 << at != 0);
        self.means.0.is_none_or(is_meant)
    }
}

/// Signs and words of currencies, the longer before those they contain, and what they can mean.
const SIGNS: [(&str, &str); 8] = [
    ("HK$", "HKD"),
    ("US$", "USD"),
    ("NT$", "TWD"),
    ("C$", "CAD"),
    ("¥", "CNY JPY"),
    ("$", "USD HKD TWD CAD AUD NZD SGD MXN MOP BRL CLP COP ARS"),
    ("£", "GBP"),
    ("€", "EUR"),
];
const NAMES: [(&str, &str); 9] = [
    ("人民币", "CNY"),
    ("元", "CNY HKD TWD MOP SGD"),
    ("CNY", "CNY"),
    ("RMB", "CNY"),
    ("GBP", "GBP"),
    ("USD", "USD"),
    ("EUR", "EUR"),
    ("HKD", "HKD"),
    ("円", "JPY"),
];

/// Why an amount is refused.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum AmountError {
    /// Below zero.
    Negative,
    /// Not an amount.
    Bad,
}

/// Reads an amount with `digits` decimals. `text` is a cleaned, non-empty cell.
pub fn parse(text: &str, digits: u32) -> Result<Amount, AmountError> {
    let (minor, amount) = signed(text, digits)?;
    if minor < 0 { Err(AmountError::Negative) } else { Ok(amount) }
}

/// Reads an amount whose sign is only a matter of style (discounts): its magnitude.
pub fn magnitude(text: &str, digits: u32) -> Result<Amount, AmountError> {
    signed(text, digits).map(|(minor, a)| Amount { minor: minor.abs(), ..a })
}

/// Reads an amount of either sign.
pub fn signed(text: &str, digits: u32) -> Result<(i64, Amount), AmountError> {
    // The common case first: plain ASCII digits with at most two decimals.
    if let Some(minor) = plain(text.as_bytes(), digits) {
        return Ok((minor, Amount { minor, currency_sign: false, thousands: false, means: Means::default() }));
    }
    let folded = fold_width(text);
    let mut s = folded.trim();
    let mut negative = false;
    let mut currency_sign = false;
    let mut means = Means::default();
    if let Some(inner) = s.strip_prefix('(').and_then(|s| s.strip_suffix(')')) {
        negative = true;
        s = inner.trim();
    }
    loop {
        let before = s;
        for (sign, meaning) in SIGNS {
            if let Some(rest) = s.strip_prefix(sign).or_else(|| s.strip_suffix(sign)) {
                s = rest.trim();
                currency_sign = true;
                means = means.and(meaning);
            }
        }
        for (word, meaning) in NAMES {
            if let Some(rest) = s.strip_prefix(word).or_else(|| s.strip_suffix(word)) {
                s = rest.trim();
                means = means.and(meaning);
            }
        }
        if let Some(rest) = s.strip_prefix('-') {
            if negative {
                return Err(AmountError::Bad);
            }
            negative = true;
            s = rest.trim();
        } else if let Some(rest) = s.strip_prefix('+') {
            s = rest.trim();
        }
        if before == s {
            break;
        }
    }
    let (digits_only, thousands) = ungroup(s).ok_or(AmountError::Bad)?;
    let minor = plain(digits_only.as_bytes(), digits).ok_or(AmountError::Bad)?;
    let minor = if negative { -minor } else { minor };
    Ok((minor, Amount { minor, currency_sign, thousands, means }))
}

/// `1,234.50` without its separators; `None` if they stand where thousands do not end.
fn ungroup(s: &str) -> Option<(String, bool)> {
    if !s.contains(',') {
        return Some((s.to_owned(), false));
    }
    let (whole, fraction) = s.split_once('.').unwrap_or((s, ""));
    if fraction.contains(',') {
        return None;
    }
    let mut groups = whole.split(',');
    let first = groups.next()?;
    // `0,500` is half of something or five hundred.
    if first.is_empty() || first.len() > 3 || first.starts_with('0') || !groups.all(|g| g.len() == 3) {
        return None;
    }
    let mut out: String = whole.chars().filter(|c| *c != ',').collect();
    if s.contains('.') {
        out.push('.');
        out.push_str(fraction);
    }
    Some((out, true))
}

/// Digits with an optional fraction of at most `digits` significant places.
fn plain(s: &[u8], digits: u32) -> Option<i64> {
    let mut value: i64 = 0;
    let mut seen = false;
    let mut places: Option<u32> = None;
    for &b in s {
        match b {
            b'0'..=b'9' => {
                seen = true;
                if let Some(p) = &mut places {
                    *p += 1;
                    if *p > digits {
                        if b != b'0' || *p > 30 {
                            return None;
                        }
                        continue;
                    }
                }
                value = value.checked_mul(10)?.checked_add(i64::from(b - b'0'))?;
            }
            b'.' if places.is_none() => places = Some(0),
            _ => return None,
        }
    }
    if !seen {
        return None;
    }
    for _ in places.unwrap_or(0).min(digits)..digits {
        value = value.checked_mul(10)?;
    }
    (value <= 1_000_000_000_000_000).then_some(value)
}

/// A price of one piece or a line's share, which systems write with more places than the currency
/// has: the amount rounded half up, and ten-thousandths of a minor unit, exact.
pub fn fine(text: &str, digits: u32) -> Option<(Amount, i64)> {
    let (units, amount) = signed(text, digits + 4).ok()?;
    (units >= 0).then_some((Amount { minor: (units + 5_000) / 10_000, ..amount }, units))
}

/// A whole number of either sign, also written `3.0`, `3.00` or `1,234`.
pub fn whole(text: &str) -> Option<i64> {
    let folded = fold_width(text);
    let s = folded.trim().trim_end_matches(['件', '个', '次', '笔', '分']);
    let (negative, s) = match s.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, s.strip_prefix('+').unwrap_or(s)),
    };
    let (s, _) = ungroup(s)?;
    let n = plain(s.as_bytes(), 0)?;
    Some(if negative { -n } else { n })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_the_same_amount() {
        for s in ["128", "128.0", "128.00", "¥128.00", "￥128.00", "128.00元", "１２８．００", "CNY 128.00", "128.0000", "+128", "RMB128"]
        {
            assert_eq!(parse(s, 2).map(|a| a.minor), Ok(12800), "{s}");
        }
        let a = parse("1,234.50", 2);
        assert_eq!(a, Ok(Amount { minor: 123_450, currency_sign: false, thousands: true, means: Means::default() }));
        assert_eq!(
            parse("￥34.00", 2),
            Ok(Amount { minor: 3400, currency_sign: true, thousands: false, means: Means::default().and("CNY JPY") })
        );
    }

    #[test]
    fn a_sign_of_another_currency_is_told() {
        for (s, code, fits) in [
            ("$1.50", "CNY", false),
            ("USD 1.50", "CNY", false),
            ("€1.50", "CNY", false),
            ("HK$1.50", "CNY", false),
            ("HK$1.50", "USD", false),
            ("$1.50", "USD", true),
            ("¥1.50", "CNY", true),
            ("1.50元", "CNY", true),
            ("1.50", "EUR", true),
            ("HKD $1.50", "USD", false),
            ("HKD $1.50", "HKD", true),
            ("¥1.50元", "CNY", true),
            ("USD €1.50", "USD", false),
            ("USD €1.50", "EUR", false),
            ("$1.50元", "HKD", true),
            ("$1.50元", "USD", false),
        ] {
            assert_eq!(parse(s, 2).map(|a| a.allows(code)), Ok(fits), "{s} {code}");
        }
    }

    #[test]
    fn what_is_no_amount() {
        for s in ["10,00", "12.3.4", "NaN", "一百元", "1e3", "", ".", "1.239", "12 34", "--5", "99999999999999999999"] {
            assert_eq!(parse(s, 2), Err(AmountError::Bad), "{s}");
        }
        for s in ["-35.00", "(35.00)", "（35.00）", "-¥35", "¥-35", "－35.00"] {
            assert_eq!(parse(s, 2), Err(AmountError::Negative), "{s}");
        }
        assert_eq!(parse("-0.00", 2).map(|a| a.minor), Ok(0));
    }

    #[test]
    fn quantities() {
        assert_eq!(whole("3"), Some(3));
        assert_eq!(whole("3.00"), Some(3));
        assert_eq!(whole("1.5"), None);
        assert_eq!(whole("-2"), Some(-2));
        assert_eq!(whole("1,234"), Some(1234));
        assert_eq!(whole("x"), None);
    }
}
