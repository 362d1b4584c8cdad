//! In which stretch of time what a member does counts together, and what that stretch is called: pure rules.

use shuke_kernel::{Instant, Zone};

use super::model::{Past, Repeat, Task};
use crate::quota::{self, Per};

/// The name of the period of what can be done once.
pub const ONCE: &str = "once";

/// A stretch of time, half open.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Span {
    /// Its first instant.
    pub from: Instant,
    /// The first instant after it.
    pub until: Instant,
}

impl Span {
    /// Whether an instant lies in it.
    pub fn has(self, at: Instant) -> bool {
        self.from <= at && at < self.until
    }
}

/// A stretch in which a task can be done once.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Period {
    /// `once`, a month such as `2026-11`, or a year.
    pub name: String,
    /// What is done in it counts.
    pub span: Span,
}

impl Task {
    /// All the time in which what is done counts.
    pub fn span(&self, zone: &Zone) -> Span {
        let (definition, made) = (&self.definition, self.created_at);
        let start = |per: Per| per.stretch(zone, made, quota::Period::default()).from.unwrap_or(made);
        let from = match (definition.past, definition.from, definition.repeat) {
            (Past::Ignore, from, _) => from.map_or(made, |from| from.max(made)),
            (Past::Count, Some(from), _) => from,
            (Past::Count, None, Repeat::Once) => Instant(i64::MIN),
            (Past::Count, None, Repeat::Month) => start(Per::Month),
            (Past::Count, None, Repeat::Year) => start(Per::Year),
        };
        Span { from, until: definition.until.unwrap_or(Instant(i64::MAX)) }
    }

    /// The period in which an instant lies; none outside of the task's time.
    pub fn period(&self, zone: &Zone, at: Instant) -> Option<Period> {
        let all = self.span(zone);
        if !all.has(at) {
            return None;
        }
        let (per, name) = match self.definition.repeat {
            Repeat::Once => return Some(Period { name: ONCE.to_owned(), span: all }),
            Repeat::Month => (Per::Month, zone.day(at).strftime("%Y-%m").to_string()),
            Repeat::Year => (Per::Year, zone.day(at).strftime("%Y").to_string()),
        };
        let stretch = per.stretch(zone, at, quota::Period::default());
        let from = stretch.from.map_or(all.from, |from| from.max(all.from));
        let until = stretch.until.map_or(all.until, |until| until.min(all.until));
        Some(Period { name, span: Span { from, until } })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::GrowthTaskId;
    use crate::state::State;

    fn at(text: &str) -> Instant {
        text.parse().expect("a time")
    }

    fn task(more: &str) -> Task {
        let text = format!(r#"{{"name": "x", "goal": {{"kind": "orders", "times": 1}}, "points": 1{more}}}"#);
        let definition = serde_json::from_str(&text).expect("a definition");
        // 09:00 of the tenth of March in Shanghai.
        Task {
            id: GrowthTaskId::from_bytes([1; 16]),
            definition,
            state: State::Active,
            given: 0,
            version: 1,
            created_at: at("2026-03-10T01:00:00Z"),
        }
    }

    #[test]
    fn what_counts_begins_with_the_task_unless_the_past_counts() {
        let zone = Zone::shanghai();
        let first = Instant(i64::MIN);
        for (more, from) in [
            ("", at("2026-03-10T01:00:00Z")),
            (r#", "from": "2026-03-01T00:00:00Z""#, at("2026-03-10T01:00:00Z")),
            (r#", "from": "2026-04-01T00:00:00Z""#, at("2026-04-01T00:00:00Z")),
            (r#", "past": "count""#, first),
            (r#", "past": "count", "from": "2026-01-01T00:00:00Z""#, at("2026-01-01T00:00:00Z")),
            (r#", "past": "count", "repeat": "month""#, at("2026-02-28T16:00:00Z")),
            (r#", "past": "count", "repeat": "year""#, at("2025-12-31T16:00:00Z")),
        ] {
            assert_eq!(task(more).span(&zone), Span { from, until: Instant(i64::MAX) }, "{more}");
        }
    }

    #[test]
    fn periods_are_the_merchants_months_cut_by_the_tasks_time() {
        let zone = Zone::shanghai();
        let monthly = task(r#", "repeat": "month", "until": "2026-05-10T00:00:00Z""#);
        let named = |time: &str| monthly.period(&zone, at(time)).map(|p| (p.name, p.span.from, p.span.until));
        let month = |name: &str, from: &str, until: &str| Some((name.to_owned(), at(from), at(until)));
        assert_eq!(named("2026-03-10T00:59:59Z"), None, "before the task");
        assert_eq!(named("2026-03-10T01:00:00Z"), month("2026-03", "2026-03-10T01:00:00Z", "2026-03-31T16:00:00Z"));
        assert_eq!(named("2026-03-31T16:00:00Z"), month("2026-04", "2026-03-31T16:00:00Z", "2026-04-30T16:00:00Z"));
        assert_eq!(named("2026-05-09T00:00:00Z"), month("2026-05", "2026-04-30T16:00:00Z", "2026-05-10T00:00:00Z"));
        assert_eq!(named("2026-05-10T00:00:00Z"), None, "over");
        assert_eq!(task(r#", "repeat": "year""#).period(&zone, at("2027-01-01T00:00:00Z")).map(|p| p.name), Some("2027".to_owned()));
        assert_eq!(task("").period(&zone, at("2030-01-01T00:00:00Z")).map(|p| p.name), Some("once".to_owned()));
    }
}
