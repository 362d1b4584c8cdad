//! A template: what a coupon of it gives, for how long, and what becomes of it with its order. Pure rules.

use jiff::Span;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use shuke_kernel::{Instant, Refusal, Result, Zone};
use shuke_programme::ProgrammeId;
use utoipa::ToSchema;

use super::offer::{MOST_AMOUNT, Offer};
use crate::TemplateId;
use crate::batch::draw::Range;
use crate::state::State;
use crate::words::invalid;

/// Characters of a name at most.
const NAME: usize = 60;
/// Characters of a description at most.
const DESCRIPTION: usize = 1_000;
/// Days at most that a coupon is good, or waits until it is.
const MOST_DAYS: i64 = 3_650;
/// Minutes at most for which a lock holds by itself: thirty days.
const MOST_MINUTES: i64 = 43_200;

/// The instants that are reckoned with: 1900 to 2400.
const RECKONED: std::ops::Range<i64> = -2_208_988_800_000_000..13_569_465_600_000_000;

const fn lock_minutes() -> i64 {
    15
}

const fn yes() -> bool {
    true
}

const fn grace_days() -> i64 {
    7
}

/// How long a coupon is good: to an instant, for days from when it is had, or whichever ends first.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
#[schema(as = CouponValidity)]
pub struct Validity {
    /// Not before.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub from: Option<Instant>,
    /// No longer at this instant.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub to: Option<Instant>,
    /// Days behind the day on which it is had; the last of them is its last whole day.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 0, maximum = 3_650)]
    pub days: Option<i64>,
    /// Days after which it begins to be good; at once unless given.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 0, maximum = 3_650)]
    pub after_days: Option<i64>,
}

/// The day so many days later; the last of the calendar where there is none.
fn plus_days(day: Date, days: i64) -> Date {
    Span::new().try_days(days).map_or(Date::MAX, |span| day.saturating_add(span))
}

/// 00:00 of a day.
fn start_of(zone: &Zone, day: Date) -> Instant {
    zone.start_of(day).unwrap_or(Instant(i64::MAX))
}

/// When `days` behind the day of `now` are over: 00:00 of the day after the last of them.
pub fn end_after(zone: &Zone, now: Instant, days: i64) -> Instant {
    start_of(zone, plus_days(zone.day(now), days.saturating_add(1)))
}

impl Validity {
    /// From when to when a coupon is good that is had at `now`.
    pub fn span(&self, zone: &Zone, now: Instant) -> (Option<Instant>, Instant) {
        let wait = self.after_days.unwrap_or(0);
        let begins = (wait > 0).then(|| start_of(zone, plus_days(zone.day(now), wait)));
        let ends = self.days.map(|days| end_after(zone, now, wait.saturating_add(days)));
        let never = Instant(i64::MAX);
        (begins.max(self.from), ends.unwrap_or(never).min(self.to.unwrap_or(never)))
    }

    fn check(&self) -> Result<(), Refusal> {
        let given = |at: Option<Instant>| at.is_some_and(|at| !RECKONED.contains(&at.micros()));
        if given(self.from) || given(self.to) {
            return Err(invalid("validity", "时间超出范围。", "A time is out of range."));
        }
        let days = |n: Option<i64>| n.is_some_and(|n| !(0..=MOST_DAYS).contains(&n));
        if days(self.days) || days(self.after_days) {
            return Err(invalid("validity.days", "天数为 0 到 3650。", "Days are 0 to 3650."));
        }
        if self.to.is_none() && self.days.is_none() {
            return Err(invalid(
                "validity",
                "请写截止时间，或领取后几天内有效。",
                "State until when, or for how many days from when it is had.",
            ));
        }
        if let (Some(from), Some(to)) = (self.from, self.to)
            && to <= from
        {
            return Err(invalid("validity.to", "结束要晚于开始。", "The end must be after the beginning."));
        }
        Ok(())
    }
}

/// What a merchant says of a template.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = CouponTemplateInput)]
pub struct Definition {
    /// As people read it.
    #[schema(min_length = 1, max_length = 60)]
    pub name: String,
    /// In the words of the shop.
    #[serde(default)]
    #[schema(max_length = 1000)]
    pub description: String,
    /// What it gives and under which conditions.
    pub offer: Offer,
    /// From what the amount of each coupon is drawn, once, when it is had; instead of `offer.amount`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub random: Option<Range>,
    /// The programme whose tiers `offer.tiers` names.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, example = "prg_01kc…")]
    pub programme: Option<ProgrammeId>,
    /// How long it is good.
    pub validity: Validity,
    /// For how many minutes an order holds it, unless the order says until when.
    #[serde(default = "lock_minutes")]
    #[schema(minimum = 1, maximum = 43_200)]
    pub lock_minutes: i64,
    /// Whether it comes back when its order is closed or wholly refunded.
    #[serde(default = "yes")]
    pub restore: bool,
    /// Days it is good for from then, once, where its own end has passed.
    #[serde(default = "grace_days")]
    #[schema(minimum = 0, maximum = 3_650)]
    pub restore_grace_days: i64,
    /// To change one: the `version` that was read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<i64>,
}

/// A name as it is kept.
///
/// # Errors
/// Where it is empty or too long.
pub fn named(name: &str) -> Result<String, Refusal> {
    let name = name.trim();
    if !(1..=NAME).contains(&name.chars().count()) || name.chars().any(char::is_control) {
        return Err(invalid("name", "名称为 1 到 60 个字，不能换行。", "A name is 1 to 60 characters, without line breaks."));
    }
    Ok(name.to_owned())
}

impl Definition {
    /// The definition as it is kept, or what is wrong with it by itself.
    ///
    /// # Errors
    /// The first thing that cannot be.
    pub fn checked(mut self) -> Result<Self> {
        self.version = None;
        self.name = named(&self.name)?;
        self.description = self.description.trim().to_owned();
        if self.description.chars().count() > DESCRIPTION {
            return Err(invalid("description", "说明最多 1000 个字。", "A description is 1000 characters at most.").into());
        }
        if let Some(range) = &self.random {
            range.check(MOST_AMOUNT)?;
        }
        self.offer.check(self.random.is_some())?;
        self.validity.check()?;
        if !(1..=MOST_MINUTES).contains(&self.lock_minutes) {
            return Err(invalid("lock_minutes", "占用时长为 1 到 43200 分钟。", "A lock holds 1 to 43200 minutes.").into());
        }
        if !(0..=MOST_DAYS).contains(&self.restore_grace_days) {
            return Err(invalid("restore_grace_days", "宽限天数为 0 到 3650。", "Days of grace are 0 to 3650.").into());
        }
        if self.offer.tiers.is_some() && self.programme.is_none() {
            return Err(invalid("programme", "限等级时要选会员计划。", "Tiers need the programme that they are of.").into());
        }
        Ok(self)
    }
}

/// A template as it is kept, in one of its versions.
#[derive(Clone, Debug)]
pub struct Template {
    /// Which.
    pub id: TemplateId,
    /// What the merchant says of it.
    pub definition: Definition,
    /// What people set it to.
    pub state: State,
    /// Counts its versions: coupons keep the one they were made by.
    pub version: i64,
    /// When it was made.
    pub created_at: Instant,
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn at(text: &str) -> Instant {
        text.parse().expect("a time")
    }

    fn definition(more: Value) -> Definition {
        let mut body = json!({ "name": "新人券", "offer": { "kind": "no_threshold", "amount": 500 }, "validity": { "days": 7 } });
        body.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
        serde_json::from_value(body).expect("a definition")
    }

    #[test]
    fn a_coupon_is_good_for_whole_days_of_the_zone() {
        let zone = Zone::shanghai();
        // 10 June, 09:30 in Shanghai.
        let now = at("2026-06-10T01:30:00Z");
        let of = |validity: Value| serde_json::from_value::<Validity>(validity).expect("a validity").span(&zone, now);
        assert_eq!(of(json!({ "days": 0 })), (None, at("2026-06-10T16:00:00Z")));
        assert_eq!(of(json!({ "days": 7 })), (None, at("2026-06-17T16:00:00Z")));
        assert_eq!(of(json!({ "days": 7, "after_days": 1 })), (Some(at("2026-06-10T16:00:00Z")), at("2026-06-18T16:00:00Z")));
        assert_eq!(of(json!({ "days": 7, "to": "2026-06-12T00:00:00Z" })), (None, at("2026-06-12T00:00:00Z")));
        assert_eq!(of(json!({ "from": "2026-07-01T00:00:00Z", "to": "2026-08-01T00:00:00Z" })).0, Some(at("2026-07-01T00:00:00Z")));
    }

    #[test]
    fn what_is_left_out_is_as_the_rules_have_it() {
        let checked = definition(json!({})).checked().expect("a good one");
        assert_eq!((checked.lock_minutes, checked.restore, checked.restore_grace_days), (15, true, 7));
        assert_eq!(serde_json::from_value::<Definition>(serde_json::to_value(&checked).expect("JSON")).expect("a definition"), checked);
    }

    #[test]
    fn what_cannot_be_is_refused_with_its_place() {
        for (more, field) in [
            (json!({ "name": " " }), "name"),
            (json!({ "validity": {} }), "validity"),
            (json!({ "validity": { "days": -1 } }), "validity.days"),
            (json!({ "validity": { "from": "2026-07-01T00:00:00Z", "to": "2026-07-01T00:00:00Z" } }), "validity.to"),
            (json!({ "lock_minutes": 0 }), "lock_minutes"),
            (json!({ "random": { "min": 100, "max": 200 } }), "offer.amount"),
            (json!({ "random": { "min": 300, "max": 200 }, "offer": { "kind": "no_threshold" } }), "random"),
            (json!({ "offer": { "kind": "no_threshold", "amount": 1, "tiers": ["金牌"] } }), "programme"),
        ] {
            let refused = definition(more.clone()).checked().expect_err(field);
            assert_eq!(refused.refusal().and_then(|r| r.field.as_deref()), Some(field), "{more}");
        }
    }
}
