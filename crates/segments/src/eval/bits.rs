//! Rows that are meant, a bit each: how many of a member's there are is told by two places in them, without
//! a look at each.

use super::TRUE;
use super::cells::Cell;
use super::wide::wide;

/// A bit a row, and how many are set before each word.
#[derive(Clone, Debug)]
pub(super) struct Bits {
    words: Vec<u64>,
    before: Vec<u32>,
}

impl Bits {
    /// Of rows of which it is told.
    pub(super) fn of(told: &[u8]) -> Self {
        Self::of_words(packed(told, TRUE))
    }

    fn of_words(words: Vec<u64>) -> Self {
        let before = ranks(&words);
        Self { words, before }
    }

    /// How many of each member's are set; members' rows follow one another from `start` on, each up to its end.
    pub(super) fn counts(&self, start: usize, ends: &[u32]) -> Vec<i64> {
        counts(&self.words, &self.before, start, ends)
    }

    /// [`TRUE`] of each member of whose rows one is set.
    pub(super) fn any(&self, start: usize, ends: &[u32]) -> Vec<u8> {
        any_set(&self.words, &self.before, start, ends)
    }

    /// The last that is set from one place to before another.
    #[inline]
    pub(super) fn last(&self, from: usize, to: usize) -> Option<usize> {
        if from >= to {
            return None;
        }
        let (low, mut at) = (from / 64, (to - 1) / 64);
        let mut word = self.words[at] & (u64::MAX >> (63 - (to - 1) % 64));
        loop {
            if at == low {
                word &= u64::MAX << (from % 64);
            }
            if word != 0 {
                return Some(at * 64 + 63 - word.leading_zeros() as usize);
            }
            if at == low {
                return None;
            }
            at -= 1;
            word = self.words[at];
        }
    }

    /// Those that are set from one place to before another, ascending.
    pub(super) fn within(&self, from: usize, to: usize) -> impl Iterator<Item = usize> + '_ {
        let mut at = from / 64;
        let mut word = self.words.get(at).map_or(0, |w| w & (u64::MAX << (from % 64)));
        std::iter::from_fn(move || {
            while word == 0 {
                at += 1;
                if at * 64 >= to {
                    return None;
                }
                word = self.words[at];
            }
            let found = at * 64 + word.trailing_zeros() as usize;
            word &= word - 1;
            (found < to).then_some(found)
        })
    }

    pub(super) fn words(&self) -> &[u64] {
        &self.words
    }
}

/// Eight bytes as bits: which of them are `wanted`; none is above [`TRUE`].
#[inline(always)]
fn eight(bytes: [u8; 8], wanted: u8) -> u64 {
    const ONES: u64 = 0x0101_0101_0101_0101;
    let others = u64::from_le_bytes(bytes) ^ (ONES * u64::from(wanted));
    let same = !(others | others >> 1) & ONES;
    // Moves the lowest bit of each byte to its place in the highest byte.
    same.wrapping_mul(0x0102_0408_1020_4080) >> 56
}

/// What a run of rows comes to, each member's from the end of the one before to its own.
pub(super) struct Run<'a, T> {
    pub(super) cells: &'a [T],
    pub(super) start: usize,
    pub(super) ends: &'a [u32],
    /// Which rows are meant, the first that of `start`; without it all are.
    pub(super) words: Option<&'a [u64]>,
}

/// So many sums are written before members take their share: they stay in the nearest cache.
const TILE: usize = 1_024;

wide! {
    /// The bytes that are `wanted`, a bit each, with a word more behind the last.
    pub(super) fn packed(told: &[u8], wanted: u8) -> Vec<u64> {
        let (all, rest) = told.as_chunks::<64>();
        let mut words = vec![0_u64; all.len() + 1];
        for (word, chunk) in words.iter_mut().zip(all) {
            for (i, part) in chunk.as_chunks::<8>().0.iter().enumerate() {
                *word |= eight(*part, wanted) << (8 * i);
            }
        }
        for (i, t) in rest.iter().enumerate() {
            words[all.len()] |= u64::from(*t == wanted) << i;
        }
        words
    }

    /// How many bits are set before each word.
    pub(super) fn ranks(words: &[u64]) -> Vec<u32> {
        let mut sum = 0;
        let mut before = vec![0; words.len()];
        for (before, word) in before.iter_mut().zip(words) {
            *before = sum;
            sum += word.count_ones();
        }
        before
    }

    /// How many bits of each member's rows are set.
    pub(super) fn counts(words: &[u64], before: &[u32], start: usize, ends: &[u32]) -> Vec<i64> {
        let mut last = 0;
        let mut counts = vec![0; ends.len()];
        for (count, end) in counts.iter_mut().zip(ends) {
            let at = *end as usize - start;
            let rank = before[at / 64] + (words[at / 64] & !(u64::MAX << (at % 64))).count_ones();
            *count = i64::from(rank - last);
            last = rank;
        }
        counts
    }

    /// [`TRUE`] of each member of whose rows a bit is set.
    pub(super) fn any_set(words: &[u64], before: &[u32], start: usize, ends: &[u32]) -> Vec<u8> {
        let mut last = 0;
        let mut told = vec![0; ends.len()];
        for (told, end) in told.iter_mut().zip(ends) {
            let at = *end as usize - start;
            let rank = before[at / 64] + (words[at / 64] & !(u64::MAX << (at % 64))).count_ones();
            *told = u8::from(rank != last) * TRUE;
            last = rank;
        }
        told
    }

    /// The cells of each member's rows that are meant, each with `base` added, added up; `told` is of the rows from
    /// the first on. All are added up from the first row on and a member's share is the difference of two sums,
    /// so that no loop ends with a member and nothing has to be guessed.
    pub(super) fn added<T: Cell>(run: &Run<'_, T>, base: u64, told: Option<&[u8]>) -> Vec<u64> {
        let rows = run.ends.last().map_or(0, |end| *end as usize - run.start);
        let cells = &run.cells[run.start..run.start + rows];
        let mut shares = vec![0; run.ends.len()];
        // Who comes before the first row has none.
        let mut member = run.ends.partition_point(|end| *end as usize <= run.start);
        let (mut sum, mut before) = (0_u64, 0_u64);
        let mut sums = [0_u64; TILE];
        for from in (0..rows).step_by(TILE) {
            let to = rows.min(from + TILE);
            let sums = &mut sums[..to - from];
            match told {
                Some(told) => {
                    for ((s, cell), told) in sums.iter_mut().zip(&cells[from..to]).zip(&told[from..to]) {
                        *s = cell.step().wrapping_add(base) & 0_u64.wrapping_sub(u64::from(*told == TRUE));
                    }
                }
                None => {
                    for (s, cell) in sums.iter_mut().zip(&cells[from..to]) {
                        *s = cell.step().wrapping_add(base);
                    }
                }
            }
            for s in sums.iter_mut() {
                sum = sum.wrapping_add(*s);
                *s = sum;
            }
            while let Some(end) = run.ends.get(member) {
                let end = *end as usize - run.start;
                if end > to {
                    break;
                }
                let now = sums[end - 1 - from];
                shares[member] = now.wrapping_sub(before);
                before = now;
                member += 1;
            }
        }
        shares
    }

    /// How many different cells each member's rows that are meant have, where these follow one another and
    /// their cells ascend; below 0 for members of whom that does not hold. Rows of orders mostly do.
    pub(super) fn ascents<T: Cell>(run: &Run<'_, T>) -> Vec<i64> {
        let rows = run.ends.last().map_or(0, |end| *end as usize - run.start);
        let cells = &run.cells[run.start..run.start + rows];
        let (mut other, mut down) = (vec![0_u8; rows], vec![0_u8; rows]);
        for i in 1..rows {
            other[i] = u8::from(cells[i - 1] != cells[i]) * TRUE;
            down[i] = u8::from(cells[i] < cells[i - 1]) * TRUE;
        }
        // Before a member's first row lies another's.
        let mut first = vec![0_u64; rows / 64 + 1];
        let mut from = 0;
        for end in run.ends {
            first[from / 64] |= 1 << (from % 64);
            from = *end as usize - run.start;
        }
        let (mut steps, mut breaks) = (packed(&other, TRUE), packed(&down, TRUE));
        let mut carry = 0;
        for (i, (step, stop)) in steps.iter_mut().zip(&mut breaks).enumerate() {
            let meant = run.words.map_or(u64::MAX, |w| w[i]);
            let anew = !(meant << 1 | std::mem::replace(&mut carry, meant >> 63)) | first[i];
            *step = (*step | anew) & meant;
            *stop = (*stop | anew) & meant;
        }
        let (steps, breaks) = (Bits::of_words(steps), Bits::of_words(breaks));
        let (mut counts, breaks) = (steps.counts(run.start, run.ends), breaks.counts(run.start, run.ends));
        for (count, breaks) in counts.iter_mut().zip(breaks) {
            *count = if breaks > 1 { -1 } else { *count };
        }
        counts
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn bits_are_the_rows_that_are_told(
            before in 0_usize..70, members in prop::collection::vec(prop::collection::vec((0_u8..3, 0_u32..300), 0..500), 1..12),
        ) {
            let rows: Vec<(u8, u32)> = members.iter().flatten().copied().collect();
            let mut cells = vec![7; before];
            cells.extend(rows.iter().map(|(_, cell)| *cell));
            let told: Vec<u8> = rows.iter().map(|(t, _)| *t).collect();
            let ends: Vec<u32> = members.iter().scan(before as u32, |end, mine| { *end += mine.len() as u32; Some(*end) }).collect();
            let bits = Bits::of(&told);
            let meant = |mine: &[(u8, u32)]| mine.iter().filter(|(t, _)| *t == TRUE).map(|(_, c)| *c).collect::<Vec<_>>();
            let expected: Vec<i64> = members.iter().map(|mine| meant(mine).len() as i64).collect();
            let any: Vec<u8> = expected.iter().map(|count| u8::from(*count > 0) * TRUE).collect();
            prop_assert_eq!(bits.any(before, &ends), any);
            prop_assert_eq!(bits.counts(before, &ends), expected);
            let run = Run { cells: &cells, start: before, ends: &ends, words: Some(bits.words()) };
            let sums: Vec<u64> = members.iter().map(|mine| meant(mine).iter().map(|c| u64::from(*c)).sum()).collect();
            prop_assert_eq!(added(&run, 0, Some(&told)), sums);
            let all: Vec<u64> = members.iter().map(|mine| mine.iter().map(|(_, c)| u64::from(*c) + 5).sum()).collect();
            prop_assert_eq!(added(&run, 5, None), all);
            let mut from = 0;
            for mine in &members {
                let places: Vec<usize> = (from..from + mine.len()).filter(|i| told[*i] == TRUE).collect();
                prop_assert_eq!(bits.last(from, from + mine.len()), places.last().copied());
                prop_assert_eq!(bits.within(from, from + mine.len()).collect::<Vec<_>>(), places);
                from += mine.len();
            }
        }

        #[test]
        fn different_cells_are_counted_where_they_ascend(
            before in 0_usize..3, ascend in any::<bool>(), all in any::<bool>(),
            members in prop::collection::vec(prop::collection::vec((0_u8..3, 0_u32..4), 0..40), 1..9),
        ) {
            let mut members = members;
            if ascend {
                members.iter_mut().for_each(|mine| mine.sort_by_key(|(_, cell)| *cell));
            }
            let mut cells = vec![3; before];
            cells.extend(members.iter().flatten().map(|(_, cell)| *cell));
            let told: Vec<u8> = members.iter().flatten().map(|(t, _)| if all { TRUE } else { *t }).collect();
            let ends: Vec<u32> = members.iter().scan(before as u32, |end, mine| { *end += mine.len() as u32; Some(*end) }).collect();
            let bits = Bits::of(&told);
            let run = Run { cells: &cells, start: before, ends: &ends, words: (!all).then(|| bits.words()) };
            for (mine, count) in members.iter().zip(ascents(&run)) {
                let meant: Vec<(usize, u32)> = mine.iter().enumerate().filter(|(_, (t, _))| all || *t == TRUE).map(|(i, (_, c))| (i, *c)).collect();
                let good = meant.windows(2).all(|pair| pair[1].0 == pair[0].0 + 1 && pair[1].1 >= pair[0].1);
                let different = meant.iter().map(|(_, c)| *c).collect::<std::collections::BTreeSet<_>>().len() as i64;
                prop_assert_eq!(count, if good { different } else { -1 });
            }
        }
    }
}
