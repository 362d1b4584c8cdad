//! What an expression speaks of, the segments that it refers to included.

use std::collections::BTreeSet;

use shuke_columns::Registry;
use shuke_columns::registry::Origin;

use crate::check::{Expression, Segment};
use crate::tree::{Cond, Name, Operand, Rows, Value};

/// Facts, tables and segments of an expression, each sorted.
#[derive(Clone, Default, PartialEq, Eq, Debug)]
pub struct Uses {
    /// Facts; `tags` among them where tags are asked.
    pub facts: BTreeSet<Name>,
    /// Tables of rows.
    pub tables: BTreeSet<Name>,
    /// Segments that it leads to.
    pub segments: BTreeSet<Name>,
}

impl Uses {
    /// Of an expression.
    pub fn of(expression: &Expression) -> Self {
        let mut uses = Self::default();
        uses.cond(&expression.root);
        for (id, segment) in &expression.segments {
            uses.segments.insert(id.clone());
            if let Segment::Living(root) = segment {
                uses.cond(root);
            }
        }
        uses
    }

    /// The facts that are told as they are now, whatever the time of the question.
    pub fn current_facts(&self, registry: &Registry) -> Vec<Name> {
        let is_current = |name: &&Name| registry.find_fact(name).is_some_and(|f| matches!(f.origin, Origin::Current(_)));
        self.facts.iter().filter(is_current).cloned().collect()
    }

    /// Whether it asks what held when: tier, consents.
    pub fn has_history(&self, registry: &Registry) -> bool {
        self.facts.iter().filter_map(|name| registry.find_fact(name)).any(|f| matches!(f.origin, Origin::History(_)))
    }

    fn cond(&mut self, cond: &Cond) {
        match cond {
            Cond::And(args) | Cond::Or(args) => args.iter().for_each(|a| self.cond(a)),
            Cond::Not(arg) => self.cond(arg),
            Cond::All | Cond::InSegment(_) => {}
            Cond::Compare(_, left, right) => {
                self.value(left);
                if let Operand::Value(right) = right {
                    self.value(right);
                }
            }
            Cond::Between(value, ..) | Cond::In(value, _) | Cond::IsMissing(value) | Cond::Under(value, _) | Cond::Contains(value, _) => {
                self.value(value);
            }
            Cond::Tags { .. } => {
                self.facts.insert("tags".into());
            }
            Cond::Exists(rows) => self.rows(rows),
            Cond::Sequence(sequence) => {
                for step in &sequence.steps {
                    self.tables.insert(step.table.clone());
                    step.filter.iter().for_each(|f| self.cond(f));
                }
            }
            Cond::Top(top) => {
                self.value(&top.by);
                top.of.iter().for_each(|of| self.cond(of));
            }
        }
    }

    fn rows(&mut self, rows: &Rows) {
        self.tables.insert(rows.table.clone());
        rows.filter.iter().for_each(|f| self.cond(f));
    }

    fn value(&mut self, value: &Value) {
        match value {
            Value::Fact(name) => {
                self.facts.insert(name.clone());
            }
            Value::Col(_) => {}
            Value::Agg(agg) => self.rows(&agg.rows),
            Value::Ratio(pair) | Value::Sub(pair) => pair.iter().for_each(|v| self.value(v)),
            Value::Add(values) => values.iter().for_each(|v| self.value(v)),
            Value::Calendar(_, of) => self.value(of),
        }
    }
}
