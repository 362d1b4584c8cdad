//! Slices as flat tables, for who asks in SQL: members with their facts as they are now, the rows of
//! every table of the registry with whose they are, tags, and what held when.
//!
//! Column by column and a few thousand rows at a time, so that only what is asked for is touched. What is
//! of a person more than a shop's figures need is told coarsely unless it is asked for in clear.

use crate::registry::{FIRST_SEEN, Fact, MEMBER_ID, Origin, Registry, TAG, Type};
use crate::slice::{Ids, Slice, Spells};

/// Columns that are told coarsely: of a day of birth only its year, as its first of January.
pub const PERSONAL: &[&str] = &["birthday"];

/// A table as SQL sees it.
#[derive(Clone, Debug)]
pub struct Table {
    /// Its name.
    pub name: Box<str>,
    /// Its columns.
    pub columns: Vec<Column>,
    rows: Rows,
}

/// A column of it.
#[derive(Clone, Debug)]
pub struct Column {
    /// Its name.
    pub name: Box<str>,
    /// Its type.
    pub kind: Type,
    /// The vocabulary of a text whose words lie with the merchant, not with a slice.
    pub words: Option<usize>,
    /// Whether it is told coarsely unless asked for in clear.
    pub is_personal: bool,
    from: From,
}

#[derive(Clone, Copy, Debug)]
enum Rows {
    Members,
    Table(usize),
    Tags,
    Histories,
}

#[derive(Clone, Copy, Debug)]
enum From {
    Member,
    Fact(usize),
    /// What held last of the history of that number.
    History(usize),
    Cell(usize, Option<usize>),
    Field,
    Spell(Part),
}

#[derive(Clone, Copy, Debug)]
enum Part {
    Value,
    Since,
    Until,
}

/// Rows of a table within a slice: of whom, and which.
#[derive(Clone, Default, Debug)]
pub struct Places {
    members: Vec<u32>,
    rows: Vec<u32>,
    /// Which history, where the table has several.
    fields: Vec<u32>,
}

impl Places {
    /// How many rows.
    pub fn len(&self) -> usize {
        self.members.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.members.is_empty()
    }

    /// The next rows of these, at most `many`, from `from` on.
    pub fn part(&self, from: usize, many: usize) -> Self {
        let range = from.min(self.len())..(from + many).min(self.len());
        let of = |list: &[u32]| list.get(range.clone()).unwrap_or_default().to_vec();
        Self { members: of(&self.members), rows: of(&self.rows), fields: of(&self.fields) }
    }
}

/// A column of some rows.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Cells {
    /// Numbers as the registry's type keeps them.
    Ints(Vec<Option<i64>>),
    /// Codes of words of the column's vocabulary.
    Codes(Vec<Option<u32>>),
    /// Texts.
    Texts(Vec<Option<String>>),
}

fn column(name: &str, kind: Type, words: Option<usize>, from: From) -> Column {
    Column { name: name.into(), kind, words, is_personal: PERSONAL.contains(&name), from }
}

fn member_id() -> Column {
    column("member_id", Type::Text, None, From::Member)
}

fn fact(fact: &Fact) -> Option<Column> {
    match fact.origin {
        Origin::Current(at) => Some(column(&fact.name, fact.kind, fact.words, From::Fact(at))),
        Origin::History(at) => Some(column(&fact.name, fact.kind, fact.words, From::History(at))),
        Origin::Id | Origin::Now | Origin::Tags => None,
    }
}

/// The tables of a registry.
pub fn tables(registry: &Registry) -> Vec<Table> {
    let members = std::iter::once(member_id()).chain(registry.facts().iter().filter_map(fact)).collect();
    let mut all = vec![Table { name: "members".into(), columns: members, rows: Rows::Members }];
    for (t, table) in registry.tables().iter().enumerate() {
        let cells = table.columns.iter().enumerate().map(|(c, of)| {
            // Ids lie with the slices: as words of the merchant they would be as many as there are rows.
            let local = of.words.filter(|w| registry.vocabularies()[*w].is_local);
            column(&of.name, of.kind, of.words.filter(|_| local.is_none()), From::Cell(c, local))
        });
        let mut columns: Vec<Column> = cells.collect();
        columns.insert(1, member_id());
        all.push(Table { name: table.name.clone(), columns, rows: Rows::Table(t) });
    }
    let spell = |name, part| column(name, Type::Instant, None, From::Spell(part));
    let tag = column("tag", Type::Text, Some(TAG), From::Spell(Part::Value));
    let columns = vec![member_id(), tag, spell("added_at", Part::Since), spell("removed_at", Part::Until)];
    all.push(Table { name: "tags".into(), columns, rows: Rows::Tags });
    let value = column("value", Type::Text, None, From::Spell(Part::Value));
    let field = column("field", Type::Text, None, From::Field);
    let columns = vec![member_id(), field, value, spell("began_at", Part::Since), spell("ended_at", Part::Until)];
    all.push(Table { name: "history".into(), columns, rows: Rows::Histories });
    all
}

impl Table {
    /// The column of that name.
    pub fn find(&self, name: &str) -> Option<&Column> {
        self.columns.iter().find(|c| &*c.name == name)
    }

    /// The rows of a slice's members that are in the base.
    pub fn places(&self, slice: &Slice) -> Places {
        let mut places = Places::default();
        let seen = &slice.facts[FIRST_SEEN];
        let shown = |member: usize| seen.is_known(member);
        let mut add = |member: usize, rows: std::ops::Range<usize>, field: Option<u32>| {
            places.members.extend(std::iter::repeat_n(member as u32, rows.len()));
            places.fields.extend(field.into_iter().flat_map(|f| std::iter::repeat_n(f, rows.len())));
            places.rows.extend(rows.map(|r| r as u32));
        };
        for member in (0..slice.len()).filter(|m| shown(*m)) {
            match self.rows {
                Rows::Members => add(member, member..member + 1, None),
                Rows::Table(t) => add(member, slice.tables[t].of.of(member), None),
                Rows::Tags => add(member, slice.tags.of.of(member), None),
                Rows::Histories => {
                    for (h, of) in slice.histories.iter().enumerate() {
                        add(member, of.of.of(member), Some(h as u32));
                    }
                }
            }
        }
        places
    }

    /// A column of these rows. What has a history is told as it is at `now` (microseconds).
    pub fn cells(&self, registry: &Registry, slice: &Slice, column: &Column, at: &Places, now: i64, clear: bool) -> Cells {
        let cells = match column.from {
            From::Member => ids(&slice.members, at.members.iter().map(|m| Some(*m))),
            From::Fact(f) => numbers(column, at.rows.iter().map(|m| slice.facts[f].get(*m as usize))),
            From::History(h) => numbers(column, at.rows.iter().map(|m| held(&slice.histories[h], *m as usize, now))),
            From::Cell(c, local) => {
                let Rows::Table(t) = self.rows else { return Cells::Ints(vec![None; at.len()]) };
                let of = &slice.tables[t].columns[c];
                match local {
                    Some(MEMBER_ID) => ids(&slice.members, at.rows.iter().map(|r| of.code(*r as usize))),
                    Some(words) => ids(&slice.ids[words], at.rows.iter().map(|r| of.code(*r as usize))),
                    None => numbers(column, at.rows.iter().map(|r| of.get(*r as usize))),
                }
            }
            From::Field => {
                let names: Vec<&str> = registry.histories().map(|f| &*f.name).collect();
                Cells::Texts(at.fields.iter().map(|f| names.get(*f as usize).map(|n| (*n).to_owned())).collect())
            }
            From::Spell(part) => self.spells(registry, slice, part, column, at),
        };
        if column.is_personal && !clear { coarse(cells) } else { cells }
    }

    fn spells(&self, registry: &Registry, slice: &Slice, part: Part, column: &Column, at: &Places) -> Cells {
        let of = |spells: &Spells, row: u32| match part {
            Part::Value => spells.value.get(row as usize),
            Part::Since => spells.from.get(row as usize),
            Part::Until => spells.to.get(row as usize),
        };
        if let Rows::Tags = self.rows {
            return numbers(column, at.rows.iter().map(|r| of(&slice.tags, *r)));
        }
        let each = at.rows.iter().zip(&at.fields).map(|(r, f)| (*f as usize, of(&slice.histories[*f as usize], *r)));
        if let Part::Since | Part::Until = part {
            return Cells::Ints(each.map(|(_, value)| value).collect());
        }
        let facts: Vec<&Fact> = registry.histories().collect();
        let text = |(f, value): (usize, Option<i64>)| {
            let value = value?;
            Some(match (facts[f].kind, facts[f].words) {
                (_, Some(words)) => slice.word(registry, words, value as u32).into_owned(),
                (Type::Bool, None) => (value != 0).to_string(),
                (_, None) => value.to_string(),
            })
        };
        Cells::Texts(each.map(text).collect())
    }
}

fn numbers(column: &Column, values: impl Iterator<Item = Option<i64>>) -> Cells {
    if column.words.is_some() { Cells::Codes(values.map(|v| v.map(|v| v as u32)).collect()) } else { Cells::Ints(values.collect()) }
}

fn ids(ids: &Ids, codes: impl Iterator<Item = Option<u32>>) -> Cells {
    Cells::Texts(codes.map(|code| code.map(|c| ids.get(c).into_owned())).collect())
}

/// What held of a member at `now`: of what began by then and has not ended the last.
fn held(spells: &Spells, member: usize, now: i64) -> Option<i64> {
    let holds = |row: &usize| spells.from.get(*row).is_some_and(|f| f <= now) && spells.to.get(*row).is_none_or(|t| t > now);
    spells.of.of(member).rev().find(holds).and_then(|row| spells.value.get(row))
}

/// Days as the first of January of their year.
fn coarse(cells: Cells) -> Cells {
    let Cells::Ints(days) = cells else { return cells };
    let first = |day: i64| {
        let epoch = jiff::civil::date(1970, 1, 1);
        let date = epoch.checked_add(jiff::Span::new().try_days(day).ok()?).ok()?;
        let since = date.first_of_year().since((jiff::Unit::Day, epoch)).ok()?;
        Some(i64::from(since.get_days()))
    };
    Cells::Ints(days.into_iter().map(|d| d.and_then(first)).collect())
}
