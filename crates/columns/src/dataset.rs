//! Members from the CSV files of a folder, one file a table of the registry, `members.csv`, `tags.csv`
//! and `history.csv` beside them. An empty cell is missing, instants are RFC 3339 in UTC, money is in
//! minor units. What cannot be read is refused with file, line and column. Columns that the registry
//! does not know are passed over, columns that a file lacks are missing save those that
//! are never missing, a table's file that is not there has no rows.

use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;

use shuke_kernel::{Instant, Result};

use crate::bucket::MEMBERS;
use crate::cells::{Row, each};
use crate::registry::{Fact, ROW_ID, Registry, TAG, TIME, Type};
use crate::slice::{Draft, Lexicon, Slice, Spell, lay_out};

/// Members in slices, by id.
#[derive(Clone, Default, Debug)]
pub struct Base {
    /// At most 65,536 members each.
    pub slices: Vec<Slice>,
}

/// Which files are read beside `members.csv`: a question about members alone need not wait for their rows.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Wanted<'a> {
    /// All.
    All,
    /// Those of these tables (`tags` and `history` among them).
    These(&'a [&'a str]),
}

impl Wanted<'_> {
    fn has(self, table: &str) -> bool {
        match self {
            Self::All => true,
            Self::These(names) => names.contains(&table),
        }
    }
}

/// Reads the files of `folder`.
pub fn read(folder: &Path, registry: &Registry, wanted: Wanted<'_>) -> Result<Base> {
    let (lexicon, members) = drafts(folder, registry, wanted)?;
    let lexicon = Arc::new(lexicon);
    let mut members = members.into_iter().peekable();
    let mut slices = Vec::new();
    while members.peek().is_some() {
        let first = (slices.len() * MEMBERS) as u32;
        slices.push(lay_out(registry, &lexicon, first, members.by_ref().take(MEMBERS).collect()));
    }
    Ok(Base { slices })
}

/// The members of `folder` as drafts, by id, and the words of their texts.
pub fn drafts(folder: &Path, registry: &Registry, wanted: Wanted<'_>) -> Result<(Lexicon, Vec<Draft>)> {
    let mut reading = Reading { registry, lexicon: Lexicon::of(registry), members: Vec::new(), places: HashMap::new() };
    reading.members_of(&folder.join("members.csv"))?;
    for (t, table) in registry.tables().iter().enumerate() {
        let file = folder.join(format!("{}.csv", table.name));
        if wanted.has(&table.name) && file.exists() {
            reading.rows_of(&file, t)?;
        }
    }
    let (tags, history) = (folder.join("tags.csv"), folder.join("history.csv"));
    if wanted.has("tags") && tags.exists() {
        reading.tags_of(&tags)?;
    }
    if wanted.has("history") && history.exists() {
        reading.history_of(&history)?;
    }
    let Reading { lexicon, mut members, .. } = reading;
    members.sort_by(|a, b| a.id.cmp(&b.id));
    Ok((lexicon, members))
}

struct Reading<'a> {
    registry: &'a Registry,
    lexicon: Lexicon,
    members: Vec<Draft>,
    places: HashMap<Box<str>, usize>,
}

impl Reading<'_> {
    fn members_of(&mut self, file: &Path) -> Result<()> {
        let facts: Vec<&Fact> = self.registry.current().collect();
        let names: Vec<&str> = std::iter::once("member_id").chain(facts.iter().map(|f| &*f.name)).collect();
        each(file, &names, &[], |row| {
            let id = row.required(0)?;
            let mut draft = Draft::new(self.registry, id);
            for (i, fact) in facts.iter().enumerate() {
                draft.facts[i] = cell(&mut self.lexicon, fact.kind, fact.words, &row, i + 1)?;
            }
            if self.places.insert(id.into(), self.members.len()).is_some() {
                return Err(row.wrong(0, "is there twice"));
            }
            self.members.push(draft);
            Ok(())
        })
    }

    /// The place of the member that a row names; `None` for a row of nobody.
    fn member(&self, row: &Row<'_>, column: usize) -> Result<Option<usize>> {
        let Some(id) = row.text(column) else { return Ok(None) };
        self.places.get(id).copied().map(Some).ok_or_else(|| row.wrong(column, "is no member of members.csv"))
    }

    fn rows_of(&mut self, file: &Path, t: usize) -> Result<()> {
        let table = &self.registry.tables()[t];
        let names: Vec<&str> = table.columns.iter().map(|c| &*c.name).chain(["member_id"]).collect();
        // Rows without a member are nobody's and those without a payment no purchases: a file that lacks
        // the whole column would be answered as if it said so.
        let needed = if &*table.name == "orders" { &["member_id", "time", "purchase"][..] } else { &["member_id", "time"] };
        each(file, &names, needed, |row| {
            let member = self.member(&row, table.columns.len())?;
            let mut cells = Vec::with_capacity(table.columns.len());
            for (c, column) in table.columns.iter().enumerate() {
                cells.push(cell(&mut self.lexicon, column.kind, column.words, &row, c)?);
            }
            for (column, missing) in [(ROW_ID, cells[ROW_ID].is_none()), (TIME, cells[TIME].is_none())] {
                if missing {
                    return Err(row.wrong(column, "is missing"));
                }
            }
            if let Some(member) = member {
                self.members[member].rows[t].push(cells);
            }
            Ok(())
        })
    }

    fn tags_of(&mut self, file: &Path) -> Result<()> {
        each(file, &["member_id", "tag", "added_at", "removed_at"], &[], |row| {
            row.required(1)?;
            let value = cell(&mut self.lexicon, Type::Text, Some(TAG), &row, 1)?;
            let from = cell(&mut self.lexicon, Type::Instant, None, &row, 2)?.ok_or_else(|| row.wrong(2, "is missing"))?;
            let to = cell(&mut self.lexicon, Type::Instant, None, &row, 3)?;
            if let Some((member, value)) = self.member(&row, 0)?.zip(value) {
                self.members[member].tags.push(Spell { value, from, to });
            }
            Ok(())
        })
    }

    fn history_of(&mut self, file: &Path) -> Result<()> {
        let facts: Vec<&Fact> = self.registry.histories().collect();
        each(file, &["member_id", "field", "value", "from", "to"], &[], |row| {
            let field = row.required(1)?;
            // A field that this release does not know is one of a later.
            let Some(i) = facts.iter().position(|f| &*f.name == field) else { return Ok(()) };
            row.required(2)?;
            let value = cell(&mut self.lexicon, facts[i].kind, facts[i].words, &row, 2)?;
            let from = cell(&mut self.lexicon, Type::Instant, None, &row, 3)?.ok_or_else(|| row.wrong(3, "is missing"))?;
            let to = cell(&mut self.lexicon, Type::Instant, None, &row, 4)?;
            if let Some((member, value)) = self.member(&row, 0)?.zip(value) {
                self.members[member].histories[i].push(Spell { value, from, to });
            }
            Ok(())
        })
    }
}

/// What a cell says, as the layout keeps it.
fn cell(lexicon: &mut Lexicon, kind: Type, words: Option<usize>, row: &Row<'_>, column: usize) -> Result<Option<i64>> {
    let Some(text) = row.text(column) else { return Ok(None) };
    let wrong = |what| Err(row.wrong(column, what));
    let value = match kind {
        Type::Int | Type::Fen => text.parse::<i64>().ok(),
        Type::Dec => decimal(text),
        Type::Text => return Ok(words.and_then(|w| lexicon.words_mut(w).code(text)).map(i64::from)),
        Type::Date => date(text),
        Type::Instant => text.parse::<Instant>().ok().map(Instant::micros),
        Type::Bool => match text {
            "true" => Some(1),
            "false" => Some(0),
            _ => None,
        },
        Type::Tags => return wrong("cannot be a cell"),
    };
    match (value, kind) {
        (Some(value), _) => Ok(Some(value)),
        (None, Type::Int | Type::Fen) => wrong("is no whole number of 64 bits"),
        (None, Type::Dec) => wrong("is no decimal of at most 12 digits before and 6 after the point"),
        (None, Type::Date) => wrong("is no day such as 2024-02-29"),
        (None, Type::Bool) => wrong("is neither true nor false"),
        (None, _) => wrong("is no RFC 3339 time"),
    }
}

/// A decimal as millionths: `-0.25` is -250,000. `None` where it is none, or too long.
pub fn decimal(text: &str) -> Option<i64> {
    let (negative, digits) = text.strip_prefix('-').map_or((false, text), |rest| (true, rest));
    let (whole, part) = digits.split_once('.').map_or((digits, None), |(w, p)| (w, Some(p)));
    let good = |t: &str, most: usize| !t.is_empty() && t.len() <= most && t.bytes().all(|b| b.is_ascii_digit());
    if !good(whole, 12) || !part.is_none_or(|p| good(p, 6)) {
        return None;
    }
    let part = part.unwrap_or("");
    let millionths: i64 = format!("{whole}{part:0<6}").parse().ok()?;
    Some(if negative { -millionths } else { millionths })
}

/// A day as days since 1970-01-01: exactly `YYYY-MM-DD`. `None` where there is no such day.
pub fn date(text: &str) -> Option<i64> {
    let b = text.as_bytes();
    let shaped = b.len() == 10 && b.iter().enumerate().all(|(i, c)| if i == 4 || i == 7 { *c == b'-' } else { c.is_ascii_digit() });
    let number = |range: std::ops::Range<usize>| text.get(range).and_then(|t| t.parse::<i16>().ok());
    let (y, m, d) = (number(0..4)?, number(5..7)?, number(8..10)?);
    let day = jiff::civil::Date::new(y, i8::try_from(m).ok()?, i8::try_from(d).ok()?).ok().filter(|_| shaped && y > 0)?;
    let since = day.since((jiff::Unit::Day, jiff::civil::date(1970, 1, 1))).ok()?;
    Some(i64::from(since.get_days()))
}
