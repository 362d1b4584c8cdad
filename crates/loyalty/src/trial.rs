//! What other rules would make of a member: the same fold on with the rules as they are and with a version that may follow.
//!
//! Nothing is judged here. Both go through [`advance`](crate::jobs), which lets the version begin, periods end and birthdays come exactly as
//! they do once it is saved; this says only what is asked of the two states.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;
use shuke_kernel::Instant;

use crate::calendar::later;
use crate::compact::instant;
use crate::coupons::Coupons;
use crate::event::Member;
use crate::jobs::{Due, Job, advance};
use crate::json::Read;
use crate::ledger::{Account, Accounts, Entry};
use crate::lots::Lots;
use crate::parts::{PartKey, needs};
use crate::programme::Ladder;
use crate::rules::Rules;
use crate::state::{Far, Order, State, Used};
use crate::tiers::{self, Standing};

/// Rules without and with a version, and when both are looked at.
#[derive(Clone, Debug)]
pub struct Trial {
    /// The rules without it.
    pub before: Rules,
    /// With it, the last of them.
    pub after: Rules,
    /// When it begins.
    pub from: Instant,
    /// Up to when time passes, with nothing but what is due by itself; not before `from`.
    pub as_of: Instant,
}

/// Something without and with the version.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Both<T> {
    /// Without it.
    pub before: T,
    /// With it.
    pub after: T,
}

/// What a trial makes of a member. Tiers are places in their ladders; none where there is no ladder.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Tried {
    /// The tiers held at `as_of`.
    pub held: Both<Option<usize>>,
    /// The tiers if the period had ended at `from`, without grace.
    pub judged: Both<Option<usize>>,
    /// Points given by then for what happens by itself: tiers that are reached, birthdays.
    pub issued: Both<i64>,
}

/// What becomes of somebody's tier.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Change {
    /// It is the same one, or as good as another says.
    Same,
    /// It is a higher one.
    Up,
    /// It is a lower one, or it is gone.
    Down,
}

impl Trial {
    /// Which parts a state needs that lie apart from it.
    pub fn needs(&self, state: &State) -> Vec<PartKey> {
        let of = |rules| needs(rules, state, self.as_of, None, &mut BTreeSet::new());
        let wanted = of(&self.before);
        if wanted.is_empty() { of(&self.after) } else { wanted }
    }

    /// What it makes of a member whose state this is, as [`State::of_tiers`] or whole.
    ///
    /// # Errors
    /// Where numbers become too large to reckon.
    pub fn of(&self, mut state: State) -> Read<Tried> {
        // Up to the beginning both are one.
        let mut together = Vec::new();
        advance(&self.before, &mut state, later(self.from, -1), &mut together)?;
        let without = self.side(&self.before, state.clone(), issued(&together))?;
        let with = self.side(&self.after, state, issued(&together))?;
        let both = |of: fn(&Side) -> Option<usize>| Both { before: of(&without), after: of(&with) };
        Ok(Tried { held: both(|s| s.held), judged: both(|s| s.judged), issued: Both { before: without.issued, after: with.issued } })
    }

    fn side(&self, rules: &Rules, mut state: State, issued_before: i64) -> Read<Side> {
        let mut entries = Vec::new();
        advance(rules, &mut state, self.from, &mut entries)?;
        let judged = tiers::judged(rules, &state);
        if self.as_of > self.from {
            advance(rules, &mut state, self.as_of, &mut entries)?;
        }
        let held = rules.held(&state).ladder.as_ref().map(|_| state.standing.tier);
        Ok(Side { held, judged, issued: issued_before.saturating_add(issued(&entries)) })
    }
}

struct Side {
    held: Option<usize>,
    judged: Option<usize>,
    issued: i64,
}

fn issued(entries: &[Entry]) -> i64 {
    let given = entries.iter().filter(|entry| entry.from == Account::Issued);
    given.fold(0, |sum, entry| sum.saturating_add(entry.amount))
}

/// What becomes of a tier from one ladder to another. A tier is known again by its id; where that is gone it counts as lost,
/// unless its holder stands above the nearest lower one that there still is.
pub fn change(before: Option<&Ladder>, after: Option<&Ladder>, tier: Both<Option<usize>>) -> Change {
    let (was, is) = (tier.before.unwrap_or(0), tier.after.unwrap_or(0));
    let (Some(before), Some(after)) = (before, after) else {
        return match was.cmp(&is) {
            std::cmp::Ordering::Less => Change::Up,
            std::cmp::Ordering::Equal => Change::Same,
            std::cmp::Ordering::Greater => Change::Down,
        };
    };
    let same = before.tiers.get(was).and_then(|tier| after.place(&tier.id));
    let lower = || before.tiers.iter().take(was).rev().find_map(|tier| after.place(&tier.id));
    match same {
        Some(place) if is == place => Change::Same,
        Some(place) if is > place => Change::Up,
        Some(_) => Change::Down,
        None if was == 0 => {
            if is > 0 {
                Change::Up
            } else {
                Change::Same
            }
        }
        None if is > lower().unwrap_or(0) => Change::Up,
        None => Change::Down,
    }
}

/// What of a state tiers depend on, and what is due by itself that gives points. Lots, spends, holds and coupons are left unread.
#[derive(Deserialize)]
struct OfTiers {
    #[serde(with = "instant")]
    clock: Instant,
    version: u32,
    #[serde(with = "instant")]
    origin: Instant,
    member: Member,
    accounts: Accounts,
    #[serde(default)]
    orders: BTreeMap<String, Order>,
    #[serde(default)]
    bought: bool,
    #[serde(default)]
    caps: BTreeMap<String, Used>,
    #[serde(default)]
    birthday_given: Option<i16>,
    #[serde(default)]
    growth: BTreeMap<u32, (Instant, i64)>,
    #[serde(default)]
    grown: u32,
    #[serde(default)]
    far: Far,
    #[serde(default)]
    standing: Standing,
    #[serde(default)]
    agenda: Vec<Job>,
    #[serde(default)]
    jobs: u64,
    #[serde(default)]
    into: Option<String>,
}

impl State {
    /// Reads of a state that was written down what tiers depend on, and what is due by itself that gives points: for time to pass
    /// in it, never to be written.
    ///
    /// # Errors
    /// Where it is no state.
    pub fn of_tiers(text: &str) -> serde_json::Result<Self> {
        let read: OfTiers = serde_json::from_str(text)?;
        let matters = |job: &Job| matches!(job.what, Due::Final(_) | Due::TierEnd | Due::Birthday);
        Ok(Self {
            clock: read.clock,
            version: read.version,
            origin: read.origin,
            member: read.member,
            accounts: read.accounts,
            lots: Lots::default(),
            owed: Vec::new(),
            orders: read.orders,
            waiting: BTreeMap::new(),
            bought: read.bought,
            spends: BTreeMap::new(),
            holds: BTreeMap::new(),
            caps: read.caps,
            check_in: None,
            birthday_given: read.birthday_given,
            last_visit: None,
            growth: read.growth,
            grown: read.grown,
            far: read.far,
            standing: read.standing,
            coupons: Coupons::default(),
            strain: 0,
            agenda: read.agenda.into_iter().filter(matters).collect(),
            jobs: read.jobs,
            absorbed: false,
            into: read.into,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::Node;
    use crate::programme::read;

    fn ladder(ids: &[&str]) -> Ladder {
        let tiers: Vec<_> = ids.iter().map(|id| serde_json::json!({ "id": id })).collect();
        read(&Node::root("rules", &serde_json::json!({ "ladder": { "tiers": tiers } }))).unwrap().ladder.unwrap()
    }

    #[test]
    fn a_tier_is_known_again_by_its_id_and_lost_where_that_is_gone() {
        let (old, new) = (ladder(&["a", "b", "c", "d"]), ladder(&["a", "b", "d", "e"]));
        let of = |before, after| change(Some(&old), Some(&new), Both { before: Some(before), after: Some(after) });
        assert_eq!((of(1, 1), of(1, 0), of(1, 2)), (Change::Same, Change::Down, Change::Up));
        assert_eq!((of(2, 1), of(2, 2), of(2, 0)), (Change::Down, Change::Up, Change::Down), "c is gone");
        assert_eq!((of(3, 2), of(3, 3)), (Change::Same, Change::Up), "d is one place lower and the same");
        let none = |before, after| change(None, Some(&new), Both { before, after });
        assert_eq!((none(None, Some(0)), none(None, Some(1))), (Change::Same, Change::Up));
        assert_eq!(change(Some(&old), None, Both { before: Some(1), after: None }), Change::Down);
    }
}
