//! The tree as JSON, as the language has it.

use serde_json::{Map, Value as Json, json};

use crate::literal::{show_date, show_decimal, show_instant};
use crate::tree::{AsOf, Cond, Cut, Edge, Literal, Operand, Rank, Rows, Sequence, Top, Value, Wait, Window, Within};

/// A decimal: whole ones as a number, others as a text.
fn decimal(millionths: i64) -> Json {
    let text = show_decimal(millionths);
    text.parse::<i64>().map_or(Json::String(text), Json::from)
}

/// A literal.
pub fn literal(literal: &Literal) -> Json {
    match literal {
        Literal::Int(n) | Literal::Fen(n) => (*n).into(),
        Literal::Dec(n) => decimal(*n),
        Literal::Text(text) => (&**text).into(),
        Literal::Date(day) => show_date(*day).into(),
        Literal::Instant(t) => show_instant(*t).into(),
        Literal::Bool(b) => (*b).into(),
    }
}

/// A condition.
pub fn cond(of: &Cond) -> Json {
    match of {
        Cond::And(args) => json!({ "op": "and", "args": args.iter().map(cond).collect::<Vec<_>>() }),
        Cond::Or(args) => json!({ "op": "or", "args": args.iter().map(cond).collect::<Vec<_>>() }),
        Cond::Not(arg) => json!({ "op": "not", "arg": cond(arg) }),
        Cond::All => json!({ "op": "all" }),
        Cond::Compare(op, left, right) => {
            let right = match right {
                Operand::Value(right) => value(right),
                Operand::Literal(right) => literal(right),
            };
            json!({ "op": op.name(), "left": value(left), "right": right })
        }
        Cond::Between(of, from, to) => json!({ "op": "between", "value": value(of), "from": literal(from), "to": literal(to) }),
        Cond::In(of, list) => json!({ "op": "in", "value": value(of), "list": list.iter().map(literal).collect::<Vec<_>>() }),
        Cond::IsMissing(of) => json!({ "op": "is_missing", "value": value(of) }),
        Cond::Under(of, paths) => json!({ "op": "under", "value": value(of), "paths": paths }),
        Cond::Contains(of, text) => json!({ "op": "contains", "value": value(of), "text": text }),
        Cond::Tags { all, tags, added } => {
            let mut out = object(&[("op", if *all { "has_all" } else { "has_any" }.into()), ("tags", json!(tags))]);
            put(&mut out, "added", added.as_ref().map(window));
            out.into()
        }
        Cond::Exists(of) => {
            let mut out = object(&[("op", "exists".into()), ("table", json!(of.table))]);
            rows(&mut out, of);
            out.into()
        }
        Cond::Sequence(of) => sequence(of),
        Cond::InSegment(id) => json!({ "op": "in_segment", "id": id }),
        Cond::Top(of) => top(of),
    }
}

/// A value.
pub fn value(of: &Value) -> Json {
    match of {
        Value::Fact(name) => json!({ "fact": name }),
        Value::Col(name) => json!({ "col": name }),
        Value::Agg(agg) => {
            let mut out = object(&[("agg", agg.fold.name().into()), ("table", json!(agg.rows.table))]);
            put(&mut out, "of", agg.of.as_ref().map(|of| json!(of)));
            rows(&mut out, &agg.rows);
            out.into()
        }
        Value::Ratio(pair) => json!({ "ratio": pair.iter().map(value).collect::<Vec<_>>() }),
        Value::Sub(pair) => json!({ "sub": pair.iter().map(value).collect::<Vec<_>>() }),
        Value::Add(values) => json!({ "add": values.iter().map(value).collect::<Vec<_>>() }),
        Value::Calendar(reading, of) => object(&[(reading.name(), value(of))]).into(),
    }
}

fn object(entries: &[(&str, Json)]) -> Map<String, Json> {
    entries.iter().map(|(k, v)| ((*k).to_owned(), v.clone())).collect()
}

fn put(out: &mut Map<String, Json>, key: &str, of: Option<Json>) {
    if let Some(of) = of {
        out.insert(key.to_owned(), of);
    }
}

fn rows(out: &mut Map<String, Json>, of: &Rows) {
    put(out, "where", of.filter.as_deref().map(cond));
    put(out, "window", of.window.as_ref().map(window));
    put(out, "on", of.on.as_ref().map(|on| json!(on)));
}

fn edge(edge: Edge) -> Json {
    match edge {
        Edge::Date(day) => show_date(day).into(),
        Edge::Instant(t) => show_instant(t).into(),
    }
}

/// A window.
pub fn window(of: &Window) -> Json {
    match of {
        Window::Between(from, to) => {
            let mut out = Map::new();
            put(&mut out, "from", from.map(edge));
            put(&mut out, "to", to.map(edge));
            out.into()
        }
        Window::Last { n, unit, until, cut } => {
            let mut out = object(&[("last", (*n).into()), ("unit", unit.name().into())]);
            put(&mut out, "until", until.map(Json::from));
            put(&mut out, "complete", (*cut == Cut::Complete).then_some(Json::Bool(true)));
            put(&mut out, "rolling", (*cut == Cut::Rolling).then_some(Json::Bool(true)));
            out.into()
        }
        Window::Current(period) => json!({ "current": period.name() }),
        Window::Previous(period) => json!({ "previous": period.name() }),
    }
}

fn within(of: Within) -> Json {
    let unit = if of.of == Wait::Hours { "hours" } else { "days" };
    let mut out = object(&[("n", of.n.into()), ("unit", unit.into())]);
    put(&mut out, "business", (of.of == Wait::BusinessDays).then_some(Json::Bool(true)));
    out.into()
}

fn sequence(of: &Sequence) -> Json {
    let step = |step: &crate::tree::Step| {
        let mut out = object(&[("table", json!(step.table))]);
        put(&mut out, "where", step.filter.as_deref().map(cond));
        put(&mut out, "within", step.within.map(within));
        put(&mut out, "absent", step.absent.then_some(Json::Bool(true)));
        Json::from(out)
    };
    let mut out = object(&[("op", "sequence".into()), ("steps", of.steps.iter().map(step).collect())]);
    put(&mut out, "same", of.same.as_ref().map(|s| json!(s)));
    put(&mut out, "window", of.window.as_ref().map(window));
    out.into()
}

fn top(of: &Top) -> Json {
    let mut out = object(&[("op", "top".into()), ("by", value(&of.by))]);
    match of.count {
        Rank::Count(n) => put(&mut out, "n", Some(n.into())),
        Rank::Percent(p) => put(&mut out, "percent", Some(show_decimal(p).into())),
    }
    put(&mut out, "of", of.of.as_ref().map(cond));
    put(
        &mut out,
        "as_of",
        of.as_of.map(|as_of| match as_of {
            AsOf::Instant(t) => show_instant(t).into(),
            AsOf::DayStart => "day_start".into(),
        }),
    );
    put(&mut out, "end", of.low.then(|| "low".into()));
    out.into()
}
