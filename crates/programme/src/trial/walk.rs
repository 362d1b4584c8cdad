//! All books in the order of members, a wave of them at a time: read by the store's readers, folded on by threads of the trial's own.

use std::sync::Mutex;
use std::sync::PoisonError;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use shuke_kernel::{Error, MerchantNo, Result};
use shuke_loyalty::State;
use shuke_loyalty::parts::Part;
use shuke_loyalty::trial::{Trial, Tried};
use shuke_members::MemberId;
use shuke_store::{Row, Store, Tx, args};

use super::sql;
use crate::book::fold::part_of;
use crate::book::rows::{FORMAT, ids};
use crate::definition::ProgrammeId;

/// Books of a step.
const STEP: i64 = 2_000;
/// Steps of a wave.
const WAVE: usize = 24;

/// Before every member, and behind them.
pub(super) const FIRST: MemberId = MemberId::from_bytes([0; 16]);
const LAST: MemberId = MemberId::from_bytes([255; 16]);

/// A walk over the books of a programme.
pub(super) struct Walk<'a> {
    pub(super) store: &'a Store,
    pub(super) merchant: MerchantNo,
    pub(super) programme: ProgrammeId,
    pub(super) trial: &'a Trial,
    /// Whether nobody waits any more.
    pub(super) stop: &'a AtomicBool,
    /// Whether hearts were met that need what lies apart: then it is asked for with them.
    pub(super) reaches_far: AtomicBool,
}

/// A stretch of members: after one, up to another.
type Stretch = (MemberId, MemberId);
/// A member and what becomes of them; none where that cannot be reckoned.
pub(super) type One = (MemberId, Option<Tried>);

impl Walk<'_> {
    /// Tells each member after one, in order, until told that it is enough. Whether all were told.
    ///
    /// # Errors
    /// What the store says, or that nobody waits.
    pub(super) fn each(&self, after: MemberId, each: &mut dyn FnMut(One) -> Result<bool>) -> Result<bool> {
        let mut at = after;
        loop {
            let stretches = self.stretches(at)?;
            let Some((_, end)) = stretches.last().copied() else { return Ok(true) };
            for step in self.wave(&stretches)? {
                for one in step {
                    if !each(one)? {
                        return Ok(false);
                    }
                }
            }
            if end == LAST {
                return Ok(true);
            }
            at = end;
        }
    }

    /// The stretches of the next wave.
    fn stretches(&self, after: MemberId) -> Result<Vec<Stretch>> {
        let merchant = self.merchant;
        self.store.read_now(move |tx| {
            let (mut at, mut out) = (after, Vec::with_capacity(WAVE));
            while out.len() < WAVE && at != LAST {
                let border = tx.row(sql::BORDER, args![merchant, at, STEP - 1])?.map(|mut row| row.get(0)).transpose()?;
                let to = border.unwrap_or(LAST);
                out.push((at, to));
                at = to;
            }
            Ok(out)
        })
    }

    fn wave(&self, stretches: &[Stretch]) -> Result<Vec<Vec<One>>> {
        // Twice the processors: while one waits for the store another folds.
        let threads = std::thread::available_parallelism().map_or(2, |n| n.get() * 2).min(self.store.config().readers).clamp(1, stretches.len().max(1));
        let (next, done) = (AtomicUsize::new(0), Mutex::new(Vec::with_capacity(stretches.len())));
        let work = || {
            loop {
                let place = next.fetch_add(1, Ordering::Relaxed);
                let Some(stretch) = stretches.get(place) else { return };
                let made = self.step(*stretch);
                let failed = made.is_err();
                done.lock().unwrap_or_else(PoisonError::into_inner).push((place, made));
                if failed {
                    return;
                }
            }
        };
        std::thread::scope(|scope| (0..threads).for_each(|_| drop(scope.spawn(work))));
        let mut done = done.into_inner().unwrap_or_else(PoisonError::into_inner);
        done.sort_by_key(|(place, _)| *place);
        let made = done.into_iter().map(|(_, made)| made).collect::<Result<Vec<_>>>()?;
        if made.len() == stretches.len() { Ok(made) } else { Err(Error::fault("a step of a trial was not made")) }
    }

    fn step(&self, (after, to): Stretch) -> Result<Vec<One>> {
        if self.stop.load(Ordering::Relaxed) {
            return Err(Error::fault("nobody waits for this trial any more"));
        }
        let of = (self.merchant, self.programme, after, to);
        if !self.reaches_far.load(Ordering::Relaxed) {
            let rows = self.store.read_now(move |tx| tx.rows(sql::BOOKS, args![of.0, of.1, of.2, of.3]))?;
            let books = rows.into_iter().map(read).collect::<Result<Vec<_>>>()?;
            if !books.iter().any(|book| self.falls_short(book)) {
                return Ok(self.tried(books));
            }
            self.reaches_far.store(true, Ordering::Relaxed);
        }
        // A heart and what lies apart of it are of one moment.
        let trial = self.trial.clone();
        let books = self.store.read_now(move |tx| with_parts(tx, &trial, of))?;
        Ok(self.tried(books))
    }

    fn falls_short(&self, book: &Book) -> bool {
        book.parts > 0 && !self.trial.needs(&book.heart).is_empty()
    }

    fn tried(&self, books: Vec<Book>) -> Vec<One> {
        books.into_iter().map(|book| (book.member, self.trial.of(book.heart).ok())).collect()
    }
}

/// A book as far as tiers depend on it.
struct Book {
    member: MemberId,
    parts: i64,
    heart: State,
}

fn read(mut row: Row) -> Result<Book> {
    let (member, format, parts, heart): (_, i64, _, String) = (row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?);
    if !(1..=FORMAT).contains(&format) {
        return Err(Error::fault(format!("a book of points is written in form {format}, which this program does not know")));
    }
    Ok(Book { member, parts, heart: State::of_tiers(&heart)? })
}

/// The books of a stretch, with what lies apart in those that need it.
fn with_parts(tx: &mut Tx<'_>, trial: &Trial, of: (MerchantNo, ProgrammeId, MemberId, MemberId)) -> Result<Vec<Book>> {
    let rows = tx.rows(sql::BOOKS, args![of.0, of.1, of.2, of.3])?;
    let mut books = rows.into_iter().map(read).collect::<Result<Vec<_>>>()?;
    let short: Vec<MemberId> = books.iter().filter(|b| b.parts > 0 && !trial.needs(&b.heart).is_empty()).map(|b| b.member).collect();
    if short.is_empty() {
        return Ok(books);
    }
    for mut row in tx.rows(sql::PARTS, args![of.0, of.1, ids(&short)])? {
        let (member, name, body): (MemberId, String, String) = (row.get(0)?, row.get(1)?, row.get(2)?);
        let key = part_of(&name).ok_or_else(|| Error::fault(format!("a part of a book is called {name}")))?;
        let part: Part = serde_json::from_str(&body)?;
        if let Ok(place) = books.binary_search_by_key(&member, |book| book.member) {
            books[place].heart.put_back(key, part);
        }
    }
    Ok(books)
}
