//! What a portrait tells of members, in four dimensions.

use super::bands;
use crate::labels::Label;

/// The dimensions of a portrait.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Dimension {
    /// Tags: what members want, and what the merchant says of them.
    Demand,
    /// Who they are.
    Buyer,
    /// What they bought.
    Purchase,
    /// When, in the year.
    Dynamic,
}

/// An attribute of members.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Attribute {
    /// Tags that they hold.
    Tags,
    /// Gender.
    Gender,
    /// Age in bands.
    Age,
    /// Fifths of what buyers spent.
    Spend,
    /// Part of the country.
    Region,
    /// Province.
    Province,
    /// City.
    City,
    /// Where they came from.
    Source,
    /// Where they stand in their life cycle.
    Stage,
    /// Categories that they bought from, the uppermost part of the path.
    Category,
    /// The whole path.
    Subcategory,
    /// What a piece cost that they bought.
    Price,
    /// How many orders.
    Orders,
    /// What an order of theirs comes to on average.
    OrderValue,
    /// Platforms that they bought on.
    Platform,
    /// Shops that they bought in.
    Shop,
    /// Days of the week on which they bought.
    Weekday,
    /// Hours at which they bought.
    Hour,
    /// What part of the price was a discount.
    Discount,
    /// What part of what they paid they got back.
    Refund,
    /// Seasons in which they bought.
    Season,
    /// Occasions of the promotion calendar on which they bought.
    Occasion,
    /// Weather of the days on which they bought.
    Weather,
    /// The highest temperature of those days.
    Temperature,
}

const fn label(zh: &'static str, en: &'static str) -> Label {
    Label { zh, en }
}

impl Attribute {
    /// All of them, as a portrait shows them.
    pub const ALL: [Self; 24] = [
        Self::Tags,
        Self::Gender,
        Self::Age,
        Self::Spend,
        Self::Region,
        Self::Province,
        Self::City,
        Self::Source,
        Self::Stage,
        Self::Category,
        Self::Subcategory,
        Self::Price,
        Self::Orders,
        Self::OrderValue,
        Self::Platform,
        Self::Shop,
        Self::Weekday,
        Self::Hour,
        Self::Discount,
        Self::Refund,
        Self::Season,
        Self::Occasion,
        Self::Weather,
        Self::Temperature,
    ];

    /// Its dimension.
    pub fn dimension(self) -> Dimension {
        match self {
            Self::Tags => Dimension::Demand,
            Self::Season | Self::Occasion | Self::Weather | Self::Temperature => Dimension::Dynamic,
            of if of < Self::Category => Dimension::Buyer,
            _ => Dimension::Purchase,
        }
    }

    /// Its word in answers.
    pub fn word(self) -> &'static str {
        match self {
            Self::Tags => "tags",
            Self::Gender => "gender",
            Self::Age => "age",
            Self::Spend => "spend",
            Self::Region => "region",
            Self::Province => "province",
            Self::City => "city",
            Self::Source => "source",
            Self::Stage => "stage",
            Self::Category => "category",
            Self::Subcategory => "subcategory",
            Self::Price => "price",
            Self::Orders => "orders",
            Self::OrderValue => "order_value",
            Self::Platform => "platform",
            Self::Shop => "shop",
            Self::Weekday => "weekday",
            Self::Hour => "hour",
            Self::Discount => "discount",
            Self::Refund => "refund",
            Self::Season => "season",
            Self::Occasion => "occasion",
            Self::Weather => "weather",
            Self::Temperature => "temperature",
        }
    }

    /// What it is called.
    pub fn label(self) -> Label {
        match self {
            Self::Tags => label("标签", "Tags"),
            Self::Gender => label("性别", "Gender"),
            Self::Age => label("年龄段", "Age"),
            Self::Spend => label("消费力（净实付五等分）", "Spending power (fifths of net paid)"),
            Self::Region => label("大区", "Part of the country"),
            Self::Province => label("省份", "Province"),
            Self::City => label("城市", "City"),
            Self::Source => label("来源", "Source"),
            Self::Stage => label("生命周期阶段", "Lifecycle stage"),
            Self::Category => label("购买品类", "Category bought"),
            Self::Subcategory => label("购买细分品类", "Subcategory bought"),
            Self::Price => label("价格带（件单价）", "Price class (a piece)"),
            Self::Orders => label("订单数", "Orders"),
            Self::OrderValue => label("客单价（净支付）", "Average order value (net)"),
            Self::Platform => label("购买平台", "Platform"),
            Self::Shop => label("购买店铺", "Shop"),
            Self::Weekday => label("下单星期", "Weekday of orders"),
            Self::Hour => label("下单时段", "Hour of orders"),
            Self::Discount => label("优惠占比", "Discount share"),
            Self::Refund => label("退款占比", "Refund share"),
            Self::Season => label("下单季节", "Season of orders"),
            Self::Occasion => label("大促与节日下单", "Orders on occasions"),
            Self::Weather => label("下单日天气", "Weather on days of orders"),
            Self::Temperature => label("下单日最高气温", "Highest temperature on days of orders"),
        }
    }

    /// How many classes its values fall into; none where they are words.
    pub fn classes(self) -> Option<usize> {
        let bands = |cuts: &[i64]| Some(cuts.len() + 1);
        match self {
            Self::Age => bands(bands::AGES),
            Self::Region => Some(bands::REGIONS.len()),
            Self::Price => bands(bands::PRICES),
            Self::Orders => bands(bands::ORDERS),
            Self::OrderValue => bands(bands::ORDER_VALUES),
            Self::Weekday => Some(bands::WEEKDAYS.len()),
            Self::Hour => bands(bands::HOURS),
            Self::Discount => bands(bands::DISCOUNTS),
            Self::Refund => bands(bands::REFUNDS),
            Self::Season => Some(bands::SEASONS.len()),
            Self::Temperature => bands(bands::TEMPERATURES),
            // As many as the base and the calendar have.
            Self::Spend | Self::Occasion => Some(usize::MAX),
            _ => None,
        }
    }

    /// Whether its bars have an order of their own.
    pub fn is_ordered(self) -> bool {
        matches!(
            self,
            Self::Age
                | Self::Spend
                | Self::Price
                | Self::Orders
                | Self::OrderValue
                | Self::Weekday
                | Self::Hour
                | Self::Discount
                | Self::Refund
                | Self::Season
                | Self::Temperature
        )
    }

    /// Whether a member may be in several bars.
    pub fn is_multiple(self) -> bool {
        matches!(
            self,
            Self::Tags
                | Self::Category
                | Self::Subcategory
                | Self::Price
                | Self::Platform
                | Self::Shop
                | Self::Weekday
                | Self::Hour
                | Self::Season
                | Self::Occasion
                | Self::Weather
                | Self::Temperature
        )
    }

    /// Whether orders of which it is unknown are counted: those that say nothing of it while others of the same
    /// member do would be missed otherwise.
    pub fn counts_orders(self) -> bool {
        matches!(self, Self::Weather | Self::Temperature)
    }
}
