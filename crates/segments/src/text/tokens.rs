//! The text form in words, signs and literals.

use crate::json::{Node, string};

/// A word, sign or literal.
#[derive(Clone, PartialEq, Debug)]
pub enum Token {
    /// A name or a word of the language.
    Word(Box<str>),
    /// A sign.
    Sign(&'static str),
    /// A literal.
    Literal(Node),
    /// The end.
    End,
}

/// A token and where it begins.
#[derive(Clone, PartialEq, Debug)]
pub struct Spot {
    /// The token.
    pub token: Token,
    /// Its first byte.
    pub at: usize,
}

const SIGNS: [&str; 12] = ["!=", "<=", ">=", "=", "<", ">", "(", ")", "[", "]", ",", "."];

/// Where a byte is, for people, and what is wrong there.
pub fn wrong(text: &str, at: usize, what: &str) -> String {
    let before = &text[..at.min(text.len())];
    let line = before.matches('\n').count() + 1;
    let column = before.rsplit('\n').next().unwrap_or("").chars().count() + 1;
    format!("line {line}, column {column}: {what}")
}

/// The tokens of a text, an end behind them.
pub fn tokens(text: &str) -> Result<Vec<Spot>, String> {
    let mut all = Vec::new();
    let mut at = 0;
    while let Some(first) = text[at..].chars().next() {
        let rest = &text[at..];
        if first.is_whitespace() {
            at += first.len_utf8();
            continue;
        }
        let (token, length) = match first {
            '"' => {
                let (read, length) = string(rest).map_err(|(i, what)| wrong(text, at + i, what))?;
                (Token::Literal(Node::Text(read.into())), length)
            }
            '¥' | '￥' => money(rest, first.len_utf8()).map_err(|what| wrong(text, at, what))?,
            'a'..='z' | '_' => {
                let length = rest.find(|c: char| !(c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')).unwrap_or(rest.len());
                (Token::Word(rest[..length].into()), length)
            }
            '-' | '0'..='9' => number(rest).map_err(|what| wrong(text, at, what))?,
            '%' => (Token::Sign("%"), 1),
            _ => {
                let sign =
                    SIGNS.into_iter().find(|s| rest.starts_with(s)).ok_or_else(|| wrong(text, at, "this sign has no meaning here"))?;
                (Token::Sign(sign), sign.len())
            }
        };
        all.push(Spot { token, at });
        at += length;
    }
    all.push(Spot { token: Token::End, at: text.len() });
    Ok(all)
}

fn digits(text: &str) -> usize {
    text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len())
}

/// An amount of yuan, as fen.
fn money(rest: &str, sign: usize) -> Result<(Token, usize), &'static str> {
    let body = &rest[sign..];
    let negative = body.starts_with('-');
    let from = usize::from(negative);
    let whole = digits(&body[from..]);
    let mut end = from + whole;
    let mut part = "";
    if body[end..].starts_with('.') {
        let length = digits(&body[end + 1..]);
        part = &body[end + 1..end + 1 + length];
        end += 1 + length;
        if !(1..=2).contains(&length) {
            return Err("an amount has at most two places behind the point");
        }
    }
    if whole == 0 {
        return Err("an amount such as ¥128.50 is expected");
    }
    let fen = format!("{}{}{part:0<2}", if negative { "-" } else { "" }, &body[from..from + whole]);
    Ok((Token::Literal(Node::Fen(fen.into())), sign + end))
}

/// A number, a decimal, a day or an instant.
fn number(rest: &str) -> Result<(Token, usize), &'static str> {
    let from = usize::from(rest.starts_with('-'));
    let whole = digits(&rest[from..]);
    if whole == 0 {
        return Err("a number is expected");
    }
    let is_day = from == 0 && whole == 4 && rest[4..].starts_with('-') && digits(&rest[5..]) > 0;
    if is_day {
        let length = rest.find(|c: char| !(c.is_ascii_digit() || matches!(c, '-' | ':' | 'T' | 'Z'))).unwrap_or(rest.len());
        let mut end = length;
        // Only an instant has a point, and digits of a second behind it.
        if rest[..length].contains('T') && rest[length..].starts_with('.') {
            end += 1 + digits(&rest[length + 1..]);
            end += usize::from(rest[end..].starts_with('Z'));
        }
        let text = rest[..end].into();
        let node = if rest[..end].contains('T') { Node::Instant(text) } else { Node::Date(text) };
        return Ok((Token::Literal(node), end));
    }
    let end = from + whole;
    let part = if rest[end..].starts_with('.') { digits(&rest[end + 1..]) } else { 0 };
    if part == 0 {
        return Ok((Token::Literal(Node::Number(rest[..end].into())), end));
    }
    let end = end + 1 + part;
    Ok((Token::Literal(Node::Decimal(rest[..end].into())), end))
}
