//! Events and the change feed: what happened, written in the transaction that made it happen,
//! read by position.
//!
//! Positions are gapless per merchant and follow each member's own order. On SQLite the single
//! writer gives an event its position as it writes it. On PostgreSQL an event takes a number from
//! a sequence after its member's row is locked; a sequencer then stamps committed events in that
//! order, under the lock of the merchant's head row, so any instance may do it and none does it
//! twice. Subscribers read by position only and keep their offset in the same transaction as what
//! they write, so each sees every event once.

use shuke_kernel::{Code, Ctx, Error, Instant, Kind, MerchantNo, Result};

use crate::args;
use crate::sql::{Column, Engine, InsertMany};
use crate::store::{Lane, Store};
use crate::tx::Tx;
use crate::value::{Row, Value};

/// What happened. `data` holds ids, amounts and words of the product, never personal data.
#[derive(Clone, Debug)]
pub struct Event {
    /// In the past tense: `order.paid`, `member.merged`.
    pub kind: &'static str,
    /// The version of `data`'s form.
    pub version: i64,
    /// When it happened, by the source.
    pub occurred_at: Instant,
    /// What it happened to: the id prefix, such as `ord`.
    pub subject_kind: &'static str,
    /// Its id.
    pub subject: [u8; 16],
    /// The member it concerns, whose order of events is kept.
    pub member: Option<[u8; 16]>,
    /// A JSON object.
    pub data: String,
}

/// An event as read back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FeedEvent {
    /// Gapless per merchant, from 1.
    pub position: i64,
    /// `evt_…` bytes.
    pub id: [u8; 16],
    /// See [`Event::kind`].
    pub kind: String,
    /// See [`Event::version`].
    pub version: i64,
    /// See [`Event::occurred_at`].
    pub occurred_at: Instant,
    /// When the store took it.
    pub recorded_at: Instant,
    /// See [`Event::subject_kind`].
    pub subject_kind: String,
    /// See [`Event::subject`].
    pub subject: [u8; 16],
    /// See [`Event::member`].
    pub member: Option<[u8; 16]>,
    /// See [`Event::data`].
    pub data: String,
}

/// No such dead letter.
pub static NO_DEAD_LETTER: Code = Code {
    code: "feed.no_dead_letter",
    kind: Kind::NotFound,
    zh: "找不到这条搁置的事件，可能已经处理过了。",
    en: "There is no such event set aside; it may have been handled already.",
};

/// An event that a subscriber could not take.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeadLetter {
    /// Who.
    pub subscriber: String,
    /// Which event.
    pub position: i64,
    /// Why, without personal data.
    pub error: String,
    /// When it was set aside.
    pub buried_at: Instant,
}

/// The module's statements.
pub mod sql {
    crate::statements! {
        /// Advances the head by a number of events.
        ADVANCE = "UPDATE feed_head SET position = position + $2 WHERE merchant = $1 RETURNING position";
        /// The first event of a merchant makes its head row.
        MAKE_HEAD = "INSERT INTO feed_head (merchant, position) VALUES ($1, 0) ON CONFLICT (merchant) DO NOTHING";
        /// The head, locked: who holds it stamps.
        LOCK_HEAD = "SELECT position FROM feed_head WHERE merchant = $1 FOR UPDATE";
        /// The head, read.
        HEAD = "SELECT position FROM feed_head WHERE merchant = $1";
        /// Events after a position.
        READ = "SELECT position, id, kind, version, occurred_at, recorded_at, subject_kind, subject, member, data FROM event WHERE merchant = $1 AND position > $2 ORDER BY position LIMIT $3";
        /// A subscriber's offset, locked.
        OFFSET = "SELECT position FROM feed_offset WHERE merchant = $1 AND subscriber = $2 FOR UPDATE";
        /// Makes it.
        MAKE_OFFSET = "INSERT INTO feed_offset (merchant, subscriber, position, updated_at) VALUES ($1, $2, $3, $4) ON CONFLICT (merchant, subscriber) DO NOTHING";
        /// Moves it.
        MOVE_OFFSET = "UPDATE feed_offset SET position = $3, updated_at = $4 WHERE merchant = $1 AND subscriber = $2";
        /// Moves it, unless it was moved meanwhile.
        STEP_OVER = "UPDATE feed_offset SET position = $4, updated_at = $5 WHERE merchant = $1 AND subscriber = $2 AND position = $3";
        /// All offsets.
        OFFSETS = "SELECT merchant, subscriber, position FROM feed_offset ORDER BY merchant, subscriber";
        /// One event.
        ONE = "SELECT position, id, kind, version, occurred_at, recorded_at, subject_kind, subject, member, data FROM event WHERE merchant = $1 AND position = $2";
        /// Events set aside, oldest first; of all subscribers where none is named.
        DEAD = "SELECT subscriber, position, error, buried_at FROM dead_letter WHERE merchant = $1 AND ($2 = '' OR subscriber = $2) ORDER BY subscriber, position LIMIT $3";
        /// One of them, locked.
        LOCK_DEAD = "SELECT position FROM dead_letter WHERE merchant = $1 AND subscriber = $2 AND position = $3 FOR UPDATE";
        /// Takes it away.
        UNBURY = "DELETE FROM dead_letter WHERE merchant = $1 AND subscriber = $2 AND position = $3";
        /// An event that a subscriber could not take.
        BURY = "INSERT INTO dead_letter (merchant, subscriber, position, error, buried_at) VALUES ($1, $2, $3, $4, $5) ON CONFLICT (merchant, subscriber, position) DO NOTHING";
        /// Whether an event of that kind lies between two positions.
        ANY_OF = "SELECT CASE WHEN EXISTS (SELECT 1 FROM event WHERE merchant = $1 AND position > $2 AND position <= $3 AND kind = $4) THEN 1 ELSE 0 END";
        /// Merchants that have events.
        MERCHANTS = "SELECT merchant FROM feed_head ORDER BY merchant";
        /// Forgets events that every subscriber has seen.
        PRUNE = "DELETE FROM event WHERE merchant = $1 AND position <= $2";
    }
}

/// Merchants with events that have no position yet (PostgreSQL only).
///
/// From merchant to merchant by the index: DISTINCT reads every waiting event, and after a large load there are millions.
const UNSTAMPED: &str = "WITH RECURSIVE waiting AS ( \
        (SELECT merchant, 1 AS nth FROM event WHERE position IS NULL ORDER BY merchant LIMIT 1) \
        UNION ALL \
        SELECT (SELECT e.merchant FROM event e WHERE e.position IS NULL AND e.merchant > w.merchant ORDER BY e.merchant LIMIT 1), w.nth + 1 \
        FROM waiting w WHERE w.merchant IS NOT NULL AND w.nth < 64) \
    SELECT merchant FROM waiting WHERE merchant IS NOT NULL ORDER BY merchant";
const STAMP: &str = "WITH batch AS (SELECT number, row_number() OVER (ORDER BY number) AS nth FROM (SELECT number FROM event WHERE merchant = $1 AND position IS NULL ORDER BY number LIMIT 5000) x) \
    UPDATE event SET position = $2 + batch.nth FROM batch WHERE event.merchant = $1 AND event.number = batch.number";

const INSERT_SQLITE: InsertMany = InsertMany {
    table: "event",
    columns: &[
        Column::Int("merchant"),
        Column::Int("position"),
        Column::Bytes("id"),
        Column::Text("kind"),
        Column::Int("version"),
        Column::Int("occurred_at"),
        Column::Int("recorded_at"),
        Column::Text("subject_kind"),
        Column::Bytes("subject"),
        Column::Bytes("member"),
        Column::Text("data"),
    ],
    then: "",
};

const INSERT_POSTGRES: InsertMany = InsertMany {
    table: "event",
    columns: &[
        Column::Int("merchant"),
        Column::Bytes("id"),
        Column::Text("kind"),
        Column::Int("version"),
        Column::Int("occurred_at"),
        Column::Int("recorded_at"),
        Column::Text("subject_kind"),
        Column::Bytes("subject"),
        Column::Bytes("member"),
        Column::Text("data"),
    ],
    then: "",
};

shuke_kernel::ids! {
    /// An event of the feed.
    EventId = EventKind "evt";
}

impl Tx<'_> {
    /// Writes an event into this transaction.
    pub fn emit(&mut self, cx: &Ctx, event: Event) -> Result<()> {
        self.emit_many(cx, vec![event])
    }

    /// Writes events, in this order, when the transaction ends: several steps of one transaction
    /// then cost one statement.
    pub fn emit_many(&mut self, cx: &Ctx, events: Vec<Event>) -> Result<()> {
        self.wake |= !events.is_empty();
        for e in events {
            let row = vec![
                Value::from(cx.new_id::<EventKind>()),
                Value::from(e.kind),
                Value::from(e.version),
                Value::from(e.occurred_at),
                Value::from(cx.now),
                Value::from(e.subject_kind),
                Value::from(e.subject),
                Value::from(e.member),
                Value::from(e.data),
            ];
            self.events.push((cx.merchant, row));
        }
        Ok(())
    }

    /// Writes what was emitted.
    pub(crate) fn write_events(&mut self) -> Result<()> {
        while let Some((merchant, _)) = self.events.first() {
            let merchant = *merchant;
            let (mine, others) = std::mem::take(&mut self.events).into_iter().partition(|(m, _)| *m == merchant);
            self.events = others;
            self.write_events_of(merchant, mine)?;
        }
        Ok(())
    }

    fn write_events_of(&mut self, merchant: MerchantNo, events: Vec<(MerchantNo, Vec<Value>)>) -> Result<()> {
        if self.engine() == Engine::Postgres {
            let rows = events.into_iter().map(|(m, row)| [vec![Value::from(m)], row].concat()).collect();
            return self.insert_many(&INSERT_POSTGRES, rows).map(|_| ());
        }
        let count = events.len() as i64;
        let head = match self.row(sql::ADVANCE, args![merchant, count])? {
            Some(mut row) => row.get::<i64>(0)?,
            None => {
                self.exec(sql::MAKE_HEAD, args![merchant])?;
                self.one(sql::ADVANCE, args![merchant, count])?.get(0)?
            }
        };
        let at = |i: usize| Value::from(head - count + 1 + i as i64);
        let rows = events.into_iter().enumerate().map(|(i, (m, row))| [vec![Value::from(m), at(i)], row].concat()).collect();
        self.insert_many(&INSERT_SQLITE, rows).map(|_| ())
    }

    /// Up to `limit` events after `position`, in order.
    pub fn events_after(&mut self, merchant: MerchantNo, position: i64, limit: i64) -> Result<Vec<FeedEvent>> {
        self.write_events()?;
        self.rows(sql::READ, args![merchant, position, limit])?.into_iter().map(feed_event).collect()
    }

    /// Whether an event of that kind lies after one position, up to another.
    pub fn any_event(&mut self, merchant: MerchantNo, kind: &str, after: i64, upto: i64) -> Result<bool> {
        self.one(sql::ANY_OF, args![merchant, after, upto, kind])?.get(0)
    }

    /// Events of a merchant that were set aside; `subscriber` may be empty for all.
    pub fn dead_letters(&mut self, merchant: MerchantNo, subscriber: &str, limit: i64) -> Result<Vec<DeadLetter>> {
        let rows = self.rows(sql::DEAD, args![merchant, subscriber, limit])?;
        rows.into_iter()
            .map(|mut r| Ok(DeadLetter { subscriber: r.get(0)?, position: r.get(1)?, error: r.get(2)?, buried_at: r.get(3)? }))
            .collect()
    }

    /// The position of the newest event.
    pub fn feed_head(&mut self, merchant: MerchantNo) -> Result<i64> {
        self.write_events()?;
        self.row(sql::HEAD, args![merchant])?.map_or(Ok(0), |mut r| r.get(0))
    }
}

fn feed_event(mut row: Row) -> Result<FeedEvent> {
    Ok(FeedEvent {
        position: row.get(0)?,
        id: row.get(1)?,
        kind: row.get(2)?,
        version: row.get(3)?,
        occurred_at: row.get(4)?,
        recorded_at: row.get(5)?,
        subject_kind: row.get(6)?,
        subject: row.get(7)?,
        member: row.get(8)?,
        data: row.get(9)?,
    })
}

/// Something that hears of every event once, in order.
pub trait Subscriber: Send + Sync {
    /// Its name: the key of its offset, never renamed.
    fn name(&self) -> &'static str;
    /// Whether a new subscriber begins with the oldest event (`true`) or with the next one.
    #[expect(clippy::wrong_self_convention, reason = "it asks where the subscriber begins, it converts nothing")]
    fn from_the_start(&self) -> bool {
        true
    }
    /// Whether no event after one position up to another concerns it, so that it need not be handed
    /// them. Asked of a reader, so that the writer is not held up by what nobody wants.
    fn passes(&self, tx: &mut Tx<'_>, merchant: MerchantNo, after: i64, upto: i64) -> Result<bool> {
        let _ = (tx, merchant, after, upto);
        Ok(false)
    }
    /// Takes events; what it writes commits together with its offset. `cx` acts for the merchant.
    fn handle(&self, tx: &mut Tx<'_>, cx: &Ctx, events: &[FeedEvent]) -> Result<()>;
}

impl Store {
    /// Gives positions to committed events that have none. Returns how many. Nothing on SQLite.
    pub fn stamp_events(&self) -> Result<u64> {
        if self.engine() == Engine::Sqlite {
            return Ok(0);
        }
        self.write_now(Lane::Interactive, |tx| {
            let mut total = 0;
            for mut row in tx.rows(UNSTAMPED, args![])? {
                let merchant: MerchantNo = row.get(0)?;
                tx.exec(sql::MAKE_HEAD, args![merchant])?;
                let head: i64 = tx.one(sql::LOCK_HEAD, args![merchant])?.get(0)?;
                let stamped = tx.exec(STAMP, args![merchant, head])?;
                tx.one(sql::ADVANCE, args![merchant, stamped as i64])?;
                total += stamped;
            }
            Ok(total)
        })
    }

    /// For each of these subscribers whether events wait that it is to be handed. Those whom nothing concerns of what
    /// lies before them step over it together: one commit, not one each.
    pub fn feed_ahead<S: Subscriber + ?Sized + 'static>(
        &self,
        merchant: MerchantNo,
        subscribers: &[std::sync::Arc<S>],
    ) -> Result<Vec<bool>> {
        let all = subscribers.to_vec();
        let ahead = self.read_now(move |tx| all.iter().map(|s| look(tx, merchant, &**s)).collect::<Result<Vec<Ahead>>>())?;
        let passed: Vec<(&'static str, i64, i64)> = subscribers
            .iter()
            .zip(&ahead)
            .filter_map(|(s, ahead)| match ahead {
                Ahead::Passed { after, upto } => Some((s.name(), *after, *upto)),
                Ahead::Nothing | Ahead::Events => None,
            })
            .collect();
        if !passed.is_empty() {
            let now = self.clock().now();
            self.write_now(Lane::Bulk, move |tx| {
                for (name, after, upto) in &passed {
                    tx.exec(sql::STEP_OVER, args![merchant, *name, *after, *upto, now])?;
                }
                Ok(())
            })?;
        }
        Ok(ahead.iter().map(|ahead| matches!(ahead, Ahead::Events)).collect())
    }

    /// Hands a subscriber up to `limit` of a merchant's events, or steps over all that it lets
    /// pass. Returns how many it was handed. An error of its handler leaves the offset where it was.
    pub fn feed_subscriber<S: Subscriber + ?Sized + 'static>(
        &self,
        merchant: MerchantNo,
        subscriber: &std::sync::Arc<S>,
        limit: i64,
    ) -> Result<usize> {
        let (s, clock) = (subscriber.clone(), self.clock().clone());
        // Looked at by a reader first: most of the time there is nothing, and nothing is no reason to write.
        let asked = s.clone();
        let ahead = self.read_now(move |tx| look(tx, merchant, &*asked))?;
        if matches!(ahead, Ahead::Nothing) {
            return Ok(0);
        }
        self.write_now(Lane::Bulk, move |tx| {
            let cx = Ctx::new(merchant, shuke_kernel::Actor::System(s.name()), clock.now());
            let position = offset(tx, &cx, &*s)?;
            match ahead {
                Ahead::Passed { after, upto } if after == position => {
                    tx.exec(sql::MOVE_OFFSET, args![merchant, s.name(), upto, cx.now])?;
                    return Ok(0);
                }
                _ => {}
            }
            let events = tx.events_after(merchant, position, limit)?;
            if let Some(last) = events.last() {
                s.handle(tx, &cx, &events)?;
                tx.exec(sql::MOVE_OFFSET, args![merchant, s.name(), last.position, cx.now])?;
            }
            Ok(events.len())
        })
    }

    /// Hands a subscriber its next event once more, alone, and if it fails again sets that event
    /// aside as a dead letter and steps over it. Returns whether one was set aside. An outage is no
    /// reason to set anything aside and comes back as the error that it is.
    pub fn bury_next<S: Subscriber + ?Sized + 'static>(
        &self,
        merchant: MerchantNo,
        subscriber: &std::sync::Arc<S>,
        error: &str,
    ) -> Result<bool> {
        let s = subscriber.clone();
        // Which event it is must be known before it is tried: another instance may go on meanwhile.
        let next = {
            let s = s.clone();
            self.read_now(move |tx| {
                let at = tx
                    .row(sql::OFFSET.trim_end_matches(" FOR UPDATE"), args![merchant, s.name()])?
                    .map_or(Ok(0), |mut r| r.get::<i64>(0))?;
                Ok(tx.events_after(merchant, at, 1)?.first().map(|e| (at, e.position)))
            })?
        };
        let Some((at, position)) = next else { return Ok(false) };
        match self.feed_subscriber(merchant, subscriber, 1) {
            Ok(_) => return Ok(false),
            Err(e) if crate::outage::is_outage(&e) => return Err(e),
            Err(_) => {}
        }
        let (clock, error) = (self.clock().clone(), error.to_owned());
        self.write_now(Lane::Bulk, move |tx| {
            let cx = Ctx::new(merchant, shuke_kernel::Actor::System(s.name()), clock.now());
            if offset(tx, &cx, &*s)? != at {
                return Ok(false);
            }
            tx.exec(sql::BURY, args![merchant, s.name(), position, &error, cx.now])?;
            tx.exec(sql::MOVE_OFFSET, args![merchant, s.name(), position, cx.now])?;
            Ok(true)
        })
    }

    /// Hands a subscriber an event that was set aside. If it takes it now, the dead letter is gone
    /// in the same transaction; an error of its handler leaves it.
    pub fn retry_dead_letter<S: Subscriber + ?Sized + 'static>(
        &self,
        merchant: MerchantNo,
        subscriber: &std::sync::Arc<S>,
        position: i64,
    ) -> Result<()> {
        let (s, clock) = (subscriber.clone(), self.clock().clone());
        self.write_now(Lane::Bulk, move |tx| {
            let cx = Ctx::new(merchant, shuke_kernel::Actor::System(s.name()), clock.now());
            tx.row(sql::LOCK_DEAD, args![merchant, s.name(), position])?.ok_or_else(|| NO_DEAD_LETTER.refuse())?;
            let event = tx.row(sql::ONE, args![merchant, position])?.ok_or_else(|| NO_DEAD_LETTER.refuse())?;
            s.handle(tx, &cx, &[feed_event(event)?])?;
            tx.exec(sql::UNBURY, args![merchant, s.name(), position]).map(|_| ())
        })
    }

    /// Merchants that have a feed.
    pub fn feed_merchants(&self) -> Result<Vec<MerchantNo>> {
        self.read_now(|tx| tx.rows(sql::MERCHANTS, args![])?.into_iter().map(|mut r| r.get(0)).collect())
    }
}

/// Events that are looked over at once: a subscriber with millions before it must get on within a read's time.
const STRETCH: i64 = 8_192;

/// What lies before a subscriber.
#[derive(Clone, Copy)]
enum Ahead {
    /// It has heard everything.
    Nothing,
    /// Nothing that concerns it.
    Passed { after: i64, upto: i64 },
    /// Events that it is to be handed.
    Events,
}

fn look<S: Subscriber + ?Sized>(tx: &mut Tx<'_>, merchant: MerchantNo, s: &S) -> Result<Ahead> {
    let head = tx.feed_head(merchant)?;
    let row = tx.row(sql::OFFSET.trim_end_matches(" FOR UPDATE"), args![merchant, s.name()])?;
    let Some(after) = row.map(|mut r| r.get::<i64>(0)).transpose()? else { return Ok(Ahead::Events) };
    if after >= head {
        return Ok(Ahead::Nothing);
    }
    let upto = head.min(after + STRETCH);
    Ok(if s.passes(tx, merchant, after, upto)? { Ahead::Passed { after, upto } } else { Ahead::Events })
}

fn offset<S: Subscriber + ?Sized>(tx: &mut Tx<'_>, cx: &Ctx, s: &S) -> Result<i64> {
    if let Some(mut row) = tx.row(sql::OFFSET, args![cx.merchant, s.name()])? {
        return row.get(0);
    }
    let start = if s.from_the_start() { 0 } else { tx.feed_head(cx.merchant)? };
    tx.exec(sql::MAKE_OFFSET, args![cx.merchant, s.name(), start, cx.now])?;
    let mut row = tx.row(sql::OFFSET, args![cx.merchant, s.name()])?.ok_or_else(|| Error::fault("a subscriber's offset vanished"))?;
    row.get(0)
}
