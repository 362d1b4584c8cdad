//! Reading JSON that people write: every value knows its place, every key that is not asked for is refused.

use std::cell::RefCell;

use serde_json::{Map, Value};
use shuke_kernel::{Instant, Refusal};

use crate::calendar;
use crate::words::{MISSING, NOT_ONE_OF, OUT_OF_RANGE, UNKNOWN_KEY, WRONG_SORT};

/// What reading gives: the value, or what is wrong and where.
pub type Read<T> = Result<T, Refusal>;

/// Points, growth and pieces at most: a trillion.
pub const MOST_POINTS: i64 = 1_000_000_000_000;
/// Fen at most: ten trillion yuan.
pub const MOST_FEN: i64 = 1_000_000_000_000_000;

/// A value and its place in the file, such as `programme.earn[0].per_fen`.
#[derive(Clone)]
pub struct Node<'a> {
    /// Where it stands.
    pub path: String,
    value: &'a Value,
}

impl<'a> Node<'a> {
    /// The whole of a document, which stands at `path`.
    pub fn root(path: &str, value: &'a Value) -> Self {
        Self { path: path.to_owned(), value }
    }

    fn wrong(&self, wanted_zh: &str, wanted: &str) -> Refusal {
        WRONG_SORT.at(&self.path).with("path", &self.path).with("wanted_zh", wanted_zh).with("wanted", wanted)
    }

    /// Its keys, of which all must be asked for before [`Fields::done`].
    pub fn fields(&self) -> Read<Fields<'a>> {
        let map = self.value.as_object().ok_or_else(|| self.wrong("对象 {…}", "an object {…}"))?;
        Ok(Fields { path: self.path.clone(), map, asked: RefCell::default() })
    }

    /// Its elements.
    pub fn list(&self) -> Read<Vec<Node<'a>>> {
        let items = self.value.as_array().ok_or_else(|| self.wrong("列表 […]", "a list […]"))?;
        Ok(items.iter().enumerate().map(|(i, value)| Node { path: format!("{}[{i}]", self.path), value }).collect())
    }

    /// A text that is not empty.
    pub fn text(&self) -> Read<String> {
        let text = self.value.as_str().filter(|t| !t.is_empty() && t.len() <= 200);
        text.map(str::to_owned).ok_or_else(|| self.wrong("1 到 200 字节的文字", "a text of 1 to 200 bytes"))
    }

    /// True or false.
    pub fn truth(&self) -> Read<bool> {
        self.value.as_bool().ok_or_else(|| self.wrong("true 或 false", "true or false"))
    }

    /// A whole number within `least..=most`.
    pub fn whole(&self, least: i64, most: i64) -> Read<i64> {
        let Value::Number(number) = self.value else {
            return Err(self.wrong("整数（不加引号、不带小数）", "a whole number, without quotes or fraction"));
        };
        if number.is_f64() && !number.to_string().bytes().all(|b| b.is_ascii_digit() || b == b'-') {
            return Err(self.wrong("整数（不加引号、不带小数）", "a whole number, without quotes or fraction"));
        }
        let within = number.as_i64().filter(|n| (least..=most).contains(n));
        let outside = || OUT_OF_RANGE.at(&self.path).with("path", &self.path).with("value", number).with("least", least).with("most", most);
        within.ok_or_else(outside)
    }

    /// One of these words; its place among them.
    pub fn one_of(&self, known: &[&str]) -> Read<usize> {
        let text = self.text()?;
        let unknown = || NOT_ONE_OF.at(&self.path).with("path", &self.path).with("value", &text).with("known", known.join(", "));
        known.iter().position(|k| *k == text).ok_or_else(unknown)
    }

    /// An instant.
    pub fn instant(&self) -> Read<Instant> {
        let wrong = || {
            self.wrong(
                "带时区的时间，如 2026-11-11T00:00:00+08:00,1900 到 2400 年",
                "a time with its offset, such as 2026-11-11T00:00:00+08:00, from 1900 to 2400",
            )
        };
        let t: Instant = self.value.as_str().and_then(|t| t.parse().ok()).ok_or_else(wrong)?;
        if calendar::reckoned(t) { Ok(t) } else { Err(wrong()) }
    }

    /// A day.
    pub fn day(&self) -> Read<jiff::civil::Date> {
        let wrong = || self.wrong("日期，如 1992-02-29", "a day, such as 1992-02-29");
        let text = self.value.as_str().filter(|t| t.len() == 10).ok_or_else(wrong)?;
        text.parse().map_err(|_| wrong())
    }
}

/// The keys of an object, and which of them were asked for.
pub struct Fields<'a> {
    /// Where the object stands.
    pub path: String,
    map: &'a Map<String, Value>,
    asked: RefCell<Vec<&'static str>>,
}

impl<'a> Fields<'a> {
    /// The value of a key that may be absent; `null` is absent.
    pub fn maybe(&self, key: &'static str) -> Option<Node<'a>> {
        self.asked.borrow_mut().push(key);
        let value = self.map.get(key).filter(|v| !v.is_null())?;
        let path = if self.path.is_empty() { key.to_owned() } else { format!("{}.{key}", self.path) };
        Some(Node { path, value })
    }

    /// The value of a key that must be there.
    pub fn need(&self, key: &'static str) -> Read<Node<'a>> {
        self.maybe(key).ok_or_else(|| MISSING.at(&self.path).with("path", self.shown()).with("key", key))
    }

    /// The text at a key that must be there.
    pub fn text(&self, key: &'static str) -> Read<String> {
        self.need(key)?.text()
    }

    /// The text at a key that may be absent.
    pub fn maybe_text(&self, key: &'static str) -> Read<Option<String>> {
        self.maybe(key).map(|n| n.text()).transpose()
    }

    /// The whole number at a key that must be there.
    pub fn whole(&self, key: &'static str, least: i64, most: i64) -> Read<i64> {
        self.need(key)?.whole(least, most)
    }

    /// The whole number at a key that may be absent.
    pub fn maybe_whole(&self, key: &'static str, least: i64, most: i64) -> Read<Option<i64>> {
        self.maybe(key).map(|n| n.whole(least, most)).transpose()
    }

    /// The instant at a key that may be absent.
    pub fn maybe_instant(&self, key: &'static str) -> Read<Option<Instant>> {
        self.maybe(key).map(|n| n.instant()).transpose()
    }

    /// The list at a key, each element read; an absent one is empty.
    pub fn list<T>(&self, key: &'static str, mut read: impl FnMut(Node<'a>) -> Read<T>) -> Read<Vec<T>> {
        self.maybe(key).map_or(Ok(Vec::new()), |n| n.list()?.into_iter().map(&mut read).collect())
    }

    /// Whether the key is there, without taking it as read.
    pub fn has(&self, key: &str) -> bool {
        self.map.contains_key(key)
    }

    fn shown(&self) -> &str {
        if self.path.is_empty() { "file" } else { &self.path }
    }

    /// Refuses keys that nobody asked for.
    pub fn done(&self) -> Read<()> {
        let asked = self.asked.borrow();
        let Some(odd) = self.map.keys().find(|key| !asked.contains(&key.as_str())) else { return Ok(()) };
        Err(UNKNOWN_KEY.at(&self.path).with("path", self.shown()).with("key", odd).with("known", asked.join(", ")))
    }
}
