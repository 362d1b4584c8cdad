//! Markup to tokens: tags, text and their ends, streamed, as a browser's tokenizer divides them.
//! Comments, declarations, scripts and styles are passed over. Nothing is ever expanded: an entity
//! that a document declares stays as it is written.

use std::io::{self, Read};

use memchr::memmem;

/// How long a tag may be.
const TAG_LIMIT: usize = 256 * 1024;
/// How much is read at a time.
const PORTION: usize = 64 * 1024;
/// An entity is no longer than this; a portion of text does not end within one.
const ENTITY: usize = 32;

/// Attributes that tables are understood by, without their prefix.
const KEPT: &[&str] = &["colspan", "rowspan", "index", "span", "mergeacross", "mergedown", "name", "type", "formula", "num", "fmla"];

/// A tag: its name in small letters without a prefix, and those of its attributes that matter.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Tag {
    /// `td`, `workbook`, …
    pub name: String,
    /// Name and value.
    pub attributes: Vec<(String, String)>,
    /// `<Cell/>` ends where it begins.
    pub is_empty: bool,
    /// It is of a name space: `<x:Name>`.
    pub has_prefix: bool,
}

impl Tag {
    /// The value of an attribute.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(n, _)| n == name).map(|(_, v)| v.as_str())
    }
}

/// A piece of a document.
#[derive(PartialEq, Eq, Debug)]
pub enum Token {
    /// Text with its entities, or a part of it.
    Text(Vec<u8>),
    /// Text without entities.
    Plain(Vec<u8>),
    /// A tag opens.
    Open(Tag),
    /// A tag of this name closes.
    Close(String),
}

/// Tokens of UTF-8 text.
pub struct Tokens<R> {
    from: R,
    buf: Vec<u8>,
    at: usize,
    ended: bool,
    /// The element whose content is no markup.
    raw: Option<String>,
}

impl<R: Read> Tokens<R> {
    /// Of a stream.
    pub fn new(from: R) -> Self {
        Self { from, buf: Vec::new(), at: 0, ended: false, raw: None }
    }

    fn rest(&self) -> &[u8] {
        self.buf.get(self.at..).unwrap_or_default()
    }

    /// Reads on. Whether anything came.
    fn more(&mut self) -> io::Result<bool> {
        if self.ended {
            return Ok(false);
        }
        self.buf.drain(..self.at);
        self.at = 0;
        let before = self.buf.len();
        self.from.by_ref().take(PORTION as u64).read_to_end(&mut self.buf)?;
        self.ended = self.buf.len() == before;
        Ok(!self.ended)
    }

    /// Passes over everything up to and including `end`; over all where it does not come.
    fn skip_past(&mut self, end: &[u8]) -> io::Result<()> {
        loop {
            if let Some(i) = memmem::find(self.rest(), end) {
                self.at += i + end.len();
                return Ok(());
            }
            self.at = self.buf.len().saturating_sub(end.len() - 1).max(self.at);
            if !self.more()? {
                self.at = self.buf.len();
                return Ok(());
            }
        }
    }

    /// The next token. An error that is not the stream's is `InvalidData`.
    pub fn next(&mut self) -> io::Result<Option<Token>> {
        loop {
            if let Some(name) = self.raw.take() {
                self.skip_raw(&name)?;
            }
            if self.rest().len() < 12 {
                self.more()?;
            }
            let rest = self.rest();
            let Some(first) = rest.first() else { return Ok(None) };
            if *first != b'<' {
                return self.text().map(Some);
            }
            if rest.starts_with(b"<!--") {
                self.at += 4;
                self.skip_past(b"-->")?;
            } else if rest.starts_with(b"<![CDATA[") {
                self.at += 9;
                return self.cdata().map(Some);
            } else if rest.starts_with(b"<?") {
                self.skip_past(b">")?;
            } else if rest.starts_with(b"<!") {
                self.declaration()?;
            } else if rest.get(1).is_some_and(|b| b.is_ascii_alphabetic())
                || (rest.get(1) == Some(&b'/') && rest.get(2).is_some_and(|b| b.is_ascii_alphabetic()))
            {
                match self.tag()? {
                    Some(token) => return Ok(Some(token)),
                    None => self.at = self.buf.len(),
                }
            } else {
                self.at += 1;
                return Ok(Some(Token::Text(b"<".to_vec())));
            }
        }
    }

    /// Text up to the next tag, or as much of it as there is.
    fn text(&mut self) -> io::Result<Token> {
        if memchr::memchr(b'<', self.rest()).is_none() && self.rest().len() < ENTITY * 2 {
            self.more()?;
        }
        let rest = self.rest();
        let mut end = memchr::memchr(b'<', rest).unwrap_or(rest.len());
        if end == rest.len() && !self.ended {
            let tail = end.saturating_sub(ENTITY);
            if let Some(i) = memchr::memrchr(b'&', &rest[tail..]).filter(|i| tail + i > 0) {
                end = tail + i;
            }
        }
        let text = rest[..end].to_vec();
        self.at += end;
        Ok(Token::Text(text))
    }

    fn cdata(&mut self) -> io::Result<Token> {
        let mut text = Vec::new();
        loop {
            if let Some(i) = memmem::find(self.rest(), b"]]>") {
                text.extend_from_slice(&self.rest()[..i]);
                self.at += i + 3;
                return Ok(Token::Plain(text));
            }
            let keep = if self.ended { 0 } else { 2 };
            let until = self.buf.len().saturating_sub(keep).max(self.at);
            text.extend_from_slice(&self.buf[self.at..until]);
            self.at = until;
            if text.len() > super::ROW_LIMIT {
                return Err(broken());
            }
            if !self.more()? && self.rest().is_empty() {
                return Ok(Token::Plain(text));
            }
        }
    }

    /// `<!DOCTYPE …>`, with what it declares between brackets.
    fn declaration(&mut self) -> io::Result<()> {
        loop {
            match memchr::memchr2(b'>', b'[', self.rest()) {
                Some(i) if self.rest()[i] == b'[' && self.rest().get(..9).is_some_and(|d| d.eq_ignore_ascii_case(b"<!doctype")) => {
                    return self.skip_past(b"]>");
                }
                Some(_) => return self.skip_past(b">"),
                None if self.rest().len() > TAG_LIMIT => return Err(broken()),
                None => {
                    if !self.more()? {
                        self.at = self.buf.len();
                        return Ok(());
                    }
                }
            }
        }
    }

    /// A whole tag; `None` where the document ends in it.
    fn tag(&mut self) -> io::Result<Option<Token>> {
        loop {
            if let Some((token, len)) = parse(self.rest()) {
                self.at += len;
                if let Token::Open(tag) = &token
                    && !tag.is_empty
                    && !tag.has_prefix
                    && matches!(tag.name.as_str(), "script" | "style")
                {
                    self.raw = Some(tag.name.clone());
                }
                return Ok(Some(token));
            }
            if self.rest().len() > TAG_LIMIT {
                return Err(broken());
            }
            if !self.more()? {
                return Ok(None);
            }
        }
    }

    fn skip_raw(&mut self, name: &str) -> io::Result<()> {
        loop {
            self.skip_past(b"</")?;
            if self.rest().len() <= name.len() && !self.more()? {
                return Ok(());
            }
            let rest = self.rest();
            if rest.get(..name.len()).is_some_and(|n| n.eq_ignore_ascii_case(name.as_bytes()))
                && !rest.get(name.len()).is_some_and(u8::is_ascii_alphanumeric)
            {
                return self.skip_past(b">");
            }
        }
    }
}

fn broken() -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, "markup without an end")
}

/// The tag at the beginning of `b` and its length; `None` where it is not there to its end.
fn parse(b: &[u8]) -> Option<(Token, usize)> {
    let closes = b.get(1) == Some(&b'/');
    let mut i = if closes { 2 } else { 1 };
    let name_end = |b: &u8| b.is_ascii_whitespace() || matches!(b, b'>' | b'/');
    let end = i + b.get(i..)?.iter().position(name_end)?;
    let local = |name: &[u8]| {
        let name = String::from_utf8_lossy(name).to_ascii_lowercase();
        name.rsplit_once(':').map_or(name.clone(), |(_, n)| n.to_owned())
    };
    let written = &b[i..end];
    let mut tag = Tag { name: local(written), has_prefix: written.contains(&b':'), ..Tag::default() };
    i = end;
    loop {
        while b.get(i)?.is_ascii_whitespace() {
            i += 1;
        }
        match b[i] {
            b'>' => break,
            b'/' => {
                tag.is_empty = b.get(i + 1)? == &b'>';
                i += 1;
                continue;
            }
            _ => {}
        }
        let start = i;
        // A sign of equality may be the first letter of a name, as browsers have it.
        i += 1;
        while !matches!(b.get(i)?, b'=' | b'>' | b'/') && !b[i].is_ascii_whitespace() {
            i += 1;
        }
        let name = &b[start..i];
        let mut value_at = i;
        while b.get(value_at)?.is_ascii_whitespace() {
            value_at += 1;
        }
        if b[value_at] != b'=' {
            continue;
        }
        i = value_at + 1;
        while b.get(i)?.is_ascii_whitespace() {
            i += 1;
        }
        let value = match b[i] {
            quote @ (b'"' | b'\'') => {
                let close = i + 1 + memchr::memchr(quote, b.get(i + 1..)?)?;
                let value = &b[i + 1..close];
                i = close + 1;
                value
            }
            _ => {
                let start = i;
                while b.get(i)? != &b'>' && !b[i].is_ascii_whitespace() {
                    i += 1;
                }
                &b[start..i]
            }
        };
        let name = local(name);
        if KEPT.contains(&name.as_str()) && tag.get(&name).is_none() {
            let mut text = Vec::new();
            decode(value, &mut text);
            tag.attributes.push((name, String::from_utf8_lossy(&text).into_owned()));
        }
    }
    Some((if closes { Token::Close(tag.name) } else { Token::Open(tag) }, i + 1))
}

/// Names of characters that tables have.
const NAMED: &[(&str, &str)] = &[
    ("nbsp", " "),
    ("amp", "&"),
    ("lt", "<"),
    ("gt", ">"),
    ("quot", "\""),
    ("apos", "'"),
    ("yen", "¥"),
    ("pound", "£"),
    ("euro", "€"),
    ("cent", "¢"),
    ("copy", "©"),
    ("reg", "®"),
    ("trade", "™"),
    ("deg", "°"),
    ("middot", "·"),
    ("bull", "•"),
    ("times", "×"),
    ("divide", "÷"),
    ("plusmn", "±"),
    ("ndash", "–"),
    ("mdash", "—"),
    ("hellip", "…"),
    ("lsquo", "‘"),
    ("rsquo", "’"),
    ("ldquo", "“"),
    ("rdquo", "”"),
    ("laquo", "«"),
    ("raquo", "»"),
    ("ensp", " "),
    ("emsp", " "),
    ("thinsp", " "),
    ("zwnj", ""),
    ("zwj", ""),
    ("shy", ""),
];

/// Appends text with its entities as the characters that they stand for; one that nobody knows stays
/// as it is written.
pub fn decode(text: &[u8], out: &mut Vec<u8>) {
    let mut rest = text;
    while let Some(i) = memchr::memchr(b'&', rest) {
        out.extend_from_slice(&rest[..i]);
        rest = &rest[i..];
        let (len, meant) = entity(rest);
        match meant {
            Some(s) => out.extend_from_slice(s.as_bytes()),
            None => out.extend_from_slice(&rest[..len]),
        }
        rest = &rest[len..];
    }
    out.extend_from_slice(rest);
}

/// The entity that `b` begins with: its length and what it stands for.
fn entity(b: &[u8]) -> (usize, Option<String>) {
    let body = b.get(1..).unwrap_or_default();
    let len = body.iter().take(ENTITY - 2).take_while(|c| c.is_ascii_alphanumeric() || **c == b'#').count();
    let name = String::from_utf8_lossy(&body[..len]).into_owned();
    let ended = body.get(len) == Some(&b';');
    let whole = 1 + len + usize::from(ended);
    if let Some(number) = name.strip_prefix('#') {
        let code = match number.strip_prefix(['x', 'X']) {
            Some(hex) => u32::from_str_radix(hex, 16),
            None => number.parse(),
        };
        return match code.ok() {
            // What no text has is left out.
            Some(0) => (whole, Some(String::new())),
            Some(0xa0) => (whole, Some(" ".to_owned())),
            code => code.and_then(char::from_u32).map_or((1, None), |c| (whole, Some(c.to_string()))),
        };
    }
    // The few that may stand without their semicolon are long known.
    let known = NAMED.iter().find(|(n, _)| *n == name || (name.eq_ignore_ascii_case(n) && ended));
    match known {
        Some((n, meant)) if ended || matches!(*n, "nbsp" | "amp" | "lt" | "gt" | "quot") => (whole, Some((*meant).to_owned())),
        _ => (1, None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn all(text: &[u8]) -> Vec<Token> {
        let mut tokens = Tokens::new(text);
        let mut out = Vec::new();
        while let Ok(Some(t)) = tokens.next() {
            out.push(t);
        }
        out
    }

    fn decoded(text: &str) -> String {
        let mut out = Vec::new();
        decode(text.as_bytes(), &mut out);
        String::from_utf8_lossy(&out).into_owned()
    }

    #[test]
    fn entities() {
        assert_eq!(decoded("a&nbsp;b&amp;c&#20013;&#x4E2D;&#0;&yen;1&lt&gt;"), "a b&c中中¥1<>");
        assert_eq!(decoded("R&D &unknown; &lol9; &#xFFFFFFFF; &"), "R&D &unknown; &lol9; &#xFFFFFFFF; &");
        assert_eq!(decoded("a=1&order=2&amp=3"), "a=1&order=2&=3");
    }

    #[test]
    fn tags_as_browsers_divide_them() {
        let text = b"<!DOCTYPE x [<!ENTITY a \"&b;&b;\">]><!--[if gte mso 9]><td>no</td><![endif]--><style>td{a>b}</style>\
            <TD x:str class=xl24 style='mso-number-format:\"\\@\";' ColSpan=2>1 < 2<ss:Data/></td>";
        let tokens = all(text);
        let Token::Open(style) = &tokens[0] else { panic!("{tokens:?}") };
        assert_eq!(style.name, "style");
        let Token::Open(td) = &tokens[1] else { panic!("{tokens:?}") };
        assert_eq!((td.name.as_str(), td.get("colspan"), td.is_empty), ("td", Some("2"), false));
        assert_eq!(&tokens[2..5], [Token::Text(b"1 ".to_vec()), Token::Text(b"<".to_vec()), Token::Text(b" 2".to_vec())]);
        let Token::Open(data) = &tokens[5] else { panic!("{tokens:?}") };
        assert_eq!((data.name.as_str(), data.is_empty), ("data", true));
        assert_eq!(tokens[6], Token::Close("td".into()));
        // A quote within quotes: broken, and read as browsers read it.
        let tokens = all(b"<td style=\"mso-number-format:\"\\@\"\">x</td>");
        assert_eq!(&tokens[1..], [Token::Text(b"x".to_vec()), Token::Close("td".into())], "{tokens:?}");
        assert_eq!(all(b"<td>x<td"), [Token::Open(Tag { name: "td".into(), ..Tag::default() }), Token::Text(b"x".to_vec())]);
        assert_eq!(all(b"<![CDATA[a<b]]>"), [Token::Plain(b"a<b".to_vec())]);
    }

    proptest! {
        #[test]
        fn any_bytes_divide_without_a_panic(bytes in prop::collection::vec(any::<u8>(), 0..3000)) {
            all(&bytes);
        }

        #[test]
        fn any_markup_divides_without_a_panic(text in "(<td|</td|<!--|-->|<!\\[CDATA\\[|\\]\\]>|<script|</script|<!x|\\?>|<\\?|&#|&nbsp|=|\"|'|>|/| |a|<|\\[){0,60}") {
            all(text.as_bytes());
        }
    }
}
