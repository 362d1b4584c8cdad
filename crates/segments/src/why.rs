//! Why somebody is in, or is not: each condition by itself, with the values that it was judged by. Judged
//! by the evaluator that everybody is judged by, over a slice of one.

use std::sync::Arc;

use shuke_columns::{People, Registry, Slice, Type};
use shuke_kernel::{Result, Zone};

use crate::calendar::Reckoning;
use crate::check::Expression;
use crate::count::conditions;
use crate::eval::{Thresholds, Told};
use crate::exact::Exact;
use crate::labels;
use crate::literal::{show_date, show_decimal};
use crate::plan::Plan;
use crate::speech::Speaker;
use crate::tree::{Agg, Compare, Cond, Fold, Operand, Value};

/// A condition as it was judged.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Verdict {
    /// A JSON Pointer into the expression.
    pub path: String,
    /// What it says.
    pub text: String,
    /// What came of it; none where it is unknown.
    pub result: Option<bool>,
    /// What it was judged by: what is looked at, and what it is; none where that is missing.
    pub values: Vec<(String, Option<String>)>,
}

/// Who is judged, and with what.
pub struct Judge<'a> {
    /// The member.
    pub slice: &'a Slice,
    /// Everybody, for thresholds of rankings.
    pub people: Option<&'a People>,
    /// What the slice is laid out after.
    pub registry: Arc<Registry>,
    /// The time of the question.
    pub reckoning: Reckoning,
    /// The shop's zone.
    pub zone: &'a Zone,
    /// How it is said.
    pub speaker: Speaker<'a>,
    /// In Chinese, or in English.
    pub zh: bool,
}

impl Judge<'_> {
    /// The expression and each of its conditions about members, in reading order. The first is the whole.
    pub fn verdicts(&self, expression: &Expression) -> Result<Vec<Verdict>> {
        let mut all = Vec::new();
        conditions(&expression.root, "", &mut all);
        // What is said in one sentence (has not bought) is one line, not a denial and what it denies.
        let said: Vec<String> = all.iter().filter(|(_, cond)| is_said_as_one(cond)).map(|(path, _)| format!("{path}/arg")).collect();
        all.retain(|(path, _)| !said.contains(path));
        all.into_iter().map(|(path, cond)| self.verdict(expression, path, cond)).collect()
    }

    fn verdict(&self, of: &Expression, path: String, cond: &Cond) -> Result<Verdict> {
        let joins = match cond {
            Cond::And(_) => Some(("全部满足", "all of these")),
            Cond::Or(_) => Some(("任一满足", "any of these")),
            Cond::Not(_) if !is_said_as_one(cond) => Some(("下面这条不成立", "not")),
            _ => None,
        };
        let text = match joins {
            Some((zh, en)) => if self.zh { zh } else { en }.to_owned(),
            None => self.speaker.sentence(cond, self.zh),
        };
        let result = if self.is_true(of, cond)? {
            Some(true)
        } else if self.is_true(of, &Cond::Not(Box::new(cond.clone())))? {
            Some(false)
        } else {
            None
        };
        Ok(Verdict { path, text, result, values: self.values(of, cond)? })
    }

    fn is_true(&self, of: &Expression, cond: &Cond) -> Result<bool> {
        let part = Expression { root: cond.clone(), segments: of.segments.clone() };
        let plan = Plan::of(&part, &self.registry, &self.reckoning)?;
        let thresholds = match self.people {
            Some(people) => plan.thresholds(&people.slices, &|| false).unwrap_or_default(),
            None => Thresholds::default(),
        };
        Ok(plan.is_true_of(self.slice, &thresholds))
    }

    fn values(&self, of: &Expression, cond: &Cond) -> Result<Vec<(String, Option<String>)>> {
        if let Cond::Not(arg) = cond
            && is_said_as_one(cond)
        {
            return self.values(of, arg);
        }
        let asked: Vec<Value> = match cond {
            Cond::Compare(_, left, Operand::Value(right)) => vec![left.clone(), right.clone()],
            Cond::Compare(_, value, Operand::Literal(_))
            | Cond::Between(value, ..)
            | Cond::In(value, _)
            | Cond::IsMissing(value)
            | Cond::Under(value, _)
            | Cond::Contains(value, _) => vec![value.clone()],
            Cond::Exists(rows) => vec![Value::Agg(Box::new(Agg { fold: Fold::Count, of: None, rows: rows.clone() }))],
            Cond::Top(top) => vec![top.by.clone()],
            Cond::Tags { .. } => return Ok(vec![(labels::fact("tags").map_or("tags", |(_, l)| l.text(self.zh)).to_owned(), self.tags())]),
            Cond::And(_) | Cond::Or(_) | Cond::Not(_) | Cond::All | Cond::Sequence(_) | Cond::InSegment(_) => Vec::new(),
        };
        asked.iter().map(|value| Ok((self.speaker.value(value, self.zh), self.told(of, value)?))).collect()
    }

    /// The tags that the member holds.
    fn tags(&self) -> Option<String> {
        let (spells, at) = (&self.slice.tags, self.reckoning.at);
        let holds = |s: &usize| spells.from.get(*s).is_some_and(|from| from < at) && spells.to.get(*s).is_none_or(|to| to >= at);
        let words = spells.of.of(0).filter(holds).filter_map(|s| spells.value.get(s));
        let words: Vec<String> =
            words.map(|code| self.slice.word(&self.registry, shuke_columns::registry::TAG, code as u32).to_string()).collect();
        (!words.is_empty()).then(|| words.join("、"))
    }

    fn told(&self, of: &Expression, value: &Value) -> Result<Option<String>> {
        // Compared with itself the value is compiled as it is in any condition.
        let root = Cond::Compare(Compare::Eq, value.clone(), Operand::Value(value.clone()));
        let plan = Plan::of(&Expression { root, segments: of.segments.clone() }, &self.registry, &self.reckoning)?;
        let Some((told, kind)) = plan.left(self.slice)? else { return Ok(None) };
        Ok(match (told, kind) {
            (Told::Missing, _) => None,
            (Told::Text(word), _) => Some(self.speaker.word(value, &word, self.zh)),
            (Told::Fraction(exact), Type::Fen) => Some(format!("¥{}", rounded(&exact, 100))),
            (Told::Fraction(exact), _) => Some(rounded(&exact, 1)),
            (Told::Whole(n), Type::Fen) => Some(crate::literal::show_fen(n)),
            (Told::Whole(n), Type::Dec) => Some(show_decimal(n)),
            (Told::Whole(n), Type::Date) => Some(show_date(n)),
            (Told::Whole(n), Type::Instant) => Some(self.speaker.clock(n)),
            (Told::Whole(n), Type::Bool) => Some(match (n != 0, self.zh) {
                (true, true) => "是".to_owned(),
                (false, true) => "否".to_owned(),
                (yes, false) => if yes { "yes" } else { "no" }.to_owned(),
            }),
            (Told::Whole(n), _) => Some(n.to_string()),
        })
    }
}

/// Whether a denial has a sentence of its own.
fn is_said_as_one(cond: &Cond) -> bool {
    let Cond::Not(arg) = cond else { return false };
    matches!(
        **arg,
        Cond::Exists(_)
            | Cond::InSegment(_)
            | Cond::IsMissing(_)
            | Cond::Under(..)
            | Cond::In(..)
            | Cond::Tags { all: false, added: None, .. }
    )
}

/// A fraction over `by`, to four places: for reading only, what is judged is exact.
fn rounded(exact: &Exact, by: i128) -> String {
    let text = exact.text();
    let shown = text.split_once('/').and_then(|(n, d)| {
        let (n, d) = (n.parse::<i128>().ok()?.checked_mul(20_000)?, d.parse::<i128>().ok()?.checked_mul(by)?);
        i64::try_from(n.checked_add(d)?.div_euclid(d.checked_mul(2)?)).ok()
    });
    shown.map_or_else(|| text.clone(), |ten_thousandths| show_decimal(ten_thousandths.saturating_mul(100)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fractions_are_shown_to_four_places() {
        let of = |n, d| Exact::ratio(n, d).unwrap();
        assert_eq!([rounded(&of(1, 3), 1), rounded(&of(-1, 3), 1), rounded(&of(2, 1), 1)], ["0.3333", "-0.3333", "2"]);
        assert_eq!(rounded(&of(12_850, 3), 100), "42.8333");
    }
}
