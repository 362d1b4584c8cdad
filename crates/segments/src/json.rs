//! JSON as the checker reads it: objects in the order in which they were written, every value with its
//! place in the document, keys that occur twice refused, numbers as their digits. A general parser keeps
//! the last of two equal keys and rounds what is too long for it; an expression must not be half
//! accepted. The text form is read into the same values, its literals marked with what they are.

use std::collections::HashSet;

/// A value and where it stands.
#[derive(Clone, PartialEq, Debug)]
pub struct Json {
    /// Its place in reading order.
    pub place: u32,
    /// What it is.
    pub node: Node,
}

/// A JSON value, or a literal of the text form.
#[derive(Clone, PartialEq, Debug)]
pub enum Node {
    /// `null`
    Null,
    /// `true`, `false`
    Bool(bool),
    /// A number, as written.
    Number(Box<str>),
    /// A string.
    Text(Box<str>),
    /// An array.
    List(Vec<Json>),
    /// An object, keys in the order in which they stand.
    Object(Vec<(Box<str>, Json)>),
    /// Money of the text form, in minor units.
    Fen(Box<str>),
    /// A decimal of the text form, as written.
    Decimal(Box<str>),
    /// A day of the text form, as written.
    Date(Box<str>),
    /// An instant of the text form, as written.
    Instant(Box<str>),
}

impl Json {
    /// The value of a key, if this is an object that has it.
    pub fn get(&self, key: &str) -> Option<&Self> {
        self.entries().iter().find(|(k, _)| &**k == key).map(|(_, v)| v)
    }

    /// The keys and values of an object; none of anything else.
    pub fn entries(&self) -> &[(Box<str>, Self)] {
        match &self.node {
            Node::Object(entries) => entries,
            _ => &[],
        }
    }

    /// The text of a string.
    pub fn text(&self) -> Option<&str> {
        match &self.node {
            Node::Text(t) => Some(t),
            _ => None,
        }
    }
}

/// Nesting beyond any that an expression of 32 levels can have. What lies deeper is read and dropped:
/// the checker refuses the expression before it gets there.
const DEEPEST: usize = 200;

/// Keys of an object that are looked through for one that is there twice.
const FEW: usize = 16;

/// Reads a document. The error is a sentence with line and column.
pub fn read(bytes: &[u8]) -> Result<Json, String> {
    let text = std::str::from_utf8(bytes).map_err(|e| format!("byte {} is not UTF-8", e.valid_up_to() + 1))?;
    let mut reader = Reader { text, at: 0, places: 0 };
    let value = reader.value(0)?;
    reader.space();
    if reader.at < text.len() {
        return Err(reader.wrong("something follows the value"));
    }
    Ok(value)
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
    places: u32,
}

impl Reader<'_> {
    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn space(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
    }

    fn wrong(&self, what: &str) -> String {
        let before = &self.text[..self.at.min(self.text.len())];
        let line = before.matches('\n').count() + 1;
        let column = before.rsplit('\n').next().unwrap_or("").chars().count() + 1;
        format!("line {line}, column {column}: {what}")
    }

    fn take(&mut self, byte: u8) -> bool {
        let there = self.peek() == Some(byte);
        self.at += usize::from(there);
        there
    }

    fn value(&mut self, depth: usize) -> Result<Json, String> {
        self.space();
        if depth > DEEPEST {
            return self.skip();
        }
        let place = self.places;
        self.places += 1;
        let node = match self.peek() {
            Some(b'{') => self.object(depth)?,
            Some(b'[') => self.list(depth)?,
            Some(b'"') => Node::Text(self.string()?),
            Some(b'-' | b'0'..=b'9') => Node::Number(self.number()?),
            _ => self.word()?,
        };
        Ok(Json { place, node })
    }

    fn word(&mut self) -> Result<Node, String> {
        for (word, node) in [("true", Node::Bool(true)), ("false", Node::Bool(false)), ("null", Node::Null)] {
            if self.text.as_bytes()[self.at..].starts_with(word.as_bytes()) {
                self.at += word.len();
                return Ok(node);
            }
        }
        Err(self.wrong("a value is expected"))
    }

    fn object(&mut self, depth: usize) -> Result<Node, String> {
        self.at += 1;
        let mut entries: Vec<(Box<str>, Json)> = Vec::new();
        let mut many: HashSet<Box<str>> = HashSet::new();
        self.space();
        if self.take(b'}') {
            return Ok(Node::Object(entries));
        }
        loop {
            self.space();
            if self.peek() != Some(b'"') {
                return Err(self.wrong("a key in quotes is expected"));
            }
            let key = self.string()?;
            // A node has few keys and they are looked through; of a long object they are kept beside it.
            if entries.len() == FEW {
                many = entries.iter().map(|(k, _)| k.clone()).collect();
            }
            let is_there = if entries.len() < FEW { entries.iter().any(|(k, _)| *k == key) } else { !many.insert(key.clone()) };
            if is_there {
                return Err(self.wrong(&format!("the key `{key}` is there twice")));
            }
            self.space();
            if !self.take(b':') {
                return Err(self.wrong("`:` is expected"));
            }
            entries.push((key, self.value(depth + 1)?));
            self.space();
            if self.take(b'}') {
                return Ok(Node::Object(entries));
            }
            if !self.take(b',') {
                return Err(self.wrong("`,` or `}` is expected"));
            }
        }
    }

    fn list(&mut self, depth: usize) -> Result<Node, String> {
        self.at += 1;
        let mut items = Vec::new();
        self.space();
        if self.take(b']') {
            return Ok(Node::List(items));
        }
        loop {
            items.push(self.value(depth + 1)?);
            self.space();
            if self.take(b']') {
                return Ok(Node::List(items));
            }
            if !self.take(b',') {
                return Err(self.wrong("`,` or `]` is expected"));
            }
        }
    }

    fn number(&mut self) -> Result<Box<str>, String> {
        let from = self.at;
        self.take(b'-');
        let whole = self.digits();
        let mut good = whole == 1 || whole > 1 && self.text.as_bytes()[self.at - whole] != b'0';
        if self.take(b'.') {
            good &= self.digits() > 0;
        }
        if matches!(self.peek(), Some(b'e' | b'E')) {
            self.at += 1;
            if matches!(self.peek(), Some(b'+' | b'-')) {
                self.at += 1;
            }
            good &= self.digits() > 0;
        }
        if good { Ok(self.text[from..self.at].into()) } else { Err(self.wrong("this is no number")) }
    }

    fn digits(&mut self) -> usize {
        let from = self.at;
        while matches!(self.peek(), Some(b'0'..=b'9')) {
            self.at += 1;
        }
        self.at - from
    }

    fn string(&mut self) -> Result<Box<str>, String> {
        let (text, length) = string(&self.text[self.at..]).map_err(|(at, what)| {
            self.at += at;
            self.wrong(what)
        })?;
        self.at += length;
        Ok(text.into())
    }

    /// Passes over a value that lies too deep to matter, without recursion.
    fn skip(&mut self) -> Result<Json, String> {
        let mut open = 0_usize;
        loop {
            self.space();
            match self.peek() {
                Some(b'"') => drop(self.string()?),
                Some(b'{' | b'[') => {
                    open += 1;
                    self.at += 1;
                }
                Some(b'}' | b']') if open > 0 => {
                    open -= 1;
                    self.at += 1;
                }
                Some(b',' | b':') if open > 0 => self.at += 1,
                Some(b'-' | b'0'..=b'9') => drop(self.number()?),
                Some(b't' | b'f' | b'n') => drop(self.word()?),
                _ => return Err(self.wrong("a value is expected")),
            }
            if open == 0 {
                let place = self.places;
                self.places += 1;
                return Ok(Json { place, node: Node::Null });
            }
        }
    }
}

/// Reads the JSON string at the beginning of `text`: what it says, and its length in bytes. The error is
/// where, and what is wrong.
pub fn string(text: &str) -> Result<(String, usize), (usize, &'static str)> {
    let mut out = String::new();
    let mut chars = text.char_indices().skip(1).peekable();
    while let Some((at, c)) = chars.next() {
        match c {
            '"' => return Ok((out, at + 1)),
            '\\' => {
                let (_, escaped) = chars.next().ok_or((at, "the text does not end"))?;
                out.push(match escaped {
                    '"' | '\\' | '/' => escaped,
                    'b' => '\u{8}',
                    'f' => '\u{c}',
                    'n' => '\n',
                    'r' => '\r',
                    't' => '\t',
                    'u' => {
                        let mut unit = || -> Option<u32> {
                            let four: Option<String> =
                                (0..4).map(|_| chars.next().map(|(_, c)| c).filter(char::is_ascii_hexdigit)).collect();
                            u32::from_str_radix(&four?, 16).ok()
                        };
                        let first = unit().ok_or((at, "four hexadecimal digits are expected"))?;
                        let code = match first {
                            0xd800..=0xdbff => {
                                let mut mark = || chars.next().map(|(_, c)| c);
                                let marked = (mark(), mark()) == (Some('\\'), Some('u'));
                                let mut unit = || -> Option<u32> {
                                    let four: Option<String> =
                                        (0..4).map(|_| chars.next().map(|(_, c)| c).filter(char::is_ascii_hexdigit)).collect();
                                    u32::from_str_radix(&four?, 16).ok()
                                };
                                let second = unit().filter(|s| marked && (0xdc00..=0xdfff).contains(s));
                                second.map(|s| 0x10000 + ((first - 0xd800) << 10) + (s - 0xdc00))
                            }
                            other => Some(other),
                        };
                        code.and_then(char::from_u32).ok_or((at, "half a surrogate pair is no character"))?
                    }
                    _ => return Err((at, "no such escape")),
                });
            }
            c if (c as u32) < 0x20 => return Err((at, "a control character must be escaped")),
            c => out.push(c),
        }
    }
    Err((text.len(), "the text does not end"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_json_is_told_with_its_place() {
        for bad in ["", "{", r#"{"a":1,"a":2}"#, "[1,]", "01", "1.", "\"\\ud800\"", "\"\\x\"", "tru", "{} x", "\"a\nb\"", "{a:1}", "nul"] {
            assert!(read(bad.as_bytes()).is_err(), "{bad}");
        }
        assert_eq!(read(b"{\"a\":\n 1 2}").unwrap_err(), "line 2, column 4: `,` or `}` is expected");
        assert!(read(b"\"\xff\"").is_err());
    }

    #[test]
    fn values_keep_their_order_and_their_digits() {
        let value = read(r#" {"b": [1.50, -0, "\u00e9\ud83d\ude00\n"], "a": null} "#.as_bytes()).unwrap();
        let keys: Vec<&str> = value.entries().iter().map(|(k, _)| &**k).collect();
        assert_eq!(keys, ["b", "a"]);
        let Node::List(items) = &value.get("b").unwrap().node else { panic!("no list") };
        assert_eq!(items.iter().map(|i| i.place).collect::<Vec<_>>(), [2, 3, 4]);
        assert_eq!(items[0].node, Node::Number("1.50".into()));
        assert_eq!(items[2].text(), Some("é😀\n"));
    }

    #[test]
    fn depth_is_no_danger() {
        let deep = "[".repeat(100_000) + &"]".repeat(100_000);
        assert!(read(deep.as_bytes()).is_ok());
        assert!(read("[".repeat(100_000).as_bytes()).is_err());
    }
}
