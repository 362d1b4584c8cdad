//! Values, rows, windows, sequences and rankings of the text form.

use super::read::{Reader, node, object, text};
use super::tokens::Token;
use crate::json::{Json, Node};
use crate::tree::{Calendar, Fold};

type Entries = Vec<(&'static str, Json)>;

impl Reader<'_> {
    pub(super) fn value(&mut self) -> Result<Json, String> {
        self.deeper(Self::value_here)
    }

    fn value_here(&mut self) -> Result<Json, String> {
        let is_call = self.is_call();
        let at = self.at;
        let name = self.name("a value")?;
        if !is_call {
            let head = if self.in_rows && &*name != "now" { "col" } else { "fact" };
            return Ok(object(vec![(head, text(name))]));
        }
        self.need("(")?;
        if self.passes_over() {
            self.need(")")?;
            return Ok(node(Node::Null));
        }
        let value = if let Some((_, fold)) = Fold::ALL.into_iter().find(|(_, n)| *n == &*name) {
            let (table, more) = self.table_of_rows(fold != "count")?;
            object([vec![("agg", text(fold)), ("table", table)], more].concat())
        } else if let Some(head) = ["ratio", "add", "sub"].into_iter().find(|n| *n == &*name) {
            let mut list = vec![self.value()?];
            while self.sign(",") {
                list.push(self.value()?);
            }
            object(vec![(head, node(Node::List(list)))])
        } else if let Some((_, head)) = Calendar::ALL.into_iter().find(|(_, n)| *n == &*name) {
            object(vec![(head, self.value()?)])
        } else {
            self.at = at;
            return Err(self.wrong("there is no such function or aggregate"));
        };
        self.need(")")?;
        Ok(value)
    }

    /// The table, and the entries of its rows, the column of an aggregate first.
    pub(super) fn table_of_rows(&mut self, has_column: bool) -> Result<(Json, Entries), String> {
        let table = text(self.name("a table")?);
        let mut entries = Vec::new();
        if has_column && self.sign(".") {
            entries.push(("of", text(self.name("a column")?)));
        }
        entries.extend(self.filter()?);
        while self.sign(",") {
            if self.word("on") {
                entries.push(("on", text(self.name("a column")?)));
                return Ok((table, entries));
            }
            if entries.iter().any(|(k, _)| *k == "window") {
                return Err(self.wrong("`on` and a column are expected"));
            }
            entries.push(("window", self.window()?));
        }
        Ok((table, entries))
    }

    fn filter(&mut self) -> Result<Option<(&'static str, Json)>, String> {
        if !self.word("where") {
            return Ok(None);
        }
        let outside = std::mem::replace(&mut self.in_rows, true);
        let filter = self.expr()?;
        self.in_rows = outside;
        Ok(Some(("where", filter)))
    }

    fn count(&mut self) -> Result<Json, String> {
        match self.peek() {
            Token::Literal(number @ Node::Number(_)) => {
                let number = number.clone();
                self.next();
                Ok(node(number))
            }
            _ => Err(self.wrong("a whole number is expected")),
        }
    }

    fn window(&mut self) -> Result<Json, String> {
        let flag = || node(Node::Bool(true));
        if self.word("last") {
            let mut entries: Entries = vec![("last", self.count()?)];
            let until = if self.word("until") { Some(("until", self.count()?)) } else { None };
            let cut = if self.word("rolling") {
                Some(("rolling", flag()))
            } else if self.word("complete") {
                Some(("complete", flag()))
            } else {
                None
            };
            entries.push(("unit", text(self.name("hours, days or months")?)));
            entries.extend(until.into_iter().chain(cut));
            return Ok(object(entries));
        }
        for key in ["current", "previous"] {
            if self.word(key) {
                return Ok(object(vec![(key, text(self.name("day, week, month, quarter or year")?))]));
            }
        }
        let mut entries: Entries = Vec::new();
        for key in ["from", "to"] {
            if self.word(key) {
                let edge = match self.literal() {
                    Some(edge @ Json { node: Node::Date(_) | Node::Instant(_), .. }) => edge,
                    _ => return Err(self.wrong("a day or an instant is expected")),
                };
                entries.push((key, edge));
            }
        }
        if entries.is_empty() { Err(self.wrong("a window is expected: last, current, previous, from or to")) } else { Ok(object(entries)) }
    }

    pub(super) fn tags(&mut self, op: &str) -> Result<Json, String> {
        let mut entries = vec![("op", text(op)), ("tags", self.quoted_list()?)];
        if self.sign(",") {
            self.need_word("added")?;
            entries.push(("added", self.window()?));
        }
        Ok(object(entries))
    }

    pub(super) fn sequence(&mut self) -> Result<Json, String> {
        let mut steps = vec![self.step()?];
        while self.word("then") {
            steps.push(self.step()?);
        }
        let mut entries = vec![("op", text("sequence")), ("steps", node(Node::List(steps)))];
        while self.sign(",") {
            let has = |key: &str, entries: &[(&str, Json)]| entries.iter().any(|(k, _)| *k == key);
            if !has("same", &entries) && !has("window", &entries) && self.word("same") {
                entries.push(("same", text(self.name("a column")?)));
            } else if !has("window", &entries) && self.word("starting") {
                entries.push(("window", self.window()?));
            } else {
                return Err(self.wrong("`same` or `starting` is expected"));
            }
        }
        Ok(object(entries))
    }

    fn step(&mut self) -> Result<Json, String> {
        let absent = self.word("no");
        let mut entries: Entries = vec![("table", text(self.name("a table")?))];
        entries.extend(self.filter()?);
        if self.word("within") {
            let n = self.count()?;
            let business = self.word("business");
            let mut within: Entries = vec![("n", n), ("unit", text(self.name("hours or days")?))];
            within.extend(business.then(|| ("business", node(Node::Bool(true)))));
            entries.push(("within", object(within)));
        }
        entries.extend(absent.then(|| ("absent", node(Node::Bool(true)))));
        Ok(object(entries))
    }

    pub(super) fn top(&mut self, word: &str) -> Result<Json, String> {
        let count = match self.next() {
            Token::Literal(n @ (Node::Number(_) | Node::Decimal(_))) => n,
            _ => return Err(self.wrong("how many, or a percentage, is expected")),
        };
        let count = if self.sign("%") {
            ("percent", node(count))
        } else if matches!(count, Node::Number(_)) {
            ("n", node(count))
        } else {
            return Err(self.wrong("`%` is expected"));
        };
        self.need_word("by")?;
        let mut entries = vec![("op", text("top")), ("by", self.value()?), count];
        while self.sign(",") {
            let seen = |key: &str, entries: &[(&str, Json)]| entries.iter().any(|(k, _)| *k == key);
            if !seen("of", &entries) && !seen("as_of", &entries) && self.word("of") {
                entries.push(("of", self.expr()?));
            } else if !seen("as_of", &entries) && self.word("as") {
                self.need_word("of")?;
                let as_of = match self.literal() {
                    Some(instant @ Json { node: Node::Instant(_), .. }) => instant,
                    Some(_) => return Err(self.wrong("an instant or `day start` is expected")),
                    None => {
                        self.need_word("day")?;
                        self.need_word("start")?;
                        text("day_start")
                    }
                };
                entries.push(("as_of", as_of));
            } else {
                return Err(self.wrong("`of` or `as of` is expected"));
            }
        }
        entries.extend((word == "bottom").then(|| ("end", text("low"))));
        Ok(object(entries))
    }
}
