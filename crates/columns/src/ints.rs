//! A column of whole numbers, kept as narrow as its values allow: each is an unsigned step count
//! above a base (`value = base + unit × stored`), in one, two, four or eight bytes, with a bitmap
//! for what is missing. Base and unit are written beside the column. A time that never names less
//! than a second takes four bytes, a quantity one, and a column of which all is missing or the same
//! nothing.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::types::{Int64Type, UInt8Type, UInt16Type, UInt32Type};
use arrow_array::{Array, ArrayRef, Int64Array, NullArray, UInt8Array, UInt16Array, UInt32Array};
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
    /// No value is above this.
    ceiling: i64,
    valid: Option<NullBuffer>,
}

/// The stored step counts, as a loop over a block of rows takes them.
#[derive(Clone, Debug)]
pub enum Raw {
    /// So many rows, all of them missing: nothing is stored.
    Missing(usize),
    /// So many rows, what is there is the base: nothing is stored.
    Same(usize),
    /// One byte each.
    U8(ScalarBuffer<u8>),
    /// Two.
    U16(ScalarBuffer<u16>),
    /// Four.
    U32(ScalarBuffer<u32>),
    /// Eight: the values themselves, of base 0 and unit 1.
    I64(ScalarBuffer<i64>),
}

/// The bits of a byte as bytes of all ones and all zeros.
static SPREAD: [[u8; 8]; 256] = {
    let mut all = [[0; 8]; 256];
    let mut byte = 0;
    while byte < 256 {
        let mut bit = 0;
        while bit < 8 {
            all[byte][bit] = if byte >> bit & 1 == 1 { 0xFF } else { 0 };
            bit += 1;
        }
        byte += 1;
    }
    all
};

/// Does the same to the cells of every width: `$v` are they, a slice of unsigned steps or of values.
#[macro_export]
macro_rules! each_width {
    ($raw:expr, missing $none:expr, same $same:expr, $v:ident => $do:expr) => {
        match $raw {
            $crate::ints::Raw::Missing(_) => $none,
            $crate::ints::Raw::Same(_) => $same,
            $crate::ints::Raw::U8($v) => $do,
            $crate::ints::Raw::U16($v) => $do,
            $crate::ints::Raw::U32($v) => $do,
            $crate::ints::Raw::I64($v) => $do,
        }
    };
}

impl Ints {
    /// Of parts: `value = base + unit × stored`.
    pub fn new(raw: Raw, base: i64, unit: i64, valid: Option<NullBuffer>) -> Self {
        let most = match &raw {
            Raw::Missing(_) | Raw::Same(_) => 0,
            Raw::U8(_) => u8::MAX.into(),
            Raw::U16(_) => u16::MAX.into(),
            Raw::U32(_) => u32::MAX.into(),
            Raw::I64(_) => i64::MAX,
        };
        let ceiling = base.saturating_add(unit.saturating_mul(most));
        Self { raw, base, unit, ceiling, valid: valid.filter(|v| v.null_count() > 0) }
    }

    /// The same, of which it is known that no value is above `ceiling`.
    pub fn below(self, ceiling: i64) -> Self {
        Self { ceiling: ceiling.min(self.ceiling), ..self }
    }

    /// What no value is above; more than the greatest where that is not known.
    pub fn ceiling(&self) -> i64 {
        self.ceiling
    }

    /// What no value is below.
    pub fn floor(&self) -> i64 {
        if let Raw::I64(_) = self.raw { i64::MIN } else { self.base }
    }

    /// Puts `mark` where a row is missing; `told` is of the rows from `from` on.
    pub fn mark_missing(&self, from: usize, told: &mut [u8], mark: u8) {
        if let Raw::Missing(_) = self.raw {
            return told.fill(mark);
        }
        let Some(valid) = &self.valid else { return };
        let start = valid.offset() + from;
        if !start.is_multiple_of(8) {
            return told.iter_mut().enumerate().filter(|(i, _)| valid.is_null(from + i)).for_each(|(_, t)| *t = mark);
        }
        // Eight rows at once: each bit of a byte becomes a byte.
        let bits = &valid.validity()[start / 8..];
        let (eights, rest) = told.as_chunks_mut::<8>();
        let done = eights.len();
        let marks = u64::from_ne_bytes([mark; 8]);
        // No branch: what is missing here and there cannot be guessed.
        for (eight, byte) in eights.iter_mut().zip(bits) {
            let known = u64::from_ne_bytes(SPREAD[usize::from(*byte)]);
            *eight = (u64::from_ne_bytes(*eight) & known | marks & !known).to_ne_bytes();
        }
        for (i, t) in rest.iter_mut().enumerate() {
            if valid.is_null(from + done * 8 + i) {
                *t = mark;
            }
        }
    }

    /// The number at `row`; the base where it is missing.
    #[inline]
    pub fn value(&self, row: usize) -> i64 {
        let steps = match &self.raw {
            Raw::Missing(_) | Raw::Same(_) => 0,
            Raw::U8(v) => i64::from(v[row]),
            Raw::U16(v) => i64::from(v[row]),
            Raw::U32(v) => i64::from(v[row]),
            Raw::I64(v) => return v[row],
        };
        self.base + steps * self.unit
    }

    /// Whether the number at `row` is there.
    #[inline]
    pub fn is_known(&self, row: usize) -> bool {
        !matches!(self.raw, Raw::Missing(_)) && self.valid.as_ref().is_none_or(|v| v.is_valid(row))
    }

    /// Whether every number is there.
    pub fn all_known(&self) -> bool {
        !matches!(self.raw, Raw::Missing(_)) && self.valid.is_none()
    }

    /// The number at `row`, if it is there.
    #[inline]
    pub fn get(&self, row: usize) -> Option<i64> {
        self.is_known(row).then(|| self.value(row))
    }

    /// The number at `row` as a dictionary code.
    #[inline]
    pub fn code(&self, row: usize) -> Option<u32> {
        self.get(row).map(|x| x as u32)
    }

    /// Appends the numbers of these rows, the base where one is missing: a loop over many rows reads them
    /// from there without asking each time how they are kept.
    pub fn numbers(&self, rows: Range<usize>, into: &mut Vec<i64>) {
        let (base, unit) = (self.base, self.unit);
        match (&self.raw, unit) {
            (Raw::Missing(_) | Raw::Same(_), _) => into.resize(into.len() + rows.len(), base),
            (Raw::I64(v), _) => into.extend_from_slice(&v[rows]),
            (Raw::U8(v), 1) => into.extend(v[rows].iter().map(|x| base + i64::from(*x))),
            (Raw::U16(v), 1) => into.extend(v[rows].iter().map(|x| base + i64::from(*x))),
            (Raw::U32(v), 1) => into.extend(v[rows].iter().map(|x| base + i64::from(*x))),
            (Raw::U8(v), _) => into.extend(v[rows].iter().map(|x| base + i64::from(*x) * unit)),
            (Raw::U16(v), _) => into.extend(v[rows].iter().map(|x| base + i64::from(*x) * unit)),
            (Raw::U32(v), _) => into.extend(v[rows].iter().map(|x| base + i64::from(*x) * unit)),
        }
    }

    /// The same, `missing` where one is missing.
    pub fn numbers_or(&self, rows: Range<usize>, missing: i64, into: &mut Vec<i64>) {
        let start = into.len();
        if let Raw::Missing(_) = self.raw {
            return into.resize(start + rows.len(), missing);
        }
        self.numbers(rows.clone(), into);
        if let Some(valid) = &self.valid {
            for (row, number) in rows.zip(&mut into[start..]) {
                if valid.is_null(row) {
                    *number = missing;
                }
            }
        }
    }

    /// Appends the dictionary codes of these rows, `missing` where there is none.
    pub fn codes(&self, rows: Range<usize>, missing: u32, into: &mut Vec<u32>) {
        let (base, unit, start) = (self.base as u32, self.unit as u32, into.len());
        let code = |steps: u32| base.wrapping_add(steps.wrapping_mul(unit));
        match &self.raw {
            Raw::Missing(_) => return into.resize(start + rows.len(), missing),
            Raw::Same(_) => into.resize(start + rows.len(), base),
            Raw::U8(v) => into.extend(v[rows.clone()].iter().map(|x| code((*x).into()))),
            Raw::U16(v) => into.extend(v[rows.clone()].iter().map(|x| code((*x).into()))),
            Raw::U32(v) => into.extend(v[rows.clone()].iter().map(|x| code(*x))),
            Raw::I64(v) => into.extend(v[rows.clone()].iter().map(|x| *x as u32)),
        }
        if let Some(valid) = &self.valid {
            for (row, code) in rows.zip(&mut into[start..]) {
                if valid.is_null(row) {
                    *code = missing;
                }
            }
        }
    }

    /// How many rows.
    pub fn len(&self) -> usize {
        match &self.raw {
            Raw::Missing(n) | Raw::Same(n) => *n,
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

    /// Which rows are there; `None` when all are, or none ([`Raw::Missing`]).
    pub fn valid(&self) -> Option<&NullBuffer> {
        self.valid.as_ref()
    }

    /// Bytes that it takes in memory.
    pub fn bytes(&self) -> usize {
        let cells = each_width!(&self.raw, missing 0, same 0, v => size_of_val(&v[..]));
        cells + self.valid.as_ref().map_or(0, |v| v.len().div_ceil(8))
    }

    /// A column of these numbers, as narrow as they allow.
    pub fn from_values(values: &[Option<i64>]) -> Self {
        let known = || values.iter().flatten().copied();
        let (low, high) = (known().min().unwrap_or(0), known().max().unwrap_or(0));
        let span = i128::from(high) - i128::from(low);
        let seconds = span > i128::from(u32::MAX) && i64::try_from(span).is_ok() && known().all(|x| (x - low) % SECOND == 0);
        let unit = if seconds { SECOND } else { 1 };
        let steps = span / i128::from(unit);
        let nulls = values.iter().any(Option::is_none).then(|| NullBuffer::from_iter(values.iter().map(Option::is_some)));
        let of = |x: &Option<i64>| x.map_or(0, |x| (x - low) / unit);
        let raw = if nulls.as_ref().is_some_and(|n| n.null_count() == n.len()) {
            return Self::new(Raw::Missing(values.len()), 0, 1, None);
        } else if steps == 0 && !values.is_empty() {
            Raw::Same(values.len())
        } else if steps <= i128::from(u8::MAX) {
            Raw::U8(values.iter().map(|x| of(x) as u8).collect())
        } else if steps <= i128::from(u16::MAX) {
            Raw::U16(values.iter().map(|x| of(x) as u16).collect())
        } else if steps <= i128::from(u32::MAX) {
            Raw::U32(values.iter().map(|x| of(x) as u32).collect())
        } else {
            let values = values.iter().map(|x| x.unwrap_or(0)).collect();
            return Self::new(Raw::I64(values), 0, 1, nulls).below(high);
        };
        Self::new(raw, low, unit, nulls).below(high)
    }

    /// The column as an array named `name`, for [`Ints::unpack`]; its cells are shared, not copied.
    pub(crate) fn to_array(&self, name: &str) -> (Field, ArrayRef) {
        let nulls = self.valid.clone();
        let array: ArrayRef = match &self.raw {
            Raw::Missing(n) => Arc::new(NullArray::new(*n)),
            // Arrow has no column without cells that can be there.
            Raw::Same(n) => Arc::new(UInt8Array::new(vec![0; *n].into(), nulls)),
            Raw::U8(v) => Arc::new(UInt8Array::new(v.clone(), nulls)),
            Raw::U16(v) => Arc::new(UInt16Array::new(v.clone(), nulls)),
            Raw::U32(v) => Arc::new(UInt32Array::new(v.clone(), nulls)),
            Raw::I64(v) => Arc::new(Int64Array::new(v.clone(), nulls)),
        };
        let notes = [("base", self.base), ("unit", self.unit), ("ceiling", self.ceiling)];
        let mut notes: HashMap<String, String> = notes.into_iter().map(|(name, value)| (name.to_owned(), value.to_string())).collect();
        if matches!(self.raw, Raw::Same(_)) {
            notes.insert("same".to_owned(), "true".to_owned());
        }
        (Field::new(name, array.data_type().clone(), true).with_metadata(notes), array)
    }

    /// Packs numbers into the narrowest column named `name`.
    pub(crate) fn pack(name: &str, values: &[Option<i64>]) -> (Field, ArrayRef) {
        Self::from_values(values).to_array(name)
    }

    /// Reads a column that [`Ints::to_array`] made.
    pub(crate) fn unpack(field: &Field, array: &ArrayRef) -> Result<Self> {
        let note = |name: &str| field.metadata().get(name).and_then(|t| t.parse::<i64>().ok());
        let (Some(base), Some(unit)) = (note("base"), note("unit")) else {
            return Err(Error::fault(format!("column {} names no base and unit", field.name())));
        };
        let raw = match array.data_type() {
            DataType::Null => Raw::Missing(array.len()),
            DataType::UInt8 if field.metadata().contains_key("same") => Raw::Same(array.len()),
            DataType::UInt8 => Raw::U8(array.as_primitive::<UInt8Type>().values().clone()),
            DataType::UInt16 => Raw::U16(array.as_primitive::<UInt16Type>().values().clone()),
            DataType::UInt32 => Raw::U32(array.as_primitive::<UInt32Type>().values().clone()),
            DataType::Int64 => Raw::I64(array.as_primitive::<Int64Type>().values().clone()),
            other => return Err(Error::fault(format!("column {} has the type {other}", field.name()))),
        };
        Ok(Self::new(raw, base, unit, array.nulls().cloned()).below(note("ceiling").unwrap_or(i64::MAX)))
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
            (vec![None, None], DataType::Null),
            (vec![Some(7), None], DataType::UInt8),
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
            prop_assert_eq!((0..column.len()).map(|i| column.get(i)).collect::<Vec<_>>(), &values[..]);
            prop_assert!(values.iter().flatten().all(|v| *v <= column.ceiling() && *v >= column.floor()));
            let rows = values.len() / 3..values.len();
            let (mut numbers, mut codes) = (vec![5], vec![6]);
            column.numbers(rows.clone(), &mut numbers);
            column.codes(rows.clone(), 77, &mut codes);
            prop_assert_eq!(numbers, std::iter::once(5).chain(rows.clone().map(|r| column.value(r))).collect::<Vec<_>>());
            let mut known = vec![5];
            column.numbers_or(rows.clone(), -3, &mut known);
            prop_assert_eq!(known, std::iter::once(5).chain(rows.clone().map(|r| column.get(r).unwrap_or(-3))).collect::<Vec<_>>());
            prop_assert_eq!(codes, std::iter::once(6).chain(rows.map(|r| column.code(r).unwrap_or(77))).collect::<Vec<_>>());
            for from in 0..values.len().min(17) {
                let mut told = vec![7; values.len() - from];
                column.mark_missing(from, &mut told, 1);
                prop_assert!(told.iter().zip(&values[from..]).all(|(t, v)| *t == v.map_or(1, |_| 7)));
            }
        }
    }
}
