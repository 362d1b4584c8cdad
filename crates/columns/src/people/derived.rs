//! Facts that a crate above computes of members from their orders, compared with everybody's: stages,
//! scores. They change with the passing of days and with what others do, so they are in no file: they
//! are laid over slices when a question speaks of them, by one rule for everybody and for one.

use std::sync::Arc;

use shuke_kernel::{MerchantNo, Result};
use shuke_store::Store;

use crate::ints::Ints;
use crate::registry::{Origin, Registry, Type};
use crate::slice::{Lexicon, Slice};
use crate::{Bucket, Columns};

/// What is told of a member.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Told {
    /// A number.
    Int(i64),
    /// One of the words of [`Derived::facts`].
    Word(&'static str),
}

/// What is told of a member, in the order of [`Derived::facts`]; `None` where it is not known.
pub type Telling = Vec<Option<Told>>;

/// Tells of members of the columns that it was made for.
pub type Teller<'a> = Box<dyn Fn(&Bucket, usize) -> Telling + Sync + 'a>;

/// Who computes facts.
pub trait Derived: Send + Sync {
    /// The facts by name, each with the words that it may be; none for a number.
    fn facts(&self) -> &'static [(&'static str, &'static [&'static str])];
    /// What members are judged by at `now` (microseconds): reckoned over everybody in `columns`.
    fn measure(&self, store: &Store, merchant: MerchantNo, columns: &Columns, now: i64) -> Result<Arc<dyn Measure>>;

    /// Has digests made that questions will read, before anybody waits for them, as long as whoever asks of
    /// `columns` waits.
    fn prepare(&self, store: &Store, merchant: MerchantNo, columns: &Columns) -> Result<()> {
        let _ = (store, merchant, columns);
        Ok(())
    }

    /// The files of digests that such questions would read and that are not what the rows of their buckets say.
    fn differing(&self, store: &Store, merchant: MerchantNo, columns: &Columns) -> Result<Vec<String>> {
        let _ = (store, merchant, columns);
        Ok(Vec::new())
    }
}

/// What members are judged by.
pub trait Measure: Send + Sync {
    /// Until when it holds, microseconds: days pass.
    fn until(&self) -> i64;
    /// Judges members of these columns: those it was reckoned over, or newer ones with the same words.
    fn over<'a>(&'a self, columns: &'a Columns) -> Result<Teller<'a>>;
}

/// Words that facts may be, in a lexicon that slices are to be laid out with.
pub(crate) fn teach(derived: Option<&Arc<dyn Derived>>, registry: &Registry, lexicon: &mut Lexicon) {
    for (name, words) in derived.iter().flat_map(|d| d.facts()) {
        if let Some(vocabulary) = registry.find_fact(name).and_then(|f| f.words) {
            for word in *words {
                lexicon.words_mut(vocabulary).code(word);
            }
        }
    }
}

/// Whether any of its facts is asked for.
pub(crate) fn is_asked(derived: &dyn Derived, asks: &dyn Fn(&str) -> bool) -> bool {
    derived.facts().iter().any(|(name, _)| asks(name))
}

/// The slice with these facts laid over it; members whom the columns do not have yet have none.
pub(crate) fn lay_over(derived: &dyn Derived, registry: &Registry, slice: &Slice, columns: &Columns, tell: &Teller<'_>) -> Slice {
    let mut told: Vec<Vec<Option<i64>>> = vec![vec![None; slice.len()]; derived.facts().len()];
    let places = derived.facts().iter().map(|(name, _)| registry.find_fact(name)).collect::<Vec<_>>();
    let finder = Finder::of(columns);
    for (member, key) in slice.members.keys().iter().enumerate() {
        let Some((bucket, row)) = finder.find(key) else { continue };
        for ((told, fact), value) in told.iter_mut().zip(&places).zip(tell(bucket, row)) {
            told[member] = match (value, fact.and_then(|f| f.words)) {
                (Some(Told::Int(n)), _) => Some(n),
                (Some(Told::Word(word)), Some(words)) => slice.lexicon.words(words).find(word).map(i64::from),
                _ => None,
            };
        }
    }
    let mut over = slice.clone();
    for (told, fact) in told.iter().zip(places) {
        if let Some(Origin::Current(at)) = fact.filter(|f| f.kind != Type::Tags).map(|f| f.origin) {
            over.facts[at] = Ints::from_values(told);
        }
    }
    over
}

/// Finds members among buckets of which newer ones hide older rows.
struct Finder<'a>(Vec<&'a Bucket>);

impl<'a> Finder<'a> {
    fn of(columns: &'a Columns) -> Self {
        Self(columns.buckets.iter().filter(|b| !b.nobody && !b.is_empty()).map(|b| &**b).collect())
    }

    fn find(&self, key: &[u8]) -> Option<(&'a Bucket, usize)> {
        let within = |b: &&&Bucket| b.key.get(0) <= key && key <= b.key.get(b.len() - 1);
        self.0.iter().filter(within).find_map(|b| b.find(key).filter(|row| b.shows(*row)).map(|row| (*b, row)))
    }
}
