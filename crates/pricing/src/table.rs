//! The cart on the table: its lines after the price step, and every promotion and held coupon that
//! might be applied to them, in one order for good: by priority, then older id.

use crate::offers::{Bundle, Gift, NthItem, Per, Percent, Stepped};

/// Where in the order of pricing something is applied.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Stage {
    /// Prices replaced.
    Price,
    /// Line promotions.
    Line,
    /// Order promotions.
    Order,
    /// Coupons of the shop.
    Shop,
    /// Coupons of the platform.
    Platform,
    /// What takes off shipping.
    Shipping,
}

impl Stage {
    /// Those that take something off the goods, in order; shipping comes after points.
    pub(crate) const GOODS: [Self; 4] = [Self::Line, Self::Order, Self::Shop, Self::Platform];

    /// The step's word in the answer.
    pub fn word(self) -> &'static str {
        match self {
            Self::Price => "price",
            Self::Line => "line",
            Self::Order => "order",
            Self::Shop => "shop",
            Self::Platform => "platform",
            Self::Shipping => "shipping",
        }
    }
}

/// What a candidate does at its turn.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Act<'a> {
    /// A share of each line by itself.
    PercentLines(Percent),
    /// An amount off each line by itself.
    AmountLines {
        amount: i64,
        per: Per,
    },
    Nth(&'a NthItem),
    Bundle(&'a Bundle),
    /// Becomes one of the next two once its step begins.
    Stepped(&'a Stepped),
    /// A share of the sum.
    PercentSum(Percent),
    /// An amount off the sum.
    AmountSum(i64),
    Gift(&'a [Gift]),
    /// One piece for that amount.
    Exchange(i64),
    Shipping(Option<i64>),
}

impl Act<'_> {
    /// Whether it takes whole pieces, which then no other may take.
    pub fn takes_pieces(&self) -> bool {
        matches!(self, Self::Nth(_) | Self::Bundle(_))
    }
}

/// A sort of coupon of which an order takes only so many.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Limit {
    Shop,
    Platform,
    Shipping,
}

/// The group of a candidate.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Group {
    /// Which, counted from 0.
    pub number: usize,
    /// No other of it in the same order.
    pub alone: bool,
    /// No other of it on the same line.
    pub alone_on_line: bool,
}

/// What a held coupon brings along.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Held {
    pub limit: Limit,
    /// Coupons of one template share its quota: which template, and how many more of it may be used.
    pub template: usize,
    pub left: i64,
    /// In the shipping step the platform's come last.
    pub platform: bool,
}

/// A promotion or held coupon that passes every condition which does not depend on the others.
#[derive(Debug)]
pub(crate) struct Candidate<'a> {
    pub id: &'a str,
    pub kind: &'static str,
    pub priority: i64,
    pub stage: Stage,
    pub act: Act<'a>,
    /// The lines in scope, whose amounts its threshold looks at.
    pub scope: Vec<usize>,
    /// Those that it takes from: in scope, and of its goods.
    pub lines: Vec<usize>,
    /// Pieces of the lines in scope.
    pub pieces: i64,
    pub min_amount: i64,
    pub group: Option<Group>,
    pub held: Option<Held>,
    /// What its gifts are worth.
    pub gift_value: i64,
}

impl Candidate<'_> {
    pub fn is_gift(&self) -> bool {
        matches!(self.act, Act::Gift(_))
    }
}

/// A line after the price step.
#[derive(Debug)]
pub(crate) struct Line<'a> {
    pub sku: &'a str,
    pub qty: i64,
    pub base: i64,
    /// The lowest that a piece may cost.
    pub floor: Option<i64>,
}

/// How points may pay, for this member and as many as were asked for.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Points {
    pub terms: crate::offers::PointsCash,
    /// min(asked, balance), not below zero.
    pub at_hand: i64,
}

/// Everything a search needs to know.
#[derive(Debug)]
pub(crate) struct Table<'a> {
    pub lines: Vec<Line<'a>>,
    /// By priority, then id.
    pub candidates: Vec<Candidate<'a>>,
    pub groups: usize,
    /// Places of the candidates by step, from [`Stage::Line`] on.
    pub by_stage: [Vec<usize>; 5],
    /// Of shop, platform, shipping.
    pub limits: [i64; 3],
    /// How many templates there are.
    pub templates: usize,
    pub points: Option<Points>,
    pub fee: i64,
    /// Any line has a lowest price.
    pub floors: bool,
}

impl Table<'_> {
    /// Places of the candidates of a step.
    pub fn of_stage(&self, stage: Stage) -> &[usize] {
        (stage as usize).checked_sub(Stage::Line as usize).map_or(&[], |at| &self.by_stage[at])
    }

    /// How many coupons of that sort an order takes.
    pub fn limit(&self, of: Limit) -> i64 {
        self.limits[of as usize]
    }

    /// The amounts at the start of the line step.
    pub fn bases(&self) -> Vec<i64> {
        self.lines.iter().map(|l| l.base).collect()
    }
}
