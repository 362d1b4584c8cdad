//! Random expressions, drawn from a tape of numbers.

use jiff::Timestamp;
use serde_json::{Value as Json, json};
use shuke_columns::{Registry, Type};

use crate::draw::{Clock, TAGS, Tape, text};

/// Draws expressions of a registry.
pub struct Trees<'a, 't> {
    pub registry: &'a Registry,
    pub clock: &'a Clock,
    pub tape: &'a mut Tape<'t>,
    /// Segments that may be referred to.
    pub segments: &'a [&'a str],
}

const COMPARE: [&str; 6] = ["ge", "eq", "lt", "ne", "gt", "le"];

impl Trees<'_, '_> {
    fn is_in_row(table: Option<usize>) -> bool {
        table.is_some()
    }

    pub fn cond(&mut self, depth: usize, table: Option<usize>) -> Json {
        let inner = if depth == 0 { 0 } else { 4 };
        let outer = if Self::is_in_row(table) { 0 } else { 6 };
        let choice = self.tape.pick(7 + inner + outer);
        match choice {
            0 | 1 => self.compare(depth, table),
            2 => self.between(depth, table),
            3 => self.one_of(depth, table),
            4 => json!({ "op": "is_missing", "value": self.any_value(depth, table).0 }),
            5 => self.text_test(depth, table),
            6 => json!({ "op": "all" }),
            7 | 8 if inner > 0 => {
                let args: Vec<Json> = (0..1 + self.tape.pick(3)).map(|_| self.cond(depth - 1, table)).collect();
                json!({ "op": if choice == 7 { "and" } else { "or" }, "args": args })
            }
            9 | 10 if inner > 0 => json!({ "op": "not", "arg": self.cond(depth - 1, table) }),
            c => match c - 7 - inner {
                0 => self.tags(),
                1 | 2 => {
                    let (mut rows, _) = self.rows(depth.saturating_sub(1));
                    rows["op"] = "exists".into();
                    rows
                }
                3 => self.sequence(depth.saturating_sub(1)),
                4 if !self.segments.is_empty() => json!({ "op": "in_segment", "id": self.tape.one(self.segments) }),
                _ => self.top(depth.saturating_sub(1)),
            },
        }
    }

    fn compare(&mut self, depth: usize, table: Option<usize>) -> Json {
        let (left, kind) = self.any_value(depth, table);
        let ops = if kind.is_ordered() { &COMPARE[..] } else { &["eq", "ne"] };
        let op = self.tape.one(ops);
        let right = if self.tape.chance(3) {
            let kind = match kind {
                Type::Int | Type::Dec => self.tape.one(&[Type::Int, Type::Dec]),
                other => other,
            };
            self.value(kind, depth, table)
        } else {
            self.literal(kind)
        };
        json!({ "op": op, "left": left, "right": right })
    }

    fn between(&mut self, depth: usize, table: Option<usize>) -> Json {
        let kind = self.tape.one(&[Type::Int, Type::Fen, Type::Dec, Type::Date, Type::Instant]);
        let (from, to) = match kind {
            Type::Int | Type::Fen => (json!(0), self.tape.one(&[1_i64, 3, 300]).into()),
            Type::Dec => (json!("-0.5"), json!(self.tape.one(&["0.333333", "0.5", "3"]))),
            Type::Date => (json!("1996-02-29"), json!("2025-03-01")),
            _ => (json!("2024-02-28T16:00:00Z"), json!("2025-06-17T16:00:00.000001Z")),
        };
        json!({ "op": "between", "value": self.value(kind, depth, table), "from": from, "to": to })
    }

    fn one_of(&mut self, depth: usize, table: Option<usize>) -> Json {
        let kind = self.tape.one(&[Type::Text, Type::Int, Type::Fen, Type::Dec, Type::Date]);
        let list: Vec<Json> = (0..1 + self.tape.pick(3)).map(|_| self.literal(kind)).collect();
        json!({ "op": "in", "value": self.value(kind, depth, table), "list": list })
    }

    fn text_test(&mut self, depth: usize, table: Option<usize>) -> Json {
        let value = self.value(Type::Text, depth, table);
        if self.tape.chance(2) {
            return json!({ "op": "contains", "value": value, "text": self.tape.one(&["home", "乙", "m1", "o"]) });
        }
        json!({ "op": "under", "value": value, "paths": [self.tape.one(&["home", "baby", "甲"])] })
    }

    fn literal(&mut self, kind: Type) -> Json {
        match kind {
            Type::Int => self.tape.one(&[1_i64, 0, 2, 3, 7, 30, -1, i64::MAX]).into(),
            Type::Fen => self.tape.one(&[100_i64, 0, 250, -100, 300, i64::MAX]).into(),
            Type::Dec => match self.tape.pick(5) {
                0 => json!("0.5"),
                1 => json!(1),
                2 => json!("0.333333"),
                3 => json!("-0.25"),
                _ => json!(0),
            },
            Type::Text => {
                let name = self.tape.one(&["category", "kind", "sku"]);
                if self.tape.chance(5) { json!("m1") } else { json!(text(name, self.tape)) }
            }
            Type::Date => json!(self.clock.date(self.tape).to_string()),
            Type::Instant => json!(Timestamp::from_microsecond(self.clock.time(self.tape)).unwrap().to_string()),
            Type::Bool => json!(self.tape.chance(2)),
            Type::Tags => panic!("no literal"),
        }
    }

    fn any_value(&mut self, depth: usize, table: Option<usize>) -> (Json, Type) {
        let kind = self.tape.one(&[Type::Int, Type::Fen, Type::Dec, Type::Text, Type::Date, Type::Instant, Type::Bool]);
        (self.value(kind, depth, table), kind)
    }

    /// A field of that type; of a row no dates and decimals are known, so that one is read.
    fn field(&mut self, kind: Type, table: Option<usize>) -> Option<Json> {
        let names: Vec<String> = match table {
            Some(t) => self.registry.tables()[t].columns.iter().filter(|c| c.kind == kind).map(|c| c.name.to_string()).collect(),
            None => self.registry.facts().iter().filter(|f| f.kind == kind).map(|f| f.name.to_string()).collect(),
        };
        if names.is_empty() {
            return None;
        }
        let name = &names[self.tape.pick(names.len())];
        Some(if table.is_some() { json!({ "col": name }) } else { json!({ "fact": name }) })
    }

    fn value(&mut self, kind: Type, depth: usize, table: Option<usize>) -> Json {
        let below = depth.saturating_sub(1);
        if depth > 0 {
            match self.tape.pick(5) {
                1 if table.is_none() => {
                    if let Some(agg) = self.agg(kind, below) {
                        return agg;
                    }
                }
                2 => match kind {
                    Type::Int => {
                        let reading =
                            self.tape.one(&["days_since", "days_until_next", "age", "month_of", "day_of", "weekday_of", "hour_of"]);
                        let of = match reading {
                            "days_until_next" | "age" => Type::Date,
                            "hour_of" => Type::Instant,
                            _ => self.tape.one(&[Type::Date, Type::Instant]),
                        };
                        return json!({ reading: self.value(of, below, table) });
                    }
                    Type::Date => return json!({ "date_of": self.value(Type::Instant, below, table) }),
                    Type::Dec => {
                        let mut number = || {
                            let kind = self.tape.one(&[Type::Int, Type::Fen, Type::Dec]);
                            self.value(kind, below, table)
                        };
                        return json!({ "ratio": [number(), number()] });
                    }
                    _ => {}
                },
                3 if kind.is_number() => {
                    let mut part = || {
                        let kind = if kind == Type::Dec { self.tape.one(&[Type::Int, Type::Dec]) } else { kind };
                        self.value(kind, below, table)
                    };
                    let mut parts = vec![part(), part()];
                    if kind == Type::Dec {
                        // One of them must be a decimal.
                        parts[0] = self.value(Type::Dec, below, table);
                    }
                    return if self.tape.chance(2) { json!({ "sub": parts }) } else { json!({ "add": parts }) };
                }
                _ => {}
            }
        }
        if let Some(field) = self.field(kind, table) {
            return field;
        }
        match kind {
            Type::Date => json!({ "date_of": { "col": "time" } }),
            Type::Dec => json!({ "ratio": [self.value(Type::Fen, 0, table), self.value(Type::Int, 0, table)] }),
            // A table without such a column: what every table has is read instead.
            Type::Int => json!({ "weekday_of": { "col": "time" } }),
            Type::Fen | Type::Bool => panic!("the tables asked have such columns"),
            _ => json!({ "fact": "now" }),
        }
    }

    fn agg(&mut self, kind: Type, depth: usize) -> Option<Json> {
        let (mut rows, table) = self.rows(depth);
        let folds: &[&str] = match kind {
            Type::Int => &["count", "sum", "min", "max", "distinct", "first", "last"],
            Type::Fen => &["sum", "avg", "min", "max", "first", "last"],
            Type::Dec => &["avg"],
            Type::Instant => &["min", "max", "first", "last"],
            _ => &["first", "last"],
        };
        let fold = self.tape.one(folds);
        let of = |c: &&shuke_columns::registry::Column| match (fold, kind) {
            ("distinct", _) => true,
            ("avg", Type::Dec) => c.kind == Type::Int,
            _ => c.kind == kind,
        };
        let columns: Vec<String> = self.registry.tables()[table].columns.iter().filter(of).map(|c| c.name.to_string()).collect();
        rows["agg"] = fold.into();
        if fold != "count" {
            if columns.is_empty() {
                return None;
            }
            rows["of"] = columns[self.tape.pick(columns.len())].as_str().into();
        }
        Some(rows)
    }

    fn row_filter(&mut self, table: usize, depth: usize) -> Option<Json> {
        // Refunds and events lack yes and no, events lack money: those are asked of lines and orders.
        let full = matches!(&*self.registry.tables()[table].name, "orders" | "lines");
        if self.tape.chance(2) {
            return None;
        }
        Some(if full {
            self.cond(depth.min(2), Some(table))
        } else {
            json!({ "op": "eq", "left": { "col": "kind" }, "right": self.tape.one(&["cart", "view", "return"]) })
        })
    }

    fn rows(&mut self, depth: usize) -> (Json, usize) {
        let table = self.tape.pick(self.registry.tables().len());
        let of = &self.registry.tables()[table];
        let mut rows = json!({ "table": of.name });
        if let Some(filter) = self.row_filter(table, depth) {
            rows["where"] = filter;
        }
        if self.tape.chance(2) {
            rows["window"] = self.window();
        }
        if self.tape.chance(4) {
            let instants: Vec<&str> = of.columns.iter().filter(|c| c.kind == Type::Instant).map(|c| &*c.name).collect();
            rows["on"] = self.tape.one(&instants).into();
        }
        (rows, table)
    }

    fn window(&mut self) -> Json {
        let n = self.tape.one(&[1_i64, 2, 7, 30, 31]);
        match self.tape.pick(9) {
            0 | 1 => json!({ "last": n, "unit": self.tape.one(&["days", "hours", "months"]) }),
            2 => json!({ "last": n, "unit": self.tape.one(&["days", "months"]), "complete": true }),
            3 => json!({ "last": n, "unit": self.tape.one(&["days", "months"]), "rolling": true }),
            4 => json!({ "last": n + 1, "unit": self.tape.one(&["days", "months"]), "until": 1 }),
            5 => json!({ "current": self.tape.one(&["day", "week", "month", "quarter", "year"]) }),
            6 => json!({ "previous": self.tape.one(&["day", "week", "month", "quarter", "year"]) }),
            7 => json!({ "from": self.tape.one(&["2024-11-03", "2025-05-19", "2024-02-29T00:00:00.000001Z"]) }),
            _ => json!({ "from": "2024-02-28", "to": self.tape.one(&["2025-03-09", "2025-06-18T04:00:00Z"]) }),
        }
    }

    fn tags(&mut self) -> Json {
        let tags: Vec<&str> = (0..1 + self.tape.pick(2)).map(|_| self.tape.one(&TAGS)).collect();
        let mut json = json!({ "op": self.tape.one(&["has_any", "has_all"]), "tags": tags });
        if self.tape.chance(3) {
            json["added"] = self.window();
        }
        json
    }

    fn sequence(&mut self, depth: usize) -> Json {
        let same = self.tape.chance(3);
        let count = 2 + self.tape.pick(3);
        let mut there = 0;
        let mut steps: Vec<Json> = Vec::new();
        for i in 0..count {
            let names = if same { &["lines", "refunds", "events"][..] } else { &["orders", "events", "lines"] };
            let (table, _) = self.registry.find_table(self.tape.one(names)).unwrap();
            let mut step = json!({ "table": self.registry.tables()[table].name });
            if let Some(filter) = self.row_filter(table, depth) {
                step["where"] = filter;
            }
            if i > 0 && self.tape.chance(3) {
                step["absent"] = true.into();
            } else {
                there = i;
            }
            steps.push(step);
        }
        for (i, step) in steps.iter_mut().enumerate().skip(1) {
            let absent = step.get("absent").is_some();
            if absent && i > there || !absent && self.tape.chance(2) {
                let mut within = json!({ "n": self.tape.one(&[1_i64, 2, 7, 30]), "unit": self.tape.one(&["days", "hours"]) });
                if within["unit"] == "days" && self.tape.chance(2) {
                    within["business"] = true.into();
                }
                step["within"] = within;
            }
        }
        let mut json = json!({ "op": "sequence", "steps": steps });
        if same {
            json["same"] = self.tape.one(&["sku", "category"]).into();
        }
        if self.tape.chance(3) {
            json["window"] = self.window();
        }
        json
    }

    fn top(&mut self, depth: usize) -> Json {
        let kind = self.tape.one(&[Type::Fen, Type::Int, Type::Dec, Type::Date]);
        let mut json = json!({ "op": "top", "by": self.value(kind, depth, None) });
        if self.tape.chance(2) {
            json["percent"] = self.tape.one(&["50", "0.000001", "33.3", "100"]).into();
        } else {
            json["n"] = (1 + self.tape.pick(4)).into();
        }
        if depth > 0 && self.tape.chance(3) {
            json["of"] = self.cond(depth - 1, None);
        }
        if self.tape.chance(3) {
            json["as_of"] = "day_start".into();
        }
        if self.tape.chance(3) {
            json["end"] = "low".into();
        }
        json
    }
}
