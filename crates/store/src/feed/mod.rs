//! Events and the change feed: what happened, written in the transaction that made it happen,
//! read by position.
//!
//! Positions are gapless per merchant and follow each member's own order. On SQLite the single
//! writer gives an event its position as it writes it. On PostgreSQL an event takes a number from
//! a sequence after its member's row is locked; a sequencer then stamps committed events in that
//! order, under the lock of the merchant's head row, so any instance may do it and none does it
//! twice. Subscribers read by position only and keep their offset in the same transaction as what
//! they write, so each sees every event once.

pub mod sql;
mod subscriber;

use shuke_kernel::{Ctx, Instant, MerchantNo, Result};

pub use self::subscriber::{DeadLetter, NO_DEAD_LETTER, Subscriber};
use crate::args;
use crate::sql::Engine;
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
            return self.insert_many(&sql::INSERT_POSTGRES, rows).map(|_| ());
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
        self.insert_many(&sql::INSERT_SQLITE, rows).map(|_| ())
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

impl Store {
    /// Gives positions to committed events that have none. Returns how many. Nothing on SQLite.
    pub fn stamp_events(&self) -> Result<u64> {
        if self.engine() == Engine::Sqlite {
            return Ok(0);
        }
        self.write_now(Lane::Interactive, |tx| {
            let mut total = 0;
            for mut row in tx.rows(sql::UNSTAMPED, args![])? {
                let merchant: MerchantNo = row.get(0)?;
                tx.exec(sql::MAKE_HEAD, args![merchant])?;
                let head: i64 = tx.one(sql::LOCK_HEAD, args![merchant])?.get(0)?;
                let stamped = tx.exec(sql::STAMP, args![merchant, head])?;
                tx.one(sql::ADVANCE, args![merchant, stamped as i64])?;
                total += stamped;
            }
            Ok(total)
        })
    }

    /// Merchants that have a feed.
    pub fn feed_merchants(&self) -> Result<Vec<MerchantNo>> {
        self.read_now(|tx| tx.rows(sql::MERCHANTS, args![])?.into_iter().map(|mut r| r.get(0)).collect())
    }
}
