//! An answer as CSV: cells that a spreadsheet would compute are made harmless, numbers stay numbers.

use std::io::Write;

use serde_json::Value;
use shuke_columns::ask::{End, Fault, Head};
use shuke_kernel::{Error, Result, Zone};
use shuke_sheets::{Cell, Field, Format, Kind, Sheet, Style, Writer};

use super::child::{Asked, Line};

/// How it ended.
pub enum Ended {
    /// As it says.
    End(End),
    /// Something was wrong.
    Fault(Fault),
}

fn sheet(heads: &[Head]) -> Sheet {
    let kind = |head: &Head| match head.kind.as_str() {
        "int" => Kind::Int,
        "float" | "dec" => Kind::Number,
        "bool" => Kind::Bool,
        _ => Kind::Text,
    };
    let fields: Vec<Field> =
        heads.iter().map(|h| Field { name: h.name.clone().into(), zh: h.name.clone().into(), kind: kind(h) }).collect();
    Sheet { name: "sql".into(), zh: "SQL".into(), fields: fields.into() }
}

fn cell(value: Value) -> Cell {
    match value {
        Value::Null => Cell::Null,
        Value::Bool(yes) => Cell::Bool(yes),
        Value::Number(n) => n.as_i64().map_or_else(|| Cell::Text(n.to_string()), Cell::Int),
        Value::String(text) => Cell::Text(text),
        other => Cell::Text(other.to_string()),
    }
}

/// Writes the rest of an answer, of which the columns are known.
///
/// # Errors
/// A fault when it cannot be written, or the program ended without a word.
pub fn write<W: Write + Send>(mut asked: Asked, heads: &[Head], to: W) -> Result<(W, Ended)> {
    let style = Style { zh: false, zone: Zone::shanghai() };
    let mut writer = Writer::new(to, Format::Csv, style);
    writer.begin(&sheet(heads)).map_err(Error::fault)?;
    let ended = loop {
        match asked.next_line()? {
            Some(Line::Row(row)) => {
                let row: Vec<Value> = serde_json::from_str(row.get())?;
                let cells: Vec<Cell> = row.into_iter().map(cell).collect();
                writer.row(&cells).map_err(Error::fault)?;
            }
            Some(Line::End(end)) => break Ended::End(end),
            Some(Line::Fault(fault)) => break Ended::Fault(fault),
            Some(Line::Columns(_)) => return Err(Error::fault("columns were told twice")),
            None => return Err(Error::fault("an answer without an end")),
        }
    };
    let (to, _) = writer.finish().map_err(Error::fault)?;
    Ok((to, ended))
}
