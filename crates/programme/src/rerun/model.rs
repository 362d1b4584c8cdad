//! What is asked of a re-run, and what it comes to.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use shuke_kernel::{Error, Instant, Result};
use shuke_loyalty::Programme as Version;
use shuke_loyalty::calendar::{end_of, plus_days, start_of};
use shuke_loyalty::rerun::{Asked as Span, reckons_by_months};
use shuke_store::jobs::JobId;

use super::{BAD_SPAN, CUT_MONTH, RerunId};
use crate::book::post::Looked;
use crate::definition::{Programme, ProgrammeId};

/// Days of a span at most.
pub const DAYS: i64 = 1_100;

/// Which orders are to be judged, and by what.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Asked {
    /// The number of the version; none for the one in force at payment, which takes earlier re-runs back.
    pub judge: Option<u32>,
    /// Orders paid on this day of the programme's zone or later,
    pub from: Date,
    /// and on this day or before.
    pub to: Date,
}

impl Asked {
    /// The instants between which orders were paid; `zoned` is any version, for the days.
    pub fn span(&self, programme: &Programme, zoned: &Version) -> Span {
        let (from, to) = (start_of(&zoned.zone, self.from), end_of(&zoned.zone, self.to));
        // What was paid before the programme began earns nothing and is there for tiers alone.
        Span { judge: self.judge, from: from.max(programme.begins_at), to }
    }

    /// Whether these days can be judged by `version`, when it is asked for; they stay so.
    ///
    /// # Errors
    /// Refuses a span that is none, too long or not over, and one that cuts a month whose cap the version has.
    pub fn check(&self, version: Option<&Version>, zoned: &Version, now: Instant) -> Result<()> {
        if self.from > self.to || end_of(&zoned.zone, self.to) > now || self.from < plus_days(self.to, 1 - DAYS) {
            return Err(BAD_SPAN.with("days", DAYS).at("to").into());
        }
        if let Some(version) = version.filter(|version| reckons_by_months(version)) {
            let yesterday = zoned.zone.day(now).yesterday().map_err(Error::fault)?;
            if self.from.day() != 1 || self.to != self.to.last_of_month() && self.to != yesterday {
                return Err(CUT_MONTH.with("no", version.version).at("from").into());
            }
        }
        Ok(())
    }
}

/// Where a re-run is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum State {
    /// It is being reckoned.
    Looking,
    /// It can be read, and booked.
    Shown,
    /// It is being booked.
    Booking,
    /// It is booked.
    Booked,
    /// It was thrown away, by a person or by a later one.
    Dropped,
}

impl State {
    const ALL: [(Self, &str); 5] = [
        (Self::Looking, "looking"),
        (Self::Shown, "shown"),
        (Self::Booking, "booking"),
        (Self::Booked, "booked"),
        (Self::Dropped, "dropped"),
    ];

    /// The word of API and store.
    pub fn word(self) -> &'static str {
        Self::ALL.iter().find(|(state, _)| *state == self).map_or("", |(_, word)| word)
    }

    pub(super) fn of(word: &str) -> Result<Self> {
        let found = Self::ALL.iter().find(|(_, w)| *w == word);
        found.map(|(state, _)| *state).ok_or_else(|| Error::fault(format!("a re-run is {word}")))
    }
}

/// A re-run.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Rerun {
    /// Its id.
    pub id: RerunId,
    /// Of which programme.
    pub programme: ProgrammeId,
    /// What was asked.
    pub asked: Asked,
    /// Where it is.
    pub state: State,
    /// What it comes to, as far as it was reckoned.
    pub summary: Summary,
    /// Why, in the words of who booked it.
    pub note: String,
    /// The task that reckons or books it.
    pub job: JobId,
    /// When it was asked for, and by whom.
    pub made_at: Instant,
    /// By whom.
    pub made_by: String,
    /// When it was booked.
    pub booked_at: Option<Instant>,
    /// By whom.
    pub booked_by: Option<String>,
}

/// What a re-run comes to.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Summary {
    /// Members with an order in the span.
    pub members: u64,
    /// Of them those who would have something else.
    pub changed: u64,
    /// Those whose numbers are too large to reckon; they are left as they are.
    pub unreckoned: u64,
    /// Orders that are judged by another version than before.
    pub orders: u64,
    /// Orders of the span that are left as they are: so judged already, or gone into another's book with a merge.
    pub left: u64,
    /// Orders that then earn something else.
    pub corrections: u64,
    /// Of them those outside the span, which follow from the others.
    pub following: u64,
    /// Members who have more by it, and how many points together.
    pub more: (u64, i64),
    /// Members who have fewer, and how many points together.
    pub less: (u64, i64),
    /// Members who then have less than nothing to spend, and had not before.
    pub below: u64,
    /// Members who then hold another tier.
    pub tiers: u64,
    /// Members for whom it was booked,
    pub booked: u64,
    /// and who were left as they are, because their history was another by then.
    pub stale: u64,
}

impl Summary {
    /// Adds what it comes to for a member.
    pub(super) fn add(&mut self, looked: &Looked) {
        let found = match looked {
            Looked::Found(found) => found,
            Looked::Moved(orders) => return self.left += orders,
            Looked::Unreckoned => {
                (self.members, self.unreckoned) = (self.members + 1, self.unreckoned + 1);
                return;
            }
        };
        self.members += 1;
        self.orders += found.judged.len() as u64;
        self.left += found.left;
        self.corrections += found.corrections.len() as u64;
        self.following += found.corrections.iter().filter(|c| !c.judged).count() as u64;
        self.changed += u64::from(found.changes());
        self.tiers += u64::from(found.has.tier != found.would_have.tier);
        self.below += u64::from(found.would_have.available < 0 && found.has.available >= 0);
        let difference = found.would_have.points.saturating_sub(found.has.points);
        match difference {
            0 => {}
            more if more > 0 => self.more = (self.more.0 + 1, self.more.1.saturating_add(more)),
            less => self.less = (self.less.0 + 1, self.less.1.saturating_sub(less)),
        }
    }
}
