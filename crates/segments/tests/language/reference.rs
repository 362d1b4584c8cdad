//! The language, evaluated slowly and plainly: one member at a time, every row looked at, every choice
//! tried. It shares the tree with the evaluator, and nothing else.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp, ToSpan, Unit as JiffUnit};
use num_bigint::BigInt;
use shuke_segments::Segment;
use shuke_segments::tree::{
    Agg, AsOf, Calendar, Compare, Cond, Cut, Edge, Fold, Literal, Name, Operand, Period, Rank, Rows, Sequence, Step, Top, Unit, Value,
    Wait, Window, Within,
};

/// A fraction, its denominator above 0.
#[derive(Clone, Debug)]
pub struct Fraction(pub BigInt, pub BigInt);

impl Fraction {
    pub fn of(n: i64, d: i64) -> Self {
        Self(n.into(), d.into())
    }

    fn plus(&self, o: &Self) -> Self {
        Self(&self.0 * &o.1 + &o.0 * &self.1, &self.1 * &o.1)
    }

    fn minus(&self, o: &Self) -> Self {
        Self(&self.0 * &o.1 - &o.0 * &self.1, &self.1 * &o.1)
    }

    fn over(&self, o: &Self) -> Option<Self> {
        let zero = BigInt::from(0);
        match o.0.cmp(&zero) {
            Ordering::Equal => None,
            Ordering::Greater => Some(Self(&self.0 * &o.1, &self.1 * &o.0)),
            Ordering::Less => Some(Self(-&self.0 * &o.1, -(&self.1 * &o.0))),
        }
    }
}

/// A value that is there.
#[derive(Clone, Debug)]
pub enum V {
    Number(Fraction),
    Text(String),
    Date(Date),
    Instant(i64),
    Bool(bool),
}

fn order(a: &V, b: &V) -> Ordering {
    match (a, b) {
        (V::Number(a), V::Number(b)) => (&a.0 * &b.1).cmp(&(&b.0 * &a.1)),
        (V::Text(a), V::Text(b)) => a.cmp(b),
        (V::Date(a), V::Date(b)) => a.cmp(b),
        (V::Instant(a), V::Instant(b)) => a.cmp(b),
        (V::Bool(a), V::Bool(b)) => a.cmp(b),
        other => panic!("not comparable: {other:?}"),
    }
}

pub type Row = BTreeMap<String, V>;

/// A member as the files tell of them.
#[derive(Clone, Default, Debug)]
pub struct Member {
    pub id: String,
    pub facts: BTreeMap<String, V>,
    /// Tag, added, removed.
    pub tags: Vec<(String, i64, Option<i64>)>,
    /// Field, value, from, to.
    pub history: Vec<(String, V, i64, Option<i64>)>,
    pub rows: BTreeMap<String, Vec<Row>>,
}

/// The base, and the question's zone.
pub struct World<'a> {
    pub members: &'a [Member],
    pub zone: TimeZone,
    pub segments: &'a BTreeMap<Name, Segment>,
    /// The name of each table's row id.
    pub row_ids: BTreeMap<String, String>,
}

fn number(n: i64) -> V {
    V::Number(Fraction::of(n, 1))
}

fn literal(l: &Literal) -> V {
    match l {
        Literal::Int(n) | Literal::Fen(n) => number(*n),
        Literal::Dec(n) => V::Number(Fraction::of(*n, 1_000_000)),
        Literal::Text(t) => V::Text(t.to_string()),
        Literal::Date(d) => V::Date(Date::new(1970, 1, 1).unwrap() + i64::from(*d as i32).days()),
        Literal::Instant(t) => V::Instant(*t),
        Literal::Bool(b) => V::Bool(*b),
    }
}

fn instant(v: &V) -> i64 {
    match v {
        V::Instant(t) => *t,
        other => panic!("no instant: {other:?}"),
    }
}

/// The day in a year on which a birthday is kept.
fn kept(born: Date, year: i16) -> Date {
    Date::new(year, born.month(), born.day()).unwrap_or_else(|_| Date::new(year, 2, 28).unwrap())
}

fn and(a: Option<bool>, b: Option<bool>) -> Option<bool> {
    match (a, b) {
        (Some(false), _) | (_, Some(false)) => Some(false),
        (Some(true), Some(true)) => Some(true),
        _ => None,
    }
}

impl World<'_> {
    /// What the shop's clock shows.
    fn clock(&self, t: i64) -> DateTime {
        self.zone.to_datetime(Timestamp::from_microsecond(t).unwrap())
    }

    fn instant(&self, clock: DateTime) -> i64 {
        self.zone.to_timestamp(clock).unwrap().as_microsecond()
    }

    fn day(&self, t: i64) -> Date {
        self.clock(t).date()
    }

    fn midnight(&self, day: Date) -> i64 {
        self.instant(day.at(0, 0, 0, 0))
    }

    /// Whether a member is in the base at a time.
    pub fn is_in_base(&self, m: &Member, at: i64) -> bool {
        m.facts.get("first_seen_at").is_some_and(|v| instant(v) < at)
    }

    /// What a condition is of a member, and of a row where one is looked at.
    pub fn cond(&self, c: &Cond, m: &Member, row: Option<&Row>, at: i64) -> Option<bool> {
        let value = |v: &Value| self.value(v, m, row, at);
        match c {
            Cond::And(args) => args.iter().map(|a| self.cond(a, m, row, at)).fold(Some(true), and),
            Cond::Or(args) => args.iter().map(|a| self.cond(a, m, row, at).map(|b| !b)).fold(Some(true), and).map(|b| !b),
            Cond::Not(arg) => self.cond(arg, m, row, at).map(|b| !b),
            Cond::All => Some(true),
            Cond::Compare(op, left, right) => {
                let right = match right {
                    Operand::Value(right) => value(right)?,
                    Operand::Literal(right) => literal(right),
                };
                let order = order(&value(left)?, &right);
                Some(match op {
                    Compare::Eq => order == Ordering::Equal,
                    Compare::Ne => order != Ordering::Equal,
                    Compare::Lt => order == Ordering::Less,
                    Compare::Le => order != Ordering::Greater,
                    Compare::Gt => order == Ordering::Greater,
                    Compare::Ge => order != Ordering::Less,
                })
            }
            Cond::Between(of, from, to) => {
                let of = value(of)?;
                Some(order(&of, &literal(from)).is_ge() && order(&of, &literal(to)).is_lt())
            }
            Cond::In(of, list) => {
                let of = value(of)?;
                Some(list.iter().any(|l| order(&of, &literal(l)).is_eq()))
            }
            Cond::IsMissing(Value::Fact(name)) if &**name == "tags" => Some(false),
            Cond::IsMissing(of) => Some(value(of).is_none()),
            Cond::Under(of, paths) => {
                let V::Text(text) = value(of)? else { panic!("no text") };
                Some(paths.iter().any(|p| text == **p || text.starts_with(&format!("{p}/"))))
            }
            Cond::Contains(of, part) => {
                let V::Text(text) = value(of)? else { panic!("no text") };
                Some(text.contains(&**part))
            }
            Cond::Tags { all, tags, added } => {
                let holds = |tag: &Name| {
                    m.tags.iter().any(|(name, from, to)| {
                        let inside = added.as_ref().is_none_or(|w| self.in_window(w, *from, at));
                        **tag == **name && *from < at && to.is_none_or(|to| to >= at) && inside
                    })
                };
                Some(if *all { tags.iter().all(holds) } else { tags.iter().any(holds) })
            }
            Cond::Exists(rows) => Some(!self.rows(rows, m, at).is_empty()),
            Cond::Sequence(s) => Some(self.sequence(s, m, at)),
            Cond::InSegment(id) => Some(match &self.segments[id] {
                Segment::Living(c) => self.cond(c, m, None, at) == Some(true),
                Segment::List(ids) => ids.iter().any(|i| i == m.id),
            }),
            Cond::Top(top) => self.top(top, m, at),
        }
    }

    fn value(&self, v: &Value, m: &Member, row: Option<&Row>, at: i64) -> Option<V> {
        match v {
            Value::Fact(name) => match &**name {
                "id" => Some(V::Text(m.id.clone())),
                "now" => Some(V::Instant(at)),
                "tags" => panic!("tags are no value"),
                name => match m.facts.get(name) {
                    Some(v) => Some(v.clone()),
                    None => m
                        .history
                        .iter()
                        .find(|(f, _, from, to)| f == name && *from < at && to.is_none_or(|to| to >= at))
                        .map(|h| h.1.clone()),
                },
            },
            Value::Col(name) => row.unwrap().get(&**name).cloned(),
            Value::Agg(agg) => self.agg(agg, m, at),
            Value::Ratio(pair) => self.numbers(&**pair, m, row, at).and_then(|n| n[0].over(&n[1])).map(V::Number),
            Value::Add(of) => {
                let all = self.numbers(of, m, row, at)?;
                Some(V::Number(all[1..].iter().fold(all[0].clone(), |a, b| a.plus(b))))
            }
            Value::Sub(pair) => self.numbers(&**pair, m, row, at).map(|n| V::Number(n[0].minus(&n[1]))),
            Value::Calendar(reading, of) => self.reading(*reading, &self.value(of, m, row, at)?, at),
        }
    }

    fn numbers(&self, of: &[Value], m: &Member, row: Option<&Row>, at: i64) -> Option<Vec<Fraction>> {
        of.iter()
            .map(|v| match self.value(v, m, row, at)? {
                V::Number(n) => Some(n),
                other => panic!("no number: {other:?}"),
            })
            .collect()
    }

    fn reading(&self, reading: Calendar, v: &V, at: i64) -> Option<V> {
        let today = self.day(at);
        let day = match v {
            V::Date(d) => *d,
            V::Instant(t) => self.day(*t),
            other => panic!("no day: {other:?}"),
        };
        let days = |a: Date, b: Date| i64::from(a.until((JiffUnit::Day, b)).unwrap().get_days());
        Some(match reading {
            Calendar::DaysSince => number(days(day, today)),
            Calendar::DaysUntilNext => {
                let is_kept = |n: &i64| {
                    let then = today + n.days();
                    kept(day, then.year()) == then
                };
                number((0..=366).find(is_kept).unwrap())
            }
            Calendar::Age if day > today => return None,
            Calendar::Age => number((1..).find(|n| kept(day, day.year() + *n as i16) > today).unwrap() - 1),
            Calendar::MonthOf => number(day.month().into()),
            Calendar::DayOf => number(day.day().into()),
            Calendar::WeekdayOf => number(day.weekday().to_monday_one_offset().into()),
            Calendar::HourOf => number(self.clock(instant(v)).hour().into()),
            Calendar::DateOf => V::Date(day),
        })
    }

    fn in_window(&self, w: &Window, t: i64, at: i64) -> bool {
        let today = self.day(at);
        let edge = |e: &Edge| match e {
            Edge::Date(d) => self.midnight(Date::new(1970, 1, 1).unwrap() + i64::from(*d as i32).days()),
            Edge::Instant(t) => *t,
        };
        let back = |n: i64, unit: Unit, cut: Cut| match (unit, cut) {
            (Unit::Hours, _) => at - n * 3_600_000_000,
            (Unit::Days, Cut::Rolling) => at - n * 86_400_000_000,
            (Unit::Months, Cut::Rolling) => self.instant(self.clock(at) - Span::new().months(n)),
            (Unit::Days, _) => self.midnight(today - n.days()),
            (Unit::Months, _) => self.midnight(today - n.months()),
        };
        let start = |p: Period| match p {
            Period::Day => today,
            Period::Week => today - (i64::from(today.weekday().to_monday_one_offset()) - 1).days(),
            Period::Month => Date::new(today.year(), today.month(), 1).unwrap(),
            Period::Quarter => Date::new(today.year(), (today.month() - 1) / 3 * 3 + 1, 1).unwrap(),
            Period::Year => Date::new(today.year(), 1, 1).unwrap(),
        };
        let (from, to) = match w {
            Window::Between(from, to) => (from.as_ref().map(edge), to.as_ref().map(edge)),
            Window::Last { n, unit, until, cut } => {
                let to = match (until, cut) {
                    (Some(m), cut) => back(*m, *unit, *cut),
                    (None, Cut::Complete) => self.midnight(today),
                    (None, _) => at,
                };
                (Some(back(*n, *unit, *cut)), Some(to))
            }
            Window::Current(p) => (Some(self.midnight(start(*p))), Some(at)),
            Window::Previous(p) => {
                let this = start(*p);
                let before = match p {
                    Period::Day => this - 1.day(),
                    Period::Week => this - 7.days(),
                    Period::Month => this - 1.month(),
                    Period::Quarter => this - 3.months(),
                    Period::Year => this - 1.year(),
                };
                (Some(self.midnight(before)), Some(self.midnight(this)))
            }
        };
        t < at && from.is_none_or(|f| t >= f) && to.is_none_or(|to| t < to)
    }

    fn seen<'m>(&self, table: &str, filter: Option<&Cond>, m: &'m Member, at: i64) -> Vec<&'m Row> {
        let rows = m.rows.get(table).map_or(&[][..], |r| r);
        rows.iter()
            .filter(|r| instant(&r["time"]) < at)
            .filter(|r| filter.is_none_or(|f| self.cond(f, m, Some(r), at) == Some(true)))
            .collect()
    }

    fn rows<'m>(&self, rows: &Rows, m: &'m Member, at: i64) -> Vec<&'m Row> {
        let on = rows.on.as_deref().unwrap_or("time");
        let inside = |r: &&Row| {
            let Some(t) = r.get(on).map(instant) else { return false };
            t < at && rows.window.as_ref().is_none_or(|w| self.in_window(w, t, at))
        };
        self.seen(&rows.table, rows.filter.as_deref(), m, at).into_iter().filter(inside).collect()
    }

    fn agg(&self, agg: &Agg, m: &Member, at: i64) -> Option<V> {
        let rows = self.rows(&agg.rows, m, at);
        let Some(of) = &agg.of else { return Some(number(rows.len() as i64)) };
        let on = agg.rows.on.as_deref().unwrap_or("time");
        let mut known: Vec<(i64, String, V)> = Vec::new();
        for row in rows {
            let V::Text(id) = &row[self.row_ids[&*agg.rows.table].as_str()] else { panic!("no id") };
            if let Some(v) = row.get(&**of) {
                known.push((instant(&row[on]), id.clone(), v.clone()));
            }
        }
        known.sort_by(|a, b| (a.0, &a.1).cmp(&(b.0, &b.1)));
        let values: Vec<V> = known.into_iter().map(|k| k.2).collect();
        let sum = || {
            values.iter().fold(Fraction::of(0, 1), |sum, v| match v {
                V::Number(n) => sum.plus(n),
                other => panic!("no number: {other:?}"),
            })
        };
        match agg.fold {
            Fold::Count => unreachable!("a count has no column"),
            Fold::Sum => Some(V::Number(sum())),
            Fold::Avg => sum().over(&Fraction::of(values.len() as i64, 1)).map(V::Number),
            Fold::Min => values.iter().min_by(|a, b| order(a, b)).cloned(),
            Fold::Max => values.iter().max_by(|a, b| order(a, b)).cloned(),
            Fold::Distinct => {
                let mut different: Vec<&V> = Vec::new();
                for v in &values {
                    if !different.iter().any(|d| order(d, v).is_eq()) {
                        different.push(v);
                    }
                }
                Some(number(different.len() as i64))
            }
            Fold::First => values.first().cloned(),
            Fold::Last => values.last().cloned(),
        }
    }

    fn end_of(&self, w: Within, t: i64) -> i64 {
        match w.of {
            Wait::Hours => t + w.n * 3_600_000_000,
            Wait::Days => t + w.n * 86_400_000_000,
            Wait::BusinessDays => self.midnight(self.day(t) + (w.n + 1).days()),
        }
    }

    fn sequence(&self, s: &Sequence, m: &Member, at: i64) -> bool {
        let rows: Vec<Vec<&Row>> = s.steps.iter().map(|step| self.seen(&step.table, step.filter.as_deref(), m, at)).collect();
        let first = rows[0].iter().filter(|r| s.window.as_ref().is_none_or(|w| self.in_window(w, instant(&r["time"]), at)));
        first.into_iter().any(|first| {
            let shared = match &s.same {
                None => None,
                Some(same) => match first.get(&**same) {
                    None => return false,
                    Some(v) => Some((&**same, v)),
                },
            };
            let carries = |r: &Row| shared.is_none_or(|(column, v)| r.get(column).is_some_and(|w| order(v, w).is_eq()));
            let rows: Vec<Vec<i64>> = rows.iter().map(|r| r.iter().filter(|r| carries(r)).map(|r| instant(&r["time"])).collect()).collect();
            self.go_on(&s.steps, &rows, 1, instant(&first["time"]), at)
        })
    }

    /// Whether the steps from `next` on can be chosen after a row at `t`.
    fn go_on(&self, steps: &[Step], rows: &[Vec<i64>], next: usize, t: i64, at: i64) -> bool {
        let Some(there) = (next..steps.len()).find(|i| !steps[*i].absent) else {
            return (next..steps.len()).all(|i| {
                let end = self.end_of(steps[i].within.unwrap(), t);
                end <= at && !rows[i].iter().any(|a| *a > t && *a < end)
            });
        };
        rows[there].iter().any(|u| {
            let in_time = steps[there].within.is_none_or(|w| *u < self.end_of(w, t));
            let nothing_between = (next..there).all(|i| !rows[i].iter().any(|a| *a > t && a < u));
            *u > t && in_time && nothing_between && self.go_on(steps, rows, there + 1, *u, at)
        })
    }

    fn top(&self, top: &Top, m: &Member, at: i64) -> Option<bool> {
        let then = match top.as_of {
            None => at,
            Some(AsOf::Instant(t)) => t,
            Some(AsOf::DayStart) => self.midnight(self.day(at)),
        };
        let holds = |m: &Member, at: i64| top.of.as_ref().map_or(Some(true), |of| self.cond(of, m, None, at));
        let base = self.members.iter().filter(|m| self.is_in_base(m, then) && holds(m, then) == Some(true));
        let mut values: Vec<V> = base.filter_map(|m| self.value(&top.by, m, None, then)).collect();
        values.sort_by(|a, b| if top.low { order(a, b) } else { order(b, a) });
        let k = match top.count {
            Rank::Count(n) => n as usize,
            Rank::Percent(p) => (values.len() as u128 * p as u128).div_ceil(100_000_000) as usize,
        };
        let threshold = values.get(k.min(values.len()).wrapping_sub(1));
        let reaches = self.value(&top.by, m, None, at).zip(threshold).map(|(v, t)| {
            let order = order(&v, t);
            if top.low { order.is_le() } else { order.is_ge() }
        });
        and(holds(m, at), reaches)
    }
}
