//! A report as tables of plain cells: for a person at a terminal, and for export. Each number of the
//! answer stands in one of them.

use std::borrow::Cow;

use serde_json::Value;
use shuke_kernel::Zone;
use shuke_sheets::{Cell, Field, Format, Kind, Sheet, Style, Writer};

use crate::exact::decimal;
use crate::goods::GoodsRow;
use crate::{Answer, Body};

/// A table.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Table {
    /// Its name, unique within the report.
    pub name: String,
    /// Names of the columns.
    pub header: Vec<String>,
    /// What the columns hold: counts, decimal numbers, or text.
    pub kinds: Vec<Kind>,
    /// The cells.
    pub rows: Vec<Vec<String>>,
}

impl Table {
    /// The table for a file that leaves the report. A list of goods ends with what has no code, named for people, so that
    /// it sums to the total. A list of goods or places has no day in it: each row says which days its figures cover (`to`
    /// is the day before which they end). Other tables stay as they are.
    pub fn for_file(&self, answer: &Answer, format: Format, zh: bool) -> Cow<'_, Self> {
        if self.name != "rows" || !matches!(answer.body, Body::Goods(_) | Body::Region(_)) {
            return Cow::Borrowed(self);
        }
        let mut table = self.clone();
        // Where nothing has a code there is no list, and no columns that a last line could fill.
        if let Body::Goods(goods) = &answer.body
            && table.header.iter().any(|name| name == "sku")
            && let Some(row) = goods.without_sku.as_row()
        {
            let name = match format {
                Format::Parquet => "",
                _ if zh => "没有商品编码",
                _ => "(no code)",
            };
            table.rows.push(without_code(&table.header, &row, name, goods.total.received));
        }
        table.header.extend(["from".to_owned(), "to".to_owned()]);
        table.kinds.extend([Kind::Text, Kind::Text]);
        let from = answer.head.from.map_or_else(String::new, |day| day.to_string());
        for row in &mut table.rows {
            row.extend([from.clone(), answer.head.to.to_string()]);
        }
        Cow::Owned(table)
    }

    /// The table as CSV for a program: the names of the answer, money in minor units.
    pub fn csv(&self) -> std::io::Result<Vec<u8>> {
        let field = |(h, k): (&String, &Kind)| Field { name: Cow::Owned(h.clone()), zh: Cow::Owned(h.clone()), kind: *k };
        let fields: Vec<Field> = self.header.iter().zip(&self.kinds).map(field).collect();
        let name: Cow<'static, str> = Cow::Owned(self.name.clone());
        let mut file = Writer::new(Vec::new(), Format::Csv, Style { zh: false, zone: Zone::shanghai() });
        file.begin(&Sheet { name: name.clone(), zh: name, fields: fields.into() })?;
        for row in &self.rows {
            let cells: Vec<Cell> = row.iter().map(|text| if text.is_empty() { Cell::Null } else { Cell::Text(text.clone()) }).collect();
            file.row(&cells)?;
        }
        Ok(file.finish()?.0)
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
    if let Body::Goods(goods) = &answer.body
        && let Some(rows) = lists.iter_mut().find(|table| table.name == "rows")
    {
        shares(rows, &goods.rows, goods.total.received);
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

/// Beside each of the goods its share of what was received for all, and of its pieces the share that came back: a reader
/// of the file shall not have to reckon what the page shows.
fn shares(table: &mut Table, rows: &[GoodsRow], received: i64) {
    table.header.extend(["received_share".to_owned(), "returned_share".to_owned()]);
    table.kinds.extend([Kind::Number, Kind::Number]);
    for (cells, row) in table.rows.iter_mut().zip(rows) {
        cells.extend(shares_of(row, received));
    }
}

fn shares_of(row: &GoodsRow, received: i64) -> [String; 2] {
    let back = i128::from(row.refunded_units);
    let shares = [decimal(row.received.into(), received.into(), 4), decimal(back, i128::from(row.units) + back, 4)];
    shares.map(Option::unwrap_or_default)
}

/// What has no code as a row under these columns.
fn without_code(header: &[String], row: &GoodsRow, name: &str, received: i64) -> Vec<String> {
    let [of_received, of_pieces] = shares_of(row, received);
    let of = |column: &String| match column.as_str() {
        "sku" => name.to_owned(),
        "orders" => row.orders.to_string(),
        "buyers" => row.buyers.to_string(),
        "units" => row.units.to_string(),
        "paid" => row.paid.to_string(),
        "received" => row.received.to_string(),
        "refunded_units" => row.refunded_units.to_string(),
        "refunded_paid" => row.refunded_paid.to_string(),
        "received_share" => of_received.clone(),
        "returned_share" => of_pieces.clone(),
        _ => String::new(),
    };
    header.iter().map(of).collect()
}

/// A cell and what it holds.
#[derive(Clone, Debug, Default)]
struct Plain {
    text: String,
    kind: Option<Kind>,
}

impl Plain {
    fn of(text: impl Into<String>, kind: Kind) -> Self {
        Self { text: text.into(), kind: Some(kind) }
    }
}

fn pairs(name: &str, rows: Vec<(String, Plain)>) -> Table {
    Table {
        name: name.to_owned(),
        header: vec!["figure".to_owned(), "value".to_owned()],
        // Numbers and words stand below each other.
        kinds: vec![Kind::Text, Kind::Number],
        rows: rows.into_iter().map(|(a, b)| vec![a, b.text]).collect(),
    }
}

/// A ratio shows as its value.
fn ratio(value: &Value) -> Option<Plain> {
    let object = value.as_object().filter(|o| o.len() == 3 && o.contains_key("num") && o.contains_key("den"))?;
    Some(Plain::of(object.get("value").and_then(Value::as_str).unwrap_or_default(), Kind::Number))
}

fn cell(value: &Value) -> Option<Plain> {
    match value {
        Value::Null => Some(Plain::default()),
        Value::String(s) => Some(Plain::of(s, Kind::Text)),
        Value::Number(n) => Some(Plain::of(n.to_string(), if n.is_i64() { Kind::Int } else { Kind::Number })),
        Value::Bool(b) => Some(Plain::of(b.to_string(), Kind::Text)),
        Value::Object(_) => ratio(value),
        Value::Array(_) => None,
    }
}

fn gather(name: &str, value: &Value, lists: &mut Vec<Table>, figures: &mut Vec<(String, Plain)>) {
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
    let mut cells: Vec<Vec<(String, Plain)>> = Vec::new();
    let place = |i: usize| Plain::of(i.to_string(), Kind::Int);
    for (i, row) in rows.iter().enumerate() {
        match row {
            Value::Object(object) => flatten(object, &mut cells),
            Value::Array(places) => {
                let one = |(j, v): (usize, &Value)| (j.to_string(), cell(v).unwrap_or_default());
                cells.push(std::iter::once(("row".to_owned(), place(i))).chain(places.iter().enumerate().map(one)).collect());
            }
            other => cells.push(vec![("row".to_owned(), place(i)), ("value".to_owned(), cell(other).unwrap_or_default())]),
        }
    }
    for (key, _) in cells.iter().flatten() {
        if !header.contains(key) {
            header.push(key.clone());
        }
    }
    let of = |row: &Vec<(String, Plain)>, h: &String| row.iter().find(|(k, _)| k == h).map(|(_, v)| v.clone()).unwrap_or_default();
    let kinds = header.iter().map(|h| column_kind(cells.iter().filter_map(|row| of(row, h).kind))).collect();
    let rows = cells.iter().map(|row| header.iter().map(|h| of(row, h).text).collect()).collect();
    Table { name: name.to_owned(), header, kinds, rows }
}

/// Counts where all are, numbers where all are, else text.
fn column_kind(cells: impl Iterator<Item = Kind>) -> Kind {
    cells.fold(Kind::Int, |all, one| match (all, one) {
        (Kind::Int, Kind::Int) => Kind::Int,
        (Kind::Int | Kind::Number, Kind::Int | Kind::Number) => Kind::Number,
        _ => Kind::Text,
    })
}

fn flatten(object: &serde_json::Map<String, Value>, out: &mut Vec<Vec<(String, Plain)>>) {
    let plain: Vec<(String, Plain)> = object.iter().filter_map(|(k, v)| cell(v).map(|c| (k.clone(), c))).collect();
    let nested: Vec<(&String, &Vec<Value>)> = object.iter().filter_map(|(k, v)| v.as_array().map(|a| (k, a))).collect();
    let long = nested.iter().map(|(_, a)| a.len()).max();
    let Some(long) = long else { return out.push(plain) };
    for i in 0..long {
        let mut row = plain.clone();
        let at = nested.iter().filter_map(|(k, a)| a.get(i).map(|v| (*k, v)));
        for (k, v) in at {
            match v {
                Value::Object(o) => row.extend(o.iter().filter_map(|(inner, v)| cell(v).map(|c| (format!("{k}.{inner}"), c)))),
                other => {
                    row.extend([("place".to_owned(), Plain::of(i.to_string(), Kind::Int)), (k.clone(), cell(other).unwrap_or_default())]);
                }
            }
        }
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
