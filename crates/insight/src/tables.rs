//! A report as tables of plain cells: for a person at a terminal, and for export as CSV. Each
//! number of the answer stands in one of them.

use serde_json::Value;

use crate::Answer;

/// A table.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Table {
    /// Its name, unique within the report.
    pub name: String,
    /// Names of the columns.
    pub header: Vec<String>,
    /// The cells.
    pub rows: Vec<Vec<String>>,
}

impl Table {
    /// The table as CSV (RFC 4180) with a header, lines ended by CR LF, in UTF-8 with the mark that
    /// spreadsheets look for.
    pub fn csv(&self) -> String {
        let mut out = String::from("\u{feff}");
        for row in std::iter::once(&self.header).chain(&self.rows) {
            for (i, cell) in row.iter().enumerate() {
                if i > 0 {
                    out.push(',');
                }
                quote(cell, &mut out);
            }
            out.push_str("\r\n");
        }
        out
    }
}

/// A cell; a text that a spreadsheet would run as a formula is kept a text by an apostrophe.
fn quote(cell: &str, out: &mut String) {
    let number = cell.strip_prefix('-').is_some_and(|rest| !rest.is_empty() && rest.bytes().all(|b| b.is_ascii_digit() || b == b'.'));
    let formula = !number && cell.starts_with(['=', '+', '-', '@', '\t', '\r']);
    if formula || cell.contains([',', '"', '\n', '\r']) {
        out.push('"');
        if formula {
            out.push('\'');
        }
        out.push_str(&cell.replace('"', "\"\""));
        out.push('"');
    } else {
        out.push_str(cell);
    }
}

/// The tables of an answer. The first is the report's own; `figures` holds single numbers,
/// `about` what the figures rest on.
pub fn tables(answer: &Answer) -> Vec<Table> {
    let (Ok(Value::Object(head)), Ok(Value::Object(body))) = (serde_json::to_value(&answer.head), serde_json::to_value(&answer.body))
    else {
        return Vec::new();
    };
    let mut lists = Vec::new();
    let mut figures = Vec::new();
    for (name, value) in &body {
        gather(name, value, &mut lists, &mut figures);
    }
    if !figures.is_empty() {
        lists.push(pairs("figures", figures));
    }
    let mut about = Vec::new();
    for (name, value) in &head {
        gather(name, value, &mut Vec::new(), &mut about);
    }
    lists.push(pairs("about", about));
    lists
}

fn pairs(name: &str, rows: Vec<(String, String)>) -> Table {
    Table {
        name: name.to_owned(),
        header: vec!["figure".to_owned(), "value".to_owned()],
        rows: rows.into_iter().map(|(a, b)| vec![a, b]).collect(),
    }
}

/// A ratio shows as its value.
fn ratio(value: &Value) -> Option<String> {
    let object = value.as_object().filter(|o| o.len() == 3 && o.contains_key("num") && o.contains_key("den"))?;
    Some(object.get("value").and_then(Value::as_str).unwrap_or_default().to_owned())
}

fn cell(value: &Value) -> Option<String> {
    match value {
        Value::Null => Some(String::new()),
        Value::String(s) => Some(s.clone()),
        Value::Number(n) => Some(n.to_string()),
        Value::Bool(b) => Some(b.to_string()),
        Value::Object(_) => ratio(value),
        Value::Array(_) => None,
    }
}

fn gather(name: &str, value: &Value, lists: &mut Vec<Table>, figures: &mut Vec<(String, String)>) {
    if let Some(cell) = cell(value) {
        figures.push((name.to_owned(), cell));
        return;
    }
    match value {
        Value::Object(object) => {
            for (key, inner) in object {
                gather(&format!("{name}.{key}"), inner, lists, figures);
            }
        }
        Value::Array(rows) => lists.push(list(name, rows)),
        _ => {}
    }
}

/// An array as a table: of objects a row each, of arrays a grid, of figures one column. Arrays
/// inside a row become a row for each of their places.
fn list(name: &str, rows: &[Value]) -> Table {
    let mut header: Vec<String> = Vec::new();
    let mut cells: Vec<Vec<(String, String)>> = Vec::new();
    for (i, row) in rows.iter().enumerate() {
        match row {
            Value::Object(object) => flatten(object, &mut cells),
            Value::Array(places) => {
                let place = |(j, v): (usize, &Value)| (j.to_string(), cell(v).unwrap_or_default());
                cells.push(std::iter::once(("row".to_owned(), i.to_string())).chain(places.iter().enumerate().map(place)).collect());
            }
            other => cells.push(vec![("row".to_owned(), i.to_string()), ("value".to_owned(), cell(other).unwrap_or_default())]),
        }
    }
    for (key, _) in cells.iter().flatten() {
        if !header.contains(key) {
            header.push(key.clone());
        }
    }
    let of = |row: &Vec<(String, String)>| {
        header.iter().map(|h| row.iter().find(|(k, _)| k == h).map(|(_, v)| v.clone()).unwrap_or_default()).collect()
    };
    let rows = cells.iter().map(of).collect();
    Table { name: name.to_owned(), header, rows }
}

fn flatten(object: &serde_json::Map<String, Value>, out: &mut Vec<Vec<(String, String)>>) {
    let plain: Vec<(String, String)> = object.iter().filter_map(|(k, v)| cell(v).map(|c| (k.clone(), c))).collect();
    let nested: Vec<(&String, &Vec<Value>)> = object.iter().filter_map(|(k, v)| v.as_array().map(|a| (k, a))).collect();
    let long = nested.iter().map(|(_, a)| a.len()).max();
    let Some(long) = long else { return out.push(plain) };
    for i in 0..long {
        let mut row = plain.clone();
        let at = nested.iter().filter_map(|(k, a)| a.get(i).map(|v| (*k, v)));
        for (k, v) in at {
            match v {
                Value::Object(o) => row.extend(o.iter().filter_map(|(inner, v)| cell(v).map(|c| (format!("{k}.{inner}"), c)))),
                other => row.extend([("place".to_owned(), i.to_string()), (k.clone(), cell(other).unwrap_or_default())]),
            }
        }
        row.dedup_by(|a, b| a.0 == b.0);
        let mut seen = Vec::new();
        row.retain(|(k, _)| {
            !seen.contains(k) && {
                seen.push(k.clone());
                true
            }
        });
        out.push(row);
    }
}
