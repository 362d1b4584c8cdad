//! Sequences: two to ten steps, the first of which is there and waits for nothing.

use super::literal::whole;
use super::{Checker, child};
use crate::json::{Json, Node};
use crate::refusal::Code;
use crate::tree::{Cond, Name, Sequence, Step, Wait, Within};

impl Checker<'_> {
    pub(super) fn sequence(&mut self, json: &Json, path: &str) -> Option<Cond> {
        let whole = self.keys(json, path, &["op", "steps"], &["same", "window"]);
        let items: &[Json] = match json.get("steps").map(|s| &s.node) {
            Some(Node::List(items)) => items,
            Some(_) => return self.fail(Code::BadSequence, json, path, "the steps are a list"),
            None => return None,
        };
        let steps_path = child(path, "steps");
        let read: Vec<(Option<Step>, Option<usize>)> =
            items.iter().enumerate().map(|(i, s)| self.step(s, &child(&steps_path, i))).collect();
        if let Some(what) = wrong(items) {
            self.fail::<()>(Code::BadSequence, json, path, what);
        }
        let tables: Vec<usize> = read.iter().filter_map(|(_, table)| *table).collect();
        let same = json.get("same").map(|of| self.same(of, &child(path, "same"), &tables));
        let window = json.get("window").map(|w| self.window(w, &child(path, "window")));
        let steps: Vec<Step> = read.into_iter().map(|(step, _)| step).collect::<Option<_>>()?;
        let (same, window) = (same.map_or(Some(None), |s| s.map(Some))?, window.map_or(Some(None), |w| w.map(Some))?);
        whole.then_some(Cond::Sequence(Sequence { steps, same, window }))
    }

    fn same(&mut self, of: &Json, path: &str, tables: &[usize]) -> Option<Name> {
        let Some(name) = of.text() else {
            return self.fail(Code::UnknownField, of, path, "`same` names a column that every step's table has");
        };
        let lacks = tables.iter().map(|t| &self.registry.tables()[*t]).find(|t| t.find(name).is_none());
        match lacks {
            Some(table) => self.fail(Code::UnknownField, of, path, format!("the table {} has no column `{name}`", table.name)),
            None => Some(name.into()),
        }
    }

    /// The step, if nothing is wrong with it, and its table, if that is known.
    fn step(&mut self, json: &Json, path: &str) -> (Option<Step>, Option<usize>) {
        let whole = self.keys(json, path, &["table"], &["where", "within", "absent"]);
        let absent = match json.get("absent").map(|a| (a, &a.node)) {
            None => Some(false),
            Some((_, Node::Bool(absent))) => Some(*absent),
            Some((at, _)) => self.fail(Code::BadLiteral, at, child(path, "absent"), "absent is true or false"),
        };
        let table = self.table(json, path);
        let filter = self.filter(json, path, table);
        let within = json.get("within").map(|w| match read_within(w) {
            Ok(within) => Some(within),
            Err(what) => self.fail(Code::BadWindow, w, child(path, "within"), what),
        });
        let name = table.map(|t| self.registry.tables()[t].name.clone());
        let step = || {
            let (filter, within) = (filter.ok()?, within.map_or(Some(None), |w| w.map(Some))?);
            whole.then_some(Step { table: name?, filter, within, absent: absent? })
        };
        (step(), table)
    }
}

/// What is wrong with the order of steps, if anything.
fn wrong(steps: &[Json]) -> Option<&'static str> {
    let is_absent = |s: &Json| matches!(s.get("absent").map(|a| &a.node), Some(Node::Bool(true)));
    let waits = |s: &Json| s.get("within").is_some();
    let (first, rest) = match steps {
        [first, rest @ ..] if (2..=10).contains(&steps.len()) => (first, rest),
        _ => return Some("a sequence has 2 to 10 steps"),
    };
    let there = steps.iter().rposition(|s| !is_absent(s)).unwrap_or(0);
    if is_absent(first) {
        Some("a sequence begins with a row that is there")
    } else if waits(first) {
        Some("the first step waits for nothing: it has no within")
    } else if rest[..there].iter().any(|s| is_absent(s) && waits(s)) {
        Some("an absent step between others has no within")
    } else if rest[there..].iter().any(|s| is_absent(s) && !waits(s)) {
        Some("an absent step at the end needs within")
    } else {
        None
    }
}

fn read_within(json: &Json) -> Result<Within, String> {
    if let Some((key, _)) = json.entries().iter().find(|(k, _)| !["n", "unit", "business"].contains(&&**k)) {
        return Err(format!("within has no key `{key}`"));
    }
    let n = json.get("n").and_then(whole).filter(|n| (1..=10_000).contains(n)).ok_or("n is a number from 1 to 10000")?;
    let business = match json.get("business").map(|b| &b.node) {
        None => false,
        Some(Node::Bool(value)) => *value,
        Some(_) => return Err("business is true or false".to_owned()),
    };
    let of = match (json.get("unit").and_then(Json::text), business) {
        (Some("hours"), false) => Wait::Hours,
        (Some("days"), false) => Wait::Days,
        (Some("days"), true) => Wait::BusinessDays,
        (Some("hours"), true) => return Err("only days can be business days".to_owned()),
        _ => return Err("the unit is hours or days".to_owned()),
    };
    Ok(Within { n, of })
}
