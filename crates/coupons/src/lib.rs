//! Coupons in the store: templates, batches with stock and budget, codes, and the life of every single coupon.
//!
//! [`template`] says what a coupon gives, in the words that the pricing engine reads; [`batch`] how many there are, for how
//! much money and for whom, with a stock that a rush does not queue up at; [`code`] what is printed; [`coupon`] what becomes
//! of one: claimed or granted, locked by an order, used, given back. [`orders`] follows what orders become.
//!
//! Absent here: what a coupon takes off a cart (the pricing engine), points (the programme), and any notion of a price.

pub mod batch;
pub mod code;
pub mod coupon;
pub mod state;
pub mod template;
pub mod words;

shuke_kernel::ids! {
    /// A template.
    TemplateId = CouponTemplateKind "cpt";
    /// A batch of coupons.
    BatchId = CouponBatchKind "cpb";
    /// A coupon.
    CouponId = CouponKind "cpn";
}
