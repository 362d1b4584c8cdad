//! The rows that a condition looks at.

use super::{Expr, Node, RowSet, Test};

impl Test {
    /// Adds every set of rows that it looks at.
    pub(crate) fn row_sets<'a>(&'a self, out: &mut Vec<&'a RowSet>) {
        match self {
            Self::All | Self::Tags { .. } | Self::List(_) => {}
            Self::And(args) | Self::Or(args) => args.iter().for_each(|a| a.row_sets(out)),
            Self::Not(arg) | Self::Segment(arg) => arg.row_sets(out),
            Self::Number(value, _) | Self::Missing(value) | Self::Word { value, .. } => value.row_sets(out),
            Self::Pair(_, pair) => {
                pair.0.row_sets(out);
                pair.1.row_sets(out);
            }
            Self::Exists(rows) => out.push(rows),
            Self::Sequence(steps) => {
                out.extend(steps.chosen.iter().flat_map(|c| c.absent.iter().chain([&c.rows])).map(|c| &c.rows));
                out.extend(steps.tail.iter().map(|(c, _)| &c.rows));
            }
            Self::Top(_, both) => {
                both.0.row_sets(out);
                both.1.iter().for_each(|of| of.row_sets(out));
            }
        }
    }
}

impl Expr {
    /// Adds every set of rows that it is made of.
    pub(crate) fn row_sets<'a>(&'a self, out: &mut Vec<&'a RowSet>) {
        match &self.node {
            Node::Now | Node::Id | Node::Tags | Node::Current(_) | Node::History(_) | Node::Column(_) => {}
            Node::Agg(agg) => out.push(&agg.rows),
            Node::Ratio(pair) | Node::Sub(pair) => pair.iter().for_each(|v| v.row_sets(out)),
            Node::Add(values) => values.iter().for_each(|v| v.row_sets(out)),
            Node::Calendar(_, of) => of.row_sets(out),
        }
    }
}
