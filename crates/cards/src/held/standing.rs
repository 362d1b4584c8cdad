//! Where somebody stands with a card, from all their purchases of it.

use shuke_kernel::{Instant, Zone};

use super::model::{Purchase, Sort};
use crate::lay::{Stretch, Unused, lay, unused};

/// Where somebody stands, in a word.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Word {
    /// They never had it, or nothing of it is left.
    None,
    /// They try it.
    Trial,
    /// They have it.
    Active,
    /// They had it.
    Ended,
}

impl Word {
    /// As it is written.
    pub const fn word(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Trial => "trial",
            Self::Active => "active",
            Self::Ended => "ended",
        }
    }
}

/// Stretches without a gap between them, the latest.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Chain {
    /// Its beginning.
    pub since: Instant,
    /// Its end.
    pub until: Instant,
    /// Whether it ends as a trial.
    pub trial: bool,
}

/// All of one person's purchases of a card, with when each runs.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Standing {
    /// In order of time.
    pub purchases: Vec<(Purchase, Option<Stretch>)>,
}

impl Standing {
    /// Lays purchases end to end.
    pub fn of(zone: &Zone, mut purchases: Vec<Purchase>) -> Self {
        purchases.sort_by(|a, b| (a.at, &a.source_id, a.id).cmp(&(b.at, &b.source_id, b.id)));
        let pieces: Vec<_> = purchases.iter().map(Purchase::piece).collect();
        let laid = lay(zone, &pieces);
        Self { purchases: purchases.into_iter().zip(laid).collect() }
    }

    /// The latest stretches without a gap; `None` where nothing ever ran.
    pub fn chain(&self) -> Option<Chain> {
        let mut chain: Option<Chain> = None;
        for (purchase, stretch) in &self.purchases {
            let Some(stretch) = stretch else { continue };
            let trial = purchase.sort == Sort::Trial;
            chain = Some(match chain {
                Some(before) if before.until == stretch.from => Chain { until: stretch.until, trial, ..before },
                _ => Chain { since: stretch.from, until: stretch.until, trial },
            });
        }
        chain
    }

    /// In a word.
    pub fn word(&self, now: Instant) -> Word {
        let running = self.purchases.iter().find(|(_, stretch)| stretch.is_some_and(|s| s.runs(now)));
        match running {
            Some((purchase, _)) if purchase.sort == Sort::Trial => Word::Trial,
            Some(_) => Word::Active,
            None if self.purchases.iter().any(|(_, stretch)| stretch.is_some()) => Word::Ended,
            None => Word::None,
        }
    }

    /// What is not used up at an instant, each with what goes back of it.
    pub fn left(&self, zone: &Zone, now: Instant) -> Vec<(&Purchase, Unused)> {
        let open =
            |(purchase, stretch): &'_ (Purchase, Option<Stretch>)| stretch.filter(|s| s.until > now && purchase.ended_at().is_none());
        self.purchases.iter().filter_map(|one| open(one).map(|stretch| (&one.0, unused(zone, stretch, one.0.open(), now)))).collect()
    }
}
