//! Reads the text form into the JSON that it stands for. What it means is the checker's to judge; here
//! only its grammar is.

use super::tokens::{Spot, Token, tokens, wrong};
use crate::json::{Json, Node};
use crate::tree::Compare;

/// Nesting that is read, each of it a level. What lies deeper is passed over: the checker, which takes 32
/// levels, refuses the expression before it gets there.
const DEEPEST: usize = 100;

/// Reads an expression. The error is a sentence with line and column.
pub fn read(text: &str) -> Result<Json, String> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut reader = Reader { text, tokens: tokens(text)?, at: 0, depth: 0, levels: 0, in_rows: false };
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

/// What stands in parentheses that are still open, and how often these are negated.
#[derive(Default)]
struct Open {
    nots: usize,
    or: Vec<Tree>,
    and: Vec<Tree>,
}

/// A condition, with at most as many levels as it is said to have.
struct Tree {
    json: Json,
    levels: usize,
}

impl Tree {
    fn joined(word: &str, mut args: Vec<Self>) -> Self {
        if args.len() == 1
            && let Some(one) = args.pop()
        {
            return one;
        }
        let levels = args.iter().map(|a| a.levels).max().unwrap_or(0) + 1;
        let args = args.into_iter().map(|a| a.json).collect();
        Self { json: object(vec![("op", text(word)), ("args", node(Node::List(args)))]), levels }.kept_low()
    }

    fn negated(mut self, nots: usize) -> Self {
        // So many are too many already.
        for _ in 0..nots.min(DEEPEST) {
            self.json = object(vec![("op", text("not")), ("arg", self.json)]);
            self.levels += 1;
        }
        self.kept_low()
    }

    /// Drops what lies too deep to matter, lest whoever goes through it run out of stack.
    fn kept_low(mut self) -> Self {
        if self.levels > 2 * DEEPEST {
            cut(&mut self.json, DEEPEST);
            self.levels = DEEPEST;
        }
        self
    }
}

fn cut(json: &mut Json, depth: usize) {
    match &mut json.node {
        node @ (Node::List(_) | Node::Object(_)) if depth == 0 => *node = Node::Null,
        Node::List(items) => items.iter_mut().for_each(|item| cut(item, depth - 1)),
        Node::Object(entries) => entries.iter_mut().for_each(|(_, of)| cut(of, depth - 1)),
        _ => {}
    }
}

/// What reads on after a word that is called.
type Word<R> = fn(&mut R, &str) -> Result<Json, String>;

pub(super) struct Reader<'a> {
    text: &'a str,
    tokens: Vec<Spot>,
    pub(super) at: usize,
    depth: usize,
    /// Levels of the tallest expression inside the condition that is being read.
    levels: usize,
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
        self.depth += 1;
        let done = then(self);
        self.depth -= 1;
        done
    }

    /// Passes over what lies too deep to matter, up to the parenthesis that closes it.
    pub(super) fn passes_over(&mut self) -> bool {
        if self.depth < DEEPEST {
            return false;
        }
        let mut open = 0_usize;
        loop {
            match self.peek() {
                Token::End => return true,
                Token::Sign("(" | "[") => open += 1,
                Token::Sign(")") if open == 0 => return true,
                Token::Sign(")") => open -= 1,
                _ => {}
            }
            self.at += 1;
        }
    }

    pub(super) fn expr(&mut self) -> Result<Json, String> {
        if self.passes_over() {
            return Ok(node(Node::Null));
        }
        let whole = self.deeper(Self::joined)?;
        self.levels = self.levels.max(whole.levels);
        Ok(whole.json)
    }

    /// Conditions with and, or, not and parentheses between them. Parentheses may be redundant, in any
    /// number: so they are kept open in a list and not by recursion.
    fn joined(&mut self) -> Result<Tree, String> {
        let mut outer = Vec::new();
        let mut open = Open::default();
        loop {
            let mut nots = 0;
            while self.word("not") {
                nots += 1;
            }
            if self.sign("(") {
                outer.push(std::mem::replace(&mut open, Open { nots, ..Open::default() }));
                continue;
            }
            let outside = std::mem::take(&mut self.levels);
            let json = self.cond()?;
            let levels = std::mem::replace(&mut self.levels, outside) + 1;
            let mut done = Tree { json, levels }.negated(nots);
            loop {
                open.and.push(done);
                if self.word("and") {
                    break;
                }
                open.or.push(Tree::joined("and", std::mem::take(&mut open.and)));
                if self.word("or") {
                    break;
                }
                let inner = Tree::joined("or", open.or);
                let Some(next) = outer.pop() else { return Ok(inner) };
                self.need(")")?;
                done = inner.negated(open.nots);
                open = next;
            }
        }
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
            let read: Option<Word<Self>> = match &*word {
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
