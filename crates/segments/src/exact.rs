//! Exact fractions: averages and ratios are never rounded. Held in 128 bits while they fit, and in as
//! many as it takes where they do not.

use std::cmp::Ordering;

use num_bigint::BigInt;
use num_integer::Integer;

/// A fraction in lowest terms, its denominator above 0.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Exact {
    /// One that fits.
    Small(i128, i128),
    /// One that does not.
    Large(Box<(BigInt, BigInt)>),
}

impl From<i64> for Exact {
    fn from(n: i64) -> Self {
        Self::Small(i128::from(n), 1)
    }
}

impl Exact {
    /// `n / d`; `None` where `d` is 0.
    pub fn ratio(n: i128, d: i128) -> Option<Self> {
        if d == 0 {
            return None;
        }
        if n == i128::MIN || d == i128::MIN {
            return Self::large(n.into(), d.into());
        }
        let by = n.gcd(&d) * d.signum();
        Some(Self::Small(n / by, d / by))
    }

    fn large(n: BigInt, d: BigInt) -> Option<Self> {
        let zero = BigInt::from(0);
        if d == zero {
            return None;
        }
        let by = n.gcd(&d);
        let by = if d < zero { -by } else { by };
        let (n, d) = (n / &by, d / &by);
        Some(match (i128::try_from(&n), i128::try_from(&d)) {
            (Ok(n), Ok(d)) if n != i128::MIN => Self::Small(n, d),
            _ => Self::Large(Box::new((n, d))),
        })
    }

    /// As text: `n/d`.
    pub fn text(&self) -> String {
        let (n, d) = self.parts();
        format!("{n}/{d}")
    }

    /// Of such a text.
    pub fn of_text(text: &str) -> Option<Self> {
        let (n, d) = text.split_once('/')?;
        Self::large(n.parse().ok()?, d.parse().ok()?)
    }

    fn parts(&self) -> (BigInt, BigInt) {
        match self {
            Self::Small(n, d) => ((*n).into(), (*d).into()),
            Self::Large(both) => (**both).clone(),
        }
    }

    /// Both together.
    pub fn plus(&self, other: &Self) -> Self {
        if let (Self::Small(a, b), Self::Small(c, d)) = (self, other) {
            let sum = a.checked_mul(*d).zip(c.checked_mul(*b)).and_then(|(x, y)| x.checked_add(y));
            if let Some(fits) = sum.zip(b.checked_mul(*d)).and_then(|(n, d)| Self::ratio(n, d)) {
                return fits;
            }
        }
        let ((a, b), (c, d)) = (self.parts(), other.parts());
        Self::large(a * &d + c * &b, b * d).unwrap_or_else(|| 0.into())
    }

    /// This less the other.
    pub fn minus(&self, other: &Self) -> Self {
        let negative = match other {
            Self::Small(n, d) => Self::Small(-n, *d),
            Self::Large(both) => Self::Large(Box::new((-&both.0, both.1.clone()))),
        };
        self.plus(&negative)
    }

    /// This over the other; `None` where that is 0.
    pub fn over(&self, other: &Self) -> Option<Self> {
        if let (Self::Small(a, b), Self::Small(c, d)) = (self, other)
            && let Some((n, d)) = a.checked_mul(*d).zip(b.checked_mul(*c))
        {
            return Self::ratio(n, d);
        }
        let ((a, b), (c, d)) = (self.parts(), other.parts());
        Self::large(a * d, b * c)
    }

    /// As a count of `1 / scale`, where it is a whole one of 64 bits.
    pub fn scaled(&self, scale: i64) -> Option<i64> {
        match self {
            Self::Small(n, d) if i128::from(scale) % d == 0 => n.checked_mul(i128::from(scale) / d).and_then(|n| i64::try_from(n).ok()),
            _ => None,
        }
    }
}

impl PartialOrd for Exact {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Exact {
    fn cmp(&self, other: &Self) -> Ordering {
        if let (Self::Small(a, b), Self::Small(c, d)) = (self, other)
            && let Some((x, y)) = a.checked_mul(*d).zip(c.checked_mul(*b))
        {
            return x.cmp(&y);
        }
        let ((a, b), (c, d)) = (self.parts(), other.parts());
        (a * d).cmp(&(c * b))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn big(x: &Exact) -> (BigInt, BigInt) {
        x.parts()
    }

    proptest! {
        #[test]
        fn fractions_are_those_of_large_numbers(a in any::<i128>(), b in any::<i128>(), c in any::<i128>(), d in any::<i128>(), small in any::<bool>()) {
            let cut = |x: i128| if small { x % 1000 } else { x };
            let (a, b, c, d) = (cut(a), cut(b).max(1), cut(c), cut(d).max(1));
            let (x, y) = (Exact::ratio(a, b).unwrap(), Exact::ratio(c, d).unwrap());
            let [a, b, c, d] = [a, b, c, d].map(BigInt::from);
            prop_assert_eq!(x.cmp(&y), (&a * &d).cmp(&(&c * &b)));
            let same = |x: &Exact, n: BigInt, m: BigInt| { let (p, q) = big(x); p * m == n * q };
            prop_assert!(same(&x.plus(&y), &a * &d + &c * &b, &b * &d));
            prop_assert!(same(&x.minus(&y), &a * &d - &c * &b, &b * &d));
            match x.over(&y) {
                Some(over) => prop_assert!(same(&over, &a * &d, &b * &c)),
                None => prop_assert!(c == BigInt::from(0)),
            }
        }
    }

    #[test]
    fn whole_ones_are_counted() {
        assert_eq!(Exact::ratio(1, 4).unwrap().scaled(1_000_000), Some(250_000));
        assert_eq!(Exact::ratio(1, 3).unwrap().scaled(1_000_000), None);
        assert_eq!(Exact::ratio(i128::MIN, -1).unwrap().cmp(&Exact::from(0)), Ordering::Greater);
    }
}
