//! The canonical text of a tree.

use crate::literal::{show_date, show_decimal, show_fen, show_instant};
use crate::tree::{AsOf, Cond, Cut, Edge, Literal, Name, Operand, Rank, Rows, Sequence, Step, Top, Value, Wait, Window};

/// The canonical text of an expression.
pub fn show(of: &Cond) -> String {
    match of {
        Cond::And(args) | Cond::Or(args) if args.len() == 1 => args.first().map_or_else(String::new, show),
        Cond::And(args) => args.iter().map(inner).collect::<Vec<_>>().join(" and "),
        Cond::Or(args) => args.iter().map(inner).collect::<Vec<_>>().join(" or "),
        Cond::Not(arg) => format!("not {}", inner(arg)),
        Cond::All => "everyone".to_owned(),
        Cond::Compare(op, left, right) => {
            let right = match right {
                Operand::Value(right) => value(right),
                Operand::Literal(right) => literal(right),
            };
            format!("{} {} {right}", value(left), op.sign())
        }
        Cond::Between(of, from, to) => format!("{} in [{}, {})", value(of), literal(from), literal(to)),
        Cond::In(of, list) => format!("{} in ({})", value(of), list.iter().map(literal).collect::<Vec<_>>().join(", ")),
        Cond::IsMissing(of) => format!("{} is missing", value(of)),
        Cond::Under(of, paths) => format!("{} under ({})", value(of), texts(paths)),
        Cond::Contains(of, part) => format!("{} contains {}", value(of), text(part)),
        Cond::Tags { all, tags, added } => {
            let added = added.as_ref().map_or_else(String::new, |w| format!(", added {}", window(w)));
            format!("{}({}{added})", if *all { "has_all" } else { "has_any" }, texts(tags))
        }
        Cond::Exists(of) => format!("exists({})", rows(of, None)),
        Cond::Sequence(of) => sequence(of),
        Cond::InSegment(id) => format!("segment({})", text(id)),
        Cond::Top(of) => top(of),
    }
}

/// A condition inside another: in parentheses where it joins several.
fn inner(of: &Cond) -> String {
    match of {
        Cond::And(args) | Cond::Or(args) if args.len() == 1 => args.first().map_or_else(String::new, inner),
        Cond::And(_) | Cond::Or(_) => format!("({})", show(of)),
        _ => show(of),
    }
}

fn text(of: &str) -> String {
    serde_json::Value::from(of).to_string()
}

fn texts(of: &[Name]) -> String {
    of.iter().map(|t| text(t)).collect::<Vec<_>>().join(", ")
}

fn literal(of: &Literal) -> String {
    match of {
        Literal::Int(n) => n.to_string(),
        Literal::Fen(n) => show_fen(*n),
        Literal::Dec(n) => show_decimal(*n),
        Literal::Text(t) => text(t),
        Literal::Date(day) => show_date(*day),
        Literal::Instant(t) => show_instant(*t),
        Literal::Bool(b) => b.to_string(),
    }
}

fn value(of: &Value) -> String {
    let list = |values: &[Value]| values.iter().map(value).collect::<Vec<_>>().join(", ");
    match of {
        Value::Fact(name) | Value::Col(name) => name.to_string(),
        Value::Agg(agg) => format!("{}({})", agg.fold.name(), rows(&agg.rows, agg.of.as_deref())),
        Value::Ratio(pair) => format!("ratio({})", list(&**pair)),
        Value::Sub(pair) => format!("sub({})", list(&**pair)),
        Value::Add(values) => format!("add({})", list(values)),
        Value::Calendar(reading, of) => format!("{}({})", reading.name(), value(of)),
    }
}

fn rows(of: &Rows, column: Option<&str>) -> String {
    let mut out = of.table.to_string();
    if let Some(column) = column {
        out += &format!(".{column}");
    }
    if let Some(filter) = &of.filter {
        out += &format!(" where {}", show(filter));
    }
    if let Some(w) = &of.window {
        out += &format!(", {}", window(w));
    }
    if let Some(on) = &of.on {
        out += &format!(", on {on}");
    }
    out
}

fn window(of: &Window) -> String {
    let edge = |e: &Edge| match e {
        Edge::Date(day) => show_date(*day),
        Edge::Instant(t) => show_instant(*t),
    };
    match of {
        Window::Between(from, to) => {
            let from = from.as_ref().map(|e| format!("from {}", edge(e)));
            let to = to.as_ref().map(|e| format!("to {}", edge(e)));
            from.into_iter().chain(to).collect::<Vec<_>>().join(" ")
        }
        Window::Last { n, unit, until, cut } => {
            let until = until.map_or_else(String::new, |m| format!(" until {m}"));
            let cut = match cut {
                Cut::Days => "",
                Cut::Complete => " complete",
                Cut::Rolling => " rolling",
            };
            format!("last {n}{until}{cut} {}", unit.name())
        }
        Window::Current(period) => format!("current {}", period.name()),
        Window::Previous(period) => format!("previous {}", period.name()),
    }
}

fn step(of: &Step) -> String {
    let mut out = if of.absent { format!("no {}", of.table) } else { of.table.to_string() };
    if let Some(filter) = &of.filter {
        out += &format!(" where {}", show(filter));
    }
    if let Some(within) = of.within {
        let unit = match within.of {
            Wait::Hours => "hours",
            Wait::Days => "days",
            Wait::BusinessDays => "business days",
        };
        out += &format!(" within {} {unit}", within.n);
    }
    out
}

fn sequence(of: &Sequence) -> String {
    let mut out = of.steps.iter().map(step).collect::<Vec<_>>().join(" then ");
    if let Some(same) = &of.same {
        out += &format!(", same {same}");
    }
    if let Some(w) = &of.window {
        out += &format!(", starting {}", window(w));
    }
    format!("sequence({out})")
}

fn top(of: &Top) -> String {
    let mut out = match of.count {
        Rank::Count(n) => n.to_string(),
        Rank::Percent(p) => format!("{}%", show_decimal(p)),
    };
    out += &format!(" by {}", value(&of.by));
    if let Some(of) = &of.of {
        out += &format!(", of {}", show(of));
    }
    match of.as_of {
        Some(AsOf::Instant(t)) => out += &format!(", as of {}", show_instant(t)),
        Some(AsOf::DayStart) => out += ", as of day start",
        None => {}
    }
    format!("{}({out})", if of.low { "bottom" } else { "top" })
}
