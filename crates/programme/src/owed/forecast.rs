//! What will become of the points that are owed, and of those that will be issued: used or ended, month by month, with
//! ranges; breakage; and how well the same method would have foretold the last months.
//!
//! The method is [`survival`] by age of lots and [`issues`] for what is to come. Ranges hold nine of ten histories that might have been,
//! drawn from what lots of single months did. Where history is too short, that is said and nothing is estimated: lots have to be followed
//! to their end once before anybody can know what share ends unused.

use std::collections::BTreeMap;

use shuke_kernel::{Ctx, Result};
use shuke_store::Tx;

use super::cells::{self, Moves, index, month_at, narrow};
use super::survival::{self, Cohort, Draws, Ladder, Might, Out};
use super::{MONTH_OPEN, issues};
use crate::definition::{Programme, service};

/// Months in which points were issued, at least, before anything is estimated.
pub const LEAST_MONTHS: usize = 6;
/// Months ahead at most.
pub const MOST_AHEAD: usize = 36;
/// Histories that are drawn.
const HISTORIES: usize = 400;
/// The last months that are foretold to see how well it goes.
const CHECKED: usize = 3;

/// Points: the estimate, where there is one, and between what they lie in nine of ten cases.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Range {
    /// The estimate.
    pub estimate: Option<i64>,
    /// The lower end.
    pub low: i64,
    /// The upper end.
    pub high: i64,
}

/// Why nothing, or less, is estimated.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum TooLittle {
    /// Points were issued in too few months.
    FewMonths,
    /// No lots were followed to their end yet.
    NotFollowed,
}

impl TooLittle {
    /// The word in the API.
    pub const fn word(self) -> &'static str {
        match self {
            Self::FewMonths => "few_months",
            Self::NotFollowed => "lots_not_followed_to_their_end",
        }
    }
}

/// Lots of a month that are not all gone, or were there within the last year.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Lots {
    /// The month in which they were made, as 202611.
    pub month: i64,
    /// All that was issued of them.
    pub issued: i64,
    /// Used so far.
    pub redeemed: i64,
    /// Ended so far.
    pub expired: i64,
    /// Taken back so far.
    pub reversed: i64,
    /// What is left.
    pub left: i64,
    /// What of it will be used.
    pub will_use: Range,
    /// What of it will end unused.
    pub will_expire: Range,
}

/// A month to come.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Ahead {
    /// Which, as 202611.
    pub month: i64,
    /// What will become free to spend.
    pub issued: Range,
    /// What will be used.
    pub used: Range,
    /// What will end unused.
    pub expired: Range,
    /// What will be owed at its end.
    pub closing: Range,
}

/// The last months as the same method would have foretold them.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Check {
    /// How many months.
    pub months: usize,
    /// Use: what was foretold, and what came.
    pub used: (Range, i64),
    /// Expiry: what was foretold, and what came.
    pub expired: (Range, i64),
}

/// What will become of a programme's points.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Forecast {
    /// The closed month at whose end it stands.
    pub month: i64,
    /// Months in which points were issued.
    pub history: usize,
    /// Why less is told, where it is.
    pub too_little: Option<TooLittle>,
    /// Of points used or ended, the share that ends unused, in millionths.
    pub breakage: Range,
    /// By month of lots.
    pub lots: Vec<Lots>,
    /// By month to come.
    pub ahead: Vec<Ahead>,
    /// How well it would have gone.
    pub check: Option<Check>,
}

/// What will become of the points that are owed at the end of a closed month, the last one unless named.
///
/// # Errors
/// Refuses a month into which may still be booked.
pub fn forecast(tx: &mut Tx<'_>, cx: &Ctx, programme: &Programme, month: Option<i64>, ahead: usize) -> Result<Forecast> {
    let rules = service::rules(tx, cx.merchant, programme)?;
    let zone = &rules.first().zone;
    let month = month.unwrap_or_else(|| cells::last_closed(zone, cx.now));
    if !cells::closed(zone, month, cx.now) {
        return Err(MONTH_OPEN.with("month", cells::shown(month)).at("month").into());
    }
    let months = cells::by_month(tx, cx, programme, zone, month)?;
    Ok(of(&months, month, ahead.min(MOST_AHEAD)))
}

/// The same of what moved month by month.
pub fn of(months: &BTreeMap<i64, Moves>, month: i64, ahead: usize) -> Forecast {
    let mut told = reckon(months, month, ahead);
    if told.history >= LEAST_MONTHS + CHECKED {
        told.check = check(months, month);
    }
    told
}

fn check(months: &BTreeMap<i64, Moves>, month: i64) -> Option<Check> {
    let then = month_at(index(month) - CHECKED as i64);
    let said = reckon(months, then, CHECKED);
    if said.ahead.is_empty() {
        return None;
    }
    let sum = |part: fn(&Ahead) -> Range| {
        said.ahead.iter().map(part).fold(Range { estimate: Some(0), low: 0, high: 0 }, |sum, r| Range {
            estimate: sum.estimate.zip(r.estimate).map(|(a, b)| a + b),
            low: sum.low + r.low,
            high: sum.high + r.high,
        })
    };
    let mut came = cells::Cell::default();
    for cohort in survival::cohorts(months, month) {
        let since = cohort.ages.len().saturating_sub(CHECKED);
        for cell in &cohort.ages[since..] {
            came.redeemed += cell.redeemed;
            came.expired += cell.expired;
        }
    }
    Some(Check { months: CHECKED, used: (sum(|a| a.used), narrow(came.redeemed)), expired: (sum(|a| a.expired), narrow(came.expired)) })
}

/// Where a reckoning ends: what lots of single months and months to come came to.
#[derive(Clone, Default)]
struct Course {
    lots: Vec<[f64; 2]>,
    issued: Vec<f64>,
    used: Vec<f64>,
    expired: Vec<f64>,
    closing: Vec<f64>,
    /// Points older than any that were ever followed: they may go either way, or stay.
    unknown: Vec<f64>,
}

/// The cohorts there are and how they leave, for one course into the future.
struct Base<'a> {
    cohorts: &'a [Cohort],
    /// Months ahead for which months are told.
    ahead: usize,
    /// Months after which every lot is beyond what is known.
    end: usize,
}

impl Base<'_> {
    /// One course: `out` says what share leaves at an age, `issued` what is issued in a month ahead, from 0.
    fn course(&self, mut out: impl FnMut(usize) -> Option<Out>, issued: impl Fn(usize) -> f64) -> Course {
        let (n, far) = (self.cohorts.len(), self.ahead.max(self.end));
        let mut course = Course {
            lots: vec![[0.0; 2]; n],
            issued: (0..self.ahead).map(&issued).collect(),
            used: vec![0.0; self.ahead],
            expired: vec![0.0; self.ahead],
            closing: vec![0.0; self.ahead],
            unknown: vec![0.0; self.ahead],
        };
        let mut leave = |there: &mut f64, age: usize, ahead: usize, lot: Option<usize>, course: &mut Course| {
            let Some(out) = out(age) else {
                if ahead < self.ahead {
                    course.unknown[ahead] += *there;
                }
                return;
            };
            let (used, expired) = (*there * out.used, *there * out.ended);
            *there *= out.stays();
            if let Some(lot) = lot {
                course.lots[lot][0] += used;
                course.lots[lot][1] += expired;
            }
            if ahead < self.ahead {
                course.used[ahead] += used;
                course.expired[ahead] += expired;
            }
        };
        for (i, cohort) in self.cohorts.iter().enumerate() {
            let mut there = cohort.left().max(0) as f64;
            for ahead in 0..far {
                leave(&mut there, cohort.ages.len() + ahead, ahead, Some(i), &mut course);
                if ahead < self.ahead {
                    course.closing[ahead] += there;
                }
            }
        }
        for made in 0..self.ahead {
            let mut there = course.issued[made];
            for ahead in made..self.ahead {
                leave(&mut there, ahead - made, ahead, None, &mut course);
                course.closing[ahead] += there;
            }
        }
        course
    }
}

fn reckon(months: &BTreeMap<i64, Moves>, month: i64, ahead: usize) -> Forecast {
    let cohorts = survival::cohorts(months, month);
    let ladder = Ladder::of(&cohorts);
    let past = issued_by_month(&cohorts, month);
    let history = past.iter().filter(|n| **n >= 1.0).count();
    let too_little =
        if history < LEAST_MONTHS { Some(TooLittle::FewMonths) } else { (!ladder.followed()).then_some(TooLittle::NotFollowed) };
    if too_little == Some(TooLittle::FewMonths) {
        let lots = cohorts.iter().map(|c| lots(c, unknown(c), unknown(c))).collect();
        let breakage = Range { estimate: None, low: 0, high: 1_000_000 };
        return Forecast { month, history, too_little, breakage, lots, ahead: Vec::new(), check: None };
    }
    let base = Base { cohorts: &cohorts, ahead, end: ladder.pooled.len() };
    let middle = base.course(|age| ladder.pooled.get(age).copied(), |i| issues::foretold(&past, i + 1));
    let courses = drawn(&base, &ladder, &past);
    let sure = too_little.is_none();
    let lots = cohorts.iter().enumerate().map(|(i, c)| {
        let part = |k: usize| {
            let all: Vec<f64> = courses.iter().map(|(course, _)| course.lots[i][k]).collect();
            // What is left beyond the greatest age known may go either way.
            let rest = (c.left().max(0) as f64 - middle.lots[i][0] - middle.lots[i][1]).max(0.0);
            range(middle.lots[i][k], all, if sure { None } else { Some(rest) })
        };
        lots(c, part(0), part(1))
    });
    let lots: Vec<Lots> = lots.collect();
    let months_ahead = (0..ahead).map(|i| {
        let rest = Some(middle.unknown[i]).filter(|rest| !sure && *rest >= 0.5);
        let of = |pick: fn(&Course) -> &Vec<f64>, rest| range(pick(&middle)[i], courses.iter().map(|(c, _)| pick(c)[i]).collect(), rest);
        let closing = of(|c| &c.closing, None);
        Ahead {
            month: month_at(index(month) + 1 + i as i64),
            issued: of(|c| &c.issued, None),
            used: of(|c| &c.used, rest),
            expired: of(|c| &c.expired, rest),
            closing: match rest {
                None => closing,
                Some(rest) => Range { estimate: None, low: (closing.low - whole(rest)).max(0), ..closing },
            },
        }
    });
    let ahead = months_ahead.collect();
    let breakage = breakage(&ladder, courses.iter().map(|(_, share)| *share).collect(), sure);
    Forecast { month, history, too_little, breakage, lots, ahead, check: None }
}

/// Histories that might have been, each with the share of points that ends unused in it.
fn drawn(base: &Base<'_>, ladder: &Ladder, past: &[f64]) -> Vec<(Course, f64)> {
    let mut draws = Draws::default();
    let ratios = issues::ratios(past, base.ahead.max(1));
    let mut all = Vec::with_capacity(HISTORIES);
    for _ in 0..HISTORIES {
        let might = Might::draw(ladder, base.cohorts.len(), &mut draws);
        let came: Vec<f64> = (0..base.ahead).map(|i| issues::foretold(past, i + 1) * ratios[draws.below(ratios.len())]).collect();
        let mut life = Ladder::default();
        for age in 0..ladder.pooled.len() {
            life.pooled.extend(might.out(age, &mut draws));
        }
        let course = base.course(|age| might.out(age, &mut draws), |i| came[i]);
        all.push((course, unused(&life)));
    }
    all
}

/// Of points used or ended, the share that ends.
fn unused(ladder: &Ladder) -> f64 {
    let [used, ended, ..] = ladder.fates();
    if used + ended > 0.0 { ended / (used + ended) } else { 0.0 }
}

fn breakage(ladder: &Ladder, shares: Vec<f64>, sure: bool) -> Range {
    let million = |share: f64| share * 1e6;
    if sure {
        return range(million(unused(ladder)), shares.into_iter().map(million).collect(), None);
    }
    // All that is left at the greatest age known is used, or all of it ends.
    let [used, ended, _, left] = ladder.fates();
    let all = (used + ended + left).max(f64::MIN_POSITIVE);
    Range { estimate: None, low: whole(million(ended / all)), high: whole(million((ended + left) / all)) }
}

/// What was issued in each month from the first in which something was, to the last.
fn issued_by_month(cohorts: &[Cohort], month: i64) -> Vec<f64> {
    let Some(first) = cohorts.iter().map(|c| c.made).min() else { return Vec::new() };
    let mut past = vec![0.0; usize::try_from(index(month) - first + 1).unwrap_or(0)];
    for cohort in cohorts {
        for (age, cell) in cohort.ages.iter().enumerate() {
            if let Some(n) = usize::try_from(cohort.made - first).ok().and_then(|start| past.get_mut(start + age)) {
                *n += cell.issued as f64;
            }
        }
    }
    past.iter_mut().for_each(|n: &mut f64| *n = n.max(0.0));
    past
}

fn whole(n: f64) -> i64 {
    n.round() as i64
}

/// The estimate with the fifth and the ninety-fifth of a hundred cases; with a rest that may go either way no estimate.
fn range(estimate: f64, mut cases: Vec<f64>, rest: Option<f64>) -> Range {
    cases.sort_by(f64::total_cmp);
    let at = |share: f64| cases.get(((cases.len().max(1) - 1) as f64 * share).round() as usize).copied().unwrap_or(estimate);
    let (low, high) = (at(0.05).min(estimate), at(0.95).max(estimate));
    match rest {
        None => Range { estimate: Some(whole(estimate)), low: whole(low), high: whole(high) },
        Some(rest) => Range { estimate: None, low: whole(low), high: whole(high + rest) },
    }
}

/// Nothing is known of what is left.
fn unknown(cohort: &Cohort) -> Range {
    Range { estimate: None, low: 0, high: narrow(cohort.left().max(0)) }
}

fn lots(cohort: &Cohort, will_use: Range, will_expire: Range) -> Lots {
    let (all, left) = (cohort.total(), narrow(cohort.left()));
    let [issued, redeemed, expired, reversed] = [all.issued, all.redeemed, all.expired, all.reversed].map(narrow);
    Lots { month: month_at(cohort.made), issued, redeemed, expired, reversed, left, will_use, will_expire }
}

#[cfg(test)]
mod tests {
    use shuke_loyalty::Account::{Available, Expired, Pending, Redeemed};

    use super::*;

    /// Lots of `n` months from January 2024 on: a hundred thousand a month and a little more, `share(made, age)` of what is there used
    /// each month, the rest ends at the age of twelve months.
    fn history(n: i64, share: impl Fn(i64, i64) -> i128) -> BTreeMap<i64, Moves> {
        let mut all: BTreeMap<i64, Moves> = BTreeMap::new();
        for made in 0..n {
            let lot = month_at(index(202_401) + made);
            let mut there = 100_000 + 500 * i128::from(made % 5);
            for age in 0..n - made {
                let at = all.entry(month_at(index(202_401) + made + age)).or_default();
                if age == 0 {
                    at.insert((lot, Pending, Available), there);
                }
                if age < 12 {
                    let used = there * share(made, age) / 1_000;
                    at.insert((lot, Available, Redeemed), used);
                    there -= used;
                } else if age == 12 {
                    at.insert((lot, Available, Expired), there);
                    there = 0;
                }
            }
        }
        all
    }

    #[test]
    fn a_steady_shop_is_foretold_as_it_goes_on() {
        let uneven = |made: i64, age: i64| 60 + i128::from((made * 7 + age * 3) % 11);
        let whole = history(36, uneven);
        let upto = month_at(index(202_401) + 29);
        let told = of(&whole.range(..=upto).map(|(m, moves)| (*m, moves.clone())).collect(), upto, 6);
        assert_eq!((told.too_little, told.history, told.ahead.len()), (None, 30, 6));
        let really = survival::cohorts(&whole, month_at(index(202_401) + 35));
        for (i, month) in told.ahead.iter().enumerate() {
            let cells = really.iter().filter_map(|c| usize::try_from(index(month.month) - c.made).ok().and_then(|age| c.ages.get(age)));
            let (used, expired) = cells.fold((0, 0), |sum, c| (sum.0 + narrow(c.redeemed), sum.1 + narrow(c.expired)));
            let near = |said: Range, came: i64| {
                let estimate = said.estimate.expect("an estimate");
                assert!((estimate - came).abs() * 20 <= came, "month {i}: {said:?}, came {came}");
                assert!(said.low <= estimate && estimate <= said.high);
            };
            near(month.used, used);
            near(month.expired, expired);
        }
        // What ends of a point that is never given back: 0.935^12 of it or so.
        let share = told.breakage.estimate.expect("an estimate");
        assert!((420_000..470_000).contains(&share) && told.breakage.low <= share && share <= told.breakage.high, "{:?}", told.breakage);
        let check = told.check.clone().expect("a check");
        assert!((check.used.0.low..=check.used.0.high).contains(&check.used.1), "{check:?}");
        // Of lots nothing is lost: used, ended and left come to what was issued, and what is left to what becomes of it.
        for lots in &told.lots {
            assert_eq!(lots.left, lots.issued - lots.redeemed - lots.expired - lots.reversed);
            let (used, ends) = (lots.will_use.estimate.expect("one"), lots.will_expire.estimate.expect("one"));
            assert!((used + ends - lots.left).abs() <= 2, "{lots:?}");
        }
        assert_eq!(of(&whole, upto, 6), of(&whole, upto, 6), "the same every time, whatever came later");
        assert_eq!(of(&whole, upto, 6), told);
    }

    #[test]
    fn too_little_history_is_said_and_nothing_made_up() {
        let short = history(4, |_, _| 80);
        let told = of(&short, 202_404, 12);
        assert_eq!(
            (told.too_little, told.ahead.len(), told.breakage),
            (Some(TooLittle::FewMonths), 0, Range { estimate: None, low: 0, high: 1_000_000 })
        );
        assert!(told.lots.iter().all(|l| l.will_use == Range { estimate: None, low: 0, high: l.left }));
        // Nine months in: nobody has seen a lot end, so all that is left may be used or end.
        let young = history(9, |_, _| 80);
        let told = of(&young, 202_409, 3);
        assert_eq!((told.too_little, told.breakage.estimate, told.ahead.len()), (Some(TooLittle::NotFollowed), None, 3));
        let truth = (920_f64 / 1_000.0).powi(12) * 1e6;
        assert!((told.breakage.low as f64) < truth && truth < told.breakage.high as f64, "{:?}", told.breakage);
        assert!(told.ahead.iter().all(|a| a.issued.estimate.is_some() && a.expired.estimate.is_none() && a.closing.low < a.closing.high));
        assert!(told.lots.iter().all(|l| l.will_use.estimate.is_none() && l.will_use.high + l.will_expire.low >= l.left - 2));
        let empty = of(&BTreeMap::new(), 202_409, 3);
        assert_eq!((empty.history, empty.lots.len(), empty.too_little), (0, 0, Some(TooLittle::FewMonths)));
    }
}
