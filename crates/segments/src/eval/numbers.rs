//! Values of a block: whole numbers as the layout keeps them, exact fractions where division or size asks
//! for them.

use shuke_columns::registry::MILLION;
use shuke_columns::{Ints, Type, each_width};

use super::at::{At, Frame};
use super::cells::{Wanted, compared, numbers_between, tell};
use super::{Asked, FALSE, TRUE, UNKNOWN};
use crate::exact::Exact;
use crate::plan::{Expr, Node, NumberTest};
use crate::tree::{Calendar, Compare};

/// One value for each of a frame.
#[derive(Clone, Debug)]
pub(crate) enum Values {
    Whole(Whole),
    /// `over × up / (under × down)`, missing where that is a division by 0.
    Over {
        over: Whole,
        under: Whole,
        up: i64,
        down: i64,
    },
    Exact(Vec<Option<Exact>>),
}

/// Whole numbers, and which are known; all where nothing is said.
#[derive(Clone, Debug, Default)]
pub(crate) struct Whole {
    pub(crate) values: Vec<i64>,
    pub(crate) known: Option<Vec<bool>>,
}

impl Whole {
    pub(crate) fn known(values: Vec<i64>) -> Self {
        Self { values, known: None }
    }

    pub(crate) fn from_options(of: impl Iterator<Item = Option<i64>>) -> Self {
        let (mut values, mut known) = (Vec::with_capacity(of.size_hint().0), Vec::with_capacity(of.size_hint().0));
        let mut all = true;
        for value in of {
            all &= value.is_some();
            values.push(value.unwrap_or(0));
            known.push(value.is_some());
        }
        Self { values, known: (!all).then_some(known) }
    }

    pub(crate) fn get(&self, i: usize) -> Option<i64> {
        self.known.as_ref().is_none_or(|k| k[i]).then(|| self.values[i])
    }

    /// The numbers of a column at these places.
    pub(crate) fn read(column: &Ints, at: At<'_>) -> Self {
        let (raw, base, unit) = column.parts();
        let values = each_width!(raw, missing vec![0; at.len()], same vec![base; at.len()], cells => {
            at.map(|i| super::cells::Cell::value(cells[i], base, unit))
        });
        Self { values, known: (!column.all_known()).then(|| at.map(|i| column.is_known(i))) }
    }

    /// Which lie from one to the other, both ends in; or do not. Unknown of those that are not known.
    fn within(&self, low: i64, high: i64, negate: bool) -> Vec<u8> {
        let mut told = numbers_between(&self.values, low, high, negate);
        if let Some(known) = &self.known {
            told.iter_mut().zip(known).for_each(|(t, known)| *t = if *known { *t } else { UNKNOWN });
        }
        told
    }

    /// What `told` is of each, `unknown` of those that are not known.
    pub(crate) fn tell(&self, told: impl Fn(i64) -> u8, unknown: u8) -> Vec<u8> {
        match &self.known {
            None => self.values.iter().map(|v| told(*v)).collect(),
            Some(known) => self.values.iter().zip(known).map(|(v, known)| if *known { told(*v) } else { unknown }).collect(),
        }
    }
}

/// How many of the layout's units make one.
pub(crate) fn scale(kind: Type) -> i64 {
    if kind == Type::Dec { MILLION } else { 1 }
}

/// From so many on a table of the year's days is worth making.
const MANY: usize = 500;

pub(crate) fn exact(value: i64, kind: Type) -> Exact {
    if kind == Type::Dec { Exact::ratio(value.into(), MILLION.into()).unwrap_or_else(|| 0.into()) } else { value.into() }
}

impl Values {
    pub(crate) fn len(&self) -> usize {
        match self {
            Self::Whole(w) | Self::Over { over: w, .. } => w.values.len(),
            Self::Exact(v) => v.len(),
        }
    }

    pub(crate) fn is_known(&self, i: usize) -> bool {
        match self {
            Self::Whole(w) => w.get(i).is_some(),
            Self::Over { over, under, .. } => over.get(i).is_some() && under.get(i).is_some_and(|u| u != 0),
            Self::Exact(v) => v[i].is_some(),
        }
    }

    pub(crate) fn exact(&self, i: usize, kind: Type) -> Option<Exact> {
        match self {
            Self::Whole(w) => w.get(i).map(|v| exact(v, kind)),
            Self::Over { over, under, up, down } => {
                Exact::ratio(i128::from(over.get(i)?) * i128::from(*up), i128::from(under.get(i)?) * i128::from(*down))
            }
            Self::Exact(v) => v[i].clone(),
        }
    }
}

impl Asked<'_> {
    pub(super) fn values(&self, value: &Expr, frame: Frame<'_>) -> Values {
        match &value.node {
            Node::Now => Values::Whole(Whole::known(vec![self.reckoning.at; frame.at.len()])),
            Node::Id => Values::Whole(Whole::known(frame.at.map(|m| m as i64))),
            Node::Tags => Values::Whole(Whole::known(vec![0; frame.at.len()])),
            Node::History(i) if self.column(value, frame).is_none() => Values::Whole(self.held(&self.slice.histories[*i], frame.at)),
            Node::History(_) | Node::Current(_) | Node::Column(_) => match self.column(value, frame) {
                Some(column) => Values::Whole(Whole::read(column, frame.at)),
                None => Values::Exact(vec![None; frame.at.len()]),
            },
            Node::Agg(agg) => self.aggregate(agg, value.kind, frame.at),
            Node::Ratio(pair) => {
                let [a, b] = [self.values(&pair[0], frame), self.values(&pair[1], frame)];
                if let (Values::Whole(over), Values::Whole(under)) = (&a, &b) {
                    let (up, down) = (scale(pair[1].kind), scale(pair[0].kind));
                    return Values::Over { over: over.clone(), under: under.clone(), up, down };
                }
                let over = |i| a.exact(i, pair[0].kind)?.over(&b.exact(i, pair[1].kind)?);
                Values::Exact((0..a.len()).map(over).collect())
            }
            Node::Add(of) => self.sum(of, value.kind, frame, false),
            Node::Sub(pair) => self.sum(&**pair, value.kind, frame, true),
            Node::Calendar(reading, of) => {
                let (whole, is_instant) = (self.whole(of, frame), of.kind == Type::Instant);
                let until_next = (*reading == Calendar::DaysUntilNext && frame.at.len() > MANY)
                    .then(|| self.keepings.get_or_init(|| self.reckoning.keepings()));
                let read = |v| match &until_next {
                    Some(keepings) => Some(keepings.until(v)),
                    None => self.reckoning.read(*reading, v, is_instant),
                };
                Values::Whole(Whole::from_options((0..whole.values.len()).map(|i| whole.get(i).and_then(read))))
            }
        }
    }

    /// The column that a value is, where it is one.
    pub(super) fn column(&self, value: &Expr, frame: Frame<'_>) -> Option<&Ints> {
        match (&value.node, frame.table) {
            (Node::Current(i), _) => Some(&self.slice.facts[*i]),
            (Node::History(i), None) => self.last_held(*i),
            (Node::Column(c), Some(table)) => Some(&self.slice.tables[table].columns[*c]),
            _ => None,
        }
    }

    /// The values of one that is never a fraction.
    pub(super) fn whole(&self, value: &Expr, frame: Frame<'_>) -> Whole {
        match self.values(value, frame) {
            Values::Whole(whole) => whole,
            other => Whole::from_options((0..other.len()).map(|i| other.exact(i, value.kind).and_then(|v| v.scaled(scale(value.kind))))),
        }
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
        if let (Some(column), Some(wanted)) = (self.column(value, frame), wanted(test)) {
            // What is above what is known would have to be told from what is not wanted.
            if !matches!(test, NumberTest::Within { known, .. } if column.ceiling() > *known) {
                return tell(column, frame.at, wanted);
            }
        }
        match self.values(value, frame) {
            Values::Whole(whole) => match (test, test.range()) {
                (NumberTest::Within { low, high, known }, _) if whole.values.iter().all(|v| v <= known) => whole.within(*low, *high, false),
                (NumberTest::Within { low, high, known }, _) => {
                    whole.tell(|v| if v > *known { UNKNOWN } else { truth(v >= *low && v <= *high) }, UNKNOWN)
                }
                (_, Some((low, high, negate))) => whole.within(low, high, negate),
                (NumberTest::In(list), _) => whole.tell(|v| truth(list.binary_search(&v).is_ok()), UNKNOWN),
                _ => vec![UNKNOWN; frame.at.len()],
            },
            fractions => {
                if let Some(told) = fractions.crossed(test, value.kind) {
                    return told;
                }
                let holds = holds(test, value.kind);
                let one = |i: usize| fractions.quick(i, test, value.kind).or_else(|| fractions.exact(i, value.kind).map(|v| holds(&v)));
                (0..fractions.len()).map(|i| one(i).map_or(UNKNOWN, truth)).collect()
            }
        }
    }

    pub(super) fn pair(&self, op: Compare, left: &Expr, right: &Expr, frame: Frame<'_>) -> Vec<u8> {
        let (a, b) = (self.values(left, frame), self.values(right, frame));
        if let (Values::Whole(Whole { values: a, known: None }), Values::Whole(Whole { values: b, known: None })) = (&a, &b)
            && left.kind != Type::Text
            && scale(left.kind) == scale(right.kind)
        {
            return compared(op, a, b);
        }
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

fn wanted(test: &NumberTest) -> Option<Wanted<'_>> {
    match (test, test.range()) {
        (NumberTest::In(list), _) => Some(Wanted::OneOf(list)),
        (_, Some((low, high, negate))) => Some(Wanted::Within { low, high, negate }),
        _ => None,
    }
}

/// The test of exact values.
fn holds(test: &NumberTest, kind: Type) -> Box<dyn Fn(&Exact) -> bool> {
    let right = |n: &i64| exact(*n, kind);
    match test {
        NumberTest::Compare(op, n) => {
            let (op, right) = (*op, right(n));
            Box::new(move |v| op.holds(v.cmp(&right)))
        }
        NumberTest::Between(from, to) => {
            let (from, to) = (right(from), right(to));
            Box::new(move |v| *v >= from && *v < to)
        }
        NumberTest::Within { low, high, .. } => {
            let (low, high) = (right(low), right(high));
            Box::new(move |v| *v >= low && *v <= high)
        }
        NumberTest::In(list) => {
            let list: Vec<Exact> = list.iter().map(right).collect();
            Box::new(move |v| list.binary_search(v).is_ok())
        }
    }
}

impl Values {
    /// What a comparison is of fractions all of which are known but for divisions by 0, by multiplying across in
    /// eight bytes; `None` where that would not fit.
    fn crossed(&self, test: &NumberTest, kind: Type) -> Option<Vec<u8>> {
        let (Self::Over { over, under, up, down }, NumberTest::Compare(op, n)) = (self, test) else { return None };
        if over.known.is_some() || under.known.is_some() {
            return None;
        }
        let (most, least) = (over.values.iter().max()?.unsigned_abs(), over.values.iter().min()?.unsigned_abs());
        let (above, below) = (up.checked_mul(scale(kind))?, down.checked_mul(*n)?);
        let fits = |of: u64, by: i64| of.checked_mul(by.unsigned_abs()).is_some_and(|p| p < 1 << 62);
        let (high, low) = (*under.values.iter().max()?, *under.values.iter().min()?);
        if low < 0 || !fits(most.max(least), above) || !fits(high.unsigned_abs(), below) {
            return None;
        }
        let left: Vec<i64> = over.values.iter().map(|v| v * above).collect();
        let right: Vec<i64> = under.values.iter().map(|v| v * below).collect();
        let mut told = compared(*op, &left, &right);
        told.iter_mut().zip(&under.values).for_each(|(t, u)| *t = if *u == 0 { UNKNOWN } else { *t });
        Some(told)
    }

    /// What a test is of a fraction, by multiplying across; `None` where that does not fit, or nothing is known.
    fn quick(&self, i: usize, test: &NumberTest, kind: Type) -> Option<bool> {
        let Self::Over { over, under, up, down } = self else { return None };
        let (over, under) = (i128::from(over.get(i)?) * i128::from(*up), i128::from(under.get(i)?) * i128::from(*down));
        if under == 0 {
            return None;
        }
        let over = over * i128::from(scale(kind)) * under.signum();
        let beside = |n: &i64| i128::from(*n).checked_mul(under.abs()).map(|n| over.cmp(&n));
        match test {
            NumberTest::Compare(op, n) => beside(n).map(|order| op.holds(order)),
            NumberTest::Between(from, to) => Some(beside(from)?.is_ge() && beside(to)?.is_lt()),
            _ => None,
        }
    }
}
