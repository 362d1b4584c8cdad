//! Rows of a table, and the windows in which they lie.

use shuke_columns::Type;

use super::literal::whole;
use super::{Checker, Scope, child};
use crate::json::{Json, Node};
use crate::literal::{date, instant};
use crate::refusal::Code;
use crate::tree::{Cond, Cut, Edge, Period, Rows, Unit, Window};

/// The most that a window counts.
const MOST: i64 = 10_000;

impl Checker<'_> {
    /// The number of the table that `json` names; one that it does not name was told already.
    pub(super) fn table(&mut self, json: &Json, path: &str) -> Option<usize> {
        let of = json.get("table")?;
        let name = of.text().unwrap_or("");
        match self.registry.find_table(name) {
            Some((i, _)) => Some(i),
            None => self.fail(Code::UnknownTable, of, child(path, "table"), format!("there is no table `{name}`")),
        }
    }

    /// What `where` says of the rows of a table; `Err` where it is wrong. Of a table that is not known the
    /// rest is judged all the same: it may stand before the table.
    pub(super) fn filter(&mut self, json: &Json, path: &str, table: Option<usize>) -> Result<Option<Box<Cond>>, ()> {
        let Some(of) = json.get("where") else { return Ok(None) };
        self.cond(of, &child(path, "where"), Scope::Row(table)).map(|c| Some(Box::new(c))).ok_or(())
    }

    /// `where`, `window` and `on`, whether the table is known or not.
    pub(super) fn rows(&mut self, json: &Json, path: &str, table: Option<usize>) -> Option<Rows> {
        let filter = self.filter(json, path, table);
        let window = json.get("window").map(|w| self.window(w, &child(path, "window")));
        let on = json.get("on").map(|on| {
            let path = child(path, "on");
            let (name, kind) = self.column_named(table?, on, on, &path)?;
            if kind != Type::Instant {
                return self.fail(Code::TypeMismatch, on, path, format!("a window is about an instant, `{name}` is {}", kind.name()));
            }
            Some(name)
        });
        let name = self.registry.tables()[table?].name.clone();
        let (window, on) = (window.map_or(Some(None), |w| w.map(Some))?, on.map_or(Some(None), |o| o.map(Some))?);
        Some(Rows { table: name, filter: filter.ok()?, window, on })
    }

    /// A window. Whatever is wrong with it is told at the window.
    pub(super) fn window(&mut self, json: &Json, path: &str) -> Option<Window> {
        match self.read_window(json) {
            Ok(window) => Some(window),
            Err(what) => self.fail(Code::BadWindow, json, path, what),
        }
    }

    fn read_window(&self, json: &Json) -> Result<Window, String> {
        let only = |known: &[&str]| match json.entries().iter().find(|(k, _)| !known.contains(&&**k)) {
            Some((key, _)) => Err(format!("a window with {} has no key `{key}`", known[0])),
            None => Ok(()),
        };
        if let Some(n) = json.get("last") {
            only(&["last", "unit", "until", "complete", "rolling"])?;
            return self.last(json, n);
        }
        for (key, make) in [("current", Window::Current as fn(Period) -> Window), ("previous", Window::Previous)] {
            if let Some(of) = json.get(key) {
                only(&[key])?;
                let period = Period::ALL.into_iter().find(|(_, name)| of.text() == Some(name)).map(|(p, _)| p);
                return period.map(make).ok_or_else(|| format!("{key} is followed by day, week, month, quarter or year"));
            }
        }
        only(&["from", "to"])?;
        let edge = |key: &str| {
            json.get(key).map(|e| self.edge(e).ok_or_else(|| format!("{key} is neither a day nor an instant in UTC"))).transpose()
        };
        let (from, to) = (edge("from")?, edge("to")?);
        if from.is_none() && to.is_none() {
            return Err("a window needs from, to, last, current or previous".to_owned());
        }
        if from.zip(to).is_some_and(|(from, to)| self.reckoning.edge(from) >= self.reckoning.edge(to)) {
            return Err("a window ends after it begins".to_owned());
        }
        Ok(Window::Between(from, to))
    }

    fn last(&self, json: &Json, n: &Json) -> Result<Window, String> {
        let count = |json: &Json| whole(json).filter(|n| (1..=MOST).contains(n));
        let flag = |key: &str| match json.get(key).map(|f| &f.node) {
            None => Ok(false),
            Some(Node::Bool(value)) => Ok(*value),
            Some(_) => Err(format!("{key} is true or false")),
        };
        let n = count(n).ok_or_else(|| format!("last is followed by a number from 1 to {MOST}"))?;
        let unit = json.get("unit").and_then(Json::text);
        let unit = Unit::ALL.into_iter().find(|(_, name)| unit == Some(name)).map(|(u, _)| u).ok_or("the unit is hours, days or months")?;
        let until = json.get("until").map(|m| count(m).filter(|m| *m < n).ok_or("until is a number below that of last")).transpose()?;
        let (complete, rolling) = (flag("complete")?, flag("rolling")?);
        let cut = match (complete, rolling) {
            (true, true) => return Err("complete and rolling exclude each other".to_owned()),
            (true, false) if until.is_some() => return Err("complete and until exclude each other".to_owned()),
            (true, false) => Cut::Complete,
            (false, true) => Cut::Rolling,
            (false, false) => Cut::Days,
        };
        if unit == Unit::Hours && (until.is_some() || cut != Cut::Days) {
            return Err("a window of hours has neither until nor complete nor rolling".to_owned());
        }
        Ok(Window::Last { n, unit, until, cut })
    }

    fn edge(&self, json: &Json) -> Option<Edge> {
        match &json.node {
            Node::Text(text) if !self.is_text => date(text).map(Edge::Date).or_else(|| instant(text).map(Edge::Instant)),
            Node::Date(text) => date(text).map(Edge::Date),
            Node::Instant(text) => instant(text).map(Edge::Instant),
            _ => None,
        }
    }
}
