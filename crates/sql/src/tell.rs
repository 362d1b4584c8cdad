//! Rows as lines of JSON. Numbers that a reader of JSON could not keep to the last digit are texts, and so
//! is everything that JSON has no word for: decimals, days, times (RFC 3339 in the merchant's zone).

use std::io::Write;

use datafusion::arrow::array::{Array, ArrayRef, AsArray, RecordBatch};
use datafusion::arrow::compute::cast;
use datafusion::arrow::datatypes::{DataType, Float64Type, Int64Type, Schema};
use datafusion::arrow::error::ArrowError;
use datafusion::arrow::util::display::{ArrayFormatter, FormatOptions};
use shuke_columns::ask::Head;

/// The greatest whole number that every reader of JSON keeps.
const EXACT: u64 = 1 << 53;

/// The columns of an answer.
pub fn heads(schema: &Schema) -> Vec<Head> {
    schema.fields().iter().map(|f| Head { name: f.name().clone(), kind: kind(f.data_type()).to_owned() }).collect()
}

fn kind(of: &DataType) -> &'static str {
    match of {
        DataType::Decimal128(..) | DataType::Decimal256(..) | DataType::Decimal64(..) | DataType::Decimal32(..) => "dec",
        other if other.is_integer() => "int",
        other if other.is_floating() => "float",
        DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View => "text",
        DataType::Boolean => "bool",
        DataType::Date32 | DataType::Date64 => "date",
        DataType::Timestamp(..) => "instant",
        _ => "other",
    }
}

enum Telling<'a> {
    Whole(ArrayRef),
    Float(ArrayRef),
    Bool(ArrayRef),
    Nothing,
    Text(&'a ArrayRef, ArrayFormatter<'a>),
}

impl<'a> Telling<'a> {
    fn of(array: &'a ArrayRef, options: &'a FormatOptions<'a>) -> Result<Self, ArrowError> {
        Ok(match array.data_type() {
            // Beyond 64 bits with a sign lies what is told as text anyway.
            DataType::UInt64 => Self::Text(array, ArrayFormatter::try_new(array, options)?),
            other if other.is_integer() => Self::Whole(cast(array, &DataType::Int64)?),
            other if other.is_floating() => Self::Float(cast(array, &DataType::Float64)?),
            DataType::Boolean => Self::Bool(array.clone()),
            DataType::Null => Self::Nothing,
            _ => Self::Text(array, ArrayFormatter::try_new(array, options)?),
        })
    }

    fn write(&self, row: usize, to: &mut Vec<u8>) -> Result<(), ArrowError> {
        let missing = match self {
            Self::Whole(a) | Self::Float(a) | Self::Bool(a) => a.is_null(row),
            Self::Text(a, _) => a.is_null(row),
            Self::Nothing => true,
        };
        if missing {
            to.extend_from_slice(b"null");
            return Ok(());
        }
        match self {
            Self::Whole(a) => {
                let n = a.as_primitive::<Int64Type>().value(row);
                if n.unsigned_abs() < EXACT { write!(to, "{n}")? } else { write!(to, "\"{n}\"")? }
            }
            Self::Float(a) => {
                let x = a.as_primitive::<Float64Type>().value(row);
                if x.is_finite() { serde_json::to_writer(to, &x).map_err(other)? } else { write!(to, "\"{x}\"")? }
            }
            Self::Nothing => {}
            Self::Bool(a) => write!(to, "{}", a.as_boolean().value(row))?,
            Self::Text(a, format) => {
                let text = format.value(row).try_to_string()?;
                // A count is told as a number where it can be.
                match (a.data_type(), text.parse::<u64>()) {
                    (DataType::UInt64, Ok(n)) if n < EXACT => to.extend_from_slice(text.as_bytes()),
                    _ => serde_json::to_writer(to, &text).map_err(other)?,
                }
            }
        }
        Ok(())
    }
}

fn other(e: serde_json::Error) -> ArrowError {
    ArrowError::ExternalError(Box::new(e))
}

/// Writes the first `rows` rows of a batch, a line each.
///
/// # Errors
/// What cannot be told or written.
pub fn rows(batch: &RecordBatch, rows: usize, to: &mut dyn Write) -> Result<(), ArrowError> {
    let options = FormatOptions::default();
    let columns = batch.columns().iter().map(|c| Telling::of(c, &options)).collect::<Result<Vec<_>, _>>()?;
    let mut line = Vec::new();
    for row in 0..rows.min(batch.num_rows()) {
        line.clear();
        for (i, column) in columns.iter().enumerate() {
            line.push(if i == 0 { b'[' } else { b',' });
            column.write(row, &mut line)?;
        }
        line.extend_from_slice(if columns.is_empty() { b"[]\n" } else { b"]\n" });
        to.write_all(&line)?;
    }
    Ok(())
}
