//! What is told of what is owed and of what will become of it.

use serde::Serialize;
use shuke_http::MoneyDto;
use shuke_kernel::{Currency, Money, Result as Done};
use utoipa::ToSchema;

use crate::owed::cells::shown;
use crate::owed::forecast::{self, Forecast, Range};
use crate::owed::revenue::{MILLION, worth};
use crate::owed::{Liability, Line};

/// What lots of one month come to.
#[derive(Serialize, ToSchema)]
struct LiabilityLine {
    /// The month in which the lots were made; `null` for what lies in no lot: debts, and points that are set aside.
    lot_month: Option<String>,
    opening: i64,
    issued: i64,
    redeemed: i64,
    expired: i64,
    reversed: i64,
    /// opening + issued − redeemed − expired − reversed.
    closing: i64,
    /// What these buy, where `value` was stated.
    worth: Option<LiabilityWorth>,
}

/// What the points of a line buy, each figure rounded to the fen for itself, half a fen up.
#[derive(Serialize, ToSchema)]
struct LiabilityWorth {
    opening: MoneyDto,
    issued: MoneyDto,
    redeemed: MoneyDto,
    expired: MoneyDto,
    reversed: MoneyDto,
    closing: MoneyDto,
}

/// What the parts of what is owed buy, rounded in the same way.
#[derive(Serialize, ToSchema)]
struct LiabilityPartsWorth {
    available: MoneyDto,
    frozen: MoneyDto,
    debt: MoneyDto,
    pending: MoneyDto,
}

impl LiabilityLine {
    fn of(l: &Line, value: Option<i64>) -> Done<Self> {
        let buys = |points: i64, value: i64| worth(points, value).map(yuan);
        let all = |value: i64| -> Done<LiabilityWorth> {
            Ok(LiabilityWorth {
                opening: buys(l.opening, value)?,
                issued: buys(l.issued, value)?,
                redeemed: buys(l.redeemed, value)?,
                expired: buys(l.expired, value)?,
                reversed: buys(l.reversed, value)?,
                closing: buys(l.closing(), value)?,
            })
        };
        Ok(Self {
            lot_month: (l.lot_month > 0).then(|| shown(l.lot_month)),
            opening: l.opening,
            issued: l.issued,
            redeemed: l.redeemed,
            expired: l.expired,
            reversed: l.reversed,
            closing: l.closing(),
            worth: value.map(all).transpose()?,
        })
    }
}

/// What is owed in points at the end of a month: `available` + `frozen` − `debt` is the closing of `totals`.
#[derive(Serialize, ToSchema)]
pub struct PointsLiability {
    month: String,
    /// Whether nothing is booked into it any more: then it is the same for ever.
    closed: bool,
    /// The first month with entries, whichever month is asked about: no month before it has any. `null` as long as nothing was booked.
    books_from: Option<String>,
    /// By the month of the lots.
    lines: Vec<LiabilityLine>,
    /// All lines together.
    totals: LiabilityLine,
    /// Of what is owed: free to spend, in lots.
    available: i64,
    /// Of what is owed: set aside by holds.
    frozen: i64,
    /// Taken off what is owed: what members owe, because it was taken back after they spent it.
    debt: i64,
    /// Not owed yet: earned on orders that were not final at its end.
    pending: i64,
    /// What these parts buy, where `value` was stated.
    worth: Option<LiabilityPartsWorth>,
}

impl PointsLiability {
    /// As the API and `shuke report liability --json` tell it; `value` is what a point buys, in millionths of a yuan.
    ///
    /// # Errors
    /// Where that makes an amount too large to reckon.
    pub fn of(owed: &Liability, value: Option<i64>) -> Done<Self> {
        let parts = |value: i64| -> Done<LiabilityPartsWorth> {
            let buys = |points: i64| worth(points, value).map(yuan);
            Ok(LiabilityPartsWorth {
                available: buys(owed.available)?,
                frozen: buys(owed.frozen)?,
                debt: buys(owed.debt)?,
                pending: buys(owed.pending)?,
            })
        };
        Ok(Self {
            month: shown(owed.month),
            closed: owed.closed,
            books_from: owed.books_from.map(shown),
            lines: owed.lines.iter().map(|line| LiabilityLine::of(line, value)).collect::<Done<_>>()?,
            totals: LiabilityLine::of(&owed.totals(), value)?,
            available: owed.available,
            frozen: owed.frozen,
            debt: owed.debt,
            pending: owed.pending,
            worth: value.map(parts).transpose()?,
        })
    }
}

/// Points: the estimate, `null` where there is too little to know, and between what they lie in nine of ten cases.
#[derive(Serialize, ToSchema)]
struct ForecastRange {
    estimate: Option<i64>,
    low: i64,
    high: i64,
    /// What the estimate buys, where `value` was stated.
    worth: Option<MoneyDto>,
}

impl ForecastRange {
    fn of(r: Range, value: Option<i64>) -> Done<Self> {
        let worth = r.estimate.zip(value).map(|(points, value)| worth(points, value).map(yuan)).transpose()?;
        Ok(Self { estimate: r.estimate, low: r.low, high: r.high, worth })
    }
}

/// A share as a decimal, such as `0.1834`, in the same way.
#[derive(Serialize, ToSchema)]
struct ForecastShare {
    estimate: Option<String>,
    low: String,
    high: String,
}

fn share(millionths: i64) -> String {
    let tenths = (millionths.clamp(0, MILLION) + 50) / 100;
    format!("{}.{:04}", tenths / 10_000, tenths % 10_000)
}

/// What will become of lots of one month.
#[derive(Serialize, ToSchema)]
struct ForecastLots {
    lot_month: String,
    issued: i64,
    redeemed: i64,
    expired: i64,
    reversed: i64,
    left: i64,
    /// What of it will be used.
    will_use: ForecastRange,
    /// What of it will end unused.
    will_expire: ForecastRange,
    /// What of the price was set apart for these points; where rates were stated and there is an expectation.
    allocated: Option<MoneyDto>,
    /// What of that waits still.
    deferred: Option<MoneyDto>,
}

/// A month to come.
#[derive(Serialize, ToSchema)]
struct ForecastMonth {
    month: String,
    issued: ForecastRange,
    used: ForecastRange,
    expired: ForecastRange,
    closing: ForecastRange,
}

/// The last months as the same method would have foretold them.
#[derive(Serialize, ToSchema)]
struct ForecastCheck {
    months: i64,
    used: ForecastRange,
    used_really: i64,
    expired: ForecastRange,
    expired_really: i64,
}

/// What will become of a programme's points.
#[derive(Serialize, ToSchema)]
pub struct PointsForecast {
    /// The closed month at whose end it stands. Nothing later is looked at: it is the same for ever.
    month: String,
    /// Whole months up to and with `month` in which points were issued.
    history_months: i64,
    /// As many of these are needed before anything is estimated.
    needed_months: i64,
    /// `few_months`: fewer than `needed_months`, nothing is estimated. `lots_not_followed_to_their_end`: of what is left of lots only bounds are
    /// told. `null`: there is enough.
    too_little: Option<&'static str>,
    /// Of points used or ended, the share that ends unused.
    breakage: ForecastShare,
    lots: Vec<ForecastLots>,
    /// By month to come.
    ahead: Vec<ForecastMonth>,
    /// How well it would have gone in the last three months.
    check: Option<ForecastCheck>,
    /// All of `lots` together, where each has one.
    deferred: Option<MoneyDto>,
}

fn yuan(fen: i64) -> MoneyDto {
    Money { amount: fen, currency: Currency::CNY }.into()
}

impl PointsForecast {
    /// As the API and `shuke report liability --json` tell it; `waits` as [`money`](super::money) says, `value` is what a point buys, in
    /// millionths of a yuan.
    ///
    /// # Errors
    /// Where that makes an amount too large to reckon.
    pub fn of(told: &Forecast, waits: &[Option<(i64, i64)>], value: Option<i64>) -> Done<Self> {
        let range = |r: Range| ForecastRange::of(r, value);
        let count = |n: usize| i64::try_from(n).unwrap_or(i64::MAX);
        let lots = told.lots.iter().enumerate().map(|(i, l)| {
            let waits = waits.get(i).copied().flatten();
            Ok(ForecastLots {
                lot_month: shown(l.month),
                issued: l.issued,
                redeemed: l.redeemed,
                expired: l.expired,
                reversed: l.reversed,
                left: l.left,
                will_use: range(l.will_use)?,
                will_expire: range(l.will_expire)?,
                allocated: waits.map(|w| yuan(w.0)),
                deferred: waits.map(|w| yuan(w.1)),
            })
        });
        let ahead = told.ahead.iter().map(|a| {
            Ok(ForecastMonth {
                month: shown(a.month),
                issued: range(a.issued)?,
                used: range(a.used)?,
                expired: range(a.expired)?,
                closing: range(a.closing)?,
            })
        });
        let check = told.check.as_ref().map(|c| -> Done<ForecastCheck> {
            Ok(ForecastCheck {
                months: count(c.months),
                used: range(c.used.0)?,
                used_really: c.used.1,
                expired: range(c.expired.0)?,
                expired_really: c.expired.1,
            })
        });
        let sum: Option<i64> = waits.iter().map(|w| w.map(|w| w.1)).try_fold(0_i64, |sum, w| sum.checked_add(w?));
        Ok(Self {
            month: shown(told.month),
            history_months: count(told.history),
            needed_months: count(forecast::LEAST_MONTHS),
            too_little: told.too_little.map(forecast::TooLittle::word),
            breakage: ForecastShare {
                estimate: told.breakage.estimate.map(share),
                low: share(told.breakage.low),
                high: share(told.breakage.high),
            },
            lots: lots.collect::<Done<_>>()?,
            ahead: ahead.collect::<Done<_>>()?,
            check: check.transpose()?,
            deferred: sum.filter(|_| !waits.is_empty()).map(yuan),
        })
    }
}
