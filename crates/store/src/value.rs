//! The four kinds of value that cross into SQL, the lists that a `= ANY($n)` takes, and rows.
//!
//! Both engines keep the same four: 64-bit integers, text, bytes and null. Instants are
//! microseconds, booleans 0 or 1, ids sixteen bytes, money minor units.

use shuke_kernel::{Currency, Error, Id, Instant, MerchantNo, Result};

/// A value bound to a statement or read from a row.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Value {
    /// Missing.
    Null,
    /// A 64-bit integer.
    Int(i64),
    /// UTF-8.
    Text(String),
    /// Bytes.
    Bytes(Vec<u8>),
    /// For `= ANY($n)` only: integers.
    Ints(Vec<i64>),
    /// For `= ANY($n)` only: texts.
    Texts(Vec<String>),
    /// For `= ANY($n)` only: byte strings, such as ids and tokens.
    Blobs(Vec<Vec<u8>>),
}

macro_rules! from {
    ($($t:ty => $v:ident $conv:expr;)*) => {$(
        impl From<$t> for Value {
            fn from(x: $t) -> Self { Self::$v($conv(x)) }
        }
        impl From<Option<$t>> for Value {
            fn from(x: Option<$t>) -> Self { x.map_or(Self::Null, Self::from) }
        }
    )*};
}

from! {
    i64 => Int (|x| x);
    i32 => Int i64::from;
    u32 => Int i64::from;
    bool => Int i64::from;
    Instant => Int Instant::micros;
    MerchantNo => Int (|m: MerchantNo| m.0);
    String => Text (|x| x);
    &str => Text str::to_owned;
    &String => Text String::clone;
    Currency => Text (|c: Currency| c.to_string());
    Vec<u8> => Bytes (|x| x);
    &[u8] => Bytes <[u8]>::to_vec;
    [u8; 16] => Bytes (|x: [u8; 16]| x.to_vec());
    [u8; 32] => Bytes (|x: [u8; 32]| x.to_vec());
    Vec<i64> => Ints (|x| x);
    Vec<String> => Texts (|x| x);
    Vec<Vec<u8>> => Blobs (|x| x);
}

impl<K> From<Id<K>> for Value {
    fn from(id: Id<K>) -> Self {
        Self::Bytes(id.bytes().to_vec())
    }
}

impl<K> From<Option<Id<K>>> for Value {
    fn from(id: Option<Id<K>>) -> Self {
        id.map_or(Self::Null, Self::from)
    }
}

/// Binds for a statement: `args![merchant, id, now]`.
#[macro_export]
macro_rules! args {
    ($($x:expr),* $(,)?) => { &[$($crate::Value::from($x)),*][..] };
}

/// A row read from the store.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Row(pub Vec<Value>);

impl Row {
    /// Takes column `i` out as a `T`; a column of another kind is a fault, never a default.
    pub fn get<T: FromValue>(&mut self, i: usize) -> Result<T> {
        let value = self.0.get_mut(i).ok_or_else(|| Error::fault(format!("row has no column {i}")))?;
        T::from_value(std::mem::replace(value, Value::Null)).map_err(|e| Error::fault(format!("column {i}: {e}")))
    }
}

/// What a column can be read as.
pub trait FromValue: Sized {
    /// The value as `Self`, or what it is instead.
    fn from_value(v: Value) -> Result<Self, String>;
}

fn wrong<T>(want: &str, v: &Value) -> Result<T, String> {
    let is = match v {
        Value::Null => "null",
        Value::Int(_) => "an integer",
        Value::Text(_) => "text",
        Value::Bytes(_) => "bytes",
        _ => "a list",
    };
    Err(format!("wanted {want}, is {is}"))
}

impl FromValue for Value {
    fn from_value(v: Value) -> Result<Self, String> {
        Ok(v)
    }
}

impl FromValue for i64 {
    fn from_value(v: Value) -> Result<Self, String> {
        match v {
            Value::Int(x) => Ok(x),
            other => wrong("an integer", &other),
        }
    }
}

impl FromValue for bool {
    fn from_value(v: Value) -> Result<Self, String> {
        i64::from_value(v).map(|x| x != 0)
    }
}

impl FromValue for Instant {
    fn from_value(v: Value) -> Result<Self, String> {
        i64::from_value(v).map(Self::from_micros)
    }
}

impl FromValue for MerchantNo {
    fn from_value(v: Value) -> Result<Self, String> {
        i64::from_value(v).map(Self)
    }
}

impl FromValue for String {
    fn from_value(v: Value) -> Result<Self, String> {
        match v {
            Value::Text(x) => Ok(x),
            other => wrong("text", &other),
        }
    }
}

impl FromValue for Currency {
    fn from_value(v: Value) -> Result<Self, String> {
        String::from_value(v)?.parse()
    }
}

impl FromValue for Vec<u8> {
    fn from_value(v: Value) -> Result<Self, String> {
        match v {
            Value::Bytes(x) => Ok(x),
            other => wrong("bytes", &other),
        }
    }
}

impl<const N: usize> FromValue for [u8; N] {
    fn from_value(v: Value) -> Result<Self, String> {
        let bytes = Vec::<u8>::from_value(v)?;
        let len = bytes.len();
        bytes.try_into().map_err(|_| format!("wanted {N} bytes, is {len}"))
    }
}

impl<K> FromValue for Id<K> {
    fn from_value(v: Value) -> Result<Self, String> {
        <[u8; 16]>::from_value(v).map(Self::from_bytes)
    }
}

impl<T: FromValue> FromValue for Option<T> {
    fn from_value(v: Value) -> Result<Self, String> {
        match v {
            Value::Null => Ok(None),
            other => T::from_value(other).map(Some),
        }
    }
}
