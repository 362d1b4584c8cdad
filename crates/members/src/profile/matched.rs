//! Why a search found a member: told from the keys, the name and the tags that its card reads
//! anyway, so that telling it asks the store for nothing more.

use super::{card, index, list, mask};
use crate::MemberId;
use crate::identity::model::fold_width;
use crate::identity::{KeyClaim, KeyKind, keys};
use crate::tag::Label;
use crate::tag::model::key as tag_key;

/// What of a member answers a word of a search.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Match {
    /// A key's kind, or `id`, `name`, `tag`.
    pub kind: &'static str,
    /// The value, masked as a card masks it; a tag's name as it is.
    pub value_masked: String,
    /// A phone, and another one than the card shows.
    pub other: bool,
    /// Of two who answer by a phone, the lower stands first.
    pub rank: u8,
}

impl Match {
    fn of(kind: &'static str, value_masked: String) -> Self {
        Self { kind, value_masked, other: false, rank: 0 }
    }
}

/// A search as its words are compared with what members have.
pub struct Search {
    /// The whole first; then, where it is several words, each of them.
    words: Vec<Word>,
}

struct Word {
    text: String,
    tag: String,
    /// What the word would be as a key of each kind.
    as_keys: Vec<(KeyKind, String)>,
}

impl Word {
    fn of(text: &str) -> Self {
        let as_key = |kind: KeyKind| KeyClaim::new(kind, "", text, true).map(|claim| (kind, claim.value));
        let kinds = KeyKind::ALL.into_iter().filter(|k| *k != KeyKind::ReceiverAddress);
        Self { text: text.to_owned(), tag: tag_key(text), as_keys: kinds.filter_map(as_key).collect() }
    }

    fn answered_by(&self, who: &Who<'_>) -> Option<Match> {
        if self.text.parse::<MemberId>().is_ok() {
            return Some(Match::of("id", who.id.to_string()));
        }
        let four = list::is_four(&self.text);
        let whole = |k: &KeyClaim| self.as_keys.iter().any(|(kind, value)| *kind == k.kind && *value == k.value);
        let key = who.keys.iter().filter(|k| whole(k) || (four && is_phone(k) && keys::last_four(&k.value) == self.text));
        if let Some((rank, key)) = key.map(|k| (who.rank(k), k)).min_by_key(|(rank, _)| *rank) {
            return Some(Match {
                other: is_phone(key) && !who.shows(key),
                rank,
                ..Match::of(key.kind.word(), mask::key(key.kind, &key.value))
            });
        }
        if let Some(name) = who.name.filter(|n| index::answers(n, &self.text)) {
            return Some(Match::of("name", mask::name(name)));
        }
        if let Some(tag) = who.tags.iter().find(|t| tag_key(&t.name) == self.tag) {
            return Some(Match::of("tag", tag.name.clone()));
        }
        let receiver = index::receivers(who.keys.iter()).into_iter().find(|n| index::answers(n, &self.text))?;
        Some(Match::of(KeyKind::ReceiverName.word(), mask::name(receiver)))
    }
}

fn is_phone(key: &KeyClaim) -> bool {
    matches!(key.kind, KeyKind::Phone | KeyKind::ReceiverPhone)
}

/// A member in clear, as its card is made of.
pub(super) struct Who<'a> {
    pub id: MemberId,
    pub name: Option<&'a str>,
    pub keys: &'a [KeyClaim],
    pub tags: &'a [Label],
}

impl Who<'_> {
    /// Whether the card shows this very phone: two phones may look the same when masked.
    fn shows(&self, key: &KeyClaim) -> bool {
        card::phone_of(self.keys).is_some_and(|k| k.value == key.value)
    }

    /// A proven phone before one that was only written down, the one that the card shows before others.
    fn rank(&self, key: &KeyClaim) -> u8 {
        match (key.kind, key.verified, self.shows(key)) {
            (KeyKind::Phone, true, true) => 0,
            (KeyKind::Phone, true, false) => 1,
            (KeyKind::Phone | KeyKind::ReceiverPhone, _, true) => 2,
            (KeyKind::Phone, false, false) => 3,
            (KeyKind::ReceiverPhone, _, false) => 4,
            _ => 0,
        }
    }
}

impl Search {
    /// The search of a list's box; `None` where nothing is looked for.
    pub fn of(query: &str) -> Option<Self> {
        let query = fold_width(query);
        if query.is_empty() {
            return None;
        }
        let parts = query.contains(' ').then(|| query.split(' ')).into_iter().flatten();
        Some(Self { words: std::iter::once(query.as_str()).chain(parts).map(Word::of).collect() })
    }

    /// What of a member answers it: one thing for the whole, else one for each word.
    pub(super) fn answered_by(&self, who: &Who<'_>) -> Vec<Match> {
        let (whole, words) = self.words.split_first().map_or((None, &[][..]), |(w, rest)| (w.answered_by(who), rest));
        let mut told: Vec<Match> = Vec::new();
        for m in whole.map_or_else(|| words.iter().filter_map(|w| w.answered_by(who)).collect(), |m| vec![m]) {
            // Two words of one name are one reason.
            if !told.contains(&m) {
                told.push(m);
            }
        }
        told
    }
}

/// Puts those first whose own proven phone answers; else the order stays.
pub(crate) fn rank(cards: &mut [card::Card]) {
    cards.sort_by_key(|c| c.matched.iter().map(|m| m.rank).max().unwrap_or_default());
}
