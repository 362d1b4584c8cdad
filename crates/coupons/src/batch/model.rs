//! A batch: how many coupons there are and for how much money, who may have how many of them, and when. Pure rules.

use serde::{Deserialize, Serialize};
use shuke_http::MoneyDto;
use shuke_kernel::money::allocate;
use shuke_kernel::{Currency, Instant, Refusal, Zone};
use utoipa::ToSchema;

use super::draw::Distribution;
use crate::code;
use crate::state::State;
use crate::template::model::named;
use crate::template::offer::MOST_AMOUNT;
use crate::template::{self, Template};
use crate::words::{BY_CODE_ONLY, NOT_ACTIVE, NOT_BEGUN, OVER, invalid};
use crate::{BatchId, TemplateId};

/// Pieces at most.
pub const MOST_PIECES: i64 = 1_000_000_000;
/// Codes of one batch at most.
pub const MOST_CODES: i64 = 10_000_000;
/// Coupons at most that one member may be let have.
const MOST_EACH: i64 = 10_000;

/// Into how many parts a stock is divided at most. A transaction takes from one of them, so that as many can take at
/// once (docs/decisions/0017-stock-in-parts.md).
const MOST_PARTS: i64 = 16;
/// Pieces that a part has at least, where there are as many: what one gathered transaction takes.
const PART: i64 = 64;

/// How a coupon is had.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Way {
    /// A member asks for one.
    Claim,
    /// A member enters a code or a word.
    Code,
    /// The merchant gives one, whatever the claiming time.
    Grant,
}

impl Way {
    /// The word kept in the store.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Claim => "claimed",
            Self::Code => "code",
            Self::Grant => "granted",
        }
    }
}

/// What a merchant says of a batch.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = CouponBatchInput)]
pub struct Definition {
    /// As people read it.
    #[schema(min_length = 1, max_length = 60)]
    pub name: String,
    /// To make one: coupons of which template, in the version that it has then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, example = "cpt_01kc…")]
    pub template: Option<TemplateId>,
    /// To make one: how many there are; without end where it is left out. Changed by itself later.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 1, maximum = 1_000_000_000)]
    pub pieces: Option<i64>,
    /// To make one: for how much at most, each counted with the most that it can take off. Of amounts that are drawn it is
    /// what all pieces come to, exactly.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub budget: Option<MoneyDto>,
    /// To make one: it is had by codes, one for each piece.
    #[serde(default)]
    pub codes: bool,
    /// How many a member may have.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 1, maximum = 10_000)]
    pub per_member: Option<i64>,
    /// From when it can be claimed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub claim_from: Option<Instant>,
    /// When claiming ends.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub claim_to: Option<Instant>,
    /// A word that everybody may know and by which it can be claimed, such as `HELLO10`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 40)]
    pub word: Option<String>,
    /// To change one: the `version` that was read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<i64>,
}

/// A word as it is kept and looked for: without blanks around it, in capitals.
pub fn word(text: &str) -> String {
    text.trim().to_uppercase()
}

impl Definition {
    /// What of it can be changed later, as it is kept, or what is wrong with it by itself.
    ///
    /// # Errors
    /// The first thing that cannot be.
    pub fn checked(mut self) -> Result<Self, Refusal> {
        self.version = None;
        self.name = named(&self.name)?;
        if self.per_member.is_some_and(|n| !(1..=MOST_EACH).contains(&n)) {
            return Err(invalid("per_member", "每人张数为 1 到 10000。", "A member may have 1 to 10000."));
        }
        if let (Some(from), Some(to)) = (self.claim_from, self.claim_to)
            && to <= from
        {
            return Err(invalid("claim_to", "结束要晚于开始。", "The end must be after the beginning."));
        }
        self.word = self.word.as_deref().map(word).filter(|word| !word.is_empty());
        if let Some(text) = &self.word {
            let fits = (4..=40).contains(&text.chars().count()) && text.chars().all(char::is_alphanumeric);
            if !fits || code::parse(text).is_ok() {
                let (zh, en) = (
                    "口令为 4 到 40 个字母、数字或汉字，不能像券码。",
                    "A word is 4 to 40 letters and digits, and does not look like a code.",
                );
                return Err(invalid("word", zh, en));
            }
        }
        if self.codes && self.word.is_some() {
            return Err(invalid("word", "凭券码领取的不能再设口令。", "What is had by codes has no word."));
        }
        Ok(self)
    }

    /// How many pieces there are and how much of money, by what a piece of the template comes to.
    ///
    /// # Errors
    /// Where number and budget are out of range or contradict each other.
    pub fn sizes(&self, of: &template::Definition, currency: Currency) -> Result<Sizes, Refusal> {
        let most = if self.codes { MOST_CODES } else { MOST_PIECES };
        if self.pieces.is_some_and(|n| !(1..=most).contains(&n)) {
            return Err(invalid(
                "pieces",
                "张数超出范围：最多 10 亿张，凭券码的最多 1000 万张。",
                "There are 1 to 1000000000 pieces; with codes 10000000 at most.",
            ));
        }
        if self.codes && self.pieces.is_none() {
            return Err(invalid("pieces", "凭券码领取的要写张数。", "What is had by codes has a number of pieces."));
        }
        let budget = match &self.budget {
            None => None,
            Some(money) if money.currency != currency.code() => {
                let (zh, en) = (format!("币种应为 {currency}。"), format!("The currency is {currency}."));
                return Err(invalid("budget.currency", &zh, &en));
            }
            Some(money) if !(1..=MOST_AMOUNT).contains(&money.amount) => {
                return Err(invalid("budget.amount", "金额超出范围。", "The amount is out of range."));
            }
            Some(money) => Some(money.amount),
        };
        let Some(budget) = budget else { return Ok(Sizes { pieces: self.pieces, budget: None, drawn: None }) };
        if let Some(range) = &of.random {
            return match self.pieces {
                Some(pieces) if range.comes_to(pieces, budget) && range.distribution == Distribution::Even => {
                    Ok(Sizes { pieces: Some(pieces), budget: Some(budget), drawn: Some(budget) })
                }
                _ => Err(invalid(
                    "budget",
                    "随机面额要设预算时：分布为 even，要写张数，预算在“张数 × 最小面额”和“张数 × 最大面额”之间。",
                    "A budget of drawn amounts needs an even distribution, a number of pieces, and lies between pieces times the least and pieces times the most.",
                )),
            };
        }
        match of.offer.face() {
            Some(face) if face > 0 && budget / face > 0 => {
                let affordable = budget / face;
                let pieces = self.pieces.map_or(affordable, |pieces| pieces.min(affordable));
                Ok(Sizes { pieces: Some(pieces), budget: Some(budget), drawn: None })
            }
            _ => Err(invalid(
                "budget",
                "要设预算，一张券的最高优惠必须确定（折扣券和运费券写封顶），且预算至少够一张。",
                "A budget needs coupons whose most is known (a cap of percentages and shipping), and is enough for one.",
            )),
        }
    }
}

/// How large a batch is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Sizes {
    /// Pieces; none for no end.
    pub pieces: Option<i64>,
    /// The budget that was set, minor units.
    pub budget: Option<i64>,
    /// What the drawn amounts of all pieces come to.
    pub drawn: Option<i64>,
}

/// The stock of a part.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Part {
    /// Pieces; none for no end.
    pub pieces: Option<i64>,
    /// What their drawn amounts come to, where that is fixed.
    pub money: Option<i64>,
}

/// Into how many parts a stock of that size is divided.
pub fn parts(pieces: Option<i64>) -> i64 {
    pieces.map_or(MOST_PARTS, |pieces| (pieces / PART).clamp(1, MOST_PARTS))
}

/// Pieces and money, shared among so many parts as equally as can be.
pub fn divided(pieces: Option<i64>, money: Option<i64>, parts: i64) -> Vec<Part> {
    let count = usize::try_from(parts.max(1)).unwrap_or(1);
    let Some(pieces) = pieces else { return vec![Part { pieces: None, money: None }; count] };
    let shares = allocate(pieces, &vec![1; count]);
    let amounts: Vec<Option<i64>> = match money {
        Some(money) => allocate(money, &shares).into_iter().map(Some).collect(),
        None => vec![None; count],
    };
    shares.into_iter().zip(amounts).map(|(pieces, money)| Part { pieces: Some(pieces), money }).collect()
}

/// A batch as it is kept.
#[derive(Clone, Debug)]
pub struct Batch {
    /// Which.
    pub id: BatchId,
    /// What the merchant says of it: what can be changed.
    pub definition: Definition,
    /// What its coupons are of, in the version that it had when the batch was made.
    pub template: Template,
    /// What people set it to.
    pub state: State,
    /// Pieces in all; none for no end.
    pub pieces: Option<i64>,
    /// The budget, minor units.
    pub budget: Option<i64>,
    /// Into how many parts its stock is divided.
    pub parts: i64,
    /// Codes that were made so far.
    pub codes_made: i64,
    /// Counts its changes.
    pub version: i64,
    /// When it was made.
    pub created_at: Instant,
}

impl Batch {
    /// What people are told of its state.
    pub fn told(&self, now: Instant) -> &'static str {
        self.state.told(now, self.definition.claim_from, self.definition.claim_to)
    }

    /// Whether coupons of it are handed out now in that way, but for stock, limits and whom it is for.
    ///
    /// # Errors
    /// The first reason for which they are not: active, by code only, begun, over.
    pub fn judge(&self, way: Way, now: Instant, zone: &Zone) -> Result<(), Refusal> {
        let (of, name) = (&self.definition, &self.definition.name);
        if self.state != State::Active || self.template.state == State::Archived {
            return Err(NOT_ACTIVE.with("name", name));
        }
        if of.codes && way != Way::Code {
            return Err(BY_CODE_ONLY.with("name", name));
        }
        if way == Way::Grant {
            return Ok(());
        }
        if let Some(from) = of.claim_from.filter(|from| now < *from) {
            return Err(NOT_BEGUN.with("name", name).with("from", zone.show(from)));
        }
        if let Some(until) = of.claim_to.filter(|until| *until <= now) {
            return Err(OVER.with("name", name).with("until", zone.show(until)));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::{Value, json};

    use super::*;
    use crate::batch::draw::Range;

    fn definition(more: Value) -> Definition {
        let mut body = json!({ "name": "双十一" });
        body.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
        serde_json::from_value(body).expect("a definition")
    }

    fn of(offer: Value, random: Value) -> template::Definition {
        let body = json!({ "name": "券", "offer": offer, "random": random, "validity": { "days": 1 } });
        serde_json::from_value(body).expect("a template")
    }

    fn yuan(fen: i64) -> Value {
        json!({ "amount": fen, "currency": "CNY" })
    }

    #[test]
    fn a_budget_bounds_the_pieces() {
        let ten = of(json!({ "kind": "no_threshold", "amount": 1_000 }), Value::Null);
        let percent = of(json!({ "kind": "percent_off", "pay_rate": "0.9" }), Value::Null);
        let drawn = of(json!({ "kind": "no_threshold" }), json!({ "min": 100, "max": 300 }));
        let sizes = |more: Value, of: &template::Definition| definition(more).sizes(of, Currency::CNY).map(|s| (s.pieces, s.drawn));
        assert_eq!(sizes(json!({}), &percent), Ok((None, None)));
        assert_eq!(sizes(json!({ "budget": yuan(25_500) }), &ten), Ok((Some(25), None)));
        assert_eq!(sizes(json!({ "pieces": 10, "budget": yuan(25_500) }), &ten), Ok((Some(10), None)));
        assert_eq!(sizes(json!({ "pieces": 10, "budget": yuan(2_500) }), &drawn), Ok((Some(10), Some(2_500))));
        assert_eq!(sizes(json!({ "pieces": 10 }), &drawn), Ok((Some(10), None)));
        for (more, of, field) in [
            (json!({ "budget": yuan(999) }), &ten, "budget"),
            (json!({ "budget": yuan(999) }), &percent, "budget"),
            (json!({ "budget": yuan(2_500) }), &drawn, "budget"),
            (json!({ "pieces": 10, "budget": yuan(999) }), &drawn, "budget"),
            (json!({ "pieces": 10, "budget": yuan(3_001) }), &drawn, "budget"),
            (json!({ "pieces": 0 }), &ten, "pieces"),
            (json!({ "codes": true }), &ten, "pieces"),
            (json!({ "pieces": 1, "budget": { "amount": 5_000, "currency": "USD" } }), &ten, "budget.currency"),
        ] {
            assert_eq!(sizes(more.clone(), of).expect_err("refused").field.as_deref(), Some(field), "{more}");
        }
    }

    #[test]
    fn a_word_does_not_look_like_a_code() {
        let of = |word: &str| definition(json!({ "word": word })).checked().map(|d| d.word);
        assert_eq!(of(" hello10 "), Ok(Some("HELLO10".to_owned())));
        assert_eq!(of("双十一福利"), Ok(Some("双十一福利".to_owned())));
        assert!(of("abc").is_err() && of("a b c d").is_err() && of(&code::written(5)).is_err());
        assert!(definition(json!({ "word": "HELLO", "codes": true })).checked().is_err());
    }

    proptest! {
        #[test]
        fn parts_come_to_the_whole_and_each_can_be_drawn(pieces in 1_i64..50_000, least in 1_i64..100, width in 0_i64..500, place in 0_i64..=100) {
            let range = Range { min: least, max: least + width, distribution: Distribution::Even };
            let money = pieces * least + pieces * width * place / 100;
            let parts = divided(Some(pieces), Some(money), parts(Some(pieces)));
            prop_assert_eq!(parts.iter().filter_map(|p| p.pieces).sum::<i64>(), pieces);
            prop_assert_eq!(parts.iter().filter_map(|p| p.money).sum::<i64>(), money);
            for part in parts {
                prop_assert!(range.comes_to(part.pieces.unwrap_or(0), part.money.unwrap_or(0)), "{part:?}");
            }
        }
    }
}
