//! The one form of a tree that its text has.

use crate::tree::{Agg, Cond, Operand, Rows, Sequence, Step, Top, Value};

impl Cond {
    /// The tree as its canonical text says it: `and` and `or` of one argument are that argument.
    pub fn canonical(self) -> Self {
        let each = |args: Vec<Self>| args.into_iter().map(Self::canonical).collect::<Vec<_>>();
        match self {
            Self::And(args) | Self::Or(args) if args.len() == 1 => args.into_iter().next().map_or(Self::All, Self::canonical),
            Self::And(args) => Self::And(each(args)),
            Self::Or(args) => Self::Or(each(args)),
            Self::Not(arg) => Self::Not(Box::new(arg.canonical())),
            Self::Compare(op, left, right) => Self::Compare(
                op,
                left.canonical(),
                match right {
                    Operand::Value(value) => Operand::Value(value.canonical()),
                    literal @ Operand::Literal(_) => literal,
                },
            ),
            Self::Between(value, from, to) => Self::Between(value.canonical(), from, to),
            Self::In(value, list) => Self::In(value.canonical(), list),
            Self::IsMissing(value) => Self::IsMissing(value.canonical()),
            Self::Under(value, paths) => Self::Under(value.canonical(), paths),
            Self::Contains(value, text) => Self::Contains(value.canonical(), text),
            Self::Exists(rows) => Self::Exists(rows.canonical()),
            Self::Sequence(sequence) => {
                let filter = |step: Step| Step { filter: step.filter.map(|f| Box::new(f.canonical())), ..step };
                Self::Sequence(Sequence { steps: sequence.steps.into_iter().map(filter).collect(), ..sequence })
            }
            Self::Top(top) => Self::Top(Box::new(Top { by: top.by.canonical(), of: top.of.map(Self::canonical), ..*top })),
            other @ (Self::All | Self::Tags { .. } | Self::InSegment(_)) => other,
        }
    }
}

impl Rows {
    fn canonical(self) -> Self {
        Self { filter: self.filter.map(|f| Box::new(f.canonical())), ..self }
    }
}

impl Value {
    fn canonical(self) -> Self {
        let pair = |pair: Box<[Self; 2]>| Box::new((*pair).map(Self::canonical));
        match self {
            Self::Agg(agg) => Self::Agg(Box::new(Agg { rows: agg.rows.canonical(), ..*agg })),
            Self::Ratio(of) => Self::Ratio(pair(of)),
            Self::Sub(of) => Self::Sub(pair(of)),
            Self::Add(of) => Self::Add(of.into_iter().map(Self::canonical).collect()),
            Self::Calendar(reading, of) => Self::Calendar(reading, Box::new(of.canonical())),
            other @ (Self::Fact(_) | Self::Col(_)) => other,
        }
    }
}
