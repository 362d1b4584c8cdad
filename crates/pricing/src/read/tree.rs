//! Strict reading of JSON: a tree that keeps what ordinary reading lets pass (floats, keys that
//! stand twice), and objects whose keys must all be known. Errors name the place: `promotions[2].pay_rate`.

use std::cell::Cell;
use std::fmt;

use serde::de::{Deserialize, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};

use super::reason::{Reason, expected, missing, none_of, out_of_range, reason};

/// Why a file breaks the format, and where.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Malformed {
    /// The place in the file, such as `promotions[2].pay_rate`; empty for the whole.
    pub path: String,
    /// What is wrong there.
    pub why: Reason,
}

impl fmt::Display for Malformed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.path.is_empty() { f.write_str(&self.why.en) } else { write!(f, "{}: {}", self.path, self.why.en) }
    }
}

impl std::error::Error for Malformed {}

pub(crate) type Result<T> = std::result::Result<T, Malformed>;

pub(crate) fn malformed<T>(path: impl Into<String>, why: Reason) -> Result<T> {
    Err(Malformed { path: path.into(), why })
}

/// A JSON value.
pub(crate) enum Node {
    Null,
    Bool(bool),
    Int(i64),
    /// A number that is no integer of 64 bits.
    Other,
    Text(String),
    List(Vec<Node>),
    Map(Vec<(String, Node)>),
}

/// Reads one JSON value and nothing after it.
pub(crate) fn tree(text: &str) -> Result<Node> {
    serde_json::from_str(text).or_else(|e| {
        // What is JSON and cannot be taken has a key twice: nothing else is refused while it is read.
        let (word, zh) =
            if e.is_data() { ("stands_twice", "同一个对象里有重复的键") } else { ("no_json", "不是有效的 JSON") };
        malformed("", reason(word, format!("{zh}（{e}）"), format!("no JSON: {e}")))
    })
}

impl Node {
    /// What it is, in Chinese and in English.
    fn is(&self) -> (&'static str, &'static str) {
        match self {
            Self::Null => ("空值", "null"),
            Self::Bool(_) => ("真假值", "a truth value"),
            Self::Int(_) => ("整数", "an integer"),
            Self::Other => ("小数，或过大的数", "a float, or a number too large"),
            Self::Text(_) => ("字符串", "a string"),
            Self::List(_) => ("列表", "a list"),
            Self::Map(_) => ("对象", "an object"),
        }
    }
}

impl<'de> Deserialize<'de> for Node {
    fn deserialize<D: Deserializer<'de>>(d: D) -> std::result::Result<Self, D::Error> {
        d.deserialize_any(NodeVisitor)
    }
}

struct NodeVisitor;

impl<'de> Visitor<'de> for NodeVisitor {
    type Value = Node;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }
    fn visit_unit<E>(self) -> std::result::Result<Node, E> {
        Ok(Node::Null)
    }
    fn visit_bool<E>(self, v: bool) -> std::result::Result<Node, E> {
        Ok(Node::Bool(v))
    }
    fn visit_i64<E>(self, v: i64) -> std::result::Result<Node, E> {
        Ok(Node::Int(v))
    }
    fn visit_u64<E>(self, v: u64) -> std::result::Result<Node, E> {
        Ok(i64::try_from(v).map_or(Node::Other, Node::Int))
    }
    fn visit_f64<E>(self, _: f64) -> std::result::Result<Node, E> {
        Ok(Node::Other)
    }
    fn visit_str<E>(self, v: &str) -> std::result::Result<Node, E> {
        Ok(Node::Text(v.to_owned()))
    }
    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> std::result::Result<Node, A::Error> {
        let mut list = Vec::new();
        while let Some(node) = seq.next_element()? {
            list.push(node);
        }
        Ok(Node::List(list))
    }
    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> std::result::Result<Node, A::Error> {
        let mut entries: Vec<(String, Node)> = Vec::new();
        let mut seen = std::collections::HashSet::new();
        while let Some((key, node)) = map.next_entry::<String, Node>()? {
            if !seen.insert(key.clone()) {
                return Err(A::Error::custom(format!("the key `{key}` stands twice")));
            }
            entries.push((key, node));
        }
        Ok(Node::Map(entries))
    }
}

/// An object being read: each key is asked for once, and [`end`](Self::end) refuses those nobody
/// asked for. A key whose value is null is an absent one.
pub(crate) struct Object<'a> {
    pub path: String,
    entries: &'a [(String, Node)],
    asked: Vec<Cell<bool>>,
}

impl<'a> Object<'a> {
    pub fn of(node: &'a Node, path: String) -> Result<Self> {
        match node {
            Node::Map(entries) => Ok(Self { path, entries, asked: entries.iter().map(|_| Cell::new(false)).collect() }),
            other => malformed(path, expected(("对象", "an object"), other.is())),
        }
    }

    /// The path of a key here.
    pub fn at(&self, key: &str) -> String {
        if self.path.is_empty() { key.to_owned() } else { format!("{}.{key}", self.path) }
    }

    pub fn refuse<T>(&self, key: &str, why: Reason) -> Result<T> {
        malformed(self.at(key), why)
    }

    pub fn get(&self, key: &str) -> Option<&'a Node> {
        let at = self.entries.iter().position(|(k, _)| k == key)?;
        self.asked[at].set(true);
        Some(&self.entries[at].1).filter(|n| !matches!(n, Node::Null))
    }

    pub fn needed(&self, key: &str) -> Result<&'a Node> {
        self.get(key).map_or_else(|| self.refuse(key, missing()), Ok)
    }

    /// The entries of a map from names of the file's own to values; null ones are absent.
    pub fn entries(&self) -> impl Iterator<Item = (&'a str, &'a Node)> + use<'a> {
        self.entries.iter().filter(|(_, n)| !matches!(n, Node::Null)).map(|(k, n)| (k.as_str(), n))
    }

    pub fn text(&self, key: &str) -> Result<String> {
        text(self.needed(key)?, self.at(key))
    }

    pub fn opt_text(&self, key: &str) -> Result<Option<String>> {
        self.get(key).map(|n| text(n, self.at(key))).transpose()
    }

    pub fn opt_bool(&self, key: &str) -> Result<Option<bool>> {
        match self.get(key) {
            None => Ok(None),
            Some(Node::Bool(v)) => Ok(Some(*v)),
            Some(other) => self.refuse(key, expected((" true 或 false", "true or false"), other.is())),
        }
    }

    pub fn opt_int(&self, key: &str) -> Result<Option<i64>> {
        self.get(key).map(|n| int(n, self.at(key))).transpose()
    }

    /// A whole number that is not below `least`.
    pub fn opt_from(&self, key: &str, least: i64) -> Result<Option<i64>> {
        match self.opt_int(key)? {
            Some(n) if n < least => self.refuse(key, too_small(n, least)),
            n => Ok(n),
        }
    }

    pub fn from(&self, key: &str, least: i64) -> Result<i64> {
        self.needed(key)?;
        Ok(self.opt_from(key, least)?.unwrap_or(least))
    }

    /// An amount of the minor unit.
    pub fn fen(&self, key: &str) -> Result<i64> {
        self.from(key, 0)
    }

    pub fn opt_fen(&self, key: &str) -> Result<Option<i64>> {
        self.opt_from(key, 0)
    }

    /// A list, each item read with its path; none where the key is absent.
    pub fn opt_list<T>(&self, key: &str, item: impl Fn(&'a Node, String) -> Result<T>) -> Result<Option<Vec<T>>> {
        match self.get(key) {
            None => Ok(None),
            Some(Node::List(list)) => {
                list.iter().enumerate().map(|(i, n)| item(n, format!("{}[{i}]", self.at(key)))).collect::<Result<_>>().map(Some)
            }
            Some(other) => self.refuse(key, expected(("列表", "a list"), other.is())),
        }
    }

    pub fn list<T>(&self, key: &str, item: impl Fn(&'a Node, String) -> Result<T>) -> Result<Vec<T>> {
        self.needed(key)?;
        Ok(self.opt_list(key, item)?.unwrap_or_default())
    }

    /// One of a few words.
    pub fn opt_word<T: Copy>(&self, key: &str, words: &[(&str, T)]) -> Result<Option<T>> {
        let Some(found) = self.opt_text(key)? else { return Ok(None) };
        match words.iter().find(|(w, _)| *w == found) {
            Some((_, meaning)) => Ok(Some(*meaning)),
            None => self.refuse(key, none_of(&found, &words.iter().map(|(w, _)| *w).collect::<Vec<_>>().join(", "))),
        }
    }

    /// All keys were asked for.
    pub fn end(self) -> Result<()> {
        let unknown = self.entries.iter().zip(&self.asked).find(|((_, n), asked)| !asked.get() && !matches!(n, Node::Null));
        match unknown {
            Some(((key, _), _)) => self.refuse(key, reason("unknown_key", "没有这个键，请检查拼写", "unknown key")),
            None => Ok(()),
        }
    }
}

pub(crate) fn text(node: &Node, path: String) -> Result<String> {
    match node {
        Node::Text(text) => Ok(text.clone()),
        other => malformed(path, expected(("字符串", "a string"), other.is())),
    }
}

pub(crate) fn int(node: &Node, path: String) -> Result<i64> {
    match node {
        Node::Int(n) => Ok(*n),
        other => malformed(path, expected(("整数", "an integer"), other.is())),
    }
}

fn too_small(found: i64, least: i64) -> Reason {
    out_of_range(format!("不能小于 {least}，现在是 {found}"), format!("must be at least {least}, is {found}"))
}

/// A whole number that is not negative, of a map whose keys are the file's own: asking for each by its key would
/// go through all keys each time.
pub(crate) fn natural(node: &Node, path: String) -> Result<i64> {
    match int(node, path.clone())? {
        n if n < 0 => malformed(path, too_small(n, 0)),
        n => Ok(n),
    }
}

/// The file's `format` is the one that is read here.
pub(crate) fn format_1(o: &Object<'_>) -> Result<()> {
    match o.from("format", i64::MIN)? {
        1 => Ok(()),
        other => {
            let why = out_of_range(format!("只支持格式 1，现在是 {other}"), format!("only format 1 is read, this is {other}"));
            o.refuse("format", why)
        }
    }
}
