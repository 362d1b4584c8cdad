//! A flat table as DataFusion scans it: only the columns that are asked for, slice by slice, a few
//! thousand rows at a time.

use std::sync::Arc;

use async_trait::async_trait;
use datafusion::arrow::array::{
    ArrayRef, BooleanArray, Date32Array, Decimal128Array, DictionaryArray, Int64Array, RecordBatch, RecordBatchOptions, StringViewArray,
    TimestampMicrosecondArray, UInt32Array,
};
use datafusion::arrow::compute::cast;
use datafusion::arrow::datatypes::{DataType, Field, Schema, SchemaRef, TimeUnit, UInt32Type};
use datafusion::catalog::{Session, TableProvider};
use datafusion::common::{DataFusionError, Result};
use datafusion::execution::{SendableRecordBatchStream, TaskContext};
use datafusion::logical_expr::{Expr, TableType};
use datafusion::physical_plan::ExecutionPlan;
use datafusion::physical_plan::stream::RecordBatchStreamAdapter;
use datafusion::physical_plan::streaming::{PartitionStream, StreamingTableExec};
use shuke_columns::flat::{Cells, Column, Places, Table};
use shuke_columns::{Slice, Type};

use crate::source::Source;

/// Rows of a batch.
const ROWS: usize = 8_192;

/// A table over a source.
#[derive(Debug)]
pub struct Flat {
    source: Arc<Source>,
    table: Arc<Table>,
    schema: SchemaRef,
}

fn outside(e: shuke_kernel::Error) -> DataFusionError {
    DataFusionError::External(Box::new(e))
}

/// As what a column is told.
pub fn data_type(column: &Column, zone: &Arc<str>) -> DataType {
    match column.kind {
        Type::Int | Type::Fen => DataType::Int64,
        Type::Dec => DataType::Decimal128(18, 6),
        Type::Text | Type::Tags => DataType::Utf8View,
        Type::Date => DataType::Date32,
        Type::Instant => DataType::Timestamp(TimeUnit::Microsecond, Some(zone.clone())),
        Type::Bool => DataType::Boolean,
    }
}

impl Flat {
    /// The table over a source.
    pub fn new(source: Arc<Source>, table: Table) -> Self {
        let fields: Vec<Field> = table.columns.iter().map(|c| Field::new(&*c.name, data_type(c, &source.zone), true)).collect();
        Self { source, table: Arc::new(table), schema: Arc::new(Schema::new(fields)) }
    }
}

#[async_trait]
impl TableProvider for Flat {
    fn schema(&self) -> SchemaRef {
        self.schema.clone()
    }

    fn table_type(&self) -> TableType {
        TableType::Base
    }

    async fn scan(
        &self,
        state: &dyn Session,
        projection: Option<&Vec<usize>>,
        _filters: &[Expr],
        limit: Option<usize>,
    ) -> Result<Arc<dyn ExecutionPlan>> {
        let asked: Vec<usize> = projection.cloned().unwrap_or_else(|| (0..self.table.columns.len()).collect());
        let schema = Arc::new(self.schema.project(&asked)?);
        let parts = state.config().target_partitions().min(self.source.len()).max(1);
        let part = |first: usize| -> Arc<dyn PartitionStream> {
            let (source, table) = (self.source.clone(), self.table.clone());
            Arc::new(Part { source, table, asked: asked.clone(), schema: schema.clone(), first, step: parts })
        };
        let streams = (0..parts).map(part).collect();
        Ok(Arc::new(StreamingTableExec::try_new(schema, streams, None, None, false, limit)?))
    }
}

/// Every so manieth slice.
#[derive(Clone, Debug)]
struct Part {
    source: Arc<Source>,
    table: Arc<Table>,
    asked: Vec<usize>,
    schema: SchemaRef,
    first: usize,
    step: usize,
}

impl PartitionStream for Part {
    fn schema(&self) -> &SchemaRef {
        &self.schema
    }

    fn execute(&self, _: Arc<TaskContext>) -> SendableRecordBatchStream {
        let batches = Batches { part: self.clone(), next: self.first, open: None, broke: false };
        Box::pin(RecordBatchStreamAdapter::new(self.schema.clone(), futures::stream::iter(batches)))
    }
}

/// A slice under way: its rows, and how many of them were told.
struct Open {
    slice: Slice,
    places: Places,
    told: usize,
}

struct Batches {
    part: Part,
    next: usize,
    open: Option<Open>,
    broke: bool,
}

impl Iterator for Batches {
    type Item = Result<RecordBatch>;

    fn next(&mut self) -> Option<Self::Item> {
        while !self.broke {
            if let Some(open) = self.open.as_mut().filter(|o| o.told < o.places.len()) {
                let places = open.places.part(open.told, ROWS);
                open.told += places.len();
                return Some(self.part.batch(&open.slice, &places));
            }
            if self.next >= self.part.source.len() {
                return None;
            }
            match self.part.source.slice(self.next) {
                Ok(slice) => {
                    let places = self.part.table.places(&slice);
                    self.open = Some(Open { slice, places, told: 0 });
                }
                Err(e) => {
                    self.broke = true;
                    return Some(Err(outside(e)));
                }
            }
            self.next += self.part.step;
        }
        None
    }
}

impl Part {
    fn batch(&self, slice: &Slice, at: &Places) -> Result<RecordBatch> {
        let columns = self.asked.iter().map(|c| self.column(slice, &self.table.columns[*c], at)).collect::<Result<Vec<_>>>()?;
        let options = RecordBatchOptions::new().with_row_count(Some(at.len()));
        Ok(RecordBatch::try_new_with_options(self.schema.clone(), columns, &options)?)
    }

    fn column(&self, slice: &Slice, column: &Column, at: &Places) -> Result<ArrayRef> {
        let source = &self.source;
        Ok(match (self.table.cells(&source.registry, slice, column, at, source.now, source.clear), column.kind) {
            (Cells::Texts(texts), _) => Arc::new(StringViewArray::from(texts)),
            (Cells::Codes(codes), _) => {
                let words = source.words(column.words.unwrap_or_default());
                // A code that no word belongs to would be a fault of the files: the slice says none.
                let known = codes.into_iter().map(|c| c.filter(|c| (*c as usize) < words.len()));
                let coded = DictionaryArray::<UInt32Type>::try_new(UInt32Array::from_iter(known), words)?;
                cast(&coded, &DataType::Utf8View)?
            }
            (Cells::Ints(days), Type::Date) => {
                Arc::new(days.into_iter().map(|d| d.and_then(|d| i32::try_from(d).ok())).collect::<Date32Array>())
            }
            (Cells::Ints(times), Type::Instant) => {
                Arc::new(times.into_iter().collect::<TimestampMicrosecondArray>().with_timezone(source.zone.clone()))
            }
            (Cells::Ints(flags), Type::Bool) => Arc::new(flags.into_iter().map(|f| f.map(|f| f != 0)).collect::<BooleanArray>()),
            (Cells::Ints(parts), Type::Dec) => {
                let exact: Decimal128Array = parts.into_iter().map(|p| p.map(i128::from)).collect();
                Arc::new(exact.with_precision_and_scale(18, 6)?)
            }
            (Cells::Ints(numbers), _) => Arc::new(numbers.into_iter().collect::<Int64Array>()),
        })
    }
}
