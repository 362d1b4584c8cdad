//! What building and following the columns may take of the process's memory, reckoned in bytes before it is taken.
//!
//! Of the cap go first: the pages of the connection that reads, the words of the columns that answer meanwhile, the
//! words under way, whom changes name; then what freed memory leaves behind that cannot be given back at once. What
//! is left is shared: a part for what a step reads (rows as the store tells them, and drafts made of them), the rest
//! for drafts with what is made of them when they are written. Where words leave no room to work in, nothing more is
//! read: the refusal says which cap would do.

use shuke_kernel::{Code, Error, Kind, Refusal, Result};

/// Memory that building and following may take, bytes, unless it is set otherwise. One member's rows, and an
/// hour's orders of nobody, are held whole.
pub const MEMORY: usize = 256 << 20;
/// Less is too little for anybody.
pub const LEAST: usize = 16 << 20;
/// What must be left to work in.
const ROOM: usize = 4 << 20;
/// An id in sets and lists of who changed, bytes.
const ID: usize = 112;
/// How many ids newer files that are joined may add to each that changed.
const JOINED: usize = 3;
/// An order with its lines as drafts, and an act, bytes, about.
const ORDER: usize = 1_000;
const ACT: usize = 250;
/// So many rows are always read at once.
const LEAST_ROWS: usize = 64;
/// An event of the feed, bytes, about.
const EVENT: usize = 2_048;

/// The cap leaves no room beside what must be held.
pub static TOO_SMALL: Code = Code {
    code: "columns.memory_too_small",
    kind: Kind::Unavailable,
    zh: "分析数据的内存上限为 {cap} MB，这家商户的词表等已占 {taken} MB，不足以继续。请将 --columns-memory（SHUKE_COLUMNS_MEMORY）至少设为 {least}。",
    en: "Columns may take {cap} MB of memory, and what must be held of this merchant, mostly words, takes {taken} MB: too little is left to work in. Set --columns-memory (SHUKE_COLUMNS_MEMORY) to at least {least}.",
};

/// The refusal, where an error is [`TOO_SMALL`].
pub(crate) fn too_small(error: &Error) -> Option<&Refusal> {
    match error {
        Error::Refused(refusal) if refusal.code.code == TOO_SMALL.code => Some(&**refusal),
        _ => None,
    }
}

/// What may be taken, and what is taken already.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Budget {
    cap: usize,
    /// Held by the columns that answer meanwhile.
    standing: usize,
    /// What a file's drafts take at most, where it is set.
    file: usize,
}

/// What rows may take beside what is held.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Share {
    /// Drafts, until they are to be written.
    pub drafts: usize,
    /// Drafts of what is read at a time.
    pub step: usize,
}

impl Share {
    /// Without a bound: for who holds nothing to a cap.
    pub const ALL: Self = Self { drafts: usize::MAX, step: usize::MAX };

    /// Orders that are read at a time, with their lines and refunds. One member's are read whole.
    pub fn orders(self) -> usize {
        (self.step / 2 / ORDER * 3).max(LEAST_ROWS)
    }

    /// Acts that are read at a time.
    pub fn acts(self) -> usize {
        (self.step / 2 / ACT * 3).max(LEAST_ROWS)
    }
}

impl Budget {
    /// Of so many bytes.
    pub fn new(cap: usize) -> Self {
        Self { cap: cap.max(LEAST), standing: 0, file: usize::MAX }
    }

    /// The same where files have so many bytes of drafts at most.
    pub fn in_files_of(self, file: usize) -> Self {
        Self { file, ..self }
    }

    /// The same beside so much that is held meanwhile.
    pub fn beside(self, standing: usize) -> Self {
        Self { standing, ..self }
    }

    /// For pages of the store.
    pub fn pages(self) -> usize {
        (self.cap / 16).min(8 << 20)
    }

    /// What may be taken beside `held` bytes of words and ids.
    fn room(self, held: usize) -> Result<usize> {
        let taken = self.pages() + self.standing + held;
        let room = self.cap.saturating_sub(taken) / 8 * 7;
        if room >= ROOM {
            return Ok(room);
        }
        const MB: usize = 1 << 20;
        // Pages take more of a larger cap, and more words may come.
        let least = (taken + taken / 4 + 2 * ROOM).max(LEAST).div_ceil(MB);
        Err(TOO_SMALL.with("cap", self.cap / MB).with("taken", taken.div_ceil(MB)).with("least", least).into())
    }

    /// What rows may take beside `held` bytes of words and ids.
    ///
    /// # Errors
    /// [`TOO_SMALL`] where there is too little.
    pub fn share(self, held: usize) -> Result<Share> {
        let room = self.room(held)?;
        // Drafts take two fifths more while they are laid out and written; a step takes three times its drafts while
        // it is read.
        Ok(Share { drafts: (room / 7 * 5).min(self.file), step: (room / 16).min(self.file / 8).max(1) })
    }

    /// How many that changed may be gathered at a time.
    pub fn gathered(self) -> Result<usize> {
        Ok((self.room(0)? / 4 / ID / JOINED).max(1))
    }

    /// Bytes of so many ids.
    pub fn ids(count: usize) -> usize {
        count * ID
    }

    /// How many events are read at a time.
    pub fn events(self) -> Result<i64> {
        Ok((self.room(0)? / 16 / EVENT).clamp(100, 5_000) as i64)
    }
}

/// What a block of so many bytes takes of the allocator.
pub(crate) fn block(bytes: usize) -> usize {
    bytes.next_multiple_of(16)
}

#[cfg(test)]
mod tests {
    use super::*;

    const MB: usize = 1 << 20;

    #[test]
    fn all_that_is_taken_together_stays_under_the_cap() {
        for cap in [16, 32, 64, 256, 1_024, 16_384].map(|mb| mb * MB) {
            for (standing, held) in [(0, 0), (3 * MB, MB), (cap / 4, cap / 8)] {
                let budget = Budget::new(cap).beside(standing);
                let Ok(share) = budget.share(held) else {
                    assert!(cap <= 16 * MB, "{cap}");
                    continue;
                };
                let base = budget.pages() + standing + held;
                let writing = base + share.drafts + share.drafts / 5 * 2;
                let reading = base + share.drafts + 3 * share.step;
                assert!(writing.max(reading) <= cap - (cap - base) / 8, "{cap} {share:?}");
                assert!(Budget::ids(JOINED * budget.gathered().unwrap()) <= cap / 4);
            }
        }
    }

    #[test]
    fn what_leaves_no_room_is_refused_with_the_cap_that_would_do() {
        let refused = |cap: usize, held: usize| Budget::new(cap).share(held).unwrap_err().to_string();
        let text = refused(64 * MB, 62 * MB);
        assert!(text.contains("64 MB") && text.contains("66 MB") && text.contains("91"), "{text}");
        let mut cap = LEAST;
        // What the refusal says is enough, and it says something more each time until it is.
        while let Err(e) = Budget::new(cap).share(300 * MB) {
            let said: usize = e.to_string().trim_end_matches('.').rsplit(' ').next().unwrap().parse().unwrap();
            assert!(said * MB > cap, "{said}");
            cap = said * MB;
        }
        assert!(cap < 400 * MB, "{cap}");
        assert_eq!(Budget::new(1).cap, LEAST, "no cap is below what anybody needs");
    }

    #[test]
    fn small_files_are_small() {
        let share = Budget::new(MEMORY).in_files_of(20 << 10).share(0).unwrap();
        assert_eq!((share.drafts, share.step), (20 << 10, 2_560));
    }
}
