//! What something costs, and who bears it: the supplier's and the platform's shares are kept apart from the shop's.

use serde::{Deserialize, Serialize};
use shuke_kernel::Refusal;
use utoipa::ToSchema;

use crate::words::invalid;

/// Percent of a cost that others bear; the rest is the shop's.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
#[schema(as = BenefitFunded)]
pub struct Funded {
    /// The supplier, percent.
    #[schema(minimum = 0, maximum = 100)]
    pub supplier: i64,
    /// The platform, percent.
    #[schema(minimum = 0, maximum = 100)]
    pub platform: i64,
}

/// A cost and its shares, minor units.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Shares {
    /// All of it.
    pub cost: i64,
    /// The supplier's.
    pub supplier: i64,
    /// The platform's.
    pub platform: i64,
}

impl Funded {
    /// Refuses what is no share.
    ///
    /// # Errors
    /// Where a share is not 0 to 100, or both together are more.
    pub fn check(&self) -> Result<(), Refusal> {
        let good = (0..=100).contains(&self.supplier) && (0..=100).contains(&self.platform) && self.supplier + self.platform <= 100;
        if good {
            return Ok(());
        }
        Err(invalid("funded", "分摊比例为 0 到 100，两者合计不超过 100。", "A share is 0 to 100 percent, both together 100 at most."))
    }

    /// The shares of a cost of 0 or more; rounded down to the minor unit, so that they never come to more than it.
    pub fn of(&self, cost: i64) -> Shares {
        let part = |percent: i64| i64::try_from(i128::from(cost) * i128::from(percent) / 100).unwrap_or(0);
        Shares { cost, supplier: part(self.supplier), platform: part(self.platform) }
    }
}

impl Shares {
    /// The shop's own.
    pub fn shop(&self) -> i64 {
        self.cost - self.supplier - self.platform
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn shares_are_rounded_down_and_the_rest_is_the_shops() {
        let shares = Funded { supplier: 33, platform: 33 }.of(101);
        assert_eq!((shares.supplier, shares.platform, shares.shop()), (33, 33, 35));
        assert!(Funded { supplier: 60, platform: 41 }.check().is_err());
        assert!(Funded { supplier: -1, platform: 0 }.check().is_err());
    }

    proptest! {
        #[test]
        fn no_share_is_below_nothing(cost in 0..=i64::MAX, supplier in 0..=100_i64, rest in 0..=100_i64) {
            let funded = Funded { supplier, platform: rest.min(100 - supplier) };
            prop_assert!(funded.check().is_ok());
            let shares = funded.of(cost);
            prop_assert!(shares.supplier >= 0 && shares.platform >= 0 && shares.shop() >= 0);
            prop_assert_eq!(shares.supplier + shares.platform + shares.shop(), cost);
        }
    }
}
