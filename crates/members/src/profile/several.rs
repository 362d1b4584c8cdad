//! Queries of several words: "张伟 2377". Where the whole names nobody, as "Anna Smith" would, each
//! word is asked for itself, and members are found who answer all of them.

use std::collections::BTreeSet;

use shuke_kernel::{Ctx, Result};
use shuke_store::Tx;

use super::list::{Limits, mistaken, sources_of};
use super::source::Source;
use crate::MemberId;

/// A word that members must answer besides the one that finds them.
pub(super) struct Also {
    word: String,
    sources: Vec<(Source, bool)>,
}

impl Also {
    pub(super) fn of(tx: &mut Tx<'_>, cx: &Ctx, limits: Limits, word: &str) -> Result<Self> {
        Ok(Self { word: word.to_owned(), sources: sources_of(tx, cx, limits, word, MemberId::from_bytes([255; 16]))? })
    }

    /// Whether nobody can answer it.
    pub(super) fn is_vain(&self) -> bool {
        self.sources.is_empty()
    }

    /// Who of these answers it.
    pub(super) fn answering(&self, tx: &mut Tx<'_>, cx: &Ctx, ids: &[MemberId]) -> Result<BTreeSet<MemberId>> {
        let (mut sure, mut doubtful) = (BTreeSet::new(), BTreeSet::new());
        for (source, exact) in &self.sources {
            let among = source.among(tx, cx, ids)?;
            if *exact { &mut sure } else { &mut doubtful }.extend(among);
        }
        let wrong = mistaken(tx, cx, doubtful.difference(&sure).copied().collect(), &self.word)?;
        Ok(&sure | &(&doubtful - &wrong))
    }
}

/// The word that finds, and those that its members must answer too: digits name fewer people than a name does.
pub(super) fn divided(query: &str) -> (&str, Vec<&str>) {
    let words: BTreeSet<&str> = query.split(' ').collect();
    let leading = words.iter().copied().max_by_key(|w| (w.bytes().filter(u8::is_ascii_digit).count(), w.chars().count()));
    let leading = leading.unwrap_or(query);
    (leading, words.into_iter().filter(|w| *w != leading).collect())
}
