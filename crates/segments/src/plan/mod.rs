//! An expression made ready to be asked: names are columns, windows are instants, segments that it refers
//! to stand in place, texts are patterns over vocabularies. Bound to one time of the question; knows no
//! member.

mod compile;

use std::sync::Arc;

use shuke_columns::slice::Ids;
use shuke_columns::{Registry, Type};

use crate::calendar::Reckoning;
use crate::tree::{Calendar, Compare, Fold, Name, Rank, Within};

/// An expression at a time.
#[derive(Clone, Debug)]
pub struct Plan {
    /// What every layout is made after.
    pub registry: Arc<Registry>,
    pub(crate) reckoning: Reckoning,
    pub(crate) root: Test,
    /// Thresholds that must be computed first, those that others need before them.
    pub(crate) rankings: Vec<Ranking>,
    /// What texts are compared with.
    pub(crate) patterns: Vec<Pattern>,
    /// Segments that are lists.
    pub(crate) lists: Vec<Arc<Ids>>,
}

/// A condition.
#[derive(Clone, Debug)]
pub(crate) enum Test {
    All,
    And(Vec<Test>),
    Or(Vec<Test>),
    Not(Box<Test>),
    /// A value beside literals, which are kept as the layout keeps them.
    Number(Expr, NumberTest),
    /// Two values beside each other.
    Pair(Compare, Box<(Expr, Expr)>),
    /// A text and a pattern, by number; the opposite of it where `negate`.
    Word {
        value: Expr,
        pattern: usize,
        negate: bool,
    },
    Missing(Expr),
    Tags {
        all: bool,
        patterns: Vec<usize>,
        added: Option<(i64, i64)>,
    },
    Exists(RowSet),
    Sequence(Steps),
    List(usize),
    /// Another segment: who it is not true of is not in it, be it false or unknown.
    Segment(Box<Test>),
    /// The ranking by number, the value and who is ranked, at the time of the question.
    Top(usize, Box<(Expr, Option<Test>)>),
}

/// What a number is compared with.
#[derive(Clone, Debug)]
pub(crate) enum NumberTest {
    Compare(Compare, i64),
    Between(i64, i64),
    /// Ascending.
    In(Vec<i64>),
}

/// A value with its type; of a text also its vocabulary.
#[derive(Clone, Debug)]
pub(crate) struct Expr {
    pub(crate) kind: Type,
    pub(crate) words: Option<usize>,
    pub(crate) node: Node,
}

#[derive(Clone, Debug)]
pub(crate) enum Node {
    Now,
    Id,
    /// A fact that is never missing and is no value either: only whether it is missing can be asked.
    Tags,
    Current(usize),
    History(usize),
    Column(usize),
    Agg(Box<Agg>),
    Ratio(Box<[Expr; 2]>),
    Add(Vec<Expr>),
    Sub(Box<[Expr; 2]>),
    Calendar(Calendar, Box<Expr>),
}

#[derive(Clone, Debug)]
pub(crate) struct Agg {
    pub(crate) fold: Fold,
    pub(crate) of: Option<usize>,
    pub(crate) rows: RowSet,
}

/// Rows of a table: those of the window by `on` (else by time) of which the filter is true.
#[derive(Clone, Debug)]
pub(crate) struct RowSet {
    pub(crate) table: usize,
    pub(crate) filter: Option<Box<Test>>,
    pub(crate) from: i64,
    pub(crate) to: i64,
    pub(crate) on: Option<usize>,
}

/// Steps of a sequence, as the choice of rows goes through them.
#[derive(Clone, Debug)]
pub(crate) struct Steps {
    /// Steps whose row is chosen, the first with its window; each with what may not lie before it.
    pub(crate) chosen: Vec<Chosen>,
    /// What may not lie behind the last, and how long.
    pub(crate) tail: Vec<(Candidates, Within)>,
}

#[derive(Clone, Debug)]
pub(crate) struct Chosen {
    pub(crate) rows: Candidates,
    pub(crate) within: Option<Within>,
    /// Between the row before and this one.
    pub(crate) absent: Vec<Candidates>,
}

/// Rows that a step may choose, with the column that all must share.
#[derive(Clone, Debug)]
pub(crate) struct Candidates {
    pub(crate) rows: RowSet,
    pub(crate) same: Option<usize>,
}

/// A threshold to compute.
#[derive(Clone, Debug)]
pub(crate) struct Ranking {
    pub(crate) reckoning: Reckoning,
    pub(crate) by: Expr,
    pub(crate) of: Option<Test>,
    pub(crate) count: Rank,
    pub(crate) low: bool,
}

/// What a text is compared with.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub(crate) struct Pattern {
    pub(crate) words: usize,
    pub(crate) shape: Shape,
}

#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub(crate) enum Shape {
    /// One of these.
    OneOf(Vec<Name>),
    /// One of these paths, or below it.
    Under(Vec<Name>),
    Contains(Name),
}

impl Shape {
    pub(crate) fn admits(&self, word: &str) -> bool {
        match self {
            Self::OneOf(words) => words.iter().any(|w| &**w == word),
            Self::Under(paths) => {
                paths.iter().any(|p| word.strip_prefix(&**p).is_some_and(|rest| rest.is_empty() || rest.starts_with('/')))
            }
            Self::Contains(part) => word.contains(&**part),
        }
    }
}

impl Test {
    /// About what it costs for a member, to take the cheap ones first.
    pub(crate) fn cost(&self) -> u64 {
        match self {
            Self::All => 0,
            Self::And(args) | Self::Or(args) => args.iter().map(Self::cost).sum(),
            Self::Not(arg) | Self::Segment(arg) => arg.cost(),
            Self::Number(value, _) | Self::Missing(value) => 1 + value.cost(),
            Self::Word { value, .. } => 1 + value.cost(),
            Self::Pair(_, pair) => 2 + pair.0.cost() + pair.1.cost(),
            Self::Tags { .. } => 4,
            Self::Exists(rows) => rows.cost(),
            Self::Sequence(steps) => {
                let chosen = steps.chosen.iter().map(|c| c.rows.rows.cost() + c.absent.iter().map(|a| a.rows.cost()).sum::<u64>());
                10 + chosen.sum::<u64>() + steps.tail.iter().map(|(t, _)| t.rows.cost()).sum::<u64>()
            }
            Self::List(_) => 1,
            Self::Top(_, both) => 1 + both.0.cost() + both.1.as_ref().map_or(0, Self::cost),
        }
    }
}

impl Expr {
    fn cost(&self) -> u64 {
        match &self.node {
            Node::Now | Node::Id | Node::Tags | Node::Current(_) | Node::Column(_) => 0,
            Node::History(_) => 3,
            Node::Agg(agg) => 5 + agg.rows.cost(),
            Node::Ratio(pair) | Node::Sub(pair) => 2 + pair[0].cost() + pair[1].cost(),
            Node::Add(values) => 2 + values.iter().map(Self::cost).sum::<u64>(),
            Node::Calendar(_, of) => 2 + of.cost(),
        }
    }
}

impl RowSet {
    fn cost(&self) -> u64 {
        20 + 20 * self.filter.as_ref().map_or(0, |f| 1 + f.cost()) + if self.on.is_some() { 20 } else { 0 }
    }
}
