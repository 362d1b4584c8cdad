//! What days are: many orders fall on one, and a calendar of years has hundreds of occasions, so each is read
//! once for all slices.

use std::sync::OnceLock;

use super::bands;
use super::question::Question;
use crate::tree::Calendar;

/// Days that are kept: a hundred years from 1970 on. Others are rare and read each time.
const KEPT: usize = 36_525;

/// What is read off a day on which something was bought.
#[derive(Clone, Default)]
pub(super) struct DayRead {
    /// Bits of [`WEEKDAYS`] and [`SEASONS`].
    pub when: u32,
    /// Occasions of the calendar that are kept on it, by number.
    pub occasions: Vec<u32>,
}

/// The first bit of days of the week, seasons, and classes of hours.
pub(super) const WEEKDAYS: u32 = 0;
pub(super) const SEASONS: u32 = WEEKDAYS + bands::WEEKDAYS.len() as u32;
pub(super) const HOURS: u32 = SEASONS + bands::SEASONS.len() as u32;

/// The bit of an hour's class.
pub(super) fn hour(hour: i64) -> u32 {
    1 << (HOURS + bands::place(bands::HOURS, |cut| hour >= cut) as u32)
}

/// Days, as they are met.
pub(super) struct Days<'a> {
    question: &'a Question,
    read: Vec<OnceLock<DayRead>>,
}

impl<'a> Days<'a> {
    pub fn of(question: &'a Question) -> Self {
        Self { question, read: (0..KEPT).map(|_| OnceLock::new()).collect() }
    }

    /// Hands what a day is to `take`.
    #[inline]
    pub fn read(&self, day: i64, take: impl FnOnce(&DayRead)) {
        match usize::try_from(day).ok().and_then(|day| self.read.get(day)) {
            Some(kept) => take(kept.get_or_init(|| self.reckon(day))),
            None => take(&self.reckon(day)),
        }
    }

    #[cold]
    fn reckon(&self, day: i64) -> DayRead {
        let read = |reading| self.question.reckoning.read(reading, day, false).unwrap_or(1);
        let on = |days: &[(i64, i64)]| days.iter().any(|(from, to)| (*from..*to).contains(&day));
        let kept = self.question.occasions.iter().enumerate().filter(|(_, o)| on(&o.days));
        let weekday = (read(Calendar::WeekdayOf) - 1) as u32;
        let season = bands::season(read(Calendar::MonthOf));
        DayRead { when: 1 << (WEEKDAYS + weekday) | 1 << (SEASONS + season), occasions: kept.map(|(at, _)| at as u32).collect() }
    }
}
