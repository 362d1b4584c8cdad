//! Orders judged page by page, and their sums: memory holds a page and a sum for each shop and month.

use std::collections::{BTreeMap, HashMap};

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use shuke_kernel::{Ctx, Currency, Instant, Result, Zone};
use shuke_members::MemberId;
use shuke_store::{Tx, args};
use utoipa::ToSchema;

use super::judge::{Facts, Judged, Reason, judge, unknown};
use super::sql;
use crate::order::{Discount, OrderId, Payer, State};

/// Orders read at once.
pub const PAGE: i64 = 2_000;

/// Which orders are judged.
#[derive(Clone, Debug)]
pub struct Asked {
    /// Placed then or later.
    pub from: Instant,
    /// Placed before.
    pub to: Instant,
    /// On that platform; empty for all.
    pub platform: String,
    /// Of that shop; empty for all.
    pub shop: String,
    /// In that currency.
    pub currency: Currency,
}

/// A place among the orders: when the last one was placed, and its id.
pub type Place = (Instant, [u8; 16]);

/// An order with its judgement.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Row {
    /// Which.
    pub order: OrderId,
    /// Its number.
    pub order_no: String,
    /// Platform.
    pub platform: String,
    /// Shop.
    pub shop: Option<String>,
    /// State's word.
    pub state: String,
    /// Whose.
    pub member: Option<MemberId>,
    /// Placed.
    pub placed_at: Instant,
    /// Completed.
    pub completed_at: Option<Instant>,
    /// Expected, settled, and why they differ.
    pub judged: Judged,
}

/// Two kinds of rows that a list of differing orders mixes.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Part {
    /// A file gives a figure, and it is not what was expected.
    Differs,
    /// Money was expected, and no file gives a figure.
    Untold,
}

impl Part {
    /// The word in the API.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Differs => "differs",
            Self::Untold => "untold",
        }
    }

    /// The part of that word.
    pub fn from_word(word: &str) -> Option<Self> {
        [Self::Differs, Self::Untold].into_iter().find(|part| part.word() == word)
    }
}

impl Row {
    /// Which part of the list it is of.
    pub fn part(&self) -> Part {
        if self.judged.settled.is_some() { Part::Differs } else { Part::Untold }
    }

    /// Whether it is in the list of differing orders that is asked for.
    pub fn is_in(&self, part: Option<Part>, reason: Option<Reason>) -> bool {
        self.judged.difference() != 0
            && part.is_none_or(|part| self.part() == part)
            && reason.is_none_or(|reason| self.judged.reasons.iter().any(|(is, _)| *is == reason))
    }
}

/// Some orders of a list.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Judgements {
    /// Those of which there is something to say.
    pub rows: Vec<Row>,
    /// Orders left out because they are in another currency.
    pub other_currency: i64,
    /// Purchases of which no document tells an amount, paid or settled.
    pub without_amount: i64,
    /// Where to go on; `None` after the last.
    pub next: Option<Place>,
}

/// Judges the next orders, newest first.
pub fn page(tx: &mut Tx<'_>, cx: &Ctx, asked: &Asked, after: Option<Place>) -> Result<Judgements> {
    let (before, id) = after.unwrap_or((asked.to, [0; 16]));
    let args = args![cx.merchant, before, id, asked.from, &asked.platform, &asked.shop, PAGE];
    let found = tx.rows(sql::ORDERS, args)?;
    let full = found.len() as i64 == PAGE;
    let mut out = Judgements::default();
    let mut last = None;
    let mut refunds = single_refunds(tx, cx, &found)?;
    for mut r in found {
        let (order, placed_at): (OrderId, Instant) = (r.get(0)?, r.get(12)?);
        last = Some((placed_at, *order.bytes()));
        if r.get::<Currency>(15)? != asked.currency {
            out.other_currency += 1;
            continue;
        }
        let state: String = r.get(4)?;
        let discounts: Option<String> = r.get(10)?;
        let discounts: Vec<Discount> = discounts.map_or(Ok(Vec::new()), |d| serde_json::from_str(&d))?;
        let borne = |by: &[Payer]| discounts.iter().filter(|d| by.contains(&d.payer)).fold(0_i64, |s, d| s.saturating_add(d.amount));
        let flags: Option<String> = r.get(17)?;
        let forfeited = flags.is_some_and(|f| f.split(' ').any(|f| f == "deposit_forfeited"));
        let kept = r.get::<Option<i64>>(16)?.filter(|_| forfeited);
        let facts = Facts {
            state: State::from_word(&state).unwrap_or(State::Created),
            purchase: r.get(5)?,
            paid: kept.max(r.get(6)?),
            refunded: r.get(7)?,
            refunds: refunds.remove(&order).unwrap_or_default(),
            shipping: r.get::<Option<i64>>(8)?.unwrap_or(0),
            points: r.get::<Option<i64>>(9)?.unwrap_or(0),
            platform: borne(&[Payer::Platform]),
            payment: borne(&[Payer::Payment, Payer::Unknown]),
            partner: borne(&[Payer::Influencer, Payer::Supplier]),
            settled: r.get(11)?,
        };
        out.without_amount += i64::from(unknown(&facts));
        let judged = judge(&facts);
        if judged.idle() && judged.reasons.is_empty() {
            continue;
        }
        out.rows.push(Row {
            order,
            order_no: r.get(1)?,
            platform: r.get(2)?,
            shop: r.get(3)?,
            state,
            member: r.get(14)?,
            placed_at,
            completed_at: r.get(13)?,
            judged,
        });
    }
    out.next = last.filter(|_| full);
    Ok(out)
}

/// The single refunds of those orders whose figure may be from before them.
fn single_refunds(tx: &mut Tx<'_>, cx: &Ctx, found: &[shuke_store::Row]) -> Result<HashMap<OrderId, Vec<i64>>> {
    let mut of = Vec::new();
    for r in found {
        // What is taken out of a row is gone from it.
        let mut r = shuke_store::Row([0, 7, 11].into_iter().filter_map(|i| r.0.get(i).cloned()).collect());
        if r.get::<i64>(1)? > 0 && r.get::<Option<i64>>(2)?.is_some() {
            of.push(r.get::<Vec<u8>>(0)?);
        }
    }
    let mut out: HashMap<OrderId, Vec<i64>> = HashMap::new();
    if !of.is_empty() {
        for mut r in tx.rows(sql::REFUNDS, args![cx.merchant, of])? {
            out.entry(r.get(0)?).or_default().push(r.get(1)?);
        }
    }
    Ok(out)
}

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

/// The days that are asked for.
#[derive(Clone, Debug)]
pub struct Window {
    /// The first day.
    pub from: Date,
    /// The day before which it ends.
    pub to: Date,
    /// The zone of the days.
    pub zone: String,
    /// The currency.
    pub currency: Currency,
}

impl Window {
    /// The orders of these days; `None` where the zone is unknown or the days are none of its.
    pub fn asked(&self, platform: &str, shop: &str) -> Option<(Zone, Asked)> {
        let zone = Zone::named(&self.zone)?;
        let (from, to) = (zone.start_of(self.from)?, zone.start_of(self.to)?);
        let asked = Asked { from, to, platform: platform.trim().to_owned(), shop: shop.trim().to_owned(), currency: self.currency };
        Some((zone, asked))
    }

    /// The twelve months before the day after `today`.
    pub fn year_to(today: Date) -> (Date, Date) {
        let to = today.tomorrow().unwrap_or(today);
        (to.checked_sub(jiff::Span::new().months(12)).unwrap_or(to), to)
    }
}
