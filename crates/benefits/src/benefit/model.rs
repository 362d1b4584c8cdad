//! What a benefit is.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use shuke_http::MoneyDto;
use shuke_kernel::{Currency, Instant, Refusal, Zone};
use utoipa::ToSchema;

use super::when::When;
use crate::BenefitId;
use crate::quota::Quota;
use crate::share::Funded;
use crate::state::State;
use crate::who::Who;
use crate::words::invalid;

/// Characters of a name at most.
const NAME: usize = 60;
/// Characters of a description at most.
const DESCRIPTION: usize = 1_000;
/// Minor units of an amount at most.
pub const MOST_AMOUNT: i64 = 100_000_000_000;

/// What sort of benefit.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = BenefitKind)]
pub enum Kind {
    /// A percentage off for members.
    MemberDiscount,
    /// Coupons, handed out together.
    CouponPack,
    /// Shipping costs nothing.
    FreeShipping,
    /// Orders leave before others'.
    PriorityDispatch,
    /// A service agent of one's own.
    OwnAgent,
    /// A gift for the birthday.
    BirthdayGift,
    /// An offer in the month of the birthday.
    BirthdayOffer,
    /// New products to try.
    ProductTrial,
    /// New or scarce goods before others.
    EarlyAccess,
    /// Goods that only members get.
    MemberGoods,
    /// A day for members.
    MemberDay,
    /// A part of what was paid comes back as store credit.
    Cashback,
    /// A personal shopping adviser.
    PersonalAdviser,
    /// A service made to measure.
    TailoredService,
    /// What the merchant says it is.
    Custom,
}

impl Kind {
    /// All of them, in the order of the documentation.
    pub const ALL: [Self; 15] = [
        Self::MemberDiscount,
        Self::CouponPack,
        Self::FreeShipping,
        Self::PriorityDispatch,
        Self::OwnAgent,
        Self::BirthdayGift,
        Self::BirthdayOffer,
        Self::ProductTrial,
        Self::EarlyAccess,
        Self::MemberGoods,
        Self::MemberDay,
        Self::Cashback,
        Self::PersonalAdviser,
        Self::TailoredService,
        Self::Custom,
    ];

    /// The word kept in the store.
    pub const fn word(self) -> &'static str {
        match self {
            Self::MemberDiscount => "member_discount",
            Self::CouponPack => "coupon_pack",
            Self::FreeShipping => "free_shipping",
            Self::PriorityDispatch => "priority_dispatch",
            Self::OwnAgent => "own_agent",
            Self::BirthdayGift => "birthday_gift",
            Self::BirthdayOffer => "birthday_offer",
            Self::ProductTrial => "product_trial",
            Self::EarlyAccess => "early_access",
            Self::MemberGoods => "member_goods",
            Self::MemberDay => "member_day",
            Self::Cashback => "cashback",
            Self::PersonalAdviser => "personal_adviser",
            Self::TailoredService => "tailored_service",
            Self::Custom => "custom",
        }
    }

    /// The one of that word.
    pub fn named(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.word() == word)
    }
}

/// Who sees to it that a use comes true.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = BenefitBy)]
pub enum By {
    /// The system that asks for the use: nothing is left to do.
    #[default]
    System,
    /// A person, from the list of tasks.
    Hand,
    /// The ERP, from the list of tasks.
    Erp,
}

impl By {
    /// The word kept in the store.
    pub const fn word(self) -> &'static str {
        match self {
            Self::System => "system",
            Self::Hand => "hand",
            Self::Erp => "erp",
        }
    }
}

/// What it is worth to the member.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
#[schema(as = BenefitTerms)]
pub struct Terms {
    /// Of a discount the percent off, of cashback the percent that comes back.
    #[schema(minimum = 1, maximum = 100)]
    pub percent: Option<i64>,
    /// An amount instead.
    pub amount: Option<MoneyDto>,
}

/// What a merchant says of a benefit.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = BenefitInput)]
pub struct Definition {
    /// As people read it.
    #[schema(min_length = 1, max_length = 60)]
    pub name: String,
    /// What sort of benefit.
    pub kind: Kind,
    /// In the words of the shop.
    #[serde(default)]
    #[schema(max_length = 1000)]
    pub description: String,
    /// Whose it is.
    #[serde(default)]
    pub who: Who,
    /// From when on it can be used.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub from: Option<Instant>,
    /// When it ends.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub until: Option<Instant>,
    /// On which days.
    #[serde(default)]
    pub when: When,
    /// How often; as often as one likes where none is stated.
    #[serde(default)]
    pub quota: Option<Quota>,
    /// What it is worth to the member.
    #[serde(default)]
    pub terms: Terms,
    /// What a use costs, unless it says so itself.
    #[serde(default)]
    pub cost: Option<MoneyDto>,
    /// Who else bears it.
    #[serde(default)]
    pub funded: Funded,
    /// Who sees to it.
    #[serde(default)]
    pub by: By,
    /// Days after the use on which its task is due.
    #[serde(default)]
    #[schema(minimum = 0, maximum = 365)]
    pub due_days: i64,
    /// To change one: the `version` that was read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<i64>,
}

/// An amount of the merchant's currency, 0 or more.
///
/// # Errors
/// Where it is another currency, or out of range.
pub fn money(given: Option<&MoneyDto>, currency: Currency, field: &str) -> Result<i64, Refusal> {
    let Some(given) = given else { return Ok(0) };
    if given.currency != currency.code() {
        let (zh, en) = (format!("币种应为 {currency}。"), format!("The currency is {currency}."));
        return Err(invalid(format!("{field}.currency"), &zh, &en));
    }
    if !(0..=MOST_AMOUNT).contains(&given.amount) {
        return Err(invalid(format!("{field}.amount"), "金额超出范围。", "The amount is out of range."));
    }
    Ok(given.amount)
}

/// A name and a description as they are kept.
///
/// # Errors
/// Where one is too long, or the name is empty.
pub fn said(name: &str, description: &str) -> Result<(String, String), Refusal> {
    let (name, description) = (name.trim(), description.trim());
    if !(1..=NAME).contains(&name.chars().count()) || name.chars().any(char::is_control) {
        return Err(invalid("name", "名称为 1 到 60 个字，不能换行。", "A name is 1 to 60 characters, without line breaks."));
    }
    if description.chars().count() > DESCRIPTION {
        return Err(invalid("description", "说明最多 1000 个字。", "A description is 1000 characters at most."));
    }
    Ok((name.to_owned(), description.to_owned()))
}

/// Refuses times that are none, or contradict each other.
///
/// # Errors
/// Where the end is not after the beginning, or a time lies beyond the calendar.
pub fn times(from: Option<Instant>, until: Option<Instant>) -> Result<(), Refusal> {
    let reckoned = |at: Instant| shuke_loyalty::calendar::reckoned(at);
    if from.is_some_and(|at| !reckoned(at)) || until.is_some_and(|at| !reckoned(at)) {
        return Err(invalid("from", "时间超出范围。", "A time is out of range."));
    }
    if let (Some(from), Some(until)) = (from, until)
        && until <= from
    {
        return Err(invalid("until", "结束要晚于开始。", "The end must be after the beginning."));
    }
    Ok(())
}

impl Definition {
    /// The definition as it is kept, or what is wrong with it by itself.
    ///
    /// # Errors
    /// The first thing that cannot be.
    pub fn checked(mut self, currency: Currency) -> Result<Self, Refusal> {
        (self.name, self.description) = said(&self.name, &self.description)?;
        self.version = None;
        times(self.from, self.until)?;
        if let Some(quota) = &self.quota {
            quota.check("quota")?;
        }
        if self.when.month_days.iter().any(|day| !(1..=31).contains(day)) {
            return Err(invalid("when.month_days", "每月的日子为 1 到 31。", "Days of the month are 1 to 31."));
        }
        if self.when.week_days.iter().any(|day| !(1..=7).contains(day)) {
            return Err(invalid("when.week_days", "星期为 1 到 7，1 是周一。", "Days of the week are 1 to 7, Monday 1."));
        }
        for days in [&mut self.when.month_days, &mut self.when.week_days] {
            days.sort_unstable();
            days.dedup();
        }
        if self.kind == Kind::MemberDay && self.when.month_days.is_empty() && self.when.week_days.is_empty() {
            return Err(invalid("when", "会员日要选每月的日子或星期。", "A member day needs days of the month or of the week."));
        }
        if self.terms.percent.is_some_and(|percent| !(1..=100).contains(&percent)) {
            return Err(invalid("terms.percent", "百分比为 1 到 100。", "A percentage is 1 to 100."));
        }
        let amount = money(self.terms.amount.as_ref(), currency, "terms.amount")?;
        let needs_terms = matches!(self.kind, Kind::MemberDiscount | Kind::Cashback);
        if needs_terms && self.terms.percent.is_none() && amount == 0 {
            return Err(invalid("terms", "要填百分比或金额。", "A percentage or an amount is needed."));
        }
        if self.terms.percent.is_some() && self.terms.amount.is_some() {
            return Err(invalid("terms", "百分比和金额只能填一个。", "State a percentage or an amount, not both."));
        }
        money(self.cost.as_ref(), currency, "cost")?;
        self.funded.check()?;
        if !(0..=365).contains(&self.due_days) {
            return Err(invalid("due_days", "天数为 0 到 365。", "Days are 0 to 365."));
        }
        Ok(self)
    }
}

/// A benefit as it is kept.
#[derive(Clone, Debug)]
pub struct Benefit {
    /// Which.
    pub id: BenefitId,
    /// What the merchant says of it.
    pub definition: Definition,
    /// What people set it to.
    pub state: State,
    /// Counts its changes.
    pub version: i64,
    /// When it was made.
    pub created_at: Instant,
}

impl Benefit {
    /// What people are told of its state.
    pub fn told(&self, now: Instant) -> &'static str {
        self.state.told(now, self.definition.from, self.definition.until)
    }

    /// What the task of a use that is made now is due on.
    pub fn due_on(&self, zone: &Zone, now: Instant) -> Date {
        let today = zone.day(now);
        today.checked_add(jiff::Span::new().days(self.definition.due_days)).unwrap_or(today)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is changed of a good one, and the refusal.
    type Spoilt = (fn(&mut Definition), &'static str);

    pub fn plain(kind: Kind) -> Definition {
        let text = format!(r#"{{"name": "x", "kind": "{}"}}"#, kind.word());
        serde_json::from_str(&text).expect("a definition")
    }

    #[test]
    fn definitions_that_cannot_be_are_refused_with_their_place() {
        let yuan = |amount| Some(MoneyDto { amount, currency: "CNY".to_owned() });
        let cases: [Spoilt; 9] = [
            (|d| d.name = " \n ".to_owned(), "name"),
            (|d| d.description = "字".repeat(1001), "description"),
            (|d| (d.from, d.until) = (Some(Instant(2)), Some(Instant(2))), "until"),
            (|d| d.when.month_days = vec![0], "when.month_days"),
            (|d| d.when.week_days = vec![8], "when.week_days"),
            (|d| d.terms.percent = Some(101), "terms.percent"),
            (|d| d.funded.supplier = 101, "funded"),
            (|d| d.due_days = -1, "due_days"),
            (|d| d.quota = Some(Quota { uses: 0, per: crate::quota::Per::Ever }), "quota.uses"),
        ];
        for (spoil, field) in cases {
            let mut definition = plain(Kind::FreeShipping);
            spoil(&mut definition);
            let refusal = definition.checked(Currency::CNY).expect_err(field);
            assert_eq!(refusal.field.as_deref(), Some(field));
        }
        assert!(plain(Kind::MemberDiscount).checked(Currency::CNY).is_err(), "a discount without a depth");
        assert!(plain(Kind::MemberDay).checked(Currency::CNY).is_err(), "a member day without a day");
        let dollars = Definition { cost: Some(MoneyDto { amount: 1, currency: "USD".to_owned() }), ..plain(Kind::Custom) };
        assert_eq!(dollars.checked(Currency::CNY).expect_err("dollars").field.as_deref(), Some("cost.currency"));
        let good = Definition { cost: yuan(500), ..plain(Kind::FreeShipping) };
        assert!(good.checked(Currency::CNY).is_ok());
    }
}
