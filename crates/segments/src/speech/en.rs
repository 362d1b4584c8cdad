//! In English.

use super::{Speaker, amount, column, fact, is_time, names, plain, table, word};
use crate::tree::{
    AsOf, Calendar, Compare, Cond, Cut, Fold, Literal, Name, Operand, Period, Rank, Rows, Sequence, Step, Top, Unit, Value, Wait, Window,
};

impl Speaker<'_> {
    /// A condition; `of` is the table whose rows it is about, `inner` whether it stands inside another.
    pub(super) fn en(&self, cond: &Cond, of: Option<&str>, inner: bool) -> String {
        let joined = |args: &[Cond], joint: &str| match args {
            [one] => self.en(one, of, inner),
            _ => {
                let all = args.iter().map(|a| self.en(a, of, true)).collect::<Vec<_>>().join(joint);
                if inner { format!("({all})") } else { all }
            }
        };
        match cond {
            Cond::And(args) => joined(args, ", and "),
            Cond::Or(args) => joined(args, ", or "),
            Cond::Not(arg) => self.en_not(arg, of),
            Cond::All => "everyone".to_owned(),
            Cond::Compare(op, left, right) => self.en_compare(*op, left, right, of),
            Cond::Between(value, from, to) => {
                let (from_word, to_word) = if is_time(from) { ("from", "to before") } else { ("from", "to below") };
                format!("{} is {from_word} {} {to_word} {}", self.en_value(value, of), self.en_literal(from), self.en_literal(to))
            }
            Cond::In(value, list) => {
                let words: Vec<String> = list.iter().map(|l| self.en_beside(value, l, of)).collect();
                format!("{} is {}", self.en_value(value, of), words.join(" or "))
            }
            Cond::IsMissing(value) => format!("{} is missing", self.en_value(value, of)),
            Cond::Under(value, paths) => format!("{} is in {}", self.en_value(value, of), texts(paths, " or ")),
            Cond::Contains(value, text) => format!("{} contains “{text}”", self.en_value(value, of)),
            Cond::Tags { all, tags, added } => {
                let added = added.as_ref().map_or_else(String::new, |w| format!(", given {}", self.en_window(w)));
                let (plural, joint) = if *all && tags.len() > 1 { ("tags", " and ") } else { ("tag", " or ") };
                format!("has the {plural} {}{added}", texts(tags, joint))
            }
            Cond::Exists(rows) => format!("there are {}", self.en_rows(rows)),
            Cond::Sequence(sequence) => self.en_sequence(sequence),
            Cond::InSegment(id) => format!("is in the segment “{}”", self.segment(id)),
            Cond::Top(top) => self.en_top(top),
        }
    }

    fn en_not(&self, arg: &Cond, of: Option<&str>) -> String {
        match arg {
            Cond::Exists(rows) => format!("there are no {}", self.en_rows(rows)),
            Cond::InSegment(id) => format!("is not in the segment “{}”", self.segment(id)),
            Cond::IsMissing(value) => format!("{} is known", self.en_value(value, of)),
            Cond::Tags { all: false, tags, added: None } => format!("has not the tag {}", texts(tags, " or ")),
            Cond::Under(value, paths) => format!("{} is not in {}", self.en_value(value, of), texts(paths, " or ")),
            Cond::In(value, list) => {
                let words: Vec<String> = list.iter().map(|l| self.en_beside(value, l, of)).collect();
                format!("{} is not {}", self.en_value(value, of), words.join(" or "))
            }
            other => {
                let told = self.en(other, of, true);
                if told.starts_with('(') { format!("not {told}") } else { format!("not ({told})") }
            }
        }
    }

    fn en_rows(&self, rows: &Rows) -> String {
        let filter = rows.filter.as_ref().map_or_else(String::new, |f| format!(" ({})", self.en(f, Some(&rows.table), false)));
        let window = rows.window.as_ref().map_or_else(String::new, |w| format!(" {}", self.en_window(w)));
        let on = rows.on.as_ref().map_or_else(String::new, |on| format!(" by {}", column(&rows.table, on, false)));
        format!("{}{filter}{window}{on}", table(&rows.table, false))
    }

    fn en_compare(&self, op: Compare, left: &Value, right: &Operand, of: Option<&str>) -> String {
        let value = self.en_value(left, of);
        let (right, literal) = match right {
            Operand::Value(right) => (self.en_value(right, of), None),
            Operand::Literal(Literal::Bool(yes)) => {
                return if *yes == (op == Compare::Eq) { value } else { format!("not {value}") };
            }
            Operand::Literal(literal) => (self.en_beside(left, literal, of), Some(literal)),
        };
        let sign = match (op, literal.is_some_and(is_time)) {
            (Compare::Eq, _) => "is",
            (Compare::Ne, _) => "is not",
            (Compare::Lt, true) => "is before",
            (Compare::Le, true) => "is not after",
            (Compare::Gt, true) => "is after",
            (Compare::Ge, true) => "is not before",
            (Compare::Lt, false) => "is less than",
            (Compare::Le, false) => "is at most",
            (Compare::Gt, false) => "is greater than",
            (Compare::Ge, false) => "is at least",
        };
        format!("{value} {sign} {right}")
    }

    fn en_beside(&self, value: &Value, literal: &Literal, of: Option<&str>) -> String {
        match literal {
            Literal::Text(text) => word(value, of, text, false).map_or_else(|| format!("“{text}”"), str::to_owned),
            other => self.en_literal(other),
        }
    }

    fn en_literal(&self, literal: &Literal) -> String {
        match literal {
            Literal::Fen(fen) => format!("¥{}", amount(*fen)),
            Literal::Text(text) => format!("“{text}”"),
            Literal::Instant(t) => self.clock(*t),
            Literal::Bool(yes) => if *yes { "yes" } else { "no" }.to_owned(),
            other => plain(other).unwrap_or_default(),
        }
    }

    pub(super) fn en_value(&self, value: &Value, of: Option<&str>) -> String {
        let list = |values: &[Value], joint: &str| values.iter().map(|v| self.en_value(v, of)).collect::<Vec<_>>().join(joint);
        match value {
            Value::Fact(name) => fact(name, false),
            Value::Col(name) => column(of.unwrap_or_default(), name, false),
            Value::Agg(agg) => {
                let rows = self.en_rows(&agg.rows);
                let column = agg.of.as_ref().map_or_else(String::new, |c| column(&agg.rows.table, c, false));
                match agg.fold {
                    Fold::Count => format!("the number of {rows}"),
                    Fold::Sum => format!("the sum of {column} of {rows}"),
                    Fold::Avg => format!("the mean {column} of {rows}"),
                    Fold::Min => format!("the least {column} of {rows}"),
                    Fold::Max => format!("the greatest {column} of {rows}"),
                    // A line's order is where it stands: what is counted are orders.
                    Fold::Distinct if &*agg.rows.table == "lines" && agg.of.as_deref() == Some("order") => {
                        format!("the number of orders with {rows}")
                    }
                    Fold::Distinct => format!("the number of different {column} of {rows}"),
                    Fold::First => format!("{column} of the first of {rows}"),
                    Fold::Last => format!("{column} of the last of {rows}"),
                }
            }
            Value::Ratio(pair) => format!("({})", list(&**pair, " ÷ ")),
            Value::Add(values) => format!("({})", list(values, " + ")),
            Value::Sub(pair) => format!("({})", list(&**pair, " − ")),
            Value::Calendar(reading, inner) => {
                let inner = self.en_value(inner, of);
                match reading {
                    Calendar::DaysSince => format!("days since {inner}"),
                    Calendar::DaysUntilNext => format!("days until the next {inner}"),
                    Calendar::Age if inner == "birthday" => "age".to_owned(),
                    Calendar::Age => format!("whole years since {inner}"),
                    Calendar::MonthOf => format!("the month of {inner}"),
                    Calendar::DayOf => format!("the day of the month of {inner}"),
                    Calendar::WeekdayOf => format!("the weekday of {inner}"),
                    Calendar::HourOf => format!("the hour of {inner}"),
                    Calendar::DateOf => format!("the date of {inner}"),
                }
            }
        }
    }

    fn en_window(&self, window: &Window) -> String {
        match window {
            Window::Between(Some(from), Some(to)) => format!("from {} to before {}", self.edge(*from), self.edge(*to)),
            Window::Between(Some(from), None) => format!("from {} on", self.edge(*from)),
            Window::Between(None, to) => to.map_or_else(String::new, |to| format!("before {}", self.edge(to))),
            Window::Last { n, unit, until: Some(m), .. } => format!("from {n} to {m} {} ago", unit.name()),
            Window::Last { n, unit, cut, .. } => {
                let cut = match cut {
                    Cut::Days => "",
                    Cut::Complete => ", today left out",
                    Cut::Rolling => ", to the instant",
                };
                let unit = if *n == 1 { unit_of_one(*unit) } else { unit.name() };
                format!("in the last {n} {unit}{cut}")
            }
            Window::Current(Period::Day) => "today".to_owned(),
            Window::Previous(Period::Day) => "yesterday".to_owned(),
            Window::Current(period) => format!("this {}", period.name()),
            Window::Previous(period) => format!("last {}", period.name()),
        }
    }

    fn en_step(&self, step: &Step, window: Option<&Window>) -> String {
        let rows = Rows { table: step.table.clone(), filter: step.filter.clone(), window: window.cloned(), on: None };
        let within = step.within.map_or_else(String::new, |w| match w.of {
            Wait::Hours => format!(" within {} hours", w.n),
            Wait::Days => format!(" within {} days", w.n),
            Wait::BusinessDays => format!(" before the end of day {}", w.n),
        });
        format!("{}{}{within}", if step.absent { "no " } else { "" }, self.en_rows(&rows))
    }

    fn en_sequence(&self, of: &Sequence) -> String {
        let steps = of.steps.iter().enumerate().map(|(i, step)| self.en_step(step, of.window.as_ref().filter(|_| i == 0)));
        let first_table = of.steps.first().map_or("", |s| &*s.table);
        let same = of.same.as_ref().map_or_else(String::new, |same| format!(", all of the same {}", column(first_table, same, false)));
        format!("{}{same}", steps.collect::<Vec<_>>().join(", then "))
    }

    fn en_top(&self, top: &Top) -> String {
        let count = match top.count {
            Rank::Count(n) => n.to_string(),
            Rank::Percent(p) => format!("{}%", crate::literal::show_decimal(p)),
        };
        let end = if top.low { "bottom" } else { "top" };
        let among = top.of.as_ref().map_or_else(String::new, |of| format!(" (among members with {})", self.en(of, None, false)));
        let at = match top.as_of {
            None => String::new(),
            Some(AsOf::DayStart) => " (as of the start of today)".to_owned(),
            Some(AsOf::Instant(t)) => format!(" (as of {})", self.clock(t)),
        };
        format!("is in the {end} {count} by {}{among}{at}", self.en_value(&top.by, None))
    }
}

fn unit_of_one(unit: Unit) -> &'static str {
    match unit {
        Unit::Hours => "hour",
        Unit::Days => "day",
        Unit::Months => "month",
    }
}

fn texts(of: &[Name], joint: &str) -> String {
    names(of).iter().map(|t| format!("“{t}”")).collect::<Vec<_>>().join(joint)
}
