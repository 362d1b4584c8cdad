//! One value of one member, to be shown: what a condition was judged by.

use shuke_columns::registry::MEMBER_ID;
use shuke_columns::{Slice, Type};
use shuke_kernel::Result;

use super::at::Frame;
use super::numbers::Values;
use super::{Asked, Codes, Thresholds};
use crate::exact::Exact;
use crate::plan::{Node, Plan, Test};

/// A value.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Told {
    /// Nothing is known.
    Missing,
    /// A text.
    Text(String),
    /// A whole number as the layout keeps it: of money minor units, of decimals millionths.
    Whole(i64),
    /// A fraction.
    Fraction(Exact),
}

impl Plan {
    /// The left side of a plan that compares two values, of the first member of a slice, with its type.
    pub(crate) fn left(&self, slice: &Slice) -> Result<Option<(Told, Type)>> {
        let Test::Pair(_, pair) = &self.root else { return Ok(None) };
        let (expr, codes) = (&pair.0, Codes::of(self, slice));
        let thresholds = Thresholds::default();
        let asked = Asked::new(self, &self.reckoning, &thresholds, &codes, slice);
        let told = match asked.values(expr, Frame::members(0..1)) {
            values @ (Values::Exact(_) | Values::Over { .. }) => values.exact(0, expr.kind).map_or(Told::Missing, Told::Fraction),
            Values::Whole(whole) => match (whole.get(0), expr.words) {
                (None, _) => Told::Missing,
                (Some(code), Some(_)) if matches!(expr.node, Node::Id) => {
                    Told::Text(slice.word(&self.registry, MEMBER_ID, code as u32).to_string())
                }
                (Some(code), Some(words)) => Told::Text(slice.word(&self.registry, words, code as u32).to_string()),
                (Some(value), None) => Told::Whole(value),
            },
        };
        Ok(Some((told, expr.kind)))
    }
}
