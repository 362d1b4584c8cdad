//! Orders: what is said of them ([`observation`]), what they are ([`fold`](mod@fold)), and the store's copy
//! of that ([`service`]).
//!
//! Nothing else decides an order's state, amounts, lines or buyer. Rows of the tables `orders`,
//! `order_line` and `refund` are the fold's answer written out; they can be computed anew from the
//! statements at any time, and [`retract::audit_orders`] proves that they agree.

pub mod bought;
pub mod check;
pub mod claim;
pub mod counted;
pub mod counting;
pub mod dto;
pub mod erase;
pub(crate) mod events;
pub mod far;
pub mod fold;
pub mod http;
mod lines;
mod money;
pub mod number;
pub mod observation;
pub mod read;
pub mod retract;
pub mod service;
pub mod settle;
pub mod sql;
pub mod state;
#[cfg(test)]
mod tests;
pub mod unnamed;
pub mod view;
pub mod words;
mod write;

pub use fold::fold;
pub use observation::{
    BuyerKey, Discount, Doc, LineSaid, Noted, Observation, Payer, Receiver, RefundKind, RefundLine, RefundSaid, RefundState, Role, State,
};
pub use retract::{audit_orders, retract_import, unnamed_of_import};
pub use service::{Change, Observed, observe, observe_many};
pub use state::{LineState, OrderState, RefundRecord, Terms};

shuke_kernel::ids! {
    /// An order.
    OrderId = OrderKind "ord";
}
