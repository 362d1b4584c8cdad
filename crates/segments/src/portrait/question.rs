//! What a portrait is asked of.

use crate::calendar::Reckoning;
use crate::check::Expression;
use crate::tree::{Edge, Name, Window};

/// An occasion of the calendar, with all its keepings.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Occasion {
    /// Its word.
    pub word: Box<str>,
    /// Its days, each keeping from a day to before another, since 1970.
    pub days: Vec<(i64, i64)>,
}

/// Whom, beside whom, over which rows.
#[derive(Clone, Debug)]
pub struct Question {
    /// Whose portrait.
    pub group: Expression,
    /// Beside whom.
    pub against: Expression,
    /// The time of the question, and the zone.
    pub reckoning: Reckoning,
    /// Orders of this shop only.
    pub shop: Option<Name>,
    /// Rows from this day on.
    pub from: Option<i64>,
    /// Rows to before this day.
    pub to: Option<i64>,
    /// The promotion calendar.
    pub occasions: Vec<Occasion>,
}

impl Question {
    /// The window of rows; none where it is open.
    pub fn window(&self) -> Option<Window> {
        let edge = |day: Option<i64>| day.map(Edge::Date);
        (self.from.is_some() || self.to.is_some()).then(|| Window::Between(edge(self.from), edge(self.to)))
    }

    /// The same as instants: `[from, to)`, never beyond the time of the question.
    pub fn span(&self) -> (i64, i64) {
        self.window().map_or((i64::MIN, self.reckoning.at), |w| self.reckoning.window(&w))
    }
}
