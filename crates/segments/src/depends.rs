//! Which segments a change can touch: by fact, by table, and by the words that a condition wants of a row. A
//! row that no condition of a segment admits cannot change who is in it.

use std::collections::HashMap;

use shuke_columns::{Registry, Slice};

use crate::plan::{Node, Plan, RowSet, Shape, Test};
use crate::tree::Name;
use crate::uses::Uses;

/// Segments by what they depend on, each by its number.
#[derive(Clone, Default, Debug)]
pub struct Depends {
    /// By fact.
    facts: HashMap<Name, Vec<u32>>,
    /// By table.
    tables: Vec<OfTable>,
    count: usize,
}

/// Those that speak of a table.
#[derive(Clone, Default, Debug)]
struct OfTable {
    /// All of them.
    all: Vec<u32>,
    /// Those that any row may touch.
    any: Vec<u32>,
    /// Those that only rows with some words may touch, by the column and its vocabulary.
    columns: Vec<OfColumn>,
}

#[derive(Clone, Debug)]
struct OfColumn {
    column: usize,
    vocabulary: usize,
    words: HashMap<Name, Vec<u32>>,
    /// Paths and parts of words.
    shapes: Vec<(Shape, u32)>,
}

/// What a set of rows wants of a row.
struct Wants<'a> {
    table: usize,
    number: u32,
    words: Vec<Word<'a>>,
}

/// A column in which a row must have one of some words.
struct Word<'a> {
    column: usize,
    vocabulary: usize,
    shape: &'a Shape,
}

impl<'a> Wants<'a> {
    fn of(plan: &'a Plan, set: &'a RowSet, number: u32) -> Self {
        let mut words = Vec::new();
        if let Some(filter) = &set.filter {
            wanted(plan, set.table, filter, &mut words);
        }
        Self { table: set.table, number, words }
    }
}

impl Word<'_> {
    /// The words themselves; none where paths or parts of words are wanted.
    fn texts(&self) -> &[Name] {
        match self.shape {
            Shape::OneOf(texts) => texts,
            _ => &[],
        }
    }
}

impl OfTable {
    fn add(&mut self, number: u32, word: Option<&Word<'_>>) {
        let once = |list: &mut Vec<u32>| {
            if list.last() != Some(&number) {
                list.push(number);
            }
        };
        once(&mut self.all);
        let Some(word) = word else { return once(&mut self.any) };
        let at = self.columns.iter().position(|of| of.column == word.column).unwrap_or_else(|| {
            self.columns.push(OfColumn { column: word.column, vocabulary: word.vocabulary, words: HashMap::new(), shapes: Vec::new() });
            self.columns.len() - 1
        });
        match word.shape {
            Shape::OneOf(texts) => texts.iter().for_each(|text| once(self.columns[at].words.entry(text.clone()).or_default())),
            shape => self.columns[at].shapes.push((shape.clone(), number)),
        }
    }
}

impl Depends {
    /// Of segments with what they use and their plans, numbered as they come.
    pub fn of<'a>(registry: &Registry, segments: impl Iterator<Item = (&'a Uses, &'a Plan)>) -> Self {
        let mut new = Self { tables: vec![OfTable::default(); registry.tables().len()], ..Self::default() };
        let mut wanted: Vec<Wants<'_>> = Vec::new();
        for (number, (uses, plan)) in segments.enumerate() {
            new.count = number + 1;
            for fact in &uses.facts {
                new.facts.entry(fact.clone()).or_default().push(number as u32);
            }
            let mut sets = Vec::new();
            plan.root.row_sets(&mut sets);
            for ranking in &plan.rankings {
                ranking.of.iter().for_each(|of| of.row_sets(&mut sets));
                ranking.by.row_sets(&mut sets);
            }
            wanted.extend(sets.into_iter().map(|set| Wants::of(plan, set, number as u32)));
        }
        // Of what a filter wants of a row, that counts which the fewest segments want: the goods, not the
        // kind of act that every other segment names.
        let mut asked: HashMap<(usize, usize, &str), usize> = HashMap::new();
        for of in &wanted {
            of.words.iter().for_each(|w| w.texts().iter().for_each(|text| *asked.entry((of.table, w.column, &**text)).or_default() += 1));
        }
        for of in &wanted {
            let often = |w: &&Word<'_>| match w.texts() {
                [] => usize::MAX,
                texts => texts.iter().map(|text| asked.get(&(of.table, w.column, &**text)).copied().unwrap_or(0)).sum(),
            };
            new.tables[of.table].add(of.number, of.words.iter().min_by_key(often));
        }
        new
    }

    /// Adds to `met` the segments that depend on a fact.
    pub fn fact(&self, name: &str, met: &mut Met) {
        self.facts.get(name).into_iter().flatten().for_each(|number| met.add(*number));
    }

    /// Adds those that speak of a table: any of its rows may have changed, and nobody knows which.
    pub fn table(&self, table: usize, met: &mut Met) {
        self.tables[table].all.iter().for_each(|number| met.add(*number));
    }

    /// Adds those that a row of a table may touch: a new one, or one as it was and again as it is.
    pub fn row(&self, slice: &Slice, table: usize, row: usize, met: &mut Met) {
        self.tables[table].any.iter().for_each(|number| met.add(*number));
        for of in &self.tables[table].columns {
            let Some(code) = slice.tables[table].columns[of.column].code(row) else { continue };
            let word = slice.lexicon.words(of.vocabulary).word(code);
            of.words.get(word).into_iter().flatten().for_each(|number| met.add(*number));
            of.shapes.iter().filter(|(shape, _)| shape.admits(word)).for_each(|(_, number)| met.add(*number));
        }
    }

    /// Adds all of them.
    pub fn all(&self, met: &mut Met) {
        (0..self.count as u32).for_each(|number| met.add(number));
    }

    /// Room for what is met.
    pub fn met(&self) -> Met {
        Met { is_in: vec![false; self.count], numbers: Vec::new() }
    }
}

/// Segments that a change may touch, each once.
#[derive(Clone, Default, Debug)]
pub struct Met {
    is_in: Vec<bool>,
    numbers: Vec<u32>,
}

impl Met {
    fn add(&mut self, number: u32) {
        if !std::mem::replace(&mut self.is_in[number as usize], true) {
            self.numbers.push(number);
        }
    }

    /// Their numbers.
    pub fn numbers(&self) -> &[u32] {
        &self.numbers
    }

    /// Nobody is met any more.
    pub fn clear(&mut self) {
        for number in self.numbers.drain(..) {
            self.is_in[number as usize] = false;
        }
    }
}

/// Adds the columns in which a row must have one of some words for the filter to be true of it.
fn wanted<'a>(plan: &'a Plan, table: usize, filter: &'a Test, out: &mut Vec<Word<'a>>) {
    match filter {
        Test::Word { value, pattern, negate: false } => {
            let Node::Column(column) = value.node else { return };
            let words = plan.registry.tables()[table].columns[column].words;
            let shared = words.filter(|w| !plan.registry.vocabularies()[*w].is_local);
            out.extend(shared.map(|vocabulary| Word { column, vocabulary, shape: &plan.patterns[*pattern].shape }));
        }
        Test::And(args) => args.iter().for_each(|arg| wanted(plan, table, arg, out)),
        _ => {}
    }
}
