//! What a group buys and does in a window, beside another: sales, cart, favourite, conversion.

use super::lift::{Lift, Strata, Stratum, lift};
use super::pass::Deeds;
use crate::labels::Label;

/// A figure of both groups.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Metric {
    /// Members who bought, of all.
    Buyers,
    /// Buyers who bought twice or more.
    Repeat,
    /// Orders per buyer.
    Orders,
    /// Net paid a member, minor units.
    Sales,
    /// Net paid a buyer, minor units.
    BuyerSales,
    /// Members who put something into the cart.
    Cart,
    /// Members who made something a favourite.
    Favourite,
    /// Members who looked at goods.
    View,
    /// Those who looked, and bought in the same window.
    Conversion,
    /// Those who put something into the cart, and bought in the same window.
    CartConversion,
}

impl Metric {
    /// All of them.
    pub const ALL: [Self; 10] = [
        Self::Buyers,
        Self::Repeat,
        Self::Orders,
        Self::Sales,
        Self::BuyerSales,
        Self::View,
        Self::Cart,
        Self::Favourite,
        Self::Conversion,
        Self::CartConversion,
    ];

    /// Its word in answers.
    pub fn word(self) -> &'static str {
        match self {
            Self::Buyers => "buyer_share",
            Self::Repeat => "repeat_share",
            Self::Orders => "orders_per_buyer",
            Self::Sales => "sales_per_member",
            Self::BuyerSales => "sales_per_buyer",
            Self::Cart => "cart_share",
            Self::Favourite => "favourite_share",
            Self::View => "view_share",
            Self::Conversion => "conversion",
            Self::CartConversion => "cart_conversion",
        }
    }

    /// What it is called.
    pub fn label(self) -> Label {
        let (zh, en) = match self {
            Self::Buyers => ("购买率（购买会员占比）", "Members who bought"),
            Self::Repeat => ("复购率（买过 2 次及以上）", "Buyers who bought again"),
            Self::Orders => ("人均订单数（购买会员）", "Orders per buyer"),
            Self::Sales => ("人均净销售额（全部会员）", "Net sales a member"),
            Self::BuyerSales => ("人均净销售额（购买会员）", "Net sales a buyer"),
            Self::Cart => ("加购率", "Members who used the cart"),
            Self::Favourite => ("收藏率", "Members with a favourite"),
            Self::View => ("浏览率", "Members who looked at goods"),
            Self::Conversion => ("浏览转化率", "Lookers who bought"),
            Self::CartConversion => ("加购转化率", "Cart users who bought"),
        };
        Label { zh, en }
    }

    /// `share`, `count` or `money`.
    pub fn kind(self) -> &'static str {
        match self {
            Self::Orders => "count",
            Self::Sales | Self::BuyerSales => "money",
            _ => "share",
        }
    }

    /// The member's value; none of whom it is not asked.
    #[inline(always)]
    fn of(self, deeds: &Deeds) -> Option<f64> {
        let (yes, is_buyer) = (|b: bool| f64::from(u8::from(b)), deeds.orders > 0);
        match self {
            Self::Buyers => Some(yes(is_buyer)),
            Self::Repeat => is_buyer.then(|| yes(deeds.orders > 1)),
            Self::Orders => is_buyer.then_some(deeds.orders as f64),
            Self::Sales => Some(deeds.net as f64),
            Self::BuyerSales => is_buyer.then_some(deeds.net as f64),
            Self::Cart => Some(yes(deeds.carts > 0)),
            Self::Favourite => Some(yes(deeds.favourites > 0)),
            Self::View => Some(yes(deeds.views > 0)),
            Self::Conversion => (deeds.views > 0).then(|| yes(is_buyer)),
            Self::CartConversion => (deeds.carts > 0).then(|| yes(is_buyer)),
        }
    }
}

/// What a group comes to, exactly.
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug)]
pub struct Totals {
    /// Orders.
    pub orders: u64,
    /// Net paid, minor units.
    pub sales: i128,
    /// Times that something was put into the cart.
    pub carts: u64,
    /// Times that something was made a favourite.
    pub favourites: u64,
    /// Times that goods were looked at.
    pub views: u64,
}

impl Totals {
    fn add(&mut self, deeds: &Deeds) {
        self.orders += deeds.orders;
        self.sales += deeds.net;
        self.carts += deeds.carts;
        self.favourites += deeds.favourites;
        self.views += deeds.views;
    }

    fn and(self, other: Self) -> Self {
        Self {
            orders: self.orders + other.orders,
            sales: self.sales + other.sales,
            carts: self.carts + other.carts,
            favourites: self.favourites + other.favourites,
            views: self.views + other.views,
        }
    }
}

/// Sums of the members of each stratum.
#[derive(Clone, Default, PartialEq, Debug)]
pub struct Sums {
    strata: [Strata; Metric::ALL.len()],
    totals: [Totals; 3],
}

impl Sums {
    pub(super) fn add(&mut self, stratum: usize, deeds: &Deeds) {
        self.totals[stratum].add(deeds);
        // Which figure is asked is known to the compiler at each place.
        macro_rules! take {
            ($($at:literal)*) => {$(
                if let Some(value) = const { Metric::ALL[$at] }.of(deeds) {
                    self.strata[$at][stratum].add(value);
                }
            )*};
        }
        take!(0 1 2 3 4 5 6 7 8 9);
    }

    pub(super) fn and(&mut self, other: &Self) {
        self.totals.iter_mut().zip(other.totals).for_each(|(all, one)| *all = all.and(one));
        let strata = self.strata.iter_mut().flatten().zip(other.strata.iter().flatten());
        strata.for_each(|(all, one)| *all = all.and(*one));
    }

    /// Of the group, and of what it is compared with.
    pub fn totals(&self) -> [Totals; 2] {
        [self.totals[0].and(self.totals[1]), self.totals[1].and(self.totals[2])]
    }

    /// All figures. One of acts that nobody reports is missing, not nought.
    pub fn told(&self) -> Vec<MetricTold> {
        let all = self.totals[0].and(self.totals[1]).and(self.totals[2]);
        let reported = |metric: Metric| match metric {
            Metric::View | Metric::Conversion => all.views > 0,
            Metric::Cart | Metric::CartConversion => all.carts > 0,
            Metric::Favourite => all.favourites > 0,
            _ => true,
        };
        let each = Metric::ALL.iter().zip(&self.strata);
        each.map(|(metric, strata)| {
            let strata = if reported(*metric) { *strata } else { Strata::default() };
            MetricTold {
                metric: *metric,
                group: strata[0].and(strata[1]),
                against: strata[1].and(strata[2]),
                lift: lift(&strata),
                marked: false,
            }
        })
        .collect()
    }
}

/// A figure as it is told.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct MetricTold {
    /// Which.
    pub metric: Metric,
    /// Of the group: of how many members, and what they come to.
    pub group: Stratum,
    /// The same of the other.
    pub against: Stratum,
    /// How they stand to each other.
    pub lift: Option<Lift>,
    /// Whether that is more than chance.
    pub marked: bool,
}
