//! Who members are: attributes that are facts, and tags, column by column.

use super::ahead::NONE;
use super::attribute::Attribute;
use super::bands;
use super::pass::{FACTS, Pass, STRATA};
use super::tallies::Bars;
use crate::tree::Calendar;

/// Members by their mark, whichever that is.
type Marked = [u64; 4];

/// Codes that are counted in place; there are hardly more cities.
const CODES: i64 = 1 << 16;

impl Pass<'_> {
    pub(super) fn who(&self, marks: &[u8], bars: &mut Bars) {
        for (of, (column, _)) in FACTS.into_iter().zip(&self.facts) {
            let Some(column) = column else { continue };
            if column.floor() < 0 || column.ceiling() >= CODES {
                self.rare(of, marks, bars);
                continue;
            }
            let missing = column.ceiling().max(0) as u32 + 1;
            let mut codes = Vec::with_capacity(marks.len());
            column.codes(0..marks.len(), missing, &mut codes);
            let mut counts: Vec<Marked> = vec![[0; 4]; missing as usize + 1];
            codes.iter().zip(marks).for_each(|(code, mark)| counts[*code as usize][usize::from(*mark & 3)] += 1);
            counts.pop();
            for (code, counts) in counts.iter().enumerate() {
                self.fact(of, code as u32, counts, bars);
            }
        }
        self.ages(marks, bars);
        self.tags(marks, bars);
    }

    /// Members of whom a fact has a code.
    fn fact(&self, of: Attribute, code: u32, counts: &Marked, bars: &mut Bars) {
        bars.count(of, code, counts);
        if of == Attribute::Province
            && let Some(Some(region)) = self.region_of.get(code as usize)
        {
            bars.count(Attribute::Region, *region, counts);
        }
    }

    /// A fact of which there are more codes than are counted in place.
    fn rare(&self, of: Attribute, marks: &[u8], bars: &mut Bars) {
        let Some((Some(column), _)) = FACTS.iter().position(|f| *f == of).map(|at| self.facts[at]) else { return };
        for (member, mark) in marks.iter().enumerate().filter(|(_, mark)| **mark != 0) {
            if let Some(code) = column.code(member).filter(|code| *code != NONE) {
                self.fact(of, code, &one(*mark), bars);
            }
        }
    }

    fn ages(&self, marks: &[u8], bars: &mut Bars) {
        let Some(column) = self.birthday else { return };
        let age = |day: i64| self.reckoning.read(Calendar::Age, day, false);
        // Nobody born later is older: for each cut the last day of birth of who is so old.
        let last = |cut: i64| {
            let (mut low, mut high) = (i64::from(i32::MIN) / 8, self.reckoning.today);
            while low < high {
                let middle = low + (high - low + 1).div_euclid(2);
                if age(middle).is_some_and(|age| age >= cut) { low = middle } else { high = middle - 1 }
            }
            low
        };
        let lasts: Vec<i64> = bands::AGES.iter().map(|cut| last(*cut)).collect();
        let mut days = Vec::with_capacity(marks.len());
        column.numbers_or(0..marks.len(), i64::MAX, &mut days);
        let mut counts: Vec<Marked> = vec![[0; 4]; lasts.len() + 2];
        let unknown = lasts.len() + 1;
        for (day, mark) in days.iter().zip(marks) {
            let class = lasts.iter().map(|last| usize::from(day <= last)).sum();
            let class = if *day <= self.reckoning.today { class } else { unknown };
            counts[class][usize::from(*mark & 3)] += 1;
        }
        counts.pop();
        for (class, counts) in counts.iter().enumerate() {
            bars.count(Attribute::Age, class as u32, counts);
        }
    }

    fn tags(&self, marks: &[u8], bars: &mut Bars) {
        let (tags, at) = (&self.slice.tags, self.reckoning.at);
        if let Some(held) = tags.holders(marks.len(), at) {
            for (code, places) in held.what.iter() {
                let mut counts = [0; 4];
                let mut last = None;
                // One may be there more than once.
                for place in places {
                    counts[usize::from(marks[usize::from(*place)] & 3)] += u64::from(last != Some(*place));
                    last = Some(*place);
                }
                bars.count_known(Attribute::Tags, code, &counts);
            }
            return;
        }
        for (member, mark) in marks.iter().enumerate().filter(|(_, mark)| **mark != 0) {
            let spells = tags.of.of(member);
            let mut codes: Vec<u32> = spells.filter(|spell| tags.holds(*spell, at)).filter_map(|spell| tags.value.code(spell)).collect();
            codes.sort_unstable();
            codes.dedup();
            codes.iter().for_each(|code| bars.count_known(Attribute::Tags, *code, &one(*mark)));
        }
    }
}

/// One member of that mark.
fn one(mark: u8) -> Marked {
    let mut counts = [0; 4];
    counts[usize::from(mark & 3)] = 1;
    counts
}

/// The members of each stratum among those of each mark.
pub(super) fn by_stratum(marked: &Marked) -> [u64; 3] {
    let mut counts = [0; 3];
    marked.iter().enumerate().skip(1).for_each(|(mark, n)| counts[STRATA[mark]] += n);
    counts
}
