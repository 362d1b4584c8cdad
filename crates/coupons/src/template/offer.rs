//! What a coupon gives and under which conditions: the keys of a template of `promotions.json`, so that what is kept is
//! what the pricing engine reads. Amounts are minor units of the merchant's currency, as that format has them.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use shuke_kernel::{Refusal, Result};
use shuke_pricing::Offers;
use utoipa::ToSchema;

use crate::words::invalid;

/// The greatest amount that is reckoned with, minor units.
pub const MOST_AMOUNT: i64 = 1_000_000_000_000;

/// What sort of coupon.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = CouponKind)]
pub enum Kind {
    /// 满减券: an amount off, from `min_amount` on.
    AmountOff,
    /// 折扣券: `pay_rate` is paid, at most `cap` is taken off.
    PercentOff,
    /// 无门槛券: an amount off.
    NoThreshold,
    /// 赠品券: goods are given.
    Gift,
    /// 兑换券: one piece of `sku` costs `pay`.
    Exchange,
    /// 运费券: the shipping fee, at most `cap` of it.
    FreeShipping,
}

impl Kind {
    /// The word of the format, as it is kept.
    pub const fn word(self) -> &'static str {
        match self {
            Self::AmountOff => "amount_off",
            Self::PercentOff => "percent_off",
            Self::NoThreshold => "no_threshold",
            Self::Gift => "gift",
            Self::Exchange => "exchange",
            Self::FreeShipping => "free_shipping",
        }
    }

    /// Whether it takes an amount off that may be drawn.
    pub const fn has_amount(self) -> bool {
        matches!(self, Self::AmountOff | Self::NoThreshold)
    }
}

/// Who issues it, and in whose step of the price it is taken.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = CouponIssuer)]
pub enum Issuer {
    /// 店铺券
    #[default]
    Shop,
    /// 平台券
    Platform,
}

/// How it keeps others of its group out.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = CouponExclusive)]
pub enum Exclusive {
    /// It does not.
    None,
    /// No other of its group in the same order.
    Order,
}

/// Goods given.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = CouponGift)]
pub struct Gift {
    /// Which.
    #[schema(min_length = 1)]
    pub sku: String,
    /// Pieces.
    #[schema(minimum = 1)]
    pub qty: i64,
    /// What one piece is worth, minor units.
    #[schema(minimum = 0)]
    pub value: i64,
}

/// Days and hours on which it can be used, in the merchant's zone.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
#[schema(as = CouponCalendar)]
pub struct Calendar {
    /// 1 is Monday.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub weekdays: Option<Vec<i64>>,
    /// 1 to 31.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub month_days: Option<Vec<i64>>,
    /// Two times of day, half open: `["20:00", "22:00"]`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hours: Option<Vec<String>>,
}

/// A price that replaces another one.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = CouponReplacement)]
pub enum Replacement {
    /// 会员价
    MemberPrice,
    /// 限时抢购价
    FlashPrice,
}

/// Which lines of a cart are meant; where neither goods nor categories are named, all.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
#[schema(as = CouponScope)]
pub struct Scope {
    /// These goods.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub skus: Option<Vec<String>>,
    /// Goods in these categories and below: `home` admits `home/kitchen`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub categories: Option<Vec<String>>,
    /// But not these goods,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub exclude_skus: Vec<String>,
    /// nor those in these categories,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub exclude_categories: Vec<String>,
    /// nor lines with such a price.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub not_replaced_by: Vec<Replacement>,
}

/// What a coupon gives and when.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = CouponOffer)]
pub struct Offer {
    /// What sort.
    pub kind: Kind,
    /// Who issues it.
    #[serde(default)]
    pub issuer: Issuer,
    /// Of an amount off: how much, unless it is drawn.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub amount: Option<i64>,
    /// Of a percentage: the share that is paid, `"0.85"` for 8.5折.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pay_rate: Option<String>,
    /// Of a percentage and of shipping: the most that is taken off.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cap: Option<i64>,
    /// Of a gift: which goods.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gifts: Option<Vec<Gift>>,
    /// Of an exchange: for which goods.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sku: Option<String>,
    /// Of an exchange: what a piece costs then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pay: Option<i64>,
    /// Higher first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub priority: Option<i64>,
    /// Whose members may keep each other out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group: Option<String>,
    /// How.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub exclusive: Option<Exclusive>,
    /// When in the day, week and month.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub calendar: Option<Calendar>,
    /// Guests are left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub members_only: Option<bool>,
    /// Any of these tiers of the template's programme, by name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(max_items = 50)]
    pub tiers: Option<Vec<String>>,
    /// Any of these segments, `seg_…`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(max_items = 20)]
    pub segments: Option<Vec<String>>,
    /// How often a member may use coupons of this template.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 1)]
    pub per_member: Option<i64>,
    /// From what amount of the goods in scope on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub min_amount: Option<i64>,
    /// From how many pieces in scope on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub min_qty: Option<i64>,
    /// Up to what weight of the cart, grams.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_weight_g: Option<i64>,
    /// Which lines.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scope: Option<Scope>,
}

impl Offer {
    /// Whether it is for members only, or for some of them.
    pub const fn is_for_some(&self) -> bool {
        self.tiers.is_some() || self.segments.is_some() || matches!(self.members_only, Some(true))
    }

    /// The template of `promotions.json` under that id.
    ///
    /// # Errors
    /// None that a caller can bring about.
    pub fn as_template(&self, id: &str) -> Result<Value> {
        let mut template = serde_json::to_value(self)?;
        template["id"] = id.into();
        Ok(template)
    }

    /// Refuses what cannot be, first in the shop's words, then in the pricing engine's own.
    ///
    /// # Errors
    /// A refusal that names the field, or a fault of the program.
    pub fn check(&self, drawn: bool) -> Result<()> {
        self.plain(drawn)?;
        let whole = json!({ "format": 1, "coupon_templates": [self.as_template("x")?] });
        match Offers::read(&whole.to_string()) {
            Ok(_) => Ok(()),
            Err(wrong) => {
                let field = wrong.path.replace("coupon_templates[0]", "offer");
                Err(invalid(
                    field,
                    &format!("定价引擎读不懂这里：{}。", wrong.why.zh),
                    &format!("The pricing engine cannot read it: {}.", wrong.why.en),
                )
                .into())
            }
        }
    }

    fn plain(&self, drawn: bool) -> Result<(), Refusal> {
        let amount_fits = if self.kind.has_amount() { self.amount.is_some() != drawn } else { self.amount.is_none() && !drawn };
        if !amount_fits {
            return Err(invalid(
                "offer.amount",
                "满减券和无门槛券要写面额，或写随机范围，两者选一；其他券都不写。",
                "An amount off has an amount or a range to draw it from, one of the two; other coupons have neither.",
            ));
        }
        for (field, amount, least) in [
            ("amount", self.amount, 1),
            ("cap", self.cap, 1),
            ("pay", self.pay, 0),
            ("min_amount", self.min_amount, 0),
            ("min_qty", self.min_qty, 0),
            ("max_weight_g", self.max_weight_g, 0),
            ("per_member", self.per_member, 1),
        ] {
            if amount.is_some_and(|amount| !(least..=MOST_AMOUNT).contains(&amount)) {
                return Err(invalid(format!("offer.{field}"), "数值超出范围。", "The number is out of range."));
            }
        }
        for (i, gift) in self.gifts.iter().flatten().enumerate() {
            if !(1..=1_000).contains(&gift.qty) || !(0..=1_000_000_000).contains(&gift.value) {
                return Err(invalid(
                    format!("offer.gifts[{i}]"),
                    "赠品为 1 到 1000 件，每件价值不超过 1000 万元。",
                    "A gift is 1 to 1000 pieces of a value that can be reckoned with.",
                ));
            }
        }
        let mut goods = self.scope.iter().flat_map(|s| [s.skus.as_deref().unwrap_or_default(), &s.exclude_skus[..]]);
        if self.gifts.iter().flatten().count() > 50 || goods.any(|skus| skus.len() > 2_000) {
            return Err(invalid("offer", "最多 50 种赠品、2000 个商品。", "50 gifts and 2000 goods at most."));
        }
        Ok(())
    }

    /// The most that one coupon takes off, minor units; none where that has no end, or is drawn.
    pub fn face(&self) -> Option<i64> {
        match self.kind {
            Kind::AmountOff | Kind::NoThreshold => self.amount,
            Kind::PercentOff | Kind::FreeShipping => self.cap,
            Kind::Gift => Some(self.gifts.iter().flatten().map(|gift| gift.qty.saturating_mul(gift.value)).sum()),
            Kind::Exchange => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn offer(body: Value) -> Offer {
        serde_json::from_value(body).expect("an offer")
    }

    #[test]
    fn every_kind_is_what_the_engine_reads() {
        for (body, face) in [
            (
                json!({ "kind": "amount_off", "amount": 3_000, "min_amount": 20_000, "scope": { "categories": ["home"], "exclude_skus": ["A"] } }),
                Some(3_000),
            ),
            (
                json!({ "kind": "percent_off", "pay_rate": "0.85", "cap": 5_000, "calendar": { "weekdays": [1], "hours": ["20:00", "22:00"] } }),
                Some(5_000),
            ),
            (json!({ "kind": "percent_off", "pay_rate": "0.85" }), None),
            (json!({ "kind": "no_threshold", "amount": 500, "issuer": "platform", "group": "g", "exclusive": "order" }), Some(500)),
            (json!({ "kind": "gift", "gifts": [{ "sku": "M", "qty": 2, "value": 1_500 }] }), Some(3_000)),
            (json!({ "kind": "exchange", "sku": "M", "pay": 100 }), None),
            (json!({ "kind": "free_shipping", "cap": 1_000, "members_only": true, "per_member": 2 }), Some(1_000)),
        ] {
            let offer = offer(body);
            offer.check(false).unwrap_or_else(|e| panic!("{offer:?}: {e}"));
            assert_eq!(offer.face(), face, "{offer:?}");
        }
        offer(json!({ "kind": "amount_off", "min_amount": 100 })).check(true).expect("a drawn amount");
    }

    #[test]
    fn what_the_engine_cannot_read_is_refused_with_its_place() {
        for (body, drawn, field) in [
            (json!({ "kind": "amount_off" }), false, "offer.amount"),
            (json!({ "kind": "amount_off", "amount": 1 }), true, "offer.amount"),
            (json!({ "kind": "no_threshold", "amount": 0 }), false, "offer.amount"),
            (json!({ "kind": "percent_off" }), false, "offer.pay_rate"),
            (json!({ "kind": "percent_off", "pay_rate": "8.5" }), false, "offer.pay_rate"),
            (json!({ "kind": "gift" }), false, "offer.gifts"),
            (json!({ "kind": "gift", "gifts": [{ "sku": "M", "qty": 0, "value": 1 }] }), false, "offer.gifts[0]"),
            (json!({ "kind": "exchange" }), false, "offer.sku"),
            (json!({ "kind": "free_shipping", "calendar": { "weekdays": [8] } }), false, "offer.calendar.weekdays[0]"),
        ] {
            let refused = offer(body.clone()).check(drawn).expect_err(field);
            assert_eq!(refused.refusal().and_then(|r| r.field.as_deref()), Some(field), "{body}");
        }
    }
}
