//! Which segments a change can touch: by fact, by table, and by the words that a condition wants of a row. A
//! row that no condition of a segment admits cannot change who is in it.

use std::collections::HashMap;

use shuke_columns::{Lexicon, Registry, Slice};

use crate::plan::{Node, Plan, RowSet, Shape, Test};
use crate::uses::Uses;

/// Segments by what they depend on, each by its number.
#[derive(Clone, Default, Debug)]
pub struct Depends {
    /// By fact.
    facts: HashMap<Box<str>, Vec<u32>>,
    /// By table: those that any row of it may touch.
    tables: Vec<Vec<u32>>,
    /// By table and column, those that only rows with one of these words there may touch.
    words: Vec<HashMap<(usize, u32), Vec<u32>>>,
    /// Columns of a table that are looked at.
    columns: Vec<Vec<usize>>,
    count: usize,
}

impl Depends {
    /// Of segments with what they use and their plans, numbered as they come. It holds for these words: when
    /// there are more it is made anew.
    pub fn of<'a>(registry: &Registry, lexicon: &Lexicon, segments: impl Iterator<Item = (&'a Uses, &'a Plan)>) -> Self {
        let tables = registry.tables().len();
        let mut new = Self {
            tables: vec![Vec::new(); tables],
            words: vec![HashMap::new(); tables],
            columns: vec![Vec::new(); tables],
            ..Self::default()
        };
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
            sets.iter().for_each(|set| new.add(plan, lexicon, set, number as u32));
        }
        new
    }

    fn add(&mut self, plan: &Plan, lexicon: &Lexicon, set: &RowSet, number: u32) {
        let once = |list: &mut Vec<u32>| {
            if list.last() != Some(&number) {
                list.push(number);
            }
        };
        let Some((column, texts)) = set.filter.as_ref().and_then(|filter| wanted(plan, filter)) else {
            return once(&mut self.tables[set.table]);
        };
        let vocabulary = plan.registry.tables()[set.table].columns[column].words;
        let Some(words) = vocabulary.filter(|w| !plan.registry.vocabularies()[*w].is_local).map(|w| lexicon.words(w)) else {
            return once(&mut self.tables[set.table]);
        };
        if !self.columns[set.table].contains(&column) {
            self.columns[set.table].push(column);
        }
        let codes: Vec<u32> = match texts {
            Shape::OneOf(texts) => texts.iter().filter_map(|text| words.find(text)).collect(),
            shape => words.since(0).enumerate().filter(|(_, word)| shape.admits(word)).map(|(code, _)| code as u32).collect(),
        };
        for code in codes {
            once(self.words[set.table].entry((column, code)).or_default());
        }
    }

    /// Adds to `met` the segments that depend on a fact.
    pub fn fact(&self, name: &str, met: &mut Met) {
        self.facts.get(name).into_iter().flatten().for_each(|number| met.add(*number));
    }

    /// Adds those that a row of a table may touch: a new one, or one as it was and again as it is.
    pub fn row(&self, slice: &Slice, table: usize, row: usize, met: &mut Met) {
        self.tables[table].iter().for_each(|number| met.add(*number));
        for column in &self.columns[table] {
            let Some(code) = slice.tables[table].columns[*column].code(row) else { continue };
            self.words[table].get(&(*column, code)).into_iter().flatten().for_each(|number| met.add(*number));
        }
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

/// A column and the words of which a row must have one there for the filter to be true.
fn wanted<'a>(plan: &'a Plan, filter: &Test) -> Option<(usize, &'a Shape)> {
    match filter {
        Test::Word { value, pattern, negate: false } => match value.node {
            Node::Column(column) => Some((column, &plan.patterns[*pattern].shape)),
            _ => None,
        },
        Test::And(args) => args.iter().find_map(|arg| wanted(plan, arg)),
        _ => None,
    }
}
