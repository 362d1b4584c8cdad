//! The sums of judged orders: by platform, shop and month.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use shuke_kernel::{Instant, Zone};
use utoipa::ToSchema;

use super::judge::{Judged, Reason};
use super::service::{Judgements, Window};

/// Sums of orders. `expected + difference = settled`.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = SettlementSum)]
pub struct Sum {
    /// Orders of which money was to come or came.
    pub orders: i64,
    /// Those whose figure is what was expected.
    pub matched: i64,
    /// Those whose figure is not.
    pub differing: i64,
    /// Those for which no file gives a figure.
    pub untold: i64,
    /// What was to be received, minor units.
    pub expected: i64,
    /// What of it was to be received for orders of which no file gives a figure.
    pub expected_untold: i64,
    /// What the files say was received, minor units.
    pub settled: i64,
    /// Settled less expected of the orders whose figure a file gives, minor units.
    pub difference_told: i64,
    /// What of `difference_told` is less and no document explains: commission, service fees, insurance; never above 0, minor units.
    pub deducted: i64,
    /// Settled less expected of all, minor units: `difference_told - expected_untold`.
    pub difference: i64,
}

impl Sum {
    fn take(&mut self, judged: &Judged) {
        self.orders += 1;
        self.untold += i64::from(judged.settled.is_none());
        self.differing += i64::from(judged.settled.is_some() && judged.difference() != 0);
        self.matched += i64::from(judged.settled.is_some() && judged.difference() == 0);
        self.expected = self.expected.saturating_add(judged.expected);
        match judged.settled {
            Some(_) => self.difference_told = self.difference_told.saturating_add(judged.difference()),
            None => self.expected_untold = self.expected_untold.saturating_add(judged.expected),
        }
        for (_, amount) in judged.reasons.iter().filter(|(reason, _)| *reason == Reason::Deducted) {
            self.deducted = self.deducted.saturating_add(*amount);
        }
        self.settled = self.settled.saturating_add(judged.settled.unwrap_or(0));
        self.difference = self.difference.saturating_add(judged.difference());
    }

    fn join(&mut self, other: &Self) {
        self.orders += other.orders;
        self.matched += other.matched;
        self.differing += other.differing;
        self.untold += other.untold;
        self.expected = self.expected.saturating_add(other.expected);
        self.expected_untold = self.expected_untold.saturating_add(other.expected_untold);
        self.settled = self.settled.saturating_add(other.settled);
        self.difference_told = self.difference_told.saturating_add(other.difference_told);
        self.deducted = self.deducted.saturating_add(other.deducted);
        self.difference = self.difference.saturating_add(other.difference);
    }
}

/// The sums of a shop.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = SettlementOfPlatform)]
pub struct OfPlatform {
    /// The platform.
    pub platform: String,
    /// The shop, as the orders tell it.
    pub shop: Option<String>,
    /// The sums.
    #[serde(flatten)]
    pub sum: Sum,
}

/// The sums of a platform, all its shops together.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = SettlementOfWholePlatform)]
pub struct OfWholePlatform {
    /// The platform.
    pub platform: String,
    /// The sums.
    #[serde(flatten)]
    pub sum: Sum,
}

/// The sums of a month.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = SettlementOfMonth)]
pub struct OfMonth {
    /// The month in which the orders were placed: `2026-09`.
    pub month: String,
    /// The sums.
    #[serde(flatten)]
    pub sum: Sum,
}

/// The sums of a shop's month.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = SettlementOfPlatformMonth)]
pub struct OfPlatformMonth {
    /// The platform.
    pub platform: String,
    /// The shop, as the orders tell it.
    pub shop: Option<String>,
    /// The month in which the orders were placed: `2026-09`.
    pub month: String,
    /// The sums.
    #[serde(flatten)]
    pub sum: Sum,
}

/// What a reason comes to.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = SettlementReasonSum)]
pub struct OfReason {
    /// Its word.
    #[schema(value_type = String, example = "refund_after_payout")]
    pub reason: Reason,
    /// In words.
    pub text: String,
    /// Orders for which it holds.
    pub orders: i64,
    /// Its part of the differences, minor units.
    pub amount: i64,
}

/// Sales reconciled.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
pub struct Settlement {
    /// `settlement`.
    pub report: String,
    /// When it was computed: what the store knew then.
    #[schema(value_type = String, format = DateTime)]
    pub as_of: Instant,
    /// The first day.
    #[schema(value_type = String, format = Date)]
    pub from: Date,
    /// The day before which it ends.
    #[schema(value_type = String, format = Date)]
    pub to: Date,
    /// The zone of days and months.
    pub zone: String,
    /// The currency of all money.
    pub currency: String,
    /// Orders left out because they are in another currency.
    pub orders_other_currency: i64,
    /// Purchases of which no document tells what was paid, and no file what was settled: in no sum.
    pub orders_without_amount: i64,
    /// All of it.
    pub total: Sum,
    /// By platform, all its shops together.
    pub platforms: Vec<OfWholePlatform>,
    /// By platform and shop.
    pub by_platform: Vec<OfPlatform>,
    /// By month.
    pub by_month: Vec<OfMonth>,
    /// By platform, shop and month.
    pub by_platform_month: Vec<OfPlatformMonth>,
    /// What explains the differences, the largest first.
    pub reasons: Vec<OfReason>,
}

/// Adds judged orders up.
#[derive(Default)]
pub struct Adder {
    parts: BTreeMap<(String, Option<String>, String), Sum>,
    reasons: BTreeMap<Reason, (i64, i64)>,
    other_currency: i64,
    without_amount: i64,
}

impl Adder {
    /// Takes a page in.
    pub fn take(&mut self, zone: &Zone, page: Judgements) {
        self.other_currency += page.other_currency;
        self.without_amount += page.without_amount;
        for row in page.rows {
            let day = zone.day(row.placed_at);
            let month = format!("{:04}-{:02}", day.year(), day.month());
            self.parts.entry((row.platform, row.shop, month)).or_default().take(&row.judged);
            for (reason, amount) in row.judged.reasons {
                let sum = self.reasons.entry(reason).or_default();
                *sum = (sum.0 + 1, sum.1.saturating_add(amount));
            }
        }
    }

    /// The sums.
    pub fn done(self, window: Window, as_of: Instant, zh: bool) -> Settlement {
        let mut total = Sum::default();
        let mut platforms: BTreeMap<(String, Option<String>), Sum> = BTreeMap::new();
        let mut wholes: BTreeMap<String, Sum> = BTreeMap::new();
        let mut months: BTreeMap<String, Sum> = BTreeMap::new();
        for ((platform, shop, month), sum) in &self.parts {
            total.join(sum);
            platforms.entry((platform.clone(), shop.clone())).or_default().join(sum);
            wholes.entry(platform.clone()).or_default().join(sum);
            months.entry(month.clone()).or_default().join(sum);
        }
        let mut reasons: Vec<OfReason> = self
            .reasons
            .into_iter()
            .map(|(reason, (orders, amount))| OfReason { reason, text: reason.text(zh).to_owned(), orders, amount })
            .collect();
        reasons.sort_by_key(|r| (std::cmp::Reverse(r.amount.saturating_abs()), r.reason));
        Settlement {
            report: "settlement".to_owned(),
            as_of,
            from: window.from,
            to: window.to,
            zone: window.zone,
            currency: window.currency.to_string(),
            orders_other_currency: self.other_currency,
            orders_without_amount: self.without_amount,
            total,
            platforms: wholes.into_iter().map(|(platform, sum)| OfWholePlatform { platform, sum }).collect(),
            by_platform: platforms.into_iter().map(|((platform, shop), sum)| OfPlatform { platform, shop, sum }).collect(),
            by_month: months.into_iter().map(|(month, sum)| OfMonth { month, sum }).collect(),
            by_platform_month: self
                .parts
                .into_iter()
                .map(|((platform, shop, month), sum)| OfPlatformMonth { platform, shop, month, sum })
                .collect(),
            reasons,
        }
    }
}
