//! A wish: what share of a group is to have one of these values of an attribute.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use shuke_columns::Registry;
use shuke_kernel::Result;

use super::model::{WISHES_TOO_MANY, WISHES_WRONG};
use crate::calendar::Reckoning;
use crate::check::Expression;
use crate::portrait::{Attribute, Key, Question};
use crate::tree::Cond;

/// A whole, in millionths.
pub const MILLION: i64 = 1_000_000;
/// Wishes of a target.
const MOST: usize = 30;
/// Things that members are sought by: "at least n of them" is written out as an expression.
pub(crate) const UNITS: usize = 6;
/// Characters of a value.
const LENGTH: usize = 200;

/// See above.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Wish {
    /// The attribute's word, as a portrait names it.
    pub attribute: String,
    /// Values, as a portrait's bars name them: a word, or the number of a class.
    pub values: Vec<String>,
    /// The share of those of whom the attribute is known, in millionths.
    pub share: i64,
}

/// What the conditions of wishes are asked with: no window, no shop.
pub(super) fn question(reckoning: &Reckoning) -> Question {
    let everybody = || Expression { root: Cond::All, segments: BTreeMap::new() };
    Question {
        group: everybody(),
        against: everybody(),
        reckoning: reckoning.clone(),
        shop: None,
        from: None,
        to: None,
        occasions: Vec::new(),
    }
}

impl Wish {
    /// Its attribute; none where that is unknown, or none to be wished of.
    pub fn of(&self) -> Option<Attribute> {
        Attribute::ALL.into_iter().find(|a| a.word() == self.attribute).filter(|a| may_be_wished(*a))
    }

    /// The keys of its values; none where one is none of the attribute's.
    pub fn keys(&self) -> Option<Vec<Key>> {
        let of = self.of()?;
        let key = |value: &String| match of.classes() {
            None => (!value.is_empty() && value.chars().count() <= LENGTH).then(|| Key::Word(value.as_str().into())),
            Some(classes) => value.parse().ok().filter(|at| (*at as usize) < classes).map(Key::Class),
        };
        self.values.iter().map(key).collect()
    }

    /// Members who have one of its values.
    pub(super) fn cond(&self, question: &Question) -> Option<Cond> {
        let of = self.of()?;
        let each = self.keys()?.into_iter().map(|key| match key {
            Key::Word(word) => question.word(of, &word),
            Key::Class(class) => question.class(of, class, &[]),
        });
        Some(any(each.collect()))
    }

    /// The same of whom the attribute is missing; none where it never is.
    pub(super) fn missing(&self, question: &Question) -> Option<Cond> {
        question.missing(self.of()?)
    }
}

/// Fifths of spending move with the base, and occasions with the calendar: a share of them would mean
/// something else each day.
fn may_be_wished(of: Attribute) -> bool {
    !matches!(of, Attribute::Spend | Attribute::Occasion)
}

/// Any of these, those that are alternatives themselves taken apart.
pub(super) fn any(of: Vec<Cond>) -> Cond {
    let mut all = Vec::new();
    for cond in of {
        match cond {
            Cond::Or(args) => all.extend(args),
            other => all.push(other),
        }
    }
    if all.len() == 1 { all.remove(0) } else { Cond::Or(all) }
}

/// The wishes as they are kept, if they can be.
pub(super) fn check(wishes: &[Wish]) -> Result<()> {
    let wrong = |at: usize, zh: &str, en: &str| {
        WISHES_WRONG.with("place", at + 1).with("problem_zh", zh).with("problem_en", en).at(format!("wishes[{at}]")).into()
    };
    if wishes.is_empty() {
        return Err(wrong(0, "至少需要一条", "at least one is needed"));
    }
    let registry = Registry::of_store();
    let mut seen: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    let mut sums: BTreeMap<&str, i64> = BTreeMap::new();
    let mut units = 0;
    for (at, wish) in wishes.iter().enumerate() {
        let Some(of) = wish.of() else {
            return Err(wrong(at, "没有这个属性，或不能为它定目标", "there is no such attribute, or none can be wished of it"));
        };
        if !(1..=MILLION).contains(&wish.share) {
            return Err(wrong(at, "占比要大于 0，不超过 100%", "a share is more than 0 and at most 100 %"));
        }
        if wish.values.is_empty() || wish.keys().is_none() {
            return Err(wrong(at, "属性没有这个值", "the attribute has no such value"));
        }
        if of.is_multiple() && wish.values.len() > 1 {
            return Err(wrong(
                at,
                "可同时有多个值的属性，每条目标只能写一个值",
                "of an attribute with several values a member each wish has one",
            ));
        }
        let known = seen.entry(&wish.attribute).or_default();
        units += usize::from(of.is_multiple() || known.is_empty());
        // Places have several names.
        for value in wish.values.iter().map(|v| registry.spoken_fact(&wish.attribute, v)) {
            if known.contains(&value) {
                return Err(wrong(at, "同一个值写了两次", "a value stands twice"));
            }
            known.push(value);
        }
        let sum = sums.entry(&wish.attribute).or_default();
        *sum += wish.share;
        if !of.is_multiple() && *sum > MILLION {
            return Err(wrong(at, "同一属性的占比合计超过 100%", "the shares of an attribute come to more than 100 %"));
        }
    }
    if units > UNITS || wishes.len() > MOST {
        return Err(WISHES_TOO_MANY.with("limit", UNITS).at("wishes").into());
    }
    Ok(())
}
