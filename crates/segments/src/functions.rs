//! What can be read off a date or an instant, and how rows are made into one value.

use shuke_columns::Type;

/// What is read off a date or an instant.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Calendar {
    /// Days from it to today.
    DaysSince,
    /// Days until it is next kept.
    DaysUntilNext,
    /// Whole years.
    Age,
    /// 1 to 12.
    MonthOf,
    /// 1 to 31.
    DayOf,
    /// Monday is 1.
    WeekdayOf,
    /// 0 to 23.
    HourOf,
    /// Its day.
    DateOf,
}

impl Calendar {
    /// All of them, with their names.
    pub const ALL: [(Self, &'static str); 8] = [
        (Self::DaysSince, "days_since"),
        (Self::DaysUntilNext, "days_until_next"),
        (Self::Age, "age"),
        (Self::MonthOf, "month_of"),
        (Self::DayOf, "day_of"),
        (Self::WeekdayOf, "weekday_of"),
        (Self::HourOf, "hour_of"),
        (Self::DateOf, "date_of"),
    ];

    /// Its name.
    pub fn name(self) -> &'static str {
        Self::ALL[self as usize].1
    }

    /// Whether it reads a value of that type.
    pub fn reads(self, kind: Type) -> bool {
        match self {
            Self::DaysUntilNext | Self::Age => kind == Type::Date,
            Self::HourOf | Self::DateOf => kind == Type::Instant,
            _ => matches!(kind, Type::Date | Type::Instant),
        }
    }

    /// The type of what it tells.
    pub fn tells(self) -> Type {
        if self == Self::DateOf { Type::Date } else { Type::Int }
    }
}

/// How rows are made into one value.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Fold {
    /// How many.
    Count,
    /// Added up.
    Sum,
    /// Their mean.
    Avg,
    /// The least.
    Min,
    /// The greatest.
    Max,
    /// How many different ones.
    Distinct,
    /// That of the first row.
    First,
    /// That of the last row.
    Last,
}

impl Fold {
    /// All of them, with their names.
    pub const ALL: [(Self, &'static str); 8] = [
        (Self::Count, "count"),
        (Self::Sum, "sum"),
        (Self::Avg, "avg"),
        (Self::Min, "min"),
        (Self::Max, "max"),
        (Self::Distinct, "distinct"),
        (Self::First, "first"),
        (Self::Last, "last"),
    ];

    /// Its name.
    pub fn name(self) -> &'static str {
        Self::ALL[self as usize].1
    }

    /// Whether it takes values of that type.
    pub fn takes(self, kind: Type) -> bool {
        match self {
            Self::Count => false,
            Self::Sum | Self::Avg => kind.is_number(),
            Self::Min | Self::Max => kind.is_ordered(),
            Self::Distinct | Self::First | Self::Last => kind != Type::Tags,
        }
    }

    /// The type of what it makes of values of that type.
    pub fn makes(self, of: Option<Type>) -> Type {
        match (self, of) {
            (Self::Count | Self::Distinct, _) | (_, None) => Type::Int,
            (Self::Avg, Some(Type::Fen)) => Type::Fen,
            (Self::Avg, Some(_)) => Type::Dec,
            (_, Some(of)) => of,
        }
    }
}
