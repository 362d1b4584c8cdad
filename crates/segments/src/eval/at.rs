//! Who or what is looked at: a run of places, or some of them, ascending.

use std::ops::Range;

/// Members of a slice, or rows of a table.
#[derive(Clone, Copy)]
pub(crate) enum At<'a> {
    /// All from one place to before another.
    Run(usize, usize),
    /// These.
    Some(&'a [u32]),
}

impl At<'_> {
    pub(crate) fn len(self) -> usize {
        match self {
            Self::Run(from, to) => to - from,
            Self::Some(at) => at.len(),
        }
    }

    pub(crate) fn get(self, i: usize) -> usize {
        match self {
            Self::Run(from, _) => from + i,
            Self::Some(at) => at[i] as usize,
        }
    }

    /// The same of each place.
    #[inline]
    pub(crate) fn map<T>(self, each: impl FnMut(usize) -> T) -> Vec<T> {
        match self {
            Self::Run(from, to) => (from..to).map(each).collect(),
            Self::Some(at) => {
                let mut each = each;
                at.iter().map(|i| each(*i as usize)).collect()
            }
        }
    }

    /// Those of which `is_open` holds, by their number among these.
    pub(crate) fn only(self, told: &[u8], is_open: impl Fn(u8) -> bool) -> Vec<u32> {
        let mut open = vec![0; told.len()];
        let mut count = 0;
        for (i, t) in told.iter().enumerate() {
            // Written always and counted where it holds: no branch to guess.
            open[count] = i as u32;
            count += usize::from(is_open(*t));
        }
        open.truncate(count);
        if let Self::Run(0, _) = self { open } else { open }
    }
}

/// What is looked at, and whether it is rows.
#[derive(Clone, Copy)]
pub(crate) struct Frame<'a> {
    /// The table of the rows; none for members.
    pub(crate) table: Option<usize>,
    /// Which.
    pub(crate) at: At<'a>,
}

impl Frame<'_> {
    pub(crate) fn members(range: Range<usize>) -> Self {
        Self { table: None, at: At::Run(range.start, range.end) }
    }
}
