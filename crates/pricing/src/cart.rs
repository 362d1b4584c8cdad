//! What is to be priced: `cart.json`, and what came back of it: `refunds.json`, as types.

use shuke_kernel::Instant;

/// A cart at one instant.
#[derive(Clone, Debug)]
pub struct Cart {
    /// Whose; none is a guest.
    pub member: Option<String>,
    /// Of pricing: the engine knows no other clock.
    pub time: Instant,
    /// Before anything is taken off it.
    pub shipping_fee: i64,
    /// The only coupons that may be taken; none: any held one may.
    pub coupons: Option<Vec<String>>,
    /// How many points are to pay.
    pub points_to_use: Asked,
    /// Gift cards and store credit, if the cart names any.
    pub payments: Option<Vec<Payment>>,
    /// In the order that "earlier" means.
    pub lines: Vec<CartLine>,
}

/// How many points the customer wants to pay with.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Asked {
    /// So many; 0 is none.
    Points(i64),
    /// As many as may be.
    Max,
}

/// A line of a cart.
#[derive(Clone, Debug)]
pub struct CartLine {
    /// Its name in the answer.
    pub line: String,
    /// Which goods.
    pub sku: String,
    /// A path such as `home/kitchen`.
    pub category: Option<String>,
    /// Of one piece.
    pub unit_price: i64,
    /// Pieces, at least one.
    pub qty: i64,
    /// Of one piece.
    pub weight_g: i64,
}

/// Money that the customer already gave.
#[derive(Clone, Debug)]
pub struct Payment {
    /// Its name in the answer.
    pub id: String,
    /// What is on it.
    pub available: i64,
}

/// What came back of the priced order, at one time.
#[derive(Clone, Debug)]
pub struct Refund {
    /// Its name in the answer.
    pub id: String,
    /// Place of the line in the cart, and pieces.
    pub lines: Vec<(usize, i64)>,
    /// Whether shipping is given back as well.
    pub shipping: bool,
}
