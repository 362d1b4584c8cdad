//! An expression made ready to be asked: names are columns, windows are instants, segments that it refers
//! to stand in place, texts are patterns over vocabularies. Bound to one time of the question; knows no
//! member.

mod compile;
mod cost;
mod numbers;
mod row_sets;
mod words;

use std::sync::Arc;

use shuke_columns::slice::Ids;
use shuke_columns::{Registry, Type};

use crate::calendar::{Reckoning, Stretch};
use crate::tree::{Calendar, Compare, Fold, Rank, Within};
pub(crate) use cost::Eager;
pub(crate) use numbers::NumberTest;
pub(crate) use words::{Pattern, Shape, Words};

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
    /// The same as codes of a merchant's words.
    pub(crate) words: Words,
    /// Segments that are lists.
    pub(crate) lists: Vec<Arc<Ids>>,
    /// Whether it holds at any time of its day, and not only at its own.
    pub(crate) holds_all_day: bool,
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
    /// Each of some patterns of tags.
    Tags {
        patterns: Vec<usize>,
        added: Option<Stretch>,
    },
    Exists(RowSet),
    Sequence(Steps),
    List(usize),
    /// Another segment: who it is not true of is not in it, be it false or unknown.
    Segment(Box<Test>),
    /// The ranking by number, the value and who is ranked, at the time of the question.
    Top(usize, Box<(Expr, Option<Test>)>),
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
    /// Its number: one that is met again has the same.
    pub(crate) id: usize,
    pub(crate) table: usize,
    pub(crate) filter: Option<Box<Test>>,
    pub(crate) window: Stretch,
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
