//! The typed tree of an expression, as it is after it was checked: every name is known, every literal has
//! its type, every window can be.

pub use crate::functions::{Calendar, Fold};

/// A name of the registry, or an id.
pub type Name = Box<str>;

/// A condition.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Cond {
    /// All of them.
    And(Vec<Cond>),
    /// Any of them.
    Or(Vec<Cond>),
    /// The opposite; unknown stays unknown.
    Not(Box<Cond>),
    /// Everyone.
    All,
    /// A value beside another or a literal.
    Compare(Compare, Value, Operand),
    /// `[from, to)`.
    Between(Value, Literal, Literal),
    /// One of a list.
    In(Value, Vec<Literal>),
    /// Whether a value is missing.
    IsMissing(Value),
    /// Whether a text is one of the paths or lies below one.
    Under(Value, Vec<Name>),
    /// Whether a text contains another.
    Contains(Value, Name),
    /// Whether tags are held.
    Tags {
        /// Each of them, not only one.
        all: bool,
        /// Which.
        tags: Vec<Name>,
        /// Given when.
        added: Option<Window>,
    },
    /// Whether there is a row.
    Exists(Rows),
    /// Whether rows can be chosen one after the other.
    Sequence(Sequence),
    /// Whether the member is in another segment.
    InSegment(Name),
    /// Whether a value reaches a threshold.
    Top(Box<Top>),
}

/// How two values are compared.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Compare {
    /// Equal.
    Eq,
    /// Not equal.
    Ne,
    /// Less.
    Lt,
    /// Less or equal.
    Le,
    /// Greater.
    Gt,
    /// Greater or equal.
    Ge,
}

impl Compare {
    /// All of them, with their names in JSON and in text.
    pub const ALL: [(Self, &'static str, &'static str); 6] = [
        (Self::Eq, "eq", "="),
        (Self::Ne, "ne", "!="),
        (Self::Lt, "lt", "<"),
        (Self::Le, "le", "<="),
        (Self::Gt, "gt", ">"),
        (Self::Ge, "ge", ">="),
    ];

    /// Its name in JSON.
    pub fn name(self) -> &'static str {
        Self::ALL[self as usize].1
    }

    /// Its sign in text.
    pub fn sign(self) -> &'static str {
        Self::ALL[self as usize].2
    }

    /// Whether it holds of two values that stand so.
    #[inline]
    pub fn holds(self, order: std::cmp::Ordering) -> bool {
        match self {
            Self::Eq => order.is_eq(),
            Self::Ne => order.is_ne(),
            Self::Lt => order.is_lt(),
            Self::Le => order.is_le(),
            Self::Gt => order.is_gt(),
            Self::Ge => order.is_ge(),
        }
    }
}

/// What stands at the right of a comparison.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Operand {
    /// Another value.
    Value(Value),
    /// A literal.
    Literal(Literal),
}

/// A literal with its type.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum Literal {
    /// A whole number.
    Int(i64),
    /// Money in minor units.
    Fen(i64),
    /// A decimal, as millionths.
    Dec(i64),
    /// A text.
    Text(Name),
    /// A day, as days since 1970-01-01.
    Date(i64),
    /// An instant, as microseconds since 1970.
    Instant(i64),
    /// Yes or no.
    Bool(bool),
}

impl Literal {
    /// The number that the layout keeps for it; none for a text.
    pub fn number(&self) -> Option<i64> {
        match self {
            Self::Int(n) | Self::Fen(n) | Self::Dec(n) | Self::Date(n) | Self::Instant(n) => Some(*n),
            Self::Bool(b) => Some(i64::from(*b)),
            Self::Text(_) => None,
        }
    }
}

/// A value.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Value {
    /// A fact of the member.
    Fact(Name),
    /// A column of the row.
    Col(Name),
    /// Rows made into one value.
    Agg(Box<Agg>),
    /// One over another, exactly.
    Ratio(Box<[Value; 2]>),
    /// Values together.
    Add(Vec<Value>),
    /// One less another.
    Sub(Box<[Value; 2]>),
    /// A reading of the calendar.
    Calendar(Calendar, Box<Value>),
}

/// An aggregate.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Agg {
    /// How.
    pub fold: Fold,
    /// The column; none for a count.
    pub of: Option<Name>,
    /// Which rows.
    pub rows: Rows,
}

/// Rows of a table.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Rows {
    /// The table.
    pub table: Name,
    /// Of which this is true.
    pub filter: Option<Box<Cond>>,
    /// That lie here.
    pub window: Option<Window>,
    /// The column that the window is about, instead of the row's time.
    pub on: Option<Name>,
}

/// A stretch of time, before the time of the question.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum Window {
    /// Between two edges, one of which may be open.
    Between(Option<Edge>, Option<Edge>),
    /// The last so many.
    Last {
        /// How many.
        n: i64,
        /// Of what.
        unit: Unit,
        /// Until so many ago.
        until: Option<i64>,
        /// How its ends are cut.
        cut: Cut,
    },
    /// From the start of the day, week … to the time of the question.
    Current(Period),
    /// The whole one before.
    Previous(Period),
}

/// An end of a window.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Edge {
    /// The first instant of a day.
    Date(i64),
    /// An instant.
    Instant(i64),
}

/// What a window counts in.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Unit {
    /// Hours.
    Hours,
    /// Days.
    Days,
    /// Months.
    Months,
}

impl Unit {
    /// All of them, with their names.
    pub const ALL: [(Self, &'static str); 3] = [(Self::Hours, "hours"), (Self::Days, "days"), (Self::Months, "months")];

    /// Its name.
    pub fn name(self) -> &'static str {
        Self::ALL[self as usize].1
    }
}

/// How the ends of a window of days or months are cut.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Cut {
    /// From a midnight to now.
    Days,
    /// From a midnight to today's.
    Complete,
    /// To the microsecond.
    Rolling,
}

/// A period of the calendar.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Period {
    /// A day.
    Day,
    /// From Monday.
    Week,
    /// A month.
    Month,
    /// A quarter.
    Quarter,
    /// A year.
    Year,
}

impl Period {
    /// All of them, with their names.
    pub const ALL: [(Self, &'static str); 5] =
        [(Self::Day, "day"), (Self::Week, "week"), (Self::Month, "month"), (Self::Quarter, "quarter"), (Self::Year, "year")];

    /// Its name.
    pub fn name(self) -> &'static str {
        Self::ALL[self as usize].1
    }
}

/// Rows one after the other.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Sequence {
    /// 2 to 10.
    pub steps: Vec<Step>,
    /// The column whose value all of them carry.
    pub same: Option<Name>,
    /// Where the first lies.
    pub window: Option<Window>,
}

/// A step of a sequence.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Step {
    /// The table.
    pub table: Name,
    /// Of which this is true.
    pub filter: Option<Box<Cond>>,
    /// How long after the row before.
    pub within: Option<Within>,
    /// That there is no such row.
    pub absent: bool,
}

/// A wait.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Within {
    /// How many.
    pub n: i64,
    /// Of what.
    pub of: Wait,
}

/// What a wait counts in.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Wait {
    /// Hours to the microsecond.
    Hours,
    /// 24 hours each.
    Days,
    /// Days of the shop, the last one whole.
    BusinessDays,
}

/// The greatest or smallest of the base.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Top {
    /// By what.
    pub by: Value,
    /// How many.
    pub count: Rank,
    /// Among whom.
    pub of: Option<Cond>,
    /// When the threshold is computed.
    pub as_of: Option<AsOf>,
    /// The smallest instead.
    pub low: bool,
}

/// How many are the top.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Rank {
    /// So many.
    Count(i64),
    /// So many in a hundred, as millionths.
    Percent(i64),
}

/// When a threshold is computed.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum AsOf {
    /// Then.
    Instant(i64),
    /// At the start of today.
    DayStart,
}
