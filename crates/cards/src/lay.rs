//! From when to when each purchase of a card runs: they lie end to end. A purchase begins when it was made, or when the
//! one before it ends, whichever is later; so nobody loses days by buying early, and two histories that turn out to be
//! one person's lose none either. It is reckoned from all purchases whenever it is asked, never written down: whatever
//! arrives in whatever order comes to the same.

use jiff::Span;
use jiff::civil::DateTime;
use shuke_kernel::{Instant, Zone};

/// How long one piece runs.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Length {
    /// Calendar months; a day that the last month lacks is its last.
    Months(i64),
    /// Calendar days.
    Days(i64),
}

/// What was bought, tried or given.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Piece {
    /// When.
    pub at: Instant,
    /// How long each runs.
    pub length: Length,
    /// How many.
    pub count: i64,
    /// Where it was given up or taken back: it ends then, if it did not before.
    pub cut_at: Option<Instant>,
}

/// When a purchase runs, half open.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Stretch {
    /// Its beginning.
    pub from: Instant,
    /// Its end.
    pub until: Instant,
}

impl Stretch {
    /// Whether it runs at an instant.
    pub fn runs(&self, at: Instant) -> bool {
        self.from <= at && at < self.until
    }

    /// Whole days of the zone from its first to its last.
    pub fn days(&self, zone: &Zone) -> i64 {
        days_between(zone, self.from, self.until)
    }
}

fn days_between(zone: &Zone, from: Instant, until: Instant) -> i64 {
    let (from, until) = (zone.wall(from).date(), zone.wall(until).date());
    from.until(until).map_or(0, |span| i64::from(span.get_days()))
}

fn later(wall: DateTime, length: Length, count: i64) -> DateTime {
    let span = match length {
        Length::Months(n) => Span::new().try_months(n.saturating_mul(count)),
        Length::Days(n) => Span::new().try_days(n.saturating_mul(count)),
    };
    span.map_or(DateTime::MAX, |span| wall.saturating_add(span))
}

/// Months that follow each other without a gap are counted from where the first began: who took it on 31 January has it
/// until 28 February, and then until 31 March.
struct Run {
    anchor: DateTime,
    months: i64,
    until: Instant,
}

/// When each runs, in the order given, which is that of `at`; `None` where nothing of it is left.
pub fn lay(zone: &Zone, pieces: &[Piece]) -> Vec<Option<Stretch>> {
    let mut run: Option<Run> = None;
    let mut end = Instant::from_micros(i64::MIN);
    let mut out = Vec::with_capacity(pieces.len());
    for piece in pieces {
        let from = piece.at.max(end);
        let wall = zone.wall(from);
        let until_wall = match piece.length {
            Length::Months(n) => {
                let (anchor, before) = match &run {
                    Some(run) if run.until == from => (run.anchor, run.months),
                    _ => (wall, 0),
                };
                let months = before.saturating_add(n.saturating_mul(piece.count));
                let until = later(anchor, Length::Months(months), 1);
                run = Some(Run { anchor, months, until: zone.instant(until).unwrap_or(Instant::from_micros(i64::MAX)) });
                until
            }
            Length::Days(_) => {
                run = None;
                later(wall, piece.length, piece.count)
            }
        };
        let whole = Stretch { from, until: zone.instant(until_wall).unwrap_or(Instant::from_micros(i64::MAX)) };
        let left = match piece.cut_at {
            Some(cut) if cut <= whole.from => None,
            Some(cut) if cut < whole.until => Some(Stretch { until: cut, ..whole }),
            _ => Some(whole),
        };
        if let Some(left) = left {
            end = left.until;
            if left.until != whole.until {
                run = None;
            }
        } else {
            run = None;
        }
        out.push(left);
    }
    out
}

/// What of a purchase goes back when it is given up.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Unused {
    /// Days that it runs in all.
    pub days: i64,
    /// Days of it that have not begun.
    pub left: i64,
    /// Their share of what was paid, minor units, halves up.
    pub amount: i64,
}

/// What is left of a purchase at an instant, of what was paid and has not gone back. The day begun counts as used.
pub fn unused(zone: &Zone, stretch: Stretch, paid: i64, at: Instant) -> Unused {
    let days = stretch.days(zone).max(1);
    let left = if at < stretch.from {
        days
    } else if at >= stretch.until {
        0
    } else {
        (days - days_between(zone, stretch.from, at) - 1).clamp(0, days)
    };
    let share = (2 * i128::from(paid.max(0)) * i128::from(left) + i128::from(days)) / (2 * i128::from(days));
    Unused { days, left, amount: i64::try_from(share).unwrap_or(paid.max(0)) }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn at(text: &str) -> Instant {
        text.parse().unwrap()
    }

    fn piece(when: &str, length: Length) -> Piece {
        Piece { at: at(when), length, count: 1, cut_at: None }
    }

    fn days(found: &[Option<Stretch>]) -> Vec<Option<(String, String)>> {
        let zone = Zone::shanghai();
        let day = |t: Instant| zone.wall(t).date().to_string();
        found.iter().map(|s| s.map(|s| (day(s.from), day(s.until)))).collect()
    }

    fn pair(from: &str, until: &str) -> Option<(String, String)> {
        Some((from.to_owned(), until.to_owned()))
    }

    #[test]
    fn purchases_lie_end_to_end_and_months_are_counted_from_the_first() {
        let zone = Zone::shanghai();
        let mut pieces = vec![
            piece("2026-01-31T02:00:00Z", Length::Months(1)),
            piece("2026-02-10T02:00:00Z", Length::Months(1)),
            piece("2026-02-11T02:00:00Z", Length::Days(10)),
            piece("2026-06-01T02:00:00Z", Length::Months(3)),
        ];
        let found = days(&lay(&zone, &pieces));
        assert_eq!(
            found,
            [
                pair("2026-01-31", "2026-02-28"),
                pair("2026-02-28", "2026-03-31"),
                pair("2026-03-31", "2026-04-10"),
                pair("2026-06-01", "2026-09-01")
            ]
        );
        // The first is taken back on 15 February: what follows moves up and no day of it is lost.
        pieces[0].cut_at = Some(at("2026-02-15T02:00:00Z"));
        let found = days(&lay(&zone, &pieces));
        assert_eq!(found[..3], [pair("2026-01-31", "2026-02-15"), pair("2026-02-15", "2026-03-15"), pair("2026-03-15", "2026-03-25")]);
        // What had not begun when it was taken back leaves nothing.
        pieces[1].cut_at = Some(at("2026-02-15T02:00:00Z"));
        let found = days(&lay(&zone, &pieces));
        assert_eq!(found[1..3], [None, pair("2026-02-15", "2026-02-25")]);
    }

    #[test]
    fn what_goes_back_is_the_share_of_days_not_begun() {
        let zone = Zone::shanghai();
        let year = lay(&zone, &[piece("2026-01-01T02:00:00Z", Length::Months(12))])[0].unwrap();
        let back = |when: &str| unused(&zone, year, 36_500, at(when));
        assert_eq!(back("2025-12-31T00:00:00Z"), Unused { days: 365, left: 365, amount: 36_500 });
        assert_eq!(back("2026-01-01T03:00:00Z"), Unused { days: 365, left: 364, amount: 36_400 });
        // Midnight of the shop's day, not of Greenwich.
        assert_eq!(back("2026-01-01T16:00:00Z").left, 363);
        assert_eq!(back("2026-12-31T12:00:00Z"), Unused { days: 365, left: 0, amount: 0 });
        assert_eq!(back("2027-05-01T00:00:00Z").amount, 0);
        // A third of a fen rounds to the nearest, a half up.
        let two = lay(&zone, &[piece("2026-01-01T02:00:00Z", Length::Days(2))])[0].unwrap();
        assert_eq!(unused(&zone, two, 1, at("2026-01-01T03:00:00Z")).amount, 1);
    }

    /// Day by day: a queue of days bought, of which each day takes one.
    fn queue(pieces: &[(i64, i64, Option<i64>)]) -> Vec<i64> {
        let mut waiting: Vec<(usize, i64)> = Vec::new();
        let mut ran = vec![0; pieces.len()];
        for day in 0..400 {
            for (i, (at, length, _)) in pieces.iter().enumerate() {
                if *at == day {
                    waiting.push((i, *length));
                }
            }
            waiting.retain(|(i, left)| *left > 0 && pieces[*i].2.is_none_or(|cut| cut > day));
            if let Some((i, left)) = waiting.first_mut() {
                ran[*i] += 1;
                *left -= 1;
            }
        }
        ran
    }

    proptest! {
        #[test]
        fn days_run_as_a_queue_of_days_would(mut pieces in prop::collection::vec((0_i64..60, 1_i64..20, prop::option::weighted(0.3, 0_i64..90)), 0..7)) {
            pieces.sort_by_key(|p| p.0);
            let zone = Zone::shanghai();
            let start = at("2026-01-01T04:00:00Z");
            let on = |day: i64| start.plus_seconds(day * 86_400);
            let laid: Vec<Piece> = pieces.iter().map(|(at, length, cut)| Piece { at: on(*at), length: Length::Days(*length), count: 1, cut_at: cut.map(on) }).collect();
            let found: Vec<i64> = lay(&zone, &laid).iter().map(|s| s.map_or(0, |s| s.days(&zone))).collect();
            prop_assert_eq!(found, queue(&pieces));
        }

        #[test]
        fn never_more_goes_back_than_was_paid_and_never_less_later(paid in 0_i64..10_000_000, months in 1_i64..40, hours in prop::collection::vec(0_i64..30_000, 1..20)) {
            let zone = Zone::shanghai();
            let stretch = lay(&zone, &[piece("2026-01-31T02:00:00Z", Length::Months(months))])[0].unwrap();
            let mut hours = hours;
            hours.sort_unstable();
            let amounts: Vec<i64> = hours.iter().map(|h| unused(&zone, stretch, paid, stretch.from.plus_seconds(h * 3600)).amount).collect();
            prop_assert!(amounts.iter().all(|a| (0..=paid).contains(a)));
            prop_assert!(amounts.windows(2).all(|w| w[1] <= w[0]));
        }
    }
}
