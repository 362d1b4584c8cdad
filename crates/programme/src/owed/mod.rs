//! What is owed in points, for finance: at the end of a month by the month of lots ([`liability`]), what will become of
//! it ([`forecast`]), and what of the price of goods waits with it ([`revenue`]).
//!
//! Everything here reads one thing, the entries summed by month of booking and month of lot ([`cells`]), and only months
//! up to the one that is asked about: of a closed month the answer is the same for ever, a forecast too.
//!
//! Statistics are in [`survival`] and [`forecast`] and use binary floats; no balance, entry or amount of money is made of one.

pub mod cells;
pub mod forecast;
pub mod issues;
pub mod liability;
pub mod revenue;
pub mod survival;
pub mod tables;

pub use forecast::{Forecast, forecast};
pub use liability::{Liability, Line, liability};

use shuke_kernel::{Code, Kind};

/// A forecast begins where the books are closed.
pub static MONTH_OPEN: Code = Code {
    code: "programme.month_open",
    kind: Kind::Conflict,
    zh: "{month} 尚未关账：请选已关账的月份，预测从它的月末开始。",
    en: "{month} is not closed yet: name a closed month, a forecast begins at its end.",
};
/// An amount beyond what can be reckoned.
pub static TOO_LARGE: Code = Code {
    code: "programme.too_large_to_reckon",
    kind: Kind::Unprocessable,
    zh: "按这些单价计算的金额太大，请检查每积分价值与每元积分数。",
    en: "With these rates the amount is too large to reckon: look at what a point is worth and how many a yuan earns.",
};
