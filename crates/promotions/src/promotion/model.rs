//! What a promotion is, and what its rules may say when they are kept.

use shuke_kernel::{Error, Instant, Refusal, Result};
use shuke_pricing::{Exclusive, Promotion as Offer, Rule};

use super::PromotionId;
use crate::words::{BAD_NAME, BAD_RULES, LIMIT_NOT_KEPT, LONG_RULES, WRONG_STATE};

/// Characters of a name at most.
pub const NAME: usize = 60;
/// Bytes of rules at most: some thousand prices.
pub const RULES: usize = 200_000;

/// What people set it to.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum State {
    /// In force between its times, once it is published.
    Active,
    /// Not for now.
    Paused,
    /// Put away for good.
    Archived,
}

impl State {
    /// The word kept in the store.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Paused => "paused",
            Self::Archived => "archived",
        }
    }

    /// The state of that word.
    ///
    /// # Errors
    /// A fault where there is none: the store holds another.
    pub fn of(word: &str) -> Result<Self> {
        [Self::Active, Self::Paused, Self::Archived]
            .into_iter()
            .find(|s| s.word() == word)
            .ok_or_else(|| Error::fault(format!("a promotion is {word}")))
    }

    /// That something cannot be done in it.
    pub fn wrong(self) -> Refusal {
        let said = match self {
            Self::Active => "在用",
            Self::Paused => "已暂停",
            Self::Archived => "已归档",
        };
        WRONG_STATE.with("state", self.word()).with("state_zh", said)
    }
}

/// A promotion, without its versions.
#[derive(Clone, Debug)]
pub struct Promotion {
    /// Which.
    pub id: PromotionId,
    /// As people call it.
    pub name: String,
    /// What people set it to.
    pub state: State,
    /// Rules that are not published yet, as they were written.
    pub draft: Option<String>,
    /// Counts its changes.
    pub version: i64,
    /// When it was made.
    pub created_at: Instant,
    /// By whom.
    pub created_by: String,
    /// When it was last changed.
    pub updated_at: Instant,
}

/// What a version says.
#[derive(Clone, Debug)]
pub struct Rules {
    /// As they were written; empty where only the head was asked for.
    pub text: String,
    /// Their kind's word.
    pub kind: String,
    /// From when on they would hold by themselves.
    pub begins: Option<Instant>,
    /// Until when.
    pub ends: Option<Instant>,
}

impl Rules {
    /// Whether they hold at an instant, as far as their own times go.
    pub fn hold(&self, at: Instant) -> bool {
        self.begins.is_none_or(|from| from <= at) && self.ends.is_none_or(|to| at < to)
    }
}

/// What people are told of a promotion: `draft`, `scheduled`, `running`, `ended`, `paused` or `archived`. `current` are the
/// rules in force, `coming` whether others are to follow.
pub fn told(state: State, current: Option<&Rules>, coming: bool, now: Instant) -> &'static str {
    match (state, current) {
        (State::Archived, _) => "archived",
        (State::Paused, _) => "paused",
        (State::Active, None) if coming => "scheduled",
        (State::Active, None) => "draft",
        (State::Active, Some(rules)) if rules.begins.is_some_and(|from| now < from) => "scheduled",
        (State::Active, Some(rules)) if rules.ends.is_some_and(|to| to <= now) => {
            if coming {
                "scheduled"
            } else {
                "ended"
            }
        }
        (State::Active, Some(_)) => "running",
    }
}

/// Reads rules, under the id of their promotion, as they may be kept.
///
/// # Errors
/// A refusal that names the place: what breaks the format, is too long, or limits what nobody counts.
pub fn read(text: &str, id: PromotionId) -> Result<Offer> {
    if text.len() > RULES {
        return Err(LONG_RULES.with("limit", RULES).with("found", text.len()).at("rules").into());
    }
    let offer = Offer::read(text, &id.to_string()).map_err(|e| {
        let path = if e.path.is_empty() { "rules".to_owned() } else { format!("rules.{}", e.path) };
        BAD_RULES.with("path", &path).with("reason", e.why.word).with("why_zh", &e.why.zh).with("why", &e.why.en).at(path)
    })?;
    if offer.terms.exclusive == Exclusive::Line && misfits_line_groups(&offer) {
        let (zh, en) = ("按商品行互斥只能用于 percent_off 和 amount_off", "only percent_off and amount_off exclude line by line");
        return Err(BAD_RULES
            .with("path", "rules.exclusive")
            .with("reason", "breaks_a_rule")
            .with("why_zh", zh)
            .with("why", en)
            .at("rules.exclusive")
            .into());
    }
    match uncounted(&offer) {
        Some((zh, en, at)) => Err(LIMIT_NOT_KEPT.with("what_zh", zh).with("what", en).at(format!("rules.{at}")).into()),
        None => Ok(offer),
    }
}

/// Whether it cannot be in a group of which somebody excludes line by line. Replaced prices are in no group.
fn misfits_line_groups(offer: &Offer) -> bool {
    !matches!(offer.rule, Rule::PercentOff(_) | Rule::AmountOff { .. } | Rule::MemberPrice(_) | Rule::FlashPrice(_))
}

/// Whether two cannot stand in one catalogue: of a group that excludes line by line all take off lines.
pub fn clash(a: &Offer, b: &Offer) -> bool {
    let together = a.terms.group.is_some() && a.terms.group == b.terms.group;
    let by_line = a.terms.exclusive == Exclusive::Line || b.terms.exclusive == Exclusive::Line;
    together && by_line && (misfits_line_groups(a) || misfits_line_groups(b))
}

/// The first limit that is counted by nobody. What a member used is learnt from orders, whose discounts name what caused them:
/// gifts and replaced prices are no discounts there, and how often all members together used something is in no row.
fn uncounted(offer: &Offer) -> Option<(&'static str, &'static str, String)> {
    if offer.terms.quota_left.is_some() {
        return Some(("总名额", "How many are left in all", "quota_left".to_owned()));
    }
    let of_member = offer.terms.per_member.is_some();
    match &offer.rule {
        Rule::FlashPrice(items) => {
            let at = items.iter().position(|i| i.quota_left.is_some());
            let quota = at.map(|i| ("抢购名额", "The quota of a flash price", format!("items[{i}].quota_left")));
            quota.or_else(|| of_member.then(|| ("抢购价的每人限购", "A limit of pieces a member", "per_member".to_owned())))
        }
        Rule::Gift(gifts) => {
            let at = gifts.iter().position(|g| g.stock_left.is_some());
            let stock = at.map(|i| ("赠品库存", "The stock of a gift", format!("gifts[{i}].stock_left")));
            stock.or_else(|| of_member.then(|| ("赠品的每人限次", "A limit of gifts a member", "per_member".to_owned())))
        }
        Rule::MemberPrice(_) => of_member.then(|| ("会员价的每人限次", "A limit of member prices a member", "per_member".to_owned())),
        _ => None,
    }
}

/// The name, trimmed.
///
/// # Errors
/// Refuses one that is empty, too long or has control characters.
pub fn name(text: &str) -> Result<String> {
    let text = text.trim();
    let good = (1..=NAME).contains(&text.chars().count()) && !text.chars().any(char::is_control);
    if good { Ok(text.to_owned()) } else { Err(BAD_NAME.with("limit", NAME).at("name").into()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_told_follows_from_what_was_set_and_from_the_time() {
        let rules = |begins: Option<i64>, ends: Option<i64>| Rules {
            text: String::new(),
            kind: "gift".to_owned(),
            begins: begins.map(Instant),
            ends: ends.map(Instant),
        };
        for (state, current, coming, word) in [
            (State::Active, None, false, "draft"),
            (State::Active, None, true, "scheduled"),
            (State::Active, Some(rules(None, None)), false, "running"),
            (State::Active, Some(rules(Some(11), None)), false, "scheduled"),
            (State::Active, Some(rules(Some(10), Some(11))), false, "running"),
            (State::Active, Some(rules(None, Some(10))), false, "ended"),
            (State::Active, Some(rules(None, Some(10))), true, "scheduled"),
            (State::Paused, Some(rules(None, None)), true, "paused"),
            (State::Archived, None, false, "archived"),
        ] {
            assert_eq!(told(state, current.as_ref(), coming, Instant(10)), word);
            assert_eq!(current.is_some_and(|r| r.hold(Instant(10))), word == "running" || state == State::Paused);
        }
    }

    #[test]
    fn limits_that_nobody_counts_are_refused_with_their_place() {
        let id = PromotionId::from_bytes([1; 16]);
        let refused = |text: &str| {
            let error = read(text, id).expect_err(text);
            let refusal = error.refusal().expect("a refusal").clone();
            (refusal.code.code, refusal.field.unwrap_or_default())
        };
        for (text, code, at) in [
            (r#"{"kind":"percent_off","pay_rate":"0.9","quota_left":5}"#, "promotion.limit_not_kept", "rules.quota_left"),
            (
                r#"{"kind":"flash_price","items":[{"sku":"A","price":1},{"sku":"B","price":1,"quota_left":3}]}"#,
                "promotion.limit_not_kept",
                "rules.items[1].quota_left",
            ),
            (r#"{"kind":"flash_price","items":[{"sku":"A","price":1}],"per_member":1}"#, "promotion.limit_not_kept", "rules.per_member"),
            (
                r#"{"kind":"gift","gifts":[{"sku":"G","qty":1,"value":1,"stock_left":9}]}"#,
                "promotion.limit_not_kept",
                "rules.gifts[0].stock_left",
            ),
            (r#"{"kind":"gift","gifts":[{"sku":"G","qty":1,"value":1}],"per_member":1}"#, "promotion.limit_not_kept", "rules.per_member"),
            (r#"{"kind":"percent_off","pay_rate":"9"}"#, "promotion.malformed", "rules.pay_rate"),
            (r#"{"id":"x","kind":"percent_off","pay_rate":"0.9"}"#, "promotion.malformed", "rules.id"),
            ("[]", "promotion.malformed", "rules"),
        ] {
            assert_eq!(refused(text), (code, at.to_owned()), "{text}");
        }
        assert_eq!(refused(&format!("{{\"kind\":\"{}\"}}", "x".repeat(RULES))).0, "promotion.too_long");
        let read = read(r#"{"kind":"percent_off","pay_rate":"0.9","per_member":2}"#, id).expect("counted from orders");
        assert_eq!(read.id, id.to_string());
    }
}
