//! What numbers are compared with. A reading of the calendar that only grows, or only falls, is no reading
//! any more but a stretch of what is read.

use super::{Expr, Node};
use crate::calendar::Reckoning;
use crate::tree::{Calendar, Compare};

/// What a number is compared with.
#[derive(Clone, Debug)]
pub(crate) enum NumberTest {
    Compare(Compare, i64),
    Between(i64, i64),
    /// Ascending.
    In(Vec<i64>),
    /// Both ends in; what is above `known` counts as missing.
    Within {
        low: i64,
        high: i64,
        known: i64,
    },
}

impl NumberTest {
    /// From one whole number to the other, both ends in, and whether it is the opposite of that.
    pub(crate) fn range(&self) -> Option<(i64, i64, bool)> {
        // Below the least number there is none: an end above the other.
        let up_to_before = |n: i64| n.checked_sub(1).map_or((1, 0, false), |high| (i64::MIN, high, false));
        Some(match self {
            Self::In(_) => return None,
            Self::Within { low, high, .. } => (*low, *high, false),
            Self::Between(from, to) => to.checked_sub(1).map_or((1, 0, false), |high| (*from, high, false)),
            Self::Compare(op, n) => match op {
                Compare::Eq => (*n, *n, false),
                Compare::Ne => (*n, *n, true),
                Compare::Lt => up_to_before(*n),
                Compare::Le => (i64::MIN, *n, false),
                Compare::Gt => n.checked_add(1).map_or((1, 0, false), |low| (low, i64::MAX, false)),
                Compare::Ge => (*n, i64::MAX, false),
            },
        })
    }

    /// The same condition about what a reading is read off, where there is one.
    pub(super) fn unread(&self, value: &Expr, reckoning: &Reckoning) -> Option<Self> {
        let Node::Calendar(reading, of) = &value.node else { return None };
        let (low, high, false) = self.range()? else { return None };
        let (from, to, known) = match reading {
            // The later the day, the fewer days since.
            Calendar::DaysSince => {
                let back = |days: i64, open: i64, end: i64| if days == open { Some(end) } else { reckoning.today.checked_sub(days) };
                (back(high, i64::MAX, i64::MIN)?, back(low, i64::MIN, i64::MAX)?, i64::MAX)
            }
            Calendar::DateOf => (low, high, i64::MAX),
            Calendar::Age => {
                let (from, to) = reckoning.born(low, high)?;
                (from, to, reckoning.today)
            }
            _ => return None,
        };
        if of.kind != shuke_columns::Type::Instant {
            return Some(Self::Within { low: from, high: to, known });
        }
        if *reading == Calendar::Age {
            return None;
        }
        let low = if from == i64::MIN { from } else { reckoning.boundary(from)? };
        let high = if to == i64::MAX { to } else { reckoning.boundary(to.checked_add(1)?)? - 1 };
        Some(Self::Within { low, high, known })
    }
}
