//! Reads the text form into the JSON that it stands for. What it means is the checker's to judge; here
//! only its grammar is.

use super::tokens::{Spot, Token, tokens, wrong};
use crate::json::{Json, Node};
use crate::tree::Compare;

/// Nesting that is read; an expression of 32 levels needs less.
const DEEPEST: usize = 200;

/// Reads an expression. The error is a sentence with line and column.
pub fn read(text: &str) -> Result<Json, String> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut reader = Reader { text, tokens: tokens(text)?, at: 0, depth: 0, in_rows: false };
    let mut json = reader.expr()?;
    if reader.peek() != &Token::End {
        return Err(reader.wrong("the expression ends here, yet something follows"));
    }
    number(&mut json, &mut 0);
    Ok(json)
}

/// Gives every value its place in reading order.
fn number(json: &mut Json, next: &mut u32) {
    json.place = *next;
    *next += 1;
    match &mut json.node {
        Node::List(items) => items.iter_mut().for_each(|item| number(item, next)),
        Node::Object(entries) => entries.iter_mut().for_each(|(_, of)| number(of, next)),
        _ => {}
    }
}

pub(super) struct Reader<'a> {
    text: &'a str,
    tokens: Vec<Spot>,
    pub(super) at: usize,
    depth: usize,
    pub(super) in_rows: bool,
}

pub(super) fn node(node: Node) -> Json {
    Json { place: 0, node }
}

pub(super) fn text(of: impl Into<Box<str>>) -> Json {
    node(Node::Text(of.into()))
}

pub(super) fn object(entries: Vec<(&str, Json)>) -> Json {
    node(Node::Object(entries.into_iter().map(|(k, v)| (k.into(), v)).collect()))
}

impl Reader<'_> {
    pub(super) fn peek(&self) -> &Token {
        self.tokens.get(self.at).map_or(&Token::End, |s| &s.token)
    }

    pub(super) fn next(&mut self) -> Token {
        let token = self.peek().clone();
        self.at += 1;
        token
    }

    pub(super) fn wrong(&self, what: &str) -> String {
        wrong(self.text, self.tokens.get(self.at).map_or(self.text.len(), |s| s.at), what)
    }

    pub(super) fn is_word(&self, word: &str) -> bool {
        matches!(self.peek(), Token::Word(w) if &**w == word)
    }

    pub(super) fn word(&mut self, word: &str) -> bool {
        let there = self.is_word(word);
        self.at += usize::from(there);
        there
    }

    pub(super) fn sign(&mut self, sign: &str) -> bool {
        let there = matches!(self.peek(), Token::Sign(s) if *s == sign);
        self.at += usize::from(there);
        there
    }

    pub(super) fn need(&mut self, sign: &str) -> Result<(), String> {
        if self.sign(sign) { Ok(()) } else { Err(self.wrong(&format!("`{sign}` is expected"))) }
    }

    pub(super) fn need_word(&mut self, word: &str) -> Result<(), String> {
        if self.word(word) { Ok(()) } else { Err(self.wrong(&format!("`{word}` is expected"))) }
    }

    pub(super) fn name(&mut self, what: &str) -> Result<Box<str>, String> {
        match self.peek() {
            Token::Word(name) => {
                let name = name.clone();
                self.at += 1;
                Ok(name)
            }
            _ => Err(self.wrong(&format!("{what} is expected"))),
        }
    }

    /// Whether the word here is followed by an opening parenthesis.
    pub(super) fn is_call(&self) -> bool {
        matches!(self.tokens.get(self.at + 1).map(|s| &s.token), Some(Token::Sign("(")))
    }

    pub(super) fn deeper<T>(&mut self, then: impl FnOnce(&mut Self) -> Result<T, String>) -> Result<T, String> {
        if self.depth >= DEEPEST {
            return Err(self.wrong("this is nested too deep"));
        }
        self.depth += 1;
        let done = then(self);
        self.depth -= 1;
        done
    }

    pub(super) fn expr(&mut self) -> Result<Json, String> {
        self.deeper(|s| s.joined("or", |s| s.joined("and", Self::unary)))
    }

    fn joined(&mut self, word: &str, each: impl Fn(&mut Self) -> Result<Json, String>) -> Result<Json, String> {
        let first = each(self)?;
        let mut args = vec![first];
        while self.word(word) {
            args.push(each(self)?);
        }
        match <[Json; 1]>::try_from(args) {
            Ok([one]) => Ok(one),
            Err(args) => Ok(object(vec![("op", text(word)), ("args", node(Node::List(args)))])),
        }
    }

    fn unary(&mut self) -> Result<Json, String> {
        self.deeper(|s| {
            if s.word("not") {
                let arg = s.unary()?;
                return Ok(object(vec![("op", text("not")), ("arg", arg)]));
            }
            if s.sign("(") {
                let inner = s.expr()?;
                s.need(")")?;
                return Ok(inner);
            }
            s.cond()
        })
    }

    fn cond(&mut self) -> Result<Json, String> {
        let word = match self.peek() {
            Token::Word(word) => word.clone(),
            _ => return Err(self.wrong("a condition is expected")),
        };
        if &*word == "everyone" && !self.is_call() {
            self.at += 1;
            return Ok(object(vec![("op", text("all"))]));
        }
        if self.is_call() {
            let read: Option<fn(&mut Self, &str) -> Result<Json, String>> = match &*word {
                "has_any" | "has_all" => Some(Self::tags),
                "exists" => Some(|s, _| {
                    let (table, mut more) = s.table_of_rows(false)?;
                    let mut entries = vec![("op", text("exists")), ("table", table)];
                    entries.append(&mut more);
                    Ok(object(entries))
                }),
                "segment" => Some(|s, _| Ok(object(vec![("op", text("in_segment")), ("id", s.quoted()?)]))),
                "sequence" => Some(|s, _| s.sequence()),
                "top" | "bottom" => Some(Self::top),
                _ => None,
            };
            if let Some(read) = read {
                self.at += 2;
                let cond = read(self, &word)?;
                self.need(")")?;
                return Ok(cond);
            }
        }
        self.about_a_value()
    }

    fn about_a_value(&mut self) -> Result<Json, String> {
        let value = self.value()?;
        if self.word("in") {
            return self.one_of(value);
        }
        if self.word("is") {
            self.need_word("missing")?;
            return Ok(object(vec![("op", text("is_missing")), ("value", value)]));
        }
        if self.word("under") {
            self.need("(")?;
            let paths = self.quoted_list()?;
            self.need(")")?;
            return Ok(object(vec![("op", text("under")), ("value", value), ("paths", paths)]));
        }
        if self.word("contains") {
            return Ok(object(vec![("op", text("contains")), ("value", value), ("text", self.quoted()?)]));
        }
        let compare = match self.peek() {
            Token::Sign(sign) => Compare::ALL.into_iter().find(|(_, _, s)| s == sign),
            _ => None,
        };
        let Some((_, op, _)) = compare else {
            return Err(self.wrong("=, !=, <, <=, >, >=, in, is missing, under or contains is expected"));
        };
        self.at += 1;
        let right = match self.literal() {
            Some(literal) => literal,
            None => self.value()?,
        };
        Ok(object(vec![("op", text(op)), ("left", value), ("right", right)]))
    }

    fn one_of(&mut self, value: Json) -> Result<Json, String> {
        if self.sign("[") {
            let from = self.need_literal()?;
            self.need(",")?;
            let to = self.need_literal()?;
            self.need(")")?;
            return Ok(object(vec![("op", text("between")), ("value", value), ("from", from), ("to", to)]));
        }
        self.need("(")?;
        let mut list = vec![self.need_literal()?];
        while self.sign(",") {
            list.push(self.need_literal()?);
        }
        self.need(")")?;
        Ok(object(vec![("op", text("in")), ("value", value), ("list", node(Node::List(list)))]))
    }

    /// A literal, if one stands here.
    pub(super) fn literal(&mut self) -> Option<Json> {
        let literal = match self.peek() {
            Token::Literal(literal) => literal.clone(),
            Token::Word(w) if &**w == "true" || &**w == "false" => Node::Bool(&**w == "true"),
            _ => return None,
        };
        self.at += 1;
        Some(node(literal))
    }

    fn need_literal(&mut self) -> Result<Json, String> {
        self.literal().ok_or_else(|| self.wrong("a literal is expected"))
    }

    pub(super) fn quoted(&mut self) -> Result<Json, String> {
        match self.peek() {
            Token::Literal(Node::Text(_)) => self.need_literal(),
            _ => Err(self.wrong("a text in quotes is expected")),
        }
    }

    pub(super) fn quoted_list(&mut self) -> Result<Json, String> {
        let mut list = vec![self.quoted()?];
        while matches!(self.peek(), Token::Sign(",")) && matches!(self.tokens.get(self.at + 1).map(|s| &s.token), Some(Token::Literal(_))) {
            self.at += 1;
            list.push(self.quoted()?);
        }
        Ok(node(Node::List(list)))
    }
}
