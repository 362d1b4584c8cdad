//! What a trial asks of a member, and what all of them come to: pure rules.

use std::collections::{BTreeMap, HashMap};

use shuke_kernel::{Instant, Zone};
use shuke_members::MemberId;
use shuke_members::identity::Birthday;

use crate::benefit::when::{OnBirthday, When, birthdays_in};
use crate::quota::{Per, Period, Quota, Stretch};
use crate::share::Funded;
use crate::who::{Held, Inside, Out, Who};

/// Months of uses that are judged again at most.
pub const MONTHS: i64 = 12;

/// A benefit as far as a trial reckons with it.
#[derive(Clone, Debug)]
pub struct Rules {
    /// Whose it is.
    pub who: Who,
    /// Where what is known of its segments stands among all that are read.
    pub segments: Vec<usize>,
    /// On which days.
    pub when: When,
    /// How often.
    pub quota: Option<Quota>,
    /// What a use is said to cost, minor units.
    pub cost: i64,
    /// Who bears it.
    pub funded: Funded,
}

/// A use that was really made and not taken back.
#[derive(Clone, Debug)]
pub struct Use {
    /// When.
    pub at: Instant,
    /// The tier that was held, where the benefit was of a programme.
    pub held: Option<Held>,
    /// Whether a pack gave it.
    pub granted: bool,
    /// What it cost, as it was booked.
    pub booked: i64,
}

/// What is known of a member.
#[derive(Clone, Debug)]
pub struct Person {
    /// Who.
    pub member: MemberId,
    /// The tiers held now, one for each programme that is named.
    pub held: Vec<Held>,
    /// Whether they are in each of the segments that are read.
    pub inside: Vec<Inside>,
    /// Their birthday, where it was read and is known.
    pub birthday: Option<Birthday>,
    /// Their uses, in the order of time; those before the months that are looked at count for quotas alone.
    pub uses: Vec<Use>,
}

/// Why a use could not have been.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Why {
    /// Nobody may use it any more.
    Ended,
    /// Of another tier.
    Tier,
    /// In none of the segments.
    Segment,
    /// Not the birthday, or its month, or nobody knows it.
    Birthday,
    /// Not a day on which it may be used.
    Day,
    /// More often than one may.
    Quota,
}

impl Why {
    /// All of them.
    pub const ALL: [Self; 6] = [Self::Ended, Self::Tier, Self::Segment, Self::Birthday, Self::Day, Self::Quota];

    /// The word of the API.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Ended => "ended",
            Self::Tier => "tier",
            Self::Segment => "segment",
            Self::Birthday => "birthday",
            Self::Day => "day",
            Self::Quota => "quota",
        }
    }
}

impl Rules {
    fn out(&self, held: Option<&Held>, person: &Person) -> Option<Why> {
        let inside: Vec<Inside> = self.segments.iter().filter_map(|at| person.inside.get(*at).copied()).collect();
        self.who.out(held, &inside).map(|out| if out == Out::Tier { Why::Tier } else { Why::Segment })
    }

    /// Why it is not a member's by what they are now; none where it is.
    pub fn keeps_out(&self, person: &Person) -> Option<Why> {
        self.out(self.held(person), person)
    }

    fn held<'a>(&self, person: &'a Person) -> Option<&'a Held> {
        let programme = self.who.programme?;
        person.held.iter().find(|held| held.programme == programme)
    }

    /// Why a use that somebody made by what they were could not have been; `kept` are those before it that could, by the
    /// stretch that they lie in. The tier is that of the time where it is known of this programme, else the present one.
    fn refuses(&self, of: &Use, person: &Person, zone: &Zone, kept: &HashMap<Option<Instant>, i64>) -> Option<Why> {
        let then = of.held.as_ref().filter(|held| Some(held.programme) == self.who.programme);
        if let Some(why) = self.out(then.or_else(|| self.held(person)), person) {
            return Some(why);
        }
        let day = zone.day(of.at);
        if self.when.birthday != OnBirthday::Any {
            let days = person.birthday.map(|born| birthdays_in(born, day.year())).unwrap_or_default();
            let fits = match self.when.birthday {
                OnBirthday::Day => days.contains(&day),
                _ => days.iter().any(|born| born.month() == day.month()),
            };
            if !fits {
                return Some(Why::Birthday);
            }
        }
        if !self.when.names(day) {
            return Some(Why::Day);
        }
        let quota = self.quota?;
        let used = kept.get(&stretch(quota, zone, of.at).from).copied().unwrap_or(0);
        (used >= quota.uses).then_some(Why::Quota)
    }
}

/// The stretch of a quota in which a time lies. When a member's period was entered is not known of the past: all that is
/// looked at is taken for one.
fn stretch(quota: Quota, zone: &Zone, at: Instant) -> Stretch {
    quota.per.stretch(zone, at, Period::default())
}

/// From when on uses must be read, so that those in the months that are looked at can be judged.
pub fn reads_from(rules: Option<&Rules>, zone: &Zone, from: Instant) -> Instant {
    match rules.and_then(|rules| rules.quota) {
        Some(Quota { per: Per::Ever, .. }) => Instant(i64::MIN),
        Some(quota) => stretch(quota, zone, from).from.map_or(from, |first| first.min(from)),
        None => from,
    }
}

/// A member as a trial has them.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Row {
    /// Who.
    pub member: MemberId,
    /// The tier held now, in the programme that the trial is told by.
    pub tier: Option<String>,
    /// Whether it is theirs now by what they are,
    pub had: bool,
    /// and whether it would be.
    pub has: bool,
    /// Why it would not.
    pub out: Option<Why>,
    /// Uses in the months that are looked at.
    pub uses: i64,
    /// Of them those that a pack gave.
    pub granted: i64,
    /// Of all those that could not have been, by [`Why::ALL`].
    pub refused: [i64; 6],
    /// What they cost, as it was booked.
    pub booked: i64,
}

impl Row {
    /// Uses that could not have been.
    pub fn lost(&self) -> i64 {
        self.refused.iter().sum()
    }

    /// Whether a member loses something: the benefit, or uses that they had.
    pub fn loses(&self) -> bool {
        (self.had && !self.has) || self.lost() > 0
    }
}

/// What a trial compares.
#[derive(Clone, Debug)]
pub struct Compared {
    /// The benefit as it is; none where nobody can use it.
    pub before: Option<Rules>,
    /// As it would be; none where nobody could.
    pub after: Option<Rules>,
    /// From when on uses are looked at.
    pub from: Instant,
    /// The merchant's zone.
    pub zone: Zone,
}

impl Compared {
    /// What becomes of a member.
    pub fn of(&self, person: &Person) -> Row {
        let out = self.after.as_ref().map_or(Some(Why::Ended), |after| after.keeps_out(person));
        let had = self.before.as_ref().is_some_and(|before| before.keeps_out(person).is_none());
        let told_by = self.after.as_ref().or(self.before.as_ref());
        let tier = told_by.and_then(|rules| rules.held(person)).map(|held| held.tier.clone());
        let mut row = Row { member: person.member, tier, had, has: out.is_none(), out, uses: 0, granted: 0, refused: [0; 6], booked: 0 };
        let mut kept: HashMap<Option<Instant>, i64> = HashMap::new();
        for used in &person.uses {
            let refused = match &self.after {
                None => Some(Why::Ended),
                // What a pack gave needs neither tier nor day nor quota, and counts in none.
                Some(_) if used.granted => None,
                Some(after) => {
                    let refused = after.refuses(used, person, &self.zone, &kept);
                    if let (None, Some(quota)) = (refused, after.quota) {
                        *kept.entry(stretch(quota, &self.zone, used.at).from).or_default() += 1;
                    }
                    refused
                }
            };
            if used.at < self.from {
                continue;
            }
            row.uses += 1;
            row.granted += i64::from(used.granted);
            row.booked = row.booked.saturating_add(used.booked);
            if let Some(why) = refused {
                row.refused[why as usize] += 1;
            }
        }
        row
    }
}

/// Which members are listed.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Which {
    /// Whoever loses the benefit, or uses that they had.
    #[default]
    Losing,
    /// Whoever had uses that could not have been.
    Refused,
    /// Whose it would be, and is not.
    Gaining,
}

impl Which {
    /// The words of the API.
    pub const WORDS: [(&'static str, Self); 3] = [("losing", Self::Losing), ("refused", Self::Refused), ("gaining", Self::Gaining)];

    /// Of its word.
    pub fn named(word: &str) -> Option<Self> {
        Self::WORDS.iter().find(|(known, _)| *known == word).map(|(_, which)| *which)
    }

    /// Whether a member is one of those.
    pub fn meets(self, row: &Row) -> bool {
        match self {
            Self::Losing => row.loses(),
            Self::Refused => row.lost() > 0,
            Self::Gaining => row.has && !row.had,
        }
    }
}

/// Members of one tier.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct OfTier {
    /// How many hold it.
    pub members: i64,
    /// Whose the benefit is,
    pub had: i64,
    /// and would be.
    pub has: i64,
    /// Whose it is and would not be,
    pub losing: i64,
    /// and the other way round.
    pub gaining: i64,
}

impl OfTier {
    fn add(&mut self, row: &Row) {
        self.members += 1;
        self.had += i64::from(row.had);
        self.has += i64::from(row.has);
        self.losing += i64::from(row.had && !row.has);
        self.gaining += i64::from(row.has && !row.had);
    }
}

/// What a trial comes to.
#[derive(Clone, Debug, Default)]
pub struct Summary {
    /// All members.
    pub all: OfTier,
    /// By the tier held now.
    pub tiers: BTreeMap<Option<String>, OfTier>,
    /// Members who lose it, by why.
    pub lost_by: BTreeMap<Why, i64>,
    /// Members who lose it, or uses that they had.
    pub losing: i64,
    /// Members who used it.
    pub users: i64,
    /// Of them those with uses that could not have been.
    pub refused_users: i64,
    /// Uses.
    pub uses: i64,
    /// Of them those that packs gave.
    pub granted: i64,
    /// Uses that could not have been, by [`Why::ALL`].
    pub refused: [i64; 6],
    /// What all uses cost, as it was booked.
    pub booked: i64,
}

impl Summary {
    /// Adds a member.
    pub fn add(&mut self, row: &Row) {
        self.all.add(row);
        self.tiers.entry(row.tier.clone()).or_default().add(row);
        if let Some(why) = row.out.filter(|_| row.had) {
            *self.lost_by.entry(why).or_default() += 1;
        }
        self.losing += i64::from(row.loses());
        self.users += i64::from(row.uses > 0);
        self.refused_users += i64::from(row.lost() > 0);
        self.uses += row.uses;
        self.granted += row.granted;
        self.booked = self.booked.saturating_add(row.booked);
        for (all, of) in self.refused.iter_mut().zip(row.refused) {
            *all += of;
        }
    }

    /// Uses that could have been as well.
    pub fn kept(&self) -> i64 {
        self.uses - self.refused.iter().sum::<i64>()
    }

    /// What those whose it would be newly would cost in so many months if they used it as often as those whose it is: at
    /// `cost` a use. None where nobody is new, or nobody's it is who used it by right.
    pub fn of_the_new(&self, cost: i64) -> Option<i64> {
        let own = self.uses - self.granted;
        if self.all.gaining == 0 || self.all.had == 0 || own <= 0 {
            return None;
        }
        let uses = i128::from(self.all.gaining).saturating_mul(own.into());
        rounded(uses.saturating_mul(cost.into()), self.all.had.into())
    }
}

/// A month's share of what so many months come to.
pub fn a_month(amount: i128, months: i64) -> Option<i64> {
    rounded(amount, months.max(1).into())
}

/// A fraction of numbers of 0 or more to the nearest whole; none where it is no number of ours.
fn rounded(over: i128, under: i128) -> Option<i64> {
    i64::try_from(over.checked_add(under / 2)?.checked_div(under)?).ok()
}
