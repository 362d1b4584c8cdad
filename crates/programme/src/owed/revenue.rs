//! What of the price of goods waits with the points that were given for it, and becomes revenue as they are used: customer
//! loyalty points after IFRS 15 (B39–B46) and CAS 14, by relative stand-alone selling prices.
//!
//! The price is shared between goods and points in proportion to what each would sell for alone: goods for what was paid
//! for them, a point for what it buys times the share of points that were expected to be used when they were given. That share is not shared out anew
//! afterwards. What waits becomes revenue in step with use: so much of it as of the points that are expected to be used; how many these are is
//! judged anew at each reckoning. Whole numbers throughout, rounded once, half up to the fen.

use shuke_kernel::Result;

use super::TOO_LARGE;

/// Millionths.
pub const MILLION: i64 = 1_000_000;

/// What a merchant states.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Stated {
    /// What a point buys, in millionths of a yuan.
    pub value: i64,
    /// Points that a yuan of goods earns, in millionths.
    pub per_yuan: i64,
    /// The share of points that were expected to be used when they were given, in millionths.
    pub use_at_issue: i64,
}

/// Points of lots of one month.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Points {
    /// Issued, less what was taken back.
    pub issued: i64,
    /// Used so far.
    pub used: i64,
    /// Expected to be used from now on.
    pub will_use: i64,
}

/// What was set apart of the price when these points were given, in fen; none where it is too large to reckon.
pub fn allocated(points: Points, stated: Stated) -> Option<i64> {
    share(points, stated, 1, 1)
}

/// What of it waits still, in fen; none where it is too large to reckon.
pub fn deferred(points: Points, stated: Stated) -> Option<i64> {
    let (open, all) = (points.will_use.max(0), points.used.max(0).checked_add(points.will_use.max(0))?);
    if open == 0 { Some(0) } else { share(points, stated, open, all) }
}

/// `part / whole` of what was set apart. With n points, v and r as stated and use u: the goods sold for P = n / r yuan, the
/// points alone would for S = n·u·v, and set apart is P·S / (P + S) = n·u·v / (1 + r·u·v).
fn share(points: Points, stated: Stated, part: i64, whole: i64) -> Option<i64> {
    let million = i128::from(MILLION);
    // u·v in millionths of a millionth of a yuan for each point.
    let each = i128::from(stated.use_at_issue).checked_mul(i128::from(stated.value))?;
    let over = i128::from(stated.per_yuan).checked_mul(each)?.checked_add(million * million * million)?;
    // Fen: a hundred to the yuan. The millionths of u, v and r cancel but for those of r above.
    let above = i128::from(points.issued.max(0)).checked_mul(each)?.checked_mul(100)?.checked_mul(i128::from(part))?;
    let above = above.checked_mul(million)?;
    let below = over.checked_mul(i128::from(whole))?;
    let half_up = (above.checked_mul(2)?.checked_add(below)?).div_euclid(below.checked_mul(2)?);
    i64::try_from(half_up).ok()
}

/// What so many points buy in fen, half a fen up; `value` is what one buys, in millionths of a yuan.
///
/// # Errors
/// Where it is too large to reckon.
pub fn worth(points: i64, value: i64) -> Result<i64> {
    let million = i128::from(MILLION);
    let above = i128::from(points).checked_mul(i128::from(value)).and_then(|n| n.checked_mul(200)?.checked_add(million));
    let fen = above.and_then(|n| i64::try_from(n.div_euclid(million * 2)).ok());
    fen.ok_or_else(|| TOO_LARGE.at("value").into())
}

/// A decimal such as `0.01` in millionths; none where it is no such number, below nothing, or beyond a million.
pub fn millionths(text: &str) -> Option<i64> {
    let (whole, part) = text.split_once('.').unwrap_or((text, ""));
    let digits = |t: &str| t.bytes().all(|b| b.is_ascii_digit());
    if whole.is_empty() || whole.len() > 7 || part.len() > 6 || !digits(whole) || !digits(part) || text.ends_with('.') {
        return None;
    }
    let part: i64 = format!("{part:0<6}").parse().ok()?;
    let number = whole.parse::<i64>().ok()? * MILLION + part;
    (number <= MILLION * MILLION).then_some(number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_price_is_shared_by_what_each_would_sell_for() {
        let stated = Stated { value: 10_000, per_yuan: MILLION, use_at_issue: 800_000 };
        let points = |used, will_use| Points { issued: 10_000, used, will_use };
        // 10,000 yuan beside 80 yuan: 10,000 × 80 / 10,080 = 79.365…
        assert_eq!(allocated(points(0, 8_000), stated), Some(7_937));
        assert_eq!(deferred(points(0, 8_000), stated), Some(7_937));
        assert_eq!(deferred(points(4_000, 4_000), stated), Some(3_968));
        // Nine tenths are expected to be used by now; what was set apart stays what it is.
        assert_eq!(deferred(points(6_000, 3_000), stated), Some(2_646));
        assert_eq!(deferred(points(6_000, 0), stated), Some(0));
        let huge = Points { issued: i64::MAX, used: 0, will_use: i64::MAX };
        assert_eq!(allocated(huge, Stated { value: i64::MAX, ..stated }), None);
    }

    #[test]
    fn points_are_told_in_money_half_a_fen_up() {
        assert_eq!(
            (worth(120, 10_000).unwrap(), worth(49, 1_000).unwrap(), worth(5, 1_000).unwrap(), worth(0, 1).unwrap()),
            (120, 5, 1, 0)
        );
        assert!(worth(i64::MAX, i64::MAX).is_err());
    }

    #[test]
    fn decimals_are_exact_or_refused() {
        assert_eq!((millionths("0.01"), millionths("1"), millionths("12.345678")), (Some(10_000), Some(MILLION), Some(12_345_678)));
        for bad in ["", ".5", "1.", "-1", "1e3", "0.1234567", "12345678", "1,5", "1000001"] {
            assert_eq!(millionths(bad), None, "{bad}");
        }
    }
}
