//! All books in the order of members, a wave of them at a time: read by the store's readers, folded on by threads of the trial's own.

use std::sync::Mutex;
use std::sync::PoisonError;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use shuke_kernel::{Error, Instant, MerchantNo, Result};
use shuke_loyalty::State;
use shuke_loyalty::again::{Again, Bought};
use shuke_loyalty::event::{Act, Event, Member};
use shuke_loyalty::json::Read;
use shuke_loyalty::parts::Part;
use shuke_loyalty::trial::{Both, Trial, Tried};
use shuke_members::MemberId;
use shuke_store::{Row as Stored, Store, Tx, args};

use super::model::{Earned, Earning, Row};
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
    /// The orders that are earned again, where some are.
    pub(super) earning: Option<&'a Earning>,
    /// Whether nobody waits any more.
    pub(super) stop: &'a AtomicBool,
    /// Whether hearts were met that need what lies apart: then it is asked for with them.
    pub(super) reaches_far: AtomicBool,
}

/// A stretch of members: after one, up to another.
type Stretch = (MemberId, MemberId);
/// A member and what becomes of them; none where that cannot be reckoned.
pub(super) type One = Option<Row>;

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
        let threads = std::thread::available_parallelism()
            .map_or(2, |n| n.get() * 2)
            .min(self.store.config().readers)
            .clamp(1, stretches.len().max(1));
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
        let of = Of { merchant: self.merchant, programme: self.programme, after, to };
        let paid = self.earning.map(Paid::of);
        if !self.reaches_far.load(Ordering::Relaxed) {
            let (rows, orders) = self.store.read_now(move |tx| Ok((of.books(tx)?, of.orders(tx, paid)?)))?;
            let books = rows.into_iter().map(read).collect::<Result<Vec<_>>>()?;
            if !books.iter().any(|book| book.falls_short(self.trial)) {
                return self.tried(books, orders);
            }
            self.reaches_far.store(true, Ordering::Relaxed);
        }
        // A heart and what lies apart of it are of one moment.
        let trial = self.trial.clone();
        let (books, orders) = self.store.read_now(move |tx| Ok((of.whole_books(tx, &trial)?, of.orders(tx, paid)?)))?;
        self.tried(books, orders)
    }

    /// What becomes of members whose books and orders these are, both in order of members.
    fn tried(&self, books: Vec<Book>, orders: Vec<Stored>) -> Result<Vec<One>> {
        let mut orders = orders.into_iter().map(order).collect::<Result<Vec<_>>>()?.into_iter().peekable();
        let mut again = self.earning.map(|earning| earning.rules.clone());
        let mut out = Vec::with_capacity(books.len());
        for Book { member, heart, .. } in books {
            let person = heart.member.clone();
            let Ok(tried) = self.trial.of(heart) else {
                out.push(None);
                continue;
            };
            // Of a member whose book is closed there may be orders and no book.
            while orders.next_if(|(of, _)| *of < member).is_some() {}
            let bought: Vec<Event> = std::iter::from_fn(|| orders.next_if(|(of, _)| *of == member)).map(|(_, event)| event).collect();
            let earned = match (self.earning, &mut again) {
                (Some(earning), Some(again)) => earned(earning, again, &person, tried, bought).map(Some),
                _ => Ok(None),
            };
            out.push(earned.ok().map(|earned| Row { member, tried, earned }));
        }
        Ok(out)
    }
}

/// What a member's orders earn again, with the tiers that judging gives.
fn earned(earning: &Earning, again: &mut Both<Again>, person: &Member, tried: Tried, mut orders: Vec<Event>) -> Read<Earned> {
    orders.sort_by_key(|event| event.time);
    let first = orders.first().map(|event| event.id.clone());
    let bought: Vec<Bought<'_>> = orders
        .iter()
        .filter(|event| earning.from <= event.time && event.time < earning.to)
        .filter_map(|event| match &event.act {
            Act::OrderPaid { order, net_fen, lines, .. } => {
                let first = first.as_ref() == Some(&event.id);
                Some(Bought { order, at: event.time, net_fen: *net_fen, lines, first })
            }
            _ => None,
        })
        .collect();
    let points = Both {
        before: again.before.earn(person, tried.judged.before.unwrap_or(0), &bought)?,
        after: again.after.earn(person, tried.judged.after.unwrap_or(0), &bought)?,
    };
    Ok(Earned { orders: bought.len() as u64, points })
}

/// A book as far as tiers depend on it.
struct Book {
    member: MemberId,
    parts: i64,
    heart: State,
}

impl Book {
    fn falls_short(&self, trial: &Trial) -> bool {
        self.parts > 0 && !trial.needs(&self.heart).is_empty()
    }
}

fn read(mut row: Stored) -> Result<Book> {
    let (member, format, parts, heart): (_, i64, _, String) = (row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?);
    if !(1..=FORMAT).contains(&format) {
        return Err(Error::fault(format!("a book of points is written in form {format}, which this program does not know")));
    }
    Ok(Book { member, parts, heart: State::of_tiers(&heart)? })
}

fn order(mut row: Stored) -> Result<(MemberId, Event)> {
    let act = serde_json::from_str(&row.get::<String>(3)?)?;
    Ok((row.get(0)?, Event { time: row.get(1)?, id: row.get(2)?, act }))
}

/// When orders that are asked for were paid.
#[derive(Clone, Copy)]
struct Paid {
    from: Instant,
    to: Instant,
}

impl Paid {
    /// Which was a member's first is known only of all of them.
    fn of(earning: &Earning) -> Self {
        let all = earning.rules.before.asks_for_first() || earning.rules.after.asks_for_first();
        Self { from: if all { Instant(i64::MIN) } else { earning.from }, to: earning.to }
    }
}

/// A stretch of a programme's books.
#[derive(Clone, Copy)]
struct Of {
    merchant: MerchantNo,
    programme: ProgrammeId,
    after: MemberId,
    to: MemberId,
}

impl Of {
    fn books(self, tx: &mut Tx<'_>) -> Result<Vec<Stored>> {
        tx.rows(sql::BOOKS, args![self.merchant, self.programme, self.after, self.to])
    }

    fn orders(self, tx: &mut Tx<'_>, paid: Option<Paid>) -> Result<Vec<Stored>> {
        let Some(Paid { from, to }) = paid else { return Ok(Vec::new()) };
        tx.rows(sql::ORDERS, args![self.merchant, self.programme, self.after, self.to, from, to])
    }

    /// The books, with what lies apart in those that need it.
    fn whole_books(self, tx: &mut Tx<'_>, trial: &Trial) -> Result<Vec<Book>> {
        let mut books = self.books(tx)?.into_iter().map(read).collect::<Result<Vec<_>>>()?;
        let short: Vec<MemberId> = books.iter().filter(|book| book.falls_short(trial)).map(|book| book.member).collect();
        if short.is_empty() {
            return Ok(books);
        }
        for mut row in tx.rows(sql::PARTS, args![self.merchant, self.programme, ids(&short)])? {
            let (member, name, body): (MemberId, String, String) = (row.get(0)?, row.get(1)?, row.get(2)?);
            let key = part_of(&name).ok_or_else(|| Error::fault(format!("a part of a book is called {name}")))?;
            let part: Part = serde_json::from_str(&body)?;
            if let Ok(place) = books.binary_search_by_key(&member, |book| book.member) {
                books[place].heart.put_back(key, part);
            }
        }
        Ok(books)
    }
}
