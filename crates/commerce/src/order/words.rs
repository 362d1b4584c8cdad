//! The words that documents about orders are reduced to: states, kinds of document, payers of
//! discounts, roles of lines, kinds and states of refunds.

use serde::{Deserialize, Serialize};

/// The canonical states of an order, in the order in which it passes through them.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Placed, not paid.
    Created,
    /// Paid, not (wholly) dispatched.
    Paid,
    /// Dispatched.
    Shipped,
    /// Received and completed.
    Completed,
    /// Cancelled, or closed by a refund: nothing follows it.
    Closed,
}

impl State {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Created, Self::Paid, Self::Shipped, Self::Completed, Self::Closed];

    /// `created`, `paid`, …
    pub const fn word(self) -> &'static str {
        match self {
            Self::Created => "created",
            Self::Paid => "paid",
            Self::Shipped => "shipped",
            Self::Completed => "completed",
            Self::Closed => "closed",
        }
    }

    /// The state of that word.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|s| s.word() == word)
    }
}

/// What kind of document it is. Lines of one kind are matched by their own keys, lines of two
/// kinds by what they sell.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Doc {
    /// A platform's order report, with or without lines.
    #[default]
    OrderReport,
    /// A platform's item report: lines by their place.
    ItemReport,
    /// A platform's sub-order report: lines by their number.
    SuborderReport,
    /// An ERP's export.
    Erp,
    /// A call of the API.
    Api,
    /// A connector's message.
    Connector,
    /// A refund; says nothing of the order itself.
    Refund,
    /// A buyer's claim; says only whose the order is.
    Claim,
}

impl Doc {
    /// Which kind's lines stand as the list that the others enrich.
    pub(crate) const fn strength(self) -> u8 {
        match self {
            Self::Refund | Self::Claim => 0,
            Self::Erp => 1,
            Self::OrderReport => 2,
            Self::ItemReport => 3,
            Self::SuborderReport => 4,
            Self::Connector => 5,
            Self::Api => 6,
        }
    }
}

/// At whose expense a discount is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Payer {
    /// The shop's.
    Shop,
    /// The platform's.
    Platform,
    /// A supplier's.
    Supplier,
    /// An influencer's (达人).
    Influencer,
    /// A means of payment's (a bank's, a wallet's).
    Payment,
    /// The document does not tell.
    #[default]
    Unknown,
}

impl Payer {
    /// `shop`, `platform`, …
    pub const fn word(self) -> &'static str {
        match self {
            Self::Shop => "shop",
            Self::Platform => "platform",
            Self::Supplier => "supplier",
            Self::Influencer => "influencer",
            Self::Payment => "payment",
            Self::Unknown => "unknown",
        }
    }
}

/// What a line is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Goods.
    #[default]
    Goods,
    /// A gift: goods at zero.
    Gift,
    /// Shipping booked as a line.
    Shipping,
    /// A fee or adjustment booked as a line.
    Fee,
    /// A discount booked as a line.
    Discount,
}

impl Role {
    /// `goods`, `gift`, …
    pub const fn word(self) -> &'static str {
        match self {
            Self::Goods => "goods",
            Self::Gift => "gift",
            Self::Shipping => "shipping",
            Self::Fee => "fee",
            Self::Discount => "discount",
        }
    }

    /// Whether it is a thing that somebody gets.
    pub const fn is_goods(self) -> bool {
        matches!(self, Self::Goods | Self::Gift)
    }
}

/// Why money went back, as far as it matters for what the member paid.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RefundKind {
    /// Goods and money went back (退货退款).
    #[default]
    Return,
    /// Money without goods (仅退款).
    MoneyOnly,
    /// The price fell afterwards (价保).
    PriceProtection,
    /// A difference was made good (补差).
    Compensation,
    /// Goods for goods (换货): nothing is taken from net paid.
    Exchange,
}

impl RefundKind {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Return, Self::MoneyOnly, Self::PriceProtection, Self::Compensation, Self::Exchange];

    /// `return`, `money_only`, …
    pub const fn word(self) -> &'static str {
        match self {
            Self::Return => "return",
            Self::MoneyOnly => "money_only",
            Self::PriceProtection => "price_protection",
            Self::Compensation => "compensation",
            Self::Exchange => "exchange",
        }
    }
}

/// How far a refund is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RefundState {
    /// Asked for.
    Open,
    /// Withdrawn or refused.
    Closed,
    /// The money went back.
    #[default]
    Succeeded,
}

impl RefundState {
    /// `open`, `closed`, `succeeded`.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Closed => "closed",
            Self::Succeeded => "succeeded",
        }
    }

    /// The state of that word.
    pub fn from_word(word: &str) -> Option<Self> {
        [Self::Open, Self::Closed, Self::Succeeded].into_iter().find(|s| s.word() == word)
    }
}
