//! Parquet with proper types: UTC timestamps in microseconds, whole minor units, words in
//! dictionaries. Rows are gathered into groups of bounded size and written column by column.

use std::io::{self, Write};
use std::sync::Arc;

use parquet::basic::{Compression, LogicalType, Repetition, TimeUnit, Type as Physical};
use parquet::data_type::{BoolType, ByteArray, ByteArrayType, Int64Type};
use parquet::errors::ParquetError;
use parquet::file::properties::WriterProperties;
use parquet::file::writer::{SerializedColumnWriter, SerializedFileWriter};
use parquet::schema::types::{ColumnPath, Type};

use crate::table::{Cell, Field, Kind, Sheet};

/// Rows of a group at most.
const ROWS: usize = 65_536;
/// Bytes of text in a group at most.
const BYTES: usize = 16 << 20;

pub(crate) struct Parquet<W: Write + Send> {
    to: Option<W>,
    file: Option<SerializedFileWriter<W>>,
    columns: Vec<Column>,
    rows: usize,
    bytes: usize,
}

/// The values of a group's column, and which of its rows have one.
struct Column {
    values: Values,
    levels: Vec<i16>,
}

enum Values {
    Text(Vec<ByteArray>),
    Int(Vec<i64>),
    Bool(Vec<bool>),
}

fn wrong(e: ParquetError) -> io::Error {
    io::Error::other(e)
}

impl<W: Write + Send> Parquet<W> {
    pub(crate) fn new(to: W) -> Self {
        Self { to: Some(to), file: None, columns: Vec::new(), rows: 0, bytes: 0 }
    }

    pub(crate) fn begin(&mut self, sheet: &Sheet) -> io::Result<()> {
        let Some(to) = self.to.take() else { return Err(io::Error::other("the table was begun before")) };
        let fields = sheet.fields.iter().map(column_type).collect::<Result<Vec<_>, _>>().map_err(wrong)?;
        let schema = Type::group_type_builder("schema").with_fields(fields).build().map_err(wrong)?;
        let mut how =
            WriterProperties::builder().set_created_by(format!("shuke {}", env!("CARGO_PKG_VERSION"))).set_compression(Compression::SNAPPY);
        for field in sheet.fields.iter() {
            // A dictionary of what differs in each row would only be thrown away again.
            how = how.set_column_dictionary_enabled(ColumnPath::from(field.name.as_ref()), field.kind == Kind::Word);
        }
        self.columns = sheet.fields.iter().map(Column::of).collect();
        self.file = Some(SerializedFileWriter::new(to, Arc::new(schema), Arc::new(how.build())).map_err(wrong)?);
        Ok(())
    }

    pub(crate) fn row(&mut self, row: &[Cell]) -> io::Result<()> {
        for (cell, column) in row.iter().zip(&mut self.columns) {
            self.bytes += column.push(cell)?;
        }
        self.rows += 1;
        if self.rows >= ROWS || self.bytes >= BYTES { self.group() } else { Ok(()) }
    }

    fn group(&mut self) -> io::Result<()> {
        let Some(file) = &mut self.file else { return Err(io::Error::other("no table was begun")) };
        if self.rows == 0 {
            return Ok(());
        }
        let mut group = file.next_row_group().map_err(wrong)?;
        for column in &mut self.columns {
            let mut writer = group.next_column().map_err(wrong)?.ok_or_else(|| io::Error::other("a column too many"))?;
            column.write(&mut writer).map_err(wrong)?;
            writer.close().map_err(wrong)?;
        }
        group.close().map_err(wrong)?;
        (self.rows, self.bytes) = (0, 0);
        Ok(())
    }

    pub(crate) fn finish(mut self) -> io::Result<W> {
        if self.file.is_some() {
            self.group()?;
        }
        match (self.file, self.to) {
            (Some(file), _) => file.into_inner().map_err(wrong),
            (None, Some(to)) => Ok(to),
            (None, None) => Err(io::Error::other("nothing was begun")),
        }
    }
}

fn column_type(field: &Field) -> Result<Arc<Type>, ParquetError> {
    let (physical, logical) = match field.kind {
        Kind::Text | Kind::Word | Kind::Number => (Physical::BYTE_ARRAY, Some(LogicalType::String)),
        Kind::Time => (Physical::INT64, Some(LogicalType::timestamp(true, TimeUnit::MICROS))),
        Kind::Int | Kind::Money => (Physical::INT64, None),
        Kind::Bool => (Physical::BOOLEAN, None),
    };
    Type::primitive_type_builder(&field.name, physical)
        .with_repetition(Repetition::OPTIONAL)
        .with_logical_type(logical)
        .build()
        .map(Arc::new)
}

impl Column {
    fn of(field: &Field) -> Self {
        let values = match field.kind {
            Kind::Text | Kind::Word | Kind::Number => Values::Text(Vec::new()),
            Kind::Int | Kind::Money | Kind::Time => Values::Int(Vec::new()),
            Kind::Bool => Values::Bool(Vec::new()),
        };
        Self { values, levels: Vec::new() }
    }

    /// Takes a cell in. Returns how many bytes of text it has.
    fn push(&mut self, cell: &Cell) -> io::Result<usize> {
        let bytes = match (&mut self.values, cell) {
            (_, Cell::Null) => {
                self.levels.push(0);
                return Ok(0);
            }
            (Values::Text(values), Cell::Text(text)) => {
                values.push(ByteArray::from(text.as_bytes().to_vec()));
                text.len()
            }
            (Values::Int(values), Cell::Int(n)) => {
                values.push(*n);
                0
            }
            (Values::Bool(values), Cell::Bool(yes)) => {
                values.push(*yes);
                0
            }
            _ => return Err(io::Error::other("a cell is not of its column's kind")),
        };
        self.levels.push(1);
        Ok(bytes)
    }

    fn write(&mut self, writer: &mut SerializedColumnWriter<'_>) -> Result<(), ParquetError> {
        let levels = Some(self.levels.as_slice());
        match &mut self.values {
            Values::Text(values) => {
                writer.typed::<ByteArrayType>().write_batch(values, levels, None)?;
                values.clear();
            }
            Values::Int(values) => {
                writer.typed::<Int64Type>().write_batch(values, levels, None)?;
                values.clear();
            }
            Values::Bool(values) => {
                writer.typed::<BoolType>().write_batch(values, levels, None)?;
                values.clear();
            }
        }
        self.levels.clear();
        Ok(())
    }
}
