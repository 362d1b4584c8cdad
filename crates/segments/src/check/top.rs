//! The greatest and smallest of the base. A literal that is none is told where it stands; whatever else is
//! wrong with a ranking is told at its node.

use shuke_columns::Type;
use shuke_columns::registry::MILLION;

use super::literal::whole;
use super::{Checker, Scope, child};
use crate::json::{Json, Node};
use crate::literal::{decimal, instant};
use crate::refusal::Code;
use crate::tree::{AsOf, Cond, Rank, Top};

/// What is wrong with a part of a ranking, in a sentence.
enum Fault {
    /// It is no literal at all.
    Literal(&'static str),
    /// It is one that does not suit.
    Rank(&'static str),
}

impl Checker<'_> {
    pub(super) fn top(&mut self, json: &Json, path: &str) -> Option<Cond> {
        self.keys(json, path, &["op", "by"], &["n", "percent", "of", "as_of", "end"]);
        let (count, as_of, low) = self.rank(json, path);
        // The base of the threshold is asked at its own time: what stands there is judged for both.
        let now = self.reckoning.clone();
        match as_of {
            Some(Some(AsOf::Instant(at))) => self.reckoning = now.at(at),
            Some(Some(AsOf::DayStart)) => self.reckoning = now.at(now.start_of(now.today)),
            _ => {}
        }
        let by = self.operand(json, path, "by", Scope::Member, Type::is_ordered);
        let of = json.get("of").map(|of| self.cond(of, &child(path, "of"), Scope::Member));
        self.reckoning = now;
        let of = of.map_or(Some(None), |o| o.map(Some))?;
        Some(Cond::Top(Box::new(Top { by: by?.0, count: count?, of, as_of: as_of?, low: low? })))
    }

    /// How many, as of when, and whether the smallest; of each nothing where it is wrong.
    fn rank(&mut self, json: &Json, path: &str) -> (Option<Rank>, Option<Option<AsOf>>, Option<bool>) {
        let (is_text, now) = (self.is_text, self.reckoning.at);
        let n = self.part(json, path, "n", count);
        let percent = self.part(json, path, "percent", |p| percent(p, is_text));
        let count = match (json.get("n"), json.get("percent")) {
            (Some(_), Some(_)) => self.fail(Code::BadRank, json, path, "n and percent exclude each other"),
            (None, None) => self.fail(Code::BadRank, json, path, "n or percent is needed"),
            _ => n.flatten().map(Rank::Count).or(percent.flatten().map(Rank::Percent)),
        };
        let as_of = self.part(json, path, "as_of", |t| as_of(t, is_text, now));
        let low = self.part(json, path, "end", |end| match end.text() {
            Some("high") => Ok(false),
            Some("low") => Ok(true),
            _ => Err(Fault::Rank("end is high or low")),
        });
        (count, as_of, low.map(Option::unwrap_or_default))
    }

    /// What stands at `key`, if anything does; nothing where it is wrong.
    fn part<T>(&mut self, json: &Json, path: &str, key: &str, read: impl Fn(&Json) -> Result<T, Fault>) -> Option<Option<T>> {
        let Some(of) = json.get(key) else { return Some(None) };
        match read(of) {
            Ok(part) => Some(Some(part)),
            Err(Fault::Literal(what)) => self.fail(Code::BadLiteral, of, child(path, key), what),
            Err(Fault::Rank(what)) => self.fail(Code::BadRank, json, path, what),
        }
    }
}

fn count(json: &Json) -> Result<i64, Fault> {
    const WHAT: &str = "n is a whole number above 0, of at most 64 bits";
    match (whole(json), &json.node) {
        (Some(n), _) if n > 0 => Ok(n),
        (None, Node::Number(_)) => Err(Fault::Literal(WHAT)),
        _ => Err(Fault::Rank(WHAT)),
    }
}

/// A percentage as millionths, above 0 and at most 100.
fn percent(json: &Json, is_text: bool) -> Result<i64, Fault> {
    const WHAT: &str = "percent is a decimal above 0 and at most 100, such as \"12.5\"";
    let read = match &json.node {
        Node::Text(text) if !is_text => decimal(text),
        Node::Decimal(text) | Node::Number(text) if is_text => decimal(text),
        Node::Number(_) if whole(json).is_none() => None,
        _ => return Err(Fault::Rank(WHAT)),
    };
    match read {
        Some(percent) if percent > 0 && percent <= 100 * MILLION => Ok(percent),
        Some(_) => Err(Fault::Rank(WHAT)),
        None => Err(Fault::Literal(WHAT)),
    }
}

fn as_of(json: &Json, is_text: bool, now: i64) -> Result<AsOf, Fault> {
    const WHAT: &str = "as_of is an instant in UTC such as \"2024-02-29T16:00:00Z\", or day_start";
    let at = match &json.node {
        Node::Text(text) if &**text == "day_start" => return Ok(AsOf::DayStart),
        Node::Text(text) if !is_text => instant(text),
        Node::Instant(text) => instant(text),
        Node::Number(_) if whole(json).is_none() => None,
        _ => return Err(Fault::Rank(WHAT)),
    };
    match at.ok_or(Fault::Literal(WHAT))? {
        at if at > now => Err(Fault::Rank("as_of lies after the time of the question")),
        at => Ok(AsOf::Instant(at)),
    }
}
