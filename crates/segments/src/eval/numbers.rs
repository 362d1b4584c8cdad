//! Values of a block: whole numbers as the layout keeps them, exact fractions where division or size asks
//! for them.

use shuke_columns::ints::Raw;
use shuke_columns::registry::MILLION;
use shuke_columns::{Ints, Type};

use super::{Asked, FALSE, Frame, TRUE, UNKNOWN};
use crate::exact::Exact;
use crate::plan::{Expr, Node, NumberTest};
use crate::tree::Compare;

/// One value for each of a frame.
#[derive(Clone, Debug)]
pub(crate) enum Values {
    Whole(Whole),
    Exact(Vec<Option<Exact>>),
}

/// Whole numbers, and which are known; all where nothing is said.
#[derive(Clone, Debug, Default)]
pub(crate) struct Whole {
    pub(crate) values: Vec<i64>,
    pub(crate) known: Option<Vec<bool>>,
}

impl Whole {
    pub(crate) fn from_options(of: impl Iterator<Item = Option<i64>>) -> Self {
        let (values, known): (Vec<i64>, Vec<bool>) = of.map(|v| (v.unwrap_or(0), v.is_some())).unzip();
        let some_missing = known.contains(&false);
        Self { values, known: some_missing.then_some(known) }
    }

    pub(crate) fn get(&self, i: usize) -> Option<i64> {
        self.known.as_ref().is_none_or(|k| k[i]).then(|| self.values[i])
    }

    /// The numbers of a column at these places.
    pub(crate) fn gather(column: &Ints, at: &[u32]) -> Self {
        let values = column.gather(at);
        let all_known = column.valid().is_none() && !matches!(column.parts().0, Raw::Missing(_));
        let known = (!all_known).then(|| at.iter().map(|i| column.is_known(*i as usize)).collect());
        Self { values, known }
    }
}

/// How many of the layout's units make one.
pub(crate) fn scale(kind: Type) -> i64 {
    if kind == Type::Dec { MILLION } else { 1 }
}

fn exact(value: i64, kind: Type) -> Exact {
    if kind == Type::Dec { Exact::ratio(value.into(), MILLION.into()).unwrap_or_else(|| 0.into()) } else { value.into() }
}

impl Values {
    pub(crate) fn len(&self) -> usize {
        match self {
            Self::Whole(w) => w.values.len(),
            Self::Exact(v) => v.len(),
        }
    }

    pub(crate) fn is_known(&self, i: usize) -> bool {
        match self {
            Self::Whole(w) => w.known.as_ref().is_none_or(|k| k[i]),
            Self::Exact(v) => v[i].is_some(),
        }
    }

    pub(crate) fn exact(&self, i: usize, kind: Type) -> Option<Exact> {
        match self {
            Self::Whole(w) => w.get(i).map(|v| exact(v, kind)),
            Self::Exact(v) => v[i].clone(),
        }
    }
}

impl Asked<'_> {
    pub(super) fn values(&self, value: &Expr, frame: Frame<'_>) -> Values {
        match &value.node {
            Node::Now => Values::Whole(Whole { values: vec![self.reckoning.at; frame.at.len()], known: None }),
            Node::Id => Values::Whole(Whole { values: frame.at.iter().map(|m| i64::from(*m)).collect(), known: None }),
            Node::Tags => Values::Whole(Whole { values: vec![0; frame.at.len()], known: None }),
            Node::Current(i) => Values::Whole(Whole::gather(&self.slice.facts[*i], frame.at)),
            Node::History(i) => Values::Whole(self.held(&self.slice.histories[*i], frame.at)),
            Node::Column(c) => match frame.table {
                Some(table) => Values::Whole(Whole::gather(&self.slice.tables[table].columns[*c], frame.at)),
                None => Values::Exact(vec![None; frame.at.len()]),
            },
            Node::Agg(agg) => self.aggregate(agg, value.kind, frame.at),
            Node::Ratio(pair) => {
                let [a, b] = [self.values(&pair[0], frame), self.values(&pair[1], frame)];
                let over = |i| a.exact(i, pair[0].kind)?.over(&b.exact(i, pair[1].kind)?);
                Values::Exact((0..a.len()).map(over).collect())
            }
            Node::Add(of) => self.sum(of, value.kind, frame, false),
            Node::Sub(pair) => self.sum(&**pair, value.kind, frame, true),
            Node::Calendar(reading, of) => {
                let (whole, is_instant) = (self.whole(of, frame), of.kind == Type::Instant);
                let read = |i| whole.get(i).and_then(|v| self.reckoning.read(*reading, v, is_instant));
                Values::Whole(Whole::from_options((0..whole.values.len()).map(read)))
            }
        }
    }

    /// The values of one that is never a fraction.
    pub(super) fn whole(&self, value: &Expr, frame: Frame<'_>) -> Whole {
        match self.values(value, frame) {
            Values::Whole(whole) => whole,
            Values::Exact(values) => Whole::from_options(values.into_iter().map(|v| v.and_then(|v| v.scaled(scale(value.kind))))),
        }
    }

    /// What a fact with a history was at the time of the question.
    fn held(&self, spells: &shuke_columns::slice::Spells, members: &[u32]) -> Whole {
        let at = self.reckoning.at;
        let holds = |s: &usize| spells.from.value(*s) < at && spells.to.get(*s).is_none_or(|to| to >= at);
        Whole::from_options(members.iter().map(|m| spells.of.of(*m as usize).rev().find(holds).map(|s| spells.value.value(s))))
    }

    /// The values together, or the first less the others.
    fn sum(&self, of: &[Expr], kind: Type, frame: Frame<'_>, less: bool) -> Values {
        let all: Vec<Values> = of.iter().map(|v| self.values(v, frame)).collect();
        let count = frame.at.len();
        let part = |v: usize, i: usize| -> Option<Option<i64>> {
            // The outer `None`: it does not fit; the inner: it is missing.
            let Values::Whole(whole) = &all[v] else { return None };
            let Some(value) = whole.get(i) else { return Some(None) };
            value.checked_mul(scale(kind) / scale(of[v].kind)).map(Some)
        };
        let whole = |i: usize| -> Option<Option<i64>> {
            let Some(mut sum) = part(0, i)? else { return Some(None) };
            for v in 1..all.len() {
                let Some(more) = part(v, i)? else { return Some(None) };
                sum = if less { sum.checked_sub(more)? } else { sum.checked_add(more)? };
            }
            Some(Some(sum))
        };
        if let Some(fits) = (0..count).map(whole).collect::<Option<Vec<_>>>() {
            return Values::Whole(Whole::from_options(fits.into_iter()));
        }
        let exact = |i: usize| -> Option<Exact> {
            let mut sum = all[0].exact(i, of[0].kind)?;
            for (values, expr) in all.iter().zip(of).skip(1) {
                let more = values.exact(i, expr.kind)?;
                sum = if less { sum.minus(&more) } else { sum.plus(&more) };
            }
            Some(sum)
        };
        Values::Exact((0..count).map(exact).collect())
    }

    pub(super) fn number(&self, value: &Expr, test: &NumberTest, frame: Frame<'_>) -> Vec<u8> {
        match self.values(value, frame) {
            Values::Whole(whole) => match test {
                NumberTest::Compare(op, right) => tell(&whole, |v| op.holds(v.cmp(right))),
                NumberTest::Between(from, to) => tell(&whole, |v| (*from..*to).contains(&v)),
                NumberTest::In(list) => tell(&whole, |v| list.binary_search(&v).is_ok()),
            },
            Values::Exact(values) => {
                let right = |n: &i64| exact(*n, value.kind);
                let holds: Box<dyn Fn(&Exact) -> bool> = match test {
                    NumberTest::Compare(op, n) => {
                        let (op, right) = (*op, right(n));
                        Box::new(move |v| op.holds(v.cmp(&right)))
                    }
                    NumberTest::Between(from, to) => {
                        let (from, to) = (right(from), right(to));
                        Box::new(move |v| *v >= from && *v < to)
                    }
                    NumberTest::In(list) => {
                        let list: Vec<Exact> = list.iter().map(right).collect();
                        Box::new(move |v| list.binary_search(v).is_ok())
                    }
                };
                values.iter().map(|v| v.as_ref().map_or(UNKNOWN, |v| truth(holds(v)))).collect()
            }
        }
    }

    pub(super) fn pair(&self, op: Compare, left: &Expr, right: &Expr, frame: Frame<'_>) -> Vec<u8> {
        let (a, b) = (self.values(left, frame), self.values(right, frame));
        let each = |i: usize| -> Option<bool> {
            if let (Values::Whole(a), Values::Whole(b)) = (&a, &b) {
                let (a, b) = (a.get(i)?, b.get(i)?);
                if left.kind == Type::Text {
                    return Some(self.same_text((a, left), (b, right)) == (op == Compare::Eq));
                }
                let (a, b) = (i128::from(a) * i128::from(scale(right.kind)), i128::from(b) * i128::from(scale(left.kind)));
                return Some(op.holds(a.cmp(&b)));
            }
            Some(op.holds(a.exact(i, left.kind)?.cmp(&b.exact(i, right.kind)?)))
        };
        (0..frame.at.len()).map(|i| each(i).map_or(UNKNOWN, truth)).collect()
    }
}

pub(super) fn truth(holds: bool) -> u8 {
    if holds { TRUE } else { FALSE }
}

fn tell(whole: &Whole, holds: impl Fn(i64) -> bool) -> Vec<u8> {
    match &whole.known {
        None => whole.values.iter().map(|v| truth(holds(*v))).collect(),
        Some(known) => whole.values.iter().zip(known).map(|(v, known)| if *known { truth(holds(*v)) } else { UNKNOWN }).collect(),
    }
}
