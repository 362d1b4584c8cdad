//! The same parts as Parquet files, sorted by member and time, in the narrowest types that DuckDB has.

use std::fs::File;
use std::path::Path;
use std::sync::Arc;

use parquet::basic::{Compression, LogicalType, Repetition, TimeUnit, Type as Physical};
use parquet::data_type::{BoolType, Int32Type, Int64Type};
use parquet::errors::ParquetError;
use parquet::file::properties::WriterProperties;
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::types::Type;

use super::{Column, Part, Rows, held_at};

/// Rows of a row group: what DuckDB writes itself.
const GROUP: usize = 122_880;

#[derive(Clone, Copy, Debug)]
enum Sort {
    Unsigned(i8),
    Int,
    Long,
    Time,
    Date,
    Bool,
}

/// A file under way.
#[derive(Debug)]
struct Sheet {
    columns: Vec<(&'static str, Sort, Column)>,
    file: SerializedFileWriter<File>,
}

impl Sheet {
    fn create(folder: &Path, name: &str, columns: &[(&'static str, Sort)]) -> Result<Self, ParquetError> {
        let fields = columns.iter().map(|(name, sort)| field(name, *sort)).collect::<Result<Vec<_>, _>>()?;
        let schema = Type::group_type_builder(name).with_fields(fields).build()?;
        let how = WriterProperties::builder().set_compression(Compression::SNAPPY).build();
        let file = SerializedFileWriter::new(File::create(folder.join(format!("{name}.parquet")))?, Arc::new(schema), Arc::new(how))?;
        Ok(Self { columns: columns.iter().map(|(name, sort)| (*name, *sort, Vec::new())).collect(), file })
    }

    fn take(&mut self, name: &str, values: impl Iterator<Item = Option<i64>>) {
        if let Some((_, _, column)) = self.columns.iter_mut().find(|(n, ..)| *n == name) {
            column.extend(values);
        }
    }

    /// Writes whole row groups, and with `all` also the rest.
    fn write(&mut self, all: bool) -> Result<(), ParquetError> {
        loop {
            let rows = self.columns[0].2.len().min(GROUP);
            if rows == 0 || rows < GROUP && !all {
                return Ok(());
            }
            let mut group = self.file.next_row_group()?;
            for (name, sort, column) in &mut self.columns {
                let now: Column = column.drain(..rows).collect();
                let levels: Vec<i16> = now.iter().map(|v| i16::from(v.is_some())).collect();
                let known = now.iter().flatten();
                let mut writer = group.next_column()?.ok_or_else(|| ParquetError::General(format!("no column {name}")))?;
                match sort {
                    Sort::Bool => {
                        writer.typed::<BoolType>().write_batch(&known.map(|v| *v != 0).collect::<Vec<_>>(), Some(&levels), None)?
                    }
                    Sort::Long | Sort::Time | Sort::Unsigned(64) => {
                        writer.typed::<Int64Type>().write_batch(&known.copied().collect::<Vec<_>>(), Some(&levels), None)?
                    }
                    _ => writer.typed::<Int32Type>().write_batch(&known.map(|v| *v as i32).collect::<Vec<_>>(), Some(&levels), None)?,
                };
                writer.close()?;
            }
            group.close()?;
        }
    }

    fn finish(mut self) -> Result<(), ParquetError> {
        self.write(true)?;
        self.file.close().map(|_| ())
    }
}

fn field(name: &str, sort: Sort) -> Result<Arc<Type>, ParquetError> {
    let (physical, logical) = match sort {
        Sort::Unsigned(64) => (Physical::INT64, Some(LogicalType::integer(64, false))),
        Sort::Unsigned(bits) => (Physical::INT32, Some(LogicalType::integer(bits, false))),
        Sort::Int => (Physical::INT32, None),
        Sort::Long => (Physical::INT64, None),
        Sort::Time => (Physical::INT64, Some(LogicalType::timestamp(false, TimeUnit::MICROS))),
        Sort::Date => (Physical::INT32, Some(LogicalType::Date)),
        Sort::Bool => (Physical::BOOLEAN, None),
    };
    Type::primitive_type_builder(name, physical).with_repetition(Repetition::OPTIONAL).with_logical_type(logical).build().map(Arc::new)
}

/// `members.parquet`, `lines.parquet` and `events.parquet` of a folder.
#[derive(Debug)]
pub struct Files {
    members: Sheet,
    lines: Sheet,
    events: Sheet,
    at: i64,
}

impl Files {
    /// New ones, of a base as at `at`.
    ///
    /// # Errors
    /// When a file cannot be made.
    pub fn create(folder: &Path, at: i64) -> Result<Self, ParquetError> {
        let members = [
            ("member_id", Sort::Unsigned(32)),
            ("first_seen_at", Sort::Time),
            ("registered_at", Sort::Time),
            ("birthday", Sort::Date),
            ("gender", Sort::Unsigned(8)),
            ("province", Sort::Unsigned(8)),
            ("tier", Sort::Unsigned(8)),
            ("stage", Sort::Unsigned(8)),
            ("points", Sort::Int),
            ("consent_sms", Sort::Bool),
            ("tagbits", Sort::Long),
        ];
        let lines = [
            ("member_id", Sort::Unsigned(32)),
            ("time", Sort::Time),
            ("order_id", Sort::Unsigned(64)),
            ("sku", Sort::Unsigned(32)),
            ("category", Sort::Unsigned(16)),
            ("qty", Sort::Unsigned(8)),
            ("amount", Sort::Unsigned(32)),
            ("shop", Sort::Unsigned(8)),
            ("refunded_qty", Sort::Unsigned(8)),
        ];
        let events = [("member_id", Sort::Unsigned(32)), ("time", Sort::Time), ("kind", Sort::Unsigned(8)), ("sku", Sort::Unsigned(32))];
        Ok(Self {
            members: Sheet::create(folder, "members", &members)?,
            lines: Sheet::create(folder, "lines", &lines)?,
            events: Sheet::create(folder, "events", &events)?,
            at,
        })
    }

    /// Takes the next part.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn take(&mut self, part: &Part) -> Result<(), ParquetError> {
        let at = self.at;
        let numbers = part.first as i64..(part.first + part.tags.len()) as i64;
        self.members.take("member_id", numbers.clone().map(Some));
        for (name, values) in &part.facts {
            self.members.take(name, values.iter().copied());
        }
        self.members.take("tier", part.tier.iter().map(|t| held_at(t, at).last()));
        self.members.take("consent_sms", part.consent.iter().map(|c| held_at(c, at).last()));
        self.members.take("tagbits", part.tags.iter().map(|t| Some(held_at(t, at).fold(0, |bits, tag| bits | 1 << tag))));
        self.members.write(false)?;
        for (sheet, rows) in [(&mut self.lines, &part.lines), (&mut self.events, &part.events)] {
            sheet.take("member_id", numbers.clone().zip(lengths(rows)).flat_map(|(n, rows)| std::iter::repeat_n(Some(n), rows)));
            for (name, values) in &rows.columns {
                sheet.take(name, values.iter().copied());
            }
            sheet.write(false)?;
        }
        Ok(())
    }

    /// Writes what is left.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn finish(self) -> Result<(), ParquetError> {
        self.members.finish()?;
        self.lines.finish()?;
        self.events.finish()
    }
}

fn lengths(rows: &Rows) -> impl Iterator<Item = usize> + '_ {
    let starts = std::iter::once(0).chain(rows.ends.iter().copied());
    starts.zip(&rows.ends).map(|(from, to)| (*to - from) as usize)
}
