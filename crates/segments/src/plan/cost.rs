//! About what conditions cost, so that the cheap ones are asked first.

use super::{Expr, Node, RowSet, Test};

impl Test {
    /// About what it costs for a member.
    pub(crate) fn cost(&self) -> u64 {
        match self {
            Self::All => 0,
            Self::And(args) | Self::Or(args) => args.iter().map(Self::cost).sum(),
            Self::Not(arg) | Self::Segment(arg) => arg.cost(),
            Self::Number(value, _) | Self::Missing(value) => 1 + value.cost(),
            Self::Word { value, .. } => 1 + value.cost(),
            Self::Pair(_, pair) => 2 + pair.0.cost() + pair.1.cost(),
            Self::Tags { .. } => 1,
            Self::Exists(rows) => rows.cost(),
            Self::Sequence(steps) => {
                let chosen = steps.chosen.iter().map(|c| c.rows.rows.cost() + c.absent.iter().map(|a| a.rows.cost()).sum::<u64>());
                10 + chosen.sum::<u64>() + steps.tail.iter().map(|(t, _)| t.rows.cost()).sum::<u64>()
            }
            Self::List(_) => 1,
            Self::Top(_, both) => 1 + both.0.cost() + both.1.as_ref().map_or(0, Self::cost),
        }
    }

    /// When it is cheaper asked of all than of those picked out of whom it must be asked.
    pub(crate) fn eager(&self) -> Eager {
        match self {
            Self::Number(value, _) | Self::Missing(value) | Self::Word { value, .. } if value.cost() == 0 => Eager::Any,
            Self::Tags { added: None, .. } => Eager::Any,
            Self::Number(value, _) if value.is_of_rows() => Eager::Run,
            Self::Pair(_, pair) if pair.0.is_of_rows() && pair.1.is_of_rows() => Eager::Run,
            Self::Tags { .. } | Self::Exists(_) => Eager::Run,
            Self::Not(arg) | Self::Segment(arg) => arg.eager(),
            Self::And(args) | Self::Or(args) => args.iter().map(Self::eager).min().unwrap_or(Eager::Any),
            _ => Eager::Never,
        }
    }
}

/// When a condition is cheaper asked of all: from one open in so many on.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) enum Eager {
    /// When all are open.
    Never = 1,
    /// Of a run of members, whose rows lie in one run too.
    Run = 8,
    /// Of any: a column alone.
    Any = 16,
}

impl Expr {
    /// Whether it is made of members' rows alone.
    fn is_of_rows(&self) -> bool {
        match &self.node {
            Node::Agg(_) => true,
            Node::Ratio(pair) | Node::Sub(pair) => pair.iter().all(Self::is_of_rows),
            Node::Add(of) => of.iter().all(Self::is_of_rows),
            _ => false,
        }
    }

    fn cost(&self) -> u64 {
        match &self.node {
            Node::Now | Node::Id | Node::Tags | Node::Current(_) | Node::History(_) | Node::Column(_) => 0,
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
