//! The versions of a programme: which one judges what, and what changes for a member when the next one begins.
//!
//! An event is judged by the version in force at its own time, what is due by the version in force when it comes up. Lots, tiers
//! and coupons that are held keep their ends. Where the ladder changes, the tier held is found again by its id, and who meets
//! the entry of a higher tier of the new ladder rises at once.

use std::collections::BTreeMap;

use shuke_kernel::Instant;

use crate::daily::begins_birthdays;
use crate::json::Read;
use crate::ledger::{Cause, Entry};
use crate::programme::{Ladder, Per, Programme};
use crate::state::State;
use crate::turn::Turn;
use crate::words::{CONTRADICTION, MISSING};

/// All versions of a programme that ever were in force, and those that will be. There is at least one.
#[derive(Clone, Debug)]
pub struct Rules {
    first: Programme,
    /// In order of their beginning.
    later: Vec<Programme>,
}

impl From<Programme> for Rules {
    fn from(only: Programme) -> Self {
        Self { first: only, later: Vec::new() }
    }
}

impl Rules {
    /// Versions in order of their beginning. The first holds from ever, each of the others from its [`Programme::from`].
    ///
    /// # Errors
    /// Where there is none, or versions do not begin one after the other, carry one number twice, or reckon days in different zones.
    pub fn new(mut versions: Vec<Programme>) -> Read<Self> {
        part_caps(&mut versions);
        let mut versions = versions.into_iter();
        let Some(first) = versions.next() else { return Err(MISSING.at("versions").with("path", "programme").with("key", "versions")) };
        let rules = Self { first, later: versions.collect() };
        for i in 1..rules.len() {
            let (Some(before), Some(version)) = (rules.get(i - 1), rules.get(i)) else { break };
            let place = |key: &str| format!("versions[{i}].{key}");
            let wrong =
                |path: String, zh: &str, en: &str| Err(CONTRADICTION.at(&path).with("path", &path).with("why_zh", zh).with("why", en));
            if i > 1 && version.from <= before.from {
                return wrong(place("from"), "不晚于前一版本的生效时间", "is not after the beginning of the version before it");
            }
            if (0..i).any(|j| rules.get(j).is_some_and(|other| other.version == version.version)) {
                return wrong(place("version"), "版本号重复", "is the number of another version");
            }
            if version.zone_name != before.zone_name {
                return wrong(place("zone"), "各版本的时区必须相同", "is not the zone of the version before; a programme has one zone");
            }
        }
        Ok(rules)
    }

    fn len(&self) -> usize {
        1 + self.later.len()
    }

    fn get(&self, place: usize) -> Option<&Programme> {
        if place == 0 { Some(&self.first) } else { self.later.get(place - 1) }
    }

    /// The version that holds from ever.
    pub fn first(&self) -> &Programme {
        &self.first
    }

    /// All versions in order of their beginning.
    pub fn versions(&self) -> impl DoubleEndedIterator<Item = &Programme> {
        std::iter::once(&self.first).chain(&self.later)
    }

    /// The version in force at an instant.
    pub fn at(&self, t: Instant) -> &Programme {
        self.later.iter().rev().find(|version| version.from <= t).unwrap_or(&self.first)
    }

    /// The version of that number.
    pub fn numbered(&self, no: u32) -> Option<&Programme> {
        self.versions().find(|version| version.version == no)
    }

    /// The version in force at the clock of a state.
    pub fn held<'a>(&'a self, state: &State) -> &'a Programme {
        self.versions().find(|version| version.version == state.version).unwrap_or_else(|| self.at(state.clock))
    }

    /// The version in force at the clock of a state, and those after it.
    pub fn from_now<'a>(&'a self, state: &State) -> impl Iterator<Item = &'a Programme> + use<'a> {
        let now = self.held(state).version;
        self.versions().skip_while(move |version| version.version != now)
    }

    /// The version that follows on the one in force at the clock of a state.
    pub fn next<'a>(&'a self, state: &State) -> Option<&'a Programme> {
        self.from_now(state).nth(1)
    }

    /// The versions that were in force up to the clock of a state, the latest first.
    pub fn until_now<'a>(&'a self, state: &State) -> impl Iterator<Item = &'a Programme> + use<'a> {
        let now = self.held(state).version;
        self.versions().rev().skip_while(move |version| version.version != now)
    }
}

/// Where a version counts by days what one before counts by months under the same name, or the other way round, each keeps a count of
/// its own: an order that is judged by the one, between two of the other, would else wipe out what the month had used.
fn part_caps(versions: &mut [Programme]) {
    let mut first: BTreeMap<String, Per> = BTreeMap::new();
    for cap in versions.iter_mut().flat_map(|version| &mut version.caps).filter(|cap| cap.per != Per::Order) {
        let per = *first.entry(cap.id.clone()).or_insert(cap.per);
        cap.slot = if per == cap.per { cap.id.clone() } else { format!("{}\u{1f}", cap.id) };
    }
}

/// The version that follows begins for a member.
///
/// # Errors
/// Where balances would become too large.
pub fn enter(rules: &Rules, state: &mut State, entries: &mut Vec<Entry>) -> Read<()> {
    let Some(programme) = rules.next(state) else { return Ok(()) };
    let old = rules.held(state);
    let old_ladder = rules.until_now(state).find_map(|version| version.ladder.as_ref());
    let had_birthdays = old.birthday_points > 0;
    state.clock = state.clock.max(programme.from);
    state.version = programme.version;
    if !had_birthdays && programme.birthday_points > 0 {
        begins_birthdays(state, &programme.zone);
    }
    let Some(ladder) = &programme.ladder else { return Ok(()) };
    let paused = old.ladder.is_none();
    if old.ladder.as_ref() == Some(ladder) {
        return Ok(());
    }
    let cause = Cause { kind: "rules".to_owned(), id: programme.version.to_string() };
    let now = state.clock;
    let mut turn = Turn { rules, programme, state, now, cause, entries, stands: false };
    if let Some(old) = old_ladder {
        turn.onto(old, ladder, paused);
    }
    turn.rise()
}

impl Turn<'_> {
    /// Puts what is held on one ladder onto another: by id, and where that is gone onto the nearest lower tier that there is.
    fn onto(&mut self, old: &Ladder, ladder: &Ladder, paused: bool) {
        let place = |tier: usize| old.place_on(ladder, tier);
        let standing = &mut self.state.standing;
        standing.move_to(place);
        if standing.tier == 0 {
            (standing.last_day, standing.grace) = (None, None);
        } else if standing.last_day.is_none() {
            // The lowest tier of before had no end; now that it is a higher one, it has a whole period.
            self.begin_period(ladder.validity.last_day(self.today()), self.now);
        } else if paused {
            // An end that came up while there was no ladder was not judged.
            self.expect_tier_end();
        }
    }
}
