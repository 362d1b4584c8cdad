//! What a member pays for a cart, and why: exact to the minor unit, the same every time.
//!
//! Prices are replaced line by line; then line promotions, order promotions, coupons of the shop and
//! of the platform take something off, each of what is left at its turn; then come lowest prices,
//! points, shipping. Of all sets of promotions and coupons that hold, the one with the lowest total
//! is taken. The guide's chapter 20 says it at more length; `docs/decisions/0013-pricing-readings.md`
//! says how sentences that can be read in two ways are read here.
//!
//! Nothing here does I/O, reads a clock or draws lots. Amounts are integers, rates exact decimals.
//!
//! - [`Offers`], [`Cart`], [`Refund`]: the input, read strictly (`read`)
//! - `prices`, `lay`: the price step, and what passes the conditions that do not depend on the others
//! - `state`, `pieces`, `line_step`, `floors`, `settle`: one set carried through all steps
//! - `rivals`, `regain`, `climb`, `bound`, `search`: which set
//! - `why`, `explain`, `answer`: the answer; `refund`: what goes back
//! - `sentence`: what a promotion does, in one sentence

mod answer;
mod bound;
mod cart;
mod climb;
mod code;
mod coupons;
mod explain;
mod floors;
mod lay;
mod line_step;
mod offers;
mod pieces;
mod price;
mod prices;
mod rate;
mod read;
mod refund;
mod regain;
mod rivals;
mod search;
mod sentence;
mod settle;
mod share;
mod state;
mod table;
mod why;

pub use answer::{Applied, GiftLine, NotApplied, Order, PaymentMade, Priced, PricedLine, Reduction, RefundDone, RefundLine, Refunded};
pub use cart::{Asked, Cart, CartLine, Payment, Refund};
pub use code::{Code, Missing};
pub use coupons::*;
pub use explain::{Message, amount};
pub use offers::*;
pub use price::{Known, Refusal, price, price_for, price_within};
pub use rate::Rate;
pub use read::{Malformed, Reason};
pub use refund::refund;
pub use search::Effort;
pub use sentence::{Telling, sentence};
