//! Members laid out for questions: consecutive members with one array a fact, and for each table an
//! offsets array and one array a column, rows sorted by member, time and id. What has a history (tags,
//! tier, consents) lies as spells: what held, from when, until when.
//!
//! This is the layout of a bucket, made after the registry instead of by name, so that a table more is
//! no line of code more. It has what questions about people need and reports do not: every row by the
//! time it came to be (a report's orders lie by their pay time), ids of rows, behaviour, and what held
//! when. A slice has one member or 65,536; whoever reads one cannot tell.

use std::borrow::Cow;
use std::sync::Arc;

use crate::budget::block;
use crate::held::Kept;
pub use crate::held::{Holders, Lasting};
pub use crate::ids::{Ends, IdParts, Ids};
use crate::ints::Ints;
pub use crate::numbered::Numbered;
use crate::registry::{FIRST_SEEN, ROW_ID, Registry, TIME};
use crate::words::Dictionary;

/// The words of a merchant, one dictionary a vocabulary (an empty one where words lie with a slice).
#[derive(Clone, Default, Debug)]
pub struct Lexicon(Vec<Dictionary>);

impl Lexicon {
    /// Empty dictionaries for every vocabulary of `registry`.
    pub fn of(registry: &Registry) -> Self {
        Self(vec![Dictionary::default(); registry.vocabularies().len()])
    }

    /// The words of a vocabulary.
    pub fn words(&self, vocabulary: usize) -> &Dictionary {
        &self.0[vocabulary]
    }

    /// The same, to add to.
    pub fn words_mut(&mut self, vocabulary: usize) -> &mut Dictionary {
        &mut self.0[vocabulary]
    }

    /// Bytes that the words take: those that are kept, and those that lie with slices.
    pub(crate) fn bytes(&self, registry: &Registry) -> (usize, usize) {
        let of = |local: bool| {
            let all = self.0.iter().zip(registry.vocabularies()).filter(|(_, v)| v.is_local == local);
            all.map(|(words, _)| words.bytes()).sum()
        };
        (of(false), of(true))
    }

    /// Forgets the words that lie with slices: those of the next are others.
    pub(crate) fn forget_ids(&mut self, registry: &Registry) {
        for (words, _) in self.0.iter_mut().zip(registry.vocabularies()).filter(|(_, v)| v.is_local) {
            *words = Dictionary::default();
        }
    }
}

/// What held from when until when: tags, tier, consents. A member's spells lie in the order in which
/// they began.
#[derive(Clone, Debug)]
pub struct Spells {
    /// Whose.
    pub of: Ends,
    /// What.
    pub value: Ints,
    /// From when on.
    pub from: Ints,
    /// Until when; missing: still.
    pub to: Ints,
    /// What was held last, as it was asked for.
    pub(crate) facts: Kept<Ints>,
    /// Who held what, as it was asked for.
    pub(crate) holders: Kept<Holders>,
}

impl Spells {
    /// Of whose spells what held from when until when.
    pub fn new(of: Ends, value: Ints, from: Ints, to: Ints) -> Self {
        Self { of, value, from, to, facts: Kept::default(), holders: Kept::default() }
    }

    /// Bytes that they take in memory.
    pub fn bytes(&self) -> usize {
        self.of.bytes() + self.value.bytes() + self.from.bytes() + self.to.bytes() + self.kept_bytes()
    }
}

/// A table's rows.
#[derive(Clone, Debug)]
pub struct Rows {
    /// Whose.
    pub of: Ends,
    /// Its columns, in the registry's order.
    pub columns: Vec<Ints>,
}

impl Rows {
    /// Bytes that they take in memory.
    pub fn bytes(&self) -> usize {
        self.of.bytes() + self.columns.iter().map(Ints::bytes).sum::<usize>()
    }
}

/// Consecutive members with everything that can be asked of them.
#[derive(Clone, Debug)]
pub struct Slice {
    /// The ordinal of the first member.
    pub first: u32,
    /// Their ids, ascending.
    pub members: Ids,
    /// Facts as they are now, in the registry's order.
    pub facts: Vec<Ints>,
    /// Facts with their history, in the registry's order.
    pub histories: Vec<Spells>,
    /// Tags.
    pub tags: Spells,
    /// Tables, in the registry's order.
    pub tables: Vec<Rows>,
    /// Words that lie with the slice, by vocabulary; empty for others.
    pub ids: Vec<Ids>,
    /// The merchant's words.
    pub lexicon: Arc<Lexicon>,
}

impl Slice {
    /// How many members.
    pub fn len(&self) -> usize {
        self.members.len()
    }

    /// Whether it has none.
    pub fn is_empty(&self) -> bool {
        self.members.is_empty()
    }

    /// Whether `member` is to be looked at: of whom nobody knows when they were first seen is not in the base,
    /// be they gone since or held by a newer slice.
    pub fn shows(&self, member: usize) -> bool {
        self.facts[FIRST_SEEN].is_known(member)
    }

    /// The word behind a code; empty where there is none.
    pub fn word(&self, registry: &Registry, vocabulary: usize, code: u32) -> Cow<'_, str> {
        match (vocabulary, registry.vocabularies()[vocabulary].is_local) {
            (crate::registry::MEMBER_ID, _) => self.members.get(code),
            (_, true) => self.ids[vocabulary].get(code),
            (_, false) => self.lexicon.words(vocabulary).word(code).into(),
        }
    }

    /// Bytes that it takes in memory, the merchant's words left out.
    pub fn bytes(&self) -> usize {
        let facts = self.facts.iter().map(Ints::bytes).sum::<usize>();
        let spells = self.histories.iter().chain([&self.tags]).map(Spells::bytes).sum::<usize>();
        let tables = self.tables.iter().map(Rows::bytes).sum::<usize>();
        self.members.bytes() + facts + spells + tables + self.ids.iter().map(Ids::bytes).sum::<usize>()
    }
}

/// A spell under way.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Spell {
    /// What held.
    pub value: i64,
    /// From when on, microseconds.
    pub from: i64,
    /// Until when, microseconds; `None`: still.
    pub to: Option<i64>,
}

/// A member under way: what the source tells, in any order. Texts are codes of the lexicon it is laid
/// out with, ids among them.
#[derive(Clone, Default, PartialEq, Eq, Debug)]
pub struct Draft {
    /// The id.
    pub id: Box<str>,
    /// Facts as they are now, in the registry's order.
    pub facts: Vec<Option<i64>>,
    /// Facts with their history, in the registry's order.
    pub histories: Vec<Vec<Spell>>,
    /// Tags.
    pub tags: Vec<Spell>,
    /// Rows by table and column, in the registry's order.
    pub rows: Vec<Vec<Vec<Option<i64>>>>,
}

impl Draft {
    /// A member of whom nothing is known.
    pub fn new(registry: &Registry, id: &str) -> Self {
        Self {
            id: id.into(),
            facts: vec![None; registry.current().count()],
            histories: vec![Vec::new(); registry.histories().count()],
            tags: Vec::new(),
            rows: vec![Vec::new(); registry.tables().len()],
        }
    }
}

impl Draft {
    /// Bytes that it takes in memory.
    pub(crate) fn bytes(&self) -> usize {
        const CELL: usize = size_of::<Option<i64>>();
        let spells = |of: &Vec<Spell>| of.capacity() * size_of::<Spell>();
        let rows = |of: &Vec<Vec<Option<i64>>>| {
            of.capacity() * size_of::<Vec<Option<i64>>>() + of.iter().map(|row| block(row.capacity() * CELL)).sum::<usize>()
        };
        let lists = self.histories.len() * size_of::<Vec<Spell>>() + self.rows.len() * size_of::<Vec<Vec<Option<i64>>>>();
        let history = self.histories.iter().chain([&self.tags]).map(spells).sum::<usize>();
        size_of::<Self>()
            + block(self.id.len())
            + block(self.facts.len() * CELL)
            + lists
            + history
            + self.rows.iter().map(rows).sum::<usize>()
    }
}

/// Lays members out, the first with the ordinal `first`. They are sorted by id, their rows by time and
/// id, their spells by when they began.
pub fn lay_out(registry: &Registry, lexicon: &Arc<Lexicon>, first: u32, mut members: Vec<Draft>) -> Slice {
    members.sort_by(|a, b| a.id.cmp(&b.id));
    let (ids, places) = local_ids(registry, lexicon, &members);
    let column = |of: &dyn Fn(&Draft) -> Option<i64>| Ints::from_values(&members.iter().map(of).collect::<Vec<_>>());
    let facts = (0..registry.current().count()).map(|i| column(&|m| m.facts[i])).collect();
    let histories = (0..registry.histories().count()).map(|i| spells(members.iter().map(|m| m.histories[i].as_slice()))).collect();
    let tags = spells(members.iter().map(|m| m.tags.as_slice()));
    let tables = (0..registry.tables().len()).map(|t| rows(registry, &places, &mut members, t)).collect();
    let members = Ids::ascending(&members.into_iter().map(|m| m.id).collect::<Vec<_>>());
    Slice { first, members, facts, histories, tags, tables, ids, lexicon: lexicon.clone() }
}

/// An id with its code.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Named<'a>(&'a str, u32);

impl AsRef<str> for Named<'_> {
    fn as_ref(&self) -> &str {
        self.0
    }
}

/// The ids that the members' rows name, by vocabulary, and where among these each code of the lexicon is.
fn local_ids(registry: &Registry, lexicon: &Lexicon, members: &[Draft]) -> (Vec<Ids>, Vec<Vec<u32>>) {
    let mut found: Vec<Vec<u32>> = vec![Vec::new(); registry.vocabularies().len()];
    for (t, table) in registry.tables().iter().enumerate() {
        for (c, column) in table.columns.iter().enumerate() {
            let Some(words) = column.words.filter(|w| registry.vocabularies()[*w].is_local) else { continue };
            found[words].extend(members.iter().flat_map(|m| &m.rows[t]).filter_map(|row| row[c]).map(|code| code as u32));
        }
    }
    let one = |(vocabulary, mut codes): (usize, Vec<u32>)| {
        codes.sort_unstable();
        codes.dedup();
        let words = lexicon.words(vocabulary);
        let mut texts: Vec<Named<'_>> = codes.into_iter().map(|code| Named(words.word(code), code)).collect();
        texts.sort_unstable();
        let mut places = vec![0; words.len()];
        for (place, Named(_, code)) in texts.iter().enumerate() {
            places[*code as usize] = place as u32;
        }
        (Ids::ascending(&texts), places)
    };
    found.into_iter().enumerate().map(one).unzip()
}

fn spells<'a>(of: impl Iterator<Item = &'a [Spell]>) -> Spells {
    let (mut ends, mut all) = (Vec::new(), Vec::new());
    for mine in of {
        let mut mine = mine.to_vec();
        // Of spells that began together the longer comes later.
        mine.sort_by_key(|s| (s.from, s.to.is_none(), s.to, s.value));
        all.extend(mine);
        ends.push(all.len() as u32);
    }
    let column = |of: fn(&Spell) -> Option<i64>| Ints::from_values(&all.iter().map(of).collect::<Vec<_>>());
    Spells::new(Ends::new(ends.into()), column(|s| Some(s.value)), column(|s| Some(s.from)), column(|s| s.to))
}

fn rows(registry: &Registry, places: &[Vec<u32>], members: &mut [Draft], t: usize) -> Rows {
    let table = &registry.tables()[t];
    let mut ends = Vec::with_capacity(members.len());
    let mut end = 0;
    for member in members.iter_mut() {
        let mine = &mut member.rows[t];
        for (c, column) in table.columns.iter().enumerate() {
            let Some(words) = column.words.filter(|w| registry.vocabularies()[*w].is_local) else { continue };
            for code in mine.iter_mut().filter_map(|row| row[c].as_mut()) {
                *code = places[words][*code as usize].into();
            }
        }
        mine.sort_by_key(|row| (row[TIME], row[ROW_ID]));
        end += mine.len();
        ends.push(end as u32);
    }
    // One column at a time: all of them at once would take as much as the rows themselves.
    let mut values = Vec::with_capacity(end);
    let mut column = |c: usize| {
        values.clear();
        values.extend(members.iter().flat_map(|m| m.rows[t].iter().map(|row| row[c])));
        Ints::from_values(&values)
    };
    let columns = (0..table.columns.len()).map(&mut column).collect();
    members.iter_mut().for_each(|m| m.rows[t] = Vec::new());
    Rows { of: Ends::new(ends.into()), columns }
}
