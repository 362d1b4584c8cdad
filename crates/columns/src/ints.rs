//! A column of whole numbers, kept as narrow as its values allow: each is an unsigned step count
//! above a base (`value = base + unit × stored`), in one, two, four or eight bytes, with a bitmap
//! for what is missing. Base and unit are written beside the column. A time that never names less
//! than a second takes four bytes, a quantity one.

use std::collections::HashMap;
use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::types::{Int64Type, UInt8Type, UInt16Type, UInt32Type};
use arrow_array::{Array, ArrayRef, Int64Array, UInt8Array, UInt16Array, UInt32Array};
use arrow_buffer::{NullBuffer, ScalarBuffer};
use arrow_schema::{DataType, Field};
use shuke_kernel::{Error, Result};

/// Microseconds in a second: the one unit besides 1 that a column is kept in.
const SECOND: i64 = 1_000_000;

/// A column of whole numbers, some of which may be missing.
#[derive(Clone, Debug)]
pub struct Ints {
    raw: Raw,
    base: i64,
    unit: i64,
    valid: Option<NullBuffer>,
}

/// The stored step counts, as a loop over a block of rows takes them.
#[derive(Clone, Debug)]
pub enum Raw {
    /// One byte each.
    U8(ScalarBuffer<u8>),
    /// Two.
    U16(ScalarBuffer<u16>),
    /// Four.
    U32(ScalarBuffer<u32>),
    /// Eight: the values themselves.
    I64(ScalarBuffer<i64>),
}

impl Ints {
    /// The number at `row`; the base where it is missing.
    #[inline]
    pub fn value(&self, row: usize) -> i64 {
        let steps = match &self.raw {
            Raw::U8(v) => i64::from(v[row]),
            Raw::U16(v) => i64::from(v[row]),
            Raw::U32(v) => i64::from(v[row]),
            Raw::I64(v) => return v[row],
        };
        self.base + steps * self.unit
    }

    /// The number at `row`, if it is there.
    #[inline]
    pub fn get(&self, row: usize) -> Option<i64> {
        match &self.valid {
            Some(valid) if valid.is_null(row) => None,
            _ => Some(self.value(row)),
        }
    }

    /// The numbers at these rows; the base where one is missing.
    pub fn gather(&self, at: &[u32]) -> Vec<i64> {
        let each = |steps: i64| self.base + steps * self.unit;
        match &self.raw {
            Raw::U8(v) => at.iter().map(|i| each(i64::from(v[*i as usize]))).collect(),
            Raw::U16(v) => at.iter().map(|i| each(i64::from(v[*i as usize]))).collect(),
            Raw::U32(v) => at.iter().map(|i| each(i64::from(v[*i as usize]))).collect(),
            Raw::I64(v) => at.iter().map(|i| v[*i as usize]).collect(),
        }
    }

    /// The number at `row` as a dictionary code.
    #[inline]
    pub fn code(&self, row: usize) -> Option<u32> {
        self.get(row).map(|x| x as u32)
    }

    /// How many rows.
    pub fn len(&self) -> usize {
        match &self.raw {
            Raw::U8(v) => v.len(),
            Raw::U16(v) => v.len(),
            Raw::U32(v) => v.len(),
            Raw::I64(v) => v.len(),
        }
    }

    /// Whether it has no rows.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The stored step counts, the base and the unit, for loops that compare without decoding.
    pub fn parts(&self) -> (&Raw, i64, i64) {
        (&self.raw, self.base, self.unit)
    }

    /// Which rows are there; `None` when all are.
    pub fn valid(&self) -> Option<&NullBuffer> {
        self.valid.as_ref()
    }

    /// A column of these numbers, as narrow as they allow.
    pub fn from_values(values: &[Option<i64>]) -> Self {
        let (raw, base, unit, valid) = Self::narrow(values);
        Self { raw, base, unit, valid }
    }

    /// Packs numbers into the narrowest column named `name`.
    pub(crate) fn pack(name: &str, values: &[Option<i64>]) -> (Field, ArrayRef) {
        let (raw, base, unit, nulls) = Self::narrow(values);
        let (kind, array): (_, ArrayRef) = match raw {
            Raw::U8(v) => (DataType::UInt8, Arc::new(UInt8Array::new(v, nulls))),
            Raw::U16(v) => (DataType::UInt16, Arc::new(UInt16Array::new(v, nulls))),
            Raw::U32(v) => (DataType::UInt32, Arc::new(UInt32Array::new(v, nulls))),
            Raw::I64(v) => (DataType::Int64, Arc::new(Int64Array::new(v, nulls))),
        };
        let notes = HashMap::from([("base".to_owned(), base.to_string()), ("unit".to_owned(), unit.to_string())]);
        (Field::new(name, kind, true).with_metadata(notes), array)
    }

    fn narrow(values: &[Option<i64>]) -> (Raw, i64, i64, Option<NullBuffer>) {
        let known = || values.iter().flatten().copied();
        let (low, high) = (known().min().unwrap_or(0), known().max().unwrap_or(0));
        let span = i128::from(high) - i128::from(low);
        let seconds = span > i128::from(u32::MAX) && i64::try_from(span).is_ok() && known().all(|x| (x - low) % SECOND == 0);
        let unit = if seconds { SECOND } else { 1 };
        let steps = span / i128::from(unit);
        let nulls = values.iter().any(Option::is_none).then(|| NullBuffer::from_iter(values.iter().map(Option::is_some)));
        let of = |x: &Option<i64>| x.map_or(0, |x| (x - low) / unit);
        if steps <= i128::from(u8::MAX) {
            (Raw::U8(values.iter().map(|x| of(x) as u8).collect()), low, unit, nulls)
        } else if steps <= i128::from(u16::MAX) {
            (Raw::U16(values.iter().map(|x| of(x) as u16).collect()), low, unit, nulls)
        } else if steps <= i128::from(u32::MAX) {
            (Raw::U32(values.iter().map(|x| of(x) as u32).collect()), low, unit, nulls)
        } else {
            (Raw::I64(values.iter().map(|x| x.unwrap_or(0)).collect()), 0, 1, nulls)
        }
    }

    /// Reads a column that [`Ints::pack`] made.
    pub(crate) fn unpack(field: &Field, array: &ArrayRef) -> Result<Self> {
        let note = |name: &str| field.metadata().get(name).and_then(|t| t.parse::<i64>().ok());
        let (Some(base), Some(unit)) = (note("base"), note("unit")) else {
            return Err(Error::fault(format!("column {} names no base and unit", field.name())));
        };
        let raw = match array.data_type() {
            DataType::UInt8 => Raw::U8(array.as_primitive::<UInt8Type>().values().clone()),
            DataType::UInt16 => Raw::U16(array.as_primitive::<UInt16Type>().values().clone()),
            DataType::UInt32 => Raw::U32(array.as_primitive::<UInt32Type>().values().clone()),
            DataType::Int64 => Raw::I64(array.as_primitive::<Int64Type>().values().clone()),
            other => return Err(Error::fault(format!("column {} has the type {other}", field.name()))),
        };
        Ok(Self { raw, base, unit, valid: array.nulls().cloned() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_column_is_as_narrow_as_its_values() {
        for (values, kind) in [
            (vec![Some(5), None, Some(260)], DataType::UInt8),
            (vec![Some(-1), Some(300)], DataType::UInt16),
            (vec![Some(1_700_000_000_000_000), Some(1_760_000_000_000_000)], DataType::UInt32),
            (vec![Some(1_700_000_000_000_001), Some(1_760_000_000_000_000)], DataType::Int64),
            (vec![], DataType::UInt8),
            (vec![Some(i64::MIN), Some(i64::MAX)], DataType::Int64),
        ] {
            assert_eq!(Ints::pack("x", &values).0.data_type(), &kind);
        }
    }

    proptest! {
        #[test]
        fn what_is_packed_comes_out(values in prop::collection::vec(prop::option::of(prop_oneof![-5_i64..600, -4_000_000_000_i64..4_000_000_000, any::<i64>()]), 0..60), seconds in any::<bool>()) {
            let values: Vec<Option<i64>> = values.into_iter().map(|v| v.map(|x| if seconds { x % 3_000_000_000 * SECOND } else { x })).collect();
            let (field, array) = Ints::pack("x", &values);
            let column = Ints::unpack(&field, &array).unwrap();
            prop_assert_eq!((0..column.len()).map(|i| column.get(i)).collect::<Vec<_>>(), values);
        }
    }
}
