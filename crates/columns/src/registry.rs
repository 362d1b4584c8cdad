//! The one registry of what is known of members: facts, tables and their columns, each with its
//! type. Layouts are made after it, expressions are checked against it. A slice of the product that
//! brings more adds it here; what is there is never changed, so that an expression that was right
//! stays right.

use std::collections::HashMap;

use shuke_kernel::region;

/// The type of a value.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Type {
    /// A whole number of 64 bits.
    Int,
    /// The same, of the currency's minor unit.
    Fen,
    /// An exact decimal: up to 12 digits before the point and 6 after it. Kept as millionths.
    Dec,
    /// A text, never empty. Kept as a code of its vocabulary.
    Text,
    /// A day. Kept as days since 1970-01-01.
    Date,
    /// A point in time. Kept as microseconds since 1970-01-01T00:00:00Z.
    Instant,
    /// Yes or no. Kept as 1 or 0.
    Bool,
    /// The tags of a member: a fact of its own kind, not a value.
    Tags,
}

impl Type {
    /// Its name in the language of expressions.
    pub fn name(self) -> &'static str {
        match self {
            Self::Int => "int",
            Self::Fen => "fen",
            Self::Dec => "dec",
            Self::Text => "text",
            Self::Date => "date",
            Self::Instant => "instant",
            Self::Bool => "bool",
            Self::Tags => "tags",
        }
    }

    /// Whether values of it can be added up.
    pub fn is_number(self) -> bool {
        matches!(self, Self::Int | Self::Fen | Self::Dec)
    }

    /// Whether of two values of it one can be the greater.
    pub fn is_ordered(self) -> bool {
        self.is_number() || matches!(self, Self::Date | Self::Instant)
    }
}

/// How many millionths one is: the scale of decimals.
pub const MILLION: i64 = 1_000_000;

/// Where a fact of a member comes from.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Origin {
    /// The member's id.
    Id,
    /// The time of the question.
    Now,
    /// The member's tags, by their history.
    Tags,
    /// As it is known now: the column of that number.
    Current(usize),
    /// As it was at the time of the question: the history of that number.
    History(usize),
}

/// A fact of a member.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Fact {
    /// Its name in expressions.
    pub name: Box<str>,
    /// Its type.
    pub kind: Type,
    /// Where it comes from.
    pub origin: Origin,
    /// The vocabulary of a text.
    pub words: Option<usize>,
}

/// A column of a table.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Column {
    /// Its name in expressions.
    pub name: Box<str>,
    /// Its type.
    pub kind: Type,
    /// The vocabulary of a text.
    pub words: Option<usize>,
}

/// A table of rows that belong to members. The first column is the row's id, the second its time.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Table {
    /// Its name in expressions.
    pub name: Box<str>,
    /// Its columns.
    pub columns: Vec<Column>,
}

/// The column of a row's id.
pub const ROW_ID: usize = 0;
/// The column of a row's time.
pub const TIME: usize = 1;

impl Table {
    /// The number of the column of that name.
    pub fn find(&self, name: &str) -> Option<usize> {
        self.columns.iter().position(|c| &*c.name == name)
    }
}

/// The words of texts, as codes. Columns of one name share a vocabulary, so that their codes can be
/// compared.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Vocabulary {
    /// Its name: that of its columns.
    pub name: Box<str>,
    /// Whether its words are ids of rows: nearly as many as there are rows, and hence kept with each
    /// slice, in the order of their bytes, and not in one dictionary a merchant.
    pub is_local: bool,
}

/// Facts, tables and columns.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Registry {
    facts: Vec<Fact>,
    tables: Vec<Table>,
    vocabularies: Vec<Vocabulary>,
    current: usize,
    histories: usize,
    names: HashMap<Box<str>, usize>,
    old_words: &'static [OldWord],
}

/// A word that expressions may still have for another: the column's table and name, the old word, and the
/// one that its rows have.
pub type OldWord = (&'static str, &'static str, &'static str, &'static str);

/// The vocabulary of members' ids, and of the ids in lists.
pub const MEMBER_ID: usize = 0;
/// The vocabulary of tags.
pub const TAG: usize = 1;
/// The current fact by which a member is in the base.
pub const FIRST_SEEN: usize = 0;

impl Registry {
    /// A registry of what every base has: id, time, tags, and when a member was first seen.
    pub fn bare() -> Self {
        let mut new = Self {
            facts: Vec::new(),
            tables: Vec::new(),
            vocabularies: Vec::new(),
            current: 0,
            histories: 0,
            names: HashMap::new(),
            old_words: &[],
        };
        new.vocabularies.push(Vocabulary { name: "member_id".into(), is_local: true });
        new.vocabularies.push(Vocabulary { name: "tag".into(), is_local: false });
        new.fact("id", Type::Text, Origin::Id, Some(MEMBER_ID));
        new.fact("now", Type::Instant, Origin::Now, None);
        new.fact("tags", Type::Tags, Origin::Tags, Some(TAG));
        new.add_fact("first_seen_at", Type::Instant);
        new
    }

    /// What this release knows.
    pub fn standard() -> Self {
        use Type::{Bool, Date, Dec, Fen, Instant, Int, Text};
        let mut new = Self::bare();
        for (name, kind) in [
            ("registered_at", Instant),
            ("birthday", Date),
            ("gender", Text),
            ("province", Text),
            ("city", Text),
            ("source", Text),
            ("growth", Int),
            ("points", Int),
            ("store_credit", Fen),
            ("last_visit_at", Instant),
            ("paid_member", Bool),
            ("stage", Text),
            ("rfm_r", Int),
            ("rfm_f", Int),
            ("rfm_m", Int),
            ("p_alive", Dec),
            ("clv", Fen),
        ] {
            new.add_fact(name, kind);
        }
        for (name, kind) in [("tier", Text), ("consent_sms", Bool), ("consent_email", Bool), ("consent_ads", Bool)] {
            new.add_history(name, kind);
        }
        new.add_table(
            "orders",
            "order_id",
            &[
                ("paid_at", Instant),
                ("completed_at", Instant),
                ("state", Text),
                ("purchase", Bool),
                ("shop", Text),
                ("platform", Text),
                ("pay_method", Text),
                ("coupon", Text),
                ("items", Int),
                ("paid", Fen),
                ("received", Fen),
                ("discount", Fen),
                ("shipping", Fen),
                ("kept", Bool),
                ("net", Fen),
                ("weather", Text),
                ("temperature", Dec),
            ],
        );
        new.add_table(
            "lines",
            "line_id",
            &[
                ("order_id", Text),
                ("paid_at", Instant),
                ("state", Text),
                ("purchase", Bool),
                ("shop", Text),
                ("sku", Text),
                ("category", Text),
                ("qty", Int),
                ("amount", Fen),
                ("refunded_qty", Int),
                ("refunded", Fen),
                ("kept", Bool),
                ("net", Fen),
            ],
        );
        new.add_table(
            "refunds",
            "refund_id",
            &[
                ("order_id", Text),
                ("line_id", Text),
                ("kind", Text),
                ("reason", Text),
                ("sku", Text),
                ("category", Text),
                ("qty", Int),
                ("amount", Fen),
            ],
        );
        new.add_table(
            "events",
            "event_id",
            &[("kind", Text), ("channel", Text), ("sku", Text), ("category", Text), ("word", Text), ("campaign", Text), ("value", Int)],
        );
        new
    }

    /// The same over a store, whose words for some things are not those of expressions: an expression
    /// that has the store's word means the same. Files say what they say.
    pub fn of_store() -> Self {
        Self { old_words: crate::people::OLD_WORDS, ..Self::standard() }
    }

    /// The word that the rows of a column have for this one.
    pub fn spoken<'a>(&self, table: &str, column: &str, word: &'a str) -> &'a str {
        self.old_words.iter().find(|(t, c, old, _)| *t == table && *c == column && *old == word).map_or(word, |(.., new)| new)
    }

    /// The same of a fact: places have their short names in a store's columns.
    pub fn spoken_fact<'a>(&self, fact: &str, word: &'a str) -> &'a str {
        match fact {
            "province" if !self.old_words.is_empty() => region::short(word),
            "city" if !self.old_words.is_empty() => region::short_city(word),
            _ => word,
        }
    }

    /// Adds a fact that is told as it is now.
    pub fn add_fact(&mut self, name: &str, kind: Type) {
        let words = (kind == Type::Text).then(|| self.vocabulary(name, false));
        if self.fact(name, kind, Origin::Current(self.current), words) {
            self.current += 1;
        }
    }

    /// Adds a fact whose history is kept.
    pub fn add_history(&mut self, name: &str, kind: Type) {
        let words = (kind == Type::Text).then(|| self.vocabulary(name, false));
        if self.fact(name, kind, Origin::History(self.histories), words) {
            self.histories += 1;
        }
    }

    /// Adds a table with the name of its rows' id and its columns behind id and time. One that is
    /// there gets the columns it lacks.
    pub fn add_table(&mut self, name: &str, id: &str, columns: &[(&str, Type)]) {
        let at = self.tables.iter().position(|t| &*t.name == name).unwrap_or_else(|| {
            self.tables.push(Table { name: name.into(), columns: Vec::new() });
            self.tables.len() - 1
        });
        // Ids first: a table that only refers to them must not make their vocabulary.
        self.vocabulary(id, true);
        for (column, kind) in [(id, Type::Text), ("time", Type::Instant)].into_iter().chain(columns.iter().copied()) {
            if self.tables[at].find(column).is_none() {
                let words = (kind == Type::Text).then(|| self.vocabulary(column, false));
                self.tables[at].columns.push(Column { name: column.into(), kind, words });
            }
        }
    }

    fn fact(&mut self, name: &str, kind: Type, origin: Origin, words: Option<usize>) -> bool {
        if self.names.contains_key(name) {
            return false;
        }
        self.names.insert(name.into(), self.facts.len());
        self.facts.push(Fact { name: name.into(), kind, origin, words });
        true
    }

    fn vocabulary(&mut self, name: &str, is_local: bool) -> usize {
        self.vocabularies.iter().position(|v| &*v.name == name).unwrap_or_else(|| {
            self.vocabularies.push(Vocabulary { name: name.into(), is_local });
            self.vocabularies.len() - 1
        })
    }

    /// All facts.
    pub fn facts(&self) -> &[Fact] {
        &self.facts
    }

    /// All tables.
    pub fn tables(&self) -> &[Table] {
        &self.tables
    }

    /// All vocabularies.
    pub fn vocabularies(&self) -> &[Vocabulary] {
        &self.vocabularies
    }

    /// The fact of that name.
    pub fn find_fact(&self, name: &str) -> Option<&Fact> {
        self.names.get(name).map(|i| &self.facts[*i])
    }

    /// The number of the table of that name, and the table.
    pub fn find_table(&self, name: &str) -> Option<(usize, &Table)> {
        self.tables.iter().enumerate().find(|(_, t)| &*t.name == name)
    }

    /// Facts told as they are now, in the order of their columns.
    pub fn current(&self) -> impl Iterator<Item = &Fact> {
        self.facts.iter().filter(|f| matches!(f.origin, Origin::Current(_)))
    }

    /// Facts whose history is kept, in the order of their histories.
    pub fn histories(&self) -> impl Iterator<Item = &Fact> {
        self.facts.iter().filter(|f| matches!(f.origin, Origin::History(_)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_of_one_name_are_alike_everywhere() {
        let registry = Registry::standard();
        let mut seen: HashMap<&str, (Type, Option<usize>)> = HashMap::new();
        for column in registry.tables().iter().flat_map(|t| &t.columns) {
            let alike = (column.kind, column.words);
            assert_eq!(*seen.entry(&column.name).or_insert(alike), alike, "{}", column.name);
        }
        for table in registry.tables() {
            assert!(table.columns[ROW_ID].words.is_some_and(|w| registry.vocabularies()[w].is_local), "{}", table.name);
            assert_eq!(&*table.columns[TIME].name, "time");
        }
    }

    #[test]
    fn what_is_there_is_not_changed() {
        let mut registry = Registry::standard();
        registry.add_fact("gender", Type::Int);
        registry.add_table("orders", "order_id", &[("paid", Type::Int)]);
        assert_eq!(registry, Registry::standard());
        registry.add_table("orders", "order_id", &[("weight", Type::Int)]);
        assert!(registry.find_table("orders").is_some_and(|(_, t)| t.find("weight").is_some()));
    }
}
