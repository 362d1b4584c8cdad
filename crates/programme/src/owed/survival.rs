//! How points leave their lots as these grow older: the share of what was left that was used, ended or was taken back in
//! each month of age, over the lots of all months together (a chain ladder with three ways out), and how far lots of
//! single months went from that.

use std::collections::BTreeMap;

use super::cells::{Cell, Moves, index};

/// What was left of lots beyond this share at the greatest age known: nobody knows what becomes of it.
const REST: f64 = 0.05;

/// The lots of one month, month by month of their age.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cohort {
    /// The place of the month in which they were made.
    pub made: i64,
    /// What became of them at each age in months, from none.
    pub ages: Vec<Cell>,
}

impl Cohort {
    /// What was left at the end.
    pub fn left(&self) -> i128 {
        self.ages.iter().map(Cell::change).sum()
    }

    /// All ages together.
    pub fn total(&self) -> Cell {
        self.ages.iter().fold(Cell::default(), |sum, c| Cell {
            issued: sum.issued + c.issued,
            redeemed: sum.redeemed + c.redeemed,
            expired: sum.expired + c.expired,
            reversed: sum.reversed + c.reversed,
        })
    }

    /// What could leave at an age, and what did; none where there was nothing.
    fn at(&self, age: usize) -> Option<(f64, Out)> {
        let before: i128 = self.ages.get(..age)?.iter().map(Cell::change).sum();
        let cell = self.ages.get(age)?;
        let there = (before + cell.issued) as f64;
        let part = |n: i128| (n as f64 / there).clamp(0.0, 1.0);
        (there >= 1.0).then(|| (there, Out { used: part(cell.redeemed), ended: part(cell.expired), back: part(cell.reversed) }.whole()))
    }
}

/// The lots of each month up to and with a month; what lies in no lot is left out.
pub fn cohorts(months: &BTreeMap<i64, Moves>, upto: i64) -> Vec<Cohort> {
    let last = index(upto);
    let mut found: BTreeMap<i64, Cohort> = BTreeMap::new();
    for (month, moves) in months.range(..=upto) {
        for ((lot, from, to), amount) in moves.iter().filter(|((lot, _, _), _)| *lot > 0) {
            let made = index(*lot).min(index(*month));
            let length = usize::try_from(last - made + 1).unwrap_or(0);
            let cohort = found.entry(made).or_insert_with(|| Cohort { made, ages: vec![Cell::default(); length] });
            if let Some(cell) = usize::try_from(index(*month) - made).ok().and_then(|age| cohort.ages.get_mut(age)) {
                cell.add(*from, *to, *amount);
            }
        }
    }
    found.into_values().filter(|c| c.ages.iter().any(|cell| *cell != Cell::default())).collect()
}

/// The shares of what is there that leave in a month.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Out {
    /// Spent.
    pub used: f64,
    /// Ended unspent.
    pub ended: f64,
    /// Taken back.
    pub back: f64,
}

impl Out {
    /// Together no more than all.
    fn whole(self) -> Self {
        let sum = self.used + self.ended + self.back;
        let by = if sum > 1.0 { sum } else { 1.0 };
        Self { used: self.used / by, ended: self.ended / by, back: self.back / by }
    }

    /// The share that stays.
    pub fn stays(&self) -> f64 {
        (1.0 - self.used - self.ended - self.back).max(0.0)
    }
}

/// How lots leave by age: of all together, and of each.
#[derive(Clone, Debug, Default)]
pub struct Ladder {
    /// Of all together, by age.
    pub pooled: Vec<Out>,
    /// Of each, by age: which cohort, and its shares.
    pub each: Vec<Vec<(usize, Out)>>,
}

impl Ladder {
    /// What cohorts tell.
    pub fn of(cohorts: &[Cohort]) -> Self {
        let mut ladder = Self::default();
        let oldest = cohorts.iter().map(|c| c.ages.len()).max().unwrap_or(0);
        for age in 0..oldest {
            let each: Vec<(usize, f64, Out)> =
                cohorts.iter().enumerate().filter_map(|(i, c)| c.at(age).map(|(there, out)| (i, there, out))).collect();
            let there: f64 = each.iter().map(|(_, there, _)| there).sum();
            if there < 1.0 {
                // Nothing was ever left at this age: who is older has ended.
                break;
            }
            let pooled = each.iter().fold(Out::default(), |sum, (_, weight, out)| Out {
                used: sum.used + out.used * weight / there,
                ended: sum.ended + out.ended * weight / there,
                back: sum.back + out.back * weight / there,
            });
            ladder.pooled.push(pooled);
            ladder.each.push(each.into_iter().map(|(i, _, out)| (i, out)).collect());
        }
        ladder
    }

    /// What becomes of a fresh point as far as is known: spent, ended, taken back, and still there at the greatest age.
    pub fn fates(&self) -> [f64; 4] {
        let mut there = 1.0;
        let mut fates = [0.0; 4];
        for out in &self.pooled {
            fates[0] += there * out.used;
            fates[1] += there * out.ended;
            fates[2] += there * out.back;
            there *= out.stays();
        }
        fates[3] = there;
        fates
    }

    /// Whether lots were followed until hardly anything was left.
    pub fn followed(&self) -> bool {
        !self.pooled.is_empty() && self.fates()[3] <= REST
    }
}

/// Chance for drawing histories that might have been: the same numbers every time, so that a report stays the same.
pub struct Draws(u64);

impl Default for Draws {
    fn default() -> Self {
        Self(0x9e37_79b9_7f4a_7c15)
    }
}

impl Draws {
    /// One of so many, at least one (splitmix64).
    pub fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((z ^ (z >> 31)) % (n.max(1) as u64)).unwrap_or(0)
    }
}

/// A history that might have been: cohorts drawn with replacement, and at each age the shares of one of the drawn.
pub struct Might<'a> {
    ladder: &'a Ladder,
    by_age: Vec<Vec<Out>>,
}

impl<'a> Might<'a> {
    /// Draws one.
    pub fn draw(ladder: &'a Ladder, cohorts: usize, draws: &mut Draws) -> Self {
        let mut taken = vec![0_u32; cohorts];
        for _ in 0..cohorts {
            taken[draws.below(cohorts)] += 1;
        }
        let times = |i: usize| taken.get(i).copied().unwrap_or(0) as usize;
        let by_age =
            ladder.each.iter().map(|each| each.iter().flat_map(|(i, out)| std::iter::repeat_n(*out, times(*i))).collect()).collect();
        Self { ladder, by_age }
    }

    /// The shares at an age in one month of one cohort; none beyond what is known.
    pub fn out(&self, age: usize, draws: &mut Draws) -> Option<Out> {
        let pooled = *self.ladder.pooled.get(age)?;
        let drawn = self.by_age.get(age).filter(|outs| !outs.is_empty());
        Some(drawn.map_or(pooled, |outs| outs[draws.below(outs.len())]))
    }
}

#[cfg(test)]
mod tests {
    use shuke_loyalty::Account::{Available, Expired, Pending, Redeemed};

    use super::*;

    /// A thousand points a month; a tenth of what is there used each month, the rest ends at the age of three.
    fn months(n: i64) -> BTreeMap<i64, Moves> {
        let mut all: BTreeMap<i64, Moves> = BTreeMap::new();
        for made in 0..n {
            let mut there = 1_000_i128;
            for age in 0..=3 {
                let at = all.entry(super::super::cells::month_at(24_000 + made + age)).or_default();
                let lot = super::super::cells::month_at(24_000 + made);
                if age == 0 {
                    at.insert((lot, Pending, Available), there);
                }
                let used = if age == 3 { 0 } else { there / 10 };
                at.insert((lot, Available, Redeemed), used);
                if age == 3 {
                    at.insert((lot, Available, Expired), there);
                }
                there -= used;
            }
        }
        all
    }

    #[test]
    fn shares_by_age_are_found_again() {
        let all = months(6);
        let upto = super::super::cells::month_at(24_000 + 5);
        let found = cohorts(&all, upto);
        assert_eq!(found.iter().map(|c| c.ages.len()).collect::<Vec<_>>(), [6, 5, 4, 3, 2, 1]);
        assert_eq!(found[0].left(), 0);
        assert_eq!(found[5].left(), 900);
        let ladder = Ladder::of(&found);
        assert_eq!(ladder.pooled.len(), 4, "nothing was left beyond");
        assert!((ladder.pooled[1].used - 0.1).abs() < 1e-9 && (ladder.pooled[3].ended - 1.0).abs() < 1e-9);
        let [used, ended, back, left] = ladder.fates();
        assert!((used - 0.271).abs() < 1e-6 && (ended - 0.729).abs() < 1e-6 && back == 0.0 && left == 0.0);
        assert!(ladder.followed());
        assert!(!Ladder::of(&cohorts(&all, super::super::cells::month_at(24_000 + 2))).followed(), "nobody saw the end");
        assert!(!Ladder::of(&[]).followed());
    }

    #[test]
    fn histories_that_might_have_been_stay_within_what_was() {
        let all = months(6);
        let found = cohorts(&all, super::super::cells::month_at(24_000 + 5));
        let ladder = Ladder::of(&found);
        let mut draws = Draws::default();
        for _ in 0..50 {
            let might = Might::draw(&ladder, found.len(), &mut draws);
            assert!(might.out(4, &mut draws).is_none());
            let out = might.out(1, &mut draws).expect("known");
            assert!((out.used - 0.1).abs() < 0.01 && out.stays() > 0.8);
        }
    }
}
