//! Which living segments an event may touch: by fact, by table, and of a row that is new by the words in it.
//! No other is asked.

use shuke_columns::registry::{Origin, ROW_ID};
use shuke_columns::{Registry, Slice};
use shuke_store::feed::FeedEvent;

use crate::depends::{Depends, Met};

/// What an event may have changed of the members that it speaks of.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Touch {
    /// Nothing that is asked of members.
    Nothing,
    /// The tags that they have: the event names them by id, the name may be another by now.
    Tags,
    /// What they agreed to, and whatever else has a history.
    Histories,
    /// A row of behaviour is new.
    Act,
    /// An order is new, with its lines and refunds.
    NewOrder,
    /// Orders, lines or refunds are others than before: which they were nobody tells.
    Orders,
    /// Anything. So do events that a later release tells.
    Everything,
}

/// Facts that are learnt from orders, or reckoned from them.
const OF_ORDERS: [&str; 10] = ["first_seen_at", "last_visit_at", "province", "city", "stage", "rfm_r", "rfm_f", "rfm_m", "p_alive", "clv"];
/// Facts that are learnt from acts.
const OF_ACTS: [&str; 2] = ["first_seen_at", "last_visit_at"];
/// Where orders are told of.
const ORDERS: [&str; 3] = ["orders", "lines", "refunds"];

impl Touch {
    /// What an event touches.
    pub fn of(event: &FeedEvent) -> Self {
        match &*event.kind {
            "member.tagged" | "member.untagged" => Self::Tags,
            "consent.changed" => Self::Histories,
            "behaviour.recorded" => Self::Act,
            kind if kind.starts_with("segment.") => Self::Nothing,
            kind if kind.starts_with("order.") && event.data.contains("\"previous_state\":null") => Self::NewOrder,
            kind if kind.starts_with("order.") || kind.starts_with("refund.") => Self::Orders,
            _ => Self::Everything,
        }
    }
}

/// Living segments by what they depend on, and where what events speak of lies in a slice.
pub struct Index {
    depends: Depends,
    histories: Vec<Box<str>>,
    acts: Option<Table>,
    orders: Vec<Table>,
}

/// A table, and the column in which its rows name what an event is about.
struct Table {
    number: usize,
    named_by: usize,
    vocabulary: usize,
}

impl Table {
    fn of(registry: &Registry, name: &str, column: Option<&str>) -> Option<Self> {
        let (number, table) = registry.find_table(name)?;
        let named_by = column.map_or(Some(ROW_ID), |c| table.find(c))?;
        Some(Self { number, named_by, vocabulary: table.columns[named_by].words? })
    }

    /// Adds the segments that the rows of a member under this name may touch. Whether there is any.
    fn rows(&self, depends: &Depends, slice: &Slice, member: usize, name: &str, met: &mut Met) -> bool {
        let Some(code) = slice.ids[self.vocabulary].find(name) else { return false };
        let (rows, mut any) = (&slice.tables[self.number], false);
        for row in rows.of.of(member).filter(|row| rows.columns[self.named_by].code(*row) == Some(code)) {
            depends.row(slice, self.number, row, met);
            any = true;
        }
        any
    }
}

impl Index {
    /// Of segments that depend on this.
    pub fn of(registry: &Registry, depends: Depends) -> Self {
        let histories = registry.facts().iter().filter(|f| matches!(f.origin, Origin::History(_))).map(|f| f.name.clone()).collect();
        let orders = ORDERS.iter().filter_map(|name| Table::of(registry, name, (*name != "orders").then_some("order_id"))).collect();
        Self { depends, histories, acts: Table::of(registry, "events", None), orders }
    }

    /// Room for what is met.
    pub fn met(&self) -> Met {
        self.depends.met()
    }

    /// Adds to `met` the segments that an event may bring a member into or out of. `name` is the public id
    /// of what the event is about, `member` the member's place in the slice, which was read after the event;
    /// none of whoever is gone.
    pub fn meet(&self, touch: Touch, name: &str, slice: &Slice, member: Option<usize>, met: &mut Met) {
        let facts = |names: &[&str], met: &mut Met| names.iter().for_each(|name| self.depends.fact(name, met));
        match touch {
            Touch::Nothing => {}
            Touch::Tags => self.depends.fact("tags", met),
            Touch::Histories => self.histories.iter().for_each(|name| self.depends.fact(name, met)),
            Touch::Everything => self.depends.all(met),
            Touch::Act => {
                facts(&OF_ACTS, met);
                if let Some(acts) = &self.acts
                    && !member.is_some_and(|m| acts.rows(&self.depends, slice, m, name, met))
                {
                    // It is somebody else's by now, or gone.
                    self.depends.table(acts.number, met);
                }
            }
            Touch::NewOrder => {
                facts(&OF_ORDERS, met);
                // Of an order that is there all rows are: lines and refunds may be none.
                let is_there = member.zip(self.orders.first()).is_some_and(|(m, o)| o.rows(&self.depends, slice, m, name, met));
                for table in self.orders.iter().skip(1) {
                    match member.filter(|_| is_there) {
                        Some(member) => drop(table.rows(&self.depends, slice, member, name, met)),
                        None => self.depends.table(table.number, met),
                    }
                }
                if let Some(orders) = self.orders.first().filter(|_| !is_there) {
                    self.depends.table(orders.number, met);
                }
            }
            Touch::Orders => {
                facts(&OF_ORDERS, met);
                self.orders.iter().for_each(|table| self.depends.table(table.number, met));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use shuke_columns::slice::{Draft, Lexicon, lay_out};
    use shuke_kernel::{Instant, Zone};

    use super::*;
    use crate::calendar::Reckoning;
    use crate::check::check_text;
    use crate::definitions::Segments;
    use crate::plan::Plan;
    use crate::uses::Uses;

    const TEXTS: [&str; 10] = [
        "has_any(\"VIP\")",
        "count(orders) > 2",
        "consent_sms = true",
        "exists(events where kind = \"cart\" and sku = \"A\")",
        "not exists(events where category under (\"母婴\"))",
        "count(events) = 0",
        "sum(lines.amount where sku = \"A\") > ¥1.00",
        "stage = \"lost\"",
        "gender = \"female\"",
        "exists(events where kind = \"cart\" and sku = \"C\")",
    ];

    /// One member with an act and an order of one line.
    fn slice(registry: &Registry) -> Slice {
        let mut lexicon = Lexicon::of(registry);
        let mut draft = Draft::new(registry, "mem_1");
        let rows: [(&str, &[(&str, &str)]); 3] = [
            ("events", &[("event_id", "act_1"), ("kind", "cart"), ("sku", "B"), ("category", "母婴/奶粉")]),
            ("orders", &[("order_id", "ord_1")]),
            ("lines", &[("line_id", "ord_1/1"), ("order_id", "ord_1"), ("sku", "A")]),
        ];
        for (name, cells) in rows {
            let (t, table) = registry.find_table(name).unwrap();
            let mut row = vec![None; table.columns.len()];
            row[shuke_columns::registry::TIME] = Some(5);
            for (column, word) in cells {
                let column = table.find(column).unwrap();
                row[column] = lexicon.words_mut(table.columns[column].words.unwrap()).code(word).map(i64::from);
            }
            draft.rows[t].push(row);
        }
        lay_out(registry, &Arc::new(lexicon), 0, vec![draft])
    }

    #[test]
    fn an_event_is_judged_by_those_segments_only_that_it_may_touch() {
        let registry = Arc::new(Registry::standard());
        let reckoning = Reckoning::new(0, &Zone::shanghai());
        let depends: Vec<(Uses, Plan)> = TEXTS
            .iter()
            .map(|text| {
                let expression = check_text(text, &registry, &Segments::default(), &reckoning).unwrap();
                (Uses::of(&expression), Plan::of(&expression, &registry, &reckoning).unwrap())
            })
            .collect();
        let index = Index::of(&registry, Depends::of(&registry, depends.iter().map(|(uses, plan)| (uses, plan))));
        let slice = slice(&registry);
        let met = |kind: &str, data: &str, name: &str, member: Option<usize>| {
            let event = FeedEvent {
                position: 1,
                id: [0; 16],
                kind: kind.to_owned(),
                version: 1,
                occurred_at: Instant(0),
                recorded_at: Instant(0),
                subject_kind: String::new(),
                subject: [0; 16],
                member: None,
                data: data.to_owned(),
            };
            let mut met = index.met();
            index.meet(Touch::of(&event), name, &slice, member, &mut met);
            let mut numbers = met.numbers().to_vec();
            numbers.sort_unstable();
            numbers
        };
        let new = r#"{"previous_state":null}"#;
        assert_eq!(met("member.tagged", "{}", "mem_1", Some(0)), [0]);
        assert_eq!(met("consent.changed", "{}", "mem_1", Some(0)), [2]);
        assert_eq!(met("behaviour.recorded", "{}", "act_1", Some(0)), [4, 5], "its goods are others than those of the fourth");
        assert_eq!(met("behaviour.recorded", "{}", "act_2", Some(0)), [3, 4, 5, 9], "an act that is not there any more");
        assert_eq!(met("behaviour.recorded", "{}", "act_1", None), [3, 4, 5, 9]);
        assert_eq!(met("order.paid", new, "ord_1", Some(0)), [1, 6, 7]);
        assert_eq!(met("order.paid", new, "ord_2", Some(0)), [1, 6, 7]);
        assert_eq!(met("refund.recorded", "{}", "ref_1", Some(0)), [1, 6, 7]);
        assert_eq!(met("member.changed", "{}", "mem_1", Some(0)), (0..10).collect::<Vec<_>>());
        assert_eq!(met("something.new", "{}", "mem_1", Some(0)).len(), 10);
        assert!(met("segment.entered", "{}", "mem_1", Some(0)).is_empty());
    }
}
