//! Conditions, one function an operator.

use shuke_columns::Type;

use super::value::comparable;
use super::{Checker, Scope, Segment, child};
use crate::definitions::Definition;
use crate::json::{Json, Node};
use crate::refusal::Code;
use crate::tree::{Compare, Cond, Literal, Operand, Value};

impl Checker<'_> {
    /// A condition.
    pub(super) fn cond(&mut self, json: &Json, path: &str, scope: Scope) -> Option<Cond> {
        if self.is_beyond(json) {
            return None;
        }
        let Some(op) = json.get("op").and_then(Json::text) else {
            return self.fail(Code::UnknownNode, json, path, "a condition is an object with `op`");
        };
        let outside = ["has_any", "has_all", "exists", "sequence", "in_segment", "top"];
        if scope != Scope::Member && outside.contains(&op) {
            return self.fail(Code::NotHere, json, path, format!("{op} does not stand inside a row"));
        }
        if let Some((compare, ..)) = Compare::ALL.into_iter().find(|(_, name, _)| *name == op) {
            return self.compare(compare, json, path, scope);
        }
        match op {
            "and" | "or" => self.logic(op, json, path, scope),
            "not" => {
                self.keys(json, path, &["op", "arg"], &[]);
                let arg = json.get("arg")?;
                self.cond(arg, &child(path, "arg"), scope).map(|c| Cond::Not(Box::new(c)))
            }
            "all" => self.keys(json, path, &["op"], &[]).then_some(Cond::All),
            "between" => self.between(json, path, scope),
            "in" => self.one_of(json, path, scope),
            "is_missing" => {
                self.keys(json, path, &["op", "value"], &[]);
                let value = json.get("value")?;
                self.value(value, &child(path, "value"), scope).map(|(v, _)| Cond::IsMissing(v))
            }
            "under" | "contains" => self.text_test(op, json, path, scope),
            "has_any" | "has_all" => self.tags(op, json, path),
            "exists" => {
                let whole = self.keys(json, path, &["op", "table"], &["where", "window", "on"]);
                let table = self.table(json, path);
                self.rows(json, path, table).filter(|_| whole).map(Cond::Exists)
            }
            "sequence" => self.sequence(json, path),
            "in_segment" => self.in_segment(json, path),
            "top" => self.top(json, path),
            _ => self.fail(Code::UnknownNode, json, path, format!("there is no condition `{op}`")),
        }
    }

    fn logic(&mut self, op: &str, json: &Json, path: &str, scope: Scope) -> Option<Cond> {
        self.keys(json, path, &["op", "args"], &[]);
        let below = child(path, "args");
        let items = self.list(json.get("args")?, &below)?;
        let args: Vec<Option<Cond>> = items.iter().enumerate().map(|(i, item)| self.cond(item, &child(&below, i), scope)).collect();
        let args = args.into_iter().collect::<Option<Vec<_>>>()?;
        Some(if op == "and" { Cond::And(args) } else { Cond::Or(args) })
    }

    /// The value at `key`, of a type for which `suits` holds.
    pub(super) fn operand(&mut self, json: &Json, path: &str, key: &str, scope: Scope, suits: fn(Type) -> bool) -> Option<(Value, Type)> {
        let at = json.get(key)?;
        let path = child(path, key);
        let (value, kind) = self.value(at, &path, scope)?;
        if !suits(kind) {
            return self.fail(Code::TypeMismatch, at, path, format!("a value of type {} does not suit here", kind.name()));
        }
        Some((value, kind))
    }

    fn compare(&mut self, compare: Compare, json: &Json, path: &str, scope: Scope) -> Option<Cond> {
        self.keys(json, path, &["op", "left", "right"], &[]);
        let suits: fn(Type) -> bool = match compare {
            Compare::Eq | Compare::Ne => |kind| kind != Type::Tags,
            _ => Type::is_ordered,
        };
        let left = self.operand(json, path, "left", scope, suits);
        let (right, below) = (json.get("right")?, child(path, "right"));
        let right = match right.node {
            Node::Object(_) => {
                let value = self.value(right, &below, scope);
                let ((_, left), (value, kind)) = (left.as_ref()?, value?);
                if !comparable(*left, kind) {
                    let what = format!("a value of type {} is compared with one of type {}", left.name(), kind.name());
                    return self.fail(Code::TypeMismatch, right, below, what);
                }
                Operand::Value(value)
            }
            _ => Operand::Literal(self.literal(right, &below, left.as_ref().map(|(_, kind)| *kind))?),
        };
        let left = left?.0;
        let right = match right {
            Operand::Literal(literal) => Operand::Literal(self.spoken(&left, scope, literal)),
            value => value,
        };
        Some(Cond::Compare(compare, left, right))
    }

    fn between(&mut self, json: &Json, path: &str, scope: Scope) -> Option<Cond> {
        self.keys(json, path, &["op", "value", "from", "to"], &[]);
        let value = self.operand(json, path, "value", scope, Type::is_ordered);
        let kind = value.as_ref().map(|(_, kind)| *kind);
        let mut edge = |key: &str| json.get(key).and_then(|l| self.literal(l, &child(path, key), kind));
        let (from, to) = (edge("from"), edge("to"));
        let ((value, _), from, to) = (value?, from?, to?);
        if from.number() >= to.number() {
            return self.fail(Code::BadRange, json, path, "the end of a band lies above its beginning");
        }
        Some(Cond::Between(value, from, to))
    }

    fn one_of(&mut self, json: &Json, path: &str, scope: Scope) -> Option<Cond> {
        self.keys(json, path, &["op", "value", "list"], &[]);
        let value = self.operand(json, path, "value", scope, |kind| kind.is_number() || matches!(kind, Type::Text | Type::Date));
        let below = child(path, "list");
        let items = self.list(json.get("list")?, &below)?;
        let kind = value.as_ref().map(|(_, kind)| *kind);
        let list: Vec<Option<Literal>> = items.iter().enumerate().map(|(i, item)| self.literal(item, &child(&below, i), kind)).collect();
        let (value, list) = (value?.0, list.into_iter().collect::<Option<Vec<_>>>()?);
        // Of two words that mean one thing the second says nothing more.
        let mut words: Vec<Literal> = Vec::with_capacity(list.len());
        for given in list {
            let literal = self.spoken(&value, scope, given.clone());
            if literal == given || !words.contains(&literal) {
                words.push(literal);
            }
        }
        Some(Cond::In(value, words))
    }

    /// A literal beside a value, a store's word for a thing as the word that rows have.
    fn spoken(&self, beside: &Value, scope: Scope, literal: Literal) -> Literal {
        if let (Value::Fact(fact), Literal::Text(word)) = (beside, &literal) {
            return Literal::Text(self.registry.spoken_fact(fact, word).into());
        }
        let column = match (beside, scope) {
            (Value::Col(name), Scope::Row(Some(table))) => Some((&*self.registry.tables()[table].name, &**name)),
            (Value::Agg(agg), _) => agg.of.as_deref().map(|of| (&*agg.rows.table, of)),
            _ => None,
        };
        match (column, literal) {
            (Some((table, column)), Literal::Text(word)) => Literal::Text(self.registry.spoken(table, column, &word).into()),
            (_, literal) => literal,
        }
    }

    fn text_test(&mut self, op: &str, json: &Json, path: &str, scope: Scope) -> Option<Cond> {
        let key = if op == "under" { "paths" } else { "text" };
        self.keys(json, path, &["op", "value", key], &[]);
        let value = self.operand(json, path, "value", scope, |kind| kind == Type::Text);
        let below = child(path, key);
        if op == "under" {
            let paths = self.words(json.get(key)?, &below);
            return Some(Cond::Under(value?.0, paths?));
        }
        let text = self.word(json.get(key)?, &below);
        Some(Cond::Contains(value?.0, text?))
    }

    fn tags(&mut self, op: &str, json: &Json, path: &str) -> Option<Cond> {
        self.keys(json, path, &["op", "tags"], &["added"]);
        let tags = json.get("tags").and_then(|t| self.words(t, &child(path, "tags")));
        let added = json.get("added").map(|w| self.window(w, &child(path, "added")));
        Some(Cond::Tags { all: op == "has_all", tags: tags?, added: added.map_or(Some(None), |w| w.map(Some))? })
    }

    fn in_segment(&mut self, json: &Json, path: &str) -> Option<Cond> {
        self.keys(json, path, &["op", "id"], &[]);
        let id = json.get("id")?.text().unwrap_or("");
        if self.within.iter().any(|w| &**w == id) {
            return self.fail(Code::Cycle, json, path, format!("the segment {id} leads back to itself"));
        }
        let found = match self.segments.find(id) {
            None => {
                let what = self.segments.problem(id).map_or_else(|| format!("there is no segment `{id}`"), str::to_owned);
                return self.fail(Code::UnknownSegment, json, path, what);
            }
            Some(Definition::List(ids)) => Segment::List(ids.clone()),
            Some(Definition::Living(expression)) => {
                let expression = expression.clone();
                let referrer = self.referrer.clone();
                self.referrer.get_or_insert_with(|| path.to_owned());
                self.referrers.push(json.place);
                self.within.push(id.into());
                let is_text = std::mem::replace(&mut self.is_text, false);
                let root = self.cond(&expression, "", Scope::Member);
                self.is_text = is_text;
                self.within.pop();
                self.referrers.pop();
                self.referrer = referrer;
                Segment::Living(root?)
            }
        };
        self.found.insert(id.into(), found);
        Some(Cond::InSegment(id.into()))
    }
}
