//! From the tree to the plan. The tree was checked against the same registry, so that what is named is
//! there; should it not be, the expression is refused as a fault and not answered wrongly.

use std::collections::HashMap;
use std::sync::Arc;

use shuke_columns::registry::{Origin, TAG, TIME};
use shuke_columns::{Registry, Type};
use shuke_kernel::{Error, Result};

use super::{Agg, Candidates, Chosen, Expr, Node, NumberTest, Pattern, Plan, Ranking, RowSet, Shape, Steps, Test, Words};
use crate::calendar::{End, Reckoning, Stretch};
use crate::check::{Expression, Segment};
use crate::tree::{self, AsOf, Compare, Cond, Literal, Name, Operand, Rows, Sequence, Top, Value, Window};

impl Plan {
    /// Of an expression, at the time and in the zone of `reckoning`.
    pub fn of(expression: &Expression, registry: &Arc<Registry>, reckoning: &Reckoning) -> Result<Self> {
        let mut compiler = Compiler {
            expression,
            registry,
            reckoning: reckoning.clone(),
            rankings: Vec::new(),
            ranked: HashMap::new(),
            patterns: Vec::new(),
            numbers: HashMap::new(),
            lists: Vec::new(),
            row_sets: Vec::new(),
            holds_all_day: true,
            table: None,
        };
        let root = compiler.test(&expression.root)?;
        let Compiler { rankings, patterns, lists, holds_all_day, .. } = compiler;
        let words = Words::default();
        Ok(Self { registry: registry.clone(), reckoning: reckoning.clone(), root, rankings, patterns, words, lists, holds_all_day })
    }
}

struct Compiler<'a> {
    expression: &'a Expression,
    registry: &'a Registry,
    reckoning: Reckoning,
    rankings: Vec<Ranking>,
    /// Rankings by node and time: one that is met again is the same.
    ranked: HashMap<(*const Top, i64), usize>,
    patterns: Vec<Pattern>,
    /// Their numbers: one that is met again is the same.
    numbers: HashMap<Pattern, usize>,
    lists: Vec<Arc<shuke_columns::slice::Ids>>,
    /// Rows that were met, by table, filter, window and the column of that.
    row_sets: Vec<(usize, Option<&'a Cond>, Stretch, Option<usize>)>,
    holds_all_day: bool,
    /// The table whose rows are spoken of.
    table: Option<usize>,
}

fn lacks(what: &str, name: &str) -> Error {
    Error::fault(format!("an expression was checked against another registry: there is no {what} {name}"))
}

impl<'a> Compiler<'a> {
    fn test(&mut self, cond: &'a Cond) -> Result<Test> {
        Ok(match cond {
            Cond::All => Test::All,
            Cond::And(args) => Test::And(self.cheap_first(args)?),
            Cond::Or(args) => Test::Or(self.cheap_first(args)?),
            Cond::Not(arg) => Test::Not(Box::new(self.test(arg)?)),
            Cond::Compare(op, left, right) => self.compare(*op, left, right)?,
            Cond::Between(value, from, to) => {
                let value = self.expr(value)?;
                self.number(value, NumberTest::Between(number(from)?, number(to)?))
            }
            Cond::In(value, list) => self.one_of(value, list)?,
            Cond::IsMissing(value) => Test::Missing(self.expr(value)?),
            Cond::Under(value, paths) => self.word(value, Shape::Under(paths.clone()), false)?,
            Cond::Contains(value, text) => self.word(value, Shape::Contains(text.clone()), false)?,
            Cond::Tags { all, tags, added } => Test::Tags {
                // Of one of them all are one pattern.
                patterns: tags
                    .chunks(if *all { 1 } else { tags.len() })
                    .map(|t| self.pattern(Pattern { words: TAG, shape: Shape::OneOf(t.to_vec()) }))
                    .collect(),
                added: added.as_ref().map(|w| self.stretch(w)),
            },
            Cond::Exists(rows) => Test::Exists(self.rows(rows)?),
            Cond::Sequence(sequence) => self.sequence(sequence)?,
            Cond::InSegment(id) => {
                let expression = self.expression;
                match expression.segments.get(id).ok_or_else(|| lacks("segment", id))? {
                    Segment::Living(root) => Test::Segment(Box::new(self.test(root)?)),
                    Segment::List(ids) => {
                        self.lists.push(ids.clone());
                        Test::List(self.lists.len() - 1)
                    }
                }
            }
            Cond::Top(top) => self.top(top)?,
        })
    }

    fn cheap_first(&mut self, args: &'a [Cond]) -> Result<Vec<Test>> {
        let mut tests = args.iter().map(|a| self.test(a)).collect::<Result<Vec<_>>>()?;
        tests.sort_by_key(Test::cost);
        Ok(tests)
    }

    fn compare(&mut self, op: Compare, left: &'a Value, right: &'a Operand) -> Result<Test> {
        match right {
            Operand::Literal(Literal::Text(text)) => self.word(left, Shape::OneOf(vec![text.clone()]), op == Compare::Ne),
            Operand::Literal(literal) => {
                let left = self.expr(left)?;
                Ok(self.number(left, NumberTest::Compare(op, number(literal)?)))
            }
            Operand::Value(right) => Ok(Test::Pair(op, Box::new((self.expr(left)?, self.expr(right)?)))),
        }
    }

    fn number(&self, value: Expr, test: NumberTest) -> Test {
        match (test.unread(&value, &self.reckoning), value) {
            (Some(test), Expr { node: Node::Calendar(_, of), .. }) => Test::Number(*of, test),
            (_, value) => Test::Number(value, test),
        }
    }

    fn stretch(&mut self, window: &Window) -> Stretch {
        self.reckoning.stretch(window).unwrap_or_else(|| {
            self.holds_all_day = false;
            let (from, to) = self.reckoning.window(window);
            Stretch { from: End::Fixed(from), to: End::Fixed(to) }
        })
    }

    fn one_of(&mut self, value: &'a Value, list: &[Literal]) -> Result<Test> {
        let words: Option<Vec<Name>> = list
            .iter()
            .map(|l| match l {
                Literal::Text(text) => Some(text.clone()),
                _ => None,
            })
            .collect();
        if let Some(words) = words {
            return self.word(value, Shape::OneOf(words), false);
        }
        let mut numbers = list.iter().map(number).collect::<Result<Vec<_>>>()?;
        numbers.sort_unstable();
        numbers.dedup();
        Ok(Test::Number(self.expr(value)?, NumberTest::In(numbers)))
    }

    fn word(&mut self, value: &'a Value, shape: Shape, negate: bool) -> Result<Test> {
        let value = self.expr(value)?;
        let words = value.words.ok_or_else(|| lacks("vocabulary of", value.kind.name()))?;
        let pattern = self.pattern(Pattern { words, shape });
        Ok(Test::Word { value, pattern, negate })
    }

    fn pattern(&mut self, pattern: Pattern) -> usize {
        let patterns = &mut self.patterns;
        *self.numbers.entry(pattern).or_insert_with_key(|pattern| {
            patterns.push(pattern.clone());
            patterns.len() - 1
        })
    }

    fn expr(&mut self, value: &'a Value) -> Result<Expr> {
        match value {
            Value::Fact(name) => {
                let fact = self.registry.find_fact(name).ok_or_else(|| lacks("fact", name))?;
                let node = match fact.origin {
                    Origin::Id => Node::Id,
                    Origin::Now => Node::Now,
                    Origin::Tags => Node::Tags,
                    Origin::Current(i) => Node::Current(i),
                    Origin::History(i) => Node::History(i),
                };
                Ok(Expr { kind: fact.kind, words: fact.words, node })
            }
            Value::Col(name) => {
                let column = self.column(self.table, name)?;
                let of = &self.registry.tables()[self.table.unwrap_or(0)].columns[column];
                Ok(Expr { kind: of.kind, words: of.words, node: Node::Column(column) })
            }
            Value::Agg(agg) => self.agg(agg),
            Value::Ratio(pair) => Ok(Expr { kind: Type::Dec, words: None, node: Node::Ratio(self.pair(pair)?) }),
            Value::Sub(pair) => {
                let pair = self.pair(pair)?;
                Ok(Expr { kind: sum_kind(&*pair), words: None, node: Node::Sub(pair) })
            }
            Value::Add(values) => {
                let values = values.iter().map(|v| self.expr(v)).collect::<Result<Vec<_>>>()?;
                Ok(Expr { kind: sum_kind(&values), words: None, node: Node::Add(values) })
            }
            Value::Calendar(reading, of) => {
                let of = self.expr(of)?;
                Ok(Expr { kind: reading.tells(), words: None, node: Node::Calendar(*reading, Box::new(of)) })
            }
        }
    }

    fn pair(&mut self, pair: &'a [Value; 2]) -> Result<Box<[Expr; 2]>> {
        Ok(Box::new([self.expr(&pair[0])?, self.expr(&pair[1])?]))
    }

    fn column(&self, table: Option<usize>, name: &str) -> Result<usize> {
        table.and_then(|t| self.registry.tables()[t].find(name)).ok_or_else(|| lacks("column", name))
    }

    fn agg(&mut self, agg: &'a tree::Agg) -> Result<Expr> {
        let rows = self.rows(&agg.rows)?;
        let of = agg.of.as_ref().map(|of| self.column(Some(rows.table), of)).transpose()?;
        let column = of.map(|c| &self.registry.tables()[rows.table].columns[c]);
        let kind = agg.fold.makes(column.map(|c| c.kind));
        let words = column.and_then(|c| c.words).filter(|_| kind == Type::Text);
        Ok(Expr { kind, words, node: Node::Agg(Box::new(Agg { fold: agg.fold, of, rows })) })
    }

    fn rows(&mut self, rows: &'a Rows) -> Result<RowSet> {
        let on = rows.on.as_deref();
        let window = rows.window.as_ref().map_or(Stretch::ALL, |w| self.stretch(w));
        self.row_set(&rows.table, rows.filter.as_deref(), window, on)
    }

    fn row_set(&mut self, table: &str, filter: Option<&'a Cond>, window: Stretch, on: Option<&str>) -> Result<RowSet> {
        let (table, _) = self.registry.find_table(table).ok_or_else(|| lacks("table", table))?;
        let on = on.map(|on| self.column(Some(table), on)).transpose()?.filter(|on| *on != TIME);
        let these = (table, filter, window, on);
        let id = self.row_sets.iter().position(|met| *met == these).unwrap_or_else(|| {
            self.row_sets.push(these);
            self.row_sets.len() - 1
        });
        let outside = self.table.replace(table);
        let filter = filter.map(|f| self.test(f).map(Box::new)).transpose()?;
        self.table = outside;
        Ok(RowSet { id, table, filter, window, on })
    }

    fn sequence(&mut self, of: &'a Sequence) -> Result<Test> {
        let first = of.window.as_ref().map_or(Stretch::ALL, |w| self.stretch(w));
        // Whatever is later than the first row is later than where that may lie.
        let later = Stretch { to: Stretch::ALL.to, ..first };
        let (mut chosen, mut waiting): (Vec<Chosen>, Vec<(Candidates, Option<crate::tree::Within>)>) = (Vec::new(), Vec::new());
        for (i, step) in of.steps.iter().enumerate() {
            let rows = self.row_set(&step.table, step.filter.as_deref(), if i == 0 { first } else { later }, None)?;
            let same = of.same.as_ref().map(|s| self.column(Some(rows.table), s)).transpose()?;
            let rows = Candidates { rows, same };
            if step.absent {
                waiting.push((rows, step.within));
            } else {
                let absent = waiting.drain(..).map(|(rows, _)| rows).collect();
                chosen.push(Chosen { rows, within: step.within, absent });
            }
        }
        let tail = waiting.into_iter().map(|(rows, within)| within.map(|w| (rows, w)).ok_or_else(|| lacks("wait of", "a last step")));
        Ok(Test::Sequence(Steps { chosen, tail: tail.collect::<Result<_>>()? }))
    }

    fn top(&mut self, top: &'a Top) -> Result<Test> {
        let now = self.reckoning.clone();
        let then = match top.as_of {
            None => now.clone(),
            Some(AsOf::Instant(at)) => now.at(at),
            Some(AsOf::DayStart) => now.at(now.start_of(now.today)),
        };
        let key = (std::ptr::from_ref(top), then.at);
        let ranking = match self.ranked.get(&key) {
            Some(ranking) => *ranking,
            None => {
                self.reckoning = then.clone();
                let (by, of) = (self.expr(&top.by)?, top.of.as_ref().map(|of| self.test(of)).transpose()?);
                self.rankings.push(Ranking { reckoning: then, by, of, count: top.count, low: top.low });
                self.ranked.insert(key, self.rankings.len() - 1);
                self.rankings.len() - 1
            }
        };
        self.reckoning = now;
        let (by, of) = (self.expr(&top.by)?, top.of.as_ref().map(|of| self.test(of)).transpose()?);
        Ok(Test::Top(ranking, Box::new((by, of))))
    }
}

fn number(literal: &Literal) -> Result<i64> {
    literal.number().ok_or_else(|| lacks("number in", "a text"))
}

fn sum_kind(of: &[Expr]) -> Type {
    if of.iter().any(|e| e.kind == Type::Dec) { Type::Dec } else { of.first().map_or(Type::Int, |e| e.kind) }
}
