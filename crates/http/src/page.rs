//! Pages by cursor, and money as JSON.
//!
//! A cursor is the sort key of the last item, opaque to callers: a checksum and tagged values in
//! base64url. It is no secret; it only keeps what was not made here from reaching a statement.

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use shuke_kernel::Money;
use shuke_store::Value;
use utoipa::{IntoParams, ToSchema};

use crate::problem::{Problem, codes};

/// One page of a list.
#[derive(Serialize, Deserialize, ToSchema, Debug)]
pub struct Page<T> {
    /// The items, in the list's order.
    pub items: Vec<T>,
    /// Where the next page begins; `null` on the last.
    pub next_cursor: Option<String>,
}

impl<T> Page<T> {
    /// The page of `rows`, which were asked for with one more than the limit; `key` is an item's
    /// sort key.
    pub fn cut(mut rows: Vec<T>, paging: &Paging, key: impl Fn(&T) -> Vec<Value>) -> Self {
        let more = rows.len() as i64 > paging.limit;
        rows.truncate(usize::try_from(paging.limit).unwrap_or(usize::MAX));
        let next_cursor = rows.last().filter(|_| more).map(|last| Cursor::encode(&key(last)));
        Self { items: rows, next_cursor }
    }

    /// A list that is always whole.
    pub const fn whole(items: Vec<T>) -> Self {
        Self { items, next_cursor: None }
    }

    /// The same page of other items.
    pub fn map<U>(self, f: impl FnMut(T) -> U) -> Page<U> {
        Page { items: self.items.into_iter().map(f).collect(), next_cursor: self.next_cursor }
    }
}

/// The query of a list that has no filters. A list with filters repeats the two fields in its own
/// query type, since flattened query types cannot read numbers.
#[derive(Deserialize, IntoParams, Clone, Debug, Default)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct PageQuery {
    /// At most so many items: 1 to 200, 50 if absent.
    #[param(minimum = 1, maximum = 200)]
    pub limit: Option<i64>,
    /// The `next_cursor` of the page before.
    pub cursor: Option<String>,
}

impl PageQuery {
    /// The page asked for.
    pub fn paging(&self) -> Result<Paging, Problem> {
        Paging::new(self.limit, self.cursor.as_deref())
    }
}

/// Which page is asked for.
#[derive(Clone, Debug)]
pub struct Paging {
    /// 1 to 200.
    pub limit: i64,
    /// The sort key after which the page begins; empty at the start.
    pub after: Vec<Value>,
}

impl Paging {
    /// Reads `limit` and `cursor` of a query.
    pub fn new(limit: Option<i64>, cursor: Option<&str>) -> Result<Self, Problem> {
        let limit = limit.unwrap_or(50);
        if !(1..=200).contains(&limit) {
            return Err(Problem::invalid("query", "limit", "limit is 1 to 200"));
        }
        let after = cursor.filter(|c| !c.is_empty()).map(Cursor::decode).transpose()?.unwrap_or_default();
        Ok(Self { limit, after })
    }

    /// The number of rows to ask the store for: one more, to know whether there is a next page.
    pub const fn fetch(&self) -> i64 {
        self.limit + 1
    }

    /// The integer at place `i` of the sort key, or `start` on the first page.
    pub fn int(&self, i: usize, start: i64) -> Result<i64, Problem> {
        match self.after.get(i) {
            Some(Value::Int(x)) => Ok(*x),
            None if self.after.is_empty() => Ok(start),
            _ => Err(codes::CURSOR.refuse().into()),
        }
    }

    /// The sixteen bytes at place `i` of the sort key, or `start` on the first page.
    pub fn id(&self, i: usize, start: [u8; 16]) -> Result<[u8; 16], Problem> {
        match self.after.get(i) {
            Some(Value::Bytes(b)) => b.as_slice().try_into().map_err(|_| codes::CURSOR.refuse().into()),
            None if self.after.is_empty() => Ok(start),
            _ => Err(codes::CURSOR.refuse().into()),
        }
    }

    /// The text at place `i` of the sort key, or `start` on the first page.
    pub fn text(&self, i: usize, start: &str) -> Result<String, Problem> {
        match self.after.get(i) {
            Some(Value::Text(t)) => Ok(t.clone()),
            None if self.after.is_empty() => Ok(start.to_owned()),
            _ => Err(codes::CURSOR.refuse().into()),
        }
    }
}

/// Reads and writes cursors.
pub struct Cursor;

fn checksum(body: &[u8]) -> [u8; 4] {
    let full: [u8; 32] = Sha256::new().chain_update(b"shuke cursor").chain_update(body).finalize().into();
    [full[0], full[1], full[2], full[3]]
}

impl Cursor {
    /// The cursor of a sort key of integers, texts, bytes and nulls.
    pub fn encode(key: &[Value]) -> String {
        let mut body = Vec::with_capacity(24 * key.len());
        let mut put = |tag: u8, bytes: &[u8]| {
            body.push(tag);
            body.extend_from_slice(&u32::try_from(bytes.len()).unwrap_or(0).to_be_bytes());
            body.extend_from_slice(bytes);
        };
        for value in key {
            match value {
                Value::Int(x) => put(b'i', &x.to_be_bytes()),
                Value::Text(t) => put(b't', t.as_bytes()),
                Value::Bytes(b) => put(b'b', b),
                _ => put(b'n', b""),
            }
        }
        let mut all = checksum(&body).to_vec();
        all.extend_from_slice(&body);
        BASE64_URL_SAFE_NO_PAD.encode(all)
    }

    /// The sort key in a cursor.
    pub fn decode(cursor: &str) -> Result<Vec<Value>, Problem> {
        Self::read(cursor).ok_or_else(|| codes::CURSOR.at("cursor").into())
    }

    fn read(cursor: &str) -> Option<Vec<Value>> {
        let all = BASE64_URL_SAFE_NO_PAD.decode(cursor).ok()?;
        let (sum, mut rest) = all.split_at_checked(4)?;
        if sum != checksum(rest) {
            return None;
        }
        let mut key = Vec::new();
        while let [tag, a, b, c, d, more @ ..] = rest {
            let (bytes, after) = more.split_at_checked(u32::from_be_bytes([*a, *b, *c, *d]) as usize)?;
            key.push(match tag {
                b'i' => Value::Int(i64::from_be_bytes(bytes.try_into().ok()?)),
                b't' => Value::Text(String::from_utf8(bytes.to_vec()).ok()?),
                b'b' => Value::Bytes(bytes.to_vec()),
                b'n' => Value::Null,
                _ => return None,
            });
            rest = after;
        }
        rest.is_empty().then_some(key)
    }
}

/// An amount in minor units with its currency.
#[derive(Serialize, Deserialize, ToSchema, Clone, Debug, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
#[schema(as = Money)]
pub struct MoneyDto {
    /// Minor units: 12850 is 128.50 yuan.
    #[schema(example = 12850)]
    pub amount: i64,
    /// ISO 4217.
    #[schema(example = "CNY", pattern = "^[A-Z]{3}$")]
    pub currency: String,
}

impl From<Money> for MoneyDto {
    fn from(m: Money) -> Self {
        Self { amount: m.amount, currency: m.currency.to_string() }
    }
}

impl MoneyDto {
    /// The amount, or what is wrong with its currency at `field`.
    pub fn read(&self, field: &str) -> Result<Money, Problem> {
        let currency = self.currency.parse().map_err(|e: String| Problem::invalid("body", &format!("{field}.currency"), e))?;
        Ok(Money { amount: self.amount, currency })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_reads_back_and_a_made_up_one_is_refused() {
        let key = vec![Value::Int(-5), Value::Text("张".into()), Value::Bytes(vec![0, 1]), Value::Null];
        let cursor = Cursor::encode(&key);
        assert_eq!(Cursor::decode(&cursor).expect("ours"), key);
        assert!(Cursor::decode(&cursor[1..]).is_err());
        assert!(Cursor::decode("AAAA").is_err());
        assert!(Cursor::decode("…").is_err());
    }
}
